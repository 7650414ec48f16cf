"""The vocabulary of rules: limits, measures, three-valued conditions, tests, signals.

A signal is an immutable object around Polars expressions over the panel (one row per client). Everything that can be
derived from it is derived: columns read, feeds, evidence, placeholders. Answers follow readings G1 to G4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from expectations.tables import TABLES
from transforms.arithmetic import EXACT
from transforms.families import family_of
from transforms.features import observations
from transforms.panel import ANSWERS_TABLE, COLUMNS
from transforms.text import Unit, placeholders

LEVELS = ("W", "A", "R", "N")
LEVEL_WORDS = {"W": "watch", "A": "alert", "R": "red", "N": "non_performing"}
ANSWERS = ("CLEAR", "W", "A", "R", "N", "NO_DATA", "NOT_APPLICABLE")


@dataclass(frozen=True, eq=False)
class Limit:
    """A threshold: its value, who set it ("seed": the book; "house": ours, with the reason) and its name in a policy.

    `name` is None for the limit a test compares its own value with: the policy then names it by the test's level.
    `shared` names an entry of the policy's own tables, which several rows follow: "decline.W.r3_12".
    """

    value: float
    source: str
    because: str = ""
    name: str | None = None
    shared: str | None = None


def seed(value: float, name: str | None = None) -> Limit:
    """The book's own number."""
    return Limit(value, "seed", "the book's number", name)


def house(value: float, because: str, name: str | None = None) -> Limit:
    """Our documented default, to be fitted again on the bank's own defaults."""
    return Limit(value, "house", because, name)


Resolve = Callable[[Limit], float]


def as_printed(limit: Limit) -> float:
    """The limit's own value: no policy overrides it."""
    return limit.value


@dataclass(frozen=True, eq=False)
class Measure:
    """A number computed from panel columns, with its unit; null when it is unknown."""

    expr: pl.Expr
    unit: Unit


class Condition:
    """A three-valued statement on a client: true, false or null (unknown).

    Conditions join by `&` and `|` (Kleene's logic: false and unknown = false); Python's `and` and `or` raise TypeError.
    """

    def holds(self, of: Resolve = as_printed) -> pl.Expr:
        """Boolean expression over the panel; null where the condition is unknown."""
        raise NotImplementedError

    def parts(self) -> Iterator[Condition]:
        """This condition and all inside it, leftmost first."""
        yield self

    def compared(self) -> Iterator[Compare]:
        """The comparisons that decide, leftmost first: a fact's evidence only shows what something else compared."""
        return iter(())

    def __and__(self, other: Condition) -> Condition:
        return Joined("&", (self, other))

    def __or__(self, other: Condition) -> Condition:
        return Joined("|", (self, other))

    def __bool__(self) -> bool:
        raise TypeError("a condition is not known before it meets a panel: join with & and |, not 'and' and 'or'")

    @cached_property
    def lead(self) -> Compare | None:
        """The first comparison: its value and limit are the evidence."""
        return next((part for part in self.parts() if isinstance(part, Compare)), None)

    @cached_property
    def columns(self) -> list[str]:
        """Names of the panel columns it reads, in order of first use."""
        return list(dict.fromkeys(self.holds().meta.root_names()))


@dataclass(frozen=True, eq=False)
class Compare(Condition):
    """A measure against a limit, both rounded to 9 decimals."""

    measure: Measure
    comparison: str
    limit: Limit

    def holds(self, of: Resolve = as_printed) -> pl.Expr:
        """True where the rounded measure compares so."""
        value, limit = self.measure.expr.cast(pl.Float64).round(EXACT), round(of(self.limit), EXACT)
        compare = {">=": value.ge, ">": value.gt, "<=": value.le, "<": value.lt}[self.comparison]
        return compare(limit)

    def compared(self) -> Iterator[Compare]:
        """Itself."""
        yield self


