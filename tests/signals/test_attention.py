"""Whom at the client the RM sees and whom not (REL-05 to REL-07)."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

SEEN = {"people_contacts_180": 5, "people_active": 3, "people_met": 1, "people_top_share": 0.79}
SEEN |= {"people_met_share": 0.34, "people_other_function": 1}
ONE = {**SEEN, "people_top_share": 0.8}
NOBODY = {f"critic_{source}_judged": 0 for source in ("stance", "complaint", "survey")}
NOBODY |= {
    f"critic_{source}_{name}": 0
    for source in ("stance", "complaint", "survey")
    for name in ("before", "after", "others")
}
SINCE = date(2015, 1, 5)
SOURCES = {
    "stance": ("who is critical of us", "对我行持批评态度的人员"),
    "complaint": ("who complained", "提出抱怨的人员"),
    "survey": ("who gave a score of 2 or less", "评分为2分或以下的人员"),
}


def critic(source: str, before: int, after: int, others: int) -> dict[str, object]:
    name = f"critic_{source}"
    judged = {f"{name}_judged": 1, f"{name}_before": before, f"{name}_after": after, f"{name}_others": others}
    return {**NOBODY, **judged, f"{name}_rate": after / before, f"{name}_on": SINCE}


CASES = [
    clear("REL-05", **SEEN),
    fires("REL-05", "W", "One person takes 80.0% of everyone met in 5 contacts of 180 days (limit 80.0%); the client has 3 active "
          "contacts.", zh="近180天5次接触所见人次中，同一人占80.0%（界限80.0%）；客户现有联系人3名。", **ONE),
    clear("REL-05", **{**ONE, "people_contacts_180": 4}),
    clear("REL-05", **{**ONE, "people_active": 2, "people_met_share": 0.0}),
    clear("REL-05", people_contacts_180=0, people_active=3, people_met=0, people_met_share=0.0),  # the guard: false, not unknown
    fires("REL-05", "W", "Of the client's 10 active contacts 2 were met in 180 days: 20.0% (limit 30.0%).",
          zh="客户现有联系人10名，近180天接触2名，占20.0%（界限30.0%）。",
          **{**SEEN, "people_active": 10, "people_met": 2, "people_met_share": 0.2}),
    clear("REL-05", **{**SEEN, "people_active": 10, "people_met": 3, "people_met_share": 0.3}),
    fires("REL-05", "A", "One person takes 80.0% of everyone met in 180 days (limit 80.0%), and nobody of another function was "
          "met.", zh="近180天所见人次中同一人占80.0%（界限80.0%），且未接触任何其他职能的人员。", **{**ONE, "people_other_function": 0}),
    fires("REL-05", "W", "One person takes 80.0% of everyone met in 5 contacts of 180 days (limit 80.0%); the client has 3 active "
          "contacts.", **{**ONE, "people_other_function": None}),
    no_data("REL-05"),
    no_data("REL-05", people_contacts_180=9, people_top_share=0.5),
    clear("REL-06", left_behind=0),
    fires("REL-06", "W", "People met at least four times in 180 days and not once in the 90 days after their role changed, though "
          "still at the client: 1.", zh="变动前180天接触至少4次、职务变动后90天内未再接触而仍在客户任职的人员：1名。", left_behind=1),
    fires("REL-06", "A", "People met at least four times in 180 days and not once in the 90 days after their role changed, though "
          "still at the client: 2 in twelve months (limit 2).", zh="近12个月内，变动前180天接触至少4次、职务变动后90天内未再接触而仍在"
          "客户任职的人员：2名（界限2名）。", left_behind=2),
    fires("REL-06", "A", "An answer on file says that a former contact is being avoided.", zh="书面答复显示有意回避原联系人。",
          left_behind=0, answer_rel_06="yes", answer_rel_06_severity=1),
    clear("REL-06", left_behind=0, answer_rel_06="no", answer_rel_06_severity=1),
    fires("REL-06", "W", "People met at least four times in 180 days and not once in the 90 days after their role changed, though "
          "still at the client: 1.", left_behind=1, answer_rel_06="no", answer_rel_06_severity=1),  # facts of a B row stand
    no_data("REL-06"),
    clear("REL-07", **NOBODY),
    no_data("REL-07", **{**NOBODY, "critic_survey_judged": None}),
    no_data("REL-07"),
    *(
        fires("REL-07", "W", f"Contacts with the person {en}: 10 in the 90 days up to 5 January 2015, 3 in the 90 days "
              "after (30.0%, limit 30.0%).", zh=f"{zh}在截至2015年1月5日的90天内接触10次，其后90天内3次（30.0%，界限30.0%）。",
              **critic(source, 10, 3, 0))
        for source, (en, zh) in SOURCES.items()
    ),
    *(
        fires("REL-07", "A", f"Contacts with the person {en}: 3 in the 90 days up to 5 January 2015, 0 in the 90 days "
              "after; with others at the client: 1.", zh=f"{zh}在截至2015年1月5日的90天内接触3次，其后90天内0次，同期"
              "与该客户其他人员接触1次。", **critic(source, 3, 0, 1))
        for source, (en, zh) in SOURCES.items()
    ),
    clear("REL-07", **critic("stance", 100, 31, 5)),
    fires("REL-07", "W", "Contacts with the person who complained: 3 in the 90 days up to 5 January 2015, 0 in the 90 days "
          "after (0.0%, limit 30.0%).", **critic("complaint", 3, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_attention(case: Case) -> None:
    check(case)
