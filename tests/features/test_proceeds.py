"""Loan proceeds, first in first out: cases worked by hand, and a queue in plain Python over random accounts."""

import random
from typing import Any

import pytest

from tests.features.happenings import link
from tests.features.settled import OPENED, began, got, paid, settled
from tests.features.shards import Row, T, ago, agrees, measured, one
from transforms.features import proceeds

LENT = 60  # days ago


def loan(name: str = "L", since: int = LENT, principal: int = 100, purpose: str = "raw_material", **more: Any) -> Row:
    return {
        "loan_id": name, "client_id": "c", "disbursed_on": ago(since), "principal": principal, "currency": "CNY",
        "on_balance": True, "purpose": purpose, "entry_account_id": "a",
    } | more  # fmt: skip


def held(amount: int, age: int = LENT + 1, account: str = "a") -> Row:
    return {"account_id": account, "date": ago(age), "balance": amount}


EMPTY = [held(0)]


def of(
    rows: list[Row], loans: list[Row], balances: list[Row] = EMPTY, links: list[Row] | None = None,
    own_banks: tuple[str, ...] = (), accounts: list[Row] | None = None, group: dict[str, str] | None = None,
) -> Row:  # fmt: skip
    numbered = [
        row if "txn_id" in row and row["txn_id"] != "t" else row | {"txn_id": f"{i:03}"} for i, row in enumerate(rows)
    ]
    tables: dict[str, Any] = {"loans": loans, "balances": balances, "party_links": links or []}
    tables |= {"parties": [{"party_id": "c", "name": "Own Ltd"}]}
    if accounts is not None:
        tables["accounts"] = accounts
    return one(proceeds, settled([began(), *numbered], tables, own_banks=own_banks, group=group))


def spent(age: int, amount: int, category: str | None = "securities", **more: Any) -> Row:
    return paid(age, amount, category=category, **more)


def shares(row: Row) -> tuple[float | None, float | None]:
    return row["proceeds_outside_share"], row["proceeds_diverted_share"]


def test_by_hand() -> None:
    row = of([spent(59, 30, "raw_material"), spent(58, 20, "dividend"), spent(50, 40)], [loan()])
    agrees(row, {
        "loans_traced": 1, "loans_untraced": 0,
        "proceeds_outside_share": 0.6, "proceeds_outside_amount": 60, "proceeds_outside_loan": "L",
        "proceeds_outside_from": ago(LENT), "proceeds_outside_principal": 100, "proceeds_outside_keys": ["loans:L"],
        "proceeds_diverted_share": 0.4, "proceeds_diverted_amount": 40,
    })  # fmt: skip


def test_no_new_loan_is_nothing() -> None:
    agrees(
        of([], []),
        {"loans_traced": 0, "loans_untraced": 0, "proceeds_outside_share": 0.0, "proceeds_outside_loan": None},
    )


QUEUE: dict[str, tuple[list[Row], list[Row], float | None]] = {
    "what stood there leaves first": ([spent(59, 60)], [held(50)], 0.1),
    "nothing of the loan yet": ([spent(59, 50)], [held(50)], 0.0),
    "never more than the loan": ([spent(59, 500)], [held(50)], 1.0),
    "later money does not push it aside": ([got(60, 900), spent(59, 60)], EMPTY, 0.6),
    "bought first, speculated later": ([spent(59, 80, "raw_material"), spent(58, 50)], EMPTY, 0.2),
    "by day and txn_id": ([spent(59, 80, txn_id="b"), spent(59, 50, "raw_material", txn_id="a")], EMPTY, 0.5),
    "the balance of the evening before": ([spent(59, 60)], [held(50, 61), held(10, 60)], 0.1),
    "a balance holds until the next": ([spent(59, 60)], [held(50, 400)], 0.1),
    "an overdraft swallows its part": ([spent(59, 90)], [held(-30)], 0.7),
    "the day of the loan": ([spent(60, 60)], EMPTY, 0.6),
    "the day before": ([spent(61, 60)], EMPTY, 0.0),
    "30 days": ([spent(30, 60)], EMPTY, 0.6),
    "31 days": ([spent(29, 60)], EMPTY, 0.0),
    "our own loan paid back is left out": ([spent(59, 80, None, type="loan_principal"), spent(58, 50)], EMPTY, 0.5),
    "another bank's loan is in the queue": ([spent(59, 80, "loan"), spent(58, 50)], EMPTY, 0.2),
    "returned": ([spent(59, 60, status="returned")], EMPTY, 0.0),
    "before the account's first balance": ([spent(59, 60)], [], None),
    "an unknown payment": ([spent(59, 60, currency="USD")], EMPTY, None),
}


@pytest.mark.parametrize("name", QUEUE)
def test_the_queue(name: str) -> None:
    rows, balances, expected = QUEUE[name]
    assert of(rows, [loan()], balances)["proceeds_diverted_share"] == expected
    assert of(rows, [loan()], balances)["loans_untraced"] == (expected is None)


