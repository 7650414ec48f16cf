"""Travel, meetings, cash, speculation, key persons: cases worked by hand, and plain Python over random payments."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from tests.features.happenings import link
from tests.features.settled import T, began, got, paid, settled
from tests.features.shards import Row, ago, agrees, measured, one
from tests.reference import back
from transforms.features import spending

PARTIES = [
    {"party_id": "broker", "kind": "securities"},
    {"party_id": "p", "kind": "person"},
    {"party_id": "co", "kind": "company"},
]
JUNE = date(2015, 6, 1)


def of(rows: list[Row], links: list[Row] | None = (), start: bool = True) -> Row:
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate([began(), *rows] if start else rows)]
    tables: dict[str, Any] = {"parties": PARTIES}
    if links is not None:
        tables["party_links"] = links
    return one(spending, settled(numbered, tables))


def monthly(amounts: list[int], category: str, direction: str = "out") -> list[Row]:
    """Amounts of the last full months, newest first."""
    days = [(T - back(JUNE, n)).days for n in range(len(amounts))]
    return [
        paid(day, amount, direction, category=category) for day, amount in zip(days, amounts, strict=True) if amount
    ]


def test_three_months_against_twelve() -> None:
    row = of(monthly([4, 6, 8] + [3] * 12 + [900], "travel_entertainment"))
    agrees(row, {"travel_3": 18, "travel_r3_12": 2.0, "conference_3": 0, "conference_r3_12": None})


def test_against_the_same_months_a_year_ago() -> None:
    rows = monthly([4, 6, 8] + [0] * 9 + [1, 2, 3], "conference_hotel")
    agrees(of(rows), {"conference_3": 18, "conference_y3": 3.0, "conference_r3_12": 12.0})


def test_cash_goes_by_type_and_only_out() -> None:
    cash = [row | {"category": None, "type": "cash_out"} for row in monthly([9, 0, 0] + [1] * 12, "")]
    agrees(of([*cash, *monthly([500], "cash", "in")]), {"cash_drawn_3": 9, "cash_drawn_r3_12": 3.0})


def test_a_short_history_is_unknown() -> None:
    year = monthly([1] * 14, "cash")
    agrees(of(year, start=False), {"cash_drawn_3": 3, "cash_drawn_r3_12": None})
    agrees(of(monthly([1] * 15, "cash"), start=False), {"cash_drawn_r3_12": 1.0, "cash_drawn_y3": 1.0})
    agrees(of([paid(9, category="cash", currency="USD")]), {"cash_drawn_3": None, "cash_drawn_r3_12": None})


def test_ninety_days() -> None:
    rows = [got(89, 5), got(90, 7), paid(89, 3), paid(0, 4), paid(9, 8, category="own_transfer")]
    agrees(of(rows), {"opin_90": 5, "opout_90": 7, "turnover_90_key": "transactions:c|2015-04-02..2015-06-30"})
    agrees(
        of([got(88)], start=False), {"opin_90": None, "opout_90": None, "speculative_90": None, "key_persons_90": None}
    )


SPECULATED: dict[str, tuple[list[Row], int | None]] = {
    "nothing": ([], 0),
    "registered": ([paid(9, counterparty_id="broker")], 100),
    "by name": (
        [paid(9, counterparty_name="某某期货有限公司"), paid(8, 50, counterparty_name="Bitcoin Exchange")],
        150,
    ),
    "the register goes before the name": ([paid(9, counterparty_id="co", counterparty_name="XX证券")], 0),
    "the day before the 90": ([paid(90, counterparty_id="broker")], 0),
    "money back": ([got(9, counterparty_id="broker")], 0),
    "a bank transfer to the broker": ([paid(9, type="brokerage", counterparty_id="broker")], 100),
    "in dollars": ([paid(9, currency="USD", counterparty_id="broker")], None),
}


@pytest.mark.parametrize("name", SPECULATED)
def test_speculation(name: str) -> None:
    rows, expected = SPECULATED[name]
    assert of(rows)["speculative_90"] == expected


def test_evidence_is_largest_first() -> None:
    row = of([paid(9, 1, counterparty_id="broker"), paid(8, 5, counterparty_id="broker")])
    assert row["speculative_keys"] == ["transactions:a|2015-06-22|2", "transactions:a|2015-06-21|1"]


TO_P = paid(9, counterparty_id="p")
PEOPLE: dict[str, tuple[list[Row], list[Row] | None, int | None]] = {
    "an executive": ([TO_P], [link("executive_of")], 100),
    "two offices, one person": ([TO_P], [link("executive_of"), link("legal_rep_of", name="l2")], 100),
    "a shareholder without an office": ([TO_P], [link("shareholder_of", share_pct=0.9)], 0),
    "out of office": ([TO_P], [link("executive_of", until=0)], 0),
    "another company's": ([TO_P], [link("executive_of", to_id="x")], 0),
    "payroll": ([TO_P | {"category": "payroll"}], [link("executive_of")], 0),
    "payroll by type": ([TO_P | {"type": "payroll"}], [link("executive_of")], 0),
    "dividend": ([TO_P | {"category": "dividend"}], [link("executive_of")], 0),
    "person": ([TO_P | {"category": "person"}], [link("executive_of")], 100),
    "from the person": ([TO_P | {"direction": "in"}], [link("executive_of")], 0),
    "links not connected": ([TO_P], None, None),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_key_persons(name: str) -> None:
    rows, links, expected = PEOPLE[name]
    assert of(rows, links)["key_persons_90"] == expected


@pytest.mark.parametrize("seed", range(4))
def test_random_payments_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(40)]
    kinds = {"travel": "travel_entertainment", "conference": "conference_hotel", "cash_drawn": "cash"}
    links = [link("director_of", name=c, to_id=c) for c in clients if rng.random() < 0.5]
    rows: list[Row] = []
    for client in clients:
        rows.append(began(rng.choice([1200, 450, 100]), account_id=f"{client}a"))
        start = (T - rows[-1]["booked_on"]).days
        for _ in range(rng.randint(0, 40)):
            who = {"counterparty_id": rng.choice(["broker", "p", "co"])} if rng.random() < 0.3 else {}
            rows.append(
                paid(rng.randint(0, start), rng.randint(1, 99), account_id=f"{client}a",
                     category=rng.choice([*kinds.values(), "payroll", None]), **who)
            )  # fmt: skip
    rows = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    now, then = ([back(JUNE, n) for n in range(first, first + 3)] for first in (0, 12))  # no New Year in either
    made = measured(spending, settled(rows, {"parties": PARTIES, "party_links": links}, clients))
    for result in made.iter_rows(named=True):
        client = result["client_id"]
        mine = [r for r in rows if r["account_id"] == f"{client}a" and r["direction"] == "out"]
        first = next(r["booked_on"] for r in rows if r["account_id"] == f"{client}a")
        begin = first.replace(day=1) if first.day <= 5 else back(first.replace(day=1), -1)
        for name, category in kinds.items():

            def total(
                months: list[date], category: str = category, mine: list[Row] = mine, begin: date = begin
            ) -> int | None:
                if min(months) < begin:
                    return None
                return sum(
                    r["amount"] for r in mine if r["category"] == category and r["booked_on"].replace(day=1) in months
                )

            recent, before = total([back(JUNE, n) for n in range(3)]), total([back(JUNE, n) for n in range(3, 15)])
            year, ago_ = total(now), total(then)
            ratio = None if not before else round((recent or 0) / 3 / (before / 12), 9)
            agrees(result, {f"{name}_3": recent, f"{name}_r3_12": pytest.approx(ratio) if ratio is not None else None})
            assert result[f"{name}_y3"] == (None if not ago_ else pytest.approx((year or 0) / ago_))
        last = [r for r in mine if r["booked_on"] >= ago(89)]
        whole = first <= T - timedelta(days=89)
        speculated = sum(r["amount"] for r in last if r.get("counterparty_id") == "broker")
        office = any(row["to_id"] == client for row in links)
        people = sum(r["amount"] for r in last if r.get("counterparty_id") == "p" and r["category"] != "payroll")
        assert result["speculative_90"] == (speculated if whole else None)
        assert result["key_persons_90"] == ((people if office else 0) if whole else None)
        assert result["opout_90"] == (sum(r["amount"] for r in last) if whole else None)
