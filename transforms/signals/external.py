"""External environment (外部环境因素预警信号）： the client's sector and region."""

import polars as pl

from transforms.measures import value
from transforms.signal import AtLeast, Fact, Measure, Signal, alert, at_least, at_most, fact, house, watch
from transforms.text import Unit

_RECESSION = "two negative quarters are the usual recession convention"
_CELL = Fact(pl.col("cell_kind") != "none")  # a cell under 30 clients: the test does not hold (reading G11)
_LOANS = Fact(pl.col("cell_npl_share").is_not_null() & pl.col("cell_npl_share_year_ago").is_not_null())
_STEP = Measure(pl.col("cell_npl_share") - pl.col("cell_npl_share_year_ago"), Unit.POINTS)

_industry = fact("industry_revenue_down_2q") | fact("industry_profit_down_2q")
_region = fact("region_gdp_weak_2q")
_inflow = (
    at_most(value("cell_opin_r3_12", Unit.RATIO), house(0.85, _RECESSION))
    & at_most(value("cell_opin_y3", Unit.RATIO), house(0.85, _RECESSION, "same_months"))
    & _CELL
)
_loans = at_least(_STEP, house(0.01, "a step of one point in the non-performing share")) & _CELL & _LOANS

downturn = Signal(
    id="EXT-01",
    grade="B",
    zh="所在行业或地区出现整体性衰退。",
    en="Sector or regional downturn",
    tests=(
        watch(
            "industry",
            _industry,
            en="The industry's revenue or profit has fallen for two quarters running.",
            zh="所在行业的收入或利润已连续两个季度下降。",
        ),
        watch(
            "region",
            _region,
            en="The region's economy has been shrinking or far below its three-year mean for two quarters.",
            zh="所在地区经济已连续两个季度负增长或明显低于三年均值。",
        ),
        watch(
            "own_book_inflow",
            _inflow,
            en="Among {cell_clients:count} of our clients in the same sector the median inflow of three months is {value} "
            "of the twelve months before (limit {limit}) and {cell_opin_y3:ratio} of the same months a year ago.",
            zh="我行同类客户{cell_clients:count}户，近三个月流入的中位数为此前十二个月月均的{value}（界限{limit}），"
            "为上年同期的{cell_opin_y3:ratio}。",
        ),
        watch(
            "own_book_loans",
            _loans,
            en="Non-performing loans of our clients in the same sector rose by {value} in twelve months to "
            "{cell_npl_share:ratio} (limit {limit}).",
            zh="我行同类客户的不良贷款占比十二个月上升{value}，至{cell_npl_share:ratio}（界限{limit}）。",
        ),
        alert(
            "any_two",
            AtLeast(2, (_inflow, _loans, _industry, _region)),
            en="At least two of the four tests of a sector or regional downturn hold.",
            zh="行业或地区衰退的四项检验中至少两项成立。",
        ),
    ),
    ask_en="Ask how the order book compares with last year's and which of the client's own customers have cut back.",
    ask_zh="询问在手订单与上年同期的差别，以及哪些下游客户已减少采购。",
    note="A cell's 30 clients are those whose inflow is known; a thinner cell widens from industry and region to "
    "industry, then to the section.",
)
