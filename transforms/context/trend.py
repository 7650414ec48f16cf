"""MGT-03's two key figures that the whole book's month index divides: turnover and balances (the others: key_figures)."""

import polars as pl

from transforms.arithmetic import lag
from transforms.columns import FLAG, many
from transforms.context.decline import indexed
from transforms.context.month_index import groups, monthly
from transforms.features.key_figures import POINTS, worse
from transforms.night import Night

_FLOW = ("flow_period_from", "flow_period_to")
FIGURES = {"opin": "opin_worse", "adb": "adb_worse"}
PANEL = [
    *many("transactions", _FLOW, ("flow_key",), ("opin_worse", FLAG, "inflow fell over six months")),
    *many("balances", _FLOW, ("balance_key",), ("adb_worse", FLAG, "the average balance fell over six months")),
]


def measure(
    night: Night, identity: pl.LazyFrame, flow_series: pl.LazyFrame, balance_series: pl.LazyFrame, index: pl.LazyFrame
) -> pl.LazyFrame:
    """One row per client of `identity`: opin_worse, adb_worse (Boolean), null where one of the six months is not known.

    Points are the last six full months over the month's index at T, as DECLINE takes it (`index`: month_index.index).
    """
    frame, of_client = identity.select("client_id"), groups(identity)
    series = monthly(flow_series, balance_series)
    at, point = pl.col("lag"), pl.col("value") / pl.col("index_0")
    for name, column in FIGURES.items():
        months = indexed(series[name], of_client, index.filter(pl.col("measure") == name)).with_columns(
            lag=lag(night.last_full_month)
        )
        points = [point.filter(at == back).first() for back in reversed(range(POINTS))]
        found = months.group_by("client_id").agg(worse(points).alias(column))
        frame = frame.join(found, on="client_id", how="left")
    return frame.sort("client_id")
