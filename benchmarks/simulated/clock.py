"""Days, months and chance of a simulated book, and frames in the schema of the input model."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.tables import TABLES
from transforms.festival import NEW_YEAR
from transforms.night import month_start

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]
Flags = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1)
NEVER = 10**6  # a day number nothing reaches
APART = 1_000_000  # between the numbers of two shards
SHARED = ("BANK", "AUD", "LAW", "BR")  # ids of what all shards have in common
_first: ContextVar[int] = ContextVar("first", default=0)
HOLIDAYS = {"new_year": (1, 1, 1), "labour_day": (5, 1, 5), "national_day": (10, 1, 7)}  # month, day, days off
SPRING_DAYS = 8  # from New Year's Eve


def number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class Clock:
    """The months of a book, the last one full, and their working days; days are numbers since 1970."""

    end: date
    months: int

    @cached_property
    def starts(self) -> Ints:
        """First day of each month, and of the one after the last."""
        firsts = [month_start(self.end, back) for back in range(self.months - 1, -2, -1)]
        return np.array([number(day) for day in firsts])

    @property
    def last(self) -> Ints:
        """Last day of each month."""
        return self.starts[1:] - 1

    @cached_property
    def of_year(self) -> Ints:
        """1 to 12 for each month."""
        return np.array([month_start(self.end, back).month for back in range(self.months - 1, -1, -1)])

    @cached_property
    def years(self) -> Ints:
        """The year of each month."""
        return np.array([month_start(self.end, back).year for back in range(self.months - 1, -1, -1)])

    @cached_property
    def calendar(self) -> pl.DataFrame:
        """The table calendar, from 900 days before the first month to 120 days after the last."""
        begin, stop = int(self.starts[0]) - 900, int(self.starts[-1]) + 120
        days = [EPOCH + timedelta(days=n) for n in range(begin, stop)]
        names = [_holiday(day) for day in days]
        work = [day.weekday() < 5 and name is None for day, name in zip(days, names, strict=True)]
        return table("calendar", date=pl.Series(days), is_workday=work, holiday=names)

    @cached_property
    def workdays(self) -> tuple[Ints, Ints]:
        """Working days of each month, padded with its last one, and how many there are."""
        days = self.calendar.filter("is_workday")["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
        each = [days[(days >= a) & (days < b)] for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]
        counts = np.array([len(one) for one in each])
        padded = np.array([np.pad(one, (0, 26 - len(one)), mode="edge") for one in each])
        return padded, counts

    def workday(self, month: Ints, share: Floats) -> Ints:
        """The working day that lies at a share (0 to 1) of each month."""
        padded, counts = self.workdays
        return padded[month, np.minimum((share * counts[month]).astype(np.int64), counts[month] - 1)]

    def month_of(self, day: Ints) -> Ints:
        """Index of the month a day lies in; below 0 before the book."""
        return np.searchsorted(self.starts, day, side="right") - 1


def _holiday(day: date) -> str | None:
    eve = NEW_YEAR[day.year] - timedelta(days=1)
    if 0 <= (day - eve).days < SPRING_DAYS:
        return "spring_festival"
    for name, (month, first, length) in HOLIDAYS.items():
        if day.month == month and first <= day.day < first + length:
            return name
    return None


def chance(*seed: int) -> np.random.Generator:
    """A stream of its own for each purpose."""
    return np.random.default_rng(seed)


@contextmanager
def numbered(shard: int) -> Iterator[None]:
    """Ids made inside are those of that shard: no other has the same."""
    token = _first.set(APART * shard)
    yield
    _first.reset(token)


def ids(prefix: str, numbers: Ints, width: int = 7) -> pl.Series:
    """Ids such as C0000012: a prefix and the number, counted on from shard to shard."""
    first = 0 if prefix in SHARED else _first.get()
    return prefix + pl.Series(numbers + first).cast(pl.String).str.zfill(width)


def numbers_of(codes: pl.Series) -> Ints:
    """The numbers `ids` made those of, for a prefix of one letter."""
    return codes.str.slice(1).cast(pl.Int64).to_numpy() - _first.get()


def dates(numbers: Ints) -> pl.Series:
    """Dates of day numbers; null where a day is never reached."""
    days = pl.Series(numbers.astype(np.int64))
    return days.set(days >= NEVER, None).cast(pl.Int32).cast(pl.Date)


def times(numbers: Ints, minutes: Ints) -> pl.Series:
    """Times of day numbers and minutes of the day; null where a day is never reached."""
    stamps = pl.Series((numbers * 1440 + minutes) * 60_000)
    return stamps.set(pl.Series(numbers >= NEVER), None).cast(pl.Datetime("ms"))


def table(name: str, /, **columns: Any) -> pl.DataFrame:
    """A frame of that table's schema: scalars are repeated, columns not given are null."""
    schema = TABLES[name].schema
    if unknown := set(columns) - set(schema):
        raise ValueError(f"{name} has no columns {sorted(unknown)}")
    rows = next(len(values) for values in columns.values() if not isinstance(values, str | int | float | bool | None))
    given = {key: values for key, values in columns.items() if not isinstance(values, str | int | float | bool | None)}
    frame = pl.DataFrame(given) if given else pl.DataFrame({"_": np.zeros(rows)})
    fixed: Mapping[str, Any] = {key: values for key, values in columns.items() if key not in given}
    return frame.select(
        (pl.col(column) if column in given else pl.lit(fixed.get(column))).cast(dtype).alias(column)
        for column, dtype in schema.items()
    )


def fen(amounts: Floats, least: int | None = None) -> Ints:
    """Amounts of CNY in fen, none below `least`."""
    whole = np.rint(amounts * 100)
    return (whole if least is None else np.maximum(least, whole)).astype(np.int64)


def where(flag: Flags | pl.Series, value: pl.Series | str) -> pl.Series:
    """The value where the flag is set, else null."""
    given = pl.lit(value) if isinstance(value, str) else value
    return pl.select(pl.when(pl.Series(flag)).then(given)).to_series()


def pick(rng: np.random.Generator, choices: list[Any], shares: list[float], count: int) -> pl.Series:
    """`count` of the choices, by their shares."""
    whole = np.array(shares) / sum(shares)
    return pl.Series(choices).gather(rng.choice(len(choices), count, p=whole))


def happens(rng: np.random.Generator, clock: Clock, clients: int, rate: float, years: float = 4.0) -> tuple[Ints, Ints]:
    """(client, day) of what happens `rate` times a year to each client, over the last years of the book."""
    counts = rng.poisson(rate * years, clients)
    who = np.repeat(np.arange(clients), counts)
    end = number(clock.end)
    return who, end - rng.integers(0, int(365.25 * years), len(who))


def walk(rng: np.random.Generator, shape: tuple[int, int], spread: float | Floats, memory: float) -> Floats:
    """Mean-reverting deviations around 0: first-order, standing at `spread` (per row or for all)."""
    made = np.empty(shape)
    made[:, 0] = rng.standard_normal(shape[0])
    for step in range(1, shape[1]):
        made[:, step] = memory * made[:, step - 1] + np.sqrt(1 - memory**2) * rng.standard_normal(shape[0])
    return made * (np.asarray(spread)[:, None] if np.ndim(spread) else spread)


def lumps(rng: np.random.Generator, cv: Floats | float, shape: tuple[int, ...]) -> Floats:
    """Lognormal factors of mean 1 and that coefficient of variation (per row or for all)."""
    spread = np.log1p(np.square(cv))
    spread = np.asarray(spread)[:, None] if np.ndim(spread) else spread
    return np.exp(np.sqrt(spread) * rng.standard_normal(shape) - spread / 2)
