from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000  # a million currency units in minor units
D = date
FAR_TOO_FEW = {"peer_profit_growth": None, "peer_count": 19}

DEBT = {"short_term_debt": 20 * M, "short_term_debt_year_ago": 10 * M, "total_assets": 100 * M, "equity": 40 * M}
DEBT |= {"revenue": 110 * M, "revenue_year_ago": 100 * M}
LONG = {"long_term_debt": 20 * M, "long_term_debt_year_ago": 10 * M, "total_assets": 100 * M, "equity": 40 * M}
LONG |= {"revenue": 110 * M, "revenue_year_ago": 100 * M}
LEVERED = {"net_debt": 41 * M, "ebitda_ttm": 10 * M, "net_debt_previous": 41 * M, "ebitda_ttm_previous": 10 * M}
COST = {"cogs_share": 0.63, "cogs_share_year_ago": 0.6}
BEFORE = {"previous_period_end": D(2013, 12, 31), "cogs_share_previous": 0.60, "cogs_share_previous_year_ago": 0.57}
PROFIT = {"net_profit": 9 * M, "net_profit_year_ago": 10 * M}
INDUSTRY = {"profit_before_tax_year_ago": 100 * M, "industry_profit_yoy_at_statement": 0.02}
CAPITAL = {"capital_instalments": 2, "capital_due": 100 * M, "capital_due_year_ago": 0, "paid_in_capital": 69 * M}
ONE_OFF = {
    "non_op_income_ttm": 10 * M,
    "non_op_expense_ttm": 0,
    "profit_before_tax_ttm": 100 * M,
    "revenue_ttm": 1000 * M,
}
STOCK = {"inventory_collateral": 1, "inventory_collateral_value": 40 * M, "inventory_secured": 20 * M}
STOCK |= {"collateral_value": 100 * M, "inventory_valuation_days": 90.0, "working_capital_secured": 30 * M}
STOCK |= {"inventory": 30 * M, "accounts_receivable": 10 * M}
NO_STOCK = {
    "inventory_collateral": 0,
    "inventory_collateral_value": 0,
    "inventory_secured": 0,
    "working_capital_secured": 0,
}
OWED = {"related_receivables": 30 * M, "accounts_receivable": 60 * M, "other_receivables": 40 * M, "equity": 200 * M}
RATES = {"depreciation_rate": 0.10, "depreciation_rate_year_ago": 0.10}
PEERS = {"peer_depreciation_rate": 0.10, "peer_depreciation_count": 25}
PLANT = {"fixed_assets_gross": 13 * M, "fixed_assets_gross_year_ago": 10 * M, "total_assets": 60 * M}
SOFT = {"intangibles": 15 * M, "land_use_rights": 5 * M, "goodwill": 1 * M, "equity": 50 * M, "total_assets": 100 * M}
GROWN = {"revenue": 125 * M, "revenue_year_ago": 100 * M, "industry_revenue_yoy_at_statement": 0.05}
PAPER = {
    "revenue_ttm": 125 * M,
    "revenue_ttm_year_ago": 100 * M,
    "opin_12": 50 * M,
    "opin_12_before": 50 * M,
    "MGT-46": "CLEAR",
}
CORE = {"revenue_ttm": 100 * M, "main_revenue_ttm": 70 * M, "investment_income_ttm": 0, "non_op_income_ttm": 0}

