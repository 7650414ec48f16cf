"""The night's first page: what it says at a glance, where everything is, and the search among its clients; nothing fetched.

Both languages stand in it, the night's first one in sight; a link shows the other. A part is a template the page includes.
All but the search works without script, and only scripts of ours run.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup

from expectations.tables import TABLES
from reports import jumps
from reports.documents import ROOT, Verbatim, environment
from reports.sections.level import SHAPES as RISK_SHAPES
from reports.sections.relationship import SHAPES as RELATIONSHIP_SHAPES
from reports.words import Words
from transforms import text

LANGUAGES = {"en": ("en", "English"), "zh": ("zh-CN", "中文")}  # locale → HTML language, its own name
COUNTS = ("rows_in", "clean", "quarantined", "collapsed", "superseded")
SEARCHED = "clients.js"  # the clients, beside the page: see clients.py
UNUSED = ("B5", "B8")  # checks that take an optional table out of the night
JUMPS = 20  # as many are told in words
LEVELS = {
    "risk": ("N", "R", "A", "W", "clear", "not_assessable"),
    "relationship": ("at_risk", "cooling", "ok", "not_assessable"),
    "change": ("new", "worse", "standing", "better"),
}
SHAPES: Mapping[str, Mapping[str, str]] = {"risk": RISK_SHAPES, "relationship": RELATIONSHIP_SHAPES, "change": {}}


@cache
def style() -> Markup:
    """The page's style sheet."""
    return Verbatim((ROOT / "styles" / "index.css").read_text(encoding="utf-8"))


@cache
def script() -> Markup:
    """The page's own script."""
    return Verbatim((ROOT / "scripts" / "clients.js").read_text(encoding="utf-8"))


def guard(*, searching: bool) -> str:
    """The content security policy: our style sheet, our script and the file beside it may be used, and no network.

    `file:` stands beside 'self', since browsers differ in what a page of file:// may call its own.
    """
    scripts = f"'self' file: {_known(script())}" if searching else "'none'"
    rules = f"default-src 'none'; script-src {scripts}; style-src {_known(style())}"
    return f"{rules}; base-uri 'none'; form-action 'none'"


def _known(content: str) -> str:
    """A script or style sheet as a policy names it: by its digest."""
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def page(told: Mapping[str, Any], names: Collection[str], provenance: Mapping[str, Any]) -> str:
    """The page as HTML.

    `told` is what the night's manifest will say; `names` the files of the night, relative to its folder; `provenance` the
    source's.
    """
    first = next(iter(told["locales"]), "en")  # a night without pages may name no language
    locales = [
        *(locale for locale in LANGUAGES if locale != first),
        first,
    ]  # the one in sight stands last: see the style
    parts = {locale: _part(told, names, provenance, locale) for locale in locales}
    titles = [
        Words(locale).gettext("The night of {day}").format(day=told["as_of"]) for locale in (first, *locales[:-1])
    ]
    template = environment(first).get_template("index.html")
    searching = SEARCHED in names
    return template.render(
        title=" · ".join(titles),
        first=first,
        parts=parts,
        languages=LANGUAGES,
        style=style(),
        script=script() if searching else None,
        guard=guard(searching=searching),
    )


def _part(told: Mapping[str, Any], names: Collection[str], provenance: Mapping[str, Any], locale: str) -> Markup:
    """The page's body in one language."""
    w = Words(locale)
    before = told["previous"]
    facts = {
        "as_of": _day(told["as_of"], w),
        "before": _day(before["as_of"], w) if before else None,
        "policy": told["policy_hash"],
        "catalogue": told["catalogue_version"],
        "bank": provenance.get(f"name_{locale}"),
        "attribution": provenance.get(f"attribution_{locale}"),
        "licence": provenance.get("licence"),
        "levels": {kind: _levels(told["levels"], kind, w) for kind in LEVELS},
        "search": _search(w) if SEARCHED in names else None,
        "files": _files(names, w),
        "reports": text.count(len(told["reports"]), locale),
        "worklists": text.count(len(told.get("worklists", {})), locale),
        "missing": told["missing"],
        "jumps": [jumps.told(jump, w) for jump in told["jumps"][:JUMPS]],
        "more_jumps": text.count(max(0, len(told["jumps"]) - JUMPS), locale),
        "tables": [_table(name, told["tables"].get(name), names, provenance, w) for name in TABLES],
        "others": {code: named for code, named in LANGUAGES.items() if code != locale},
    }
    return Markup(environment(locale).get_template("night.html").render(**facts))  # noqa: S704 - escaped by the template


def _day(iso: str, w: Words) -> str:
    return text.day(date.fromisoformat(iso), w.locale)


