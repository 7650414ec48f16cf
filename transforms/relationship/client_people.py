"""The people at a client as a page shows them: those of today, and whoever else tonight's suggestions and visits name.

Ours: whoever left, or was never put on file, is still named where a suggestion, a visit or a complaint's card is about him.
"""

from collections.abc import Mapping

import polars as pl

from transforms.relationship.book import Book
from transforms.relationship.people import READS as READS
from transforms.relationship.people import SCHEMA, contacts_of
from transforms.relationship.visit_triggers import made

NAMED_BY = ("actions", "visit_plan", "complaint_cards")
FRAMES: Mapping[str, pl.Schema] = {
    "people": pl.Schema(
        {
            **SCHEMA,  # one row per client and person
            "belongs": pl.Boolean(),  # false: named by tonight's frames, but no longer (or never) of the client's people
        }
    )
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """people: those who decide first, then whom the bank met last."""
    key = {"client_id": pl.String(), "contact_id": pl.String()}
    named = pl.concat([made(book, frame, key) for frame in NAMED_BY]).drop_nulls().rename({"contact_id": "party_id"})
    today = contacts_of(book).with_columns(belongs=pl.lit(value=True)).collect().lazy()
    others = (
        named.unique()
        .join(today, on=["client_id", "party_id"], how="anti")
        .join(book.clients.select("client_id"), on="client_id", how="semi")
        .join(book.table("parties").select("party_id", "name"), on="party_id", how="left")
        .with_columns(
            is_decision_maker=pl.lit(value=False), is_contact=pl.lit(value=False), belongs=pl.lit(value=False)
        )
    )
    every = pl.concat([today, others], how="diagonal").sort(
        ("client_id", "belongs", "is_decision_maker", "last_met_on", "party_id"),
        descending=[False, True, True, True, False],
        nulls_last=True,
    )
    return {"people": every.select(FRAMES["people"].names())}
