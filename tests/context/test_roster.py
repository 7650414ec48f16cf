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


def graded(rows: list[Row], before: pl.DataFrame | None = None) -> pl.DataFrame:
    frame = pl.LazyFrame(rows, schema=IDENTITY | PARTS)
    return roster.grades(
        NIGHT,
        frame.select(*IDENTITY),
        frame.select("client_id", "opin_12", "opout_12"),
        frame.select("client_id", "adb_365_all_kinds"),
        frame.select("client_id", "outstanding_on_balance"),
        frame.select("client_id", "contribution_12m"),
        before=before,
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
    assert frame.columns == ["client_id", "importance_score", "grade_computed", "grade_pending", "grade_pending_on"]
    # one of two is half: neither in the best 5 nor 20 per cent
    assert frame.rows() == [
        ("a", round(a, 1), "D", None, None),
        ("b", round(b, 1), "C", None, None),
        ("sleeps", None, None, None, None),
    ]


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
    for name, score, *told in graded(rows).iter_rows():
        assert score == (pytest.approx(scores[name], abs=1e-9) if name in scores else None)
        assert told == [grades.get(name), None, None]  # no night before: the rank, and nothing pending


def test_row_order_does_not_matter() -> None:
    rows = random_bank(9)
    assert_frame_equal(graded(rows), graded(rows[::-1]))
    before = random_roster(9)
    assert_frame_equal(graded(rows, before), graded(rows[::-1], before.reverse()))


def test_no_clients() -> None:
    frame = graded([])
    assert dict(frame.schema) == {**roster.BEFORE, "importance_score": pl.Float64}
    assert frame.height == 0


# ---- a grade once given ---------------------------------------------------------------------------------------------

MAY, MID, END = date(2015, 5, 31), date(2015, 6, 29), T
# Of 99 others so many have each score that the cuts are A 90, B 70, C 40 whatever x scores; at a tie x comes last.
OTHERS = {90.0: 6, 70.0: 15, 40.0: 40, 10.0: 38}
Told = tuple[str | None, str | None, date | None]


def settled(night: date, scores: dict[str, float], before: dict[str, Told]) -> dict[str, Told]:
    was = pl.DataFrame([(name, *told) for name, told in before.items()], schema=roster.BEFORE, orient="row")
    given = pl.LazyFrame(
        [*scores.items()], schema={"client_id": pl.String, "importance_score": pl.Float64}, orient="row"
    )
    found = roster.settled(Night(night), given, was).select(roster.BEFORE.names()).collect()
    return {name: (grade, pending, on) for name, grade, pending, on in found.iter_rows()}


@pytest.mark.parametrize(
    ("night", "score", "before", "expected"),
    [
        # no night before
        (MID, 90.1, None, ("A", None, None)),
        (MID, 90.0, None, ("B", None, None)),
        (END, 90.0, None, ("B", None, None)),
        (END, 90.1, (None, None, None), ("A", None, None)),
        # in its place
        (MID, 60.0, ("C", None, None), ("C", None, None)),
        (END, 60.0, ("C", None, None), ("C", None, None)),
        # up and down by 2.9 and 3.0
        (MID, 72.9, ("C", None, None), ("C", None, None)),
        (END, 72.9, ("C", None, None), ("C", "B", END)),
        (MID, 73.0, ("C", None, None), ("B", None, None)),
        (END, 73.0, ("C", None, None), ("B", None, None)),
        (MID, 67.1, ("B", None, None), ("B", None, None)),
        (END, 67.1, ("B", None, None), ("B", "C", END)),
        (MID, 67.0, ("B", None, None), ("C", None, None)),
        (END, 67.0, ("B", None, None), ("C", None, None)),
        # past at one month-end, at two; what is in between is not asked
        (MID, 72.9, ("C", "B", MAY), ("C", "B", MAY)),
        (MID, 60.0, ("C", "B", MAY), ("C", "B", MAY)),
        (END, 72.9, ("C", "B", MAY), ("B", None, None)),
        (END, 67.1, ("B", "C", MAY), ("C", None, None)),
        (END, 60.0, ("C", "B", MAY), ("C", None, None)),
        (MID, 73.0, ("C", "B", MAY), ("B", None, None)),
        # the other way at the second month-end
        (END, 72.9, ("C", "D", MAY), ("C", "B", END)),
        (END, 39.0, ("C", "B", MAY), ("C", "D", END)),
        # over more cuts than one: as far as it is past each by three
        (MID, 93.0, ("D", None, None), ("A", None, None)),
        (MID, 92.9, ("D", None, None), ("B", None, None)),
        (END, 92.9, ("C", None, None), ("B", "A", END)),
        (MID, 37.0, ("A", None, None), ("D", None, None)),
        (MID, 37.1, ("A", None, None), ("C", None, None)),
        (END, 37.1, ("A", None, None), ("C", "D", END)),
        # ... or past it at both month-ends
        (END, 92.9, ("C", "A", MAY), ("A", None, None)),
        (END, 92.9, ("C", "B", MAY), ("B", "A", END)),
        (END, 72.9, ("C", "A", MAY), ("B", None, None)),
        (END, 68.0, ("A", "C", MAY), ("C", None, None)),
        (END, 68.0, ("A", "B", MAY), ("B", "C", END)),
    ],
)  # fmt: skip
def test_a_grade_moves_three_points_past_the_cut_or_at_two_month_ends(
    night: date, score: float, before: Told | None, expected: Told
) -> None:
    others = {f"o{value:04}-{i}": value for value, number in OTHERS.items() for i in range(number)}
    known = {"x": before} if before else {}
    assert settled(night, others | {"x": score}, known)["x"] == expected


def test_three_points_are_three_whatever_a_computer_makes_of_tenths() -> None:
    """8.2 − 5.2 is below 3 in binary fractions, 5.2 − 8.2 above −3."""
    up = {"a": 99.0, "x": 8.2, "cut": 5.2, "d": 1.0, "e": 0.0}  # of five the best is B, two more are C
    assert settled(MID, up, {"x": ("D", None, None)})["x"] == ("C", None, None)
    down = {"a": 99.0, "b": 90.0, "cut": 8.2, "x": 5.2, "e": 0.0}
    assert settled(MID, down, {"x": ("C", None, None)})["x"] == ("D", None, None)


def test_a_grade_nobody_ranks_for_is_not_kept() -> None:
    four = {"a": 90.0, "b": 60.0, "c": 40.0, "d": 10.0}  # C, C, D, D: none of four is in the best 5 or 20 per cent
    assert settled(MID, four, {"a": ("A", None, None), "c": ("B", None, None)}) == {
        "a": ("C", None, None), "b": ("C", None, None), "c": ("D", None, None), "d": ("D", None, None),
    }  # fmt: skip
    assert settled(MID, four | {"c": 57.1}, {"c": ("B", None, None)})["c"] == ("C", None, None)  # as far as C lets it


def test_an_empty_roster_before_is_as_none() -> None:
    rows = random_bank(9)
    assert_frame_equal(graded(rows, pl.DataFrame(schema=roster.BEFORE)), graded(rows))


def test_who_is_not_active_has_no_grade_whatever_it_was() -> None:
    before = pl.DataFrame([("sleeps", "A", "B", MAY)], schema=roster.BEFORE, orient="row")
    rows = [client("a", 10, 10, 0, 100), client("sleeps", 99, 99, 99, 900, "dormant")]
    assert graded(rows, before).rows()[1] == ("sleeps", None, None, None, None)


def random_roster(seed: int) -> pl.DataFrame:
    """A night before: most of the clients of `random_bank`, and one who is no client any more."""
    rng = random.Random(seed)
    rows = [(f"c{i}", rng.choice("ABCD"), *rng.choice([(None, None), (rng.choice("ABCD"), MAY)])) for i in range(50)]
    return pl.DataFrame([*rows, ("gone", "A", "B", MAY)], schema=roster.BEFORE, orient="row")


@pytest.mark.parametrize("seed", range(5))
def test_a_grade_stays_between_the_one_before_and_the_rank(seed: int) -> None:
    rows, before = random_bank(seed), random_roster(seed)
    ranked = graded(rows).select("client_id", rank="grade_computed")
    found = (
        graded(rows, before).join(ranked, on="client_id").join(before, on="client_id", suffix="_was").drop_nulls("rank")
    )
    assert not found.is_empty()
    for rank, grade, was in found.select("rank", "grade_computed", "grade_computed_was").iter_rows():
        assert min(rank, was) <= grade <= max(rank, was)


def test_the_banks_own_grade_goes_first() -> None:
    identity = pl.LazyFrame(
        [{"client_id": "b", "tier": None}, {"client_id": "a", "tier": "C"}, {"client_id": "z", "tier": None}],
        schema={"client_id": pl.String, "tier": pl.String},
    )
    computed = pl.LazyFrame({"client_id": ["a", "b"], "grade_computed": ["A", "B"]})
    assert roster.tiers(identity, computed).collect().rows() == [("a", "C"), ("b", "B"), ("z", None)]
