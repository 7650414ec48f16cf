"""What the client pays for raw material and to its largest suppliers, month by month (MGT-13).

Suppliers are the counterparties the client made purchases from (reading G22). DECLINE on raw material needs the whole book's
month index: context/purchases.py takes the months from here, `raw_material_months`, oldest first, up to T's last full month.
"""

import polars as pl

from transforms import decline
from transforms.arithmetic import lag, total
from transforms.columns import TEXT, M, R, S, many
from transforms.features import transactions
from transforms.shard import Shard

READS = ("transactions",)
PANEL = many(
    "transactions",
    ("flow_period_from", "flow_period_to"),
    ("flow_key",),
    ("raw_material_missing", M, "what three months of raw material lack against the twelve before"),
    ("suppliers_r3_12", R, "ten largest suppliers, r3/12"),
    ("suppliers_y3", R, "ten largest suppliers, y3"),
    ("suppliers_z", S, "ten largest suppliers, z"),
    ("suppliers_decline", TEXT, "DECLINE on the ten largest suppliers"),
    ("suppliers_missing", M, "what three months of theirs lack against the twelve before"),
)
COLUMNS = [column.name for column in PANEL]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL and `raw_material_months` (List(Int64), null where a month's sum is unknown)."""
    night, covered = shard.night, transactions.covered(shard)
    bought = (
        shard.monthly["categories"]
        .filter(pl.col("direction") == "out", pl.col("category") == "raw_material")
        .select("client_id", "month", value="amount")
    )
    raw_material = transactions.filled(covered, bought, "value")
    paid = shard.monthly["counterparties"].filter(
        pl.col("direction") == "out", (pl.col("purchases") > 0).fill_null(True)
    )
    largest = transactions.of_the_largest(
        night, covered, paid.select("client_id", "month", "counterparty", amount="purchases")
    )
    parts = (
        raw_material.group_by("client_id").agg(raw_material_months=pl.col("value").sort_by("month")),
        _missing(shard, raw_material, "raw_material_missing"),
        decline.held(night, largest).select("client_id", pl.all().exclude("client_id").name.prefix("suppliers_")),
        _missing(shard, largest, "suppliers_missing"),
    )
    frame = shard.ids()
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    return frame.select("client_id", *COLUMNS, "raw_material_months").sort("client_id")


def _missing(shard: Shard, series: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """client_id and what the last three months fall short of three mean months of the twelve before (S9: or fewer)."""
    at = pl.col("lag")
    before = pl.col("value").filter(at.is_between(decline.RECENT, decline.RECENT + decline.BEFORE - 1))
    recent = total(pl.col("value").filter(at < decline.RECENT))
    usual = pl.when(before.len() > 0).then(total(before) * decline.RECENT / before.len())
    return (
        series.with_columns(lag=lag(shard.night.last_full_month))
        .group_by("client_id")
        .agg((usual - recent).round(0).cast(pl.Int64).alias(name))
    )
