"""Moral hazard while the client files, promises and is dunned (道德风险预警信号: MOR-01, MOR-03 to MOR-05)."""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.measures import commercial, gap, share, value
from transforms.signal import (
    Fact,
    Measure,
    Signal,
    above,
    alert,
    answered,
    at_least,
    below,
    fact,
    hit,
    house,
    red,
    watch,
)
from transforms.text import Unit

_elsewhere = hit("MGT-46", unknown=False)
_not_elsewhere = Fact(~_elsewhere.expr)  # the money did not simply move to an account at another bank
_growth_limit = house(0.20, "20 points of growth without inflow", "paper_growth")
_reported = Measure(growth_of("revenue_ttm", "revenue_ttm_year_ago"), Unit.RATIO)
_received = Measure(growth_of("opin_stmt_12", "opin_stmt_12_before"), Unit.RATIO)
_declared = Measure(growth_of("vat_stmt_12", "vat_stmt_12_before"), Unit.RATIO)
_over_inflow = at_least(gap(_reported, _received), _growth_limit) & _not_elsewhere
_over_vat = at_least(gap(_reported, _declared), _growth_limit) & _not_elsewhere
_m_score = above(value("beneish_m", Unit.SCORE), house(-1.78, "Beneish's cut-off", "m_score")) & Fact(commercial())
_hidden_debt = Measure(share("bureau_debt", pl.col("short_term_debt") + pl.col("long_term_debt")).expr - 1, Unit.RATIO)

false_statements = Signal(
    id="MOR-01",
    grade="A",
    zh="提供虚假财务报表,隐瞒重大财务变动情况,提供虚假证明材料和资料。",
    en="False statements or documents, hidden material changes",
    tests=(
        watch(
            "paper_growth",
            _over_inflow,
            en="Reported revenue {revenue_ttm_year_ago:money} → {revenue_ttm:money} outgrew the money received on our "
            "accounts by {value} (limit {limit}).",
            zh="报表收入{revenue_ttm_year_ago:money}→{revenue_ttm:money}，增速高于账户回款{value}（界限{limit}）。",
        ),
        watch(
            "vat_growth",
            _over_vat,
            en="Reported revenue {revenue_ttm_year_ago:money} → {revenue_ttm:money} outgrew the sales declared for VAT, "
            "{vat_stmt_12_before:money} → {vat_stmt_12:money}, by {value} (limit {limit}).",
            zh="报表收入{revenue_ttm_year_ago:money}→{revenue_ttm:money}，增值税申报销售额"
            "{vat_stmt_12_before:money}→{vat_stmt_12:money}，增速相差{value}（界限{limit}）。",
        ),
        watch(
            "m_score",
            _m_score,
            en="The Beneish M-score of the last two full years is {value} (limit: above {limit}).",
            zh="最近两个完整年度的Beneish M值为{value}（界限：高于{limit}）。",
        ),
        alert(
            "identity",
            above(value("identity_gap", Unit.RATIO), house(0.005, "half a per cent of assets")),
            en="The balance sheet does not balance: assets differ from liabilities and equity by {value} of assets "
            "(limit {limit}).",
            zh="资产负债表不平：资产与负债及权益之和相差资产的{value}（界限{limit}）。",
        ),
        alert(
            "versions",
            at_least(value("version_gap", Unit.RATIO), house(0.05, "two versions of one period")),
            en="Two versions of one period's statements differ by {value} (limit {limit}).",
            zh="同一期间的两个版本报表相差{value}（界限{limit}）。",
        ),
        alert(
            "hidden_debt",
            at_least(_hidden_debt, house(0.10, "debt the statement does not show")),
            en="At the statement's date lenders report debt of {bureau_debt:money}; the statement shows "
            "{short_term_debt:money} short-term and {long_term_debt:money} long-term (limit: {limit} more).",
            zh="报表日征信与我行账面债务合计{bureau_debt:money}，报表列示短期{short_term_debt:money}、"
            "长期{long_term_debt:money}（界限：多出{limit}）。",
        ),
        alert(
            "growth_and_score",
            _over_inflow & _m_score,
            en="Reported revenue outgrew the money received by {value} (limit {limit}), and the Beneish M-score is "
            "{beneish_m:score}.",
            zh="报表收入增速高于账户回款{value}（界限{limit}），且Beneish M值为{beneish_m:score}。",
        ),
        alert(
            "vat_and_score",
            _over_vat & _m_score,
            en="Reported revenue outgrew the sales declared for VAT by {value} (limit {limit}), and the Beneish M-score "
            "is {beneish_m:score}.",
            zh="报表收入增速高于增值税申报销售额{value}（界限{limit}），且Beneish M值为{beneish_m:score}。",
        ),
        *answered(
            "MOR-01",
            levels=("R",),
            en="The RM's answer on file says that statements or documents are false.",
            zh="客户经理已书面确认报表或资料不实。",
        ),
        red(
            "opinion",
            Fact(pl.col("newest_opinion").is_in(["qualified", "adverse", "disclaimer"])),
            en="The auditor's newest opinion is not clean.",
            zh="最近一次审计意见为非标准意见。",
        ),
        red(
            "penalty",
            at_least(value("registry_penalties_365", Unit.COUNT), house(1, "a penalty on record")),
            en="Penalties registered in 365 days: {value}.",
            zh="近365天登记行政处罚{value}起。",
        ),
    ),
    ask_en="Ask for bank statements, tax returns and the ledger behind the disputed lines; do not accuse.",
    ask_zh="索取银行流水、纳税申报表和相关科目明细，核实之前不作指责。",
    note="Growth is compared with inflow and with VAT sales over the statement's own twelve months; either gap is enough. "
    "An account newly opened elsewhere (MGT-46) excuses it; MGT-46 unknown counts as not hit. A statement without any debt "
    "is over the limit when lenders report some.",
)

