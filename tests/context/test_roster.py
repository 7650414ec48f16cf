"""The roster's computed grades: a small bank by hand, a plain-Python reference, and the cuts of a large one."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from transforms.context import roster
from transforms.night import Night

T = date(2015, 6, 30)
NIGHT = Night(T)
IDENTITY = {"client_id": pl.String, "status": pl.String, "relationship_start": pl.Date, "tier": pl.String}
PARTS = {
    "adb_365_all_kinds": pl.Int64, "opin_12": pl.Int64, "opout_12": pl.Int64, "outstanding_on_balance": pl.Int64,
    "contribution_12m": pl.Int64,
}  # fmt: skip
Row = dict[str, Any]


def graded(rows: list[Row]) -> pl.DataFrame:
    frame = pl.LazyFrame(rows, schema=IDENTITY | PARTS)
    return roster.grades(
        NIGHT,
        frame.select(*IDENTITY),
        frame.select("client_id", "opin_12", "opout_12"),
        frame.select("client_id", "adb_365_all_kinds"),
        frame.select("client_id", "outstanding_on_balance"),
        frame.select("client_id", "contribution_12m"),
    ).collect()


def client(
    name: str,
    adb: int | None,
    settled: int | None,
    loans: int | None,
    days: int,
    status: str = "active",
    earned: int | None = None,
) -> Row:
    return {
        "client_id": name,
        "status": status,
        "relationship_start": T - timedelta(days=days),
        "adb_365_all_kinds": adb,
        "opin_12": settled,
        "opout_12": None if settled is None else 0,
        "outstanding_on_balance": loans,
        "contribution_12m": earned,
    }


def test_by_hand() -> None:
    rows = [client("a", 10, 10, 0, 100), client("b", 20, None, 0, 200), client("sleeps", 99, 99, 99, 900, "dormant")]
    # pr: deposits a 1/4, b 3/4; settlement only a, 1/2; loans tied, 1/2 each; tenure a 1/4, b 3/4
    a = 100 * (0.20 * 0.25 + 0.20 * 0.5 + 0.15 * 0.5 + 0.15 * 0.25) / 0.70
    b = 100 * (0.20 * 0.75 + 0.15 * 0.5 + 0.15 * 0.75) / 0.50
    frame = graded(rows)
    assert frame.columns == ["client_id", "importance_score", "grade_computed"]
    # one of two is half: neither in the best 5 nor 20 per cent
    assert frame.rows() == [("a", round(a, 1), "D"), ("b", round(b, 1), "C"), ("sleeps", None, None)]


def test_the_contribution_counts_where_it_is_known() -> None:
    """The weights of what is known sum to one: 0.30 more for those whose contribution the bank tells."""
    rows = [client("a", 10, 10, 0, 100, earned=7), client("b", 20, 20, 0, 200, earned=-3), client("c", 30, 30, 0, 300)]
    # pr: contribution of two, a 3/4, b 1/4; deposits, settlement and tenure of three, 1/6, 3/6, 5/6; loans tied, 1/2
    scores = {
        "a": (0.30 * 0.75 + 0.55 * 1 / 6 + 0.15 * 0.5) / 1.00,
        "b": (0.30 * 0.25 + 0.55 * 3 / 6 + 0.15 * 0.5) / 1.00,
        "c": (0.55 * 5 / 6 + 0.15 * 0.5) / 0.70,
    }
    assert dict(graded(rows).select("client_id", "importance_score").rows()) == {
        name: round(100 * score, 1) for name, score in scores.items()
    }


def test_ties_by_client_id() -> None:
    rows = [client(f"c{i}", 1, 1, 1, 1) for i in range(5)]
    assert graded(rows)["grade_computed"].to_list() == ["B", "C", "C", "D", "D"]


@pytest.mark.parametrize("n", [1, 4, 5, 19, 20, 100, 237])
def test_the_cuts(n: int) -> None:
    rows = [client(f"c{i:03}", i, i, i, i) for i in range(n)]
    found = graded(rows)["grade_computed"].to_list()
    assert [found.count(g) for g in "ABCD"] == [n // 20, n // 5 - n // 20, n * 3 // 5 - n // 5, n - n * 3 // 5]
    assert found == sorted(found, reverse=True)  # the later client is the larger one


def random_bank(seed: int) -> list[Row]:
    rng = random.Random(seed)
    amounts = [None, 0, 0, 5, 7, 100, 3_000]
    return [
        client(
            f"c{i}",
            rng.choice(amounts),
            rng.choice(amounts),
            rng.choice(amounts),
            rng.choice([1, 365, 4_000]),
            rng.choice(["active"] * 5 + ["dormant"]),
            rng.choice(amounts),
        )
        for i in rng.sample(range(60), 60)
    ]


def plain_scores(rows: list[Row]) -> dict[str, float]:
    active = [r for r in rows if r["status"] == "active"]
    values = {
        0.20: {r["client_id"]: r["adb_365_all_kinds"] for r in active},
        0.2000001: {r["client_id"]: r["opin_12"] for r in active},  # a key of its own for the same weight
        0.15: {r["client_id"]: r["outstanding_on_balance"] for r in active},
        0.30: {r["client_id"]: r["contribution_12m"] for r in active},
        0.1500001: {r["client_id"]: (T - r["relationship_start"]).days for r in active},
    }
    total, weights = dict.fromkeys(values[0.15], 0.0), dict.fromkeys(values[0.15], 0.0)
    for key, part in values.items():
        known = {name: value for name, value in part.items() if value is not None}
        for name, value in known.items():
            below = sum(other < value for other in known.values())
            same = sum(other == value for other in known.values())
            weight = round(key, 2)
            total[name] += weight * (below + (same + 1) / 2 - 0.5) / len(known)
            weights[name] += weight
    return {name: round(round(100 * total[name] / weights[name], 9), 1) for name in total}


@pytest.mark.parametrize("seed", range(5))
def test_random_banks_against_plain_python(seed: int) -> None:
    rows = random_bank(seed)
    scores = plain_scores(rows)
    order = sorted(scores, key=lambda name: (-scores[name], name))
    grades = {}
    for place, name in enumerate(order, 1):
        share = place / len(order)
        grades[name] = "A" if share <= 0.05 else "B" if share <= 0.20 else "C" if share <= 0.60 else "D"
    for name, score, grade in graded(rows).iter_rows():
        assert score == (pytest.approx(scores[name], abs=1e-9) if name in scores else None)
        assert grade == grades.get(name)


def test_row_order_does_not_matter() -> None:
    rows = random_bank(9)
    assert_frame_equal(graded(rows), graded(rows[::-1]))


def test_no_clients() -> None:
    frame = graded([])
    assert frame.schema == {"client_id": pl.String, "importance_score": pl.Float64, "grade_computed": pl.String}
    assert frame.height == 0


def test_the_banks_own_grade_goes_first() -> None:
    identity = pl.LazyFrame(
        [{"client_id": "b", "tier": None}, {"client_id": "a", "tier": "C"}, {"client_id": "z", "tier": None}],
        schema={"client_id": pl.String, "tier": pl.String},
    )
    computed = pl.LazyFrame({"client_id": ["a", "b"], "grade_computed": ["A", "B"]})
    assert roster.tiers(identity, computed).collect().rows() == [("a", "C"), ("b", "B"), ("z", None)]
