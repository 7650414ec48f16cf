"""What becomes of findings from night to night: clearing, resolutions, snooze, moves, history."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.signals.cases import NIGHT, panel
from transforms import history
from transforms.assessment import assess
from transforms.contracts import FINDINGS, MOVES
from transforms.features.actions import LATEST
from transforms.findings import judge
from transforms.policy import Policy
from transforms.signals import CATALOGUE
from transforms.standing import moves

FIN08 = {"FIN-08": CATALOGUE["FIN-08"]}
A, R = (
    {"equity": 70, "equity_year_ago": 100},
    {"equity": 70, "equity_year_ago": 100, "revenue": 70, "revenue_year_ago": 100},
)
CLEAR, BLIND = {"equity": 100, "equity_year_ago": 100}, {}
ACTION = {"client_id": "C1", "signal_id": "FIN-08", "action_by": "S1", "action_on": NIGHT.as_of, "action_until": None}


class Bank:
    """One client, night after night."""

    def __init__(self) -> None:
        self.day = NIGHT.as_of
        self.findings: pl.DataFrame | None = None
        self.assessments: pl.DataFrame | None = None
        self.moves: pl.DataFrame | None = None

    def night(self, facts: dict[str, Any], action: str | None = None, on: date | None = None) -> dict[str, Any] | None:
        """The finding of FIN-08 that night, or None."""
        night = replace(NIGHT, as_of=self.day)
        rows = [] if action is None else [{**ACTION, "action": action, "action_on": on or NIGHT.as_of}]
        acted = pl.DataFrame(rows, schema=dict(LATEST))
        laid = panel({**facts, "as_of": self.day})
        judged = judge(laid, FIN08, Policy(), night, self.findings, acted)
        assessed = assess(laid, judged.answers, judged.findings, FIN08, Policy(), night, self.assessments)
        self.moves = moves(judged.findings, self.findings, assessed, self.moves, night)
        self.findings, self.assessments = judged.findings, assessed
        assert judged.findings.schema == FINDINGS
        assert self.moves.schema == MOVES
        self.day += timedelta(days=1)
        return judged.findings.row(0, named=True) if judged.findings.height else None

    @property
    def level(self) -> str:
        assert self.assessments is not None
        return str(self.assessments["risk_level"][0])

    def told(self, signal: bool) -> list[tuple[str, str | None, str | None]]:
        assert self.moves is not None
        own = self.moves.filter(pl.col("signal_id").is_not_null() == signal)
        return own.select(pl.col("move").cast(pl.String), "before", "after").rows()


def states(*nights: dict[str, Any]) -> list[tuple[str, str, int, str] | None]:
    bank = Bank()
    told = []
    for facts in nights:
        found = bank.night(facts)
        told.append((found["state"], found["change"], found["clean"], bank.level) if found else None)
    return told


def test_a_finding_clears_after_two_evaluations_without_it() -> None:
    assert states(A, CLEAR, CLEAR, CLEAR) == [
        ("standing", "new", 0, "A"), ("clearing", "standing", 1, "A"), None, None,
    ]  # fmt: skip


def test_a_finding_that_comes_back_before_it_cleared_stands_on() -> None:
    assert states(A, CLEAR, A, CLEAR, CLEAR) == [
        ("standing", "new", 0, "A"), ("clearing", "standing", 1, "A"), ("standing", "standing", 0, "A"),
        ("clearing", "standing", 1, "A"), None,
    ]  # fmt: skip


def test_a_night_that_cannot_evaluate_clears_nothing() -> None:
    told = states(A, BLIND, BLIND, BLIND, CLEAR, BLIND, CLEAR)
    assert [row[2] if row else None for row in told] == [0, 0, 0, 0, 1, 1, None]
    assert {row[3] for row in told if row} == {"A"}


def test_better_and_worse_are_told_at_once() -> None:
    assert [row and row[1] for row in states(A, R, A, A)] == ["new", "worse", "better", "standing"]


def test_what_is_kept_says_when_it_was_last_evaluated() -> None:
    bank = Bank()
    first = bank.night(A)
    kept = bank.night(CLEAR)
    assert first is not None
    assert kept is not None
    assert (kept["as_of"], kept["evaluated_on"]) == (NIGHT.as_of + timedelta(days=1), NIGHT.as_of)
    assert (kept["first_seen"], kept["text_en"]) == (first["first_seen"], first["text_en"])


def test_a_snoozed_finding_counts_and_returns_when_it_gets_worse() -> None:
    bank = Bank()
    bank.night(A)
    snoozed = bank.night(A, "snooze")
    assert snoozed is not None
    assert (snoozed["state"], snoozed["acted_level"], bank.level) == ("snoozed", "A", "A")
    still = bank.night(A, "snooze")
    worse = bank.night(R, "snooze")
    again = bank.night(A, "snooze")
    assert still is not None
    assert worse is not None
    assert again is not None
    assert (still["state"], still["change"]) == ("snoozed", "standing")
    assert (worse["state"], worse["change"], bank.told(signal=True)[-2:]) == (
        "standing", "worse", [("worse", "A", "R"), ("snoozed", "R", "A")],
    )  # fmt: skip
    ended = bank.night(A)
    assert ended is not None
    assert (ended["state"], ended["change"]) == ("standing", "new")


def test_a_resolved_finding_does_not_count_until_it_gets_worse_or_its_time_is_over() -> None:
    bank = Bank()
    bank.night(A)
    resolved = bank.night(A, "clear")
    assert resolved is not None
    assert (resolved["state"], bank.level, resolved["action_by"]) == ("resolved", "clear", "S1")
    assert bank.told(signal=True) == [("new", None, "A"), ("resolved", "A", "A")]
    worse = bank.night(R, "clear")
    assert worse is not None
    assert (worse["state"], bank.level) == ("standing", "R")
    assert bank.told(signal=False)[-2:] == [("better", "A", "clear"), ("worse", "clear", "R")]


@pytest.mark.parametrize(
    ("action", "state"), [("dismiss", "standing"), ("confirm", "standing"), ("escalate", "standing")]
)
def test_other_actions_are_told_and_change_nothing(action: str, state: str) -> None:
    bank = Bank()
    bank.night(A)
    found = bank.night(A, action)
    assert found is not None
    assert (found["state"], found["action"], bank.level) == (state, action, "A")


def test_a_new_action_holds_for_the_level_it_met() -> None:
    bank = Bank()
    bank.night(A)
    bank.night(R, "snooze")  # taken while it stood at A; tonight it is worse
    found = bank.night(R, "snooze", on=NIGHT.as_of + timedelta(days=2))
    assert found is not None
    assert (found["state"], found["acted_level"]) == ("snoozed", "R")


def test_moves_are_kept_and_only_what_moved_is_told() -> None:
    bank = Bank()
    for facts in (A, A, R, CLEAR, CLEAR, CLEAR):
        bank.night(facts)
    assert bank.told(signal=True) == [("new", None, "A"), ("worse", "A", "R"), ("cleared", "R", None)]
    assert bank.told(signal=False) == [("new", None, "A"), ("worse", "A", "R"), ("better", "R", "clear")]


def test_history_of_a_first_night_is_unknown() -> None:
    row = history.measure(NIGHT, panel({}).lazy(), None, None).collect().row(0, named=True)
    assert set(row.values()) == {"C1", None}


def test_history_reads_the_nights_before() -> None:
    night = replace(NIGHT, as_of=date(2015, 6, 30))
    told = [
        ("C1", None, date(2014, 11, 20), "new", None, "W"), ("C1", None, date(2015, 1, 10), "worse", "W", "A"),
        ("C1", None, date(2015, 5, 31), "worse", "A", "R"), ("C1", "FIN-08", date(2014, 1, 1), "new", None, "A"),
        ("C2", None, date(2014, 11, 20), "new", None, "clear"),
    ]  # fmt: skip
    kept = pl.DataFrame(told, schema=MOVES, orient="row")
    stands = pl.DataFrame(
        {
            "client_id": ["C1", "C1", "C1", "C2"],
            "signal_id": ["EXT-01", "EXT-02", "FIN-01", "EXT-01"],
            "first_seen": [date(2015, 1, 1), date(2015, 1, 2), date(2014, 1, 1), date(2014, 1, 1)],
            "state": ["standing", "standing", "standing", "resolved"],
        }
    )
    rows = history.measure(night, pl.LazyFrame({"client_id": ["C1", "C2", "C3"]}), stands, kept).collect().to_dicts()
    assert rows == [
        {"client_id": "C1", "ext_standing_180": 1, "first_alert_on": date(2015, 1, 10), "red_at_month_end": True,
         "alert_at_three_month_ends": False},
        {"client_id": "C2", "ext_standing_180": 0, "first_alert_on": None, "red_at_month_end": False,
         "alert_at_three_month_ends": False},
        {"client_id": "C3", "ext_standing_180": 0, "first_alert_on": None, "red_at_month_end": False,
         "alert_at_three_month_ends": False},
    ]  # fmt: skip