@dataclass(frozen=True, eq=False)
class Fact(Condition):
    """A Boolean expression; `evidence` is the comparison it stands for, when a number belongs to it."""

    expr: pl.Expr
    evidence: Compare | None = None

    def holds(self, of: Resolve = as_printed) -> pl.Expr:
        """The expression itself."""
        return self.expr

    def parts(self) -> Iterator[Condition]:
        """The fact, then its evidence."""
        yield self
        if self.evidence is not None:
            yield self.evidence


@dataclass(frozen=True, eq=False)
class Joined(Condition):
    """Conditions joined by "&" or "|"."""

    by: str
    members: tuple[Condition, ...]

    def holds(self, of: Resolve = as_printed) -> pl.Expr:
        """Kleene's and / or of the members."""
        exprs = [member.holds(of) for member in self.members]
        return pl.all_horizontal(exprs) if self.by == "&" else pl.any_horizontal(exprs)

    def parts(self) -> Iterator[Condition]:
        """The whole, then its members."""
        yield self
        for member in self.members:
            yield from member.parts()

    def compared(self) -> Iterator[Compare]:
        """The members' comparisons."""
        for member in self.members:
            yield from member.compared()


@dataclass(frozen=True, eq=False)
class AtLeast(Condition):
    """At least `count` of the members hold; unknown while the unknown ones could decide it."""

    count: int
    members: tuple[Condition, ...]

    def holds(self, of: Resolve = as_printed) -> pl.Expr:
        """True when enough are true, false when too few can still be, else null."""
        exprs = [member.holds(of) for member in self.members]
        true = pl.sum_horizontal([e.fill_null(False).cast(pl.Int32) for e in exprs])
        possible = pl.sum_horizontal([e.fill_null(True).cast(pl.Int32) for e in exprs])
        return pl.when(true >= self.count).then(True).when(possible < self.count).then(False)

    def parts(self) -> Iterator[Condition]:
        """The whole, then its members."""
        yield self
        for member in self.members:
            yield from member.parts()

    def compared(self) -> Iterator[Compare]:
        """The members' comparisons."""
        for member in self.members:
            yield from member.compared()


@dataclass(frozen=True, eq=False)
class NeverUnknown(Condition):
    """A condition that is false where it would be unknown: a guard that is not met, a thin cell (readings G11, G13)."""

    member: Condition

    def holds(self, of: Resolve = as_printed) -> pl.Expr:
        """The member's, null as false."""
        return self.member.holds(of).fill_null(value=False)

    def parts(self) -> Iterator[Condition]:
        """Itself, then the member."""
        yield self
        yield from self.member.parts()

    def compared(self) -> Iterator[Compare]:
        """The member's comparisons."""
        yield from self.member.compared()


def at_least(measure: Measure, limit: Limit) -> Compare:
    """measure >= limit (以上: inclusive)."""
    return Compare(measure, ">=", limit)


def above(measure: Measure, limit: Limit) -> Compare:
    """measure > limit (超过, 大于: strict)."""
    return Compare(measure, ">", limit)


def at_most(measure: Measure, limit: Limit) -> Compare:
    """measure <= limit."""
    return Compare(measure, "<=", limit)


def below(measure: Measure, limit: Limit) -> Compare:
    """measure < limit (小于: strict)."""
    return Compare(measure, "<", limit)


def fact(column: str) -> Fact:
    """A Boolean panel column."""
    return Fact(pl.col(column))


def hit(signal_id: str, level: str = "W", unknown: bool | None = None) -> Fact:
    """Another signal's answer tonight is at `level` or above; `unknown` is what its NO_DATA counts as.

    Signals are judged in waves, those that others read first; two that read each other are refused.
    """
    answer = pl.col(signal_id).cast(pl.String)
    reached = answer.is_in(LEVELS[LEVELS.index(level) :])
    blind = answer.is_null() | (answer == "NO_DATA")
    return Fact(pl.when(blind).then(pl.lit(unknown, pl.Boolean)).otherwise(reached))


