from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000
REFUSED = {"loan_inquirers_90": 2, "debt_rose_after_inquiry": False}
ASKED = {"inquirers_30": 3, "inquiries_year_before": 12, "reference_calls_30": 0}
THEN = {"bureau_class_before": 1, "bureau_balance_before": 100 * M, "bureau_banks_before": 2}
NOW = {"bureau_class": 1, "bureau_balance": 100 * M, "bureau_banks": 2}
DAYS = {"bureau_before_on": date(2015, 3, 20), "bureau_on": date(2015, 6, 20)}
SAME = {**THEN, **NOW, **DAYS}

CASES = [
    # MGT-41
    clear("MGT-41", loan_inquirers_90=0),  # nobody asked: no report is needed
    clear("MGT-41", loan_inquirers_90=1),
    clear("MGT-41", loan_inquirers_90=4, debt_rose_after_inquiry=True),
    no_data("MGT-41", loan_inquirers_90=2),
    no_data("MGT-41"),
    fires("MGT-41", "W", "Institutions that asked the bureau about a loan approval in 90 days: 2 (limit 2); no new loan at another "
          "bank is reported since.", zh="近90天以贷款审批为由查询征信的机构2家（界限2），此后他行贷款家数和余额未见增加。", **REFUSED),
    fires("MGT-41", "W", "Institutions that asked the bureau about a loan approval in 90 days: 3 (limit 2); no new loan at another "
          "bank is reported since.", **{**REFUSED, "loan_inquirers_90": 3}),
    fires("MGT-41", "A", "Institutions that asked the bureau about a loan approval in 90 days: 4 (limit 4); no new loan at another "
          "bank is reported since.", **{**REFUSED, "loan_inquirers_90": 4}),
    fires("MGT-41", "A", "The relationship manager's answer on file confirms it (severity 1).",
          loan_inquirers_90=0, answer_mgt_41="refused", answer_mgt_41_severity=1),
    # MGT-43
    clear("MGT-43", **{**ASKED, "inquirers_30": 2}),
    clear("MGT-43", **{**ASKED, "inquirers_30": 5, "inquiries_year_before": 24}),  # 2.5 times the usual month
    clear("MGT-43", inquirers_30=0, inquiries_year_before=0),  # reference calls not connected: an answer is "no"
    no_data("MGT-43"),
    fires("MGT-43", "W", "Institutions that asked the bureau in 30 days: 3 (limit 3); inquiries in the year before: 12.",
          zh="近30天查询征信的机构3家（界限3），此前一年共查询12次。", **ASKED),
    fires("MGT-43", "W", "Institutions that asked the bureau in 30 days: 4 (limit 3); inquiries in the year before: 0.",
          **{**ASKED, "inquirers_30": 4, "inquiries_year_before": 0}),
    fires("MGT-43", "A", "Institutions that asked the bureau in 30 days: 5 (limit 5); inquiries in the year before: 20.",
          **{**ASKED, "inquirers_30": 5, "inquiries_year_before": 20}),
    clear("MGT-43", **{**ASKED, "inquirers_30": 5, "inquiries_year_before": 21}),
    fires("MGT-43", "W", "Other banks asked us about the client in 30 days: 2 calls (limit 2).",
          zh="近30天他行向我行咨询该客户资信2次（界限2）。", **{**ASKED, "inquirers_30": 0, "reference_calls_30": 2}),
    clear("MGT-43", **{**ASKED, "inquirers_30": 0, "reference_calls_30": 1}),
    fires("MGT-43", "A", "The relationship manager's answer on file confirms it (severity 2).",
          **{**ASKED, "inquirers_30": 0}, answer_mgt_43="yes", answer_mgt_43_severity=2),
    fires("MGT-43", "W", "The relationship manager's answer on file confirms it (severity 1).",
          **{**ASKED, "inquirers_30": 0}, answer_mgt_43="yes", answer_mgt_43_severity=1),
    # MGT-44
    clear("MGT-44", **SAME),
    clear("MGT-44", **{**SAME, "bureau_balance": 0, "bureau_balance_before": 0, "bureau_banks": 0}),  # nothing to reduce
    clear("MGT-44", **{**SAME, "bureau_balance": 7_001_000_000, "bureau_banks": 1}),
    clear("MGT-44", **{**SAME, "bureau_class": 1, "bureau_class_before": 2}),
    no_data("MGT-44"),
    no_data("MGT-44", **NOW),  # nothing to compare with
    fires("MGT-44", "W", "Loans at other banks fell from CNY 100.0 million on 20 March 2015 to CNY 70.0 million on 20 June 2015: "
          "70.0% are left (limit 70.0%).",
          zh="他行贷款由2015年3月20日的10,000.00万元降至2015年6月20日的7,000.00万元，余70.0%（界限70.0%）。",
          **{**SAME, "bureau_balance": 70 * M}),
    fires("MGT-44", "W", "Loans at other banks fell from CNY 100.0 million on 20 March 2015 to CNY 0 on 20 June 2015: 0.0% are left "
          "(limit 70.0%).", **{**SAME, "bureau_balance": 0, "bureau_banks": 3}),
    fires("MGT-44", "A", "Loans at other banks fell from CNY 100.0 million to CNY 70.0 million (70.0% are left, limit 70.0%) and "
          "the banks that lend from 2 to 1.",
          zh="他行贷款由10,000.00万元降至7,000.00万元（余70.0%，界限70.0%），贷款行由2家减至1家。",
          **{**SAME, "bureau_balance": 70 * M, "bureau_banks": 1}),
    fires("MGT-44", "A", "The worst class of the client's loans at other lenders worsened between 20 March 2015 and 20 June 2015.",
          zh="2015年3月20日至2015年6月20日，客户在其他机构贷款的最差分类下调。", **{**SAME, "bureau_class": 2}),
    fires("MGT-44", "R", "By the bureau's report of 20 June 2015 another lender classes the client's loans substandard or worse.",
          zh="2015年6月20日征信报告显示，客户在其他机构的贷款被列为次级或更差。", **{**SAME, "bureau_class": 3}),
    fires("MGT-44", "R", "By the bureau's report of 20 June 2015 another lender classes the client's loans substandard or worse.",
          **{**NOW, **DAYS, "bureau_class": 5}),  # known without the earlier report
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_outside_credit(case: Case) -> None:
    check(case)
