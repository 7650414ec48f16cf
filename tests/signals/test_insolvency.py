import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

SOUND = {"abnormal_operations_365": 0, "enforcements_365": 0, "insolvency_rows": 0}

CASES = [
    clear("ADD-09", **SOUND),
    no_data("ADD-09"),
    fires("ADD-09", "W", "Listings of the client for abnormal operation in 365 days: 1.", zh="近365天被列入经营异常名录1次。",
          **{**SOUND, "abnormal_operations_365": 1}),
    fires("ADD-09", "A", "Executions, frozen equity or listings as dishonest debtor against the client in 365 days: 2.",
          zh="近365天客户被执行、股权冻结或列为失信被执行人2次。", **{**SOUND, "enforcements_365": 2, "abnormal_operations_365": 1}),
    fires("ADD-09", "R", "Bankruptcy filings, revocations of the licence or deregistrations of the client on record: 1.",
          zh="客户破产申请、吊销执照或注销的登记记录1条。", **{**SOUND, "insolvency_rows": 1, "enforcements_365": 2}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_insolvency(case: Case) -> None:
    check(case)
