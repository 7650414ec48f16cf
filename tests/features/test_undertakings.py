"""Covenants and conditions: counts, the share kept, twice running, security, waivers."""

import random
from itertools import pairwise
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import undertakings

KINDS = {"undertakings": ["covenant", "condition"]}


def owed(due: int, outcome: str = "not_met", name: str = "u", **more: Any) -> Row:
    """A covenant due `due` days ago."""
    return {
        "undertaking_id": name, "kind": "covenant", "client_id": "c", "title": "Debt below 70% of assets.",
        "made_on": ago(900), "due_on": ago(due), "outcome": outcome,
        "done_on": ago(due) if outcome == "met" else None,
    } | more  # fmt: skip


def security(due: int, outcome: str = "not_met", **more: Any) -> Row:
    return owed(due, outcome, kind="condition", covenant_class="security", **more)


FINANCIAL = {"covenant_class": "financial"}
NOTHING: Row = {
    "covenants_failed": 0, "covenants_due": 0, "covenants_kept_share": None, "covenants_waived": False,
    "covenant_breached_twice": False, "security_unmet_days": 0, "covenants_keys": [],
}  # fmt: skip
CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], NOTHING),
    "30 days past due": ([owed(30)], {"covenants_failed": 0, "covenants_due": 1, "covenants_kept_share": 0.0}),
    "31 days past due": ([owed(31)], {"covenants_failed": 1, "covenants_keys": ["undertakings:u"]}),
    "not evidenced": ([owed(31, "not_evidenced")], {"covenants_failed": 1}),
    "open is neither": ([owed(31, "open")], {"covenants_failed": 0, "covenants_kept_share": 0.0}),
    "years ago still counts": ([owed(800)], {"covenants_failed": 1, "covenants_due": 0}),
    "a condition counts too": ([owed(31, kind="condition")], {"covenants_failed": 1}),
    "a promise of the bank does not": ([owed(31, "open", kind="rm_promise")], NOTHING),
    "made after T": ([owed(-5, made_on=ago(-1))], NOTHING),
    "somebody else's": ([owed(31, client_id="x")], NOTHING),
    "done after T is open": ([owed(40, "met", done_on=ago(-3))], {"covenants_kept_share": 0.0, "covenants_failed": 0}),
    "two of three kept": (
        [owed(30, "met", "a"), owed(200, "met", "b"), owed(365, "not_met", "c"), owed(366, "not_met", "d")],
        {"covenants_due": 3, "covenants_kept_share": 0.666666667, "covenants_failed": 2},
    ),
    "due 29 days ago is not in the share": ([owed(29, "not_met"), owed(60, "met", "b")], {"covenants_due": 1}),
    "cancelled and waived were not due": (
        [owed(60, "cancelled", "a"), owed(60, "waived", "b"), owed(60, "met", "c")],
        {"covenants_due": 1, "covenants_kept_share": 1.0, "covenants_failed": 0},
    ),
    "breached twice running, whenever": (
        [owed(800, name="a", **FINANCIAL), owed(400, name="b", **FINANCIAL), owed(40, "met", "c", **FINANCIAL)],
        {"covenant_breached_twice": True},
    ),
    "met in between": (
        [owed(800, name="a", **FINANCIAL), owed(400, "met", "b", **FINANCIAL), owed(40, name="c", **FINANCIAL)],
        {"covenant_breached_twice": False},
    ),
    "two breaches of one day are one": (
        [owed(40, name="a", **FINANCIAL), owed(40, name="b", **FINANCIAL)],
        {"covenant_breached_twice": False},
    ),
    "two different covenants": (
        [owed(400, name="a", **FINANCIAL), owed(40, name="b", title="Cover above 3.", **FINANCIAL)],
        {"covenant_breached_twice": False},
    ),
    "not evidenced is no breach": (
        [owed(400, name="a", **FINANCIAL), owed(40, "not_evidenced", "b", **FINANCIAL)],
        {"covenant_breached_twice": False},
    ),
    "a blank class is other": ([owed(400, name="a"), owed(40, name="b")], {"covenant_breached_twice": False}),
    "security unmet": ([security(91)], {"security_unmet_days": 91}),
    "security open past its day is unmet": ([security(95, "open")], {"security_unmet_days": 95}),
    "security met": ([security(95, "met")], {"security_unmet_days": 0}),
    "a covenant is no security condition": ([owed(95, covenant_class="security")], {"security_unmet_days": 0}),
    "a live waiver": ([owed(40, waived_until=ago(0))], {"covenants_waived": True}),
    "a waiver that ended": ([owed(40, waived_until=ago(1))], {"covenants_waived": False}),
    "a waiver of one that is kept": ([owed(40, "met", waived_until=ago(-9))], {"covenants_waived": False}),
    "a waiver of one not due yet": ([owed(-40, "open", waived_until=ago(-90))], {"covenants_waived": False}),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    for order in (rows, rows[::-1]):
        agrees(one(undertakings, shard({"undertakings": order}, kinds=KINDS)), expected)


