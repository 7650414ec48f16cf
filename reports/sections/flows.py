"""24 months of money through our accounts, with the average balance."""

from collections.abc import Mapping
from typing import Any

from reports import charts
from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text

MONTHS, MARKED = 24, 3


def facts(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """A chart of monthly inflow and the average daily balance; None when there is no month to show."""
    flow = f.series["flow_series"][-MONTHS:]
    if not flow:
        return None
    balance = {row["month"]: row["adb"] for row in f.series["balance_series"]}
    line = [balance.get(row["month"]) for row in flow]
    bars = [row["opin"] for row in flow]
    fired = any(row["signal_id"] == "MGT-42" and row["state"] == "standing" for row in f.findings)
    title = w.gettext("Monthly inflow and average daily balance")
    loc, currency = w.locale, f.run.currency
    return {
        "chart": charts.months(
            title,
            [text.month(row["month"], loc) for row in flow],
            bars,
            line,
            (w.gettext("Inflow"), w.gettext("Balance")),
            (text.money(bars[-1], currency, loc), text.money(line[-1], currency, loc)),
            MARKED if fired else 0,
        ),
        "title": title,
        "marked": fired,
        "rows": [
            (w.gettext("Inflow, three months"), text.money(f.client["opin_3"], currency, loc)),
            (w.gettext("Outflow, three months"), text.money(f.client["opout_3"], currency, loc)),
            (w.gettext("Inflow, twelve months"), text.money(f.client["opin_12"], currency, loc)),
            (w.gettext("Three months against the twelve before"), text.percent(f.client["opin_r3_12"], loc)),
            (w.gettext("Three months against a year ago"), text.percent(f.client["opin_y3"], loc)),
            (w.gettext("Average balance, 90 days"), text.money(f.client["adb_90"], currency, loc)),
        ],
    }


SECTION = Section("flows", facts, ("accounts", "balances", "transactions"))
