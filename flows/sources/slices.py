"""Slices of a table in a database: which days each has, and one of them onto our disk, late rows with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import polars as pl

from expectations.arrival import refuse_miscount
from expectations.model import Refused, Table
from flows.sources import RECORDED
from flows.sources.dialects import Connection, DriverError, quoted
from flows.sources.wanted import Wanted
from flows.store import Done


@dataclass(frozen=True)
class Slice:
    """Rows recorded after `first` (None: from the beginning) up to `last`, pulled by the night `until`.

    `late`: and those of the days before `first` that came late or were corrected.
    """

    first: date | None
    last: date
    until: date
    backfill: bool
    late: bool = False


def slice_of(done: Done) -> Slice:
    """The slice a landing holds."""
    told = done.facts
    first = date.fromisoformat(told["first"]) if told["first"] else None
    return Slice(first, date.fromisoformat(told["last"]), date.fromisoformat(told["until"]), told["backfill"])


def planned(table: Table, start: date | None, begin: date, until: date, first_load: bool) -> list[Slice]:
    """What is left to pull, cut at month ends for a big table so that a killed pull goes on where it was."""
    ends, month = [], begin.replace(day=1)
    while table.months and month <= until:
        following = (month + timedelta(days=32)).replace(day=1)
        ends.append(min(following - timedelta(days=1), until))
        month = following
    ends = [end for end in ends if start is None or end > start] or [until]
    late = start is not None and not first_load
    return [Slice(a, b, until, first_load, late and a == start) for a, b in zip([start, *ends], ends, strict=False)]


def pulled(connection: Connection, wanted: Wanted, one: Slice, before: Sequence[Done], into: Path) -> int:
    """A slice in one transaction: the server's count, the rows, the late ones; returns how many rows landed."""
    if wanted.recorded is None:
        mine: tuple[str, ...] = ()
    elif one.backfill and one.last == one.until:
        mine = (f"({wanted.between(one.first, one.last)}) OR {wanted.undated}",)
    else:
        mine = (wanted.between(one.first, one.last),)
    total = wanted.total
    added = f", {wanted.dialect.sum.format(quoted(wanted.columns[total]))}" if total else ""
    counted = connection.frame(f"SELECT COUNT(*){added} FROM {wanted.rows_of(*mine)}")  # noqa: S608 - quoted names
    rows = _sink(connection, wanted, wanted.select(*mine), one, into / "rows.parquet")
    refuse_miscount(wanted.table, rows, int(counted.item(0, 0)))
    if added:
        _refuse_total(wanted, str(total), into / "rows.parquet", counted.item(0, 1))
    return rows + (_late(connection, wanted, one, before, into) if one.late else 0)


def _sink(connection: Connection, wanted: Wanted, query: str, one: Slice, target: Path) -> int:
    frame = connection.stream(query)
    if wanted.dialect.untyped:
        frame = frame.slice(1).select(pl.all().cast(pl.Binary).cast(pl.String))  # the driver looks at no byte
    if wanted.recorded is not None:
        cell = pl.col(RECORDED)
        day = cell.str.head(10).str.to_date("%Y-%m-%d", strict=False) if wanted.dialect.untyped else cell
        told = pl.when(day.is_between(date.min, date.max)).then(day)  # infinite, or before any calendar: no day
        inside = told > one.first if one.first is not None else told.is_not_null()
        frame = frame.with_columns(told.alias(RECORDED), delivered_on=pl.when(inside).then(told).otherwise(one.last))
    try:
        connection.sink(frame, target)
    except DriverError as error:
        if "invalid utf8" not in str(error):
            raise
        raise Refused(
            f"Table {wanted.table.name}: {wanted.name} holds text that is no UTF-8; convert it, or leave the rows out "
            f"with 'where' in [tables.{wanted.table.name}]."
        ) from None
    return int(pl.scan_parquet(target).select(pl.len()).collect().item())


def _late(connection: Connection, wanted: Wanted, one: Slice, before: Sequence[Done], into: Path) -> int:
    """Rows of the last days, or without a date, that came late or were corrected.

    Of a key the source's latest recorded rows count, as long as they are not what was landed of it last.
    """
    if one.first is None:
        return 0
    since = one.first - timedelta(days=wanted.said.lookback)
    again, late = into / "again.parquet", into / "rows-late.parquet"
    _sink(connection, wanted, wanted.select(f"({wanted.between(since, one.first)}) OR {wanted.undated}"), one, again)
    read = pl.scan_parquet(again)
    names, schema = [*wanted.columns, RECORDED], read.collect_schema()
    keys = wanted.keys or names

    now = _latest(_among(read, pl.scan_parquet(into / "rows.parquet"), keys, how="anti"), keys, RECORDED)
    recent = (pl.col("delivered_on") > since) | pl.col(RECORDED).is_null()
    landed = [
        pl.scan_parquet(done.folder / name)
        .filter(recent)
        .select("delivered_on", *(pl.col(name).cast(schema[name], strict=False) for name in names))
        for done in before
        for name in sorted(done.files)
    ]
    had = _latest(_among(pl.concat(landed), now, keys), keys, "delivered_on")
    fresh = _among(now, _among(now, had, names, how="anti"), keys).collect()
    again.unlink()
    if not fresh.is_empty():
        fresh.write_parquet(late)
    return fresh.height


def _among(
    frame: pl.LazyFrame, others: pl.LazyFrame, on: Sequence[str], how: Literal["semi", "anti"] = "semi"
) -> pl.LazyFrame:
    """Rows whose columns `on` are among the others', or are not."""
    return frame.join(others, on=on, how=how, nulls_equal=True, maintain_order="left")


def _latest(frame: pl.LazyFrame, keys: Sequence[str], day: str) -> pl.LazyFrame:
    """Each key's rows of its latest day."""
    told = pl.col(day).fill_null(date.min)
    return frame.filter(told == told.max().over(keys))


def _refuse_total(wanted: Wanted, column: str, path: Path, said: Any) -> None:
    """Check B4: what landed adds up to what the server says."""
    landed, cell = pl.scan_parquet(path), pl.col(column)
    dtype = landed.collect_schema()[column]
    if dtype == pl.String:
        cell = cell.str.extract(r"^(-?\d+(?:\.\d{1,6})?)")
    exact = cell if dtype.is_decimal() else cell.cast(pl.Decimal(38, 6), strict=False)
    found = landed.select(exact.sum()).collect().item()
    if said is not None and (told := Decimal(str(said))).is_finite() and told != (found or 0):
        raise Refused(
            f"Table {wanted.table.name}: the sum of {column} is {found}, the database's own {said} (B4); call again."
        )
