"""Warmth and replies: what a client's contacts say, and over the whole book which RM's scores can be used."""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from statistics import mean
from typing import Any

import polars as pl
import pytest

from tests.features.meetings import met
from tests.features.shards import Row, ago, agrees, done, shard
from transforms.context import attitude
from transforms.features import warmth
from transforms.shard import Shard

SINCE = {"contacts_since": pl.Date}
LOAN = {"events": ["loan_request"]}


def made(
    rows: list[Row] | None, events: Sequence[Row] = (), since: int = 3000, clients: tuple[str, ...] = ("c",)
) -> Shard:
    before = {"contacts": done(SINCE, *({"client_id": client, "contacts_since": ago(since)} for client in clients))}
    tables = {"events": events} | ({} if rows is None else {"interactions": rows})
    return shard(tables, clients, before, kinds=LOAN)


def found(*args: Any, **more: Any) -> Row:
    """The panel columns of features and context for the client "c"."""
    frame = warmth.measure(made(*args, **more))
    schema = {column.name: column.dtype for column in warmth.PANEL} | dict(warmth.LISTS)
    assert dict(frame.collect_schema()) == {"client_id": pl.String()} | schema
    both = frame.join(attitude.measure(frame), on="client_id").collect()
    return both.row(0, named=True)


def scored(*scores: int | None, staff: str = "s", first: int = 0, **more: Any) -> list[Row]:
    """Contacts with those scores, the newest first, a day apart."""
    return [met(first + age, warmth=score, staff_id=staff, **more) for age, score in enumerate(scores)]


def replied(*replies: str | None) -> list[Row]:
    return [met(age, reply=reply, interaction_id=f"i{age}") for age, reply in enumerate(replies)]


def asked(age: int, **more: Any) -> Row:
    return {
        "event_id": f"e{age}", "kind": "loan_request", "subtype": "rollover", "party_id": "c", "happened_on": ago(age),
        "recorded_on": ago(max(age, 0)),
    } | more  # fmt: skip


FLAT = scored(*[4] * 20, staff="flat")
NINE = scored(1, 2, 3, 4, 5, 4, 5, 4, 5)
ATTITUDE: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"attitude_last3": None, "attitude_before6": None, "warmth_usable": True}),
    "three, then six": (NINE, {"attitude_last3": 2.0, "attitude_before6": 4.5, "warmth_usable": True}),
    "older ones do not count": ([*NINE, *scored(1, 1, first=50)], {"attitude_before6": 4.5}),
    "eight are too few": (NINE[:8], {"attitude_last3": 2.0, "attitude_before6": None}),
    "contacts without a score are passed over": ([*NINE, met(0, two_way=False)], {"attitude_last3": 2.0}),
    "recorded after T": ([*NINE, met(0, warmth=5, recorded_at=datetime.combine(ago(-1), time(1)))], {"attitude_last3": 2.0}),
    "twenty equal scores are flat": (FLAT, {"attitude_last3": None, "warmth_usable": False}),
    "nineteen are not": (FLAT[1:], {"attitude_last3": 4.0, "attitude_before6": 4.0, "warmth_usable": True}),
    "flat scores are left out": (
        [*FLAT, *scored(1, 2, 3, 4, 5, 4, 5, 4, 5, first=30)],
        {"attitude_last3": 2.0, "attitude_before6": 4.5, "warmth_usable": False},
    ),
    "flat scores long ago": ([*NINE, *({**row, "started_at": row["started_at"] - timedelta(days=90)} for row in FLAT)],
                             {"attitude_last3": 2.0, "attitude_before6": 4.5, "warmth_usable": True}),
    "another one of the RM's scores elsewhere": ([*FLAT, *scored(3, staff="flat", client_id="x")], {"warmth_usable": False}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), ATTITUDE.values(), ids=ATTITUDE)
def test_scores(rows: list[Row], expected: Row) -> None:
    agrees(found(rows), expected)


def test_flatness_is_judged_over_the_whole_book() -> None:
    mine, theirs = FLAT[:10], [{**row, "client_id": "d"} for row in FLAT[10:]]
    frame = warmth.measure(made([*mine, *theirs], clients=("c", "d")))
    assert attitude.measure(frame).collect()["warmth_usable"].to_list() == [False, False]
    spoiled = warmth.measure(made([*mine, *theirs, *scored(3, staff="flat", client_id="d")], clients=("c", "d")))
    assert attitude.measure(spoiled).collect()["warmth_usable"].to_list() == [True, True]
    halves = [warmth.measure(made([*mine, *theirs], clients=(client,))) for client in "cd"]
    assert attitude.measure(pl.concat(halves)).collect().equals(attitude.measure(frame).collect())


