"""An RM's day: the one-day report, whom to follow up, and what the next working day brings (input-model.md 9.1).

Ours, where the text leaves it open:
- The day is T, or the last working day before it. An RM is as in the self-checks; contacts and tasks are those in his
  name.
- Messages are messages and e-mails. A contact planned for the day counts whoever cancelled it. A cancelled task is
  none.
- Actual minutes are those of contacts held that day and of tasks done, or due and not done, that day; contacts without
  an end are counted apart (`untimed`). Without one of the two tables the sum is unknown.
- Question 2 is yes when every ratio that has a denominator is 1. Log gaps are contacts entered on the day or since,
  more than one working day late.
- Follow-up: a date agreed counts when it lies after the day. Evaded, hostile and unreachable are followed up like
  refused. Days that are not working days move to the next one. Three contacts in a row are anybody's of the bank; a
  request is open as in self-check 4. A prospect with nothing held has neither account, product nor loan.
- Agenda: open tasks and promises stay on it until done, marked overdue. A signal is new or worse only where an earlier
  night knew the client (G20). Checks are of that day; left out is what the visit plan (11-5) proposes for it in class 1
  to 3 and nobody entered.
"""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import ratio
from transforms.events import links
from transforms.features import contacts
from transforms.relationship.book import Book
from transforms.relationship.self_check_rules import in_person, main_on, open_requests
from transforms.relationship.self_checks import managers
from transforms.workdays import Workdays

READS = (
    *("assignments", "staff", "clients", "interactions", "undertakings", "staff_days", "party_links", "parties"),
    *("holdings", "accounts", "events", "calendar"),
)
PRIORITIES = (1, 2, 3)
WORKDAYS_LATER = {"signed": 1, "commitment": 1, "next_step": 5, "information": 10}
CODES = {"signed": "thank", "commitment": "thank", "next_step": "next_step", "information": "information"}
CODES |= {"no_result": "rhythm"} | dict.fromkeys(("refused", "evaded", "hostile", "unreachable"), "refused")
REFUSED_DAYS = 30
VAIN, VAIN_LEAST, VAIN_DAYS = ("refused", "no_result"), 3, 180  # give up the offer
SOON_WORKDAYS, SOON_DAYS = 3, 7  # promises; birthdays and holidays
URGENT_CLASS = 3  # of the visit plan
BOTH = ("staff_id", "client_id")

FRAMES: Mapping[str, pl.Schema] = {
    "daily_reports": pl.Schema(
        {
            "staff_id": pl.String(),
            "day": pl.Date(),
            "clients_visited": pl.Int64(),
            "calls": pl.Int64(),  # two-way, as the two below
            "video": pl.Int64(),
            "messages": pl.Int64(),
            "tasks_due": pl.Int64(),
            "tasks_done": pl.Int64(),  # of those due
            "tasks_due_1": pl.Int64(),  # priority 1
            "tasks_done_1": pl.Int64(),
            "planned": pl.Int64(),  # contacts
            "held": pl.Int64(),  # of those planned
            "goals_given": pl.Int64(),
            "goals_met": pl.Int64(),
            "reached": pl.Boolean(),  # question 2; null: no task, plan or goal
            "actual_minutes": pl.Int64(),
            "planned_minutes": pl.Int64(),
            "time_ratio": pl.Float64(),
            "untimed": pl.Int64(),  # contacts without an end
            **{f"{name}_minutes_{no}": pl.Int64() for name in ("actual", "planned") for no in PRIORITIES},  # of tasks
            "share_1": pl.Float64(),  # of the actual time on priority 1
            "worked_minutes": pl.Int64(),
            "unrelated_minutes": pl.Int64(),
            "unrecorded_minutes": pl.Int64(),  # worked less actual and unrelated
            "log_gaps": pl.Int64(),
            "next_day": pl.Date(),  # the checks of its morning part
            "next_contacts": pl.Int64(),
            "next_without_goal": pl.Int64(),
            "next_minutes": pl.Int64(),  # of the contacts
            "next_over_capacity": pl.Boolean(),
            "next_tasks_1": pl.Int64(),
            "next_left_out": pl.Int64(),  # urgent visits of the plan not entered
        }
    ),
    "daily_follow_ups": pl.Schema(
        {
            "staff_id": pl.String(),
            "interaction_id": pl.String(),
            "follow_up": pl.String(),  # next_on, thank, next_step, information, rhythm, refused, give_up_offer, _prospect
            "family": pl.String(),  # the offer to give up
            "client_id": pl.String(),
            "contact_id": pl.String(),
            "outcome": pl.String(),
            "on": pl.Date(),  # follow up then; given up until then
        }
    ),
    "daily_agenda": pl.Schema(
        {
            "staff_id": pl.String(),
            "day": pl.Date(),  # the next working day
            "item_kind": pl.String(),  # task, contact, promise, birthday, holiday, signal
            "id": pl.String(),  # of the task, contact, promise, person, holiday, signal
            "client_id": pl.String(),
            "contact_id": pl.String(),
            "purpose": pl.String(),
            "goal": pl.String(),
            "priority": pl.Int64(),
            "planned_minutes": pl.Int64(),
            "due_on": pl.Date(),
            "level": pl.String(),  # of a signal
            "note": pl.String(),  # overdue; new, worse
        }
    ),
}


