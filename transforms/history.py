"""What earlier nights say of a client that tonight's signals ask (reading G20): null on a first night."""

from datetime import timedelta

import polars as pl

from transforms.columns import DAY, FLAG, C, many
from transforms.night import Night, month_start

TABLE = "history"
STANDING_DAYS = 180
PANEL = many(
    TABLE,
    ("half_year_ago", "as_of"),
    (),
    ("ext_standing_180", C, "signals of the environment standing for 180 days"),
    ("first_alert_on", DAY, "the day the client first reached level A"),
    ("red_at_month_end", FLAG, "level R at the month-end before"),
    ("alert_at_three_month_ends", FLAG, "level A at the three month-ends before"),
)


def measure(
    night: Night, clients: pl.LazyFrame, findings: pl.DataFrame | None, moves: pl.DataFrame | None
) -> pl.LazyFrame:
    """One row per client: PANEL, from the findings and moves of the night before.

    first_alert_on is null, too, for a client that never reached A.
    """
    ids = clients.select("client_id").sort("client_id")
    if findings is None or moves is None:
        return ids.with_columns(pl.lit(None, column.dtype).alias(column.name) for column in PANEL)
    since = pl.col("first_seen") <= night.as_of - timedelta(days=STANDING_DAYS)
    outside = pl.col("signal_id").str.starts_with("EXT") & (pl.col("state").cast(pl.String) != "resolved")
    standing = (
        findings.lazy().filter(outside, since).group_by("client_id").agg(ext_standing_180=pl.len().cast(pl.Int64))
    )
    alerts = moves.lazy().filter(pl.col("signal_id").is_null(), pl.col("after").is_in(["A", "R", "N"]))
    first = alerts.group_by("client_id").agg(first_alert_on=pl.col("on").min())
    return (
        ids.join(standing, on="client_id", how="left")
        .join(first, on="client_id", how="left")
        .join(_month_ends(night, moves), on="client_id", how="left")
        .with_columns(
            pl.col("ext_standing_180").fill_null(0),
            pl.col("red_at_month_end", "alert_at_three_month_ends").fill_null(value=False),
        )
        .sort("client_id")
    )


def _month_ends(night: Night, moves: pl.DataFrame) -> pl.LazyFrame:
    """client_id, red_at_month_end, alert_at_three_month_ends: the levels that stood at the month-ends before T."""
    ends = [month_start(night.as_of, back) - timedelta(days=1) for back in range(3)]
    own = moves.lazy().filter(pl.col("signal_id").is_null()).sort("client_id", "on")
    levels = [
        pl.col("after").filter(pl.col("on") <= end).last().alias(f"level_{back}") for back, end in enumerate(ends)
    ]
    return (
        own.group_by("client_id")
        .agg(levels)
        .select(
            "client_id",
            red_at_month_end=pl.col("level_0") == "R",
            alert_at_three_month_ends=pl.all_horizontal(pl.col(f"level_{back}") == "A" for back in range(3)),
        )
    )
