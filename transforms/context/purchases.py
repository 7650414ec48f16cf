"""DECLINE on what the client buys: payments for raw material, and its own return's purchases (MGT-13).

Both by the own book's month index of the same measure (reading S9). A return's windows end at the newest month filed, at most
two months before T's last full one: they are judged as on the last day of that month.
"""

from dataclasses import replace
from datetime import timedelta

import polars as pl

from transforms.columns import TEXT, R, S, many
from transforms.context.decline import indexed
from transforms.context.month_index import groups, index_of
from transforms.decline import held
from transforms.features.returns import MONTHS
from transforms.night import Night, month_start

LATEST = 2  # months a return's newest month may lie before T's last full one
_SHOWN = ("r3_12", "y3", "z", "decline")
PANEL = [
    *many(
        "transactions",
        ("flow_period_from", "flow_period_to"),
        ("flow_key",),
        ("raw_material_r3_12", R, "payments for raw material, r3/12"),
        ("raw_material_y3", R, "payments for raw material, y3"),
        ("raw_material_z", S, "payments for raw material, z"),
        ("raw_material_decline", TEXT, "DECLINE on payments for raw material"),
    ),
    *many(
        "series",
        (None, "flow_period_to"),
        (),
        ("filed_purchases_r3_12", R, "purchases of raw material by the return, r3/12"),
        ("filed_purchases_y3", R, "purchases by the return, y3"),
        ("filed_purchases_z", S, "purchases by the return, z"),
        ("filed_purchases_decline", TEXT, "DECLINE on the return's purchases of raw material"),
    ),
]


def measure(night: Night, identity: pl.LazyFrame, supplies: pl.LazyFrame, returns: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `identity`: PANEL. `supplies` and `returns` are the whole book's feature frames of those names."""
    # Collected: left lazy, every month-end would plan the whole book anew.
    paid = _months(night, supplies.select("client_id", values="raw_material_months")).collect().lazy()
    filed = returns.select("client_id", values="raw_material_purchases_months", newest="raw_material_purchases_lag")
    # From the first month filed on: a month without a figure before it is no month of history.
    begun = pl.col("value").is_not_null().cum_max().over("client_id")
    series = _months(night, filed.select("client_id", "values")).filter(begun).collect().lazy()
    of_return = pl.concat(
        [
            _declines(_month_ends(night, back), identity, series, filed.filter(pl.col("newest") == back))
            for back in range(LATEST + 1)
        ]
    )
    frame = identity.select("client_id")
    for name, found in (("raw_material", _declines(night, identity, paid)), ("filed_purchases", of_return)):
        named = found.select("client_id", *(pl.col(c).alias(f"{name}_{c}") for c in _SHOWN))
        frame = frame.join(named, on="client_id", how="left")
    return frame.sort("client_id")


def _months(night: Night, lists: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, month, value of lists that end with T's last full month, sorted."""
    calendar = pl.LazyFrame({"month": [night.month(back) for back in range(MONTHS)], "back": range(MONTHS)})
    return (
        lists.filter(pl.col("values").list.len() > 0)
        .explode("values", empty_as_null=True)
        .with_columns(back=pl.len().over("client_id").cast(pl.Int64) - 1 - pl.int_range(pl.len()).over("client_id"))
        .join(calendar, on="back")
        .select("client_id", "month", value="values")
        .sort("client_id", "month")
    )


def _month_ends(night: Night, back: int) -> Night:
    """The night of the last day of the month `back` months before T's last full one."""
    return replace(night, as_of=month_start(night.month(back), -1) - timedelta(days=1))


def _declines(
    night: Night, identity: pl.LazyFrame, series: pl.LazyFrame, clients: pl.LazyFrame | None = None
) -> pl.LazyFrame:
    """DECLINE with the hold at that night by the whole book's index; of `clients` alone when given."""
    index = index_of(night, identity, {"value": series}).collect().lazy()
    mine = series if clients is None else series.join(clients.select("client_id"), on="client_id", how="semi")
    return held(night, indexed(mine, groups(identity), index).collect().lazy())
