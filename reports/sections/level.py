"""The client's risk level in one line, what changed, and what is advised."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text
from transforms.signal import LEVELS
from transforms.standing import COUNTED
from transforms.strategy import GROUNDS

RISK = ("EXT", "FIN", "MGT", "MOR", "ADD")  # what the risk department reads; REL is for the maintenance report
SHAPES = {"clear": "○", "W": "◆", "A": "▲", "R": "■", "N": "●", "not_assessable": "□"}


MOVES = ("new", "worse", "better", "cleared", "resolved", "snoozed")  # in the order they are told


def moved(f: Facts, w: Words) -> str:
    """One sentence: since when the level stands, what it was before, and what changed last among the findings."""
    level = next((row for row in reversed(f.moves) if row["signal_id"] is None), {})
    since, before = f.assessment["since"], level.get("before")
    stands = w.gettext("{level} since {since}")
    if level.get("move") == "new":
        stands = w.gettext("{level} since {since}, when first assessed")
    elif before is not None:
        stands = w.gettext("{level} since {since}, before that {before}")
    told = [row for row in f.moves if (row["signal_id"] or "")[:3] in RISK]
    last = max((row["on"] for row in told), default=None)
    said = stands.format(
        level=w.label("risk", f.assessment["risk_level"]),
        since=text.day(since, w.locale),
        before=w.label("risk", before),
    )
    if last is None:
        return w.gettext("{said}.").format(said=said)
    changed = w.gettext("; ").join(changes(f, [row for row in told if row["on"] == last], w))
    if last == since:
        return w.gettext("{said}: {changed}.").format(said=said, changed=changed)
    day = text.day(last, w.locale)
    return w.gettext("{said}; last change on {day}: {changed}.").format(said=said, day=day, changed=changed)


def changes(f: Facts, moves: list[Mapping[str, Any]], w: Words) -> list[str]:
    """Moves of findings, one kind after the other: the weightiest by name and how many others."""
    place = {signal: n for n, signal in enumerate(f.assessment["reasons"])}
    said = []
    for kind in MOVES:
        rows = [row for row in moves if row["move"] == kind]
        rows.sort(key=lambda row: (place.get(row["signal_id"], len(place)), -_rank(row), row["signal_id"]))
        if rows:
            named = _named(rows[0], f, w)
            if rows[1:]:
                named = w.gettext("{finding} and {others} more").format(
                    finding=named, others=len(rows) - 1, all=len(rows)
                )
            said.append(w.label("move", kind).format(finding=named))
    return said


def _rank(row: Mapping[str, Any]) -> int:
    return LEVELS.index(row["after"] or row["before"])


def _named(row: Mapping[str, Any], f: Facts, w: Words) -> str:
    """A signal and its level; one that is no reason below has its name, too."""
    signal = row["signal_id"]
    below = any(one["signal_id"] == signal for one in f.findings)
    level = w.label("risk", row["after"] or row["before"])
    return w.gettext("{signal} ({level})").format(
        signal=signal if below else f"{signal} {w.signal(signal)}", level=level
    )


def _by_count(level: str, counted: list[Mapping[str, Any]], w: Words) -> str | None:
    """Why a client stands at a level that none of its findings has."""
    if any(row["level"] == level for row in counted):
        return None
    return {
        "R": w.gettext("Red because alerts stand in three or more families of evidence."),
        "A": w.gettext("Alert because findings stand in five or more families of evidence."),
    }.get(level)


def _ground(strategy: str, f: Facts, w: Words) -> str:
    """Why a strategy is advised or supports: the grounds that hold, in words."""
    held = [ground for ground in GROUNDS if ground.strategy == strategy and ground.code in f.assessment["grounds"]]
    return w.join([ground.zh if w.locale == "zh" else ground.en for ground in held])


def _advice(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """The advised strategy, why, what it means; and the strategies that support it with their grounds."""
    a = f.assessment
    if a["strategy"] is None:
        return None
    means = {
        "exit": w.gettext("No new money, freeze what is undrawn, agree a repayment plan, call security."),
        "transfer": w.gettext("Bring in who takes the risk: a guarantor, an insurer, a factor, a buyer."),
        "reduce": w.gettext("Ask for more collateral, part repayment, a shorter term or covenants."),
        "spread": w.gettext("Share the credit, limit the name and its cell, mix products and collateral."),
        "prevent": w.gettext("Visit earlier, put the questions below, fetch what is missing."),
    }
    return {
        "name": w.label("strategy", a["strategy"]),
        "why": _ground(a["strategy"], f, w),
        "means": means[a["strategy"]],
        "supporting": [{"name": w.label("strategy", code), "why": _ground(code, f, w)} for code in a["supporting"]],
    }


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
    counted = [row for row in f.findings if row["signal_id"][:3] in RISK and row["state"] in COUNTED]
    return {
        "code": a["risk_level"],
        "shape": SHAPES[a["risk_level"]],
        "level": w.label("risk", a["risk_level"]),
        "moved": None if held else moved(f, w),
        "unassessed": blind,
        "thin": "thin_data" in a["reasons"] or (blind is not None and not held),
        "relationship": w.label("relationship", a["relationship_level"]),
        "quadrant": w.label("quadrant", a["quadrant"]) if a["quadrant"] else None,
        "by_count": _by_count(a["risk_level"], counted, w),
        "advice": _advice(f, w),
        "coverage": text.percent(a["coverage"], w.locale, 0),
        "hits": text.count(len(counted), w.locale),
    }


SECTION = Section("level", facts)
