"""The visit plan: what asks for a visit, on which day it is made, and that nobody is forgotten."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.shards import Row, ago, frame
from tests.relationship.books import T, book
from transforms.relationship import visits
from transforms.relationship.book import Book
from transforms.relationship.visit_days import Planned, Visit, balanced
from transforms.relationship.visit_triggers import ACTIONS, COMPLAINTS, SATISFACTION, STOPPED, TRIGGERS, triggers
from transforms.workdays import Workdays

ARCHIVES = {"client_id": pl.String(), "item_code": pl.String(), "state": pl.String(), "weight": pl.Int64()}
MADE = {"complaint_cards": COMPLAINTS, "satisfaction": SATISFACTION, "stopped_using": STOPPED, "actions": ACTIONS}
July = {day: date(2015, 7, day) for day in range(1, 32)}  # T is Tuesday, 30 June


def client(id: str = "c", **more: Any) -> Row:
    """A client of grade C with RM "rm", met at T, so that nothing is due."""
    known = {"status": "active", "rm_id": "rm", "rm_since": ago(20), "tier_used": "C", "contact_cadence": 90.0}
    return {"client_id": id, **known, "last_contact_on": T, **more}


def at(day: date) -> datetime:
    return datetime.combine(day, time(10))


def held(id: str, client_id: str, days: int, **more: Any) -> Row:
    """A visit of 40 minutes so many days before T."""
    start = at(ago(days))
    known = {"staff_id": "rm", "status": "done", "two_way": True, "channel": "visit", "outcome": "information"}
    times = {"started_at": start, "ended_at": start + timedelta(minutes=40), "recorded_at": start}
    return {"interaction_id": id, "client_id": client_id, **known, **times, **more}


def plan(id: str, client_id: str, on: date, **more: Any) -> Row:
    """A visit the RM has planned for a day."""
    known = {"staff_id": "rm", "status": "planned", "channel": "visit", "purpose": "greeting"}
    return {"interaction_id": id, "client_id": client_id, "planned_on": on, "recorded_at": at(ago(1)), **known, **more}


def finding(client_id: str, signal_id: str, level: str, **more: Any) -> Row:
    known = {"state": "standing", "change": "new", "first_seen": T, "confirm": False}
    return {"client_id": client_id, "signal_id": signal_id, "level": level, **known, **more}


def given_book(
    tables: Mapping[str, Sequence[Row]],
    panel: Sequence[Row],
    findings: Sequence[Row] = (),
    before: Mapping[str, Sequence[Row]] | None = None,
) -> Book:
    schemas = {**MADE, "archives": ARCHIVES}
    done = {name: frame(schemas[name], rows) for name, rows in (before or {}).items()}
    return book(tables, panel, findings, before=done)


def measured(made: Book) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The plan and the status, checked against their schemas and keys."""
    found = {name: one.collect() for name, one in visits.measure(made).items()}
    assert {name: one.schema for name, one in found.items()} == dict(visits.FRAMES)
    the_plan, status = found["visit_plan"], found["visit_status"]
    assert the_plan.equals(the_plan.sort("client_id", "plan_on", nulls_last=True))
    assert not the_plan.select("client_id", "plan_on").is_duplicated().any()
    assert status["client_id"].to_list() == made.ids().collect()["client_id"].to_list()
    assert (status["next_on"].is_null() == status["reason"].is_not_null()).all()
    return the_plan, status


def asked(made: Book) -> dict[str, tuple[int, date | None]]:
    """trigger → class and due day."""
    found = triggers(made, Workdays.of(made)).collect()
    assert found.schema == TRIGGERS
    return {trigger: (weight, due) for trigger, weight, due in found.select("trigger", "class", "due_on").rows()}


