"""Simulated products, what clients hold of them, and the archive: products, holdings, documents."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from expectations.registers import CHECKLISTS
from sample.timeline import LAST
from sample.world import Client

Row = dict[str, Any]
PRODUCTS: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("DEP-1", "单位活期存款", "deposit", None, None),
    ("DEP-2", "单位定期存款", "deposit", None, "idle_balance > 1000000"),
    ("DEP-3", "协定存款", "deposit", "C", "adb_365 > 5000000"),
    ("SET-1", "国内结算套餐", "settlement", None, "opin_12 > 0"),
    ("CSH-1", "集团现金池", "cash_management", "B", "group_member and adb_365 > 10000000"),
    ("CSH-2", "账户信息直联", "cash_management", "B", "opin_12 > 100000000"),
    ("PAY-1", "代发工资", "payroll", None, "payroll_elsewhere"),
    ("EBK-1", "企业网上银行", "ebanking", None, 'not holds("ebanking")'),
    ("ACQ-1", "商户收单", "acquiring", None, 'industry_code == "F5177"'),
    ("WCL-1", "流动资金贷款", "working_capital", None, 'receivable_days > 60 and risk_level == "clear"'),
    ("WCL-2", "法人账户透支", "working_capital", "B", "loans_out > 0 and tenure_years >= 2"),
    ("FAL-1", "固定资产贷款", "fixed_asset", "C", 'risk_level == "clear"'),
    ("TRF-1", "国内信用证", "trade_finance", "C", "importer or exporter"),
    ("TRF-2", "供应链融资", "trade_finance", "C", "receivable_days > 90"),
    ("BIL-1", "商业汇票贴现", "bills", None, "bills_share >= 0.2"),
    ("BIL-2", "银行承兑汇票", "bills", None, None),
    ("GLC-1", "履约保函", "guarantee_lc", "C", 'industry_code == "E4710"'),
    ("FXO-1", "远期结售汇", "fx", "C", 'fx_share >= 0.10 and not holds("fx")'),
    ("WMG-1", "对公理财", "wealth_management", "B", "idle_balance > 3000000 and cash_share > 0.2"),
    ("WMG-2", "大额存单", "wealth_management", None, "time_deposit_maturing_30d"),
    ("IVB-1", "债券承销", "investment_banking", "A", "floating_share > 0.5 and loans_out > 100000000"),
    ("CUS-1", "资金托管", "custody", "A", None),
    ("ADV-1", "财务顾问", "advisory", "A", 'grade == "A"'),
    ("AGY-1", "代理缴税", "agency", None, None),
    ("INS-1", "代理财产保险", "insurance_agency", None, "inventory_days > 120"),
    ("CRD-1", "公务卡", "credit_card", None, "headcount >= 20"),
)  # id, name, family, lowest grade it suits, condition
DEMAND, TIME, EBANK, TAX = "DEP-1", "DEP-2", "EBK-1", "AGY-1"
LENDING = {"working_capital": "WCL-1", "fixed_asset": "FAL-1", "bill_discount": "BIL-1", "acceptance": "BIL-2"}
MISSING, EXPIRED, WAIVED = 0.04, 0.03, 0.01
APPLIES = {"cultivation": ("CU2", "CU6", "CU8"), "basic_info": ("BI1", "BI2", "BI3", "BI6")}  # of every client
KEY_TIERS = {"cultivation": ("CU1", "CU3", "CU5"), "basic_info": ("BI4", "BI5")}  # of grades A and B
WAIVABLE = ("FB03", "FB05", "FB10", "FB17", "FB18", "FB20", "FB21", "FG1", "FG6", "FG7")  # FG: guarantors are persons


def products() -> list[Row]:
    """The bank's catalogue."""
    return [
        {"product_id": product, "name_zh": name, "family": family, "launched_on": date(2008 + k % 7, 1 + k % 12, 1),
         "min_tier": tier, "fits": fits}
        for k, (product, name, family, tier, fits) in enumerate(PRODUCTS)
    ]  # fmt: skip


