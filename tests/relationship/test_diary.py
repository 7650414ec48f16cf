"""The one-day report, whom to follow up, the next working day: by hand, every limit, what is missing, order."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, T, ago, agrees
from tests.relationship.books import book
from transforms.night import Night
from transforms.relationship import diary
from transforms.relationship.book import Book

# T is Tuesday 30 June 2015: the working days after it are 1, 2, 3, 6, 7 July
STAFF = [{"staff_id": name, "start_on": ago(900)} for name in ("r", "s")]
GRADES = {"a": "A", "b": "B", "d": "D"}
KINDS = {"undertakings": ["task", "rm_promise", "service_request"]}


def on(day: date, minutes: int = 600) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def met(name: str, client: str = "a", day: date = T, minutes: int | None = 60, **more: Any) -> Row:
    return {
        "interaction_id": name, "client_id": client, "staff_id": "r", "channel": "visit", "status": "done", "two_way": True,
        "started_at": on(day), "ended_at": None if minutes is None else on(day, 600 + minutes), "recorded_at": on(day, 1000),
        "outcome": "information",
    } | more  # fmt: skip


def planned(name: str, day: date, client: str = "a", **more: Any) -> Row:
    return {"interaction_id": name, "client_id": client, "staff_id": "r", "status": "planned", "planned_on": day, "channel": "visit",
            "recorded_at": on(ago(9))} | more  # fmt: skip


def task(name: str, due: date = T, done: date | None = None, **more: Any) -> Row:
    return {"undertaking_id": name, "kind": "task", "staff_id": "r", "made_on": ago(50), "due_on": due, "done_on": done,
            "outcome": "done" if done else "open", "about_kind": "none", "priority": 1} | more  # fmt: skip


def office(
    interactions: Sequence[Row] = (),
    undertakings: Sequence[Row] = (),
    drop: Sequence[str] = (),
    before: Mapping[str, pl.LazyFrame] | None = None,
    findings: Sequence[Row] = (),
    assessments: Sequence[Row] = (),
    **tables: Any,
) -> Book:
    given = {
        "interactions": interactions, "undertakings": undertakings, "staff": STAFF,
        "assignments": [{"client_id": c, "staff_id": "s" if c == "b" else "r", "role": "main", "start_on": ago(500)} for c in GRADES],
    } | tables  # fmt: skip
    panel = [{"client_id": client, "tier_used": grade} for client, grade in GRADES.items()]
    kept = {name: rows for name, rows in given.items() if name not in drop}
    return book(kept, panel, findings, assessments, before, kinds={n: k for n, k in KINDS.items() if n not in drop})


def frames(made: Book) -> dict[str, pl.DataFrame]:
    told = {name: frame.collect() for name, frame in diary.measure(made).items()}
    assert {name: frame.schema for name, frame in told.items()} == dict(diary.FRAMES)
    for frame in told.values():
        assert frame.equals(frame.sort(frame.columns))
    return told


def report(made: Book, who: str = "r") -> Row:
    return frames(made)["daily_reports"].filter(pl.col("staff_id") == who).row(0, named=True)


def test_by_hand() -> None:
    """r: two visits at a, one at d, a call; two tasks done, one left. s: a message, nothing else."""
    rows = [
        met("1", "a", planned_on=T, planned_minutes=45, goal_met=True),
        met("2", "a", minutes=30, channel="banquet", goal_met=False),
        met("3", "d", minutes=90, planned_on=T, planned_minutes=60),
        met("4", "d", minutes=10, channel="phone"),
        planned("5", T, "a", planned_minutes=15),
        met("6", "b", minutes=5, staff_id="s", channel="email"),
    ]
    owed = [
        task("t", done=T, planned_minutes=20, actual_minutes=30),
        task("u", planned_minutes=60, actual_minutes=10, priority=2),
        task("v", ago(-9), done=T, actual_minutes=25, priority=3),
    ]
    days = [{"staff_id": "r", "date": T, "worked_minutes": 480, "unrelated_minutes": 45}]
    told = frames(office(rows, owed, staff_days=days))["daily_reports"]
    assert told["staff_id"].to_list() == ["r", "s"]
    r, s = told.rows(named=True)
    expected: Row = {
        "day": T, "clients_visited": 2, "calls": 1, "video": 0, "messages": 0, "tasks_due": 2, "tasks_done": 1, "tasks_due_1": 1,
        "tasks_done_1": 1, "planned": 3, "held": 2, "goals_given": 2, "goals_met": 1, "reached": False, "actual_minutes": 255,
        "planned_minutes": 200, "time_ratio": 1.275, "untimed": 0, "actual_minutes_1": 30, "actual_minutes_2": 10,
        "actual_minutes_3": 25, "planned_minutes_1": 20, "planned_minutes_2": 60, "planned_minutes_3": 0, "share_1": 0.117647059,
        "worked_minutes": 480, "unrelated_minutes": 45, "unrecorded_minutes": 180, "log_gaps": 0, "next_day": ago(-1),
        "next_contacts": 0, "next_tasks_1": 0,
    }  # fmt: skip
    agrees(r, expected)
    agrees(s, {"clients_visited": 0, "messages": 1, "tasks_due": 0, "planned": 0, "reached": None, "actual_minutes": 5,
               "time_ratio": None, "worked_minutes": None, "unrecorded_minutes": None})  # fmt: skip


YES = task("t", done=T)
CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "nothing": ([], [], {"clients_visited": 0, "reached": None, "time_ratio": None, "share_1": None, "log_gaps": 0}),
    "all done": ([], [YES], {"reached": True, "tasks_done": 1}),
    "one left": ([], [YES, task("u")], {"reached": False}),
    "done the day after": ([], [task("t", done=ago(-1))], {"tasks_done": 0, "tasks_due": 1}),
    "done before": ([], [task("t", done=ago(3), actual_minutes=9)], {"tasks_done": 1, "actual_minutes": 0}),
    "cancelled": ([], [task("t", outcome="cancelled")], {"tasks_due": 0, "reached": None}),
    "made after T": ([], [task("t", made_on=ago(-1))], {"tasks_due": 0}),
    "a promise is no task": ([], [task("t", kind="rm_promise")], {"tasks_due": 0}),
    "held as planned": ([met("1", planned_on=T)], [], {"planned": 1, "held": 1, "reached": True}),
    "held earlier": ([met("1", day=ago(1), planned_on=T)], [], {"planned": 1, "held": 0, "reached": False}),
    "the goal missed": ([met("1", goal_met=False)], [], {"goals_given": 1, "goals_met": 0, "reached": False}),
    "one-way messages": ([met("1", channel="message", two_way=False), met("2", channel="email")], [], {"messages": 1}),
    "letters": ([met("1", channel="letter")], [], {"messages": 0, "calls": 0}),
    "by video": ([met("1", channel="video")], [], {"video": 1, "clients_visited": 0}),
    "no end": ([met("1", minutes=None), met("2")], [], {"untimed": 1, "actual_minutes": 60}),
    "recorded after T": ([met("1", recorded_at=on(ago(-1)))], [], {"clients_visited": 0}),
    "entered the next working day": ([met("1", day=ago(1), recorded_at=on(T))], [], {"log_gaps": 0}),
    "entered two days later": ([met("1", day=ago(4), recorded_at=on(T))], [], {"log_gaps": 1}),
    "over the week end": ([met("1", day=ago(4), recorded_at=on(ago(1)))], [], {"log_gaps": 0}),
    "entered late, days ago": ([met("1", day=ago(8), recorded_at=on(ago(1)))], [], {"log_gaps": 0}),
    "tomorrow": ([planned("1", ago(-1), planned_minutes=120, goal="g"), planned("2", ago(-1), planned_minutes=120)], [],
                 {"next_contacts": 2, "next_minutes": 240, "next_over_capacity": False, "next_without_goal": 1}),
    "too much tomorrow": ([planned("1", ago(-1), planned_minutes=241)], [], {"next_over_capacity": True}),
    "the day after": ([planned("1", ago(-2))], [], {"next_contacts": 0}),
    "no longer planned": ([planned("1", ago(-1), status="cancelled")], [], {"next_contacts": 0}),
    "first tasks tomorrow": ([], [task("t", ago(-1)), task("u", ago(-2)), task("v", ago(-1), priority=2), task("w", ago(5))],
                             {"next_tasks_1": 2}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "owed", "expected"), CASES.values(), ids=CASES)
def test_every_figure(rows: list[Row], owed: list[Row], expected: Row) -> None:
    agrees(report(office(rows, owed)), expected)


def test_a_day_off_looks_back_at_the_last_working_day() -> None:
    sunday = date(2015, 6, 28)
    made = office([met("1", day=date(2015, 6, 26)), planned("2", date(2015, 6, 29))])
    made = replace(made, night=Night(sunday, kinds=made.night.kinds))
    agrees(
        report(made),
        {"day": date(2015, 6, 26), "next_day": date(2015, 6, 29), "clients_visited": 1, "next_contacts": 1},
    )


def test_urgent_visits_left_out() -> None:
    plan = pl.LazyFrame(
        {
            "rm_id": ["r", "r", "r", "r", "s"],
            "class": [3, 4, 1, 2, 1],
            "plan_on": [ago(-1), ago(-1), ago(-2), ago(-1), ago(-1)],
            "status": ["proposed", "proposed", "proposed", "planned", "proposed"],
        },
        schema_overrides={"class": pl.Int64},
    )
    assert report(office(before={"visit_plan": plan}))["next_left_out"] == 1
    assert report(office())["next_left_out"] is None


FOLLOW: dict[str, tuple[Row, tuple[str | None, date | None]]] = {
    "signed": ({"outcome": "signed"}, ("thank", date(2015, 7, 1))),
    "commitment": ({"outcome": "commitment"}, ("thank", date(2015, 7, 1))),
    "next step": ({"outcome": "next_step"}, ("next_step", date(2015, 7, 7))),
    "information": ({"outcome": "information"}, ("information", date(2015, 7, 14))),
    "no result, grade A": ({"outcome": "no_result"}, ("rhythm", date(2015, 7, 30))),
    "no result, grade D": (
        {"outcome": "no_result", "client_id": "d"},
        ("rhythm", date(2015, 12, 28)),
    ),  # from Sunday 27
    "no result, no grade": ({"outcome": "no_result", "client_id": "x"}, ("rhythm", None)),
    "refused": ({"outcome": "refused"}, ("refused", date(2015, 7, 30))),
    "hostile": ({"outcome": "hostile"}, ("refused", date(2015, 7, 30))),
    "agreed": ({"outcome": "signed", "next_on": date(2015, 8, 1)}, ("next_on", date(2015, 8, 1))),
    "agreed for today": ({"outcome": "signed", "next_on": T}, ("thank", date(2015, 7, 1))),
}


@pytest.mark.parametrize(("row", "expected"), FOLLOW.values(), ids=FOLLOW)
def test_follow_up(row: Row, expected: tuple[str | None, date | None]) -> None:
    told = frames(office([met("1") | row, met("2", day=ago(1))]))["daily_follow_ups"]
    assert told.select("interaction_id", "follow_up", "on").rows() == [("1", *expected)]


def vain(*days: int, family: str | None = "fx", client: str = "a", **more: Any) -> list[Row]:
    products = None if family is None else [family]
    return [met(f"{client}{k:03}", client, ago(k), products=products, outcome="no_result", **more) for k in days]


ASKED = {
    "undertaking_id": "q",
    "kind": "service_request",
    "client_id": "a",
    "made_on": ago(3),
    "outcome": "open",
    "about_kind": "none",
}
GIVEN_UP: dict[str, tuple[list[Row], list[Row], bool]] = {
    "three in a row": (vain(0, 60, 180), [], True),
    "the first too old": (vain(0, 60, 181), [], False),
    "only two": (vain(0, 60), [], False),
    "none today": (vain(1, 60, 90), [], False),
    "something came of one": (
        [*vain(0, 60, 90), met("x", day=ago(30), products=["fx"], outcome="next_step")],
        [],
        False,
    ),
    "and three after it": ([*vain(0, 60, 90), met("x", day=ago(91), products=["fx"], outcome="next_step")], [], True),
    "another family between": (
        [*vain(0, 60, 90), met("x", day=ago(30), products=["payroll"], outcome="signed")],
        [],
        True,
    ),
    "evaded is neither": ([*vain(0, 60), met("x", day=ago(30), products=["fx"], outcome="evaded")], [], False),
    "a colleague's counts": ([*vain(0, 60), *vain(30, staff_id="s")], [], True),
    "an open request": (vain(0, 60, 90), [ASKED], False),
    "a request done": (vain(0, 60, 90), [ASKED | {"outcome": "done", "done_on": ago(1)}], True),
}


@pytest.mark.parametrize(("rows", "owed", "given"), GIVEN_UP.values(), ids=GIVEN_UP)
def test_give_up_an_offer(rows: list[Row], owed: list[Row], given: bool) -> None:
    told = frames(office(rows, owed))["daily_follow_ups"].filter(pl.col("follow_up") == "give_up_offer")
    assert told.select("interaction_id", "family", "on").rows() == ([("a000", "fx", ago(-180))] if given else [])


def test_give_up_a_prospect() -> None:
    held = {"client_id": "d", "opened_on": ago(90)}

    def dropped(client: str = "d", drop: Sequence[str] = (), **tables: list[Row]) -> bool:
        clients = [{"client_id": name, "tier": "D"} for name in ("d", "p")]
        given: dict[str, list[Row]] = {"clients": clients, "holdings": [], "accounts": []} | tables
        told = frames(office(vain(0, 60, 90, family=None, client=client), drop=drop, **given))["daily_follow_ups"]
        return told.filter(pl.col("follow_up") == "give_up_prospect")["client_id"].to_list() == [client]

    assert dropped()
    assert dropped("p")  # a prospect that is not in the panel
    assert not dropped("a")
    assert not dropped(holdings=[held])
    assert not dropped(accounts=[held])
    assert dropped(accounts=[held | {"closed_on": ago(1)}])
    assert not dropped(drop=["holdings"])


def agenda(made: Book, kind: str) -> list[tuple[Any, ...]]:
    told = frames(made)["daily_agenda"].filter(pl.col("item_kind") == kind)
    assert told["day"].unique().to_list() in ([], [ago(-1)])
    return told.select("staff_id", "id", "client_id", "due_on", "note").rows()


def test_what_the_next_day_brings() -> None:
    owed = [task("t", ago(-1)), task("u", ago(-2)), task("late", T), task("done", T, T),
            task("p", date(2015, 7, 3), kind="rm_promise", client_id="a"), task("q", date(2015, 7, 6), kind="rm_promise", client_id="a")]  # fmt: skip
    made = office([planned("1", ago(-1), "d", goal="g", purpose="greeting"), planned("2", ago(-2))], owed)
    assert agenda(made, "task") == [("r", "late", None, T, "overdue"), ("r", "t", None, ago(-1), None)]
    assert agenda(made, "promise") == [("r", "p", "a", date(2015, 7, 3), None)]
    assert agenda(made, "contact") == [("r", "1", "d", ago(-1), None)]


def test_birthdays_and_holidays() -> None:
    born = {"tomorrow": "07-01", "seventh": "07-07", "eighth": "07-08", "today": "06-30", "stranger": "07-01"}
    people = [{"party_id": name, "kind": "person", "birthday_mmdd": day} for name, day in born.items()]
    links = [{"link_id": name, "from_id": name, "to_id": "b", "relation": "contact_of", "recorded_on": ago(9)} for name in born
             if name != "stranger"]  # fmt: skip
    fest = [
        {"date": ago(-k), "is_workday": k not in (2, 3), "holiday": "festival" if k in (2, 3) else None}
        for k in range(-9, 9)
    ]
    made = office(parties=people, party_links=links, calendar=fest)
    assert agenda(made, "birthday") == [("s", "seventh", "b", ago(-7), None), ("s", "tomorrow", "b", ago(-1), None)]
    assert agenda(made, "holiday") == [("r", "festival", None, ago(-2), None), ("s", "festival", None, ago(-2), None)]


@pytest.mark.parametrize(("year", "day"), [(2015, date(2015, 2, 28)), (2016, date(2016, 2, 29))])
def test_born_on_29_february(year: int, day: date) -> None:
    link = {"link_id": "l", "from_id": "p", "to_id": "b", "relation": "contact_of", "recorded_on": date(2014, 1, 1)}
    made = office(parties=[{"party_id": "p", "birthday_mmdd": "02-29"}], party_links=[link], assignments=[
        {"client_id": "b", "staff_id": "s", "role": "main", "start_on": date(2014, 1, 1)}])  # fmt: skip
    made = replace(made, night=Night(date(year, 2, 26), kinds=made.night.kinds))
    assert frames(made)["daily_agenda"].select("item_kind", "due_on").rows() == [("birthday", day)]


def test_new_and_worse_signals() -> None:
    found = [{"client_id": c, "signal_id": f"FIN-0{k}", "level": "A", "state": state, "change": change}
             for k, (c, state, change) in enumerate([("a", "standing", "new"), ("a", "standing", "standing"), ("a", "snoozed", "new"),
                                                     ("b", "standing", "worse"), ("d", "standing", "new")])]  # fmt: skip
    known = [
        {"client_id": "a", "previous_risk_level": "W"},
        {"client_id": "b", "previous_risk_level": "clear"},
        {"client_id": "d"},
    ]
    made = office(findings=found, assessments=known)
    # d: no earlier night knew the client
    assert agenda(made, "signal") == [("r", "FIN-00", "a", None, "new"), ("s", "FIN-03", "b", None, "worse")]


def test_what_is_missing_is_unknown() -> None:
    silent = report(office(drop=["interactions"]))
    agrees(silent, {"clients_visited": None, "planned": None, "log_gaps": None, "actual_minutes": None, "next_contacts": None,
                    "tasks_due": 0})  # fmt: skip
    idle = report(office(drop=["undertakings"]))
    agrees(
        idle,
        {"tasks_due": None, "tasks_due_1": None, "actual_minutes": None, "next_tasks_1": None, "clients_visited": 0},
    )
    bare = frames(book({}))
    assert all(frame.is_empty() for frame in bare.values())


def anything(rng: random.Random) -> tuple[list[Row], list[Row]]:
    outcomes = ["refused", "no_result", "information", "signed"]
    rows = [
        met(
            f"i{k}", rng.choice("abd"), ago(rng.choice([0, 0, rng.randint(1, 200)])), rng.choice([None, 10, 90]),
            staff_id=rng.choice("rs"), outcome=rng.choice(outcomes), channel=rng.choice(["visit", "phone", "email"]),
            products=rng.choice([None, ["fx"], ["fx", "payroll"]]), planned_on=rng.choice([None, T]), goal_met=rng.choice([None, True]),
        )
        for k in range(80)
    ]  # fmt: skip
    rows += [
        planned(f"p{k}", ago(-rng.randint(-1, 2)), rng.choice("abd"), staff_id=rng.choice("rs")) for k in range(20)
    ]
    owed = [
        task(f"t{k}", ago(rng.randint(-3, 3)), rng.choice([None, T, ago(1)]), kind=rng.choice(["task", "rm_promise"]),
             staff_id=rng.choice("rs"), actual_minutes=rng.choice([None, 30]), planned_minutes=20, priority=rng.randint(1, 3))
        for k in range(40)
    ]  # fmt: skip
    return rows, owed


@pytest.mark.parametrize("seed", range(3))
def test_order_changes_nothing_and_shares_are_shares(seed: int) -> None:
    rng = random.Random(seed)
    rows, owed = anything(rng)
    first = frames(office(rows, owed))
    again = frames(office(rng.sample(rows, len(rows)), rng.sample(owed, len(owed))))
    assert all(first[name].equals(again[name]) for name in first)
    told = first["daily_reports"]
    assert told["share_1"].drop_nulls().is_between(0, 1).all()
    for part, whole in (
        ("tasks_done", "tasks_due"),
        ("held", "planned"),
        ("goals_met", "goals_given"),
        ("tasks_due_1", "tasks_due"),
    ):
        assert (told[part] <= told[whole]).all()
    follow = first["daily_follow_ups"]
    lines = follow.filter(~pl.col("follow_up").str.starts_with("give_up"))
    today = sum(row["started_at"].date() == T for row in rows if row["status"] == "done")
    assert lines.height == lines["interaction_id"].n_unique() == today
    key = ["staff_id", "item_kind", "id", "client_id"]
    assert first["daily_agenda"].select(key).is_unique().all()
