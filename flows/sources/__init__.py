"""Where tables come from: each module answers "give me this table as known at T" with deliveries.

`Source.deliveries` says what a night as of T reads of a table; a `Delivery` says what it is and lands itself. Nothing but
`flows/pull.py` calls them, nothing after the pull knows where a row came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from flows.sources.mapping import Mapping as Columns
from flows.store import Done

Facts = Mapping[str, Any]
RECORDED = "recorded_by_source"  # in a landing from a database: the day the source recorded the row


@dataclass(frozen=True, eq=False)
class Delivery:
    """One delivery of one table.

    `address` is what its landing hangs on: the same address is the same content. `land(folder)` writes the rows as they
    came into Parquet files there and returns facts; it raises Refused where they are not what was promised. `origin`
    names the file or database table to people. `loose` says that cells may come as text (CSV, Excel, databases). Rows
    whose column `known` is later than `cut` were not known at T and are left out; None: every row was.
    """

    table: str
    business_date: date
    sequence: int
    origin: str
    address: Any
    land: Callable[[Path], Facts]
    manifest: Facts | None = None
    backfill: bool = False
    loose: bool = False
    known: str | None = None
    cut: date | None = None
    columns: Columns = field(default_factory=Columns)

    @property
    def name(self) -> str:
        """table/business_date.sequence: the name rows in quarantine carry."""
        return f"{self.table}/{self.business_date.isoformat()}.{self.sequence}"


class Source(Protocol):
    """A place where tables stand.

    Attributes: `told`: what to call it to people, without secrets. `live`: it answers with what it holds now, so that a
    refused pull of tonight must be pulled anew once it is mended.
    """

    told: str
    live: bool

    def deliveries(self, table: str, as_of: date, landed: Sequence[Done]) -> Sequence[Delivery]:
        """What of `table` a night as of T reads, oldest first; `landed` are its landings so far, of any source."""

    def provenance(self) -> Facts:
        """What the source says of its data's origin; empty when nothing."""

    def close(self) -> None:
        """Let go what it holds open; it opens again when asked again."""
