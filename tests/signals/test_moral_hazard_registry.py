from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

HONEST = {"moral_flag": False, "dishonest_client": 0, "dishonest_client_removed": 0}
HONEST |= {"dishonest_controller": 0, "dishonest_controller_removed": 0}
NOTIFIED = {"ownership_unnotified": 0, "ownership_unnotified_days": 0.0, "ownership_unnotified_secured": 0}
LATE = {
    **NOTIFIED,
    "ownership_unnotified": 1,
    "ownership_unnotified_days": 29.0,
    "ownership_unnotified_on": date(2015, 6, 1),
}

CASES = [
    # MOR-02
    clear("MOR-02", **HONEST),
    no_data("MOR-02"),
    no_data("MOR-02", **{**HONEST, "moral_flag": None}),  # no report of the bureau
    no_data("MOR-02", **{**HONEST, "dishonest_controller": None, "dishonest_controller_removed": None}),
    fires("MOR-02", "A", "The bureau's flag for evasion of debt, loan fraud or malicious default was removed less than three years "
          "ago, on 2 July 2012.", zh="征信报告中的逃废债、骗贷或恶意违约标识于2012年7月2日消除，至今未满三年。",
          **HONEST, moral_flag_removed_on=date(2012, 7, 2)),
    fires("MOR-02", "A", "Listings of the client as a dishonest debtor taken off within three years: 1.",
          zh="客户三年内移出失信被执行人名单1次。", **{**HONEST, "dishonest_client_removed": 1}),
    fires("MOR-02", "A", "Listings of the client's controller as a dishonest debtor taken off within three years: 1.",
          zh="客户的控制人三年内移出失信被执行人名单1次。", **{**HONEST, "dishonest_controller_removed": 1}),
    fires("MOR-02", "R", "A lender reports evasion of debt, loan fraud or malicious default to the bureau.",
          zh="有金融机构向征信系统报告客户逃废债、骗贷或恶意违约。", **{**HONEST, "moral_flag": True}),
    fires("MOR-02", "R", "The client stands on the list of dishonest debtors (1).", zh="客户在失信被执行人名单中（1条）。",
          **{**HONEST, "dishonest_client": 1, "dishonest_client_removed": 2}),
    fires("MOR-02", "R", "The client's controller stands on the list of dishonest debtors (2).",
          zh="客户的控制人在失信被执行人名单中（2条）。", **{**HONEST, "dishonest_controller": 2}),
    fires("MOR-02", "R", "The client stands on the list of dishonest debtors (1).", dishonest_client=1),
    # MOR-14
    clear("MOR-14", **NOTIFIED),
    no_data("MOR-14"),
    fires("MOR-14", "A", "A change of ownership registered on 1 June 2015 was not notified within ten working days; such changes in "
          "365 days: 1.", zh="2015年6月1日登记的产权变动未在十个工作日内通知我行，近365天共1项。", **LATE),
    fires("MOR-14", "R", "A change of ownership registered on 31 May 2015 went without notice for 30 days (limit 30 days).",
          zh="2015年5月31日登记的产权变动，30天未通知我行（界限30天）。",
          **{**LATE, "ownership_unnotified_days": 30.0, "ownership_unnotified_on": date(2015, 5, 31)}),
    fires("MOR-14", "R", "Assets that secure our loan changed hands without notice in time; such changes: 1.",
          zh="我行贷款的担保资产发生产权变动而未按期通知，共1项。", **{**LATE, "ownership_unnotified_secured": 1}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_moral_hazard_on_record(case: Case) -> None:
    check(case)
