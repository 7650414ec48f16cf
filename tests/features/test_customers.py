"""Concentration of customers and payers: cases worked by hand, and plain Python over random payers."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, agrees, done, frame, measured, one, shard
from transforms.features import customers

D = date
Y14, JUNE = D(2014, 12, 31), D(2015, 6, 1)
PAID = {"client_id": pl.String, "month": pl.Date, "direction": pl.String, "counterparty": pl.String, "amount": pl.Int64}
NOT_NOTED = {"customers_listed": None, "customer_share_1": None, "customer_share_5": None, "customer_keys": None}
UNKNOWN = {"payer_share_named": None, "payer_share_1": None, "payer_share_5": None}


def customer(rank: int, share: float, end: date = Y14, **more: Any) -> Row:
    return {
        "party_id": "c", "period_end": end, "kind": "top_customer", "item": str(rank), "share_pct": share,
        "received_on": D(end.year + 1, 4, 1),
    } | more  # fmt: skip


def paid(payer: str, amount: int | None, month: date = JUNE, direction: str = "in", client: str = "c") -> Row:
    return {"client_id": client, "month": month, "direction": direction, "counterparty": payer, "amount": amount}


def of(notes: list[Row] | None, paid: list[Row], inflow: dict[str, int | None] | None = None) -> Any:
    inflow = {"c": 1000} if inflow is None else inflow
    flows = done({"opin_12": pl.Int64}, *({"client_id": c, "opin_12": amount} for c, amount in inflow.items()))
    tables = {} if notes is None else {"disclosures": notes}
    return shard(tables, tuple(inflow), {"transactions": flows}, {"counterparties": frame(PAID, paid)})


NOTES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOT_NOTED),
    "suppliers only": ([customer(1, 0.5, kind="top_supplier")], NOT_NOTED),
    "too old": ([customer(1, 0.5, D(2013, 12, 31), received_on=D(2014, 3, 29))], NOT_NOTED),
    "received after T": ([customer(1, 0.5, received_on=D(2015, 7, 1))], NOT_NOTED),
    "one": ([customer(1, 0.5)], {"customers_listed": 1, "customer_share_1": 0.5, "customer_share_5": 0.5}),
    "the five largest, by share": (
        [customer(rank, share) for rank, share in enumerate((0.05, 0.1, 0.2, 0.3, 0.15, 0.1), 1)],
        {"customers_listed": 6, "customer_share_1": 0.3, "customer_share_5": 0.85, "customers_period_end": D(2014, 12, 31)},
    ),
    "the newest notes": (
        [customer(1, 0.9, D(2013, 12, 31), received_on=D(2014, 4, 1)), customer(1, 0.2)],
        {"customer_share_1": 0.2, "customer_keys": ["disclosures:c|2014-12-31|top_customer|1|2015-04-01"]},
    ),
    "restated": ([customer(1, 0.9), customer(1, 0.2, received_on=D(2015, 5, 1))], {"customer_share_1": 0.2}),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTES)
def test_notes(name: str) -> None:
    rows, expected = NOTES[name]
    made = one(customers, of(rows, []))
    agrees(made, expected)
    assert one(customers, of(rows[::-1], [])) == made


def test_notes_not_connected() -> None:
    agrees(one(customers, of(None, [])), NOT_NOTED)


FLOWS: dict[str, tuple[list[Row], int | None, Row]] = {
    "nobody named": ([], 1000, {"payer_share_named": 0.0, "payer_share_1": 0.0, "payer_share_5": 0.0}),
    "no inflow": ([], 0, UNKNOWN),
    "inflow unknown": ([paid("a", 5)], None, UNKNOWN),
    "summed over months": (
        [paid("a", 100), paid("a", 200, D(2014, 7, 1)), paid("b", 250)],
        1000,
        {"payer_share_named": 0.55, "payer_share_1": 0.3, "payer_share_5": 0.55},
    ),
    "twelve months, not thirteen": ([paid("a", 500, D(2014, 6, 1))], 1000, {"payer_share_1": 0.0}),
    "what goes out does not count": ([paid("a", 500, direction="out")], 1000, {"payer_share_1": 0.0}),
    "five of six": (
        [paid(name, amount) for name, amount in zip("abcdef", (10, 20, 30, 40, 50, 60), strict=True)],
        1000,
        {"payer_share_named": 0.21, "payer_share_1": 0.06, "payer_share_5": 0.2},
    ),
}


@pytest.mark.parametrize("name", FLOWS)
def test_flows(name: str) -> None:
    rows, inflow, expected = FLOWS[name]
    agrees(one(customers, of(None, rows, {"c": inflow})), expected)
    agrees(one(customers, of(None, rows[::-1], {"c": inflow})), expected)


def test_random_payers() -> None:
    dice = random.Random(18)
    rows, inflow = [], {}
    for number in range(200):
        client = f"c{number:03d}"
        for payer in range(dice.randrange(9)):
            for month in dice.sample(range(1, 13), 3):
                year = dice.choice([2014, 2015])
                rows.append(paid(f"p{payer}", dice.randrange(1, 500), D(year, month, 1), client=client))
        inflow[client] = dice.randrange(1, 9000)
    dice.shuffle(rows)
    made = measured(customers, of(None, rows, inflow))
    for row in made.iter_rows(named=True):
        sums: dict[str, int] = {}
        for one_row in rows:
            if one_row["client_id"] == row["client_id"] and D(2014, 7, 1) <= one_row["month"] <= D(2015, 6, 1):
                sums[one_row["counterparty"]] = sums.get(one_row["counterparty"], 0) + one_row["amount"]
        largest = sorted(sums.values(), reverse=True)
        expected = [sum(largest), sum(largest[:1]), sum(largest[:5])]
        names = ("payer_share_named", "payer_share_1", "payer_share_5")
        agrees(row, {n: round(x / inflow[row["client_id"]], 9) for n, x in zip(names, expected, strict=True)})
