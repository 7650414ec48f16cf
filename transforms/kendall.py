"""Kendall's tau-a of a short series against time (reading S11): does it go one way, whatever the size of its steps?"""

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from transforms.arithmetic import EXACT


def tau_a(points: Sequence[pl.Expr]) -> pl.Expr:
    """(pairs that rise − pairs that fall) / all pairs of `points`, oldest first: −1 to 1, Float64.

    A tie counts 0. Unknown as soon as one point is.
    """
    pairs = list(combinations(points, 2))
    rising = pl.sum_horizontal([(later - earlier).sign().cast(pl.Int64) for earlier, later in pairs])
    return pl.when(pl.all_horizontal([point.is_not_null() for point in points])).then(rising / len(pairs)).round(EXACT)
