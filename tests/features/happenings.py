"""Rows of events and party_links for tests, by how many days ago they happened."""

import random
from typing import Any

from tests.features.shards import Row, ago


def event(kind: str, subtype: str, age: int, name: str = "e", **more: Any) -> Row:
    """One of the client "c", recorded the day it happened."""
    return {
        "event_id": name, "kind": kind, "subtype": subtype, "party_id": "c", "happened_on": ago(age),
        "recorded_on": ago(age), "confirmed": True, "source_ref": f"court:{name}",
    } | more  # fmt: skip


def registry(subtype: str, age: int, name: str = "e", **more: Any) -> Row:
    return event("registry", subtype, age, name, **more)


def link(
    relation: str, person: str = "p", name: str = "l", since: int | None = 900, until: int | None = None, **more: Any
) -> Row:
    """Of the client "c", in force from `since` to `until` days ago."""
    return {
        "link_id": name, "from_id": person, "to_id": "c", "relation": relation, "recorded_on": ago(900),
        "start_on": None if since is None else ago(since), "end_on": None if until is None else ago(until),
    } | more  # fmt: skip


def mixed(rows: list[Row], seed: int = 0) -> list[Row]:
    """The same rows in another order, some of them twice."""
    rng = random.Random(seed)
    return rng.sample(rows + rows[::3], len(rows) + len(rows[::3]))
