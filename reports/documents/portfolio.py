"""The portfolio report: the book at a glance, for the risk department and the board."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from reports import jumps
from reports.documents import environment
from reports.facts import Run
from reports.sections.level import SHAPES
from reports.words import Words
from transforms import text
from transforms.portfolio import LEVELS, glance
from transforms.signals import CATALOGUE


def _levels(counts: pl.DataFrame, w: Words) -> list[tuple[str, str, str, str]]:
    known = dict(counts.rows())
    total = sum(known.values()) or 1
    return [
        (
            SHAPES[code],
            w.label("risk", code),
            text.count(known.get(code, 0), w.locale),
            text.percent(known.get(code, 0) / total, w.locale),
        )
        for code in LEVELS
    ]


def _by(frame: pl.DataFrame, w: Words, currency: str, kind: str | None = None) -> list[list[str]]:
    return [
        [
            w.label(kind, row[0]) if kind else str(row[0] or "—"),
            *(text.count(n, w.locale) for n in row[1:-1]),
            text.money(row[-1], currency, w.locale),
        ]
        for row in frame.rows()
    ]


def _moves(frame: pl.DataFrame, w: Words) -> list[list[str]]:
    known = {(a, b): n for a, b, n in frame.rows()}
    before = [code for code in (*LEVELS, None) if any((code, now) in known for now in LEVELS)]
    first = w.gettext("first night")
    return [
        [
            first if code is None else w.label("risk", code),
            *(text.count(known.get((code, now), 0), w.locale) for now in LEVELS),
        ]
        for code in before
    ]


def _worst(frame: pl.DataFrame, w: Words, currency: str) -> list[dict[str, str]]:
    return [
        {
            "shape": SHAPES[row["risk_level"]],
            "level": w.label("risk", row["risk_level"]),
            "client": w.gettext("Confidential client") if row["confidential"] else str(row["name"] or row["client_id"]),
            "id": row["client_id"],
            "change": w.label("change", row["change"]),
            "rm": row["rm_name"] or "—",
            "exposure": text.money(row["exposure"], currency, w.locale),
            "why": f"{row['signal_id']} {row[f'text_{w.locale}']}" if row["signal_id"] else "—",
        }
        for row in frame.iter_rows(named=True)
    ]


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


def html(frames: Mapping[str, pl.DataFrame], run: Run, locale: str) -> tuple[str, str]:
    """The portfolio report's HTML and its title. `frames`: whole-book panel, findings, assessments, and the rates."""
    w = Words(locale)
    tonight = frames["rates"].filter(pl.col("as_of") == run.as_of)
    seen = glance(frames)
    title = f"{w.gettext('Portfolio report')} · {text.day(run.as_of, locale)}"
    facts: dict[str, Any] = {
        "kind": "portfolio",
        "title": title,
        "as_of": text.day(run.as_of, locale),
        "clients": text.count(frames["panel"].height, locale),
        "levels": _levels(seen["levels"], w),
        "relationship": [
            (w.label("relationship", code), text.count(n, locale)) for code, n in sorted(seen["relationship"].rows())
        ],
        "quadrants": [
            (w.label("quadrant", code) if code else w.gettext("Not assessable"), text.count(n, locale))
            for code, n in seen["quadrants"].rows()
        ],
        "level_names": [w.label("risk", code) for code in LEVELS],
        "moves": _moves(seen["moves"], w),
        "worst": _worst(seen["worst"], w, run.currency),
        "groups": [
            (w.gettext("By sector"), _by(seen["sectors"], w, run.currency, "section")),
            (w.gettext("By region"), _by(seen["regions"], w, run.currency)),
            (w.gettext("By branch"), _by(seen["branches"], w, run.currency)),
            (w.gettext("By relationship manager"), _by(seen["rms"], w, run.currency)),
        ],
        "rates": _rates(tonight, w),
        "jumps": _jumps(tonight, w),
        "marks": [(level, w.label("risk", level)) for level in ("N", "R", "A", "W")],
        "quality": _quality(run, w),
        "notices": _notices(run, w),
        "policy": run.policy,
        "catalogue": run.catalogue,
        "bank": run.provenance.get(f"name_{locale}"),
        "attribution": run.provenance.get(f"attribution_{locale}"),
        "licence": run.provenance.get("licence"),
    }
    return environment(locale).get_template("portfolio.html").render(**facts), title
