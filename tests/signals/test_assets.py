from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000  # a million currency units in minor units
D = date

NONE_BOUGHT = {"off_core_price": 0, "off_core_debt_price": 0, "equity": 100 * M}
SOLD = {"production_sold_365": 0, "production_auctions_365": 0, "fixed_assets_gross_year_ago": 100 * M}
SOLD |= {"fixed_asset_disposal_cash_ttm": 0}
OPEN = {
    "projects_open": 1,
    "project_delay_days": 0,
    "project_overrun": 0.0,
    "projects_slowed": 0,
    "projects_stopped": 0,
}
STILL = {"construction_in_progress": 10_090_000_000, "construction_two_quarters_ago": 100 * M}
FREE = {"profit_before_tax": 10 * M, "interest_expense": 10 * M, "cfo_ttm": 10 * M, "capex_ttm": 5 * M}
PREMISES = {"premises_bought_365": 0, "premises_paid_365": 0, "equity": 100 * M, **FREE}
KEPT = {"auditor_changed": False, "auditor_left": False, "counsel_left": False, "newest_opinion": "clean"}
KEPT |= {"auditor_period_end": D(2014, 12, 31)}
LEFT = {"auditor_left": True, "auditor_left_on": D(2015, 5, 4)}


def said(signal: str, severity: int, answer: str = "yes") -> dict[str, object]:
    name = f"answer_{signal.lower().replace('-', '_')}"
    return {name: answer, f"{name}_severity": severity}


