from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

M = 100_000_000  # a million currency units in minor units
D = date

LISTED = {"investments_listed": 2, "investments_period_end": D(2014, 12, 31), "investment_incomes_unknown": False}
LISTED |= {
    "investment_unknown_carrying": 0,
    "investment_loss_carrying": 0,
    "investment_losses": 0,
    "investment_losses_two_years": False,
}
LISTED |= {"equity": 100 * M, "profit_before_tax_ttm": 50 * M}
HELD = {"securities_cost": 100 * M, "equity": 1_000 * M}
FLOWS = {"investment_purchases_cash_ttm": 30 * M, "investment_disposals_cash_ttm": 10 * M, "revenue_ttm": 1_000 * M}
BALANCE = {"trading_assets": 6 * M, "trading_assets_year_ago": 4 * M}
BALANCE |= {"long_term_investments": 6 * M, "long_term_investments_year_ago": 4 * M}
FINE = {"investment_not_impaired": False, "investment_impairment_reversed": False}


def held(worth: int, **more: int) -> dict[str, int]:
    return {**HELD, "securities_fair_value": worth, "securities_loss": HELD["securities_cost"] - worth, **more}


CASES = [
    # FIN-05
    fires("FIN-05", "W", "A venture that lost money over twelve months is carried at CNY 5.0 million, 5.0% of owners' equity (limit 5.0%).",
          zh="近十二个月亏损的投资项目账面价值500.00万元，为所有者权益的5.0%（界限5.0%）。",
          **{**LISTED, "investment_loss_carrying": 5 * M, "investment_losses": M}),
    clear("FIN-05", **{**LISTED, "investment_loss_carrying": 499_000_000, "investment_losses": M}),
    fires("FIN-05", "W", "A venture that lost money over twelve months is carried at CNY 1.0 million, ∞% of owners' equity (limit 5.0%).",
          **{**LISTED, "investment_loss_carrying": M, "investment_losses": M, "equity": -M}),  # a base <= 0 (G10)
    fires("FIN-05", "W", "A venture that lost money over twelve months is carried at CNY 6.0 million, 6.0% of owners' equity (limit 5.0%).",
          **{**LISTED, "investment_loss_carrying": 6 * M, "investment_incomes_unknown": True}),  # a HIT needs not the unknown
    fires("FIN-05", "A", "Losses of investments come to CNY 5.0 million, 10.0% of profit before tax (limit 10.0%).",
          zh="投资亏损合计500.00万元，为税前利润的10.0%（界限10.0%）。", **{**LISTED, "investment_losses": 5 * M}),
    clear("FIN-05", **{**LISTED, "investment_losses": 499_000_000}),
    fires("FIN-05", "A", "Losses of investments come to CNY 1.0 million, ∞% of profit before tax (limit 10.0%).",
          **{**LISTED, "investment_losses": M, "profit_before_tax_ttm": -M}),
    fires("FIN-05", "A", "A material investment has lost money two years running.",
          zh="重大投资项目连续两年亏损。", **{**LISTED, "investment_losses_two_years": True}),
    fires("FIN-05", "W", "Without a schedule of investments: investment income of twelve months is CNY −1.0 million.",
          zh="未取得投资明细：近十二个月投资收益为−100.00万元。", investment_income_ttm=-M),
    clear("FIN-05", investment_income_ttm=0),
    clear("FIN-05", **LISTED, investment_income_ttm=-M),  # with a schedule it decides
    no_data("FIN-05", **{**LISTED, "investment_incomes_unknown": True, "investment_unknown_carrying": 5 * M,
            "investment_losses_two_years": None}, investment_income_ttm=M),
    # a small venture of unknown income is not material whatever it earned
    clear("FIN-05", **{**LISTED, "investment_incomes_unknown": True, "investment_unknown_carrying": 499_000_000,
          "investment_losses_two_years": None}, investment_income_ttm=M),
    no_data("FIN-05", **{**LISTED, "equity": None, "profit_before_tax_ttm": None, "investment_losses_two_years": None}),
    no_data("FIN-05"),
    # FIN-06
    fires("FIN-06", "W", "Securities that cost CNY 100.0 million are worth CNY 80.0 million: down 20.0% (limit 20.0%).",
          zh="证券投资成本10,000.00万元，公允价值8,000.00万元：贬值20.0%（界限20.0%）。", **held(80 * M)),
    clear("FIN-06", **held(8_001_000_000)),
    fires("FIN-06", "A", "Securities that cost CNY 100.0 million are worth CNY 70.0 million: down 30.0% (limit 20.0%), a loss of CNY "
          "30.0 million against owners' equity of CNY 1,000.0 million.",
          zh="证券投资成本10,000.00万元，公允价值7,000.00万元：贬值30.0%（界限20.0%），损失3,000.00万元，所有者权益为100,000.00万元。",
          **held(70 * M)),
    fires("FIN-06", "W", "Securities that cost CNY 100.0 million are worth CNY 70.1 million: down 29.9% (limit 20.0%).", **held(7_010_000_000)),
    fires("FIN-06", "R", "The loss on securities is CNY 30.0 million, 10.0% of owners' equity (limit 10.0%).",
          zh="证券投资损失3,000.00万元，为所有者权益的10.0%（界限10.0%）。", **held(70 * M, equity=300 * M)),
    fires("FIN-06", "A", "Securities that cost CNY 100.0 million are worth CNY 70.0 million: down 30.0% (limit 20.0%), a loss of CNY "
          "30.0 million against owners' equity of CNY 300.1 million.", **held(70 * M, equity=30_010_000_000)),
    fires("FIN-06", "R", "The loss on securities is CNY 5.0 million, 10.0% of owners' equity (limit 10.0%).",
          **held(95 * M, equity=50 * M)),  # whatever the fall
    clear("FIN-06", securities_cost=0, securities_fair_value=0, securities_loss=0, equity=M),
    no_data("FIN-06", **{**held(80 * M), "securities_fair_value": None, "securities_loss": None}),
    no_data("FIN-06", **{**held(90 * M), "equity": None}),  # level R is open
    no_data("FIN-06"),
    # FIN-20
    fires("FIN-20", "W", "In twelve months CNY 30.0 million was paid for investments and CNY 10.0 million received: 4.00× the average "
          "balance (limit 4.00×).", zh="近十二个月投资支付3,000.00万元、收回1,000.00万元，为平均投资余额的4.00倍（界限4.00倍）。",
          **FLOWS, **BALANCE),
    clear("FIN-20", **{**FLOWS, "investment_purchases_cash_ttm": 2_990_000_000}, **BALANCE),
    clear("FIN-20", **FLOWS, **{**BALANCE, "trading_assets": 7 * M}),
    fires("FIN-20", "W", "In twelve months CNY 30.0 million was paid for investments and CNY 10.0 million received: ∞× the average "
          "balance (limit 4.00×).", **FLOWS, **dict.fromkeys(BALANCE, 0)),
    fires("FIN-20", "W", "12 round trips in securities, wealth products and equity in 90 days (limit 12).",
          zh="近90天证券、理财和股权投资往返买卖12次（界限12次）。", investment_round_trips_90=12),
    clear("FIN-20", investment_round_trips_90=11),
    fires("FIN-20", "A", "In twelve months CNY 30.0 million was paid for investments and CNY 10.0 million received: 50.0% of revenue "
          "(limit 50.0%).", zh="近十二个月投资支付3,000.00万元、收回1,000.00万元，为营业收入的50.0%（界限50.0%）。",
          **{**FLOWS, "revenue_ttm": 80 * M}),
    clear("FIN-20", **{**FLOWS, "revenue_ttm": 8_010_000_000}),
    no_data("FIN-20", investment_purchases_cash_ttm=M, revenue_ttm=M),
    no_data("FIN-20"),
    # FIN-21
    clear("FIN-21", **FINE),
    clear("FIN-21", **FINE, newest_opinion="adverse"),
    fires("FIN-21", "A", "An investment was worth 80% of its carrying value or less at two period ends, and no impairment was booked.",
          zh="一项投资连续两个报告期末的公允价值不高于账面价值的80%，却未计提减值。", **{**FINE, "investment_not_impaired": True}, newest_opinion="emphasis"),
    fires("FIN-21", "A", "An impairment of an investment was booked and half of it or more reversed within four quarters.",
          zh="一项投资计提减值后，四个季度内转回了一半以上。", **{**FINE, "investment_impairment_reversed": True}),
    fires("FIN-21", "R", "An investment was worth 80% of its carrying value or less at two period ends without an impairment, and the "
          "auditor's newest opinion is qualified or worse.",
          zh="一项投资连续两个报告期末的公允价值不高于账面价值的80%而未计提减值，且最近一次审计意见为保留或更差。",
          investment_not_impaired=True, newest_opinion="qualified"),
    fires("FIN-21", "R", "An impairment of an investment was booked and half of it or more reversed within four quarters, and the "
          "auditor's newest opinion is qualified or worse.",
          zh="一项投资计提减值后四个季度内转回了一半以上，且最近一次审计意见为保留或更差。",
          **{**FINE, "investment_impairment_reversed": True}, newest_opinion="disclaimer"),
    no_data("FIN-21", investment_not_impaired=False),
    no_data("FIN-21", newest_opinion="qualified"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_investments(case: Case) -> None:
    check(case)
