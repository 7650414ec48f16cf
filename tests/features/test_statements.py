"""Statements against hand-made cases: which filing, a year ago, twelve months, delays, versions, blanks."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import identity, statements
from transforms.night import Night

T = date(2015, 6, 30)
NIGHT = Night(T)
SCHEMA = TABLES["statements"].schema
CLIENTS = TABLES["clients"].schema


def filing(end: date = date(2014, 12, 31), **more: Any) -> dict[str, Any]:
    base = {
        "party_id": "C1",
        "period_end": end,
        "period_type": "Y",
        "scope": "consolidated",
        "version": 1,
        "months": 12,
    }
    base |= {"currency": "CNY", "received_on": date(end.year + 1, 4, 1), "opinion": "none", "revenue": 100}
    return base | more


def measured(*filings: dict[str, Any], night: Night = NIGHT, **client: Any) -> dict[str, Any]:
    rows = [{name: row.get(name) for name in SCHEMA} for row in filings]
    who = {
        "client_id": "C1",
        "status": "active",
        "reporting_freq": "Y",
        "relationship_start": date(2010, 1, 1),
    } | client
    clients = pl.LazyFrame([{name: who.get(name) for name in CLIENTS}], schema=CLIENTS)
    frame = statements.measure(night, clients, pl.LazyFrame(rows, schema=SCHEMA)).collect()
    assert frame.height == 1
    return frame.row(0, named=True)


Y13, Y12 = date(2013, 12, 31), date(2012, 12, 31)


def test_the_newest_statement_stands_beside_the_one_a_year_before() -> None:
    row = measured(filing(revenue=120), filing(Y13, revenue=100), filing(Y12, revenue=90))
    assert (row["revenue"], row["revenue_year_ago"]) == (120, 100)
    assert row["statement_key"] == "statements:C1|2014-12-31|Y|consolidated|1"
    assert row["statement_year_ago_key"] == "statements:C1|2013-12-31|Y|consolidated|1"
    assert (row["annual_revenue_0"], row["annual_revenue_1"], row["annual_revenue_2"]) == (120, 100, 90)
    assert (row["flow_months_from"], row["flow_months_to"]) == (date(2014, 1, 1), date(2014, 12, 1))
    assert row["statement_age_days"] == 181


@pytest.mark.parametrize(
    ("switched", "filed", "revenue", "marked"),
    [
        (False, {"revenue": None, "main_revenue": 90}, None, False),
        (True, {"revenue": None, "main_revenue": 90}, 90, True),
        (True, {"revenue": 100, "main_revenue": 90}, 100, False),
        (True, {"revenue": None, "main_revenue": None}, None, False),
    ],
)
def test_main_business_revenue_stands_for_revenue_only_where_the_bank_says_so(
    switched: bool, filed: dict[str, Any], revenue: int | None, marked: bool
) -> None:
    row = measured(filing(**filed), night=replace(NIGHT, main_business_revenue_as_revenue=switched))
    assert (row["revenue"], row["main_business_as_revenue"]) == (revenue, marked)


def test_what_came_after_t_is_not_known() -> None:
    row = measured(filing(received_on=date(2015, 7, 1), revenue=120), filing(Y13, revenue=100))
    assert (row["statement_period_end"], row["revenue"]) == (Y13, None)  # 18 months old: stale
    assert row["statement_stale"] is True


def test_consolidated_counts_only_when_both_years_have_it() -> None:
    both = [filing(scope="single", revenue=1), filing(Y13, scope="single", revenue=2), filing(revenue=120)]
    assert measured(*both)["statement_scope"] == "single"
    assert measured(*both, filing(Y13))["statement_scope"] == "consolidated"


def test_the_latest_version_known_counts() -> None:
    row = measured(
        filing(revenue=110), filing(version=2, revenue=120), filing(version=3, revenue=1, received_on=date(2015, 8, 1))
    )
    assert row["revenue"] == 120


def test_a_year_filing_goes_before_a_month_filing_of_the_same_day() -> None:
    assert measured(filing(revenue=120), filing(period_type="M", version=9, revenue=7))["revenue"] == 120


def test_growth_is_like_for_like() -> None:
    quarter = filing(date(2015, 3, 31), period_type="Q", months=3, received_on=date(2015, 5, 1), revenue=30)
    ago = filing(date(2014, 3, 31), period_type="Q", months=3, revenue=20)
    row = measured(quarter, ago, filing(revenue=100), filing(Y13, revenue=80))
    assert (row["revenue"], row["revenue_year_ago"]) == (30, 20)
    assert row["revenue_ttm"] == 30 + 100 - 20
    assert row["revenue_ttm_year_ago"] == 80  # no quarter two years back: the newest full year then
    assert (row["flow_months_from"], row["flow_months_to"]) == (date(2014, 4, 1), date(2015, 3, 1))


def test_dso_and_derived_lines() -> None:
    row = measured(filing(accounts_receivable=20, revenue=100, cfo=5, cfi=-2, cff=-10))
    assert row["dso"] == 73.0
    assert row["net_cash_flow_ttm"] == -7


DETAIL = {"cash": 10, "notes_receivable": 0, "accounts_receivable": 30, "prepayments": 0, "other_receivables": 0}


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        ({**DETAIL, "current_assets": 40, "trading_assets": 0, "contract_assets": 0}, "inventory", 0),
        ({**DETAIL, "current_assets": 60, "trading_assets": 0, "contract_assets": 0}, "inventory", None),
        ({"current_assets": 40}, "inventory", None),
        ({"total_liabilities": 9, "accounts_payable": 3}, "short_term_debt", 0),
        ({"total_liabilities": 9}, "short_term_debt", None),
        ({"total_liabilities": 9, "short_term_loans": 4}, "short_term_debt", 4),
        ({"total_assets": 9, "intangibles": 4}, "land_use_rights", 0),
        ({"total_assets": 9, "current_assets": 4}, "land_use_rights", 0),
        ({"total_assets": 9, "intangibles": 4, "land_use_rights": 3}, "land_use_rights", 3),
        ({"total_assets": 9, "cash": 4}, "land_use_rights", None),
        ({"intangibles": 4}, "land_use_rights", None),
    ],
)
def test_blank_lines(lines: dict[str, int], name: str, value: int | None) -> None:
    assert measured(filing(**lines))[name] == value


def test_another_currency_is_unknown() -> None:
    row = measured(filing(currency="USD"))
    assert (row["revenue"], row["statement_currency"]) == (None, "USD")


DELAYS = [
    ({}, [filing()], (0, False, False)),
    ({}, [filing(Y13)], (61, False, True)),  # nothing came since April 2014
    ({"reporting_freq": "none"}, [], (0, False, False)),
    ({"reporting_freq": "Q"}, [filing()], (46, False, False)),  # March was due on 15 May
    ({"reporting_freq": "Q"}, [filing(date(2014, 9, 30))], (61, True, False)),
    ({}, [filing(Y12)], (426, True, True)),
    ({}, [], (1522, True, True)),
    ({"relationship_start": date(2015, 1, 5)}, [], (0, False, False)),
]  # fmt: skip


@pytest.mark.parametrize(("client", "filings", "expected"), DELAYS)
def test_delays(client: dict[str, Any], filings: list[dict[str, Any]], expected: tuple[int, bool, bool]) -> None:
    row = measured(*filings, **client)
    assert (row["overdue_days"], row["overdue_last_two"], row["nothing_received_12m"]) == expected


def test_the_last_two_periods_are_those_that_end_last() -> None:
    january = filing(date(2015, 1, 31), period_type="M", months=1, received_on=date(2015, 2, 10))
    row = measured(filing(), january, night=Night(date(2015, 5, 10)), reporting_freq="M")
    # February and March are outstanding; the year's day, 30 April, passed after theirs, and the year is in
    assert (row["overdue_days"], row["overdue_last_two"]) == (51, True)


def test_versions_that_differ() -> None:
    row = measured(filing(revenue=112), filing(version=2, revenue=100))
    assert row["version_gap"] == round(12 / 112, 9)
    assert row["version_line"] == "revenue"
    assert row["version_keys"] == [f"statements:C1|2014-12-31|Y|consolidated|{v}" for v in (1, 2)]
    slow = [filing(version=n, revenue=revenue) for n, revenue in ((1, 100), (2, 103), (3, 106))]
    assert measured(*slow)["version_gap"] == 0.06  # any two: the first beside the third
    old = measured(
        filing(Y12, version=1, revenue=112), filing(Y12, version=2, revenue=100, received_on=date(2013, 5, 1))
    )
    assert old["version_gap"] == 0.0  # more than 24 months ago


def test_identity_gap_and_opinion() -> None:
    row = measured(
        filing(total_assets=1000, total_liabilities=600, equity=394, opinion="none"),
        filing(Y13, opinion="qualified"),
    )
    assert row["identity_gap"] == 0.006
    assert (row["newest_opinion"], row["newest_opinion_key"]) == (
        "qualified",
        "statements:C1|2013-12-31|Y|consolidated|1",
    )


BENEISH = {
    "accounts_receivable": 10, "revenue": 100, "cogs": 60, "current_assets": 50, "fixed_assets_net": 30, "total_assets": 100,
    "depreciation": 5, "selling_expense": 5, "admin_expense": 5, "net_profit": 8, "cfo": 8, "current_liabilities": 20,
    "long_term_loans": 10, "bonds_and_leases": 0,
}  # fmt: skip


def test_beneish() -> None:
    same = measured(filing(**BENEISH), filing(Y13, **BENEISH))
    steady = -4.84 + 0.92 + 0.528 + 0.404 + 0.892 + 0.115 - 0.172 - 0.327
    assert same["beneish_m"] == round(steady, 9)
    assert measured(filing(**{**BENEISH, "cfo": None}), filing(Y13, **BENEISH))["beneish_m"] is None
    doubled = measured(filing(**{**BENEISH, "accounts_receivable": 20}), filing(Y13, **BENEISH))
    assert doubled["beneish_m"] == pytest.approx(steady + 0.92)


def test_row_order_and_company_do_not_matter() -> None:
    rows = [filing(date(2014 - k, 12, 31), revenue=100 + k) for k in range(4)]
    assert measured(*rows) == measured(*reversed(rows)) == measured(*rows, filing(party_id="C2", revenue=1))


def test_empty_statements_keep_their_types() -> None:
    row = measured()
    assert row["revenue"] is None
    clients = pl.LazyFrame(schema=CLIENTS)
    frame = statements.measure(NIGHT, clients, pl.LazyFrame(schema=SCHEMA)).collect()
    assert (frame.schema["revenue"], frame.schema["dso"], frame.schema["statement_key"]) == (
        pl.Int64,
        pl.Float64,
        pl.String,
    )


Q1 = {"period_type": "Q", "months": 3}
DEBTS = {"short_term_loans": 30, "current_portion_debt": 10, "long_term_loans": 20, "bonds_and_leases": 0, "cash": 15}
EARNED = {
    "profit_before_tax": 10,
    "interest_expense": 4,
    "depreciation": 3,
    "amortisation": 2,
    "cogs": 60,
    "revenue": 100,
}


def test_the_filing_before_the_newest() -> None:
    row = measured(
        filing(**DEBTS, **EARNED),
        filing(Y13, **{**DEBTS, "cash": 5}, **{**EARNED, "cogs": 50}),
        filing(Y12, **{**EARNED, "cogs": 45}),
    )
    assert (row["net_debt"], row["ebitda_ttm"]) == (45, 19)
    assert (row["net_debt_previous"], row["ebitda_ttm_previous"]) == (55, 19)
    assert (row["previous_period_end"], row["previous_key"]) == (Y13, "statements:C1|2013-12-31|Y|consolidated|1")
    assert row["previous_year_ago_key"] == "statements:C1|2012-12-31|Y|consolidated|1"
    shares = ("cogs_share", "cogs_share_year_ago", "cogs_share_previous", "cogs_share_previous_year_ago")
    assert [row[name] for name in shares] == [0.6, 0.5, 0.5, 0.45]


def test_the_previous_filing_may_be_a_quarter_with_its_own_year_before() -> None:
    september, year_before = date(2014, 9, 30), date(2013, 9, 30)
    row = measured(
        filing(**EARNED),
        filing(september, **Q1, received_on=date(2014, 11, 1), revenue=50, cogs=30),
        filing(year_before, **Q1, received_on=date(2013, 11, 1), revenue=50, cogs=20),
        filing(Y13, **EARNED),
    )
    assert row["previous_period_end"] == september
    assert (row["cogs_share_previous"], row["cogs_share_previous_year_ago"]) == (0.6, 0.4)


@pytest.mark.parametrize(
    ("end", "scope", "received", "found"),
    [
        (date(2013, 11, 30), "consolidated", date(2014, 1, 1), True),  # thirteen months apart
        (date(2013, 10, 31), "consolidated", date(2014, 1, 1), False),
        (Y13, "single", date(2014, 4, 1), False),  # another scope
        (Y13, "consolidated", date(2015, 7, 1), False),  # not known at T
    ],
)
def test_how_far_back_the_previous_filing_may_lie(end: date, scope: str, received: date, found: bool) -> None:
    newest = [filing(cash=1), filing(Y13, revenue=90)] if end != Y13 else [filing(cash=1)]
    row = measured(*newest[:1], filing(end, scope=scope, received_on=received, **Q1, cash=7))
    assert row["previous_period_end"] == (end if found else None)


def test_rates_and_turnover() -> None:
    row = measured(
        filing(depreciation=10, fixed_assets_net=90, total_assets=400),
        filing(Y13, depreciation=10, fixed_assets_net=30),
    )
    assert (row["depreciation_rate"], row["depreciation_rate_year_ago"], row["asset_turnover"]) == (0.1, 0.25, 0.25)
    none = measured(filing(depreciation=0, fixed_assets_net=0, total_assets=400, revenue=0, cogs=5))
    assert (none["depreciation_rate"], none["cogs_share"], none["asset_turnover"]) == (None, None, 0.0)


LINES = ("cash", "short_term_loans", "long_term_loans", "revenue", "cogs", "profit_before_tax", "interest_expense")
LINES = (*LINES, "depreciation", "amortisation", "fixed_assets_net", "total_assets")
SURE = ("short_term_loans", "long_term_loans", "revenue", "profit_before_tax", "total_assets")


def years_before(end: date) -> date:
    return date(end.year - 1, end.month, 31 if end.month in (3, 12) else 30)


def random_filings(client: str, dice: random.Random) -> list[dict[str, Any]]:
    rows = []
    ends = [date(year, month, 31 if month in (3, 12) else 30) for year in range(2011, 2015) for month in (3, 6, 9, 12)]
    for end in [*ends, date(2015, 3, 31)]:
        for scope in ("single", "consolidated"):
            for version in (1, 2):
                if dice.random() < (0.5 if version == 1 else 0.85):
                    continue
                kinds = ("Y", "Q") if end.month == 12 else ("Q",)
                lines = {name: dice.randint(-20, 200) for name in LINES}
                lines |= {name: None for name in LINES if name not in SURE and dice.random() < 0.15}
                rows.append(
                    filing(end, party_id=client, scope=scope, version=version, period_type=dice.choice(kinds),
                           months=end.month, received_on=date(end.year + (end.month > 6), dice.choice((4, 6)) if end.month > 6
                           else dice.choice((8, 11)), 1), current_portion_debt=0, bonds_and_leases=0, **lines)
                )  # fmt: skip
    return rows


class Book:
    """A plain reading of S3, S4 and G15 over one client's filings."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self.rows = [row for row in rows if row["received_on"] <= T]

    def best(self, **where: Any) -> dict[str, Any] | None:
        found = [row for row in self.rows if all(row[name] == value for name, value in where.items())]
        return max(found, key=lambda row: ("MQHY".index(row["period_type"]), row["version"]), default=None)

    def year_ago(self, row: dict[str, Any]) -> dict[str, Any] | None:
        return self.best(scope=row["scope"], period_end=years_before(row["period_end"]), months=row["months"])

    def newest(self) -> dict[str, Any] | None:
        if not self.rows:
            return None
        end = max(row["period_end"] for row in self.rows)
        both, single = (self.best(scope=scope, period_end=end) for scope in ("consolidated", "single"))
        return both if both and (self.year_ago(both) or not single) else single

    def previous(self, row: dict[str, Any]) -> dict[str, Any] | None:
        months = {r["period_end"]: (row["period_end"].year - r["period_end"].year) * 12 + row["period_end"].month
                  - r["period_end"].month for r in self.rows if r["scope"] == row["scope"]}  # fmt: skip
        ends = [end for end, gap in months.items() if 0 < gap <= 13]
        return self.best(scope=row["scope"], period_end=max(ends)) if ends else None

    def twelve(self, row: dict[str, Any], anchor: date) -> dict[str, Any]:
        if row["months"] == 12:
            return row
        year = self.best(scope=row["scope"], period_end=date(row["period_end"].year - 1, 12, 31), months=12)
        ago = self.year_ago(row)
        own: dict[str, Any] = {}
        if year and ago:
            parts = {name: (row[name], year[name], ago[name]) for name in LINES}
            own = {name: None if None in three else three[0] + three[1] - three[2] for name, three in parts.items()}
        if any(own.get(name) is not None for name in ("revenue", "profit_before_tax")):
            return own
        start = (
            date(anchor.year - 2, anchor.month + 9, 28)
            if anchor.month <= 3
            else date(anchor.year - 1, anchor.month - 3, 28)
        )
        full = [
            r
            for r in self.rows
            if r["scope"] == row["scope"] and r["months"] == 12 and start <= r["period_end"] <= anchor
        ]
        end = max((r["period_end"] for r in full), default=None)
        return (
            self.best(scope=row["scope"], period_end=end, months=12) or dict.fromkeys(LINES)
            if end
            else dict.fromkeys(LINES)
        )


