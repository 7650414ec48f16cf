"""The maintenance report: what to do first, every code in words, every form's figures, hostile text inert, room to write."""

import ast
import inspect
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

import pikepdf
import pytest

from expectations.lists import LISTS
from expectations.registers import EVENT_KINDS
from flows import nights, paper
from reports import asks, cells
from reports.documents import document
from reports.facts import Facts
from reports.labels import LABELS
from reports.words import Words
from tests.relationship.books import book as made_of
from tests.reports.test_documents import printed_text, words_of
from transforms.relationship import (
    archive,
    archive_items,
    assortment,
    complaint_rules,
    complaints,
    dates,
    dealing_lines,
    dealings,
    fits,
    forms,
    method_business,
    method_occasions,
    method_triggers,
    methods,
    owed,
    people,
    roster,
    satisfaction,
    strengthening_gaps,
    strengthening_rivals,
    visit_triggers,
    visits,
)
from transforms.workdays import Workdays

RED, QUIET, UNFED = "C0012", "C0011", "C0000"
LOCALES = ("en", "zh")
AT = date(2015, 6, 30)
HOSTILE = (
    '<script>{{7*7}}</script> {measured} =HYPERLINK("http://x") \u202eevil\u202c ../../etc/passwd & 长' + "字" * 60
)


@pytest.fixture(scope="module")
def facts(night: nights.Published) -> Callable[[str], Facts]:
    @cache
    def of(client: str) -> Facts:
        return paper.again(night, client, "maintenance", "en")[1]

    return of


def page(f: Facts, locale: str = "en") -> str:
    """The report's words, without the spaces between tags."""
    return re.sub(r"\s+", " ", words_of(document("maintenance", f, locale).html(AT)))


def related(f: Facts, **frames: list[dict[str, Any]]) -> Facts:
    """The facts with those frames' rows; columns not given are null."""
    filled = {
        name: [{key: row.get(key) for key in forms.FRAMES[name]} for row in rows] for name, rows in frames.items()
    }
    return replace(f, related={**f.related, **filled})


# ---- every code has words --------------------------------------------------------------------------------------------


def literals(*modules: ModuleType, of: str = "") -> set[str]:
    """Texts a module writes into its frames: the arguments of pl.lit, or of the keyword or column `of` alone."""
    found = set()
    for module in modules:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            calls = [node] if isinstance(node, ast.Call) and not of else []
            calls += [node.value] if isinstance(node, ast.keyword) and node.arg == of else []
            for call in calls:
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("lit", "format") and call.args:
                    found |= {arg.value for arg in call.args[:1] if isinstance(arg, ast.Constant)}
                elif isinstance(call, ast.Constant):
                    found.add(call.value)
    return {text for text in found if isinstance(text, str)}


def goals() -> set[str]:
    """Goals of the visit triggers: the third of each `Asks`, those put in its place, those of the methods."""
    tree = ast.walk(ast.parse(inspect.getsource(visit_triggers)))
    calls = [node for node in tree if isinstance(node, ast.Call)]
    third = {
        c.args[2].value for c in calls if getattr(c.func, "id", "") == "Asks" and isinstance(c.args[2], ast.Constant)
    }
    return {goal for goal in third | literals(visit_triggers, of="goal") if isinstance(goal, str) and goal} | {
        goal for _, _, goal in visit_triggers.METHODS.values()
    }


def parts() -> set[str]:
    """Parts of the complaint rules that can be broken."""
    one = made_of({})
    made = [
        *complaint_rules._prompt(one, Workdays.of(one)), *complaint_rules._manner(one), *complaint_rules._kept_word(one),
        *complaint_rules._afterwards(one, Workdays.of(one)), *complaint_rules._learned(one, Workdays.of(one)),
    ]  # fmt: skip
    return {part.code for part in made} - {"uncheckable"}


def abouts() -> set[str]:
    """What suggestions are about: the closed list, and what the methods' modules write beside it."""
    found = literals(method_triggers, method_business, method_occasions, of="about_kind")
    for module in (method_triggers, method_occasions):  # those a loop names beside its trigger
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Tuple):
                names = [getattr(name, "id", "") for name in node.target.elts]
                if "kind" in names:
                    rows = [row for row in node.iter.elts if isinstance(row, ast.Tuple)]
                    found |= {str(ast.literal_eval(row.elts[names.index("kind")])) for row in rows}
    return {*LISTS["about_kind"], *found}


