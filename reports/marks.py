"""Which findings speak of a series by month, and of which of its months: the marks of a chart."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from reports.charts import Mark
from reports.facts import Facts
from reports.sections.level import RISK, SHAPES
from reports.sections.reasons import SHOWN, ordered
from reports.words import Words

ROWS, NAMED = 3, 5  # marks of a chart, signals named at one
FLOWS, CREDIT = ("transactions", "balances"), ("facilities", "loans", "loan_status")  # tables
_MONTHS = re.compile(r"(\d{4})-(\d\d)\.\.(\d{4})-(\d\d)")
Span = tuple[date, date]


def flows(row: Mapping[str, Any]) -> Span | None:
    """The months of the client's turnover or balances behind a finding."""
    for key in row["source_keys"]:
        table, _, rows = key.partition(":")
        if table in FLOWS and (found := _MONTHS.search(rows)):
            year, month, to_year, to_month = map(int, found.groups())
            return date(year, month, 1), date(to_year, to_month, 1)
    return None


def credit(row: Mapping[str, Any]) -> Span | None:
    """The months of a finding made from lines and loans alone: its period, or its day's month."""
    if not row["source_keys"] or not all(key.split(":")[0] in CREDIT for key in row["source_keys"]):
        return None
    return (row["period_from"] or row["period_to"]).replace(day=1), row["period_to"].replace(day=1)


def marks(
    f: Facts, w: Words, months: Sequence[date], months_of: Callable[[Mapping[str, Any]], Span | None]
) -> list[Mark]:
    """Marks for a chart of `months`, the weightiest finding's first; `months_of`: `flows` or `credit`."""
    spans: dict[Span, list[Mapping[str, Any]]] = {}
    for row in ordered(f, RISK, SHOWN):
        span = months_of(row)
        if span is not None and span[1] >= months[0]:  # one of the running month is marked at the newest full one
            first, last = (min(max(month, months[0]), months[-1]) for month in span)
            spans.setdefault((first, last), []).append(row)
    return [
        Mark(months.index(first), months.index(last), _label(rows, w))
        for (first, last), rows in [*spans.items()][:ROWS]
    ]


def _label(rows: Sequence[Mapping[str, Any]], w: Words) -> str:
    more = w.gettext(" and {n} more").format(n=len(rows) - NAMED) if len(rows) > NAMED else ""
    return f"{SHAPES[rows[0]['level']]} {w.join([row['signal_id'] for row in rows[:NAMED]])}{more}"
