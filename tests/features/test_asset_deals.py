"""Productive assets sold or auctioned and real estate bought: cases worked by hand, plain Python over random rows."""

import random
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import asset_deals

KINDS = {"events": ["deal", "registry"]}
NOTHING = {
    "production_sold_365": 0, "production_sale_keys": [], "production_auctions_365": 0, "production_auction_keys": [],
    "premises_bought_365": 0, "premises_deal_keys": [],
}  # fmt: skip
NEVER = dict.fromkeys(NOTHING)


def event(
    subtype: str, days: int = 10, name: str = "e", flags: tuple[str, ...] = ("production_asset",), **more: Any
) -> Row:
    kind = "registry" if subtype == "judicial_auction" else "deal"
    return {
        "event_id": name, "kind": kind, "subtype": subtype, "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days), "amount": 100, "flags": list(flags),
    } | more  # fmt: skip


CASES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOTHING),
    "sales are summed": (
        [event("asset_sale"), event("asset_sale", name="b", amount=50)],
        NOTHING | {"production_sold_365": 150, "production_sale_keys": ["events:b", "events:e"]},
    ),
    "other assets": (
        [event("asset_sale", flags=("appraised",)), event("judicial_auction", name="b", flags=())],
        NOTHING,
    ),
    "purchases are no sales": ([event("asset_purchase")], NOTHING),
    "365 days, both ends in": (
        [event("asset_sale", 365), event("asset_sale", 366, "b"), event("judicial_auction", 365, "d")],
        {"production_sold_365": 100, "production_auctions_365": 1, "production_auction_keys": ["events:d"]},
    ),
    "auctions": ([event("judicial_auction"), event("judicial_auction", 300, "b")], {"production_auctions_365": 2}),
    "an auction withdrawn": ([event("judicial_auction", ends_on=ago(0))], NOTHING),
    "withdrawn tomorrow": ([event("judicial_auction", ends_on=ago(-1))], {"production_auctions_365": 1}),
    "real estate": (
        [event("real_estate_purchase", flags=()), event("real_estate_purchase", 200, "b")],
        {"premises_bought_365": 200, "premises_deal_keys": ["events:b", "events:e"], "production_sold_365": 0},
    ),
    "recorded after T": ([event("asset_sale", recorded_on=ago(-1)), event("real_estate_purchase", -1, "b")], NOTHING),
    "somebody else's": ([event("asset_sale", party_id="x")], NOTHING),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    made = one(asset_deals, shard({"events": rows}, kinds=KINDS))
    agrees(made, expected)
    assert one(asset_deals, shard({"events": rows[::-1]}, kinds=KINDS)) == made


def test_not_connected() -> None:
    agrees(one(asset_deals, shard({})), NEVER)
    half = one(asset_deals, shard({"events": []}, kinds={"events": ["deal"]}))
    agrees(half, {"production_sold_365": 0, "production_auctions_365": None, "premises_bought_365": 0})


def test_random_rows() -> None:
    dice = random.Random(18)
    clients = tuple(f"c{number:03d}" for number in range(200))
    subtypes = ["asset_sale", "judicial_auction", "real_estate_purchase", "asset_purchase"]
    rows = [
        event(
            dice.choice(subtypes),
            dice.randrange(-20, 450),
            f"e{number}",
            dice.choice([(), ("production_asset",)]),
            amount=dice.randrange(1, 99),
            party_id=dice.choice(clients),
        )
        for number in range(900)
    ]
    for row in measured(asset_deals, shard({"events": rows}, clients, kinds=KINDS)).iter_rows(named=True):
        mine = [r for r in rows if r["party_id"] == row["client_id"] and ago(365) <= r["happened_on"] <= ago(0)]
        sums = {
            subtype: [r["amount"] for r in mine if r["subtype"] == subtype and (r["flags"] or subtype == subtypes[2])]
            for subtype in subtypes
        }
        expected = {"production_sold_365": sum(sums["asset_sale"]), "premises_bought_365": sum(sums[subtypes[2]])}
        agrees(row, expected | {"production_auctions_365": len(sums["judicial_auction"])})
