"""The twelve self-checks: a hand-computed RM, every limit from both sides, what is missing, order."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.shards import Row, ago, agrees, table
from tests.relationship.books import book
from transforms.relationship import self_checks
from transforms.relationship.book import Book
from transforms.relationship.self_check_visits import tail

GRADES = {"a": "A", "b": "B", "c": "C", "d": "D"}
STAFF = [{"staff_id": "r", "start_on": ago(3000)}]
IN_PERSON = ("visit", "site_inspection", "bank_visit", "banquet", "event")


def at(days: int, minutes: int = 600) -> datetime:
    return datetime.combine(ago(days), time()) + timedelta(minutes=minutes)


def visit(days: int, client: str = "c", minutes: int | None = 60, name: str | None = None, **more: Any) -> Row:
    """A visit of r, planned three days before, an hour long."""
    return {
        "interaction_id": name or f"{client}{days:03}", "client_id": client, "staff_id": "r", "channel": "visit",
        "status": "done", "created_at": at(days + 3), "planned_on": ago(days), "started_at": at(days),
        "ended_at": None if minutes is None else at(days, 600 + minutes), "recorded_at": at(days, 1000), "two_way": True,
        "purpose": "routine_maintenance", "goal": "g", "outcome": "information", "decision_maker": False,
    } | more  # fmt: skip


def main(client: str, start: int = 1000, end: int | None = None, staff: str = "r", **more: Any) -> Row:
    end_on = None if end is None else ago(end)
    return {"client_id": client, "staff_id": staff, "role": "main", "start_on": ago(start), "end_on": end_on} | more


def desk(
    rows: Sequence[Row],
    grades: Mapping[str, str | None] = GRADES,
    findings: Sequence[Row] = (),
    distance: Mapping[str, float] | None = None,
    drop: Sequence[str] = (),
    **tables: Any,
) -> Book:
    given = {"interactions": rows, "assignments": [main(client) for client in grades], "staff": STAFF} | tables
    panel = [{"client_id": client, "tier_used": grade} for client, grade in grades.items()]
    made = book({name: rows for name, rows in given.items() if name not in drop}, panel, findings)
    if distance:
        who = [{"client_id": c, "status": "active", "site_distance_km": distance.get(c)} for c in grades]
        made = replace(made, clients=table("clients", who))
    return made


def checks(made: Book) -> pl.DataFrame:
    frames = self_checks.measure(made)
    assert set(frames) == set(self_checks.FRAMES)
    result = frames["self_checks"].collect()
    assert result.schema == self_checks.FRAMES["self_checks"]
    assert result.select("staff_id", "no").equals(result.select("staff_id", "no").sort("staff_id", "no"))
    assert result.group_by("staff_id").len()["len"].unique().to_list() in ([], [12])
    return result


def check(no: int, made: Book) -> Row:
    return checks(made).filter(pl.col("no") == no, pl.col("staff_id") == "r").row(0, named=True)


def many(count: int, client: str = "c", first: int = 1, **more: Any) -> list[Row]:
    return [visit(first + k, client, name=f"{client}{k}", **more) for k in range(count)]


def test_by_hand() -> None:
    """Three clients: a is due 3 times and seen 7, c due once and seen once, d due 0.49 times and never seen."""
    rows = [
        visit(k, "a", warmth=4, outcome=o)
        for k, o in zip(range(10, 80, 10), ["information"] * 6 + ["signed"], strict=True)
    ]
    rows += [visit(40, "c", minutes=130, purpose="greeting", created_at=at(40), goal=None, outcome="refused")]
    rows += [visit(5, "c", channel="phone", decision_maker=True)]
    days = [{"staff_id": "r", "date": ago(k), "worked_minutes": 480, "burden": 4 + k % 2} for k in (0, 1, 4)]
    result = checks(desk(rows, {"a": "A", "c": "C", "d": "D"}, staff_days=days))
    none: list[str] = []
    figures = '{"client_lost":0,"days_365":3,"days_90":3,"exited_by_bank":0,"handover":0,"left_bank":0,"other":0,"reorganisation":0}'
    expected = [  # no, value, second, n, flag, clients, others, evidence
        (1, 0.125, 1.0, 8, False, ["a"], none, None),  # one of eight visits beyond twice three
        (2, 0.0, None, 8, False, none, none, None),  # 130 minutes is not longer than 1.5 × 130
        (3, 0.0, None, 8, None, none, none, None),
        (4, 0.0, None, 1, False, none, none, None),
        (5, 0.875, 1.0, 8, False, none, none, None),
        (6, 0.875, None, 8, True, none, none, None),
        (7, None, None, 8, None, none, none, None),
        (8, 0.0, None, 1, True, none, none, None),
        (9, 0.0, None, 1, None, none, none, None),  # came back after 35 days
        (10, 4.0, None, 3, True, none, none, None),
        (11, 0.166666667, 0.0, 6, None, none, none, '{"better":0,"equal":5,"worse":1}'),
        (12, 0.0, 0.0, 3, False, none, none, figures),
    ]  # fmt: skip
    told = result.select("no", "value", "second", "n", "flag", "clients", "others", "evidence").rows()
    assert told == expected
    assert result.filter("private")["no"].to_list() == result.filter("asked")["no"].to_list() == [10]


LONG = many(5, "a", minutes=121, warmth=3)
CALLS = many(2, "c", minutes=20, purpose="greeting")
REFUSED: Row = {"outcome": "refused"}
WORSE: list[Row] = [{"outcome": o} for o in ("information", "no_result")]
CASES: dict[str, tuple[int, list[Row], Row]] = {
    # 1: c is due once, so twice is no excess; a d due 0.49 times counts as once
    "twice the rhythm": (1, many(2, "c"), {"value": 0.0, "clients": [], "second": 0.333333333}),
    "over, and most not seen": (1, many(3, "c"), {"value": 0.333333333, "second": 0.333333333, "flag": True, "clients": ["c"]}),
    "a fifth over": (1, many(3, "d") + many(2, "c", 9), {"value": 0.2, "flag": True, "clients": ["d"]}),
    "less than a fifth": (1, many(3, "d") + many(2, "c", 9) + many(1, "a", 30), {"value": 0.166666667, "flag": False}),
    "over, but all seen": (1, many(5, "c") + many(1, "a") + many(1, "b"), {"value": 0.428571429, "second": 1.0, "flag": False}),
    "no visit": (1, [], {"value": None, "second": 0.0, "n": 0, "flag": None}),
    "a call is no visit": (1, many(3, "c", channel="phone"), {"n": 0}),
    **{f"{channel} is in person": (1, many(1, "c", channel=channel), {"n": 1}) for channel in IN_PERSON},
    "the 180th day": (1, [visit(180), visit(181)], {"n": 1}),
    "held after T": (1, [visit(-1)], {"n": 0}),
    "recorded after T": (1, [visit(1, recorded_at=at(-1))], {"n": 0}),
    "a colleague's": (1, [visit(1, staff_id="s")], {"n": 0}),
    "not held": (1, [visit(1, status="cancelled")], {"n": 0}),
    # 2: the bank's median for the purpose is 60 here, so more than 120 minutes is long
    "two hours": (2, many(2, "a", minutes=120) + many(3, "c"), {"value": 0.0, "flag": False}),
    "longer, once": (2, many(1, "a", minutes=121) + many(3, "c"), {"value": 0.25, "flag": False, "clients": []}),
    "longer, twice": (2, many(2, "a", minutes=121) + many(3, "c"), {"value": 0.4, "flag": True, "clients": ["a"]}),
    "not over 1.5 × the median": (2, many(3, "a", minutes=100) + many(2, "c", minutes=150), {"value": 0.0}),
    "a median of its own purpose": (2, many(3, "a", minutes=100) + many(2, "c", minutes=121, purpose=None), {"value": 0.0}),
    "colder when long": (2, [*LONG, *many(10, "c", warmth=4)], {"second": -1.0, "clients": ["a"], "n": 15}),
    "colder at five clients": (
        2, [visit(k + 1, c, 121, warmth=w) for k, (c, w) in enumerate(zip("abcd", (3, 3, 3, 5), strict=True))]
        + [visit(9, "a", 130, warmth=3)] + [visit(k + 30, "c", warmth=4) for k in range(10)],
        {"second": -0.6, "flag": True, "clients": ["a"]}),
    "warmth of four long ones": (2, [*LONG[:4], *many(10, "c", warmth=4)], {"second": None, "flag": True}),
    "no end": (2, many(3, "a", minutes=None), {"n": 0, "value": None, "flag": None}),
    # 3: 20 minutes at most, no decision maker, for a purpose a call would do
    "a fifth": (3, CALLS + many(8, "a"), {"value": 0.2, "n": 10, "flag": True}),
    "under a fifth": (3, CALLS + many(9, "a"), {"value": 0.181818182, "flag": False}),
    "nine visits": (3, CALLS + many(7, "a"), {"n": 9, "flag": None}),
    "21 minutes": (3, many(2, minutes=21, purpose="greeting"), {"value": 0.0}),
    "with a decision maker": (3, many(2, minutes=9, purpose="greeting", decision_maker=True), {"value": 0.0}),
    "with a result": (3, many(2, minutes=9, purpose="greeting", outcome="next_step"), {"value": 0.0}),
    "thanks to grade A": (3, many(2, "a", minutes=9, purpose="thank_you") + many(1), {"value": 0.0, "n": 1}),
    "thanks to grade B": (3, many(2, "b", minutes=9, purpose="thank_you"), {"value": 1.0, "n": 2}),
    "unknown length": (3, many(2, minutes=None, purpose="greeting") + many(1), {"n": 1}),
    # 4: a is due 3 times, b twice; d may be seen 1.97 times, c three times
    "half the rhythm": (4, [*many(2, "a"), *many(1, "b"), *many(4, "c")], {"value": 0.0, "others": ["c"], "flag": False}),
    "less than half": (4, [*many(1, "a"), *many(1, "b"), *many(4, "c")], {"value": 0.5, "clients": ["a"], "flag": True}),
    "nobody too often": (4, many(3, "c"), {"value": 1.0, "clients": ["a", "b"], "others": [], "flag": False}),
    "twice a d": (4, many(2, "d"), {"others": []}),
    "three times a d": (4, many(3, "d"), {"others": ["d"], "flag": True}),
    # 5
    "planned the day before": (5, [visit(5, created_at=at(6, 1439))], {"value": 1.0, "second": 1.0, "flag": False}),
    "planned that day": (5, [visit(5, created_at=at(5, 1))], {"value": 0.0, "flag": True}),
    "seven of ten": (5, many(7) + many(3, "a", created_at=at(0)), {"value": 0.7, "flag": False}),
    "held a working day later": (5, [visit(1, planned_on=ago(4))], {"second": 1.0}),  # Monday for Friday
    "held two later": (5, [visit(0, planned_on=ago(4))], {"second": 0.0, "flag": True}),
    "held a working day before": (5, [visit(4, planned_on=ago(1))], {"second": 1.0}),
    "four of five": (5, [*many(4), visit(9, status="planned")], {"second": 0.8, "flag": False}),
    "three of four": (5, [*many(3), visit(9, status="planned")], {"second": 0.75, "flag": True}),
    "still due": (5, [*many(1), visit(0, "a", status="planned", started_at=None)], {"second": 1.0}),
    "due since yesterday": (5, [*many(1), visit(1, "a", status="planned", started_at=None)], {"second": 0.5}),
    "the client called off": (5, [*many(1), visit(9, status="cancelled", changed_by="client")], {"second": 1.0}),
    "the bank called off": (5, [*many(1), visit(9, status="cancelled", changed_by="bank")], {"second": 0.5}),
    "nothing planned, nothing held": (5, [], {"value": None, "second": None, "n": 0, "flag": None}),
    # 6
    "19 of 20": (6, [*many(19), visit(90, purpose=None)], {"value": 0.95, "flag": False}),
    "18 of 19": (6, [*many(18), visit(90, goal=None)], {"value": 0.947368421, "flag": True}),
    "written afterwards": (6, [visit(9, created_at=at(9, 601))], {"value": 0.0}),
    "recorded on the fifth working day": (6, [visit(14, recorded_at=at(7))], {"n": 1}),
    "on the sixth": (6, [visit(14, recorded_at=at(6))], {"n": 0, "flag": None}),
    # 8
    "three in ten": (8, many(3, "a", decision_maker=True) + many(7, "a", first=10), {"value": 0.3, "n": 1, "flag": False}),
    "one in four": (8, many(1, "a", decision_maker=True) + many(3, "a", first=9), {"value": 0.25, "flag": True}),
    "mean of two clients": (8, many(3, "a", decision_maker=True) + many(3, "b"), {"value": 0.5, "n": 2}),
    "two contacts": (8, many(2, "a"), {"value": None, "n": 0, "flag": None}),
    "grade C": (8, many(9, "c"), {"n": 0}),
    "by phone too": (8, many(3, "a", channel="phone"), {"n": 1}),
    "one-way": (8, many(3, "a", two_way=False), {"n": 0}),
    # 9
    "back on the 30th day": (9, [visit(60, **REFUSED), visit(30)], {"value": 1.0, "n": 1, "flag": None}),
    "on the 31st": (9, [visit(61, **REFUSED), visit(30)], {"value": 0.0}),
    "with a call": (9, [visit(60, **REFUSED), visit(50, channel="phone")], {"value": 1.0}),
    "at another client": (9, [visit(60, **REFUSED), visit(50, "a")], {"value": 0.0}),
    "30 days old": (9, [visit(30, **REFUSED)], {"n": 0}),
    "31 days old": (9, [visit(31, **REFUSED)], {"n": 1}),
    "one of three": (9, [visit(150, **REFUSED), visit(90, **REFUSED), visit(60, **REFUSED)], {"value": 0.333333333, "flag": True}),
    "two of four": (9, [visit(k, **REFUSED) for k in (150, 125, 90, 65)], {"value": 0.5, "flag": False}),
    # 11
    "eight pairs, five worse": (11, [visit(k, **WORSE[k % 2]) for k in range(20, 10, -1)] + [visit(9, outcome="refused")],
                                {"value": 0.6, "second": 0.4, "n": 10, "flag": True}),
    "seven pairs": (11, [visit(k, **WORSE[k % 2]) for k in range(8)], {"n": 7, "flag": None}),
    "4 to 3 is equal": (11, [visit(9, outcome="commitment"), visit(8, outcome="next_step")], {"value": 0.0, "second": 0.0}),
    "4 to 5 is equal": (11, [visit(9, outcome="commitment"), visit(8, outcome="signed")], {"second": 0.0}),
    "4 to 2 is worse": (11, [visit(9, outcome="commitment"), visit(8)], {"value": 1.0}),
    "3 to 2 is worse": (11, [visit(9, outcome="next_step"), visit(8)], {"value": 1.0}),
    "the goal adds a point": (11, [visit(9), visit(8, goal_met=True)], {"value": 0.0, "second": 1.0}),
    "of one client": (11, [visit(9, "a"), visit(8, "b")], {"n": 0, "flag": None}),
}  # fmt: skip


@pytest.mark.parametrize(("no", "rows", "expected"), CASES.values(), ids=CASES)
def test_every_limit(no: int, rows: list[Row], expected: Row) -> None:
    agrees(check(no, desk(rows)), expected)


def test_a_list_shows_five_the_worst_first() -> None:
    rows = [visit(k + 1, f"c{n}", name=f"{n}-{k}") for n in range(7) for k in range(9 if n == 3 else 3)]
    assert check(1, desk(rows, {f"c{n}": "C" for n in range(7)}))["clients"] == ["c3", "c0", "c1", "c2", "c4"]


@pytest.mark.parametrize(("warmths", "gap", "flag"), [((3, 3, 3, 4, 5), -0.4, False), ((3, 3, 3, 4, 4), -0.6, True)])
def test_colder_when_long(warmths: tuple[int, ...], gap: float, flag: bool) -> None:
    """Long visits at five clients, once each, and ten others of warmth 4."""
    long = [visit(n + 1, f"c{n}", 121, warmth=w) for n, w in enumerate(warmths)]
    made = desk(long + many(10, "c0", 20, warmth=4), {f"c{n}": "C" for n in range(5)})
    agrees(check(2, made), {"second": gap, "flag": flag, "clients": []})


def test_half_a_point_colder_is_a_question() -> None:
    long = [visit(n + 1, f"c{n}", 121, warmth=w) for n, w in enumerate((3, 3, 4, 4, 3, 4))]
    made = desk(long + many(10, "c0", 20, warmth=4), {f"c{n}": "C" for n in range(6)})
    agrees(check(2, made), {"second": -0.5, "flag": True, "clients": []})


def test_only_clients_in_hand_for_180_days() -> None:
    mine = [main("a", 180), main("b", 179), main("c", 400, 90), main("c", 90, staff="s")]
    rows = [visit(9, "a"), visit(8, "b"), visit(100, "c")]
    assert check(1, desk(rows, {"a": "A", "b": "B", "c": "C"}, assignments=mine))["n"] == 1


def test_a_manager_is_on_the_staff_and_has_a_client() -> None:
    staff = [
        *STAFF,
        {"staff_id": "gone", "start_on": ago(900), "end_on": ago(0)},
        {"staff_id": "idle", "start_on": ago(9)},
    ]
    mine = [main("a"), main("b", staff="gone"), main("x", staff="idle")]  # x is no client of the book
    made = desk([], {"a": "A", "b": "B"}, assignments=mine, staff=staff)
    assert self_checks.managers(made).collect()["staff_id"].to_list() == ["r"]


EXCUSES: dict[str, tuple[list[Row], dict[str, list[Row]], bool]] = {
    "a signal at W": ([{"client_id": "d", "signal_id": "FIN-01", "level": "W", "state": "standing"}], {}, True),
    "a signal at A": ([{"client_id": "d", "signal_id": "FIN-01", "level": "A", "state": "snoozed"}], {}, False),
    "resolved": ([{"client_id": "d", "signal_id": "FIN-01", "level": "A", "state": "resolved"}], {}, True),
    "an open complaint": ([], {"complaints": [{"client_id": "d", "received_at": at(400)}]}, False),
    "closed after T": ([], {"complaints": [{"client_id": "d", "received_at": at(9), "closed_at": at(-1)}]}, False),
    "closed": ([], {"complaints": [{"client_id": "d", "received_at": at(9), "closed_at": at(0)}]}, True),
    "an open request": ([], {"undertakings": [{"kind": "service_request", "client_id": "d", "made_on": ago(9), "outcome": "open"}]}, False),
    "one done": ([], {"undertakings": [{"kind": "service_request", "client_id": "d", "made_on": ago(9), "outcome": "done",
                                        "done_on": ago(1)}]}, True),
    "a loan request": ([], {"events": [{"kind": "loan_request", "party_id": "d", "happened_on": ago(180), "recorded_on": ago(9)}]}, False),
    "one of long ago": ([], {"events": [{"kind": "loan_request", "party_id": "d", "happened_on": ago(181), "recorded_on": ago(9)}]}, True),
    "one decided": ([], {"events": [{"kind": "loan_request", "party_id": "d", "happened_on": ago(9), "recorded_on": ago(9),
                                     "ends_on": ago(0)}]}, True),
}  # fmt: skip


@pytest.mark.parametrize(("findings", "tables", "named"), EXCUSES.values(), ids=EXCUSES)
def test_reasons_to_see_a_client_often(findings: list[Row], tables: dict[str, list[Row]], named: bool) -> None:
    assert (check(4, desk(many(3, "d"), findings=findings, **tables))["others"] == ["d"]) is named


def nearby(near: int, far: int, clients: int = 6) -> Book:
    """`near` visits at c0 and c1, the nearest third of six C clients, `far` at the others."""
    names = [f"c{k}" for k in range(clients)]
    rows = [visit(k + 1, names[k % 2], name=f"n{k}") for k in range(near)]
    rows += [visit(k + 1, names[2 + k % 4], name=f"f{k}") for k in range(far)]
    return desk(rows, dict.fromkeys(names, "C"), distance={name: 1.0 + k for k, name in enumerate(names)})


def exact(hits: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(hits, n + 1))


@pytest.mark.parametrize(
    ("near", "far", "lift", "flag"),
    [(8, 4, 2.0, True), (7, 5, 1.75, False), (8, 3, 2.181818182, None), (18, 18, 1.5, True), (29, 29, 1.5, True),
     (19, 20, 1.461538462, False), (4, 8, 1.0, False), (0, 0, None, None)],
)  # fmt: skip
def test_near_clients(near: int, far: int, lift: float | None, flag: bool | None) -> None:
    row = check(7, nearby(near, far))
    assert (row["value"] is None) if lift is None else math.isclose(row["value"], lift, abs_tol=1e-8)
    assert row["flag"] is flag
    assert row["n"] == near + far
    if flag and lift:
        assert exact(near, near + far, 1 / 3) <= 0.05


def test_warm_clients() -> None:
    before = [
        visit(181, "c0", name="w0", warmth=4),
        visit(361, "c1", name="w1", warmth=3),
        visit(362, "c2", name="w2", warmth=5),
    ]
    rows = [visit(k + 1, f"c{k // 9}", name=f"v{k}", warmth=1) for k in range(12)]
    row = check(7, desk(before + rows, dict.fromkeys(("c0", "c1", "c2"), "C")))
    # c0 warm and c1 not, c2 unknown: 9 of 12 where half was due
    assert (row["value"], row["second"], row["flag"]) == (None, 1.5, exact(9, 12, 0.5) <= 0.05)
    rows = [visit(k + 1, f"c{k // 11}", name=f"v{k}") for k in range(12)]
    assert check(7, desk(before + rows, dict.fromkeys(("c0", "c1"), "C")))["flag"] is True


@given(st.integers(1, 60), st.floats(0.02, 0.98), st.data())
@settings(max_examples=60, deadline=None)
def test_the_binomial_tail_is_exact(n: int, p: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    frame = pl.DataFrame({"k": [hits], "n": [n], "p": [p]}).select(tail(pl.col("k"), pl.col("n"), pl.col("p")))
    assert math.isclose(frame.item(), exact(hits, n, p), abs_tol=2e-9)


def test_a_decision_maker_by_role_on_the_day() -> None:
    link = {"from_id": "p", "to_id": "a", "relation": "contact_of", "decision_role": "decision_maker", "start_on": ago(50),
            "end_on": ago(20), "recorded_on": ago(50)}  # fmt: skip
    rows = [visit(k, "a", contact_id="p", decision_maker=None) for k in (51, 50, 21, 20)]
    assert check(8, desk(rows, party_links=[link]))["value"] == 0.5
    assert check(8, desk(rows, party_links=[{**link, "recorded_on": ago(-1)}]))["value"] == 0.0
    assert check(8, desk(rows))["value"] is None  # no links: nobody can tell
    assert check(8, desk([{**row, "decision_maker": True} for row in rows], party_links=[]))["value"] == 1.0


@pytest.mark.parametrize(
    ("days", "value", "n", "flag"),
    [([(0, 5), (1, 4), (4, 2)], 4.0, 3, True), ([(0, 3), (1, 4)], 3.5, 2, False), ([(27, 5), (28, 1)], 5.0, 1, True), ([(0, None)], None, 0, None)],
)  # fmt: skip
def test_burden(days: list[tuple[int, int]], value: float | None, n: int, flag: bool | None) -> None:
    """The twentieth working day back from Tuesday 30 June is Wednesday 3 June, 27 days before."""
    rows = [{"staff_id": "r", "date": ago(k), "burden": burden} for k, burden in days]
    agrees(check(10, desk([], staff_days=rows)), {"value": value, "n": n, "flag": flag, "private": True})


LOSSES: dict[str, tuple[list[Row], Row]] = {
    "nobody": ([], {"value": 0.0, "second": 0.0, "n": 40, "flag": False, "clients": []}),
    "an A client": ([main("lost_a", end=89, end_reason="client_lost")], {"value": -0.024390244, "flag": True, "clients": ["lost_a"]}),
    "90 days ago": ([main("lost_a", end=90, end_reason="client_lost")], {"value": 0.0, "flag": True, "clients": ["lost_a"]}),
    "91 days ago": ([main("lost_a", end=91, end_reason="client_lost")], {"value": 0.0, "second": -0.024390244, "flag": False}),
    "handed over": ([main("lost_a", end=9, end_reason="handover")], {"value": -0.024390244, "flag": False, "clients": []}),
    "a C client": ([main("lost_c", end=9, end_reason="client_lost")], {"flag": False, "clients": ["lost_c"]}),
    "three of 43": ([main(f"lost_{k}", end=9, end_reason="client_lost") for k in range(3)], {"value": -0.069767442, "flag": True}),
    "two of 42": ([main(f"lost_{k}", end=9, end_reason="client_lost") for k in range(2)], {"value": -0.047619048, "flag": False}),
    "grade first": ([main(f"lost_{k}", end=9, end_reason="client_lost") for k in "ca"], {"clients": ["lost_a", "lost_c"]}),
    "came back": ([main("k00", 900, 9, end_reason="client_lost")], {"value": 0.0, "flag": False, "clients": []}),
    "new clients": ([main("new", 10)], {"value": 0.025, "second": 0.025, "n": 41}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), LOSSES.values(), ids=LOSSES)
def test_lost_clients(rows: list[Row], expected: Row) -> None:
    kept = {f"k{k:02}": "C" for k in range(40)}
    everybody = [{"client_id": f"lost_{grade}", "tier": grade.upper()} for grade in "ac"]
    agrees(check(12, desk([], kept, assignments=[main(k) for k in kept] + rows, clients=everybody)), expected)


def test_what_is_missing_is_unknown() -> None:
    row = {"value": None, "second": None, "n": None, "flag": None, "clients": None, "others": None, "evidence": None}
    silent = checks(desk([], drop=["interactions"]))
    for no in range(1, 12):
        agrees(silent.row(no - 1, named=True), row)
    assert silent.row(11, named=True)["n"] == 4
    assert checks(desk([], drop=["assignments"])).is_empty()
    assert checks(desk([], assignments=[])).is_empty()
    assert checks(desk([], drop=["staff"]))["staff_id"].unique().to_list() == ["r"]
    assert checks(desk([]))["n"].to_list()[:9] == [0, 0, 0, 2, 0, 0, 0, 0, 0]


def anything(rng: random.Random) -> tuple[list[Row], list[Row], dict[str, str | None]]:
    grades: dict[str, str | None] = {f"c{k:02}": rng.choice(["A", "B", "C", "D", None]) for k in range(20)}
    outcomes = ["refused", "no_result", "information", "next_step", "commitment", "signed"]
    rows = [
        visit(
            rng.randint(0, 370), rng.choice([*grades]), rng.choice([None, 10, 60, 200]), f"i{k}",
            staff_id=rng.choice(["r", "s"]), outcome=rng.choice(outcomes), warmth=rng.choice([None, 2, 4, 5]),
            purpose=rng.choice([None, "greeting", "negotiation"]), decision_maker=rng.choice([None, True, False]),
            channel=rng.choice(["visit", "phone", "banquet"]), status=rng.choice(["done", "done", "planned"]),
            created_at=at(rng.randint(0, 370)), goal_met=rng.choice([None, True, False]),
        )
        for k in range(400)
    ]  # fmt: skip
    return rows, [main(c, staff=rng.choice(["r", "s"])) for c in grades], grades


@pytest.mark.parametrize("seed", range(3))
def test_order_changes_nothing_and_shares_are_shares(seed: int) -> None:
    rng = random.Random(seed)
    rows, mine, grades = anything(rng)
    staff = [*STAFF, {"staff_id": "s", "start_on": ago(100)}]
    distance = {c: float(rng.randint(1, 9)) for c in grades}
    first = checks(desk(rows, grades, distance=distance, assignments=mine, staff=staff, party_links=[]))
    mixed = rng.sample(rows, len(rows)), dict(rng.sample([*grades.items()], len(grades)))
    again = desk(mixed[0], mixed[1], distance=distance, assignments=mine[::-1], staff=staff[::-1], party_links=[])
    assert first.equals(checks(again))
    assert first.height == 24
    shares = first.filter(pl.col("no").is_in([1, 2, 3, 4, 5, 6, 8, 9, 11]))
    assert shares["value"].drop_nulls().is_between(0, 1).all()
    assert first.filter(pl.col("no").is_in([1, 5, 11]))["second"].drop_nulls().is_between(0, 1).all()
    assert (first["clients"].list.len() <= 5).all()
    assert (first["n"] > 0).sum() > 12  # something was judged
