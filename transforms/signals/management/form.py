"""The client's branches and corporate form (MGT-16, MGT-23, MGT-30)."""

import polars as pl

from transforms.features import observations
from transforms.measures import growth, value
from transforms.signal import Fact, Signal, alert, answered, at_least, below, hit, house, red, watch
from transforms.text import Unit

_closed = at_least(value("branches_closed_365", Unit.COUNT), house(3, "three closures in a year"))
_opened = at_least(value("branches_opened_365", Unit.COUNT), house(3, "three openings in a year")) & below(
    growth("revenue"), house(0, "revenue falls", "revenue_growth")
)

branch_restructuring = Signal(
    id="MGT-16",
    grade="B",
    zh="客户的分支机构发生调整,出现不合理情况。",
    en="Unreasonable branch restructuring",
    tests=(
        watch(
            "closed",
            _closed,
            en="Branches closed in 365 days: {value} (limit {limit}).",
            zh="近365天关闭分支机构{value}家（界限{limit}）。",
        ),
        watch(
            "opened",
            _opened,
            en="Branches opened in 365 days: {value} (limit {limit}), while revenue fell from {revenue_year_ago:money} to "
            "{revenue:money}.",
            zh="近365天新设分支机构{value}家（界限{limit}），而收入由{revenue_year_ago:money}降至{revenue:money}。",
        ),
        alert(
            "both",
            _closed & _opened,
            en="In 365 days {branches_closed_365:count} branches were closed and {branches_opened_365:count} opened, while "
            "revenue fell from {revenue_year_ago:money} to {revenue:money}.",
            zh="近365天关闭分支机构{branches_closed_365:count}家、新设{branches_opened_365:count}家，而收入由"
            "{revenue_year_ago:money}降至{revenue:money}。",
        ),
        *answered("MGT-16", levels=("A",)),
    ),
    ask_en="Ask for the list of branches, why each was closed or opened, and what it costs.",
    ask_zh="索取分支机构名单，问明每家关闭或新设的原因及成本。",
    note="The share of branches closed is not judged: no table of the input model has the number of branches. Level A: both "
    "tests of level W hold.",
)

change_of_form = Signal(
    id="MGT-23",
    grade="B",
    zh="组织形式发生变化,如租赁、分立、承办、并购、重组、联营等。",
    en="Change of corporate form",
    tests=(
        watch(
            "lighter",
            at_least(value("form_changes_365", Unit.COUNT), house(1, "a change on the register")),
            en="Leases, contracting out, joint ventures or changes of type registered in 365 days: {value}.",
            zh="近365天登记租赁、承包、联营或企业类型变更{value}次。",
        ),
        alert(
            "restructured",
            at_least(value("form_restructured_365", Unit.COUNT), house(1, "a change on the register")),
            en="Divisions, mergers, restructurings or capital reductions registered in 365 days: {value}.",
            zh="近365天登记分立、并购、重组或减资{value}次。",
        ),
        red(
            "without_notice",
            at_least(value("form_unnotified", Unit.COUNT), house(1, "we were not told")),
            en="A division or capital reduction of {form_unnotified_on:day} was not notified to the bank.",
            zh="{form_unnotified_on:day}的分立或减资未通知我行。",
        ),
    ),
    ask_en="Ask for the resolution and the new articles, and who takes over our debt.",
    ask_zh="索取相关决议和新章程，问明我行债务由谁承继。",
    note="Unnotified: no notice of the same type from 60 days before to T once ten working days have passed.",
)

_said = observations.column("MGT-30")
_answered = Fact(
    (
        (pl.col(_said) != "no")
        & pl.col(f"{_said}_severity").is_not_null()
        & (pl.col(f"{_said}_on") >= pl.col("half_year_ago"))
    ).fill_null(False)
)
_management = hit("MGT-22") & (
    Fact(pl.col("registered_changes_180") > 0)
    | Fact(pl.col("key_people_changed_180") > 0)
    | Fact(pl.col("control_changes_180") > 0)
)
_form = hit("MGT-23") & Fact(pl.col("form_changes_180") > 0)

shareholding_reform = Signal(
    id="MGT-30",
    grade="B",
    zh="进行股份制改造或进行企业再造。",
    en="Shareholding reform or re-engineering",
    tests=(
        watch(
            "reform",
            at_least(value("reforms_365", Unit.COUNT), house(1, "a reform on the register")),
            en="Conversions to a joint-stock company, employee shareholdings or restructuring plans registered in 365 days: "
            "{value}.",
            zh="近365天登记股份制改造、员工持股或重整计划{value}次。",
        ),
        *answered("MGT-30", levels=("W",)),
        alert(
            "with_change",
            at_least(value("reforms_180", Unit.COUNT), house(1, "both in half a year")) & (_management | _form),
            en="A reform was registered in 180 days ({value}), and key management or the corporate form changed in the same "
            "time.",
            zh="近180天登记改制{value}次，同期主要管理人员或组织形式亦发生变更。",
        ),
        alert(
            "answer_with_change",
            _answered & (_management | _form),
            en="The relationship manager's answer on file confirms a reform, and key management or the corporate form changed "
            "in the same 180 days.",
            zh="客户经理已书面确认改制，近180天主要管理人员或组织形式亦发生变更。",
            kind="answer",
        ),
    ),
    ask_en="Ask for the reform plan, its timetable, and how our loans are treated in it.",
    ask_zh="索取改制方案和时间表，问明方案如何安排我行贷款。",
    note="In the same 180 days: the reform, or the answer on file, and the change behind MGT-22 or MGT-23 all lie in the 180 "
    "days up to the night.",
)
