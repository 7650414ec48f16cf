"""Who the client is, and who looks after it."""

import polars as pl

from transforms.columns import DAY, FLAG, TEXT, many
from transforms.night import Night

ASSESSED = ("active", "dormant")


PANEL = [
    *many(
        "parties",
        (None, None),
        (),
        ("name", TEXT, "name"),
        ("industry_code", TEXT, "GB/T 4754 code"),
        ("industry_section", TEXT, "GB/T 4754 section"),
        ("region_code", TEXT, "GB/T 2260 code"),
        ("size_class", TEXT, "size class"),
    ),
    *many(
        "clients",
        (None, None),
        (),
        ("confidential", FLAG, "name masked in reports"),
        ("client_kind", TEXT, "enterprise, institution, financial"),
        ("status", TEXT, "active or dormant"),
        ("tier", TEXT, "the bank's own grade"),
        ("branch_id", TEXT, "branch"),
        ("relationship_start", DAY, "first account or loan"),
        ("reporting_freq", TEXT, "statements owed"),
        ("group_id", TEXT, "group"),
    ),
    *many(
        "assignments",
        (None, None),
        (),
        ("rm_id", TEXT, "main RM"),
        ("rm_name", TEXT, "main RM's name"),
        ("rm_since", DAY, "main RM since"),
    ),
]


def measure(
    night: Night,
    clients: pl.LazyFrame,
    parties: pl.LazyFrame,
    staff: pl.LazyFrame | None,
    assignments: pl.LazyFrame | None,
) -> pl.LazyFrame:
    """One row per active or dormant client: master data and the main RM in force at T (docs/frames.md, `identity`).

    `rm_id`, `rm_name` and `rm_since` are null for a client without a main assignment, or without the tables.
    """
    party = parties.select(
        "party_id",
        "name",
        "industry_code",
        "region_code",
        "size_class",
        industry_section=pl.col("industry_code").str.head(1),
    )
    return (
        clients.filter(pl.col("status").is_in(ASSESSED))
        .join(party, left_on="client_id", right_on="party_id", how="left")
        .join(_main_rm(night, staff, assignments), on="client_id", how="left")
        .select(
            "client_id", "name", "confidential", "client_kind", "industry_code", "industry_section", "region_code",
            "size_class", "status", "tier", "branch_id", "rm_id", "rm_name", "rm_since", "relationship_start",
            "reporting_freq", "group_id",
        )
        .sort("client_id")
    )  # fmt: skip


def _main_rm(night: Night, staff: pl.LazyFrame | None, assignments: pl.LazyFrame | None) -> pl.LazyFrame:
    """client_id, rm_id, rm_name, rm_since: the main assignment in force, the latest start when two overlap."""
    if assignments is None:
        schema = {"client_id": pl.String, "rm_id": pl.String, "rm_name": pl.String, "rm_since": pl.Date}
        return pl.LazyFrame(schema=schema)
    names = (
        pl.LazyFrame(schema={"rm_id": pl.String, "rm_name": pl.String})
        if staff is None
        else staff.select(rm_id="staff_id", rm_name="name")
    )
    in_force = (pl.col("start_on") <= night.as_of) & (pl.col("end_on").is_null() | (pl.col("end_on") > night.as_of))
    return (
        assignments.filter(pl.col("role") == "main", in_force)
        .group_by("client_id")
        .agg(
            rm_since=pl.col("start_on").max(),
            rm_id=pl.col("staff_id").sort_by("start_on", "staff_id").last(),
        )
        .join(names, on="rm_id", how="left")
    )
