"""The renderer's short user-agent sheet against WeasyPrint's own."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
import weasyprint
from weasyprint.html import UA

from reports import render
from reports.documents import KINDS, ROOT, document, sheet
from reports.facts import Facts
from tests.reports.cases import CASES
from tests.reports.conftest import AT

PAGES = [*(ROOT / "templates/sections").glob("*.html"),
         *(ROOT / "templates" / f"{name}.html" for name in ("base", "client", "portfolio", "worklist"))]  # fmt: skip


def told(css: str) -> set[str]:
    """The tags a style sheet has rules for."""
    heads = re.findall(r"(?:^|\})([^{}@]+)\{", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return set(re.findall(r"(?<![\w.:#-])[a-z][a-z0-9]*", re.sub(r"\[[^]]*\]", "", ",".join(heads))))


def test_the_short_sheet_knows_every_tag_of_the_templates() -> None:
    said = " ".join(page.read_text(encoding="utf-8") for page in PAGES)
    used = set(re.findall(r"<([a-z][a-z0-9]*)", said)) | {"svg"}
    assert {"table", "br", "small"} <= used & told(UA)
    assert used & told(UA) <= told(sheet("agent"))
    assert not re.findall(
        r"<a |<[^>{]* (?:dir|hidden|type)\b", said
    )  # of which WeasyPrint's sheet speaks without a tag


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_the_same_as_weasyprint_reads_it(
    facts: Callable[[str], Facts], monkeypatch: pytest.MonkeyPatch, kind: str, locale: str
) -> None:
    html = document(kind, CASES["red"](facts), locale).html(AT)
    assert ElementTree.fromstring(html).tag == "html"  # noqa: S314
    made = render.renderer().pdf(html, kind=kind)
    monkeypatch.setattr(render, "Page", weasyprint.HTML)
    assert render.renderer().pdf(html, kind=kind) == made


def test_a_page_that_is_no_xml_is_read_all_the_same() -> None:
    assert render.renderer().pdf('<!doctype html><html lang="en"><title>t</title><p>one<br>two').startswith(b"%PDF")
