"""Simulated dealings with people: contacts in the rhythm of the client's grade, complaints and how they were handled."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from sample.timeline import LAST, next_workday, workday_from
from sample.world import Client

Row = dict[str, Any]
RHYTHM = {"A": 18, "B": 32, "C": 48, "D": 95, None: 22}  # mean days between contacts; a blank grade may prove to be A
BACK = 900  # days of contacts before the end of the books
HANDOVER = date(2015, 1, 30)
COOLING_GAP, COOLED = 20, ((150, 3), (115, 2), (75, 2))  # days back and warmth of the last contacts of a cooling client
CHANNELS, CHANNEL_SHARES = (
    ("visit", "bank_visit", "site_inspection", "phone", "video", "email"),
    (0.3, 0.1, 0.1, 0.3, 0.1, 0.1),
)
PURPOSES = (
    "routine_maintenance",
    "post_loan_check",
    "information",
    "product_offer",
    "satisfaction_inquiry",
    "problem_solving",
)
OUTCOMES, OUTCOME_SHARES = (
    ("information", "next_step", "no_result", "commitment", "signed"),
    (0.5, 0.25, 0.15, 0.07, 0.03),
)
WARMTHS, WARMTH_SHARES = (3, 4, 5), (0.15, 0.7, 0.15)
CANCELLED, UNANSWERED, PLANNED_AHEAD = 0.05, 0.04, 3
COMPLAINS, LONG_DAYS = 0.27, 12  # share of clients; days after which an extension was approved
COMPLAINTS = (
    ("efficiency", "process", "settlement", "process", "Transfers were posted a day late.", "Answer within one working day."),
    ("attitude", "rm", "settlement", "staff_behaviour", "The tone on the phone was impolite.", "Talk with the colleague; training."),
    ("pricing_fee", "fee", "cash_management", "pricing", "A fee was higher than agreed.", "Fee table corrected and refunded."),
    ("rules_process", "process", "working_capital", "communication", "Papers were asked for twice.", "One list of papers for all."),
    ("system_equipment", "system", "ebanking", "system", "The e-bank was down at month end.", "Window of maintenance moved."),
    ("disclosure", "information", "wealth_management", "communication", "Terms were not explained.", "New one-page leaflet."),
)  # fmt: skip
HANDLERS = ("CH1", "CH2")
OPEN_DAYS, LOOK_BACK = 20, 700
FIRST_ONES, FIRST_IN = 60, date(2013, 4, 8)  # every so many clients complained in the first spring of the records


def contact_ids(client: Client) -> tuple[str, str]:
    """Parties of the two people the bank meets at a client."""
    return f"P-{client.client_id}-1", f"P-{client.client_id}-2"


def staff_at(client: Client, day: date) -> str:
    """The client's RM on that day."""
    return client.former_rm if client.former_rm is not None and day < HANDOVER else client.rm


