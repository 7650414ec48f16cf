"""Non-bank lenders in the credit report and on the account: cases worked by hand, and plain Python over random rows."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.settled import T, began, got, paid, settled
from tests.features.shards import Row, ago, agrees, done, measured, one
from transforms.features import nonbank

LENDERS = [
    {"party_id": "lease", "kind": "leasing", "name": "Machines Co"},
    {"party_id": "shop", "kind": "company", "name": "Shop Leasing Ltd"},
]
YEAR_AGO = date(2014, 6, 30)


def report(on: date, nonbank_balance: int = 10, other_bank_balance: int = 70, client: str = "c") -> Row:
    return {
        "client_id": client, "report_on": on, "nonbank_balance": nonbank_balance, "other_bank_balance": other_bank_balance,
    }  # fmt: skip


def owed(*rows: Row) -> dict[str, pl.LazyFrame]:
    schema = {"outstanding_on_balance": pl.Int64, "balance_out_year_ago": pl.Int64}
    return {"credit": done(schema, *rows)}


OURS = owed({"outstanding_on_balance": 20, "balance_out_year_ago": 10})


def of(rows: list[Row], reports: list[Row] | None = None, before: dict[str, pl.LazyFrame] | None = None) -> Row:
    numbered = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    made = settled(numbered, {"parties": LENDERS, "bureau_reports": reports or []}, before=before or OURS)
    return one(nonbank, made)


REPORTS: dict[str, tuple[list[Row], Row]] = {
    "none": ([], {"nonbank_debt": None, "nonbank_debt_share": None, "nonbank_debt_year_ago": None}),
    "both": (
        [report(ago(9), 25, 55), report(date(2014, 6, 1), 5, 85)],
        {"nonbank_debt": 25, "nonbank_debt_share": 0.25, "nonbank_debt_year_ago": 5, "nonbank_debt_share_year_ago": 0.05,
         "lenders_report_on": ago(9), "lenders_report_year_ago_key": "bureau_reports:c|2014-06-01"},
    ),
    "95 days old": ([report(ago(95))], {"nonbank_debt": 10}),
    "96 days old": ([report(ago(96))], {"nonbank_debt": None}),
    "after T": ([report(ago(-1))], {"nonbank_debt": None}),
    "the newest": ([report(ago(50), 1), report(ago(9), 2), report(ago(80), 3)], {"nonbank_debt": 2}),
    "a year ago 95 days old": ([report(YEAR_AGO - timedelta(days=95), 7)], {"nonbank_debt_year_ago": 7}),
    "a year ago 96 days old": ([report(YEAR_AGO - timedelta(days=96), 7)], {"nonbank_debt_year_ago": None}),
    "a day after the day a year ago": ([report(YEAR_AGO + timedelta(days=1), 7)], {"nonbank_debt_year_ago": None}),
    "another client's": ([report(ago(9), client="x")], {"nonbank_debt": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_reports(name: str) -> None:
    rows, expected = REPORTS[name]
    agrees(of([began()], rows), expected)
    assert of([began()], rows[::-1] * 2) == of([began()], rows)


def test_no_debt_has_no_share_and_unknown_debt_none() -> None:
    nothing = owed({"outstanding_on_balance": 0, "balance_out_year_ago": None})
    row = of([began()], [report(ago(9), 0, 0), report(YEAR_AGO, 0, 0)], nothing)
    agrees(row, {"nonbank_debt_share": 0.0, "nonbank_debt_share_year_ago": None})


NOTHING = {"nonbank_in_count_90": 0, "nonbank_in_90": 0, "nonbank_in_anew": False, "nonbank_in_keys": []}
PAID: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "registered": ([got(9, counterparty_id="lease")], {"nonbank_in_count_90": 1, "nonbank_in_90": 100, "nonbank_in_anew": True,
                   "nonbank_in_first_on": ago(9), "nonbank_in_keys": ["transactions:a|2015-06-21|1"]}),
    "by name": ([got(9, counterparty_name="某某融资租赁有限公司")], {"nonbank_in_count_90": 1}),
    "the register goes before the name": ([got(9, counterparty_id="shop", counterparty_name="Shop Leasing Ltd")], NOTHING),
    "a loan counts although it is no turnover": ([got(9, category="loan", counterparty_id="lease")], {"nonbank_in_90": 100}),
    "out": ([paid(9, counterparty_id="lease")], NOTHING),
    "returned": ([got(9, counterparty_id="lease", status="returned")], NOTHING),
    "the first of 90 days": ([got(89, counterparty_id="lease")], {"nonbank_in_count_90": 1}),
    "the day before": ([got(90, counterparty_id="lease")], NOTHING),
    "365 days before": ([got(9, counterparty_id="lease"), got(374, counterparty_name="XX信托")], {"nonbank_in_anew": False}),
    "366 days before": ([got(9, counterparty_id="lease"), got(375, counterparty_id="lease")], {"nonbank_in_anew": True}),
    "of two the first": ([got(9, counterparty_id="lease"), got(80, counterparty_id="lease"), got(440, counterparty_id="lease")],
                         {"nonbank_in_count_90": 2, "nonbank_in_anew": False, "nonbank_in_first_on": ago(80)}),
    "in dollars": ([got(9, currency="USD", counterparty_id="lease")], {"nonbank_in_count_90": 1, "nonbank_in_90": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", PAID)
def test_payments(name: str) -> None:
    rows, expected = PAID[name]
    agrees(of([began(), *rows]), expected)


def test_a_history_that_does_not_reach_back() -> None:
    unknown = dict.fromkeys(NOTHING)
    agrees(of([got(88), got(9, counterparty_id="lease")]), unknown)
    agrees(of([got(89), got(9, counterparty_id="lease")]), {"nonbank_in_count_90": 1, "nonbank_in_anew": None})
    agrees(of([got(374), got(9, counterparty_id="lease")]), {"nonbank_in_anew": True})
    agrees(of([got(373), got(9, counterparty_id="lease")]), {"nonbank_in_anew": None})
    agrees(
        of([got(100), got(99, counterparty_id="lease"), got(9, counterparty_id="lease")]), {"nonbank_in_anew": False}
    )


@pytest.mark.parametrize("seed", range(4))
def test_random_payments_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(50)]
    rows: list[Row] = []
    for client in clients:
        rows.append(began(rng.choice([1200, 300]), account_id=f"{client}a"))
        for _ in range(rng.randint(0, 5)):
            days = rng.choice([rng.randint(0, 95), rng.randint(0, 455)])
            who: dict[str, Any] = rng.choice(
                [{"counterparty_id": "lease"}, {"counterparty_name": "Y 小额贷款公司"}, {"counterparty_id": "shop"}]
            )
            rows.append(paid(days, rng.randint(1, 9), rng.choice(["in", "in", "out"]), account_id=f"{client}a", **who))
    rows = [row | {"txn_id": str(i)} for i, row in enumerate(rows)]
    credit = owed(*({"client_id": c} for c in clients))
    made = measured(nonbank, settled(rows, {"parties": LENDERS, "bureau_reports": []}, clients, before=credit))
    for result in made.iter_rows(named=True):
        mine = [r | {"age": (T - r["booked_on"]).days} for r in rows if r["account_id"] == f"{result['client_id']}a"]
        start = max(r["age"] for r in mine)
        lent = [
            r for r in mine
            if r["direction"] == "in" and (r.get("counterparty_id") == "lease" or r.get("counterparty_name"))
        ]  # fmt: skip
        new = [r for r in lent if r["age"] < 90]
        first = max((r["age"] for r in new), default=None)
        anew: bool | None = False
        if first is not None:
            earlier = any(first < r["age"] <= first + 365 for r in lent)
            anew = False if earlier else True if start >= first + 365 else None
        agrees(
            result,
            {"nonbank_in_count_90": len(new), "nonbank_in_90": sum(r["amount"] for r in new), "nonbank_in_anew": anew},
        )
