"""The client's industry, region and country as published and as the bank's own book shows them (EXT-01, 04, 06, 08)."""

import polars as pl

from transforms.measures import gap, value
from transforms.signal import (
    AtLeast,
    Condition,
    Fact,
    Measure,
    NeverUnknown,
    Signal,
    alert,
    at_least,
    at_most,
    below,
    house,
    watch,
)
from transforms.text import Unit

_RATIO, _SCORE = Unit.RATIO, Unit.SCORE
_RECESSION = "two negative quarters are the usual recession convention"


def _both_below(name: str, what: str) -> Condition:
    """Below zero in the two newest quarters."""
    limit = house(0.0, what)
    return below(value(f"{name}_q0", _RATIO), limit) & below(value(f"{name}_q1", _RATIO), limit)


def _gap_to_mean(name: str, quarter: int) -> Measure:
    """How far a quarter lies over its three-year mean, in points."""
    return gap(value(f"{name}_q{quarter}", _RATIO), value(f"{name}_mean_q{quarter}", _RATIO))


_CELL = Fact(pl.col("cell_kind") != "none")  # a cell under 30 clients: the test does not hold (reading G11)
_LOANS = Fact(pl.col("cell_npl_share").is_not_null() & pl.col("cell_npl_share_year_ago").is_not_null())
_STEP = Measure(pl.col("cell_npl_share") - pl.col("cell_npl_share_year_ago"), Unit.POINTS)

_PROFIT = house(-0.10, "a tenth of the profit")
_SHRINKING = house(0.0, _RECESSION, "growth")
_UNDER_MEAN = house(-0.03, "three points under the three-year mean", "under_mean")

_revenue = _both_below("industry_revenue_yoy", _RECESSION)
_profit = at_most(value("industry_profit_yoy_q0", _RATIO), _PROFIT) & at_most(
    value("industry_profit_yoy_q1", _RATIO), _PROFIT
)


def _weak(quarter: int) -> Condition:
    return below(value(f"region_gdp_yoy_q{quarter}", _RATIO), _SHRINKING) | at_most(
        _gap_to_mean("region_gdp_yoy", quarter), _UNDER_MEAN
    )


_region = _weak(0) & _weak(1)
_inflow = (
    at_most(value("cell_opin_r3_12", _RATIO), house(0.85, "clearly less than before"))
    & at_most(value("cell_opin_y3", _RATIO), house(0.85, "clearly less than a year ago", "same_months"))
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
            "industry_revenue",
            _revenue,
            en="The industry's revenue fell on the year before in two quarters running, to {industry_revenue_yoy_quarter:day}: "
            "{industry_revenue_yoy_q1:ratio}, then {value} (limit: below {limit}).",
            zh="截至{industry_revenue_yoy_quarter:day}，所在行业收入连续两个季度同比下降：先为"
            "{industry_revenue_yoy_q1:ratio}，后为{value}（界限：低于{limit}）。",
        ),
        watch(
            "industry_profit",
            _profit,
            en="The industry's profit fell on the year before in two quarters running, to {industry_profit_yoy_quarter:day}: "
            "{industry_profit_yoy_q1:ratio}, then {value} (limit {limit}).",
            zh="截至{industry_profit_yoy_quarter:day}，所在行业利润连续两个季度同比下降：先为"
            "{industry_profit_yoy_q1:ratio}，后为{value}（界限{limit}）。",
        ),
        watch(
            "region",
            _region,
            en="The region's economy has been shrinking or far below its three-year mean for two quarters, to "
            "{region_gdp_yoy_quarter:day}: growth {region_gdp_yoy_q1:ratio}, then {region_gdp_yoy_q0:ratio}.",
            zh="截至{region_gdp_yoy_quarter:day}，所在地区经济已连续两个季度负增长或明显低于三年均值：增速先为"
            "{region_gdp_yoy_q1:ratio}，后为{region_gdp_yoy_q0:ratio}。",
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
            AtLeast(2, (_inflow, _loans, _revenue | _profit, _region)),
            en="At least two of the four tests of a sector or regional downturn hold.",
            zh="行业或地区衰退的四项检验中至少两项成立。",
        ),
    ),
    ask_en="Ask how the order book compares with last year's and which of the client's own customers have cut back.",
    ask_zh="询问在手订单与上年同期的差别，以及哪些下游客户已减少采购。",
    note="A cell's 30 clients are those whose inflow is known; a thinner cell widens from industry and region to "
    "industry, then to the section. Each of the region's two quarters may be weak in either way. A three-year mean needs "
    "all its twelve quarters. A region without a series of its own takes its city's, else its province's.",
)

