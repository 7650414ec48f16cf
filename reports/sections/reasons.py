"""The findings in order of weight: what holds, against which limit, from which source, and what to ask.

A resolved finding is no reason, but it is said in a line; a snoozed one counts and stands apart.
"""

from collections.abc import Collection, Mapping
from typing import Any

from reports.facts import Facts
from reports.keys import source
from reports.sections import Section
from reports.sections.level import RISK, SHAPES
from reports.words import Words, book
from transforms import text
from transforms.signal import LEVELS
from transforms.signals import CATALOGUE

SHOWN = ("standing", "clearing")


def _period(row: Mapping[str, Any], w: Words) -> str:
    start, end = (text.day(row[name], w.locale) for name in ("period_from", "period_to"))
    if row["period_from"] is None:
        return w.gettext("as of {day}").format(day=end)
    return w.gettext("{start} to {end}").format(start=start, end=end)


def _simulated(row: Mapping[str, Any], f: Facts) -> bool:
    """Whether a row behind the finding is simulated; own_book speaks for transactions."""
    tables = {key.split(":")[0].replace("own_book", "transactions") for key in row["source_keys"]}
    origins = f.run.provenance.get("tables", {})
    return any(origins.get(table, {}).get("origin") == "simulated" for table in tables)


def _stands(row: Mapping[str, Any], w: Words) -> str | None:
    """Of a finding that did not fire tonight: when it last did, and what follows."""
    day = text.day(row["evaluated_on"], w.locale)
    if row["state"] == "clearing":
        said = w.gettext(
            "It did not fire when last evaluated; it last fired on {day} and clears after two evaluations without it."
        )
        return said.format(day=day)
    if row["evaluated_on"] != row["as_of"]:
        return w.gettext("It could not be evaluated since; it last fired on {day}.").format(day=day)
    return None


def _acted(row: Mapping[str, Any], w: Words) -> str | None:
    """What a person did with a finding that stands all the same."""
    if row["action"] is None:
        return None
    acted = w.label("acted", row["action"])
    said = w.gettext("{acted} by {who} on {day}.").format(
        acted=acted, who=row["action_by"] or "—", day=text.day(row["action_on"], w.locale)
    )
    if row["action"] not in ("confirm", "escalate") and LEVELS.index(row["level"]) > LEVELS.index(row["acted_level"]):
        said = w.line([said, w.gettext("Worse since: it stands again.")])
    return said


def ordered(f: Facts, categories: Collection[str], states: Collection[str]) -> list[Mapping[str, Any]]:
    """Findings of those categories and states, in the assessment's order."""
    order = {signal: place for place, signal in enumerate(f.assessment["reasons"])}
    rows = [row for row in f.findings if row["signal_id"][:3] in categories and row["state"] in states]
    return sorted(rows, key=lambda row: order.get(row["signal_id"], len(order)))


def told(f: Facts, w: Words, categories: Collection[str]) -> list[Mapping[str, Any]]:
    """Findings of those categories that are shown as reasons, each ready to print."""
    return [
        {
            "id": row["signal_id"],
            "code": row["level"],
            "shape": SHAPES[row["level"]],
            "level": w.label("risk", row["level"]),
            "name": w.signal(row["signal_id"]),
            "book": None if w.locale == "zh" else book(row["signal_id"]),
            "says": row[f"text_{w.locale}"],
            "confirm": row["confirm"] and row["action"] != "confirm",
            "stands": _stands(row, w),
            "acted": _acted(row, w),
            "period": _period(row, w),
            "source": source(row["source_keys"], f.client_id, w),
            "since": text.day(row["first_seen"], w.locale),
            "ask": CATALOGUE[row["signal_id"]].ask_zh if w.locale == "zh" else CATALOGUE[row["signal_id"]].ask_en,
            "rule": row["rule_version"],
            "simulated": _simulated(row, f),
        }
        for row in ordered(f, categories, SHOWN)
    ]


def apart(f: Facts, w: Words, categories: Collection[str], state: str) -> list[Mapping[str, Any]]:
    """Snoozed or resolved findings of those categories: what it was, by whom, when, until when."""
    return [
        {
            "id": row["signal_id"],
            "name": w.signal(row["signal_id"]),
            "code": row["level"],
            "shape": SHAPES[row["level"]],
            "level": w.label("risk", row["level"]),
            "acted": w.label("acted", row["action"]),
            "who": row["action_by"] or "—",
            "on": text.day(row["action_on"], w.locale),
            "until": text.day(row["action_until"], w.locale),
        }
        for row in ordered(f, categories, (state,))
    ]


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Risk findings and how many of each level, those snoozed and those resolved; none is said, too."""
    shown = [row["level"] for row in ordered(f, RISK, SHOWN)]
    return {
        "findings": told(f, w, RISK),
        "counts": [(level, SHAPES[level], shown.count(level)) for level in reversed(LEVELS) if level in shown],
        "snoozed": apart(f, w, RISK, "snoozed"),
        "resolved": apart(f, w, RISK, "resolved"),
    }


SECTION = Section("reasons", facts)
