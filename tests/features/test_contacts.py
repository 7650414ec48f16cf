"""Contact features: cases worked by hand, and a plain-Python reference for the windows of REL-11."""

import math
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.features import contacts
from transforms.night import Night

T = date(2015, 6, 30)
NIGHT = Night(T)
START = date(2000, 1, 1)
CLIENTS = {"client_id": pl.String, "relationship_start": pl.Date, "tier": pl.String}
INTERACTIONS = {
    "interaction_id": pl.String,
    "client_id": pl.String,
    "staff_id": pl.String,
    "planned_on": pl.Date,
    "purpose": pl.String,
    "started_at": pl.Datetime("ms"),
    "channel": pl.String,
    "status": pl.String,
    "two_way": pl.Boolean,
    "warmth": pl.Int64,
    "outcome": pl.String,
    "recorded_at": pl.Datetime("ms"),
}
ASSIGNMENTS = {
    "client_id": pl.String,
    "staff_id": pl.String,
    "role": pl.String,
    "start_on": pl.Date,
    "end_on": pl.Date,
}
Row = dict[str, Any]


def day(age: int) -> date:
    return T - timedelta(days=age)


def moment(age: int, hour: int = 10) -> datetime:
    return datetime.combine(day(age), time(hour))


def contact(age: int, number: int = 0, **more: Any) -> Row:
    row = {
        "interaction_id": f"i{age}.{number}",
        "client_id": "c",
        "staff_id": "s",
        "channel": "visit",
        "purpose": "routine_maintenance",
        "outcome": "next_step",
        "started_at": moment(age),
        "recorded_at": moment(max(age, 0)),
        "status": "done",
        "two_way": True,
    }
    return row | more


def contacts_at(*ages: int, **more: Any) -> list[Row]:
    return [contact(age, i, **more) for i, age in enumerate(ages)]


def main_rm(staff: str, since: int, until: int | None = None, **more: Any) -> Row:
    end = None if until is None else day(until)
    return {"client_id": "c", "staff_id": staff, "role": "main", "start_on": day(since), "end_on": end} | more


def clients_frame(*clients: Row) -> pl.LazyFrame:
    rows = clients or ({},)
    return pl.LazyFrame([{"client_id": "c", "relationship_start": START} | c for c in rows], schema=CLIENTS)


def measured(
    rows: Sequence[Row] | None,
    assignments: Sequence[Row] | None = (),
    clients: Sequence[Row] = (),
    night: Night = NIGHT,
) -> pl.LazyFrame:
    return contacts.measure(
        night,
        clients_frame(*clients),
        None if rows is None else pl.LazyFrame(rows, schema=INTERACTIONS),
        None if assignments is None else pl.LazyFrame(assignments, schema=ASSIGNMENTS),
    )


def one(rows: Sequence[Row], assignments: Sequence[Row] | None = (), tier: str | None = "A", **more: Any) -> Row:
    frame = measured(rows, assignments, **more)
    tiers = pl.LazyFrame(
        {"client_id": ["c"], "tier_used": [tier]}, schema={"client_id": pl.String, "tier_used": pl.String}
    )
    found = frame.collect().row(0, named=True)
    return found | contacts.rhythm(more.get("night", NIGHT), frame, tiers).collect().row(0, named=True)


def e(m: float, *terms: float) -> float:
    return round(math.exp(-m) * sum(terms), 9)


