"""Arrears taken apart: principal and interest, since when, and the first overdue day (MOR-06 to MOR-13; readings S10, S5).

Over the loans in force at T, on and off the balance sheet; days are those of the oldest loan, 0 on the first day.
"""

import polars as pl

from transforms.columns import DAY, D, M, many
from transforms.features import credit
from transforms.shard import Shard

READS = ("loans", "loan_status")
PANEL = [
    *many(
        "loan_status",
        ("first_overdue_on", "as_of"),
        ("overdue_keys",),
        ("first_overdue_on", DAY, "first day of the oldest arrears"),
        ("overdue_principal", M, "principal overdue"),
        ("overdue_interest", M, "interest overdue"),
        ("principal_overdue_days", D, "days the oldest principal has been overdue"),
        ("interest_overdue_days", D, "days the oldest interest has been overdue"),
    ),
]


def _part(kind: str) -> dict[str, pl.Expr]:
    """What is overdue of one kind and since when; null where an amount of one loan is unknown."""
    owed = pl.col(f"overdue_{kind}")
    since = pl.col(f"{kind}_overdue_since").filter(owed > 0)
    known = pl.col("loan_id").is_null().all() | (owed.null_count() == 0)
    return {
        f"overdue_{kind}": pl.when(known).then(owed.sum()),
        f"{kind}_since": pl.when(known & (since.null_count() == 0)).then(since.min()),
    }


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Nothing overdue: 0, 0 days and no first day."""
    as_of = shard.night.as_of
    loans = credit.book(shard.night, shard.table("loans"), shard.table("loan_status")).drop("at")
    parts = shard.ids().join(loans, on="client_id", how="left").group_by("client_id").agg(
        **_part("principal"), **_part("interest")
    )  # fmt: skip

    def days(kind: str) -> pl.Expr:
        late = (as_of - pl.col(f"{kind}_since")).dt.total_days()
        return pl.when(pl.col(f"overdue_{kind}") > 0).then(late).when(pl.col(f"overdue_{kind}") == 0).then(0)

    known = pl.col("overdue_principal").is_not_null() & pl.col("overdue_interest").is_not_null()
    return parts.select(
        "client_id",
        "overdue_principal",
        "overdue_interest",
        first_overdue_on=pl.when(known).then(pl.min_horizontal("principal_since", "interest_since")),
        principal_overdue_days=days("principal").cast(pl.Int64),
        interest_overdue_days=days("interest").cast(pl.Int64),
    ).sort("client_id")