def holdings(client: Client, accounts: list[Row], loans: list[Row]) -> list[Row]:
    """What a client has: its accounts, its loans in force, e-banking, tax payments."""
    rows = [
        {"product_id": DEMAND if account["kind"] == "demand" else TIME, "opened_on": account["opened_on"],
         "closed_on": account.get("closed_on"), "last_used_on": LAST - timedelta(days=client.number % 9)}
        for account in accounts
        if account["kind"] in ("demand", "time")
    ]  # fmt: skip
    rows += [
        {"product_id": LENDING[loan["product"]], "opened_on": loan["disbursed_on"], "closed_on": loan["matures_on"],
         "amount": loan["principal"], "income_12m": int(loan["principal"] * 0.02)}
        for loan in loans
        if loan["product"] in LENDING and loan["matures_on"] <= LAST
    ]  # fmt: skip
    rows += [
        {"product_id": LENDING[loan["product"]], "opened_on": loan["disbursed_on"], "amount": loan["principal"],
         "income_12m": int(loan["principal"] * 0.02), "last_used_on": loan["disbursed_on"]}
        for loan in loans
        if loan["product"] in LENDING and loan["matures_on"] > LAST
    ]  # fmt: skip
    if accounts:
        opened = accounts[0]["opened_on"]
        rows.append(
            {"product_id": EBANK, "opened_on": opened, "income_12m": 120_000, "last_used_on": LAST - timedelta(days=1)}
        )
    if accounts and client.number % 2:
        rows.append({"product_id": TAX, "opened_on": opened, "last_used_on": date(2015, 6, 15)})
    return [
        {"holding_id": f"H-{client.client_id}-{k:02d}", "client_id": client.client_id, **row}
        for k, row in enumerate(rows)
    ]


def documents(client: Client, loans: list[Row], support: list[Row], rng: np.random.Generator) -> list[Row]:
    """The client's file: a few papers missing or expired, and the borrower's and guarantor's lists of a fixed-asset loan."""
    rows = []
    for name in ("cultivation", "basic_info"):
        items = APPLIES[name] + (KEY_TIERS[name] if client.tier in ("A", "B") else ())
        rows += [_paper(client, name, item, client.client_id, None, rng) for item in items]
    fixed = [loan for loan in loans if loan["product"] == "fixed_asset"]
    if fixed:
        about = fixed[-1]["loan_id"]
        rows += [
            _paper(client, "fixed_asset_borrower", i, client.client_id, about, rng)
            for i in CHECKLISTS["fixed_asset_borrower"]
        ]
        for guarantor in sorted({row["provider_id"] for row in support if row["kind"] == "guarantee"}):
            rows += [
                _paper(client, "fixed_asset_guarantor", i, guarantor, about, rng)
                for i in CHECKLISTS["fixed_asset_guarantor"]
            ]
    return [
        {"document_id": f"D-{client.client_id}-{k:02d}", "client_id": client.client_id, **row}
        for k, row in enumerate(rows)
    ]


def _paper(client: Client, checklist: str, item: str, subject: str, about: str | None, rng: np.random.Generator) -> Row:
    came = date(2014, 7, 1) + timedelta(days=int(rng.integers(0, 330)))
    base = {"checklist": checklist, "item_code": item, "subject_id": subject, "about_id": about}
    fate = rng.random()
    if item in WAIVABLE or fate < WAIVED:
        return {**base, "status": "waived", "reason": "Does not apply to this client."}
    if fate < WAIVED + MISSING:
        return {**base, "status": "missing"}
    if fate < WAIVED + MISSING + EXPIRED:
        return {**base, "status": "expired", "received_on": date(2013, 5, 6), "valid_until": date(2015, 5, 5)}
    return {
        **base,
        "status": "present",
        "received_on": came,
        "valid_until": came + timedelta(days=365),
        "checked_by": client.rm,
    }
