"""How far a client feels what happens outside: loans at a floating rate, receipts from abroad, loans gone late.

Rules EXT-04 and EXT-05 with their readings; S1, S2, S5, S10. A loan without a state known at T has an unknown balance.
"""

from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import ratio, total
from transforms.columns import C, Column, M, R, many
from transforms.features.credit import ENDED
from transforms.night import month_start, months_before
from transforms.shard import Shard

READS = ("loans", "loan_status", "transactions")
FLOATING = ("floating_lpr", "floating_other")
LATE_DAYS = 30  # what makes a loan late (EXT-04)
MONTHS = 12

PANEL = [
    Column("floating_outstanding", "loan_status", M, "outstanding at a floating rate", (None, "as_of"), ("loan_keys",)),
    *many(
        "loan_status",
        ("year_ago", "as_of"),
        (),
        ("loans_with_balance", C, "loans with a balance"),
        ("loans_late_30", C, "of them 30 days or more past due"),
        ("loans_with_balance_year_ago", C, "loans with a balance a year ago"),
        ("loans_late_30_year_ago", C, "of them 30 days or more past due"),
    ),
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        ("cross_border_12", M, "receipts in another currency, twelve months"),
        ("cross_border_share_12", R, "their share of the inflow"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Without loans, and without receipts, everything is 0."""
    as_of = shard.night.as_of
    now, then = _loans(shard, as_of), _loans(shard, months_before(as_of, MONTHS))
    floating = pl.when(pl.col("rate_kind").is_in(FLOATING)).then("home").otherwise(0)
    counts = {"loans_with_balance": pl.col("outstanding") > 0, "loans_late_30": pl.col("late")}
    lent = [
        now.group_by("client_id").agg(floating_outstanding=total(floating)),
        now.group_by("client_id").agg(where.sum().cast(pl.Int64).alias(name) for name, where in counts.items()),
        then.group_by("client_id").agg(
            where.sum().cast(pl.Int64).alias(f"{name}_year_ago") for name, where in counts.items()
        ),
    ]
    result = _abroad(shard)
    for frame in lent:
        result = result.join(shard.per_client(frame, "loan_status"), on="client_id", how="left")
    return result.select("client_id", *(column.name for column in PANEL)).sort("client_id")


def _loans(shard: Shard, day: date) -> pl.LazyFrame:
    """Loans in force on a day: client_id, rate_kind, outstanding, home (the same, null in another currency), late."""
    states = (
        shard.table("loan_status")
        .filter(pl.col("as_of") <= day)
        .sort("as_of")
        .group_by("loan_id")
        .agg(pl.all().exclude("loan_id").last())
    )

    def late(kind: str) -> pl.Expr:
        since = pl.col(f"{kind}_overdue_since") <= day - timedelta(days=LATE_DAYS)
        return (pl.col(f"overdue_{kind}") > 0) & since.fill_null(False)

    at_home = (pl.col("currency") == shard.night.home_currency) | (pl.col("outstanding") == 0)
    return (
        shard.table("loans")
        .filter(pl.col("disbursed_on") <= day)
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .select("loan_id", "client_id", "rate_kind", "currency")
        .join(states, on="loan_id", how="left")
        .filter(pl.col("state").is_in(ENDED).fill_null(False).not_())
        .select(
            "client_id",
            "rate_kind",
            "outstanding",
            home=pl.when(at_home).then("outstanding"),
            late=(pl.col("outstanding") > 0) & (late("principal") | late("interest")),
        )
    )


def _abroad(shard: Shard) -> pl.LazyFrame:
    """client_id, cross_border_12, cross_border_share_12 over the last twelve full months; null when history is shorter.

    A receipt is foreign when it is in another currency than the home currency; one without a rate makes both unknown.
    """
    night = shard.night
    first, end = night.month(MONTHS - 1), month_start(night.last_full_month, -1)
    received = shard.monthly["recent"].filter(
        pl.col("counted"), pl.col("direction") == "in", pl.col("booked_on") >= first, pl.col("booked_on") < end
    )
    sums = received.group_by("client_id").agg(
        abroad=total(pl.when("foreign").then("amount").otherwise(0)), whole=total(pl.col("amount"))
    )
    history = shard.done["transactions"].select("client_id", "history_months")
    none = pl.col("history_months") >= MONTHS
    share = pl.when(pl.col("abroad") == 0).then(0.0).otherwise(ratio(pl.col("abroad"), pl.col("whole")))
    return (
        shard.ids()
        .join(history, on="client_id", how="left")
        .join(sums.with_columns(moved=pl.lit(True)), on="client_id", how="left")
        .with_columns(
            pl.when(none & pl.col("moved").is_null()).then(0).when(none).then(name).alias(name)
            for name in ("abroad", "whole")
        )
        .select("client_id", cross_border_12="abroad", cross_border_share_12=share)
    )
