"""How often people who disagree are met, after against before."""

import random
from datetime import datetime, time, timedelta

import pytest

from tests.features.meetings import link, met
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import critics


def complaint(age: int, person: str | None = "p", **more: object) -> Row:
    return {
        "complaint_id": f"k{age}{person}", "client_id": "c", "contact_id": person, "severity": "1",
        "received_at": datetime.combine(ago(age), time(9)),
    } | more  # fmt: skip


def score(age: int, value: int = 2, person: str | None = "p", **more: object) -> Row:
    return {
        "answer_id": f"q{age}",
        "client_id": "c",
        "contact_id": person,
        "score": value,
        "answered_on": ago(age),
    } | more


def told(source: str, judged: int, before: int = 0, after: int = 0, others: int = 0, since: int | None = None) -> Row:
    name = f"critic_{source}"
    return {
        f"{name}_judged": judged, f"{name}_before": before, f"{name}_after": after, f"{name}_others": others,
        f"{name}_rate": round(after / before, 9) if before else None, f"{name}_on": None if since is None else ago(since),
    }  # fmt: skip


CRITICAL = {"stance": "critical"}
BEFORE = [met(100), met(120), met(189)]  # of a disagreement 100 days ago
Tables = dict[str, list[Row]]
CASES: dict[str, tuple[Tables, Row]] = {
    "nobody": ({}, told("stance", 0) | told("complaint", 0) | told("survey", 0)),
    "a complaint, then silence": (
        {"interactions": BEFORE, "complaints": [complaint(100)]}, told("complaint", 1, 3, 0, 0, 100) | told("survey", 0)
    ),
    "the day itself is before, the 90th day before is not": (
        {"interactions": [met(100), met(120), met(190)], "complaints": [complaint(100)]}, told("complaint", 0)
    ),
    "the 90th day after is in, the 91st not": (
        {"interactions": [*BEFORE, met(99), met(10), met(9)], "complaints": [complaint(100)]},
        told("complaint", 1, 3, 2, 0, 100),
    ),
    "others go on": (
        {"interactions": [*BEFORE, met(50, "q"), met(40, None), met(9, "q")], "complaints": [complaint(100)]},
        told("complaint", 1, 3, 0, 2, 100),
    ),
    "met among others": (
        {"interactions": [*BEFORE, met(50, "q", "p")], "complaints": [complaint(100)]}, told("complaint", 1, 3, 1, 0, 100)
    ),
    "90 days are just over": (
        {"interactions": [met(90), met(91), met(92), met(0)], "complaints": [complaint(90)]}, told("complaint", 1, 3, 1, 0, 90)
    ),
    "they are not": ({"interactions": [met(90), met(91), met(92)], "complaints": [complaint(89)]}, told("complaint", 0)),
    "a complaint of 180 days": (
        {"interactions": [met(180), met(181), met(182)], "complaints": [complaint(180)]}, told("complaint", 1, 3, 0, 0, 180)
    ),
    "of 181": ({"interactions": [met(181), met(182), met(183)], "complaints": [complaint(181)]}, told("complaint", 0)),
    "nobody named": ({"interactions": BEFORE, "complaints": [complaint(100, None)]}, told("complaint", 0)),
    "twice on one day is once": (
        {"interactions": BEFORE, "complaints": [complaint(100), complaint(100, complaint_id="again")]},
        told("complaint", 1, 3, 0, 0, 100),
    ),
    "the worst of two": (
        {"interactions": [*BEFORE, met(110, "q"), met(111, "q"), met(112, "q"), met(113, "q"), met(60, "q")],
         "complaints": [complaint(100), complaint(105, "q")]},
        told("complaint", 2, 3, 0, 1, 100),
    ),
    "a low score": ({"interactions": BEFORE, "survey_answers": [score(100)]}, told("survey", 1, 3, 0, 0, 100)),
    "a fair one": ({"interactions": BEFORE, "survey_answers": [score(100, 3)]}, told("survey", 0)),
    "a score of 400 days": (
        {"interactions": [met(400), met(401), met(402)], "survey_answers": [score(400)]}, told("survey", 1, 3, 0, 0, 400)
    ),
    "of 401": ({"interactions": [met(401), met(402), met(403)], "survey_answers": [score(401)]}, told("survey", 0)),
    "a critical stance": (
        {"interactions": BEFORE, "party_links": [link("p", since=100, **CRITICAL)]}, told("stance", 1, 3, 0, 0, 100)
    ),
    "no longer critical": (
        {"interactions": BEFORE, "party_links": [link("p", since=100, until=20, **CRITICAL)]}, told("stance", 0)
    ),
    "known from its record when the day is blank": (
        {"interactions": BEFORE, "party_links": [link("p", since=None, recorded_on=ago(100), **CRITICAL)]},
        told("stance", 1, 3, 0, 0, 100),
    ),
    "neutral": ({"interactions": BEFORE, "party_links": [link("p", since=100, stance="neutral")]}, told("stance", 0)),
    "another client's": (
        {"interactions": BEFORE, "complaints": [complaint(100, client_id="x")]}, told("complaint", 0)
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tables", "expected"), CASES.values(), ids=CASES)
def test_by_hand(tables: Tables, expected: Row) -> None:
    connected: Tables = {"interactions": [], "complaints": [], "survey_answers": [], "party_links": []}
    agrees(one(critics, shard(connected | tables)), expected)


def test_the_row_that_says_so() -> None:
    links, scores = [link("p", since=100, link_id="l", **CRITICAL)], [score(100)]
    rows = [complaint(100), complaint(100, complaint_id="again")]
    tables = {"interactions": BEFORE, "complaints": rows, "survey_answers": scores, "party_links": links}
    keys = {"stance": "party_links:l", "complaint": "complaints:again", "survey": "survey_answers:q100"}
    agrees(one(critics, shard(tables)), {f"critic_{source}_key": key for source, key in keys.items()})


def test_each_source_is_connected_on_its_own() -> None:
    row = one(critics, shard({"interactions": BEFORE, "complaints": []}))
    assert (row["critic_complaint_judged"], row["critic_stance_judged"], row["critic_survey_judged"]) == (0, None, None)
    assert one(critics, shard({"complaints": [complaint(100)]}))["critic_complaint_judged"] is None


def plain(contacts: list[Row], complaints: list[Row], client: str) -> tuple[int, float | None]:
    rates, people = [], set()
    for c in complaints:
        day = c["received_at"].date()
        if c["client_id"] != client or not 90 <= (T - day).days <= 180:
            continue
        theirs = [
            r["started_at"].date() for r in contacts if r["client_id"] == client and r["contact_id"] == c["contact_id"]
        ]
        before = sum(day - timedelta(days=89) <= d <= day for d in theirs)
        after = sum(day + timedelta(days=1) <= d <= day + timedelta(days=90) for d in theirs)
        if before >= 3:
            people.add(c["contact_id"])
            rates.append(round(after / before, 9))
    return len(people), min(rates, default=None)


def test_random_books_against_plain_python() -> None:
    rng = random.Random(7)
    clients = [f"c{i:03}" for i in range(200)]
    contacts, complaints = [], []
    for client in clients:
        people = [f"{client}.{k}" for k in range(2)]
        contacts += [met(rng.randint(0, 280), rng.choice(people), client_id=client) for _ in range(rng.randint(0, 25))]
        complaints += [
            complaint(rng.randint(0, 200), rng.choice(people), client_id=client, complaint_id=f"{client}.{k}")
            for k in range(rng.randint(0, 3))
        ]
    tables = {"interactions": contacts, "complaints": complaints, "survey_answers": [], "party_links": []}
    frame = measured(critics, shard(tables, clients))
    expected = [plain(contacts, complaints, client) for client in clients]
    assert list(frame.select("critic_complaint_judged", "critic_complaint_rate").iter_rows()) == expected
    assert len({judged for judged, _ in expected}) > 1
    mixed = shard(
        tables | {"interactions": rng.sample(contacts, len(contacts)), "complaints": complaints[::-1]}, clients
    )
    assert measured(critics, mixed).equals(frame)
