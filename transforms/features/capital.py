"""The schedule of the registered capital: instalments that have fallen due (FIN-11).

From undertakings of kind capital_instalment. An instalment cancelled by T is no instalment; whether one was paid shows in
the balance sheet, not here.
"""

import polars as pl

from transforms.arithmetic import total
from transforms.columns import KEYS, C, M, many
from transforms.night import months_before
from transforms.shard import Shard

READS = ("undertakings",)
KIND = "capital_instalment"
PANEL = [
    *many(
        "undertakings",
        (None, "as_of"),
        ("capital_keys",),
        ("capital_instalments", C, "instalments of the registered capital on schedule"),
        ("capital_due", M, "capital that fell due by T"),
        ("capital_due_year_ago", M, "capital that fell due a year ago or earlier"),
        ("capital_keys", KEYS, "the instalments due"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; 0 without a schedule, null where the kind is not connected or an amount is missing."""
    as_of = shard.night.as_of
    cancelled = (pl.col("outcome") == "cancelled") & (pl.col("done_on") <= as_of).fill_null(True)
    due, amount = pl.col("due_on") <= as_of, pl.col("amount")
    long_due = pl.col("due_on") <= months_before(as_of, 12)
    counted = (
        shard.table("undertakings")
        .filter(pl.col("kind") == KIND, pl.col("made_on") <= as_of, ~cancelled.fill_null(False))
        .group_by("client_id")
        .agg(
            capital_instalments=pl.len().cast(pl.Int64),
            capital_due=total(amount.filter(due)),
            capital_due_year_ago=total(amount.filter(long_due)),
            capital_keys=pl.format("undertakings:{}", "undertaking_id").filter(due).sort(),
        )
    )
    return shard.per_client(counted, "undertakings", KIND)
