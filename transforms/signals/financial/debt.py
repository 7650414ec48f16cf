"""What the client owes, and what stands behind it (FIN-03, FIN-11, FIN-16)."""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.arithmetic import ratio
from transforms.measures import commercial, share, value
from transforms.signal import Measure, Signal, Test, above, alert, at_least, below, house, red, seed, watch
from transforms.text import Unit

_INFINITE = pl.lit(float("inf"))
_GROWTH = house(0.30, "three tenths in a year")
_INCREASE = house(0.05, "material against total assets", "share_of_assets")
_OVER_REVENUE = house(0.20, "20 points over revenue", "over_revenue")
_LEVERAGE = house(4.0, "open policy: four times EBITDA, two periods running")
_THIN_EQUITY = house(0.10, "supervisor's list of early warnings")
_HARDLY_EQUITY = house(0.05, "supervisor's list of early warnings")


def _debt_growth(debt: str) -> pl.Expr:
    """Growth on the year before; debt out of nothing grew without limit (reading G10)."""
    before = pl.col(f"{debt}_year_ago")
    from_nothing = pl.when(pl.col(debt) > 0).then(_INFINITE).when(pl.col(debt) <= 0).then(0.0)
    return pl.when(before == 0).then(from_nothing).otherwise(growth_of(debt, f"{debt}_year_ago"))


def _debt_rise(debt: str, name: str, en: str, zh: str) -> tuple[Test, ...]:
    """The tests on one kind of debt: the rise, the rise with high leverage, the rise with little equity."""
    before = pl.col(f"{debt}_year_ago")
    growth = Measure(_debt_growth(debt), Unit.RATIO)
    revenue = growth_of("revenue", "revenue_year_ago")
    ahead = pl.when(before == 0).then(_debt_growth(debt)).otherwise(_debt_growth(debt) - revenue)
    increase = Measure(ratio(pl.col(debt) - before, pl.col("total_assets")), Unit.RATIO)
    rise = (
        at_least(growth, _GROWTH) & at_least(increase, _INCREASE) & at_least(Measure(ahead, Unit.POINTS), _OVER_REVENUE)
    )
    equity_ratio = Measure(ratio(pl.col("equity"), pl.col("total_assets")), Unit.RATIO)
    leverage = above(share("net_debt", "ebitda_ttm"), _LEVERAGE) & above(
        share("net_debt_previous", "ebitda_ttm_previous"), _LEVERAGE
    )
    rose_en = f"{en} {{{debt}_year_ago:money}} → {{{debt}:money}}"
    rose_zh = f"{zh}{{{debt}_year_ago:money}}→{{{debt}:money}}"
    equity_en = f"{rose_en}, and owners' equity {{equity:money}} is {{value}} of total assets (limit: below {{limit}})."
    equity_zh = f"{rose_zh}，且所有者权益{{equity:money}}仅为总资产的{{value}}（界限：低于{{limit}}）。"
    return (
        watch(
            name,
            rise,
            en=f"{rose_en}: up {{value}} (limit {{limit}}), well ahead of revenue.",
            zh=f"{rose_zh}，增幅{{value}}（界限{{limit}}），明显快于收入。",
        ),
        alert(
            f"{name}_leverage",
            leverage & rise,
            en=f"{rose_en}, and net debt of {{net_debt:money}} is over {{limit:times}} EBITDA of twelve months "
            "({ebitda_ttm:money}), as it was in the period before ({net_debt_previous:money} to {ebitda_ttm_previous:money}).",
            zh=f"{rose_zh}，且净债务{{net_debt:money}}超过近十二个月EBITDA（{{ebitda_ttm:money}}）的{{limit:times}}，"
            "上一期亦然（{net_debt_previous:money}对{ebitda_ttm_previous:money}）。",
        ),
        alert(f"{name}_equity", below(equity_ratio, _THIN_EQUITY) & rise, equity_en, equity_zh),
        red(f"{name}_equity", below(equity_ratio, _HARDLY_EQUITY) & rise, equity_en, equity_zh),
    )


debt_rise = Signal(
    id="FIN-03",
    grade="A",
    zh="长期债务或短期债务大量增加。",
    en="Sharp rise in short- or long-term debt",
    tests=(
        *_debt_rise("short_term_debt", "short_term", "Short-term debt", "短期债务"),
        *_debt_rise("long_term_debt", "long_term", "Long-term debt", "长期债务"),
    ),
    ask_en="Ask what the new debt paid for, who lent it and against what, and compare with the credit bureau's report.",
    ask_zh="问明新增债务的用途、出借方和担保条件，并与征信报告核对。",
    note="Each kind of debt is tested by itself: its own growth, its own increase against total assets, its own lead over "
    "revenue. Debt that was nil a year ago grew without limit and needs the 5% of total assets only. With EBITDA of zero or "
    "less any net debt is over the limit. The two periods are the newest filing and the one before it (same scope, at most "
    "13 months apart).",
)

