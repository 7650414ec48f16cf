"""Depreciation, fixed assets, intangibles (FIN-24, FIN-25, FIN-27)."""

import polars as pl

from transforms.arithmetic import ratio as ratio_of
from transforms.measures import commercial, fall, growth, share
from transforms.signal import Measure, Signal, above, alert, at_least, at_most, below, fact, house, watch
from transforms.text import Unit

_depi = Measure(ratio_of(pl.col("depreciation_rate_year_ago"), pl.col("depreciation_rate")), Unit.TIMES)
_to_peers = Measure(ratio_of(pl.col("depreciation_rate"), pl.col("peer_depreciation_rate")), Unit.TIMES)
_RATE_EN = "The depreciation rate went from {depreciation_rate_year_ago:ratio} to {depreciation_rate:ratio}: last year's is {value} "
_RATE_ZH = "折旧率由{depreciation_rate_year_ago:ratio}变为{depreciation_rate:ratio}，上年为本年的{value}"
_PEER_EN = (
    "The depreciation rate of {depreciation_rate:ratio} is {value} the median of {peer_depreciation_count:count} peers, "
    "{peer_depreciation_rate:ratio} "
)
_PEER_ZH = "折旧率{depreciation_rate:ratio}为{peer_depreciation_count:count}家同业中位数{peer_depreciation_rate:ratio}的{value}"

depreciation_changed = Signal(
    id="FIN-24",
    grade="A",
    zh="折旧计提方式突然改变,折旧年限或摊销年限不适当。",
    en="Depreciation method changed or life unsuitable",
    tests=(
        alert(
            "policy",
            fact("depreciation_policy_changed"),
            en="The notes of {depreciation_policy_on:day} changed the depreciation method or a useful life, and no new standard "
            "asked for it.",
            zh="{depreciation_policy_on:day}的附注变更了折旧方法或使用（摊销）年限，且并非新准则要求。",
        ),
        watch(
            "rate_lower",
            at_least(_depi, house(1.2, "a fifth less depreciation")),
            en=_RATE_EN + "this year's (limit {limit}).",
            zh=_RATE_ZH + "（界限{limit}）。",
        ),
        watch(
            "rate_higher",
            at_most(_depi, house(0.8, "a quarter more depreciation")),
            en=_RATE_EN + "this year's (limit {limit}).",
            zh=_RATE_ZH + "（界限{limit}）。",
        ),
        watch(
            "below_peers",
            below(_to_peers, house(0.5, "half of what peers write off")),
            en=_PEER_EN + "(limit: below {limit}).",
            zh=_PEER_ZH + "（界限：低于{limit}）。",
        ),
        watch(
            "above_peers",
            above(_to_peers, house(2.0, "twice what peers write off")),
            en=_PEER_EN + "(limit: above {limit}).",
            zh=_PEER_ZH + "（界限：超过{limit}）。",
        ),
    ),
    ask_en="Ask for the asset register with method, life and residual value by class, and what profit would be at the old ones.",
    ask_zh="索取固定资产台账（方法、年限、残值率），并测算按原方法计提时的利润。",
    note="The rate is depreciation over fixed assets, net, plus depreciation, year to date against the same months. A rate of zero "
    "has no ratio and leaves the test unknown; so do fewer than 20 peers. The policies compared are depreciation method, useful "
    "life and amortisation life, each with the note of its period before.",
)

_CHANGE = house(0.05, "material against total assets", "share_of_assets")
_change = share((pl.col("fixed_assets_gross") - pl.col("fixed_assets_gross_year_ago")).abs(), "total_assets")
_material = at_least(_change, _CHANGE)
_RISE, _LARGE_RISE = house(0.30, "three tenths in a year"), house(0.50, "half in a year")
_FALL, _LARGE_FALL = house(0.30, "three tenths in a year"), house(0.50, "half in a year")
_COST_EN = "Fixed assets at cost {fixed_assets_gross_year_ago:money} → {fixed_assets_gross:money}: "
_COST_ZH = "固定资产原价{fixed_assets_gross_year_ago:money}→{fixed_assets_gross:money}，"
_RISE_EN, _RISE_ZH = _COST_EN + "up {value} (limit {limit}).", _COST_ZH + "增幅{value}（界限{limit}）。"
_FALL_EN, _FALL_ZH = _COST_EN + "down {value} (limit {limit}).", _COST_ZH + "降幅{value}（界限{limit}）。"

fixed_assets_change = Signal(
    id="FIN-25",
    grade="A",
    zh="固定资产的大幅增加或减少。",
    en="Large rise or fall in fixed assets",
    applies=commercial(),
    tests=(
        watch("rise", at_least(growth("fixed_assets_gross"), _RISE) & _material, _RISE_EN, _RISE_ZH),
        watch("fall", at_least(fall("fixed_assets_gross"), _FALL) & _material, _FALL_EN, _FALL_ZH),
        alert("rise", at_least(growth("fixed_assets_gross"), _LARGE_RISE) & _material, _RISE_EN, _RISE_ZH),
        alert("fall", at_least(fall("fixed_assets_gross"), _LARGE_FALL) & _material, _FALL_EN, _FALL_ZH),
    ),
    ask_en="Rise: what was bought, from whom, how it is paid for. Fall: what was sold, to whom, whether output suffers.",
    ask_zh="增加：购置了什么、向谁购置、资金来源；减少：出售了什么、卖给谁、是否影响产能。",
    note="Both levels need a change of at least 5% of total assets.",
)

_soft = pl.col("intangibles") - pl.col("land_use_rights") + pl.col("goodwill")
_SOFT_EN = (
    "Intangible assets without land-use rights, with goodwill (intangibles {intangibles:money}, land {land_use_rights:money}, "
    "goodwill {goodwill:money}) are {value} of "
)
_SOFT_ZH = "扣除土地使用权后的无形资产加商誉（无形资产{intangibles:money}、土地使用权{land_use_rights:money}、商誉{goodwill:money}）为"

intangibles_share = Signal(
    id="FIN-27",
    grade="A",
    zh="无形资产占总资产比例过高。",
    en="Intangibles too large a share of assets",
    applies=commercial(),
    tests=(
        watch(
            "equity",
            above(share(_soft, "equity"), house(0.20, "listing condition: a fifth of net assets")),
            en=_SOFT_EN + "owners' equity {equity:money} (limit: above {limit}).",
            zh=_SOFT_ZH + "所有者权益{equity:money}的{value}（界限：超过{limit}）。",
        ),
        alert(
            "assets",
            at_least(share(_soft, "total_assets"), house(0.20, "the same fifth of total assets, as the book says")),
            en=_SOFT_EN + "total assets {total_assets:money} (limit {limit}).",
            zh=_SOFT_ZH + "总资产{total_assets:money}的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask what the intangibles are, how they were valued, and when goodwill was last tested for impairment.",
    ask_zh="问明无形资产的构成和计价依据，以及商誉最近一次减值测试的情况。",
    note="Blank goodwill and land-use rights are zero when total assets and another line of the assets are given. With equity of "
    "zero or less any intangible is over the limit.",
)
