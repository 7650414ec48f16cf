"""Covenants and conditions of the client's loans: what was not kept (MOR-03; readings G6, G13, S2, MOR-03).

From the table undertakings. A row is known from the day it was made; what was done after T is still open at T.

- A row counts as failed when it is more than 30 days past its due day and was not met or not evidenced.
- The share of those kept is taken over rows due in the last 12 months and at least 30 days ago; cancelled and waived ones were
  not due any more.
- A financial covenant is breached twice running when two consecutive due days of the same covenant, known by its title,
  were both not met; no window.
- A security condition is unmet while it is open, not met or not evidenced.
- A waiver is live when it covers a covenant or condition that is due and not kept, and ends on T or later.
"""

import polars as pl

from transforms.arithmetic import ratio
from transforms.columns import FLAG, KEYS, C, D, R, many
from transforms.night import months_before
from transforms.shard import Shard

READS = ("undertakings",)
GRACE_DAYS, YEAR = 30, 12
FAILED = ("not_met", "not_evidenced")
UNMET = ("open", *FAILED)
KEPT = ("met", "done")
NOT_DUE = ("cancelled", "waived")
_KINDS = ("covenant", "condition")
PANEL = [
    *many(
        "undertakings",
        (None, "as_of"),
        ("covenants_keys",),
        ("covenants_failed", C, "covenants and conditions over 30 days past due, not met or not evidenced"),
        ("covenants_waived", FLAG, "a live waiver covers one that is not kept"),
        ("covenants_keys", KEYS, "those not kept"),
    ),
    *many(
        "undertakings",
        ("year_ago", "as_of"),
        ("covenants_keys",),
        ("covenants_due", C, "covenants and conditions due in a year, 30 days ago or more"),
        ("covenants_kept_share", R, "share of them that were met"),
    ),
    *many(
        "undertakings",
        (None, "as_of"),
        ("covenants_keys",),
        ("covenant_breached_twice", FLAG, "a financial covenant was not met twice running"),
        ("security_unmet_days", D, "days the oldest unmet security condition is past due"),
    ),
]


def _due(shard: Shard) -> pl.LazyFrame:
    """The clients' covenants and conditions due by T, as they stood then, with `late` days past due."""
    as_of = shard.night.as_of
    later = (pl.col("done_on") > as_of).fill_null(value=False)
    return (
        shard.table("undertakings")
        .filter(pl.col("kind").is_in(_KINDS), pl.col("made_on") <= as_of, pl.col("due_on") <= as_of)
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .with_columns(
            outcome=pl.when(later).then(pl.lit("open")).otherwise("outcome"),
            late=(as_of - pl.col("due_on")).dt.total_days(),
            key=pl.format("undertakings:{}", "undertaking_id"),
        )
    )


def _counts(shard: Shard, due: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, covenants_failed, covenants_due, covenants_kept, covenants_waived, covenants_keys."""
    as_of, outcome = shard.night.as_of, pl.col("outcome")
    in_year = pl.col("due_on") >= months_before(as_of, YEAR)
    judged = in_year & (pl.col("late") >= GRACE_DAYS) & ~outcome.is_in(NOT_DUE)
    unmet = outcome.is_in(UNMET)
    return due.group_by("client_id").agg(
        covenants_failed=(outcome.is_in(FAILED) & (pl.col("late") > GRACE_DAYS)).sum().cast(pl.Int64),
        covenants_due=judged.sum().cast(pl.Int64),
        covenants_kept=(judged & outcome.is_in(KEPT)).sum().cast(pl.Int64),
        covenants_waived=(unmet & (pl.col("waived_until") >= as_of).fill_null(value=False)).any(),
        covenants_keys=pl.col("key").filter(unmet).sort(),
    )


def _twice(due: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, covenant_breached_twice: true for those that did it."""
    tested = (
        due.filter(
            pl.col("kind") == "covenant", pl.col("covenant_class") == "financial", ~pl.col("outcome").is_in(NOT_DUE)
        )
        .group_by("client_id", "title", "due_on")
        .agg(breached=(pl.col("outcome") == "not_met").any())
        .sort("client_id", "title", "due_on")
        .group_by("client_id", "title", maintain_order=True)
        .agg(twice=(pl.col("breached") & pl.col("breached").shift(1)).any())
    )
    return tested.group_by("client_id").agg(covenant_breached_twice=pl.col("twice").any())


def _security(due: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, security_unmet_days."""
    unmet = (
        (pl.col("kind") == "condition")
        & (pl.col("covenant_class") == "security").fill_null(value=False)
        & pl.col("outcome").is_in(UNMET)
    )
    return due.filter(unmet).group_by("client_id").agg(security_unmet_days=pl.col("late").max())


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Nothing unmet: 0 days; nothing due: no share.

    Of two kinds a bank may deliver one: the counts are of that one then, and what hangs on the other is null (reading G6).
    """
    due = _due(shard)
    delivered = next((kind for kind in _KINDS if shard.connected("undertakings", kind)), _KINDS[0])
    counted = shard.per_client(_counts(shard, due), "undertakings", delivered)
    return (
        counted.with_columns(covenants_kept_share=ratio(pl.col("covenants_kept"), pl.col("covenants_due")))
        .drop("covenants_kept")
        .join(shard.per_client(_twice(due), "undertakings", "covenant"), on="client_id")
        .join(shard.per_client(_security(due), "undertakings", "condition"), on="client_id")
        .sort("client_id")
    )