def added(row: dict[str, Any], *names: str, less: str | None = None) -> int | None:
    parts = [row[name] for name in names] + ([-row[less] if row[less] is not None else None] if less else [])
    return None if None in parts else sum(parts)


def over(part: int | None, whole: int | None) -> float | None:
    return None if part is None or whole is None or whole <= 0 else round(part / whole, 9)


def expected(book: Book) -> dict[str, Any]:
    nothing = dict.fromkeys(LINES)
    row = book.newest()
    if row is None or row["period_end"] < date(2014, 2, 28):
        row = None
    before = book.previous(row) if row else None
    ago = book.year_ago(row) if row else None
    before_ago = book.year_ago(before) if before else None
    result: dict[str, Any] = {"previous_period_end": before["period_end"] if before else None}
    for suffix, one, anchor in (("", row, T), ("_previous", before, before["period_end"] if before else T)):
        year = book.twelve(one, anchor) if one else nothing
        result[f"ebitda_ttm{suffix}"] = added(
            year, "profit_before_tax", "interest_expense", "depreciation", "amortisation"
        )
        result[f"net_debt{suffix}"] = (
            added(one or nothing, "short_term_loans", "long_term_loans", less="cash") if one else None
        )
    for suffix, one in (("", row), ("_year_ago", ago), ("_previous", before), ("_previous_year_ago", before_ago)):
        result[f"cogs_share{suffix}"] = over((one or nothing)["cogs"], (one or nothing)["revenue"])
    for suffix, one in (("", row), ("_year_ago", ago)):
        lines = one or nothing
        result[f"depreciation_rate{suffix}"] = over(
            lines["depreciation"], added(lines, "fixed_assets_net", "depreciation")
        )
    result["asset_turnover"] = over((row or nothing)["revenue"], (row or nothing)["total_assets"])
    return result


