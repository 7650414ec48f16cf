"""MGT-05, MGT-06, MGT-08, MGT-09: what a panel row must make of them."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000
MAY = date(2015, 5, 31)

TURNS = {"cogs": 100 * M, "cogs_year_ago": 100 * M, "inventory": 10 * M, "inventory_year_ago": 10 * M}
TURNS |= {"revenue": 120 * M, "revenue_year_ago": 120 * M}
SLOW = TURNS | {"inventory": 1_250_000_000}  # 10 / 12.5: a fifth slower
SLOW_EN = (
    "Inventory turns 20.0% more slowly than a year ago (limit 20.0%): inventory CNY 10.0 million → CNY 12.5 million"
)
SLOW_ZH = "存货周转率同比下降20.0%（界限20.0%），存货1,000.00万元→1,250.00万元"
PILED = {"inventory_units": 313.0, "shipments_3": 312.0, "inventory_units_year_ago": 240.0}
WIDE = {
    "active_products": 10.0,
    "active_products_year_ago": 10.0,
    "top_product_share": 0.3,
    "top_product_share_year_ago": 0.3,
}
GREW = {
    "inventory": 12 * M,
    "inventory_year_ago": 10 * M,
    "cogs": 100 * M,
    "cogs_year_ago": 100 * M,
    "total_assets": 240 * M,
}
GREW |= {"inventory_previous": 9 * M, "inventory_units_previous": 100.0, "inventory_units": 130.0}
GREW_EN = "over the season's usual step (limit 30.0%), and inventory outgrew cost of sales on the year before."
GREW_ZH = "（界限30.0%），且同比增速高于营业成本。"
TIED = {
    "stocktake_variance": 0.049,
    "stocktake_on": date(2015, 3, 31),
    "sales_variation_6": 0.1,
    "sales_variation_12": 0.1,
}
QUIET = {"FIN-02": "CLEAR", "MGT-05": "CLEAR", "MGT-08": "CLEAR"}

CASES = [
    # MGT-05
    clear("MGT-05", **TURNS),
    fires("MGT-05", "W", SLOW_EN + ".", zh=SLOW_ZH + "。", **SLOW),
    clear("MGT-05", **SLOW | {"inventory": 1_249_000_000}),
    clear("MGT-05", **SLOW | {"inventory": 0}),  # no stock: nothing piles up
    fires("MGT-05", "A", SLOW_EN + ", and revenue fell: CNY 120.0 million → CNY 119.0 million.",
          zh=SLOW_ZH + "，且收入下降：12,000.00万元→11,900.00万元。", **SLOW | {"revenue": 119 * M}),
    clear("MGT-05", **TURNS | {"revenue": 60 * M}),  # the fall of revenue alone is not this row's
    fires("MGT-05", "A", SLOW_EN + ", and stock of 313 exceeds three months of shipments (312) and that of a year ago (240).",
          zh=SLOW_ZH + "，且库存313超过三个月发货量312，并高于上年同期240。", **SLOW, **PILED),
    fires("MGT-05", "W", SLOW_EN + ".", **SLOW, **PILED | {"shipments_3": 313.0}),  # no more than three months
    fires("MGT-05", "W", SLOW_EN + ".", **SLOW, **PILED | {"inventory_units": 312.0, "shipments_3": 300.0}),  # 1.3 times, not more
    fires("MGT-05", "A", SLOW_EN + ", and stock of 313 exceeds three months of shipments (0) and that of a year ago (240).",
          **SLOW, **PILED | {"shipments_3": 0.0}),
    clear("MGT-05", **TURNS, **PILED),
    fires("MGT-05", "W", "The relationship manager's answer on file confirms it (severity 3).", **TURNS, answer_mgt_05="yes",
          answer_mgt_05_severity=3),
    fires("MGT-05", "A", SLOW_EN + ", and the relationship manager's answer on file confirms that stock piles up.",
          zh=SLOW_ZH + "，且客户经理已书面确认产品积压。", **SLOW, answer_mgt_05="yes", answer_mgt_05_severity=1),
    fires("MGT-05", "W", SLOW_EN + ".", **SLOW, answer_mgt_05="no"),  # it dismisses no fact
    fires("MGT-05", "W", "The relationship manager's answer on file confirms it (severity 1).", answer_mgt_05="yes", answer_mgt_05_severity=1),
    no_data("MGT-05"),
    no_data("MGT-05", **TURNS | {"inventory": None, "revenue": 60 * M}),
    no_data("MGT-05", **TURNS | {"cogs_year_ago": 0, "revenue": None}),
    not_applicable("MGT-05", client_kind="financial", **SLOW),
    # MGT-06
    clear("MGT-06", **WIDE),
    fires("MGT-06", "W", "Products sold 10 → 7: down 30.0% (limit 30.0%).", zh="在售产品10种→7种，降幅30.0%（界限30.0%）。", **WIDE | {"active_products": 7.0}),
    clear("MGT-06", **WIDE | {"active_products": 7.1}),
    fires("MGT-06", "A", "The largest product makes 80.0% of sales (limit 80.0%); a year ago it was 59.0%.",
          zh="最大单一产品占销售额80.0%（界限80.0%），上年同期为59.0%。", **WIDE | {"top_product_share": 0.8, "top_product_share_year_ago": 0.59}),
    clear("MGT-06", **WIDE | {"top_product_share": 0.799, "top_product_share_year_ago": 0.59}),
    clear("MGT-06", **WIDE | {"top_product_share": 0.8, "top_product_share_year_ago": 0.6}),
    fires("MGT-06", "A", "The relationship manager's answer on file confirms it (severity 2).", answer_mgt_06="yes", answer_mgt_06_severity=2),
    fires("MGT-06", "W", "The relationship manager's answer on file confirms it (severity 1).", answer_mgt_06="yes", answer_mgt_06_severity=1),
    clear("MGT-06", answer_mgt_06="no"),
    no_data("MGT-06", **WIDE | {"active_products_year_ago": None}),
    no_data("MGT-06", **WIDE | {"top_product_share": None}),
    no_data("MGT-06"),
    not_applicable("MGT-06", client_kind="institution", **WIDE),
    # MGT-08
    fires("MGT-08", "W", "Inventory CNY 9.0 million → CNY 12.0 million within a quarter, 33.3% " + GREW_EN,
          zh="一个季度内存货900.00万元→1,200.00万元，超出同季常规变动33.3%" + GREW_ZH, **GREW, inventory_step=0.333333333),
    fires("MGT-08", "W", "Inventory CNY 9.0 million → CNY 12.0 million within a quarter, 30.0% " + GREW_EN, **GREW, inventory_step=0.3),
    clear("MGT-08", **GREW, inventory_step=0.2999),
    fires("MGT-08", "A", "Inventory CNY 9.0 million → CNY 12.0 million within a quarter, 50.0% over the season's usual step (limit 50.0%), "
          "and inventory outgrew cost of sales on the year before.", **GREW, inventory_step=0.5),
    clear("MGT-08", **GREW, inventory_step=0.5, inventory_step_usual=0.21),  # the season
    fires("MGT-08", "W", "Inventory CNY 9.0 million → CNY 12.0 million within a quarter, 30.0% " + GREW_EN, **GREW, inventory_step=0.5,
          inventory_step_usual=0.2),
    clear("MGT-08", **GREW, inventory_step=0.2999, inventory_step_usual=-0.3),  # a season that falls excuses nothing, adds nothing
    clear("MGT-08", **GREW | {"cogs": 101 * M}, inventory_step=0.5),  # 19 points over cost of sales
    clear("MGT-08", **GREW | {"total_assets": 241 * M}, inventory_step=0.5),
    fires("MGT-08", "W", "Stock 100 → 130 within a month, 30.0% " + GREW_EN, zh="一个月内库存100→130，超出同季常规变动30.0%" + GREW_ZH, **GREW,
          inventory_units_step=0.3),
    fires("MGT-08", "A", "Stock 100 → 130 within a month, 50.0% over the season's usual step (limit 50.0%), and inventory outgrew cost of "
          "sales on the year before.", **GREW, inventory_units_step=0.6, inventory_units_step_usual=0.1),
    clear("MGT-08", **GREW, inventory_units_step=0.2999),
    clear("MGT-08", **GREW | {"inventory": 10 * M}),  # no growth over the year: no step is needed
    no_data("MGT-08", **GREW),
    no_data("MGT-08"),
    not_applicable("MGT-08", client_kind="financial", **GREW, inventory_step=0.5),
    # MGT-09
    clear("MGT-09", **TIED, **QUIET),
    clear("MGT-09", **TIED),
    fires("MGT-09", "W", "The stocktake of 31 March 2015 found 5.0% more or less than the books (limit 5.0%).",
          zh="2015年3月31日盘点与账面相差5.0%（界限5.0%）。", **TIED | {"stocktake_variance": 0.05}),
    fires("MGT-09", "A", "The stocktake of 31 March 2015 found 10.0% more or less than the books (limit 10.0%).", **TIED | {"stocktake_variance": 0.1}),
    fires("MGT-09", "W", "Shipments against output varied 2.00× as much in six months as in the twelve before (limit 2.00×).",
          zh="近六个月发货与产量之比的波动为此前十二个月的2.00倍（界限2.00倍）。", **TIED | {"sales_variation_6": 0.2}),
    clear("MGT-09", **TIED | {"sales_variation_6": 0.199}),
    fires("MGT-09", "W", "Two of three signs stand at once: receivables run ahead, stock piles up, stock jumped.",
          zh="应收账款过快增长、产品积压、存货突增三项中同时出现两项。", **QUIET | {"FIN-02": "W", "MGT-08": "A"}),
    fires("MGT-09", "W", "Two of three signs stand at once: receivables run ahead, stock piles up, stock jumped.",
          **QUIET | {"FIN-02": "NO_DATA", "MGT-05": "A", "MGT-08": "A"}),
    clear("MGT-09", **TIED, **QUIET | {"FIN-02": "A"}),
    fires("MGT-09", "A", "The relationship manager's answer on file confirms it (severity 1).", answer_mgt_09="yes", answer_mgt_09_severity=1),
    clear("MGT-09", **QUIET | {"FIN-02": "W", "MGT-08": "A"}, answer_mgt_09="no"),
    no_data("MGT-09", **QUIET),  # a proxy that does not hold says nothing
    no_data("MGT-09", **TIED | {"stocktake_variance": None}),
    no_data("MGT-09", **TIED | {"sales_variation_12": 0.0}),
    no_data("MGT-09"),
    not_applicable("MGT-09", client_kind="institution", **TIED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stock(case: Case) -> None:
    check(case)
