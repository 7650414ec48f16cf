"""The client's own return: which month speaks, which revision, a year before, the lists of months."""

import random
from datetime import date

import polars as pl
import pytest

from tests.features.operating import filed, month_end, run
from tests.features.shards import Row, T, agrees, shard
from transforms.features import returns


def measured(rows: list[Row], clients: tuple[str, ...] = ("c",)) -> pl.DataFrame:
    return returns.measure(shard({"series": rows}, clients)).collect()


def one(*rows: Row) -> Row:
    return measured(list(rows)).row(0, named=True)


CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"output_units": None, "output_units_on": None, "output_units_lag": None}),
    "the last full month": ([filed("output_units", 0, 5)], {"output_units": 5.0, "output_units_on": T}),
    "the one before": ([filed("output_units", 1, 5)], {"output_units": 5.0, "output_units_on": date(2015, 5, 31)}),
    "two before is stale": ([filed("output_units", 2, 5)], {"output_units": None, "output_units_on": None, "output_units_key": None}),
    "a year before the newest": (
        [filed("output_units", 1, 5), filed("output_units", 13, 4), filed("output_units", 12, 9)],
        {"output_units": 5.0, "output_units_year_ago": 4.0},
    ),
    "a year before was not filed": ([filed("output_units", 1, 5), filed("output_units", 12, 9)], {"output_units_year_ago": None}),
    "a revision": (
        [filed("output_units", 1, 5), filed("output_units", 1, 6, published_on=date(2015, 6, 20))],
        {"output_units": 6.0, "output_units_key": "series:client|c|output_units|2015-05-31|2015-06-20"},
    ),
    "a revision after T": (
        [filed("output_units", 1, 5), filed("output_units", 1, 6, published_on=date(2015, 7, 1))],
        {"output_units": 5.0, "output_units_key": "series:client|c|output_units|2015-05-31|2015-06-12"},
    ),
    "a period after T": ([filed("output_units", -1, 5, published_on=T)], {"output_units": None}),
    "two days of one month": (
        [filed("output_units", 1, 5), filed("output_units", 1, 9, period_end=date(2015, 5, 15))],
        {"output_units": 5.0},
    ),
    "somebody else's": ([filed("output_units", 1, 5, client="d")], {"output_units": None}),
    "an industry's": ([filed("output_units", 1, 5, subject_kind="industry")], {"output_units": None}),
    "a share": ([filed("top_product_share", 1, 0.8)], {"top_product_share": 0.8, "output_units": None}),
    "the plan": (
        [filed("plan_attainment", 6, 0.6), filed("plan_attainment", 12, 0.7)],
        {
            "plan_attainment": 0.6, "plan_attainment_previous": 0.7, "plan_attainment_on": date(2014, 12, 31),
            "plan_attainment_previous_on": date(2014, 6, 30),
            "plan_attainment_previous_key": "series:client|c|plan_attainment|2014-06-30|2014-07-12",
        },
    ),
    "the half-year before is missing": (
        [filed("plan_attainment", 6, 0.6), filed("plan_attainment", 18, 0.7)],
        {"plan_attainment": 0.6, "plan_attainment_previous": None},
    ),
    "a plan eight months old": ([filed("plan_attainment", 8, 0.6)], {"plan_attainment": 0.6}),
    "a plan older than that": ([filed("plan_attainment", 8, 0.6, period_end=date(2014, 10, 29))], {"plan_attainment": None}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    rows, expected = CASES[case]
    agrees(one(*rows), expected)
    assert measured(rows).equals(measured(list(reversed(rows))))


def test_types_are_the_panels() -> None:
    for frame in (measured([]), measured(run("output_units", [1.0] * 20))):
        assert {column.name: column.dtype for column in returns.PANEL}.items() <= dict(frame.schema).items()


def test_lists_end_with_the_last_full_month() -> None:
    frame = measured(run("orders", [1, 2, None, 4], newest=1))
    assert frame["orders_months"].to_list()[0] == [None] * 43 + [1.0, 2.0, None, 4.0, None]
    assert frame["orders_lag"].to_list() == [1]
    last = frame.select(
        last=returns.last_months("orders", 2),
        skipped=returns.last_months("orders", 2, skip=1),
        whole=returns.whole(returns.last_months("orders", 2, skip=2), 2),
        hole=returns.whole(returns.last_months("orders", 2), 2),
        value=returns.value_at("orders", 3),
    )
    assert last.row(0) == ([None, 4.0], [2.0, None], [1.0, 2.0], None, 1.0)


def test_a_month_over_a_month_old_keeps_its_list() -> None:
    frame = measured(run("orders", [1, 2], newest=5))
    assert frame.select(
        returns.value_at("orders", 0).alias("fresh"), returns.value_at("orders", 0, fresh=None).alias("any")
    ).row(0) == (None, 2.0)


def test_a_plain_reading_of_random_rows_agrees() -> None:
    dice = random.Random(1)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows = []
    for client in clients:
        for months in dice.sample(range(30), dice.randint(0, 14)):
            for _ in range(dice.choice([1, 1, 2])):
                published = month_end(months) if dice.random() < 0.8 else date(2015, 7, dice.randint(1, 9))
                rows.append(
                    filed("return_rate", months, dice.random(), client, published_on=min(published, date(2015, 7, 9)))
                )
    rows = list({(r["subject_code"], r["period_end"], r["published_on"]): r for r in rows}.values())
    frame = measured(dice.sample(rows, len(rows)), clients)
    for row in frame.iter_rows(named=True):
        mine = [r for r in rows if r["subject_code"] == row["client_id"] and r["published_on"] <= T]
        of = {r["period_end"]: r["value"] for r in sorted(mine, key=lambda r: r["published_on"])}
        newest = next((m for m in range(48) if month_end(m) in of), None)
        fresh = newest is not None and newest <= 1
        assert row["return_rate_lag"] == newest
        assert row["return_rate"] == (of[month_end(newest)] if fresh else None)
        assert row["return_rate_year_ago"] == (of.get(month_end(newest + 12)) if fresh else None)
        assert row["return_rate_on"] == (month_end(newest) if fresh else None)
        if newest is not None:
            assert row["return_rate_months"] == [of.get(month_end(47 - n)) for n in range(48)]
