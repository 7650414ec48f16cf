"""Pay beside the average wage, and travel and entertainment: which wage, how fresh, which months."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import CATEGORIES, Row, ago, agrees, done, frame, measured, one, shard
from transforms.features import pay

CELL = {"industry_code": pl.String, "region_code": pl.String}
PUBLISHED = ago(60)
MINE = {"industry_code": "C3516", "region_code": "440305"}


def wage(
    code: str, value: float = 60_000.0, end: date = date(2014, 12, 31), published: date = PUBLISHED, **more: Any
) -> Row:
    return {
        "subject_kind": "industry_region", "subject_code": code, "indicator": "avg_wage_industry", "period_end": end,
        "published_on": published, "value": value,
    } | more  # fmt: skip


def spent(month: date, amount: int | None = 5, **more: Any) -> Row:
    return {
        "client_id": "c", "month": month, "direction": "out", "category": "travel_entertainment", "amount": amount,
    } | more  # fmt: skip


def made(
    rows: list[Row], payroll: int | None = 1_000_000_00, heads: int | None = 10, cell: Row = MINE,
    months: list[Row] | None = None, history: int | None = 40,
) -> Row:  # fmt: skip
    before = {
        "identity": done(CELL, cell),
        "statements": done({"payroll_ttm": pl.Int64}, {"payroll_ttm": payroll}),
        "headcount": done({"headcount": pl.Int64}, {"headcount": heads}),
        "transactions": done({"history_months": pl.Int64}, {"history_months": history}),
    }
    return one(pay, shard({"series": rows}, before=before, monthly={"categories": frame(CATEGORIES, months or [])}))


WAGES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], {"average_wage": None, "payroll_excess": None, "pay_per_head": 100_000_00}),
    "its own": (
        [wage("C3516@440305")],
        {"average_wage": 60_000_00, "average_wage_on": date(2014, 12, 31), "payroll_excess": 400_000_00,
         "average_wage_key": f"series:industry_region|C3516@440305|avg_wage_industry|2014-12-31|{ago(60)}"},
    ),
    "the longest prefix": ([wage("C@440305", 1.0), wage("C35@440305", 2.0)], {"average_wage": 200}),
    "the city, then the province": ([wage("C3516@440000", 1.0), wage("C3516@440300", 2.0)], {"average_wage": 200}),
    "the province": ([wage("C3516@440000", 1.0)], {"average_wage": 100}),
    "the industry goes before the region": ([wage("C@440305", 1.0), wage("C35@440000", 2.0)], {"average_wage": 200}),
    "another industry or region": ([wage("C3517@440305"), wage("C3516@440306"), wage("C3516@110000")], {"average_wage": None}),
    "the newest year": ([wage("C3516@440305", 1.0), wage("C3516@440305", 2.0, date(2013, 12, 31))], {"average_wage": 100}),
    "the latest revision": (
        [wage("C3516@440305", 1.0), wage("C3516@440305", 3.0, published=ago(2)), wage("C3516@440305", 9.0, published=ago(-1))],
        {"average_wage": 300},
    ),
    "550 days": ([wage("C3516@440305", 1.0, ago(550))], {"average_wage": 100}),
    "551 days": ([wage("C3516@440305", 1.0, ago(551))], {"average_wage": None}),
    "another indicator": ([wage("C3516@440305", indicator="investment_climate")], {"average_wage": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", WAGES)
def test_wage(name: str) -> None:
    rows, expected = WAGES[name]
    for order in (rows, rows[::-1]):
        agrees(made(order), expected)


def test_pay_needs_payroll_and_heads() -> None:
    rows = [wage("C3516@440305")]
    agrees(made(rows, payroll=None), {"pay_per_head": None, "payroll_excess": None, "average_wage": 60_000_00})
    agrees(made(rows, heads=None), {"pay_per_head": None, "payroll_excess": None})
    agrees(made(rows, heads=0), {"pay_per_head": None})
    agrees(made(rows, cell={}), {"average_wage": None})
    agrees(made(rows, payroll=500_000_00), {"payroll_excess": -100_000_00})


def test_entertainment_of_twelve_full_months() -> None:
    agrees(made([]), {"entertainment_12": 0})
    agrees(
        made([], months=[spent(date(2014, 7, 1)), spent(date(2015, 6, 1)), spent(date(2014, 6, 1))]),
        {"entertainment_12": 10},
    )
    agrees(
        made([], months=[spent(date(2015, 6, 1), direction="in"), spent(date(2015, 6, 1), category="rent")]),
        {"entertainment_12": 0},
    )
    agrees(made([], months=[spent(date(2015, 6, 1), None)]), {"entertainment_12": None})
    agrees(made([], history=12), {"entertainment_12": 0})
    agrees(made([], history=11), {"entertainment_12": None})
    agrees(made([], history=None), {"entertainment_12": None})


def test_against_plain_python() -> None:
    rng = random.Random(13)
    clients = [f"c{k:03d}" for k in range(200)]
    industries, regions = ("C3516", "C3517", "C26", "F51"), ("440305", "440306", "110101")
    who = {
        c: {"client_id": c, "industry_code": rng.choice(industries), "region_code": rng.choice(regions)}
        for c in clients
    }
    codes = [f"{i}@{r}" for i in ("C3516", "C35", "C", "F") for r in ("440305", "440300", "440000", "110000")]
    values = {code: float(n) for n, code in enumerate(codes) if rng.random() < 0.6}
    before = {
        "identity": done(CELL, *who.values()),
        "statements": done({"payroll_ttm": pl.Int64}, *({"client_id": c, "payroll_ttm": 100_000} for c in clients)),
        "headcount": done({"headcount": pl.Int64}, *({"client_id": c, "headcount": 3} for c in clients)),
        "transactions": done({"history_months": pl.Int64}, *({"client_id": c, "history_months": 1} for c in clients)),
    }
    rows = [wage(code, value) for code, value in values.items()]
    result = measured(pay, shard({"series": rows}, clients, before, {"categories": frame(CATEGORIES, [])}))
    for row in result.iter_rows(named=True):
        code, region = who[row["client_id"]]["industry_code"], who[row["client_id"]]["region_code"]
        near = [
            f"{code[:n]}@{place}"
            for n in range(len(code), 0, -1)
            for place in (region, region[:4] + "00", region[:2] + "0000")
        ]
        found = next((values[c] for c in near if c in values), None)
        assert row["average_wage"] == (None if found is None else found * 100)
        assert row["payroll_excess"] == (None if found is None else 100_000 - 3 * found * 100)
