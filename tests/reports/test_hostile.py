"""Hostile text in every column that reaches a page: it is printed and does nothing else."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.lists import LISTS
from expectations.tables import TABLES
from flows import nights, paper
from flows.store import Done
from reports import fonts
from reports.documents import KINDS, document, portfolio, seen
from reports.facts import Facts
from reports.labels import LABELS
from reports.render import Closed
from tests.reports.cases import RED, TOLD, each
from tests.reports.conftest import AT
from tests.reports.pages import opened
from transforms.panel import COLUMNS
from transforms.relationship.meanings import told as meaning
from transforms.signals import CATALOGUE

LOCALES = ("en", "zh")
HOSTILE = {
    "html": "</td></table><h1>A</h1><img src=x onerror=alert(1)><a href='javascript:alert(1)'>B</a><!--",
    "entities": "&lt;b&gt;&amp;&#0;&quot;]]>",
    "head": "</title></style><base href='http://127.0.0.1:9/'><link rel=attachment href='file:///etc/passwd'>",
    "jinja": "{{ 7*7 }}{% raw %}{# C #}{{ f.run }}{% endraw %}",
    "css": "</style><style>@page{margin:0}*{display:none}@import url(file:///etc/passwd)</style>",
    "url": "url(http://127.0.0.1:9/a) file:///etc/passwd http://127.0.0.1:9/ data:text/html,x",
    "svg": "</text></svg><svg><script>alert(1)</script><image href='file:///etc/passwd'/></svg>",
    "formula": "=HYPERLINK(\"http://127.0.0.1:9\",\"x\")+cmd' /C calc'!A0 @SUM(1) %s %(x)s {n} {0.__class__}",
    "path": "../../../etc/passwd\\..\\x:con /dev/null",
    "right to left": "\u202e\u2066gnp.exe\u2069\u202c \u200f\u200b\ufeffinvoice\u061c",
    "controls": "a\x00b\x07c\x1b[31md\r\ne\tf\x85g\u2028h\x7f",
    "accents": "\u0338a \u0301e\u0301\u20dd \ufe0f",
    "long": "Ab9 " * 2500,
}  # fmt: skip
CODES = (
    {code for codes in LABELS.values() for code in codes}
    | {code for codes in LISTS.values() for code in codes}
    | {*CATALOGUE, *TABLES, *COLUMNS}
)

WRITTEN = (
    "id",
    "text",
    "list of ids",
    "list of text",
    "list of undertakings",
)  # units of columns a person or a system fills


class Tags(HTMLParser):
    """Tags with their attributes, comments and the rest that is not text; and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[Any] = []
        self.said: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(tag)

    def handle_comment(self, data: str) -> None:
        self.seen.append(("comment", data))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def free(value: Any, text: str) -> Any:
    """The value, or `text` where it is a text that a person or another system may have written."""
    if (
        not isinstance(value, str)
        or value in CODES
        or re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        or re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", value)
    ):
        return value
    if value.partition(":")[0] in TABLES:  # a row's key is ours, but for a counterparty's name
        return f"transactions:C1|acct:X1|{text}" if value.startswith("transactions:") else value
    return text


def _written(frame: str, column: str) -> bool:
    """Whether a column of a relationship frame holds more than codes; the id of an expiring paper is a code, too."""
    return meaning(frame, column)[0] in WRITTEN and (frame, column) != ("dates", "about_id")


def told(facts: Facts, text: str) -> Facts:
    """The client with `text` in every free text of its own, of its bank and of the run."""

    def put(value: Any) -> Any:
        return free(value, text)

    run = facts.run
    names = {table: {**dict.fromkeys(known, text), text: text} for table, known in run.names.items()}
    origin = {
        key: each(value, lambda inner: inner if inner in ("real", "simulated") else text)
        for key, value in run.provenance.items()
    }
    run = replace(run, names=names, provenance=origin, policy=text, catalogue=text)
    related = {
        name: [{key: each(of, put) if _written(name, key) else of for key, of in row.items()} for row in rows]
        for name, rows in facts.related.items()
    }
    parts = {part: each(getattr(facts, part), put) for part in TOLD if part != "related"}
    return replace(facts, run=run, related=related, **parts)


