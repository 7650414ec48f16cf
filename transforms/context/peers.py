"""How the client's peers did: same industry code and size class, same period and months (reading S11).

Peer medians of growth (FIN-10, FIN-29), of the depreciation rate (FIN-24) and of what the resources bring (MGT-35). The
client is among its own peers; a median of fewer than 20 known values is unknown (reading G11). `years` says the same of every full
year, for the pages: the peers' lines and ratios beside the client's own.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arithmetic import EXACT, growth
from transforms.columns import C, R, many
from transforms.features.statements import HISTORY_LINES, HISTORY_RATIOS
from transforms.night import Night

PEERS = 20
_CELL = ["industry_code", "size_class", "statement_period_end", "statement_months"]
# median's column → the client's own figure
_FIGURES: Mapping[str, pl.Expr] = {
    "peer_profit_growth": growth("profit_before_tax", "profit_before_tax_year_ago").round(EXACT),
    "peer_revenue_growth": growth("revenue", "revenue_year_ago").round(EXACT),
    "peer_depreciation_rate": pl.col("depreciation_rate"),
    "peer_asset_turnover": pl.col("asset_turnover"),
    "peer_revenue_per_head": pl.col("revenue_per_head"),
}
_COUNTS: Mapping[str, str] = {
    "peer_profit_growth": "peer_count",
    "peer_revenue_growth": "peer_revenue_count",
    "peer_depreciation_rate": "peer_depreciation_count",
    "peer_asset_turnover": "peer_turnover_count",
    "peer_revenue_per_head": "peer_head_count",
}

_STATEMENT = ("statement_key",)
_BOTH = ("statement_key", "statement_year_ago_key")
_YEAR = ("statement_year_ago_period_end", "statement_period_end")
PANEL = [
    *many(
        "statements",
        _YEAR,
        _BOTH,
        ("peer_profit_growth", R, "median growth of the peers' profit before tax"),
        ("peer_count", C, "peers known"),
        ("peer_revenue_growth", R, "median growth of the peers' revenue"),
        ("peer_revenue_count", C, "peers with that growth known"),
    ),
    *many(
        "statements",
        (None, "statement_period_end"),
        _STATEMENT,
        ("peer_depreciation_rate", R, "median depreciation rate of the peers"),
        ("peer_depreciation_count", C, "peers with that rate known"),
        ("peer_asset_turnover", R, "median asset turnover of the peers"),
        ("peer_turnover_count", C, "peers with that turnover known"),
    ),
    *many(
        "series",
        (None, "statement_period_end"),
        (*_STATEMENT, "headcount_key"),
        ("peer_revenue_per_head", R, "median revenue per employee of the peers, minor units"),
        ("peer_head_count", C, "peers with that figure known"),
    ),
]


def medians(night: Night, identity: pl.LazyFrame, statements: pl.LazyFrame, headcount: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `identity`: each peer median (Float64, null under 20 peers) and how many peers are known.

    Growth is known only from a base > 0. The arguments are whole-book feature frames.
    """
    figures = (
        identity.select("client_id", "industry_code", "size_class")
        .join(statements, on="client_id", how="left")
        .join(headcount.select("client_id", "revenue_per_head"), on="client_id", how="left")
        .select("client_id", *_CELL, **_FIGURES)
    )
    known = {name: pl.col(name).count().cast(pl.Int64) for name in _FIGURES}
    cells = (
        figures.filter(pl.all_horizontal(pl.col(_CELL).is_not_null()))
        .group_by(_CELL)
        .agg(
            *(
                pl.when(count >= PEERS).then(pl.col(name).median().round(EXACT)).alias(name)
                for name, count in known.items()
            ),
            *(count.alias(_COUNTS[name]) for name, count in known.items()),
        )
    )
    return (
        figures.select("client_id", *_CELL)
        .join(cells, on=_CELL, how="left")
        .drop(_CELL)
        .with_columns(pl.col(list(_COUNTS.values())).fill_null(0))
        .sort("client_id")
    )


def years(identity: pl.LazyFrame, history: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client and full year of `history`: the peers' median of each line and ratio (Float64), `peers` that filed.

    Peers of a year: the industry code and size class of today, the same period end; the arguments are of the whole book.
    """
    cell = ["industry_code", "size_class", "period_end"]
    figures = [*HISTORY_LINES, *HISTORY_RATIOS]
    filed = history.select("client_id", "period_end", *figures).join(
        identity.select("client_id", *cell[:2]), on="client_id"
    )
    known = [pl.when(pl.col(name).count() >= PEERS).then(pl.col(name).median().round(EXACT)) for name in figures]
    cells = (
        filed.filter(pl.all_horizontal(pl.col(cell).is_not_null()))
        .group_by(cell)
        .agg(*(median.alias(name) for median, name in zip(known, figures, strict=True)), peers=pl.len().cast(pl.Int64))
    )
    return (
        filed.select("client_id", *cell)
        .join(cells, on=cell, how="left")
        .select("client_id", "period_end", pl.col("peers").fill_null(0), *(pl.col(f).cast(pl.Float64) for f in figures))
        .sort("client_id", "period_end")
    )
