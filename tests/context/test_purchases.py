"""DECLINE on raw material: payments by the book's month index, the return's purchases by the newest month filed (MGT-13)."""

import random
from datetime import date

import polars as pl
import pytest

from tests.reference import back
from tests.reference import decline as expected
from transforms.context import purchases
from transforms.night import Night

NIGHT = Night(date(2024, 6, 30))
LAST = date(2024, 6, 1)
Values = list[int | None]
STEADY: Values = [100] * 21


def measured(
    paid: dict[str, Values], filed: dict[str, tuple[int, Values]] | None = None, code: str | None = None
) -> dict[str, dict[str, object]]:
    """Months oldest first; `filed` with how many months before June 2024 the newest one is."""
    filed = filed or {}
    clients = sorted({*paid, *filed})
    identity = pl.LazyFrame(
        {
            "client_id": clients,
            "industry_code": [code] * len(clients),
            "industry_section": [code and code[0]] * len(clients),
        },
        {"client_id": pl.String, "industry_code": pl.String, "industry_section": pl.String},
    )
    supplies = pl.LazyFrame(
        {"client_id": clients, "raw_material_months": [paid.get(c) for c in clients]},
        {"client_id": pl.String, "raw_material_months": pl.List(pl.Int64)},
    )
    lists = [([None] * 48 + filed[c][1] + [None] * filed[c][0])[-48:] if c in filed else None for c in clients]
    returns = pl.LazyFrame(
        {
            "client_id": clients,
            "raw_material_purchases_months": lists,
            "raw_material_purchases_lag": [filed[c][0] if c in filed else None for c in clients],
        },
        {
            "client_id": pl.String, "raw_material_purchases_months": pl.List(pl.Float64),
            "raw_material_purchases_lag": pl.Int64,
        },
    )  # fmt: skip
    frame = purchases.measure(NIGHT, identity, supplies, returns).collect()
    assert dict(frame.schema) == {"client_id": pl.String(), **{c.name: c.dtype for c in purchases.PANEL}}
    return {row["client_id"]: row for row in frame.iter_rows(named=True)}


CASES: list[tuple[Values, str | None]] = [
    (STEADY, ""),
    ([*STEADY, 80, 80, 80], "W"),
    ([*STEADY, 60, 60, 60, 60], "A"),
    ([*STEADY, 40, 40, 40, 40], "R"),
    (STEADY[:8], None),
    ([0] * 24, None),
    ([*STEADY, 40, None, 40], None),
]


@pytest.mark.parametrize(("values", "answer"), CASES)
def test_payments(values: Values, answer: str | None) -> None:
    assert measured({"c": values})["c"]["raw_material_decline"] == answer


@pytest.mark.parametrize("newest", [0, 1, 2])
def test_the_windows_of_a_return_end_at_the_newest_month_filed(newest: int) -> None:
    says = measured({}, {f"c{n}": (newest, values) for n, (values, _) in enumerate(CASES)})
    assert [says[f"c{n}"]["filed_purchases_decline"] for n in range(len(CASES))] == [answer for _, answer in CASES]


def test_a_return_three_months_old_says_nothing() -> None:
    row = measured({}, {"c": (3, [*STEADY, 40, 40, 40, 40])})["c"]
    assert row["filed_purchases_decline"] is None
    assert row["filed_purchases_r3_12"] is None


def test_the_books_index_takes_the_season_out() -> None:
    """Twenty clients buy half as much in April to June, every year; one of them stops buying."""
    year: Values = [100] * 9 + [40] * 3  # July to June
    book = {f"c{i:02d}": [x * (i + 1) for x in year * 3] for i in range(20)}
    alone = measured({"c00": [*[100] * 21, 60, 60, 60, 60]}, code="C2614")["c00"]["raw_material_decline"]
    assert alone == "A"
    says = measured(book, {name: (1, values[:-1]) for name, values in book.items()}, code="C2614")
    assert {row["raw_material_decline"] for row in says.values()} == {""}
    assert {row["filed_purchases_decline"] for row in says.values()} == {""}
    z = says["c00"]["raw_material_z"]
    assert isinstance(z, float)
    assert abs(z) < 1e-6  # against the index nothing moved, though r3/12 fell
    assert says["c00"]["raw_material_r3_12"] == round(40 / 85, 9)


def test_a_plain_reading_of_random_months_agrees() -> None:
    dice = random.Random(11)
    paid: dict[str, Values] = {}
    filed: dict[str, tuple[int, Values]] = {}
    for i in range(19):  # under twenty clients: no index
        level = dice.choice([1.0, 0.7, 0.4])
        values: Values = [round(dice.uniform(80, 120) * (level if n >= 26 else 1)) for n in range(30)]
        paid[f"c{i:02d}"] = values[dice.choice([0, 10, 18]) :]
        filed[f"c{i:02d}"] = (dice.randint(0, 3), [dice.randint(80, 120), *values[dice.choice([0, 12]) :]])
    says = measured(paid, filed)
    for client, row in says.items():
        for name, newest, values in (("raw_material", 0, paid[client]), ("filed_purchases", *filed[client])):
            last = back(LAST, newest)
            months = {back(last, len(values) - 1 - i): value for i, value in enumerate(values)}
            answer = expected(months, last) if newest <= 2 else (None,) * 4
            found = tuple(row[f"{name}_{part}"] for part in ("r3_12", "y3", "z", "decline"))
            assert found[3] == answer[3]
            assert found[:3] == pytest.approx(answer[:3], abs=1e-8) if None not in answer else True
