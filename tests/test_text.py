"""Numbers and dates per language, and sentences without holes."""

import doctest
from datetime import date

import polars as pl
import pytest

from transforms import night, text


@pytest.mark.parametrize("module", [text, night])
def test_docs_are_true(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert tried
    assert not failed


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (text.money(None, "CNY", "en"), "—"),
        (text.money(99_999_999, "CNY", "en"), "CNY 1,000,000"),
        (text.money(100_000_000, "USD", "en"), "USD 1.0 million"),
        (text.money(-123_456_789_012, "USD", "zh"), "−123,456.79万美元"),
        (text.money(0, "CNY", "zh"), "0.00万元"),
        (text.money_unit("CNY", "zh"), "万元"),
        (text.money_unit("XYZ", "en"), "XYZ thousand"),
        (text.percent(float("inf"), "en"), "∞%"),
        (text.percent(-0.0001, "en"), "0.0%"),  # never "−0.0%"
        (text.points(-0.05, "zh"), "−5.0个百分点"),
        (text.times(1.5, "zh"), "1.50倍"),
        (text.count(2.5, "en"), "2.5"),
        (text.score(-1.78, "en"), "−1.78"),
        (text.day(None, "zh"), "—"),
        (text.month(date(2015, 2, 1), "en"), "February 2015"),
        (text.month(date(2015, 2, 1), "zh"), "2015年2月"),
    ],
)
def test_figures(said: str, expected: str) -> None:
    assert said == expected


def test_a_sentence_prints_its_facts_in_their_units() -> None:
    facts = pl.DataFrame({"a": [100_000_000, None, 100_000_000], "b": [0.25, -0.5, float("inf")]})
    said = text.say("{a} then {b:ratio}", facts, {"a": "money"}, "CNY", "en")
    assert said.to_list() == ["CNY 1.0 million then 25.0%", "— then −50.0%", "CNY 1.0 million then ∞%"]


def test_a_sentence_without_facts_is_said_of_every_row() -> None:
    assert text.say("{{Plain}}", pl.DataFrame({"a": [1, 2]}), {}, "CNY", "en").to_list() == ["{Plain}", "{Plain}"]
    assert text.say("Plain", pl.DataFrame({"a": [1]}).clear(), {}, "CNY", "en").to_list() == []


def test_a_sentence_never_has_a_hole() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        text.say("{a}", pl.DataFrame({"b": [1]}), {"a": "money"}, "CNY", "en")
    with pytest.raises(KeyError):
        text.say("{a}", pl.DataFrame({"a": [1]}), {}, "CNY", "en")
