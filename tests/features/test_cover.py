"""Inventory as collateral: cases by hand and a plain-Python reference over random rows."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import cover
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
SCHEMA = TABLES["credit_support"].schema
COLUMNS = [column.name for column in cover.PANEL]
Row = dict[str, Any]


def support(name: str = "s", **more: Any) -> Row:
    base: Row = {
        "support_id": name,
        "valid_from": date(2015, 1, 1),
        "client_id": "c",
        "kind": "pledge",
        "provider_id": "p",
    }
    base |= {"asset_kind": "inventory", "secured_amount": 60, "asset_value": 100, "valued_on": date(2015, 4, 1)}
    return base | {"status": "active", "ends_on": None} | more


def measured(*rows: Row, clients: tuple[str, ...] = ("c",), connected: bool = True) -> pl.DataFrame:
    listed = pl.LazyFrame({"client_id": clients}, schema={"client_id": pl.String})
    frame = pl.LazyFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    return cover.measure(Shard(Night(T), listed, {"credit_support": frame} if connected else {})).collect()


def one(*rows: Row) -> Row:
    return measured(*rows).row(0, named=True)


NOTHING: Row = dict.fromkeys(COLUMNS, 0) | {"inventory_valuation_days": None, "inventory_collateral_keys": []}
ONE: Row = {
    "inventory_collateral": 1,
    "inventory_collateral_value": 100,
    "inventory_secured": 60,
    "collateral_value": 100,
}
ONE |= {"inventory_valuation_days": 90.0, "working_capital_secured": 60}
ONE |= {"inventory_collateral_keys": ["credit_support:s|2015-01-01"]}

CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "a pledge of inventory": ([support()], ONE),
    "receivables count as working capital only": (
        [support(), support("r", asset_kind="receivables", secured_amount=5, asset_value=7)],
        ONE | {"working_capital_secured": 65, "collateral_value": 107,
               "inventory_collateral_keys": ["credit_support:r|2015-01-01", "credit_support:s|2015-01-01"]},
    ),
    "a guarantee is no collateral": (
        [support("g", kind="guarantee", asset_kind="none", asset_value=None, valued_on=None)], NOTHING
    ),
    "real estate is": ([support(asset_kind="real_estate")], NOTHING | {"collateral_value": 100}),
    "the oldest valuation counts": ([support(), support("t", valued_on=date(2014, 6, 30))],
        {"inventory_valuation_days": 365.0, "inventory_collateral": 2}),
    "a revaluation is a new row": (
        [support(), support(valid_from=date(2015, 6, 30), valued_on=date(2015, 6, 30), asset_value=80)],
        {"inventory_collateral": 1, "inventory_collateral_value": 80, "inventory_valuation_days": 0.0},
    ),
    "not in force yet": ([support(), support(valid_from=date(2015, 7, 1), asset_value=1)], ONE),
    "released": ([support(), support(valid_from=date(2015, 6, 1), status="released")], NOTHING),
    "called": ([support(status="called")], NOTHING),
    "ends tonight": ([support(ends_on=T)], NOTHING),
    "ends tomorrow": ([support(ends_on=T + timedelta(days=1))], ONE),
    "of another client": ([support(client_id="d")], NOTHING),
    "an unknown value": ([support(asset_value=None)], {"inventory_collateral_value": None, "collateral_value": None}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    rows, says = CASES[case]
    found = one(*rows)
    assert {name: found[name] for name in says} == says
    assert one(*reversed(rows)) == found


def test_a_table_that_is_not_connected_is_unknown() -> None:
    frame = measured(connected=False)
    assert frame.columns == ["client_id", *COLUMNS]
    assert frame.drop("client_id").null_count().sum_horizontal().item() == len(COLUMNS)


def plain(rows: list[Row], client: str) -> Row:
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda r: r["valid_from"]):
        if row["valid_from"] <= T:
            newest[row["support_id"]] = row
    held = [
        r for r in newest.values() if r["client_id"] == client and r["status"] == "active" and r["kind"] != "guarantee"
    ]
    held = [r for r in held if r["ends_on"] is None or r["ends_on"] > T]
    stock = [r for r in held if r["asset_kind"] == "inventory"]
    working = [r for r in held if r["asset_kind"] in ("inventory", "receivables")]
    return {
        "client_id": client,
        "inventory_collateral": len(stock),
        "inventory_collateral_value": sum(r["asset_value"] for r in stock),
        "inventory_secured": sum(r["secured_amount"] for r in stock),
        "inventory_valuation_days": float((T - min(r["valued_on"] for r in stock)).days) if stock else None,
        "working_capital_secured": sum(r["secured_amount"] for r in working),
        "collateral_value": sum(r["asset_value"] for r in held),
        "inventory_collateral_keys": sorted(f"credit_support:{r['support_id']}|{r['valid_from']}" for r in working),
    }


def test_a_plain_reading_of_random_rows_agrees() -> None:
    dice = random.Random(5)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows = {}
    for i in range(900):
        kind, client = dice.choice(("pledge", "mortgage", "guarantee")), dice.choice(clients)
        for _ in range(dice.randint(1, 3)):
            start = T + timedelta(days=dice.randint(-500, 20))
            rows[(i, start)] = support(
                f"s{i}", valid_from=start, client_id=client, kind=kind, secured_amount=dice.randint(1, 99),
                asset_kind=dice.choice(("inventory", "receivables", "land")), asset_value=dice.randint(1, 99),
                valued_on=start - timedelta(days=dice.randint(0, 200)), status=dice.choice(("active", "active", "released")),
                ends_on=dice.choice((None, T, T + timedelta(days=9))),
            )  # fmt: skip
    listed = list(rows.values())
    dice.shuffle(listed)
    assert measured(*listed, clients=clients).rows(named=True) == [plain(listed, client) for client in clients]
