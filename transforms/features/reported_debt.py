"""What the client owed at its statement's date by our books and other lenders' reports (MOR-01(e); readings MOR-01, S2).

Our loans on the balance sheet that day, plus the balances of other banks and non-bank lenders in the bureau report nearest
to it, at most 95 days away; of two equally near the later.
"""

import polars as pl

from transforms.columns import DAY, KEYS, M, many
from transforms.features import credit
from transforms.shard import Shard

READS = ("bureau_reports", "loans", "loan_status")
NEAR_DAYS = 95
PANEL = [
    *many(
        "bureau_reports",
        ("bureau_debt_on", "statement_period_end"),
        ("bureau_debt_keys",),
        ("bureau_debt", M, "debt of all lenders at the statement's date"),
        ("bureau_debt_on", DAY, "the report it is taken from"),
        ("bureau_debt_keys", KEYS, "that report"),
    ),
]


def _own(shard: Shard, dated: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, own: loans in force and on the balance sheet at each client's statement date."""
    states = shard.table("loan_status").sort("as_of")
    at_home = (pl.col("currency") == shard.night.home_currency) | (pl.col("outstanding") == 0)
    held = (
        shard.table("loans")
        .filter("on_balance")
        .join(dated, on="client_id")
        .filter(pl.col("disbursed_on") <= pl.col("day"))
        .select("client_id", "loan_id", "currency", "day")
        .sort("day")
        .join_asof(
            states.select("loan_id", "as_of", "state", "outstanding"),
            left_on="day",
            right_on="as_of",
            by="loan_id",
            check_sortedness=False,  # both sides are sorted above; polars cannot see it by group
        )
        .filter(pl.col("state").is_in(credit.ENDED).fill_null(value=False).not_())
        .with_columns(owed=pl.when(at_home).then("outstanding"))
    )
    owed = pl.when(pl.col("owed").null_count() == 0).then(pl.col("owed").sum())
    return held.group_by("client_id").agg(own=owed, borrows=pl.lit(value=True))


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null without a statement or a report near its date."""
    as_of = shard.night.as_of
    filed = shard.done["statements"].filter(~pl.col("statement_stale"))
    dated = filed.select("client_id", day="statement_period_end").drop_nulls()
    report = pl.col("report_on")
    reports = (
        shard.table("bureau_reports")
        .filter(report <= as_of)
        .join(dated, on="client_id")
        .with_columns(distance=(report - pl.col("day")).dt.total_days().abs())
        .filter(pl.col("distance") <= NEAR_DAYS)
        .sort("client_id", "distance", "report_on", descending=[False, False, True])
        .group_by("client_id", maintain_order=True)
        .first()
        .join(_own(shard, dated), on="client_id", how="left")
        .select(
            "client_id",
            bureau_debt=pl.when(pl.col("borrows")).then("own").otherwise(0)
            + pl.col("other_bank_balance")
            + pl.col("nonbank_balance"),
            bureau_debt_on=report,
            bureau_debt_keys=pl.concat_list(pl.format("bureau_reports:{}|{}", "client_id", "report_on")),
        )
    )
    return shard.ids().join(reports, on="client_id", how="left").sort("client_id")
