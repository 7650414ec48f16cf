"""What the bank owes the client: promises, opinions asked for, offers, requests for help (REL-02, 03, 09, 10).

From the table undertakings (readings S2, G5, G12, G13). A row is known from the day it was made. What was done after T is
still open at T; a day of a first action or of an answer after T has not come yet.

- Promises due in 180 days, both ends in, kept when done by the due day; a cancelled one was not kept. Open and overdue:
  due before T, whenever that was.
- Opinions asked for in 365 days; one still open counts as not adopted. It is unanswered when it was not adopted and the
  client was not told within 30 days, once those are over.
- Requests of 365 days the bank did not take up: no first action by the third working day after, once that day is over, or
  answered "not our business"; an outcome `referred` is a referral.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import ratio, within
from transforms.columns import KEYS, C, R, many
from transforms.shard import Shard

READS = ("undertakings", "calendar")
HALF, YEAR = 180, 365
ANSWER_DAYS, ACTION_WORKDAYS = 30, 3
_TABLE = "undertakings"
PANEL = [
    *many(
        _TABLE,
        ("half_year_ago", "as_of"),
        ("promise_keys",),
        ("promises_due", C, "the RM's promises due in 180 days"),
        ("promises_kept", C, "of them kept by the due day"),
        ("promises_kept_share", R, "share of them kept by the due day"),
    ),
    *many(
        _TABLE,
        (None, "as_of"),
        ("promise_keys",),
        ("promises_overdue", C, "promises open and past their due day"),
        ("promise_keys", KEYS, "those overdue and those not kept in 180 days"),
    ),
    *many(
        _TABLE,
        ("year_ago", "as_of"),
        ("opinion_keys",),
        ("opinions", C, "opinions asked for in 365 days"),
        ("opinions_adopted", C, "of them adopted"),
        ("opinions_adopted_share", R, "share of them adopted"),
        ("opinions_unanswered", C, "not adopted, and the client not told within 30 days"),
        ("opinion_keys", KEYS, "the opinions not adopted"),
    ),
    *many(
        _TABLE,
        ("year_ago", "as_of"),
        ("proposal_keys",),
        ("proposals", C, "offers made in 365 days"),
        ("proposals_beside", C, "of them declined as not relevant"),
        ("proposals_beside_share", R, "share of them declined as not relevant"),
        ("proposal_keys", KEYS, "the offers declined as not relevant"),
    ),
    *many(
        _TABLE,
        ("year_ago", "as_of"),
        ("evaded_keys",),
        ("evaded_365", C, "requests not taken up, 365 days"),
        ("evaded_180", C, "the same, 180 days"),
        ("evaded_keys", KEYS, "those requests"),
    ),
]


def _known(shard: Shard, kind: str) -> pl.LazyFrame:
    """The clients' undertakings of a kind made by T, as they stood then, with their `key`."""
    as_of = shard.night.as_of
    later = pl.any_horizontal((pl.col(day) > as_of).fill_null(value=False) for day in ("done_on", "first_action_on"))
    days = (
        pl.when(pl.col(day) <= as_of).then(day).alias(day) for day in ("done_on", "first_action_on", "told_client_on")
    )
    return (
        shard.table(_TABLE)
        .filter(pl.col("kind") == kind, pl.col("made_on") <= as_of)
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .with_columns(
            *days,
            outcome=pl.when(later).then(pl.lit("open")).otherwise("outcome"),
            key=pl.format("undertakings:{}", "undertaking_id"),
        )
    )


def _true(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(value=False)


def _count(condition: pl.Expr) -> pl.Expr:
    return condition.sum().cast(pl.Int64)


def _promises(shard: Shard) -> pl.LazyFrame:
    as_of = shard.night.as_of
    due = _true(within("due_on", as_of, HALF))
    kept = due & _true(pl.col("done_on") <= pl.col("due_on"))
    overdue = (pl.col("outcome") == "open") & _true(pl.col("due_on") < as_of)
    counted = (
        _known(shard, "rm_promise")
        .group_by("client_id")
        .agg(
            promises_due=_count(due),
            promises_kept=_count(kept),
            promises_overdue=_count(overdue),
            promise_keys=pl.col("key").filter(overdue | (due & ~kept)).sort(),
        )
    )
    return shard.per_client(counted, _TABLE, "rm_promise").with_columns(
        promises_kept_share=ratio(pl.col("promises_kept"), pl.col("promises_due"))
    )


def _opinions(shard: Shard) -> pl.LazyFrame:
    as_of = shard.night.as_of
    adopted = pl.col("outcome") == "adopted"
    told = _true(pl.col("told_client_on") <= pl.col("made_on").dt.offset_by(f"{ANSWER_DAYS}d"))
    over = pl.col("made_on") < as_of - timedelta(days=ANSWER_DAYS)
    counted = (
        _known(shard, "client_opinion")
        .filter(within("made_on", as_of, YEAR))
        .group_by("client_id")
        .agg(
            opinions=pl.len().cast(pl.Int64),
            opinions_adopted=_count(adopted),
            opinions_unanswered=_count(~adopted & ~told & over),
            opinion_keys=pl.col("key").filter(~adopted).sort(),
        )
    )
    return shard.per_client(counted, _TABLE, "client_opinion").with_columns(
        opinions_adopted_share=ratio(pl.col("opinions_adopted"), pl.col("opinions"))
    )


def _proposals(shard: Shard) -> pl.LazyFrame:
    beside = (pl.col("outcome") == "declined") & _true(pl.col("reason") == "not_relevant")
    counted = (
        _known(shard, "proposal")
        .filter(within("made_on", shard.night.as_of, YEAR))
        .group_by("client_id")
        .agg(
            proposals=pl.len().cast(pl.Int64),
            proposals_beside=_count(beside),
            proposal_keys=pl.col("key").filter(beside).sort(),
        )
    )
    return shard.per_client(counted, _TABLE, "proposal").with_columns(
        proposals_beside_share=ratio(pl.col("proposals_beside"), pl.col("proposals"))
    )


def _deadlines(shard: Shard) -> pl.LazyFrame:
    """made_on, act_by: the third working day after each day of the calendar; null near its end."""
    workday = pl.col("is_workday").sort_by("date")
    days = shard.table("calendar").select(
        made_on=pl.col("date").sort(), number=workday.cum_sum().cast(pl.Int64), workday=workday
    )
    workdays = days.filter("workday").select(number=pl.col("number") - ACTION_WORKDAYS, act_by="made_on")
    return days.join(workdays, on="number", how="left").select("made_on", "act_by")


def _requests(shard: Shard) -> pl.LazyFrame:
    as_of = shard.night.as_of
    acted, act_by = pl.col("first_action_on"), pl.col("act_by")
    late = _true(acted > act_by) | (acted.is_null() & _true(act_by < as_of))
    counted = (
        _known(shard, "service_request")
        .filter(within("made_on", as_of, YEAR))
        .join(_deadlines(shard), on="made_on", how="left")
        .filter(late | (pl.col("outcome") == "not_our_business"))
        .group_by("client_id")
        .agg(
            evaded_365=pl.len().cast(pl.Int64),
            evaded_180=_count(within("made_on", as_of, HALF)),
            evaded_keys=pl.col("key").sort(),
        )
    )
    return shard.per_client(counted, _TABLE, "service_request")


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; each kind of undertaking on its own (reading G6). Nothing due or asked: no share."""
    frame = shard.ids()
    for part in (_promises(shard), _opinions(shard), _proposals(shard), _requests(shard)):
        frame = frame.join(part, on="client_id")
    return frame.sort("client_id")
