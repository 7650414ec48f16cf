"""Money that left while the loan was not served: windows, categories, group parties, history."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import MONTHS, RECENT, Row, ago, agrees, done, frame, measured, one, shard
from transforms.features import diversion

FIRST = ago(60)  # first overdue day; the window begins 30 days before it
LONG_AGO = ago(900)


def paid(days: int, amount: int = 10, name: str = "t", **more: Any) -> Row:
    return {
        "client_id": "c", "account_id": "A", "booked_on": ago(days), "txn_id": name, "direction": "out", "amount": amount,
        "category": "project", "counted": True, "counterparty_id": "P",
    } | more  # fmt: skip


def tie(left: str, right: str, relation: str = "shareholder_of", **more: Any) -> Row:
    return {
        "link_id": f"{left}-{right}",
        "from_id": left,
        "to_id": right,
        "relation": relation,
        "recorded_on": ago(900),
    } | more


def made(
    rows: list[Row],
    links: list[Row] | None = None,
    first: date | None = FIRST,
    begun: date = LONG_AGO,
    **more: Any,
) -> Row:
    return one(
        diversion,
        shard(
            {} if links is None else {"party_links": links},
            before={"arrears": done({"first_overdue_on": pl.Date}, {"first_overdue_on": first})},
            monthly={"recent": frame(RECENT, rows), "months": frame(MONTHS, [{"client_id": "c", "first_on": begun}])},
            **more,
        ),
    )


CASES: dict[str, tuple[list[Row], Row]] = {
    "nothing": ([], {"diverted": 0, "diverted_group": 0, "diverted_from": ago(90)}),
    "30 days before the first overdue day": (
        [paid(90)],
        {"diverted": 10, "diverted_keys": [f"transactions:A|{ago(90)}|t"]},
    ),
    "31 days before": ([paid(91)], {"diverted": 0}),
    "to T": ([paid(0)], {"diverted": 10}),
    "four categories": (
        [paid(k, 10**k, category=name) for k, name in enumerate(diversion.DIVERTED)]
        + [paid(1, 7, category="raw_material")],
        {"diverted": 1111},
    ),
    "an inflow is none": ([paid(1, direction="in")], {"diverted": 0}),
    "what is not turnover is none": ([paid(1, counted=False)], {"diverted": 0}),
    "without a category": ([paid(1, category=None)], {"diverted": 0}),
    "another currency": ([paid(1, name="a"), paid(1, None, "b")], {"diverted": None}),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    agrees(made(rows[::-1], []), expected)


GROUP: dict[str, tuple[list[Row], dict[str, Any], int]] = {
    "no tie": ([], {}, 0),
    "a shareholder": ([tie("P", "c")], {}, 10),
    "the other direction": ([tie("c", "P", "controller_of")], {}, 10),
    "a co-borrower": ([tie("c", "P", "co_borrower_with")], {}, 10),
    "a supplier is none": ([tie("P", "c", "supplier_of")], {}, 0),
    "a tie that ended": ([tie("P", "c", end_on=ago(0))], {}, 0),
    "a tie of tomorrow": ([tie("P", "c", start_on=ago(-1))], {}, 0),
    "the group's top": ([], {"group": {"c": "P"}}, 10),
    "another client of the group": ([], {"group": {"c": "TOP", "P": "TOP"}}, 10),
    "a client of another group": ([], {"group": {"c": "TOP", "P": "P"}}, 0),
    "a party two ties away": ([tie("P", "TOP", "group_member_of")], {"group": {"c": "TOP"}}, 0),
}


@pytest.mark.parametrize("name", GROUP)
def test_group(name: str) -> None:
    links, more, expected = GROUP[name]
    agrees(
        made([paid(3), paid(2, 100, "u", counterparty_id=None)], links, **more),
        {"diverted": 110, "diverted_group": expected},
    )


def test_links_not_delivered_leave_only_the_group_unknown() -> None:
    agrees(made([paid(3)]), {"diverted": 10, "diverted_group": None})


def test_history_must_cover_the_time() -> None:
    agrees(made([], [], begun=ago(90)), {"diverted": 0})
    agrees(made([], [], begun=ago(89)), {"diverted": None, "diverted_group": None})
    # of arrears older than the rows, what the rows cover: they begin in April 2014
    agrees(made([], [], first=ago(800), begun=date(2014, 4, 1)), {"diverted": 0})
    agrees(made([], [], first=ago(800), begun=date(2014, 4, 2)), {"diverted": None})
    agrees(made([], [], first=None), {"diverted": None, "diverted_from": None})


def test_against_plain_python() -> None:
    rng = random.Random(6)
    clients = [f"c{k:03d}" for k in range(200)]
    first = {c: ago(rng.choice((0, 20, 100, 300))) for c in clients}
    links = [tie(f"P{k}", rng.choice(clients)) for k in range(40) for _ in range(4)]
    rows = [
        paid(rng.randint(0, 400), rng.randint(1, 99), f"t{k}", client_id=rng.choice(clients),
             counterparty_id=rng.choice([f"P{n}" for n in range(40)]), category=rng.choice(("project", "securities", "rent")))
        for k in range(2_000)
    ]  # fmt: skip
    result = measured(
        diversion,
        shard(
            {"party_links": links}, clients,
            {"arrears": done({"first_overdue_on": pl.Date}, *({"client_id": c, "first_overdue_on": d} for c, d in first.items()))},
            {"recent": frame(RECENT, rows), "months": frame(MONTHS, [{"client_id": c, "first_on": ago(900)} for c in clients])},
        ),
    )  # fmt: skip
    tied = {(link["to_id"], link["from_id"]) for link in links}
    for row in result.iter_rows(named=True):
        mine = [
            r for r in rows
            if r["client_id"] == row["client_id"] and r["category"] != "rent"
            and (first[row["client_id"]] - r["booked_on"]).days <= 30
        ]  # fmt: skip
        assert row["diverted"] == sum(r["amount"] for r in mine)
        assert row["diverted_group"] == sum(
            r["amount"] for r in mine if (row["client_id"], r["counterparty_id"]) in tied
        )
