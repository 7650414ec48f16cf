"""Whom at the client the bank meets, and whom it does not (REL-05; readings S2, G5, REL-05).

- A contact is an interaction held and recorded by T, one-way or two-way; a person is met in it as its main contact or among
  the others. The guard counts contacts; the share counts each person met.
- The client's contacts are the people with a link contact_of in force at T; only they are covered. The function is that of
  the person's newest such link.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import ratio, within
from transforms.columns import KEYS, C, R, many
from transforms.features import contacts
from transforms.shard import Shard

READS = ("interactions", "party_links")
DAYS, MOST_KEYS = 180, 20
PANEL = [
    *many(
        "interactions",
        ("half_year_ago", "as_of"),
        ("people_keys",),
        ("people_contacts_180", C, "contacts held in 180 days"),
        ("people_top_meetings", C, "of them with the person met most"),
        ("people_top_share", R, "share of that person in everyone met"),
        ("people_keys", KEYS, "the contacts' rows"),
    ),
    *many(
        "party_links",
        (None, "as_of"),
        ("people_keys",),
        ("people_active", C, "active contacts of the client"),
        ("people_met", C, "of them met in 180 days"),
        ("people_met_share", R, "share of them met"),
        ("people_other_function", C, "meetings with people of another function than the one met most"),
    ),
]


def held(shard: Shard) -> pl.LazyFrame:
    """The clients' interactions held and recorded by T, with the day `on`, the row's `key` and `people`, all those met."""
    people = pl.concat_list("contact_id", pl.col("other_contacts").fill_null(pl.lit([], pl.List(pl.String))))
    return (
        contacts.done(shard.night, shard.table("interactions"))
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .with_columns(people=people.list.drop_nulls().list.unique(), key=pl.format("interactions:{}", "interaction_id"))
    )


def meetings(shard: Shard) -> pl.LazyFrame:
    """client_id, person, on: one row per contact held and person met in it."""
    return (
        held(shard)
        .select("client_id", "on", person="people")
        .explode("person", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("person").is_not_null())
    )


def roles(shard: Shard) -> pl.LazyFrame:
    """The links contact_of to the clients that began and were recorded by T, ended ones too: client_id, person and more."""
    as_of = shard.night.as_of
    return (
        shard.table("party_links")
        .filter(
            pl.col("relation") == "contact_of",
            pl.col("recorded_on") <= as_of,
            (pl.col("start_on") <= as_of).fill_null(value=True),
        )
        .rename({"from_id": "person", "to_id": "client_id"})
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
    )


def _functions(shard: Shard) -> pl.LazyFrame:
    """client_id, person, function of the newest link."""
    order = ("start_on", "recorded_on", "link_id")
    return roles(shard).group_by("client_id", "person").agg(pl.col("function").sort_by(*order, nulls_last=False).last())


def _met(shard: Shard) -> pl.LazyFrame:
    """client_id, person, meetings of 180 days and function."""
    return (
        meetings(shard)
        .filter(within("on", shard.night.as_of, DAYS))
        .group_by("client_id", "person")
        .agg(meetings=pl.len().cast(pl.Int64))
        .join(_functions(shard), on=["client_id", "person"], how="left")
    )


def _contacts(shard: Shard) -> pl.LazyFrame:
    """client_id, people_contacts_180, people_keys (newest first)."""
    return (
        held(shard)
        .filter(within("on", shard.night.as_of, DAYS))
        .group_by("client_id")
        .agg(
            people_contacts_180=pl.len().cast(pl.Int64),
            people_keys=pl.col("key").sort_by("started_at", "interaction_id", descending=True).head(MOST_KEYS),
        )
    )


def _most(met: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, people_top_meetings, people_top_share, people_other_function.

    Another function is unknown where the first person's is, or where only people without one are left.
    """
    ranked = met.sort(["client_id", "meetings", "person"], descending=[False, True, False])
    first, others = pl.col("function").first(), pl.col("function") != pl.col("function").first()
    elsewhere = pl.col("meetings").filter(others).sum()
    unknown = first.is_null() | ((elsewhere == 0) & pl.col("function").is_null().any())
    return ranked.group_by("client_id", maintain_order=True).agg(
        people_top_meetings=pl.col("meetings").first(),
        people_top_share=ratio(pl.col("meetings").first(), pl.col("meetings").sum()),
        people_other_function=pl.when(~unknown).then(elsewhere),
    )


def _covered(shard: Shard, met: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, people_active, people_met."""
    active = (
        events.links(shard, "contact_of")
        .select(client_id="to_id", person="from_id")
        .unique()
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
    )
    seen = met.select("client_id", "person", seen=pl.lit(value=True))
    return (
        active.join(seen, on=["client_id", "person"], how="left")
        .group_by("client_id")
        .agg(people_active=pl.len().cast(pl.Int64), people_met=pl.col("seen").count().cast(pl.Int64))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Nobody met: no share."""
    met = _met(shard)
    both = shard.connected("interactions") and shard.connected("party_links")
    reached = shard.connected("interactions")
    most = _most(met).with_columns(pl.when(both).then("people_other_function").alias("people_other_function"))
    return (
        shard.per_client(_contacts(shard), "interactions")
        .join(most, on="client_id", how="left")
        .join(shard.per_client(_covered(shard, met), "party_links"), on="client_id")
        .with_columns(people_met=pl.when(reached).then("people_met"))
        .with_columns(people_met_share=ratio(pl.col("people_met"), pl.col("people_active")))
        .sort("client_id")
    )
