import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000  # a million currency units in minor units

WORN = {
    "capex_ttm": 4 * M,
    "depreciation_ttm": 10 * M,
    "capex_ttm_year_ago": 4 * M,
    "depreciation_ttm_year_ago": 10 * M,
}
OLD = {"fixed_assets_gross": 100 * M, "fixed_assets_net": 30 * M}
HEADS = {"revenue_per_head": 50.0 * M, "headcount": 20, "peer_revenue_per_head": 100.0 * M, "peer_head_count": 24}
TURN = {"asset_turnover": 1.0, "peer_asset_turnover": 1.0, "peer_turnover_count": 24}
SERVICE = {
    "ebitda_ttm": 130 * M,
    "income_tax_ttm": 11 * M,
    "interest_expense_ttm": 20 * M,
    "current_portion_debt": 80 * M,
}
INTEREST = {"profit_before_tax": 40 * M, "interest_expense": 100 * M}
LIQUID = {"current_assets": 99 * M, "current_liabilities": 100 * M}
LIQUID |= {"current_assets_year_ago": 80 * M, "current_liabilities_year_ago": 100 * M}

CASES = [
    # MGT-19
    fires("MGT-19", "W", "Investment of twelve months, CNY 4.0 million, is 0.40× depreciation of CNY 10.0 million (limit: below 0.50×); a year ago "
          "CNY 4.0 million stood against CNY 10.0 million.",
          zh="近十二个月资本支出400.00万元为折旧1,000.00万元的0.40倍（界限：低于0.50倍）；上年为400.00万元对1,000.00万元。", **WORN),
    clear("MGT-19", **{**WORN, "capex_ttm": 5 * M}),
    clear("MGT-19", **{**WORN, "capex_ttm_year_ago": 5 * M}),
    fires("MGT-19", "A", "70.0% of fixed assets at cost of CNY 100.0 million is written off (limit 70.0%), and investment stayed under half of "
          "depreciation for two years (CNY 4.0 million, CNY 4.0 million).",
          zh="固定资产原价10,000.00万元已计提70.0%（界限70.0%），且连续两年资本支出不足折旧的一半（400.00万元、400.00万元）。", **WORN, **OLD),
    fires("MGT-19", "W", "Investment of twelve months, CNY 4.0 million, is 0.40× depreciation of CNY 10.0 million (limit: below 0.50×); a year ago "
          "CNY 4.0 million stood against CNY 10.0 million.", **WORN, **{**OLD, "fixed_assets_net": 3_001_000_000}),
    clear("MGT-19", **{**WORN, "capex_ttm": 5 * M}, **OLD),  # A needs the two years
    no_data("MGT-19", **{**WORN, "depreciation_ttm_year_ago": 0}),
    no_data("MGT-19", **{**WORN, "capex_ttm_year_ago": None}),
    fires("MGT-19", "W", "The relationship manager's answer on file confirms it (severity 1).",
          zh="客户经理的书面答复已予确认（严重程度1）。", answer_mgt_19="yes", answer_mgt_19_severity=1),
    fires("MGT-19", "A", "The relationship manager's answer on file confirms it (severity 3).", answer_mgt_19="yes", answer_mgt_19_severity=3),
    no_data("MGT-19", answer_mgt_19="no", answer_mgt_19_severity=1),
    # MGT-35
    fires("MGT-35", "W", "Revenue per head of CNY 50.0 million (20 employees) is 0.50× the median of 24 peers, CNY 100.0 million (limit 0.50×).",
          zh="人均收入5,000.00万元（员工20人）为24家同业中位数10,000.00万元的0.50倍（界限0.50倍）。", **HEADS, **TURN),
    clear("MGT-35", **{**HEADS, "revenue_per_head": 50.1 * M}, **TURN),
    fires("MGT-35", "W", "Revenue per head of CNY 200.0 million (20 employees) is 2.00× the median of 24 peers, CNY 100.0 million (limit 2.00×).",
          **{**HEADS, "revenue_per_head": 200.0 * M}, **TURN),
    clear("MGT-35", **{**HEADS, "revenue_per_head": 199.9 * M}, **TURN),
    fires("MGT-35", "W", "Asset turnover of 0.50× is 0.50× the median of 24 peers, 1.00× (limit 0.50×).",
          zh="总资产周转率0.50倍为24家同业中位数1.00倍的0.50倍（界限0.50倍）。", **{**TURN, "asset_turnover": 0.5}),
    fires("MGT-35", "W", "Asset turnover of 2.00× is 2.00× the median of 24 peers, 1.00× (limit 2.00×).", **{**TURN, "asset_turnover": 2.0}),
    clear("MGT-35", **{**TURN, "asset_turnover": 0.51}),
    fires("MGT-35", "A", "Revenue per head of CNY 50.0 million is 0.50× the peers' median of CNY 100.0 million, and asset turnover of 2.00× stands "
          "against their 1.00×: both are out of proportion.",
          zh="人均收入5,000.00万元为同业中位数10,000.00万元的0.50倍，总资产周转率2.00倍对同业1.00倍，两者均不成比例。",
          **HEADS, **{**TURN, "asset_turnover": 2.0}),
    fires("MGT-35", "A", "Revenue per head of CNY 33.0 million (20 employees) is 0.33× the median of 24 peers, CNY 100.0 million (limit 0.33×).",
          **{**HEADS, "revenue_per_head": 33.0 * M}, **TURN),
    fires("MGT-35", "W", "Revenue per head of CNY 33.1 million (20 employees) is 0.33× the median of 24 peers, CNY 100.0 million (limit 0.50×).",
          **{**HEADS, "revenue_per_head": 33.1 * M}, **TURN),
    fires("MGT-35", "A", "Asset turnover of 0.33× is 0.33× the median of 24 peers, 1.00× (limit 0.33×).", **{**TURN, "asset_turnover": 0.33}),
    no_data("MGT-35", asset_turnover=0.1, peer_turnover_count=19),
    no_data("MGT-35"),
    # ADD-04
    fires("ADD-04", "W", "EBITDA of twelve months less income tax (CNY 130.0 million, CNY 11.0 million) covers 1.19× the interest of CNY 20.0 million "
          "and the principal due in twelve months (limit: below 1.20×).",
          zh="近十二个月EBITDA扣除所得税（13,000.00万元、1,100.00万元）为利息2,000.00万元与十二个月内到期本金之和的1.19倍（界限：低于1.20倍）。",
          **SERVICE),
    clear("ADD-04", **{**SERVICE, "income_tax_ttm": 10 * M}),
    fires("ADD-04", "A", "EBITDA of twelve months less income tax (CNY 110.0 million, CNY 11.0 million) covers 0.99× the interest of CNY 20.0 million "
          "and the principal due in twelve months (limit: below 1.00×).", **{**SERVICE, "ebitda_ttm": 110 * M}),
    fires("ADD-04", "W", "EBITDA of twelve months less income tax (CNY 111.0 million, CNY 11.0 million) covers 1.00× the interest of CNY 20.0 million "
          "and the principal due in twelve months (limit: below 1.20×).", **{**SERVICE, "ebitda_ttm": 111 * M}),
    fires("ADD-04", "A", "EBITDA of twelve months less income tax (CNY 130.0 million, CNY 11.0 million) covers 0.60× the interest of CNY 20.0 million "
          "and the principal due in twelve months (limit: below 1.00×).",
          **{**SERVICE, "current_portion_debt": None}, loans_due_12m=178 * M),
    clear("ADD-04", **{**SERVICE, "current_portion_debt": 0}, loans_due_12m=180 * M),  # the statement's line goes first
    clear("ADD-04", **{**SERVICE, "current_portion_debt": 0, "interest_expense_ttm": 0}),  # nothing to serve
    fires("ADD-04", "W", "Profit before tax and interest (CNY 40.0 million, CNY 100.0 million) covers 1.40× the interest (limit: below 1.50×).",
          zh="税前利润与利息之和（4,000.00万元、10,000.00万元）为利息的1.40倍（界限：低于1.50倍）。", **INTEREST),
    clear("ADD-04", **{**INTEREST, "profit_before_tax": 50 * M}),
    fires("ADD-04", "A", "Profit before tax and interest (CNY −1.0 million, CNY 100.0 million) covers 0.99× the interest (limit: below 1.00×).",
          **{**INTEREST, "profit_before_tax": -M}),
    fires("ADD-04", "W", "Profit before tax and interest (CNY 0, CNY 100.0 million) covers 1.00× the interest (limit: below 1.50×).",
          **{**INTEREST, "profit_before_tax": 0}),
    clear("ADD-04", profit_before_tax=-M, interest_expense=0),
    no_data("ADD-04", **{**SERVICE, "current_portion_debt": None}),
    no_data("ADD-04", profit_before_tax=M),
    not_applicable("ADD-04", client_kind="financial", **INTEREST),
    # ADD-05
    fires("ADD-05", "W", "Current assets of CNY 99.0 million are 0.99× current liabilities of CNY 100.0 million (limit: below 1.00×).",
          zh="流动资产9,900.00万元为流动负债10,000.00万元的0.99倍（界限：低于1.00倍）。", **LIQUID),
    clear("ADD-05", **{**LIQUID, "current_assets": 100 * M}),
    clear("ADD-05", current_assets=0, current_liabilities=0),
    fires("ADD-05", "A", "Current assets of CNY 79.0 million are 0.79× current liabilities of CNY 100.0 million (limit: below 0.80×), and worse than a "
          "year ago (CNY 80.0 million to CNY 100.0 million).",
          zh="流动资产7,900.00万元为流动负债10,000.00万元的0.79倍（界限：低于0.80倍），且较上年恶化（8,000.00万元对10,000.00万元）。",
          **{**LIQUID, "current_assets": 79 * M}),
    fires("ADD-05", "W", "Current assets of CNY 79.0 million are 0.79× current liabilities of CNY 100.0 million (limit: below 1.00×).",
          **{**LIQUID, "current_assets": 79 * M, "current_assets_year_ago": 79 * M}),
    fires("ADD-05", "W", "Current assets of CNY 80.0 million are 0.80× current liabilities of CNY 100.0 million (limit: below 1.00×).",
          **{**LIQUID, "current_assets": 80 * M, "current_assets_year_ago": 90 * M}),
    no_data("ADD-05", current_assets=M),
    not_applicable("ADD-05", client_kind="institution", **LIQUID),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_statements(case: Case) -> None:
    check(case)
