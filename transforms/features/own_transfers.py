"""Money the client sends to its own accounts at other banks, and which of those accounts are new.

Rule MGT-46 and its reading, S1, S2, S6, G5. A destination is the account where the transfer names one, else the bank; it is
seen on the first day of any transfer from or to it, over the whole history.
"""

import polars as pl

from transforms.arithmetic import total, within
from transforms.columns import DAY, KEYS, C, M, many
from transforms.features.transactions import days, over_days
from transforms.night import Night
from transforms.shard import Shard

READS = ()
DAYS = 90  # exactly, T the last of them (reading G5)
MOST_KEYS = 20

PANEL = [
    *many(
        "transactions",
        ("turnover_90_from", "as_of"),
        ("own_new_keys",),
        ("own_new_count_90", C, "transfers to own new accounts elsewhere in 90 days"),
        ("own_new_amount_90", M, "their sum"),
        ("own_new_first_on", DAY, "the first of them"),
        ("own_new_keys", KEYS, "their rows, newest first"),
        ("own_out_90", M, "all transfers to own accounts elsewhere in 90 days"),
        ("outflow_with_own_90", M, "outflow of 90 days and those transfers"),
    ),
]


def ours(night: Night, bank: str) -> pl.Expr:
    """Whether a bank code is one of our own; a blank one is (readings S6)."""
    return pl.any_horizontal(pl.col(bank).is_null(), *(pl.col(bank).str.starts_with(code) for code in night.own_banks))


def elsewhere(shard: Shard) -> pl.LazyFrame:
    """The recent rows with `outside`: a transfer between the client's own accounts, the other one at another bank."""
    accounts = shard.table("accounts").select(counterparty_account="account_id", owner="client_id")
    here = ours(shard.night, "counterparty_bank") | (pl.col("owner") == pl.col("client_id")).fill_null(False)
    return (
        shard.monthly["recent"]
        .join(accounts, on="counterparty_account", how="left")
        .with_columns(outside=pl.col("own") & ~here)
        .drop("owner")
    )


def transaction_key() -> pl.Expr:
    """Source key of a transaction."""
    return pl.format("transactions:{}|{}|{}", "account_id", pl.col("booked_on").dt.to_string("%Y-%m-%d"), "txn_id")


def _destination(bank: str, account: str) -> pl.Expr:
    return pl.coalesce(pl.format("account:{}", account), pl.format("bank:{}", bank))


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Null when the client's history is shorter than 90 days, 0 where nothing was sent.

    A transfer is to a new account when its destination was first seen less than 90 days ago.
    """
    as_of = shard.night.as_of
    first = (
        shard.monthly["own_transfers"]
        .filter(ours(shard.night, "bank").not_())
        .group_by("client_id", destination=_destination("bank", "account"))
        .agg(seen_on=pl.col("first_on").min())
    )
    sent = (
        elsewhere(shard)
        .filter("outside", pl.col("direction") == "out", within("booked_on", as_of, DAYS - 1))
        .with_columns(destination=_destination("counterparty_bank", "counterparty_account"), key=transaction_key())
        .join(first, on=["client_id", "destination"], how="left")
        .with_columns(new=pl.col("seen_on") > pl.lit(as_of) - pl.duration(days=DAYS))
        .sort(["client_id", "booked_on", "account_id", "txn_id"], descending=[False, True, False, False])
        .group_by("client_id", maintain_order=True)
        .agg(
            own_new_count_90=pl.col("new").sum().cast(pl.Int64),
            own_new_amount_90=total(pl.col("amount").filter("new")),
            own_new_first_on=pl.col("booked_on").filter("new").min(),
            own_new_keys=pl.col("key").filter("new").head(MOST_KEYS),
            own_out_90=total(pl.col("amount")),
        )
    )
    return (
        over_days(shard, DAYS - 1, sent)
        .join(days(shard, DAYS).select("client_id", "opout"), on="client_id", how="left")
        .with_columns(outflow_with_own_90=pl.col("opout") + pl.col("own_out_90"))
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )
