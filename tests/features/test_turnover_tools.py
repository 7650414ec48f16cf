"""The tools on turnover other modules use: own transfers a month, windows of days, trends of any sum."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.settled import began, got, paid, settled
from tests.features.shards import Row, ago, agrees, done
from tests.reference import back, windows
from transforms.features import transactions
from transforms.night import Night

SUMS = {"client_id": pl.String, "month": pl.Date, "x": pl.Int64}


def elsewhere(rows: list[Row]) -> pl.DataFrame:
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    named = [{"party_id": "c", "name": "Own Ltd"}]
    return settled(numbered, {"parties": named}).monthly["own_transfers"].collect()


def own(age: int, amount: int = 100, **more: Any) -> Row:
    return paid(age, amount, **({"counterparty_name": "OWN LTD", "counterparty_bank": "104"} | more))


def test_own_transfers_a_month() -> None:
    rows = [own(0, 5), own(29, 7), own(30, 9), own(3, 1, direction="in"), own(2, 2, counterparty_account="x")]
    frame = elsewhere(rows)
    assert frame.columns == ["client_id", "month", "direction", "bank", "account", "amount", "rows", "first_on"]
    june, may = date(2015, 6, 1), date(2015, 5, 1)
    assert frame.rows() == [
        ("c", may, "out", "104", None, 9, 1, ago(30)),
        ("c", june, "in", "104", None, 1, 1, ago(3)),
        ("c", june, "out", "104", None, 12, 2, ago(29)),
        ("c", june, "out", "104", "x", 2, 1, ago(2)),
    ]


@pytest.mark.parametrize(
    "row",
    [
        own(1, counterparty_bank=None),
        own(1, counterparty_account="a"),
        own(1, status="returned"),
        own(1, counterparty_name="Other"),
        own(-1),
    ],
)
def test_what_is_no_transfer_elsewhere(row: Row) -> None:
    assert elsewhere([row]).height == 0


def test_a_transfer_in_another_currency_has_no_amount() -> None:
    assert elsewhere([own(1, currency="USD")])["amount"].to_list() == [None]


def test_days_by_hand() -> None:
    rows = [began(), got(89, 1), got(90, 2), paid(0, 4), paid(5, 8, category="loan"), got(4, 16, status="failed")]
    made = settled([row | {"txn_id": str(i)} for i, row in enumerate(rows)])
    agrees(transactions.days(made, 90).collect().row(0, named=True), {"opin": 1, "opout": 4})
    young = settled([got(88)])
    agrees(transactions.days(young, 90).collect().row(0, named=True), {"opin": None, "opout": None})


def test_over_days_fills_only_whole_windows() -> None:
    rows = [got(90, account_id="xa"), got(89, account_id="ya"), got(90, account_id="za", txn_id="z")]
    made = settled(rows, clients=["u", "x", "y", "z"])
    found = done(
        {"n": pl.Int64, "flag": pl.Boolean, "keys": pl.List(pl.String)},
        {"client_id": "x", "n": 2, "flag": True, "keys": ["k"]},
    )
    frame = transactions.over_days(made, 90, found).collect()
    assert frame.rows() == [
        ("u", None, None, None), ("x", 2, True, ["k"]), ("y", None, None, None), ("z", 0, False, []),
    ]  # fmt: skip


@pytest.mark.parametrize("as_of", [date(2024, 4, 30), date(2024, 2, 29), date(2023, 3, 31), date(2024, 6, 10)])
def test_trends_against_plain_python(as_of: date) -> None:
    rng = random.Random(as_of.toordinal())
    night = Night(as_of)
    last = night.last_full_month
    rows: list[Row] = []
    covered: list[Row] = []
    lengths: dict[str, int] = {}
    for i in range(60):
        client = f"c{i:02}"
        lengths[client] = rng.choice([2, 3, 14, 15, 17, 36])
        for n in range(lengths[client]):
            covered.append({"client_id": client, "month": back(last, n)})
        for n in range(36):
            if rng.random() < 0.6:
                rows.append(
                    {"client_id": client, "month": back(last, n), "x": rng.choice([None] + [rng.randint(0, 9)] * 40)}
                )
    rng.shuffle(rows)
    given = pl.LazyFrame(covered, schema={"client_id": pl.String, "month": pl.Date})
    frame = transactions.trends(night, given, pl.LazyFrame(rows, schema=SUMS), "x").collect()
    assert frame["client_id"].to_list() == sorted(lengths)
    now, then = windows(last)
    for result in frame.iter_rows(named=True):
        values = {r["month"]: r["x"] for r in rows if r["client_id"] == result["client_id"]}
        oldest = back(last, lengths[result["client_id"]] - 1)

        def total(months: list[date], values: Any = values, oldest: date = oldest) -> int | None:
            if min(months) < oldest or any(m in values and values[m] is None for m in months):
                return None
            return sum(values.get(m, 0) for m in months)

        three, twelve = total([back(last, n) for n in range(3)]), total([back(last, n) for n in range(3, 15)])
        known = three is not None and twelve
        assert result["x_3"] == three
        assert result["x_r3_12"] == (pytest.approx(three / 3 / (twelve / 12), abs=1e-8) if known else None)
        year, before = total(now), total(then)
        assert result["x_y3"] == (pytest.approx(year / before, abs=1e-8) if year is not None and before else None)


def test_covered_months() -> None:
    made = settled([got(75)])  # 16 April 2015: May is the first full month
    assert transactions.covered(made).collect()["month"].to_list() == [date(2015, 5, 1), date(2015, 6, 1)]
