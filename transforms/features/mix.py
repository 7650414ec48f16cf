"""How much of what a client owes, and of its cover, is of one kind (input model 9.6, strategy spread)."""

import polars as pl

from transforms.arithmetic import ratio
from transforms.columns import R, many
from transforms.features.credit import cover_by_kind, drawn_by_product
from transforms.shard import Shard

READS = ("loans", "loan_status", "credit_support")
PANEL = [
    *many("loans", (None, "as_of"), ("loan_keys",), ("product_share", R, "largest product's share of the outstanding")),
    *many(
        "credit_support",
        (None, "as_of"),
        (),
        ("cover_kind_share", R, "largest kind of collateral's share of the cover"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL, null where nothing is owed or nothing covers it."""
    drawn = drawn_by_product(shard.night, shard.table("loans"), shard.table("loan_status"))
    cover = cover_by_kind(shard.night, shard.table("credit_support"))
    frame = shard.ids()
    for rows, name in ((drawn, "product_share"), (cover, "cover_kind_share")):
        share = rows.group_by("client_id").agg(ratio(pl.col("amount").max(), pl.col("amount").sum()).alias(name))
        frame = frame.join(share, on="client_id", how="left")
    return frame.sort("client_id")
