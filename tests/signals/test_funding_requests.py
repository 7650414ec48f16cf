"""MGT-47: what a panel row makes of it."""

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000

SMALL = {"requests_30": 10 * M, "limit_total": 100 * M, "revenue_ttm": 100 * M, "requests_median": 10 * M}
CASES = [
    clear("MGT-47", **SMALL),
    clear("MGT-47", requests_30=0),  # nothing asked: false, whatever is unknown
    fires("MGT-47", "W", "New money of CNY 10.0 million was asked for in 30 days against lines of CNY 33.3 million (limit 30.0% of them).",
          zh="近30天提出新增资金需求1,000.00万元，现有授信额度3,333.00万元（界限：额度的30.0%）。", **{**SMALL, "limit_total": 3_333_000_000}),
    clear("MGT-47", **{**SMALL, "limit_total": 3_334_000_000}),
    fires("MGT-47", "W", "New money of CNY 10.0 million was asked for in 30 days against lines of CNY 0 (limit 30.0% of them).",
          **{**SMALL, "limit_total": 0}),
    fires("MGT-47", "W", "New money of CNY 10.0 million was asked for in 30 days against sales of CNY 50.0 million in twelve months "
          "(limit 20.0% of them).", zh="近30天提出新增资金需求1,000.00万元，近十二个月销售收入5,000.00万元（界限：收入的20.0%）。",
          **{**SMALL, "revenue_ttm": 50 * M}),
    clear("MGT-47", **{**SMALL, "revenue_ttm": 5_001_000_000}),
    fires("MGT-47", "W", "New money of CNY 9.0 million was asked for in 30 days, 3.00× the median of earlier requests, CNY 3.0 million "
          "(limit 3.00×).", zh="近30天提出新增资金需求900.00万元，为以往申请中位数300.00万元的3.00倍（界限3.00倍）。",
          **{**SMALL, "requests_30": 9 * M, "requests_median": 3 * M}),
    clear("MGT-47", **{**SMALL, "requests_30": 9 * M, "requests_median": 301_000_000}),
    fires("MGT-47", "A", "New money of CNY 10.0 million was asked for in 30 days: large by at least two of its measures, the lines, a "
          "year's sales and earlier requests.", zh="近30天提出新增资金需求1,000.00万元，与授信额度、年销售收入、以往申请相比，至少两项偏大。",
          **{**SMALL, "limit_total": 20 * M, "revenue_ttm": 20 * M}),
    fires("MGT-47", "A", "New money of CNY 10.0 million was asked for in 30 days while deposits or settlement with us fall (MGT-42).",
          zh="近30天提出新增资金需求1,000.00万元，同时在我行的存款或结算量持续下降（MGT-42）。",
          **{**SMALL, "limit_total": 20 * M, "MGT-42": "A"}),
    fires("MGT-47", "W", "New money of CNY 10.0 million was asked for in 30 days against lines of CNY 20.0 million (limit 30.0% of them).",
          **{**SMALL, "limit_total": 20 * M, "MGT-42": "W"}),
    clear("MGT-47", **{**SMALL, "MGT-42": "R"}),  # it falls, but nothing large was asked
    no_data("MGT-47", **{**SMALL, "requests_median": None}),  # grade B: no earlier request to compare with
    no_data("MGT-47", **{**SMALL, "limit_total": None}),
    no_data("MGT-47"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_funding_request(case: Case) -> None:
    check(case)
