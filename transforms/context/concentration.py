"""How much of the book one client is: of its cell, its branch, and its cell of the whole (input model 9.6, strategies)."""

import polars as pl

from transforms.arithmetic import ratio
from transforms.columns import R, many
from transforms.night import Night

PANEL = many(
    "loan_status",
    (None, "as_of"),
    ("loan_keys",),
    ("share_of_cell", R, "exposure over that of all clients of the industry and region"),
    ("share_of_branch", R, "outstanding over that of all clients of the branch"),
    ("cell_share_of_book", R, "exposure of the industry and region over the whole book's"),
)


def measure(night: Night, identity: pl.LazyFrame, credit: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `identity`: PANEL, sorted by client_id; null without exposure or without a branch, region, industry.

    Clients whose own exposure is unknown are left out of the sums. Both arguments are whole-book feature frames.
    """
    cell = ["industry_code", "region_code"]
    book = identity.select("client_id", "branch_id", *cell).join(
        credit.select("client_id", "exposure", "outstanding"), on="client_id", how="left"
    )
    cells = book.group_by(cell).agg(cell_exposure=pl.col("exposure").sum())
    branches = book.group_by("branch_id").agg(branch_outstanding=pl.col("outstanding").sum())
    whole = book.select(book_exposure=pl.col("exposure").sum())
    return (
        book.join(cells, on=cell, how="left")
        .join(branches, on="branch_id", how="left")
        .join(whole, how="cross")
        .select(
            "client_id",
            share_of_cell=ratio(pl.col("exposure"), pl.col("cell_exposure")),
            share_of_branch=ratio(pl.col("outstanding"), pl.col("branch_outstanding")),
            cell_share_of_book=ratio(pl.col("cell_exposure"), pl.col("book_exposure")),
        )
        .sort("client_id")
    )