CASES = [
    # MGT-17
    clear("MGT-17", **NONE_BOUGHT),
    fires("MGT-17", "W", "A company in another industry was bought for CNY 10.0 million, 10.0% of owners' equity (limit 10.0%).",
          zh="以1,000.00万元收购其他行业的企业，为所有者权益的10.0%（界限10.0%）。", **{**NONE_BOUGHT, "off_core_price": 10 * M}),
    clear("MGT-17", **{**NONE_BOUGHT, "off_core_price": 999_000_000, "off_core_debt_price": 999_000_000}),
    fires("MGT-17", "W", "A company in another industry was bought for CNY 10.0 million, 10.0% of owners' equity (limit 10.0%).",
          **{**NONE_BOUGHT, "off_core_price": 10 * M, "off_core_debt_price": None}),  # unknown whether on debt
    clear("MGT-17", **{**NONE_BOUGHT, "off_core_price": 9 * M, "off_core_debt_price": None}),
    fires("MGT-17", "A", "A company in another industry was bought on debt for CNY 10.0 million, 10.0% of owners' equity (limit 10.0%).",
          zh="举债以1,000.00万元收购其他行业的企业，为所有者权益的10.0%（界限10.0%）。",
          **{**NONE_BOUGHT, "off_core_price": 20 * M, "off_core_debt_price": 10 * M}),
    fires("MGT-17", "W", "A company in another industry was bought for CNY 1.0 million, ∞% of owners' equity (limit 10.0%).",
          **{**NONE_BOUGHT, "off_core_price": M, "equity": -M}),
    fires("MGT-17", "A", "The relationship manager's answer on file confirms it (severity 2).", zh="客户经理的书面答复已予确认（严重程度2）。",
          **NONE_BOUGHT, **said("MGT-17", 2)),
    fires("MGT-17", "W", "The relationship manager's answer on file confirms it (severity 1).", **said("MGT-17", 1)),
    no_data("MGT-17"),
    clear("MGT-17", **{**NONE_BOUGHT, "equity": None}),  # nothing bought, whatever the equity
    no_data("MGT-17", **{**NONE_BOUGHT, "off_core_price": M, "equity": None}),
    # MGT-18
    clear("MGT-18", **SOLD),
    fires("MGT-18", "A", "Productive assets were sold for CNY 10.0 million in 365 days, 10.0% of fixed assets at cost a year ago (limit "
          "10.0%).", zh="近365天出售生产性资产1,000.00万元，为年初固定资产原价的10.0%（界限10.0%）。", **{**SOLD, "production_sold_365": 10 * M}),
    clear("MGT-18", **{**SOLD, "production_sold_365": 999_000_000, "fixed_asset_disposal_cash_ttm": 499_000_000}),
    fires("MGT-18", "A", "The sale of fixed assets brought CNY 5.0 million in twelve months, 5.0% of fixed assets at cost a year ago "
          "(limit 5.0%).", zh="近十二个月处置固定资产收回500.00万元，为年初固定资产原价的5.0%（界限5.0%）。",
          **{**SOLD, "fixed_asset_disposal_cash_ttm": 5 * M}),
    fires("MGT-18", "R", "Productive assets were sold for CNY 30.0 million in 365 days, 30.0% of fixed assets at cost a year ago (limit "
          "30.0%).", **{**SOLD, "production_sold_365": 30 * M}),
    fires("MGT-18", "A", "Productive assets were sold for CNY 29.9 million in 365 days, 29.9% of fixed assets at cost a year ago (limit "
          "10.0%).", **{**SOLD, "production_sold_365": 2_990_000_000}),
    fires("MGT-18", "R", "The sale of fixed assets brought CNY 30.0 million in twelve months, 30.0% of fixed assets at cost a year ago "
          "(limit 30.0%).", **{**SOLD, "fixed_asset_disposal_cash_ttm": 30 * M}),
    fires("MGT-18", "R", "Judicial auctions of productive assets in 365 days: 1.", zh="近365天生产性资产被司法拍卖1次。",
          production_auctions_365=1),
    clear("MGT-18", fixed_asset_disposal_cash_ttm=0, fixed_assets_gross_year_ago=M),
    no_data("MGT-18", production_auctions_365=0),  # no core table was read
    no_data("MGT-18"),
    # MGT-20
    clear("MGT-20", **OPEN),
    fires("MGT-20", "W", "A project is forecast to end 90 days late (limit 90 days).", zh="项目预计延期90天完工（界限90天）。",
          **{**OPEN, "project_delay_days": 90}),
    clear("MGT-20", **{**OPEN, "project_delay_days": 89, "project_overrun": 0.099}),
    fires("MGT-20", "W", "A project's budget was raised by 10.0% (limit 10.0%).", zh="项目概预算调增10.0%（界限10.0%）。",
          **{**OPEN, "project_overrun": 0.10}),
    fires("MGT-20", "A", "A project is forecast to end 180 days late (limit 180 days).", **{**OPEN, "project_delay_days": 180}),
    fires("MGT-20", "W", "A project is forecast to end 179 days late (limit 90 days).", **{**OPEN, "project_delay_days": 179, "project_overrun": 0.199}),
    fires("MGT-20", "A", "A project's budget was raised by 20.0% (limit 20.0%).", **{**OPEN, "project_overrun": 0.20}),
    fires("MGT-20", "A", "Projects paused or slowed down: 1.", zh="缓建或暂停的项目1个。", **{**OPEN, "projects_slowed": 1}),
    fires("MGT-20", "R", "Projects stopped: 1.", zh="停建的项目1个。", **{**OPEN, "projects_stopped": 1}),
    fires("MGT-20", "W", "Construction in progress moved by 0.9% over two quarters (limit: less than 1.0%), from CNY 100.0 million to CNY "
          "100.9 million, while a project is open.",
          zh="项目在建期间，两个季度内在建工程由10,000.00万元变为10,090.00万元，变动0.9%（界限：低于1.0%）。", **OPEN, **STILL),
    clear("MGT-20", **OPEN, **{**STILL, "construction_in_progress": 101 * M}),
    clear("MGT-20", **{**OPEN, "projects_open": 0}, **STILL),
    clear("MGT-20", **OPEN, **dict.fromkeys(STILL, 0)),
    no_data("MGT-20"),
    no_data("MGT-20", **STILL),
    no_data("MGT-20", **{**STILL, "construction_in_progress": 105 * M}),  # building goes on; delay and budget are unknown
    # MGT-31
    clear("MGT-31", **PREMISES),
    fires("MGT-31", "W", "Real estate was bought for CNY 10.0 million in 365 days, 10.0% of owners' equity (limit 10.0%).",
          zh="近365天购置房产1,000.00万元，为所有者权益的10.0%（界限10.0%）。", **{**PREMISES, "premises_bought_365": 10 * M}),
    clear("MGT-31", **{**PREMISES, "premises_bought_365": 999_000_000, "premises_paid_365": 999_000_000}),  # not added
    fires("MGT-31", "W", "CNY 10.0 million was paid for real estate and decoration in 365 days, 10.0% of owners' equity (limit 10.0%).",
          zh="近365天支付房产和装修款1,000.00万元，为所有者权益的10.0%（界限10.0%）。", **{**PREMISES, "premises_paid_365": 10 * M}),
    fires("MGT-31", "A", "Real estate and decoration of 365 days come to 12.0% of owners' equity (limit 10.0%), while profit before "
          "interest and tax covers interest of CNY 10.0 million less than 1.5 times.",
          zh="近365天房产和装修支出为所有者权益的12.0%（界限10.0%），而息税前利润不足利息支出1,000.00万元的1.5倍。",
          **{**PREMISES, "premises_bought_365": 10 * M, "premises_paid_365": 12 * M, "profit_before_tax": 499_000_000}),
    fires("MGT-31", "W", "Real estate was bought for CNY 10.0 million in 365 days, 10.0% of owners' equity (limit 10.0%).",
          **{**PREMISES, "premises_bought_365": 10 * M, "profit_before_tax": 5 * M, "capex_ttm": 10 * M}),  # 1.5 and 0 exactly
    fires("MGT-31", "A", "Real estate and decoration of 365 days come to 10.0% of owners' equity (limit 10.0%), while operating cash flow "
          "of CNY 10.0 million did not pay for capital spending of CNY 10.1 million.",
          zh="近365天房产和装修支出为所有者权益的10.0%（界限10.0%），而经营现金流1,000.00万元不足以支付资本性支出1,010.00万元。",
          **{**PREMISES, "premises_bought_365": 10 * M, "premises_paid_365": None, "capex_ttm": 1_010_000_000}),
    clear("MGT-31", **{**PREMISES, "profit_before_tax": -M, "cfo_ttm": -M}),
    fires("MGT-31", "A", "The relationship manager's answer on file confirms it (severity 3).", **PREMISES, **said("MGT-31", 3)),
    no_data("MGT-31", **{**PREMISES, "premises_paid_365": None}),
    no_data("MGT-31"),
    not_applicable("MGT-31", **{**PREMISES, "premises_paid_365": 90 * M}, industry_section="K"),
    not_applicable("MGT-31", industry_section="E"),
    # MGT-40
    clear("MGT-40", **KEPT),
    fires("MGT-40", "W", "The mandate of a legal counsel ended on 4 May 2015.", zh="法律顾问于2015年5月4日终止委托。",
          **{**KEPT, "counsel_left": True, "newest_opinion": "adverse"}, counsel_left_on=D(2015, 5, 4)),
    fires("MGT-40", "A", "The accounts to 31 December 2014 were audited by another firm than those of the year before.",
          zh="2014年12月31日报表的审计机构与上年不同。", **{**KEPT, "auditor_changed": True}),
    fires("MGT-40", "A", "The auditor's mandate ended in mid-term, on 4 May 2015.", zh="会计师事务所于2015年5月4日中途终止委托。",
          **{**KEPT, **LEFT, "newest_opinion": None}),
    fires("MGT-40", "R", "The accounts to 31 December 2014 were audited by another firm than those of the year before, and the newest "
          "opinion is not clean.", zh="2014年12月31日报表的审计机构与上年不同，且最近一次审计意见不是标准无保留意见。",
          **{**KEPT, "auditor_changed": True, "newest_opinion": "emphasis"}),
    fires("MGT-40", "R", "The auditor's mandate ended in mid-term, on 4 May 2015, and the newest opinion is not clean.",
          zh="会计师事务所于2015年5月4日中途终止委托，且最近一次审计意见不是标准无保留意见。",
          **{**KEPT, **LEFT, "newest_opinion": "qualified"}),
    clear("MGT-40", **{**KEPT, "newest_opinion": "adverse"}),
    fires("MGT-40", "R", "The relationship manager's answer on file confirms it (severity 3).", **KEPT, **said("MGT-40", 3)),
    clear("MGT-40", **KEPT, **said("MGT-40", 1, "no")),
    no_data("MGT-40", **{**KEPT, "auditor_changed": None}),
    no_data("MGT-40"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_assets(case: Case) -> None:
    check(case)
