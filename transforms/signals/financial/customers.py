"""Sales that hang on few customers (FIN-18)."""

import polars as pl

from transforms.measures import commercial, value
from transforms.signal import Measure, Signal, alert, at_least, house, watch
from transforms.text import Unit

_NAMED = 0.50  # of the inflow: below it the flows say nothing about customers
_noted = pl.col("customers_listed").is_not_null()


def _of_inflow(column: str) -> Measure:
    """A share of the inflow by payer; unknown unless half of it has a name.

    Beside a list of customers it is 0 and only has to be known: CLEAR needs the flows, but the list decides.
    """
    share = pl.when(pl.col("payer_share_named").round(9) >= _NAMED).then(column)
    return Measure(pl.when(_noted & share.is_not_null()).then(0.0).otherwise(share), Unit.RATIO)


_one, _five = value("customer_share_1", Unit.RATIO), value("customer_share_5", Unit.RATIO)
_payer, _payers = _of_inflow("payer_share_1"), _of_inflow("payer_share_5")
_ONE_W, _ONE_A = house(0.30, "listing rules look at 30%"), house(0.50, "half of the sales")
_FIVE_W, _FIVE_A = house(0.60, "three fifths of the sales"), house(0.80, "four fifths of the sales")
_ONE_EN = "The largest customer takes {value} of sales (limit {limit}), by the notes to {customers_period_end:day}."
_ONE_ZH = "据{customers_period_end:day}报表附注，第一大客户占销售额的{value}（界限{limit}）。"
_FIVE_EN = (
    "The five largest customers take {value} of sales (limit {limit}), by the notes to {customers_period_end:day}."
)
_FIVE_ZH = "据{customers_period_end:day}报表附注，前五大客户占销售额的{value}（界限{limit}）。"
_PAYER_EN = "No list of customers: the largest payer brought {value} of twelve months' inflow (limit {limit})."
_PAYER_ZH = "未取得客户明细：第一大付款方占近十二个月账户流入的{value}（界限{limit}）。"
_PAYERS_EN = "No list of customers: the five largest payers brought {value} of twelve months' inflow (limit {limit})."
_PAYERS_ZH = "未取得客户明细：前五大付款方占近十二个月账户流入的{value}（界限{limit}）。"

few_customers = Signal(
    id="FIN-18",
    grade="A",
    zh="过分依赖于少数大客户。",
    en="Customer concentration (sales)",
    applies=commercial(),
    tests=(
        watch("one", at_least(_one, _ONE_W), _ONE_EN, _ONE_ZH),
        watch("five", at_least(_five, _FIVE_W), _FIVE_EN, _FIVE_ZH),
        alert("one", at_least(_one, _ONE_A), _ONE_EN, _ONE_ZH),
        alert("five", at_least(_five, _FIVE_A), _FIVE_EN, _FIVE_ZH),
        watch("payer", at_least(_payer, _ONE_W), _PAYER_EN, _PAYER_ZH, kind="fallback"),
        watch("payers", at_least(_payers, _FIVE_W), _PAYERS_EN, _PAYERS_ZH, kind="fallback"),
        alert("payer", at_least(_payer, _ONE_A), _PAYER_EN, _PAYER_ZH, kind="fallback"),
        alert("payers", at_least(_payers, _FIVE_A), _PAYERS_EN, _PAYERS_ZH, kind="fallback"),
    ),
    ask_en="Ask how firm the orders of the largest customer are, its terms of payment, and what happens if it leaves.",
    ask_zh="询问第一大客户的订单是否稳定、付款条件如何，以及一旦流失如何应对。",
    note="The list of customers in the newest notes, received within 15 months, decides; the flows stand in without one, "
    "when half of the inflow or more has a named payer. A payer is a party, else an account with its name. CLEAR only if "
    "the flows could be computed.",
)