@dataclass(frozen=True, eq=False)
class Test:
    """One test of a signal: a condition, the level it gives, its sentences.

    `kind` is "main", "proxy", "fallback" or "answer"; a proxy or fallback that ran stands in for the main tests (G1).
    `en` and `zh` print the same placeholders: panel columns, `value` and `limit` (the lead comparison's).
    """

    __test__ = False  # not a pytest class

    level: str
    name: str
    condition: Condition
    en: str
    zh: str
    kind: str = "main"

    @cached_property
    def columns(self) -> list[str]:
        """Panel columns of the condition and of the sentence."""
        said = [name for name in placeholders(self.en) if name not in ("value", "limit")]
        lead = self.condition.lead
        shown = lead.measure.expr.meta.root_names() if lead is not None else []
        return list(dict.fromkeys([*self.condition.columns, *shown, *said]))


def reads_core(test: Test) -> bool:
    """Whether the test reads a core table: only then may it make a grade A row CLEAR (reading G1)."""
    tables = (COLUMNS[column].table for column in test.condition.columns)
    return any(TABLES[table].core for table in tables if table in TABLES)


def watch(name: str, condition: Condition, en: str, zh: str, kind: str = "main") -> Test:
    """A test that gives level W."""
    return Test("W", name, condition, en, zh, kind)


def alert(name: str, condition: Condition, en: str, zh: str, kind: str = "main") -> Test:
    """A test that gives level A."""
    return Test("A", name, condition, en, zh, kind)


def red(name: str, condition: Condition, en: str, zh: str, kind: str = "main") -> Test:
    """A test that gives level R."""
    return Test("R", name, condition, en, zh, kind)


def non_performing(name: str, condition: Condition, en: str, zh: str, kind: str = "main") -> Test:
    """A test that gives level N."""
    return Test("N", name, condition, en, zh, kind)


_CONFIRMED_EN = "The relationship manager's answer on file confirms it (severity {%s:count})."
_CONFIRMED_ZH = "客户经理的书面答复已予确认（严重程度{%s:count}）。"


def answered(
    signal_id: str, levels: Sequence[str], named: Mapping[str, str] | None = None, en: str = "", zh: str = ""
) -> tuple[Test, ...]:
    """The tests on the RM's valid answer on file, OBS(id): one per level it can give (readings G3, G4).

    `levels` are those an adverse answer may give: severity 1, 2, 3 is W, A, R, clamped into them. `named` says which answer
    gives which level, where the row does. No answer is "no": the tests are false then, never unknown.
    """
    said = observations.column(signal_id)
    answer, severity = pl.col(said), pl.col(f"{said}_severity")
    adverse = answer.is_not_null() & (answer != "no") & severity.is_not_null()
    order = [level for level in LEVELS if level in levels]
    rank = pl.coalesce(severity - 1, 0).clip(LEVELS.index(order[0]), LEVELS.index(order[-1]))
    by_name = answer.replace_strict(
        {word: LEVELS.index(level) for word, level in (named or {}).items()}, default=None, return_dtype=pl.Int64
    )
    given = pl.coalesce(by_name, rank)
    en, zh = en or _CONFIRMED_EN % f"{said}_severity", zh or _CONFIRMED_ZH % f"{said}_severity"
    possible = [level for level in LEVELS if level in {*order, *(named or {}).values()}]
    return tuple(
        Test(level, "answer", Fact((adverse & (given == LEVELS.index(level))).fill_null(False)), en, zh, "answer")
        for level in possible
    )