# A red in three working days before the contact planned; a contact planned in time; nothing due for weeks; no RM.
PANEL = [
    client("a", tier_used="A", contact_cadence=30.0, last_contact_on=ago(10)),
    client("b", last_contact_on=ago(100)),
    client("c", last_contact_on=ago(20)),
    client("d", rm_id=None, last_contact_on=ago(100)),
]
HELD = [
    held("1", "a", 10, outcome="next_step", contact_id="ann", purpose="routine_maintenance", planned_on=ago(12)),
    held("2", "b", 100, contact_id="bob"),
    held("3", "c", 20, planned_on=ago(20), goal_met=True, next_on=July[30], outcome="commitment"),
    held("4", "d", 100),
    plan("5", "a", July[15], contact_id="ann", goal="see the new line", planned_minutes=90),
    plan("6", "b", July[10]),
    plan("7", "b", July[10]),  # the same day again
    plan("8", "c", ago(3)),  # nobody went
    plan("9", "c", date(2015, 8, 20)),
]
LINKS = [
    {"link_id": f"{at}", "from_id": person, "to_id": id, "relation": "contact_of", "decision_role": role,
     "recorded_on": ago(400)}
    for at, (id, person, role) in enumerate(
        [("a", "ann", "user"), ("a", "boss", "decision_maker"), ("b", "bob", "decision_maker"), ("b", "ben", None)]
    )
]  # fmt: skip
STAFF = [
    {"staff_id": "rm", "role": "rm", "branch_id": "1", "start_on": ago(900), "supervisor_id": "sup"},
    {"staff_id": "old", "role": "branch_head", "branch_id": "1", "start_on": ago(900), "end_on": ago(1)},
]
FOUND = [finding("a", "FIN-01", "R"), finding("a", "REL-11", "A"), finding("b", "EXT-01", "A")]
ROWS = [  # client, plan_on, seq, status, class, due_on, triggers, channel, contact, purpose, minutes, bank_side
    ("a", ago(12), 2, "done", None, None, None, "visit", "ann", "routine_maintenance", 60, None),
    ("a", July[3], 1, "proposed", 2, July[3], ["FIN-01"], "visit", "boss", "post_loan_check", 60, "sup"),
    ("a", July[15], 3, "planned", 4, July[14], ["REL-11", "cadence"], "visit", "ann", "greeting", 90, None),
    ("b", July[10], 2, "planned", 4, ago(10), ["cadence"], "visit", "ben", "greeting", 60, None),
    ("c", ago(20), 1, "done", None, None, None, "visit", None, None, 60, None),
    ("c", ago(3), 3, "missed", None, None, None, "visit", None, "greeting", 60, None),
    ("c", July[30], 4, "proposed", 5, July[30], ["agreed"], "visit", None, "routine_maintenance", 60, None),
]
HISTORY = [  # last contact, outcome, held on, result, goal met, next, contact
    (ago(10), "next_step", ago(10), "next_step", None, None, "1"),
    (ago(10), "next_step", None, None, None, None, None),
    (ago(10), "next_step", None, None, None, None, "5"),
    (ago(100), "information", None, None, None, None, "6"),
    (ago(20), "commitment", ago(20), "commitment", True, July[30], "3"),
    (ago(20), "commitment", None, None, None, None, "8"),
    (ago(20), "commitment", None, None, None, None, None),
]
STATUS = [
    ("a", July[3], None, July[3], 2, "1"),
    ("b", July[10], None, ago(10), 4, "1"),
    ("c", July[30], None, July[30], 5, "1"),
    ("d", None, "no_rm", ago(10), 4, "1"),
]


def whole(shuffle: int = 0) -> Book:
    rows: list[list[Row]] = [[*HELD], [*LINKS], [*STAFF], [*FOUND]]
    for part in rows if shuffle else []:
        random.Random(shuffle).shuffle(part)
    interactions, links, staff, found = rows
    made = given_book({"interactions": interactions, "party_links": links, "staff": staff}, PANEL, found)
    return replace(made, clients=made.clients.with_columns(branch_id=pl.lit("1")))


