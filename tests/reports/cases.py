"""Twelve clients that try a page: four of the sample bank, and eight nobody would plant, each doctored from the red one."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from reports.facts import Facts
from transforms.signals import CATALOGUE

RED, QUIET, UNFED = "C0012", "C0011", "C0000"
HUGE = 10**14  # minor units: a trillion
Given = Callable[[str], Facts]


def each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same rows and lists with every single value changed."""
    if isinstance(value, Mapping):
        return {key: each(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [each(inner, change) for inner in value]
    return change(value)


def doctored(facts: Facts, change: Callable[[Any], Any], *parts: str) -> Facts:
    """A client with every value of these parts of its facts changed."""
    return replace(facts, **{part: each(getattr(facts, part), change) for part in parts})


TOLD = tuple(f.name for f in fields(Facts) if f.name not in ("run", "assessment", "answers"))


def named(name: str) -> Callable[[Given], Facts]:
    """The red client under another name, and so its manager."""
    return lambda given: replace(given(RED), client={**given(RED).client, "name": name, "rm_name": name})


def money(change: Callable[[int], int]) -> Callable[[Given], Facts]:
    """The red client with other amounts: whole numbers of 100,000 minor units and more are amounts."""

    def changed(value: Any) -> Any:
        return change(value) if type(value) is int and abs(value) >= 100_000 else value

    return lambda given: doctored(given(RED), changed, *TOLD)


def forty(given: Given) -> Facts:
    """Forty findings, their sentences three times as long as any."""
    facts = given(RED)
    first = facts.findings[0]
    long = {f"text_{locale}": first[f"text_{locale}"] * 3 for locale in ("en", "zh")}
    rows: list[Mapping[str, Any]] = [{**first, **long, "signal_id": signal} for signal in list(CATALOGUE)[-40:]]
    return replace(facts, findings=rows)


def nothing(given: Given) -> Facts:
    """A client of whom no more is known than that there is one."""
    facts = doctored(given(UNFED), lambda _: None, "client")
    client = {**facts.client, "client_id": given(UNFED).client_id}
    empty: dict[str, Any] = {name: [] for name in ("findings", "gaps", "held", "moves")}
    series, related = ({name: [] for name in rows} for rows in (facts.series, facts.related))
    return replace(facts, client=client, series=series, related=related, **empty)


CASES: Mapping[str, Callable[[Given], Facts]] = {
    "red": lambda given: given(RED),
    "quiet": lambda given: given(QUIET),
    "unfed": lambda given: given(UNFED),
    "planted": lambda given: given("C0007"),
    "long name": named("The Worshipful Incorporated Company of Northern Shipwrights Ltd."[:60]),
    "long name in Chinese": named("中华人民共和国新疆维吾尔自治区伊犁哈萨克自治州霍尔果斯经济开发区国际边境合作中心跨境人民币创新业务供应链管理股份有限公司分公"),
    "one long word": named("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunte"),
    "huge": money(lambda value: HUGE),
    "negative": money(lambda value: -abs(value)),
    "hugely negative": money(lambda value: -HUGE),
    "forty findings": forty,
    "nothing": nothing,
}  # fmt: skip
