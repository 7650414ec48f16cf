"""Which source a table comes from, each opened once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.tables import TABLES
from flows.sources import Source
from flows.sources.config import DATABASES, Place, Places
from flows.sources.folder import Disk, Folder


@dataclass(frozen=True)
class Sources:
    """The sources of a run: of a table, and what they say of their data's origin."""

    places: Places
    opened: Mapping[str, Source]

    def of(self, table: str) -> Source | None:
        """The source of a table; None: it is not connected."""
        name = self.places.of(table)
        return self.opened[name] if name is not None else None

    def provenance(self) -> Mapping[str, Any]:
        """What the default source says of its data's origin."""
        return self.opened[self.places.default].provenance() if self.places.default else {}

    def close(self) -> None:
        """Let go what the sources hold open."""
        for source in self.opened.values():
            source.close()

    @property
    def live(self) -> list[str]:
        """Tables that come from a database."""
        return [name for name in TABLES if (source := self.of(name)) is not None and source.live]


def opened(places: Places) -> Sources:
    """Every source that a table comes from, opened; raises Refused when one is not there."""
    used = {name for table in TABLES if (name := places.of(table)) is not None}
    return Sources(places, {name: _open(place, places) for name, place in places.places.items() if name in used})


def _open(place: Place, places: Places) -> Source:
    mine = {name: said for name, said in places.tables.items() if places.of(name) == place.name}
    if place.kind in DATABASES:
        from flows.sources.database import Database

        return Database(place, mine)
    columns = {name: said.columns for name, said in mine.items()}
    if place.kind == "s3":
        from flows.sources.s3 import Bucket

        return Folder(Bucket(place), columns)
    return Folder(Disk(Path(place.options["path"])), columns)
