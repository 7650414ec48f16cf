"""New money the client asked for: how much in 30 days, and what its requests used to be (MGT-47; readings G5, S2).

Of the events of kind loan_request only new loans and increases count: a rollover or an extension asks for no new money.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import total, within
from transforms.columns import KEYS, M, many
from transforms.shard import Shard

READS = ("events",)
DAYS = 30
NEW_MONEY = ("new", "increase")
PANEL = [
    *many(
        "events",
        (None, "as_of"),
        ("requests_keys",),
        ("requests_30", M, "new money asked for in 30 days"),
        ("requests_keys", KEYS, "the requests of 30 days"),
        ("requests_median", M, "median of the client's requests before those"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. A client without an earlier request has no median: null."""
    asked = events.of_clients(shard, events.known(shard, "loan_request")).filter(pl.col("subtype").is_in(NEW_MONEY))
    recent = within("happened_on", shard.night.as_of, DAYS)
    new = asked.filter(recent).group_by("client_id").agg(
        requests_30=total(pl.col("amount")), requests_keys=pl.col("key").sort()
    )  # fmt: skip
    before = asked.filter(~recent).group_by("client_id").agg(
        requests_median=pl.col("amount").median().round().cast(pl.Int64)
    )  # fmt: skip
    return (
        shard.per_client(new, "events", "loan_request")
        .join(before, on="client_id", how="left")
        .sort("client_id")
    )  # fmt: skip
