"""Cases as data: what a panel row must make of a signal, with its exact sentence."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from transforms.findings import judge
from transforms.night import Night
from transforms.panel import COLUMNS
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
    if unknown := {name for row in rows for name in row} - set(COLUMNS):
        raise KeyError(f"the panel has no columns {sorted(unknown)}")
    full = [{name: {**BASE, **row}.get(name) for name in COLUMNS} for row in rows]
    return pl.DataFrame(full, schema={name: column.dtype for name, column in COLUMNS.items()}, strict=False)


def check(case: Case, policy: Policy | None = None) -> None:
    """The one test: answer, and for a HIT the exact sentence."""
    signal = CATALOGUE[case.signal]
    judged = judge(panel(case.row), {signal.id: signal}, policy or Policy(), NIGHT)
    assert judged.answers[signal.id].to_list() == [case.answer]
    if case.says is None:
        assert judged.findings.height == 0
        return
    finding = judged.findings.row(0, named=True)
    assert finding["level"] == case.answer
    assert finding["text_en"] == case.says
    if case.zh is not None:
        assert finding["text_zh"] == case.zh
    for text in (finding["text_en"], finding["text_zh"]):
        assert "—" not in text
        assert "None" not in text
