"""The client in its market: share and complaints, price, use of capacity (MGT-07, MGT-12, MGT-14)."""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.measures import difference, value
from transforms.signal import (
    Condition,
    Fact,
    Measure,
    Signal,
    alert,
    at_least,
    at_most,
    below,
    house,
    red,
    seed,
    watch,
)
from transforms.text import Unit

_RATIO = Unit.RATIO
_ENTERPRISE = pl.col("client_kind") == "enterprise"


def _stands_in(industry: Measure, own: Measure) -> Condition:
    """The industry's figure speaks only where the client's own is unknown; unknown while the industry's is."""
    return Fact(pl.when(industry.expr.is_not_null()).then(own.expr.is_null()))


_industry = pl.col("industry_revenue_yoy_at_statement")
_share = Measure(
    pl.when(1 + _industry > 0).then((1 + growth_of("revenue", "revenue_year_ago")) / (1 + _industry) - 1), _RATIO
)
_LOST = at_most(_share, house(-0.10, "a tenth of the share"))
_complaints_now, _complaints_before = pl.col("product_complaints_90"), pl.col("product_complaints_90_before")
_NEWS = at_least(value("product_complaints_90", Unit.COUNT), house(3, "more than a single case")) & Fact(
    _complaints_now >= 2 * _complaints_before
)
_returned_before = pl.col("return_rate_year_ago")
_RETURNS = at_least(
    Measure(pl.when(_returned_before > 0).then(pl.col("return_rate") / _returned_before), Unit.TIMES),
    house(2, "doubled"),
)
_SHARE_EN = (
    "Revenue {revenue_year_ago:money} → {revenue:money} against {industry_revenue_yoy_at_statement:ratio} growth of the "
    "industry: market share changed by {value} (limit {limit})."
)
_SHARE_ZH = (
    "收入{revenue_year_ago:money}→{revenue:money}，同期行业收入增长{industry_revenue_yoy_at_statement:ratio}："
    "市场份额变动{value}（界限{limit}）。"
)

market_share = Signal(
    id="MGT-07",
    grade="B",
    zh="市场份额下降,顾客抱怨增多。",
    en="Falling market share, more customer complaints",
    tests=(
        watch("share", _LOST, _SHARE_EN, _SHARE_ZH),
        watch(
            "complaints",
            _NEWS,
            en="Reports of complaints about the client's products in 90 days: {value} (limit {limit}), against "
            "{product_complaints_90_before:count} in the 90 days before.",
            zh="近90天关于客户产品的投诉报道{value}则（界限{limit}），此前90天为{product_complaints_90_before:count}则。",
        ),
        watch(
            "returns",
            _RETURNS,
            en="Goods returned: {return_rate_year_ago:ratio} of sales a year ago, {return_rate:ratio} in "
            "{return_rate_on:month}, {value} as much (limit {limit}).",
            zh="退货率由上年同月的{return_rate_year_ago:ratio}升至{return_rate_on:month}的{return_rate:ratio}，"
            "为其{value}（界限{limit}）。",
        ),
        alert(
            "both",
            _LOST & (_NEWS | _RETURNS),
            en="Market share changed by {value} (limit {limit}) while complaints or returned goods rose.",
            zh="市场份额变动{value}（界限{limit}），同时投诉或退货增多。",
        ),
        red("share", at_most(_share, house(-0.25, "a quarter of the share")), _SHARE_EN, _SHARE_ZH),
    ),
    ask_en="Ask which customers or products were lost to whom, and for the list of complaints and returned goods.",
    ask_zh="询问哪些客户或产品被谁抢走，并索取投诉和退货清单。",
    note="The industry's growth is that of the month the client's newest statement ends with. Returned goods are the newest "
    "month filed against the same month a year ago.",
)

