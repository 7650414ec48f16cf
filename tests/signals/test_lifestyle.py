import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000


def said(number: int, severity: int, answer: str = "yes") -> dict[str, object]:
    return {f"answer_mgt_{number}": answer, f"answer_mgt_{number}_severity": severity}


QUIET_27 = {"speculative_90": 0, "opout_90": 100 * M, "key_person_cases_365": 0}
QUIET_28 = {"travel_r3_12": 1.0, "travel_3": M, "opout_3": 50 * M, "scandals_180": 0}
QUIET_29 = {"key_persons_90": 0, "opout_90": 100 * M, "cash_drawn_r3_12": 1.0, "cash_drawn_3": M, "gambling_365": 0}
MANY = {"travel_r3_12": 2.0, "travel_3": M, "opout_3": 100 * M}
HOTELS = {"conference_r3_12": 2.0, "conference_y3": 2.0, "conference_3": M}

CASES = [
    # MGT-27
    no_data("MGT-27"),
    no_data("MGT-27", **QUIET_27),  # nobody has answered and no proxy holds
    clear("MGT-27", **said(27, 1, "no")),
    clear("MGT-27", **{**QUIET_27, "speculative_90": 50 * M}, **said(27, 1, "no")),  # the answer dismisses the proxy
    fires("MGT-27", "W", "CNY 10.0 million of CNY 100.0 million paid in 90 days went to securities, futures, crypto or precious metals "
          "firms: 10.0% (limit 10.0%).",
          zh="近90天付款10,000.00万元中，1,000.00万元付给证券、期货、虚拟货币或贵金属机构，占10.0%（界限10.0%）。",
          **{**QUIET_27, "speculative_90": 10 * M}),
    no_data("MGT-27", **{**QUIET_27, "speculative_90": 10 * M - 100}),
    fires("MGT-27", "W", "Key persons listed as dishonest debtors or in criminal cases, registered in 365 days: 1 (limit 1).",
          zh="近365天关键人员被列为失信被执行人或涉刑事案件1起（界限1起）。", key_person_cases_365=1),  # a proxy: W to confirm
    fires("MGT-27", "A", "The relationship manager's answer on file confirms it (severity 2).", **said(27, 2)),
    fires("MGT-27", "W", "The relationship manager's answer on file confirms it (severity 1).",  # the answer alone decides
          **{**QUIET_27, "key_person_cases_365": 1}, **said(27, 1)),
    fires("MGT-27", "A", "The relationship manager's answer on file confirms it (severity 3).", **said(27, 3)),  # clamped
    # MGT-28
    no_data("MGT-28"),
    no_data("MGT-28", **QUIET_28),
    clear("MGT-28", **QUIET_28, **said(28, 1, "no")),
    fires("MGT-28", "W", "Travel and entertainment of three months came to CNY 1.0 million, 2.00× the monthly mean of the twelve months "
          "before (limit 2.00×).", zh="近三个月差旅招待支出100.00万元，月均为此前十二个月的2.00倍（界限2.00倍）。", **MANY),
    no_data("MGT-28", **{**MANY, "travel_r3_12": 1.999}),
    no_data("MGT-28", **{**MANY, "opout_3": 101 * M}),  # under a hundredth of all payments
    fires("MGT-28", "W", "Confirmed reports of an executive scandal in 180 days: 1 (limit 1).",
          zh="近180天经核实的高管丑闻报道1条（界限1条）。", scandals_180=1),
    fires("MGT-28", "A", "Confirmed reports of an executive scandal in 180 days: 1 (limit 1).",
          **said(28, 1), scandals_180=1),  # the higher of the answer and the computed tests
    fires("MGT-28", "W", "The relationship manager's answer on file confirms it (severity 1).", **QUIET_28, **said(28, 1)),
    fires("MGT-28", "A", "The relationship manager's answer on file confirms it (severity 2).", **said(28, 2)),
    # MGT-29
    no_data("MGT-29"),
    no_data("MGT-29", **QUIET_29),
    clear("MGT-29", **QUIET_29, **said(29, 1, "no")),
    fires("MGT-29", "W", "CNY 5.0 million of CNY 100.0 million paid in 90 days went to key persons, neither payroll nor dividend: 5.0% "
          "(limit 5.0%).", zh="近90天付款10,000.00万元中，500.00万元付给关键人员（非工资、非股利），占5.0%（界限5.0%）。",
          **{**QUIET_29, "key_persons_90": 5 * M}),
    no_data("MGT-29", **{**QUIET_29, "key_persons_90": 5 * M - 100}),
    fires("MGT-29", "W", "Cash of CNY 1.0 million was withdrawn in three months, 3.00× the monthly mean of the twelve months before "
          "(limit 3.00×).", zh="近三个月提取现金100.00万元，月均为此前十二个月的3.00倍（界限3.00倍）。",
          **{**QUIET_29, "cash_drawn_r3_12": 3.0}),
    no_data("MGT-29", **{**QUIET_29, "cash_drawn_r3_12": 2.99}),
    fires("MGT-29", "W", "Confirmed reports of gambling in 365 days: 2 (limit 1).", zh="近365天经核实的赌博报道2条（界限1条）。",
          **{**QUIET_29, "gambling_365": 2}),
    fires("MGT-29", "W", "The relationship manager's answer on file confirms it (severity 1).",
          **{**QUIET_29, "gambling_365": 1}, **said(29, 1)),
    fires("MGT-29", "A", "The relationship manager's answer on file confirms it (severity 2).", **said(29, 2)),
    # MGT-32
    no_data("MGT-32"),
    no_data("MGT-32", conference_r3_12=1.0, conference_y3=1.0),
    clear("MGT-32", **HOTELS, **said(32, 1, "no")),
    fires("MGT-32", "W", "Conference and hotel spending of three months came to CNY 1.0 million, 2.00× the monthly mean of the twelve "
          "months before (limit 2.00×) and 2.00× the same months a year ago.",
          zh="近三个月会议酒店支出100.00万元，月均为此前十二个月的2.00倍（界限2.00倍），为上年同期的2.00倍。", **HOTELS),
    no_data("MGT-32", **{**HOTELS, "conference_r3_12": 1.99}),
    no_data("MGT-32", **{**HOTELS, "conference_y3": 1.99}),
    no_data("MGT-32", **{**HOTELS, "conference_y3": None}),
    fires("MGT-32", "W", "The relationship manager's answer on file confirms it (severity 3).", **said(32, 3)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_lifestyle(case: Case) -> None:
    check(case)
