"""Statements that do not come (FIN-01)."""

import polars as pl

from transforms.measures import value
from transforms.signal import Signal, alert, at_least, fact, house, red, watch
from transforms.text import Unit

_LATE = value("overdue_days", Unit.DAYS)
_LATE_EN = (
    "The statements of {overdue_period_end:day} were due on {overdue_due_on:day} and are {value} late (limit {limit})."
)
_LATE_ZH = "{overdue_period_end:day}的报表应于{overdue_due_on:day}报送，已逾期{value}（界限{limit}）。"

late_statements = Signal(
    id="FIN-01",
    grade="A",
    zh="不能及时报送财务报表。",
    en="Late financial statements",
    applies=pl.col("reporting_due"),
    tests=(
        watch("late", at_least(_LATE, house(1, "the first day after the due date")), _LATE_EN, _LATE_ZH),
        alert("late", at_least(_LATE, house(30, "a month of delay")), _LATE_EN, _LATE_ZH),
        alert(
            "two_running",
            fact("overdue_last_two"),
            en="The last two statements due are both outstanding; that of {overdue_period_end:day} was due on "
            "{overdue_due_on:day}.",
            zh="最近两期应报报表均未报送，其中{overdue_period_end:day}一期应于{overdue_due_on:day}报送。",
        ),
        red("late", at_least(_LATE, house(90, "a quarter of delay")), _LATE_EN, _LATE_ZH),
        red(
            "silent",
            fact("nothing_received_12m"),
            en="Nothing has been filed for twelve months; the statements of {overdue_period_end:day} were due on "
            "{overdue_due_on:day}.",
            zh="已连续十二个月未报送任何报表，{overdue_period_end:day}的报表应于{overdue_due_on:day}报送。",
        ),
    ),
    ask_en="Ask for the statements and for the reason of the delay: accountant gone, audit dispute, results withheld?",
    note="'No statements for 12 months' is read literally: nothing was filed in the twelve months before, and something is "
    "overdue. A client that files once a year and misses its date is therefore at R at once.",
    ask_zh="催收报表并问明迟报原因：财务人员离职、审计存在分歧，还是不愿披露业绩？",
)
