"""The days an RM keeps in mind for a client, of the 90 days after tonight (input-model.md 9.5, methods 4, 8 and 9).

Ours: the days of people with a link contact_of; of the client its own day, else its founding, and the day it became a client;
29 February is kept on the 28th; of a holiday the first day, as far as the calendar goes; what either side owes; what an
archive paper's renewal asks for. An amount is what is still owed, the line's limit, or what an undertaking names.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from transforms import events
from transforms.features import credit
from transforms.relationship.book import Book
from transforms.relationship.visit_triggers import made

READS = (
    "parties", "party_links", "clients", "accounts", "loans", "loan_status", "facilities", "undertakings", "documents",
    "calendar", "events",
)  # fmt: skip
AHEAD_DAYS = 90
KINDS = (  # of one day, in this order
    "client_owes", "bank_owes", "loan_matures", "line_expires", "deposit_matures", "document_expires", "birthday",
    "client_day", "founding", "cooperation", "occasion", "holiday",
)  # fmt: skip
FRAMES: Mapping[str, pl.Schema] = {
    "dates": pl.Schema(
        {
            "client_id": pl.String(),
            "day": pl.Date(),
            "kind": pl.String(),  # of KINDS
            "about_id": pl.String(),  # undertaking, loan, credit line, account, person, event; archive item; holiday; else null
            "said": pl.String(),  # title of the undertaking, name of the person, product of the credit, kind of occasion
            "since": pl.Date(),  # founding, cooperation: the day it is counted from
            "amount": pl.Int64(),
        }
    )
}
OWED = {
    "client_id": pl.String(), "undertaking_id": pl.String(), "owed_by": pl.String(), "title": pl.String(),
    "due_on": pl.Date(), "amount": pl.Int64(),
}  # fmt: skip
ARCHIVES = {"client_id": pl.String(), "item_code": pl.String(), "due_on": pl.Date()}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """dates: sorted by client and day."""
    schema = FRAMES["dates"]
    first, last = book.night.as_of + timedelta(days=1), book.night.as_of + timedelta(days=AHEAD_DAYS)
    every = pl.concat(
        [*_credit(book), *_agreed(book), *_people(book), *_of_client(book), _holidays(book)], how="diagonal"
    )
    rank = pl.col("kind").replace_strict({kind: at for at, kind in enumerate(KINDS)}, return_dtype=pl.Int64)
    rows = (
        every.filter(pl.col("day").is_between(first, last))
        .join(book.clients.select("client_id"), on="client_id", how="semi")
        .sort("client_id", "day", rank, "about_id", nulls_last=True)
    )
    blank = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in rows.collect_schema()]
    return {"dates": rows.with_columns(blank).select(pl.col(name).cast(dtype) for name, dtype in schema.items())}


def days_ahead(as_of: date, ahead: int) -> pl.LazyFrame:
    """mmdd ("0630"), day: the next `ahead` days; 29 February beside the 28th in years without it."""
    rows = []
    for day in (as_of + timedelta(days=k) for k in range(1, ahead + 1)):
        rows.append((f"{day:%m%d}", day))
        if f"{day:%m%d}" == "0228" and not isleap(day.year):
            rows.append(("0229", day))
    return pl.LazyFrame(rows, schema={"mmdd": pl.String, "day": pl.Date}, orient="row")


def _kind(name: str) -> pl.Expr:
    return pl.lit(name).alias("kind")


def _credit(book: Book) -> Iterator[pl.LazyFrame]:
    """Loans, credit lines and time deposits that run out."""
    as_of = book.night.as_of
    owing = credit.book(book.night, book.table("loans"), book.table("loan_status"))
    loans = book.table("loans").join(owing.select("loan_id", amount="outstanding"), on="loan_id")
    yield loans.select(
        "client_id", "amount", _kind("loan_matures"), day="matures_on", about_id="loan_id", said="product"
    )
    newest = (
        book.table("facilities")
        .filter(pl.col("valid_from") <= as_of)
        .sort("facility_id", "valid_from")
        .unique("facility_id", keep="last", maintain_order=True)
        .filter(pl.col("limit_amount") > 0)
    )
    yield newest.select(
        "client_id",
        _kind("line_expires"),
        day="expires_on",
        about_id="facility_id",
        said="product",
        amount="limit_amount",
    )
    held = (pl.col("opened_on") <= as_of) & (pl.col("closed_on") > as_of).fill_null(value=True)
    yield (
        book.table("accounts")
        .filter(held)
        .select("client_id", _kind("deposit_matures"), day="matures_on", about_id="account_id", said="kind")
    )


def _agreed(book: Book) -> Iterator[pl.LazyFrame]:
    """What either side owes by a day, and papers to be renewed."""
    owed = made(book, "owed", OWED).rename({"undertaking_id": "about_id", "title": "said", "due_on": "day"})
    yield owed.with_columns(kind=pl.format("{}_owes", "owed_by")).drop("owed_by")
    papers = made(book, "archives", ARCHIVES).select(
        "client_id", _kind("document_expires"), day="due_on", about_id="item_code"
    )
    yield papers.unique()


def _people(book: Book) -> Iterator[pl.LazyFrame]:
    """Birthdays of the client's people."""
    born = book.table("parties").select("name", about_id="party_id", mmdd=pl.col("birthday_mmdd").str.replace("-", ""))
    yield (
        events.links(book, "contact_of")
        .select(client_id="to_id", about_id="from_id")
        .unique()
        .join(born, on="about_id")
        .join(days_ahead(book.night.as_of, AHEAD_DAYS), on="mmdd")
        .select("client_id", "day", "about_id", _kind("birthday"), said="name")
    )


def _of_client(book: Book) -> Iterator[pl.LazyFrame]:
    """The client's own days and the occasions known."""
    as_of = book.night.as_of
    own = pl.col("anniversary_mmdd").str.replace("-", "")
    founded = book.table("parties").select("established_on", client_id="party_id")
    masters = book.clients.join(founded, on="client_id", how="left")
    for kind, mmdd, since, where in (
        ("client_day", own, pl.lit(None, pl.Date), own.is_not_null()),
        ("founding", pl.col("established_on").dt.strftime("%m%d"), pl.col("established_on"), own.is_null()),
        (
            "cooperation",
            pl.col("relationship_start").dt.strftime("%m%d"),
            pl.col("relationship_start"),
            pl.lit(value=True),
        ),
    ):
        days = masters.filter(where).select("client_id", mmdd=mmdd, since=since)
        yield days.join(days_ahead(as_of, AHEAD_DAYS), on="mmdd").select("client_id", "day", "since", _kind(kind))
    told = book.table("events").filter(pl.col("kind") == "occasion", pl.col("recorded_on") <= as_of)
    yield told.select(_kind("occasion"), client_id="party_id", day="happened_on", about_id="event_id", said="subtype")


def _holidays(book: Book) -> pl.LazyFrame:
    """The first day of each holiday, for every client."""
    days = book.table("calendar").filter(pl.col("holiday").is_not_null(), pl.col("date") > book.night.as_of)
    first = days.group_by(about_id="holiday").agg(day=pl.col("date").min())
    return book.clients.select("client_id").join(first, how="cross").with_columns(_kind("holiday"))
