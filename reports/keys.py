"""Row keys of findings as a reader can look them up: the table in words, days as days, codes of closed lists in words."""

import re
from collections.abc import Sequence
from datetime import date

from reports.labels import LABELS
from reports.words import Words
from transforms import text

SHOWN = 3  # keys of one table
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SPAN = re.compile(r"(\d{4}-\d\d(?:-\d\d)?)\.\.(\d{4}-\d\d(?:-\d\d)?)")


def source(keys: Sequence[str], client_id: str, w: Words) -> str:
    """Where a finding's rows stand: each table once, with its first keys; "" when no row is named."""
    tables: dict[str, list[str]] = {}
    for key in keys:
        table, _, row = key.partition(":")
        if (said := _row(table, row, client_id, w)) not in tables.setdefault(table, []):
            tables[table].append(said)
    return ("；" if w.locale == "zh" else "; ").join(_told(table, rows, w) for table, rows in tables.items())


def _told(table: str, rows: list[str], w: Words) -> str:
    name, shown = w.label("table", table), [row for row in rows[:SHOWN] if row]
    more = w.gettext(" and {n} more").format(n=len(rows) - SHOWN) if len(rows) > SHOWN else ""
    return f"{name}{w.gettext(': ')}{w.join(shown)}{more}" if shown else name


def _row(table: str, row: str, client_id: str, w: Words) -> str:
    """One key in words, without what goes without saying: the client's id, a first version, the day of publication."""
    parts = row.split("|")
    if table == "statements":
        _, end, kind, scope, version = parts
        parts = [end, *([] if kind == "Y" else [kind]), *([] if scope == "consolidated" else [scope])]
        parts += [] if version == "1" else [w.gettext("version {n}").format(n=version)]
    elif table == "series":
        kind, code, indicator, end, *_ = parts
        parts = [indicator, *([] if kind in ("client", "macro") else [code]), end]
    elif table == "disclosures":
        _, end, kind, item, *_ = parts
        parts = [kind, item, end]
    return " ".join(_part(part, w) for part in parts if part != client_id)


def _part(part: str, w: Words) -> str:
    if part in LABELS["key"]:
        return w.label("key", part)
    if _DAY.fullmatch(part):
        return text.day(date.fromisoformat(part), w.locale)
    if span := _SPAN.fullmatch(part):
        start, end = (_moment(of, w) for of in span.groups())
        return start if start == end else w.gettext("{start} to {end}").format(start=start, end=end)
    return part.removeprefix("acct:")


def _moment(of: str, w: Words) -> str:
    if len(of) == len("2015-04"):
        return text.month(date.fromisoformat(f"{of}-01"), w.locale)
    return text.day(date.fromisoformat(of), w.locale)
