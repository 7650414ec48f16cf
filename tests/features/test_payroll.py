"""Payroll: the usual day, delays, a missed month, payees; leavers and labour arbitrations."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl
import pytest

from tests.features.happenings import registry
from tests.features.operating import JUNE, run, with_returns
from tests.features.shards import CATEGORIES, RECENT, Row, agrees, done, frame, shard
from tests.reference import back
from transforms.features import payroll
from transforms.night import Night

PAID = {**CATEGORIES, "first_on": pl.Date}
SETTLED = {**RECENT, "payee_count": pl.Int64}


def paid(months: int, day: int = 10, client: str = "c", **more: Any) -> Row:
    """A payroll on that day of the month so many before June."""
    month = back(JUNE, months)
    row = {"client_id": client, "month": month, "direction": "out", "category": "payroll", "amount": 1}
    return row | {"first_on": month.replace(day=day)} | more


def settled(months: int, payees: int | None, day: int = 10, **more: Any) -> Row:
    row = {
        "client_id": "c",
        "booked_on": back(JUNE, months).replace(day=day),
        "direction": "out",
        "category": "payroll",
    }
    return row | {"counted": True, "payee_count": payees} | more


def measured(
    rows: Sequence[Row] = (),
    history: int | None = 40,
    series: Sequence[Row] = (),
    recent: Sequence[Row] = (),
    events: Sequence[Row] = (),
    clients: tuple[str, ...] = ("c",),
    as_of: date = date(2015, 6, 30),
    kinds: tuple[str, ...] = ("registry",),
) -> pl.DataFrame:
    monthly = {"categories": frame(PAID, rows), "recent": frame(SETTLED, recent)}
    base = shard({"series": series, "events": events}, clients, monthly=monthly, kinds={"events": kinds})
    base = replace(base, night=Night(as_of, kinds=base.night.kinds))
    past = done({"history_months": pl.Int64}, *({"client_id": c, "history_months": history} for c in clients))
    result = payroll.measure(with_returns(base, transactions=past)).collect()
    assert dict(result.schema) == {"client_id": pl.String(), **{c.name: c.dtype for c in payroll.PANEL}}
    return result


YEAR = [paid(months) for months in range(2, 14)]
USUAL = {"payroll_regular": True, "payroll_median_day": 10.0, "payroll_delay": 0.0, "payroll_missed": False}
CASES: dict[str, tuple[list[Row], Row]] = {
    "as usual": ([paid(0), paid(1), *YEAR], USUAL | {"payroll_month": date(2015, 5, 1)}),
    "nothing ever": ([], {"payroll_regular": False, "payroll_median_day": None, "payroll_delay": 0.0, "payroll_missed": False}),
    "ten of twelve": ([paid(months) for months in range(1, 11)], {"payroll_regular": True}),
    "nine of twelve": ([paid(months) for months in range(1, 10)], {"payroll_regular": False, "payroll_missed": False}),
    "both a week late": ([paid(0, 17), paid(1, 18), *YEAR], {"payroll_delay": 7.0}),
    "one of them late": ([paid(0, 10), paid(1, 28), *YEAR], {"payroll_delay": 0.0}),
    "early": ([paid(0, 3), paid(1, 3), *YEAR], {"payroll_delay": 0.0}),
    "late, one missing": ([paid(1, 28), *YEAR], {"payroll_delay": 0.0}),
    "the usual day is the median": (
        [paid(0, 20), paid(1, 20), *(paid(m, 5) for m in range(2, 8)), *(paid(m, 8) for m in range(8, 14))],
        {"payroll_median_day": 6.5, "payroll_delay": 13.5},
    ),
    "May missed": ([paid(0, 11), *YEAR], {"payroll_missed": True, "payroll_regular": True}),
    "May paid by 10 June": ([paid(0, 10), *YEAR], {"payroll_missed": False}),
    "June open: its ten days are not over": ([paid(1), *YEAR], {"payroll_missed": False}),
    "another category": ([paid(m, category="sales") for m in range(14)], {"payroll_regular": False}),
    "money that came in": ([paid(m, direction="in") for m in range(14)], {"payroll_regular": False}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    rows, expected = CASES[case]
    result = measured(rows)
    agrees(result.row(0, named=True), expected)
    assert measured(list(reversed(rows))).equals(result)


def test_ten_days_of_grace() -> None:
    rows = [paid(m) for m in range(1, 15)]
    assert measured(rows, as_of=date(2015, 7, 9))["payroll_month"].item() == date(2015, 5, 1)
    late = measured(rows, as_of=date(2015, 7, 10))
    assert late.select("payroll_month", "payroll_missed").row(0) == (date(2015, 6, 1), True)
    paid_in_july = [*rows, paid(-1, 8)]
    assert measured(paid_in_july, as_of=date(2015, 7, 10))["payroll_missed"].item() is False


def test_a_short_history_is_unknown() -> None:
    names = ["payroll_regular", "payroll_median_day", "payroll_delay", "payroll_missed"]
    for months in (11, None):
        assert measured(YEAR, history=months).select(names).row(0) == (None, None, None, None)
    assert measured([paid(m) for m in range(12)], history=12)["payroll_regular"].item() is True


def test_payees() -> None:
    rows = [
        settled(0, 90),
        settled(0, 110, 25),
        settled(0, None, 26),
        settled(12, 120),
        settled(11, 7),
        settled(0, 5, category="sales"),
    ]
    rows += [settled(0, 5, direction="in"), settled(0, 5, client_id="d")]
    row = measured(recent=rows).row(0, named=True)
    assert (row["payees"], row["payees_year_ago"]) == (100.0, 120.0)
    assert measured(recent=rows[2:3]).select("payees", "payees_year_ago").row(0) == (None, None)


def test_people_of_the_return() -> None:
    rows = [*run("headcount", [100, *[120] * 11, 80], 1), *run("leavers", [1] * 11 + [4], 1)]
    row = measured(series=rows).row(0, named=True)
    assert row["headcount_year_ago"] == 100
    assert row["leavers_share_12"] == round(15 / (1400 / 12), 9)
    assert measured(series=rows[:-1])["leavers_share_12"].item() is None  # the last month of leavers is stale
    assert (
        measured(series=run("headcount", [1] * 13, 1) + run("leavers", [1] * 11, 1))["leavers_share_12"].item() is None
    )
    assert measured(series=run("headcount", [50, *[None] * 11, 9], 6))["headcount_year_ago"].item() == 50


ARBITRATIONS: dict[str, tuple[list[Row], tuple[int, int, list[str]]]] = {
    "none": ([], (0, 0, [])),
    "180 days, both ends in": ([registry("labour_arbitration", 180), registry("labour_arbitration", 0, "f")], (2, 0, ["events:e", "events:f"])),
    "181 days is before": ([registry("labour_arbitration", 181)], (0, 1, [])),
    "361 days is before": ([registry("labour_arbitration", 361)], (0, 1, [])),
    "362 days is over": ([registry("labour_arbitration", 362)], (0, 0, [])),
    "withdrawn": ([registry("labour_arbitration", 9, ends_on=date(2015, 6, 30))], (0, 0, [])),
    "recorded after T": ([registry("labour_arbitration", 9, recorded_on=date(2015, 7, 1))], (0, 0, [])),
    "another entry": ([registry("lawsuit", 9)], (0, 0, [])),
    "somebody else's": ([registry("labour_arbitration", 9, party_id="d")], (0, 0, [])),
}  # fmt: skip


@pytest.mark.parametrize("case", ARBITRATIONS)
def test_arbitrations(case: str) -> None:
    rows, expected = ARBITRATIONS[case]
    names = ["labour_cases_180", "labour_cases_before", "labour_keys"]
    assert measured(events=rows).select(names).row(0) == expected
    assert measured(events=list(reversed(rows))).select(names).row(0) == expected


def test_arbitrations_not_connected() -> None:
    row = measured(kinds=()).row(0, named=True)
    assert (row["labour_cases_180"], row["labour_cases_before"], row["labour_keys"]) == (None, None, None)


def test_a_plain_reading_of_random_payrolls_agrees() -> None:
    dice = random.Random(4)
    clients = tuple(f"c{i:03d}" for i in range(200))
    rows = []
    for client in clients:
        day, skip, slip = dice.randint(3, 15), dice.choice([0, 0.08, 0.15, 0.3]), dice.choice([0, 0, 12])
        for months in range(-1, 20):
            if dice.random() >= skip:
                late = slip if months < 2 else 0
                rows.append(paid(months, min(day + late + dice.randint(-2, 2), 28), client))
    today = date(2015, 7, 5)
    rows = [r for r in rows if r["first_on"] <= today]
    seen = {"missed": 0, "late": 0}
    for row in measured(dice.sample(rows, len(rows)), clients=clients, as_of=today).iter_rows(named=True):
        days = {r["month"]: r["first_on"] for r in rows if r["client_id"] == row["client_id"]}
        regular = sum(back(JUNE, m) in days for m in range(1, 13)) >= 10
        usual = [days[back(JUNE, m)].day for m in range(2, 14) if back(JUNE, m) in days]
        last = [days.get(back(JUNE, m)) for m in (0, 1)]
        delay = 0.0
        if regular and None not in last:
            delay = max(0.0, min(d.day for d in last if d) - median(usual))
        until = date(2015, 5, 31) + timedelta(days=10)
        missed = regular and not any(date(2015, 5, 1) <= d <= until for d in days.values())
        assert row["payroll_regular"] == regular
        assert row["payroll_median_day"] == (median(usual) if usual else None)
        assert row["payroll_delay"] == delay
        assert row["payroll_missed"] == missed
        seen["missed"] += missed
        seen["late"] += delay >= 7
    assert all(count > 3 for count in seen.values())
