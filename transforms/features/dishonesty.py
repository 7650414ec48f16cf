"""Listings as a dishonest debtor (失信被执行人) of a client and of those who directly control it: rule MOR-02.

Kind registry of events, and party_links; readings G12 (without time limit), G21, MOR-02. A listing taken off counts for
three more years.
"""

import polars as pl

from transforms import events
from transforms.columns import KEYS, C, many
from transforms.night import months_before
from transforms.shard import Shard

READS = ("events", "party_links")
REMEMBERED_MONTHS = 36
LISTED = "dishonest_executee"
_WHO = {"client": "the client", "controller": "those who directly control it"}
PANEL = [
    column
    for who, text in _WHO.items()
    for column in many(
        "events",
        (None, "as_of"),
        (f"dishonest_{who}_keys",),
        (f"dishonest_{who}", C, f"standing listings as dishonest debtor of {text}"),
        (f"dishonest_{who}_removed", C, f"listings of {text} taken off within three years"),
        (f"dishonest_{who}_keys", KEYS, f"the listings of {text}"),
    )
]


def _listings(shard: Shard) -> pl.LazyFrame:
    """party_id, key, listed (still standing), removed (taken off within three years)."""
    as_of = shard.night.as_of
    off = (pl.col("ends_on") <= as_of).fill_null(value=False)
    return (
        events.known(shard, "registry", lifted=True)
        .filter(pl.col("subtype") == LISTED)
        .select(
            "party_id",
            "key",
            listed=~off,
            removed=off & (pl.col("ends_on") >= months_before(as_of, REMEMBERED_MONTHS)).fill_null(value=False),
        )
        .filter(pl.col("listed") | pl.col("removed"))
    )


def _counted(rows: pl.LazyFrame, who: str) -> pl.LazyFrame:
    """client_id and the three columns of `who`."""
    key = pl.col("key")
    return rows.group_by("client_id").agg(
        key.filter("listed").n_unique().cast(pl.Int64).alias(f"dishonest_{who}"),
        key.filter("removed").n_unique().cast(pl.Int64).alias(f"dishonest_{who}_removed"),
        key.unique().sort().alias(f"dishonest_{who}_keys"),
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; what is said of controllers is null where no links are connected."""
    listings = _listings(shard)
    own = _counted(events.of_clients(shard, listings.with_columns(client_id="party_id")), "client")
    control = events.links(shard, "controller_of").select(party_id="from_id", client_id="to_id").unique()
    theirs = _counted(events.of_clients(shard, listings.join(control, on="party_id")), "controller")
    both = ("events", "registry") if shard.connected("party_links") else ("party_links", None)
    return (
        shard.per_client(own, "events", "registry")
        .join(shard.per_client(theirs, *both), on="client_id", how="left")
        .sort("client_id")
    )
