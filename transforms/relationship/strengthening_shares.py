"""What share of a client's business is ours, and how it moved in a year (table 11-6).

Ours: changes of shares compare like with like: loans by the two bureau reports, the flow by both years' revenue, deposits by the
RM's own estimates. Where one of the two is missing the change is unknown.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, ratio, within
from transforms.relationship.book import Book

YEAR = 365
FALL = 0.10  # points of share that count as a fall
FLOW = "settlement_in"
DEPOSITS = ("demand_deposit", "time_deposit", "notice_agreed_deposit", "margin")
SHARES = ("share_loans", "share_flow", "share_deposit")


def our_shares(book: Book, who: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, our shares and their change in 12 months."""
    line = pl.col("line")
    lines = {"share_flow": line == FLOW, "share_deposit": line.is_in(DEPOSITS)}
    lines["share_loans"] = ~lines["share_flow"] & ~lines["share_deposit"]
    now = (
        book.done["business_dealings"]
        .group_by("client_id")
        .agg(pl.col("our_share").filter(where).max().alias(name) for name, where in lines.items())
    )
    owed = book.done["credit"].select("client_id", "balance_out_year_ago")
    columns = ("outstanding_on_balance", "other_banks_debt", "nonbank_debt", "routed_share")
    ago = [f"{name}_year_ago" for name in columns[1:]]

    def loans(ours: str, suffix: str) -> pl.Expr:
        return ratio(pl.col(ours), pl.col(ours) + pl.col(f"other_banks_debt{suffix}") + pl.col(f"nonbank_debt{suffix}"))

    routed = [pl.col(name).clip(0, 1) for name in ("routed_share", "routed_share_year_ago")]
    changes = {
        "share_loans_change": loans("outstanding_on_balance", "") - loans("balance_out_year_ago", "_year_ago"),
        "share_flow_change": routed[0] - routed[1],
        "share_deposit_change": pl.col("wallet") - pl.col("wallet_year_ago"),
    }
    return (
        who.select("client_id")
        .join(now, on="client_id", how="left")
        .join(book.panel.select("client_id", *columns, *ago), on="client_id", how="left")
        .join(owed, on="client_id", how="left")
        .join(_wallets(book), on="client_id", how="left")
        .select("client_id", *SHARES, **{name: change.round(EXACT) for name, change in changes.items()})
    )  # fmt: skip


def _wallets(book: Book) -> pl.LazyFrame:
    """client_id, wallet, wallet_year_ago: the RM's estimates of our share in the deposits, each at most a year old."""
    as_of = book.night.as_of
    rows = book.table("series").filter(
        pl.col("subject_kind") == "client",
        pl.col("indicator") == "wallet_share_deposit",
        pl.col("published_on") <= as_of,
    )
    at = {"wallet": as_of, "wallet_year_ago": as_of - timedelta(days=YEAR)}
    order = ("period_end", "published_on", "value")

    def newest(name: str) -> pl.Expr:
        where = within("period_end", at[name], YEAR)
        return pl.col("value").filter(where).sort_by([pl.col(by).filter(where) for by in order]).last().alias(name)

    return rows.group_by(client_id="subject_code").agg(newest(name) for name in at)