def test_an_account_opened_for_the_loan_held_nothing() -> None:
    fresh = [{"account_id": "a", "client_id": "c", "opened_on": ago(LENT)}]
    assert of([spent(59, 60)], [loan()], [], accounts=fresh)["proceeds_diverted_share"] == 0.6


def test_two_loans_of_one_day_stand_in_line() -> None:
    row = of([spent(59, 130)], [loan("L"), loan("M")])
    agrees(row, {"proceeds_diverted_share": 1.0, "proceeds_diverted_loan": "L", "loans_traced": 2})
    row = of([spent(59, 100, "raw_material"), spent(58, 30)], [loan("M"), loan("L")])
    agrees(row, {"proceeds_diverted_share": 0.3, "proceeds_diverted_loan": "M"})


LOANS: dict[str, tuple[Row, int, int]] = {
    "365 days": (loan(since=365, entry_account_id="x"), 0, 1),
    "366 days": (loan(since=366), 0, 0),
    "tomorrow": (loan(since=-1), 0, 0),
    "off balance": (loan(on_balance=False), 0, 0),
    "no account": (loan(entry_account_id=None), 0, 1),
    "another currency": (loan(currency="USD"), 0, 1),
    "somebody else's": (loan(client_id="x"), 0, 0),
    "traced": (loan(), 1, 0),
}


@pytest.mark.parametrize("name", LOANS)
def test_which_loans(name: str) -> None:
    row, traced, untraced = LOANS[name]
    agrees(of([], [row]), {"loans_traced": traced, "loans_untraced": untraced})


PURPOSES: list[tuple[str, str | None, bool]] = [
    ("working_capital", "raw_material", False),
    ("working_capital", "payroll", False),
    ("working_capital", "tax", False),
    ("working_capital", "dividend", True),
    ("working_capital", "equipment", True),
    ("working_capital", "loan", True),
    ("raw_material", "logistics", False),
    ("raw_material", "payroll", True),
    ("equipment", "equipment", False),
    ("equipment", "raw_material", True),
    ("construction", "decoration", False),
    ("construction", "rent", True),
    ("trade", "tax", False),
    ("trade", "rent", True),
    ("refinancing", "loan", False),
    ("refinancing", "raw_material", True),
    ("other", "dividend", False),
    ("raw_material", "other", False),
    ("raw_material", None, False),
]


@pytest.mark.parametrize(("purpose", "category", "outside"), PURPOSES)
def test_purposes(purpose: str, category: str | None, outside: bool) -> None:
    assert shares(of([spent(59, 60, category)], [loan(purpose=purpose)])) == (0.6 if outside else 0.0, 0.0)


TO_P = spent(59, 60, "raw_material", counterparty_id="p")
OWN = spent(59, 60, None, counterparty_name="OWN LTD", counterparty_bank="104")
DIVERTED: dict[str, tuple[Row, list[Row], float, float]] = {
    "securities": (spent(59, 60), [], 0.6, 0.6),
    "property": (spent(59, 60, "real_estate"), [], 0.6, 0.6),
    "a wealth product is outside the purpose only": (spent(59, 60, "wealth_product"), [], 0.6, 0.0),
    "a supplier": (TO_P, [], 0.0, 0.0),
    "the shareholder": (TO_P, [link("shareholder_of", share_pct=0.01)], 0.0, 0.6),
    "a subsidiary": (TO_P, [link("controller_of", "c", to_id="p")], 0.0, 0.6),
    "a co-borrower": (TO_P, [link("co_borrower_with")], 0.0, 0.6),
    "a tie that ended": (TO_P, [link("controller_of", until=0)], 0.0, 0.0),
    "an executive": (TO_P, [link("executive_of")], 0.0, 0.0),
    "another client's": (TO_P, [link("controller_of", to_id="x")], 0.0, 0.0),
    "the own account elsewhere": (OWN, [], 0.0, 0.6),
    "the same by category": (spent(59, 60, "own_transfer", counterparty_bank="104"), [], 0.6, 0.6),
    "an own account with us": (spent(59, 60, "own_transfer"), [], 0.0, 0.0),
}


@pytest.mark.parametrize("name", DIVERTED)
def test_destinations(name: str) -> None:
    payment, links, outside, diverted = DIVERTED[name]
    assert shares(of([payment], [loan()], links=links)) == (outside, diverted)


def test_own_banks_and_the_group() -> None:
    assert shares(of([OWN], [loan()], own_banks=("104",))) == (0.0, 0.0)
    assert shares(of([TO_P], [loan()], group={"c": "p"})) == (0.0, 0.6)
    assert shares(of([TO_P], [loan()], group={"c": "top", "p": "top"})) == (0.0, 0.6)
    assert shares(of([TO_P], [loan()], group={"c": "top", "p": "p"})) == (0.0, 0.0)