def test_four_clients_by_hand() -> None:
    the_plan, status = measured(whole())
    shown = the_plan.select(
        "client_id", "plan_on", "seq", "status", "class", "due_on", "triggers", "channel", "contact_id", "purpose",
        "est_minutes", "bank_side",
    )  # fmt: skip
    assert shown.rows() == ROWS
    history = ("last_contact_on", "last_outcome", "held_on", "result", "goal_met", "next_on", "interaction_id")
    assert the_plan.select(history).rows() == HISTORY
    assert the_plan["goal_text"].drop_nulls().to_list() == ["see the new line"]
    assert the_plan["goal"].to_list() == [
        None, "understand_signal", "understand_signal", "agree_next_date", None, None, "keep_promise",
    ]  # fmt: skip
    assert the_plan["topics"].to_list()[1:4] == [["FIN-01", "REL-11"], ["FIN-01", "REL-11"], ["EXT-01"]]
    assert status.rows() == STATUS


def test_order_of_rows_changes_nothing() -> None:
    first = measured(whole())
    for seed in range(1, 6):
        assert all(one.equals(other) for one, other in zip(first, measured(whole(seed)), strict=True))


def test_a_new_red_brings_the_date_forward() -> None:
    calm = measured(given_book({"interactions": HELD}, PANEL))[1]
    red = measured(given_book({"interactions": HELD}, PANEL, [finding("b", "FIN-01", "R")]))[1]
    next_on = pl.Series.to_list
    assert (next_on(calm["next_on"])[1], next_on(red["next_on"])[1]) == (July[10], July[3])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"level": "W"}, {}),
        ({"level": "A"}, {"FIN-01": (3, July[14])}),
        ({"level": "R"}, {"FIN-01": (2, July[3])}),
        ({"level": "N"}, {"FIN-01": (2, July[3])}),
        ({"level": "R", "signal_id": "REL-11"}, {"REL-11": (3, July[3])}),
        ({"level": "A", "signal_id": "REL-11"}, {"REL-11": (4, July[14])}),
        ({"level": "A", "signal_id": "EXT-01"}, {}),
        ({"state": "clearing"}, {}),
        ({"state": "snoozed"}, {}),
        ({"change": "standing", "first_seen": ago(9)}, {"FIN-01": (3, July[3])}),  # met the day before
        ({"change": "standing", "first_seen": ago(11)}, {}),  # met since
        ({"change": "worse", "first_seen": ago(11)}, {"FIN-01": (3, July[14])}),
    ],
)
def test_findings(row: Row, expected: Row) -> None:
    assert asked(given_book({}, [client(last_contact_on=ago(10))], [finding("c", "FIN-01", "A") | row])) == expected


@pytest.mark.parametrize(
    ("panel", "rows", "expected"),
    [
        ({"last_contact_on": ago(90)}, [], {"cadence": (5, T)}),
        ({"last_contact_on": ago(91)}, [], {"cadence": (4, ago(1))}),
        ({"last_contact_on": ago(30), "contact_own_gap": 40.9}, [], {"cadence": (5, July[10])}),
        ({"last_contact_on": ago(30), "contact_own_gap": 3.0}, [], {"cadence": (5, ago(16))}),  # never under 14 days
        ({"last_contact_on": ago(30), "contact_own_gap": 120.0}, [], {"cadence": (5, date(2015, 8, 29))}),
        ({"last_contact_on": None, "rm_since": ago(100)}, [], {"cadence": (4, ago(10))}),
        ({"contact_cadence": None, "tier_used": None, "contact_own_gap": 20.0}, [], {}),
    ],
)
def test_contact_rhythm(panel: Row, rows: list[Row], expected: Row) -> None:
    found = asked(given_book({"interactions": rows}, [client(**panel)]))
    assert {name: said for name, said in found.items() if name != "visit_rhythm"} == expected


