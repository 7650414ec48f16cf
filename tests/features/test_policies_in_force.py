"""Policies that reach a client: windows, prefixes, kinds that need an industry; a plain reading of random registers."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import policies_in_force
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
EVENTS = TABLES["events"].schema
Row = dict[str, Any]
COUNTS = [c.name for c in policies_in_force.PANEL if c.name.count("_") == 1]


def policy(subtype: str, due: int, name: str = "e", **more: Any) -> Row:
    """One that takes effect `due` days from T, announced a year and a half before T."""
    announced = T - timedelta(days=550)
    row = {"event_id": name, "kind": "policy", "subtype": subtype, "happened_on": announced, "recorded_on": announced}
    return row | {"due_on": T + timedelta(days=due), "severity": "1", "source_ref": "m:1"} | more


def measured(
    rows: list[Row], clients: list[tuple[Any, ...]] | None = None, kinds: frozenset[str] = frozenset({"policy"})
) -> pl.DataFrame:
    clients = clients or [("c", "C2614", "440305")]
    who = pl.LazyFrame(clients, ["client_id", "industry_code", "region_code"], orient="row").cast(pl.String)
    night = Night(T, kinds={"events": kinds})
    shard = Shard(night, who.select("client_id"), {"events": pl.LazyFrame(rows, EVENTS)}, {}, {"identity": who})
    return policies_in_force.measure(shard).collect()


@pytest.mark.parametrize(
    ("subtype", "due", "column", "count"),
    [
        ("technology_standard", -365, "policies_technology", 1),
        ("technology_standard", -366, "policies_technology", 0),
        ("technology_standard", 0, "policies_technology", 1),
        ("technology_standard", 1, "policies_technology", 0),
        ("restrict", -365, "policies_restrictive", 1),
        ("restrict", -366, "policies_restrictive", 0),
        ("price_control", 180, "policies_restrictive", 1),
        ("capacity_cut", 181, "policies_restrictive", 0),
        ("capacity_cut", 181, "policies_announced", 1),
        ("capacity_cut", 180, "policies_announced", 0),
        ("industrial", -180, "policies_industrial", 1),
        ("industrial", -181, "policies_industrial", 0),
        ("tax", 0, "policies_tax", 1),
        ("trade", 1, "policies_trade", 0),
        ("monetary", -1, "policies_monetary", 1),
        ("monetary", -1, "policies_restrictive", 0),
    ],
)
def test_windows(subtype: str, due: int, column: str, count: int) -> None:
    frame = measured([policy(subtype, due, industry_code="C26")])
    assert frame[column].to_list() == [count]
    assert frame[f"{column}_on"].to_list() == [T + timedelta(days=due) if count else None]
    assert frame[f"{column}_keys"].to_list() == [["events:e"] if count else []]


@pytest.mark.parametrize(
    ("industry", "region", "reached"),
    [
        ("C26", None, True),
        ("C2614", "440000", True),
        ("C27", None, False),
        ("C26141", None, False),
        (None, "440300", True),
        (None, "44", True),
        (None, "310000", False),
        ("C26", "310000", False),
        (None, None, True),
    ],
)
def test_industry_and_region_both_match_by_prefix(industry: str | None, region: str | None, reached: bool) -> None:
    rows = [policy("restrict", 0, industry_code=industry, region_code=region)]
    assert measured(rows)["policies_restrictive"].to_list() == [int(reached)]


@pytest.mark.parametrize(
    ("subtype", "column", "reached"),
    [
        ("technology_standard", "policies_technology", 0),
        ("industrial", "policies_industrial", 0),
        ("tax", "policies_tax", 0),
        ("monetary", "policies_monetary", 1),
        ("trade", "policies_trade", 1),
        ("environmental_limit", "policies_restrictive", 1),
        ("licence_withdrawn", "policies_restrictive", 1),
    ],
)
def test_some_kinds_need_an_industry(subtype: str, column: str, reached: int) -> None:
    assert measured([policy(subtype, -1)])[column].to_list() == [reached]
    assert measured([policy(subtype, -1, region_code="440000")])[column].to_list() == [reached]
    assert measured([policy(subtype, -1, industry_code="C")])[column].to_list() == [1]


def test_closure_is_a_severity() -> None:
    rows = [policy("restrict", 0, "a", severity="3"), policy("restrict", 9, "b", severity="2")]
    frame = measured([*rows, policy("restrict", 181, "d", severity="3"), policy("trade", 0, "f", severity="3")])
    assert frame.select("policies_closure", "policies_restrictive", "policies_announced").row(0) == (1, 2, 1)
    assert frame["policies_closure_keys"].to_list() == [["events:a"]]
    assert frame["policies_restrictive_on"].item() == T + timedelta(days=9)


def test_known_at_t_only() -> None:
    late = T + timedelta(days=1)
    rows = [policy("trade", 0, "a", recorded_on=late), policy("restrict", 30, "b", happened_on=late)]
    assert sum(measured(rows).select(COUNTS).row(0)) == 0
    assert sum(measured([policy("trade", 0, recorded_on=T, happened_on=T)]).select(COUNTS).row(0)) == 1


def test_a_client_without_codes() -> None:
    clients = [("a", None, None), ("b", None, "440305"), ("c", "C2614", None)]
    for_industry = measured([policy("restrict", 0, industry_code="C26")], clients)
    assert for_industry["policies_restrictive"].to_list() == [None, None, 1]
    elsewhere = measured([policy("restrict", 0, industry_code="C26", region_code="310000")], clients)
    assert elsewhere["policies_restrictive"].to_list() == [None, 0, None]
    nationwide = [policy("restrict", 0, "a"), policy("restrict", 0, "b", industry_code="C26")]
    assert measured(nationwide, clients)["policies_restrictive"].to_list() == [1, 1, 2]


def test_not_connected_is_unknown_and_empty_is_nothing() -> None:
    rows = [policy("trade", 0)]
    assert measured(rows, kinds=frozenset()).select(pl.all().exclude("client_id")).row(0) == (None,) * 24
    empty = measured([])
    assert empty.select(COUNTS).row(0) == (0,) * 8
    assert [(c.name, c.dtype) for c in policies_in_force.PANEL] == list(empty.schema.items())[1:]


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(11)
    kinds = [*policies_in_force.RESTRICTIVE, *policies_in_force.MACRO, "technology_standard"]
    industries, regions = [None, "C", "C26", "C2614", "F51"], [None, "440000", "440300", "440305", "31"]
    rows = [
        policy(
            rng.choice(kinds),
            rng.choice([-400, -366, -365, -181, -180, -30, 0, 30, 180, 181]),
            f"e{i}",
            industry_code=rng.choice(industries),
            region_code=rng.choice(regions),
            severity=rng.choice("123"),
            recorded_on=T + timedelta(days=rng.choice([-100, 0, 1])),
        )
        for i in range(60)
    ]
    clients = [
        (f"c{i:03}", rng.choice(["C2614", "C2611", "F5110", "E4710"]), rng.choice(["440305", "440106", "310115"]))
        for i in range(200)
    ]

    def plain(client: tuple[str, str, str]) -> tuple[int, ...]:
        def count(chosen: Any) -> int:
            return sum(
                row["recorded_on"] <= T
                and (row["industry_code"] is None or client[1].startswith(row["industry_code"]))
                and (row["region_code"] is None or client[2].startswith(row["region_code"].replace("00", "")))
                and chosen(row["subtype"], (row["due_on"] - T).days, row)
                for row in rows
            )

        def shift(name: str) -> int:
            needs = name in policies_in_force.FOR_AN_INDUSTRY
            return count(lambda k, d, r: k == name and -180 <= d <= 0 and (r["industry_code"] is not None or not needs))

        tight = policies_in_force.RESTRICTIVE
        return (
            count(lambda k, d, r: k == "technology_standard" and -365 <= d <= 0 and r["industry_code"] is not None),
            count(lambda k, d, r: k in tight and -365 <= d <= 180),
            count(lambda k, d, r: k in tight and -365 <= d <= 180 and r["severity"] == "3"),
            count(lambda k, d, r: k in tight and d > 180),
            *(shift(name) for name in policies_in_force.MACRO),
        )

    got = measured(rows, clients).select(COUNTS).rows()
    assert got == [plain(client) for client in clients]
    rng.shuffle(rows)
    rng.shuffle(clients)
    assert measured(rows, clients).select(COUNTS).rows() == got
