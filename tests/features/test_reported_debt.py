"""Debt of all lenders at the statement's date: the nearest report, our own loans that day."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, agrees, done, measured, one, shard
from transforms.features import reported_debt

END = date(2014, 12, 31)
FILED = {"statement_period_end": pl.Date, "statement_stale": pl.Boolean}


def report(days: int, other: int = 100, nonbank: int = 20, **more: Any) -> Row:
    """A report `days` after the statement's date."""
    return {
        "client_id": "c", "report_on": END + timedelta(days=days), "other_bank_balance": other, "nonbank_balance": nonbank,
    } | more  # fmt: skip


def loan(name: str = "L1", **more: Any) -> Row:
    return {
        "loan_id": name, "client_id": "c", "on_balance": True, "principal": 50, "currency": "CNY",
        "disbursed_on": date(2014, 1, 1),
    } | more  # fmt: skip


def state(name: str = "L1", day: date = END, owed: int = 50, **more: Any) -> Row:
    return {"loan_id": name, "as_of": day, "outstanding": owed, "state": "normal"} | more


def made(reports: list[Row], loans: list[Row] | None = None, states: list[Row] | None = None, **filed: Any) -> Row:
    statement = {"statement_period_end": END, "statement_stale": False} | filed
    tables = {"bureau_reports": reports, "loans": loans or [], "loan_status": states or []}
    return one(reported_debt, shard(tables, before={"statements": done(FILED, statement)}))


CASES: dict[str, tuple[tuple[list[Row], ...], dict[str, Any], Row]] = {
    "no report": (([],), {}, {"bureau_debt": None}),
    "95 days after": (([report(95)],), {}, {"bureau_debt": 120, "bureau_debt_on": date(2015, 4, 5)}),
    "96 days after": (([report(96)],), {}, {"bureau_debt": None}),
    "95 days before": (([report(-95)],), {}, {"bureau_debt": 120}),
    "96 days before": (([report(-96)],), {}, {"bureau_debt": None}),
    "the nearest": (([report(-20, 7), report(30, 8)],), {}, {"bureau_debt": 27}),
    "of two equally near the later": (([report(-20, 7), report(20, 8)],), {}, {"bureau_debt": 28}),
    "of another statement": (([report(90)],), {"statement_period_end": date(2015, 5, 31)}, {"bureau_debt": 120}),
    "no statement": (([report(1)],), {"statement_period_end": None}, {"bureau_debt": None}),
    "stale": (([report(1)],), {"statement_stale": True}, {"bureau_debt": None}),
    "our loan that day": (([report(1)], [loan()], [state()]), {}, {"bureau_debt": 170}),
    "as it stood that day": (
        ([report(1)], [loan()], [state(day=date(2014, 6, 1), owed=40), state(day=date(2015, 1, 1), owed=10)]), {}, {"bureau_debt": 160},
    ),
    "off the balance sheet": (([report(1)], [loan(on_balance=False)], [state()]), {}, {"bureau_debt": 120}),
    "settled": (([report(1)], [loan()], [state(state="settled")]), {}, {"bureau_debt": 120}),
    "drawn later": (([report(1)], [loan(disbursed_on=date(2015, 1, 1))], [state()]), {}, {"bureau_debt": 120}),
    "without a state": (([report(1)], [loan()], []), {}, {"bureau_debt": None}),
    "another currency": (([report(1)], [loan(currency="EUR")], [state()]), {}, {"bureau_debt": None}),
    "two loans": (([report(1)], [loan(), loan("L2")], [state(), state("L2", owed=5)]), {}, {"bureau_debt": 175}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    tables, filed, expected = CASES[name]
    for turned in (tables, tuple(rows[::-1] for rows in tables)):
        agrees(made(*turned, **filed), expected)


def test_a_report_after_t_is_not_known() -> None:
    late = report(0, report_on=date(2015, 7, 1))
    agrees(made([late], statement_period_end=date(2015, 6, 30)), {"bureau_debt": None})


def test_against_plain_python() -> None:
    rng = random.Random(2)
    clients = [f"c{k:03d}" for k in range(150)]
    days = list(range(-150, 180, 13))
    reports = [report(d, rng.randint(1, 99), 1, client_id=c) for c in clients for d in rng.sample(days, 2)]
    loans = [loan(f"L{k}", client_id=rng.choice(clients), on_balance=rng.random() < 0.8) for k in range(300)]
    states = [
        state(one["loan_id"], END + timedelta(days=d), rng.randint(1, 99))
        for one in loans
        for d in (-200, rng.choice((-5, 5)))
    ]
    filed = [{"client_id": c, "statement_period_end": END, "statement_stale": False} for c in clients]
    tables = {"bureau_reports": reports, "loans": loans, "loan_status": states}
    for row in measured(reported_debt, shard(tables, clients, {"statements": done(FILED, *filed)})).iter_rows(
        named=True
    ):
        near = [r for r in reports if r["client_id"] == row["client_id"] and abs((r["report_on"] - END).days) <= 95]
        if not near:
            assert row["bureau_debt"] is None
            continue
        chosen = min(near, key=lambda r: (abs((r["report_on"] - END).days), -r["report_on"].toordinal()))
        own = 0
        for one_ in loans:
            if one_["client_id"] == row["client_id"] and one_["on_balance"]:
                held = [s for s in states if s["loan_id"] == one_["loan_id"] and s["as_of"] <= END]
                own += max(held, key=lambda s: s["as_of"])["outstanding"]
        assert row["bureau_debt"] == own + chosen["other_bank_balance"] + 1
