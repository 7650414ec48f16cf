"""The catalogue as a whole: text, ids, and properties every signal must have."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.registers import SIGNALS
from tests.signals.cases import NIGHT, Case, every_case, judged, panel
from transforms.findings import Judged, judge
from transforms.measures import value
from transforms.panel import COLUMNS
from transforms.policy import Policy, PolicyError
from transforms.signal import Fact, Signal, alert, at_least, seed
from transforms.signals import CATALOGUE
from transforms.text import Unit

SPECIFICATION = json.loads((Path(__file__).parent / "specification.json").read_text(encoding="utf-8"))
LEAST_CASES = 500
# Where the readings move a row: grade B for MGT-03, W besides the printed levels in EXT-03 and FIN-09, W alone in FIN-12.
GRADES = {"MGT-03": "B"}
LEVELS = {"EXT-03": "W-R", "FIN-09": "W-A", "FIN-12": "W"}


TOLD = every_case()


def _of(signal_id: str, *answers: str) -> list[Case]:
    return [case for case in TOLD if case.signal == signal_id and case.answer in answers]


def test_the_catalogue_is_whole() -> None:
    """103 warning signals, 13 decay signs and the additions, each once: the ids the events table lists, too."""
    assert list(CATALOGUE) == list(SPECIFICATION) == list(SIGNALS)
    groups = Counter(signal.category for signal in CATALOGUE.values())
    assert {**groups, "ADD": None} == {"EXT": 8, "FIN": 30, "MGT": 51, "MOR": 14, "REL": 13, "ADD": None}


@pytest.mark.parametrize("signal_id", list(SPECIFICATION))
def test_text_and_grade_are_the_catalogues(signal_id: str) -> None:
    row, signal = SPECIFICATION[signal_id], CATALOGUE[signal_id]
    assert (signal.en, signal.grade) == (row["en"], GRADES.get(signal_id, row["grade"]))
    if row["zh"] is not None:  # the additions have no text in the book
        assert signal.zh == row["zh"]


@pytest.mark.parametrize("signal_id", [name for name, row in SPECIFICATION.items() if row["levels"]])
def test_levels_are_the_catalogues(signal_id: str) -> None:
    lowest, highest = (LEVELS.get(signal_id, SPECIFICATION[signal_id]["levels"]).split("-") * 2)[:2]
    order = ["W", "A", "R", "N"]
    assert CATALOGUE[signal_id].levels == order[order.index(lowest) : order.index(highest) + 1]


@pytest.mark.parametrize("signal_id", list(CATALOGUE))
def test_every_signal_has_its_table_of_cases(signal_id: str) -> None:
    """A case at every level, one clear, one without data, one not applicable where it can be, a Chinese sentence."""
    signal = CATALOGUE[signal_id]
    wanted = [*signal.levels, "CLEAR", "NO_DATA", *(["NOT_APPLICABLE"] if signal.applies is not None else [])]
    assert [answer for answer in wanted if not _of(signal_id, answer)] == []
    assert any(case.zh for case in _of(signal_id, *signal.levels))


@pytest.mark.parametrize("signal_id", list(CATALOGUE))
def test_every_test_of_a_signal_has_a_case_with_its_sentence(signal_id: str) -> None:
    signal = CATALOGUE[signal_id]
    led = {(finding["level"], finding["measure"]) for finding in _findings(signal_id)}
    names = {(test.level, test.name) for test in signal.tests}
    assert {name for _, name in names} - {name for _, name in led} == set()


def _findings(signal_id: str) -> list[dict[str, Any]]:
    return [finding for _, finding in judged(signal_id).values() if finding is not None]


def test_chinese_sentences_have_chinese_punctuation() -> None:
    halfwidth = re.compile(r"[\u4e00-\u9fff%}][,;:()?!]|[,;:()?!][\u4e00-\u9fff{]")
    texts = {f"{s.id} {t.name}": t.zh for s in CATALOGUE.values() for t in s.tests}
    texts |= {f"{s.id} ask": s.ask_zh for s in CATALOGUE.values()}
    plain = {where: re.sub(r":(\w+)}", "}", text) for where, text in texts.items()}  # the units of placeholders
    assert {where: text for where, text in plain.items() if halfwidth.search(text)} == {}


def test_sentences_are_plain() -> None:
    """No dashes between clauses, no doubled blanks, every sentence ends."""
    for signal in CATALOGUE.values():
        for text in [signal.ask_en, *(test.en for test in signal.tests)]:
            assert "—" not in text, signal.id
            assert "  " not in text, signal.id
            assert text.endswith((".", "?")), signal.id
        for text in [signal.ask_zh, *(test.zh for test in signal.tests)]:
            assert text.endswith(("。", "？")), signal.id


def test_there_are_cases_enough(record_property: Callable[[str, object], None]) -> None:
    answers = Counter(case.answer for case in TOLD)
    record_property("cases", len(TOLD))
    print(f"{len(TOLD)} cases of {len(CATALOGUE)} signals: {dict(sorted(answers.items()))}")
    assert len(TOLD) >= LEAST_CASES


def test_nothing_known_nothing_fires() -> None:
    unknown = panel({"client_kind": None, "industry_section": None, "reporting_due": None})
    judged = judge(unknown, CATALOGUE, Policy(), NIGHT)
    assert judged.findings.height == 0
    answers = judged.answers.drop("client_id").row(0)
    assert set(answers) == {"NO_DATA"}
    assert judged.gaps.height == len(CATALOGUE)
    assert judged.gaps["missing"].list.len().min() > 0


def _random_clients(many: int, seed: int) -> list[dict[str, Any]]:
    """Clients whose columns take, each by itself, a value some case gives it, or none at all."""
    rng = random.Random(seed)
    values: dict[str, list[Any]] = {}
    for case in TOLD:
        for column, given in case.row.items():
            if column not in SIGNALS:
                values.setdefault(column, []).append(given)
    return [
        {
            "client_id": f"C{n:03d}",
            **{c: rng.choice(of) for c, of in values.items() if rng.random() < rng.choice([0.5, 0.95])},
        }
        for n in range(many)
    ]


@cache
def _crowd() -> tuple[list[dict[str, Any]], Judged]:
    rows = _random_clients(200, seed=5)
    return rows, judge(panel(*rows), CATALOGUE, Policy(), NIGHT)


def test_a_client_alone_is_the_client_among_others() -> None:
    rows, together = _crowd()
    for row in rows[:2]:
        alone = judge(panel(row), CATALOGUE, Policy(), NIGHT)
        mine = pl.col("client_id") == row["client_id"]
        assert together.answers.filter(mine).equals(alone.answers)
        assert together.findings.filter(mine).equals(alone.findings)
        assert together.gaps.filter(mine).equals(alone.gaps)


def test_no_sentence_prints_a_raw_unknown() -> None:
    findings = _crowd()[1].findings
    assert findings["signal_id"].n_unique() > len(CATALOGUE) * 0.9
    wrong = findings.filter(pl.any_horizontal(pl.col("text_en", "text_zh").str.contains(r"\b(None|nan|null)\b")))
    assert wrong.select("signal_id", "level", "measure", "text_en").unique().rows() == []


def test_a_hit_is_a_finding_and_a_finding_a_hit() -> None:
    judged_ = _crowd()[1]
    long = judged_.answers.unpivot(index="client_id", variable_name="signal_id", value_name="level")
    hits = long.filter(pl.col("level").cast(pl.String).is_in(["W", "A", "R", "N"]))
    told = judged_.findings.select("client_id", "signal_id", pl.col("level").cast(pl.String))
    assert hits.with_columns(pl.col("level").cast(pl.String)).sort("client_id", "signal_id").equals(told)


def test_a_finding_carries_its_evidence() -> None:
    row = {"equity": 70, "equity_year_ago": 100, "statement_key": "statements:C1|2014-12-31|Y|single|1"}
    row |= {"statement_year_ago_key": "statements:C1|2013-12-31|Y|single|1", "statement_period_end": NIGHT.as_of}
    finding = judge(panel(row), {"FIN-08": CATALOGUE["FIN-08"]}, Policy(), NIGHT).findings.row(0, named=True)
    assert finding["value"] == 0.3
    assert finding["limit"] == 0.25
    assert (finding["comparison"], finding["unit"], finding["measure"]) == (">=", "ratio", "equity")
    assert finding["source_keys"] == sorted([row["statement_key"], row["statement_year_ago_key"]])
    assert finding["feed_as_of"] == NIGHT.as_of
    assert json.loads(finding["evidence"]) == {"equity": 70, "equity_year_ago": 100}
    assert (finding["first_seen"], finding["change"], finding["confirm"]) == (NIGHT.as_of, "new", False)


def test_a_bank_overrides_a_limit_by_its_name() -> None:
    policy = Policy.parse("[FIN-08.equity]\nalert = 0.4\n")
    row = {"equity": 70, "equity_year_ago": 100}
    assert judge(panel(row), {"FIN-08": CATALOGUE["FIN-08"]}, policy, NIGHT).answers["FIN-08"].to_list() == ["CLEAR"]
    assert policy.hash != Policy().hash


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[FIN-088.equity]\nalert = 0.4", "nearest known: 'FIN-08'"),
        ("[FIN-08.equty]\nalert = 0.4", "nearest known: 'equity'"),
        ("[FIN-08.equity]\nalrt = 0.4", "nearest known: 'alert'"),
        ("[FIN-08.equity]\nalert = '0.4'", "must be a number"),
        ("[FIN-08.equity]\nalert = nan", "must be a number"),
        ("[MGT-42.inflow]\nwatch = 0.5", "unknown test"),  # DECLINE's own limits are not set here
        ("home_currency = 'yuan'", "must be a currency code"),
        ("count_additions = 1", "must be true or false"),
        ("own_banks = 'x'", "must be a list"),
        ("[cadence]\nE = 3", "nearest known"),
        ("[haircuts]\nland = 3", "between 0 and 1"),
        ("home currency = 1", "not valid TOML"),
    ],
)
def test_a_policy_that_names_the_unknown_is_refused(text: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        Policy.parse(text)


def _signal(**changes: object) -> Signal:
    test = alert("x", at_least(value("equity", Unit.MONEY), seed(1)), en="{value}", zh="{value}")
    facts = {"id": "FIN-99", "grade": "A", "zh": "文", "en": "text", "tests": (test,), "ask_en": "?", "ask_zh": "?"}
    return Signal(**{**facts, **changes})  # type: ignore[arg-type]


def test_a_misspelt_column_fails_when_the_signal_is_built() -> None:
    bad = alert("x", at_least(value("equty", Unit.MONEY), seed(1)), en="{value}", zh="{value}")
    with pytest.raises(ValueError, match="equty"):
        _signal(tests=(bad,))


def test_sentences_must_print_the_same_facts() -> None:
    bad = alert("x", at_least(value("equity", Unit.MONEY), seed(1)), en="{value}", zh="{limit}")
    with pytest.raises(ValueError, match="different facts"):
        _signal(tests=(bad,))


def test_a_value_needs_a_comparison() -> None:
    with pytest.raises(ValueError, match="nothing is compared"):
        _signal(tests=(alert("x", Fact(pl.col("equity") > 0), en="{value}", zh="{value}"),))


def test_python_and_or_on_conditions_raise() -> None:
    condition = at_least(value("equity", Unit.MONEY), seed(1))
    with pytest.raises(TypeError, match="&"):
        bool(condition)


def test_conditions_are_three_valued() -> None:
    rows = [(a, b) for a in (True, False, None) for b in (True, False, None)]
    frame = pl.DataFrame(rows, schema={"a": pl.Boolean, "b": pl.Boolean}, orient="row")
    both = frame.select((Fact(pl.col("a")) & Fact(pl.col("b"))).holds()).to_series().to_list()
    either = frame.select((Fact(pl.col("a")) | Fact(pl.col("b"))).holds()).to_series().to_list()
    assert both == [True, False, None, False, False, False, None, False, None]
    assert either == [True, True, True, True, False, None, True, None, None]


def test_every_panel_column_a_signal_reads_says_where_it_comes_from() -> None:
    for signal in CATALOGUE.values():
        for column in signal.columns:
            assert COLUMNS[column].meaning
        assert signal.feeds
