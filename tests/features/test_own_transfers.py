"""Transfers to own accounts elsewhere: cases worked by hand, and plain Python over random transfers."""

import random
from typing import Any

import pytest

from tests.features.settled import OPENED, T, began, got, paid, settled
from tests.features.shards import Row, agrees, measured, one
from transforms.features import own_transfers

NAMED = [{"party_id": "c", "name": "Own Ltd"}]


def sent(age: int, amount: int | None = 100, account: str | None = "new", bank: str | None = "104", **more: Any) -> Row:
    return paid(age, amount, counterparty_name="Own Ltd", counterparty_account=account, counterparty_bank=bank, **more)


def of(rows: list[Row], own_banks: tuple[str, ...] = (), young: bool = False) -> Row:
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate(rows if young else [began(), *rows])]
    return one(own_transfers, settled(numbered, {"parties": NAMED}, own_banks=own_banks))


NOTHING = {"own_new_count_90": 0, "own_new_amount_90": 0, "own_new_first_on": None, "own_new_keys": [], "own_out_90": 0}
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING | {"outflow_with_own_90": 0}),
    "one": ([sent(9)], {"own_new_count_90": 1, "own_new_amount_90": 100, "own_out_90": 100, "outflow_with_own_90": 100}),
    "others' payments are the base": ([sent(9), paid(3, 300)], {"own_out_90": 100, "outflow_with_own_90": 400}),
    "first seen 89 days ago": ([sent(89)], {"own_new_count_90": 1}),
    "first seen 90 days ago": ([sent(90), sent(5)], NOTHING | {"own_out_90": 100}),
    "known for years": ([sent(700), sent(5)], NOTHING | {"own_out_90": 100}),
    "money came from it years ago": ([sent(700, direction="in"), sent(5)], NOTHING | {"own_out_90": 100}),
    "a new account at a known bank": ([sent(700, account="old"), sent(5)], {"own_new_count_90": 1}),
    "a known bank without account": ([sent(700, account=None), sent(5, account=None)], NOTHING | {"own_out_90": 100}),
    "a new bank without account": ([sent(700, account=None), sent(5, account=None, bank="105")], {"own_new_count_90": 1}),
    "a blank bank is ours": ([sent(9, bank=None)], NOTHING),
    "an account of the client with us": ([sent(9, account="a")], NOTHING),
    "by category": ([paid(9, category="own_transfer", counterparty_account="z", counterparty_bank="104")], {"own_new_count_90": 1}),
    "another name": ([paid(9, counterparty_name="Owner", counterparty_bank="104")], NOTHING | {"outflow_with_own_90": 100}),
    "money in": ([sent(9, direction="in")], NOTHING),
    "returned": ([sent(9, status="returned")], NOTHING),
    "two": ([sent(9), sent(20, 50)], {"own_new_count_90": 2, "own_new_amount_90": 150, "own_new_first_on": sent(20)["booked_on"],
            "own_new_keys": ["transactions:a|2015-06-21|1", "transactions:a|2015-06-10|2"]}),
    "in dollars": ([sent(9, currency="USD")], {"own_new_count_90": 1, "own_new_amount_90": None, "outflow_with_own_90": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name: str) -> None:
    rows, expected = CASES[name]
    agrees(of(rows), expected)


def test_own_banks_are_prefixes() -> None:
    assert of([sent(9)], own_banks=("10",))["own_new_count_90"] == 0
    assert of([sent(9)], own_banks=("105", "9"))["own_new_count_90"] == 1


def test_a_history_of_ninety_days() -> None:
    assert of([got(89), sent(9)], young=True)["own_new_count_90"] == 1
    assert of([got(88), sent(9)], young=True) == {"client_id": "c"} | dict.fromkeys([*NOTHING, "outflow_with_own_90"])


@pytest.mark.parametrize("seed", range(4))
def test_random_transfers_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(50)]
    rows: list[Row] = []
    for client in clients:
        rows.append(began(account_id=f"{client}a"))
        for _ in range(rng.randint(0, 8)):
            days = rng.choice([rng.randint(0, 95), rng.randint(0, 800)])
            bank, account = rng.choice(["104", "105", "900", None]), rng.choice(["x", "y", f"{client}a", None])
            own = {"counterparty_name": client} if rng.random() < 0.8 else {}
            rows.append(
                paid(days, rng.randint(1, 9), rng.choice(["in", "out", "out"]), account_id=f"{client}a",
                     counterparty_bank=bank, counterparty_account=account, **own)
            )  # fmt: skip
    rows = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    accounts = [{"account_id": f"{c}a", "client_id": c, "opened_on": OPENED} for c in clients]
    tables = {"accounts": accounts, "parties": [{"party_id": c, "name": c} for c in clients]}
    made = measured(own_transfers, settled(rows, tables, clients, own_banks=("9",)))
    for result in made.iter_rows(named=True):
        client = result["client_id"]
        mine = [r | {"age": (T - r["booked_on"]).days} for r in rows if r["account_id"] == f"{client}a"]
        own = [
            r for r in mine
            if r.get("counterparty_name") == client and r.get("counterparty_bank") in ("104", "105")
            and r["counterparty_account"] != f"{client}a"
        ]  # fmt: skip

        def place(r: Row) -> tuple[str, str]:
            return (
                ("account", r["counterparty_account"])
                if r["counterparty_account"]
                else ("bank", r["counterparty_bank"])
            )

        seen: dict[tuple[str, str], int] = {}
        for r in own:
            seen[place(r)] = max(seen.get(place(r), 0), r["age"])
        out = [r for r in own if r["direction"] == "out" and r["age"] < 90]
        new = [r for r in out if seen[place(r)] < 90]
        own_account = [r for r in mine if r.get("counterparty_account") == f"{client}a"]
        others = sum(
            r["amount"] for r in mine
            if r["direction"] == "out" and r["age"] < 90 and r not in own_account and r.get("counterparty_name") != client
        )  # fmt: skip
        agrees(result, {
            "own_new_count_90": len(new), "own_new_amount_90": sum(r["amount"] for r in new),
            "own_out_90": sum(r["amount"] for r in out),
            "outflow_with_own_90": others + sum(r["amount"] for r in out),
        })  # fmt: skip
