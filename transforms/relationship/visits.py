"""The visit plan (input-model.md 8, table 11-5) and, for every client, its next date or why there is none.

Triggers come from visit_triggers.py, days from visit_days.py. Ours, where the source leaves it open:

- The plan holds what falls due in 30 days, the contacts planned for them, and those planned for the 30 days up to tonight:
  done or missed (nobody came, or nothing is on file). What is due later is a date in `visit_status` alone.
- A client's first planned contact serves a trigger of class 1 to 3 by its due day (or within 3 working days of tonight), any
  other up to 10 working days after it. What it does not serve makes one proposed visit. The day it was planned for stays.
- Who goes: the main RM, or whoever planned the contact. A client without RM has no proposal: reason "no_rm".
- A goal is a code; `goal_text` is the RM's own. Lists are cut to what one visit can deal with, the weightiest first.
- Minutes: as planned, else the median of 20 or more contacts of that purpose and channel in 365 days, else the default.
- bank_side: head of the client's branch, else its senior manager, else a supervisor there, else the RM's superior.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from transforms.arithmetic import within
from transforms.features import contacts
from transforms.relationship import visit_packs, visit_triggers
from transforms.relationship.book import Book
from transforms.relationship.people import contacts_of
from transforms.relationship.visit_days import LATE_WORKDAYS, PRESSING, Planned, Visit, balanced
from transforms.workdays import Workdays

READS = (
    *("interactions", "assignments", "calendar", "staff", "party_links", "parties", "undertakings", "complaints"),
    *("survey_answers", "holdings", "products", "documents", "events"),
)
DAYS = 30  # the plan rolls on by
SOON_WORKDAYS = 3  # a contact planned so soon serves what is pressing
UNMET_DAYS = 180  # no decision maker met for so long: the visit is to one
YEAR, ENOUGH = 365, 20  # days and contacts a usual length is measured over
DEFAULT_MINUTES: Mapping[str, int] = {"phone": 15}  # the form's; any other channel 60
VISIT_MINUTES = 60
RISK_CLASS = 2  # a leader of the bank takes part up to this class
LEAST_CLASS = 5  # of a planned contact that nothing asked for
HEADS = ("branch_head", "senior_manager", "supervisor")
MISSED = ("planned", "no_show")  # a contact's states once its day is over and nobody was met
PAST = ("done", "missed")
FRAMES: Mapping[str, pl.Schema] = {
    "visit_plan": pl.Schema(
        {
            "client_id": pl.String(),
            "plan_on": pl.Date(),  # null: cannot fit
            "seq": pl.Int64(),  # in the list of rm_id, by day and urgency; what is past is numbered apart
            "rm_id": pl.String(),  # who goes
            "grade": pl.String(),
            "due_on": pl.Date(),  # null: nothing asked for it but the plan
            "triggers": pl.List(pl.String()),  # most urgent first: signal ids, row keys, "method:5", names
            "class": pl.Int64(),
            "channel": pl.String(),
            "contact_id": pl.String(),
            "purpose": pl.String(),
            "goal": pl.String(),  # a code
            "goal_text": pl.String(),  # as the RM wrote it
            "topics": pl.List(pl.String()),  # signal ids, "undertakings:id", "family:fx"
            "questions": pl.List(pl.String()),  # signal ids, "satisfaction"
            "materials": pl.List(pl.String()),  # archive item codes, "products:id"
            "bank_side": pl.String(),  # staff_id of the leader who takes part
            "est_minutes": pl.Int64(),
            "last_contact_on": pl.Date(),
            "last_outcome": pl.String(),
            "status": pl.String(),  # proposed, planned, done, missed, cannot_fit
            "held_on": pl.Date(),
            "result": pl.String(),  # outcome of the contact held
            "goal_met": pl.Boolean(),
            "next_on": pl.Date(),  # agreed at the contact held
            "interaction_id": pl.String(),  # of the contact planned or held
        }
    ),
    "visit_status": pl.Schema(
        {
            "client_id": pl.String(),
            "next_on": pl.Date(),  # planned or proposed; when nothing falls due in the plan, the day that will
            "reason": pl.String(),  # why there is none: no_rm, cannot_fit, no_rhythm (no grade, or contacts not known)
            "due_on": pl.Date(),  # earliest day anything asks for
            "class": pl.Int64(),  # of the most urgent thing in the plan's days
            "branch_id": pl.String(),  # under which a client without RM is listed
        }
    ),
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """FRAMES; sorted by client and day, a visit that cannot fit last."""
    workdays = Workdays.of(book)
    asked = visit_triggers.triggers(book, workdays).collect().lazy()
    planned = _planned(book).collect().lazy()
    wanted = _wanted(book, workdays, asked, planned).collect().lazy()
    ahead = _placed(book, workdays, _minutes(book, _ahead(book, wanted, planned)).collect())
    with_pack = visit_packs.packed(book, _with_contact(book, ahead))
    every = pl.concat([with_pack, _minutes(book, _past(book))], how="diagonal")
    plan = _finished(book, every).collect()
    return {"visit_plan": plan.lazy(), "visit_status": _status(book, workdays, asked, planned, plan.lazy())}


def _recorded(book: Book) -> pl.LazyFrame:
    """Interactions of the book's clients recorded by T that had a planned day."""
    return (
        book.table("interactions")
        .filter(pl.col("recorded_at").dt.date() <= book.night.as_of, pl.col("planned_on").is_not_null())
        .join(book.clients.select("client_id"), on="client_id", how="semi")
        .rename({"planned_on": "plan_on", "staff_id": "rm_id", "goal": "goal_text"})
    )


