"""Which of the 12 methods tonight's records ask for (input-model.md 9.5)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, T, ago, done, table
from tests.relationship.books import book
from transforms.relationship import methods
from transforms.relationship.book import Book
from transforms.relationship.method_business import business
from transforms.relationship.method_occasions import occasions, quarter_end
from transforms.relationship.method_triggers import CARDS, Known, triggers

SATISFACTION = {"subject": pl.String(), "score": pl.Float64()}


def day(days: int) -> date:
    """T is a Tuesday: 1 to 4 ago are Monday to Friday, 7 is Tuesday."""
    return ago(days)


def held(days: int, **more: object) -> Row:
    at = datetime.combine(ago(days), time(10))
    told = {
        "interaction_id": f"i{days}", "client_id": "c", "staff_id": "s", "channel": "phone", "initiator": "bank",
        "status": "done", "started_at": at, "recorded_at": at, "created_at": at, "two_way": True, "senior_bank": False,
        "senior_client": False, "outcome": "information",
    }  # fmt: skip
    return told | more


def planned(days: int, **more: object) -> Row:
    before = datetime.combine(ago(40), time(10))
    return held(days, status="planned", planned_on=ago(days), started_at=None, recorded_at=before, two_way=None) | more


def owed(kind: str, **more: object) -> Row:
    told = {
        "undertaking_id": "u",
        "kind": kind,
        "client_id": "c",
        "staff_id": "s",
        "made_on": ago(20),
        "outcome": "open",
    }
    return told | more


def made(
    tables: Mapping[str, Sequence[Row]] | None = None,
    panel: Row | None = None,
    client: Row | None = None,
    before: Mapping[str, pl.LazyFrame] | None = None,
    **more: Any,
) -> Book:
    """A book of client c, whose master row is `client`."""
    one = book({"interactions": []} | dict(tables or {}), [{"client_id": "c", "rm_id": "rm"} | (panel or {})], before=before, **more)  # fmt: skip
    return replace(one, clients=table("clients", [{"client_id": "c", "status": "active"} | (client or {})]))


def actions(one: Book) -> pl.DataFrame:
    return methods.measure(one)["actions"].collect()


def asks(one: Book) -> set[str]:
    """All triggers, those told under "also" too."""
    rows = actions(one).rows(named=True)
    return {code for row in rows for code in (row["trigger"], *json.loads(row["evidence"]).get("also", []))}


def fires(trigger: str, one: Book) -> bool:
    """Whether the module of that trigger's method asks, whatever comes first."""
    made_by = {**dict.fromkeys((1, 2, 3, 6), triggers), **dict.fromkeys((4, 5, 8), business)}
    frames = made_by.get(methods.TRIGGERS[trigger].method, occasions)(Known.of(one))
    return pl.concat(frames).select((pl.col("trigger") == trigger).any()).collect().item()  # type: ignore[no-any-return]


def loan(days: int, overdue: int = 0, state: str = "settled") -> dict[str, list[Row]]:
    status = {"loan_id": "l", "overdue_principal": 0, "overdue_interest": 0, "outstanding": 0}
    states = [
        status | {"as_of": ago(60), "state": "normal", "overdue_principal": overdue},
        status | {"as_of": ago(days), "state": state},
    ]
    return {"loans": [{"loan_id": "l", "client_id": "c", "disbursed_on": ago(400)}], "loan_status": states}


def statement(received: int, due: int) -> dict[str, list[Row]]:
    row = {"party_id": "c", "period_end": ago(60), "period_type": "Q", "scope": "single", "version": 1}
    return {"statements": [row | {"received_on": ago(received), "due_on": ago(due)}]}


def link(recorded: int, role: str) -> dict[str, list[Row]]:
    old = {"link_id": "k1", "from_id": "p", "to_id": "c", "relation": "contact_of", "decision_role": "user"}
    new = old | {"link_id": "k2", "decision_role": role, "start_on": ago(recorded), "recorded_on": ago(recorded)}
    return {"party_links": [old | {"recorded_on": ago(300), "end_on": ago(recorded)}, new]}


