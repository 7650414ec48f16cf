"""Simulated undertakings, surveys and RMs' days: what was promised, how the client felt, what the day was spent on."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.credit import Book
from sample.relationship import contact_ids, staff_at
from sample.stories import STORIES
from sample.timeline import LAST, is_workday, workday_from
from sample.world import Client

Row = dict[str, Any]
PROMISE_EVERY, FIRST_PROMISE = 120, date(2013, 7, 15)
KINDS = (
    ("rm_promise", "Send the rate overview.", "done"), ("service_request", "New tokens for the e-bank.", "done"),
    ("client_opinion", "Statements in one file.", "adopted"), ("proposal", "Cash pool for two accounts.", "accepted"),
    ("rm_promise", "Bring the product manager along.", "done"), ("proposal", "Forward contract for dollars.", "declined"),
)  # fmt: skip
DONE = ("done", "adopted", "accepted", "met")
RM_ITEMS = ("overall", "listens", "keeps_promises", "respects", "understands_our_business")
BANK_ITEMS = ("overall", "pricing", "efficiency")
PAYS_IN, PAYS_IN_FIRST = 41, 3  # every so many clients, from that one on: even a small bank has one
PROMISED, KEPT_AFTER = 20, 6  # days ago a client promised to pay; days until it did
SCORES, SCORE_SHARES = (3, 4, 5), (0.15, 0.55, 0.3)
DAYS_KEPT, TASKS_KEPT = 365, 40


def undertakings(client: Client, book: Book, rng: np.random.Generator) -> list[Row]:
    """What the bank and the client owe each other: promises kept, one open, covenants evidenced every year."""
    rows, loans = [], book.loans
    first = FIRST_PROMISE + timedelta(days=int(rng.integers(0, 60)))
    for k in range((LAST - first).days // PROMISE_EVERY + 1):
        rows.append(_owed_by_bank(client, workday_from(first + timedelta(days=PROMISE_EVERY * k)), k))
    rows += _planted(client)
    if loans:
        rows += [_covenant(client, loans[-1]["loan_id"], year) for year in (2013, 2014)]
        rows.append(
            {"kind": "condition", "owed_by": "client", "client_id": client.client_id, "about_kind": "loan",
             "about_id": loans[0]["loan_id"], "title": "Insurance policy assigned to the bank.",
             "made_on": loans[0]["disbursed_on"], "due_on": loans[0]["disbursed_on"] + timedelta(days=30),
             "done_on": loans[0]["disbursed_on"] + timedelta(days=21), "outcome": "met", "covenant_class": "security"}
        )  # fmt: skip
    if client.number % PAYS_IN == PAYS_IN_FIRST:
        rows.append(
            {"kind": "capital_instalment", "owed_by": "client", "client_id": client.client_id, "about_kind": "none",
             "title": "Second instalment of the registered capital.", "made_on": date(2013, 3, 4), "due_on": date(2014, 3, 31),
             "done_on": date(2014, 3, 20), "outcome": "met", "amount": 200_000_000}
        )  # fmt: skip
    rows += _promised_to_pay(client, book)
    if client.tier in ("A", "B"):
        rows.append(
            {"kind": "strengthening_action", "owed_by": "bank", "client_id": client.client_id, "staff_id": client.rm,
             "about_kind": "none", "title": "Branch head visits the owner.", "made_on": date(2015, 4, 7),
             "due_on": date(2015, 8, 31), "outcome": "open"}
        )  # fmt: skip
    kept = [row for row in rows if row["made_on"] <= LAST]
    return [{"undertaking_id": f"U-{client.client_id}-{k:02d}", **_so_far(row)} for k, row in enumerate(kept)]


def _so_far(row: Row) -> Row:
    """What is done after the end of the books is still open."""
    if row.get("done_on") is not None and row["done_on"] > LAST:
        return {**row, "done_on": None, "outcome": "open", "told_client_on": None}
    return row


def _owed_by_bank(client: Client, day: date, place: int) -> Row:
    kind, title, outcome = KINDS[(place + client.number) % len(KINDS)]
    due = workday_from(day + timedelta(days=14)) if day + timedelta(days=14) < LAST else day + timedelta(days=14)
    done = day + timedelta(days=5 + client.number % 6) if outcome in DONE else None
    return {
        "kind": kind, "owed_by": "bank", "client_id": client.client_id, "staff_id": staff_at(client, day),
        "contact_id": contact_ids(client)[0], "about_kind": "none", "title": title, "made_on": day, "due_on": due,
        "first_action_on": day + timedelta(days=2) if day + timedelta(days=2) <= LAST else None, "done_on": done,
        "outcome": outcome, "reason": "price" if outcome == "declined" else None,
        "told_client_on": done if kind == "client_opinion" else None,
    }  # fmt: skip


def _covenant(client: Client, loan: str, year: int) -> Row:
    missed = client.client_id in STORIES["covenant_missed"].clients and year == 2014
    return {
        "kind": "covenant", "owed_by": "client", "client_id": client.client_id, "about_kind": "loan", "about_id": loan,
        "covenant_class": "financial", "title": "Debt below 70% of assets at the year's end.",
        "made_on": date(year, 1, 10), "due_on": date(year + 1, 4, 30), "outcome": "not_met" if missed else "met",
        "done_on": None if missed else date(year + 1, 4, 20),
    }  # fmt: skip


def _promised_to_pay(client: Client, book: Book) -> list[Row]:
    """A client that fell behind promised a part of it, and paid that in time."""
    late = [row for row in book.loan_status if row["as_of"] == LAST and row["overdue_interest"]]
    return [
        {"kind": "payment_promise", "owed_by": "client", "client_id": client.client_id, "about_kind": "loan",
         "about_id": row["loan_id"], "title": "Pay a part of the interest.", "made_on": LAST - timedelta(days=PROMISED),
         "due_on": LAST - timedelta(days=PROMISED - 10), "done_on": LAST - timedelta(days=PROMISED - KEPT_AFTER),
         "outcome": "met", "amount": row["overdue_interest"] // 10}
        for row in late
        if (LAST - row["interest_overdue_since"]).days >= PROMISED
    ]  # fmt: skip


def _planted(client: Client) -> list[Row]:
    if client.client_id not in STORIES["broken_promises"].clients:
        return []
    return [
        {"kind": "rm_promise", "owed_by": "bank", "client_id": client.client_id, "staff_id": client.rm,
         "about_kind": "none", "title": title, "made_on": day, "due_on": day + timedelta(days=10), "outcome": "open"}
        for title, day in (("Answer on the rate.", date(2015, 4, 13)), ("Second offer for the lease.", date(2015, 5, 4)),
                           ("Minutes of the meeting.", date(2015, 5, 26)))
    ]  # fmt: skip


def tasks(clients: list[Client]) -> list[Row]:
    """The RMs' own tasks of the last weeks, one a day."""
    rows, days = [], [LAST - timedelta(days=k) for k in range(TASKS_KEPT) if is_workday(LAST - timedelta(days=k))]
    for rm in _rms(clients):
        for k, day in enumerate(days):
            late = (k + int(rm[2:])) % 9 == 0
            rows.append(
                {"undertaking_id": f"U-{rm}-{day:%Y%m%d}", "kind": "task", "owed_by": "bank", "staff_id": rm,
                 "about_kind": "none", "title": "Prepare the visits of the day.", "made_on": day - timedelta(days=1),
                 "due_on": day, "done_on": None if late else day, "outcome": "open" if late else "done",
                 "priority": 1 + k % 3, "planned_minutes": 60, "actual_minutes": None if late else 50 + 5 * (k % 5)}
            )  # fmt: skip
    return rows