_unmet = value("covenants_failed", Unit.COUNT)
_one_unmet = at_least(_unmet, house(1, "30 days for a certificate to arrive"))
_two_unmet = at_least(_unmet, house(2, "no longer a single slip"))
_few_kept = at_least(
    value("covenants_due", Unit.COUNT), house(3, "a share of fewer says nothing", "least_due")
) & below(value("covenants_kept_share", Unit.RATIO), house(0.70, "fewer than seven of ten were kept", "kept_share"))
_breached_twice = fact("covenant_breached_twice")
_security_unmet = above(
    value("security_unmet_days", Unit.DAYS), house(90, "a security is worth nothing while it waits")
)
_waived = fact("covenants_waived")
_not_waived = Fact(~pl.col("covenants_waived"))

_UNMET_EN = "Covenants and conditions more than 30 days past due and not met or not evidenced: {value} (limit {limit})."
_UNMET_ZH = "逾期30天以上仍未达标或未提供证明的约定及条件：{value}项（界限{limit}项）。"
_KEPT_EN = "Of {covenants_due:count} covenants and conditions due in a year {covenants_kept_share:ratio} were met"
_KEPT_ZH = "近一年到期的约定及条件共{covenants_due:count}项，兑现{covenants_kept_share:ratio}"
_TWICE_EN = "A financial covenant was not met on two due days running"
_TWICE_ZH = "财务约定连续两期未达标"
_SECURITY_EN = "A security condition has been unmet for {value} (limit: more than {limit})"
_SECURITY_ZH = "担保条件逾期{value}未落实（界限：超过{limit}）"
_WAIVED_EN, _WAIVED_ZH = "; a live waiver lowers the level by one.", "；现有豁免，降一级。"

promised_and_not_kept = Signal(
    id="MOR-03",
    grade="B",
    zh="为获取贷款,随意承诺银行贷款条件而不兑现。",
    en="Loan conditions promised and not kept",
    tests=(
        watch("unmet", _one_unmet, _UNMET_EN, _UNMET_ZH),
        watch("share_waived", _few_kept & _waived, _KEPT_EN + _WAIVED_EN, _KEPT_ZH + _WAIVED_ZH),
        alert("unmet", _two_unmet & _not_waived, _UNMET_EN, _UNMET_ZH),
        alert("share", _few_kept & _not_waived, _KEPT_EN + ".", _KEPT_ZH + "。"),
        alert("twice_waived", _breached_twice & _waived, _TWICE_EN + _WAIVED_EN, _TWICE_ZH + _WAIVED_ZH),
        alert("security_waived", _security_unmet & _waived, _SECURITY_EN + _WAIVED_EN, _SECURITY_ZH + _WAIVED_ZH),
        red("twice", _breached_twice & _not_waived, _TWICE_EN + ".", _TWICE_ZH + "。"),
        red("security", _security_unmet & _not_waived, _SECURITY_EN + ".", _SECURITY_ZH + "。"),
    ),
    ask_en="Ask for the missing certificate or document with a date, or for a waiver in writing, and hold new drawings.",
    ask_zh="要求限期补交证明或落实条件，或书面申请豁免，期间暂停提款。",
    note="A row that was not kept counts whenever it was due. The share is taken over rows due in the last twelve months and 30 days "
    "ago or more, at least three, cancelled and waived ones left out. Two due days "
    "of the same title in a row make 'twice running', whenever they were. A security condition that is still open past its "
    "day is unmet. A waiver is live when it covers a row that is due and not kept; it lowers the level by one, never to none.",
)

