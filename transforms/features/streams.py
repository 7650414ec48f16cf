"""Payments that come every month: tax, social insurance, utilities, payroll; and tax arrears on record.

Rule ADD-08 and its reading (monthly streams only), readings S1, S7, G12. A month counts when one settled payment of the
category left in it, whatever the amount.
"""

import polars as pl

from transforms.arithmetic import lag
from transforms.columns import KEYS, C, many
from transforms.events import known, of_clients
from transforms.shard import Shard

READS = ("events",)
STREAMS = {"tax": "tax", "social_insurance": "social insurance", "utility": "utilities", "payroll": "payroll"}
RECENT, BEFORE = 2, 6  # full months: those a stream may be missing in, and those before them
ARREARS_DAYS = 365

PANEL = [
    *many(
        "transactions",
        (None, "flow_period_to"),
        ("flow_key",),
        *(
            (f"{name}_paid_{span}", C, f"months with a payment of {text}, {words}")
            for name, text in STREAMS.items()
            for span, words in (("2", "of the last two"), ("6", "of the six before the last two"))
        ),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("tax_arrears_keys",),
        ("tax_arrears_365", C, "registered tax arrears in 365 days"),
        ("tax_arrears_keys", KEYS, "their rows"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Null when history does not cover the eight full months."""
    paid = (
        shard.monthly["categories"]
        .filter(pl.col("direction") == "out", pl.col("category").is_in(STREAMS))
        .with_columns(lag=lag(shard.night.last_full_month))
    )
    windows = {"2": pl.col("lag").is_between(0, RECENT - 1), "6": pl.col("lag").is_between(RECENT, RECENT + BEFORE - 1)}
    names = [f"{name}_paid_{span}" for name in STREAMS for span in windows]
    counts = paid.group_by("client_id").agg(
        pl.col("month")
        .filter(pl.col("category") == name, window)
        .n_unique()
        .cast(pl.Int64)
        .alias(f"{name}_paid_{span}")
        for name in STREAMS
        for span, window in windows.items()
    )
    owed = known(shard, "registry", ARREARS_DAYS).filter(pl.col("subtype") == "tax_arrears")
    arrears = (
        of_clients(shard, owed)
        .unique("event_id")
        .group_by("client_id")
        .agg(tax_arrears_365=pl.len().cast(pl.Int64), tax_arrears_keys=pl.col("key").sort())
    )
    covered = pl.col("history_months") >= RECENT + BEFORE
    return (
        shard.done["transactions"]
        .select("client_id", "history_months")
        .join(counts, on="client_id", how="left")
        .with_columns(pl.when(covered).then(pl.col(name).fill_null(0)).alias(name) for name in names)
        .drop("history_months")
        .join(shard.per_client(arrears, "events", "registry"), on="client_id", how="left")
        .sort("client_id")
    )
