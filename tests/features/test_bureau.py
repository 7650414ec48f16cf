"""Reports of other lenders: the newest, the one of 90 days ago, the moral flag."""

import random
from datetime import date
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import mixed
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import bureau

UNKNOWN = {column.name: None for column in bureau.PANEL}


def report(age: int, **more: Any) -> Row:
    return {
        "client_id": "c", "report_on": ago(age), "worst_class": "normal", "other_bank_balance": 100, "other_bank_count": 2,
        "nonbank_balance": 0, "overdue_amount": 0, "guarantees_given": 0, "moral_flag": "none",
    } | more  # fmt: skip


def key(age: int) -> str:
    return f"bureau_reports:c|{ago(age)}"


FRAUD = {"moral_flag": "loan_fraud"}
CASES: dict[str, tuple[list[Row], Row]] = {
    "no report": ([], UNKNOWN),
    "somebody else's": ([report(5, client_id="x")], UNKNOWN),
    "of tomorrow": ([report(-1)], UNKNOWN),
    "95 days old": (
        [report(95, worst_class="doubtful")],
        # on T the newest, and the newest 90 days ago as well
        {"bureau_class": 4, "bureau_on": ago(95), "bureau_class_before": 4, "bureau_before_on": ago(95), "bureau_keys": [key(95)]},
    ),
    "96 days old": ([report(96)], {"bureau_class": None, "bureau_class_before": 1, "moral_flag": False, "bureau_keys": [key(96)]}),
    "now and 90 days ago": (
        [report(3, worst_class="loss", other_bank_balance=7, other_bank_count=1), report(89, other_bank_balance=50), report(90)],
        {"bureau_class": 5, "bureau_balance": 7, "bureau_banks": 1, "bureau_class_before": 1, "bureau_balance_before": 100,
         "bureau_banks_before": 2, "bureau_on": ago(3), "bureau_before_on": ago(90), "bureau_keys": sorted([key(3), key(90)])},
    ),
    "the newest before that day": ([report(3), report(100, other_bank_balance=9), report(150)], {"bureau_balance_before": 9}),
    "185 days ago still spoke 90 days ago": ([report(3), report(185)], {"bureau_before_on": ago(185)}),
    "186 did not": ([report(3), report(186)], {"bureau_before_on": None, "bureau_balance_before": None, "bureau_balance": 100}),
    "flagged, however long ago": ([report(2000, **FRAUD)], {"moral_flag": True, "moral_flag_removed_on": None, "moral_flag_key": key(2000)}),
    "flagged after a clean one": ([report(200), report(100, **FRAUD)], {"moral_flag": True, "moral_flag_removed_on": None}),
    "clean since": (
        [report(500, **FRAUD), report(400, **FRAUD), report(300), report(200)],
        {"moral_flag": False, "moral_flag_removed_on": ago(300), "moral_flag_key": key(400)},
    ),
    "clean for three years": (
        [report(2000, **FRAUD), report((T - date(2012, 6, 30)).days)],
        {"moral_flag": False, "moral_flag_removed_on": date(2012, 6, 30)},
    ),
    "for longer": ([report(2000, **FRAUD), report((T - date(2012, 6, 29)).days)], {"moral_flag_removed_on": None}),
    "clean, flagged, clean": ([report(900), report(800, **FRAUD), report(90)], {"moral_flag_removed_on": ago(90)}),
    "clean tomorrow": ([report(100, **FRAUD), report(-1)], {"moral_flag": True}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(bureau, shard({"bureau_reports": rows})), expected)


def test_not_connected_is_unknown() -> None:
    agrees(one(bureau, shard({})), UNKNOWN)


def test_random_reports_against_plain_python() -> None:
    rng = random.Random(5)
    clients = [f"c{i:03d}" for i in range(200)]
    flags = ["none", "none", "debt_evasion"]
    rows = [
        report(age, client_id=client, worst_class=rng.choice(list(bureau.RANK)), other_bank_balance=rng.randint(0, 9),
               moral_flag=rng.choice(flags))
        for client in clients
        for age in rng.sample([*range(-5, 400, 7), 90, 95, 185], rng.randint(0, 6))
    ]  # fmt: skip
    result = measured(bureau, shard({"bureau_reports": rows}, clients))
    for row in result.iter_rows(named=True):
        mine = {
            (T - r["report_on"]).days: r for r in rows if r["client_id"] == row["client_id"] and r["report_on"] <= T
        }
        now = min((age for age in mine if age <= 95), default=None)
        then = min((age for age in mine if 90 <= age <= 185), default=None)
        flagged = min((age for age, r in mine.items() if r["moral_flag"] != "none"), default=None)
        agrees(
            row,
            {
                "bureau_balance": None if now is None else mine[now]["other_bank_balance"],
                "bureau_class_before": None if then is None else bureau.RANK[mine[then]["worst_class"]],
                "moral_flag": flagged == min(mine) if mine else None,
                "moral_flag_removed_on": None
                if flagged is None
                else max(
                    (ago(a) for a in mine if a == max((b for b in mine if b < flagged), default=-1)), default=None
                ),
            },
        )
    assert_frame_equal(result, measured(bureau, shard({"bureau_reports": mixed(rows)}, clients)))
