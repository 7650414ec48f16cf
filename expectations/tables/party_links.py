"""party_links 主体关系: one dated, typed tie from one party to another."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

SHARES_AT_MOST = 1.005
CONTROL_DEPTH = 10


def _active(delivery: Delivery) -> pl.Expr:
    """In force at T."""
    return pl.col("end_on").is_null() | (pl.col("end_on") > delivery.as_of)


def _overheld(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Shareholdings of a company whose active ones sum to more than 1.005."""
    shares = rows.filter(pl.col("relation") == "shareholder_of", _active(delivery))
    return shares.filter(pl.col("share_pct").sum().round(9).over("to_id") > SHARES_AT_MOST).select("row_number")


def _not_a_person(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """An office or a contact that is not a person's, nor the bank's own contact party's."""
    held = rows.filter(pl.col("relation").is_in(["legal_rep_of", "director_of", "contact_of"]))
    kinds = clean["parties"].select(from_id="party_id", party_kind="kind")
    return held.join(kinds, on="from_id").filter(~pl.col("party_kind").is_in(["person", "bank"])).select("row_number")


def _circular(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Control that comes back to itself within ten ties."""
    ties = rows.filter(pl.col("relation") == "controller_of", _active(delivery)).select(
        "row_number", "from_id", "to_id"
    )
    step = ties.select(to_id="from_id", reached="to_id").unique().collect()
    paths, found = ties.collect(), []
    for _ in range(CONTROL_DEPTH):
        found.append(paths.filter(pl.col("from_id") == pl.col("to_id")).select("row_number"))
        onward = paths.filter(pl.col("from_id") != pl.col("to_id")).join(step, on="to_id")
        paths = onward.select("row_number", "from_id", to_id="reached").unique()
    return pl.concat(found).lazy()


TABLE = Table(
    name="party_links",
    zh="主体关系",
    en="one dated, typed tie from one party to another",
    grain_zh="一方对另一方的一种有起止日期的关系",
    core=False,
    mode="upsert",
    stale_after=30,
    recorded="recorded_on",
    columns=(
        Column(
            "link_id",
            "关系编号",
            "id",
            "k!",
            "a change of role, stance or share ends the old row and starts a new one",
            "角色、态度或份额变化时，旧记录终止，另起新记录",
            source="C010001, C020001 关系ID",
        ),
        Column(
            "from_id",
            "主体",
            "id",
            "!",
            "parties; the person, shareholder, adviser, supplier, or (banks_with) the client",
            "主体；自然人、股东、中介、供应商，或（banks_with）客户本身",
            references="parties",
        ),
        Column(
            "to_id",
            "关系方",
            "id",
            "!",
            "parties; the company, or (banks_with) the other bank; not equal to from_id",
            "主体；公司，或（banks_with）他行；不得与from_id相同",
            references="parties",
        ),
        Column(
            "relation",
            "关系类型",
            "e:relation",
            "!",
            "read as: from_id IS relation to_id",
            "读作：from_id是to_id的某种关系方",
            source="C010015, C020009 关系类型",
        ),
        Column(
            "share_pct",
            "持股或份额",
            "ratio",
            "?",
            "0 to 1; shareholding, or wallet share for banks_with",
            "0至1；持股比例，banks_with时为业务份额",
            source="C010012 企业股东持股比例",
            low=0,
            high=1,
        ),
        Column("function", "职能", "e:function", "?", "people at a company", "公司内人员的职能", source="RM"),
        Column(
            "decision_role",
            "决策角色",
            "e:decision_role",
            "?",
            "promoter = 客户内部起主要推动力的关系人 (table 11-6)",
            "promoter即客户内部起主要推动力的关系人（表11-6）",
            source="RM",
        ),
        Column(
            "stance",
            "态度",
            "e:stance",
            "?p",
            "towards our bank; RM's judgement",
            "对本行的态度；客户经理判断",
            source="RM",
        ),
        Column(
            "closeness",
            "亲疏",
            "score5",
            "?p",
            "1 slight to 5 close; social ties only",
            "1疏远至5亲密；仅社会关系",
            source="RM",
        ),
        Column(
            "products",
            "往来产品",
            "list:e:holding_family",
            "?",
            "banks_with only: what the client uses there",
            "仅banks_with：客户在他行使用的产品",
            source="RM",
        ),
        Column("start_on", "开始日期", "date", "?"),
        Column(
            "end_on",
            "结束日期",
            "date",
            "?",
            "not before start_on; null = active",
            "不早于start_on；空表示仍有效",
            source="C010016/C020013",
        ),
        Column(
            "recorded_on",
            "登记日期",
            "date",
            "!",
            "for replay: known to us from this day",
            "用于回放：自该日起为我行所知",
        ),
        Column("source_class", "来源", "e:source_class", "!"),
    ),
    checks=(
        Check("L1", Action.ROW, "ties a party to itself", "关系双方为同一主体", pl.col("from_id") == pl.col("to_id")),
        Check("L1", Action.ROW, "ends before it starts", "结束日期早于开始日期", pl.col("end_on") < pl.col("start_on")),
        Check(
            "L2", Action.WARN, "shareholdings of the company sum to over 100%", "该公司持股比例合计超过100%", _overheld
        ),
        Check(
            "L3",
            Action.WARN,
            "an office or contact that is no person",
            "任职或联系人不是自然人",
            _not_a_person,
            needs=("parties",),
        ),
        Check(
            "L4",
            Action.WARN,
            "control runs in a circle; the tie counts as ended",
            "控制关系循环，该关系视为已终止",
            _circular,
            becomes={"end_on": pl.col("recorded_on")},
        ),
    ),
)
