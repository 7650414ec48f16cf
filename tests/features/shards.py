"""Shards made by hand: tables as rows of dicts, everything else empty."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from expectations.tables import TABLES
from transforms.night import Night
from transforms.shard import Shard
from transforms.text import Unit

T = date(2015, 6, 30)
Row = dict[str, Any]
MONTHS = {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64, "opout": pl.Int64, "first_on": pl.Date}
CATEGORIES = {
    "client_id": pl.String, "month": pl.Date, "direction": pl.String, "category": pl.String, "amount": pl.Int64,
}  # fmt: skip
RECENT = {
    "client_id": pl.String, "account_id": pl.String, "booked_on": pl.Date, "txn_id": pl.String, "direction": pl.String,
    "amount": pl.Int64, "type": pl.String, "category": pl.String, "counted": pl.Boolean, "own": pl.Boolean,
    "counterparty_id": pl.String,
}  # fmt: skip


def ago(days: int) -> date:
    return T - timedelta(days=days)


def table(name: str, rows: Iterable[Row]) -> pl.LazyFrame:
    """A clean table; columns not given are null."""
    schema = TABLES[name].schema
    given = list(rows)
    if unknown := {key for row in given for key in row} - set(schema):
        raise KeyError(f"{name} has no columns {sorted(unknown)}")
    return pl.LazyFrame([{column: row.get(column) for column in schema} for row in given], schema=schema)


def frame(schema: Mapping[str, Any], rows: Iterable[Row]) -> pl.LazyFrame:
    return pl.LazyFrame([{column: row.get(column) for column in schema} for row in rows], schema=dict(schema))


def done(columns: Mapping[str, Any], *rows: Row) -> pl.LazyFrame:
    """A feature frame made before: client "c" unless a row says otherwise."""
    schema = {"client_id": pl.String, **columns}
    return frame(schema, ({"client_id": "c"} | row for row in rows))


def shard(
    tables: Mapping[str, Sequence[Row]],
    clients: Sequence[str] = ("c",),
    before: Mapping[str, pl.LazyFrame] | None = None,
    monthly: Mapping[str, pl.LazyFrame] | None = None,
    group: Mapping[str, str] | None = None,
    kinds: Mapping[str, Iterable[str]] | None = None,
) -> Shard:
    """A shard at T of those tables; without `kinds` every kind its events and undertakings carry, and those named.

    `group`: group_id of clients of the bank, of this shard or another.
    """
    carried = {
        name: frozenset(row["kind"] for row in rows)
        for name, rows in tables.items()
        if name in ("events", "undertakings")
    }
    named = {name: frozenset(given) for name, given in (kinds or {}).items()}
    who = table("clients", ({"client_id": c, "status": "active", "group_id": (group or {}).get(c)} for c in clients))
    everybody = ({"client_id": c, "group_id": top} for c, top in (group or {}).items())
    groups = frame({"client_id": pl.String, "group_id": pl.String}, everybody)
    return Shard(
        night=Night(T, kinds={name: carried.get(name, frozenset()) | named.get(name, frozenset()) for name in TABLES}),
        clients=who,
        clean={**{name: table(name, rows) for name, rows in tables.items()}, "groups": groups},
        monthly=monthly or {},
        done=before or {},
    )


def measured(module: Any, made: Shard) -> pl.DataFrame:
    """The module's frame, checked: one row per client, sorted, exactly the columns it names with their types."""
    result: pl.DataFrame = module.measure(made).collect()
    assert result["client_id"].to_list() == made.ids().collect()["client_id"].to_list()
    # the panel keeps days as floats, a feature counts them
    expected = {column.name: pl.Int64() if column.unit == Unit.DAYS else column.dtype for column in module.PANEL}
    assert {name: dtype for name, dtype in result.schema.items() if name != "client_id"} == expected
    return result


def one(module: Any, made: Shard) -> Row:
    return measured(module, made).row(0, named=True)


def agrees(row: Row, expected: Row) -> None:
    assert {name: row[name] for name in expected} == expected
