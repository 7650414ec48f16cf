"""MGT-33, MGT-34, MGT-36: what a panel row must make of them."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

PAID = {"payroll_regular": True, "payroll_delay": 0.0, "payroll_missed": False, "payroll_month": date(2015, 5, 1)}
PAID |= {"labour_cases_180": 0, "labour_cases_before": 0}
SUED = {"labour_cases_180": 2, "labour_cases_before": 1}
IRREGULAR = PAID | {"payroll_regular": False}
FULL = {"payees": 100.0, "payees_year_ago": 100.0}
HEADS = {"headcount": 80, "headcount_year_ago": 100}
PLAN = {"plan_attainment": 0.69, "plan_attainment_previous": 0.65, "plan_attainment_on": date(2014, 12, 31)}
SEVERITY = "The relationship manager's answer on file confirms it (severity {})."

CASES = [
    # MGT-33
    clear("MGT-33", **PAID),
    fires("MGT-33", "W", "2 labour arbitrations in 180 days (limit 2), after 1 in the same time before.",
          zh="近180天劳动仲裁2起（界限2），此前同期1起。", **PAID | SUED),
    fires("MGT-33", "W", "2 labour arbitrations in 180 days (limit 2), after 0 in the same time before.", **PAID | SUED | {"labour_cases_before": 0}),
    clear("MGT-33", **PAID | SUED | {"labour_cases_180": 1, "labour_cases_before": 0}),
    clear("MGT-33", **PAID | SUED | {"labour_cases_180": 3, "labour_cases_before": 2}),
    fires("MGT-33", "W", "The last two payrolls came at least 7 days after the usual day of the month (limit 7 days).",
          zh="最近两个月工资均比通常日期至少晚发7天（界限7天）。", **PAID | {"payroll_delay": 7.0}),
    clear("MGT-33", **PAID | {"payroll_delay": 6.5}),
    fires("MGT-33", "A", "No payroll was paid in May 2015 or in the ten days after it.", zh="2015年5月及其后十天内未发放工资。",
          **PAID | {"payroll_missed": True}),
    fires("MGT-33", "A", "2 labour arbitrations in 180 days (limit 2), and the last two payrolls came at least 8 days late.",
          zh="近180天劳动仲裁2起（界限2），且最近两个月工资均至少晚发8天。", **PAID | SUED | {"payroll_delay": 8.0}),
    fires("MGT-33", "W", SEVERITY.format(1), **PAID, answer_mgt_33="yes", answer_mgt_33_severity=1),
    fires("MGT-33", "A", SEVERITY.format(3), **PAID, answer_mgt_33="yes", answer_mgt_33_severity=3),
    not_applicable("MGT-33", **IRREGULAR),
    not_applicable("MGT-33", **IRREGULAR | {"labour_cases_180": None, "labour_cases_before": None}),
    fires("MGT-33", "W", "2 labour arbitrations in 180 days (limit 2), after 1 in the same time before.", **IRREGULAR | SUED),
    fires("MGT-33", "W", SEVERITY.format(1), **IRREGULAR, answer_mgt_33="yes", answer_mgt_33_severity=1),
    no_data("MGT-33", labour_cases_180=0, labour_cases_before=0),  # a history under twelve months
    no_data("MGT-33", **PAID | {"labour_cases_180": None, "labour_cases_before": None}),
    no_data("MGT-33"),
    # MGT-34
    clear("MGT-34", **FULL),
    fires("MGT-34", "W", "A payroll of the last full month reached 80 people, after 100 a year ago: down 20.0% (limit 20.0%).",
          zh="上月每批代发工资80人，上年同期100人，降幅20.0%（界限20.0%）。", **FULL | {"payees": 80.0}),
    clear("MGT-34", **FULL | {"payees": 80.5}),
    fires("MGT-34", "A", "A payroll of the last full month reached 65 people, after 100 a year ago: down 35.0% (limit 35.0%).",
          **FULL | {"payees": 65.0}),
    fires("MGT-34", "W", "Headcount 100 → 80: down 20.0% (limit 20.0%).", zh="员工人数100→80，降幅20.0%（界限20.0%）。", **FULL, **HEADS),
    clear("MGT-34", **FULL, **HEADS | {"headcount": 81}),
    fires("MGT-34", "A", "Headcount 100 → 65: down 35.0% (limit 35.0%).", **FULL, **HEADS | {"headcount": 65}),
    fires("MGT-34", "W", "Headcount 100 → 66: down 34.0% (limit 20.0%).", **FULL, **HEADS | {"headcount": 66}),
    fires("MGT-34", "A", "Those who left in twelve months make 30.0% of the mean headcount (limit 30.0%).",
          zh="近十二个月离职人数占平均员工人数的30.0%（界限30.0%）。", **FULL, leavers_share_12=0.3),
    clear("MGT-34", **FULL, leavers_share_12=0.299),
    fires("MGT-34", "W", SEVERITY.format(1), **FULL, answer_mgt_34="yes", answer_mgt_34_severity=1),
    fires("MGT-34", "A", SEVERITY.format(2), **FULL, answer_mgt_34="yes", answer_mgt_34_severity=2),
    clear("MGT-34", **FULL, answer_mgt_34="no"),
    no_data("MGT-34", leavers_share_12=0.1, headcount=100, headcount_year_ago=100),  # no core table was read
    no_data("MGT-34", payees=100.0),
    no_data("MGT-34"),
    # MGT-36
    fires("MGT-36", "A", "Of its plan the client reached 69.0% in the half-year to 31 December 2014 and 65.0% in the one before (limit: below "
          "70.0%).", zh="截至2014年12月31日的半年计划完成69.0%，上一个半年完成65.0%（界限：低于70.0%）。", **PLAN),
    clear("MGT-36", **PLAN | {"plan_attainment": 0.7}),
    clear("MGT-36", **PLAN | {"plan_attainment_previous": 0.7}),
    clear("MGT-36", **PLAN | {"plan_attainment": 0.8, "plan_attainment_previous": None}),  # one half-year on plan decides
    fires("MGT-36", "W", SEVERITY.format(3), answer_mgt_36="none", answer_mgt_36_severity=3),
    fires("MGT-36", "W", SEVERITY.format(1), answer_mgt_36="not_implemented", answer_mgt_36_severity=1),
    fires("MGT-36", "W", SEVERITY.format(2), answer_mgt_36="not_feasible", answer_mgt_36_severity=2),
    clear("MGT-36", answer_mgt_36="no"),
    fires("MGT-36", "A", "Of its plan the client reached 69.0% in the half-year to 31 December 2014 and 65.0% in the one before (limit: below "
          "70.0%).", **PLAN, answer_mgt_36="no"),  # what the client filed counts in full whatever the RM answered
    no_data("MGT-36", plan_attainment=0.69),
    no_data("MGT-36"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_staff(case: Case) -> None:
    check(case)