_MACRO = "macro_gdp_yoy"
_PMI = house(50, "the index's own dividing line")
_FALLS = Fact((pl.col(f"{_MACRO}_q0") < pl.col(f"{_MACRO}_q1")) & (pl.col(f"{_MACRO}_q1") < pl.col(f"{_MACRO}_q2")))
_late_then = pl.col("region_late_share_year_ago")
_late_times = Measure(
    pl.when(_late_then > 0)
    .then(pl.col("region_late_share") / _late_then)
    .when((_late_then == 0) & (pl.col("region_late_share") > 0))
    .then(float("inf")),
    Unit.TIMES,
)

macro_slowdown = Signal(
    id="EXT-04",
    grade="B",
    zh="经济环境发生变化,出现经济增长乏力或地区出现金融动荡。",
    en="Macro slowdown or regional financial turmoil",
    tests=(
        watch(
            "growth",
            at_most(_gap_to_mean(_MACRO, 0), house(-0.01, "one point under the three-year mean")) & _FALLS,
            en="The economy's growth fell in two quarters running, {macro_gdp_yoy_q2:ratio}, {macro_gdp_yoy_q1:ratio}, "
            "{macro_gdp_yoy_q0:ratio}, and is {value} from its three-year mean (limit {limit}).",
            zh="经济增速连续两个季度下降：{macro_gdp_yoy_q2:ratio}，{macro_gdp_yoy_q1:ratio}，{macro_gdp_yoy_q0:ratio}，"
            "与三年均值相差{value}（界限{limit}）。",
        ),
        watch(
            "pmi",
            below(value("pmi_0", _SCORE), _PMI)
            & below(value("pmi_1", _SCORE), _PMI)
            & below(value("pmi_2", _SCORE), _PMI),
            en="The purchasing managers' index was below {limit} for three months running: {pmi_2:score}, {pmi_1:score}, "
            "{value}.",
            zh="采购经理指数连续三个月低于{limit}：{pmi_2:score}，{pmi_1:score}，{value}。",
        ),
        alert(
            "late_loans",
            NeverUnknown(
                at_least(_late_times, house(1.5, "half as many again as a year ago"))
                & at_least(value("region_loans", Unit.COUNT), house(50, "enough loans to compare", "loans"))
                & at_least(
                    value("region_loans_late", Unit.COUNT), house(5, "more than a handful of cases", "late_loans")
                )
            ),
            en="Of our {region_loans:count} loans in the client's region {region_loans_late:count} are 30 days or more past "
            "due: {region_late_share:ratio} against {region_late_share_year_ago:ratio} a year ago (limit {limit}).",
            zh="我行在客户所在地区的{region_loans:count}笔贷款中有{region_loans_late:count}笔逾期30天及以上，"
            "占比{region_late_share:ratio}，上年为{region_late_share_year_ago:ratio}（界限{limit}）。",
        ),
        alert(
            "turmoil",
            at_least(value("turmoil_90", Unit.COUNT), house(1, "one confirmed report")),
            en="Confirmed reports of financial turmoil in the client's region in 90 days: {value}.",
            zh="近90天客户所在地区经核实的金融动荡报道{value}则。",
        ),
    ),
    ask_en="Ask which of the client's banks and customers in the region have become more cautious, and check its credit "
    "lines elsewhere.",
    ask_zh="询问当地往来银行和客户是否收紧，核实其在他行的授信是否变化。",
    note="Loans are counted, not summed, on and off the balance sheet, those with a balance; the region is the client's own "
    "code. The 50 loans are those of today. The growth rate must lie below the mean of the twelve quarters ending with it.",
)

_INVESTMENT = _both_below("region_investment_yoy", "two negative quarters")
_NEW_FIRMS = at_most(value("region_new_firms_yoy_q0", _RATIO), house(-0.20, "a fifth fewer new firms"))
_BANKRUPTCIES = at_least(value("region_bankruptcies_yoy_q0", _RATIO), house(0.30, "three tenths more bankruptcies"))
_NOTCH = house(1, "a notch of the scorecard")
_CLIMATE = at_least(
    Measure(pl.col("investment_climate_q1") - pl.col("investment_climate_q0"), _SCORE), _NOTCH
) & at_least(Measure(pl.col("investment_climate_q2") - pl.col("investment_climate_q1"), _SCORE), _NOTCH)

