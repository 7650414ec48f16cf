"""Arrears taken apart: cases by hand and a plain-Python reference."""

import random
from datetime import date
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import arrears


def loan(name: str = "L1", client: str = "c", **more: Any) -> Row:
    return {
        "loan_id": name, "client_id": client, "on_balance": True, "principal": 1_000, "currency": "CNY",
        "disbursed_on": ago(700),
    } | more  # fmt: skip


def state(
    name: str = "L1", principal: tuple[int, int] = (0, 0), interest: tuple[int, int] = (0, 0), **more: Any
) -> Row:
    """Principal and interest overdue: (amount, days)."""
    since: dict[str, date | None] = {"principal": None, "interest": None}
    for kind, (amount, days) in (("principal", principal), ("interest", interest)):
        since[kind] = ago(days) if amount else None
    return {
        "loan_id": name, "as_of": ago(0), "outstanding": 1_000, "class5": "normal", "state": "normal",
        "overdue_principal": principal[0], "overdue_interest": interest[0],
        "principal_overdue_since": since["principal"], "interest_overdue_since": since["interest"],
    } | more  # fmt: skip


NOTHING = {
    "overdue_principal": 0, "overdue_interest": 0, "first_overdue_on": None, "principal_overdue_days": 0,
    "interest_overdue_days": 0,
}  # fmt: skip
UNKNOWN = dict.fromkeys(NOTHING)
CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "no loan": ([], [], NOTHING),
    "served": ([loan()], [state()], NOTHING),
    "interest first": (
        [loan()],
        [state(principal=(50, 3), interest=(7, 40))],
        {"overdue_principal": 50, "overdue_interest": 7, "first_overdue_on": ago(40), "principal_overdue_days": 3,
         "interest_overdue_days": 40},
    ),
    "the first day": ([loan()], [state(interest=(7, 0))], {"interest_overdue_days": 0, "first_overdue_on": ago(0)}),
    "over two loans": (
        [loan(), loan("L2", on_balance=False)],
        [state(principal=(50, 3)), state("L2", (30, 90))],
        {"overdue_principal": 80, "principal_overdue_days": 90, "first_overdue_on": ago(90), "interest_overdue_days": 0},
    ),
    "a settled loan is over": ([loan()], [state(principal=(50, 3), state="settled")], NOTHING),
    "a written-off one stays": ([loan()], [state(principal=(50, 3), state="written_off")], {"overdue_principal": 50}),
    "drawn after T": ([loan(disbursed_on=ago(-1))], [state(principal=(50, 3))], NOTHING),
    "without a state": ([loan()], [], UNKNOWN),
    "another currency": (
        [loan(currency="EUR")], [state(principal=(50, 3))],
        {"overdue_principal": None, "overdue_interest": 0, "first_overdue_on": None, "principal_overdue_days": None},
    ),
    "somebody else's": ([loan(client="x")], [state(principal=(50, 3))], NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    loans, states, expected = CASES[name]
    agrees(one(arrears, shard({"loans": loans[::-1], "loan_status": states})), expected)


def test_against_plain_python() -> None:
    rng = random.Random(8)
    clients = [f"c{k:03d}" for k in range(200)]
    loans = [loan(f"L{k}", rng.choice(clients)) for k in range(500)]
    amounts = [(0, 0), (0, 0), (5, 12), (9, 200)]
    states = [state(one["loan_id"], rng.choice(amounts), rng.choice(amounts)) for one in loans]
    owner = {one["loan_id"]: one["client_id"] for one in loans}
    for row in measured(arrears, shard({"loans": loans, "loan_status": states}, clients)).iter_rows(named=True):
        mine = [s for s in states if owner[s["loan_id"]] == row["client_id"]]
        firsts = []
        for kind in ("principal", "interest"):
            assert row[f"overdue_{kind}"] == sum(s[f"overdue_{kind}"] for s in mine)
            since = [s[f"{kind}_overdue_since"] for s in mine if s[f"overdue_{kind}"]]
            assert row[f"{kind}_overdue_days"] == ((ago(0) - min(since)).days if since else 0)
            firsts += since
        assert row["first_overdue_on"] == min(firsts, default=None)
