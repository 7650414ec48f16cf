"""Deals at odd prices, with related persons, and for intangibles (FIN-22, FIN-23, FIN-28)."""

import polars as pl

from transforms.measures import difference, perhaps, share, unless_unknown, value
from transforms.signal import Condition, Fact, Limit, Measure, Signal, above, alert, at_least, house, red, watch
from transforms.text import Unit

_CLOSE = "related parties: a fifth off"
_CLEAR = "70% and 130% of the market price: clearly unreasonable"
_BELOW_EN = "A deal of the last 365 days was priced {value} below fair value (limit: more than {limit})."
_BELOW_ZH = "近365天一笔交易的价格比公允价值低{value}（界限：超过{limit}）。"
_ABOVE_EN = "A deal of the last 365 days was priced {value} above fair value (limit: more than {limit})."
_ABOVE_ZH = "近365天一笔交易的价格比公允价值高{value}（界限：超过{limit}）。"
_BELOW_RELATED_EN = (
    "A deal with a related party in the last 365 days was priced {value} below fair value (limit: more than {limit})."
)
_BELOW_RELATED_ZH = "近365天一笔关联交易的价格比公允价值低{value}（界限：超过{limit}）。"
_ABOVE_RELATED_EN = (
    "A deal with a related party in the last 365 days was priced {value} above fair value (limit: more than {limit})."
)
_ABOVE_RELATED_ZH = "近365天一笔关联交易的价格比公允价值高{value}（界限：超过{limit}）。"


def _off(column: str, limit: Limit) -> Condition:
    """A price lies further off than the limit; unknown while a deal that may count could, or has no fair value."""
    open_deals = perhaps(above(value(f"{column}_open", Unit.RATIO), limit))
    unvalued = "related_deals_unvalued" if column.endswith("_related") else "deals_unvalued"
    return above(value(column, Unit.RATIO), limit) | open_deals | unless_unknown(unvalued)


improper_prices = Signal(
    id="FIN-22",
    grade="B",
    zh="以明显不恰当的对价进行交易。",
    en="Transactions at clearly improper prices",
    tests=(
        watch(
            "below_related",
            _off("deal_discount_related", house(0.20, _CLOSE)),
            _BELOW_RELATED_EN,
            _BELOW_RELATED_ZH,
        ),
        watch(
            "above_related",
            _off("deal_premium_related", house(0.20, _CLOSE)),
            _ABOVE_RELATED_EN,
            _ABOVE_RELATED_ZH,
        ),
        alert("below", _off("deal_discount", house(0.30, _CLEAR)), _BELOW_EN, _BELOW_ZH),
        alert("above", _off("deal_premium", house(0.30, _CLEAR)), _ABOVE_EN, _ABOVE_ZH),
        red(
            "below_related",
            _off("deal_discount_related", house(0.30, _CLEAR)),
            _BELOW_RELATED_EN,
            _BELOW_RELATED_ZH,
        ),
        red(
            "above_related",
            _off("deal_premium_related", house(0.30, _CLEAR)),
            _ABOVE_RELATED_EN,
            _ABOVE_RELATED_ZH,
        ),
    ),
    ask_en="Ask for the contract, the appraisal, who the other side is, and whether the money was paid.",
    ask_zh="索取合同和评估报告，核实交易对手身份及款项是否收付。",
    note="Deals from the larger of 1% of total assets and one million. Related: the deal says so, or on its day the other "
    "side was tied by ownership, control, group or joint borrowing, was a key person, or a relative of one.",
)

_told = unless_unknown("equity_deals_unknown")


def _dealings(column: str, limit: Limit) -> Condition:
    """So many dealings; unknown while those that may be with related persons could make it, or a source is missing."""
    may_be = perhaps(at_least(value(f"{column}_perhaps", Unit.COUNT), limit))
    return at_least(value(column, Unit.COUNT), limit) | may_be | _told


