"""Which key figures have worsened month by month for half a year (MGT-03): those that need no month index.

A figure counts when Kendall's tau-a of its last six monthly points against time is 0.6 or more the wrong way and it moved
10 % or more in all. Output, orders and headcount come from the client's return; gross margin, DSO and DIO from statements filed
every month, up to the newest, which like a return must be of the last full month or the one before. Turnover and balances, which
are divided by the month's index, follow in context/trend.py. Readings S4, S11, G8, G15, MGT-03.
"""

from collections.abc import Sequence

import polars as pl

from transforms.arithmetic import lag, ratio
from transforms.columns import FLAG, many
from transforms.features import statements
from transforms.features.returns import FRESH, last_months
from transforms.kendall import tau_a
from transforms.shard import Shard

READS = ("series", "statements")
POINTS, TAU, MOVE = 6, 0.6, 0.10  # months; what makes a figure count
DAYS = 365
FILED = {"output_units": "output_worse", "orders": "orders_worse", "headcount": "headcount_worse"}

PANEL = [
    *many(
        "series",
        (None, "flow_period_to"),
        (),
        ("output_worse", FLAG, "output fell over six months"),
        ("orders_worse", FLAG, "orders fell over six months"),
        ("headcount_worse", FLAG, "headcount fell over six months"),
    ),
    *many(
        "statements",
        (None, "statement_period_end"),
        ("statement_key",),
        ("margin_worse", FLAG, "gross margin fell over six months"),
        ("dso_worse", FLAG, "days sales outstanding rose over six months"),
        ("dio_worse", FLAG, "days of inventory rose over six months"),
    ),
]
COLUMNS = [column.name for column in PANEL]


def worse(points: Sequence[pl.Expr], rising: bool = False) -> pl.Expr:
    """Whether the six points, oldest first, go the wrong way: down, or up where `rising` is bad.

    Unknown when a point is, and for a figure that goes the wrong way from a first point <= 0 (reading G10).
    """
    sign = 1 if rising else -1
    first, last = points[0], points[-1]
    move = pl.when(first > 0).then(sign * (last / first - 1)).round(9)
    known = pl.all_horizontal([point.is_not_null() for point in points])
    return pl.when(known).then((sign * tau_a(points) >= TAU) & (move >= MOVE))


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where six monthly points are not known."""
    filed = shard.done["returns"].select(
        "client_id",
        *(
            worse([last_months(name, POINTS).list.get(n, null_on_oob=True) for n in range(POINTS)]).alias(column)
            for name, column in FILED.items()
        ),
    )
    return (
        shard.ids()
        .join(filed, on="client_id", how="left")
        .join(_of_statements(shard), on="client_id", how="left")
        .select("client_id", *COLUMNS)
        .sort("client_id")
    )


def _of_statements(shard: Shard) -> pl.LazyFrame:
    """client_id, margin_worse, dso_worse, dio_worse from the filings of six month-ends of the statement's scope."""
    filings = statements.known(shard.night, shard.table("statements"))
    newest = shard.done["statements"].select(
        party_id="client_id", scope="statement_scope", newest="statement_period_end"
    )
    fresh = newest.filter(lag(shard.night.last_full_month, "newest") <= FRESH)
    end = pl.col("newest").dt.offset_by(pl.format("-{}mo", POINTS - 1 - pl.col("point"))).dt.month_end()
    months = fresh.join(pl.LazyFrame({"point": range(POINTS)}), how="cross").with_columns(period_end=end)
    rows = months.join(_figures(filings, months), on=["party_id", "period_end"], how="left")

    def points(name: str) -> list[pl.Expr]:
        return [pl.col(name).filter(pl.col("point") == n).first() for n in range(POINTS)]

    return rows.group_by(client_id="party_id").agg(
        margin_worse=worse(points("margin")),
        dso_worse=worse(points("dso"), rising=True),
        dio_worse=worse(points("dio"), rising=True),
    )


def _figures(filings: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, period_end, margin (year to date), dso, dio (twelve months, S4) of the filings at those month-ends."""
    period, flows = ["party_id", "scope", "period_end"], ("revenue", "cogs")
    best = filings.filter(pl.col("order") == pl.col("order").max().over(period))
    alike = filings.filter(pl.col("order") == pl.col("order").max().over([*period, "months"]))
    full = alike.filter(pl.col("months") == 12).select(*period, *flows)
    rows = best.join(months.select(period), on=period, how="semi").select(
        *period, "months", *flows, "accounts_receivable", "inventory"
    )
    end = pl.col("period_end")
    year_before = full.with_columns(full_end=end).drop("period_end")
    year_ago = alike.select("party_id", "scope", "months", *flows, period_end=end.dt.offset_by("1y").dt.month_end())
    rolled = (
        rows.with_columns(full_end=end.dt.offset_by(pl.format("-{}mo", "months")).dt.month_end())
        .join(year_before, on=["party_id", "scope", "full_end"], how="left", suffix="_year")
        .join(year_ago, on=[*period, "months"], how="left", suffix="_ago")
        .join(_newest_year(rows, full), on=period, how="left")
    )

    def twelve(flow: str) -> pl.Expr:
        own = (
            pl.when(pl.col("months") == 12)
            .then(flow)
            .otherwise(pl.col(flow) + pl.col(f"{flow}_year") - pl.col(f"{flow}_ago"))
        )
        return pl.coalesce(own, f"{flow}_full")

    return rolled.select(
        "party_id",
        "period_end",
        margin=ratio(pl.col("revenue") - pl.col("cogs"), pl.col("revenue")),
        dso=ratio(DAYS * pl.col("accounts_receivable"), twelve("revenue")),
        dio=ratio(DAYS * pl.col("inventory"), twelve("cogs")),
    )


def _newest_year(rows: pl.LazyFrame, full: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, scope, period_end, revenue_full, cogs_full: the newest full year ended by then, at most 15 months before."""
    end, ended = pl.col("period_end"), pl.col("ended")
    oldest = end.dt.offset_by(f"-{statements.FALLBACK_MONTHS}mo")
    return (
        rows.select("party_id", "scope", "period_end")
        .join(full.rename({"period_end": "ended"}), on=["party_id", "scope"])
        .filter(ended <= end, ended >= oldest)
        .sort("party_id", "scope", "period_end", "ended")
        .group_by("party_id", "scope", "period_end")
        .agg(revenue_full=pl.col("revenue").last(), cogs_full=pl.col("cogs").last())
    )
