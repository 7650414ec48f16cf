"""Dunning notices nobody acknowledged, and word that the client's plan leaves a repayment out (MOR-05).

Readings MOR-05, S2 and G12: no window is printed, so the notices of 365 days count. A notice is ignored when no receipt came back and 15 days are over; one that is younger and still unanswered is not judged
yet, so it neither lengthens nor breaks the run. The run ends at the newest judged notice. Reminders of a coming maturity
are no dunning.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.columns import DAY, FLAG, KEYS, C, many
from transforms.shard import Shard

READS = ("events",)
YEAR, RECEIPT_DAYS = 365, 15
PLAN_VALID_DAYS = 180  # a notice on the plan counts as the RM's answer, and that holds so long (section 3)
_ORDER = ("happened_on", "event_id")
PANEL = [
    *many(
        "events",
        ("dunning_ignored_since", "as_of"),
        ("dunning_keys",),
        ("dunning_ignored", C, "dunning notices ignored in a row, up to the newest"),
        ("dunning_ignored_since", DAY, "the first of them was sent"),
        ("dunning_keys", KEYS, "the notices"),
    ),
    *many(
        "events",
        (None, "as_of"),
        ("plan_omits_keys",),
        ("plan_omits_repayment", FLAG, "the client told us of a plan without a repayment due in it"),
        ("plan_omits_keys", KEYS, "its notice"),
    ),
]


def _run(shard: Shard) -> pl.LazyFrame:
    """client_id and the dunning columns of PANEL."""
    as_of = shard.night.as_of
    judged = (
        events.of_clients(shard, events.known(shard, "dunning", YEAR))
        .filter(pl.col("subtype") != "maturity_notice")
        .with_columns(receipted=(pl.col("ends_on") <= as_of).fill_null(value=False))
        .filter(pl.col("receipted") | (pl.col("happened_on") <= events.days_ago(shard, RECEIPT_DAYS)))
        .sort("client_id", *_ORDER)
    )
    # Notices after the last one with a receipt: newest first, no receipt has been counted yet.
    answered = pl.col("receipted").cast(pl.Int64).reverse().cum_sum().reverse()
    ignored = answered == 0
    return judged.group_by("client_id", maintain_order=True).agg(
        dunning_ignored=ignored.sum().cast(pl.Int64),
        dunning_ignored_since=pl.col("happened_on").filter(ignored).first(),
        dunning_keys=pl.col("key").filter(ignored).sort(),
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL."""
    told = events.of_clients(shard, events.known(shard, "client_notice")).filter(
        pl.col("subtype") == "funding_plan_omits_repayment", within("happened_on", shard.night.as_of, PLAN_VALID_DAYS)
    )
    plans = told.group_by("client_id").agg(
        plan_omits_repayment=pl.lit(value=True), plan_omits_keys=pl.col("key").sort()
    )
    return (
        shard.per_client(_run(shard), "events", "dunning")
        .join(shard.per_client(plans, "events", "client_notice"), on="client_id")
        .sort("client_id")
    )
