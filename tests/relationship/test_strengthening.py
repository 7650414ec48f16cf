"""Plan cards: who needs one, other banks and their threat, gaps and actions; personal ties stay off."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, T, ago, agrees, done
from tests.relationship.books import book
from transforms.relationship import strengthening, strengthening_gaps, strengthening_rivals
from transforms.relationship.book import Book

LINES = {"line": pl.String, "our_share": pl.Float64}
CREDIT = {"balance_out_year_ago": pl.Int64}
PERSONAL = ("their_person", "tie", "tie_to", "closeness")
BANKS = [{"party_id": b, "kind": "bank", "name": f"Bank {b}"} for b in ("b1", "b2")]
KINDS = {"events": ["competitor_contact"], "undertakings": ["strengthening_action"]}


def link(name: str, of: str, to: str, relation: str, start: int = 900, end: int | None = None, **more: Any) -> Row:
    end_on = None if end is None else ago(end)
    return {"link_id": name, "from_id": of, "to_id": to, "relation": relation, "start_on": ago(start), "end_on": end_on,
            "recorded_on": ago(min(start, 900))} | more  # fmt: skip


def word(days: int, bank: str = "b1", client: str = "c", **more: Any) -> Row:
    return {"event_id": f"w{days}", "kind": "competitor_contact", "subtype": "visit", "party_id": client, "other_id": bank,
            "happened_on": ago(days), "recorded_on": ago(days)} | more  # fmt: skip


def met(days: int, person: str = "p", client: str = "c") -> Row:
    at = datetime.combine(ago(days), time(10))
    return {"interaction_id": f"{client}{person}{days}", "client_id": client, "contact_id": person, "staff_id": "r",
            "status": "done", "two_way": True, "started_at": at, "recorded_at": at}  # fmt: skip


def action(name: str, made: int = 20, **more: Any) -> Row:
    return {"undertaking_id": name, "kind": "strengthening_action", "client_id": "c", "staff_id": "s", "title": "t", "made_on": ago(made),
            "due_on": ago(-9), "outcome": "open", "about_kind": "none"} | more  # fmt: skip


def cards(
    panel: Sequence[Row] = ({"client_id": "c", "tier_used": "A", "rm_id": "r", "branch_id": "x"},),
    levels: Mapping[str, Row] | None = None,
    signals: Mapping[str, Sequence[str]] | None = None,
    lines: Sequence[Row] = (),
    credit: Sequence[Row] = (),
    personal: bool = False,
    drop: Sequence[str] = (),
    **tables: Any,
) -> Book:
    given = {"party_links": [], "parties": BANKS, "events": [], "undertakings": [], "interactions": []} | tables
    findings = [
        {"client_id": c, "signal_id": s, "level": "A", "state": "standing"}
        for c, names in (signals or {}).items()
        for s in names
    ]
    said = [{"client_id": c} | row for c, row in (levels or {}).items()]
    before = {"business_dealings": done(LINES, *lines), "credit": done(CREDIT, *credit)}
    kept = {name: rows for name, rows in given.items() if name not in drop}
    made = book(
        kept, panel, findings, said, before, kinds={name: kinds for name, kinds in KINDS.items() if name not in drop}
    )
    return replace(made, night=replace(made.night, personal_ties=personal))


def frames(made: Book) -> dict[str, pl.DataFrame]:
    told = {name: frame.collect() for name, frame in strengthening.measure(made).items()}
    assert {name: frame.schema for name, frame in told.items()} == dict(strengthening.FRAMES)
    keys = {
        "plans": ["client_id"],
        "competitors": ["client_id", "bank_id"],
        "actions": ["client_id", "gap", "undertaking_id"],
    }
    for name, key in keys.items():
        frame = told[f"strengthening_{name}"]
        assert frame.select(key).equals(frame.select(key).sort(key))
        assert frame.select(key).is_unique().all()
    return told


def plan(made: Book) -> Row:
    return frames(made)["strengthening_plans"].row(0, named=True)


def rivals(made: Book) -> list[Row]:
    return frames(made)["strengthening_competitors"].to_dicts()


def actions(made: Book) -> list[Row]:
    return frames(made)["strengthening_actions"].to_dicts()


def test_by_hand() -> None:
    """a of grade A whose other bank grows, c of grade C that cools, d of grade D that needs no plan."""
    panel = [
        {"client_id": "a", "tier_used": "A", "rm_id": "r", "branch_id": "x", "outstanding_on_balance": 600, "other_banks_debt": 300,
         "other_banks_debt_year_ago": 100, "nonbank_debt": 100, "nonbank_debt_year_ago": 0, "routed_share": 0.5,
         "routed_share_year_ago": 0.55, "bureau_banks": 2},
        {"client_id": "c", "tier_used": "C", "rm_id": "r", "branch_id": "x", "own_out_90": 90, "own_new_amount_90": 30},
        {"client_id": "d", "tier_used": "D"},
    ]  # fmt: skip
    levels = {
        "a": {"relationship_level": "ok", "quadrant": "secure"},
        "c": {"relationship_level": "cooling", "quadrant": "win_back"},
        "d": {"relationship_level": "not_assessable"},
    }
    lines = [{"client_id": "a", "line": "working_capital", "our_share": 0.6}, {"client_id": "a", "line": "settlement_in", "our_share": 0.5},
             {"client_id": "a", "line": "demand_deposit", "our_share": None}]  # fmt: skip
    links = [
        link("p1", "p", "a", "contact_of", decision_role="promoter", function="finance", stance="neutral", closeness=2),
        link("m1", "m", "a", "contact_of", decision_role="decision_maker"),
        link("k1", "a", "b1", "banks_with", 800, 100, share_pct=0.2, products=["fx"]),
        link("k2", "a", "b1", "banks_with", 100, share_pct=0.3, products=["fx", "payroll"]),
    ]
    people = [{"party_id": name, "kind": "person", "name": name.upper()} for name in "pm"]
    owed = [action("u", about_kind="signal", about_id="REL-11"), action("v", client_id="d")]
    made = cards(
        panel, levels, {"c": ["REL-11"]}, lines, [{"client_id": "a", "balance_out_year_ago": 900}], parties=BANKS + people,
        party_links=links, undertakings=owed, interactions=[met(10, "m", "a"), met(5, "q"), met(30, "q"), met(105, "q")],
        staff=[{"staff_id": "h", "role": "branch_head", "branch_id": "x", "start_on": ago(9)}],
    )  # fmt: skip
    told = frames(made)
    a, c = told["strengthening_plans"].to_dicts()
    assert a == {
        "client_id": "a", "plan_date": T, "grade": "A", "rm_id": "r", "relationship_level": "ok", "quadrant": "secure", "signals": [],
        "share_loans": 0.6, "share_loans_change": -0.3, "share_flow": 0.5, "share_flow_change": -0.05, "share_deposit": None,
        "share_deposit_change": None, "promoter_id": "p", "promoter": "P", "promoter_function": "finance", "promoter_stance": "neutral",
        "promoter_closeness": None, "decision_maker_ids": ["m"], "decision_makers": ["M"], "other_banks": 2, "threat": "high",
        "gaps": ["rival", "share_loans_fell"],
    }  # fmt: skip
    agrees(c, {"relationship_level": "cooling", "signals": ["REL-11"], "threat": "medium", "promoter": None,
               "gaps": ["contact_thins", "rival", "decider_unknown"]})  # fmt: skip
    first, second = told["strengthening_competitors"].to_dicts()
    agrees(first, {"client_id": "a", "bank_id": "b1", "bank": "Bank b1", "seen_in": ["links"], "products_there": ["fx", "payroll"],
                   "share_there": 0.3, "share_there_change": 0.1, "since": ago(800), "flow_90": None, "threat": "high"})  # fmt: skip
    agrees(
        second,
        {"client_id": "c", "bank_id": None, "seen_in": ["flows"], "flow_90": 90, "since": None, "threat": "medium"},
    )
    done_ = told["strengthening_actions"].select("client_id", "gap", "undertaking_id", "measure", "owner_id", "senior_id", "start_on",
                                                 "target", "start_value", "now_value", "outcome").rows()  # fmt: skip
    assert done_ == [
        ("a", "rival", None, 7, "r", "h", None, "share_flow", 0.5, 0.5, None),
        ("a", "share_loans_fell", None, 8, "r", None, None, "share_loans", 0.6, 0.6, None),
        (
            "c",
            "contact_thins",
            "u",
            1,
            "s",
            "h",
            ago(20),
            "contacts_90",
            2.0,
            2.0,
            "open",
        ),  # then days 30 and 105, now 5 and 30
        ("c", "decider_unknown", None, 6, "r", "h", None, "people_met", 1.0, 1.0, None),
        ("c", "rival", None, 7, "r", "h", None, "share_flow", None, None, None),
    ]


@pytest.mark.parametrize(
    ("grade", "level", "needed"),
    [
        ("A", "ok", True),
        ("B", "not_assessable", True),
        ("C", "ok", False),
        ("D", "cooling", True),
        (None, "at_risk", True),
        (None, "ok", False),
    ],
)
def test_who_needs_a_plan(grade: str | None, level: str, needed: bool) -> None:
    made = cards([{"client_id": "c", "tier_used": grade}], {"c": {"relationship_level": level}})
    assert (frames(made)["strengthening_plans"].height == 1) is needed


def owing(now: int, before: int) -> Row:
    """Our loans 100 − n of 100 in all, now and a year ago."""
    return {"client_id": "c", "tier_used": "A", "outstanding_on_balance": 100 - now, "other_banks_debt": now,
            "other_banks_debt_year_ago": before, "nonbank_debt": 0, "nonbank_debt_year_ago": 0}  # fmt: skip


B1 = link("k", "c", "b1", "banks_with", 800, share_pct=0.2)
THREATS: dict[str, tuple[dict[str, Any], str | None]] = {
    "nothing known": ({"drop": ["events"], "party_links": [link("k", "c", "b1", "banks_with", 300)]}, None),
    "events not known": ({"drop": ["events"]}, "low"),
    "no word": ({}, "low"),
    "word 180 days ago": ({"events": [word(180)]}, "medium"),
    "word 181 days ago": ({"events": [word(181)]}, "low"),
    "of another bank": ({"events": [word(9, "b2")]}, "low"),
    "recorded after T": ({"events": [word(9, recorded_on=ago(-1))]}, "low"),
    "its share up by ten": ({"party_links": [link("j", "c", "b1", "banks_with", 800, 300, share_pct=0.1), link("k", "c", "b1", "banks_with", 300,
                                                                                                     share_pct=0.2)]}, "high"),
    "up by nine": ({"party_links": [link("j", "c", "b1", "banks_with", 800, 300, share_pct=0.11), link("k", "c", "b1", "banks_with", 300,
                                                                                                 share_pct=0.2)]}, "low"),
    "no bank of ours a year ago": ({"party_links": [link("k", "c", "b1", "banks_with", 300, share_pct=0.9)]}, "low"),
    "our loans down by ten": ({"panel": [owing(30, 20)], "credit": [{"balance_out_year_ago": 80}]}, "high"),
    "down by nine": ({"panel": [owing(29, 20)], "credit": [{"balance_out_year_ago": 80}]}, "low"),
    "our flow down by ten": ({"panel": [{"client_id": "c", "tier_used": "A", "routed_share": 0.3, "routed_share_year_ago": 0.4}]}, "high"),
    "from more than all": ({"panel": [{"client_id": "c", "tier_used": "A", "routed_share": 0.95, "routed_share_year_ago": 1.4}]}, "low"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "threat"), THREATS.values(), ids=THREATS)
def test_threat(given: dict[str, Any], threat: str | None) -> None:
    told = [row for row in rivals(cards(**{"party_links": [B1]} | given)) if row["bank_id"] == "b1"]
    assert [row["threat"] for row in told] == [threat]


@pytest.mark.parametrize(
    ("sent", "new", "threat"),
    [(90, 30, "medium"), (90, 29, "low"), (90, 90, "medium"), (0, 0, None), (None, None, None)],
)
def test_flows_to_own_accounts_elsewhere(sent: int | None, new: int | None, threat: str | None) -> None:
    panel = [{"client_id": "c", "tier_used": "A", "own_out_90": sent, "own_new_amount_90": new}]
    assert [(row["bank_id"], row["flow_90"], row["threat"]) for row in rivals(cards(panel))] == (
        [(None, sent, threat)] if threat else []
    )


def test_deposit_shares_are_the_managers_estimates() -> None:
    def estimate(days: int, value: float, **more: Any) -> Row:
        return {"subject_kind": "client", "subject_code": "c", "indicator": "wallet_share_deposit", "period_end": ago(days),
                "published_on": ago(days), "value": value} | more  # fmt: skip

    both = [estimate(30, 0.3), estimate(400, 0.5), estimate(364, 0.4), estimate(10, 0.9, published_on=ago(-1))]
    agrees(plan(cards(series=both)), {"share_deposit_change": -0.2, "gaps": ["share_deposit_fell", "decider_unknown"]})
    assert plan(cards(series=both[:1]))["share_deposit_change"] is None
    assert plan(cards(series=[estimate(30, 0.3), estimate(731, 0.5)]))["share_deposit_change"] is None


def declined(name: str, days: int, reason: str, **more: Any) -> Row:
    return {"undertaking_id": name, "kind": "proposal", "client_id": "c", "made_on": ago(days), "outcome": "declined", "reason": reason,
            "about_kind": "none"} | more  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "strength"),
    [([declined("1", 365, "price")], "price"), ([declined("1", 366, "price")], None), ([declined("1", 9, "timing")], None),
     ([declined("1", 9, "price", outcome="accepted")], None), ([declined("1", 9, "competitor"), declined("2", 10, "price")], "product")],
)  # fmt: skip
def test_their_strength(rows: list[Row], strength: str | None) -> None:
    assert rivals(cards(party_links=[B1], undertakings=rows))[0]["their_strength"] == strength


SOCIAL = [
    B1,
    link("p", "p", "c", "contact_of", decision_role="promoter", closeness=3),
    link("m", "m", "c", "contact_of", decision_role="decision_maker"),
    link("u", "u", "c", "contact_of", decision_role="user"),
    link("e", "e", "b1", "employee_of"),
    link("f", "f", "b1", "employee_of"),
]
TIES: dict[str, tuple[list[Row], Row]] = {
    "none known": ([], {"their_person": None, "tie": "none_known", "threat": "low"}),
    "close to the promoter": ([link("t", "e", "p", "friend_of", closeness=4)],
                              {"their_person": "E", "tie": "friend_of", "tie_to": "promoter", "closeness": 4, "threat": "high"}),
    "the other way round": ([link("t", "p", "e", "friend_of", closeness=4)], {"their_person": "E", "threat": "high"}),
    "not so close": ([link("t", "e", "p", "friend_of", closeness=3)], {"closeness": 3, "threat": "low"}),
    "close to a decision maker": ([link("t", "e", "m", "relative_of", closeness=5)], {"tie_to": "decision_maker", "threat": "low"}),
    "close to a user": ([link("t", "e", "u", "relative_of", closeness=5)], {"tie": "none_known"}),
    "the closest of two": ([link("t", "e", "p", "relative_of", closeness=2), link("v", "f", "p", "classmate_of", closeness=3)],
                           {"their_person": "F", "tie": "classmate_of"}),
    "kin before friends": ([link("t", "e", "p", "friend_of", closeness=3), link("v", "f", "p", "relative_of", closeness=3)],
                           {"their_person": "F", "tie": "relative_of"}),
    "ended": ([link("t", "e", "p", "friend_of", 900, 0, closeness=4)], {"tie": "none_known"}),
    "a colleague of long ago is no tie of ours": ([link("t", "e", "p", "employee_of")], {"tie": "none_known"}),
}  # fmt: skip


@pytest.mark.parametrize(("ties", "expected"), TIES.values(), ids=TIES)
def test_personal_ties_only_where_switched_on(ties: list[Row], expected: Row) -> None:
    people = [{"party_id": name, "kind": "person", "name": name.upper()} for name in "efmpu"]
    tables = {"party_links": SOCIAL + ties, "parties": BANKS + people}
    agrees(rivals(cards(**tables, personal=True))[0], expected)
    assert plan(cards(**tables, personal=True))["promoter_closeness"] == 3
    off = frames(cards(**tables))
    for name in PERSONAL:
        assert off["strengthening_competitors"][name].null_count() == 1
    agrees(
        off["strengthening_plans"].row(0, named=True), {"promoter_closeness": None, "promoter": "P", "threat": "low"}
    )


DECIDER = link("m", "m", "c", "contact_of", decision_role="decision_maker")
GAPS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "met 180 days ago": ({"party_links": [DECIDER], "interactions": [met(180, "m")]}, []),
    "met 181 days ago": ({"party_links": [DECIDER], "interactions": [met(181, "m")]}, ["decider_unmet"]),
    "never met": ({"party_links": [DECIDER]}, ["decider_unmet"]),
    "meetings not known": ({"party_links": [DECIDER], "drop": ["interactions"]}, []),
    "nobody decides": ({}, ["decider_unknown"]),
    "links not known": ({"drop": ["party_links"]}, []),
    "signals": ({"drop": ["party_links"], "signals": {"c": ["REL-13", "REL-01", "FIN-01"]}}, ["argues", "rival"]),
}


@pytest.mark.parametrize(("given", "gaps"), GAPS.values(), ids=GAPS)
def test_gaps(given: dict[str, Any], gaps: list[str]) -> None:
    assert plan(cards(**given))["gaps"] == gaps


def test_every_relationship_signal_has_its_gap() -> None:
    assert list(strengthening_gaps.BY_SIGNAL) == [f"REL-{no:02}" for no in range(1, 14)]
    assert strengthening_gaps.BY_SIGNAL["REL-13"] == "rival"
    assert strengthening_gaps.BY_SIGNAL["REL-05"] == "one_contact"
    assert {method for method, _ in strengthening_gaps.GAPS.values()} <= set(range(1, 13))


FIGURES: dict[str, tuple[str, dict[str, Any], float | None, float | None]] = {  # signal, tables, at the start 20 days ago, now
    "contacts of 90 days": ("REL-11", {"interactions": [met(5), met(20), met(89), met(90), met(110)]}, 3, 3),
    "people met": ("REL-05", {"interactions": [met(5, "p"), met(30, "p"), met(30, "q"), met(190, "v")]}, 3, 2),
    "no meeting": ("REL-05", {}, 0, 0),
    "meetings not known": ("REL-05", {"drop": ["interactions"]}, None, None),
    "promises overdue": ("REL-10", {"extra": [
        {"undertaking_id": "1", "kind": "rm_promise", "due_on": ago(21), "outcome": "done", "done_on": ago(3)},
        {"undertaking_id": "2", "kind": "rm_promise", "due_on": ago(20), "outcome": "open"},
        {"undertaking_id": "3", "kind": "rm_promise", "due_on": ago(0), "outcome": "open"}]}, 1, 1),
    "requests open": ("REL-09", {"extra": [
        {"undertaking_id": "1", "kind": "service_request", "outcome": "done", "done_on": ago(10)},
        {"undertaking_id": "2", "kind": "client_opinion", "outcome": "open"}]}, 2, 1),
    "days without a complaint": ("REL-12", {"complaints": [{"client_id": "c", "received_at": datetime.combine(ago(k), time(9))}
                                                           for k in (5, 50, 70)]}, 30, 5),
    "no complaint before": ("REL-12", {"complaints": [{"client_id": "c", "received_at": datetime.combine(ago(5), time(9))}]}, None, 5),
    "products": ("REL-02", {"products": [{"product_id": f, "family": f} for f in ("fx", "payroll")], "holdings": [
        {"holding_id": "1", "client_id": "c", "product_id": "fx", "opened_on": ago(90)},
        {"holding_id": "2", "client_id": "c", "product_id": "fx", "opened_on": ago(90)},
        {"holding_id": "3", "client_id": "c", "product_id": "payroll", "opened_on": ago(19)}]}, 1, 2),
}  # fmt: skip


@pytest.mark.parametrize(("signal", "given", "start", "now"), FIGURES.values(), ids=FIGURES)
def test_progress(signal: str, given: dict[str, Any], start: float | None, now: float | None) -> None:
    common: Row = {"client_id": "c", "made_on": ago(100), "about_kind": "none"}
    owed = [action("u", about_kind="signal", about_id=signal), *(common | row for row in given.get("extra", []))]
    tables = {name: rows for name, rows in given.items() if name != "extra"}
    (row,) = [
        row
        for row in actions(cards(signals={"c": [signal]}, undertakings=owed, **tables))
        if row["undertaking_id"] == "u"
    ]
    assert (row["start_value"], row["now_value"]) == (start, now)


ACTIONS: dict[str, tuple[Row, list[tuple[str | None, str | None]]]] = {
    "of its own": (action("u"), [("u", "open")]),
    "done after T": (action("u", outcome="done", done_on=ago(-1)), [("u", "open")]),
    "done this year": (action("u", 365, outcome="done", done_on=ago(300)), [("u", "done")]),
    "done long ago": (action("u", 366, outcome="done", done_on=ago(300)), []),
    "open since long ago": (action("u", 900), [("u", "open")]),
    "made after T": (action("u", -1), []),
    "a task": (action("u", kind="task"), []),
}


@pytest.mark.parametrize(("row", "expected"), ACTIONS.values(), ids=ACTIONS)
def test_actions(row: Row, expected: list[tuple[str | None, str | None]]) -> None:
    told = actions(cards(drop=["party_links"], undertakings=[row]))
    assert [(one["undertaking_id"], one["outcome"]) for one in told] == expected
    for one in told:
        agrees(one, {"gap": None, "measure": None, "title": "t", "owner_id": "s", "due_on": ago(-9), "now_value": None})


def test_what_is_missing_is_unknown() -> None:
    told = frames(cards(drop=["party_links", "parties", "events", "undertakings", "interactions"]))
    row = told["strengthening_plans"].row(0, named=True)
    agrees(row, {"threat": None, "decision_makers": None, "gaps": [], "share_loans": None, "share_loans_change": None})
    assert told["strengthening_competitors"].is_empty()
    assert told["strengthening_actions"].is_empty()
    assert all(frame.is_empty() for frame in frames(cards([{"client_id": "c"}])).values())


@pytest.mark.parametrize("seed", range(3))
def test_order_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{k}" for k in range(12)]
    panel = [{"client_id": c, "tier_used": rng.choice(["A", "B", "C", None]), "rm_id": "r", "own_out_90": rng.choice([None, 9]),
              "own_new_amount_90": 4, "routed_share": rng.random(), "routed_share_year_ago": rng.random()} for c in clients]  # fmt: skip
    levels = {c: {"relationship_level": rng.choice(["ok", "cooling", "at_risk"])} for c in clients}
    links = [link(f"k{k}", rng.choice(clients), rng.choice(["b1", "b2"]), "banks_with", rng.randint(1, 900), share_pct=rng.random())
             for k in range(40)]  # fmt: skip
    links += [link(f"p{k}", f"p{k % 7}", rng.choice(clients), "contact_of", decision_role=rng.choice(["promoter", "decision_maker", None]))
              for k in range(40)]  # fmt: skip
    links += [
        link(f"t{k}", f"e{k % 3}", f"p{k % 7}", rng.choice(strengthening_rivals.TIES), closeness=rng.randint(1, 5))
        for k in range(20)
    ]
    links += [link(f"e{k}", f"e{k}", rng.choice(["b1", "b2"]), "employee_of") for k in range(3)]
    tables: dict[str, list[Row]] = {
        "party_links": links, "interactions": [met(k, f"p{k % 7}", rng.choice(clients)) for k in range(60)],
        "events": [word(k, rng.choice(["b1", "b2"]), rng.choice(clients)) for k in range(30)],
        "undertakings": [action(f"u{k}", client_id=rng.choice(clients), about_kind="signal", about_id=f"REL-{1 + k % 13:02}")
                         for k in range(20)],
    }  # fmt: skip
    signals = {c: [f"REL-{rng.randint(1, 13):02}"] for c in clients}

    def told(personal: bool, mixed: bool) -> dict[str, pl.DataFrame]:
        rows = {name: rng.sample(given, len(given)) if mixed else given for name, given in tables.items()}
        return frames(
            cards(rng.sample(panel, len(panel)) if mixed else panel, levels, signals, personal=personal, **rows)
        )

    for personal in (True, False):
        first, again = told(personal, mixed=False), told(personal, mixed=True)
        assert all(first[name].equals(again[name]) for name in first)
        seen = first["strengthening_competitors"].select(PERSONAL)
        assert (seen.null_count().row(0) != (seen.height,) * 4) is personal
    changes = first["strengthening_plans"].select(pl.col("^share.*_change$"))
    assert all(changes[name].drop_nulls().is_between(-1, 1).all() for name in changes.columns)
    assert first["strengthening_plans"].height > 5
