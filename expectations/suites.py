"""Great Expectations suites made from the tables, compiled once to Polars masks; the only module that imports it.

Great Expectations has no Polars engine: its expectation objects declare the checks and judge the counts (`_validate`,
the one private name used), Polars finds the rows: verdicts, results and their JSON are its own, for one pass.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # before the import: no connection is ever attempted

import great_expectations as gx
import polars as pl
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.render import LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer

from expectations.model import Action, Table
from expectations.rules import Rule

E = gx.expectations
SEVERITY = {
    Action.STOP: "critical",
    Action.CLIENT: "warning",
    Action.ROW: "warning",
    Action.WARN: "info",
    Action.KEEP: "info",
}
SAMPLE = 20  # breaching values shown in a result


class ExpectRowsToHold(MulticolumnMapExpectation):  # type: ignore[misc]
    """Ours: a condition over the row, other rows or other tables, named by the check's id."""

    map_metric = "multicolumn_values.hold"
    success_keys = ("check", "mostly")
    args_keys = ("column_list", "check")
    check: str

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)  # type: ignore[untyped-decorator]
    def _prescriptive_renderer(cls, configuration: Any = None, result: Any = None, **_: Any) -> list[Any]:
        """What Data Docs say: the check and what it finds wrong."""
        told = configuration or result.expectation_config
        params = {"check": told.kwargs["check"], "action": told.meta.get("action", "")}
        template = {"template": "$check ($action)", "params": params}
        return [RenderedStringTemplateContent(content_block_type="string_template", string_template=template)]


def _between(e: Any) -> pl.Expr:
    value = pl.col(e.column)
    if isinstance(e.max_value, date) and not isinstance(e.max_value, datetime):
        value = value.cast(pl.Date)
    bad = pl.lit(False)
    if e.min_value is not None:
        bad = bad | (value < e.min_value)
    if e.max_value is not None:
        bad = bad | (value > e.max_value)
    return bad


# The stock expectations used, and the mask of the rows each refuses. A null is no breach, but of "not null".
MASKS: Mapping[type, Callable[[Any], pl.Expr]] = {
    E.ExpectColumnValuesToNotBeNull: lambda e: pl.col(e.column).is_null(),
    E.ExpectColumnValuesToBeInSet: lambda e: ~pl.col(e.column).is_in(list(e.value_set)),
    E.ExpectColumnValuesToMatchRegex: lambda e: ~pl.col(e.column).str.contains(e.regex),
    E.ExpectColumnValuesToNotMatchRegex: lambda e: pl.col(e.column).str.contains(e.regex),
    E.ExpectColumnValuesToBeBetween: _between,
    E.ExpectColumnValueLengthsToBeBetween: lambda e: pl.col(e.column).str.len_chars() > e.max_value,
}
_STOCK = {
    "not_null": E.ExpectColumnValuesToNotBeNull,
    "in_set": E.ExpectColumnValuesToBeInSet,
    "regex": E.ExpectColumnValuesToMatchRegex,
    "not_regex": E.ExpectColumnValuesToNotMatchRegex,
    "between": E.ExpectColumnValuesToBeBetween,
    "length": E.ExpectColumnValueLengthsToBeBetween,
}


def expectation(rule: Rule) -> Any:
    """The rule as a Great Expectations object, its check and action in `meta`."""
    told = {"meta": {"check": rule.id, "action": rule.action.value}, "severity": SEVERITY[rule.action]}
    if rule.kind == "holds":
        columns = [*rule.kwargs["columns"], "delivery"]  # a row's own columns, and the delivery it came with
        return ExpectRowsToHold(column_list=columns, check=f"{rule.id}: {rule.en}", **told)
    return _STOCK[rule.kind](**rule.kwargs, **told)


def suite(table: Table, made: Sequence[Rule]) -> Any:
    """The table's `ExpectationSuite`."""
    return gx.ExpectationSuite(name=table.name, expectations=[expectation(rule) for rule in made])


def mask(rule: Rule, expected: Any) -> pl.Expr:
    """True where a row breaches the rule: compiled from its expectation, or the rule's own."""
    bad = rule.mask if rule.mask is not None else MASKS[type(expected)](expected)
    return bad.fill_null(False)


Tally = Mapping[str, Any]  # of one expectation on some rows: how many there were, were null, breached it, and examples


def tally(table: Table, expected: Any, rows: pl.DataFrame, bad: pl.Series) -> Tally:
    """What one expectation found on these rows; of a personal column no example leaves the bank's tables."""
    column = getattr(expected, "column", None)
    personal = any(one.personal for one in table.columns if one.name == column)
    count = int(bad.sum())
    shown = (
        pl.col(column)
        if column
        else pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in table.key], separator="|")
    )
    examples = rows.lazy().filter(bad).head(SAMPLE).select(value=shown).collect()["value"].to_list() if count else []
    return {
        "rows": rows.height,
        "nulls": int(rows[column].null_count()) if column else 0,
        "unexpected": count,
        "examples": ["***" for _ in examples] if personal else examples,
    }


def together(tallies: Sequence[Tally]) -> Tally:
    """The tallies of one expectation on the parts of a table, as one."""
    counted = {name: sum(one[name] for one in tallies) for name in ("rows", "nulls", "unexpected")}
    return {**counted, "examples": [value for one in tallies for value in one["examples"]][:SAMPLE]}


def _judged(expected: Any, found: Tally) -> Any:
    metrics = {
        "table.row_count": found["rows"],
        "column_values.nonnull.unexpected_count": found["nulls"],
        f"{expected.map_metric}.unexpected_count": found["unexpected"],
        f"{expected.map_metric}.unexpected_values": found["examples"],
        f"{expected.map_metric}.filtered_row_count": found["rows"],
    }
    told = {"result_format": {"result_format": "BASIC", "partial_unexpected_count": SAMPLE}}
    result = expected._validate(metrics, told, None)
    return ExpectationValidationResult(
        success=result["success"], result=result.get("result", {}), expectation_config=expected.configuration
    )


def result(table: Table, expectations: Sequence[Any], tallies: Sequence[Tally]) -> dict[str, Any]:
    """Great Expectations' own result of the suite on what was found, as JSON; the same input gives the same JSON."""
    judged = [_judged(expected, found) for expected, found in zip(expectations, tallies, strict=True)]
    good = sum(bool(one.success) for one in judged)
    whole = ExpectationSuiteValidationResult(
        success=good == len(judged),
        results=judged,
        suite_name=table.name,
        statistics={
            "evaluated_expectations": len(judged),
            "successful_expectations": good,
            "unsuccessful_expectations": len(judged) - good,
            "success_percent": round(100 * good / len(judged), 6) if judged else None,
        },
        meta={"great_expectations_version": gx.__version__},
    )
    return dict(whole.to_json_dict())
