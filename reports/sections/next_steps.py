"""What the relationship manager does next: few, ranked, each with its reason."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import RISK
from reports.sections.reasons import told
from reports.words import Words
from transforms import text

MOST = 3


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """At most three questions from the findings, decay signs first; else the next planned contact, else a plan."""
    findings = [*told(f, w, ("REL",)), *told(f, w, RISK)][:MOST]
    planned = f.client["next_planned_on"]
    routine = (
        w.gettext("Keep the contact planned for {day}.").format(day=text.day(planned, w.locale))
        if planned
        else w.gettext("No contact is planned: agree the next one.")
    )
    return {"steps": [{"do": row["ask"], "why": row["says"], "id": row["id"]} for row in findings], "routine": routine}


SECTION = Section("next_steps", facts)
