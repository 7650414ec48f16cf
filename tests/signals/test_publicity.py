import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

CALM = {"catastrophes_confirmed_90": 0, "catastrophes_unconfirmed_90": 0, "safety_orders_365": 0}
CLEAN = {
    "misconduct_news_90": 0,
    "misconduct_confirmed_90": 0,
    "misconduct_publishers_30": 0,
    "misconduct_penalties": 0,
}
ONE = {**CLEAN, "misconduct_news_90": 1, "misconduct_publishers_30": 1}

CASES = [
    # MGT-49
    clear("MGT-49", **CALM),
    no_data("MGT-49"),
    no_data("MGT-49", **{**CALM, "safety_orders_365": None}),
    fires("MGT-49", "A", "Unconfirmed news of a fire, explosion, flood, accident with casualties or death of a key person in 90 days: "
          "1.", zh="近90天关于火灾、爆炸、水灾、伤亡事故或关键人物死亡的未核实新闻1条。", **{**CALM, "catastrophes_unconfirmed_90": 1}),
    fires("MGT-49", "R", "Confirmed news of a fire, explosion, flood, accident with casualties or death of a key person in 90 days: "
          "2.", zh="近90天关于火灾、爆炸、水灾、伤亡事故或关键人物死亡的已核实新闻2条。",
          **{**CALM, "catastrophes_unconfirmed_90": 1, "catastrophes_confirmed_90": 2}),
    fires("MGT-49", "R", "Production safety orders registered in 365 days: 1.", zh="近365天登记安全生产监管命令1次。",
          **{**CALM, "safety_orders_365": 1}),
    fires("MGT-49", "R", "Production safety orders registered in 365 days: 1.", safety_orders_365=1),
    fires("MGT-49", "R", "The relationship manager's answer on file confirms it (severity 1).",
          **CALM, answer_mgt_49="yes", answer_mgt_49_severity=1),
    fires("MGT-49", "A", "Unconfirmed news of a fire, explosion, flood, accident with casualties or death of a key person in 90 days: "
          "1.", **{**CALM, "catastrophes_unconfirmed_90": 1}, answer_mgt_49="no"),  # "no" is no answer to a fact of a B row
    # MGT-50
    clear("MGT-50", **CLEAN),
    no_data("MGT-50"),
    no_data("MGT-50", **{**CLEAN, "misconduct_penalties": None}),
    fires("MGT-50", "W", "News of misconduct of severity 2 or 3 in 90 days: 1.", zh="近90天严重程度2级以上的不良行为新闻1条。", **ONE),
    fires("MGT-50", "W", "News of misconduct of severity 2 or 3 in 90 days: 4.",
          **{**ONE, "misconduct_news_90": 4, "misconduct_publishers_30": 2}),
    fires("MGT-50", "A", "Publishers that reported misconduct in 30 days: 3 (limit 3).",
          zh="近30天报道其不良行为的媒体3家（界限3）。", **{**ONE, "misconduct_news_90": 3, "misconduct_publishers_30": 3}),
    fires("MGT-50", "A", "Confirmed news of misconduct in 90 days: 1.", zh="近90天已核实的不良行为新闻1条。",
          **{**ONE, "misconduct_confirmed_90": 1}),
    fires("MGT-50", "R", "After news of misconduct a penalty was registered (1).", zh="不良行为见诸报道后登记行政处罚1起。",
          **{**ONE, "misconduct_penalties": 1}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_publicity(case: Case) -> None:
    check(case)
