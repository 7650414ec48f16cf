"""How many people the client employs, by its own return, and what each of them sells (MGT-35).

The series `headcount` of the client: the newest month of the last 365 days, its latest revision known at T (readings S2, G8).
"""

import polars as pl

from transforms import series
from transforms.arithmetic import ratio
from transforms.columns import DAY, TEXT, C, R, many
from transforms.shard import Shard

READS = ("series",)
FRESH_DAYS = 365
PANEL = [
    *many(
        "series",
        (None, "headcount_on"),
        ("headcount_key",),
        ("headcount", C, "employees"),
        ("headcount_on", DAY, "the month of that count"),
        ("headcount_key", TEXT, "its row"),
        ("revenue_per_head", R, "revenue, year to date, per employee, minor units"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null without a return of the last 365 days, revenue per head without a statement."""
    counts = series.newest(shard, "client", "headcount", FRESH_DAYS).select(
        client_id="subject_code",
        headcount=pl.col("value").round(0).cast(pl.Int64),
        headcount_on="period_end",
        headcount_key="key",
    )
    return (
        shard.ids()
        .join(counts, on="client_id", how="left")
        .join(shard.done["statements"].select("client_id", "revenue"), on="client_id", how="left")
        .with_columns(revenue_per_head=ratio(pl.col("revenue"), pl.col("headcount")))
        .drop("revenue")
        .sort("client_id")
    )
