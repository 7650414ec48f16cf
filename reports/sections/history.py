"""Twelve months of the risk level, and what came and went with it."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, cast

from reports import charts
from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import RISK, SHAPES, changes
from reports.words import Words
from transforms import text
from transforms.contracts import RISK_LEVELS
from transforms.night import month_start

MONTHS, SHOWN = 12, 6
EVERY = 3  # months between the labels of the axis


def facts(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """A chart of the level by day, and the newest days with a change; None when nothing changed since it is known.

    Since when it stands, and that it was then first assessed, is said beside the level.
    """
    # The axis ends with the month: a page must not change every night because a day has passed.
    start, end = (
        month_start(f.assessment["as_of"], MONTHS - 1),
        month_start(f.assessment["as_of"], -1) - timedelta(days=1),
    )
    moves = [row for row in f.moves if row["signal_id"] is None or row["signal_id"][:3] in RISK]
    levels = [row for row in moves if row["signal_id"] is None]
    days = [(day, list(rows)) for day, rows in groupby(sorted(moves, key=_day), _day)]
    recent = [(day, rows) for day, rows in reversed(days) if day >= start]
    if not levels or not recent or len(days) == 1:
        return None
    title = w.gettext("Twelve months of the risk level")
    ticks = [month_start(end, back) for back in range(MONTHS - 1, -1, -EVERY)]
    return {
        "title": title,
        "chart": charts.steps(
            title,
            [f"{SHAPES[level]} {w.label('risk', level)}" for level in RISK_LEVELS],
            [(row["on"], RISK_LEVELS.index(row["after"])) for row in _in_force(levels, start)],
            (start, end),
            [(day, text.month(day, w.locale)) for day in ticks],
        ),
        "days": [(text.day(day, w.locale), _told(rows, f, w)) for day, rows in recent[:SHOWN]],
        "earlier": text.count(len(recent) - SHOWN, w.locale) if len(recent) > SHOWN else None,
    }


def _day(row: Mapping[str, Any]) -> date:
    return cast(date, row["on"])


def _in_force(levels: list[Mapping[str, Any]], start: date) -> list[Mapping[str, Any]]:
    """The level at `start`, if one was known, and those since."""
    earlier = [row for row in levels if row["on"] <= start]
    return [*earlier[-1:], *(row for row in levels if row["on"] > start)]


def _told(rows: list[Mapping[str, Any]], f: Facts, w: Words) -> str:
    """What happened on a day: the level first, then the findings."""
    said = [w.label("risk", row["after"]) for row in rows if row["signal_id"] is None]
    return w.gettext("; ").join([*said, *changes(f, [row for row in rows if row["signal_id"]], w)])


SECTION = Section("history", facts)
