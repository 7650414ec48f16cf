"""Accounting policies against the period before: cases worked by hand."""

from datetime import date
from typing import Any

import pytest

from tests.features.shards import Row, agrees, one, shard
from transforms.features import policies

D = date
Y14, Y13, Y12 = D(2014, 12, 31), D(2013, 12, 31), D(2012, 12, 31)
NEVER = {"policies_changed": None, "policies_mandated": None, "revenue_policies_changed": None, "policy_keys": None}
SAME = {"policies_changed": 0, "policies_mandated": 0, "revenue_policies_changed": 0}


def policy(end: date, value: str, name: str = "bad_debt", mandated: bool = False, **more: Any) -> Row:
    return {
        "party_id": "c", "period_end": end, "kind": "accounting_policy", "item": name, "text_value": value,
        "mandated": mandated, "received_on": D(end.year + 1, 4, 1),
    } | more  # fmt: skip


OLD = [policy(Y13, "ageing"), policy(Y13, "on_delivery", "revenue_recognition")]
CASES: dict[str, tuple[list[Row], Row]] = {
    "no notes": ([], NEVER),
    "one period only": ([policy(Y14, "ageing")], NEVER),
    "the period before is too old": ([policy(Y14, "a"), policy(Y12, "b")], NEVER),
    "notes too old": ([policy(Y13, "a", received_on=D(2014, 3, 29)), policy(Y12, "b")], NEVER),
    "notes fifteen months old": (
        [policy(Y13, "a", received_on=D(2014, 3, 30)), policy(Y12, "b")],
        SAME | {"policies_changed": 1},
    ),
    "nothing changed": (
        [*OLD, policy(Y14, "ageing"), policy(Y14, "on_delivery", "revenue_recognition")],
        SAME | {"policies_period_end": Y14, "policies_period_before": Y13},
    ),
    "changed": (
        [*OLD, policy(Y14, "none"), policy(Y14, "on_delivery", "revenue_recognition")],
        SAME
        | {
            "policies_changed": 1,
            "policy_keys": [
                "disclosures:c|2013-12-31|accounting_policy|bad_debt|2014-04-01",
                "disclosures:c|2014-12-31|accounting_policy|bad_debt|2015-04-01",
            ],
        },
    ),
    "a new standard": ([*OLD, policy(Y14, "none", mandated=True)], SAME | {"policies_mandated": 1}),
    "revenue": (
        [*OLD, policy(Y14, "over_time", "revenue_recognition"), policy(Y14, "none")],
        SAME | {"policies_changed": 2, "revenue_policies_changed": 1},
    ),
    "revenue by a new standard": (
        [*OLD, policy(Y14, "over_time", "revenue_recognition", mandated=True)],
        SAME | {"policies_mandated": 1},
    ),
    "an item not noted before": ([*OLD, policy(Y14, "5y", "useful_life"), policy(Y14, "ageing")], SAME),
    "nothing in common": ([*OLD, policy(Y14, "5y", "useful_life")], NEVER),
    "changed back in a restated note": (
        [*OLD, policy(Y14, "none"), policy(Y14, "ageing", received_on=D(2015, 5, 1))],
        SAME,
    ),
    "restated after T": ([*OLD, policy(Y14, "ageing"), policy(Y14, "none", received_on=D(2015, 7, 1))], SAME),
    "half a year before": (
        [policy(D(2014, 6, 30), "b", received_on=D(2014, 8, 1)), policy(Y14, "a"), policy(Y13, "a")],
        SAME | {"policies_changed": 1, "policies_period_before": D(2014, 6, 30)},
    ),
    "a note in between on something else": (
        [
            policy(Y13, "a"),
            policy(D(2014, 6, 30), "x", "inventory_method", received_on=D(2014, 8, 1)),
            policy(Y14, "b"),
        ],
        SAME | {"policies_changed": 1, "policies_period_before": Y13},
    ),
    "a later note on something else": (
        [*OLD, policy(Y14, "none"), policy(D(2015, 3, 31), "x", "inventory_method", received_on=D(2015, 5, 1))],
        SAME | {"policies_changed": 1},
    ),
    "somebody else's": ([policy(Y13, "a", party_id="x"), policy(Y14, "b", party_id="x")], NEVER),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    made = one(policies, shard({"disclosures": rows}))
    agrees(made, expected)
    assert one(policies, shard({"disclosures": rows[::-1]})) == made


def test_not_connected() -> None:
    agrees(one(policies, shard({})), NEVER)
