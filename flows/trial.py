"""A night's judge stage under another policy, beside the published one: which clients would move. Publishes nothing."""

from typing import Any

import polars as pl

from expectations.model import Refused
from flows import nightly, nights
from flows.nightly import Run
from flows.pull import pull

MOST_SHOWN = 30


def judged(run: Run) -> dict[str, pl.DataFrame]:
    """findings and assessments of the night under `run.policy`; finished work of the night is found, not done again."""
    pulled = pull(run)
    before = nights.before(run.settings.out, run.as_of)
    with nightly.workers(run):
        checked = nightly.validate(run, pulled)
        clock = nightly.clock(run, pulled, checked)
        measured = nightly.measure(run, clock, checked)
        context = nightly.compare(run, clock, measured, before)
        parts = nightly.judge(run, clock, measured, context, checked, before)
    return {name: nightly.merged(parts, name) for name in ("findings", "assessments")}


def compare(run: Run) -> dict[str, Any]:
    """The clients whose level differs from the published night's, and per signal how its findings differ.

    Raises Refused when that night is not published: there is nothing to stand beside.
    """
    live = nights.read(run.settings.out, run.as_of)
    if live is None:
        raise Refused(f"The night of {run.as_of} is not published in {run.settings.out}; run it first.")
    tried = judged(run)
    published = {name: pl.read_parquet(live.file(f"{name}.parquet")) for name in tried}
    return {
        "as_of": run.as_of.isoformat(),
        "live_policy": live.manifest["policy_hash"],
        "tried_policy": run.policy.hash,
        "clients": tried["assessments"].height,
        "moved": _moved(published["assessments"], tried["assessments"]),
        "signals": _signals(published["findings"], tried["findings"]),
    }


def _moved(live: pl.DataFrame, tried: pl.DataFrame) -> list[dict[str, Any]]:
    names = ["risk_level", "relationship_level"]
    columns = ["client_id", *(pl.col(name).cast(pl.String) for name in names), "reasons"]
    both = live.select(columns).join(tried.select(columns), on="client_id", suffix="_tried")
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_tried") for name in names)
    moved = both.filter(differs).with_columns(
        gained=pl.col("reasons_tried").list.set_difference("reasons").list.sort(),
        lost=pl.col("reasons").list.set_difference("reasons_tried").list.sort(),
    )
    return moved.drop("reasons", "reasons_tried").sort("client_id").to_dicts()


def _signals(live: pl.DataFrame, tried: pl.DataFrame) -> list[dict[str, Any]]:
    """Signals of which some client's finding appears, goes or changes its level."""
    key = ["client_id", "signal_id"]
    sides = [frame.select(*key, pl.col("level").cast(pl.String)) for frame in (live, tried)]
    both = sides[0].join(sides[1], on=key, how="full", coalesce=True, suffix="_tried")
    was, now = pl.col("level"), pl.col("level_tried")
    counted = both.group_by("signal_id").agg(
        appear=was.is_null().sum(), go=now.is_null().sum(), change=(was != now).fill_null(value=False).sum()
    )
    return counted.filter(pl.col("appear") + pl.col("go") + pl.col("change") > 0).sort("signal_id").to_dicts()


def lines(found: dict[str, Any]) -> list[str]:
    """What would move, as lines: the signals, then the clients, at most thirty."""
    moved = found["moved"]
    said = [
        f"The night of {found['as_of']} under policy {found['tried_policy']} beside the published {found['live_policy']}: "
        f"{len(moved)} of {found['clients']} clients would move."
    ]
    said += [
        f"  {s['signal_id']}: {s['appear']} findings appear, {s['go']} go, {s['change']} change their level"
        for s in found["signals"]
    ]
    said += [_line(row) for row in moved[:MOST_SHOWN]]
    if len(moved) > MOST_SHOWN:
        said.append(f"  and {len(moved) - MOST_SHOWN} more; --json has them all.")
    return said


def _line(row: dict[str, Any]) -> str:
    moves = [
        f"{name.split('_', maxsplit=1)[0]} {row[name]} → {row[f'{name}_tried']}"
        for name in ("risk_level", "relationship_level")
        if row[name] != row[f"{name}_tried"]
    ]
    why = [f"+{s}" for s in row["gained"]] + [f"-{s}" for s in row["lost"]]
    return f"  {row['client_id']}  {', '.join(moves)}  ({' '.join(why) or 'same signals, other levels'})"