def test_a_new_main_rm_starts_usable_anew() -> None:
    rows = [*scored(3, 3), *scored(*[4] * 20, staff="flat", first=10)]
    agrees(found(rows, since=5), {"warmth_usable": True})
    agrees(found(rows, since=10), {"warmth_usable": False})


REPLIES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"unanswered_run": 0, "unanswered_before": 0, "answered_before_share": None, "unanswered_keys": []}),
    "all answered": (replied("prompt", "late"), {"unanswered_run": 0, "unanswered_before": 2, "answered_before_share": 1.0}),
    "three unanswered after four of five": (
        replied("none", "none", "none", "late", "prompt", "none", "prompt", "prompt"),
        {"unanswered_run": 3, "unanswered_before": 5, "answered_before_share": 0.8,
         "unanswered_keys": ["interactions:i0", "interactions:i1", "interactions:i2"]},
    ),
    "none expected says nothing": (
        replied("not_expected", "none", None, "none", "prompt"), {"unanswered_run": 2, "unanswered_before": 1}
    ),
    "answered again": (replied("prompt", "none", "none", "none"), {"unanswered_run": 0, "unanswered_before": 4,
                                                                    "answered_before_share": 0.25}),
    "never answered": (replied("none", "none"), {"unanswered_run": 2, "unanswered_before": 0, "answered_before_share": None}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), REPLIES.values(), ids=REPLIES)
def test_replies(rows: list[Row], expected: Row) -> None:
    agrees(found(rows), expected)


def test_loan_requests_of_every_kind_in_30_days() -> None:
    events = [
        asked(0),
        asked(30, subtype="new"),
        asked(31),
        asked(-1),
        asked(5, party_id="x"),
        asked(6, kind="dunning"),
    ]
    row = found([], [*events, asked(7, recorded_on=ago(-1))])
    agrees(row, {"asked_30": 2, "asked_30_keys": ["events:e0", "events:e30"]})


def test_not_connected() -> None:
    row = found(None)
    agrees(row, dict.fromkeys(["unanswered_run", "attitude_last3", "warmth_usable", "warmth_scores", "warmth_ranges"]))
    without = warmth.measure(shard({}, before={"contacts": done(SINCE)})).collect()
    assert without["asked_30"].to_list() == [None]


def plain(rows: list[Row], client: str) -> Row:
    by_staff: dict[str, set[int]] = {}
    for r in rows:
        if r["warmth"] is not None:
            by_staff.setdefault(r["staff_id"], set()).add(r["warmth"])
    many = {s for s in by_staff if sum(r["staff_id"] == s and r["warmth"] is not None for r in rows) >= 20}
    flat = {s for s in many if len(by_staff[s]) == 1}
    mine = sorted((r for r in rows if r["client_id"] == client), key=lambda r: (r["started_at"], r["interaction_id"]))[
        ::-1
    ]
    scores = [r["warmth"] for r in mine if r["warmth"] is not None and r["staff_id"] not in flat]
    newest = [r["staff_id"] for r in mine if r["warmth"] is not None][:9]
    replies = [r["reply"] == "none" for r in mine if r["reply"] in ("none", "late", "prompt")]
    run = next((i for i, silent in enumerate(replies) if not silent), len(replies))
    before = replies[run:]
    return {
        "attitude_last3": round(mean(scores[:3]), 9) if len(scores) >= 3 else None,
        "attitude_before6": round(mean(scores[3:9]), 9) if len(scores) >= 9 else None,
        "warmth_usable": not any(staff in flat for staff in newest),
        "unanswered_run": run,
        "unanswered_before": len(before),
        "answered_before_share": round(before.count(False) / len(before), 9) if before else None,
    }


def test_random_books_against_plain_python() -> None:
    rng = random.Random(11)
    clients = tuple(f"c{i:03}" for i in range(100))
    fixed = {"a": 3, "b": 5}  # two RMs who give everyone the same
    rows = []
    for client in clients:
        for _ in range(rng.randint(0, 14)):
            staff = rng.choice("abxyz")
            given = rng.choice([None, fixed.get(staff, rng.randint(1, 5))])
            reply = rng.choice(["none", "prompt", "late", "not_expected", None])
            rows.append(met(rng.randint(0, 900), client_id=client, staff_id=staff, warmth=given, reply=reply))
    frame = warmth.measure(made(rows, clients=clients))
    both = frame.join(attitude.measure(frame), on="client_id").collect()
    for row in both.iter_rows(named=True):
        agrees(row, plain(rows, row["client_id"]))
    mixed = warmth.measure(made(rng.sample(rows, len(rows)), clients=clients[::-1]))
    assert attitude.measure(mixed).collect().equals(attitude.measure(frame).collect())
    assert mixed.drop(warmth.LISTS).collect().equals(frame.drop(warmth.LISTS).collect())
