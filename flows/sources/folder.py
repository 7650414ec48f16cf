"""A folder as a source: `<table>/<business_date>[.<n>]/manifest.json`, or a plain folder of `<table>.parquet|csv|xlsx`.

Manifests are those of the input model's section 2 (reading I9). Of two deliveries of one business date the higher
sequence wins. A plain folder is one snapshot of every table it has, as known on the night's date. Where the files lie,
on this machine or in an object store, is the `Shelf`'s matter.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from expectations.model import Refused
from expectations.tables import TABLES
from flows.sources import Delivery
from flows.sources.files import SUFFIXES, copy
from flows.sources.mapping import Mapping as Columns
from flows.store import Done, digest_file

SCHEMA_VERSION = 1
_REQUIRED = ("table", "business_date", "mode", "schema_version", "sequence", "files", "row_count", "control_totals")


class Shelf(Protocol):
    """Where a folder's files lie. Names are relative, with slashes.

    Attributes: `told`: what to call it to people.
    """

    told: str

    def names(self, table: str | None) -> list[str]:
        """Files of the table's folder and below; without a table, those at the top."""

    def text(self, name: str) -> str:
        """A small file's text; raises Refused when it is not there or cannot be read."""

    def stamp(self, name: str) -> str:
        """What changes when the file's content does: its SHA-256, or the store's own tag."""

    def fetch(self, name: str, into: Path) -> Path:
        """The file on this machine, copied below `into` when it is elsewhere; raises FileNotFoundError."""

    def path(self, name: str) -> str:
        """What to call the file to people."""


