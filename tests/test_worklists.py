"""Which rows an RM's worklist is made from, by hand."""

from datetime import date

import polars as pl

from transforms import worklists
from transforms.contracts import RELATIONSHIP, RISK, STATE
from transforms.relationship import forms
from transforms.relationship.people import SCHEMA as PEOPLE

T, ONE, TWO = date(2015, 6, 30), date(2015, 7, 1), date(2015, 7, 2)


def _frame(name: str, *rows: dict[str, object]) -> pl.LazyFrame:
    schema = forms.FRAMES.get(name, PEOPLE)
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema).lazy()


FRAMES = {
    "panel": pl.LazyFrame(
        {
            "client_id": ["C1", "C2", "C3", "C4"], "name": ["One", "Two", "Three", "Four"], "confidential": [False] * 4,
            "rm_id": ["S1", "S1", "S2", None], "branch_id": ["B"] * 4,
        }
    ),
    "assessments": pl.LazyFrame(
        {"client_id": ["C1", "C2", "C3", "C4"], "risk_level": ["R", "clear", "W", "A"], "relationship_level": ["ok"] * 4},
        schema_overrides={"risk_level": RISK, "relationship_level": RELATIONSHIP},
    ),
    "findings": pl.LazyFrame(
        {
            "client_id": ["C1", "C1", "C3"], "signal_id": ["FIN-08", "FIN-01", "FIN-08"], "level": ["R", "A", "W"],
            "state": ["standing", "resolved", "standing"], "text_en": ["a", "b", "c"], "text_zh": ["甲", "乙", "丙"],
        },
        schema_overrides={"state": STATE},
    ),
    "visit_plan": _frame(
        "visit_plan",
        {"client_id": "C1", "plan_on": TWO, "seq": 2, "rm_id": "S1", "est_minutes": 200},
        {"client_id": "C4", "plan_on": TWO, "seq": 1, "rm_id": "S1", "est_minutes": 60},
        {"client_id": "C2", "plan_on": T, "rm_id": "S1", "est_minutes": 60},  # held today
        {"client_id": "C3", "plan_on": None, "rm_id": "S2"},  # cannot fit
        {"client_id": "C3", "plan_on": TWO, "rm_id": "S3", "est_minutes": 15},
    ),
    "daily_reports": _frame("daily_reports", *({"staff_id": s, "next_day": ONE} for s in ("S2", "S1"))),
    "daily_follow_ups": _frame("daily_follow_ups"),
    "daily_agenda": _frame("daily_agenda"),
    "self_checks": _frame("self_checks", {"staff_id": "S1", "no": 1, "clients": ["C3"], "others": []}),
    "visit_status": _frame(
        "visit_status",
        {"client_id": "C1", "next_on": TWO},
        {"client_id": "C2", "reason": "no_rhythm"},
        {"client_id": "C3", "reason": "cannot_fit", "due_on": ONE},
        {"client_id": "C4", "reason": "no_rm"},
    ),
    "people": _frame("people", {"client_id": "C1", "party_id": "P1", "name": "Li"}),
    "owed": _frame("owed"),
    "complaint_cards": _frame("complaint_cards"),
    "actions": _frame("actions"),
}  # fmt: skip


def test_managers_are_those_with_clients_or_a_contact_ahead() -> None:
    assert worklists.managers(FRAMES, T) == ["S1", "S2", "S3"]


def test_an_rms_rows_and_those_of_the_clients_they_name() -> None:
    told = worklists.gathered(FRAMES, ["S1"], T, 240)
    assert told["visit_plan"]["client_id"].to_list() == ["C4", "C1"]  # by the RM's own order, nothing of the past
    assert told["clients"].select("client_id", "risk_level").rows() == [
        ("C1", "R"), ("C2", "clear"), ("C3", "W"), ("C4", "A"),  # C3: a check names it; C4: a visit to a client without RM
    ]  # fmt: skip
    assert told["findings"].select("client_id", "signal_id").rows() == [("C1", "FIN-08"), ("C3", "FIN-08")]
    assert told["days"].rows() == [("S1", ONE, 0, 0, 240, False), ("S1", TWO, 2, 260, 240, True)]
    assert told["unvisited"].filter(pl.col("rm_id") == "S1").rows() == [("S1", "C2", "no_rhythm", None)]


def test_what_cannot_fit_has_no_day() -> None:
    told = worklists.gathered(FRAMES, ["S2"], T, 240)
    assert told["visit_plan"].select("client_id", "plan_on").rows() == [("C3", None)]
    assert told["days"].rows() == [("S2", ONE, 0, 0, 240, False)]
    assert told["unvisited"].rows() == [("S2", "C3", "cannot_fit", ONE)]


def test_every_frame_it_names_is_published() -> None:
    assert set(worklists.FORMS) <= set(forms.FRAMES)
    assert all("staff_id" in forms.FRAMES[name] for name in worklists.OF_STAFF)
    assert all("client_id" in forms.FRAMES[name] for name in worklists.OF_CLIENT)
