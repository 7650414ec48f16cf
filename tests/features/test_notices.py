"""Changes on the register that the client did not tell of: deadlines by working days, notices, first loan, control."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import event, mixed, registry
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import notices

KINDS = {"events": ["registry", "client_notice"]}
HOLIDAYS = {date(2015, 6, 22)}  # a Monday
CALENDAR = [
    {"date": day, "is_workday": day.weekday() < 5 and day not in HOLIDAYS}
    for day in (date(2014, 1, 1) + timedelta(days=n) for n in range(700))
]
LOANS = [
    {"loan_id": "L", "client_id": "c", "disbursed_on": ago(600)},
    {"loan_id": "K", "client_id": "c", "disbursed_on": ago(9)},
]
NOTHING: Row = {
    "ownership_unnotified": 0, "ownership_unnotified_days": 0, "ownership_unnotified_on": None, "ownership_unnotified_secured": 0,
    "ownership_unnotified_keys": [], "control_unnotified": 0, "control_unnotified_on": None, "control_unnotified_keys": [],
    "control_changes_180": 0, "form_unnotified": 0, "form_unnotified_on": None, "form_unnotified_keys": [],
}  # fmt: skip
NO_OWNER = {name: value for name, value in NOTHING.items() if name.startswith("ownership")}


def told(subtype: str, age: int, name: str = "n", **more: Any) -> Row:
    return event("client_notice", subtype, age, name, **more)


def made(rows: list[Row], loans: list[Row] | None = None, **more: Any) -> Any:
    tables = {"events": rows, "calendar": CALENDAR, "loans": LOANS if loans is None else loans}
    return shard(tables, **({"kinds": KINDS} | more))


# T is a Tuesday. The tenth working day after Monday 15 June is Tuesday 30 June: 22 June is a holiday.
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "the tenth working day is today": ([registry("equity_transfer", 15)], NOTHING),
    "it was yesterday": (
        [registry("equity_transfer", 17)],  # a Saturday: 15 June is the first working day after it
        {"ownership_unnotified": 1, "ownership_unnotified_days": 17, "ownership_unnotified_on": ago(17),
         "ownership_unnotified_keys": ["events:e"], "ownership_unnotified_secured": 0},
    ),
    "365 days": ([registry("merger", 365)], {"ownership_unnotified": 1, "ownership_unnotified_days": 365}),
    "366 days": ([registry("merger", 366)], NOTHING),
    "not a change of ownership": ([registry("scope_change", 100)], NOTHING),
    "recorded tomorrow": ([registry("merger", 100, recorded_on=ago(-1))], NOTHING),
    "withdrawn": ([registry("merger", 100, ends_on=ago(1))], NOTHING),
    "told 60 days before": ([registry("merger", 100), told("merger", 160)], NOTHING),
    "told 61 days before": ([registry("merger", 100), told("merger", 161)], {"ownership_unnotified": 1}),
    "told the same day": ([registry("merger", 100), told("merger", 100)], NOTHING),
    "told of something else": ([registry("merger", 100), told("equity_transfer", 100)], {"ownership_unnotified": 1}),
    "told by another client": ([registry("merger", 100), told("merger", 100, party_id="x")], {"ownership_unnotified": 1}),
    "a notice known tomorrow": ([registry("merger", 100), told("merger", 100, recorded_on=ago(-1))], {"ownership_unnotified": 1}),
    # 22 March 2015 is a Sunday: the tenth working day after it is Friday 3 April, 88 days ago
    "told on the tenth working day": ([registry("merger", 100), told("merger", 88)], NOTHING),
    "told the day after": (
        [registry("merger", 100), told("merger", 87)],
        {"ownership_unnotified": 1, "ownership_unnotified_days": 13},
    ),
    "told late twice: the first ends the delay": (
        [registry("merger", 100), told("merger", 60), told("merger", 70, "m")],
        {"ownership_unnotified_days": 30},
    ),
    "the longest of two": (
        [registry("merger", 100, "a"), told("merger", 60), registry("asset_transfer", 50, "b")],
        {"ownership_unnotified": 2, "ownership_unnotified_days": 50, "ownership_unnotified_on": ago(50),
         "ownership_unnotified_keys": ["events:a", "events:b"]},
    ),
    "security of ours": (
        [registry("asset_transfer", 50, flags=["production_asset", "secures_our_loan"])],
        {"ownership_unnotified_secured": 1},
    ),
    "security of ours, told": (
        [registry("asset_transfer", 50, flags=["secures_our_loan"]), told("asset_transfer", 49)],
        NOTHING,
    ),
    "control": (
        [registry("controller_change", 100)],
        {"ownership_unnotified": 1, "control_unnotified": 1, "control_unnotified_on": ago(100),
         "control_unnotified_keys": ["events:e"], "control_changes_180": 1},
    ),
    "control, told late": (
        [registry("controller_change", 100), told("controller_change", 20)],
        {"ownership_unnotified": 1, "ownership_unnotified_days": 80, "control_unnotified": 0, "control_changes_180": 1},
    ),
    "control 181 days ago": ([registry("controller_change", 181)], {"control_unnotified": 1, "control_changes_180": 0}),
    "control, not over yet": ([registry("controller_change", 5)], NOTHING | {"control_changes_180": 1}),
    "a transfer that changes control": (
        [registry("equity_transfer", 100, flags=["control_changed"])],
        {"ownership_unnotified": 1, "control_unnotified": 1, "control_changes_180": 1},
    ),
    "such a transfer, told as a transfer": (
        [registry("equity_transfer", 100, flags=["control_changed"]), told("equity_transfer", 99)],
        NO_OWNER | {"control_unnotified": 0},
    ),
    "such a transfer, told as a change of control": (
        [registry("equity_transfer", 100, flags=["control_changed"]), told("controller_change", 99)],
        {"ownership_unnotified": 1, "control_unnotified": 0},
    ),
    "a capital reduction": (
        [registry("capital_reduction", 100)],
        NO_OWNER | {"form_unnotified": 1, "form_unnotified_on": ago(100), "form_unnotified_keys": ["events:e"]},
    ),
    "a division is both": ([registry("division", 100)], {"ownership_unnotified": 1, "form_unnotified": 1}),
    "a merger is not": ([registry("merger", 100)], {"form_unnotified": 0}),
    "a division told late": ([registry("division", 100), told("division", 10)], {"ownership_unnotified": 1, "form_unnotified": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(notices, made(rows)), expected)


def test_ownership_counts_after_the_first_loan() -> None:
    rows = [registry("merger", 100)]
    for day, count in ((101, 1), (100, 0), (99, 0)):
        loans = [{"loan_id": "L", "client_id": "c", "disbursed_on": ago(day)}]
        agrees(one(notices, made(rows, loans)), {"ownership_unnotified": count})
    agrees(one(notices, made([registry("controller_change", 100)], [])), NO_OWNER | {"control_unnotified": 1})


def test_without_notices_a_change_is_unknown_and_no_change_is_none() -> None:
    only = {"kinds": {"events": ["registry"]}}
    agrees(one(notices, made([], **only)), NOTHING)
    unknown = dict.fromkeys(NO_OWNER) | {"ownership_unnotified_keys": []}
    agrees(one(notices, made([registry("merger", 100)], **only)), unknown | {"control_unnotified": 0})
    agrees(
        one(notices, made([registry("controller_change", 100)], **only)),
        {"control_unnotified": None, "control_changes_180": 1},
    )


def test_without_a_register_nothing_is_known() -> None:
    assert set(one(notices, made([], kinds={"events": ["client_notice"]})).values()) == {"c", None}


def plain(rows: list[Row], client: str) -> Row:
    workdays = [day["date"] for day in CALENDAR if day["is_workday"]]
    mine = [r for r in rows if r["party_id"] == client]
    late = []
    for change in mine:
        if (
            change["subtype"] not in notices.OWNERSHIP
            or (T - change["happened_on"]).days > 365
            or change["kind"] != "registry"
        ):
            continue
        deadline = [day for day in workdays if day > change["happened_on"]][9]
        noticed = [
            n["happened_on"] for n in mine
            if n["kind"] == "client_notice" and n["subtype"] == change["subtype"]
            and n["happened_on"] >= change["happened_on"] - timedelta(days=60)
        ]  # fmt: skip
        first = min(noticed, default=None)
        if deadline < T and (first is None or first > deadline):
            late.append(((first or T) - change["happened_on"]).days)
    return {"ownership_unnotified": len(late), "ownership_unnotified_days": max(late, default=0)}


def test_random_changes_against_plain_python() -> None:
    rng = random.Random(2)
    clients = [f"c{i:03d}" for i in range(200)]
    subtypes = ["equity_transfer", "merger", "equity_pledge"]
    rows = [
        event(rng.choice(["registry", "client_notice"]), rng.choice(subtypes), rng.choice([rng.randint(0, 400), rng.randint(0, 40)]),
              f"e{i:04d}", party_id=rng.choice(clients))
        for i in range(1500)
    ]  # fmt: skip
    loans = [{"loan_id": f"L{c}", "client_id": c, "disbursed_on": ago(900)} for c in clients]
    result = measured(notices, made(rows, loans, clients=clients))
    for row in result.iter_rows(named=True):
        agrees(row, plain(rows, row["client_id"]))
    assert 20 < (result["ownership_unnotified"] > 0).sum() < 180
    assert_frame_equal(result, measured(notices, made(mixed(rows), loans, clients=clients)))
