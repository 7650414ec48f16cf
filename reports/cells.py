"""Cells of dense tables: short days, growth with its sign, thirteen months as a line; and the codes a chapter writes as words."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from reports.words import Words
from transforms import text

WIDE, HIGH = 54, 12
LINE = 'fill="none" stroke="#1a1a1a" stroke-width="1"'
ZERO = 'fill="none" stroke="#999" stroke-width=".5"'


def short(day: date | None) -> str:
    """2015-06-30: a day where a table has no room for the month's name."""
    return text.NONE if day is None else day.isoformat()


def growth(x: float | None, locale: str) -> str:
    """Growth against a year ago, 0 being the same, with its sign."""
    return ("+" if x is not None and x > 0 else "") + text.percent(x, locale)


def words(kind: str, codes: Sequence[Any] | None, w: Words) -> str:
    """Codes of a list in words, a dash for none."""
    return w.join([w.label(kind, code) for code in codes or []]) or text.NONE


def trend(values: Sequence[float | None], title: str) -> str:
    """Months as a line without figures, SVG; one that touches the ground line is at zero. "" when fewer than two are known."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    top, low = max([*known, 0]) if any(known) else 1, min([*known, 0])
    step, scale = (WIDE - 2) / max(1, len(values) - 1), (HIGH - 2) / ((top - low) or 1)
    points = " ".join(f"{1 + step * i:.0f},{1 + (top - v) * scale:.1f}" for i, v in enumerate(values) if v is not None)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="15mm" height="3.3mm" role="img"><title>{escape(title)}</title>'
        f'<path {ZERO} d="M1 {1 + top * scale:.1f}H{WIDE - 1}"/><polyline {LINE} points="{points}"/></svg>'
    )