def product(held_for: int | None = None, **more: object) -> dict[str, list[Row]]:
    row = {"product_id": "P", "family": "fx", "launched_on": ago(400), "fits": "opin_12 > 0"} | more
    old = {"product_id": "Q", "family": "bills", "launched_on": ago(400)}
    holding = {"holding_id": "h", "client_id": "c", "product_id": "Q", "opened_on": ago(300)}
    used = [] if held_for is None else [holding | {"last_used_on": ago(held_for)}]
    return {"products": [row, old], "holdings": used}


def opened(days: int, **more: object) -> dict[str, list[Row]]:
    tables = product(fits=None)
    return tables | {
        "holdings": [{"holding_id": "h", "client_id": "c", "product_id": "Q", "opened_on": ago(days)} | more]
    }


def offer(warmth: int = 3, used: int = 60, **more: object) -> dict[str, list[Row]]:
    return product(used, **more) | {"interactions": [held(8, warmth=warmth)]}


def request(days: int, ends_on: date | None = None) -> dict[str, list[Row]]:
    row = {"event_id": "e", "kind": "loan_request", "subtype": "new", "party_id": "c", "ends_on": ends_on}
    return {"events": [row | {"happened_on": ago(days), "recorded_on": ago(days)}]}


def occasion(days: int, subtype: str = "award") -> dict[str, list[Row]]:
    row = {"event_id": "e", "kind": "occasion", "subtype": subtype, "party_id": "c"}
    return {"events": [row | {"happened_on": ago(days), "recorded_on": ago(30)}]}


def deposit(matures: int, **more: object) -> dict[str, list[Row]]:
    row = {"account_id": "a", "client_id": "c", "kind": "time", "opened_on": ago(300), "matures_on": ago(-matures)}
    return {"accounts": [row | more]}


def card(**more: object) -> dict[str, pl.LazyFrame]:
    row = {"complaint_id": "x", "severity": 1, "is_open": False, "contact_id": "p", "handler_id": "s"} | more
    return {"complaint_cards": done({name: kind for name, kind in CARDS.items() if name != "client_id"}, row)}


def idle(amount: int) -> dict[str, pl.LazyFrame]:
    return {"idle_balances": done({"idle_balance": pl.Int64()}, {"idle_balance": amount})}


def finding(signal: str, level: str, first_seen: int, change: str = "standing") -> list[Row]:
    row = {"client_id": "c", "signal_id": signal, "level": level, "state": "standing", "change": change}
    return [row | {"first_seen": ago(first_seen)}]


def person(birthday: str) -> dict[str, list[Row]]:
    tie = {"link_id": "k", "from_id": "p", "to_id": "c", "relation": "contact_of", "recorded_on": ago(300)}
    return {"party_links": [tie], "parties": [{"party_id": "p", "kind": "person", "birthday_mmdd": birthday}]}


def holiday(ahead: int, name: str = "mid_autumn") -> dict[str, list[Row]]:
    return {"calendar": [{"date": ago(-ahead), "is_workday": False, "holiday": name}]}


def quiet(days: int, **more: object) -> dict[str, Any]:
    return {"tables": {"interactions": [held(days, **more)]}, "panel": {"tier_used": "B", "last_contact_on": ago(days), "contact_cadence": 60}}  # fmt: skip


