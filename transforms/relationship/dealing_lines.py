"""The lines of Table 11-2: what feeds each, and what each held day by day. Source: input-model.md sections 5 and 8.

Every account kind, credit product, holding family and purpose of a payment stands in one line, once (`LINES`). Ours, where
the form leaves it open:

- An account of kind `other` (special, temporary) is a current account: demand. A structured deposit is a time deposit. An
  escrow account is money in custody.
- Leasing and project loans are fixed-asset finance. Advances, entrusted loans and commitments are `other`.
- Payments nobody else claims are settlement, so that settlement_in, settlement_out, cash, payroll, tax_payments, wealth and
  cross_border together are OPIN + OPOUT. Cross-border are the settlement payments in another currency (reading EXT-05).
- The holding family `guarantee_lc` does not say which of the two: it stands with the guarantees.
- A channel is no purpose: it tells when ebanking and acquiring were used, not what they turned over.

A line is fed by accounts or by loans, never by both, so no balance mixes what is owned and what is owed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms.arithmetic import total
from transforms.currency import DELIVERED
from transforms.features import transactions
from transforms.features.credit import ENDED
from transforms.night import Night
from transforms.relationship.book import Book

SETTLEMENT = {"in": "settlement_in", "out": "settlement_out"}
CROSS_BORDER = "cross_border"
SERIES_MONTHS = 18  # DECLINE at two month-ends, with the month its windows may step back for Spring Festival
Pairs = tuple[tuple[str, str], ...]
KEY = ("client_id", "line")


class Feed(NamedTuple):
    """What feeds a line: account kinds, credit products, (direction, category), holding families, (direction, channel)."""

    accounts: tuple[str, ...] = ()
    loans: tuple[str, ...] = ()
    flows: Pairs = ()
    families: tuple[str, ...] = ()
    channels: Pairs = ()


LINES: Mapping[str, Feed] = MappingProxyType(
    {
        "demand_deposit": Feed(accounts=("demand", "other"), families=("deposit",)),
        "time_deposit": Feed(accounts=("time", "structured")),
        "notice_agreed_deposit": Feed(accounts=("notice", "agreed")),
        "margin": Feed(accounts=("margin",)),
        "settlement_in": Feed(families=("settlement", "cash_management")),  # and every receipt nobody else claims
        "settlement_out": Feed(),  # every payment nobody else claims
        "cash": Feed(flows=(("in", "cash"), ("out", "cash"))),
        "payroll": Feed(flows=(("out", "payroll"),), families=("payroll",)),
        "tax_payments": Feed(flows=(("out", "tax"), ("out", "social_insurance")), families=("agency",)),
        "cross_border": Feed(families=("fx",)),  # and settlement in another currency
        "working_capital": Feed(loans=("working_capital",), families=("working_capital",)),
        "fixed_asset": Feed(
            loans=("fixed_asset", "project_loan", "syndicated_project", "leasing"), families=("fixed_asset",)
        ),
        "overdraft": Feed(loans=("overdraft",)),
        "bills": Feed(loans=("bill_discount",), families=("bills",)),
        "trade_finance": Feed(loans=("trade_finance",), families=("trade_finance",)),
        "acceptance": Feed(loans=("acceptance",)),
        "letter_of_credit": Feed(loans=("letter_of_credit",)),
        "guarantee_issued": Feed(loans=("guarantee_issued",), families=("guarantee_lc",)),
        "wealth": Feed(flows=(("out", "wealth_product"),), families=("wealth_management",)),
        "ebanking": Feed(families=("ebanking",), channels=(("out", "ebank"), ("out", "mobile"))),
        "acquiring": Feed(families=("acquiring",), channels=(("in", "pos"), ("in", "third_party"), ("in", "unionpay"))),
        "advisory_custody": Feed(accounts=("escrow",), families=("custody", "advisory", "investment_banking")),
        "other": Feed(
            loans=("advance", "entrusted", "commitment", "other"), families=("insurance_agency", "credit_card", "other")
        ),
    }
)
OF_ACCOUNTS = tuple(line for line, feed in LINES.items() if feed.accounts)
OF_LOANS = tuple(line for line, feed in LINES.items() if feed.loans)
OF_FLOWS = (*SETTLEMENT.values(), CROSS_BORDER, *(line for line, feed in LINES.items() if feed.flows))


def line_of(feed: str, column: str) -> pl.Expr:
    """The line that a value of `column` feeds; `feed` is one of accounts, loans, families."""
    lines = {value: line for line, fed in LINES.items() for value in getattr(fed, feed)}
    return pl.col(column).replace_strict(lines, default=None, return_dtype=pl.String)


def line_of_pair(feed: str, column: str) -> pl.Expr:
    """The line that `direction` and a value of `column` feed; `feed` is flows or channels."""
    lines = {f"{way} {value}": line for line, fed in LINES.items() for way, value in getattr(fed, feed)}
    pair = pl.concat_str("direction", column, separator=" ")
    return pair.replace_strict(lines, default=None, return_dtype=pl.String)


def of_loan(column: str) -> pl.Expr:
    """A loan among the holders: no account has that id, whatever the two systems call theirs."""
    return pl.concat_str(pl.lit("loan|"), column)


def holders(book: Book) -> pl.LazyFrame:
    """Accounts and loans begun by T: client_id, line, number, holder, begun, ended (by T, else null), since, matures_on, loan.

    `since` is the day of the client's first account, or first loan; a loan ends with its first settled or transferred
    state, and is not held again.
    """
    as_of = book.night.as_of
    accounts = book.table("accounts").select(
        *("client_id", "matures_on"),
        line=line_of("accounts", "kind"),
        holder="account_id",
        begun="opened_on",
        ended="closed_on",
        known=pl.col("currency") == book.night.home_currency,
        loan=pl.lit(value=False),
    )
    over = (
        book.table("loan_status")
        .filter(pl.col("as_of") <= as_of, pl.col("state").is_in(ENDED))
        .group_by("loan_id")
        .agg(ended=pl.col("as_of").min())
    )
    loans = (
        book.table("loans")
        .join(over, on="loan_id", how="left")
        .select(
            *("client_id", "matures_on"),
            line=line_of("loans", "product"),
            holder=of_loan("loan_id"),
            begun="disbursed_on",
            ended="ended",
            known=pl.lit(value=True),
            loan=pl.lit(value=True),
        )
    )
    return (
        pl.concat([accounts.select(loans.collect_schema().names()), loans])
        .filter(pl.col("begun") <= as_of)
        .join(book.ids(), on="client_id", how="semi")
        .with_columns(
            since=pl.col("begun").min().over("client_id", "loan"),
            ended=pl.when(pl.col("ended") <= as_of).then("ended"),
        )
        .sort("holder")
        .with_row_index("number")
    )


def horizon(night: Night) -> date:
    """The first day that any figure of the form looks at."""
    return min(date(night.as_of.year - 1, 1, 1), night.month(SERIES_MONTHS - 1))


def steps(book: Book, held: pl.LazyFrame) -> pl.LazyFrame:
    """What each line held from `day` to the day before `until`: client_id, line, amount, dark, area, dark_days; sorted.

    Balances of `held` carried forward and added up; `dark` where one of them is unknown (no row yet, or no rate). `area` and
    `dark_days` sum amount × days and unknown days from the horizon to the day before `day`. No day is written out.
    """
    as_of = book.night.as_of
    amounts = pl.concat(
        [
            book.table("balances").select(holder="account_id", day="date", amount="balance"),
            book.table("loan_status").select(holder=of_loan("loan_id"), day="as_of", amount="outstanding"),
        ]
    ).filter(pl.col("day") <= as_of)
    days = (pl.col("until") - pl.col("day")).dt.total_days()
    numbered = held.join(_slots(held), on=[*KEY])
    return (
        _moves(amounts, numbered, horizon(book.night))
        .group_by("slot", "day")
        .agg(pl.col("amount").sum(), pl.col("dark").sum())
        .sort("slot", "day")
        .with_columns(
            pl.col("amount").cum_sum().over("slot"),
            pl.col("dark").cum_sum().over("slot") > 0,
            until=pl.col("day").shift(-1).over("slot").fill_null(as_of + timedelta(days=1)),
        )
        .with_columns(area=pl.col("amount") * days, dark_days=pl.col("dark").cast(pl.Int64) * days)
        .with_columns(pl.col(name).cum_sum().over("slot") - pl.col(name) for name in ("area", "dark_days"))
        .join(_slots(held), on="slot", maintain_order="left")
        .drop("slot")
    )


def _slots(held: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, slot: their number, in their order; numbers sort and group in a fraction of what names take."""
    return held.select(KEY).unique().sort(KEY).with_row_index("slot")


