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
    "province": {  # first two digits of a region's code (GB/T 2260)
        "11": N_("Beijing"), "12": N_("Tianjin"), "13": N_("Hebei"), "14": N_("Shanxi"), "15": N_("Inner Mongolia"),
        "21": N_("Liaoning"), "22": N_("Jilin"), "23": N_("Heilongjiang"), "31": N_("Shanghai"), "32": N_("Jiangsu"),
        "33": N_("Zhejiang"), "34": N_("Anhui"), "35": N_("Fujian"), "36": N_("Jiangxi"), "37": N_("Shandong"),
        "41": N_("Henan"), "42": N_("Hubei"), "43": N_("Hunan"), "44": N_("Guangdong"), "45": N_("Guangxi"),
        "46": N_("Hainan"), "50": N_("Chongqing"), "51": N_("Sichuan"), "52": N_("Guizhou"), "53": N_("Yunnan"),
        "54": N_("Tibet"), "61": N_("Shaanxi"), "62": N_("Gansu"), "63": N_("Qinghai"), "64": N_("Ningxia"),
        "65": N_("Xinjiang"), "71": N_("Taiwan"), "81": N_("Hong Kong"), "82": N_("Macao"),
    },
    "weekday": {
        "1": N_("Monday"), "2": N_("Tuesday"), "3": N_("Wednesday"), "4": N_("Thursday"), "5": N_("Friday"),
        "6": N_("Saturday"), "7": N_("Sunday"),
    },
    "agenda": {
        "task": N_("Task"), "promise": N_("Promise"), "signal": N_("Signal"), "birthday": N_("Birthday"),
        "holiday": N_("Holiday"),
    },
    "priority": {
        "1": N_("First"), "2": N_("Second"), "3": N_("Third"),
    },
    "agenda_note": {
        "overdue": N_("overdue"), "new": N_("new"), "worse": N_("worse"),
    },
    "evening": {
        "1": N_("How many clients did I visit today?"), "2": N_("Did I reach or pass the goals I had set?"),
        "3": N_("Did I put in as much time as planned?"), "4": N_("How much time went on matters that are not work?"),
        "5": N_("What do I do better tomorrow? Whom do I follow up, what do I give up?"),
    },
    "follow": {
        "next_on": N_("Keep the agreed day"), "thank": N_("Say thank you"), "next_step": N_("Take the agreed step"),
        "information": N_("Follow up the information"), "rhythm": N_("Back to the rhythm of the grade"),
        "refused": N_("Try again with another person or product"),
        "give_up_offer": N_("Give up the offer until then"),
        "give_up_prospect": N_("Give up the prospect until then"),
    },
    "self_check": {
        "1": N_("Do I visit only certain clients, and more often than needed?"),
        "2": N_("Do I stay too long and disturb the client?"),
        "3": N_("Do I call in person where a telephone call would do?"),
        "4": N_("Do I seldom see those I should, and often those I need not?"),
        "5": N_("Do I draw up a plan and keep to it?"), "6": N_("Is the purpose clear before the visit?"),
        "7": N_("Do I visit only those who are near or friendly?"),
        "8": N_("How much of the talking is with the main decision makers?"),
        "9": N_("After a refusal, did I visit again?"), "10": N_("Do I feel visits to be a heavy burden?"),
        "11": N_("Did this visit bring more than the last?"), "12": N_("Is the number of my clients falling?"),
    },
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
    "do": {
        "contact": N_("Make contact, on the client's own timetable"),
        "update_record": N_("Complete the record of the contact"),
        "send_note": N_("Send a note on the market or the sector"),
        "thank_and_ask": N_("Say thank you and ask one question; add one item of use"),
        "thank": N_("Say thank you by call or note, without an offer"),
        "keep_promise": N_("Keep the promise, or say why not and agree a new day"),
        "start_request": N_("Start on the request and tell the client"),
        "explain_delay": N_("Explain our delay and agree a new day"),
        "check_product": N_("Ask whether the product works; hear new needs"),
        "offer_product": N_("Offer one product, with the figure that makes it fit"),
        "visit": N_("Visit with the pack below; ask about satisfaction; agree the next date"),
        "follow_up_complaint": N_("Follow up the complaint: does the solution hold?"),
        "leaders_meet": N_("Bring leaders of both sides together; agree a yearly arrangement"),
        "act_first": N_("Serve this client first; urgent matters at once"),
        "use_idle_money": N_("Propose a safe use of the idle balance"),
        "decide_request": N_("Press for the decision on the loan request and tell the client"),
        "share_insight": N_("Share an insight of use to the client"), "greet": N_("Greet in your own words; no offer"),
        "welcome_dinner": N_("Invite to a welcome dinner"), "thank_you_dinner": N_("Invite to a thank-you dinner"),
        "farewell_dinner": N_("Invite to a farewell dinner"),
        "invite_to_event": N_("Invite to a joint evening or event"), "invite_to_bank": N_("Invite to visit the bank"),
    },
    "trigger": {
        "contact_rhythm": N_("contact rhythm over"), "late_record": N_("record missing or late"),
        "role_changed": N_("role of a person changed"), "market_change": N_("sector or region signal"),
        "visit_held": N_("visit held"), "success": N_("success"), "loan_settled": N_("loan repaid"),
        "filed_early": N_("statement early"), "helped_in_complaint": N_("help in a complaint"),
        "promise_due": N_("promise due"), "promise_overdue": N_("promise overdue"),
        "request_waiting": N_("request waiting"), "our_delay": N_("our delay"),
        "holding_check": N_("new product to check"), "product_fits": N_("product fits"),
        "new_product": N_("new product fits"), "visit_rhythm": N_("visit rhythm over"),
        "signal_alert": N_("signal at alert"), "signal_red": N_("signal at red"),
        "complaint_follow_up": N_("complaint to follow up"), "leaders_apart": N_("leaders have not met"),
        "quadrant": N_("risk against relationship"), "became_key": N_("became a key client"),
        "deposit_maturing": N_("deposit matures"), "idle_balance": N_("idle balance"),
        "request_open": N_("loan request open"), "advisory": N_("advice held"), "birthday": N_("birthday"),
        "anniversary": N_("anniversary"), "festival": N_("festival"), "occasion": N_("occasion"),
        "welcome": N_("first product"), "thank_you_dinner": N_("no dinner for a year"),
        "farewell": N_("someone leaves"), "evening": N_("no event for a year"), "new_client": N_("new client"),
        "new_to_see": N_("something new to see"),
    },
    "visit_trigger": {
        "cadence": N_("contact rhythm"), "visit_rhythm": N_("visit rhythm"),
        "agreed": N_("day agreed at the last contact"), "satisfaction_ask": N_("satisfaction to be asked"),
        "satisfaction_call": N_("falling satisfaction"), "complaints": N_("complaint {id}"),
        "undertakings": N_("undertaking {id}"), "method": N_("method {id}"),
        "stopped_using": N_("stopped using: {id}"),
    },
    "goal": {
        "understand_signal": N_("Understand what lies behind the signal"),
        "agree_next_date": N_("Agree the next date"), "keep_promise": N_("Keep what was promised"),
        "settle_complaint": N_("Settle the complaint"), "confirm_solution": N_("Confirm that the solution holds"),
        "receive_what_is_owed": N_("Receive what the client owes"),
        "hear_satisfaction": N_("Hear how satisfied the client is"),
        "repair_dissatisfaction": N_("Find and mend the cause of dissatisfaction"),
        "learn_why_stopped": N_("Learn why the product is no longer used"),
        "keep_informed": N_("Keep each other informed"), "show_appreciation": N_("Show appreciation"),
        "offer_fitting_product": N_("Offer the product that fits"), "leaders_meet": N_("Leaders of both sides meet"),
        "act_first": N_("Deal with what is urgent first"), "show_the_bank": N_("Show the client the bank"),
    },
    "visit_state": {
        "proposed": N_("proposed"), "planned": N_("planned"), "done": N_("held"), "missed": N_("missed"),
        "cannot_fit": N_("no free day"),
    },
    "visit_class": {
        "1": N_("1 legal date or major complaint"), "2": N_("2 red signal"),
        "3": N_("3 alert, complaint or overdue promise"), "4": N_("4 rhythm overdue or relationship alert"),
        "5": N_("5 occasion or thanks"), "6": N_("6 cross-sell"),
    },
    "no_visit": {
        "no_rm": N_("No visit can be planned: the client has no relationship manager."),
        "cannot_fit": N_("A visit is due, but the manager's days are full: the supervisor decides."),
        "no_rhythm": N_("No visit can be planned: the client has no grade, or contacts are not connected."),
    },
    "outcome": {
        "refused": N_("refused"), "evaded": N_("evaded"), "hostile": N_("hostile"), "unreachable": N_("not reached"),
        "no_result": N_("no result"), "information": N_("information gained"), "next_step": N_("next step agreed"),
        "commitment": N_("commitment"), "signed": N_("signed"),
    },
    "contact_state": {
        "planned": N_("planned"), "done": N_("held"), "cancelled": N_("cancelled"), "no_show": N_("nobody came"),
        "rescheduled": N_("moved"),
    },
    "function": {
        "general": N_("General management"), "finance": N_("Financial affairs"), "sales": N_("Sales"),
        "production": N_("Production"), "procurement": N_("Procurement"), "technology": N_("Technology"),
        "hr": N_("Personnel"), "other": N_("Other"),
    },
    "decision_role": {
        "decision_maker": N_("Decision maker"), "promoter": N_("Promoter"), "influencer": N_("Influencer"),
        "gatekeeper": N_("Gatekeeper"), "user": N_("User"), "none": N_("None"),
    },
    "stance": {"supportive": N_("supportive"), "neutral": N_("neutral"), "critical": N_("critical")},
    "family": {
        "deposit": N_("Deposits"), "settlement": N_("Settlement"), "cash_management": N_("Cash management"),
        "payroll": N_("Payroll"), "ebanking": N_("E-banking"), "acquiring": N_("Acquiring"),
        "working_capital": N_("Working-capital loans"), "fixed_asset": N_("Fixed-asset loans"),
        "trade_finance": N_("Trade finance"), "bills": N_("Bills"),
        "guarantee_lc": N_("Guarantees and letters of credit"), "fx": N_("Foreign exchange"),
        "wealth_management": N_("Wealth management"), "investment_banking": N_("Investment banking"),
        "custody": N_("Custody"), "advisory": N_("Advisory"), "agency": N_("Agency services"),
        "insurance_agency": N_("Insurance agency"), "credit_card": N_("Cards"), "other": N_("Other"),
    },
    "line": {
        "demand_deposit": N_("Demand deposits"), "time_deposit": N_("Time deposits"),
        "notice_agreed_deposit": N_("Notice and agreed deposits"), "margin": N_("Margin"),
        "settlement_in": N_("Settlement in"), "settlement_out": N_("Settlement out"), "cash": N_("Cash"),
        "payroll": N_("Payroll"), "tax_payments": N_("Taxes and dues"), "cross_border": N_("Cross-border"),
        "working_capital": N_("Working-capital loans"), "fixed_asset": N_("Fixed-asset loans"),
        "overdraft": N_("Overdraft"), "bills": N_("Bills"), "trade_finance": N_("Trade finance"),
        "acceptance": N_("Acceptances"), "letter_of_credit": N_("Letters of credit"),
        "guarantee_issued": N_("Guarantees"), "wealth": N_("Wealth products"), "ebanking": N_("E-banking"),
        "acquiring": N_("Acquiring"), "advisory_custody": N_("Advisory and custody"), "other": N_("Other"),
    },
    "remark": {
        "dormant": N_("dormant"), "falling": N_("falling"), "new": N_("new"), "maturing_30d": N_("matures in 30 days"),
        "over_limit": N_("over the limit"), "overdue": N_("overdue"),
    },
    "subject": {"rm": N_("Relationship manager"), "bank": N_("The bank's business")},
    "expectation": {
        "exceeds": N_("beyond expectation"), "satisfied": N_("satisfied"), "neutral": N_("moderate"),
        "dissatisfied": N_("dissatisfied"),
    },
    "item": {
        "overall": N_("overall"), "listens": N_("listens"), "respects": N_("respects us"),
        "understands_our_business": N_("understands our business"), "keeps_promises": N_("keeps promises"),
        "responsiveness": N_("responds quickly"), "professional_skill": N_("professional skill"),
        "proactive_contact": N_("gets in touch"), "product_range": N_("product range"), "pricing": N_("prices"),
        "efficiency": N_("efficiency"), "ebanking": N_("e-banking service"), "credit_speed": N_("speed of credit"),
        "complaint_handling": N_("handling of complaints"),
    },
    "undertaking": {
        "rm_promise": N_("Promise"), "task": N_("Task"), "service_request": N_("Service request"),
        "client_opinion": N_("Opinion of the client"), "proposal": N_("Proposal"),
        "strengthening_action": N_("Action to strengthen ties"), "corrective_action": N_("Corrective action"),
        "covenant": N_("Covenant"), "condition": N_("Condition"), "capital_instalment": N_("Capital instalment"),
        "payment_promise": N_("Promise to pay"),
    },
    "undertaking_outcome": {
        "open": N_("still open"), "done": N_("done"), "met": N_("met"), "not_met": N_("not met"),
        "not_evidenced": N_("no evidence"), "waived": N_("waived"), "adopted": N_("adopted"),
        "not_adopted": N_("not adopted"), "accepted": N_("accepted"), "declined": N_("declined"),
        "referred": N_("passed to others"), "not_our_business": N_("not our business"), "cancelled": N_("cancelled"),
    },
    "about": {
        "none": N_("nothing of its own"), "complaint": N_("complaint"), "loan": N_("loan"),
        "facility": N_("credit line"), "product": N_("product"), "signal": N_("signal"), "interaction": N_("contact"),
        "document": N_("document"), "undertaking": N_("undertaking"), "contact": N_("person"), "client": N_("client"),
        "statement": N_("statement"), "festival": N_("festival"), "event": N_("event"),
        "leaders": N_("leaders of both sides"), "banquet": N_("dinner"), "evening": N_("joint evening"),
        "bank_visit": N_("visit to the bank"), "account": N_("account"),
    },
    "channel_of_complaint": {
        "rm": N_("relationship manager"), "branch": N_("branch"), "hotline": N_("hotline"), "ebank": N_("e-banking"),
        "mobile": N_("mobile"), "letter": N_("letter"), "regulator": N_("regulator"), "media": N_("media"),
        "third_party": N_("third party"), "other": N_("other"),
    },
    "target": {
        "rm": N_("relationship manager"), "branch_staff": N_("branch staff"), "product": N_("product"),
        "process": N_("process"), "fee": N_("fee"), "system": N_("system"), "information": N_("information given"),
        "other": N_("other"),
    },
    "fault": {
        "bank": N_("the bank"), "client": N_("the client"), "both": N_("both"), "third_party": N_("third party"),
        "none": N_("nobody"), "undecided": N_("undecided"),
    },
    "complaint_outcome": {
        "open": N_("open"), "upheld": N_("upheld"), "partly_upheld": N_("upheld in part"),
        "not_upheld": N_("not upheld"), "withdrawn": N_("withdrawn"),
    },
    "root_cause": {
        "staff_behaviour": N_("staff behaviour"), "staff_skill": N_("staff skill"), "process": N_("process"),
        "system": N_("system"), "product_design": N_("product design"), "communication": N_("communication"),
        "pricing": N_("pricing policy"), "third_party": N_("third party"),
        "client_misunderstanding": N_("misunderstood by the client"), "unknown": N_("unknown"),
    },
    "follow_up": {"held": N_("held"), "due": N_("due"), "missed": N_("missed")},
    "rule": {
        "1": N_("Take it seriously, look into it at once, do not delay"),
        "2": N_("Never say it is not our fault; apologise, repeat it back and confirm"),
        "3": N_("Stand in the client's place and listen"),
        "4": N_("No conclusion before proof; do not blame the client"),
        "5": N_("Make complaining easy; find what is not said"), "6": N_("Give no assurance that cannot be kept"),
        "7": N_("Keep calm; ask the client about the solution"), "8": N_("Thank those who helped, in deeds"),
        "9": N_("Do not judge the decision afterwards"), "10": N_("Visit as before; do not avoid the client"),
        "11": N_("Never let the same problem happen again"), "12": N_("Sum up"),
        "13": N_("Keep it in mind at all times"),
        "14": N_("Watch decision makers, organisation, business and finances more closely"),
        "15": N_("Tell the risk department in time what should change"),
    },
    "rule_part": {
        "acknowledged": N_("first answer after {measured} working hours (limit {limit})"),
        "investigated": N_("looked into after {measured} working days (limit {limit})"),
        "closed": N_("open for {measured} days (limit {limit})"),
        "gap": N_("{measured} working days without a step (limit {limit})"),
        "apology_given": N_("no apology on record"), "restated": N_("not repeated back to the client"),
        "blamed": N_("the client was blamed before the investigation ended"),
        "facts": N_("a conclusion without recorded facts"),
        "channels": N_("complaints reach the branch by {measured} channel (at least {limit})"),
        "promises": N_("{measured} promises kept late or not at all"),
        "authority": N_("{measured} promises beyond the authority of the one who made them"),
        "consulted": N_("the client was not asked about the solution"),
        "thanked": N_("not thanked within {limit} working days"),
        "complainant": N_("the complainant is met less than before"),
        "client": N_("the client is met less than before"), "repeat": N_("it happened again"),
        "rising": N_("{measured} alike in a year, {limit} in the year before"),
        "summary": N_("cause or lesson not written down in time"),
        "corrective": N_("{measured} corrective actions past their day"),
        "follow_up_30": N_("the follow-up after 30 days was missed"),
        "follow_up_90": N_("the follow-up after 90 days was missed"),
        "follow_up_180": N_("the follow-up after 180 days was missed"),
        "statement": N_("a statement the client owes is outstanding"),
        "roles": N_("roles of the client's people not confirmed"),
        "observation": N_("no observation or inspection on site"),
        "risk_told": N_("the risk department was not told within {limit} working days"),
    },
    "gap": {
        "argues": N_("Arguments with the client"), "judges": N_("Prejudice towards the client"),
        "opinions_unused": N_("The client's opinions are not taken up"), "criticises": N_("The client is criticised"),
        "one_contact": N_("Only one person is met"), "contact_dropped": N_("A contact was dropped"),
        "critics_avoided": N_("Critics are avoided"), "dates_moved": N_("Appointments are moved"),
        "requests_evaded": N_("Requests are evaded"), "promises_broken": N_("Promises are not kept"),
        "contact_thins": N_("Contact thins out"), "complaint": N_("Complaints of the client"),
        "rival": N_("A rival bank gains ground"), "share_loans_fell": N_("Our share of loans fell"),
        "share_flow_fell": N_("Our share of settlement fell"), "share_deposit_fell": N_("Our share of deposits fell"),
        "decider_unmet": N_("The decision maker was not met for 180 days"),
        "decider_unknown": N_("No decision maker is known"),
    },
    "figure": {
        "complaint_free_days": N_("days without a complaint"), "products": N_("product families held"),
        "requests_open": N_("open requests"), "people_met": N_("people met in 180 days"),
        "contacts_90": N_("two-way contacts in 90 days"), "promises_overdue": N_("promises overdue"),
        "share_flow": N_("our share of settlement"), "share_loans": N_("our share of loans"),
        "share_deposit": N_("our share of the deposits"), "deciders_met": N_("decision makers met in 180 days"),
    },
    "threat": {"high": N_("high"), "medium": N_("medium"), "low": N_("low")},
    "strength": {
        "price": N_("price"), "product": N_("product"), "speed": N_("speed"), "network": N_("network"),
        "relation": N_("personal ties"),
    },
    "seen_in": {"events": N_("word of a contact"), "flows": N_("own-name transfers"), "links": N_("known accounts")},
    "tie": {
        "relative_of": N_("relative"), "friend_of": N_("friend"), "classmate_of": N_("classmate"),
        "colleague_of": N_("colleague"), "shares_hobby_with": N_("shared hobby"), "none_known": N_("none known"),
    },
    "date": {
        "client_owes": N_("Client owes"), "bank_owes": N_("We owe"), "loan_matures": N_("Loan matures"),
        "line_expires": N_("Credit line expires"), "deposit_matures": N_("Deposit matures"),
        "document_expires": N_("Document to renew"), "birthday": N_("Birthday"), "client_day": N_("Client's own day"),
        "founding": N_("Founding day"), "cooperation": N_("Start of the relationship"), "occasion": N_("Occasion"),
        "holiday": N_("Holiday"),
    },
    "occasion": {
        "promotion": N_("promotion"), "farewell": N_("farewell"), "anniversary": N_("anniversary"),
        "listing": N_("listing"), "award": N_("award"), "opening": N_("opening"), "other": N_("other"),
    },
    "request": {
        "new": N_("New credit"), "increase": N_("Increase"), "rollover": N_("Rollover"), "extension": N_("Extension"),
        "release_of_security": N_("Release of security"),
    },
    "holiday": {
        "spring_festival": N_("Spring Festival"), "qingming": N_("Qingming"), "labor_day": N_("Labour Day"),
        "dragon_boat": N_("Dragon Boat Festival"), "mid_autumn": N_("Mid-Autumn Festival"),
        "national_day": N_("National Day"), "new_year": N_("New Year"), "christmas": N_("Christmas"),
        "thanksgiving": N_("Thanksgiving"), "columbus_day": N_("Columbus Day"),
        "martin_luther_king_day": N_("Martin Luther King Day"), "memorial_day": N_("Memorial Day"),
        "independence_day": N_("Independence Day"), "veterans_day": N_("Veterans Day"),
        "presidents_day": N_("Presidents' Day"),
    },
    "credit": {
        "working_capital": N_("Working-capital loans"), "overdraft": N_("Overdraft"),
        "project_loan": N_("Project loan"), "syndicated_project": N_("Syndicated project loan"),
        "fixed_asset": N_("Fixed-asset loans"), "bill_discount": N_("Bill discount"),
        "trade_finance": N_("Trade finance"), "leasing": N_("Leasing"), "advance": N_("Advance"),
        "entrusted": N_("Entrusted loan"), "acceptance": N_("Acceptances"),
        "letter_of_credit": N_("Letters of credit"), "guarantee_issued": N_("Guarantees"),
        "commitment": N_("Commitment"), "other": N_("Other"),
    },
    "account_kind": {
        "demand": N_("Demand deposits"), "time": N_("Time deposits"), "notice": N_("Notice deposit"),
        "agreed": N_("Agreed deposit"), "structured": N_("Structured deposit"), "margin": N_("Margin"),
        "escrow": N_("Escrow"), "other": N_("Other"),
    },
    "fit": {
        "opin_12": N_("inflow of twelve months {value}"), "opout_12": N_("outflow of twelve months {value}"),
        "adb_365": N_("average deposits {value}"), "fx_share": N_("cross-border share of inflow {value}"),
        "payroll_elsewhere": N_("wages are paid through another bank"), "headcount": N_("{value} employees"),
        "bills_share": N_("notes are {value} of receivables"), "cash_share": N_("cash is {value} of assets"),
        "idle_balance": N_("idle balance {value}"),
        "time_deposit_maturing_30d": N_("a time deposit matures within 30 days"), "loans_out": N_("loans of {value}"),
        "floating_share": N_("{value} of loans at floating rates"), "inventory_days": N_("inventory of {value}"),
        "receivable_days": N_("receivables of {value}"), "importer": N_("opens letters of credit"),
        "exporter": N_("receives foreign currency"), "group_member": N_("member of a group"),
        "tenure_years": N_("client for {value} years"), "grade": N_("grade {value}"),
        "risk_level": N_("risk level {value}"), "industry_code": N_("sector {value}"),
        "region_code": N_("region {value}"), "holds": N_("by what it holds already"),
    },
    "barred": {
        "red": N_("risk is red"), "complaint": N_("complaint open"), "no_marketing": N_("no marketing wanted"),
        "declined": N_("declined in 180 days"),
    },
    "checklist": {
        "cultivation": N_("Client development"), "basic_info": N_("Basic information"),
        "fixed_asset_borrower": N_("Fixed-asset loan: borrower"),
        "fixed_asset_guarantor": N_("Fixed-asset loan: guarantor"),
    },
    "archive_state": {
        "missing": N_("missing"), "expired": N_("expired"), "ok": N_("on file"), "waived": N_("waived"),
        "auto": N_("made by this system"),
    },
    "archive_level": {"complete": N_("Complete"), "gaps": N_("With gaps"), "not_complete": N_("Not complete")},
    "mode": {"key": N_("key client"), "normal": N_("ordinary client")},
    "focus": {
        "satisfied": N_("satisfied"), "large_volume": N_("large volume"), "long_standing": N_("long-standing"),
        "difficult": N_("hard to deal with"),
    },
    "grade_move": {"up": N_("up"), "same": N_("same as before"), "down": N_("down"), "new": N_("new")},
    "relation": {
        "contact_of": N_("contact person"), "employee_of": N_("employee"), "legal_rep_of": N_("legal representative"),
        "director_of": N_("director"), "supervisor_of": N_("member of the supervisory board"),
        "executive_of": N_("executive"), "finance_head_of": N_("head of finance"),
    },
    "move": {
        "new": N_("new {finding}"), "worse": N_("worse {finding}"), "better": N_("milder {finding}"),
        "cleared": N_("cleared {finding}"), "resolved": N_("resolved {finding}"),
        "snoozed": N_("snoozed {finding}"),
    },
    "party_tie": {  # the closest first
        "controller": N_("controller"), "guarantor": N_("guarantor"), "group": N_("group"),
        "controlled": N_("controlled company"), "shareholder": N_("shareholder"), "holding": N_("holding"),
        "guaranteed": N_("guaranteed by the client"), "co_borrower": N_("co-borrower"),
        "payer": N_("key payer"), "payee": N_("key payee"), "legal_rep": N_("legal representative"),
        "officer": N_("officer"),
    },
    "share_of": {
        "shareholder": N_("{share} of the capital"), "holding": N_("{share} held of its capital"),
        "guarantor": N_("{share} of the exposure"), "payer": N_("{share} of a year's inflow"),
        "payee": N_("{share} of a year's outflow"),
    },
    "registry": {
        "bankruptcy_filing": N_("bankruptcy filing"), "dishonest_executee": N_("dishonest executee"),
        "executed": N_("executed by court"), "equity_freeze": N_("equity frozen"),
        "abnormal_operation": N_("abnormal operation"), "deregistered": N_("deregistered"),
        "licence_revoked": N_("licence revoked"),
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
