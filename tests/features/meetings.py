"""Contacts, links and the like for the tests of the relationship's features."""

from datetime import datetime, time
from typing import Any

from tests.features.shards import Row, ago

NAMES = iter(range(1_000_000))


def met(age: int, person: str | None = "p", *others: str, **more: Any) -> Row:
    """A contact held `age` days ago with that person and those others."""
    return {
        "interaction_id": f"i{next(NAMES):06}", "client_id": "c", "staff_id": "s", "contact_id": person,
        "other_contacts": list(others) or None, "started_at": datetime.combine(ago(age), time(10)), "status": "done",
        "two_way": True, "recorded_at": datetime.combine(ago(max(age, 0)), time(18)),
    } | more  # fmt: skip


def link(person: str = "p", since: int | None = 3000, until: int | None = None, **more: Any) -> Row:
    """A link contact_of to the client "c" that began and ended so many days ago."""
    return {
        "link_id": f"l{next(NAMES):06}", "from_id": person, "to_id": "c", "relation": "contact_of", "function": "finance",
        "start_on": None if since is None else ago(since), "end_on": None if until is None else ago(until),
        "recorded_on": ago(3000 if since is None else max(since, 0)),
    } | more  # fmt: skip
