"""DECLINE: a lasting fall of a monthly amount, measured against the client's own past and its own noise.

Source: signals.md section 3, as settled in readings.md S9. Used for deposits and turnover (MGT-42) and payers (FIN-02).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms import festival
from transforms.arithmetic import lag, ratio, total
from transforms.night import Night

SERIES_MONTHS = 36  # what a monthly series covers: two index blocks or 15 months, the hold's month and the festival's
RECENT, BEFORE, LEAST = 3, 12, 9  # months compared, months they are compared with, months of history without which none
ZERO_SHARE, NOISE_FLOOR, MAD_TO_SIGMA = 0.01, 0.10, 1.4826


class Limits(NamedTuple):
    """What a level asks for: each measure at or below its limit."""

    r3_12: float
    y3: float
    z: float


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {"W": Limits(0.80, 0.90, -1.5), "A": Limits(0.70, 0.85, -2.0), "R": Limits(0.50, 0.75, -2.0)}
)
_RANK = {"": 0, "W": 1, "A": 2, "R": 3}
_RECENT, _BEFORE = pl.col("lag") < RECENT, pl.col("lag").is_between(RECENT, RECENT + BEFORE - 1)


def month_end(night: Night, series: pl.LazyFrame, back: int = 0) -> pl.LazyFrame:
    """DECLINE at one month-end, before the hold: client_id, r3_12, y3, z (Float64), level ("W", "A", "R", "" or null).

    `series` has client_id, month, value (null = unknown) and optionally `index_<back>` (the month index, else 1): every
    month from the client's first covered one to T's last full month. `back` is the month-end: 0 at T's last full month,
    1 the one before. Limits are the policy's.
    """
    end = night.month(back)
    index = f"index_{back}"
    named = index in series.collect_schema().names()
    adjusted, middle = pl.col("value") / pl.col("index"), pl.col("adjusted").filter(_BEFORE).median()
    # Index first, then log: a month without movement stands as 1 % of the typical month, its own log would be infinite.
    floored = pl.when(pl.col("adjusted") > 0).then("adjusted").otherwise(ZERO_SHARE * pl.col("middle"))
    months = (
        series.with_columns(lag(end).alias("lag"), (pl.col(index) if named else pl.lit(1.0)).alias("index"))
        .filter(pl.col("lag").is_between(0, RECENT + BEFORE + 1))
        .sort("client_id", "month")  # a fixed order, so that float sums have one value
        .with_columns(adjusted=adjusted)
        .with_columns(middle=middle.over("client_id"))
        .with_columns(log=pl.when(pl.col("middle") > 0).then(floored.log()))
    )
    return (
        months.group_by("client_id")
        .agg(**_windows(festival.shift(end)))
        .with_columns(**_ratios())
        .with_columns(_level(night.decline or LIMITS).alias("level"))
        .select("client_id", "r3_12", "y3", "z", "level")
        .sort("client_id")
    )


def _windows(shift: int) -> dict[str, pl.Expr]:
    """Sums, logs and noise of the compared windows; `shift` moves the two year-on-year windows back."""
    value, lag_, log = pl.col("value"), pl.col("lag"), pl.col("log")
    spread = (log.filter(_BEFORE) - log.filter(_BEFORE).median()).abs().median()
    return {
        "months": lag_.max() + 1,
        "recent": total(value.filter(_RECENT)),
        "before": total(value.filter(_BEFORE)),
        "n": _BEFORE.sum().cast(pl.Int64),
        "now": total(value.filter(lag_.is_between(shift, shift + RECENT - 1))),
        "year_ago": total(value.filter(lag_.is_between(shift + 12, shift + 11 + RECENT))),
        "year_covered": lag_.max() >= shift + 11 + RECENT,
        "typical": value.filter(_BEFORE).median(),
        "fall": log.filter(_RECENT).mean() - log.filter(_BEFORE).mean(),
        "noise": pl.max_horizontal(MAD_TO_SIGMA * spread, pl.lit(NOISE_FLOOR)),
    }


def _ratios() -> dict[str, pl.Expr]:
    """r3_12, y3 and z from the windows; all unknown below nine months of history."""
    n, enough = pl.col("n"), pl.col("months") >= LEAST
    whole = pl.col("recent").is_not_null() & pl.col("before").is_not_null() & (pl.col("typical") > 0)
    spread = pl.col("noise") * (1 / RECENT + 1 / n).sqrt()
    return {
        "r3_12": pl.when(enough).then(ratio(pl.col("recent") / RECENT, pl.col("before") / n)),
        "y3": pl.when(enough & pl.col("year_covered")).then(ratio(pl.col("now"), pl.col("year_ago"))),
        "z": pl.when(enough & whole).then(pl.col("fall") / spread).round(9),
    }


def _level(limits: Mapping[str, tuple[float, float, float]]) -> pl.Expr:
    """Highest level whose three measures hold. Without y3 nothing above W, and W then goes without it."""

    def holds(name: str) -> pl.Expr:
        limit = Limits(*limits[name])
        year = (pl.col("y3") <= limit.y3).fill_null(name == "W")
        return year & (pl.col("r3_12") <= limit.r3_12) & (pl.col("z") <= limit.z)

    evaluated = pl.col("r3_12").is_not_null() & pl.col("z").is_not_null()
    red, alert, watch = (pl.when(holds(name)).then(pl.lit(name)) for name in ("R", "A", "W"))
    return pl.when(evaluated).then(pl.coalesce(red, alert, watch, pl.lit("")))


def held(night: Night, series: pl.LazyFrame) -> pl.LazyFrame:
    """DECLINE at T with the hold: client_id, r3_12, y3, z of T's last full month, decline ("W", "A", "R", "" or null).

    A level above W needs the month-end before to be at it too; what is there now and was not before is W (readings.md
    S9). `series` as for `month_end`.
    """
    now, before = (month_end(night, series, back).with_columns(_rank()) for back in (0, 1))
    rank, rank_before = pl.col("rank"), pl.col("rank_before").fill_null(_RANK[""])
    standing = pl.max_horizontal(pl.min_horizontal(rank, rank_before), pl.lit(_RANK["W"]))
    kept = pl.when(rank > _RANK["W"]).then(standing).otherwise(rank)  # unknown stays unknown
    names = {number: name for name, number in _RANK.items()}
    return (
        now.join(before.select("client_id", rank_before="rank"), on="client_id", how="left")
        .with_columns(kept.replace_strict(names, return_dtype=pl.String).alias("decline"))
        .select("client_id", "r3_12", "y3", "z", "decline")
        .sort("client_id")
    )


def _rank() -> pl.Expr:
    """The level as a number that sorts, `rank`."""
    return pl.col("level").replace_strict(_RANK, return_dtype=pl.Int64).alias("rank")
