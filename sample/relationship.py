"""Simulated dealings with people: contacts by the client's grade, complaints."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from sample.flows import LAST
from sample.world import Client

RHYTHM = {"A": 18, "B": 32, "C": 48, "D": 95, None: 60}
CHANNELS = ["visit", "visit", "phone", "phone", "bank_visit", "video"]
PURPOSES = ["routine_maintenance", "post_loan_check", "information", "product_offer", "satisfaction_inquiry"]
COMPLAINTS = ["efficiency", "attitude", "pricing_fee", "rules_process", "system_equipment"]
HANDOVER = date(2015, 1, 30)


def staff_at(client: Client, day: date) -> str:
    """The client's RM on that day."""
    number = client.former_rm if client.former_rm is not None and day < HANDOVER else client.rm
    return f"RM{number}"


def interactions(client: Client, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Contacts of thirty months and the next planned one."""
    gap = RHYTHM[client.tier]
    day = LAST - timedelta(days=30 * 30)
    rows: list[dict[str, Any]] = []
    last = LAST - timedelta(days=int(rng.integers(2, max(3, gap // 2))))
    cooling = client.story == "cooling"
    last = LAST - timedelta(days=75) if cooling else last
    while day <= last:
        rows.append(_held(client, day, len(rows), 2 if cooling and day > LAST - timedelta(days=150) else 4, rng))
        factor = 3.2 if cooling and day > LAST - timedelta(days=170) else 1.0
        day += timedelta(days=max(2, int(rng.gamma(8, gap / 8) * factor)))
    if not cooling and rows[-1]["started_at"].date() < last - timedelta(days=gap // 2):
        rows.append(_held(client, last, len(rows), 4, rng))
    rows.append(_planned(client, LAST + timedelta(days=int(rng.integers(3, gap + 3))), len(rows)))
    return rows


def _held(client: Client, day: date, number: int, warmth: int, rng: np.random.Generator) -> dict[str, Any]:
    start = datetime(day.year, day.month, day.day, 10, int(rng.integers(0, 60)))
    return {
        "interaction_id": f"I-{client.client_id}-{number:03d}", "client_id": client.client_id,
        "staff_id": staff_at(client, day), "created_at": start - timedelta(days=3), "planned_on": day,
        "purpose": PURPOSES[int(rng.integers(0, len(PURPOSES)))], "started_at": start,
        "ended_at": start + timedelta(minutes=int(rng.integers(15, 90))),
        "channel": CHANNELS[int(rng.integers(0, len(CHANNELS)))], "initiator": "bank", "status": "done", "two_way": True,
        "warmth": int(np.clip(warmth + rng.integers(0, 2) - (warmth < 4), 1, 5)), "outcome": "information",
        "senior_bank": False, "senior_client": False, "recorded_at": start + timedelta(hours=6),
    }  # fmt: skip


def _planned(client: Client, day: date, number: int) -> dict[str, Any]:
    return {
        "interaction_id": f"I-{client.client_id}-{number:03d}", "client_id": client.client_id,
        "staff_id": f"RM{client.rm}", "created_at": datetime(2015, 6, 25, 9), "planned_on": day,
        "purpose": "routine_maintenance", "channel": "visit", "initiator": "bank", "status": "planned",
        "senior_bank": False, "senior_client": False, "recorded_at": datetime(2015, 6, 25, 9),
    }  # fmt: skip


def complaints(client: Client, number: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Some clients complained once, one of them twice about the same."""
    if client.story == "complaint":
        first = _complaint(client, 1, date(2014, 11, 12), 12, "attitude", 1)
        again = _complaint(client, 2, date(2015, 5, 20), 9, "attitude", 2)
        return [first, {**again, "repeat_of": first["complaint_id"]}]
    if client.story is not None or number % 5:
        return []
    day = LAST - timedelta(days=int(rng.integers(5, 700)))
    category = COMPLAINTS[int(rng.integers(0, len(COMPLAINTS)))]
    severity = 2 if rng.random() < 0.2 else 1
    return [_complaint(client, 1, day, int(rng.integers(2, 14)), category, severity)]


def _complaint(client: Client, number: int, day: date, days_open: int, category: str, severity: int) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 9, 30)
    closed = at + timedelta(days=days_open)
    over = closed.date() <= LAST
    return {
        "complaint_id": f"K-{client.client_id}-{number}", "client_id": client.client_id, "handler_id": f"RM{client.rm}",
        "received_at": at, "channel": "rm", "target": "process", "category": category, "product": "settlement",
        "severity": str(severity), "content": "Simulated complaint: the client asks for a faster answer.",
        "volunteered": False, "acknowledged_at": at + timedelta(hours=3), "apology_given": True,
        "investigated_at": at + timedelta(days=1), "fault": "bank", "fault_decided_at": at + timedelta(days=1),
        "resolved_at": closed if over else None, "closed_at": closed if over else None,
        "outcome": "upheld" if over else "open", "root_cause": "process" if over else None,
        "corrective": "Answer within one working day." if over else None,
    }  # fmt: skip