B, A = {"tier_used": "B"}, {"tier_used": "A"}
MONEY = {"opin_12": 1, "opout_12": 400_000_000}
LEADERS = {"senior_bank": True, "senior_client": True}
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [  # trigger, just on its limit, just off
    ("contact_rhythm", quiet(60), quiet(59)),
    ("contact_rhythm", quiet(60), quiet(60) | {"panel": {"tier_used": None, "last_contact_on": ago(60)}}),
    ("late_record", {"tables": {"interactions": [planned(4)]}}, {"tables": {"interactions": [planned(1)]}}),
    ("late_record", {"tables": {"interactions": [planned(4)]}}, {"tables": {"interactions": [planned(4), held(4)]}}),
    ("late_record", {"tables": {"interactions": [planned(30)]}}, {"tables": {"interactions": [planned(31)]}}),
    (
        "late_record",
        {"tables": {"interactions": [held(5, recorded_at=datetime.combine(day(1), time(9)))]}},
        {"tables": {"interactions": [held(4, recorded_at=datetime.combine(day(1), time(9)))]}},
    ),
    ("role_changed", {"tables": link(7, "promoter")}, {"tables": link(8, "promoter")}),
    ("role_changed", {"tables": link(7, "promoter")}, {"tables": link(7, "user")}),
    (
        "role_changed",
        {"tables": link(7, "promoter") | {"interactions": [held(3, contact_id="q")]}},
        {"tables": link(7, "promoter") | {"interactions": [held(3, contact_id="p")]}},
    ),
    ("market_change", {"panel": B, "findings": finding("EXT-01", "W", 29)}, {"panel": B, "findings": finding("EXT-01", "W", 30)}),
    ("market_change", {"panel": B, "findings": finding("EXT-01", "W", 5)}, {"panel": {"tier_used": "C"}, "findings": finding("EXT-01", "W", 5)}),
    ("visit_held", {"tables": {"interactions": [held(7, channel="visit")]}}, {"tables": {"interactions": [held(8, channel="visit")]}}),
    (
        "visit_held",
        {"tables": {"interactions": [held(7, channel="visit"), held(6, initiator="client")]}},
        {"tables": {"interactions": [held(7, channel="visit"), held(6)]}},
    ),
    ("success", {"tables": {"interactions": [held(7, outcome="signed")]}}, {"tables": {"interactions": [held(7, outcome="next_step")]}}),
    (
        "success",
        {"tables": {"interactions": [held(7, outcome="commitment"), held(6)]}},
        {"tables": {"interactions": [held(7, outcome="commitment"), held(6, purpose="thank_you")]}},
    ),
    ("loan_settled", {"tables": loan(7)}, {"tables": loan(8)}),
    ("loan_settled", {"tables": loan(7)}, {"tables": loan(7, overdue=1)}),
    ("loan_settled", {"tables": loan(7)}, {"tables": loan(7, state="transferred")}),
    ("filed_early", {"tables": statement(7, -3)}, {"tables": statement(7, -2)}),
    ("filed_early", {"tables": statement(7, -3)}, {"tables": statement(8, -3)}),
    ("helped_in_complaint", {"before": card(closed_on=ago(14))}, {"before": card(closed_on=ago(15))}),
    (
        "helped_in_complaint",
        {"before": card(closed_on=ago(3)), "tables": {"complaints": [{"complaint_id": "x", "thanked_on": ago(-1)}]}},
        {"before": card(closed_on=ago(3)), "tables": {"complaints": [{"complaint_id": "x", "thanked_on": T}]}},
    ),
    ("promise_due", {"tables": {"undertakings": [owed("rm_promise", due_on=ago(-3))]}}, {"tables": {"undertakings": [owed("rm_promise", due_on=ago(-4))]}}),
    ("promise_overdue", {"tables": {"undertakings": [owed("rm_promise", due_on=ago(1))]}}, {"tables": {"undertakings": [owed("rm_promise", due_on=T)]}}),
    ("promise_overdue", {"tables": {"undertakings": [owed("rm_promise", due_on=ago(1), outcome="done", done_on=ago(-1))]}}, {"tables": {"undertakings": [owed("rm_promise", due_on=ago(1), outcome="done", done_on=T)]}}),
    ("request_waiting", {"tables": {"undertakings": [owed("service_request", made_on=ago(5))]}}, {"tables": {"undertakings": [owed("service_request", made_on=ago(4))]}}),
    ("request_waiting", {"tables": {"undertakings": [owed("service_request")]}}, {"tables": {"undertakings": [owed("service_request", first_action_on=T)]}}),
    ("our_delay", {"tables": {"undertakings": [owed("corrective_action", due_on=ago(1))]}}, {"tables": {"undertakings": [owed("corrective_action", due_on=T)]}}),
    ("our_delay", {"tables": {"undertakings": [owed("corrective_action", due_on=ago(1))]}}, {"tables": {"undertakings": [owed("covenant", due_on=ago(1))]}}),
    ("holding_check", {"tables": opened(7)}, {"tables": opened(6)}),
    ("holding_check", {"tables": opened(36)}, {"tables": opened(37)}),
    ("holding_check", {"tables": opened(7)}, {"tables": opened(7) | {"interactions": [held(0)]}}),
    ("product_fits", {"tables": offer(), "panel": MONEY}, {"tables": offer(), "panel": {"opin_12": 0}}),
    ("product_fits", {"tables": offer(), "panel": MONEY}, {"tables": offer(warmth=2), "panel": MONEY}),
    ("product_fits", {"tables": offer(), "panel": MONEY}, {"tables": offer(used=61), "panel": MONEY}),
    (
        "product_fits",
        {"tables": offer(used=61), "panel": MONEY, "before": {"satisfaction": done(SATISFACTION, {"subject": "bank", "score": 4.0})}},
        {"tables": offer(used=61), "panel": MONEY, "before": {"satisfaction": done(SATISFACTION, {"subject": "rm", "score": 4.0})}},
    ),
    (
        "product_fits",
        {"tables": offer() | {"undertakings": [owed("proposal", outcome="declined", done_on=ago(181), about_kind="product", about_id="P")]}, "panel": MONEY},
        {"tables": offer() | {"undertakings": [owed("proposal", outcome="declined", done_on=ago(180), about_kind="product", about_id="P")]}, "panel": MONEY},
    ),
    (
        "product_fits",
        {"tables": offer() | {"interactions": [held(8, warmth=3), held(20, outcome="refused", products=["bills"])]}, "panel": MONEY},
        {"tables": offer() | {"interactions": [held(8, warmth=3), held(20, outcome="refused", products=["fx"])]}, "panel": MONEY},
    ),
    ("new_product", {"tables": product(launched_on=ago(90)), "panel": MONEY}, {"tables": product(launched_on=ago(91)), "panel": MONEY}),
    (
        "visit_rhythm",
        {"tables": {"interactions": [held(80, channel="visit")]}, "panel": B},
        {"tables": {"interactions": [held(79, channel="visit")]}, "panel": B},
    ),
    ("visit_rhythm", {"panel": B | {"rm_since": ago(80)}}, {"panel": B | {"rm_since": ago(79)}}),
    ("signal_alert", {"findings": finding("FIN-01", "A", 9)}, {"findings": finding("FIN-01", "W", 9)}),
    ("signal_alert", {"findings": finding("FIN-01", "A", 9)}, {"findings": finding("EXT-01", "A", 9)}),
    ("signal_red", {"findings": finding("FIN-01", "R", 9), "tables": {"interactions": [held(9)]}}, {"findings": finding("FIN-01", "R", 9), "tables": {"interactions": [held(8)]}}),
    ("signal_red", {"findings": finding("FIN-01", "R", 9, "worse"), "tables": {"interactions": [held(8)]}}, {"findings": finding("FIN-01", "R", 9), "tables": {"interactions": [held(8)]}}),
    ("complaint_follow_up", {"before": card(next_follow_up_on=ago(-10))}, {"before": card(next_follow_up_on=ago(-11))}),
    (
        "leaders_apart",
        {"tables": {"interactions": [held(366, **LEADERS)]}, "panel": B},
        {"tables": {"interactions": [held(365, **LEADERS)]}, "panel": B},
    ),
    ("leaders_apart", {"panel": A}, {"panel": {"tier_used": "C"}}),
    ("leaders_apart", {"tables": {"interactions": [held(9, senior_bank=True)]}, "panel": A}, {"tables": {"interactions": [held(9, **LEADERS)]}, "panel": A}),
    ("quadrant", {"assessments": [{"client_id": "c", "quadrant": "win_back"}]}, {"assessments": [{"client_id": "c", "quadrant": "reduce"}]}),
    (
        "quadrant",
        {"assessments": [{"client_id": "c", "quadrant": "win_back"}], "tables": {"interactions": [held(91, **LEADERS)]}},
        {"assessments": [{"client_id": "c", "quadrant": "win_back"}], "tables": {"interactions": [held(90, **LEADERS)]}},
    ),
    ("became_key", {"client": {"tier": "A", "tier_set_on": ago(7)}}, {"client": {"tier": "A", "tier_set_on": ago(8)}}),
    (
        "became_key",
        {"client": {"tier": "A", "tier_set_on": T}, "before": {"roster_before": done({"grade": pl.String()}, {"grade": "B"})}},
        {"client": {"tier": "A", "tier_set_on": T}, "before": {"roster_before": done({"grade": pl.String()}, {"grade": "A"})}},
    ),
    ("deposit_maturing", {"tables": deposit(30)}, {"tables": deposit(31)}),
    ("deposit_maturing", {"tables": deposit(1)}, {"tables": deposit(0)}),
    ("deposit_maturing", {"tables": deposit(1)}, {"tables": deposit(1, closed_on=T)}),
    ("idle_balance", {"before": idle(100_000_001), "panel": MONEY}, {"before": idle(100_000_000), "panel": MONEY}),
    ("idle_balance", {"before": idle(100_000_000), "panel": {"opout_12": 0}}, {"before": idle(99_999_999), "panel": {"opout_12": 0}}),
    ("request_open", {"tables": request(8)}, {"tables": request(7)}),
    ("request_open", {"tables": request(180)}, {"tables": request(181)}),
    ("request_open", {"tables": request(8, ago(-1))}, {"tables": request(8, T)}),
    (
        "advisory",
        {"tables": opened(300) | {"products": [{"product_id": "Q", "family": "advisory"}], "interactions": [held(90, purpose="information")]}},
        {"tables": opened(300) | {"products": [{"product_id": "Q", "family": "advisory"}], "interactions": [held(89, purpose="information")]}},
    ),
    ("birthday", {"tables": person("07-07")}, {"tables": person("07-08")}),
    ("birthday", {"tables": person("0630")}, {"tables": person("0629")}),
    (
        "birthday",
        {"tables": person("0702") | {"interactions": [held(8, purpose="greeting")]}},
        {"tables": person("0702") | {"interactions": [held(7, purpose="greeting")]}},
    ),
    ("anniversary", {"client": {"anniversary_mmdd": "07-07"}}, {"client": {"anniversary_mmdd": "07-08"}}),
    (
        "anniversary",
        {"tables": {"parties": [{"party_id": "c", "established_on": date(1999, 7, 1)}]}},
        {"tables": {"parties": [{"party_id": "c", "established_on": date(1999, 7, 1)}]}, "client": {"anniversary_mmdd": "01-01"}},
    ),
    ("festival", {"tables": holiday(7)}, {"tables": holiday(8)}),
    ("festival", {"tables": holiday(7)}, {"tables": holiday(7, "labor_day")}),
    ("occasion", {"tables": occasion(7)}, {"tables": occasion(8)}),
    ("occasion", {"tables": occasion(-7)}, {"tables": occasion(-8)}),
    ("welcome", {"tables": opened(30)}, {"tables": opened(31)}),
    ("welcome", {"tables": opened(30)}, {"tables": opened(30) | {"interactions": [held(30, channel="banquet")]}}),
    ("thank_you_dinner", {"panel": A}, {"panel": B}),
    (
        "thank_you_dinner",
        {"panel": A, "tables": {"interactions": [held(366, channel="banquet")]}},
        {"panel": A, "tables": {"interactions": [held(365, channel="banquet")]}},
    ),
    ("farewell", {"tables": occasion(14, "farewell")}, {"tables": occasion(15, "farewell")}),
    ("farewell", {"tables": occasion(9, "promotion")}, {"tables": occasion(9, "award")}),
    ("new_client", {"client": {"relationship_start": ago(364)}}, {"client": {"relationship_start": ago(365)}}),
    (
        "new_client",
        {"client": {"relationship_start": ago(9)}, "tables": {"interactions": [held(731, channel="bank_visit")]}},
        {"client": {"relationship_start": ago(9)}, "tables": {"interactions": [held(730, channel="bank_visit")]}},
    ),
    ("new_to_see", {"tables": product(launched_on=ago(90)), "panel": MONEY}, {"tables": product(launched_on=ago(91)), "panel": MONEY}),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "on", "off"), CASES)
