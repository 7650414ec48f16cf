"""Satisfaction with the RM and with the bank's business, apart, and products a client stopped using (input-model.md 9.3).

Ours, where the text leaves it open:
- A survey is what a client answered about one subject on one day. `score` weighs surveys of 400 days (overall when asked,
  else the mean of the items); `answers` counts their answers, `newest_on` is the newest day with one, however old.
- `gap` and `expectation` are the newest survey's: of the item overall when it has an expectation, else the mean of the items
  that have one. Between −1 and 0 is neutral; without expectations a score between 2 and 4 is.
- Falling compares the mean of all items of the newest survey with the mean of the earlier ones' means; null without a
  survey of 400 days. The call is due until somebody talked with the client after that survey: for subject rm not that RM.
- Never answered: the inquiry is due as long after the start of the relationship.
- An RM collected an answer himself when he has a contact with the client that day by the way it was asked. It is
  independent when he has none and a colleague has, or it was asked in writing; else nobody can tell and it does not count.
- Use: of products used month by month only. In the six months before the last 90 days, deposits and settlement were used in
  months with turnover; of other products one day is known, the last use: they count as used from the opening, or the
  window's start, up to it. Without that day a deposit or settlement was last used in its last month with turnover. A visit is due
  until one was held after the 90 days.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import within
from transforms.features import contacts
from transforms.night import month_start
from transforms.relationship.book import Book
from transforms.workdays import Workdays

READS = ("survey_answers", "interactions", "holdings", "products", "calendar", "transactions")
VALID_DAYS, HALF_LIFE = 400, 180
LOW_SCORE, FALL = 2, 1.0  # an item at or below; a mean lower by
ABOVE, BELOW = 1.0, -1.0  # gap to what was expected
GOOD, POOR = 4.0, 2.0  # score without an expectation
ASK_DAYS = {"A": 180, "B": 180, "C": 365}
CALL_WORKDAYS, VISIT_WORKDAYS = 3, 10
BIAS_LEAST = 10  # answers of either sort
SUBJECTS = ("bank", "rm")
WRITTEN = ("email", "message", "letter")  # nobody sits beside the client
IN_PERSON = ("visit", "site_inspection", "bank_visit", "banquet", "event")  # input-model.md 9.1, question 1
SILENT_DAYS, USE_MONTHS, USED_LEAST = 90, 6, 3
TURNOVER = ("deposit", "settlement")  # families whose use the monthly turnover shows
# Families used month by month (ours); a loan or a bond is not.
EVERYDAY = (*TURNOVER, "cash_management", "payroll", "ebanking", "acquiring", "agency", "credit_card")

FRAMES: Mapping[str, pl.Schema] = {
    "satisfaction": pl.Schema(
        {
            "client_id": pl.String(),
            "subject": pl.String(),  # rm, bank
            "score": pl.Float64(),
            "answers": pl.Int64(),  # in 400 days
            "newest_on": pl.Date(),
            "gap": pl.Float64(),  # newest survey: score less what was expected
            "expectation": pl.String(),  # exceeds, satisfied, neutral, dissatisfied
            "falling": pl.Boolean(),
            "falling_item": pl.String(),  # the lowest item at or below 2; null: the mean alone fell
            "bias": pl.Float64(),  # subject rm: mean score the RM collected himself less that of independent answers
            "ask": pl.Boolean(),  # no answer for too long: ask at the next visit
            "ask_due_on": pl.Date(),
            "call_due_on": pl.Date(),  # falling and nobody called yet
        }
    ),
    "stopped_using": pl.Schema(
        {
            "client_id": pl.String(),
            "holding_id": pl.String(),
            "family": pl.String(),
            "last_used_on": pl.Date(),
            "visit_due_on": pl.Date(),  # null: visited since
        }
    ),
}


def _surveys(book: Book) -> pl.LazyFrame:
    """client_id, subject, answered_on and what one survey says: value, mean, gap, low_item, rated, answers; oldest first."""
    overall, missed = pl.col("item") == "overall", pl.col("score") - pl.col("expected")
    return (
        book.table("survey_answers")
        .filter(within("answered_on", book.night.as_of, VALID_DAYS))
        .group_by("client_id", "subject", "answered_on")
        .agg(
            value=pl.coalesce(pl.col("score").filter(overall).mean(), pl.col("score").mean()),
            mean=pl.col("score").mean(),
            gap=pl.coalesce(missed.filter(overall).mean(), missed.mean()),
            low_item=pl.col("item").filter(pl.col("score") == pl.col("score").min()).min(),
            low=pl.col("score").min(),
            rated=pl.col("staff_id").min(),
            answers=pl.len().cast(pl.Int64),
        )
        .with_columns(low_item=pl.when(pl.col("low") <= LOW_SCORE).then("low_item"))
        .sort("client_id", "subject", "answered_on")
    )


def _said(book: Book) -> pl.LazyFrame:
    """client_id, subject, score, answers, gap, expectation, falling, falling_item, surveyed_on, rated."""
    age = (book.night.as_of - pl.col("answered_on")).dt.total_days()
    weight, mean = pl.lit(2.0).pow(-age / HALF_LIFE), pl.col("mean")
    gap, value = pl.col("gap"), pl.col("value")
    word = (
        pl.when((gap >= ABOVE).fill_null(value=False)).then(pl.lit("exceeds"))
        .when((gap <= BELOW).fill_null(value=False)).then(pl.lit("dissatisfied"))
        .when(gap.is_not_null()).then(pl.when(gap >= 0).then(pl.lit("satisfied")).otherwise(pl.lit("neutral")))
        .when(value >= GOOD).then(pl.lit("satisfied"))
        .when(value <= POOR).then(pl.lit("dissatisfied"))
        .otherwise(pl.lit("neutral"))
    )  # fmt: skip
    newest = pl.col("gap", "low_item", "rated", "value").last()
    before = mean.slice(0, pl.len() - 1).mean()
    return (
        _surveys(book)
        .group_by("client_id", "subject", maintain_order=True)
        .agg(
            newest,
            score=((weight * value).sum() / weight.sum()).round(9),
            answers=pl.col("answers").sum(),
            surveyed_on=pl.col("answered_on").last(),
            fell=(mean.last() - before).round(9) <= -FALL,
        )
        .with_columns(
            gap=gap.round(9),
            expectation=word,
            falling=pl.col("fell").fill_null(value=False) | pl.col("low_item").is_not_null(),
            falling_item=pl.col("low_item"),
        )
    )


def _called(book: Book, said: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, subject, called: of those falling, when a two-way contact followed; for rm not by that RM."""
    about_rm, by = pl.col("subject") == "rm", pl.col("staff_id")
    falling = said.filter("falling").select("client_id", "subject", "surveyed_on", "rated")
    held = contacts.done(book.night, book.table("interactions")).filter("two_way").select("client_id", "staff_id", "on")
    return (
        falling.join(held, on="client_id")
        .filter(pl.col("on") > pl.col("surveyed_on"), ~about_rm | by.ne_missing(pl.col("rated")))
        .select("client_id", "subject", called=pl.lit(value=True))
        .unique()
    )


