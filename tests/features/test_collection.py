"""Contacts with the legal representative and the finance head, and promises to pay: cases and a plain reference."""

import random
from datetime import datetime, time
from typing import Any

import pytest

from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import collection

KINDS = {"undertakings": ["payment_promise"]}


def link(person: str, relation: str = "legal_rep_of", client: str = "c", **more: Any) -> Row:
    return {
        "link_id": f"{person}-{relation}-{client}", "from_id": person, "to_id": client, "relation": relation,
        "recorded_on": ago(900), "start_on": ago(900),
    } | more  # fmt: skip


LEGAL, FINANCE = link("boss"), link("cfo", "finance_head_of")


def contact(days: int, outcome: str, person: str = "boss", name: str | None = None, **more: Any) -> Row:
    at = datetime.combine(ago(days), time(10))
    return {
        "interaction_id": name or f"i{days:03d}-{person}", "client_id": "c", "contact_id": person, "started_at": at,
        "status": "done", "outcome": outcome, "recorded_at": at, "purpose": "collection",
    } | more  # fmt: skip


def promise(due: int, outcome: str = "open", name: str = "u", **more: Any) -> Row:
    return {
        "undertaking_id": name, "kind": "payment_promise", "client_id": "c", "made_on": ago(due + 20), "due_on": ago(due),
        "outcome": outcome, "done_on": ago(due) if outcome == "met" else None,
    } | more  # fmt: skip


