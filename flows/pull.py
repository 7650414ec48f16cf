"""The pull stage: every table as known at T, landed as it came and never changed.

A landing hangs on what was delivered, not on this code: an upgrade pulls nothing again.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from expectations.model import Refused, Table
from expectations.tables import TABLES
from flows.sources import Delivery
from flows.store import Done, Store, digest_of

if TYPE_CHECKING:
    from flows.nightly import Run

STAGE = "landing"


@dataclass(frozen=True)
class Landed:
    """A delivery on our disk."""

    delivery: Delivery
    done: Done

    @cached_property
    def digest(self) -> str:
        """Digest of its rows as the night reads them."""
        told = self.delivery
        return digest_of([self.done.digest, told.columns.digest(), told.loose, told.known, told.cut])

    def scan(self, table: Table) -> pl.LazyFrame:
        """Its rows known at T under our names, with `delivery` and `delivered_on`, the day a row came."""
        told = self.delivery
        files = [self.done.folder / name for name in sorted(self.done.files)]
        rows = told.columns.apply(table, pl.scan_parquet(files)).with_columns(delivery=pl.lit(told.name))
        if "delivered_on" not in rows.collect_schema():
            rows = rows.with_columns(delivered_on=pl.lit(told.business_date))
        if told.known is None or told.cut is None:
            return rows
        day = pl.col(told.known)
        if rows.collect_schema()[told.known] == pl.String:
            day = day.str.head(10).str.to_date("%Y-%m-%d", strict=False)
        return rows.filter((day.cast(pl.Date) <= told.cut).fill_null(value=True))


@dataclass(frozen=True)
class Pulled:
    """What a night reads, landed: per table its deliveries, oldest first; a table not connected has none."""

    tables: Mapping[str, Sequence[Landed]]

    @property
    def feeds(self) -> dict[str, date]:
        """Table → business date of its newest delivery; a table that is not connected is not in it."""
        return {table: landed[-1].delivery.business_date for table, landed in self.tables.items() if landed}

    @property
    def digest(self) -> str:
        """Digest of everything delivered, what the manifests say included."""
        return digest_of(
            {
                table: [(one.delivery.name, one.delivery.manifest, one.digest) for one in landed]
                for table, landed in self.tables.items()
            }
        )


def pull(run: Run) -> Pulled:
    """Land every delivery up to T, as it came; a core table that is missing ends the night."""
    tables: dict[str, list[Landed]] = {}
    with run.tell.stage("pull", len(TABLES)), closing(run.sources):
        for name, table in TABLES.items():
            source = run.sources.of(name)
            found = source.deliveries(name, run.as_of, run.store.units(STAGE, name)) if source else []
            if not found and table.core:
                where = f"in {source.told}" if source else "and no source"
                raise Refused(f"The core table {name} has no delivery up to {run.as_of} {where}; deliver it.")
            tables[name] = [Landed(one, run.store.do(STAGE, name, one.address, one.land)) for one in found]
            run.tell.step(fresh=any(not one.done.reused for one in tables[name]))
    return Pulled(tables)


def forget(store: Store, tables: Sequence[str], night: date | None = None, loads: Sequence[str] = ()) -> int:
    """Drop landings pulled from databases, so that the next pull reads them anew; returns how many.

    `night`: only those which that night pulled, first loads apart but of the tables in `loads`: what earlier nights knew stays.
    """
    gone = [
        done
        for table in tables
        for done in store.units(STAGE, table)
        if "source" in done.facts
        and (
            night is None
            or (done.facts["night"] == night.isoformat() and (table in loads or not done.facts["backfill"]))
        )
    ]
    for done in gone:
        shutil.rmtree(done.folder)
    return len(gone)
