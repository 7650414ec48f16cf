"""Check B2: a delivery's columns and types, made those of the contract before anything else looks at a row."""

from collections.abc import Iterator, Mapping

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from expectations.model import Column, Refused, Table

AROUND = ("delivery", "delivered_on")  # which delivery a row came with
UNPARSED = "unparsed"  # cells of a text file that are no value of their column's type, in words; null = none
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


def _parsed(column: Column) -> pl.Expr:
    """A text cell as the column's type; null where it is none."""
    text = pl.col(column.name).str.strip_chars()
    text = pl.when(text != "").then(text)
    if column.is_list:
        return text.str.split("|")
    if column.dtype == pl.Boolean:
        return text.str.to_lowercase().replace_strict(
            {"true": True, "false": False, "1": True, "0": False}, default=None, return_dtype=pl.Boolean
        )
    if column.dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d", strict=False)
    if isinstance(column.dtype, pl.Datetime):
        formats = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f")
        return pl.coalesce([text.str.to_datetime(f, strict=False, time_unit="ms") for f in formats])
    return text.cast(column.dtype, strict=False)


def _refuse_missing(table: Table, names: list[str], file: str) -> None:
    missing = [column.name for column in table.columns if column.name not in names]
    if missing:
        raise Refused(
            f"Table {table.name}: the column '{missing[0]}' is missing in {file}; deliver it, empty if nothing is known."
        )


def _refuse_types(table: Table, schema: Mapping[str, DataType], file: str) -> None:
    for column in table.columns:
        found = schema[column.name]
        if not _fits(column, found):
            raise Refused(
                f"Table {table.name}: the column '{column.name}' in {file} has the type {found}, the contract's is "
                f"{column.dtype} ({column.type}); deliver it as that."
            )


def _is_text(table: Table, schema: Mapping[str, DataType]) -> bool:
    """A text file: every contract column came as text."""
    other = any(column.dtype != pl.String for column in table.columns)
    return other and all(schema[column.name] in (pl.String, pl.Null) for column in table.columns)


def _cells(table: Table) -> Iterator[tuple[Column, pl.Expr]]:
    for column in table.columns:
        if column.dtype != pl.String:
            raw = pl.col(column.name).str.strip_chars()
            yield column, (raw != "") & _parsed(column).is_null()


def _from_text(table: Table, frame: pl.LazyFrame, file: str) -> pl.LazyFrame:
    """Columns parsed; a column no cell of which parses is of the wrong type, single cells are refused with their row."""
    wrong = dict(_cells(table))
    raw = {column.name: (pl.col(column.name).str.strip_chars() != "").sum() for column in wrong}
    counted = frame.select(
        *(mask.sum().alias(f"{column.name}|wrong") for column, mask in wrong.items()),
        *(count.alias(f"{name}|given") for name, count in raw.items()),
    ).collect().row(0, named=True)  # fmt: skip
    for column in wrong:
        given = counted[f"{column.name}|given"]
        if given and counted[f"{column.name}|wrong"] == given:
            raise Refused(
                f"Table {table.name}: no cell of the column '{column.name}' in {file} is "
                f"{_WORDS.get(column.type, column.type)}; deliver it as that."
            )
    told = [
        pl.when(mask).then(
            pl.format(f"{column.name}: '{{}}' is not {_WORDS.get(column.type, column.type)}", column.name)
        )
        for column, mask in wrong.items()
    ]
    unparsed = pl.concat_str(told, separator="; ", ignore_nulls=True)
    return frame.select(
        *(_parsed(column).alias(column.name) for column in table.columns),
        *AROUND,
        pl.when(unparsed != "").then(unparsed).alias(UNPARSED),
    )


def conform(table: Table, frame: pl.LazyFrame, file: str) -> pl.LazyFrame:
    """The contract's columns with the contract's types, then delivery, delivered_on and `unparsed`.

    NaN and infinities become null. Extra columns are dropped. Raises Refused, naming table, column and file, when a
    column is missing or of another type.
    """
    schema = frame.collect_schema()
    _refuse_missing(table, schema.names(), file)
    if _is_text(table, schema):
        typed = _from_text(table, frame, file)
    else:
        _refuse_types(table, schema, file)
        typed = frame.select(
            *(pl.col(column.name).cast(column.dtype) for column in table.columns),
            *AROUND,
            pl.lit(None, pl.String).alias(UNPARSED),
        )
    floats = [column.name for column in table.columns if column.dtype == pl.Float64]
    return typed.with_columns(pl.when(pl.col(name).is_finite()).then(name).alias(name) for name in floats)
