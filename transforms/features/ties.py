"""Whom a client's fate hangs on: guarantees given for it, and the parties most of its money comes from or goes to.

Long frames, for contagion over the whole book (FIN-13, MGT-11, MGT-38, MGT-51; readings G5, G21, MGT-11).
"""

from collections.abc import Mapping

import polars as pl

from transforms import decline
from transforms.arithmetic import lag, ratio, total
from transforms.features.credit import guarantees_in_force
from transforms.shard import Shard

YEAR = 12
KEPT_SHARE = 0.05  # of the inflow or outflow of a year: no rule asks about a smaller one
GUARANTEES: Mapping[str, pl.DataType] = {
    "client_id": pl.String(),
    "guarantor_id": pl.String(),
    "amount": pl.Int64(),
    "keys": pl.List(pl.String()),
}
FLOWS: Mapping[str, pl.DataType] = {
    "client_id": pl.String(),
    "direction": pl.String(),
    "counterparty": pl.String(),
    "share": pl.Float64(),
    "share_both": pl.Float64(),
    "now_to_before": pl.Float64(),
    "months_before": pl.Int64(),
    "others_now_to_before": pl.Float64(),
}


def guarantees(shard: Shard) -> pl.LazyFrame:
    """GUARANTEES: one row per client and guarantor with a guarantee in force at T; sorted by both.

    `amount` is secured in all, minor units as delivered; `keys` the rows' keys.
    """
    rows = guarantees_in_force(shard.night, shard.table("credit_support"))
    return (
        rows.join(shard.clients.select("client_id"), on="client_id", how="semi")
        .group_by("client_id", guarantor_id="provider_id")
        .agg(amount=pl.col("secured_amount").sum(), keys=pl.format("credit_support:{}", "support_id").sort())
        .select([pl.col(name).cast(dtype) for name, dtype in GUARANTEES.items()])
        .sort("client_id", "guarantor_id")
    )


def flows(shard: Shard) -> pl.LazyFrame:
    """FLOWS: one row per client, direction and counterparty with at least 5 % of a year's inflow or outflow; sorted by them.

    `share` of OPIN(12) or OPOUT(12) by direction; `share_both` of the two together, by counterparty; `now_to_before` the
    counterparty's mean month of the last three over that of the twelve before, `months_before` in how many of those
    twelve it paid, `others_now_to_before` the same ratio of everybody else's money.
    """
    end = shard.night.last_full_month
    recent, before = pl.col("lag") < decline.RECENT, pl.col("lag").is_between(decline.RECENT, decline.RECENT + YEAR - 1)
    year = pl.col("lag").is_between(0, YEAR - 1)
    paid = (
        shard.monthly["counterparties"]
        .with_columns(lag=lag(end))
        .filter(pl.col("lag").is_between(0, decline.RECENT + YEAR - 1))
    )
    theirs = paid.group_by("client_id", "direction", "counterparty").agg(
        year=total(pl.col("amount").filter(year)),
        now=total(pl.col("amount").filter(recent)),
        before=total(pl.col("amount").filter(before)),
        months_before=pl.col("month").filter(before).n_unique().cast(pl.Int64),
    )
    whole = _whole(shard)
    mean_now, mean_before = pl.col("now") / decline.RECENT, pl.col("before") / YEAR
    others_now = (pl.col("all_now") - pl.col("now")) / decline.RECENT
    others_before = (pl.col("all_before") - pl.col("before")) / YEAR
    return (
        theirs.join(whole, on=["client_id", "direction"])
        .with_columns(
            share=ratio(pl.col("year"), pl.col("all_year")),
            now_to_before=ratio(mean_now, mean_before),
            others_now_to_before=ratio(others_now, others_before),
            both=pl.col("year").sum().over("client_id", "counterparty"),
        )
        .with_columns(share_both=ratio(pl.col("both"), pl.col("all_both")))
        .filter(pl.col("share").max().over("client_id", "counterparty") >= KEPT_SHARE)
        .select([pl.col(name).cast(dtype) for name, dtype in FLOWS.items()])
        .sort("client_id", "direction", "counterparty")
    )


def _whole(shard: Shard) -> pl.LazyFrame:
    """client_id, direction, all_year, all_now, all_before, all_both: all turnover of the windows; null = not covered."""
    end = shard.night.last_full_month
    rows = shard.monthly["months"].with_columns(lag=lag(end))
    history = shard.done["transactions"].select("client_id", "history_months")
    windows = {"all_year": (0, YEAR), "all_now": (0, decline.RECENT), "all_before": (decline.RECENT, YEAR)}
    sides = []
    for direction, column in (("in", "opin"), ("out", "opout")):
        sums = rows.group_by("client_id").agg(
            total(pl.col(column).filter(pl.col("lag").is_between(first, first + length - 1))).alias(name)
            for name, (first, length) in windows.items()
        )
        sides.append(sums.with_columns(direction=pl.lit(direction)))
    covered = [
        pl.when(pl.col("history_months") >= first + length).then(name).alias(name)
        for name, (first, length) in windows.items()
    ]
    return (
        pl.concat(sides)
        .join(history, on="client_id")
        .with_columns(covered)
        .with_columns(all_both=total(pl.col("all_year")).over("client_id"))
        .drop("history_months")
    )
