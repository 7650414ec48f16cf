"""Appointments the bank moved without a word, and faults pointed out."""

import random
from datetime import datetime, time, timedelta

import pytest

from tests.features.meetings import met
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import manner


def moved(age: int, **more: object) -> Row:
    """An appointment planned for `age` days ago that the bank called off without notice, with an apology."""
    return met(age) | {
        "planned_on": ago(age), "started_at": None, "status": "cancelled", "changed_by": "bank", "notice_given": False,
        "apology_given": True, "two_way": None, "recorded_at": datetime.combine(ago(max(age, 0)), time(9)),
    } | more  # fmt: skip


NOTHING: Row = {"moved_90": 0, "moved_180": 0, "moved_keys": [], "criticisms_90": 0, "criticism_keys": []}
ONCE = {"moved_90": 1, "moved_180": 1}
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "without notice": ([moved(5, interaction_id="a")], ONCE | {"moved_keys": ["interactions:a"]}),
    "without apology": ([moved(5, notice_given=True, apology_given=False)], ONCE),
    "with both": ([moved(5, notice_given=True)], NOTHING),
    "not said is not missing": ([moved(5, notice_given=None)], NOTHING),
    "the client's doing": ([moved(5, changed_by="client")], NOTHING),
    "missed or put off counts too": ([moved(5, status="no_show"), moved(6, status="rescheduled")], {"moved_90": 2}),
    "90 days, both ends in": ([moved(90), moved(91)], {"moved_90": 1, "moved_180": 2}),
    "180 days, both ends in": ([moved(180), moved(181)], {"moved_90": 0, "moved_180": 1}),
    "planned for tomorrow": ([moved(-1)], NOTHING),
    "recorded tomorrow": ([moved(1, recorded_at=datetime.combine(ago(-1), time(0)))], NOTHING),
    "no day planned: the day it began": ([moved(5, planned_on=None, started_at=datetime.combine(ago(91), time(9)))],
                                        {"moved_90": 0, "moved_180": 1}),
    "neither: the day it was recorded": ([moved(5, planned_on=None)], ONCE),
    "another client's": ([moved(5, client_id="x")], NOTHING),
    "faults pointed out": (
        [met(0, criticism=True, interaction_id="b"), met(90, criticism=True, interaction_id="a"), met(91, criticism=True),
         met(5, criticism=False), met(5)],
        {"criticisms_90": 2, "criticism_keys": ["interactions:a", "interactions:b"]},
    ),
    "not held": ([met(5, criticism=True, status="cancelled")], {"criticisms_90": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(manner, shard({"interactions": rows})), expected)


def test_not_connected() -> None:
    agrees(one(manner, shard({})), dict.fromkeys(NOTHING))


def test_random_logs_against_plain_python() -> None:
    rng = random.Random(8)
    clients = [f"c{i:03}" for i in range(200)]
    rows = [
        moved(
            rng.randint(-3, 200),
            client_id=client,
            changed_by=rng.choice(["bank", "client", None]),
            notice_given=rng.choice([True, False, None]),
            apology_given=rng.choice([True, False, None]),
        )
        for client in clients
        for _ in range(rng.randint(0, 5))
    ]

    def plain(client: str, days: int) -> int:
        return sum(
            r["client_id"] == client
            and r["changed_by"] == "bank"
            and (r["notice_given"] is False or r["apology_given"] is False)
            and T - timedelta(days=days) <= r["planned_on"] <= T
            for r in rows
        )

    frame = measured(manner, shard({"interactions": rows}, clients))
    assert frame["moved_90"].to_list() == [plain(client, 90) for client in clients]
    assert frame["moved_180"].to_list() == [plain(client, 180) for client in clients]
    assert measured(manner, shard({"interactions": rng.sample(rows, len(rows))}, clients)).equals(frame)
