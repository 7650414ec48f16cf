"""What the bank owes the client: promises, opinions, offers, requests."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import promises

KINDS = {"undertakings": ["rm_promise", "client_opinion", "proposal", "service_request"]}
HOLIDAY = date(2015, 6, 22)  # a Monday the calendar counts as free
FIRST = date(2014, 1, 1)
CALENDAR = [
    {"date": day, "is_workday": day.weekday() < 5 and day != HOLIDAY}
    for day in (FIRST + timedelta(days=k) for k in range((T - FIRST).days + 61))
]


def owed(kind: str, made: int, outcome: str = "open", name: str = "u", **more: Any) -> Row:
    return {"undertaking_id": name, "kind": kind, "client_id": "c", "made_on": ago(made), "outcome": outcome} | more


def promise(due: int, done: int | None = None, name: str = "u", **more: Any) -> Row:
    outcome = "open" if done is None else "done"
    return owed("rm_promise", 600, outcome, name, due_on=ago(due), done_on=None if done is None else ago(done)) | more


def opinion(made: int, outcome: str = "not_adopted", told: int | None = None, name: str = "u", **more: Any) -> Row:
    return owed("client_opinion", made, outcome, name, told_client_on=None if told is None else ago(told)) | more


def request(made: date, acted: date | None = None, outcome: str = "done", name: str = "u", **more: Any) -> Row:
    return owed("service_request", 0, outcome, name, first_action_on=acted) | {"made_on": made} | more


def june(day: int) -> date:
    return date(2015, 6, day)


KEPT: Row = {"promises_due": 1, "promises_kept": 1, "promises_overdue": 0, "promise_keys": []}
EVADED: Row = {"evaded_365": 1, "evaded_180": 1, "evaded_keys": ["undertakings:u"]}
TAKEN: Row = {"evaded_365": 0, "evaded_180": 0, "evaded_keys": []}
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"promises_due": 0, "promises_kept_share": None, "promises_overdue": 0, "opinions": 0,
                     "opinions_adopted_share": None, "proposals": 0, "proposals_beside_share": None, **TAKEN}),
    "kept on the day": ([promise(9, 9)], KEPT | {"promises_kept_share": 1.0}),
    "a day late": ([promise(9, 8)], {"promises_kept": 0, "promises_kept_share": 0.0, "promise_keys": ["undertakings:u"]}),
    "due 180 days ago": ([promise(180, 190)], KEPT),
    "due 181 days ago": ([promise(181, 190)], {"promises_due": 0}),
    "due today and open: not kept, not overdue": ([promise(0)], {"promises_due": 1, "promises_kept": 0, "promises_overdue": 0}),
    "due tomorrow": ([promise(-1)], {"promises_due": 0, "promises_overdue": 0, "promise_keys": []}),
    "overdue whenever": ([promise(1), promise(500, name="v")], {"promises_due": 1, "promises_overdue": 2}),
    "cancelled: not kept, not overdue": ([promise(9, outcome="cancelled")], {"promises_due": 1, "promises_kept": 0,
                                                                              "promises_overdue": 0}),
    "done after T": ([promise(9, -1)], {"promises_kept": 0, "promises_overdue": 1}),
    "made after T": ([promise(9, made_on=ago(-1))], {"promises_due": 0}),
    "another client's": ([promise(9, client_id="x")], {"promises_due": 0}),
    "a covenant is no promise": ([promise(9, kind="covenant")], {"promises_due": 0}),
    "opinions of 365 days": (
        [opinion(365, "adopted", 360, "a"), opinion(366, "adopted", 360, "b"), opinion(40, told=20, name="c")],
        {"opinions": 2, "opinions_adopted": 1, "opinions_adopted_share": 0.5, "opinions_unanswered": 0,
         "opinion_keys": ["undertakings:c"]},
    ),
    "told on the 30th day": ([opinion(50, told=20)], {"opinions_unanswered": 0}),
    "told on the 31st": ([opinion(50, told=19)], {"opinions_unanswered": 1}),
    "the 30 days are not over": ([opinion(30)], {"opinions": 1, "opinions_unanswered": 0}),
    "they are": ([opinion(31)], {"opinions_unanswered": 1}),
    "open is not adopted": ([opinion(40, "open")], {"opinions_adopted_share": 0.0, "opinions_unanswered": 1}),
    "adopted and not told": ([opinion(40, "adopted")], {"opinions_adopted": 1, "opinions_unanswered": 0}),
    "told after T": ([opinion(31, told=-1)], {"opinions_unanswered": 1}),
    "adopted after T": ([opinion(31, "adopted", done_on=ago(-1))], {"opinions_adopted": 0, "opinions_unanswered": 1}),
    "offers": (
        [owed("proposal", 5, "declined", "a", reason="not_relevant"), owed("proposal", 365, "declined", "b", reason="price"),
         owed("proposal", 366, "declined", "c", reason="not_relevant"), owed("proposal", 9, "accepted", "d"),
         owed("proposal", 9, "declined", "e")],
        {"proposals": 4, "proposals_beside": 1, "proposals_beside_share": 0.25, "proposal_keys": ["undertakings:a"]},
    ),
    "third working day": ([request(june(9), june(12))], TAKEN),  # Tuesday to Friday
    "fourth working day": ([request(june(9), june(15))], EVADED),
    "Saturday after the third": ([request(june(9), june(13))], EVADED),
    "over the week end": ([request(june(11), june(16))], TAKEN),  # Thursday: Friday, Monday, Tuesday
    "a holiday between": ([request(june(18), june(24))], TAKEN),  # Thursday: Friday, Tuesday, Wednesday
    "made on a Saturday": ([request(june(13), june(17))], TAKEN),
    "no action, and the day not over": ([request(june(25))], TAKEN),  # its third working day is T
    "no action, and it is over": ([request(june(24))], EVADED),
    "first action after T": ([request(june(24), ago(-1))], EVADED),
    "not our business": ([request(june(24), june(24), "not_our_business")], EVADED),
    "referred": ([request(june(24), june(24), "referred")], TAKEN),
    "not our business, said after T": ([request(june(29), ago(-1), "not_our_business")], TAKEN),
    "180 days": ([request(ago(180)), request(ago(181), name="v")], {"evaded_365": 2, "evaded_180": 1}),
    "365 days": ([request(ago(365)), request(ago(366), name="v")], {"evaded_365": 1, "evaded_180": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(promises, shard({"undertakings": rows, "calendar": CALENDAR}, kinds=KINDS)), expected)


def test_a_kind_not_delivered_is_unknown() -> None:
    row = one(promises, shard({"undertakings": [promise(9)], "calendar": CALENDAR}))
    agrees(
        row,
        {"promises_due": 1, "opinions": None, "proposals": None, "evaded_365": None, "opinions_adopted_share": None},
    )
    assert set(one(promises, shard({"calendar": CALENDAR})).values()) == {"c", None}


def plain(rows: list[Row], client: str) -> Row:
    mine = [r for r in rows if r["client_id"] == client and r["made_on"] <= T]
    due = [r for r in mine if r["kind"] == "rm_promise" and ago(180) <= r["due_on"] <= T]
    kept = [r for r in due if r["done_on"] and r["done_on"] <= min(T, r["due_on"])]
    asked = [r for r in mine if r["kind"] == "service_request" and r["made_on"] >= ago(365)]
    free = {day["date"] for day in CALENDAR if not day["is_workday"]}

    def third(day: date) -> date:
        left = 3
        while left:
            day += timedelta(days=1)
            left -= day not in free
        return day

    late = [r for r in asked if (third(r["made_on"]) < min(r["first_action_on"] or date.max, T + timedelta(days=1))
            and third(r["made_on"]) < T) or (r["first_action_on"] and third(r["made_on"]) < r["first_action_on"] <= T)]  # fmt: skip
    return {
        "promises_due": len(due), "promises_kept": len(kept), "evaded_365": len(late),
        "promises_kept_share": round(len(kept) / len(due), 9) if due else None,
    }  # fmt: skip


def test_random_books_against_plain_python() -> None:
    rng = random.Random(10)
    clients = [f"c{i:03}" for i in range(200)]
    rows: list[Row] = []
    for client in clients:
        for k in range(rng.randint(0, 5)):
            due = rng.randint(-10, 200)
            done = rng.choice([None, due + 3, due, due - 3])
            rows.append(promise(due, done, f"{client}p{k}", client_id=client))
            made = ago(rng.choice([rng.randint(0, 8), rng.randint(0, 380)]))
            acted = rng.choice([None, made + timedelta(days=rng.randint(0, 9))])
            rows.append(request(made, acted, name=f"{client}r{k}", client_id=client))
    tables = {"undertakings": rows, "calendar": CALENDAR}
    frame = measured(promises, shard(tables, clients, kinds=KINDS))
    for row in frame.iter_rows(named=True):
        agrees(row, plain(rows, row["client_id"]))
    mixed = {"undertakings": rng.sample(rows, len(rows)), "calendar": rng.sample(CALENDAR, len(CALENDAR))}
    assert measured(promises, shard(mixed, clients, kinds=KINDS)).equals(frame)
