"""Plant against what it makes (FIN-26)."""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.measures import commercial
from transforms.signal import Condition, Limit, Measure, Signal, Test, at_least, house
from transforms.text import Unit

_fixed = growth_of("fixed_assets_gross", "fixed_assets_gross_year_ago")
_output = growth_of("output_12", "output_12_year_ago")
_prices = 1 + pl.col("industry_ppi_yoy_at_statement")
# Only without output data; what is not asked is unknown.
_real_revenue = pl.when(_output.is_null() & (_prices > 0)).then(
    (1 + growth_of("revenue", "revenue_year_ago")) / _prices - 1
)
_moved = at_least(Measure(_fixed.abs(), Unit.RATIO), house(0.10, "the plant did change", "fixed_assets"))
_PLANT_EN = "Fixed assets at cost {fixed_assets_gross_year_ago:money} → {fixed_assets_gross:money}, "
_PLANT_ZH = "固定资产原值{fixed_assets_gross_year_ago:money}→{fixed_assets_gross:money}，"
_OUTPUT_EN = _PLANT_EN + (
    "output of twelve months {output_12_year_ago:count} → {output_12:count}: growth {value} apart (limit {limit})."
)
_OUTPUT_ZH = _PLANT_ZH + ("十二个月产量{output_12_year_ago:count}→{output_12:count}，增速相差{value}（界限{limit}）。")
_REVENUE_EN = _PLANT_EN + (
    "revenue {revenue_year_ago:money} → {revenue:money} with prices of the industry {industry_ppi_yoy_at_statement:ratio}: "
    "growth of plant and of real revenue {value} apart (limit {limit})."
)
_REVENUE_ZH = _PLANT_ZH + (
    "收入{revenue_year_ago:money}→{revenue:money}，行业价格同比{industry_ppi_yoy_at_statement:ratio}，"
    "固定资产与实际收入增速相差{value}（界限{limit}）。"
)


def _apart(other: pl.Expr, limit: Limit) -> Condition:
    return at_least(Measure((_fixed - other).abs(), Unit.POINTS), limit) & _moved


def _tests(level: str, cut: float, because: str) -> tuple[Test, ...]:
    return (
        Test(level, "output", _apart(_output, house(cut, because)), _OUTPUT_EN, _OUTPUT_ZH),
        Test(level, "revenue", _apart(_real_revenue, house(cut, because)), _REVENUE_EN, _REVENUE_ZH, "fallback"),
    )


plant_and_output = Signal(
    id="FIN-26",
    grade="B",
    zh="固定资产的增加和减少与产量的变化不相适应。",
    en="Fixed assets out of step with output",
    applies=commercial(),
    tests=(*_tests("W", 0.30, "30 points apart"), *_tests("A", 0.50, "50 points apart")),
    ask_en="Ask what was bought or sold, whether it runs, and for output and capacity by month.",
    ask_zh="询问购置或处置了哪些固定资产、是否投入使用，并索取按月产量和产能。",
    note="Output is that of the twelve months up to the statement's period end against the twelve before. Without it, revenue of "
    "the statement (year to date) over the industry's producer prices of the month it ends with. Level A needs a change of "
    "fixed assets of 10% too.",
)
