"""The 44 items of the client archives (input-model.md 10): whom each applies to, when it is renewed, what it weighs."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from expectations.registers import CHECKLISTS

CRITICAL, NORMAL = 3, 1
RENEWAL_MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12, "two_years": 24}


@dataclass(frozen=True)
class Item:
    """One item; `applies` and `check` are names of tests in archive.py."""

    code: str
    en: str
    applies: str  # "unless_waived": no table tells; it applies when the file has a row that does not say otherwise
    renewal: str  # a key of RENEWAL_MONTHS, else what it hangs on
    weight: int = NORMAL
    auto: bool = False  # the test `check` alone makes it present
    check: str | None = None  # the test that supplies it, or that holds it against other tables

    @property
    def checklist(self) -> str:
        """The list it is in."""
        return next(name for name, items in CHECKLISTS.items() if self.code in items)

    @property
    def zh(self) -> str:
        """Its name in the book."""
        return CHECKLISTS[self.checklist][self.code]


ITEMS = (
    Item("CU1", "Yearly plan for developing the client", "key", "yearly"),
    Item("CU2", "Visit plans and visit summaries", "all", "quarterly", auto=True, check="visits_complete"),
    Item("CU3", "Proposal for cooperation", "grade_ab", "two_years", check="proposed"),
    Item("CU4", "Working scheme", "credit_or_project", "per_deal"),
    Item("CU5", "Plan for strengthening the relationship", "strengthen", "yearly", auto=True, check="strengthened"),
    Item("CU6", "Plan of maintenance visits", "active", "monthly", auto=True, check="made"),
    Item("CU7", "Papers of complaints", "complained", "per_case", CRITICAL, auto=True, check="complaints_closed"),
    Item("CU8", "Progress of business", "active", "quarterly", auto=True, check="made"),
    Item("CU9", "Advice, financing schemes, industry reports", "grade_ab", "yearly"),
    Item("BI1", "Basic information and investigation form", "all", "yearly", CRITICAL, check="master_filled"),
    Item("BI2", "The client's needs", "all", "yearly", check="needs_known"),
    Item("BI3", "Analysis of the finances", "files", "per_filing", CRITICAL, auto=True, check="statement_in_time"),
    Item("BI4", "Scorecard of industry and region", "borrower", "half_yearly", check="scorecard"),
    Item("BI5", "Report on the client's value", "grade_ab", "yearly", auto=True, check="scored"),
    Item("BI6", "Dealings with the bank, with transactions", "all", "monthly", auto=True, check="made"),
    Item("FB01", "Approval of the project", "unless_waived", "per_project", CRITICAL, check="project_known"),
    Item("FB02", "Permits to invest, build and start work", "construction", "per_project", CRITICAL),
    Item("FB03", "State plan of fixed-asset investment", "unless_waived", "per_project"),
    Item("FB04", "Feasibility study", "all", "per_project", CRITICAL),
    Item("FB05", "Approval of borrowing abroad", "unless_waived", "per_loan", CRITICAL),
    Item("FB06", "Equipment contract or list", "equipment", "per_loan"),
    Item("FB07", "Business licence", "all", "yearly", CRITICAL, check="licensed"),
    Item("FB08", "Organisation code certificate", "all", "yearly", auto=True, check="unified_code"),
    Item("FB09", "Certificate of the legal representative", "all", "on_change", CRITICAL, check="legal_rep_known"),
    Item("FB10", "Power of attorney", "unless_waived", "per_loan", CRITICAL),
    Item("FB11", "Identity cards of legal representative and agent", "all", "until_expiry", CRITICAL),
    Item("FB12", "Loan card", "all", "yearly", check="bureau_report"),
    Item("FB13", "Audited statements of three years", "all", "yearly", CRITICAL, check="three_audited_years"),
    Item("FB14", "Latest credit rating", "rated", "yearly"),
    Item("FB15", "Approval of establishment and articles", "all", "on_change", CRITICAL),
    Item("FB16", "Resolution to borrow", "all", "per_loan", CRITICAL),
    Item("FB17", "Papers of changes in the registry", "registry_changed", "per_change"),
    Item("FB18", "Production licence, foreign exchange registration", "unless_waived", "until_expiry", CRITICAL),
    Item("FB19", "Purchase and sale contracts behind the loan", "all", "per_loan", CRITICAL),
    Item("FB20", "Papers of the write-off procedure", "written_off", "per_case", CRITICAL),
    Item("FB21", "Application to write off", "written_off", "per_case", CRITICAL),
    Item("FB22", "Investigation of borrower and guarantor", "all", "per_loan", CRITICAL, check="inspected"),
    Item("FG1", "Guarantor: business licence", "all", "yearly", CRITICAL, check="licensed"),
    Item("FG2", "Guarantor: legal representative, powers, code", "all", "on_change", CRITICAL, check="legal_rep_known"),
    Item("FG3", "Guarantor: identity cards", "all", "until_expiry", CRITICAL),
    Item("FG4", "Guarantor: loan card", "all", "yearly", check="bureau_report"),
    Item("FG5", "Guarantor: audited statements", "all", "yearly", CRITICAL, check="three_audited_years"),
    Item("FG6", "Guarantor: approval of establishment and articles", "all", "on_change", CRITICAL),
    Item("FG7", "Guarantor: resolution to guarantee", "all", "per_guarantee", CRITICAL),
)


def frame() -> pl.LazyFrame:
    """checklist, item_code, applies, months, weight, auto, check: a row per item."""
    rows = [
        (item.checklist, item.code, item.applies, RENEWAL_MONTHS.get(item.renewal), item.weight, item.auto, item.check)
        for item in ITEMS
    ]
    schema = {
        "checklist": pl.String, "item_code": pl.String, "applies": pl.String, "months": pl.Int64, "weight": pl.Int64,
        "auto": pl.Boolean, "check": pl.String,
    }  # fmt: skip
    return pl.LazyFrame(rows, schema=schema, orient="row")