investment_climate = Signal(
    id="EXT-06",
    grade="B",
    zh="地区投资环境日趋恶化。",
    en="Deteriorating regional investment climate",
    tests=(
        watch(
            "investment",
            _INVESTMENT,
            en="Investment in the region fell on the year before in two quarters running, to "
            "{region_investment_yoy_quarter:day}: {region_investment_yoy_q1:ratio}, then {value} (limit: below {limit}).",
            zh="截至{region_investment_yoy_quarter:day}，所在地区固定资产投资连续两个季度同比下降：先为"
            "{region_investment_yoy_q1:ratio}，后为{value}（界限：低于{limit}）。",
        ),
        watch(
            "new_firms",
            _NEW_FIRMS,
            en="New firms in the region in the quarter to {region_new_firms_yoy_quarter:day}: {value} on the year before "
            "(limit {limit}).",
            zh="截至{region_new_firms_yoy_quarter:day}的季度，所在地区新设企业同比{value}（界限{limit}）。",
        ),
        watch(
            "bankruptcies",
            _BANKRUPTCIES,
            en="Bankruptcy filings in the region in the quarter to {region_bankruptcies_yoy_quarter:day} rose by {value} on "
            "the year before (limit {limit}).",
            zh="截至{region_bankruptcies_yoy_quarter:day}的季度，所在地区破产申请同比上升{value}（界限{limit}）。",
        ),
        watch(
            "scorecard",
            _CLIMATE,
            en="The scorecard's mark for the investment climate fell twice running: {investment_climate_q2:score}, "
            "{investment_climate_q1:score}, {investment_climate_q0:score} (limit: {limit} each time).",
            zh="投资环境评分连续两次下降：{investment_climate_q2:score}，{investment_climate_q1:score}，"
            "{investment_climate_q0:score}（界限：每次{limit}）。",
        ),
        alert(
            "any_two",
            AtLeast(2, (_INVESTMENT, _NEW_FIRMS, _BANKRUPTCIES, _CLIMATE)),
            en="At least two of the four tests of the region's investment climate hold.",
            zh="地区投资环境的四项检验中至少两项成立。",
        ),
    ),
    ask_en="Ask which investments the client has put off, and whether local authorities or suppliers pay later than before.",
    ask_zh="询问客户推迟了哪些投资，当地政府或供应商付款是否变慢。",
    note="A lower mark is a worse climate; two falls of a whole notch must follow one another. Investment is the cumulative "
    "growth to the end of the quarter.",
)

_GLUT = house(0.10, "stock outgrows sales by ten points")
_ONE_QUARTER = pl.col("industry_stock_yoy_quarter") == pl.col("industry_revenue_yoy_quarter")


def _outgrown(quarter: int) -> Measure:
    """Growth of the industry's stock less that of its revenue; unknown while the two series end with different quarters."""
    growths = [value(f"industry_{name}_yoy_q{quarter}", _RATIO) for name in ("stock", "revenue")]
    return Measure(pl.when(_ONE_QUARTER).then(gap(*growths).expr), Unit.POINTS)


_STOCK = at_least(_outgrown(0), _GLUT) & at_least(_outgrown(1), _GLUT)
_stock_then = pl.col("industry_stock_days_year_ago")
_SLOWER = NeverUnknown(
    at_least(
        Measure(pl.when(_stock_then > 0).then(pl.col("industry_stock_days") / _stock_then - 1), _RATIO),
        house(0.20, "the post-loan rule for slower stock"),
    )
)

inventory_glut = Signal(
    id="EXT-08",
    grade="B",
    zh="行业内产品积压日益严重。",
    en="Sector-wide inventory glut",
    tests=(
        watch(
            "industry",
            _STOCK,
            en="The industry's finished goods grew by {industry_stock_yoy_q0:ratio} against {industry_revenue_yoy_q0:ratio} of "
            "revenue in the quarter to {industry_stock_yoy_quarter:day}, {value} more (limit {limit}), and by "
            "{industry_stock_yoy_q1:ratio} against {industry_revenue_yoy_q1:ratio} in the quarter before.",
            zh="截至{industry_stock_yoy_quarter:day}的季度，行业产成品存货增长{industry_stock_yoy_q0:ratio}、收入增长"
            "{industry_revenue_yoy_q0:ratio}，相差{value}（界限{limit}）；上一季度分别为{industry_stock_yoy_q1:ratio}和"
            "{industry_revenue_yoy_q1:ratio}。",
        ),
        watch(
            "own_book",
            _SLOWER,
            en="Among {industry_stock_clients:count} of our clients in the industry the median days of stock rose from "
            "{industry_stock_days_year_ago:days} to {industry_stock_days:days}: up {value} (limit {limit}).",
            zh="我行该行业客户{industry_stock_clients:count}户，存货周转天数的中位数由{industry_stock_days_year_ago:days}"
            "升至{industry_stock_days:days}，增幅{value}（界限{limit}）。",
        ),
        alert(
            "both",
            _STOCK & _SLOWER,
            en="The industry's finished goods outgrew its revenue by {value} in the newest quarter (limit {limit}), and the "
            "median days of stock of our clients in it rose from {industry_stock_days_year_ago:days} to "
            "{industry_stock_days:days}.",
            zh="最近一个季度行业产成品存货增速高于收入增速{value}（界限{limit}），且我行该行业客户存货周转天数的中位数由"
            "{industry_stock_days_year_ago:days}升至{industry_stock_days:days}。",
        ),
    ),
    ask_en="Ask for the stock list by age and how prices of the client's products have moved.",
    ask_zh="索取存货库龄表，了解主要产品价格走势。",
    note="Our clients of the industry are those with the same full code and both years on file; under 20 of them the test "
    "does not hold. The change is that of the two medians. Stock and revenue of the industry must end with the same quarter.",
)
