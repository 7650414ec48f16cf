"""News of a client: catastrophes, misconduct with its penalties, disputes at the top."""

import random
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import event, link, mixed, registry
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import news

KINDS = {"events": ["registry", "news"]}
NOTHING: Row = {
    "catastrophes_confirmed_90": 0, "catastrophes_unconfirmed_90": 0, "catastrophe_keys": [], "misconduct_news_90": 0,
    "misconduct_confirmed_90": 0, "misconduct_publishers_30": 0, "misconduct_penalties": 0, "misconduct_keys": [],
    "governance_disputes_365": 0, "governance_disputes_keys": [],
}  # fmt: skip


def item(subtype: str, age: int, name: str = "e", **more: Any) -> Row:
    return event(
        "news", subtype, age, name, **({"severity": "2", "source_ref": f"{name}:1", "confirmed": False} | more)
    )


CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "a fire 90 days ago": ([item("fire", 90)], {"catastrophes_unconfirmed_90": 1, "catastrophe_keys": ["events:e"]}),
    "91 days ago": ([item("fire", 91)], NOTHING),
    "confirmed": (
        [item("explosion", 5, confirmed=True, severity="1"), item("fire", 5, "f")],
        {"catastrophes_confirmed_90": 1, "catastrophes_unconfirmed_90": 1, "catastrophe_keys": ["events:e", "events:f"]},
    ),
    "known tomorrow": ([item("fire", 5, recorded_on=ago(-1))], NOTHING),
    "somebody else's": ([item("fire", 5, party_id="x")], NOTHING),
    "of the region": ([item("fire", 5, party_id=None, region_code="440300")], NOTHING),
    "the death of the legal representative": ([item("key_person_death", 5, party_id="p", confirmed=True)], {"catastrophes_confirmed_90": 1}),
    "filed under the client": ([item("key_person_death", 5)], {"catastrophes_unconfirmed_90": 1}),
    "of a contact": ([item("key_person_death", 5, party_id="q")], NOTHING),
    "a fire at the legal representative's": ([item("fire", 5, party_id="p")], NOTHING),
    "misconduct": (
        [item("fraud", 90)],
        NOTHING | {"misconduct_news_90": 1, "misconduct_keys": ["events:e"]},
    ),
    "of severity 1": ([item("fraud", 5, severity="1")], NOTHING),
    "of severity 3, confirmed": ([item("pollution", 5, severity="3", confirmed=True)], {"misconduct_confirmed_90": 1}),
    "misconduct 91 days ago": ([item("fraud", 91)], NOTHING),
    "three publishers": (
        [item("fraud", 30, "a"), item("corruption", 3, "b"), item("fraud", 3, "c"), item("fraud", 31, "d")],
        {"misconduct_news_90": 4, "misconduct_publishers_30": 3},
    ),
    "one publisher thrice": (
        [item("fraud", day, f"e{day}", source_ref=f"daily:{day}") for day in (1, 2, 3)],
        {"misconduct_news_90": 3, "misconduct_publishers_30": 1},
    ),
    "then a penalty": (
        [item("fraud", 50), registry("penalty", 49, "p")],
        {"misconduct_penalties": 1, "misconduct_keys": ["events:e", "events:p"]},
    ),
    "the same day": ([item("fraud", 50), registry("penalty", 50, "p")], {"misconduct_penalties": 0, "misconduct_keys": ["events:e"]}),
    "after the first of two": ([item("fraud", 50), item("fraud", 5, "f"), registry("penalty", 30, "p")], {"misconduct_penalties": 1}),
    "lifted": ([item("fraud", 50), registry("penalty", 49, "p", ends_on=ago(1))], {"misconduct_penalties": 0}),
    "a penalty alone": ([registry("penalty", 5)], NOTHING),
    "of a lesser kind": ([item("fraud", 50), registry("quality_penalty", 5, "p")], {"misconduct_penalties": 0}),
    "a dispute": (
        [item("governance_dispute", 365, severity="1")],
        NOTHING | {"governance_disputes_365": 1, "governance_disputes_keys": ["events:e"]},
    ),
    "a dispute 366 days ago": ([item("governance_dispute", 366)], NOTHING),
}  # fmt: skip
LINKS = [link("legal_rep_of"), link("contact_of", "q", "m"), link("controller_of", name="n")]


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(news, shard({"events": rows, "party_links": LINKS}, kinds=KINDS)), expected)


def test_what_is_not_connected_is_unknown() -> None:
    assert set(one(news, shard({"events": [registry("penalty", 5)]})).values()) == {"c", None}
    without_register = shard({"events": [item("fraud", 50)]})
    agrees(one(news, without_register), {"misconduct_news_90": 1, "misconduct_penalties": None})
    agrees(one(news, shard({"events": []}, kinds={"events": ["news"]})), NOTHING)  # no news: no penalty after it


def test_random_news_against_plain_python() -> None:
    rng = random.Random(4)
    clients = [f"c{i:03d}" for i in range(200)]
    rows = []
    for i in range(1500):
        age, client = rng.choice([rng.randint(0, 120), 30, 31, 90, 91]), rng.choice(clients)
        if rng.random() < 0.2:
            rows.append(registry("penalty", age, f"e{i:04d}", party_id=client))
        else:
            rows.append(
                item(rng.choice([*news.MISCONDUCT, "fire"]), age, f"e{i:04d}", party_id=client, severity=rng.choice("123"),
                     confirmed=rng.random() < 0.3, source_ref=rng.choice(["a:1", "a:2", "b:1", "c:7"]))
            )  # fmt: skip
    result = measured(news, shard({"events": rows, "party_links": []}, clients))
    for row in result.iter_rows(named=True):
        mine = [(r, (T - r["happened_on"]).days) for r in rows if r["party_id"] == row["client_id"]]
        bad = [(r, age) for r, age in mine if r["subtype"] in news.MISCONDUCT and age <= 90 and r["severity"] >= "2"]
        first = max((age for _, age in bad), default=-1)
        agrees(
            row,
            {
                "misconduct_news_90": len(bad),
                "misconduct_confirmed_90": sum(r["confirmed"] for r, _ in bad),
                "misconduct_publishers_30": len({r["source_ref"][0] for r, age in bad if age <= 30}),
                "misconduct_penalties": sum(r["subtype"] == "penalty" and age < first for r, age in mine),
                "catastrophes_confirmed_90": sum(
                    r["subtype"] == "fire" and age <= 90 and r["confirmed"] for r, age in mine
                ),
            },
        )
    assert_frame_equal(result, measured(news, shard({"events": mixed(rows), "party_links": []}, clients)))
