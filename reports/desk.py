"""What a worklist knows: one RM's visits, day, checks and clients, gathered from the frames of transforms/worklists.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from reports.facts import Row, Run

_BY_STAFF = {"visit_plan": "rm_id", "days": "rm_id", "unvisited": "rm_id"}  # the rest by staff_id
_LOOKED_UP = {  # frame → what a row is looked up by
    "clients": ("client_id",),
    "findings": ("client_id", "signal_id"),
    "people": ("client_id", "party_id"),
    "owed": ("undertaking_id",),
    "complaint_cards": ("complaint_id",),
}


@dataclass(frozen=True)
class Desk:
    """One RM: `days` ahead with their sums, `visits` of the plan by day, and what is looked up by id (`known`).

    `report` of the last working day is None for somebody who is nobody's main RM; `unvisited`: his clients without a visit.
    """

    staff_id: str
    days: Sequence[Row]
    visits: Mapping[date | None, Sequence[Row]]
    report: Row | None
    agenda: Sequence[Row]
    follow_ups: Sequence[Row]
    checks: Sequence[Row]
    unvisited: Sequence[Row]
    known: Mapping[str, Mapping[tuple[str, ...], Row]] = field(repr=False)
    suggested: Mapping[str, Sequence[Row]] = field(repr=False)  # client → actions
    run: Run = field(repr=False)

    @property
    def name(self) -> str:
        """The RM's name, else his number."""
        return self.staff(self.staff_id)

    def staff(self, staff_id: str) -> str:
        """Somebody of the bank by name, else by number."""
        return self.run.names.get("staff", {}).get(staff_id, staff_id)

    def find(self, frame: str, *key: str) -> Row | None:
        """A row of `known` by its key."""
        return self.known[frame].get(key)


def _parts(frame: pl.DataFrame, by: str) -> dict[str, list[Row]]:
    parts = frame.partition_by(by, as_dict=True, maintain_order=True)
    return {str(key[0]): list[Row](rows.to_dicts()) for key, rows in parts.items()}


def gather(frames: Mapping[str, pl.DataFrame], staff: Sequence[str], run: Run) -> list[Desk]:
    """A desk of each of those RMs. `frames`: transforms.worklists.gathered."""
    known = {
        name: {tuple(row[column] for column in key): row for row in frames[name].iter_rows(named=True)}
        for name, key in _LOOKED_UP.items()
    }
    suggested = _parts(frames["actions"], "client_id")
    shared = {*_LOOKED_UP, "actions", "visit_status"}
    own = {name: _parts(frame, _BY_STAFF.get(name, "staff_id")) for name, frame in frames.items() if name not in shared}
    return [
        Desk(
            staff_id=one,
            days=own["days"].get(one, []),
            visits=_by_day(own["visit_plan"].get(one, [])),
            report=next(iter(own["daily_reports"].get(one, [])), None),
            agenda=own["daily_agenda"].get(one, []),
            follow_ups=own["daily_follow_ups"].get(one, []),
            checks=own["self_checks"].get(one, []),
            unvisited=own["unvisited"].get(one, []),
            known=known,
            suggested=suggested,
            run=run,
        )
        for one in staff
    ]


def _by_day(plan: Sequence[Row]) -> dict[date | None, list[Row]]:
    days: dict[date | None, list[Row]] = {}
    for row in plan:
        days.setdefault(row["plan_on"], []).append(row)
    return days
