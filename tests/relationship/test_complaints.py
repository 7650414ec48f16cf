"""The complaint cards, and the fifteen rules against records made by hand."""

import functools
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, T, ago, agrees
from tests.relationship.books import book
from transforms.relationship import complaint_facts, complaint_rules, complaints
from transforms.relationship.book import Book

Tables = Mapping[str, Sequence[Row]]


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2015, month, day, hour, minute)  # noqa: DTZ001 local time of the bank


def complaint(**more: Any) -> Row:
    """Received on Monday 2 March, closed on Monday 9 March, everything as it should be."""
    return {
        "complaint_id": "k", "client_id": "c", "contact_id": "p", "handler_id": "s", "received_at": at(3, 2), "channel": "rm",
        "target": "process", "category": "efficiency", "product": "settlement", "severity": "1", "content": "slow",
        "volunteered": False, "acknowledged_at": at(3, 2, 11), "apology_given": True, "restated": True,
        "investigated_at": at(3, 4), "facts": "it was", "fault": "bank", "fault_decided_at": at(3, 5), "consulted": True,
        "resolved_at": at(3, 6), "closed_at": at(3, 9), "outcome": "upheld", "root_cause": "process", "corrective": "faster",
        "thanked_on": date(2015, 3, 10), "risk_told_on": date(2015, 3, 3),
    } | more  # fmt: skip


OPEN: Row = {
    "closed_at": None,
    "resolved_at": None,
    "outcome": "open",
    "root_cause": None,
    "corrective": None,
    "thanked_on": None,
}
NEW: Row = OPEN | {"investigated_at": None, "fault": "undecided", "fault_decided_at": None, "facts": None}
OTHER = complaint(complaint_id="z", client_id="z", contact_id=None, category="other")
CLIENTS: list[Row] = [
    {"client_id": "c", "branch_id": "b", "reporting_freq": "Q", "relationship_start": date(2010, 1, 1)},
    {"client_id": "z", "branch_id": "b2", "reporting_freq": "none", "confidential": True},
]
KINDS = {"undertakings": ("rm_promise", "corrective_action"), "events": ("observation",)}
EVERY = ("interactions", "undertakings", "events", "statements", "party_links", "assignments")
STAFF: list[Row] = [{"staff_id": "s", "name": "Sun", "authority_limit": 1000}, {"staff_id": "n", "name": "Nie"}]


def made(rows: Sequence[Row], tables: Tables | None = None, without: str = "") -> Book:
    given: dict[str, Sequence[Row]] = {name: [] for name in EVERY if name != without}
    given |= {"complaints": rows, "clients": CLIENTS, "staff": STAFF} | dict(tables or {})
    kinds = {name: kinds for name, kinds in KINDS.items() if name != without}
    risk = [{"client_id": "c", "risk_level": "clear"}]
    panel = [{"client_id": "c", "tier_used": "B"}, {"client_id": "z"}]
    return book(given, panel, kinds=kinds, assessments=risk)


def frames(of: Book) -> tuple[pl.DataFrame, pl.DataFrame]:
    found = {name: frame.collect() for name, frame in complaints.measure(of).items()}
    assert {name: frame.schema for name, frame in found.items()} == dict(complaints.FRAMES)
    cards, rules = found["complaint_cards"], found["complaint_rules"]
    assert cards["complaint_id"].is_unique().all()
    assert rules.group_by("complaint_id").agg(pl.col("rule").sort())["rule"].to_list() == [[*range(1, 16)]] * len(cards)
    return cards, rules


def card(row: Row) -> Row:
    return frames(made([row, OTHER]))[0].row(by_predicate=pl.col("complaint_id") == "k", named=True)


def rule(number: int, row: Row, others: Sequence[Row]) -> tuple[Any, ...]:
    """State, part, measured, limit."""
    of = frames(made([row, *others]))[1].filter(complaint_id="k", rule=number)
    return of.select("state", "part", "measured", "limit").row(0)


