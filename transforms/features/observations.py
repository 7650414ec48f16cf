"""What the relationship manager answered on file (OBS): per signal the latest answer still valid at T.

Readings G3, G4, S2, S11. Severity is 1 to 3; an answer "no" has one too and is not adverse.
"""

import polars as pl

from transforms.columns import TEXT, C, Column
from transforms.shard import Shard

READS = ("events",)
VALID_DAYS = 180  # when the answer does not say until when
# The catalogue's rows that read OBS(id).
ASKED = (
    *("EXT-02", "EXT-07"),
    *("MGT-01", "MGT-02", "MGT-04", "MGT-05", "MGT-06", "MGT-09", "MGT-16", "MGT-17", "MGT-19", "MGT-21"),
    *(f"MGT-{number}" for number in (24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 36, 37, 39, 40, 41, 43, 49)),
    *("MOR-01", "MOR-05", "REL-01", "REL-02", "REL-04", "REL-06", "REL-13"),
)


def column(signal_id: str) -> str:
    """Name of the panel column with the answer to that signal."""
    return f"answer_{signal_id.lower().replace('-', '_')}"


def _columns(signal_id: str) -> list[Column]:
    name = column(signal_id)
    period, keys = (f"{name}_on", "as_of"), (f"{name}_key",)
    return [
        Column(name, "events", TEXT, f"the valid answer on file to {signal_id}", period, keys),
        Column(f"{name}_severity", "events", C, "its severity, 1 to 3", period, keys),
        Column(f"{name}_on", "events", "day", "the day it was given", (None, "as_of")),
        Column(f"{name}_key", "events", TEXT, "its row", (None, "as_of")),
    ]


PANEL = [entry for signal_id in ASKED for entry in _columns(signal_id)]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL, null where nothing valid is on file."""
    as_of = shard.night.as_of
    until = pl.col("ends_on").fill_null(pl.col("happened_on").dt.offset_by(f"{VALID_DAYS}d"))
    valid = shard.table("events").filter(
        pl.col("kind") == "observation",
        pl.col("recorded_on") <= as_of,
        pl.col("happened_on") <= as_of,
        until >= as_of,
        pl.col("signal_id").is_in(ASKED),
    )
    newest = (
        valid.sort("happened_on", "recorded_on", "event_id")
        .group_by(client_id="party_id", signal_id="signal_id")
        .agg(pl.col("subtype", "severity", "happened_on", "event_id").last())
    )
    parts = {
        "": pl.col("subtype"),
        "_severity": pl.col("severity").cast(pl.Int64),
        "_on": pl.col("happened_on"),
        "_key": pl.format("events:{}", "event_id"),
    }
    wide = [
        value.filter(pl.col("signal_id") == signal_id).first().alias(f"{column(signal_id)}{suffix}")
        for signal_id in ASKED
        for suffix, value in parts.items()
    ]
    return shard.ids().join(newest.group_by("client_id").agg(wide), on="client_id", how="left").sort("client_id")
