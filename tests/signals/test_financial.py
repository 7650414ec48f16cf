from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000  # a million currency units in minor units
D = date

LATE = {"overdue_period_end": D(2014, 12, 31), "overdue_due_on": D(2015, 4, 30), "overdue_last_two": False}
LATE |= {"nothing_received_12m": False}
GROWN = {"accounts_receivable": 14 * M, "accounts_receivable_year_ago": 10 * M, "total_assets": 100 * M}
GROWN |= {"revenue": 120 * M, "revenue_year_ago": 100 * M}
FADE = {"payers_decline": "W", "payers_r3_12": 0.75, "purchases_r3_12": 0.95, "statement_age_days": 181}
SQUEEZE = {"net_cash_flow_ttm": -2 * M, "cash": 6 * M, "cash_year_ago": 10 * M, "short_term_debt": 20 * M}
DRAIN = {"opin_3": 10 * M, "opout_3": 11 * M, "opin_net_ratio_3": -0.1, "adb_90": 7 * M, "adb_365_before_90": 10 * M}
YEARS = {"annual_revenue_2": 100 * M}
PEERS = {"peer_profit_growth": 0.02, "peer_count": 25, "profit_before_tax_year_ago": 100 * M}
PROFIT = {"profit_before_tax_year_ago": 100 * M}
WC = {"current_liabilities": 10 * M, "revenue_ttm": 100 * M}
DSRI = {"accounts_receivable_year_ago": 10 * M, "revenue": 100 * M, "revenue_year_ago": 100 * M}

