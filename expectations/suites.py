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

from expectations import quarantine, rules
from expectations.model import Action, Clean, Counts, Delivery, Notice, Refused, Table, Verdict
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
CLIENT_SHARE, WARN_SHARE, STOP_SHARE = 0.05, 0.001, 0.01
HISTORY_LEAST, HISTORY_LARGE = 5, 1_000


class ExpectRowsToHold(MulticolumnMapExpectation):  # type: ignore[misc]
    """Ours: a condition over the row, other rows or other tables, named by the check's id."""

    map_metric = "multicolumn_values.hold"
    success_keys = ("check", "mostly")
    args_keys = ("column_list", "check")
    check: str


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


def _metrics(expected: Any, rows: pl.DataFrame, bad: pl.Series) -> dict[str, Any]:
    column = getattr(expected, "column", None)
    shown = rows.filter(bad).head(SAMPLE)
    values = shown[column].to_list() if column else shown["row_number"].to_list()
    nulls = int(rows[column].null_count()) if column else 0
    return {
        "table.row_count": rows.height,
        "column_values.nonnull.unexpected_count": nulls,
        f"{expected.map_metric}.unexpected_count": int(bad.sum()),
        f"{expected.map_metric}.unexpected_values": values,
        f"{expected.map_metric}.filtered_row_count": rows.height,
    }


def _judged(expected: Any, rows: pl.DataFrame, bad: pl.Series) -> Any:
    told = {"result_format": {"result_format": "BASIC", "partial_unexpected_count": SAMPLE}}
    result = expected._validate(_metrics(expected, rows, bad), told, None)
    return ExpectationValidationResult(
        success=result["success"], result=result.get("result", {}), expectation_config=expected.configuration
    )


def result(table: Table, expectations: Sequence[Any], rows: pl.DataFrame, masks: pl.DataFrame) -> dict[str, Any]:
    """Great Expectations' own result of the suite on these rows, as JSON; the same input gives the same JSON."""
    judged = [_judged(e, rows, masks[str(i)]) for i, e in enumerate(expectations)]
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


# ---- the delivery as a whole: B3 to B8 -----------------------------------------------------------------------------


def _refuse_counts(table: Table, rows: pl.DataFrame, delivery: Delivery) -> None:
    """B3: as many rows as the manifest says. B6: not far from what is usual."""
    if delivery.row_count is not None and rows.height != delivery.row_count:
        raise Refused(
            f"Table {table.name}: {rows.height} rows came, the manifest says {delivery.row_count} (B3); deliver again."
        )
    history = pl.Series(list(delivery.row_count_history)[-20:], dtype=pl.Float64)
    if len(history) < HISTORY_LEAST:
        return
    usual = float(history.median() or 0)  # type: ignore[arg-type]
    if table.core and usual >= HISTORY_LARGE and not 0.5 * usual <= rows.height <= 2 * usual:
        raise Refused(f"Table {table.name}: {rows.height} rows came, {usual:.0f} are usual (B6); check the delivery.")


def _totals(table: Table, rows: pl.DataFrame, clean: Clean) -> dict[str, int]:
    """Sum of the money column per currency (transactions: per direction too), as the manifest names them (B4)."""
    frame = rows.lazy()
    if table.name == "balances":
        frame = frame.join(clean["accounts"].select("account_id", "currency"), on="account_id", how="left")
    if table.name == "loan_status":
        frame = frame.join(clean["loans"].select("loan_id", "currency"), on="loan_id", how="left")
    by = (["direction"] if table.name == "transactions" else []) + ["currency"]
    sums = frame.group_by(by).agg(pl.col(str(table.money)).sum().alias("total")).collect()
    return {".".join([str(table.money), *map(str, row[:-1])]): int(row[-1]) for row in sums.rows()}


def _refuse_totals(table: Table, rows: pl.DataFrame, clean: Clean, delivery: Delivery) -> None:
    if table.money is None or not delivery.control_totals:
        return
    found = _totals(table, rows, clean)
    for name, total in delivery.control_totals.items():
        if found.get(name, 0) != total:
            raise Refused(
                f"Table {table.name}: the sum {name} is {found.get(name, 0)}, the manifest's control total {total} (B4); "
                "deliver the table again."
            )


