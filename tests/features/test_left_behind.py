"""People met often until their role changed, and not afterwards."""

import random
from datetime import timedelta

import pytest

from tests.features.meetings import link, met
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import left_behind

OFTEN = [met(age) for age in (201, 220, 240, 379)]  # 1, 20, 40 and 179 days before the change
STAYS = link("p", relation="employee_of", function=None)
LEFT: Row = {"left_behind": 1}
NOT: Row = {"left_behind": 0, "left_behind_keys": []}
ENDED = link("p", until=200, link_id="ended")
DECIDES = {"decision_role": "decision_maker"}
CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "nothing": ([], [], NOT),
    "dropped": (OFTEN, [ENDED, STAYS], {"left_behind": 1, "left_behind_keys": ["party_links:ended"]}),
    "met three times is not often": (OFTEN[1:], [ENDED, STAYS], NOT),
    "180 days before, both ends in": ([met(200), met(230), met(240), met(380)], [ENDED, STAYS], LEFT),
    "181 days before": ([met(200), met(230), met(240), met(381)], [ENDED, STAYS], NOT),
    "met on the 90th day after": ([*OFTEN, met(110)], [ENDED, STAYS], NOT),
    "met on the 91st": ([*OFTEN, met(109)], [ENDED, STAYS], LEFT),
    "met among others": ([*OFTEN, met(150, "q", "p")], [ENDED, STAYS], NOT),
    "an unanswered call is no avoiding": ([*OFTEN, met(150, two_way=False)], [ENDED, STAYS], NOT),
    "left the client": (OFTEN, [ENDED], NOT),
    "left the client on the 90th day": (OFTEN, [ENDED, link("p", until=110, relation="executive_of")], NOT),
    "a day later": (OFTEN, [ENDED, link("p", until=109, relation="executive_of")], LEFT),
    "somebody's shareholder is not at the client": (OFTEN, [ENDED, link("p", relation="shareholder_of")], NOT),
    "another function": (OFTEN, [ENDED, link("p", since=200, function="sales")], LEFT),
    "the same function goes on: another stance": (OFTEN, [ENDED, link("p", since=200, stance="critical")], NOT),
    "no longer decides": (OFTEN, [{**ENDED, **DECIDES}, link("p", since=200, decision_role="influencer")], LEFT),
    "still decides": (OFTEN, [{**ENDED, **DECIDES}, link("p", since=200, **DECIDES)], NOT),
    "decides now": (OFTEN, [ENDED, link("p", since=200, **DECIDES)], NOT),
    "the same function again a day later": (OFTEN, [ENDED, link("p", since=199)], LEFT),
    "90 days are not over": ([met(90 + k) for k in range(4)], [link("p", until=89), STAYS], NOT),
    "90 days are over": ([met(90 + k) for k in range(4)], [link("p", until=90), STAYS], LEFT),
    "365 days ago": ([met(365 + k) for k in range(4)], [link("p", until=365), STAYS], LEFT),
    "366 days ago": ([met(366 + k) for k in range(4)], [link("p", until=366), STAYS], NOT),
    "not known at T": (OFTEN, [{**ENDED, "recorded_on": ago(-1)}, STAYS], NOT),
    "two people": ([*OFTEN, *({**row, "contact_id": "q", "interaction_id": f"q{i}"} for i, row in enumerate(OFTEN))],
                   [ENDED, STAYS, link("q", until=200), link("q", relation="director_of")], {"left_behind": 2}),
    "one person, two roles": (OFTEN, [ENDED, link("p", until=201, function="sales"), STAYS], {"left_behind": 1}),
    "another client's": ([{**row, "client_id": "x"} for row in OFTEN], [ENDED, STAYS], NOT),
}  # fmt: skip


@pytest.mark.parametrize(("contacts", "links", "expected"), CASES.values(), ids=CASES)
def test_by_hand(contacts: list[Row], links: list[Row], expected: Row) -> None:
    agrees(one(left_behind, shard({"interactions": contacts, "party_links": links})), expected)


def test_not_connected() -> None:
    for tables in ({}, {"interactions": OFTEN}, {"party_links": [ENDED, STAYS]}):
        agrees(one(left_behind, shard(tables)), {"left_behind": None, "left_behind_keys": None})


def plain(contacts: list[Row], links: list[Row], client: str) -> int:
    mine = [r for r in links if r["to_id"] == client and r["start_on"] <= T]
    dropped = set()
    for r in mine:
        day = r["end_on"]
        if r["relation"] != "contact_of" or day is None or not T - timedelta(days=365) <= day <= T - timedelta(days=90):
            continue
        later = day + timedelta(days=90)
        same = [o for o in mine if o["from_id"] == r["from_id"] and o is not r]
        on = [o for o in same if o["relation"] == "contact_of" and o["start_on"] <= day < (o["end_on"] or later)]
        kept = any(
            o["function"] == r["function"]
            and (r["decision_role"] != "decision_maker" or o["decision_role"] == "decision_maker")
            for o in on
        )
        there = any(o["start_on"] <= later and (o["end_on"] is None or o["end_on"] > later) for o in same)
        days = [
            m["started_at"].date() for m in contacts if m["client_id"] == client and m["contact_id"] == r["from_id"]
        ]
        before = sum(day - timedelta(days=180) <= d <= day for d in days)
        if not kept and there and before >= 4 and not any(day < d <= later for d in days):
            dropped.add(r["from_id"])
    return len(dropped)


def test_random_books_against_plain_python() -> None:
    rng = random.Random(6)
    clients = [f"c{i:03}" for i in range(200)]
    contacts, links = [], []
    for client in clients:
        for k in range(2):
            person, change = f"{client}.{k}", rng.choice([60, 100, 150, 200, 360, 380])
            contacts += [met(change + rng.randint(0, 200), person, client_id=client) for _ in range(rng.randint(2, 9))]
            contacts += [
                met(change - rng.randint(0, 60), person, client_id=client) for _ in range(rng.choice([0, 0, 1]))
            ]
            role = {"decision_role": rng.choice([None, "decision_maker"]), "to_id": client}
            links.append(link(person, 2000, change, **role))
            if rng.random() < 0.7:
                after = {
                    "decision_role": rng.choice([None, "decision_maker"]),
                    "function": rng.choice(["finance", "hr"]),
                }
                links.append(
                    link(
                        person, change - rng.choice([0, 0, 30]), rng.choice([None, change - 50]), to_id=client, **after
                    )
                )
            if rng.random() < 0.4:
                links.append(link(person, 2000, rng.choice([None, change - 20]), relation="executive_of", to_id=client))
    frame = measured(left_behind, shard({"interactions": contacts, "party_links": links}, clients))
    expected = [plain(contacts, links, client) for client in clients]
    assert frame["left_behind"].to_list() == expected
    assert {0, 1, 2} <= set(expected)
    mixed = shard({"interactions": rng.sample(contacts, len(contacts)), "party_links": links[::-1]}, clients)
    assert measured(left_behind, mixed).equals(frame)