CASES = [
    # FIN-01
    clear("FIN-01", overdue_days=0, overdue_last_two=False, nothing_received_12m=False),
    fires("FIN-01", "W", "The statements of 31 December 2014 were due on 30 April 2015 and are 1 day late (limit 1 day).",
          zh="2014年12月31日的报表应于2015年4月30日报送，已逾期1天（界限1天）。", **LATE, overdue_days=1),
    fires("FIN-01", "W", "The statements of 31 December 2014 were due on 30 April 2015 and are 29 days late (limit 1 day).",
          **LATE, overdue_days=29),
    fires("FIN-01", "A", "The statements of 31 December 2014 were due on 30 April 2015 and are 30 days late (limit 30 days).",
          **LATE, overdue_days=30),
    fires("FIN-01", "A", "The last two statements due are both outstanding; that of 31 December 2014 was due on 30 April 2015.",
          **{**LATE, "overdue_last_two": True}, overdue_days=5),
    fires("FIN-01", "R", "The statements of 31 December 2014 were due on 30 April 2015 and are 90 days late (limit 90 days).",
          **LATE, overdue_days=90),
    fires("FIN-01", "R", "Nothing has been filed for twelve months; the statements of 31 December 2014 were due on 30 April 2015.",
          **{**LATE, "nothing_received_12m": True}, overdue_days=61),
    not_applicable("FIN-01", reporting_due=False),
    no_data("FIN-01"),
    # FIN-02
    fires("FIN-02", "W", "Receivables CNY 10.0 million → CNY 14.0 million outgrew revenue by 20.0 pp (limit 20.0 pp).",
          zh="应收账款1,000.00万元→1,400.00万元，增速高于收入20.0个百分点（界限20.0个百分点）。", **GROWN),
    clear("FIN-02", **{**GROWN, "accounts_receivable": 1_399_000_000}),
    clear("FIN-02", **{**GROWN, "total_assets": 281 * M}),  # 4.98% of assets: not material
    no_data("FIN-02", **{**GROWN, "accounts_receivable_year_ago": 0}),
    fires("FIN-02", "A", "Receivables are collected after 90 days instead of 60 days a year ago: 30 days slower (limit 30 days).",
          **GROWN, dso=90.0, dso_year_ago=60.0),
    clear("FIN-02", dso=89.9, dso_year_ago=60.0),
    fires("FIN-02", "W", "Receipts from the ten largest payers are 75.0% of their twelve-month mean (limit 80.0%) while "
          "purchases run at 95.0%.", **FADE),
    clear("FIN-02", **{**FADE, "purchases_r3_12": 0.899}),
    clear("FIN-02", **{**FADE, "statement_age_days": 100}),  # the statement still speaks
    clear("FIN-02", **{**FADE, "payers_decline": ""}),
    not_applicable("FIN-02", client_kind="financial", **GROWN),
    not_applicable("FIN-02", client_kind="institution", **GROWN),
    # FIN-07
    fires("FIN-07", "W", "Net cash flow of twelve months is CNY −2.0 million; cash a year ago was CNY 10.0 million.",
          zh="近十二个月净现金流量为−200.00万元，上年末现金为1,000.00万元。", **{**SQUEEZE, "cash": 9 * M}),
    clear("FIN-07", **{**SQUEEZE, "cash": 9 * M, "net_cash_flow_ttm": -49_000_000}),  # under 5% of cash a year ago
    fires("FIN-07", "W", "Cash CNY 10.0 million → CNY 7.0 million: down 30.0% (limit 30.0%).",
          **{**SQUEEZE, "cash": 7 * M, "net_cash_flow_ttm": M}),
    clear("FIN-07", **{**SQUEEZE, "cash": 701_000_000, "net_cash_flow_ttm": M}),
    fires("FIN-07", "A", "Net cash flow of twelve months is CNY −2.0 million and cash fell from CNY 10.0 million to CNY 6.0 million.",
          **SQUEEZE),
    fires("FIN-07", "R", "Cash fell from CNY 10.0 million to CNY 1.9 million, only 9.5% of short-term debt (limit 10.0%), and net cash "
          "flow of twelve months is CNY −2.0 million.", **{**SQUEEZE, "cash": 190_000_000}),
    fires("FIN-07", "A", "Net cash flow of twelve months is CNY −2.0 million and cash fell from CNY 10.0 million to CNY 2.0 million.",
          **{**SQUEEZE, "cash": 2 * M}),  # 10% of short-term debt exactly: strict
    fires("FIN-07", "W", "Over three months the account paid out CNY 11.0 million against CNY 10.0 million received (net −10.0% of the "
          "inflow, limit −10.0%); the average balance fell from CNY 10.0 million to CNY 7.0 million.", **DRAIN, statement_age_days=101),
    clear("FIN-07", **DRAIN, statement_age_days=100),
    clear("FIN-07", **{**DRAIN, "opin_net_ratio_3": -0.0999}, statement_age_days=181),
    # No cash a year ago: any net outflow is over the limit (reading G10).
    fires("FIN-07", "W", "Net cash flow of twelve months is CNY −2.0 million; cash a year ago was CNY 0.",
          **{**SQUEEZE, "cash": 0, "cash_year_ago": 0}),
    # Nothing is less than a tenth of no debt.
    fires("FIN-07", "A", "Net cash flow of twelve months is CNY −2.0 million and cash fell from CNY 10.0 million to CNY 0.",
          **{**SQUEEZE, "cash": 0, "short_term_debt": 0}),
    no_data("FIN-07"),
    not_applicable("FIN-07", client_kind="financial"),
    # FIN-08
    fires("FIN-08", "A", "Owners' equity CNY 100.0 million → CNY 75.0 million: down 25.0% (limit 25.0%).",
          zh="所有者权益10,000.00万元→7,500.00万元，降幅25.0%（警戒线25.0%）。", equity=75 * M, equity_year_ago=100 * M),
    clear("FIN-08", equity=7_501_000_000, equity_year_ago=100 * M),
    fires("FIN-08", "A", "Revenue CNY 100.0 million → CNY 75.0 million: down 25.0% (limit 25.0%).", revenue=75 * M, revenue_year_ago=100 * M),
    fires("FIN-08", "A", "Owners' equity was not positive a year ago and fell further: CNY −1.0 million → CNY −2.0 million.",
          equity=-2 * M, equity_year_ago=-M),
    clear("FIN-08", equity=-M, equity_year_ago=-M),
    fires("FIN-08", "A", "Revenue CNY 100.0 million → CNY 60.0 million: down 40.0% (limit 25.0%).", equity=-2 * M, equity_year_ago=-M,
          revenue=60 * M, revenue_year_ago=100 * M),  # a deeper deficit is an alert, no part of level R
    fires("FIN-08", "R", "Revenue CNY 100.0 million → CNY 60.0 million (down 40.0%, limit 25.0%) and owners' equity CNY 10.0 million → "
          "CNY 5.0 million: both fell by the limit or more.", revenue=60 * M, revenue_year_ago=100 * M, equity=5 * M, equity_year_ago=10 * M),
    no_data("FIN-08", equity=75 * M),
    no_data("FIN-08", equity_year_ago=75 * M),
    # FIN-09
    fires("FIN-09", "A", "Annual revenue CNY 100.0 million → CNY 80.0 million → CNY 60.0 million: down in both years, each time by more "
          "than 15.0%, the last by 25.0%.",
          zh="年销售收入10,000.00万元→8,000.00万元→6,000.00万元，连续两年下降，且逐年降幅均超过15.0%，最近一年为25.0%。", **YEARS, annual_revenue_1=80 * M, annual_revenue_0=60 * M),
    fires("FIN-09", "W", "Annual revenue CNY 100.0 million → CNY 85.0 million → CNY 60.0 million: down in both years, the last by 29.4% "
          "(limit: more than 15.0%).", **YEARS, annual_revenue_1=85 * M, annual_revenue_0=60 * M),  # 15% exactly is not more
    fires("FIN-09", "W", "Annual revenue CNY 100.0 million → CNY 80.0 million → CNY 79.0 million: down in both years, the year before by "
          "20.0% (limit: more than 15.0%).", **YEARS, annual_revenue_1=80 * M, annual_revenue_0=79 * M),
    clear("FIN-09", **YEARS, annual_revenue_1=85 * M, annual_revenue_0=85 * M),
    clear("FIN-09", **YEARS, annual_revenue_1=101 * M, annual_revenue_0=60 * M),
    no_data("FIN-09", annual_revenue_1=80 * M, annual_revenue_0=60 * M),
    # FIN-10
    fires("FIN-10", "W", "Profit before tax CNY 100.0 million → CNY 95.0 million: −5.0% (limit −5.0%).",
          zh="税前利润10,000.00万元→9,500.00万元，变动−5.0%（界限−5.0%）。", **PROFIT, profit_before_tax=95 * M),
    clear("FIN-10", **PROFIT, profit_before_tax=9_501_000_000),
    fires("FIN-10", "W", "The loss before tax grew: CNY −1.0 million → CNY −2.0 million.", profit_before_tax=-2 * M, profit_before_tax_year_ago=-M),
    clear("FIN-10", profit_before_tax=-M, profit_before_tax_year_ago=-M),
    fires("FIN-10", "W", "Growth of profit before tax lies −6.0 pp from the median of 25 peers (2.0%); limit −5.0 pp.",
          **PEERS, profit_before_tax=96 * M),
    fires("FIN-10", "A", "Profit before tax CNY 100.0 million → CNY 90.0 million (−10.0%, limit −5.0%), and its growth lags the peers' "
          "median of 2.0%.", **PEERS, profit_before_tax=90 * M),
    clear("FIN-10", **PEERS, profit_before_tax=98 * M),
    no_data("FIN-10"),
    no_data("FIN-10", profit_before_tax_year_ago=100 * M),
    # FIN-12
    fires("FIN-12", "W", "Working capital (current assets CNY 85.1 million, current liabilities CNY 10.0 million) is 75.1% of annual sales "
          "(limit: above 75.0%).", zh="营运资金（流动资产8,510.00万元，流动负债1,000.00万元）为年销售额的75.1%（界限：大于75.0%）。", **WC,
          current_assets=8_510_000_000),
    clear("FIN-12", **WC, current_assets=85 * M),
    fires("FIN-12", "W", "Working capital (current assets CNY 11.0 million, current liabilities CNY 10.0 million) is ∞% of annual sales "
          "(limit: above 75.0%).", current_assets=11 * M, current_liabilities=10 * M, revenue_ttm=0),
    not_applicable("FIN-12", industry_section="F", **WC, current_assets=100 * M),
    not_applicable("FIN-12", industry_section="K"),
    not_applicable("FIN-12", industry_section="E"),
    not_applicable("FIN-12", client_kind="institution"),
    no_data("FIN-12", current_assets=85 * M),
    # FIN-15
    fires("FIN-15", "A", "Receivables grew by 30.0% (limit 10.0%) while revenue did not: CNY 100.0 million → CNY 100.0 million.",
          **DSRI, accounts_receivable=13 * M),
    fires("FIN-15", "W", "Receivables per unit of revenue are 1.30× last year's (limit 1.30×): receivables CNY 10.0 million → CNY 14.3 "
          "million, revenue CNY 100.0 million → CNY 110.0 million.",
          zh="应收账款与收入之比为上年的1.30倍（界限1.30倍）：应收账款1,000.00万元→1,430.00万元，收入10,000.00万元→11,000.00万元。",
          **{**DSRI, "revenue": 110 * M}, accounts_receivable=1_430_000_000),
    clear("FIN-15", **{**DSRI, "revenue": 110 * M}, accounts_receivable=1_429_000_000),
    fires("FIN-15", "W", "Receivables per unit of revenue are 0.70× last year's (limit 0.70×): receivables CNY 10.0 million → CNY 7.0 "
          "million, revenue CNY 100.0 million → CNY 100.0 million.", **DSRI, accounts_receivable=7 * M),
    fires("FIN-15", "A", "Receivables per unit of revenue are 1.50× last year's (limit 1.50×): receivables CNY 10.0 million → CNY 16.5 "
          "million, revenue CNY 100.0 million → CNY 110.0 million.", **{**DSRI, "revenue": 110 * M}, accounts_receivable=1_650_000_000),
    clear("FIN-15", **DSRI, accounts_receivable=1_099_000_000),
    no_data("FIN-15"),
    no_data("FIN-15", **{**DSRI, "revenue_year_ago": 0}, accounts_receivable=13 * M),
    no_data("FIN-15", **{**DSRI, "revenue_year_ago": -M}, accounts_receivable=13 * M),
    not_applicable("FIN-15", client_kind="financial"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_financial(case: Case) -> None:
    check(case)
