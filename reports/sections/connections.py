"""Whom the client's fate hangs on: group, owners, guarantors, officers, key payers and payees; trouble first."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from reports import absent
from reports.facts import Facts
from reports.labels import LABELS
from reports.sections import Section
from reports.sections.level import SHAPES
from reports.words import Words
from transforms import text

SHOWN = 8
TABLES = ("party_links", "credit_support", "transactions", "events")
ORDER = tuple(LABELS["party_tie"])
TROUBLED = ("N", "R", "A")


def _tie(row: Mapping[str, Any], f: Facts, w: Words) -> str:
    """What the party is to the client, with its share and the amount guaranteed."""
    figures = [text.money(row["amount"], f.run.currency, w.locale)] if row["amount"] is not None else []
    figures += (
        [w.label("share_of", row["tie"]).format(share=text.percent(row["share"], w.locale))] if row["share"] else []
    )
    named = w.label("party_tie", row["tie"])
    return w.gettext("{tie} ({figures})").format(tie=named, figures=w.join(figures)) if figures else named


def _registry(row: Mapping[str, Any], w: Words) -> str:
    if row["registry"] is None:
        return "—"
    if not row["registry"]:
        return w.gettext("none")
    found = w.join([w.label("registry", subtype) for subtype in row["registry"]])
    return w.gettext("{found}, {day}").format(found=found, day=text.day(row["registry_on"], w.locale))


def _weight(ties: list[Mapping[str, Any]]) -> tuple[Any, ...]:
    """Trouble first, then the closest tie, then the largest share."""
    one = ties[0]
    level = TROUBLED.index(one["risk_level"]) if one["risk_level"] in TROUBLED else len(TROUBLED)
    closest = min(ORDER.index(row["tie"]) for row in ties)
    return not one["registry"], level, closest, -max(row["share"] or 0 for row in ties), one["party_id"]


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """The weightiest parties, one a row with all its ties; how many more there are; the tables that did not come."""
    parties = [list(rows) for _, rows in groupby(f.related["connected_parties"], lambda row: row["party_id"])]
    parties.sort(key=_weight)
    left = parties[SHOWN:]
    return {
        "parties": [_row(ties, f, w) for ties in parties[:SHOWN]],
        "left": text.count(len(left), w.locale) if left else None,
        "missing": absent.unconnected(f, w, TABLES),
    }


def _row(ties: list[Mapping[str, Any]], f: Facts, w: Words) -> Mapping[str, Any]:
    one, level = ties[0], ties[0]["risk_level"]
    named = not f.client["confidential"] and one["name"]  # who stands beside it would give its name away
    name = w.gettext("Confidential client") if one["confidential"] else named or one["party_id"]
    ordered = sorted(ties, key=lambda row: ORDER.index(row["tie"]))
    if any(row["tie"] == "legal_rep" for row in ties):  # an officer without saying
        ordered = [row for row in ordered if row["tie"] != "officer"]
    return {
        "name": name,
        "ties": w.gettext("; ").join(_tie(row, f, w) for row in ordered),
        "code": level,
        "level": f"{SHAPES[level]} {w.label('risk', level)}" if level else w.gettext("not a client"),
        "registry": _registry(one, w),
        "marked": bool(one["registry"]),
    }


SECTION = Section("connections", facts, ("party_links", "credit_support", "transactions"))
