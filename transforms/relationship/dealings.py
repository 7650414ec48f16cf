"""Table 11-2: what a client does with the bank, line by line, and its idle balance. Source: input-model.md section 8.

`dealing_lines` says what feeds which line, `dealing_shares` what our share is. A line with neither a holding (account, loan,
credit line, product) nor a flow in 24 months is left out. Ours, where the form leaves it open:

- Sums of "12 months" are full calendar months (reading G5), unknown for payments while the client's history is shorter (S1).
  The turnover of a credit line is what was drawn. `turnover_yoy` is y3: 1.0 is as much as a year ago; `adb_yoy` is growth.
- Flows are the monthly sums. They cannot tell how many payments without a purpose there were: the count is then null. Days of
  use and other currencies they cannot tell either: those are read from the transactions one by one, of the last 25 months.
  A transfer to an own name that nobody marked as such is a use there, though no turnover. Cross-border has no first day.
- Averages are for deposits (readings S8: unknown for a client younger than the window). Balances of products other than wealth
  are assets in custody or stand in the books of accounts and loans already.
- fee_income of `series` is the client's, not a line's: income is what the holdings say.
- falling: DECLINE on monthly average balance (accounts, loans) or monthly turnover (others), with month index 1: the index of
  the whole book is not made by line. demand_deposit and settlement_in say what MGT-42 says, by that index, where it could tell.
  fixed_asset is not judged: it falls by schedule.
- dormant: months are 30 days before the 90. Interest, and what the bank itself books, is no use. A loan still owed is in use.
- new: begun within twelve months, so that there is no year before to compare with.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from transforms import decline
from transforms.arithmetic import EXACT, lag, ratio, total, within
from transforms.features import lines, transactions
from transforms.night import month_start, months_before
from transforms.relationship import dealing_lines, dealing_shares
from transforms.relationship.book import Book
from transforms.relationship.dealing_lines import CROSS_BORDER, KEY, OF_ACCOUNTS, OF_FLOWS, OF_LOANS

READS: tuple[str, ...] = (
    *("accounts", "balances", "transactions", "parties", "loans", "loan_status", "facilities", "holdings", "products"),
    *dealing_shares.READS,
)
FRAMES: Mapping[str, pl.Schema] = {
    "business_dealings": pl.Schema(
        {
            "client_id": pl.String(),
            "line": pl.String(),
            "since": pl.Date(),  # earliest account, loan, credit line, product or payment
            "balance": pl.Int64(),
            "balance_prev": pl.Int64(),  # at the last month-end before T
            "adb_month": pl.Int64(),
            "adb_year": pl.Int64(),
            "adb_yoy": pl.Float64(),  # growth: 0.0 = as a year ago
            "turnover_12m": pl.Int64(),
            "turnover_yoy": pl.Float64(),  # y3: 1.0 = as a year ago
            "count_12m": pl.Int64(),
            "limit_amount": pl.Int64(),
            "used_share": pl.Float64(),
            "next_maturity": pl.Date(),
            "overdue": pl.Int64(),  # principal and interest
            "npl_balance": pl.Int64(),
            "rate": pl.Float64(),
            "income_12m": pl.Int64(),
            "our_share": pl.Float64(),
            "share_estimated": pl.Boolean(),
            "last_used_on": pl.Date(),
            "trend": pl.List(
                pl.Int64()
            ),  # 13 months, oldest first: month-end balances, or turnover where there are none
            "remark": pl.List(pl.String()),  # of REMARKS, in that order
        }
    ),
    "idle_balances": pl.Schema({"client_id": pl.String(), "idle_balance": pl.Int64()}),
}
REMARKS = ("dormant", "falling", "new", "maturing_30d", "over_limit", "overdue")
NEW_MONTHS, MATURING_DAYS = 12, 30  # the form's; new is ours
QUIET_DAYS, USED_MONTHS, MONTHS_BEFORE, MONTH_DAYS = 90, 3, 6, 30  # dormant
BY_SCHEDULE = ("fixed_asset",)
JUDGED = {"demand_deposit": "adb_decline", "settlement_in": "opin_decline"}  # lines that MGT-42 has judged already
WEALTH = "wealth"
Span = tuple[date, date]  # first and last day, both in


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """The frames of FRAMES: one row per client and line it has; one idle balance per client."""
    held = dealing_lines.holders(book).collect().lazy()
    stepped = dealing_lines.steps(book, held).collect().lazy()
    moved, used, products = (
        make(book).collect().lazy() for make in (dealing_lines.flows, _uses, dealing_shares.products)
    )
    kept = _kept(book, held, moved, used, products).collect().lazy()
    parts = (
        kept.group_by(KEY).agg(pl.col("since").min()),
        _balances(book, kept, held, stepped),
        _turnover(book, kept, moved),
        dealing_shares.owed(book),
        dealing_shares.limits(book),
        dealing_shares.maturities(book, held),
        products.select(*KEY, "income_12m", "amount", "recent", product_used_on="last_used_on"),
        used,
        dealing_shares.shares(book),
        _judged(book),
    )
    frame = kept.select(KEY).unique()
    for part in parts:
        frame = frame.join(part.collect().lazy(), on=[*KEY], how="left")
    names = FRAMES["business_dealings"].names()
    dealings = frame.with_columns(**_filled(book)).with_columns(_remark(book)).select(names).sort(KEY)
    return {"business_dealings": dealings, "idle_balances": dealing_shares.idle(book, held, stepped)}


# ---- which lines a client has ----------------------------------------------------------------------------------------


def _kept(
    book: Book, held: pl.LazyFrame, moved: pl.LazyFrame, used: pl.LazyFrame, products: pl.LazyFrame
) -> pl.LazyFrame:
    """client_id, line, since of everything that holds a line in the table, one row each."""
    first = months_before(book.night.as_of, dealing_shares.MONTHS_KEPT)
    recent = (pl.col("ended") > first).fill_null(value=True)
    lately = moved.group_by(KEY).agg(since=pl.col("first_on").min(), last=pl.col("month").max())
    rows = [
        held.group_by(KEY).agg(since=pl.col("begun").min(), recent=recent.any()).filter("recent"),
        dealing_shares.facilities(book).filter(recent).select(*KEY, since="valid_from"),
        lately.filter(pl.col("last") > month_start(first)),
        used.filter(pl.col("used_on") > first).select(*KEY, since=pl.lit(None, pl.Date)),
        products.filter("recent"),
    ]
    return pl.concat([one.select(*KEY, "since") for one in rows])


# ---- what was held ---------------------------------------------------------------------------------------------------


def _balances(book: Book, kept: pl.LazyFrame, held: pl.LazyFrame, stepped: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, balance, balance_prev, balances (13 month-ends), the three averages, balance_falling.

    Of the lines fed by accounts and by loans.
    """
    as_of, ends = book.night.as_of, lines.month_ends(book.night)
    before = month_start(as_of) - timedelta(days=1)
    spans = _spans(book)
    days = [as_of, before, *ends, *(day for first, last in spans for day in (first, last + timedelta(days=1)))]
    points = dealing_lines.at(stepped, _keys(kept, held), days).collect().lazy()
    means = dealing_lines.over(points, spans).filter(pl.col("begun") <= pl.col("first")).collect().lazy()
    then, amount = pl.col("at"), pl.col("amount")
    shown = then.is_in(ends)
    wide = points.group_by(KEY).agg(
        balance=amount.filter(then == as_of).first(),
        balance_prev=amount.filter(then == before).first(),
        balances=amount.filter(shown).sort_by(then.filter(shown)),
    )
    of_month = pl.col("last") == pl.col("first").dt.month_end()
    judged = means.filter(of_month, pl.col("line").is_in(BY_SCHEDULE).not_())
    fallen = _decline(book, judged.select(*KEY, month="first", value="mean")).select(*KEY, balance_falling="falling")
    return wide.join(_averages(book, means), on=[*KEY], how="left").join(fallen, on=[*KEY], how="left")


