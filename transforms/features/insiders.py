"""How power is shared among a client's owners and managers: rules MGT-25, MGT-26 and MGT-37.

From party_links, the kind registry of events, and interactions; readings S2, G5, G12, G13, G21. Only links in force at T.

- The sole ruler is the person who is legal representative and the only director; the share is what the person holds
  directly, unknown where a holding has none on file.
- Managers are the key persons (legal representative, directors, supervisors, executives, head of finance) who have a
  function on file; a head of finance without one holds finance.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import EXACT, total
from transforms.columns import KEYS, C, R, many
from transforms.shard import Shard

READS = ("events", "party_links", "interactions")
YEAR = 365
INSIDERS = (*events.KEY_POSTS, "shareholder_of", "controller_of")
FUNCTIONS = ("sales", "finance", "production")
_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("insider_lawsuits_keys",),
        ("insider_lawsuits_365", C, "lawsuits between the company and an owner or manager in 365 days"),
        ("insider_lawsuits_keys", KEYS, "their registry rows"),
    ),
    *many(
        "party_links",
        (None, "as_of"),
        ("sole_ruler_keys",),
        ("sole_ruler_share", R, "what the person owns who is legal representative and only director"),
        ("sole_ruler_keys", KEYS, "that person's links"),
    ),
    *many(
        "party_links",
        (None, "as_of"),
        (),
        ("managers_known", C, "managers with a function on file"),
        *((f"managers_{function}", C, f"managers in charge of {function}") for function in FUNCTIONS),
    ),
    *many(
        "interactions",
        _YEAR,
        (),
        ("other_deciders_met_365", C, "decision makers besides the sole ruler met in 365 days"),
    ),
]


def _tied(shard: Shard, *relations: str) -> pl.LazyFrame:
    """client_id, person and the link's columns of the shard's clients."""
    rows = events.links(shard, *relations).with_columns(client_id=pl.col("to_id"), person=pl.col("from_id"))
    return rows.join(shard.clients.select("client_id"), on="client_id", how="semi")


def _lawsuits(shard: Shard) -> pl.LazyFrame:
    """client_id, insider_lawsuits_365, insider_lawsuits_keys; whoever of the two the row is filed under."""
    rows = events.known(shard, "registry", YEAR).filter(pl.col("subtype") == "lawsuit")
    sides = [("party_id", "other_id"), ("other_id", "party_id")]
    pairs = pl.concat([rows.select("key", client_id=company, person=other) for company, other in sides])
    key = pl.col("key")
    return (
        pairs.join(_tied(shard, *INSIDERS), on=["client_id", "person"], how="semi")
        .group_by("client_id")
        .agg(insider_lawsuits_365=key.n_unique().cast(pl.Int64), insider_lawsuits_keys=key.unique().sort())
    )


def _ruler(shard: Shard) -> pl.LazyFrame:
    """client_id, person: the clients that have a sole ruler."""
    directors = (
        _tied(shard, "director_of")
        .group_by("client_id")
        .agg(person=pl.col("person").unique())
        .filter(pl.col("person").list.len() == 1)
        .with_columns(person=pl.col("person").list.first())
    )
    return directors.join(_tied(shard, "legal_rep_of"), on=["client_id", "person"], how="semi")


def _ruled(shard: Shard, rulers: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, sole_ruler_share, sole_ruler_keys of every client; a share of 0 without a sole ruler."""
    holds = pl.col("relation") == "shareholder_of"
    held = (
        _tied(shard, "legal_rep_of", "director_of", "shareholder_of")
        .join(rulers, on=["client_id", "person"], how="semi")
        .unique("link_id")
        .group_by("client_id")
        .agg(
            share=total(pl.col("share_pct").filter(holds)).round(EXACT),
            sole_ruler_keys=pl.format("party_links:{}", "link_id").sort(),
            ruled=pl.lit(value=True),
        )
    )
    whole = shard.ids().join(held, on="client_id", how="left")
    share = pl.when(pl.col("ruled").is_null()).then(0.0).otherwise("share")
    return shard.per_client(whole.select("client_id", "sole_ruler_keys", sole_ruler_share=share), "party_links")


def _functions(shard: Shard) -> pl.LazyFrame:
    """client_id and the managers_... columns; a person counts once in each function."""
    finance = pl.when(pl.col("relation") == "finance_head_of").then(pl.lit("finance"))
    rows = _tied(shard, *events.KEY_POSTS).with_columns(function=pl.coalesce("function", finance))
    person, function = pl.col("person"), pl.col("function")
    return (
        rows.filter(function.is_not_null())
        .group_by("client_id")
        .agg(
            person.n_unique().cast(pl.Int64).alias("managers_known"),
            *(
                person.filter(function == name).n_unique().cast(pl.Int64).alias(f"managers_{name}")
                for name in FUNCTIONS
            ),
        )
    )


def _met(shard: Shard, rulers: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, other_deciders_met_365."""
    as_of, on = shard.night.as_of, pl.col("started_at").dt.date()
    held = shard.table("interactions").filter(
        pl.col("status") == "done",
        pl.col("recorded_at").dt.date() <= as_of,
        on.is_between(as_of - timedelta(days=YEAR), as_of),
    )
    people = pl.concat(
        [
            held.select("client_id", person="contact_id"),
            held.select("client_id", person="other_contacts").explode("person"),
        ]
    )
    deciders = _tied(shard).filter(pl.col("decision_role") == "decision_maker")
    return (
        people.drop_nulls("person")
        .join(deciders, on=["client_id", "person"], how="semi")
        .join(rulers, on=["client_id", "person"], how="anti")
        .group_by("client_id")
        .agg(other_deciders_met_365=pl.col("person").n_unique().cast(pl.Int64))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL, null where a table (or kind) it is made from is not connected.

    Without a sole ruler every decision maker met counts.
    """
    linked = shard.connected("party_links")
    rulers = _ruler(shard)
    parts = [
        shard.per_client(_lawsuits(shard), *(("events", "registry") if linked else ("party_links", None))),
        _ruled(shard, rulers),
        shard.per_client(_functions(shard), "party_links"),
        shard.per_client(_met(shard, rulers), "interactions" if linked else "party_links"),
    ]
    frame = shard.ids()
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    return frame.sort("client_id")
