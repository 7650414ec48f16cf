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
DEMAND, TIME, EBANK, TAX, SETTLES = "DEP-1", "DEP-2", "EBK-1", "AGY-1", "SET-1"
NO_PACKAGE, FEE = 7, 0.00005  # every so many clients settle without the package; its fee as a part of their sales
LENDING = {"working_capital": "WCL-1", "fixed_asset": "FAL-1", "bill_discount": "BIL-1", "acceptance": "BIL-2"}
MISSING, EXPIRED, WAIVED, UNCHECKED = 0.04, 0.03, 0.01, 0.08
APPLIES = {"cultivation": ("CU2", "CU6", "CU8"), "basic_info": ("BI1", "BI2", "BI3", "BI6")}  # of every client
# Of grades A and B, or none yet.
KEY_TIERS = {"cultivation": ("CU1", "CU3", "CU5", "CU9"), "basic_info": ("BI4", "BI5")}
LONG = date(2005, 6, 30)  # a client since before is long-standing: looked after like the key ones, whatever its grade
# FG: guarantors are persons; FB17 unless something changed in the registry
WAIVABLE = frozenset({"FB03", "FB05", "FB10", "FB17", "FB18", "FB20", "FB21", "FG1", "FG6", "FG7"})
CHANGES = ("scope_change", "name_change", "legal_rep_change", "director_change")


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
        if client.number % NO_PACKAGE:
            fee = int(FEE * client.revenue.get(2014, 0.0))
            used = LAST - timedelta(days=2)
            rows.append({"product_id": SETTLES, "opened_on": opened, "income_12m": fee, "last_used_on": used})
    if accounts and client.number % 2:
        rows.append({"product_id": TAX, "opened_on": opened, "last_used_on": date(2015, 6, 15)})
    return [
        {"holding_id": f"H-{client.client_id}-{k:02d}", "client_id": client.client_id, **row}
        for k, row in enumerate(rows)
    ]


def documents(
    client: Client, loans: list[Row], support: list[Row], events: list[Row], rng: np.random.Generator
) -> list[Row]:
    """The client's file: a few papers missing or expired, and the borrower's and guarantor's lists of the last fixed-asset loan."""
    me = client.client_id
    wanted: list[tuple[str, str, str, str | None]]
    wanted = [(name, item, me, None) for name, items in _own(client, loans, events).items() for item in items]
    fixed = [loan["loan_id"] for loan in loans if loan["product"] == "fixed_asset"][-1:]
    guarantors = sorted({row["provider_id"] for row in support if row["kind"] == "guarantee"})
    changed = any(row["kind"] == "registry" and row["subtype"] in CHANGES for row in events)
    for loan in fixed:
        wanted += [("fixed_asset_borrower", item, me, loan) for item in CHECKLISTS["fixed_asset_borrower"]]
        wanted += [
            ("fixed_asset_guarantor", i, who, loan) for who in guarantors for i in CHECKLISTS["fixed_asset_guarantor"]
        ]
    waivable = WAIVABLE - {"FB17"} if changed else WAIVABLE
    return [
        {"document_id": f"D-{me}-{k:02d}", "client_id": me, "checklist": name, "item_code": item, "subject_id": who,
         "about_id": about, **_state(client, item in waivable, rng)}
        for k, (name, item, who, about) in enumerate(wanted)
    ]  # fmt: skip


def _own(client: Client, loans: list[Row], events: list[Row]) -> dict[str, tuple[str, ...]]:
    """The items of a client's own two lists that somebody should have filed."""
    items = {name: [*APPLIES[name]] for name in APPLIES}
    if client.tier in ("A", "B", None):
        items = {name: [*items[name], *KEY_TIERS[name]] for name in items}
    elif client.since <= LONG:
        items["cultivation"].append("CU1")
    if loans or any(row["kind"] == "project" for row in events):
        items["cultivation"].append("CU4")
    if loans and "BI4" not in items["basic_info"]:
        items["basic_info"].append("BI4")
    return {name: tuple(codes) for name, codes in items.items()}


def _state(client: Client, waived: bool, rng: np.random.Generator) -> Row:
    """How a paper stands: present and looked at, mostly."""
    came = date(2014, 7, 1) + timedelta(days=int(rng.integers(0, 330)))
    fate, looked_at = rng.random(), rng.random() >= UNCHECKED
    checked = {"checked_by": client.rm if looked_at else None}
    if waived or fate < WAIVED:
        return {"status": "waived", "reason": "Does not apply to this client.", **checked}
    if fate < WAIVED + MISSING:
        return {"status": "missing"}
    if fate < WAIVED + MISSING + EXPIRED:
        return {"status": "expired", "received_on": date(2013, 5, 6), "valid_until": date(2015, 5, 5)}
    return {"status": "present", "received_on": came, "valid_until": came + timedelta(days=365), **checked}
