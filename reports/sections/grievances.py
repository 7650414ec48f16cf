"""Complaints of the last two years and how they were handled."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

SHOWN = 6


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """The newest complaints; none and "not connected" are told apart."""
    loc = w.locale
    return {
        "connected": "complaints" in f.run.feeds,
        "complaints": [
            (
                text.day(row["received_on"], loc),
                w.label("complaint", row["category"]),
                w.label("severity", row["severity"]),
                text.day(row["closed_on"], loc) if row["closed_on"] else w.gettext("open"),
                text.days(row["days_open"], loc),
            )
            for row in f.series["complaint_history"][:SHOWN]
        ],
    }


SECTION = Section("grievances", facts, ("complaints",))
