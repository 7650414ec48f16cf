"""Projects of a client as last reported: delay, cost overrun, standstill; and whether their building goes on.

From the table events, kind project (input-model.md 5.1), and the statements; rule MGT-20 and its readings, G5, G12, S2.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import EXACT
from transforms.columns import DAY, KEYS, TEXT, C, D, M, R, many
from transforms.features import statements
from transforms.shard import Shard

READS = ("events", "statements")
DAYS, QUARTERS_MONTHS = 365, 6
SLOWED, STOPPED, FINISHED = ("paused", "slowed"), "stopped", "finished"

_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("project_keys",),
        ("projects_open", C, "projects not finished, by their last report of 365 days"),
        ("project_delay_days", D, "longest forecast delay of their ends"),
        ("project_overrun", R, "largest revised budget over the first one, less one"),
        ("projects_slowed", C, "of them paused or slowed"),
        ("projects_stopped", C, "of them stopped"),
        ("project_keys", KEYS, "their last reports"),
    ),
    *many(
        "statements",
        ("construction_compared_to", "statement_period_end"),
        ("statement_key", "construction_compared_key"),
        ("construction_two_quarters_ago", M, "construction in progress two quarters before the newest statement"),
        ("construction_compared_to", DAY, "that statement's period end"),
        ("construction_compared_key", TEXT, "that statement"),
    ),
]


def _reported(shard: Shard) -> pl.LazyFrame:
    """client_id and the projects by their last report of 365 days, finished ones left out."""
    reports = events.of_clients(shard, events.known(shard, "project", DAYS))
    last = (
        reports.sort("happened_on", "recorded_on", "event_id")
        .group_by("client_id", project="source_ref")
        .agg(pl.col("subtype", "due_on", "ends_on", "amount", "ref_amount", "key").last())
        .filter(pl.col("subtype") != FINISHED)
    )
    delay = (pl.col("ends_on") - pl.col("due_on")).dt.total_days()
    overrun = pl.when(pl.col("ref_amount") > 0).then(pl.col("amount") / pl.col("ref_amount") - 1)
    return last.group_by("client_id").agg(
        projects_open=pl.len().cast(pl.Int64),
        project_delay_days=delay.max().clip(lower_bound=0),
        project_overrun=overrun.max().clip(lower_bound=0).round(EXACT),
        projects_slowed=pl.col("subtype").is_in(SLOWED).sum().cast(pl.Int64),
        projects_stopped=(pl.col("subtype") == STOPPED).sum().cast(pl.Int64),
        project_keys=pl.col("key").sort(),
    )


def _built(shard: Shard) -> pl.LazyFrame:
    """client_id and construction in progress two quarters before the newest statement, in its scope."""
    now = shard.done["statements"].select("client_id", scope="statement_scope", now="statement_period_end")
    before = pl.col("now").dt.offset_by(f"-{QUARTERS_MONTHS}mo").dt.month_end()
    filings = statements.known(shard.night, shard.table("statements")).select(
        "party_id", "scope", "period_end", "order", "key", "construction_in_progress"
    )
    return (
        now.with_columns(period_end=before)
        .join(filings, left_on=["client_id", "scope", "period_end"], right_on=["party_id", "scope", "period_end"])
        .sort("order")
        .group_by("client_id")
        .agg(
            construction_two_quarters_ago=pl.col("construction_in_progress").last(),
            construction_compared_to=pl.col("period_end").last(),
            construction_compared_key=pl.col("key").last(),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Without an open project delay, overrun and counts are 0 where the kind is connected."""
    frame = shard.per_client(_reported(shard), "events", "project")
    overrun = pl.when(pl.col("projects_open") == 0).then(0.0).otherwise("project_overrun")
    return frame.with_columns(project_overrun=overrun).join(_built(shard), on="client_id", how="left").sort("client_id")
