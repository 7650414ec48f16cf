"""What the client earned the bank in twelve months (form 11-1 of input-model.md; the roster's score weighs it).

The client's series contribution: the twelve months up to the newest full month filed (at most one before the last), all twelve or
unknown; else the income of the holdings that tell it.
"""

import polars as pl

from transforms.columns import TEXT, M, many
from transforms.features import returns
from transforms.shard import Shard

READS = ("series", "holdings")
YEAR = 12
MINOR = 100  # a series is in whole units of currency
PANEL = [
    *many(
        "holdings",
        (None, "as_of"),
        (),
        ("contribution_12m", M, "what the client earned the bank in twelve months"),
        ("contribution_from", TEXT, "feed (the series) or holdings (their income)"),
    ),
]


def _fed(shard: Shard) -> pl.LazyFrame:
    """client_id, fed: null where one of the twelve months is missing."""
    month = pl.col("period_end").dt.month_start()
    return (
        returns.filed(shard, "contribution")
        .select("client_id", month=month, value=(pl.col("value") * MINOR).round().cast(pl.Int64))
        .filter(pl.col("month") <= shard.night.last_full_month)
        .with_columns(newest=pl.col("month").max().over("client_id"))
        .filter(
            pl.col("newest") >= shard.night.month(returns.FRESH),
            pl.col("month") > pl.col("newest").dt.offset_by(f"-{YEAR}mo"),
        )
        .group_by("client_id")
        .agg(fed=pl.when(pl.col("month").n_unique() == YEAR).then(pl.col("value").sum()))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where neither tells it."""
    earned = (
        shard.table("holdings")
        .filter(pl.col("opened_on") <= shard.night.as_of, pl.col("income_12m").is_not_null())
        .group_by("client_id")
        .agg(earned=pl.col("income_12m").sum())
    )
    fed, held = (pl.col(name).is_not_null() for name in ("fed", "earned"))
    return (
        shard.ids()
        .join(_fed(shard), on="client_id", how="left")
        .join(earned, on="client_id", how="left")
        .select(
            "client_id",
            contribution_12m=pl.coalesce("fed", "earned"),
            contribution_from=pl.when(fed).then(pl.lit("feed")).when(held).then(pl.lit("holdings")),
        )
        .sort("client_id")
    )
