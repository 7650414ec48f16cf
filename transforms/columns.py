"""What a panel column is. Every feature and context module lists its own in `PANEL`; `panel.py` gathers them."""

from dataclasses import dataclass

import polars as pl

from transforms.text import Unit

R, M, D, C, S, X = Unit.RATIO, Unit.MONEY, Unit.DAYS, Unit.COUNT, Unit.SCORE, Unit.TIMES
DAY, MONTH, TEXT = Unit.DAY, Unit.MONTH, Unit.TEXT
FLAG = "flag"
KEYS = "keys"
Period = tuple[str | None, str | None]


@dataclass(frozen=True)
class Column:
    """A panel column: its table, unit, meaning, and where its period and its source rows' keys stand."""

    name: str
    table: str
    unit: str
    meaning: str
    period: Period = (None, "as_of")
    keys: tuple[str, ...] = ()

    @property
    def dtype(self) -> pl.DataType:
        """Polars type of the column."""
        types: dict[str, pl.DataType] = {
            Unit.MONEY: pl.Int64(),
            Unit.COUNT: pl.Int64(),
            Unit.DAY: pl.Date(),
            Unit.MONTH: pl.Date(),
            Unit.TEXT: pl.String(),
            FLAG: pl.Boolean(),
            KEYS: pl.List(pl.String()),
        }
        return types.get(self.unit, pl.Float64())


def many(table: str, period: Period, keys: tuple[str, ...], *columns: tuple[str, str, str]) -> list[Column]:
    """Columns of one table with the same period and keys: (name, unit, meaning) each."""
    return [Column(name, table, unit, meaning, period, keys) for name, unit, meaning in columns]
