"""Answers, gaps and findings: every signal on every client of a panel.

Readings G1 and G2: NOT_APPLICABLE first; else the highest level with a true test; else CLEAR or NO_DATA by grade.
Filter first, format what fired: sentences are made only for clients whose test holds.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isinf
from typing import Any

import polars as pl

from transforms import standing
from transforms.arithmetic import EXACT
from transforms.contracts import ANSWER, GAPS, empty
from transforms.night import Night
from transforms.panel import COLUMNS, HISTORY_TABLE, UNITS
from transforms.policy import Policy
from transforms.signal import LEVELS, Compare, Signal, Test, reads_core
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
    """Whether the tests that ran suffice for CLEAR (readings G1, G3)."""
    tests = list(enumerate(signal.tests))
    main = [_ran(signal, i) for i, test in tests if test.kind == "main"]
    instead = [_ran(signal, i) for i, test in tests if test.kind in ("proxy", "fallback")]
    if signal.clear_needs:
        return pl.all_horizontal([_ran(signal, i) for i, test in tests if test.name in signal.clear_needs])
    if signal.clear_any:
        return pl.any_horizontal([_ran(signal, i) for i, test in tests if test.name in signal.clear_any])
    if signal.grade == "C":
        return pl.lit(False)
    if signal.grade == "A":
        core = [_ran(signal, i) for i, test in tests if test.kind != "answer" and reads_core(test)]
        return pl.any_horizontal(core) if core else pl.lit(False)
    return pl.any_horizontal([pl.all_horizontal(main), *instead])


def _no(signal: Signal) -> pl.Expr:
    return (pl.col(signal.said) == "no").fill_null(False) if signal.said else pl.lit(False)


def _adverse(signal: Signal) -> pl.Expr:
    """Whether a valid answer on file says it is so."""
    if not signal.said:
        return pl.lit(False)
    return (pl.col(f"{signal.said}_severity").is_not_null() & (pl.col(signal.said) != "no")).fill_null(False)


def _rank(signal: Signal, index: int) -> pl.Expr:
    """The rank of the level the test gives here, null when it gives none (readings G3, G4).

    An answer "no" dismisses the row's proxies, and where the row says that the answer decides, everything; an adverse one
    then decides alone. Without an answer a proxy of a grade C row is W at most. What another human recorded (a complaint, a
    survey, a filed return) counts in full whatever the RM answered.
    """
    test = signal.tests[index]
    rank = pl.lit(_RANK[test.level], pl.Int8)
    counts = pl.col(_name(signal, index))
    if test.kind == "proxy" or signal.answer_decides:
        counts = counts & ~_no(signal)
    if signal.grade == "C" and signal.answer_decides and test.kind != "answer":
        counts = counts & ~_adverse(signal)
    if signal.grade == "C" and test.kind == "proxy":
        rank = pl.when(_adverse(signal)).then(rank).otherwise(pl.lit(_RANK["W"], pl.Int8))
    return pl.when(counts).then(rank)


def _answer(signal: Signal) -> pl.Expr:
    rank = pl.max_horizontal([_rank(signal, i) for i in range(len(signal.tests))])
    level = rank.replace_strict(list(_RANK.values()), list(_RANK), return_dtype=pl.String)
    applies = signal.applies.fill_null(True) if signal.applies is not None else pl.lit(True)
    clear = (_no(signal) | _answered(signal)) if signal.grade == "C" else _answered(signal)
    return (
        pl.when(~applies)
        .then(pl.lit("NOT_APPLICABLE"))
        .when(rank.is_not_null())
        .then(level)
        .when(clear)
        .then(pl.lit("CLEAR"))
        .otherwise(pl.lit("NO_DATA"))
        .cast(ANSWER)
        .alias(signal.id)
    )


def _lead(signal: Signal) -> pl.Expr:
    """Which test leads the answer of a HIT: the first of those that give its level; null when nothing fired."""
    ranks = [_rank(signal, i) for i in range(len(signal.tests))]
    top = pl.max_horizontal(ranks)
    hit = pl.col(signal.id).cast(pl.String).is_in(LEVELS)
    led = [pl.when(hit & (rank == top)).then(pl.lit(i, pl.Int16)) for i, rank in enumerate(ranks)]
    return pl.coalesce(led).alias(_led(signal))


def _led(signal: Signal) -> str:
    return f"{signal.id}|lead"


def waves(catalogue: Mapping[str, Signal]) -> list[list[Signal]]:
    """The signals in the order they can be judged: those whose answers others read first.

    Raises ValueError when signals read each other's answers in a circle.
    """
    left, order = dict(catalogue), []
    while left:
        ready = [s for s in left.values() if not any(read in left for read in s.answers_read)]
        if not ready:
            raise ValueError(f"signals read each other's answers in a circle: {', '.join(sorted(left))}")
        order.append(ready)
        left = {signal_id: s for signal_id, s in left.items() if s not in ready}
    return order


def _tested(panel: pl.DataFrame, catalogue: Mapping[str, Signal], policy: Policy) -> pl.DataFrame:
    """The panel with one Boolean column per test, then one answer column per signal, wave by wave.

    An answer a signal reads that is neither judged here nor in the panel is NO_DATA.
    """
    read = {name for signal in catalogue.values() for name in signal.answers_read}
    absent = read - set(catalogue) - set(panel.columns)
    tested = panel.lazy().with_columns(pl.lit("NO_DATA").cast(ANSWER).alias(name) for name in sorted(absent))
    for wave in waves(catalogue):
        tests = [
            test.condition.holds(policy.resolve(signal)).alias(_name(signal, i))
            for signal in wave
            for i, test in enumerate(signal.tests)
        ]
        tested = tested.with_columns(tests).with_columns(_answer(signal) for signal in wave)
    return tested.with_columns(_lead(signal) for signal in catalogue.values()).collect()


def _remembered(test: Test) -> pl.Expr:
    """Whether earlier nights said what the test asks of them; a first night counts as "no" and is a gap (reading G20)."""
    asked = [pl.col(c).is_not_null() for c in test.condition.columns if COLUMNS[c].table == HISTORY_TABLE]
    return pl.all_horizontal([pl.lit(True), *asked])


def _missing(signal: Signal, night: Night) -> pl.Expr:
    """What the tests that did not run lacked: `table` when it is not connected, else `table.column`."""
    lacks: dict[str, list[pl.Expr]] = {}
    for index, test in enumerate(signal.tests):
        for column in test.condition.columns:
            table = COLUMNS[column].table
            name = f"{table}.{column}" if not night.feeds or table in night.feeds else table
            absent = (~_ran(signal, index) | ~_remembered(test)) & pl.col(column).is_null()
            lacks.setdefault(name, []).append(absent)
    names = [pl.when(pl.any_horizontal(absent)).then(pl.lit(name)) for name, absent in sorted(lacks.items())]
    return pl.concat_list(names).list.drop_nulls()


Tested = Mapping[str, pl.Series]  # the tested panel by column: narrowing it so costs nothing, however wide it is


def _narrow(tested: Tested, names: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame([tested[name] for name in dict.fromkeys(names)])


def _gaps(tested: Tested, signal: Signal, night: Night) -> pl.DataFrame:
    whole = [_ran(signal, i) & _remembered(test) for i, test in enumerate(signal.tests)]
    run = pl.sum_horizontal([ran.cast(pl.Int64) for ran in whole])
    asked = dict.fromkeys(column for test in signal.tests for column in test.condition.columns)
    told = ["client_id", signal.id, *asked, *(_name(signal, i) for i in range(len(signal.tests)))]
    return (
        _narrow(tested, told)
        .filter(pl.col(signal.id) != "NOT_APPLICABLE", run < len(signal.tests))
        .select(
            "client_id",
            signal_id=pl.lit(signal.id),
            answer=pl.col(signal.id),
            tests_run=run,
            tests_total=pl.lit(len(signal.tests), pl.Int64),
            missing=_missing(signal, night),
        )
    )


def _evidence_columns(test: Test) -> list[str]:
    """Panel columns a finding of the test needs: facts, periods, keys."""
    facts = test.columns
    around = [n for c in facts for n in (*COLUMNS[c].period, *COLUMNS[c].keys) if n]
    return list(dict.fromkeys(["client_id", "as_of", *facts, *around]))


def _fired(tested: Tested, signal: Signal, index: int, policy: Policy) -> pl.DataFrame:
    """Clients whose answer this test leads, with what their findings tell."""
    test = signal.tests[index]
    lead = test.condition.lead
    of = policy.resolve(signal)
    unconfirmed = pl.lit(signal.grade == "C" and test.kind == "proxy") & ~_adverse(signal)
    value = lead.measure.expr.cast(pl.Float64).round(EXACT) if lead is not None else pl.lit(None, pl.Float64)
    answer = [name for name in (signal.said, f"{signal.said}_severity") if signal.said]
    return (
        _narrow(tested, [*_evidence_columns(test), *(name for name in answer if name), signal.id, _led(signal)])
        .filter(pl.col(_led(signal)) == index)
        .select(
            *_evidence_columns(test),
            pl.col(signal.id).alias("__level"),
            unconfirmed.alias("__confirm"),
            value.alias("__value"),
            pl.lit(of(lead.limit) if lead is not None else None, pl.Float64).alias("__limit"),
        )
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
        "level": row["__level"],
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
        "confirm": row["__confirm"],
        "rule_version": version,
        "text_en": say(test.en, facts, units, night.home_currency, "en"),
        "text_zh": say(test.zh, facts, units, night.home_currency, "zh"),
    }


def _hits(tested: Tested, signal: Signal, policy: Policy, night: Night) -> Iterator[dict[str, Any]]:
    version = signal.version(policy.resolve(signal))
    for index in tested[_led(signal)].drop_nulls().unique().sort():
        test = signal.tests[index]
        for row in _fired(tested, signal, index, policy).iter_rows(named=True):
            yield _finding(signal, test, row, night, version)


def answers(panel: pl.DataFrame, catalogue: Mapping[str, Signal], policy: Policy) -> pl.DataFrame:
    """client_id and one answer per signal, sorted by client_id: no sentences, nothing of other nights."""
    return _tested(panel, catalogue, policy).select("client_id", *catalogue).sort("client_id")


def judge(
    panel: pl.DataFrame,
    catalogue: Mapping[str, Signal],
    policy: Policy,
    night: Night,
    previous: pl.DataFrame | None = None,
    actions: pl.DataFrame | None = None,
) -> Judged:
    """Every signal on every row of the panel.

    `previous` are the findings of the night before (FINDINGS) and `actions` what people did with them, or None. Returns
    frames of the schemas in `contracts`, sorted by client_id and signal_id; findings hold those not cleared yet, too.
    """
    told = _tested(panel, catalogue, policy)
    tested = {column.name: column for column in told.iter_columns()}
    hits = [hit for signal in catalogue.values() for hit in _hits(tested, signal, policy, night)]
    gaps = [_gaps(tested, signal, night) for signal in catalogue.values()]
    answered = told.select("client_id", *catalogue).sort("client_id")
    return Judged(
        answers=answered,
        gaps=pl.concat([empty(GAPS), *gaps]).sort("client_id", "signal_id"),
        findings=standing.settle(hits, answered, previous, actions, night),
    )
