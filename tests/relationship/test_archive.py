"""The client archives: which items apply, their states, the scores."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.registers import CHECKLISTS
from tests.features.shards import Row, ago
from tests.relationship.books import T, book
from transforms.relationship import archive
from transforms.relationship.archive_items import ITEMS
from transforms.relationship.book import Book

Tables = dict[str, list[Row]]
AUTO = {"CU6", "CU8", "BI6"}  # always made


def frames(made: Book) -> dict[str, pl.DataFrame]:
    told = {name: frame.collect() for name, frame in archive.measure(made).items()}
    assert {name: frame.schema for name, frame in told.items()} == dict(archive.FRAMES)
    assert told["archives"].select(archive.KEY).is_unique().all()
    assert told["archives"].equals(told["archives"].sort(archive.KEY))
    return told


def paper(code: str, client: str = "c", **more: Any) -> Row:
    """A valid paper in the file."""
    checklist = next(name for name, items in CHECKLISTS.items() if code in items)
    known = {"document_id": f"{client}-{code}", "subject_id": client, "received_on": ago(9), "status": "present"}
    return {**known, "client_id": client, "checklist": checklist, "item_code": code, **more}


def states(tables: Tables, said: Sequence[Row] = (), **panel: Any) -> dict[str, str | None]:
    told = frames(book(tables, [{"client_id": "c", **panel}], assessments=said))
    return dict(told["archives"].select("item_code", "state").iter_rows())


def at(days: int) -> datetime:
    return datetime.combine(ago(days), time(10))


LOAN = {"loan_id": "l", "client_id": "c", "product": "fixed_asset", "purpose": "other", "facility_id": "f",
        "disbursed_on": ago(50), "on_balance": True, "currency": "CNY"}  # fmt: skip
STATE = {"loan_id": "l", "as_of": ago(1), "outstanding": 5, "state": "normal", "class5": "normal"}
LENT: Tables = {"loans": [LOAN], "loan_status": [STATE], "documents": []}


def test_the_items_are_the_books() -> None:
    listed: dict[str, dict[str, str]] = {}
    for item in ITEMS:
        listed.setdefault(item.checklist, {})[item.code] = item.zh
    assert listed == CHECKLISTS
    assert sum(item.weight == 3 for item in ITEMS) == 25


def test_by_hand() -> None:
    """a has everything, b lacks and lets run out, d has nothing in the file."""
    files = [paper(code, "a") for code in ("BI1", "BI2", "CU2")]
    files += [
        paper("BI1", "b", status="expired"),
        paper("BI2", "b", status="waived", reason="young", checked_by="s"),
        paper("CU2", "b", valid_until=T),
    ]
    told = frames(book({"documents": files}, [{"client_id": c, "name": c} for c in "abd"]))
    rows = {(row["client_id"], row["item_code"]): row for row in told["archives"].to_dicts()}
    assert {code for client, code in rows if client == "a"} == {"BI1", "BI2", "CU2", *AUTO}
    assert rows["a", "BI1"] == {
        "client_id": "a", "subject_id": "a", "checklist": "basic_info", "item_code": "BI1", "about_id": None, "state": "ok",
        "weight": 3, "valid_until": None, "due_on": date(2016, 6, 21), "agrees": False,
    }  # fmt: skip
    assert (rows["b", "CU2"]["state"], rows["b", "CU2"]["due_on"], rows["b", "CU2"]["weight"]) == ("ok", T, 1)
    assert [rows["b", code]["state"] for code in ("BI1", "BI2", "CU6")] == ["expired", "waived", "auto"]
    assert told["archive_scores"].rows() == [
        ("a", 1.0, "complete", [], [], date(2015, 9, 21)),
        ("b", 0.625, "not_complete", [], ["BI1"], T),
        ("d", 0.375, "not_complete", ["BI1", "BI2", "CU2"], [], None),
    ]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({}, "ok"),
        ({"valid_until": T}, "ok"),
        ({"valid_until": ago(1)}, "expired"),
        ({"status": "expired"}, "expired"),
        ({"status": "missing", "received_on": None}, "missing"),
        ({"status": "rejected", "reason": "blurred"}, "missing"),
        ({"status": "waived", "reason": "x", "checked_by": "s"}, "waived"),
        ({"status": "waived", "reason": "x"}, "missing"),
        ({"status": "waived", "checked_by": "s"}, "missing"),
        ({"status": "not_applicable", "checked_by": "s"}, None),
        ({"status": "not_applicable"}, "missing"),
        ({"received_on": T}, "ok"),
        ({"received_on": T + timedelta(days=1)}, "missing"),  # not known at T
    ],
)
def test_the_state_of_a_paper(row: Row, state: str | None) -> None:
    assert states({"documents": [paper("BI1", **row)]}).get("BI1") == state


def test_of_several_papers_the_best_counts() -> None:
    old = paper("BI1", document_id="1", valid_until=ago(40))
    bad = paper("BI1", document_id="2", status="rejected", reason="x", received_on=T)
    assert states({"documents": [bad, old]})["BI1"] == "expired"
    assert states({"documents": [bad, old, paper("BI1", document_id="0", received_on=ago(90))]})["BI1"] == "ok"


@pytest.mark.parametrize(
    ("code", "panel", "tables", "applies"),
    [
        ("CU1", {"tier_used": "A"}, {}, True),
        ("CU1", {"tier_used": "B"}, {}, False),
        ("CU3", {"tier_used": "B"}, {}, True),
        ("CU3", {"tier_used": "C"}, {}, False),
        ("CU4", {"loans_count": 1}, {}, True),
        ("CU4", {"loans_count": 0, "projects_open": 1}, {}, True),
        ("CU4", {"loans_count": 0, "projects_open": 0}, {}, False),
        ("CU5", {"tier_used": "C"}, {}, False),
        ("CU7", {}, {"complaints": [{"complaint_id": "1", "client_id": "c", "received_at": at(1095)}]}, True),
        ("CU7", {}, {"complaints": [{"complaint_id": "1", "client_id": "c", "received_at": at(1096)}]}, False),
        ("CU7", {}, {}, False),
        ("BI3", {"reporting_freq": "Y"}, {}, True),
        ("BI3", {"reporting_freq": "none"}, {}, False),
        ("BI4", {"loans_count": 1}, {}, True),
        ("BI4", {"loans_count": 0}, {}, False),
        ("FB04", {}, LENT, True),
        ("FB04", {}, LENT | {"loans": [LOAN | {"product": "working_capital"}]}, False),
        ("FB04", {}, LENT | {"loan_status": [STATE | {"state": "settled"}]}, False),
        ("FB02", {}, LENT, False),
        ("FB02", {}, LENT | {"loans": [LOAN | {"purpose": "construction"}]}, True),
        ("FB06", {}, LENT | {"loans": [LOAN | {"purpose": "equipment"}]}, True),
        ("FB06", {}, LENT, False),
        ("FB20", {}, LENT, False),
        ("FB21", {}, LENT | {"loan_status": [STATE | {"state": "written_off"}]}, True),
        ("FB03", {}, LENT, False),
        ("FB03", {}, LENT | {"documents": [paper("FB03", about_id="l", status="missing", received_on=None)]}, True),
        ("FB03", {}, LENT | {"documents": [paper("FB03", about_id="l", status="waived", reason="x")]}, False),
        ("FB17", {}, LENT, False),
    ],
)
def test_whom_an_item_applies_to(code: str, panel: Row, tables: Tables, applies: bool) -> None:
    assert (code in states({"documents": []} | tables, **panel)) is applies


@pytest.mark.parametrize(("level", "applies"), [("cooling", True), ("at_risk", True), ("ok", False)])
def test_a_relationship_that_cools_asks_for_a_plan(level: str, applies: bool) -> None:
    said = [{"client_id": "c", "relationship_level": level}]
    assert ("CU5" in states({"documents": []}, said, tier_used="D")) is applies


def test_a_healthy_loan_has_at_most_twenty_items_and_a_facilitys_paper_counts() -> None:
    files = [paper(f"FB{n:02}", about_id="f") for n in range(1, 23)]
    registry = {"event_id": "e", "kind": "registry", "subtype": "name_change", "party_id": "c", "happened_on": ago(9),
                "recorded_on": ago(9)}  # fmt: skip
    loan = LOAN | {"purpose": "equipment"}
    clients = book(LENT | {"loans": [loan], "documents": files, "events": [registry]})
    rated = clients.clients.with_columns(internal_rating=pl.lit("AA"))
    told = frames(Book(**{**vars(clients), "clients": rated}))["archives"]
    of_loan = told.filter(pl.col("checklist") == "fixed_asset_borrower")
    assert (of_loan.height, set(of_loan["state"]), set(of_loan["about_id"])) == (20, {"ok"}, {"l"})


def support(id: str, provider: str, **more: Any) -> Row:
    known = {"kind": "guarantee", "status": "active", "valid_from": ago(40), "asset_kind": "none", "secured_amount": 5}
    return {"support_id": id, "client_id": "c", "provider_id": provider, **known, **more}


def test_guarantors_have_seven_items_per_loan() -> None:
    given = [
        support("1", "g", loan_id="l"),
        support("2", "h"),  # of all the client owes
        support("3", "i", loan_id="other"),
        support("4", "j", kind="mortgage"),
        support("5", "k"),
        support("5", "k", valid_from=ago(1), status="released"),
        support("6", "m", ends_on=T),
    ]
    files = [paper("FG1", subject_id="g", about_id="l")]
    told = frames(book(LENT | {"credit_support": given, "documents": files}))["archives"]
    of_guarantors = told.filter(pl.col("checklist") == "fixed_asset_guarantor")
    assert of_guarantors["subject_id"].to_list() == ["g"] * 7 + ["h"] * 7
    held = of_guarantors.filter(pl.col("state") == "ok").select("subject_id", "item_code", "about_id").rows()
    assert held == [("g", "FG1", "l")]


def visit(id: str, **more: Any) -> Row:
    known = {"status": "done", "two_way": True, "channel": "visit", "purpose": "x", "goal": "x", "outcome": "x"}
    return {"interaction_id": id, "client_id": "c", "started_at": at(9), "recorded_at": at(9), **known, **more}


VISITS = [visit(str(n)) for n in range(9)]
CARD = {"complaint_id": "1", "client_id": "c", "received_at": at(90), "closed_at": at(9), "root_cause": "process"}
ACTION = {"undertaking_id": "1", "client_id": "c", "kind": "strengthening_action", "made_on": ago(9), "outcome": "open"}


@pytest.mark.parametrize(
    ("code", "panel", "tables", "auto"),
    [
        ("CU2", {}, {"interactions": [*VISITS, visit("9", goal=None)]}, True),  # nine of ten
        ("CU2", {}, {"interactions": [*VISITS[1:], visit("9", goal=None)]}, False),
        ("CU2", {}, {"interactions": []}, False),
        ("CU5", {"tier_used": "A"}, {"undertakings": [ACTION]}, True),
        ("CU5", {"tier_used": "A"}, {"undertakings": [ACTION | {"outcome": "done", "done_on": T}]}, False),
        ("CU7", {}, {"complaints": [CARD]}, True),
        ("CU7", {}, {"complaints": [CARD | {"closed_at": None}]}, False),
        ("CU7", {}, {"complaints": [CARD | {"closed_at": at(-1)}]}, False),
        ("CU7", {}, {"complaints": [CARD | {"root_cause": "unknown"}]}, False),
        ("BI3", {"reporting_freq": "Y", "statement_key": "s", "overdue_days": 0}, {}, True),
        ("BI3", {"reporting_freq": "Y", "statement_key": "s", "overdue_days": 1}, {}, False),
        ("BI3", {"reporting_freq": "Y", "overdue_days": 0}, {}, False),
        ("BI5", {"tier_used": "B", "importance_score": 1.0}, {}, True),
        ("BI5", {"tier_used": "B"}, {}, False),
        ("FB08", {}, LENT | {"parties": [{"party_id": "c", "uscc": "x"}]}, True),
        ("FB08", {}, LENT, False),
    ],
)
def test_what_the_night_makes_itself(code: str, panel: Row, tables: Tables, auto: bool) -> None:
    assert states({"documents": []} | tables, **panel)[code] == ("auto" if auto else "missing")
    assert states(
        {"documents": [paper(code, about_id="l")]} | {k: v for k, v in tables.items() if k != "documents"}, **panel
    )[code] == ("auto" if auto else "ok")


FILED = [{"party_id": "c", "period_type": "Y", "audited": True, "period_end": date(year, 12, 31), "received_on": date(year + 1, 4, 1)}
         for year in (2012, 2013, 2014)]  # fmt: skip
REP = {"link_id": "1", "from_id": "p", "to_id": "c", "relation": "legal_rep_of", "recorded_on": ago(9)}
REVOKED = {"event_id": "e", "kind": "registry", "subtype": "licence_revoked", "party_id": "c", "happened_on": ago(9),
           "recorded_on": ago(9)}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "tables", "agrees"),
    [
        ("FB07", {}, None),
        ("FB07", {"events": [REVOKED]}, False),
        ("FB07", {"events": [REVOKED | {"party_id": "other"}]}, True),
        ("FB09", {"party_links": [REP]}, True),
        ("FB09", {"party_links": [REP | {"end_on": T}]}, False),
        ("FB12", {"bureau_reports": [{"client_id": "c", "report_on": ago(365)}]}, True),
        ("FB12", {"bureau_reports": [{"client_id": "c", "report_on": ago(366)}]}, False),
        ("FB13", {"statements": FILED}, True),
        ("FB13", {"statements": [*FILED[1:], FILED[0] | {"audited": False}]}, False),
        (
            "FB22",
            {"interactions": [visit("1", channel="site_inspection", started_at=at(51), recorded_at=at(51))]},
            True,
        ),
        (
            "FB22",
            {"interactions": [visit("1", channel="site_inspection", started_at=at(50), recorded_at=at(50))]},
            False,
        ),
        ("FB11", {}, None),
    ],
)
def test_what_other_tables_say(code: str, tables: Tables, agrees: bool | None) -> None:
    told = frames(book(LENT | {"documents": [paper(code, about_id="l")]} | tables))["archives"]
    row = told.filter(pl.col("item_code") == code).row(0, named=True)
    assert (row["state"], row["agrees"]) == ("ok", agrees)


@pytest.mark.parametrize(
    ("lacking", "level"),
    [((), "complete"), (("CU9",), "complete"), (("CU9", "CU3"), "gaps"), (("BI1",), "not_complete")],
)
def test_levels(lacking: tuple[str, ...], level: str) -> None:
    """Of 21 points: one normal item missing is 95.2 %, two 90.5 %; a critical one is enough for the lowest level."""
    panel = {"tier_used": "A", "loans_count": 1, "reporting_freq": "Y", "importance_score": 1.0}
    codes = ["CU1", "CU2", "CU3", "CU4", "CU5", "CU7", "CU9", "BI1", "BI2", "BI3", "BI4"]
    files = [paper(code) for code in codes if code not in lacking]
    cards = [CARD]
    told = frames(book({"documents": files, "complaints": cards}, [{"client_id": "c", **panel}]))
    score = told["archive_scores"].row(0, named=True)
    whole = told["archives"]["weight"].sum()
    assert score["score"] == pytest.approx(1 - sum(3 if code == "BI1" else 1 for code in lacking) / whole)
    assert (whole, score["level"], score["missing"]) == (21, level, sorted(lacking))


def test_critical_items_are_named_first() -> None:
    told = frames(book({"documents": []}, [{"client_id": "c", "reporting_freq": "Y"}]))["archive_scores"]
    assert told["missing"].to_list() == [["BI1", "BI3", "BI2", "CU2"]]


def test_without_documents_only_what_the_night_makes_is_known() -> None:
    told = frames(book({}))
    assert {row["item_code"]: row["state"] for row in told["archives"].to_dicts()} == {
        **dict.fromkeys(AUTO, "auto"), "BI1": None, "BI2": None, "CU2": None,
    }  # fmt: skip
    assert told["archive_scores"].rows() == [("c", None, None, None, None, None)]


def test_a_bank_without_clients() -> None:
    assert [frame.height for frame in frames(book({"documents": []}, [])).values()] == [0, 0]


def test_scores_lie_within_bounds_and_order_does_not_matter() -> None:
    chance = random.Random(3)
    codes = [item.code for item in ITEMS]
    clients = [f"{n:02}" for n in range(12)]
    loans = [LOAN | {"loan_id": f"l{c}", "client_id": c} for c in clients[::2]]
    files = [
        paper(chance.choice(codes), c, document_id=f"{c}-{n}", about_id=f"l{c}", reason="x", checked_by=chance.choice(["s", None]),
              status=chance.choice(["present", "missing", "expired", "waived"]), valid_until=chance.choice([None, ago(5), T]))
        for c in clients for n in range(30)
    ]  # fmt: skip
    tables = {"documents": files, "loans": loans, "loan_status": [STATE | {"loan_id": row["loan_id"]} for row in loans]}
    panel = [{"client_id": c, "tier_used": chance.choice("ABC"), "loans_count": 1} for c in clients]
    told = frames(book(tables, panel))
    assert told["archive_scores"]["client_id"].to_list() == clients
    assert told["archive_scores"]["score"].is_between(0, 1).all()
    mixed = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    again = frames(book(mixed, panel[::-1]))
    assert all(told[name].equals(again[name]) for name in told)
