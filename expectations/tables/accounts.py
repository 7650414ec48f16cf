"""accounts 存款账户: one deposit account."""

import polars as pl

from expectations.model import Action, Check, Column, Table

TABLE = Table(
    name="accounts",
    zh="存款账户",
    en="one deposit account",
    grain_zh="一个存款账户",
    core=True,
    mode="snapshot",
    stale_after=3,
    columns=(
        Column(
            "account_id",
            "账号",
            "id",
            "k!",
            "tokenised account number",
            "令牌化的账号",
            source="分户账号 (T_8_14, EAST 405)",
        ),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", references="clients"),
        Column("kind", "账户种类", "e:account_kind", "!"),
        Column("is_basic", "基本户", "bool", "!"),
        Column("currency", "币种", "e:currency", "!"),
        Column("opened_on", "开户日期", "date", "!", source="H140011"),
        Column("closed_on", "销户日期", "date", "?", source="H140012"),
        Column("matures_on", "到期日", "date", "?", "time deposits", "定期存款"),
        Column("status", "账户状态", "e:account_status", "!", source="H140014"),
    ),
    checks=(
        Check(
            "U1",
            Action.ROW,
            "closed before it was opened",
            "销户日期早于开户日期",
            pl.col("closed_on") < pl.col("opened_on"),
        ),
        Check(
            "U1",
            Action.WARN,
            "status and closing date do not agree",
            "账户状态与销户日期不一致",
            (pl.col("status") == "closed") != pl.col("closed_on").is_not_null(),
        ),
        Check(
            "U3",
            Action.WARN,
            "a second basic account of the client is open",
            "该客户有多个基本户",
            lambda rows, clean, delivery: (
                rows.filter("is_basic", pl.col("closed_on").is_null())
                .filter(pl.len().over("client_id") > 1)
                .select("row_number")
            ),
        ),
    ),
)
