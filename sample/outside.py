"""Simulated series: the economy, industries, regions, clients' monthly returns, exchange rates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.flows import level
from sample.timeline import FIRST, LAST, MONTH_ENDS
from sample.world import CELLS, REGIONS, Client, growth

Row = dict[str, Any]
SINCE = date(2011, 1, 1)  # published series reach further back than the books
FIRSTS = [date(year, month, 1) for year in range(SINCE.year, LAST.year + 1) for month in range(1, 13)]
ENDS = [first - timedelta(days=1) for first in FIRSTS[1:] if first - timedelta(days=1) <= LAST]
QUARTERS = [day for day in ENDS if day.month in (3, 6, 9, 12)]
YEARS = [day for day in ENDS if day.month == 12]
# indicator → (usual value, how much it sways), monthly or by quarter as the register says
MACRO = {"gdp_yoy": (0.024, 0.004, QUARTERS, 30), "pmi": (52.0, 1.2, ENDS, 3)}
INDUSTRY = {"ppi_yoy": (0.01, 0.01, ENDS, 10), "capacity_utilisation": (0.78, 0.015, QUARTERS, 25)}
# indicator → item of the real file whose median growth it follows
FOLLOWS = {"revenue_yoy": "net_sales", "profit_yoy": "ebit", "finished_goods_inventory_yoy": "inventory"}
WIDEST, STIRS, FOLLOWS_AFTER = 0.3, 0.003, 27  # a median beyond that is cut off; how much months sway; days to publish
REGION = {
    "gdp_yoy": (0.03, 0.005, QUARTERS, 35), "fixed_investment_yoy": (0.06, 0.03, ENDS, 20),
    "new_firms_yoy": (0.04, 0.03, QUARTERS, 30), "bankruptcy_filings_yoy": (0.02, 0.08, QUARTERS, 30),
}  # fmt: skip
CELL = {
    "avg_wage_industry": (62_000.0, 1_500.0, YEARS, 120), "technology_disruption": (2.0, 0.0, QUARTERS, 20),
    "investment_climate": (4.0, 0.0, QUARTERS, 20),
}  # fmt: skip
RETURNS = {
    "output_units": (10_000.0, 500.0), "capacity_units": (13_000.0, 0.0), "orders": (4_000_000.0, 300_000.0),
    "shipments": (9_900.0, 500.0), "inventory_units": (8_000.0, 400.0), "raw_material_purchases": (1_500_000.0, 90_000.0),
    "product_price_index": (100.0, 0.8), "active_products": (24.0, 0.0), "top_product_share": (0.3, 0.01),
    "headcount": (420.0, 3.0), "leavers": (6.0, 1.5), "downtime_days": (1.0, 0.5), "return_rate": (0.01, 0.002),
}  # fmt: skip
COUNTS = (
    "output_units",
    "capacity_units",
    "shipments",
    "inventory_units",
    "active_products",
    "headcount",
    "leavers",
    "downtime_days",
)
MAKES, SPARED, RETURNED_AFTER = (
    "C",
    4,
    12,
)  # manufacturers but every so many file a return, so many days after the month
STOCKTAKES = (6, 12)  # months with a count of the stock
PACED = ("output_units", "orders", "shipments", "raw_material_purchases")  # go with the client's business
POLICY_RATES = (
    (date(2012, 7, 6), 0.0325),
    (date(2014, 11, 22), 0.0310),
    (date(2015, 3, 1), 0.0300),
    (date(2015, 5, 11), 0.0275),
)
FX = (("USDCNY", 6.2, 0.02), ("EURUSD", 1.25, 0.02))


def series(clients: list[Client], seed: int) -> list[Row]:
    """Every series of the bank; a client's own does not hang on the others."""
    rng = np.random.default_rng([seed, 7])
    industries = sorted({industry for industry, _ in CELLS})
    cells = [f"{industry}@{region}" for industry, region in CELLS]
    rows = [*_published(rng, "macro", ["CN"], MACRO), *_published(rng, "industry", industries, INDUSTRY)]
    rows += [*_published(rng, "region", REGIONS, REGION), *_published(rng, "industry_region", cells, CELL)]
    for indicator, item in FOLLOWS.items():
        rows += _following(rng, indicator, growth(item, seed))
    rows += [_row("macro", "CN", "policy_rate", day, day, rate) for day, rate in POLICY_RATES]
    rows += [
        _row("fx", pair, "mid_rate", day, day, round(usual * (1 + sway * float(np.sin(k / 5))), 4))
        for pair, usual, sway in FX
        for k, day in enumerate(MONTH_ENDS)
    ]
    for client in clients:
        if client.firm is not None and client.section == MAKES and client.number % SPARED:
            rows += _returns(client, seed)
    return [row for row in rows if row["published_on"] <= LAST]


def _row(kind: str, code: str, indicator: str, end: date, published: date, value: float) -> Row:
    return {
        "subject_kind": kind, "subject_code": code, "indicator": indicator, "period_end": end,
        "published_on": published, "value": value,
    }  # fmt: skip


def _published(rng: np.random.Generator, kind: str, codes: Any, indicators: Any) -> Iterator[Row]:
    for code in codes:
        for indicator, (usual, sway, ends, lag) in indicators.items():
            wobble = sway * rng.standard_normal(len(ends)) / 2
            for k, end in enumerate(ends):
                value = round(usual + sway * float(np.sin(k / 4)) + float(wobble[k]), 5)
                yield _row(kind, code, indicator, end, end + timedelta(days=lag), value)


def _following(rng: np.random.Generator, indicator: str, medians: dict[str, dict[int, float]]) -> Iterator[Row]:
    """The industry's figure at a year's end is the median growth of the bank's own firms; the months between glide."""
    for industry, told in medians.items():
        at = [12 * year + 12 for year in told]
        path = np.interp([12 * end.year + end.month for end in ENDS], at, np.clip(list(told.values()), -WIDEST, WIDEST))
        for end, value, stir in zip(ENDS, path, STIRS * rng.standard_normal(len(ENDS)), strict=True):
            kept = 0.0 if end.month == 12 else float(stir)
            yield _row(
                "industry", industry, indicator, end, end + timedelta(days=FOLLOWS_AFTER), round(float(value) + kept, 5)
            )


def _returns(client: Client, seed: int) -> Iterator[Row]:
    rng, pace = np.random.default_rng([seed, 8, client.number]), level(client, seed)
    size = client.staff / RETURNS["headcount"][0]
    for indicator, (usual, sway) in RETURNS.items():
        whole = indicator in ("product_price_index", "top_product_share", "return_rate", "downtime_days")
        for k, end in enumerate(MONTH_ENDS):
            value = usual + sway * float(np.sin(k / 6)) + sway * float(rng.uniform(-0.5, 0.5))
            value *= (1.0 if whole else size) * (float(pace[k]) if indicator in PACED else 1.0)
            told = max(0.0, float(round(value)) if indicator in COUNTS else round(value, 4))
            yield _row("client", client.client_id, indicator, end, end + timedelta(days=RETURNED_AFTER), told)
    for end in (day for day in MONTH_ENDS if day.month in STOCKTAKES and day > FIRST):
        told = round(float(rng.uniform(0.95, 1.1)), 3)
        yield _row("client", client.client_id, "plan_attainment", end, end + timedelta(days=20), told)
        found = round(float(rng.uniform(0.002, 0.015)), 4)
        yield _row("client", client.client_id, "stocktake_variance", end, end + timedelta(days=9), found)
