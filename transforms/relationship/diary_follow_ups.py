"""Whom to follow up after the day's contacts, and which offers to give up: the rows of daily_follow_ups (input-model.md 9.1).

Ours, where the text leaves it open:
- A date agreed counts when it lies after the day. Evaded, hostile and unreachable are followed up like refused. Days
  that are not working days move to the next one.
- Three contacts in a row are anybody's of the bank; a request is open as in self-check 4. A prospect with nothing held
  has neither account, product nor loan.
"""

from datetime import timedelta

import polars as pl

from transforms.relationship.book import Book
from transforms.relationship.diary_day import Day
from transforms.relationship.self_check_visits import open_requests
from transforms.relationship.self_checks import managers

WORKDAYS_LATER = {"signed": 1, "commitment": 1, "next_step": 5, "information": 10}
CODES = {"signed": "thank", "commitment": "thank", "next_step": "next_step", "information": "information"}
CODES |= {"no_result": "rhythm"} | dict.fromkeys(("refused", "evaded", "hostile", "unreachable"), "refused")
REFUSED_DAYS = 30
VAIN, VAIN_LEAST, VAIN_DAYS = ("refused", "no_result"), 3, 180  # give up the offer


def follow_ups(at: Day) -> pl.LazyFrame:
    """The rows of daily_follow_ups."""
    book, days, day = at.book, at.days, at.day
    met = at.held.filter(pl.col("on") == day).join(managers(book), on="staff_id", how="semi")
    outcome, on = pl.col("outcome"), pl.col("on")
    agreed = (pl.col("next_on") > day).fill_null(value=False)
    later = outcome.replace_strict(WORKDAYS_LATER, default=None, return_dtype=pl.Int64)
    code = outcome.replace_strict(CODES, default=None, return_dtype=pl.String)
    rhythm = pl.col("grade").replace_strict(book.night.cadence, default=None, return_dtype=pl.Int64)
    wait = pl.when(code == "rhythm").then(rhythm).when(code == "refused").then(REFUSED_DAYS)
    then = pl.coalesce(days.after(on, later), days.on_or_after(on + pl.duration(days=wait)))
    lines = met.join(book.grades(), on="client_id", how="left").select(
        "staff_id",
        "interaction_id",
        "client_id",
        "contact_id",
        "outcome",
        follow_up=pl.when(agreed).then(pl.lit("next_on")).otherwise(code),
        family=pl.lit(None, pl.String),
        on=pl.when(agreed).then("next_on").otherwise(then),
    )
    return pl.concat([lines, *_given_up(at, met)], how="diagonal")


def _given_up(at: Day, met: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Offers in vain three times running, and prospects of grade D: as the lines of the follow-ups."""
    book, day = at.book, at.day
    recent = at.held.filter(pl.col("on").is_between(pl.lit(day - timedelta(days=VAIN_DAYS)), pl.lit(day)))
    recent = recent.join(met, on="client_id", how="semi").join(open_requests(book), on="client_id", how="anti")
    offers = recent.explode("products", empty_as_null=True, keep_nulls=True).with_columns(family="products")
    columns = ["staff_id", "interaction_id", "client_id", "contact_id", "outcome", "on"]
    order = ("started_at", "interaction_id")
    vain = pl.col("outcome").is_in(VAIN).sort_by(order, descending=True).cast(pl.Int64).cum_prod().sum()
    newest = [pl.col(name).sort_by(order).last() for name in columns if name != "client_id"]

    def lines(rows: pl.LazyFrame, what: str) -> pl.LazyFrame:
        last = rows.group_by("client_id", "family").agg(*newest, vain=vain).filter(pl.col("vain") >= VAIN_LEAST)
        until = pl.col("on") + pl.duration(days=VAIN_DAYS)
        return (
            last.filter(pl.col("on") == day)
            .join(managers(book), on="staff_id", how="semi")
            .select(*columns[:-1], "family", follow_up=pl.lit(what), on=until)
        )

    nobody = recent.with_columns(family=pl.lit(None, pl.String)).join(_bare(book), on="client_id", how="semi")
    return [lines(offers.filter(pl.col("family").is_not_null()), "give_up_offer"), lines(nobody, "give_up_prospect")]


def _bare(book: Book) -> pl.LazyFrame:
    """client_id of grade D with nothing held; none where products or accounts are not connected."""
    as_of = book.night.as_of
    graded = book.table("clients").join(
        book.panel.select("client_id", "tier_used", "outstanding"), on="client_id", how="left"
    )
    bare = graded.filter(pl.coalesce("tier_used", "tier") == "D", ~(pl.col("outstanding") > 0).fill_null(value=False))
    if not (book.connected("holdings") and book.connected("accounts")):
        return bare.clear().select("client_id")
    for table in ("holdings", "accounts"):
        held = book.table(table).filter(
            pl.col("opened_on") <= as_of, (pl.col("closed_on") > as_of).fill_null(value=True)
        )
        bare = bare.join(held, on="client_id", how="anti")
    return bare.select("client_id")  # fmt: skip
