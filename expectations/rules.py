"""Every check of a table as rules: an id, an action, why in words, and the mask of breaching rows.

The generic checks (input model 6.1) are made from the columns, the hand-written ones (6.2) stand in the tables.
`suites.py` turns the rules of stock kinds into Great Expectations objects and compiles those.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from expectations.casts import UNPARSED
from expectations.lists import LISTS
from expectations.model import Action, Check, Clean, Column, Delivery, Table

ID = r"^[A-Za-z0-9_.:-]{1,64}$"
_DAY30, _DAY31 = "0[1-9]|[12][0-9]|30", "0[1-9]|[12][0-9]|3[01]"
MMDD = rf"^(?:(?:0[13578]|1[02])-?(?:{_DAY31})|(?:0[469]|11)-?(?:{_DAY30})|02-?(?:0[1-9]|[12][0-9]))$"
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f" + "\ufffd]"  # U+FFFD: what is left of bytes that were no UTF-8
PRIVATE = r"(?:^|[^0-9])(?:[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9})(?:[^0-9]|$)"
MONEY_BOUND = 10**15
AROUND_SCHEMA = {"delivery": pl.String(), "delivered_on": pl.Date(), UNPARSED: pl.String()}
EARLIEST = date(1900, 1, 1)
YEARS_AHEAD = 40


@dataclass(frozen=True, eq=False)
class Rule:
    """One check on the rows of one table.

    `kind` and `kwargs` describe it in Great Expectations' terms (`not_null`, `in_set`, `regex`, `not_regex`, `between`,
    `length`, or `holds` for ours); `mask` is given for `holds` alone, the others are compiled from their expectation.
    """

    id: str
    action: Action
    en: str
    zh: str
    kind: str
    kwargs: Mapping[str, Any]
    mask: pl.Expr | None = None
    becomes: Mapping[str, pl.Expr] = field(default_factory=dict)
    withholds: str | None = None


def _rule(check: str, kind: str, column: Column, en: str, zh: str, **kwargs: Any) -> Rule:
    name = column.name
    return Rule(check, Action.ROW, f"{name} {en}", f"{name}{zh}", kind, {"column": name, **kwargs})


def _presence_rules(column: Column) -> Iterator[Rule]:
    """C1 and C2: required, and required here."""
    name = column.name
    if column.required:
        yield _rule("C1", "not_null", column, "is missing", "为空")
    if column.when is not None and column.judged_by is None:
        mask = column.when & pl.col(name).is_null()
        words = (f"{name} is missing here", f"{name}在此情形下必填")
        yield Rule("C2", Action.ROW, *words, "holds", {"columns": [name]}, mask)


def _years_after(day: date, years: int) -> date:
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _bound_rules(column: Column, delivery: Delivery) -> Iterator[Rule]:
    """C7, C8, C12: dates, numbers and money inside their limits."""
    if column.type in ("date", "ts"):
        last = _years_after(delivery.as_of, YEARS_AHEAD) if column.may_lie_ahead else delivery.as_of
        words = ("lies outside the time allowed", "日期超出允许范围")
        yield _rule("C7", "between", column, *words, min_value=EARLIEST, max_value=last)
    if column.low is not None or column.high is not None:
        words = ("is out of its limits", "超出允许范围")
        yield _rule("C8", "between", column, *words, min_value=column.low, max_value=column.high)
    if column.type == "money":
        words = ("is beyond ten trillion", "金额超出十万亿")
        yield _rule("C12", "between", column, *words, min_value=-MONEY_BOUND, max_value=MONEY_BOUND)


def _form_rules(column: Column) -> Iterator[Rule]:
    """C6, C9, C10: ids, scores, days of the year, text."""
    if column.type == "id":
        yield _rule("C6", "regex", column, "is not an id", "不符合编号格式", regex=ID)
    if column.type == "list:id":
        bad = pl.col(column.name).list.eval(~pl.element().str.contains(ID)).list.any()
        words = (f"{column.name} is not an id", f"{column.name}不符合编号格式")
        yield Rule("C6", Action.ROW, *words, "holds", {"columns": [column.name]}, bad)
    if column.type == "score5":
        yield _rule("C9", "between", column, "is not a score of 1 to 5", "不是1至5分", min_value=1, max_value=5)
    if column.type == "mmdd":
        yield _rule("C9", "regex", column, "is not a month and day", "不是月日格式", regex=MMDD)
    if column.type == "text":
        words = (f"is longer than {column.length} characters", f"超过{column.length}字")
        yield _rule("C10", "length", column, *words, max_value=column.length)
        yield _rule("C10", "not_regex", column, "has control characters", "含控制字符", regex=CONTROL)


def _list_rules(column: Column) -> Iterator[Rule]:
    """C3: a value outside its closed list is refused, or becomes 'other' where the list has it."""
    if column.closed_list is None:
        return
    known, name = LISTS[column.closed_list], column.name
    kind, mask, other = "in_set", None, pl.lit("other")
    kwargs: dict[str, Any] = {"column": name, "value_set": list(known)}
    if column.is_list:
        strange = ~pl.element().is_in(known)
        kind, kwargs, mask = "holds", {"columns": [name]}, pl.col(name).list.eval(strange).list.any()
        other = pl.col(name).list.eval(pl.when(strange).then(pl.lit("other")).otherwise(pl.element()))
    if "other" in known:
        words = (f"{name} is unknown and became 'other'", f"{name}为未知代码，已归入其他")
        yield Rule("C3", Action.WARN, *words, kind, kwargs, mask, becomes={name: other})
    else:
        yield Rule("C3", Action.ROW, f"{name} is not in its list", f"{name}不在枚举内", kind, kwargs, mask)


def _private_rules(column: Column) -> Iterator[Rule]:
    """C11: identity-card and mobile numbers in free text are masked before the row is stored."""
    if column.type == "text" and column.name not in ("industry_code", "region_code", "uscc", "counterparty_bank"):
        masked = {column.name: pl.col(column.name).str.replace_all(r"[0-9]{11,}[Xx]?", "***")}
        kwargs = {"column": column.name, "regex": PRIVATE}
        yield Rule(
            "C11",
            Action.WARN,
            f"{column.name} held a personal number, masked",
            f"{column.name}含个人号码，已遮蔽",
            "not_regex",
            kwargs,
            becomes=masked,
        )


def _keys(table: Table, rows: pl.LazyFrame, clean: Clean, name: str) -> pl.Series | None:
    """Values of the key a foreign key must be in; None when that table is not connected."""
    if name == table.name:
        return rows.select(table.key[0]).unique().collect().to_series()
    if name not in clean:
        return None
    key = clean[name].collect_schema().names()[0]
    return clean[name].select(key).unique().collect().to_series()


def _reference_rules(table: Table, rows: pl.LazyFrame, clean: Clean) -> Iterator[Rule]:
    """C5: a foreign key exists. A client whose party is missing or refused is held, not dropped (K1)."""
    for column in table.columns:
        if column.references is None:
            continue
        known = _keys(table, rows, clean, column.references)
        if known is None:
            continue
        orphan = pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(known.implode())
        check, action = (
            ("K1", Action.CLIENT) if [table.name, column.name] == ["clients", "client_id"] else ("C5", Action.ROW)
        )
        en, zh = f"{column.name} is not in {column.references}", f"{column.name}在{column.references}中不存在"
        yield Rule(check, action, en, zh, "holds", {"columns": [column.name]}, orphan)


def _own(check: Check, mask: pl.Expr, columns: list[str]) -> Rule:
    told = {"columns": columns}
    return Rule(check.id, check.action, check.en, check.zh, "holds", told, mask, check.becomes, check.withholds)


def of_rows(table: Table, rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> list[Rule]:
    """Rules a row breaches by itself: the generic ones in the order of their ids, then the table's own expressions."""
    words = ("a cell is no value of its type", "有单元格类型不符")
    unparsed = pl.col(UNPARSED).is_not_null()
    rules = [Rule("B2", Action.ROW, *words, "holds", {"columns": [UNPARSED]}, unparsed)]
    for column in table.columns:
        rules += _presence_rules(column)
        rules += _bound_rules(column, delivery)
        rules += _form_rules(column)
        rules += _list_rules(column)
        rules += _private_rules(column)
    rules += _reference_rules(table, rows, clean)
    ordered = sorted(rules, key=lambda rule: (rule.id[0] not in "BC", rule.id[0] == "C" and int(rule.id[1:])))
    own = [(check, check.bad) for check in table.checks if isinstance(check.bad, pl.Expr) and _ready(check, clean)]
    return ordered + [_own(check, bad, bad.meta.root_names()) for check, bad in own]


def _ready(check: Check, clean: Clean) -> bool:
    return all(name in clean for name in check.needs)


def across_rows(table: Table, rows: pl.LazyFrame, clean: Clean, delivery: Delivery, alone: bool = False) -> list[Rule]:
    """The table's own rules that look at other tables or the delivery (`alone`), or at other rows, those not refused so far."""
    rules = []
    for check in table.checks:
        if isinstance(check.bad, pl.Expr) or check.alone != alone or not _ready(check, clean):
            continue
        found = check.bad(rows, clean, delivery).select(pl.col("row_number").unique()).collect().to_series()
        rules.append(_own(check, pl.col("row_number").is_in(found.implode()), ["row_number"]))
    return rules
