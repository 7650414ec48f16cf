"""What is paid for raw material and to the largest suppliers, month by month."""

import random
from collections.abc import Sequence
from typing import Any

import polars as pl

from tests.features.operating import JUNE
from tests.features.shards import CATEGORIES, MONTHS, Row, frame, shard
from tests.reference import back
from transforms.features import supplies

PAID = {
    "client_id": pl.String, "month": pl.Date, "direction": pl.String, "counterparty": pl.String, "amount": pl.Int64,
    "purchases": pl.Int64,
}  # fmt: skip


def bought(months: int, amount: int | None, **more: Any) -> Row:
    row = {"client_id": "c", "month": back(JUNE, months), "direction": "out", "category": "raw_material"}
    return row | {"amount": amount} | more


def paid(months: int, who: str, purchases: int | None, **more: Any) -> Row:
    row = {"client_id": "c", "month": back(JUNE, months), "direction": "out", "counterparty": who}
    return row | {"amount": 1000, "purchases": purchases} | more


def measured(
    categories: Sequence[Row] = (),
    counterparties: Sequence[Row] = (),
    history: int = 20,
    clients: tuple[str, ...] = ("c",),
) -> pl.DataFrame:
    """`history` full months up to June."""
    months = [
        {"client_id": c, "month": back(JUNE, n), "opin": 0, "opout": 0, "first_on": back(JUNE, n)}
        for c in clients
        for n in range(history)
    ]
    monthly = {"months": frame(MONTHS, months), "categories": frame(CATEGORIES, categories)}
    made = shard({}, clients, monthly={**monthly, "counterparties": frame(PAID, counterparties)})
    result = supplies.measure(made).collect()
    expected = {"client_id": pl.String(), **{c.name: c.dtype for c in supplies.PANEL}}
    assert dict(result.schema) == expected | {"raw_material_months": pl.List(pl.Int64)}
    return result


def test_raw_material_by_month() -> None:
    rows = [bought(0, 5), bought(2, None), bought(3, 7), bought(19, 4), bought(25, 9)]
    rows += [bought(1, 9, category="rent"), bought(1, 9, direction="in"), bought(1, 9, client_id="d")]
    frame_ = measured(rows)
    assert frame_["raw_material_months"].to_list()[0] == [4, *[0] * 15, 7, None, 0, 5]
    assert measured(list(reversed(rows))).equals(frame_)
    assert measured()["raw_material_months"].to_list()[0] == [0] * 20
    assert measured(rows, history=0)["raw_material_months"].item() is None


def test_what_is_missing() -> None:
    year = [bought(n, 100) for n in range(3, 15)]
    assert measured([*year, bought(0, 50)])["raw_material_missing"].item() == 250
    assert measured([*year, bought(0, 500)])["raw_material_missing"].item() == -200
    assert measured([*year, bought(0, None)])["raw_material_missing"].item() is None
    assert measured(year[:6], history=9)["raw_material_missing"].item() == 300  # six months before are all there are
    assert measured(year, history=3)["raw_material_missing"].item() is None


def test_the_ten_largest_suppliers_of_the_year_before() -> None:
    """Ten suppliers fall to a half; an eleventh, smaller one and a tax office, which sells nothing, make up for it."""
    rows = [paid(n, f"s{i:02d}", 50 if n < 4 else 100) for i in range(10) for n in range(20)]
    rows += [paid(n, "small", 900 if n < 3 else 90) for n in range(20)]
    rows += [paid(n, "tax", 0, amount=10**6) for n in range(20)]
    rows += [paid(n, "refund", 500, direction="in") for n in range(20)]
    row = measured(counterparties=rows).row(0, named=True)
    base = (11 * 1000 + 500) / 12
    assert row["suppliers_r3_12"] == round(500 / base, 9)
    assert (row["suppliers_y3"], row["suppliers_decline"]) == (0.5, "A")
    assert row["suppliers_missing"] == round(3 * base - 1500)
    assert measured(counterparties=list(reversed(rows))).row(0, named=True) == row


def test_suppliers_unknown() -> None:
    assert measured()["suppliers_decline"].item() is None  # nobody
    rows = [paid(n, "s", 100) for n in range(20)]
    assert measured(counterparties=rows)["suppliers_decline"].item() == ""
    assert measured(counterparties=rows, history=8)["suppliers_decline"].item() is None
    assert (
        measured(counterparties=[*rows, paid(5, "q", None)])["suppliers_decline"].item() is None
    )  # q may be one of the ten


def test_a_plain_reading_of_random_months_agrees() -> None:
    dice = random.Random(7)
    clients = tuple(f"c{i:03d}" for i in range(150))
    rows = [
        bought(n, dice.randint(0, 99), client_id=client) for client in clients for n in range(22) if dice.random() < 0.7
    ]
    of = {(r["client_id"], r["month"]): r["amount"] for r in rows}
    for row in measured(dice.sample(rows, len(rows)), clients=clients).iter_rows(named=True):
        months = [of.get((row["client_id"], back(JUNE, n)), 0) for n in range(20)]
        assert row["raw_material_months"] == months[::-1]
        assert row["raw_material_missing"] == round(sum(months[3:15]) / 4 - sum(months[:3]))
