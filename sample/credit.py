"""Simulated credit: lines, chains of yearly loans, instalment loans, bills, their states, cover, and the money they move."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.stories import STORIES
from sample.timeline import FIRST, LAST, MONTH_ENDS, workday_from
from sample.world import Client

Row = dict[str, Any]
DAYS_LATE = {"arrears": 120, "early_arrears": 3, "arrears_20": 20, "arrears_60": 60}
INTEREST_ONLY = 5  # days past due below which only the interest is overdue
FAILING_LATE, FAILING_DAYS = 0.4, (20, 60)  # share of failing borrowers in arrears, and for how long
BORROWS, INSTALMENT_LOAN, BILL, SECURED, GUARANTEED = 0.72, 0.3, 0.25, 0.7, 0.35
SMALLEST_BORROWER = 50_000_000  # cents of yearly revenue; the smallest firms do not borrow
SMALLEST_LOAN, ROUND = 5_000_000, 1_000_000  # cents
YEAR, QUARTER, TERMS = 365, 90, 20  # days of a yearly loan, days between payments, instalments of an instalment loan
RATE, FLOATS = 0.055, 5  # every so many clients borrow at a floating rate
LINE_FULL, MISUSED = 0.97, date(2015, 4, 8)  # stories: use of the limit; the day the loan was drawn
GUARANTORS = tuple(f"P-G{k:02d}" for k in range(1, 13))
ASSETS = (("mortgage", "real_estate"), ("mortgage", "land"), ("mortgage", "equipment"), ("pledge", "inventory"),
          ("pledge", "receivables"), ("pledge", "deposit"))  # fmt: skip
FRESH, FRESH_MOVABLE, MOVABLE = 300, 75, ("inventory", "receivables")  # days since the valuation, at most


@dataclass(frozen=True)
class Move:
    """Money a loan moved; `direct`: on the loan's own account, not the client's main one. "spent": paid on from there."""

    day: date
    direction: str
    amount: int
    kind: str
    category: str = "loan"
    direct: bool = False


@dataclass
class Book:
    """The credit of one client: rows of its four tables, and what it moved."""

    facilities: list[Row] = field(default_factory=list)
    loans: list[Row] = field(default_factory=list)
    loan_status: list[Row] = field(default_factory=list)
    credit_support: list[Row] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


@dataclass(frozen=True)
class _Loan:
    """One drawdown and how it is paid back; `late` days past due at the end of the books, 0 when it is served."""

    loan_id: str
    drawn: date
    matures: date
    principal: int
    instalment: int
    late: int = 0

    @property
    def since(self) -> date | None:
        """First day of the arrears."""
        return LAST - timedelta(days=self.late) if self.late else None

    def due(self) -> list[date]:
        """The quarterly days of payment before maturity, up to the end of the books."""
        days = range(QUARTER, (self.matures - self.drawn).days, QUARTER)
        return [day for day in (self.drawn + timedelta(days=k) for k in days) if day <= LAST]

    def paid(self, day: date) -> bool:
        """Whether what fell due that day was paid."""
        return self.since is None or day < self.since

    def outstanding(self, day: date) -> int:
        """What is owed at the end of that day; payments are taken on their due day."""
        if day >= self.matures:
            return 0
        return self.principal - self.instalment * sum(due <= day and self.paid(due) for due in self.due())


def _rounded(amount: float) -> int:
    return max(SMALLEST_LOAN, int(amount) // ROUND * ROUND)


def book(client: Client, monthly: float, rng: np.random.Generator) -> Book:
    """Credit of a client whose accounts see `monthly` cents come in; empty for one that does not borrow."""
    made = Book()
    late = DAYS_LATE.get(client.story or "", 0)
    chance, failing_late, days = rng.random(), rng.random() < FAILING_LATE, int(rng.choice(FAILING_DAYS))
    if not late and (chance >= BORROWS or client.revenue[2014] < SMALLEST_BORROWER):
        return made
    if client.failing and failing_late:
        late = days
    principal = _rounded(monthly * rng.uniform(0.6, 1.8))
    chain = _chain(client, principal, late, rng)
    bill = _rounded(monthly * rng.uniform(0.2, 0.5)) if rng.random() < BILL and not late else 0
    limit = _rounded((principal + bill) / rng.uniform(0.6, 0.92)) + ROUND
    if client.client_id in STORIES["line_full"].clients:
        limit = int((principal + bill) / LINE_FULL)
    line = f"F-{client.client_id}-1"
    opened = chain[0].drawn - timedelta(days=20)
    made.facilities += [
        _facility(client, line, opened, limit, True),
        *(
            [_facility(client, line, date(2014, 3, 3), limit + _rounded(limit * 0.2), True)]
            if rng.random() < 0.2 and client.client_id not in STORIES["line_full"].clients
            else []
        ),
    ]
    mode = _support(made, client, chain[-1], rng)
    for number, loan in enumerate(chain):
        prior = chain[number - 1].loan_id if number else None
        _draw(made, client, loan, line, mode, prior)
    if rng.random() < INSTALMENT_LOAN and not late:
        _instalments(made, client, _rounded(monthly * rng.uniform(0.8, 2.4)), rng)
    if bill:
        _bill(made, client, line, bill, rng)
    return made


def _facility(client: Client, line: str, since: date, limit: int, revolving: bool) -> Row:
    return {
        "facility_id": line, "valid_from": since, "client_id": client.client_id,
        "product": "working_capital" if revolving else "fixed_asset", "limit_amount": limit, "currency": "USD",
        "revolving": revolving, "expires_on": date(2016, 12, 31) if revolving else since + timedelta(days=2_000),
    }  # fmt: skip


def _chain(client: Client, principal: int, late: int, rng: np.random.Generator) -> list[_Loan]:
    """Loans of one year, each drawn the day the one before matures; a late one missed its second payment."""
    start = date(2011, 7, 1) + timedelta(days=int(rng.integers(0, 700)))
    if late:  # one loan; the arrears begin two quarters into it
        start = LAST - timedelta(days=late + 2 * QUARTER)
    loans: list[_Loan] = []
    while not loans or loans[-1].matures <= LAST:
        drawn = loans[-1].matures if loans else start
        matures = drawn + timedelta(days=YEAR)
        name = f"L-{client.client_id}-{len(loans) + 1}"
        loans.append(_Loan(name, drawn, matures, principal, 0, late if matures > LAST else 0))
    return loans


def _draw(made: Book, client: Client, loan: _Loan, line: str, mode: str, prior: str | None) -> None:
    """A loan on the balance sheet with its states and the money it moved since the books began."""
    fixed = loan.instalment > 0
    made.loans.append({
        "loan_id": loan.loan_id, "client_id": client.client_id, "facility_id": line,
        "product": "fixed_asset" if fixed else "working_capital", "on_balance": True, "principal": loan.principal,
        "currency": "USD", "disbursed_on": loan.drawn, "matures_on": loan.matures,
        "rate_kind": "floating_other" if client.number % FLOATS == 0 and not fixed else "fixed", "rate": RATE,
        "purpose": "equipment" if fixed else "working_capital", "guarantee_mode": mode,
        "grant_kind": "rollover" if prior else "new", "pay_mode": "entrusted" if fixed else "self",
        "entry_account_id": f"A-{client.client_id}-{3 if fixed else 1}" if loan.drawn >= FIRST or not fixed else None,
        "prior_loan_id": prior,
    })  # fmt: skip
    made.loan_status += _states(loan)
    moves = [Move(loan.drawn, "in", loan.principal, "loan_disbursement", direct=fixed)]
    if fixed:
        bought = "securities" if client.client_id in STORIES["misused_loan"].clients else "equipment"
        moves.append(Move(loan.drawn, "out", loan.principal, "spent", bought, direct=True))
    for due in loan.due():
        if loan.paid(due):
            moves.append(Move(due, "out", _interest(loan, due), "loan_interest", "interest"))
            moves += [Move(due, "out", loan.instalment, "loan_principal")] if loan.instalment else []
    if loan.matures <= LAST:
        moves.append(Move(loan.matures, "out", loan.principal, "loan_principal"))
    made.moves += [move for move in moves if move.day >= FIRST]


def _interest(loan: _Loan, due: date) -> int:
    return round(loan.outstanding(due - timedelta(days=1)) * RATE * QUARTER / 360)


def _states(loan: _Loan) -> list[Row]:
    """A row when it is drawn, at each month end, on each day something changes, and when it is settled."""
    days = {loan.drawn, *(end for end in MONTH_ENDS if loan.drawn < end < loan.matures)}
    if loan.matures <= LAST:
        days.add(loan.matures)
    if loan.instalment:
        days |= set(loan.due())
    if loan.since is not None:
        days |= {day for day in (loan.since + timedelta(days=k) for k in (0, 31, 91)) if day <= LAST}
    return [_state(loan, day) for day in sorted(days)]


def _state(loan: _Loan, day: date) -> Row:
    owed = loan.outstanding(day)
    since = loan.since if loan.since is not None and day >= loan.since else None
    days = (day - since).days if since else 0
    overdue = bool(since)
    following = next((due for due in (*_all_due(loan), loan.matures) if due > day), None)
    principal = loan.principal // 20 if overdue and loan.late > INTEREST_ONLY else 0
    last = following == loan.matures
    return {
        "loan_id": loan.loan_id, "as_of": day, "outstanding": owed,
        "class5": "substandard" if days > 90 else "special_mention" if days > 30 else "normal",
        "state": "settled" if not owed else "overdue" if overdue else "normal",
        "overdue_principal": principal, "overdue_interest": round(owed * RATE * QUARTER / 360) if overdue else 0,
        "principal_overdue_since": since if principal else None, "interest_overdue_since": since,
        "extensions": 0, "next_due_on": following if owed else None,
        "next_principal": (owed if last else loan.instalment) if owed else None,
        "next_interest": round(owed * RATE * QUARTER / 360) if owed else None,
    }  # fmt: skip


def _all_due(loan: _Loan) -> list[date]:
    return [loan.drawn + timedelta(days=k) for k in range(QUARTER, (loan.matures - loan.drawn).days, QUARTER)]


def _instalments(made: Book, client: Client, amount: int, rng: np.random.Generator) -> None:
    """A loan for equipment, paid back in twenty quarters."""
    drawn = workday_from(date(2011, 9, 1) + timedelta(days=int(rng.integers(0, 1_150))))
    if client.client_id in STORIES["misused_loan"].clients:
        drawn = MISUSED
    line, principal = f"F-{client.client_id}-2", amount // TERMS * TERMS
    made.facilities.append(_facility(client, line, drawn - timedelta(days=30), principal, False))
    matures = drawn + timedelta(days=QUARTER * TERMS)
    loan = _Loan(f"L-{client.client_id}-E", drawn, matures, principal, principal // TERMS)
    _draw(made, client, loan, line, "unsecured", None)


def _bill(made: Book, client: Client, line: str, amount: int, rng: np.random.Generator) -> None:
    """An accepted bill, a letter of credit or a guarantee: off the balance sheet, it moves no money."""
    product = ("acceptance", "acceptance", "letter_of_credit", "guarantee_issued")[int(rng.integers(4))]
    drawn = LAST - timedelta(days=int(rng.integers(20, 150)))
    loan = _Loan(f"L-{client.client_id}-B", drawn, drawn + timedelta(days=180), amount, 0)
    made.loans.append({
        "loan_id": loan.loan_id, "client_id": client.client_id, "facility_id": line, "product": product,
        "on_balance": False, "principal": amount, "currency": "USD", "disbursed_on": drawn, "matures_on": loan.matures,
        "rate_kind": "none", "purpose": "trade", "guarantee_mode": "margin", "grant_kind": "new",
    })  # fmt: skip
    fees = {"next_due_on": loan.matures, "next_principal": amount, "next_interest": 0}
    made.loan_status += [{**row, **fees} for row in _states(loan)]


def _support(made: Book, client: Client, loan: _Loan, rng: np.random.Generator) -> str:
    """An asset of the client, valued within the year, and for some another firm's word; returns the guarantee mode."""
    kind, asset = ASSETS[int(rng.integers(len(ASSETS)))]
    valued = LAST - timedelta(days=int(rng.integers(10, FRESH_MOVABLE if asset in MOVABLE else FRESH)))
    worth, pledged, vouched = rng.uniform(0.8, 1.9), rng.random() < SECURED, rng.random() < GUARANTEED
    guarantor = GUARANTORS[int(rng.integers(len(GUARANTORS)))] if vouched else None
    if client.client_id in STORIES["guarantor_down"].clients:
        guarantor = STORIES["arrears"].clients[0]
    base = {"client_id": client.client_id, "status": "active", "ends_on": date(2017, 6, 30)}
    if pledged:
        made.credit_support.append({
            **base, "support_id": f"S-{client.client_id}-1", "valid_from": valued, "kind": kind,
            "provider_id": client.client_id, "asset_kind": asset, "secured_amount": loan.principal,
            "asset_value": int(loan.principal * worth), "valued_on": valued,
        })  # fmt: skip
    if guarantor:
        made.credit_support.append({
            **base, "support_id": f"S-{client.client_id}-2", "valid_from": loan.drawn, "loan_id": loan.loan_id,
            "kind": "guarantee", "provider_id": guarantor, "asset_kind": "none",
            "secured_amount": loan.principal // 2,
        })  # fmt: skip
    return "mixed" if pledged and guarantor else kind if pledged else "guarantee" if guarantor else "unsecured"
