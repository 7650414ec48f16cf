"""Statements against hand-made cases: which filing, a year ago, twelve months, delays, versions, blanks."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.context import peers
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


def test_versions_that_differ() -> None:
    row = measured(filing(revenue=112), filing(version=2, revenue=100))
    assert row["version_gap"] == round(12 / 112, 9)
    assert row["version_line"] == "revenue"
    assert row["version_keys"] == [f"statements:C1|2014-12-31|Y|consolidated|{v}" for v in (1, 2)]
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


def test_history_is_the_last_full_years() -> None:
    rows = [filing(date(2014 - k, 12, 31), revenue=k) for k in range(8)]
    frame = pl.LazyFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    clients = pl.LazyFrame([{name: {"client_id": "C1"}.get(name) for name in CLIENTS}], schema=CLIENTS)
    history = statements.history(NIGHT, clients, frame).collect()
    assert history["revenue"].to_list() == [5, 4, 3, 2, 1, 0]


def test_peers_need_twenty_known() -> None:
    def book(count: int) -> pl.DataFrame:
        ids = [f"C{i:02d}" for i in range(count)]
        who = pl.LazyFrame({"client_id": ids, "industry_code": "C26", "size_class": "small"})
        filed = pl.LazyFrame(
            {"client_id": ids, "statement_period_end": date(2014, 12, 31), "statement_months": 12,
             "profit_before_tax": [100 + i for i in range(count)], "profit_before_tax_year_ago": 100}
        )  # fmt: skip
        return peers.medians(NIGHT, who, filed).collect()

    assert book(19)["peer_profit_growth"].null_count() == 19
    assert book(20)["peer_profit_growth"].unique().to_list() == [0.095]


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
