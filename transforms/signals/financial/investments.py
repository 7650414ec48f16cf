"""Investments: losses, securities, trading, what was not written down (FIN-05, FIN-06, FIN-20, FIN-21)."""

import polars as pl

from transforms.measures import perhaps, share, unless_unknown, value
from transforms.signal import Fact, Measure, Signal, alert, at_least, below, fact, house, red, watch
from transforms.text import Unit

_SCHEDULE = (
    "The schedule is the newest in the notes, received within 15 months; notes that list no investment are no schedule."
)
_scheduled = pl.col("investments_listed").is_not_null()
_OF_EQUITY = house(0.05, "material against equity")
_incomes_known = unless_unknown("investment_incomes_unknown")

investment_losses = Signal(
    id="FIN-05",
    grade="A",
    zh="投资项目出现亏损。",
    en="Loss-making investment projects",
    tests=(
        watch(
            "holding",
            at_least(share("investment_loss_carrying", "equity"), _OF_EQUITY)
            | perhaps(at_least(share("investment_unknown_carrying", "equity"), _OF_EQUITY)),
            en="A venture that lost money over twelve months is carried at {investment_loss_carrying:money}, {value} of "
            "owners' equity (limit {limit}).",
            zh="近十二个月亏损的投资项目账面价值{investment_loss_carrying:money}，为所有者权益的{value}（界限{limit}）。",
        ),
        alert(
            "losses",
            at_least(share("investment_losses", "profit_before_tax_ttm"), house(0.10, "a tenth of the profit"))
            | _incomes_known,
            en="Losses of investments come to {investment_losses:money}, {value} of profit before tax (limit {limit}).",
            zh="投资亏损合计{investment_losses:money}，为税前利润的{value}（界限{limit}）。",
        ),
        alert(
            "two_years",
            fact("investment_losses_two_years"),
            en="A material investment has lost money two years running.",
            zh="重大投资项目连续两年亏损。",
        ),
        watch(
            "investment_income",
            below(Measure(pl.when(~_scheduled).then("investment_income_ttm"), Unit.MONEY), house(0, "a loss")),
            en="Without a schedule of investments: investment income of twelve months is {value}.",
            zh="未取得投资明细：近十二个月投资收益为{value}。",
            kind="fallback",
        ),
    ),
    ask_en="Ask for the schedule of investments with cost, carrying value and result of each.",
    ask_zh="索取投资明细表：成本、账面价值和各项目损益。",
    note=f"Ventures are equity holdings and projects. Losses and profit before tax are both of twelve months. {_SCHEDULE}",
)

_cost, _worth = pl.col("securities_cost"), pl.col("securities_fair_value")
_loss = Measure(pl.when(_cost > 0).then(1 - _worth / _cost).when(_cost <= 0).then(0.0), Unit.RATIO)
_fallen = at_least(_loss, house(0.20, "a fifth of the cost"))
_loss_of_equity = share("securities_loss", "equity")

