"""Products the client holds, those that fit next with the figure that speaks for each, and those it stopped using."""

from collections.abc import Mapping
from typing import Any

from reports import asks, cells
from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

FITTING = 8


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """What is held with amount and use, what fits (the most telling first), what is no longer used."""
    loc, fitting = w.locale, f.related["products_fitting"]
    used = {True: w.gettext("yes"), False: w.gettext("no"), None: text.NONE}
    return {
        "connected": "holdings" in f.run.feeds and "products" in f.run.feeds,
        "unit": text.money_unit(f.run.currency, loc),
        "held": [
            (
                w.label("family", row["family"]), row["product_id"], asks.bank_name(row["product_id"], f), cells.short(row["opened_on"]),
                text.table_money(row["amount"], loc), text.table_money(row["income_12m"], loc),
                cells.short(row["last_used_on"]), used[row["used"]],
            )
            for row in f.related["products_held"]
        ],
        "fitting": [
            {
                "family": w.label("family", row["family"]),
                "product": row["product_id"],
                "named": asks.bank_name(row["product_id"], f),
                "why": asks.fit(row, f, w),
                "barred": cells.words("barred", row["barred"], w) if row["barred"] else None,
            }
            for row in fitting[:FITTING]
        ],
        "more": text.count(len(fitting) - FITTING, loc) if len(fitting) > FITTING else None,
        "stopped": [
            {
                "family": w.label("family", row["family"]),
                "last": text.day(row["last_used_on"], loc),
                "visit": text.day(row["visit_due_on"], loc) if row["visit_due_on"] else None,
            }
            for row in f.related["stopped_using"]
        ],
    }  # fmt: skip


SECTION = Section("products", facts, ("holdings", "products"))
