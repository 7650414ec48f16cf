"""MGT-01, MGT-03, MGT-13, MGT-15, MGT-21: what a panel row must make of them."""

from datetime import date
from typing import Any

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000
MAY = date(2015, 5, 31)

RUNS = {"output_units": 100.0, "output_median_12": 100.0, "output_units_on": MAY, "output_planned_stop": False}
RUNS |= {"running_60": 10 * M, "running_60_median": 10 * M, "outflow_planned_stop": False}

FIGURES = ("opin", "output", "orders", "margin", "dso", "dio", "adb", "headcount")
HELD = {"raw_material_decline": "", "suppliers_decline": "", "filed_purchases_decline": ""}
IDLE = {"utility_45": 0, "raw_material_45": 0, "utility_before": 4, "raw_material_before": 4}
STANDS = {"stopped_days": 0.0, "stops_reported": True}
GOOD = {"return_rate": 0.010, "return_rate_year_ago": 0.010, "return_rate_on": MAY, "refund_share_3": 0.0}
GOOD |= {"quality_registry_180": 0, "quality_news_180": 0}


def worse(count: int, known: int = 8) -> dict[str, Any]:
    return {f"{name}_worse": n < count for n, name in enumerate(FIGURES[:known])}


CASES = [
    # MGT-01
    clear("MGT-01", **RUNS),
    fires("MGT-01", "R", "Nothing was produced in May 2015 (output 0), and no planned stop is on record.",
          zh="2015年5月产量为0，且无计划停产记录。", **{**RUNS, "output_units": 0.0}),
    clear("MGT-01", **{**RUNS, "output_units": 0.0, "output_planned_stop": True}),
    clear("MGT-01", **{**RUNS, "output_units": 50.1}),
    fires("MGT-01", "R", "Nothing was produced in May 2015 (output 0), and no planned stop is on record.",
          **{**RUNS, "output_units": 0.0, "output_planned_stop": None}),  # stops are not delivered: they excuse nothing
    fires("MGT-01", "A", "Output of May 2015 was 50, 50.0% of the median of the twelve months before (100; limit 50.0%), and no planned "
          "stop is on record.", zh="2015年5月产量50，为此前十二个月中位数100的50.0%（界限50.0%），且无计划停产记录。", **{**RUNS, "output_units": 50.0}),
    fires("MGT-01", "A", "Utilities, raw material and payroll of the last 60 days come to CNY 3.0 million, 30.0% of the usual CNY 10.0 million "
          "(limit 30.0%).", zh="近60天水电、原材料和工资支出300.00万元，为通常水平1,000.00万元的30.0%（界限30.0%）。", **{**RUNS, "running_60": 3 * M}),
    clear("MGT-01", **{**RUNS, "running_60": 3 * M + 100}),
    clear("MGT-01", **{**RUNS, "running_60": 0, "outflow_planned_stop": True}),
    fires("MGT-01", "A", "Utilities, raw material and payroll of the last 60 days come to CNY 3.0 million, 30.0% of the usual CNY 10.0 million "
          "(limit 30.0%).", running_60=3 * M, running_60_median=10 * M),  # core feeds alone: no stops are delivered
    clear("MGT-01", **{**RUNS, "running_60": 0}, answer_mgt_01="no"),  # the RM has looked: the proxy is dismissed
    fires("MGT-01", "R", "The relationship manager's answer on file confirms it (severity 1).",
          zh="客户经理的书面答复已予确认（严重程度1）。", **RUNS, answer_mgt_01="stopped", answer_mgt_01_severity=1),
    fires("MGT-01", "A", "The relationship manager's answer on file confirms it (severity 1).", **RUNS, answer_mgt_01="partial",
          answer_mgt_01_severity=1),
    fires("MGT-01", "W", "The relationship manager's answer on file confirms it (severity 3).", **RUNS, answer_mgt_01="stagnant",
          answer_mgt_01_severity=3),
    no_data("MGT-01"),
    no_data("MGT-01", output_units=100.0, output_median_12=100.0, output_planned_stop=False),  # no core table was read
    no_data("MGT-01", running_60=0, running_60_median=0, outflow_planned_stop=False),  # nothing before to compare with
    not_applicable("MGT-01", client_kind="institution", output_units=0.0, output_planned_stop=False),
    # MGT-03
    clear("MGT-03", **worse(2)),
    fires("MGT-03", "W", "3 of eight key figures (inflow, output, orders, gross margin, days of receivables, days of inventory, average "
          "balance, headcount) went the wrong way for six months (limit 3).",
          zh="回款、产量、订单、毛利率、应收账款周转天数、存货周转天数、日均余额、员工人数八项指标中，有3项连续六个月呈不利走势（界限3）。", **worse(3)),
    fires("MGT-03", "W", "4 of eight key figures (inflow, output, orders, gross margin, days of receivables, days of inventory, average "
          "balance, headcount) went the wrong way for six months (limit 3).", **worse(4, known=4)),
    fires("MGT-03", "A", "5 of eight key figures (inflow, output, orders, gross margin, days of receivables, days of inventory, average "
          "balance, headcount) went the wrong way for six months (limit 5).", **worse(5)),
    clear("MGT-03", **worse(2, known=4)),
    no_data("MGT-03", **worse(3, known=3)),  # fewer than four figures
    no_data("MGT-03"),
    # MGT-13
    clear("MGT-13", **HELD),
    clear("MGT-13", raw_material_decline=""),
    fires("MGT-13", "W", "Payments for raw material: the last three months stand at 80.0% of the mean of the twelve months before (limit 80.0%).",
          zh="原材料采购支出近三个月月均为此前十二个月月均的80.0%（界限80.0%）。", **{**HELD, "raw_material_decline": "W"}, raw_material_r3_12=0.8),
    fires("MGT-13", "A", "Payments to the ten largest suppliers of the year before: the last three months stand at 66.0% of the mean of the "
          "twelve months before (limit 70.0%).", zh="对上年前十大供应商的付款近三个月月均为此前十二个月月均的66.0%（界限70.0%）。",
          **{**HELD, "suppliers_decline": "A"}, suppliers_r3_12=0.66),
    fires("MGT-13", "R", "Purchases of raw material by the client's own return: the last three months stand at 40.0% of the mean of the twelve "
          "months before (limit 50.0%).", zh="客户报送的原材料采购额近三个月月均为此前十二个月月均的40.0%（界限50.0%）。",
          **{**HELD, "filed_purchases_decline": "R"}, filed_purchases_r3_12=0.4),
    not_applicable("MGT-13", **{**HELD, "raw_material_decline": "W"}, raw_material_r3_12=0.8, raw_material_missing=2 * M,
                   notes_payable=3 * M, notes_payable_year_ago=M),  # shifted to bills
    not_applicable("MGT-13", suppliers_decline="R", suppliers_r3_12=0.4, suppliers_missing=2 * M, notes_payable=3 * M,
                   notes_payable_year_ago=M),
    fires("MGT-13", "W", "Payments for raw material: the last three months stand at 80.0% of the mean of the twelve months before (limit 80.0%).",
          **{**HELD, "raw_material_decline": "W"}, raw_material_r3_12=0.8, raw_material_missing=2 * M + 1, notes_payable=3 * M,
          notes_payable_year_ago=M),
    clear("MGT-13", **HELD, raw_material_missing=M, notes_payable=3 * M, notes_payable_year_ago=M),  # nothing declined
    no_data("MGT-13"),
    no_data("MGT-13", filed_purchases_decline=""),  # no core table was read
    not_applicable("MGT-13", client_kind="financial"),
    # MGT-15
    clear("MGT-15", **STANDS),  # a return or a recorded stop suffices
    clear("MGT-15", **IDLE | {"utility_45": 1}),  # so does the proxy
    fires("MGT-15", "A", "Neither utilities nor raw material were paid for 45 days; in the six months before they were paid 4 and 4 times.",
          zh="已有45天未支付水电费和原材料款，此前六个月分别支付4次和4次。", **IDLE, **STANDS),
    clear("MGT-15", **IDLE | {"utility_before": 3}),
    clear("MGT-15", **IDLE | {"raw_material_before": 3}),
    clear("MGT-15", **IDLE | {"raw_material_45": 1}),
    fires("MGT-15", "R", "The plant stood still for 30 days in consecutive months, not for maintenance, the season or holidays (limit 30 days).",
          zh="工厂连续停产30天，并非检修、季节性或节假日停产（界限30天）。", **{**STANDS, "stopped_days": 30.0}),
    clear("MGT-15", **{**STANDS, "stopped_days": 29.0}),
    no_data("MGT-15", stopped_days=30.0),  # nobody delivers why
    clear("MGT-15", stopped_days=29.0),
    no_data("MGT-15"),
    not_applicable("MGT-15", client_kind="institution", **{**STANDS, "stopped_days": 30.0}),
    # MGT-21
    clear("MGT-21", **GOOD),
    fires("MGT-21", "W", "5.0% of the goods came back in May 2015 (3.0% a year ago): 2.0 pp more (limit 2.0 pp).",
          zh="2015年5月退货率5.0%（上年同期3.0%），上升2.0个百分点（界限2.0个百分点）。", **{**GOOD, "return_rate": 0.05, "return_rate_year_ago": 0.03}),
    clear("MGT-21", **{**GOOD, "return_rate": 0.0499, "return_rate_year_ago": 0.03}),
    fires("MGT-21", "W", "2.0% of the goods came back in May 2015 (1.0% a year ago): 2.00× (limit 2.00×).",
          zh="2015年5月退货率2.0%（上年同期1.0%），为其2.00倍（界限2.00倍）。", **{**GOOD, "return_rate": 0.02}),
    clear("MGT-21", **{**GOOD, "return_rate": 0.0199}),
    fires("MGT-21", "W", "Refunds of three months are 4.0% of inflow, 2.00× the share of the twelve months before (limit 2.00×).",
          zh="近三个月退款占回款的4.0%，为此前十二个月占比的2.00倍（界限2.00倍）。", **{**GOOD, "refund_share_3": 0.04}, refund_share_12=0.02),
    clear("MGT-21", **{**GOOD, "refund_share_3": 0.039}, refund_share_12=0.02),
    fires("MGT-21", "A", "Quality penalties and recalls on the register in 180 days: 1.", zh="近180天登记的质量处罚和召回：1起。",
          **{**GOOD, "quality_registry_180": 1}),
    fires("MGT-21", "A", "Recalls in the news in 180 days: 2.", zh="近180天媒体报道的召回：2起。", **{**GOOD, "quality_news_180": 2}),
    fires("MGT-21", "A", "The relationship manager's answer on file confirms it (severity 1).", **GOOD, answer_mgt_21="yes",
          answer_mgt_21_severity=1),
    clear("MGT-21", **GOOD, answer_mgt_21="no"),
    no_data("MGT-21", **{**GOOD, "return_rate": None}),
    no_data("MGT-21", **{**GOOD, "refund_share_3": 0.04}, refund_share_12=0.0),  # nothing to be twice of
    no_data("MGT-21", **{**GOOD, "quality_news_180": None}),
    no_data("MGT-21"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_production(case: Case) -> None:
    check(case)
