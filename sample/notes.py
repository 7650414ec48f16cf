"""Simulated notes to the real statements, and what other lenders report: disclosures, bureau_reports."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.credit import GUARANTORS, Book
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
CONCENTRATED = (0.56, 0.1, 0.06, 0.04, 0.03)
REPORTED_AFTER = 12  # days after the quarter's end a bureau report is drawn
REPORTS = [
    day
    for year in range(2012, 2016)
    for month in (1, 4, 7, 10)
    if FIRST <= (day := date(year, month, 1) + timedelta(days=REPORTED_AFTER)) <= LAST
]
FELL_BEHIND = date(2015, 4, 1)
OUR_PART, MOST = (0.85, 1.3), 0.9  # our part of the bank debt against our part of the sales, and its most
BONDS, ROUND = 2, 1_000_000


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


def bureau_reports(client: Client, book: Book, part: float, rng: np.random.Generator) -> list[Row]:
    """A report a quarter about a borrower: what it owes elsewhere, and whether it fell behind there, as its story says.

    At other banks it owes what its real long-term debt leaves beside our loans, but at least so much that our part of its
    bank debt goes with `part`, our part of its sales, and at most twice that: the rest of its debt is taken to be bonds.
    """
    if not book.loans:
        return []
    late = client.client_id in STORIES["late_elsewhere"].clients
    ours = min(part * float(rng.uniform(*OUR_PART)), MOST)
    least = max(_owed_here(book, day) for day in REPORTS) * (1 / ours - 1)
    rows = []
    for day in REPORTS:
        fell = late and day >= FELL_BEHIND
        left = _real_debt(client, day) - _owed_here(book, day)
        rows.append(
            {"client_id": client.client_id, "report_on": day, "worst_class": "special_mention" if fell else "normal",
             "other_bank_balance": int(min(max(left, least), BONDS * least)) // ROUND * ROUND, "other_bank_count": 1 + client.number % 2,
             "nonbank_balance": 0, "overdue_amount": 3_000_000 if fell else 0, "guarantees_given": 0, "moral_flag": "none"}
        )  # fmt: skip
    return rows


def _owed_here(book: Book, day: date) -> int:
    """What our loans on the balance sheet stood at that day."""
    ours = {loan["loan_id"] for loan in book.loans if loan["on_balance"]}
    owed = {
        row["loan_id"]: row["outstanding"] for row in book.loan_status if row["loan_id"] in ours and row["as_of"] <= day
    }
    return sum(owed.values())


def _real_debt(client: Client, day: date) -> float:
    """The firm's real long-term debt, from one year's end to the next."""
    passed = (day - date(day.year - 1, 12, 31)).days / 366
    return client.debt[day.year - 1] * (1 - passed) + client.debt[day.year] * passed


def of_guarantors(support: Sequence[Row]) -> list[Row]:
    """A report a quarter about each person that stands surety; in good standing, with what was guaranteed here."""
    given = dict.fromkeys(GUARANTORS, 0)
    for row in support:
        if row["provider_id"] in given:
            given[row["provider_id"]] += row["secured_amount"]
    return [
        {"client_id": person, "report_on": day, "worst_class": "normal", "other_bank_balance": 0, "other_bank_count": 0,
         "nonbank_balance": 0, "overdue_amount": 0, "guarantees_given": amount, "moral_flag": "none"}
        for person, amount in given.items()
        if amount
        for day in REPORTS
    ]  # fmt: skip
