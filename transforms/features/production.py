"""Does the plant run: output, stops, what a running plant pays for (MGT-01, MGT-15, FIN-26).

From the client's return (features/returns.py), events of kind shutdown and the settled rows. A stop lasts from the day it
happened up to the day of the restart, which no longer counts; one that has not ended by T lasts up to T. Stops for planned
maintenance, the season or holidays are planned. Readings G5, G6, G13, MGT-01, MGT-15, FIN-26.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import lag, total, within
from transforms.columns import FLAG, KEYS, C, D, M, S, many
from transforms.features import returns, transactions
from transforms.features.returns import MONTHS, last_months, whole
from transforms.night import months_before
from transforms.shard import Shard

READS = ("events", "series", "transactions")
PLANNED = ("planned_maintenance", "seasonal", "holiday")
RUNNING = ("utility", "raw_material", "payroll")  # what a plant that runs pays for
WINDOW, WINDOWS_BEFORE = 60, 6  # days
IDLE_DAYS, BEFORE_MONTHS = 45, 6
STOP_DAYS = 365
YEAR = 12

PANEL = [
    *many(
        "series",
        (None, "output_units_on"),
        ("output_units_key",),
        ("output_median_12", S, "median output of the twelve months before"),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("stop_keys",),
        ("output_planned_stop", FLAG, "a planned stop in the month of the newest output"),
        ("outflow_planned_stop", FLAG, "a planned stop in the last 60 days"),
        ("stops_reported", FLAG, "shutdowns and their reasons are delivered"),
        ("stop_keys", KEYS, "stops of 365 days"),
    ),
    *many(
        "series",
        ("year_ago", "as_of"),
        ("stop_keys",),
        ("stopped_days", D, "days of stop in the longest run of consecutive months, planned ones apart"),
    ),
    *many(
        "transactions",
        (None, "as_of"),
        ("flow_key",),
        ("running_60", M, "utilities, raw material and payroll paid in 60 days"),
        ("running_60_median", M, "median of the six windows of 60 days before"),
    ),
    *many(
        "transactions",
        (None, "as_of"),
        ("flow_key",),
        ("utility_45", C, "utility payments in 45 days"),
        ("raw_material_45", C, "payments for raw material in 45 days"),
        ("utility_before", C, "utility payments in the six months before"),
        ("raw_material_before", C, "payments for raw material in the six months before"),
    ),
    *many(
        "series",
        ("statement_year_ago_period_end", "statement_period_end"),
        ("output_units_key",),
        ("output_12", S, "output of the twelve months up to the statement's period end"),
        ("output_12_year_ago", S, "output of the twelve months before those"),
    ),
]
COLUMNS = [column.name for column in PANEL]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where no fresh return, kind of event or whole window of history says anything."""
    frame = shard.ids()
    for part in (_output(shard), _stops(shard), _stopped(shard), _running(shard), _idle(shard)):
        frame = frame.join(part, on="client_id", how="left")
    return frame.select("client_id", *COLUMNS).sort("client_id")


def _output(shard: Shard) -> pl.LazyFrame:
    """client_id, output_median_12 (all twelve known), output_12 and output_12_year_ago at the statement's period end."""
    before = whole(last_months("output_units", YEAR, skip=1), YEAR)
    statements = shard.done["statements"].select("client_id", "statement_period_end", "statement_stale")
    since = lag(shard.night.last_full_month, "statement_period_end")

    def year(back: int) -> pl.Expr:
        months = pl.col("output_units_months").list.slice(MONTHS - since - back - YEAR, YEAR)
        return pl.when(~pl.col("statement_stale"), since >= 0).then(whole(months, YEAR).list.sum())

    return (
        shard.done["returns"]
        .join(statements, on="client_id", how="left")
        .select(
            "client_id",
            output_median_12=before.list.median(),
            output_12=year(0),
            output_12_year_ago=year(YEAR),
        )
    )


def _shutdowns(shard: Shard) -> pl.LazyFrame:
    """The clients' stops known at T: client_id, start, end (the restart, at most T), restarts (null: not yet), planned, key."""
    as_of = pl.lit(shard.night.as_of)
    return events.of_clients(shard, events.known(shard, "shutdown")).select(
        "client_id",
        start="happened_on",
        end=pl.min_horizontal(pl.col("ends_on").fill_null(as_of), as_of),
        restarts="ends_on",
        planned=pl.col("subtype").is_in(PLANNED),
        key="key",
    )


