"""What the client does with us: deposits, settlement, loans."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text


def facts(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """Deposits, settlement and credit; None for a client without accounts, loans and lines."""
    c, loc, currency = f.client, w.locale, f.run.currency
    names = {
        "adb_90": w.gettext("Average demand balance, 90 days"),
        "adb_365_before_90": w.gettext("Average demand balance, the 365 days before"),
        "opin_12": w.gettext("Inflow, twelve months"),
        "opout_12": w.gettext("Outflow, twelve months"),
        "outstanding": w.gettext("Loans outstanding"),
        "limit_total": w.gettext("Limits"),
    }
    if not any(c[name] for name in names):
        return None
    rows = [(label, text.money(c[name], currency, loc)) for name, label in names.items()]
    rows.append((w.gettext("Importance score (0 to 100)"), text.number(c["importance_score"], loc, 1)))
    return {"rows": rows}


SECTION = Section("dealings", facts, ("accounts", "balances", "transactions", "loans", "facilities"))
