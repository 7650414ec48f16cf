"""One client's rows as the rules ask for them: plain lists, read off the bank row by row."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tests.second_reading.bank import Bank, Row, T
from tests.second_reading.logic import plus

KNOWN = {
    "statements": "received_on", "disclosures": "received_on", "events": "recorded_on", "party_links": "recorded_on",
    "series": "published_on", "transactions": "booked_on", "loan_status": "as_of", "facilities": "valid_from",
    "credit_support": "valid_from", "bureau_reports": "report_on", "undertakings": "made_on", "loans": "disbursed_on",
    "survey_answers": "answered_on", "complaints": "received_at", "interactions": "recorded_at",
}  # fmt: skip
OWNER = {"statements": "party_id", "disclosures": "party_id", "events": "party_id"}
OPEN = ("normal", "overdue", "written_off")  # states of a loan in force
CURRENT = (
    "cash", "trading_assets", "notes_receivable", "accounts_receivable", "prepayments", "other_receivables", "inventory",
    "contract_assets",
)  # fmt: skip
TIES = {
    "current_assets": CURRENT,
    "total_assets": (
        "current_assets", "long_term_investments", "fixed_assets_net", "construction_in_progress", "intangibles",
        "goodwill",
    ),
    "current_liabilities": (
        "short_term_loans", "current_portion_debt", "notes_payable", "accounts_payable", "advances_received",
    ),
    "total_liabilities": ("current_liabilities", "long_term_loans", "bonds_and_leases"),
}  # fmt: skip
NIL = {  # lines that are 0 when blank, with the total that must be given
    "trading_assets": "total_assets", "goodwill": "total_assets", "land_use_rights": "total_assets",
    "notes_payable": "total_liabilities", "short_term_loans": "total_liabilities",
    "current_portion_debt": "total_liabilities", "long_term_loans": "total_liabilities",
    "bonds_and_leases": "total_liabilities",
}  # fmt: skip


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last."""
    n = day.year * 12 + day.month - 1 - months
    for d in range(day.day, 0, -1):
        try:
            return date(n // 12, n % 12 + 1, d)
        except ValueError:
            continue
    raise AssertionError(day)


def within(day: date | None, days: int, end: date = T) -> bool:
    """In the last so many days, both ends in."""
    return day is not None and end - timedelta(days=days) <= day <= end


def year_end(day: date, years: int = 1) -> date:
    """The month's last day so many years earlier."""
    first = date(day.year - years, day.month, 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class Blank(dict[str, Any]):
    """A row whose columns not given are blank."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(eq=False)
class World:
    """The whole bank, sorted by whom a row is about."""

    bank: Bank
    of: dict[str, dict[str, list[Row]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, rows in self.bank.rows.items():
            own = self.of[table] = defaultdict(list)
            when = KNOWN.get(table)
            for row in map(Blank, rows):
                if when is None or self._day(row[when]) <= T:
                    own[row.get(OWNER.get(table, "client_id")) or ""].append(row)
        self.parties = {row["party_id"]: row for row in self.bank.rows["parties"]}
        self.accounts = {row["account_id"]: row["client_id"] for row in self.bank.rows["accounts"]}
        self.status = self._grouped("loan_status", lambda row: row["loan_id"])
        self.payments = self._grouped("transactions", lambda row: self.accounts[row["account_id"]])
        self.links = self._grouped("party_links", lambda row: row["to_id"])
        self.clients = [Client(self, row) for row in self.bank.rows["clients"]]
        self.values: dict[tuple[str, str, str], dict[date, Row]] = defaultdict(dict)
        for row in self.of["series"][""]:
            kept = self.values[row["subject_kind"], row["subject_code"], row["indicator"]]
            old = kept.get(row["period_end"])
            if old is None or old["published_on"] <= row["published_on"]:
                kept[row["period_end"]] = row
        self.sector_events = self.of["events"][""]
        self.workdays = sorted(row["date"] for row in self.bank.rows["calendar"] if row["is_workday"])

    @staticmethod
    def _day(value: Any) -> date:
        return value if type(value) is date else value.date()

    def _grouped(self, table: str, key: Callable[[Row], str]) -> dict[str, list[Row]]:
        grouped = defaultdict(list)
        for rows in self.of.get(table, {}).values():
            for row in rows:
                grouped[key(row)].append(row)
        return grouped

    def delivered(self, table: str, kind: str | None = None) -> bool:
        """Whether a table, and with it a kind of rows, is connected (reading G6)."""
        return table not in self.bank.without and (kind is None or kind in self.bank.kinds[table])

    def series(self, kind: str, code: str, name: str) -> dict[date, float]:
        """Period end → value, the latest revision known."""
        return {end: row["value"] for end, row in self.values.get((kind, code, name), {}).items()}

    def sector(self, kind: str, codes: Iterable[str], name: str) -> dict[date, float]:
        """The series of the first code that has one."""
        return next((found for code in codes if (found := self.series(kind, code, name))), {})


def prefixes(code: str) -> list[str]:
    """The code, and its prefixes from long to short."""
    return [code[:n] for n in range(len(code), 0, -1)]


def places(region: str) -> list[str]:
    """The region, then its province."""
    return [region, f"{region[:2]}0000"]


def reaches(place: str, region: str) -> bool:
    """Whether an event of `place` reaches `region`: a province reaches its cities (reading G23)."""
    return region.startswith(place.rstrip("0")) if place.endswith("0000") else region == place


class Filing:
    """One filing's lines, blanks filled where reading G9 says so."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.end: date = row["period_end"]
        self.months: int = row["months"]
        self.line = dict(row)
        for name, total in NIL.items():
            sisters = next((s for s in TIES.values() if name in s), TIES["total_assets"])
            given = any(row.get(sister) is not None for sister in sisters if sister != name)
            if row.get(name) is None and row.get(total) is not None and given:
                self.line[name] = 0
        for total, parts in TIES.items():
            self._tie(total, parts)

    def _tie(self, total: str, parts: tuple[str, ...]) -> None:
        blank = [name for name in parts if self.line.get(name) is None]
        whole = self.line.get(total)
        if len(blank) == 1 and whole is not None:
            rest = sum(self.line[name] for name in parts if name != blank[0])
            if abs(whole - rest) <= 0.005 * abs(whole):
                self.line[blank[0]] = 0

    def __getitem__(self, name: str) -> int | None:
        if name == "short_term_debt":
            return plus(self["short_term_loans"], self["current_portion_debt"])  # type: ignore[return-value]
        if name == "long_term_debt":
            return plus(self["long_term_loans"], self["bonds_and_leases"])  # type: ignore[return-value]
        return self.line.get(name)


@dataclass
class Statements:
    """A client's filings as reading S3 chooses them."""

    rows: list[Row]

    def __post_init__(self) -> None:
        self.best: dict[tuple[str, date], Filing] = {}
        chosen: dict[tuple[str, date], Row] = {}
        for row in self.rows:
            key = row["scope"], row["period_end"]
            old = chosen.get(key)
            if old is None or self._first(row) > self._first(old):
                chosen[key] = row
        self.best = {key: Filing(row) for key, row in chosen.items()}
        self.scope = "single"
        newest = max((end for _, end in self.best), default=None)
        if newest is not None:
            pair = ("consolidated", newest) in self.best and ("consolidated", year_end(newest)) in self.best
            self.scope = "consolidated" if pair or ("single", newest) not in self.best else "single"
        self.newest = newest

    @staticmethod
    def _first(row: Row) -> tuple[bool, int]:
        return row["period_type"] == "Y", row["version"]

    def at(self, end: date | None) -> Filing | None:
        """The filing of that period in the scope chosen."""
        return None if end is None else self.best.get((self.scope, end))

    @cached_property
    def now(self) -> Filing | None:
        """The newest statement; none when it is more than 16 months old (reading G8)."""
        if self.newest is None or self.newest < months_before(T, 16):
            return None
        return self.at(self.newest)

    @cached_property
    def ago(self) -> Filing | None:
        """The same months a year before."""
        return self.at(year_end(self.now.end)) if self.now else None

    @cached_property
    def before(self) -> Filing | None:
        """The next older period end of the same scope, at most 13 months older."""
        if self.now is None:
            return None
        ends = [end for scope, end in self.best if scope == self.scope and end < self.now.end]
        older = max(ends, default=None)
        return self.at(older) if older is not None and older >= months_before(self.now.end, 13) else None

    def year_before(self, filing: Filing | None) -> Filing | None:
        """The filing of the same months a year before a filing."""
        return self.at(year_end(filing.end)) if filing else None

    def value(self, name: str) -> int | None:
        """A line of the newest statement."""
        return self.now[name] if self.now else None

    def value_ago(self, name: str) -> int | None:
        """A line of the statement a year before."""
        return self.ago[name] if self.ago else None

    def ttm(self, name: str, end: date | None = None) -> int | None:
        """Twelve months of a flow up to a period end (the newest): year to date + full year - year to date a year ago."""
        if self.now is None:
            return None
        end = end or self.now.end
        filed = [self.at(e) for e in (end, date(end.year - 1, 12, 31), year_end(end))]
        if filed[0] is not None and filed[0].months == 12:
            return filed[0][name]
        if not all(filed):  # a filing is missing; a line that is blank in one stays unknown (reading S3)
            return self._full_year(name, end)
        now, year, ago = (filing[name] for filing in filed)  # type: ignore[index]
        return None if now is None or year is None or ago is None else now + year - ago

    def _full_year(self, name: str, end: date) -> int | None:
        since = months_before(T if self.now and end == self.now.end else end, 15)
        full = [e for (s, e), f in self.best.items() if s == self.scope and f.months == 12 and since <= e <= end]
        return self.at(max(full))[name] if full else None  # type: ignore[index]


@dataclass
class Loan:
    """A loan and its state at T."""

    row: Row
    state: Row

    def late(self, what: str) -> int | None:
        """Days past due of principal or interest; None when nothing is overdue."""
        since = self.state.get(f"{what}_overdue_since")
        return (T - since).days if self.state[f"overdue_{what}"] > 0 and since else None


class Client:
    """A client and everything known of it at T."""

    def __init__(self, world: World, row: Row) -> None:
        self.world = world
        self.row = row
        self.id: str = row["client_id"]
        self.party = world.parties[self.id]
        self.kind: str = row["client_kind"]
        self.industry: str = self.party["industry_code"]
        self.region: str = self.party["region_code"]

    def rows(self, table: str) -> list[Row]:
        """Its rows of a table."""
        return self.world.of.get(table, {}).get(self.id, []) if self.world.delivered(table) else []

    @cached_property
    def statements(self) -> Statements:
        """Its filings."""
        return Statements(self.rows("statements"))

    @cached_property
    def loans(self) -> list[Loan]:
        """Loans in force at T."""
        found = []
        for row in self.rows("loans"):
            states = self.world.status[row["loan_id"]]
            if states and (state := max(states, key=lambda s: s["as_of"]))["state"] in OPEN:
                found.append(Loan(row, state))
        return found

    @property
    def overdue(self) -> int:
        """Principal and interest overdue over all loans."""
        return sum(loan.state["overdue_principal"] + loan.state["overdue_interest"] for loan in self.loans)

    @property
    def arrears(self) -> bool:
        """Material arrears: 1 % of what is outstanding, and CNY 1,000 (reading S10)."""
        outstanding = sum(loan.state["outstanding"] for loan in self.loans)
        return self.overdue >= 1000_00 and self.overdue * 100 >= outstanding

    @property
    def days_late(self) -> int:
        """Days past due of the oldest overdue amount."""
        return max(
            (d for loan in self.loans for what in ("principal", "interest") if (d := loan.late(what)) is not None),
            default=0,
        )

    def events(self, kind: str, *subtypes: str, days: int | None = None, lifted: bool = False) -> list[Row]:
        """Its events of a kind; those of the registry that were lifted are left out unless asked for."""
        return events_of(self.world, self.id, kind, *subtypes, days=days, lifted=lifted)

    def answer(self, signal: str) -> str | None:
        """The latest answer still valid: "no", a severity as "1", "2", "3", or None."""
        valid = []
        for row in self.events("observation"):
            until = row["ends_on"] or row["happened_on"] + timedelta(days=180)
            if row["signal_id"] == signal and until >= T:
                valid.append(row)
        if not valid:
            return None
        latest = max(valid, key=lambda row: row["happened_on"])
        return "no" if latest["subtype"] == "no" else str(latest["severity"])

    def said(self, signal: str, levels: str = "WAR") -> str | None:
        """The answer as a level: "no", or the severity's level clamped into the row's levels (reading G4)."""
        answer = self.answer(signal)
        if answer in (None, "no"):
            return answer
        level = "WAR"[int(answer) - 1]
        return max(levels[0], min(level, levels[-1], key="WAR".index), key="WAR".index)

    def adverse(self, signal: str) -> bool:
        """Whether the answer is there and not "no"."""
        return self.answer(signal) not in (None, "no")

    def returned(self, name: str) -> dict[date, float]:
        """Its own monthly return of an indicator; empty when the newest month is not fresh (reading G8)."""
        values = self.world.series("client", self.id, name) if self.world.delivered("series") else {}
        newest = max(values, default=None)
        last = T.replace(day=1) if (T + timedelta(days=1)).day == 1 else months_before(T.replace(day=1), 1)
        fresh = newest is not None and newest.replace(day=1) >= months_before(last, 1)
        return values if fresh else {}


NOTICE_WORKDAYS = 10


def deadline(world: World, happened: date) -> date:
    """The tenth working day after a change."""
    later = [d for d in world.workdays if d > happened]
    return later[NOTICE_WORKDAYS - 1]


def told_on(client: Client, row: Row) -> date | None:
    """The first notice of a change of the same type, from 60 days before it on."""
    notices = [n["happened_on"] for n in client.events("client_notice", row["subtype"])]
    return min((d for d in notices if d >= row["happened_on"] - timedelta(days=60)), default=None)


def events_of(
    world: World, party: str, kind: str, *subtypes: str, days: int | None = None, lifted: bool = False
) -> list[Row]:
    """A party's events of a kind, known and happened by T."""
    found = []
    for row in world.of["events"].get(party, []):
        told = row["kind"] == kind and world.delivered("events", kind) and row["happened_on"] <= T
        if not told or (subtypes and row["subtype"] not in subtypes):
            continue
        if days is not None and not within(row["happened_on"], days):
            continue
        gone = kind == "registry" and row["ends_on"] is not None and row["ends_on"] <= T
        if lifted or not gone:
            found.append(row)
    return found
