"""disclosures 报表附注明细: one item from a statement's notes."""

import polars as pl

from expectations.lists import LISTS
from expectations.model import Action, Check, Clean, Column, Delivery, Table

SHARES_AT_MOST = 1.005


def _overlisted(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Largest customers or suppliers whose shares sum to more than 1.005."""
    shares = pl.col("share_pct").sum().round(9).over("party_id", "period_end", "kind", "received_on")
    return rows.filter(pl.col("kind").is_in(["top_customer", "top_supplier"]), shares > SHARES_AT_MOST).select(
        "row_number"
    )


TABLE = Table(
    name="disclosures",
    zh="报表附注明细",
    en="one item from a statement's notes",
    grain_zh="报表附注中的一个项目",
    core=False,
    mode="append",
    stale_after=456,
    recorded="received_on",
    columns=(
        Column("party_id", "主体编号", "id", "k!", references="parties"),
        Column("period_end", "报表日期", "date", "k!"),
        Column("kind", "明细类型", "e:disclosure_kind", "k!"),
        Column(
            "item",
            "项目",
            "text",
            "k!",
            "policy item code (policy_item list), or rank 1-10 of the customer or supplier, or investee or security id",
            "会计政策项目代码（policy_item），或客户、供应商名次1至10，或被投资单位、证券编号",
        ),
        Column("other_id", "对方主体", "id", "?", "parties, when known", "主体，已知时填写", references="parties"),
        Column(
            "text_value",
            "内容",
            "text",
            "c",
            "accounting_policy: the policy in force, normalised code",
            "accounting_policy：现行会计政策的规范代码",
            when=pl.col("kind") == "accounting_policy",
        ),
        Column(
            "mandated",
            "准则要求变更",
            "bool",
            "c",
            "accounting_policy: the change was forced by a new standard",
            "accounting_policy：变更由新准则强制",
            when=pl.col("kind") == "accounting_policy",
        ),
        Column(
            "share_pct",
            "占比",
            "ratio",
            "c",
            "top_customer, top_supplier: share of sales or purchases, 0 to 1",
            "top_customer、top_supplier：占销售或采购的比例，0至1",
            when=pl.col("kind").is_in(["top_customer", "top_supplier"]),
            low=0,
            high=1,
        ),
        Column(
            "cost",
            "成本",
            "money",
            "c",
            "investment kinds",
            "投资类明细",
            when=pl.col("kind").str.starts_with("investment_"),
        ),
        Column(
            "carrying",
            "账面价值",
            "money",
            "c",
            "investment kinds",
            "投资类明细",
            when=pl.col("kind").str.starts_with("investment_"),
        ),
        Column("fair_value", "公允价值", "money", "?", "investment kinds", "投资类明细"),
        Column("income", "本期收益", "money", "?", "investment kinds; loss < 0", "投资类明细；亏损为负"),
        Column("impairment", "减值准备", "money", "?", "investment kinds, >= 0", "投资类明细，不小于0", low=0),
        Column(
            "received_on",
            "收到日期",
            "date",
            "k!",
            "for replay; a restated note is a new row",
            "用于回放；更正的附注另起一条",
        ),
    ),
    checks=(
        Check(
            "D1",
            Action.ROW,
            "the accounting policy is not in its list",
            "会计政策项目不在枚举内",
            (pl.col("kind") == "accounting_policy") & ~pl.col("item").is_in(list(LISTS["policy_item"])),
        ),
        Check("D1", Action.WARN, "shares of one role sum to over 100%", "同类占比合计超过100%", _overlisted),
    ),
)