def test_the_worst_loan_of_each_kind() -> None:
    loans = [loan("L", 200), loan("M", 100)]
    rows = [spent(199, 60, "dividend"), spent(99, 40)]
    agrees(of(rows, loans, [held(0, 201), held(0, 101)]), {
        "proceeds_outside_share": 0.6, "proceeds_outside_loan": "L", "proceeds_outside_from": ago(200),
        "proceeds_diverted_share": 0.4, "proceeds_diverted_loan": "M", "proceeds_diverted_from": ago(100),
    })  # fmt: skip


def test_one_of_two_could_not_be_traced() -> None:
    row = of([spent(59, 60)], [loan(), loan("M", 100, entry_account_id=None)])
    agrees(row, {"loans_traced": 1, "loans_untraced": 1, "proceeds_diverted_share": 0.6})


CATEGORIES = ["raw_material", "logistics", "securities", "dividend", "other", None]


def plain(rows: list[Row], balances: list[Row], loans: list[Row], index: int) -> tuple[int, int]:
    """A queue of money, oldest first: how much of the loan went outside its purpose, and into securities."""
    row = loans[index]
    day = row["disbursed_on"]
    opening = max((b for b in balances if b["date"] < day), key=lambda b: b["date"])["balance"]
    ahead = sum(x["principal"] for x in loans if x["disbursed_on"] == day and x["loan_id"] < row["loan_id"])
    queue = [["before", opening + ahead], ["loan", row["principal"]]]
    if queue[0][1] < 0:
        queue[1][1] = max(0, queue[1][1] + queue[0][1])
        queue[0][1] = 0
    found = {"outside": 0, "securities": 0}
    for payment in sorted(rows, key=lambda r: (r["booked_on"], r["txn_id"])):
        if (
            not 0 <= (payment["booked_on"] - day).days <= 30
            or payment["booked_on"] > T
            or payment["type"] == "loan_interest"
        ):
            continue
        if payment["direction"] == "in":
            queue.append(["later", payment["amount"]])
            continue
        left = payment["amount"]
        while left and queue:
            part = min(left, queue[0][1])
            if queue[0][0] == "loan" and payment["category"] not in (None, "other", "raw_material", "logistics"):
                found["outside"] += part
            if queue[0][0] == "loan" and payment["category"] == "securities":
                found["securities"] += part
            queue[0][1] -= part
            left -= part
            if not queue[0][1]:
                queue.pop(0)
    return found["outside"], found["securities"]


@pytest.mark.parametrize("seed", range(4))
def test_random_accounts_against_a_queue(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(40)]
    rows: list[Row] = []
    balances: list[Row] = []
    loans: list[Row] = []
    for client in clients:
        account = f"{client}a"
        rows.append(began(account_id=account, category=None))
        balances += [
            held(rng.randint(-40, 150), age, account) for age in {500, *(rng.randint(0, 400) for _ in range(6))}
        ]
        base = rng.randint(0, 300)
        for n in range(rng.randint(0, 3)):
            since = base + rng.choice([0, 0, 10, 40])
            loans.append(loan(f"{client}.{n}", since, rng.randint(50, 200), client_id=client, entry_account_id=account))
        for _ in range(rng.randint(0, 20)):
            age = min(400, max(0, base + rng.randint(-35, 45)))
            direction = rng.choice(["in", "out", "out", "out"])
            kind = rng.choice(["transfer"] * 8 + ["loan_interest"])
            rows.append(
                paid(age, rng.randint(1, 60), direction, account_id=account, type=kind, category=rng.choice(CATEGORIES))
            )
    rows = [row | {"txn_id": f"{i:04}"} for i, row in enumerate(rng.sample(rows, len(rows)))]
    accounts = [{"account_id": f"{c}a", "client_id": c, "opened_on": OPENED} for c in clients]
    tables = {"loans": loans, "balances": balances, "party_links": [], "clients": [], "accounts": accounts}
    made = measured(proceeds, settled(rows, tables, clients))
    seen = 0.0
    for result in made.iter_rows(named=True):
        account = f"{result['client_id']}a"
        mine = [x for x in loans if x["client_id"] == result["client_id"] and (T - x["disbursed_on"]).days <= 365]
        paid_ = [r for r in rows if r["account_id"] == account]
        own = [b for b in balances if b["account_id"] == account]
        both = [plain(paid_, own, mine, i) for i in range(len(mine))]
        for at, name in enumerate(("outside", "diverted")):
            expected = max((found[at] / x["principal"] for found, x in zip(both, mine, strict=True)), default=0.0)
            assert result[f"proceeds_{name}_share"] == pytest.approx(expected, abs=1e-8)
            seen = max(seen, expected)
    assert seen > 0.3
