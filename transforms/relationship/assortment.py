"""The products a client holds and those that would suit it, with the figure that speaks for each (input-model.md 8.2, 9.5).

Ours: what may not be offered now is shown with its reason and not left out: `barred` says why, in the order of BARRED. A
product is used when it was in the 90 days up to tonight; without a day of last use nobody can tell.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arithmetic import within
from transforms.features import contacts
from transforms.relationship.book import Book
from transforms.relationship.fits import FITTING, fitting
from transforms.relationship.fits import READS as FIT_READS
from transforms.relationship.method_business import declined, holdings
from transforms.relationship.methods import RED, SEVERE
from transforms.relationship.visit_triggers import made

READS = tuple(sorted({*FIT_READS, "undertakings", "interactions", "complaints"}))
USED_DAYS = 90
BARRED = ("red", "complaint", "no_marketing", "declined")  # input-model.md 9.5, common limits
FRAMES: Mapping[str, pl.Schema] = {
    "products_held": pl.Schema(
        {
            "client_id": pl.String(),
            "holding_id": pl.String(),
            "product_id": pl.String(),
            "family": pl.String(),
            "opened_on": pl.Date(),
            "amount": pl.Int64(),
            "income_12m": pl.Int64(),
            "last_used_on": pl.Date(),
            "used": pl.Boolean(),  # in 90 days; null: nobody tells
        }
    ),
    "products_fitting": pl.Schema(
        {
            **FITTING,  # one row per client and product of a family not held
            "clients": pl.Int64(),  # whom the product suits: the fewer, the more its figure says
            "barred": pl.List(pl.String()),  # of BARRED: not to be offered now
        }
    ),
}
CARDS = {"client_id": pl.String(), "severity": pl.Int64(), "is_open": pl.Boolean()}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """products_held: every open holding by client, family and day; products_fitting: by client, the most telling first."""
    return {"products_held": _held(book), "products_fitting": _fitting(book)}


def _held(book: Book) -> pl.LazyFrame:
    used = within("last_used_on", book.night.as_of, USED_DAYS)
    rows = holdings(book).join(book.clients.select("client_id"), on="client_id", how="semi").with_columns(used=used)
    return rows.select(FRAMES["products_held"].names()).sort("client_id", "family", "opened_on", "holding_id")


def _fitting(book: Book) -> pl.LazyFrame:
    found = fitting(book).collect().lazy()
    clients = found.group_by("product_id").agg(clients=pl.len().cast(pl.Int64))
    held = contacts.done(book.night, book.table("interactions"))
    barring = {
        "red": book.assessments.filter(pl.col("risk_level").cast(pl.String).is_in(RED)),
        "complaint": made(book, "complaint_cards", CARDS).filter("is_open", pl.col("severity") >= SEVERE),
        "no_marketing": book.clients.filter("no_marketing"),
    }
    rows = found.join(clients, on="product_id")
    for code, who in barring.items():
        rows = rows.join(who.select("client_id", pl.lit(code).alias(code)).unique(), on="client_id", how="left")
    no = declined(book, held).with_columns(declined=pl.lit("declined"))
    return (
        rows.join(no, on=["client_id", "family"], how="left")
        .with_columns(barred=pl.concat_list(*BARRED).list.drop_nulls())
        .select(FRAMES["products_fitting"].names())
        .sort("client_id", "clients", "product_id")
    )
