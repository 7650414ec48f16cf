"""How the bank's own clients of a client's industry and region fare (EXT-01, 04, 08; readings EXT-01, 04, 08, G11).

All clients of the whole book count, the client itself among them. A cell too thin to speak is null.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.arithmetic import EXACT, ratio
from transforms.columns import TEXT, C, D, R, many
from transforms.night import Night

CLIENTS, STATEMENTS = 30, 20
CELLS: Mapping[str, tuple[str, ...]] = MappingProxyType(  # narrowest first
    {
        "industry_region": ("industry_code", "region_code"),
        "industry": ("industry_code",),
        "section": ("industry_section",),
    }
)


_FLOW = ("flow_period_from", "flow_period_to")
PANEL = [
    *many(
        "transactions",
        _FLOW,
        ("cell_key",),
        ("cell_kind", TEXT, "industry_region, industry, section, none"),
        ("cell_clients", C, "clients in the cell"),
        ("cell_opin_r3_12", R, "cell median of r3/12"),
        ("cell_opin_y3", R, "cell median of y3"),
        ("cell_key", TEXT, "the cell"),
    ),
    *many(
        "loan_status",
        ("year_ago", "as_of"),
        ("cell_key",),
        ("cell_npl_share", R, "cell's non-performing share"),
        ("cell_npl_share_year_ago", R, "a year ago"),
        ("region_loans", C, "loans with a balance of our clients in the region"),
        ("region_loans_late", C, "of them 30 days or more past due"),
        ("region_late_share", R, "their share"),
        ("region_late_share_year_ago", R, "a year ago"),
    ),
    *many(
        "statements",
        (None, "as_of"),
        (),
        ("industry_stock_clients", C, "our clients of the industry whose days of stock are known for both years"),
        ("industry_stock_days", D, "median of their days inventory outstanding"),
        ("industry_stock_days_year_ago", D, "a year before"),
    ),
]


def measure(
    night: Night,
    identity: pl.LazyFrame,
    transactions: pl.LazyFrame,
    credit: pl.LazyFrame,
    statements: pl.LazyFrame,
    exposure: pl.LazyFrame,
) -> pl.LazyFrame:
    """One row per client of `identity`: the columns of PANEL. All arguments are whole-book feature frames."""
    parts = (late_loans(identity, exposure), stock(identity, statements))
    frame = cells(night, identity, transactions, credit)
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    return frame.sort("client_id")


def late_loans(identity: pl.LazyFrame, exposure: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, region_loans, region_loans_late, region_late_share, region_late_share_year_ago, by number of loans.

    Null where the client's region is unknown, a share where the region had no loans.
    """
    book = identity.select("client_id", "region_code").join(exposure, on="client_id", how="left")
    now, late, then, late_then = (
        pl.col(f"loans_{part}{ago}").sum() for ago in ("", "_year_ago") for part in ("with_balance", "late_30")
    )
    regions = (
        book.filter(pl.col("region_code").is_not_null())
        .group_by("region_code")
        .agg(
            region_loans=now,
            region_loans_late=late,
            region_late_share=ratio(late, now),
            region_late_share_year_ago=ratio(late_then, then),
        )
    )
    return book.select("client_id", "region_code").join(regions, on="region_code", how="left").drop("region_code")


def stock(identity: pl.LazyFrame, statements: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, industry_stock_clients, industry_stock_days, industry_stock_days_year_ago.

    Medians of 365 × inventory / cost of sales of twelve months, over the clients of the same industry code with both
    years; null under twenty of them.
    """
    now, before = (ratio(365 * pl.col(f"inventory{ago}"), pl.col(f"cogs_ttm{ago}")) for ago in ("", "_year_ago"))
    book = identity.select("client_id", "industry_code").join(
        statements.select("client_id", now=now, before=before), on="client_id", how="left"
    )
    industries = (
        book.filter(pl.all_horizontal(pl.col("industry_code", "now", "before").is_not_null()))
        .group_by("industry_code")
        .agg(
            industry_stock_clients=pl.len().cast(pl.Int64),
            industry_stock_days=pl.col("now").median().round(EXACT),
            industry_stock_days_year_ago=pl.col("before").median().round(EXACT),
        )
        .filter(pl.col("industry_stock_clients") >= STATEMENTS)
    )
    return (
        book.select("client_id", "industry_code").join(industries, on="industry_code", how="left").drop("industry_code")
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
