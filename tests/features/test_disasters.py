"""Regional news and what a disaster did to the inflow: by hand, and a plain-Python reading of random months."""

import random
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import disasters
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
EVENTS = TABLES["events"].schema
RECENT = {
    "client_id": pl.String,
    "booked_on": pl.Date,
    "direction": pl.String,
    "counted": pl.Boolean,
    "amount": pl.Int64,
}
Row = dict[str, Any]
Paid = tuple[str, date, str, bool, int | None]
STARTED = date(2013, 1, 1)


def ago(days: int) -> date:
    return T - timedelta(days=days)


def news(subtype: str, days: int, name: str = "e", **more: Any) -> Row:
    row = {"event_id": name, "kind": "news", "subtype": subtype, "happened_on": ago(days), "recorded_on": ago(days)}
    return row | {"severity": "2", "confirmed": True, "source_ref": f"{name}:1", "region_code": "440300"} | more


def measured(
    rows: list[Row],
    paid: list[Paid] = (),
    clients: tuple[str, ...] = ("c",),
    kinds: frozenset[str] = frozenset({"news"}),
    started: date = STARTED,
) -> pl.DataFrame:
    who = pl.LazyFrame({"client_id": clients}).with_columns(industry_code=pl.lit("C2614"), region_code=pl.lit("440305"))
    monthly = {
        "recent": pl.LazyFrame(list(paid), RECENT, orient="row"),
        "months": who.select("client_id", first_on=pl.lit(started)),
    }
    night = Night(T, kinds={"events": kinds})
    shard = Shard(night, who.select("client_id"), {"events": pl.LazyFrame(rows, EVENTS)}, monthly, {"identity": who})
    return disasters.measure(shard).collect()


@pytest.mark.parametrize(
    ("row", "count"),
    [
        (news("natural_disaster", 90), 1),
        (news("epidemic", 91), 0),
        (news("unrest", 0, confirmed=False), 1),
        (news("major_accident", 1, severity="3"), 1),
        (news("major_accident", 1, severity="1"), 0),
        (news("natural_disaster", 1, region_code="440000"), 1),
        (news("natural_disaster", 1, region_code="440306"), 0),
        (news("natural_disaster", 1, region_code=None), 0),
        (news("natural_disaster", 1, region_code=None, industry_code="C26"), 0),
        (news("natural_disaster", 1, party_id="c"), 0),
        (news("natural_disaster", 1, recorded_on=T + timedelta(days=1)), 0),
        (news("fire", 1), 0),
        (news("natural_disaster", 1, kind="registry"), 0),
    ],
)
def test_disasters_of_the_region(row: Row, count: int) -> None:
    frame = measured([row])
    assert frame["region_disasters_90"].to_list() == [count]
    assert frame["region_disaster_on"].to_list() == [row["happened_on"] if count else None]
    assert frame["region_disaster_keys"].to_list() == [["events:e"] if count else []]


@pytest.mark.parametrize(
    ("days", "more", "count"),
    [(90, {}, 1), (91, {}, 0), (0, {"confirmed": False}, 0), (0, {"region_code": "31"}, 0), (0, {"severity": "1"}, 1)],
)
def test_turmoil(days: int, more: Row, count: int) -> None:
    rows = [news("regional_financial_turmoil", days, **more)]
    assert measured(rows)["turmoil_90"].to_list() == [count]


def test_publishers_of_a_technology_shift() -> None:
    def report(name: str, days: int, ref: str, **more: Any) -> Row:
        return news(
            "technology_shift", days, name, source_ref=ref, **({"industry_code": "C26", "region_code": None} | more)
        )

    rows = [
        report("a", 180, "daily:1"),
        report("b", 0, "daily:2"),
        report("d", 1, "weekly:1"),
        report("e", 181, "late:1"),
        report("f", 1, "rumour:1", confirmed=False),
        report("g", 1, "other:1", industry_code="C27"),
        report("h", 1, "firm:1", party_id="c"),
        report("i", 1, "place:1", region_code="310000"),
        report("j", 1, "region:1", industry_code=None, region_code="440000"),
    ]
    frame = measured(rows)
    assert frame["technology_publishers_180"].to_list() == [2]
    assert frame["technology_keys"].to_list() == [["events:a", "events:b", "events:d"]]


def around(event: date, before: list[int], after: int) -> list[Paid]:
    """Inflow on the first and on the last day of each window."""
    rows: list[Paid] = []
    for window, amount in enumerate(before):
        last = event - timedelta(days=30 * window)
        rows += [("c", last, "in", True, amount - 1), ("c", last - timedelta(days=29), "in", True, 1)]
    last = event + timedelta(days=30)
    return [*rows, ("c", event + timedelta(days=1), "in", True, after - 1), ("c", last, "in", True, 1)]


