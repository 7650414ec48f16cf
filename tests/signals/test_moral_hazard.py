"""MOR-01, MOR-03 to MOR-05: what a panel row makes of them."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000  # a million currency units in minor units

SALES = {"revenue_ttm": 150 * M, "revenue_ttm_year_ago": 100 * M, "opin_stmt_12_before": 50 * M}
VAT = {"revenue_ttm": 150 * M, "revenue_ttm_year_ago": 100 * M, "vat_stmt_12_before": 100 * M, "identity_gap": 0.0}
DEBT = {"short_term_debt": 60 * M, "long_term_debt": 40 * M, "identity_gap": 0.0}
FALSE_STATEMENTS = [
    clear("MOR-01", identity_gap=0.005),  # strict
    fires("MOR-01", "A", "The balance sheet does not balance: assets differ from liabilities and equity by 0.6% of assets (limit 0.5%).",
          zh="资产负债表不平：资产与负债及权益之和相差资产的0.6%（界限0.5%）。", identity_gap=0.006),
    fires("MOR-01", "A", "Two versions of one period's statements differ by 5.0% (limit 5.0%).",
          zh="同一期间的两个版本报表相差5.0%（界限5.0%）。", version_gap=0.05),
    clear("MOR-01", version_gap=0.0499),
    fires("MOR-01", "W", "Reported revenue CNY 100.0 million → CNY 150.0 million outgrew the money received on our accounts by 20.0 pp "
          "(limit 20.0 pp).", zh="报表收入10,000.00万元→15,000.00万元，增速高于账户回款20.0个百分点（界限20.0个百分点）。", **SALES, opin_stmt_12=65 * M),
    clear("MOR-01", **SALES, opin_stmt_12=6_501_000_000),
    clear("MOR-01", **SALES, **{"MGT-46": "W"}, opin_stmt_12=50 * M),  # the money went to an account elsewhere
    fires("MOR-01", "W", "Reported revenue CNY 100.0 million → CNY 150.0 million outgrew the money received on our accounts by 50.0 pp "
          "(limit 20.0 pp).", **SALES, **{"MGT-46": "NO_DATA"}, opin_stmt_12=50 * M),  # unknown counts as not hit
    fires("MOR-01", "W", "Reported revenue CNY 100.0 million → CNY 150.0 million outgrew the money received on our accounts by 50.0 pp "
          "(limit 20.0 pp).", **SALES, **{"MGT-46": "CLEAR"}, opin_stmt_12=50 * M),
    fires("MOR-01", "W", "Reported revenue CNY 100.0 million → CNY 150.0 million outgrew the sales declared for VAT, CNY 100.0 million → "
          "CNY 130.0 million, by 20.0 pp (limit 20.0 pp).",
          zh="报表收入10,000.00万元→15,000.00万元，增值税申报销售额10,000.00万元→13,000.00万元，增速相差20.0个百分点（界限20.0个百分点）。",
          **VAT, vat_stmt_12=130 * M),
    clear("MOR-01", **VAT, vat_stmt_12=13_001_000_000),
    clear("MOR-01", **VAT, **{"MGT-46": "A"}, vat_stmt_12=100 * M),
    fires("MOR-01", "W", "The Beneish M-score of the last two full years is −1.70 (limit: above −1.78).",
          zh="最近两个完整年度的Beneish M值为−1.70（界限：高于−1.78）。", beneish_m=-1.70),
    clear("MOR-01", beneish_m=-1.78),
    clear("MOR-01", beneish_m=-1.0, client_kind="financial"),
    clear("MOR-01", beneish_m=-1.0, client_kind="institution"),
    fires("MOR-01", "A", "Reported revenue outgrew the money received by 50.0 pp (limit 20.0 pp), and the Beneish M-score is −1.00.",
          zh="报表收入增速高于账户回款50.0个百分点（界限20.0个百分点），且Beneish M值为−1.00。", **SALES, opin_stmt_12=50 * M, beneish_m=-1.0),
    fires("MOR-01", "A", "Reported revenue outgrew the sales declared for VAT by 50.0 pp (limit 20.0 pp), and the Beneish M-score is −1.00.",
          zh="报表收入增速高于增值税申报销售额50.0个百分点（界限20.0个百分点），且Beneish M值为−1.00。", **VAT, vat_stmt_12=100 * M, beneish_m=-1.0),
    fires("MOR-01", "A", "At the statement's date lenders report debt of CNY 110.0 million; the statement shows CNY 60.0 million "
          "short-term and CNY 40.0 million long-term (limit: 10.0% more).",
          zh="报表日征信与我行账面债务合计11,000.00万元，报表列示短期6,000.00万元、长期4,000.00万元（界限：多出10.0%）。", **DEBT, bureau_debt=110 * M),
    clear("MOR-01", **DEBT, bureau_debt=10_999_000_000),
    clear("MOR-01", identity_gap=0.0, short_term_debt=0, long_term_debt=0, bureau_debt=0),
    fires("MOR-01", "A", "At the statement's date lenders report debt of CNY 1.0 million; the statement shows CNY 0 short-term and CNY 0 "
          "long-term (limit: 10.0% more).", identity_gap=0.0, short_term_debt=0, long_term_debt=0, bureau_debt=M),
    fires("MOR-01", "R", "The auditor's newest opinion is not clean.", zh="最近一次审计意见为非标准意见。", newest_opinion="qualified"),
    fires("MOR-01", "R", "The auditor's newest opinion is not clean.", newest_opinion="disclaimer"),
    clear("MOR-01", newest_opinion="emphasis"),
    fires("MOR-01", "R", "The RM's answer on file says that statements or documents are false.", zh="客户经理已书面确认报表或资料不实。",
          answer_mor_01="yes", answer_mor_01_severity=3),
    clear("MOR-01", answer_mor_01="no", identity_gap=0.0),
    fires("MOR-01", "R", "Penalties registered in 365 days: 1.", zh="近365天登记行政处罚1起。", registry_penalties_365=1),
    no_data("MOR-01"),
    no_data("MOR-01", registry_penalties_365=0),  # no core table spoke
]  # fmt: skip

KEPT = {"covenants_failed": 0, "covenants_due": 0, "covenants_waived": False, "covenant_breached_twice": False}
KEPT |= {"security_unmet_days": 0}
SHARE = {**KEPT, "covenants_due": 3, "covenants_kept_share": 0.666666667}
PROMISED = [
    clear("MOR-03", **KEPT),
    fires("MOR-03", "W", "Covenants and conditions more than 30 days past due and not met or not evidenced: 1 (limit 1).",
          zh="逾期30天以上仍未达标或未提供证明的约定及条件：1项（界限1项）。", **{**KEPT, "covenants_failed": 1}),
    fires("MOR-03", "A", "Covenants and conditions more than 30 days past due and not met or not evidenced: 2 (limit 2).",
          **{**KEPT, "covenants_failed": 2}),
    fires("MOR-03", "W", "Covenants and conditions more than 30 days past due and not met or not evidenced: 2 (limit 1).",
          **{**KEPT, "covenants_failed": 2, "covenants_waived": True}),  # lowered by one
    fires("MOR-03", "W", "Covenants and conditions more than 30 days past due and not met or not evidenced: 1 (limit 1).",
          **{**KEPT, "covenants_failed": 1, "covenants_waived": True}),  # never to none
    fires("MOR-03", "A", "Of 3 covenants and conditions due in a year 66.7% were met.", zh="近一年到期的约定及条件共3项，兑现66.7%。", **SHARE),
    clear("MOR-03", **{**SHARE, "covenants_kept_share": 0.70}),
    clear("MOR-03", **{**SHARE, "covenants_due": 2, "covenants_kept_share": 0.5}),  # too few to judge (G13)
    fires("MOR-03", "W", "Of 3 covenants and conditions due in a year 66.7% were met; a live waiver lowers the level by one.",
          zh="近一年到期的约定及条件共3项，兑现66.7%；现有豁免，降一级。", **{**SHARE, "covenants_waived": True}),
    fires("MOR-03", "R", "A financial covenant was not met on two due days running.", zh="财务约定连续两期未达标。",
          **{**KEPT, "covenants_failed": 2, "covenant_breached_twice": True}),
    fires("MOR-03", "A", "A financial covenant was not met on two due days running; a live waiver lowers the level by one.",
          zh="财务约定连续两期未达标；现有豁免，降一级。", **{**KEPT, "covenant_breached_twice": True, "covenants_waived": True}),
    fires("MOR-03", "R", "A security condition has been unmet for 91 days (limit: more than 90 days).",
          zh="担保条件逾期91天未落实（界限：超过90天）。", **{**KEPT, "security_unmet_days": 91}),
    fires("MOR-03", "A", "A security condition has been unmet for 91 days (limit: more than 90 days); a live waiver lowers the level by one.",
          zh="担保条件逾期91天未落实（界限：超过90天）；现有豁免，降一级。",
          **{**KEPT, "security_unmet_days": 91, "covenants_waived": True}),
    clear("MOR-03", **{**KEPT, "security_unmet_days": 90}),
    no_data("MOR-03"),
    no_data("MOR-03", **{**KEPT, "security_unmet_days": None}),  # grade B: conditions are not delivered
]  # fmt: skip

MET = {"debtor_contacts": 5, "debtor_unwilling": 0, "promises_broken_90": 0, "arrears_material": False}
SILENT = {
    **MET,
    "arrears_material": True,
    "overdue_amount": 2 * M,
    "legal_rep_unreachable_days": 15,
    "finance_head_unreachable_days": 20,
}
UNWILLING = [
    clear("MOR-04", **MET),
    fires("MOR-04", "W", "In 2 of the last 5 contacts the legal representative or finance head refused, evaded, was hostile or "
          "unreachable (limit 2).", zh="最近5次接触中，法定代表人或财务主管有2次拒绝、推诿、敌对或联系不上（界限2次）。",
          **{**MET, "debtor_unwilling": 2}),
    clear("MOR-04", **{**MET, "debtor_unwilling": 1}),
    fires("MOR-04", "A", "In 3 of the last 5 contacts the legal representative or finance head refused, evaded, was hostile or "
          "unreachable (limit 3).", **{**MET, "debtor_unwilling": 3}),
    fires("MOR-04", "A", "Promises to pay broken in 90 days: 2 (limit 2).", zh="近90天未兑现的还款承诺2次（界限2次）。",
          **{**MET, "promises_broken_90": 2}),
    clear("MOR-04", **{**MET, "promises_broken_90": 1}),
    fires("MOR-04", "R", "With CNY 2.0 million overdue the legal representative has been unreachable for 15 days and the finance head "
          "for 20 days (limit 15 days).", zh="逾期200.00万元期间，法定代表人已15天、财务主管已20天联系不上（界限15天）。", **SILENT),
    clear("MOR-04", **{**SILENT, "legal_rep_unreachable_days": 14}),
    clear("MOR-04", **{**SILENT, "finance_head_unreachable_days": 14}),
    clear("MOR-04", **{**SILENT, "arrears_material": False}),
    no_data("MOR-04", **{**SILENT, "finance_head_unreachable_days": None}),  # never tried: nobody knows
    clear("MOR-04", **{**SILENT, "finance_head_unreachable_days": None, "legal_rep_unreachable_days": 0}),
    no_data("MOR-04", promises_broken_90=0, arrears_material=False),  # no contact with the two
    no_data("MOR-04"),
]  # fmt: skip

QUIET = {"dunning_ignored": 0, "plan_omits_repayment": False}
SINCE = {**QUIET, "dunning_ignored_since": date(2015, 5, 4)}
DUNNED = [
    clear("MOR-05", **QUIET),
    fires("MOR-05", "W", "Dunning notices in a row without a receipt after 15 days: 1, the first sent on 4 May 2015 (limit 1).",
          zh="催收通知书发出15天后仍无回执，连续1份，首份于2015年5月4日发出（界限1份）。", **{**SINCE, "dunning_ignored": 1}),
    fires("MOR-05", "A", "Dunning notices in a row without a receipt after 15 days: 2, the first sent on 4 May 2015 (limit 2).",
          **{**SINCE, "dunning_ignored": 2}),
    fires("MOR-05", "R", "Dunning notices in a row without a receipt after 15 days: 3, the first sent on 4 May 2015 (limit 3).",
          **{**SINCE, "dunning_ignored": 3}),
    fires("MOR-05", "A", "The RM's answer on file says that the client's yearly funding plan omits a repayment due within it.",
          zh="客户经理已书面确认：企业年度资金计划未列入期内应还贷款。", **QUIET, answer_mor_05="yes", answer_mor_05_severity=1),
    fires("MOR-05", "A", "The client's own notice shows a yearly funding plan that omits a repayment due within it.",
          zh="客户通报的年度资金计划未列入期内应还贷款。", **{**QUIET, "plan_omits_repayment": True}),
    fires("MOR-05", "W", "Dunning notices in a row without a receipt after 15 days: 1, the first sent on 4 May 2015 (limit 1).",
          **{**SINCE, "dunning_ignored": 1}, answer_mor_05="no"),  # a "no" is about the plan
    clear("MOR-05", dunning_ignored=0),  # no word of the plan is "no" (G4)
    no_data("MOR-05", plan_omits_repayment=False),
    no_data("MOR-05"),
]  # fmt: skip


CASES = [*FALSE_STATEMENTS, *PROMISED, *UNWILLING, *DUNNED]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_moral_hazard(case: Case) -> None:
    check(case)
