"""Wages, people and plans (MGT-33, MGT-34, MGT-36)."""

import polars as pl

from transforms.measures import fall, value
from transforms.signal import Measure, Signal, alert, answered, at_least, below, fact, house, watch
from transforms.text import Unit

# Against no case before, two cases are over every multiple.
_times_before = Measure(
    pl.when(pl.col("labour_cases_before") > 0)
    .then(pl.col("labour_cases_180") / pl.col("labour_cases_before"))
    .when(pl.col("labour_cases_180") > 0)
    .then(float("inf"))
    .when(pl.col("labour_cases_180") == 0)
    .then(0.0),
    Unit.TIMES,
)
_disputes = at_least(value("labour_cases_180", Unit.COUNT), house(2, "more than a single dispute")) & at_least(
    _times_before, house(2, "twice as many as before", "times_before")
)
_late = at_least(value("payroll_delay", Unit.DAYS), house(7, "a week late, twice running"))
_said = answered("MGT-33", levels=("W", "A"))
_holds = pl.any_horizontal([test.condition.holds().fill_null(False) for test in _said])

staff_discontent = Signal(
    id="MGT-33",
    grade="B",
    zh="职工怨言增多。",
    en="Rising staff discontent",
    # Who does not pay wages through us regularly is judged only when something holds; a short history is not that.
    applies=pl.col("payroll_regular") | _disputes.holds().fill_null(False) | _holds,
    tests=(
        watch(
            "disputes",
            _disputes,
            en="{value} labour arbitrations in 180 days (limit {limit}), after {labour_cases_before:count} in the same time before.",
            zh="近180天劳动仲裁{value}起（界限{limit}），此前同期{labour_cases_before:count}起。",
        ),
        watch(
            "late",
            _late,
            en="The last two payrolls came at least {value} after the usual day of the month (limit {limit}).",
            zh="最近两个月工资均比通常日期至少晚发{value}（界限{limit}）。",
        ),
        alert(
            "missed",
            fact("payroll_missed"),
            en="No payroll was paid in {payroll_month:month} or in the ten days after it.",
            zh="{payroll_month:month}及其后十天内未发放工资。",
        ),
        alert(
            "disputes_and_late",
            _disputes & _late,
            en="{value} labour arbitrations in 180 days (limit {limit}), and the last two payrolls came at least "
            "{payroll_delay:days} late.",
            zh="近180天劳动仲裁{value}起（界限{limit}），且最近两个月工资均至少晚发{payroll_delay:days}。",
        ),
        *_said,
    ),
    ask_en="Ask whether all wages and social insurance are paid, what the arbitrations are about, and who is leaving.",
    ask_zh="询问工资和社保是否足额发放、劳动仲裁因何而起、哪些人在离职。",
    note="The payroll day is that of the month's first payroll row; the usual day is the median of the twelve full months before "
    "the two tested. Missed: none in the newest full month whose ten days of grace are over. A regular payer has a payroll in "
    "ten of the twelve months before the last; others are judged only when something holds.",
)

_PAYEES_EN = "A payroll of the last full month reached {payees:count} people, after {payees_year_ago:count} a year ago: down {value} (limit {limit})."
_PAYEES_ZH = "上月每批代发工资{payees:count}人，上年同期{payees_year_ago:count}人，降幅{value}（界限{limit}）。"
_HEADS_EN = "Headcount {headcount_year_ago:count} → {headcount:count}: down {value} (limit {limit})."
_HEADS_ZH = "员工人数{headcount_year_ago:count}→{headcount:count}，降幅{value}（界限{limit}）。"

staff_turnover = Signal(
    id="MGT-34",
    grade="A",
    zh="员工更新过快或缺员严重,中层管理较薄弱。",
    en="High staff turnover or understaffing",
    tests=(
        watch("payees", at_least(fall("payees"), house(0.20, "a fifth fewer people")), _PAYEES_EN, _PAYEES_ZH),
        watch("headcount", at_least(fall("headcount"), house(0.20, "a fifth fewer people")), _HEADS_EN, _HEADS_ZH),
        alert("payees", at_least(fall("payees"), house(0.35, "over a third fewer")), _PAYEES_EN, _PAYEES_ZH),
        alert("headcount", at_least(fall("headcount"), house(0.35, "over a third fewer")), _HEADS_EN, _HEADS_ZH),
        alert(
            "leavers",
            at_least(value("leavers_share_12", Unit.RATIO), house(0.30, "three in ten leave within a year")),
            en="Those who left in twelve months make {value} of the mean headcount (limit {limit}).",
            zh="近十二个月离职人数占平均员工人数的{value}（界限{limit}）。",
        ),
        *answered("MGT-34", levels=("W", "A")),
    ),
    ask_en="Ask which departments lost people and why, who leads them now, and how orders are delivered with fewer hands.",
    ask_zh="询问哪些部门人员流失及原因、现由谁负责，人手减少后如何交货。",
    note="Payees of a payroll are the mean of the month's payroll rows: the last full month against the same month a year ago.",
)

plan_missing = Signal(
    id="MGT-36",
    grade="C",
    zh="缺乏发展战略规划,或虽有规划但没有实施,或无法实施。",
    en="No strategic plan, or a plan not implemented",
    tests=(
        alert(
            "plan",
            below(value("plan_attainment", Unit.RATIO), house(0.70, "three tenths of the plan missed"))
            & below(
                value("plan_attainment_previous", Unit.RATIO),
                house(0.70, "the half-year before too", "half_year_before"),
            ),
            en="Of its plan the client reached {value} in the half-year to {plan_attainment_on:day} and "
            "{plan_attainment_previous:ratio} in the one before (limit: below {limit}).",
            zh="截至{plan_attainment_on:day}的半年计划完成{value}，上一个半年完成{plan_attainment_previous:ratio}"
            "（界限：低于{limit}）。",
        ),
        *answered(
            "MGT-36",
            levels=("W",),
            named={"none": "W", "not_implemented": "W", "not_feasible": "W"},
        ),
    ),
    clear_needs=("plan",),
    ask_en="Ask for the written plan, what of it was carried out in the last year, and who follows it up.",
    ask_zh="索取书面规划，问明近一年落实了哪些内容、由谁督办。",
    note="A filed return counts in full, like an answer: two half-years on file make the row clear or A without one.",
)
