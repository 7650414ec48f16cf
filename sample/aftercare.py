"""Simulated care after a complaint: who rang in between, what was promised and put right, who asked again later.

As in a bank of ordinary diligence: most of it done, now and then not, by chance.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from sample.relationship import HANDLERS, contact_ids, staff_at
from sample.timeline import LAST, workday_from
from sample.world import Client

Row = dict[str, Any]
RINGS_EVERY, RINGS = 5, 0.9  # days a complaint stands open between calls; how often one is made
ASKS_AGAIN, ASKED = (30, 90, 180), 0.93  # days after closing
CORRECTS, IN_TIME, CORRECTED_IN = 0.75, 0.85, 30  # upheld complaints followed by an action, on time; days it may take
PROMISES, KEEPS = 0.4, 0.94
LOOKS_BY, LOOKS, CONFIRMS = 14, 0.85, 0.8  # after a complex complaint: a visit on site, a look at who is who there
UPHELD = ("upheld", "partly_upheld")


def _day(at: datetime) -> date:
    return at.date()


def contacts(client: Client, complaints: list[Row], rng: np.random.Generator) -> list[Row]:
    """Calls while a complaint stood open, the visit after a complex one, and the three questions after it was closed."""
    rows = [row for complaint in complaints for row in _about(client, complaint, rng)]
    held = [row for row in rows if _day(row["started_at"]) < LAST]
    return [{"interaction_id": f"I-{client.client_id}-K{k:02d}", **row} for k, row in enumerate(held)]


def _about(client: Client, complaint: Row, rng: np.random.Generator) -> Iterator[Row]:
    came, closed = _day(complaint["received_at"]), complaint.get("closed_at")
    until = _day(closed) if closed else LAST
    for back in range(RINGS_EVERY, (until - came).days, RINGS_EVERY):
        if rng.random() < RINGS:
            yield _call(client, complaint, came + timedelta(days=back), "problem_solving", "Say how far we are.", rng)
    if complaint["severity"] > "1" and rng.random() < LOOKS:
        visit = _call(client, complaint, came + timedelta(days=LOOKS_BY), "problem_solving", "See it on site.", rng)
        until_then = visit["started_at"] + timedelta(minutes=50)
        yield {**visit, "channel": "site_inspection", "planned_minutes": 60, "ended_at": until_then}
    for after in ASKS_AGAIN if closed else ():
        day = until + timedelta(days=after + int(rng.integers(-5, 8)))
        if rng.random() < ASKED:
            yield _call(client, complaint, day, "complaint_followup", "Hear whether it stayed solved.", rng)


def _call(client: Client, complaint: Row, day: date, purpose: str, goal: str, rng: np.random.Generator) -> Row:
    """A call to the person who complained, by the RM of that day, at an hour of its own."""
    day = workday_from(day)
    start = datetime(day.year, day.month, day.day, 16, int(rng.integers(0, 40)))
    return {
        "client_id": client.client_id, "staff_id": staff_at(client, day), "contact_id": complaint["contact_id"],
        "created_at": start - timedelta(days=2), "planned_on": day, "planned_minutes": 15, "purpose": purpose, "goal": goal,
        "started_at": start, "ended_at": start + timedelta(minutes=int(rng.integers(8, 20))), "channel": "phone",
        "initiator": "bank", "status": "done", "two_way": True, "reply": "prompt", "warmth": 4, "outcome": "information",
        "goal_met": True, "senior_bank": False, "senior_client": False, "satisfaction_asked": purpose == "complaint_followup",
        "criticism": False, "recorded_at": start + timedelta(hours=1),
    }  # fmt: skip


def undertakings(client: Client, complaints: list[Row], rng: np.random.Generator) -> list[Row]:
    """What was promised to those who complained, and what is put right where they were borne out."""
    rows = [row for complaint in complaints for row in _owed(client, complaint, rng)]
    return [{"undertaking_id": f"U-{client.client_id}-K{k}", **row} for k, row in enumerate(rows)]


def _owed(client: Client, complaint: Row, rng: np.random.Generator) -> Iterator[Row]:
    came, closed = _day(complaint["received_at"]), complaint.get("closed_at")
    base = {
        "owed_by": "bank",
        "client_id": client.client_id,
        "about_kind": "complaint",
        "about_id": complaint["complaint_id"],
    }
    if rng.random() < PROMISES:
        due = workday_from(came + timedelta(days=5))
        yield {
            **base, "kind": "rm_promise", "staff_id": staff_at(client, came), "contact_id": contact_ids(client)[0],
            "title": "Tell the client what was found.", "made_on": came, "first_action_on": came,
            **_done(due, 1 if rng.random() < KEEPS else -3),
        }  # fmt: skip
    if closed and complaint["outcome"] in UPHELD and rng.random() < CORRECTS:
        made = _day(closed)
        yield {
            **base, "kind": "corrective_action", "staff_id": HANDLERS[client.number % len(HANDLERS)],
            "title": complaint["corrective"], "made_on": made,
            **_done(made + timedelta(days=CORRECTED_IN), 8 if rng.random() < IN_TIME else -12),
        }  # fmt: skip


def _done(due: date, early: int) -> Row:
    """Done so many days before it was due, or still open."""
    done = due - timedelta(days=early)
    return {"due_on": due, "done_on": done, "outcome": "done"} if done <= LAST else {"due_on": due, "outcome": "open"}


def links(client: Client, complaints: list[Row], rng: np.random.Generator) -> list[Row]:
    """After a complex complaint the RM mostly goes over who is who, and writes down the finance head as an employee too."""
    return [
        {"link_id": f"L-{client.client_id}-K{k}", "from_id": contact_ids(client)[1], "to_id": client.client_id,
         "relation": "employee_of", "function": "finance", "start_on": day, "recorded_on": day, "source_class": "rm_observation"}
        for k, complaint in enumerate(complaints)
        if complaint["severity"] > "1" and rng.random() < CONFIRMS
        if (day := workday_from(_day(complaint["received_at"]) + timedelta(days=LOOKS_BY))) <= LAST
    ]  # fmt: skip
