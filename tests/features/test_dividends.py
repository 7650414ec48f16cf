"""Dividends while the loan was not served: account, filings, registry."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import MONTHS, RECENT, Row, ago, agrees, done, frame, measured, one, shard
from transforms.features import dividends

FIRST = date(2015, 2, 10)  # first overdue day
LONG_AGO = ago(900)
Y13, Q3, Y14, Q1 = date(2013, 12, 31), date(2014, 9, 30), date(2014, 12, 31), date(2015, 3, 31)
MONTHS_OF = {Y13: 12, Q3: 9, Y14: 12, Q1: 3}
STATEMENTS = {"statement_scope": pl.String, "statement_stale": pl.Boolean}


def filing(end: date, paid: int | None = 0, declared: int | None = 0, **more: Any) -> Row:
    return {
        "party_id": "c", "period_end": end, "period_type": "Y" if MONTHS_OF[end] == 12 else "Q", "scope": "single",
        "version": 1, "months": MONTHS_OF[end], "currency": "CNY", "received_on": ago(0), "dividends_paid": paid,
        "dividends_declared": declared, "dividends_and_interest_paid": 99, "total_assets": 1,
    } | more  # fmt: skip


def out(day: date, amount: int | None = 5, **more: Any) -> Row:
    return {
        "client_id": "c", "account_id": "A", "booked_on": day, "txn_id": "t", "direction": "out", "amount": amount,
        "category": "dividend", "counted": True,
    } | more  # fmt: skip


def resolution(days: int, **more: Any) -> Row:
    return {
        "event_id": "e", "kind": "registry", "subtype": "dividend_resolution", "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days),
    } | more  # fmt: skip


def made(
    filings: list[Row] | None = None, rows: list[Row] | None = None, events: list[Row] | None = None,
    first: date | None = FIRST, begun: date = LONG_AGO, stale: bool = False,
) -> Row:  # fmt: skip
    return one(
        dividends,
        shard(
            {"statements": filings or [], "events": events or []},
            before={
                "arrears": done({"first_overdue_on": pl.Date}, {"first_overdue_on": first}),
                "statements": done(STATEMENTS, {"statement_scope": "single", "statement_stale": stale}),
            },
            monthly={
                "recent": frame(RECENT, rows or []),
                "months": frame(MONTHS, [{"client_id": "c", "first_on": begun}]),
            },
            kinds={"events": ["registry"]},
        ),
    )


PAID, DECLARED = "dividends_paid_in_arrears", "dividends_declared_in_arrears"
FILINGS: dict[str, tuple[list[Row], dict[str, Any], Row]] = {
    "none": ([], {}, {PAID: None, DECLARED: None, "dividends_from": None}),
    "all before": ([filing(Y14, 7)], {}, {PAID: None}),
    "in the quarter the arrears began": (
        [filing(Y14, 7), filing(Q1, 3, 2)], {},
        {PAID: 3, DECLARED: 2, "dividends_from": Y14, "dividend_filings": [f"statements:c|{Q1}|Q|single|1"]},
    ),
    "the increase since the filing before": (
        [filing(Q3, 7), filing(Y14, 9)], {"first": date(2014, 11, 1)}, {PAID: 2, "dividends_from": Q3},
    ),
    "paid before the filing before": ([filing(Q3, 7), filing(Y14, 7)], {"first": date(2014, 11, 1)}, {PAID: 0}),
    "a new year begins at nothing": ([filing(Q3, 7), filing(Q1, 4)], {"first": date(2014, 11, 1)}, {PAID: 4}),
    "every filing over the arrears": (
        [filing(Q3, 7), filing(Y14, 7), filing(Q1, 4)], {"first": date(2014, 11, 1)}, {PAID: 4, "dividends_from": Q3},
    ),
    "the filing of that very day": ([filing(Y14, 7)], {"first": Y14}, {PAID: 7, "dividends_from": Y13}),
    "blank is unknown": ([filing(Y14, 7), filing(Q1, None)], {}, {PAID: None, DECLARED: 0}),
    "an unknown filing does not hide a known one": (
        [filing(Q3, 7), filing(Y14, 9), filing(Q1, None)], {"first": date(2014, 11, 1)}, {PAID: 2},
    ),
    "unknown before, nothing now": ([filing(Q3, None), filing(Y14, 0)], {"first": date(2014, 11, 1)}, {PAID: 0}),
    "unknown before": ([filing(Q3, None), filing(Y14, 3)], {"first": date(2014, 11, 1)}, {PAID: None}),
    "the other scope": ([filing(Q1, 3, scope="consolidated")], {}, {PAID: None}),
    "the latest version": ([filing(Q1, 3), filing(Q1, 0, version=2)], {}, {PAID: 0}),
    "received after T": ([filing(Q1, 3, received_on=ago(-1))], {}, {PAID: None}),
    "another currency": ([filing(Q1, 3, currency="EUR")], {}, {PAID: None}),
    "stale": ([filing(Q1, 3)], {"stale": True}, {PAID: None}),
    "no arrears": ([filing(Q1, 3)], {"first": None}, {PAID: None}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILINGS)
def test_filings(name: str) -> None:
    rows, more, expected = FILINGS[name]
    for order in (rows, rows[::-1]):
        agrees(made(order, **more), expected)


def test_account() -> None:
    agrees(made(rows=[]), {"dividends_out": 0})
    agrees(made(rows=[out(FIRST)]), {"dividends_out": 5, "dividend_rows": ["transactions:A|2015-02-10|t"]})
    agrees(made(rows=[out(date(2015, 2, 9))]), {"dividends_out": 0})
    agrees(made(rows=[out(FIRST, direction="in"), out(FIRST, category="rent")]), {"dividends_out": 0})
    agrees(made(rows=[out(FIRST, None)]), {"dividends_out": None})
    agrees(made(rows=[], begun=date(2015, 2, 11)), {"dividends_out": None})
    agrees(made(rows=[out(FIRST)], first=None), {"dividends_out": None})


def test_registry() -> None:
    agrees(made(events=[resolution(365)]), {"dividend_resolutions": 1, "dividend_resolution_keys": ["events:e"]})
    for row in (
        resolution(366),
        resolution(3, ends_on=ago(0)),
        resolution(3, subtype="merger"),
        resolution(3, party_id="x"),
    ):
        agrees(made(events=[row]), {"dividend_resolutions": 0})


def test_against_plain_python() -> None:
    rng = random.Random(7)
    clients = [f"c{k:03d}" for k in range(200)]
    first = {c: rng.choice((date(2014, 8, 1), date(2014, 11, 1), FIRST, None)) for c in clients}
    filings = []
    for c in clients:
        for end in (Y13, Q3, Y14, Q1):
            if rng.random() < 0.7:
                filings.append(filing(end, rng.choice((0, 0, 5, 9)), party_id=c))
    result = measured(
        dividends,
        shard(
            {"statements": filings}, clients,
            {
                "arrears": done({"first_overdue_on": pl.Date}, *({"client_id": c, "first_overdue_on": d} for c, d in first.items())),
                "statements": done(STATEMENTS, *({"client_id": c, "statement_scope": "single", "statement_stale": False} for c in clients)),
            },
            {"recent": frame(RECENT, []), "months": frame(MONTHS, [])},
        ),
    )  # fmt: skip
    for row in result.iter_rows(named=True):
        mine = {f["period_end"]: f["dividends_paid"] for f in filings if f["party_id"] == row["client_id"]}
        since = first[row["client_id"]]
        grown = []
        for end in sorted(mine):
            before = mine.get(Q3) if end == Y14 else None  # the only pair of one year
            if since is not None and end >= since:
                grown.append(mine[end] if before is None or mine[end] == 0 else mine[end] - before)
        assert row[PAID] == (sum(g for g in grown if g > 0) if grown else None)
