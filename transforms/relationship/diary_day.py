"""The day an RM's diary is about, and what is on file for it: read by the evening's report, the follow-ups and the agenda."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.relationship.book import Book
from transforms.workdays import Workdays


@dataclass(frozen=True)
class Day:
    """The day looked back on, the working day ahead, what is on file."""

    book: Book
    days: Workdays
    day: date
    ahead: date
    known: pl.LazyFrame  # interactions recorded by T
    held: pl.LazyFrame  # those held, with on, minutes, in_person


def left_open(book: Book, kind: str) -> pl.LazyFrame:
    """Undertakings of a kind not done at T."""
    done = (pl.col("outcome") != "open") & (pl.col("done_on") <= book.night.as_of).fill_null(value=True)
    return undertaken(book, kind).filter(~done)


def undertaken(book: Book, kind: str) -> pl.LazyFrame:
    """Undertakings of a kind known at T and not cancelled."""
    return book.table("undertakings").filter(
        pl.col("kind") == kind, pl.col("made_on") <= book.night.as_of, pl.col("outcome") != "cancelled"
    )


def coming(at: Day) -> pl.LazyFrame:
    """Contacts planned for the next working day."""
    return at.known.filter(pl.col("status") == "planned", pl.col("planned_on") == at.ahead)
