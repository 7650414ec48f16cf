"""How an RM plans, whom he speaks with, what comes of it and what he keeps: self-checks 5, 6 and 8 to 12 of input-model.md 9.2.

One function each. Where a rule joins two questions by "or", one that holds raises the flag and one that could be asked clears it (G1).
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, ratio, within
from transforms.relationship.book import Book
from transforms.relationship.self_check_desk import LISTED, WINDOW, Desk, either, figures, in_person, main_on, share

ROLL_BACKS = (90, 365)  # days, 12
PLANNED, KEPT = 0.70, 0.80  # 5
PURPOSE, LATE_WORKDAYS = 0.95, 5  # 6
DECIDERS, CONTACTS_LEAST = 0.30, 3  # 8
REFUSAL_DAYS, AGAIN, REFUSALS_LEAST = 30, 0.50, 3  # 9
BURDEN_DAYS, HEAVY = 20, 4  # 10
POINTS = {"refused": 0, "evaded": 0, "hostile": 0, "unreachable": 0, "no_result": 1, "information": 2, "next_step": 3,
          "commitment": 4, "signed": 5}  # fmt: skip
WORSE, PAIRS_LEAST, FULL, STILL_GOOD = 0.60, 8, 4, 3  # 11
LOST_SHARE = 0.05  # 12
LOST = ("client_lost", "exited_by_bank", "handover", "left_bank", "other", "reorganisation")  # end_reason


def plans(desk: Desk) -> pl.LazyFrame:
    """5: share of visits entered a day before or earlier; share of planned visits held within a working day."""
    number, as_of = desk.days.number, desk.book.night.as_of
    day_before = pl.col("created_at").dt.date() < pl.col("on")
    made = desk.visits.group_by("staff_id").agg(value=share(day_before), n=pl.len())
    on, planned_on = pl.col("started_at").dt.date(), pl.col("planned_on")
    theirs = (pl.col("status") != "done") & (pl.col("changed_by") == "client")
    held = (pl.col("status") == "done") & (on <= as_of) & ((number(on) - number(planned_on)).abs() <= 1)
    over = number(pl.lit(as_of)) - number(planned_on) >= 1
    kept = (
        desk.book.table("interactions")
        .filter(
            pl.col("recorded_at").dt.date() <= as_of,
            within("planned_on", as_of, WINDOW),
            in_person(),
            ~theirs.fill_null(value=False),
        )
        .join(desk.clients.select("staff_id", "client_id"), on=["staff_id", "client_id"], how="semi")
        .with_columns(held=held.fill_null(value=False))
        .filter(pl.col("held") | over)
        .group_by("staff_id")
        .agg(second=share(pl.col("held")))
    )
    return made.join(kept, on="staff_id", how="full", coalesce=True).with_columns(
        flag=either(pl.col("value") < PLANNED, pl.col("second") < KEPT)
    )


def purposes(desk: Desk) -> pl.LazyFrame:
    """6: share of visits with purpose and goal written beforehand, late logs left out."""
    number = desk.days.number
    late = number(pl.col("recorded_at").dt.date()) - number(pl.col("on")) > LATE_WORKDAYS
    clear = (
        pl.col("purpose").is_not_null() & pl.col("goal").is_not_null() & (pl.col("created_at") < pl.col("started_at"))
    )
    return (
        desk.visits.filter(~late)
        .group_by("staff_id")
        .agg(value=share(clear), n=pl.len())
        .with_columns(flag=pl.col("value") < PURPOSE)
    )


def deciders(desk: Desk) -> pl.LazyFrame:
    """8: mean share of the two-way contacts of an A or B client that a decision maker took part in."""
    return (
        desk.contacts.filter("two_way", pl.col("grade").is_in(["A", "B"]), pl.col("decider").is_not_null())
        .group_by("staff_id", "client_id")
        .agg(contacts=pl.len(), share=share(pl.col("decider")))
        .filter(pl.col("contacts") >= CONTACTS_LEAST)
        .sort("staff_id", "client_id")
        .group_by("staff_id", maintain_order=True)
        .agg(value=pl.col("share").mean().round(EXACT), n=pl.len())
        .with_columns(flag=pl.col("value") < DECIDERS)
    )


def refusals(desk: Desk) -> pl.LazyFrame:
    """9: share of refusals, their 30 days over, after which the RM came back within those days."""
    then = pl.col("on").shift(-1).over("staff_id", "client_id", order_by=["started_at", "interaction_id"])
    soon = (pl.col("then") - pl.col("on")).dt.total_days() <= REFUSAL_DAYS
    old = pl.col("on") < pl.lit(desk.book.night.as_of - timedelta(days=REFUSAL_DAYS))
    return (
        desk.contacts.with_columns(then=then)
        .filter(pl.col("outcome") == "refused", old)
        .group_by("staff_id")
        .agg(value=share(soon.fill_null(value=False)), n=pl.len())
        .with_columns(flag=pl.when(pl.col("n") >= REFUSALS_LEAST).then(pl.col("value") < AGAIN))
    )


def burden(desk: Desk) -> pl.LazyFrame:
    """10: median of what the RM answered on the last twenty working days."""
    number, today = desk.days.number, pl.lit(desk.book.night.as_of)
    recent = (number(today) - number(pl.col("date"))).is_between(0, BURDEN_DAYS - 1) & (pl.col("date") <= today)
    return (
        desk.book.table("staff_days")
        .filter(recent, pl.col("burden").is_not_null())
        .group_by("staff_id")
        .agg(value=pl.col("burden").median(), n=pl.len())
        .with_columns(flag=pl.col("value") >= HEAVY)
    )


def progress(desk: Desk) -> pl.LazyFrame:
    """11: share of visits with a poorer result than the client's visit before; share with a better one."""
    points = pl.col("outcome").replace_strict(POINTS, default=None, return_dtype=pl.Int64)
    now, before = pl.col("points"), pl.col("before")
    as_good = (before >= FULL) & (now >= STILL_GOOD)
    last = now.shift(1).over("staff_id", "client_id", order_by=["started_at", "interaction_id"])
    better, worse = (now > before) & ~as_good, (now < before) & ~as_good
    return (
        desk.visits.with_columns(points=points + pl.col("goal_met").fill_null(value=False).cast(pl.Int64))
        .filter(now.is_not_null())
        .with_columns(before=last)
        .filter(before.is_not_null())
        .group_by("staff_id")
        .agg(value=share(worse), second=share(better), n=pl.len(), better=better.sum(), worse=worse.sum())
        .with_columns(equal=pl.col("n") - pl.col("better") - pl.col("worse"))
        .with_columns(
            flag=pl.when(pl.col("n") >= PAIRS_LEAST).then(pl.col("value") >= WORSE),
            evidence=figures("better", "equal", "worse"),
        )
    )


