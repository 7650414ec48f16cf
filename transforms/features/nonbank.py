"""Borrowing outside banks: what lenders report, and what non-bank lenders paid in.

Rule MGT-45 and its reading, G5, G8, S1. Total debt is our loans on the balance sheet, the other banks' and the non-banks' as
the credit bureau reports them. A year ago is the report that was in force twelve months before T.
"""

from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import EXACT, total, within
from transforms.columns import DAY, FLAG, KEYS, TEXT, C, M, R, many
from transforms.features.own_transfers import transaction_key
from transforms.features.transactions import over_days
from transforms.night import months_before
from transforms.party_kinds import LENDERS, with_kind
from transforms.shard import Shard

READS = ("parties", "bureau_reports")
DAYS, YEAR = 90, 365  # a flow of 90 days covers exactly these, T the last (reading G5)
REPORT_DAYS = 95  # an older report says nothing about the day (reading G8)
MOST_KEYS = 20

PANEL = [
    *many(
        "bureau_reports",
        ("lenders_report_year_ago_on", "lenders_report_on"),
        ("lenders_report_key", "lenders_report_year_ago_key"),
        ("lenders_report_on", DAY, "day of the report in force"),
        ("lenders_report_year_ago_on", DAY, "day of the one in force twelve months before"),
        ("lenders_report_key", TEXT, "the report"),
        ("lenders_report_year_ago_key", TEXT, "the one twelve months before"),
        ("nonbank_debt", M, "debt to non-bank lenders"),
        ("nonbank_debt_year_ago", M, "twelve months before"),
        ("other_banks_debt", M, "debt to other banks"),
        ("other_banks_debt_year_ago", M, "twelve months before"),
        ("nonbank_debt_share", R, "non-bank lenders' share of all debt"),
        ("nonbank_debt_share_year_ago", R, "twelve months before"),
    ),
    *many(
        "transactions",
        ("turnover_90_from", "as_of"),
        ("nonbank_in_keys",),
        ("nonbank_in_count_90", C, "payments from non-bank lenders in 90 days"),
        ("nonbank_in_90", M, "their sum"),
        ("nonbank_in_first_on", DAY, "the first of them"),
        ("nonbank_in_anew", FLAG, "none came in the twelve months before that one"),
        ("nonbank_in_keys", KEYS, "their rows, newest first"),
    ),
]


def reports(shard: Shard, at: date, suffix: str = "") -> pl.LazyFrame:
    """client_id, nonbank_debt, other_banks_debt, lenders_report_on, _key (all with `suffix`): the report in force at `at`.

    The newest of the 95 days before; a client without one has no row.
    """
    since_day = at - timedelta(days=REPORT_DAYS)
    stem = f"lenders_report{suffix}"
    return (
        shard.table("bureau_reports")
        .filter(pl.col("report_on").is_between(pl.lit(since_day), pl.lit(at)))
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .filter(pl.col("report_on") == pl.col("report_on").max().over("client_id"))
        .unique("client_id")  # one a day: the same report twice is one
        .select(
            "client_id",
            pl.col("nonbank_balance").alias(f"nonbank_debt{suffix}"),
            pl.col("other_bank_balance").alias(f"other_banks_debt{suffix}"),
            pl.col("report_on").alias(f"{stem}_on"),
            pl.format("bureau_reports:{}|{}", "client_id", "report_on").alias(f"{stem}_key"),
        )
    )


def _reported(shard: Shard) -> pl.LazyFrame:
    """client_id and the columns of bureau_reports."""
    as_of = shard.night.as_of
    now, ago = reports(shard, as_of), reports(shard, months_before(as_of, 12), "_year_ago")
    ours = {"": "outstanding_on_balance", "_year_ago": "balance_out_year_ago"}
    shares = []
    for suffix, own in ours.items():
        nonbank = pl.col(f"nonbank_debt{suffix}")
        debt = nonbank + pl.col(f"other_banks_debt{suffix}") + pl.col(own)
        # Without any debt there is no share of it.
        share = pl.when(debt > 0).then(nonbank / debt).when(debt == 0).then(0.0).round(EXACT)
        shares.append(share.alias(f"nonbank_debt_share{suffix}"))
    return (
        shard.done["credit"]
        .select("client_id", *ours.values())
        .join(now, on="client_id", how="left")
        .join(ago, on="client_id", how="left")
        .with_columns(shares)
        .drop(ours.values())
    )


def _received(shard: Shard) -> pl.LazyFrame:
    """client_id, nonbank_in_count_90, _90, _first_on, _anew, _keys of clients that a non-bank lender paid in 90 days."""
    as_of = shard.night.as_of
    paid = with_kind(
        shard.monthly["recent"].filter(pl.col("direction") == "in", ~pl.col("own")), shard.table("parties")
    ).filter(pl.col("counterparty_kind").is_in(LENDERS))
    new = (
        paid.filter(within("booked_on", as_of, DAYS - 1))
        .with_columns(key=transaction_key())
        .sort(["client_id", "booked_on", "account_id", "txn_id"], descending=[False, True, False, False])
        .group_by("client_id", maintain_order=True)
        .agg(
            nonbank_in_count_90=pl.len().cast(pl.Int64),
            nonbank_in_90=total(pl.col("amount")),
            nonbank_in_first_on=pl.col("booked_on").min(),
            nonbank_in_keys=pl.col("key").head(MOST_KEYS),
        )
    )
    year_before = pl.col("nonbank_in_first_on") - pl.duration(days=YEAR)
    earlier = (
        paid.join(new.select("client_id", "nonbank_in_first_on"), on="client_id")
        .filter(pl.col("booked_on") < pl.col("nonbank_in_first_on"), pl.col("booked_on") >= year_before)
        .select("client_id", before=pl.lit(True))
        .unique()
    )
    begun = shard.monthly["months"].group_by("client_id").agg(begun_on=pl.col("first_on").min())
    return (
        new.join(earlier, on="client_id", how="left")
        .join(begun, on="client_id", how="left")
        .with_columns(nonbank_in_anew=pl.when("before").then(False).when(pl.col("begun_on") <= year_before).then(True))
        .drop("before", "begun_on")
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Payments are settled, of any category, and never from the client itself.

    Null without a report in force, or with a history shorter than 90 days; 0 and false where no lender paid. Whether the first
    payment is the first of twelve months is unknown when history does not reach so far back.
    """
    return (
        _reported(shard)
        .join(over_days(shard, DAYS - 1, _received(shard)), on="client_id", how="left")
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )
