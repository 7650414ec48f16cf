"""The portfolio report: the book at a glance, for the risk department and the board.

It may reach the risk department's mailing: of the signs of decay it names none that tells of an RM's own conduct, and no
figure of one RM but how his clients stand.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from reports import jumps
from reports.documents import environment
from reports.facts import Run
from reports.labels import LABELS, N_
from reports.sections.level import SHAPES
from reports.sections.relationship import SHAPES as RELATIONSHIP_SHAPES
from reports.words import Words
from transforms import text
from transforms.portfolio import CONDUCT, LEVELS, PARTS, SCOPES, Frame, glance
from transforms.relationship.roster import GRADES
from transforms.signals import CATALOGUE

RELATIONSHIP = ("at_risk", "cooling", "ok", "not_assessable")
QUADRANTS = ("senior_visit", "reduce", "win_back", "secure", None)
MONEY = ("deposit_adb_365", "loans_out", "settlement_12m")
JUMPS = 12  # told in words
DIMENSIONS: Mapping[str, tuple[str, str | None]] = {  # of the complaint statistics → heading, kind of its labels
    "branch": (N_("Branch"), None),
    "target": (N_("Target"), "target"),
    "category": (N_("Category"), "complaint"),
    "product": (N_("Product"), "family"),
    "channel": (N_("Complaint channel"), "channel_of_complaint"),
    "grade": (N_("Grade"), None),
}
MEASURES: Mapping[str, str] = {
    "red": N_("Non-performing and red clients"),
    "obligors_1": N_("Largest name, a group counted as one"),
    "obligors_10": N_("Ten largest names"),
    "obligors_20": N_("Twenty largest names"),
    "sectors_1": N_("Largest sector"),
    "sectors_3": N_("Three largest sectors"),
    "regions_1": N_("Largest region"),
    "regions_3": N_("Three largest regions"),
}
Row = Mapping[str, Any]


def _name(row: Row, w: Words) -> str:
    return w.gettext("Confidential client") if row["confidential"] else str(row["name"] or row["client_id"])


def _lead(counted: Row, run: Run, w: Words) -> str:
    """The book in two to four sentences."""
    n = {name: text.count(value, w.locale) for name, value in counted.items() if isinstance(value, int)}
    exposure = text.money(counted["exposure"], run.currency, w.locale)
    said = [
        w.gettext("{n} clients assessed, with an exposure of {exposure}.").format(n=n["clients"], exposure=exposure),
        w.gettext("Non-performing or red: {n}, with {share} of it; of these new or worse tonight: {new}.").format(
            n=n["red"], share=text.percent(counted["exposure_red_share"], w.locale), new=n["newly_red"]
        ),
    ]
    if counted["known_before"]:
        moved = w.gettext("Of all clients {worse} got worse since the last night, {better} better.")
        said.append(moved.format(worse=n["worse"], better=n["better"]))
    if counted["exposure_unknown"]:
        unknown = w.gettext("Of {n} clients the exposure is not known; they count in no amount.")
        said.append(unknown.format(n=n["exposure_unknown"]))
    return w.line(said)


def _levels(frame: pl.DataFrame, kind: str, codes: tuple[str | None, ...], w: Words) -> list[list[str]]:
    """shape, name, clients, their share, exposure, its share of each level; of levels nobody has, too."""
    known = {code: figures for code, *figures in frame.rows()}
    shapes = {"risk": SHAPES, "relationship": RELATIONSHIP_SHAPES}.get(kind, {})
    return [
        [
            shapes.get(code or "", ""),
            w.label(kind, code) if code else w.gettext("Not assessable"),
            text.count(clients, w.locale),
            text.percent(share, w.locale),
            text.table_money(exposure, w.locale),
            text.percent(of_exposure, w.locale),
        ]
        for code in codes
        for clients, exposure, share, of_exposure in [known.get(code, (0, 0, None, None))]
    ]


def _moves(frame: pl.DataFrame, w: Words) -> list[list[tuple[str, str]]]:
    """A row per level before: its name, then clients per level now, each with which way it moved."""
    known = {(a, b): n for a, b, n in frame.rows()}
    before = [code for code in (*LEVELS, None) if any((code, now) in known for now in LEVELS)]
    new = w.gettext("not known before")
    return [
        [
            (new if code is None else f"{SHAPES[code]} {w.label('risk', code)}", ""),
            *((text.count(known.get((code, now)), w.locale), "stays" if code == now else "") for now in LEVELS),
        ]
        for code in before
    ]


def _worst(frame: pl.DataFrame, w: Words) -> list[tuple[str, list[dict[str, str]]]]:
    """What is new tonight, then what stands: heading and clients."""
    parts = ((True, w.gettext("New or worse tonight")), (False, w.gettext("Standing")))
    return [
        (title, [_bad(row, w) for row in rows.iter_rows(named=True)])
        for moved, title in parts
        for rows in [frame.filter(pl.col("moved") == moved)]
        if rows.height
    ]


def _bad(row: Row, w: Words) -> dict[str, str]:
    before = row["previous_risk_level"]
    came = w.gettext("before: {level}").format(level=w.label("risk", before))
    return {
        "shape": SHAPES[row["risk_level"]],
        "level": w.label("risk", row["risk_level"]),
        "change": came if row["change"] == "worse" else w.label("change", row["change"]),
        "client": _name(row, w),
        "id": row["client_id"],
        "rm": row["rm_name"] or "—",
        "exposure": text.table_money(row["exposure"], w.locale),
        "signal": row["signal_id"] or "",
        "why": row[f"text_{w.locale}"] or "—",
    }


def _region(code: str | None, w: Words) -> str:
    """The province in words before a region's code."""
    known = code is not None and code[:2] in LABELS["province"]
    return f"{w.label('province', code[:2])} {code}" if code and known else code or "—"


def _by(frame: pl.DataFrame, w: Words, named: Callable[[Row], str]) -> list[dict[str, Any]]:
    """The rows of a table by something: its name, clients per level, worse tonight, all, exposure, its share."""
    return [
        {
            "name": named(row) if row["merged"] is None else _others(row["merged"], w),
            "merged": row["merged"] is not None,
            "cells": [
                *(text.count(row[name], w.locale) for name in (*LEVELS, "worse", "clients")),
                text.table_money(row["exposure"], w.locale),
                text.percent(row["share"], w.locale),
            ],
        }
        for row in frame.iter_rows(named=True)
    ]


def _others(merged: int, w: Words) -> str:
    return w.gettext("{n} others").format(n=text.count(merged, w.locale))


def _tables(seen: Mapping[str, pl.DataFrame], w: Words) -> list[dict[str, Any]]:
    names: Mapping[str, tuple[str, Callable[[Row], str]]] = {
        "sectors": (w.gettext("By sector"), lambda row: w.label("section", row["key"])),
        "regions": (w.gettext("By region"), lambda row: _region(row["key"], w)),
        "branches": (w.gettext("By branch"), lambda row: row["key"] or "—"),
        "rms": (w.gettext("By relationship manager"), lambda row: row["name"] or row["key"] or w.gettext("none assigned")),
    }  # fmt: skip
    return [{"title": title, "rows": _by(seen[name], w, named)} for name, (title, named) in names.items()]


def _exposures(seen: Mapping[str, pl.DataFrame], w: Words) -> dict[str, Any]:
    """Concentration: its measures, the largest clients and groups."""

    def told(row: Row, name: str, more: str) -> tuple[str, ...]:
        level = f"{SHAPES[row['risk_level']]} {w.label('risk', row['risk_level'])}"
        return (name, more, level, text.table_money(row["exposure"], w.locale), text.percent(row["share"], w.locale))

    return {
        "measures": [
            (
                w.gettext(MEASURES[row["measure"]]),
                text.table_money(row["exposure"], w.locale),
                text.percent(row["share"], w.locale),
            )
            for row in seen["concentration"].iter_rows(named=True)
        ],
        "clients": [told(row, _name(row, w), row["client_id"]) for row in seen["largest"].iter_rows(named=True)],
        "groups": [
            told(row, row["name"] or row["group_id"], text.count(row["clients"], w.locale))
            for row in seen["groups"].iter_rows(named=True)
        ],
    }


