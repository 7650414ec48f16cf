"""Does the plant run: output, stops, payments of a running plant."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl
import pytest

from tests.features.happenings import event
from tests.features.operating import run, with_returns
from tests.features.shards import MONTHS, RECENT, Row, T, ago, agrees, done, frame, shard
from transforms.features import production

STATEMENT = {"statement_period_end": pl.Date, "statement_stale": pl.Boolean}


def stop(age: int, until: int | None = None, subtype: str = "no_orders", name: str = "e", **more: Any) -> Row:
    """From `age` days ago to `until` days ago; None: not ended."""
    return event("shutdown", subtype, age, name, **{"ends_on": None if until is None else ago(until), **more})


def payment(age: int, category: str = "utility", amount: int | None = 1, client: str = "c", **more: Any) -> Row:
    row = {"client_id": client, "booked_on": ago(age), "direction": "out", "category": category, "amount": amount}
    return row | {"counted": True} | more


def measured(
    series: Sequence[Row] = (),
    stops: Sequence[Row] = (),
    recent: Sequence[Row] = (),
    first: int = 900,
    clients: tuple[str, ...] = ("c",),
    kinds: tuple[str, ...] = ("shutdown",),
    ended: date | None = None,
) -> pl.DataFrame:
    first_on = [{"client_id": c, "month": date(2013, 1, 1), "first_on": ago(first)} for c in clients]
    monthly = {"months": frame(MONTHS, first_on), "recent": frame(RECENT, recent)}
    tables = {"series": series, "events": stops, "transactions": []}
    made = shard(tables, clients, monthly=monthly, kinds={"events": kinds})
    filed = done(STATEMENT, {"statement_period_end": ended, "statement_stale": False})
    result = production.measure(with_returns(made, statements=filed)).collect()
    assert dict(result.schema) == {"client_id": pl.String(), **{c.name: c.dtype for c in production.PANEL}}
    return result


def one(**given: Any) -> Row:
    return measured(**given).row(0, named=True)


def test_the_median_of_twelve_months() -> None:
    assert one(series=run("output_units", [*range(1, 13), 99], 1))["output_median_12"] == 6.5
    assert one(series=run("output_units", [*range(1, 12), 99], 1))["output_median_12"] is None  # eleven before
    assert one(series=run("output_units", [1, None, *range(3, 13), 99], 1))["output_median_12"] is None
    assert one(series=run("output_units", [*range(1, 13), 99], 2))["output_median_12"] is None  # stale


def test_output_up_to_the_statements_period_end() -> None:
    series = run("output_units", [*[1] * 12, *[2] * 12, *[9] * 6], 0)  # January 2013 to June 2015
    row = one(series=series, ended=date(2014, 12, 31))
    assert (row["output_12"], row["output_12_year_ago"]) == (24.0, 12.0)
    assert one(series=series, ended=date(2014, 11, 30))["output_12_year_ago"] is None  # eleven months filed
    assert one(series=series)["output_12"] is None


WINDOW: dict[str, tuple[list[Row], tuple[bool, bool]]] = {
    "none": ([], (False, False)),
    "in May": ([stop(40, 35, "seasonal")], (True, True)),
    "its last day was the first of May": ([stop(70, 59, "holiday")], (True, False)),
    "it ended with April": ([stop(70, 60, "holiday")], (False, False)),
    "in June": ([stop(20, 10, "planned_maintenance")], (False, True)),
    "from 31 May": ([stop(30, None, "planned_maintenance")], (True, True)),
    "for no orders": ([stop(40, 35)], (False, False)),
    "recorded after T": ([stop(40, 35, "seasonal", recorded_on=date(2015, 7, 1))], (False, False)),
    "somebody else's": ([stop(40, 35, "seasonal", party_id="d")], (False, False)),
}


@pytest.mark.parametrize("case", WINDOW)
def test_planned_stops(case: str) -> None:
    rows, expected = WINDOW[case]
    row = one(series=run("output_units", [1], 1), stops=rows)
    assert (row["output_planned_stop"], row["outflow_planned_stop"]) == expected
    assert row["stops_reported"] is True


def test_sixty_days_are_exact() -> None:
    assert one(stops=[stop(100, 59, "seasonal")])["outflow_planned_stop"] is False  # stood still up to 60 days ago
    assert one(stops=[stop(100, 58, "seasonal")])["outflow_planned_stop"] is True


STOPS: dict[str, tuple[dict[str, Any], float | None]] = {
    "nothing known": ({}, None),
    "a fresh return without downtime": ({"series": run("downtime_days", [0, 0], 1)}, 0.0),
    "a stale return": ({"series": run("downtime_days", [30], 2)}, None),
    "thirty days": ({"stops": [stop(60, 30)]}, 30.0),
    "not ended": ({"stops": [stop(31)]}, 31.0),
    "to end after T": ({"stops": [stop(31, -9)]}, 31.0),
    "two that overlap": ({"stops": [stop(60, 30, name="a"), stop(50, 20, name="b")]}, 40.0),
    "months in a row add up": ({"stops": [stop(60, 50, name="a"), stop(25, 10, name="b")]}, 25.0),  # 1-11 May, 5-20 June
    "a month between": ({"stops": [stop(85, 75, name="a"), stop(25, 10, name="b")]}, 15.0),  # April, June
    "planned": ({"stops": [stop(60, 20, "seasonal")]}, 0.0),
    "ended 365 days ago": ({"stops": [stop(395, 365)]}, 30.0),
    "ended before": ({"stops": [stop(396, 366)]}, None),
    "the return's days": ({"series": run("downtime_days", [12, 18], 1)}, 30.0),
    "the return's days, broken off": ({"series": run("downtime_days", [12, 0, 18], 1)}, 18.0),
    "the return's days of a planned stop": ({"series": run("downtime_days", [12, 18], 1), "stops": [stop(60, 45, "holiday")]}, 12.0),
    "the stop on record, not the return": ({"series": run("downtime_days", [31], 1), "stops": [stop(60, 50)]}, 10.0),
    "a year of the return": ({"series": run("downtime_days", [20, *[1] * 12], 1)}, 12.0),
}  # fmt: skip


@pytest.mark.parametrize("case", STOPS)
def test_stopped_days(case: str) -> None:
    given, expected = STOPS[case]
    assert one(**given)["stopped_days"] == expected
    mirrored = {name: list(reversed(rows)) for name, rows in given.items()}
    assert one(**mirrored)["stopped_days"] == expected


def test_shutdowns_not_connected() -> None:
    row = one(kinds=(), series=run("downtime_days", [12, 18], 1))
    agrees(row, {"stopped_days": 30.0, "stops_reported": None, "output_planned_stop": None, "stop_keys": None})


def test_windows_of_sixty_days() -> None:
    rows = [
        payment(0, amount=7),
        payment(59, "payroll", 3),
        *(payment(60 * n, "raw_material", 10 * n) for n in range(1, 7)),
    ]
    rows += [
        payment(5, "sales", 99),
        payment(5, amount=99, direction="in"),
        payment(5, amount=99, counted=False),
        payment(420, amount=9),
    ]
    row = one(recent=rows)
    assert (row["running_60"], row["running_60_median"]) == (10, 35)
    assert one(recent=rows, first=419)["running_60"] == 10
    assert one(recent=rows, first=418)["running_60"] is None
    abroad = [*rows, payment(100, amount=None)]
    assert (one(recent=abroad)["running_60"], one(recent=abroad)["running_60_median"]) == (10, None)
    nothing = one(recent=[])
    assert (nothing["running_60"], nothing["running_60_median"]) == (0, 0)


def test_forty_five_days() -> None:
    rows = [payment(44), payment(45), payment(0, "raw_material"), payment(45, "raw_material"), payment(3, "rent")]
    begin = (T - date(2014, 11, 16)).days  # six months before 16 May
    rows += [payment(begin), payment(begin + 1)]
    expected = {"utility_45": 1, "raw_material_45": 1, "utility_before": 2, "raw_material_before": 1}
    agrees(one(recent=rows), expected)
    agrees(one(recent=rows, first=begin), expected)
    agrees(one(recent=rows, first=begin - 1), dict.fromkeys(expected))


def longest(stops: list[Row]) -> float | None:
    """The largest sum of unplanned days over consecutive months, None without a stop in 365 days."""
    ended = [(r, min(r["ends_on"] or T, T)) for r in stops]
    ended = [(r, end) for r, end in ended if end >= ago(365)]
    days = {
        r["happened_on"] + timedelta(days=n)
        for r, end in ended
        if r["subtype"] != "holiday"
        for n in range((end - r["happened_on"]).days)
    }
    sums = [
        sum((d.year, d.month) == (year, month) for d in days) for year in range(2013, 2016) for month in range(1, 13)
    ]
    best = here = 0
    for days_of_month in sums:
        here = here + days_of_month if days_of_month else 0
        best = max(best, here)
    return float(best) if ended else None


def windows(payments: list[Row]) -> list[int]:
    sums = [0] * 8
    for r in payments:
        sums[(T - r["booked_on"]).days // 60] += r["amount"] if r["category"] != "rent" else 0
    return sums[:7]


def test_a_plain_reading_of_random_clients_agrees() -> None:
    dice = random.Random(6)
    clients = tuple(f"c{i:03d}" for i in range(120))
    recent, stops = [], []
    for client in clients:
        for _ in range(dice.randint(0, 60)):
            category = dice.choice(["utility", "raw_material", "payroll", "rent"])
            recent.append(payment(dice.randint(0, 450), category, dice.randint(1, 9), client))
        for n in range(dice.choice([0, 0, 1, 2, 3])):
            begin = dice.randint(0, 420)
            end = None if dice.random() < 0.2 else begin - dice.randint(0, 60)
            subtype = dice.choice(["no_orders", "dispute", "holiday"])
            stops.append(stop(begin, end, subtype, f"{client}{n}", party_id=client))
    for row in measured(stops=stops, recent=recent, clients=clients).iter_rows(named=True):
        mine = [r for r in recent if r["client_id"] == row["client_id"]]
        newest, *before = windows(mine)
        assert row["running_60"] == newest
        assert abs(row["running_60_median"] - median(before)) <= 0.5  # a whole amount
        assert row["utility_45"] == sum(r["category"] == "utility" and r["booked_on"] > ago(45) for r in mine)
        assert row["stopped_days"] == longest([r for r in stops if r["party_id"] == row["client_id"]])
