"""Check B2: a delivery's columns and types, made those of the contract before anything else looks at a row."""

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from expectations.model import Column, Refused, Table

AROUND = ("delivery", "delivered_on")  # which delivery a row came with
UNPARSED = "unparsed"  # cells that are no value of their column's type, in words; null = none
_BOUNDED = ("money", "int", "score5", "date", "ts")  # types whose cells Parquet may hold outside what the contract can
_WORDS = {"money": "whole minor units", "int": "a whole number", "date": "a date (2015-06-30)", "bool": "true or false"}


def _fits(column: Column, found: DataType | DataTypeClass) -> bool:
    """Whether a Parquet type is the contract's or widens to it without loss."""
    want = column.dtype
    if found == want or found == pl.Null:
        return True
    if want == pl.Int64:
        return found.is_integer()
    if want == pl.Float64:
        return found.is_numeric()
    if want == pl.String:
        return isinstance(found, pl.Categorical | pl.Enum)
    if isinstance(want, pl.Datetime):
        return isinstance(found, pl.Datetime) and found.time_zone is None
    return False


def _text(column: Column, found: DataType | DataTypeClass) -> pl.Expr:
    """A cell as text, without what a spreadsheet or database adds to it: blanks around it, midnight, zero decimals."""
    cell = pl.col(column.name)
    if found.is_float():
        cell = pl.when(cell == cell.round()).then(cell.cast(pl.Int64, strict=False)).otherwise(None)
        text = pl.coalesce(cell.cast(pl.String), pl.col(column.name).cast(pl.String))
    elif column.dtype == pl.Date and isinstance(found, pl.Datetime):
        text = cell.dt.date().cast(pl.String)
    else:
        text = cell.cast(pl.String).str.strip_chars()
    if column.dtype == pl.Date:
        text = text.str.replace(r"[ T]00:00:00(?:\.0+)?$", "")
    if column.dtype == pl.Int64:
        text = text.str.replace(r"\.0*$", "")
    return pl.when(text != "").then(text)


def _parsed(column: Column, text: pl.Expr) -> pl.Expr:
    """A text cell as the column's type; null where it is none."""
    if column.is_list:
        return text.str.split("|")
    if column.dtype == pl.Boolean:
        return text.str.to_lowercase().replace_strict(
            {"true": True, "false": False, "1": True, "0": False}, default=None, return_dtype=pl.Boolean
        )
    if column.dtype == pl.Date:
        return _told(column, text.str.to_date("%Y-%m-%d", strict=False))
    if isinstance(column.dtype, pl.Datetime):
        formats = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f")
        return _told(column, pl.coalesce([text.str.to_datetime(f, strict=False, time_unit="ms") for f in formats]))
    return text.cast(column.dtype, strict=False)


