"""What the contact log says of the RM's manner: appointments moved without a word, faults pointed out (REL-04, REL-08).

Structured fields only, never a note's text. An appointment the bank moved, cancelled or missed is dated by the day it was
planned for, else the day it began, else the day it was recorded (readings S2, G5).
"""

import polars as pl

from transforms.arithmetic import within
from transforms.columns import KEYS, C, many
from transforms.features import contacts
from transforms.shard import Shard

READS = ("interactions",)
QUARTER, HALF = 90, 180
PANEL = [
    *many(
        "interactions",
        ("half_year_ago", "as_of"),
        ("moved_keys",),
        ("moved_90", C, "appointments the bank moved without notice or apology, 90 days"),
        ("moved_180", C, "the same, 180 days"),
        ("moved_keys", KEYS, "those of 180 days"),
    ),
    *many(
        "interactions",
        ("ninety_days_ago", "as_of"),
        ("criticism_keys",),
        ("criticisms_90", C, "contacts in which the RM pointed out the client's faults, 90 days"),
        ("criticism_keys", KEYS, "those contacts"),
    ),
]


def _moved(shard: Shard) -> pl.LazyFrame:
    """client_id, moved_90, moved_180, moved_keys."""
    as_of = shard.night.as_of
    recorded = pl.col("recorded_at").dt.date()
    return (
        shard.table("interactions")
        .filter(
            recorded <= as_of,
            pl.col("changed_by") == "bank",
            (pl.col("notice_given") == False) | (pl.col("apology_given") == False),  # noqa: E712  null = not said
        )
        .with_columns(on=pl.coalesce("planned_on", pl.col("started_at").dt.date(), recorded))
        .filter(within("on", as_of, HALF))
        .group_by("client_id")
        .agg(
            moved_90=within("on", as_of, QUARTER).sum().cast(pl.Int64),
            moved_180=pl.len().cast(pl.Int64),
            moved_keys=pl.format("interactions:{}", "interaction_id").sort(),
        )
    )


def _criticised(shard: Shard) -> pl.LazyFrame:
    """client_id, criticisms_90, criticism_keys."""
    return (
        contacts.done(shard.night, shard.table("interactions"))
        .filter(pl.col("criticism"), within("on", shard.night.as_of, QUARTER))
        .group_by("client_id")
        .agg(
            criticisms_90=pl.len().cast(pl.Int64), criticism_keys=pl.format("interactions:{}", "interaction_id").sort()
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL."""
    return (
        shard.per_client(_moved(shard), "interactions")
        .join(shard.per_client(_criticised(shard), "interactions"), on="client_id")
        .sort("client_id")
    )