@pytest.mark.parametrize(
    ("tier", "days"), [("A", 60), ("B", 90), ("C", 180), ("D", 365)], ids=["A", "B", "C", "D"]
)  # fmt: skip
def test_visit_rhythm(tier: str, days: int) -> None:
    called = held("2", "c", 1, channel="phone")
    late = asked(given_book({"interactions": [held("1", "c", days + 1), called]}, [client(tier_used=tier)]))
    on_time = asked(given_book({"interactions": [held("1", "c", days), called]}, [client(tier_used=tier)]))
    assert (late["visit_rhythm"], on_time["visit_rhythm"]) == ((4, ago(1)), (5, T))


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("complaint_cards", {"severity": 2, "is_open": True, "deadline": July[9]}, {"complaints:x": (3, July[9])}),
        ("complaint_cards", {"severity": 3, "is_open": True, "deadline": ago(4)}, {"complaints:x": (1, ago(4))}),
        ("complaint_cards", {"severity": 1, "is_open": False}, {}),
        (
            "complaint_cards",
            {"severity": 1, "is_open": False, "next_follow_up_on": July[20]},
            {"complaints:x": (3, July[20])},
        ),
        ("satisfaction", {"ask": True, "ask_due_on": July[8]}, {"satisfaction_ask": (5, July[8])}),
        ("satisfaction", {"ask": False, "call_due_on": July[3], "newest_on": ago(10)},
         {"satisfaction_call": (3, July[3])}),
        ("satisfaction", {"ask": False, "call_due_on": July[3], "newest_on": ago(11)}, {}),  # met since
        ("stopped_using", {"family": "fx", "last_used_on": ago(100), "visit_due_on": July[14]},
         {"stopped_using:fx": (4, July[14])}),
        ("stopped_using", {"family": "fx", "last_used_on": ago(101), "visit_due_on": July[14]}, {}),
        ("actions", {"method": 9, "commercial": False, "by_phone": True, "due_on": July[2]},
         {"method:9": (5, July[2])}),
        ("actions", {"method": 5, "commercial": True, "by_phone": False}, {"method:5": (6, None)}),
    ],
)  # fmt: skip
def test_frames_made_before(name: str, row: Row, expected: Row) -> None:
    before = {name: [{"client_id": "c", "complaint_id": "x"} | row]}
    before[name] = [{key: value for key, value in before[name][0].items() if key in MADE[name]}]
    assert asked(given_book({}, [client(last_contact_on=ago(10))], before=before)) == expected


@pytest.mark.parametrize(
    ("row", "asks"),
    [
        ({}, True),
        ({"due_on": T}, False),
        ({"kind": "covenant"}, True),
        ({"kind": "covenant", "waived_until": T}, False),
        ({"kind": "covenant", "waived_until": ago(1)}, True),
        ({"kind": "task"}, False),
        ({"outcome": "done", "done_on": T}, False),
        ({"outcome": "done", "done_on": T + timedelta(days=1)}, True),  # not yet at T
        ({"made_on": T + timedelta(days=1)}, False),
    ],
)
def test_what_is_owed(row: Row, asks: bool) -> None:
    known = {"undertaking_id": "u", "client_id": "c", "kind": "rm_promise", "outcome": "open", "made_on": ago(9)}
    found = asked(given_book({"undertakings": [known | {"due_on": ago(1)} | row]}, [client()]))
    assert (list(found) == ["undertakings:u"]) == asks
    assert [weight for weight, _ in found.values()] == [3] * asks


@pytest.mark.parametrize(("on", "weight"), [(T, 5), (ago(1), 4), (July[9], 5), (ago(30), None)])
def test_the_day_agreed(on: date, weight: int | None) -> None:
    row = held("1", "c", 20, next_on=on)
    assert asked(given_book({"interactions": [row]}, [client()])).get("agreed") == (weight and (weight, on))
    later = held("2", "c", 5, channel="phone")
    assert "agreed" not in asked(given_book({"interactions": [row, later]}, [client()]))


def one_plan(tables: Mapping[str, Sequence[Row]], **more: Any) -> Row:
    found, _ = measured(given_book(tables, [more.pop("panel", client())], **more))
    assert found.height == 1
    return found.row(0, named=True)


