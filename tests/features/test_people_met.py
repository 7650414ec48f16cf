"""Whom the bank meets: contacts, shares, coverage, functions."""

import random
from collections import Counter
from datetime import datetime, time, timedelta

import pytest

from tests.features.meetings import link, met
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import people_met

NOTHING: Row = {
    "people_contacts_180": 0, "people_top_meetings": None, "people_top_share": None, "people_keys": [], "people_active": 0,
    "people_met": 0, "people_met_share": None, "people_other_function": None,
}  # fmt: skip
CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "nothing": ([], [], NOTHING),
    "180 days ago is in": ([met(180)], [], {"people_contacts_180": 1, "people_top_share": 1.0}),
    "181 days ago is not": ([met(181)], [], NOTHING),
    "recorded after T": ([met(3, recorded_at=datetime.combine(ago(-1), time(0)))], [], NOTHING),
    "planned, not held": ([met(3, status="cancelled")], [], NOTHING),
    "one-way counts": ([met(3, two_way=False)], [], {"people_contacts_180": 1}),
    "each person met counts in the share": (
        [met(1, "p", "q"), met(2, "p"), met(3, None, "p", "p")],
        [link("p"), link("q"), link("r")],
        {"people_contacts_180": 3, "people_top_meetings": 3, "people_top_share": 0.75, "people_active": 3, "people_met": 2,
         "people_met_share": round(2 / 3, 9)},
    ),
    "nobody named": ([met(1, None)], [link("p")], {"people_contacts_180": 1, "people_top_share": None, "people_met_share": 0.0}),
    "a former contact is met, but not covered": (
        [met(1, "p")], [link("p", until=0), link("q")], {"people_active": 1, "people_met": 0, "people_top_share": 1.0}
    ),
    "ends tomorrow: active": ([], [link("p", until=-1)], {"people_active": 1}),
    "begins tomorrow: not": ([], [link("p", since=-1, recorded_on=ago(5))], {"people_active": 0}),
    "known tomorrow: not": ([], [link("p", recorded_on=ago(-1))], {"people_active": 0}),
    "two links are one contact": ([], [link("p"), link("p", function="sales")], {"people_active": 1}),
    "an officer without contact_of is none": ([], [link("p", relation="executive_of")], {"people_active": 0}),
    "another client's": ([met(1, client_id="x")], [link("p", to_id="x")], NOTHING),
    "another function": (
        [met(1, "p"), met(2, "p"), met(3, "q")], [link("p"), link("q", function="sales")], {"people_other_function": 1}
    ),
    "the same function": ([met(1, "p"), met(2, "p"), met(3, "q")], [link("p"), link("q")], {"people_other_function": 0}),
    "the newest link gives the function": (
        [met(1, "p"), met(2, "p"), met(3, "q")],
        [link("p"), link("q", function="sales", until=100), link("q", since=100)],
        {"people_other_function": 0},
    ),
    "a function not on file": (
        [met(1, "p"), met(2, "p"), met(3, "q")], [link("p"), link("q", function=None)], {"people_other_function": None}
    ),
    "one on file is enough": (
        [met(1, "p"), met(2, "p"), met(3, "q"), met(4, "r")],
        [link("p"), link("q", function=None), link("r", function="hr")],
        {"people_other_function": 1},
    ),
    "the first person's is not on file": ([met(1, "p"), met(2, "q")], [link("q")], {"people_other_function": None}),
}  # fmt: skip


@pytest.mark.parametrize(("contacts", "links", "expected"), CASES.values(), ids=CASES)
def test_by_hand(contacts: list[Row], links: list[Row], expected: Row) -> None:
    agrees(one(people_met, shard({"interactions": contacts, "party_links": links})), expected)


def test_keys_newest_first() -> None:
    rows = [met(age) for age in range(30)]
    keys = one(people_met, shard({"interactions": rows, "party_links": []}))["people_keys"]
    assert keys == [f"interactions:{row['interaction_id']}" for row in rows[:20]]


def test_not_connected() -> None:
    absent = dict.fromkeys(NOTHING)
    agrees(one(people_met, shard({})), absent)
    links = {"people_active": 1, "people_met": None, "people_met_share": None, "people_contacts_180": None}
    agrees(one(people_met, shard({"party_links": [link("p")]})), links)
    contacts = one(people_met, shard({"interactions": [met(1, "p"), met(2, "q")]}))
    agrees(
        contacts, {"people_contacts_180": 2, "people_active": None, "people_met": None, "people_other_function": None}
    )


def plain(contacts: list[Row], links: list[Row], client: str) -> Row:
    since = T - timedelta(days=180)
    days = [r for r in contacts if r["client_id"] == client and since <= r["started_at"].date() <= T]
    seen = [{r["contact_id"], *(r["other_contacts"] or [])} - {None} for r in days]
    times = Counter(person for people in seen for person in people)
    mine = [r for r in links if r["to_id"] == client and r["start_on"] <= T]
    active = {r["from_id"] for r in mine if r["end_on"] is None or r["end_on"] > T}
    covered = len(active & set(times))
    return {
        "people_contacts_180": len(days),
        "people_top_share": round(max(times.values()) / sum(times.values()), 9) if times else None,
        "people_active": len(active),
        "people_met": covered,
        "people_met_share": round(covered / len(active), 9) if active else None,
    }


def test_random_books_against_plain_python() -> None:
    rng = random.Random(5)
    clients = [f"c{i:03}" for i in range(200)]
    contacts, links = [], []
    for client in clients:
        people = [f"{client}.{k}" for k in range(4)]
        contacts += [
            met(
                rng.randint(0, 220),
                rng.choice([*people, None]),
                *rng.sample(people, rng.choice([0, 0, 1])),
                client_id=client,
            )
            for _ in range(rng.randint(0, 9))
        ]
        links += [
            link(p, rng.randint(-5, 400), rng.choice([None, None, rng.randint(-9, 99)]), to_id=client)
            for p in people
            if rng.random() < 0.8
        ]
    frame = measured(people_met, shard({"interactions": contacts, "party_links": links}, clients))
    for row in frame.iter_rows(named=True):
        agrees(row, plain(contacts, links, row["client_id"]))
    mixed = shard({"interactions": rng.sample(contacts, len(contacts)), "party_links": links[::-1]}, clients)
    assert measured(people_met, mixed).equals(frame)
