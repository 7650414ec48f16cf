"""Items of the notes to the clients' statements, table disclosures, as they were known at T. Readings S2, G8, G15."""

from collections.abc import Sequence

import polars as pl

from transforms.night import months_before
from transforms.shard import Shard

FRESH_MONTHS = 15  # notes received longer ago are missing (reading G8)
CONSECUTIVE_MONTHS = 13  # two periods further apart do not follow one another (reading G15)
ITEM = ["client_id", "kind", "item"]


def listed(shard: Shard, *kinds: str) -> pl.LazyFrame:
    """The clients' items of those kinds, each period's in its latest version received by T; client_id is the party.

    `fresh` (Boolean): received no longer than 15 months ago; `key` the row's key. All columns of disclosures stay.
    """
    as_of = shard.night.as_of
    parts = [pl.col(name) for name in ("party_id", "period_end", "kind", "item", "received_on")]
    return (
        shard.table("disclosures")
        .filter(pl.col("kind").is_in(kinds), pl.col("received_on") <= as_of, pl.col("period_end") <= as_of)
        .rename({"party_id": "client_id"})
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .filter(pl.col("received_on") == pl.col("received_on").max().over(*ITEM, "period_end"))
        .with_columns(
            fresh=pl.col("received_on") >= months_before(as_of, FRESH_MONTHS),
            key=pl.format("disclosures:{}|{}|{}|{}|{}", pl.col("client_id"), *parts[1:]),
        )
    )


def newest(rows: pl.LazyFrame, by: Sequence[str] = ("client_id",)) -> pl.LazyFrame:
    """Those of the newest period of each client (or of each of its items, by ITEM); none where the newest are not fresh."""
    last = pl.col("period_end").max().over(by)
    return rows.filter(pl.col("period_end") == last, pl.col("fresh"))


def with_period_before(rows: pl.LazyFrame, by: Sequence[str] = ("client_id",)) -> pl.LazyFrame:
    """Each row with `period_before`: the client's (the item's) next older period end, null when it is over 13 months older."""
    ends = rows.select(*by, "period_end").unique()
    oldest = pl.col("period_end").dt.offset_by(f"-{CONSECUTIVE_MONTHS}mo")
    before = (
        ends.join(ends.rename({"period_end": "period_before"}), on=by)
        .filter(pl.col("period_before") < pl.col("period_end"), pl.col("period_before") >= oldest)
        .group_by(*by, "period_end")
        .agg(pl.col("period_before").max())
    )
    return rows.join(before, on=[*by, "period_end"], how="left")
