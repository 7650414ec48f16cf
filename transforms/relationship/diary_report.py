"""The five questions of the evening and the checks of the next morning: the rows of daily_reports (input-model.md 9.1).

Ours, where the text leaves it open:
- Messages are messages and e-mails. A contact planned for the day counts whoever cancelled it. A cancelled task is
  none.
- Actual minutes are those of contacts held that day and of tasks done, or due and not done, that day; contacts without
  an end are counted apart (`untimed`). Without one of the two tables the sum is unknown.
- Question 2 is yes when every ratio that has a denominator is 1. Log gaps are contacts entered on the day or since,
  more than one working day late.
- Checks are of the next working day; left out is what the visit plan (11-5) proposes for it in class 1 to 3 and nobody
  entered.
"""

import polars as pl

from transforms.arithmetic import ratio
from transforms.relationship.diary_day import Day, coming, left_open, undertaken
from transforms.relationship.self_checks import managers

PRIORITIES = (1, 2, 3)
URGENT_CLASS = 3  # of the visit plan


def reports(at: Day) -> pl.LazyFrame:
    """The rows of daily_reports, one per RM."""
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


def _counted(at: Day) -> pl.LazyFrame:
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


def _met(at: Day) -> pl.LazyFrame:
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


def _planned(at: Day) -> pl.LazyFrame:
    held = (pl.col("status") == "done") & (pl.col("started_at").dt.date() == at.day)
    minutes = pl.col("planned_minutes").sum()
    return (
        at.known.filter(pl.col("planned_on") == at.day)
        .group_by("staff_id")
        .agg(planned=pl.len(), held=held.sum(), planned_contact_minutes=minutes)
    )


def _gaps(at: Day) -> pl.LazyFrame:
    entered = pl.col("recorded_at").dt.date()
    late = at.days.number(entered) - at.days.number(pl.col("on")) > 1
    return at.held.filter(entered >= at.day, late).group_by("staff_id").agg(log_gaps=pl.len())


def _tasks(at: Day) -> pl.LazyFrame:
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
        undertaken(at.book, "task")
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


def _next_contacts(at: Day) -> pl.LazyFrame:
    return (
        coming(at)
        .group_by("staff_id")
        .agg(
            next_contacts=pl.len(),
            next_without_goal=pl.col("goal").null_count(),
            next_minutes=pl.col("planned_minutes").sum(),
        )
    )


def _next_tasks(at: Day) -> pl.LazyFrame:
    first = (pl.col("due_on") <= at.ahead) & (pl.col("priority") == PRIORITIES[0])
    return left_open(at.book, "task").filter(first).group_by("staff_id").agg(next_tasks_1=pl.len())


def _left_out(at: Day) -> pl.LazyFrame:
    """staff_id, next_left_out: urgent visits of the plan that nobody entered for the next working day."""
    none = pl.LazyFrame(schema={"rm_id": pl.String, "class": pl.Int64, "plan_on": pl.Date, "status": pl.String})
    urgent = (pl.col("class") <= URGENT_CLASS) & (pl.col("plan_on") <= at.ahead) & (pl.col("status") == "proposed")
    plan = at.book.done.get("visit_plan", none).filter(urgent)
    return plan.group_by(staff_id="rm_id").agg(next_left_out=pl.len())