_unwilling = value("debtor_unwilling", Unit.COUNT)
_ATTITUDE_EN = (
    "In {value} of the last {debtor_contacts:count} contacts the legal representative or finance head refused, evaded, was "
    "hostile or unreachable (limit {limit})."
)
_ATTITUDE_ZH = (
    "最近{debtor_contacts:count}次接触中，法定代表人或财务主管有{value}次拒绝、推诿、敌对或联系不上（界限{limit}次）。"
)
_silent_days = house(15, "half a month without both", "silent_days")

unwilling_to_repay = Signal(
    id="MOR-04",
    grade="B",
    zh="借款单位法人代表、财务主管无还贷意识,对银行收贷人员态度恶劣、推诿、躲避、不予配合。",
    en="Unwilling to repay, hostile, evasive",
    tests=(
        watch("attitude", at_least(_unwilling, house(2, "two of five")), _ATTITUDE_EN, _ATTITUDE_ZH),
        alert("attitude", at_least(_unwilling, house(3, "most of five")), _ATTITUDE_EN, _ATTITUDE_ZH),
        alert(
            "promises",
            at_least(value("promises_broken_90", Unit.COUNT), house(2, "a second broken promise to pay")),
            en="Promises to pay broken in 90 days: {value} (limit {limit}).",
            zh="近90天未兑现的还款承诺{value}次（界限{limit}次）。",
        ),
        red(
            "unreachable",
            fact("arrears_material")
            & at_least(value("legal_rep_unreachable_days", Unit.DAYS), _silent_days)
            & at_least(value("finance_head_unreachable_days", Unit.DAYS), _silent_days),
            en="With {overdue_amount:money} overdue the legal representative has been unreachable for "
            "{legal_rep_unreachable_days:days} and the finance head for {finance_head_unreachable_days:days} (limit {limit}).",
            zh="逾期{overdue_amount:money}期间，法定代表人已{legal_rep_unreachable_days:days}、财务主管已"
            "{finance_head_unreachable_days:days}联系不上（界限{limit}）。",
        ),
    ),
    ask_en="Call on the client unannounced with a second colleague, and write down who was met and what was promised.",
    ask_zh="双人上门，不事先通知，记录见到何人、作何承诺。",
    note="All contacts held count, for collection or else, by everybody met. Somebody is unreachable since the first unanswered "
    "attempt after the last contact that reached them; a person never tried is unknown. A promise is broken while it is open "
    "more than 5 days past a due day of the last 90 days. Without any contact with the two: no data.",
)

_ignored = value("dunning_ignored", Unit.COUNT)
_IGNORED_EN = (
    "Dunning notices in a row without a receipt after 15 days: {value}, the first sent on {dunning_ignored_since:day} "
    "(limit {limit})."
)
_IGNORED_ZH = "催收通知书发出15天后仍无回执，连续{value}份，首份于{dunning_ignored_since:day}发出（界限{limit}份）。"

dunning_ignored = Signal(
    id="MOR-05",
    grade="B",
    zh="对银行下达的贷款催收通知书不理睬、不回执;还款资金不列入企业年度还款计划。",
    en="Dunning notices ignored, repayment not in the yearly plan",
    tests=(
        watch("ignored", at_least(_ignored, house(1, "no receipt in 15 days")), _IGNORED_EN, _IGNORED_ZH),
        alert("ignored", at_least(_ignored, house(2, "two in a row")), _IGNORED_EN, _IGNORED_ZH),
        red("ignored", at_least(_ignored, house(3, "three in a row")), _IGNORED_EN, _IGNORED_ZH),
        *answered(
            "MOR-05",
            levels=("A",),
            en="The RM's answer on file says that the client's yearly funding plan omits a repayment due within it.",
            zh="客户经理已书面确认：企业年度资金计划未列入期内应还贷款。",
        ),
        alert(
            "plan",
            fact("plan_omits_repayment"),
            en="The client's own notice shows a yearly funding plan that omits a repayment due within it.",
            zh="客户通报的年度资金计划未列入期内应还贷款。",
            kind="answer",
        ),
    ),
    ask_en="Deliver the notice in person and have it signed, and ask for the yearly plan with the repayments in it.",
    ask_zh="当面送达催收通知书并取得签收，索取列明还款安排的年度资金计划。",
    note="Notices of 365 days. The run ends at the newest that is answered or 15 days old; a younger one is not judged yet. A receipt "
    "that came late ends the run. Reminders of a coming maturity are no dunning. The client's notice of such a plan counts for 180 days, "
    "as an answer of the RM does.",
)
