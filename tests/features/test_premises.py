"""Payments for real estate and decoration: cases worked by hand, and plain Python over random rows."""

import random
from datetime import date
from typing import Any

import pytest

from tests.features.shards import MONTHS, RECENT, Row, ago, frame, measured, one, shard
from transforms.features import premises

KINDS = ("real_estate", "decoration", "rent", None)


def paid(days: int, amount: int | None, category: str | None = "decoration", **more: Any) -> Row:
    row = {"client_id": "c", "booked_on": ago(days), "direction": "out", "counted": True}
    return row | {"category": category, "amount": amount} | more


def of(rows: list[Row], first: dict[str, date] | None = None) -> Any:
    first = {"c": date(2014, 1, 1)} if first is None else first
    months = [{"client_id": c, "month": day.replace(day=1), "first_on": day} for c, day in first.items()]
    return shard({}, tuple(first), monthly={"recent": frame(RECENT, rows), "months": frame(MONTHS, months)})


CASES: dict[str, tuple[list[Row], int | None]] = {
    "none": ([], 0),
    "both categories": ([paid(1, 5), paid(0, 7, "real_estate")], 12),
    "365 days, both ends in": ([paid(365, 5), paid(366, 7)], 5),
    "other categories": ([paid(1, 5, "rent"), paid(1, 5, None)], 0),
    "what comes in": ([paid(1, 5, direction="in")], 0),
    "not turnover": ([paid(1, 5, counted=False)], 0),
    "another currency": ([paid(1, 5), paid(1, None)], None),
    "somebody else's": ([paid(1, 5, client_id="x")], 0),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    assert one(premises, of(rows))["premises_paid_365"] == expected


@pytest.mark.parametrize(("first", "expected"), [(ago(365), 5), (ago(364), None)])
def test_history(first: date, expected: int | None) -> None:
    assert one(premises, of([paid(1, 5)], {"c": first}))["premises_paid_365"] == expected


def test_random_rows() -> None:
    dice = random.Random(31)
    clients = {f"c{number:03d}": ago(dice.choice([300, 365, 700])) for number in range(200)}
    rows = [
        paid(dice.randrange(450), dice.randrange(1, 99), dice.choice(KINDS), client_id=client)
        for client in clients
        for _ in range(dice.randrange(9))
    ]
    dice.shuffle(rows)
    for row in measured(premises, of(rows, clients)).iter_rows(named=True):
        mine = [r for r in rows if r["client_id"] == row["client_id"] and r["booked_on"] >= ago(365)]
        expected = sum(r["amount"] for r in mine if r["category"] in KINDS[:2])
        assert row["premises_paid_365"] == (None if clients[row["client_id"]] > ago(365) else expected)
