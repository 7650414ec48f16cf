"""The largest payer and supplier: cases worked by hand, and plain Python over random payments and ties."""

import random
from datetime import date
from typing import Any

import pytest

from tests.features.happenings import mixed
from tests.features.settled import began, got, paid, settled
from tests.features.shards import Row, T, ago, agrees, measured, one
from transforms.features import counterparties

YEAR_START = date(2014, 7, 1)  # the first of the twelve full months at T


def age(day: date) -> int:
    return (T - day).days


def tie(one_end: str, other: str, relation: str = "controller_of", **more: Any) -> Row:
    return {
        "link_id": f"{one_end}{other}", "from_id": one_end, "to_id": other, "relation": relation, "recorded_on": ago(400),
        "start_on": ago(900),
    } | more  # fmt: skip


def bought(days: int, amount: int | None = 100, **more: Any) -> Row:
    return paid(days, amount, category="raw_material", **more)


def of(
    rows: list[Row],
    ties: list[Row] | None = None,
    notes: list[Row] | None = None,
    group: dict[str, str] | None = None,
) -> Row:
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate([began(), *rows])]
    tables = {"party_links": ties or [], "disclosures": notes or []}
    return one(counterparties, settled(numbered, tables, group=group))


def test_by_hand() -> None:
    rows = [got(10, 60, counterparty_id="p"), got(40, 30, counterparty_id="q"), got(70, 40, counterparty_id="q")]
    rows += [bought(20, 50, counterparty_name="Iron", counterparty_account="x"), bought(20, 20, counterparty_id="s")]
    agrees(of(rows), {
        "top_payer_amount": 70, "top_payer": "q", "top_payer_id": "q", "top_payer_members": ["q"],
        "purchases_12": 70, "top_payee_amount": 50, "top_payee": "Iron", "top_payee_id": None, "top_payee_members": [],
    })  # fmt: skip


def test_only_an_account_is_named_by_it() -> None:
    assert of([got(10, 60, counterparty_account="x")])["top_payer"] == "x"


def test_twelve_full_months() -> None:
    assert of([got(age(YEAR_START), counterparty_id="p")])["top_payer_amount"] == 100
    assert of([got(age(YEAR_START) + 1, counterparty_id="p")])["top_payer_amount"] == 0


def test_a_supplier_is_judged_on_purchases() -> None:
    rows = [paid(10, 900, counterparty_id="tax", category="tax"), bought(10, 10, counterparty_id="s")]
    agrees(of(rows), {"purchases_12": 10, "top_payee": "s", "top_payee_amount": 10})


def test_nothing_paid_is_zero_and_a_short_history_unknown() -> None:
    agrees(of([]), {"top_payer_amount": 0, "top_payer": None, "top_payer_members": [], "purchases_12": 0})
    young = one(counterparties, settled([got(300, counterparty_id="p")], {"party_links": [], "disclosures": []}))
    agrees(young, {"top_payer_amount": None, "purchases_12": None, "top_payer": None})


def test_nobody_knows_the_largest_when_an_amount_is_unknown() -> None:
    rows = [got(10, 60, counterparty_id="p"), got(10, 1, currency="USD", counterparty_id="q")]
    agrees(of(rows), {"top_payer_amount": None, "top_payer": None, "top_payee_amount": 0})


P_AND_Q = [got(10, 30, counterparty_id="p"), got(10, 30, counterparty_id="q"), got(10, 50, counterparty_id="r")]


@pytest.mark.parametrize(
    ("ties", "together"),
    [
        ([], False),
        ([tie("p", "q")], True),
        ([tie("q", "p")], True),
        ([tie("p", "q", "group_member_of")], True),
        ([tie("p", "q", "shareholder_of", share_pct=0.20)], True),
        ([tie("p", "q", "shareholder_of", share_pct=0.1999)], False),
        ([tie("p", "q", "shareholder_of")], False),
        ([tie("p", "q", "supplier_of")], False),
        ([tie("p", "q", "co_borrower_with")], False),
        ([tie("p", "top", "group_member_of"), tie("q", "top", "group_member_of")], True),  # through another
        ([tie("b", "p"), tie("b", "c2"), tie("c2", "d"), tie("d", "q")], True),  # through several
        ([tie("p", "q", end_on=T)], False),
        ([tie("p", "q", end_on=ago(-1))], True),
        ([tie("p", "q", start_on=ago(-1))], False),
        ([tie("p", "q", recorded_on=ago(-1))], False),
        ([tie("c", "p"), tie("c", "q")], True),  # the client's own group is one party too
    ],
)
def test_connected_parties(ties: list[Row], together: bool) -> None:
    expected = {"top_payer_amount": 60, "top_payer": "p", "top_payer_members": ["p", "q"]}
    alone = {"top_payer_amount": 50, "top_payer": "r", "top_payer_members": ["r"]}
    agrees(of(P_AND_Q, ties), expected if together else alone)


