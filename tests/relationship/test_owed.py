"""What either side owes, open tonight."""

from typing import Any

import pytest

from tests.features.shards import Row, ago
from tests.relationship.books import T, book
from transforms.relationship.owed import FRAMES, measure


def undertaking(id: str, **more: Any) -> Row:
    known = {
        "undertaking_id": id, "kind": "rm_promise", "owed_by": "bank", "client_id": "c", "staff_id": "s", "title": id,
        "made_on": ago(20), "due_on": ago(1), "outcome": "open",
    }  # fmt: skip
    return known | more


def test_both_sides_the_earliest_day_first() -> None:
    rows = [
        undertaking("late", due_on=ago(-3)),
        undertaking("no day", kind="proposal", due_on=None),
        undertaking("theirs", kind="capital_instalment", owed_by="client", staff_id=None, amount=500, due_on=ago(9)),
        undertaking("also late", due_on=ago(-3)),
    ]
    found = measure(book({"undertakings": rows}))["owed"].collect()
    assert found.schema == FRAMES["owed"]
    assert found.select("undertaking_id", "owed_by", "owner_id", "due_on", "amount").rows() == [
        ("theirs", "client", None, ago(9), 500),
        ("also late", "bank", "s", ago(-3), None),
        ("late", "bank", "s", ago(-3), None),
        ("no day", "bank", "s", None, None),
    ]


@pytest.mark.parametrize(
    ("more", "due_on"),
    [
        ({"outcome": "done", "done_on": ago(1)}, None),
        ({"outcome": "done", "done_on": ago(-1)}, ago(1)),  # done later, open tonight
        ({"made_on": ago(-1)}, None),
        ({"kind": "task"}, None),  # owed to nobody
        ({"kind": "strengthening_action"}, None),  # table 11-6 has it
        ({"client_id": "elsewhere"}, None),
        ({"kind": "covenant", "waived_until": ago(-30)}, ago(-30)),
        ({"kind": "covenant", "waived_until": T}, T),
        ({"kind": "covenant", "waived_until": ago(2)}, ago(1)),
    ],
)
def test_what_counts_and_until_when(more: Row, due_on: object) -> None:
    found = measure(book({"undertakings": [undertaking("u", **more)]}))["owed"].collect()
    assert found["due_on"].to_list() == ([due_on] if due_on else [])
