"""Instalments of the registered capital: cases by hand and a plain-Python reference over random rows."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import capital
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
SCHEMA = TABLES["undertakings"].schema
COLUMNS = [column.name for column in capital.PANEL]
NIGHT = Night(T, kinds={"undertakings": frozenset({"capital_instalment"})})
Row = dict[str, Any]


def instalment(due: date, name: str = "a", amount: int | None = 100, **more: Any) -> Row:
    base = {"undertaking_id": name, "kind": "capital_instalment", "owed_by": "client", "client_id": "c"}
    return base | {"made_on": date(2012, 1, 1), "due_on": due, "outcome": "open", "amount": amount} | more


def measured(*rows: Row, clients: tuple[str, ...] = ("c",), night: Night = NIGHT) -> pl.DataFrame:
    listed = pl.LazyFrame({"client_id": clients}, schema={"client_id": pl.String})
    frame = pl.LazyFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    return capital.measure(Shard(night, listed, {"undertakings": frame})).collect()


LONG_AGO, YEAR_AGO = date(2013, 1, 1), date(2014, 6, 30)
# rows → instalments, due, due a year ago, keys
CASES: dict[str, tuple[list[Row], tuple[int, int | None, int | None, list[str]]]] = {
    "no schedule": ([], (0, 0, 0, [])),
    "due tonight": ([instalment(T)], (1, 100, 0, ["undertakings:a"])),
    "due tomorrow": ([instalment(T + timedelta(days=1))], (1, 0, 0, [])),
    "due a year ago": ([instalment(YEAR_AGO)], (1, 100, 100, ["undertakings:a"])),
    "a day less": ([instalment(YEAR_AGO + timedelta(days=1))], (1, 100, 0, ["undertakings:a"])),
    "several": (
        [instalment(LONG_AGO, "b", 7), instalment(T, "a", 5), instalment(date(2016, 1, 1), "c", 3)],
        (3, 12, 7, ["undertakings:a", "undertakings:b"]),
    ),
    "an unknown amount": ([instalment(LONG_AGO), instalment(T, "b", None)],
                          (2, None, 100, ["undertakings:a", "undertakings:b"])),
    "cancelled": ([instalment(LONG_AGO, outcome="cancelled", done_on=date(2014, 1, 1))], (0, 0, 0, [])),
    "cancelled later": ([instalment(LONG_AGO, outcome="cancelled", done_on=date(2015, 7, 1))],
                        (1, 100, 100, ["undertakings:a"])),
    "met, still part of the schedule": ([instalment(LONG_AGO, outcome="met", done_on=LONG_AGO)],
                                        (1, 100, 100, ["undertakings:a"])),
    "agreed later": ([instalment(T, made_on=date(2015, 7, 1))], (0, 0, 0, [])),
    "another kind": ([instalment(T, kind="covenant")], (0, 0, 0, [])),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    rows, says = CASES[case]
    found = measured(*rows).row(0)
    assert found == ("c", *says)
    assert measured(*reversed(rows)).row(0) == found


def test_a_kind_that_is_not_connected_is_unknown() -> None:
    for night in (Night(T), Night(T, kinds={"undertakings": frozenset({"covenant"})})):
        assert measured(instalment(LONG_AGO), night=night).row(0) == ("c", None, None, None, None)


def test_a_plain_reading_of_random_rows_agrees() -> None:
    dice = random.Random(8)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows = [
        instalment(
            T + timedelta(days=dice.randint(-900, 300)), f"u{i}", dice.randint(1, 99), client_id=dice.choice(clients),
            made_on=T + timedelta(days=dice.randint(-1500, 50)), outcome=dice.choice(("open", "met", "cancelled")),
            done_on=dice.choice((None, T - timedelta(days=9), T + timedelta(days=9))),
        )
        for i in range(500)
    ]  # fmt: skip
    says = []
    for client in clients:
        mine = [r for r in rows if r["client_id"] == client and r["made_on"] <= T]
        mine = [r for r in mine if r["outcome"] != "cancelled" or (r["done_on"] or T) > T]
        due = [r for r in mine if r["due_on"] <= T]
        year = sum(r["amount"] for r in due if r["due_on"] <= YEAR_AGO)
        keys = sorted(f"undertakings:{r['undertaking_id']}" for r in due)
        says.append((client, len(mine), sum(r["amount"] for r in due), year, keys))
    assert measured(*rows, clients=clients).rows() == says