PRINTED: dict[str, Iterable[Any]] = {
    "do": {asked.action for asked in methods.TRIGGERS.values()},
    "trigger": methods.TRIGGERS,
    "visit_trigger": {code.split(":")[0] for code in literals(visit_triggers, of="trigger") - {"signal_id", "key"}}
    | {"undertakings"},
    "goal": goals(),
    "purpose": LISTS["interaction_purpose"],
    "channel": LISTS["interaction_channel"],
    "visit_state": {*literals(visits, of="status"), *visits.PAST, "cannot_fit", "proposed"},
    "visit_class": range(1, 7),
    "no_visit": ("no_rm", "cannot_fit", "no_rhythm"),
    "outcome": LISTS["outcome"],
    "contact_state": LISTS["interaction_status"],
    "function": LISTS["function"],
    "decision_role": {*LISTS["decision_role"], *people.ROLES},
    "stance": LISTS["stance"],
    "relation": people.POSTS,
    "family": LISTS["holding_family"],
    "line": dealing_lines.LINES,
    "remark": dealings.REMARKS,
    "subject": {*LISTS["survey_subject"], *satisfaction.SUBJECTS},
    "item": LISTS["survey_item"],
    "expectation": literals(satisfaction),
    "undertaking": {*LISTS["undertaking_kind"], *owed.KINDS},
    "undertaking_outcome": LISTS["undertaking_outcome"],
    "about": abouts(),
    "channel_of_complaint": LISTS["complaint_channel"],
    "target": LISTS["complaint_target"],
    "complaint": LISTS["complaint_category"],
    "severity": LISTS["severity"],
    "fault": LISTS["fault"],
    "complaint_outcome": LISTS["complaint_outcome"],
    "root_cause": LISTS["root_cause"],
    "follow_up": {"held", "due", "missed"},
    "rule": complaint_rules.CHECKED,
    "rule_part": parts(),
    "gap": strengthening_gaps.GAPS,
    "figure": {figure for _, figure in strengthening_gaps.GAPS.values()},
    "threat": {"high", "medium", "low"},
    "strength": strengthening_rivals.STRENGTHS.values(),
    "seen_in": {"events", "flows", "links"},
    "tie": {*strengthening_rivals.TIES, "none_known"},
    "date": dates.KINDS,
    "occasion": EVENT_KINDS["occasion"].subtypes,
    "request": EVENT_KINDS["loan_request"].subtypes,
    "holiday": method_occasions.FESTIVALS,
    "credit": LISTS["credit_product"],
    "account_kind": LISTS["account_kind"],
    "fit": {*fits.FEATURES, "holds"},
    "barred": assortment.BARRED,
    "checklist": LISTS["checklist"],
    "archive_state": {*(set(archive.BEST) - {"outside"}), *archive.HELD},
    "archive_level": {"complete", "gaps", "not_complete"},
    "mode": {"key", "normal"},
    "focus": {"satisfied", "large_volume", "long_standing", "difficult"},
}


