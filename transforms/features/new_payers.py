"""Money from payers that are new to the client: rule MGT-24; readings G5, S1.

From the monthly sums of turnover by counterparty, over the whole history. A payer is new when its first payment lies in the
last twelve full months.
"""

import polars as pl

from transforms.arithmetic import lag, total
from transforms.columns import M, many
from transforms.shard import Shard

READS = ("transactions",)
YEAR = 12
PANEL = many(
    "transactions",
    ("year_ago", "as_of"),
    ("flow_key",),
    ("opin_new_payers_12", M, "inflow of twelve months from payers first seen in them"),
)


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where the client's history does not cover the twelve months."""
    months_ago = lag(shard.night.last_full_month)
    new = (
        shard.monthly["counterparties"]
        .filter(pl.col("direction") == "in", months_ago >= 0)
        .with_columns(lag=months_ago)
        .group_by("client_id", "counterparty")
        .agg(first=pl.col("lag").max(), amount=total(pl.col("amount")))
        .filter(pl.col("first") < YEAR)
        .group_by("client_id")
        .agg(new=total(pl.col("amount")), found=pl.lit(value=True))
    )
    amount = pl.when(pl.col("found").is_null()).then(0).otherwise("new")
    return (
        shard.done["transactions"]
        .select("client_id", "history_months")
        .join(new, on="client_id", how="left")
        .select("client_id", opin_new_payers_12=pl.when(pl.col("history_months") >= YEAR).then(amount))
        .sort("client_id")
    )
