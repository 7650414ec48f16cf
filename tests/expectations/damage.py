"""Damage to the sample bank, as data: what is done to which table, and what must come of it.

A case that the checks themselves judge is a `Case`; one that the reader of files and manifests judges is an `Arrival`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from expectations.tables import TABLES
from sample.bank import AS_OF

T = AS_OF
DAY = timedelta(days=1)
c = pl.col
ANY = pl.lit(value=True)
NEXT = "2"  # the night's own delivery; "1" is the first load, the day before


# ---- what can be done to a table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Set:
    """Other values in the first `take` rows (None: all) that satisfy `where` and no other edit has touched."""

    values: Mapping[str, Any]
    where: pl.Expr = ANY
    take: int | None = 1


@dataclass(frozen=True)
class Copy:
    """Copies of such rows with other values; no other edit touches either."""

    values: Mapping[str, Any]
    where: pl.Expr = ANY
    take: int | None = 1


@dataclass(frozen=True)
class Drop:
    """Such rows gone."""

    where: pl.Expr = ANY
    take: int | None = None


@dataclass(frozen=True)
class Cut:
    """The file ends after that share of the rows `where` names: what a broken transfer leaves."""

    share: float
    where: pl.Expr = ANY


@dataclass(frozen=True)
class Column:
    """A column gone, added or of another type (`becomes`: None takes it away)."""

    name: str
    becomes: pl.Expr | None


@dataclass(frozen=True)
class AsText:
    """Every cell as text: a CSV file."""


Edit = Set | Copy | Drop | Cut | Column | AsText


@dataclass(frozen=True)
class Hidden:
    """A damage made to hide: a delivery that fits its manifest after days of ordinary ones.

    `edits` by table; `follow` the tables judged anew after it; `caught` what speaks up, (table, check, action), nothing
    when no check can see it.
    """

    name: str
    edits: Mapping[str, tuple[Edit, ...]]
    follow: tuple[str, ...]
    caught: tuple[tuple[str, str, str], ...]
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One damage and its verdict.

    `rows` are refused (ROW), told (WARN, KEEP) or held clients (CLIENT); None: one at least. `says` are words of the
    sentence, `told` what the checks are told beside the rows, `together` whether it can stand in one night with the
    others, `also` checks that speak up beside it, `left_out` whether the table counts as not connected.
    """

    name: str
    table: str
    edits: tuple[Edit, ...]
    check: str
    action: str
    rows: int | None = 1
    says: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    together: bool = True
    also: tuple[str, ...] = ()
    left_out: bool = False
    more: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)  # of tables validated before it


@dataclass(frozen=True)
class Arrival:
    """A delivery the night refuses: exit code 2 and one sentence with these words.

    `manifest` are fields that differ,
         `edits` what is done to the rows before the manifest is made; `replace` bytes of the
    file after that, `refit` whether its checksum is made to fit again; `gone` files that are not there.
    """

    name: str
    table: str
    check: str
    says: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    manifest: Mapping[str, Any] | str = field(default_factory=dict)
    suffix: str = "parquet"
    replace: tuple[bytes, bytes] | None = None
    refit: bool = True
    gone: tuple[str, ...] = ()


def ago(days: int) -> date:
    return T - days * DAY


def at(days: int, hour: int = 9) -> datetime:
    day = ago(days)
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - the model's times are local


# ---- cases ---------------------------------------------------------------------------------------------------------

COMPANY, PERSON = c("kind") == "company", c("kind") == "person"
OF_CLIENT = c("party_id").str.contains(r"^C\d{4}$")
DONE = c("status") == "done"
LAST_FILING = c("period_end") == c("period_end").max().over("party_id")
NEWEST_STATE = c("as_of") == c("as_of").max().over("loan_id")
OBSERVATION = c("kind") == "observation"
TODAY = c("booked_on") == T
FAR_DAY = pl.lit(3_700_000, pl.Int32).cast(pl.Date)  # Parquet can say it, a calendar cannot
TWIN = {"account_id": "A-C0011-1", "booked_on": T, "txn_id": "TWIN1"}
HUGE = 4 * 10**18  # more than twice of it wraps in 64 bits
LOAN = "L-C0011-E"

