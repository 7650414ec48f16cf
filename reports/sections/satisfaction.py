"""How satisfied the client is, with the relationship manager and with the bank apart."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts, Row
from reports.sections import Section
from reports.words import Words
from transforms import text

BIASED = 1.0  # input-model.md 9.3: printed as a warning


def _asks(row: Row, w: Words) -> str:
    """What follows: a call after a fall, else the day to ask again."""
    if row["call_due_on"]:
        who = (
            w.gettext("Call by {day}, by someone other than the manager")
            if row["subject"] == "rm"
            else w.gettext("Call by {day}")
        )
        return who.format(day=text.day(row["call_due_on"], w.locale))
    if row["ask_due_on"]:
        return w.gettext("Ask by {day}").format(day=text.day(row["ask_due_on"], w.locale))
    return text.NONE


def _fall(row: Row, w: Words) -> str:
    if not row["falling"]:
        return text.NONE if row["score"] is None else w.gettext("no")
    item = row["falling_item"]
    return w.gettext("yes: {item}").format(item=w.label("item", item)) if item else w.gettext("yes")


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """A row each for the manager and the bank; the warning where the manager's own surveys are kinder than others."""
    rows = sorted(f.related["satisfaction"], key=lambda row: row["subject"] != "rm")
    return {
        "connected": "survey_answers" in f.run.feeds,
        "rows": [
            (
                w.label("subject", row["subject"]), text.score(row["score"], w.locale), text.count(row["answers"], w.locale),
                text.day(row["newest_on"], w.locale), w.label("expectation", row["expectation"]), _fall(row, w), _asks(row, w),
            )
            for row in rows
        ],
        "bias": next(
            (text.score(row["bias"], w.locale) for row in rows if row["bias"] is not None and row["bias"] >= BIASED), None
        ),
    }  # fmt: skip


SECTION = Section("satisfaction", facts, ("survey_answers",))
