"""Does the plant run, and do its products hold (MGT-01, MGT-03, MGT-13, MGT-15, MGT-21)."""

import polars as pl

from transforms.measures import commercial, declined, difference, ratio, value
from transforms.signal import (
    Fact,
    Measure,
    Signal,
    Test,
    alert,
    answered,
    at_least,
    at_most,
    fact,
    house,
    red,
    seed,
    watch,
)
from transforms.text import Unit


def _unless(planned_stop: str) -> Fact:
    """No planned stop is known: stops that are not delivered excuse nothing, or core feeds alone would never do."""
    return Fact(~pl.col(planned_stop).fill_null(value=False))


_no_planned_stop = _unless("output_planned_stop")
_output_share = Measure(ratio("output_units", "output_median_12"), Unit.RATIO)
_running_share = Measure(ratio("running_60", "running_60_median"), Unit.RATIO)

production_stopped = Signal(
    id="MGT-01",
    grade="A",
    zh="出现停产、半停产或经营停滞状态。",
    en="Production stopped, half-stopped or stagnant",
    applies=commercial(),
    tests=(
        alert(
            "output",
            at_most(_output_share, house(0.5, "half of the usual output")) & _no_planned_stop,
            en="Output of {output_units_on:month} was {output_units:count}, {value} of the median of the twelve months before "
            "({output_median_12:count}; limit {limit}), and no planned stop is on record.",
            zh="{output_units_on:month}产量{output_units:count}，为此前十二个月中位数{output_median_12:count}的{value}"
            "（界限{limit}），且无计划停产记录。",
        ),
        alert(
            "payments",
            at_most(_running_share, house(0.3, "a plant that runs pays more than that"))
            & _unless("outflow_planned_stop"),
            en="Utilities, raw material and payroll of the last 60 days come to {running_60:money}, {value} of the usual "
            "{running_60_median:money} (limit {limit}).",
            zh="近60天水电、原材料和工资支出{running_60:money}，为通常水平{running_60_median:money}的{value}（界限{limit}）。",
            kind="proxy",
        ),
        red(
            "output",
            at_most(value("output_units", Unit.COUNT), house(0, "nothing was produced")) & _no_planned_stop,
            en="Nothing was produced in {output_units_on:month} (output {value}), and no planned stop is on record.",
            zh="{output_units_on:month}产量为{value}，且无计划停产记录。",
        ),
        *answered("MGT-01", levels=("W", "A", "R"), named={"stopped": "R", "partial": "A", "stagnant": "W"}),
    ),
    ask_en="Visit the plant: which lines run, since when the others stand, and when and with what orders they start again.",
    ask_zh="到厂查看：哪些生产线在运转，其余何时停下，何时、凭什么订单恢复生产。",
    note="Last month is the newest month filed, the last full one or the one before. A planned stop (maintenance, season, "
    "holidays) on any day of that month, or of the 60 days, excuses it; stops that "
    "are not delivered excuse nothing. Without such payments before, their fall is unknown.",
)

_KEY_FIGURES = tuple(
    f"{name}_worse" for name in ("opin", "output", "orders", "margin", "dso", "dio", "adb", "headcount")
)
LEAST_KNOWN = 4  # key figures that must be known
_known = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int64) for name in _KEY_FIGURES])
_worse = pl.sum_horizontal([pl.col(name).fill_null(False).cast(pl.Int64) for name in _KEY_FIGURES])
_worsened = Measure(pl.when(_known >= LEAST_KNOWN).then(_worse), Unit.COUNT)
_FIGURES_EN = (
    "{value} of eight key figures (inflow, output, orders, gross margin, days of receivables, days of inventory, average "
    "balance, headcount) went the wrong way for six months (limit {limit})."
)
_FIGURES_ZH = (
    "回款、产量、订单、毛利率、应收账款周转天数、存货周转天数、日均余额、员工人数八项指标中，"
    "有{value}项连续六个月呈不利走势（界限{limit}）。"
)

adverse_trend = Signal(
    id="MGT-03",
    grade="B",
    zh="主要业务数据呈现出不良的变动趋势。",
    en="Adverse trend in key operating data",
    tests=(
        watch("figures", at_least(_worsened, house(3, "three key figures agree")), _FIGURES_EN, _FIGURES_ZH),
        alert("figures", at_least(_worsened, house(5, "most of the eight")), _FIGURES_EN, _FIGURES_ZH),
    ),
    ask_en="Go through the figures that worsened with the client: what is behind each, and which of them will turn when.",
    ask_zh="与客户逐项核对走弱的指标：各自的原因是什么，哪些会好转、何时好转。",
    note="A key figure counts when Kendall's tau-a of six monthly points is at least 0.6 the wrong way and it moved 10% or more "
    "of its first point. Figures without six monthly points are not counted; with fewer than four there is no data. Gross "
    "margin (year to date), DSO and DIO need statements filed every month, the newest of the last full month or the one "
    "before. Counted with the grade B rows.",
)

_PURCHASES = {
    "raw_material": ("Payments for raw material", "原材料采购支出"),
    "suppliers": ("Payments to the ten largest suppliers of the year before", "对上年前十大供应商的付款"),
    "filed_purchases": ("Purchases of raw material by the client's own return", "客户报送的原材料采购额"),
}


def _decline(name: str, level: str) -> Test:
    en, zh = _PURCHASES[name]
    return Test(
        level,
        name,
        declined(name, level),
        en=f"{en}: the last three months stand at {{value}} of the mean of the twelve months before (limit {{limit}}).",
        zh=f"{zh}近三个月月均为此前十二个月月均的{{value}}（界限{{limit}}）。",
    )


