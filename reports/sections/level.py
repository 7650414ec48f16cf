"""The client's risk level in one line, what changed, and what is advised."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

SHAPES = {"clear": "○", "W": "◆", "A": "▲", "R": "■", "N": "●", "not_assessable": "□"}


def moved(f: Facts, w: Words) -> str:
    """One sentence: since when the level stands and what it was before."""
    a = f.assessment
    since = text.day(a["since"], w.locale)
    if a["change"] in ("worse", "better"):
        before = w.label("risk", a["previous_risk_level"])
        moved = w.gettext("Worse since {since}; before: {before}.") if a["change"] == "worse" else w.gettext(
            "Better since {since}; before: {before}."
        )  # fmt: skip
        return moved.format(since=since, before=before)
    return w.gettext("Standing since {since}.").format(since=since)


def _strategy(f: Facts, w: Words) -> str | None:
    code = f.assessment["strategy"]
    why = {
        "exit": w.gettext(
            "the client is non-performing, or red with a moral hazard finding: no new money, call security"
        ),
        "transfer": w.gettext("a taker for the risk exists: guarantor, insurance, factoring or sale"),
        "reduce": w.gettext(
            "collateral after haircut does not cover the exposure: ask for more, or for part repayment"
        ),
        "spread": w.gettext("the sector or region is in a downturn: limit the cell, share the credit"),
        "prevent": w.gettext("watch closely: visit earlier, fetch what is missing"),
    }
    return None if code is None else f"{w.label('strategy', code)}{w.gettext(': ')}{why[code]}"


def why(row: Mapping[str, Any], w: Words) -> str:
    """A check's reason in words: the table's name in the report's language, what is wrong there, the check's id."""
    table, colon, said = row[f"reason_{w.locale}"].partition("：" if w.locale == "zh" else ": ")
    named = said if table == row["withholds"] else f"{w.label('table', table)}{colon}{said}"
    return w.gettext("{why} ({check})").format(why=named, check=row["check_id"])


def unassessed(f: Facts, w: Words) -> Mapping[str, str | None] | None:
    """Of a client that is not assessable: the checks that hold it (None: too little data), and its last level, dated."""
    a = f.assessment
    if a["risk_level"] != "not_assessable":
        return None
    held = [why(row, w) for row in f.held if row["withholds"] is None]
    last = w.gettext("No earlier level is known.")
    if a["held_level"] is not None:
        level, day = w.label("risk", a["held_level"]), text.day(a["held_level_on"], w.locale)
        last = w.gettext("Last assessed level: {level}, on {day}.").format(level=level, day=day)
    return {"held": w.join(held) or None, "last": last}


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Level, shape, sentence of the move, quadrant, strategy, why it is not assessable, thin data."""
    a = f.assessment
    blind = unassessed(f, w)
    held = blind is not None and blind["held"] is not None
    return {
        "code": a["risk_level"],
        "shape": SHAPES[a["risk_level"]],
        "level": w.label("risk", a["risk_level"]),
        "moved": None if held else moved(f, w),
        "unassessed": blind,
        "thin": "thin_data" in a["reasons"] or (blind is not None and not held),
        "relationship": w.label("relationship", a["relationship_level"]),
        "quadrant": w.label("quadrant", a["quadrant"]) if a["quadrant"] else None,
        "strategy": _strategy(f, w),
        "coverage": text.percent(a["coverage"], w.locale, 0),
        "hits": text.count(a["hits"], w.locale),
    }


SECTION = Section("level", facts)
