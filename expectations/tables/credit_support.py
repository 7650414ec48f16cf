"""credit_support 担保与押品: one guarantee, mortgage, pledge or margin, from one day on."""

import polars as pl

from expectations.model import Action, Check, Column, Table

_MOVABLE = ["inventory", "receivables", "securities"]


TABLE = Table(
    name="credit_support",
    zh="担保与押品",
    en="one guarantee, mortgage, pledge or margin, from one day on",
    grain_zh="自某日起生效的一项保证、抵押、质押或保证金",
    core=True,
    mode="append",
    dated="valid_from",
    stale_after=30,
    columns=(
        Column("support_id", "担保编号", "id", "k!", source="担保协议ID; 9.3 抵质押品"),
        Column("valid_from", "生效日期", "date", "k!", "a revaluation is a new row", "重新评估另起一条"),
        Column("client_id", "债务人", "id", "!", "clients", "客户", references="clients"),
        Column(
            "loan_id",
            "借据号",
            "id",
            "?",
            "null: secures the whole client",
            "空表示担保该客户全部债务",
            references="loans",
        ),
        Column("kind", "担保类型", "e:support_kind", "!"),
        Column("provider_id", "保证人或物主", "id", "!", "parties", "主体", references="parties"),
        Column(
            "asset_kind",
            "押品类型",
            "e:asset_kind",
            "!",
            "none for guarantees",
            "保证担保填none",
            source="T_9_3 抵质押品",
        ),
        Column("secured_amount", "担保金额", "money", "!", "> 0", "大于0", low=1),
        Column(
            "asset_value",
            "评估价值",
            "money",
            "c",
            "required unless kind = guarantee",
            "除保证担保外必填",
            when=pl.col("kind") != "guarantee",
            low=0,
        ),
        Column(
            "valued_on",
            "评估日期",
            "date",
            "c",
            "required unless kind = guarantee",
            "除保证担保外必填",
            when=pl.col("kind") != "guarantee",
        ),
        Column("status", "状态", "e:support_status", "!"),
        Column("ends_on", "到期日", "date", "?"),
    ),
    checks=(
        Check(
            "G1",
            Action.ROW,
            "guaranteed by the debtor itself",
            "保证人与债务人相同",
            (pl.col("kind") == "guarantee") & (pl.col("provider_id") == pl.col("client_id")),
        ),
        Check(
            "G2",
            Action.KEEP,
            "valued long ago",
            "评估日期过久",
            lambda rows, clean, delivery: rows.filter(
                pl.col("valued_on")
                < delivery.as_of
                - pl.when(pl.col("asset_kind").is_in(_MOVABLE))
                .then(pl.duration(days=90))
                .otherwise(pl.duration(days=365))
            ).select("row_number"),
        ),
    ),
)