def _planned(book: Book) -> pl.LazyFrame:
    """Contacts planned for days after T, however far ahead; of two of a client on one day the first by id."""
    rows = _recorded(book).filter(pl.col("status") == "planned", pl.col("plan_on") > book.night.as_of)
    return (
        rows.sort("interaction_id")
        .unique(["client_id", "plan_on"], keep="first", maintain_order=True)
        .select(
            "client_id", "plan_on", "rm_id", "contact_id", "channel", "purpose", "goal_text", "interaction_id",
            est_minutes="planned_minutes", status=pl.lit("planned"),
        )
    )  # fmt: skip


def _past(book: Book) -> pl.LazyFrame:
    """Contacts planned for the 30 days up to T: done or missed."""
    as_of = book.night.as_of
    on, held = pl.col("started_at").dt.date(), (pl.col("status") == "done") & (pl.col("started_at").dt.date() <= as_of)
    facts = {"held_on": on, "result": pl.col("outcome"), "goal_met": pl.col("goal_met"), "next_on": pl.col("next_on")}
    return (
        _recorded(book)
        .filter(pl.col("plan_on").is_between(as_of - timedelta(days=DAYS - 1), as_of))
        .filter(held | pl.col("status").is_in(MISSED))
        .with_columns(held=held)
        .sort("held", "interaction_id", descending=[True, False])
        .unique(["client_id", "plan_on"], keep="first", maintain_order=True)
        .select(
            "client_id", "plan_on", "rm_id", "contact_id", "channel", "purpose", "goal_text", "interaction_id",
            *(pl.when("held").then(value).alias(name) for name, value in facts.items()),
            est_minutes="planned_minutes",
            status=pl.when("held").then(pl.lit("done")).otherwise(pl.lit("missed")),
        )
    )  # fmt: skip


def _wanted(book: Book, workdays: Workdays, asked: pl.LazyFrame, planned: pl.LazyFrame) -> pl.LazyFrame:
    """What the triggers due in the plan's days come to: a row per client and planned contact (plan_on) or proposal (null)."""
    as_of = pl.lit(book.night.as_of)
    last = book.night.as_of + timedelta(days=DAYS)
    counted = pl.max_horizontal("due_on", as_of)
    reach = (
        pl.when(pl.col("class") <= PRESSING)
        .then(pl.max_horizontal("due_on", workdays.after(as_of, SOON_WORKDAYS)))
        .otherwise(workdays.after(counted, LATE_WORKDAYS))
    )
    first = planned.group_by("client_id").agg(plan_on=pl.col("plan_on").min())
    served = (pl.col("plan_on") <= reach) | (pl.col("due_on").is_null() & (pl.col("plan_on") <= last))
    away = pl.col("channel") != "phone"
    return (
        asked.filter(pl.col("due_on").is_null() | (pl.col("due_on") <= last))
        .join(first, on="client_id", how="left")
        .with_columns(plan_on=pl.when(served).then("plan_on"))
        .sort("client_id", "class", "due_on", "trigger", nulls_last=True)
        .group_by("client_id", "plan_on", maintain_order=True)
        .agg(
            pl.col("due_on", "class").min(),
            pl.col("purpose", "goal").first(),
            pl.col("senior").any(),
            triggers="trigger",
            channel=pl.col("channel").filter(away).first().fill_null("phone"),
            contact_id=pl.col("contact_id").drop_nulls().first(),
        )
        .filter(pl.col("due_on").is_not_null() | pl.col("plan_on").is_not_null())
    )


