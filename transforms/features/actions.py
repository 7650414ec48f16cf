"""What a person did with a finding: the newest action on file per client and signal (events of kind signal_action).

Validation refuses a `clear` that no risk officer approved (check V5), so what arrives here is approved.
"""

from collections.abc import Mapping

import polars as pl

from transforms import events
from transforms.shard import Shard

VALID_DAYS = 180  # when the action does not say until when
LATEST: Mapping[str, pl.DataType] = {
    "client_id": pl.String(),
    "signal_id": pl.String(),
    "action": pl.String(),
    "action_by": pl.String(),
    "action_on": pl.Date(),
    "action_until": pl.Date(),
}


def latest(shard: Shard) -> pl.LazyFrame:
    """Long, LATEST: one row per client and signal, its newest action still in force at T; sorted by both."""
    until = pl.col("ends_on").fill_null(pl.col("happened_on").dt.offset_by(f"{VALID_DAYS}d"))
    rows = events.of_clients(shard, events.known(shard, "signal_action")).sort("happened_on", "recorded_on", "event_id")
    return (
        rows.group_by("client_id", "signal_id")
        .agg(
            action=pl.col("subtype").last(),
            action_by=pl.coalesce("approved_by", "reported_by").last(),
            action_on=pl.col("happened_on").last(),
            action_until=until.last(),
        )
        .filter(pl.col("action_until") >= shard.night.as_of)
        .select([pl.col(name).cast(dtype) for name, dtype in LATEST.items()])
        .sort("client_id", "signal_id")
    )
