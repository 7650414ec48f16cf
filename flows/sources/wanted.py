"""A table as a database has it: which of its columns and rows are selected, as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NoReturn

from expectations.model import Refused, Table
from flows.sources import RECORDED
from flows.sources.config import From
from flows.sources.dialects import Dialect, quoted
from flows.store import digest_of


@dataclass(frozen=True)
class Wanted:
    """A table as a database has it: what of it is selected, and when its rows were recorded.

    Attributes: `name`: its own name, for people; `path`: for SQL; `types`: its columns and what type each has there.
    """

    table: Table
    name: str
    path: str
    said: From
    dialect: Dialect
    location: Sequence[str]
    types: Mapping[str, str]

    @cached_property
    def recorded(self) -> str | None:
        """The bank's column that says when a row was recorded; None: the table is pulled whole."""
        if self.table.mode == "snapshot":
            return None
        ours = self.table.known_on
        named = self.said.recorded or (self.said.columns.source_name(ours) if ours else None)
        if named is None:
            return None
        if (found := spelled(named, self.types)) is None:
            raise Refused(
                f"Table {self.table.name}: the column '{named}' that says when a row was recorded is missing in "
                f"{self.name}; mend [tables.{self.table.name}]."
            )
        if not self.dialect.untyped and self.types[found] not in self.dialect.dated:
            self.refuse_recorded(f"has the type {self.types[found]}", found)
        return found

    def refuse_recorded(self, why: str, column: str | None = None) -> NoReturn:
        """The column that should say when a row was recorded tells no day."""
        raise Refused(
            f"Table {self.table.name}: the column '{column or self.recorded}' that says when a row of {self.name} was "
            f"recorded {why}, no day (2015-06-30); name another as 'recorded', or a view that makes it one."
        )

    def refuse_missing(self) -> None:
        """Check B2, before anything is pulled: every column that is not said to be absent."""
        for column in self.table.columns:
            name = self.said.columns.source_name(column.name)
            if name is not None and name not in self.columns:
                shown = f"'{column.name}'" if name == column.name else f"'{name}' ({column.name})"
                raise Refused(
                    f"Table {self.table.name}: the column {shown} is missing in {self.name} (B2); name it in "
                    f"[tables.{self.table.name}] under columns, or under absent if the bank has none."
                )

    @cached_property
    def columns(self) -> dict[str, str]:
        """Name in the landing (the bank's, as the mapping spells it) → the database's own spelling."""
        names = [self.said.columns.source_name(column.name) for column in self.table.columns]
        return {name: found for name in names if name is not None and (found := spelled(name, self.types)) is not None}

    @property
    def keys(self) -> list[str]:
        """The key columns, as the landing calls them."""
        names = [self.said.columns.source_name(name) for name in self.table.key]
        return [name for name in dict.fromkeys(names) if name in self.columns]

    @property
    def total(self) -> str | None:
        """The money column, as the landing calls it, whose sum the database can say exactly."""
        name = self.said.columns.source_name(self.table.money) if self.table.money else None
        return name if name in self.columns and self.types[self.columns[name]] in self.dialect.exact else None

    @cached_property
    def digest(self) -> str:
        """Which rows and columns of which place."""
        return digest_of([self.location, self.name, self.said.where, self.recorded, self.columns])

    def rows_of(self, *conditions: str) -> str:
        """SQL: the table, and which rows of it."""
        every = [condition for condition in (self.said.where, *conditions) if condition]
        bracketed = [f"({condition}\n)" for condition in every]  # it may end in a comment
        return self.path + (f" WHERE {' AND '.join(bracketed)}" if bracketed else "")

    def select(self, *conditions: str) -> str:
        """SQL: the columns, as the landing has them; where a column may hold anything, after a row of empty texts."""
        made = {name: self.dialect.cell(quoted(own), self.types[own]) for name, own in self.columns.items()}
        if self.recorded is not None:
            made[RECORDED] = self.dialect.day_of.format(quoted(self.recorded))
        # Of an upsert key with one recorded date the last row stays: the order must be the same each time.
        order = [*([self.recorded] if self.recorded else []), *(self.columns[name] for name in self.keys)]
        ordered = f" ORDER BY {', '.join(map(quoted, order))}" if self.table.mode == "upsert" else ""
        cells = ", ".join(f"{cell} AS {quoted(name)}" for name, cell in made.items())
        query = f"SELECT {cells} FROM {self.rows_of(*conditions)}{ordered}"  # noqa: S608 - quoted names
        if not self.dialect.untyped:
            return query
        empty = ", ".join(f"'' AS {quoted(name)}" for name in made)
        return f"SELECT {empty} UNION ALL SELECT * FROM ({query})"  # noqa: S608 - quoted names

    def between(self, first: date | None, last: date) -> str:
        """SQL: recorded after `first` up to `last`."""
        column, day = quoted(str(self.recorded)), timedelta(days=1)
        after = [f"{column} >= {self.dialect.literal.format(first + day)}"] if first is not None else []
        return " AND ".join([*after, f"{column} < {self.dialect.literal.format(last + day)}"])

    @property
    def undated(self) -> str:
        """SQL: rows that do not say when they were recorded."""
        return f"{quoted(str(self.recorded))} IS NULL"


def spelled(name: str, known: Iterable[str]) -> str | None:
    """The database's own spelling of a name, whatever the case it is asked for in."""
    if name in known:
        return name
    alike = [one for one in known if one.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None
