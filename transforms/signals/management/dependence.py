"""What the client does, where, and on whom it depends (MGT-02, MGT-04, MGT-10)."""

from transforms.measures import share, value
from transforms.signal import Signal, alert, answered, at_least, below, fact, house, watch
from transforms.text import Unit

_changed = at_least(value("business_changes_180", Unit.COUNT), house(1, "a change on record"))
_mix_moved = below(
    value("payer_mix_similarity", Unit.SCORE), house(0.5, "the payers' industries have little in common", "similarity")
)

business_changed = Signal(
    id="MGT-02",
    grade="B",
    zh="业务性质、经营目标或习惯做法发生变更。",
    en="Change of business nature, objectives or practice",
    tests=(
        watch(
            "registered",
            _changed,
            en="Changes of business scope, name or industry registered in 180 days: {value} (limit {limit}).",
            zh="近180天登记经营范围、名称或行业变更{value}起（界限{limit}起）。",
        ),
        watch(
            "payers",
            _mix_moved,
            en="By payers' industries, the inflow of six months resembles that of the twelve months before by {value} of 1 "
            "(limit: below {limit}).",
            zh="按付款方行业，近六个月收款构成与此前十二个月的相似度为{value}（界限：低于{limit}，相同为1）。",
            kind="proxy",
        ),
        alert(
            "both",
            _changed & _mix_moved,
            en="Changes of business scope, name or industry registered in 180 days: {business_changes_180:count}; by payers' "
            "industries the inflow resembles that of the year before by only {payer_mix_similarity:score} of 1.",
            zh="近180天登记经营范围、名称或行业变更{business_changes_180:count}起，且按付款方行业，收款构成与此前一年的相似度仅为"
            "{payer_mix_similarity:score}（相同为1）。",
            kind="proxy",
        ),
        *answered("MGT-02", levels=("A",)),
    ),
    ask_en="Ask what the company now lives from, who decided it, and what of the old business goes on; get the new licence.",
    ask_zh="问明企业现在靠什么业务盈利、由谁决定转变、原有业务保留多少，并索取新的营业执照。",
    note="A payer's industry is its two-digit GB/T 4754 code, known only for payers in the bank's register; below 60% of the inflow "
    "so attributed in either window the comparison is unknown. Both windows are full months.",
)

_openings = value("expansions_365", Unit.COUNT)
_OPENED_EN = "Branches, subsidiaries or investments in a new industry or province registered in 365 days: {value} (limit {limit})."
_OPENED_ZH = "近365天在新行业或新省份登记设立分支机构、子公司或对外投资{value}起（界限{limit}起）。"

unfamiliar_ground = Signal(
    id="MGT-04",
    grade="B",
    zh="向不熟悉的领域拓展业务,或开始在不熟悉的地区开展业务,贪大求多。",
    en="Expansion into unfamiliar business or regions",
    tests=(
        watch("registered", at_least(_openings, house(1, "one step onto new ground")), _OPENED_EN, _OPENED_ZH),
        alert("registered", at_least(_openings, house(3, "three such steps within a year")), _OPENED_EN, _OPENED_ZH),
        alert(
            "payments",
            at_least(share("new_industry_out_12", "opout_12"), house(0.15, "a seventh of all payments")),
            en="{new_industry_out_12:money} of {opout_12:money} paid in twelve months went to counterparties first seen in 180 "
            "days, in industries the client never dealt with: {value} (limit {limit}).",
            zh="近十二个月付款{opout_12:money}中，{new_industry_out_12:money}付给180天内首次出现、且属从未往来行业的对手方，"
            "占{value}（界限{limit}）。",
        ),
        *answered("MGT-04", levels=("A",)),
    ),
    ask_en="Ask who in the company knows the new business or region, what it costs so far, and how it is funded.",
    ask_zh="询问公司内何人熟悉新业务或新地区、迄今投入多少、资金来源如何。",
    note="Whether an industry or province is new to the client is what the registry row's flags say. A counterparty's industry "
    "is its two-digit code, known only for parties in the bank's register; the client's own industry is never new.",
)

_payer, _payee = share("top_payer_amount", "opin_12"), share("top_payee_amount", "purchases_12")
_PAYER_EN = (
    "The largest payer, {top_payer:text}, with the parties connected to it brought in {top_payer_amount:money} of "
    "{opin_12:money} received in twelve months: {value} (limit {limit})."
)
_PAYER_ZH = "最大付款方{top_payer:text}（含关联方）近十二个月付入{top_payer_amount:money}，占收款{opin_12:money}的{value}（界限{limit}）。"
_PAYEE_EN = (
    "The largest supplier, {top_payee:text}, with the parties connected to it received {top_payee_amount:money} of "
    "{purchases_12:money} paid for purchases in twelve months: {value} (limit {limit})."
)
_PAYEE_ZH = (
    "最大供应商{top_payee:text}（含关联方）近十二个月收取{top_payee_amount:money}，占采购付款{purchases_12:money}的"
    "{value}（界限{limit}）。"
)

_leans_on_payer = at_least(_payer, house(0.40, "two fifths of the flow we see"))
_leans_on_payee = at_least(_payee, house(0.40, "two fifths of the flow we see"))

few_partners = Signal(
    id="MGT-10",
    grade="A",
    zh="对一些客户或供应商过分依赖。",
    en="Over-reliance on a few customers or suppliers",
    tests=(
        watch("payer", _leans_on_payer, _PAYER_EN, _PAYER_ZH),
        watch("payee", _leans_on_payee, _PAYEE_EN, _PAYEE_ZH),
        watch(
            "supplier_note",
            at_least(value("supplier_note_share", Unit.RATIO), house(0.30, "older Chinese listing rules")),
            en="By the notes of {supplier_note_on:day} the largest supplier has {value} of purchases (limit {limit}).",
            zh="据{supplier_note_on:day}报表附注，最大供应商占采购的{value}（界限{limit}）。",
        ),
        alert("payer", at_least(_payer, house(0.60, "three fifths of the flow we see")), _PAYER_EN, _PAYER_ZH),
        alert("payee", at_least(_payee, house(0.60, "three fifths of the flow we see")), _PAYEE_EN, _PAYEE_ZH),
        alert(
            "troubled_payer",
            _leans_on_payer & fact("top_payer_troubled"),
            en="The largest payer brings {value} of the inflow (limit {limit}) and is itself a client of ours at level alert or worse.",
            zh="最大付款方占流入的{value}（界限{limit}），且其自身为我行预警及以上等级客户。",
        ),
        alert(
            "troubled_payee",
            _leans_on_payee & fact("top_payee_troubled"),
            en="The largest supplier takes {value} of the purchases (limit {limit}) and is itself a client of ours at level alert or "
            "worse.",
            zh="最大供应商占采购的{value}（界限{limit}），且其自身为我行预警及以上等级客户。",
        ),
    ),
    ask_en="Ask how long the contract with that partner runs, on what terms, and who would take its place.",
    ask_zh="询问与该客户或供应商的合同期限和条件，以及可由谁替代。",
    note="Counted as one are parties connected, directly or through others, by a share of 20% or more, control or a group, by "
    "the links or the client master. Where over 20% of the transfers name nobody the shares are unknown. Suppliers are judged "
    "on payments for purchases. A supplier note whose period ended over 16 months ago is ignored.",
)
