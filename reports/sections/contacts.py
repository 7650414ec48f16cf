"""How we met: rhythm against the client's own, the last contacts, the next one."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

SHOWN = 8


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Rhythm, last and next contact, the last eight contacts."""
    c, loc = f.client, w.locale
    return {
        "connected": "interactions" in f.run.feeds,
        "rows": [
            (w.gettext("Last two-way contact"), text.day(c["last_contact_on"], loc)),
            (w.gettext("Next planned contact"), text.day(c["next_planned_on"], loc)),
            (w.gettext("Rhythm of the grade"), text.days(c["contact_cadence"], loc)),
            (w.gettext("The client's own rhythm, twelve months"), text.days(c["contact_own_gap"], loc)),
            (w.gettext("Warmth of the last three contacts"), text.score(c["warmth_last3"], loc)),
            (w.gettext("Warmth of the six before"), text.score(c["warmth_before6"], loc)),
        ],
        "contacts": [
            (
                text.day(row["on"], loc),
                w.label("channel", row["channel"]),
                w.label("purpose", row["purpose"]),
                text.count(row["warmth"], loc),
                w.gettext("yes") if row["two_way"] else w.gettext("no"),
            )
            for row in f.series["contact_history"][:SHOWN]
        ],
    }


SECTION = Section("contacts", facts, ("interactions",))
