"""Whom a client is tied to, by what, and what stands against them."""

from datetime import timedelta
from typing import Any

import polars as pl

from tests.features.shards import Row, T, ago, done, frame
from tests.relationship.books import book
from transforms.features import ties
from transforms.relationship.connections import FRAMES, REGISTRY, measure

SCHEMA = FRAMES["connected_parties"]
PARTIES = [{"party_id": id, "name": id.title(), "kind": "company"} for id in ("a", "b", "top", "ann", "buyer", "maker")]
PANEL = [
    {"client_id": "a", "group_id": "top", "exposure": 500},
    {"client_id": "b", "group_id": "top", "confidential": True},
]


def link(id: str, left: str, relation: str, right: str, **more: Any) -> Row:
    known = {"start_on": ago(365), "recorded_on": ago(365)}
    return {"link_id": id, "from_id": left, "relation": relation, "to_id": right, **known, **more}


def row(party: str, subtype: str, days: int, **more: Any) -> Row:
    told = {"event_id": f"{party}{subtype}", "kind": "registry", "party_id": party, "subtype": subtype}
    return {**told, "happened_on": ago(days), "recorded_on": ago(days), **more}


def connected(
    tables: dict[str, list[Row]], guarantees: list[Row] | None = None, flows: list[Row] | None = None
) -> pl.DataFrame:
    before = {
        "guarantees": frame(ties.GUARANTEES, guarantees or []),
        "flow_ties": frame(ties.FLOWS, flows or []),
        "identity": done({}),
    }
    levels = [{"client_id": "a", "risk_level": "W"}, {"client_id": "b", "risk_level": "R"}]
    kinds = {"events": ["registry"]} if "events" in tables else {}
    made = measure(book({"parties": PARTIES, **tables}, PANEL, assessments=levels, before=before, kinds=kinds))
    found = made["connected_parties"].collect()
    assert found.schema == SCHEMA
    return found


def of(found: pl.DataFrame, client: str, *columns: str) -> list[tuple[Any, ...]]:
    return found.filter(client_id=client).select("party_id", "tie", *columns).rows()


def test_ties_of_every_kind_and_both_ways() -> None:
    links = [
        link("1", "ann", "controller_of", "a"),
        link("2", "ann", "shareholder_of", "a", share_pct=0.6),
        link("3", "ann", "legal_rep_of", "a"),
        link("4", "ann", "director_of", "a"),
        link("5", "ann", "executive_of", "a"),  # a second office is the same tie
        link("6", "a", "shareholder_of", "b", share_pct=0.3),
        link("7", "a", "co_borrower_with", "b"),
        link("8", "a", "customer_of", "maker"),  # no tie of these: what it pays is
        link("9", "old", "controller_of", "a", end_on=T),
    ]
    guarantees = [{"client_id": "a", "guarantor_id": "b", "amount": 200}]
    flows = [
        {"client_id": "a", "direction": "in", "counterparty": "buyer", "share": 0.1},
        {"client_id": "a", "direction": "out", "counterparty": "maker", "share": 0.25},
        {"client_id": "a", "direction": "out", "counterparty": "ann", "share": 0.0999},
    ]
    found = connected({"party_links": links}, guarantees, flows)
    assert of(found, "a", "share", "amount") == [
        ("ann", "controller", None, None),
        ("ann", "legal_rep", None, None),
        ("ann", "officer", None, None),
        ("ann", "shareholder", 0.6, None),
        ("b", "co_borrower", None, None),
        ("b", "group", None, None),
        ("b", "guarantor", 0.4, 200),  # 200 of an exposure of 500
        ("b", "holding", 0.3, None),
        ("buyer", "payer", 0.1, None),
        ("maker", "payee", 0.25, None),
        ("top", "group", None, None),
    ]
    assert of(found, "b", "share", "amount") == [
        ("a", "co_borrower", None, None),
        ("a", "group", None, None),
        ("a", "guaranteed", None, 200),
        ("a", "shareholder", 0.3, None),
        ("top", "group", None, None),
    ]


def test_what_stands_against_a_party() -> None:
    events = [
        row("top", "equity_freeze", 30),
        row("top", "bankruptcy_filing", 365),
        row("top", "name_change", 1),  # nothing severe
        row("top", "executed", 366),  # too old
        row("top", "dishonest_executee", 9, ends_on=T),  # lifted
        row("top", "abnormal_operation", 9, recorded_on=T + timedelta(days=1)),  # not known yet
    ]
    found = connected({"events": events})
    assert of(found, "a", "name", "confidential", "risk_level", "registry", "registry_on") == [
        ("b", "group", None, True, "R", [], None),  # a confidential client is not named on another's page
        ("top", "group", "Top", False, None, ["bankruptcy_filing", "equity_freeze"], ago(30)),
    ]


def test_without_the_registry_nobody_is_clean_and_without_links_nothing_breaks() -> None:
    found = connected({})
    assert of(found, "a", "registry") == [("b", "group", None), ("top", "group", None)]
    assert REGISTRY[0] == "bankruptcy_filing"
