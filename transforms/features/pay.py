"""What the client pays its people beside the sector's average wage, and what travel and entertainment cost (MOR-13).

From the series avg_wage_industry of industry@region, the client's payroll and headcount, and turnover by category; readings
MOR-13, S11, S2, G8. The wage is that of the client's industry code, else of its longest prefix, and within it of the
client's region, else its city, else its province; the newest year known, not older than 550 days.
"""

import polars as pl

from transforms import events, series
from transforms.arithmetic import lag, total
from transforms.columns import DAY, TEXT, M, many
from transforms.shard import Shard

READS = ("series",)
FRESH_DAYS, YEAR = 550, 12
ENTERTAINMENT = "travel_entertainment"
MINOR = 100  # a published wage is in whole units of currency
_CELL = ["industry_code", "region_code"]
PANEL = [
    *many(
        "series",
        (None, "average_wage_on"),
        ("average_wage_key",),
        ("average_wage", M, "average wage of the industry in the region, a year"),
        ("average_wage_on", DAY, "end of that year"),
        ("average_wage_key", TEXT, "the published value"),
    ),
    *many(
        "series",
        (None, "headcount_on"),
        ("headcount_key", "statement_key", "average_wage_key"),
        ("pay_per_head", M, "payroll of twelve months per employee"),
        ("payroll_excess", M, "payroll of twelve months over the average wage of as many people"),
    ),
    *many(
        "transactions",
        ("year_ago", "flow_period_to"),
        ("flow_key",),
        ("entertainment_12", M, "paid for travel and entertainment in twelve full months"),
    ),
]


def _wages(shard: Shard) -> pl.LazyFrame:
    """industry, place, average_wage, average_wage_on, average_wage_key: the newest fresh year of each industry@region."""
    halves = pl.col("subject_code").str.split_exact("@", 1).struct
    return series.newest(shard, "industry_region", "avg_wage_industry", FRESH_DAYS).select(
        industry=halves[0],
        place=events.place(halves[1]),
        average_wage=(pl.col("value") * MINOR).round().cast(pl.Int64),
        average_wage_on="period_end",
        average_wage_key="key",
    )


def _of_cells(shard: Shard, cells: pl.LazyFrame) -> pl.LazyFrame:
    """The nearest wage of each industry_code and region_code; no row where none reaches."""
    sector, region = pl.col("industry_code"), events.place(pl.col("region_code"))
    values = ["average_wage", "average_wage_on", "average_wage_key"]
    near = [pl.col("industry").str.len_chars(), pl.col("place").str.len_chars(), pl.col("average_wage_key")]
    return (
        cells.join(_wages(shard), how="cross")
        .filter(sector.str.starts_with(pl.col("industry")), region.str.starts_with(pl.col("place")))
        .group_by(_CELL)
        .agg(pl.col(values).sort_by(near).last())
    )


def _entertainment(shard: Shard) -> pl.LazyFrame:
    """client_id, entertainment_12; null where history does not cover twelve full months."""
    spent = (
        shard.monthly["categories"]
        .filter(
            pl.col("direction") == "out",
            pl.col("category") == ENTERTAINMENT,
            lag(shard.night.last_full_month).is_between(0, YEAR - 1),
        )
        .group_by("client_id")
        .agg(spent=total(pl.col("amount")), found=pl.lit(value=True))
    )
    return (
        shard.done["transactions"]
        .select("client_id", "history_months")
        .join(spent, on="client_id", how="left")
        .select(
            "client_id",
            entertainment_12=pl.when(pl.col("history_months") >= YEAR).then(
                pl.when(pl.col("found")).then("spent").otherwise(0)
            ),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; pay is null without payroll, headcount or, for the excess, the wage."""
    who = shard.done["identity"].select("client_id", *_CELL)
    payroll, heads = pl.col("payroll_ttm"), pl.col("headcount")
    return (
        who.join(_of_cells(shard, who.select(_CELL).drop_nulls().unique()), on=_CELL, how="left")
        .join(shard.done["statements"].select("client_id", "payroll_ttm"), on="client_id", how="left")
        .join(shard.done["headcount"].select("client_id", "headcount"), on="client_id", how="left")
        .join(_entertainment(shard), on="client_id", how="left")
        .select(
            "client_id",
            "average_wage",
            "average_wage_on",
            "average_wage_key",
            "entertainment_12",
            pay_per_head=pl.when(heads > 0).then(payroll / heads).round().cast(pl.Int64),
            payroll_excess=payroll - heads * pl.col("average_wage"),
        )
        .sort("client_id")
    )
