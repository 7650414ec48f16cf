"""The people a page can name: those of today first, and whoever else tonight's frames name."""

import polars as pl

from tests.features.shards import ago
from tests.relationship.books import book
from tests.relationship.test_people import link, met
from transforms.relationship.client_people import FRAMES, measure


def test_who_decides_stands_first_and_who_left_is_still_named() -> None:
    tables = {
        "party_links": [
            link("1", "ann", decision_role="influencer"),
            link("2", "bob", decision_role="decision_maker"),
            link("3", "cyd"),
            link("4", "old", end_on=ago(10)),
        ],
        "interactions": [met("1", 3, "ann"), met("2", 30, "bob"), met("3", 40, "old")],
        "parties": [{"party_id": id, "name": id.title(), "kind": "person"} for id in ("ann", "bob", "cyd", "old")],
    }
    named = {
        "actions": [("c", "bob"), ("c", None), ("z", "zoe")],  # z is no client of ours
        "visit_plan": [("c", "old")],
        "complaint_cards": [("c", "eve"), ("c", "old")],
    }
    schema = {"client_id": pl.String, "contact_id": pl.String}
    before = {name: pl.LazyFrame(rows, schema=schema, orient="row") for name, rows in named.items()}
    found = measure(book(tables, before=before))["people"].collect()
    assert found.schema == FRAMES["people"]
    assert found.select("party_id", "name", "is_decision_maker", "last_met_on", "belongs").rows() == [
        ("bob", "Bob", True, ago(30), True),
        ("ann", "Ann", False, ago(3), True),
        ("cyd", "Cyd", False, None, True),
        ("eve", None, False, None, False),  # nobody put her on file
        ("old", "Old", False, None, False),
    ]
