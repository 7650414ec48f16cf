"""What a client holds, what would suit it, and why a product may not be offered now."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, table
from tests.relationship.books import T, book
from transforms.relationship.assortment import BARRED, CARDS, FRAMES, measure

PRODUCTS: list[Row] = [
    {"product_id": "FX", "family": "fx", "launched_on": ago(900), "fits": "opin_12 > 100"},
    {"product_id": "SET", "family": "settlement", "launched_on": ago(900), "fits": "opin_12 > 0"},
    {"product_id": "PAY", "family": "payroll", "launched_on": ago(900)},
]
PANEL = [{"client_id": "c", "opin_12": 500}, {"client_id": "d", "opin_12": 50}]


def found(tables: dict[str, list[Row]] | None = None, **more: Any) -> dict[str, pl.DataFrame]:
    given: dict[str, list[Row]] = {"products": PRODUCTS, "holdings": []}
    made = book(given | (tables or {}), PANEL, **more)
    if tables and "clients" in tables:
        made = replace(made, clients=table("clients", tables["clients"]))
    frames = {name: frame.collect() for name, frame in measure(made).items()}
    assert {name: frame.schema for name, frame in frames.items()} == dict(FRAMES)
    return frames


def test_open_holdings_with_their_use() -> None:
    holdings = [
        {"holding_id": "1", "client_id": "c", "product_id": "PAY", "opened_on": ago(400), "last_used_on": ago(90), "amount": 7},
        {"holding_id": "2", "client_id": "c", "product_id": "FX", "opened_on": ago(400), "last_used_on": ago(91)},
        {"holding_id": "3", "client_id": "c", "product_id": "FX", "opened_on": ago(300)},
        {"holding_id": "4", "client_id": "c", "product_id": "FX", "opened_on": ago(300), "closed_on": T},
        {"holding_id": "5", "client_id": "elsewhere", "product_id": "FX", "opened_on": ago(300)},
    ]  # fmt: skip
    held = found({"holdings": holdings})["products_held"]
    assert held.select("holding_id", "family", "amount", "used").rows() == [
        ("2", "fx", None, False),
        ("3", "fx", None, None),
        ("1", "payroll", 7, True),
    ]


def test_what_suits_fewer_clients_is_told_first() -> None:
    fitting = found()["products_fitting"]
    assert fitting.select("client_id", "product_id", "figure", "value", "clients").rows() == [
        ("c", "FX", "opin_12", 500.0, 1),
        ("c", "SET", "opin_12", 500.0, 2),
        ("d", "SET", "opin_12", 50.0, 2),
    ]
    assert fitting["barred"].to_list() == [[], [], []]


@pytest.mark.parametrize(("severity", "is_open", "barred"), [(2, True, ["complaint"]), (1, True, []), (3, False, [])])
def test_a_complex_complaint_bars_while_it_is_open(severity: int, is_open: bool, barred: list[str]) -> None:
    cards = pl.LazyFrame([("c", severity, is_open)], schema=CARDS, orient="row")
    assert found(before={"complaint_cards": cards})["products_fitting"]["barred"].to_list() == [barred, barred, []]


def test_every_reason_not_to_offer_in_its_order() -> None:
    tables = {
        "clients": [{"client_id": "c", "no_marketing": True}, {"client_id": "d", "no_marketing": False}],
        "undertakings": [
            {
                "undertaking_id": "u", "kind": "proposal", "client_id": "c", "about_kind": "product", "about_id": "FX",
                "made_on": ago(30), "outcome": "declined",
            }
        ],
    }  # fmt: skip
    cards = pl.LazyFrame([("c", 2, True), ("c", 3, True)], schema=CARDS, orient="row")
    levels = [{"client_id": "c", "risk_level": "R"}, {"client_id": "d", "risk_level": "A"}]
    fitting = found(tables, before={"complaint_cards": cards}, assessments=levels)["products_fitting"]
    assert fitting.select("product_id", "barred").rows() == [
        ("FX", list(BARRED)),
        ("SET", ["red", "complaint", "no_marketing"]),
        ("SET", []),
    ]