def _ahead(book: Book, wanted: pl.LazyFrame, planned: pl.LazyFrame) -> pl.LazyFrame:
    """Planned contacts with what asks for them, then the proposals without a day."""
    last = book.night.as_of + timedelta(days=DAYS)
    both = ("channel", "purpose", "contact_id")
    kept = (
        planned.join(wanted, on=["client_id", "plan_on"], how="left", suffix="_wanted")
        .filter((pl.col("plan_on") <= last) | pl.col("class").is_not_null())
        .with_columns(pl.coalesce(name, f"{name}_wanted").alias(name) for name in both)
        .with_columns(pl.col("class").fill_null(LEAST_CLASS))
        .drop(f"{name}_wanted" for name in both)
    )
    mains = book.panel.select("client_id", "rm_id").filter(pl.col("rm_id").is_not_null())
    proposed = wanted.filter(pl.col("plan_on").is_null()).join(mains, on="client_id")
    return pl.concat([kept, proposed], how="diagonal")


def _minutes(book: Book, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with est_minutes where they have none."""
    minutes = (pl.col("ended_at") - pl.col("started_at")).dt.total_minutes()
    usual = (
        contacts.done(book.night, book.table("interactions"))
        .filter(within("on", book.night.as_of, YEAR), pl.col("ended_at").is_not_null(), pl.col("purpose").is_not_null())
        .group_by("purpose", "channel")
        .agg(usual=minutes.median().round().cast(pl.Int64), n=pl.len())
        .filter(pl.col("n") >= ENOUGH)
        .drop("n")
    )
    default = pl.col("channel").replace_strict(DEFAULT_MINUTES, default=VISIT_MINUTES, return_dtype=pl.Int64)
    return (
        rows.join(usual, on=["purpose", "channel"], how="left")
        .with_columns(est_minutes=pl.coalesce("est_minutes", "usual", default))
        .drop("usual")
    )


def _placed(book: Book, workdays: Workdays, ahead: pl.DataFrame) -> pl.LazyFrame:
    """The rows with a day for each proposal, and its status."""
    proposals = ahead.filter(pl.col("status").is_null())
    visits = map(Visit._make, proposals.select("class", "due_on", "client_id", "rm_id", "est_minutes").rows())
    taken = ahead.filter(pl.col("status") == "planned").select("rm_id", "client_id", "plan_on", "est_minutes")
    days = workdays.next_days(book.night.as_of, DAYS + LATE_WORKDAYS)
    found = balanced(visits, map(Planned._make, taken.rows()), days, book.night.contact_minutes)
    schema = {"client_id": pl.String, "found": pl.Date}
    placed = pl.DataFrame(list(found.items()), schema=schema, orient="row")
    status = pl.when(pl.col("found").is_null()).then(pl.lit("cannot_fit")).otherwise(pl.lit("proposed"))
    return (
        ahead.lazy()
        .join(placed.lazy(), on="client_id", how="left")
        .with_columns(
            plan_on=pl.when(pl.col("status").is_null()).then("found").otherwise("plan_on"),
            status=pl.coalesce("status", status),
        )
        .drop("found")
    )


def _with_contact(book: Book, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with whom to see, where nobody is named: a decision maker, or the person not met for longest."""
    decides = pl.col("is_decision_maker")
    often, seldom = ("met_365", "party_id"), ("is_contact", "last_met_on", "party_id")
    known = (
        contacts_of(book)
        .group_by("client_id")
        .agg(
            decider=pl.col("party_id").filter(decides).sort_by(
                [pl.col(name).filter(decides) for name in often], descending=[True, False]
            ).first(),
            decider_on=pl.col("last_met_on").filter(decides).max(),
            neglected=pl.col("party_id").sort_by(seldom, descending=[True, False, False], nulls_last=False).first(),
        )
    )  # fmt: skip
    lately = pl.col("decider_on") >= book.night.as_of - timedelta(days=UNMET_DAYS)
    decider = (pl.col("class") <= PRESSING) | lately.fill_null(value=False).not_()
    return (
        rows.join(known, on="client_id", how="left")
        .with_columns(contact_id=pl.coalesce("contact_id", pl.when(decider).then("decider"), "neglected"))
        .drop("decider", "decider_on", "neglected")
    )


def _heads(book: Book) -> pl.LazyFrame:
    """client_id, head: the highest of HEADS in the client's branch in office at T, the first by id."""
    as_of = book.night.as_of
    heads = book.table("staff").filter(
        pl.col("role").is_in(HEADS), pl.col("start_on") <= as_of, (pl.col("end_on") > as_of).fill_null(value=True)
    )
    order = pl.col("role").replace_strict({role: at for at, role in enumerate(HEADS)}, default=None)
    first = heads.group_by("branch_id").agg(head=pl.col("staff_id").sort_by(order, "staff_id").first())
    return book.clients.select("client_id", "branch_id").join(first, on="branch_id").select("client_id", "head")


def _finished(book: Book, rows: pl.LazyFrame) -> pl.LazyFrame:
    """visit_plan: the rows with grade, last contact, the leader who takes part, and their place in the RM's list."""
    schema = FRAMES["visit_plan"]
    newest = (
        contacts.done(book.night, book.table("interactions"))
        .filter("two_way")
        .group_by("client_id")
        .agg(last_outcome=pl.col("outcome").sort_by("started_at", "interaction_id").last())
    )
    superiors = book.table("staff").select(rm_id="staff_id", superior="supervisor_id")
    leads = pl.col("senior").fill_null(value=False) | (pl.col("class") <= RISK_CLASS)
    order = ("rm_id", "plan_on", "class", "due_on", "client_id")
    return (
        rows.join(book.panel.select("client_id", "last_contact_on", grade="tier_used"), on="client_id", how="left")
        .join(newest, on="client_id", how="left")
        .join(_heads(book), on="client_id", how="left")
        .join(superiors, on="rm_id", how="left")
        .with_columns(bank_side=pl.when(leads).then(pl.coalesce("head", "superior")))
        .sort(*order, nulls_last=True)
        .collect()  # numbered in this order
        .with_columns(seq=pl.int_range(1, pl.len() + 1).over("rm_id", pl.col("status").is_in(PAST)))
        .lazy()
        .select(pl.col(name).cast(dtype) for name, dtype in schema.items())
        .sort("client_id", "plan_on", nulls_last=True)
    )


def _status(
    book: Book, workdays: Workdays, asked: pl.LazyFrame, planned: pl.LazyFrame, plan: pl.LazyFrame
) -> pl.LazyFrame:
    """visit_status."""
    as_of, last = book.night.as_of, book.night.as_of + timedelta(days=DAYS)
    due = asked.group_by("client_id").agg(
        due_on=pl.col("due_on").min(), **{"class": pl.col("class").filter(pl.col("due_on") <= last).min()}
    )
    proposed = plan.filter(pl.col("plan_on") > as_of).select("client_id", "plan_on")
    days = pl.concat([proposed, planned.select("client_id", "plan_on")])
    stuck = plan.filter(pl.col("status") == "cannot_fit").select("client_id", stuck=pl.lit(value=True))
    later = workdays.on_or_after(pl.col("due_on"))
    reason = (
        pl.when(pl.col("rm_id").is_null()).then(pl.lit("no_rm"))
        .when("stuck").then(pl.lit("cannot_fit"))
        .when(pl.col("due_on").is_null()).then(pl.lit("no_rhythm"))
    )  # fmt: skip
    return (
        book.clients.select("client_id", "branch_id")
        .join(book.panel.select("client_id", "rm_id"), on="client_id", how="left")
        .join(days.group_by("client_id").agg(day=pl.col("plan_on").min()), on="client_id", how="left")
        .join(due, on="client_id", how="left")
        .join(stuck, on="client_id", how="left")
        .with_columns(reason=pl.when(pl.col("day").is_null()).then(reason))
        .with_columns(next_on=pl.coalesce("day", pl.when(pl.col("reason").is_null()).then(later)))
        .select(FRAMES["visit_status"].names())
        .sort("client_id")
    )
