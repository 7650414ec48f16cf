"""Complaint features: cases worked by hand, and a plain-Python reference over random complaints."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from transforms.features import complaints
from transforms.night import Night

T = date(2015, 6, 30)
NIGHT = Night(T)
SCHEMA = {
    "complaint_id": pl.String,
    "client_id": pl.String,
    "contact_id": pl.String,
    "received_at": pl.Datetime("ms"),
    "category": pl.String,
    "product": pl.String,
    "severity": pl.String,
    "closed_at": pl.Datetime("ms"),
    "outcome": pl.String,
    "extension_approved_by": pl.String,
    "repeat_of": pl.String,
}
Row = dict[str, Any]


def moment(age: int, hour: int = 10) -> datetime:
    return datetime.combine(T - timedelta(days=age), time(hour))


def complaint(age: int, name: str = "a", closed: int | None = None, **more: Any) -> Row:
    """One received `age` days ago, closed `closed` days ago."""
    row = {
        "complaint_id": name,
        "client_id": "c",
        "received_at": moment(age),
        "category": "efficiency",
        "severity": "1",
        "closed_at": None if closed is None else moment(closed, 17),
        "outcome": "open" if closed is None else "upheld",
    }
    return row | more


def measured(rows: Sequence[Row] | None, clients: Sequence[str] = ("c",), history: bool = False) -> pl.DataFrame:
    listed = pl.LazyFrame({"client_id": clients}, schema={"client_id": pl.String})
    frame = None if rows is None else pl.LazyFrame(rows, schema=SCHEMA)
    return (complaints.history if history else complaints.measure)(NIGHT, listed, frame).collect()


NOTHING: Row = {
    "complaints_90": 0,
    "complaints_30": 0,
    "complaint_open_days": 0,
    "complaint_open_plain_days": 0,
    "complaint_open_extended_days": 0,
    "complaint_worst_90": 0,
    "complaint_repeat": False,
    "complaint_repeat_category": None,
    "complaint_keys": [],
}
CLOSED = {"complaint_open_days": 0, "complaint_open_plain_days": 0}
REPEAT = {"complaint_repeat": True, "complaint_repeat_category": "efficiency"}
ONCE = {"complaint_repeat": False, "complaint_repeat_category": None}
BY_ME = {"contact_id": "p"}
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing happened": ([], NOTHING),
    "somebody else's": ([complaint(5, client_id="x")], NOTHING),
    "received tomorrow": ([complaint(-1)], NOTHING),
    "today": (
        [complaint(0)],
        NOTHING | {"complaints_90": 1, "complaints_30": 1, "complaint_worst_90": 1, "complaint_keys": ["complaints:a"]},
    ),
    "30 days, both ends in": ([complaint(30, closed=1)], {"complaints_30": 1} | CLOSED),
    "31 days": ([complaint(31, closed=1)], {"complaints_30": 0, "complaints_90": 1}),
    "90 days, both ends in": ([complaint(90, closed=1)], {"complaints_90": 1, "complaint_worst_90": 1}),
    "91 days, closed, is over": ([complaint(91, closed=1, severity="3")], NOTHING),
    "91 days, open, is not": (
        [complaint(91, severity="3")],
        NOTHING | {"complaint_open_days": 91, "complaint_open_plain_days": 91, "complaint_keys": ["complaints:a"]},
    ),
    "open 31 days": ([complaint(31)], {"complaint_open_days": 31, "complaint_open_plain_days": 31}),
    "extended, open 61 days": (
        [complaint(61, extension_approved_by="s")],
        {"complaint_open_days": 61, "complaint_open_plain_days": 0, "complaint_open_extended_days": 61},
    ),
    "the oldest is extended, the younger is late": (
        [complaint(50, "a", extension_approved_by="s"), complaint(35, "b")],
        {"complaint_open_days": 50, "complaint_open_plain_days": 35, "complaint_open_extended_days": 50},
    ),
    "the oldest open one decides, not the closed": (
        [complaint(50, "a", 1, extension_approved_by="s"), complaint(20, "b")],
        {"complaint_open_days": 20, "complaint_open_plain_days": 20, "complaint_open_extended_days": 0},
    ),
    "closed on T": ([complaint(40, closed=0)], CLOSED),
    "closed tomorrow is open": (
        [complaint(40, closed=-1)],
        {"complaint_open_days": 40, "complaint_open_plain_days": 40},
    ),
    "the worst of 90 days": (
        [complaint(5, "a", severity="2"), complaint(6, "b"), complaint(95, "c", 1, severity="3")],
        {"complaint_worst_90": 2},
    ),
    "same category, same person": ([complaint(5, "b", **BY_ME), complaint(300, "a", 1, **BY_ME)], REPEAT),
    "same category, same product": (
        [complaint(5, "b", product="fx", **BY_ME), complaint(300, "a", 1, product="fx", contact_id="q")],
        REPEAT,
    ),
    "same category alone": (
        [complaint(5, "b", product="fx", **BY_ME), complaint(300, "a", 1, product="agency", contact_id="q")],
        ONCE,
    ),
    "nobody named is nobody in common": ([complaint(5, "b"), complaint(300, "a", 1)], ONCE),
    "another category": ([complaint(5, "b", category="attitude", **BY_ME), complaint(300, "a", 1, **BY_ME)], ONCE),
    "the last one 90 days ago": ([complaint(90, "b", 1, **BY_ME), complaint(300, "a", 1, **BY_ME)], REPEAT),
    "the last one 91 days ago": ([complaint(91, "b", 1, **BY_ME), complaint(300, "a", 1, **BY_ME)], ONCE),
    "the first 365 days ago": ([complaint(5, "b", **BY_ME), complaint(365, "a", 1, **BY_ME)], REPEAT),
    "the first 366 days ago": ([complaint(5, "b", **BY_ME), complaint(366, "a", 1, **BY_ME)], ONCE),
    "twice in one moment": ([complaint(5, "b", **BY_ME), complaint(5, "a", **BY_ME)], REPEAT),
    "another client's": ([complaint(5, "b", **BY_ME), complaint(9, "a", client_id="x", **BY_ME)], ONCE),
    "named, whatever the category": (
        [complaint(5, "b", repeat_of="a"), complaint(300, "a", 1, category="attitude")],
        REPEAT | {"complaint_keys": ["complaints:b", "complaints:a"]},
    ),
    "named, the last one 91 days ago": ([complaint(91, "b", 1, repeat_of="a"), complaint(300, "a", 1)], ONCE),
    "named, the first 366 days ago": ([complaint(5, "b", repeat_of="a"), complaint(366, "a", 1)], ONCE),
    "named, but not there": ([complaint(5, "b", repeat_of="a")], ONCE),
    "the newest repeat gives the category": (
        [
            complaint(5, "d", category="attitude", **BY_ME),
            complaint(6, "c", category="attitude", **BY_ME),
            complaint(8, "b", category="argument", **BY_ME),
            complaint(9, "a", category="argument", **BY_ME),
        ],
        {"complaint_repeat_category": "attitude", "complaint_keys": [f"complaints:{x}" for x in "dcba"]},
    ),
    "keys: 90 days, open ones, earlier ones of a repeat": (
        [
            complaint(1, "e", 0, **BY_ME),
            complaint(100, "d"),
            complaint(110, "c", 1, category="attitude"),
            complaint(300, "b", 1, **BY_ME),
            complaint(400, "a", 1, **BY_ME),
        ],
        {"complaint_keys": ["complaints:e", "complaints:d", "complaints:b"]},
    ),
}


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    row = measured(rows).row(0, named=True)
    assert {name: row[name] for name in expected} == expected


def test_one_client_does_not_repeat_another() -> None:
    rows = [complaint(5, "b", repeat_of="a", **BY_ME), complaint(9, "a", client_id="x", **BY_ME)]
    assert measured(rows, ["c", "x"])["complaint_repeat"].to_list() == [False, False]


def random_complaints(seed: int) -> tuple[list[Row], list[str]]:
    rng = random.Random(seed)
    clients = [f"c{i}" for i in range(30)]
    rows: list[Row] = []
    for client in clients:
        names: list[str] = []
        for i in range(rng.randint(0, 6)):
            age = rng.choice([rng.randint(-5, 95), rng.randint(80, 400)])
            name = f"{client}.{i}"
            rows.append(
                complaint(
                    age,
                    name,
                    rng.choice([None, None, age - rng.randint(0, 80)]),
                    client_id=client,
                    category=rng.choice(["efficiency", "attitude", "argument"]),
                    contact_id=rng.choice([None, "p", "q", "r"]),
                    product=rng.choice([None, "fx", "agency", "payroll"]),
                    severity=rng.choice("123"),
                    extension_approved_by=rng.choice([None, None, "s"]),
                    repeat_of=rng.choice([*names, *[None] * 6]) if names else None,
                )
            )
            names.append(name)
    return rows, clients


def plain_repeat(known: list[Row]) -> bool:
    for last in known:
        for first in known:
            ages = [(T - r["received_at"].date()).days for r in (first, last)]
            if first is last or max(ages) > 365 or ages[1] > 90:
                continue
            alike = first["category"] == last["category"] and any(
                first[who] is not None and first[who] == last[who] for who in ("contact_id", "product")
            )
            order = (first["received_at"], first["complaint_id"]) < (last["received_at"], last["complaint_id"])
            if last["repeat_of"] == first["complaint_id"] or (alike and order):
                return True
    return False


def plain_measure(rows: list[Row], client: str) -> Row:
    known = [r for r in rows if r["client_id"] == client and r["received_at"].date() <= T]
    ages = {r["complaint_id"]: (T - r["received_at"].date()).days for r in known}
    still = [r for r in known if r["closed_at"] is None or r["closed_at"].date() > T]
    extended = [ages[r["complaint_id"]] for r in still if r["extension_approved_by"]]
    plain = [ages[r["complaint_id"]] for r in still if not r["extension_approved_by"]]
    return {
        "complaints_90": sum(a <= 90 for a in ages.values()),
        "complaints_30": sum(a <= 30 for a in ages.values()),
        "complaint_open_days": max((ages[r["complaint_id"]] for r in still), default=0),
        "complaint_open_plain_days": max(plain, default=0),
        "complaint_open_extended_days": max(extended, default=0),
        "complaint_worst_90": max((int(r["severity"]) for r in known if ages[r["complaint_id"]] <= 90), default=0),
        "complaint_repeat": plain_repeat(known),
    }


@pytest.mark.parametrize("seed", range(10))
def test_random_complaints_against_plain_python(seed: int) -> None:
    rows, clients = random_complaints(seed)
    for row in measured(rows, clients).iter_rows(named=True):
        expected = plain_measure(rows, row["client_id"])
        assert {name: row[name] for name in expected} == expected
        assert (row["complaint_repeat_category"] is not None) == expected["complaint_repeat"]


def test_the_random_complaints_reach_both_answers() -> None:
    found = [
        plain_measure(*pair)
        for rows, clients in map(random_complaints, range(10))
        for pair in [(rows, c) for c in clients]
    ]
    for name in ("complaint_repeat", "complaint_open_plain_days", "complaint_open_extended_days"):
        assert 0.05 < sum(bool(row[name]) for row in found) / len(found) < 0.95


@pytest.mark.parametrize("history", [False, True])
def test_row_order_does_not_matter(history: bool) -> None:
    rows, clients = random_complaints(20)
    rng = random.Random(0)
    mixed = measured(rng.sample(rows, len(rows)), rng.sample(clients, len(clients)), history)
    assert_frame_equal(measured(rows, clients, history), mixed)


@pytest.mark.parametrize("history", [False, True])
def test_a_client_alone_is_as_among_others(history: bool) -> None:
    rows, clients = random_complaints(21)
    together = measured(rows, clients, history)
    for client in clients:
        assert_frame_equal(measured(rows, [client], history), together.filter(pl.col("client_id") == client))


def test_not_connected_is_unknown_and_typed() -> None:
    absent, empty = measured(None), measured([])
    assert absent.schema == empty.schema == {"client_id": pl.String} | dict(complaints.COLUMNS)
    assert absent.row(0) == ("c", *[None] * len(complaints.COLUMNS))
    for nothing in (None, []):
        frame = measured(nothing, history=True)
        assert (frame.height, frame.schema) == (0, complaints.HISTORY)


def test_history_as_it_stood() -> None:
    rows = [
        complaint(200, "a", 180, severity="3"),
        complaint(40, "b", -1),
        complaint(40, "c", outcome="withdrawn"),
        complaint(-1, "d"),
        complaint(3, "e", client_id="x"),
    ]
    frame = measured(rows, history=True)
    assert frame["complaint_id"].to_list() == ["c", "b", "a"]
    assert frame["outcome"].to_list() == ["withdrawn", "open", "upheld"]
    assert frame["closed_on"].to_list() == [None, None, T - timedelta(days=180)]
    assert frame["days_open"].to_list() == [40, 40, 20]
    assert frame.row(2)[2:5] == (T - timedelta(days=200), "efficiency", 3)