def _bias(book: Book) -> pl.LazyFrame:
    """rated, bias: of RMs with at least ten answers of either sort in 400 days, of all clients together."""
    on = ["client_id", "answered_on", "asked_by"]
    answers = (
        book.table("survey_answers")
        .filter(pl.col("subject") == "rm", within("answered_on", book.night.as_of, VALID_DAYS))
        .group_by(*on, rated="staff_id")
        .agg(pl.col("score").sum(), n=pl.len().cast(pl.Int64))
    )
    met = contacts.done(book.night, book.table("interactions")).select(
        "client_id", "staff_id", answered_on="on", asked_by="channel"
    )
    sorts = (
        answers.join(met.unique(), on=on, how="left")
        .group_by(*on, "rated", "score", "n")
        .agg(
            own=(pl.col("staff_id") == pl.col("rated")).any().fill_null(value=False),
            colleague=(pl.col("staff_id") != pl.col("rated")).any().fill_null(value=False),
        )
        .with_columns(independent=~pl.col("own") & (pl.col("colleague") | pl.col("asked_by").is_in(WRITTEN)))
    )
    totals = {
        f"{name}_{sort}": pl.col(name).filter(sort).sum() for name in ("score", "n") for sort in ("own", "independent")
    }
    mean = {sort: pl.col(f"score_{sort}") / pl.col(f"n_{sort}") for sort in ("own", "independent")}
    enough = pl.all_horizontal(pl.col("n_own", "n_independent") >= BIAS_LEAST)
    return (
        sorts.group_by("rated")
        .agg(**totals)
        .select("rated", bias=pl.when(enough).then((mean["own"] - mean["independent"]).round(9)))
    )


