"""A seeded bank of plain rows, messy on purpose: values on and beside the limits, blanks, versions, rows still to come."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from expectations.registers import EVENT_KINDS
from expectations.tables import TABLES

T = date(2024, 2, 29)  # a leap day, and the last day of the lunar New Year's month
REGIONS = ("440100", "440300", "330100", "330200", "310100", "510100", "420100", "210200")
INDUSTRIES = ("C2614", "C2641", "C1711", "C3311", "F5121", "E4710", "I6510", "G5430", "K7010", "A0111")
CNY = 100  # fen
OTHERS = 40  # companies that are no clients of ours
BANKS = 12
Row = dict[str, Any]


def day(n: int) -> date:
    """The day n days before T."""
    return T - timedelta(days=n)


def at(when: date, hour: int = 10) -> datetime:
    """That day at that hour, the bank's local time."""
    return datetime.combine(when, time(hour))


def month_end(year: int, month: int) -> date:
    """The last day of a month; month 0 is December of the year before."""
    year, month = (year - 1, month + 12) if month < 1 else (year, month)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


@dataclass
class Bank:
    """What was delivered: rows by table, the tables and kinds connected, and the dice they were made with."""

    seed: int
    prefix: str = ""
    dice: random.Random = field(init=False)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    without: frozenset[str] = frozenset()  # tables not delivered
    kinds: dict[str, frozenset[str]] = field(default_factory=dict)
    count: int = 0
    region: str = ""  # of the client being made

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.kinds = {
            "events": frozenset(EVENT_KINDS),
            "undertakings": frozenset({"rm_promise", "task", "service_request", "client_opinion", "proposal"})
            | {"strengthening_action", "corrective_action", "covenant", "condition", "capital_instalment"}
            | {"payment_promise"},
        }

    def add(self, table: str, **row: Any) -> Row:
        """One more row of a table."""
        self.rows[table].append(row)
        return row

    def id(self, kind: str) -> str:
        """A new key."""
        self.count += 1
        return f"{self.prefix}{kind}{self.count}"

    def chance(self, p: float) -> bool:
        """True in a share p of the throws."""
        return self.dice.random() < p

    def one(self, *choices: Any) -> Any:
        """One of the choices."""
        return self.dice.choice(choices)

    def event(self, kind: str, subtype: str, happened: date, **more: Any) -> None:
        """An event; a few are recorded only after T."""
        recorded = max(happened, T + timedelta(days=3)) if self.chance(0.03) else happened
        row = {"event_id": self.id("e"), "kind": kind, "subtype": subtype, "happened_on": happened, "confirmed": False}
        row |= {"recorded_on": recorded, "source_class": "registry", "source_ref": f"p{self.dice.randrange(4)}:x"}
        self.add("events", **(row | more))

    def frames(self) -> dict[str, pl.LazyFrame]:
        """The delivered tables as clean tables: no row twice, no row known only after T where the pull cuts it off."""
        return {
            name: pl.DataFrame(self.rows[name], schema=table.schema).lazy()
            for name, table in TABLES.items()
            if name not in self.without
        }


def build(seed: int, clients: int, prefix: str = "", without: frozenset[str] = frozenset()) -> Bank:
    """A bank of so many clients."""
    bank = Bank(seed, prefix, without=without)
    _masters(bank)
    _sector(bank)
    for n in range(clients):
        party = _client(bank, n)
        bank.region = bank.rows["parties"][-1]["region_code"]
        for theme in (_statements, _loans, _collateral, _payments, _bureau, _own_events, _deals, _notes, _promises):
            theme(bank, party)
        for theme in (_people, _complaints, _surveys, _answers, _returns, _meetings):
            theme(bank, party)
    return bank


def _masters(bank: Bank) -> None:
    first = date(2019, 1, 1)
    holidays = {date(2024, 1, 1), *(date(2024, 2, d) for d in range(12, 18))}
    for n in range((date(2024, 6, 30) - first).days + 1):
        d = first + timedelta(days=n)
        work = (d.weekday() < 5 and d not in holidays) or d == date(2024, 2, 18)
        bank.add("calendar", date=d, is_workday=work, holiday="spring_festival" if d in holidays else None)
    for n in range(4):
        bank.add("staff", staff_id=f"S{n}", name=f"S{n}", role="rm", branch_id="B1", start_on=date(2015, 1, 1))
    for n in range(OTHERS):
        _party(bank, f"{bank.prefix}O{n}", "company", INDUSTRIES[n % 10], REGIONS[n % 8])
    for n in range(BANKS):
        _party(bank, f"{bank.prefix}K{n}", "bank", "J6620", REGIONS[n % 8])


def _party(bank: Bank, key: str, kind: str, industry: str | None, region: str | None, **more: Any) -> Row:
    row = {"party_id": key, "kind": kind, "name": key, "industry_code": industry, "region_code": region}
    return bank.add("parties", **(row | {"updated_on": date(2020, 1, 1)} | more))


def _client(bank: Bank, n: int) -> Row:
    key = f"{bank.prefix}C{n}"
    kind = bank.dice.choices(["enterprise", "institution", "financial"], [90, 5, 5])[0]
    industry = "J6620" if kind == "financial" else bank.dice.choices(INDUSTRIES, [30, 14, 12, 10, 8, 8, 6, 4, 4, 4])[0]
    industry = industry[:3] if bank.chance(0.03) else industry
    _party(bank, key, "company", industry, bank.one(*REGIONS), size_class=bank.one("micro", "small", "small", "medium"))
    start = bank.one(date(2010, 3, 1), date(2018, 6, 30), date(2021, 2, 28))
    return bank.add(
        "clients", client_id=key, status="dormant" if bank.chance(0.03) else "active", client_kind=kind, branch_id="B1",
        relationship_start=start, reporting_freq=bank.one("Q", "Q", "Y", "M", "H", "none"), no_marketing=False,
        confidential=False, tier=bank.one("A", "B", "C", "D"), tier_set_on=start,
    )  # fmt: skip


# Sector: series and events of industries, regions and the country.


