"""The reports: words in both languages, the same bytes, nothing fetched, hostile text inert, every glyph there."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pytest
from fontTools.ttLib import TTFont

from flows import nights, paper
from flows.store import Done
from reports import fonts
from reports.documents import document, environment, portfolio
from reports.facts import Facts
from reports.render import renderer
from reports.words import LABELS, Words, catalogue, used
from transforms.signals import CATALOGUE

RED, QUIET, UNFED, HOSTILE = "C0012", "C0011", "C0000", "C0012"
KINDS, LOCALES = ("risk", "maintenance"), ("en", "zh")
AT = date(2015, 6, 30)


@pytest.fixture(scope="module")
def paged(bank: Path, run_night: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> nights.Published:
    """A night with pages in both languages, of few clients: the smallest bank that keeps every single story."""
    from flows.cli import main

    small = tmp_path_factory.mktemp("small") / "source"
    assert main(["sample", "--out", str(small), "--clients", "13"]) == 0
    published = run_night(small, tmp_path_factory.mktemp("paged"), reports=True, locales=LOCALES).night
    assert published.manifest["missing"] == []
    return nights.Published(published.out, published.as_of, published.manifest, published.sha256)


@pytest.fixture(scope="module")
def facts(paged: nights.Published) -> Callable[[str], Facts]:
    @cache
    def of(client: str) -> Facts:
        return paper.again(paged, client, "risk", "en")[1]

    return of


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


def test_every_client_has_both_reports_in_both_languages(paged: nights.Published) -> None:
    reports = paged.manifest["reports"]
    assert len(reports) == 13 * 2 * 2
    for entry in reports.values():
        pdf = (paged.out / entry["path"]).read_bytes()
        assert pdf.startswith(b"%PDF")
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert 1 <= len(opened.pages) <= 3
    assert {p.name for p in paged.folder.glob("*.pdf")} == {"portfolio.en.pdf", "portfolio.zh.pdf"}


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
    for said in (finding["text_en"], signal.en, signal.zh, "30 June 2015", "Red"):
        assert said in english
    for said in (finding["text_zh"], signal.zh, "2015年6月30日", "红色"):
        assert said in chinese
    plain = re.sub(r"Statements:.*?Bellwether|财务报表来源.*?Bellwether", "", chinese, flags=re.S)
    left = set(re.findall(r"[A-Za-z]{4,}", re.sub(r"[A-Z]{3}-[0-9]{2}", " ", plain)))
    assert left <= set(
        re.findall(r"[A-Za-z]{4,}", f"{facts(RED).client['name']} {facts(RED).client['rm_name']} Beneish Holdings")
    ), left


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
    assert text.count("financial statements") >= 5  # what is missing is said, signal by signal


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
        assert [f["signal_id"] for f in attached] == [f["signal_id"] for f in facts(RED).findings]


def test_the_digest_is_of_what_the_page_says(facts: Callable[[str], Facts]) -> None:
    one = facts(RED)
    same = document("risk", one, "en").digest
    assert document("risk", replace(one, run=replace(one.run, as_of=date(2015, 7, 1), feeds={})), "en").digest == same
    other = [{**one.findings[0], "text_en": "Other."}]
    assert document("risk", replace(one, findings=other), "en").digest != same
    assert document("risk", one, "zh").digest != same
    assert document("maintenance", one, "en").digest != same


def test_conduct_of_a_client_stays_with_the_right_reader(facts: Callable[[str], Facts]) -> None:
    for locale in LOCALES:
        assert "REL-" not in words_of(document("risk", facts(RED), locale).html(AT))


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
    frames = {name: pl.read_parquet(paged.file(f"{name}.parquet")) for name in ("answers", "findings", "assessments")}
    panels = [Done(p.parent, {}, {}, True).read("panel") for p in (paged.out / "work" / "judge").rglob("panel.parquet")]
    html, title = portfolio.html({**frames, "panel": pl.concat(panels)}, facts(RED).run, locale)
    text = words_of(html)
    assert title in text
    assert "13" in text
    assert "C0012" in text
    assert ("simulated" if locale == "en" else "模拟") in text


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
    pages = paper.clients(replace(told, cache=tmp_path), ["en"], chunks[0])
    assert pages.missing == ["C0011.risk.en: ValueError: no ink"]
    assert len(pages.new) == 2 * len(chunks[0].clients) - 1


@pytest.mark.parametrize("client", ["../../etc/passwd", "a b", "客户", "C:1", "x" * 64])
def test_a_file_name_is_safe_whatever_the_id(client: str) -> None:
    name = paper.file_name(client, "risk", "en")
    assert re.fullmatch(r"reports/[0-9a-f]{2}/[A-Za-z0-9_-]+\.risk\.en\.pdf", name)
    assert paper.file_name("a_b", "risk", "en") != paper.file_name("a b", "risk", "en")
