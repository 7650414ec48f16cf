"""Numbers and dates per language, and sentences without holes."""

import doctest
from datetime import date

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
    said = text.say("{a} then {b:ratio}", {"a": 100_000_000, "b": 0.25}, {"a": "money"}, "CNY", "en")
    assert said == "CNY 1.0 million then 25.0%"


def test_a_sentence_never_has_a_hole() -> None:
    with pytest.raises(KeyError):
        text.say("{a}", {}, {"a": "money"}, "CNY", "en")
    with pytest.raises(KeyError):
        text.say("{a}", {"a": 1}, {}, "CNY", "en")