def test_phone_when_a_call_will_do() -> None:
    ask = {"satisfaction": [{"client_id": "c", "subject": "bank", "ask": True, "ask_due_on": July[8]}]}
    row = one_plan({}, before=ask)
    assert (row["channel"], row["est_minutes"], row["questions"][-1]) == ("phone", 15, "satisfaction")
    row = one_plan({}, before=ask, findings=[finding("c", "FIN-01", "A")])
    assert (row["channel"], row["est_minutes"], row["purpose"]) == ("visit", 60, "post_loan_check")


@pytest.mark.parametrize(("contacts", "minutes"), [(19, 60), (20, 40)])
def test_the_usual_length_of_twenty_contacts(contacts: int, minutes: int) -> None:
    rows = [held(str(n), "c", 365, purpose="post_loan_check") for n in range(contacts)]
    older = [held(f"o{n}", "c", 366, purpose="post_loan_check") for n in range(30)]
    row = one_plan({"interactions": rows + older}, findings=[finding("c", "FIN-01", "R")])
    assert row["est_minutes"] == minutes


@pytest.mark.parametrize(
    ("met", "level", "expected"),
    [(180, "A", "who"), (181, "A", "boss"), (180, "R", "boss")],
)
def test_whom_to_see(met: int, level: str, expected: str) -> None:
    links = [
        {"link_id": id, "from_id": id, "to_id": "c", "relation": "contact_of", "recorded_on": ago(9),
         "decision_role": role}
        for id, role in (("boss", "decision_maker"), ("who", "user"))
    ]  # fmt: skip
    rows = [held("1", "c", met, contact_id="boss"), held("2", "c", 200, contact_id="who")]
    seen = {"interactions": rows, "party_links": links}
    assert one_plan(seen, findings=[finding("c", "REL-11", level)])["contact_id"] == expected


def test_the_person_who_complained_is_asked_how_it_went() -> None:
    card = {"complaint_id": "x", "client_id": "c", "contact_id": "eve", "severity": 1, "is_open": False}
    row = one_plan({}, before={"complaint_cards": [card | {"next_follow_up_on": July[20]}]})
    assert (row["contact_id"], row["purpose"], row["plan_on"]) == ("eve", "complaint_followup", July[20])


@pytest.mark.parametrize(
    ("actions", "by_phone", "expected"),
    [
        ([3], True, "phone"),
        ([3, 10], False, "visit"),
        ([10], False, "banquet"),
        ([11], False, "event"),
        ([12], True, "phone"),
    ],
)
def test_the_form_of_a_suggested_contact(actions: list[int], by_phone: bool, expected: str) -> None:
    rows = [{"client_id": "c", "method": at, "by_phone": by_phone, "due_on": July[at]} for at in actions]
    assert one_plan({}, before={"actions": rows})["channel"] == expected


@pytest.mark.parametrize(
    ("staff", "before", "level", "leader"),
    [
        ({"role": "branch_head"}, {}, "R", "head"),
        ({"role": "branch_head"}, {}, "A", None),
        ({"role": "branch_head", "end_on": T}, {}, "R", "sup"),
        ({"role": "branch_head", "branch_id": "2"}, {}, "R", "sup"),
        ({"role": "supervisor"}, {}, "R", "head"),
        ({"role": "risk_officer"}, {}, "R", "sup"),
        ({"role": "branch_head"}, {"actions": [{"client_id": "c", "method": 7, "due_on": July[9]}]}, "A", "head"),
        (
            {"role": "branch_head"},
            {"satisfaction": [{"client_id": "c", "subject": "rm", "call_due_on": July[3], "newest_on": T}]},
            "A",
            "head",
        ),
        (
            {"role": "branch_head"},
            {"satisfaction": [{"client_id": "c", "subject": "bank", "call_due_on": July[3], "newest_on": T}]},
            "A",
            None,
        ),
    ],
)
def test_who_of_the_bank_takes_part(
    staff: Row, before: Mapping[str, Sequence[Row]], level: str, leader: str | None
) -> None:
    head = {"staff_id": "head", "branch_id": "1", "start_on": ago(9)} | staff
    made = given_book({"staff": [*STAFF, head]}, [client()], [finding("c", "FIN-01", level)], before)
    found, _ = measured(replace(made, clients=made.clients.with_columns(branch_id=pl.lit("1"))))
    assert found["bank_side"].to_list() == [leader]


