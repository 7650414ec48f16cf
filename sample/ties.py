"""Simulated ties: who leads, owns, audits and supplies a client, who decides there, and which other banks it uses."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from sample import names
from sample.relationship import contact_ids
from sample.stories import STORIES
from sample.timeline import FIRST, LAST
from sample.world import Client

Row = dict[str, Any]
AUDITORS = tuple(
    (f"P-AUD{k}", f"{word} Audit LLP (simulated)") for k, word in enumerate(("Anther", "Birrow", "Cadmus", "Dorney"))
)
LAWYERS = tuple((f"P-LAW{k}", f"{word} Law Offices (simulated)") for k, word in enumerate(("Ellery", "Fenwood")))
BANKS = tuple(
    (f"P-BANK{k}", f"{word} Bank (simulated)") for k, word in enumerate(("Harbour", "Meridian", "Northgate", "Orchard"))
)
OWNED, COUNSELLED, RELATED, MOVED_CONTROL = 5, 3, 11, 7  # every so many clients
AUDITOR_LEFT = date(2015, 5, 12)  # in the story
PARTNERS = 2  # named customers, and named suppliers
PRODUCTS = (
    ["deposit", "settlement"],
    ["working_capital"],
    ["settlement", "payroll", "ebanking"],
    ["trade_finance", "fx"],
)


def owner(client: Client) -> str | None:
    """The party of the company that owns a client, if one does."""
    return f"P-{client.client_id}-H" if client.number % OWNED == 0 else None


def partner(client: Client, kind: str, place: int) -> str:
    """The party of a client's named customer (kind B) or supplier (kind S)."""
    return f"P-{client.client_id}-{kind}{place}"


def parties(client: Client) -> list[Row]:
    """The companies only this client's ties name."""
    told = [(partner(client, "B", k), name) for k, name in enumerate(names.partners(client.number, PARTNERS))]
    told += [(partner(client, "S", k), name) for k, name in enumerate(names.suppliers(client.number, PARTNERS))]
    if (above := owner(client)) is not None:
        told.append((above, f"{names.person(3 * client.number + 5).split()[1]} Holdings (simulated)"))
    return [
        {"party_id": party, "kind": "company", "name": name, "industry_code": client.industry,
         "region_code": client.region, "size_class": "medium"}
        for party, name in told
    ]  # fmt: skip


def shared_parties() -> list[Row]:
    """Auditors, lawyers and other banks, which many clients name."""
    advisers = [{"party_id": party, "kind": "adviser_firm", "name": name} for party, name in (*AUDITORS, *LAWYERS)]
    return [*advisers, *({"party_id": party, "kind": "bank", "name": name} for party, name in BANKS)]


def links(client: Client, rng: np.random.Generator) -> list[Row]:
    """The ties of one client, known since the books began or since they started."""
    first, second = contact_ids(client)
    me, since = client.client_id, max(client.since, date(2009, 1, 1))
    rows: list[Row] = [
        {"from_id": first, "to_id": me, "relation": "contact_of", "function": "general",
         "decision_role": "decision_maker", "stance": ("supportive", "neutral")[client.number % 2]},
        {"from_id": second, "to_id": me, "relation": "contact_of", "function": "finance", "decision_role": "influencer",
         "stance": "neutral"},
        {"from_id": first, "to_id": me, "relation": "legal_rep_of", "function": "general"},
        {"from_id": first, "to_id": me, "relation": "executive_of", "function": "general"},
        {"from_id": second, "to_id": me, "relation": "finance_head_of", "function": "finance"},
        {"from_id": AUDITORS[client.number % len(AUDITORS)][0], "to_id": me, "relation": "auditor_of",
         "end_on": AUDITOR_LEFT if me in STORIES["auditor_gone"].clients else None},
    ]  # fmt: skip
    rows += _owners(client, first)
    if client.number % COUNSELLED == 0:
        rows.append({"from_id": LAWYERS[client.number % len(LAWYERS)][0], "to_id": me, "relation": "legal_counsel_of"})
    if client.number % RELATED == 0:
        rows.append({"from_id": second, "to_id": first, "relation": "relative_of"})
    for k in range(PARTNERS):
        rows.append({"from_id": partner(client, "B", k), "to_id": me, "relation": "customer_of"})
        rows.append({"from_id": partner(client, "S", k), "to_id": me, "relation": "supplier_of"})
    rows += _banks(client, rng)
    if me in STORIES["affiliate_red"].clients:
        rows.append(
            {"from_id": me, "to_id": STORIES["arrears"].clients[0], "relation": "shareholder_of", "share_pct": 0.3}
        )
    return [
        {"link_id": f"L-{me}-{k:02d}", "start_on": since, "source_class": "crm", **row,
         "recorded_on": max(row.get("recorded_on", FIRST), FIRST)}
        for k, row in enumerate(rows)
    ]  # fmt: skip


def _owners(client: Client, first: str) -> list[Row]:
    """The holding above the client, or the person who leads it; one in seven changed hands in 2013."""
    above = owner(client)
    if above is None:
        return [{"from_id": first, "to_id": client.client_id, "relation": "shareholder_of", "share_pct": 0.35}]
    rows: list[Row] = [
        {"from_id": above, "to_id": client.client_id, "relation": "shareholder_of", "share_pct": 0.6},
        {"from_id": above, "to_id": client.client_id, "relation": "group_member_of"},
    ]
    control = {"from_id": above, "to_id": client.client_id, "relation": "controller_of", "source_class": "registry"}
    if client.number % MOVED_CONTROL == 0:
        day = date(2013, 3, 1) + timedelta(days=client.number)
        return [*rows, {**control, "start_on": day, "recorded_on": day + timedelta(days=3)}]
    return [*rows, control]


def _banks(client: Client, rng: np.random.Generator) -> list[Row]:
    """One or two other banks, their share as the RM sees it once a year."""
    rows: list[Row] = []
    for k in range(1 + client.number % 2):
        bank, share = BANKS[(client.number + k) % len(BANKS)][0], float(rng.uniform(0.15, 0.4)) / (k + 1)
        for year in (2013, 2014, 2015):
            told = date(year, 2, 2) + timedelta(days=client.number % 20)
            ends = date(year + 1, 2, 2) + timedelta(days=client.number % 20)
            rows.append(
                {"from_id": client.client_id, "to_id": bank, "relation": "banks_with", "start_on": told,
                 "end_on": ends if ends <= LAST else None, "recorded_on": told, "source_class": "rm_observation",
                 "share_pct": round(share * (1 + 0.02 * (year - 2013)), 2), "products": PRODUCTS[client.number % len(PRODUCTS)]}
            )  # fmt: skip
    return rows
