"""Table 11-5 for the next visit: when, whom, why, what to raise, ask and bring, and room for what came of it."""

from collections.abc import Mapping
from typing import Any

from reports import asks
from reports.facts import Facts, Row
from reports.sections import Section
from reports.words import Words
from transforms import text
from transforms.relationship.archive_items import ITEMS
from transforms.signals import CATALOGUE

AHEAD = ("planned", "proposed", "cannot_fit")
ITEM = {item.code: item for item in ITEMS}


def item(code: str, w: Words) -> str:
    """An archive item as the book names it, with its code."""
    return f"{code} {ITEM[code].zh if w.locale == 'zh' else ITEM[code].en}"


def ahead(f: Facts) -> list[Row]:
    """The visits of the plan that lie ahead, the next one first."""
    return [row for row in f.related["visit_plan"] if row["status"] in AHEAD]


def goal(row: Row, w: Words) -> str:
    """What the visit is to bring: in the RM's own words, else the trigger's."""
    return str(row["goal_text"]) if row["goal_text"] else w.label("goal", row["goal"])


def triggers(row: Row, w: Words, named: bool = False) -> str:
    """What asks for the visit; `named`: the first of them by name when it is a signal."""
    codes = row["triggers"] or []
    return w.join([asks.visit_trigger(code, w, named and at == 0) for at, code in enumerate(codes)]) or text.NONE


def _topic(code: str, f: Facts, w: Words) -> tuple[str, str]:
    """A point to raise: what it is, and its figures."""
    kind, _, number = code.partition(":")
    if kind == "undertakings":
        owed = next((row for row in f.related["owed"] if row["undertaking_id"] == number), None)
        if owed is None:
            return number, w.label("about", "undertaking")
        named = w.gettext("{named}: {title}").format(named=w.label("undertaking", owed["kind"]), title=owed["title"])
        return number, named + w.gettext(" (due {day})").format(day=text.day(owed["due_on"], w.locale))
    if kind == "family":
        fitting = [row for row in f.related["products_fitting"] if row["family"] == number]
        said = [
            f"{asks.product(row['product_id'], f, w)}{w.gettext(' ({why})').format(why=asks.fit(row, f, w))}"
            for row in fitting
        ]
        return w.gettext("Offer"), w.join(said) or w.label("family", number)
    finding = next((row for row in f.findings if row["signal_id"] == code), None)
    return code, finding[f"text_{w.locale}"] if finding else w.signal(code)


def _question(code: str, w: Words) -> tuple[str, str]:
    """What to ask, by its signal."""
    if code not in CATALOGUE:
        return "", w.gettext("How satisfied are you with me, and with the bank? Why?")
    return code, CATALOGUE[code].ask_zh if w.locale == "zh" else CATALOGUE[code].ask_en


def _material(code: str, f: Facts, w: Words) -> str:
    number = code.partition(":")[2]
    return item(code, w) if code in ITEM else w.gettext("sheet on {product}").format(product=asks.product(number, f, w))


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """The card of the next visit; else when it falls due, or why none can be planned."""
    status = next(iter(f.related["visit_status"]), None)
    reason = status["reason"] if status else None
    later = status["next_on"] if status else None
    loc, row = w.locale, next(iter(ahead(f)), None)
    if row is None:
        due = w.gettext("Nothing falls due in the next 30 days; the next date is {day}.").format(
            day=text.day(later, loc)
        )
        return {"visit": None, "none": w.label("no_visit", reason) if reason else due}
    return {
        "none": w.label("no_visit", reason) if reason else None,
        "visit": {
            "rows": [
                (w.gettext("Planned for"), text.day(row["plan_on"], loc)),
                (w.gettext("Due"), text.day(row["due_on"], loc)),
                (w.gettext("State"), w.label("visit_state", row["status"])),
                (w.gettext("Channel"), w.label("channel", row["channel"])),
                (w.gettext("Purpose"), w.label("purpose", row["purpose"])),
                (w.gettext("Whom to see"), asks.person(row["contact_id"], f)),
                (w.gettext("From the bank"), asks.staff(row["bank_side"], f)),
                (w.gettext("Time needed"), w.gettext("{n} minutes").format(n=text.count(row["est_minutes"], loc))),
                (w.gettext("Last contact"), text.day(row["last_contact_on"], loc)),
                (w.gettext("Its outcome"), w.label("outcome", row["last_outcome"])),
            ],
            "lines": [
                (w.gettext("Urgency"), w.label("visit_class", row["class"])),
                (w.gettext("Reason for the visit"), triggers(row, w, named=True)),
                (w.gettext("Goal"), goal(row, w)),
                (
                    w.gettext("To bring"),
                    w.join([_material(code, f, w) for code in row["materials"] or []]) or text.NONE,
                ),
            ],
            "topics": [_topic(code, f, w) for code in row["topics"] or []],
            "questions": [_question(code, w) for code in row["questions"] or []],
        },
    }


SECTION = Section("next_visit", facts, ("interactions",))
