"""Kendall's tau-a against the pairs counted one by one."""

import random

import polars as pl
import pytest

from transforms.kendall import tau_a


def tau(points: list[float | None]) -> float | None:
    frame = pl.DataFrame([points], schema=[f"p{n}" for n in range(len(points))], orient="row", strict=False)
    frame = frame.cast(pl.Float64)
    answer: float | None = frame.select(tau_a([pl.col(name) for name in frame.columns])).item()
    return answer


@pytest.mark.parametrize(
    ("points", "answer"),
    [
        ([1, 2, 3, 4, 5, 6], 1.0),
        ([6, 5, 4, 3, 2, 1], -1.0),
        ([1, 1, 1, 1, 1, 1], 0.0),  # ties count 0
        ([1, 2, 3, 4, 6, 5], 0.866666667),  # 14 up, 1 down of 15
        ([1, 2, 3, 5, 6, 4], 0.733333333),
        ([1, 2, 2, 2, 3, 4], 0.8),  # three ties of 15
        ([1, None, 3, 4, 5, 6], None),
        ([2, 1], -1.0),
    ],
)
def test_by_hand(points: list[float | None], answer: float | None) -> None:
    assert tau(points) == answer


def test_a_plain_reading_of_random_points_agrees() -> None:
    dice = random.Random(5)
    for _ in range(150):
        points = [
            dice.choice([dice.randint(-4, 4), dice.random(), None if dice.random() < 0.1 else 0]) for _ in range(6)
        ]
        says = None
        if None not in points:
            pairs = [(points[i], points[j]) for i in range(6) for j in range(i + 1, 6)]
            says = round(sum((later > earlier) - (later < earlier) for earlier, later in pairs) / 15, 9)
        assert tau(points) == says
