"""Who governs the client: key people, disputes, autocracy, structure, reaction (MGT-22, 24, 25, 26, 37)."""

import polars as pl

from transforms.measures import ratio, share, value
from transforms.signal import (
    Measure,
    NeverUnknown,
    Signal,
    alert,
    answered,
    at_least,
    at_most,
    below,
    house,
    red,
    watch,
)
from transforms.text import Unit

_registered = value("registered_changes_180", Unit.COUNT)
_persons = value("key_people_changed_180", Unit.COUNT)
_two, _three = house(2, "two key people in six months"), house(3, "three key people in six months")
_REGISTERED_EN = "Changes of key management registered in 180 days: {value} (limit {limit})."
_REGISTERED_ZH = "近180天登记的主要管理人员变更{value}次（界限{limit}）。"
_PERSONS_EN = "Key managers changed in 180 days, by the register and our records: {value} (limit {limit})."
_PERSONS_ZH = "近180天按登记信息与我行记录，主要管理人员变更{value}人次（界限{limit}）。"

key_management_change = Signal(
    id="MGT-22",
    grade="B",
    zh="主要管理人员发生改变。",
    en="Change of key management",
    tests=(
        watch(
            "registered", at_least(_registered, house(1, "a change on the register")), _REGISTERED_EN, _REGISTERED_ZH
        ),
        alert("registered", at_least(_registered, _two), _REGISTERED_EN, _REGISTERED_ZH),
        alert("persons", at_least(_persons, _two), _PERSONS_EN, _PERSONS_ZH),
        alert(
            "no_successor",
            at_least(value("offices_vacant", Unit.COUNT), house(1, "an office empty for 60 days")),
            en="The general manager or head of finance left on {office_vacant_since:day}; nobody is known to have followed "
            "within 60 days.",
            zh="总经理或财务负责人于{office_vacant_since:day}离任，60天内未见继任者。",
        ),
        red("registered", at_least(_registered, _three), _REGISTERED_EN, _REGISTERED_ZH),
        red("persons", at_least(_persons, _three), _PERSONS_EN, _PERSONS_ZH),
        red(
            "control_without_notice",
            at_least(value("control_unnotified", Unit.COUNT), house(1, "a change of control we were not told of")),
            en="The actual controller changed on {control_unnotified_on:day} and the client gave no notice.",
            zh="实际控制人于{control_unnotified_on:day}变更，客户未通知我行。",
        ),
    ),
    ask_en="Ask who left, why and who decides now; fetch the new appointment papers and specimen signatures.",
    ask_zh="问明谁离任、原因以及现由谁决策；索取新的任职文件和预留签字样本。",
    note="One decision counts once: what happens to one person within 30 days, and in one office register entries, departures "
    "and arrivals within 30 days of each other; a person and the successor are one change. Supervisors are "
    "key people, too. The change of controller is looked for in 365 days, and is unnotified once ten working days have passed; "
    "a notice up to 60 days before counts, a late one too. A vacancy is one of a general manager or head of finance who left "
    "in 180 days.",
)


def _margin(suffix: str) -> pl.Expr:
    revenue = pl.col(f"revenue{suffix}")
    return pl.when(revenue > 0).then((revenue - pl.col(f"cogs{suffix}")) / revenue)


slow_to_react = Signal(
    id="MGT-24",
    grade="C",
    zh="管理层对外部环境反应迟缓。",
    en="Management slow to react to the environment",
    tests=(
        *answered("MGT-24", levels=("W", "A")),
        watch(
            "nothing_changed",
            NeverUnknown(at_least(value("ext_standing_180", Unit.COUNT), house(2, "trouble outside for half a year")))
            & at_least(
                Measure(_margin("_year_ago") - _margin(""), Unit.POINTS),
                house(0.03, "3 points of gross margin", "margin_fall"),
            )
            & below(
                Measure(ratio("opin_new_payers_12", "opin_12"), Unit.RATIO),
                house(0.05, "hardly a new customer", "new_payers"),
            ),
            en="Signals of the environment standing for 180 days: {value} (limit {limit}); the gross margin fell (revenue "
            "{revenue_year_ago:money} → {revenue:money}, cost of sales {cogs_year_ago:money} → {cogs:money}) and payers new in "
            "twelve months brought only {opin_new_payers_12:money} of {opin_12:money} received.",
            zh="持续180天的外部预警信号{value}个（界限{limit}）；毛利率下降（收入{revenue_year_ago:money}→{revenue:money}，成本"
            "{cogs_year_ago:money}→{cogs:money}），近十二个月新增付款方仅带来{opin_new_payers_12:money}，账户流入共{opin_12:money}。",
            kind="proxy",
        ),
    ),
    answer_decides=True,
    ask_en="Ask what the management changed in products, prices or customers since the market turned, and when.",
    ask_zh="询问市场变化以来管理层在产品、价格或客户方面作了哪些调整、何时作出。",
    note="The fall of the gross margin is measured against the same months a year ago: two comparable filings 180 days apart "
    "are rarely there. Without earlier nights no signal has stood for 180 days.",
)