def _levels(told: Mapping[str, Mapping[str, int]], kind: str, w: Words) -> list[dict[str, str]]:
    counted = told["change" if kind == "change" else f"{kind}_level"]
    return [
        {
            "code": code,
            "shape": SHAPES[kind].get(code, ""),
            "name": w.label(kind, code),
            "clients": text.count(counted.get(code, 0), w.locale),
        }
        for code in LEVELS[kind]
    ]


def _search(w: Words) -> dict[str, Any]:
    """What the search says: titles of its filters and orders for the template, all else for the script as JSON."""
    titles = {
        "risk": w.gettext("Risk level"),
        "relationship": w.gettext("Relationship level"),
        "change": w.gettext("Change"),
    }
    words = {
        **{kind: {code: (SHAPES[kind].get(code, ""), w.label(kind, code)) for code in LEVELS[kind]} for kind in LEVELS},
        "language": "en-GB" if w.locale == "en" else LANGUAGES[w.locale][0],
        "languages": {code: name for code, (_, name) in LANGUAGES.items()},
        "reports": {  # in the table, and in full to who hears it
            "risk": (w.gettext("Risk"), w.gettext("Risk report")),
            "maintenance": (w.gettext("Maintenance"), w.gettext("Maintenance report")),
        },
        "confidential": w.gettext("Confidential client"),
        "none": {"rm": w.gettext("none assigned"), "branch": w.gettext("unknown")},
        "hits": w.gettext("Clients {from} to {to} of {n}, among {all}"),
        "nothing": w.gettext("No client is like that, among {all}"),
        "printed": w.gettext("The first {n} are printed."),
    }
    orders = {**titles, "name": w.gettext("Name")}
    return {"titles": titles, "orders": orders, "words": json.dumps(words, ensure_ascii=False)}


def _files(names: Collection[str], w: Words) -> list[tuple[str, str]]:
    """Name and meaning of what stands in the night's folder itself, what people read first; then Data Docs."""
    meanings = {
        "answers.parquet": w.gettext("Every signal's answer for every client"),
        "findings.parquet": w.gettext("What fired: value, limit, evidence, sentences"),
        "assessments.parquet": w.gettext("Levels, moves and reasons of every client"),
        "gaps.parquet": w.gettext("What could not be answered, and for want of what"),
        "moves.parquet": w.gettext("How levels and findings moved, night by night"),
        "rates.parquet": w.gettext("How often every signal fires, tonight and usually"),
        "data_docs/index.html": w.gettext("Data Docs: every check of every table"),
    }
    whole = {
        "portfolio.{}.pdf": w.gettext("Portfolio report"),
        "watchlist.{}.xlsx": w.gettext("Watch list, findings, roster"),
    }
    meanings |= {
        file.format(code): f"{meaning} ({name})"
        for file, meaning in whole.items()
        for code, (_, name) in LANGUAGES.items()
    }
    shown = [name for name in names if ("/" not in name and name != SEARCHED) or name == "data_docs/index.html"]
    order = (".pdf", ".xlsx", ".html", ".parquet")
    ranked = sorted(shown, key=lambda name: (*(not name.endswith(ending) for ending in order), name))
    return [(name, meanings.get(name, "")) for name in ranked]


def _table(
    name: str, told: Mapping[str, Any] | None, names: Collection[str], provenance: Mapping[str, Any], w: Words
) -> dict[str, Any]:
    """A line of the input tables, and under it its notices and what quarantine gave back."""
    counts = told["counts"] if told else {}
    links = {"docs": f"data_docs/{name}.html", "quarantine": f"quarantine/{name}.parquet"}
    origin = provenance.get("tables", {}).get(name, {}).get("origin")
    return {
        "name": name,
        "label": w.label("table", name),
        "other": Words("en" if w.locale == "zh" else "zh").label("table", name),
        "other_lang": "en" if w.locale == "zh" else "zh-CN",
        "simulated": origin == "simulated",
        "day": _day(told["delivered"]["business_date"], w) if told else "—",
        "counts": {key: text.count(counts[key], w.locale) if told else "—" for key in COUNTS},
        "used": told is not None and not told["skipped"],
        "why": _unused(told, w),
        "notices": [_notice(notice, w) for notice in told["notices"]] if told else [],
        "released": [(check, text.count(rows, w.locale)) for check, rows in told["released"].items()] if told else [],
        **{kind: link if link in names else None for kind, link in links.items()},
    }


def _unused(told: Mapping[str, Any] | None, w: Words) -> str | None:
    """Why the night does not use a table; None: it does."""
    if told is None:
        return w.gettext("nothing was delivered")
    if not told["skipped"]:
        return None
    return w.join([n[f"message_{w.locale}"] for n in told["notices"] if n["check_id"] in UNUSED])


def _notice(notice: Mapping[str, Any], w: Words) -> dict[str, str]:
    return {
        "check": notice["check_id"],
        "action": w.label("action", notice["action"]),
        "rows": text.count(notice["rows"], w.locale),
        "says": notice[f"message_{w.locale}"],
    }
