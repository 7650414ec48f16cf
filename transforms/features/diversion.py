"""Money that left for investments and projects while the loan was not served (MOR-06; readings MOR-06, G21, S1, S5).

Outflow in the categories of diversion from 30 days before the first overdue day to T, of the settled rows kept one by one
(15 months): of older arrears, what those rows cover. Group parties are those tied to the client at T (events.group_ties).
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import total
from transforms.columns import DAY, KEYS, M, many
from transforms.features.transactions import RECENT_MONTHS
from transforms.shard import Shard

READS = ("transactions", "accounts", "party_links")
LEAD_DAYS = 30
DIVERTED = ("equity_investment", "project", "securities", "related_loan")
MOST_KEYS = 20
PANEL = [
    *many(
        "transactions",
        ("diverted_from", "as_of"),
        ("diverted_keys",),
        (
            "diverted",
            M,
            "outflow for investments, projects, securities, related loans since 30 days before the arrears",
        ),
        ("diverted_from", DAY, "the first day of that time"),
        ("diverted_keys", KEYS, "the largest of those payments"),
    ),
    *many(
        "party_links",
        ("diverted_from", "as_of"),
        ("diverted_keys",),
        ("diverted_group", M, "of it to parties of the client's group"),
    ),
]


def covered(shard: Shard, since: pl.LazyFrame, day: str) -> pl.LazyFrame:
    """`since` (client_id and `day`) with `covered`: whether the client's transactions began by that day (reading S1).

    A day before the settled rows kept one by one is judged by what they cover; null where there is no day.
    """
    kept_from = pl.lit(shard.night.month(RECENT_MONTHS - 1))
    begun = shard.monthly["months"].group_by("client_id").agg(first_on=pl.col("first_on").min())
    asked = pl.when(pl.col(day).is_not_null()).then(pl.max_horizontal(day, kept_from))
    return (
        since.join(begun, on="client_id", how="left").with_columns(covered=pl.col("first_on") <= asked).drop("first_on")
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null without arrears, and where the client's history begins later than the time asked."""
    since = shard.done["arrears"].select(
        "client_id", diverted_from=pl.col("first_overdue_on") - timedelta(days=LEAD_DAYS)
    )
    theirs = events.group_ties(shard).select(client_id="left", counterparty_id="right", in_group=pl.lit(value=True))
    day = pl.col("booked_on").dt.to_string("%Y-%m-%d")
    paid = (
        shard.monthly["recent"]
        .filter(pl.col("direction") == "out", pl.col("counted"), pl.col("category").is_in(DIVERTED))
        .join(since, on="client_id")
        .filter(pl.col("booked_on") >= pl.col("diverted_from"))
        .join(theirs, on=["client_id", "counterparty_id"], how="left")
        .with_columns(
            to_group=pl.when(pl.col("in_group")).then("amount").otherwise(0),
            key=pl.format("transactions:{}|{}|{}", "account_id", day, "txn_id"),
        )
        .group_by("client_id")
        .agg(
            diverted=total(pl.col("amount")),
            diverted_group=total(pl.col("to_group")),
            diverted_keys=pl.col("key").sort_by("amount", "key", descending=[True, False]).head(MOST_KEYS).sort(),
            found=pl.lit(value=True),
        )
    )
    linked = pl.lit(shard.connected("party_links"))

    def spent(name: str) -> pl.Expr:
        return pl.when(pl.col("found")).then(name).otherwise(0)

    return (
        covered(shard, since, "diverted_from")
        .join(paid, on="client_id", how="left")
        .select(
            "client_id",
            "diverted_from",
            "diverted_keys",
            diverted=pl.when(pl.col("covered")).then(spent("diverted")),
            diverted_group=pl.when(pl.col("covered") & linked).then(spent("diverted_group")),
        )
        .sort("client_id")
    )
