"""Answers, gaps and findings: every signal on every client of a panel.

Readings G1 and G2: NOT_APPLICABLE first; else the highest level with a true test; else CLEAR or NO_DATA by grade.
Filter first, format what fired: sentences are made only for clients whose test holds.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isinf
from typing import Any

import polars as pl

from transforms.contracts import ANSWER, FINDINGS, GAPS, empty
from transforms.night import Night
from transforms.panel import COLUMNS, UNITS
from transforms.policy import Policy
from transforms.signal import EXACT, LEVELS, Compare, Signal, Test, reads_core
from transforms.text import say

_RANK = {level: rank for rank, level in enumerate(LEVELS, start=1)}


@dataclass(frozen=True)
class Judged:
    """What the signals say: answers (a row per client), gaps (where a test could not run), findings (HITs)."""

    answers: pl.DataFrame
    gaps: pl.DataFrame
    findings: pl.DataFrame


def _name(signal: Signal, test: int) -> str:
    return f"{signal.id}|{test}"


def _ran(signal: Signal, index: int) -> pl.Expr:
    return pl.col(_name(signal, index)).is_not_null()


def _answered(signal: Signal) -> pl.Expr:
    """Whether the tests that ran suffice for CLEAR (reading G1)."""
    tests = list(enumerate(signal.tests))
    main = [_ran(signal, i) for i, test in tests if test.kind == "main"]
    instead = [_ran(signal, i) for i, test in tests if test.kind in ("proxy", "fallback")]
    if signal.clear_needs:
        return pl.all_horizontal([_ran(signal, i) for i, test in tests if test.name in signal.clear_needs])
    if signal.grade == "A":
        core = [_ran(signal, i) for i, test in tests if reads_core(test)]
        return pl.any_horizontal(core) if core else pl.lit(False)
    return pl.any_horizontal([pl.all_horizontal(main), *instead])


def _answer(signal: Signal) -> pl.Expr:
    fired = [
        pl.when(pl.col(_name(signal, i))).then(pl.lit(_RANK[test.level], pl.Int8))
        for i, test in enumerate(signal.tests)
    ]
    rank = pl.max_horizontal(fired)
    level = rank.replace_strict(list(_RANK.values()), list(_RANK), return_dtype=pl.String)
    applies = signal.applies.fill_null(True) if signal.applies is not None else pl.lit(True)
    return (
        pl.when(~applies)
        .then(pl.lit("NOT_APPLICABLE"))
        .when(rank.is_not_null())
        .then(level)
        .when(_answered(signal))
        .then(pl.lit("CLEAR"))
        .otherwise(pl.lit("NO_DATA"))
        .cast(ANSWER)
        .alias(signal.id)
    )


def _tested(panel: pl.DataFrame, catalogue: Mapping[str, Signal], policy: Policy) -> pl.DataFrame:
    """The panel with one Boolean column per test, then one answer column per signal."""
    tests = [
        test.condition.holds(policy.resolve(signal)).alias(_name(signal, i))
        for signal in catalogue.values()
        for i, test in enumerate(signal.tests)
    ]
    return panel.lazy().with_columns(tests).with_columns(_answer(s) for s in catalogue.values()).collect()


def _missing(signal: Signal, night: Night) -> pl.Expr:
    """What the tests that did not run lacked: `table` when it is not connected, else `table.column`."""
    lacks: dict[str, list[pl.Expr]] = {}
    for index, test in enumerate(signal.tests):
        for column in test.condition.columns:
            table = COLUMNS[column].table
            name = f"{table}.{column}" if not night.feeds or table in night.feeds else table
            absent = pl.col(_name(signal, index)).is_null() & pl.col(column).is_null()
            lacks.setdefault(name, []).append(absent)
    names = [pl.when(pl.any_horizontal(absent)).then(pl.lit(name)) for name, absent in sorted(lacks.items())]
    return pl.concat_list(names).list.drop_nulls()


def _gaps(tested: pl.DataFrame, signal: Signal, night: Night) -> pl.DataFrame:
    run = pl.sum_horizontal([_ran(signal, i).cast(pl.Int64) for i in range(len(signal.tests))])
    return (
        tested.lazy()
        .filter(pl.col(signal.id) != "NOT_APPLICABLE", run < len(signal.tests))
        .select(
            "client_id",
            signal_id=pl.lit(signal.id),
            answer=pl.col(signal.id),
            tests_run=run,
            tests_total=pl.lit(len(signal.tests), pl.Int64),
            missing=_missing(signal, night),
        )
        .collect()
    )


def _evidence_columns(test: Test) -> list[str]:
    """Panel columns a finding of the test needs: facts, periods, keys."""
    facts = test.columns
    around = [n for c in facts for n in (*COLUMNS[c].period, *COLUMNS[c].keys) if n]
    return list(dict.fromkeys(["client_id", "as_of", *facts, *around]))


def _fired(tested: pl.DataFrame, signal: Signal, index: int, policy: Policy) -> pl.DataFrame:
    """Clients whose answer this test leads: the first true one of the answer's level."""
    test = signal.tests[index]
    earlier = [pl.col(_name(signal, i)) for i in range(index) if signal.tests[i].level == test.level]
    first = ~pl.any_horizontal(earlier).fill_null(False) if earlier else pl.lit(True)
    lead = test.condition.lead
    of = policy.resolve(signal)
    return tested.filter(pl.col(signal.id) == test.level, pl.col(_name(signal, index)), first).select(
        *_evidence_columns(test),
        (lead.measure.expr.cast(pl.Float64).round(EXACT) if lead is not None else pl.lit(None, pl.Float64)).alias(
            "__value"
        ),
        pl.lit(of(lead.limit) if lead is not None else None, pl.Float64).alias("__limit"),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return "inf" if isinf(value) else round(value, EXACT)
    return value


def _keys(test: Test, row: Mapping[str, Any]) -> list[str]:
    found: set[str] = set()
    for column in test.columns:
        for name in COLUMNS[column].keys:
            value = row[name]
            found |= set(value) if isinstance(value, list) else {value} if value else set()
    return sorted(found)


def _period(test: Test, lead: Compare | None, row: Mapping[str, Any]) -> tuple[date | None, date | None]:
    columns = lead.measure.expr.meta.root_names() if lead is not None else test.condition.columns
    spans = [tuple(row[n] if n else None for n in COLUMNS[c].period) for c in columns]
    starts, ends = [s for s, _ in spans if s], [e for _, e in spans if e]
    return (min(starts) if starts else None, max(ends) if ends else None)


def _finding(signal: Signal, test: Test, row: Mapping[str, Any], night: Night, version: str) -> dict[str, Any]:
    lead = test.condition.lead
    unit = lead.measure.unit if lead is not None else None
    facts = {**row, "value": row["__value"], "limit": row["__limit"]}
    units = {**UNITS, "value": unit or "", "limit": unit or ""}
    feeds = [night.feeds[COLUMNS[c].table] for c in test.condition.columns if COLUMNS[c].table in night.feeds]
    start, end = _period(test, lead, row)
    shown = {c: _plain(row[c]) for c in test.columns}
    return {
        "as_of": night.as_of,
        "client_id": row["client_id"],
        "signal_id": signal.id,
        "level": test.level,
        "family": signal.family,
        "value": row["__value"],
        "limit": row["__limit"],
        "comparison": lead.comparison if lead is not None else None,
        "unit": unit.value if unit else None,
        "measure": test.name,
        "period_from": start,
        "period_to": end,
        "evidence": json.dumps(shown, sort_keys=True, ensure_ascii=False),
        "source_keys": _keys(test, row),
        "feed_as_of": min(feeds) if feeds else None,
        "confirm": test.kind == "proxy",
        "rule_version": version,
        "text_en": say(test.en, facts, units, night.home_currency, "en"),
        "text_zh": say(test.zh, facts, units, night.home_currency, "zh"),
    }


def _hits(tested: pl.DataFrame, signal: Signal, policy: Policy, night: Night) -> Iterator[dict[str, Any]]:
    version = signal.version(policy.resolve(signal))
    for index, test in enumerate(signal.tests):
        for row in _fired(tested, signal, index, policy).iter_rows(named=True):
            yield _finding(signal, test, row, night, version)


def _dated(findings: pl.DataFrame, previous: pl.DataFrame | None) -> pl.DataFrame:
    """first_seen and change against the night before."""
    before = empty(FINDINGS) if previous is None else previous
    earlier = before.select("client_id", "signal_id", was=pl.col("level").to_physical(), seen="first_seen")
    rank, was = pl.col("level").to_physical(), pl.col("was")
    change = (
        pl.when(was.is_null()).then(pl.lit("new")).when(rank > was).then(pl.lit("worse"))
        .when(rank < was).then(pl.lit("better")).otherwise(pl.lit("standing"))
    )  # fmt: skip
    return (
        findings.join(earlier, on=["client_id", "signal_id"], how="left")
        .with_columns(first_seen=pl.col("seen").fill_null(pl.col("as_of")), change=change)
        .select([pl.col(name).cast(dtype) for name, dtype in FINDINGS.items()])
    )


def judge(
    panel: pl.DataFrame,
    catalogue: Mapping[str, Signal],
    policy: Policy,
    night: Night,
    previous: pl.DataFrame | None = None,
) -> Judged:
    """Every signal on every row of the panel.

    `previous` are the findings of the night before (FINDINGS) or None. Returns frames of the schemas in `contracts`,
    sorted by client_id and signal_id.
    """
    tested = _tested(panel, catalogue, policy)
    raw = pl.Schema({name: dtype for name, dtype in FINDINGS.items() if name not in ("first_seen", "change")})
    hits = [hit for signal in catalogue.values() for hit in _hits(tested, signal, policy, night)]
    gaps = [_gaps(tested, signal, night) for signal in catalogue.values()]
    return Judged(
        answers=tested.select("client_id", *catalogue).sort("client_id"),
        gaps=pl.concat([empty(GAPS), *gaps]).sort("client_id", "signal_id"),
        findings=_dated(pl.DataFrame(hits, schema=raw), previous).sort("client_id", "signal_id"),
    )
