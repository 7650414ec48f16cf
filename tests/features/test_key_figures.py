"""Key figures that worsen month by month: of the return, of monthly statements."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.operating import month_end, of_rows, run
from tests.features.shards import Row, agrees, done
from transforms.features import key_figures

STATEMENT = {"statement_scope": pl.String, "statement_period_end": pl.Date}


def measured(
    rows: list[Row], filings: list[Row] = (), newest: date | None = None, clients: tuple[str, ...] = ("c",)
) -> pl.DataFrame:  # type: ignore[assignment]
    made = of_rows(rows, clients, statements=list(filings))
    made.done["statements"] = done(STATEMENT, {"statement_scope": "single", "statement_period_end": newest})  # type: ignore[index]
    result = key_figures.measure(made).collect()
    assert dict(result.schema) == {"client_id": pl.String(), **{c.name: c.dtype for c in key_figures.PANEL}}
    return result


RETURNS: dict[str, tuple[list[Row], bool | None]] = {
    "nothing": ([], None),
    "down by a tenth": (run("orders", [100, 98, 96, 94, 92, 90], 1), True),
    "down by less": (run("orders", [100, 98, 96, 94, 92, 90.1], 1), False),
    "down at last alone": (run("orders", [100, 100, 100, 100, 100, 50], 1), False),  # 5 of 15 pairs fall
    "up": (run("orders", [50, 60, 70, 80, 90, 100], 1), False),
    "tau of 0.6": (run("orders", [100, 90, 95, 80, 85, 80], 1), True),  # 12 pairs fall, 2 rise, a tie: 10 of 15
    "tau under 0.6": (run("orders", [100, 80, 95, 85, 90, 80], 1), False),  # 10 fall, 4 rise, a tie: 6 of 15
    "five months": (run("orders", [100, 90, 80, 70, 60], 1), None),
    "a month is missing": (run("orders", [100, 90, None, 80, 70, 60, 50][:6], 1), None),
    "stale": (run("orders", [100, 90, 80, 70, 60, 50], 2), None),
    "from nothing": (run("orders", [0, 0, 0, 0, 0, 0], 1), False),
}


@pytest.mark.parametrize("case", RETURNS)
def test_of_the_return(case: str) -> None:
    rows, expected = RETURNS[case]
    row = measured(rows).row(0, named=True)
    agrees(row, {"orders_worse": expected, "output_worse": None, "headcount_worse": None})
    renamed = [r | {"indicator": "headcount"} for r in reversed(rows)]
    assert measured(renamed)["headcount_worse"].item() == expected


def filing(months: int, **more: Any) -> Row:
    """A monthly statement: a turnover of 100 a month, a cost of 60, receivables and stock of 100."""
    end = month_end(months)
    base = {"party_id": "c", "period_end": end, "period_type": "M", "scope": "single", "version": 1, "currency": "CNY"}
    base |= {"months": end.month, "received_on": date(2015, 6, 20), "opinion": "none"}
    return (
        base | {"revenue": 100 * end.month, "cogs": 60 * end.month, "accounts_receivable": 100, "inventory": 100} | more
    )


HALF = [filing(n) for n in range(1, 19)]  # December 2013 to May 2015


def changed(**by_month: Any) -> list[Row]:
    """The filings with a line of the last six months changed, oldest first."""
    rows = [dict(row) for row in HALF]
    for name, values in by_month.items():
        for n, value in enumerate(values):
            rows[5 - n][name] = value
    return rows


RISING = [100, 102, 104, 106, 108, 110]
STATEMENTS: dict[str, tuple[list[Row], Row]] = {
    "level": (HALF, {"dso_worse": False, "dio_worse": False, "margin_worse": False}),
    "receivables rise": (changed(accounts_receivable=RISING), {"dso_worse": True, "dio_worse": False}),
    "they rise by less than a tenth": (changed(accounts_receivable=[100, 102, 104, 106, 108, 109]), {"dso_worse": False}),
    "stock rises": (changed(inventory=RISING), {"dso_worse": False, "dio_worse": True}),
    "stock falls": (changed(inventory=RISING[::-1]), {"dio_worse": False}),
    # December's cost is of a year, the others' of January to the month
    "the margin shrinks": (changed(cogs=[720, 61, 124, 189, 256, 325]), {"margin_worse": True}),  # 40, 39, 38, 37, 36, 35 %
    "a month is missing": ([row for row in HALF if row["period_end"] != month_end(3)], {"dso_worse": None, "margin_worse": None}),
    "in another scope": (changed(scope=["single"] * 5 + ["consolidated"]), {"dso_worse": None}),
    "a blank line": (changed(accounts_receivable=[100, None, 104, 106, 108, 110]), {"dso_worse": None, "dio_worse": False}),
}  # fmt: skip


@pytest.mark.parametrize("case", STATEMENTS)
def test_of_monthly_statements(case: str) -> None:
    filings, expected = STATEMENTS[case]
    agrees(measured([], filings, month_end(1)).row(0, named=True), expected)
    agrees(measured([], list(reversed(filings)), month_end(1)).row(0, named=True), expected)


def test_a_statement_over_a_month_late_says_nothing() -> None:
    assert measured([], HALF, month_end(2))["dso_worse"].item() is None
    assert measured([], HALF, None)["dso_worse"].item() is None


def test_twelve_months_fall_back_to_the_newest_full_year() -> None:
    """Without the months of 2014 receivables stand to the turnover of the full year 2014."""
    filings = [row for row in changed(accounts_receivable=RISING) if row["period_end"] >= month_end(6)]
    assert measured([], filings, month_end(1))["dso_worse"].item() is True
    no_year = [row if row["months"] < 12 else row | {"months": 11} for row in filings]
    assert measured([], no_year, month_end(1))["dso_worse"].item() is None


def test_a_plain_reading_of_random_months_agrees() -> None:
    dice = random.Random(9)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows, of = [], {}
    for client in clients:
        newest, slope = dice.choice([0, 1, 1, 2]), dice.choice([0, -3, -8])
        values = [None if dice.random() < 0.03 else max(0, 100 + slope * n + dice.randint(-12, 12)) for n in range(6)]
        rows += run("output_units", values, newest, client)
        of[client] = (newest, values)
    seen = {True: 0, False: 0, None: 0}
    for row in measured(rows, clients=clients).iter_rows(named=True):
        newest, values = of[row["client_id"]]
        says = None
        if newest < 2 and None not in values:
            falls = sum((b < a) - (b > a) for i, a in enumerate(values) for b in values[i + 1 :])
            says = round(falls / 15, 9) >= 0.6 and round(1 - values[5] / values[0], 9) >= 0.1
        assert row["output_worse"] == says
        seen[says] += 1
    assert min(seen.values()) > 10
