"""The client roster: places, parts of the score, reasons for closer care, totals."""

import random
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, done
from tests.relationship.books import T, book
from transforms.relationship import roster
from transforms.relationship.book import Book

SATISFACTION = {"subject": pl.String, "score": pl.Float64}
PANEL: list[Row] = [
    {"client_id": "a", "name": "Ann", "tier_used": "A", "grade_computed": "B", "importance_score": 80.0, "rm_id": "r",
     "rm_name": "Rae", "branch_id": "x", "adb_365_all_kinds": 300, "outstanding_on_balance": 0, "opin_12": 10,
     "opout_12": 5, "relationship_start": date(2005, 6, 30), "last_contact_on": ago(3), "days_since_contact": 3},
    {"client_id": "b", "name": "Bob", "tier_used": "C", "importance_score": 90.0, "rm_id": "r", "branch_id": "x",
     "adb_365_all_kinds": 100, "outstanding_on_balance": 50, "relationship_start": date(2014, 6, 30), "group_id": "g",
     "opin_12": 7, "opout_12": None, "contribution_12m": 40, "contribution_from": "holdings"},
    {"client_id": "c", "name": "Cyd", "tier_used": None, "importance_score": 80.0, "branch_id": "y",
     "adb_365_all_kinds": 200, "outstanding_on_balance": 0, "relationship_start": date(2010, 6, 30)},
]  # fmt: skip


def frames(made: Book) -> dict[str, pl.DataFrame]:
    told = {name: frame.collect() for name, frame in roster.measure(made).items()}
    assert {name: frame.schema for name, frame in told.items()} == dict(roster.FRAMES)
    return told


def rows(made: Book) -> dict[str, Row]:
    listed = frames(made)["client_roster"]
    assert listed["client_id"].is_sorted()
    assert listed["client_id"].is_unique().all()
    return {row["client_id"]: row for row in listed.to_dicts()}


def one(tables: dict[str, list[Row]] | None = None, before: dict[str, Any] | None = None, **panel: Any) -> Row:
    return rows(book(tables or {}, [{"client_id": "c", **panel}], before=before))["c"]


