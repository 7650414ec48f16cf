"""The RM's worklist: what it says of the days ahead and of the RM, for whom, and what it leaves out."""

import io
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pytest
from fontTools.ttLib import TTFont

from flows import nights, paper
from flows.cli import main
from flows.store import Done
from reports import desk as desks
from reports import fonts
from reports.desk import Desk
from reports.documents import seen
from reports.documents import worklist as document
from reports.documents.worklist import worklist
from reports.labels import LABELS
from reports.words import Words
from tests.reports.test_documents import printed_text, words_of
from transforms import worklists
from transforms.relationship import diary_follow_ups, self_checks, visit_triggers
from transforms.relationship.methods import METHODS, TRIGGERS

LOCALES = ("en", "zh")
AT = date(2015, 6, 30)
HOSTILE = '<img src=x>{{7*7}}\u202e"&=cmd|' + "长" * 60


@pytest.fixture(scope="module")
def told(night: nights.Published) -> tuple[paper.Told, list[Done]]:
    kept: Any = pickle.loads((night.out / "work" / "told" / f"{night.as_of}.pickle").read_bytes())  # noqa: S301
    return kept[0], paper._judged(kept[1])


@pytest.fixture(scope="module")
def managers(told: tuple[paper.Told, list[Done]]) -> list[str]:
    return [one for chunk in paper.managers(told[0]) for one in chunk]


@pytest.fixture(scope="module")
def desk(told: tuple[paper.Told, list[Done]]) -> Callable[[str], Desk]:
    @cache
    def of(staff_id: str) -> Desk:
        made: Desk = paper._desks(*told, [staff_id])[0]
        return made

    return of


@pytest.fixture(scope="module")
def busy(told: tuple[paper.Told, list[Done]], managers: list[str]) -> Desk:
    """The RM with most visits ahead."""
    made: list[Desk] = paper._desks(*told, managers)
    return max(made, key=lambda one: sum(map(len, one.visits.values())))


def _text(desk: Desk, locale: str = "en") -> str:
    return words_of(worklist(desk, locale).html(AT))


def test_whoever_has_clients_or_a_contact_ahead_gets_one(night: nights.Published, managers: list[str]) -> None:
    reports = pl.read_parquet(night.file("relationship/daily_reports.parquet"))
    assert set(reports["staff_id"]) <= set(managers)
    assert managers == sorted(managers)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_printed_page_says_whose_it_is_and_for_whom(
    told: tuple[paper.Told, list[Done]], busy: Desk, tmp_path: Path, locale: str
) -> None:
    made, judged = told
    given = (replace(made, cache=tmp_path), [locale], judged, [busy.staff_id])
    pages = paper.of_managers(*given)
    name = f"{busy.staff_id}.worklist.{locale}"
    assert pages.missing == []
    assert (pages.rendered, list(pages.worklists), pages.reports) == (1, [name], {})
    (path, file), *_ = pages.new.items()
    assert re.fullmatch(rf"worklists/[0-9a-f]{{2}}/{busy.staff_id}\.{locale}\.pdf", path)
    alone = "for the relationship manager and the supervisor alone" if locale == "en" else "仅供客户经理本人及其主管"
    with pikepdf.open(io.BytesIO(file.read_bytes())) as pdf:
        assert not pdf.attachments
        printed = printed_text(pdf)
        assert 3 <= len(pdf.pages) <= 12
        assert re.sub(r"\s", "", printed).count(re.sub(r"\s", "", alone)) == len(pdf.pages)
    again = paper.of_managers(*given)
    assert (again.rendered, again.kept) == (0, 1)
    later = replace(made, as_of=date(2015, 7, 4), earlier=pages.index("nights/2015-06-30")["worklists"])
    stands = paper._stands(later, name, pages.worklists[name]["digest"])
    assert stands is not None
    assert stands["path"] == f"nights/2015-06-30/{path}"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_worklist_has_a_hole_a_raw_code_or_a_missing_glyph(
    desk: Callable[[str], Desk], managers: list[str], locale: str
) -> None:
    known = TTFont(fonts.HERE / "NotoSansSC-Regular.ttf").getBestCmap()
    for staff_id in managers:
        text = _text(desk(staff_id), locale)
        assert "None" not in text
        assert "{" not in text.replace("{{7*7}}", "")
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", text), re.findall(r"\b[a-z]+_[a-z_]+\b", text)
        assert not {c for c in text if ord(c) not in known and not c.isspace()} or "㵘" in text