_price = Measure(
    pl.when(pl.col("price_level_year_ago") > 0).then(pl.col("price_level") / pl.col("price_level_year_ago")), _RATIO
)
_INDUSTRY_PRICE = value("industry_ppi_yoy", _RATIO)
_PRICE_EN = (
    "The price index of the client's main products, mean of the three months to {price_level_month:month}, is {value} of the "
    "same months a year ago (limit {limit})."
)
_PRICE_ZH = "客户主要产品价格指数截至{price_level_month:month}的三个月均值为上年同期的{value}（界限{limit}）。"

price_fall = Signal(
    id="MGT-12",
    grade="B",
    zh="客户主要产品价格比前一年降低20%以上。",
    en="Main product price down 20% or more",
    applies=_ENTERPRISE,
    tests=(
        alert("price", at_most(_price, seed(0.80)), _PRICE_EN, _PRICE_ZH),
        alert(
            "industry_price",
            at_most(_INDUSTRY_PRICE, seed(-0.20)) & _stands_in(_INDUSTRY_PRICE, _price),
            en="Without a price of the client's own: producer prices of its industry changed by {value} on the year before "
            "(limit {limit}).",
            zh="未取得客户自身价格：所在行业出厂价格同比变动{value}（界限{limit}）。",
            kind="fallback",
        ),
        red("price", at_most(_price, house(0.65, "a third of the price")), _PRICE_EN, _PRICE_ZH),
    ),
    ask_en="Ask for price lists of the main products over the last year and how the margin holds.",
    ask_zh="索取近一年主要产品价目表，了解毛利变化。",
    note="The industry's prices speak only where the client files no price index; their month may be up to three months "
    "before the last full month.",
)

_USE = value("utilisation", _RATIO)
_FALL = difference("utilisation_year_ago", "utilisation", Unit.POINTS)
# It replaces nothing of what else the row measures: unknown where the client's use is known and its fall is not.
_INDUSTRY_USE = Measure(
    pl.when(_USE.expr.is_null() | _FALL.expr.is_not_null()).then(pl.col("industry_capacity")), _RATIO
)
_USE_EN = "Output is {value} of capacity, mean of the three months to {utilisation_month:month} (limit: below {limit})."
_USE_ZH = "截至{utilisation_month:month}的三个月平均产能利用率为{value}（界限：低于{limit}）。"

capacity_use = Signal(
    id="MGT-14",
    grade="B",
    zh="生产能力利用率下降或小于60%。",
    en="Capacity utilisation falling or below 60%",
    applies=_ENTERPRISE,
    tests=(
        watch(
            "fall",
            at_least(_FALL, house(0.10, "ten points in a year")),
            en="Use of capacity fell from {utilisation_year_ago:ratio} a year ago to {utilisation:ratio}, by {value} (limit "
            "{limit}), in the three months to {utilisation_month:month}.",
            zh="截至{utilisation_month:month}的三个月产能利用率由上年同期的{utilisation_year_ago:ratio}降至"
            "{utilisation:ratio}，下降{value}（界限{limit}）。",
        ),
        watch(
            "industry",
            below(_INDUSTRY_USE, seed(0.60)) & _stands_in(_INDUSTRY_USE, _USE),
            en="Without figures of the client's own: its industry uses {value} of its capacity (limit: below {limit}).",
            zh="未取得客户自身数据：所在行业产能利用率为{value}（界限：低于{limit}）。",
            kind="fallback",
        ),
        alert("level", below(_USE, seed(0.60)), _USE_EN, _USE_ZH),
        red("level", below(_USE, house(0.40, "less than half of what should run")), _USE_EN, _USE_ZH),
    ),
    ask_en="Ask for output and capacity by line, and what work is booked for the next three months.",
    ask_zh="索取各生产线产量与产能数据，了解未来三个月排产情况。",
    note="The three months' mean is of the monthly ratios. The industry's figure speaks only where the client files none, "
    "and does not replace a year-ago figure that is missing; its period may end up to three months before the last full month.",
)
