"""complaints 抱怨与投诉: one complaint and how it was handled."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

_STEPS = ["received_at", "acknowledged_at", "investigated_at", "resolved_at", "closed_at"]


def _too_early(step: int) -> pl.Expr:
    """The step's time lies before the latest one of the steps before it."""
    return pl.col(_STEPS[step]) < pl.max_horizontal(_STEPS[:step])


def _foreign_repeat(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """repeat_of names itself, a younger complaint or one of another client."""
    earlier = rows.select(repeat_of="complaint_id", first_client="client_id", first_at="received_at")
    named = rows.join(earlier, on="repeat_of")
    wrong = (pl.col("first_client") != pl.col("client_id")) | (pl.col("first_at") >= pl.col("received_at"))
    return named.filter(wrong).select("row_number")


TABLE = Table(
    name="complaints",
    zh="抱怨与投诉",
    en="one complaint and how it was handled",
    grain_zh="一次抱怨或投诉及其处理",
    core=False,
    mode="upsert",
    stale_after=1,
    columns=(
        Column("complaint_id", "编号", "id", "k!"),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", references="clients"),
        Column("contact_id", "投诉人", "id", "?p", "parties", "主体", references="parties"),
        Column("handler_id", "受理人", "id", "!", "staff", "员工", references="staff"),
        Column("about_staff_id", "被投诉员工", "id", "?p", "staff", "员工", references="staff"),
        Column("received_at", "受理时间", "ts", "!", source="投诉时间"),
        Column("channel", "渠道", "e:complaint_channel", "!", source="JR/T 0169 class A"),
        Column("target", "对象", "e:complaint_target", "!"),
        Column("category", "原因", "e:complaint_category", "!", source="JR/T 0169 class C"),
        Column("product", "涉及产品", "e:holding_family", "?", source="JR/T 0169 class B"),
        Column(
            "severity",
            "等级",
            "e:severity",
            "!",
            "1 ordinary, 2 complex, 3 major",
            "1普通，2复杂，3重大",
            source="普通/复杂/重大",
        ),
        Column(
            "content",
            "抱怨内容",
            "text",
            "!s",
            "at most 2,000 characters; internal reports only",
            "最长2000字；仅用于内部报告",
            source="投诉内容",
            length=2000,
        ),
        Column("demand", "客户要求", "text", "?s", source="客户要求", length=2000),
        Column(
            "volunteered",
            "主动发现",
            "bool",
            "!",
            "drawn out by the RM before the client complained formally",
            "客户正式投诉前由客户经理主动发现",
        ),
        Column("acknowledged_at", "首次回应时间", "ts", "?"),
        Column("apology_given", "已致歉", "bool", "?"),
        Column(
            "restated",
            "复述并经客户确认",
            "bool",
            "?",
            "the problem was repeated back and confirmed",
            "已复述问题并经客户确认",
        ),
        Column("investigated_at", "调查完成时间", "ts", "?"),
        Column("facts", "事实", "text", "?s", source="调查分析", length=2000),
        Column("fault", "责任认定", "e:fault", "!"),
        Column(
            "fault_decided_at",
            "认定时间",
            "ts",
            "c",
            "required unless undecided",
            "除undecided外必填",
            when=pl.col("fault") != "undecided",
        ),
        Column("consulted", "方案征求客户意见", "bool", "?"),
        Column("resolved_at", "解决时间", "ts", "?"),
        Column("closed_at", "结案时间", "ts", "?"),
        Column("outcome", "处理结果", "e:complaint_outcome", "!", source="处理结果"),
        Column("client_score", "客户对处理的满意度", "score5", "?", source="结果反馈"),
        Column("compensation", "补偿金额", "money", "?", source="赔偿", low=0),
        Column("root_cause", "根本原因", "e:root_cause", "?"),
        Column("corrective", "改进措施", "text", "?", "at most 500 characters", "最长500字", source="改善对策"),
        Column("extension_approved_by", "延期批准人", "id", "?", "staff", "员工", references="staff"),
        Column("repeat_of", "重复投诉自", "id", "?", "complaints", "抱怨与投诉", references="complaints"),
        Column("thanked_on", "致谢日期", "date", "?", "those who helped were thanked", "已向相助者致谢"),
        Column("risk_told_on", "报风险部门日期", "date", "?", "rule 15", "投诉规则第15条"),
    ),
    checks=(
        *(
            Check(
                "O1",
                Action.WARN,
                f"{name} lies before an earlier step and is left out",
                f"{name}早于前一步骤，已置空",
                _too_early(step),
                becomes={name: pl.lit(None, pl.Datetime("ms"))},
            )
            for step, name in enumerate(_STEPS)
            if step
        ),
        Check(
            "O2",
            Action.WARN,
            "repeat_of is not an older complaint of this client and is left out",
            "重复投诉来源有误，已置空",
            _foreign_repeat,
            becomes={"repeat_of": pl.lit(None, pl.String)},
        ),
        Check(
            "O3",
            Action.KEEP,
            "closed without outcome, root cause or corrective action",
            "已结案但缺结果、原因或改进措施",
            pl.col("closed_at").is_not_null()
            & ((pl.col("outcome") == "open") | pl.col("root_cause").is_null() | pl.col("corrective").is_null()),
        ),
    ),
)
