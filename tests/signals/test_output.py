"""FIN-26: what a panel row must make of it."""

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000

PLANT = {"fixed_assets_gross": 110 * M, "fixed_assets_gross_year_ago": 100 * M}
MADE = {"output_12": 800.0, "output_12_year_ago": 1000.0}
SOLD = {
    "revenue": 84 * M,
    "revenue_year_ago": 100 * M,
    "industry_ppi_yoy_at_statement": 0.05,
}  # 0.84 / 1.05 − 1 = −20 %
EN = "Fixed assets at cost CNY 100.0 million → CNY 110.0 million, "
ZH = "固定资产原值10,000.00万元→11,000.00万元，"

CASES = [
    fires("FIN-26", "W", EN + "output of twelve months 1,000 → 800: growth 30.0 pp apart (limit 30.0 pp).",
          zh=ZH + "十二个月产量1,000→800，增速相差30.0个百分点（界限30.0个百分点）。", **PLANT, **MADE),
    clear("FIN-26", **PLANT, **MADE | {"output_12": 801.0}),
    fires("FIN-26", "A", EN + "output of twelve months 1,000 → 600: growth 50.0 pp apart (limit 50.0 pp).", **PLANT, **MADE | {"output_12": 600.0}),
    fires("FIN-26", "W", EN + "output of twelve months 1,000 → 1,400: growth 30.0 pp apart (limit 30.0 pp).",
          **PLANT, **MADE | {"output_12": 1400.0}),  # output runs ahead of the plant
    fires("FIN-26", "A", "Fixed assets at cost CNY 100.0 million → CNY 90.0 million, output of twelve months 1,000 → 1,500: growth 60.0 pp apart "
          "(limit 50.0 pp).", **PLANT | {"fixed_assets_gross": 90 * M}, **MADE | {"output_12": 1500.0}),
    clear("FIN-26", **PLANT | {"fixed_assets_gross": 109 * M}, **MADE | {"output_12": 0.0}),  # the plant hardly changed
    fires("FIN-26", "W", EN + "revenue CNY 100.0 million → CNY 84.0 million with prices of the industry 5.0%: growth of plant and of real revenue "
          "30.0 pp apart (limit 30.0 pp).",
          zh=ZH + "收入10,000.00万元→8,400.00万元，行业价格同比5.0%，固定资产与实际收入增速相差30.0个百分点（界限30.0个百分点）。", **PLANT, **SOLD),
    clear("FIN-26", **PLANT, **SOLD | {"revenue": 85 * M}),
    fires("FIN-26", "A", EN + "revenue CNY 100.0 million → CNY 63.0 million with prices of the industry 5.0%: growth of plant and of real revenue "
          "50.0 pp apart (limit 50.0 pp).", **PLANT, **SOLD | {"revenue": 63 * M}),
    clear("FIN-26", **PLANT, **MADE | {"output_12": 1000.0}, **SOLD | {"revenue": 63 * M}),  # output data decide when there are any
    clear("FIN-26", **PLANT | {"fixed_assets_gross": 100 * M}),  # no change of plant: nothing can be out of step
    no_data("FIN-26", **PLANT),
    no_data("FIN-26", **PLANT, **SOLD | {"industry_ppi_yoy_at_statement": None}),
    no_data("FIN-26", **PLANT | {"fixed_assets_gross_year_ago": 0}, **MADE),
    no_data("FIN-26", **MADE),
    no_data("FIN-26"),
    not_applicable("FIN-26", client_kind="financial", **PLANT, **MADE),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_output(case: Case) -> None:
    check(case)