@dataclass(frozen=True, eq=False)
class Signal:
    """One row of the catalogue as a rule.

    `zh` is the book's text to the character, `en` its English name, `grade` A, B or C. `applies` absent: every client.
    `clear_needs` names tests that must have run before the row is CLEAR, where the readings ask for more than that; a
    grade C row is CLEAR without an answer only when those it names ran. `clear_any`: one of those it names suffices,
    whatever it reads. `answer_decides`: an adverse answer alone sets the level (reading G3).
    """

    id: str
    grade: str
    zh: str
    en: str
    tests: tuple[Test, ...]
    ask_en: str
    ask_zh: str
    applies: pl.Expr | None = None
    clear_needs: tuple[str, ...] = ()
    clear_any: tuple[str, ...] = ()
    answer_decides: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if unknown := [column for column in self.columns if column not in COLUMNS]:
            raise ValueError(f"{self.id} reads columns the panel does not have: {', '.join(unknown)}")
        for test in self.tests:
            self._check(test)
        if len(self.limits()) != len({id(part.limit) for test in self.tests for part in test.condition.compared()}):
            raise ValueError(f"{self.id}: two limits share a name; give the second one a name of its own")
        keys = [(test.level, test.name) for test in self.tests]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.id}: two tests of one level share a name")
        if missing := {*self.clear_needs, *self.clear_any} - {test.name for test in self.tests}:
            raise ValueError(f"{self.id}: clear_needs or clear_any names no test: {sorted(missing)}")

    def _check(self, test: Test) -> None:
        where = f"{self.id}, test {test.name}"
        if sorted(placeholders(test.en)) != sorted(placeholders(test.zh)):
            raise ValueError(f"{where}: the English and the Chinese sentence print different facts")
        if {"value", "limit"} & set(placeholders(test.en)) and test.condition.lead is None:
            raise ValueError(f"{where}: the sentence prints a value or limit, but nothing is compared")
        if test.level not in LEVELS or test.kind not in ("main", "proxy", "fallback", "answer"):
            raise ValueError(f"{where}: unknown level {test.level!r} or kind {test.kind!r}")

    @property
    def category(self) -> str:
        """The catalogue's list: EXT, FIN, MGT, MOR, REL or ADD."""
        return self.id[:3]

    @property
    def family(self) -> str:
        """Its evidence family; its own id when it is in none."""
        return family_of(self.id)

    @property
    def feeds(self) -> tuple[str, ...]:
        """Tables of the input model its tests read."""
        tables = dict.fromkeys(COLUMNS[c].table for test in self.tests for c in test.condition.columns)
        return tuple(table for table in tables if table != ANSWERS_TABLE)

    @property
    def answers_read(self) -> list[str]:
        """Ids of the signals whose answers it reads."""
        return [column for column in self.columns if COLUMNS[column].table == ANSWERS_TABLE]

    @property
    def said(self) -> str | None:
        """The panel column with the RM's answer on file, where the row asks for one."""
        name = observations.column(self.id)
        return name if name in COLUMNS else None

    @cached_property
    def columns(self) -> list[str]:
        """Panel columns it reads, in order of first use."""
        applies = self.applies.meta.root_names() if self.applies is not None else []
        return list(dict.fromkeys([*applies, *(c for test in self.tests for c in test.columns)]))

    @property
    def levels(self) -> list[str]:
        """Levels it can take, lowest first."""
        return [level for level in LEVELS if any(test.level == level for test in self.tests)]

    def limits(self) -> dict[tuple[str, str], Limit]:
        """(test name, limit name) → limit: everything a policy may set.

        A limit is named in the first test that compares with it; tests built from that one follow it.
        """
        named: dict[tuple[str, str], Limit] = {}
        for test in self.tests:
            for part in test.condition.compared():
                if part.limit not in named.values():
                    named.setdefault((test.name, part.limit.name or LEVEL_WORDS[test.level]), part.limit)
        return named

    def version(self, of: Resolve = as_printed) -> str:
        """Eight hex digits that change when the rule, a limit or a sentence does."""
        needs = ",".join(self.clear_needs) + "|".join(self.clear_any)
        lines = [self.grade, self.zh, self.en, str(self.applies), needs, str(self.answer_decides)]
        for test in self.tests:
            lines += [test.level, test.name, test.kind, test.en, test.zh, str(test.condition.holds(of))]
            lines += [str(of(test.condition.lead.limit))] if test.condition.lead is not None else []
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]