@pytest.mark.parametrize(
    ("status", "shown"), [("planned", ["missed"]), ("no_show", ["missed"]), ("cancelled", []), ("rescheduled", [])]
)
def test_what_became_of_a_plan(status: str, shown: list[str]) -> None:
    found, _ = measured(given_book({"interactions": [plan("1", "c", T, status=status)]}, [client()]))
    assert found["status"].to_list() == shown


def test_a_plan_recorded_later_is_not_known() -> None:
    later = plan("1", "c", July[9], recorded_at=at(July[1]))
    assert measured(given_book({"interactions": [later]}, [client()]))[0].is_empty()


@pytest.mark.parametrize(
    ("level", "on", "served"),
    [
        ("R", July[3], True),
        ("R", July[6], False),
        ("A", July[14], True),
        ("A", July[15], False),
    ],
)
def test_what_a_planned_contact_serves(level: str, on: date, served: bool) -> None:
    found, _ = measured(given_book({"interactions": [plan("1", "c", on)]}, [client()], [finding("c", "FIN-01", level)]))
    assert found["status"].to_list() == (["planned"] if served else ["proposed", "planned"])
    assert found.filter(pl.col("status") == "planned")["plan_on"].to_list() == [on]


def test_days_of_the_plan() -> None:
    far = [plan("1", "c", T + timedelta(days=31)), plan("2", "c", T + timedelta(days=30))]
    found, _ = measured(given_book({"interactions": far}, [client()]))
    assert found["interaction_id"].to_list() == ["2"]
    beyond, status = measured(given_book({"interactions": []}, [client(last_contact_on=ago(59))]))  # due on day 31
    assert (beyond.height, status["next_on"].to_list()) == (0, [July[31]])
    found, _ = measured(given_book({"interactions": []}, [client(last_contact_on=ago(60))]))
    assert found["plan_on"].to_list() == [July[30]]
    old = [held("1", "c", 29, planned_on=ago(29)), held("2", "c", 30, planned_on=ago(30))]
    found, _ = measured(given_book({"interactions": old}, [client()]))
    assert found["interaction_id"].to_list() == ["1"]


def test_topics_questions_and_materials() -> None:
    answer = {"kind": "observation", "party_id": "c", "recorded_on": ago(9), "happened_on": ago(9), "subtype": "no"}
    events = [
        answer | {"event_id": "1", "signal_id": "EXT-02", "ends_on": T + timedelta(days=31)},
        answer | {"event_id": "2", "signal_id": "MGT-25", "ends_on": T + timedelta(days=30)},
        answer | {"event_id": "3", "signal_id": "MGT-26", "ends_on": ago(1)},
    ]
    promise = {"undertaking_id": "u", "client_id": "c", "kind": "rm_promise", "outcome": "open", "made_on": ago(9)}
    products = [
        {"product_id": id, "family": "fx", "launched_on": ago(9), "withdrawn_on": gone}
        for id, gone in (("p1", None), ("p2", T))
    ]
    files = [("BI2", "missing", 1), ("BI1", "expired", 3), ("CU1", "ok", 1), ("CU2", "waived", 1)]
    offer = {"client_id": "c", "rank": 1, "method": 5, "family": "fx", "commercial": True, "by_phone": True}
    found = [
        finding("c", "FIN-01", "R"),
        finding("c", "MGT-05", "W"),
        finding("c", "MGT-36", "W", confirm=True),
        finding("c", "MGT-24", "A"),
        finding("c", "MGT-02", "W", state="resolved"),
    ]
    row = one_plan(
        {"events": events, "undertakings": [promise | {"due_on": T}], "products": products},
        findings=found,
        before={
            "actions": [offer],
            "archives": [{"client_id": "c", "item_code": i, "state": s, "weight": w} for i, s, w in files],
        },
    )
    assert row["topics"] == ["FIN-01", "MGT-24", "MGT-05", "MGT-36", "undertakings:u", "family:fx"]
    assert row["questions"] == ["MGT-36", "MGT-25", "MGT-26", "MGT-27", "MGT-28"]
    assert row["materials"] == ["BI1", "BI2", "products:p1"]
    assert row["triggers"] == ["FIN-01", "MGT-24", "method:5"]