@dataclass(frozen=True)
class _Day:
    """The day looked back on, the working day ahead, what is on file."""

    book: Book
    days: Workdays
    day: date
    ahead: date
    known: pl.LazyFrame  # interactions recorded by T
    held: pl.LazyFrame  # those held, with on, minutes, in_person


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """daily_reports: one row per RM; daily_follow_ups: one per contact of the day, and what to give up; daily_agenda."""
    days = Workdays.of(book)
    known = book.table("interactions").filter(pl.col("recorded_at").dt.date() <= book.night.as_of)
    minutes = (pl.col("ended_at") - pl.col("started_at")).dt.total_minutes()
    held = contacts.done(book.night, known).with_columns(minutes=minutes, in_person=in_person())
    day = days.days.filter(days.days <= book.night.as_of)[-1]
    at = _Day(book, days, day, days.next_days(book.night.as_of, 1)[0], known, held)
    made = {"daily_reports": _reports(at), "daily_follow_ups": _follow_ups(at), "daily_agenda": _agenda(at)}
    return {
        name: frame.select(FRAMES[name].names()).cast(FRAMES[name]).sort(FRAMES[name].names())
        for name, frame in made.items()
    }


def _reports(at: _Day) -> pl.LazyFrame:
    actual = pl.col("contact_minutes") + pl.col("task_minutes")
    pairs = [("tasks_done", "tasks_due"), ("held", "planned"), ("goals_met", "goals_given")]
    each = [pl.when(pl.col(of) > 0).then(pl.col(part) >= pl.col(of)) for part, of in pairs]
    said = at.book.table("staff_days").filter(pl.col("date") == at.day)
    return (
        _counted(at)
        .join(said.select("staff_id", "worked_minutes", "unrelated_minutes"), on="staff_id", how="left")
        .with_columns(
            day=pl.lit(at.day),
            reached=pl.when(pl.any_horizontal(one.is_not_null() for one in each)).then(
                pl.all_horizontal(one.fill_null(value=True) for one in each)
            ),
            actual_minutes=actual,
            planned_minutes=pl.col("planned_contact_minutes") + pl.col("planned_task_minutes"),
            next_day=pl.lit(at.ahead),
            next_over_capacity=pl.col("next_minutes") > at.book.night.contact_minutes,
        )
        .with_columns(
            time_ratio=ratio(pl.col("actual_minutes"), pl.col("planned_minutes")),
            share_1=ratio(pl.col("actual_minutes_1"), pl.col("actual_minutes")),
            unrecorded_minutes=pl.col("worked_minutes") - pl.col("actual_minutes") - pl.col("unrelated_minutes"),
        )
    )


def _counted(at: _Day) -> pl.LazyFrame:
    """staff_id and what is counted of every RM: 0 where nothing was, null where the table is not connected."""
    met, tasks = at.book.connected("interactions"), at.book.connected("undertakings", "task")
    parts = [(part(at), met) for part in (_met, _planned, _gaps, _next_contacts)]
    parts += [(part(at), tasks) for part in (_tasks, _next_tasks)]
    parts.append((_left_out(at), met and "visit_plan" in at.book.done))
    frame = managers(at.book)
    for part, connected in parts:
        names = [name for name in part.collect_schema() if name != "staff_id"]
        count = pl.col(names).cast(pl.Int64)
        frame = frame.join(part, on="staff_id", how="left").with_columns(
            count.fill_null(0) if connected else pl.when(False).then(count)
        )
    return frame


