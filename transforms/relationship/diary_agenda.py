"""What the next working day brings: the rows of daily_agenda (input-model.md 9.1).

Ours, where the text leaves it open: open tasks and promises stay on it until done, marked overdue. A signal is new or
worse only where an earlier night knew the client (G20).
"""

from datetime import timedelta

import polars as pl

from transforms.events import links
from transforms.relationship.book import Book
from transforms.relationship.dates import days_ahead
from transforms.relationship.diary_day import Day, coming, left_open
from transforms.relationship.self_check_desk import main_on
from transforms.relationship.self_checks import managers

SOON_WORKDAYS, SOON_DAYS = 3, 7  # promises; birthdays and holidays
BOTH = ("staff_id", "client_id")


def agenda(at: Day) -> pl.LazyFrame:
    """The rows of daily_agenda."""
    book, ahead, as_of = at.book, at.ahead, at.book.night.as_of
    soon = at.days.next_days(as_of, SOON_WORKDAYS)[-1]
    overdue = pl.when(pl.col("due_on") <= as_of).then(pl.lit("overdue"))
    owed = [
        left_open(book, kind)
        .filter(pl.col("due_on") <= last)
        .select(
            "staff_id",
            "client_id",
            "contact_id",
            "priority",
            "planned_minutes",
            "due_on",
            item_kind=pl.lit(name),
            id="undertaking_id",
            goal="title",
            note=overdue,
        )
        for kind, name, last in (("task", "task", ahead), ("rm_promise", "promise", soon))
    ]
    planned = coming(at).select(
        *BOTH,
        "contact_id",
        "purpose",
        "goal",
        "planned_minutes",
        item_kind=pl.lit("contact"),
        id="interaction_id",
        due_on="planned_on",
    )
    mine = main_on(book, as_of)
    of_clients = [part.join(mine, on="client_id") for part in (_birthdays(book), _signals(book))]
    parts = [*owed, planned, *of_clients, managers(book).join(_holidays(book), how="cross")]
    items = pl.concat(parts, how="diagonal").join(managers(book), on="staff_id", how="semi")
    return items.with_columns(day=pl.lit(ahead))


def _birthdays(book: Book) -> pl.LazyFrame:
    """client_id, id, contact_id, due_on: birthdays of contacts in the next seven days."""
    born = book.table("parties").select(id="party_id", mmdd=pl.col("birthday_mmdd").str.replace("-", ""))
    return (
        links(book, "contact_of")
        .select(id="from_id", client_id="to_id")
        .unique()
        .join(book.clients, on="client_id", how="semi")
        .join(born.join(days_ahead(book.night.as_of, SOON_DAYS), on="mmdd"), on="id")
        .select("id", "client_id", item_kind=pl.lit("birthday"), contact_id="id", due_on="day")
    )


def _holidays(book: Book) -> pl.LazyFrame:
    """id, due_on: holidays that begin in the next seven days."""
    as_of = book.night.as_of
    return (
        book.table("calendar")
        .filter(pl.col("holiday").is_not_null())
        .filter(pl.col("date").is_between(pl.lit(as_of + timedelta(days=1)), pl.lit(as_of + timedelta(days=SOON_DAYS))))
        .group_by(id="holiday")
        .agg(due_on=pl.col("date").min())
        .with_columns(item_kind=pl.lit("holiday"))
    )


def _signals(book: Book) -> pl.LazyFrame:
    """client_id, id, level, note: signals that are new or worse tonight at clients an earlier night knew."""
    met_before = book.assessments.filter(pl.col("previous_risk_level").is_not_null())
    return (
        book.findings.filter(pl.col("change").is_in(["new", "worse"]), pl.col("state") == "standing")
        .join(met_before, on="client_id", how="semi")
        .select(
            "client_id",
            id="signal_id",
            level=pl.col("level").cast(pl.String),
            note=pl.col("change").cast(pl.String),
            due_on=pl.lit(None, pl.Date),
            item_kind=pl.lit("signal"),
        )
    )
