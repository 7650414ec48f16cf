"""On which day an RM makes each visit: the balancing of table 11-5 (input-model.md 8).

The source: at most so many contact minutes a day, a visit moves from its due day to the next day with free capacity, and past
the tenth working day after it the visit cannot fit. Ours: the most urgent class goes first, then the earliest due day;
a visit of class 1 to 3 whose day is full is made on a free day before it, if there is one; what is overdue counts from tonight,
so it fills the next days one after the other. Contacts already planned keep their day and take their minutes first.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

LATE_WORKDAYS = 10  # after its due day a visit still fits
PRESSING = 3  # classes up to this one are made before their day rather than after it


class Visit(NamedTuple):
    """A visit somebody has to make; ordered as they are placed."""

    weight: int
    due_on: date
    client_id: str
    staff_id: str
    minutes: int


class Planned(NamedTuple):
    """A contact that has its day."""

    staff_id: str
    client_id: str
    on: date
    minutes: int


def balanced(
    visits: Iterable[Visit], planned: Iterable[Planned], days: Sequence[date], capacity: int
) -> dict[str, date | None]:
    """client_id → day of its visit, None where it cannot fit; each client has one visit at most.

    `days` are the working days after tonight, enough of them; `capacity` the minutes of a day.
    """
    used: defaultdict[tuple[str, date], int] = defaultdict(int)
    met: set[tuple[str, date]] = set()
    for contact in planned:
        used[contact.staff_id, contact.on] += contact.minutes
        met.add((contact.client_id, contact.on))
    placed: dict[str, date | None] = {}
    for visit in sorted(visits):
        minutes = min(visit.minutes, capacity)
        placed[visit.client_id] = None
        for day in _tried(visit, days):
            if used[visit.staff_id, day] + minutes <= capacity and (visit.client_id, day) not in met:
                used[visit.staff_id, day] += minutes
                placed[visit.client_id] = day
                break
    return placed


def _tried(visit: Visit, days: Sequence[date]) -> Iterator[date]:
    """Days a visit may be made on, the best first."""
    at = bisect_right(days, visit.due_on) - 1  # -1: due tonight or before
    due = max(at, 0)
    yield days[due]
    if visit.weight <= PRESSING:
        yield from reversed(days[:due])
    yield from days[due + 1 : at + 1 + LATE_WORKDAYS]
