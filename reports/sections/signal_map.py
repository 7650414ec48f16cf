"""Every signal computed, with its answer as a letter."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms.signals import CATALOGUE

MARKS = {"CLEAR": "○", "NO_DATA": "?", "NOT_APPLICABLE": "–", "W": "W", "A": "A", "R": "R", "N": "N"}


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """id, name, mark and answer of each signal; how many there are of each answer."""
    cells = [
        {
            "id": signal.id,
            "name": signal.zh if w.locale == "zh" else signal.en,
            "mark": MARKS[f.answers[signal.id]],
            "code": f.answers[signal.id],
            "answer": w.label("answer", f.answers[signal.id]),
        }
        for signal in CATALOGUE.values()
        if signal.category != "REL"
    ]
    key = [(mark, w.label("answer", code)) for code, mark in MARKS.items()]
    return {"cells": cells, "key": key}


SECTION = Section("signal_map", facts)
