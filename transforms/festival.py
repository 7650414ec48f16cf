"""Lunar New Year 2000-2050 and the shift of year-on-year windows it asks for (readings.md S9)."""

from collections.abc import Mapping
from datetime import date

from transforms.night import month_start

# Month and day of lunar New Year's Day in Beijing, 2000 to 2050: two-digit month, two-digit day.
_FIRST_YEAR = 2000
_DAYS = [
    "0205",
    "0124",
    "0212",
    "0201",
    "0122",
    "0209",
    "0129",
    "0218",
    "0207",
    "0126",
    "0214",
    "0203",
    "0123",
    "0210",
    "0131",
    "0219",
    "0208",
    "0128",
    "0216",
    "0205",
    "0125",
    "0212",
    "0201",
    "0122",
    "0210",
    "0129",
    "0217",
    "0206",
    "0126",
    "0213",
    "0203",
    "0123",
    "0211",
    "0131",
    "0219",
    "0208",
    "0128",
    "0215",
    "0204",
    "0124",
    "0212",
    "0201",
    "0122",
    "0210",
    "0130",
    "0217",
    "0206",
    "0126",
    "0214",
    "0202",
    "0123",
]

NEW_YEAR: Mapping[int, date] = {
    year: date(year, int(day[:2]), int(day[2:])) for year, day in enumerate(_DAYS, start=_FIRST_YEAR)
}
_NEW_YEAR_MONTHS = frozenset(day.replace(day=1) for day in NEW_YEAR.values())


def _has_new_year(last_month: date) -> bool:
    """Whether lunar New Year's Day lies in the three months ending with `last_month`."""
    return any(month_start(last_month, back) in _NEW_YEAR_MONTHS for back in range(3))


def shift(last_month: date) -> int:
    """Months by which both 3-month windows of y3 step back so that New Year lies in both or in neither.

    `last_month` is the first day of the last month of the newer window. 0 where a window leaves the table's years.

    >>> shift(date(2024, 1, 1)), shift(date(2024, 2, 1)), shift(date(2024, 4, 1)), shift(date(2022, 4, 1))
    (1, 0, 1, 0)
    """
    if month_start(last_month, 14).year not in NEW_YEAR or last_month.year not in NEW_YEAR:
        return 0
    return next(
        back
        for back in range(12)
        if _has_new_year(month_start(last_month, back)) == _has_new_year(month_start(last_month, back + 12))
    )