securities_fall = Signal(
    id="FIN-06",
    grade="B",
    zh="所持证券大幅度贬值。",
    en="Material fall in securities holdings",
    tests=(
        watch(
            "fall",
            _fallen,
            en="Securities that cost {securities_cost:money} are worth {securities_fair_value:money}: down {value} (limit "
            "{limit}).",
            zh="证券投资成本{securities_cost:money}，公允价值{securities_fair_value:money}：贬值{value}（界限{limit}）。",
        ),
        alert(
            "fall",
            _fallen & at_least(_loss_of_equity, house(0.03, "material against equity")),
            en="Securities that cost {securities_cost:money} are worth {securities_fair_value:money}: down {value} (limit "
            "{limit}), a loss of {securities_loss:money} against owners' equity of {equity:money}.",
            zh="证券投资成本{securities_cost:money}，公允价值{securities_fair_value:money}：贬值{value}（界限{limit}），"
            "损失{securities_loss:money}，所有者权益为{equity:money}。",
        ),
        red(
            "of_equity",
            at_least(_loss_of_equity, house(0.10, "a tenth of equity")),
            en="The loss on securities is {securities_loss:money}, {value} of owners' equity (limit {limit}).",
            zh="证券投资损失{securities_loss:money}，为所有者权益的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask for the list of securities at today's prices, which of them are pledged, and what was sold since the report.",
    ask_zh="索取证券清单及现时市价，问明哪些已质押、报告日后卖出了哪些。",
    note=f"Level R needs the tenth of equity only, whatever the fall. {_SCHEDULE}",
)

_flows = pl.col("investment_purchases_cash_ttm") + pl.col("investment_disposals_cash_ttm")
_balance = (
    pl.col("trading_assets")
    + pl.col("long_term_investments")
    + pl.col("trading_assets_year_ago")
    + pl.col("long_term_investments_year_ago")
) / 2

frequent_trading = Signal(
    id="FIN-20",
    grade="A",
    zh="过于频繁的长、短期投资买卖。",
    en="Over-frequent buying and selling of investments",
    tests=(
        watch(
            "turnover",
            at_least(Measure(share(_flows, _balance).expr, Unit.TIMES), house(4, "turned over once a quarter")),
            en="In twelve months {investment_purchases_cash_ttm:money} was paid for investments and "
            "{investment_disposals_cash_ttm:money} received: {value} the average balance (limit {limit}).",
            zh="近十二个月投资支付{investment_purchases_cash_ttm:money}、收回{investment_disposals_cash_ttm:money}，"
            "为平均投资余额的{value}（界限{limit}）。",
        ),
        watch(
            "round_trips",
            at_least(value("investment_round_trips_90", Unit.COUNT), house(12, "about one a week")),
            en="{value} round trips in securities, wealth products and equity in 90 days (limit {limit}).",
            zh="近90天证券、理财和股权投资往返买卖{value}次（界限{limit}次）。",
        ),
        alert(
            "of_revenue",
            at_least(share(_flows, "revenue_ttm"), house(0.50, "half of the business")),
            en="In twelve months {investment_purchases_cash_ttm:money} was paid for investments and "
            "{investment_disposals_cash_ttm:money} received: {value} of revenue (limit {limit}).",
            zh="近十二个月投资支付{investment_purchases_cash_ttm:money}、收回{investment_disposals_cash_ttm:money}，"
            "为营业收入的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask what is bought and sold, with whose money, who decides, and for the gains and losses so far.",
    ask_zh="询问买卖的品种、资金来源、由谁决策，并索取累计损益。",
    note="The balance is trading assets and long-term investments, the mean of now and a year ago. A round trip is one "
    "payment out and one in, of the three categories together.",
)

_hollow, _reversed = fact("investment_not_impaired"), fact("investment_impairment_reversed")
_modified = Fact(pl.col("newest_opinion").is_in(["qualified", "adverse", "disclaimer"]))

unrecognised_losses = Signal(
    id="FIN-21",
    grade="B",
    zh="不恰当地确认投资损失。",
    en="Improper recognition of investment losses",
    tests=(
        alert(
            "not_impaired",
            _hollow,
            en="An investment was worth 80% of its carrying value or less at two period ends, and no impairment was booked.",
            zh="一项投资连续两个报告期末的公允价值不高于账面价值的80%，却未计提减值。",
        ),
        alert(
            "reversed",
            _reversed,
            en="An impairment of an investment was booked and half of it or more reversed within four quarters.",
            zh="一项投资计提减值后，四个季度内转回了一半以上。",
        ),
        red(
            "not_impaired",
            _hollow & _modified,
            en="An investment was worth 80% of its carrying value or less at two period ends without an impairment, and the "
            "auditor's newest opinion is qualified or worse.",
            zh="一项投资连续两个报告期末的公允价值不高于账面价值的80%而未计提减值，且最近一次审计意见为保留或更差。",
        ),
        red(
            "reversed",
            _reversed & _modified,
            en="An impairment of an investment was booked and half of it or more reversed within four quarters, and the "
            "auditor's newest opinion is qualified or worse.",
            zh="一项投资计提减值后四个季度内转回了一半以上，且最近一次审计意见为保留或更差。",
        ),
    ),
    ask_en="Ask for the valuation behind each carrying value, and for the auditor's note on investments.",
    ask_zh="索取各项投资账面价值的估值依据，以及审计师对投资的说明。",
    note="No impairment means none at both period ends. Level R: the opinion is not tied to investments in the data, so it "
    f"counts where the alert holds. {_SCHEDULE}",
)
