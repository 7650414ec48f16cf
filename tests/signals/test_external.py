"""External environment: every test of every row, with its limits and its exact sentences."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000
MARCH = date(2015, 3, 31)

CELL = {"cell_kind": "industry_region", "cell_clients": 34, "cell_npl_share": 0.01, "cell_npl_share_year_ago": 0.01}
STEADY = {"cell_opin_r3_12": 1.0, "cell_opin_y3": 1.0}
INDUSTRY = {
    "industry_revenue_yoy_q0": 0.05, "industry_revenue_yoy_q1": 0.04, "industry_revenue_yoy_quarter": MARCH,
    "industry_profit_yoy_q0": 0.05, "industry_profit_yoy_q1": 0.04, "industry_profit_yoy_quarter": MARCH,
}  # fmt: skip
REGION = {
    "region_gdp_yoy_q0": 0.06, "region_gdp_yoy_q1": 0.06, "region_gdp_yoy_mean_q0": 0.06, "region_gdp_yoy_mean_q1": 0.06,
    "region_gdp_yoy_quarter": MARCH,
}  # fmt: skip
BOOK = {**CELL, **STEADY}
CALM = {**INDUSTRY, **REGION}
REVENUE_FELL = {**INDUSTRY, "industry_revenue_yoy_q0": -0.001, "industry_revenue_yoy_q1": -0.02}
PROFIT_FELL = {**INDUSTRY, "industry_profit_yoy_q0": -0.10, "industry_profit_yoy_q1": -0.12}
WEAK = {**REGION, "region_gdp_yoy_q0": 0.03, "region_gdp_yoy_q1": -0.001}
DOWNTURN = [
    no_data("EXT-01", **BOOK),  # grade B: the industry's and the region's series are not known
    no_data("EXT-01", **BOOK, **INDUSTRY, region_gdp_yoy_q0=0.06, region_gdp_yoy_q1=0.06),  # no mean of three years
    clear("EXT-01", **BOOK, **INDUSTRY, region_gdp_yoy_q0=0.06, region_gdp_yoy_q1=0.06, region_gdp_yoy_mean_q0=0.06),
    clear("EXT-01", **BOOK, **CALM),
    clear("EXT-01", cell_kind="none", **CALM),  # a thin cell does not hold (G11)
    fires("EXT-01", "W", "Among 34 of our clients in the same sector the median inflow of three months is 85.0% of the twelve months "
          "before (limit 85.0%) and 85.0% of the same months a year ago.", zh="我行同类客户34户，近三个月流入的中位数为此前十二个月月均的"
          "85.0%（界限85.0%），为上年同期的85.0%。", **CELL, cell_opin_r3_12=0.85, cell_opin_y3=0.85),
    clear("EXT-01", **CELL, **CALM, cell_opin_r3_12=0.85, cell_opin_y3=0.851),
    clear("EXT-01", **CELL, **CALM, cell_opin_r3_12=0.851, cell_opin_y3=0.85),
    fires("EXT-01", "W", "Non-performing loans of our clients in the same sector rose by 1.0 pp in twelve months to 2.0% (limit 1.0 pp).",
          zh="我行同类客户的不良贷款占比十二个月上升1.0个百分点，至2.0%（界限1.0个百分点）。",
          **{**CELL, "cell_npl_share": 0.02}, **STEADY),
    clear("EXT-01", **{**CELL, "cell_npl_share": 0.0199}, **STEADY, **CALM),
    clear("EXT-01", **{**CELL, "cell_npl_share": None}, **STEADY, **CALM),  # a cell without loans does not hold
    fires("EXT-01", "W", "The industry's revenue fell on the year before in two quarters running, to 31 March 2015: −2.0%, then −0.1% "
          "(limit: below 0.0%).", zh="截至2015年3月31日，所在行业收入连续两个季度同比下降：先为−2.0%，后为−0.1%（界限：低于0.0%）。", **BOOK,
          **REGION, **REVENUE_FELL),
    clear("EXT-01", **BOOK, **REGION, **{**REVENUE_FELL, "industry_revenue_yoy_q0": 0.0}),  # strict
    clear("EXT-01", **BOOK, **REGION, **{**REVENUE_FELL, "industry_revenue_yoy_q1": 0.0}),
    fires("EXT-01", "W", "The industry's profit fell on the year before in two quarters running, to 31 March 2015: −12.0%, then −10.0% "
          "(limit −10.0%).", zh="截至2015年3月31日，所在行业利润连续两个季度同比下降：先为−12.0%，后为−10.0%（界限−10.0%）。",
          **BOOK, **PROFIT_FELL),
    clear("EXT-01", **BOOK, **REGION, **{**PROFIT_FELL, "industry_profit_yoy_q0": -0.0999}),
    clear("EXT-01", **BOOK, **REGION, **{**PROFIT_FELL, "industry_profit_yoy_q1": -0.0999}),
    fires("EXT-01", "W", "The region's economy has been shrinking or far below its three-year mean for two quarters, to 31 March 2015: "
          "growth −0.1%, then 3.0%.", zh="截至2015年3月31日，所在地区经济已连续两个季度负增长或明显低于三年均值：增速先为−0.1%，后为3.0%。",
          **BOOK, **WEAK),
    clear("EXT-01", **BOOK, **INDUSTRY, **{**WEAK, "region_gdp_yoy_q0": 0.0301}),
    clear("EXT-01", **BOOK, **INDUSTRY, **{**WEAK, "region_gdp_yoy_q1": 0.06}),
    fires("EXT-01", "A", "At least two of the four tests of a sector or regional downturn hold.",
          zh="行业或地区衰退的四项检验中至少两项成立。", **{**CELL, "cell_npl_share": 0.03}, cell_opin_r3_12=0.8, cell_opin_y3=0.8),
    fires("EXT-01", "A", "At least two of the four tests of a sector or regional downturn hold.", **BOOK, **REVENUE_FELL, **WEAK),
    fires("EXT-01", "W", "The industry's revenue fell on the year before in two quarters running, to 31 March 2015: −2.0%, then −0.1% "
          "(limit: below 0.0%).",  # revenue and profit of one industry are one of the four
          **BOOK, **REGION, **{**PROFIT_FELL, "industry_revenue_yoy_q0": -0.001, "industry_revenue_yoy_q1": -0.02}),
]  # fmt: skip

TOLD = {"answer_ext_02": "yes", "answer_ext_02_severity": 1}
QUIET = {"policies_technology": 0, "technology_disruption_q0": 3.0, "technology_publishers_180": 2}
STANDARD = {"policies_technology": 1, "policies_technology_on": date(2015, 1, 1)}
TECHNOLOGY = [
    no_data("EXT-02"),
    no_data("EXT-02", **QUIET),  # grade C: only an answer makes it clear
    clear("EXT-02", **QUIET, answer_ext_02="no"),
    clear("EXT-02", **{**QUIET, **STANDARD}, answer_ext_02="no"),
    fires("EXT-02", "W", "Technology standards for the client's industry that took effect in 365 days: 1, the newest on 1 January 2015.",
          zh="近365天内对客户所在行业生效的技术标准1项，最近一项于2015年1月1日生效。", **STANDARD),
    fires("EXT-02", "W", "The sector scorecard of 31 March 2015 marks technology disruption 4.00 (limit 4.00).",
          zh="2015年3月31日行业评分卡的技术变革评分为4.00（界限4.00）。", technology_disruption_q0=4.0, technology_disruption_quarter=MARCH),
    no_data("EXT-02", **{**QUIET, "technology_disruption_q0": 3.99}),
    fires("EXT-02", "W", "Publishers that reported a confirmed technology shift in the client's industry in 180 days: 3 (limit 3).",
          zh="近180天报道客户所在行业技术变革并经核实的媒体3家（界限3）。", technology_publishers_180=3),
    fires("EXT-02", "A", "The relationship manager's answer on file confirms it (severity 1).",
          zh="客户经理的书面答复已予确认（严重程度1）。", **TOLD),
    fires("EXT-02", "A", "The relationship manager's answer on file confirms it (severity 3).",
          **{**QUIET, **STANDARD, **TOLD, "answer_ext_02_severity": 3}),
]  # fmt: skip

FREE = {"policies_restrictive": 0, "policies_closure": 0, "policies_announced": 0}
BOUND = {**FREE, "policies_restrictive": 2, "policies_restrictive_on": date(2015, 12, 27)}
RESTRICTION = [
    clear("EXT-03", **FREE),
    no_data("EXT-03"),
    no_data("EXT-03", **{**FREE, "policies_announced": None}),
    fires("EXT-03", "W", "Restrictive policies on the client's industry or region announced to take effect in more than 180 days: 1, the "
          "last on 28 December 2015.", zh="已公布、将于180天以后生效的限制客户所在行业或地区的政策1项，最晚一项于2015年12月28日生效。",
          **{**FREE, "policies_announced": 1, "policies_announced_on": date(2015, 12, 28)}),
    fires("EXT-03", "A", "Restrictive policies on the client's industry or region in effect for up to a year or within 180 days: 2, the "
          "newest takes effect on 27 December 2015.", zh="一年内已生效或180天内将生效的限制客户所在行业或地区的政策2项，最近一项生效日为"
          "2015年12月27日。", **BOUND),
    fires("EXT-03", "R", "The client's industry or region is on a closure or elimination list: 1, effective 1 May 2015.",
          zh="客户所在行业或地区被列入关停或淘汰名单：1项，生效日为2015年5月1日。",
          **{**BOUND, "policies_closure": 1, "policies_closure_on": date(2015, 5, 1)}),
]  # fmt: skip

GROWTH = {"macro_gdp_yoy_q0": 0.05, "macro_gdp_yoy_q1": 0.055, "macro_gdp_yoy_q2": 0.06, "macro_gdp_yoy_mean_q0": 0.06}
PMI = {"pmi_0": 49.9, "pmi_1": 49.8, "pmi_2": 49.7}
SOUND = {"macro_gdp_yoy_q0": 0.05, "macro_gdp_yoy_q1": 0.05, "pmi_0": 50.0, "turmoil_90": 0}
LATE = {"region_loans": 50, "region_loans_late": 6, "region_late_share": 0.12, "region_late_share_year_ago": 0.08}
SLOWDOWN = [
    clear("EXT-04", **SOUND),  # no loan in the region: the test does not hold (G11)
    no_data("EXT-04"),
    no_data("EXT-04", **{**SOUND, "turmoil_90": None}),
    no_data("EXT-04", **{**SOUND, "macro_gdp_yoy_q1": None}),
    no_data("EXT-04", **{**SOUND, "pmi_0": None}),
    fires("EXT-04", "W", "The economy's growth fell in two quarters running, 6.0%, 5.5%, 5.0%, and is −1.0 pp from its three-year mean "
          "(limit −1.0 pp).", zh="经济增速连续两个季度下降：6.0%，5.5%，5.0%，与三年均值相差−1.0个百分点（界限−1.0个百分点）。", **GROWTH),
    clear("EXT-04", **{**SOUND, **GROWTH, "macro_gdp_yoy_mean_q0": 0.0599}),
    clear("EXT-04", **{**SOUND, **GROWTH, "macro_gdp_yoy_q1": 0.05}),  # no fall in the newest quarter
    clear("EXT-04", **{**SOUND, **GROWTH, "macro_gdp_yoy_q2": 0.055}),  # nor in the one before
    fires("EXT-04", "W", "The purchasing managers' index was below 50.00 for three months running: 49.70, 49.80, 49.90.",
          zh="采购经理指数连续三个月低于50.00：49.70，49.80，49.90。", **PMI),
    *(clear("EXT-04", **{**SOUND, **PMI, f"pmi_{n}": 50.0}) for n in range(3)),  # strict
    fires("EXT-04", "A", "Of our 50 loans in the client's region 6 are 30 days or more past due: 12.0% against 8.0% a year ago (limit "
          "1.50×).", zh="我行在客户所在地区的50笔贷款中有6笔逾期30天及以上，占比12.0%，上年为8.0%（界限1.50倍）。", **LATE),
    fires("EXT-04", "A", "Of our 50 loans in the client's region 5 are 30 days or more past due: 10.0% against 0.0% a year ago (limit "
          "1.50×).", **{**LATE, "region_loans_late": 5, "region_late_share": 0.10, "region_late_share_year_ago": 0.0}),
    clear("EXT-04", **SOUND, **{**LATE, "region_late_share": 0.1199}),
    clear("EXT-04", **SOUND, **{**LATE, "region_loans": 49}),
    clear("EXT-04", **SOUND, **{**LATE, "region_loans_late": 4}),
    clear("EXT-04", **SOUND, **{**LATE, "region_late_share_year_ago": None}),
    fires("EXT-04", "A", "Confirmed reports of financial turmoil in the client's region in 90 days: 1.",
          zh="近90天客户所在地区经核实的金融动荡报道1则。", **{**SOUND, "turmoil_90": 1}),
]  # fmt: skip

SPRING = date(2015, 5, 1)
NONE = {"policies_monetary": 0, "policies_trade": 0, "policies_industrial": 0, "policies_tax": 0}
RATE = {
    "policies_monetary": 1, "policies_monetary_on": SPRING, "policy_rate": 0.0275, "policy_rate_before": 0.03,
    "floating_outstanding": 50 * M, "outstanding": 100 * M,
}  # fmt: skip
TRADE = {"policies_trade": 1, "policies_trade_on": SPRING, "cross_border_share_12": 0.20}
MACRO = [
    clear("EXT-05", **NONE),
    no_data("EXT-05"),
    no_data("EXT-05", **{**NONE, **TRADE, "cross_border_share_12": None}),
    no_data("EXT-05", **{**NONE, **RATE, "policy_rate_before": None}),
    fires("EXT-05", "W", "A monetary policy took effect on 1 May 2015: the policy rate moved by 25 basis points within 90 days (limit 25), "
          "and CNY 50.0 million of CNY 100.0 million outstanding is at a floating rate.",
          zh="货币政策于2015年5月1日生效：政策利率90天内变动25个基点（界限25），"
          "客户贷款余额10,000.00万元中有5,000.00万元为浮动利率。", **{**NONE, **RATE}),
    fires("EXT-05", "W", "A monetary policy took effect on 1 May 2015: the policy rate moved by 25 basis points within 90 days (limit 25), "
          "and CNY 50.0 million of CNY 100.0 million outstanding is at a floating rate.", **{**NONE, **RATE, "policy_rate": 0.0325}),
    clear("EXT-05", **{**NONE, **RATE, "policy_rate": 0.0276}),
    clear("EXT-05", **{**NONE, **RATE, "floating_outstanding": 50 * M - 100}),
    clear("EXT-05", **{**NONE, **RATE, "floating_outstanding": 0, "outstanding": 0}),  # without loans
    clear("EXT-05", **{**NONE, **RATE, "policies_monetary": 0}),  # the rate moved, no policy on file
    fires("EXT-05", "W", "A trade policy took effect on 1 May 2015, and 20.0% of the client's inflow of twelve months comes from abroad.",
          zh="进出口政策于2015年5月1日生效，客户近十二个月流入中20.0%来自境外。", **{**NONE, **TRADE}),
    clear("EXT-05", **{**NONE, **TRADE, "cross_border_share_12": 0.199}),
    fires("EXT-05", "W", "An industrial policy on the client's industry took effect on 1 May 2015.",
          zh="针对客户所在行业的产业政策于2015年5月1日生效。", **{**NONE, "policies_industrial": 2, "policies_industrial_on": SPRING}),
    fires("EXT-05", "W", "A tax policy on the client's industry took effect on 1 May 2015.",
          zh="针对客户所在行业的税收政策于2015年5月1日生效。", **{**NONE, "policies_tax": 1, "policies_tax_on": SPRING}),
    fires("EXT-05", "A", "Policies of at least two kinds that touch the client took effect in 180 days.",
          zh="近180天内至少有两类影响客户的政策生效。", **{**NONE, "policies_tax": 1, "policies_industrial": 1}),
    fires("EXT-05", "A", "Policies of at least two kinds that touch the client took effect in 180 days.", **{**NONE, **TRADE, **RATE}),
]  # fmt: skip

CLIMATE = {
    "region_investment_yoy_q0": 0.01, "region_investment_yoy_q1": 0.02, "region_investment_yoy_quarter": MARCH,
    "region_new_firms_yoy_q0": 0.05, "region_new_firms_yoy_quarter": MARCH, "region_bankruptcies_yoy_q0": 0.1,
    "region_bankruptcies_yoy_quarter": MARCH, "investment_climate_q0": 4.0, "investment_climate_q1": 4.0,
    "investment_climate_q2": 4.0,
}  # fmt: skip
LESS = {"region_investment_yoy_q0": -0.001, "region_investment_yoy_q1": -0.03}
MARKS = {"investment_climate_q0": 2.0, "investment_climate_q1": 3.0, "investment_climate_q2": 4.0}
REGIONAL = [
    clear("EXT-06", **CLIMATE),
    no_data("EXT-06"),
    no_data("EXT-06", **{**CLIMATE, "region_bankruptcies_yoy_q0": None}),
    no_data("EXT-06", **{**CLIMATE, **MARKS, "investment_climate_q2": None}),
    fires("EXT-06", "W", "Investment in the region fell on the year before in two quarters running, to 31 March 2015: −3.0%, then −0.1% "
          "(limit: below 0.0%).", zh="截至2015年3月31日，所在地区固定资产投资连续两个季度同比下降：先为−3.0%，后为−0.1%（界限：低于0.0%）。",
          **{**CLIMATE, **LESS}),
    clear("EXT-06", **{**CLIMATE, **LESS, "region_investment_yoy_q0": 0.0}),
    clear("EXT-06", **{**CLIMATE, **LESS, "region_investment_yoy_q1": 0.0}),
    fires("EXT-06", "W", "New firms in the region in the quarter to 31 March 2015: −20.0% on the year before (limit −20.0%).",
          zh="截至2015年3月31日的季度，所在地区新设企业同比−20.0%（界限−20.0%）。", **{**CLIMATE, "region_new_firms_yoy_q0": -0.20}),
    clear("EXT-06", **{**CLIMATE, "region_new_firms_yoy_q0": -0.199}),
    fires("EXT-06", "W", "Bankruptcy filings in the region in the quarter to 31 March 2015 rose by 30.0% on the year before (limit 30.0%).",
          zh="截至2015年3月31日的季度，所在地区破产申请同比上升30.0%（界限30.0%）。", **{**CLIMATE, "region_bankruptcies_yoy_q0": 0.30}),
    clear("EXT-06", **{**CLIMATE, "region_bankruptcies_yoy_q0": 0.299}),
    fires("EXT-06", "W", "The scorecard's mark for the investment climate fell twice running: 4.00, 3.00, 2.00 (limit: 1.00 each time).",
          zh="投资环境评分连续两次下降：4.00，3.00，2.00（界限：每次1.00）。", **{**CLIMATE, **MARKS}),
    clear("EXT-06", **{**CLIMATE, **MARKS, "investment_climate_q0": 2.5}),
    clear("EXT-06", **{**CLIMATE, **MARKS, "investment_climate_q2": 3.5}),
    fires("EXT-06", "A", "At least two of the four tests of the region's investment climate hold.",
          zh="地区投资环境的四项检验中至少两项成立。", **{**CLIMATE, **LESS, **MARKS}),
]  # fmt: skip

FLOOD = {"region_disasters_90": 1, "region_disaster_on": date(2015, 5, 1)}
STOPPED = {"answer_ext_07": "stopped", "answer_ext_07_severity": 1}
DISASTER = [
    clear("EXT-07", region_disasters_90=0),
    no_data("EXT-07"),
    fires("EXT-07", "W", "Severe disasters reported in the client's region in 90 days: 1, on 1 May 2015.",
          zh="近90天客户所在地区报道的严重灾害1起，发生于2015年5月1日。", **FLOOD),
    fires("EXT-07", "W", "Severe disasters reported in the client's region in 90 days: 1, on 1 May 2015.", **FLOOD,
          region_disaster_inflow=0.701),
    fires("EXT-07", "A", "In the 30 days after the disaster of 1 May 2015 inflow was 70.0% of the usual 30 days (limit 70.0%).",
          zh="2015年5月1日灾害发生后30天内，流入为平常30天的70.0%（界限70.0%）。", **FLOOD, region_disaster_inflow=0.70),
    fires("EXT-07", "R", "The relationship manager's answer on file confirms it (severity 1).",
          zh="客户经理的书面答复已予确认（严重程度1）。", **FLOOD, **STOPPED),
    fires("EXT-07", "R", "The relationship manager's answer on file confirms it (severity 1).", **{**STOPPED, "answer_ext_07": "yes"}),
    fires("EXT-07", "A", "The relationship manager's answer on file confirms it (severity 2).", region_disasters_90=0,
          answer_ext_07="partial", answer_ext_07_severity=2),
    fires("EXT-07", "W", "The relationship manager's answer on file confirms it (severity 1).", region_disasters_90=0,
          answer_ext_07="partial", answer_ext_07_severity=1),
    clear("EXT-07", region_disasters_90=0, answer_ext_07="no"),
]  # fmt: skip

STOCK = {
    "industry_stock_yoy_q0": 0.15, "industry_stock_yoy_q1": 0.14, "industry_stock_yoy_quarter": MARCH,
    "industry_revenue_yoy_q0": 0.05, "industry_revenue_yoy_q1": 0.04, "industry_revenue_yoy_quarter": MARCH,
}  # fmt: skip
LEAN = {**STOCK, "industry_stock_yoy_q0": 0.1499}
SLOW = {"industry_stock_clients": 20, "industry_stock_days": 72.0, "industry_stock_days_year_ago": 60.0}
GLUT = [
    clear("EXT-08", **LEAN),  # too few of our clients: the test does not hold (G11)
    clear("EXT-08", **{**STOCK, "industry_stock_yoy_q1": 0.1399}),
    no_data("EXT-08"),
    no_data("EXT-08", **{**STOCK, "industry_revenue_yoy_q1": None}),
    no_data("EXT-08", **{**LEAN, "industry_revenue_yoy_quarter": date(2014, 12, 31)}),  # not the same quarters
    fires("EXT-08", "W", "The industry's finished goods grew by 15.0% against 5.0% of revenue in the quarter to 31 March 2015, 10.0 pp more "
          "(limit 10.0 pp), and by 14.0% against 4.0% in the quarter before.", zh="截至2015年3月31日的季度，行业产成品存货增长15.0%、收入增长"
          "5.0%，相差10.0个百分点（界限10.0个百分点）；上一季度分别为14.0%和4.0%。", **STOCK),
    fires("EXT-08", "W", "Among 20 of our clients in the industry the median days of stock rose from 60 days to 72 days: up 20.0% (limit "
          "20.0%).", zh="我行该行业客户20户，存货周转天数的中位数由60天升至72天，增幅20.0%（界限20.0%）。", **LEAN, **SLOW),
    clear("EXT-08", **LEAN, **{**SLOW, "industry_stock_days": 71.9}),
    fires("EXT-08", "A", "The industry's finished goods outgrew its revenue by 10.0 pp in the newest quarter (limit 10.0 pp), and the "
          "median days of stock of our clients in it rose from 60 days to 72 days.", zh="最近一个季度行业产成品存货增速高于收入增速"
          "10.0个百分点（界限10.0个百分点），且我行该行业客户存货周转天数的中位数由60天升至72天。", **STOCK, **SLOW),
]  # fmt: skip


CASES = [*DOWNTURN, *TECHNOLOGY, *RESTRICTION, *SLOWDOWN, *MACRO, *REGIONAL, *DISASTER, *GLUT]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_external(case: Case) -> None:
    check(case)
