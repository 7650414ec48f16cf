"""What a client holds, owes and may draw on each line of Table 11-2, and our share of its loans, receipts and deposits.

Source: input-model.md section 8; readings S2, S4, S10, G8. The shares:

- Loans: ours on the balance sheet over ours, other banks' and non-banks' by the bureau report of the last 95 days.
- settlement_in: OPIN(12) over the revenue of twelve months. More can come in than is sold: at most 1.
- Deposits: the average balance of 365 days over the cash of the newest statement (at most 1); else the newest
  wallet_share_deposit; else, ours, what the shares of other banks in party_links leave. All three are estimates.

Ours: a bureau or a statement knows no lines. The share is that of all our loans, or deposits, and stands on each such line.
used_share is drawn over limit of the open credit lines, over_limit if any of them is; the rate leaves out loans without one.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import EXACT, ratio, total
from transforms.features import credit, lines
from transforms.night import months_before
from transforms.relationship.book import Book
from transforms.relationship.dealing_lines import KEY, line_of

READS = ("bureau_reports", "statements", "party_links", "series")
LINES = {
    "loans": ("working_capital", "fixed_asset", "overdraft", "bills", "trade_finance"),  # on the balance sheet
    "receipts": ("settlement_in",),
    "deposits": ("demand_deposit", "time_deposit", "notice_agreed_deposit", "margin"),
}
WALLET = "wallet_share_deposit"
DEMAND, IDLE_DAYS = "demand_deposit", 90
MONTHS_KEPT, EARNING_MONTHS = 24, 12  # the form's
SUBSTANDARD = credit.CLASSES.index("substandard")


def shares(book: Book) -> pl.LazyFrame:
    """line, client_id, our_share, share_estimated of every client and line that has a known share."""
    deposits = pl.coalesce(_at_most_one(ratio(pl.col("adb_365_all_kinds"), pl.col("fresh_cash"))), "wallet", "left")
    fresh = pl.col("statement_stale").not_()
    lenders = pl.col("outstanding_on_balance") + pl.col("other_banks_debt") + pl.col("nonbank_debt")
    found = (
        book.panel.join(_wallet(book), on="client_id", how="left")
        .join(_left(book), on="client_id", how="left")
        .with_columns(
            fresh_cash=pl.when(fresh).then("cash"),
            fresh_revenue=pl.when(fresh).then("revenue_ttm"),
        )
        .select(
            "client_id",
            loans=ratio(pl.col("outstanding_on_balance"), lenders),
            receipts=_at_most_one(ratio(pl.col("opin_12"), pl.col("fresh_revenue"))),
            deposits=deposits,
        )
        .unpivot(index="client_id", variable_name="kind", value_name="our_share")
        .drop_nulls("our_share")
    )
    lines = pl.LazyFrame(
        [(kind, line) for kind, named in LINES.items() for line in named], ["kind", "line"], orient="row"
    )
    return found.join(lines, on="kind").select(
        "client_id", "line", "our_share", share_estimated=pl.col("kind") == "deposits"
    )


def _at_most_one(share: pl.Expr) -> pl.Expr:
    return share.clip(upper_bound=1.0)


def _wallet(book: Book) -> pl.LazyFrame:
    """client_id, wallet: the newest estimate of our share of the deposits, the latest word on it (reading S2)."""
    as_of = book.night.as_of
    return (
        book.table("series")
        .filter(
            pl.col("subject_kind") == "client",
            pl.col("indicator") == WALLET,
            pl.col("published_on") <= as_of,
            pl.col("period_end") <= as_of,
        )
        .group_by(client_id="subject_code")
        .agg(wallet=pl.col("value").sort_by("period_end", "published_on").last())
    )


def _left(book: Book) -> pl.LazyFrame:
    """client_id, left: 1 less the deposit shares of the other banks; unknown where one is, or where they exceed 1."""
    ours = pl.any_horizontal(pl.lit(value=False), *(pl.col("to_id").str.starts_with(b) for b in book.night.own_banks))
    named = pl.col("products").list.contains("deposit").fill_null(value=True)
    share = pl.col("share_pct")
    others = events.links(book, "banks_with").filter(ours.not_(), named)
    return (
        others.sort("from_id", "link_id")  # a fixed order, so that the float sum has one value
        .group_by(client_id="from_id", maintain_order=True)
        .agg(taken=pl.when(share.null_count() == 0).then(share.sum()).round(EXACT))
        .select("client_id", left=pl.when(pl.col("taken") <= 1).then(1 - pl.col("taken")).round(EXACT))
    )


def facilities(book: Book) -> pl.LazyFrame:
    """client_id, line, facility_id, valid_from, ended (exclusive) of every step of a credit line that had a limit."""
    until = pl.min_horizontal("expires_on", pl.col("valid_from").shift(-1).over("facility_id"))
    return (
        book.table("facilities")
        .filter(pl.col("valid_from") <= book.night.as_of)
        .join(book.ids(), on="client_id", how="semi")
        .sort("facility_id", "valid_from")
        .with_columns(line=line_of("loans", "product"), ended=until)
        .filter(pl.col("limit_amount") > 0)
        .select(*KEY, "facility_id", "valid_from", "ended")
    )


def products(book: Book) -> pl.LazyFrame:
    """client_id, line, since, income_12m, last_used_on, amount, recent: the holdings of each line.

    A holding that is one of the client's accounts or loans stands in its line, the others in that of their family.
    """
    as_of = book.night.as_of
    since = months_before(as_of, MONTHS_KEPT)
    ledger = pl.concat(
        [
            book.table("accounts").select(holding_id="account_id", own=line_of("accounts", "kind")),
            book.table("loans").select(holding_id="loan_id", own=line_of("loans", "product")),
        ]
    ).unique("holding_id", keep="first", maintain_order=True)
    closed = pl.when(pl.col("closed_on") <= as_of).then("closed_on")
    alive, earning = ((closed > day).fill_null(value=True) for day in (since, months_before(as_of, EARNING_MONTHS)))
    used = pl.when(pl.col("last_used_on") <= as_of).then("last_used_on")
    return (
        book.table("holdings")
        .filter(pl.col("opened_on") <= as_of)
        .join(book.ids(), on="client_id", how="semi")
        .join(book.table("products").select("product_id", "family"), on="product_id", how="left")
        .join(ledger, on="holding_id", how="left")
        .with_columns(line=pl.coalesce("own", line_of("families", "family")))
        .drop_nulls("line")
        .group_by(KEY)
        .agg(
            since=pl.col("opened_on").min(),
            recent=alive.any(),
            income_12m=_total_of(pl.col("income_12m").filter(earning)),
            last_used_on=used.max(),
            amount=total(pl.col("amount").filter(closed.is_null())),
        )
    )


def _total_of(values: pl.Expr) -> pl.Expr:
    """The sum of values of which there is at least one, all known."""
    return pl.when(values.len() > 0).then(total(values))


def owed(book: Book) -> pl.LazyFrame:
    """client_id, line, overdue, npl_balance, rate, lent (true) of the loans in force."""
    loans = book.table("loans").select("loan_id", "rate", line=line_of("loans", "product"))
    amount, impaired = pl.col("outstanding"), pl.col("rank") >= SUBSTANDARD
    bad = pl.when(impaired).then(amount).when(impaired.not_() | (amount == 0)).then(0)
    priced = (amount > 0) & pl.col("rate").is_not_null()
    weighted = (amount * pl.col("rate")).filter(priced).sum()
    return (
        credit.book(book.night, book.table("loans"), book.table("loan_status"))
        .join(book.ids(), on="client_id", how="semi")
        .join(loans, on="loan_id")
        .sort("loan_id")  # a fixed order, so that the float sum has one value
        .group_by(KEY, maintain_order=True)
        .agg(
            overdue=total(pl.col("overdue_principal") + pl.col("overdue_interest")),
            npl_balance=total(bad),
            rate=ratio(weighted, amount.filter(priced).sum()),
            lent=pl.lit(value=True),
        )
    )


def limits(book: Book) -> pl.LazyFrame:
    """client_id, line, limit_amount, used_share, over_limit, granted (true) of the credit lines open at T."""
    now = lines.steps(book).filter("open", pl.col("until") > book.night.as_of).drop("client_id")
    open_ = facilities(book).filter(pl.col("ended") > book.night.as_of)
    limit, drawn = total(pl.col("limit")), total(pl.col("drawn"))
    return (
        open_.join(now, on="facility_id")
        .group_by(KEY)
        .agg(
            limit_amount=limit,
            used_share=ratio(drawn, limit),
            over_limit=pl.col("over").any(),
            granted=pl.lit(value=True),
        )
    )


def maturities(book: Book, held: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, next_maturity: the earliest after T of what still runs."""
    due = held.filter(pl.col("ended").is_null(), pl.col("matures_on") > book.night.as_of)
    return due.group_by(KEY).agg(next_maturity=pl.col("matures_on").min())


def idle(book: Book, held: pl.LazyFrame, stepped: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, idle_balance: the least the client's demand accounts held together on a day of the last 90.

    Null without such an account or when the first is younger, and when a balance is unknown on one of the days. Of the whole
    line demand_deposit.
    """
    first = book.night.as_of - timedelta(days=IDLE_DAYS - 1)
    begun = held.filter(pl.col("line") == DEMAND).group_by("client_id").agg(begun=pl.col("begun").min())
    least = (
        stepped.filter(pl.col("line") == DEMAND, pl.col("until") > first)
        .group_by("client_id")
        .agg(least=pl.col("amount").min(), dark=pl.col("dark").any())
    )
    known = (pl.col("begun") <= first) & pl.col("dark").fill_null(value=False).not_()
    return (
        book.ids()
        .join(begun, on="client_id", how="left")
        .join(least, on="client_id", how="left")  # closed before every figure of the form: nothing is held
        .select("client_id", idle_balance=pl.when(known).then(pl.col("least").fill_null(0)))
        .sort("client_id")
    )
