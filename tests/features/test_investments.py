"""The schedule of investments: cases worked by hand, and plain Python over random schedules."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, agrees, done, measured, one, shard
from transforms.features import investments

D = date
Y14, Y13, Y12 = D(2014, 12, 31), D(2013, 12, 31), D(2012, 12, 31)
NEVER: Row = {
    "investments_listed": None,
    "investment_incomes_unknown": None,
    "investment_loss_carrying": None,
    "investment_losses_two_years": None,
    "securities_loss": None,
    "investment_not_impaired": None,
    "investment_impairment_reversed": None,
    "investment_keys": None,
}


def item(end: date = Y14, kind: str = "equity", name: str = "a", received: date | None = None, **more: Any) -> Row:
    """An investment that cost and is carried at 100, fairly valued, with an income of 5 and no impairment."""
    return {
        "party_id": "c", "period_end": end, "kind": f"investment_{kind}", "item": name,
        "received_on": received or D(end.year + 1, 4, 1) if end.month == 12 else received or D(end.year, end.month + 1, 20),
        "cost": 100, "carrying": 100, "fair_value": 100, "income": 5, "impairment": 0,
    } | more  # fmt: skip


def of(rows: list[Row], equity: int | None = 1000, clients: tuple[str, ...] = ("c",)) -> Any:
    filed = done({"equity": pl.Int64}, *({"client_id": c, "equity": equity} for c in clients))
    return shard({"disclosures": rows}, clients, {"statements": filed})


CASES: dict[str, tuple[list[Row], Row]] = {
    "no notes": ([], NEVER),
    "notes without investments": ([item() | {"kind": "top_customer"}], NEVER),
    "somebody else's": ([item(party_id="x")], NEVER),
    "received after T": ([item(received=D(2015, 7, 1))], NEVER),
    "received fifteen months ago": ([item(received=D(2014, 3, 30))], {"investments_listed": 1}),
    "received longer ago": ([item(received=D(2014, 3, 29))], NEVER),
    "nothing wrong": (
        [item(), item(Y13)],
        {
            "investments_listed": 1,
            "investments_period_end": Y14,
            "investment_incomes_unknown": False,
            "investment_loss_carrying": 0,
            "investment_losses": 0,
            "investment_losses_two_years": False,
            "securities_cost": 0,
            "securities_fair_value": 0,
            "securities_loss": 0,
            "investment_not_impaired": False,
            "investment_impairment_reversed": False,
            "investment_keys": [
                "disclosures:c|2013-12-31|investment_equity|a|2014-04-01",
                "disclosures:c|2014-12-31|investment_equity|a|2015-04-01",
            ],
        },
    ),
    "ventures lose, securities do not count": (
        [
            item(income=-7, carrying=60),
            item(name="b", kind="project", income=-2, carrying=80),
            item(name="c", kind="security", income=-50, carrying=900),
        ],
        {"investment_loss_carrying": 80, "investment_losses": 9, "investments_listed": 3},
    ),
    "an income is missing": (
        [item(income=-7, carrying=60), item(name="b", income=None, carrying=40)],
        {
            "investment_loss_carrying": 60,
            "investment_unknown_carrying": 40,
            "investment_losses": 7,
            "investment_incomes_unknown": True,
        },
    ),
    "the restated note counts": (
        [item(income=-7), item(received=D(2015, 5, 1), income=7), item(received=D(2015, 7, 1), income=-9)],
        {"investment_losses": 0},
    ),
    "what was sold is not listed": (
        [item(), item(Y13, name="gone", income=-7), item(Y13)],
        {"investments_listed": 1, "investment_losses": 0, "investment_losses_two_years": False},
    ),
    # twelve months to 31 March 2015: 1 + −20 − −4 = −15
    "twelve months of an interim note": (
        [item(D(2015, 3, 31), income=1), item(income=-20), item(D(2014, 3, 31), income=-4)],
        {"investment_losses": 15},
    ),
    "the full year stands in": ([item(D(2015, 3, 31), income=1), item(income=-20)], {"investment_losses": 20}),
    "not one that ended over fifteen months ago": (
        [item(D(2015, 3, 31), income=1), item(Y13, income=-20)],
        {"investment_losses": 0, "investment_incomes_unknown": True},
    ),
    "two years of loss": ([item(income=-1), item(Y13, income=-1)], {"investment_losses_two_years": True}),
    "a loss and a gain": ([item(income=-1), item(Y13, income=1)], {"investment_losses_two_years": False}),
    "the year before is unknown": ([item(income=-1)], {"investment_losses_two_years": None}),
    "a gain needs no year before": ([item()], {"investment_losses_two_years": False}),
    "5% of equity, inclusive": (
        [item(income=-1, carrying=50), item(Y13, income=-1)],
        {"investment_losses_two_years": True},
    ),
    "under 5% of equity": (
        [item(income=-1, carrying=49), item(Y13, income=-1)],
        {"investment_losses_two_years": False},
    ),
    "securities are summed": (
        [item(kind="security", fair_value=70), item(name="b", kind="security", cost=50, fair_value=60)],
        {"securities_cost": 150, "securities_fair_value": 130, "securities_loss": 20},
    ),
    "a fair value is missing": (
        [item(kind="security", fair_value=70), item(name="b", kind="security", fair_value=None)],
        {"securities_cost": 200, "securities_fair_value": None, "securities_loss": None},
    ),
    "80% of carrying at both ends": (
        [item(fair_value=80), item(Y13, fair_value=80)],
        {"investment_not_impaired": True},
    ),
    "only now": ([item(fair_value=80), item(Y13, fair_value=81)], {"investment_not_impaired": False}),
    "impaired": ([item(fair_value=80, impairment=1), item(Y13, fair_value=80)], {"investment_not_impaired": False}),
    "another kind of the same name": (
        [item(fair_value=80), item(Y13, kind="project", fair_value=80)],
        {"investment_not_impaired": False},
    ),
    "no fair value": ([item(fair_value=None), item(Y13, fair_value=None)], {"investment_not_impaired": None}),
    "no period before": (
        [item(fair_value=80)],
        {"investment_not_impaired": None, "investment_impairment_reversed": None},
    ),
    "the period before is too old": (
        [item(fair_value=80), item(Y12, fair_value=80)],
        {"investment_not_impaired": None, "investment_impairment_reversed": None},
    ),
    "half reversed": (
        [item(impairment=20), item(Y13, impairment=30), item(Y12, impairment=10)],
        {"investment_impairment_reversed": True},
    ),
    "less than half reversed": (
        [item(impairment=21), item(Y13, impairment=30), item(Y12, impairment=10)],
        {"investment_impairment_reversed": False},
    ),
    "when it was booked is not known": (
        [item(impairment=0), item(Y13, impairment=30)],
        {"investment_impairment_reversed": False},
    ),
    "after four quarters": (
        [
            item(D(2015, 3, 31), impairment=0),
            item(impairment=30),
            item(D(2014, 9, 30), impairment=30),
            item(D(2014, 3, 31), impairment=30),
            item(D(2013, 12, 31), impairment=0),
        ],
        {"investment_impairment_reversed": True},
    ),
    "later than four quarters": (
        [
            item(D(2015, 6, 30), impairment=0, received=D(2015, 6, 30)),
            item(impairment=30),
            item(D(2014, 3, 31), impairment=30),
            item(D(2013, 12, 31), impairment=0),
        ],
        {"investment_impairment_reversed": False},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    made = one(investments, of(rows))
    agrees(made, expected)
    assert one(investments, of([*rows[::-1], *rows[:1]][: len(rows)])) == made  # the order does not matter


@pytest.mark.parametrize(("equity", "expected"), [(0, True), (-5, True), (None, None), (2000, True), (2001, False)])
def test_two_years_against_equity(equity: int | None, expected: bool | None) -> None:
    rows = [item(income=-1), item(Y13, income=-1)]
    assert one(investments, of(rows, equity))["investment_losses_two_years"] is expected


def test_not_connected() -> None:
    filed = done({"equity": pl.Int64}, {"equity": 1})
    agrees(one(investments, shard({}, before={"statements": filed})), NEVER)


def plainly(rows: list[Row]) -> Row:
    """The yearly notes of one client, read with loops: newest version each, then sums."""
    newest: dict[tuple[date, str, str], Row] = {}
    for row in sorted(rows, key=lambda row: row["received_on"]):
        if row["received_on"] <= D(2015, 6, 30):
            newest[row["period_end"], row["kind"], row["item"]] = row
    last = max((end for end, _, _ in newest), default=None)
    listed = [row for (end, _, _), row in newest.items() if row["received_on"] >= D(2014, 3, 30) and end == last]
    if not listed:
        return {"investments_listed": None, "investment_losses": None, "securities_loss": None}
    ventures = [row for row in listed if row["kind"] != "investment_security"]
    losses = [row for row in ventures if row["income"] is not None and row["income"] < 0]
    held = [row for row in listed if row["kind"] == "investment_security"]
    lost = None if any(row["fair_value"] is None for row in held) else sum(r["cost"] - r["fair_value"] for r in held)
    return {
        "investments_listed": len(listed),
        "investment_losses": -sum(row["income"] for row in losses),
        "investment_loss_carrying": max((row["carrying"] for row in losses), default=0),
        "securities_loss": lost,
    }


def test_random_schedules() -> None:
    dice = random.Random(5)
    clients = tuple(f"c{number:03d}" for number in range(200))
    rows = {client: [] for client in clients}
    for client, mine in rows.items():
        for end in (Y12, Y13, Y14):
            received = D(end.year + 1, dice.choice([3, 4, 7]), dice.choice([28, 30]))
            if dice.random() < 0.2:
                continue
            for number in range(dice.randrange(4)):
                kind = dice.choice(["equity", "project", "security"])
                values = {
                    "income": dice.choice([-9, -1, 0, 4, None]),
                    "carrying": dice.randrange(200),
                    "fair_value": dice.choice([None, 70, 80, 120]),
                }
                mine.append(item(end, kind, f"i{number}", received, party_id=client, **values))
                if dice.random() < 0.2:
                    mine.append(mine[-1] | {"received_on": D(end.year + 1, 8, 1), "income": 1})
    every = [row for mine in rows.values() for row in mine]
    dice.shuffle(every)
    frame = measured(investments, of(every, clients=clients))
    for row in frame.iter_rows(named=True):
        agrees(row, plainly(rows[row["client_id"]]))