def test_the_days_come_in_order_a_page_each_and_the_rest_as_lines(busy: Desk) -> None:
    made = worklist(busy, "en").printed
    assert len(made["days"]) == min(len(busy.days), worklists.DAYS)
    told = [[visit["number"] for visit in day["visits"]] for day in made["days"]]
    assert told == [
        [row["client_id"] for row in busy.visits.get(day["plan_on"], [])] for day in busy.days[: worklists.DAYS]
    ]
    assert len(made["later"]) == sum(len(busy.visits.get(day["plan_on"], [])) for day in busy.days[worklists.DAYS :])
    assert made["days"][0]["day"].startswith("Wednesday, 1 July 2015")
    html = worklist(busy, "en").html(AT)
    assert html.count('class="sheet"') == len(made["days"])  # each later day and the rest begin a page


# ---- by hand -------------------------------------------------------------------------------------------------------

VISIT: dict[str, Any] = {
    "client_id": "C1", "plan_on": date(2015, 7, 1), "seq": 1, "rm_id": "S1", "grade": "B", "due_on": date(2015, 7, 6),
    "triggers": ["FIN-08", "undertakings:U1", "method:5", "cadence", "complaints:K1", "stopped_using:fx"], "class": 2,
    "channel": "visit", "contact_id": "P1", "purpose": "post_loan_check", "goal": "understand_signal", "goal_text": None,
    "topics": ["FIN-08", "MGT-01", "REL-02", "undertakings:U1", "family:fx"],
    "questions": ["MGT-06", "REL-01", "satisfaction"],
    "materials": ["CU1", "products:FX-1"], "bank_side": "S9", "est_minutes": 60, "last_contact_on": date(2015, 6, 1),
    "last_outcome": "next_step", "status": "proposed",
}  # fmt: skip
REPORT: dict[str, Any] = {
    "day": AT, "clients_visited": 2, "calls": 3, "video": 0, "messages": 4, "tasks_due": 3, "tasks_done": 2,
    "tasks_due_1": 1, "tasks_done_1": 1, "planned": 4, "held": 3, "goals_given": 2, "goals_met": 1, "reached": False,
    "actual_minutes": 200, "planned_minutes": 250, "time_ratio": 0.8, "untimed": 1, "share_1": 0.25, "worked_minutes": 480,
    "unrelated_minutes": 30, "unrecorded_minutes": 250, "log_gaps": 2, "next_day": date(2015, 7, 1), "next_contacts": 1,
    "next_without_goal": 1, "next_minutes": 60, "next_over_capacity": False, "next_tasks_1": 0, "next_left_out": 2,
}  # fmt: skip


def _check(no: int, **said: Any) -> dict[str, Any]:
    blank = {"value": None, "second": None, "n": 0, "flag": None, "asked": no == 10, "private": no == 10}
    return {"no": no, **blank, "clients": [], "others": [], **said}


@pytest.fixture
def made(busy: Desk) -> Desk:
    """An RM with one visit, one task, one follow-up and two checks, written by hand."""
    client = {"name": "Acme Ltd", "confidential": False, "risk_level": "R", "relationship_level": "cooling"}
    owed = {"kind": "rm_promise", "title": "Answer on the rate", "due_on": date(2015, 6, 20)}
    task = {
        "item_kind": "task",
        "id": "U7",
        "client_id": "C1",
        "contact_id": None,
        "goal": "Prepare the file.",
        "level": None,
    }
    return Desk(
        staff_id="S1",
        days=[{"plan_on": date(2015, 7, 1), "contacts": 1, "minutes": 60, "capacity": 240, "over": False}],
        visits={date(2015, 7, 1): [VISIT]},
        report=REPORT,
        agenda=[{**task, "priority": 1, "due_on": AT, "note": "overdue", "planned_minutes": 45}],
        follow_ups=[
            {
                "client_id": "C1",
                "follow_up": "give_up_offer",
                "family": "fx",
                "outcome": "refused",
                "on": date(2015, 12, 27),
            }
        ],
        checks=[
            _check(5, value=0.75, second=0.9, n=40, flag=False),
            _check(10, value=4.5, n=20, flag=True),
            _check(4, value=0.25, n=8, flag=True, clients=["C1"], others=["C2"]),
            _check(9),
            _check(12, n=None),
        ],
        unvisited=[{"client_id": "C2", "reason": "no_rhythm", "due_on": None}],
        known={
            "clients": {("C1",): client, ("C2",): {**client, "name": "Bolt"}},
            "findings": {("C1", "FIN-08"): {"text_en": "Equity fell by a third.", "text_zh": "权益下降三分之一。"}},
            "people": {("C1", "P1"): {"name": "Li Na", "decision_role": "decision_maker"}},
            "owed": {("U1",): owed},
            "complaint_cards": {("K1",): {"category": "pricing_fee"}},
        },
        suggested={"C1": [{"method": 5, "trigger": "product_fits"}, {"method": 6, "trigger": "visit_rhythm"}]},
        run=replace(busy.run, names={"staff": {"S1": "Wang Min", "S9": "Shen Yi"}, "products": {"FX-1": "结售汇"}}),
    )