@pytest.mark.parametrize("kind", PRINTED)
def test_every_code_of_a_closed_list_has_words_in_both_languages(kind: str) -> None:
    codes = {str(code) for code in PRINTED[kind]}
    assert codes
    assert codes <= set(LABELS[kind]), codes - set(LABELS[kind])
    for code in codes:
        said = Words("zh").label(kind, code)
        assert not re.search(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", said)), said


def test_the_lists_the_modules_keep_in_comments_are_those_they_write() -> None:
    assert {"no_rm", "cannot_fit", "no_rhythm", "proposed", "planned", "done", "missed"} <= literals(visits)
    assert {"held", "due", "missed"} <= literals(complaints)
    assert {"high", "medium", "low"} <= literals(strengthening_rivals)
    assert {"complete", "gaps", "not_complete"} <= literals(archive)
    assert {"key", "normal"} <= literals(roster)


def test_methods_and_archive_items_have_both_names() -> None:
    for named in (*methods.METHODS.values(), *archive_items.ITEMS):
        assert named.en
        assert re.search("[\u4e00-\u9fff]", named.zh)


# ---- why something is suggested --------------------------------------------------------------------------------------

DAY = "2015-06-05"
WHY: dict[str, tuple[dict[str, Any], str, str]] = {
    "contact_rhythm": (
        {"grade": "D", "contact_days": 180, "last_contact_on": None},
        "Grade D: a contact every 180 days; last two-way contact: none on record.",
        "D级客户每180天应联系一次；最近双向接触：无记录。",
    ),
    "visit_rhythm": (
        {"grade": "A", "visit_days": 60, "last_visit_on": DAY},
        "Grade A: a visit every 60 days; last meeting in person: 5 June 2015.",
        "A级客户每60天应拜访一次；最近面谈：2015年6月5日。",
    ),
    "late_record": (
        {"happened_on": DAY, "status": "planned"},
        "Contact of 5 June 2015, planned: the record is missing or late.",
        "2015年6月5日的接触（已计划）：记录缺失或滞后。",
    ),
    "role_changed": (
        {"recorded_on": DAY, "function": "finance", "decision_role": None},
        "Changed role, recorded on 5 June 2015: Financial affairs, —.",
        "职责变动，2015年6月5日登记：财务，—。",
    ),
    "visit_held": (
        {"held_on": DAY, "channel": "visit", "outcome": "next_step"},
        "Visit on 5 June 2015, next step agreed; no thanks sent yet.",
        "2015年6月5日上门拜访，商定下一步；尚未致谢。",
    ),
    "our_delay": (
        {"kind": "service_request", "made_on": DAY, "due_on": DAY},
        "Service request of 5 June 2015; it was due on 5 June 2015.",
        "2015年6月5日的服务请求，2015年6月5日已到期。",
    ),
    "product_fits": (
        {"product_id": "SET-1", "figure": "opin_12", "value": 2423874499.0, "word": None},
        "Settlement SET-1: inflow of twelve months USD 24.2 million.",
        "国内结算套餐：近12个月流入2,423.87万美元。",
    ),
    "new_product": (
        {"product_id": "SET-1", "figure": "risk_level", "value": None, "word": "clear"},
        "New and suits the client: Settlement SET-1, risk level Clear.",
        "新产品且适合客户：国内结算套餐，风险等级正常。",
    ),
    "idle_balance": (
        {"idle_balance": 203845423},
        "USD 2.0 million were not touched for 90 days.",
        "203.85万美元资金闲置90天未动用。",
    ),
    "request_open": (
        {"amount": 500000000, "happened_on": DAY, "subtype": "increase"},
        "Increase, USD 5.0 million, asked for on 5 June 2015 and not decided.",
        "增额500.00万美元，2015年6月5日提出，尚未审批。",
    ),
    "leaders_apart": (
        {"grade": "B", "leaders_on": DAY, "quadrant": None},
        "Grade B; leaders of both sides last met: 5 June 2015.",
        "B级客户；双方高层最近会晤：2015年6月5日。",
    ),
    "quadrant": (
        {"grade": "B", "leaders_on": None, "quadrant": "senior_visit"},
        "Senior visit: high risk, cold relationship; leaders of both sides last met: none on record.",
        "高层拜访：风险高、关系冷；双方高层最近会晤：无记录。",
    ),
    "festival": ({"day": DAY, "subtype": "mid_autumn"}, "Mid-Autumn Festival on 5 June 2015.", "中秋节：2015年6月5日。"),
    "evening": (
        {"grade": "B", "city": "1101", "clients": 29},
        "One of 29 grade A and B clients of the city that were at no event for a year.",
        "同城A、B级客户中有29户一年未参加活动，本户在内。",
    ),
    "signal_red": (
        {"since": DAY, "signals": ["MGT-42", "FIN-08", "FIN-04", "FIN-02", "FIN-03"]},
        "At red, standing since 5 June 2015: MGT-42 Persistent fall in deposits or settlement volume at our bank, FIN-08 ",
        "达红色级，2015年6月5日起：MGT-42 在银行的存款余额或结算量持续下降、FIN-08 ",
    ),
}  # fmt: skip


def offered(f: Facts) -> Facts:
    return related(
        f, products_fitting=[{"product_id": "SET-1", "family": "settlement", "figure": "opin_12", "value": 1.0}]
    )


@pytest.mark.parametrize("trigger", WHY)
def test_a_suggestion_says_why_in_a_sentence(facts: Callable[[str], Facts], trigger: str) -> None:
    evidence, english, chinese = WHY[trigger]
    one = offered(facts(RED))
    assert asks.why(trigger, json.dumps(evidence), one, Words("en")).startswith(english)
    assert asks.why(trigger, json.dumps(evidence), one, Words("zh")).startswith(chinese)


def test_five_signals_are_told_as_three_and_two_more() -> None:
    assert asks.signals([*["FIN-08"] * 3, "FIN-04", "FIN-02"], Words("en")).endswith(" and 2 more")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_trigger_has_a_sentence_even_without_evidence(facts: Callable[[str], Facts], locale: str) -> None:
    assert set(asks.WHY) == set(methods.TRIGGERS)
    for trigger in methods.TRIGGERS:
        said = asks.why(trigger, '{"figure": "holds"}', facts(RED), Words(locale))  # nothing known
        assert said.endswith("." if locale == "en" else "。")
        assert "None" not in said
        assert "{" not in said


# ---- what stands first -----------------------------------------------------------------------------------------------


def action(**more: Any) -> dict[str, Any]:
    known = {
        "client_id": RED, "rank": 1, "method": 4, "trigger": "promise_overdue", "action": "keep_promise",
        "due_on": date(2015, 4, 23), "owner_id": "RM7", "about_kind": "undertaking", "about_id": "U-1", "commercial": False,
        "by_phone": True, "evidence": '{"also":["our_delay"],"kind":"rm_promise","made_on":"2015-04-13","due_on":"2015-04-23"}',
    }  # fmt: skip
    return known | more


def test_a_suggestion_has_method_deed_person_day_and_reason(facts: Callable[[str], Facts]) -> None:
    one = related(
        facts(RED),
        actions=[action(contact_id="P-9", owner_id="CH9")],
        people=[{"party_id": "P-9", "name": "Ida Vance", "belongs": False}],
        owed=[{"undertaking_id": "U-1", "kind": "rm_promise", "owed_by": "bank", "title": "Answer on the rate."}],
    )
    assert (
        "4 Product follow-up Keep the promise, or say why not and agree a new day. With: Ida Vance Owner: CH9 23 April 2015 "
        "overdue Promised on 13 April 2015; it was due on 23 April 2015. undertaking U-1: Answer on the rate. "
        "Also: our delay"
    ) in spaced(one, "en")
    assert (
        "4 产品跟进 兑现承诺；不能兑现的，说明原因并另约日期。 对象：Ida Vance 负责人：CH9 2015年4月23日 逾期 "
        "2015年4月13日承诺，2015年4月23日已到期。 约定事项 U-1：Answer on the rate. 并有：我行延误"
    ) in spaced(one, "zh")
    assert "overdue" not in spaced(related(one, actions=[action(due_on=AT)]), "en").split("Next visit")[0]


def spaced(f: Facts, locale: str) -> str:
    """The report's words with a space between cells and lines."""
    html = document("maintenance", f, locale).html(AT)
    return re.sub(r"\s+", " ", words_of(re.sub(r"(</td>|</th>|<br/>|&#10;|</p>|</h\d>)", r"\1 ", html)))


def test_no_suggestion_is_said_with_the_next_contact(facts: Callable[[str], Facts]) -> None:
    one = related(facts(RED), actions=[])
    one = replace(one, client={**one.client, "next_planned_on": date(2015, 7, 15)})
    assert "Tonight's records ask for nothing. Keep the contact planned for 15 July 2015." in page(one)
    none = replace(one, client={**one.client, "next_planned_on": None})
    assert "No contact is planned: agree the next one." in page(none)


def test_the_next_visit_with_its_pack_and_room_for_the_result(facts: Callable[[str], Facts]) -> None:
    row = {
        "client_id": RED, "plan_on": date(2015, 7, 2), "due_on": date(2015, 7, 6), "status": "proposed", "class": 2,
        "triggers": ["MGT-42", "complaints:K-1", "method:6", "cadence", "stopped_using:payroll"], "channel": "visit",
        "contact_id": "P-1", "purpose": "post_loan_check", "goal": "understand_signal", "bank_side": "BH3",
        "topics": ["undertakings:U-1", "family:settlement", "MGT-42"], "questions": ["MGT-06", "satisfaction"],
        "materials": ["CU4", "products:SET-1"], "est_minutes": 51, "last_contact_on": date(2015, 6, 17),
        "last_outcome": "information",
    }  # fmt: skip
    frames = {
        "visit_plan": [{**row, "plan_on": date(2015, 6, 17), "status": "done", "result": "signed", "class": None}, row],
        "people": [{"party_id": "P-1", "name": "Edda Lutreron", "belongs": True}],
        "owed": [
            {
                "undertaking_id": "U-1",
                "kind": "rm_promise",
                "owed_by": "bank",
                "title": "Answer.",
                "due_on": date(2015, 7, 9),
            }
        ],
    }
    one = related(offered(facts(RED)), **frames)
    english, chinese = spaced(one, "en"), spaced(one, "zh")
    for said in (
        "Planned for 2 July 2015 Due 6 July 2015 State proposed Channel Visit Purpose Post-loan check",
        "Whom to see Edda Lutreron From the bank Luo Han Time needed 51 minutes Last contact 17 June 2015 Its outcome information gained",
        "Urgency 2 red signal",
        "Reason for the visit MGT-42 Persistent fall in deposits or settlement volume at our bank, complaint K-1, "
        "method 6 Maintenance visit, contact rhythm, stopped using: Payroll",
        "Goal Understand what lies behind the signal",
        "To bring CU4 Working scheme, sheet on Settlement SET-1",
        "Held on Result, goal met? Next date agreed",
        "U-1 Promise: Answer. (due 9 July 2015)",
        "Offer Settlement SET-1 (inflow of twelve months USD 0)",
        "How satisfied are you with me, and with the bank? Why?",
    ):
        assert said in english, said
    for said in (
        "计划日期 2015年7月2日 应访日期 2015年7月6日 状态 建议 方式 上门拜访 目的 贷后检查",
        "MGT-42 在银行的存款余额或结算量持续下降、投诉K-1、方法6 维护拜访、联系周期、停用代发工资",
        "U-1 承诺：Answer.（2015年7月9日到期）",
        "准备材料 CU4 作业方案、国内结算套餐产品说明",
        "您对我本人和对我行业务各有多满意？为什么？",
    ):
        assert said in chinese, said
    own = related(one, visit_plan=[{**row, "goal_text": "Hear about the new plant."}])
    assert "Goal Hear about the new plant." in spaced(own, "en")


@pytest.mark.parametrize(
    ("status", "english", "chinese"),
    [
        ({"reason": "no_rm"}, "the client has no relationship manager.", "客户未分配客户经理。"),
        ({"reason": "cannot_fit"}, "the manager's days are full", "客户经理日程已满"),
        ({"reason": "no_rhythm"}, "the client has no grade", "客户无级别"),
        ({"next_on": date(2015, 9, 1)}, "the next date is 1 September 2015.", "下一日期为2015年9月1日。"),
    ],
)
def test_a_client_without_a_visit_ahead_is_told_why(
    facts: Callable[[str], Facts], status: dict[str, Any], english: str, chinese: str
) -> None:
    one = related(facts(RED), visit_plan=[], visit_status=[status])
    assert english in page(one, "en")
    assert chinese in page(one, "zh")


# ---- the forms -------------------------------------------------------------------------------------------------------


def test_dealings_stand_in_three_groups_with_growth_and_multiples_apart(facts: Callable[[str], Facts]) -> None:
    lines = [
        {"line": "working_capital", "since": date(2013, 1, 27), "balance": 325000000, "balance_prev": 0, "limit_amount": 601000000,
         "used_share": 0.72, "turnover_12m": 325000000, "count_12m": 1, "next_maturity": date(2016, 2, 16), "overdue": 0,
         "npl_balance": 0, "rate": 0.055, "our_share": 0.204, "share_estimated": False, "trend": [1] * 13,
         "remark": ["maturing_30d", "over_limit"]},
        {"line": "settlement_in", "turnover_12m": 2423874499, "turnover_yoy": 0.208, "count_12m": 232, "trend": [None] * 12 + [1]},
        {"line": "demand_deposit", "balance": 214816744, "adb_year": 368184539, "adb_yoy": 0.412, "our_share": 0.7,
         "share_estimated": True, "trend": [5, 4, 3], "remark": []},
    ]  # fmt: skip
    one = related(facts(RED), business_dealings=lines)
    english, chinese = spaced(one, "en"), spaced(one, "zh")
    assert "Demand deposits — 2,148 — — 3,682 +41.2% 70.0%* —" in english
    assert "Settlement in — 24,239 0.21× 232 — —" in english
    assert "Working-capital loans 2013-01-27 2016-02-16 3,250 0 6,010 72.0% 3,250 1 0 0 5.50% 20.4%" in english
    assert "matures in 30 days, over the limit" in english
    assert (
        english.index("Demand deposits —")
        < english.index("Settlement in —")
        < english.index("Working-capital loans 2013")
    )
    assert "Known of none of these lines: Income, 12 months." in english
    assert "活期 — 214.82 — — 368.18 +41.2% 70.0%* —" in chinese
    assert "0.21倍" in chinese
    assert "30天内到期、超额度" in chinese
    html = document("maintenance", one, "en").html(AT)
    assert html.count("<title>Thirteen months</title>") == 2  # one month alone is no trend


def test_products_that_fit_carry_the_figure_and_why_not_now(facts: Callable[[str], Facts]) -> None:
    fitting = [
        {"product_id": "TRF-2", "family": "trade_finance", "figure": "receivable_days", "value": 94.0, "barred": []},
        {
            "product_id": "SET-1",
            "family": "settlement",
            "figure": "opin_12",
            "value": 4e9,
            "barred": ["red", "declined"],
        },
    ]
    stopped = [{"family": "payroll", "last_used_on": date(2015, 2, 1), "visit_due_on": date(2015, 7, 10)}]
    one = related(facts(RED), products_fitting=fitting, products_held=[], stopped_using=stopped)
    english, chinese = spaced(one, "en"), spaced(one, "zh")
    assert "Trade finance TRF-2 供应链融资 receivables of 94 days" in english
    assert (
        "Settlement SET-1 国内结算套餐 inflow of twelve months USD 40.0 million risk is red, declined in 180 days"
        in english
    )
    assert "Stopped using: Payroll, last used on 1 February 2015; find out why by 10 July 2015." in english
    assert "No product is on record for the client." in english
    assert "贸易融资 TRF-2 供应链融资 应收账款周转94天" in chinese
    assert "停用：代发工资，最近使用2015年2月1日；须于2015年7月10日前上门了解原因。" in chinese


def test_satisfaction_with_the_manager_and_with_the_bank_stand_apart(facts: Callable[[str], Facts]) -> None:
    rows = [
        {"subject": "bank", "score": 4.8, "answers": 6, "newest_on": date(2015, 6, 8), "expectation": "exceeds", "falling": False,
         "ask_due_on": date(2015, 12, 5)},
        {"subject": "rm", "score": 3.2, "answers": 10, "newest_on": date(2015, 6, 8), "expectation": "dissatisfied", "falling": True,
         "falling_item": "keeps_promises", "call_due_on": date(2015, 7, 3), "bias": 1.25},
    ]  # fmt: skip
    one = related(facts(RED), satisfaction=rows)
    assert (
        "Relationship manager 3.20 10 8 June 2015 dissatisfied yes: keeps promises Call by 3 July 2015, by someone other than "
        "the manager The bank's business 4.80 6 8 June 2015 beyond expectation no Ask by 5 December 2015 Read with care: "
        "answers the manager collected are 1.25 higher than independent ones."
    ) in spaced(one, "en")
    assert "客户经理 3.20 10 2015年6月8日 不满意 是：兑现承诺的程度 2015年7月3日前由客户经理以外的人致电" in spaced(
        one, "zh"
    )
    rows[1]["bias"] = 0.99
    assert "Read with care" not in page(related(facts(RED), satisfaction=rows))


def complaint(number: str, **more: Any) -> dict[str, Any]:
    known = {
        "complaint_id": number, "contact_id": "P-1", "complainant_posts": ["legal_rep_of"], "received_on": date(2015, 5, 20),
        "channel": "regulator", "handler": "Tang Rui", "target": "rm", "category": "attitude", "product": "settlement",
        "severity": 2, "content": "The tone was impolite.", "demand": "An apology.", "deadline": date(2015, 6, 19),
        "acknowledged_h": 9.5, "facts": "The recording bears it out.", "fault": "both", "promises_due": 2, "promises_kept": 1,
        "solution": [{"title": "Call back.", "due_on": date(2015, 5, 25), "done_on": date(2015, 5, 24), "outcome": "done"}],
        "outcome": "partly_upheld", "closed_on": date(2015, 5, 29), "is_open": False, "days_open": 9, "overdue": False,
        "root_cause": "staff_behaviour", "corrective": "Training.", "client_score": 3, "is_repeat": True, "similar_365": 6,
        "follow_ups": [{"days": 30, "due_on": date(2015, 6, 28), "held_on": None, "state": "due"}],
    }  # fmt: skip
    return known | more


def test_a_complaint_is_a_card_with_the_rules_not_kept(facts: Callable[[str], Facts]) -> None:
    rules = [
        {"complaint_id": "K-2", "rule": 1, "state": "failed", "part": "acknowledged", "measured": 9.5, "limit": 4.0},
        {"complaint_id": "K-2", "rule": 2, "state": "kept", "part": "restated"},
        {"complaint_id": "K-2", "rule": 13, "state": "failed", "part": "follow_up_30", "measured": None, "limit": 30.0},
        {"complaint_id": "K-1", "rule": 4, "state": "failed", "part": "facts"},
    ]
    old = complaint("K-1", received_on=date(2014, 6, 1), closed_on=date(2014, 6, 29))
    people_ = [{"party_id": "P-1", "name": "Tilda Ruskand", "belongs": True}]
    one = related(facts(RED), complaint_cards=[old, complaint("K-2")], complaint_rules=rules, people=people_)
    english, chinese = spaced(one, "en"), spaced(one, "zh")
    for said in (
        "K-2 Received 20 May 2015 Received through regulator Received by Tang Rui Complaint about relationship manager",
        "First answer after 9.5 working hours Fault both Promises kept 1 of 2 on time Result upheld in part Time taken 9 days",
        "A repeat yes Alike in a year 6 Closed 29 May 2015 Client's score (1 to 5) 3",
        "Complainant Tilda Ruskand (legal representative)",
        "Solution Call back., 2015-05-24, done",
        "Follow-ups 30 days: due 2015-06-28",
        "1 Take it seriously, look into it at once, do not delay first answer after 9.5 working hours (limit 4)",
        "13 Keep it in mind at all times the follow-up after 30 days was missed",
        "K-1 1 June 2014 Attitude complex 29 June 2014 upheld in part",  # a year and a day ago: a line
    ):
        assert said in english, said
    assert "not repeated back" not in english
    assert "1 认真对待，抓紧调查，不拖延 首次回应用时9.5个工作小时（限4）" in chinese
    assert "抱怨人/职务 Tilda Ruskand（法定代表人）" in chinese
    assert "承诺兑现 2项中1项按期" in chinese
    kept = related(one, complaint_rules=[])
    assert "No rule was broken as far as the records show." in page(kept)
    opened = related(
        one, complaint_cards=[complaint("K-3", is_open=True, closed_on=None, received_on=date(2013, 1, 1))]
    )
    assert "K-3 open" in page(opened)


def plan(**more: Any) -> dict[str, Any]:
    known = {
        "grade": "B", "relationship_level": "cooling", "quadrant": "senior_visit", "share_loans": 0.204, "share_loans_change": 0.0,
        "share_flow": 0.111, "share_flow_change": -0.077, "share_deposit": None, "decision_makers": ["Edda Lutreron"],
        "other_banks": 1, "promoter_id": "P-5", "promoter": "Ivo Tern", "promoter_function": "sales", "promoter_stance": "critical",
    }  # fmt: skip
    return known | more


def test_the_plan_card_leaves_room_for_what_nobody_has_decided(facts: Callable[[str], Facts]) -> None:
    rivals = [
        {"bank_id": None, "seen_in": ["flows"], "flow_90": 1193736, "threat": "low"},
        {"bank_id": "B", "bank": "Harbour Bank", "seen_in": ["links", "events"], "products_there": ["deposit"], "share_there": 0.3,
         "share_there_change": 0.01, "since": date(2013, 2, 14), "their_strength": "price", "threat": "high"},
    ]  # fmt: skip
    acts = [
        {"undertaking_id": "U-1", "title": "Branch head visits.", "owner_id": "RM7", "senior_id": "BH3", "start_on": date(2015, 4, 7),
         "due_on": date(2015, 8, 31), "outcome": "open"},
        {"gap": "share_flow_fell", "measure": 8, "owner_id": "RM7", "target": "share_flow", "start_value": 0.188, "now_value": 0.111},
        {"gap": "complaint", "measure": 6, "owner_id": "RM7", "target": "complaint_free_days", "start_value": 3.0, "now_value": 41.0},
    ]  # fmt: skip
    one = related(
        facts(RED), strengthening_plans=[plan()], strengthening_competitors=rivals, strengthening_actions=acts
    )
    english, chinese = spaced(one, "en"), spaced(one, "zh")
    for said in (
        "Our share: loans 20.4% (0.0 pp) Our share: settlement 11.1% (−7.7 pp) Our share: deposits —",
        "Promoter inside the client Ivo Tern, Sales, critical Decision makers Edda Lutreron Other banks that lend 1",
        "unnamed bank own-name transfers — — — 12 low",
        "Harbour Bank known accounts, word of a contact Deposits 30.0% (+1.0 pp) 2013-02-14 — price high",
        "Our share of settlement fell 8 Differentiated service Wu Dan our share of settlement 18.8% → 11.1%",
        "Complaints of the client 6 Maintenance visit Wu Dan days without a complaint 3 → 41",
        "Other Branch head visits. Wu Dan Luo Han 2015-04-07 2015-08-31 still open",
        "Personal ties between the other bank's people and the client's are not kept here.",
        "Plan made on Relationship manager Supervisor",
    ):
        assert said in english, said
    assert english.index("Our share of settlement fell 8") < english.index("Other Branch head")
    assert "我行结算份额下降 8 差别维护 Wu Dan 我行结算份额 18.8%→11.1%" in chinese
    card = document("maintenance", one, "en").html(AT).split("table 11-6")[1].split("</section>")[0]
    # a strength; action, days and outcome of two gaps; measure, target and progress of the other; two lines of eight
    assert card.count('<td class="write">') == 1 + 2 * 3 + 3 + 2 * 8
    tied = [{**rivals[1], "their_person": "Max Roe", "tie": "classmate_of", "tie_to": "promoter", "closeness": 4}]
    switched_on = related(one, strengthening_competitors=tied)
    assert "Max Roe classmate, Promoter, closeness 4 of 5" in spaced(switched_on, "en")
    assert "Max Roe 同学、主要推动者、亲疏4分" in spaced(switched_on, "zh")
    assert "are not kept here" not in page(switched_on)
    none = related(one, strengthening_plans=[])
    assert "No plan is asked for: plans are for grades A and B" in page(none)


def test_dates_and_debts_are_told_with_what_they_are_about(facts: Callable[[str], Facts]) -> None:
    rows = [
        {"day": date(2015, 7, 2), "kind": "birthday", "about_id": "P-1", "said": "Edda Lutreron"},
        {"day": date(2015, 7, 3), "kind": "loan_matures", "about_id": "L-1", "said": "overdraft", "amount": 40000000},
        {"day": date(2015, 7, 4), "kind": "document_expires", "about_id": "BI1"},
        {"day": date(2015, 7, 5), "kind": "founding", "since": date(1998, 7, 5)},
        {"day": date(2015, 7, 6), "kind": "client_owes", "about_id": "U-2", "said": "Debt below 70%.", "amount": None},
        {"day": date(2015, 7, 7), "kind": "client_day"},
        {"day": date(2015, 9, 27), "kind": "holiday", "about_id": "mid_autumn"},
    ]
    debts = [
        {"undertaking_id": "U-1", "kind": "rm_promise", "owed_by": "bank", "owner_id": "RM7", "title": "Answer.", "due_on": date(2015, 6, 1)},
        {"undertaking_id": "U-2", "kind": "covenant", "owed_by": "client", "title": "Debt.", "due_on": date(2015, 7, 6)},
        {"undertaking_id": "U-3", "kind": "payment_promise", "owed_by": "client", "title": "Pay.", "due_on": None},
    ]  # fmt: skip
    one = related(facts(RED), dates=rows, owed=debts)
    english, chinese = spaced(one, "en"), spaced(one, "zh")
    for said in (
        "2 July 2015 Birthday Edda Lutreron",
        "3 July 2015 Loan matures Overdraft, L-1, USD 400,000",
        "4 July 2015 Document to renew BI1 Basic information and investigation form",
        "5 July 2015 Founding day since 5 July 1998",
        "6 July 2015 Client owes Debt below 70%., U-2",
        "7 July 2015 Client's own day —",
        "27 September 2015 Holiday Mid-Autumn Festival",
        "1 June 2015 Promise U-1 Answer. Wu Dan",
        "— Promise to pay U-3 Pay. the client",
    ):
        assert said in english, said
    assert "Covenant U-2" not in english  # not due yet: it stands among the dates
    assert "2015年7月3日 贷款到期 法人透支、L-1、40.00万美元" in chinese
    assert "2015年9月27日 节日 中秋节" in chinese


def test_gaps_in_the_archive_stand_critical_ones_first(facts: Callable[[str], Facts]) -> None:
    rows = [
        {"subject_id": RED, "checklist": "cultivation", "item_code": "CU4", "state": "missing", "weight": 1},
        {"subject_id": RED, "checklist": "fixed_asset_borrower", "item_code": "FB02", "about_id": "L-1", "state": "expired",
         "weight": 3, "valid_until": date(2015, 5, 5)},
        {"subject_id": "G-1", "checklist": "fixed_asset_guarantor", "item_code": "FG1", "state": "missing", "weight": 3},
        {"subject_id": RED, "checklist": "basic_info", "item_code": "BI2", "state": "ok", "weight": 1, "agrees": False},
        {"subject_id": RED, "checklist": "basic_info", "item_code": "BI3", "state": "ok", "weight": 3, "agrees": None},
    ]  # fmt: skip
    one = related(facts(RED), archives=rows, archive_scores=[{"score": 0.79, "level": "not_complete"}])
    english = spaced(one, "en")
    assert "Not complete, score 79%." in english
    assert re.search(
        r"FB02 Permits to invest, build and start work \(critical\) Fixed-asset loan: borrower L-1 expired 2015-05-05 "
        r"FG1 Guarantor: business licence \(critical\) Fixed-asset loan: guarantor G-1 missing — "
        r"CU4 Working scheme Client development — missing —",
        english,
    )
    assert "On file, but other tables do not bear it out: BI2 The client's needs." in english
    assert "不完整，完整率79%。" in spaced(one, "zh")


# ---- what is not known, what is hostile ------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_connected_is_said_table_by_table(facts: Callable[[str], Facts], locale: str) -> None:
    one = facts(UNFED)
    bare = replace(one, related={name: [] for name in one.related}, run=replace(one.run, feeds={}, names={}))
    said = page(bare, locale)
    for told in {
        "en": (
            "nothing is known of meetings.", "the client's people are not known.", "nothing is known of complaints.",
            "nothing is known of what the client holds or needs.", "nobody knows how satisfied the client is.",
            "what is on file is not known.", "The client has no account, loan, credit line or product with us",
            "No date is known in the next 90 days.", "Tonight's records ask for nothing.",
        ),
        "zh": (
            "无从得知会面情况。", "客户方人员不明。", "无从得知抱怨情况。", "持有与需求情况不明。", "客户满意度不明。", "档案情况不明。",
            "客户在我行无账户、贷款、授信额度或产品", "未来90天无已知日期。", "当晚记录无须采取措施。",
        ),
    }[locale]:  # fmt: skip
        assert told in said, told
    assert "None" not in said


def test_a_client_of_whom_little_is_known_does_not_look_healthy(facts: Callable[[str], Facts]) -> None:
    said = page(facts(UNFED))
    assert re.search(r"In order ?as far as is known", said)
    assert re.search(r"\d of 13 signs could not be answered\.", said)
    assert "Nobody at the client is on file: find out who decides." in said
    whole = replace(facts(UNFED), answers=dict.fromkeys(facts(UNFED).answers, "CLEAR"))
    assert "as far as is known" not in page(whole)


@pytest.mark.parametrize("locale", LOCALES)
def test_text_that_people_wrote_is_inert_wherever_it_stands(facts: Callable[[str], Facts], locale: str) -> None:
    one = facts(RED)
    row = next(row for row in one.related["visit_plan"] if row["status"] in ("planned", "proposed"))
    hostile = related(
        one,
        actions=[action(contact_id="P-1")],
        people=[{"party_id": "P-1", "name": HOSTILE, "belongs": True}],
        owed=[{"undertaking_id": "U-1", "kind": "rm_promise", "owed_by": "bank", "title": HOSTILE, "due_on": date(2015, 6, 1)}],
        dates=[{"day": date(2015, 7, 3), "kind": "client_owes", "about_id": HOSTILE, "said": HOSTILE},
               {"day": date(2015, 7, 4), "kind": "holiday", "about_id": HOSTILE}],
        visit_plan=[{**row, "goal_text": HOSTILE, "contact_id": HOSTILE, "topics": ["undertakings:U-1"]}],
        complaint_cards=[complaint("K-2", content=HOSTILE, demand=HOSTILE, facts=HOSTILE, corrective=HOSTILE, handler=HOSTILE)],
        strengthening_plans=[plan(promoter=HOSTILE, decision_makers=[HOSTILE] * 9)],
        strengthening_competitors=[{"bank": HOSTILE, "their_person": HOSTILE, "tie": "friend_of"}],
        strengthening_actions=[{"undertaking_id": "U-9", "title": HOSTILE, "owner_id": HOSTILE, "outcome": "open"}],
        products_held=[{"product_id": HOSTILE, "family": "fx", "holding_id": "H"}],
    )  # fmt: skip
    html = document("maintenance", hostile, locale).html(AT)
    assert "<script" not in html
    assert words_of(html).count("<script>{{7*7}}</script>") >= 20
    pdf = paper.pdf(document("maintenance", hostile, locale), hostile, AT)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert 2 <= len(opened.pages) <= 8


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("client", [RED, QUIET, UNFED])
def test_who_how_and_what_to_do_stand_on_the_first_of_two_to_five_pages(
    facts: Callable[[str], Facts], client: str, locale: str
) -> None:
    one = facts(client)
    with pikepdf.open(io.BytesIO(paper.pdf(document("maintenance", one, locale), one, AT))) as pdf:
        assert 2 <= len(pdf.pages) <= 5
        whole = printed_text(pdf)
        del pdf.pages[1:]
        first = printed_text(pdf)
    marks = {
        "en": ("For the relationship manager and the supervisor. Not for the client.", "What to do next", "Next visit (table 11-5)"),
        "zh": ("仅供客户经理及其主管使用，不得提供给客户。", "下一步行动", "下次访问（表11-5）"),
    }  # fmt: skip
    assert one.client_id in first
    places = [first.index(mark) for mark in marks[locale]]
    assert places == sorted(places)
    last = "Gaps in the archive" if locale == "en" else "客户档案缺口"
    assert last in whole
    assert last not in first


def test_a_book_of_clients_is_told_without_an_error_or_a_raw_code(facts: Callable[[str], Facts]) -> None:
    for number in range(0, 30, 3):
        one = facts(f"C{number:04}")
        one = replace(one, run=replace(one.run, provenance={}))  # the source's name has codes in it
        for locale in LOCALES:
            said = page(one, locale)
            assert re.findall(r"[a-z]{3,}_[a-z_]{2,}", said) == []
            assert "None" not in said


def test_a_trend_that_says_nothing_is_not_drawn_and_zero_lies_on_the_ground() -> None:
    assert cells.trend([None, 5, None], "t") == ""
    flat = re.findall(r'points="([^"]*)"', cells.trend([0, 0, 0], "t"))[0]
    assert {point.split(",")[1] for point in flat.split()} == {"11.0"}
    below = cells.trend([-(10**15), 10**15], "<b>")
    assert "&lt;b&gt;" in below
    assert [float(point.split(",")[1]) for point in re.findall(r'points="([^"]*)"', below)[0].split()] == [11.0, 1.0]
    assert cells.growth(0.05, "en") == "+5.0%"
    assert cells.growth(-0.412, "zh") == "−41.2%"
    assert cells.growth(None, "en") == "—"


def test_the_strip_has_a_tick_for_every_two_way_contact_in_its_months(facts: Callable[[str], Facts]) -> None:
    one = facts(RED)
    rows = [
        {"on": date(2015, 6, 17), "channel": "visit", "purpose": "information", "warmth": 4, "two_way": True},
        {"on": date(2014, 1, 5), "channel": "phone", "purpose": "greeting", "warmth": None, "two_way": True},
        {"on": date(2014, 1, 9), "channel": "email", "purpose": "greeting", "warmth": None, "two_way": False},
        {
            "on": date(2013, 6, 30),
            "channel": "visit",
            "purpose": "greeting",
            "warmth": 3,
            "two_way": True,
        },  # 25 months ago
    ]
    html = document("maintenance", replace(one, series={**one.series, "contact_history": rows}), "en").html(AT)
    strip = html.split("Two-way contacts, 24 months</title>")[1].split("</svg>")[0]
    assert re.findall(r" 30v(-20|-9)", strip) == ["-20", "-9"]