class Disk:
    """A shelf on this machine."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise Refused(f"The source folder {root} is not there; name a folder that holds the tables.")
        self.root, self.told = root, str(root)

    def names(self, table: str | None) -> list[str]:
        """See Shelf."""
        found = self.root.glob("*") if table is None else (self.root / table).glob("*/*")
        return sorted(path.relative_to(self.root).as_posix() for path in found if path.is_file())

    def text(self, name: str) -> str:
        """See Shelf."""
        try:
            return (self.root / name).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Refused(f"The file {self.root / name} cannot be read ({error}); mend it.") from error

    def stamp(self, name: str) -> str:
        """See Shelf."""
        return digest_file(self.root / name)

    def fetch(self, name: str, into: Path) -> Path:
        """See Shelf."""
        if not (self.root / name).is_file():
            raise FileNotFoundError(name)
        return self.root / name

    def path(self, name: str) -> str:
        """See Shelf."""
        return str(self.root / name)


class Folder:
    """A source folder on a shelf.

    Attributes: `plain`: it has no manifests, so each file is one snapshot as of the night.
    """

    live = False

    def __init__(self, shelf: Shelf, columns: Mapping[str, Columns] | None = None) -> None:
        self.shelf, self.told = shelf, shelf.told
        self.columns = columns or {}
        self.top = shelf.names(None)
        self.plain = any(f"{table}{suffix}" in self.top for table in TABLES for suffix in SUFFIXES) and not any(
            name.endswith("/manifest.json") for table in TABLES for name in shelf.names(table)
        )

    def deliveries(self, table: str, as_of: date, landed: Sequence[Done]) -> list[Delivery]:
        """The newest snapshot, or every append and upsert up to T.

        Raises Refused for a manifest that cannot be read or is not of a known kind.
        """
        if self.plain:
            return self._plain(table, as_of)
        found: dict[date, Delivery] = {}
        for name in self.shelf.names(table):
            if not name.endswith("/manifest.json"):
                continue
            delivery = self._delivery(table, name)
            best = found.get(delivery.business_date)
            if delivery.business_date <= as_of and (best is None or best.sequence < delivery.sequence):
                found[delivery.business_date] = delivery
        ordered = [found[day] for day in sorted(found)]
        return ordered[-1:] if TABLES[table].mode == "snapshot" else ordered

    def provenance(self) -> Mapping[str, Any]:
        """What `provenance.json` says of the data's origin; empty when there is none."""
        if "provenance.json" not in self.top:
            return {}
        path = self.shelf.path("provenance.json")
        try:
            said = json.loads(self.shelf.text("provenance.json"))
        except ValueError as error:
            raise Refused(f"The file {path} is not valid JSON ({error}); mend or remove it.") from error
        return dict(said)

    def close(self) -> None:
        """A folder holds nothing open."""

    def _plain(self, table: str, as_of: date) -> list[Delivery]:
        names = [f"{table}{suffix}" for suffix in SUFFIXES if f"{table}{suffix}" in self.top]
        if len(names) > 1:
            first, second = (self.shelf.path(name) for name in names[:2])
            raise Refused(f"Table {table}: both {first} and {second} are there; leave one.")
        return [
            Delivery(
                table,
                as_of,
                1,
                origin=self.shelf.path(name),
                address=[name, self.shelf.stamp(name)],
                land=partial(self._land, table, {name: None}),
                backfill=True,
                loose=self._loose(table, [name]),
                known=TABLES[table].known_on,
                cut=as_of,
                columns=self.columns.get(table, Columns()),
            )
            for name in names
        ]

    def _loose(self, table: str, names: Sequence[str]) -> bool:
        return table in self.columns or not all(name.endswith(".parquet") for name in names)

    def _land(self, table: str, files: Mapping[str, str | None], into: Path) -> Mapping[str, Any]:
        """Check B1 (every file is there, with the checksum its manifest gives), then the rows as they came."""
        room = into / "fetched"
        paths = [self._fetched(table, name, sha256, room) for name, sha256 in files.items()]
        facts = copy(table, paths, into)
        for path in paths:
            if path.is_relative_to(room):
                path.unlink()
        return facts

    def _fetched(self, table: str, name: str, sha256: str | None, room: Path) -> Path:
        shown = self.shelf.path(name)
        try:
            path = self.shelf.fetch(name, room)
        except FileNotFoundError:
            raise Refused(
                f"Table {table}: the file {shown} is named in its manifest but is not there (B1); deliver it."
            ) from None
        if sha256 is not None and digest_file(path) != sha256:
            raise Refused(
                f"Table {table}: the checksum of {shown} does not fit its manifest (B1); deliver the table again."
            )
        return path

    def _delivery(self, table: str, name: str) -> Delivery:
        shown = self.shelf.path(name)
        manifest = _manifest(table, shown, self.shelf.text(name))
        try:
            folder = name.rsplit("/", 1)[0]
            files = {f"{folder}/{Path(str(f['name'])).name}": str(f["sha256"]) for f in manifest["files"]}
            day, sequence = date.fromisoformat(manifest["business_date"]), int(manifest["sequence"])
            counted = {
                "row_count": int(manifest["row_count"]),
                "control_totals": dict(manifest["control_totals"] or {}),
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused(
                f"Table {table}: the manifest {shown} is not as agreed ({error}); deliver the table again."
            ) from error
        if not files:
            raise Refused(f"Table {table}: the manifest {shown} names no file; deliver the table again.")
        return Delivery(
            table,
            day,
            sequence,
            origin=self.shelf.path(next(iter(files))),
            address=sorted(files.values()),
            land=partial(self._land, table, files),
            manifest={**manifest, **counted},
            backfill=bool(manifest.get("backfill", False)),
            loose=self._loose(table, [*files]),
            columns=self.columns.get(table, Columns()),
        )


def _manifest(table: str, shown: str, text: str) -> Mapping[str, Any]:
    """The manifest, of this table and of a known kind (checks B1, B7)."""
    try:
        manifest = json.loads(text)
        missing = [key for key in _REQUIRED if key not in manifest]
    except (ValueError, TypeError) as error:
        raise Refused(
            f"Table {table}: the manifest {shown} cannot be read ({error}); deliver the table again."
        ) from error
    if not isinstance(manifest, dict) or missing:
        lacking = missing[0] if missing else _REQUIRED[0]
        raise Refused(f"Table {table}: the manifest {shown} lacks '{lacking}'; deliver the table again.")
    if manifest["table"] != table:
        raise Refused(
            f"Table {table}: the manifest {shown} is of table '{manifest['table']}'; put it in its own folder."
        )
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise Refused(
            f"Table {table}: the manifest {shown} has schema version {manifest['schema_version']} (B7), known is "
            f"{SCHEMA_VERSION}; deliver in that version or update Bellwether."
        )
    if manifest["mode"] != TABLES[table].mode:
        raise Refused(
            f"Table {table}: the manifest {shown} says mode '{manifest['mode']}', the table's is '{TABLES[table].mode}'."
        )
    return manifest