_DEALINGS_EN = "{value} equity dealings with related persons in 365 days (limit {limit})."
_DEALINGS_ZH = "近365天与关系人的股权买卖{value}笔（界限{limit}笔）。"

equity_with_relatives = Signal(
    id="FIN-23",
    grade="B",
    zh="与关系人的股权买卖过于频繁。",
    en="Over-frequent equity dealings with related persons",
    tests=(
        watch("count", _dealings("equity_deals_related", house(2, "more than once")), _DEALINGS_EN, _DEALINGS_ZH),
        alert("count", _dealings("equity_deals_related", house(3, "a habit")), _DEALINGS_EN, _DEALINGS_ZH),
        alert(
            "control",
            _dealings("equity_deals_control", house(1, "control moves")),
            en="Equity dealings with related persons in 365 days that moved control: {value}.",
            zh="近365天与关系人的股权买卖中有{value}笔转移了控制权。",
        ),
    ),
    ask_en="Ask who now owns the shares, at what price they moved and how they were paid.",
    ask_zh="询问股权现由谁持有、转让价格及款项支付情况。",
    note="Transfers in the registry and the client's own deals, both with a related other side on the day (tied by "
    "ownership, control, group or joint borrowing, a key person, a relative of one, or flagged so). One transfer seen in "
    "both, at most 5 days apart, counts once.",
)

_of_assets = house(0.05, "material against assets")
_added = difference("intangibles", "intangibles_year_ago", Unit.MONEY)
_none_noted = Fact(pl.col("intangible_purchases_since") == 0)


def _paid(price: str) -> Measure:
    """A price as a share of total assets; 0 without a purchase, whatever the assets."""
    return Measure(pl.when(pl.col(price) == 0).then(0.0).otherwise(share(price, "total_assets").expr), Unit.RATIO)


intangibles_cost = Signal(
    id="FIN-28",
    grade="B",
    zh="无形资产的取得成本不合理。",
    en="Unreasonable acquisition cost of intangibles",
    tests=(
        watch(
            "no_deal",
            at_least(share(_added.expr, "total_assets"), _of_assets) & _none_noted,
            en="Intangible assets rose from {intangibles_year_ago:money} to {intangibles:money}, by {value} of total assets "
            "(limit {limit}), and no purchase is on record.",
            zh="无形资产由{intangibles_year_ago:money}增至{intangibles:money}，增加额为总资产的{value}（界限{limit}），"
            "但没有对应的购置交易记录。",
        ),
        alert(
            "overpriced",
            at_least(_paid("intangible_overpriced"), _of_assets)
            | perhaps(at_least(_paid("intangible_unvalued"), _of_assets)),
            en="Intangible assets were bought for {intangible_overpriced:money}, over 130% of their fair value and {value} of "
            "total assets (limit {limit}).",
            zh="以{intangible_overpriced:money}购入无形资产，高于公允价值的130%，为总资产的{value}（界限{limit}）。",
        ),
        alert(
            "unappraised",
            at_least(_paid("intangible_unappraised"), _of_assets),
            en="Intangible assets were bought for {intangible_unappraised:money} without an appraisal, {value} of total assets "
            "(limit {limit}).",
            zh="未经评估以{intangible_unappraised:money}购入无形资产，为总资产的{value}（界限{limit}）。",
        ),
        alert(
            "related",
            at_least(_paid("intangible_related"), _of_assets)
            | perhaps(at_least(_paid("intangible_seller_unknown"), _of_assets)),
            en="Intangible assets were bought from a related party for {intangible_related:money}, {value} of total assets "
            "(limit {limit}).",
            zh="以{intangible_related:money}向关联方购入无形资产，为总资产的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask for the contract, the appraisal and what the asset earns.",
    ask_zh="索取购置合同、评估报告，并询问该资产带来的收益。",
    note="Purchases of 365 days. Additions are the balance now less a year ago; any purchase of intangibles since the "
    "statement a year before counts as the matching deal.",
)
