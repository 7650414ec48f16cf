"""The vocabulary of the input model: columns, tables, checks, actions, deliveries, verdicts.

Source: the input model's sections 2 to 6. Nothing here imports Great Expectations; `suites.py` makes suites of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl


class Refused(Exception):  # noqa: N818 - the word of the exit code: input, policy or configuration to be mended
    """The night cannot run on this input: one sentence names table, column, file and what to do."""


class Action(StrEnum):
    """What a breach does: end the night, hold the client, refuse the row, tell, or tell and use (it is evidence)."""

    STOP = "STOP"
    CLIENT = "CLIENT"
    ROW = "ROW"
    WARN = "WARN"
    KEEP = "KEEP"


_DTYPES: Mapping[str, pl.DataType] = {
    "id": pl.String(),
    "text": pl.String(),
    "mmdd": pl.String(),
    "money": pl.Int64(),
    "int": pl.Int64(),
    "score5": pl.Int64(),
    "ratio": pl.Float64(),
    "float": pl.Float64(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
    "ts": pl.Datetime("ms"),
}
_LATER = ("due", "planned", "ends", "matures", "expires", "valid_until", "next", "end_on")  # dates that may lie after T


@dataclass(frozen=True, eq=False)
class Column:
    """One column: type and flags as in the model (k key, ! required, ? may be null, c conditional, p, s personal).

    `when` is the condition under which a `c` column is required; `references` the table whose key it must be in; `low`
    and `high` bound a number.
    """

    name: str
    zh: str
    type: str
    flags: str
    note: str = ""
    references: str | None = None
    when: pl.Expr | None = None
    low: float | None = None
    high: float | None = None
    length: int = 500
    ahead: bool = False

    @property
    def key(self) -> bool:
        """Part of the table's key."""
        return "k" in self.flags

    @property
    def required(self) -> bool:
        """Never null."""
        return "!" in self.flags

    @property
    def personal(self) -> bool:
        """Personal or sensitive personal data."""
        return "p" in self.flags or "s" in self.flags

    @property
    def closed_list(self) -> str | None:
        """Name of its closed list; for a list column, of its elements'."""
        kind = self.type.removeprefix("list:")
        return kind.removeprefix("e:") if kind.startswith("e:") else None

    @property
    def is_list(self) -> bool:
        """A column of lists."""
        return self.type.startswith("list:")

    @property
    def dtype(self) -> pl.DataType:
        """Its Polars type."""
        return pl.List(pl.String()) if self.is_list else _DTYPES.get(self.type, pl.String())

    @property
    def may_lie_ahead(self) -> bool:
        """A date that may be later than T (check C7, reading I7)."""
        return self.ahead or any(word in self.name for word in _LATER)


Clean = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, eq=False)
class Check:
    """A check of the table's own: `bad` is true where a row breaches it (null: no breach).

    `bad` is an expression over the row, or, where it needs other rows or tables, a function (rows, clean tables,
    delivery) → the breaching rows' `row_number`s. `becomes` sets columns of a breaching row and keeps the row. `needs`
    names tables without which the check cannot run.
    """

    id: str
    action: Action
    en: str
    zh: str
    bad: pl.Expr | Callable[[pl.LazyFrame, Clean, Delivery], pl.LazyFrame]
    becomes: Mapping[str, pl.Expr] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TableCheck:
    """A check of the table as a whole: `breach` gives the sentence of what is wrong, or None."""

    id: str
    action: Action
    breach: Callable[[pl.LazyFrame, Clean, Delivery], tuple[str, str] | None]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """One table of the input model.

    `mode` is snapshot, append or upsert; `stale_after` days after which a delivery is too old (None: never); `recorded`
    the column that says when a row became known; `money` the column whose control total the manifest carries.
    """

    name: str
    zh: str
    en: str
    core: bool
    mode: str
    columns: tuple[Column, ...]
    stale_after: int | None = None
    recorded: str | None = None
    money: str | None = None
    checks: tuple[Check, ...] = ()
    table_checks: tuple[TableCheck, ...] = ()

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column → Polars type, in order."""
        return {column.name: column.dtype for column in self.columns}

    @property
    def key(self) -> list[str]:
        """Its key columns."""
        return [column.name for column in self.columns if column.key]


@dataclass(frozen=True)
class Delivery:
    """What the deliveries say of a table tonight.

    `control_totals` and `row_count` are None for a plain folder; `row_count_history` are the row counts of earlier
    deliveries; `previous_clients` the active clients of the night before, None on a first night.
    """

    as_of: date
    business_date: date
    mode: str
    backfill: bool = False
    control_totals: Mapping[str, int] | None = None
    row_count: int | None = None
    home_currency: str = "CNY"
    row_count_history: Sequence[int] = ()
    previous_clients: Sequence[str] | None = None


@dataclass(frozen=True)
class Notice:
    """Something the data-quality page tells: rows that breach a check but stay, or a check that could not run."""

    table: str
    check_id: str
    action: Action
    rows: int
    message_en: str
    message_zh: str


@dataclass(frozen=True)
class Counts:
    """rows_in = clean + quarantined + collapsed + superseded, always (reading I10)."""

    rows_in: int
    clean: int
    quarantined: int
    collapsed: int
    superseded: int

    def __post_init__(self) -> None:
        if self.rows_in != self.clean + self.quarantined + self.collapsed + self.superseded:
            raise AssertionError(f"rows were lost: {self}")


@dataclass(frozen=True)
class Verdict:
    """A table's validation: clean rows by key, refused rows with why, held clients, notices, counts, GX's result."""

    clean: pl.DataFrame
    quarantine: pl.DataFrame
    held: pl.DataFrame
    notices: tuple[Notice, ...]
    counts: Counts
    result: Mapping[str, Any]
    skipped: bool = False  # check B8: too many rows of an optional table were refused, so it counts as not connected