def _this_year(book: Book) -> dict[str, Span]:
    """The days of the averages: month to date, year to date, the same days a year ago."""
    as_of = book.night.as_of
    return {
        "month": (month_start(as_of), as_of),
        "year": (date(as_of.year, 1, 1), as_of),
        "year_ago": (date(as_of.year - 1, 1, 1), months_before(as_of, 12)),
    }


def _spans(book: Book) -> list[Span]:
    """Those days, and the full months that DECLINE reads."""
    firsts = [book.night.month(back) for back in range(dealing_lines.SERIES_MONTHS)]
    months = [(first, month_start(first, -1) - timedelta(days=1)) for first in firsts]
    return sorted({*_this_year(book).values(), *months})


def _keys(kept: pl.LazyFrame, held: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, begun: the lines that have balances, and the day of the client's first account, or first loan."""
    begun = held.group_by("client_id", "loan").agg(begun=pl.col("since").first())
    return (
        kept.select(KEY)
        .unique()
        .filter(pl.col("line").is_in([*OF_ACCOUNTS, *OF_LOANS]))
        .with_columns(loan=pl.col("line").is_in(OF_LOANS))
        .join(begun, on=["client_id", "loan"], how="left")
        .select(*KEY, "begun")
    )


def _averages(book: Book, means: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, adb_month, adb_year, adb_yoy of the deposits."""
    parts = {
        name: pl.col("mean").filter(pl.col("first") == first, pl.col("last") == last).first()
        for name, (first, last) in _this_year(book).items()
    }
    whole = {f"adb_{name}": pl.col(name).round(0, mode="half_to_even").cast(pl.Int64) for name in ("month", "year")}
    growth = (ratio(pl.col("year"), pl.col("year_ago")) - 1).round(EXACT)
    deposits = means.filter(pl.col("line").is_in(OF_ACCOUNTS))
    return deposits.group_by(KEY).agg(**parts).select(*KEY, adb_yoy=growth, **whole)


def _decline(book: Book, series: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, y3, falling (null when it cannot be told): DECLINE of each line's months, by month index 1."""
    joined = series.select(pl.concat_str(KEY, separator="|").alias("client_id"), "month", "value")
    parts = pl.col("client_id").str.split_exact("|", 1)  # no id has a bar in it
    return decline.held(book.night, joined).select(
        client_id=parts.struct.field("field_0"),
        line=parts.struct.field("field_1"),
        y3="y3",
        falling=pl.col("decline") != "",
    )


# ---- what moved ------------------------------------------------------------------------------------------------------


def _turnover(book: Book, kept: pl.LazyFrame, moved: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, turnover_12m, count_12m, turnover_yoy, turnovers (13 months), turnover_falling."""
    night = book.night
    have = kept.select(KEY).unique()
    back = pl.LazyFrame({"month": [night.month(n) for n in range(dealing_lines.SERIES_MONTHS)]}, {"month": pl.Date})
    of_loans = have.filter(pl.col("line").is_in(OF_LOANS)).join(back, how="cross")
    grid = of_loans
    if book.connected("transactions"):
        covered = transactions.covered(book).join(back, on="month", how="semi")
        grid = pl.concat([of_loans, have.filter(pl.col("line").is_in(OF_FLOWS)).join(covered, on="client_id")])
    months = (
        grid.join(moved.with_columns(seen=pl.lit(value=True)), on=[*KEY, "month"], how="left")
        .with_columns(pl.when("seen").then(name).otherwise(0).alias(name) for name in ("amount", "rows"))
        .with_columns(lag=lag(night.last_full_month))
        .sort(*KEY, "month")
        .collect()
        .lazy()
    )
    year, trend = pl.col("lag") < 12, pl.col("lag") <= 12
    sums = {"turnover_12m": "amount", "count_12m": "rows"}
    known = pl.col("lag").max() >= 11  # a window the history does not cover is unknown (reading S1)
    totals = months.group_by(KEY, maintain_order=True).agg(
        *(pl.when(known).then(total(pl.col(name).filter(year))).alias(column) for column, name in sums.items()),
        turnovers=pl.col("amount").filter(trend),
    )
    fallen = _decline(book, months.select(*KEY, "month", value="amount"))
    return totals.join(
        fallen.select(*KEY, turnover_yoy="y3", turnover_falling="falling"), on=[*KEY], how="left"
    ).with_columns(_thirteen("turnovers"))


def _thirteen(column: str) -> pl.Expr:
    """The list with nulls in front for the months a shorter history does not know."""
    values = pl.col(column)
    blank = pl.lit([None] * 13, pl.List(pl.Int64))
    return pl.concat_list(blank, values).list.tail(13).alias(column)


def _uses(book: Book) -> pl.LazyFrame:
    """client_id, line, used_on, used_months (of the six before the last 90 days): payments and drawings, by day."""
    as_of = book.night.as_of
    gone = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    block = pl.when(gone > QUIET_DAYS).then((gone - QUIET_DAYS - 1) // MONTH_DAYS).otherwise(-1)
    drawn = (
        book.table("loans")
        .filter(pl.col("disbursed_on") <= as_of)
        .select("client_id", line=dealing_lines.line_of("loans", "product"), day="disbursed_on")
    )
    uses = pl.concat([drawn, *_paid(book, block)]).drop_nulls("line").join(book.ids(), on="client_id", how="semi")
    return (
        uses.with_columns(block=block)
        .group_by(KEY)
        .agg(
            used_on=pl.col("day").max(),
            used_months=pl.col("block").filter(pl.col("block").is_between(0, MONTHS_BEFORE - 1)).n_unique(),
        )
    )


def _paid(book: Book, block: pl.Expr) -> list[pl.LazyFrame]:
    """client_id, line, day: the last use of each line in each block of days, by account, by purpose and by channel."""
    accounts = book.table("accounts").select("account_id", "client_id", "kind")
    what = ("account_id", "direction", "type", "category", "channel")
    first = months_before(book.night.as_of, dealing_shares.MONTHS_KEPT)
    rows = (
        book.table("transactions")
        .filter(pl.col("status") == "ok", pl.col("booked_on").is_between(first, book.night.as_of, closed="right"))
        .select(*what, day="booked_on", foreign=dealing_lines.is_foreign(book))
        .group_by(*what, "foreign", block=block)
        .agg(pl.col("day").max())
        .join(accounts, on="account_id")
        .with_columns(
            purpose=pl.coalesce(
                "category",
                pl.col("type").replace_strict(transactions.TYPE_CATEGORY, default=None, return_dtype=pl.String),
            )
        )
        .collect()
        .lazy()
    )
    settled = pl.when("foreign").then(pl.lit(CROSS_BORDER)).otherwise(dealing_lines.settlement())
    line = pl.coalesce(dealing_lines.line_of_pair("flows", "purpose"), settled)
    kind = pl.col("type").is_in(["interest", *transactions.LOAN_TYPES])
    inner = pl.col("purpose").is_in(["own_transfer", "loan", "interest"]).fill_null(value=False)
    gained = pl.col("purpose").is_in(transactions.INVESTMENTS).fill_null(value=False) & (pl.col("direction") == "in")
    return [
        one.select("client_id", "line", "day")
        for one in (
            rows.filter(kind.not_()).with_columns(line=dealing_lines.line_of("accounts", "kind")),
            rows.filter(kind.not_(), inner.not_(), gained.not_()).with_columns(line=line),
            rows.filter(kind.not_()).with_columns(line=dealing_lines.line_of_pair("channels", "channel")),
        )
    ]


def _judged(book: Book) -> pl.LazyFrame:
    """client_id, line, judged_falling: what the panel says of the lines it knows, by the month index of the whole book."""
    said = book.panel.select("client_id", **{line: pl.col(name) != "" for line, name in JUDGED.items()})
    return said.unpivot(index="client_id", variable_name="line", value_name="judged_falling")


# ---- put together ----------------------------------------------------------------------------------------------------


def _filled(book: Book) -> dict[str, pl.Expr]:
    """Columns that two sources feed, and zeros where nothing is owed or allowed."""
    loan, wealth = pl.col("line").is_in(OF_LOANS), pl.col("line") == WEALTH
    none = {"limit_amount": "granted", "overdue": "lent", "npl_balance": "lent"}
    none_held = pl.lit(book.connected("holdings")) & pl.col("recent").is_null()
    return {
        "balance": pl.when(wealth & none_held).then(0).when(wealth).then("amount").otherwise("balance"),
        "trend": pl.coalesce("balances", "turnovers"),
        "last_used_on": pl.max_horizontal("used_on", "product_used_on"),
        **{name: pl.when(loan & pl.col(found).is_null()).then(0).otherwise(name) for name, found in none.items()},
    }


def _remark(book: Book) -> pl.Expr:
    """remark: the codes that hold, in the order of REMARKS."""
    as_of = book.night.as_of
    owed = pl.col("line").is_in(OF_LOANS) & (pl.col("balance") != 0).fill_null(value=True)
    quiet = within("last_used_on", as_of, QUIET_DAYS).not_() & (pl.col("used_months") >= USED_MONTHS)
    soon = timedelta(days=MATURING_DAYS)
    holds = {
        "dormant": quiet & owed.not_(),
        "falling": pl.coalesce(
            "judged_falling", "balance_falling", pl.when(pl.col("line").is_in(OF_FLOWS)).then("turnover_falling")
        ),
        "new": pl.col("since") > months_before(as_of, NEW_MONTHS),
        "maturing_30d": pl.col("next_maturity") <= as_of + soon,
        "over_limit": pl.col("over_limit"),
        "overdue": pl.col("overdue") > 0,
    }
    return pl.concat_list(pl.when(holds[name]).then(pl.lit(name)) for name in REMARKS).list.drop_nulls().alias("remark")
