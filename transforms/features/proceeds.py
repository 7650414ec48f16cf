"""Where the money of a new loan went: first in, first out on the account it was paid into.

Rule ADD-06 and its readings, S1, S2, S6, G21. For each loan disbursed in the last 365 days, the payments of the 30 days from its
disbursement on leave the account oldest money first: what stood there the evening before, then the proceeds, then what came in
later. The part of a payment that is proceeds is where its stretch of the running total overlaps theirs: cumulative sums, and
no queue is kept. An overdraft on the evening before swallows its part of the proceeds.

- Payments are settled rows in the order of booked_on and txn_id; repayments of our own loans are left out of the queue.
- Several loans paid in on one day stand in the queue by loan_id.
- An item without an entry account (a guarantee, an acceptance, money paid straight to a supplier) has no trail here.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import polars as pl

from transforms.arithmetic import EXACT, total, within
from transforms.columns import DAY, KEYS, TEXT, C, M, R, many
from transforms.events import group_ties
from transforms.features.own_transfers import elsewhere
from transforms.features.transactions import LOAN_TYPES
from transforms.shard import Shard

READS = ("loans", "balances", "accounts", "party_links")
LOAN_DAYS, TRACE_DAYS = 365, 30
_GENERAL = (
    *("raw_material", "utility", "rent", "logistics", "payroll", "tax", "social_insurance", "refund", "interest"),
    *("travel_entertainment", "conference_hotel", "sales"),
)
# Purpose of the loan → categories of payments within it; a purpose not here is never violated.
WITHIN_PURPOSE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "working_capital": _GENERAL,
        "raw_material": ("raw_material", "logistics"),
        "equipment": ("equipment", "logistics"),
        "construction": ("project", "equipment", "raw_material", "decoration", "payroll", "logistics"),
        "trade": ("raw_material", "logistics", "tax", "sales"),
        "refinancing": ("loan", "interest"),
    }
)
NOT_JUDGED = ("other",)  # with a blank category: nobody knows what the payment was for
DIVERTED = ("securities", "real_estate")

PANEL = [
    *many(
        "loans",
        ("year_ago", "as_of"),
        (),
        ("loans_traced", C, "loans of 365 days whose proceeds could be followed"),
        ("loans_untraced", C, "loans of 365 days on balance whose proceeds could not be followed"),
    ),
    *(
        column
        for name, text in (("outside", "outside the loan's purpose"), ("diverted", "into securities, property, the group"))
        for column in many(
            "transactions",
            (f"proceeds_{name}_from", "as_of"),
            (f"proceeds_{name}_keys",),
            (f"proceeds_{name}_share", R, f"share of a loan that went {text}, the loan where it is highest"),
            (f"proceeds_{name}_amount", M, "that amount"),
            (f"proceeds_{name}_loan", TEXT, "that loan"),
            (f"proceeds_{name}_from", DAY, "its disbursement"),
            (f"proceeds_{name}_principal", M, "its amount"),
            (f"proceeds_{name}_keys", KEYS, "the loan"),
        )
    ),
]  # fmt: skip


def _loans(shard: Shard) -> pl.LazyFrame:
    """Loans on balance disbursed in the last 365 days: loan_id, client_id, purpose, amount, account_id, disbursed_on.

    `amount` is null in a foreign currency.
    """
    night = shard.night
    return (
        shard.table("loans")
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .filter(within("disbursed_on", night.as_of, LOAN_DAYS), "on_balance")
        .select(
            "loan_id",
            "client_id",
            "purpose",
            "disbursed_on",
            account_id="entry_account_id",
            amount=pl.when(pl.col("currency") == night.home_currency).then("principal"),
        )
    )


def _queued(shard: Shard, loans: pl.LazyFrame) -> pl.LazyFrame:
    """`loans` with `first` and `last`: between which running totals of outflow the proceeds leave; null when unknown.

    Before the proceeds stands what the account held the evening before, 0 on the day it was opened or earlier, and the loans
    paid in on the same day with a smaller id.
    """
    accounts = shard.table("accounts").select("account_id", "opened_on")
    evening = pl.col("disbursed_on").dt.offset_by("-1d")
    held = (
        loans.filter(pl.col("account_id").is_not_null())
        .join(accounts, on="account_id")
        .with_columns(evening=evening)
        .sort("evening")
        .join_asof(
            shard.table("balances").select("account_id", "date", "balance").sort("date"),
            left_on="evening",
            right_on="date",
            by="account_id",
            check_sortedness=False,
        )
        .sort("account_id", "disbursed_on", "loan_id")
    )
    day = ("account_id", "disbursed_on")
    ahead = pl.col("amount").cum_sum().over(day) - pl.col("amount")
    known = pl.col("amount").null_count().over(day) == 0
    opening = pl.coalesce("balance", pl.when(pl.col("opened_on") > pl.col("evening")).then(pl.lit(0, pl.Int64)))
    return (
        held.with_columns(first=pl.when(known).then(opening + ahead))
        .with_columns(last=pl.col("first") + pl.col("amount"))
        .drop("evening", "date", "balance", "opened_on")
    )


def _spent(shard: Shard, queued: pl.LazyFrame) -> pl.LazyFrame:
    """Each loan's payments with the part that is its proceeds: `queued` and part, category, diverted, inside."""
    related = group_ties(shard).select(client_id="left", counterparty_id="right", related=pl.lit(True))
    rows = (
        elsewhere(shard)
        .filter(pl.col("direction") == "out", ~pl.col("type").is_in(LOAN_TYPES))
        .join(queued, on="account_id", how="semi")
        .select("account_id", "booked_on", "txn_id", "counterparty_id", "category", "own", "outside", paid="amount")
    )
    stretch = (
        queued.join(rows, on="account_id")
        .filter(
            pl.col("booked_on").is_between(pl.col("disbursed_on"), pl.col("disbursed_on") + timedelta(days=TRACE_DAYS))
        )
        .sort("loan_id", "booked_on", "txn_id")
        .with_columns(
            until=pl.col("paid").cum_sum().over("loan_id"), blind=pl.col("paid").is_null().any().over("loan_id")
        )
    )
    begin, end = pl.max_horizontal(pl.col("until") - pl.col("paid"), "first"), pl.min_horizontal("until", "last")
    return (
        stretch.with_columns(part=pl.when(~pl.col("blind")).then((end - begin).clip(lower_bound=0)))
        .join(related, on=["client_id", "counterparty_id"], how="left")
        .with_columns(
            diverted=pl.col("outside")
            | pl.col("category").is_in(DIVERTED).fill_null(False)
            | (pl.col("related").fill_null(False) & ~pl.col("own")),
            inside=pl.col("own") & ~pl.col("outside"),
        )
    )