def _shifted_to_bills() -> pl.Expr:
    """Whether notes payable rose on the year before by what the payments that declined lack."""
    lacking = [pl.when(declined(name, "W").expr).then(f"{name}_missing") for name in ("raw_material", "suppliers")]
    risen = pl.col("notes_payable") - pl.col("notes_payable_year_ago")
    return (risen >= pl.max_horizontal(lacking)).fill_null(False)


falling_purchases = Signal(
    id="MGT-13",
    grade="A",
    zh="原材料采购量下降。",
    en="Falling raw-material purchases",
    applies=commercial() & ~_shifted_to_bills(),
    tests=tuple(_decline(name, level) for level in ("W", "A", "R") for name in _PURCHASES),
    ask_en="Ask whether less is produced, stock is being used up, or suppliers are now paid elsewhere or later.",
    ask_zh="询问是减产、消耗库存，还是改由他行付款或推迟支付供应商货款。",
    note="Suppliers are counterparties paid for raw material, equipment, utilities, logistics or rent. Not applicable when "
    "payments declined and notes payable rose on the year before by at least what three months of them lack. The return's "
    "windows end at the newest month filed, at most two months earlier.",
)

_PAID = house(4, "a regular payer of both", "payments_before")

plant_stopped = Signal(
    id="MGT-15",
    grade="A",
    zh="工厂因不正常原因停产1个月。",
    en="Plant stopped for one month for abnormal reasons",
    applies=commercial(),
    tests=(
        alert(
            "idle",
            at_most(value("utility_45", Unit.COUNT), house(0, "no payment", "utility"))
            & at_most(value("raw_material_45", Unit.COUNT), house(0, "no payment", "raw_material"))
            & at_least(value("utility_before", Unit.COUNT), _PAID)
            & at_least(value("raw_material_before", Unit.COUNT), _PAID),
            en="Neither utilities nor raw material were paid for 45 days; in the six months before they were paid "
            "{utility_before:count} and {raw_material_before:count} times.",
            zh="已有45天未支付水电费和原材料款，此前六个月分别支付{utility_before:count}次和{raw_material_before:count}次。",
            kind="proxy",
        ),
        red(
            "stopped",
            at_least(value("stopped_days", Unit.DAYS), seed(30)) & fact("stops_reported"),
            en="The plant stood still for {value} in consecutive months, not for maintenance, the season or holidays "
            "(limit {limit}).",
            zh="工厂连续停产{value}，并非检修、季节性或节假日停产（界限{limit}）。",
        ),
    ),
    clear_any=("idle", "stopped"),  # the row's own sentence: a return or a recorded stop suffices, no core feeds
    ask_en="Visit the plant and ask why it stands, who decided it, and what has to happen before it starts again.",
    ask_zh="到厂查看并问明停产原因、由谁决定、复产须满足哪些条件。",
    note="Days are those of recorded stops of the last 365 days; for a month without one, those the return gives, unless no "
    "shutdowns are delivered at all: their reason is then unknown. One month is 30 days. The 45 days end at T, the six months "
    "on the day before they begin.",
)

_RETURNS_EN = (
    "{return_rate:ratio} of the goods came back in {return_rate_on:month} ({return_rate_year_ago:ratio} a year ago): "
)
_RETURNS_ZH = "{return_rate_on:month}退货率{return_rate:ratio}（上年同期{return_rate_year_ago:ratio}），"
_refunds = Measure(
    pl.when(pl.col("refund_share_3") == 0).then(0.0).otherwise(ratio("refund_share_3", "refund_share_12")), Unit.TIMES
)

quality_decline = Signal(
    id="MGT-21",
    grade="B",
    zh="产品质量或服务水平出现下降。",
    en="Product or service quality decline",
    tests=(
        watch(
            "returns",
            at_least(difference("return_rate", "return_rate_year_ago", Unit.POINTS), house(0.02, "two points more")),
            en=_RETURNS_EN + "{value} more (limit {limit}).",
            zh=_RETURNS_ZH + "上升{value}（界限{limit}）。",
        ),
        watch(
            "returns_doubled",
            at_least(Measure(ratio("return_rate", "return_rate_year_ago"), Unit.TIMES), house(2, "twice as much")),
            en=_RETURNS_EN + "{value} (limit {limit}).",
            zh=_RETURNS_ZH + "为其{value}（界限{limit}）。",
        ),
        watch(
            "refunds",
            at_least(_refunds, house(2, "twice the usual share")),
            en="Refunds of three months are {refund_share_3:ratio} of inflow, {value} the share of the twelve months before "
            "(limit {limit}).",
            zh="近三个月退款占回款的{refund_share_3:ratio}，为此前十二个月占比的{value}（界限{limit}）。",
        ),
        alert(
            "registry",
            at_least(value("quality_registry_180", Unit.COUNT), house(1, "an official finding")),
            en="Quality penalties and recalls on the register in 180 days: {value}.",
            zh="近180天登记的质量处罚和召回：{value}起。",
        ),
        alert(
            "news",
            at_least(value("quality_news_180", Unit.COUNT), house(1, "a recall in the news")),
            en="Recalls in the news in 180 days: {value}.",
            zh="近180天媒体报道的召回：{value}起。",
        ),
        *answered("MGT-21", levels=("A",)),
    ),
    ask_en="Ask which products come back, what is wrong with them, what it costs, and whether a buyer has stopped ordering.",
    ask_zh="询问哪些产品被退回、问题何在、损失多少，以及是否有客户停止下单。",
    note="Refunds are compared with inflow in the same months; without refunds in three months the share is 0, and against "
    "twelve months without any it is unknown.",
)
