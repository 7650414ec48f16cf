"""Longer gaps, fewer meetings, a cooler client; complaints (REL-11, REL-12)."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

MET = {
    "last_contact_on": date(2015, 5, 1),
    "days_since_contact": 60,
    "contact_gap_limit": 61,
    "contacts_window_days": 120,
}
ENOUGH = {"contacts_now": 6, "contacts_mean": 8.0, "contacts_poisson": 0.3, "warmth_last3": 4.0, "warmth_before6": 4.0}
ENOUGH |= {"warmth_usable": True}
CALLED = {"complaints_90": 0, "complaints_30": 0, "complaint_open_days": 0, "complaint_worst_90": 0}
CALLED |= {"complaint_open_plain_days": 0, "complaint_open_extended_days": 0, "complaint_repeat": False}
CASES = [
    clear("REL-11", **MET, **ENOUGH),
    clear("REL-11", **MET, contacts_now=1, warmth_usable=True),  # too few windows and scores: false, not unknown (G13)
    no_data("REL-11", **MET, contacts_now=1, warmth_usable=False),  # scores of an RM who gives everyone the same
    no_data("REL-11", **MET, warmth_usable=True),
    no_data("REL-11", **ENOUGH),
    fires("REL-11", "W", "The last two-way contact was on 1 May 2015, 60 days ago; usual at the latest after 60 days.",
          zh="最近一次双向接触在2015年5月1日，距今60天；通常最迟60天一次。", **{**MET, "contact_gap_limit": 60}, **ENOUGH),
    fires("REL-11", "W", "4 contacts in 120 days against 8 usual in that time (50.0%, limit 50.0%).",
          zh="120天内接触4次，以往同等时间为8次（50.0%，界限50.0%）。", **MET,
          **{**ENOUGH, "contacts_now": 4, "contacts_poisson": 0.05}),
    clear("REL-11", **MET, **{**ENOUGH, "contacts_now": 4, "contacts_poisson": 0.051}),
    clear("REL-11", **MET, **{**ENOUGH, "contacts_now": 5, "contacts_poisson": 0.01}),
    fires("REL-11", "W", "Warmth of the last three contacts 3.00 against 4.00 of the six before: down 1.00 (limit 1.00).",
          zh="最近三次接触热情度3.00，此前六次4.00，下降1.00（界限1.00）。", **MET,
          **{**ENOUGH, "warmth_last3": 3.0}),
    clear("REL-11", **MET, **{**ENOUGH, "warmth_last3": 3.01}),
    fires("REL-11", "A", "Two of three hold: longer gaps, fewer meetings, a cooler client; last two-way contact on 1 May 2015.",
          zh="间隔拉长、次数变少、态度转冷三项中有两项成立；最近一次双向接触在2015年5月1日。",
          **{**MET, "contact_gap_limit": 30}, **{**ENOUGH, "warmth_last3": 2.0}),
    fires("REL-11", "R", "Gaps are longer, meetings fewer and the client is cooler; last two-way contact on 1 May 2015.",
          zh="间隔拉长、次数变少且客户转冷，三项均成立；最近一次双向接触在2015年5月1日。",
          **{**MET, "contact_gap_limit": 30}, **{**ENOUGH, "warmth_last3": 2.0, "contacts_now": 1, "contacts_poisson": 0.01}),
    clear("REL-12", **CALLED),
    no_data("REL-12"),
    fires("REL-12", "W", "Complaints received in 90 days: 1.", zh="近90天接到抱怨1起。", **{**CALLED, "complaints_90": 1, "complaint_worst_90": 1}),
    fires("REL-12", "A", "A complaint has been open for 16 days (limit 15 days).", **{**CALLED, "complaint_open_days": 16}),
    clear("REL-12", **{**CALLED, "complaint_open_days": 15}),
    fires("REL-12", "A", "A complaint of severity 2 was received in 90 days (limit 2).",
          zh="近90天接到2级抱怨（界限2级）。", **{**CALLED, "complaints_90": 1, "complaint_worst_90": 2}),
    fires("REL-12", "A", "Complaints received in 30 days: 4 (limit: more than 3).",
          zh="近30天接到抱怨4起（界限：超过3起）。", **{**CALLED, "complaints_90": 4, "complaints_30": 4}),
    fires("REL-12", "W", "Complaints received in 90 days: 3.", **{**CALLED, "complaints_90": 3, "complaints_30": 3}),
    fires("REL-12", "R", "A complaint has been open for 31 days (limit 30 days).", zh="有抱怨已31天未结案（界限30天）。",
          **{**CALLED, "complaint_open_days": 31, "complaint_open_plain_days": 31}),
    fires("REL-12", "A", "A complaint has been open for 60 days (limit 15 days).", zh="有抱怨已60天未结案（界限15天）。",
          **{**CALLED, "complaint_open_days": 60, "complaint_open_plain_days": 30, "complaint_open_extended_days": 60}),
    fires("REL-12", "R", "A complaint with an approved extension has been open for 61 days (limit 60 days).",
          zh="已批准延期的抱怨61天未结案（界限60天）。",
          **{**CALLED, "complaint_open_days": 61, "complaint_open_extended_days": 61}),
    fires("REL-12", "R", "The same complaint came back within a year.", zh="同样的抱怨一年内再次出现。", **{**CALLED, "complaint_repeat": True}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_decay(case: Case) -> None:
    check(case)