disagreement = Signal(
    id="MGT-25",
    grade="C",
    zh="高级管理人员之间出现分歧和争论,或不团结。",
    en="Disagreement among senior managers",
    tests=(
        *answered("MGT-25", levels=("W", "A")),
        watch(
            "resignations",
            at_least(value("resignations_180", Unit.COUNT), house(2, "two resignations in six months")),
            en="Directors or executives who left in 180 days: {value} (limit {limit}).",
            zh="近180天离任的董事或高级管理人员{value}人（界限{limit}）。",
            kind="proxy",
        ),
        alert(
            "lawsuit",
            at_least(value("insider_lawsuits_365", Unit.COUNT), house(1, "company against owner or manager")),
            en="Lawsuits between the company and a shareholder or executive in 365 days: {value} (limit {limit}).",
            zh="近365天公司与股东或高级管理人员之间的诉讼{value}起（界限{limit}）。",
            kind="proxy",
        ),
        alert(
            "news",
            at_least(value("governance_disputes_365", Unit.COUNT), house(1, "a dispute in the news")),
            en="News of a dispute among the client's owners or managers in 365 days: {value} (limit {limit}).",
            zh="近365天关于客户治理纠纷的新闻{value}条（界限{limit}）。",
            kind="proxy",
        ),
    ),
    answer_decides=True,
    ask_en="Ask two of the managers apart about the same plan, and who left the board and why.",
    ask_zh="分别向两位高管询问同一计划，并问明谁离开董事会及原因。",
    note="Without an answer on file each of the three gives level W to confirm. A resignation is a person who left every post "
    "as director, executive or head of finance. Lawsuits and news count for 365 days.",
)

autocracy = Signal(
    id="MGT-26",
    grade="C",
    zh="最高管理层不讲民主,听不进不同意见。",
    en="Autocratic top management",
    tests=(
        *answered("MGT-26", levels=("W",)),
        watch(
            "one_person",
            at_least(value("sole_ruler_share", Unit.RATIO), house(0.90, "owns nearly everything"))
            & at_most(
                value("other_deciders_met_365", Unit.COUNT),
                house(0, "no other decision maker met", "other_deciders_met"),
            ),
            en="The legal representative is the only director and owns {value} (limit {limit}); no other decision maker was met "
            "in twelve months.",
            zh="法定代表人为唯一董事且持股{value}（界限{limit}），近十二个月未会见其他决策人。",
            kind="proxy",
        ),
    ),
    answer_decides=True,
    ask_en="Ask to meet a second decision maker, and who last changed the owner's mind.",
    ask_zh="要求会见另一位决策人，并询问谁曾使负责人改变主意。",
    note="Only what the person holds directly counts as owned.",
)

_enough = at_least(value("managers_known", Unit.COUNT), house(5, "enough managers to judge", "managers"))
_none = house(0, "nobody holds it")
_production_to_sales = Measure(share("managers_production", "managers_sales").expr, Unit.TIMES)

unbalanced_structure = Signal(
    id="MGT-37",
    grade="C",
    zh="管理层结构匹配不合理,如生产管理者多而市场拓展者少。",
    en="Unbalanced management structure",
    tests=(
        *answered("MGT-37", levels=("W", "A")),
        watch(
            "no_sales",
            at_most(value("managers_sales", Unit.COUNT), _none) & _enough,
            en="Of {managers_known:count} managers with a known function nobody is in charge of sales.",
            zh="已知职能的管理人员{managers_known:count}人中无人负责销售。",
            kind="proxy",
        ),
        watch(
            "no_finance",
            at_most(value("managers_finance", Unit.COUNT), _none) & _enough,
            en="Of {managers_known:count} managers with a known function nobody is in charge of finance.",
            zh="已知职能的管理人员{managers_known:count}人中无人负责财务。",
            kind="proxy",
        ),
        alert(
            "production_heavy",
            at_least(_production_to_sales, house(3, "three in production for one in sales")) & _enough,
            en="Of {managers_known:count} managers with a known function {managers_production:count} are in charge of "
            "production and {managers_sales:count} of sales.",
            zh="已知职能的管理人员{managers_known:count}人中，负责生产的{managers_production:count}人，负责销售的"
            "{managers_sales:count}人。",
            kind="proxy",
        ),
    ),
    answer_decides=True,
    ask_en="Ask for the organisation chart with names, and who finds new customers.",
    ask_zh="索取带姓名的组织架构图，问明由谁开拓新客户。",
    note="All three need at least five managers with a function on file; without an answer each gives level W to confirm. "
    "Managers are the key persons: legal representative, directors, supervisors, executives and head of finance.",
)
