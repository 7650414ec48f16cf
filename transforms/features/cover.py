"""What inventory stands behind the client's loans, beside all collateral (FIN-16).

From credit_support: a row holds until its support_id's next one (a revaluation is a new row); it counts while its status
is active and it has not ended. Guarantees are no collateral.
"""

import polars as pl

from transforms.arithmetic import total
from transforms.columns import KEYS, C, D, M, many
from transforms.shard import Shard

READS = ("credit_support",)
WORKING_CAPITAL = ("inventory", "receivables")
PANEL = [
    *many(
        "credit_support",
        (None, "as_of"),
        ("inventory_collateral_keys",),
        ("inventory_collateral", C, "active pledges of inventory"),
        ("inventory_collateral_value", M, "appraised value of the inventory taken as collateral"),
        ("inventory_secured", M, "amount secured on inventory"),
        ("inventory_valuation_days", D, "days since the oldest valuation of that inventory"),
        ("working_capital_secured", M, "amount secured on inventory and receivables"),
        ("collateral_value", M, "appraised value of all active collateral"),
        ("inventory_collateral_keys", KEYS, "the rows on inventory and receivables"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; without collateral 0, the age of the valuation null without inventory."""
    as_of = shard.night.as_of
    newest = (
        shard.table("credit_support")
        .filter(pl.col("valid_from") <= as_of)
        .sort("support_id", "valid_from")
        .group_by("support_id")
        .last()
    )
    held = newest.filter(
        pl.col("status") == "active", (pl.col("ends_on") > as_of).fill_null(True), pl.col("kind") != "guarantee"
    )
    inventory = pl.col("asset_kind") == "inventory"
    working = pl.col("asset_kind").is_in(WORKING_CAPITAL)
    key = pl.format("credit_support:{}|{}", "support_id", "valid_from")
    counted = held.group_by("client_id").agg(
        inventory_collateral=inventory.sum().cast(pl.Int64),
        inventory_collateral_value=total(pl.col("asset_value").filter(inventory)),
        inventory_secured=total(pl.col("secured_amount").filter(inventory)),
        inventory_valuation_days=(as_of - pl.col("valued_on").filter(inventory).min()).dt.total_days().cast(pl.Float64),
        working_capital_secured=total(pl.col("secured_amount").filter(working)),
        collateral_value=total(pl.col("asset_value")),
        inventory_collateral_keys=key.filter(working).sort(),
    )
    return shard.per_client(counted, "credit_support")
