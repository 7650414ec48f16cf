"""How we meet: rhythm against the client's own, 24 months of contacts, the people, the last contacts."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from reports.facts import Facts, Row
from reports.sections import Section
from reports.words import Words
from transforms import text
from transforms.night import month_start
from transforms.relationship.visit_triggers import IN_PERSON

SHOWN, PEOPLE = 8, 12
MONTHS, WIDE, HIGH = 24, 520, 44


def _strip(rows: Sequence[Row], as_of: date, w: Words) -> str:
    """24 months of two-way contacts as ticks along a line, SVG: long ones in person, short ones by telephone or writing."""
    first, end = month_start(as_of, MONTHS - 1), month_start(as_of, -1)
    scale = (WIDE - 8) / (end - first).days

    def at(day: date) -> float:
        return 4 + (day - first).days * scale

    met = [row for row in rows if row["two_way"] and first <= row["on"] < end]
    ticks = "".join(f"M{at(row['on']):.1f} 30v{-20 if row['channel'] in IN_PERSON else -9}" for row in met)
    months = [month_start(as_of, back) for back in range(MONTHS - 1, -1, -1)]
    marks = "".join(f"M{at(day):.1f} 30v3" for day in months)
    label = 'font-family="Noto Sans SC" font-size="8" fill="#333"'
    named = "".join(
        f'<text x="{at(day):.0f}" y="42" {label}>{escape(text.month(day, w.locale))}</text>'
        for day in months
        if day.month in (1, 7)
    )
    title = w.gettext("Two-way contacts, 24 months")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="100%" role="img"><title>{escape(title)}</title>'
        f'<path fill="none" stroke="#555" stroke-width=".6" d="M4 30H{WIDE - 4}{marks}"/>'
        f'<path fill="none" stroke="#1a1a1a" stroke-width="1.6" d="{ticks}"/>{named}</svg>'
    )


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Rhythm, last and next contact, the strip, the client's people, the last eight contacts."""
    c, loc = f.client, w.locale
    history = f.series["contact_history"]
    people = [row for row in f.related["people"] if row["belongs"]]
    return {
        "connected": "interactions" in f.run.feeds,
        "rows": [
            (w.gettext("Last two-way contact"), text.day(c["last_contact_on"], loc)),
            (w.gettext("Next planned contact"), text.day(c["next_planned_on"], loc)),
            (w.gettext("Warmth of the last three contacts"), text.score(c["warmth_last3"], loc)),
            (w.gettext("Rhythm of the grade"), text.days(c["contact_cadence"], loc)),
            (w.gettext("The client's own rhythm, twelve months"), text.days(c["contact_own_gap"], loc)),
            (w.gettext("Warmth of the six before"), text.score(c["warmth_before6"], loc)),
        ],
        "strip": _strip(history, f.assessment["as_of"], w) if history else None,
        "people_known": "party_links" in f.run.feeds,
        "people": [
            (
                row["name"] or row["party_id"], w.label("function", row["function"]),
                w.label("decision_role", row["decision_role"]), w.label("stance", row["stance"]),
                text.day(row["last_met_on"], loc), text.count(row["met_365"], loc),
            )
            for row in people[:PEOPLE]
        ],
        "more": text.count(len(people) - PEOPLE, loc) if len(people) > PEOPLE else None,
        "contacts": [
            (
                text.day(row["on"], loc), w.label("channel", row["channel"]), w.label("purpose", row["purpose"]),
                text.count(row["warmth"], loc), w.gettext("yes") if row["two_way"] else w.gettext("no"),
            )
            for row in history[:SHOWN]
        ],
    }  # fmt: skip


SECTION = Section("contacts", facts, ("interactions", "party_links"))
