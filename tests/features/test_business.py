"""New scope, new ground, another mix of payers: cases worked by hand, and plain Python over random payments."""

import math
import random
from datetime import date
from typing import Any

import pytest

from tests.features.happenings import mixed, registry
from tests.features.settled import began, got, paid, settled
from tests.features.shards import Row, T, agrees, measured, one
from transforms.features import business

PARTIES = [
    {"party_id": "iron", "industry_code": "C3130"},
    {"party_id": "steel", "industry_code": "C31"},
    {"party_id": "shop", "industry_code": "F52"},
    {"party_id": "school", "industry_code": "P"},
    {"party_id": "blank"},
]


def age(day: date) -> int:
    return (T - day).days


def of(rows: list[Row], events: list[Row] | None = (), own: str = "C26") -> Row:
    tables: dict[str, Any] = {"parties": PARTIES}
    if events is not None:
        tables["events"] = events
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    made = settled(
        numbered, tables, industries={"c": own}, kinds={"events": ["registry"]} if events is not None else {}
    )
    return one(business, made)


NONE = {"business_changes_180": 0, "business_change_keys": [], "expansions_365": 0, "expansion_keys": []}
EVENTS: dict[str, tuple[list[Row] | None, Row]] = {
    "not connected": (None, dict.fromkeys(NONE)),
    "none": ([], NONE),
    "other entries": ([registry("equity_pledge", 10)], NONE),
    "each change counts": (
        [registry(kind, 9, kind) for kind in ("scope_change", "name_change", "industry_code_change")],
        NONE | {"business_changes_180": 3, "business_change_keys": [
            "events:industry_code_change", "events:name_change", "events:scope_change"]},
    ),
    "180 days": ([registry("scope_change", 180)], {"business_changes_180": 1}),
    "181 days": ([registry("scope_change", 181)], {"business_changes_180": 0}),
    "recorded after T": ([registry("scope_change", 9, recorded_on=date(2015, 7, 1))], {"business_changes_180": 0}),
    "withdrawn": ([registry("scope_change", 9, ends_on=T)], {"business_changes_180": 0}),
    "somebody else's": ([registry("scope_change", 9, party_id="x")], {"business_changes_180": 0}),
    "old ground": ([registry("branch_open", 9)], {"expansions_365": 0}),
    "a new province": ([registry("branch_open", 365, flags=["new_region"])], {"expansions_365": 1, "expansion_keys": ["events:e"]}),
    "366 days": ([registry("branch_open", 366, flags=["new_region"])], {"expansions_365": 0}),
    "three": (
        [registry(kind, 9, kind, flags=["new_industry", "x"]) for kind in ("branch_open", "outbound_investment", "subsidiary_open")],
        {"expansions_365": 3},
    ),
    "a change is no expansion": ([registry("scope_change", 9, flags=["new_industry"])], {"expansions_365": 0}),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_registry(name: str) -> None:
    rows, expected = EVENTS[name]
    agrees(of([], rows), expected)
    if rows is not None:
        assert of([], mixed(rows)) == of([], rows)


NOW, BEFORE, OLD = (
    date(2015, 1, 1),
    date(2014, 1, 1),
    date(2013, 12, 31),
)  # first days of the windows, and the day before


def payments(*given: tuple[date, int, str | None]) -> list[Row]:
    return [began(), *(got(age(day), amount, counterparty_id=who) for day, amount, who in given)]


def test_the_mix_by_hand() -> None:
    same = of(payments((NOW, 80, "iron"), (NOW, 20, "shop"), (BEFORE, 80, "steel"), (BEFORE, 20, "shop")))
    agrees(same, {"payer_mix_similarity": 1.0, "payer_mix_known": 1.0})  # two codes of one division
    other = of(payments((T, 100, "shop"), (BEFORE, 100, "iron"), (OLD, 900, "shop")))
    assert other["payer_mix_similarity"] == 0.0
    half = of(payments((NOW, 3, "iron"), (NOW, 4, "shop"), (BEFORE, 1, "iron")))
    assert half["payer_mix_similarity"] == 0.6


def test_a_mix_is_unknown_below_three_fifths() -> None:
    enough = of(payments((NOW, 60, "iron"), (NOW, 40, "blank"), (BEFORE, 60, "iron"), (BEFORE, 40, None)))
    agrees(enough, {"payer_mix_similarity": 1.0, "payer_mix_known": 0.6})
    little = of(payments((NOW, 59, "iron"), (NOW, 41, "blank"), (BEFORE, 60, "iron"), (BEFORE, 40, None)))
    agrees(little, {"payer_mix_similarity": None, "payer_mix_known": 0.59})


def test_a_mix_needs_eighteen_months_and_known_amounts() -> None:
    rows = [got(age(NOW), 100, counterparty_id="iron"), got(age(BEFORE), 100, counterparty_id="iron")]
    assert of(rows)["payer_mix_similarity"] == 1.0  # eighteen full months to the day
    assert of([rows[0], got(age(date(2014, 2, 1)), 100, counterparty_id="iron")])["payer_mix_similarity"] is None
    assert of([*rows, got(3, 1, currency="USD", counterparty_id="iron")])["payer_mix_similarity"] is None


SPENT: dict[str, tuple[list[Row], int]] = {
    "nothing": ([], 0),
    "a new industry": ([paid(9, counterparty_id="shop")], 100),
    "seen 179 days ago": ([paid(179, counterparty_id="shop")], 100),
    "seen 180 days ago": ([paid(180, counterparty_id="shop")], 0),
    "seen long ago": ([paid(500, counterparty_id="shop"), paid(9, counterparty_id="shop")], 0),
    "it paid long ago": ([got(500, counterparty_id="shop"), paid(9, counterparty_id="shop")], 0),
    "another of the industry long ago": ([paid(500, counterparty_id="iron"), paid(9, counterparty_id="steel")], 0),
    "the industry began with another": ([paid(50, counterparty_id="iron"), paid(9, counterparty_id="steel")], 200),
    "no industry known": ([paid(9, counterparty_id="blank"), paid(9, counterparty_name="X")], 0),
    "a section alone": ([paid(9, counterparty_id="school")], 100),
    "money in": ([got(9, counterparty_id="shop")], 0),
}


@pytest.mark.parametrize("name", SPENT)
def test_new_industries(name: str) -> None:
    rows, expected = SPENT[name]
    assert of([began(), *rows])["new_industry_out_12"] == expected


def test_the_own_industry_is_never_new() -> None:
    rows = [began(), paid(9, counterparty_id="shop")]
    assert of(rows, own="F5212")["new_industry_out_12"] == 0
    assert of(rows[1:])["new_industry_out_12"] is None  # no history of twelve months
    assert of([*rows, paid(8, currency="USD", counterparty_id="shop")])["new_industry_out_12"] is None


@pytest.mark.parametrize("seed", range(4))
def test_random_payments_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(40)]
    names = ["iron", "steel", "shop", "school", "blank"]
    division = {"iron": "C31", "steel": "C31", "shop": "F52", "school": "P"}
    rows: list[Row] = []
    for client in clients:
        rows.append(began(account_id=f"{client}a"))
        known = rng.sample(names, 3)
        for _ in range(rng.randint(3, 12)):
            days = rng.choice([rng.randint(0, 179), rng.randint(0, 600)])
            who = rng.choice(known if days > 190 else names)
            rows.append(
                paid(days, rng.randint(1, 9), rng.choice(["in", "out"]), account_id=f"{client}a", counterparty_id=who)
            )
    rows = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    made = measured(business, settled(rows, {"parties": PARTIES, "events": []}, clients))
    for result in made.iter_rows(named=True):
        mine = [row for row in rows if row["account_id"] == f"{result['client_id']}a"]
        first = {d: min(age(r["booked_on"]) * -1 for r in mine if division.get(r.get("counterparty_id", "")) == d) for d in
                 {division.get(r.get("counterparty_id", "")) for r in mine} - {None}}  # fmt: skip
        spent = sum(
            r["amount"] for r in mine
            if r["direction"] == "out" and r["booked_on"] >= date(2014, 7, 1)
            and first.get(division.get(r.get("counterparty_id", ""), ""), -999) > -180
        )  # fmt: skip
        assert result["new_industry_out_12"] == spent
        sums: list[dict[str | None, int]] = []
        for begin, end in ((NOW, T), (BEFORE, date(2014, 12, 31))):
            window: dict[str | None, int] = {}
            for r in mine:
                if r["direction"] == "in" and begin <= r["booked_on"] <= end:
                    key = division.get(r.get("counterparty_id", ""))
                    window[key] = window.get(key, 0) + r["amount"]
            sums.append(window)
        shares = [1 - s.get(None, 0) / sum(s.values()) if s else 0.0 for s in sums]
        expected = None
        if min(shares) >= 0.6 - 1e-9:
            x, y = ([s.get(d, 0) for d in ("C31", "F52", "P")] for s in sums)
            expected = sum(a * b for a, b in zip(x, y, strict=True)) / (math.hypot(*x) * math.hypot(*y))
        assert result["payer_mix_similarity"] == (None if expected is None else pytest.approx(expected, abs=1e-8))