def test_inflow_after_the_event_by_hand() -> None:
    """The median of 100, 200, 300, 400, 500, 600 is 350; 245 is seven tenths of it."""
    event = ago(30)
    paid = around(event, [600, 100, 500, 200, 400, 300], 245)
    rows = [news("epidemic", 30)]
    assert measured(rows, paid)["region_disaster_inflow"].to_list() == [0.7]
    outside: list[Paid] = [
        ("c", event - timedelta(days=180), "in", True, 10**6),
        ("c", event + timedelta(days=31), "in", True, 10**6),
        ("c", event + timedelta(days=5), "out", True, 10**6),
        ("c", event + timedelta(days=5), "in", False, 10**6),
        ("d", event + timedelta(days=5), "in", True, 10**6),
    ]
    assert measured(rows, [*paid, *outside])["region_disaster_inflow"].to_list() == [0.7]


def test_inflow_is_unknown_until_thirty_days_have_passed() -> None:
    paid = around(ago(29), [100] * 6, 50)
    assert measured([news("epidemic", 29)], paid)["region_disaster_inflow"].to_list() == [None]


@pytest.mark.parametrize(("days", "known"), [(0, True), (1, False)])
def test_history_covers_the_six_windows(days: int, known: bool) -> None:
    paid = around(ago(30), [100] * 6, 50)
    started = ago(30 + 179) + timedelta(days=days)
    got = measured([news("epidemic", 30)], paid, started=started)["region_disaster_inflow"].item()
    assert got == (0.5 if known else None)


def test_an_unknown_amount_makes_the_window_unknown_and_no_inflow_is_nothing() -> None:
    paid = around(ago(30), [100] * 6, 50)
    rows = [news("epidemic", 30)]
    assert measured(rows, [*paid, ("c", ago(20), "in", True, None)])["region_disaster_inflow"].item() is None
    assert measured(rows, [*paid, ("c", ago(100), "in", True, None)])["region_disaster_inflow"].item() is None
    assert measured(rows, paid[:-2])["region_disaster_inflow"].item() == 0.0
    assert measured(rows, paid[-2:])["region_disaster_inflow"].item() is None  # nothing is the usual


def test_of_several_events_the_one_that_hit_most() -> None:
    paid = around(ago(60), [100] * 6, 50)
    rows = [news("epidemic", 60, "a"), news("unrest", 30, "b"), news("unrest", 5, "d")]
    frame = measured(rows, paid)
    assert frame["region_disasters_90"].item() == 3
    assert frame.select("region_disaster_on", "region_disaster_inflow").row(0) == (ago(30), 0.0)
    later = [("c", ago(1), "in", True, 500)]
    assert measured(rows, [*paid, *later])["region_disaster_on"].item() == ago(60)
    assert measured(rows[::2], paid)["region_disaster_on"].item() == ago(60)
    assert measured(rows[2:], paid)["region_disaster_on"].item() == ago(5)


def test_not_connected_is_unknown_and_empty_is_nothing() -> None:
    frame = measured([news("epidemic", 1)], kinds=frozenset({"policy"}))
    assert frame.select(pl.all().exclude("client_id")).row(0) == (None,) * 8
    empty = measured([])
    assert empty.select("region_disasters_90", "turmoil_90", "technology_publishers_180").row(0) == (0, 0, 0)
    assert {c.name: c.dtype for c in disasters.PANEL} == {k: v for k, v in empty.schema.items() if k != "client_id"}


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(5)
    clients = tuple(f"c{i:03}" for i in range(200))
    events = [(ago(days), f"e{days}") for days in (20, 30, 45, 89)]
    rows = [news("epidemic", (T - day).days, name) for day, name in events]
    paid: list[Paid] = [
        (client, ago(rng.randint(0, 300)), rng.choice(["in", "in", "out"]), True, rng.randint(1, 900))
        for client in clients
        for _ in range(rng.randint(0, 40))
    ]

    def inflow(client: str, day: date) -> float | None:
        def window(end: date) -> int:
            begin = end - timedelta(days=29)
            return sum(p[4] for p in paid if p[0] == client and p[2] == "in" and begin <= p[1] <= end)

        usual = median(window(day - timedelta(days=30 * n)) for n in range(6))
        return round(window(day + timedelta(days=30)) / usual, 9) if usual > 0 else None

    expected = []
    for client in clients:
        known = [(value, day) for day, _ in events[1:] if (value := inflow(client, day)) is not None]
        lowest = min((value for value, _ in known), default=None)
        on = max((day for value, day in known if value == lowest), default=events[0][0])
        expected.append((lowest, on))
    names = ["region_disaster_inflow", "region_disaster_on"]
    assert measured(rows, paid, clients).select(names).rows() == expected
    rng.shuffle(paid)
    assert measured(rows[::-1], paid, clients[::-1]).select(names).rows() == expected
