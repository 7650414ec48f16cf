"""The reports: words in both languages, the same bytes, nothing fetched, hostile text inert, every glyph there."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pytest
from fontTools.ttLib import TTFont

from expectations.lists import LISTS
from expectations.registers import EVENT_KINDS, INDICATORS
from expectations.tables import TABLES
from flows import nightly, nights, paper
from flows.progress import Teller
from flows.settings import Settings
from flows.sources.router import opened
from flows.store import Store
from reports import fonts
from reports.documents import document, environment, portfolio
from reports.facts import Facts
from reports.keys import source
from reports.labels import LABELS
from reports.render import renderer
from reports.sections.data_notes import compact
from reports.sections.level import RISK
from reports.words import Words, book, catalogue, used
from tests.reports.conftest import PRINTED
from tests.reports.pages import printed_text
from transforms.contracts import STRATEGY
from transforms.panel import COLUMNS
from transforms.policy import Policy
from transforms.portfolio import CONDUCT
from transforms.rates import SHARES
from transforms.signals import CATALOGUE
from transforms.strategy import GROUNDS

RED, QUIET, UNFED, HOSTILE = "C0012", "C0011", "C0000", "C0012"
KINDS, LOCALES = ("risk", "maintenance"), ("en", "zh")
AT = date(2015, 6, 30)


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words_of(html: str) -> str:
    parser = Text()
    parser.feed(html)
    return "".join(parser.parts)


def test_every_client_has_both_reports(paged: nights.Published, tmp_path: Path) -> None:
    """The night prints three clients in both languages; the others' pages, in one, are made here."""
    reports = paged.manifest["reports"]
    assert set(reports) == {f"{client}.{kind}.{locale}" for client in PRINTED for kind in KINDS for locale in LOCALES}
    told, chunks = _material(paged)
    others = sorted({*chunks[0].judged.read("panel")["client_id"]} - {*PRINTED})
    made = paper.clients(replace(told, cache=tmp_path), ["en"], replace(chunks[0], clients=others))
    assert (len(others), len(made.new), made.missing) == (10, 10 * 2, [])
    for path in (*(paged.out / entry["path"] for entry in reports.values()), *made.new.values()):
        pdf = path.read_bytes()
        assert pdf.startswith(b"%PDF")
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert 1 <= len(opened.pages) <= 5
    assert {p.name for p in paged.folder.glob("*.pdf")} == {"portfolio.en.pdf", "portfolio.zh.pdf"}


