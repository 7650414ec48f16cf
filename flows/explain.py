"""The whole arithmetic of one answer: the rule, each comparison with its numbers, the columns, the source rows.

It reads the restart material of a published night (OUT/work), which holds the panel and the clean rows the night was made of.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from expectations.tables import TABLES
from flows import paper
from flows.nights import Published
from transforms.arithmetic import EXACT
from transforms.panel import COLUMNS
from transforms.signal import LEVELS, Compare, Signal, Test

MOST_ROWS = 20


def arithmetic(night: Published, client: str, signal: Signal) -> dict[str, Any]:
    """applies, tests (level, name, kind, holds, comparisons, columns) and rows (key, table, cells) of one answer.

    Raises Refused when the night's restart material is gone.
    """
    told, chunk = paper.material(night, client)
    row = chunk.judged.frame("panel").filter(pl.col("client_id") == client).collect()
    answers = chunk.judged.frame("answers").filter(pl.col("client_id") == client).collect()
    read = answers.select(signal.answers_read)
    panel = pl.concat([row, read], how="horizontal") if signal.answers_read else row
    of = told.policy.resolve(signal)
    applies = panel.select(signal.applies).item() if signal.applies is not None else True
    return {
        "applies": applies,
        "tests": [_test(test, panel, of) for test in signal.tests],
        "rows": list(_rows(told.clean, _keys(signal, row))),
    }


def _test(test: Test, panel: pl.DataFrame, of: Any) -> dict[str, Any]:
    compared = list(dict.fromkeys(test.condition.compared()))
    lead = test.condition.lead
    shown = compared or ([lead] if lead is not None else [])
    return {
        "level": test.level,
        "name": test.name,
        "kind": test.kind,
        "holds": panel.select(test.condition.holds(of)).item(),
        "rule": readable(test.condition.holds(of)),
        "comparisons": [_comparison(part, panel, of) for part in shown],
        "columns": {
            c: {"value": panel[c][0], "table": COLUMNS[c].table, "meaning": COLUMNS[c].meaning} for c in test.columns
        },
    }


def _comparison(part: Compare, panel: pl.DataFrame, of: Any) -> dict[str, Any]:
    return {
        "measure": readable(part.measure.expr),
        "value": panel.select(part.measure.expr.cast(pl.Float64).round(EXACT)).item(),
        "comparison": part.comparison,
        "limit": of(part.limit),
        "source": f"{part.limit.source}: {part.limit.because}",
        "holds": panel.select(part.holds(of)).item(),
    }


def readable(expr: pl.Expr) -> str:
    """An expression as people write it: names without col(), no doubled brackets.

    >>> readable(pl.col("a") / pl.col("b") - 1)
    '((a / b) - 1)'
    """
    text = re.sub(r'col\("([^"]*)"\)', r"\1", str(expr)).replace("[", "(").replace("]", ")")
    text = re.sub(r"dyn (int|float): ", "", text).replace(".strict_cast(Float64).round()", "")
    return re.sub(r"(?<![\w)])\(([\w.-]+)\)", r"\1", text).replace("(.when", "(when")


def _keys(signal: Signal, row: pl.DataFrame) -> list[str]:
    """Keys of the source rows behind the signal's columns."""
    names = dict.fromkeys(key for c in signal.columns for key in COLUMNS[c].keys if key in row.columns)
    found: dict[str, None] = {}
    for name in names:
        value = row[name][0]
        for key in value if isinstance(value, pl.Series) else [value]:
            if key:
                found[key] = None
    return sorted(found)


def _rows(clean: Mapping[str, Sequence[str]], keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The clean rows of those keys, with the cells that are filled; a key of many rows (a span of months) stands alone."""
    for key in keys[:MOST_ROWS]:
        table, _, rest = key.partition(":")
        parts = rest.split("|")
        cells: dict[str, Any] = {}
        if table in TABLES and len(parts) == len(TABLES[table].key) and clean.get(table):
            wanted = [pl.col(name).cast(pl.String) == part for name, part in zip(TABLES[table].key, parts, strict=True)]
            found = pl.scan_parquet(list(clean[table])).filter(wanted).collect()
            cells = {k: v for k, v in found.row(0, named=True).items() if v is not None} if found.height else {}
        yield {"key": key, "table": table, "cells": cells}


def lines(found: Mapping[str, Any]) -> list[str]:
    """The arithmetic as lines, highest level first."""
    said = ["  arithmetic:"] if found["applies"] else ["  does not apply to this client"]
    ranked = sorted(found["tests"], key=lambda test: -LEVELS.index(test["level"]))
    for test in ranked:
        said.append(
            f"    {test['level']} {test['name']}{'' if test['kind'] == 'main' else ' (' + test['kind'] + ')'}: {_truth(test['holds'])}"
        )
        for part in test["comparisons"]:
            value = "unknown" if part["value"] is None else f"{part['value']:,g}"
            said.append(
                f"      {part['measure']} = {value} {part['comparison']} {part['limit']:,g} ({part['source']}): {_truth(part['holds'])}"
            )
        if not test["comparisons"]:
            said.append(f"      {test['rule']}")
        said += [
            f"        {name} = {_cell(c['value'])}  ({c['table']}: {c['meaning']})"
            for name, c in test["columns"].items()
        ]
    for row in found["rows"]:
        said.append(f"    row {row['key']}")
        said += [f"        {name} = {_cell(value)}" for name, value in row["cells"].items()]
    return said


def _truth(value: bool | None) -> str:
    return {True: "holds", False: "does not hold", None: "unknown"}[value]


def _cell(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, pl.Series):
        return ", ".join(str(v) for v in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)
