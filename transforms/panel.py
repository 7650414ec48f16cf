"""The panel: one row per client with every column a signal may read.

Each feature and context module says which columns it brings (`PANEL`); here they are gathered into `COLUMNS`, with tonight's
answers of other signals, which a signal may read too. `build` lays the frames side by side; a column of a table that is
not connected is null.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType

import polars as pl

from expectations.registers import SIGNALS
from transforms import context, features, history
from transforms.columns import DAY, TEXT, Column, many
from transforms.night import Night

HISTORY_TABLE = history.TABLE
ANSWERS_TABLE = "answers"  # what another signal says tonight: known only while signals are judged


def _modules(*packages: ModuleType) -> Iterator[ModuleType]:
    for package in packages:
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(module.name)


_OWN = [
    Column("client_id", "clients", TEXT, "the client", (None, None)),
    *many(
        "calendar",
        (None, None),
        (),
        ("as_of", DAY, "the night's date"),
        ("ninety_days_ago", DAY, "90 days before"),
        ("half_year_ago", DAY, "180 days before"),
        ("year_ago", DAY, "365 days before"),
    ),
]


def by_module() -> dict[str, list[Column]]:
    """Name of each module under transforms/ → the panel columns it brings, in the data's way."""
    theirs = {
        module.__name__.removeprefix("transforms."): list(getattr(module, "PANEL", ()))
        for module in _modules(features, context)
    }
    return {"panel": _OWN, **{name: columns for name, columns in theirs.items() if columns}, "history": history.PANEL}


def _gathered() -> dict[str, Column]:
    answers = [Column(s, ANSWERS_TABLE, TEXT, f"tonight's answer of {s}", (None, "as_of")) for s in SIGNALS]
    columns = [*(column for brought in by_module().values() for column in brought), *answers]
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two modules bring the panel columns {', '.join(twice)}")
    return {column.name: column for column in columns}


COLUMNS: dict[str, Column] = _gathered()
LAID = [column for column in COLUMNS.values() if column.table != ANSWERS_TABLE]  # what the panel file holds
UNITS: dict[str, str] = {name: column.unit for name, column in COLUMNS.items()}


def _keys() -> list[pl.Expr]:
    def span(table: str) -> pl.Expr:
        months = [pl.col(c).dt.strftime("%Y-%m") for c in ("flow_period_from", "flow_period_to")]
        return pl.format("{}:{}|{}..{}", pl.lit(table), "client_id", *months)

    return [
        span("transactions").alias("flow_key"),
        span("balances").alias("balance_key"),
        pl.format("own_book:{}|{}", "cell_kind", "industry_code").alias("cell_key"),
    ]


def withhold(panel: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The panel without what the validation withholds: of those clients every column of the table is null.

    `held` has client_id and `withholds` (the table; null holds the whole client and is the assessment's business).
    """
    for table in held["withholds"].drop_nulls().unique().sort():
        clients = held.filter(pl.col("withholds") == table)["client_id"].unique()
        known = ~pl.col("client_id").is_in(clients.implode())
        columns = [column.name for column in LAID if column.table == table]
        panel = panel.with_columns(pl.when(known).then(name).alias(name) for name in columns)
    return panel


def build(night: Night, frames: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """One row per client of `frames["identity"]`, every column of COLUMNS with its type, sorted by client_id.

    `frames` are the one-row-per-client feature and context frames. Raises KeyError naming the columns no frame brings.
    """
    panel = frames["identity"].select("client_id")
    made = ["as_of", "ninety_days_ago", "half_year_ago", "year_ago", "flow_key", "balance_key", "cell_key"]
    have = {"client_id", *made}
    for frame in frames.values():
        brings = [name for name in frame.collect_schema().names() if name in COLUMNS and name not in have]
        panel = panel.join(frame.select("client_id", *brings), on="client_id", how="left")
        have |= set(brings)
    panel = panel.with_columns(
        as_of=pl.lit(night.as_of),
        ninety_days_ago=pl.lit(night.as_of).dt.offset_by("-90d"),
        half_year_ago=pl.lit(night.as_of).dt.offset_by("-180d"),
        year_ago=pl.lit(night.as_of).dt.offset_by("-365d"),
    ).with_columns(_keys())
    if missing := {c.name for c in LAID} - have:
        raise KeyError(f"no feature brings the panel columns {sorted(missing)}")
    return panel.select([pl.col(c.name).cast(c.dtype) for c in LAID]).sort("client_id")
