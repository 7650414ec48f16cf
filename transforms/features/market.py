"""How the client stands in its market: complaints in the news, its price, its use of capacity.

Rules MGT-07, MGT-12, MGT-14. Monthly figures are the client's own return: the newest month is the last full one or the
one before (reading G8). A mean of three months and the same a year ago need all their months.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, lag, within
from transforms.columns import KEYS, MONTH, C, Column, R, S, many
from transforms.events import known, of_clients
from transforms.features import returns
from transforms.shard import Shard

READS = ("events", "series")
FILED = ("product_price_index", "output_units", "capacity_units")
LATEST_LAG, MEAN_MONTHS, YEAR = 1, 3, 12
COMPLAINT_DAYS = 90
MOST_KEYS = 20

_MEASURES = {
    "price_level": (S, "price index of the main products, mean of three months"),
    "utilisation": (R, "output over capacity, mean of three months"),
}
PANEL = [
    *[
        entry
        for name, (unit, text) in _MEASURES.items()
        for entry in (
            *many(
                "series",
                (f"{name}_from", f"{name}_month"),
                (f"{name}_keys",),
                (name, unit, text),
                (f"{name}_year_ago", unit, f"{text}, a year before"),
            ),
            *many(
                "series",
                (None, None),
                (),
                (f"{name}_from", MONTH, "the same month a year before"),
                (f"{name}_month", MONTH, "newest month filed"),
                (f"{name}_keys", KEYS, "the months filed"),
            ),
        )
    ],
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("product_complaint_keys",),
        ("product_complaints_90", C, "news of complaints about the client's products in 90 days"),
        ("product_complaints_90_before", C, "in the equally long window before"),
    ),
    Column("product_complaint_keys", "events", KEYS, "the news", (None, None)),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where the client files no return or too little of it."""
    filed = _filed(shard).collect().lazy()
    result = _complaints(shard)
    for name in _MEASURES:
        result = result.join(_mean(filed, name), on="client_id", how="left")
    return result.select("client_id", *(column.name for column in PANEL)).sort("client_id")


def _filed(shard: Shard) -> pl.LazyFrame:
    """client_id, lag (0 is the last full month), month, price_level, utilisation, their keys: one row per month filed."""
    rows = (
        returns.filed(shard, *FILED).sort("period_end").with_columns(lag=lag(shard.night.last_full_month, "period_end"))
    )
    indicator = pl.col("indicator")
    values = {name: pl.col("value").filter(indicator == name).last() for name in FILED}
    capacity = values["capacity_units"]
    parts = {
        "price_level": (values["product_price_index"], ("product_price_index",)),
        "utilisation": (
            pl.when(capacity > 0).then(values["output_units"] / capacity),
            ("output_units", "capacity_units"),
        ),
    }
    return rows.group_by("client_id", "lag").agg(
        *(value.alias(name) for name, (value, _) in parts.items()),
        *(pl.col("key").filter(indicator.is_in(read)).alias(f"{name}_keys") for name, (_, read) in parts.items()),
        month=pl.col("period_end").max().dt.month_start(),
    )


def _mean(filed: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """client_id and the measure's mean of the newest months and of the same a year before, with their keys."""
    known_rows = filed.filter(pl.col(name).is_not_null())
    newest = known_rows.group_by("client_id").agg(newest=pl.col("lag").min()).filter(pl.col("newest") <= LATEST_LAG)
    back, value = pl.col("lag") - pl.col("newest"), pl.col(name)

    def mean(first: int) -> pl.Expr:
        window = back.is_between(first, first + MEAN_MONTHS - 1)
        return pl.when(value.filter(window).count() == MEAN_MONTHS).then(value.filter(window).mean()).round(EXACT)

    used = back.is_between(0, MEAN_MONTHS - 1) | back.is_between(YEAR, YEAR + MEAN_MONTHS - 1)
    month = pl.col("month").filter(back == 0).first()
    return (
        known_rows.join(newest, on="client_id")
        .group_by("client_id")
        .agg(
            mean(0).alias(name),
            mean(YEAR).alias(f"{name}_year_ago"),
            month.alias(f"{name}_month"),
            month.dt.offset_by(f"-{YEAR}mo").alias(f"{name}_from"),
            pl.col(f"{name}_keys").filter(used).explode(empty_as_null=True).sort().alias(f"{name}_keys"),
        )
    )


def _complaints(shard: Shard) -> pl.LazyFrame:
    """client_id, product_complaints_90, product_complaints_90_before, product_complaint_keys."""
    as_of = shard.night.as_of
    span = 2 * COMPLAINT_DAYS + 1  # two windows of T − 90 to T, both ends in
    news = of_clients(shard, known(shard, "news", span)).filter(pl.col("subtype") == "product_complaint")
    recent = within("happened_on", as_of, COMPLAINT_DAYS)
    counts = news.group_by("client_id").agg(
        product_complaints_90=recent.sum().cast(pl.Int64),
        product_complaints_90_before=(pl.col("happened_on") < pl.lit(as_of - timedelta(days=COMPLAINT_DAYS)))
        .sum()
        .cast(pl.Int64),
        product_complaint_keys=pl.col("key").sort().head(MOST_KEYS),
    )
    return shard.per_client(counts, "events", "news")
