"""Dunning notices without a receipt: the run that reaches the newest, word of a plan without the repayment."""

import random
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import dunning

KINDS = {"events": ["dunning", "client_notice"]}


def notice(days: int, name: str, receipt: int | None = None, **more: Any) -> Row:
    """Sent `days` ago, its receipt returned `receipt` days ago."""
    return {
        "event_id": name, "kind": "dunning", "subtype": "interest", "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days), "ends_on": None if receipt is None else ago(receipt),
    } | more  # fmt: skip


def told(days: int, subtype: str = "funding_plan_omits_repayment") -> Row:
    return notice(days, "p") | {"kind": "client_notice", "subtype": subtype}


CASES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], {"dunning_ignored": 0, "dunning_ignored_since": None, "plan_omits_repayment": False}),
    "15 days without a receipt": (
        [notice(15, "a")],
        {"dunning_ignored": 1, "dunning_ignored_since": ago(15), "dunning_keys": ["events:a"]},
    ),
    "14 days: not judged yet": ([notice(14, "a")], {"dunning_ignored": 0}),
    "answered late": ([notice(40, "a", receipt=5)], {"dunning_ignored": 0}),
    "answered after T": ([notice(40, "a", receipt=-2)], {"dunning_ignored": 1}),
    "two in a row": ([notice(40, "a"), notice(20, "b")], {"dunning_ignored": 2, "dunning_ignored_since": ago(40)}),
    "the young one neither lengthens nor breaks the run": (
        [notice(40, "a"), notice(20, "b"), notice(3, "c")],
        {"dunning_ignored": 2, "dunning_keys": ["events:a", "events:b"]},
    ),
    "the newest was answered": ([notice(40, "a"), notice(20, "b"), notice(3, "c", receipt=1)], {"dunning_ignored": 0}),
    "365 days ago": ([notice(365, "a")], {"dunning_ignored": 1, "dunning_ignored_since": ago(365)}),
    "366 days ago": ([notice(366, "a")], {"dunning_ignored": 0}),
    "an answered one in between": (
        [notice(60, "a"), notice(50, "b", receipt=45), notice(40, "c"), notice(30, "d")],
        {"dunning_ignored": 2, "dunning_ignored_since": ago(40)},
    ),
    "a reminder of maturity is none": ([notice(40, "a", subtype="maturity_notice")], {"dunning_ignored": 0}),
    "recorded after T": ([notice(40, "a", recorded_on=ago(-1))], {"dunning_ignored": 0}),
    "somebody else's": ([notice(40, "a", party_id="x")], {"dunning_ignored": 0}),
    "a plan 180 days ago": ([told(180)], {"plan_omits_repayment": True, "plan_omits_keys": ["events:p"]}),
    "a plan 181 days ago": ([told(181)], {"plan_omits_repayment": False}),
    "another notice": ([told(3, "merger")], {"plan_omits_repayment": False}),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    for order in (rows, rows[::-1]):
        agrees(one(dunning, shard({"events": order}, kinds=KINDS)), expected)


def test_a_kind_not_delivered_is_unknown() -> None:
    row = one(dunning, shard({"events": [notice(40, "a", party_id="x")]}))
    assert (row["dunning_ignored"], row["plan_omits_repayment"]) == (0, None)


def test_against_plain_python() -> None:
    rng = random.Random(5)
    clients = [f"c{k:03d}" for k in range(200)]
    rows = [
        notice(rng.randint(0, 60), f"e{k:04d}", rng.choice((None, None, 2)), party_id=rng.choice(clients))
        for k in range(700)
    ]
    rows = [row for row in rows if row["ends_on"] is None or row["ends_on"] >= row["happened_on"]]
    for row in measured(dunning, shard({"events": rows}, clients)).iter_rows(named=True):
        run = 0
        mine = [r for r in rows if r["party_id"] == row["client_id"]]
        for sent in sorted(mine, key=lambda r: (r["happened_on"], r["event_id"]), reverse=True):
            if sent["ends_on"] is not None:
                break
            run += sent["happened_on"] <= ago(15)
        assert row["dunning_ignored"] == run
