from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data, not_applicable

M = 100_000_000  # a million currency units in minor units
D = date

NOTED = {
    "customers_listed": 5,
    "customers_period_end": D(2014, 12, 31),
    "customer_share_1": 0.29,
    "customer_share_5": 0.59,
}
PAID = {"payer_share_named": 0.9, "payer_share_1": 0.29, "payer_share_5": 0.59}
SAME = {"policies_period_before": D(2013, 12, 31), "policies_period_end": D(2014, 12, 31)}
SAME |= {"policies_mandated": 0, "policies_changed": 0, "revenue_policies_changed": 0}
PRICED = {"deal_discount": 0.0, "deal_premium": 0.0, "deal_discount_related": 0.0, "deal_premium_related": 0.0}
PRICED |= {f"{name}_open": 0.0 for name in PRICED} | {"deals_unvalued": False, "related_deals_unvalued": False}
DEALT = {"equity_deals_related": 0, "equity_deals_control": 0, "equity_deals_unknown": False}
DEALT |= {"equity_deals_related_perhaps": 1, "equity_deals_control_perhaps": 0}
BOUGHT = {
    "intangible_overpriced": 0,
    "intangible_unappraised": 0,
    "intangible_related": 0,
    "intangible_unvalued": 0,
}
BOUGHT |= {"intangible_seller_unknown": 0, "intangible_purchases_since": 0, "total_assets": 100 * M}
BOUGHT |= {"intangibles": 10 * M, "intangibles_year_ago": 10 * M}

