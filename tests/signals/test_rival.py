"""Other banks take the client over (REL-13)."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000
LOANS = {
    "balance_out_now": 40 * M,
    "other_banks_debt": 60 * M,
    "balance_out_year_ago": 50 * M,
    "other_banks_debt_year_ago": 50 * M,
}
KEPT = {**LOANS, "balance_out_now": 401, "other_banks_debt": 599}
ROUTED = {"opin_12": 80 * M, "revenue_ttm": 100 * M, "opin_12_before": 100 * M, "revenue_ttm_year_ago": 100 * M}
PAID = {"payroll_months": 1, "payroll_months_before": 6, "tax_months": 2, "tax_months_before": 6}
HEARD = {"rival_inquiries": 0, "rival_contacts": 0, "MGT-46": "CLEAR"}
NO_WAGES = {**PAID, "payroll_months": 0, "payroll_months_before": 5}
RED = (
    "Two of three hold: our share of the loans fell, less of the revenue comes through us, wages or taxes are no longer paid "
    "here."
)

CASES = [
    clear("REL-13", **HEARD, **KEPT, **{**ROUTED, "opin_12": 80 * M + 1_000}, **PAID),
    clear("REL-13", **PAID),  # grade A: one core test ran
    clear("REL-13", **KEPT),
    no_data("REL-13", **HEARD),  # none of them is a core table
    no_data("REL-13"),
    fires("REL-13", "W", "Inquiries of other banks for a loan approval in 90 days: 1.", zh="近90天其他银行贷款审批查询1次。",
          **PAID, **{**HEARD, "rival_inquiries": 1}),
    fires("REL-13", "W", "Contacts of other banks with the client on record in 365 days: 2, the last on 1 May 2015.",
          zh="近365天记录到其他银行与客户接触2次，最近一次在2015年5月1日。", **{**HEARD, "rival_contacts": 2},
          rival_contact_on=date(2015, 5, 1)),
    fires("REL-13", "W", "The client opened an account at another institution (MGT-46).", zh="客户在其他机构开立账户（MGT-46）。",
          **{**HEARD, "MGT-46": "W"}),
    fires("REL-13", "W", "The client opened an account at another institution (MGT-46).", **{**HEARD, "MGT-46": "A"}),
    fires("REL-13", "W", "The RM's answer on file says that the client is in touch with other banks.",
          zh="客户经理书面答复显示客户已与其他银行接触。", answer_rel_13="yes", answer_rel_13_severity=3),
    fires("REL-13", "A", "Our share of the client's bank loans fell by 10.0 pp in twelve months (limit 10.0 pp): we lend CNY 40.0 "
          "million, other banks CNY 60.0 million.", zh="我行在客户银行贷款中的占比12个月内下降10.0个百分点（界限10.0个百分点）：我行"
          "4,000.00万元，他行6,000.00万元。", **LOANS, **PAID),
    fires("REL-13", "A", "The part of its revenue the client receives through us fell by 20.0% on the year before (limit 20.0%): "
          "inflow CNY 100.0 million → CNY 80.0 million.", zh="客户经我行收取的收入占比同比下降20.0%（界限20.0%）：流入10,000.00万元→"
          "8,000.00万元。", **ROUTED, **PAID),
    clear("REL-13", **{**ROUTED, "opin_12_before": 0}, **PAID),  # growth from nothing is unknown
    fires("REL-13", "A", "Wages were paid through us in 5 of six months and not in the last two.",
          zh="工资在此前6个月中有5个月经我行支付，最近两个月停止。", **NO_WAGES),
    clear("REL-13", **{**NO_WAGES, "payroll_months_before": 4}),
    fires("REL-13", "A", "Taxes were paid through us in 6 of six months and not in the last two.",
          zh="税款在此前6个月中有6个月经我行支付，最近两个月停止。", **{**PAID, "tax_months": 0}),
    fires("REL-13", "A", "Wages were paid through us in 5 of six months and not in the last two.",
          **{**NO_WAGES, "tax_months": 0}, **KEPT),  # wages and taxes are one of the three
    fires("REL-13", "R", RED, zh="贷款占比下降、经我行收款占比下降、工资或税款停止经我行支付，三项中至少两项成立。", **LOANS, **ROUTED),
    fires("REL-13", "R", RED, **LOANS, **NO_WAGES),
    fires("REL-13", "R", RED, **ROUTED, **{**PAID, "tax_months": 0}),
    fires("REL-13", "A", "Our share of the client's bank loans fell by 100.0 pp in twelve months (limit 10.0 pp): we lend CNY 0, "
          "other banks CNY 60.0 million.", **{**LOANS, "balance_out_now": 0, "other_banks_debt_year_ago": 0}, **PAID),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rival(case: Case) -> None:
    check(case)
