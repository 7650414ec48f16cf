"""Costs, one-off results, growth against the industry, income from elsewhere (FIN-04, FIN-14, FIN-29, FIN-30)."""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.measures import commercial, growth, perhaps, ratio, share
from transforms.signal import (
    Condition,
    Fact,
    Limit,
    Measure,
    Signal,
    Test,
    alert,
    at_least,
    at_most,
    below,
    hit,
    house,
    red,
    watch,
)
from transforms.text import Unit

_MARGIN = house(0.03, "three points of margin")
_COST_EN = "Cost of sales takes {cogs_share:ratio} of revenue after {cogs_share_year_ago:ratio} a year ago"
_COST_ZH = "营业成本占收入的比重由{cogs_share_year_ago:ratio}升至{cogs_share:ratio}"
_PROFIT_EN = "net profit {net_profit_year_ago:money} → {net_profit:money}"
_PROFIT_ZH = "净利润{net_profit_year_ago:money}→{net_profit:money}"


def _cost_rise(now: str, before: str) -> Condition:
    """Cost of sales takes so many points more of revenue than a year before: the gross margin lost them."""
    return at_least(Measure(pl.col(now) - pl.col(before), Unit.POINTS), _MARGIN)


_cost_up = _cost_rise("cogs_share", "cogs_share_year_ago")
_profit_down = at_most(growth("net_profit"), house(-0.10, "a tenth of the profit"))
_net_profit, _net_profit_before = pl.col("net_profit"), pl.col("net_profit_year_ago")
# From a loss growth is unknown; only a deeper one is a fall (readings FIN-04).
_loss_deeper = Fact(
    pl.when((_net_profit_before > 0) & _net_profit.is_not_null())
    .then(False)
    .when((_net_profit_before <= 0) & (_net_profit < _net_profit_before))
    .then(True)
)

cost_up_or_profit_down = Signal(
    id="FIN-04",
    grade="A",
    zh="成本上升或利润下降。",
    en="Cost increase or profit decline",
    applies=commercial(),
    tests=(
        watch(
            "cost",
            _cost_up,
            f"{_COST_EN}: up {{value}} (limit {{limit}}).",
            f"{_COST_ZH}，上升{{value}}（界限{{limit}}）。",
        ),
        watch(
            "profit",
            _profit_down,
            en="Net profit {net_profit_year_ago:money} → {net_profit:money}: {value} (limit {limit}).",
            zh=f"{_PROFIT_ZH}，变动{{value}}（界限{{limit}}）。",
        ),
        watch(
            "deeper_loss",
            _loss_deeper,
            en="The net loss grew: {net_profit_year_ago:money} → {net_profit:money}.",
            zh="净亏损扩大：{net_profit_year_ago:money}→{net_profit:money}。",
        ),
        alert(
            "both",
            _cost_up & (_profit_down | _loss_deeper),
            en=f"{_COST_EN} (up {{value}}, limit {{limit}}), and {_PROFIT_EN}.",
            zh=f"{_COST_ZH}（上升{{value}}，界限{{limit}}），且{_PROFIT_ZH}。",
        ),
        alert(
            "two_periods",
            _cost_up & _cost_rise("cogs_share_previous", "cogs_share_previous_year_ago"),
            en=f"{_COST_EN}: the gross margin is down {{value}} (limit {{limit}}), and at {{previous_period_end:day}} it was "
            "down too (cost {cogs_share_previous_year_ago:ratio} → {cogs_share_previous:ratio}).",
            zh=f"{_COST_ZH}，毛利率下降{{value}}（界限{{limit}}）；{{previous_period_end:day}}一期亦已下降"
            "（成本占比{cogs_share_previous_year_ago:ratio}→{cogs_share_previous:ratio}）。",
        ),
        red(
            "loss",
            below(
                Measure(ratio("profit_before_tax_ttm", "revenue_ttm"), Unit.RATIO), house(-0.01, "supervisor's list")
            ),
            en="The loss before tax of twelve months, {profit_before_tax_ttm:money}, is {value} of revenue {revenue_ttm:money} "
            "(limit: below {limit}).",
            zh="近十二个月税前亏损{profit_before_tax_ttm:money}，为收入{revenue_ttm:money}的{value}（界限：低于{limit}）。",
        ),
    ),
    ask_en="Ask which costs rose and why prices do not follow, and for the margin by product.",
    ask_zh="问明哪些成本上升、售价为何未能同步调整，并索取分产品毛利表。",
    note="Cost of sales and profit are year to date against the same months a year ago. The two periods are the newest filing "
    "and the one before it (same scope, at most 13 months apart), each against its own year before. With a net loss a year "
    "ago only a deeper one counts as a fall; otherwise the change is unknown.",
)

