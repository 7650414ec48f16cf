"""Table 11-3: the card of every complaint that is open or was closed within a year, with the rules not kept; older ones in a line."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from reports import asks, cells
from reports.facts import Facts, Row
from reports.sections import Section
from reports.words import Words
from transforms import text

CARD_DAYS = 365  # rule 13: so long the card is in every visit pack
FAILED = "failed"


def _number(value: float | None, w: Words) -> str:
    return text.number(value, w.locale, 0 if value is None or float(value).is_integer() else 1)


def _rules(card: Row, f: Facts, w: Words) -> list[tuple[str, str, str]]:
    """Rules not kept: number, the rule, what the records show."""
    rows = [row for row in f.related["complaint_rules"] if row["complaint_id"] == card["complaint_id"]]
    return [
        (
            str(row["rule"]),
            w.label("rule", row["rule"]),
            w.label("rule_part", row["part"]).format(
                measured=_number(row["measured"], w), limit=_number(row["limit"], w)
            ),
        )
        for row in rows
        if row["state"] == FAILED
    ]


def _steps(steps: list[Row] | None, w: Words) -> str:
    """Undertakings about the complaint: title, day, what became of each."""
    told = [
        w.join(
            [
                step["title"],
                cells.short(step["done_on"] or step["due_on"]),
                w.label("undertaking_outcome", step["outcome"]),
            ]
        )
        for step in steps or []
    ]
    return ("；" if w.locale == "zh" else "; ").join(told) or text.NONE


def _follow_ups(card: Row, w: Words) -> str:
    told = [
        w.gettext("{days} days: {state} {day}").format(
            days=step["days"],
            state=w.label("follow_up", step["state"]),
            day=cells.short(step["held_on"] or step["due_on"]),
        )
        for step in card["follow_ups"] or []
    ]
    return w.join(told) or text.NONE


def _card(card: Row, f: Facts, w: Words) -> Mapping[str, Any]:
    loc = w.locale
    posts = [w.label("relation", post) for post in card["complainant_posts"] or []]
    person = asks.person(card["contact_id"], f)
    yes_no = {True: w.gettext("yes"), False: w.gettext("no"), None: text.NONE}
    promises = w.gettext("{n} of {m} on time").format(n=card["promises_kept"], m=card["promises_due"])
    return {
        "number": card["complaint_id"],
        "open": card["is_open"],
        "rows": [
            (w.gettext("Received"), text.day(card["received_on"], loc)),
            (w.gettext("Received through"), w.label("channel_of_complaint", card["channel"])),
            (w.gettext("Received by"), card["handler"] or asks.staff(card["handler_id"], f)),
            (w.gettext("Complaint about"), w.label("target", card["target"])),
            (w.gettext("Reason of the complaint"), w.label("complaint", card["category"])),
            (w.gettext("Business concerned"), w.label("family", card["product"])),
            (w.gettext("Level"), w.label("severity", card["severity"])),
            (w.gettext("To be closed by"), text.day(card["deadline"], loc)),
            (w.gettext("First answer after"), _hours(card["acknowledged_h"], w)),
            (w.gettext("Fault"), w.label("fault", card["fault"])),
            (w.gettext("Promises kept"), promises if card["promises_due"] else text.NONE),
            (w.gettext("Result"), w.label("complaint_outcome", card["outcome"])),
            (w.gettext("Time taken"), text.days(card["days_open"], loc)),
            (w.gettext("Over the deadline"), yes_no[card["overdue"]]),
            (w.gettext("Root cause"), w.label("root_cause", card["root_cause"])),
            (w.gettext("A repeat"), yes_no[card["is_repeat"]]),
            (w.gettext("Alike in a year"), text.count(card["similar_365"], loc)),
            (w.gettext("Closed"), text.day(card["closed_on"], loc) if card["closed_on"] else w.gettext("open")),
            (w.gettext("Client's score (1 to 5)"), text.count(card["client_score"], loc)),
        ],
        "lines": [
            (
                w.gettext("Complainant"),
                f"{person}{w.gettext(' ({why})').format(why=w.join(posts))}" if posts else person,
            ),
            (w.gettext("What was said"), card["content"] or text.NONE),
            (w.gettext("What the client wants"), card["demand"] or text.NONE),
            (w.gettext("What was found"), card["facts"] or text.NONE),
            (w.gettext("Solution"), _steps(card["solution"], w)),
            (
                w.gettext("Corrective action"),
                w.join([t for t in (card["corrective"], *_named(card, w)) if t]) or text.NONE,
            ),
            (w.gettext("Follow-ups"), _follow_ups(card, w)),
        ],
        "failed": _rules(card, f, w),
    }


def _named(card: Row, w: Words) -> list[str]:
    return [_steps(card["corrective_actions"], w)] if card["corrective_actions"] else []


def _hours(hours: float | None, w: Words) -> str:
    return text.NONE if hours is None else w.gettext("{n} working hours").format(n=_number(hours, w))


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Cards of the last year, the newest first, then the older ones; none and "not connected" are told apart."""
    since = f.assessment["as_of"] - timedelta(days=CARD_DAYS)
    cards = sorted(f.related["complaint_cards"], key=lambda row: row["received_on"], reverse=True)
    recent = [card for card in cards if card["is_open"] or card["closed_on"] >= since]
    return {
        "connected": "complaints" in f.run.feeds,
        "cards": [_card(card, f, w) for card in recent],
        "older": [
            (
                card["complaint_id"], text.day(card["received_on"], w.locale), w.label("complaint", card["category"]),
                w.label("severity", card["severity"]), text.day(card["closed_on"], w.locale),
                w.label("complaint_outcome", card["outcome"]),
            )
            for card in cards
            if card not in recent
        ],
    }  # fmt: skip


SECTION = Section("grievances", facts, ("complaints",))
