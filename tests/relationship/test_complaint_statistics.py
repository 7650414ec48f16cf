"""Complaints counted by period and dimension; the cards are made by hand."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, T, agrees, frame
from tests.relationship.books import book
from transforms.relationship import complaint_statistics
from transforms.relationship.complaints import CARDS

PARTED = tuple(complaint_statistics.DIMENSIONS)
CLIENTS = [{"client_id": client, "branch_id": branch} for client, branch in (("a", "b1"), ("b", "b1"), ("c", "b2"))]
HELD, MISSED, DUE = (
    {"days": 30, "due_on": date(2015, 6, 9), "held_on": None, "state": s} for s in ("held", "missed", "due")
)


def card(received: date, closed: date | None = None, **more: Any) -> Row:
    still = closed is None
    return {
        "complaint_id": f"{received}", "client_id": "a", "grade": "A", "branch_id": "b1", "rm_id": "r1", "target": "rm",
        "channel": "hotline", "category": "attitude", "severity": 1, "volunteered": False, "fault": "undecided",
        "received_on": received, "deadline": received + timedelta(days=15), "closed_on": closed, "is_repeat": False,
        "is_open": still, "days_open": ((closed or T) - received).days, "outcome": "open" if still else "upheld",
    } | more  # fmt: skip


def counted(cards: Sequence[Row], as_of: date = T, connected: bool = True) -> pl.DataFrame:
    tables: dict[str, Sequence[Row]] = {"complaints": [], "clients": CLIENTS} if connected else {"clients": CLIENTS}
    tables["assignments"] = [
        {"client_id": client, "staff_id": rm, "role": "main", "start_on": date(2010, 1, 1)}
        for client, rm in ("ar", "bs")
    ]
    panel = [{"client_id": client, "tier_used": tier} for client, tier in (("a", "A"), ("b", "B"), ("c", "A"))]
    made = book(tables, panel, before={"complaint_cards": frame(CARDS, cards)})
    made = replace(made, night=replace(made.night, as_of=as_of))
    found = complaint_statistics.measure(made)["complaint_statistics"].collect()
    assert found.schema == complaint_statistics.FRAMES["complaint_statistics"]
    assert found.select("period", "dimension", "value").is_duplicated().any() is False
    return found


def row(found: pl.DataFrame, period: str, dimension: str = "all", value: str | None = "all") -> Row:
    which = (
        (pl.col("period") == period) & (pl.col("dimension") == dimension) & pl.col("value").eq_missing(pl.lit(value))
    )
    return found.row(by_predicate=which, named=True)


def test_three_clients() -> None:
    """June 2015: two received (a closed in time, b open and late by T), one of May closed late; one of March closed in May."""
    cards = [
        card(date(2014, 6, 5), date(2014, 6, 20)),
        card(date(2015, 3, 2), date(2015, 5, 9), client_id="c", branch_id="b2", rm_id=None, grade="A"),
        card(
            date(2015, 5, 5), date(2015, 6, 1), follow_ups=[HELD], fault="both", root_cause="system", client_score=5,
            compensation=70, acknowledged_h=9.0,
        ),
        card(
            date(2015, 6, 2), date(2015, 6, 4), severity=2, volunteered=True, outcome="not_upheld", fault="client", rm_id="r",
            root_cause="process", client_score=4, compensation=500, acknowledged_h=1.0, is_repeat=True, follow_ups=[DUE],
            corrective_actions=[
                {"due_on": date(2015, 6, 8), "done_on": date(2015, 6, 8)}, {"due_on": date(2015, 6, 8)},
                {"due_on": date(2015, 7, 8)},
            ],
        ),
        card(
            date(2015, 6, 3), client_id="b", rm_id="s", grade="B", product="fx", acknowledged_h=2.0, follow_ups=[MISSED],
        ),
    ]  # fmt: skip
    found = counted(cards)
    agrees(row(found, "2015-06"), {
        "unit": "month", "complete": True, "received": 2, "received_prev": 1, "received_yoy": None, "share": 1.0,
        "per_100_clients": 66.666666667, "severe": 1, "closed": 2, "open_end": 1, "overdue_end": 1,
        "on_time_rate": 0.333333333, "ack_median_h": 1.5, "close_median_d": 14.5, "repeat_rate": 0.5, "upheld_rate": 0.0,
        "fault_bank_rate": 0.0, "client_score_mean": None, "client_score_n": 1, "compensation": 500,
        "root_cause_top": "process", "corrective_done_rate": 0.5, "follow_up_rate": 0.5, "volunteered_share": 0.5,
    })  # fmt: skip
    agrees(row(found, "2015-06", "branch", "b1"), {"received": 2, "per_100_clients": 100.0, "share": 1.0})
    agrees(row(found, "2015-06", "rm", "s"), {"received": 1, "per_100_clients": 100.0, "share": 0.5, "open_end": 1})
    agrees(row(found, "2015-06", "grade", "A"), {"received": 1, "per_100_clients": 50.0, "compensation": 500})
    agrees(row(found, "2015-06", "grade", "B"), {"compensation": None, "root_cause_top": None})
    agrees(row(found, "2015-06", "product", "fx"), {"received": 1, "per_100_clients": 33.333333333})
    agrees(row(found, "2015-06", "product", None), {"received": 1, "received_prev": 1, "closed": 2})
    agrees(row(found, "2015-04"), {"received": 0, "closed": 0, "open_end": 1, "overdue_end": 1, "on_time_rate": 0.0})
    agrees(row(found, "2015-Q2"), {"unit": "quarter", "complete": True, "received": 3, "received_prev": 1, "closed": 3})
    agrees(row(found, "2015"), {"unit": "year", "complete": False, "received": 4, "fault_bank_rate": 0.5})


def test_periods() -> None:
    found = counted([]).filter(dimension="all")
    months = [f"2014-{n:02}" for n in range(6, 13)] + [f"2015-{n:02}" for n in range(1, 7)]
    quarters = ["2014-Q2", "2014-Q3", "2014-Q4", "2015-Q1", "2015-Q2"]
    assert found["period"].to_list() == sorted([*months, *quarters, "2013", "2014", "2015"])
    assert found.filter(~pl.col("complete"))["period"].to_list() == ["2015"]
    assert set(found["received"]) == set(found["compensation"]) == {0}
    assert found["received_prev"].null_count() == found["share"].null_count() == len(found)
    running = counted([], T - timedelta(days=1)).filter(~pl.col("complete"))
    assert running["period"].to_list() == ["2015", "2015-06", "2015-Q2"]


def test_running_periods_compare_the_same_days() -> None:
    """On 15 June: 15 days of June against 15 of May and of June a year ago."""
    days = [date(2015, 6, 15), date(2015, 5, 15), date(2015, 5, 16), date(2014, 1, 1)]
    days += [date(2014, 6, n) for n in (1, 2, 3, 4, 15, 16)]
    found = counted([card(day) for day in days], date(2015, 6, 15))
    agrees(row(found, "2015-06"), {"complete": False, "received": 1, "received_prev": 1, "received_yoy": -0.8})
    agrees(row(found, "2015"), {"received": 3, "received_prev": 6, "received_yoy": -0.5})
    agrees(row(found, "2015-05"), {"complete": True, "received": 2, "received_prev": 0, "received_yoy": None})


@pytest.mark.parametrize(("last_year", "growth"), [(4, None), (5, -0.8)])
def test_too_few_last_year(last_year: int, growth: float | None) -> None:
    days = [date(2015, 6, 1), *(date(2014, 6, n + 1) for n in range(last_year))]
    assert row(counted([card(day) for day in days]), "2015-06")["received_yoy"] == growth


@pytest.mark.parametrize(("scores", "mean"), [((5, 5, 5, 4), None), ((5, 5, 5, 4, 4), 4.6)])
def test_too_few_scores(scores: Sequence[int], mean: float | None) -> None:
    cards = [card(date(2015, 6, n + 1), T, client_score=score) for n, score in enumerate(scores)]
    agrees(row(counted(cards), "2015-06"), {"client_score_mean": mean, "client_score_n": len(scores)})


def test_edges() -> None:
    """Closed on the deadline is in time; open on it is not late; of two causes as frequent the first by name."""
    closed = card(date(2015, 6, 1), date(2015, 6, 16), root_cause="system")
    still = card(date(2015, 6, 15), root_cause="process", fault="bank")
    agrees(row(counted([closed, still]), "2015-06"), {
        "on_time_rate": 1.0, "open_end": 1, "overdue_end": 0, "root_cause_top": "process", "fault_bank_rate": 1.0,
    })  # fmt: skip
    late = [closed | {"closed_on": date(2015, 6, 17)}, still | {"deadline": date(2015, 6, 29), "root_cause": "unknown"}]
    agrees(row(counted(late), "2015-06"), {"on_time_rate": 0.0, "overdue_end": 1, "root_cause_top": "system"})


def test_before_the_first_complaint_nothing_is_compared() -> None:
    found = counted([card(date(2015, 4, 20)), card(date(2015, 5, 20)), card(date(2015, 6, 20))])
    assert [row(found, period)["received_prev"] for period in ("2015-04", "2015-05", "2015-06", "2015-Q2", "2015")] == [
        None, 1, 1, None, None,
    ]  # fmt: skip


def test_not_connected() -> None:
    assert counted([], connected=False).height == 0


def drawn(rng: random.Random) -> list[Row]:
    made = []
    for n in range(120):
        received = T - timedelta(days=rng.randint(0, 900))
        closed = received + timedelta(days=rng.randint(0, 40))
        fields: Row = {
            "complaint_id": f"{n}", "branch_id": rng.choice(("b1", "b2", None)), "rm_id": rng.choice(("r", "s", None)),
            "product": rng.choice(("fx", None)), "category": rng.choice(("attitude", "other")), "severity": rng.randint(1, 3),
            "grade": rng.choice(("A", "B", None)), "compensation": rng.choice((None, 10)), "acknowledged_h": rng.random(),
            "root_cause": rng.choice((None, "unknown", "system", "process")), "client_score": rng.choice((None, 1, 5)),
            "volunteered": rng.random() < 0.3, "is_repeat": rng.random() < 0.3, "channel": rng.choice(("rm", "branch")),
        }  # fmt: skip
        made.append(card(received, closed if closed <= T else None, **fields))
    return made


def test_values_add_up_to_all() -> None:
    found = counted(drawn(random.Random(1)))
    counts = [
        "received",
        "received_prev",
        "severe",
        "closed",
        "open_end",
        "overdue_end",
        "client_score_n",
        "compensation",
    ]
    sums = found.group_by("dimension", "period").agg(pl.col(counts).sum()).sort("period")
    whole = sums.filter(dimension="all").drop("dimension")
    assert whole["received"].sum() > 100
    for dimension in PARTED:
        parts = sums.filter(dimension=dimension).drop("dimension")
        assert whole.filter(pl.col("period").is_in(parts["period"].implode())).equals(parts)
    assert found["share"].max() == 1.0


def test_shuffled_rows_change_nothing() -> None:
    rng = random.Random(2)
    cards = drawn(rng)
    first = counted(cards)
    rng.shuffle(cards)
    assert first.equals(counted(cards))
