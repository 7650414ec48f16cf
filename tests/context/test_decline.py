import math
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from tests.reference import back, windows
from tests.reference import decline as expected
from transforms import festival
from transforms.context import decline
from transforms.decline import LIMITS, held, month_end
from transforms.night import Night

NIGHT = Night(date(2024, 6, 30))
LAST = date(2024, 6, 1)
Values = list[int | None]
STEADY: Values = [100] * 21


def months(values: Values, last: date = LAST) -> dict[date, int | None]:
    """The values, oldest first, by month; the newest is `last`."""
    return {back(last, len(values) - 1 - i): value for i, value in enumerate(values)}


def series(clients: dict[str, Values], last: date = LAST) -> pl.LazyFrame:
    rows = [(client, *pair) for client, values in clients.items() for pair in months(values, last).items()]
    return pl.LazyFrame(rows, {"client_id": pl.String, "month": pl.Date, "value": pl.Int64}, orient="row")


def answers(clients: dict[str, Values], night: Night = NIGHT) -> dict[str, tuple]:
    rows = held(night, series(clients, night.last_full_month)).collect().rows()
    return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ([*STEADY, 80, 80, 80], "W"),  # exactly a fifth less, inclusive
        ([*STEADY, 80, 80, 81], ""),
        ([*STEADY, 70, 70, 70], "W"),  # A now; the month before stood at (100 + 70 + 70) / 3 = 80 %: W
        ([*STEADY, 60, 60, 60, 60], "A"),  # A at both
        ([*STEADY, 40, 40, 40, 40], "R"),
        ([*STEADY, 40, 40, 40], "A"),  # R now; (100 + 40 + 40) / 3 = 60 % the month before: A
        ([*STEADY, 100, 100, 10], "W"),  # A now; nothing the month before
        ([*STEADY[:15], 100], ""),
        (STEADY[:9], ""),
        (STEADY[:8], None),  # under nine months
        ([], None),
        ([0] * 24, None),  # nothing to compare with
        ([*[100] * 5, *[0] * 16, 100, 100, 100], None),  # the median of the twelve before is 0
        ([*STEADY[:9], None, *STEADY[:14]], None),  # an unknown month among the twelve before
        ([*STEADY, 40, None, 40], None),
        ([None, *STEADY, 80, 80, 80], "W"),  # an unknown month outside every window
        ([*[100] * 6, 10, 10, 10], "W"),  # nine months: y3 dropped, at most W
        ([*[100] * 11, 10, 10, 10, 10], "W"),  # fifteen: y3 runs, but a month before it did not
        ([*[100] * 12, 10, 10, 10, 10], "R"),
        ([*[100] * 6, *[0] * 3, *[100] * 8, 10, 10, 10, 10], "W"),  # y3 has a base of 0
        ([*[100] * 9, 10, 10, 10, *[100] * 9, 10, 10, 10], ""),  # the same three months were as low a year ago
        ([*[100, 1000] * 10, 100, 100, 100], ""),  # a client this lumpy shows no fall
    ],
)
def test_levels(values: Values, answer: str | None) -> None:
    result = answers({"c": values, "another": STEADY}).get("c")
    assert (result[-1] if result else None) == answer
    if values:
        assert result == expected(months(values), LAST)


def test_by_hand() -> None:
    """Twelve months of 100 and 110 in turn, then three of 63: every figure by hand."""
    values: Values = [*[105] * 3, *[100, 110] * 6, 63, 63, 63]
    log_mid = (math.log(100) + math.log(110)) / 2
    noise = max(1.4826 * (math.log(110) - math.log(100)) / 2, 0.10)
    z = (math.log(63) - log_mid) / (noise * math.sqrt(1 / 3 + 1 / 12))
    row = month_end(NIGHT, series({"c": values})).collect().rows()[0]
    assert row == ("c", 0.6, round(189 / 310, 9), pytest.approx(z, abs=1e-9), "A")


def test_zero_month_stands_as_a_hundredth_of_the_median() -> None:
    values: Values = [*[100] * 15, 0, 100, 100]
    row = month_end(NIGHT, series({"c": values})).collect().rows()[0]
    assert row[3] == pytest.approx(math.log(0.01) / 3 / (0.1 * math.sqrt(5 / 12)), abs=1e-9)


def test_limits_can_be_set() -> None:
    stricter = replace(NIGHT, decline={**LIMITS, "W": (0.70, 0.90, -1.5)})
    frame = series({"c": [*STEADY, 80, 80, 80]})
    assert held(stricter, frame).collect()["decline"].to_list() == [""]
    assert held(NIGHT, frame).collect()["decline"].to_list() == ["W"]