def test_a_plain_reading_of_random_filings_agrees() -> None:
    dice = random.Random(11)
    ids = [f"C{i:03d}" for i in range(200)]
    rows = {client: random_filings(client, dice) for client in ids}
    clients = pl.LazyFrame([{name: {"client_id": c}.get(name) for name in CLIENTS} for c in ids], schema=CLIENTS)
    flat = [{name: row.get(name) for name in SCHEMA} for listed in rows.values() for row in listed]
    dice.shuffle(flat)
    frame = statements.measure(NIGHT, clients, pl.LazyFrame(flat, schema=SCHEMA)).collect()
    for found in frame.iter_rows(named=True):
        plain = expected(Book(rows[found["client_id"]]))
        assert {name: found[name] for name in plain} == plain, found["client_id"]
    assert frame["ebitda_ttm_previous"].is_not_null().sum() > 50


def history_of(*rows: dict[str, Any]) -> pl.DataFrame:
    frame = pl.LazyFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    clients = pl.LazyFrame([{name: {"client_id": "C1"}.get(name) for name in CLIENTS}], schema=CLIENTS)
    return statements.history(NIGHT, clients, frame).collect()


def test_history_is_the_last_full_years() -> None:
    history = history_of(*(filing(date(2014 - k, 12, 31), revenue=k) for k in range(8)))
    assert history["revenue"].to_list() == [5, 4, 3, 2, 1, 0]