_OF_REVENUE = house(0.01, "material against revenue", "share_of_revenue")
_OF_PROFIT = house(0.10, "the usual line of materiality")
_HALF_OF_PROFIT = house(0.50, "half of the profit")
_profit = pl.col("profit_before_tax_ttm")


def _larger(mine: Condition, other: Condition) -> Condition:
    """`mine` as one side of a test on the larger of two items: while the other may decide, it is not known to be false."""
    return mine | perhaps(other)


def _share_of_profit(name: str, limit: Limit) -> Condition:
    """One non-operating item against the profit before tax, material against revenue."""
    item = pl.col(f"non_op_{name}_ttm").abs()
    return at_least(share(item, _profit.abs()), limit) & at_least(share(item, "revenue_ttm"), _OF_REVENUE)


def _decides(name: str) -> Condition:
    """Without the item, the larger of the two, the profit before tax has the other sign."""
    amounts = {"income": pl.col("non_op_income_ttm"), "expense": pl.col("non_op_expense_ttm")}
    item, rest = amounts[name], amounts["expense" if name == "income" else "income"]
    without = _profit - item if name == "income" else _profit + item
    flips = ((_profit > 0) & (without < 0)) | ((_profit < 0) & (without > 0))
    material = at_least(share(item.abs(), "revenue_ttm"), _OF_REVENUE)
    return Fact(flips & (item.abs() >= rest.abs())) & material


def _one_off(name: str, other: str, en: str, zh: str) -> tuple[Test, ...]:
    """The tests on one side of the non-operating items."""
    said_en = f"{en} of twelve months, {{non_op_{name}_ttm:money}}, "
    said_zh = f"近十二个月{zh}{{non_op_{name}_ttm:money}}，"
    share_en = f"{said_en}is {{value}} of profit before tax {{profit_before_tax_ttm:money}} (limit {{limit}})."
    share_zh = f"{said_zh}为税前利润{{profit_before_tax_ttm:money}}的{{value}}（界限{{limit}}）。"

    def of_profit(limit: Limit) -> Condition:
        return _larger(_share_of_profit(name, limit), _share_of_profit(other, limit))

    return (
        watch(name, of_profit(_OF_PROFIT), share_en, share_zh),
        alert(
            f"{name}_decides",
            _larger(_decides(name), _decides(other)),
            en=f"{said_en}turns the sign of the result: profit before tax is {{profit_before_tax_ttm:money}} with it.",
            zh=f"{said_zh}使盈亏方向改变：计入后税前利润为{{profit_before_tax_ttm:money}}。",
        ),
        alert(name, of_profit(_HALF_OF_PROFIT), share_en, share_zh),
    )


one_off_results = Signal(
    id="FIN-14",
    grade="A",
    zh="产生金额重大的营业外收支。",
    en="Material non-operating income or expense",
    tests=(
        *_one_off("income", "expense", "Non-operating income", "营业外收入"),
        *_one_off("expense", "income", "Non-operating expense", "营业外支出"),
    ),
    ask_en="Ask what the items are (subsidies, compensation, disposals, penalties), whether they recur and whether cash came in.",
    ask_zh="问明营业外项目的内容（补助、赔偿、处置、罚款）、是否会重复发生、是否已收付现金。",
    note="Income and expense are tested one by one, so the larger of the two decides. 'Without it' takes only the larger item out "
    "of the profit before tax. Every level needs 1% of revenue too.",
)

_GAP = house(0.20, "20 points either way")
_FAR_BEHIND = house(-0.30, "30 points behind", "far_behind")
_NO_CASH = house(0.20, "20 points over the inflow", "over_inflow")
_paper_growth = Measure(
    growth_of("revenue_ttm", "revenue_ttm_year_ago") - growth_of("opin_12", "opin_12_before"), Unit.POINTS
)
_money_stays = Fact(~hit("MGT-46", unknown=False).expr)  # as in MOR-01(c), the same words
_REVENUE_EN = "Revenue {revenue_year_ago:money} → {revenue:money}: its growth lies {value} from "
_REVENUE_ZH = "营业收入{revenue_year_ago:money}→{revenue:money}，增速与"


