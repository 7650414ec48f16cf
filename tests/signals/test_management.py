import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000

QUIET = {"opin_decline": "", "turnover_decline": "", "adb_decline": "", "all_demand_closed": False}
QUIET |= {"adb_180": 90 * M, "adb_180_before": 100 * M}
DUE = {"arrears_material": True, "overdue_amount": 3 * M, "dpd_over_90": False, "nonperforming_share": 0.0}

CASES = [
    # MGT-42
    clear("MGT-42", **QUIET),
    no_data("MGT-42", **{**QUIET, "adb_decline": None}),  # all three must have run
    no_data("MGT-42"),
    fires("MGT-42", "W", "Inflow of the last three months is 75.0% of the mean of the twelve months before (limit 80.0%).",
          zh="账户流入近三个月月均为此前十二个月月均的75.0%（界限80.0%）。", **{**QUIET, "opin_decline": "W"}, opin_r3_12=0.75),
    fires("MGT-42", "A", "Inflow and outflow together of the last three months is 65.0% of the mean of the twelve months before "
          "(limit 70.0%).", **{**QUIET, "turnover_decline": "A"}, turnover_r3_12=0.65),
    fires("MGT-42", "R", "The average daily balance of the demand accounts of the last three months is 40.0% of the mean of the "
          "twelve months before (limit 50.0%).", **{**QUIET, "adb_decline": "R", "opin_decline": "W"}, adb_r3_12=0.4, opin_r3_12=0.7),
    fires("MGT-42", "R", "The average balance of 180 days is CNY 5.0 million, 5.0% of the 180 days before (limit 5.0%).",
          **{**QUIET, "adb_180": 5 * M}),
    clear("MGT-42", **{**QUIET, "adb_180": 501_000_000}),
    fires("MGT-42", "R", "Every demand account has been closed.", **{**QUIET, "all_demand_closed": True}),
    fires("MGT-42", "W", "Inflow of the last three months is 75.0% of the mean of the twelve months before (limit 80.0%).",
          opin_decline="W", opin_r3_12=0.75),  # a HIT never needs the unknown
    # MGT-48
    clear("MGT-48", loans_count=0, arrears_material=False, dpd_over_90=False),  # no loans, no arrears
    clear("MGT-48", **{**DUE, "arrears_material": False}, dpd=40),
    clear("MGT-48", **DUE, dpd=0),
    fires("MGT-48", "W", "CNY 3.0 million of principal and interest is overdue, the oldest part for 1 day (limit 1 day).", **DUE, dpd=1),
    fires("MGT-48", "W", "CNY 3.0 million of principal and interest is overdue, the oldest part for 4 days (limit 1 day).", **DUE, dpd=4),
    fires("MGT-48", "A", "CNY 3.0 million of principal and interest is overdue, the oldest part for 5 days (limit 5 days).", **DUE, dpd=5),
    fires("MGT-48", "A", "CNY 3.0 million of principal and interest is overdue, the oldest part for 29 days (limit 5 days).",
          zh="欠付本息300.00万元，最长已逾期29天（界限5天）。", **DUE, dpd=29),
    fires("MGT-48", "R", "CNY 3.0 million of principal and interest is overdue, the oldest part for 30 days (limit 30 days).", **DUE, dpd=30),
    fires("MGT-48", "R", "CNY 3.0 million of principal and interest is overdue, the oldest part for 90 days (limit 30 days).", **DUE, dpd=90),
    fires("MGT-48", "N", "CNY 3.0 million of principal and interest is overdue, the oldest part for 91 days (limit 90 days).",
          **{**DUE, "dpd_over_90": True}, dpd=91),
    fires("MGT-48", "N", "CNY 11.0 million of CNY 100.0 million outstanding is non-performing: 11.0% (limit: above 10.0%).",
          arrears_material=False, dpd_over_90=False, nonperforming=11 * M, outstanding=100 * M, nonperforming_share=0.11),
    clear("MGT-48", arrears_material=False, dpd_over_90=False, nonperforming_share=0.10),
    no_data("MGT-48"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_management(case: Case) -> None:
    check(case)