def random_months(rng: random.Random) -> Values:
    size = rng.choice([0, 3, 8, 9, 12, 14, 15, 16, 17, 18, 24, 36])
    slope, spread = rng.choice([1, 1, 0.97, 0.9, 0.8]), rng.choice([0, 0.1, 0.5, 1.2])
    gaps, dent = rng.choice([0, 0, 0.1, 0.5]), rng.choice([0, 0, 0, 0.02])
    fall = rng.choice([1, 1, 0.75, 0.6, 0.55, 0.3])

    def one(i: int) -> int | None:
        if rng.random() < dent:
            return None
        size_of = 1e6 * slope**i * math.exp(rng.gauss(0, spread)) * (fall if i >= size - 4 else 1)
        return 0 if rng.random() < gaps else round(size_of) - rng.choice([0, 0, 0, 500_000])

    return [one(i) for i in range(size)]


@pytest.mark.parametrize("as_of", [date(2024, m, 28) for m in range(1, 13)] + [date(2023, 3, 31), date(2024, 2, 29)])
def test_equals_the_plain_reading(as_of: date) -> None:
    """Answers of 100 random clients at month-ends of a year, in any row order, with and without an index."""
    night, rng = Night(as_of), random.Random(as_of.toordinal())
    last = night.last_full_month
    clients = {f"c{i}": random_months(rng) for i in range(100)} | {"steps": [*STEADY, 60, 60, 60, 60]}
    seen = set()
    index = [{m: rng.choice([0.5, 0.9, 1.0, 1.3]) for m in range(1, 13)} for _ in range(2)]
    frame = series(clients, last)
    for indexes in ((None, None), tuple(index)):
        named = frame
        if indexes[0]:
            month = pl.col("month").dt.month().cast(pl.Int64)
            named = frame.with_columns(month.replace_strict(index[s]).alias(f"index_{s}") for s in (0, 1))
        rows = held(night, named.collect().sample(fraction=1, shuffle=True, seed=1).lazy()).collect().rows()
        wanted = [(c, *expected(months(v, last), last, indexes)) for c, v in sorted(clients.items()) if v]
        assert [row[0] for row in rows] == [row[0] for row in wanted]
        for row, want in zip(rows, wanted, strict=True):
            assert row[-1] == want[-1]
            assert row[1:-1] == tuple(None if x is None else pytest.approx(x, abs=2e-9) for x in want[1:-1])
        seen |= {row[-1] for row in rows}
    assert seen == {None, "", "W", "A", "R"}


IDENTITY = pl.LazyFrame(
    {"client_id": ["a", "b", "c", "d"], "industry_code": ["C26", "C2614", "C", None]},
    {"client_id": pl.String, "industry_code": pl.String},
).with_columns(industry_section=pl.col("industry_code").str.head(1))
INDEX = {"measure": pl.String, "group": pl.String, "shift": pl.Int64, "month_of_year": pl.Int64, "index": pl.Float64}
NO_INDEX = pl.LazyFrame(schema=INDEX)
FLOWS = {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64, "opout": pl.Int64}
ADB = {"client_id": pl.String, "month": pl.Date, "adb": pl.Int64}


def flows(clients: dict[str, Values]) -> pl.LazyFrame:
    return series(clients).select("client_id", "month", opin="value", opout=pl.lit(0, pl.Int64))


def test_measures_and_narrowest_index() -> None:
    """June stands at half a year's mean in division C26, at a quarter in the book: C26 clients show no fall."""
    seasonal: Values = [*STEADY, *[100] * 2, 50]
    index = pl.LazyFrame(
        [
            ("opin", group, shift, month, (low if month == 6 else 1.0))
            for group, low in (("C26", 0.5), ("C", 0.25), ("book", 1.0))
            for shift in (0, 1)
            for month in range(1, 13)
        ],
        INDEX,
        orient="row",
    )
    frame = flows(dict.fromkeys("abcd", seasonal))
    result = decline.measure(NIGHT, IDENTITY, frame, pl.LazyFrame(schema=ADB), index).collect()
    june = {  # June's log less the other Junes': one of the twelve before is one too
        low: (math.log(0.5) / 3 - math.log(low) / 3 + math.log(low) / 12) / (0.1 * math.sqrt(5 / 12))
        for low in (0.5, 0.25, 1.0)
    }
    assert result["opin_z"].to_list() == [pytest.approx(june[x], abs=1e-9) for x in (0.5, 0.5, 0.25, 1.0)]
    assert result["turnover_z"].to_list() == [pytest.approx(june[1.0], abs=1e-9)] * 4  # no index for that measure
    assert result["turnover_r3_12"].to_list() == result["opin_r3_12"].to_list() == [round(250 / 300, 9)] * 4
    assert result["adb_decline"].to_list() == [None] * 4


def test_turnover_is_both_directions_and_adb_its_own() -> None:
    falling: Values = [*STEADY, 40, 40, 40, 40]
    both = series({"a": falling}).select("client_id", "month", opin="value", opout=140 - pl.col("value"))
    adb = series({"a": [*STEADY, 60, 60, 60, 60]}).rename({"value": "adb"})
    one = decline.measure(NIGHT, IDENTITY.head(1), both, adb, NO_INDEX).collect().row(0, named=True)
    assert {m: one[f"{m}_decline"] for m in ("opin", "turnover", "adb")} == {"opin": "R", "turnover": "", "adb": "A"}