def test_by_hand() -> None:
    tables: dict[str, list[Row]] = {
        "parties": [{"party_id": "g", "name": "Group"}],
        "assignments": [
            {"client_id": "a", "staff_id": "s", "role": "assist", "start_on": ago(9)},
            {"client_id": "a", "staff_id": "q", "role": "assist", "start_on": ago(9), "end_on": T},
        ],
        "holdings": [{"holding_id": "1", "client_id": "b", "product_id": "p", "opened_on": ago(9), "income_12m": 40}],
        "products": [{"product_id": "p", "family": "fx"}],
        "accounts": [{"account_id": "1", "client_id": "b", "opened_on": ago(9)}],
        "loans": [{"loan_id": "l", "client_id": "b", "product": "overdraft", "disbursed_on": ago(9)}],
        "loan_status": [],
    }
    before = {
        "visit_status": done({"next_on": pl.Date}, {"client_id": "b", "next_on": T}),
        "archive_scores": done({"score": pl.Float64}, {"client_id": "b", "score": 0.5}),
        "roster_before": done({"grade": pl.String}, {"client_id": "a", "grade": "B"}, {"client_id": "c", "grade": "B"}),
        "roster": done(
            {"grade_pending": pl.String, "grade_pending_on": pl.Date},
            {"client_id": "a", "grade_pending": "C", "grade_pending_on": T},
        ),
        "satisfaction": done(SATISFACTION, *({"client_id": "a", "subject": s, "score": 4.5} for s in ("rm", "bank"))),
    }
    said = [{"client_id": "a", "risk_level": "R", "relationship_level": "ok"}]
    told = frames(book(tables, PANEL, assessments=said, before=before))
    a, b, c = told["client_roster"].to_dicts()
    assert [(row["seq_bank"], row["seq_branch"], row["seq_rm"]) for row in (a, b, c)] == [
        (2, 2, 2),
        (1, 1, 1),
        (3, 1, 1),
    ]
    assert [row["part_deposits"] for row in (a, b, c)] == pytest.approx([5 / 6, 1 / 6, 0.5])
    assert [row["part_loans"] for row in (a, b, c)] == pytest.approx([1 / 3, 5 / 6, 1 / 3])
    assert [row["part_settlement"] for row in (a, b, c)] == [0.5, None, None]
    assert [row["weight_deposits"] for row in (a, b, c)] == pytest.approx([0.2 / 0.7, 0.2 / 0.8, 0.2 / 0.5])
    assert (a["part_contribution"], b["part_contribution"], a["weight_contribution"]) == (None, 0.5, 0)
    assert [b[f"weight_{part}"] for part in ("contribution", "deposits")] == pytest.approx([0.3 / 0.8, 0.2 / 0.8])
    assert (a["grade"], a["grade_computed"], a["grade_move"], a["service_mode"]) == ("A", "B", "up", "key")
    assert (a["grade_pending"], a["grade_pending_on"], b["grade_pending"], b["grade_pending_on"]) == (
        "C",
        T,
        None,
        None,
    )
    assert (b["grade_move"], b["service_mode"], c["grade_move"], c["service_mode"]) == ("new", "normal", None, None)
    assert (a["focus_reasons"], b["focus_reasons"], c["focus_reasons"]) == (["satisfied"], [], [])
    assert (a["assist_rm"], b["assist_rm"], a["main_rm"], a["main_rm_name"]) == (["s"], [], "r", "Rae")
    assert (a["settlement_12m"], b["settlement_12m"], a["tenure_years"]) == (15, None, 10.0)
    assert (b["contribution_12m"], b["contribution_from"], a["contribution_from"]) == (40, "holdings", None)
    assert (a["products_held"], b["products_held"]) == (0, 3)
    assert (b["group_name"], b["next_visit_on"], b["file_complete"], a["next_visit_on"]) == ("Group", T, 0.5, None)
    assert (a["risk_level"], a["relationship_level"], a["days_since_contact"], b["risk_level"]) == ("R", "ok", 3, None)
    totals = {(row["scope"], row["scope_id"]): row for row in told["roster_totals"].to_dicts()}
    assert list(totals) == [("bank", None), ("branch", "x"), ("branch", "y"), ("rm", None), ("rm", "r")]
    bank = totals["bank", None]
    assert [bank[f"grade_{name}"] for name in (*"ABCD", "none")] == [1, 0, 1, 0, 1]
    assert (bank["clients"], bank["deposit_adb_365"], bank["settlement_12m"], bank["settlement_12m_known"]) == (
        3,
        600,
        15,
        1,
    )
    assert (totals["branch", "y"]["settlement_12m"], totals["rm", "r"]["clients"]) == (None, 2)


def test_only_active_clients_are_listed_and_the_confidential_without_a_name() -> None:
    made = book(
        {"parties": [{"party_id": "g", "name": "Group"}]}, [{"client_id": c, "name": c, "group_id": "g"} for c in "ab"]
    )
    status = pl.when(pl.col("client_id") == "a").then(pl.lit("dormant")).otherwise("status")
    clients = made.clients.with_columns(status=status, confidential=pl.lit(value=True))
    told = rows(Book(**{**vars(made), "clients": clients}))
    assert list(told) == ["b"]
    assert (told["b"]["confidential"], told["b"]["client_name"], told["b"]["group_name"]) == (True, None, None)


@pytest.mark.parametrize(
    ("start", "long"), [(date(2005, 6, 30), False), (date(2005, 6, 29), True), (None, False)]
)  # 3,652 days are 9.9986 years
def test_long_standing(start: date | None, long: bool) -> None:
    assert ("long_standing" in one(relationship_start=start)["focus_reasons"]) is long


@pytest.mark.parametrize(("days", "difficult"), [((1, 365), True), ((1, 366), False), ((1,), False), ((1, -1), False)])
def test_two_complaints_in_a_year_are_difficult(days: tuple[int, ...], difficult: bool) -> None:
    cards = [{"complaint_id": str(d), "client_id": "c", "received_at": datetime.combine(ago(d), time(9))} for d in days]
    assert ("difficult" in one({"complaints": cards})["focus_reasons"]) is difficult