NEVER = {"last_contact_on": None, "days_since_contact": None, "contact_keys": [], "contacts_now": 0}
STEADY = [10, 100, 120, 150, 190, 220, 250, 280, 300, 370, 400, 440]  # A: 1 in the newest window, 4, 4 and 3 before
CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "no contact ever": (
        [],
        [],
        NEVER
        | {
            "contacts_mean": 0.0,
            "contacts_poisson": 1.0,
            "contact_own_gap": None,
            "contact_gap_limit": 30.0,
            "warmth_last3": None,
            "contact_days": [],
            "next_planned_on": None,
        },
    ),
    "today": (contacts_at(0), [], {"last_contact_on": T, "days_since_contact": 0, "contacts_now": 1}),
    "tomorrow is not held yet": ([contact(-1, recorded_at=moment(0))], [], NEVER),
    "recorded tomorrow is not known": ([contact(3, recorded_at=moment(-1, 0))], [], NEVER),
    "recorded late on T is": ([contact(3, recorded_at=moment(0, 23))], [], {"days_since_contact": 3}),
    "one-way is no contact": ([contact(3, two_way=False)], [], NEVER),
    "a cancelled one is none": ([contact(3, status="cancelled")], [], NEVER),
    "the window has both ends in": (contacts_at(0, 90, 91), [], {"contacts_now": 2, "contacts_mean": 0.25}),
    "the fourth window before, both ends in": (
        contacts_at(364, 454, 455),
        [],
        {"contacts_now": 0, "contacts_mean": 0.5},
    ),
    "fewer than usual": (
        contacts_at(*STEADY),
        [],
        {
            "contacts_window_days": 90,
            "contacts_now": 1,
            "contacts_mean": 2.75,
            "contacts_poisson": e(2.75, 1, 2.75),
        },
    ),
    "two contacts of one day are two contacts and no gap": (
        contacts_at(5, 5, 45),
        [],
        {"contacts_now": 3, "contact_own_gap": 40.0, "contact_gap_limit": 60.0},
    ),
    "own gap: the median of the gaps between different days": (
        contacts_at(10, 30, 90, 100),
        [],
        {"contact_own_gap": 20.0, "contact_gap_limit": 30.0},
    ),
    "an even number of gaps": (contacts_at(0, 10, 51), [], {"contact_own_gap": 25.5, "contact_gap_limit": 38.25}),
    "own gap: 365 days, both ends in": (
        contacts_at(0, 365),
        [],
        {"contact_own_gap": 365.0, "contact_gap_limit": 547.5},
    ),
    "own gap: not 366": (contacts_at(0, 366), [], {"contact_own_gap": None, "contact_gap_limit": 30.0}),
    "one contact makes no gap": (contacts_at(7), [], {"contact_own_gap": None, "contact_gap_limit": 30.0}),
    "a new main RM starts the windows anew, not the last contact": (
        contacts_at(50, 60, 70),
        [main_rm("old", 900, 40), main_rm("new", 40)],
        {
            "contacts_since": day(40),
            "days_since_contact": 50,
            "contacts_now": 0,
            "contacts_mean": None,
            "contacts_poisson": None,
            "contact_own_gap": None,
            "contact_gap_limit": 30.0,
            "contact_days": [],
        },
    ),
    "contacts of the day the RM starts count": (contacts_at(40), [main_rm("new", 40)], {"contacts_now": 1}),
    "a new assignment of the same RM is no new RM": (
        contacts_at(50),
        [main_rm("same", 900, 40), main_rm("same", 40)],
        {"contacts_since": day(900), "contacts_now": 1},
    ),
    "back after another": (
        contacts_at(50),
        [main_rm("same", 900, 300), main_rm("other", 300, 40), main_rm("same", 40)],
        {"contacts_since": day(40), "contacts_now": 0},
    ),
    "handed over on the day it began": (
        contacts_at(50),
        [main_rm("other", 40, 40), main_rm("same", 40)],
        {"contacts_since": day(40), "contacts_now": 0},
    ),
    "an assistant is no main RM": (contacts_at(50), [main_rm("x", 40, role="assist")], {"contacts_since": START}),
    "a main RM of tomorrow is not there yet": (contacts_at(50), [main_rm("x", -1)], {"contacts_since": START}),
    "one who left today is gone": (contacts_at(50), [main_rm("x", 40, 0)], {"contacts_since": START}),
    "one who leaves tomorrow is not": (contacts_at(50), [main_rm("x", 40, -1)], {"contacts_since": day(40)}),
    "three windows before are enough": (
        contacts_at(91, 200, 363),
        [main_rm("x", 363)],
        {"contacts_mean": 1.0, "contacts_poisson": e(1, 1)},
    ),
    "a day less and they are two": (contacts_at(91, 200), [main_rm("x", 362)], {"contacts_mean": None}),
    "nearly four are three": (contacts_at(91, 364, 365), [main_rm("x", 453)], {"contacts_mean": round(1 / 3, 9)}),
    "four are four": (contacts_at(91, 364, 365), [main_rm("x", 454)], {"contacts_mean": 0.75}),
    "warmth: three, then six": (
        [contact(i, warmth=w) for i, w in enumerate([1, 2, 2, 4, 4, 5, 5, 4, 4, 1])],
        [],
        {"warmth_last3": round(5 / 3, 9), "warmth_before6": round(26 / 6, 9)},
    ),
    "contacts without a score are passed over": (
        [contact(i, warmth=w) for i, w in enumerate([None, 1, None, 2, 3, 4])],
        [],
        {"warmth_last3": 2.0, "warmth_before6": None},
    ),
    "two scores are too few": (
        [contact(1, warmth=5), contact(2, warmth=5)],
        [],
        {"warmth_last3": None, "warmth_before6": None},
    ),
    "eight scores are too few for the six before": (
        [contact(i, warmth=3) for i in range(8)],
        [],
        {"warmth_last3": 3.0, "warmth_before6": None},
    ),
    "scores start anew with a new main RM": (
        [contact(i, warmth=3) for i in range(9)],
        [main_rm("x", 3)],
        {"warmth_last3": 3.0, "warmth_before6": None},
    ),
    "keys: ten at most, newest first": (
        contacts_at(*range(12)),
        [],
        {"contact_keys": [f"interactions:i{i}.{i}" for i in range(10)]},
    ),
    "planned": (
        [contact(9, planned_on=day(-age), status="planned", started_at=None, number=age) for age in (5, 3, 0)],
        [],
        {"next_planned_on": day(-3), "days_since_contact": None},
    ),
    "a plan recorded later is not known": (
        [contact(9, planned_on=day(-3), status="planned", started_at=None, recorded_at=moment(-1))],
        [],
        {"next_planned_on": None},
    ),
}


