"""Changes of depreciation policies in the notes, by hand."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import depreciation_policy
from transforms.night import Night
from transforms.shard import Shard

T = date(2015, 6, 30)
SCHEMA = TABLES["disclosures"].schema
Y14, Y13, Y12 = date(2014, 12, 31), date(2013, 12, 31), date(2012, 12, 31)
Row = dict[str, Any]


def note(end: date, value: str, item: str = "useful_life", **more: Any) -> Row:
    base = {"party_id": "c", "period_end": end, "kind": "accounting_policy", "item": item, "text_value": value}
    return base | {"mandated": False, "received_on": date(end.year + 1, 4, 30)} | more


def measured(*rows: Row) -> pl.DataFrame:
    clients = pl.LazyFrame({"client_id": ["b", "c"]})
    frame = pl.LazyFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    return depreciation_policy.measure(Shard(Night(T), clients, {"disclosures": frame})).collect()


CASES: dict[str, tuple[list[Row], bool | None]] = {
    "nothing on file": ([], None),
    "the first note": ([note(Y14, "ten")], None),
    "the same": ([note(Y14, "ten"), note(Y13, "ten")], False),
    "changed": ([note(Y14, "twenty"), note(Y13, "ten")], True),
    "changed by a new standard": ([note(Y14, "twenty", mandated=True), note(Y13, "ten")], False),
    "changed before": ([note(Y14, "twenty"), note(Y13, "twenty"), note(Y12, "ten")], False),
    "one of two items": (
        [
            note(Y14, "twenty"),
            note(Y13, "ten"),
            note(Y14, "x", "amortisation_life"),
            note(Y13, "x", "amortisation_life"),
        ],
        True,
    ),
    "another policy": ([note(Y14, "x", "bad_debt"), note(Y13, "y", "bad_debt")], None),
    "not known at T": ([note(Y14, "twenty", received_on=date(2015, 7, 1)), note(Y13, "ten"), note(Y12, "ten")], False),
    "received 15 months ago": ([note(Y14, "b", received_on=date(2014, 3, 30)), note(Y13, "a")], True),
    "a day earlier": ([note(Y14, "b", received_on=date(2014, 3, 29)), note(Y13, "a")], None),
    "restated": ([note(Y14, "twenty"), note(Y14, "ten", received_on=date(2015, 6, 1)), note(Y13, "ten")], False),
    "two years apart": ([note(Y14, "twenty"), note(Y12, "ten")], None),
    "of another party": ([note(Y14, "twenty", party_id="x"), note(Y13, "ten", party_id="x")], None),
}


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    rows, says = CASES[case]
    frame = measured(*rows)
    assert frame["client_id"].to_list() == ["b", "c"]
    assert frame["depreciation_policy_changed"].to_list() == [None, says]
    assert measured(*reversed(rows)).equals(frame)


def test_evidence() -> None:
    row = measured(note(Y14, "twenty"), note(Y13, "ten"), note(Y14, "x", "amortisation_life")).row(1, named=True)
    assert row["depreciation_policy_on"] == Y14
    assert row["depreciation_policy_keys"] == [
        "disclosures:c|2013-12-31|accounting_policy|useful_life|2014-04-30",
        "disclosures:c|2014-12-31|accounting_policy|useful_life|2015-04-30",
    ]
