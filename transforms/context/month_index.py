"""The month index: how each month of the year usually stands to its year in the bank's own book (readings.md S9).

The DECLINE of a client divides its months by it: a February that every neighbour shares is no fall of its own.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arithmetic import lag, total
from transforms.night import Night

LEVELS = ("division", "section", "book")  # narrowest first
CLIENTS, BLOCK = 20, 12


def groups(identity: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, division (letter, two digits; null for a shorter code), section (letter), book: a client's groups."""
    code = pl.col("industry_code")
    return identity.select(
        "client_id",
        division=pl.when(code.str.len_chars() >= 3).then(code.str.head(3)),
        section="industry_section",
        book=pl.lit("book"),
    )


def monthly(flow_series: pl.LazyFrame, balance_series: pl.LazyFrame) -> Mapping[str, pl.LazyFrame]:
    """Each measure's client_id, month, value (Int64 minor units): opin, turnover (in and out together), adb."""
    values = {"opin": pl.col("opin"), "turnover": pl.col("opin") + pl.col("opout")}
    flows = {name: flow_series.select("client_id", "month", value=value) for name, value in values.items()}
    return {**flows, "adb": balance_series.select("client_id", "month", value="adb")}


def index(
    night: Night, identity: pl.LazyFrame, flow_series: pl.LazyFrame, balance_series: pl.LazyFrame
) -> pl.LazyFrame:
    """The index of opin, turnover and adb: the frame of `index_of` for the measures of `monthly`."""
    return index_of(night, identity, monthly(flow_series, balance_series))


def index_of(night: Night, identity: pl.LazyFrame, measures: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """measure, group, shift, month_of_year, index (mean 1): every group with 20 clients that have a year of months.

    `measures`: name → client_id, month, value. `shift` is the month-end: 0 for T's last full month, 1 for the one before. A
    group with a month in which the typical client stands at nothing gets no index: dividing by it would say nothing.
    """
    of_client = groups(identity)
    parts = [
        _group_index(_shares(night, series, shift).join(of_client, on="client_id"), level).select(
            pl.lit(name).alias("measure"), "group", pl.lit(shift, pl.Int64).alias("shift"), "month_of_year", "index"
        )
        for name, series in measures.items()
        for shift in (0, 1)
        for level in LEVELS
    ]
    return pl.concat(parts).sort("measure", "group", "shift", "month_of_year")


def _shares(night: Night, series: pl.LazyFrame, shift: int) -> pl.LazyFrame:
    """client_id, month_of_year, share: month over the mean of its twelve, averaged over the last two such blocks.

    A client with one block has that one; months of a block with an unknown month or a mean of nothing do not count.
    """
    value, block = pl.col("value"), ["client_id", "block"]
    months = series.with_columns(lag=lag(night.month(shift))).filter(pl.col("lag").is_between(0, 2 * BLOCK - 1))
    blocks = months.with_columns(block=pl.col("lag") // BLOCK)
    means = (
        blocks.group_by(block)
        .agg(mean=total(value) / BLOCK, months=pl.len())
        .filter(pl.col("months") == BLOCK, pl.col("mean") > 0)
    )
    newest = means.filter(pl.col("block") == 0)
    return (
        blocks.join(means, on=block)
        .join(newest, on="client_id", how="semi")
        .group_by("client_id", month_of_year=pl.col("month").dt.month().cast(pl.Int64))
        .agg(share=(value / pl.col("mean")).mean())
    )


def _group_index(shares: pl.LazyFrame, level: str) -> pl.LazyFrame:
    """group, month_of_year, index of the groups of one level that are large enough."""
    medians = (
        shares.filter(pl.col(level).is_not_null())
        .group_by(pl.col(level).alias("group"), "month_of_year")
        .agg(clients=pl.len(), median=pl.col("share").median())
        .filter(pl.col("clients") >= CLIENTS)
    )
    whole = (
        medians.sort("group", "month_of_year")
        .group_by("group")
        .agg(mean=pl.col("median").mean(), least=pl.col("median").min())
    )
    return medians.join(whole.filter(pl.col("least") > 0), on="group").select(
        "group", "month_of_year", index=(pl.col("median") / pl.col("mean")).round(9)
    )
