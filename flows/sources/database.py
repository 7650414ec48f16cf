"""Databases as sources, through ADBC: PostgreSQL, DuckDB, SQLite.

A table whose rows say when they were recorded is pulled in slices of that date: the first load month by month, then each
night what came since the last pull, and again the last days (`lookback`), of which only rows not landed before are kept.
Any other table is pulled whole every night. A slice is streamed to disk in one read-only transaction, counted by the
server in that same transaction, and pulled again when the connection is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import polars as pl
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from expectations.model import Refused, Table
from expectations.tables import TABLES
from flows.secrets import redact
from flows.sources import Delivery
from flows.sources.config import From, Place
from flows.sources.dialects import DIALECTS, Connection, Dialect, DriverError, literal, quoted
from flows.sources.slices import Slice, planned, pulled, slice_of
from flows.sources.wanted import Wanted, spelled
from flows.store import Done

ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before an attempt is repeated
YEARS_BACK = 20  # a first load's older rows come in one slice
T = TypeVar("T")
FORMAT = 1  # of a landing: another one is pulled anew


class Lost(Exception):  # noqa: N818 - it says what became of the connection
    """The connection was lost; another attempt may go through."""


class Database:
    """A database as a source."""

    live = True

    def __init__(self, place: Place, tables: Mapping[str, From]) -> None:
        self.place, self.said = place, tables
        self.dialect: Dialect = DIALECTS[place.kind]
        self.told = f"[sources.{place.name}] ({place.kind})"
        self._open: Connection | None = None

    def provenance(self) -> Mapping[str, Any]:
        """A database says nothing of its data's origin."""
        return {}

    def deliveries(self, table: str, as_of: date, landed: Sequence[Done]) -> list[Delivery]:
        """The slices up to T, oldest first, or the newest whole picture."""
        wanted = self._wanted(TABLES[table])
        if wanted is None:
            return []
        mine = sorted(
            (done for done in landed if done.facts.get("source") == wanted.digest), key=lambda d: str(d.facts["last"])
        )
        known = [done for done in mine if done.facts["last"] <= as_of.isoformat()]
        ahead = len(known) < len(mine)
        if wanted.recorded is None:
            return [self._whole(wanted, as_of, known, ahead)]
        return [self._delivery(wanted, one, mine, as_of) for one in self._slices(wanted, as_of, mine)]

    # ---- what to pull ------------------------------------------------------------------------------------------------

    @cached_property
    def _tables(self) -> dict[str, tuple[str, ...]]:
        """Tables and views of the database, by their names with and without schema."""
        return {".".join(filter(None, row)): row for row in self._asked(self.dialect.tables).rows()}

    def _wanted(self, table: Table) -> Wanted | None:
        said = self.said.get(table.name, From())
        name, schema = said.table or table.name, self.place.options.get("schema")
        asked = [f"{schema}.{name}", *([name] if "." in name else [])] if schema else [name]
        own = next((found for one in asked if (found := spelled(one, self._tables)) is not None), None)
        if own is None:
            if said.table is None:
                return None
            raise Refused(f"Table {table.name}: {self.told} has no table '{asked[0]}'; mend [tables.{table.name}].")
        parts = [part for part in self._tables[own] if part]
        path = ".".join(map(quoted, parts))
        told = {"table": path, "path": literal(path), "name": literal(parts[-1])}
        wanted = Wanted(
            table, own, path, said, self.dialect, self._location, dict(self._asked(self.dialect.columns.format(**told)).rows())
        )  # fmt: skip
        wanted.refuse_missing()
        if said.where is not None:  # alone: in brackets, half a condition could close them
            self._asked(f"SELECT 1 FROM {path} WHERE {said.where}\n LIMIT 0")  # noqa: S608 - the bank's own condition
        if wanted.recorded is not None and self.dialect.untyped:
            column = quoted(wanted.recorded)
            some = self._asked(f"SELECT CAST({column} AS text) FROM {path} WHERE {column} IS NOT NULL LIMIT 1")  # noqa: S608
            if some.height and not re.match(r"\d{4}-\d\d-\d\d(?!\d)", some.item()):
                wanted.refuse_recorded(f"holds '{some.item()}'")
        return wanted

    @property
    def _location(self) -> list[str]:
        """Where the database is, whoever asks it and however."""
        if "path" in self.place.options:
            return [self.place.kind, str(self.place.options["path"])]
        parts = urlsplit(str(self.place.options["uri"]))
        told = dict(parse_qsl(parts.query))
        return [
            self.place.kind,
            parts.netloc.rpartition("@")[2],
            parts.path,
            *(told.get(k, "") for k in ("host", "port", "dbname")),
        ]

    @cached_property
    def _loaded(self) -> date:
        """The day the database was last loaded for, as its own `business_date` query says; the end of time without one."""
        if "business_date" not in self.place.options:
            return date.max
        answer = self._asked(str(self.place.options["business_date"]))
        found = answer.item() if answer.shape == (1, 1) else None
        try:
            return date.fromisoformat(str(found)[:10])
        except ValueError:
            raise Refused(f"{self.told}: its business_date query gives no date; mend it.") from None

    def _whole(self, wanted: Wanted, as_of: date, known: Sequence[Done], ahead: bool) -> Delivery:
        until = min(as_of, self._loaded)
        pulled = date.fromisoformat(known[-1].facts["last"]) if known else None
        if pulled is not None and (ahead or until < pulled):
            until = pulled  # a replay, or the database was put back to an earlier day: what was known then
        return self._delivery(wanted, Slice(None, until, until, backfill=False), known, as_of)

    def _slices(self, wanted: Wanted, as_of: date, mine: Sequence[Done]) -> list[Slice]:
        done = [slice_of(one) for one in mine]
        until = min(as_of, self._loaded)
        newest = done[-1] if done else None
        if newest is not None and newest.last >= until:
            return [one for one in done if one.first is None or one.first < as_of]
        first_load = newest is None or (newest.backfill and newest.last < newest.until)
        start = newest.last if newest is not None else None
        begin = start or (self._earliest(wanted, until) if wanted.table.months else until)
        return [*done, *planned(wanted.table, start, begin, until, first_load)]

    def _earliest(self, wanted: Wanted, until: date) -> date:
        """The first day up to `until`, and not before all the years a first load goes back, of which there is a row."""
        horizon = until.replace(year=until.year - YEARS_BACK, day=1)
        day = wanted.dialect.day_of.format(f"MIN({quoted(str(wanted.recorded))})")
        found = self._asked(f"SELECT {day} FROM {wanted.rows_of(wanted.between(horizon, until))}").item()  # noqa: S608
        return date.fromisoformat(str(found)[:10]) if found is not None else until

    # ---- pulling -----------------------------------------------------------------------------------------------------

    def _delivery(self, wanted: Wanted, one: Slice, before: Sequence[Done], as_of: date) -> Delivery:
        return Delivery(
            wanted.table.name,
            min(one.last, as_of),
            1,
            origin=f"{self.place.name}: {wanted.name}",
            address=[FORMAT, wanted.digest, one.first, one.last],
            land=partial(self._land, wanted, one, before, as_of),
            backfill=one.backfill,
            loose=True,
            known="delivered_on" if wanted.recorded else None,
            cut=as_of if one.last > as_of else None,
            columns=wanted.said.columns,
        )

    def _land(self, wanted: Wanted, one: Slice, before: Sequence[Done], night: date, into: Path) -> Mapping[str, Any]:
        """Stream a slice into Parquet files; facts: which slice, which night pulled it, rows."""

        def attempt(connection: Connection) -> int:
            return pulled(connection, wanted, one, before, into)

        rows = self._tried(attempt)
        facts = {"first": one.first, "last": one.last, "until": one.until, "backfill": one.backfill, "night": night}
        return {"source": wanted.digest, **{k: v.isoformat() if isinstance(v, date) else v for k, v in facts.items()},
                "rows": rows}  # fmt: skip

    def _asked(self, query: str) -> pl.DataFrame:
        """A small answer."""
        return self._tried(lambda connection: connection.frame(query))

    def _tried(self, work: Callable[[Connection], T]) -> T:
        """Work on the connection, on a new one with back-off when it is lost; raises Refused in the end."""
        tries = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=FIRST_WAIT, max=LONGEST_WAIT, jitter=FIRST_WAIT),
            retry=retry_if_exception_type(Lost),
            reraise=True,
        )
        try:
            result: T = tries(self._once, work)
            return result
        except Lost as lost:
            raise Refused(f"{self.told} was lost {ATTEMPTS} times ({lost}); see that it runs and call again.") from None

    def _once(self, work: Callable[[Connection], T]) -> T:
        try:
            self._open = self._open or self.dialect.connect(self.place)
            self._open.begin()
            return work(self._open)
        except DriverError as error:
            self.close()
            said = redact(" ".join(str(error).split()))[:300]
            if error.lasting:
                raise Refused(f"{self.told} refuses: {said}; mend it.") from None
            raise Lost(said) from None
        finally:
            if self._open is not None:
                self._open.end()

    def close(self) -> None:
        """Let the connection go; the next question opens another."""
        if self._open is not None:
            self._open.close()
            self._open = None
