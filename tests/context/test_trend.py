"""Turnover and balances that fall month by month once the month's index is taken out (MGT-03)."""

import random
from datetime import date

import polars as pl

from tests.reference import back
from transforms.context import month_index, trend
from transforms.night import Night

NIGHT = Night(date(2024, 6, 30))
LAST = date(2024, 6, 1)


def measured(book: dict[str, list[int | None]], code: str = "C2614") -> dict[str, tuple[bool | None, bool | None]]:
    """`book`: client → months of inflow, oldest first, the last one June 2024; balances are a tenth."""
    identity = pl.LazyFrame(
        {"client_id": list(book), "industry_code": [code] * len(book), "industry_section": ["C"] * len(book)},
        {"client_id": pl.String, "industry_code": pl.String, "industry_section": pl.String},
    )
    rows = [(c, back(LAST, len(values) - 1 - i), value) for c, values in book.items() for i, value in enumerate(values)]
    long = pl.LazyFrame(rows, {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64}, orient="row")
    flows, balances = (
        long.with_columns(opout=pl.lit(0, pl.Int64)),
        long.select("client_id", "month", adb=pl.col("opin") // 10),
    )
    index = month_index.index(NIGHT, identity, flows, balances).collect().lazy()
    frame = trend.measure(NIGHT, identity, flows, balances, index).collect()
    assert dict(frame.schema) == {"client_id": pl.String(), **{c.name: c.dtype for c in trend.PANEL}}
    return {row[0]: row[1:] for row in frame.rows()}


DOWN = [1000, 980, 960, 940, 920, 900]


def test_by_hand() -> None:
    book = {
        "down": [1000] * 10 + DOWN,
        "less": [1000] * 10 + [*DOWN[:5], 910],
        "up": DOWN[::-1],
        "five": DOWN[1:],
        "unknown": [1000, 980, None, 940, 920, 900],
        "none": [],
    }
    says = measured(book)
    assert says["down"] == (True, True)
    assert says["less"] == (False, False)
    assert says["up"] == (False, False)
    assert says["five"] == says["unknown"] == says["none"] == (None, None)


def test_a_season_every_neighbour_shares_is_no_trend() -> None:
    """Twenty clients whose first half-year falls every year: the index takes it out; one that falls faster still shows."""
    year = [1000, 1000, 1000, 1000, 1000, 1000, 1000, 980, 960, 940, 920, 900]  # July to June
    book = {f"c{i:02d}": [x * (i + 1) for x in year * 2] for i in range(20)}
    assert set(measured(book).values()) == {(False, False)}
    book["c00"] = year + year[:6] + [1000, 940, 880, 820, 760, 700]
    says = measured(book)
    assert says["c00"] == (True, True)
    assert says["c01"] == (False, False)


def test_a_plain_reading_of_random_months_agrees() -> None:
    dice = random.Random(10)
    book = {
        f"c{i:03d}": [max(0, 1000 - slope * n + dice.randint(-100, 100)) for n in range(6)]
        for i, slope in enumerate(dice.choices([0, 20, 60], k=200))
    }
    says = measured(book)  # six months: no index
    for client, values in book.items():
        for answer, points in zip(says[client], (values, [v // 10 for v in values]), strict=True):
            falls = sum((b < a) - (b > a) for i, a in enumerate(points) for b in points[i + 1 :])
            assert answer == (round(falls / 15, 9) >= 0.6 and round(1 - points[5] / points[0], 9) >= 0.1)
    assert 20 < sum(opin is True for opin, _ in says.values()) < 180
