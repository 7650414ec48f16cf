"""The people at a client: who counts, what they decide, when they were last met."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago
from tests.relationship.books import T, book
from transforms.relationship.people import SCHEMA, contacts_of


def link(id: str, person: str, client: str = "c", **more: Any) -> Row:
    """A link contact_of in force since a year ago."""
    known = {"relation": "contact_of", "start_on": ago(365), "recorded_on": ago(365)}
    return {"link_id": id, "from_id": person, "to_id": client, **known, **more}


def met(id: str, days: int, person: str | None, client: str = "c", **more: Any) -> Row:
    """A two-way contact held so many days before T."""
    at = datetime.combine(ago(days), time(10))
    known = {"status": "done", "two_way": True, "started_at": at, "recorded_at": at, "channel": "visit"}
    return {"interaction_id": id, "client_id": client, "contact_id": person, **known, **more}


def people(tables: dict[str, list[Row]], *clients: str) -> pl.DataFrame:
    found = contacts_of(book(tables, [{"client_id": client} for client in clients or ("c",)])).collect()
    assert found.schema == SCHEMA
    return found


LINKS = [
    link("1", "ann", "a", decision_role="influencer", function="finance", stance="neutral"),
    link("2", "ann", "a", relation="finance_head_of", decision_role="decision_maker", start_on=ago(30)),
    link("3", "bob", "a", relation="legal_rep_of", function="general"),
    link("4", "cyd", "a", end_on=ago(10)),  # left
    link("5", "ann", "b", decision_role="user", stance="critical"),
    link("6", "eve", "b", relation="shareholder_of"),  # no post
    link("7", "dan", "c", decision_role="none", end_on=T + timedelta(days=1)),
]
MET = [
    met("1", 400, "bob", "a"),
    met("2", 20, "ann", "a", other_contacts=["bob", "cyd"]),
    met("3", 10, "ann", "a"),
    met("4", 5, "ann", "a", two_way=False),
    met("5", 7, "fay", "b"),  # nobody put her on file
    met("6", 366, "gus", "b"),
    met("7", 3, None, "c"),
]
PARTIES = [{"party_id": id, "name": id.title(), "kind": "person"} for id in ("ann", "bob", "cyd", "dan")]
EXPECTED = [
    ("a", "ann", "Ann", "decision_maker", "finance", "neutral", ago(10), 2, True, True),
    ("a", "bob", "Bob", None, "general", None, ago(20), 1, False, False),
    ("b", "ann", "Ann", "user", None, "critical", None, 0, False, True),
    ("b", "fay", None, None, None, None, ago(7), 1, False, False),
    ("c", "dan", "Dan", "none", None, None, None, 0, False, True),
]


def test_three_clients_by_hand() -> None:
    found = people({"party_links": LINKS, "interactions": MET, "parties": PARTIES}, "a", "b", "c")
    assert found.rows() == EXPECTED


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        ({"start_on": T}, True),
        ({"start_on": T + timedelta(days=1)}, False),
        ({"end_on": T + timedelta(days=1)}, True),
        ({"end_on": T}, False),
        ({"recorded_on": T}, True),
        ({"recorded_on": T + timedelta(days=1)}, False),
        ({"relation": "employee_of"}, True),
        ({"relation": "friend_of"}, False),
        ({"to_id": "other"}, False),
    ],
)
def test_who_has_a_post(row: Row, counts: bool) -> None:
    assert people({"party_links": [link("1", "ann") | row], "interactions": []}).height == counts


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (met("1", 365, "ann"), True),
        (met("1", 366, "ann"), False),
        (met("1", 1, None, other_contacts=["ann"]), True),
        (met("1", 1, "ann", two_way=False), False),
        (met("1", 1, "ann", status="planned"), False),
        (met("1", 1, "ann", recorded_at=datetime.combine(T + timedelta(days=1), time())), False),
    ],
)
def test_who_was_met(row: Row, counts: bool) -> None:
    assert people({"interactions": [row], "party_links": []}).height == counts


def test_who_left_is_out_however_often_met() -> None:
    left = [link("1", "ann", end_on=ago(1))]
    assert people({"party_links": left, "interactions": [met("1", 5, "ann")]}).is_empty()
    back = [*left, link("2", "ann", start_on=T)]
    assert people({"party_links": back, "interactions": [met("1", 5, "ann")]})["met_365"].to_list() == [1]


def test_missing_tables_are_unknown_and_empty_ones_nothing() -> None:
    alone = people({"party_links": [link("1", "ann")]})
    assert alone.select("last_met_on", "met_365").row(0) == (None, None)
    assert people({"party_links": [link("1", "ann")], "interactions": []})["met_365"].to_list() == [0]
    assert people({"interactions": [met("1", 5, "ann")]})["party_id"].to_list() == ["ann"]
    assert people({}).is_empty()
    assert people({"party_links": [], "interactions": []}).is_empty()


def test_order_of_rows_changes_nothing() -> None:
    same_day: date = ago(50)
    twins = [link(str(n), "ann", function=f, start_on=same_day) for n, f in ((11, "sales"), (12, "hr"))]
    links, contacts = [*LINKS, *twins], [*MET]
    first = people({"party_links": links, "interactions": contacts, "parties": PARTIES}, "a", "b", "c")
    for seed in range(5):
        random.Random(seed).shuffle(links)
        random.Random(seed).shuffle(contacts)
        again = people({"party_links": links, "interactions": contacts, "parties": PARTIES}, "a", "b", "c")
        assert again.equals(first)
    assert first.filter(pl.col("client_id") == "c", pl.col("party_id") == "ann")["function"].to_list() == ["hr"]
