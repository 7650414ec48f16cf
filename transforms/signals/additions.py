"""Measured predictors the book lacks, kept apart and switchable (`count_additions`)."""

from transforms.measures import share, value
from transforms.signal import Signal, above, alert, at_least, house, watch
from transforms.text import Unit

_COUNT = value("failed_90", Unit.COUNT)
_EN = "{value} outgoing payments were returned or failed for lack of funds in 90 days (limit: more than {limit})."
_ZH = "近90天有{value}笔付款被退回或因余额不足失败（界限：超过{limit}笔）。"

failed_payments = Signal(
    id="ADD-03",
    grade="A",
    zh="付款被退回或因余额不足失败。",
    en="Returned or failed payments",
    tests=(
        watch("count", above(_COUNT, house(2, "more than two")), _EN, _ZH),
        alert("count", above(_COUNT, house(5, "more than five")), _EN, _ZH),
        alert(
            "large",
            at_least(share("failed_largest_90", "opout_12"), house(0.01, "a high-value item bounced")),
            en="A payment of {failed_largest_90:money} was returned or failed: {value} of a year's payments (limit {limit}).",
            zh="一笔{failed_largest_90:money}的付款被退回或失败，占全年付款的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask which supplier was not paid and whether the payment has been made since.",
    ask_zh="问明未付成功的是哪家供应商，款项后来是否已付。",
    note="The Chinese text is ours: the row is not in the book.",
)
