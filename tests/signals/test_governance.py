from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000
QUIET = {"registered_changes_180": 0, "key_people_changed_180": 0, "offices_vacant": 0, "control_unnotified": 0}
MARGIN = {"revenue": 100 * M, "cogs": 83 * M, "revenue_year_ago": 100 * M, "cogs_year_ago": 80 * M}
SLOW = {**MARGIN, "ext_standing_180": 2, "opin_new_payers_12": 4 * M, "opin_12": 100 * M}
SEVERE = {"answer_mgt_24": "yes", "answer_mgt_24_severity": 3}
AT_PEACE = {"resignations_180": 0, "insider_lawsuits_365": 0, "governance_disputes_365": 0}
RULER = {"sole_ruler_share": 0.90, "other_deciders_met_365": 0}
TEAM = {"managers_known": 5, "managers_sales": 1, "managers_finance": 1, "managers_production": 2}
CONFIRMED = "The relationship manager's answer on file confirms it (severity {})."

CASES = [
    # MGT-22
    clear("MGT-22", **QUIET),
    fires("MGT-22", "W", "Changes of key management registered in 180 days: 1 (limit 1).",
          zh="近180天登记的主要管理人员变更1次（界限1）。", **{**QUIET, "registered_changes_180": 1}),
    clear("MGT-22", **{**QUIET, "key_people_changed_180": 1}),  # one link, nothing on the register
    fires("MGT-22", "W", "Changes of key management registered in 180 days: 1 (limit 1).",
          **{**QUIET, "registered_changes_180": 1, "key_people_changed_180": 1}),
    fires("MGT-22", "A", "Changes of key management registered in 180 days: 2 (limit 2).",
          **{**QUIET, "registered_changes_180": 2, "key_people_changed_180": 2}),
    fires("MGT-22", "A", "Key managers changed in 180 days, by the register and our records: 2 (limit 2).",
          zh="近180天按登记信息与我行记录，主要管理人员变更2人次（界限2）。", **{**QUIET, "key_people_changed_180": 2}),
    fires("MGT-22", "A", "The general manager or head of finance left on 20 March 2015; nobody is known to have followed within "
          "60 days.", zh="总经理或财务负责人于2015年3月20日离任，60天内未见继任者。",
          **{**QUIET, "offices_vacant": 1}, office_vacant_since=date(2015, 3, 20)),
    fires("MGT-22", "R", "Changes of key management registered in 180 days: 3 (limit 3).",
          **{**QUIET, "registered_changes_180": 3, "key_people_changed_180": 3}),
    fires("MGT-22", "R", "Key managers changed in 180 days, by the register and our records: 3 (limit 3).",
          **{**QUIET, "registered_changes_180": 2, "key_people_changed_180": 3}),
    fires("MGT-22", "R", "The actual controller changed on 20 April 2015 and the client gave no notice.",
          zh="实际控制人于2015年4月20日变更，客户未通知我行。",
          **{**QUIET, "control_unnotified": 1}, control_unnotified_on=date(2015, 4, 20)),
    fires("MGT-22", "R", "Changes of key management registered in 180 days: 3 (limit 3).", registered_changes_180=3),
    no_data("MGT-22", **{**QUIET, "key_people_changed_180": None}),  # no links connected
    no_data("MGT-22", **{**QUIET, "control_unnotified": None}),  # a change of control, and no notices connected
    no_data("MGT-22"),
    # MGT-24
    no_data("MGT-24"),
    no_data("MGT-24", **{**SLOW, "ext_standing_180": 1}),
    no_data("MGT-24", **{**SLOW, "ext_standing_180": None}),  # a first night
    no_data("MGT-24", **{**SLOW, "cogs": 8_299_000_000}),  # 2.99 points
    no_data("MGT-24", **{**SLOW, "opin_new_payers_12": 5 * M}),  # 5% exactly
    no_data("MGT-24", **{**SLOW, "opin_12": 0, "opin_new_payers_12": 0}),
    clear("MGT-24", **SLOW, answer_mgt_24="no"),
    fires("MGT-24", "W", "Signals of the environment standing for 180 days: 2 (limit 2); the gross margin fell (revenue CNY 100.0 "
          "million → CNY 100.0 million, cost of sales CNY 80.0 million → CNY 83.0 million) and payers new in twelve months "
          "brought only CNY 4.0 million of CNY 100.0 million received.",
          zh="持续180天的外部预警信号2个（界限2）；毛利率下降（收入10,000.00万元→10,000.00万元，成本8,000.00万元→8,300.00万元），"
          "近十二个月新增付款方仅带来400.00万元，账户流入共10,000.00万元。", **SLOW),
    fires("MGT-24", "A", CONFIRMED.format(3), **SEVERE),
    fires("MGT-24", "A", CONFIRMED.format(2), answer_mgt_24="yes", answer_mgt_24_severity=2),
    fires("MGT-24", "W", CONFIRMED.format(1), zh="客户经理的书面答复已予确认（严重程度1）。",
          **SLOW, answer_mgt_24="yes", answer_mgt_24_severity=1),
    # MGT-25
    no_data("MGT-25"),
    no_data("MGT-25", **AT_PEACE),
    no_data("MGT-25", **{**AT_PEACE, "resignations_180": 1}),
    clear("MGT-25", **{**AT_PEACE, "resignations_180": 2}, answer_mgt_25="no"),
    fires("MGT-25", "W", "Directors or executives who left in 180 days: 2 (limit 2).",
          zh="近180天离任的董事或高级管理人员2人（界限2）。", **{**AT_PEACE, "resignations_180": 2}),
    fires("MGT-25", "W", "Lawsuits between the company and a shareholder or executive in 365 days: 1 (limit 1).",
          zh="近365天公司与股东或高级管理人员之间的诉讼1起（界限1）。", **{**AT_PEACE, "insider_lawsuits_365": 1}),
    fires("MGT-25", "W", "News of a dispute among the client's owners or managers in 365 days: 1 (limit 1).",
          zh="近365天关于客户治理纠纷的新闻1条（界限1）。", **{**AT_PEACE, "governance_disputes_365": 1}),
    fires("MGT-25", "A", CONFIRMED.format(2), answer_mgt_25="yes", answer_mgt_25_severity=2),
    fires("MGT-25", "W", CONFIRMED.format(1), **{**AT_PEACE, "insider_lawsuits_365": 1},
          answer_mgt_25="yes", answer_mgt_25_severity=1),  # the answer sets the level
    # MGT-26
    no_data("MGT-26"),
    fires("MGT-26", "W", "The legal representative is the only director and owns 90.0% (limit 90.0%); no other decision maker "
          "was met in twelve months.", zh="法定代表人为唯一董事且持股90.0%（界限90.0%），近十二个月未会见其他决策人。", **RULER),
    no_data("MGT-26", **{**RULER, "sole_ruler_share": 0.8999}),
    no_data("MGT-26", **{**RULER, "other_deciders_met_365": 1}),
    no_data("MGT-26", **{**RULER, "other_deciders_met_365": None}),
    clear("MGT-26", **RULER, answer_mgt_26="no"),
    fires("MGT-26", "W", CONFIRMED.format(3), answer_mgt_26="yes", answer_mgt_26_severity=3),
    # MGT-37
    no_data("MGT-37"),
    no_data("MGT-37", **TEAM),
    no_data("MGT-37", **{**TEAM, "managers_known": 4, "managers_sales": 0}),
    fires("MGT-37", "W", "Of 5 managers with a known function nobody is in charge of sales.",
          zh="已知职能的管理人员5人中无人负责销售。", **{**TEAM, "managers_sales": 0}),
    fires("MGT-37", "W", "Of 5 managers with a known function nobody is in charge of finance.",
          zh="已知职能的管理人员5人中无人负责财务。", **{**TEAM, "managers_finance": 0}),
    fires("MGT-37", "W", "Of 5 managers with a known function 3 are in charge of production and 1 of sales.",
          zh="已知职能的管理人员5人中，负责生产的3人，负责销售的1人。", **{**TEAM, "managers_production": 3}),
    no_data("MGT-37", **{**TEAM, "managers_production": 5, "managers_sales": 2}),  # 2.5 to 1
    no_data("MGT-37", **{**TEAM, "managers_production": 3, "managers_known": 4}),
    clear("MGT-37", **{**TEAM, "managers_finance": 0}, answer_mgt_37="no"),
    fires("MGT-37", "A", CONFIRMED.format(2), **{**TEAM, "managers_finance": 0}, answer_mgt_37="yes", answer_mgt_37_severity=2),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_governance(case: Case) -> None:
    check(case)