def test_a_visit_is_told_with_its_reasons_and_what_to_take_along(made: Desk) -> None:
    (visit,) = worklist(made, "en").printed["days"][0]["visits"]
    assert visit["reasons"] == [
        ("FIN-08", "Equity fell by a third."),
        ("", "Promise: Answer on the rate; due 20 June 2015"),
        ("", "Wider sales: product fits"),
    ]
    assert visit["more"] == "and contact rhythm, complaint K1, stopped using: Foreign exchange"
    assert visit["purpose"] == "Post-loan check: Understand what lies behind the signal"
    assert visit["levels"] == ["■ Red", "▲ Cooling"]
    assert visit["person"] == "Li Na (Decision maker)"
    assert dict(visit["beside"])["With you"] == "Shen Yi"
    assert dict(visit["lines"]) == {
        "To raise": f"MGT-01 {Words('en').signal('MGT-01')}, Foreign exchange",
        "To bring": "CU1 Yearly plan for developing the client, sheet on 结售汇",
    }
    day = worklist(made, "en").printed["days"][0]
    assert day["sums"] == "Contacts: 1; 60 of 240 minutes for clients"
    assert [(mark, places) for mark, _, places in day["questions"]] == [("MGT-06", "every visit"), ("", "every visit")]
    zh = worklist(made, "zh").printed["days"][0]["visits"][0]
    assert zh["reasons"][1:] == [("", "承诺：Answer on the rate；2015年6月20日到期"), ("", "扩大销售：产品适合")]


def test_the_evening_tells_what_the_log_knows_and_leaves_room(made: Desk) -> None:
    evening = worklist(made, "en").printed["evening"]
    assert [said for _, said in evening["questions"]] == [
        "Clients visited: 2. Calls 3, video 0, messages 4.",
        "Not reached: tasks 2 of 3, contacts 3 of 4, goals 1 of 2.",
        "200 of 250 planned minutes (80%), first priority 25%; untimed contacts 1.",
        "30 minutes by your own entry; 250 of 480 stand nowhere.",
        "Contacts to follow up or give up stand below; logged late: 2.",
    ]
    assert worklist(made, "zh").printed["evening"]["questions"][0] == (
        "我今天拜访了几位客户？",
        "拜访客户2户；电话3次，视频0次，消息4次。",
    )
    assert worklist(made, "en").html(AT).count('<p class="rule">') == 5 * 3 + 2
    assert worklist(made, "en").printed["before"] == [
        "Urgent visits proposed and not entered in the log: 2.",
        "Contacts entered without a goal: 1.",
        "No task of first priority is set.",
    ]
    assert worklist(made, "en").printed["follow_ups"] == [
        ("Acme Ltd", "C1", "refused", "Give up the offer until then: Foreign exchange", "27 December 2015")
    ]
    (task,) = worklist(made, "en").printed["agenda"]
    assert (task["kind"], task["priority"], task["what"], task["note"]) == (
        "Task",
        "First",
        "Prepare the file.",
        "overdue",
    )


def test_the_checks_are_questions_and_the_feeling_stays_one(made: Desk) -> None:
    plan, feeling, wrong, refused, fewer = worklist(made, "en").printed["checks"]
    assert plan["said"] == "75.0% of 40 visits entered a day before; 90.0% of the planned ones held in time"
    assert (plan["flag"], wrong["flag"]) == ("○ in order", "▲ look again")
    assert wrong["clients"] == ["Look at: Acme Ltd C1", "Seen more often than needed: Bolt C2"]
    assert (feeling["said"], feeling["flag"]) == ("Asked, not computed: answer for yourself.", "—")
    assert "4.5" not in _text(made)
    assert (refused["said"], fewer["said"]) == ("nothing to measure yet", "not connected")
    assert worklist(made, "en").printed["unvisited"] == [
        ("Bolt", "C2", "No visit can be planned: the client has no grade, or contacts are not connected.", "—")
    ]


def test_a_confidential_client_stands_by_number_without_people_or_words(made: Desk) -> None:
    hidden = {
        **made.known,
        "clients": {key: {**row, "confidential": True} for key, row in made.known["clients"].items()},
    }
    visit = {**VISIT, "goal_text": "Lunch with the founder"}
    one = replace(made, known=hidden, visits={date(2015, 7, 1): [visit]})
    for locale in LOCALES:
        text = _text(one, locale)
        assert not any(
            secret in text for secret in ("Acme", "Bolt", "Li Na", "Answer on the rate", "Prepare", "founder")
        )
        assert "C1" in text
        assert "P1" in text
    assert "Lunch with the founder" in _text(replace(made, visits={date(2015, 7, 1): [visit]}))