def _stale(table: Table, rows: pl.DataFrame, clean: Clean, delivery: Delivery) -> Notice | None:
    """B5: the delivery is fresh (readings I2: transactions and balances by their newest row, in working days)."""
    if table.stale_after is None:
        return None
    newest, age = delivery.business_date, (delivery.as_of - delivery.business_date).days
    if table.name in ("transactions", "balances") and rows.height and "calendar" in clean:
        day = rows.select(pl.col("booked_on" if table.name == "transactions" else "date").max()).item()
        newest = day or newest
        working = clean["calendar"].filter("is_workday", pl.col("date") > newest, pl.col("date") <= delivery.as_of)
        age = max(age, working.select(pl.len()).collect().item())
    if age <= table.stale_after:
        return None
    if table.core:
        raise Refused(
            f"Table {table.name}: its newest data is of {newest}, {age} days before {delivery.as_of}, allowed are "
            f"{table.stale_after} (B5); deliver it."
        )
    en, zh = f"newest data of {newest}, {age} days old", f"最新数据为{newest}，已过{age}天"
    return Notice(table.name, "B5", Action.WARN, 1, en, zh)


def _whole(table: Table, rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> list[Notice]:
    notices = []
    for check in table.table_checks:
        if not all(name in clean for name in check.needs):
            continue
        breach = check.breach(rows, clean, delivery)
        if breach is None:
            continue
        if check.action == Action.STOP:
            raise Refused(f"Table {table.name} {breach[0]} ({check.id}); mend the delivery, then call again.")
        notices.append(Notice(table.name, check.id, check.action, 1, *breach))
    return notices


def _refuse_share(table: Table, counts: Counts, first: str) -> Notice | None:
    """B8: the share of refused rows."""
    share = counts.quarantined / counts.rows_in if counts.rows_in else 0.0
    if share <= WARN_SHARE:
        return None
    if share > STOP_SHARE and table.core:
        raise Refused(
            f"Table {table.name}: {counts.quarantined} of {counts.rows_in} rows were refused (B8, mostly {first}), more "
            f"than {STOP_SHARE:.0%}; mend the delivery."
        )
    en, zh = f"{share:.2%} of the rows were refused", f"{share:.2%}的记录被拒收"
    return Notice(table.name, "B8", Action.WARN, counts.quarantined, en, zh)


# ---- clients -------------------------------------------------------------------------------------------------------


def _client(table: Table, rows: pl.DataFrame, clean: Clean) -> pl.Series:
    """The client (or party) each row belongs to."""
    for name in ("client_id", "party_id"):
        if name in rows.columns:
            return rows[name].alias("client_id")
    parent, key = ("loans", "loan_id") if "loan_id" in rows.columns else ("accounts", "account_id")
    if key not in rows.columns or parent not in clean:
        return pl.Series("client_id", [None] * rows.height, dtype=pl.String)
    owners = clean[parent].select(key, "client_id").collect()
    return rows.select(key).join(owners, on=key, how="left", maintain_order="left")["client_id"]


def _refusing(masks: pl.DataFrame, made: Sequence[Rule]) -> pl.Series:
    """Rows some ROW check refuses."""
    return masks.select(
        pl.any_horizontal([str(i) for i, rule in enumerate(made) if rule.action == Action.ROW])
    ).to_series()


def _held(table: Table, rows: pl.DataFrame, masks: pl.DataFrame, made: Sequence[Rule], clean: Clean) -> pl.DataFrame:
    """Clients a CLIENT check holds, and those more than 5 % of whose rows in a core table were refused (CL1)."""
    owner = _client(table, rows, clean)
    parts = [
        pl.DataFrame({"client_id": owner.filter(masks[str(i)]).unique()}).with_columns(
            check_id=pl.lit(rule.id),
            reason_en=pl.lit(f"{table.name}: {rule.en}"),
            reason_zh=pl.lit(f"{table.name}:{rule.zh}"),
        )
        for i, rule in enumerate(made)
        if rule.action == Action.CLIENT
    ]
    if table.core:
        bad = _refusing(masks, made)
        shares = pl.DataFrame({"client_id": owner, "bad": bad}).group_by("client_id").agg(pl.col("bad").mean())
        over = shares.filter(pl.col("bad") > CLIENT_SHARE).select(
            "client_id",
            check_id=pl.lit("CL1"),
            reason_en=pl.lit(f"{table.name}: more than 5% of the client's rows were refused"),
            reason_zh=pl.lit(f"{table.name}：该客户5%以上的记录被拒收"),
        )
        parts.append(over)
    schema = {"client_id": pl.String, "check_id": pl.String, "reason_en": pl.String, "reason_zh": pl.String}
    found = pl.concat([pl.DataFrame(schema=schema), *parts])
    return found.filter(pl.col("client_id").is_not_null()).sort("client_id", "check_id", "reason_en")


# ---- the verdict ---------------------------------------------------------------------------------------------------


def _applied(rows: pl.DataFrame, masks: pl.DataFrame, made: Sequence[Rule]) -> pl.DataFrame:
    """Rows with what the WARN checks set: a value left out, masked or mapped to 'other'."""
    whole = rows.hstack(masks)
    for i, rule in enumerate(made):
        if rule.becomes and masks[str(i)].any():
            whole = whole.with_columns(
                pl.when(pl.col(str(i))).then(value).otherwise(pl.col(name)).alias(name)
                for name, value in rule.becomes.items()
            )
    return whole.select(rows.columns)


def _told(table: Table, masks: pl.DataFrame, made: Sequence[Rule]) -> list[Notice]:
    telling = [(i, rule) for i, rule in enumerate(made) if rule.action in (Action.WARN, Action.KEEP, Action.CLIENT)]
    return [
        Notice(table.name, rule.id, rule.action, int(masks[str(i)].sum()), rule.en, rule.zh)
        for i, rule in telling
        if masks[str(i)].any()
    ]


def validate(table: Table, frame: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Verdict:
    """Clean rows, quarantine, held clients, notices, counts and Great Expectations' result of one table.

    `frame` comes from `casts.conform`; `clean` are the tables validated before. Raises Refused where the night must stop.
    """
    rows = frame.with_row_index("row_number").collect()
    _refuse_counts(table, rows, delivery)
    _refuse_totals(table, rows, clean, delivery)
    stale = _stale(table, rows, clean, delivery)
    sifted = quarantine.sift(table, rows)
    kept = sifted.rows
    made = rules.of(table, kept.lazy(), clean, delivery)
    expectations = suite(table, made).expectations
    masks = kept.select(mask(r, e).alias(str(i)) for i, (r, e) in enumerate(zip(made, expectations, strict=True)))

    refused = quarantine.refused(table, kept, masks, made, sifted.twins)
    bad = _refusing(masks, made)
    good = _applied(kept, masks, made).filter(~bad).select(*table.schema).sort(table.key)
    counts = Counts(rows.height, good.height, refused.height, sifted.collapsed, sifted.superseded)
    first = refused["check_id"].mode().sort().first() if refused.height else ""
    many = _refuse_share(table, counts, str(first))
    notices = [*_told(table, masks, made), *_whole(table, good.lazy().with_row_index("row_number"), clean, delivery)]
    if sifted.collapsed:
        notices.append(
            Notice(table.name, "C4", Action.WARN, sifted.collapsed, "identical rows collapsed", "重复记录已合并")
        )
    return Verdict(
        clean=good,
        quarantine=refused,
        held=_held(table, kept, masks, made, clean),
        notices=tuple(notices + [n for n in (stale, many) if n is not None]),
        counts=counts,
        result=result(table, expectations, kept, masks),
        skipped=not table.core and counts.quarantined > STOP_SHARE * counts.rows_in,
    )
