"""events 事件: one dated fact of a typed kind."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table
from expectations.registers import EVENT_KINDS, SIGNALS


def demanded(column: str) -> pl.Expr:
    """The kind's register demands the column."""
    kinds = [name for name, kind in EVENT_KINDS.items() if column in kind.required]
    of_party = [name for name, kind in EVENT_KINDS.items() if kind.of_party and column == "party_id"]
    return pl.col("kind").is_in(kinds + of_party)


def _unlisted() -> pl.Expr:
    """A subtype or a flag that is not in the kind's list."""
    kind = pl.col("kind")
    subtypes = {name: list(one.subtypes) for name, one in EVENT_KINDS.items()}
    wrong = [(kind == name) & ~pl.col("subtype").is_in(listed) for name, listed in subtypes.items()]
    flags = pl.col("flags").list
    wrong += [
        (kind == name) & (flags.eval(~pl.element().is_in(list(one.flags) or [""])).list.any())
        for name, one in EVENT_KINDS.items()
    ]
    return pl.any_horizontal(wrong)


def _unobserved(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """An observation of no signal, by nobody at work that day, or valid for more than a year."""
    seen = rows.filter(pl.col("kind") == "observation")
    staff = clean["staff"].select(reported_by="staff_id", came_on="start_on", left_on="end_on")
    told = seen.join(staff, on="reported_by", how="left")
    happened = pl.col("happened_on")
    away = pl.col("came_on").is_null() | (happened < pl.col("came_on")) | (pl.col("left_on") < happened)
    long = (pl.col("ends_on") - pl.col("happened_on")).dt.total_days() > 365
    return told.filter(~pl.col("signal_id").is_in(SIGNALS) | away | long).select("row_number")


def _unapproved(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A signal cleared by the reporter himself, or by someone who is no risk officer."""
    cleared = rows.filter(pl.col("kind") == "signal_action", pl.col("subtype") == "clear")
    roles = clean["staff"].select(approved_by="staff_id", approver="role")
    told = cleared.join(roles, on="approved_by", how="left")
    wrong = (pl.col("approver") != "risk_officer").fill_null(value=True) | (
        pl.col("approved_by") == pl.col("reported_by")
    )
    return told.filter(wrong).select("row_number")


TABLE = Table(
    name="events",
    zh="事件",
    en="one dated fact of a typed kind",
    grain_zh="一项有类型、有日期的事实",
    core=False,
    mode="upsert",
    recorded="recorded_on",
    columns=(
        Column("event_id", "事件编号", "id", "k!"),
        Column("kind", "事件类型", "e:event_kind", "!", "15 kinds", "15类"),
        Column(
            "subtype",
            "子类",
            "text",
            "!",
            "must be in the kind's list",
            "须在该类的取值表内",
            source="关注事件代码 B010050 can be mapped here",
        ),
        Column(
            "party_id",
            "主体",
            "id",
            "c",
            "parties; who it is about",
            "主体；事件所涉的主体",
            references="parties",
            when=demanded("party_id"),
        ),
        Column("other_id", "对方主体", "id", "?", "parties", "主体", references="parties"),
        Column(
            "industry_code",
            "行业",
            "text",
            "c",
            "events about a sector; prefix match",
            "行业事件；按代码前缀匹配",
            judged_by="V2",
        ),
        Column("region_code", "地区", "text", "c", "events about a region", "地区事件", judged_by="V2"),
        Column("happened_on", "发生日期", "date", "!"),
        Column(
            "due_on",
            "应至日期",
            "date",
            "c",
            "takes effect, planned end, reply due (by kind)",
            "生效、计划完成或应答日（依类型）",
            when=demanded("due_on"),
        ),
        Column(
            "ends_on",
            "结束日期",
            "date",
            "c",
            "lifted, restarted, receipt, forecast end, valid until (by kind)",
            "解除、复产、回执、预计完成或有效期（依类型）",
            when=demanded("ends_on"),
        ),
        Column("recorded_on", "入库日期", "date", "!", "for replay", "用于回放"),
        Column("amount", "金额", "money", "c", "CNY, fen", "人民币，分", when=demanded("amount")),
        Column(
            "ref_amount",
            "参照金额",
            "money",
            "c",
            "fair value, budget; CNY, fen",
            "公允价值或预算；人民币，分",
            when=demanded("ref_amount"),
        ),
        Column("severity", "严重程度", "e:severity", "c", when=demanded("severity")),
        Column("confirmed", "已核实", "bool", "!", "by a second source or a human", "经第二来源或人工核实"),
        Column(
            "signal_id",
            "信号编号",
            "text",
            "c",
            "observation, signal_action: EXT-01 ... REL-13",
            "observation与signal_action：EXT-01……REL-13",
            when=demanded("signal_id"),
        ),
        Column("reported_by", "报告人", "id", "c", "staff", "员工", references="staff", when=demanded("reported_by")),
        Column(
            "approved_by",
            "批准人",
            "id",
            "c",
            "staff; signal_action clear",
            "员工；signal_action为clear时",
            references="staff",
            when=(pl.col("kind") == "signal_action") & (pl.col("subtype") == "clear"),
        ),
        Column("source_class", "来源类别", "e:source_class", "!"),
        Column(
            "source_ref",
            "来源编号",
            "text",
            "c",
            "publisher and item, case number, loan id, project id",
            "发布方与条目号、案号、借据号、项目号",
            when=demanded("source_ref"),
        ),
        Column("flags", "标记", "list:text", "?", "must be in the kind's list", "须在该类的取值表内"),
    ),
    checks=(
        Check("V1", Action.ROW, "subtype or flag is not in the kind's list", "子类或标记不在该类取值表内", _unlisted()),
        Check(
            "V1",
            Action.ROW,
            "the kind demands the other party",
            "该类事件须填对方主体",
            demanded("other_id") & pl.col("other_id").is_null(),
        ),
        Check(
            "V2",
            Action.ROW,
            "no subject: party, industry or region",
            "缺事件对象（主体、行业或地区）",
            (pl.col("kind") != "policy")
            & pl.all_horizontal(pl.col(name).is_null() for name in ("party_id", "industry_code", "region_code")),
        ),
        Check(
            "V3",
            Action.ROW,
            "recorded before it happened",
            "入库日期早于发生日期",
            (pl.col("kind") != "policy") & (pl.col("recorded_on") < pl.col("happened_on")),
        ),
        Check(
            "V4",
            Action.ROW,
            "an observation that cannot stand",
            "观察记录无效",
            _unobserved,
            needs=("staff",),
            alone=True,
        ),
        Check(
            "V5",
            Action.ROW,
            "cleared without a risk officer's approval",
            "解除信号未经风险经理批准",
            _unapproved,
            needs=("staff",),
            alone=True,
        ),
    ),
)
