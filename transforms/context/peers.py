"""How the client's peers did: same industry code and size class, same period and months (reading S11)."""

import polars as pl

from transforms.measures import growth
from transforms.night import Night

PEERS = 20
_CELL = ["industry_code", "size_class", "statement_period_end", "statement_months"]


def medians(night: Night, identity: pl.LazyFrame, statements: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `identity`: peer_profit_growth (median, the client included; null under 20), peer_count.

    Growth of profit before tax is known only from a base > 0. Both arguments are whole-book feature frames.
    """
    book = identity.select("client_id", "industry_code", "size_class").join(statements, on="client_id", how="left")
    grown = book.select("client_id", *_CELL, growth=growth("profit_before_tax").expr.round(9))
    cells = (
        grown.filter(pl.col("growth").is_not_null(), pl.all_horizontal(pl.col(_CELL).is_not_null()))
        .group_by(_CELL)
        .agg(peer_count=pl.len().cast(pl.Int64), median=pl.col("growth").median().round(9))
    )
    enough = pl.col("peer_count") >= PEERS
    return (
        grown.join(cells, on=_CELL, how="left")
        .select(
            "client_id", peer_profit_growth=pl.when(enough).then("median"), peer_count=pl.col("peer_count").fill_null(0)
        )
        .sort("client_id")
    )