UNKNOWN = {
    "debtor_contacts": None, "debtor_unwilling": None, "legal_rep_unreachable_days": None,
    "finance_head_unreachable_days": None,
}  # fmt: skip
CONTACTS: dict[str, tuple[list[Row], Row]] = {
    "nobody met": ([], UNKNOWN),
    "somebody else met": ([contact(3, "refused", "clerk")], UNKNOWN),
    "another client's": ([contact(3, "refused", client_id="x")], UNKNOWN),
    "only planned": ([contact(3, "refused", status="planned")], UNKNOWN),
    "held after T": ([contact(-1, "refused")], UNKNOWN),
    "recorded after T": ([contact(1, "refused", recorded_at=datetime.combine(ago(-1), time(9)))], UNKNOWN),
    "one who evades": (
        [contact(3, "evaded"), contact(9, "information")],
        {"debtor_contacts": 2, "debtor_unwilling": 1, "legal_rep_unreachable_days": 0,
         "debtor_contact_keys": ["interactions:i003-boss", "interactions:i009-boss"]},
    ),
    "a visit counts as a collection does": ([contact(3, "hostile", purpose="routine_maintenance")], {"debtor_unwilling": 1}),
    "met beside another": ([contact(3, "refused", "clerk", other_contacts=["x", "cfo"])], {"debtor_unwilling": 1}),
    "both at one table are one contact": (
        [contact(3, "refused", "boss", other_contacts=["cfo"])],
        {"debtor_contacts": 1, "debtor_unwilling": 1, "finance_head_unreachable_days": 0},
    ),
    "the last five": (
        [contact(day, "refused") for day in (50, 60)] + [contact(day, "information", "cfo") for day in (1, 2, 3, 4)],
        {"debtor_contacts": 5, "debtor_unwilling": 1},
    ),
    "unreachable since the first attempt": (
        [contact(20, "information"), contact(15, "unreachable"), contact(5, "unreachable")],
        {"legal_rep_unreachable_days": 15, "finance_head_unreachable_days": None},
    ),
    "reached again": ([contact(15, "unreachable"), contact(5, "refused")], {"legal_rep_unreachable_days": 0}),
    "never reached": (
        [contact(30, "unreachable"), contact(40, "unreachable", "cfo")],
        {"legal_rep_unreachable_days": 30, "finance_head_unreachable_days": 40},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTACTS)
def test_contacts(name: str) -> None:
    rows, expected = CONTACTS[name]
    for order in (rows, rows[::-1]):
        made = shard({"interactions": order, "party_links": [LEGAL, FINANCE]}, kinds=KINDS)
        agrees(one(collection, made), expected)


def test_offices_are_those_held_at_t() -> None:
    for more in ({"end_on": ago(0)}, {"start_on": ago(-1)}, {"recorded_on": ago(-1)}):
        made = shard({"interactions": [contact(3, "refused")], "party_links": [link("boss", **more)]}, kinds=KINDS)
        agrees(one(collection, made), UNKNOWN)


def test_one_person_may_hold_both_offices() -> None:
    links = [LEGAL, link("boss", "finance_head_of")]
    made = shard({"interactions": [contact(30, "unreachable")], "party_links": links}, kinds=KINDS)
    agrees(
        one(collection, made),
        {"debtor_contacts": 1, "legal_rep_unreachable_days": 30, "finance_head_unreachable_days": 30},
    )


PROMISES: dict[str, tuple[list[Row], int]] = {
    "none": ([], 0),
    "5 days past due": ([promise(5)], 0),
    "6 days past due": ([promise(6)], 1),
    "90 days": ([promise(90)], 1),
    "91 days": ([promise(91)], 0),
    "kept": ([promise(30, "met")], 0),
    "kept after T": ([promise(30, "met", done_on=ago(-1))], 1),
    "marked not met is not open": ([promise(30, "not_met")], 0),
    "another kind": ([promise(30, kind="rm_promise")], 0),
    "somebody else's": ([promise(30, client_id="x")], 0),
    "two": ([promise(30, name="a"), promise(40, name="b")], 2),
}


@pytest.mark.parametrize("name", PROMISES)
def test_promises(name: str) -> None:
    rows, expected = PROMISES[name]
    assert one(collection, shard({"undertakings": rows}, kinds=KINDS))["promises_broken_90"] == expected


def test_a_kind_not_delivered_is_unknown() -> None:
    assert one(collection, shard({"undertakings": []}))["promises_broken_90"] is None


def test_against_plain_python() -> None:
    rng = random.Random(4)
    clients = [f"c{k:03d}" for k in range(150)]
    links = [link(f"boss-{c}", client=c) for c in clients] + [link(f"cfo-{c}", "finance_head_of", c) for c in clients]
    outcomes = ("refused", "evaded", "hostile", "unreachable", "information", "commitment", "unreachable")
    rows = []
    for k in range(1500):
        client = rng.choice(clients)
        person = rng.choice(("boss", "cfo", "clerk"))
        rows.append(
            contact(rng.randint(0, 300), rng.choice(outcomes), f"{person}-{client}", f"i{k:04d}", client_id=client)
        )
    for row in measured(
        collection, shard({"interactions": rows, "party_links": links}, clients, kinds=KINDS)
    ).iter_rows(named=True):
        mine = sorted(
            (r for r in rows if r["client_id"] == row["client_id"] and not r["contact_id"].startswith("clerk")),
            key=lambda r: (r["started_at"], r["interaction_id"]), reverse=True,
        )  # fmt: skip
        last = mine[:5]
        bad = sum(r["outcome"] in collection.UNWILLING for r in last)
        assert (row["debtor_contacts"], row["debtor_unwilling"]) == ((len(last), bad) if last else (None, None))
        for office, who in (("legal_rep", "boss"), ("finance_head", "cfo")):
            theirs = [r for r in mine if r["contact_id"].startswith(who)]
            reached = max(
                (r["started_at"] for r in theirs if r["outcome"] != "unreachable"),
                default=datetime.combine(ago(999), time(0)),
            )
            silent = [r["started_at"] for r in theirs if r["outcome"] == "unreachable" and r["started_at"] > reached]
            days = (ago(0) - min(silent).date()).days if silent else 0
            assert row[f"{office}_unreachable_days"] == (days if theirs else None)
