"""Round trips in securities and other investments over ninety days, from the transactions. Rule FIN-20, readings G5, S1."""

import polars as pl

from transforms.arithmetic import within
from transforms.columns import C, many
from transforms.shard import Shard

READS = ()
CATEGORIES = ("securities", "wealth_product", "equity_investment")
DAYS = 90

PANEL = [
    *many(
        "transactions",
        ("ninety_days_ago", "as_of"),
        ("flow_key",),
        ("investment_round_trips_90", C, "investments paid and paid back within 90 days, in pairs"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null for a client whose history does not cover the 90 days.

    Payments out and in of the three categories are counted together; a round trip needs one of each.
    """
    as_of = shard.night.as_of
    out = pl.col("direction") == "out"
    trades = (
        shard.monthly["recent"]
        .filter(pl.col("category").is_in(CATEGORIES), within("booked_on", as_of, DAYS))
        .group_by("client_id")
        .agg(bought=out.sum().cast(pl.Int64), sold=(~out).sum().cast(pl.Int64))
    )
    first = shard.monthly["months"].group_by("client_id").agg(first_on=pl.col("first_on").min())
    covered = pl.col("first_on") <= pl.lit(as_of).dt.offset_by(f"-{DAYS}d")
    pairs = pl.min_horizontal(pl.col("bought").fill_null(0), pl.col("sold").fill_null(0))
    return (
        shard.ids()
        .join(first, on="client_id", how="left")
        .join(trades, on="client_id", how="left")
        .select("client_id", investment_round_trips_90=pl.when(covered).then(pairs))
        .sort("client_id")
    )
