"""Simulated series: the economy, industries, regions, clients' monthly returns, exchange rates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.timeline import FIRST, LAST, MONTHS
from sample.world import CELLS, REGIONS, Client

Row = dict[str, Any]
ENDS = [(month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) for month in MONTHS]
QUARTERS = [day for day in ENDS if day.month in (3, 6, 9, 12)]
YEARS = [day for day in ENDS if day.month == 12]
# indicator → (usual value, how much it sways), monthly or by quarter as the register says
MACRO = {"gdp_yoy": (0.024, 0.004, QUARTERS, 30), "pmi": (52.0, 1.2, ENDS, 3)}
INDUSTRY = {
    "revenue_yoy": (0.05, 0.02, ENDS, 27), "profit_yoy": (0.06, 0.04, ENDS, 27),
    "finished_goods_inventory_yoy": (0.04, 0.02, ENDS, 27), "ppi_yoy": (0.01, 0.01, ENDS, 10),
    "capacity_utilisation": (0.78, 0.015, QUARTERS, 25),
}  # fmt: skip
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
REPORTS_MONTHLY, RETURNED_AFTER = 3, 12  # every so many clients file a monthly return, so many days after the month
POLICY_RATES = (
    (date(2012, 7, 6), 0.0325),
    (date(2014, 11, 22), 0.0310),
    (date(2015, 3, 1), 0.0300),
    (date(2015, 5, 11), 0.0290),
)
FX = (("USDCNY", 6.2, 0.02), ("EURUSD", 1.25, 0.02))


def series(clients: list[Client], seed: int) -> list[Row]:
    """Every series of the bank; a client's own does not hang on the others."""
    rng = np.random.default_rng([seed, 7])
    industries = sorted({industry for industry, _ in CELLS})
    cells = [f"{industry}@{region}" for industry, region in CELLS]
    rows = [*_published(rng, "macro", ["CN"], MACRO), *_published(rng, "industry", industries, INDUSTRY)]
    rows += [*_published(rng, "region", REGIONS, REGION), *_published(rng, "industry_region", cells, CELL)]
    rows += [_row("macro", "CN", "policy_rate", day, day, rate) for day, rate in POLICY_RATES]
    rows += [
        _row("fx", pair, "mid_rate", day, day, round(usual * (1 + sway * float(np.sin(k / 5))), 4))
        for pair, usual, sway in FX
        for k, day in enumerate(ENDS)
    ]
    for client in clients:
        if client.firm is not None and client.number % REPORTS_MONTHLY == 0:
            rows += _returns(client, np.random.default_rng([seed, 8, client.number]))
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


def _returns(client: Client, rng: np.random.Generator) -> Iterator[Row]:
    size = float(rng.uniform(0.3, 3.0))
    for indicator, (usual, sway) in RETURNS.items():
        scale = (
            1.0 if indicator in ("product_price_index", "top_product_share", "return_rate", "downtime_days") else size
        )
        for k, end in enumerate(ENDS):
            value = scale * (usual + sway * float(np.sin(k / 6)) + sway * float(rng.uniform(-0.5, 0.5)))
            told = max(0.0, float(round(value)) if indicator in COUNTS else round(value, 4))
            yield _row("client", client.client_id, indicator, end, end + timedelta(days=RETURNED_AFTER), told)
    for end in (day for day in ENDS if day.month in (6, 12) and day > FIRST):
        yield _row(
            "client",
            client.client_id,
            "plan_attainment",
            end,
            end + timedelta(days=20),
            round(float(rng.uniform(0.95, 1.1)), 3),
        )
