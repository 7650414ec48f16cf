"""Whether other banks are taking the client over."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import CATEGORIES, Row, ago, agrees, done, frame, measured, one, shard
from transforms.features import rival
from transforms.night import Night, month_start
from transforms.shard import Shard

KINDS = {"events": ["bureau_inquiry", "competitor_contact"]}
PARTIES = [
    {"party_id": "bank", "kind": "bank"},
    {"party_id": "lessor", "kind": "leasing"},
    {"party_id": "us1", "kind": "bank"},
]
LAST = date(2015, 6, 1)


def month(back: int) -> date:
    return month_start(LAST, back)


def made(tables: dict[str, list[Row]], paid: Sequence[Row] = (), history: int | None = 40,
         clients: Sequence[str] = ("c",)) -> Shard:  # fmt: skip
    before = {
        "transactions": done(
            {"history_months": pl.Int64}, *({"client_id": c, "history_months": history} for c in clients)
        )
    }
    monthly = {"categories": frame(CATEGORIES, paid)}
    return shard({"parties": PARTIES} | tables, clients, before, monthly, kinds=KINDS)


def event(age: int, kind: str = "bureau_inquiry", name: str = "e", **more: Any) -> Row:
    return {
        "event_id": name, "kind": kind, "subtype": "loan_approval", "party_id": "c", "other_id": "bank",
        "happened_on": ago(age), "recorded_on": ago(max(age, 0)),
    } | more  # fmt: skip


def visit(age: int, name: str = "e", **more: Any) -> Row:
    return event(age, "competitor_contact", name, subtype="offer", **more)


HEARD: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"rival_inquiries": 0, "rival_inquiry_keys": [], "rival_contacts": 0, "rival_contact_on": None}),
    "an inquiry, 90 days, both ends in": (
        [event(90, name="b"), event(0, name="a"), event(91, name="c")],
        {"rival_inquiries": 2, "rival_inquiry_keys": ["events:a", "events:b"]},
    ),
    "not for a loan": ([event(5, subtype="post_loan")], {"rival_inquiries": 0}),
    "not by a bank": ([event(5, other_id="lessor"), event(5, other_id=None, name="f")], {"rival_inquiries": 0}),
    "recorded after T": ([event(5, recorded_on=ago(-1))], {"rival_inquiries": 0}),
    "about somebody else": ([event(5, party_id="x"), visit(5, "f", party_id="x")], {"rival_inquiries": 0, "rival_contacts": 0}),
    "a competitor, 365 days": (
        [visit(365, "b"), visit(40, "a"), visit(366, "c")],
        {"rival_contacts": 2, "rival_contact_on": ago(40), "rival_contact_keys": ["events:a", "events:b"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), HEARD.values(), ids=HEARD)
def test_word_of_it(rows: list[Row], expected: Row) -> None:
    agrees(one(rival, made({"events": rows})), expected)


def test_our_own_inquiries_are_not_counted() -> None:
    there = made({"events": [event(5, other_id="us1"), event(6, name="f")]})
    assert one(rival, there)["rival_inquiries"] == 2
    night = Night(there.night.as_of, own_banks=("us",), kinds=there.night.kinds)
    ours = Shard(night, there.clients, there.clean, there.monthly, there.done)
    assert one(rival, ours)["rival_inquiries"] == 1


def paid(back: int, category: str = "payroll", direction: str = "out", client: str = "c") -> Row:
    return {"client_id": client, "month": month(back), "direction": direction, "category": category, "amount": 1}


STREAMS: dict[str, tuple[list[Row], tuple[int, int, int, int]]] = {
    "nothing": ([], (0, 0, 0, 0)),
    "payroll in two and six months": ([paid(back) for back in range(12)], (2, 6, 0, 0)),
    "stopped": ([paid(back) for back in range(2, 8)], (0, 6, 0, 0)),
    "twice a month is once": ([paid(3), paid(3), paid(7), paid(8)], (0, 2, 0, 0)),
    "tax is its own": ([paid(0, "tax"), paid(2, "tax"), paid(3, "social_insurance")], (0, 0, 1, 1)),
    "coming in is no stream": ([paid(2, "tax", "in")], (0, 0, 0, 0)),
}


@pytest.mark.parametrize(("rows", "expected"), STREAMS.values(), ids=STREAMS)
def test_streams(rows: list[Row], expected: tuple[int, ...]) -> None:
    names = ("payroll_months", "payroll_months_before", "tax_months", "tax_months_before")
    agrees(one(rival, made({}, paid=rows)), dict(zip(names, expected, strict=True)))
    agrees(one(rival, made({}, paid=rows, history=8)), dict(zip(names, expected, strict=True)))
    agrees(one(rival, made({}, paid=rows, history=7)), dict.fromkeys(names))


def test_not_connected() -> None:
    bare = made({})
    row = one(rival, Shard(Night(bare.night.as_of), bare.clients, bare.clean, bare.monthly, bare.done))
    agrees(row, dict.fromkeys(["rival_inquiries", "rival_contacts", "rival_inquiry_keys"]))


def test_random_books_against_plain_python() -> None:
    rng = random.Random(12)
    clients = [f"c{i:03}" for i in range(200)]
    events = [
        event(rng.randint(0, 120), name=f"{c}{k}", party_id=c, other_id=rng.choice(["bank", "lessor"]))
        for c in clients
        for k in range(rng.randint(0, 3))
    ]
    rows = [
        paid(rng.randint(0, 9), rng.choice(["payroll", "tax"]), client=c)
        for c in clients
        for _ in range(rng.randint(0, 9))
    ]
    found = measured(rival, made({"events": events}, rows, clients=clients))
    for row in found.iter_rows(named=True):
        client = row["client_id"]
        mine = [(r["month"], r["category"]) for r in rows if r["client_id"] == client]
        agrees(row, {
            "rival_inquiries": sum(e["party_id"] == client and e["other_id"] == "bank" and e["happened_on"] >= ago(90)
                                   for e in events),
            "tax_months": sum((month(back), "tax") in mine for back in (0, 1)),
            "payroll_months_before": sum((month(back), "payroll") in mine for back in range(2, 8)),
        })  # fmt: skip
    mixed = made({"events": events[::-1]}, rng.sample(rows, len(rows)), clients=clients[::-1])
    assert measured(rival, mixed).equals(found)