_DUE_NOW = seed(0.70)


def _paid_in(due: str) -> Measure:
    """Paid-in capital over the capital due by then; where nothing was due nothing is missing."""
    base = pl.col(due)
    paid = pl.when(base > 0).then(pl.col("paid_in_capital") / base)
    return Measure(pl.when(base == 0).then(1.0).otherwise(paid), Unit.RATIO)


capital_not_paid_in = Signal(
    id="FIN-11",
    grade="A",
    zh="资本金没按比例到位,到位率小于70%。",
    en="Registered capital not paid in on schedule (< 70%)",
    applies=pl.col("capital_instalments") > 0,
    tests=(
        alert(
            "due",
            below(_paid_in("capital_due"), _DUE_NOW),
            en="Paid-in capital of {paid_in_capital:money} is {value} of the {capital_due:money} due by now (limit: below "
            "{limit}).",
            zh="实收资本{paid_in_capital:money}，为已到期应缴资本{capital_due:money}的{value}（界限：低于{limit}）。",
        ),
        red(
            "due_a_year",
            below(_paid_in("capital_due_year_ago"), house(0.30, "a year after the due date")),
            en="Paid-in capital of {paid_in_capital:money} is {value} of the {capital_due_year_ago:money} that fell due a "
            "year ago or earlier (limit: below {limit}).",
            zh="实收资本{paid_in_capital:money}，为到期已满一年的应缴资本{capital_due_year_ago:money}的{value}"
            "（界限：低于{limit}）。",
        ),
    ),
    ask_en="Ask the shareholders when the missing instalments will be paid, and for the capital verification report.",
    ask_zh="向股东问明欠缴出资的到位时间，并索取验资报告。",
    note="Only for clients with a schedule of instalments on file; without one companies may pay in over years, so the row does "
    "not apply. Instalments due by tonight are compared with the paid-in capital of the newest statement, so one paid since "
    "shows only with the next statement. Cancelled instalments do not count.",
)

_taken = at_least(value("inventory_collateral", Unit.COUNT), house(1, "any at all", "pledges"))
_own_stock = pl.col("accounts_receivable") + pl.col("inventory")

inventory_as_collateral = Signal(
    id="FIN-16",
    grade="A",
    zh="以存货做担保品。",
    en="Inventory taken as collateral",
    applies=commercial(),
    tests=(
        watch(
            "taken",
            _taken,
            en="Inventory appraised at {inventory_collateral_value:money} stands as collateral for {inventory_secured:money}.",
            zh="以评估价值{inventory_collateral_value:money}的存货为{inventory_secured:money}提供担保。",
        ),
        alert(
            "share_of_collateral",
            at_least(share("inventory_collateral_value", "collateral_value"), house(0.50, "half of the collateral"))
            & _taken,
            en="Inventory is {value} of the client's collateral ({inventory_collateral_value:money} of "
            "{collateral_value:money}; limit {limit}).",
            zh="存货占客户押品价值的{value}（{collateral_value:money}中的{inventory_collateral_value:money}，界限{limit}）。",
        ),
        alert(
            "share_of_inventory",
            above(share("inventory_secured", "inventory"), house(0.70, "seven tenths of the stock")) & _taken,
            en="The {inventory_secured:money} secured on inventory is {value} of the inventory on the balance sheet "
            "({inventory:money}; limit: above {limit}).",
            zh="以存货担保的{inventory_secured:money}为账面存货{inventory:money}的{value}（界限：超过{limit}）。",
        ),
        alert(
            "old_valuation",
            above(value("inventory_valuation_days", Unit.DAYS), house(90, "a quarter")) & _taken,
            en="The inventory taken as collateral was last valued {value} ago (limit: more than {limit}).",
            zh="存货押品最近一次评估距今{value}（界限：超过{limit}）。",
        ),
        red(
            "more_than_there_is",
            above(
                Measure(pl.col("working_capital_secured") - _own_stock, Unit.MONEY),
                house(0, "borrowing in excess of the collateral"),
            )
            & _taken,
            en="{working_capital_secured:money} is secured on inventory and receivables, {value} more than the balance sheet "
            "shows (receivables {accounts_receivable:money}, inventory {inventory:money}).",
            zh="以存货和应收账款担保的金额为{working_capital_secured:money}，比账面应收账款{accounts_receivable:money}与存货"
            "{inventory:money}之和多{value}。",
        ),
    ),
    ask_en="Inspect the stock: is it there, whose is it, insured, saleable, pledged elsewhere? Have it valued again.",
    ask_zh="现场核查存货：是否存在、归谁所有、是否投保、能否变现、有无重复质押，并重新评估。",
    note="Collateral with status active that has not ended counts. The secured amounts of all pledges of inventory are added; for level R also those "
    "on receivables. The oldest valuation among the pledges of inventory decides the 90 days.",
)
