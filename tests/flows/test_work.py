"""What decides whether a unit of work is done anew."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows import nightly, nights, work
from flows.store import Store, digest_file, digest_of, write_frame
from transforms.context import roster
from transforms.night import Night

NIGHT = Night(date(2015, 6, 30))
OTHER: dict[str, Any] = {
    "as_of": date(2015, 5, 31), "home_currency": "USD", "own_banks": ("3135",), "haircuts": {"land": 0.1},
    "cadence": {"A": 20}, "main_business_revenue_as_revenue": True, "roster_weights": {"loans_out": 1.0},
    "decline": {"W": (0.7, 0.9, -1.5)}, "personal_ties": True, "contact_minutes": 100, "working_hours": ("08:00", "16:00"),
    "purposes": {"equipment": ("equipment",)}, "kinds": {"events": frozenset({"news"})},
}  # fmt: skip


@pytest.mark.parametrize("name", [f.name for f in fields(Night) if f.name != "feeds"])
def test_whatever_a_policy_says_of_the_night_decides(name: str) -> None:
    assert work.facts(replace(NIGHT, **{name: OTHER[name]})) != work.facts(NIGHT)


def test_the_order_of_kinds_does_not_decide() -> None:
    one, other = (
        replace(NIGHT, kinds={"events": frozenset(kinds)}) for kinds in (("news", "policy"), ("policy", "news"))
    )
    assert work.facts(one) == work.facts(other)


def test_the_roster_before_decides_what_is_compared_and_not_where_it_stands(tmp_path: Path) -> None:
    class Asked(Store):
        def do(self, stage: str, unit: str, inputs: Any, work: Any) -> Any:
            return digest_of([stage, unit, inputs])

    def compared(before: Mapping[str, str]) -> Any:
        return work.compare(Asked(tmp_path), NIGHT, [], before)

    assert compared({"a": "1"}) == compared({"b": "1"})
    assert len({compared(before) for before in ({}, {"a": "1"}, {"a": "2"})}) == 3


def test_the_roster_of_an_older_version_is_read_as_having_nothing_pending(tmp_path: Path) -> None:
    night = nights.Published(tmp_path, date(2015, 6, 29), {}, "")
    assert (nightly._roster(None), nightly._roster(night), work.roster({})) == ({}, {}, None)
    file = night.file("relationship/client_roster.parquet")
    write_frame(pl.DataFrame({"client_id": ["c"], "grade": ["A"], "grade_computed": ["B"]}), file)
    assert nightly._roster(night) == {str(file): digest_file(file)}
    told = work.roster(nightly._roster(night))
    assert told is not None
    assert (told.schema, told.rows()) == (roster.BEFORE, [("c", "B", None, None)])