def twin(text: str) -> str:
    """As long, and harmless."""
    return ("Zq7" * len(text))[: len(text)]


def inert(hostile: str, harmless: str, text: str) -> None:
    """The hostile page is its harmless twin but for the words."""
    one, other = Tags(hostile), Tags(harmless)
    assert one.seen == other.seen
    printed, expected = ("".join("".join(page.said).split()) for page in (one, other))
    assert printed == expected.replace(twin(text), "".join(seen(text).split()))
    assert twin(text) in expected
    assert not re.search(r"[\x00-\x08\x0e-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]", hostile)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_printed_and_changes_no_tag(facts: Callable[[str], Facts], name: str, kind: str, locale: str) -> None:
    text = HOSTILE[name]
    hostile, harmless = (document(kind, told(facts(RED), each), locale).html(AT) for each in (text, twin(text)))
    inert(hostile, harmless, text)


_watching: list[list[str]] = []


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _watching and event.startswith(("open", "socket.", "subprocess.", "os.system", "urllib.", "os.listdir")):
        _watching[-1].append(f"{event} {args[0]}")


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[list[str]]:
    """What this process opens, connects to and starts meanwhile."""
    _watching.append([])
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_it_opens_and_does_nothing(
    facts: Callable[[str], Facts], monkeypatch: pytest.MonkeyPatch, kind: str, locale: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Closed, "fetch", lambda _, url, *args, **more: asked.append(url))
    text = "".join(value for name, value in HOSTILE.items() if name not in ("long", "path"))
    one = told(facts(RED), text)
    one = replace(one, client={**one.client, "name": HOSTILE["long"] + text})
    with watched() as opening:
        made = paper.pdf(document(kind, one, locale), one, AT)
    assert not asked
    ours = r"open .*(weasyprint/pdf/sRGB2014\.icc|reports/(fonts|styles|templates)/[^.]+\.\w+|\.pyc?(\.\d+)?)$"
    theirs = rf"open ({'|'.join(fonts._FALLBACK)})/.+\.(ttf|otf|ttc|otc)$"  # who has a character that ours lack?
    assert all(re.match(ours, each) or re.match(theirs, each, re.IGNORECASE) for each in opening), opening
    found = opened(made)
    assert not any("/Annots" in page for page in found.pdf.pages)
    assert not {"/AcroForm", "/OpenAction", "/AA"} & set(found.pdf.Root.keys())
    assert list(found.pdf.attachments) == (["findings.json"] if kind == "risk" else [])
    plain = re.sub(r"\s", "", "".join(t.text for page in found.pages for t in page.body))
    for name in ("html", "jinja", "css", "svg", "formula", "url"):
        assert re.sub(r"\s", "", seen(HOSTILE[name])) in plain, name


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_reaches_a_file_name(name: str) -> None:
    made = paper.file_name(HOSTILE[name][:200], "risk", "en")
    assert re.fullmatch(r"reports/[0-9a-f]{2}/[A-Za-z0-9_-]+\.risk\.en\.pdf", made)
    assert len(Path(made).name) <= 255


@pytest.mark.parametrize("locale", LOCALES)
def test_the_portfolio_prints_it(night: nights.Published, facts: Callable[[str], Facts], locale: str) -> None:
    names = ("findings", "assessments", "rates")
    panels = [Done(p.parent, {}, {}, True).read("panel") for p in (night.out / "work" / "judge").rglob("panel.parquet")]
    read = {name: pl.read_parquet(night.file(f"{name}.parquet")) for name in names} | {"panel": pl.concat(panels)}
    text = "".join(value for name, value in HOSTILE.items() if name != "long")

    def page(text: str) -> str:
        said = {"panel": ("name", "rm_name", "branch_id", "region_code"), "findings": ("text_en", "text_zh")}
        frames = {
            name: frame.with_columns(pl.when(pl.col(column).is_not_null()).then(pl.lit(text)).alias(column) for column in said.get(name, ()))
            for name, frame in read.items()
        }  # fmt: skip
        return portfolio.html(frames, told(facts(RED), text).run, locale)[0]

    inert(page(text), page(twin(text)), text)