def _days(client: Client, rng: np.random.Generator) -> list[tuple[date, int | None]]:
    """Day and warmth (None: as usual) of each contact, oldest first; the last one is recent unless the client cools."""
    cooling = client.story == "cooling"
    gap = COOLING_GAP if cooling else RHYTHM[client.tier]
    end = LAST - timedelta(days=COOLED[0][0] + 20 if cooling else int(rng.integers(2, max(3, gap // 2))))
    day, days = LAST - timedelta(days=BACK), []
    while day <= end:
        days.append(day)
        day += timedelta(days=max(2, int(rng.gamma(8, gap / 8))))
    if cooling:
        return [*((day, 4) for day in days), *((LAST - timedelta(days=back), warmth) for back, warmth in COOLED)]
    if days[-1] < end - timedelta(days=gap // 2):
        days.append(end)
    return [(day, None) for day in days]


def interactions(client: Client, rng: np.random.Generator) -> list[Row]:
    """Contacts of thirty months, some of them called off or without an answer, and the next one planned."""
    rows = []
    days = _days(client, rng)
    for day, warmth in days:
        if warmth is None and rng.random() < CANCELLED:
            rows.append(_called_off(client, workday_from(day - timedelta(days=1)), rng))
        answered = warmth is not None or day == days[-1][0] or rng.random() >= UNANSWERED
        rows.append(_held(client, workday_from(day), warmth, answered, rng))
    following = max(RHYTHM[client.tier] // 2, 4)
    rows.append(_planned(client, next_workday(LAST + timedelta(days=int(rng.integers(3, following + 3))))))
    return [{"interaction_id": f"I-{client.client_id}-{k:03d}", **row} for k, row in enumerate(rows)]


def _base(client: Client, day: date, start: datetime) -> Row:
    return {
        "client_id": client.client_id, "staff_id": staff_at(client, day), "created_at": start - timedelta(days=PLANNED_AHEAD),
        "planned_on": day, "planned_minutes": 60, "initiator": "bank", "senior_bank": False, "senior_client": False,
    }  # fmt: skip


def _held(client: Client, day: date, warmth: int | None, answered: bool, rng: np.random.Generator) -> Row:
    start = datetime(day.year, day.month, day.day, int(rng.integers(9, 16)), int(rng.integers(0, 60)))
    felt = warmth if warmth is not None else int(rng.choice(WARMTHS, p=WARMTH_SHARES))
    senior = bool(rng.random() < 0.06)
    met = contact_ids(client)[int(rng.random() < 0.3)]
    return {
        **_base(client, day, start),
        "contact_id": met if answered else None,
        "purpose": PURPOSES[int(rng.integers(len(PURPOSES)))], "goal": "Keep the file up to date; learn what is planned.",
        "started_at": start, "ended_at": start + timedelta(minutes=int(rng.integers(15, 90))),
        "channel": CHANNELS[int(rng.choice(len(CHANNELS), p=CHANNEL_SHARES))] if answered else "message",
        "initiator": "client" if rng.random() < 0.2 else "bank", "status": "done", "two_way": answered,
        "reply": "prompt" if answered else "none", "warmth": felt if answered else None,
        "outcome": OUTCOMES[int(rng.choice(len(OUTCOMES), p=OUTCOME_SHARES))] if answered else "unreachable",
        "goal_met": bool(rng.random() < 0.7) if answered else False, "senior_bank": senior, "senior_client": senior,
        "satisfaction_asked": bool(rng.random() < 0.3), "criticism": False, "recorded_at": start + timedelta(hours=6),
    }  # fmt: skip


def _called_off(client: Client, day: date, rng: np.random.Generator) -> Row:
    start = datetime(day.year, day.month, day.day, 9)
    by_us = bool(rng.random() < 0.5)
    return {
        **_base(client, day, start), "purpose": "routine_maintenance", "channel": "visit", "status": "cancelled",
        "changed_by": "bank" if by_us else "client", "notice_given": True, "apology_given": by_us,
        "recorded_at": start,
    }  # fmt: skip


def _planned(client: Client, day: date) -> Row:
    start = datetime(2015, 6, 26, 9)
    return {
        **_base(client, day, start), "staff_id": client.rm, "purpose": "routine_maintenance", "channel": "visit",
        "status": "planned", "recorded_at": start,
    }  # fmt: skip


def complaints(client: Client, rng: np.random.Generator) -> list[Row]:
    """Some clients complained once, one of them twice about the same, one waits for an answer."""
    complains, back, kind = (
        rng.random() < COMPLAINS,
        int(rng.integers(5, LOOK_BACK)),
        int(rng.integers(len(COMPLAINTS))),
    )
    severity, open_for = "2" if rng.random() < 0.15 else "1", int(rng.integers(2, 14))
    if client.story == "complaint_repeat":
        first = _complaint(client, 1, date(2014, 11, 12), 12, 1, "1", rng)
        again = _complaint(client, 2, date(2015, 5, 20), 9, 1, "2", rng)
        return [first, {**again, "repeat_of": first["complaint_id"]}]
    if client.story == "complaint_open":
        return [_complaint(client, 1, LAST - timedelta(days=OPEN_DAYS), OPEN_DAYS + 9, 2, "1", rng)]
    if not client.ordinary:
        return []
    if not complains and client.number % FIRST_ONES == 0:
        return [_complaint(client, 1, FIRST_IN + timedelta(days=client.number % 25), open_for, kind, "1", rng)]
    if not complains:
        return []
    return [_complaint(client, 1, LAST - timedelta(days=back), open_for, kind, severity, rng)]


def _complaint(
    client: Client, number: int, day: date, days_open: int, kind: int, severity: str, rng: np.random.Generator
) -> Row:
    """A complaint handled in `days_open` days; what lies after the end of the books has not happened."""
    category, target, product, cause, content, corrective = COMPLAINTS[kind]
    at = datetime(day.year, day.month, day.day, 9, 30)
    closed = at + timedelta(days=days_open)
    over = closed.date() <= LAST
    upheld = str(rng.choice(["upheld", "partly_upheld", "not_upheld"], p=[0.5, 0.3, 0.2]))
    answered = {
        "resolved_at": closed - timedelta(hours=20), "closed_at": closed, "outcome": upheld, "root_cause": cause,
        "corrective": corrective, "client_score": int(rng.integers(2, 6)), "thanked_on": closed.date(), "consulted": True,
        "compensation": 0 if upheld == "not_upheld" else int(rng.integers(0, 4)) * 50_00,
    } if over else {"outcome": "open"}  # fmt: skip
    return {
        "complaint_id": f"K-{client.client_id}-{number}", "client_id": client.client_id, "contact_id": contact_ids(client)[0],
        "handler_id": HANDLERS[client.number % 2], "about_staff_id": staff_at(client, day) if target == "rm" else None,
        "received_at": at, "channel": ("rm", "branch", "hotline")[kind % 3], "target": target, "category": category,
        "product": product, "severity": severity, "content": f"Simulated complaint. {content}",
        "demand": "An explanation and that it does not happen again.", "volunteered": kind % 3 == 0,
        "acknowledged_at": at + timedelta(hours=3), "apology_given": True, "restated": True,
        "investigated_at": at + timedelta(hours=26), "facts": "Simulated facts: the records bear the client out.",
        "fault": "none" if upheld == "not_upheld" else "bank", "fault_decided_at": at + timedelta(hours=27),
        "extension_approved_by": "SM1" if days_open >= LONG_DAYS else None,
        "risk_told_on": day + timedelta(days=2) if severity > "1" else None, **answered,
    }  # fmt: skip
