"""Floating loans, loans gone late, receipts from abroad: by hand, and a plain-Python reading of random books."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms import currency
from transforms.features import exposure
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
YEAR_AGO = date(2014, 6, 30)
SCHEMAS = {name: TABLES[name].schema for name in ("loans", "loan_status", "transactions", "series")}
RECENT = {
    "client_id": pl.String,
    "account_id": pl.String,
    "booked_on": pl.Date,
    "txn_id": pl.String,
    "direction": pl.String,
    "counted": pl.Boolean,
    "foreign": pl.Boolean,
    "amount": pl.Int64,
}
Row = dict[str, Any]


def loan(name: str = "l", rate_kind: str = "floating_lpr", client: str = "c", **more: Any) -> Row:
    row = {"loan_id": name, "client_id": client, "rate_kind": rate_kind, "currency": "CNY", "on_balance": True}
    return row | {"disbursed_on": date(2013, 1, 1)} | more


def state(outstanding: int, name: str = "l", on: date = date(2013, 1, 1), **more: Any) -> Row:
    row = {"loan_id": name, "as_of": on, "outstanding": outstanding, "state": "normal"}
    return row | {"overdue_principal": 0, "overdue_interest": 0} | more


def late(days: int, at: date = T, kind: str = "principal") -> Row:
    return {f"overdue_{kind}": 1, f"{kind}_overdue_since": at - timedelta(days=days)}


def paid(on: date, amount: int, currency: str = "CNY", name: str = "t", **more: Any) -> Row:
    return {"booked_on": on, "amount": amount, "currency": currency, "txn_id": name, "account_id": "a"} | more


def rate(on: date, value: float, subject: str = "EURCNY", published: date | None = None) -> Row:
    row = {"subject_kind": "fx", "subject_code": subject, "indicator": "mid_rate", "period_end": on, "value": value}
    return row | {"published_on": published or on}


def measured(
    loans: list[Row] = (),
    states: list[Row] = (),
    rows: list[Row] = (),
    rates: list[Row] = (),
    clients: tuple[str, ...] = ("c",),
    months: int | None = 12,
    without: tuple[str, ...] = (),
) -> pl.DataFrame:
    """The frame; `recent` is made from `rows` as the measure stage makes it: at home where there is a rate, else unknown."""
    tables = {"loans": loans, "loan_status": states, "transactions": rows, "series": rates}
    columns = {
        name: [{k: v for k, v in row.items() if k in SCHEMAS[name]} for row in data] for name, data in tables.items()
    }
    clean = {name: pl.LazyFrame(data, SCHEMAS[name]) for name, data in columns.items() if name not in without}
    home = currency.transactions(
        Night(T), clean["transactions"].with_row_index(), currency.rates(Night(T), clean.get("series"))
    )
    turned = home.collect().sort("index").to_dicts()
    settled = [
        {
            "client_id": "c",
            "direction": "in",
            "counted": True,
            **row,
            "amount": at_home["amount"] if at_home["currency"] == "CNY" else None,
            "foreign": row["currency"] != "CNY",
        }
        for row, at_home in zip(rows, turned, strict=True)
    ]
    ids = pl.LazyFrame({"client_id": clients}, {"client_id": pl.String})
    done = {"transactions": ids.with_columns(history_months=pl.lit(months, pl.Int64))}
    recent = pl.LazyFrame([{k: row.get(k) for k in RECENT} for row in settled], RECENT)
    return exposure.measure(Shard(Night(T), ids, clean, {"recent": recent}, done)).collect()


COUNTS = ["loans_with_balance", "loans_late_30", "loans_with_balance_year_ago", "loans_late_30_year_ago"]


@pytest.mark.parametrize(
    ("kind", "floating"), [("floating_lpr", 100), ("floating_other", 100), ("fixed", 0), ("none", 0)]
)
def test_floating(kind: str, floating: int) -> None:
    assert measured([loan(rate_kind=kind)], [state(100)])["floating_outstanding"].to_list() == [floating]


def test_floating_is_unknown_with_the_balance() -> None:
    both = [loan("a"), loan("b")]
    assert measured(both, [state(100, "a")])["floating_outstanding"].item() is None
    assert measured([loan("a"), loan("b", "fixed")], [state(100, "a")])["floating_outstanding"].item() == 100
    assert measured([loan(currency="EUR")], [state(100)])["floating_outstanding"].item() is None
    assert measured([loan(currency="EUR")], [state(0)])["floating_outstanding"].item() == 0
    assert measured()["floating_outstanding"].item() == 0


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        (late(30), (1, 1, 1, 0)),
        (late(29), (1, 0, 1, 0)),
        (late(30, kind="interest"), (1, 1, 1, 0)),
        (late(30) | {"overdue_principal": 0}, (1, 0, 1, 0)),
        (late(30, YEAR_AGO), (1, 1, 1, 1)),
        (late(29, YEAR_AGO), (1, 1, 1, 0)),
        ({"state": "settled"}, (0, 0, 0, 0)),
        ({"state": "transferred"}, (0, 0, 0, 0)),
        (late(400) | {"state": "written_off"}, (1, 1, 1, 1)),
    ],
)
def test_late_loans(more: Row, counts: tuple[int, ...]) -> None:
    assert measured([loan()], [state(100, **more)]).select(COUNTS).row(0) == counts


def test_the_newest_state_on_each_day() -> None:
    states = [
        state(100),
        state(50, on=YEAR_AGO, **late(40, YEAR_AGO)),
        state(0, on=T),
        state(9, on=T + timedelta(days=1)),
    ]
    assert measured([loan()], states).select(COUNTS).row(0) == (0, 0, 1, 1)
    assert measured([loan()], states[:1]).select(COUNTS).row(0) == (1, 0, 1, 0)
    later = loan(disbursed_on=YEAR_AGO + timedelta(days=1))
    assert measured([later], states[:1]).select(COUNTS).row(0) == (1, 0, 0, 0)


def test_without_the_tables_unknown_without_loans_nothing() -> None:
    assert measured(without=("loans", "loan_status")).select(COUNTS).row(0) == (None,) * 4
    assert measured().select(COUNTS).row(0) == (0,) * 4
    assert [(c.name, c.dtype) for c in exposure.PANEL] == list(measured().schema.items())[1:]


ABROAD = ["cross_border_12", "cross_border_share_12"]


def test_receipts_from_abroad_by_hand() -> None:
    """100.00 euro at 7.5 are 750.00 yuan, beside 2,250.00 at home: a quarter."""
    rows = [paid(T, 225_000, name="a"), paid(T, 10_000, "EUR", "b")]
    assert measured(rows=rows, rates=[rate(T, 7.5)]).select(ABROAD).row(0) == (75_000, 0.25)


@pytest.mark.parametrize(("days", "known"), [(0, True), (7, True), (8, False), (-1, False)])
def test_a_rate_is_good_for_seven_days(days: int, known: bool) -> None:
    day = date(2015, 5, 20)
    got = measured(rows=[paid(day, 100, "EUR")], rates=[rate(day - timedelta(days=days), 2.0)])
    assert got.select(ABROAD).row(0) == ((200, 1.0) if known else (None, None))


def test_half_to_even_revisions_and_other_pairs() -> None:
    def converted(amount: int, rates: list[Row]) -> int | None:
        return measured(rows=[paid(T, amount, "EUR")], rates=rates)["cross_border_12"].item()

    assert converted(1, [rate(T, 2.5)]) == 2
    assert converted(3, [rate(T, 2.5)]) == 8
    assert converted(10, [rate(T, 3.0, published=T), rate(T, 2.0, published=T - timedelta(days=1))]) == 30
    assert converted(10, [rate(T, 3.0, published=T + timedelta(days=1))]) is None
    assert converted(10, [rate(T, 3.0, "EURUSD"), rate(T, 3.0, "USDCNY")]) is None


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ({}, True),
        ({"booked_on": date(2014, 7, 1)}, True),
        ({"booked_on": YEAR_AGO}, False),
        ({"direction": "out"}, False),
        ({"counted": False}, False),
    ],
)
def test_twelve_full_months_of_turnover(more: Row, counted: bool) -> None:
    row = paid(T, 100, "EUR") | more
    rates = [rate(row["booked_on"], 1.0)]
    home = paid(T, 100, name="h")
    assert measured(rows=[row, home], rates=rates)["cross_border_12"].item() == (100 if counted else 0)


@pytest.mark.parametrize(("months", "share"), [(12, 0.0), (11, None), (None, None)])
def test_history_covers_the_year(months: int | None, share: float | None) -> None:
    for rows in ([], [paid(T, 100)]):
        assert measured(rows=rows, months=months)["cross_border_share_12"].item() == share


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(21)
    clients = tuple(f"c{i:03}" for i in range(200))
    days = [T, T - timedelta(days=1), date(2015, 1, 1), YEAR_AGO, YEAR_AGO - timedelta(days=1), date(2013, 6, 1)]
    loans, states = [], []
    for i in range(400):
        loans.append(
            loan(
                f"l{i}",
                rng.choice(["fixed", "floating_lpr", "none"]),
                rng.choice(clients),
                disbursed_on=rng.choice(days),
            )
        )
        for on in rng.sample(days, rng.randint(1, 3)):
            overdue = rng.choice([{}, late(rng.choice([0, 29, 30, 31]), on), late(31, on, "interest")])
            states.append(
                state(rng.choice([0, 100, 250]), f"l{i}", on, **overdue)
                | {"state": rng.choice(["normal", "normal", "overdue", "settled"])}
            )

    of_loan: dict[str, list[Row]] = {}
    for one in states:
        of_loan.setdefault(one["loan_id"], []).append(one)
    of_client: dict[str, list[Row]] = {}
    for one in loans:
        of_client.setdefault(one["client_id"], []).append(one)

    def book(client: str, day: date) -> list[tuple[Row, Row]]:
        pairs = []
        for one in of_client.get(client, []):
            known = [s for s in of_loan[one["loan_id"]] if s["as_of"] <= day]
            newest = max(known, key=lambda s: s["as_of"], default={"outstanding": None, "state": None})
            if one["disbursed_on"] <= day and newest["state"] != "settled":
                pairs.append((one, newest))
        return pairs

    def is_late(row: Row, day: date) -> bool:
        since = [row.get(f"{k}_overdue_since") for k in ("principal", "interest") if row.get(f"overdue_{k}")]
        return bool(row["outstanding"]) and any(s is not None and (day - s).days >= 30 for s in since)

    expected = []
    for client in clients:
        now, then = book(client, T), book(client, YEAR_AGO)
        amounts = [s["outstanding"] for one, s in now if one["rate_kind"] == "floating_lpr"]
        expected.append(
            (
                None if None in amounts else sum(amounts),
                *(
                    n
                    for day, pairs in ((T, now), (YEAR_AGO, then))
                    for n in (sum(bool(s["outstanding"]) for _, s in pairs), sum(is_late(s, day) for _, s in pairs))
                ),
            )
        )
    got = measured(loans, states, clients=clients).select("floating_outstanding", *COUNTS).rows()
    assert got == expected
    rng.shuffle(loans)
    rng.shuffle(states)
    assert measured(loans, states, clients=clients[::-1]).select("floating_outstanding", *COUNTS).rows() == got