def test_hostile_words_are_inert(made: Desk) -> None:
    bad = {
        "clients": {key: {**row, "name": HOSTILE} for key, row in made.known["clients"].items()},
        "people": {key: {**row, "name": HOSTILE} for key, row in made.known["people"].items()},
        "owed": {key: {**row, "title": HOSTILE} for key, row in made.known["owed"].items()},
    }
    one = replace(made, staff_id=HOSTILE, known={**made.known, **bad}, agenda=[{**made.agenda[0], "goal": HOSTILE}])
    html = worklist(one, "en").html(AT)
    assert "<img" not in html
    assert words_of(html).count(seen(HOSTILE)) > 5


def test_nothing_known_still_prints(made: Desk) -> None:
    blank = {
        **dict.fromkeys(VISIT),
        "client_id": "C9",
        "plan_on": date(2015, 7, 1),
        "status": "planned",
        "channel": "visit",
    }
    nothing = {name: None if name not in ("day", "next_day") else value for name, value in REPORT.items()}
    one = replace(
        made, visits={date(2015, 7, 1): [blank]}, report=nothing, agenda=[], follow_ups=[], checks=[], unvisited=[]
    )
    for locale in LOCALES:
        assert "None" not in _text(one, locale)
    assert "Nothing else is due." in _text(one)
    assert "Every client of yours has a next date." in _text(one)
    assert "main manager of no client" in _text(replace(one, report=None, days=[*one.days]))
    empty = replace(one, visits={}, run=replace(one.run, feeds={}))
    assert "Contacts are not connected: no visit can be planned." in _text(empty)
    assert "No visit or call is planned for this day." in _text(replace(one, visits={}))


def test_every_code_a_worklist_prints_has_words() -> None:
    assert set(document.CHECKS) | {self_checks.FEELING} == {int(no) for no in LABELS["self_check"]} == set(range(1, 13))
    assert {*diary_follow_ups.CODES.values(), "next_on", "give_up_offer", "give_up_prospect"} == set(LABELS["follow"])
    assert set(document.AGENDA) == set(LABELS["agenda"])
    assert {goal for *_, goal in visit_triggers.METHODS.values()} <= set(LABELS["goal"])
    assert set(TRIGGERS) <= set(LABELS["trigger"])
    assert set(METHODS) == set(visit_triggers.METHODS)
    assert [Words("zh").label("weekday", no) for no in (1, 7)] == ["星期一", "星期日"]


def test_one_that_fails_is_listed_and_the_others_go_on(
    told: tuple[paper.Told, list[Done]], managers: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(desk: Desk, locale: str) -> Any:
        if desk.staff_id == managers[0]:
            raise ValueError("no ink\nat all")
        return worklist(desk, locale)

    monkeypatch.setattr(document, "worklist", failing)
    made, judged = told
    pages = paper.of_managers(replace(made, cache=tmp_path), ["en"], judged, managers[:2])
    assert pages.missing == [f"{managers[0]}.worklist.en: ValueError: no ink"]
    assert list(pages.worklists) == [f"{managers[1]}.worklist.en"]


def test_render_writes_one_again(night: nights.Published, managers: list[str], tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "one.html"
    asked = ["render", managers[0], "--out", str(night.out), "--kind", "worklist", "--html", "--to", str(file)]
    assert main(asked) == 0
    assert managers[0] in file.read_text(encoding="utf-8")
    assert main(["render", "nobody", "--out", str(night.out), "--kind", "worklist"]) == 2
    assert "no worklist of 'nobody'" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("staff", ["../../etc/passwd", "a b", "客户经理", "S:1"])
def test_a_file_name_is_safe_whatever_the_id(staff: str) -> None:
    name = paper.file_name(staff, "worklist", "zh")
    assert re.fullmatch(r"worklists/[0-9a-f]{2}/[A-Za-z0-9_-]+\.zh\.pdf", name)
    assert paper.file_name("a_b", "worklist", "zh") != paper.file_name("a b", "worklist", "zh")


def test_a_desk_holds_the_rows_of_its_rm_alone(busy: Desk, desk: Callable[[str], Desk]) -> None:
    alone = desk(busy.staff_id)
    assert alone.visits == busy.visits
    assert alone.checks == busy.checks
    assert {row["rm_id"] for rows in busy.visits.values() for row in rows} == {busy.staff_id}
    assert desks.Desk is type(alone)
