"""Sales declared for VAT over the statement's twelve months and the twelve before (MOR-01(c); readings MOR-01, S2).

From the client's monthly series vat_sales, each month's latest revision known at T. All twelve months or unknown.
"""

import polars as pl

from transforms.columns import KEYS, M, many
from transforms.shard import Shard

READS = ("series",)
YEAR = 12
MINOR = 100  # a series is in whole units of currency
PANEL = [
    *many(
        "series",
        ("flow_months_from", "flow_months_to"),
        ("vat_keys",),
        ("vat_stmt_12", M, "sales declared for VAT over the statement's twelve months"),
        ("vat_stmt_12_before", M, "and over the twelve months before those"),
        ("vat_keys", KEYS, "the declared months"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL."""
    declared = (
        shard.table("series")
        .filter(
            pl.col("subject_kind") == "client",
            pl.col("indicator") == "vat_sales",
            pl.col("published_on") <= shard.night.as_of,
        )
        .sort("subject_code", "period_end", "published_on")
        .group_by("subject_code", "period_end", maintain_order=True)
        .last()
        .select(
            client_id="subject_code",
            month=pl.col("period_end").dt.month_start(),
            sales=(pl.col("value") * MINOR).round().cast(pl.Int64),
            key=pl.format("series:client|{}|vat_sales|{}|{}", "subject_code", "period_end", "published_on"),
        )
    )
    first, last = pl.col("flow_months_from"), pl.col("flow_months_to")
    now = pl.col("month").is_between(first, last)
    before = pl.col("month").is_between(first.dt.offset_by("-12mo"), first.dt.offset_by("-1mo"))
    periods = shard.done["statements"].select("client_id", "flow_months_from", "flow_months_to")
    sums = (
        periods.join(declared, on="client_id")
        .with_columns(now=now, before=before)
        .filter(pl.col("now") | pl.col("before"))
        .group_by("client_id")
        .agg(
            vat_stmt_12=_whole(pl.col("now")),
            vat_stmt_12_before=_whole(pl.col("before")),
            vat_keys=pl.col("key").sort(),
        )
    )
    return shard.ids().join(sums, on="client_id", how="left").sort("client_id")


def _whole(where: pl.Expr) -> pl.Expr:
    """The sum of twelve months, unknown when one is missing."""
    return pl.when(pl.col("month").filter(where).n_unique() == YEAR).then(pl.col("sales").filter(where).sum())
