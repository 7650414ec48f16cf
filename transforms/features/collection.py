"""How the legal representative and the finance head meet the bank: refusals, evasion, silence, broken promises to pay.

Rule MOR-04; readings MOR-04, G21, S2. From interactions (those held and recorded by T, for collection or else), party_links
(who holds the two offices at T; a deputy counts with the officer) and undertakings (promises to pay).

- Every person met counts: contact_id and other_contacts.
- Somebody is unreachable since the first of the unanswered attempts after the last contact that reached them.
- A promise is broken while it is open more than 5 days past its due day, due in the last 90 days.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.columns import KEYS, C, D, many
from transforms.shard import Shard

READS = ("interactions", "party_links", "undertakings")
CONTACTS = 5
UNWILLING = ("refused", "evaded", "hostile", "unreachable")
QUARTER, PROMISE_GRACE_DAYS = 90, 5
OFFICES = {"legal_rep_of": "legal_rep", "finance_head_of": "finance_head"}
_ORDER = ("started_at", "interaction_id")
PANEL = [
    *many(
        "interactions",
        (None, "as_of"),
        ("debtor_contact_keys",),
        ("debtor_contacts", C, "contacts with legal representative or finance head, the last five at most"),
        ("debtor_unwilling", C, "of them refused, evaded, hostile or unreachable"),
        ("debtor_contact_keys", KEYS, "those contacts"),
        ("legal_rep_unreachable_days", D, "days the legal representative has been unreachable"),
        ("finance_head_unreachable_days", D, "days the finance head has been unreachable"),
    ),
    *many(
        "undertakings",
        ("ninety_days_ago", "as_of"),
        ("promises_broken_keys",),
        ("promises_broken_90", C, "promises to pay broken in 90 days"),
        ("promises_broken_keys", KEYS, "those promises"),
    ),
]


def _met(shard: Shard) -> pl.LazyFrame:
    """client_id, office, on, outcome, key and the order: one row per contact held with one of the two offices."""
    as_of, day = shard.night.as_of, pl.col("started_at").dt.date()
    officers = events.links(shard, *OFFICES).select(
        person="from_id", client_id="to_id", office=pl.col("relation").replace_strict(OFFICES)
    )
    others = pl.col("other_contacts").fill_null(pl.lit([], pl.List(pl.String)))
    return (
        shard.table("interactions")
        .filter(pl.col("status") == "done", day <= as_of, pl.col("recorded_at").dt.date() <= as_of)
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .with_columns(person=pl.concat_list(pl.concat_list("contact_id").list.drop_nulls(), others))
        .explode("person", empty_as_null=False, keep_nulls=False)
        .join(officers, on=["client_id", "person"])
        .select("client_id", "office", *_ORDER, "outcome", on=day, key=pl.format("interactions:{}", "interaction_id"))
        .unique()
    )


def _attitude(met: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, debtor_contacts, debtor_unwilling, debtor_contact_keys of the last contacts."""
    last = (
        met.drop("office")
        .unique()
        .sort("client_id", *_ORDER, descending=[False, True, True])
        .group_by("client_id", maintain_order=True)
        .head(CONTACTS)
    )
    unwilling = pl.col("outcome").is_in(UNWILLING).fill_null(value=False)
    return last.group_by("client_id").agg(
        debtor_contacts=pl.len().cast(pl.Int64),
        debtor_unwilling=unwilling.sum().cast(pl.Int64),
        debtor_contact_keys=pl.col("key").sort(),
    )


def _silence(shard: Shard, met: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, legal_rep_unreachable_days, finance_head_unreachable_days: 0 when the last contact reached them."""
    silent = (pl.col("outcome") == "unreachable").fill_null(value=False)
    days = (shard.night.as_of - pl.col("since")).dt.total_days().fill_null(0)
    streaks = (
        met.with_columns(silent=silent)
        .with_columns(reached=pl.col("started_at").filter(~pl.col("silent")).max().over("client_id", "office"))
        .group_by("client_id", "office")
        .agg(
            since=pl.col("on")
            .filter(pl.col("silent") & ((pl.col("started_at") > pl.col("reached")) | pl.col("reached").is_null()))
            .min()
        )
        .with_columns(days=days)
    )
    return streaks.group_by("client_id").agg(
        pl.col("days").filter(pl.col("office") == office).first().alias(f"{office}_unreachable_days")
        for office in OFFICES.values()
    )


def _broken(shard: Shard) -> pl.LazyFrame:
    """client_id, promises_broken_90, promises_broken_keys."""
    as_of = shard.night.as_of
    later = (pl.col("done_on") > as_of).fill_null(value=False)
    return (
        shard.table("undertakings")
        .filter(
            pl.col("kind") == "payment_promise",
            pl.col("made_on") <= as_of,
            within("due_on", as_of, QUARTER),
            pl.col("due_on") < events.days_ago(shard, PROMISE_GRACE_DAYS),
            (pl.col("outcome") == "open") | later,
        )
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .group_by("client_id")
        .agg(
            promises_broken_90=pl.len().cast(pl.Int64),
            promises_broken_keys=pl.format("undertakings:{}", "undertaking_id").sort(),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Nobody of the two was ever met: the columns of interactions are null."""
    met = _met(shard)
    return (
        shard.ids()
        .join(_attitude(met), on="client_id", how="left")
        .join(_silence(shard, met), on="client_id", how="left")
        .join(shard.per_client(_broken(shard), "undertakings", "payment_promise"), on="client_id")
        .sort("client_id")
    )
