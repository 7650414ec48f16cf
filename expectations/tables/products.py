"""products 产品目录: one product the bank sells to companies."""

import polars as pl

from expectations import fits
from expectations.model import Action, Breach, Clean, Column, Delivery, Table, TableCheck


def _unfit(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """E1: a condition that cannot be reckoned: it does not parse, names an unknown feature, or compares unlike things."""
    for product, text in rows.filter(pl.col("fits").is_not_null()).select("product_id", "fits").collect().rows():
        try:
            fits.parse(text)
        except fits.FitsError as error:
            told = f"has a condition that cannot be used: {product} {error}"
            return Breach(1, told, f"产品{product}的适用条件有误：{error.zh}")
    return None


TABLE = Table(
    name="products",
    zh="产品目录",
    en="one product the bank sells to companies",
    grain_zh="本行面向公司客户的一个产品",
    core=False,
    mode="snapshot",
    columns=(
        Column("product_id", "产品编号", "id", "k!", source="产品ID"),
        Column("name_zh", "产品名称", "text", "!"),
        Column("family", "产品族", "e:holding_family", "!"),
        Column("launched_on", "推出日期", "date", "!"),
        Column("withdrawn_on", "停售日期", "date", "?"),
        Column("min_tier", "适用级别", "e:tier", "?", "null = all tiers", "空表示适用于所有级别"),
        Column(
            "fits",
            "适用条件",
            "text",
            "?",
            "one expression over the client's features, checked at load (section 8.2)",
            "对客户特征的一个表达式，载入时校验（8.2节）",
        ),
    ),
    checks=(),
    table_checks=(
        TableCheck(
            "E1",
            Action.STOP,
            "a condition that does not parse or names an unknown feature",
            "适用条件无法解析或含未知特征",
            _unfit,
        ),
    ),
)
