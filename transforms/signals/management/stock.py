"""Stock that piles up, a range that narrows, control that slips (MGT-05, MGT-06, MGT-08, MGT-09)."""

import polars as pl

from transforms.measures import commercial, difference, fall, gap, growth, ratio, share, value
from transforms.signal import (
    AtLeast,
    Compare,
    Condition,
    Measure,
    Signal,
    Test,
    above,
    alert,
    answered,
    at_least,
    below,
    hit,
    house,
    watch,
)
from transforms.text import Unit

_turned = pl.col("cogs") / pl.col("cogs_year_ago") * pl.col("inventory_year_ago") / pl.col("inventory")
_base = (pl.col("cogs_year_ago") > 0) & (pl.col("inventory_year_ago") > 0)
# Without stock now turnover has no end: it did not fall.
_turnover_fall = Measure(
    pl.when(_base & (pl.col("inventory") > 0)).then(1 - _turned).when(_base & (pl.col("inventory") == 0)).then(-1.0),
    Unit.RATIO,
)
_slower = at_least(_turnover_fall, house(0.20, "inventory turnover a fifth slower"))
_TURNOVER_EN = "Inventory turns {value} more slowly than a year ago (limit {limit}): inventory {inventory_year_ago:money} → {inventory:money}"
_TURNOVER_ZH = "存货周转率同比下降{value}（界限{limit}），存货{inventory_year_ago:money}→{inventory:money}"
_three_months = above(
    difference("inventory_units", "shipments_3", Unit.COUNT), house(0, "three months of shipments", "over_shipments")
)
_more_than_a_year_ago = above(
    Measure(ratio("inventory_units", "inventory_units_year_ago"), Unit.TIMES), house(1.3, "clearly more", "year_ago")
)
(_said,) = answered("MGT-05", levels=("W",))

stock_piling_up = Signal(
    id="MGT-05",
    grade="A",
    zh="不能适应市场变化或顾客需求的变化,产品积压严重。",
    en="Failure to adapt to demand, stock piling up",
    applies=commercial(),
    tests=(
        watch("turnover", _slower, _TURNOVER_EN + ".", _TURNOVER_ZH + "。"),
        alert(
            "turnover_and_sales",
            _slower & below(growth("revenue"), house(0, "revenue fell", "revenue_growth")),
            en=_TURNOVER_EN + ", and revenue fell: {revenue_year_ago:money} → {revenue:money}.",
            zh=_TURNOVER_ZH + "，且收入下降：{revenue_year_ago:money}→{revenue:money}。",
        ),
        alert(
            "turnover_and_stock",
            _slower & _three_months & _more_than_a_year_ago,
            en=_TURNOVER_EN + ", and stock of {inventory_units:count} exceeds three months of shipments "
            "({shipments_3:count}) and that of a year ago ({inventory_units_year_ago:count}).",
            zh=_TURNOVER_ZH + "，且库存{inventory_units:count}超过三个月发货量{shipments_3:count}，并高于上年同期"
            "{inventory_units_year_ago:count}。",
        ),
        _said,
        alert(
            "answer",
            _said.condition & _slower,
            en=_TURNOVER_EN + ", and the relationship manager's answer on file confirms that stock piles up.",
            zh=_TURNOVER_ZH + "，且客户经理已书面确认产品积压。",
            kind="answer",
        ),
    ),
    ask_en="Go through the warehouse: which goods lie over three months, at what price they would sell, and who still orders.",
    ask_zh="查看仓库：哪些产品积压超过三个月、能以什么价格售出、还有哪些客户下单。",
    note="Turnover is cost of sales, year to date, over inventory, against the same months a year ago. Level A needs W. An "
    "adverse answer adds one level: W alone, A with the slower turnover. More than 1.3 times a year ago is read as strict.",
)

_narrow = at_least(value("top_product_share", Unit.RATIO), house(0.80, "one product carries the business", "share"))
_was_wide = below(
    value("top_product_share_year_ago", Unit.RATIO), house(0.60, "it did not a year ago", "share_year_ago")
)

narrowing_range = Signal(
    id="MGT-06",
    grade="C",
    zh="产品品种缩减,呈单一化发展态势。",
    en="Narrowing product range",
    applies=commercial(),
    tests=(
        watch(
            "products",
            at_least(fall("active_products"), house(0.30, "three products in ten are gone")),
            en="Products sold {active_products_year_ago:count} → {active_products:count}: down {value} (limit {limit}).",
            zh="在售产品{active_products_year_ago:count}种→{active_products:count}种，降幅{value}（界限{limit}）。",
        ),
        alert(
            "share",
            _narrow & _was_wide,
            en="The largest product makes {value} of sales (limit {limit}); a year ago it was {top_product_share_year_ago:ratio}.",
            zh="最大单一产品占销售额{value}（界限{limit}），上年同期为{top_product_share_year_ago:ratio}。",
        ),
        *answered("MGT-06", levels=("W", "A")),
    ),
    clear_needs=("products", "share"),
    ask_en="Ask which products were given up and why, and what happens if the largest one loses its buyers.",
    ask_zh="询问停产了哪些产品及原因，最大单一产品失去买家时如何应对。",
    note="A filed return counts in full, like an answer. The relationship manager's answer counts beside it: the higher of the "
    "two.",
)

