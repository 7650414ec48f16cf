"""24 months of money through our accounts, with the average balance."""

from collections.abc import Mapping
from typing import Any

from reports import absent, charts, marks
from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

MONTHS = 24
BALANCE, TURNOVER = 40, 60  # heights


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """A chart of monthly in- and outflow and the average daily balance; no month is said, too."""
    flow = f.series["flow_series"][-MONTHS:]
    if not flow:
        none = w.gettext("No payment through an account of the client is on record.")
        return {"nothing": absent.said(f, w, ("accounts", "transactions"), none)}
    loc, currency = w.locale, f.run.currency
    months = [row["month"] for row in flow]
    kept = {row["month"]: row["adb"] for row in f.series["balance_series"]}
    balance = [kept.get(month) for month in months]
    found = marks.marks(f, w, months, marks.flows)

    def series(name: str, values: list[int | None], shape: str) -> charts.Series:
        return charts.Series(name, values, shape, text.money(values[-1], currency, loc))

    inflow = series(w.gettext("Inflow"), [row["opin"] for row in flow], "up")
    outflow = series(w.gettext("Outflow"), [row["opout"] for row in flow], "down")
    daily = series(w.gettext("Balance"), balance, "line")
    panels = [charts.Panel([daily], BALANCE), charts.Panel([inflow, outflow], TURNOVER)]
    title = w.gettext("Daily balance, inflow and outflow by month")
    return {
        "nothing": None,
        "chart": charts.months(title, [text.month(month, loc) for month in months], panels, found),
        "title": title,
        "marked": bool(found),
        "rows": [
            (w.gettext("Inflow, three months"), text.money(f.client["opin_3"], currency, loc)),
            (w.gettext("Outflow, three months"), text.money(f.client["opout_3"], currency, loc)),
            (w.gettext("Inflow, twelve months"), text.money(f.client["opin_12"], currency, loc)),
            (w.gettext("Inflow, three months against the twelve before"), text.percent(f.client["opin_r3_12"], loc)),
            (w.gettext("Inflow, three months against a year ago"), text.percent(f.client["opin_y3"], loc)),
            (w.gettext("Average balance, 90 days"), text.money(f.client["adb_90"], currency, loc)),
        ],
    }


SECTION = Section("flows", facts, ("accounts", "balances", "transactions"))