CASES = [
    # FIN-03
    fires("FIN-03", "W", "Short-term debt CNY 10.0 million → CNY 20.0 million: up 100.0% (limit 30.0%), well ahead of revenue.",
          zh="短期债务1,000.00万元→2,000.00万元，增幅100.0%（界限30.0%），明显快于收入。", **DEBT),
    fires("FIN-03", "W", "Long-term debt CNY 10.0 million → CNY 20.0 million: up 100.0% (limit 30.0%), well ahead of revenue.",
          zh="长期债务1,000.00万元→2,000.00万元，增幅100.0%（界限30.0%），明显快于收入。", **LONG),
    fires("FIN-03", "W", "Short-term debt CNY 20.0 million → CNY 26.0 million: up 30.0% (limit 30.0%), well ahead of revenue.",
          **{**DEBT, "short_term_debt_year_ago": 20 * M, "short_term_debt": 26 * M}),
    clear("FIN-03", **{**DEBT, "short_term_debt_year_ago": 20 * M, "short_term_debt": 2_599_000_000}),
    clear("FIN-03", **{**DEBT, "short_term_debt": 1_499_000_000}),  # the increase is under 5% of total assets
    fires("FIN-03", "W", "Short-term debt CNY 10.0 million → CNY 15.0 million: up 50.0% (limit 30.0%), well ahead of revenue.",
          **{**DEBT, "short_term_debt": 15 * M, "revenue": 130 * M}),  # 20 points ahead exactly
    clear("FIN-03", **{**DEBT, "short_term_debt": 15 * M, "revenue": 13_001_000_000}),
    # Debt out of nothing: only the share of total assets counts (reading G10), whatever revenue does.
    fires("FIN-03", "W", "Long-term debt CNY 0 → CNY 5.0 million: up ∞% (limit 30.0%), well ahead of revenue.",
          **{**LONG, "long_term_debt": 5 * M, "long_term_debt_year_ago": 0, "revenue_year_ago": 0}),
    clear("FIN-03", **{**LONG, "long_term_debt": 499_000_000, "long_term_debt_year_ago": 0}),
    clear("FIN-03", **{**LONG, "long_term_debt": 0, "long_term_debt_year_ago": 0}),
    fires("FIN-03", "A", "Short-term debt CNY 10.0 million → CNY 20.0 million, and net debt of CNY 41.0 million is over 4.00× EBITDA of "
          "twelve months (CNY 10.0 million), as it was in the period before (CNY 41.0 million to CNY 10.0 million).",
          zh="短期债务1,000.00万元→2,000.00万元，且净债务4,100.00万元超过近十二个月EBITDA（1,000.00万元）的4.00倍，上一期亦然"
          "（4,100.00万元对1,000.00万元）。", **DEBT, **LEVERED),
    fires("FIN-03", "A", "Long-term debt CNY 10.0 million → CNY 20.0 million, and net debt of CNY 41.0 million is over 4.00× EBITDA of "
          "twelve months (CNY −1.0 million), as it was in the period before (CNY 41.0 million to CNY 10.0 million).",
          **LONG, **{**LEVERED, "ebitda_ttm": -M}),  # no EBITDA to carry it
    fires("FIN-03", "W", "Short-term debt CNY 10.0 million → CNY 20.0 million: up 100.0% (limit 30.0%), well ahead of revenue.",
          **DEBT, **{**LEVERED, "net_debt_previous": 40 * M}),  # four times exactly is not above
    clear("FIN-03", **{**DEBT, "short_term_debt": 10 * M}, **LEVERED),  # A needs the rise
    fires("FIN-03", "A", "Short-term debt CNY 10.0 million → CNY 20.0 million, and owners' equity CNY 9.9 million is 9.9% of total assets "
          "(limit: below 10.0%).", zh="短期债务1,000.00万元→2,000.00万元，且所有者权益990.00万元仅为总资产的9.9%（界限：低于10.0%）。",
          **{**DEBT, "equity": 990_000_000}),
    fires("FIN-03", "W", "Short-term debt CNY 10.0 million → CNY 20.0 million: up 100.0% (limit 30.0%), well ahead of revenue.",
          **{**DEBT, "equity": 10 * M}),
    fires("FIN-03", "A", "Long-term debt CNY 10.0 million → CNY 20.0 million, and owners' equity CNY 5.0 million is 5.0% of total assets "
          "(limit: below 10.0%).", **{**LONG, "equity": 5 * M}),
    fires("FIN-03", "R", "Long-term debt CNY 10.0 million → CNY 20.0 million, and owners' equity CNY 4.9 million is 4.9% of total assets "
          "(limit: below 5.0%).", **{**LONG, "equity": 490_000_000}),
    fires("FIN-03", "R", "Short-term debt CNY 10.0 million → CNY 20.0 million, and owners' equity CNY −1.0 million is −1.0% of total "
          "assets (limit: below 5.0%).", zh="短期债务1,000.00万元→2,000.00万元，且所有者权益−100.00万元仅为总资产的−1.0%（界限：低于5.0%）。",
          **{**DEBT, "equity": -M}),
    no_data("FIN-03", **{**DEBT, "short_term_debt_year_ago": None, "equity": 4 * M}),
    # With ample equity level R is known not to be reached: complete (reading G1).
    clear("FIN-03", **{**DEBT, "short_term_debt_year_ago": None}),
    no_data("FIN-03", short_term_debt=20 * M, short_term_debt_year_ago=10 * M, revenue=M, revenue_year_ago=M),
    no_data("FIN-03", **{**LONG, "long_term_debt": None, "long_term_debt_year_ago": 0, "equity": 4 * M}),  # nil then, unknown now
    # FIN-04
    fires("FIN-04", "W", "Cost of sales takes 63.0% of revenue after 60.0% a year ago: up 3.0 pp (limit 3.0 pp).",
          zh="营业成本占收入的比重由60.0%升至63.0%，上升3.0个百分点（界限3.0个百分点）。", **COST),
    clear("FIN-04", cogs_share=0.6299, cogs_share_year_ago=0.6),
    fires("FIN-04", "W", "Net profit CNY 10.0 million → CNY 9.0 million: −10.0% (limit −10.0%).",
          zh="净利润1,000.00万元→900.00万元，变动−10.0%（界限−10.0%）。", **PROFIT),
    clear("FIN-04", **{**PROFIT, "net_profit": 901_000_000}),
    fires("FIN-04", "W", "The net loss grew: CNY −1.0 million → CNY −1.1 million.", zh="净亏损扩大：−100.00万元→−110.00万元。",
          net_profit=-110_000_000, net_profit_year_ago=-M),
    no_data("FIN-04", net_profit=-M, net_profit_year_ago=-M),  # a loss that is not deeper: unknown
    no_data("FIN-04", net_profit=5 * M, net_profit_year_ago=0),
    no_data("FIN-04", net_profit_year_ago=5 * M),
    fires("FIN-04", "A", "Cost of sales takes 63.0% of revenue after 60.0% a year ago (up 3.0 pp, limit 3.0 pp), and net profit CNY 10.0 "
          "million → CNY 9.0 million.",
          zh="营业成本占收入的比重由60.0%升至63.0%（上升3.0个百分点，界限3.0个百分点），且净利润1,000.00万元→900.00万元。", **COST, **PROFIT),
    fires("FIN-04", "A", "Cost of sales takes 63.0% of revenue after 60.0% a year ago (up 3.0 pp, limit 3.0 pp), and net profit CNY −1.0 "
          "million → CNY −2.0 million.", **COST, net_profit=-2 * M, net_profit_year_ago=-M),
    fires("FIN-04", "A", "Cost of sales takes 63.0% of revenue after 60.0% a year ago: the gross margin is down 3.0 pp (limit 3.0 pp), and at "
          "31 December 2013 it was down too (cost 57.0% → 60.0%).",
          zh="营业成本占收入的比重由60.0%升至63.0%，毛利率下降3.0个百分点（界限3.0个百分点）；2013年12月31日一期亦已下降"
          "（成本占比57.0%→60.0%）。", **COST, **BEFORE),
    fires("FIN-04", "W", "Cost of sales takes 63.0% of revenue after 60.0% a year ago: up 3.0 pp (limit 3.0 pp).",
          **COST, **{**BEFORE, "cogs_share_previous": 0.5999}),
    fires("FIN-04", "R", "The loss before tax of twelve months, CNY −1.1 million, is −1.1% of revenue CNY 100.0 million (limit: below −1.0%).",
          zh="近十二个月税前亏损−110.00万元，为收入10,000.00万元的−1.1%（界限：低于−1.0%）。",
          profit_before_tax_ttm=-110_000_000, revenue_ttm=100 * M),
    clear("FIN-04", profit_before_tax_ttm=-M, revenue_ttm=100 * M),
    no_data("FIN-04", profit_before_tax_ttm=-M, revenue_ttm=0),
    no_data("FIN-04"),
    not_applicable("FIN-04", client_kind="financial", **COST),
    not_applicable("FIN-04", client_kind="institution"),
    # FIN-10: too few peers, the industry stands in
    fires("FIN-10", "W", "Growth of profit before tax lies −5.0 pp from the industry's (2.0%); limit −5.0 pp. There are too few peers to "
          "compare with.", zh="税前利润增速与行业利润增速（2.0%）相差−5.0个百分点，界限−5.0个百分点；可比同业不足。",
          **FAR_TOO_FEW, **INDUSTRY, profit_before_tax=97 * M),
    clear("FIN-10", **FAR_TOO_FEW, **INDUSTRY, profit_before_tax=9_701_000_000),
    fires("FIN-10", "A", "Profit before tax CNY 100.0 million → CNY 95.0 million (−5.0%, limit −5.0%), and its growth lags the industry's 2.0%.",
          zh="税前利润10,000.00万元→9,500.00万元（变动−5.0%，界限−5.0%），且增速落后于行业的2.0%。",
          **FAR_TOO_FEW, **INDUSTRY, profit_before_tax=95 * M),
    fires("FIN-10", "W", "Profit before tax CNY 100.0 million → CNY 95.0 million: −5.0% (limit −5.0%).",
          **INDUSTRY, peer_profit_growth=-0.04, peer_count=25, profit_before_tax=95 * M),  # with peers the industry is not asked
    clear("FIN-10", profit_before_tax=-M, profit_before_tax_year_ago=-M, industry_profit_yoy_at_statement=0.5),
    # FIN-11
    fires("FIN-11", "A", "Paid-in capital of CNY 69.0 million is 69.0% of the CNY 100.0 million due by now (limit: below 70.0%).",
          zh="实收资本6,900.00万元，为已到期应缴资本10,000.00万元的69.0%（界限：低于70.0%）。", **CAPITAL),
    clear("FIN-11", **{**CAPITAL, "paid_in_capital": 70 * M}),
    fires("FIN-11", "R", "Paid-in capital of CNY 29.9 million is 29.9% of the CNY 100.0 million that fell due a year ago or earlier (limit: "
          "below 30.0%).", zh="实收资本2,990.00万元，为到期已满一年的应缴资本10,000.00万元的29.9%（界限：低于30.0%）。",
          **{**CAPITAL, "paid_in_capital": 2_990_000_000, "capital_due_year_ago": 100 * M}),
    fires("FIN-11", "A", "Paid-in capital of CNY 30.0 million is 30.0% of the CNY 100.0 million due by now (limit: below 70.0%).",
          **{**CAPITAL, "paid_in_capital": 30 * M, "capital_due_year_ago": 100 * M}),
    clear("FIN-11", **{**CAPITAL, "capital_due": 0}),  # nothing has fallen due yet
    no_data("FIN-11", **{**CAPITAL, "paid_in_capital": None, "capital_due_year_ago": 10 * M}),
    no_data("FIN-11", paid_in_capital=M),  # the kind is not connected
    not_applicable("FIN-11", **{**CAPITAL, "capital_instalments": 0}),
    # FIN-14
    fires("FIN-14", "W", "Non-operating income of twelve months, CNY 10.0 million, is 10.0% of profit before tax CNY 100.0 million (limit 10.0%).",
          zh="近十二个月营业外收入1,000.00万元，为税前利润10,000.00万元的10.0%（界限10.0%）。", **ONE_OFF),
    clear("FIN-14", **{**ONE_OFF, "non_op_income_ttm": 999_000_000}),
    clear("FIN-14", **{**ONE_OFF, "revenue_ttm": 100_100_000_000}),  # under 1% of revenue
    fires("FIN-14", "W", "Non-operating expense of twelve months, CNY 20.0 million, is 20.0% of profit before tax CNY −100.0 million (limit "
          "10.0%).", zh="近十二个月营业外支出2,000.00万元，为税前利润−10,000.00万元的20.0%（界限10.0%）。",
          **{**ONE_OFF, "non_op_income_ttm": None, "non_op_expense_ttm": 20 * M, "profit_before_tax_ttm": -100 * M}),
    fires("FIN-14", "A", "Non-operating income of twelve months, CNY 50.0 million, is 50.0% of profit before tax CNY 100.0 million (limit 50.0%).",
          zh="近十二个月营业外收入5,000.00万元，为税前利润10,000.00万元的50.0%（界限50.0%）。", **{**ONE_OFF, "non_op_income_ttm": 50 * M}),
    clear("FIN-14", **{**ONE_OFF, "non_op_income_ttm": 50 * M, "revenue_ttm": 5001 * M}),  # A needs the 1% of revenue too
    fires("FIN-14", "A", "Non-operating expense of twelve months, CNY 60.0 million, is 60.0% of profit before tax CNY 100.0 million (limit "
          "50.0%).", **{**ONE_OFF, "non_op_expense_ttm": 60 * M}),
    fires("FIN-14", "A", "Non-operating income of twelve months, CNY 10.0 million, is ∞% of profit before tax CNY 0 (limit 50.0%).",
          **{**ONE_OFF, "profit_before_tax_ttm": 0}),
    fires("FIN-14", "A", "Non-operating income of twelve months, CNY 110.0 million, turns the sign of the result: profit before tax is CNY 100.0 "
          "million with it.", zh="近十二个月营业外收入11,000.00万元，使盈亏方向改变：计入后税前利润为10,000.00万元。",
          **{**ONE_OFF, "non_op_income_ttm": 110 * M}),
    fires("FIN-14", "A", "Non-operating expense of twelve months, CNY 51.0 million, turns the sign of the result: profit before tax is CNY −50.0 "
          "million with it.", **{**ONE_OFF, "non_op_expense_ttm": 51 * M, "profit_before_tax_ttm": -50 * M}),
    # Income alone would turn the sign, but the expense is the larger of the two.
    fires("FIN-14", "A", "Non-operating income of twelve months, CNY 110.0 million, is 110.0% of profit before tax CNY 100.0 million (limit "
          "50.0%).", **{**ONE_OFF, "non_op_income_ttm": 110 * M, "non_op_expense_ttm": 120 * M}),
    no_data("FIN-14", **{**ONE_OFF, "profit_before_tax_ttm": None}),
    no_data("FIN-14", non_op_income_ttm=10 * M),
    no_data("FIN-14", **{**ONE_OFF, "non_op_income_ttm": 0, "non_op_expense_ttm": None}),  # the larger is not known
    # FIN-16
    fires("FIN-16", "W", "Inventory appraised at CNY 40.0 million stands as collateral for CNY 20.0 million.",
          zh="以评估价值4,000.00万元的存货为2,000.00万元提供担保。", **STOCK),
    fires("FIN-16", "A", "Inventory is 50.0% of the client's collateral (CNY 50.0 million of CNY 100.0 million; limit 50.0%).",
          zh="存货占客户押品价值的50.0%（10,000.00万元中的5,000.00万元，界限50.0%）。", **{**STOCK, "inventory_collateral_value": 50 * M}),
    fires("FIN-16", "A", "The CNY 21.1 million secured on inventory is 70.3% of the inventory on the balance sheet (CNY 30.0 million; limit: "
          "above 70.0%).", zh="以存货担保的2,110.00万元为账面存货3,000.00万元的70.3%（界限：超过70.0%）。",
          **{**STOCK, "inventory_secured": 2_110_000_000}),
    fires("FIN-16", "W", "Inventory appraised at CNY 40.0 million stands as collateral for CNY 21.0 million.",
          **{**STOCK, "inventory_secured": 21 * M}),  # 70% exactly is not above
    fires("FIN-16", "A", "The inventory taken as collateral was last valued 91 days ago (limit: more than 90 days).",
          zh="存货押品最近一次评估距今91天（界限：超过90天）。", **{**STOCK, "inventory_valuation_days": 91.0}),
    fires("FIN-16", "R", "CNY 41.0 million is secured on inventory and receivables, CNY 1.0 million more than the balance sheet shows "
          "(receivables CNY 10.0 million, inventory CNY 30.0 million).",
          zh="以存货和应收账款担保的金额为4,100.00万元，比账面应收账款1,000.00万元与存货3,000.00万元之和多100.00万元。",
          **{**STOCK, "working_capital_secured": 41 * M}),
    fires("FIN-16", "W", "Inventory appraised at CNY 40.0 million stands as collateral for CNY 20.0 million.",
          **{**STOCK, "working_capital_secured": 40 * M}),
    clear("FIN-16", **NO_STOCK, collateral_value=100 * M, inventory=M, accounts_receivable=M),
    clear("FIN-16", **{**NO_STOCK, "working_capital_secured": 50 * M}, collateral_value=0, inventory=M, accounts_receivable=M),
    no_data("FIN-16", inventory=M, accounts_receivable=M),
    not_applicable("FIN-16", client_kind="institution", **STOCK),
    # FIN-17
    fires("FIN-17", "W", "Related parties owe CNY 30.0 million: 30.0% of all receivables (accounts CNY 60.0 million, other CNY 40.0 million; limit "
          "30.0%).", zh="应收关联方款项3,000.00万元，占全部应收款项（应收账款6,000.00万元、其他应收款4,000.00万元）的30.0%（界限30.0%）。", **OWED),
    clear("FIN-17", **{**OWED, "related_receivables": 2_999_000_000}),
    fires("FIN-17", "A", "Related parties owe CNY 50.0 million: 50.0% of all receivables (accounts CNY 60.0 million, other CNY 40.0 million; limit "
          "50.0%).", **{**OWED, "related_receivables": 50 * M, "equity": 201 * M}),
    fires("FIN-17", "A", "Related parties owe CNY 30.0 million: 25.0% of owners' equity CNY 120.0 million (limit 25.0%).",
          zh="应收关联方款项3,000.00万元，为所有者权益12,000.00万元的25.0%（界限25.0%）。", **{**OWED, "equity": 120 * M}),
    fires("FIN-17", "A", "Related parties owe CNY 1.0 million: ∞% of owners' equity CNY −1.0 million (limit 25.0%).",
          related_receivables=M, equity=-M),
    no_data("FIN-17", accounts_receivable=60 * M, other_receivables=40 * M, equity=M),
    # FIN-24
    fires("FIN-24", "A", "The notes of 31 December 2014 changed the depreciation method or a useful life, and no new standard asked for it.",
          zh="2014年12月31日的附注变更了折旧方法或使用（摊销）年限，且并非新准则要求。",
          depreciation_policy_changed=True, depreciation_policy_on=D(2014, 12, 31)),
    fires("FIN-24", "W", "The depreciation rate went from 12.0% to 10.0%: last year's is 1.20× this year's (limit 1.20×).",
          zh="折旧率由12.0%变为10.0%，上年为本年的1.20倍（界限1.20倍）。", **{**RATES, "depreciation_rate_year_ago": 0.12}),
    clear("FIN-24", **{**RATES, "depreciation_rate_year_ago": 0.1199}, depreciation_policy_changed=False),
    fires("FIN-24", "W", "The depreciation rate went from 8.0% to 10.0%: last year's is 0.80× this year's (limit 0.80×).",
          **{**RATES, "depreciation_rate_year_ago": 0.08}),
    clear("FIN-24", **{**RATES, "depreciation_rate_year_ago": 0.0801}),
    fires("FIN-24", "W", "The depreciation rate of 4.9% is 0.49× the median of 25 peers, 10.0% (limit: below 0.50×).",
          zh="折旧率4.9%为25家同业中位数10.0%的0.49倍（界限：低于0.50倍）。", **PEERS, depreciation_rate=0.049),
    clear("FIN-24", **PEERS, depreciation_rate=0.05),
    fires("FIN-24", "W", "The depreciation rate of 21.0% is 2.10× the median of 25 peers, 10.0% (limit: above 2.00×).",
          zh="折旧率21.0%为25家同业中位数10.0%的2.10倍（界限：超过2.00倍）。", **PEERS, depreciation_rate=0.21),
    clear("FIN-24", **PEERS, depreciation_rate=0.2),
    no_data("FIN-24", depreciation_policy_changed=False),  # disclosures alone are not a core table
    no_data("FIN-24", depreciation_rate=0.1, peer_depreciation_count=19),
    # FIN-25
    fires("FIN-25", "W", "Fixed assets at cost CNY 10.0 million → CNY 13.0 million: up 30.0% (limit 30.0%).",
          zh="固定资产原价1,000.00万元→1,300.00万元，增幅30.0%（界限30.0%）。", **PLANT),
    clear("FIN-25", **{**PLANT, "fixed_assets_gross": 1_299_000_000}),
    clear("FIN-25", **{**PLANT, "total_assets": 6001 * M}),  # under 5% of total assets
    fires("FIN-25", "W", "Fixed assets at cost CNY 10.0 million → CNY 7.0 million: down 30.0% (limit 30.0%).",
          zh="固定资产原价1,000.00万元→700.00万元，降幅30.0%（界限30.0%）。", **{**PLANT, "fixed_assets_gross": 7 * M}),
    fires("FIN-25", "A", "Fixed assets at cost CNY 10.0 million → CNY 15.0 million: up 50.0% (limit 50.0%).",
          **{**PLANT, "fixed_assets_gross": 15 * M}),
    fires("FIN-25", "A", "Fixed assets at cost CNY 10.0 million → CNY 5.0 million: down 50.0% (limit 50.0%).",
          **{**PLANT, "fixed_assets_gross": 5 * M}),
    clear("FIN-25", **{**PLANT, "fixed_assets_gross": 20 * M, "total_assets": 201 * M}),  # A needs the 5% of total assets too
    no_data("FIN-25", **{**PLANT, "fixed_assets_gross_year_ago": 0}),
    not_applicable("FIN-25", client_kind="financial"),
    # FIN-27
    fires("FIN-27", "W", "Intangible assets without land-use rights, with goodwill (intangibles CNY 15.0 million, land CNY 5.0 million, goodwill CNY "
          "1.0 million) are 22.0% of owners' equity CNY 50.0 million (limit: above 20.0%).",
          zh="扣除土地使用权后的无形资产加商誉（无形资产1,500.00万元、土地使用权500.00万元、商誉100.00万元）为所有者权益5,000.00万元的"
          "22.0%（界限：超过20.0%）。", **SOFT),
    clear("FIN-27", **{**SOFT, "equity": 55 * M}),  # 20% exactly is not above
    fires("FIN-27", "A", "Intangible assets without land-use rights, with goodwill (intangibles CNY 15.0 million, land CNY 5.0 million, goodwill CNY "
          "1.0 million) are 20.0% of total assets CNY 55.0 million (limit 20.0%).",
          zh="扣除土地使用权后的无形资产加商誉（无形资产1,500.00万元、土地使用权500.00万元、商誉100.00万元）为总资产5,500.00万元的20.0%"
          "（界限20.0%）。", **{**SOFT, "total_assets": 55 * M}),
    fires("FIN-27", "W", "Intangible assets without land-use rights, with goodwill (intangibles CNY 15.0 million, land CNY 5.0 million, goodwill CNY "
          "1.0 million) are ∞% of owners' equity CNY −1.0 million (limit: above 20.0%).", **{**SOFT, "equity": -M}),
    no_data("FIN-27", **{**SOFT, "intangibles": None}),
    not_applicable("FIN-27", client_kind="financial", **SOFT),
    # FIN-29
    fires("FIN-29", "W", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 20.0 pp from the industry's 5.0% (limit 20.0 pp either "
          "way).", zh="营业收入10,000.00万元→12,500.00万元，增速与行业的5.0%相差20.0个百分点（界限：上下20.0个百分点）。", **GROWN),
    clear("FIN-29", **{**GROWN, "revenue": 12_499_000_000}),
    fires("FIN-29", "W", "Revenue CNY 100.0 million → CNY 85.0 million: its growth lies 20.0 pp from the industry's 5.0% (limit 20.0 pp either "
          "way).", **{**GROWN, "revenue": 85 * M}),
    fires("FIN-29", "A", "Revenue CNY 100.0 million → CNY 75.0 million: its growth lies −30.0 pp from the industry's 5.0% (limit −30.0 pp).",
          zh="营业收入10,000.00万元→7,500.00万元，增速与行业的5.0%相差−30.0个百分点（界限−30.0个百分点）。", **{**GROWN, "revenue": 75 * M}),
    fires("FIN-29", "A", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 20.0 pp from the industry's 5.0% (limit 20.0 pp), but "
          "twelve months' receipts on our accounts went CNY 50.0 million → CNY 52.5 million while twelve months' revenue went CNY 100.0 million → "
          "CNY 125.0 million.",
          zh="营业收入10,000.00万元→12,500.00万元，增速与行业的5.0%相差20.0个百分点（界限20.0个百分点），但近十二个月我行账户回款5,000.00万元→"
          "5,250.00万元，同期收入10,000.00万元→12,500.00万元。", **GROWN, **{**PAPER, "opin_12": 5_250_000_000}),
    fires("FIN-29", "W", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 20.0 pp from the industry's 5.0% (limit 20.0 pp either "
          "way).", **GROWN, **{**PAPER, "opin_12": 5_251_000_000}),
    fires("FIN-29", "W", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 20.0 pp from the industry's 5.0% (limit 20.0 pp either "
          "way).", **GROWN, **{**PAPER, "MGT-46": "W"}),  # the money goes to another bank
    # MGT-46 unknown is not hit, as in MOR-01
    fires("FIN-29", "A", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 20.0 pp from the industry's 5.0% (limit 20.0 pp), but "
          "twelve months' receipts on our accounts went CNY 50.0 million → CNY 50.0 million while twelve months' revenue went CNY 100.0 million → "
          "CNY 125.0 million.", **GROWN, **{**PAPER, "MGT-46": "NO_DATA"}),
    fires("FIN-29", "W", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 25.0 pp from the median of 22 peers, 0.0% (limit 20.0 pp "
          "either way).", zh="营业收入10,000.00万元→12,500.00万元，增速与22家同业中位数0.0%相差25.0个百分点（界限：上下20.0个百分点）。",
          revenue=125 * M, revenue_year_ago=100 * M, peer_revenue_growth=0.0, peer_revenue_count=22),
    fires("FIN-29", "A", "Revenue CNY 100.0 million → CNY 60.0 million: its growth lies −40.0 pp from the median of 22 peers, 0.0% (limit −30.0 pp).",
          revenue=60 * M, revenue_year_ago=100 * M, peer_revenue_growth=0.0, peer_revenue_count=22),
    fires("FIN-29", "A", "Revenue CNY 100.0 million → CNY 125.0 million: its growth lies 25.0 pp from the median of 22 peers, 0.0% (limit 20.0 pp), "
          "but twelve months' receipts on our accounts went CNY 50.0 million → CNY 50.0 million while twelve months' revenue went CNY 100.0 million "
          "→ CNY 125.0 million.", revenue=125 * M, revenue_year_ago=100 * M, peer_revenue_growth=0.0, peer_revenue_count=22, **PAPER),
    clear("FIN-29", **{**GROWN, "revenue": 105 * M}, peer_revenue_growth=-0.5, peer_revenue_count=22),  # the industry goes first
    no_data("FIN-29", revenue=125 * M, revenue_year_ago=100 * M, peer_revenue_count=19),
    no_data("FIN-29", **{**GROWN, "revenue_year_ago": 0}),
    not_applicable("FIN-29", client_kind="financial", **GROWN),
    # FIN-30
    fires("FIN-30", "W", "30.0% of twelve months' income comes from outside the main business (limit 30.0%): main revenue CNY 70.0 million of CNY "
          "100.0 million, investment income CNY 0, non-operating income CNY 0.",
          zh="近十二个月收入中30.0%来自主营业务以外（界限30.0%）：主营业务收入7,000.00万元，营业收入10,000.00万元，投资收益0.00万元，"
          "营业外收入0.00万元。", **CORE),
    clear("FIN-30", **{**CORE, "main_revenue_ttm": 7_001_000_000}),
    fires("FIN-30", "A", "50.0% of twelve months' income comes from outside the main business (limit 50.0%): main revenue CNY 70.0 million of CNY "
          "100.0 million, investment income CNY 10.0 million, non-operating income CNY 30.0 million.",
          **{**CORE, "investment_income_ttm": 10 * M, "non_op_income_ttm": 30 * M}),
    clear("FIN-30", **{**CORE, "main_revenue_ttm": 80 * M, "investment_income_ttm": -50 * M}),  # a loss is no negative income
    no_data("FIN-30", **{**CORE, "main_revenue_ttm": None}),
    not_applicable("FIN-30", client_kind="institution", **CORE),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_statements(case: Case) -> None:
    check(case)