def test_what_hangs_on_a_kind_not_delivered_is_unknown() -> None:
    row = one(undertakings, shard({"undertakings": [owed(40)]}))
    assert (row["covenants_failed"], row["covenant_breached_twice"]) == (1, False)
    assert row["security_unmet_days"] is None
    row = one(undertakings, shard({"undertakings": [security(95)]}))
    assert (row["covenants_failed"], row["covenant_breached_twice"], row["security_unmet_days"]) == (1, None, 95)
    row = one(undertakings, shard({"undertakings": []}))
    assert {
        row[name] for name in ("covenants_failed", "covenants_due", "covenant_breached_twice", "covenants_waived")
    } == {None}


def test_against_plain_python() -> None:
    rng = random.Random(3)
    clients = [f"c{k:03d}" for k in range(200)]
    rows = [
        owed(rng.choice((0, 29, 30, 31, 90, 91, 300, 365, 366, 700)),
             rng.choice(("met", "not_met", "not_evidenced", "open", "waived", "cancelled")), f"u{k}",
             client_id=rng.choice(clients), kind=rng.choice(("covenant", "condition")),
             covenant_class=rng.choice(("financial", "security", "other", None)),
             waived_until=rng.choice((None, None, None, ago(1), ago(-5))))
        for k in range(900)
    ]  # fmt: skip
    for row in measured(undertakings, shard({"undertakings": rows}, clients)).iter_rows(named=True):
        mine = [r for r in rows if r["client_id"] == row["client_id"]]
        bad = ("not_met", "not_evidenced")
        assert row["covenants_failed"] == sum(r["outcome"] in bad and r["due_on"] < ago(30) for r in mine)
        due = [r for r in mine if ago(365) <= r["due_on"] <= ago(30) and r["outcome"] not in ("waived", "cancelled")]
        kept = sum(r["outcome"] == "met" for r in due)
        assert (row["covenants_due"], row["covenants_kept_share"]) == (
            len(due),
            round(kept / len(due), 9) if due else None,
        )
        unmet = [r for r in mine if r["outcome"] in (*bad, "open")]
        assert row["covenants_waived"] == any(r["waived_until"] == ago(-5) for r in unmet)
        late = [
            (ago(0) - r["due_on"]).days for r in unmet if (r["kind"], r["covenant_class"]) == ("condition", "security")
        ]
        assert row["security_unmet_days"] == max(late, default=0)
        tested: dict[Any, bool] = {}
        for r in mine:
            financial = r["kind"] == "covenant" and r["covenant_class"] == "financial"
            if financial and r["outcome"] not in ("waived", "cancelled"):
                tested[r["due_on"]] = tested.get(r["due_on"], False) or r["outcome"] == "not_met"
        order = [tested[day] for day in sorted(tested)]
        assert row["covenant_breached_twice"] == any(a and b for a, b in pairwise(order))
