"""The risk report, chapter by chapter: its sentences in both languages, its figures, its marks, its length."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import pikepdf
import pytest

from flows import nights, paper
from reports.charts import Mark
from reports.documents import document
from reports.facts import Facts
from reports.labels import LABELS
from reports.marks import credit, flows, marks
from reports.sections import connections, data_notes, exposure, financials, history, level, reasons
from reports.sections import flows as turnover
from reports.words import Words
from transforms.context.contagion import ON_AFFILIATE, ON_GUARANTOR, ON_KEY_PARTY
from transforms.contracts import MOVE
from transforms.relationship.connections import TIES
from transforms.signals import CATALOGUE

RED, QUIET, UNFED, LATE = "C0012", "C0011", "C0000", "C0015"
EN, ZH = Words("en"), Words("zh")
LOCALES = ("en", "zh")
T = date(2015, 6, 30)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def facts(night: nights.Published) -> Callable[[str], Facts]:
    @cache
    def of(client: str) -> Facts:
        return paper.again(night, client, "risk", "en")[1]

    return of


# ---- the level and what changed --------------------------------------------------------------------------------------

FIRST = (None, T, "new", None, "R")


def moved(
    own: Facts, moves: list[tuple[Any, ...]], since: date = T, code: str = "R", reasons: tuple[str, ...] = ()
) -> Facts:
    names = ("signal_id", "on", "move", "before", "after")
    rows = [{"client_id": own.client_id, **dict(zip(names, move, strict=True))} for move in moves]
    said = {"risk_level": code, "since": since, "reasons": list(reasons)}
    here = [{**own.findings[0], "signal_id": signal} for signal in reasons]
    return replace(own, moves=rows, findings=here, assessment={**own.assessment, **said})


MARCH = date(2015, 3, 2)
SENTENCES = {
    "a first night": (
        ([FIRST, ("MGT-42", T, "new", None, "R"), ("FIN-07", T, "new", None, "W")], T, "R", ("MGT-42", "FIN-07")),
        "Red since 30 June 2015, when first assessed: new MGT-42 (Red) and 1 more.",
        "自2015年6月30日首次评估起为红色：新增MGT-42（红色）等2项。",
    ),
    "a first night without findings": (
        ([(None, T, "new", None, "clear")], T, "clear", ()),
        "Clear since 30 June 2015, when first assessed.",
        "自2015年6月30日首次评估起为正常。",
    ),
    "worse tonight, with what came, grew and went": (
        (
            [
                (None, MARCH, "new", None, "W"), (None, T, "worse", "W", "R"), ("FIN-08", MARCH, "new", None, "A"),
                ("FIN-08", T, "cleared", "A", None), ("MGT-42", T, "worse", "A", "R"), ("FIN-07", T, "new", None, "W"),
                ("MGT-13", T, "new", None, "A"), ("ADD-07", T, "better", "A", "W"),
            ], T, "R", ("MGT-42", "MGT-13", "FIN-07", "ADD-07"),
        ),
        "Red since 30 June 2015, before that Watch: new MGT-13 (Alert) and 1 more; worse MGT-42 (Red); milder ADD-07 "
        f"(Watch); cleared FIN-08 {CATALOGUE['FIN-08'].en} (Alert).",
        "自2015年6月30日起为红色，此前为关注：新增MGT-13（预警）等2项；恶化MGT-42（红色）；好转ADD-07（关注）；解除FIN-08 "
        "所有者权益或销售收入降低25%以上（预警）。",
    ),
    "a level that stood while a finding came": (
        ([(None, MARCH, "better", "R", "A"), ("MGT-13", T, "new", None, "W")], MARCH, "A", ("MGT-13",)),
        "Alert since 2 March 2015, before that Red; last change on 30 June 2015: new MGT-13 (Watch).",
        "自2015年3月2日起为预警，此前为红色；最近一次变动在2015年6月30日：新增MGT-13（关注）。",
    ),
    "conduct of the manager is no change of the risk": (
        ([(None, MARCH, "better", "R", "A"), ("REL-01", T, "new", None, "R")], MARCH, "A", ()),
        "Alert since 2 March 2015, before that Red.",
        "自2015年3月2日起为预警，此前为红色。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES)
def test_level_and_change_are_one_sentence(facts: Callable[[str], Facts], case: str) -> None:
    given, english, chinese = SENTENCES[case]
    own = moved(facts(RED), *given)
    assert level.moved(own, EN) == english
    assert level.moved(own, ZH) == chinese


def test_what_changed_stands_on_the_page_and_hangs_on_no_night(facts: Callable[[str], Facts]) -> None:
    given, english, _ = SENTENCES["a level that stood while a finding came"]
    own = moved(facts(RED), *given)
    assert english in document("risk", own, "en").html(T)
    later = replace(own, run=replace(own.run, as_of=date(2015, 7, 1)))
    assert document("risk", later, "en").digest == document("risk", own, "en").digest


def test_every_move_has_words() -> None:
    assert set(MOVE.categories) == set(level.MOVES) == set(LABELS["move"])


# ---- twelve months -----------------------------------------------------------------------------------------------


def test_the_history_tells_each_day_of_the_last_year_the_newest_first(facts: Callable[[str], Facts]) -> None:
    old, autumn = date(2013, 2, 1), date(2014, 9, 3)
    moves = [
        (None, old, "new", None, "clear"), (None, autumn, "worse", "clear", "W"), (None, T, "worse", "W", "R"),
        ("FIN-08", autumn, "new", None, "W"), ("MGT-42", T, "new", None, "R"), ("FIN-08", old, "new", None, "A"),
    ]  # fmt: skip
    told = history.facts(moved(facts(RED), moves, reasons=("MGT-42", "FIN-08")), EN)
    assert told is not None
    assert told["days"] == [
        ("30 June 2015", "Red; new MGT-42 (Red)"),
        ("3 September 2014", "Watch; new FIN-08 (Watch)"),
    ]
    assert told["earlier"] is None
    # clear from the year's first day, watch on its 64th, red on its last: 232 units for 364 days from 70
    assert 'd="M70.0 60.5L110.8 60.5L110.8 38.5L302.0 38.5L302.0 16.5H310"' in told["chart"]
    for said in ("July 2014", "April 2015", "● Non-performing", "○ Clear"):
        assert said in told["chart"]


def test_many_changes_are_told_six_at_a_time(facts: Callable[[str], Facts]) -> None:
    days = [date(2015, month, 1) for month in (1, 2, 3, 4, 5, 6)] + [date(2014, 12, 1), date(2014, 11, 1)]
    moves = [
        (None, day, "worse" if n % 2 else "better", "W", "A" if n % 2 else "W") for n, day in enumerate(sorted(days))
    ]
    told = history.facts(moved(facts(RED), moves), EN)
    assert told is not None
    assert (len(told["days"]), told["earlier"]) == (6, "2")


@pytest.mark.parametrize(
    "moves",
    [[], [FIRST], [FIRST, ("MGT-42", T, "new", None, "R")], [(None, date(2012, 1, 1), "worse", "A", "R"), (None, date(2011, 1, 1), "new", None, "A")]],
    ids=["nothing known", "first night", "first night with findings", "no change for years"],
)  # fmt: skip
def test_a_level_that_never_changed_needs_no_chart(facts: Callable[[str], Facts], moves: list[Any]) -> None:
    assert history.facts(moved(facts(RED), moves), EN) is None


# ---- charts and their marks ----------------------------------------------------------------------------------------

MONTHS = [date(2015, month, 1) for month in range(1, 7)]


def found(signal: str, keys: list[str], start: date | None = None, state: str = "standing", code: str = "A") -> Row:
    return {
        "signal_id": signal, "source_keys": keys, "period_from": start, "period_to": T, "state": state, "level": code,
    }  # fmt: skip


def test_a_chart_is_marked_by_whatever_finding_speaks_of_its_months(facts: Callable[[str], Facts]) -> None:
    quarter = "transactions:C|2015-04..2015-06"
    rows = [
        found("FIN-07", ["balances:C|2015-04..2015-06", quarter], code="W"),
        found("MGT-42", [quarter], code="R"),
        found("ADD-07", ["bureau_reports:C|2015-04-13", "transactions:C|2014-07..2015-02"]),
        found("MGT-13", [quarter], state="resolved"),
        found("REL-13", [quarter]),
        found("ADD-03", ["transactions:A-1|2015-05-04|T1"]),  # single payments are not the series
        found("MGT-33", ["transactions:C|2013-01..2014-12"]),  # before the chart begins
    ]
    own = replace(facts(RED), findings=rows, assessment={**facts(RED).assessment, "reasons": ["MGT-42", "ADD-07"]})
    assert marks(own, EN, MONTHS, flows) == [Mark(3, 5, "■ MGT-42, FIN-07"), Mark(0, 1, "▲ ADD-07")]
    assert marks(own, EN, MONTHS, credit) == []


def test_a_chart_of_lines_is_marked_by_findings_of_lines_and_loans_alone(facts: Callable[[str], Facts]) -> None:
    rows = [
        found("MGT-48", ["loan_status:L-1|2015-06-30"], code="N"),
        found("ADD-06", ["loans:L-1"], start=date(2015, 4, 8)),
        found("MOR-09", ["loan_status:L-1|2015-06-30", "statements:C|2014-12-31|Y|consolidated|1"]),
        found("MGT-09", []),
    ]
    own = replace(facts(RED), findings=rows, assessment={**facts(RED).assessment, "reasons": ["MGT-48", "ADD-06"]})
    assert marks(own, ZH, MONTHS, credit) == [Mark(5, 5, "● MGT-48"), Mark(3, 5, "▲ ADD-06")]
    # the running month has no place of its own: the newest full one is marked
    assert marks(own, ZH, MONTHS[:5], credit) == [Mark(4, 4, "● MGT-48"), Mark(3, 4, "▲ ADD-06")]


def test_marks_are_at_most_three_and_name_five(facts: Callable[[str], Facts]) -> None:
    same = [found(signal, ["transactions:C|2015-04..2015-06"]) for signal in list(CATALOGUE)[:7]]
    spans = [found(f"ADD-0{n}", [f"transactions:C|2015-0{n}..2015-06"]) for n in (1, 2, 3)]
    made = marks(replace(facts(RED), findings=[*same, *spans]), EN, MONTHS, flows)
    assert len(made) == 3
    assert made[0].label == "▲ EXT-01, EXT-02, EXT-03, EXT-04, EXT-05 and 2 more"


def test_the_pages_charts_carry_their_marks(facts: Callable[[str], Facts]) -> None:
    money = turnover.facts(facts(RED), EN)
    assert money["marked"]
    assert "■ MGT-42" in money["chart"]
    assert money["chart"].count("<rect") == 1
    for said in ("— Balance", "□ Inflow", "■ Outflow"):
        assert said in money["chart"]
    lines = exposure.facts(facts(LATE), ZH)
    assert "● MGT-48" in lines["chart"]
    assert "— 授信额度" in lines["chart"]
    assert "<rect" not in exposure.facts(facts(QUIET), EN)["chart"]


# ---- the statements ------------------------------------------------------------------------------------------------

YEAR: Row = {
    "period_end": date(2014, 12, 31), "received_on": date(2015, 4, 20), "scope": "consolidated", "revenue": 21_766_500_000,
    "profit_before_tax": -930_300_000, "net_profit": 805_500_000, "cfo": None, "total_assets": 12_023_200_000,
    "total_liabilities": 5_770_200_000, "equity": None, "current_assets": None, "current_liabilities": None,
    "accounts_receivable": None, "inventory": None, "revenue_growth": 0.0537, "profit_margin": -0.0427, "debt_ratio": 0.4799,
    "current_ratio": 1.976, "receivable_days": 72.656, "inventory_days": 29.3, "interest_cover": None, "cash_to_profit": 0.8,
}  # fmt: skip
PEERS: Row = {
    "period_end": date(2014, 12, 31), "peers": 49, "revenue": 22_406_200_000.0, "debt_ratio": 0.5226, "current_ratio": 2.127,
}  # fmt: skip


def filed(own: Facts, years: list[Row], peers: list[Row]) -> Facts:
    return replace(own, series={**own.series, "statement_history": years, "peer_years": peers})


def test_ratios_stand_beside_the_peers_medians(facts: Callable[[str], Facts]) -> None:
    told = financials.facts(filed(facts(RED), [{**YEAR, "period_end": date(2013, 12, 31)}, YEAR], [PEERS]), EN)
    assert told["years"] == ["2013", "2014"]
    assert told["peers"] == "Median of 49 peers"
    assert told["lines"][:2] == [
        ("Revenue", ["217,665", "217,665"], "224,062"),
        ("Profit before tax", ["−9,303", "−9,303"], "—"),  # a median of too few is unknown
    ]
    assert [name for name, *_ in told["lines"]] == [
        "Revenue",
        "Profit before tax",
        "Net profit",
        "Total assets",
        "Total liabilities",
    ]
    assert [(name, values[1], peer) for name, values, peer in told["ratios"]] == [
        ("Growth of revenue", "5.4%", "—"),
        ("Profit before tax to revenue", "−4.3%", "—"),
        ("Liabilities to assets", "48.0%", "52.3%"),
        ("Current ratio", "1.98×", "2.13×"),
        ("Receivable days", "73", "—"),
        ("Inventory days", "29", "—"),
        ("Operating cash flow to net profit", "0.80×", "—"),
    ]
    assert told["without"] == "Interest cover"
    chinese = financials.facts(filed(facts(RED), [YEAR], [PEERS]), ZH)
    assert ("流动比率", ["1.98倍"], "2.13倍") in chinese["ratios"]
    assert chinese["lines"][0] == ("营业收入", ["21,766.50"], "22,406.20")


def test_without_peers_the_column_says_so_and_the_chart_has_no_tick(facts: Callable[[str], Facts]) -> None:
    own = filed(facts(RED), [YEAR], [])
    told = financials.facts(own, EN)
    assert "median of the peers" not in told["chart"]
    assert "median of the peers" in financials.facts(filed(own, [YEAR], [PEERS]), EN)["chart"]
    assert "0 peers: too few" in document("risk", own, "en").html(T)
    assert "同业仅0户，无中位数" in document("risk", own, "zh").html(T)
    blank = {**dict.fromkeys(YEAR), **{name: YEAR[name] for name in ("period_end", "received_on", "scope")}}
    assert financials.facts(filed(own, [blank], []), EN)["chart"] is None


def test_a_filing_newer_than_the_full_years_is_said(facts: Callable[[str], Facts]) -> None:
    own = filed(facts(RED), [YEAR], [PEERS])
    assert financials.facts(own, EN)["newer"] is None
    newer = replace(own, client={**own.client, "statement_period_end": date(2015, 3, 31), "statement_months": 3})
    assert financials.facts(newer, EN)["newer"] == (
        "The newest filing covers 3 months to 31 March 2015; this table shows full years."
    )
    assert "最近一期报表为截至2015年3月31日的3个月，本表只列完整年度。" in document("risk", newer, "zh").html(T)


def test_the_reasons_are_counted_by_level(facts: Callable[[str], Facts]) -> None:
    counted = reasons.facts(facts(RED), EN)["counts"]
    levels = [row["level"] for row in facts(RED).findings if row["signal_id"][:3] != "REL"]
    assert counted == [(code, level.SHAPES[code], levels.count(code)) for code in "RAW"]
    assert '<small class="lv R">■ 1</small>' in document("risk", facts(RED), "zh").html(T)


# ---- connected parties ---------------------------------------------------------------------------------------------


def tie(party: str, kind: str, **more: Any) -> Row:
    known = {"share": None, "amount": None, "name": party.title(), "confidential": False, "risk_level": None}
    return {"party_id": party, "tie": kind, **known, "registry": [], "registry_on": None, **more}


def parties(own: Facts, rows: list[Row], w: Words = EN) -> dict[str, Any]:
    listed = sorted(rows, key=lambda row: (row["party_id"], row["tie"]))
    return dict(connections.facts(replace(own, related={**own.related, "connected_parties": listed}), w))


def test_connected_parties_are_told_trouble_first(facts: Callable[[str], Facts]) -> None:
    rows = [
        tie("ann", "legal_rep"), tie("ann", "officer"), tie("ann", "shareholder", share=0.35),
        tie("bank", "guarantor", amount=162_500_000, share=0.27038),
        tie("buyer", "payer", share=0.1346, registry=["bankruptcy_filing", "equity_freeze"], registry_on=date(2015, 5, 7)),
        tie("mill", "payee", share=0.2, risk_level="R"), tie("shop", "payee", share=0.3, risk_level="W"),
        tie("top", "controller", registry=None), tie("top", "group", registry=None),
    ]  # fmt: skip
    told = parties(facts(RED), rows)["parties"]
    assert [tuple(one[name] for name in ("name", "ties", "level", "registry", "marked")) for one in told] == [
        ("Buyer", "key payer (13.5% of a year's inflow)", "not a client", "bankruptcy filing, equity frozen, 7 May 2015", True),
        ("Mill", "key payee (20.0% of a year's outflow)", "■ Red", "none", False),
        ("Top", "controller; group", "not a client", "—", False),
        ("Bank", "guarantor (USD 1.6 million, 27.0% of the exposure)", "not a client", "none", False),
        ("Ann", "shareholder (35.0% of the capital); legal representative", "not a client", "none", False),
        ("Shop", "key payee (30.0% of a year's outflow)", "◆ Watch", "none", False),
    ]  # fmt: skip
    chinese = parties(facts(RED), rows, ZH)["parties"]
    assert chinese[0]["registry"] == "破产申请、股权冻结（2015年5月7日）"
    assert [one["ties"] for one in chinese[2:5]] == [
        "实际控制人；同一集团",
        "保证人（162.50万美元、占敞口27.0%）",
        "股东（持股35.0%）；法定代表人",
    ]


def test_a_long_list_of_parties_is_cut_and_counted(facts: Callable[[str], Facts]) -> None:
    told = parties(facts(RED), [tie(f"p{n:02d}", "officer") for n in range(11)])
    assert (len(told["parties"]), told["left"]) == (8, "3")


def test_a_confidential_name_is_not_given_away_by_or_to_a_neighbour(facts: Callable[[str], Facts]) -> None:
    rows = [tie("C1", "group", name=None, confidential=True, risk_level="R"), tie("holding x", "controller")]
    assert [one["name"] for one in parties(facts(RED), rows)["parties"]] == ["Confidential client", "Holding X"]
    masked = replace(facts(RED), client={**facts(RED).client, "confidential": True})
    assert [one["name"] for one in parties(masked, rows)["parties"]] == ["Confidential client", "holding x"]


def test_hostile_names_of_parties_are_inert(facts: Callable[[str], Facts]) -> None:
    worse = '<img src="file:///etc/passwd">{{7*7}}\u202e=1+1' + "长" * 60
    own = replace(facts(RED), related={**facts(RED).related, "connected_parties": [tie("p", "group", name=worse)]})
    html = document("risk", own, "zh").html(T)
    assert "<img" not in html
    assert "{{7*7}}" in html
    assert paper.pdf(document("risk", own, "zh"), own, T).startswith(b"%PDF")


def test_every_tie_and_registry_row_has_words() -> None:
    kinds = {side for pair in TIES.values() for side in pair if side} | {"guarantor", "guaranteed", "payer", "payee"}
    assert kinds == set(LABELS["party_tie"])
    assert set(LABELS["share_of"]) < set(LABELS["party_tie"])
    assert {*ON_GUARANTOR, *ON_KEY_PARTY, *ON_AFFILIATE} == set(LABELS["registry"])


# ---- what is not there ---------------------------------------------------------------------------------------------

NOTHING = {
    "credit": (exposure, ("facilities", "loans"), "No loan and no credit line of the client is on record.",
               "Not connected: credit lines, loans.", "无贷款与授信额度记录。"),
    "money": (turnover, ("accounts", "transactions"), "No payment through an account of the client is on record.",
              "Not connected: accounts, transactions.", "无账户资金往来记录。"),
    "statements": (financials, ("statements",), "No statement of a full year is on record.",
                   "Not connected: financial statements.", "无完整年度报表记录。"),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTHING)
def test_a_chapter_without_data_says_why(facts: Callable[[str], Facts], case: str) -> None:
    section, tables, none, missing, chinese = NOTHING[case]
    own = facts(UNFED)
    assert section.facts(own, EN) == {"nothing": none}
    assert section.facts(own, ZH) == {"nothing": chinese}
    cut = replace(own, run=replace(own.run, feeds={t: d for t, d in own.run.feeds.items() if t not in tables}))
    assert section.facts(cut, EN) == {"nothing": missing}
    assert none in document("risk", own, "en").html(T)


def test_ties_that_nobody_delivered_are_not_none(facts: Callable[[str], Facts]) -> None:
    own = facts(UNFED)
    none = (
        "No party on record is tied to the client by group, ownership, office, guarantee or a tenth of a year's money."
    )
    assert none in document("risk", own, "en").html(T)
    cut = replace(own, run=replace(own.run, feeds={t: d for t, d in own.run.feeds.items() if t != "party_links"}))
    html = document("risk", cut, "en").html(T)
    assert none not in html
    assert "Not connected: links between parties. Ties and marks that stand there are not known." in html


def test_the_page_says_how_to_contest_it_and_by_which_rules_it_was_made(facts: Callable[[str], Facts]) -> None:
    run = facts(RED).run
    english, chinese = (document("risk", facts(RED), locale).html(T) for locale in LOCALES)
    box = english[english.index('<div class="contest">') :]
    assert "To contest a finding, send the client number, the signal and the correct figure" in box
    assert f"Policy {run.policy}, catalogue {run.catalogue}." in box
    assert f"政策版本{run.policy}，信号目录版本{run.catalogue}。" in chinese
    assert data_notes.facts(facts(RED), EN)["policy"] == run.policy


# ---- the whole -----------------------------------------------------------------------------------------------------


def crowded(facts: Callable[[str], Facts]) -> Facts:
    """Twenty findings, a long name, a year of changes, more parties than are shown."""
    own = facts(RED)
    others = (row for client in (RED, LATE, QUIET, "C0014", "C0017") for row in facts(client).findings)
    rows = {row["signal_id"]: row for row in others if not row["signal_id"].startswith("REL")}
    told = list(rows.values())
    spare = (signal for signal in CATALOGUE if signal[:3] == "FIN" and signal not in rows)
    told += [{**told[0], "signal_id": signal, "level": "W"} for signal in spare]
    told = sorted(told[:20], key=lambda row: "NRAW".index(row["level"]))
    months = [date(2014, month, 3) for month in range(7, 13)] + [date(2015, month, 3) for month in range(1, 7)]
    moves = [(None, day, "worse" if n % 2 else "better", "W", "R" if n % 2 else "W") for n, day in enumerate(months)]
    moves += [(row["signal_id"], T, "new", None, row["level"]) for row in told]
    made = moved(own, moves, reasons=tuple(row["signal_id"] for row in told))
    ties = [tie(f"party {n:02d} " + "Holdings " * 5, "controller", share=None) for n in range(15)]
    return replace(
        made, findings=told, related={**own.related, "connected_parties": ties},
        client={**own.client, "name": "北京市海淀区中关村科技园区高新技术产业发展国际贸易进出口（集团）股份有限责任公司驻华东地区联络处"},
    )  # fmt: skip


def pages(own: Facts, locale: str) -> int:
    with pikepdf.open(io.BytesIO(paper.pdf(document("risk", own, locale), own, T))) as pdf:
        return len(pdf.pages)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("client", "least", "most"), [(RED, 2, 3), (QUIET, 2, 2), (UNFED, 2, 2), (LATE, 2, 3)], ids=["red", "quiet", "unfed", "late"]
)  # fmt: skip
def test_two_to_four_pages(facts: Callable[[str], Facts], client: str, least: int, most: int, locale: str) -> None:
    assert least <= pages(facts(client), locale) <= most


@pytest.mark.parametrize("locale", LOCALES)
def test_twenty_findings_and_all_else_fit_four_pages(facts: Callable[[str], Facts], locale: str) -> None:
    own = crowded(facts)
    assert len(own.findings) == 20
    html = document("risk", own, locale).html(T)
    assert html.count('<div class="finding') == 20
    assert 'class="dense"' in html
    assert pages(own, locale) <= 4


def test_verdict_change_and_reasons_come_first(facts: Callable[[str], Facts]) -> None:
    names = [chapter["name"] for chapter in document("risk", facts(RED), "en").printed["chapters"]]
    assert names == [
        "identity", "level", "reasons", "history", "signal_map", "exposure", "flows", "connections", "financials", "data_notes",
    ]  # fmt: skip
    own = facts(RED)
    sides = chain.from_iterable((row["signal_id"], row["move"]) for row in own.moves)
    assert "REL-13" in set(sides)
    assert "REL" not in document("risk", own, "en").html(T)
