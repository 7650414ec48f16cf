"""Policies, new technology and disasters that reach the client (EXT-02, 03, 05, 07)."""

import polars as pl

from transforms.measures import share, value
from transforms.signal import (
    AtLeast,
    Measure,
    Signal,
    alert,
    answered,
    at_least,
    at_most,
    house,
    red,
    watch,
)
from transforms.text import Unit

_COUNT, _RATIO = Unit.COUNT, Unit.RATIO
_ONE = "one is enough"

new_technology = Signal(
    id="EXT-02",
    grade="C",
    zh="出现重大的技术变革,影响到行业的产品和生产技术的改变。",
    en="Disruptive technology change in the sector",
    tests=(
        watch(
            "standard",
            at_least(value("policies_technology", _COUNT), house(1, _ONE)),
            en="Technology standards for the client's industry that took effect in 365 days: {value}, the newest on "
            "{policies_technology_on:day}.",
            zh="近365天内对客户所在行业生效的技术标准{value}项，最近一项于{policies_technology_on:day}生效。",
            kind="proxy",
        ),
        watch(
            "scorecard",
            at_least(value("technology_disruption_q0", Unit.SCORE), house(4, "four of five marks")),
            en="The sector scorecard of {technology_disruption_quarter:day} marks technology disruption {value} (limit "
            "{limit}).",
            zh="{technology_disruption_quarter:day}行业评分卡的技术变革评分为{value}（界限{limit}）。",
            kind="proxy",
        ),
        watch(
            "news",
            at_least(value("technology_publishers_180", _COUNT), house(3, "three publishers")),
            en="Publishers that reported a confirmed technology shift in the client's industry in 180 days: {value} (limit "
            "{limit}).",
            zh="近180天报道客户所在行业技术变革并经核实的媒体{value}家（界限{limit}）。",
            kind="proxy",
        ),
        *answered("EXT-02", levels=("A",)),
    ),
    ask_en="Ask whether the new technology or standard touches the client's own product or process, and what the change "
    "would cost.",
    ask_zh="询问新技术或新标准是否影响客户自身的产品或工艺，改造需要多少投入。",
    note="Standards, scorecard and news ask the relationship manager to confirm; his answer decides. News on a single firm "
    "is not news on the industry.",
)

restrictive_policy = Signal(
    id="EXT-03",
    grade="B",
    zh="政府出台限制行业发展的政策。",
    en="Restrictive industry policy",
    tests=(
        watch(
            "announced",
            at_least(value("policies_announced", _COUNT), house(1, _ONE)),
            en="Restrictive policies on the client's industry or region announced to take effect in more than 180 days: "
            "{value}, the last on {policies_announced_on:day}.",
            zh="已公布、将于180天以后生效的限制客户所在行业或地区的政策{value}项，最晚一项于{policies_announced_on:day}生效。",
        ),
        alert(
            "restrictive",
            at_least(value("policies_restrictive", _COUNT), house(1, _ONE)),
            en="Restrictive policies on the client's industry or region in effect for up to a year or within 180 days: "
            "{value}, the newest takes effect on {policies_restrictive_on:day}.",
            zh="一年内已生效或180天内将生效的限制客户所在行业或地区的政策{value}项，最近一项生效日为"
            "{policies_restrictive_on:day}。",
        ),
        red(
            "closure",
            at_least(value("policies_closure", _COUNT), house(1, _ONE)),
            en="The client's industry or region is on a closure or elimination list: {value}, effective "
            "{policies_closure_on:day}.",
            zh="客户所在行业或地区被列入关停或淘汰名单：{value}项，生效日为{policies_closure_on:day}。",
        ),
    ),
    ask_en="Ask for the client's permits and its plan to meet the new rules, with cost and dates.",
    ask_zh="索取客户的许可证照及达标整改方案，包括投入和时间安排。",
    note="A policy without industry and region reaches every client. Industry and region match by prefix, so a province's "
    "policy reaches its cities.",
)

