"""interactions 客户接触: one planned or held contact between the bank and a client."""

from datetime import timedelta

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

IN_PERSON = ["visit", "site_inspection", "bank_visit", "banquet", "event"]
LOG_WORKDAYS, FLAT_LEAST = 5, 20


def _overlapping(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A done visit that begins before an earlier one of the same RM has ended."""
    visits = rows.filter(pl.col("status") == "done", pl.col("channel").is_in(IN_PERSON)).sort("staff_id", "started_at")
    ended = pl.col("ended_at").cum_max().forward_fill().shift(1).over("staff_id")
    return visits.with_columns(ended=ended).filter(pl.col("started_at") < pl.col("ended")).select("row_number")


def _logged_late(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Recorded more than five working days after it began."""
    workdays = clean["calendar"].sort("date").select("date", day=pl.col("is_workday").cum_sum().cast(pl.Int64))

    def number(column: str) -> pl.LazyFrame:
        dated = rows.filter(pl.col("status") == "done").select("row_number", date=pl.col(column).cast(pl.Date))
        return dated.join(workdays, on="date").select("row_number", pl.col("day").alias(column))

    both = number("started_at").join(number("recorded_at"), on="row_number")
    return both.filter(pl.col("recorded_at") - pl.col("started_at") > LOG_WORKDAYS).select("row_number")


def _flat(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Rows of an RM all of whose twenty and more warmth scores are one value."""
    scores = pl.col("warmth").drop_nulls()
    flat = (scores.len().over("staff_id") >= FLAT_LEAST) & (scores.n_unique().over("staff_id") == 1)
    return rows.filter(pl.col("warmth").is_not_null()).filter(flat).select("row_number")


def _generous(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A gift above the bank's limit (policy)."""
    limit = pl.lit(delivery.gift_limit, pl.Int64)
    return rows.filter(pl.col("gift_value") > limit).select("row_number")


TABLE = Table(
    name="interactions",
    zh="客户接触",
    en="one planned or held contact between the bank and a client",
    grain_zh="银行与客户的一次计划或已发生的接触",
    core=False,
    mode="upsert",
    stale_after=3,
    recorded="recorded_at",
    columns=(
        Column("interaction_id", "接触编号", "id", "k!", source="CRM"),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", references="clients"),
        Column("staff_id", "客户经理", "id", "!", "staff", "员工", references="staff"),
        Column("contact_id", "主要接触人", "id", "?p", "parties; person met", "主体；所见的人", references="parties"),
        Column("other_contacts", "其他接触人", "list:id", "?p", "parties", "主体"),
        Column("created_at", "登记时间", "ts", "!", "plan quality is judged from this", "据此评价计划质量"),
        Column(
            "planned_on",
            "计划日期",
            "date",
            "c",
            "required for status planned",
            "状态为planned时必填",
            source="拜访计划",
            when=pl.col("status") == "planned",
        ),
        Column("planned_minutes", "计划时长", "int", "?", "5 to 1,440", "5至1440分钟", low=5, high=1440),
        Column(
            "purpose",
            "目的",
            "e:interaction_purpose",
            "?",
            "null = no purpose written down (self-check 6)",
            "空表示未写明目的（自查第6项）",
            source="回访目的 1初次拜访 2完善资料 3营销产品 4解决疑问 5维系关系 6其他",
        ),
        Column(
            "goal",
            "目标",
            "text",
            "?",
            "what the RM wants to achieve",
            "客户经理想达到的效果",
            source="准备取得什么效果",
        ),
        Column(
            "started_at",
            "开始时间",
            "ts",
            "c",
            "required for status done",
            "状态为done时必填",
            source="回访日期",
            when=pl.col("status") == "done",
        ),
        Column(
            "ended_at",
            "结束时间",
            "ts",
            "?",
            "not before started_at, at most 12 h later",
            "不早于开始时间，至多晚12小时",
        ),
        Column("channel", "方式", "e:interaction_channel", "!", source="回访方式 1上门 2电话 3约谈 4其他"),
        Column("initiator", "发起方", "e:side", "!"),
        Column("status", "状态", "e:interaction_status", "!"),
        Column(
            "changed_by",
            "变更方",
            "e:side",
            "c",
            "required for cancelled, no_show, rescheduled",
            "cancelled、no_show、rescheduled时必填",
            when=pl.col("status").is_in(["cancelled", "no_show", "rescheduled"]),
        ),
        Column(
            "notice_given",
            "事先通知",
            "bool",
            "c",
            "as above",
            "同上",
            when=pl.col("status").is_in(["cancelled", "no_show", "rescheduled"]),
        ),
        Column(
            "apology_given",
            "说明致歉",
            "bool",
            "c",
            "as above, when changed_by = bank",
            "同上，且变更方为bank时",
            when=pl.col("status").is_in(["cancelled", "no_show", "rescheduled"]) & (pl.col("changed_by") == "bank"),
        ),
        Column(
            "two_way",
            "双向沟通",
            "bool",
            "c",
            "required for done: the client answered",
            "done时必填：客户有回应",
            when=pl.col("status") == "done",
        ),
        Column("reply", "回复", "e:reply", "?"),
        Column(
            "warmth",
            "热情度",
            "score5",
            "?p",
            "1 cold to 5 warm, RM's judgement on the day",
            "1冷淡至5热情，客户经理当日判断",
        ),
        Column(
            "outcome",
            "结果",
            "e:outcome",
            "c",
            "required for done",
            "done时必填",
            source="营销业务成果 1现场办理 2预约 3继续跟进 4不感兴趣 5其他",
            when=pl.col("status") == "done",
        ),
        Column("goal_met", "达成目标", "bool", "?"),
        Column("products", "涉及产品", "list:e:holding_family", "?", source="本次营销业务"),
        Column("senior_bank", "我行高层参加", "bool", "!", "branch head or above", "支行行长及以上"),
        Column("senior_client", "客户高层参加", "bool", "!"),
        Column(
            "decision_maker",
            "决策人参加",
            "bool",
            "?",
            "null: derived from contact's decision_role",
            "空则由接触人的决策角色推定",
        ),
        Column("satisfaction_asked", "询问满意度", "bool", "?"),
        Column("criticism", "指出客户缺点", "bool", "?", "REL-04", "REL-04"),
        Column("next_on", "下次约定日期", "date", "?", source="下次回访日期"),
        Column("gift_value", "礼品价值", "money", "?", source="礼品价值", low=0),
        Column(
            "recorded_at",
            "更新时间",
            "ts",
            "!",
            "within 1 working day of the contact, see method 1",
            "接触后1个工作日内登记，见方法1",
        ),
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
        Check("T2", Action.WARN, "overlaps another visit of the RM", "与该客户经理的另一次拜访时间重叠", _overlapping),
        Check(
            "T3",
            Action.WARN,
            "recorded over five working days late",
            "登记晚于接触5个工作日以上",
            _logged_late,
            needs=("calendar",),
        ),
        Check(
            "T5", Action.WARN, "one warmth score for all of the RM's contacts", "该客户经理的热情度评分全部相同", _flat
        ),
        Check("T6", Action.WARN, "the gift is above the bank's limit", "礼品价值超过本行限额", _generous),
    ),
)
