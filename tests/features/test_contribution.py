"""What a client earned the bank in twelve months: the feed's twelve months, else what the holdings say."""

import random
from datetime import date

import polars as pl
import pytest

from tests.features.shards import Row, ago, measured, one, shard
from transforms.features import contribution


def filed(months: int, newest: int = 0, value: float = 2.0) -> list[Row]:
    """Contributions of 2 a month, the newest so many months before the last full one."""
    ends = pl.date_range(date(2012, 1, 1), date(2015, 6, 1), "1mo", eager=True).dt.month_end().to_list()[::-1]
    fixed = {"subject_kind": "client", "subject_code": "c", "indicator": "contribution", "value": value}
    return [{**fixed, "period_end": end, "published_on": end} for end in ends[newest : newest + months]]


def held(income: int | None, opened: int = 9, **more: object) -> Row:
    return {"holding_id": f"{income}{opened}", "client_id": "c", "opened_on": ago(opened), "income_12m": income, **more}


@pytest.mark.parametrize(
    ("series", "holdings", "expected"),
    [
        (filed(12), [held(7)], (2400, "feed")),
        (filed(13, 1), [held(7)], (2400, "feed")),
        (filed(11), [held(7)], (7, "holdings")),
        (filed(12, 2), [held(7)], (7, "holdings")),  # too old
        (filed(12, value=-0.015), [], (-24, "feed")),  # a loss, each month rounded to minor units
        ([], [held(7), held(5, 8), held(9, -1)], (12, "holdings")),  # opened tomorrow
        ([], [held(7, closed_on=ago(3))], (7, "holdings")),  # earned before it was closed
        ([], [held(0)], (0, "holdings")),
        ([], [held(None)], (None, None)),
        (filed(11), [], (None, None)),
        ([], [], (None, None)),
    ],
)
def test_the_feeds_twelve_months_else_the_holdings(
    series: list[Row], holdings: list[Row], expected: tuple[int | None, str | None]
) -> None:
    told = one(contribution, shard({"series": series, "holdings": holdings}))
    assert (told["contribution_12m"], told["contribution_from"]) == expected


def test_without_either_table_it_is_unknown_and_order_does_not_matter() -> None:
    assert one(contribution, shard({}))["contribution_12m"] is None
    rows = [row | {"subject_code": who, "value": float(k)} for who in "ab" for k, row in enumerate(filed(14))]
    kept = [held(5, 9, client_id=who) for who in "bc"]
    first = measured(contribution, shard({"series": rows, "holdings": kept}, "abc"))
    mixed = random.Random(1).sample(rows, len(rows))
    assert first.equals(measured(contribution, shard({"series": mixed, "holdings": kept[::-1]}, "abc")))
    assert first["contribution_12m"].to_list() == [6600, 6600, 5]  # 0 to 11