def _moves(amounts: pl.LazyFrame, held: pl.LazyFrame, first: date) -> pl.LazyFrame:
    """slot, day, amount, dark: by how much each holder's balance changes that day.

    A holder begins unknown and ends at nothing; rows before it begins count from its beginning, rows from its end on not.
    """
    alive = held.filter((pl.col("ended") > first).fill_null(value=True))
    facts = ("number", "slot")
    begin = alive.select(*facts, day="begun", amount=pl.lit(None, pl.Int64), order=0)
    end = alive.filter(pl.col("ended").is_not_null()).select(*facts, day="ended", amount=pl.lit(0, pl.Int64), order=2)
    rows = (
        amounts.join(alive.filter("known"), on="holder")
        .filter((pl.col("day") < pl.col("ended")).fill_null(value=True))
        .select(*facts, day=pl.max_horizontal("day", "begun"), given="day", amount="amount", order=1)
    )
    ends = pl.concat([begin, end]).with_columns(given="day").select(*facts, "day", "given", "amount", "order")
    same, before = (pl.col("number") == pl.col("number").shift(n) for n in (-1, 1))
    amount, dark = pl.col("amount").fill_null(0), pl.col("amount").is_null().cast(pl.Int64)
    return (
        pl.concat([ends, rows])
        .sort("number", "day", "order", "given")
        .with_columns(day=pl.max_horizontal("day", pl.lit(first)))
        .filter((same & (pl.col("day") == pl.col("day").shift(-1))).fill_null(value=False).not_())
        .select(
            "slot",
            "day",
            amount=amount - pl.when(before).then(amount.shift(1)).otherwise(0),
            dark=dark - pl.when(before).then(dark.shift(1)).otherwise(0),
        )
    )


