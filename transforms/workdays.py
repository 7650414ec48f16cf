"""Working days and working hours by the bank's calendar; 9:00 to 17:30 unless the policy says otherwise."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.shard import Shard

SATURDAY = 6  # ISO weekday
_BACK, _AHEAD = 15 * 366, 3 * 366  # days around T


@dataclass(frozen=True)
class Workdays:
    """All working days around T, sorted. Arithmetic on expressions: dates in, dates or counts out, null for null."""

    days: pl.Series
    opens: int = 9 * 60  # minutes of the day
    closes: int = 17 * 60 + 30

    @classmethod
    def of(cls, shard: Shard) -> "Workdays":
        """Those of the table `calendar`; for days it does not have, Monday to Friday."""
        as_of = shard.night.as_of
        first, last = as_of - timedelta(days=_BACK), as_of + timedelta(days=_AHEAD)
        every = pl.LazyFrame({"date": pl.date_range(first, last, eager=True)})
        known = shard.table("calendar").select("date", "is_workday")
        workday = pl.coalesce("is_workday", pl.col("date").dt.weekday() < SATURDAY)
        opens, closes = (60 * int(at[:2]) + int(at[3:]) for at in shard.night.working_hours)
        days = every.join(known, on="date", how="left").filter(workday).sort("date").collect()["date"]
        return cls(days, opens, closes)

    def number(self, day: pl.Expr) -> pl.Expr:
        """How many working days there are up to that day, itself among them (Int64): differences count working days."""
        found = pl.lit(self.days).search_sorted(day, side="right").cast(pl.Int64)
        return pl.when(day.is_not_null()).then(found)

    def is_workday(self, day: pl.Expr) -> pl.Expr:
        """Whether the bank works that day."""
        return day.is_in(self.days.implode())

    def after(self, day: pl.Expr, count: int | pl.Expr) -> pl.Expr:
        """The `count`-th working day after that day; with 0 the day itself or the working day before it."""
        at = self.number(day) + count - 1
        return pl.when(day.is_not_null()).then(pl.lit(self.days).gather(at))

    def on_or_after(self, day: pl.Expr) -> pl.Expr:
        """The day itself when the bank works, else the next working day."""
        return self.after(day.dt.offset_by("-1d"), 1)

    def hours(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Working hours from one time (Datetime) to another, Float64."""
        return (self._minutes(end) - self._minutes(start)) / 60

    def _minutes(self, at: pl.Expr) -> pl.Expr:
        """Working minutes from the first working day to that time."""
        day, minute = at.dt.date(), 60 * at.dt.hour().cast(pl.Int64) + at.dt.minute()
        today = pl.when(self.is_workday(day)).then((minute - self.opens).clip(0, self.closes - self.opens)).otherwise(0)
        return (self.closes - self.opens) * self.number(day.dt.offset_by("-1d")) + today

    def next_days(self, day: date, count: int) -> list[date]:
        """The `count` working days after that day."""
        return self.days.filter(self.days > day).head(count).to_list()
