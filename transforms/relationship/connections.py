"""Whom a client is tied to: its group, owners, guarantors, officers, the parties its money comes from and goes to.

For the risk report's connected parties (rows FIN-13, MGT-11, MGT-38, MGT-51; readings G5, G12, G21). One row per tie: a party
may have several. What stands against a party is its own level tonight and the registry rows those signals ask about.
"""

from collections.abc import Mapping

import polars as pl

from transforms import events
from transforms.arithmetic import ratio
from transforms.context import contagion
from transforms.relationship.book import Book

READS = ("party_links", "parties", "events", "credit_support", "transactions")
REGISTRY_DAYS = 365
REGISTRY = tuple(
    dict.fromkeys((*contagion.ON_GUARANTOR, *contagion.ON_KEY_PARTY, *contagion.ON_AFFILIATE))
)  # weightiest first
# relation → what the other party is to the client: who is named first in the row, who is named second
TIES: Mapping[str, tuple[str | None, str | None]] = {
    "controller_of": ("controller", "controlled"),
    "group_member_of": ("group", "group"),
    "shareholder_of": ("shareholder", "holding"),
    "co_borrower_with": ("co_borrower", "co_borrower"),
    **dict.fromkeys(events.KEY_POSTS, ("officer", None)),
    "legal_rep_of": ("legal_rep", None),
}
FRAMES = {
    "connected_parties": pl.Schema(
        {
            "client_id": pl.String(),
            "party_id": pl.String(),
            "tie": pl.String(),  # what the party is to the client: TIES, group, guarantor, guaranteed, payer, payee
            "share": pl.Float64(),  # of the capital held, of the exposure a guarantor backs, of a year's inflow or outflow
            "amount": pl.Int64(),  # guaranteed
            "name": pl.String(),  # null when the party is a confidential client
            "confidential": pl.Boolean(),
            "risk_level": pl.String(),  # tonight's, of a party that is a client
            "registry": pl.List(pl.String()),  # severe subtypes in 365 days, not lifted; null without the registry
            "registry_on": pl.Date(),  # the newest of them
        }
    )
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """Ties of the book's clients, sorted by client, party and tie: FRAMES."""
    columns = ("client_id", "party_id", "tie", "share", "amount")
    empty = {name: dtype for name, dtype in FRAMES["connected_parties"].items() if name in columns}
    parts = [_groups(book), *_linked(book), *_guarantees(book), _flows(book)]
    ties = pl.concat([pl.LazyFrame(schema=empty), *parts], how="diagonal").filter(
        pl.col("client_id") != pl.col("party_id")
    )
    largest = ties.group_by("client_id", "party_id", "tie").agg(pl.col("share").max(), pl.col("amount").max())
    named = largest.join(book.clients.select("client_id"), on="client_id", how="semi")
    for known in (_names(book), _levels(book), _registry(book)):
        named = named.join(known, on="party_id", how="left")
    masked = pl.col("confidential").fill_null(value=False)
    registry = pl.col("registry").fill_null(pl.lit([], pl.List(pl.String)))
    read = book.connected("events", "registry")
    return {
        "connected_parties": named.with_columns(
            name=pl.when(~masked).then("name"),
            confidential=masked,
            registry=pl.when(read).then(registry),
        )
        .select([pl.col(name).cast(dtype) for name, dtype in FRAMES["connected_parties"].items()])
        .sort("client_id", "party_id", "tie")
    }


def _groups(book: Book) -> pl.LazyFrame:
    """Clients of one group by the client master."""
    pairs = events.same_group(book.panel.select("client_id", "group_id"))
    return pairs.select(client_id="left", party_id="right", tie=pl.lit("group"))


def _linked(book: Book) -> list[pl.LazyFrame]:
    links = events.links(book, *TIES)
    share = pl.when(pl.col("relation") == "shareholder_of").then("share_pct")
    return [
        links.select(
            client_id=client,
            party_id=party,
            tie=pl.col("relation").replace_strict({relation: ties[side] for relation, ties in TIES.items()}),
            share=share,
        ).filter(pl.col("tie").is_not_null())
        for side, (party, client) in enumerate((("from_id", "to_id"), ("to_id", "from_id")))
    ]


def _guarantees(book: Book) -> list[pl.LazyFrame]:
    """Who guarantees for the client, and for whom the client does."""
    given = book.done["guarantees"].select("client_id", "guarantor_id", "amount")
    exposure = book.panel.select("client_id", "exposure")
    share = ratio(pl.col("amount"), pl.col("exposure"))
    return [
        given.join(exposure, on="client_id", how="left").select(
            "client_id", party_id="guarantor_id", tie=pl.lit("guarantor"), share=share, amount="amount"
        ),
        given.select(client_id="guarantor_id", party_id="client_id", tie=pl.lit("guaranteed"), amount="amount"),
    ]


def _flows(book: Book) -> pl.LazyFrame:
    """Key customers and suppliers: a tenth of a year's inflow or outflow."""
    tie = pl.when(pl.col("direction") == "in").then(pl.lit("payer")).otherwise(pl.lit("payee"))
    key = book.done["flow_ties"].filter(pl.col("share") >= contagion.KEY_SHARE)
    return key.select("client_id", "share", party_id="counterparty", tie=tie)


def _names(book: Book) -> pl.LazyFrame:
    return book.table("parties").select("party_id", "name")


def _levels(book: Book) -> pl.LazyFrame:
    """party_id, risk_level, confidential, of parties that are clients."""
    levels = book.assessments.select("client_id", pl.col("risk_level").cast(pl.String))
    masked = book.panel.select("client_id", "confidential")
    return levels.join(masked, on="client_id", how="left").rename({"client_id": "party_id"})


def _registry(book: Book) -> pl.LazyFrame:
    """party_id, registry (weightiest first), registry_on."""
    rank = pl.col("subtype").replace_strict({name: place for place, name in enumerate(REGISTRY)}, default=None)
    rows = events.known(book, "registry", REGISTRY_DAYS).filter(pl.col("subtype").is_in(REGISTRY))
    return rows.with_columns(rank=rank).group_by("party_id").agg(
        registry=pl.col("subtype").sort_by("rank").unique(maintain_order=True), registry_on=pl.col("happened_on").max()
    )  # fmt: skip
