"""Market share, prices and use of capacity: every test of MGT-07, MGT-12, MGT-14."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000
MAY = date(2015, 5, 1)

SALES = {"revenue": 90 * M, "revenue_year_ago": 100 * M, "industry_revenue_yoy_at_statement": 0.0}
HELD = {**SALES, "revenue": 100 * M}
NEWS = {"product_complaints_90": 3, "product_complaints_90_before": 1}
BACK = {"return_rate": 0.02, "return_rate_year_ago": 0.01, "return_rate_on": date(2015, 5, 31)}
CALM = {
    "product_complaints_90": 0,
    "product_complaints_90_before": 0,
    "return_rate": 0.01,
    "return_rate_year_ago": 0.01,
}
SHARE = [
    clear("MGT-07", **HELD, **CALM),
    no_data("MGT-07"),
    no_data("MGT-07", **HELD, **{**CALM, "return_rate": None}),
    no_data("MGT-07", **HELD, **{**CALM, "product_complaints_90": None}),
    no_data("MGT-07", **{**HELD, "industry_revenue_yoy_at_statement": None}, **CALM),
    no_data("MGT-07", **{**HELD, "revenue_year_ago": 0}, **CALM),
    fires("MGT-07", "W", "Revenue CNY 100.0 million → CNY 90.0 million against 0.0% growth of the industry: market share changed by −10.0% "
          "(limit −10.0%).", zh="收入10,000.00万元→9,000.00万元，同期行业收入增长0.0%：市场份额变动−10.0%（界限−10.0%）。", **SALES, **CALM),
    fires("MGT-07", "W", "Revenue CNY 100.0 million → CNY 99.0 million against 10.0% growth of the industry: market share changed by −10.0% "
          "(limit −10.0%).", **{**SALES, "revenue": 99 * M, "industry_revenue_yoy_at_statement": 0.10}),
    clear("MGT-07", **{**SALES, "revenue": 90 * M + 10}, **CALM),
    fires("MGT-07", "W", "Reports of complaints about the client's products in 90 days: 3 (limit 3), against 1 in the 90 days before.",
          zh="近90天关于客户产品的投诉报道3则（界限3），此前90天为1则。", **HELD, **{**CALM, **NEWS}),
    clear("MGT-07", **HELD, **{**CALM, **NEWS, "product_complaints_90": 2}),
    clear("MGT-07", **HELD, **{**CALM, **NEWS, "product_complaints_90_before": 2}),
    fires("MGT-07", "W", "Reports of complaints about the client's products in 90 days: 4 (limit 3), against 2 in the 90 days before.",
          product_complaints_90=4, product_complaints_90_before=2),
    fires("MGT-07", "W", "Goods returned: 1.0% of sales a year ago, 2.0% in May 2015, 2.00× as much (limit 2.00×).",
          zh="退货率由上年同月的1.0%升至2015年5月的2.0%，为其2.00倍（界限2.00倍）。", **HELD, **{**CALM, **BACK}),
    clear("MGT-07", **HELD, **{**CALM, **BACK, "return_rate": 0.0199}),
    fires("MGT-07", "A", "Market share changed by −10.0% (limit −10.0%) while complaints or returned goods rose.",
          zh="市场份额变动−10.0%（界限−10.0%），同时投诉或退货增多。", **SALES, **NEWS),
    fires("MGT-07", "A", "Market share changed by −10.0% (limit −10.0%) while complaints or returned goods rose.", **SALES,
          **{**CALM, **BACK}),
    fires("MGT-07", "R", "Revenue CNY 100.0 million → CNY 75.0 million against 0.0% growth of the industry: market share changed by −25.0% "
          "(limit −25.0%).", **{**SALES, "revenue": 75 * M}),
    fires("MGT-07", "W", "Revenue CNY 100.0 million → CNY 75.1 million against 0.0% growth of the industry: market share changed by −24.9% "
          "(limit −10.0%).", **{**SALES, "revenue": 75_100_000_00}),
]  # fmt: skip

FALLEN = {"price_level": 80.0, "price_level_year_ago": 100.0, "price_level_month": MAY}
PRICE = [
    clear("MGT-12", **{**FALLEN, "price_level": 80.1}),
    no_data("MGT-12"),
    no_data("MGT-12", price_level=80.0),
    not_applicable("MGT-12", client_kind="institution", **FALLEN),
    not_applicable("MGT-12", client_kind="financial", **FALLEN),
    fires("MGT-12", "A", "The price index of the client's main products, mean of the three months to May 2015, is 80.0% of the same months a "
          "year ago (limit 80.0%).", zh="客户主要产品价格指数截至2015年5月的三个月均值为上年同期的80.0%（界限80.0%）。", **FALLEN),
    fires("MGT-12", "A", "The price index of the client's main products, mean of the three months to May 2015, is 65.1% of the same months a "
          "year ago (limit 80.0%).", **{**FALLEN, "price_level": 65.1}),
    fires("MGT-12", "R", "The price index of the client's main products, mean of the three months to May 2015, is 65.0% of the same months a "
          "year ago (limit 65.0%).", **{**FALLEN, "price_level": 65.0}),
    fires("MGT-12", "A", "Without a price of the client's own: producer prices of its industry changed by −20.0% on the year before (limit "
          "−20.0%).", zh="未取得客户自身价格：所在行业出厂价格同比变动−20.0%（界限−20.0%）。", industry_ppi_yoy=-0.20),
    fires("MGT-12", "A", "Without a price of the client's own: producer prices of its industry changed by −20.0% on the year before (limit "
          "−20.0%).", industry_ppi_yoy=-0.20, price_level=100.0),  # too short a return
    clear("MGT-12", industry_ppi_yoy=-0.199),
    clear("MGT-12", **{**FALLEN, "price_level": 100.0}, industry_ppi_yoy=-0.30),  # the client's own price speaks
]  # fmt: skip

RUNNING = {"utilisation": 0.75, "utilisation_year_ago": 0.80, "utilisation_month": MAY}
CAPACITY = [
    clear("MGT-14", **RUNNING),
    no_data("MGT-14"),
    no_data("MGT-14", **{**RUNNING, "utilisation_year_ago": None}),
    no_data("MGT-14", **{**RUNNING, "utilisation_year_ago": None}, industry_capacity=0.50),  # it says nothing of the fall
    not_applicable("MGT-14", client_kind="financial", **RUNNING),
    fires("MGT-14", "W", "Use of capacity fell from 85.0% a year ago to 75.0%, by 10.0 pp (limit 10.0 pp), in the three months to May 2015.",
          zh="截至2015年5月的三个月产能利用率由上年同期的85.0%降至75.0%，下降10.0个百分点（界限10.0个百分点）。",
          **{**RUNNING, "utilisation_year_ago": 0.85}),
    clear("MGT-14", **{**RUNNING, "utilisation_year_ago": 0.8499}),
    fires("MGT-14", "W", "Without figures of the client's own: its industry uses 59.9% of its capacity (limit: below 60.0%).",
          zh="未取得客户自身数据：所在行业产能利用率为59.9%（界限：低于60.0%）。", industry_capacity=0.599),
    clear("MGT-14", industry_capacity=0.60),
    clear("MGT-14", **RUNNING, industry_capacity=0.50),
    fires("MGT-14", "A", "Output is 59.9% of capacity, mean of the three months to May 2015 (limit: below 60.0%).",
          zh="截至2015年5月的三个月平均产能利用率为59.9%（界限：低于60.0%）。", **{**RUNNING, "utilisation": 0.599}),
    clear("MGT-14", **{**RUNNING, "utilisation": 0.60, "utilisation_year_ago": 0.60}),  # strict
    fires("MGT-14", "A", "Output is 40.0% of capacity, mean of the three months to May 2015 (limit: below 60.0%).",
          **{**RUNNING, "utilisation": 0.40}),
    fires("MGT-14", "R", "Output is 39.9% of capacity, mean of the three months to May 2015 (limit: below 40.0%).",
          **{**RUNNING, "utilisation": 0.399}),
]  # fmt: skip

CASES = [*SHARE, *PRICE, *CAPACITY]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_market(case: Case) -> None:
    check(case)