def test_a_years_ratios_are_of_its_own_lines() -> None:
    lines = {
        "revenue": 730, "cogs": 365, "profit_before_tax": 146, "net_profit": 100, "cfo": 80, "interest_expense": 73,
        "total_assets": 1000, "total_liabilities": 600, "current_assets": 450, "current_liabilities": 300,
        "accounts_receivable": 100, "inventory": 50,
    }  # fmt: skip
    before = filing(date(2013, 12, 31), revenue=584)
    row = history_of(before, filing(date(2014, 12, 31), **lines)).row(1, named=True)
    assert {name: row[name] for name in statements.HISTORY_RATIOS} == {
        "revenue_growth": 0.25,  # 730 / 584 - 1
        "profit_margin": 0.2,  # 146 / 730
        "debt_ratio": 0.6,
        "current_ratio": 1.5,
        "receivable_days": 50.0,  # 365 x 100 / 730
        "inventory_days": 50.0,  # 365 x 50 / 365
        "interest_cover": 3.0,  # (146 + 73) / 73
        "cash_to_profit": 0.8,
    }


def test_a_ratio_without_a_base_above_nought_is_unknown() -> None:
    nothing = {
        "revenue": 0, "cogs": 0, "profit_before_tax": -5, "net_profit": -5, "cfo": 1, "interest_expense": 0, "inventory": 1,
        "total_assets": None, "total_liabilities": 3, "current_assets": 1, "current_liabilities": 0,
    }  # fmt: skip
    rows = history_of(filing(date(2012, 12, 31), revenue=1), filing(date(2014, 12, 31), **nothing))
    assert rows.select(statements.HISTORY_RATIOS).row(1) == (None,) * 8  # two years apart is no growth either


