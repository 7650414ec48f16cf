"""Answers, gaps and findings: every signal on every client of a panel.

Readings G1 and G2: NOT_APPLICABLE first; else the highest level with a true test; else CLEAR or NO_DATA by grade.
Filter first, format what fired: sentences are made only for clients whose test holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from transforms import evidence, standing
from transforms.contracts import ANSWER, GAPS, empty
from transforms.night import Night
from transforms.panel import COLUMNS, HISTORY_TABLE
from transforms.policy import Policy
from transforms.signal import ANSWERS, LEVELS, Signal, Test, reads_core

_CODE = {answer: code for code, answer in enumerate(ANSWERS)}
_RANK = {level: _CODE[level] for level in LEVELS}
_TESTS = 128  # more than any signal has


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


def _best(signal: Signal) -> pl.Expr:
    """The highest level any test gives and the first of the tests that give it, in one number; null when none does."""
    order = [_rank(signal, i).cast(pl.Int16) * _TESTS + (_TESTS - 1 - i) for i in range(len(signal.tests))]
    return pl.max_horizontal(order).alias(f"{signal.id}|best")


def _answer(signal: Signal) -> pl.Expr:
    rank = pl.col(f"{signal.id}|best") // _TESTS
    applies = signal.applies.fill_null(True) if signal.applies is not None else pl.lit(True)
    clear = (_no(signal) | _answered(signal)) if signal.grade == "C" else _answered(signal)
    code = pl.when(~applies).then(_CODE["NOT_APPLICABLE"]).when(clear).then(_CODE["CLEAR"]).otherwise(_CODE["NO_DATA"])
    # By number: making words of it first would take longer than all tests.
    return (
        pl.when(applies & rank.is_not_null()).then(rank).otherwise(code).cast(pl.UInt8).cat.to(ANSWER).alias(signal.id)
    )


def _lead(signal: Signal) -> pl.Expr:
    """Which test leads the answer of a HIT: the first of those that give its level; null when nothing fired."""
    hit = pl.col(signal.id).to_physical().is_between(_RANK["W"], _RANK["N"])
    return pl.when(hit).then(_TESTS - 1 - pl.col(f"{signal.id}|best") % _TESTS).alias(_led(signal))


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
        tested = tested.with_columns(tests).with_columns(map(_best, wave)).with_columns(map(_answer, wave))
    return tested.with_columns(_lead(signal) for signal in catalogue.values()).collect()


def _remembered(test: Test) -> pl.Expr:
    """Whether earlier nights said what the test asks of them; a first night counts as "no" and is a gap (reading G20)."""
    asked = [pl.col(c).is_not_null() for c in test.condition.columns if COLUMNS[c].table == HISTORY_TABLE]
    return pl.all_horizontal([pl.lit(True), *asked])


def _lacks(signal: Signal, night: Night) -> dict[str, pl.Expr]:
    """What tests that did not run may have lacked → whether: `table` when it is not connected, else `table.column`."""
    lacks: dict[str, list[pl.Expr]] = {}
    for index, test in enumerate(signal.tests):
        for column in test.condition.columns:
            table = COLUMNS[column].table
            name = f"{table}.{column}" if not night.feeds or table in night.feeds else table
            absent = (~_ran(signal, index) | ~_remembered(test)) & pl.col(column).is_null()
            lacks.setdefault(name, []).append(absent)
    return {name: pl.any_horizontal(absent) for name, absent in sorted(lacks.items())}


Tested = Mapping[str, pl.Series]  # the tested panel by column: narrowing it so costs nothing, however wide it is


def _narrow(tested: Tested, names: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame([tested[name] for name in dict.fromkeys(names)])


def _gaps(tested: Tested, signal: Signal, night: Night) -> pl.DataFrame:
    whole = [_ran(signal, i) & _remembered(test) for i, test in enumerate(signal.tests)]
    run = pl.sum_horizontal([ran.cast(pl.Int64) for ran in whole])
    asked = dict.fromkeys(column for test in signal.tests for column in test.condition.columns)
    told = ["client_id", signal.id, *asked, *(_name(signal, i) for i in range(len(signal.tests)))]
    lacks = _lacks(signal, night)
    # One bit each: thousands of clients lack the same few things, so their lists are made once.
    bits = pl.sum_horizontal([absent.cast(pl.Int64) * (1 << bit) for bit, absent in enumerate(lacks.values())])
    found = (
        _narrow(tested, told)
        .filter(pl.col(signal.id) != "NOT_APPLICABLE", run < len(signal.tests))
        .select(
            "client_id",
            signal_id=pl.lit(signal.id),
            answer=pl.col(signal.id),
            tests_run=run,
            tests_total=pl.lit(len(signal.tests), pl.Int64),
            bits=bits,
        )
    )
    ways = found["bits"].unique()
    missing = [[name for bit, name in enumerate(lacks) if way >> bit & 1] for way in ways]
    names = pl.DataFrame({"bits": ways, "missing": pl.Series(missing, dtype=GAPS["missing"])})
    return found.join(names, on="bits", how="left", maintain_order="left").drop("bits")


def _hits(tested: Tested, signal: Signal, policy: Policy, night: Night) -> Iterator[pl.DataFrame]:
    """The findings of the clients each test leads the answer of."""
    for index in tested[_led(signal)].drop_nulls().unique().sort():
        test = signal.tests[index]
        unconfirmed = pl.lit(signal.grade == "C" and test.kind == "proxy") & ~_adverse(signal)
        answer = [signal.said, f"{signal.said}_severity"] if signal.said else []
        fired = _narrow(tested, [*evidence.columns(test), *answer, signal.id])[
            (tested[_led(signal)] == index).arg_true()
        ]
        yield evidence.told(fired.with_columns(level=signal.id, confirm=unconfirmed), signal, test, policy, night)


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
    fired = [hits for signal in catalogue.values() for hits in _hits(tested, signal, policy, night)]
    gaps = [_gaps(tested, signal, night) for signal in catalogue.values()]
    answered = told.select("client_id", *catalogue).sort("client_id")
    return Judged(
        answers=answered,
        gaps=pl.concat([empty(GAPS), *gaps]).sort("client_id", "signal_id"),
        findings=standing.settle(evidence.gather(fired), answered, previous, actions, night),
    )
