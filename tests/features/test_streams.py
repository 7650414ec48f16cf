"""Monthly payments of tax, social insurance, utilities, payroll: cases worked by hand, and plain Python over random months."""

import random
from datetime import date
from typing import Any

import pytest

from tests.features.happenings import mixed, registry
from tests.features.settled import T, began, paid, settled
from tests.features.shards import Row, agrees, measured, one
from tests.reference import back
from transforms.features import streams

JUNE = date(2015, 6, 1)


def of(rows: list[Row], events: list[Row] | None = None, start: bool = True) -> Row:
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate([began(), *rows] if start else rows)]
    tables: dict[str, Any] = {} if events is None else {"events": events}
    return one(streams, settled(numbered, tables, kinds={} if events is None else {"events": ["registry"]}))


def tax(*months_back: int, category: str = "tax", **more: Any) -> list[Row]:
    return [paid((T - back(JUNE, n)).days, category=category, **more) for n in months_back]


@pytest.mark.parametrize(
    ("rows", "two", "six"),
    [
        ([], 0, 0),
        (tax(0, 1, 2, 3, 4, 5, 6, 7), 2, 6),
        (tax(2, 3, 4, 5, 6), 0, 5),
        (tax(8, 9), 0, 0),
        (tax(2, 2, 2), 0, 1),  # three payments of one month
        (tax(0, status="returned"), 0, 0),
        (tax(0, direction="in"), 0, 0),
        (tax(0, category="other"), 0, 0),
        (tax(1, currency="USD"), 1, 0),  # paid is paid
        ([paid(29), paid(0, category="tax")], 1, 0),
    ],
)
def test_months(rows: list[Row], two: int, six: int) -> None:
    agrees(of(rows), {"tax_paid_2": two, "tax_paid_6": six, "utility_paid_2": 0, "payroll_paid_6": 0})


def test_payroll_by_type_and_each_stream_its_own() -> None:
    rows = [*tax(3, category="utility"), *tax(0, category="social_insurance"), paid(9, type="payroll")]
    agrees(of(rows), {"utility_paid_6": 1, "social_insurance_paid_2": 1, "payroll_paid_2": 1, "tax_paid_6": 0})


def test_eight_months_of_history() -> None:
    assert of(tax(7), start=False)["tax_paid_6"] == 1
    assert of(tax(6), start=False)["tax_paid_6"] is None


ARREARS: dict[str, tuple[list[Row] | None, int | None]] = {
    "not connected": (None, None),
    "none": ([], 0),
    "one": ([registry("tax_arrears", 365)], 1),
    "older": ([registry("tax_arrears", 366)], 0),
    "paid since": ([registry("tax_arrears", 9, ends_on=T)], 0),
    "another entry": ([registry("executed", 9)], 0),
    "recorded after T": ([registry("tax_arrears", 9, recorded_on=date(2015, 7, 1))], 0),
}


@pytest.mark.parametrize("name", ARREARS)
def test_tax_arrears(name: str) -> None:
    rows, expected = ARREARS[name]
    assert of([], rows)["tax_arrears_365"] == expected
    if rows:
        assert of([], mixed(rows)) == of([], rows)


@pytest.mark.parametrize("seed", range(3))
def test_random_months_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(60)]
    kinds = ("tax", "social_insurance", "utility", "payroll")
    rows: list[Row] = []
    for client in clients:
        rows.append(began(rng.choice([1200, 900, 200]), account_id=f"{client}a"))
        start = (T - rows[-1]["booked_on"]).days
        rows += [
            paid(rng.randint(0, min(start, 300)), account_id=f"{client}a", category=rng.choice([*kinds, "rent"]))
            for _ in range(rng.randint(0, 30))
        ]
    rows = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    for result in measured(streams, settled(rows, {"events": []}, clients)).iter_rows(named=True):
        mine = [r for r in rows if r["account_id"] == f"{result['client_id']}a"]
        young = (T - mine[0]["booked_on"]).days == 200
        for kind in kinds:
            for span, window in (("2", range(2)), ("6", range(2, 8))):
                months = {back(JUNE, n) for n in window}
                count = len({r["booked_on"].replace(day=1) for r in mine if r.get("category") == kind} & months)
                assert result[f"{kind}_paid_{span}"] == (None if young else count)
