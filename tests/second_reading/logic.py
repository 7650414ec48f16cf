"""Three-valued logic and how tests become an answer, by the grade of the row."""

from collections.abc import Iterable
from typing import Any

Truth = bool | None  # None: unknown
Test = tuple[str, Truth]  # level, value
LEVELS = ("W", "A", "R", "N")


def both(*values: Truth) -> Truth:
    """All of them: false when one is false, unknown when none is false and one unknown."""
    if any(v is False for v in values):
        return False
    return None if any(v is None for v in values) else True


def either(*values: Truth) -> Truth:
    """One of them: true when one is true, unknown when none is true and one unknown."""
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def negate(value: Truth) -> Truth:
    """Its opposite."""
    return None if value is None else not value


def same(value: float) -> float:
    """A ratio, rounded so that 80 against 100 is 0.2."""
    return round(value, 9)


def known(*values: Any) -> bool:
    """Whether none of the values is blank."""
    return all(v is not None for v in values)


def at_least(value: float | None, limit: float) -> Truth:
    """value >= limit."""
    return None if value is None else same(value) >= limit


def at_most(value: float | None, limit: float) -> Truth:
    """value <= limit."""
    return None if value is None else same(value) <= limit


def above(value: float | None, limit: float) -> Truth:
    """value > limit."""
    return None if value is None else same(value) > limit


def below(value: float | None, limit: float) -> Truth:
    """value < limit."""
    return None if value is None else same(value) < limit


def plus(*values: float | None) -> float | None:
    """A sum, unknown when one part is."""
    return sum(v for v in values if v is not None) if known(*values) else None


def minus(a: float | None, b: float | None) -> float | None:
    """A difference."""
    return a - b if a is not None and b is not None else None


def over(a: float | None, b: float | None) -> float | None:
    """A ratio; unknown over a base that is not above zero."""
    return a / b if a is not None and b is not None and b > 0 else None


def growth(now: float | None, before: float | None) -> float | None:
    """now / before - 1; unknown from a base that is not above zero."""
    ratio = over(now, before)
    return None if ratio is None else ratio - 1


def share_at_least(part: float | None, base: float | None, limit: float) -> Truth:
    """part >= limit of base; anything above zero is over the limit of a base that is not (reading G10)."""
    if part is None or base is None:
        return None
    return at_least(part / base, limit) if base > 0 else part > 0


def share_above(part: float | None, base: float | None, limit: float) -> Truth:
    """part > limit of base, likewise."""
    if part is None or base is None:
        return None
    return above(part / base, limit) if base > 0 else part > 0


def highest(tests: Iterable[Test]) -> str | None:
    """The highest level with a true test."""
    hit = [level for level, value in tests if value]
    return max(hit, key=LEVELS.index) if hit else None


def grade_a(*tests: Test, more: Iterable[Test] = ()) -> str:
    """A hit, CLEAR as soon as one test on core tables ran, else NO_DATA; `more` are tests on other tables and answers."""
    if hit := highest([*tests, *more]):
        return hit
    return "CLEAR" if any(value is not None for _, value in tests) else "NO_DATA"


def grade_b(*tests: Test, more: Iterable[Test] = ()) -> str:
    """A hit, CLEAR when every test ran, else NO_DATA; `more` are proxies, fallbacks and answers."""
    if hit := highest([*tests, *more]):
        return hit
    return "CLEAR" if all(value is not None for _, value in tests) else "NO_DATA"


def grade_c(said: str | None, *computed: Test, alone: bool = False) -> str:
    """A human's answer decides: `said` is a level, "no", or None; without one a computed test that holds is W to confirm."""
    if said == "no":
        return "CLEAR"
    if said is not None:
        return said if alone else highest([(said, True), *computed]) or said
    return "W" if highest(computed) else "NO_DATA"
