"""Projects that run late, stand still or cost more (MGT-20)."""

import polars as pl

from transforms.measures import positive, value
from transforms.signal import Measure, Signal, alert, at_least, below, house, red, watch
from transforms.text import Unit

_delay, _overrun = value("project_delay_days", Unit.DAYS), value("project_overrun", Unit.RATIO)
_before = pl.col("construction_two_quarters_ago")
_move = Measure(pl.when(_before > 0).then((pl.col("construction_in_progress") / _before - 1).abs()), Unit.RATIO)
_DELAY_EN = "A project is forecast to end {value} late (limit {limit})."
_DELAY_ZH = "项目预计延期{value}完工（界限{limit}）。"
_OVERRUN_EN = "A project's budget was raised by {value} (limit {limit})."
_OVERRUN_ZH = "项目概预算调增{value}（界限{limit}）。"

project_trouble = Signal(
    id="MGT-20",
    grade="B",
    zh="项目建设工期延长,或处于停缓状态,或概预算调增。",
    en="Project delayed, halted or over budget",
    tests=(
        watch("delay", at_least(_delay, house(90, "a quarter")), _DELAY_EN, _DELAY_ZH),
        watch("overrun", at_least(_overrun, house(0.10, "a tenth over budget")), _OVERRUN_EN, _OVERRUN_ZH),
        alert("delay", at_least(_delay, house(180, "half a year")), _DELAY_EN, _DELAY_ZH),
        alert("overrun", at_least(_overrun, house(0.20, "a fifth over budget")), _OVERRUN_EN, _OVERRUN_ZH),
        alert(
            "slowed",
            at_least(value("projects_slowed", Unit.COUNT), house(1, "any project")),
            en="Projects paused or slowed down: {value}.",
            zh="缓建或暂停的项目{value}个。",
        ),
        red(
            "stopped",
            at_least(value("projects_stopped", Unit.COUNT), house(1, "any project")),
            en="Projects stopped: {value}.",
            zh="停建的项目{value}个。",
        ),
        watch(
            "standstill",
            below(_move, house(0.01, "nothing is being built")) & positive("projects_open"),
            en="Construction in progress moved by {value} over two quarters (limit: less than {limit}), from "
            "{construction_two_quarters_ago:money} to {construction_in_progress:money}, while a project is open.",
            zh="项目在建期间，两个季度内在建工程由{construction_two_quarters_ago:money}变为{construction_in_progress:money}，"
            "变动{value}（界限：低于{limit}）。",
            kind="proxy",
        ),
    ),
    clear_needs=("delay", "overrun", "slowed", "stopped"),  # construction that moves says nothing of delay and budget
    ask_en="Visit the site; ask for the progress report, the revised budget and who pays for the difference.",
    ask_zh="实地查看工地，索取进度报告和调整后的概算，问明差额由谁承担。",
    note="The last report of each project in 365 days; finished projects are left out.",
)
