"""Cases as data: what a panel row must make of a signal, with its exact sentence."""

import importlib
import pkgutil
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from expectations.registers import SIGNALS
from transforms.contracts import ANSWER
from transforms.findings import judge
from transforms.night import Night
from transforms.panel import COLUMNS, LAID
from transforms.policy import Policy
from transforms.signals import CATALOGUE

AS_OF = date(2015, 6, 30)
NIGHT = Night(AS_OF, feeds=dict.fromkeys({c.table for c in COLUMNS.values()} - {"disclosures", "series"}, AS_OF))
BASE = {"client_id": "C1", "client_kind": "enterprise", "industry_section": "C", "as_of": AS_OF, "reporting_due": True}


@dataclass(frozen=True)
class Case:
    signal: str
    answer: str
    row: dict[str, Any] = field(default_factory=dict)
    says: str | None = None
    zh: str | None = None

    def __str__(self) -> str:
        return f"{self.signal} {self.answer} {' '.join(f'{k}={v}' for k, v in self.row.items())}"[:100]


def fires(signal: str, level: str, says: str, zh: str | None = None, **row: Any) -> Case:
    return Case(signal, level, row, says, zh)


def clear(signal: str, **row: Any) -> Case:
    return Case(signal, "CLEAR", row)


def no_data(signal: str, **row: Any) -> Case:
    return Case(signal, "NO_DATA", row)


def not_applicable(signal: str, **row: Any) -> Case:
    return Case(signal, "NOT_APPLICABLE", row)


def panel(*rows: dict[str, Any]) -> pl.DataFrame:
    """A panel of those rows: unnamed columns are null, amounts are given in whole currency units as ints of minor units."""
    given = {name for row in rows for name in row}
    if unknown := given - set(COLUMNS):
        raise KeyError(f"the panel has no columns {sorted(unknown)}")
    names = [column.name for column in LAID] + sorted(given & set(SIGNALS))  # answers of other signals, when given
    full = [{name: {**BASE, **row}.get(name) for name in names} for row in rows]
    schema = {name: ANSWER if name in SIGNALS else COLUMNS[name].dtype for name in names}
    return pl.DataFrame(full, schema=schema, strict=False)


def every_case() -> list[Case]:
    """The cases of all tables of this package, in the order of its modules."""
    found: list[Case] = []
    for module in pkgutil.iter_modules([str(Path(__file__).parent)], f"{__package__}."):
        found += getattr(importlib.import_module(module.name), "CASES", [])
    return found


@cache
def judged(signal_id: str) -> dict[int, tuple[str, dict[str, Any] | None]]:
    """id(case) → answer and finding: the signal's cases are the clients of one panel, judged in one pass."""
    mine = [case for case in every_case() if case.signal == signal_id]
    rows = [{**case.row, "client_id": f"C{n:04d}"} for n, case in enumerate(mine)]
    told = judge(panel(*rows), {signal_id: CATALOGUE[signal_id]}, Policy(), NIGHT)
    findings = {row["client_id"]: row for row in told.findings.to_dicts()}
    answers = told.answers[signal_id].to_list()
    return {id(case): (answers[n], findings.get(f"C{n:04d}")) for n, case in enumerate(mine)}


def check(case: Case) -> None:
    """The one test: answer, and for a HIT the exact sentence."""
    answer, finding = judged(case.signal)[id(case)]
    assert answer == case.answer
    if case.says is None:
        assert finding is None
        return
    assert finding is not None
    assert finding["level"] == case.answer
    assert finding["text_en"] == case.says
    if case.zh is not None:
        assert finding["text_zh"] == case.zh
    for text in (finding["text_en"], finding["text_zh"]):
        assert "—" not in text
        assert "None" not in text
