"""The last years' statements side by side."""

from collections.abc import Mapping
from typing import Any

from reports import charts
from reports.facts import Facts
from reports.sections import Section
from reports.words import N_, Words
from transforms import text

YEARS = 5
LINES = {
    "revenue": N_("Revenue"), "profit_before_tax": N_("Profit before tax"), "net_profit": N_("Net profit"),
    "total_assets": N_("Total assets"), "total_liabilities": N_("Total liabilities"), "equity": N_("Owners' equity"),
    "current_assets": N_("Current assets"), "current_liabilities": N_("Current liabilities"),
    "accounts_receivable": N_("Accounts receivable"), "inventory": N_("Inventory"),
}  # fmt: skip


def facts(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """A table of lines by year and a chart of revenue and profit; None without a full year."""
    years = f.series["statement_history"][-YEARS:]
    if not years:
        return None
    loc, currency = w.locale, f.run.currency
    note = f.run.provenance.get("tables", {}).get("statements", {}).get(f"note_{loc}")
    labels = [str(row["period_end"].year) for row in years]
    values = [(row["revenue"], row["profit_before_tax"]) for row in years]
    return {
        "unit": text.money_unit(currency, loc),
        "years": [text.day(row["period_end"], loc) if loc == "zh" else labels[i] for i, row in enumerate(years)],
        "lines": [
            (w.gettext(name), [text.table_money(row[line], loc) for row in years])
            for line, name in LINES.items()
            if any(row[line] is not None for row in years)
        ],
        "chart": charts.pairs(
            w.gettext("Revenue and profit before tax"),
            labels,
            [v for v, _ in values],
            [v for _, v in values],
            (w.gettext("Revenue"), w.gettext("Profit before tax")),
            [(text.table_money(a, loc), text.table_money(b, loc)) for a, b in values],
        ),
        "received": w.gettext("Newest statement received {day}, {scope}.").format(
            day=text.day(years[-1]["received_on"], loc),
            scope=w.gettext("consolidated") if years[-1]["scope"] == "consolidated" else w.gettext("single company"),
        ),
        "main_business": w.gettext(
            "The newest statement leaves revenue blank: revenue of the main business stands for it, as the bank's policy says."
        )
        if f.client["main_business_as_revenue"]
        else None,
        "note": note.rstrip(".。") if note else None,
    }


SECTION = Section("financials", facts, ("statements",))
