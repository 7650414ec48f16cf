"""Stock: steps within a quarter and a month, the season's, stocktakes, the drift of sales from output."""

import random
from datetime import date
from statistics import mean, stdev
from typing import Any

import polars as pl
import pytest

from tests.features.operating import filed, month_end, run, with_returns
from tests.features.shards import Row, T, agrees, done, shard
from transforms.features import stock
from transforms.shard import Shard


def filing(end: date, inventory: int | None, **more: Any) -> Row:
    base = {"party_id": "c", "period_end": end, "period_type": "Q", "scope": "single", "version": 1, "currency": "CNY"}
    base |= {"months": end.month, "received_on": date(2015, 6, 1), "opinion": "none", "inventory": inventory}
    return base | more


def made(filings: list[Row], rows: list[Row], clients: tuple[str, ...]) -> Shard:
    """With the statement of the newest period end the filings have, in its scope."""
    seen = [f["period_end"] for f in filings if f["received_on"] <= T]
    newest = (
        {"statement_period_end": max(seen), "statement_scope": max(filings, key=lambda f: f["period_end"])["scope"]}
        if seen
        else {}
    )
    known = {"statement_scope": pl.String, "statement_period_end": pl.Date, "statement_stale": pl.Boolean}
    stale = max(seen) < date(2014, 2, 28) if seen else None
    filed_ = done(known, newest | {"statement_stale": stale})
    return with_returns(shard({"series": rows, "statements": filings}, clients), statements=filed_)


def measured(filings: list[Row] = (), rows: list[Row] = (), clients: tuple[str, ...] = ("c",)) -> pl.DataFrame:  # type: ignore[assignment]
    frame = stock.measure(made(list(filings), list(rows), clients)).collect()
    expected = {"client_id": pl.String(), **{column.name: column.dtype for column in stock.PANEL}}
    assert dict(frame.schema) == expected
    return frame


MARCH, DECEMBER = date(2015, 3, 31), date(2014, 12, 31)
NOW = [filing(MARCH, 130), filing(DECEMBER, 100)]


def year(back: int, now: int, before: int) -> list[Row]:
    return [filing(date(2015 - back, 3, 31), now), filing(date(2014 - back, 12, 31), before)]


SEASON = [*year(1, 120, 100), *year(2, 110, 100), *year(3, 150, 100)]
QUARTERS: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"inventory_step": None, "inventory_previous": None, "inventory_previous_on": None}),
    "the quarter before": (
        NOW,
        {
            "inventory_step": 0.3, "inventory_step_usual": None, "inventory_previous": 100, "inventory_previous_on": DECEMBER,
            "inventory_previous_key": "statements:c|2014-12-31|Q|single|1",
        },
    ),
    "the quarter before was not filed": (
        [filing(MARCH, 130), filing(date(2014, 9, 30), 100)], {"inventory_step": None, "inventory_previous_on": None}
    ),
    "in another scope": ([filing(MARCH, 130), filing(DECEMBER, 100, scope="consolidated")], {"inventory_step": None}),
    "the annual one counts": ([*NOW, filing(DECEMBER, 104, period_type="Y")], {"inventory_step": 0.25}),
    "the newest version counts": ([*NOW, filing(DECEMBER, 104, version=2)], {"inventory_step": 0.25}),
    "a version after T": ([*NOW, filing(DECEMBER, 104, version=2, received_on=date(2015, 7, 1))], {"inventory_step": 0.3}),
    "from nothing": ([filing(MARCH, 130), filing(DECEMBER, 0)], {"inventory_step": None, "inventory_previous": 0}),
    "blank": ([filing(MARCH, None), filing(DECEMBER, 100)], {"inventory_step": None}),
    "the season": ([*NOW, *SEASON], {"inventory_step": 0.3, "inventory_step_usual": 0.2}),
    "a season of two years": ([*NOW, *SEASON[:4]], {"inventory_step": 0.3, "inventory_step_usual": None}),
    "stale": ([filing(date(2014, 1, 31), 130), filing(date(2013, 10, 31), 100)], {"inventory_step": None}),
}  # fmt: skip


@pytest.mark.parametrize("case", QUARTERS)
def test_quarters(case: str) -> None:
    filings, expected = QUARTERS[case]
    frame = measured(filings)
    agrees(frame.row(0, named=True), expected)
    assert measured(list(reversed(filings))).equals(frame)


UNITS: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"inventory_units_step": None, "shipments_3": None, "inventory_units_previous": None}),
    "the month before": (run("inventory_units", [100, 130], 1), {"inventory_units_step": 0.3, "inventory_units_previous": 100.0}),
    "a stale month": (run("inventory_units", [100, 130], 2), {"inventory_units_step": None, "inventory_units_previous": None}),
    "the season": (
        [
            *run("inventory_units", [100, 130], 1), *run("inventory_units", [100, 120], 13),
            *run("inventory_units", [100, 90], 25), *run("inventory_units", [100, 140], 37),
        ],
        {"inventory_units_step": 0.3, "inventory_units_step_usual": 0.2},
    ),
    "shipments up to the same month": (
        [*run("inventory_units", [9], 1), *run("shipments", [1, 2, 3, 4], 0)], {"shipments_3": 6.0}
    ),
    "a month of shipments is missing": (
        [*run("inventory_units", [9], 1), *run("shipments", [1, None, 3], 1)], {"shipments_3": None}
    ),
    "a stocktake 365 days old": (
        [filed("stocktake_variance", 12, 0.07)],
        {"stocktake_variance": 0.07, "stocktake_on": date(2014, 6, 30), "stocktake_key": "series:client|c|stocktake_variance|2014-06-30|2014-07-12"},
    ),
    "an older one": ([filed("stocktake_variance", 12, 0.07, period_end=date(2014, 6, 29))], {"stocktake_variance": None}),
    "the newest": ([filed("stocktake_variance", 8, 0.01), filed("stocktake_variance", 2, 0.02)], {"stocktake_variance": 0.02}),
}  # fmt: skip


@pytest.mark.parametrize("case", UNITS)
def test_units(case: str) -> None:
    rows, expected = UNITS[case]
    agrees(measured([], rows).row(0, named=True), expected)


def test_a_plain_reading_of_the_variation_agrees() -> None:
    dice = random.Random(2)
    clients = tuple(f"c{i:03d}" for i in range(150))
    rows, of = [], {}
    for client in clients:
        for name in ("shipments", "output_units"):
            newest = dice.choice([0, 0, 1, 1, 1, 2])
            values = [
                None if dice.random() < 0.02 else dice.choice([dice.randint(0, 9), *[dice.randint(50, 90)] * 60])
                for _ in range(20)
            ]
            rows += run(name, values, newest, client)
            of[client, name] = {newest + 19 - n: v for n, v in enumerate(values) if v is not None}
    known = 0
    for row in measured([], rows, clients).iter_rows(named=True):
        sold, made_ = (of[row["client_id"], name] for name in ("shipments", "output_units"))
        newest = max(min(sold), min(made_))
        for column, first, length in (("sales_variation_6", 0, 6), ("sales_variation_12", 6, 12)):
            months = range(newest + first, newest + first + length)
            says = None
            if newest <= 1 and all(m in sold and made_.get(m) for m in months):
                ratios = [sold[m] / made_[m] for m in months]
                says = stdev(ratios) / mean(ratios)
            assert row[column] == (None if says is None else pytest.approx(says, abs=1e-9))
            known += says is not None
    assert 50 < known < 250
    assert month_end(0) == date(2015, 6, 30)
