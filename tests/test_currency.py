"""Other currencies: converted row by row, half to even, with the rate known and at most seven days old; else unknown."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from tests.signals.cases import NIGHT
from transforms import currency

T = NIGHT.as_of
D = timedelta


def rate(on: date, value: float, code: str = "USDCNY", published: date | None = None, **more: Any) -> dict[str, Any]:
    told = {"subject_kind": "fx", "subject_code": code, "indicator": "mid_rate", "period_end": on}
    return {**told, "published_on": published or on, "value": value, **more}


def daily(*rows: dict[str, Any]) -> dict[tuple[str, date], float]:
    series = pl.DataFrame(rows, schema=TABLES["series"].schema).lazy()
    return {(row["currency"], row["day"]): row["rate"] for row in currency.rates(NIGHT, series).collect().to_dicts()}


def test_a_rate_holds_for_seven_days_or_until_the_next() -> None:
    found = daily(rate(T - D(20), 6.0), rate(T - D(10), 6.2), rate(T - D(7), 6.4))
    assert found["USD", T - D(20)] == found["USD", T - D(13)] == 6.0
    assert ("USD", T - D(12)) not in found
    assert found["USD", T - D(8)] == 6.2
    assert found["USD", T] == 6.4
    assert ("USD", T + D(1)) not in found


def test_the_latest_revision_known_counts() -> None:
    on = T - D(5)
    assert daily(rate(on, 6.0), rate(on, 6.1, published=T), rate(on, 6.2, published=T + D(1)))["USD", on] == 6.1


@pytest.mark.parametrize(
    "row",
    [
        rate(T, 1.2, code="EURUSD"),  # between two other currencies
        rate(T, 6.0, published=T + D(1)),
        rate(T, 6.0, subject_kind="macro"),
        rate(T, 6.0, indicator="policy_rate"),
    ],
)
def test_what_is_no_rate_to_the_home_currency(row: dict[str, Any]) -> None:
    assert daily(row) == {}


def test_no_series_no_rates() -> None:
    assert currency.rates(NIGHT, None).collect().height == 0


def booked(*rows: tuple[date, int, str]) -> list[tuple[Any, ...]]:
    frame = pl.DataFrame(
        [{"booked_on": on, "amount": amount, "currency": name, "balance_after": None} for on, amount, name in rows],
        schema={"booked_on": pl.Date, "amount": pl.Int64, "currency": pl.String, "balance_after": pl.Int64},
    )
    rates = pl.LazyFrame([("USD", T, 0.5), ("JPY", T, 0.05)], schema=currency.DAILY, orient="row")
    found = currency.transactions(NIGHT, frame.lazy().with_row_index(), rates).collect().sort("index")
    return found.select("amount", "currency", currency.DELIVERED).rows()


def test_transactions_row_by_row() -> None:
    assert booked((T, 101, "USD"), (T, 103, "USD"), (T, 7, "CNY"), (T - D(1), 9, "USD"), (T, 9, "GBP")) == [
        (50, "CNY", "USD"),  # 50.5: half to even
        (52, "CNY", "USD"),  # 51.5
        (7, "CNY", "CNY"),
        (9, "USD", "USD"),  # no rate of that day: unknown to every feature
        (9, "GBP", "GBP"),
    ]


def home(**tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
    rates = pl.LazyFrame([("USD", T, 6.0), ("USD", T - D(30), 5.0)], schema=currency.DAILY, orient="row")
    turned = currency.at_home(NIGHT, {name: frame.lazy().with_row_index() for name, frame in tables.items()}, rates)
    return {name: frame.collect().sort("index") for name, frame in turned.items()}


def test_a_loan_takes_the_rate_of_each_state() -> None:
    loans = pl.DataFrame(
        {
            "loan_id": ["L1", "L2"],
            "currency": ["USD", "CNY"],
            "disbursed_on": [T - D(30)] * 2,
            "principal": [100, 100],
            "rate": [0.05, 0.06],
        }
    )
    states = pl.DataFrame(
        {
            "loan_id": ["L1", "L1", "L1", "L2"], "as_of": [T - D(30), T - D(29), T, T], "outstanding": [100, 90, 80, 70],
            "overdue_principal": [0, 0, 10, 0], "overdue_interest": [0, 0, 0, 0],
        }
    )  # fmt: skip
    found = home(loans=loans, loan_status=states)
    assert found["loans"].select("currency", "principal").rows() == [("CNY", 500), ("CNY", 100)]
    assert found["loans"]["rate"].to_list() == [0.05, 0.06]  # a loan's interest is no exchange rate
    assert found["loan_status"].select("outstanding", "overdue_principal", "overdue_interest").rows() == [
        (500, 0, 0), (None, 0, 0), (480, 60, 0), (70, 0, 0),
    ]  # fmt: skip


def test_an_account_of_which_one_balance_has_no_rate_stays_unknown() -> None:
    accounts = pl.DataFrame({"account_id": ["A", "B"], "currency": ["USD", "USD"]})
    balances = pl.DataFrame({"account_id": ["A", "B", "B"], "date": [T, T, T - D(1)], "balance": [10, 20, 30]})
    found = home(accounts=accounts, balances=balances)
    assert found["accounts"]["currency"].to_list() == ["CNY", "USD"]
    assert found["balances"]["balance"].to_list() == [60, 120, 30]


def test_statements_and_lines_of_credit() -> None:
    schema = TABLES["statements"].schema
    filed = pl.DataFrame(
        [
            {**dict.fromkeys(schema), "period_end": on, "currency": "USD", "revenue": 7, "version": 1, "months": 12}
            for on in (T, T - D(1))
        ],
        schema=schema,
    )
    limits = pl.DataFrame({"valid_from": [T, T - D(1)], "currency": ["USD"] * 2, "limit_amount": [5, 5]})
    found = home(statements=filed, facilities=limits)
    assert found["statements"].select("revenue", "currency", "version", "months").rows() == [
        (42, "CNY", 1, 12),
        (7, "USD", 1, 12),
    ]
    assert found["facilities"].select("limit_amount", "currency").rows() == [(30, "CNY"), (5, "USD")]
