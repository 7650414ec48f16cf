"""News about a client's region or sector: disasters and what they did to its inflow, turmoil, new technology.

Rules EXT-02, EXT-04, EXT-07; readings G5, G23, EXT-07: news on one party is not news on its region or sector.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import ratio, total, within
from transforms.columns import DAY, KEYS, C, Column, R, many
from transforms.events import counted, known, reaching
from transforms.shard import Shard

READS = ("events",)
DISASTERS = ("natural_disaster", "epidemic", "unrest", "major_accident")
LEAST_SEVERITY = 2
DISASTER_DAYS, TURMOIL_DAYS, TECHNOLOGY_DAYS = 90, 90, 180
WINDOW_DAYS, WINDOWS_BEFORE = 30, 6
MOST_KEYS = 20

_QUARTER = ("ninety_days_ago", "as_of")
PANEL = [
    *many(
        "events",
        _QUARTER,
        ("region_disaster_keys",),
        ("region_disasters_90", C, "disasters in the client's region in 90 days"),
        ("region_disaster_on", DAY, "day of the one that hit the inflow most, else of the newest"),
        ("region_disaster_keys", KEYS, "the news"),
    ),
    Column(
        "region_disaster_inflow",
        "transactions",
        R,
        "inflow of the 30 days after it over the median of six such windows before",
        ("region_disaster_on", "as_of"),
        ("flow_key",),
    ),
    *many(
        "events",
        _QUARTER,
        ("turmoil_keys",),
        ("turmoil_90", C, "confirmed news of financial turmoil in the region in 90 days"),
        ("turmoil_keys", KEYS, "the news"),
    ),
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("technology_keys",),
        (
            "technology_publishers_180",
            C,
            "publishers of confirmed news of a technology shift in the sector in 180 days",
        ),
        ("technology_keys", KEYS, "the news"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Counts are null where the client's own industry or region would decide and is unknown.

    `region_disaster_inflow` is the lowest of the disasters whose 30 days have passed and whose windows the history covers.
    """
    as_of, kind, confirmed = shard.night.as_of, pl.col("subtype"), pl.col("confirmed").fill_null(False)
    in_region, in_sector = pl.col("for_region_code").is_not_null(), pl.col("for_industry_code").is_not_null()
    severe = pl.col("severity").cast(pl.String).cast(pl.Int64) >= LEAST_SEVERITY
    groups = {
        "region_disaster": in_region & kind.is_in(DISASTERS) & severe & within("happened_on", as_of, DISASTER_DAYS),
        "turmoil": in_region
        & (kind == "regional_financial_turmoil")
        & confirmed
        & within("happened_on", as_of, TURMOIL_DAYS),
        "technology": in_sector
        & (kind == "technology_shift")
        & confirmed
        & within("happened_on", as_of, TECHNOLOGY_DAYS),
    }
    groups = {name: where.fill_null(False) for name, where in groups.items()}
    news = reaching(shard, known(shard, "news", TECHNOLOGY_DAYS))
    found = news.group_by("client_id").agg(
        region_disasters_90=counted(groups["region_disaster"]),
        turmoil_90=counted(groups["turmoil"]),
        technology_publishers_180=counted(groups["technology"], pl.col("publisher")),
        **{
            f"{name}_keys": pl.col("key").filter(where & pl.col("sure").fill_null(False)).sort().head(MOST_KEYS)
            for name, where in groups.items()
        },
    )
    disasters = (
        news.filter(groups["region_disaster"] & pl.col("sure").fill_null(False))
        .select("client_id", "happened_on")
        .unique()
    )
    felt = shard.per_client(_inflow(shard, disasters), "events", "news")
    return shard.per_client(found, "events", "news").join(felt, on="client_id", how="left").sort("client_id")


def _inflow(shard: Shard, disasters: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, region_disaster_on, region_disaster_inflow. The 30 days begin the day after; the windows before end on the day."""
    as_of, day = shard.night.as_of, pl.col("happened_on")
    begin = day - timedelta(days=WINDOW_DAYS * WINDOWS_BEFORE - 1)
    booked = (pl.col("booked_on") - day).dt.total_days()
    # Window 0 is the 30 days after, 1 to 6 those before, newest first.
    window = pl.when(booked > 0).then(pl.lit(0, pl.Int64)).otherwise(-booked // WINDOW_DAYS + 1)
    started = shard.monthly["months"].group_by("client_id").agg(pl.col("first_on").min())
    ripe = disasters.join(started, on="client_id").filter(
        day + timedelta(days=WINDOW_DAYS) <= as_of, pl.col("first_on") <= begin
    )
    inflow = shard.monthly["recent"].filter(pl.col("counted"), pl.col("direction") == "in")
    sums = (
        ripe.join(inflow.select("client_id", "booked_on", "amount"), on="client_id")
        .with_columns(window=window)
        .filter(booked <= WINDOW_DAYS, pl.col("window") <= WINDOWS_BEFORE)
        .group_by("client_id", "happened_on", "window")
        .agg(amount=total(pl.col("amount")), moved=pl.lit(True).first())
    )
    grid = pl.LazyFrame({"window": range(WINDOWS_BEFORE + 1)}, schema={"window": pl.Int64})
    amount = pl.when(pl.col("moved").is_not_null()).then("amount").otherwise(0)
    after, before = pl.col("window") == 0, pl.col("window") > 0
    median = pl.when(pl.col("amount").filter(before).null_count() == 0).then(pl.col("amount").filter(before).median())
    judged = (
        ripe.join(grid, how="cross")
        .join(sums, on=["client_id", "happened_on", "window"], how="left")
        .with_columns(amount=amount)
        .group_by("client_id", "happened_on")
        .agg(now=pl.col("amount").filter(after).first(), usual=median)
        .select("client_id", "happened_on", inflow=ratio(pl.col("now"), pl.col("usual")))
    )
    worst_last = ["inflow", "happened_on"]
    return (
        disasters.join(judged, on=["client_id", "happened_on"], how="left")
        .sort(worst_last, descending=[True, False], nulls_last=False)
        .group_by("client_id", maintain_order=True)
        .agg(region_disaster_on=pl.col("happened_on").last(), region_disaster_inflow=pl.col("inflow").last())
    )
