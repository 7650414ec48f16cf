"""Investments that lose money (FIN-05)."""

from transforms.measures import share, value
from transforms.signal import Signal, alert, at_least, below, fact, house, watch
from transforms.text import Unit

investment_losses = Signal(
    id="FIN-05",
    grade="A",
    zh="投资项目出现亏损。",
    en="Loss-making investment projects",
    tests=(
        watch(
            "holding",
            at_least(value("investment_loss_share", Unit.RATIO), house(0.05, "material against equity")),
            en="A loss-making investment is carried at {value} of owners' equity (limit {limit}).",
            zh="亏损投资项目的账面价值为所有者权益的{value}（界限{limit}）。",
        ),
        alert(
            "losses",
            at_least(share("investment_losses_ttm", "profit_before_tax"), house(0.10, "a tenth of the profit")),
            en="Losses of investments come to {investment_losses_ttm:money}, {value} of profit before tax (limit {limit}).",
            zh="投资亏损合计{investment_losses_ttm:money}，为税前利润的{value}（界限{limit}）。",
        ),
        alert(
            "two_years",
            fact("investment_losses_two_years"),
            en="A material investment has lost money two years running.",
            zh="重大投资项目连续两年亏损。",
        ),
        watch(
            "investment_income",
            below(value("investment_income_ttm", Unit.MONEY), house(0, "a loss")),
            en="Without a schedule of investments: investment income of twelve months is {value}.",
            zh="未取得投资明细：近十二个月投资收益为{value}。",
            kind="fallback",
        ),
    ),
    ask_en="Ask for the schedule of investments with cost, carrying value and result of each.",
    ask_zh="索取投资明细表：成本、账面价值和各项目损益。",
)
