"""The findings in order of weight: what holds, against which limit, from which source, and what to ask."""

from collections.abc import Iterable, Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import SHAPES
from reports.words import Words
from transforms import text
from transforms.signals import CATALOGUE

SHOWN_KEYS = 3


def _period(row: Mapping[str, Any], w: Words) -> str:
    start, end = (text.day(row[name], w.locale) for name in ("period_from", "period_to"))
    if row["period_from"] is None:
        return w.gettext("as of {day}").format(day=end)
    return w.gettext("{start} to {end}").format(start=start, end=end)


def _source(row: Mapping[str, Any], w: Words) -> str:
    keys = list(row["source_keys"])
    tables = list(dict.fromkeys(w.label("table", key.split(":")[0]) for key in keys))
    shown = [key.split(":", 1)[1] for key in keys[:SHOWN_KEYS]]
    more = w.gettext(" and {n} more").format(n=len(keys) - SHOWN_KEYS) if len(keys) > SHOWN_KEYS else ""
    return w.join(tables) + ((": " if w.locale == "en" else "：") + w.join(shown) + more if shown else "")


def _simulated(row: Mapping[str, Any], f: Facts) -> bool:
    """Whether a row behind the finding is simulated; own_book speaks for transactions."""
    tables = {key.split(":")[0].replace("own_book", "transactions") for key in row["source_keys"]}
    origins = f.run.provenance.get("tables", {})
    return any(origins.get(table, {}).get("origin") == "simulated" for table in tables)


def told(f: Facts, w: Words, categories: Iterable[str]) -> list[Mapping[str, Any]]:
    """Findings of those categories in the assessment's order, each ready to print."""
    order = {signal: place for place, signal in enumerate(f.assessment["reasons"])}
    rows = sorted(f.findings, key=lambda row: order.get(row["signal_id"], len(order)))
    return [
        {
            "id": row["signal_id"],
            "code": row["level"],
            "shape": SHAPES[row["level"]],
            "level": w.label("risk", row["level"]),
            "name": CATALOGUE[row["signal_id"]].zh if w.locale == "zh" else CATALOGUE[row["signal_id"]].en,
            "book": None if w.locale == "zh" else CATALOGUE[row["signal_id"]].zh,
            "says": row[f"text_{w.locale}"],
            "period": _period(row, w),
            "source": _source(row, w),
            "since": text.day(row["first_seen"], w.locale),
            "ask": CATALOGUE[row["signal_id"]].ask_zh if w.locale == "zh" else CATALOGUE[row["signal_id"]].ask_en,
            "rule": row["rule_version"],
            "simulated": _simulated(row, f),
        }
        for row in rows
        if row["signal_id"][:3] in categories
    ]


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Risk findings; none is said, too."""
    return {"findings": told(f, w, ("EXT", "FIN", "MGT", "MOR", "ADD"))}


SECTION = Section("reasons", facts)
