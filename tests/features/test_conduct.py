"""Complaints by what they are about."""

from datetime import datetime, time

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import conduct

ABOUT = list(conduct.ABOUT)


def complaint(age: int, category: str, name: str = "k", **more: object) -> Row:
    received = datetime.combine(ago(age), time(23, 30))
    return {
        "complaint_id": name, "client_id": "c", "received_at": received, "category": category, "target": "rm", "severity": "1"
    } | more  # fmt: skip


CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {f"complaints_{about}": 0 for about in ABOUT} | {"complaints_argument_keys": []}),
    "argument and attitude": (
        [complaint(5, "argument", "b"), complaint(6, "attitude", "a"), complaint(7, "efficiency", "x")],
        {"complaints_argument": 2, "complaints_argument_keys": ["complaints:a", "complaints:b"]},
    ),
    "of the branch's staff, not the RM": ([complaint(5, "attitude", target="branch_staff")], {"complaints_argument": 0}),
    "the others count whatever the target": ([complaint(5, "prejudice", target="process")], {"complaints_prejudice": 1}),
    "closed and not upheld counts": (
        [complaint(5, "criticism", closed_at=datetime.combine(ago(1), time(9)), outcome="not_upheld")],
        {"complaints_criticism": 1},
    ),
    "180 days ago": ([complaint(180, "broken_promise")], {"complaints_broken_promise": 1}),
    "181 days ago": ([complaint(181, "broken_promise")], {"complaints_broken_promise": 0}),
    "tomorrow": ([complaint(-1, "ignored_feedback")], {"complaints_ignored_feedback": 0}),
    "another client's": ([complaint(1, "missed_appointment", client_id="x")], {"complaints_missed_appointment": 0}),
    "each in its own": (
        [complaint(1, "missed_appointment", "a"), complaint(1, "ignored_feedback", "b")],
        {"complaints_missed_appointment": 1, "complaints_ignored_feedback": 1, "complaints_missed_appointment_keys":
         ["complaints:a"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(conduct, shard({"complaints": rows})), expected)


def test_order_and_company_do_not_matter() -> None:
    rows = [complaint(age, category, f"{age}{c}", client_id=c) for age, category, c in
            [(1, "attitude", "a"), (2, "argument", "b"), (3, "prejudice", "a"), (4, "attitude", "a")]]  # fmt: skip
    frame = measured(conduct, shard({"complaints": rows}, ("a", "b")))
    assert frame["complaints_argument"].to_list() == [2, 1]
    assert measured(conduct, shard({"complaints": rows[::-1]}, ("b", "a"))).equals(frame)


def test_not_connected() -> None:
    assert set(one(conduct, shard({})).values()) == {"c", None}
