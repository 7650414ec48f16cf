"""The people at a client: who they are, what they decide, when the bank last met them (input-model.md 4.3, 4.18, 8).

Read by the forms 11-5 and 11-6. Ours: the client's people are those with a post or a link contact_of in force at T, and
whoever was met in 365 days, unless a link of that person to the client has ended and none is in force: they left.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.features import people_met
from transforms.relationship.book import Book

READS = ("party_links", "parties", "interactions")
DAYS = 365
POSTS = ("contact_of", "employee_of", *events.KEY_POSTS)
ROLES = ("decision_maker", "promoter", "influencer", "gatekeeper", "user", "none")  # of several the first counts
_PERSON = ("client_id", "person")
SCHEMA = pl.Schema(
    {
        "client_id": pl.String(),
        "party_id": pl.String(),  # the person
        "name": pl.String(),
        "decision_role": pl.String(),  # the weightiest of the links in force
        "function": pl.String(),
        "stance": pl.String(),
        "last_met_on": pl.Date(),  # newest two-way contact, whenever it was; null without interactions
        "met_365": pl.Int64(),  # two-way contacts in 365 days; null without interactions
        "is_decision_maker": pl.Boolean(),
        "is_contact": pl.Boolean(),  # with a link contact_of in force
    }
)


def contacts_of(book: Book) -> pl.LazyFrame:
    """One row per client and person, sorted by both: SCHEMA."""
    linked = _linked(book).collect().lazy()
    lately = pl.col("met_365") > 0
    everybody = (
        linked.join(_met(book), on=_PERSON, how="full", coalesce=True)
        .filter(pl.col("is_contact").is_not_null() | lately)
        .join(_left(book, linked), on=_PERSON, how="anti")
    )
    names = book.table("parties").select("name", person="party_id")
    known = book.connected("interactions")
    return (
        everybody.join(names, on="person", how="left")
        .with_columns(
            party_id="person",
            met_365=pl.when(known).then(pl.col("met_365").fill_null(0)),
            is_decision_maker=(pl.col("decision_role") == "decision_maker").fill_null(value=False),
            is_contact=pl.col("is_contact").fill_null(value=False),
        )
        .select(SCHEMA.names())
        .sort("client_id", "party_id")
    )


def _links(rows: pl.LazyFrame, book: Book) -> pl.LazyFrame:
    """Those of people at the book's clients: client_id, person."""
    posts = rows.filter(pl.col("relation").is_in(POSTS)).rename({"from_id": "person", "to_id": "client_id"})
    return posts.join(book.clients.select("client_id"), on="client_id", how="semi")


def _linked(book: Book) -> pl.LazyFrame:
    """client_id, person, decision_role, function, stance, is_contact: function and stance of the newest link that has one."""
    at = {role: place for place, role in enumerate(ROLES)}
    rank = pl.col("decision_role").replace_strict(at, default=None, return_dtype=pl.Int64)
    role = pl.col("rank").replace_strict(dict(enumerate(ROLES)), default=None, return_dtype=pl.String)
    return (
        _links(events.links(book, *POSTS), book)
        .with_columns(rank=rank)
        .sort(*_PERSON, "start_on", "recorded_on", "link_id", nulls_last=False)
        .group_by(_PERSON, maintain_order=True)
        .agg(
            pl.col("rank").min(),
            pl.col("function", "stance").drop_nulls().last(),
            is_contact=(pl.col("relation") == "contact_of").any(),
        )
        .select(*_PERSON, "function", "stance", "is_contact", decision_role=role)
    )


def _left(book: Book, linked: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, person of those whose links have all ended by T."""
    as_of = book.night.as_of
    ended = book.table("party_links").filter(pl.col("recorded_on") <= as_of, pl.col("end_on") <= as_of)
    return _links(ended, book).select(_PERSON).join(linked, on=_PERSON, how="anti")


def _met(book: Book) -> pl.LazyFrame:
    """client_id, person, last_met_on, met_365, of two-way contacts."""
    recent = within("on", book.night.as_of, DAYS)
    return (
        people_met.held(book)
        .filter("two_way")
        .select("client_id", "on", person="people")
        .explode("person", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("person").is_not_null())
        .group_by(_PERSON)
        .agg(last_met_on=pl.col("on").max(), met_365=recent.sum().cast(pl.Int64))
    )