@pytest.mark.parametrize(
    ("panel", "tables", "reason"),
    [
        ({"tier_used": None, "contact_cadence": None}, {"interactions": []}, "no_rhythm"),
        ({}, {}, "no_rhythm"),  # contacts not connected
        ({"rm_id": None}, {"interactions": []}, "no_rm"),
        ({}, {"interactions": []}, None),
        ({"rm_id": None}, {"interactions": [plan("1", "c", July[9])]}, None),
    ],
)
def test_why_there_is_no_date(panel: Row, tables: Mapping[str, Sequence[Row]], reason: str | None) -> None:
    _, status = measured(given_book(tables, [client(**panel)]))
    assert status["reason"].to_list() == [reason]


def test_an_rm_with_too_many_is_told_what_cannot_fit() -> None:
    # four visits of an hour a day; due on the third working day: the three up to it and the ten after it are tried
    crowd = [client(f"{n:02}") for n in range(53)]
    reds = [finding(one["client_id"], "FIN-01", "R") for one in crowd]
    the_plan, status = measured(given_book({"interactions": []}, crowd, reds))
    assert set(Counter(the_plan["plan_on"].drop_nulls()).values()) == {4}
    assert the_plan["plan_on"].max() == July[17]
    assert the_plan.filter(pl.col("status") == "cannot_fit").select("client_id", "plan_on").rows() == [("52", None)]
    assert status.filter(pl.col("reason") == "cannot_fit")["client_id"].to_list() == ["52"]


# --- the balancing alone -------------------------------------------------------------------------------------------------

WORKDAYS = [day for n in range(1, 60) if (day := T + timedelta(days=n)).weekday() < 5]


def only(weight: int, due_on: date, *taken: date, minutes: int = 60) -> date | None:
    """Day of one visit beside days that are full."""
    planned = [Planned("rm", f"other{n}", day, 240) for n, day in enumerate(taken)]
    return balanced([Visit(weight, due_on, "c", "rm", minutes)], planned, WORKDAYS, 240)["c"]


@pytest.mark.parametrize(
    ("weight", "due_on", "taken", "expected"),
    [
        (4, July[8], [], July[8]),
        (4, July[5], [], July[3]),  # a Sunday: the Friday before
        (4, July[8], [July[8]], July[9]),
        (4, July[10], [July[10]], July[13]),  # over the weekend
        (3, July[8], [July[8]], July[7]),  # pressing: rather before
        (3, July[2], [July[1], July[2]], July[3]),
        (4, ago(40), [], July[1]),
        (4, ago(40), WORKDAYS[:9], WORKDAYS[9]),
        (4, ago(40), WORKDAYS[:10], None),
        (4, July[1], WORKDAYS[:10], WORKDAYS[10]),
        (4, July[1], WORKDAYS[:11], None),
    ],
)
def test_the_day_of_one_visit(weight: int, due_on: date, taken: list[date], expected: date | None) -> None:
    assert only(weight, due_on, *taken) == expected


def test_minutes_and_clients_of_a_day() -> None:
    half = [Planned("rm", "other", July[1], 180)]
    assert balanced([Visit(4, T, "c", "rm", 60)], half, WORKDAYS, 240) == {"c": July[1]}
    assert balanced([Visit(4, T, "c", "rm", 61)], half, WORKDAYS, 240) == {"c": July[2]}
    assert only(4, T, minutes=500) == July[1]  # longer than a day: a whole one
    same = [Planned("assistant", "c", July[1], 10)]
    assert balanced([Visit(4, T, "c", "rm", 60)], same, WORKDAYS, 240) == {"c": July[2]}
    urgent = [Visit(4, ago(99), "a", "rm", 240), Visit(2, T, "b", "rm", 240), Visit(4, ago(9), "c", "rm", 240)]
    assert balanced(urgent, [], WORKDAYS, 240) == {"b": July[1], "a": July[2], "c": July[3]}


