"""Numbers, dates and sentences per language: the one place where a figure becomes text.

Every function returns a `str` for `locale` "en" or "zh"; null gives an em dash, so a table never shows an empty cell.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from math import isinf
from string import Formatter
from typing import Any

import polars as pl

NONE = "—"


class Unit(StrEnum):
    """How a value is printed and compared."""

    RATIO = "ratio"
    POINTS = "points"
    MONEY = "money"
    DAYS = "days"
    COUNT = "count"
    TIMES = "times"
    SCORE = "score"
    DAY = "day"
    MONTH = "month"
    TEXT = "text"


_ZH_CURRENCY = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑"}
# strftime would follow the machine's locale
_EN_MONTHS = ["January", "February", "March", "April", "May", "June"]
_EN_MONTHS += ["July", "August", "September", "October", "November", "December"]


def number(x: float | None, locale: str, digits: int = 0) -> str:
    """A plain figure with thousands marks.

    >>> number(-1234.5, "en", 1)
    '−1,234.5'
    """
    if x is None:
        return NONE
    text = "∞" if isinf(x) else f"{abs(x):,.{digits}f}"
    negative = x < 0 and any(c in "123456789∞" for c in text)
    return ("−" if negative else "") + text


def money(minor: float | None, currency: str, locale: str) -> str:
    """An amount of minor units with its currency: millions or units in English, 万元 in Chinese.

    >>> money(1234567890, "USD", "en"), money(1234567890, "CNY", "zh")
    ('USD 12.3 million', '1,234.57万元')
    """
    if minor is None:
        return NONE
    units = minor / 100
    if locale == "zh":
        name = _ZH_CURRENCY.get(currency, currency)
        return f"{number(units / 10_000, locale, 2)}万{name}"
    if abs(units) >= 1_000_000:
        return f"{currency} {number(units / 1_000_000, locale, 1)} million"
    return f"{currency} {number(units, locale)}"


def table_money(minor: float | None, locale: str) -> str:
    """The same amount as a table cell: thousands in English, 万元 in Chinese; `money_unit` is for the header.

    >>> table_money(1234567890, "en"), table_money(1234567890, "zh")
    ('12,346', '1,234.57')
    """
    if minor is None:
        return NONE
    return number(minor / 100 / 10_000, locale, 2) if locale == "zh" else number(minor / 100 / 1_000, locale)


def money_unit(currency: str, locale: str) -> str:
    """The unit of `table_money`, for a column's header."""
    return f"万{_ZH_CURRENCY.get(currency, currency)}" if locale == "zh" else f"{currency} thousand"


def percent(x: float | None, locale: str, digits: int = 1) -> str:
    """A fraction as per cent.

    >>> percent(-0.254, "en")
    '−25.4%'
    """
    return NONE if x is None else number(x * 100, locale, digits) + "%"


def points(x: float | None, locale: str) -> str:
    """A difference of two fractions as percentage points."""
    return NONE if x is None else number(x * 100, locale, 1) + ("个百分点" if locale == "zh" else " pp")


def times(x: float | None, locale: str) -> str:
    """A multiple."""
    return NONE if x is None else number(x, locale, 2) + ("倍" if locale == "zh" else "×")


def days(n: float | None, locale: str) -> str:
    """A number of days.

    >>> days(1, "en"), days(31, "en"), days(31, "zh")
    ('1 day', '31 days', '31天')
    """
    if n is None:
        return NONE
    if locale == "zh":
        return f"{number(n, locale)}天"
    return f"{number(n, locale)} day{'' if n == 1 else 's'}"


def count(n: float | None, locale: str) -> str:
    """A count; a fraction keeps one decimal (a mean of counts)."""
    return NONE if n is None else number(n, locale, 0 if float(n).is_integer() else 1)


def score(x: float | None, locale: str) -> str:
    """A score of one to five, or a model score."""
    return NONE if x is None else number(x, locale, 2)


def day(d: date | None, locale: str) -> str:
    """A calendar day.

    >>> day(date(2015, 6, 30), "en"), day(date(2015, 6, 30), "zh")
    ('30 June 2015', '2015年6月30日')
    """
    if d is None:
        return NONE
    return f"{d.year}年{d.month}月{d.day}日" if locale == "zh" else f"{d.day} {_EN_MONTHS[d.month - 1]} {d.year}"


def month(d: date | None, locale: str) -> str:
    """A calendar month."""
    if d is None:
        return NONE
    return f"{d.year}年{d.month}月" if locale == "zh" else f"{_EN_MONTHS[d.month - 1]} {d.year}"


Format = Callable[[Any, str], str]
FORMATS: Mapping[str, Format] = {
    "ratio": percent,
    "points": points,
    "times": times,
    "days": days,
    "count": count,
    "score": score,
    "day": lambda d, locale: day(d.date() if isinstance(d, datetime) else d, locale),
    "month": month,
    "text": lambda s, locale: NONE if s is None else str(s),
}


def placeholders(template: str) -> tuple[str, ...]:
    """Names a sentence prints, in order: 'from {before:money} to {now:money}' gives ('before', 'now')."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def say(template: str, facts: pl.DataFrame, units: Mapping[str, str], currency: str, locale: str) -> pl.Series:
    """The sentence `template` for every row of `facts`, with every `{name}` or `{name:unit}` printed in its unit.

    `units` gives the unit of a name without one. Raises ColumnNotFoundError when a name, KeyError when its unit is unknown.

    >>> say("Down {fall}.", pl.DataFrame({"fall": [0.25, None]}), {"fall": "ratio"}, "CNY", "en").to_list()
    ['Down 25.0%.', 'Down —.']
    """
    parts = []
    for literal, name, unit, _ in Formatter().parse(template):
        parts.append(pl.repeat(literal, facts.height, dtype=pl.String))
        if name:
            parts.append(pl.lit(_printed(facts[name], unit or units[name], currency, locale)))
    return facts.select(said=pl.concat_str(parts))["said"]


def _printed(values: pl.Series, unit: str, currency: str, locale: str) -> pl.Series:
    """Every value as text, each distinct one made once."""
    of = FORMATS[unit] if unit != "money" else lambda value, locale: money(value, currency, locale)
    rows = values.to_list()  # walking the series itself takes five times as long
    texts = {value: of(value, locale) for value in set(rows)}
    return pl.Series([texts[value] for value in rows], dtype=pl.String)
