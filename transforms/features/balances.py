"""Average daily balances per client (ADB). Rules: signals.md section 3, readings.md S8, S2 and G5.

A balance row holds until the account's next one. For each account the product of balance and days is summed up once;
what a window holds is the difference of two points of that sum: two look-ups a window, and no day is ever written out.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import total
from transforms.columns import FLAG, M, many
from transforms.decline import SERIES_MONTHS
from transforms.night import Night, month_start

DEMAND = "demand"
Windows = Mapping[str, tuple[date, date]]  # name → first and last day, both in


_QUARTER = ("ninety_days_ago", "as_of")
PANEL = [
    *many(
        "balances",
        _QUARTER,
        ("balance_key",),
        ("adb_90", M, "average daily balance, 90 days"),
        ("adb_365_before_90", M, "average balance of the 365 days before"),
        ("adb_180", M, "average daily balance, 180 days"),
        ("adb_180_before", M, "of the 180 days before"),
        ("adb_365_all_kinds", M, "average balance of all accounts, 365 days"),
        ("all_demand_closed", FLAG, "every demand account is closed"),
    ),
]


def _days_back(night: Night, first: int, length: int) -> tuple[date, date]:
    """The `length` days that end `first` days before T."""
    last = night.as_of - timedelta(days=first)
    return last - timedelta(days=length - 1), last


def measure(night: Night, clients: pl.LazyFrame, accounts: pl.LazyFrame, balances: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client: adb_90, adb_365_before_90, adb_180, adb_180_before, adb_365_all_kinds, all_demand_closed.

    Averages of end-of-day balances in minor units (Int64), demand accounts unless said otherwise, over days ending at
    T; unknown where an account's balance is (S8), where it is in another currency, for a client younger than the window
    and for one that never had such an account.
    """
    windows = {
        "adb_90": _days_back(night, 0, 90),
        "adb_365_before_90": _days_back(night, 90, 365),
        "adb_180": _days_back(night, 0, 180),
        "adb_180_before": _days_back(night, 180, 180),
    }
    year = {"adb_365_all_kinds": _days_back(night, 0, 365)}
    known = _known(night, clients, accounts)
    demand = known.filter(pl.col("kind") == DEMAND)
    closed = demand.group_by("client_id").agg(
        all_demand_closed=(pl.col("closed_on") <= night.as_of).fill_null(False).all()
    )
    return (
        clients.select("client_id")
        .join(_wide(_averages(night, demand, balances, windows), windows), on="client_id", how="left")
        .join(_wide(_averages(night, known, balances, year), year), on="client_id", how="left")
        .join(closed, on="client_id", how="left")
        .with_columns(pl.col("all_demand_closed").fill_null(False))
        .sort("client_id")
    )