def _told(column: Column, value: pl.Expr) -> pl.Expr:
    """A day or time of a year with four digits; null where Parquet holds one that no calendar here can tell."""
    if column.type not in ("date", "ts"):
        return value
    first, last = date(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - the model's times are local
    return pl.when(value.is_between(first, last if column.type == "ts" else last.date())).then(value)


def _refuse_missing(table: Table, names: list[str], file: str) -> None:
    missing = [column.name for column in table.columns if column.name not in names]
    if missing:
        raise Refused(
            f"Table {table.name}: the column '{missing[0]}' is missing in {file} (B2); deliver it, empty if nothing "
            "is known."
        )


def _refuse_types(table: Table, schema: Mapping[str, DataType], file: str, loose: bool) -> None:
    for column in table.columns:
        found = schema[column.name]
        readable = loose and not (found.is_nested() or found == pl.Binary)
        if not readable and not _fits(column, found):
            raise Refused(
                f"Table {table.name}: the column '{column.name}' in {file} has the type {found}, the contract's is "
                f"{column.dtype} ({column.type}) (B2); deliver it as that."
            )


def _is_text(table: Table, schema: Mapping[str, DataType]) -> bool:
    """A text file: every contract column came as text."""
    other = any(column.dtype != pl.String for column in table.columns)
    return other and all(schema[column.name] in (pl.String, pl.Null) for column in table.columns)


def _told_wrong(column: Column, text: pl.Expr | None) -> pl.Expr:
    """What is wrong with a cell, in words; a cell that never was text is not repeated."""
    what = f"is not {_WORDS.get(column.type, column.type)}"
    return pl.lit(f"{column.name}: {what}") if text is None else pl.format(f"{column.name}: '{{}}' {what}", text)


def _texts(table: Table, schema: Mapping[str, DataType], loose: bool) -> dict[Column, pl.Expr]:
    """The columns that are read as text, and how."""
    if not (loose or _is_text(table, schema)):
        return {}
    read = [c for c in table.columns if c.dtype == pl.String or not _fits(c, schema[c.name])]
    return {c: _text(c, schema[c.name]) for c in read}


def refuse_unreadable(table: Table, frame: pl.LazyFrame, file: str, loose: bool = False) -> None:
    """Check B2: a column no cell of which parses is of the wrong type; reads the frame once, when it has text."""
    texts = {c: text for c, text in _texts(table, frame.collect_schema(), loose).items() if c.dtype != pl.String}
    if not texts:
        return
    counted = frame.select(
        *(text.is_not_null().sum().alias(f"{column.name}|given") for column, text in texts.items()),
        *(_parsed(column, text).is_not_null().sum().alias(f"{column.name}|good") for column, text in texts.items()),
    ).collect(engine="streaming")
    for column in texts:
        if counted[f"{column.name}|given"].item() and not counted[f"{column.name}|good"].item():
            raise Refused(
                f"Table {table.name}: no cell of the column '{column.name}' in {file} is "
                f"{_WORDS.get(column.type, column.type)} (B2); deliver it as that."
            )


def conform(table: Table, frame: pl.LazyFrame, file: str, loose: bool = False) -> pl.LazyFrame:
    """The contract's columns with the contract's types, then delivery, delivered_on and `unparsed`.

    `loose`: a column may come as text or as another type (CSV, Excel, databases) and is parsed cell by cell; a frame that
    is all text is always parsed. A cell that is no value of its type is refused with its row. NaN and infinities become
    null. Extra columns are dropped. Raises Refused, naming table, column and file, when a column is missing or of another
    type; `refuse_unreadable` is apart, for it reads the rows.
    """
    schema = frame.collect_schema()
    _refuse_missing(table, schema.names(), file)
    loose = loose or _is_text(table, schema)
    _refuse_types(table, schema, file, loose)
    texts = _texts(table, schema, loose)
    made = {
        c: _parsed(c, texts[c]) if c in texts else _told(c, pl.col(c.name).cast(c.dtype, strict=False))
        for c in table.columns
    }
    wrong = [
        pl.when(texts.get(c, pl.col(c.name)).is_not_null() & made[c].is_null()).then(_told_wrong(c, texts.get(c)))
        for c in table.columns
        if c.dtype != pl.String and (c in texts or c.type in _BOUNDED)
    ]
    unparsed = pl.concat_str(wrong, separator="; ", ignore_nulls=True) if wrong else pl.lit("")
    typed = frame.select(
        *(value.alias(c.name) for c, value in made.items()),
        *AROUND,
        pl.when(unparsed != "").then(unparsed).alias(UNPARSED),
    )
    floats = [column.name for column in table.columns if column.dtype == pl.Float64]
    return typed.with_columns(pl.when(pl.col(name).is_finite()).then(name).alias(name) for name in floats)


def not_finite(table: Table, schema: Mapping[str, DataType]) -> pl.Expr:
    """How many cells of a frame are NaN or infinite where a number belongs: they become null."""
    floats = [c.name for c in table.columns if c.dtype == pl.Float64 and c.name in schema and schema[c.name].is_float()]
    return pl.sum_horizontal(pl.lit(0), *((~pl.col(name).is_finite()).sum() for name in floats))
