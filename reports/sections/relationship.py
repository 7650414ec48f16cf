"""The relationship's level and the signs of decay behind it."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import unassessed
from reports.sections.reasons import told
from reports.words import Words
from transforms.signals import CATALOGUE

SHAPES = {"ok": "○", "cooling": "▲", "at_risk": "■", "not_assessable": "□"}


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Level, quadrant, why the client is not assessable, and each decay sign's finding or answer."""
    a = f.assessment
    return {
        "code": a["relationship_level"],
        "shape": SHAPES[a["relationship_level"]],
        "level": w.label("relationship", a["relationship_level"]),
        "risk": w.label("risk", a["risk_level"]),
        "unassessed": unassessed(f, w),
        "quadrant": w.label("quadrant", a["quadrant"]) if a["quadrant"] else None,
        "findings": told(f, w, ("REL",)),
        "others": [
            {
                "id": s.id,
                "name": s.zh if w.locale == "zh" else s.en,
                "answer": w.label("answer", f.answers[s.id]),
            }
            for s in CATALOGUE.values()
            if s.category == "REL" and f.answers[s.id] in ("CLEAR", "NO_DATA", "NOT_APPLICABLE")
        ],
    }


SECTION = Section("relationship", facts)