@pytest.mark.parametrize(("rows", "assignments", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], assignments: list[Row], expected: Row) -> None:
    row = one(rows, assignments)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("tier", "cadence", "window", "now"), [("A", 30, 90, 1), ("B", 60, 120, 2), ("C", 90, 180, 3), ("D", 180, 365, 4)]
)
def test_the_tier_sets_cadence_and_window(tier: str, cadence: int, window: int, now: int) -> None:
    row = one(contacts_at(90, 120, 180, 365, 366), tier=tier)
    assert (row["tier_used"], row["contact_cadence"], row["contacts_window_days"]) == (tier, cadence, window)
    assert row["contacts_now"] == now


def test_the_longest_windows_reach_back_five_years() -> None:
    row = one(contacts_at(1829, 1830), tier="D")
    assert (row["contacts_mean"], row["contact_days"]) == (0.25, [day(1829)])


def test_no_tier_no_rhythm() -> None:
    row = one(contacts_at(5, 45), tier=None)
    names = [name for name in row if name.startswith(("contacts_", "contact_gap"))]
    assert {row[name] for name in [*names, "contact_cadence", "tier_used"] if name != "contacts_since"} == {None}
    assert row["contact_own_gap"] == 40.0


def test_a_bank_sets_its_own_cadence() -> None:
    row = one(contacts_at(5), night=Night(T, cadence={"A": 14, "B": 60, "C": 90, "D": 180}))
    assert (row["contact_cadence"], row["contact_gap_limit"]) == (14, 14.0)


def test_the_relationship_may_be_younger_than_the_rm() -> None:
    row = one(contacts_at(50), [main_rm("x", 900)], clients=[{"relationship_start": day(40)}])
    assert (row["contacts_since"], row["contacts_now"], row["days_since_contact"]) == (day(40), 0, 50)


def test_assignments_not_connected() -> None:
    assert one(contacts_at(50), None)["contacts_since"] == START


@given(st.integers(0, 300), st.floats(0, 400))
@settings(max_examples=40, deadline=None)
def test_poisson_is_the_sum_of_its_terms(n: int, m: float) -> None:
    found = pl.select(contacts.poisson(pl.lit(n, pl.Int64), pl.lit(m))).item()
    logs = [k * math.log(m) - math.lgamma(k + 1) - m for k in range(n + 1)] if m > 0 else [0.0]
    assert found == pytest.approx(min(1.0, math.fsum(map(math.exp, logs))), abs=2e-9)


def random_bank(seed: int) -> tuple[list[Row], list[Row], list[Row], list[str]]:
    rng = random.Random(seed)
    clients = [f"c{i}" for i in range(20)]
    rows, assignments, tiers = [], [], []
    for client in clients:
        tiers.append(rng.choice("ABCD"))
        mean_gap = rng.choice([6, 15, 40, 80])
        for i in range(rng.randint(0, 60)):
            age = rng.randint(-5, mean_gap * 20)
            rows.append(
                contact(
                    age,
                    interaction_id=f"{client}.{i}",
                    client_id=client,
                    warmth=rng.choice([None, 1, 2, 3, 4, 5]),
                    started_at=moment(age, rng.choice([9, 15])),
                    recorded_at=moment(max(0, age - rng.randint(0, 3)) if rng.random() < 0.95 else -1),
                    status=rng.choice(["done"] * 6 + ["no_show"]),
                    two_way=rng.random() < 0.85,
                )
            )
        start = rng.randint(400, 2500)
        while start > 0:
            end = start - rng.randint(100, 1500)
            staff = rng.choice("xyz")
            assignments.append(main_rm(staff, start, end if end > 0 else rng.choice([None, -9]), client_id=client))
            start = end
    relations = [{"client_id": c, "relationship_start": day(rng.randint(100, 3000))} for c in clients]
    return rows, assignments, relations, tiers


