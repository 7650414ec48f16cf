"""Do products come back: refunds against inflow, recalls and quality penalties on record (MGT-21)."""

import polars as pl

from transforms import decline, events
from transforms.arithmetic import lag, ratio, total
from transforms.columns import KEYS, C, R, many
from transforms.features import transactions
from transforms.shard import Shard

READS = ("events", "transactions")
QUALITY = ("quality_penalty", "recall")
EVENT_DAYS = 180
PANEL = [
    *many(
        "transactions",
        ("flow_period_from", "flow_period_to"),
        ("flow_key",),
        ("refund_share_3", R, "refunds over inflow, three months"),
        ("refund_share_12", R, "refunds over inflow, the twelve months before"),
    ),
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("quality_registry_keys",),
        ("quality_registry_180", C, "quality penalties and recalls on the register in 180 days"),
        ("quality_registry_keys", KEYS, "their rows"),
    ),
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("quality_news_keys",),
        ("quality_news_180", C, "recalls in the news in 180 days"),
        ("quality_news_keys", KEYS, "their rows"),
    ),
]
COLUMNS = [column.name for column in PANEL]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; counts null where the kind is not connected, shares where history is too short."""
    frame = shard.ids().join(_refunds(shard), on="client_id", how="left")
    for kind in ("registry", "news"):
        frame = frame.join(_events(shard, kind), on="client_id", how="left")
    return frame.select("client_id", *COLUMNS).sort("client_id")


def _events(shard: Shard, kind: str) -> pl.LazyFrame:
    """client_id, quality_<kind>_180 and _keys of the rows about the client itself; lifted ones left out (G12)."""
    rows = events.of_clients(shard, events.known(shard, kind, EVENT_DAYS)).filter(pl.col("subtype").is_in(QUALITY))
    counted = rows.group_by("client_id").agg(
        pl.len().cast(pl.Int64).alias(f"quality_{kind}_180"), pl.col("key").sort().alias(f"quality_{kind}_keys")
    )
    return shard.per_client(counted, "events", kind)


def _refunds(shard: Shard) -> pl.LazyFrame:
    """client_id, refund_share_3, refund_share_12; without a refund the share is 0 whatever came in."""
    night, at = shard.night, pl.col("lag")
    paid = (
        shard.monthly["categories"]
        .filter(pl.col("direction") == "out", pl.col("category") == "refund")
        .select("client_id", "month", refunds="amount")
    )
    inflow = transactions.series(night, shard.clients, shard.monthly["months"]).select("client_id", "month", "opin")
    months = transactions.filled(transactions.covered(shard), paid, "refunds").join(inflow, on=["client_id", "month"])

    def share(first: int, length: int) -> pl.Expr:
        window = at.is_between(first, first + length - 1)
        refunds, opin = (total(pl.col(name).filter(window)) for name in ("refunds", "opin"))
        known = pl.when(refunds == 0).then(0.0).otherwise(ratio(refunds, opin))
        return pl.when(at.max() >= first + length - 1).then(known)

    return (
        months.with_columns(lag=lag(night.last_full_month))
        .group_by("client_id")
        .agg(refund_share_3=share(0, decline.RECENT), refund_share_12=share(decline.RECENT, decline.BEFORE))
    )
