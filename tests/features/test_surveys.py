"""The newest survey's scores of the RM."""

import random
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import surveys


def answer(age: int, item: str, score: int, name: str = "", **more: Any) -> Row:
    key = name or f"{item}{age}"
    return {"answer_id": key, "client_id": "c", "item": item, "score": score, "answered_on": ago(age)} | more


NOTHING: Row = {"survey_respects": None, "survey_respects_on": None, "survey_respects_keys": [], "survey_manner": None}
CASES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOTHING),
    "400 days ago": ([answer(400, "respects", 2)], {"survey_respects": 2.0, "survey_respects_on": ago(400)}),
    "401 days ago": ([answer(401, "respects", 2)], NOTHING),
    "tomorrow": ([answer(-1, "respects", 2)], NOTHING),
    "the newest counts": (
        [answer(9, "respects", 4), answer(300, "respects", 1)], {"survey_respects": 4.0, "survey_respects_keys":
        ["survey_answers:respects9"]},
    ),
    "the lowest of its day": (
        [answer(9, "respects", 4, "a"), answer(9, "respects", 2, "b")], {"survey_respects": 2.0, "survey_respects_keys":
        ["survey_answers:a", "survey_answers:b"]},
    ),
    "each item on its own": (
        [answer(9, "understands_our_business", 1), answer(8, "keeps_promises", 3), answer(7, "overall", 1)],
        NOTHING | {"survey_understands": 1.0, "survey_keeps_promises": 3.0},
    ),
    "manner: the lower of two items": (
        [answer(9, "listens", 4), answer(9, "respects", 2)], {"survey_manner": 2.0, "survey_manner_before": None},
    ),
    "manner: two surveys": (
        [answer(9, "listens", 4), answer(20, "respects", 2), answer(30, "listens", 1)],
        {"survey_manner": 4.0, "survey_manner_before": 2.0, "survey_manner_on": ago(9), "survey_manner_keys":
         ["survey_answers:listens9", "survey_answers:respects20"]},
    ),
    "another client's": ([answer(9, "respects", 2, client_id="x")], NOTHING),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(surveys, shard({"survey_answers": rows})), expected)


def test_not_connected() -> None:
    agrees(one(surveys, shard({})), NOTHING | {"survey_respects_keys": None, "survey_manner_keys": None})


def plain(rows: list[Row], client: str) -> tuple[float | None, float | None, float | None]:
    def days(items: tuple[str, ...]) -> list[float]:
        mine = [
            r
            for r in rows
            if r["client_id"] == client and r["item"] in items and ago(400) <= r["answered_on"] <= ago(0)
        ]
        newest = sorted({r["answered_on"] for r in mine}, reverse=True)
        return [float(min(r["score"] for r in mine if r["answered_on"] == day)) for day in newest]

    respects, manner = days(("respects",)), [*days(("listens", "respects")), None, None]
    return (respects[0] if respects else None, manner[0], manner[1])


def test_random_answers_against_plain_python() -> None:
    rng = random.Random(9)
    clients = [f"c{i:03}" for i in range(200)]
    rows = [
        answer(
            rng.choice([-1, 5, 200, 390, 405]),
            rng.choice(["listens", "respects"]),
            rng.randint(1, 5),
            f"{c}{k}",
            client_id=c,
        )
        for c in clients
        for k in range(rng.randint(0, 6))
    ]
    frame = measured(surveys, shard({"survey_answers": rows}, clients))
    found = frame.select("survey_respects", "survey_manner", "survey_manner_before")
    assert list(found.iter_rows()) == [plain(rows, client) for client in clients]
    assert measured(surveys, shard({"survey_answers": rng.sample(rows, len(rows))}, clients)).equals(frame)