def at(stepped: pl.LazyFrame, keys: pl.LazyFrame, days: Sequence[date]) -> pl.LazyFrame:
    """`keys` (client_id, line) on each of `days` (`at`): amount (null when dark), area and dark_days up to the day before."""
    points = pl.LazyFrame({"at": sorted(set(days))}, schema={"at": pl.Date})
    gone = (pl.col("at") - pl.col("day")).dt.total_days()
    return (
        keys.join(points, how="cross")
        .sort(*KEY, "at")
        .join_asof(stepped, left_on="at", right_on="day", by=[*KEY], check_sortedness=False, coalesce=False)
        .with_columns(  # before its first step a line holds nothing
            pl.col("amount", "area", "dark_days").fill_null(0), pl.col("dark").fill_null(value=False)
        )
        .select(
            *keys.collect_schema().names(),
            "at",
            amount=pl.when(pl.col("dark").not_()).then("amount"),
            area=pl.col("area") + pl.col("amount") * gone.fill_null(0),
            dark_days=pl.col("dark_days") + pl.col("dark").cast(pl.Int64) * gone.fill_null(0),
        )
    )


def over(points: pl.LazyFrame, spans: Sequence[tuple[date, date]]) -> pl.LazyFrame:
    """The mean day of each line over each span of days, both ends in: the columns of `keys`, first, last, mean (Float64).

    `points` is `at` for the first day of each span and the day after its last; unknown where a day of it is dark.
    """
    windows = pl.LazyFrame(list(spans), schema={"first": pl.Date, "last": pl.Date}, orient="row")
    length = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    sums = points.select(*KEY, "at", "area", "dark_days")
    known = pl.col("dark_days_end") == pl.col("dark_days")
    return (
        points.drop("amount")
        .join(windows, left_on="at", right_on="first", coalesce=False)
        .with_columns(end=pl.col("last").dt.offset_by("1d"))
        .join(sums, left_on=[*KEY, "end"], right_on=[*KEY, "at"], suffix="_end")
        .with_columns(mean=pl.when(known).then((pl.col("area_end") - pl.col("area")) / length))
        .drop("area", "dark_days", "area_end", "dark_days_end", "end", "at")
    )


