"""The days to keep in mind: the ninety after tonight."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, table
from tests.relationship.books import T, book
from transforms.relationship import dates, owed
from transforms.relationship.dates import days_ahead


def found(
    tables: Mapping[str, Sequence[Row]], before: Mapping[str, pl.LazyFrame] | None = None, as_of: date = T
) -> Any:
    made = book(tables, before=before)
    made = replace(made, clients=table("clients", tables.get("clients", [{"client_id": "c"}])))
    made = replace(made, night=replace(made.night, as_of=as_of))
    told = dates.measure(made)["dates"].collect()
    assert told.schema == dates.FRAMES["dates"]
    return told


def test_each_kind_by_hand_in_the_order_of_days() -> None:
    undertakings = [
        {
            "undertaking_id": "u", "kind": "covenant", "owed_by": "client", "client_id": "c", "title": "Send the accounts.",
            "made_on": ago(9), "due_on": ago(-10), "outcome": "open",
        },
        {
            "undertaking_id": "v", "kind": "rm_promise", "owed_by": "bank", "client_id": "c", "staff_id": "s",
            "title": "Answer.", "made_on": ago(9), "due_on": ago(-10), "outcome": "open",
        },
    ]  # fmt: skip
    tables: dict[str, list[Row]] = {
        "undertakings": undertakings,
        "clients": [{"client_id": "c", "relationship_start": date(2010, 8, 1)}],
        "parties": [
            {"party_id": "c", "established_on": date(1998, 7, 5)},
            {"party_id": "ann", "name": "Ann", "birthday_mmdd": "0702"},
            {"party_id": "bob", "name": "Bob", "birthday_mmdd": "0703"},  # no contact of the client's
        ],
        "party_links": [{"link_id": "1", "from_id": "ann", "to_id": "c", "relation": "contact_of", "recorded_on": ago(9)}],
        "loans": [{"loan_id": "L", "client_id": "c", "product": "overdraft", "disbursed_on": ago(90), "matures_on": ago(-20),
                   "principal": 700, "currency": "CNY"}],
        "loan_status": [{"loan_id": "L", "as_of": ago(1), "outstanding": 400, "state": "normal"}],
        "facilities": [
            {"facility_id": "F", "client_id": "c", "product": "overdraft", "valid_from": ago(300), "expires_on": ago(-5),
             "limit_amount": 900, "currency": "CNY"},
            {"facility_id": "F", "client_id": "c", "product": "overdraft", "valid_from": ago(30), "expires_on": ago(-30),
             "limit_amount": 800, "currency": "CNY"},
        ],
        "accounts": [
            {"account_id": "A", "client_id": "c", "kind": "time", "opened_on": ago(300), "matures_on": ago(-40)},
            {"account_id": "B", "client_id": "c", "kind": "time", "opened_on": ago(300), "matures_on": ago(-41), "closed_on": T},
        ],
        "events": [{"event_id": "e", "kind": "occasion", "subtype": "opening", "party_id": "c", "recorded_on": T,
                    "happened_on": ago(-50)}],
        "calendar": [{"date": ago(-60), "holiday": "mid_autumn"}, {"date": ago(-61), "holiday": "mid_autumn"}],
    }  # fmt: skip
    items = {"client_id": pl.String, "item_code": pl.String, "due_on": pl.Date}
    archives = pl.LazyFrame([("c", "BI1", ago(-12)), ("c", "BI1", ago(-12))], schema=items, orient="row")
    before = {"owed": owed.measure(book(tables))["owed"], "archives": archives}
    assert found(tables, before).drop("client_id").rows() == [
        (date(2015, 7, 2), "birthday", "ann", "Ann", None, None),
        (date(2015, 7, 5), "founding", None, None, date(1998, 7, 5), None),
        (ago(-10), "client_owes", "u", "Send the accounts.", None, None),
        (ago(-10), "bank_owes", "v", "Answer.", None, None),
        (ago(-12), "document_expires", "BI1", None, None, None),
        (ago(-20), "loan_matures", "L", "overdraft", None, 400),
        (ago(-30), "line_expires", "F", "overdraft", None, 800),  # the newest terms hold
        (date(2015, 8, 1), "cooperation", None, None, date(2010, 8, 1), None),
        (ago(-40), "deposit_matures", "A", "time", None, None),
        (ago(-50), "occasion", "e", "opening", None, None),
        (ago(-60), "holiday", "mid_autumn", None, None, None),  # its first day
    ]


def test_the_clients_own_day_stands_for_its_founding() -> None:
    tables = {
        "clients": [{"client_id": "c", "anniversary_mmdd": "0710"}],
        "parties": [{"party_id": "c", "established_on": date(1998, 7, 5)}],
    }
    assert found(tables).select("day", "kind").rows() == [(date(2015, 7, 10), "client_day")]


@pytest.mark.parametrize(("day", "told"), [(T, 0), (ago(-1), 1), (ago(-90), 1), (ago(-91), 0)])
def test_ninety_days_after_tonight(day: date, told: int) -> None:
    calendar = [{"date": day, "holiday": "new_year"}]
    assert found({"calendar": calendar}).height == told


def test_the_29th_of_february_is_kept_on_the_28th_where_the_year_has_none() -> None:
    assert days_ahead(date(2015, 2, 20), 10).filter(mmdd="0229").collect().rows() == [("0229", date(2015, 2, 28))]
    assert days_ahead(date(2016, 2, 20), 10).filter(mmdd="0229").collect().rows() == [("0229", date(2016, 2, 29))]
