"""Moral hazard (道德风险预警信号）."""

import polars as pl

from transforms.measures import gap, growth_of, value
from transforms.signal import Fact, Measure, Signal, above, alert, at_least, house, red, watch
from transforms.text import Unit

_adverse_answer = Fact(
    pl.col("answer_mor_01").is_not_null() & (pl.col("answer_mor_01") != "no").fill_null(False)
)  # no answer is "no", not a missing input (reading G4)
_paper_growth = at_least(
    gap(
        Measure(growth_of("revenue_ttm", "revenue_ttm_year_ago"), Unit.RATIO),
        Measure(growth_of("opin_stmt_12", "opin_stmt_12_before"), Unit.RATIO),
    ),
    house(0.20, "20 points of growth without inflow", "paper_growth"),
)
_m_score = above(value("beneish_m", Unit.SCORE), house(-1.78, "Beneish's cut-off", "m_score")) & Fact(
    pl.col("client_kind") == "enterprise"
)

false_statements = Signal(
    id="MOR-01",
    grade="A",
    zh="提供虚假财务报表,隐瞒重大财务变动情况,提供虚假证明材料和资料。",
    en="False statements or documents, material changes hidden",
    tests=(
        watch(
            "paper_growth",
            _paper_growth,
            en="Reported revenue {revenue_ttm_year_ago:money} → {revenue_ttm:money} outgrew the money received on our "
            "accounts by {value} (limit {limit}).",
            zh="报表收入{revenue_ttm_year_ago:money}→{revenue_ttm:money}，增速高于账户回款{value}（界限{limit}）。",
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
            at_least(value("bureau_debt_excess", Unit.RATIO), house(0.10, "debt the statement does not show")),
            en="Lenders report {value} more debt than the statement shows (limit {limit}).",
            zh="征信所示债务比报表多{value}（界限{limit}）。",
        ),
        alert(
            "growth_and_score",
            _paper_growth & _m_score,
            en="Reported revenue outgrew the money received by {value} (limit {limit}), and the Beneish M-score is "
            "{beneish_m:score}.",
            zh="报表收入增速高于账户回款{value}（界限{limit}），且Beneish M值为{beneish_m:score}。",
        ),
        red(
            "confirmed",
            _adverse_answer,
            en="The RM's answer on file says that statements or documents are false.",
            zh="客户经理已书面确认报表或资料不实。",
            kind="answer",
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
            en="{value} penalties were registered in 365 days.",
            zh="近365天登记行政处罚{value}起。",
        ),
    ),
    ask_en="Ask for bank statements, tax returns and the ledger behind the disputed lines; do not accuse.",
    ask_zh="索取银行流水、纳税申报表和相关科目明细，核实之前不作指责。",
    note="Growth of declared VAT sales is not compared: no table of the input model carries it. MGT-46 unknown counts as "
    "not hit.",
)