def _met(at: _Day) -> pl.LazyFrame:
    def by(*channels: str) -> pl.Expr:
        return (pl.col("channel").is_in(channels) & pl.col("two_way")).sum()

    return (
        at.held.filter(pl.col("on") == at.day)
        .group_by("staff_id")
        .agg(
            clients_visited=pl.col("client_id").filter("in_person").n_unique(),
            calls=by("phone"),
            video=by("video"),
            messages=by("message", "email"),
            goals_given=pl.col("goal_met").count(),
            goals_met=pl.col("goal_met").sum(),
            contact_minutes=pl.col("minutes").sum(),
            untimed=pl.col("minutes").null_count(),
        )
    )


def _planned(at: _Day) -> pl.LazyFrame:
    held = (pl.col("status") == "done") & (pl.col("started_at").dt.date() == at.day)
    minutes = pl.col("planned_minutes").sum()
    return (
        at.known.filter(pl.col("planned_on") == at.day)
        .group_by("staff_id")
        .agg(planned=pl.len(), held=held.sum(), planned_contact_minutes=minutes)
    )


def _gaps(at: _Day) -> pl.LazyFrame:
    entered = pl.col("recorded_at").dt.date()
    late = at.days.number(entered) - at.days.number(pl.col("on")) > 1
    return at.held.filter(entered >= at.day, late).group_by("staff_id").agg(log_gaps=pl.len())


def _open(book: Book, kind: str) -> pl.LazyFrame:
    """Undertakings of a kind not done at T."""
    done = (pl.col("outcome") != "open") & (pl.col("done_on") <= book.night.as_of).fill_null(value=True)
    return _undertaken(book, kind).filter(~done)


def _undertaken(book: Book, kind: str) -> pl.LazyFrame:
    """Undertakings of a kind known at T and not cancelled."""
    return book.table("undertakings").filter(
        pl.col("kind") == kind, pl.col("made_on") <= book.night.as_of, pl.col("outcome") != "cancelled"
    )


def _tasks(at: _Day) -> pl.LazyFrame:
    due, done = pl.col("due_on") == at.day, pl.col("done_on") <= at.day
    worked = (pl.col("done_on") == at.day) | (due & ~done.fill_null(value=False))
    of_day, first = {"actual": worked.fill_null(value=False), "planned": due}, pl.col("priority") == PRIORITIES[0]
    minutes = {name: pl.col(f"{name}_minutes").filter(where) for name, where in of_day.items()}
    by_priority = [
        pl.col(f"{name}_minutes").filter(where, pl.col("priority") == no).sum().alias(f"{name}_minutes_{no}")
        for name, where in of_day.items()
        for no in PRIORITIES
    ]
    return (
        _undertaken(at.book, "task")
        .filter(due | worked)
        .group_by("staff_id")
        .agg(
            *by_priority,
            tasks_due=due.sum(),
            tasks_done=(due & done).sum(),
            tasks_due_1=(due & first).sum(),
            tasks_done_1=(due & done & first).sum(),
            task_minutes=minutes["actual"].sum(),
            planned_task_minutes=minutes["planned"].sum(),
        )
    )


def _coming(at: _Day) -> pl.LazyFrame:
    """Contacts planned for the next working day."""
    return at.known.filter(pl.col("status") == "planned", pl.col("planned_on") == at.ahead)


def _next_contacts(at: _Day) -> pl.LazyFrame:
    return (
        _coming(at)
        .group_by("staff_id")
        .agg(
            next_contacts=pl.len(),
            next_without_goal=pl.col("goal").null_count(),
            next_minutes=pl.col("planned_minutes").sum(),
        )
    )


def _next_tasks(at: _Day) -> pl.LazyFrame:
    first = (pl.col("due_on") <= at.ahead) & (pl.col("priority") == PRIORITIES[0])
    return _open(at.book, "task").filter(first).group_by("staff_id").agg(next_tasks_1=pl.len())