OWNER = {"events": "party_id", "statements": "party_id", "party_links": "to_id", "interactions": "client_id"}
ID = {
    "events": "event_id",
    "party_links": "link_id",
    "interactions": "interaction_id",
    "undertakings": "undertaking_id",
}


def each(cases: Sequence[tuple[Row, Tables]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Many cases at once, complaints k0, k1, ..., each of a client and a branch of its own.

    Rows of "c" become that client's; `clients` and `risk` of a case change the client's row and set its risk level.
    """
    rows, clients, risk = [OTHER], [CLIENTS[1]], []
    tables: dict[str, list[Row]] = {name: [] for name in EVERY}
    for n, (row, more) in enumerate(cases):
        mine = {"client_id": f"c{n}", "branch_id": f"b{n}"}
        rows.append(row | {"client_id": f"c{n}", "complaint_id": f"k{n}"})
        clients.append(CLIENTS[0] | mine | (more["clients"][0] if "clients" in more else {}))
        risk.append({"client_id": f"c{n}", "risk_level": more["risk"][0]["risk_level"] if "risk" in more else "clear"})
        for name in tables:
            for at_row, given in enumerate(more.get(name, [])):
                changed = {ID[name]: f"{n}-{at_row}"} if name in ID else {}
                if name in OWNER and given[OWNER[name]] == "c":
                    changed[OWNER[name]] = f"c{n}"
                if given.get("about_id") == "k":
                    changed["about_id"] = f"k{n}"
                tables[name].append(given | changed)
    panel = [{"client_id": row["client_id"]} for row in clients]
    all_tables = {**tables, "complaints": rows, "clients": clients, "staff": STAFF}
    return frames(book(all_tables, panel, kinds=KINDS, assessments=risk))


def answers(number: int, *cases: tuple[Row, Tables]) -> list[tuple[Any, ...]]:
    """State, part, measured, limit of the rule, case by case."""
    of = each(cases)[1].filter(rule=number).select("complaint_id", "state", "part", "measured", "limit")
    found = {row[0]: row[1:] for row in of.rows()}
    return [found[f"k{n}"] for n in range(len(cases))]


def undertaking(kind: str = "rm_promise", due: date = date(2015, 3, 20), done: date | None = None, **more: Any) -> Row:
    row = {
        "undertaking_id": "u",
        "kind": kind,
        "staff_id": "s",
        "about_kind": "complaint",
        "about_id": "k",
        "title": "call",
    }
    days = {"made_on": date(2015, 3, 3), "due_on": due, "done_on": done, "outcome": "done" if done else "open"}
    return row | days | more


def contact(day: date, purpose: str = "routine_maintenance", **more: Any) -> Row:
    when = datetime.combine(day, time(10))
    row = {"interaction_id": f"{day}", "client_id": "c", "started_at": when, "recorded_at": when, "status": "done"}
    return row | {"purpose": purpose, "channel": "phone", "two_way": True} | more


def test_three_cards() -> None:
    """k: handled well; l: the same again, still open and late; z: of a confidential client, closed after T."""
    again = complaint(complaint_id="l", received_at=at(6, 1, 16), acknowledged_at=at(6, 2, 9, 30), severity="2") | NEW
    later = OTHER | {"received_at": at(6, 20), "closed_at": at(7, 1), "extension_approved_by": "s"}
    tables: Tables = {
        "parties": [
            {"party_id": "c", "name": "Cao Ltd"},
            {"party_id": "p", "name": "Pei"},
            {"party_id": "z", "name": "Zhu Ltd"},
        ],
        "party_links": [
            {"link_id": "1", "from_id": "p", "to_id": "c", "relation": relation, "recorded_on": date(2014, 1, 1)}
            for relation in ("finance_head_of", "contact_of", "friend_of")
        ],
        "assignments": [
            {
                "client_id": "c",
                "staff_id": "old",
                "role": "main",
                "start_on": date(2012, 1, 1),
                "end_on": date(2015, 3, 2),
            },
            {"client_id": "c", "staff_id": "new", "role": "main", "start_on": date(2015, 3, 2)},
        ],
        "undertakings": [
            undertaking(done=date(2015, 3, 20), undertaking_id="u2"),
            undertaking(due=date(2015, 3, 10), done=date(2015, 3, 11), undertaking_id="u1"),
            undertaking(due=date(2015, 7, 1), undertaking_id="u3"),
            undertaking("corrective_action", date(2015, 3, 30), date(2015, 7, 1), undertaking_id="u4"),
        ],
        "interactions": [contact(date(2015, 4, 1), "complaint_followup")],
    }
    cards, _ = frames(made([complaint(), again, later], tables))
    k, late, z = cards.to_dicts()
    agrees(k, {
        "client_name": "Cao Ltd", "grade": "B", "branch_id": "b", "rm_id": "new", "complainant": "Pei", "handler": "Sun",
        "complainant_posts": ["contact_of", "finance_head_of"], "received_on": date(2015, 3, 2), "severity": 1,
        "deadline": date(2015, 3, 17), "acknowledged_h": 1.0, "promises_due": 2, "promises_kept": 1, "is_open": False,
        "closed_on": date(2015, 3, 9), "days_open": 7, "overdue": False, "is_repeat": False, "similar_365": 2,
        "next_follow_up_on": date(2015, 9, 5),
    })  # fmt: skip
    assert [(step["undertaking_id"], step["done_on"]) for step in k["solution"]] == [
        ("u1", date(2015, 3, 11)), ("u2", date(2015, 3, 20)), ("u3", None),
    ]  # fmt: skip
    assert [(step["undertaking_id"], step["outcome"], step["done_on"]) for step in k["corrective_actions"]] == [
        ("u4", "open", None)
    ]
    assert [tuple(row.values()) for row in k["follow_ups"]] == [
        (30, date(2015, 4, 8), date(2015, 4, 1), "held"),
        (90, date(2015, 6, 7), None, "missed"),
        (180, date(2015, 9, 5), None, "due"),
    ]
    agrees(late, {
        "deadline": date(2015, 7, 1), "acknowledged_h": 2.0, "is_open": True, "days_open": 29, "overdue": False,
        "is_repeat": True, "closed_on": None, "follow_ups": None, "solution": [], "rules_failed": [1, 11],
    })  # fmt: skip
    agrees(z, {
        "client_name": None, "grade": None, "rm_id": None, "deadline": date(2015, 8, 4), "is_open": True, "outcome": "open",
        "root_cause": None, "days_open": 10, "facts": "it was",
    })  # fmt: skip


def test_deadline() -> None:
    cases: list[tuple[Row, date]] = [
        ({}, date(2015, 3, 17)),
        ({"severity": "2"}, date(2015, 4, 1)),
        ({"severity": "3"}, date(2015, 4, 1)),
        ({"extension_approved_by": "s"}, date(2015, 4, 16)),
        ({"severity": "2", "extension_approved_by": "s"}, date(2015, 5, 1)),
    ]
    rows = [
        complaint(
            complaint_id=f"{n}{late}", closed_at=datetime.combine(deadline + timedelta(days=late), time(9)), **row
        )
        for n, (row, deadline) in enumerate(cases)
        for late in (0, 1)
    ]
    cards, _ = frames(made(rows))
    expected = [(deadline, late) for _, deadline in cases for late in (False, True)]
    assert cards.select("deadline", "overdue").rows() == expected


def test_open_and_late() -> None:
    assert card(complaint(received_at=at(6, 15)) | OPEN)["overdue"] is False
    assert card(complaint(received_at=at(6, 14)) | OPEN)["overdue"] is True


@pytest.mark.parametrize(
    ("earlier", "repeat"),
    [
        ({}, True),
        ({"product": None}, True),
        ({"product": "payroll"}, False),
        ({"category": "attitude"}, False),
        ({"client_id": "z"}, False),
        ({"received_at": datetime(2014, 3, 2)}, True),  # noqa: DTZ001
        ({"received_at": datetime(2014, 3, 1)}, False),  # noqa: DTZ001
        ({"received_at": at(3, 3)}, False),
    ],
)
def test_repeat(earlier: Row, repeat: bool) -> None:
    before = complaint(complaint_id="a", received_at=at(2, 2)) | earlier
    cards, _ = frames(made([complaint(), before]))
    assert dict(cards.select("complaint_id", "is_repeat").rows())["k"] is repeat


def test_repeat_by_name() -> None:
    assert card(complaint(repeat_of="gone"))["is_repeat"] is True


def test_similar_of_the_whole_bank() -> None:
    def same(name: str, day: date, **more: Any) -> Row:
        return complaint(complaint_id=name, client_id="z", received_at=datetime.combine(day, time(9)), **more)

    rows = [same("a", ago(365)), same("b", ago(366)), same("d", ago(9), product=None), same("e", ago(9), product="fx")]
    cards, _ = frames(made([complaint(), *rows]))
    assert dict(cards.select("complaint_id", "similar_365").rows()) == {"a": 2, "b": 2, "d": 1, "e": 1, "k": 2}


MARCH = date(2015, 3, 10)
CASES: dict[str, tuple[int, Row, Tables, tuple[Any, ...]]] = {
    "1 answered in 4 hours": (1, {"acknowledged_at": at(3, 2, 14)}, {}, ("kept", "acknowledged", 4.0, 4.0)),
    "1 a minute more": (
        1, {"acknowledged_at": at(3, 2, 14, 3)}, {}, ("failed", "acknowledged", 4.05, 4.0)),
    "1 major in 2": (1, {"acknowledged_at": at(3, 2, 12), "severity": "3"}, {}, ("kept", "acknowledged", 2.0, 2.0)),
    "1 major later": (1, {"acknowledged_at": at(3, 2, 12, 3), "severity": "3"}, {}, ("failed", "acknowledged", 2.05, 2.0)),
    "1 overnight": (
        1, {"received_at": at(3, 2, 17), "acknowledged_at": at(3, 3, 12, 30)}, {}, ("kept", "acknowledged", 4.0, 4.0)),
    "1 investigated on the 5th day": (1, {"investigated_at": at(3, 9)}, {}, ("kept", "acknowledged", 1.0, 4.0)),
    "1 on the 6th": (1, {"investigated_at": at(3, 10)}, {}, ("failed", "investigated", 6.0, 5.0)),
    "1 closed late": (
        1, {"resolved_at": at(3, 12), "closed_at": at(3, 18)}, {}, ("failed", "closed", 16.0, 15.0)),
    "1 five days of nothing": (1, {"closed_at": at(3, 13)}, {}, ("kept", "acknowledged", 1.0, 4.0)),
    "1 six": (1, {"closed_at": at(3, 16)}, {}, ("failed", "gap", 6.0, 5.0)),
    "1 six, talked": (
        1, {"closed_at": at(3, 16)}, {"interactions": [contact(MARCH, "problem_solving")]},
        ("kept", "acknowledged", 1.0, 4.0)),
    "1 six, talked of other things": (
        1, {"closed_at": at(3, 16)}, {"interactions": [contact(MARCH)]}, ("failed", "gap", 6.0, 5.0)),
    "1 six, promised": (
        1, {"closed_at": at(3, 16)}, {"undertakings": [undertaking(made_on=MARCH)]},
        ("kept", "acknowledged", 1.0, 4.0)),
    "1 not answered yet": (
        1, {"received_at": at(6, 30, 14), "acknowledged_at": None} | NEW, {}, ("open", "acknowledged", 3.5, 4.0)),
    "1 never answered": (
        1, {"received_at": at(6, 30, 13), "acknowledged_at": None} | NEW, {}, ("failed", "acknowledged", 4.5, 4.0)),
    "2 kept": (2, {}, {}, ("kept", "apology_given", None, None)),
    "2 no apology": (2, {"apology_given": False}, {}, ("failed", "apology_given", None, None)),
    "2 not said": (2, {"restated": None}, {}, ("unknown", "restated", None, None)),
    "2 not said yet": (2, {"restated": None} | OPEN, {}, ("open", "restated", None, None)),
    "3": (3, {}, {}, ("uncheckable", None, None, None)),
    "4 the client's fault, found out": (4, {"fault": "client"}, {}, ("kept", "blamed", None, None)),
    "4 the client's fault, at once": (
        4, {"fault": "client", "fault_decided_at": at(3, 3)}, {}, ("failed", "blamed", None, None)),
    "4 our fault, at once": (4, {"fault_decided_at": at(3, 3)}, {}, ("kept", "facts", None, None)),
    "4 no facts": (4, {"facts": " "}, {}, ("failed", "facts", None, None)),
    "4 no conclusion": (4, NEW, {}, ("open", "facts", None, None)),
    "5 too few": (5, {}, {}, ("not_applicable", "channels", None, None)),
    "6 nothing promised": (6, {}, {}, ("not_applicable", "promises", None, None)),
    "6 kept": (6, {}, {"undertakings": [undertaking(done=date(2015, 3, 20))]}, ("kept", "promises", 0.0, 0.0)),
    "6 a day late": (6, {}, {"undertakings": [undertaking(done=date(2015, 3, 21))]}, ("failed", "promises", 1.0, 0.0)),
    "6 due today": (6, {}, {"undertakings": [undertaking(due=T)]}, ("open", "promises", 0.0, 0.0)),
    "6 due yesterday": (6, {}, {"undertakings": [undertaking(due=ago(1))]}, ("failed", "promises", 1.0, 0.0)),
    "6 another's": (
        6, {}, {"undertakings": [undertaking(about_id="z")]}, ("not_applicable", "promises", None, None)),
    "6 within authority": (
        6, {}, {"undertakings": [undertaking(done=date(2015, 3, 9), amount=1000)]}, ("kept", "promises", 0.0, 0.0)),
    "6 beyond it": (
        6, {}, {"undertakings": [undertaking(done=date(2015, 3, 9), amount=1001)]}, ("failed", "authority", 1.0, 0.0)),
    "6 authority not given": (
        6, {}, {"undertakings": [undertaking(done=date(2015, 3, 9), amount=9, staff_id="n")]},
        ("unknown", "authority", None, None)),
    "7 kept": (7, {}, {}, ("kept", "consulted", None, None)),
    "7 not asked": (7, {"consulted": False}, {}, ("failed", "consulted", None, None)),
    "7 not said": (7, {"consulted": None}, {}, ("unknown", "consulted", None, None)),
    "7 not solved yet": (7, {"consulted": None} | OPEN, {}, ("open", "consulted", None, None)),
    "8 on the 10th day": (8, {"thanked_on": date(2015, 3, 23)}, {}, ("kept", "thanked", 10.0, 10.0)),
    "8 on the 11th": (8, {"thanked_on": date(2015, 3, 24)}, {}, ("failed", "thanked", 11.0, 10.0)),
    "8 not closed": (8, OPEN, {}, ("open", "thanked", None, 10.0)),
    "9": (9, {}, {}, ("uncheckable", None, None, None)),
    "10 nobody met before": (10, {}, {}, ("kept", "complainant", None, 0.8)),
    "10 not over": (10, {"closed_at": at(5, 1)}, {}, ("open", "complainant", None, 0.8)),
    "10 over": (10, {"closed_at": at(4, 30)}, {}, ("kept", "complainant", None, 0.8)),
    "12 kept": (12, {}, {}, ("kept", "summary", None, 10.0)),
    "12 no cause": (12, {"root_cause": "unknown", "closed_at": at(6, 15)}, {}, ("failed", "summary", 11.0, 10.0)),
    "12 no cause yet": (12, {"root_cause": "unknown", "closed_at": at(6, 16)}, {}, ("open", "summary", 10.0, 10.0)),
    "12 no measure": (12, {"corrective": ""}, {}, ("failed", "summary", 81.0, 10.0)),
    "12 measure done": (
        12, {}, {"undertakings": [undertaking("corrective_action", done=date(2015, 3, 20))]}, ("kept", "summary", None, 10.0)),
    "12 measure late": (
        12, {}, {"undertakings": [undertaking("corrective_action", done=date(2015, 3, 21))]},
        ("failed", "corrective", 1.0, 0.0)),
    "12 measure to come": (
        12, {}, {"undertakings": [undertaking("corrective_action", due=T)]}, ("open", "corrective", 0.0, 0.0)),
    "15 ordinary": (15, {"product": "bills"}, {}, ("not_applicable", "risk_told", None, None)),
    "15 no risk": (15, {"severity": "2"}, {}, ("not_applicable", "risk_told", None, None)),
    "15 on the 10th day": (
        15, {"severity": "2", "product": "bills", "risk_told_on": date(2015, 3, 16)}, {}, ("kept", "risk_told", 10.0, 10.0)),
    "15 on the 11th": (
        15, {"severity": "2", "product": "bills", "risk_told_on": date(2015, 3, 17)}, {},
        ("failed", "risk_told", 11.0, 10.0)),
}  # fmt: skip


@functools.cache
def together() -> tuple[pl.DataFrame, pl.DataFrame]:
    return each([(complaint() | row, tables) for _, row, tables, _ in CASES.values()])


@pytest.mark.parametrize("name", CASES)
def test_rules_by_hand(name: str) -> None:
    (number, _, _, expected), mine = CASES[name], f"k{list(CASES).index(name)}"
    cards, rules = together()
    found = rules.filter(complaint_id=mine, rule=number).select("state", "part", "measured", "limit").row(0)
    failed = cards.filter(complaint_id=mine)["rules_failed"].item().to_list()
    assert found == expected
    assert (number in failed) == (expected[0] == "failed")


def test_channels_of_a_branch() -> None:
    same = [complaint(complaint_id=f"n{n}", category=f"{n}") for n in range(4)]
    assert rule(5, complaint(), others=same) == ("failed", "channels", 1.0, 2.0)
    assert rule(5, complaint(channel="hotline"), others=same) == ("kept", "channels", 2.0, 2.0)
    assert rule(5, complaint(), others=same[1:])[0] == "not_applicable"


def met(before: int, after: int, **more: Any) -> Tables:
    """Contacts on so many days before 2 March and after 9 March."""
    days = [date(2015, 3, 1) - timedelta(days=n) for n in range(before)]
    days += [date(2015, 3, 10) + timedelta(days=n) for n in range(after)]
    return {"interactions": [contact(day, **more) for day in days]}


def test_visited_as_before() -> None:
    """Of five before: one after has P(N <= 1 | 5) = 0.04; two have 0.125."""
    edges = [
        contact(date(2015, 1, 1)),
        contact(date(2014, 12, 31)),
        contact(date(2015, 3, 2)),
        contact(date(2015, 3, 9)),
    ]
    assert answers(
        10,
        (complaint(), met(5, 1, contact_id="p")),
        (complaint(), met(5, 2, contact_id="p")),
        (complaint(), met(5, 1, other_contacts=["p"])),
        (complaint(), met(5, 1)),
        (complaint(contact_id=None), met(5, 1)),
        (complaint(), met(5, 1, client_id="z")),
        (complaint(contact_id=None), {"interactions": edges}),
    ) == [
        ("failed", "complainant", 0.2, 0.8),
        ("kept", "complainant", 0.4, 0.8),
        ("failed", "complainant", 0.2, 0.8),
        ("failed", "client", 0.2, 0.8),
        ("failed", "client", 0.2, 0.8),
        ("kept", "complainant", None, 0.8),
        ("kept", "client", 0.0, 0.8),  # one before, none after
    ]


def test_not_again() -> None:
    old = complaint(complaint_id="o", client_id="z", received_at=datetime(2013, 6, 1))  # noqa: DTZ001 history of two years

    def alike(now: int, before: int) -> list[Row]:
        ages = [*range(1, now), *range(400, 400 + before)]  # the complaint itself is one of now
        return [
            complaint(complaint_id=f"{n}", client_id=f"x{n}", received_at=datetime.combine(ago(n), time(9)))
            for n in ages
        ]

    assert rule(11, complaint(), others=[old, *alike(5, 1)]) == ("failed", "rising", 5.0, 1.0)
    assert rule(11, complaint(), others=[old, *alike(4, 0)]) == ("kept", "repeat", None, None)
    assert rule(11, complaint(), others=[old, *alike(6, 5)])[0] == "kept"  # chance
    assert rule(11, complaint(), others=alike(5, 1))[:2] == ("unknown", "rising")
    assert rule(11, complaint(repeat_of="o"), others=[old])[:2] == ("failed", "repeat")


def test_kept_in_mind() -> None:
    """Closed on 9 March: 8 April (29 March to 28 April), 7 June (28 May to 27 June), 5 September."""

    def after(*days: date, row: Row | None = None) -> tuple[Row, Tables]:
        return row or complaint(), {"interactions": [contact(day, "complaint_followup") for day in days]}

    june = date(2015, 6, 27)
    long_ago = complaint(received_at=at(1, 2) - timedelta(days=300), closed_at=at(1, 2) - timedelta(days=290))
    days = [long_ago["closed_at"].date() + timedelta(days=n) for n in (30, 90, 180)]
    assert answers(
        13,
        after(),
        after(date(2015, 3, 29)),
        after(date(2015, 3, 28), june),
        after(date(2015, 4, 29), june),
        after(date(2015, 4, 28), june),
        after(*days, row=long_ago),
        after(row=complaint() | OPEN),
    ) == [
        ("failed", "follow_up_30", None, 30.0),
        ("failed", "follow_up_90", None, 90.0),
        ("failed", "follow_up_30", None, 30.0),
        ("failed", "follow_up_30", None, 30.0),
        ("open", "follow_up_180", None, 180.0),
        ("kept", "follow_up_30", 30.0, 30.0),
        ("open", "follow_up_30", None, 30.0),
    ]


def test_eye_on_the_client() -> None:
    """Sixty days after 2 March is 1 May: the year 2014 was due on 30 April."""
    year = {"party_id": "c", "period_end": date(2014, 12, 31), "received_on": date(2015, 4, 30)}
    link = {"from_id": "p", "to_id": "c", "relation": "contact_of", "recorded_on": date(2015, 5, 1)}
    seen = {"kind": "observation", "party_id": "c", "happened_on": ago(100), "recorded_on": ago(99)}
    done: dict[str, Sequence[Row]] = {"statements": [year], "party_links": [link], "events": [seen]}
    heavy, day_after = complaint(severity="2"), {"recorded_on": date(2015, 5, 2)}
    fresh, quarter = complaint(severity="2", received_at=at(5, 1)), {"period_end": date(2015, 3, 31), "received_on": T}
    site = [contact(date(2015, 4, 1), channel="site_inspection")]
    found = answers(
        14,
        (complaint(), done),
        (heavy, done),
        (heavy, done | {"statements": []}),
        (heavy, done | {"statements": [year | {"received_on": date(2015, 5, 2)}]}),
        (heavy, done | {"statements": [], "clients": [{"reporting_freq": "none"}]}),
        (heavy, done | {"party_links": [link | day_after]}),
        (heavy, done | {"events": []}),
        (heavy, done | {"events": [], "interactions": site}),
        (fresh, {"statements": [year]}),  # the first quarter was due on 15 May
        (fresh, {"statements": [year | quarter]}),
    )
    assert [state[:2] for state in found] == [
        ("not_applicable", "statement"),
        ("kept", "statement"),
        ("failed", "statement"),
        ("failed", "statement"),
        ("kept", "roles"),
        ("failed", "roles"),
        ("failed", "observation"),
        ("kept", "statement"),
        ("open", "statement"),
        ("open", "roles"),
    ]


def test_word_to_the_risk_department() -> None:
    heavy, never = complaint(severity="2"), complaint(severity="2", product="bills", risk_told_on=None)
    assert answers(
        15,
        (heavy, {"risk": [{"risk_level": "A"}]}),
        (heavy, {"risk": [{"risk_level": "W"}]}),
        (never | {"received_at": at(6, 16)}, {}),
        (never | {"received_at": at(6, 15)}, {}),
    ) == [
        ("kept", "risk_told", 1.0, 10.0),
        ("not_applicable", "risk_told", None, None),
        ("open", "risk_told", 10.0, 10.0),
        ("failed", "risk_told", 11.0, 10.0),
    ]
    nobody_tells = [OTHER | {"risk_told_on": None}]
    assert rule(15, never, others=nobody_tells)[0] == "unknown"


@pytest.mark.parametrize(
    ("without", "unknown"),
    [
        ("interactions", {1, 10, 13}),
        ("undertakings", {1, 6, 12}),
        ("statements", {14}),
        ("party_links", {14}),
        ("events", {14}),
    ],
)
def test_without_a_table(without: str, unknown: set[int]) -> None:
    """What reads it is unknown, nothing else is: of a complaint of severity 2 with a gap of six days."""
    row = complaint(severity="2", closed_at=at(3, 16), product="bills")
    old = OTHER | {"complaint_id": "o", "received_at": datetime(2013, 6, 1)}  # noqa: DTZ001 history of two years
    full = frames(made([row, old]))[1].filter(complaint_id="k")
    assert "unknown" not in full["state"].to_list()
    link = [{"link_id": "1", "from_id": "p", "to_id": "c", "relation": "contact_of", "recorded_on": date(2015, 4, 1)}]
    rest: dict[str, Sequence[Row]] = {
        "statements": [{"party_id": "c", "period_end": date(2014, 12, 31), "received_on": date(2015, 4, 1)}],
        "party_links": link,
        "events": [
            {"event_id": "1", "kind": "observation", "party_id": "c", "happened_on": ago(99), "recorded_on": ago(99)}
        ],
    }
    given = {name: rows for name, rows in rest.items() if name != without}
    cards, rules = frames(made([row, old], given, without))
    assert set(rules.filter(complaint_id="k", state="unknown")["rule"]) == unknown
    found = cards.row(by_predicate=pl.col("complaint_id") == "k", named=True)
    assert (found["follow_ups"] is None) == (without == "interactions")
    nothing = [found[name] is None for name in ("solution", "promises_due", "promises_kept", "corrective_actions")]
    assert nothing == [without == "undertakings"] * 4


def test_no_complaints() -> None:
    assert [frame.height for frame in frames(book({}))] == [0, 0]
    assert [frame.height for frame in frames(book({"complaints": []}))] == [0, 0]
    later = complaint(received_at=at(7, 1))
    assert frames(made([later]))[0].height == 0


def test_states_are_those_told() -> None:
    assert set(complaint_rules.CHECKED) == set(range(1, 16))
    assert [list(complaint_rules.CHECKED.values()).count(how) for how in ("full", "part", "no")] == [8, 5, 2]


def test_shuffled_rows_change_nothing() -> None:
    rng = random.Random(11)
    rows = [
        complaint(
            complaint_id=f"k{n}", client_id=rng.choice("cz"), received_at=datetime.combine(ago(rng.randint(0, 500)), time(9)),
            category=rng.choice(("other", "attitude")), severity=rng.choice("123"), product=rng.choice((None, "bills")),
        ) | rng.choice([{}, OPEN, NEW])
        for n in range(40)
    ]  # fmt: skip
    promised = [undertaking(undertaking_id=f"{n}", about_id=f"k{n % 9}", due=ago(n), amount=n * 90) for n in range(30)]
    talks = [contact(ago(n), rng.choice(complaint_facts.ABOUT), client_id=rng.choice("cz")) for n in range(90)]
    found: list[pl.DataFrame] = []
    for _ in range(2):
        found += frames(made(rows, {"undertakings": promised, "interactions": talks}))
        for shuffled in (rows, promised, talks):
            rng.shuffle(shuffled)
    assert found[0].equals(found[2])
    assert found[1].equals(found[3])
    assert set(found[1]["state"]) == set(complaint_rules.STATES)