def _rows(book: Book, days: Workdays) -> pl.LazyFrame:
    """FRAMES["satisfaction"]: every client and subject once."""
    as_of = book.night.as_of
    said = _said(book).collect().lazy()
    newest = (
        book.table("survey_answers")
        .filter(pl.col("answered_on") <= as_of)
        .group_by("client_id", "subject")
        .agg(newest_on=pl.col("answered_on").max())
    )
    both = book.ids().join(pl.LazyFrame({"subject": SUBJECTS}), how="cross")
    since = book.panel.select("client_id", "tier_used", "relationship_start")
    every = pl.col("tier_used").replace_strict(ASK_DAYS, default=None, return_dtype=pl.Int64)
    due = (pl.coalesce("newest_on", "relationship_start") + pl.duration(days=every)).fill_null(
        as_of - timedelta(days=1)
    )
    rm, falling = pl.col("subject") == "rm", pl.col("falling") & pl.col("called").is_null()
    overdue = (pl.col("ask_due_on") < as_of).fill_null(value=False)
    return (
        both.join(said, on=["client_id", "subject"], how="left")
        .join(newest, on=["client_id", "subject"], how="left")
        .join(_called(book, said), on=["client_id", "subject"], how="left")
        .join(since, on="client_id", how="left")
        .join(_bias(book), on="rated", how="left")
        .with_columns(
            answers=pl.col("answers").fill_null(0),
            bias=pl.when(rm).then("bias"),
            ask_due_on=pl.when(every.is_not_null()).then(due),
            call_due_on=pl.when(falling).then(days.after(pl.col("surveyed_on"), CALL_WORKDAYS)),
        )
        .with_columns(ask=pl.when(pl.col("tier_used").is_not_null()).then(overdue))
        .select(FRAMES["satisfaction"].names())
        .sort("client_id", "subject")
    )


def _turnover(book: Book, first: date, last: date) -> pl.LazyFrame:
    """client_id, turned (months from first to last with turnover), turned_on (last day of the newest month of all)."""
    if "flow_series" not in book.done:
        return pl.LazyFrame(schema={"client_id": pl.String(), "turned": pl.Int64(), "turned_on": pl.Date()})
    moved = (pl.col("opin").fill_null(0) > 0) | (pl.col("opout").fill_null(0) > 0)
    return (
        book.done["flow_series"]
        .filter(moved)
        .group_by("client_id")
        .agg(
            turned=pl.col("month").is_between(pl.lit(first), pl.lit(last)).sum().cast(pl.Int64),
            turned_on=pl.col("month").max().dt.month_end(),
        )
    )


def _stopped(book: Book, days: Workdays) -> pl.LazyFrame:
    """FRAMES["stopped_using"]: open holdings used in three of six months and not in the 90 days since."""
    as_of = book.night.as_of
    quiet = as_of - timedelta(days=SILENT_DAYS)
    first, last = month_start(quiet, USE_MONTHS - 1), month_start(quiet)
    by_turnover = pl.col("family").is_in(TURNOVER)
    on_record = pl.when(pl.col("last_used_on") <= as_of).then("last_used_on")
    start = pl.max_horizontal("opened_on", pl.lit(first))
    spell = 12 * (pl.col("last_used_on").dt.year() - start.dt.year()) + 1
    spell += pl.col("last_used_on").dt.month().cast(pl.Int32) - start.dt.month().cast(pl.Int32)
    used = pl.coalesce(pl.when(by_turnover).then("turned"), spell)
    visited = (pl.col("visited_on") >= pl.col("silent_on")).fill_null(value=False)
    return (
        book.table("holdings")
        .filter(pl.col("opened_on") <= as_of, (pl.col("closed_on") > as_of).fill_null(value=True))
        .join(book.clients.select("client_id"), on="client_id", how="semi")
        .join(book.table("products").select("product_id", "family"), on="product_id")
        .filter(pl.col("family").is_in(EVERYDAY))
        .join(_turnover(book, first, last), on="client_id", how="left")
        .with_columns(last_used_on=pl.coalesce(on_record, pl.when(by_turnover).then("turned_on")))
        .filter(pl.col("last_used_on") < quiet, pl.col("last_used_on") >= first, used >= USED_LEAST)
        .with_columns(silent_on=pl.col("last_used_on").dt.offset_by(f"{SILENT_DAYS + 1}d"))
        .join(_visits(book), on="client_id", how="left")
        .with_columns(visit_due_on=pl.when(~visited).then(days.after(pl.col("silent_on"), VISIT_WORKDAYS)))
        .select(FRAMES["stopped_using"].names())
        .sort("client_id", "holding_id")
    )


def _visits(book: Book) -> pl.LazyFrame:
    """client_id, visited_on: the newest contact in person."""
    return (
        contacts.done(book.night, book.table("interactions"))
        .filter(pl.col("channel").is_in(IN_PERSON))
        .group_by("client_id")
        .agg(visited_on=pl.col("on").max())
    )


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """satisfaction: each client with subjects bank and rm, nulls where no surveys come; stopped_using: holdings."""
    days = Workdays.of(book)
    rows = _rows(book, days)
    if not book.connected("survey_answers"):
        known = ("client_id", "subject")
        rows = rows.with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in FRAMES["satisfaction"].items() if name not in known
        )
    return {"satisfaction": rows, "stopped_using": _stopped(book, days)}
