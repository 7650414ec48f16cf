"""The vocabulary of rules: growth, fall, change, share ... over panel columns.

A panel column `x` has its value a year ago in `x_year_ago`. A growth from a base <= 0 is unknown (reading G10).
"""

import polars as pl

from transforms.signal import Condition, Fact, Measure
from transforms.text import Unit


def value(column: str, unit: Unit) -> Measure:
    """The panel column itself."""
    return Measure(pl.col(column), unit)


def growth_of(now: str, before: str) -> pl.Expr:
    """now / before − 1; null when before <= 0."""
    base = pl.col(before)
    return pl.when(base > 0).then(pl.col(now) / base - 1)


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


def share(part: str, whole: str) -> Measure:
    """part / whole. Against a whole <= 0 any amount > 0 is over every limit (reading G10), else the share is 0."""
    over = pl.when(pl.col(part) > 0).then(pl.lit(float("inf"))).when(pl.col(part) <= 0).then(0.0)
    base = pl.col(whole)
    return Measure(pl.when(base > 0).then(pl.col(part) / base).when(base <= 0).then(over), Unit.RATIO)


def ratio(part: str, whole: str) -> pl.Expr:
    """part / whole; null when whole <= 0."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def positive(column: str) -> Condition:
    """The column is > 0."""
    return Fact(pl.col(column) > 0)


def worse_loss(column: str) -> Condition:
    """The base a year ago was <= 0 and the value fell further."""
    before = pl.col(f"{column}_year_ago")
    return Fact((before <= 0) & (pl.col(column) < before))


SECTIONS_WITHOUT_WORKING_CAPITAL_RULE = ("E", "F", "K")  # GB/T 4754: construction, trade, real estate


def commercial() -> pl.Expr:
    """Not a financial client nor an institution (reading G7)."""
    return pl.col("client_kind") == "enterprise"
