"""The last years' statements side by side, their ratios, and the peers' medians beside the newest."""

from collections.abc import Mapping
from typing import Any

from reports import absent, charts
from reports.facts import Facts
from reports.labels import N_
from reports.sections import Section
from reports.words import Words
from transforms import text

YEARS = 5
DRAWN = {"revenue": N_("Revenue"), "profit_before_tax": N_("Profit before tax")}
LINES = {
    **DRAWN, "net_profit": N_("Net profit"), "cfo": N_("Operating cash flow"),
    "total_assets": N_("Total assets"), "total_liabilities": N_("Total liabilities"), "equity": N_("Owners' equity"),
    "current_assets": N_("Current assets"), "current_liabilities": N_("Current liabilities"),
    "accounts_receivable": N_("Accounts receivable"), "inventory": N_("Inventory"),
}  # fmt: skip
RATIOS = {
    "revenue_growth": (N_("Growth of revenue"), text.percent),
    "profit_margin": (N_("Profit before tax to revenue"), text.percent),
    "debt_ratio": (N_("Liabilities to assets"), text.percent),
    "current_ratio": (N_("Current ratio"), text.times),
    "receivable_days": (N_("Receivable days"), text.number),
    "inventory_days": (N_("Inventory days"), text.number),
    "interest_cover": (N_("Interest cover"), text.times),
    "cash_to_profit": (N_("Operating cash flow to net profit"), text.times),
}


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Charts of revenue and profit, a table of lines and ratios by year with the peers; no full year is said, too."""
    years = f.series["statement_history"][-YEARS:]
    if not years:
        none = w.gettext("No statement of a full year is on record.")
        return {"nothing": absent.said(f, w, ("statements",), none)}
    loc, newest = w.locale, f.client["statement_period_end"]
    beside = {row["period_end"]: row for row in f.series["peer_years"]}
    peers = [beside.get(row["period_end"], {}) for row in years]
    note = f.run.provenance.get("tables", {}).get("statements", {}).get(f"note_{loc}")
    formats = dict.fromkeys(LINES, text.table_money) | {name: form for name, (_, form) in RATIOS.items()}
    names = LINES | {name: told for name, (told, _) in RATIOS.items()}
    known = {name: any(row[name] is not None for row in years) for name in names}

    def cells(name: str) -> tuple[str, list[str], str]:
        form = formats[name]
        return w.gettext(names[name]), [form(row[name], loc) for row in years], form(peers[-1].get(name), loc)

    without = [w.gettext(names[name]) for name in RATIOS if not known[name]]
    return {
        "nothing": None,
        "unit": text.money_unit(f.run.currency, loc),
        "years": [text.day(row["period_end"], loc) if loc == "zh" else str(row["period_end"].year) for row in years],
        "peers": _peers(peers[-1], w),
        "lines": [cells(name) for name in LINES if known[name]],
        "ratios": [cells(name) for name in RATIOS if known[name]],
        "without": w.join(without) if without else None,
        "chart": _chart(years, peers, w),
        "received": w.gettext("Newest statement received {day}, {scope}.").format(
            day=text.day(years[-1]["received_on"], loc),
            scope=w.gettext("consolidated") if years[-1]["scope"] == "consolidated" else w.gettext("single company"),
        ),
        "newer": w.gettext("The newest filing covers {n} months to {day}; this table shows full years.").format(
            n=f.client["statement_months"], day=text.day(newest, loc)
        )
        if newest is not None and newest > years[-1]["period_end"]
        else None,
        "main_business": w.gettext(
            "The newest statement leaves revenue blank: revenue of the main business stands for it, as the bank's policy says."
        )
        if f.client["main_business_as_revenue"]
        else None,
        "note": note.rstrip(".。") if note else None,
    }


def _peers(row: Mapping[str, Any], w: Words) -> str:
    """The head of the peers' column: how many they are, and whether they are too few for any median."""
    known = any(row.get(name) is not None for name in (*LINES, *RATIOS))
    said = w.gettext("Median of {n} peers") if known else w.gettext("{n} peers: too few")
    return said.format(n=text.count(row.get("peers") or 0, w.locale))


def _chart(years: list[Mapping[str, Any]], peers: list[Mapping[str, Any]], w: Words) -> str | None:
    if not any(row[name] is not None for row in years for name in DRAWN):
        return None
    plots = [
        charts.Years(
            w.gettext(told),
            [row[name] for row in years],
            [text.table_money(row[name], w.locale) for row in years],
            [row.get(name) for row in peers],
            w.gettext("median of the peers"),
        )
        for name, told in DRAWN.items()
    ]
    return charts.years(
        w.gettext("Revenue and profit before tax"), [str(row["period_end"].year) for row in years], plots
    )


SECTION = Section("financials", facts, ("statements",))
