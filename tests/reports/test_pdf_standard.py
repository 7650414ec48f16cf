"""What PDF/A-3u and PDF/UA-1 ask of a file's structure, on every kind of document; no validator runs offline from a registry."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reports.documents import KINDS
from tests.reports.cases import RED
from tests.reports.conftest import AT
from tests.reports.pages import Element, Font, Paper

Made = Callable[[str, str, str], Paper]
CASES = ("red", "unfed", "forty findings")
ALL = [(case, kind, locale) for case in CASES for kind in KINDS for locale in ("en", "zh")]
of_every_report = pytest.mark.parametrize(("case", "kind", "locale"), ALL)

INSIDE = {  # tag → the tags it may stand in
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"},
    "LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"},
}  # fmt: skip
STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "NonStruct", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L",
    "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Link", "Figure",
}  # fmt: skip


@of_every_report
def test_it_declares_both_standards_once(paper_of: Made, case: str, kind: str, locale: str) -> None:
    pdf = paper_of(case, kind, locale).pdf
    xmp = bytes(pdf.Root.Metadata.read_bytes())
    assert xmp.count(b"<?xpacket begin") == xmp.count(b"<?xpacket end") == xmp.count(b"</rdf:RDF>") == 1
    with pdf.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"], told["pdfuaid:part"]) == ("3", "U", "1")
        assert told["dc:title"] == str(pdf.docinfo["/Title"]) != ""
        assert told["pdf:Producer"] == str(pdf.docinfo["/Producer"])
    assert set(pdf.docinfo.keys()) == {"/Title", "/Producer"}  # what else stood there would have to stand in XMP too
    intent = pdf.Root.OutputIntents[0]
    assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"  # an ICC profile's signature
    assert pdf.pdf_version == "1.7"
    assert not pdf.is_encrypted
    assert len(pdf.trailer.ID) == 2


@of_every_report
def test_nothing_in_it_acts(paper_of: Made, case: str, kind: str, locale: str) -> None:
    pdf = paper_of(case, kind, locale).pdf
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Collection", "/Perms"} & set(pdf.Root.keys())
    assert set(pdf.Root.get("/Names", {}).keys()) <= {"/EmbeddedFiles", "/Dests"}
    assert not any({"/AA", "/Annots"} & set(page.keys()) for page in pdf.pages)
    kinds = {str(each.get("/S")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)}
    assert not kinds & {
        "/JavaScript",
        "/Launch",
        "/URI",
        "/GoToR",
        "/GoToE",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
    }
    for page in pdf.pages:
        for state in page.Resources.get("/ExtGState", {}).values():  # opaque: no blending asked for
            assert {key: float(value) for key, value in state.items()} in ({"/ca": 1}, {"/CA": 1})
        drawn = page.Resources.get("/XObject", {}).values()
        assert all("/CS" in each.Group for each in drawn if "/Group" in each)


@of_every_report
def test_it_is_titled_in_a_language_and_has_bookmarks(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    root = made.pdf.Root
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(root.Lang) == {"en": "en", "zh": "zh-CN"}[locale]
    assert bool(root.MarkInfo.Marked)
    assert all(str(page.Tabs) == "/S" for page in made.pdf.pages)
    with made.pdf.open_outline() as outline:
        told = [str(item.title) for item in _items(outline.root)]
    heads = [re.sub(r"\s+", " ", made.said(each)).strip() for each in made.tree.all("H1", "H2", "H3")]
    assert [re.sub(r"\s", "", each) for each in told] == [re.sub(r"\s", "", each) for each in heads]


def _items(items: Any) -> list[Any]:
    return [each for item in items for each in (item, *_items(item.children))]


@of_every_report
def test_all_that_is_drawn_is_in_the_tree_or_an_artifact(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    read = [key for each in made.tree.walk() for key in each.content]
    assert len(read) == len(set(read))
    for k, page in enumerate(made.pages):
        assert not page.unmarked
        assert {number for at, number in read if at == k} == page.marks
    parents = list(made.pdf.Root.StructTreeRoot.ParentTree.Nums)
    for page, row in zip(made.pages, parents[1::2], strict=False):
        assert {number for number, parent in enumerate(row) if parent is not None} == page.marks


@of_every_report
def test_the_tree_is_of_standard_tags_in_their_place(paper_of: Made, case: str, kind: str, locale: str) -> None:
    tree = paper_of(case, kind, locale).tree
    assert {each.tag for each in tree.walk()} <= STANDARD
    for each in tree.walk():
        for kid in each.kids:
            assert each.tag in INSIDE.get(kid.tag, {each.tag}), (each.tag, kid.tag)
    levels = [int(each.tag[1]) for each in tree.all("H1", "H2", "H3", "H4", "H5", "H6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


@of_every_report
def test_tables_have_heads_and_even_rows(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    for table in made.tree.all("Table"):
        heads = table.all("TH")
        assert heads
        assert all(str(head.attributes["Scope"]) in ("/Column", "/Row") for head in heads)
        widths = {sum(_span(cell) for cell in row.kids) for row in table.all("TR")}
        assert len(widths) == 1, [made.said(head) for head in heads]


def _span(cell: Element) -> int:
    return int(cell.attributes.get("ColSpan", 1))


@of_every_report
def test_figures_are_told_and_placed(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    for figure in made.tree.all("Figure"):
        assert figure.alt
        left, low, right, high = map(float, figure.attributes["BBox"])
        assert 0 < left < right < made.pages[0].width
        assert 0 < low < high < made.pages[0].height


@of_every_report
def test_fonts_are_embedded_and_readable(paper_of: Made, case: str, kind: str, locale: str) -> None:
    made = paper_of(case, kind, locale)
    used: dict[str, set[int]] = {}
    for t in (t for page in made.pages for t in page.texts):
        used.setdefault(t.font, set()).update(t.codes)
    fonts: dict[str, Font] = {font.name: font for font in made.fonts.values()}
    for name, codes in used.items():
        font = fonts[name]
        assert font.embedded
        assert re.match(r"/[A-Z]{6}\+", font.name)  # a cut font says so
        assert codes <= set(font.says)
        assert codes <= set(font.widths)
        assert not {"\0", "\ufeff", "\ufffe", ""} & {font.says[code] for code in codes}


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_what_is_attached_is_described(paper_of: Made, locale: str) -> None:
    pdf = paper_of("red", "risk", locale).pdf
    (told,) = pdf.Root.AF
    assert (str(told.F), str(told.UF), str(told.AFRelationship)) == ("findings.json", "findings.json", "/Data")
    assert str(told.Desc)
    inside = told.EF.F
    assert str(inside.Subtype) == "/application/json"
    assert str(inside.Params.ModDate) == "D:20150630000000Z"
    assert int(inside.Params.Size) == len(inside.read_bytes())
    assert "/AF" not in paper_of("red", "maintenance", locale).pdf.Root


ANEW = """
import hashlib, pickle, sys
from flows import paper
made, facts, at = pickle.load(open(sys.argv[1], "rb"))
print(hashlib.sha256(paper.pdf(made, facts, at)).hexdigest())
"""


def test_another_process_makes_the_same_bytes(facts: Callable[[str], Any], tmp_path: Path) -> None:
    import pickle

    from flows import paper
    from reports.documents import document

    made = document("risk", facts(RED), "zh")
    kept = tmp_path / "made.pickle"
    kept.write_bytes(pickle.dumps((made, facts(RED), AT)))
    run = subprocess.run([sys.executable, "-c", ANEW, str(kept)], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == hashlib.sha256(paper.pdf(made, facts(RED), AT)).hexdigest()