visit = st.builds(
    Visit,
    weight=st.integers(1, 6),
    due_on=st.integers(-60, 30).map(lambda days: T + timedelta(days=days)),
    client_id=st.integers(0, 80).map(str),
    staff_id=st.sampled_from(["r", "s"]),
    minutes=st.integers(5, 300),
)
contact = st.builds(
    Planned,
    staff_id=st.sampled_from(["r", "s"]),
    client_id=st.integers(0, 80).map(str),
    on=st.sampled_from(WORKDAYS),
    minutes=st.integers(5, 300),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(visit, unique_by=lambda v: v.client_id, max_size=60), st.lists(contact, max_size=20), st.randoms())
def test_no_day_is_overfull(visits: list[Visit], planned: list[Planned], chance: random.Random) -> None:
    placed = balanced(visits, planned, WORKDAYS, 240)
    assert set(placed) == {one.client_id for one in visits}
    used = Counter({(one.staff_id, one.on): 0 for one in planned})
    for kept in planned:
        used[kept.staff_id, kept.on] += kept.minutes
    full = Counter(used)
    for one in visits:
        if (day := placed[one.client_id]) is not None:
            assert day in WORKDAYS
            assert (one.client_id, day) not in {(p.client_id, p.on) for p in planned}
            assert WORKDAYS.index(day) <= max(sum(d <= one.due_on for d in WORKDAYS) - 1, -1) + 10
            full[one.staff_id, day] += min(one.minutes, 240)
    assert all(minutes <= max(240, used[at]) for at, minutes in full.items())
    again = [*visits]
    chance.shuffle(again)
    assert balanced(again, planned, WORKDAYS, 240) == placed


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_nobody_is_forgotten(data: st.DataObject) -> None:
    """A random book: everybody once in the status, no proposal on a day off, nobody twice a day, no day overfull."""
    ids = [f"c{n}" for n in range(data.draw(st.integers(1, 25)))]
    optional = st.one_of(st.none(), st.integers(0, 400).map(ago))
    panel = [
        client(id, rm_id=data.draw(st.sampled_from(["rm", "rm2", None])), last_contact_on=data.draw(optional))
        for id in ids
    ]
    some = st.lists(st.sampled_from(ids), max_size=12)
    days = st.integers(1, 40).map(lambda n: T + timedelta(days=n))
    rows = [plan(f"p{n}", id, data.draw(days)) for n, id in enumerate(data.draw(some))]
    found = [finding(id, "FIN-01", data.draw(st.sampled_from("WARN"))) for id in set(data.draw(some))]
    holiday = [{"date": day, "is_workday": False} for day in (July[1], July[2], July[14])]
    the_plan, _ = measured(given_book({"interactions": rows, "calendar": holiday}, panel, found))
    proposed = the_plan.filter(pl.col("status") == "proposed")
    off = {July[1], July[2], July[14]}
    assert all(day.weekday() < 5 and day not in off for day in proposed["plan_on"])
    full = the_plan.group_by("rm_id", "plan_on").agg(
        minutes=pl.col("est_minutes").sum(), own=pl.col("est_minutes").filter(pl.col("status") == "planned").sum()
    )
    kept = full.filter(pl.col("plan_on").is_not_null())
    assert (kept["minutes"] <= pl.select(pl.max_horizontal(kept["own"], pl.lit(240))).to_series()).all()


def test_empty_book() -> None:
    the_plan, status = measured(given_book({}, []))
    assert (the_plan.height, status.height) == (0, 0)
    the_plan, status = measured(given_book({"interactions": [], "staff": [], "party_links": []}, []))
    assert (the_plan.height, status.height) == (0, 0)
