"""How the client treats the bank (MGT-39)."""

import polars as pl

from transforms.measures import value
from transforms.signal import Measure, Signal, alert, answered, at_least, house, watch
from transforms.text import Unit

_warmer = pl.col("attitude_last3") - pl.col("attitude_before6")
_SCORES_EN = (
    "Warmth of the last three contacts {attitude_last3:score} against {attitude_before6:score} of the six before"
)
_SCORES_ZH = "最近三次接触热情度{attitude_last3:score}，此前六次{attitude_before6:score}"

sudden_change = Signal(
    id="MGT-39",
    grade="B",
    zh="对银行态度发生变化,即突然变得过分冷淡或过分热情。",
    en="Sudden change of attitude to the bank",
    tests=(
        watch(
            "warmth",
            at_least(Measure(_warmer.abs(), Unit.SCORE), house(1.5, "one and a half steps of five")),
            en=f"{_SCORES_EN}: changed by {{value}} (limit {{limit}}).",
            zh=f"{_SCORES_ZH}，变化{{value}}（界限{{limit}}）。",
        ),
        alert(
            "warmth",
            at_least(Measure(_warmer.abs(), Unit.SCORE), house(2.0, "two steps of five")),
            en=f"{_SCORES_EN}: changed by {{value}} (limit {{limit}}).",
            zh=f"{_SCORES_ZH}，变化{{value}}（界限{{limit}}）。",
        ),
        alert(
            "silent",
            at_least(value("unanswered_run", Unit.COUNT), house(3, "three in a row", "run"))
            & at_least(
                value("answered_before_share", Unit.RATIO), house(0.8, "a client that used to answer", "before")
            ),
            en="The last {value} contacts had no reply; before, the client answered {answered_before_share:ratio} of "
            "{unanswered_before:count}.",
            zh="最近{value}次联系均无回复；此前{unanswered_before:count}次中回复占{answered_before_share:ratio}。",
        ),
        alert(
            "over_warm",
            at_least(Measure(_warmer, Unit.SCORE), house(1.5, "one and a half steps warmer", "warmer"))
            & at_least(value("asked_30", Unit.COUNT), house(1, "a loan request", "requests")),
            en=f"{_SCORES_EN}: warmer by {{value}} (limit {{limit}}), with a loan request in the last 30 days.",
            zh=f"{_SCORES_ZH}，升高{{value}}（界限{{limit}}），且近30天内提出贷款申请。",
        ),
        *answered("MGT-39", levels=("W", "A")),
    ),
    ask_en="Ask in person what changed: who decides now, what the client expects of us, which other bank is near.",
    ask_zh="当面了解变化原因：现由谁决策、对我行有何期望、与哪家银行走近。",
    note="Scores of every RM since the first contact, without those of RMs who give everyone the same; fewer than nine are no "
    "data. The unanswered contacts are the newest ones in a row, against all contacts before them; a loan request of any kind counts.",
)