def _rates(frame: pl.DataFrame, w: Words) -> list[dict[str, Any]]:
    """The signals by group: clients per level, share that fires and what is usual, shares clear and without data."""
    rows = {row["signal_id"]: row for row in frame.iter_rows(named=True)}
    groups: dict[str, list[dict[str, Any]]] = {}
    for signal in (signal for signal in CATALOGUE.values() if signal.id in rows):
        row = rows[signal.id]
        counts = [text.count(row[level], w.locale) for level in ("N", "R", "A", "W")]
        shares = [
            (text.percent(row[name], w.locale), name in row["jumped"])
            for name in ("fired", "fired_usual", "clear", "no_data")
        ]
        groups.setdefault(signal.category, []).append(
            {
                "id": signal.id,
                "name": w.signal(signal.id),
                "cells": [*((count, False) for count in counts), *shares],
                "not_applicable": text.count(row["not_applicable"], w.locale),
            }
        )
    return [{"name": w.label("category", group), "rows": found} for group, found in groups.items()]


def _jumps(frame: pl.DataFrame, w: Words) -> list[tuple[str, str]]:
    return [
        jumps.told(
            {"signal_id": row["signal_id"], "share": share, "tonight": row[share], "usual": row[f"{share}_usual"]}, w
        )
        for row in frame.iter_rows(named=True)
        for share in row["jumped"]
    ]


def _quality(run: Run, w: Words) -> list[list[str]]:
    origin = run.provenance.get("tables", {})
    names = {"real": w.gettext("real"), "simulated": w.gettext("simulated")}
    return [
        [
            w.label("table", name),
            text.day(run.feeds.get(name), w.locale),
            *(
                text.count(told["counts"][key], w.locale)
                for key in ("rows_in", "clean", "quarantined", "collapsed", "superseded")
            ),
            names.get(origin.get(name, {}).get("origin", ""), "—"),
        ]
        for name, told in run.tables.items()
    ]


def _notices(run: Run, w: Words) -> list[list[str]]:
    return [
        [
            w.label("table", name),
            notice["check_id"],
            text.count(notice["rows"], w.locale),
            notice[f"message_{w.locale}"],
        ]
        for name, told in run.tables.items()
        for notice in told["notices"]
    ]


def _complaints(seen: Mapping[str, pl.DataFrame], run: Run, w: Words) -> dict[str, Any] | None:
    """Table 11-4 of the whole bank by period, and the running year by dimension; None where complaints are not connected."""
    if "complaints" not in run.feeds:
        return None
    periods = [_period(row, w) for row in seen["complaint_periods"].iter_rows(named=True)]
    parts = [
        (
            w.gettext(DIMENSIONS[name][0]),
            [_part(name, row, w) for row in seen[f"complaints_{name}"].iter_rows(named=True)],
        )
        for name in PARTS
    ]
    return {"periods": periods, "year": periods[0]["name"] if periods else "", "parts": [p for p in parts if p[1]]}


def _period(row: Row, w: Words) -> dict[str, Any]:
    year, _, part = row["period"].partition("-")
    words = {
        "year": w.gettext("{year}"),
        "quarter": w.gettext("{year}, quarter {part}"),
        "month": w.gettext("{part}/{year}"),
    }
    name = words[row["unit"]].format(year=year, part=part.lstrip("Q0"))
    n, percent = text.count, text.percent
    return {
        "unit": row["unit"],
        "name": name if row["complete"] else w.gettext("{period} so far").format(period=name),
        "cells": [
            n(row["received"], w.locale),
            n(row["received_prev"], w.locale),
            percent(row["received_yoy"], w.locale),
            text.score(row["per_100_clients"], w.locale),
            n(row["severe"], w.locale),
            n(row["closed"], w.locale),
            n(row["open_end"], w.locale),
            n(row["overdue_end"], w.locale),
            percent(row["on_time_rate"], w.locale, 0),
            n(row["close_median_d"], w.locale),
            percent(row["repeat_rate"], w.locale, 0),
            percent(row["upheld_rate"], w.locale, 0),
            text.score(row["client_score_mean"], w.locale),
        ],
        "cause": w.label("root_cause", row["root_cause_top"]),
    }


def _part(dimension: str, row: Row, w: Words) -> list[str]:
    kind, value = DIMENSIONS[dimension][1], row["value"]
    name = w.gettext("not said") if value is None else w.label(kind, value) if kind else value
    return [
        _others(row["merged"], w) if row["merged"] else name[:1].upper() + name[1:],
        text.count(row["received"], w.locale),
        text.percent(row["share"], w.locale),
        *(text.count(row[column], w.locale) for column in ("severe", "open_end", "overdue_end")),
        text.percent(row["on_time_rate"], w.locale, 0),
        text.count(row["close_median_d"], w.locale),
    ]


