import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

GUARANTEED = {"guarantors": ["G1"]}
SOUND = {**GUARANTEED, "guarantors_with_signals": 0, "guarantors_in_registry": 0, "guarantors_bad_elsewhere": 0,
         "guarantors_overstretched": 0, "distressed_backing": 0.0}  # fmt: skip
STEADY = {"key_parties_registry": 0, "key_parties_bad_loans": 0, "key_parties_silent": 0, "key_party_share": 0.0}
GROUP = {
    "affiliates_registry": 0,
    "affiliates_executed": 0,
    "affiliates_news": 0,
    "affiliates_red": 0,
    "parent_troubled": False,
}
UNTIED = {"bankrupt_parties": 0, "bankrupt_tie_types": 0, "bankrupt_exposure_share": 0.0}

CASES = [
    # FIN-13
    clear("FIN-13", **SOUND),
    fires("FIN-13", "A", "Guarantors that are clients of ours with a red or two alerts of their own: 1.",
          zh="担保人系我行客户且自身出现一项红色或两项预警信号的：1户。", **{**SOUND, "guarantors_with_signals": 1}),
    fires("FIN-13", "A", "Guarantors with a bankruptcy, enforcement, freeze or abnormal-operation record in 180 days: 2.",
          zh="近180天有破产、被执行、股权冻结或经营异常记录的担保人：2户。", **{**SOUND, "guarantors_in_registry": 2}),
    fires("FIN-13", "A", "Guarantors with a substandard or worse loan at some lender: 1.",
          zh="在任一贷款机构出现次级及以下贷款的担保人：1户。", **{**SOUND, "guarantors_bad_elsewhere": 1}),
    fires("FIN-13", "A", "Guarantors whose guarantees given exceed their owners' equity: 1.",
          zh="对外担保超过所有者权益的担保人：1户。", **{**SOUND, "guarantors_overstretched": 1}),
    fires("FIN-13", "R", "A guarantor in trouble backs 50.0% of our exposure (limit 50.0%).",
          zh="出现问题的担保人所担保金额占我行敞口的50.0%（界限50.0%）。",
          **{**SOUND, "guarantors_in_registry": 1, "distressed_backing": 0.5}),
    fires("FIN-13", "A", "Guarantors with a bankruptcy, enforcement, freeze or abnormal-operation record in 180 days: 1.",
          **{**SOUND, "guarantors_in_registry": 1, "distressed_backing": 0.499999999}),
    fires("FIN-13", "A", "Guarantors that are clients of ours with a red or two alerts of their own: 1.",
          **GUARANTEED, guarantors_with_signals=1),  # a HIT never needs the unknown
    no_data("FIN-13", **{**SOUND, "guarantors_overstretched": None, "distressed_backing": None}),  # unknown equity: one test did not run
    no_data("FIN-13", **GUARANTEED),
    not_applicable("FIN-13", guarantors=[]),
    # MGT-11
    clear("MGT-11", **STEADY),
    clear("MGT-11", **{**STEADY, "key_parties_registry": None, "key_party_share": None}),  # grade A: one core test ran
    fires("MGT-11", "A", "Key customers or suppliers bankrupt, struck off or listed as dishonest in 180 days: 1.",
          zh="近180天破产、注销、吊销或被列为失信的重要客户或供应商：1户。",
          **{**STEADY, "key_parties_registry": 1, "key_party_share": 0.299999999}),
    fires("MGT-11", "A", "Key customers or suppliers whose loans with us are substandard or worse: 1.",
          zh="在我行贷款已为次级及以下的重要客户或供应商：1户。", **{**STEADY, "key_parties_bad_loans": 1, "key_party_share": 0.1}),
    fires("MGT-11", "A", "Key customers or suppliers gone silent while the other flows go on: 2.",
          zh="其他往来如常而往来突然中断的重要客户或供应商：2户。", **{**STEADY, "key_parties_silent": 2, "key_party_share": 0.2}),
    fires("MGT-11", "R", "A failing customer or supplier brings or takes 30.0% of a year's flows (limit 30.0%).",
          zh="出现问题的客户或供应商占全年往来的30.0%（界限30.0%）。", **{**STEADY, "key_parties_silent": 1, "key_party_share": 0.3}),
    no_data("MGT-11"),
    # MGT-38
    clear("MGT-38", **GROUP),
    fires("MGT-38", "A", "Affiliates bankrupt, listed as dishonest or with frozen equity in 180 days: 1.",
          zh="近180天破产、失信或股权被冻结的关联方：1户。", **{**GROUP, "affiliates_registry": 1}),
    fires("MGT-38", "A", "Affiliates executed for 1% of their equity or more in 180 days: 1.",
          zh="近180天被执行金额达到自身权益1%的关联方：1户。", **{**GROUP, "affiliates_executed": 1}),
    fires("MGT-38", "A", "Affiliates in confirmed news of the highest severity in 180 days: 1.",
          zh="近180天出现经核实的最严重负面消息的关联方：1户。", **{**GROUP, "affiliates_news": 1}),
    fires("MGT-38", "A", "Affiliates that are clients of ours at level red: 3.",
          zh="系我行客户且风险等级为红色的关联方：3户。", **{**GROUP, "affiliates_red": 3}),
    fires("MGT-38", "R", "It is the parent or the controller itself that is in trouble.",
          zh="出现问题的正是母公司或控制人。", **{**GROUP, "affiliates_red": 1, "parent_troubled": True}),
    no_data("MGT-38", **{**GROUP, "affiliates_executed": None}),
    no_data("MGT-38"),
    # MGT-51
    clear("MGT-51", **UNTIED),
    fires("MGT-51", "A", "Companies that filed for bankruptcy in 365 days and are closely tied to the client: 1.",
          zh="近365天申请破产且与客户关系密切的企业：1户。",
          bankrupt_parties=1, bankrupt_tie_types=1, bankrupt_exposure_share=0.099999999),
    fires("MGT-51", "R", "The client is tied to a bankrupt company in 2 ways (limit 2).",
          zh="客户与某破产企业存在2类联系（界限2类）。", bankrupt_parties=1, bankrupt_tie_types=2, bankrupt_exposure_share=0.0),
    fires("MGT-51", "R", "The client guarantees a bankrupt company for 10.0% of its owners' equity (limit 10.0%).",
          zh="客户为某破产企业担保的金额占所有者权益的10.0%（界限10.0%）。",
          bankrupt_parties=1, bankrupt_tie_types=1, bankrupt_exposure_share=0.1),
    fires("MGT-51", "A", "Companies that filed for bankruptcy in 365 days and are closely tied to the client: 1.",
          bankrupt_parties=1, bankrupt_tie_types=1),  # unknown equity hides no tie
    no_data("MGT-51"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_contagion(case: Case) -> None:
    check(case)
