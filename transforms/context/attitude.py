"""Warmth of the last contacts against those before, without the scores of RMs who give everyone the same (MGT-39, REL-11).

Whole book: an RM's scores are flat when there are at least 20 of them, of all clients together, and one value only (check T5
of the input model). MGT-39 leaves such scores out; for REL-11 they make the third clause unknown (`warmth_usable`).
"""

import polars as pl

from transforms.columns import FLAG, Column, S, many
from transforms.features import contacts

FLAT_LEAST = 20
PANEL: list[Column] = many(
    "interactions",
    (None, "as_of"),
    ("contact_keys",),
    ("attitude_last3", S, "mean warmth of the last three scored contacts, flat scores left out"),
    ("attitude_before6", S, "mean of the six before"),
    ("warmth_usable", FLAG, "none of the newest nine scores since the main RM's start is flat"),
)


def _flat(warmth: pl.LazyFrame) -> pl.LazyFrame:
    """staff_id of the RMs whose scores are flat."""
    ranges = warmth.select(pl.col("warmth_ranges").explode(empty_as_null=True, keep_nulls=True))
    return (
        ranges.drop_nulls()
        .unnest("warmth_ranges")
        .group_by("staff_id")
        .agg(pl.col("scores").sum(), pl.col("low").min(), pl.col("high").max())
        .filter(pl.col("scores") >= FLAT_LEAST, pl.col("low") == pl.col("high"))
        .select("staff_id", flat=pl.lit(value=True))
    )


def _mean(first: int, count: int) -> pl.Expr:
    scores = pl.col("warmth").filter(~pl.col("flat"))
    return pl.when(scores.len() >= first + count).then(scores.slice(first, count).mean().round(9))


def measure(warmth: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `warmth` (the whole book's feature frame): PANEL; null where contacts are not connected."""
    newest = contacts.NEWEST_SCORES + contacts.SCORES_BEFORE
    scored = (
        warmth.select("client_id", score="warmth_scores")
        .explode("score", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("score").is_not_null())
        .unnest("score")
        .join(_flat(warmth), on="staff_id", how="left")
        .with_columns(pl.col("flat").fill_null(value=False))
        .sort("client_id", "at", "id", descending=[False, True, True])
        .group_by("client_id", maintain_order=True)
        .agg(
            attitude_last3=_mean(0, contacts.NEWEST_SCORES),
            attitude_before6=_mean(contacts.NEWEST_SCORES, contacts.SCORES_BEFORE),
            usable=~pl.col("flat").filter(pl.col("own")).head(newest).any(),
        )
    )
    connected = pl.col("warmth_scores").is_not_null()
    return (
        warmth.select("client_id", "warmth_scores")
        .join(scored, on="client_id", how="left")
        .select(
            "client_id",
            "attitude_last3",
            "attitude_before6",
            warmth_usable=pl.when(connected).then(pl.col("usable").fill_null(value=True)),
        )
        .sort("client_id")
    )
