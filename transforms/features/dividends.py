"""Dividends paid, declared or resolved while the loan was not served (MOR-07; readings MOR-07, G12, G15, S3).

- Paid from the account: settled outgoing rows of category dividend from the first overdue day on, of the rows kept one by
  one (15 months).
- By the statements: what the year-to-date figure grew by in every filing whose time overlaps the arrears, from the filing
  before the first overdue day on; in a new year the figure itself. Scope of the newest statement. The combined cash-flow
  line of dividends and interest is never read as dividends.
- By the registry: a distribution resolution in the last 365 days.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import total
from transforms.columns import DAY, KEYS, C, M, many
from transforms.features import statements
from transforms.features.diversion import covered
from transforms.shard import Shard

READS = ("events",)
YEAR = 365
FIGURES = ("dividends_paid", "dividends_declared")
PANEL = [
    *many(
        "transactions",
        ("first_overdue_on", "as_of"),
        ("dividend_rows",),
        ("dividends_out", M, "dividends paid from the account since the first overdue day"),
        ("dividend_rows", KEYS, "those payments"),
    ),
    *many(
        "statements",
        ("dividends_from", "statement_period_end"),
        ("dividend_filings",),
        ("dividends_paid_in_arrears", M, "dividends paid by the filings over the arrears"),
        ("dividends_declared_in_arrears", M, "dividends declared by those filings"),
        ("dividends_from", DAY, "the day the first of those filings' time begins"),
        ("dividend_filings", KEYS, "the filings"),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("dividend_resolution_keys",),
        ("dividend_resolutions", C, "distribution resolutions registered in 365 days"),
        ("dividend_resolution_keys", KEYS, "their rows"),
    ),
]


def _paid(shard: Shard) -> pl.LazyFrame:
    """client_id, dividends_out, dividend_rows."""
    arrears = shard.done["arrears"].select("client_id", "first_overdue_on")
    day = pl.col("booked_on").dt.to_string("%Y-%m-%d")
    rows = (
        shard.monthly["recent"]
        .filter(pl.col("direction") == "out", pl.col("category") == "dividend")
        .join(arrears, on="client_id")
        .filter(pl.col("booked_on") >= pl.col("first_overdue_on"))
        .group_by("client_id")
        .agg(
            paid=total(pl.col("amount")),
            dividend_rows=pl.format("transactions:{}|{}|{}", "account_id", day, "txn_id").sort(),
            found=pl.lit(value=True),
        )
    )
    spent = pl.when(pl.col("found")).then("paid").otherwise(0)
    return (
        covered(shard, arrears, "first_overdue_on")
        .join(rows, on="client_id", how="left")
        .select("client_id", "dividend_rows", dividends_out=pl.when(pl.col("covered")).then(spent))
    )


def _increases(shard: Shard) -> pl.LazyFrame:
    """client_id, since, key and what each figure grew by: the filings whose time overlaps the arrears."""
    filed = shard.done["statements"].filter(~pl.col("statement_stale"))
    scopes = filed.select(party_id="client_id", scope="statement_scope")
    year = ["party_id", "year_from"]
    columns = ["party_id", "period_end", "months", "key", "order", *FIGURES]
    filings = (
        statements.known(shard.night, shard.table("statements"))
        .join(scopes, on=["party_id", "scope"], how="semi")
        .select(columns)
        .filter(pl.col("order") == pl.col("order").max().over("party_id", "period_end"))
        .with_columns(year_from=pl.col("period_end").dt.offset_by(pl.format("-{}mo", "months")).dt.month_end())
        .sort("party_id", "period_end")
    )
    previous = pl.col("period_end").shift(1).over(year, order_by="period_end")

    def grew(name: str) -> pl.Expr:
        before = pl.col(name).shift(1).over(year, order_by="period_end")
        return pl.when(previous.is_null() | (pl.col(name) == 0)).then(name).otherwise(pl.col(name) - before)

    return (
        filings.with_columns(
            since=pl.coalesce(previous, "year_from"), **{f"{name}_grew": grew(name) for name in FIGURES}
        )
        .join(shard.done["arrears"].select(party_id="client_id", first="first_overdue_on"), on="party_id")
        .filter(pl.col("period_end") >= pl.col("first"))
        .rename({"party_id": "client_id"})
    )


def _filed(shard: Shard) -> pl.LazyFrame:
    """client_id and the columns of the filings in PANEL; no filing reaches into the arrears: no row."""

    def over(name: str) -> pl.Expr:
        grew = pl.col(f"{name}_grew")
        more = grew.filter(grew > 0).sum()
        return pl.when((more > 0) | (grew.null_count() == 0)).then(more)

    return _increases(shard).group_by("client_id").agg(
        **{f"{name}_in_arrears": over(name) for name in FIGURES},
        dividends_from=pl.col("since").min(),
        dividend_filings=pl.col("key").sort(),
    )  # fmt: skip


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null without arrears, before the client's history and where no filing reaches into them."""
    resolved = events.of_clients(shard, events.known(shard, "registry", YEAR)).filter(
        pl.col("subtype") == "dividend_resolution"
    )
    counted = resolved.group_by("client_id").agg(
        dividend_resolutions=pl.len().cast(pl.Int64), dividend_resolution_keys=pl.col("key").sort()
    )
    return (
        shard.per_client(counted, "events", "registry")
        .join(_paid(shard), on="client_id", how="left")
        .join(_filed(shard), on="client_id", how="left")
        .sort("client_id")
    )
