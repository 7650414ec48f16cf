"""The client's own headcount: the newest month of a year, its latest revision."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import headcount
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
SCHEMA = TABLES["series"].schema
Row = dict[str, Any]


def count(end: date, value: float, published: date | None = None, **more: Any) -> Row:
    base = {"subject_kind": "client", "subject_code": "c", "indicator": "headcount", "period_end": end, "value": value}
    return base | {"published_on": published or end + timedelta(days=12)} | more


def measured(*rows: Row, clients: tuple[str, ...] = ("c",), revenue: int | None = 1000) -> pl.DataFrame:
    listed = pl.LazyFrame({"client_id": clients}, schema={"client_id": pl.String})
    frame = pl.LazyFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    filed = listed.with_columns(revenue=pl.lit(revenue, pl.Int64))
    return headcount.measure(Shard(Night(T), listed, {"series": frame}, done={"statements": filed})).collect()


MAY, APRIL, JUNE_14 = date(2015, 5, 31), date(2015, 4, 30), date(2014, 6, 30)
CASES: dict[str, tuple[list[Row], tuple[int | None, float | None]]] = {
    "nothing": ([], (None, None)),
    "the newest": ([count(APRIL, 9), count(MAY, 10)], (10, 100.0)),
    "published after T": ([count(APRIL, 9), count(MAY, 10, date(2015, 7, 1))], (9, 111.111111111)),
    "revised": ([count(MAY, 10), count(MAY, 20, date(2015, 6, 20))], (20, 50.0)),
    "365 days old": ([count(JUNE_14, 10)], (10, 100.0)),
    "older": ([count(JUNE_14 - timedelta(days=1), 10)], (None, None)),
    "nobody": ([count(MAY, 0)], (0, None)),
    "of somebody else": ([count(MAY, 10, subject_code="d")], (None, None)),
    "another indicator": ([count(MAY, 10, indicator="leavers")], (None, None)),
    "another subject": ([count(MAY, 10, subject_kind="industry")], (None, None)),
}


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    rows, (heads, per_head) = CASES[case]
    frame = measured(*rows)
    assert frame.select("headcount", "revenue_per_head").row(0) == (heads, per_head)
    assert measured(*reversed(rows)).equals(frame)


def test_without_a_statement_or_the_table() -> None:
    row = measured(count(MAY, 10), revenue=None).row(0, named=True)
    assert (row["headcount"], row["headcount_on"], row["revenue_per_head"]) == (10, MAY, None)
    assert row["headcount_key"] == "series:client|c|headcount|2015-05-31|2015-06-12"
    clients = pl.LazyFrame({"client_id": ["c"]})
    filed = clients.with_columns(revenue=pl.lit(1, pl.Int64))
    unknown = headcount.measure(Shard(Night(T), clients, {}, done={"statements": filed})).collect()
    assert unknown.drop("client_id").row(0) == (None, None, None, None)


def test_a_plain_reading_of_random_rows_agrees() -> None:
    dice = random.Random(3)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows = []
    for _ in range(800):
        end = T - timedelta(days=dice.randint(0, 500))
        rows.append(
            count(
                end, dice.randint(1, 99), end + timedelta(days=dice.randint(0, 60)), subject_code=dice.choice(clients)
            )
        )
    rows = list({(r["subject_code"], r["period_end"], r["published_on"]): r for r in rows}.values())
    says = []
    for client in clients:
        mine = [r for r in rows if r["subject_code"] == client and r["published_on"] <= T]
        mine = [r for r in mine if r["period_end"] >= T - timedelta(days=365)]
        newest = max(mine, key=lambda r: (r["period_end"], r["published_on"]), default=None)
        says.append((client, int(newest["value"]) if newest else None))
    assert measured(*rows, clients=clients).select("client_id", "headcount").rows() == says