def _series(
    bank: Bank, kind: str, code: str, name: str, end: date, value: float, published: date | None = None
) -> None:
    told = published or end + timedelta(days=20)
    row = {"subject_kind": kind, "subject_code": code, "indicator": name, "period_end": end}
    bank.add("series", **row, published_on=told, value=value)


QUARTERS = [month_end(2023 - n // 4, 12 - 3 * (n % 4)) for n in range(17)]  # newest first
MONTHS = [month_end(2024 - (n + 11) // 12, (0 - n) % 12 + 1) for n in range(40)]  # January 2024 and back


def _region_series(bank: Bank, code: str) -> None:
    stale = bank.chance(0.1)
    for n, end in enumerate(QUARTERS[2:10] if stale else QUARTERS[:8]):
        _series(bank, "region", code, "fixed_investment_yoy", end, bank.one(-0.01, 0.0, 0.03, -0.02))
        if n < 3:
            _series(bank, "region", code, "new_firms_yoy", end, bank.one(-0.2, -0.1999, -0.25, 0.1))
            _series(bank, "region", code, "bankruptcy_filings_yoy", end, bank.one(0.3, 0.2999, 0.5, -0.1))
    if bank.chance(0.3):  # a revision, and one that comes after T
        _series(bank, "region", code, "new_firms_yoy", QUARTERS[0], -0.3, day(2))
        _series(bank, "region", code, "bankruptcy_filings_yoy", QUARTERS[0], 0.9, day(-2))


def _country(bank: Bank) -> None:
    for end in QUARTERS:
        _series(bank, "macro", "CN", "gdp_yoy", end, 0.05)
    for end in MONTHS[:4]:
        _series(bank, "macro", "CN", "pmi", end, bank.one(49.9, 50.0, 50.1) if end != MONTHS[1] else 50.0)
    for n in range(0, 900, 7):  # a rate a week; of the euro now and then, and one revised
        _series(bank, "fx", "USDCNY", "mid_rate", day(n), 7 + bank.dice.randrange(1000) / 3000, day(n))
        if n % 70 == 0:
            _series(bank, "fx", "EURCNY", "mid_rate", day(n), 7.7, day(n))
            _series(bank, "fx", "USDCNY", "mid_rate", day(n), 6.9999, day(max(n - 1, -2)))


def _sector(bank: Bank) -> None:
    _country(bank)
    for code in (*REGIONS[:6], "420000", "210000"):
        _region_series(bank, code)
    for industry in (*INDUSTRIES[:8], "K70"):
        for end in MONTHS[:30]:
            _series(bank, "industry", industry, "profit_yoy", end, {"C": 0.02, "F": -0.1}.get(industry[0], 0.05))
            _series(bank, "industry", industry, "ppi_yoy", end, {"C": -0.2, "F": -0.1999}.get(industry[0], 0.0))
        for end in QUARTERS[:9]:
            _series(bank, "industry", industry, "capacity_utilisation", end, 0.59 if industry[0] == "C" else 0.6)
    for industry in INDUSTRIES:
        for region in REGIONS:
            score = bank.one(1, 2, 3)
            for n, end in enumerate(QUARTERS[:4]):
                name = f"{industry}@{region}"
                _series(bank, "industry_region", name, "technology_disruption", end, bank.one(2, 3, 3.99, 4))
                _series(bank, "industry_region", name, "investment_climate", end, score + n * bank.one(0, 1, 1))
    _sector_events(bank)


def _sector_events(bank: Bank) -> None:
    sector = {"source_class": "news", "severity": 2}
    for industry, due in (("C26", 0), ("C2614", 365), ("C33", 366), ("F", -1), ("K70", 30)):
        more = {"industry_code": industry, "due_on": day(due), **sector}
        bank.event("policy", "technology_standard", day(due) - timedelta(days=40), **more, recorded_on=day(60))
    restrict = [
        ("restrict", "C2641", None, 365, 1), ("restrict", "C1711", None, 366, 3), ("capacity_cut", "F51", None, -180, 2),
        ("environmental_limit", "E", "330000", -181, 3), ("licence_withdrawn", "I65", "440300", 10, 3),
        ("price_control", "G543", None, -181, 2), ("restrict", "C33", "310000", 100, 3), ("restrict", "A01", None, 5, 3),
    ]  # fmt: skip
    for subtype, industry, region, due, severity in restrict:
        told = day(-3) if industry == "A01" else day(max(due, 0) + 30)
        more = {"industry_code": industry, "region_code": region, "due_on": day(due), "source_class": "news"}
        bank.event("policy", subtype, day(max(due, 0) + 40), severity=severity, **more, recorded_on=told)
    for industry, count in (("I65", 3), ("G54", 2), ("C2641", 3)):
        for n in range(count):
            ref = {"source_ref": f"pub{min(n, 1) if industry == 'C2641' else n}:9", "confirmed": True, **sector}
            back = day((10, 180, 90)[n])
            bank.event("news", "technology_shift", back, industry_code=industry, **ref, recorded_on=back)
    for region, back, sure in (("510000", 90, True), ("420100", 91, True), ("330200", 10, False)):
        more = {
            "region_code": region,
            "confirmed": sure,
            "recorded_on": day(back),
            "source_class": "news",
            "severity": 3,
        }
        bank.event("news", "regional_financial_turmoil", day(back), **more)
    disasters = [
        ("natural_disaster", "440300", 60, 2), ("epidemic", "330000", 90, 3), ("unrest", "510100", 91, 3),
        ("major_accident", "420100", 20, 2), ("natural_disaster", "210200", 40, 1),
    ]  # fmt: skip
    for subtype, region, back, severity in disasters:
        more = {"region_code": region, "severity": severity, "source_class": "news", "recorded_on": day(back)}
        bank.event("news", subtype, day(back), **more)


# The client's own statements.

FACTORS = (
    1,
    1,
    1,
    1,
    1.05,
    1.1,
    0.95,
    0.9,
    0.85,
    0.75,
    0.7,
    1.2,
    1.3,
    1.5,
    0.7499,
    0.8499,
    0.9501,
    1.2999,
    0.5,
    2,
    0.9,
)
SHARES = (0, 0.01, 0.0099, 0.05, 0.1, 0.0999, 0.14, 0.2, 0.2001, 0.25, 0.3, 0.2999, 0.5, 0.75, 0.0499, 0.03)
FLOWS = (
    "revenue", "main_revenue", "cogs", "selling_expense", "admin_expense", "finance_expense", "interest_expense",
    "investment_income", "non_op_income", "non_op_expense", "profit_before_tax", "income_tax", "net_profit", "cfo",
    "cfi", "cff", "capex", "depreciation", "amortisation", "payroll", "welfare_accrual", "fixed_asset_disposal_cash",
    "dividends_declared", "dividends_paid",
)  # fmt: skip
DETAIL = (
    "cash", "trading_assets", "notes_receivable", "accounts_receivable", "prepayments", "other_receivables", "inventory",
    "contract_assets", "long_term_investments", "fixed_assets_net", "construction_in_progress", "intangibles", "goodwill",
    "short_term_loans", "current_portion_debt", "notes_payable", "accounts_payable", "advances_received",
    "long_term_loans", "bonds_and_leases",
)  # fmt: skip
NEVER_BLANK = ("total_assets", "total_liabilities", "equity", "revenue", "profit_before_tax", "net_profit")


def _base(bank: Bank) -> dict[str, int]:
    """A year's figures: revenue first, the rest as shares of it that lie on limits."""
    size = bank.dice.randrange(5, 400) * 120_000 * CNY
    share = {name: bank.one(*SHARES) for name in (*FLOWS, *DETAIL)}
    share |= {"main_revenue": bank.one(1, 0.95, 0.7, 0.5, 1.01), "cogs": bank.one(0.7, 0.8, 0.9)}
    share |= {"profit_before_tax": bank.one(0.1, 0.05, 0.02, 0.2, -0.01, -0.0101, -0.05, 0), "revenue": 1}
    share |= {"interest_expense": bank.one(0, 0.01, 0.02), "payroll": bank.one(0.1, 0.2), "cfo": bank.one(0.1, -0.1)}
    share |= {"cash": bank.one(0.1, 0.2, 0.05), "accounts_receivable": bank.one(0.1, 0.2, 0.04), "inventory": 0.2}
    base = {name: round(size * part) for name, part in share.items()}
    base["net_profit"] = base["profit_before_tax"] * 3 // 4
    base["welfare_accrual"] = round(base["payroll"] * bank.one(0.14, 0.1401, 0.1, 0.05, 0.2))
    return base


def _whole(line: dict[str, int], bank: Bank) -> dict[str, int]:
    """Totals over the detail lines, and the lines of the notes."""
    line["current_assets"] = sum(line[name] for name in DETAIL[:8])
    line["total_assets"] = max(1, line["current_assets"] + sum(line[name] for name in DETAIL[8:13]))
    line["current_liabilities"] = sum(line[name] for name in DETAIL[13:18])
    line["total_liabilities"] = line["current_liabilities"] + sum(line[name] for name in DETAIL[18:])
    line["equity"] = line["total_assets"] - line["total_liabilities"]
    line["fixed_assets_gross"] = round(line["fixed_assets_net"] / bank.one(0.3, 0.2999, 0.5, 0.3001))
    line["related_receivables"] = round(
        (line["accounts_receivable"] + line["other_receivables"]) * bank.one(0.3, 0.1, 0.2999, 0.5, 0)
    )
    line["land_use_rights"] = line["intangibles"] // bank.one(1, 2, 4)
    line["paid_in_capital"] = 5_000_000 * CNY
    return line


def _years(bank: Bank) -> dict[int, dict[str, int]]:
    """Full years 2019 to 2024, every line stepping by a factor of its own."""
    years = {2019: _whole(_base(bank), bank)}
    calm = bank.chance(0.4)
    for year in range(2020, 2025):
        before = years[year - 1]
        moved = {
            name: round(v * (1 if calm and bank.chance(0.7) else bank.one(*FACTORS))) for name, v in before.items()
        }
        if year == 2023 and bank.chance(0.2):  # costs run away while sales stand
            moved |= {
                "revenue": round(before["revenue"] * bank.one(1, 1.0499, 1.05)),
                "admin_expense": before["admin_expense"] * 2,
            }
            moved["selling_expense"] = round(before["selling_expense"] * bank.one(1.3, 1.2999, 2))
        if bank.chance(0.1):
            moved["profit_before_tax"] = -moved["profit_before_tax"] - 12_000 * CNY
        equity = bank.one(*FACTORS, *FACTORS, *FACTORS, -1)
        years[year] = _whole(moved, bank)
        if not calm:
            years[year]["equity"] = round(before["equity"] * equity)
            years[year]["fixed_assets_gross"] = round(before["fixed_assets_gross"] * bank.one(*FACTORS))
    return years


ENDS = {
    "Q": [*(month_end(2023 - n // 4, 9 - 3 * (n % 4)) for n in range(8)), date(2020, 12, 31)],
    "Y": [date(y, 12, 31) for y in (2022, 2021, 2020, 2019)],
    "M": [*(date(2024, 1, 31), date(2023, 12, 31), date(2023, 11, 30), date(2023, 1, 31), date(2022, 12, 31)),
          *(date(2022, 1, 31), date(2021, 12, 31), date(2020, 12, 31), date(2022, 11, 30), date(2023, 7, 31))],
    "H": [date(2023, 6, 30), date(2022, 12, 31), date(2022, 6, 30), date(2021, 12, 31), date(2021, 6, 30)],
    "old": [date(2022, 9, 30), date(2021, 12, 31), date(2021, 9, 30), date(2020, 12, 31)],
    "edge": [date(2022, 10, 31), date(2021, 12, 31), date(2021, 10, 31), date(2020, 12, 31), date(2020, 10, 31)],
}  # fmt: skip
LAG = {"M": 15, "Q": 30, "H": 40, "Y": 110}


def _filed(bank: Bank, party: str, end: date, line: dict[str, int], kind: str, scope: str, version: int) -> Row:
    months = end.month
    row: Row = {name: value * months // 12 if name in FLOWS else value for name, value in line.items()}
    if end.month != 12 and bank.chance(0.2):  # the year does not run evenly
        name = bank.one(*FLOWS)
        row[name] = round(row[name] * bank.one(0.5, 0.8, 1.1, 1.5))
    if bank.chance(0.2):
        for name in bank.dice.sample(sorted(set(row) - set(NEVER_BLANK)), bank.one(1, 1, 2, 5)):
            row[name] = None
    if bank.chance(0.02):
        row |= dict.fromkeys(DETAIL)
    received = end + timedelta(days=LAG[kind] + bank.dice.randrange(-3, 6) + 9 * (version - 1))
    row |= {"party_id": party, "period_end": end, "period_type": kind, "scope": scope, "version": version}
    audited = kind == "Y"
    return row | {
        "months": months, "gaap": "CAS", "currency": "CNY", "received_on": received, "audited": audited,
        "opinion": bank.one("clean", "clean", "clean", "qualified") if audited else "none",
    }  # fmt: skip


def _statements(bank: Bank, client: Row) -> None:
    if bank.chance(0.04):
        return
    key = client["client_id"]
    style = bank.dice.choices(["Q", "Y", "M", "H", "old", "edge"], [40, 25, 20, 7, 4, 4])[0]
    years = _years(bank)
    consolidated = bank.one(0, 0, 0, 1, 2)  # none, for all periods, for the newest alone
    if style in ("Q", "Y", "M", "H") and bank.chance(0.7):
        client["reporting_freq"] = style
    late = bank.one(0, 0, 0, 1, 2) if style == "M" else 0  # the newest filings that are not in
    for n, end in enumerate(ENDS[style]):
        if n < late or (n > late and bank.chance(0.04)):
            continue
        kind = "Y" if end.month == 12 else {"old": "Q", "edge": "M"}.get(style, style)
        for scope in ("single", "consolidated"):
            if scope == "single" or consolidated == 1 or (consolidated == 2 and n == late):
                _filings(bank, key, end, years[end.year], kind, scope)


def _filings(bank: Bank, key: str, end: date, line: dict[str, int], kind: str, scope: str) -> None:
    def filed(kind: str, version: int) -> Row:
        return bank.add("statements", **_filed(bank, key, end, shaken, kind, scope, version))

    shaken = dict(line)
    if scope == "consolidated":
        shaken = {name: round(v * bank.one(1, 1.2, 1.5)) for name, v in line.items()}
    first = filed(kind, 1)
    if kind == "Y" and bank.chance(0.1):  # the same period in another kind of filing too
        shaken["revenue"] = round(line["revenue"] * 0.8)
        filed("Q", 1)
        shaken["revenue"] = line["revenue"]
    if bank.chance(0.1):
        name = bank.one("revenue", "net_profit", "equity", "accounts_receivable", "current_assets")
        shaken[name] = round(shaken[name] * bank.one(0.95, 0.8, 1.2))
        late = filed(kind, 2)
        late["received_on"] = max(late["received_on"], first["received_on"] + timedelta(days=1))
        if bank.chance(0.3):
            late["received_on"] = T + timedelta(days=bank.one(1, 5))


# Loans, lines, security.

LATE = (0, 1, 4, 5, 29, 30, 59, 60, 90, 91, 200)


def _loans(bank: Bank, client: Row) -> None:
    if bank.chance(0.35):
        return
    key = client["client_id"]
    line = None
    if bank.chance(0.6):
        line = bank.id("f")
        limit = bank.one(10, 20) * 100_000 * CNY
        base = {"facility_id": line, "client_id": key, "product": "working_capital", "currency": "CNY"}
        base |= {"revolving": bank.chance(0.8), "expires_on": bank.one(day(-200), day(-1), day(0), day(1), day(-90))}
        bank.add("facilities", **base, valid_from=day(800), limit_amount=limit)
        if bank.chance(0.2):
            bank.add("facilities", **base, valid_from=day(bank.one(20, 60, -5)), limit_amount=limit * 3 // 4)
    troubled = bank.chance(0.4)
    for _ in range(bank.one(1, 1, 2, 3)):
        _loan(bank, key, line if bank.chance(0.8) else None, troubled and bank.chance(0.7))


def _loan(bank: Bank, key: str, line: str | None, troubled: bool) -> None:
    loan, principal = bank.id("l"), bank.one(5, 10, 20) * 100_000 * CNY
    on = bank.chance(0.85)
    bank.add(
        "loans", loan_id=loan, client_id=key, facility_id=line, product="working_capital" if on else "acceptance",
        on_balance=on, principal=principal, currency="CNY", disbursed_on=day(700), matures_on=day(bank.one(-40, -366, -900, 30)),
        rate_kind=bank.one("fixed", "floating_lpr"), purpose="working_capital", guarantee_mode="unsecured", grant_kind="new",
    )  # fmt: skip
    good = {"loan_id": loan, "class5": "normal", "state": "normal", "overdue_principal": 0, "overdue_interest": 0}
    good |= {"extensions": 0}
    bank.add("loan_status", **good, as_of=day(700), outstanding=principal)
    late_then = bank.region in REGIONS[4:] and bank.chance(0.3)  # in arrears a year ago, and not since
    then = {"overdue_principal": 1000, "principal_overdue_since": day(450), "state": "overdue"} if late_then else {}
    bank.add("loan_status", **(good | then), as_of=day(410), outstanding=principal)
    for back in bank.dice.sample((350, 330, 213, 121, 75, 46, 29, 15, 1, 0), 3):
        drawn = round(principal * bank.one(0.5, 0.7, 0.94, 0.95, 0.96, 1, 1, 1.01, 0.75))
        bank.add("loan_status", **good, as_of=day(back), outstanding=drawn)
    end = bank.dice.random()
    newest = max(r["as_of"] for r in bank.rows["loan_status"][-4:])
    if troubled:
        _arrears(bank, good, max(newest, day(3)), principal)
    elif end < 0.05:
        bank.rows["loan_status"][-1] |= {"as_of": day(-2), "outstanding": 0, "state": "settled"}
    elif end < 0.1:
        when = newest + timedelta(days=1) if newest < T else T
        bank.rows["loan_status"] = list(bank.rows["loan_status"][:-4]) + [
            r for r in bank.rows["loan_status"][-4:] if r["as_of"] != when
        ]
        bank.add("loan_status", **good | {"state": bank.one("settled", "transferred")}, as_of=when, outstanding=0)


def _arrears(bank: Bank, good: Row, newest: date, principal: int) -> None:
    outstanding = bank.one(principal, principal // 2, 100_000 * CNY)
    amount = bank.one(outstanding // 100, outstanding // 100 - 1, 1000 * CNY, 999_99, outstanding // 5, 60_000 * CNY)
    row = good | {"as_of": newest, "outstanding": outstanding, "state": bank.one("overdue", "overdue", "written_off")}
    row["class5"] = bank.one("normal", "special_mention", "special_mention", "substandard")
    if bank.chance(0.7):
        row |= {"overdue_principal": amount, "principal_overdue_since": day(bank.one(*LATE))}
    if bank.chance(0.7):
        row |= {"overdue_interest": bank.one(amount, amount // 2), "interest_overdue_since": day(bank.one(*LATE))}
    for each in (row.get("principal_overdue_since"), row.get("interest_overdue_since")):
        if each is not None and each > row["as_of"]:
            row["as_of"] = T
    bank.rows["loan_status"] = [
        *bank.rows["loan_status"][:-4],
        *(r for r in bank.rows["loan_status"][-4:] if r["as_of"] < row["as_of"]),
    ]
    bank.add("loan_status", **row)


def _collateral(bank: Bank, client: Row) -> None:
    if bank.chance(0.6):
        return
    for kind in bank.dice.sample(("inventory", "inventory", "receivables", "real_estate", "equipment"), bank.one(1, 2)):
        value = bank.one(10, 20, 40) * 50_000 * CNY
        row = {"support_id": bank.id("v"), "client_id": client["client_id"], "kind": bank.one("pledge", "mortgage")}
        row |= {"provider_id": client["client_id"], "asset_kind": kind, "secured_amount": value // 2}
        row |= {
            "valued_on": day(bank.one(90, 91, 10, 200)),
            "status": bank.one("active", "active", "active", "released"),
        }
        bank.add("credit_support", **row, asset_value=value, valid_from=day(500))
        if bank.chance(0.2):
            row |= {"valued_on": day(20), "status": bank.one("active", "released"), "secured_amount": value}
            bank.add("credit_support", **row, asset_value=value, valid_from=day(bank.one(15, 0, -1)))


# Payments.

EDGES = {60 + 30 * k for k in range(-2, 8)} | {90 + 30 * k for k in range(-2, 8)} | {20 + 30 * k for k in range(-2, 8)}


def _payments(bank: Bank, client: Row) -> None:
    if bank.chance(0.65):
        return
    key, months = client["client_id"], bank.one(27, 27, 27, 16, 15, 14, 9, 8, 4)
    account = f"{key}-a"
    row = {"account_id": account, "client_id": key, "kind": "demand", "is_basic": False, "currency": "CNY"}
    bank.add("accounts", **row, opened_on=day(1000), status="active")
    foreign = bank.one(None, None, None, None, "USD", "EUR")
    base = bank.one(1, 5, 20) * 10_000 * CNY
    fade, lumpy = bank.one(1, 1, 1, 0.8, 0.7, 0.5, 0.4, 0), bank.one(0.02, 0.1, 0.3)
    for back in range(months):
        month = month_end(2024 - (back + 10) // 12, (1 - back) % 12 + 1)
        level = base * (fade if back < 3 else 1)
        for n, (direction, category) in enumerate(
            (("in", "sales"), ("in", "sales"), ("out", "raw_material"), ("out", "utility"))
        ):
            booked = _free(month.replace(day=min(3 + 7 * n, 24)))
            amount = round(level * (0.8 if direction == "out" else 1) * (1 + bank.dice.uniform(-lumpy, lumpy)))
            if amount > 0:
                coin = foreign if foreign and bank.chance(0.1 if foreign == "USD" else 0.01) else "CNY"
                _pay(
                    bank, account, booked, direction, amount if coin == "CNY" else amount // 7, category, currency=coin
                )
    _failures(bank, account, base)


def _free(booked: date) -> date:
    """The day itself, or the next that is no edge of a disaster's thirty days."""
    while any(abs((T - booked).days - edge) <= 1 for edge in EDGES):
        booked += timedelta(days=1)
    return booked


def _pay(bank: Bank, account: str, booked: date, direction: str, amount: int, category: str, **more: Any) -> None:
    row = {"account_id": account, "booked_on": booked, "txn_id": bank.id("t"), "direction": direction, "amount": amount}
    row |= {"currency": "CNY", "type": "transfer", "status": "ok", "category": category}
    other = f"{bank.prefix}O{bank.dice.randrange(OTHERS)}"
    bank.add(
        "transactions",
        **(row | {"counterparty_id": other, "counterparty_name": other, "counterparty_bank": "999"} | more),
    )


def _failures(bank: Bank, account: str, base: int) -> None:
    if bank.chance(0.5):
        return
    for _ in range(bank.one(1, 2, 3, 5, 6)):
        status = bank.one("returned", "insufficient_funds", "insufficient_funds", "failed", "reversed")
        amount = bank.one(base // 1000, base // 1000, base // 5)
        booked = day(bank.one(0, 5, 30, 90, 91))
        _pay(bank, account, booked, bank.one("out", "out", "out", "in"), amount, "raw_material", status=status)


# What others say of the client.


def _bureau(bank: Bank, client: Row) -> None:
    if bank.chance(0.3):
        return
    worst = bank.one("normal", "normal", "normal", "normal", "special_mention", "substandard")
    for back in bank.one((10, 100, 190), (95, 186), (96, 187), (5, 90, 180), (40, 130)):
        bank.add(
            "bureau_reports", client_id=client["client_id"], report_on=day(back),
            worst_class=worst if bank.chance(0.9) else bank.one("normal", "special_mention"),
            other_bank_balance=bank.one(700, 699, 701, 1000, 1000) * 10_000 * CNY, other_bank_count=bank.one(2, 3, 3),
            nonbank_balance=0, overdue_amount=0, guarantees_given=0, moral_flag="none",
        )  # fmt: skip
    if bank.chance(0.05):
        for row in bank.rows["bureau_reports"][-2:]:
            if row["client_id"] == client["client_id"]:
                row["moral_flag"] = bank.one("debt_evasion", "loan_fraud", "malicious_default")


RECENT = (0, 30, 89, 90, 91, 180, 181, 364, 365, 366)
REGISTRY = (
    "bankruptcy_filing", "dishonest_executee", "executed", "equity_freeze", "abnormal_operation", "licence_revoked",
    "deregistered", "lease_out", "contracting_out", "joint_venture", "type_change", "division", "merger",
    "restructuring", "capital_reduction", "penalty", "production_safety_order", "equity_transfer", "asset_transfer",
    "controller_change", "equity_pledge", "lawsuit", "branch_open", "branch_close", "branch_close", "tax_arrears",
)  # fmt: skip
NOTICES = (
    "equity_transfer",
    "merger",
    "division",
    "asset_transfer",
    "controller_change",
    "equity_pledge",
    "capital_reduction",
)


def _registry(bank: Bank, key: str) -> None:
    for subtype in bank.dice.sample(REGISTRY, bank.one(0, 0, 1, 1, 2)):
        back = bank.one(*RECENT, 15, 45)
        lifted = bank.one(None, None, None, None, day(0), day(1), day(-30), day(1094), day(1100))
        if lifted is not None and lifted < day(back):
            back = 1500
        repeat = bank.one(1, 3, 4) if subtype.startswith("branch") else 1
        for n in range(repeat):
            bank.event("registry", subtype, day(back) - timedelta(days=n), party_id=key, ends_on=lifted)
        if subtype in NOTICES and bank.chance(0.6):
            told = day(back) + timedelta(days=bank.one(-61, -60, -3, 0, 5, 13, 14, 15, 16, 17, 29, 30, 31, 40))
            if told <= T:
                other = subtype if bank.chance(0.8) else bank.one(*NOTICES)
                bank.event("client_notice", other, told, party_id=key)


MISCONDUCT = ("fraud", "tax_evasion", "pollution", "wage_arrears", "false_advertising", "corruption")
CATASTROPHE = ("fire", "explosion", "flood_damage", "casualty_accident", "key_person_death")


def _news(bank: Bank, key: str) -> None:
    more = {"party_id": key, "source_class": "news"}
    if bank.chance(0.15):
        for _ in range(bank.one(1, 1, 3, 4)):
            back = bank.one(5, 29, 30, 31, 90, 91)
            how = {"severity": bank.one(1, 2, 2, 3), "confirmed": bank.chance(0.2)}
            bank.event("news", bank.one(*MISCONDUCT), day(back), **more, **how)
        if bank.chance(0.3):
            bank.event("registry", "penalty", day(bank.one(0, 10, 60, 120)), party_id=key)
    if bank.chance(0.06):
        how = {"severity": bank.one(1, 2, 3), "confirmed": bank.chance(0.5)}
        bank.event("news", bank.one(*CATASTROPHE), day(bank.one(0, 90, 91)), **more, **how)


def _own_events(bank: Bank, client: Row) -> None:
    key = client["client_id"]
    _registry(bank, key)
    _news(bank, key)
    if bank.chance(0.15):
        for n in bank.dice.sample(range(BANKS), bank.one(2, 3, 5, 6)):
            back = bank.one(0, 10, 30, 30, 31)
            other = {"party_id": key, "other_id": f"{bank.prefix}K{n}"}
            bank.event("bureau_inquiry", bank.one("loan_approval", "guarantee_review"), day(back), **other)
        for n in range(bank.one(0, 0, 3, 12, 13, 24)):
            bank.event("bureau_inquiry", "loan_approval", day(60 + 10 * n), party_id=key, other_id=f"{bank.prefix}K1")
    if bank.chance(0.05):
        for _ in range(bank.one(1, 2)):
            back = day(bank.one(0, 30, 31))
            bank.event(
                "reference_call", "credit_standing", back, party_id=key, other_id=f"{bank.prefix}K2", reported_by="S1"
            )
    if bank.chance(0.15):
        _dunning(bank, key)
    if bank.chance(0.02):
        bank.event("client_notice", "funding_plan_omits_repayment", day(bank.one(10, 180, 181)), party_id=key)
    if bank.chance(0.15):
        _project(bank, key)


def _dunning(bank: Bank, key: str) -> None:
    for back in bank.one((20,), (15,), (14,), (100, 60), (200, 100, 50), (366, 300, 40), (300, 200, 100, 15)):
        answered = bank.chance(0.4)
        ends = day(back - bank.one(0, 3, 10)) if answered else None
        subtype = bank.one("principal", "interest", "fee", "maturity_notice")
        bank.event("dunning", subtype, day(back), party_id=key, amount=100, ends_on=ends, recorded_on=day(back))


def _project(bank: Bank, key: str) -> None:
    for n in range(bank.one(1, 1, 2)):
        for back in (200, 20):
            planned, budget = date(2024, 12, 31), 1000 * 10_000 * CNY
            late = planned + timedelta(days=bank.one(0, 0, 89, 90, 179, 180))
            spent = round(budget * bank.one(1, 1, 1.0999, 1.1, 1.1999, 1.2))
            state = bank.one("on_track", "on_track", "on_track", "slowed", "paused", "stopped", "finished")
            more = {
                "due_on": planned,
                "ends_on": late,
                "amount": spent,
                "ref_amount": budget,
                "source_ref": f"{key}-{n}",
            }
            bank.event("project", state, day(back), party_id=key, **more, recorded_on=day(back))


def _deals(bank: Bank, client: Row) -> None:
    key = client["client_id"]
    if bank.chance(0.75):
        return
    other = f"{bank.prefix}O{bank.dice.randrange(OTHERS)}"
    if bank.chance(0.3):
        share = {"relation": "shareholder_of", "share_pct": 0.3, "recorded_on": day(900), "source_class": "registry"}
        ended = bank.one(None, None, day(200))
        bank.add(
            "party_links", link_id=bank.id("k"), from_id=other, to_id=key, **share, start_on=day(900), end_on=ended
        )
    for _ in range(bank.one(1, 1, 2)):
        fair = bank.one(5, 10, 50) * 100_000 * CNY
        price = round(fair * bank.one(0.7, 0.6999, 0.8, 0.7999, 1, 1, 1.2, 1.2001, 1.3, 1.3001))
        flags = bank.one(
            [], [], ["related_party"], ["appraised"], ["production_asset"], ["production_asset", "appraised"]
        )
        subtype = bank.one("asset_sale", "asset_sale", "asset_purchase", "equity_purchase", "intangible_purchase")
        more = {"other_id": other, "amount": price, "ref_amount": None if bank.chance(0.1) else fair, "flags": flags}
        bank.event("deal", subtype, day(bank.one(10, 365, 366)), party_id=key, **more)


def _notes(bank: Bank, client: Row) -> None:
    if bank.chance(0.5):
        return
    key = client["client_id"]
    for item in bank.dice.sample(("revenue_recognition", "inventory_valuation", "useful_life", "bad_debt"), 2):
        value = bank.one("a", "b")
        for end in (date(2021, 12, 31), date(2022, 12, 31)):
            value = value if bank.chance(0.8) else bank.one("a", "b")
            row = {"party_id": key, "period_end": end, "kind": "accounting_policy", "item": item}
            late = end + timedelta(days=bank.one(110, 120))
            bank.add("disclosures", **row, text_value=value, mandated=bank.chance(0.3), received_on=late)
            if bank.chance(0.05):
                bank.add("disclosures", **row, text_value="c", mandated=False, received_on=day(bank.one(30, -3)))


# What was promised.


def _undertaking(bank: Bank, key: str, kind: str, made: date, due: date | None, outcome: str, **more: Any) -> None:
    side = "client" if kind in ("covenant", "condition", "capital_instalment", "payment_promise") else "bank"
    row = {"undertaking_id": bank.id("u"), "kind": kind, "owed_by": side, "client_id": key, "about_kind": "none"}
    row |= {"title": kind, "made_on": made, "due_on": due, "outcome": outcome}
    bank.add("undertakings", **(row | {"staff_id": None if side == "client" else "S1"} | more))


def _promises(bank: Bank, client: Row) -> None:
    key = client["client_id"]
    if bank.chance(0.2):
        for back in bank.one((10,), (400, 800), (366, -1), (-5,), (0,), (800, 100)):
            due = bank.one(5_000_000, 7_142_857, 7_142_858, 10_000_000, 20_000_000) * CNY
            _undertaking(bank, key, "capital_instalment", day(1000), day(back), "open", amount=due)
    if bank.chance(0.25):
        _covenants(bank, key)
    if bank.chance(0.3):
        for _ in range(bank.one(2, 3, 4, 6)):
            made = day(bank.one(5, 29, 30, 31, 100, 300, 365, 366))
            outcome = bank.one("adopted", "adopted", "not_adopted", "open")
            told = bank.one(None, made, made + timedelta(days=30), made + timedelta(days=31))
            told = None if told is not None and told > T else told
            _undertaking(bank, key, "client_opinion", made, None, outcome, told_client_on=told)
    if bank.chance(0.3):
        _rm_promises(bank, key)
    if bank.chance(0.2):
        for _ in range(bank.one(4, 5, 5, 10)):
            outcome = bank.one("accepted", "declined", "declined", "open")
            reason = bank.one("not_relevant", "not_relevant", "price") if outcome == "declined" else None
            _undertaking(bank, key, "proposal", day(bank.one(10, 200, 365, 366)), None, outcome, reason=reason)


def _covenants(bank: Bank, key: str) -> None:
    kind = bank.one("covenant", "condition")
    grade = bank.one("information", "security", "other", None)
    for _ in range(bank.one(1, 1, 2, 3, 4)):
        back = bank.one(29, 30, 31, 90, 91, 200, 360)
        outcome = bank.one("met", "met", "met", "not_met", "not_evidenced")
        live = bank.one(None, None, None, day(-10), day(10)) if outcome == "not_met" else None
        more = {"covenant_class": grade, "waived_until": live}
        _undertaking(bank, key, kind, day(700), day(back), outcome, **more)


def _rm_promises(bank: Bank, key: str) -> None:
    for _ in range(bank.one(2, 4, 5, 6, 10)):
        due = day(bank.one(-5, 0, 1, 20, 100, 179, 180, 181))
        done = bank.one(due, due, due - timedelta(days=2), due + timedelta(days=1), None)
        done = None if done is not None and done > T else done
        _undertaking(bank, key, "rm_promise", due - timedelta(days=30), due, "done" if done else "open", done_on=done)


# People, complaints, surveys, answers.


def _people(bank: Bank, client: Row) -> None:
    key = client["client_id"]
    if bank.chance(0.3):
        return
    for n in range(bank.one(2, 4, 5, 6, 7)):
        person = f"{key}-p{n}"
        _party(bank, person, "person", None, None)
        tie = {"link_id": bank.id("k"), "from_id": person, "to_id": key, "recorded_on": day(900), "source_class": "crm"}
        tie |= {"function": bank.one("production", "production", "sales", "finance", "general", None)}
        ended = bank.one(None, None, None, None, None, day(0), day(1), day(-1))
        bank.add(
            "party_links", **tie, relation=bank.one("executive_of", "director_of"), start_on=day(900), end_on=ended
        )
        if n < 4:
            tie |= {"link_id": bank.id("k"), "function": bank.one("production", "sales", "finance", "general")}
            bank.add("party_links", **tie, relation="contact_of", start_on=day(900))
    if bank.chance(0.1):
        owner = f"{bank.prefix}O{bank.dice.randrange(OTHERS)}"
        tie = {
            "link_id": bank.id("k"),
            "from_id": owner,
            "to_id": key,
            "recorded_on": day(900),
            "source_class": "registry",
        }
        ended = bank.one(None, None, day(0), day(-1))
        bank.add("party_links", **tie, relation="controller_of", start_on=day(900), end_on=ended)
        if bank.chance(0.3):
            lifted = bank.one(None, day(1094), day(1100), day(-5))
            bank.event(
                "registry", "dishonest_executee", day(1300), party_id=owner, ends_on=lifted, recorded_on=day(1299)
            )


def _complaints(bank: Bank, client: Row) -> None:
    key = client["client_id"]
    if bank.chance(0.7):
        return
    ours = (
        "attitude",
        "argument",
        "prejudice",
        "criticism",
        "ignored_feedback",
        "missed_appointment",
        "broken_promise",
    )
    first = None
    backs = [bank.one(0, 5, 15, 16, 30, 31, 60, 61, 90, 91, 180, 181, 365, 366) for _ in range(bank.one(1, 1, 2, 3, 5))]
    for back in sorted(backs, reverse=True):
        row = {"complaint_id": bank.id("q"), "client_id": key, "handler_id": "S2", "received_at": at(day(back))}
        row |= {"about_staff_id": "S1", "channel": "rm", "target": bank.one("rm", "rm", "product")}
        row |= {"category": bank.one(*ours, "efficiency"), "severity": bank.one(1, 1, 1, 2, 3), "content": "x"}
        row |= {"volunteered": False, "fault": "undecided", "outcome": "open", "contact_id": f"{key}-p0"}
        closed = day(max(0, back - bank.one(1, 14, 15))) if bank.chance(0.6) else None
        row |= {"closed_at": at(closed, 12) if closed else None, "product": bank.one(None, "payroll")}
        row |= {"extension_approved_by": bank.one(None, None, "S3"), "repeat_of": first if bank.chance(0.1) else None}
        bank.add("complaints", **row)
        first = row["complaint_id"]


def _surveys(bank: Bank, client: Row) -> None:
    if bank.chance(0.5):
        return
    for item in bank.dice.sample(("listens", "understands_our_business", "keeps_promises", "respects"), bank.one(1, 2)):
        for back in bank.one((10,), (400,), (401,), (20, 300), (30, 200, 390)):
            row = {"answer_id": bank.id("w"), "client_id": client["client_id"], "staff_id": "S1", "subject": "rm"}
            bank.add(
                "survey_answers",
                **row,
                item=item,
                score=bank.one(1, 2, 3, 4, 5),
                asked_by="phone",
                answered_on=day(back),
            )


ASKED = (
    "EXT-02",
    "EXT-07",
    "MGT-06",
    "MGT-16",
    "MGT-19",
    "MGT-36",
    "MGT-37",
    "MGT-43",
    "MGT-49",
    "REL-01",
    "REL-02",
    "REL-04",
)


def _answers(bank: Bank, client: Row) -> None:
    for signal in ASKED:
        if bank.chance(0.08):
            back = bank.one(1, 100, 179, 180, 181)
            until = bank.one(day(0), day(1), day(-50), None, None)
            until = None if until is not None and until < day(back) else until
            adverse = bank.chance(0.6)
            bad = {"MGT-36": ("none", "not_implemented", "not_feasible"), "EXT-07": ("stopped",)}.get(signal, ("yes",))
            more = {"party_id": client["client_id"], "signal_id": signal, "reported_by": "S1", "ends_on": until}
            bank.event(
                "observation",
                bank.one(*bad) if adverse else "no",
                day(back),
                severity=bank.one(1, 2, 3) if adverse else None,
                **more,
                recorded_on=day(back),
            )


def _returns(bank: Bank, client: Row) -> None:
    """The client's own monthly return."""
    key = client["client_id"]
    if bank.chance(0.7):
        return
    ends = MONTHS[bank.one(0, 0, 0, 1, 2) :][:16]
    unit = 6000
    use_now, use_then = bank.one(0.6, 0.5999, 0.4, 0.3999, 0.8, 0.7), bank.one(0.7, 0.7001, 0.9, 0.8, 0.6999)
    price = bank.one(100, 80, 80.01, 65, 64.99, 95)
    products, share, before = bank.one(10, 7, 6), bank.one(0.8, 0.7999, 0.5), bank.one(0.6, 0.5999, 0.3)
    for n, end in enumerate(ends):
        if bank.chance(0.01):
            continue
        values = {
            "output_units": unit * (use_now if n < 3 else use_then), "capacity_units": unit,
            "product_price_index": price if n < 3 else 100,
            "active_products": products if n < 6 else 10, "top_product_share": share if n < 6 else before,
        }  # fmt: skip
        for name, value in values.items():
            _series(bank, "client", key, name, end, value, end + timedelta(days=10))
    for end in (date(2023, 12, 31), date(2023, 6, 30)):
        if bank.chance(0.7):
            _series(bank, "client", key, "plan_attainment", end, bank.one(0.7, 0.6999, 0.5, 1))


def _meetings(bank: Bank, client: Row) -> None:
    key = client["client_id"]
    if bank.chance(0.4):
        return
    courted = bank.chance(0.3)  # one person alone is met
    for _ in range(bank.one(3, 5, 6, 9)):
        back = bank.one(1, 20, 45, 89, 90, 91, 150, 180, 181)
        who = f"{key}-p{0 if courted and bank.chance(0.95) else bank.one(0, 0, 0, 1, 2, 3)}"
        row = {"interaction_id": bank.id("i"), "client_id": key, "staff_id": "S1", "contact_id": who}
        row |= {"created_at": at(day(back)), "planned_on": day(back), "channel": bank.one("visit", "phone")}
        row |= {"initiator": "bank", "senior_bank": False, "senior_client": False, "recorded_at": at(day(back), 15)}
        state = bank.one("done", "done", "done", "done", "rescheduled", "cancelled")
        if state == "done":
            row |= {
                "started_at": at(day(back), 9),
                "two_way": True,
                "outcome": "information",
                "criticism": bank.chance(0.1),
            }
            row |= {
                "other_contacts": None if courted else bank.one(None, None, [f"{key}-p1"]),
                "warmth": bank.one(2, 3, 4),
            }
        else:
            row |= {
                "changed_by": bank.one("bank", "client"),
                "notice_given": bank.chance(0.7),
                "apology_given": bank.chance(0.7),
            }
        bank.add("interactions", status=state, **row)
