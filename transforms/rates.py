"""How often each signal fires, is clear or cannot run, tonight beside the last nights; and which of them jumped.

Every rule publishes its own rate: a feed that changes its meaning shows here first, before anybody has acted on it.
"""

import polars as pl

from transforms.contracts import RATES, empty
from transforms.night import Night
from transforms.signal import LEVELS

KEPT_NIGHTS = 31
COMPARED_NIGHTS = 5  # the median of so many is what is usual
JUMP, SURPRISE = 0.05, 3.0  # a jump: by 5 points or more, and by three standard deviations of so many clients
SHARES = ("fired", "clear", "no_data")


def tonight(answers: pl.DataFrame, night: Night) -> pl.DataFrame:
    """One row per signal: RATES of tonight alone. Shares are of the clients the signal applies to; null when of none."""
    said = pl.col("answer").cast(pl.String)
    applies = pl.col("clients") - pl.col("not_applicable")
    counts = {level: (said == level).sum().cast(pl.Int64) for level in LEVELS}
    shares = {
        "fired": pl.sum_horizontal(LEVELS),
        "clear": pl.col("clears"),
        "no_data": pl.col("blind"),
    }
    return (
        answers.unpivot(index="client_id", variable_name="signal_id", value_name="answer")
        .group_by("signal_id")
        .agg(
            **counts,
            clears=(said == "CLEAR").sum().cast(pl.Int64),
            blind=(said == "NO_DATA").sum().cast(pl.Int64),
            not_applicable=(said == "NOT_APPLICABLE").sum().cast(pl.Int64),
            clients=pl.len().cast(pl.Int64),
        )
        .with_columns(as_of=pl.lit(night.as_of), applicable=applies)
        .with_columns(
            pl.when(pl.col("applicable") > 0).then((part / pl.col("applicable")).round(9)).alias(name)
            for name, part in shares.items()
        )
        .with_columns(pl.lit(None, pl.Float64).alias(f"{name}_usual") for name in SHARES)
        .with_columns(jumped=pl.lit([], pl.List(pl.String)))
        .select([pl.col(name).cast(dtype) for name, dtype in RATES.items()])
        .sort("as_of", "signal_id")
    )


def beside(answers: pl.DataFrame, earlier: pl.DataFrame | None, night: Night) -> pl.DataFrame:
    """RATES of tonight, what was usual and what jumped, with the rows of the nights before; sorted by night and signal.

    `earlier` is what the night before published, or None.
    """
    told = empty(RATES) if earlier is None else earlier.filter(pl.col("as_of") < night.as_of)
    nights = told["as_of"].unique().sort(descending=True)
    lately = told.filter(pl.col("as_of").is_in(nights.head(COMPARED_NIGHTS).implode()))
    usual = lately.group_by("signal_id").agg(pl.col(name).median().alias(f"{name}_usual") for name in SHARES)
    now = (
        tonight(answers, night)
        .drop(f"{name}_usual" for name in SHARES)
        .join(usual, on="signal_id", how="left")
        .with_columns(
            jumped=pl.concat_list([pl.when(_jumps(name)).then(pl.lit(name)) for name in SHARES]).list.drop_nulls()
        )
        .select([pl.col(name).cast(dtype) for name, dtype in RATES.items()])
    )
    kept = told.filter(pl.col("as_of").is_in(nights.head(KEPT_NIGHTS - 1).implode()))
    return pl.concat([kept, now]).sort("as_of", "signal_id")


def _jumps(name: str) -> pl.Expr:
    """Whether tonight's share lies further from the usual one than chance and five points explain."""
    usual, n = pl.col(f"{name}_usual"), pl.col("applicable")
    step = (pl.col(name) - usual).abs()
    return (step >= JUMP) & (step >= SURPRISE * (usual * (1 - usual) / n).sqrt())


def jumps(rates: pl.DataFrame, night: Night) -> pl.DataFrame:
    """Tonight's rows of which a share jumped."""
    return rates.filter(pl.col("as_of") == night.as_of, pl.col("jumped").list.len() > 0)
