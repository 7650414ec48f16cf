"""What the client files every month about its own business: output, stock, products, people (the operating return).

From the table series, subject_kind client (catalogue feed OP). Of a period the latest revision known at T counts (S2). A
monthly figure speaks while its newest month is the last full month or the one before (G8).

`measure` also keeps the months themselves, as lists of MONTHS values that end with T's last full month, for the modules below:
`<indicator>_months` (null where nothing was filed for a month) and `<indicator>_lag` (how many months back the newest is).
"""

import polars as pl

from transforms.arithmetic import lag
from transforms.columns import DAY, TEXT, Column, R, S, many
from transforms.night import months_before
from transforms.shard import Shard

READS = ("series",)
MONTHS = 48  # a statement may be 16 months old, and its twelve months stand beside the twelve before
FRESH = 1  # months the newest one may lie before the last full month
PLAN_MONTHS = 8
YEAR = 12
SHOWN = {  # indicator → unit of its value, meaning
    "output_units": (S, "output"),
    "inventory_units": (S, "stock"),
    "active_products": (S, "products sold"),
    "top_product_share": (R, "share of the largest product"),
    "return_rate": (R, "goods returned"),
}
LISTED = (*SHOWN, "orders", "shipments", "raw_material_purchases", "headcount", "leavers", "downtime_days")
PANEL = [
    *[
        entry
        for name, (unit, text) in SHOWN.items()
        for entry in (
            *many(
                "series",
                (None, f"{name}_on"),
                (f"{name}_key",),
                (name, unit, f"{text} of the newest month filed"),
                (f"{name}_year_ago", unit, f"{text} of the same month a year before"),
            ),
            Column(f"{name}_on", "series", DAY, f"month of the newest {text}", (None, None)),
            Column(f"{name}_key", "series", TEXT, "its row", (None, None)),
        )
    ],
    *many(
        "series",
        ("plan_attainment_previous_on", "plan_attainment_on"),
        ("plan_attainment_key", "plan_attainment_previous_key"),
        ("plan_attainment", R, "plan reached in the newest half-year"),
        ("plan_attainment_previous", R, "plan reached in the half-year before"),
        ("plan_attainment_on", DAY, "end of the newest half-year"),
        ("plan_attainment_previous_on", DAY, "end of the half-year before"),
        ("plan_attainment_key", TEXT, "its row"),
        ("plan_attainment_previous_key", TEXT, "the row before"),
    ),
]


def filed(shard: Shard, *indicators: str) -> pl.LazyFrame:
    """client_id, indicator, period_end, value, key: the shard's clients' figures for periods ended by T, as known at T."""
    as_of = shard.night.as_of
    parts = ("subject_code", "indicator", "period_end", "published_on")
    return (
        shard.table("series")
        .filter(
            pl.col("subject_kind") == "client",
            pl.col("indicator").is_in(indicators),
            pl.col("published_on") <= as_of,
            pl.col("period_end") <= as_of,
        )
        .join(shard.clients.select("client_id"), left_on="subject_code", right_on="client_id", how="semi")
        .sort(*parts, "value")
        .group_by(client_id="subject_code", indicator="indicator", period_end="period_end")
        .agg(pl.col("value").last(), key=pl.format("series:client|{}|{}|{}|{}", *parts).last())
    )


def _monthly(shard: Shard) -> pl.LazyFrame:
    """client_id, indicator, lag (months before the last full one), value, period_end, key: one row per month filed."""
    last = shard.night.last_full_month
    return (
        filed(shard, *LISTED)
        .with_columns(lag=lag(last, "period_end"))
        .filter(pl.col("lag").is_between(0, MONTHS - 1))
        .sort("client_id", "indicator", "period_end")
        .group_by("client_id", "indicator", "lag")
        .agg(pl.col("value", "period_end", "key").last())
    )


def _lists(monthly: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, indicator, months (MONTHS values, oldest first), newest (lag), on and key of the newest."""
    newest = monthly.group_by("client_id", "indicator").agg(
        newest=pl.col("lag").min(), on=pl.col("period_end").max(), key=pl.col("key").sort_by("lag").first()
    )
    grid = pl.LazyFrame({"lag": range(MONTHS)}, {"lag": pl.Int64})
    values = (
        newest.select("client_id", "indicator")
        .join(grid, how="cross")
        .join(
            monthly.select("client_id", "indicator", "lag", "value"), on=["client_id", "indicator", "lag"], how="left"
        )
        .group_by("client_id", "indicator")
        .agg(months=pl.col("value").sort_by("lag", descending=True))
    )
    return newest.join(values, on=["client_id", "indicator"])


def last_months(indicator: str, count: int, skip: int = 0, fresh: int | None = FRESH) -> pl.Expr:
    """List of the `count` months that end `skip` months before the newest one filed; null where that is not fresh.

    Over a frame of `measure`; a month nothing was filed for is null in it. `fresh` None: however old.
    """
    newest = pl.col(f"{indicator}_lag")
    values = pl.col(f"{indicator}_months").list.slice(MONTHS - newest - skip - count, count)
    return values if fresh is None else pl.when(newest <= fresh).then(values)


def whole(values: pl.Expr, count: int) -> pl.Expr:
    """The list where it has `count` known values, else null: what is summed or averaged must be all there."""
    return pl.when(values.list.drop_nulls().list.len() == count).then(values)


def value_at(indicator: str, back: int, fresh: int | None = FRESH) -> pl.Expr:
    """The value `back` months before the newest one filed (0 = the newest)."""
    return last_months(indicator, 1, back, fresh).list.first()


def _plan(shard: Shard) -> pl.LazyFrame:
    """client_id and the last two half-years of the plan; the newest must have ended in the last eight months."""
    rows = filed(shard, "plan_attainment").select("client_id", "period_end", "value", "key")
    newest = rows.filter(pl.col("period_end") >= months_before(shard.night.as_of, PLAN_MONTHS))
    newest = newest.filter(pl.col("period_end") == pl.col("period_end").max().over("client_id"))
    before = rows.with_columns(half_on=pl.col("period_end").dt.offset_by("6mo").dt.month_end())
    return (
        newest.with_columns(half_on=pl.col("period_end").dt.month_end())
        .join(before, on=["client_id", "half_on"], how="left", suffix="_previous")
        .select(
            "client_id",
            plan_attainment="value",
            plan_attainment_previous="value_previous",
            plan_attainment_on="period_end",
            plan_attainment_previous_on="period_end_previous",
            plan_attainment_key="key",
            plan_attainment_previous_key="key_previous",
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL, and the lists of months; null where nothing fresh was filed."""
    lists = _lists(_monthly(shard))

    def of(name: str, column: str) -> pl.Expr:
        return pl.col(column).filter(pl.col("indicator") == name).first()

    wide = lists.group_by("client_id").agg(
        *(of(name, "months").alias(f"{name}_months") for name in LISTED),
        *(of(name, "newest").alias(f"{name}_lag") for name in LISTED),
        *(of(name, part).alias(f"{name}_{part}") for name in SHOWN for part in ("on", "key")),
    )
    shown = [
        expr
        for name in SHOWN
        for expr in (
            value_at(name, 0).alias(name),
            value_at(name, YEAR).alias(f"{name}_year_ago"),
            *(pl.when(pl.col(f"{name}_lag") <= FRESH).then(c).alias(c) for c in (f"{name}_on", f"{name}_key")),
        )
    ]
    return (
        shard.ids()
        .join(wide, on="client_id", how="left")
        .with_columns(shown)
        .join(_plan(shard), on="client_id", how="left")
        .sort("client_id")
    )
