"""Companies bought in other industries and the debt behind them: cases worked by hand."""

from datetime import date
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, one, shard
from transforms.features import acquisitions

D = date
KINDS = {"events": ["deal"]}
NOTHING = {"off_core_price": 0, "off_core_debt_price": 0, "off_core_keys": []}
NEVER = dict.fromkeys(NOTHING)


def bought(
    price: int = 100, days: int = 45, name: str = "e", flags: tuple[str, ...] = ("new_industry",), **more: Any
) -> Row:
    """45 days ago is 16 May 2015: debt is compared at 30 June 2015 and 31 December 2014."""
    return {
        "event_id": name, "kind": "deal", "subtype": "acquisition", "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days), "amount": price, "flags": list(flags),
    } | more  # fmt: skip


def filed(end: date, debt: int | None, scope: str = "single", version: int = 1) -> Row:
    return {
        "party_id": "c", "period_end": end, "period_type": "Q", "scope": scope, "version": version, "months": end.month,
        "currency": "CNY", "received_on": end, "short_term_loans": debt, "current_portion_debt": 0, "long_term_loans": 7,
        "bonds_and_leases": 0, "total_liabilities": 1000, "total_assets": 2000,
    }  # fmt: skip


BEFORE, AFTER = D(2014, 12, 31), D(2015, 6, 30)
CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "none": ([], [], NOTHING),
    "in its own industry": ([bought(flags=())], [], NOTHING),
    "no company": ([bought(subtype="asset_purchase")], [], NOTHING),
    "365 days, both ends in": ([bought(days=365), bought(200, 366, "b")], [], {"off_core_price": 100}),
    "debt unknown": ([bought()], [filed(AFTER, 100)], {"off_core_price": 100, "off_core_debt_price": None}),
    "flagged": (
        [bought(flags=("new_industry", "debt_funded")), bought(300, name="b", subtype="equity_purchase")],
        [],
        {"off_core_price": 300, "off_core_debt_price": 100, "off_core_keys": ["events:b", "events:e"]},
    ),
    "debt rose by half of the price": (
        [bought()],
        [filed(BEFORE, 50), filed(AFTER, 100)],
        {"off_core_debt_price": 100},
    ),
    "by less": ([bought()], [filed(BEFORE, 51), filed(AFTER, 100)], {"off_core_debt_price": 0}),
    "over other quarters": (
        [bought()],
        [filed(D(2015, 3, 31), 50), filed(BEFORE, 100), filed(AFTER, 100)],
        {"off_core_debt_price": 0},
    ),
    "the newest version": (
        [bought()],
        [filed(BEFORE, 50), filed(AFTER, 900), filed(AFTER, 60, version=2)],
        {"off_core_debt_price": 0},
    ),
    "consolidated before single": (
        [bought()],
        [filed(BEFORE, 50), filed(AFTER, 100), filed(BEFORE, 50, "consolidated"), filed(AFTER, 60, "consolidated")],
        {"off_core_debt_price": 0},
    ),
    "scopes are not mixed": (
        [bought()],
        [filed(BEFORE, 50, "consolidated"), filed(AFTER, 100)],
        {"off_core_debt_price": None},
    ),
    "on debt, the larger unknown": (
        [bought(), bought(300, 200, "b")],
        [filed(BEFORE, 50), filed(AFTER, 100)],
        {"off_core_debt_price": 100},
    ),
    "somebody else's": ([bought(party_id="x")], [], NOTHING),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, filings, expected = CASES[name]
    made = one(acquisitions, shard({"events": rows, "statements": filings}, kinds=KINDS))
    agrees(made, expected)
    assert one(acquisitions, shard({"events": rows[::-1], "statements": filings[::-1]}, kinds=KINDS)) == made


def test_not_connected() -> None:
    agrees(one(acquisitions, shard({"statements": []})), NEVER)
    agrees(one(acquisitions, shard({"events": [], "statements": []}, kinds={"events": ["news"]})), NEVER)
