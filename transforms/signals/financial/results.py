"""Sales, profit and equity that fall (FIN-08, FIN-09, FIN-10)."""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.measures import fall, gap, growth, positive, value, worse_loss
from transforms.signal import (
    Condition,
    Fact,
    Measure,
    Signal,
    above,
    alert,
    at_least,
    at_most,
    house,
    red,
    seed,
    watch,
)
from transforms.text import Unit

_equity_fall = at_least(fall("equity"), seed(0.25)) & positive("equity_year_ago")
_revenue_fall = at_least(fall("revenue"), seed(0.25))
_deficit_deeper = worse_loss("equity")

equity_or_sales_fall = Signal(
    id="FIN-08",
    grade="A",
    zh="所有者权益或销售收入降低25%以上。",
    en="Equity or revenue down 25% or more",
    tests=(
        alert(
            "equity",
            _equity_fall,
            en="Owners' equity {equity_year_ago:money} → {equity:money}: down {value} (limit {limit}).",
            zh="所有者权益{equity_year_ago:money}→{equity:money}，降幅{value}（警戒线{limit}）。",
        ),
        alert(
            "revenue",
            _revenue_fall,
            en="Revenue {revenue_year_ago:money} → {revenue:money}: down {value} (limit {limit}).",
            zh="销售收入{revenue_year_ago:money}→{revenue:money}，降幅{value}（警戒线{limit}）。",
        ),
        alert(
            "deeper_deficit",
            _deficit_deeper,
            en="Owners' equity was not positive a year ago and fell further: {equity_year_ago:money} → {equity:money}.",
            zh="所有者权益上年已非正值，并进一步下降：{equity_year_ago:money}→{equity:money}。",
        ),
        red(
            "both",
            _revenue_fall & _equity_fall,
            en="Revenue {revenue_year_ago:money} → {revenue:money} (down {value}, limit {limit}) and owners' equity "
            "{equity_year_ago:money} → {equity:money}: both fell by the limit or more.",
            zh="销售收入{revenue_year_ago:money}→{revenue:money}（降幅{value}，警戒线{limit}），所有者权益"
            "{equity_year_ago:money}→{equity:money}，两者均已越过警戒线。",
        ),
    ),
    ask_en="Ask which orders were lost, whether dividends or losses cut equity, and for the year-to-date ledger.",
    ask_zh="询问流失了哪些订单、权益减少是分红还是亏损所致，并索取本年累计账簿。",
    note="Where equity was zero or less a year ago, a further fall is an alert of its own and no part of level R. Revenue is year to "
    "date against the same months.",
)

_last_fall = Measure(-growth_of("annual_revenue_0", "annual_revenue_1"), Unit.RATIO)
_fall_before = Measure(-growth_of("annual_revenue_1", "annual_revenue_2"), Unit.RATIO)
_YEARS_EN = "Annual revenue {annual_revenue_2:money} → {annual_revenue_1:money} → {annual_revenue_0:money}: down in both years, "
_YEARS_ZH = "年销售收入{annual_revenue_2:money}→{annual_revenue_1:money}→{annual_revenue_0:money}，连续两年下降，"
_both_fell = above(_last_fall, house(0.0, "a fall at all", "any_fall")) & above(
    _fall_before, house(0.0, "a fall at all", "any_fall_before")
)

two_years_of_falling_sales = Signal(
    id="FIN-09",
    grade="A",
    zh="销售收入连续两年减少,且逐年降幅超过15%。",
    en="Two years of falling revenue, more than 15% each year",
    tests=(
        watch(
            "last_year",
            above(_last_fall, seed(0.15)) & _both_fell,
            en=_YEARS_EN + "the last by {value} (limit: more than {limit}).",
            zh=_YEARS_ZH + "最近一年降幅{value}（界限：超过{limit}）。",
        ),
        watch(
            "year_before",
            above(_fall_before, seed(0.15)) & _both_fell,
            en=_YEARS_EN + "the year before by {value} (limit: more than {limit}).",
            zh=_YEARS_ZH + "前一年降幅{value}（界限：超过{limit}）。",
        ),
        alert(
            "both_years",
            above(_last_fall, seed(0.15)) & above(_fall_before, seed(0.15, "year_before")),
            en=_YEARS_EN + "each time by more than {limit}, the last by {value}.",
            zh=_YEARS_ZH + "且逐年降幅均超过{limit}，最近一年为{value}。",
        ),
    ),
    ask_en="Ask which products or customers shrink, what the plan for next year rests on, and how fixed costs are cut.",
    ask_zh="询问萎缩的是哪些产品或客户、来年计划的依据是什么、固定成本如何压降。",
    note="Level W (one of two falls above 15%) is our addition; level A is the book's.",
)