@pytest.mark.parametrize("group", [{"p": "top", "q": "top"}, {"p": "q"}, {"p": "q", "q": "q"}])
def test_clients_of_one_group_are_connected(group: dict[str, str]) -> None:
    agrees(of(P_AND_Q, group=group), {"top_payer_amount": 60, "top_payer_members": ["p", "q"]})
    assert of(P_AND_Q, group={"p": "top", "q": "another"})["top_payer_amount"] == 50


def note(share: float | None, end: date = date(2014, 12, 31), item: str = "1", **more: Any) -> Row:
    received = {"received_on": date(end.year + 1, 4, 1)}
    return (
        {"party_id": "c", "period_end": end, "kind": "top_supplier", "item": item, "share_pct": share} | received | more
    )


NOTES: dict[str, tuple[list[Row], float | None]] = {
    "none": ([], None),
    "customers": ([note(0.5, kind="top_customer")], None),
    "the largest": ([note(0.2), note(0.3, item="2")], 0.3),
    "sixteen months old": ([note(0.5, date(2014, 2, 28))], 0.5),
    "older": ([note(0.5, date(2014, 2, 27))], None),
    "newest period": ([note(0.5, date(2014, 6, 30), received_on=date(2014, 9, 1)), note(0.2)], 0.2),
    "restated": ([note(0.5), note(0.2, received_on=date(2015, 5, 1))], 0.2),
    "received after T": ([note(0.5, received_on=ago(-1))], None),
    "of nobody we know": ([note(0.5, party_id="x")], None),
}


@pytest.mark.parametrize("name", NOTES)
def test_supplier_notes(name: str) -> None:
    rows, share = NOTES[name]
    assert of([], notes=rows)["supplier_note_share"] == share
    assert of([], notes=mixed(rows)) == of([], notes=rows)


def test_the_note_is_the_evidence() -> None:
    row = of([], notes=[note(0.2), note(0.3, item="2")])
    agrees(row, {"supplier_note_on": date(2014, 12, 31)})
    assert row["supplier_note_key"] == "disclosures:c|2014-12-31|top_supplier|2|2015-04-01"


def plain_groups(ties: list[Row]) -> dict[str, str]:
    """Union by repeated passes; the smallest id names the group."""
    group: dict[str, str] = {}
    for row in ties:
        for end in ("from_id", "to_id"):
            group.setdefault(row[end], row[end])
    while True:
        before = dict(group)
        for row in ties:
            low = min(group[row["from_id"]], group[row["to_id"]])
            group[row["from_id"]] = group[row["to_id"]] = low
        if group == before:
            return group


@pytest.mark.parametrize("seed", range(4))
def test_random_payments_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(25)]
    names = [f"p{i:02}" for i in range(30)]
    ties = [
        tie(*rng.sample(names + clients[:3], 2), rng.choice(["controller_of", "group_member_of"])) for _ in range(18)
    ]
    ties = [row | {"link_id": str(i)} for i, row in enumerate(ties)]
    rows: list[Row] = []
    for client in clients:
        rows.append(began(account_id=f"{client}a"))
        for _ in range(rng.randint(0, 25)):
            who = rng.choice(names)
            days, amount, direction = rng.randint(0, 420), rng.randint(1, 9), rng.choice(["in", "out"])
            category = rng.choice(["raw_material", "rent", "tax", None])
            rows.append(paid(days, amount, direction, account_id=f"{client}a", counterparty_id=who, category=category))
    rows = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    group = plain_groups(ties)
    made = measured(counterparties, settled(rows, {"party_links": ties, "disclosures": []}, clients))
    for result in made.iter_rows(named=True):
        for side, direction in (("payer", "in"), ("payee", "out")):
            sums: dict[str, int] = {}
            for row in rows:
                mine = row["account_id"] == f"{result['client_id']}a" and row["direction"] == direction
                counts = direction == "in" or row.get("category") in ("raw_material", "rent")
                if mine and counts and row["booked_on"] >= YEAR_START:
                    key = group.get(row["counterparty_id"], row["counterparty_id"])
                    sums[key] = sums.get(key, 0) + row["amount"]
            best = min(sums, key=lambda key: (-sums[key], key)) if sums else None
            assert result[f"top_{side}_amount"] == (sums[best] if best else 0)
            members = result[f"top_{side}_members"]
            assert {group.get(m, m) for m in members} == ({best} if best else set())
            if direction == "out":
                assert result["purchases_12"] == sum(sums.values())
