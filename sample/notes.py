"""Simulated notes to the real statements, and what other lenders report: disclosures, bureau_reports."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.stories import STORIES
from sample.ties import partner
from sample.timeline import FIRST, LAST
from sample.world import Client

Row = dict[str, Any]
POLICIES = {
    "revenue_recognition": "on_delivery", "inventory_valuation": "weighted_average", "depreciation_method": "straight_line",
    "useful_life": "10y", "amortisation_life": "5y", "bad_debt": "ageing", "consolidation_scope": "control",
    "measurement_model": "cost",
}  # fmt: skip
NEW_POLICY = ("depreciation_method", "units_of_production")
LARGEST, YEARS, INVESTS = 5, 4, 9
SHARES = (0.14, 0.09, 0.06, 0.04, 0.03)
CONCENTRATED = (0.48, 0.12, 0.06, 0.04, 0.03)
REPORTED_AFTER = 12  # days after the quarter's end a bureau report is drawn


def disclosures(client: Client, filings: Sequence[tuple[date, date]], rng: np.random.Generator) -> list[Row]:
    """Notes of the client's last filings, given as (period_end, received_on)."""
    rows: list[Row] = []
    changed = client.client_id in STORIES["policy_change"].clients
    for place, (period, received) in enumerate(filings[-YEARS:]):
        last = place == len(filings[-YEARS:]) - 1
        base = {"party_id": client.client_id, "period_end": period, "received_on": received}
        for item, text in POLICIES.items():
            said = NEW_POLICY[1] if changed and last and item == NEW_POLICY[0] else text
            rows.append({**base, "kind": "accounting_policy", "item": item, "text_value": said, "mandated": False})
        rows += _largest(client, base, rng)
        if client.number % INVESTS == 0:
            rows.append(_investment(base, client, place))
    return rows


def _largest(client: Client, base: Row, rng: np.random.Generator) -> list[Row]:
    one = client.client_id in STORIES["one_customer"].clients
    rows = []
    for kind, letter, shares in (("top_customer", "B", CONCENTRATED if one else SHARES), ("top_supplier", "S", SHARES)):
        for rank in range(LARGEST):
            share = shares[rank] * float(rng.uniform(0.95, 1.05))
            other = partner(client, letter, rank) if rank < 2 else None
            rows.append({**base, "kind": kind, "item": str(rank + 1), "other_id": other, "share_pct": round(share, 4)})
    return rows


def _investment(base: Row, client: Client, place: int) -> Row:
    cost = (2 + client.number % 7) * 50_000_000
    return {
        **base, "kind": "investment_equity", "item": f"INV-{client.client_id}-1", "cost": cost,
        "carrying": int(cost * (1 + 0.02 * place)), "income": int(cost * 0.04), "impairment": 0,
    }  # fmt: skip


def bureau_reports(client: Client, borrows: bool, rng: np.random.Generator) -> list[Row]:
    """A report a quarter about a borrower: steady elsewhere, unless the story says it fell behind with other lenders."""
    if not borrows:
        return []
    late = client.client_id in STORIES["late_elsewhere"].clients
    other = int(rng.uniform(0.2, 1.2) * 100_000_000) // 1_000_000 * 1_000_000
    rows = []
    quarters = [
        date(year, month, 1) + timedelta(days=REPORTED_AFTER) for year in range(2012, 2016) for month in (1, 4, 7, 10)
    ]
    for day in (day for day in quarters if FIRST <= day <= LAST):
        fell = late and day >= date(2015, 1, 1)
        rows.append(
            {"client_id": client.client_id, "report_on": day, "worst_class": "special_mention" if fell else "normal",
             "other_bank_balance": other, "other_bank_count": 1 + client.number % 2, "nonbank_balance": 0,
             "overdue_amount": 3_000_000 if fell else 0, "guarantees_given": 0, "moral_flag": "none"}
        )  # fmt: skip
    return rows
