"""What the RM takes along to a visit: points to raise, questions to ask, papers to bring (input-model.md 8, table 11-5).

Ours: at most six signals, three promises and the families the methods suggest as points; five questions: proxies to confirm
first, then answers that run out within 30 days, then rows never answered, in the catalogue's order, of the grade C rows that
apply to the client; eight archive items, critical ones first, and a product sheet per family suggested.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from transforms.features.observations import VALID_DAYS
from transforms.relationship.book import Book
from transforms.relationship.visit_triggers import ACTIONS, SATISFACTION, made, open_undertakings
from transforms.signals import CATALOGUE

MOST_SIGNALS, MOST_PROMISES, MOST_QUESTIONS, MOST_ITEMS = 6, 3, 5, 8
EXPIRES_DAYS = 30
SELLING = 5  # method
ASKED = {id: at for at, (id, signal) in enumerate(CATALOGUE.items()) if signal.grade == "C"}
ARCHIVES = {"client_id": pl.String(), "item_code": pl.String(), "state": pl.String(), "weight": pl.Int64()}
LISTS = ("topics", "questions", "materials")


def packed(book: Book, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with LISTS, those of their client; empty lists where there is nothing."""
    for name, said in (("topics", _topics(book)), ("questions", _questions(book)), ("materials", _materials(book))):
        rows = rows.join(said.rename({"said": name}), on="client_id", how="left")
    return rows.with_columns(pl.col(name).fill_null(pl.lit([], pl.List(pl.String))) for name in LISTS)


def _first(rows: pl.LazyFrame, most: int, by: Mapping[str, bool]) -> pl.LazyFrame:
    """client_id, said: a list of the first `most` of each client, `by` column → descending."""
    order = rows.sort("client_id", *by, "said", descending=[False, *by.values(), False], nulls_last=True)
    return order.group_by("client_id", maintain_order=True).agg(pl.col("said").unique(maintain_order=True).head(most))


def _joined(*lists: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, said: the lists one after the other."""
    every = pl.concat([one.with_columns(at=pl.lit(at)) for at, one in enumerate(lists)])
    return (
        every.sort("client_id", "at")
        .group_by("client_id", maintain_order=True)
        .agg(pl.col("said").explode(empty_as_null=False))
    )


def _families(book: Book) -> pl.LazyFrame:
    """client_id, family: what method 5 suggests."""
    offers = made(book, "actions", ACTIONS).filter(pl.col("method") == SELLING, pl.col("family").is_not_null())
    return offers.select("client_id", "family").unique()


def _topics(book: Book) -> pl.LazyFrame:
    hits = book.findings.filter(pl.col("state").cast(pl.String) == "standing")
    signals = hits.select("client_id", said="signal_id", level=pl.col("level").to_physical())
    promises = open_undertakings(book, ["rm_promise"]).select("client_id", "due_on", said="key")
    return _joined(
        _first(signals, MOST_SIGNALS, {"level": True}),
        _first(promises, MOST_PROMISES, {"due_on": False}),
        _first(_families(book).select("client_id", said=pl.format("family:{}", "family")), MOST_PROMISES, {}),
    )


def _applying(book: Book) -> pl.LazyFrame:
    """client_id, said, at: the grade C rows that apply to each client, `at` their place in the catalogue."""
    always = pl.lit(value=True)
    applies = {id: CATALOGUE[id].applies for id in ASKED}
    return (
        book.panel.select("client_id", *((always if e is None else e).alias(id) for id, e in applies.items()))
        .unpivot(index="client_id", variable_name="said", value_name="applies")
        .filter("applies")
        .select("client_id", "said", at=pl.col("said").replace_strict(ASKED, return_dtype=pl.Int64))
    )


def _answers(book: Book) -> pl.LazyFrame:
    """client_id, said, until: the newest answer on file, valid at T, and until when."""
    as_of = book.night.as_of
    until = pl.col("ends_on").fill_null(pl.col("happened_on").dt.offset_by(f"{VALID_DAYS}d"))
    valid = book.table("events").filter(
        pl.col("kind") == "observation", pl.col("recorded_on") <= as_of, pl.col("happened_on") <= as_of, until >= as_of
    )
    newest = until.sort_by("happened_on", "recorded_on", "event_id").last()
    return valid.group_by(client_id="party_id", said="signal_id").agg(until=newest)


def _questions(book: Book) -> pl.LazyFrame:
    key = ["client_id", "said"]
    hits = book.findings.filter(pl.col("state").cast(pl.String) == "standing")
    fired = hits.select("client_id", "confirm", said="signal_id")
    until, confirm = pl.col("until"), pl.col("confirm").fill_null(value=False)
    runs_out = until <= book.night.as_of + timedelta(days=EXPIRES_DAYS)
    rank = pl.when(confirm).then(0).when(runs_out).then(1).when(until.is_null() & pl.col("confirm").is_null()).then(2)
    asked = (
        _applying(book)
        .join(_answers(book), on=key, how="left")
        .join(fired, on=key, how="left")
        .with_columns(rank=rank)
        .filter(pl.col("rank").is_not_null())
    )
    satisfaction = made(book, "satisfaction", SATISFACTION).filter("ask").select("client_id").unique()
    return _joined(
        _first(asked.select("client_id", "said", "rank", "at"), MOST_QUESTIONS, {"rank": False, "at": False}),
        satisfaction.select("client_id", said=pl.lit(["satisfaction"])),
    )


def _materials(book: Book) -> pl.LazyFrame:
    as_of = book.night.as_of
    lacking = made(book, "archives", ARCHIVES).filter(pl.col("state").is_in(["missing", "expired"]))
    items = lacking.select("client_id", "weight", said="item_code")
    sold = (pl.col("launched_on") <= as_of) & (pl.col("withdrawn_on") > as_of).fill_null(value=True)
    sheets = (
        book.table("products")
        .filter(sold)
        .join(_families(book), on="family")
        .group_by("client_id", "family")
        .agg(product=pl.col("product_id").sort_by("launched_on", "product_id").last())
        .select("client_id", said=pl.format("products:{}", "product"))
    )
    return _joined(_first(items, MOST_ITEMS, {"weight": True}), _first(sheets, MOST_PROMISES, {}))
