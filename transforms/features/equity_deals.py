"""Equity a client dealt in with related persons over 365 days, by the registry and by its own deals.

From the table events, kinds registry and deal (input-model.md 5.1), and party_links; rule FIN-23 and its readings, G5, G12,
G21, S2.
"""

import polars as pl

from transforms import events
from transforms.columns import FLAG, KEYS, C, many
from transforms.dealings import DAYS, deals, with_related
from transforms.shard import Shard

READS = ("events", "party_links")
SAME_WITHIN = 5  # days between two sources of one transfer

_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("equity_deal_keys",),
        ("equity_deals_related", C, "equity dealings with related persons in 365 days"),
        ("equity_deals_control", C, "of them with a change of control"),
        ("equity_deals_related_perhaps", C, "the same with those that may be with related persons"),
        ("equity_deals_control_perhaps", C, "of all these with a change of control"),
        ("equity_deals_unknown", FLAG, "a source is not connected"),
        ("equity_deal_keys", KEYS, "those dealings"),
    ),
]


def _twice(transfers: pl.LazyFrame, dealt: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, twice: registry rows that are also a deal's: each deal is paired with the nearest, each row once."""
    apart = (pl.col("happened_on") - pl.col("happened_on_right")).dt.total_days().abs()
    return (
        dealt.join(transfers, on=["client_id", "other_id"])
        .with_columns(apart=apart)
        .filter(pl.col("apart") <= SAME_WITHIN)
        .sort("apart", "event_id_right")
        .group_by("client_id", "event_id")
        .agg(pl.col("event_id_right").first())
        .group_by("client_id")
        .agg(twice=pl.col("event_id_right").n_unique().cast(pl.Int64))
    )


def _counted(transfers: pl.LazyFrame, dealt: pl.LazyFrame, suffix: str = "") -> pl.LazyFrame:
    """client_id and how many dealings there are, those seen twice once, and how many moved control."""
    both = pl.concat([transfers, dealt])
    counts = both.group_by("client_id").agg(
        pl.len().cast(pl.Int64).alias(f"equity_deals_related{suffix}"),
        events.flagged("control_changed").sum().cast(pl.Int64).alias(f"equity_deals_control{suffix}"),
    )
    once = pl.col(f"equity_deals_related{suffix}") - pl.col("twice").fill_null(0)
    return (
        counts.join(_twice(transfers, dealt), on="client_id", how="left")
        .with_columns(once.alias(f"equity_deals_related{suffix}"))
        .drop("twice")
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where neither the registry nor deals are connected, a lower bound where one is."""
    kinds = [shard.connected("events", kind) for kind in ("registry", "deal")]
    registered = events.of_clients(shard, events.known(shard, "registry", DAYS))
    columns = ["client_id", "event_id", "other_id", "happened_on", "flags", "key", "related"]
    transfers = with_related(shard, registered.filter(pl.col("subtype") == "equity_transfer")).select(columns)
    dealt = deals(shard, "equity_sale", "equity_purchase").select(columns)
    may_be = pl.col("related").fill_null(value=True)
    keys = (
        pl.concat([transfers, dealt]).filter("related").group_by("client_id").agg(equity_deal_keys=pl.col("key").sort())
    )
    counted = (
        _counted(transfers.filter(may_be), dealt.filter(may_be), "_perhaps")
        .join(_counted(transfers.filter("related"), dealt.filter("related")), on="client_id", how="left")
        .with_columns(pl.col("equity_deals_related", "equity_deals_control").fill_null(0))
        .join(keys, on="client_id", how="left")
        .with_columns(equity_deals_unknown=pl.lit(value=False))
        .select("client_id", *(column.name for column in PANEL))
    )
    frame = shard.per_client(counted, "events", "registry" if kinds[0] else "deal")
    return frame.with_columns(equity_deals_unknown=pl.when(pl.lit(any(kinds))).then(pl.lit(not all(kinds))))
