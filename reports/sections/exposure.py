"""What the client owes, what covers it, what is late, and how the lines were used."""

from collections.abc import Mapping
from typing import Any

from reports import absent, charts, marks
from reports.facts import Facts
from reports.labels import N_
from reports.sections import Section
from reports.words import Words
from transforms import text

TITLE, HEIGHT = N_("Limits and debt at the ends of the months"), 84


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Loans, limits, cover, arrears, and a chart of limits and debt; of a client without loans and lines that is said."""
    c, loc, currency = f.client, w.locale, f.run.currency
    if not c["loans_count"] and not c["limit_total"]:
        none = w.gettext("No loan and no credit line of the client is on record.")
        return {"nothing": absent.said(f, w, ("facilities", "loans"), none)}

    def money(name: str) -> str:
        return text.money(c[name], currency, loc)

    return {
        "nothing": None,
        "title": w.gettext(TITLE),
        "chart": _chart(f, w),
        "rows": [
            (w.gettext("Outstanding"), money("outstanding")),
            (w.gettext("Loans in force"), text.count(c["loans_count"], loc)),
            (w.gettext("Limits"), money("limit_total")),
            (w.gettext("Undrawn"), money("undrawn")),
            (w.gettext("Drawn share of revolving lines"), text.percent(c["line_use"], loc)),
            (w.gettext("Collateral after haircut"), money("cover")),
            (w.gettext("Cover of the exposure"), text.percent(c["cover_share"], loc)),
            (w.gettext("Overdue principal and interest"), money("overdue_amount")),
            (w.gettext("Days past due"), text.days(c["dpd"], loc)),
            (w.gettext("Non-performing share"), text.percent(c["nonperforming_share"], loc)),
        ],
    }


def _chart(f: Facts, w: Words) -> str | None:
    """Limits and what is outstanding at the ends of the months; None when neither was ever known."""
    rows = f.series["credit_series"]
    limit, owed = ([row[name] for row in rows] for name in ("limit_total", "outstanding"))
    if not any(value for value in [*limit, *owed]):
        return None
    drawn = [("Limits", limit, "step"), ("Outstanding", owed, "up")]
    plot = charts.Panel(
        [
            charts.Series(w.gettext(name), v, shape, text.money(v[-1], f.run.currency, w.locale))
            for name, v, shape in drawn
        ],
        HEIGHT,
    )
    months = [row["month"] for row in rows]
    labels = [text.month(month, w.locale) for month in months]
    return charts.months(w.gettext(TITLE), labels, [plot], marks.marks(f, w, months, marks.credit))


SECTION = Section("exposure", facts, ("facilities", "loans", "loan_status", "credit_support"))