def test_identity_takes_the_main_rm_in_force() -> None:
    def lazy(table: str, *rows: dict[str, Any]) -> pl.LazyFrame:
        schema = TABLES[table].schema
        return pl.LazyFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)

    clients = lazy("clients", {"client_id": "C1", "status": "active"}, {"client_id": "C2", "status": "exited"})
    parties = lazy("parties", {"party_id": "C1", "name": "A", "industry_code": "C26"})
    staff = lazy("staff", {"staff_id": "S1", "name": "Old"}, {"staff_id": "S2", "name": "New"})
    held = [
        {
            "client_id": "C1",
            "staff_id": "S1",
            "role": "main",
            "start_on": date(2010, 1, 1),
            "end_on": date(2015, 6, 30),
        },
        {"client_id": "C1", "staff_id": "S2", "role": "main", "start_on": date(2015, 6, 30)},
        {"client_id": "C1", "staff_id": "S1", "role": "assist", "start_on": date(2015, 6, 30)},
    ]
    frame = identity.measure(NIGHT, clients, parties, staff, lazy("assignments", *held)).collect()
    assert frame.select("client_id", "rm_id", "rm_name", "rm_since", "industry_section").rows() == [
        ("C1", "S2", "New", date(2015, 6, 30), "C")
    ]
    alone = identity.measure(NIGHT, clients, parties, None, None).collect()
    assert alone["rm_id"].to_list() == [None]
