"""What the client's archive lacks: score, and each item that is missing or expired."""

from collections.abc import Mapping
from typing import Any

from reports import cells
from reports.facts import Facts, Row
from reports.sections import Section
from reports.sections.next_visit import item
from reports.words import Words
from transforms import text
from transforms.relationship.archive_items import CRITICAL

LACKING = ("missing", "expired")


def _order(row: Row) -> tuple[bool, str, str]:
    return row["weight"] != CRITICAL, row["item_code"], row["about_id"] or ""


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Level, score, and the gaps, critical items first; items other tables contradict are counted apart."""
    score = next(iter(f.related["archive_scores"]), None)
    lacking = sorted((row for row in f.related["archives"] if row["state"] in LACKING), key=_order)
    doubted = [row["item_code"] for row in f.related["archives"] if row["state"] == "ok" and row["agrees"] is False]
    return {
        "connected": "documents" in f.run.feeds,
        "level": w.label("archive_level", score["level"]) if score and score["level"] else None,
        "score": text.percent(score["score"], w.locale, 0) if score else text.NONE,
        "gaps": [
            {
                "item": item(row["item_code"], w),
                "list": w.label("checklist", row["checklist"]),
                "about": row["about_id"] or (row["subject_id"] if row["subject_id"] != f.client_id else text.NONE),
                "state": w.label("archive_state", row["state"]),
                "until": cells.short(row["valid_until"]),
                "critical": row["weight"] == CRITICAL,
            }
            for row in lacking
        ],
        "doubted": w.join([item(code, w) for code in dict.fromkeys(doubted)]) or None,
    }


SECTION = Section("archive", facts, ("documents",))
