"""Registers of the input model: event kinds (its section 5.1), indicators of `series` (5.2), checklists of `documents` (10).

A rule may name only what stands here; adding one is a line here, not code.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """A kind of event: whether it is about a party, its subtypes, the columns it must fill, and the flags it may carry."""

    of_party: bool
    subtypes: tuple[str, ...]
    required: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """An indicator: who it is about, its unit, how often it comes (M, Q, H, Y, D, or when it happens), its limits."""

    subject: str
    name: str
    unit: str
    every: str
    low: float | None
    high: float | None


EVENT_KINDS: Mapping[str, EventKind] = {
    "policy": EventKind(
        False,
        (
            "technology_standard",
            "restrict",
            "capacity_cut",
            "environmental_limit",
            "licence_withdrawn",
            "price_control",
            "industrial",
            "monetary",
            "tax",
            "trade",
        ),
        ("due_on", "severity", "source_ref"),
        (),
    ),
    "news": EventKind(
        False,
        (
            "technology_shift",
            "regional_financial_turmoil",
            "natural_disaster",
            "epidemic",
            "unrest",
            "major_accident",
            "product_complaint",
            "recall",
            "executive_scandal",
            "gambling",
            "governance_dispute",
            "fire",
            "explosion",
            "flood_damage",
            "casualty_accident",
            "key_person_death",
            "fraud",
            "tax_evasion",
            "pollution",
            "wage_arrears",
            "false_advertising",
            "corruption",
        ),
        ("severity", "source_ref"),
        (),
    ),
    "registry": EventKind(
        True,
        (
            "bankruptcy_filing",
            "dishonest_executee",
            "executed",
            "equity_freeze",
            "abnormal_operation",
            "equity_transfer",
            "scope_change",
            "name_change",
            "industry_code_change",
            "branch_open",
            "branch_close",
            "subsidiary_open",
            "outbound_investment",
            "deregistered",
            "licence_revoked",
            "judicial_auction",
            "quality_penalty",
            "recall",
            "legal_rep_change",
            "director_change",
            "general_manager_change",
            "cfo_change",
            "controller_change",
            "lease_out",
            "contracting_out",
            "joint_venture",
            "type_change",
            "division",
            "merger",
            "restructuring",
            "capital_reduction",
            "lawsuit",
            "criminal_case",
            "joint_stock_conversion",
            "employee_shareholding",
            "restructuring_plan",
            "labour_arbitration",
            "production_safety_order",
            "penalty",
            "asset_transfer",
            "equity_pledge",
            "tax_arrears",
            "dividend_resolution",
        ),
        ("source_ref",),
        ("control_changed", "production_asset", "secures_our_loan", "new_industry", "new_region"),
    ),
    "deal": EventKind(
        True,
        (
            "equity_sale",
            "equity_purchase",
            "acquisition",
            "asset_sale",
            "asset_purchase",
            "intangible_purchase",
            "real_estate_purchase",
        ),
        ("amount",),
        ("related_party", "appraised", "debt_funded", "production_asset", "new_industry", "control_changed"),
    ),
    "project": EventKind(
        True,
        ("on_track", "slowed", "paused", "stopped", "finished"),
        ("due_on", "ends_on", "amount", "ref_amount", "source_ref"),
        (),
    ),
    "shutdown": EventKind(
        True,
        (
            "planned_maintenance",
            "seasonal",
            "holiday",
            "accident",
            "no_orders",
            "no_material",
            "environmental",
            "no_funds",
            "dispute",
            "other",
        ),
        (),
        (),
    ),
    "loan_request": EventKind(
        True, ("new", "increase", "rollover", "extension", "release_of_security"), ("amount",), ("unplanned",)
    ),
    "bureau_inquiry": EventKind(True, ("loan_approval", "guarantee_review", "post_loan", "other"), ("other_id",), ()),
    "reference_call": EventKind(True, ("credit_standing", "other"), ("other_id", "reported_by"), ()),
    "dunning": EventKind(True, ("principal", "interest", "fee", "maturity_notice"), (), ()),
    "client_notice": EventKind(
        True,
        (
            "equity_transfer",
            "merger",
            "division",
            "asset_transfer",
            "controller_change",
            "equity_pledge",
            "capital_reduction",
            "restructuring",
            "funding_plan_omits_repayment",
            "other",
        ),
        (),
        (),
    ),
    "competitor_contact": EventKind(
        True,
        ("visit", "offer", "account_opened", "payroll_moved", "loan_approved", "other"),
        ("other_id", "reported_by"),
        (),
    ),
    "occasion": EventKind(
        True, ("promotion", "farewell", "anniversary", "listing", "award", "opening", "other"), (), ()
    ),
    "observation": EventKind(
        True,
        (
            "yes",
            "no",
            "partial",
            "stopped",
            "stagnant",
            "none",
            "not_implemented",
            "not_feasible",
            "too_cold",
            "too_warm",
            "refused",
            "other",
        ),
        ("signal_id", "severity", "reported_by", "ends_on"),
        ("supervisor",),
    ),
    "signal_action": EventKind(
        True, ("confirm", "dismiss", "snooze", "clear", "escalate"), ("signal_id", "reported_by"), ()
    ),
}
INDICATORS: tuple[Indicator, ...] = (
    Indicator("macro", "gdp_yoy", "fraction", "Q", -0.3, 0.3),
    Indicator("macro", "pmi", "index", "M", 20, 80),
    Indicator("macro", "policy_rate", "fraction", "event", -0.02, 0.3),
    Indicator("industry", "revenue_yoy", "fraction", "M", -0.9, 5),
    Indicator("industry", "profit_yoy", "fraction", "M", -5, 20),
    Indicator("industry", "finished_goods_inventory_yoy", "fraction", "M", -0.9, 5),
    Indicator("industry", "ppi_yoy", "fraction", "M", -0.6, 2),
    Indicator("industry", "capacity_utilisation", "fraction", "Q", 0, 1.2),
    Indicator("region", "gdp_yoy", "fraction", "Q", -0.5, 0.5),
    Indicator("region", "fixed_investment_yoy", "fraction", "M", -0.9, 5),
    Indicator("region", "new_firms_yoy", "fraction", "Q", -0.9, 5),
    Indicator("region", "bankruptcy_filings_yoy", "fraction", "Q", -1, 50),
    Indicator("industry_region", "avg_wage_industry", "CNY per head and year", "Y", 5000, 2000000),
    Indicator("industry_region", "technology_disruption", "score 1-5", "Q", 1, 5),
    Indicator("industry_region", "investment_climate", "score 1-5", "Q", 1, 5),
    Indicator("client", "output_units", "units", "M", 0, None),
    Indicator("client", "capacity_units", "units per month", "M", 0, None),
    Indicator("client", "orders", "CNY", "M", 0, None),
    Indicator("client", "shipments", "units", "M", 0, None),
    Indicator("client", "inventory_units", "units", "M", 0, None),
    Indicator("client", "raw_material_purchases", "CNY", "M", 0, None),
    Indicator("client", "product_price_index", "index, first month = 100", "M", 0, None),
    Indicator("client", "active_products", "count", "M", 0, None),
    Indicator("client", "top_product_share", "fraction", "M", 0, 1),
    Indicator("client", "headcount", "count", "M", 0, 3000000),
    Indicator("client", "leavers", "count", "M", 0, None),
    Indicator("client", "downtime_days", "days", "M", 0, 31),
    Indicator("client", "stocktake_variance", "fraction", "event", 0, 1),
    Indicator("client", "return_rate", "fraction", "M", 0, 1),
    Indicator("client", "plan_attainment", "fraction", "H", 0, 10),
    Indicator("client", "vat_sales", "CNY", "M", 0, None),
    Indicator("client", "contribution", "CNY", "M", None, None),
    Indicator("client", "fee_income", "CNY", "M", None, None),
    Indicator("client", "wallet_share_deposit", "fraction", "event", 0, 1),
    Indicator("fx", "mid_rate", "CNY per unit", "D", 0, None),
)
CHECKLISTS: Mapping[str, Mapping[str, str]] = {
    "cultivation": {
        "CU1": "年度客户培育计划",
        "CU2": "拜访计划与拜访总结",
        "CU3": "合作建议书",
        "CU4": "作业方案",
        "CU5": "强化客户关系的计划",
        "CU6": "客户维护访问计划",
        "CU7": "客户投诉调查处理资料",
        "CU8": "业务开展进度情况",
        "CU9": "客户发展建议、筹融资方案、行业发展报告及其他有价值的资料",
    },
    "basic_info": {
        "BI1": "客户基本信息表及具体调查表",
        "BI2": "客户需求资料",
        "BI3": "客户财务状况分析资料",
        "BI4": "行业与地区评价计分卡",
        "BI5": "客户价值评价报告或企业价值评价计分卡",
        "BI6": "银行与客户业务往来情况,包括各种交易记录",
    },
    "fixed_asset_borrower": {
        "FB01": "固定资产项目立项批文复印件",
        "FB02": "投资许可证、建筑许可证及开工许可证的复印件",
        "FB03": "国家或各级政府固定资产投资计划复印件",
        "FB04": "项目可行性评估报告",
        "FB05": "外管局批准借款外债批文复印件",
        "FB06": "设备合同或清单复印件",
        "FB07": "年检合格的企业法人营业执照复印件",
        "FB08": "企业法人代码证书复印件",
        "FB09": "法定代表人证明书复印件",
        "FB10": "法人授权委托证明书复印件",
        "FB11": "法定代表人和委托代理人身份证复印件",
        "FB12": "年检合格的贷款证复印件",
        "FB13": "近3个会计年度的财务报表和注册会计师审计报告",
        "FB14": "企业最新资信等级评估证书复印件",
        "FB15": "企业成立批文复印件及企业章程",
        "FB16": "借款人决策机构同意贷款的文件复印件",
        "FB17": "借款企业变更登记的有关资料",
        "FB18": "生产经营许可证和外汇登记证的复印件",
        "FB19": "与借款用途相关的购销合同复印件",
        "FB20": "进入呆账核销程序的相关资料",
        "FB21": "核销贷款损失申请表复印件",
        "FB22": "借款人和保证人调查报告",
    },
    "fixed_asset_guarantor": {
        "FG1": "年检合格的企业法人营业执照复印件",
        "FG2": "法定代表人证明书、法人授权委托证明书和企业法人代码证书的复印件",
        "FG3": "法定代表人和委托代理人身份证复印件",
        "FG4": "年检合格的贷款证复印件",
        "FG5": "近3个会计年度的财务报表和注册会计师审计报告",
        "FG6": "企业成立批文复印件及企业章程",
        "FG7": "董事会或类似决策机构同意担保的决议复印件",
    },
}
# Ids of the catalogue's signals; `transforms` defines them, a test holds both equal.
_COUNTS = {"EXT": 8, "FIN": 30, "MGT": 51, "MOR": 14, "REL": 13, "ADD": 9}
SIGNALS: tuple[str, ...] = tuple(f"{group}-{n:02d}" for group, count in _COUNTS.items() for n in range(1, count + 1))
