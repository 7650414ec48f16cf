"""The vocabulary of rules: growth, fall, change, share ... over panel columns.

A panel column `x` has its value a year ago in `x_year_ago`. A growth from a base <= 0 is unknown (reading G10).
"""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.decline import LIMITS
from transforms.signal import Condition, Fact, Limit, Measure, at_most
from transforms.text import Unit


def value(column: str, unit: Unit) -> Measure:
    """The panel column itself."""
    return Measure(pl.col(column), unit)


def declined(name: str, level: str) -> Fact:
    """DECLINE on `name` is at that level or above; its evidence is r3/12 against the level's limit."""
    limit = Limit(LIMITS[level].r3_12, "house", "DECLINE, section 3 of the catalogue", shared=f"decline.{level}.r3_12")
    levels = list(LIMITS)[list(LIMITS).index(level) :]
    return Fact(pl.col(f"{name}_decline").is_in(levels), at_most(value(f"{name}_r3_12", Unit.RATIO), limit))


def growth(column: str) -> Measure:
    """Growth on the year before, a fraction."""
    return Measure(growth_of(column, f"{column}_year_ago"), Unit.RATIO)


def fall(column: str) -> Measure:
    """Fall on the year before, a fraction: 0.25 = down by 25%."""
    return Measure(-growth_of(column, f"{column}_year_ago"), Unit.RATIO)


def gap(left: Measure, right: Measure) -> Measure:
    """Difference of two fractions, in percentage points."""
    return Measure(left.expr - right.expr, Unit.POINTS)


def difference(left: str, right: str, unit: Unit) -> Measure:
    """left − right."""
    return Measure(pl.col(left) - pl.col(right), unit)


def share(part: str | pl.Expr, whole: str | pl.Expr) -> Measure:
    """part / whole. Against a whole <= 0 any amount > 0 is over every limit (reading G10), else the share is 0."""
    amount = pl.col(part) if isinstance(part, str) else part
    base = pl.col(whole) if isinstance(whole, str) else whole
    over = pl.when(amount > 0).then(pl.lit(float("inf"))).when(amount <= 0).then(0.0)
    return Measure(pl.when(base > 0).then(amount / base).when(base <= 0).then(over), Unit.RATIO)


def ratio(part: str, whole: str) -> pl.Expr:
    """part / whole; null when whole <= 0."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def positive(column: str) -> Condition:
    """The column is > 0."""
    return Fact(pl.col(column) > 0)


def worse_loss(column: str) -> Condition:
    """The base a year ago was <= 0 and the value fell further; unknown without the value, whatever the base."""
    value, before = pl.col(column), pl.col(f"{column}_year_ago")
    return Fact(pl.when(value.is_not_null()).then((before <= 0) & (value < before)))


SECTIONS_WITHOUT_WORKING_CAPITAL_RULE = ("E", "F", "K")  # GB/T 4754: construction, trade, real estate


def commercial() -> pl.Expr:
    """Not a financial client nor an institution (reading G7)."""
    return pl.col("client_kind") == "enterprise"


def perhaps(condition: Condition) -> Condition:
    """Unknown where the condition holds, of what may count: false where even that would not do (`|` it to what surely counts)."""
    return condition & Fact(pl.lit(None, pl.Boolean))


def unless_unknown(flag: str) -> Condition:
    """False, or unknown where the flag says that a row's part of the measure is: `|` it to a comparison with a maximum."""
    return Fact(pl.when(~pl.col(flag)).then(pl.lit(value=False)))
