"""What decides whether a unit of work is done anew."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from flows import work
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
