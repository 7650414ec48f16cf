"""Accounting policies in the notes: what changed against the period before, and whether a new standard asked for it.

From the optional table disclosures (input-model.md 4.7); rule FIN-19, readings G8, G15, S2.
"""

import polars as pl

from transforms.columns import DAY, KEYS, C, many
from transforms.notes import ITEM, listed, newest, with_period_before
from transforms.shard import Shard

READS = ("disclosures",)
KIND = "accounting_policy"
REVENUE = "revenue_recognition"

_PERIOD = ("policies_period_before", "policies_period_end")
PANEL = [
    *many(
        "disclosures",
        _PERIOD,
        ("policy_keys",),
        ("policies_period_end", DAY, "period end of the newest notes on accounting policies"),
        ("policies_period_before", DAY, "period end of the notes before"),
        ("policies_changed", C, "policies changed without a new standard"),
        ("policies_mandated", C, "policies a new standard changed"),
        ("revenue_policies_changed", C, "of those without a new standard: how revenue is recognised"),
        ("policy_keys", KEYS, "the changed policies, new and old; all compared when none changed"),
    ),
]


def beside_before(shard: Shard) -> pl.LazyFrame:
    """Each policy's newest fresh note beside the same item's of the period before: `old_value`, `old_key`, `changed`.

    Both are the item's own: notes in between that leave it out do not count. One that was not noted before is left out.
    """
    rows = listed(shard, KIND)
    old = rows.select(*ITEM, period_before="period_end", old_value="text_value", old_key="key")
    pairs = newest(with_period_before(rows, by=ITEM), by=ITEM).join(old, on=[*ITEM, "period_before"])
    return pairs.with_columns(changed=pl.col("text_value") != pl.col("old_value"))


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where no policy has a fresh note and one of the period before."""
    changed, mandated = pl.col("changed"), pl.col("mandated")
    both = pl.concat_list("key", "old_key")
    counts = (
        beside_before(shard)
        .group_by("client_id")
        .agg(
            policies_period_end=pl.col("period_end").max(),
            policies_period_before=pl.col("period_before").max(),
            policies_changed=(changed & ~mandated).sum().cast(pl.Int64),
            policies_mandated=(changed & mandated).sum().cast(pl.Int64),
            revenue_policies_changed=(changed & ~mandated & (pl.col("item") == REVENUE)).sum().cast(pl.Int64),
            policy_keys=both.filter(changed | ~changed.any()).explode().sort(),
        )
    )
    return shard.ids().join(counts, on="client_id", how="left").sort("client_id")
