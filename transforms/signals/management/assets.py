"""Companies bought, productive assets sold, premises bought (MGT-17, MGT-18, MGT-31)."""

import polars as pl

from transforms.measures import share, value
from transforms.signal import Measure, Signal, alert, answered, at_least, below, house, red, watch
from transforms.text import Unit

_of_equity = house(0.10, "material against equity")


def _priced(price: str) -> Measure:
    """A price as a share of equity; 0 without a purchase, whatever the equity."""
    return Measure(pl.when(pl.col(price) == 0).then(0.0).otherwise(share(price, "equity").expr), Unit.RATIO)


_off_core = at_least(_priced("off_core_price"), _of_equity)

acquisition = Signal(
    id="MGT-17",
    grade="B",
    zh="收购是出于改变财务结构,或只为控制更多资源,不是为巩固核心业务。",
    en="Acquisition not serving the core business",
    tests=(
        watch(
            "other_industry",
            _off_core,
            en="A company in another industry was bought for {off_core_price:money}, {value} of owners' equity (limit "
            "{limit}).",
            zh="以{off_core_price:money}收购其他行业的企业，为所有者权益的{value}（界限{limit}）。",
        ),
        alert(
            "on_debt",
            at_least(_priced("off_core_debt_price"), _of_equity) & _off_core,
            en="A company in another industry was bought on debt for {off_core_debt_price:money}, {value} of owners' equity "
            "(limit {limit}).",
            zh="举债以{off_core_debt_price:money}收购其他行业的企业，为所有者权益的{value}（界限{limit}）。",
        ),
        *answered("MGT-17", levels=("W", "A")),
    ),
    ask_en="Ask what the target adds to the core business, how it was paid for, and for its last accounts.",
    ask_zh="询问收购标的对主业有何帮助、资金来源，并索取标的最近一期报表。",
    note="Acquisitions and purchases of equity in 365 days whose record says that the target is in another industry. On "
    "debt: the record says so, or debt rose by half of the price or more over the two quarters that end with the deal's.",
)

_opening = "fixed_assets_gross_year_ago"
_SOLD_EN = "Productive assets were sold for {production_sold_365:money} in 365 days, {value} of fixed assets at cost a year ago (limit {limit})."
_SOLD_ZH = "近365天出售生产性资产{production_sold_365:money}，为年初固定资产原价的{value}（界限{limit}）。"
_CASH_EN = "The sale of fixed assets brought {fixed_asset_disposal_cash_ttm:money} in twelve months, {value} of fixed assets at cost a year ago (limit {limit})."
_CASH_ZH = (
    "近十二个月处置固定资产收回{fixed_asset_disposal_cash_ttm:money}，为年初固定资产原价的{value}（界限{limit}）。"
)

key_assets_sold = Signal(
    id="MGT-18",
    grade="A",
    zh="出售、买卖主要的生产经营性固定资产。",
    en="Disposal of key productive fixed assets",
    tests=(
        alert("sold", at_least(share("production_sold_365", _opening), house(0.10, "a tenth")), _SOLD_EN, _SOLD_ZH),
        alert(
            "cash",
            at_least(share("fixed_asset_disposal_cash_ttm", _opening), house(0.05, "cash for a twentieth of the cost")),
            _CASH_EN,
            _CASH_ZH,
        ),
        red("sold", at_least(share("production_sold_365", _opening), house(0.30, "three tenths")), _SOLD_EN, _SOLD_ZH),
        red(
            "cash",
            at_least(share("fixed_asset_disposal_cash_ttm", _opening), house(0.30, "three tenths")),
            _CASH_EN,
            _CASH_ZH,
        ),
        red(
            "auction",
            at_least(value("production_auctions_365", Unit.COUNT), house(1, "any")),
            en="Judicial auctions of productive assets in 365 days: {value}.",
            zh="近365天生产性资产被司法拍卖{value}次。",
        ),
    ),
    ask_en="Ask which lines or machines were sold, what replaces them, where the money went and whether they secured our loan.",
    ask_zh="询问出售了哪些生产线或设备、如何替代、款项去向，以及是否为我行押品。",
    note="The opening balance is fixed assets at cost a year before the newest statement. The 30% of level R holds for the "
    "sales on record and for the cash received.",
)

_bought, _paid_for = pl.col("premises_bought_365"), pl.col("premises_paid_365")
_larger = at_least(share(pl.max_horizontal(_bought, _paid_for), "equity"), _of_equity)
_interest = pl.col("interest_expense")
_interest_cover = Measure(
    pl.when(_interest > 0).then((pl.col("profit_before_tax") + _interest) / _interest), Unit.TIMES
)
_free_cash = Measure(pl.col("cfo_ttm") - pl.col("capex_ttm"), Unit.MONEY)

premises = Signal(
    id="MGT-31",
    grade="B",
    zh="办公室过于豪华,或贸然购建办公大楼。",
    en="Extravagant offices or rash purchase of an office building",
    applies=~pl.col("industry_section").is_in(("E", "K")),
    tests=(
        watch(
            "bought",
            at_least(share("premises_bought_365", "equity"), _of_equity),
            en="Real estate was bought for {premises_bought_365:money} in 365 days, {value} of owners' equity (limit {limit}).",
            zh="近365天购置房产{premises_bought_365:money}，为所有者权益的{value}（界限{limit}）。",
        ),
        watch(
            "paid",
            at_least(share("premises_paid_365", "equity"), _of_equity),
            en="{premises_paid_365:money} was paid for real estate and decoration in 365 days, {value} of owners' equity "
            "(limit {limit}).",
            zh="近365天支付房产和装修款{premises_paid_365:money}，为所有者权益的{value}（界限{limit}）。",
        ),
        alert(
            "cover",
            _larger & below(_interest_cover, house(1.5, "interest cover, insolvency indicators", "interest_cover")),
            en="Real estate and decoration of 365 days come to {value} of owners' equity (limit {limit}), while profit before "
            "interest and tax covers interest of {interest_expense:money} less than 1.5 times.",
            zh="近365天房产和装修支出为所有者权益的{value}（界限{limit}），而息税前利润不足利息支出{interest_expense:money}的1.5倍。",
        ),
        alert(
            "cash",
            _larger & below(_free_cash, house(0, "capital spending beyond the operating cash flow", "free_cash")),
            en="Real estate and decoration of 365 days come to {value} of owners' equity (limit {limit}), while operating cash "
            "flow of {cfo_ttm:money} did not pay for capital spending of {capex_ttm:money}.",
            zh="近365天房产和装修支出为所有者权益的{value}（界限{limit}），而经营现金流{cfo_ttm:money}不足以支付"
            "资本性支出{capex_ttm:money}。",
        ),
        *answered("MGT-31", levels=("W", "A")),
    ),
    ask_en="Ask what the building is for, how it is paid, and what the board decided.",
    ask_zh="询问购建房产的用途、资金来源及董事会决议。",
    note="Purchases on record and payments are not added: the larger counts. Not applicable to construction and real "
    "estate.",
)
