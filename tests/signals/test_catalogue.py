"""The catalogue as a whole: text, ids, and properties every signal must have."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.signals.cases import NIGHT, panel
from transforms.findings import judge
from transforms.measures import value
from transforms.panel import COLUMNS
from transforms.policy import Policy, PolicyError
from transforms.signal import Fact, Signal, alert, at_least, seed
from transforms.signals import CATALOGUE
from transforms.text import Unit

SPECIFICATION = json.loads((Path(__file__).parent / "specification.json").read_text(encoding="utf-8"))
ADDED = {"ADD-03"}  # our rows: no text in the book


def test_every_signal_of_this_slice_is_there() -> None:
    assert set(CATALOGUE) == set(SPECIFICATION) | ADDED


@pytest.mark.parametrize("signal_id", sorted(SPECIFICATION))
def test_chinese_text_and_grade_are_the_books(signal_id: str) -> None:
    assert CATALOGUE[signal_id].zh == SPECIFICATION[signal_id]["zh"]
    assert CATALOGUE[signal_id].grade == SPECIFICATION[signal_id]["grade"]


def test_levels_lie_within_the_catalogues() -> None:
    for signal_id, row in SPECIFICATION.items():
        lowest, highest = (row["levels"].split("-") * 2)[:2]
        levels = ["W", "A", "R", "N"]
        allowed = levels[levels.index(lowest) : levels.index(highest) + 1]
        if signal_id in ("FIN-09", "FIN-12"):  # W is our addition in FIN-09; FIN-12 is W at most (DESIGN section 12)
            allowed = ["W", *allowed]
        assert set(CATALOGUE[signal_id].levels) <= set(allowed), signal_id


def test_nothing_known_nothing_fires() -> None:
    unknown = panel({"client_kind": None, "industry_section": None, "reporting_due": None})
    judged = judge(unknown, CATALOGUE, Policy(), NIGHT)
    assert judged.findings.height == 0
    answers = judged.answers.drop("client_id").row(0)
    assert set(answers) == {"NO_DATA"}
    assert judged.gaps.height == len(CATALOGUE)
    assert judged.gaps["missing"].list.len().min() > 0


def test_a_client_alone_is_the_client_among_others() -> None:
    rows = [{"client_id": f"C{i}", "equity": 70 + i, "equity_year_ago": 100, "failed_90": i} for i in range(8)]
    together = judge(panel(*rows), CATALOGUE, Policy(), NIGHT)
    alone = [judge(panel(row), CATALOGUE, Policy(), NIGHT) for row in rows]
    assert together.answers.equals(pl.concat([one.answers for one in alone]))
    assert together.findings.equals(pl.concat([one.findings for one in alone]))


def test_a_finding_carries_its_evidence() -> None:
    row = {"equity": 70, "equity_year_ago": 100, "statement_key": "statements:C1|2014-12-31|Y|single|1"}
    row |= {"statement_year_ago_key": "statements:C1|2013-12-31|Y|single|1", "statement_period_end": NIGHT.as_of}
    finding = judge(panel(row), CATALOGUE, Policy(), NIGHT).findings.row(0, named=True)
    assert finding["value"] == 0.3
    assert finding["limit"] == 0.25
    assert (finding["comparison"], finding["unit"], finding["measure"]) == (">=", "ratio", "equity")
    assert finding["source_keys"] == sorted([row["statement_key"], row["statement_year_ago_key"]])
    assert finding["feed_as_of"] == NIGHT.as_of
    assert json.loads(finding["evidence"]) == {"equity": 70, "equity_year_ago": 100}
    assert (finding["first_seen"], finding["change"], finding["confirm"]) == (NIGHT.as_of, "new", False)


def test_change_against_the_night_before() -> None:
    first = judge(panel({"failed_90": 6}), CATALOGUE, Policy(), NIGHT).findings
    for failed, change in ((6, "standing"), (3, "better")):
        later = judge(panel({"failed_90": failed}), CATALOGUE, Policy(), NIGHT, first).findings.row(0, named=True)
        assert (later["change"], later["first_seen"]) == (change, NIGHT.as_of)
    worse = judge(panel({"failed_90": 3}), CATALOGUE, Policy(), NIGHT).findings
    assert judge(panel({"failed_90": 6}), CATALOGUE, Policy(), NIGHT, worse).findings["change"].to_list() == ["worse"]


def test_a_bank_overrides_a_limit_by_its_name() -> None:
    policy = Policy.parse("[FIN-08.equity]\nalert = 0.4\n")
    row = {"equity": 70, "equity_year_ago": 100}
    assert judge(panel(row), CATALOGUE, policy, NIGHT).answers["FIN-08"].to_list() == ["CLEAR"]
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
