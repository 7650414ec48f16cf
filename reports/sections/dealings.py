"""Table 11-2: what the client does with us, line by line: deposits, settlement and services, credit."""

from collections.abc import Callable, Mapping
from typing import Any

from reports import cells
from reports.facts import Facts, Row
from reports.labels import N_
from reports.sections import Section
from reports.words import Words
from transforms import text
from transforms.relationship.dealing_lines import LINES, OF_LOANS

DEPOSITS = ("demand_deposit", "time_deposit", "notice_agreed_deposit", "margin")
GROUPS: Mapping[str, tuple[str, ...]] = {
    N_("Deposits"): DEPOSITS,
    N_("Settlement and services"): tuple(line for line in LINES if line not in (*DEPOSITS, *OF_LOANS)),
    N_("Credit"): OF_LOANS,
}


def _money(value: Any, w: Words) -> str:
    return text.table_money(value, w.locale)


def _percent(value: Any, w: Words) -> str:
    return text.percent(value, w.locale)


COLUMNS: Mapping[str, tuple[str, Callable[[Any, Words], str]]] = {  # column → the form's title, how it is printed
    "since": (N_("Opened on"), lambda value, w: cells.short(value)),
    "balance": (N_("Closing balance"), _money),
    "balance_prev": (N_("Last month-end"), _money),
    "adb_month": (N_("Average, month"), _money),
    "adb_year": (N_("Average, year"), _money),
    "adb_yoy": (N_("Average against last year"), lambda value, w: cells.growth(value, w.locale)),
    "turnover_12m": (N_("Turnover, 12 months"), _money),
    "turnover_yoy": (N_("Turnover, times last year's"), lambda value, w: text.times(value, w.locale)),
    "count_12m": (N_("Items, 12 months"), lambda value, w: text.count(value, w.locale)),
    "limit_amount": (N_("Credit limit"), _money),
    "used_share": (N_("Drawn share"), _percent),
    "next_maturity": (N_("Next maturity"), lambda value, w: cells.short(value)),
    "overdue": (N_("Overdue"), _money),
    "npl_balance": (N_("Non-performing sum"), _money),
    "rate": (N_("Rate"), lambda value, w: text.percent(value, w.locale, 2)),
    "income_12m": (N_("Income, 12 months"), _money),
    "our_share": (N_("Our share"), _percent),
    "last_used_on": (N_("Last used"), lambda value, w: cells.short(value)),
}
Pair = tuple[str, ...]
OF_GROUP: Mapping[str, tuple[Pair, ...]] = {  # what the form asks of each group's lines; two of a pair share a column
    "Deposits": (
        ("since",), ("balance",), ("balance_prev",), ("adb_month",), ("adb_year",), ("adb_yoy",), ("our_share",),
        ("income_12m",), ("last_used_on",),
    ),
    "Settlement and services": (
        ("since",), ("balance",), ("turnover_12m",), ("turnover_yoy",), ("count_12m",), ("our_share",), ("income_12m",),
        ("last_used_on",),
    ),
    "Credit": (
        ("since", "next_maturity"), ("balance", "balance_prev"), ("limit_amount", "used_share"), ("turnover_12m", "count_12m"),
        ("overdue", "npl_balance"), ("rate", "our_share"), ("income_12m",), ("last_used_on",),
    ),
}  # fmt: skip
DAYS = ("since", "last_used_on")  # a day needs its width: it must not break
UNLIKE = {
    ("income_12m",),
    ("our_share",),
    ("balance",),
}  # left out where no line of the group has one; the first two are said to be unknown


def _group(name: str, rows: list[Row], w: Words) -> Mapping[str, Any]:
    """One group's table: titles, lines with their cells, and the titles of what is known of none of them."""
    known = [pair for pair in OF_GROUP[name] if any(row[column] is not None for row in rows for column in pair)]
    shown = [pair for pair in OF_GROUP[name] if pair in known or pair not in UNLIKE]
    titles = {pair: [w.gettext(COLUMNS[column][0]) for column in pair] for pair in OF_GROUP[name]}
    return {
        "name": w.gettext(name),
        "titles": [{"said": titles[pair], "day": pair[0] in DAYS} for pair in shown],
        "unknown": w.join(
            [title for pair in OF_GROUP[name] if pair not in (*shown, ("balance",)) for title in titles[pair]]
        )
        or None,
        "lines": [
            {
                "name": w.label("line", row["line"]),
                "cells": [[_cell(column, row, w) for column in pair] for pair in shown],
                "trend": cells.trend(row["trend"] or [], w.gettext("Thirteen months")),
                "remark": cells.words("remark", row["remark"], w),
            }
            for row in rows
        ],
    }


def _cell(column: str, row: Row, w: Words) -> str:
    said = COLUMNS[column][1](row[column], w)
    return said + "*" if column == "our_share" and row["share_estimated"] else said


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """The groups that have lines, in the form's order."""
    dealings = f.related["business_dealings"]
    order = list(LINES)
    groups = [
        (name, sorted((row for row in dealings if row["line"] in lines), key=lambda row: order.index(row["line"])))
        for name, lines in GROUPS.items()
    ]
    return {
        "unit": text.money_unit(f.run.currency, w.locale),
        "groups": [_group(name, rows, w) for name, rows in groups if rows],
        "estimated": any(row["share_estimated"] for row in dealings),
    }


SECTION = Section("dealings", facts, ("accounts", "balances", "transactions", "loans", "facilities", "holdings"))