def _stops(shard: Shard) -> pl.LazyFrame:
    """client_id, whether a planned stop lay in the month of the newest output or in the last 60 days, and the stops' keys."""
    as_of = shard.night.as_of
    newest = shard.done["returns"].select("client_id", month=pl.col("output_units_on").dt.month_start())
    stops = _shutdowns(shard).join(newest, on="client_id", how="left")

    def meets(first: pl.Expr, last: pl.Expr) -> pl.Expr:
        return (pl.col("start") <= last) & (pl.col("restarts") > first).fill_null(True)

    recent = meets(pl.lit(as_of - timedelta(days=WINDOW - 1)), pl.lit(as_of))
    counted = stops.group_by("client_id").agg(
        output_planned_stop=(pl.col("planned") & meets(pl.col("month"), pl.col("month").dt.month_end())).any(),
        outflow_planned_stop=(pl.col("planned") & recent).any(),
        stop_keys=pl.col("key").filter(pl.col("end") >= as_of - timedelta(days=STOP_DAYS)).sort(),
    )
    reported = pl.lit(True if shard.connected("events", "shutdown") else None, pl.Boolean)
    return shard.per_client(counted, "events", "shutdown").with_columns(stops_reported=reported)


def _stopped(shard: Shard) -> pl.LazyFrame:
    """client_id, stopped_days: the largest sum of days of unplanned stop over consecutive months.

    Days of the stops of the last 365 days; for the twelve months up to the newest filed, where no stop is on record, the days
    the return gives. Unknown without a fresh return and without a stop on record: no row is no proof (MGT-15).
    """
    since = shard.night.as_of - timedelta(days=STOP_DAYS)
    stops = _shutdowns(shard).filter(pl.col("end") >= since)
    days = stops.filter(pl.col("end") > pl.col("start")).select(
        "client_id", "planned", day=pl.date_ranges("start", "end", closed="left")
    )
    daily = days.explode("day", empty_as_null=True).with_columns(month=pl.col("day").dt.month_start())
    on_record = daily.filter(~pl.col("planned")).group_by("client_id", "month").agg(days=pl.col("day").n_unique())
    told = _downtime(shard).join(daily, on=["client_id", "month"], how="anti")
    months = pl.concat([on_record.with_columns(pl.col("days").cast(pl.Float64)), told.filter(pl.col("days") > 0)])
    number = pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month()
    runs = (
        months.sort("client_id", "month")
        .with_columns(run=number - pl.int_range(pl.len()).over("client_id"))
        .group_by("client_id", "run")
        .agg(pl.col("days").sum())
        .group_by("client_id")
        .agg(longest=pl.col("days").max())
    )
    known = pl.concat([stops.select("client_id"), _downtime(shard).select("client_id")]).unique()
    return known.join(runs, on="client_id", how="left").select(
        "client_id", stopped_days=pl.col("longest").fill_null(0.0).round(9)
    )


def _downtime(shard: Shard) -> pl.LazyFrame:
    """client_id, month, days: downtime of the twelve months up to the newest filed, as the fresh return gives it."""
    last = pl.lit(shard.night.last_full_month)
    months = pl.date_ranges(last.dt.offset_by(f"-{YEAR - 1}mo"), last, interval="1mo")
    shifted = pl.col("month").dt.offset_by(pl.format("-{}mo", "downtime_days_lag"))
    return (
        shard.done["returns"]
        .filter(pl.col("downtime_days_lag") <= returns.FRESH)
        .select("client_id", "downtime_days_lag", days=last_months("downtime_days", YEAR), month=months)
        .explode("days", "month", empty_as_null=True)
        .select("client_id", month=shifted, days="days")
    )


def _running(shard: Shard) -> pl.LazyFrame:
    """client_id, running_60, running_60_median: seven windows of exactly 60 days that end at T; null for a shorter history."""
    as_of, windows = shard.night.as_of, WINDOWS_BEFORE + 1
    begin = as_of - timedelta(days=windows * WINDOW - 1)
    paid = shard.monthly["recent"].filter(
        pl.col("counted"), pl.col("direction") == "out", pl.col("category").is_in(RUNNING), pl.col("booked_on") >= begin
    )
    window = (as_of - pl.col("booked_on")).dt.total_days() // WINDOW
    sums = paid.group_by("client_id").agg(
        total(pl.col("amount").filter(window == n)).alias(f"w{n}") for n in range(windows)
    )
    before = [pl.col(f"w{n}") for n in range(1, windows)]
    known = pl.all_horizontal([w.is_not_null() for w in before])
    return transactions.over_days(shard, windows * WINDOW - 1, sums).select(
        "client_id",
        running_60="w0",
        running_60_median=pl.when(known).then(pl.concat_list(before).list.median().round(0).cast(pl.Int64)),
    )


def _idle(shard: Shard) -> pl.LazyFrame:
    """client_id and how often utilities and raw material were paid in exactly 45 days and in the six months before."""
    as_of = shard.night.as_of
    since = as_of - timedelta(days=IDLE_DAYS)
    begin = months_before(since, BEFORE_MONTHS)
    now, earlier = within("booked_on", as_of, IDLE_DAYS - 1), pl.col("booked_on").is_between(begin, since)
    paid = shard.monthly["recent"].filter(pl.col("counted"), pl.col("direction") == "out")
    counts = paid.group_by("client_id").agg(
        (window & (pl.col("category") == name).fill_null(False)).sum().cast(pl.Int64).alias(f"{name}_{suffix}")
        for name in ("utility", "raw_material")
        for suffix, window in (("45", now), ("before", earlier))
    )
    return transactions.over_days(shard, (as_of - begin).days, counts)
