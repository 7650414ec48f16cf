"""Check C4 over any sequence of deliveries: the latest good row of a key stays, a replay of an earlier day sees the older one."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import casts, quarantine, validation
from expectations.model import Delivery, Notice
from expectations.tables import TABLES
from tests.expectations.test_suites import GOOD, KNOWN, clean

FIRST = date(2015, 6, 1)
BAD = 0  # an amount or a registered capital of that is refused (X1, or below its limit)
# A row as (key, recorded, value); a delivery as its rows; the deliveries come on the days after FIRST.
ROWS = st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.integers(BAD, 2))
DELIVERIES = st.lists(st.lists(ROWS, max_size=4), min_size=1, max_size=5)
Row = tuple[str, int, int]
ALL = {**KNOWN, "parties": clean("parties", {"party_id": "C1"})}


def appended(row: Row) -> dict[str, Any]:
    key, _, value = row
    return {**GOOD["transactions"], "booked_on": FIRST, "txn_id": key, "amount": value}


def upserted(row: Row) -> dict[str, Any]:
    key, recorded, value = row
    day = FIRST - timedelta(days=9) + timedelta(days=recorded)
    return {**GOOD["parties"], "party_id": key, "updated_on": day, "registered_capital": value or -1}


MADE = {"transactions": appended, "parties": upserted}


def judged(table: str, deliveries: list[list[Row]]) -> validation.Part:
    """What the deliveries known so far come to."""
    schema = TABLES[table].schema
    frames = [
        pl.LazyFrame([{n: row.get(n) for n in schema} for row in map(MADE[table], rows)], schema=schema).with_columns(
            delivery=pl.lit(f"{table}/{number}"), delivered_on=pl.lit(FIRST + timedelta(days=number))
        )
        for number, rows in enumerate(deliveries)
    ]
    rows = pl.concat([casts.conform(TABLES[table], one, "f") for one in frames]).with_row_index("row_number").collect()
    day = FIRST + timedelta(days=len(deliveries) - 1)
    names = [f"{table}/{number}" for number in range(len(deliveries))]
    return validation.part(TABLES[table], rows, ALL, Delivery(day, day, names[-1], frozenset(names)))


def expected(table: str, deliveries: list[list[Row]]) -> dict[str, int]:
    """Key → value, told the plain way: delivery by delivery, a good row replaces the one before it."""
    standing: dict[str, Row] = {}
    for rows in deliveries:
        for row in rows:
            said = {other for other in rows if other[0] == row[0]}
            disputed = table == "transactions" and len({value for _, _, value in said}) > 1
            older = table == "parties" and row[0] in standing and standing[row[0]][1] > row[1]
            if row[2] != BAD and not disputed and not older:
                standing[row[0]] = row
    return {key: value for key, _, value in standing.values()}


def told(part: validation.Part, table: str) -> dict[str, int]:
    key, value = ("txn_id", "amount") if table == "transactions" else ("party_id", "registered_capital")
    return dict(part.clean.select(key, value).rows())


def held_equal(table: str, deliveries: list[list[Row]]) -> None:
    for known in range(1, len(deliveries) + 1):
        part = judged(table, deliveries[:known])
        assert told(part, table) == expected(table, deliveries[:known])
        assert part.counts.rows_in == sum(map(len, deliveries[:known]))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(DELIVERIES)
def test_an_append_table_at_any_day(deliveries: list[list[Row]]) -> None:
    held_equal("transactions", deliveries)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(DELIVERIES)
def test_an_upsert_table_at_any_day(deliveries: list[list[Row]]) -> None:
    held_equal("parties", deliveries)


def counted(part: validation.Part) -> tuple[int, int, int, int]:
    return part.counts.clean, part.counts.quarantined, part.counts.collapsed, part.counts.superseded


def notices(part: validation.Part) -> Iterable[Notice]:
    one = validation.found(TABLES["transactions"], part)
    day = FIRST + timedelta(days=1)
    whole = validation.whole(
        TABLES["transactions"], part.clean.lazy(), one, part.held, part.owners, ALL, Delivery(day, day)
    )
    return whole.notices


A, B, C = ("a", 0, 1), ("a", 0, 2), ("a", 0, BAD)
CASES: dict[str, tuple[list[list[Row]], dict[str, int], tuple[int, int, int, int]]] = {
    "corrected": ([[A], [B]], {"a": 2}, (1, 0, 0, 1)),
    "sent again": ([[A], [A], [A]], {"a": 1}, (1, 0, 2, 0)),
    "corrected and back": ([[A], [B], [A]], {"a": 1}, (1, 0, 0, 2)),
    "disputed in one delivery": ([[A, B]], {}, (0, 2, 0, 0)),
    "dispute settled": ([[A, B], [B]], {"a": 2}, (1, 0, 0, 2)),
    "a later dispute settles nothing": ([[A], [A, B]], {"a": 1}, (1, 2, 0, 0)),
    "a refused correction replaces nothing": ([[A], [C]], {"a": 1}, (1, 1, 0, 0)),
    "a refused row put right": ([[C], [A]], {"a": 1}, (1, 0, 0, 1)),
}


def pytest_generate_tests(metafunc: Any) -> None:
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", CASES.values(), ids=CASES.keys())


def test_what_becomes_of_a_key(case: tuple[list[list[Row]], dict[str, int], tuple[int, int, int, int]]) -> None:
    deliveries, values, counts = case
    part = judged("transactions", deliveries)
    assert (told(part, "transactions"), counted(part)) == (values, counts)
    replaced = [n.rows for n in notices(part) if "replaced" in n.message_en] if not counts[1] else None
    assert replaced in (None, [counts[3]] if counts[3] else [])


def test_a_correction_too_late_replaces_nothing() -> None:
    """X2 refuses a row delivered over five days after its booking, so the row before it stays."""
    rows = pl.concat(
        casts.conform(
            TABLES["transactions"],
            pl.LazyFrame([{n: r.get(n) for n in TABLES["transactions"].schema}], schema=TABLES["transactions"].schema)
            .with_columns(delivery=pl.lit(f"d{days}"), delivered_on=pl.lit(FIRST + timedelta(days=days))),
            "f",
        )
        for days, r in ((0, appended(A)), (6, appended(B)))
    )  # fmt: skip
    day = FIRST + timedelta(days=6)
    part = validation.part(
        TABLES["transactions"], rows.with_row_index("row_number").collect(), KNOWN, Delivery(day, day, "d6")
    )
    assert told(part, "transactions") == {"a": 1}
    assert part.quarantine["check_id"].to_list() == ["X2"]


def test_rows_without_a_key_are_no_twins() -> None:
    nobody = {**appended(A), "txn_id": None}
    schema = TABLES["transactions"].schema
    made = pl.LazyFrame([{n: row.get(n) for n in schema} for row in (nobody, nobody | {"amount": 9})], schema=schema)
    frame = casts.conform(
        TABLES["transactions"], made.with_columns(delivery=pl.lit("d"), delivered_on=pl.lit(FIRST)), "f"
    )
    part = validation.part(
        TABLES["transactions"],
        frame.with_row_index("row_number").collect(),
        KNOWN,
        Delivery(FIRST, FIRST, "d", frozenset(["d"])),
    )
    assert part.quarantine["check_id"].to_list() == ["C1", "C1"]
    assert quarantine.TWIN_EN not in part.quarantine["reason_en"].to_list()