def test_asks_on_its_limit_and_not_beside_it(trigger: str, on: dict[str, Any], off: dict[str, Any]) -> None:
    assert fires(trigger, made(**on))
    assert not fires(trigger, made(**off))


def test_every_trigger_has_a_case_and_every_method_a_trigger() -> None:
    assert {trigger for trigger, *_ in CASES} | {"evening"} == set(methods.TRIGGERS)
    assert {asked.method for asked in methods.TRIGGERS.values()} == set(methods.METHODS) == set(range(1, 13))


@pytest.mark.parametrize(("number", "expected"), [(10, 10), (9, 0)])
def test_an_evening_needs_ten_clients_of_the_city(number: int, expected: int) -> None:
    panel = [{"client_id": f"c{k}", "tier_used": "B", "region_code": "310101"} for k in range(number)]
    panel.append({"client_id": "d", "tier_used": "B", "region_code": "440101"})
    rows = actions(book({"interactions": []}, panel)).filter(pl.col("trigger") == "evening")
    assert rows.height == expected


SIGNAL = finding("FIN-01", "R", 1)
SEVERE = card(severity=2, is_open=True, next_follow_up_on=None)


@pytest.mark.parametrize(
    ("more", "trigger", "left"),
    [
        ({"client": {"no_marketing": True}}, "new_product", False),
        ({"client": {"no_marketing": False}}, "new_product", True),
        ({"client": {"no_marketing": True}}, "thank_you_dinner", False),
        ({"client": {"no_marketing": True}}, "leaders_apart", True),
        ({"before": SEVERE}, "new_product", False),
        ({"before": card(severity=1, is_open=True)}, "new_product", True),
        ({"before": card(severity=2, is_open=False)}, "new_product", True),
        ({"assessments": [{"client_id": "c", "risk_level": "R"}]}, "new_product", False),
        ({"assessments": [{"client_id": "c", "risk_level": "N"}]}, "new_product", False),
        ({"assessments": [{"client_id": "c", "risk_level": "A"}]}, "new_product", True),
        ({"tables": request(1)}, "thank_you_dinner", False),
        ({"tables": request(1)}, "new_product", True),
        ({"tables": request(1, T)}, "thank_you_dinner", True),
        ({"client": {"client_kind": "institution"}}, "thank_you_dinner", False),
        ({"client": {"client_kind": "enterprise"}}, "thank_you_dinner", True),
        ({"tables": {"parties": [{"party_id": "c", "kind": "government"}]}}, "thank_you_dinner", False),
        ({"tables": {"interactions": [held(180, channel="banquet", outcome="refused")]}}, "leaders_apart", True),
        ({"tables": {"interactions": [planned(180, channel="banquet", status="cancelled", changed_by="client")]}}, "thank_you_dinner", False),
        ({"tables": {"interactions": [planned(181, channel="banquet", status="cancelled", changed_by="client")]}}, "thank_you_dinner", True),
        ({"tables": {"interactions": [planned(180, channel="banquet", status="cancelled", changed_by="bank")]}}, "thank_you_dinner", True),
        ({"tables": {"undertakings": [owed("task", outcome="cancelled", done_on=ago(180), about_kind="product", about_id="P")]}}, "new_product", False),
        ({"tables": {"undertakings": [owed("task", outcome="cancelled", done_on=ago(181), about_kind="product", about_id="P")]}}, "new_product", True),
    ],
)  # fmt: skip
def test_limits(more: dict[str, Any], trigger: str, left: bool) -> None:
    tables = product(launched_on=ago(60)) | more.get("tables", {})
    grade = B if trigger == "new_product" else A  # with grade A three others come first
    one = made(**(more | {"tables": tables, "panel": grade | MONEY}))
    assert (trigger in asks(one)) == left


