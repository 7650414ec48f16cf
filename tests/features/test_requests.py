"""New money asked for: cases by hand and a plain-Python reference."""

import random
from statistics import median
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import requests


def asked(days: int, amount: int, name: str = "e", **more: Any) -> Row:
    return {
        "event_id": name, "kind": "loan_request", "subtype": "new", "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days), "amount": amount,
    } | more  # fmt: skip


CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"requests_30": 0, "requests_median": None, "requests_keys": []}),
    "today and 30 days ago": (
        [asked(0, 5, "a"), asked(30, 7, "b", subtype="increase")],
        {"requests_30": 12, "requests_keys": ["events:a", "events:b"], "requests_median": None},
    ),
    "31 days ago is earlier": ([asked(31, 7)], {"requests_30": 0, "requests_median": 7}),
    "a rollover asks for no new money": (
        [asked(3, 7, subtype="rollover"), asked(300, 9, "b", subtype="extension")],
        {"requests_30": 0, "requests_median": None},
    ),
    "the median of the earlier ones": (
        [asked(1, 90, "a"), asked(60, 10, "b"), asked(900, 20, "c"), asked(400, 60, "d")],
        {"requests_30": 90, "requests_median": 20},
    ),
    "recorded after T": ([asked(3, 7, recorded_on=ago(-1))], {"requests_30": 0}),
    "somebody else's": ([asked(3, 7, party_id="x")], {"requests_30": 0}),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    for order in (rows, rows[::-1]):
        agrees(one(requests, shard({"events": order}, kinds={"events": ["loan_request"]})), expected)


def test_a_kind_not_delivered_is_unknown() -> None:
    row = one(requests, shard({"events": []}))
    assert (row["requests_30"], row["requests_median"]) == (None, None)


def test_against_plain_python() -> None:
    rng = random.Random(47)
    clients = [f"c{k:03d}" for k in range(200)]
    rows = [
        asked(rng.choice((0, 10, 30, 31, 45, 200, 800)), rng.randint(1, 999), f"e{k}", party_id=rng.choice(clients),
              subtype=rng.choice(("new", "increase", "rollover")), recorded_on=ago(rng.choice((0, 0, 0, -1))))
        for k in range(900)
    ]  # fmt: skip
    result = measured(requests, shard({"events": rows}, clients))
    for row in result.iter_rows(named=True):
        mine = [
            r for r in rows
            if r["party_id"] == row["client_id"] and r["subtype"] != "rollover" and r["recorded_on"] <= ago(0)
        ]  # fmt: skip
        before = [r["amount"] for r in mine if r["happened_on"] < ago(30)]
        assert row["requests_30"] == sum(r["amount"] for r in mine if r["happened_on"] >= ago(30))
        assert row["requests_median"] == (pl.Series([median(before)]).round(0)[0] if before else None)
