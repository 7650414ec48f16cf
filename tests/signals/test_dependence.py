from datetime import date

import polars as pl
import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, panel
from transforms.findings import answers
from transforms.panel import withhold
from transforms.policy import Policy
from transforms.signals import CATALOGUE

M = 100_000_000

SAME = {"business_changes_180": 0, "payer_mix_similarity": 0.9}
HOME = {"expansions_365": 0, "new_industry_out_12": 0, "opout_12": 100 * M}
SPREAD = {"top_payer_amount": 10 * M, "opin_12": 100 * M, "top_payer": "P1"}
SPREAD |= {"top_payee_amount": 5 * M, "purchases_12": 50 * M, "top_payee": "S1"}
ANSWERED = {"answer_mgt_02": "yes", "answer_mgt_02_severity": 2}

CASES = [
    # MGT-02
    clear("MGT-02", **SAME),
    clear("MGT-02", business_changes_180=0),  # the registry ran: the proxy is not needed
    clear("MGT-02", payer_mix_similarity=0.5),  # a complete proxy stands in for the registry
    no_data("MGT-02"),
    fires("MGT-02", "W", "Changes of business scope, name or industry registered in 180 days: 1 (limit 1).",
          zh="近180天登记经营范围、名称或行业变更1起（界限1起）。", business_changes_180=1),
    fires("MGT-02", "W", "By payers' industries, the inflow of six months resembles that of the twelve months before by 0.49 of 1 "
          "(limit: below 0.50).", zh="按付款方行业，近六个月收款构成与此前十二个月的相似度为0.49（界限：低于0.50，相同为1）。",
          **{**SAME, "payer_mix_similarity": 0.49}),
    fires("MGT-02", "W", "Changes of business scope, name or industry registered in 180 days: 2 (limit 1).",
          business_changes_180=2, payer_mix_similarity=0.5),
    fires("MGT-02", "A", "Changes of business scope, name or industry registered in 180 days: 1; by payers' industries the inflow "
          "resembles that of the year before by only 0.30 of 1.",
          zh="近180天登记经营范围、名称或行业变更1起，且按付款方行业，收款构成与此前一年的相似度仅为0.30（相同为1）。",
          business_changes_180=1, payer_mix_similarity=0.3),
    fires("MGT-02", "A", "The relationship manager's answer on file confirms it (severity 2).", **SAME, **ANSWERED),
    fires("MGT-02", "A", "The relationship manager's answer on file confirms it (severity 1).",  # A is the row's own level
          **{**ANSWERED, "answer_mgt_02_severity": 1}),
    clear("MGT-02", business_changes_180=0, payer_mix_similarity=0.3, answer_mgt_02="no", answer_mgt_02_severity=1),
    # MGT-04
    clear("MGT-04", **HOME),
    no_data("MGT-04"),
    no_data("MGT-04", expansions_365=0),  # grade B: payments must have been looked at too
    no_data("MGT-04", new_industry_out_12=0, opout_12=100 * M),
    fires("MGT-04", "W", "Branches, subsidiaries or investments in a new industry or province registered in 365 days: 1 (limit 1).",
          zh="近365天在新行业或新省份登记设立分支机构、子公司或对外投资1起（界限1起）。", expansions_365=1),
    fires("MGT-04", "W", "Branches, subsidiaries or investments in a new industry or province registered in 365 days: 2 (limit 1).",
          **{**HOME, "expansions_365": 2}),
    fires("MGT-04", "A", "Branches, subsidiaries or investments in a new industry or province registered in 365 days: 3 (limit 3).",
          **{**HOME, "expansions_365": 3}),
    fires("MGT-04", "A", "CNY 15.0 million of CNY 100.0 million paid in twelve months went to counterparties first seen in 180 days, "
          "in industries the client never dealt with: 15.0% (limit 15.0%).",
          zh="近十二个月付款10,000.00万元中，1,500.00万元付给180天内首次出现、且属从未往来行业的对手方，占15.0%（界限15.0%）。",
          **{**HOME, "new_industry_out_12": 15 * M}),
    clear("MGT-04", **{**HOME, "new_industry_out_12": 15 * M - 100}),
    fires("MGT-04", "A", "The relationship manager's answer on file confirms it (severity 3).",
          answer_mgt_04="yes", answer_mgt_04_severity=3),
    # MGT-10
    clear("MGT-10", **SPREAD),
    clear("MGT-10", top_payer_amount=0, opin_12=0),  # one core test ran
    no_data("MGT-10"),
    no_data("MGT-10", supplier_note_share=0.1),  # a note alone is no core table
    fires("MGT-10", "W", "The largest payer, P1, with the parties connected to it brought in CNY 40.0 million of CNY 100.0 million "
          "received in twelve months: 40.0% (limit 40.0%).",
          zh="最大付款方P1（含关联方）近十二个月付入4,000.00万元，占收款10,000.00万元的40.0%（界限40.0%）。",
          **{**SPREAD, "top_payer_amount": 40 * M}),
    clear("MGT-10", **{**SPREAD, "top_payer_amount": 40 * M - 100}),
    fires("MGT-10", "W", "The largest supplier, S1, with the parties connected to it received CNY 20.0 million of CNY 50.0 million "
          "paid for purchases in twelve months: 40.0% (limit 40.0%).",
          zh="最大供应商S1（含关联方）近十二个月收取2,000.00万元，占采购付款5,000.00万元的40.0%（界限40.0%）。",
          **{**SPREAD, "top_payee_amount": 20 * M}),
    clear("MGT-10", **{**SPREAD, "top_payee_amount": 20 * M - 100}),
    fires("MGT-10", "A", "The largest payer, P1, with the parties connected to it brought in CNY 60.0 million of CNY 100.0 million "
          "received in twelve months: 60.0% (limit 60.0%).", **{**SPREAD, "top_payer_amount": 60 * M}),
    fires("MGT-10", "W", "The largest payer, P1, with the parties connected to it brought in CNY 60.0 million of CNY 100.0 million "
          "received in twelve months: 60.0% (limit 40.0%).", **{**SPREAD, "top_payer_amount": 60 * M - 100}),
    fires("MGT-10", "A", "The largest supplier, S1, with the parties connected to it received CNY 30.0 million of CNY 50.0 million "
          "paid for purchases in twelve months: 60.0% (limit 60.0%).", **{**SPREAD, "top_payee_amount": 30 * M}),
    fires("MGT-10", "W", "By the notes of 31 December 2014 the largest supplier has 30.0% of purchases (limit 30.0%).",
          zh="据2014年12月31日报表附注，最大供应商占采购的30.0%（界限30.0%）。",
          **SPREAD, supplier_note_share=0.3, supplier_note_on=date(2014, 12, 31)),
    fires("MGT-10", "A", "The largest payer brings 40.0% of the inflow (limit 40.0%) and is itself a client of ours at level alert or worse.",
          zh="最大付款方占流入的40.0%（界限40.0%），且其自身为我行预警及以上等级客户。",
          **{**SPREAD, "top_payer_amount": 40 * M, "top_payer_troubled": True}),
    fires("MGT-10", "A", "The largest supplier takes 40.0% of the purchases (limit 40.0%) and is itself a client of ours at level alert "
          "or worse.", zh="最大供应商占采购的40.0%（界限40.0%），且其自身为我行预警及以上等级客户。",
          **{**SPREAD, "top_payee_amount": 20 * M, "top_payee_troubled": True}),
    clear("MGT-10", **{**SPREAD, "top_payer_amount": 40 * M - 100, "top_payer_troubled": True}),
    clear("MGT-10", **SPREAD, supplier_note_share=0.299, supplier_note_on=date(2014, 12, 31)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_dependence(case: Case) -> None:
    check(case)


def test_too_many_nameless_transfers_leave_the_largest_partners_unknown() -> None:
    """Check X7 withholds the counterparties: MGT-10 has no data, whatever the largest payer's share."""
    held = pl.DataFrame({"client_id": ["C1"], "withholds": ["counterparties"]})
    row = {**SPREAD, "top_payer_amount": 60 * M, "top_payer_troubled": False, "top_payee_troubled": False}
    judged = [
        answers(rows, {"MGT-10": CATALOGUE["MGT-10"]}, Policy()) for rows in (panel(row), withhold(panel(row), held))
    ]
    assert [frame["MGT-10"].item() for frame in judged] == ["A", "NO_DATA"]
