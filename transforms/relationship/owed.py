"""What the bank owes the client and the client owes the bank, open tonight (input-model.md 4, undertakings; reading S2).

Tasks an RM set himself are no debt to anybody; strengthening actions stand in table 11-6. Ours: a covenant waived until a
later day is not due before that day.
"""

from collections.abc import Mapping

import polars as pl

from transforms.relationship.book import Book
from transforms.relationship.visit_triggers import CLIENT_OWES, open_undertakings

READS = ("undertakings",)
BANK_OWES = ("rm_promise", "service_request", "client_opinion", "proposal", "corrective_action")
KINDS = (*BANK_OWES, *CLIENT_OWES)
FRAMES: Mapping[str, pl.Schema] = {
    "owed": pl.Schema(
        {
            "client_id": pl.String(),
            "undertaking_id": pl.String(),
            "kind": pl.String(),  # of KINDS
            "owed_by": pl.String(),  # bank, client
            "title": pl.String(),  # as the RM wrote it; never for the client's eyes
            "owner_id": pl.String(),  # staff; null: the client's
            "made_on": pl.Date(),
            "due_on": pl.Date(),  # null: no day was agreed
            "amount": pl.Int64(),
        }
    )
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """owed: one row per open undertaking of a client, the earliest day first."""
    waived = pl.col("waived_until") >= book.night.as_of
    rows = (
        open_undertakings(book, KINDS)
        .join(book.clients.select("client_id"), on="client_id", how="semi")
        .with_columns(due_on=pl.when(waived).then(pl.max_horizontal("due_on", "waived_until")).otherwise("due_on"))
        .rename({"staff_id": "owner_id"})
        .sort("client_id", "due_on", "undertaking_id", nulls_last=True)
    )
    return {"owed": rows.select(FRAMES["owed"].names())}
