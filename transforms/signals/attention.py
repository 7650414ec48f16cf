"""Whom at the client the RM sees and whom not (REL-05 to REL-07): for the RM and the supervisor only."""

from collections.abc import Iterator

import polars as pl

from transforms.measures import value
from transforms.signal import Fact, Signal, Test, alert, answered, at_least, at_most, below, house, watch
from transforms.text import Unit

_enough = at_least(
    value("people_contacts_180", Unit.COUNT), house(5, "few contacts prove nothing", "contacts")
) & at_least(value("people_active", Unit.COUNT), house(3, "somebody else must be there", "people"))
_one_person = at_least(value("people_top_share", Unit.RATIO), house(0.8, "four of five", "one_person")) & _enough

one_sided = Signal(
    id="REL-05",
    grade="B",
    zh="只讨好对自己有帮助的人,对客户方的其他人员不热情。",
    en="Courting only useful people, cold to the rest (single-threaded)",
    tests=(
        watch(
            "one_person",
            _one_person,
            en="One person takes {value} of everyone met in {people_contacts_180:count} contacts of 180 days (limit {limit}); the "
            "client has {people_active:count} active contacts.",
            zh="近180天{people_contacts_180:count}次接触所见人次中，同一人占{value}（界限{limit}）；客户现有联系人"
            "{people_active:count}名。",
        ),
        watch(
            "coverage",
            below(value("people_met_share", Unit.RATIO), house(0.3, "seven of ten never met")) & _enough,
            en="Of the client's {people_active:count} active contacts {people_met:count} were met in 180 days: {value} (limit "
            "{limit}).",
            zh="客户现有联系人{people_active:count}名，近180天接触{people_met:count}名，占{value}（界限{limit}）。",
        ),
        alert(
            "one_function",
            _one_person & Fact(pl.col("people_other_function") == 0),
            en="One person takes {value} of everyone met in 180 days (limit {limit}), and nobody of another function was met.",
            zh="近180天所见人次中同一人占{value}（界限{limit}），且未接触任何其他职能的人员。",
        ),
    ),
    ask_en="Plan visits with the functions not met for half a year, finance and operations first.",
    ask_zh="安排拜访半年内未接触的职能部门，财务与经营部门优先。",
    note="Every contact held counts, one-way too. Each person met counts in the share, the guard of five counts contacts; the "
    "coverage counts the active contacts met. People without a function on file leave the last test unknown.",
)

leaving_behind = Signal(
    id="REL-06",
    grade="B",
    zh="当对自己有帮助的人已无利用价值时,碰面时也会设法避开。",
    en="Avoiding a former contact once no longer useful",
    tests=(
        watch(
            "one",
            at_least(value("left_behind", Unit.COUNT), house(1, "a person met four times and then dropped")),
            en="People met at least four times in 180 days and not once in the 90 days after their role changed, though still at "
            "the client: {value}.",
            zh="变动前180天接触至少4次、职务变动后90天内未再接触而仍在客户任职的人员：{value}名。",
        ),
        alert(
            "two",
            at_least(value("left_behind", Unit.COUNT), house(2, "two such people in twelve months")),
            en="People met at least four times in 180 days and not once in the 90 days after their role changed, though still at "
            "the client: {value} in twelve months (limit {limit}).",
            zh="近12个月内，变动前180天接触至少4次、职务变动后90天内未再接触而仍在客户任职的人员：{value}名（界限{limit}名）。",
        ),
        *answered(
            "REL-06",
            levels=("A",),
            en="An answer on file says that a former contact is being avoided.",
            zh="书面答复显示有意回避原联系人。",
        ),
    ),
    ask_en="Call on the person whose role changed, without an offer; ask who decides now.",
    ask_zh="拜访职务变动的人员，不谈业务推介，了解现由何人决策。",
    note="A change is the end of a role, or of a decision maker's say, in the last 365 days, judged once the 90 days after it are "
    "over; a new entry that only notes another stance is none. Still at the client: a link of any office there was in force at "
    "the end of the 90 days. People met among others count.",
)

_SOURCES = {
    "stance": ("who is critical of us", "对我行持批评态度的人员"),
    "complaint": ("who complained", "提出抱怨的人员"),
    "survey": ("who gave a score of 2 or less", "评分为2分或以下的人员"),
}


def _avoided(source: str, en: str, zh: str) -> Iterator[Test]:
    name = f"critic_{source}"
    judged = Fact(pl.col(f"{name}_judged") >= 1)
    said_en = (
        f"Contacts with the person {en}: {{{name}_before:count}} in the 90 days up to {{{name}_on:day}}, "
        f"{{{name}_after:count}} in the 90 days after"
    )
    said_zh = f"{zh}在截至{{{name}_on:day}}的90天内接触{{{name}_before:count}}次，其后90天内{{{name}_after:count}}次"
    yield watch(
        source,
        at_most(value(f"{name}_rate", Unit.RATIO), house(0.3, "seven of ten contacts gone")) & judged,
        en=f"{said_en} ({{value}}, limit {{limit}}).",
        zh=f"{said_zh}（{{value}}，界限{{limit}}）。",
    )
    yield alert(
        source,
        at_most(value(f"{name}_after", Unit.COUNT), house(0, "not once"))
        & at_least(value(f"{name}_others", Unit.COUNT), house(1, "the others are met", "others"))
        & judged,
        en=f"{said_en}; with others at the client: {{{name}_others:count}}.",
        zh=f"{said_zh}，同期与该客户其他人员接触{{{name}_others:count}}次。",
    )


avoiding_critics = Signal(
    id="REL-07",
    grade="B",
    zh="不喜欢与自己意见不合的客户碰面及交谈问题。",
    en="Avoiding contacts who disagree",
    tests=tuple(test for source, (en, zh) in _SOURCES.items() for test in _avoided(source, en, zh)),
    ask_en="See the person who disagrees, ask what should change, and write the answer down.",
    ask_zh="拜访持不同意见者，询问应如何改进并记录答复。",
    note="The 90 days up to the day the person disagreed are compared with the 90 days after it, once these are over; at least "
    "three contacts before are needed. Looked at: a critical stance that began in 365 days, complaints of 180 days, scores of "
    "400 days on any item. Every contact held counts; the person whose contacts fell most is shown.",
)
