"""How the bank's own clients of a client's industry and region fare (EXT-01 (c) and (d); readings.md EXT-01, G11)."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.decline import ratio
from transforms.night import Night

CLIENTS = 30
CELLS: Mapping[str, tuple[str, ...]] = MappingProxyType(  # narrowest first
    {
        "industry_region": ("industry_code", "region_code"),
        "industry": ("industry_code",),
        "section": ("industry_section",),
    }
)


def cells(night: Night, identity: pl.LazyFrame, transactions: pl.LazyFrame, credit: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `identity`: cell_kind and the cell's clients, medians of inflow, non-performing shares.

    The cell is industry × region, widened to industry, then section, until 30 clients have r3/12 and y3 of inflow
    known; "none" and null values where no cell has. Shares are of the loans on the balance sheet, at T and twelve
    months before. `transactions` and `credit` are the feature frames of those names.
    """
    book = (
        identity.select("client_id", "industry_code", "industry_section", "region_code")
        .join(transactions.select("client_id", "opin_r3_12", "opin_y3"), on="client_id", how="left")
        .join(credit.select("client_id", "^balance_(npl|out)_(now|year_ago)$"), on="client_id", how="left")
    )
    frame = book
    for kind, keys in CELLS.items():
        frame = frame.join(_cells(book, kind, keys), on=keys, how="left")
    # One struct a cell: a client takes all its values from the same cell, those that are null there too.
    return (
        frame.select("client_id", cell=pl.coalesce(*CELLS))
        .unnest("cell")
        .with_columns(pl.col("cell_kind").fill_null("none"))
        .sort("client_id")
    )


def _cells(book: pl.LazyFrame, kind: str, keys: tuple[str, ...]) -> pl.LazyFrame:
    """The cells of one kind that are large enough: their keys and a struct of their values, named as the kind."""
    known = pl.col("opin_r3_12").is_not_null() & pl.col("opin_y3").is_not_null()
    values = {
        "cell_clients": known.sum().cast(pl.Int64),
        "cell_opin_r3_12": pl.col("opin_r3_12").filter(known).median().round(9),
        "cell_opin_y3": pl.col("opin_y3").filter(known).median().round(9),
        "cell_npl_share": ratio(pl.col("balance_npl_now").sum(), pl.col("balance_out_now").sum()),
        "cell_npl_share_year_ago": ratio(pl.col("balance_npl_year_ago").sum(), pl.col("balance_out_year_ago").sum()),
    }
    return (
        book.group_by(keys)
        .agg(**values)
        .filter(pl.col("cell_clients") >= CLIENTS)
        .select(*keys, pl.struct(pl.lit(kind).alias("cell_kind"), *values).alias(kind))
    )
