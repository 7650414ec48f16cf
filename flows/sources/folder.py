"""A folder as a source: `<table>/<business_date>[.<n>]/manifest.json`, or a plain folder of `<table>.parquet|csv`.

Manifests are those of the input model's section 2 (reading I9). Of two deliveries of one business date the higher
sequence wins. A plain folder is one snapshot of every table it has, as of the night.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from expectations.model import Refused
from expectations.tables import TABLES
from flows.store import digest_file

SCHEMA_VERSION = 1
_REQUIRED = ("table", "business_date", "mode", "schema_version", "sequence", "files", "row_count", "control_totals")
_SUFFIXES = (".parquet", ".csv")


@dataclass(frozen=True)
class Delivery:
    """One delivery of one table: its files with their SHA-256, and what its manifest says (None in a plain folder)."""

    table: str
    business_date: date
    sequence: int
    files: Mapping[Path, str]
    manifest: Mapping[str, Any] | None = field(default=None)

    @property
    def name(self) -> str:
        """table/business_date.sequence: the name rows in quarantine carry."""
        return f"{self.table}/{self.business_date.isoformat()}.{self.sequence}"

    def verify(self) -> None:
        """Check B1: every file is there and has the checksum its manifest gives; raises Refused."""
        for path, sha256 in self.files.items():
            if not path.is_file():
                raise Refused(
                    f"Table {self.table}: the file {path} is named in its manifest but is not there; deliver it."
                )
            if self.manifest is not None and digest_file(path) != sha256:
                raise Refused(
                    f"Table {self.table}: the checksum of {path} does not fit its manifest; deliver the table again."
                )

    def read(self) -> pl.DataFrame:
        """The rows as they came: Parquet with its types, CSV as text."""
        return pl.concat([self._read(path) for path in self.files], how="diagonal_relaxed")

    def _read(self, path: Path) -> pl.DataFrame:
        try:
            if path.suffix == ".csv":
                return pl.read_csv(path, infer_schema=False)
            return pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise Refused(
                f"Table {self.table}: the file {path} cannot be read ({reason}); deliver it again."
            ) from error


class Folder:
    """A source folder.

    Attributes: `plain`: it has no manifests, so each file is one snapshot as of the night.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise Refused(f"The source folder {root} is not there; name a folder that holds the tables.")
        self.root = root
        self.plain = not any(root.glob("*/*/manifest.json")) and any(
            (root / f"{table}{suffix}").exists() for table in TABLES for suffix in _SUFFIXES
        )

    def deliveries(self, table: str, as_of: date) -> list[Delivery]:
        """What of `table` a night as of T reads, oldest first: the newest snapshot, or every append and upsert up to T.

        Raises Refused for a manifest that cannot be read or is not of a known kind.
        """
        if self.plain:
            return self._plain(table, as_of)
        found: dict[date, Delivery] = {}
        folders = sorted((self.root / table).glob("*/manifest.json")) if (self.root / table).is_dir() else []
        for path in folders:
            delivery = _delivery(table, path)
            best = found.get(delivery.business_date)
            if delivery.business_date <= as_of and (best is None or best.sequence < delivery.sequence):
                found[delivery.business_date] = delivery
        ordered = [found[day] for day in sorted(found)]
        return ordered[-1:] if TABLES[table].mode == "snapshot" else ordered

    def _plain(self, table: str, as_of: date) -> list[Delivery]:
        paths = [path for suffix in _SUFFIXES if (path := self.root / f"{table}{suffix}").exists()]
        if len(paths) > 1:
            raise Refused(f"Table {table}: both {paths[0]} and {paths[1]} are there; leave one.")
        return [Delivery(table, as_of, 1, {path: digest_file(path)}) for path in paths]

    def provenance(self) -> Mapping[str, Any]:
        """What `provenance.json` says of the data's origin; empty when there is none."""
        path = self.root / "provenance.json"
        if not path.exists():
            return {}
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Refused(f"The file {path} is not valid JSON ({error}); mend or remove it.") from error
        return dict(said)


def _delivery(table: str, path: Path) -> Delivery:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        missing = [name for name in _REQUIRED if name not in manifest]
    except (ValueError, OSError, TypeError) as error:
        raise Refused(
            f"Table {table}: the manifest {path} cannot be read ({error}); deliver the table again."
        ) from error
    if missing:
        raise Refused(f"Table {table}: the manifest {path} lacks '{missing[0]}'; deliver the table again.")
    if manifest["table"] != table:
        raise Refused(
            f"Table {table}: the manifest {path} is of table '{manifest['table']}'; put it in its own folder."
        )
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise Refused(
            f"Table {table}: the manifest {path} has schema version {manifest['schema_version']}, known is "
            f"{SCHEMA_VERSION}; deliver in that version or update Bellwether."
        )
    if manifest["mode"] != TABLES[table].mode:
        raise Refused(
            f"Table {table}: the manifest {path} says mode '{manifest['mode']}', the table's is '{TABLES[table].mode}'."
        )
    return _parsed(table, path, manifest)


def _parsed(table: str, path: Path, manifest: Mapping[str, Any]) -> Delivery:
    try:
        files = {path.parent / Path(str(f["name"])).name: str(f["sha256"]) for f in manifest["files"]}
        day = date.fromisoformat(manifest["business_date"])
        sequence = int(manifest["sequence"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            f"Table {table}: the manifest {path} is not as agreed ({error}); deliver the table again."
        ) from error
    if not files:
        raise Refused(f"Table {table}: the manifest {path} names no file; deliver the table again.")
    return Delivery(table, day, sequence, files, manifest)
