"""What the relationship manager does next: the methods tonight's records ask for, each with its day and its reason."""

from collections.abc import Mapping
from typing import Any

from reports import asks
from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

NAMELESS = ("none", "signal", "product", "contact", "client", "festival", "leaders", "banquet", "evening", "bank_visit")


def _about(row: Mapping[str, Any], f: Facts, w: Words) -> str | None:
    """The row it is about, to be looked up, with its title where it has one; None where the reason says enough."""
    if row["about_kind"] in NAMELESS or row["about_id"] is None:
        return None
    title = next((owed["title"] for owed in f.related["owed"] if owed["undertaking_id"] == row["about_id"]), None)
    named = f"{w.label('about', row['about_kind'])} {row['about_id']}"
    return w.gettext("{named}: {title}").format(named=named, title=title) if title else named


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """The suggestions in their order; the next planned contact when there is none."""
    planned, loc = f.client["next_planned_on"], w.locale
    routine = (
        w.gettext("Keep the contact planned for {day}.").format(day=text.day(planned, loc))
        if planned
        else w.gettext("No contact is planned: agree the next one.")
    )
    return {
        "steps": [
            {
                "rank": row["rank"],
                "method": asks.method(row["method"], w),
                "do": w.label("do", row["action"]),
                "who": asks.person(row["contact_id"], f) if row["contact_id"] else None,
                "by": text.day(row["due_on"], loc),
                "late": row["due_on"] is not None and row["due_on"] < f.assessment["as_of"],
                "owner": asks.staff(row["owner_id"], f) if row["owner_id"] != f.client["rm_id"] else None,
                "why": asks.why(row["trigger"], row["evidence"], f, w),
                "also": w.join(asks.also(row["evidence"], w)) or None,
                "about": _about(row, f, w),
            }
            for row in f.related["actions"]
        ],
        "routine": routine,
    }


SECTION = Section("next_steps", facts, ("interactions", "undertakings", "holdings"))
