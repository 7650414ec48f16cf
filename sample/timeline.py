"""The sample bank's time: thirty-six months that end on its as-of date, month ends, working days, the calendar table."""

from datetime import date, timedelta

import polars as pl

from transforms.festival import NEW_YEAR

FIRST, LAST = date(2012, 7, 1), date(2015, 6, 30)
MONTHS = [date(2012 + (6 + k) // 12, (6 + k) % 12 + 1, 1) for k in range(36)]
MONTH_ENDS = [*(month - timedelta(days=1) for month in MONTHS[1:]), LAST]
CALENDAR_YEARS = range(2012, 2017)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _observed(day: date) -> date:
    """A fixed holiday on a Saturday is kept on the Friday before, on a Sunday on the Monday after."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def holidays(year: int) -> dict[date, str]:
    """US federal holidays of a year as observed (5 U.S.C. 6103)."""
    last_monday_of_may = _nth(year, 6, 0, 1) - timedelta(days=7)
    return {
        _observed(date(year, 1, 1)): "new_year",
        _nth(year, 1, 0, 3): "martin_luther_king_day",
        _nth(year, 2, 0, 3): "presidents_day",
        last_monday_of_may: "memorial_day",
        _observed(date(year, 7, 4)): "independence_day",
        _nth(year, 9, 0, 1): "labor_day",
        _nth(year, 10, 0, 2): "columbus_day",
        _observed(date(year, 11, 11)): "veterans_day",
        _nth(year, 11, 3, 4): "thanksgiving",
        _observed(date(year, 12, 25)): "christmas",
    }


# The fifteenth of the eighth lunar month, as in the State Council's notices on the holidays of those years.
MID_AUTUMN = (date(2012, 9, 30), date(2013, 9, 19), date(2014, 9, 8), date(2015, 9, 27), date(2016, 9, 15))


def festivals() -> dict[date, str]:
    """The Chinese festivals on which clients are greeted. The bank keeps US holidays: it works on them."""
    told = {NEW_YEAR[year]: "spring_festival" for year in CALENDAR_YEARS}
    told |= {date(year, 10, 1): "national_day" for year in CALENDAR_YEARS}
    return told | dict.fromkeys(MID_AUTUMN, "mid_autumn")


HOLIDAYS = {
    day: name for year in range(CALENDAR_YEARS.start, CALENDAR_YEARS.stop + 1) for day, name in holidays(year).items()
}


def is_workday(day: date) -> bool:
    """Neither a weekend nor a federal holiday."""
    return day.weekday() < 5 and day not in HOLIDAYS


def workdays(month: date) -> list[date]:
    """The working days of the month that begins on that day."""
    days = (month + timedelta(days=k) for k in range(31))
    return [day for day in days if day.month == month.month and is_workday(day)]


def next_workday(day: date) -> date:
    """That day, or the next working day."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workday_from(day: date) -> date:
    """That day, or the next working day, but no later than the last day of the books."""
    return min(next_workday(day), LAST)


def calendar() -> pl.DataFrame:
    """The calendar table: every day of 2012 to 2016, federal holidays and Chinese festivals by name."""
    named = {**festivals(), **HOLIDAYS}
    days = pl.date_range(date(CALENDAR_YEARS.start, 1, 1), date(CALENDAR_YEARS.stop - 1, 12, 31), eager=True)
    return pl.DataFrame({
        "date": days,
        "is_workday": [is_workday(day) for day in days],
        "holiday": [named.get(day) for day in days],
    }, schema_overrides={"holiday": pl.String})  # fmt: skip
