"""The days to keep in mind for the client: the next 90."""

from collections.abc import Mapping
from typing import Any

from reports import asks
from reports.facts import Facts, Row
from reports.sections import Section
from reports.sections.next_visit import item
from reports.words import Words
from transforms import text


def _about(row: Row, f: Facts, w: Words) -> str:
    """What falls on the day: the person, the loan with its amount, the paper, the title of what is owed."""
    amount = text.money(row["amount"], f.run.currency, w.locale) if row["amount"] is not None else None
    said = {
        "loan_matures": ("credit", row["said"]), "line_expires": ("credit", row["said"]),
        "deposit_matures": ("account_kind", row["said"]), "occasion": ("occasion", row["said"]),
        "holiday": ("holiday", row["about_id"]),
    }.get(row["kind"])  # fmt: skip
    if row["kind"] == "document_expires":
        return item(row["about_id"], w)
    if row["kind"] in ("founding", "cooperation"):
        return w.gettext("since {day}").format(day=text.day(row["since"], w.locale))
    named = w.label(*said) if said else row["said"]
    number = row["about_id"] if row["kind"] not in ("birthday", "occasion", "holiday") else None
    return w.join([part for part in (named, number, amount) if part]) or text.NONE


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Each day with its kind and what it is about."""
    rows = f.related["dates"]
    return {
        "rows": [(text.day(row["day"], w.locale), w.label("date", row["kind"]), _about(row, f, w)) for row in rows],
        "owed": [
            {
                "kind": w.label("undertaking", row["kind"]),
                "id": row["undertaking_id"],
                "title": row["title"],
                "due": text.day(row["due_on"], w.locale),
                "who": w.gettext("the client") if row["owed_by"] == "client" else asks.staff(row["owner_id"], f),
            }
            for row in f.related["owed"]
            if row["due_on"] is None or row["due_on"] <= f.assessment["as_of"]
        ],
    }


SECTION = Section("dates", facts, ("undertakings", "loans", "accounts", "documents"))
