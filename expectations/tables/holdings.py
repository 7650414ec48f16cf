"""holdings 产品持有: one product a client holds."""

import polars as pl

from expectations.model import Action, Check, Column, Table

TABLE = Table(
    name="holdings",
    zh="产品持有",
    en="one product a client holds",
    grain_zh="客户持有的一个产品",
    core=False,
    mode="snapshot",
    stale_after=7,
    columns=(
        Column(
            "holding_id",
            "持有编号",
            "id",
            "k!",
            "account, contract or agreement number (tokenised)",
            "账号、合同号或协议号（令牌化）",
            source="accountNo, contractNo",
        ),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", references="clients"),
        Column("product_id", "产品编号", "id", "!", "products", "产品目录", references="products"),
        Column("opened_on", "开办日期", "date", "!", source="openDate"),
        Column("closed_on", "终止日期", "date", "?", source="matureDate"),
        Column("amount", "持有金额", "money", "?", source="holdingAmount"),
        Column(
            "income_12m",
            "近12月收入",
            "money",
            "?",
            "fees or margin booked by the bank",
            "银行入账的手续费或利差",
            source="H110011 手续费总额",
        ),
        Column("last_used_on", "最近使用日期", "date", "?", source="上次动户日期 H140016"),
    ),
    checks=(
        Check(
            "J1",
            Action.ROW,
            "ends before it was opened",
            "终止日期早于开办日期",
            pl.col("closed_on") < pl.col("opened_on"),
        ),
    ),
)
