"""What the client owes, what covers it, what is late."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text


def facts(f: Facts, w: Words) -> Mapping[str, Any] | None:
    """Loans, limits, cover, arrears; None for a client without loans and lines."""
    c, loc, currency = f.client, w.locale, f.run.currency
    if not c["loans_count"] and not c["limit_total"]:
        return None

    def money(name: str) -> str:
        return text.money(c[name], currency, loc)

    return {
        "rows": [
            (w.gettext("Loans in force"), text.count(c["loans_count"], loc)),
            (w.gettext("Outstanding"), money("outstanding")),
            (w.gettext("Limits"), money("limit_total")),
            (w.gettext("Undrawn"), money("undrawn")),
            (w.gettext("Drawn share of revolving lines"), text.percent(c["line_use"], loc)),
            (w.gettext("Collateral after haircut"), money("cover")),
            (w.gettext("Cover of the exposure"), text.percent(c["cover_share"], loc)),
            (w.gettext("Overdue principal and interest"), money("overdue_amount")),
            (w.gettext("Days past due"), text.days(c["dpd"], loc)),
            (w.gettext("Non-performing share"), text.percent(c["nonperforming_share"], loc)),
        ]
    }


SECTION = Section("exposure", facts, ("facilities", "loans", "loan_status", "credit_support"))