_worse_than_last_year = at_most(growth("profit_before_tax"), seed(-0.05)) & positive("profit_before_tax_year_ago")
_loss_deeper = worse_loss("profit_before_tax")
_behind = seed(-0.05)


def _behind_by(standard: str) -> Condition:
    """Growth of profit before tax lies this far behind the standard's; unknown from a base <= 0."""
    lag = gap(growth("profit_before_tax"), value(standard, Unit.RATIO))
    return at_most(lag, _behind) & positive("profit_before_tax_year_ago")


_worse_than_peers = _behind_by("peer_profit_growth")
# Unknown without a growth of its own: then neither standard has been tested.
_too_few_peers = Fact(
    pl.when(growth("profit_before_tax").expr.is_not_null()).then(pl.col("peer_profit_growth").is_null())
)
_worse_than_industry = _too_few_peers & _behind_by("industry_profit_yoy_at_statement")

profit_fall = Signal(
    id="FIN-10",
    grade="A",
    zh="与上一年或竞争对手相比,税前利润降低5%。",
    en="Pre-tax profit down 5% against last year or competitors",
    tests=(
        watch(
            "last_year",
            _worse_than_last_year,
            en="Profit before tax {profit_before_tax_year_ago:money} → {profit_before_tax:money}: {value} (limit {limit}).",
            zh="税前利润{profit_before_tax_year_ago:money}→{profit_before_tax:money}，变动{value}（界限{limit}）。",
        ),
        watch(
            "deeper_loss",
            _loss_deeper,
            en="The loss before tax grew: {profit_before_tax_year_ago:money} → {profit_before_tax:money}.",
            zh="税前亏损扩大：{profit_before_tax_year_ago:money}→{profit_before_tax:money}。",
        ),
        watch(
            "peers",
            _worse_than_peers,
            en="Growth of profit before tax lies {value} from the median of {peer_count:count} peers "
            "({peer_profit_growth:ratio}); limit {limit}.",
            zh="税前利润增速与{peer_count:count}家同业中位数（{peer_profit_growth:ratio}）相差{value}，界限{limit}。",
        ),
        watch(
            "industry",
            _worse_than_industry,
            en="Growth of profit before tax lies {value} from the industry's ({industry_profit_yoy_at_statement:ratio}); "
            "limit {limit}. There are too few peers to compare with.",
            zh="税前利润增速与行业利润增速（{industry_profit_yoy_at_statement:ratio}）相差{value}，界限{limit}；可比同业不足。",
        ),
        alert(
            "both",
            _worse_than_last_year & _worse_than_peers,
            en="Profit before tax {profit_before_tax_year_ago:money} → {profit_before_tax:money} ({value}, limit {limit}), "
            "and its growth lags the peers' median of {peer_profit_growth:ratio}.",
            zh="税前利润{profit_before_tax_year_ago:money}→{profit_before_tax:money}（变动{value}，界限{limit}），"
            "且增速落后于同业中位数{peer_profit_growth:ratio}。",
        ),
        alert(
            "both_industry",
            _worse_than_last_year & _worse_than_industry,
            en="Profit before tax {profit_before_tax_year_ago:money} → {profit_before_tax:money} ({value}, limit {limit}), "
            "and its growth lags the industry's {industry_profit_yoy_at_statement:ratio}.",
            zh="税前利润{profit_before_tax_year_ago:money}→{profit_before_tax:money}（变动{value}，界限{limit}），"
            "且增速落后于行业的{industry_profit_yoy_at_statement:ratio}。",
        ),
    ),
    ask_en="Ask what moved the margin: prices, input costs or one-off items, and how competitors fare.",
    ask_zh="询问利润率变动的原因：售价、成本还是一次性项目，并了解竞争对手的情况。",
    note="'Against competitors' is read as the gap between the client's growth and its peers' median growth; with fewer than "
    "20 peers the published profit growth of the industry in the statement's own month stands in. With a loss a year ago "
    "growth is unknown and only a deeper loss counts.",
)