def flows(book: Book) -> pl.LazyFrame:
    """client_id, line, month, amount, rows (null = cannot be told), first_on: payments and drawings of each line."""
    as_of = book.night.as_of
    drawn = (
        book.table("loans")
        .filter(pl.col("disbursed_on") <= as_of)
        .join(book.ids(), on="client_id", how="semi")
        .select(*("client_id", "disbursed_on", "principal"), line=line_of("loans", "product"))
        .group_by(*KEY, month=pl.col("disbursed_on").dt.month_start())
        .agg(amount=total(pl.col("principal")), rows=pl.len().cast(pl.Int64), first_on=pl.col("disbursed_on").min())
    )
    if not book.connected("transactions"):
        return drawn
    every = _payments(book.monthly["months"], book.monthly["categories"])
    abroad = _foreign(book).filter(pl.col("line").is_in(SETTLEMENT.values()))
    never = pl.lit(None, pl.Date)
    moved = [
        every,
        abroad.with_columns(line=pl.lit(CROSS_BORDER), first_on=never),
        abroad.with_columns(amount=-pl.col("amount"), rows=-pl.col("rows"), first_on=never),
    ]
    paid = (
        pl.concat(moved)
        .group_by(*KEY, "month")
        .agg(amount=total(pl.col("amount")), rows=total(pl.col("rows")), first_on=pl.col("first_on").min())
        .filter((pl.col("rows") != 0).fill_null(value=True))
    )
    return pl.concat([drawn, paid])


def _payments(months: pl.LazyFrame, categories: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, line, month, amount, rows, first_on of monthly sums: by category, and what has none as settlement."""
    columns = (*KEY, "month", "amount", "rows", "first_on")
    named = categories.with_columns(line=pl.coalesce(line_of_pair("flows", "category"), settlement())).select(
        "client_id", "direction", *columns[1:]
    )
    by_way = named.group_by("client_id", "month", "direction").agg(
        named=total(pl.col("amount")), found=pl.lit(value=True)
    )
    ways = {"opin": "in", "opout": "out"}
    left = pl.col("amount") - pl.when("found").then("named").otherwise(0)
    rest = (
        months.select("client_id", "month", "first_on", *ways)
        .unpivot([*ways], index=["client_id", "month", "first_on"], variable_name="direction", value_name="amount")
        .with_columns(pl.col("direction").replace_strict(ways))
        .join(by_way, on=["client_id", "month", "direction"], how="left")
        .with_columns(amount=left, line=settlement(), rows=pl.lit(None, pl.Int64))
        .filter((pl.col("amount") != 0).fill_null(value=True))
    )
    return pl.concat([named.select(columns), rest.select(columns)])


def settlement() -> pl.Expr:
    """The line of a payment that no other claims."""
    return pl.col("direction").replace_strict(SETTLEMENT, return_dtype=pl.String)


def is_foreign(book: Book) -> pl.Expr:
    """Whether a transaction came in another currency, converted or not."""
    delivered = DELIVERED in book.table("transactions").collect_schema()
    return pl.col(DELIVERED if delivered else "currency") != book.night.home_currency


def _foreign(book: Book) -> pl.LazyFrame:
    """`_payments` of the transactions in another currency, by the very rules the monthly sums are made by."""
    rows = book.table("transactions").filter(is_foreign(book))
    given = (book.night, book.clients, book.table("accounts"), book.table("parties"), rows)
    return _payments(transactions.months(*given), transactions.categories(*given))