def _left_out(at: _Day) -> pl.LazyFrame:
    """staff_id, next_left_out: urgent visits of the plan that nobody entered for the next working day."""
    none = pl.LazyFrame(schema={"rm_id": pl.String, "class": pl.Int64, "plan_on": pl.Date, "status": pl.String})
    urgent = (pl.col("class") <= URGENT_CLASS) & (pl.col("plan_on") <= at.ahead) & (pl.col("status") == "proposed")
    plan = at.book.done.get("visit_plan", none).filter(urgent)
    return plan.group_by(staff_id="rm_id").agg(next_left_out=pl.len())


def _follow_ups(at: _Day) -> pl.LazyFrame:
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


def _given_up(at: _Day, met: pl.LazyFrame) -> list[pl.LazyFrame]:
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


def _agenda(at: _Day) -> pl.LazyFrame:
    book, ahead, as_of = at.book, at.ahead, at.book.night.as_of
    soon = at.days.next_days(as_of, SOON_WORKDAYS)[-1]
    overdue = pl.when(pl.col("due_on") <= as_of).then(pl.lit("overdue"))
    owed = [
        _open(book, kind)
        .filter(pl.col("due_on") <= last)
        .select(
            "staff_id",
            "client_id",
            "contact_id",
            "priority",
            "planned_minutes",
            "due_on",
            item_kind=pl.lit(name),
            id="undertaking_id",
            goal="title",
            note=overdue,
        )
        for kind, name, last in (("task", "task", ahead), ("rm_promise", "promise", soon))
    ]
    planned = _coming(at).select(
        *BOTH,
        "contact_id",
        "purpose",
        "goal",
        "planned_minutes",
        item_kind=pl.lit("contact"),
        id="interaction_id",
        due_on="planned_on",
    )
    mine = main_on(book, as_of)
    of_clients = [part.join(mine, on="client_id") for part in (_birthdays(book), _signals(book))]
    parts = [*owed, planned, *of_clients, managers(book).join(_holidays(book), how="cross")]
    items = pl.concat(parts, how="diagonal").join(managers(book), on="staff_id", how="semi")
    schema = FRAMES["daily_agenda"]
    return items.with_columns(day=pl.lit(ahead)).select(schema.names())


def _birthdays(book: Book) -> pl.LazyFrame:
    """client_id, id, contact_id, due_on: birthdays of contacts in the next seven days."""
    next_days = [book.night.as_of + timedelta(days=k) for k in range(1, SOON_DAYS + 1)]
    of_day = {f"{day:%m-%d}": day for day in next_days}
    if "02-28" in of_day and not isleap(of_day["02-28"].year):
        of_day["02-29"] = of_day["02-28"]
    born = book.table("parties").select(
        id="party_id", due_on=pl.col("birthday_mmdd").replace_strict(of_day, default=None, return_dtype=pl.Date)
    )
    return (
        links(book, "contact_of")
        .select(id="from_id", client_id="to_id")
        .unique()
        .join(book.clients, on="client_id", how="semi")
        .join(born.filter(pl.col("due_on").is_not_null()), on="id")
        .with_columns(item_kind=pl.lit("birthday"), contact_id="id")
    )  # fmt: skip


def _holidays(book: Book) -> pl.LazyFrame:
    """id, due_on: holidays that begin in the next seven days."""
    as_of = book.night.as_of
    return (
        book.table("calendar")
        .filter(pl.col("holiday").is_not_null())
        .filter(pl.col("date").is_between(pl.lit(as_of + timedelta(days=1)), pl.lit(as_of + timedelta(days=SOON_DAYS))))
        .group_by(id="holiday")
        .agg(due_on=pl.col("date").min())
        .with_columns(item_kind=pl.lit("holiday"))
    )


def _signals(book: Book) -> pl.LazyFrame:
    """client_id, id, level, note: signals that are new or worse tonight at clients an earlier night knew."""
    met_before = book.assessments.filter(pl.col("previous_risk_level").is_not_null())
    return (
        book.findings.filter(pl.col("change").is_in(["new", "worse"]), pl.col("state") == "standing")
        .join(met_before, on="client_id", how="semi")
        .select(
            "client_id",
            id="signal_id",
            level=pl.col("level").cast(pl.String),
            note=pl.col("change").cast(pl.String),
            due_on=pl.lit(None, pl.Date),
            item_kind=pl.lit("signal"),
        )
    )
