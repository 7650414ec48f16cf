"""Words per language: gettext catalogues read from .po files, and the labels of codes.

`N_` marks a text for the catalogue; a translator turns it into words when a report is made.
"""

import gettext
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from transforms.signals import CATALOGUE

LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text for translation."""
    return text


LABELS: Mapping[str, Mapping[str, str]] = {
    "risk": {
        "clear": N_("Clear"), "W": N_("Watch"), "A": N_("Alert"), "R": N_("Red"), "N": N_("Non-performing"),
        "not_assessable": N_("Not assessable"),
    },
    "relationship": {
        "ok": N_("In order"), "cooling": N_("Cooling"), "at_risk": N_("At risk"), "not_assessable": N_("Not assessable"),
    },
    "answer": {
        "CLEAR": N_("Clear"), "W": N_("Watch"), "A": N_("Alert"), "R": N_("Red"), "N": N_("Non-performing"),
        "NO_DATA": N_("No data"), "NOT_APPLICABLE": N_("Not applicable"),
    },
    "quadrant": {
        "secure": N_("Secure: low risk, warm relationship"), "win_back": N_("Win back: low risk, cold relationship"),
        "reduce": N_("Reduce or secure: high risk, warm relationship"),
        "senior_visit": N_("Senior visit: high risk, cold relationship"),
    },
    "strategy": {
        "exit": N_("Exit the risk"), "transfer": N_("Transfer the risk"), "reduce": N_("Reduce the risk"),
        "spread": N_("Spread the risk"), "prevent": N_("Prevent the risk"),
    },
    "change": {"new": N_("new"), "worse": N_("worse"), "standing": N_("unchanged"), "better": N_("better")},
    "category": {
        "EXT": N_("External environment"), "FIN": N_("Finances"), "MGT": N_("Management"), "MOR": N_("Moral hazard"),
        "ADD": N_("Beyond the book"), "REL": N_("Signs of decay"),
    },
    "acted": {
        "confirm": N_("Confirmed"), "dismiss": N_("Not confirmed"), "snooze": N_("Snoozed"), "clear": N_("Resolved"),
        "escalate": N_("Passed on"),
    },
    "share": {
        "fired": N_("firing"), "clear": N_("clear"), "no_data": N_("without data"),
    },
    "channel": {
        "visit": N_("Visit"), "bank_visit": N_("At the bank"), "site_inspection": N_("Site inspection"),
        "phone": N_("Phone"), "video": N_("Video"), "message": N_("Message"), "email": N_("E-mail"),
        "letter": N_("Letter"), "banquet": N_("Banquet"), "event": N_("Event"),
    },
    "purpose": {
        "first_meeting": N_("First meeting"), "routine_maintenance": N_("Routine"), "thank_you": N_("Thanks"),
        "greeting": N_("Greeting"), "information": N_("Information"), "document_request": N_("Documents"),
        "repayment_reminder": N_("Repayment reminder"), "post_loan_check": N_("Post-loan check"),
        "product_offer": N_("Offer"), "negotiation": N_("Negotiation"), "complaint_followup": N_("Complaint"),
        "satisfaction_inquiry": N_("Satisfaction"), "senior_exchange": N_("Senior exchange"),
        "collection": N_("Collection"), "problem_solving": N_("Problem solving"), "other": N_("Other"),
    },
    "complaint": {
        "attitude": N_("Attitude"), "argument": N_("Argument"), "prejudice": N_("Prejudice"), "criticism": N_("Criticism"),
        "ignored_feedback": N_("Ignored feedback"), "missed_appointment": N_("Missed appointment"),
        "broken_promise": N_("Broken promise"), "efficiency": N_("Speed"), "system_equipment": N_("Systems"),
        "rules_process": N_("Rules and process"), "marketing": N_("Marketing"), "disclosure": N_("Disclosure"),
        "pricing_fee": N_("Prices and fees"), "product_return": N_("Product return"), "free_choice": N_("Free choice"),
        "contract_terms": N_("Contract terms"), "fund_safety": N_("Safety of funds"),
        "information_safety": N_("Safety of information"), "debt_collection": N_("Debt collection"), "other": N_("Other"),
    },
    "action": {
        "STOP": N_("the night stops"), "CLIENT": N_("client held"), "ROW": N_("row refused"), "WARN": N_("warning"),
        "KEEP": N_("kept: it is a finding"),
    },
    "severity": {"1": N_("ordinary"), "2": N_("complex"), "3": N_("major")},
    "size": {"micro": N_("Micro"), "small": N_("Small"), "medium": N_("Medium"), "large": N_("Large")},
    "section": {
        "A": N_("Agriculture"), "B": N_("Mining"), "C": N_("Manufacturing"), "D": N_("Power, heat, gas, water"),
        "E": N_("Construction"), "F": N_("Trade"), "G": N_("Transport and storage"), "H": N_("Hotels and catering"),
        "I": N_("Information technology"), "J": N_("Finance"), "K": N_("Real estate"), "L": N_("Leasing and business services"),
        "M": N_("Research and technical services"), "N": N_("Water, environment, public facilities"),
        "O": N_("Household services and repair"), "P": N_("Education"), "Q": N_("Health and social work"),
        "R": N_("Culture, sports, entertainment"), "S": N_("Public administration"), "T": N_("International organisations"),
    },
    "table": {
        "parties": N_("parties"), "clients": N_("clients"), "staff": N_("staff"), "assignments": N_("assignments"),
        "statements": N_("financial statements"), "accounts": N_("accounts"), "balances": N_("balances"),
        "transactions": N_("transactions"), "facilities": N_("credit lines"), "loans": N_("loans"),
        "loan_status": N_("loan states"), "credit_support": N_("guarantees and collateral"), "calendar": N_("calendar"),
        "interactions": N_("contacts"), "complaints": N_("complaints"), "disclosures": N_("notes to statements"),
        "series": N_("sector, region and client figures"), "bureau_reports": N_("credit bureau"), "events": N_("events"),
        "own_book": N_("own book"), "party_links": N_("links between parties"), "staff_days": N_("staff workdays"),
        "products": N_("products"), "holdings": N_("products held"), "undertakings": N_("undertakings and tasks"),
        "survey_answers": N_("satisfaction answers"), "documents": N_("archive documents"),
        "counterparties": N_("counterparties"), "history": N_("earlier nights"), "answers": N_("other signals"),
    },
    "key": {  # words of closed lists inside a row's key
        "M": N_("month"), "Q": N_("quarter"), "H": N_("half-year"), "Y": N_("year"), "single": N_("single company"),
        "consolidated": N_("consolidated"), "accounting_policy": N_("accounting policy"),
        "top_customer": N_("largest customer"), "top_supplier": N_("largest supplier"),
        "investment_equity": N_("equity investment"), "investment_security": N_("security held"),
        "investment_project": N_("investment project"), "revenue_recognition": N_("recognition of revenue"),
        "inventory_valuation": N_("valuation of inventory"), "depreciation_method": N_("depreciation method"),
        "useful_life": N_("useful life"), "amortisation_life": N_("amortisation period"), "bad_debt": N_("bad debt"),
        "consolidation_scope": N_("scope of consolidation"), "measurement_model": N_("measurement model"),
        "other": N_("other"), "macro": N_("country"), "industry": N_("sector"), "region": N_("region"),
        "industry_region": N_("sector and region"), "section": N_("section"), "none": N_("whole book"),
        "client": N_("client"), "fx": N_("exchange rate"),
        "gdp_yoy": N_("growth of GDP"), "pmi": N_("purchasing managers' index"), "policy_rate": N_("policy rate"),
        "revenue_yoy": N_("growth of revenue"), "profit_yoy": N_("growth of profit"),
        "finished_goods_inventory_yoy": N_("growth of finished goods"), "ppi_yoy": N_("change of producer prices"),
        "capacity_utilisation": N_("use of capacity"), "fixed_investment_yoy": N_("growth of fixed investment"),
        "new_firms_yoy": N_("growth of new firms"), "bankruptcy_filings_yoy": N_("growth of bankruptcy filings"),
        "avg_wage_industry": N_("average wage"), "technology_disruption": N_("technology disruption"),
        "investment_climate": N_("investment climate"), "output_units": N_("output"), "capacity_units": N_("capacity"),
        "orders": N_("orders"), "shipments": N_("shipments"), "inventory_units": N_("units in stock"),
        "raw_material_purchases": N_("raw-material purchases"), "product_price_index": N_("product price"),
        "active_products": N_("products sold"), "top_product_share": N_("share of the main product"),
        "headcount": N_("employees"), "leavers": N_("leavers"), "downtime_days": N_("days of standstill"),
        "stocktake_variance": N_("stocktake difference"), "return_rate": N_("returns"),
        "plan_attainment": N_("plan attainment"), "vat_sales": N_("sales by VAT return"),
        "contribution": N_("contribution"), "fee_income": N_("fee income"),
        "wallet_share_deposit": N_("our share of deposits"), "mid_rate": N_("mid rate"),
    },
}  # fmt: skip


_WIDE = str.maketrans({",": "，", ";": "；"})


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """msgid → text of a language; empty for English, whose texts are the msgids."""
    path = LOCALE / locale / "LC_MESSAGES" / "bellwether.po"
    if locale == "en":
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=locale) if m.id}


class Words(gettext.NullTranslations):
    """A language's words; a text without a translation raises KeyError: no report is half translated."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self.locale = locale
        self._texts = catalogue(locale)

    def gettext(self, message: str) -> str:
        """The text in this language."""
        return message if self.locale == "en" else self._texts[message]

    def label(self, kind: str, code: Any) -> str:
        """A code of a closed list in words; a dash when it is unknown."""
        if code is None:
            return "—"
        text = LABELS[kind].get(str(code))
        return str(code) if text is None else self.gettext(text)

    def signal(self, signal_id: str) -> str:
        """A signal's name; the book's Chinese text is set with Chinese punctuation and without its full stop."""
        signal = CATALOGUE[signal_id]
        return book(signal_id) if self.locale == "zh" else signal.en

    def line(self, sentences: list[str]) -> str:
        """Sentences one after the other."""
        return ("" if self.locale == "zh" else " ").join(sentences)

    def join(self, parts: list[str]) -> str:
        """A list in the language's punctuation."""
        return ("、" if self.locale == "zh" else ", ").join(parts)


def book(signal_id: str) -> str:
    """The book's own words for a signal, as a heading prints them."""
    return CATALOGUE[signal_id].zh.translate(_WIDE).rstrip("。")


def used() -> set[str]:
    """Every msgid the labels, sections and templates use (for the test that none lacks a translation)."""
    root = Path(__file__).parent
    found = {text for labels in LABELS.values() for text in labels.values()}
    for path in [*root.rglob("*.html"), *root.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= {m[1] for m in re.findall(r"""(?:(?<![\w.])_|(?<![\w.])N_|gettext)\(\s*(["'])(.+?)\1\s*[,)]""", text)}
    return found
