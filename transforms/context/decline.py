"""DECLINE of every client on inflow, turnover and average daily balance, by the own book's month index (MGT-42)."""

import polars as pl

from transforms.columns import TEXT, R, S, many
from transforms.context.month_index import LEVELS, groups, monthly
from transforms.decline import held
from transforms.night import Night

_FLOW = ("flow_period_from", "flow_period_to")
PANEL = [
    *many(
        "transactions",
        _FLOW,
        ("flow_key",),
        *((f"{m}_r3_12", R, f"{text}, r3/12") for m, text in (("turnover", "inflow and outflow"),)),
        ("opin_decline", TEXT, "DECLINE on inflow"),
        ("opin_z", S, "inflow, z"),
        ("turnover_y3", R, "inflow and outflow, y3"),
        ("turnover_z", S, "inflow and outflow, z"),
        ("turnover_decline", TEXT, "DECLINE on inflow and outflow"),
    ),
    *many(
        "balances",
        _FLOW,
        ("balance_key",),
        ("adb_r3_12", R, "average balance, r3/12"),
        ("adb_y3", R, "average balance, y3"),
        ("adb_z", S, "average balance, z"),
        ("adb_decline", TEXT, "DECLINE on the average daily balance"),
        ("balance_key", TEXT, "the balances read"),
    ),
]


def measure(
    night: Night,
    identity: pl.LazyFrame,
    flow_series: pl.LazyFrame,
    balance_series: pl.LazyFrame,
    index: pl.LazyFrame,
) -> pl.LazyFrame:
    """One row per client of `identity`: for opin, turnover and adb `_r3_12`, `_y3`, `_z` (Float64) and `_decline`.

    A decline is "W", "A", "R", "" (looked at, nothing found) or null (under nine months of history, or nothing to
    compare with). `index` is the frame of `month_index.index`; a client takes the narrowest group that has one, else 1.
    """
    frame = identity.select("client_id").sort("client_id")
    of_client = groups(identity)
    for name, series in monthly(flow_series, balance_series).items():
        of_measure = index.filter(pl.col("measure") == name)
        answers = held(night, indexed(series, of_client, of_measure))
        named = answers.rename({column: f"{name}_{column}" for column in ("r3_12", "y3", "z", "decline")})
        frame = frame.join(named, on="client_id", how="left")
    return frame.sort("client_id")


def indexed(series: pl.LazyFrame, of_client: pl.LazyFrame, index: pl.LazyFrame) -> pl.LazyFrame:
    """The series of one measure with `index_0` and `index_1`, the month's index at the two month-ends."""
    series = series.join(of_client, on="client_id").with_columns(
        month_of_year=pl.col("month").dt.month().cast(pl.Int64)
    )
    for shift in (0, 1):
        of_shift = index.filter(pl.col("shift") == shift)
        for level in LEVELS:
            found = of_shift.select(
                "month_of_year", pl.col("group").alias(level), pl.col("index").alias(f"{level}_index")
            )
            series = series.join(found, on=[level, "month_of_year"], how="left")
        narrowest = pl.coalesce(*(f"{level}_index" for level in LEVELS), pl.lit(1.0))
        series = series.with_columns(narrowest.alias(f"index_{shift}")).drop(f"{level}_index" for level in LEVELS)
    return series.select("client_id", "month", "value", "index_0", "index_1")
