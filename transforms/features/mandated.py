"""Whether a new standard asked for the change of depreciation, by the newest fresh notes (MOR-10; readings MOR-10, G8)."""

import polars as pl

from transforms import notes
from transforms.columns import FLAG, KEYS, many
from transforms.shard import Shard

READS = ("disclosures",)
ITEMS = ("depreciation_method", "useful_life")
PANEL = [
    *many(
        "disclosures",
        (None, "as_of"),
        ("depreciation_mandate_keys",),
        ("depreciation_mandated", FLAG, "the notes say a new standard changed how assets are depreciated"),
        ("depreciation_mandate_keys", KEYS, "those notes"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null without a fresh note on the method or the useful lives."""
    asked = notes.newest(notes.listed(shard, "accounting_policy").filter(pl.col("item").is_in(ITEMS)))
    told = asked.group_by("client_id").agg(
        depreciation_mandated=pl.col("mandated").fill_null(value=False).any(),
        depreciation_mandate_keys=pl.col("key").sort(),
    )
    return shard.ids().join(told, on="client_id", how="left").sort("client_id")
