"""The vocabulary of the input model: columns, tables, checks, actions, deliveries, verdicts.

Source: the input model's sections 2 to 6. Nothing here imports Great Expectations; `suites.py` makes suites of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl


class Refused(Exception):  # noqa: N818 - the word of the exit code: input, policy or configuration to be mended
    """The night cannot run on this input: one sentence names table, column, file and what to do.

    Attributes: `table`: the table it was found in, where validation found it.
    """

    table: str | None = None


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
# How the names of dates begin that may lie after T.
_LATER = ("due", "planned", "ends", "matures", "expires", "valid_until", "waived_until", "next", "end_on")


@dataclass(frozen=True, eq=False)
class Column:
    """One column: type and flags as in the model (k key, ! required, ? may be null, c conditional, p, s personal).

    `note` is its meaning (`note_zh` in Chinese), `source` the field of the supervisor's files where one was seen. `when` is
    the condition under which a `c` column is required, `judged_by` the check of the table's own that judges it instead;
    `references` the table whose key it must be in; `low` and `high` bound a number.
    """

    name: str
    zh: str
    type: str
    flags: str
    note: str = ""
    note_zh: str = ""
    source: str = ""
    references: str | None = None
    when: pl.Expr | None = None
    judged_by: str | None = None
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
        return self.ahead or self.name.startswith(_LATER)


Clean = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, eq=False)
class Check:
    """A check of the table's own: `bad` is true where a row breaches it (null: no breach).

    `bad` is an expression over the row, or, where it needs other rows, other tables or the delivery, a function (rows,
    clean tables, delivery) → the breaching rows' `row_number`s. `becomes` sets columns of a breaching row and keeps the
    row. `needs` names tables without which the check cannot run. A CLIENT check holds the client, or, when it
    `withholds` a table, only what rests on that table. `alone`: the function judges each row without the other rows of
    the table, so a row it refuses replaces no other (check C4).
    """

    id: str
    action: Action
    en: str
    zh: str
    bad: pl.Expr | Callable[[pl.LazyFrame, Clean, Delivery], pl.LazyFrame]
    becomes: Mapping[str, pl.Expr] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    withholds: str | None = None
    alone: bool = False


@dataclass(frozen=True, eq=False)
class TableCheck:
    """A check of the clean table as a whole: `breach` gives how many rows breach it and what is wrong, or None."""

    id: str
    action: Action
    en: str
    zh: str
    breach: Callable[[pl.LazyFrame, Clean, Delivery], Breach | None]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class BookCheck:
    """A check across tables, run when all are clean: `clients` gives the breaching rows' `client_id`s.

    A CLIENT check holds those clients, or, when it `withholds` a table, only what rests on that table.
    """

    id: str
    table: str
    action: Action
    en: str
    zh: str
    clients: Callable[[Clean, Delivery], pl.LazyFrame]
    needs: tuple[str, ...]
    withholds: str | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """One table of the input model: its name in Chinese, what one row is (`en`, `grain_zh`).

    `mode` is snapshot, append or upsert; `stale_after` days after which a delivery is too old (None: never); `recorded`
    the column that says when a row became known, `dated`, where it has none, the day of what the row tells; `money` the
    column whose control total the manifest carries; `months` the date column by whose months a big table is cut, then
    `reads` names what its checks read of other tables.
    """

    name: str
    zh: str
    en: str
    grain_zh: str
    core: bool
    mode: str
    columns: tuple[Column, ...]
    stale_after: int | None = None
    recorded: str | None = None
    dated: str | None = None
    money: str | None = None
    months: str | None = None
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    table_checks: tuple[TableCheck, ...] = ()

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column → Polars type, in order."""
        return {column.name: column.dtype for column in self.columns}

    @property
    def known_on(self) -> str | None:
        """The column whose date a row is known from; None: a row is known from its delivery on."""
        return self.recorded or self.dated

    @property
    def key(self) -> list[str]:
        """Its key columns."""
        return [column.name for column in self.columns if column.key]


@dataclass(frozen=True)
class Delivery:
    """What the checks of a night know beside the rows.

    `business_date` is the newest delivery's, `newest` its name, `backfills` the names of the deliveries that are first
    loads; `control_totals` and `row_count` are None for a plain folder; `usual_rows` are the row counts of earlier
    deliveries of the same kind of day; `previous_clients` the clients of the night before, `client_ids` those delivered
    tonight; `gift_limit` is the bank's, in minor units.
    """

    as_of: date
    business_date: date
    newest: str = ""
    backfills: frozenset[str] = frozenset()
    control_totals: Mapping[str, int] | None = None
    row_count: int | None = None
    home_currency: str = "CNY"
    gift_limit: int | None = None
    usual_rows: Sequence[int] = ()
    previous_clients: Sequence[str] = ()
    client_ids: Sequence[str] = ()


@dataclass(frozen=True)
class Breach:
    """Rows that breach a check of a whole table, and what is wrong in both languages."""

    rows: int
    en: str
    zh: str


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

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __post_init__(self) -> None:
        if self.rows_in != self.clean + self.quarantined + self.collapsed + self.superseded:
            raise AssertionError(f"rows were lost: {self}")


@dataclass(frozen=True)
class Verdict:
    """A table's validation: clean rows by key, refused rows with why, held clients, notices, counts, GX's result.

    `held` has client_id, check_id, reason_en, reason_zh and `withholds` (null: the whole client is held).
    """

    clean: pl.DataFrame
    quarantine: pl.DataFrame
    held: pl.DataFrame
    notices: tuple[Notice, ...]
    counts: Counts
    result: Mapping[str, Any]
    skipped: bool = False  # checks B5, B8: an optional table too old or too often refused counts as not connected


HELD: Mapping[str, pl.DataType] = {
    name: pl.String() for name in ("client_id", "check_id", "reason_en", "reason_zh", "withholds")
}
