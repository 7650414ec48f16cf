"""What other lenders report of a client: class and debt now and 90 days ago, moral flags. Rules MGT-44 and MOR-02.

From bureau_reports; readings S2, G5, G8, MOR-02. A report is known from its day. The newest one speaks for 95 days, and so
does the one of 90 days ago: the newest then. The moral flag has no such limit, and is off from the first report without it.
"""

from datetime import date, timedelta

import polars as pl

from transforms.columns import DAY, FLAG, KEYS, TEXT, C, M, many
from transforms.features.credit import CLASSES
from transforms.night import months_before
from transforms.shard import Shard

READS = ("bureau_reports",)
FRESH_DAYS, BEFORE_DAYS = 95, 90
REMEMBERED_MONTHS = 36
RANK = {name: rank for rank, name in enumerate(CLASSES, start=1)}
_VALUES = {
    "class": ("worst class at other lenders, 1 normal to 5 loss", C),
    "balance": ("loans at other banks", M),
    "banks": ("other banks that lend", C),
}
PANEL = [
    *many(
        "bureau_reports",
        ("bureau_before_on", "bureau_on"),
        ("bureau_keys",),
        *((f"bureau_{name}", unit, text) for name, (text, unit) in _VALUES.items()),
        *((f"bureau_{name}_before", unit, f"{text}, 90 days ago") for name, (text, unit) in _VALUES.items()),
        ("bureau_on", DAY, "day of the newest report"),
        ("bureau_before_on", DAY, "day of the one of 90 days ago"),
        ("bureau_keys", KEYS, "the two reports"),
    ),
    *many(
        "bureau_reports",
        (None, "as_of"),
        ("moral_flag_key",),
        ("moral_flag", FLAG, "the newest report carries a moral flag"),
        ("moral_flag_removed_on", DAY, "first report without it, within three years"),
        ("moral_flag_key", TEXT, "the newest report with the flag"),
    ),
]


def reports(shard: Shard) -> pl.LazyFrame:
    """The clients' reports known at T, with `key`."""
    return (
        shard.table("bureau_reports")
        .filter(pl.col("report_on") <= shard.night.as_of)
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .with_columns(key=pl.format("bureau_reports:{}|{}", "client_id", pl.col("report_on").dt.to_string("%Y-%m-%d")))
    )


def newest(rows: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """The client's newest report on `day`; none when it was older than 95 days then."""
    fresh = rows.filter(pl.col("report_on").is_between(day - timedelta(days=FRESH_DAYS), day))
    return fresh.group_by("client_id").agg(pl.all().sort_by("report_on").last())


def _at(shard: Shard, rows: pl.LazyFrame, days: int, suffix: str) -> pl.LazyFrame:
    return newest(rows, shard.night.as_of - timedelta(days=days)).select(
        "client_id",
        pl.col("worst_class").replace_strict(RANK, return_dtype=pl.Int64).alias(f"bureau_class{suffix}"),
        pl.col("other_bank_balance").alias(f"bureau_balance{suffix}"),
        pl.col("other_bank_count").cast(pl.Int64).alias(f"bureau_banks{suffix}"),
        pl.col("report_on").alias(f"bureau{suffix}_on"),
        pl.col("key").alias(f"key{suffix}"),
    )


def _moral(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and the columns of the moral flag."""
    on, flagged = pl.col("report_on"), pl.col("moral_flag") != "none"
    last = on.filter(flagged).max()
    since = months_before(shard.night.as_of, REMEMBERED_MONTHS)
    return (
        rows.group_by("client_id")
        .agg(
            last=last,
            newest=on.max(),
            removed=on.filter(on > last).min(),
            key=pl.col("key").filter(flagged).sort_by(on.filter(flagged)).last(),
        )
        .select(
            "client_id",
            moral_flag=(pl.col("last") == pl.col("newest")).fill_null(value=False),
            moral_flag_removed_on=pl.when(pl.col("removed") >= since).then("removed"),
            moral_flag_key="key",
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null for a client without a report."""
    rows = reports(shard)
    parts = [_at(shard, rows, 0, ""), _at(shard, rows, BEFORE_DAYS, "_before"), _moral(shard, rows)]
    frame = shard.ids()
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    keys = pl.concat_list("key", "key_before").list.drop_nulls().list.unique().list.sort()
    told = pl.when(pl.col("key").is_not_null() | pl.col("key_before").is_not_null()).then(keys)
    return frame.with_columns(bureau_keys=told).drop("key", "key_before").sort("client_id")
