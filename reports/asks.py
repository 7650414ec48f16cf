"""Why something is suggested or planned for a client: triggers and their evidence as sentences, people and products by name."""

import json
from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

from reports.facts import Facts
from reports.labels import LABELS, N_
from reports.words import Words
from transforms import text
from transforms.relationship.methods import METHODS
from transforms.signals import CATALOGUE

SHOWN = 3  # signals of one reason
WHY: Mapping[str, str] = {  # trigger of a method → sentence; a placeholder's unit is one of text.FORMATS, LABELS or UNITS
    "contact_rhythm": N_("Grade {grade}: a contact every {contact_days:days}; last two-way contact: {last_contact_on:last}."),
    "visit_rhythm": N_("Grade {grade}: a visit every {visit_days:days}; last meeting in person: {last_visit_on:last}."),
    "late_record": N_("Contact of {happened_on:day}, {status:contact_state}: the record is missing or late."),
    "role_changed": N_("Changed role, recorded on {recorded_on:day}: {function:function}, {decision_role:decision_role}."),
    "market_change": N_("New this month for the client's sector or region: {signals:signals}."),
    "visit_held": N_("{channel:channel} on {held_on:day}, {outcome:outcome}; no thanks sent yet."),
    "success": N_("On {held_on:day}: {outcome:outcome}."),
    "loan_settled": N_("A loan was repaid on {on_day:day} and never in arrears."),
    "filed_early": N_("A statement came early, on {on_day:day}."),
    "helped_in_complaint": N_("Helped in a complaint that was closed on {closed_on:day}."),
    "promise_due": N_("Promised on {made_on:day}, due on {due_on:day}."),
    "promise_overdue": N_("Promised on {made_on:day}; it was due on {due_on:day}."),
    "request_waiting": N_("Asked for on {made_on:day}; nothing was done yet."),
    "our_delay": N_("{kind:undertaking} of {made_on:day}; it was due on {due_on:day}."),
    "holding_check": N_("{product_id:product}, opened on {opened_on:day}: the check after {after_days:days}."),
    "product_fits": N_("{product_id:product}: {fit}."),
    "new_product": N_("New and suits the client: {product_id:product}, {fit}."),
    "deposit_maturing": N_("A time deposit matures on {matures_on:day}."),
    "idle_balance": N_("{idle_balance:money} were not touched for 90 days."),
    "request_open": N_("{subtype:request}, {amount:money}, asked for on {happened_on:day} and not decided."),
    "advisory": N_("Holds {product_id:product} and was given no insight for 90 days."),
    "became_key": N_("Grade {tier} since {tier_set_on:day}."),
    "signal_alert": N_("At alert, standing since {since:day}: {signals:signals}."),
    "signal_red": N_("At red, standing since {since:day}: {signals:signals}."),
    "complaint_follow_up": N_("The complaint closed on {closed_on:day}: the next follow-up falls due."),
    "leaders_apart": N_("Grade {grade}; leaders of both sides last met: {leaders_on:last}."),
    "quadrant": N_("{quadrant:quadrant}; leaders of both sides last met: {leaders_on:last}."),
    "birthday": N_("Birthday on {day:day}."),
    "anniversary": N_("Anniversary on {day:day}."),
    "festival": N_("{subtype:holiday} on {day:day}."),
    "occasion": N_("{subtype:occasion} on {day:day}."),
    "welcome": N_("First product opened on {day:day}."),
    "thank_you_dinner": N_("Grade A and no dinner in the last 365 days."),
    "farewell": N_("{subtype:occasion} on {day:day}."),
    "evening": N_("One of {clients:count} grade A and B clients of the city that were at no event for a year."),
    "new_client": N_("Client since {relationship_start:day}; has not visited the bank."),
    "new_to_see": N_("New and suits the client: {product_id:product}; no visit to the bank for two years."),
}  # fmt: skip
FIT_UNITS: Mapping[str, str] = {  # what a product is chosen by → its unit; the rest says enough without a figure
    "opin_12": "money", "opout_12": "money", "adb_365": "money", "idle_balance": "money", "loans_out": "money",
    "fx_share": "ratio", "bills_share": "ratio", "cash_share": "ratio", "floating_share": "ratio", "headcount": "count",
    "inventory_days": "days", "receivable_days": "days", "tenure_years": "count", "risk_level": "risk",
}  # fmt: skip


