from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000

FLAT = {"nonbank_debt": 10 * M, "nonbank_debt_year_ago": 10 * M}
FLAT |= {"nonbank_debt_share": 0.1, "nonbank_debt_share_year_ago": 0.1}
NO_LENDER = {"nonbank_in_anew": False, "nonbank_in_count_90": 0, "nonbank_in_90": 0, "opin_90": 100 * M}
GROWN = {**FLAT, "nonbank_debt": 15 * M}
SHIFTED = {**FLAT, "nonbank_debt_share": 0.2}
PAID = {"nonbank_in_anew": True, "nonbank_in_count_90": 2, "nonbank_in_first_on": date(2015, 5, 4)}
PAID |= {"nonbank_in_90": 5 * M, "opin_90": 100 * M}
STAYS = {"own_new_count_90": 0, "own_new_amount_90": 0, "outflow_with_own_90": 100 * M}
TWICE = {"own_new_count_90": 2, "own_new_amount_90": M, "own_new_first_on": date(2015, 6, 1)}
TWICE |= {"outflow_with_own_90": 100 * M}

CASES = [
    # MGT-45
    clear("MGT-45", **FLAT, **NO_LENDER),
    no_data("MGT-45"),
    no_data("MGT-45", **FLAT),  # grade B: all four
    no_data("MGT-45", **NO_LENDER),
    fires("MGT-45", "W", "Debt to non-bank lenders grew from CNY 10.0 million to CNY 15.0 million: up 50.0% (limit 50.0%).",
          zh="非银行机构借款1,000.00万元→1,500.00万元，增长50.0%（界限50.0%）。", **GROWN),
    clear("MGT-45", **{**GROWN, "nonbank_debt": 15 * M - 100}, **NO_LENDER),
    clear("MGT-45", **{**GROWN, "nonbank_debt_year_ago": 0}, **NO_LENDER),  # from nothing: the share decides
    fires("MGT-45", "W", "Non-bank lenders' share of all debt rose from 0.0% to 20.0%: up 20.0 pp (limit 10.0 pp).",
          **{**SHIFTED, "nonbank_debt_year_ago": 0, "nonbank_debt_share_year_ago": 0.0}, **NO_LENDER),
    fires("MGT-45", "W", "Non-bank lenders' share of all debt rose from 10.0% to 20.0%: up 10.0 pp (limit 10.0 pp).",
          zh="非银行机构借款占全部债务10.0%→20.0%，上升10.0个百分点（界限10.0个百分点）。", **SHIFTED),
    clear("MGT-45", **{**SHIFTED, "nonbank_debt_share_year_ago": 0.101}, **NO_LENDER),
    clear("MGT-45", **{**SHIFTED, "nonbank_debt_share": 0.199, "nonbank_debt_share_year_ago": 0.05}, **NO_LENDER),
    fires("MGT-45", "W", "A non-bank lender paid in on 4 May 2015, the first time in twelve months; payments in 90 days: 2.",
          zh="2015年5月4日非银行机构付入款项，为十二个月来首次；近90天共2笔。", **FLAT, **PAID),
    fires("MGT-45", "W", "Non-bank lenders paid in CNY 10.0 million in 90 days, 10.0% of the inflow of CNY 100.0 million (limit 10.0%).",
          zh="近90天非银行机构付入1,000.00万元，为账户流入10,000.00万元的10.0%（界限10.0%）。",
          **FLAT, **{**PAID, "nonbank_in_anew": False, "nonbank_in_90": 10 * M}),
    clear("MGT-45", **FLAT, **{**PAID, "nonbank_in_anew": False, "nonbank_in_90": 10 * M - 100}),
    fires("MGT-45", "A", "The credit report shows CNY 15.0 million owed to non-bank lenders, markedly more than a year ago; "
          "payments from them in 90 days: 2.", zh="征信显示欠非银行机构1,500.00万元，较上年明显增加，且近90天非银行机构付入2笔。", **GROWN, **PAID),
    fires("MGT-45", "A", "The credit report shows CNY 10.0 million owed to non-bank lenders, markedly more than a year ago; "
          "payments from them in 90 days: 2.", **SHIFTED, **{**PAID, "nonbank_in_anew": False, "nonbank_in_90": 10 * M}),
    # MGT-46
    clear("MGT-46", **STAYS),
    clear("MGT-46", **STAYS, **{"MGT-42": "R"}),  # falling flows alone are not this row
    no_data("MGT-46"),
    fires("MGT-46", "W", "Transfers to the client's own new accounts at other banks in 90 days: 2 (limit 2), the first on 1 June 2015.",
          zh="近90天向客户在他行新开的本名账户转账2笔（界限2笔），首笔在2015年6月1日。", **TWICE),
    clear("MGT-46", **{**TWICE, "own_new_count_90": 1}),
    fires("MGT-46", "W", "CNY 5.0 million went to the client's own new accounts at other banks in 90 days: 5.0% of all that left (limit "
          "5.0%).", zh="近90天向客户在他行新开的本名账户转出500.00万元，占全部流出的5.0%（界限5.0%）。",
          **{**TWICE, "own_new_count_90": 1, "own_new_amount_90": 5 * M}),
    clear("MGT-46", **{**TWICE, "own_new_count_90": 1, "own_new_amount_90": 5 * M - 100}),
    fires("MGT-46", "A", "CNY 20.0 million went to the client's own new accounts at other banks in 90 days: 20.0% of all that left (limit "
          "20.0%).", **{**TWICE, "own_new_amount_90": 20 * M}),
    fires("MGT-46", "W", "Transfers to the client's own new accounts at other banks in 90 days: 2 (limit 2), the first on 1 June 2015.",
          **{**TWICE, "own_new_amount_90": 20 * M - 100}),
    fires("MGT-46", "A", "The client opened accounts at other banks (2 own transfers there in 90 days) while deposits or settlement with "
          "us keep falling.", zh="客户在他行开立新账户（近90天本名转账2笔），同时在我行的存款或结算量持续下降。", **TWICE, **{"MGT-42": "W"}),
    fires("MGT-46", "W", "Transfers to the client's own new accounts at other banks in 90 days: 2 (limit 2), the first on 1 June 2015.",
          **TWICE, **{"MGT-42": "NO_DATA"}),  # unknown counts as not hit
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_outside_accounts(case: Case) -> None:
    check(case)
