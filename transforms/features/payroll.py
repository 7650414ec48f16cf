"""Wages and people: when payroll is paid, to how many, who leaves, who sues (MGT-33, MGT-34).

The day of a payroll is that of the month's first payroll row (MGT-33); `payees` is the mean payee_count of the month's
payroll rows (MGT-34). Staff figures of the client's own return come from features/returns.py and features/headcount.py.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import lag
from transforms.columns import FLAG, KEYS, MONTH, C, D, R, S, many
from transforms.features import returns
from transforms.features.returns import MONTHS, last_months, whole
from transforms.night import month_start
from transforms.shard import Shard

READS = ("events", "series", "transactions")
YEAR, REGULAR, TESTED = 12, 10, 2  # months looked back, months with a payroll among them, months running late
GRACE_DAYS = 10
CASE_DAYS = 180

_FLOW = ("flow_period_from", "flow_period_to")
PANEL = [
    *many(
        "transactions",
        _FLOW,
        ("flow_key",),
        ("payroll_regular", FLAG, "payroll in ten of the twelve months before the last"),
        ("payroll_median_day", S, "usual day of the month payroll is paid on"),
        ("payroll_delay", D, "days both of the last two payrolls came after it, 0 when one did not"),
        ("payroll_missed", FLAG, "a regular payer paid no payroll in a full month and ten days"),
        ("payroll_month", MONTH, "the month looked at for a payroll"),
        ("payees", S, "people paid by a payroll of the last full month"),
        ("payees_year_ago", S, "a year before"),
    ),
    *many(
        "series",
        (None, "headcount_on"),
        ("headcount_key",),
        ("headcount_year_ago", C, "employees a year before"),
        ("leavers_share_12", R, "leavers of twelve months over the mean headcount"),
    ),
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("labour_keys",),
        ("labour_cases_180", C, "labour arbitrations in 180 days"),
        ("labour_cases_before", C, "in the same time before"),
        ("labour_keys", KEYS, "the arbitrations of 180 days"),
    ),
]
COLUMNS = [column.name for column in PANEL]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where history is under twelve months, nothing fresh is filed or no kind connected."""
    frame = shard.ids()
    for part in (_payroll(shard), _payees(shard), _people(shard), _cases(shard)):
        frame = frame.join(part, on="client_id", how="left")
    return frame.select("client_id", *COLUMNS).sort("client_id")


def _payroll(shard: Shard) -> pl.LazyFrame:
    """client_id, payroll_regular, payroll_median_day, payroll_delay, payroll_missed, payroll_month.

    The usual day is the median of the twelve full months before the two tested; the month looked at for a payroll is the
    newest full one whose ten days of grace are over at T. Unknown under twelve months of history.
    """
    night, at, day = shard.night, pl.col("lag"), pl.col("first_on").dt.day()
    grace = timedelta(days=GRACE_DAYS)
    ended = next(k for k in range(YEAR) if month_start(night.month(k), -1) - timedelta(days=1) + grace <= night.as_of)
    in_grace = (at == ended - 1) & (day <= GRACE_DAYS)
    paid = (
        shard.monthly["categories"]
        .filter(pl.col("direction") == "out", pl.col("category") == "payroll")
        .with_columns(lag=lag(night.last_full_month))
        .group_by("client_id")
        .agg(
            months=at.is_between(1, YEAR).sum(),
            median=day.filter(at.is_between(TESTED, TESTED + YEAR - 1)).median(),
            days=day.filter(at < TESTED, at >= 0).len(),
            earliest=day.filter(at < TESTED, at >= 0).min(),
            paid=((at == ended) | in_grace).any(),
        )
    )
    long_enough = pl.col("history_months") >= YEAR
    regular = pl.col("months").fill_null(0) >= REGULAR
    late = (pl.col("earliest") - pl.col("median")).clip(lower_bound=0)
    delay = pl.when(regular & (pl.col("days") == TESTED)).then(late).otherwise(0.0)
    known = {
        "payroll_regular": regular,
        "payroll_median_day": pl.col("median"),
        "payroll_delay": delay.cast(pl.Float64),
        "payroll_missed": regular & ~pl.col("paid").fill_null(False),
    }
    return (
        shard.done["transactions"]
        .select("client_id", "history_months")
        .join(paid, on="client_id", how="left")
        .select("client_id", *(pl.when(long_enough).then(expr).alias(name) for name, expr in known.items()))
        .with_columns(payroll_month=pl.lit(night.month(ended)))
    )


def _payees(shard: Shard) -> pl.LazyFrame:
    """client_id, payees, payees_year_ago: mean payee_count of the payroll rows of the last full month and a year before."""
    at = lag(shard.night.last_full_month, "booked_on")
    return (
        shard.monthly["recent"]
        .filter(pl.col("counted"), pl.col("direction") == "out", pl.col("category") == "payroll")
        .group_by("client_id")
        .agg(
            payees=pl.col("payee_count").filter(at == 0).mean().round(9),
            payees_year_ago=pl.col("payee_count").filter(at == YEAR).mean().round(9),
        )
    )


def _people(shard: Shard) -> pl.LazyFrame:
    """client_id, headcount_year_ago (the same month a year before), leavers_share_12 (all twelve months of leavers filed)."""
    leavers = whole(last_months("leavers", YEAR), YEAR).list.sum()
    mean = pl.col("headcount_months").list.slice(MONTHS - pl.col("leavers_lag") - YEAR, YEAR).list.mean()
    year_ago = returns.value_at("headcount", YEAR, fresh=None)
    return shard.done["returns"].select(
        "client_id",
        headcount_year_ago=year_ago.round(0).cast(pl.Int64),
        leavers_share_12=pl.when(mean > 0).then(leavers / mean).round(9),
    )


def _cases(shard: Shard) -> pl.LazyFrame:
    """client_id, labour_cases_180, labour_cases_before, labour_keys; rows withdrawn by T are left out (G12)."""
    rows = events.of_clients(shard, events.known(shard, "registry")).filter(pl.col("subtype") == "labour_arbitration")
    days = (shard.night.as_of - pl.col("happened_on")).dt.total_days()
    recent = days <= CASE_DAYS  # T − 180 d to T; the window before is as long and ends the day before (G5)
    counted = rows.group_by("client_id").agg(
        labour_cases_180=recent.sum().cast(pl.Int64),
        labour_cases_before=days.is_between(CASE_DAYS + 1, 2 * CASE_DAYS + 1).sum().cast(pl.Int64),
        labour_keys=pl.col("key").filter(recent).sort(),
    )
    return shard.per_client(counted, "events", "registry")
