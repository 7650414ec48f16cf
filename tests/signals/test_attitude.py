"""How the client treats the bank (MGT-39)."""

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

CALM = {"attitude_last3": 3.0, "attitude_before6": 3.5, "unanswered_run": 0, "unanswered_before": 20}
CALM |= {"answered_before_share": 0.8, "asked_30": 0}

CASES = [
    clear("MGT-39", **CALM),
    no_data("MGT-39"),
    no_data("MGT-39", **{**CALM, "attitude_before6": None}),
    no_data("MGT-39", **{**CALM, "attitude_last3": 5.0, "asked_30": None, "attitude_before6": None}),
    fires("MGT-39", "W", "Warmth of the last three contacts 3.00 against 4.50 of the six before: changed by 1.50 (limit 1.50).",
          zh="最近三次接触热情度3.00，此前六次4.50，变化1.50（界限1.50）。", **{**CALM, "attitude_before6": 4.5}),
    clear("MGT-39", **{**CALM, "attitude_before6": 4.49}),
    fires("MGT-39", "W", "Warmth of the last three contacts 4.50 against 3.00 of the six before: changed by 1.50 (limit 1.50).",
          **{**CALM, "attitude_last3": 4.5, "attitude_before6": 3.0}),
    fires("MGT-39", "A", "Warmth of the last three contacts 3.00 against 5.00 of the six before: changed by 2.00 (limit 2.00).",
          zh="最近三次接触热情度3.00，此前六次5.00，变化2.00（界限2.00）。", **{**CALM, "attitude_before6": 5.0}),
    fires("MGT-39", "A", "The last 3 contacts had no reply; before, the client answered 80.0% of 20.",
          zh="最近3次联系均无回复；此前20次中回复占80.0%。", **{**CALM, "unanswered_run": 3}),
    clear("MGT-39", **{**CALM, "unanswered_run": 2}),
    clear("MGT-39", **{**CALM, "unanswered_run": 3, "answered_before_share": 0.79}),
    clear("MGT-39", **{**CALM, "unanswered_run": 1, "unanswered_before": 0, "answered_before_share": None}),
    no_data("MGT-39", **{**CALM, "unanswered_run": 3, "unanswered_before": 0, "answered_before_share": None}),
    fires("MGT-39", "A", "Warmth of the last three contacts 4.50 against 3.00 of the six before: warmer by 1.50 (limit 1.50), with "
          "a loan request in the last 30 days.", zh="最近三次接触热情度4.50，此前六次3.00，升高1.50（界限1.50），且近30天内提出贷款申请。",
          **{**CALM, "attitude_last3": 4.5, "attitude_before6": 3.0, "asked_30": 1}),
    clear("MGT-39", **{**CALM, "attitude_last3": 4.49, "attitude_before6": 3.0, "asked_30": 1}),
    fires("MGT-39", "W", "Warmth of the last three contacts 3.00 against 4.50 of the six before: changed by 1.50 (limit 1.50).",
          **{**CALM, "attitude_before6": 4.5, "asked_30": 1}),  # colder: no over-warm case
    fires("MGT-39", "A", "The relationship manager's answer on file confirms it (severity 2).",
          zh="客户经理的书面答复已予确认（严重程度2）。", **CALM, answer_mgt_39="too_warm", answer_mgt_39_severity=2),
    fires("MGT-39", "W", "The relationship manager's answer on file confirms it (severity 1).", **CALM,
          answer_mgt_39="too_cold", answer_mgt_39_severity=1),
    fires("MGT-39", "A", "The relationship manager's answer on file confirms it (severity 3).", answer_mgt_39="too_cold",
          answer_mgt_39_severity=3),
    clear("MGT-39", **CALM, answer_mgt_39="no", answer_mgt_39_severity=1),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_attitude(case: Case) -> None:
    check(case)