def test_every_manager_has_a_worklist_in_both_languages(paged: nights.Published) -> None:
    managers = pl.read_parquet(paged.file("relationship/daily_reports.parquet"))["staff_id"]
    listed = paged.manifest["worklists"]
    assert {f"{one}.worklist.{locale}" for one in managers for locale in LOCALES} <= set(listed)
    assert all(entry["path"] in paged.manifest["files"] for entry in listed.values())
    assert f"Worklists of the relationship managers: {len(listed)}, in the folder worklists." in (
        paged.file("index.html").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("client", [RED, QUIET, UNFED])
def test_no_page_has_a_missing_glyph_or_an_empty_hole(
    facts: Callable[[str], Facts], client: str, kind: str, locale: str
) -> None:
    html = document(kind, facts(client), locale).html(AT)
    text = words_of(html)
    assert "None" not in text
    assert "{" not in text.replace("{{7*7}}", "")
    for name in ("Regular", "Bold"):
        known = TTFont(fonts.HERE / f"NotoSansSC-{name}.ttf").getBestCmap()
        missing = {c for c in text if ord(c) not in known and not c.isspace()}
        assert not missing


def test_english_and_chinese_say_the_same_in_their_own_words(facts: Callable[[str], Facts]) -> None:
    english, chinese = (words_of(document("risk", facts(RED), locale).html(AT)) for locale in LOCALES)
    finding = facts(RED).findings[0]
    signal = CATALOGUE[finding["signal_id"]]
    for said in (finding["text_en"], signal.en, book(signal.id), "30 June 2015", "Red"):
        assert said in english
    for said in (finding["text_zh"], book(signal.id), "2015年6月30日", "红色"):
        assert said in chinese
    plain = re.sub(r"Statements:.*?Bellwether|财务报表来源.*?Bellwether", "", chinese, flags=re.S)
    coded = r"[A-Z]{3}-[0-9]{2}|(?<![0-9A-Za-z])[0-9a-f]{8,12}(?![0-9A-Za-z])"  # ids, digests
    left = set(re.findall(r"[A-Za-z]{4,}", re.sub(coded, " ", plain)))
    names = [facts(RED).client["name"], facts(RED).client["rm_name"], "Beneish"]
    names += [row["name"] for row in facts(RED).related["connected_parties"]]
    assert left <= set(re.findall(r"[A-Za-z]{4,}", " ".join(names))), left


def test_no_text_lacks_a_translation_and_none_is_left_over() -> None:
    assert used() == set(catalogue("zh"))
    assert all(catalogue("zh").values())
    with pytest.raises(KeyError):
        Words("zh").gettext("never translated")
    for kind, labels in LABELS.items():
        assert all(Words("zh").label(kind, code) != text for code, text in labels.items()), kind


def test_a_client_without_any_feed_does_not_look_healthy(facts: Callable[[str], Facts]) -> None:
    text = words_of(document("risk", facts(UNFED), "en").html(AT))
    assert "Not assessable" in text
    assert "On thin data" in text
    assert re.search(r"[67]\d of \d+ applicable signals have no answer", text)
    assert re.search(r"financial statements3\dFIN-", text)  # what is missing is said, table by table


def test_revenue_of_the_main_business_is_marked_where_it_stands_for_revenue(facts: Callable[[str], Facts]) -> None:
    own = facts(RED)
    marked = replace(own, client={**own.client, "main_business_as_revenue": True})
    for locale, says in {"en": "revenue of the main business stands for it", "zh": "以主营业务收入代替"}.items():
        assert says not in document("risk", own, locale).html(AT)
        assert says in document("risk", marked, locale).html(AT)


def test_simulated_data_are_labelled_and_the_source_is_named(facts: Callable[[str], Facts]) -> None:
    html = document("risk", facts(RED), "en").html(AT)
    assert re.search(r'Money through our accounts <small class="sim">simulated data</small>', html)
    assert not re.search(r"Financial statements <small", html)
    assert re.search(r'rule [0-9a-f]{8} <small class="sim">simulated data', html)  # the finding rests on transactions
    assert re.search(r'<h1>.*<small class="sim">simulated data', html)  # names and sectors are invented
    assert "CC BY 4.0" in html
    assert "EBIT" in html


def test_a_hostile_name_is_inert(facts: Callable[[str], Facts]) -> None:
    name = facts(HOSTILE).client["name"]
    assert "<b>" in name
    html = document("risk", facts(HOSTILE), "en").html(AT)
    assert name in words_of(html)
    assert "<b>&#34;Holdings" not in html
    worse = '<img src="http://127.0.0.1:9/x"><style>@import url(file:///etc/passwd)</style><script>1</script>'
    client = {**facts(HOSTILE).client, "name": worse, "rm_name": worse}
    made = document("risk", replace(facts(HOSTILE), client=client), "en").html(AT)
    assert worse in words_of(made)
    assert b"%PDF" in renderer().pdf(made)[:8]


def test_nothing_is_fetched() -> None:
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AAAA"):
        with pytest.raises(ValueError, match="asks for something outside itself"):
            renderer().pdf(f'<!doctype html><html lang="en"><title>t</title><img alt="x" src="{address}">')


def test_the_same_facts_give_the_same_bytes(facts: Callable[[str], Facts]) -> None:
    made = document("risk", facts(RED), "zh")
    assert paper.pdf(made, facts(RED), AT) == paper.pdf(made, facts(RED), AT)


def test_the_pdf_is_tagged_archival_and_carries_its_findings(facts: Callable[[str], Facts]) -> None:
    with pikepdf.open(io.BytesIO(paper.pdf(document("risk", facts(RED), "zh"), facts(RED), AT))) as pdf:
        xmp = bytes(pdf.Root.Metadata.read_bytes())
        assert xmp.count(b"<?xpacket begin") == 1
        assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert re.search(rb"pdfaid:part[=>\"' ]*3", xmp)
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.open_outline().root
        attached = json.loads(pdf.attachments["findings.json"].get_file().read_bytes())
        risk = [f["signal_id"] for f in facts(RED).findings if not f["signal_id"].startswith("REL")]
        assert [f["signal_id"] for f in attached] == risk


def test_the_digest_is_of_what_the_page_says(facts: Callable[[str], Facts]) -> None:
    one = facts(RED)
    same, later = document("risk", one, "en").digest, date(2015, 7, 1)
    next_night = replace(one.run, as_of=later, feeds=dict.fromkeys(one.run.feeds, later))
    assert document("risk", replace(one, run=next_night), "en").digest == same
    other = [{**one.findings[0], "text_en": "Other."}, *one.findings[1:]]
    assert document("risk", replace(one, findings=other), "en").digest != same
    assert document("risk", one, "zh").digest != same
    assert document("maintenance", one, "en").digest != same


def test_what_counts_as_content(facts: Callable[[str], Facts], monkeypatch: pytest.MonkeyPatch) -> None:
    one = facts(RED)
    same = document("risk", one, "en").digest
    unprinted = [{**row, "evidence": "{}", "feed_as_of": None, "evaluated_on": AT} for row in one.findings]
    assert document("risk", replace(one, findings=unprinted), "en").digest == same
    bank = {**one.run.provenance, "name_en": "Another bank"}
    assert document("risk", replace(one, run=replace(one.run, provenance=bank)), "en").digest != same
    assert document("risk", replace(one, run=replace(one.run, policy="another")), "en").digest != same
    monkeypatch.setattr("reports.documents.code", lambda: "another template")
    assert document("risk", one, "en").digest != same


def test_conduct_of_the_manager_is_told_to_the_manager_and_the_supervisor_alone(
    facts: Callable[[str], Facts], tmp_path: Path
) -> None:
    said = "Promises to the client open and past their due day: 3 (limit 2)."
    conduct = [f"REL-{n:02d}" for n in range(1, 11)]
    rows = [{**facts(RED).findings[0], "signal_id": s, "level": "R", "text_en": said, "text_zh": said} for s in conduct]
    reasons = [*conduct, *facts(RED).assessment["reasons"]]
    for client in (RED, UNFED):
        one = replace(facts(client), findings=[*rows, *facts(client).findings])
        one = replace(one, assessment={**one.assessment, "reasons": reasons, "hits": 99})
        for locale in LOCALES:
            pdf = tmp_path / f"{client}.{locale}.pdf"
            pdf.write_bytes(paper.pdf(document("risk", one, locale), one, AT))
            with pikepdf.open(pdf) as opened:
                printed = printed_text(opened)
                assert one.client_id in printed
                assert ("Risk signals: " if locale == "en" else "风险信号一览") in printed
                attached = opened.attachments["findings.json"].get_file().read_bytes().decode()
            for told in (printed, attached, document("risk", one, locale).html(AT)):
                assert "REL-" not in told
                assert said[:20] not in told
                assert not any(CATALOGUE[s].en in told or book(s) in told for s in conduct)
            shown = words_of(document("maintenance", one, locale).html(AT))
            assert all(s in shown for s in conduct)
            assert (
                "for the manager and the supervisor alone" if locale == "en" else "仅供客户经理及其主管查阅"
            ) in shown


def _as(row: dict[str, Any], state: str, action: str | None = None, **more: Any) -> dict[str, Any]:
    """A finding in another state, with what a person did with it."""
    acted = {"action_by": "S007", "action_on": date(2015, 6, 20), "action_until": date(2015, 12, 17)} if action else {}
    return {**row, "state": state, "action": action, **acted, "acted_level": row["level"] if action else None, **more}


def test_a_finding_is_told_as_what_became_of_it(facts: Callable[[str], Facts]) -> None:
    first = next(row for row in facts(RED).findings if row["signal_id"][:3] != "REL")

    def told(locale: str, **states: dict[str, Any]) -> str:
        rows = [{**row, "signal_id": name.replace("_", "-")} for name, row in states.items()]
        return words_of(document("risk", replace(facts(RED), findings=rows), locale).html(AT))

    english = told(
        "en",
        FIN_08=_as(first, "resolved", "clear"),
        MGT_09=_as(first, "resolved", "dismiss"),
        FIN_02=_as(first, "snoozed", "snooze"),
        FIN_09=_as(first, "clearing", clean=1, evaluated_on=date(2015, 6, 12)),
        FIN_10=_as(first, "standing", evaluated_on=date(2015, 6, 11)),
        FIN_15=_as(first, "standing", "clear", acted_level="W", level="R"),
        MGT_05=_as(first, "standing", confirm=True),
        MGT_08=_as(first, "standing", "confirm", confirm=True),
    )
    assert (
        f"Resolved: FIN-08 {CATALOGUE['FIN-08'].en} — by S007 on 20 June 2015; it does not count until 17 December 2015"
        in english
    )
    assert f"Not confirmed: MGT-09 {CATALOGUE['MGT-09'].en} — by S007 on 20 June 2015" in english
    assert f"FIN-02 {CATALOGUE['FIN-02'].en} — snoozed until 17 December 2015, by S007 on 20 June 2015" in english
    assert "it last fired on 12 June 2015 and clears after two evaluations without it" in english
    assert "It could not be evaluated since; it last fired on 11 June 2015." in english
    assert "Resolved by S007 on 20 June 2015. Worse since: it stands again." in english
    assert "Confirmed by S007 on 20 June 2015." in english
    assert english.count("to be confirmed by the RM") == 1
    assert "Findings: 6; " in english  # the resolved ones do not count
    assert english.count(first["text_en"]) == 5  # neither resolved nor snoozed ones are reasons
    for mark in (f"08 {first['level']}×", f"02 {first['level']}…", f"09 {first['level']}↓"):
        assert mark in english, mark
    chinese = told(
        "zh",
        FIN_08=_as(first, "resolved", "clear"),
        FIN_02=_as(first, "snoozed", "snooze"),
        FIN_09=_as(first, "clearing", clean=1, evaluated_on=date(2015, 6, 12)),
        MGT_09=_as(first, "standing", confirm=True),
    )
    for said in (
        f"已了结：FIN-08 {book('FIN-08')} — 2015年6月20日由S007登记；至2015年12月17日不计入等级，恶化除外",
        f"FIN-02 {book('FIN-02')} — 暂缓提示至2015年12月17日（2015年6月20日由S007登记）",
        "最近一次评估未命中；上次命中在2015年6月12日，连续两次评估未命中后解除。",
        "待客户经理核实",
    ):
        assert said in chinese, said


def test_the_strategy_is_told_with_its_grounds(facts: Callable[[str], Facts]) -> None:
    names = {
        "exit": "摆脱风险",
        "transfer": "转移风险",
        "reduce": "消减风险",
        "spread": "分散风险",
        "prevent": "风险预防",
    }
    for ground in GROUNDS:
        advised = {
            "strategy": ground.strategy,
            "supporting": ["prevent"],
            "grounds": [ground.code, "prevent.thin_data"],
        }
        one = replace(facts(RED), assessment={**facts(RED).assessment, **advised})
        english, chinese = (words_of(document("risk", one, locale).html(AT)) for locale in LOCALES)
        assert f"Advised {Words('en').label('strategy', ground.strategy)}: " in english
        assert ground.en in english
        assert "Supporting Prevent the risk (" in english
        assert f"建议策略 {names[ground.strategy]}：" in chinese
        assert ground.zh in chinese
        assert "辅助策略 风险预防（" in chinese


def test_the_map_shows_every_risk_signal(facts: Callable[[str], Facts]) -> None:
    html = document("risk", facts(QUIET), "en").html(AT)
    table = html[html.index('<table class="map">') :].split("</table>")[0]
    shown: dict[str, list[str]] = {}
    for row in table.split("<tr>")[1:]:
        _, group, cells = re.findall(r"<td>(.*?)</td>", row)
        found = re.findall(r"(?:\u3000|<b> )(\d\d) (?:[○？－]|[WARN][↓…×]?</b>)", cells)
        assert len(found) == len(re.findall(r"\d+", cells))
        shown.setdefault(group or [*shown][-1], []).extend(found)
    assert [f"{group}-{n}" for group in shown for n in shown[group]] == [
        id_ for group in RISK for id_, s in CATALOGUE.items() if s.category == group
    ]


def test_no_raw_code_stands_in_a_source() -> None:
    keys = {
        "statements:C1|2014-12-31|Y|consolidated|1": ("financial statements: 31 December 2014", "财务报表：2014年12月31日"),
        "statements:C1|2014-06-30|H|single|2": (
            "financial statements: 30 June 2014 half-year single company version 2", "财务报表：2014年6月30日 半年度 单体 第2版",
        ),
        "transactions:C1|2015-04..2015-06": ("transactions: April 2015 to June 2015", "结算交易：2015年4月至2015年6月"),
        "series:industry|C2614|revenue_yoy|2014-12-31|2015-01-27": (
            "sector, region and client figures: growth of revenue C2614 31 December 2014",
            "行业、地区及客户指标：收入增速 C2614 2014年12月31日",
        ),
        "series:client|C1|headcount|2015-05-31|2015-06-12": (
            "sector, region and client figures: employees 31 May 2015", "行业、地区及客户指标：员工人数 2015年5月31日",
        ),
        "disclosures:C1|2014-12-31|accounting_policy|useful_life|2015-04-13": (
            "notes to statements: accounting policy useful life 31 December 2014", "报表附注：会计政策 折旧年限 2014年12月31日",
        ),
        "own_book:industry_region|C2614": ("own book: sector and region C2614", "我行同类客户：行业与地区 C2614"),
        "bureau_reports:C1|2015-04-13": ("credit bureau: 13 April 2015", "征信：2015年4月13日"),
        "transactions:C1|acct:X1|Lutrolt Retail": ("transactions: X1 Lutrolt Retail", "结算交易：X1 Lutrolt Retail"),
    }  # fmt: skip
    for key, (english, chinese) in keys.items():
        assert source([key], "C1", Words("en")) == english
        assert source([key], "C1", Words("zh")) == chinese
    many = [f"interactions:I-{n}" for n in range(5)]
    assert source(many, "C1", Words("en")) == "contacts: I-0, I-1, I-2 and 2 more"
    assert source([], "C1", Words("en")) == ""


def test_every_code_a_page_can_print_has_words() -> None:
    codes = {i.name for i in INDICATORS} | {i.subject for i in INDICATORS} | {*LISTS["period_type"], *LISTS["scope"]}
    codes |= {*LISTS["disclosure_kind"], *LISTS["policy_item"], "industry_region", "industry", "section", "none"}
    assert codes <= set(LABELS["key"])
    assert {*TABLES, "own_book", "history", "answers"} <= set(LABELS["table"])
    assert {column.table for column in COLUMNS.values()} <= set(LABELS["table"])
    assert {s.category for s in CATALOGUE.values()} == set(LABELS["category"])
    assert set(STRATEGY.categories) == set(LABELS["strategy"])
    assert set(EVENT_KINDS["signal_action"].subtypes) == set(LABELS["acted"])
    assert set(SHARES) == set(LABELS["share"])


def test_ids_are_told_short() -> None:
    ids = ["FIN-05", "FIN-06", "FIN-07", "FIN-14", "MGT-09", "MGT-10", "ADD-04"]
    assert compact(ids, Words("en")) == "FIN-05–07, 14; MGT-09, 10; ADD-04"
    assert compact(ids, Words("zh")) == "FIN-05–07、14；MGT-09、10；ADD-04"


def test_a_confidential_name_is_masked(facts: Callable[[str], Facts]) -> None:
    one = facts(QUIET)
    hidden = replace(one, client={**one.client, "confidential": True})
    for kind in KINDS:
        for locale in LOCALES:
            made = document(kind, hidden, locale)
            assert one.client["name"] not in made.html(AT) + made.title


def test_templates_tolerate_no_unknown_name() -> None:
    with pytest.raises(Exception, match="undefined"):
        environment("en").from_string("{{ nobody }}").render()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_portfolio_tells_the_book(paged: nights.Published, facts: Callable[[str], Facts], locale: str) -> None:
    frames = {name: pl.read_parquet(paged.file(f"{name}.parquet")) for name in ("findings", "assessments", "rates")}
    panels = [done.read("panel") for done in paper._judged(paper._kept(paged)[1])]
    assert sum(panel.height for panel in panels) == 13
    html, title = portfolio.html({**frames, "panel": pl.concat(panels)}, facts(RED).run, locale)
    text = words_of(html)
    assert title in text
    assert "13" in text
    assert "C0012" in text
    assert ("simulated" if locale == "en" else "模拟") in text
    assert all((signal in text) == (signal not in CONDUCT) for signal in CATALOGUE)
    assert ("jumped" if locale == "en" else "骤变") not in text
    jumped = pl.col("signal_id") == "FIN-08"
    frames["rates"] = frames["rates"].with_columns(
        fired=pl.when(jumped).then(0.25).otherwise("fired"),
        fired_usual=pl.when(jumped).then(0.03).otherwise("fired_usual"),
        jumped=pl.when(jumped).then(pl.lit(["fired"])).otherwise("jumped"),
    )
    html, _ = portfolio.html({**frames, "panel": pl.concat(panels)}, facts(RED).run, locale)
    assert "<b>25.0%</b>" in html
    said = "firing for 25.0% of the clients it applies to, usually for 3.0%." if locale == "en" else (
        "当晚命中的客户占适用客户的25.0%，通常为3.0%。"
    )  # fmt: skip
    assert said in words_of(html)


def test_names_outside_the_shipped_font_are_counted() -> None:
    assert not fonts.outside("Quiet Harbor 长青实业 Inc. — ≥")
    assert fonts.outside("𠮷野")
    assert fonts.outside("㵘㵘实业")


def test_an_unchanged_report_is_referred_to_not_rendered(
    paged: nights.Published, facts: Callable[[str], Facts]
) -> None:
    told, chunks = _material(paged)
    later = replace(told, as_of=date(2015, 7, 20), earlier=paged.manifest["reports"])
    pages = paper.clients(later, ["en"], chunks[0])
    assert pages.rendered == 0
    assert pages.new == {}
    assert len(pages.referred) == 2 * len(chunks[0].clients)
    assert all(name.startswith("nights/2015-06-30/reports/") for name in pages.referred)
    assert (
        paper._stands(replace(told, as_of=date(2015, 8, 1), earlier=paged.manifest["reports"]), "C0011.risk.en", "x")
        is None
    )
    entry = paged.manifest["reports"]["C0011.risk.en"]
    old = replace(told, as_of=date(2015, 7, 31), earlier=paged.manifest["reports"])
    assert paper._stands(old, "C0011.risk.en", entry["digest"]) is None  # 31 days later it is issued anew


def _material(night: nights.Published) -> Any:
    import pickle

    return pickle.loads((night.out / "work" / "told" / "2015-06-30.pickle").read_bytes())  # noqa: S301


def test_a_report_that_fails_is_listed_and_the_others_go_on(
    paged: nights.Published, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import reports.documents as documents

    whole = documents.document

    def failing(kind: str, facts: Facts, locale: str) -> Any:
        if (kind, facts.client_id) == ("risk", "C0011"):
            raise ValueError("no ink")
        return whole(kind, facts, locale)

    monkeypatch.setattr(documents, "document", failing)
    told, chunks = _material(paged)
    two = replace(chunks[0], clients=["C0011", "C0012"])
    pages = paper.clients(replace(told, cache=tmp_path), ["en"], two)
    assert pages.missing == ["C0011.risk.en: ValueError: no ink"]
    assert len(pages.new) == 2 * 2 - 1


@pytest.mark.parametrize("client", ["../../etc/passwd", "a b", "客户", "C:1", "x" * 64])
def test_a_file_name_is_safe_whatever_the_id(client: str) -> None:
    name = paper.file_name(client, "risk", "en")
    assert re.fullmatch(r"reports/[0-9a-f]{2}/[A-Za-z0-9_-]+\.risk\.en\.pdf", name)
    assert paper.file_name("a_b", "risk", "en") != paper.file_name("a b", "risk", "en")


def test_the_outbox_parts_who_may_read(paged: nights.Published, tmp_path: Path) -> None:
    settings = Settings(as_of=AT, source=tmp_path, out=paged.out, outbox=tmp_path / "outbox")
    run = nightly.Run(settings, Policy(), Store(paged.out / "work"), Teller(style="json"), opened(settings.where))
    outcome = nightly.Outcome(paged, fresh=True)
    pages = [name for name in paged.manifest["files"] if name.endswith((".pdf", ".xlsx"))]
    assert (nightly.deliver(run, outcome), nightly.deliver(run, outcome)) == (len(pages), 0)  # not sent again
    sent = {path.relative_to(tmp_path / "outbox" / "2015-06-30") for path in (tmp_path / "outbox").rglob("*.*")}
    by = {who: {path.name for path in sent if path.parts == (who, path.name)} for who in ("risk", "relationship")}
    assert len(sent) == len(pages) == sum(map(len, by.values()))
    assert {name.split(".", 1)[1] for name in by["risk"]} == {
        "risk.en.pdf",
        "risk.zh.pdf",
        "en.pdf",
        "zh.pdf",
        "en.xlsx",
        "zh.xlsx",
    }
    assert "C0012.maintenance.zh.pdf" in by["relationship"]
    assert "portfolio.en.pdf" in by["risk"]
