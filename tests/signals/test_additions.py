from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000

LINE = {"revolving_lines": 1, "lines_without_mean": 0, "lines_unknown": 0, "line_jump": 0.0, "line_full": 0.5}
LINE |= {"line_month_end": 0.6, "line_month_end_on": date(2015, 6, 30), "full_line_jump": 0.0, "full_lines_unjudged": 0}
LINE |= dict.fromkeys(("line_jump_line", "line_full_line", "line_month_end_line", "full_line_jump_line"), "F1")
JUMP = {"line_jump": 0.25, "line_jump_use": 0.75, "line_jump_mean": 0.5}
BOTH = {
    "line_jump": 0.25,
    "full_line_jump": 0.25,
    "full_line_jump_use": 0.97,
    "full_line_jump_mean": 0.72,
    "line_full": 0.96,
}
WITHIN = {
    "lines_90": 1,
    "over_limit_days_90": 0.0,
    "over_limit_months": 0,
    "over_limit_run": 0.0,
    "over_limit_days_ever": 0.0,
}
EVER = {"over_limit_days_ever": 40.0}
TRACED = {"loans_count": 1, "loans_untraced": 0, "proceeds_outside_share": 0.0, "proceeds_diverted_share": 0.0}
SPENT = {
    f"proceeds_{name}_{what}": value
    for name in ("outside", "diverted")
    for what, value in {"amount": 3 * M, "loan": "L1", "principal": 10 * M, "from": date(2015, 3, 2)}.items()
}
BORROWS = {"loans_count": 1, "routed_share": 0.3, "bank_debt_share": 0.5}
PAYS = {f"{stream}_paid_{n}": n for stream in ("tax", "social_insurance", "utility") for n in (2, 6)}

