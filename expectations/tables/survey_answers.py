"""survey_answers 满意度: one answer to one item."""

import polars as pl

from expectations.model import Action, Check, Column, Table

RM_ITEMS = [
    "overall", "listens", "respects", "understands_our_business", "keeps_promises", "responsiveness",
    "professional_skill", "proactive_contact",
]  # fmt: skip
BANK_ITEMS = [
    "overall", "product_range", "pricing", "efficiency", "ebanking", "credit_speed", "complaint_handling", "responsiveness",
]  # fmt: skip


TABLE = Table(
    name="survey_answers",
    zh="满意度",
    en="one answer to one item",
    grain_zh="对一个项目的一次评价",
    core=False,
    mode="append",
    dated="answered_on",
    stale_after=400,
    columns=(
        Column("answer_id", "编号", "id", "k!"),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", references="clients"),
        Column("contact_id", "答复人", "id", "?p", "parties", "主体", references="parties"),
        Column(
            "staff_id",
            "被评客户经理",
            "id",
            "c",
            "required when subject = rm",
            "对象为rm时必填",
            references="staff",
            when=pl.col("subject") == "rm",
        ),
        Column(
            "subject",
            "对象",
            "e:survey_subject",
            "!",
            "satisfaction with the RM, or with the bank's business",
            "对客户经理或对本行业务的满意度",
        ),
        Column("item", "项目", "e:survey_item", "!"),
        Column("expected", "期望", "score5", "?", "what the client expected, 1 to 5", "客户的期望，1至5"),
        Column(
            "score",
            "得分",
            "score5",
            "!",
            "what the client got: 5 非常满意 to 1 很不满意",
            "客户的感受：5非常满意至1很不满意",
        ),
        Column("why", "原因", "text", "?s", "at most 500 characters", "最长500字"),
        Column("asked_by", "询问方式", "e:interaction_channel", "!"),
        Column("answered_on", "日期", "date", "!"),
    ),
    checks=(
        Check(
            "W1",
            Action.ROW,
            "the item is not one of its subject",
            "评价项目与对象不符",
            ((pl.col("subject") == "rm") & ~pl.col("item").is_in(RM_ITEMS))
            | ((pl.col("subject") == "bank") & ~pl.col("item").is_in(BANK_ITEMS)),
        ),
    ),
)
