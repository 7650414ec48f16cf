"""Who asked about a client, and whether debt rose afterwards."""

import random
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import event, mixed
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from tests.features.test_bureau import report
from transforms.features import inquiries

KINDS = {"events": ["bureau_inquiry", "reference_call"]}
NOTHING: Row = {
    "loan_inquirers_90": 0, "loan_inquirers_keys": [], "debt_rose_after_inquiry": None, "inquirers_30": 0, "inquirers_keys": [],
    "inquiries_year_before": 0, "reference_calls_30": 0, "reference_calls_keys": [], "inquiries_from": ago(30),
}  # fmt: skip


def asked(age: int, name: str = "e", bank: str = "b1", subtype: str = "loan_approval", **more: Any) -> Row:
    return event("bureau_inquiry", subtype, age, name, other_id=bank, **more)


def called(age: int, name: str = "e", **more: Any) -> Row:
    return event("reference_call", "credit_standing", age, name, other_id="b1", **more)


CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "90 days ago": ([asked(90)], NOTHING | {"loan_inquirers_90": 1, "loan_inquirers_keys": ["events:e"], "inquiries_year_before": 1}),
    "91 days ago": ([asked(91)], {"loan_inquirers_90": 0}),
    "one bank twice": ([asked(5), asked(6, "f")], {"loan_inquirers_90": 1, "inquirers_30": 1, "loan_inquirers_keys": ["events:e", "events:f"]}),
    "two banks": ([asked(5), asked(6, "f", "b2")], {"loan_inquirers_90": 2}),
    "for another reason": ([asked(5, subtype="post_loan")], {"loan_inquirers_90": 0, "inquirers_30": 1}),
    "30 days ago": ([asked(30)], {"inquirers_30": 1, "inquirers_keys": ["events:e"], "inquiries_year_before": 0}),
    "31 days ago": ([asked(31)], {"inquirers_30": 0, "inquiries_year_before": 1}),
    "395 days ago": ([asked(395)], {"inquiries_year_before": 1}),
    "396 days ago": ([asked(396)], {"inquiries_year_before": 0}),
    "rows of the year before, not banks": ([asked(100), asked(200, "f")], {"inquiries_year_before": 2}),
    "known tomorrow": ([asked(5, recorded_on=ago(-1))], NOTHING),
    "somebody else's": ([asked(5, party_id="x")], NOTHING),
    "called": ([called(30), called(2, "f")], {"reference_calls_30": 2, "reference_calls_keys": ["events:e", "events:f"]}),
    "called 31 days ago": ([called(31)], NOTHING),
}  # fmt: skip
MORE, LARGER, LESS = (
    {"other_bank_count": 3},
    {"other_bank_balance": 101},
    {"other_bank_balance": 99, "other_bank_count": 1},
)
ROSE: dict[str, tuple[list[Row], list[Row], bool | None]] = {
    "nobody asked": ([], [report(5)], None),
    "asked for another reason": ([asked(50, subtype="post_loan")], [report(70), report(5, **MORE)], None),
    "one more bank": ([asked(50)], [report(70), report(5, **MORE)], True),
    "a larger balance": ([asked(50)], [report(70), report(5, **LARGER)], True),
    "fewer": ([asked(50)], [report(70), report(5, **LESS)], False),
    "the same": ([asked(50)], [report(70), report(5)], False),
    "risen and fallen again": ([asked(50)], [report(70), report(40, **MORE), report(5)], True),
    "risen before": ([asked(50)], [report(90), report(70, **MORE), report(5, **MORE)], False),
    "the report of the day is before": ([asked(50)], [report(70), report(50, **MORE), report(5, **MORE)], False),
    "60 days after": ([asked(70)], [report(80), report(10, **MORE)], True),
    "61 days after": ([asked(70)], [report(80), report(9, **MORE)], False),
    "60 days after the last": ([asked(90), asked(70, "f")], [report(95), report(10, **MORE)], True),
    "before the last, after the first": ([asked(80), asked(20, "f")], [report(90), report(40, **MORE)], True),
    "no report since": ([asked(50)], [report(70)], False),
    "no report before": ([asked(50)], [report(40)], None),
    "no fresh report": ([asked(50)], [report(96)], None),
    "the newest of 95 days": ([asked(50)], [report(95)], False),
}


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(one(inquiries, shard({"events": rows, "bureau_reports": []}, kinds=KINDS)), expected)


@pytest.mark.parametrize(("rows", "reports", "expected"), ROSE.values(), ids=ROSE)
def test_whether_debt_rose(rows: list[Row], reports: list[Row], expected: bool | None) -> None:
    made = shard({"events": rows, "bureau_reports": reports}, kinds=KINDS)
    agrees(one(inquiries, made), {"debt_rose_after_inquiry": expected})


def test_what_is_not_connected_is_unknown() -> None:
    row = one(inquiries, shard({"events": [called(3)]}))
    agrees(row, {"loan_inquirers_90": None, "inquiries_year_before": None, "reference_calls_30": 1})
    row = one(inquiries, shard({"events": [asked(3)]}))
    agrees(row, {"loan_inquirers_90": 1, "reference_calls_30": None, "debt_rose_after_inquiry": None})


def plain_rise(mine: list[Row], reports: list[Row]) -> bool | None:
    days = [
        (T - r["happened_on"]).days
        for r in mine
        if r["subtype"] == "loan_approval" and (T - r["happened_on"]).days <= 90
    ]
    ages = {(T - r["report_on"]).days: (r["other_bank_count"], r["other_bank_balance"]) for r in reports}
    if not days or not [age for age in ages if age >= max(days)] or min(ages) > 95:
        return None
    count, balance = ages[min(age for age in ages if age >= max(days))]
    later = [value for age, value in ages.items() if min(days) - 60 <= age < max(days)]
    return any(value[0] > count or value[1] > balance for value in later)


def test_random_inquiries_against_plain_python() -> None:
    rng = random.Random(6)
    clients = [f"c{i:03d}" for i in range(200)]
    rows, reports = [], []
    for client in clients:
        for n in range(rng.randint(0, 6)):
            age = rng.choice([rng.randint(0, 420), rng.randint(0, 95)])
            rows.append(
                asked(
                    age,
                    f"{client}{n}",
                    rng.choice(["b1", "b2", "b3"]),
                    rng.choice(["loan_approval", "other"]),
                    party_id=client,
                )
            )
        for age in rng.sample(range(200), rng.randint(0, 6)):
            reports.append(
                report(age, client_id=client, other_bank_count=rng.randint(1, 2), other_bank_balance=rng.randint(1, 3))
            )
    result = measured(inquiries, shard({"events": rows, "bureau_reports": reports}, clients))
    for row in result.iter_rows(named=True):
        mine = [r for r in rows if r["party_id"] == row["client_id"]]
        ages = [((T - r["happened_on"]).days, r) for r in mine]
        agrees(
            row,
            {
                "loan_inquirers_90": len(
                    {r["other_id"] for age, r in ages if age <= 90 and r["subtype"] == "loan_approval"}
                ),
                "inquirers_30": len({r["other_id"] for age, r in ages if age <= 30}),
                "inquiries_year_before": sum(31 <= age <= 395 for age, _ in ages),
                "debt_rose_after_inquiry": plain_rise(mine, [r for r in reports if r["client_id"] == row["client_id"]]),
            },
        )
    assert set(result["debt_rose_after_inquiry"].to_list()) == {None, True, False}
    again = measured(inquiries, shard({"events": mixed(rows), "bureau_reports": mixed(reports)}, clients))
    assert_frame_equal(result, again)