CASES = [
    # ADD-01
    not_applicable("ADD-01", revolving_lines=0),
    clear("ADD-01", **LINE),
    no_data("ADD-01", revolving_lines=1, lines_without_mean=1, lines_unknown=1, full_lines_unjudged=1),
    clear("ADD-01", **{**LINE, "line_jump": None, "lines_without_mean": 1}),  # a new line: one core test ran
    fires("ADD-01", "W", "Line F1 is drawn to 75.0% against a mean of 50.0% at the twelve month-ends before: up 25.0 pp (limit 25.0 pp).",
          zh="额度F1使用率75.0%，此前十二个月末平均50.0%，上升25.0个百分点（界限25.0个百分点）。", **{**LINE, **JUMP}),
    clear("ADD-01", **{**LINE, **JUMP, "line_jump": 0.249}),
    fires("ADD-01", "W", "Line F1 is drawn to 75.0% against a mean of 50.0% at the twelve month-ends before: up 25.0 pp (limit 25.0 pp).",
          **{**LINE, **JUMP, "lines_without_mean": 1}),  # another line is unknown: a hit does not need it
    fires("ADD-01", "W", "Line F1 was drawn to 95.0% or more at both of the last two month-ends (limit 95.0%).",
          zh="额度F1最近两个月末使用率均不低于95.0%（界限95.0%）。", **{**LINE, "line_full": 0.95}),
    clear("ADD-01", **{**LINE, "line_full": 0.949}),
    fires("ADD-01", "A", "Line F1 was as good as full at both of the last two month-ends, and is drawn to 97.0% against a mean of 72.0% at "
          "the twelve month-ends before: up 25.0 pp (limit 25.0 pp).",
          zh="额度F1最近两个月末几近用满，使用率97.0%，此前十二个月末平均72.0%，上升25.0个百分点（界限25.0个百分点）。", **{**LINE, **BOTH}),
    fires("ADD-01", "W", "Line F1 was drawn to 96.0% or more at both of the last two month-ends (limit 95.0%).",
          **{**LINE, **BOTH, "line_jump": 0.249, "full_line_jump": 0.249}),
    # one line rose, another is full: both of one line it must be
    fires("ADD-01", "W", "Line F1 is drawn to 75.0% against a mean of 50.0% at the twelve month-ends before: up 25.0 pp (limit 25.0 pp).",
          **{**LINE, **JUMP, "line_full": 0.96}),
    fires("ADD-01", "R", "Line F1 was drawn to 100.1% of its limit on 30 June 2015 (limit: above 100.0%).",
          zh="2015年6月30日额度F1使用率100.1%（界限：超过100.0%）。", **{**LINE, "line_month_end": 1.001}),
    clear("ADD-01", **{**LINE, "line_month_end": 1.0}),
    # ADD-02
    not_applicable("ADD-02", lines_90=0),
    clear("ADD-02", **WITHIN),
    no_data("ADD-02", lines_90=1),
    fires("ADD-02", "W", "Drawn over a limit on 6 days of the last 90 (limit: more than 5 days); since records began on 40 days.",
          zh="近90天内超限额6天（界限：超过5天）；有记录以来累计40天。", **{**WITHIN, **EVER, "over_limit_days_90": 6.0}),
    clear("ADD-02", **{**WITHIN, "over_limit_days_90": 5.0}),
    fires("ADD-02", "W", "Drawn over a limit on 15 days of the last 90 (limit: more than 5 days); since records began on 40 days.",
          **{**WITHIN, **EVER, "over_limit_days_90": 15.0}),
    fires("ADD-02", "A", "Drawn over a limit on 16 days of the last 90 (limit: more than 15 days); since records began on 40 days.",
          **{**WITHIN, **EVER, "over_limit_days_90": 16.0}),
    fires("ADD-02", "A", "Drawn over a limit in 3 of the last six months (limit 3); since records began on 40 days.",
          zh="近六个月中有3个月超限额（界限3个月）；有记录以来累计40天。", **{**WITHIN, **EVER, "over_limit_months": 3}),
    clear("ADD-02", **{**WITHIN, "over_limit_months": 2}),
    fires("ADD-02", "R", "A line has been drawn over its limit for 31 days without a break (limit: more than 30 days); since records began "
          "on 40 days.", zh="有额度已连续超限31天（界限：超过30天）；有记录以来累计40天。",
          **{**WITHIN, **EVER, "over_limit_days_90": 31.0, "over_limit_run": 31.0}),
    fires("ADD-02", "A", "Drawn over a limit on 30 days of the last 90 (limit: more than 15 days); since records began on 40 days.",
          **{**WITHIN, **EVER, "over_limit_days_90": 30.0, "over_limit_run": 30.0}),
    # ADD-06
    not_applicable("ADD-06", loans_count=0, loans_untraced=0, proceeds_outside_share=0.0, proceeds_diverted_share=0.0),
    clear("ADD-06", **TRACED),
    no_data("ADD-06", loans_count=1, loans_untraced=1),
    no_data("ADD-06", **{**TRACED, "loans_untraced": 1}),  # one loan clean, another without a trail
    fires("ADD-06", "W", "CNY 3.0 million of loan L1 (CNY 10.0 million, paid out on 2 March 2015) left within 30 days for what is not its "
          "purpose: 30.0% (limit 30.0%).",
          zh="2015年3月2日发放的贷款L1（1,000.00万元）30天内有300.00万元用于约定用途之外，占30.0%（界限30.0%）。",
          **{**TRACED, **SPENT, "proceeds_outside_share": 0.3}),
    clear("ADD-06", **{**TRACED, **SPENT, "proceeds_outside_share": 0.299}),
    fires("ADD-06", "A", "CNY 3.0 million of loan L1 (CNY 10.0 million, paid out on 2 March 2015) went within 30 days into securities, "
          "property, the client's group or its own account elsewhere: 30.0% (limit 30.0%).",
          zh="2015年3月2日发放的贷款L1（1,000.00万元）30天内有300.00万元流向证券、房地产、关联方或客户他行账户，占30.0%（界限30.0%）。",
          **{**TRACED, **SPENT, "proceeds_diverted_share": 0.3, "loans_untraced": 1}),
    clear("ADD-06", **{**TRACED, **SPENT, "proceeds_diverted_share": 0.299}),
    fires("ADD-06", "R", "CNY 3.0 million of loan L1 (CNY 10.0 million, paid out on 2 March 2015) went within 30 days into securities, "
          "property, the client's group or its own account elsewhere: 70.0% (limit 70.0%).",
          **{**TRACED, **SPENT, "proceeds_diverted_share": 0.7}),
    # ADD-07
    not_applicable("ADD-07", loans_count=0),
    not_applicable("ADD-07", **BORROWS, routing=0.1, client_kind="financial"),
    no_data("ADD-07", loans_count=1),
    clear("ADD-07", **BORROWS, routing=0.5, routing_year_ago=0.8),
    clear("ADD-07", **BORROWS, routing=0.6, routing_year_ago=0.0),
    fires("ADD-07", "W", "30.0% of the sales came in through our accounts while we hold 50.0% of the bank debt: 0.49× of our part (limit: "
          "below 0.50×).", zh="销售收入中30.0%经我行账户回笼，而我行贷款占银行债务50.0%，两者之比0.49倍（界限：低于0.50倍）。",
          **BORROWS, routing=0.49),
    fires("ADD-07", "W", "30.0% of the sales came in through our accounts while we hold 50.0% of the bank debt: 0.25× of our part (limit: "
          "below 0.50×).", **BORROWS, routing=0.25),
    fires("ADD-07", "A", "30.0% of the sales came in through our accounts while we hold 50.0% of the bank debt: 0.24× of our part (limit: "
          "below 0.25×).", **BORROWS, routing=0.24),
    fires("ADD-07", "A", "The sales routed through our accounts, against our share of the bank debt, fell from 1.00× to 0.60× in a year: "
          "down 40.0% (limit 40.0%).", zh="经我行回笼的销售收入与我行贷款占比之比，一年内由1.00倍降至0.60倍，降幅40.0%（界限40.0%）。",
          **BORROWS, routing=0.6, routing_year_ago=1.0),
    clear("ADD-07", **BORROWS, routing=0.601, routing_year_ago=1.0),
    # ADD-08
    clear("ADD-08", **PAYS, tax_arrears_365=0),
    clear("ADD-08", **PAYS),
    no_data("ADD-08"),
    no_data("ADD-08", tax_arrears_365=0),  # the registry alone is no core table
    clear("ADD-08", **{**PAYS, "tax_paid_2": 0, "tax_paid_6": 4}),  # no monthly stream
    clear("ADD-08", **{**PAYS, "tax_paid_2": 1, "tax_paid_6": 6}),
    fires("ADD-08", "W", "Tax: paid in 5 of the six months before, then not at all in the last two full months.",
          zh="税款：此前六个月中有5个月缴付，最近两个完整月份均未缴付。", **{**PAYS, "tax_paid_2": 0, "tax_paid_6": 5}),
    fires("ADD-08", "W", "Social insurance: paid in 6 of the six months before, then not at all in the last two full months.",
          zh="社会保险费：此前六个月中有6个月缴付，最近两个完整月份均未缴付。", **{**PAYS, "social_insurance_paid_2": 0}),
    fires("ADD-08", "W", "Utilities: paid in 6 of the six months before, then not at all in the last two full months.",
          zh="水电等公用事业费：此前六个月中有6个月缴付，最近两个完整月份均未缴付。", **{**PAYS, "utility_paid_2": 0}),
    fires("ADD-08", "A", "Tax arrears registered in 365 days: 1 (limit 1).", zh="近365天登记欠税1起（界限1起）。",
          **PAYS, tax_arrears_365=1),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_additions(case: Case) -> None:
    check(case)
