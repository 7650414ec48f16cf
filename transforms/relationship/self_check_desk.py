"""What an RM answers for in the self-checks, and the figures their rules share (input-model.md 9.2)."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.arithmetic import ratio
from transforms.relationship.book import Book
from transforms.workdays import Workdays

WINDOW = 180  # days
LISTED = 5  # clients a list shows at most


@dataclass(frozen=True)
class Desk:
    """What an RM answers for: `clients` he was the main RM of at T and 180 days before, `contacts` he held with them."""

    book: Book
    days: Workdays
    managers: pl.LazyFrame  # staff_id
    clients: pl.LazyFrame  # staff_id, client_id, grade, expected, visits, distance, warmth_before
    contacts: pl.LazyFrame  # interactions of 180 days and on, in_person, minutes, usual, decider, grade

    @property
    def visits(self) -> pl.LazyFrame:
        """The contacts in person."""
        return self.contacts.filter("in_person")


def main_on(book: Book, day: date) -> pl.LazyFrame:
    """staff_id, client_id: the main assignments in force that day, the latest start when two overlap."""
    held = book.table("assignments").filter(
        pl.col("role") == "main", pl.col("start_on") <= day, (pl.col("end_on") > day).fill_null(value=True)
    )
    latest = pl.col("staff_id").sort_by("start_on", "staff_id").last()
    return held.group_by("client_id").agg(latest).select("staff_id", "client_id")


def in_person() -> pl.Expr:
    """Whether the channel brings both sides to one table (9.1, question 1)."""
    return pl.col("channel").is_in(["visit", "site_inspection", "bank_visit", "banquet", "event"])


def either(*tests: pl.Expr) -> pl.Expr:
    """Whether one holds; null when none can be said."""
    return pl.when(pl.any_horizontal(test.is_not_null() for test in tests)).then(
        pl.any_horizontal(test.fill_null(value=False) for test in tests)
    )


def listed(where: pl.Expr, by: pl.Expr) -> pl.Expr:
    """The clients of a group where it holds, the largest `by` first, at most five."""
    names = pl.col("client_id").filter(where)
    return names.sort_by([by.filter(where), names], descending=[True, False]).head(LISTED)


def share(where: pl.Expr) -> pl.Expr:
    """Share of a group's rows where it holds."""
    return ratio(where.sum(), pl.len())


def figures(*names: str) -> pl.Expr:
    """The columns as one JSON object."""
    return pl.struct(sorted(names)).struct.json_encode()