def test_a_visit_answers_rhythms_and_signals_at_once() -> None:
    panel = {"tier_used": "B", "last_contact_on": ago(100), "contact_cadence": 60, "rm_since": ago(900)}
    rows = [held(100), held(200, channel="visit")]
    got = actions(made({"interactions": rows}, panel, findings=SIGNAL)).filter(pl.col("method") == 6)
    assert got.select("rank", "trigger", "action", "due_on", "owner_id", "by_phone", "commercial").rows() == [
        (1, "signal_red", "visit", ago(110), "rm", False, False)
    ]
    assert json.loads(got["evidence"][0]) == {
        "also": ["visit_rhythm", "contact_rhythm"], "signals": ["FIN-01"], "since": "2015-06-29",
    }  # fmt: skip


def test_the_product_fewest_clients_fit_is_offered_by_the_next_planned_contact() -> None:
    new = {"launched_on": ago(9)}
    products = [
        {"product_id": "A1", "family": "settlement", "fits": "opin_12 > 0"} | new,
        {"product_id": "Z9", "family": "fx", "fits": "opin_12 > 500"} | new,
    ]
    panel = [
        {"client_id": "a", "opin_12": 100, "rm_id": "r"},
        {"client_id": "b", "opin_12": 900, "rm_id": "r", "next_planned_on": ago(-3)},
    ]
    got = actions(book({"products": products, "holdings": []}, panel)).filter(pl.col("method") == 5)
    assert got.select("client_id", "about_id", "family", "due_on", "commercial", "evidence").rows() == [
        ("a", "A1", "settlement", ago(-7), True, '{"figure":"opin_12","product_id":"A1","value":100.0,"word":null}'),
        ("b", "Z9", "fx", ago(-3), True, '{"figure":"opin_12","product_id":"Z9","value":900.0,"word":null}'),
    ]


