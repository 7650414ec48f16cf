"""Every risk signal computed, by group, with its answer as a letter and what became of its finding."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import RISK
from reports.words import Words
from transforms import text
from transforms.signals import CATALOGUE

# What is no finding has a mark an em wide: a row of them is one text, and its columns still stand under one another.
MARKS = {"CLEAR": "○", "NO_DATA": "？", "NOT_APPLICABLE": "－", "W": "W", "A": "A", "R": "R", "N": "N"}
STATES = {"clearing": "↓", "snoozed": "…", "resolved": "×"}


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Groups of signals, each with number, mark and answer; what the marks mean."""
    found = {row["signal_id"]: row for row in f.findings}
    groups = [
        {
            "id": group,
            "name": w.label("category", group),
            "cells": [_cell(s.id, f, found.get(s.id)) for s in CATALOGUE.values() if s.category == group],
        }
        for group in RISK
    ]
    key = [(mark, w.label("answer", code)) for code, mark in MARKS.items()]
    states = {
        "clearing": w.gettext("clearing"), "snoozed": w.gettext("snoozed"), "resolved": w.gettext("resolved"),
    }  # fmt: skip
    shown = {row["state"] for row in f.findings if row["signal_id"][:3] in RISK}
    key += [(mark, states[state]) for state, mark in STATES.items() if state in shown]
    signals = sum(len(group["cells"]) for group in groups)
    return {"groups": groups, "key": key, "signals": text.count(signals, w.locale)}


def _cell(signal_id: str, f: Facts, finding: Mapping[str, Any] | None) -> dict[str, str]:
    """Number, mark and level of a signal; a finding that has not cleared keeps its letter."""
    code = f.answers[signal_id] if finding is None else finding["level"]
    state = STATES.get(finding["state"], "") if finding else ""
    return {"number": signal_id[4:], "mark": MARKS[code] + state, "code": code}


SECTION = Section("signal_map", facts)
