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


def _last_level(f: Facts, w: Words) -> str:
    """What a held client's level was, and of which night."""
    a = f.assessment
    if a["held_level"] is None:
        return w.gettext("No earlier level is known.")
    said = w.gettext("Last known level: {level}, of {day}.")
    return said.format(level=w.label("risk", a["held_level"]), day=text.day(a["held_level_on"], w.locale))


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Level, shape, sentence of the move, quadrant, strategy, what holds it, thin data."""
    a = f.assessment
    held = [row[f"reason_{w.locale}"] for row in f.held if row["withholds"] is None]
    return {
        "code": a["risk_level"],
        "shape": SHAPES[a["risk_level"]],
        "level": w.label("risk", a["risk_level"]),
        "moved": moved(f, w),
        "held": w.join(held) if held else None,
        "held_level": _last_level(f, w) if held else None,
        "thin": "thin_data" in a["reasons"] or a["risk_level"] == "not_assessable",
        "relationship": w.label("relationship", a["relationship_level"]),
        "quadrant": w.label("quadrant", a["quadrant"]) if a["quadrant"] else None,
        "strategy": _strategy(f, w),
        "coverage": text.percent(a["coverage"], w.locale, 0),
        "hits": text.count(a["hits"], w.locale),
    }


SECTION = Section("level", facts)