def plain_since(assignments: list[Row], client: str, relation: date) -> date:
    """Walk the client's main RMs from the newest backwards until another person stands there."""
    mine = sorted((a for a in assignments if a["client_id"] == client), key=lambda a: a["start_on"], reverse=True)
    since = None
    for a in mine:
        if a["staff_id"] != mine[0]["staff_id"]:
            break
        since = a["start_on"]
    return max(since, relation) if since else relation


def plain_window(days: list[date], width: int, back: int) -> int:
    last = T - timedelta(days=back * (width + 1))
    return sum(last - timedelta(days=width) <= d <= last for d in days)


def plain_rhythm(bank: tuple[list[Row], list[Row], list[Row], list[str]], i: int) -> Row:
    rows, assignments, relations, tiers = bank
    client, relation, tier = relations[i]["client_id"], relations[i]["relationship_start"], tiers[i]
    held = [
        r
        for r in rows
        if r["client_id"] == client and r["status"] == "done" and r["two_way"]
        if r["started_at"].date() <= T and r["recorded_at"].date() <= T
    ]
    held.sort(key=lambda r: (r["started_at"], r["interaction_id"]), reverse=True)
    since = plain_since(assignments, client, relation)
    own = [r for r in held if r["started_at"].date() >= since]
    days = [r["started_at"].date() for r in own]
    width = {"A": 90, "B": 120, "C": 180, "D": 365}[tier]
    cadence = {"A": 30, "B": 60, "C": 90, "D": 180}[tier]
    covered = [k for k in range(1, 5) if T - timedelta(days=k * (width + 1) + width) >= since]
    m = mean(plain_window(days, width, k) for k in covered) if len(covered) >= 3 else None
    now = plain_window(days, width, 0)
    year = sorted({d for d in days if d >= day(365)})
    gaps = [(b - a).days for a, b in pairwise(year)]
    warmth = [r["warmth"] for r in own if r["warmth"] is not None]
    last = held[0]["started_at"].date() if held else None
    return {
        "last_contact_on": last,
        "days_since_contact": (T - last).days if last else None,
        "contact_keys": [f"interactions:{r['interaction_id']}" for r in held[:10]],
        "warmth_last3": round(mean(warmth[:3]), 9) if len(warmth) >= 3 else None,
        "warmth_before6": round(mean(warmth[3:9]), 9) if len(warmth) >= 9 else None,
        "contact_own_gap": float(median(gaps)) if gaps else None,
        "contact_gap_limit": max(cadence, 1.5 * median(gaps)) if gaps else float(cadence),
        "contacts_now": now,
        "contacts_mean": None if m is None else round(m, 9),
        "contacts_poisson": None
        if m is None
        else round(math.fsum(math.exp(-m) * m**k / math.factorial(k) for k in range(now + 1)), 9),
    }


def both(bank: tuple[list[Row], list[Row], list[Row], list[str]]) -> pl.DataFrame:
    rows, assignments, relations, tiers = bank
    frame = measured(rows, assignments, relations)
    graded = pl.LazyFrame({"client_id": [r["client_id"] for r in relations], "tier_used": tiers})
    return frame.join(contacts.rhythm(NIGHT, frame, graded), on="client_id").collect().sort("client_id")


@pytest.mark.parametrize("seed", range(6))
def test_random_banks_against_plain_python(seed: int) -> None:
    bank = random_bank(seed)
    found = {row["client_id"]: row for row in both(bank).iter_rows(named=True)}
    for i, relation in enumerate(bank[2]):
        expected = plain_rhythm(bank, i)
        row = found[relation["client_id"]]
        chance, plain_chance = row["contacts_poisson"], expected.pop("contacts_poisson")
        assert (chance is None) == (plain_chance is None)
        assert chance is None or chance == pytest.approx(plain_chance, abs=2e-9)
        assert {name: row[name] for name in expected} == expected


def test_the_random_banks_reach_what_is_tested() -> None:
    rows = [plain_rhythm(bank, i) for bank in map(random_bank, range(6)) for i in range(20)]
    assert any(r["contacts_mean"] is None for r in rows)
    assert any((r["contacts_poisson"] or 1) < 0.05 for r in rows)
    assert any(r["warmth_before6"] is not None for r in rows)
    assert any(r["contact_own_gap"] is None for r in rows)


