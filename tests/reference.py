"""Slow, plain readings of the rules for months and DECLINE, to hold the frames against: loops, no Polars."""

import math
from datetime import date
from statistics import fmean, median

# Lunar New Year's Day, copied from the almanac for the years the tests use.
NEW_YEAR = {
    2019: date(2019, 2, 5),
    2020: date(2020, 1, 25),
    2021: date(2021, 2, 12),
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
}
LIMITS = {"R": (0.50, 0.75, -2.0), "A": (0.70, 0.85, -2.0), "W": (0.80, 0.90, -1.5)}
ORDER = ["", "W", "A", "R"]


def back(month: date, n: int) -> date:
    """First day of the month n before (after, when negative)."""
    for _ in range(abs(n)):
        if n > 0:
            month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        else:
            month = date(month.year + (month.month == 12), month.month % 12 + 1, 1)
    return month


def windows(last: date) -> tuple[list[date], list[date]]:
    """The three months of y3 and the same three a year before, stepped back for New Year."""
    for step in range(12):
        now = [back(last, step + k) for k in range(3)]
        ago = [back(m, 12) for m in now]
        if len({any((NEW_YEAR[m.year].month, m.year) == (m.month, m.year) for m in w) for w in (now, ago)}) == 1:
            return now, ago
    raise AssertionError(last)


def at_month_end(values: dict[date, int | None], last: date, index: dict[int, float] | None = None):
    """(r3_12, y3, z, level) at the month-end of `last`; `values` are the months of history."""
    months = [back(last, k) for k in range(36)]
    history = [m for m in months if m in values]
    if len(history) < 9:
        return None, None, None, None
    recent, before = history[:3], history[3:15]
    now, ago = windows(last)
    known = all(values[m] is not None for m in recent + before)
    r = z = y = None
    if known and sum(values[m] for m in before) > 0:
        r = round(fmean(values[m] for m in recent) / fmean(values[m] for m in before), 9)
    if all(values.get(m) is not None for m in now + ago) and sum(values[m] for m in ago) > 0:
        y = round(sum(values[m] for m in now) / sum(values[m] for m in ago), 9)
    if known and median(values[m] for m in before) > 0:
        level = {m: values[m] / (index[m.month] if index else 1) for m in recent + before}
        least = median(level[m] for m in before) / 100
        if least > 0:
            logs = {m: math.log(x if x > 0 else least) for m, x in level.items()}
            middle = median(logs[m] for m in before)
            s = max(1.4826 * median(abs(logs[m] - middle) for m in before), 0.10)
            fall = fmean(logs[m] for m in recent) - fmean(logs[m] for m in before)
            z = round(fall / (s * math.sqrt(1 / 3 + 1 / len(before))), 9)
    if r is None or z is None:
        return r, y, z, None
    for name, (r_limit, y_limit, z_limit) in LIMITS.items():
        year = name == "W" if y is None else y <= y_limit
        if year and r <= r_limit and z <= z_limit:
            return r, y, z, name
    return r, y, z, ""


def decline(values: dict[date, int | None], last: date, indexes=(None, None)):
    """(r3_12, y3, z, decline) with the hold."""
    r, y, z, now = at_month_end(values, last, indexes[0])
    before = at_month_end(values, back(last, 1), indexes[1])[3] or ""
    if now in (None, "", "W"):
        return r, y, z, now
    return r, y, z, ORDER[max(1, min(ORDER.index(now), ORDER.index(before)))]
