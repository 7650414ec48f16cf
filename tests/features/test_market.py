"""Complaints in the news, price level, use of capacity: by hand, and a plain-Python reading of random returns."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import market
from transforms.night import Night, month_start
from transforms.shard import Shard

T = date(2015, 6, 30)
Row = dict[str, Any]
Filed = tuple[str, str, str, date, date, float]


def filed(indicator: str, back: int, value: float, client: str = "c", published: date | None = None) -> Filed:
    """The figure of the month `back` before June."""
    ended = month_start(T, back - 1) - timedelta(days=1)
    return ("client", client, indicator, ended, published or min(T, ended + timedelta(days=12)), value)


def news(days: int, name: str = "e", **more: Any) -> Row:
    on = T - timedelta(days=days)
    row = {"event_id": name, "kind": "news", "subtype": "product_complaint", "party_id": "c", "happened_on": on}
    return row | {"recorded_on": on, "confirmed": False, "source_ref": "daily:1"} | more


def measured(
    series: list[Filed] = (),
    events: list[Row] = (),
    clients: tuple[str, ...] = ("c",),
    kinds: frozenset[str] = frozenset({"news"}),
    at: date = T,
) -> pl.DataFrame:
    clean = {
        "series": pl.LazyFrame(list(series), TABLES["series"].schema, orient="row"),
        "events": pl.LazyFrame(list(events), TABLES["events"].schema),
    }
    ids = pl.LazyFrame({"client_id": clients}, {"client_id": pl.String})
    return market.measure(Shard(Night(at, kinds={"events": kinds}), ids, clean)).collect()


PRICE = ["price_level", "price_level_year_ago", "price_level_month"]
USE = ["utilisation", "utilisation_year_ago", "utilisation_month"]


def year(indicator: str, newest: int = 1, months: int = 15, value: float = 100.0) -> list[Filed]:
    return [filed(indicator, back, value + back) for back in range(newest, newest + months)]


def test_price_of_three_months_and_a_year_before() -> None:
    frame = measured(year("product_price_index"))
    assert frame.select(PRICE).row(0) == (102.0, 114.0, date(2015, 5, 1))
    assert frame["price_level_from"].item() == date(2014, 5, 1)
    keys = frame["price_level_keys"].item().to_list()
    assert len(keys) == 6
    assert keys[-1] == "series:client|c|product_price_index|2015-05-31|2015-06-12"


@pytest.mark.parametrize(("newest", "known"), [(0, True), (1, True), (2, False)])
def test_the_newest_month_is_the_last_full_one_or_the_one_before(newest: int, known: bool) -> None:
    got = measured(year("product_price_index", newest))["price_level"].item()
    assert got == (101.0 + newest if known else None)


def test_in_the_middle_of_a_month_the_last_full_one_is_earlier() -> None:
    got = measured(year("product_price_index", 2), at=date(2015, 6, 29))
    assert got["price_level"].item() == 103.0


def test_every_month_of_a_mean_is_needed() -> None:
    rows = year("product_price_index")
    assert measured(rows[:14]).select(PRICE[:2]).row(0) == (102.0, None)
    assert measured(rows[:1] + rows[2:]).select(PRICE[:2]).row(0) == (None, 114.0)
    assert measured(rows[1:]).select(PRICE).row(0) == (None, None, None)


def test_use_of_capacity_is_the_mean_of_the_monthly_ratios() -> None:
    output = [filed("output_units", back, value) for back, value in ((1, 30.0), (2, 60.0), (3, 90.0))]
    capacity = [filed("capacity_units", back, value) for back, value in ((1, 100.0), (2, 100.0), (3, 200.0))]
    assert measured([*output, *capacity]).select(USE).row(0) == (0.45, None, date(2015, 5, 1))
    nothing = filed("capacity_units", 2, 0.0)
    assert measured([*output, capacity[0], nothing, capacity[2]])["utilisation"].item() is None
    assert measured([*output, filed("output_units", 0, 1.0), *capacity])["utilisation"].item() == 0.45
    assert measured(output)["utilisation"].item() is None


def test_revisions_from_the_day_they_are_filed() -> None:
    rows = year("product_price_index")
    revised = filed("product_price_index", 1, 104.0, published=T)
    later = filed("product_price_index", 1, 500.0, published=T + timedelta(days=1))
    assert measured([revised, later, *rows])["price_level"].item() == 103.0


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (news(0), (1, 0)),
        (news(90), (1, 0)),
        (news(91), (0, 1)),
        (news(181), (0, 1)),
        (news(182), (0, 0)),
        (news(1, recorded_on=T + timedelta(days=1)), (0, 0)),
        (news(1, subtype="recall"), (0, 0)),
        (news(1, party_id="d"), (0, 0)),
        (news(1, kind="registry"), (0, 0)),
    ],
)
def test_complaints_in_two_windows_of_equal_length(row: Row, counts: tuple[int, int]) -> None:
    frame = measured(events=[row])
    assert frame.select("product_complaints_90", "product_complaints_90_before").row(0) == counts
    assert frame["product_complaint_keys"].to_list() == [["events:e"] if sum(counts) else []]


def test_not_connected_is_unknown_and_empty_is_nothing() -> None:
    counts = ["product_complaints_90", "product_complaints_90_before"]
    assert measured(events=[news(1)], kinds=frozenset()).select(counts).row(0) == (None, None)
    empty = measured()
    assert empty.select(counts).row(0) == (0, 0)
    assert empty.select(*PRICE, *USE).row(0) == (None,) * 6
    assert [(c.name, c.dtype) for c in market.PANEL] == list(empty.schema.items())[1:]


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(2)
    clients = tuple(f"c{i:03}" for i in range(200))
    table: dict[tuple[str, str, int], float] = {}
    for client in clients:
        newest = rng.choice([0, 1, 1, 2])
        for indicator in market.FILED:
            for back in range(newest, newest + rng.choice([3, 12, 15, 17])):
                if rng.random() > 0.02:
                    table[client, indicator, back] = round(rng.uniform(0, 90), 3)
    rows = [filed(indicator, back, value, client) for (client, indicator, back), value in table.items()]

    def mean(values: dict[int, float], first: int) -> float | None:
        window = [values.get(first + n) for n in range(3)]
        return None if None in window else round(sum(window) / 3, 9)

    def both(values: dict[int, float]) -> tuple[float | None, float | None]:
        newest = min(values, default=9)
        return (mean(values, newest), mean(values, newest + 12)) if newest <= 1 else (None, None)

    expected = []
    for client in clients:
        of = {i: {b: v for (c, x, b), v in table.items() if (c, x) == (client, i)} for i in market.FILED}
        output, capacity = of["output_units"], of["capacity_units"]
        use = {b: output[b] / capacity[b] for b in output if capacity.get(b, 0) > 0}
        expected.append((*both(of["product_price_index"]), *both(use)))
    got = measured(rows, clients=clients).select(*PRICE[:2], *USE[:2]).rows()
    assert [tuple(v and round(v, 7) for v in row) for row in got] == [
        tuple(v and round(v, 7) for v in row) for row in expected
    ]
    rng.shuffle(rows)
    assert measured(rows, clients=clients[::-1]).select(*PRICE[:2], *USE[:2]).rows() == got