_outgrew = at_least(
    gap(growth("inventory"), growth("cogs")), house(0.20, "20 points over cost of sales", "over_cost_of_sales")
)
_material = at_least(share("inventory", "total_assets"), house(0.05, "material", "share_of_assets"))
_JUMP = {"W": house(0.30, "a jump within a quarter"), "A": house(0.50, "half as much again")}
_MONTH_JUMP = {"W": house(0.30, "a jump within a month"), "A": house(0.50, "half as much again")}


def _over_usual(step: str) -> Measure:
    """The step over what the season usually brings, where three years show it; a season that usually falls excuses nothing."""
    usual = pl.max_horizontal(pl.col(f"{step}_usual").fill_null(0.0), pl.lit(0.0))
    return Measure(pl.col(step) - usual, Unit.RATIO)


def _jump(level: str, name: str, measured: Compare, en: str, zh: str) -> Test:
    return Test(level, name, measured & _outgrew & _material, en, zh)


_STEP_EN = (
    ", {value} over the season's usual step (limit {limit}), and inventory outgrew cost of sales on the year before."
)
_STEP_ZH = "，超出同季常规变动{value}（界限{limit}），且同比增速高于营业成本。"
_QUARTER_EN = "Inventory {inventory_previous:money} → {inventory:money} within a quarter" + _STEP_EN
_QUARTER_ZH = "一个季度内存货{inventory_previous:money}→{inventory:money}" + _STEP_ZH
_MONTH_EN = "Stock {inventory_units_previous:count} → {inventory_units:count} within a month" + _STEP_EN
_MONTH_ZH = "一个月内库存{inventory_units_previous:count}→{inventory_units:count}" + _STEP_ZH

sudden_stock = Signal(
    id="MGT-08",
    grade="A",
    zh="存货突然增加。",
    en="Sudden inventory increase",
    applies=commercial(),
    tests=tuple(
        test
        for level in ("W", "A")
        for test in (
            _jump(level, "quarter", at_least(_over_usual("inventory_step"), _JUMP[level]), _QUARTER_EN, _QUARTER_ZH),
            _jump(
                level, "month", at_least(_over_usual("inventory_units_step"), _MONTH_JUMP[level]), _MONTH_EN, _MONTH_ZH
            ),
        )
    ),
    ask_en="Ask what was bought or not sold, see the stock list by age, and check the warehouse against it.",
    ask_zh="询问增加的是采购还是滞销，索取存货库龄表并到库核对。",
    note="The seasonal guard: the step less the median step of the same quarter (for the return: the same month) of the three "
    "years before, when all three are known and that median is above 0. Level A needs the other conditions of W too.",
)

_variance = value("stocktake_variance", Unit.RATIO)
_STOCKTAKE_EN = "The stocktake of {stocktake_on:day} found {value} more or less than the books (limit {limit})."
_STOCKTAKE_ZH = "{stocktake_on:day}盘点与账面相差{value}（界限{limit}）。"
_two_of_three: Condition = AtLeast(2, (hit("FIN-02"), hit("MGT-05"), hit("MGT-08")))

weaker_control = Signal(
    id="MGT-09",
    grade="C",
    zh="对存货、生产和销售的控制能力下降。",
    en="Weaker control of stock, production and sales",
    applies=commercial(),
    tests=(
        watch(
            "stocktake",
            at_least(_variance, house(0.05, "the books do not know the stock")),
            _STOCKTAKE_EN,
            _STOCKTAKE_ZH,
        ),
        watch(
            "variation",
            at_least(
                Measure(ratio("sales_variation_6", "sales_variation_12"), Unit.TIMES),
                house(2, "twice as uneven as before"),
            ),
            en="Shipments against output varied {value} as much in six months as in the twelve before (limit {limit}).",
            zh="近六个月发货与产量之比的波动为此前十二个月的{value}（界限{limit}）。",
        ),
        watch(
            "two_of_three",
            _two_of_three,
            en="Two of three signs stand at once: receivables run ahead, stock piles up, stock jumped.",
            zh="应收账款过快增长、产品积压、存货突增三项中同时出现两项。",
            kind="proxy",
        ),
        alert("stocktake", at_least(_variance, house(0.10, "a tenth of the stock")), _STOCKTAKE_EN, _STOCKTAKE_ZH),
        *answered("MGT-09", levels=("A",)),
    ),
    clear_needs=("stocktake", "variation"),
    ask_en="Ask who counts the stock and how often, see the last count, and how production and sales are planned together.",
    ask_zh="询问由谁盘点、多久一次，查看最近一次盘点表，了解产销计划如何衔接。",
    note="A filed return counts in full, like an answer: the row is clear without one only when both its tests ran. The "
    "coefficient of variation is the sample standard deviation over the mean; against a constant ratio before it is unknown.",
)
