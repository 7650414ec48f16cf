"""Returned or failed payments (ADD-03)."""

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000

CASES = [
    clear("ADD-03", failed_90=2, failed_largest_90=99_000_000, opout_12=100 * M),
    fires("ADD-03", "W", "3 outgoing payments were returned or failed for lack of funds in 90 days (limit: more than 2).", failed_90=3),
    fires("ADD-03", "W", "5 outgoing payments were returned or failed for lack of funds in 90 days (limit: more than 2).", failed_90=5),
    fires("ADD-03", "A", "6 outgoing payments were returned or failed for lack of funds in 90 days (limit: more than 5).", failed_90=6),
    fires("ADD-03", "A", "A payment of CNY 1.0 million was returned or failed: 1.0% of a year's payments (limit 1.0%).",
          zh="一笔100.00万元的付款被退回或失败，占全年付款的1.0%（界限1.0%）。", failed_90=1, failed_largest_90=M, opout_12=100 * M),
    no_data("ADD-03"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_failed_payments(case: Case) -> None:
    check(case)
