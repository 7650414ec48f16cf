"""Money from payers first seen in the last twelve full months."""

from datetime import date

import polars as pl
import pytest

from tests.features.shards import Row, done, frame, one, shard
from transforms.features import new_payers

COUNTERPARTIES = {
    "client_id": pl.String,
    "month": pl.Date,
    "direction": pl.String,
    "counterparty": pl.String,
    "amount": pl.Int64,
}


def paid(month: date, amount: int | None, payer: str = "p", direction: str = "in", client: str = "c") -> Row:
    return {"client_id": client, "month": month, "direction": direction, "counterparty": payer, "amount": amount}


FIRST, BEFORE, LAST = date(2014, 7, 1), date(2014, 6, 1), date(2015, 6, 1)  # T is 30 June 2015: June is full
CASES: dict[str, tuple[list[Row], int | None]] = {
    "nobody": ([], 0),
    "first seen in the first of the twelve": ([paid(FIRST, 5), paid(LAST, 7)], 12),
    "first seen a month earlier": ([paid(BEFORE, 1), paid(LAST, 7)], 0),
    "one old, two new": ([paid(BEFORE, 1), paid(LAST, 7), paid(LAST, 2, "q"), paid(FIRST, 3, "r")], 5),
    "money paid to somebody": ([paid(FIRST, 5, direction="out")], 0),
    "paid to before, paying now": ([paid(BEFORE, 5, direction="out"), paid(LAST, 7)], 7),
    "an amount unknown": ([paid(FIRST, None), paid(LAST, 7, "q")], None),
    "an old payer's amount unknown": ([paid(BEFORE, None), paid(LAST, 7, "q")], 7),
    "another client's": ([paid(LAST, 7, client="x"), paid(BEFORE, 1, "p", client="c"), paid(LAST, 2)], 0),
}


def measured(rows: list[Row], months: int | None = 12) -> int | None:
    before = {"transactions": done({"history_months": pl.Int64}, {"history_months": months})}
    made = shard({}, before=before, monthly={"counterparties": frame(COUNTERPARTIES, rows)})
    found: int | None = one(new_payers, made)["opin_new_payers_12"]
    return found


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: int | None) -> None:
    assert measured(rows) == expected
    assert measured(rows[::-1]) == expected


def test_a_history_of_less_than_twelve_months_is_unknown() -> None:
    assert measured([paid(LAST, 7)], 11) is None
    assert measured([paid(LAST, 7)], None) is None
