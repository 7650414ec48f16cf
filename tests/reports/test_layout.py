"""Every page of twelve clients, in both languages: nothing outside its box, cut, overlapping, orphaned or missing."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from reports.documents import KINDS, style
from tests.reports.cases import CASES
from tests.reports.pages import Element, Page, Paper, Text

LIMITS = {"risk": 4, "maintenance": 5}  # pages of a client's report
LONG = {"forty findings": 12}  # cases that may take more
ALL = [(case, kind, locale) for case in CASES for kind in KINDS for locale in ("en", "zh")]
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
POINTS = 72 / 25.4  # of a millimetre
Made = Callable[[str, str, str], Paper]

of_every_report = pytest.mark.parametrize(("case", "kind", "locale"), ALL)


def margins(kind: str) -> tuple[float, float, float]:
    """Top, side and bottom margin of the kind's pages, in points."""
    found = re.findall(r"@page \{[^}]*margin: ([\d.]+)mm ([\d.]+)mm ([\d.]+)mm", style(kind))[-1]
    top, side, bottom = (float(each) * POINTS for each in found)
    return top, side, bottom


def ink(t: Text) -> tuple[float, float, float, float]:
    """Where a text's letters stand, without the room above and below them."""
    left, _, right, _ = t.box
    return left, t.line - 0.7 * t.size, right, t.line + 0.12 * t.size


def overlaps(page: Page) -> list[tuple[str, str]]:
    """Pairs of texts that stand on each other."""
    texts = sorted((ink(t), t.text) for t in page.texts if t.text.strip())
    found = []
    for k, ((_, top, right, bottom), text) in enumerate(texts):
        for (left, above, _, below), other in texts[k + 1 :]:
            if left > right - 0.6:
                break
            if min(bottom, below) - max(top, above) > 0.6:
                found.append((text, other))
    return found


@of_every_report
def test_nothing_stands_outside_the_margins(paper_of: Made, case: str, kind: str, locale: str) -> None:
    top, side, bottom = margins(kind)
    for page in paper_of(case, kind, locale).pages:
        outside = [
            (t.text, t.box)
            for t in page.body
            if t.box[0] < side - 0.5
            or t.box[2] > page.width - side + 0.5
            or t.line - 0.7 * t.size < top - 0.5
            or t.line > page.height - bottom + 0.5
        ]
        assert not outside


@of_every_report
def test_no_text_stands_on_another(paper_of: Made, case: str, kind: str, locale: str) -> None:
    for page in paper_of(case, kind, locale).pages:
        assert not overlaps(page)


@of_every_report
def test_no_chart_cuts_its_words(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    for figure in made.tree.all("Figure"):
        left, low, right, high = map(float, figure.attributes["BBox"])
        for number, mark in figure.content:
            page = made.pages[number]
            for t in (t for t in page.texts if t.number == mark):
                assert left - 0.5 < t.box[0] < t.box[2] < right + 0.5, t.text
                assert low - 0.5 < page.height - t.line < high - 0.6 * t.size, t.text


@of_every_report
def test_every_glyph_is_there(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    for t in (t for page in made.pages for t in page.texts):
        assert 0 not in t.codes, t.text
        assert "\ufffd" not in t.text
        assert t.text.strip() not in ("None", "nan", "null", "True", "False")
    assert all(font.identity for font in made.fonts.values())  # WeasyPrint maps a font otherwise where it lacks a glyph


@of_every_report
def test_no_page_ends_with_a_heading(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    heads = {key for one in made.tree.all(*HEADINGS, "TH") for each in one.walk() for key in each.content}
    for k, page in enumerate(made.pages):
        last = page.body[-1]
        assert (k, last.number) not in heads, last.text


@of_every_report
def test_a_table_that_goes_on_repeats_its_head(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    tables = made.tree.all("Table")
    for k, (page, following) in enumerate(pairwise(made.pages)):
        cut = [table for table in tables if (k, page.body[-1].number) in _keys(table)]
        top = [each for each in made.tree.all("Div") if (k + 1, following.body[0].number) in _keys(each)]
        for table in cut:  # rows without a head at the top of the next page are tagged as no table at all
            columns = len(table.all("TH"))
            assert not any(len(each.kids) == columns > 1 for each in top), following.body[0].text


def _keys(element: Element) -> set[tuple[int, int]]:
    return {key for each in element.walk() for key in each.content}


@of_every_report
def test_every_page_has_its_foot_and_number(paper_of: Made, case: str, kind: str, locale: str) -> None:
    pages = paper_of(case, kind, locale).pages
    feet = [page.foot for page in pages]
    for k, (foot, page) in enumerate(zip(feet, pages, strict=True), 1):
        assert foot.endswith(f"{k} / {len(pages)}")
        assert foot.removesuffix(f"{k} / {len(pages)}") == feet[0].removesuffix(f"1 / {len(pages)}")
        lowest = max(t.line for t in page.body)
        assert all(lowest < t.box[1] + 2 and t.box[3] < page.height for t in page.texts if t.mark == "Artifact")


@of_every_report
def test_a_report_keeps_to_its_pages(paper_of: Made, case: str, kind: str, locale: str) -> None:
    assert 1 <= len(paper_of(case, kind, locale).pages) <= LONG.get(case, LIMITS.get(kind, 6))


@of_every_report
def test_the_client_is_named_in_full_on_the_first_page(
    paper_of: Made, facts: Callable[[str], object], case: str, kind: str, locale: str
) -> None:
    one = CASES[case](facts)  # type: ignore[arg-type]
    first = "".join(t.text for t in paper_of(case, kind, locale).pages[0].texts)
    plain = re.sub(r"\s", "", first)
    assert one.client_id in plain
    assert re.sub(r"\s", "", one.client["name"] or one.client_id) in plain
