"""External, moral hazard, decay, additions: one table each."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000

CELL = {"cell_kind": "industry_region", "cell_clients": 34, "cell_npl_share": 0.01, "cell_npl_share_year_ago": 0.01}
STEADY = {"cell_opin_r3_12": 1.0, "cell_opin_y3": 1.0}
CALM = {"industry_revenue_down_2q": False, "industry_profit_down_2q": False, "region_gdp_weak_2q": False}
EXTERNAL = [
    no_data("EXT-01", **CELL, **STEADY),  # grade B: the industry's and the region's series are not connected
    clear("EXT-01", **CELL, **STEADY, **CALM),
    clear("EXT-01", cell_kind="none", **CALM),  # a thin cell does not hold (G11)
    fires("EXT-01", "W", "Among 34 of our clients in the same sector the median inflow of three months is 85.0% of the twelve months "
          "before (limit 85.0%) and 85.0% of the same months a year ago.", zh="我行同类客户34户，近三个月流入的中位数为此前十二个月月均的"
          "85.0%（界限85.0%），为上年同期的85.0%。", **CELL, cell_opin_r3_12=0.85, cell_opin_y3=0.85),
    clear("EXT-01", **CELL, **CALM, cell_opin_r3_12=0.85, cell_opin_y3=0.851),
    fires("EXT-01", "W", "Non-performing loans of our clients in the same sector rose by 1.0 pp in twelve months to 2.0% (limit 1.0 pp).",
          **{**CELL, "cell_npl_share": 0.02}, **STEADY),
    clear("EXT-01", **{**CELL, "cell_npl_share": 0.0199}, **STEADY, **CALM),
    fires("EXT-01", "W", "The industry's revenue or profit has fallen for two quarters running.", **CELL, **STEADY,
          **{**CALM, "industry_profit_down_2q": True}),
    fires("EXT-01", "W", "The region's economy has been shrinking or far below its three-year mean for two quarters.", **CELL, **STEADY,
          **{**CALM, "region_gdp_weak_2q": True}),
    fires("EXT-01", "A", "At least two of the four tests of a sector or regional downturn hold.", **{**CELL, "cell_npl_share": 0.03},
          cell_opin_r3_12=0.8, cell_opin_y3=0.8),
]  # fmt: skip

SALES = {"revenue_ttm": 150 * M, "revenue_ttm_year_ago": 100 * M, "opin_stmt_12_before": 50 * M}
MORAL_HAZARD = [
    clear("MOR-01", identity_gap=0.005),  # strict
    fires("MOR-01", "A", "The balance sheet does not balance: assets differ from liabilities and equity by 0.6% of assets (limit 0.5%).",
          identity_gap=0.006),
    fires("MOR-01", "A", "Two versions of one period's statements differ by 5.0% (limit 5.0%).",
          zh="同一期间的两个版本报表相差5.0%（界限5.0%）。", version_gap=0.05),
    clear("MOR-01", version_gap=0.0499),
    fires("MOR-01", "W", "Reported revenue CNY 100.0 million → CNY 150.0 million outgrew the money received on our accounts by 20.0 pp "
          "(limit 20.0 pp).", **SALES, opin_stmt_12=65 * M),
    clear("MOR-01", **SALES, opin_stmt_12=6_501_000_000),
    fires("MOR-01", "W", "The Beneish M-score of the last two full years is −1.70 (limit: above −1.78).", beneish_m=-1.70),
    clear("MOR-01", beneish_m=-1.78),
    clear("MOR-01", beneish_m=-1.0, client_kind="financial"),
    fires("MOR-01", "A", "Reported revenue outgrew the money received by 50.0 pp (limit 20.0 pp), and the Beneish M-score is −1.00.",
          **SALES, opin_stmt_12=50 * M, beneish_m=-1.0),
    fires("MOR-01", "A", "Lenders report 10.0% more debt than the statement shows (limit 10.0%).", bureau_debt_excess=0.10),
    fires("MOR-01", "R", "The auditor's newest opinion is not clean.", newest_opinion="qualified"),
    clear("MOR-01", newest_opinion="emphasis"),
    fires("MOR-01", "R", "The RM's answer on file says that statements or documents are false.", answer_mor_01="forged_invoices"),
    clear("MOR-01", answer_mor_01="no", identity_gap=0.0),
    fires("MOR-01", "R", "1 penalties were registered in 365 days.", registry_penalties_365=1),
    no_data("MOR-01"),
]  # fmt: skip

MET = {
    "last_contact_on": date(2015, 5, 1),
    "days_since_contact": 60,
    "contact_gap_limit": 61,
    "contacts_window_days": 120,
}
ENOUGH = {"contacts_now": 6, "contacts_mean": 8.0, "contacts_poisson": 0.3, "warmth_last3": 4.0, "warmth_before6": 4.0}
CALLED = {"complaints_90": 0, "complaints_30": 0, "complaint_open_days": 0, "complaint_worst_90": 0}
CALLED |= {"complaint_open_over_30": False, "complaint_repeat": False}
DECAY = [
    clear("REL-11", **MET, **ENOUGH),
    clear("REL-11", **MET),  # too few windows and scores: false, not unknown (G13)
    no_data("REL-11", **ENOUGH),
    fires("REL-11", "W", "The last two-way contact was on 1 May 2015, 60 days ago; usual at the latest after 60 days.",
          zh="最近一次双向接触在2015年5月1日，距今60天；通常最迟60天一次。", **{**MET, "contact_gap_limit": 60}, **ENOUGH),
    fires("REL-11", "W", "4 contacts in 120 days against 8 usual in that time (50.0%, limit 50.0%).", **MET,
          **{**ENOUGH, "contacts_now": 4, "contacts_poisson": 0.05}),
    clear("REL-11", **MET, **{**ENOUGH, "contacts_now": 4, "contacts_poisson": 0.051}),
    clear("REL-11", **MET, **{**ENOUGH, "contacts_now": 5, "contacts_poisson": 0.01}),
    fires("REL-11", "W", "Warmth of the last three contacts 3.00 against 4.00 of the six before: down 1.00 (limit 1.00).", **MET,
          **{**ENOUGH, "warmth_last3": 3.0}),
    clear("REL-11", **MET, **{**ENOUGH, "warmth_last3": 3.01}),
    fires("REL-11", "A", "Two of three hold: longer gaps, fewer meetings, a cooler client; last two-way contact on 1 May 2015.",
          **{**MET, "contact_gap_limit": 30}, **{**ENOUGH, "warmth_last3": 2.0}),
    fires("REL-11", "R", "Gaps are longer, meetings fewer and the client is cooler; last two-way contact on 1 May 2015.",
          **{**MET, "contact_gap_limit": 30}, **{**ENOUGH, "warmth_last3": 2.0, "contacts_now": 1, "contacts_poisson": 0.01}),
    clear("REL-12", **CALLED),
    no_data("REL-12"),
    fires("REL-12", "W", "Complaints received in 90 days: 1.", zh="近90天接到抱怨1起。", **{**CALLED, "complaints_90": 1, "complaint_worst_90": 1}),
    fires("REL-12", "A", "A complaint has been open for 16 days (limit 15 days).", **{**CALLED, "complaint_open_days": 16}),
    clear("REL-12", **{**CALLED, "complaint_open_days": 15}),
    fires("REL-12", "A", "A complaint of severity 2 was received in 90 days (limit 2).", **{**CALLED, "complaints_90": 1, "complaint_worst_90": 2}),
    fires("REL-12", "A", "Complaints received in 30 days: 4 (limit: more than 3).", **{**CALLED, "complaints_90": 4, "complaints_30": 4}),
    fires("REL-12", "W", "Complaints received in 90 days: 3.", **{**CALLED, "complaints_90": 3, "complaints_30": 3}),
    fires("REL-12", "R", "A complaint has been open for 31 days (limit 30 days).",
          **{**CALLED, "complaint_open_days": 31, "complaint_open_over_30": True}),
    fires("REL-12", "R", "The same complaint came back within a year.", **{**CALLED, "complaint_repeat": True}),
]  # fmt: skip

ADDITIONS = [
    clear("ADD-03", failed_90=2, failed_largest_90=99_000_000, opout_12=100 * M),
    fires("ADD-03", "W", "3 outgoing payments were returned or failed for lack of funds in 90 days (limit: more than 2).", failed_90=3),
    fires("ADD-03", "W", "5 outgoing payments were returned or failed for lack of funds in 90 days (limit: more than 2).", failed_90=5),
    fires("ADD-03", "A", "6 outgoing payments were returned or failed for lack of funds in 90 days (limit: more than 5).", failed_90=6),
    fires("ADD-03", "A", "A payment of CNY 1.0 million was returned or failed: 1.0% of a year's payments (limit 1.0%).",
          zh="一笔100.00万元的付款被退回或失败，占全年付款的1.0%（界限1.0%）。", failed_90=1, failed_largest_90=M, opout_12=100 * M),
    no_data("ADD-03"),
]  # fmt: skip


@pytest.mark.parametrize("case", [*EXTERNAL, *MORAL_HAZARD, *DECAY, *ADDITIONS], ids=str)
def test_theme(case: Case) -> None:
    check(case)