def busy(order: int = 1) -> Book:
    """Five clients with much to do, rows in either order; e is risk R, x is no client."""
    names = "abcde"
    tables: dict[str, list[Row]] = {
        "interactions": [held(k, interaction_id=f"{name}{k}", client_id=name, channel=channel, outcome="signed", warmth=4) for name in "abcdex" for k, channel in ((2, "visit"), (3, "phone"))],
        "undertakings": [owed("rm_promise", undertaking_id=f"{name}{k}", client_id=name, due_on=ago(k)) for name in "abcex" for k in (1, 2)],
        "accounts": [row | {"client_id": name, "account_id": name} for name in "abcdex" for row in deposit(9)["accounts"]],
        **product(launched_on=ago(60)),
    }  # fmt: skip
    panel = [MONEY | {"client_id": name, "tier_used": "A", "rm_id": "r"} for name in names]
    return book(
        {name: rows[::order] for name, rows in tables.items()},
        panel[::order],
        assessments=[{"client_id": "e", "risk_level": "R"}],
        before={"idle_balances": done({"idle_balance": pl.Int64()}, *({"client_id": name, "idle_balance": 10**12} for name in names))},
    )  # fmt: skip


def test_at_most_three_a_client_one_commercial_none_for_red_ones() -> None:
    got = actions(busy())
    assert got.schema == methods.FRAMES["actions"]
    assert got["client_id"].unique().sort().to_list() == list("abcde")  # x is not assessed
    for _, rows in got.group_by("client_id"):
        assert rows["rank"].to_list() == list(range(1, rows.height + 1))
        assert rows.height <= methods.MOST
        assert rows["commercial"].sum() <= methods.MOST_COMMERCIAL
    assert not got.filter(pl.col("client_id") == "e")["commercial"].any()
    assert [row[1:4] for row in got.filter(pl.col("client_id") == "a").rows()] == [
        (1, 4, "promise_overdue"), (2, 4, "promise_overdue"), (3, 8, "deposit_maturing"),
    ]  # fmt: skip


def test_only_one_of_two_commercial_ones_is_kept() -> None:
    one = made(product(launched_on=ago(60)), MONEY, before=idle(10**12))
    got = actions(one).filter("commercial")
    assert got["trigger"].to_list() == ["new_product"]
    assert asks(made(panel=MONEY, before=idle(10**12))) == {"idle_balance"}


def test_shuffled_rows_change_nothing() -> None:
    assert actions(busy()).equals(actions(busy(-1)))


def test_nothing_connected_or_empty_asks_for_nothing() -> None:
    nobody = book({}, [{"client_id": "c", "tier_used": "A", "rm_since": ago(900), "contact_cadence": 30}])
    assert actions(nobody).is_empty()
    assert actions(nobody).schema == methods.FRAMES["actions"]
    empty = made({name: [] for name in methods.READS})
    assert actions(empty).is_empty()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (date(2015, 1, 1), date(2015, 3, 31)),
        (date(2015, 6, 30), T),
        (date(2015, 7, 1), date(2015, 9, 30)),
        (date(2015, 12, 31), date(2015, 12, 31)),
    ],
)
def test_the_quarter_ends(given: date, expected: date) -> None:
    assert quarter_end(given) == expected