CASES: tuple[Case, ...] = (
    # B: the delivery as a whole
    Case("an extra column and a bad cell in a text file", "loans",
         (AsText(), Set({"principal": "12,5"})), "B2", "ROW", says="no value of its type", together=False),
    Case("a date that is none in a text file", "facilities",
         (AsText(), Set({"expires_on": "30.6.2015"})), "B2", "ROW", says="'30.6.2015' is not a date", together=False),
    Case("a whole number beyond 64 bits in a text file", "loans",
         (AsText(), Set({"principal": "99999999999999999999"})), "B2", "ROW", says="no value of its type",
         together=False),
    Case("a column nobody asked for", "staff", (Column("shoe_size", pl.lit(43)),), "", "NONE", rows=0),
    Case("a year 12100", "transactions", (Set({"booked_on": FAR_DAY}),), "B2", "ROW", says="booked_on: is not a date"),
    Case("a time in the year 12100", "interactions", (Set({"recorded_at": FAR_DAY}),), "B2", "ROW",
         says="recorded_at: is not ts"),
    Case("a whole number beyond 64 bits", "holdings",
         (Column("amount", pl.when(pl.int_range(pl.len()) == 4).then(pl.lit(2**63 + 5,
         pl.UInt64)).otherwise(c("amount").cast(pl.UInt64, strict=False))),),
         "B2", "ROW", says="amount: is not whole minor units"),
    Case("a core table four days old", "accounts", (), "B5", "STOP", says="4 days before",
         told={"business_date": ago(4)}),
    Case("no transaction for two working days", "transactions", (Drop(c("booked_on") >= ago(1)),), "B5", "STOP",
         says="newest data is of"),
    Case("an optional table four days old", "interactions", (), "B5", "WARN", says="counted as not connected",
         told={"business_date": ago(4)}, together=False, left_out=True),
    Case("a third of the usual rows", "transactions", (Drop(pl.int_range(pl.len()) % 3 != 0),), "B6", "STOP",
         says="are usual",
         told={"usual_rows": (60_000,) * 5}),
    Case("less than seven tenths of the usual rows", "transactions", (Drop((pl.int_range(pl.len()) % 5 > 2) & ~c("txn_id").str.starts_with("BAD")),), "B6", "WARN",
         says="are usual", told={"usual_rows": (48_000,) * 5}, together=False, also=("X6",)),
    Case("three times the usual rows", "accounts", (), "B6", "WARN", says="90 are usual",
         told={"usual_rows": (90,) * 5}, together=False),
    Case("a third of the usual rows without history", "accounts", (), "", "NONE", rows=0,
         told={"usual_rows": (900,) * 4}, together=False),
    Case("two in a hundred loans without a client", "loans", (Set({"client_id": None}, take=12),), "B8", "STOP",
         says="mostly C1"),
    Case("two in a thousand parties without a name", "parties", (Set({"name": None}, PERSON, 3),), "B8", "WARN", rows=3,
         says="of the rows were refused", also=("C1",), together=False),
    Case("many answers refused", "survey_answers", (Set({"score": 9}, take=90),), "B8", "WARN", rows=90, also=("C9",),
         says="of the rows were refused", left_out=True, together=False),
    # C: the columns
    Case("a required cell empty", "transactions", (Set({"currency": None}),), "C1", "ROW", says="currency is missing"),
    Case("a required number that is NaN", "series", (Set({"value": float("nan")}),), "C1", "ROW",
         says="value is missing"),
    Case("a required number that is infinite", "series", (Set({"value": float("-inf")}),), "C1", "ROW",
         says="value is missing"),
    Case("an optional number that is infinite", "loans", (Set({"rate": float("inf")}),), "", "NONE", rows=0),
    Case("a grade without its date", "clients", (Set({"tier": "A", "tier_set_on": None}, c("client_id") == "C0000"),),
         "C2", "ROW",
         says="tier_set_on is missing here"),
    Case("an overdue amount without its day", "loan_status",
         (Set({"overdue_principal": 1, "principal_overdue_since": None}, NEWEST_STATE),), "C2", "ROW",
         says="principal_overdue_since is missing here"),
    Case("a code outside its closed list", "transactions", (Set({"direction": "both"}),), "C3", "ROW",
         says="direction is not in its list"),
    Case("an unknown code where there is 'other'", "transactions", (Set({"type": "barter"}),), "C3", "WARN",
         says="became 'other'"),
    Case("an unknown word in a list", "interactions", (Set({"products": ["fx", "gold"]}),), "C3", "WARN",
         says="products is unknown and became 'other'"),
    Case("a key twice with different values", "transactions",
         (Copy({"amount": 4_711} | TWIN), Copy({"amount": 4_712} | TWIN)), "C4", "ROW", rows=2,
         says="stands twice"),
    Case("the same row twice", "statements", (Copy({}),), "C4", "WARN", says="identical rows collapsed"),
    Case("a file loaded twice", "facilities", (Copy({}, take=None),), "C4", "WARN", rows=None,
         says="identical rows collapsed", together=False),
    Case("a balance delivered twice", "balances", (Copy({"delivery": NEXT}, take=1),), "C4", "WARN",
         says="identical rows collapsed"),
    Case("a corrected filing", "statements", (Copy({"gaap": "IFRS", "delivery": NEXT}),), "C4", "WARN",
         says="replaced by a later delivery"),
    Case("an account nobody knows", "transactions", (Set({"account_id": "A-NOBODY"}),), "C5", "ROW",
         says="account_id is not in accounts"),
    Case("a provider nobody knows", "credit_support", (Set({"provider_id": "NOBODY"}),), "C5", "ROW",
         says="provider_id is not in parties"),
    Case("an id that is a path", "holdings", (Set({"holding_id": "../../etc"}),), "C6", "ROW",
         says="holding_id is not an id"),
    Case("an id that is a query", "transactions", (Set({"txn_id": "1;drop table clients"}),), "C6", "ROW",
         says="txn_id is not an id"),
    Case("an id that ends with a new line", "transactions", (Set({"counterparty_account": "A-1\n"}),), "C6", "ROW",
         says="counterparty_account is not an id"),
    Case("an empty id", "transactions", (Set({"txn_id": ""}),), "C6", "ROW", says="txn_id is not an id"),
    Case("a path among the contacts", "interactions", (Set({"other_contacts": ["../../etc"]}),), "C6", "ROW",
         says="other_contacts is not an id"),
    Case("a day still to come", "events", (Set({"happened_on": T + DAY, "recorded_on": T + DAY}),), "C7", "ROW",
         says="happened_on lies outside"),
    Case("a year 9999", "loans", (Set({"matures_on": date(9999, 12, 31)}),), "C7", "ROW",
         says="matures_on lies outside",
         together=False),
    Case("a year 1", "statements", (Set({"received_on": date(1, 1, 1)}),), "C7", "ROW", says="received_on lies outside",
         also=("S4",)),
    Case("a rate of 37 %", "loans", (Set({"rate": 0.37}),), "C8", "ROW", says="rate is out of its limits",
         together=False),
    Case("a share of 150 %", "party_links", (Set({"share_pct": 1.5}, c("share_pct").is_not_null()),), "C8", "ROW",
         says="share_pct is out of its limits"),
    Case("a score of six", "survey_answers", (Set({"score": 6}),), "C9", "ROW", says="score is not a score"),
    Case("the 30th of February", "parties", (Copy({"party_id": "P-FEB", "birthday_mmdd": "02-30"}, PERSON),), "C9",
         "ROW",
         says="birthday_mmdd is not a month and day"),
    Case("a name of 201 characters", "parties", (Copy({"party_id": "P-LONG", "name": "x" * 201}, PERSON),), "C10",
         "ROW", says="longer than 200"),
    Case("a control character", "transactions", (Set({"summary": "pay\x00ment"}),), "C10", "ROW",
         says="control characters"),
    Case("what is left of bytes that were no UTF-8", "transactions", (Set({"counterparty_name": "a\ufffdb"}),), "C10",
         "ROW",
         says="control characters"),
    Case("a region of seven digits", "parties", (Copy({"party_id": "P-FAR", "region_code": "3101150"},
         COMPANY & ~OF_CLIENT),), "C10", "ROW",
         says="region_code is longer than 6"),
    Case("a mobile number in free text", "transactions", (Set({"summary": "call 13800138000"}),), "C11", "WARN",
         says="personal number"),
    Case("an identity-card number in free text", "interactions", (Set({"goal": "id 11010519491231002X"}),), "C11",
         "WARN",
         says="personal number"),
    Case("an amount above ten trillion", "statements", (Set({"revenue": 10**15 + 1}),), "C12", "ROW",
         says="revenue is beyond ten trillion"),
    Case("an amount that would wrap a sum", "transactions", (Set({"amount": HUGE}, take=3),), "C12", "ROW", rows=3,
         says="amount is beyond ten trillion"),
    Case("a name that is a script", "parties", (Set({"name": "<script>alert(1)</script>"}, PERSON),), "", "NONE",
         rows=0),
    Case("a name that is a formula", "parties",
         (Set({"name": '=HYPERLINK("http://x.example","pay")'}, PERSON),), "", "NONE", rows=0),
    # P, K: parties and clients
    Case("a wrong check character", "parties", (Set({"uscc": "911100001000000000"}, COMPANY),), "P1", "WARN",
         says="wrong check character"),
    Case("a client without industry", "parties", (Set({"industry_code": None}, OF_CLIENT),), "P2", "CLIENT",
         says="client without industry"),
    Case("a company without region", "parties", (Copy({"party_id": "P-NOWHERE", "region_code": None},
         COMPANY & ~OF_CLIENT),), "P2", "ROW",
         says="company without industry or region"),
    Case("a code two parties share", "parties", (Set({"uscc": "91350100M000100Y43"}, OF_CLIENT, 2),), "P3", "CLIENT",
         says="shares its uscc"),
    Case("a company's birthday", "parties", (Set({"birthday_mmdd": "01-01"}, COMPANY),), "P4", "WARN",
         says="birthday of an organisation"),
    Case("a client that is no party", "clients", (Copy({"client_id": "C-NOBODY", "group_id": None}),), "K1", "CLIENT",
         says="client_id is not in parties", also=("K2", "U2")),
    Case("two main relationship managers", "assignments",
         (Copy({"staff_id": "RM5"}, (c("role") == "main") & c("end_on").is_null() & (c("client_id") == "C0150")),),
         "A1", "ROW",
         says="overlaps a later main assignment"),
    Case("nobody looks after a client", "assignments", (Set({"end_on": ago(1), "end_reason": "handover"},
         (c("role") == "main") & c("end_on").is_null()),), "K2", "WARN", says="no RM, or several"),
    Case("a grade of years ago", "clients", (Set({"tier": "A", "tier_set_on": ago(401)}),), "K3", "WARN",
         says="more than 400 days ago"),
    Case("a relationship later than its account", "clients", (Set({"relationship_start": T},
         c("client_id") == "C0011"),), "K4", "WARN",
         says="after its first account or loan"),
    Case("one in a hundred clients gone", "clients", (Drop(take=3),), "K5", "STOP", says="lacks 3 of the",
         told={"previous_clients": "all"}),
    Case("one client gone", "clients", (Drop(take=1),), "K5", "WARN", says="clients of the night before are gone",
         told={"previous_clients": "all"}, together=False),
    # L, A: ties and assignments
    Case("a party tied to itself", "party_links", (Set({"to_id": c("from_id")}),), "L1", "ROW",
         says="ties a party to itself"),
    Case("a tie that ends before it starts", "party_links", (Set({"start_on": T, "end_on": ago(9)}),), "L1", "ROW",
         says="ends before it starts"),
    Case("shareholdings of 102 %", "party_links",
         (Copy({"link_id": "OVER1", "share_pct": 0.51, "relation": "shareholder_of", "to_id": "C0001", "end_on": None}),
          Copy({"link_id": "OVER2", "share_pct": 0.51, "relation": "shareholder_of", "to_id": "C0001",
          "end_on": None})),
         "L2", "WARN", rows=None, says="over 100%", also=("L4",)),
    Case("a company as legal representative", "party_links",
         (Copy({"link_id": "FIRM1", "from_id": "C0002", "to_id": "C0003", "relation": "legal_rep_of"}),), "L3", "WARN",
         says="no person"),
    Case("control in a circle", "party_links",
         (Copy({"link_id": "LOOP1", "from_id": "C0004", "to_id": "C0005", "relation": "controller_of", "end_on": None}),
          Copy({"link_id": "LOOP2", "from_id": "C0005", "to_id": "C0004", "relation": "controller_of",
          "end_on": None})),
         "L4", "WARN", rows=2, says="in a circle"),
    Case("nobody decides at a borrower", "party_links",
         (Set({"decision_role": "user"}, (c("decision_role") == "decision_maker") & (c("to_id") == "C0011"), None),),
         "L5", "WARN", says="without a contact who decides"),
    Case("a manager of 151 clients", "assignments",
         (Set({"staff_id": "RM1"}, (c("role") == "main") & c("end_on").is_null(), 160),), "A2", "WARN",
         says="more than 150 clients", together=False),
    # S: statements
    Case("no assets", "statements", (Set({"total_assets": 0}),), "S1", "ROW", says="not above zero"),
    Case("a filing in ten thousands", "statements",
         (Set({"total_assets": 294_430}, LAST_FILING & (c("party_id") == "C0040")),),
         "S2", "ROW", says="another unit", also=("S5", "S6")),
    Case("a client with a filing in thousands", "statements",
         (Set({"total_assets": 10_069_200}, LAST_FILING & (c("party_id") == "C0041")),),
         "S2", "CLIENT", says="another unit", also=("S5", "S6")),
    Case("nine months in a year's filing", "statements", (Set({"months": 9}),), "S3", "ROW", says="do not fit"),
    Case("a period that ends in mid-month", "statements", (Set({"period_end": date(2012, 12, 30)}),), "S3", "ROW",
         says="do not fit"),
    Case("a filing received before its period ended", "statements", (Set({"received_on": c("period_end") - DAY}),),
         "S4",
         "ROW", says="before its period ended"),
    Case("a balance sheet that does not balance", "statements",
         (Set({"equity": c("equity") + c("total_assets") // 50}),),
         "S5", "KEEP", says="differ from liabilities"),
    Case("parts above their total", "statements", (Set({"current_assets": 2 * c("total_assets")}),), "S6", "WARN",
         says="parts exceed"),
    Case("profit that is not what tax leaves", "statements",
         (Set({"income_tax": c("profit_before_tax"), "net_profit": 2 * c("profit_before_tax")},
         c("profit_before_tax") > 99),),
         "S7", "WARN", says="is not net profit"),
    Case("revenue that falls within the year", "statements",
         (Copy({"period_end": date(2013, 9, 30), "months": 9, "period_type": "Q", "received_on": date(2014, 4, 1),
                "revenue": 2 * c("revenue")}, (c("period_end") == date(2013, 12, 31)) & (c("revenue") > 99)),), "S8",
                "WARN",
         says="revenue falls", also=("S12",)),
    Case("cash nobody can explain", "statements",
         (Set({"cash": c("total_assets") // 2}, c("period_end") == date(2012, 12, 31)),
          Set({"cash": 0, "cfo": 0, "cfi": 0, "cff": 0}, c("period_end") == date(2013, 12, 31), 250)), "S9", "WARN",
         rows=None, says="do not explain", also=("S6",), together=False),
    Case("a second version that differs", "statements",
         (Copy({"version": 2, "revenue": 2 * c("revenue") + 99}, (c("version") == 1) & (c("revenue") > 99)),), "S10",
         "KEEP",
         says="5% or more", also=("S12",)),
    Case("a version missing", "statements", (Set({"version": 3}),), "S11", "WARN", says="version is missing"),
    Case("one more thin statement", "statements", (Copy({"version": 2},
         (c("version") == 1) & (c("party_id") == "C0030")),),
         "S12", "WARN", says="thin statement"),
    Case("dividends that are interest too", "statements",
         (Set({"dividends_paid": 5, "dividends_and_interest_paid": 5, "interest_paid": None}),), "S13", "WARN",
         says="repeat the combined line"),
    Case("an opinion without an auditor", "statements", (Set({"opinion": "clean", "auditor_id": None}),), "S14", "WARN",
         says="without an audit"),
    Case("a currency without a rate", "statements", (Set({"currency": "GBP"}),), "S15", "ROW",
         says="without an exchange rate"),
    # D, U, Z: notes, accounts, balances
    Case("an accounting policy nobody lists", "disclosures", (Set({"item": "astrology"},
         c("kind") == "accounting_policy"),),
         "D1", "ROW", says="not in its list"),
    Case("customers of 140 %", "disclosures", (Set({"share_pct": 1.0},
         (c("kind") == "top_customer") & (c("item") == "1")),),
         "D1", "WARN", rows=None, says="over 100%"),
    Case("an account closed before it was opened", "accounts",
         (Copy({"account_id": "A-PAST", "closed_on": c("opened_on") - DAY, "status": "closed", "is_basic": False}),),
         "U1", "ROW", says="before it was opened"),
    Case("a closed account that is active", "accounts", (Set({"closed_on": T, "status": "active"}),), "U1", "WARN",
         says="do not agree"),
    Case("a client with nothing here", "accounts", (Drop(c("client_id") == "C0190"),), "U2", "WARN",
         says="without an open account or a loan", more={"loans": (Drop(c("client_id") == "C0190"),)}, together=False),
    Case("two basic accounts", "accounts", (Copy({"account_id": "BASIC2", "is_basic": True, "closed_on": None,
         "status": "active"}, c("is_basic") & c("closed_on").is_null()),), "U3", "WARN", rows=2,
         says="second basic account"),
    Case("balances of another bank", "balances", (Set({"balance": c("balance") + 1},
         c("date") == c("date").max().over("account_id"), None),),
         "Z1", "STOP", says="does not add up"),
    Case("two in a hundred balances wrong", "balances",
         (Set({"balance": c("balance") + 1}, c("date") == c("date").max().over("account_id"), 1),), "Z1", "WARN",
         says="does not add up"),
    Case("an overdraft without a line", "balances",
         (Set({"balance": -1}, c("date") == c("date").max().over("account_id"), 1),), "Z2", "WARN", also=("Z1",),
         says="negative without an overdraft line"),
    # X: transactions
    Case("an amount of zero", "transactions", (Set({"amount": 0}),), "X1", "ROW", says="not above zero"),
    Case("posted four days late", "transactions", (Copy({"txn_id": "LATE4", "delivery": NEXT},
         c("booked_on") == ago(4)),),
         "X2", "WARN", says="up to five days late"),
    Case("posted six days late", "transactions", (Copy({"txn_id": "LATE6", "delivery": NEXT},
         c("booked_on") == ago(6)),),
         "X2", "ROW", says="more than five days late"),
    Case("posted before the account was opened", "transactions", (Copy({"txn_id": "EARLY1", "booked_on": date(1990, 1,
         1)}),),
         "X3", "WARN", says="not open that day", also=("Z1",)),
    Case("cash paid in that goes out", "transactions", (Set({"type": "cash_in"}, c("direction") == "out"),), "X4",
         "WARN",
         says="does not fit the type"),
    Case("an amount a hundred times the largest", "transactions",
         (Copy({"txn_id": "SLIP1", "amount": 900_000_000_000_000, "booked_on": T}),), "X5", "WARN", says="100 times"),
    Case("reversed without an original", "transactions", (Set({"status": "reversed", "amount": 1_234_567_891}),), "X6",
         "WARN",
         says="without an original"),
    Case("transfers to nobody", "transactions",
         (Set({"counterparty_name": None}, c("account_id") == "A-C0011-1", None),), "X7", "WARN",
         says="name no counterparty"),
    Case("a working day without a row", "transactions",
         (*(Copy({"txn_id": c("txn_id") + f"x{k}"}, c("booked_on") > ago(60), None) for k in range(6)),
         Drop(c("booked_on") == date(2015, 6, 24))),
         "X8", "STOP", says="no row on the working day 2015-06-24"),
    # F, N, Q, G: credit
    Case("a limit below zero", "facilities", (Copy({"facility_id": "F-NEGATIVE", "limit_amount": -1}),), "F1", "ROW",
         says="below zero"),
    Case("a limit a hundred times the one before", "facilities",
         (Copy({"valid_from": c("valid_from") + pl.duration(days=1), "limit_amount": c("limit_amount") * 100}),), "HU2", "WARN",
         says="yuan or fen"),
    Case("a line that expires before it begins", "facilities", (Copy({"facility_id": "F-OVER",
         "expires_on": c("valid_from")}),), "F1", "ROW",
         says="expires before it begins"),
    Case("a loan of nothing", "loans", (Copy({"loan_id": "L-NIL", "principal": 0}),), "N1", "ROW",
         says="nothing was drawn"),
    Case("a loan that matures the day it is drawn", "loans", (Set({"matures_on": c("disbursed_on")}),), "N1", "ROW",
         says="matures before it was drawn", together=False),
    Case("a loan paid into a stranger's account", "loans",
         (Set({"pay_mode": "self", "entry_account_id": "A-C0011-1"}, c("client_id") != "C0011"),), "N2", "WARN",
         says="another client"),
    Case("an acceptance on the balance sheet", "loans", (Set({"product": "acceptance", "on_balance": True}),), "N3",
         "WARN",
         says="off-balance-sheet"),
    Case("a loan below zero", "loan_status", (Set({"outstanding": -1}, NEWEST_STATE),), "Q1", "ROW", says="below zero"),
    Case("more outstanding than drawn", "loan_status",
         (Set({"outstanding": 100 * c("outstanding")}, NEWEST_STATE & (c("outstanding") > 0)),), "Q1", "WARN",
         says="exceeds the principal"),
    Case("an overdue day without an amount", "loan_status",
         (Set({"principal_overdue_since": c("as_of")}, c("overdue_principal") == 0),), "Q2", "ROW",
         says="without an overdue amount"),
    Case("overdue before it was drawn", "loan_status",
         (Set({"overdue_interest": 5, "interest_overdue_since": date(1990, 1, 1), "class5": "loss"}),), "Q3", "ROW",
         says="overdue before it was drawn"),
    Case("half a year overdue and normal", "loan_status",
         (Set({"overdue_interest": 5, "interest_overdue_since": c("as_of") - 91 * DAY, "class5": "normal"},
              NEWEST_STATE & (c("outstanding") > 0) & (c("as_of").count().over("loan_id") > 12)),),
         "Q4", "KEEP", says="not yet substandard"),
    Case("no state at the month end", "loan_status",
         (Drop((c("as_of") == T) & (c("loan_id") == c("loan_id").filter(c("as_of") == T).first())),), "Q5", "CLIENT",
         says="without a state of the last month end"),
    Case("a ledger that says otherwise", "loan_status", (), "Q6", "STOP", says="the general ledger says",
         told={"control_totals": {"ledger.USD": 4_711}}),
    Case("the overdue day moved on", "loan_status",
         (Set({"overdue_interest": 5, "interest_overdue_since": c("as_of") - 60 * DAY, "class5": "loss"},
              (c("as_of").rank("ordinal", descending=True).over("loan_id") == 2) & (c("loan_id") == LOAN)),
          Set({"overdue_interest": 5, "interest_overdue_since": c("as_of"), "class5": "loss"},
          NEWEST_STATE & (c("loan_id") == LOAN))),
         "Q7", "KEEP", says="since a later day"),
    Case("guaranteed by oneself", "credit_support", (Set({"provider_id": c("client_id")}, c("kind") == "guarantee"),),
         "G1", "ROW",
         says="by the debtor itself", together=False),
    Case("a valuation of two years ago", "credit_support", (Set({"valued_on": ago(730)}, c("kind") != "guarantee"),),
         "G2",
         "KEEP", says="valued long ago"),
    # R, I, V: outside
    Case("overdue elsewhere and normal", "bureau_reports", (Set({"overdue_amount": 5, "worst_class": "normal"}),), "R1",
         "WARN",
         says="overdue with a normal class"),
    Case("an indicator nobody registered", "series", (Set({"indicator": "horoscope"}),), "I1", "ROW",
         says="not registered"),
    Case("an index out of its limits", "series", (Set({"value": 180.0}, c("indicator") == "pmi"),), "I1", "ROW",
         says="outside its limits"),
    Case("percent for a fraction", "series",
         (Set({"value": 3.1},
         (c("indicator") == "revenue_yoy") & (c("period_end") == c("period_end").max().over("subject_code",
         "indicator"))),),
         "I2", "ROW", says="looks like percent"),
    Case("a month missing", "series", (Drop((c("indicator") == "pmi") & (c("period_end") == date(2014, 6, 30))),), "I3",
         "WARN",
         says="period before it is missing"),
    Case("a subtype of another kind", "events", (Set({"subtype": "astrology"}),), "V1", "ROW",
         says="not in the kind's list"),
    Case("an unknown flag", "events", (Set({"flags": ["related_party", "x"]}, c("kind") == "deal"),), "V1", "ROW",
         says="not in the kind's list"),
    Case("an event of nobody", "events",
         (Set({"party_id": None, "industry_code": None, "region_code": None}, c("kind") == "news"),), "V2", "ROW",
         says="no subject"),
    Case("an event recorded before it happened", "events", (Set({"recorded_on": c("happened_on") - DAY},
         c("kind") == "registry"),),
         "V3", "ROW", says="recorded before it happened"),
    Case("an observation of no signal", "events", (Set({"signal_id": "FIN-99"}, OBSERVATION),), "V4", "ROW",
         says="cannot stand"),
    Case("a signal cleared by its reporter", "events",
         (Set({"subtype": "clear", "approved_by": c("reported_by")}, c("kind") == "signal_action"),), "V5", "ROW",
         says="without a risk officer"),
    # T, Y, H, O, W: people
    Case("a visit of thirteen hours", "interactions", (Set({"ended_at": c("started_at").dt.offset_by("13h")}, DONE),),
         "T1", "ROW",
         says="twelve hours later"),
    Case("two visits at once", "interactions",
         (Copy({"interaction_id": "DOUBLE1"}, DONE & (c("channel") == "visit") & (c("ended_at") > c("started_at"))),),
         "T2", "WARN",
         says="overlaps another visit"),
    Case("a visit logged a month late", "interactions",
         (Set({"recorded_at": c("started_at").dt.offset_by("30d")},
         DONE & (c("started_at") < at(60)) & (c("started_at") > at(300))),), "T3", "WARN",
         says="over five working days late"),
    Case("a plan nobody carried out", "interactions", (Set({"planned_on": ago(9), "status": "planned"}, DONE),), "T4",
         "WARN", says="still planned"),
    Case("a manager to whom all are warm", "interactions",
         (Set({"warmth": 5},
         c("warmth").is_not_null() & (c("staff_id") == c("staff_id").filter(c("warmth").is_not_null()).first()),
         None),),
         "T5", "WARN", rows=None, says="one warmth score"),
    Case("a gift above the limit", "interactions", (Set({"gift_value": 500_01}),), "T6", "WARN",
         says="above the bank's limit"),
    Case("more unrelated minutes than worked", "staff_days", (Set({"worked_minutes": 60, "unrelated_minutes": 61}),),
         "Y1", "ROW",
         says="more unrelated minutes"),
    Case("a covenant owed by the bank", "undertakings", (Set({"owed_by": "bank", "staff_id": "RM1"},
         c("kind") == "covenant"),), "H1",
         "ROW", says="do not fit the kind"),
    Case("done without a result", "undertakings", (Set({"done_on": None, "outcome": "done"},
         c("kind") == "rm_promise"),), "H1",
         "ROW", says="do not fit the kind"),
    Case("resolved before it was received", "complaints",
         (Set({"resolved_at": c("received_at") - DAY}, c("closed_at").is_not_null()),), "O1", "WARN",
         says="resolved_at lies before"),
    Case("repeats a younger complaint", "complaints",
         (Set({"repeat_of": c("complaint_id").last()}),), "O2", "WARN", says="not an older complaint"),
    Case("closed without a cause", "complaints", (Set({"root_cause": None}, c("closed_at").is_not_null()),), "O3",
         "KEEP",
         says="without outcome"),
    Case("the manager's pricing", "survey_answers", (Set({"item": "pricing"}, c("subject") == "rm"),), "W1", "ROW",
         says="not one of its subject"),
    # E, J, M, CA, CL: products, papers, the rest
    Case("a condition nobody can read", "products", (Set({"fits": "fx_share >="}),), "E1", "STOP",
         says="cannot be used"),
    Case("a condition that calls out", "products", (Set({"fits": "__import__('os').system('x')"}),), "E1", "STOP",
         says="cannot be used"),
    Case("a product that ends before it begins", "holdings", (Set({"closed_on": c("opened_on") - DAY}),), "J1", "ROW",
         says="before it was opened"),
    Case("a paper of no checklist", "documents", (Set({"item_code": "XX1"}),), "M1", "ROW",
         says="not in its checklist"),
    Case("papers of a guarantor who guarantees nothing", "documents",
         (Set({"checklist": "fixed_asset_guarantor", "item_code": "FG1", "about_id": "X1", "subject_id": "C0000"}),),
         "M1", "WARN",
         says="guarantees nothing"),
    Case("a calendar with a gap", "calendar", (Drop(c("date") == date(2015, 1, 1)),), "CA1", "STOP",
         says="does not cover"),
    Case("a client most of whose filings are refused", "statements", (Set({"total_assets": -1},
         c("party_id") == "C0020", 2),),
         "CL1", "CLIENT", says="more than 5%", also=("S1",)),
    Case("a loan nobody tells of", "loan_status", (Drop((c("loan_id") == "L-C0036-E") & (c("as_of") > ago(40))),),
         "CL2", "CLIENT",
         says="without a state for 35 days", also=("Q5",)),
    # tables that are there and say little
    Case("an empty optional table", "complaints", (Drop(),), "", "NONE", rows=0, together=False),
    Case("a table of one row", "holdings", (Drop(c("holding_id") != c("holding_id").first()),), "", "NONE", rows=0,
         together=False),
)  # fmt: skip


ARRIVALS: tuple[Arrival, ...] = (
    Arrival("a file that is not there", "loans", "B1", ("is not there",), gone=("part-0000.parquet",)),
    Arrival("a file that is not the one promised", "loans", "B1", ("checksum",), replace=(b"PAR1", b"PAR2"),
         refit=False),
    Arrival("a file that cannot be read", "loans", "B1", ("cannot be read",), replace=(b"PAR1", b"")),
    Arrival("a core table without its manifest", "loans", "B1", ("core table loans",), gone=("manifest.json",)),
    Arrival("a manifest that is no JSON", "loans", "B1", ("manifest", "cannot be read"), manifest="{"),
    Arrival("a manifest of another table", "loans", "B1", ("is of table",), manifest={"table": "accounts"}),
    Arrival("a manifest in another mode", "loans", "B1", ("says mode",), manifest={"mode": "append"}),
    Arrival("a broken quote", "loans", "B1", ("cannot be read",), suffix="csv", replace=(b"working_capital",
         b'"working')),
    Arrival("a column that is not there", "facilities", "B2", ("'expires_on' is missing",), edits=(Column("expires_on",
         None),)),
    Arrival("a column of the wrong type", "facilities", "B2", ("'limit_amount'", "has the type String"),
            edits=(Column("limit_amount", pl.lit("many")),)),
    Arrival("money with a fraction", "facilities", "B2", ("'limit_amount'", "has the type Float64"),
            edits=(Column("limit_amount", c("limit_amount") / 100),)),
    Arrival("a day with a time", "facilities", "B2", ("'expires_on'", "has the type"),
            edits=(Column("expires_on", c("expires_on").cast(pl.Datetime)),)),
    Arrival("fewer rows than the manifest says", "loans", "B3", ("the manifest says 99999", "(B3)"),
         manifest={"row_count": 99_999}),
    Arrival("a sum that is not the control total", "facilities", "B4", ("control total 5 (B4)",),
            manifest={"control_totals": {"limit_amount.USD": 5}}),
    Arrival("a version nobody knows", "loans", "B7", ("schema version 9",), manifest={"schema_version": 9}),
)  # fmt: skip


# A file the night takes, refusing the one row those bytes are in.
BYTES = Arrival("bytes that are no UTF-8", "disclosures", "C10", ("control characters",), suffix="csv",
                replace=(b"straight_line", b"straight\xff\xfe"))  # fmt: skip

TONIGHT = {
    "transactions": Set({"delivery": NEXT}, TODAY, None),
    "balances": Set({"delivery": NEXT}, c("date") == T, None),
    "loan_status": Set({"delivery": NEXT}, c("as_of") == T, None),
    "statements": Set({"delivery": NEXT}, c("received_on") > ago(90), None),
    "parties": Set({"delivery": NEXT}, c("updated_on") > ago(90), None),
    "facilities": Set({"delivery": NEXT}, c("valid_from") > ago(90), None),
}
NEW = c("delivery") == NEXT
CUT = Cut(0.6, NEW)
LINES = [column.name for column in TABLES["statements"].columns if column.type == "money"]


def fen(*columns: str, where: pl.Expr = ANY, times: int = 100) -> Set:
    return Set({name: c(name) * times for name in columns}, where, None)


PAYMENTS, BALANCES = TONIGHT["transactions"], TONIGHT["balances"]
HIDDEN: tuple[Hidden, ...] = (
    Hidden("payments cut to 60 %", {"transactions": (PAYMENTS, CUT), "balances": (BALANCES,)}, (),
           (("balances", "Z1", "STOP"),)),
    Hidden("balances cut to 60 %", {"transactions": (PAYMENTS,), "balances": (BALANCES, CUT)}, (),
           (("balances", "Z1", "STOP"),)),
    Hidden("payments and balances cut at the same account",
           {"transactions": (PAYMENTS, Drop(NEW & (c("account_id") > "A-C0020-9"))),
            "balances": (BALANCES, Drop(NEW & (c("account_id") > "A-C0020-9")))}, (), ()),
    Hidden("loans cut to 60 %", {"loans": (Cut(0.6),)}, ("loan_status",), (("loan_status", "B8", "STOP"),)),
    Hidden("clients cut to 60 %", {"clients": (Cut(0.6),)}, (), (("clients", "K5", "STOP"),),
         {"previous_clients": "all"}),
    Hidden("clients cut to 60 % on the first night", {"clients": (Cut(0.6),)}, ("assignments", "accounts"),
           (("assignments", "B8", "WARN"), ("accounts", "B8", "STOP"))),
    Hidden("accounts cut to 60 %", {"accounts": (Cut(0.6),)}, ("loans",), (("loans", "B8", "STOP"),)),
    Hidden("the month end's loan states cut to 60 %", {"loan_status": (TONIGHT["loan_status"], CUT)}, (),
           (("loan_status", "Q5", "CLIENT"),)),
    Hidden("new filings cut to 60 %", {"statements": (TONIGHT["statements"], CUT)}, (), ()),
    Hidden("payments in fen of fen", {"transactions": (PAYMENTS, fen("amount", where=NEW)), "balances": (BALANCES,)},
         (),
           (("balances", "Z1", "STOP"),)),
    Hidden("balances in fen of fen", {"transactions": (PAYMENTS,), "balances": (BALANCES, fen("balance", where=NEW))},
         (),
           (("balances", "Z1", "STOP"),)),
    Hidden("payments and balances in fen of fen",
           {"transactions": (PAYMENTS, fen("amount", where=NEW)), "balances": (BALANCES, fen("balance", where=NEW))},
           (),
           (("balances", "Z1", "STOP"),)),
    Hidden("principals in fen of fen", {"loans": (fen("principal"),)}, ("loan_status",),
           (("loan_status", "HU3", "WARN"),)),
    Hidden("loan states in fen of fen", {"loan_status": (TONIGHT["loan_status"], fen("outstanding", where=NEW))}, (),
           (("loan_status", "Q1", "WARN"),)),
    Hidden("limits in fen of fen", {"facilities": (TONIGHT["facilities"], fen("limit_amount", where=NEW))}, ("loans",),
         ()),
    Hidden("new filings in fen of fen", {"statements": (TONIGHT["statements"], fen(*LINES, where=NEW))}, (),
           (("statements", "HU1", "WARN"),)),
    Hidden("new filings' total assets in fen of fen",
           {"statements": (TONIGHT["statements"], fen("total_assets", where=NEW))}, (),
           (("statements", "S5", "KEEP"), ("statements", "HU1", "WARN"))),
    Hidden("new filings in ten thousands", {"statements": (TONIGHT["statements"], fen(*LINES, where=NEW,
         times=10_000))}, (),
           (("statements", "B8", "STOP"),)),
)  # fmt: skip
