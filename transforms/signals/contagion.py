"""Trouble of others that reaches the client: guarantors, key parties, the group, bankrupt companies.

These rows read levels of other clients judged without them (reading G16), and count as one family.
"""

import polars as pl

from transforms.measures import value
from transforms.signal import Signal, alert, at_least, fact, house, red
from transforms.text import Unit

_ONE = "one is enough"


_guarantor_signals = at_least(value("guarantors_with_signals", Unit.COUNT), house(1, _ONE, "with_signals"))
_guarantor_registry = at_least(value("guarantors_in_registry", Unit.COUNT), house(1, _ONE, "in_registry"))
_guarantor_elsewhere = at_least(value("guarantors_bad_elsewhere", Unit.COUNT), house(1, _ONE, "bad_elsewhere"))
_guarantor_overstretched = at_least(
    value("guarantors_overstretched", Unit.COUNT), house(1, "listed in a Chinese bank's rule book", "overstretched")
)

guarantor_distress = Signal(
    id="FIN-13",
    grade="B",
    zh="贷款担保人财务或其他方面出现问题。",
    en="Guarantor distress",
    applies=pl.col("guarantors").list.len() > 0,
    tests=(
        alert(
            "own_signals",
            _guarantor_signals,
            en="Guarantors that are clients of ours with a red or two alerts of their own: {value}.",
            zh="担保人系我行客户且自身出现一项红色或两项预警信号的：{value}户。",
        ),
        alert(
            "registry",
            _guarantor_registry,
            en="Guarantors with a bankruptcy, enforcement, freeze or abnormal-operation record in 180 days: {value}.",
            zh="近180天有破产、被执行、股权冻结或经营异常记录的担保人：{value}户。",
        ),
        alert(
            "bad_elsewhere",
            _guarantor_elsewhere,
            en="Guarantors with a substandard or worse loan at some lender: {value}.",
            zh="在任一贷款机构出现次级及以下贷款的担保人：{value}户。",
        ),
        alert(
            "overstretched",
            _guarantor_overstretched,
            en="Guarantors whose guarantees given exceed their owners' equity: {value}.",
            zh="对外担保超过所有者权益的担保人：{value}户。",
        ),
        red(
            "backs_half",
            at_least(value("distressed_backing", Unit.RATIO), house(0.50, "it backs half of the exposure")),
            en="A guarantor in trouble backs {value} of our exposure (limit {limit}).",
            zh="出现问题的担保人所担保金额占我行敞口的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Call on the guarantor, ask for its newest statements, and ask the client for another guarantor or collateral.",
    ask_zh="走访担保人并索取其最新报表，要求客户更换担保人或补充押品。",
    note="A guarantor's own signals are its financial, management and moral-hazard rows without contagion. A guarantor that is "
    "no client has none; without a fresh bureau report or with unknown equity those two tests do not run, and persons skip the "
    "test on equity. Exposure is on and off balance with undrawn lines.",
)

_key_registry = at_least(value("key_parties_registry", Unit.COUNT), house(1, _ONE, "in_registry"))
_key_loans = at_least(value("key_parties_bad_loans", Unit.COUNT), house(1, _ONE, "bad_loans"))
_key_silent = at_least(value("key_parties_silent", Unit.COUNT), house(1, _ONE, "silent"))

key_party_failure = Signal(
    id="MGT-11",
    grade="A",
    zh="重要客户或供应商破产,其经济效益发生很大变化。",
    en="Failure of a key customer or supplier",
    tests=(
        alert(
            "registry",
            _key_registry,
            en="Key customers or suppliers bankrupt, struck off or listed as dishonest in 180 days: {value}.",
            zh="近180天破产、注销、吊销或被列为失信的重要客户或供应商：{value}户。",
        ),
        alert(
            "bad_loans",
            _key_loans,
            en="Key customers or suppliers whose loans with us are substandard or worse: {value}.",
            zh="在我行贷款已为次级及以下的重要客户或供应商：{value}户。",
        ),
        alert(
            "silent",
            _key_silent,
            en="Key customers or suppliers gone silent while the other flows go on: {value}.",
            zh="其他往来如常而往来突然中断的重要客户或供应商：{value}户。",
        ),
        red(
            "large_share",
            at_least(value("key_party_share", Unit.RATIO), house(0.30, "nearly a third of the flows")),
            en="A failing customer or supplier brings or takes {value} of a year's flows (limit {limit}).",
            zh="出现问题的客户或供应商占全年往来的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask what the party still owes, what stands in stock for it, and who replaces it.",
    ask_zh="询问对方尚欠款项、为其备货的库存，以及由谁替代。",
    note="A key party has a tenth of the inflow or of the outflow of twelve months. Gone silent: its three months run at a fifth "
    "or less of its twelve before, having paid in ten of those, while everybody else runs at four fifths or more.",
)

severe_affiliate = Signal(
    id="MGT-38",
    grade="B",
    zh="股东、关联企业或母子公司发生了重大的不利变化。",
    en="Material adverse change at shareholders or affiliates",
    tests=(
        alert(
            "registry",
            at_least(value("affiliates_registry", Unit.COUNT), house(1, _ONE, "in_registry")),
            en="Affiliates bankrupt, listed as dishonest or with frozen equity in 180 days: {value}.",
            zh="近180天破产、失信或股权被冻结的关联方：{value}户。",
        ),
        alert(
            "executed",
            at_least(value("affiliates_executed", Unit.COUNT), house(1, "executed for 1% of their equity", "executed")),
            en="Affiliates executed for 1% of their equity or more in 180 days: {value}.",
            zh="近180天被执行金额达到自身权益1%的关联方：{value}户。",
        ),
        alert(
            "news",
            at_least(value("affiliates_news", Unit.COUNT), house(1, _ONE, "in_news")),
            en="Affiliates in confirmed news of the highest severity in 180 days: {value}.",
            zh="近180天出现经核实的最严重负面消息的关联方：{value}户。",
        ),
        alert(
            "red_client",
            at_least(value("affiliates_red", Unit.COUNT), house(1, _ONE, "red")),
            en="Affiliates that are clients of ours at level red: {value}.",
            zh="系我行客户且风险等级为红色的关联方：{value}户。",
        ),
        red(
            "parent",
            fact("parent_troubled"),
            en="It is the parent or the controller itself that is in trouble.",
            zh="出现问题的正是母公司或控制人。",
        ),
    ),
    ask_en="Ask what the group owes and guarantees, how cash moves inside it, and for the parent's newest statements.",
    ask_zh="询问集团的负债与担保、内部资金往来，并索取母公司最新报表。",
    note="Affiliates are within two steps of a share of 20% or more or of control, both ways, and members of one group. Both the "
    "registry rows and the news are looked at for 180 days; an execution against an affiliate of unknown equity is unknown. The "
    "parent is a direct controller or holds more than half.",
)

bankrupt_ties = Signal(
    id="MGT-51",
    grade="B",
    zh="和某破产企业关系密切。",
    en="Close ties with a bankrupt company",
    tests=(
        alert(
            "tied",
            at_least(value("bankrupt_parties", Unit.COUNT), house(1, _ONE, "parties")),
            en="Companies that filed for bankruptcy in 365 days and are closely tied to the client: {value}.",
            zh="近365天申请破产且与客户关系密切的企业：{value}户。",
        ),
        red(
            "two_ties",
            at_least(value("bankrupt_tie_types", Unit.COUNT), house(2, "two kinds of ties to one of them")),
            en="The client is tied to a bankrupt company in {value} ways (limit {limit}).",
            zh="客户与某破产企业存在{value}类联系（界限{limit}类）。",
        ),
        red(
            "exposure",
            at_least(value("bankrupt_exposure_share", Unit.RATIO), house(0.10, "a tenth of the equity")),
            en="The client guarantees a bankrupt company for {value} of its owners' equity (limit {limit}).",
            zh="客户为某破产企业担保的金额占所有者权益的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask what the bankrupt company owes the client and what the client guaranteed for it, with papers.",
    ask_zh="询问破产企业对客户的欠款及客户为其提供的担保，并索取凭证。",
    note="Ties: group links of any share, guarantees either way, a person with a post in both, 5% or more of a year's flows. The "
    "exposure is what the client guarantees at our bank for the bankrupt company: receivables from it are in no table.",
)