def _rms(clients: list[Client]) -> list[str]:
    return sorted({rm for client in clients for rm in (client.rm, client.former_rm) if rm is not None})


def staff_days(clients: list[Client], seed: int) -> list[Row]:
    """A working day of every RM for a year."""
    rows = []
    for rm in _rms(clients):
        rng = np.random.default_rng([seed, 9, int(rm[2:])])
        for day in (LAST - timedelta(days=k) for k in range(DAYS_KEPT)):
            if is_workday(day):
                rows.append(
                    {"staff_id": rm, "date": day, "worked_minutes": 480 + 10 * int(rng.integers(0, 6)),
                     "unrelated_minutes": 10 * int(rng.integers(2, 9)), "burden": int(rng.choice((1, 2, 3), p=(0.2, 0.5, 0.3)))}
                )  # fmt: skip
    return rows


def survey_answers(client: Client, rng: np.random.Generator) -> list[Row]:
    """A survey a year of the RM and of the bank; the dissatisfied client says so in the last one."""
    unhappy = client.client_id in STORIES["dissatisfied"].clients
    rows = []
    for year in (2013, 2014, 2015):
        day = workday_from(date(year, 1 + client.number % 6, 1 + client.number % 26))
        for subject, items in (("rm", RM_ITEMS), ("bank", BANK_ITEMS)):
            for item in items:
                usual = int(rng.choice(SCORES, p=SCORE_SHARES))
                low = unhappy and year == 2015 and subject == "rm"
                rows.append(
                    {"client_id": client.client_id, "contact_id": contact_ids(client)[0],
                     "staff_id": staff_at(client, day) if subject == "rm" else None, "subject": subject, "item": item,
                     "expected": 4, "score": 1 if low else usual, "why": "Promises were not kept." if low else None,
                     "asked_by": "phone", "answered_on": day}
                )  # fmt: skip
    return [{"answer_id": f"Q-{client.client_id}-{k:02d}", **row} for k, row in enumerate(rows)]
