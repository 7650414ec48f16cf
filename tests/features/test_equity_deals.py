"""Equity dealings with related persons: cases worked by hand, and plain Python over random dealings."""

import random
from datetime import date
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import equity_deals

KINDS = {"events": ["deal", "registry"]}
OWNER = {"link_id": "l", "from_id": "o", "to_id": "c", "relation": "shareholder_of", "recorded_on": date(2010, 1, 1)}
NOTHING: Row = {
    "equity_deals_related": 0, "equity_deals_control": 0, "equity_deals_related_perhaps": 0,
    "equity_deals_control_perhaps": 0, "equity_deals_unknown": False, "equity_deal_keys": [],
}  # fmt: skip
NEVER = dict.fromkeys(NOTHING)


def event(name: str, days: int = 10, kind: str = "deal", other: str | None = "o", **more: Any) -> Row:
    subtype = "equity_sale" if kind == "deal" else "equity_transfer"
    return {
        "event_id": name, "kind": kind, "subtype": subtype, "party_id": "c", "other_id": other,
        "happened_on": ago(days), "recorded_on": ago(days), "amount": 1,
    } | more  # fmt: skip


def registered(name: str, days: int = 10, other: str | None = "o", **more: Any) -> Row:
    return event(name, days, "registry", other, **more)


def of(rows: list[Row], links: list[Row] | None = None, kinds: Any = KINDS, clients: tuple[str, ...] = ("c",)) -> Any:
    return shard({"events": rows, "party_links": [OWNER] if links is None else links}, clients, kinds=kinds)


CASES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOTHING),
    "with a stranger": ([event("a", other="x"), registered("b", other="x"), registered("d", other=None)], NOTHING),
    "one of each": (
        [event("a"), registered("b", 100)],
        NOTHING
        | {
            "equity_deals_related": 2,
            "equity_deals_related_perhaps": 2,
            "equity_deal_keys": ["events:a", "events:b"],
        },
    ),
    "flagged": ([event("a", other=None, flags=["related_party"])], {"equity_deals_related": 1}),
    "a purchase too, no asset sale": (
        [event("a", subtype="equity_purchase"), event("b", subtype="asset_sale"), event("d", subtype="acquisition")],
        {"equity_deals_related": 1},
    ),
    "other registry rows": ([registered("a", subtype="equity_pledge")], NOTHING),
    "365 days, both ends in": ([event("a", 365), registered("b", 366)], {"equity_deals_related": 1}),
    "withdrawn": ([registered("a", ends_on=ago(0))], NOTHING),
    "one transfer in two sources": ([event("a", 10), registered("b", 15)], {"equity_deals_related": 1}),
    "six days apart": ([event("a", 10), registered("b", 16)], {"equity_deals_related": 2}),
    "another counterparty": (
        [event("a", flags=["related_party"], other="x"), registered("b")],
        {"equity_deals_related": 2},
    ),
    "two deals, one entry": ([event("a", 10), event("b", 11), registered("d", 10)], {"equity_deals_related": 2}),
    "two of both": (
        [event("a", 10), event("b", 13), registered("d", 10), registered("e", 13)],
        {"equity_deals_related": 2},
    ),
    "control": (
        [event("a", flags=["control_changed"]), registered("b", 100)],
        {"equity_deals_control": 1, "equity_deals_related": 2},
    ),
    "control to a stranger": ([event("a", other="x", flags=["control_changed"])], NOTHING),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    made = one(equity_deals, of(rows))
    agrees(made, expected)
    assert one(equity_deals, of(rows[::-1])) == made


def test_not_connected() -> None:
    one_kind = of([event("a")], kinds={"events": ["deal"]})
    agrees(one(equity_deals, one_kind), {"equity_deals_related": 1, "equity_deals_unknown": True})
    agrees(
        one(equity_deals, of([], kinds={"events": ["registry"]})),
        {"equity_deals_related": 0, "equity_deals_unknown": True},
    )
    agrees(one(equity_deals, of([], kinds={"events": ["news"]})), NEVER)
    agrees(one(equity_deals, shard({})), NEVER)
    untied = shard({"events": [event("a", flags=["control_changed"]), registered("b")]}, kinds=KINDS)
    agrees(one(equity_deals, untied), NOTHING | {"equity_deals_related_perhaps": 1, "equity_deals_control_perhaps": 1})


def test_random_dealings() -> None:
    dice = random.Random(23)
    clients = tuple(f"c{number:03d}" for number in range(200))
    links = [OWNER | {"link_id": c, "to_id": c} for c in clients]
    rows = []
    for number, client in enumerate(clients):
        for turn in range(dice.randrange(4)):  # far apart: at most one row of each source near the other's
            day = 20 + 130 * turn
            near, far = {"party_id": client, "other": dice.choice("oox")}, {"party_id": client, "other": "o"}
            if dice.random() < 0.7:
                rows.append(event(f"d{number}-{turn}", day, **near))
            if dice.random() < 0.7:
                apart = dice.choice([0, 3, 5, 6, 9])
                rows.append(registered(f"r{number}-{turn}", day + apart, **(near if dice.random() < 0.7 else far)))
    made = measured(equity_deals, of(rows, links, clients=clients))
    for row in made.iter_rows(named=True):
        mine = [
            r
            for r in rows
            if r["party_id"] == row["client_id"] and r["other_id"] == "o" and r["happened_on"] >= ago(365)
        ]
        sources = [[r["happened_on"] for r in mine if r["kind"] == kind] for kind in ("deal", "registry")]
        twice = sum(any(abs((a - b).days) <= 5 for b in sources[1]) for a in sources[0])
        agrees(row, {"equity_deals_related": len(mine) - twice})
