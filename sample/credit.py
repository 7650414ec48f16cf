"""Simulated credit: lines, loans, month-end states with planted arrears, collateral and guarantees."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.flows import LAST, MONTHS
from sample.world import Client

DAYS_LATE = {"arrears": 120, "early_arrears": 3}
KINDS = [("mortgage", "real_estate"), ("mortgage", "equipment"), ("pledge", "inventory"), ("pledge", "receivables")]


def _ends() -> list[date]:
    return [*(month - timedelta(days=1) for month in MONTHS[1:]), LAST]


def book(client: Client, debt: float, failing: bool, rng: np.random.Generator) -> dict[str, list[dict[str, Any]]]:
    """facilities, loans, loan_status and credit_support rows of one client; most clients borrow."""
    tables: dict[str, list[dict[str, Any]]] = {"facilities": [], "loans": [], "loan_status": [], "credit_support": []}
    borrows = client.story in DAYS_LATE or (client.story in (None, "downturn") and rng.random() < 0.75)
    if not borrows:
        return tables
    principal = int(max(debt, 5_000_000))
    drawn = MONTHS[int(rng.integers(0, 24))] + timedelta(days=int(rng.integers(0, 20)))
    line, loan = f"F-{client.client_id}", f"L-{client.client_id}-1"
    tables["facilities"].append({
        "facility_id": line, "valid_from": drawn - timedelta(days=20), "client_id": client.client_id,
        "product": "working_capital", "limit_amount": int(principal * 1.4), "currency": "USD", "revolving": True,
        "expires_on": date(2017, 6, 30),
    })  # fmt: skip
    tables["loans"].append({
        "loan_id": loan, "client_id": client.client_id, "facility_id": line, "product": "working_capital",
        "on_balance": True, "principal": principal, "currency": "USD", "disbursed_on": drawn,
        "matures_on": date(2016, 12, 31), "rate_kind": "floating_other", "rate": 0.055, "purpose": "working_capital",
        "guarantee_mode": "mortgage", "grant_kind": "new", "pay_mode": "self",
        "entry_account_id": f"A-{client.client_id}-1", "prior_loan_id": None,
    })  # fmt: skip
    late = DAYS_LATE.get(client.story or "", int(rng.choice([0, 0, 20, 60])) if failing else 0)
    tables["loan_status"] = _states(loan, principal, drawn, late)
    tables["credit_support"] = _support(client, loan, principal, rng)
    return tables


def _states(loan: str, principal: int, drawn: date, late: int) -> list[dict[str, Any]]:
    since = LAST - timedelta(days=late) if late else None
    rows = []
    for end in [drawn, *(end for end in _ends() if end > drawn)]:
        overdue = since is not None and since <= end
        days = (end - since).days if since is not None and overdue else 0
        rows.append({
            "loan_id": loan, "as_of": end, "outstanding": principal, "state": "overdue" if overdue else "normal",
            "class5": "substandard" if days > 90 else "special_mention" if overdue else "normal",
            "overdue_principal": principal // 20 if overdue else 0, "overdue_interest": 0,
            "principal_overdue_since": since if overdue else None, "interest_overdue_since": None,
            "extensions": 0, "next_due_on": None, "next_principal": None, "next_interest": None,
        })  # fmt: skip
    return rows


def _support(client: Client, loan: str, principal: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    kind, asset = KINDS[int(rng.integers(0, len(KINDS)))]
    base = {
        "client_id": client.client_id,
        "loan_id": loan,
        "valid_from": date(2013, 1, 15),
        "status": "active",
        "ends_on": date(2017, 1, 31),
    }
    rows = [{
        **base, "support_id": f"S-{client.client_id}-1", "kind": kind, "provider_id": client.client_id, "asset_kind": asset,
        "secured_amount": principal, "asset_value": int(principal * rng.uniform(0.8, 1.9)), "valued_on": date(2015, 4, 15),
    }]  # fmt: skip
    if rng.random() < 0.3:
        rows.append({
            **base, "support_id": f"S-{client.client_id}-2", "kind": "guarantee", "provider_id": "P-GUARANTOR",
            "asset_kind": "none", "secured_amount": principal // 2, "asset_value": None, "valued_on": None,
        })  # fmt: skip
    return rows
