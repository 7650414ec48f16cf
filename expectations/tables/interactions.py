"""interactions 客户接触: one planned or held contact between the bank and a client."""

from datetime import timedelta

import polars as pl

from expectations.model import Action, Check, Column, Table

TABLE = Table(
    name="interactions",
    zh="客户接触",
    en="one planned or held contact between the bank and a client",
    core=False,
    mode="upsert",
    stale_after=3,
    recorded="recorded_at",
    columns=(
        Column("interaction_id", "接触编号", "id", "k!"),
        Column("client_id", "客户编号", "id", "!", "clients", references="clients"),
        Column("staff_id", "客户经理", "id", "!", "staff", references="staff"),
        Column("contact_id", "主要接触人", "id", "?p", "parties; person met", references="parties"),
        Column("other_contacts", "其他接触人", "list:id", "?p", "parties"),
        Column("created_at", "登记时间", "ts", "!", "plan quality is judged from this"),
        Column(
            "planned_on", "计划日期", "date", "c", "required for status planned", when=pl.col("status") == "planned"
        ),
        Column("planned_minutes", "计划时长", "int", "?", "5 to 1,440", low=5, high=1440),
        Column("purpose", "目的", "e:interaction_purpose", "?", "null = no purpose written down (self-check 6)"),
        Column("goal", "目标", "text", "?", "what the RM wants to achieve"),
        Column("started_at", "开始时间", "ts", "c", "required for status done", when=pl.col("status") == "done"),
        Column("ended_at", "结束时间", "ts", "?", "not before started_at, at most 12 h later"),
        Column("channel", "方式", "e:interaction_channel", "!"),
        Column("initiator", "发起方", "e:side", "!"),
        Column("status", "状态", "e:interaction_status", "!"),
        Column(
            "changed_by",
            "变更方",
            "e:side",
            "c",
            "required for cancelled, no_show, rescheduled",
            when=pl.col("status").is_in(["cancelled", "no_show", "rescheduled"]),
        ),
        Column(
            "notice_given",
            "事先通知",
            "bool",
            "c",
            "as above",
            when=pl.col("status").is_in(["cancelled", "no_show", "rescheduled"]),
        ),
        Column(
            "apology_given",
            "说明致歉",
            "bool",
            "c",
            "as above, when changed_by = bank",
            when=pl.col("status").is_in(["cancelled", "no_show", "rescheduled"]) & (pl.col("changed_by") == "bank"),
        ),
        Column(
            "two_way",
            "双向沟通",
            "bool",
            "c",
            "required for done: the client answered",
            when=pl.col("status") == "done",
        ),
        Column("reply", "回复", "e:reply", "?"),
        Column("warmth", "热情度", "score5", "?p", "1 cold to 5 warm, RM's judgement on the day"),
        Column("outcome", "结果", "e:outcome", "c", "required for done", when=pl.col("status") == "done"),
        Column("goal_met", "达成目标", "bool", "?"),
        Column("products", "涉及产品", "list:e:holding_family", "?"),
        Column("senior_bank", "我行高层参加", "bool", "!", "branch head or above"),
        Column("senior_client", "客户高层参加", "bool", "!"),
        Column("decision_maker", "决策人参加", "bool", "?", "null: derived from contact's decision_role"),
        Column("satisfaction_asked", "询问满意度", "bool", "?"),
        Column("criticism", "指出客户缺点", "bool", "?", "REL-04"),
        Column("next_on", "下次约定日期", "date", "?"),
        Column("gift_value", "礼品价值", "money", "?", low=0),
        Column("recorded_at", "更新时间", "ts", "!", "within 1 working day of the contact, see method 1"),
    ),
    checks=(
        Check(
            "T1",
            Action.ROW,
            "ended before it began or more than twelve hours later",
            "结束时间早于开始时间或超过12小时",
            (pl.col("status") == "done")
            & (
                (pl.col("ended_at") < pl.col("started_at"))
                | (pl.col("ended_at") > pl.col("started_at").dt.offset_by("12h"))
            ),
        ),
        Check(
            "T4",
            Action.WARN,
            "still planned three days after its date",
            "计划日期已过三天仍未执行",
            lambda rows, clean, delivery: rows.filter(
                pl.col("status") == "planned", pl.col("planned_on") < delivery.as_of - timedelta(days=3)
            ).select("row_number"),
        ),
    ),
)
