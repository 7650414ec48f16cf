"""The register on the client itself: which rows count, how long, and what was lifted."""

import random

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import event, mixed, registry
from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import registry as module

KINDS = {"events": ["registry"]}
NOTHING: Row = dict.fromkeys(module.COUNTS, 0) | {f"{name}_keys": [] for name in module.COUNTS}
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "365 days": ([registry("branch_close", 365)], {"branches_closed_365": 1, "branches_closed_365_keys": ["events:e"]}),
    "366 days": ([registry("branch_close", 366)], NOTHING),
    "tomorrow": ([registry("branch_close", -1)], NOTHING),
    "recorded tomorrow": ([registry("branch_close", 5, recorded_on=ago(-1))], NOTHING),
    "somebody else's": ([registry("branch_close", 5, party_id="x")], NOTHING),
    "another kind": ([event("client_notice", "merger", 5)], NOTHING),
    "two branches opened": ([registry("branch_open", 5), registry("branch_open", 5, "f")], {"branches_opened_365": 2}),
    "a lease": (
        [registry("lease_out", 200)],
        {"form_changes_365": 1, "form_restructured_365": 0, "form_changes_180": 0},
    ),
    "a division 180 days ago": (
        [registry("division", 180)],
        {"form_changes_365": 0, "form_restructured_365": 1, "form_changes_180": 1},
    ),
    "a division 181 days ago": ([registry("division", 181)], {"form_restructured_365": 1, "form_changes_180": 0}),
    "a reform": ([registry("employee_shareholding", 181)], {"reforms_365": 1, "reforms_180": 0}),
    "a penalty": ([registry("penalty", 0), registry("quality_penalty", 0, "f")], {"registry_penalties_365": 1}),
    "a bankruptcy, years ago": ([registry("bankruptcy_filing", 4000)], {"insolvency_rows": 1}),
    "withdrawn": ([registry("bankruptcy_filing", 40, ends_on=ago(0))], NOTHING),
    "to be withdrawn tomorrow": ([registry("bankruptcy_filing", 40, ends_on=ago(-1))], {"insolvency_rows": 1}),
    "frozen and executed": (
        [registry("equity_freeze", 10, "b"), registry("executed", 365, "a"), registry("executed", 366, "c")],
        {"enforcements_365": 2, "enforcements_365_keys": ["events:a", "events:b"]},
    ),
    "abnormal": ([registry("abnormal_operation", 3)], {"abnormal_operations_365": 1}),
    "a safety order": ([registry("production_safety_order", 300)], {"safety_orders_365": 1}),
}


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(module, shard({"events": rows}, kinds=KINDS)), expected)


def test_not_connected_is_unknown() -> None:
    for made in (shard({}), shard({"events": []}, kinds={"events": ["news"]})):
        assert set(one(module, made).values()) == {"c", None}


def test_random_rows_against_plain_python() -> None:
    rng = random.Random(1)
    clients = [f"c{i:03d}" for i in range(200)]
    subtypes = sorted({s for kinds, _, _ in module.COUNTS.values() for s in kinds} | {"scope_change"})
    rows = []
    for i in range(1200):
        age = rng.choice([rng.randint(-3, 400), 179, 180, 181, 364, 365, 366])
        late, end = rng.choice([0, 0, 0, age + 1]), rng.choice([None, None, age - rng.randint(0, 60)])
        rows.append(
            registry(
                rng.choice(subtypes), age, f"e{i:04d}", party_id=rng.choice(clients), recorded_on=ago(age - late),
                ends_on=None if end is None else ago(end),
            )
        )  # fmt: skip
    result = measured(module, shard({"events": rows}, clients))
    for row in result.iter_rows(named=True):
        known = [
            r for r in rows
            if r["party_id"] == row["client_id"] and r["happened_on"] <= ago(0) and r["recorded_on"] <= ago(0)
            and not (r["ends_on"] and r["ends_on"] <= ago(0))
        ]  # fmt: skip
        for name, (kinds, days, _) in module.COUNTS.items():
            found = [
                r for r in known if r["subtype"] in kinds and (days is None or (ago(0) - r["happened_on"]).days <= days)
            ]
            assert row[name] == len(found)
            assert row[f"{name}_keys"] == sorted(f"events:{r['event_id']}" for r in found)
    assert_frame_equal(result, measured(module, shard({"events": mixed(rows)}, clients)))