def person(contact_id: str | None, f: Facts) -> str:
    """A person's name, the id where nobody knows it, a dash for nobody."""
    if contact_id is None:
        return text.NONE
    return next((row["name"] for row in f.related["people"] if row["party_id"] == contact_id), None) or contact_id


def staff(staff_id: str | None, f: Facts) -> str:
    """A member of staff by name, else by number."""
    return text.NONE if staff_id is None else f.run.names.get("staff", {}).get(staff_id, staff_id)


def bank_name(product_id: str, f: Facts) -> str:
    """The bank's own name for a product, in Chinese; its number where it has none."""
    return f.run.names.get("products", {}).get(product_id, product_id)


def product(product_id: str | None, f: Facts, w: Words) -> str:
    """A product by the bank's name for it; in English by its family and number, for the bank names it in Chinese alone."""
    if product_id is None:
        return text.NONE
    if w.locale == "zh":
        return bank_name(product_id, f)
    rows = [*f.related["products_held"], *f.related["products_fitting"]]
    family = next((row["family"] for row in rows if row["product_id"] == product_id), None)
    return f"{w.label('family', family)} {product_id}" if family else product_id


def fit(row: Mapping[str, Any], f: Facts, w: Words) -> str:
    """The figure that speaks for a product: of the evidence, or a row of products_fitting."""
    value = row.get("word") if row.get("value") is None else row["value"]
    said = _printed(value, FIT_UNITS.get(row["figure"], "text"), f, w)
    return w.label("fit", row["figure"]).replace("{value}", said)


def why(trigger: str, evidence: str, f: Facts, w: Words) -> str:
    """The sentence of a method's trigger, made from its evidence (JSON)."""
    told = json.loads(evidence)
    parts = []
    for literal, name, unit, _ in Formatter().parse(w.gettext(WHY[trigger])):
        parts.append(literal)
        if name:
            parts.append(fit(told, f, w) if name == "fit" else _printed(told.get(name), unit or "text", f, w))
    return "".join(parts)


def also(evidence: str, w: Words) -> list[str]:
    """The other triggers of the same thing, in words."""
    return [w.label("trigger", trigger) for trigger in json.loads(evidence).get("also", [])]


def method(number: int, w: Words) -> str:
    """A method's number and name."""
    return f"{number} {METHODS[number].zh if w.locale == 'zh' else METHODS[number].en}"


def visit_trigger(code: str, w: Words, named: bool = False) -> str:
    """What asks for a visit: a signal by its id (and name), a rhythm, or the complaint, undertaking, method or product."""
    kind, _, number = code.partition(":")
    if code in CATALOGUE:
        return signals([code], w) if named else code
    says = {"stopped_using": lambda: w.label("family", number), "method": lambda: method(int(number), w)}
    return w.label("visit_trigger", kind).replace("{id}", says.get(kind, lambda: number)())


def _printed(value: Any, unit: str, f: Facts, w: Words) -> str:
    if unit == "last":
        return w.gettext("none on record") if value is None else text.day(date.fromisoformat(value), w.locale)
    if unit in LABELS:
        return w.label(unit, value)
    if unit == "money":
        return text.money(value, f.run.currency, w.locale)
    if unit == "product":
        return product(value, f, w)
    if unit == "signals":
        return signals(value or [], w)
    if unit == "day" and value is not None:
        return text.day(date.fromisoformat(value), w.locale)
    return text.FORMATS[unit](value, w.locale)


def signals(ids: list[str], w: Words) -> str:
    """Signals by id and name, the first three."""
    named = w.join([f"{signal_id} {w.signal(signal_id)}" for signal_id in ids[:SHOWN]])
    return named + (w.gettext(" and {n} more").format(n=len(ids) - SHOWN) if len(ids) > SHOWN else "")
