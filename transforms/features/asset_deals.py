"""Productive assets a client sold or lost at auction, and real estate it bought, in 365 days.

From the table events, kinds deal and registry (input-model.md 5.1); rules MGT-18, MGT-31 and their readings, G5, G12, S2.
"""

import polars as pl

from transforms import events
from transforms.columns import KEYS, C, M, many
from transforms.dealings import DAYS
from transforms.shard import Shard

READS = ("events",)

_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("production_sale_keys",),
        ("production_sold_365", M, "sales of productive assets"),
        ("production_sale_keys", KEYS, "those sales"),
    ),
    *many(
        "events",
        _YEAR,
        ("production_auction_keys",),
        ("production_auctions_365", C, "judicial auctions of productive assets"),
        ("production_auction_keys", KEYS, "those auctions"),
    ),
    *many(
        "events",
        _YEAR,
        ("premises_deal_keys",),
        ("premises_bought_365", M, "real estate bought"),
        ("premises_deal_keys", KEYS, "those purchases"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; 0 where nothing happened, null where the kind is not connected."""
    deals = events.of_clients(shard, events.known(shard, "deal", DAYS))
    registered = events.of_clients(shard, events.known(shard, "registry", DAYS))
    productive = events.flagged("production_asset")
    sold = deals.filter(pl.col("subtype") == "asset_sale", productive)
    auctioned = registered.filter(pl.col("subtype") == "judicial_auction", productive)
    bought = deals.filter(pl.col("subtype") == "real_estate_purchase")
    keys, price = pl.col("key").sort(), pl.col("amount").sum()
    sales = sold.group_by("client_id").agg(production_sold_365=price, production_sale_keys=keys)
    auctions = auctioned.group_by("client_id").agg(
        production_auctions_365=pl.len().cast(pl.Int64), production_auction_keys=keys
    )
    premises = bought.group_by("client_id").agg(premises_bought_365=price, premises_deal_keys=keys)
    return (
        shard.per_client(sales, "events", "deal")
        .join(shard.per_client(auctions, "events", "registry"), on="client_id")
        .join(shard.per_client(premises, "events", "deal"), on="client_id")
        .sort("client_id")
    )
