"""How much of the sales hangs on few customers: by the notes, else by who paid.

From the optional table disclosures (input-model.md 4.7) and the transactions; rule FIN-18 and its readings, G8, S1, S7.
"""

import polars as pl

from transforms.arithmetic import EXACT, lag, ratio, total
from transforms.columns import DAY, KEYS, C, R, many
from transforms.notes import listed, newest
from transforms.shard import Shard

READS = ("disclosures",)
KIND = "top_customer"
FEW, MONTHS = 5, 12

_NOTED = (None, "customers_period_end")
PANEL = [
    *many(
        "disclosures",
        _NOTED,
        ("customer_keys",),
        ("customers_listed", C, "customers in the newest notes"),
        ("customers_period_end", DAY, "the notes' period end"),
        ("customer_share_1", R, "largest customer's share of sales"),
        ("customer_share_5", R, "the five largest customers' share of sales"),
        ("customer_keys", KEYS, "the five largest customers in the notes"),
    ),
    *many(
        "transactions",
        ("year_ago", "flow_period_to"),
        ("flow_key",),
        ("payer_share_named", R, "share of twelve months' inflow from payers that are named"),
        ("payer_share_1", R, "largest payer's share of twelve months' inflow"),
        ("payer_share_5", R, "the five largest payers' share"),
    ),
]


def _noted(shard: Shard) -> pl.LazyFrame:
    """client_id and the five largest customers of the newest notes; fewer are summed as listed."""
    rows = newest(listed(shard, KIND)).sort(
        ["client_id", "share_pct", "item"], descending=[False, True, False], nulls_last=True
    )
    return rows.group_by("client_id", maintain_order=True).agg(
        customers_listed=pl.len().cast(pl.Int64),
        customers_period_end=pl.col("period_end").max(),
        customer_share_1=pl.col("share_pct").max().round(EXACT),
        customer_share_5=pl.col("share_pct").head(FEW).sum().round(EXACT),
        customer_keys=pl.col("key").head(FEW).sort(),
    )


def _paid(shard: Shard) -> pl.LazyFrame:
    """client_id and what share of OPIN(12) the named payers brought; unknown where the inflow is, or is 0."""
    inflow = shard.done["transactions"].select("client_id", "opin_12")
    by_payer = (
        shard.monthly["counterparties"]
        .filter(pl.col("direction") == "in", lag(shard.night.last_full_month).is_between(0, MONTHS - 1))
        .group_by("client_id", "counterparty")
        .agg(amount=total(pl.col("amount")))
    )
    named = by_payer.group_by("client_id").agg(
        named=total(pl.col("amount")), one=pl.col("amount").max(), few=pl.col("amount").top_k(FEW).sum()
    )
    parts = {"payer_share_named": "named", "payer_share_1": "one", "payer_share_5": "few"}
    return inflow.join(named, on="client_id", how="left").select(
        "client_id",
        *(ratio(pl.col(part).fill_null(0), pl.col("opin_12")).alias(name) for name, part in parts.items()),
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. The notes' columns are null without fresh notes on customers.

    The payers' are null where history is under twelve months, an amount is unknown or nothing came in.
    """
    frame = shard.ids().join(_noted(shard), on="client_id", how="left")
    return frame.join(_paid(shard), on="client_id", how="left").sort("client_id")