_RATE_MOVE = at_least(
    Measure((pl.col("policy_rate") - pl.col("policy_rate_before")).abs() * 10_000, _COUNT),
    house(25, "the usual step of the rate", "basis_points"),
)
_MONETARY = (
    _RATE_MOVE
    & at_least(share("floating_outstanding", "outstanding"), house(0.50, "half of the debt floats", "floating_share"))
    & at_least(value("policies_monetary", _COUNT), house(1, _ONE))
)
_TRADE = at_least(value("policies_trade", _COUNT), house(1, _ONE)) & at_least(
    value("cross_border_share_12", _RATIO), house(0.20, "a fifth of the inflow", "cross_border_share")
)
_INDUSTRIAL = at_least(value("policies_industrial", _COUNT), house(1, _ONE))
_TAX = at_least(value("policies_tax", _COUNT), house(1, _ONE))

macro_policy = Signal(
    id="EXT-05",
    grade="B",
    zh="国家产业、货币、税收及进出口等宏观政策发生变化。",
    en="Macro policy shift (industrial, monetary, tax, trade) with exposure",
    tests=(
        watch(
            "monetary",
            _MONETARY,
            en="A monetary policy took effect on {policies_monetary_on:day}: the policy rate moved by {value} basis points within "
            "90 days (limit {limit}), and {floating_outstanding:money} of {outstanding:money} outstanding is at a floating "
            "rate.",
            zh="货币政策于{policies_monetary_on:day}生效：政策利率90天内变动{value}个基点（界限{limit}），"
            "客户贷款余额{outstanding:money}中有{floating_outstanding:money}为浮动利率。",
        ),
        watch(
            "trade",
            _TRADE,
            en="A trade policy took effect on {policies_trade_on:day}, and {cross_border_share_12:ratio} of the client's inflow "
            "of twelve months comes from abroad.",
            zh="进出口政策于{policies_trade_on:day}生效，客户近十二个月流入中{cross_border_share_12:ratio}来自境外。",
        ),
        watch(
            "industrial",
            _INDUSTRIAL,
            en="An industrial policy on the client's industry took effect on {policies_industrial_on:day}.",
            zh="针对客户所在行业的产业政策于{policies_industrial_on:day}生效。",
        ),
        watch(
            "tax",
            _TAX,
            en="A tax policy on the client's industry took effect on {policies_tax_on:day}.",
            zh="针对客户所在行业的税收政策于{policies_tax_on:day}生效。",
        ),
        alert(
            "two_kinds",
            AtLeast(2, (_MONETARY, _TRADE, _INDUSTRIAL, _TAX)),
            en="Policies of at least two kinds that touch the client took effect in 180 days.",
            zh="近180天内至少有两类影响客户的政策生效。",
        ),
    ),
    ask_en="Ask what the new policy does to the client's costs, prices and interest, and what it plans to do.",
    ask_zh="询问新政策对客户成本、售价和利息支出的影响及其应对安排。",
    note="Receipts from abroad are receipts in another currency than the bank's home currency. The rate's move is the rate "
    "of today against the one in force before the last 90 days, up or down. The floating share is of all loans "
    "outstanding, on and off the balance sheet. Industrial and tax policies need an industry.",
)

disaster = Signal(
    id="EXT-07",
    grade="B",
    zh="自然灾害或社会灾害影响到客户运营。",
    en="Natural or social disaster hitting operations",
    tests=(
        watch(
            "event",
            at_least(value("region_disasters_90", _COUNT), house(1, _ONE)),
            en="Severe disasters reported in the client's region in 90 days: {value}, on {region_disaster_on:day}.",
            zh="近90天客户所在地区报道的严重灾害{value}起，发生于{region_disaster_on:day}。",
        ),
        alert(
            "inflow",
            at_most(value("region_disaster_inflow", _RATIO), house(0.70, "three tenths of the inflow gone"))
            & at_least(value("region_disasters_90", _COUNT), house(1, _ONE, "events")),
            en="In the 30 days after the disaster of {region_disaster_on:day} inflow was {value} of the usual 30 days (limit {limit}).",
            zh="{region_disaster_on:day}灾害发生后30天内，流入为平常30天的{value}（界限{limit}）。",
        ),
        *answered("EXT-07", levels=("W", "A", "R"), named={"stopped": "R", "yes": "R"}),
    ),
    ask_en="Ask whether operations have stopped, what was damaged, what insurance pays and when work resumes.",
    ask_zh="询问客户是否停产停业、受损情况、保险赔付和恢复时间。",
    note="The usual 30 days are the median of the six windows of 30 days that end on the day of the event. News on one firm "
    "is not a disaster of the region. An answer that operations stopped is red; another adverse answer counts by its "
    "severity.",
)
