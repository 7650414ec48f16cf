"""Refunds against inflow, recalls and quality penalties on record."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.happenings import event
from tests.features.operating import JUNE
from tests.features.shards import CATEGORIES, MONTHS, Row, frame, shard
from tests.reference import back
from transforms.features import quality


def refund(months: int, amount: int | None, **more: Any) -> Row:
    row = {"client_id": "c", "month": back(JUNE, months), "direction": "out", "category": "refund", "amount": amount}
    return row | more


def measured(
    events: Sequence[Row] = (),
    refunds: Sequence[Row] = (),
    inflow: Sequence[int | None] = (100,) * 20,
    kinds: tuple[str, ...] = ("registry", "news"),
    clients: tuple[str, ...] = ("c",),
) -> pl.DataFrame:
    """`inflow` by month, the newest (June) first."""
    months = [
        {"client_id": c, "month": back(JUNE, n), "opin": opin, "opout": 0, "first_on": back(JUNE, n)}
        for c in clients
        for n, opin in enumerate(inflow)
    ]
    monthly = {"months": frame(MONTHS, months), "categories": frame(CATEGORIES, refunds)}
    result = quality.measure(shard({"events": events}, clients, monthly=monthly, kinds={"events": kinds})).collect()
    assert dict(result.schema) == {"client_id": pl.String(), **{c.name: c.dtype for c in quality.PANEL}}
    return result


EVENTS: dict[str, tuple[list[Row], tuple[int, int]]] = {
    "none": ([], (0, 0)),
    "a penalty": ([event("registry", "quality_penalty", 1)], (1, 0)),
    "recalls": ([event("registry", "recall", 1, "a"), event("news", "recall", 1, "b"), event("news", "recall", 2, "d")], (1, 2)),
    "180 days, both ends in": ([event("registry", "recall", 180, "a"), event("news", "recall", 0, "b")], (1, 1)),
    "181 days": ([event("registry", "recall", 181), event("news", "recall", 181, "b")], (0, 0)),
    "lifted": ([event("registry", "quality_penalty", 9, ends_on=date(2015, 6, 30))], (0, 0)),
    "recorded after T": ([event("news", "recall", 1, recorded_on=date(2015, 7, 1))], (0, 0)),
    "another subtype": ([event("news", "product_complaint", 1), event("registry", "penalty", 1, "b")], (0, 0)),
    "somebody else's": ([event("news", "recall", 1, party_id="d")], (0, 0)),
}  # fmt: skip


@pytest.mark.parametrize("case", EVENTS)
def test_events(case: str) -> None:
    rows, expected = EVENTS[case]
    names = ["quality_registry_180", "quality_news_180"]
    assert measured(rows).select(names).row(0) == expected
    assert measured(list(reversed(rows))).select(names).row(0) == expected


def test_kinds_apart() -> None:
    row = measured([event("news", "recall", 1)], kinds=("news",)).row(0, named=True)
    assert (row["quality_registry_180"], row["quality_registry_keys"]) == (None, None)
    assert (row["quality_news_180"], row["quality_news_keys"]) == (1, ["events:e"])


REFUNDS: dict[str, tuple[list[Row], Sequence[int | None], tuple[float | None, float | None]]] = {
    "none": ([], (100,) * 20, (0.0, 0.0)),
    "three months and twelve": ([refund(0, 6), refund(2, 6), refund(3, 12), refund(14, 12), refund(15, 99)], (100,) * 20, (0.04, 0.02)),
    "nothing came in": ([refund(0, 6)], (0, 0, 0, *(100,) * 17), (None, 0.0)),
    "nothing came in, nothing went back": ([], (0,) * 20, (0.0, 0.0)),
    "an inflow nobody knows": ([refund(0, 6), refund(5, 6)], (None, *(100,) * 19), (None, 0.005)),
    "a refund nobody knows": ([refund(0, None)], (100,) * 20, (None, 0.0)),
    "two months of history": ([refund(0, 6)], (100,) * 2, (None, None)),
    "fourteen months of history": ([refund(0, 6)], (100,) * 14, (0.02, None)),
    "money that came back in": ([refund(0, 6, direction="in")], (100,) * 20, (0.0, 0.0)),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUNDS)
def test_refunds(case: str) -> None:
    rows, inflow, expected = REFUNDS[case]
    assert measured(refunds=rows, inflow=inflow).select("refund_share_3", "refund_share_12").row(0) == expected


def test_a_plain_reading_of_random_refunds_agrees() -> None:
    dice = random.Random(8)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows = [refund(n, dice.randint(1, 30), client_id=c) for c in clients for n in range(18) if dice.random() < 0.2]
    inflow = [dice.randint(0, 200) for _ in range(20)]
    found = measured(refunds=dice.sample(rows, len(rows)), inflow=inflow, clients=clients)
    for row in found.iter_rows(named=True):
        of = {r["month"]: r["amount"] for r in rows if r["client_id"] == row["client_id"]}
        for name, first, length in (("refund_share_3", 0, 3), ("refund_share_12", 3, 12)):
            sums = sum(of.get(back(JUNE, n), 0) for n in range(first, first + length))
            assert row[name] == round(sums / sum(inflow[first : first + length]), 9)
