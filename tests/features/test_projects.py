"""Projects by their last report, and construction in progress: cases worked by hand, plain Python over random reports."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, agrees, done, measured, one, shard
from transforms.features import projects

D = date
END = D(2016, 6, 30)
KINDS = {"events": ["project"]}
NOTHING = {
    "projects_open": 0, "project_delay_days": 0, "project_overrun": 0.0, "projects_slowed": 0, "projects_stopped": 0,
    "project_keys": [],
}  # fmt: skip
NEVER = dict.fromkeys(NOTHING)
NEWEST = {"statement_scope": pl.String, "statement_period_end": pl.Date}


def report(
    state: str = "on_track", days: int = 30, late: int = 0, budget: int = 100, name: str = "e", **more: Any
) -> Row:
    return {
        "event_id": name, "kind": "project", "subtype": state, "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days), "due_on": END, "ends_on": END + timedelta(days=late), "amount": budget,
        "ref_amount": 100, "source_ref": "P1",
    } | more  # fmt: skip


def of(rows: list[Row], filings: list[Row] = (), clients: tuple[str, ...] = ("c",), scope: str = "single") -> Any:
    told = ({"client_id": c, "statement_scope": scope, "statement_period_end": D(2015, 6, 30)} for c in clients)
    before = {"statements": done(NEWEST, *told)}
    return shard({"events": rows, "statements": list(filings)}, clients, before, kinds=KINDS)


CASES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOTHING),
    "on track": ([report()], NOTHING | {"projects_open": 1, "project_keys": ["events:e"]}),
    "late and dearer": ([report(late=90, budget=110)], {"project_delay_days": 90, "project_overrun": 0.1}),
    "early and cheaper": ([report(late=-90, budget=90)], {"project_delay_days": 0, "project_overrun": 0.0}),
    "the last report counts": (
        [report(late=200, days=90), report("slowed", late=100, name="b")],
        {"projects_open": 1, "project_delay_days": 100, "projects_slowed": 1, "project_keys": ["events:b"]},
    ),
    "paused, stopped": (
        [report("paused"), report("stopped", name="b", source_ref="P2"), report("slowed", name="d", source_ref="P3")],
        {"projects_open": 3, "projects_slowed": 2, "projects_stopped": 1},
    ),
    "finished": ([report("stopped", days=90, late=500), report("finished", name="b", late=500)], NOTHING),
    "the longest delay, the largest overrun": (
        [report(late=90, budget=105), report(late=10, budget=130, name="b", source_ref="P2")],
        {"project_delay_days": 90, "project_overrun": 0.3},
    ),
    "365 days, both ends in": ([report(days=365, late=5), report(days=366, late=9, source_ref="P2", name="b")],
                               {"projects_open": 1, "project_delay_days": 5}),
    "recorded after T": ([report(recorded_on=ago(-1))], NOTHING),
    "somebody else's": ([report(party_id="x")], NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    made = one(projects, of(rows))
    agrees(made, expected)
    assert one(projects, of(rows[::-1])) == made


def test_not_connected() -> None:
    before = {"statements": done(NEWEST, {})}
    agrees(one(projects, shard({"statements": []}, before=before)), NEVER)
    agrees(one(projects, shard({"events": [], "statements": []}, before=before, kinds={"events": ["news"]})), NEVER)


def filed(end: date, building: int | None, scope: str = "single", **more: Any) -> Row:
    return {
        "party_id": "c", "period_end": end, "period_type": "Q", "scope": scope, "version": 1, "months": end.month,
        "currency": "CNY", "received_on": end, "construction_in_progress": building, "total_assets": 1000,
    } | more  # fmt: skip


def test_construction_two_quarters_ago() -> None:
    filings = [filed(D(2014, 12, 31), 50), filed(D(2015, 3, 31), 60), filed(D(2014, 12, 31), 70, "consolidated")]
    expected = {
        "construction_two_quarters_ago": 50,
        "construction_compared_to": D(2014, 12, 31),
        "construction_compared_key": "statements:c|2014-12-31|Q|single|1",
    }
    agrees(one(projects, of([], filings)), expected)
    agrees(one(projects, of([], filings, scope="consolidated")), {"construction_two_quarters_ago": 70})
    corrected = [
        *filings,
        filed(D(2014, 12, 31), 55, version=2),
        filed(D(2014, 12, 31), 99, version=3, received_on=ago(-1)),
    ]
    agrees(one(projects, of([], corrected)), {"construction_two_quarters_ago": 55})
    agrees(one(projects, of([], filings[1:2])), dict.fromkeys(expected))


def test_random_reports() -> None:
    dice = random.Random(20)
    clients = tuple(f"c{number:03d}" for number in range(200))
    rows = [
        report(
            dice.choice(["on_track", "slowed", "paused", "stopped", "finished"]),
            dice.randrange(-5, 420),
            dice.randrange(-50, 300),
            dice.randrange(80, 150),
            f"e{number:04d}",
            party_id=dice.choice(clients),
            source_ref=dice.choice(["P1", "P2"]),
        )
        for number in range(800)
    ]
    for row in measured(projects, of(rows, clients=clients)).iter_rows(named=True):
        mine = [r for r in rows if r["party_id"] == row["client_id"] and ago(365) <= r["happened_on"] <= ago(0)]
        last = {r["source_ref"]: r for r in sorted(mine, key=lambda r: (r["happened_on"], r["event_id"]))}
        still = [r for r in last.values() if r["subtype"] != "finished"]
        expected = {
            "projects_open": len(still),
            "project_delay_days": max([0, *((r["ends_on"] - r["due_on"]).days for r in still)]),
            "project_overrun": max([0.0, *(round(r["amount"] / 100 - 1, 9) for r in still)]),
            "projects_slowed": sum(r["subtype"] in ("slowed", "paused") for r in still),
            "projects_stopped": sum(r["subtype"] == "stopped" for r in still),
        }
        agrees(row, expected)
