"""Whether a new standard asked for the change of depreciation, by the newest fresh notes."""

from datetime import date
from typing import Any

import pytest

from tests.features.shards import Row, agrees, one, shard
from transforms.features import mandated

Y13, Y14 = date(2013, 12, 31), date(2014, 12, 31)


def note(item: str = "depreciation_method", asked: bool = False, end: date = Y14, **more: Any) -> Row:
    return {
        "party_id": "c", "period_end": end, "kind": "accounting_policy", "item": item, "text_value": "straight_line",
        "mandated": asked, "received_on": date(end.year + 1, 4, 1),
    } | more  # fmt: skip


CASES: dict[str, tuple[list[Row], bool | None]] = {
    "no note": ([], None),
    "nothing asked": ([note(), note("useful_life")], False),
    "a new standard": ([note(), note("useful_life", True)], True),
    "a new standard the year before": ([note(asked=True, end=Y13, received_on=date(2014, 9, 1)), note()], False),
    "a note on something else": ([note("bad_debt", True)], None),
    "another kind of note": ([note(kind="top_customer")], None),
    "received 15 months ago": ([note(end=Y13, received_on=date(2014, 3, 30))], False),
    "received longer ago": ([note(end=Y13, received_on=date(2014, 3, 29))], None),
    "received after T": ([note(received_on=date(2015, 7, 1))], None),
    "the later of two notes of a period": ([note(asked=True), note(received_on=date(2015, 5, 1))], False),
    "somebody else's": ([note(party_id="x")], None),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    for order in (rows, rows[::-1]):
        agrees(one(mandated, shard({"disclosures": order})), {"depreciation_mandated": expected})


def test_the_notes_are_cited() -> None:
    keys = [
        f"disclosures:c|2014-12-31|accounting_policy|{item}|2015-04-01"
        for item in ("depreciation_method", "useful_life")
    ]
    agrees(one(mandated, shard({"disclosures": [note(), note("useful_life")]})), {"depreciation_mandate_keys": keys})
