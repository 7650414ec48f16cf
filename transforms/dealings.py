"""Deals of the clients, and whether the other side was related on that day. Readings G21, FIN-22, FIN-23."""

from datetime import date

import polars as pl

from transforms import events
from transforms.shard import Shard

DAYS = 365
ALWAYS, NEVER = date(1, 1, 1), date(9999, 12, 31)  # blank starts and ends are open


def deals(shard: Shard, *subtypes: str, days: int | None = DAYS) -> pl.LazyFrame:
    """The clients' deals of those subtypes in the last 365 days, with `related` (see `with_related`)."""
    rows = events.of_clients(shard, events.known(shard, "deal", days))
    chosen = rows.filter(pl.col("subtype").is_in(subtypes)) if subtypes else rows
    return with_related(shard, chosen)


def with_related(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Events with `related`: flagged so, or tied to other_id on the day; unknown without a flag and the table of ties.

    Without an other_id only the flag tells.
    """
    day = pl.col("happened_on")
    tied = (
        rows.join(ties(shard), on=["client_id", "other_id"])
        .filter(pl.col("from") <= day, day < pl.col("until"))
        .select("event_id", tied=pl.lit(value=True))
        .unique()
    )
    related = events.flagged("related_party") | pl.col("tied").fill_null(value=False)
    known = related | pl.col("other_id").is_null() | pl.lit(shard.connected("party_links"))
    return rows.join(tied, on="event_id", how="left").with_columns(related=pl.when(known).then(related)).drop("tied")


def ties(shard: Shard) -> pl.LazyFrame:
    """client_id, other_id, from, until: ties of the group in both directions, key persons, and relatives of these.

    A tie holds from `from` to the day before `until`; known by T, in force or ended. One group by the client master has no
    days: it always holds.
    """
    links = (
        shard.table("party_links")
        .filter(pl.col("recorded_on") <= shard.night.as_of)
        .select("from_id", "to_id", "relation", pl.col("start_on").fill_null(ALWAYS).alias("from"),
                pl.col("end_on").fill_null(NEVER).alias("until"))
    )  # fmt: skip
    group = links.filter(pl.col("relation").is_in(events.GROUP_TIES))
    persons = links.filter(pl.col("relation").is_in(events.KEY_POSTS))
    relatives = links.filter(pl.col("relation") == "relative_of")
    span = ("from", "until")
    direct = [
        group.select(*span, client_id="to_id", other_id="from_id"),
        group.select(*span, client_id="from_id", other_id="to_id"),
        persons.select(*span, client_id="to_id", other_id="from_id"),
        events.same_group(events.bank_groups(shard)).select(
            pl.lit(ALWAYS).alias("from"), pl.lit(NEVER).alias("until"), client_id="left", other_id="right"
        ),
    ]
    kin = pl.concat(
        [
            relatives.select(*span, person="from_id", relative="to_id"),
            relatives.select(*span, person="to_id", relative="from_id"),
        ]
    )
    both = persons.join(kin, left_on="from_id", right_on="person", suffix="_kin")
    of_relatives = both.select(
        pl.max_horizontal("from", "from_kin").alias("from"),
        pl.min_horizontal("until", "until_kin").alias("until"),
        client_id="to_id",
        other_id="relative",
    )
    return pl.concat([*direct, of_relatives]).join(shard.clients.select("client_id"), on="client_id", how="semi")
