"""Table 11-5: the client's rows of the visit plan, what lies ahead and what the last 30 days brought."""

from collections.abc import Mapping
from typing import Any

from reports import asks, cells
from reports.facts import Facts
from reports.sections import Section
from reports.sections.next_visit import ahead, triggers
from reports.words import Words


def facts(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """The rows by day, those ahead first; None when the next visit's card has told them all."""
    coming = ahead(f)
    past = [row for row in f.related["visit_plan"] if row not in coming]
    if len(coming) < 2 and not past:
        return None
    return {
        "rows": [
            (
                (cells.short(row["plan_on"]), cells.short(row["due_on"])),
                (w.label("channel", row["channel"]), w.label("purpose", row["purpose"])),
                (asks.person(row["contact_id"], f), None),
                (triggers(row, w), None),
                (w.label("visit_state", row["status"]), w.label("visit_class", row["class"]) if row["class"] else None),
                (cells.short(row["held_on"]), w.label("outcome", row["result"]) if row["result"] else None),
                (cells.short(row["next_on"]), None),
            )
            for row in (*coming, *past)
        ]
    }


SECTION = Section("visit_plan", facts, ("interactions",))