def _violates(spent: pl.LazyFrame, purposes: Mapping[str, tuple[str, ...]]) -> pl.LazyFrame:
    """The payments with `violates`: a known category that is not among those of the loan's purpose."""
    allowed = pl.LazyFrame(
        [(purpose, category) for purpose, categories in purposes.items() for category in categories],
        schema={"purpose": pl.String, "category": pl.String},
        orient="row",
    ).with_columns(allowed=pl.lit(True))
    judged = pl.col("category").is_not_null() & ~pl.col("category").is_in(NOT_JUDGED)
    return spent.join(allowed, on=["purpose", "category"], how="left").with_columns(
        violates=judged.fill_null(False)
        & pl.col("purpose").is_in(list(purposes))
        & pl.col("allowed").is_null()
        & ~pl.col("inside")
    )


def _worst(each: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """client_id and proceeds_<name>_...: the loan with the highest share."""
    value = pl.col(name)
    return (
        each.filter(value.is_not_null())
        .with_columns(share=(value / pl.col("amount")).round(EXACT))
        .sort(["client_id", "share", "loan_id"], descending=[False, True, False])
        .group_by("client_id", maintain_order=True)
        .first()
        .select(
            "client_id",
            pl.col("share").alias(f"proceeds_{name}_share"),
            value.alias(f"proceeds_{name}_amount"),
            pl.col("loan_id").alias(f"proceeds_{name}_loan"),
            pl.col("disbursed_on").alias(f"proceeds_{name}_from"),
            pl.col("amount").alias(f"proceeds_{name}_principal"),
            pl.concat_list(pl.format("loans:{}", "loan_id")).alias(f"proceeds_{name}_keys"),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Counts are 0 without a new loan; a share is 0 then too, and null when none could be traced."""
    loans = _loans(shard)
    queued = _queued(shard, loans)
    spent = _violates(_spent(shard, queued), shard.night.purposes or WITHIN_PURPOSE)
    went = spent.group_by("loan_id").agg(
        outside=total(pl.col("part").filter("violates")),
        diverted=total(pl.col("part").filter("diverted")),
        lost=pl.col("part").null_count() > 0,
    )
    traced = pl.col("first").is_not_null() & ~pl.col("lost").fill_null(False)
    each = (
        loans.join(queued.select("loan_id", "first"), on="loan_id", how="left")
        .join(went, on="loan_id", how="left")
        .with_columns(
            traced=traced,
            **{name: pl.when(traced).then(pl.col(name).fill_null(0)) for name in ("outside", "diverted")},
        )
    )
    counts = each.group_by("client_id").agg(
        loans_traced=pl.col("traced").sum().cast(pl.Int64), loans_untraced=(~pl.col("traced")).sum().cast(pl.Int64)
    )
    frame = shard.ids().join(counts, on="client_id", how="left")
    for name in ("outside", "diverted"):
        frame = frame.join(_worst(each, name), on="client_id", how="left")
    fresh = pl.col("loans_traced") + pl.col("loans_untraced") == 0
    return (
        frame.with_columns(pl.col("loans_traced", "loans_untraced").fill_null(0))
        .with_columns(
            pl.when(fresh).then(0.0).otherwise(f"proceeds_{name}_share").alias(f"proceeds_{name}_share")
            for name in ("outside", "diverted")
        )
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )
