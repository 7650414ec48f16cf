"""The bank's columns as ours: names, units, codes and constants, so that nobody has to write SQL views.

columns = { account_id = "FHZH", amount = { from = "JYJE", unit = "yuan" }, currency = { value = "CNY" },
            direction = { from = "JDBZ", values = { "J" = "out", "D" = "in" } } }
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import polars as pl

from expectations.model import Column, Refused, Table

UNITS = ("fen", "yuan")
_KEYS = ("from", "unit", "values", "value")
_YUAN = r"^([+-]?)(\d+)(?:\.(\d{0,2})0*)?$"
_NEAR = 1e-4  # of a fen: how far from a whole one a floating-point amount may lie
_LARGEST, _LARGEST_32 = 2**46, 2**17  # yuan: beyond them two amounts of fen are one floating-point number


@dataclass(frozen=True)
class Field:
    """Where one of our columns comes from: the bank's column, its unit, what its codes mean; or one value for every row."""

    name: str | None = None
    unit: str | None = None
    values: Pairs[str, str] | None = None
    value: Any = None


@dataclass(frozen=True)
class Mapping:
    """The fields of a table; a column without one has our own name and `unit`. `absent` are columns the bank has not."""

    fields: Pairs[str, Field] = field(default_factory=dict)
    unit: str = "fen"
    absent: tuple[str, ...] = ()

    @classmethod
    def parse(cls, table: Table, said: Pairs[str, Any], unit: str = "fen", absent: Sequence[str] = ()) -> Mapping:
        """From a `[tables.x]` of `bellwether.toml`; raises Refused for a column, key or unit that is not known."""
        _refuse_unit(table, unit)
        if not isinstance(said, Pairs):
            raise Refused(
                f'The mapping of table {table.name} is no list of columns; write columns = {{ ours = "BANK" }}.'
            )
        if isinstance(absent, str) or not isinstance(absent, Sequence) or not all(isinstance(n, str) for n in absent):
            raise Refused(f"The mapping of table {table.name} says 'absent' of no list; write absent = [\"column\"].")
        for name in (*said, *absent):
            _refuse_unknown(table, name)
        if both := [name for name in said if name in absent]:
            raise Refused(
                f"The mapping of table {table.name} maps '{both[0]}' and calls it absent; take one of the two out."
            )
        needed = [column.name for column in table.columns if column.name in absent and column.required]
        if needed:
            raise Refused(f"The mapping of table {table.name} calls '{needed[0]}' absent, but every row must have it.")
        return cls({name: _field(table, name, value) for name, value in said.items()}, unit, tuple(absent))

    def source_name(self, column: str) -> str | None:
        """The bank's name of one of our columns; None where the value is given or absent."""
        if column in self.absent:
            return None
        known = self.fields.get(column)
        if known is None:
            return column
        return known.name or (None if known.value is not None else column)

    def apply(self, table: Table, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with our names, units and codes; columns that are nobody's stay as they are."""
        if not self.fields and not self.absent and self.unit == "fen":
            return frame
        schema = frame.collect_schema()
        made = {c.name: one for c in table.columns if (one := self._column(c, schema)) is not None}
        taken = {self.source_name(name) for name in made}
        return frame.select(
            *(value.alias(name) for name, value in made.items()),
            *(name for name in schema.names() if name not in made and name not in taken),
        )

    def _column(self, column: Column, schema: pl.Schema) -> pl.Expr | None:
        if column.name in self.absent:
            return pl.lit(None, column.dtype)
        known = self.fields.get(column.name, Field())
        if known.value is not None:
            return pl.lit(known.value)
        name = self.source_name(column.name)
        if name not in schema:
            return None  # check B2 says what is missing
        value = pl.col(str(name))
        dtype = schema[str(name)]
        if known.values is not None:
            value = value.cast(pl.String).str.strip_chars().replace(dict(known.values))
            dtype = pl.String()
        if column.type == "money" and (known.unit or self.unit) == "yuan":
            return _fen(value, dtype)
        return value

    def digest(self) -> Any:
        """What a landing's meaning hangs on."""
        return asdict(self)


def _fen(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Yuan as whole fen, exactly; what is no whole number of fen stays text and is refused as a cell (check B2)."""
    if dtype.is_integer():
        return pl.concat_str(value.cast(pl.String), pl.lit("00"))  # as text: too large a number is refused, not wrapped
    text = value.cast(pl.String).str.strip_chars()
    parts = text.str.extract_groups(_YUAN)
    sign, whole_yuan, fen_digits = (parts.struct.field(str(n)) for n in (1, 2, 3))
    digits = pl.concat_str(sign, whole_yuan, fen_digits.fill_null("").str.pad_end(2, "0"))
    refused = pl.when(text != "").then(pl.format("{} yuan", text))
    if not dtype.is_float():
        return pl.when(whole_yuan.is_not_null()).then(digits).otherwise(refused)
    yuan = value.floor()
    rest = (value - yuan) * 100
    near = yuan.cast(pl.Int64, strict=False) * 100 + rest.round().cast(pl.Int64, strict=False)
    told = value.abs() < (_LARGEST if dtype == pl.Float64 else _LARGEST_32)
    by_sums = pl.when(told & ((rest - rest.round()).abs() < _NEAR)).then(near.cast(pl.String)).otherwise(refused)
    return pl.when(told & whole_yuan.is_not_null()).then(digits).otherwise(by_sums)


def _refuse_unknown(table: Table, name: str) -> None:
    if name not in table.schema:
        near = difflib.get_close_matches(name, [*table.schema], n=1, cutoff=0.0)[0]
        raise Refused(f"The mapping of table {table.name} names an unknown column '{name}'; nearest known: '{near}'.")


def _field(table: Table, name: str, said: Any) -> Field:
    where = f"The mapping of {table.name}.{name}"
    if isinstance(said, str) and said.strip():
        return Field(name=said)
    if not isinstance(said, Pairs) or not said:
        raise Refused(f'{where} is neither a name nor a table such as {{ from = "X" }}; mend it.')
    for key in said:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
            raise Refused(f"{where} has an unknown key '{key}'; nearest known: '{near}'.")
    if "value" in said:
        return Field(value=_value(said, where))
    if "from" in said and not (isinstance(said["from"], str) and said["from"].strip()):
        raise Refused(f"{where} comes 'from' something that is no name; write it in quotes.")
    if "unit" in said:
        _refuse_unit(table, said["unit"])
        if {column.name: column.type for column in table.columns}[name] != "money":
            raise Refused(f"{where} gives a unit, but the column is no amount of money; take it out.")
    return Field(said.get("from"), said.get("unit"), _values(said, where) if "values" in said else None)


def _value(said: Pairs[str, Any], where: str) -> Any:
    """The one value of every row."""
    if len(said) > 1:
        raise Refused(f"{where} gives a value and more; one value is for every row: take the rest out.")
    value = said["value"]
    known = isinstance(value, str | float | date) or (isinstance(value, int) and abs(value) < 2**63)
    if not known:
        raise Refused(f"{where} gives a value that is no text, number, date or true and false; mend it.")
    return value


def _values(said: Pairs[str, Any], where: str) -> dict[str, str]:
    """The bank's codes and ours."""
    values = said["values"]
    if not isinstance(values, Pairs) or not all(isinstance(ours, str | int | float) for ours in values.values()):
        raise Refused(f'{where} has \'values\' that are no list of codes; write values = {{ "J" = "out" }}.')
    return {str(code): str(ours) for code, ours in values.items()}


def _refuse_unit(table: Table, unit: Any) -> None:
    if unit not in UNITS:
        raise Refused(f"The mapping of table {table.name} names the unit '{unit}'; known are {' and '.join(UNITS)}.")