def _at_odds(name: str, standard: str, known: Condition | None, en: str, zh: str) -> tuple[Test, ...]:
    """The tests against one standard of growth; `known` says when it is the one to use."""
    lead = growth("revenue").expr - pl.col(standard)

    def when_used(condition: Condition) -> Condition:
        return condition if known is None else known & condition

    return (
        watch(
            name,
            when_used(at_least(Measure(lead.abs(), Unit.POINTS), _GAP)),
            en=f"{_REVENUE_EN}{en} (limit {{limit}} either way).",
            zh=f"{_REVENUE_ZH}{zh}相差{{value}}（界限：上下{{limit}}）。",
        ),
        alert(
            f"{name}_paper",
            when_used(at_least(Measure(lead, Unit.POINTS), _GAP) & at_least(_paper_growth, _NO_CASH) & _money_stays),
            en=f"{_REVENUE_EN}{en} (limit {{limit}}), but twelve months' receipts on our accounts went {{opin_12_before:money}} "
            "→ {opin_12:money} while twelve months' revenue went {revenue_ttm_year_ago:money} → {revenue_ttm:money}.",
            zh=f"{_REVENUE_ZH}{zh}相差{{value}}（界限{{limit}}），但近十二个月我行账户回款{{opin_12_before:money}}→"
            "{opin_12:money}，同期收入{revenue_ttm_year_ago:money}→{revenue_ttm:money}。",
        ),
        alert(
            f"{name}_behind",
            when_used(at_most(Measure(lead, Unit.POINTS), _FAR_BEHIND)),
            en=f"{_REVENUE_EN}{en} (limit {{limit}}).",
            zh=f"{_REVENUE_ZH}{zh}相差{{value}}（界限{{limit}}）。",
        ),
    )


revenue_against_industry = Signal(
    id="FIN-29",
    grade="A",
    zh="营业收入增长与产业整体变化明显不符。",
    en="Revenue growth at odds with the industry",
    applies=commercial(),
    tests=(
        *_at_odds(
            "industry",
            "industry_revenue_yoy_at_statement",
            None,
            "the industry's {industry_revenue_yoy_at_statement:ratio}",
            "行业的{industry_revenue_yoy_at_statement:ratio}",
        ),
        *_at_odds(
            "peers",
            "peer_revenue_growth",
            # unknown without a growth of its own: then neither standard has been tested
            Fact(
                pl.when(growth("revenue").expr.is_not_null()).then(
                    pl.col("industry_revenue_yoy_at_statement").is_null()
                )
            ),
            "the median of {peer_revenue_count:count} peers, {peer_revenue_growth:ratio}",
            "{peer_revenue_count:count}家同业中位数{peer_revenue_growth:ratio}",
        ),
    ),
    ask_en="Ask which customers and products explain the difference, and check invoices and receipts of the largest ones.",
    ask_zh="问明差异来自哪些客户和产品，并抽查大客户的发票与回款。",
    note="The industry's value is that of the statement's own month; without one the median of at least 20 peers stands in. "
    "Receipts are those of the last twelve full months against the twelve before. MGT-46 unknown counts as not hit, as in MOR-01.",
)

_elsewhere = (pl.col("revenue_ttm") - pl.col("main_revenue_ttm")).clip(lower_bound=0)
_investment, _non_op = (pl.col(f"{name}_ttm").clip(lower_bound=0) for name in ("investment_income", "non_op_income"))
_income = pl.col("revenue_ttm").clip(lower_bound=0) + _investment + _non_op
_non_core = share(_elsewhere + _investment + _non_op, _income)
_NON_CORE_EN = (
    "{value} of twelve months' income comes from outside the main business (limit {limit}): main revenue {main_revenue_ttm:money} "
    "of {revenue_ttm:money}, investment income {investment_income_ttm:money}, non-operating income {non_op_income_ttm:money}."
)
_NON_CORE_ZH = (
    "近十二个月收入中{value}来自主营业务以外（界限{limit}）：主营业务收入{main_revenue_ttm:money}，营业收入{revenue_ttm:money}，"
    "投资收益{investment_income_ttm:money}，营业外收入{non_op_income_ttm:money}。"
)

non_core_income = Signal(
    id="FIN-30",
    grade="A",
    zh="非主营业务收入占比过大。",
    en="Non-core income too large",
    applies=commercial(),
    tests=(
        watch("share", at_least(_non_core, house(0.30, "three tenths of the income")), _NON_CORE_EN, _NON_CORE_ZH),
        alert("share", at_least(_non_core, house(0.50, "half of the income")), _NON_CORE_EN, _NON_CORE_ZH),
    ),
    ask_en="Ask what the other income is, whether it recurs, and what the main business earns alone.",
    ask_zh="问明其他收入的来源、能否持续，以及主营业务单独的盈利情况。",
    note="Negative parts count as zero.",
)