CASES = [
    # FIN-18
    clear("FIN-18", **NOTED, **PAID),
    fires("FIN-18", "W", "The largest customer takes 30.0% of sales (limit 30.0%), by the notes to 31 December 2014.",
          zh="据2014年12月31日报表附注，第一大客户占销售额的30.0%（界限30.0%）。", **{**NOTED, "customer_share_1": 0.30}),
    fires("FIN-18", "W", "The five largest customers take 60.0% of sales (limit 60.0%), by the notes to 31 December 2014.",
          zh="据2014年12月31日报表附注，前五大客户占销售额的60.0%（界限60.0%）。", **{**NOTED, "customer_share_5": 0.60}),
    fires("FIN-18", "A", "The largest customer takes 50.0% of sales (limit 50.0%), by the notes to 31 December 2014.",
          **{**NOTED, "customer_share_1": 0.50}),
    fires("FIN-18", "W", "The largest customer takes 49.9% of sales (limit 30.0%), by the notes to 31 December 2014.",
          **{**NOTED, "customer_share_1": 0.499, "customer_share_5": 0.799}),
    fires("FIN-18", "A", "The five largest customers take 80.0% of sales (limit 80.0%), by the notes to 31 December 2014.",
          **{**NOTED, "customer_share_5": 0.80}),
    clear("FIN-18", **NOTED, **{**PAID, "payer_share_1": 0.9, "payer_share_5": 0.9}),  # the list of customers decides
    no_data("FIN-18", **NOTED),  # the flows could not be computed
    no_data("FIN-18", **NOTED, **{**PAID, "payer_share_named": 0.49}),
    fires("FIN-18", "W", "No list of customers: the largest payer brought 30.0% of twelve months' inflow (limit 30.0%).",
          zh="未取得客户明细：第一大付款方占近十二个月账户流入的30.0%（界限30.0%）。", **{**PAID, "payer_share_1": 0.30}),
    fires("FIN-18", "W", "No list of customers: the five largest payers brought 60.0% of twelve months' inflow (limit 60.0%).",
          zh="未取得客户明细：前五大付款方占近十二个月账户流入的60.0%（界限60.0%）。", **{**PAID, "payer_share_5": 0.60}),
    fires("FIN-18", "A", "No list of customers: the largest payer brought 50.0% of twelve months' inflow (limit 50.0%).",
          **{**PAID, "payer_share_1": 0.50, "payer_share_named": 0.5}),
    fires("FIN-18", "A", "No list of customers: the five largest payers brought 80.0% of twelve months' inflow (limit 80.0%).",
          **{**PAID, "payer_share_5": 0.80}),
    clear("FIN-18", **PAID),
    no_data("FIN-18", **{**PAID, "payer_share_1": 0.9, "payer_share_named": 0.499}),
    no_data("FIN-18"),
    not_applicable("FIN-18", **NOTED, client_kind="financial"),
    not_applicable("FIN-18", **NOTED, client_kind="institution"),
    # FIN-19
    clear("FIN-19", **SAME),
    fires("FIN-19", "W", "Accounting policies that a new standard changed since the notes to 31 December 2013: 2.",
          zh="自2013年12月31日附注以来，因新准则变更的会计政策2项。", **{**SAME, "policies_mandated": 2}),
    fires("FIN-19", "A", "Accounting policies changed since the notes to 31 December 2013 without a new standard asking for it: 1.",
          zh="自2013年12月31日附注以来，非因新准则而变更的会计政策1项。", **{**SAME, "policies_changed": 1, "policies_mandated": 1}),
    fires("FIN-19", "R", "The policy of recognising revenue was changed since the notes to 31 December 2013 without a new standard "
          "asking for it.", zh="自2013年12月31日附注以来，收入确认政策非因新准则而变更。",
          **{**SAME, "policies_changed": 1, "revenue_policies_changed": 1}),
    no_data("FIN-19"),
    no_data("FIN-19", policies_period_end=D(2014, 12, 31)),
    # FIN-22
    clear("FIN-22", **PRICED),
    clear("FIN-22", **{**PRICED, "deal_discount": 0.30, "deal_premium": 0.30, "deal_discount_related": 0.20, "deal_premium_related": 0.20}),
    fires("FIN-22", "W", "A deal with a related party in the last 365 days was priced 20.1% below fair value (limit: more than 20.0%).",
          zh="近365天一笔关联交易的价格比公允价值低20.1%（界限：超过20.0%）。", **{**PRICED, "deal_discount": 0.201, "deal_discount_related": 0.201}),
    fires("FIN-22", "W", "A deal with a related party in the last 365 days was priced 30.0% above fair value (limit: more than 20.0%).",
          zh="近365天一笔关联交易的价格比公允价值高30.0%（界限：超过20.0%）。", **{**PRICED, "deal_premium": 0.3, "deal_premium_related": 0.3}),
    fires("FIN-22", "A", "A deal of the last 365 days was priced 30.1% below fair value (limit: more than 30.0%).",
          zh="近365天一笔交易的价格比公允价值低30.1%（界限：超过30.0%）。", **{**PRICED, "deal_discount": 0.301}),
    fires("FIN-22", "A", "A deal of the last 365 days was priced 30.1% above fair value (limit: more than 30.0%).",
          zh="近365天一笔交易的价格比公允价值高30.1%（界限：超过30.0%）。", **{**PRICED, "deal_premium": 0.301, "deal_premium_related": 0.25}),
    fires("FIN-22", "R", "A deal with a related party in the last 365 days was priced 50.0% below fair value (limit: more than 30.0%).",
          **{**PRICED, "deal_discount": 0.5, "deal_discount_related": 0.5}),
    fires("FIN-22", "R", "A deal with a related party in the last 365 days was priced 150.0% above fair value (limit: more than 30.0%).",
          **{**PRICED, "deal_premium": 1.5, "deal_premium_related": 1.5}),
    fires("FIN-22", "A", "A deal of the last 365 days was priced 31.0% below fair value (limit: more than 30.0%).",
          **{**PRICED, "deal_discount": 0.31, "deals_unvalued": True, "related_deals_unvalued": True}),
    no_data("FIN-22", **{**PRICED, "deals_unvalued": True}),
    no_data("FIN-22", **{**PRICED, "related_deals_unvalued": True}),
    # a deal that may count decides nothing while its price is fair, and leaves the row unknown while it is not
    clear("FIN-22", **{**PRICED, "deal_discount_open": 0.30, "deal_premium_open": 0.30, "deal_discount_related_open": 0.20}),
    no_data("FIN-22", **{**PRICED, "deal_premium_open": 0.301}),
    no_data("FIN-22", **{**PRICED, "deal_discount_related_open": 0.201}),
    no_data("FIN-22"),
    # FIN-23
    clear("FIN-23", **{**DEALT, "equity_deals_related": 1}),
    fires("FIN-23", "W", "2 equity dealings with related persons in 365 days (limit 2).", zh="近365天与关系人的股权买卖2笔（界限2笔）。",
          **{**DEALT, "equity_deals_related": 2}),
    fires("FIN-23", "A", "3 equity dealings with related persons in 365 days (limit 3).", zh="近365天与关系人的股权买卖3笔（界限3笔）。",
          **{**DEALT, "equity_deals_related": 3}),
    fires("FIN-23", "A", "Equity dealings with related persons in 365 days that moved control: 1.",
          zh="近365天与关系人的股权买卖中有1笔转移了控制权。", **{**DEALT, "equity_deals_related": 1, "equity_deals_control": 1}),
    fires("FIN-23", "W", "2 equity dealings with related persons in 365 days (limit 2).",
          **{**DEALT, "equity_deals_related": 2, "equity_deals_unknown": True}),
    no_data("FIN-23", **{**DEALT, "equity_deals_related": 1, "equity_deals_unknown": True}),
    no_data("FIN-23", **{**DEALT, "equity_deals_related_perhaps": 2}),
    no_data("FIN-23", **{**DEALT, "equity_deals_control_perhaps": 1}),
    no_data("FIN-23"),
    # FIN-28
    clear("FIN-28", **BOUGHT),
    fires("FIN-28", "W", "Intangible assets rose from CNY 10.0 million to CNY 15.0 million, by 5.0% of total assets (limit 5.0%), and "
          "no purchase is on record.", zh="无形资产由1,000.00万元增至1,500.00万元，增加额为总资产的5.0%（界限5.0%），但没有对应的购置交易记录。",
          **{**BOUGHT, "intangibles": 15 * M}),
    clear("FIN-28", **{**BOUGHT, "intangibles": 1_499_000_000}),
    clear("FIN-28", **{**BOUGHT, "intangibles": 15 * M, "intangible_purchases_since": 1}),
    fires("FIN-28", "A", "Intangible assets were bought for CNY 5.0 million, over 130% of their fair value and 5.0% of total assets "
          "(limit 5.0%).", zh="以500.00万元购入无形资产，高于公允价值的130%，为总资产的5.0%（界限5.0%）。",
          **{**BOUGHT, "intangible_overpriced": 5 * M}),
    fires("FIN-28", "A", "Intangible assets were bought for CNY 5.0 million without an appraisal, 5.0% of total assets (limit 5.0%).",
          zh="未经评估以500.00万元购入无形资产，为总资产的5.0%（界限5.0%）。", **{**BOUGHT, "intangible_unappraised": 5 * M}),
    fires("FIN-28", "A", "Intangible assets were bought from a related party for CNY 5.0 million, 5.0% of total assets (limit 5.0%).",
          zh="以500.00万元向关联方购入无形资产，为总资产的5.0%（界限5.0%）。",
          **{**BOUGHT, "intangible_related": 5 * M, "intangible_unvalued": 5 * M, "intangible_seller_unknown": 5 * M}),
    clear("FIN-28", **{**BOUGHT, "intangible_overpriced": 499_000_000, "intangible_unappraised": 499_000_000, "intangible_related": 499_000_000}),
    no_data("FIN-28", **{**BOUGHT, "intangible_unvalued": 5 * M}),
    no_data("FIN-28", **{**BOUGHT, "intangible_seller_unknown": 5 * M}),
    clear("FIN-28", **{**BOUGHT, "intangible_unvalued": 499_000_000, "intangible_seller_unknown": 499_000_000}),
    no_data("FIN-28", **{**BOUGHT, "intangible_unappraised": M, "total_assets": None}),
    no_data("FIN-28", **{**BOUGHT, "intangibles_year_ago": None}),
    no_data("FIN-28"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_dealing(case: Case) -> None:
    check(case)
