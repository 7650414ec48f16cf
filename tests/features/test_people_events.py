"""News and registry entries on the people who run the client."""

import random
from typing import Any

import pytest

from tests.features.happenings import event, link, mixed, registry
from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import people_events

KINDS = {"events": ["registry", "news"]}
NOTHING = {"key_person_cases_365": 0, "key_person_case_keys": [], "scandals_180": 0, "gambling_365": 0}


def of(events: list[Row], links: list[Row] | None, kinds: Any = KINDS) -> Row:
    tables: dict[str, Any] = {"events": events}
    if links is not None:
        tables["party_links"] = links
    return one(people_events, shard(tables, kinds=kinds))


def case(age: int = 9, subtype: str = "dishonest_executee", **more: Any) -> Row:
    return registry(subtype, age, **({"party_id": "p"} | more))


def news(subtype: str, age: int = 9, **more: Any) -> Row:
    return event("news", subtype, age, **({"party_id": "p", "severity": "2"} | more))


BOSS = [link("executive_of")]
CASES: dict[str, tuple[list[Row], list[Row] | None, Row]] = {
    "nothing": ([], BOSS, NOTHING),
    "dishonest": ([case()], BOSS, {"key_person_cases_365": 1, "key_person_case_keys": ["events:e"]}),
    "criminal": ([case(subtype="criminal_case")], BOSS, {"key_person_cases_365": 1}),
    "executed is not named": ([case(subtype="executed")], BOSS, NOTHING),
    "the client itself is no person": ([case(party_id="c")], BOSS, NOTHING),
    "365 days": ([case(365)], BOSS, {"key_person_cases_365": 1}),
    "366 days": ([case(366)], BOSS, NOTHING),
    "lifted": ([case(ends_on=ago(0))], BOSS, NOTHING),
    "recorded after T": ([case(recorded_on=ago(-1))], BOSS, NOTHING),
    "two offices": ([case()], [*BOSS, link("director_of", name="l2")], {"key_person_cases_365": 1}),
    "left": ([case()], [link("executive_of", until=0)], NOTHING),
    "leaves tomorrow": ([case()], [link("executive_of", until=-1)], {"key_person_cases_365": 1}),
    "a shareholder": ([case()], [link("shareholder_of", share_pct=1.0)], NOTHING),
    "an adviser": ([case()], [link("auditor_of")], NOTHING),
    "scandal of a person": ([news("executive_scandal")], BOSS, {"scandals_180": 1, "scandal_keys": ["events:e"]}),
    "scandal of the client": ([news("executive_scandal", party_id="c")], BOSS, {"scandals_180": 1}),
    "unconfirmed": ([news("executive_scandal", confirmed=False)], BOSS, NOTHING),
    "scandal 180 days": ([news("executive_scandal", 180)], BOSS, {"scandals_180": 1}),
    "scandal 181 days": ([news("executive_scandal", 181)], BOSS, NOTHING),
    "gambling 365 days": ([news("gambling", 365)], BOSS, {"gambling_365": 1, "scandals_180": 0}),
    "gambling 366 days": ([news("gambling", 366)], BOSS, NOTHING),
    "links not connected": (
        [case(), news("gambling", event_id="f")],
        None,
        {"key_person_cases_365": None, "gambling_365": None},
    ),
    "links not connected, the client": ([news("gambling", party_id="c")], None, {"gambling_365": 1}),
}


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name: str) -> None:
    events, links, expected = CASES[name]
    agrees(of(events, links), expected)
    assert of(mixed(events), links) == of(events, links)


def test_kinds_not_connected() -> None:
    agrees(of([], BOSS, {"events": ["news"]}), {"key_person_cases_365": None, "scandals_180": 0})
    agrees(
        of([], BOSS, {"events": ["registry"]}), {"key_person_cases_365": 0, "scandals_180": None, "gambling_365": None}
    )


@pytest.mark.parametrize("seed", range(3))
def test_random_events_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(60)]
    people = [f"p{i:02}" for i in range(30)]
    offices = ["executive_of", "legal_rep_of", "shareholder_of", "finance_head_of"]
    links = [
        link(
            rng.choice(offices),
            rng.choice(people),
            str(i),
            until=rng.choice([None, None, 5, -5]),
            to_id=rng.choice(clients),
        )
        for i in range(90)
    ]
    events = [
        news(rng.choice(["gambling", "executive_scandal"]), rng.randint(0, 400), event_id=f"n{i}",
             party_id=rng.choice(clients + people), confirmed=rng.random() < 0.7)
        for i in range(120)
    ] + [case(rng.randint(0, 400), event_id=f"r{i}", party_id=rng.choice(people)) for i in range(40)]  # fmt: skip
    made = measured(people_events, shard({"events": events, "party_links": links}, clients, kinds=KINDS))
    for result in made.iter_rows(named=True):
        mine = {
            row["from_id"] for row in links
            if row["to_id"] == result["client_id"] and row["relation"] != "shareholder_of"
            and (row["end_on"] is None or row["end_on"] > ago(0))
        }  # fmt: skip

        def count(subtype: str, days: int, who: set[str]) -> int:
            return sum(
                e["subtype"] == subtype and e["confirmed"] and e["party_id"] in who and e["happened_on"] >= ago(days)
                for e in events
            )

        agrees(result, {
            "key_person_cases_365": count("dishonest_executee", 365, mine),
            "scandals_180": count("executive_scandal", 180, mine | {result["client_id"]}),
            "gambling_365": count("gambling", 365, mine | {result["client_id"]}),
        })  # fmt: skip
