"""undertakings 约定与任务: something the bank owes the client, the client owes the bank, or an RM set as a task."""

import polars as pl

from expectations.model import Action, Check, Column, Table

DATED = [
    "rm_promise",
    "task",
    "strengthening_action",
    "corrective_action",
    "covenant",
    "condition",
    "capital_instalment",
]
OF_THE_CLIENT = ["covenant", "condition", "capital_instalment", "payment_promise"]
DONE = ["done", "met", "adopted", "accepted"]


def _misfit() -> pl.Expr:
    """Owed by the wrong side, due before it was made, or done without a result (or the other way round)."""
    side = pl.when(pl.col("kind").is_in(OF_THE_CLIENT)).then(pl.lit("client")).otherwise(pl.lit("bank"))
    done = pl.col("outcome").is_in(DONE) != pl.col("done_on").is_not_null()
    return (pl.col("owed_by") != side) | (pl.col("due_on") < pl.col("made_on")) | done


TABLE = Table(
    name="undertakings",
    zh="约定与任务",
    en="something the bank owes the client, the client owes the bank, or an RM set as a task",
    grain_zh="银行欠客户、客户欠银行的一项承诺，或客户经理给自己定的一项任务",
    core=False,
    mode="upsert",
    stale_after=3,
    columns=(
        Column("undertaking_id", "约定编号", "id", "k!"),
        Column("kind", "类型", "e:undertaking_kind", "!"),
        Column(
            "covenant_class",
            "约定类别",
            "e:covenant_class",
            "?",
            "covenants and conditions only; null = other",
            "仅用于约定与条件；空表示其他",
        ),
        Column(
            "owed_by",
            "责任方",
            "e:side",
            "!",
            "client for covenant, condition, capital_instalment; bank otherwise",
            "covenant、condition、capital_instalment为client，其余为bank",
        ),
        Column(
            "client_id",
            "客户编号",
            "id",
            "c",
            "clients; null only for task",
            "客户；仅task可空",
            references="clients",
            when=pl.col("kind") != "task",
        ),
        Column(
            "staff_id",
            "负责人",
            "id",
            "c",
            "staff; required when owed_by = bank",
            "员工；责任方为bank时必填",
            references="staff",
            when=pl.col("owed_by") == "bank",
        ),
        Column("contact_id", "对方联系人", "id", "?p", "parties", "主体", references="parties"),
        Column("about_kind", "关联对象类型", "e:about_kind", "!"),
        Column(
            "about_id",
            "关联对象",
            "id",
            "c",
            "required unless about_kind = none",
            "about_kind不为none时必填",
            when=pl.col("about_kind") != "none",
        ),
        Column(
            "title",
            "内容",
            "text",
            "!",
            "at most 200 characters; never shown to the client side",
            "最长200字；绝不向客户展示",
            length=200,
        ),
        Column("made_on", "提出日期", "date", "!"),
        Column(
            "due_on",
            "到期日期",
            "date",
            "c",
            "required for rm_promise, task, strengthening_action, corrective_action, covenant, condition, capital_instalment",
            "rm_promise、task、strengthening_action、corrective_action、covenant、condition、capital_instalment必填",
            when=pl.col("kind").is_in(DATED),
        ),
        Column("first_action_on", "首次处理日期", "date", "?"),
        Column("done_on", "完成日期", "date", "?"),
        Column("outcome", "结果", "e:undertaking_outcome", "!"),
        Column("reason", "原因", "e:undertaking_reason", "?", "declined or not adopted", "被谢绝或未采纳的原因"),
        Column(
            "told_client_on",
            "告知客户日期",
            "date",
            "?",
            "client_opinion: the loop was closed",
            "client_opinion：已向客户反馈",
        ),
        Column("amount", "金额", "money", "?"),
        Column(
            "priority",
            "优先级",
            "int",
            "?",
            "task: 1 首要, 2 次要, 3 不太重要",
            "task：1首要，2次要，3不太重要",
            low=1,
            high=3,
        ),
        Column(
            "planned_minutes", "计划时长", "int", "?", "task", "仅task", source="计划开始/结束时间", low=0, high=1440
        ),
        Column("actual_minutes", "实际时长", "int", "?", "task", "仅task", source="实际完成情况", low=0, high=1440),
        Column("waived_until", "豁免至", "date", "?", "covenant, condition", "covenant与condition"),
    ),
    checks=(
        Check(
            "H1", Action.ROW, "side, dates or outcome do not fit the kind", "责任方、日期或结果与类型不符", _misfit()
        ),
    ),
)