def _roster(seen: Mapping[str, pl.DataFrame], run: Run, w: Words) -> list[dict[str, Any]]:
    """Totals of table 11-1: of the bank, then by branch and RM; an amount known of some clients alone says of how many."""
    staff = run.names.get("staff", {})
    titles = {"bank": w.gettext("The bank"), "branch": w.gettext("Branch"), "rm": w.gettext("Relationship manager")}
    return [
        {"title": titles[scope], "rows": [_total(scope, row, staff, w) for row in seen[f"roster_{scope}"].to_dicts()]}
        for scope in SCOPES
    ]


def _total(scope: str, row: Row, staff: Mapping[str, str], w: Words) -> dict[str, Any]:
    names = {
        "bank": w.gettext("All clients"),
        "branch": row["scope_id"],
        "rm": staff.get(row["scope_id"], row["scope_id"]),
    }
    return {
        "name": _others(row["merged"], w) if row["merged"] else names[scope] or w.gettext("none assigned"),
        "merged": row["merged"] is not None,
        "clients": text.count(row["clients"], w.locale),
        "grades": [text.count(row[f"grade_{grade}"], w.locale) for grade in (*GRADES, "none")],
        "money": [_known(row, name, w) for name in MONEY],
    }


def _known(row: Row, name: str, w: Words) -> tuple[str, str | None]:
    """An amount, and of how many clients it is known where not of all."""
    known = row[f"{name}_known"]
    told = text.table_money(row[name], w.locale) if known else text.NONE
    of = w.gettext("of {n}").format(n=text.count(known, w.locale))
    return told, None if known in (0, row["clients"]) else of


def html(frames: Mapping[str, Frame], run: Run, locale: str) -> tuple[str, str]:
    """The portfolio report's HTML and its title.

    `frames`: transforms.portfolio.READS, the rates, and the forms complaint_statistics and roster_totals.
    """
    w = Words(locale)
    shown = (pl.col("as_of") == run.as_of) & ~pl.col("signal_id").is_in(CONDUCT)
    tonight = frames["rates"].lazy().filter(shown).collect()
    seen = glance(frames)
    counted = seen["counted"].row(0, named=True)
    jumped = _jumps(tonight, w)
    title = f"{w.gettext('Portfolio report')} · {text.day(run.as_of, locale)}"
    facts: dict[str, Any] = {
        "kind": "portfolio",
        "title": title,
        "as_of": text.day(run.as_of, locale),
        "unit": text.money_unit(run.currency, locale),
        "lead": _lead(counted, run, w),
        "first": counted["known_before"] == 0,
        "more_red": text.count(counted["more_red"], locale) if counted["more_red"] else None,
        "levels": _levels(seen["levels"], "risk", LEVELS, w),
        "relationship": _levels(seen["relationship"], "relationship", RELATIONSHIP, w),
        "quadrants": _levels(seen["quadrants"], "quadrant", QUADRANTS, w),
        "level_names": [w.label("risk", code) for code in LEVELS],
        "moves": _moves(seen["moves"], w),
        "worst": _worst(seen["worst"], w),
        "tables": _tables(seen, w),
        "concentration": _exposures(seen, w),
        "rates": _rates(tonight, w),
        "jumps": jumped[:JUMPS],
        "more_jumps": text.count(len(jumped[JUMPS:]), locale) if jumped[JUMPS:] else None,
        "marks": [(level, w.label("risk", level)) for level in ("N", "R", "A", "W")],
        "quality": _quality(run, w),
        "notices": _notices(run, w),
        "complaints": _complaints(seen, run, w),
        "roster": _roster(seen, run, w),
        "simulated": _simulated(run),
        "policy": run.policy,
        "catalogue": run.catalogue,
        "bank": run.provenance.get(f"name_{locale}"),
        "attribution": run.provenance.get(f"attribution_{locale}"),
        "licence": run.provenance.get("licence"),
    }
    return environment(locale).get_template("portfolio.html").render(**facts), title


def _simulated(run: Run) -> set[str]:
    tables = run.provenance.get("tables", {})
    return {name for name, told in tables.items() if told.get("origin") == "simulated"}