def clients_kept(desk: Desk) -> pl.LazyFrame:
    """12: change of the number of main clients in 90 and in 365 days; `clients` are those lost in 90 days."""
    as_of = desk.book.night.as_of
    counted = desk.managers
    for days in (0, *ROLL_BACKS):
        then = main_on(desk.book, as_of - timedelta(days=days)).group_by("staff_id")
        counted = counted.join(then.agg(pl.len().cast(pl.Int64).alias(f"d{days}")), on="staff_id", how="left")
    now, quarter, year = (pl.col(f"d{days}").fill_null(0) for days in (0, *ROLL_BACKS))
    lost, large = pl.col("lost").fill_null(0), pl.col("lost_large").fill_null(0)
    return (
        counted.join(_lost(desk.book), on="staff_id", how="left")
        .with_columns(
            value=ratio(now - quarter, quarter),
            second=ratio(now - year, year),
            n=now,
            flag=either(large > 0, ratio(lost, quarter) >= LOST_SHARE),
        )
        .with_columns(
            days_90=quarter, days_365=year, **{name: pl.col(name).fill_null(0) for name in LOST}
        )
        .with_columns(evidence=figures("days_90", "days_365", *LOST))
    )  # fmt: skip


def _lost(book: Book) -> pl.LazyFrame:
    """staff_id, clients, lost, lost_large (grade A or B) and how many main assignments ended by reason, 90 days."""
    as_of, gone = book.night.as_of, pl.col("end_reason") == "client_lost"
    grades = book.table("clients").join(book.grades(), on="client_id", how="left")
    graded = grades.select("client_id", grade=pl.coalesce("grade", "tier"))
    rank = pl.col("grade").fill_null("E")
    names = pl.col("client_id").filter(gone)
    return (
        book.table("assignments")
        .filter(pl.col("role") == "main", within("end_on", as_of, ROLL_BACKS[0]), pl.col("start_on") <= as_of)
        .join(main_on(book, as_of), on=["staff_id", "client_id"], how="anti")
        .unique(["staff_id", "client_id", "end_reason"])
        .join(graded, on="client_id", how="left")
        .group_by("staff_id")
        .agg(
            clients=names.sort_by(rank.filter(gone), names).head(LISTED),
            lost=gone.sum().cast(pl.Int64),
            lost_large=(gone & rank.is_in(["A", "B"])).sum().cast(pl.Int64),
            **{name: (pl.col("end_reason") == name).sum().cast(pl.Int64) for name in LOST},
        )
    )
