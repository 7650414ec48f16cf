"""Whether the notes changed how assets are depreciated or amortised (FIN-24).

The policies on depreciation method, useful life and amortisation life of the newest notes beside the same of the period
before, as in FIN-19; readings G8, G15, S2.
"""

import polars as pl

from transforms.columns import DAY, FLAG, KEYS, many
from transforms.features.policies import beside_before
from transforms.shard import Shard

READS = ("disclosures",)
ITEMS = ("depreciation_method", "useful_life", "amortisation_life")
PANEL = [
    *many(
        "disclosures",
        (None, "depreciation_policy_on"),
        ("depreciation_policy_keys",),
        (
            "depreciation_policy_changed",
            FLAG,
            "method or life differs from the period before, no new standard asked for it",
        ),
        ("depreciation_policy_on", DAY, "period end of the newest notes"),
        ("depreciation_policy_keys", KEYS, "the notes that changed, new and old"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null without fresh notes on these items or without those of the period before."""
    changed = pl.col("changed") & ~pl.col("mandated")
    found = (
        beside_before(shard)
        .filter(pl.col("item").is_in(ITEMS))
        .group_by("client_id")
        .agg(
            depreciation_policy_changed=changed.any(),
            depreciation_policy_on=pl.col("period_end").max(),
            depreciation_policy_keys=pl.concat_list("key", "old_key").filter(changed).explode().sort(),
        )
    )
    return shard.ids().join(found, on="client_id", how="left").sort("client_id")
