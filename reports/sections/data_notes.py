"""What the page does not know, where its data come from, and how to contest it."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import why
from reports.words import Words
from transforms.signals import CATALOGUE

SHOWN = 4


def _missing(row: Mapping[str, Any], w: Words) -> str:
    tables = dict.fromkeys(name.split(".")[0] for name in row["missing"])
    return w.join([w.label("table", name) for name in list(tables)[:SHOWN]])


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """What the validation withholds of the client; signals without data and what they lack; those answered in part."""
    unanswered = [row for row in f.gaps if row["answer"] == "NO_DATA"]
    partly = [row["signal_id"] for row in f.gaps if row["answer"] == "CLEAR"]
    return {
        "coverage": f.assessment["coverage"],
        "withheld": [
            {"table": w.label("table", row["withholds"]), "why": why(row, w)} for row in f.held if row["withholds"]
        ],
        "unanswered": [
            {
                "id": row["signal_id"],
                "name": CATALOGUE[row["signal_id"]].zh if w.locale == "zh" else CATALOGUE[row["signal_id"]].en,
                "missing": _missing(row, w),
            }
            for row in unanswered
        ],
        "partly": w.join(partly),
        "policy": f.run.policy,
        "catalogue": f.run.catalogue,
    }


SECTION = Section("data_notes", facts)
