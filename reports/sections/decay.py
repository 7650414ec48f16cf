"""The signs of decay, the RM's own conduct among them: each finding, and those of each other answer."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.reasons import apart, told
from reports.words import Words
from transforms.signals import CATALOGUE

DECAY = ("REL",)


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Findings, those snoozed and resolved apart; the other signs by their answer."""
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
        "findings": told(f, w, DECAY),
        "snoozed": apart(f, w, DECAY, "snoozed"),
        "resolved": apart(f, w, DECAY, "resolved"),
        "others": [(w.label("answer", code), names) for code, names in others.items() if names],
    }


SECTION = Section("decay", facts)
