"""Sudden large funding request (MGT-47)."""

import polars as pl

from transforms.measures import ratio, share
from transforms.signal import AtLeast, Fact, Measure, Signal, alert, at_least, hit, house, watch
from transforms.text import Unit

_asked = Fact(pl.col("requests_30") > 0)
_of_limits = _asked & at_least(share("requests_30", "limit_total"), house(0.30, "a third of the lines", "of_limits"))
_of_sales = _asked & at_least(share("requests_30", "revenue_ttm"), house(0.20, "ten weeks of sales", "of_sales"))
_of_before = _asked & at_least(
    Measure(ratio("requests_30", "requests_median"), Unit.TIMES),
    house(3, "three times what it used to ask", "of_before"),
)

sudden_request = Signal(
    id="MGT-47",
    grade="B",
    zh="突然提出大量资金需求。",
    en="Sudden large funding request",
    tests=(
        watch(
            "limits",
            _of_limits,
            en="New money of {requests_30:money} was asked for in 30 days against lines of {limit_total:money} (limit {limit} "
            "of them).",
            zh="近30天提出新增资金需求{requests_30:money}，现有授信额度{limit_total:money}（界限：额度的{limit}）。",
        ),
        watch(
            "sales",
            _of_sales,
            en="New money of {requests_30:money} was asked for in 30 days against sales of {revenue_ttm:money} in twelve months "
            "(limit {limit} of them).",
            zh="近30天提出新增资金需求{requests_30:money}，近十二个月销售收入{revenue_ttm:money}（界限：收入的{limit}）。",
        ),
        watch(
            "before",
            _of_before,
            en="New money of {requests_30:money} was asked for in 30 days, {value} the median of earlier requests, "
            "{requests_median:money} (limit {limit}).",
            zh="近30天提出新增资金需求{requests_30:money}，为以往申请中位数{requests_median:money}的{value}（界限{limit}）。",
        ),
        alert(
            "two_of_three",
            AtLeast(2, (_of_limits, _of_sales, _of_before)),
            en="New money of {requests_30:money} was asked for in 30 days: large by at least two of its measures, the lines, a "
            "year's sales and earlier requests.",
            zh="近30天提出新增资金需求{requests_30:money}，与授信额度、年销售收入、以往申请相比，至少两项偏大。",
        ),
        alert(
            "while_falling",
            (_of_limits | _of_sales | _of_before) & hit("MGT-42", "A"),
            en="New money of {requests_30:money} was asked for in 30 days while deposits or settlement with us fall (MGT-42).",
            zh="近30天提出新增资金需求{requests_30:money}，同时在我行的存款或结算量持续下降（MGT-42）。",
        ),
    ),
    ask_en="Ask what the money is for, why now, who else was asked, and for the cash plan behind it.",
    ask_zh="询问资金用途、为何此时提出、是否也向他行申请，并索取相应的资金计划。",
    note="Requests for new loans and increases only; a rollover asks for no new money. Without lines or sales any request is "
    "over their limit. Without an earlier request the third comparison is unknown.",
)