def test_row_order_does_not_matter() -> None:
    rows, assignments, relations, tiers = random_bank(7)
    rng = random.Random(0)
    order = rng.sample(range(20), 20)
    mixed = (
        rng.sample(rows, len(rows)),
        rng.sample(assignments, len(assignments)),
        [relations[i] for i in order],
        [tiers[i] for i in order],
    )
    assert_frame_equal(both((rows, assignments, relations, tiers)), both(mixed))


def test_a_client_alone_is_as_among_others() -> None:
    rows, assignments, relations, tiers = random_bank(8)
    together = both((rows, assignments, relations, tiers))
    for relation, tier in zip(relations, tiers, strict=True):
        alone = both((rows, assignments, [relation], [tier]))
        assert_frame_equal(alone, together.filter(pl.col("client_id") == relation["client_id"]))


def test_not_connected_is_unknown_and_typed() -> None:
    absent, empty = measured(None), measured([])
    assert absent.collect_schema() == empty.collect_schema() == {"client_id": pl.String} | dict(contacts.COLUMNS)
    row = absent.collect().row(0, named=True)
    assert {row[name] for name in contacts.COLUMNS} == {None}
    tiers = pl.LazyFrame({"client_id": ["c"], "tier_used": ["A"]})
    unknown, nothing = (contacts.rhythm(NIGHT, frame, tiers).collect() for frame in (absent, empty))
    assert unknown.schema == nothing.schema
    assert nothing.row(0) == ("c", "A", 30, None, 30.0, 90, 0, 0.0, 1.0)
    assert unknown.row(0) == ("c", "A", 30, None, None, 90, None, None, None)


def test_history() -> None:
    rows = [
        contact(1, two_way=False, warmth=2, channel="phone"),
        contact(0, 1, started_at=moment(0, 9)),
        contact(0, 2, started_at=moment(0, 15)),
        contact((T - date(2013, 6, 30)).days),
        contact((T - date(2013, 6, 29)).days),
        contact(5, status="cancelled"),
        contact(4, recorded_at=moment(-1)),
        contact(2, client_id="somebody else"),
    ]
    frame = contacts.history(NIGHT, clients_frame(), pl.LazyFrame(rows, schema=INTERACTIONS)).collect()
    assert frame.schema == contacts.HISTORY
    assert frame["on"].to_list() == [T, T, day(1), date(2013, 6, 30)]
    assert frame.row(2) == ("c", day(1), "phone", "routine_maintenance", "next_step", 2, "s", False)
    for nothing in (None, pl.LazyFrame(schema=INTERACTIONS)):
        empty = contacts.history(NIGHT, clients_frame(), nothing).collect()
        assert (empty.height, empty.schema) == (0, contacts.HISTORY)


def test_history_newest_first_within_a_day() -> None:
    rows = [contact(0, 1, started_at=moment(0, 9), warmth=1), contact(0, 2, started_at=moment(0, 15), warmth=5)]
    frame = contacts.history(NIGHT, clients_frame(), pl.LazyFrame(rows, schema=INTERACTIONS)).collect()
    assert frame["warmth"].to_list() == [5, 1]


ALERT: dict[str, tuple[list[Row], int | None, tuple[int | None, int | None]]] = {
    "never at level A": (contacts_at(10), None, (None, None)),
    "sixty days each, the day itself before": (contacts_at(100, 100, 159, 160, 99, 40, 39), 100, (3, 2)),
    "one-way counts": ([contact(120, two_way=False), contact(70, number=1, two_way=False)], 100, (1, 1)),
    "the days after are over": (contacts_at(60, 0), 60, (1, 1)),
    "they are not": (contacts_at(59, 0), 59, (None, None)),
    "365 days ago": (contacts_at(365, 424, 425), 365, (2, 0)),
    "366 days ago": (contacts_at(366), 366, (None, None)),
    "nobody met": ([], 100, (0, 0)),
}


@pytest.mark.parametrize(("rows", "alert", "expected"), ALERT.values(), ids=ALERT)
def test_contacts_around_the_first_alert(rows: list[Row], alert: int | None, expected: tuple[int | None, ...]) -> None:
    told = pl.LazyFrame(
        {"client_id": ["c"], "first_alert_on": [None if alert is None else day(alert)]},
        schema={"client_id": pl.String, "first_alert_on": pl.Date},
    )
    found = contacts.after_alert(NIGHT, measured(rows), told).collect()
    assert found.schema == {"client_id": pl.String, "contacts_before_alert": pl.Int64, "contacts_after_alert": pl.Int64}
    assert found.row(0) == ("c", *expected)
    assert contacts.after_alert(NIGHT, measured(None), told).collect().row(0) == ("c", None, None)
    assert contacts.after_alert(NIGHT, measured(rows), told.clear()).collect().row(0) == ("c", None, None)
