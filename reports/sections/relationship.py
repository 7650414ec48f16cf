"""For whom the report is, the relationship's level against the risk, how the client is looked after."""

from collections.abc import Mapping
from typing import Any

from reports import cells
from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import SHAPES as RISK_SHAPES
from reports.sections.level import unassessed
from reports.words import Words
from transforms import text
from transforms.signals import CATALOGUE

SHAPES = {"ok": "○", "cooling": "▲", "at_risk": "■", "not_assessable": "□"}
SIGNS = tuple(signal.id for signal in CATALOGUE.values() if signal.category == "REL")


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Level, quadrant, why the client is not assessable, signs that stand and how many were answered, service."""
    a, loc = f.assessment, w.locale
    standing = [row for row in f.findings if row["signal_id"] in SIGNS and row["state"] in ("standing", "clearing")]
    unanswered = [sign for sign in SIGNS if f.answers[sign] == "NO_DATA"]
    roster = next(iter(f.related["client_roster"]), None)
    return {
        "code": a["relationship_level"],
        "shape": SHAPES[a["relationship_level"]],
        "level": w.label("relationship", a["relationship_level"]),
        "risk": f"{RISK_SHAPES[a['risk_level']]} {w.label('risk', a['risk_level'])}",
        "unassessed": unassessed(f, w),
        "quadrant": w.label("quadrant", a["quadrant"]) if a["quadrant"] else None,
        "signs": w.join([f"{row['signal_id']} {w.label('risk', row['level'])}" for row in standing]) or None,
        "unanswered": text.count(len(unanswered), loc) if unanswered else None,
        "all": text.count(len(SIGNS), loc),
        "mode": None if roster is None else w.label("mode", roster["service_mode"]),
        "focus": cells.words("focus", roster["focus_reasons"], w) if roster and roster["focus_reasons"] else None,
    }


SECTION = Section("relationship", facts)
