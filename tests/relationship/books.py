"""Books made by hand: tables as rows of dicts, a panel of named columns, findings; everything else empty or null."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from tests.features.shards import Row, T, shard
from transforms.contracts import ASSESSMENTS, FINDINGS
from transforms.panel import LAID
from transforms.relationship.book import Book

__all__ = ["T", "book"]
PANEL = {column.name: column.dtype for column in LAID} | {"client_id": pl.String()}


def book(
    tables: Mapping[str, Sequence[Row]],
    panel: Sequence[Row] = ({"client_id": "c"},),
    findings: Iterable[Row] = (),
    assessments: Iterable[Row] = (),
    before: Mapping[str, pl.LazyFrame] | None = None,
    monthly: Mapping[str, pl.LazyFrame] | None = None,
    kinds: Mapping[str, Iterable[str]] | None = None,
) -> Book:
    """A book at T of the clients of `panel` (rows of panel columns, others null); `before` as `Book.done`."""
    clients = [row["client_id"] for row in panel]
    made = shard(tables, clients, before, monthly, kinds=kinds)
    return Book(
        made.night, made.clients, made.clean, made.monthly, made.done,
        panel=_frame(PANEL, panel), findings=_frame(FINDINGS, findings), assessments=_frame(ASSESSMENTS, assessments),
    )  # fmt: skip


def _frame(schema: Mapping[str, Any], rows: Iterable[Row]) -> pl.LazyFrame:
    given = list(rows)
    if unknown := {key for row in given for key in row} - set(schema):
        raise KeyError(f"no columns {sorted(unknown)}")
    return pl.LazyFrame([{name: row.get(name) for name in schema} for row in given], schema=dict(schema))
