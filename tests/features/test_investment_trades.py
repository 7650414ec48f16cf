"""Round trips of ninety days: cases worked by hand, and plain Python over random rows."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from tests.features.shards import MONTHS, RECENT, Row, T, ago, frame, measured, one, shard
from transforms.features import investment_trades

CATEGORIES = ("securities", "wealth_product", "equity_investment", "sales", None)


def moved(days: int, direction: str, category: str | None = "securities", client: str = "c") -> Row:
    return {"client_id": client, "booked_on": ago(days), "direction": direction, "category": category, "amount": 1}


def of(rows: list[Row], first: dict[str, date] | None = None) -> Any:
    first = {"c": date(2014, 1, 1)} if first is None else first
    months = [{"client_id": c, "month": day.replace(day=1), "first_on": day} for c, day in first.items()]
    return shard({}, tuple(first), monthly={"recent": frame(RECENT, rows), "months": frame(MONTHS, months)})


CASES: dict[str, tuple[list[Row], int]] = {
    "none": ([], 0),
    "out only": ([moved(1, "out"), moved(2, "out")], 0),
    "one pair": ([moved(1, "out"), moved(2, "out"), moved(0, "in")], 1),
    "across categories": ([moved(1, "out"), moved(2, "in", "wealth_product"), moved(2, "in", "equity_investment")], 1),
    "ninety days, both ends in": ([moved(90, "out"), moved(0, "in")], 1),
    "not ninety-one": ([moved(91, "out"), moved(0, "in")], 0),
    "other categories": ([moved(1, "out", "sales"), moved(1, "in"), moved(1, "out", None)], 0),
    "somebody else's": ([moved(1, "out", client="x"), moved(1, "in", client="x")], 0),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    assert one(investment_trades, of(rows))["investment_round_trips_90"] == expected


@pytest.mark.parametrize(("first", "expected"), [(ago(90), 1), (ago(89), None)])
def test_history(first: date, expected: int | None) -> None:
    made = one(investment_trades, of([moved(1, "out"), moved(1, "in")], {"c": first}))
    assert made["investment_round_trips_90"] == expected


def test_without_any_transaction() -> None:
    empty = shard({}, monthly={"recent": frame(RECENT, []), "months": frame(MONTHS, [])})
    assert one(investment_trades, empty)["investment_round_trips_90"] is None


def test_random_rows() -> None:
    dice = random.Random(20)
    clients = {f"c{number:03d}": T - timedelta(days=dice.choice([80, 90, 400])) for number in range(200)}
    rows = [
        moved(dice.randrange(120), dice.choice(["in", "out"]), dice.choice(CATEGORIES), client)
        for client in clients
        for _ in range(dice.randrange(20))
    ]
    dice.shuffle(rows)
    for row in measured(investment_trades, of(rows, clients)).iter_rows(named=True):
        mine = [
            r["direction"]
            for r in rows
            if r["client_id"] == row["client_id"] and r["category"] in CATEGORIES[:3] and r["booked_on"] >= ago(90)
        ]
        expected = None if clients[row["client_id"]] > ago(90) else min(mine.count("in"), mine.count("out"))
        assert row["investment_round_trips_90"] == expected
