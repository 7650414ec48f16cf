"""What was paid for real estate and decoration in 365 days, from the transactions. Rule MGT-31, readings G5, S1."""

import polars as pl

from transforms.arithmetic import total, within
from transforms.columns import M, many
from transforms.shard import Shard

READS = ()
CATEGORIES = ("real_estate", "decoration")
DAYS = 365

PANEL = [
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        ("premises_paid_365", M, "paid for real estate and decoration in 365 days"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null for a client whose history is shorter, or with an amount that is unknown."""
    as_of = shard.night.as_of
    paid = (
        shard.monthly["recent"]
        .filter(
            pl.col("counted"),
            pl.col("direction") == "out",
            pl.col("category").is_in(CATEGORIES),
            within("booked_on", as_of, DAYS),
        )
        .group_by("client_id")
        .agg(paid=total(pl.col("amount")), found=pl.lit(value=True))
    )
    first = shard.monthly["months"].group_by("client_id").agg(first_on=pl.col("first_on").min())
    covered = pl.col("first_on") <= pl.lit(as_of).dt.offset_by(f"-{DAYS}d")
    amount = pl.when(pl.col("found")).then("paid").otherwise(0)
    return (
        shard.ids()
        .join(first, on="client_id", how="left")
        .join(paid, on="client_id", how="left")
        .select("client_id", premises_paid_365=pl.when(covered).then(amount))
        .sort("client_id")
    )
