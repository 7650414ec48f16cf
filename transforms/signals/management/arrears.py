"""Interest or principal in arrears (MGT-48)."""

import polars as pl

from transforms.measures import value
from transforms.signal import (
    Fact,
    Signal,
    above,
    alert,
    at_least,
    fact,
    house,
    non_performing,
    red,
    watch,
)
from transforms.text import Unit

_DAYS = value("dpd", Unit.DAYS)
_LATE_EN = "{overdue_amount:money} of principal and interest is overdue, the oldest part for {value} (limit {limit})."
_LATE_ZH = "欠付本息{overdue_amount:money}，最长已逾期{value}（界限{limit}）。"
_material = fact("arrears_material")

arrears = Signal(
    id="MGT-48",
    grade="A",
    zh="开始欠付本息。",
    en="Interest or principal in arrears",
    tests=(
        watch("days", at_least(_DAYS, house(1, "the first day past due")) & _material, _LATE_EN, _LATE_ZH),
        alert("days", at_least(_DAYS, house(5, "early arrears, 5 to 30 days")) & _material, _LATE_EN, _LATE_ZH),
        red("days", at_least(_DAYS, house(30, "30 days: presumed increase in risk")) & _material, _LATE_EN, _LATE_ZH),
        non_performing(
            "days",
            Fact(pl.col("dpd_over_90"), above(_DAYS, house(90, "2023 Measures: over 90 days is substandard"))),
            _LATE_EN,
            _LATE_ZH,
        ),
        non_performing(
            "share",
            above(value("nonperforming_share", Unit.RATIO), house(0.10, "2023 Measures: the 10% obligor rule")),
            en="{nonperforming:money} of {outstanding:money} outstanding is non-performing: {value} (limit: above {limit}).",
            zh="未结清余额{outstanding:money}中不良{nonperforming:money}，占{value}（界限：超过{limit}）。",
        ),
    ),
    ask_en="Ask when and from what money the overdue amount will be paid, and call on the guarantor.",
    ask_zh="问明欠款何时、用何资金归还，并联系担保人。",
    note="All loans in force, on and off the balance sheet, written-off ones too; the oldest arrears count, 0 days on the first day. "
    "Non-performing: over 90 days past due while arrears are material, or classed substandard or worse.",
)
