"""Deliveries tests make: a table again, changed, or all a bank sends the day after."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from expectations.tables import TABLES
from flows.cli import SAMPLE_AS_OF
from flows.store import digest_file

NEXT = SAMPLE_AS_OF + timedelta(days=1)


def redeliver(
    bank: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame], day: date = SAMPLE_AS_OF, **told: Any
) -> None:
    """Deliver a table again, changed, with a manifest that fits."""
    old = bank / table / SAMPLE_AS_OF.isoformat()
    frame = change(pl.read_parquet(old / "part-0000.parquet"))
    folder = bank / table / day.isoformat()
    folder.mkdir(exist_ok=True)
    frame.write_parquet(folder / "part-0000.parquet")
    manifest = json.loads((old / "manifest.json").read_text())
    manifest |= {"business_date": day.isoformat(), "row_count": frame.height, "control_totals": {}, **told}
    manifest["files"] = [
        {"name": "part-0000.parquet", "sha256": digest_file(folder / "part-0000.parquet"), "row_count": frame.height}
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest))


def next_day(bank: Path, day: date = NEXT) -> None:
    """Deliver that day what a bank delivers daily: snapshots as they are, no new rows of the rest."""
    for name, table in TABLES.items():
        if table.stale_after is not None and table.mode == "snapshot":
            redeliver(bank, name, lambda frame: frame, day)
        elif table.stale_after is not None:
            redeliver(bank, name, lambda frame: frame.clear(), day)
