"""Expressions every feature needs: sums that stay unknown, ratios, growth, months between. One place for each.

Sources: signals.md section 3; readings G5, G10, G14.
"""

from datetime import date, timedelta

import polars as pl

EXACT = 9  # decimals a ratio keeps before it is compared or written (reading G14)


def lag(end: date, column: str = "month") -> pl.Expr:
    """Months from `column` to the month `end`: 0 for `end` itself, 1 for the month before (Int64)."""
    month = pl.col(column)
    return end.year * 12 + end.month - month.dt.year().cast(pl.Int64) * 12 - month.dt.month().cast(pl.Int64)


def within(day: str, as_of: date, days: int) -> pl.Expr:
    """Whether `day` lies in the last `days` days: T − days <= day <= T, both ends in (reading G5)."""
    return pl.col(day).is_between(pl.lit(as_of - timedelta(days=days)), pl.lit(as_of))


def total(values: pl.Expr) -> pl.Expr:
    """Sum of a group, unknown as soon as one of its values is (Polars alone would count it as 0)."""
    return pl.when(values.null_count() == 0).then(values.sum())


def ratio(part: pl.Expr, base: pl.Expr) -> pl.Expr:
    """`part / base` to 9 decimals; unknown where the base is not above 0 (readings G10, G14)."""
    return pl.when(base > 0).then(part / base).round(EXACT)


def growth(now: str, before: str) -> pl.Expr:
    """now / before − 1; null when before <= 0 (reading G10)."""
    base = pl.col(before)
    return pl.when(base > 0).then(pl.col(now) / base - 1)
