"""Plant that is not renewed, resources out of proportion (MGT-19, MGT-35)."""

import polars as pl

from transforms.arithmetic import ratio as ratio_of
from transforms.measures import ratio
from transforms.signal import (
    Condition,
    Measure,
    Signal,
    alert,
    answered,
    at_least,
    at_most,
    below,
    house,
    watch,
)
from transforms.text import Unit

_HALF = house(0.5, "half of what wears out is replaced", "renewal")


def _renewal(ago: str) -> Measure:
    """Cash paid for fixed assets over depreciation, twelve months."""
    return Measure(ratio(f"capex_ttm{ago}", f"depreciation_ttm{ago}"), Unit.TIMES)


_not_renewed = below(_renewal(""), _HALF) & below(_renewal("_year_ago"), _HALF)
_worn = Measure(1 - ratio("fixed_assets_net", "fixed_assets_gross"), Unit.RATIO)

plant_not_renewed = Signal(
    id="MGT-19",
    grade="A",
    zh="厂房、设备很久没有更新维修。",
    en="Plant and equipment long without renewal",
    tests=(
        watch(
            "renewal",
            _not_renewed,
            en="Investment of twelve months, {capex_ttm:money}, is {value} depreciation of {depreciation_ttm:money} (limit: below "
            "{limit}); a year ago {capex_ttm_year_ago:money} stood against {depreciation_ttm_year_ago:money}.",
            zh="近十二个月资本支出{capex_ttm:money}为折旧{depreciation_ttm:money}的{value}（界限：低于{limit}）；上年为"
            "{capex_ttm_year_ago:money}对{depreciation_ttm_year_ago:money}。",
        ),
        alert(
            "worn",
            at_least(_worn, house(0.70, "seven tenths written off")) & _not_renewed,
            en="{value} of fixed assets at cost of {fixed_assets_gross:money} is written off (limit {limit}), and investment stayed "
            "under half of depreciation for two years ({capex_ttm_year_ago:money}, {capex_ttm:money}).",
            zh="固定资产原价{fixed_assets_gross:money}已计提{value}（界限{limit}），且连续两年资本支出不足折旧的一半"
            "（{capex_ttm_year_ago:money}、{capex_ttm:money}）。",
        ),
        *answered("MGT-19", levels=("W", "A")),
    ),
    ask_en="Visit the plant: age and state of the main lines, last overhaul, breakdowns; ask for the investment plan.",
    ask_zh="现场查看主要设备的役龄、状态、最近一次大修和故障情况，并索取更新改造计划。",
    note="The two consecutive years are the newest twelve months reported and the twelve a year before.",
)

_LOW, _HIGH = house(0.5, "half of the peers'", "low"), house(2.0, "twice the peers'", "high")
_FAR = house(0.33, "a third of the peers'")
_per_head = Measure(ratio_of(pl.col("revenue_per_head"), pl.col("peer_revenue_per_head")), Unit.TIMES)
_turnover = Measure(ratio_of(pl.col("asset_turnover"), pl.col("peer_asset_turnover")), Unit.TIMES)
_HEAD_EN = (
    "Revenue per head of {revenue_per_head:money} ({headcount:count} employees) is {value} the median of {peer_head_count:count} "
    "peers, {peer_revenue_per_head:money} (limit {limit})."
)
_HEAD_ZH = (
    "人均收入{revenue_per_head:money}（员工{headcount:count}人）为{peer_head_count:count}家同业中位数"
    "{peer_revenue_per_head:money}的{value}（界限{limit}）。"
)
_TURN_EN = (
    "Asset turnover of {asset_turnover:times} is {value} the median of {peer_turnover_count:count} peers, "
    "{peer_asset_turnover:times} (limit {limit})."
)
_TURN_ZH = "总资产周转率{asset_turnover:times}为{peer_turnover_count:count}家同业中位数{peer_asset_turnover:times}的{value}（界限{limit}）。"


def _out(measure: Measure) -> Condition:
    """Half of the peers' or less, twice theirs or more."""
    return at_most(measure, _LOW) | at_least(measure, _HIGH)


resources_out_of_proportion = Signal(
    id="MGT-35",
    grade="A",
    zh="企业资源与其业务规模不成比例。",
    en="Resources out of proportion to business size",
    tests=(
        watch("per_head_low", at_most(_per_head, _LOW), _HEAD_EN, _HEAD_ZH),
        watch("per_head_high", at_least(_per_head, _HIGH), _HEAD_EN, _HEAD_ZH),
        watch("turnover_low", at_most(_turnover, _LOW), _TURN_EN, _TURN_ZH),
        watch("turnover_high", at_least(_turnover, _HIGH), _TURN_EN, _TURN_ZH),
        alert(
            "both",
            _out(_per_head) & _out(_turnover),
            en="Revenue per head of {revenue_per_head:money} is {value} the peers' median of {peer_revenue_per_head:money}, and asset "
            "turnover of {asset_turnover:times} stands against their {peer_asset_turnover:times}: both are out of proportion.",
            zh="人均收入{revenue_per_head:money}为同业中位数{peer_revenue_per_head:money}的{value}，总资产周转率{asset_turnover:times}"
            "对同业{peer_asset_turnover:times}，两者均不成比例。",
        ),
        alert("per_head_far", at_most(_per_head, _FAR), _HEAD_EN, _HEAD_ZH),
        alert("turnover_far", at_most(_turnover, _FAR), _TURN_EN, _TURN_ZH),
    ),
    ask_en="Low: which people and assets stand idle. High: what is rented or done by others, and whether the sales are real.",
    ask_zh="偏低：哪些人员和资产闲置；偏高：是否依靠租赁或外包，销售是否真实。",
    note="Revenue is year to date; peers filed the same months. Headcount is the newest return of the last 365 days. A median of "
    "fewer than 20 peers is unknown.",
)
