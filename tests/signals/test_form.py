from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000
HALF_YEAR_AGO = date(2015, 1, 1)
BRANCHES = {"branches_closed_365": 0, "branches_opened_365": 0}
FALLING = {"revenue": 99 * M, "revenue_year_ago": 100 * M}
FORM = {"form_changes_365": 0, "form_restructured_365": 0, "form_unnotified": 0}
UNCHANGED = {"MGT-22": "CLEAR", "MGT-23": "CLEAR", "registered_changes_180": 0, "key_people_changed_180": 0}
UNCHANGED |= {"control_changes_180": 0, "form_changes_180": 0, "half_year_ago": HALF_YEAR_AGO}
REFORM = {**UNCHANGED, "reforms_365": 1, "reforms_180": 1}
NEW_MANAGERS = {"MGT-22": "W", "registered_changes_180": 1}
NEW_FORM = {"MGT-23": "A", "form_changes_180": 1}
SAID = {"answer_mgt_30": "yes", "answer_mgt_30_severity": 3, "answer_mgt_30_on": HALF_YEAR_AGO}
REGISTERED_EN = (
    "Conversions to a joint-stock company, employee shareholdings or restructuring plans registered in 365 days: 1."
)
WITH_CHANGE_EN = (
    "A reform was registered in 180 days (1), and key management or the corporate form changed in the same time."
)
CONFIRMED = "The relationship manager's answer on file confirms it (severity 3)."

CASES = [
    # MGT-16
    clear("MGT-16", **BRANCHES),  # no branch moved: revenue is not asked
    clear("MGT-16", branches_closed_365=2, branches_opened_365=2, **FALLING),
    clear("MGT-16", branches_closed_365=0, branches_opened_365=3, revenue=100 * M, revenue_year_ago=100 * M),
    no_data("MGT-16", branches_closed_365=0, branches_opened_365=3),
    no_data("MGT-16"),
    fires("MGT-16", "W", "Branches closed in 365 days: 3 (limit 3).", zh="近365天关闭分支机构3家（界限3）。",
          branches_closed_365=3, branches_opened_365=0),
    fires("MGT-16", "W", "Branches closed in 365 days: 3 (limit 3).", branches_closed_365=3, branches_opened_365=3),
    fires("MGT-16", "W", "Branches opened in 365 days: 3 (limit 3), while revenue fell from CNY 100.0 million to CNY 99.0 million.",
          zh="近365天新设分支机构3家（界限3），而收入由10,000.00万元降至9,900.00万元。",
          branches_closed_365=2, branches_opened_365=3, **FALLING),
    fires("MGT-16", "A", "In 365 days 3 branches were closed and 4 opened, while revenue fell from CNY 100.0 million to "
          "CNY 99.0 million.", zh="近365天关闭分支机构3家、新设4家，而收入由10,000.00万元降至9,900.00万元。",
          branches_closed_365=3, branches_opened_365=4, **FALLING),
    fires("MGT-16", "A", "The relationship manager's answer on file confirms it (severity 1).",
          **BRANCHES, answer_mgt_16="yes", answer_mgt_16_severity=1),
    clear("MGT-16", **BRANCHES, answer_mgt_16="no"),
    # MGT-23
    clear("MGT-23", **FORM),
    no_data("MGT-23"),
    no_data("MGT-23", form_changes_365=0, form_restructured_365=0),
    fires("MGT-23", "W", "Leases, contracting out, joint ventures or changes of type registered in 365 days: 1.",
          zh="近365天登记租赁、承包、联营或企业类型变更1次。", **{**FORM, "form_changes_365": 1}),
    fires("MGT-23", "A", "Divisions, mergers, restructurings or capital reductions registered in 365 days: 1.",
          zh="近365天登记分立、并购、重组或减资1次。", **{**FORM, "form_restructured_365": 1}),
    fires("MGT-23", "A", "Divisions, mergers, restructurings or capital reductions registered in 365 days: 2.",
          **{**FORM, "form_restructured_365": 2, "form_unnotified": None}),
    fires("MGT-23", "R", "A division or capital reduction of 4 May 2015 was not notified to the bank.",
          zh="2015年5月4日的分立或减资未通知我行。",
          **{**FORM, "form_restructured_365": 1, "form_unnotified": 1}, form_unnotified_on=date(2015, 5, 4)),
    # MGT-30
    clear("MGT-30", **{**REFORM, "reforms_365": 0, "reforms_180": 0}),
    clear("MGT-30", **{**REFORM, "reforms_365": 0, "reforms_180": 0, **NEW_MANAGERS, **NEW_FORM}),
    no_data("MGT-30"),
    fires("MGT-30", "W", REGISTERED_EN, zh="近365天登记股份制改造、员工持股或重整计划1次。", **REFORM),
    fires("MGT-30", "W", REGISTERED_EN, **{**REFORM, "MGT-22": "NO_DATA", "key_people_changed_180": None}),
    fires("MGT-30", "W", REGISTERED_EN, **{**REFORM, **NEW_MANAGERS, "reforms_180": 0}),  # not in the same 180 days
    fires("MGT-30", "W", REGISTERED_EN, **{**REFORM, **NEW_FORM, "form_changes_180": 0}),
    fires("MGT-30", "W", REGISTERED_EN, **{**REFORM, **NEW_MANAGERS, "registered_changes_180": 0}),
    fires("MGT-30", "A", WITH_CHANGE_EN, zh="近180天登记改制1次，同期主要管理人员或组织形式亦发生变更。",
          **{**REFORM, **NEW_MANAGERS}),
    fires("MGT-30", "A", WITH_CHANGE_EN, **{**REFORM, "MGT-22": "R", "control_changes_180": 1}),
    fires("MGT-30", "A", WITH_CHANGE_EN, **{**REFORM, "MGT-22": "A", "key_people_changed_180": 2}),
    fires("MGT-30", "A", WITH_CHANGE_EN, **{**REFORM, **NEW_FORM}),
    fires("MGT-30", "W", CONFIRMED, **UNCHANGED, **SAID, reforms_365=0, reforms_180=0),
    fires("MGT-30", "A", "The relationship manager's answer on file confirms a reform, and key management or the corporate form "
          "changed in the same 180 days.", zh="客户经理已书面确认改制，近180天主要管理人员或组织形式亦发生变更。",
          **{**UNCHANGED, **NEW_FORM}, **SAID, reforms_365=0, reforms_180=0),
    fires("MGT-30", "W", CONFIRMED, **{**UNCHANGED, **NEW_FORM}, **{**SAID, "answer_mgt_30_on": date(2014, 12, 31)},
          reforms_365=0, reforms_180=0),  # given 181 days ago
    clear("MGT-30", **{**UNCHANGED, **NEW_FORM}, reforms_365=0, reforms_180=0, answer_mgt_30="no",
          answer_mgt_30_severity=1, answer_mgt_30_on=HALF_YEAR_AGO),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_form(case: Case) -> None:
    check(case)
