"""Firing rates: counted by hand, beside the nights before, and what counts as a jump."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from tests.signals.cases import NIGHT
from transforms.contracts import RATES
from transforms.rates import COMPARED_NIGHTS, KEPT_NIGHTS, beside, jumps


def said(**counts: int) -> pl.DataFrame:
    """Answers of one signal: so many clients with each."""
    rows = [answer for answer, many in counts.items() for _ in range(many)]
    return pl.DataFrame({"client_id": [f"C{i:05d}" for i in range(len(rows))], "FIN-08": rows})


def nights(*told: pl.DataFrame) -> pl.DataFrame:
    rates: pl.DataFrame | None = None
    for back, answers in enumerate(told):
        rates = beside(answers, rates, replace(NIGHT, as_of=NIGHT.as_of + timedelta(days=back)))
    assert rates is not None
    assert rates.schema == RATES
    return rates


def test_shares_are_of_the_clients_it_applies_to() -> None:
    row = nights(said(CLEAR=5, W=1, A=1, R=1, NO_DATA=2, NOT_APPLICABLE=10)).row(0, named=True)
    assert (row["clients"], row["applicable"], row["W"], row["A"], row["R"], row["N"]) == (20, 10, 1, 1, 1, 0)
    assert (row["fired"], row["clear"], row["no_data"], row["fired_usual"], row["jumped"]) == (0.3, 0.5, 0.2, None, [])


def test_a_signal_that_applies_to_nobody_has_no_rate() -> None:
    row = nights(said(NOT_APPLICABLE=3), said(NOT_APPLICABLE=3)).row(1, named=True)
    assert (row["fired"], row["fired_usual"], row["jumped"]) == (None, None, [])


def test_a_jump_is_told_and_noise_is_not() -> None:
    usual = [said(CLEAR=980, A=20)] * 3
    assert (
        jumps(nights(*usual, said(CLEAR=940, A=60)), replace(NIGHT, as_of=NIGHT.as_of + timedelta(days=3))).height == 0
    )
    told = nights(*usual, said(CLEAR=900, A=100))
    row = jumps(told, replace(NIGHT, as_of=NIGHT.as_of + timedelta(days=3))).row(0, named=True)
    assert (row["fired"], row["fired_usual"], row["jumped"]) == (0.1, 0.02, ["fired", "clear"])


def test_a_few_clients_do_not_make_a_jump() -> None:
    told = nights(said(CLEAR=9, A=1), said(CLEAR=8, A=2))
    assert told["jumped"].to_list() == [[], []]  # ten points, but one client


def test_what_is_usual_is_the_median_of_the_last_nights() -> None:
    steps = [said(CLEAR=100 - k, A=k) for k in (50, 1, 2, 3, 4, 5, 9)]
    last = nights(*steps).row(-1, named=True)
    assert last["fired_usual"] == 0.03  # of 1 to 5 %: the first night is out
    assert COMPARED_NIGHTS == 5


def test_the_same_night_again_replaces_itself_and_old_nights_go() -> None:
    answers = said(CLEAR=1)
    many = nights(*[answers] * (KEPT_NIGHTS + 4))
    assert many.height == KEPT_NIGHTS
    last = max(many["as_of"])
    again = beside(answers, many, replace(NIGHT, as_of=last))
    assert again.filter(pl.col("as_of") == last).height == 1
    assert isinstance(last, date)