def series(night: Night, clients: pl.LazyFrame, accounts: pl.LazyFrame, balances: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, month, adb: monthly averages of the demand accounts, from the first known of 36 full months on."""
    firsts = [night.month(back) for back in reversed(range(SERIES_MONTHS))]
    windows = {first.isoformat(): (first, month_start(first, -1) - timedelta(days=1)) for first in firsts}
    demand = _known(night, clients, accounts).filter(pl.col("kind") == DEMAND)
    monthly = _averages(night, demand, balances, windows).select("client_id", month="first", adb="average")
    begun = monthly.drop_nulls("adb").group_by("client_id").agg(begin=pl.col("month").min())
    return (
        monthly.join(begun, on="client_id")
        .filter(pl.col("month") >= pl.col("begin"))
        .select("client_id", "month", "adb")
        .sort("client_id", "month")
    )


def _known(night: Night, clients: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """The clients' accounts opened by T, `client_since` (day of the client's first account) and `home` (currency)."""
    return (
        accounts.filter(pl.col("opened_on") <= night.as_of)
        .join(clients.select("client_id"), on="client_id", how="semi")
        .select(
            "account_id",
            "client_id",
            "kind",
            "opened_on",
            "closed_on",
            client_since=pl.col("opened_on").min().over("client_id"),
            home=pl.col("currency") == night.home_currency,
        )
    )


def _averages(night: Night, accounts: pl.LazyFrame, balances: pl.LazyFrame, windows: Windows) -> pl.LazyFrame:
    """client_id, window, first, average: the accounts' balances together, averaged over the days of each window.

    Sums begin at the first day of the earliest window, at most 37 months back, so that Int64 holds them while the
    balances of one client stay under 8e15 minor units.
    """
    spans = pl.LazyFrame(
        [(name, *window) for name, window in windows.items()],
        schema={"window": pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
    held = _held(night, accounts, balances, horizon=min(first for first, _ in windows.values()))
    rows_from = held.group_by("account_id").agg(rows_from=pl.col("begin").min())
    last_day = pl.col("closed_on").dt.offset_by("-1d")  # from closing on an account holds nothing
    opened = pl.max_horizontal("first", "opened_on")
    ended = pl.min_horizontal("last", last_day)  # an open account has no last day
    known = (opened > ended) | (pl.col("rows_from") <= opened).fill_null(False)
    asked = accounts.join(spans, how="cross").join(rows_from, on="account_id", how="left").with_columns(known=known)
    ends = asked.with_columns(day=ended, sign=pl.lit(1, pl.Int64))
    starts = asked.with_columns(
        day=pl.min_horizontal(pl.col("first").dt.offset_by("-1d"), last_day), sign=pl.lit(-1, pl.Int64)
    )
    days = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    return (
        pl.concat([starts, ends])
        .sort("account_id", "day")
        .join_asof(held, left_on="day", right_on="begin", by="account_id", check_sortedness=False)
        .with_columns(amount=pl.when(pl.col("known")).then((pl.col("sign") * _sum_to(pl.col("day"))).fill_null(0)))
        .group_by("client_id", "client_since", "window", "first", "last")
        .agg(total(pl.col("amount")).alias("amount"))
        .select(
            "client_id",
            "window",
            "first",
            average=pl.when(pl.col("client_since") <= pl.col("first")).then(_mean(pl.col("amount"), days)),
        )
    )


def _held(night: Night, accounts: pl.LazyFrame, balances: pl.LazyFrame, horizon: date) -> pl.LazyFrame:
    """account_id, begin, balance, before: the balance from `begin` on, and the balance-days before that day.

    Only accounts in the home currency: another one is an account whose balance nobody knows.
    """
    same = pl.col("account_id") == pl.col("account_id").shift(-1)
    until = pl.when(same).then(pl.col("date").shift(-1))
    product = pl.col("balance") * (pl.col("until") - pl.col("begin")).dt.total_days().fill_null(0)
    return (
        balances.filter(pl.col("date") <= night.as_of)
        .join(accounts.filter(pl.col("home")).select("account_id", "opened_on"), on="account_id")
        .sort("account_id", "date")
        .with_columns(until=until, begin=pl.max_horizontal("date", "opened_on", pl.lit(horizon)))
        .filter(pl.col("until").is_null() | (pl.col("until") > pl.col("begin")))
        .with_columns(product=product)
        .with_columns(before=pl.col("product").cum_sum().over("account_id") - pl.col("product"))
        .select("account_id", "begin", "balance", "before")
    )


def _sum_to(day: pl.Expr) -> pl.Expr:
    """Balance-days up to and with `day`, whose row was looked up."""
    return pl.col("before") + pl.col("balance") * ((day - pl.col("begin")).dt.total_days() + 1)


def _mean(amount: pl.Expr, days: pl.Expr) -> pl.Expr:
    """`amount / days` in whole minor units, half to even, without leaving integers."""
    whole, twice = amount // days, amount % days * 2
    return whole + ((twice > days) | ((twice == days) & (whole % 2 == 1))).cast(pl.Int64)


def _wide(averages: pl.LazyFrame, windows: Windows) -> pl.LazyFrame:
    """One row per client, one column per window."""
    return averages.group_by("client_id").agg(
        pl.col("average").filter(pl.col("window") == name).first().alias(name) for name in windows
    )
