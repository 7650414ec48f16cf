"""MOR-06 to MOR-13: what a panel row makes of them."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000  # a million currency units in minor units
SIGNALS = [f"MOR-{number:02d}" for number in range(6, 14)]
COMMERCIAL = ["MOR-09", "MOR-10", "MOR-11", "MOR-12"]
NEED_ARREARS = ["MOR-06", "MOR-07", "MOR-10", "MOR-11", "MOR-12", "MOR-13"]
SINCE = date(2015, 4, 1)

SERVED = {
    "loans_count": 1,
    "arrears_material": False,
    "overdue_amount": 0,
    "overdue_principal": 0,
    "overdue_interest": 0,
}
SERVED |= {"principal_overdue_days": 0, "interest_overdue_days": 0}
LATE = {"loans_count": 1, "arrears_material": True, "overdue_amount": 2 * M, "first_overdue_on": SINCE}
ALL = [
    *(clear(signal, **SERVED) for signal in SIGNALS),  # no arrears: false, not unknown
    *(not_applicable(signal, **{**SERVED, "loans_count": 0}) for signal in SIGNALS),
    *(
        not_applicable(signal, **SERVED, client_kind=kind)
        for signal in COMMERCIAL
        for kind in ("financial", "institution")
    ),
    *(clear(signal, **SERVED, client_kind="financial") for signal in SIGNALS if signal not in COMMERCIAL),
    *(no_data(signal) for signal in SIGNALS),
    *(no_data(signal, **LATE) for signal in NEED_ARREARS),
]

FLOW = {**LATE, "diverted_from": date(2015, 3, 2), "diverted_group": 0}
INVESTED = {**LATE, "net_profit_ttm": M, "long_term_investments": 11 * M, "long_term_investments_year_ago": 10 * M}
INVESTED |= {"construction_in_progress": 6 * M, "construction_in_progress_year_ago": 5 * M}
DIVERTED = [
    fires("MOR-06", "A", "Since 2 March 2015 CNY 2.0 million went into investments, projects, securities or related loans, 1.00× the "
          "overdue CNY 2.0 million (limit 1.00×).", zh="自2015年3月2日起，投资、项目、证券及关联借款支出200.00万元，为逾期200.00万元的1.00倍（界限1.00倍）。",
          **FLOW, diverted=2 * M),
    clear("MOR-06", **FLOW, diverted=199_000_000),
    fires("MOR-06", "R", "Since 2 March 2015 CNY 4.0 million went into investments, projects, securities or related loans, 2.00× the "
          "overdue CNY 2.0 million (limit 2.00×).", **FLOW, diverted=4 * M),
    fires("MOR-06", "A", "Since 2 March 2015 CNY 4.0 million went into investments, projects, securities or related loans, 2.00× the "
          "overdue CNY 2.0 million (limit 1.00×).", **FLOW, diverted=399_900_000),
    fires("MOR-06", "R", "Since 2 March 2015 CNY 2.0 million went into investments, projects, securities or related loans while CNY 2.0 "
          "million is overdue; 50.0% of it to parties of the client's group (limit 50.0%).",
          zh="自2015年3月2日起，投资、项目、证券及关联借款支出200.00万元，同期逾期200.00万元；其中50.0%付给集团关联方（界限50.0%）。",
          **{**FLOW, "diverted_group": M}, diverted=2 * M),
    fires("MOR-06", "A", "Since 2 March 2015 CNY 2.0 million went into investments, projects, securities or related loans, 1.00× the "
          "overdue CNY 2.0 million (limit 1.00×).", **{**FLOW, "diverted_group": 99_000_000}, diverted=2 * M),
    clear("MOR-06", **{**FLOW, "diverted_group": M}, diverted=M),  # all of it, but too little to have paid the loan
    clear("MOR-06", **{**FLOW, "arrears_material": False}, diverted=9 * M),
    fires("MOR-06", "W", "With a net profit of CNY 1.0 million in twelve months, long-term investments and construction in progress grew "
          "by 1.00× the overdue CNY 2.0 million (limit 1.00×).",
          zh="近十二个月净利润100.00万元，长期投资和在建工程的增加额为逾期200.00万元的1.00倍（界限1.00倍）。", **INVESTED),
    clear("MOR-06", **{**INVESTED, "construction_in_progress": 599_000_000}),
    clear("MOR-06", **{**INVESTED, "net_profit_ttm": 0}),
    no_data("MOR-06", **{**INVESTED, "construction_in_progress_year_ago": None}),
]  # fmt: skip

DIVIDENDS = [
    clear("MOR-07", **LATE, dividends_out=0),
    fires("MOR-07", "R", "Dividends of CNY 0 left the account since 1 April 2015, while CNY 2.0 million is overdue.",
          **LATE, dividends_out=1),  # no minimum amount
    fires("MOR-07", "R", "Dividends of CNY 1.0 million left the account since 1 April 2015, while CNY 2.0 million is overdue.",
          zh="2015年4月1日起逾期200.00万元未还，其间账户支付分红100.00万元。", **LATE, dividends_out=M),
    fires("MOR-07", "R", "The filings over the time since 1 April 2015 show dividends of CNY 1.0 million paid, while CNY 2.0 million is "
          "overdue.", zh="2015年4月1日起逾期200.00万元未还，该期间的报表显示已支付分红100.00万元。", **LATE, dividends_paid_in_arrears=M),
    fires("MOR-07", "A", "Dividends of CNY 1.0 million were declared by the filings over the time since 1 April 2015, while CNY 2.0 "
          "million is overdue.", zh="2015年4月1日起逾期200.00万元未还，该期间的报表显示宣告分红100.00万元。", **LATE, dividends_declared_in_arrears=M),
    fires("MOR-07", "A", "Distribution resolutions registered in 365 days: 1, while CNY 2.0 million has been overdue since 1 April 2015.",
          zh="近365天登记利润分配决议1项，而2015年4月1日起逾期200.00万元未还。", **LATE, dividend_resolutions=1),
    clear("MOR-07", **LATE, dividends_out=0, dividends_paid_in_arrears=0, dividends_declared_in_arrears=0, dividend_resolutions=0),
    clear("MOR-07", **{**LATE, "arrears_material": False}, dividends_out=M),
]  # fmt: skip

UNPAID = {**SERVED, "overdue_interest": 100_000, "interest_expense_ttm": M, "net_profit_ttm": 0}
UNPAID |= {"overdue_amount": 100_000, "interest_overdue_days": 1}
INTEREST = [
    fires("MOR-08", "A", "Interest of CNY 1,000 has been overdue for 1 day (limit 1 day), although twelve months show an interest expense "
          "of CNY 1.0 million and a net profit of CNY 0.",
          zh="欠息0.10万元，已逾期1天（界限1天），而近十二个月利息费用100.00万元已入账，净利润0.00万元。", **UNPAID),
    clear("MOR-08", **{**UNPAID, "overdue_interest": 99_999}),
    clear("MOR-08", **{**UNPAID, "interest_overdue_days": 0}),
    clear("MOR-08", **{**UNPAID, "interest_expense_ttm": 0}),
    clear("MOR-08", **{**UNPAID, "net_profit_ttm": -1}),
    fires("MOR-08", "A", "Interest of CNY 1,000 has been overdue for 59 days (limit 1 day), although twelve months show an interest "
          "expense of CNY 1.0 million and a net profit of CNY 0.", **{**UNPAID, "interest_overdue_days": 59}),
    fires("MOR-08", "R", "Interest of CNY 1,000 has been overdue for 60 days (limit 60 days), although twelve months show an interest "
          "expense of CNY 1.0 million and a net profit of CNY 0.", **{**UNPAID, "interest_overdue_days": 60}),
    no_data("MOR-08", **{**UNPAID, "interest_expense_ttm": None, "interest_overdue_days": 60}),
    clear("MOR-08", **{**UNPAID, "interest_expense_ttm": None}),  # grade A: the red test ran, under 60 days
]  # fmt: skip

OWED = {**SERVED, "overdue_principal": 2 * M, "depreciation_ttm": 2 * M, "cfo_ttm": M}
PRINCIPAL = [
    fires("MOR-09", "A", "Principal of CNY 2.0 million is overdue while depreciation of CNY 2.0 million was charged in twelve months, "
          "1.00× as much (limit 1.00×).", zh="本金逾期200.00万元，近十二个月已计提折旧200.00万元，为其1.00倍（界限1.00倍）。", **OWED),
    clear("MOR-09", **{**OWED, "depreciation_ttm": 199_000_000}),
    clear("MOR-09", **{**OWED, "overdue_principal": 99_999}),
    fires("MOR-09", "R", "Principal of CNY 2.0 million is overdue although twelve months brought depreciation of CNY 2.0 million and "
          "operating cash flow of CNY 3.0 million, 1.50× as much (limit 1.00×).",
          zh="本金逾期200.00万元，而近十二个月计提折旧200.00万元，经营现金流300.00万元，为其1.50倍（界限1.00倍）。", **{**OWED, "cfo_ttm": 3 * M}),
    clear("MOR-09", **{**OWED, "depreciation_ttm": M, "cfo_ttm": 3 * M}),  # R needs A
    no_data("MOR-09", **{**OWED, "depreciation_ttm": None, "cfo_ttm": 3 * M}),
    no_data("MOR-09", **{**OWED, "depreciation_ttm": None, "cfo_ttm": None}),
]  # fmt: skip

RATE = {**LATE, "depreciation_rate": 0.15, "depreciation_rate_year_ago": 0.10, "depreciation_mandated": False}
RATE |= {"capex": M, "construction_in_progress": 6 * M, "construction_in_progress_year_ago": 5 * M}
FASTER = [
    fires("MOR-10", "A", "The depreciation rate rose from 10.0% to 15.0%, 1.50× last year's (limit 1.50×), while CNY 2.0 million is "
          "overdue.", zh="折旧率由10.0%升至15.0%，为上年的1.50倍（界限1.50倍），同期逾期200.00万元。", **RATE),
    clear("MOR-10", **{**RATE, "depreciation_rate": 0.1499}),
    clear("MOR-10", **{**RATE, "depreciation_mandated": True}),
    no_data("MOR-10", **{**RATE, "depreciation_mandated": None, "capex": 2 * M, "construction_in_progress": 7 * M}),
    clear("MOR-10", **{**RATE, "depreciation_mandated": None, "depreciation_rate": 0.1}),
    fires("MOR-10", "A", "The depreciation rate of 15.0% is 1.50× the peers' median of 10.0% (limit 1.50×), while CNY 2.0 million is "
          "overdue.", zh="折旧率15.0%为同业中位数10.0%的1.50倍（界限1.50倍），同期逾期200.00万元。",
          **{**RATE, "depreciation_rate_year_ago": 0.15}, peer_depreciation_rate=0.10),
    clear("MOR-10", **{**RATE, "depreciation_rate_year_ago": 0.15}, peer_depreciation_rate=0.11),
    fires("MOR-10", "R", "Depreciation is accelerated (rate 15.0%) and CNY 2.0 million was spent on fixed assets, 1.00× the overdue CNY "
          "2.0 million (limit 1.00×).", zh="折旧加速（折旧率15.0%），购建固定资产支出200.00万元，为逾期200.00万元的1.00倍（界限1.00倍）。",
          **{**RATE, "capex": 2 * M}),
    fires("MOR-10", "R", "Depreciation is accelerated (rate 15.0%) and construction in progress grew from CNY 5.0 million to CNY 7.0 "
          "million, by 1.00× the overdue CNY 2.0 million (limit 1.00×).",
          zh="折旧加速（折旧率15.0%），在建工程由500.00万元增至700.00万元，增加额为逾期200.00万元的1.00倍（界限1.00倍）。",
          **{**RATE, "construction_in_progress": 7 * M}),
    clear("MOR-10", **{**RATE, "depreciation_rate": 0.14, "capex": 9 * M}),  # R needs A
    clear("MOR-10", **{**RATE, "arrears_material": False}),
]  # fmt: skip

COSTS = {
    **LATE,
    "revenue": 104 * M,
    "revenue_year_ago": 100 * M,
    "admin_expense": 2 * M,
    "admin_expense_year_ago": 150_000_000,
}
COSTS |= {"selling_expense": 60_000_000, "selling_expense_year_ago": 50_000_000}
GROWN = [
    fires("MOR-11", "A", "Administrative and selling costs grew by 30.0% (limit 30.0%) while revenue went from CNY 100.0 million to CNY "
          "104.0 million and CNY 2.0 million is overdue.",
          zh="管理费用和销售费用增长30.0%（界限30.0%），收入10,000.00万元→10,400.00万元，同期逾期200.00万元。", **COSTS),
    clear("MOR-11", **{**COSTS, "admin_expense": 199_000_000}),
    clear("MOR-11", **{**COSTS, "revenue": 105 * M}),  # strict
    fires("MOR-11", "R", "Administrative and selling costs grew by 1.00× the overdue CNY 2.0 million (limit 1.00×), while revenue went "
          "from CNY 100.0 million to CNY 104.0 million.",
          zh="管理费用和销售费用的增加额为逾期200.00万元的1.00倍（界限1.00倍），收入10,000.00万元→10,400.00万元。",
          **{**COSTS, "admin_expense": 340_000_000}),
    clear("MOR-11", **{**COSTS, "admin_expense": 340_000_000, "revenue": 110 * M}),  # R needs A
    no_data("MOR-11", **{**COSTS, "selling_expense_year_ago": None}),
    no_data("MOR-11", **{**COSTS, "admin_expense": 340_000_000, "revenue_year_ago": 0}),
    clear("MOR-11", **{**COSTS, "arrears_material": False}),
]  # fmt: skip

WELFARE = {
    **LATE,
    "welfare_accrual_ttm": 141_000_000,
    "payroll_ttm": 10 * M,
    "welfare_accrual": M,
    "welfare_accrual_year_ago": M,
}
ACCRUED = [
    fires("MOR-12", "A", "Welfare of CNY 1.4 million was accrued in twelve months against a payroll of CNY 10.0 million (limit: more than "
          "14.0% of it), while CNY 2.0 million is overdue.",
          zh="近十二个月计提福利费141.00万元，工资总额1,000.00万元（界限：超过其14.0%），同期逾期200.00万元。", **WELFARE),
    clear("MOR-12", **{**WELFARE, "welfare_accrual_ttm": 140_000_000}),  # strict
    fires("MOR-12", "A", "Welfare accrued grew from CNY 1.0 million to CNY 1.5 million, by 50.0% (limit 50.0%), while CNY 2.0 million is "
          "overdue.", zh="计提福利费由100.00万元增至150.00万元，增长50.0%（界限50.0%），同期逾期200.00万元。",
          **{**WELFARE, "welfare_accrual_ttm": M, "welfare_accrual": 150_000_000}),
    clear("MOR-12", **{**WELFARE, "welfare_accrual_ttm": M, "welfare_accrual": 149_000_000}),
    fires("MOR-12", "R", "Excessive welfare of CNY 2.0 million was accrued in twelve months, 1.00× the overdue CNY 2.0 million (limit "
          "1.00×).", zh="近十二个月超常计提福利费200.00万元，为逾期200.00万元的1.00倍（界限1.00倍）。", **{**WELFARE, "welfare_accrual_ttm": 2 * M}),
    clear("MOR-12", **{**WELFARE, "welfare_accrual_ttm": 2 * M, "payroll_ttm": 100 * M}),  # R needs A
    clear("MOR-12", **{**WELFARE, "arrears_material": False}),
]  # fmt: skip

PAY = {**LATE, "payroll_ttm": 780_000_00, "headcount": 10, "average_wage": 60_000_00, "pay_per_head": 78_000_00}
PAY |= {"payroll_excess": 180_000_00, "entertainment_12": 0, "revenue_ttm": 100 * M}
MODEST = {**PAY, "payroll_ttm": 700_000_00, "pay_per_head": 70_000_00, "payroll_excess": 100_000_00}
WASTE = [
    fires("MOR-13", "A", "Pay of CNY 78,000 a head is 1.30× the average wage of the industry and region, CNY 60,000 (limit 1.30×), while "
          "CNY 2.0 million is overdue.", zh="人均薪酬7.80万元，为行业及地区平均工资6.00万元的1.30倍（界限1.30倍），同期逾期200.00万元。", **PAY),
    clear("MOR-13", **{**PAY, "payroll_ttm": 779_999_00}),
    clear("MOR-13", **MODEST),
    fires("MOR-13", "A", "Travel and entertainment of CNY 2.0 million was paid in twelve months against sales of CNY 100.0 million (limit "
          "2.0% of them), while CNY 2.0 million is overdue.",
          zh="近十二个月差旅招待支出200.00万元，销售收入10,000.00万元（界限：收入的2.0%），同期逾期200.00万元。",
          **{**MODEST, "entertainment_12": 2 * M}),
    clear("MOR-13", **{**MODEST, "entertainment_12": 199_000_000}),
    fires("MOR-13", "R", "Pay of CNY 78,000 a head is 1.30× the average wage (limit 1.30×) and travel and entertainment cost CNY 2.0 "
          "million in twelve months, while CNY 2.0 million is overdue.",
          zh="人均薪酬7.80万元，为平均工资的1.30倍（界限1.30倍），近十二个月差旅招待支出200.00万元，同期逾期200.00万元。",
          **{**PAY, "entertainment_12": 2 * M}),
    fires("MOR-13", "R", "Pay over the average wage came to CNY 180,000 in twelve months, 1.00× the overdue CNY 180,000 (limit 1.00×).",
          zh="近十二个月薪酬超出平均工资18.00万元，为逾期18.00万元的1.00倍（界限1.00倍）。", **{**PAY, "overdue_amount": 180_000_00}),
    fires("MOR-13", "R", "Pay over the average wage came to CNY 100,000 in twelve months, 1.00× the overdue CNY 100,000 (limit 1.00×).",
          **{**MODEST, "overdue_amount": 100_000_00, "entertainment_12": 2 * M}),
    clear("MOR-13", **{**MODEST, "overdue_amount": 100_000_00}),  # R needs A
    no_data("MOR-13", **{**MODEST, "average_wage": None, "payroll_excess": None}),  # grade B
    no_data("MOR-13", **{**MODEST, "entertainment_12": None}),
    clear("MOR-13", **{**PAY, "arrears_material": False}),
]  # fmt: skip


CASES = [*ALL, *DIVERTED, *DIVIDENDS, *INTEREST, *PRINCIPAL, *FASTER, *GROWN, *ACCRUED, *WASTE]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_moral_hazard_in_arrears(case: Case) -> None:
    check(case)
