"""An RM's day: the one-day report, whom to follow up, and what the next working day brings (input-model.md 9.1).

The three parts stand in diary_report.py, diary_follow_ups.py and diary_agenda.py. Ours, where the text leaves it open: the day is T, or
the last working day before it. An RM is as in the self-checks; contacts and tasks are those in his name.
"""

from collections.abc import Mapping

import polars as pl

from transforms.features import contacts
from transforms.relationship import diary_agenda, diary_follow_ups, diary_report
from transforms.relationship.book import Book
from transforms.relationship.diary_day import Day
from transforms.relationship.diary_report import PRIORITIES
from transforms.relationship.self_check_desk import in_person
from transforms.workdays import Workdays

READS = (
    *("assignments", "staff", "clients", "interactions", "undertakings", "staff_days", "party_links", "parties"),
    *("holdings", "accounts", "events", "calendar"),
)


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


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """daily_reports: one row per RM; daily_follow_ups: one per contact of the day, and what to give up; daily_agenda."""
    days = Workdays.of(book)
    known = book.table("interactions").filter(pl.col("recorded_at").dt.date() <= book.night.as_of)
    minutes = (pl.col("ended_at") - pl.col("started_at")).dt.total_minutes()
    held = contacts.done(book.night, known).with_columns(minutes=minutes, in_person=in_person())
    day = days.days.filter(days.days <= book.night.as_of)[-1]
    at = Day(book, days, day, days.next_days(book.night.as_of, 1)[0], known, held)
    made = {
        "daily_reports": diary_report.reports(at),
        "daily_follow_ups": diary_follow_ups.follow_ups(at),
        "daily_agenda": diary_agenda.agenda(at),
    }
    return {
        name: frame.select(FRAMES[name].names()).cast(FRAMES[name]).sort(FRAMES[name].names())
        for name, frame in made.items()
    }