@pytest.mark.parametrize(("rm", "bank", "satisfied"), [(4.5, 4.5, True), (4.4, 5.0, False), (5.0, None, False)])
def test_satisfied_with_both(rm: float, bank: float | None, satisfied: bool) -> None:
    said = done(SATISFACTION, {"subject": "rm", "score": rm}, {"subject": "bank", "score": bank})
    told = one(before={"satisfaction": said})
    assert ("satisfied" in told["focus_reasons"], told["satisfaction_bank"]) == (satisfied, bank)


def test_the_largest_tenth_and_nothing_is_never_large() -> None:
    panel = [{"client_id": f"{n:02}", "adb_365_all_kinds": n, "outstanding_on_balance": 0} for n in range(20)]
    large = [name for name, row in rows(book({}, panel)).items() if "large_volume" in row["focus_reasons"]]
    assert large == ["18", "19"]


@pytest.mark.parametrize(
    ("grade", "reason", "mode"),
    [("A", False, "key"), ("B", False, "normal"), ("B", True, "key"), ("C", True, "key"), ("D", True, "normal"), (None, True, None)],
)  # fmt: skip
def test_service_mode(grade: str | None, reason: bool, mode: str | None) -> None:
    assert one(tier_used=grade, relationship_start=ago(5000 if reason else 5))["service_mode"] == mode


@pytest.mark.parametrize(
    ("now", "before", "move"), [("A", "B", "up"), ("B", "B", "same"), ("C", "B", "down"), (None, "B", None)]
)
def test_the_move_of_the_grade(now: str | None, before: str, move: str | None) -> None:
    told = one(before={"roster_before": done({"grade": pl.String}, {"grade": before})}, tier_used=now)
    assert told["grade_move"] == move


def test_the_key_contact_is_a_decision_maker_else_whom_one_meets_most() -> None:
    def met(id: str, person: str) -> Row:
        at = datetime.combine(ago(5), time(10))
        return {"interaction_id": id, "client_id": "c", "contact_id": person, "status": "done", "two_way": True,
                "started_at": at, "recorded_at": at}  # fmt: skip

    visits = [met("1", "p"), met("2", "p"), met("3", "q")]
    link = {"link_id": "1", "from_id": "q", "to_id": "c", "relation": "contact_of", "recorded_on": ago(9)}
    assert one({"interactions": visits})["key_contact"] == "p"
    assert (
        one({"interactions": visits, "party_links": [link | {"decision_role": "decision_maker"}]})["key_contact"] == "q"
    )
    assert one()["key_contact"] is None


def test_what_is_not_connected_is_null() -> None:
    told = one()
    unknown = (
        "assist_rm",
        "products_held",
        "contribution_12m",
        "satisfaction_rm",
        "next_visit_on",
        "file_complete",
        "grade_move",
    )
    assert [told[name] for name in unknown] == [None] * len(unknown)
    assert one({"holdings": [], "assignments": []})["products_held"] == 0


def test_a_bank_without_clients_has_an_empty_roster() -> None:
    told = frames(book({}, []))
    assert [frame.height for frame in told.values()] == [0, 0]


def test_places_are_permutations_weights_sum_to_one_and_order_does_not_matter() -> None:
    chance = random.Random(7)
    panel = [
        {"client_id": f"{n:02}", "importance_score": chance.choice([None, 10.0, 20.0, 30.0]), "branch_id": chance.choice("xyz"),
         "rm_id": chance.choice(["r", "s", None]), "adb_365_all_kinds": chance.choice([None, 1, 2]), "relationship_start": ago(n)}
        for n in range(40)
    ]  # fmt: skip
    told = frames(book({}, panel))
    listed = told["client_roster"]
    for place, of in (("seq_bank", None), ("seq_branch", "branch"), ("seq_rm", "main_rm")):
        for part in [listed] if of is None else listed.partition_by(of):
            assert part[place].sort().to_list() == list(range(1, part.height + 1))
    assert listed.select(pl.sum_horizontal(pl.col("^weight_.*$"))).to_series().to_list() == pytest.approx([1.0] * 40)
    shuffled = frames(book({}, chance.sample(panel, len(panel))))
    assert all(told[name].equals(shuffled[name]) for name in told)
