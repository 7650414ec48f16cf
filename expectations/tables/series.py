"""series 指标序列: one published or filed value of one indicator."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table
from expectations.registers import INDICATORS

_MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12}

_ONE = ["subject_kind", "subject_code", "indicator"]
_REGISTER = pl.LazyFrame(
    [(i.subject, i.name, i.unit, _MONTHS.get(i.every), i.low, i.high) for i in INDICATORS],
    schema={
        "subject_kind": pl.String, "indicator": pl.String, "unit": pl.String, "apart": pl.Int64,
        "low": pl.Float64, "high": pl.Float64,
    },
    orient="row",
)  # fmt: skip


def _unregistered(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """An indicator that is not registered for its kind of subject, or a value outside its limits."""
    named = rows.join(_REGISTER, on=["subject_kind", "indicator"], how="left")
    outside = (pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high"))
    return named.filter(pl.col("unit").is_null() | outside).select("row_number")


def _percent_slip(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Above 1.5 where the last twelve fractions not above it stay under 0.5: percent delivered as a fraction.

    Values above 1.5 are no yardstick for the next, else of a feed that changed its unit only the first were refused.
    """
    fractions = rows.join(_REGISTER.filter(pl.col("unit") == "fraction"), on=["subject_kind", "indicator"])
    ordered = fractions.sort(*_ONE, "period_end", "published_on").with_columns(size=pl.col("value").abs())
    usual = ordered.with_columns(high=pl.col("size") > 1.5)
    known = usual.filter(~pl.col("high")).select("row_number", before=pl.col("size").rolling_max(12).over(_ONE))
    judged = usual.join(known, on="row_number", how="left").sort(*_ONE, "period_end", "published_on")
    before = pl.col("before").forward_fill().over(_ONE)
    return judged.filter(pl.col("high") & (before < 0.5)).select("row_number")


def _gap(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A value whose period does not follow the one before it."""
    periods = rows.join(_REGISTER.filter(pl.col("apart").is_not_null()), on=["subject_kind", "indicator"])
    month = pl.col("period_end").dt.year() * 12 + pl.col("period_end").dt.month()
    ordered = periods.sort(*_ONE, "period_end").with_columns(month=month)
    step = pl.col("month") - pl.col("month").shift(1).over(_ONE)
    return ordered.with_columns(step=step).filter(pl.col("step") > pl.col("apart")).select("row_number")


TABLE = Table(
    name="series",
    zh="指标序列",
    en="one published or filed value of one indicator",
    grain_zh="某一指标的一个公布值或报送值",
    core=False,
    mode="append",
    recorded="published_on",
    columns=(
        Column("subject_kind", "对象类型", "e:subject_kind", "k!"),
        Column(
            "subject_code",
            "对象代码",
            "text",
            "k!",
            "CN; industry code; region code; industry@region (C26@440300); client_id; currency pair (USDCNY)",
            "CN；行业代码；地区代码；行业@地区（C26@440300）；客户编号；货币对（USDCNY）",
        ),
        Column("indicator", "指标", "text", "k!", "must be in the indicator register", "须在指标登记表内"),
        Column("period_end", "期末", "date", "k!"),
        Column(
            "published_on", "发布日期", "date", "k!", "a revision is a new row; for replay", "修订值另起一条；用于回放"
        ),
        Column(
            "value",
            "值",
            "float",
            "!",
            "ratios as fractions (0.05 = 5%), money in CNY, counts as counts",
            "比率用小数（0.05即5%），金额用人民币元，数量用个数",
        ),
    ),
    checks=(
        Check(
            "I1",
            Action.ROW,
            "not registered, or outside its limits",
            "指标未登记或数值超限",
            _unregistered,
            alone=True,
        ),
        Check("I2", Action.ROW, "looks like percent where a fraction is due", "疑似以百分数填报小数", _percent_slip),
        Check("I3", Action.WARN, "a period before it is missing", "此前有期间缺失", _gap),
    ),
)
