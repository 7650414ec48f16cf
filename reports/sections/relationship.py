"""The relationship's level and the signs of decay behind it, the RM's own conduct among them."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import unassessed
from reports.sections.reasons import apart, told
from reports.words import Words
from transforms.signals import CATALOGUE

SHAPES = {"ok": "○", "cooling": "▲", "at_risk": "■", "not_assessable": "□"}
DECAY = ("REL",)


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Level, quadrant, why the client is not assessable, each decay sign's finding, or those of each other answer."""
    a = f.assessment
    standing = {row["signal_id"] for row in f.findings}
    others = {
        code: [
            f"{s.id} {w.signal(s.id)}"
            for s in CATALOGUE.values()
            if s.category == "REL" and s.id not in standing and f.answers[s.id] == code
        ]
        for code in ("CLEAR", "NO_DATA", "NOT_APPLICABLE")
    }
    return {
        "code": a["relationship_level"],
        "shape": SHAPES[a["relationship_level"]],
        "level": w.label("relationship", a["relationship_level"]),
        "risk": w.label("risk", a["risk_level"]),
        "unassessed": unassessed(f, w),
        "quadrant": w.label("quadrant", a["quadrant"]) if a["quadrant"] else None,
        "findings": told(f, w, DECAY),
        "snoozed": apart(f, w, DECAY, "snoozed"),
        "resolved": apart(f, w, DECAY, "resolved"),
        "others": [(w.label("answer", code), names) for code, names in others.items() if names],
    }


SECTION = Section("relationship", facts)
