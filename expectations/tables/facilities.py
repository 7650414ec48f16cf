"""facilities 授信额度: one credit line from one day on."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table


def _hundredfold(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A limit a hundredth or a hundred times the line's limit before."""
    before = pl.col("limit_amount").shift(1).over("facility_id")
    ratio = pl.col("limit_amount") / before
    slips = [((ratio / slip) - 1).abs().round(9) <= 0.05 for slip in (1e-2, 1e2)]
    lines = rows.sort("facility_id", "valid_from").with_columns(slip=pl.any_horizontal(slips))
    return lines.filter("slip").select("row_number")


TABLE = Table(
    name="facilities",
    zh="授信额度",
    en="one credit line from one day on",
    grain_zh="自某日起生效的一项授信额度",
    core=True,
    mode="append",
    dated="valid_from",
    stale_after=3,
    money="limit_amount",
    columns=(
        Column("facility_id", "授信编号", "id", "k!", source="F020064 授信ID, T_8_13"),
        Column("valid_from", "生效日期", "date", "k!", "a limit change is a new row", "额度变化另起一条"),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", references="clients"),
        Column("product", "授信品种", "e:credit_product", "!"),
        Column(
            "limit_amount",
            "授信额度",
            "money",
            "!",
            ">= 0; a cancelled line gets a row with 0",
            "不小于0；额度取消时报一条0",
            source="H130031 贷款授信额度",
        ),
        Column("currency", "币种", "e:currency", "!"),
        Column("revolving", "循环", "bool", "!"),
        Column("expires_on", "到期日", "date", "!", source="H130032"),
    ),
    checks=(
        Check(
            "HU2",
            Action.WARN,
            "the limit is a hundred times the one before, or a hundredth: yuan or fen?",
            "授信额度为原额度的100倍或百分之一，请核对元与分",
            _hundredfold,
        ),
        Check("F1", Action.ROW, "the limit is below zero", "授信额度小于零", pl.col("limit_amount") < 0),
        Check(
            "F1",
            Action.ROW,
            "expires before it begins",
            "到期日不晚于生效日",
            pl.col("expires_on") <= pl.col("valid_from"),
        ),
    ),
)