def test_alone_as_among_others_and_in_any_order() -> None:
    rng = random.Random(5)
    clients = {c: random_months(rng) for c in "abcd"}
    index = pl.LazyFrame([("opin", "C", s, m, 0.8 + m / 32) for s in (0, 1) for m in range(1, 13)], INDEX, orient="row")
    adb = series(clients).rename({"value": "adb"})
    all_of_them = decline.measure(NIGHT, IDENTITY, flows(clients), adb, index).collect()
    for client in "abcd":
        me = pl.col("client_id") == client
        alone = decline.measure(NIGHT, IDENTITY.filter(me), flows(clients).filter(me), adb.filter(me), index)
        assert alone.collect().equals(all_of_them.filter(me))
    turned = decline.measure(NIGHT, IDENTITY.reverse(), flows(clients).reverse(), adb.reverse(), index.reverse())
    assert turned.collect().equals(all_of_them)


def test_empty_frames_keep_their_types() -> None:
    empty = decline.measure(NIGHT, IDENTITY, pl.LazyFrame(schema=FLOWS), pl.LazyFrame(schema=ADB), NO_INDEX).collect()
    assert empty.height == 4
    assert empty.columns[1:5] == ["opin_r3_12", "opin_y3", "opin_z", "opin_decline"]
    assert set(empty.dtypes[1:]) == {pl.Float64, pl.String}
    assert empty.select(pl.all_horizontal(pl.exclude("client_id").is_null())).to_series().all()


# -- the festival --


def new_moon(k: int) -> datetime:
    """Beijing time of the new moon k lunations after January 2000 (Meeus, Astronomical Algorithms, chapter 49)."""
    t = k / 1236.85
    day = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun, moon, node, ascending = (
        math.radians(start + rate * k + bend * t * t)
        for start, rate, bend in (
            (2.5534, 29.10535670, -0.0000014),
            (201.5643, 385.81693528, 0.0107582),
            (160.7108, 390.67050284, -0.0016118),
            (124.7746, -1.56375588, 0.0020672),
        )
    )
    terms = (
        (-0.40720, moon), (0.17241 * e, sun), (0.01608, 2 * moon), (0.01039, 2 * node), (0.00739 * e, moon - sun),
        (-0.00514 * e, moon + sun), (0.00208 * e * e, 2 * sun), (-0.00111, moon - 2 * node),
        (-0.00057, moon + 2 * node), (0.00056 * e, 2 * moon + sun), (-0.00042, 3 * moon), (0.00042 * e, sun + 2 * node),
        (0.00038 * e, sun - 2 * node), (-0.00024 * e, 2 * moon - sun), (-0.00017, ascending),
        (0.000325, math.radians(299.77 + 0.107408 * k)),
    )  # fmt: skip
    day += sum(size * math.sin(angle) for size, angle in terms)
    return datetime(2000, 1, 1, 12) + timedelta(days=day - 2451545.0, hours=8, seconds=-70)  # noqa: DTZ001


def test_new_year_is_the_first_new_moon_from_21_january_on() -> None:
    assert list(festival.NEW_YEAR) == list(range(2000, 2051))
    for year, day in festival.NEW_YEAR.items():
        moons = (new_moon(k) for k in range(round((year - 2000) * 12.3685) - 2, 10**6))
        assert next(moon.date() for moon in moons if moon.date() >= date(year, 1, 21)) == day


@pytest.mark.parametrize(
    ("last", "shift"),
    [
        (date(2023, 12, 1), 0),  # October to December, in neither year
        (date(2024, 1, 1), 1),  # New Year was in January 2023 and comes in February 2024
        (date(2024, 2, 1), 0),  # in both
        (date(2024, 3, 1), 0),
        (date(2024, 4, 1), 1),  # February to April has 2024's, not January 2023's
        (date(2024, 5, 1), 0),
        (date(2022, 1, 1), 0),  # February in 2021 and 2022
        (date(2022, 4, 1), 0),
        (date(2023, 1, 1), 1),
        (date(2023, 4, 1), 1),
        (date(1995, 4, 1), 0),  # before the table
        (date(2051, 1, 1), 0),  # after it
    ],
)
def test_shift(last: date, shift: int) -> None:
    assert festival.shift(last) == shift


def test_shift_equals_the_plain_reading() -> None:
    for last in (back(date(2024, 12, 1), n) for n in range(54)):
        assert windows(last)[0][0] == back(last, festival.shift(last))


def test_new_year_lies_in_both_windows_or_in_neither() -> None:
    days = {day.replace(day=1) for day in festival.NEW_YEAR.values()}
    for last in (back(date(2050, 12, 1), n) for n in range(570)):
        step = festival.shift(last)
        assert step <= 1  # so y3 needs sixteen months at most
        assert len({any(back(last, step + year + k) in days for k in range(3)) for year in (0, 12)}) == 1
