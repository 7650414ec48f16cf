"""The documents: which sections in which order; a document of one client as HTML, and the digest of what it says."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from reports.documents import maintenance, risk
from reports.facts import Facts, Run
from reports.sections import Section
from reports.sections.identity import client_name
from reports.words import Words
from transforms import text

ROOT = Path(__file__).parents[1]
KINDS = {"risk": risk.SECTIONS, "maintenance": maintenance.SECTIONS}


# What a reader cannot see but a page obeys: controls, marks of direction, spaces without width, tags.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)


class Verbatim(Markup):
    """A script or a style sheet of ours: the page names its digest, so not a byte may change."""


def seen(value: Any) -> Any:
    """A text as a reader would see it, so that no name turns round the words beside it; what is no text as it is."""
    if not isinstance(value, str) or isinstance(value, Verbatim):
        return value
    return type(value)(_UNSEEN.sub("", _BREAKS.sub(" ", value)))


@cache
def environment(locale: str) -> Environment:
    """Jinja2 with autoescape everywhere, no undefined name tolerated, and the language's words."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=seen,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(Words(locale), newstyle=True)  # type: ignore[attr-defined]
    made.globals["locale"] = locale
    return made


@cache
def style(kind: str | None = None) -> str:
    """The style sheet of all documents, and after it what a kind of document has of its own."""
    return sheet("report") + (sheet(kind) if kind else "")


def sheet(name: str) -> str:
    """A file of `styles`; "" for a kind of document that has nothing of its own."""
    file = ROOT / "styles" / f"{name}.css"
    return file.read_text(encoding="utf-8") if file.exists() else ""


@cache
def code() -> str:
    """Digest of templates, styles, fonts, words and code: a report is made anew when any of them changes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in ROOT.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _simulated(section: Section, run: Run) -> bool:
    tables = run.provenance.get("tables", {})
    return any(tables.get(name, {}).get("origin") == "simulated" for name in section.tables)


@dataclass(frozen=True)
class Document:
    """One document of one client in one language: what it prints, before the date of issue."""

    kind: str
    locale: str
    client_id: str
    printed: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Digest of what it says; the night it is issued on is not part of it."""
        canonical = json.dumps(
            [self.kind, self.locale, self.printed, code()], sort_keys=True, ensure_ascii=False, default=str
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def title(self) -> str:
        """The document's title."""
        words = Words(self.locale)
        kind = words.gettext("Risk report") if self.kind == "risk" else words.gettext("Maintenance report")
        return f"{kind} · {self.printed['name']}"

    def html(self, issued_on: date) -> str:
        """The page as HTML, issued on that night."""
        template = environment(self.locale).get_template("client.html")
        issued = text.day(issued_on, self.locale)
        return template.render(**self.printed, kind=self.kind, title=self.title, issued=issued)


def document(kind: str, facts: Facts, locale: str) -> Document:
    """A client's risk or maintenance report."""
    words = Words(locale)
    chapters = [
        {"name": section.name, "simulated": _simulated(section, facts.run), "facts": section.facts(facts, words)}
        for section in KINDS[kind]
    ]
    provenance = facts.run.provenance
    printed = {
        "name": client_name(facts, words),
        "client_id": facts.client_id,
        "bank": provenance.get(f"name_{locale}"),
        "attribution": provenance.get(f"attribution_{locale}"),
        "licence": provenance.get("licence"),
        "chapters": chapters,
    }
    return Document(kind, locale, facts.client_id, printed)
