"""Debt service and liquidity from the statements: rows the book lacks (ADD-04, ADD-05)."""

import polars as pl

from transforms.measures import commercial
from transforms.signal import Fact, Measure, Signal, alert, below, house, watch
from transforms.text import Unit

_INFINITE = pl.lit(float("inf"))


def _covered(by: pl.Expr, due: pl.Expr) -> pl.Expr:
    """How many times `by` covers what is due; without limit where nothing is."""
    return pl.when(due > 0).then(by / due).when(due <= 0).then(_INFINITE)


_principal = pl.coalesce("current_portion_debt", "loans_due_12m")
_service = Measure(
    _covered(pl.col("ebitda_ttm") - pl.col("income_tax_ttm"), pl.col("interest_expense_ttm") + _principal), Unit.TIMES
)
_interest = Measure(
    _covered(pl.col("profit_before_tax") + pl.col("interest_expense"), pl.col("interest_expense")), Unit.TIMES
)
_SERVICE_EN = (
    "EBITDA of twelve months less income tax ({ebitda_ttm:money}, {income_tax_ttm:money}) covers {value} the interest of "
    "{interest_expense_ttm:money} and the principal due in twelve months (limit: below {limit})."
)
_SERVICE_ZH = (
    "近十二个月EBITDA扣除所得税（{ebitda_ttm:money}、{income_tax_ttm:money}）为利息{interest_expense_ttm:money}与十二个月内到期本金"
    "之和的{value}（界限：低于{limit}）。"
)
_INTEREST_EN = (
    "Profit before tax and interest ({profit_before_tax:money}, {interest_expense:money}) covers {value} the interest (limit: "
    "below {limit})."
)
_INTEREST_ZH = (
    "税前利润与利息之和（{profit_before_tax:money}、{interest_expense:money}）为利息的{value}（界限：低于{limit}）。"
)

thin_debt_service = Signal(
    id="ADD-04",
    grade="A",
    zh="偿债或付息保障倍数过低。",
    en="Thin debt service or interest cover",
    applies=commercial(),
    tests=(
        watch("service", below(_service, house(1.20, "open policy: 1.20")), _SERVICE_EN, _SERVICE_ZH),
        watch("interest", below(_interest, house(1.5, "insolvency indicator: 1.5")), _INTEREST_EN, _INTEREST_ZH),
        alert("service", below(_service, house(1.0, "debt cannot be served from earnings")), _SERVICE_EN, _SERVICE_ZH),
        alert("interest", below(_interest, house(1.0, "interest is not earned")), _INTEREST_EN, _INTEREST_ZH),
    ),
    ask_en="Ask for the repayment plan of the next twelve months over all lenders and where the money comes from.",
    ask_zh="索取未来十二个月对全部债权人的还款计划及资金来源。",
    note="The Chinese text is ours: the row is not in the book. Debt service is of twelve months: EBITDA less income tax over "
    "interest and the current portion of debt; where that line is unknown, over our on-balance loans past maturity or maturing "
    "in twelve months. Interest cover is year to date. Without interest or principal there is nothing to cover.",
)


def _liquidity(ago: str = "") -> pl.Expr:
    return _covered(pl.col(f"current_assets{ago}"), pl.col(f"current_liabilities{ago}"))


_current = Measure(_liquidity(), Unit.TIMES)
_EN = "Current assets of {current_assets:money} are {value} current liabilities of {current_liabilities:money} (limit: below {limit})"
_ZH = "流动资产{current_assets:money}为流动负债{current_liabilities:money}的{value}（界限：低于{limit}）"

current_ratio = Signal(
    id="ADD-05",
    grade="A",
    zh="流动比率低于1。",
    en="Current ratio below 1",
    applies=commercial(),
    tests=(
        watch("ratio", below(_current, house(1.0, "current debt exceeds current assets")), f"{_EN}.", f"{_ZH}。"),
        alert(
            "ratio",
            below(_current, house(0.8, "a fifth short"))
            & Fact(_liquidity().round(9) < _liquidity("_year_ago").round(9)),
            en=f"{_EN}, and worse than a year ago ({{current_assets_year_ago:money}} to {{current_liabilities_year_ago:money}}).",
            zh=f"{_ZH}，且较上年恶化（{{current_assets_year_ago:money}}对{{current_liabilities_year_ago:money}}）。",
        ),
    ),
    ask_en="Ask which current debts fall due first, what can be sold quickly, and which lines are still open.",
    ask_zh="问明最先到期的流动负债、可快速变现的资产和尚可使用的授信额度。",
    note="The Chinese text is ours: the row is not in the book.",
)
