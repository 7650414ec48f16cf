"""staff_days 客户经理工作日: what only the RM can say about a working day."""

import polars as pl

from expectations.model import Action, Check, Column, Table

TABLE = Table(
    name="staff_days",
    zh="客户经理工作日",
    en="what only the RM can say about a working day",
    grain_zh="只有客户经理本人能说明的一个工作日",
    core=False,
    mode="append",
    dated="date",
    stale_after=7,
    columns=(
        Column("staff_id", "客户经理", "id", "k!", "staff", "员工", source="客户经理工作日志", references="staff"),
        Column("date", "日期", "date", "k!"),
        Column("worked_minutes", "工作时长", "int", "!", "0 to 1,440", "0至1440分钟", low=0, high=1440),
        Column(
            "unrelated_minutes",
            "无关事务时长",
            "int",
            "!",
            "question 4; not more than worked_minutes",
            "第4问；不超过工作时长",
            low=0,
            high=1440,
        ),
        Column(
            "burden",
            "负担感",
            "score5",
            "?s",
            "self-check 10; shown to nobody but the RM unless the bank decides otherwise",
            "自查第10项；除银行另有规定外仅本人可见",
        ),
        Column("note", "改进", "text", "?", "question 5, at most 500 characters", "第5问，最长500字"),
    ),
    checks=(
        Check(
            "Y1",
            Action.ROW,
            "more unrelated minutes than worked",
            "无关事务时长超过工作时长",
            pl.col("unrelated_minutes") > pl.col("worked_minutes"),
        ),
    ),
)
