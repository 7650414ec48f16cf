"""Credit features: cases worked by hand, and a plain-Python reference for arrears over random books."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from transforms.features import credit
from transforms.night import Night

T = date(2015, 6, 30)
YEAR_AGO = date(2014, 6, 30)
NIGHT = Night(T, "CNY")
TEXT, MONEY, DAY, FLAG = pl.String, pl.Int64, pl.Date, pl.Boolean
SCHEMAS: dict[str, dict[str, Any]] = {
    "clients": {"client_id": TEXT, "status": TEXT},
    "facilities": {
        "facility_id": TEXT,
        "valid_from": DAY,
        "client_id": TEXT,
        "product": TEXT,
        "limit_amount": MONEY,
        "currency": TEXT,
        "revolving": FLAG,
        "expires_on": DAY,
    },
    "loans": {
        "loan_id": TEXT,
        "client_id": TEXT,
        "facility_id": TEXT,
        "product": TEXT,
        "on_balance": FLAG,
        "principal": MONEY,
        "currency": TEXT,
        "disbursed_on": DAY,
        "matures_on": DAY,
    },
    "loan_status": {
        "loan_id": TEXT,
        "as_of": DAY,
        "outstanding": MONEY,
        "class5": TEXT,
        "state": TEXT,
        "overdue_principal": MONEY,
        "overdue_interest": MONEY,
        "principal_overdue_since": DAY,
        "interest_overdue_since": DAY,
    },
    "credit_support": {
        "support_id": TEXT,
        "valid_from": DAY,
        "client_id": TEXT,
        "loan_id": TEXT,
        "kind": TEXT,
        "provider_id": TEXT,
        "asset_kind": TEXT,
        "secured_amount": MONEY,
        "asset_value": MONEY,
        "status": TEXT,
        "ends_on": DAY,
    },
}
EARLY = date(2013, 1, 31)
DEFAULTS: dict[str, dict[str, Any]] = {
    "clients": {"status": "active"},
    "facilities": {
        "facility_id": "F1",
        "valid_from": EARLY,
        "client_id": "c",
        "currency": "CNY",
        "revolving": True,
        "expires_on": date(2016, 1, 1),
    },
    "loans": {
        "loan_id": "L1",
        "client_id": "c",
        "on_balance": True,
        "principal": 100_000_00,
        "currency": "CNY",
        "disbursed_on": EARLY,
        "matures_on": date(2016, 1, 1),
    },
    "loan_status": {
        "loan_id": "L1",
        "as_of": EARLY,
        "outstanding": 100_000_00,
        "class5": "normal",
        "state": "normal",
        "overdue_principal": 0,
        "overdue_interest": 0,
    },
    "credit_support": {
        "support_id": "S1",
        "valid_from": EARLY,
        "client_id": "c",
        "kind": "mortgage",
        "provider_id": "p",
        "asset_kind": "real_estate",
        "secured_amount": 50_000_00,
        "asset_value": 100_000_00,
        "status": "active",
    },
}
Rows = list[dict[str, Any]]
Book = dict[str, Rows]


def frame(table: str, rows: Rows) -> pl.LazyFrame:
    return pl.LazyFrame([DEFAULTS[table] | row for row in rows], schema=SCHEMAS[table])


def measured(book: Book, night: Night = NIGHT, clients: tuple[str, ...] = ("c",), series: bool = False) -> pl.DataFrame:
    names = ["facilities", "loans", "loan_status"]
    listed = frame("clients", [{"client_id": c} for c in clients])
    tables = [frame(name, book.get(name, [])) for name in names]
    if series:
        return credit.series(night, listed, *tables).collect()
    return credit.measure(night, listed, *tables, frame("credit_support", book.get("credit_support", []))).collect()


def one(book: Book, night: Night = NIGHT) -> dict[str, Any]:
    return measured(book, night).row(0, named=True)


def late(days: int, interest: int, **more: Any) -> dict[str, Any]:
    since = T - timedelta(days=days)
    return {"as_of": since, "overdue_interest": interest, "interest_overdue_since": since, "state": "overdue"} | more


NOTHING: dict[str, Any] = {
    "loans_count": 0,
    "outstanding": 0,
    "outstanding_on_balance": 0,
    "loans_due_12m": 0,
    "limit_total": 0,
    "undrawn": 0,
    "exposure": 0,
    "overdue_amount": 0,
    "dpd": 0,
    "arrears_material": False,
    "dpd_over_90": False,
    "nonperforming": 0,
    "nonperforming_share": 0.0,
    "worst_class": None,
    "overdue_keys": [],
    "loan_keys": [],
    "balance_npl_now": 0,
    "balance_out_now": 0,
    "balance_npl_year_ago": 0,
    "balance_out_year_ago": 0,
    "cover": 0,
    "cover_share": None,
    "guarantors": [],
    "line_use": None,
}
PLAIN = {"loans_count": 1, "outstanding": 100_000_00, "dpd": 0, "arrears_material": False, "nonperforming_share": 0.0}
L1 = [{}]
TWO = [{}, {"loan_id": "L2"}]
ARREARS: dict[str, tuple[Book, dict[str, Any]]] = {
    "no loan": ({}, NOTHING),
    "a healthy loan": (
        {"loans": L1, "loan_status": [{}]},
        PLAIN
        | {
            "worst_class": "normal",
            "loan_keys": ["loan_status:L1|2013-01-31"],
            "overdue_keys": [],
            "balance_out_now": 100_000_00,
            "balance_out_year_ago": 100_000_00,
        },
    ),
    "the first day is day 0": (
        {"loans": L1, "loan_status": [late(0, 1_000_00)]},
        {"dpd": 0, "arrears_material": True, "overdue_amount": 1_000_00, "overdue_keys": ["loan_status:L1|2015-06-30"]},
    ),
    "exactly 1 % and exactly 1,000 are material": (
        {"loans": L1, "loan_status": [late(4, 1_000_00)]},
        {"dpd": 4, "arrears_material": True, "dpd_over_90": False},
    ),
    "a fen under 1,000 is not": (
        {"loans": L1, "loan_status": [late(4, 999_99, outstanding=50_000_00)]},
        {"dpd": 4, "arrears_material": False},
    ),
    "a fen under 1 % is not": (
        {"loans": L1, "loan_status": [late(4, 1_000_00, outstanding=100_000_01)]},
        {"dpd": 4, "arrears_material": False},
    ),
    "principal and interest add up, the older one counts": (
        {
            "loans": L1,
            "loan_status": [
                late(5, 600_00, overdue_principal=400_00, principal_overdue_since=T - timedelta(days=31)),
            ],
        },
        {"dpd": 31, "arrears_material": True, "overdue_amount": 1_000_00},
    ),
    "overdue since nobody knows when": (
        {"loans": L1, "loan_status": [late(5, 600_00, overdue_principal=400_00)]},
        {"dpd": None, "arrears_material": True, "dpd_over_90": None, "overdue_amount": 1_000_00},
    ),
    "overdue keys: the oldest first": (
        {"loans": TWO, "loan_status": [late(5, 600_00), late(9, 400_00, loan_id="L2", outstanding=1)]},
        {"dpd": 9, "overdue_keys": ["loan_status:L2|2015-06-21", "loan_status:L1|2015-06-25"]},
    ),
    "90 days is not over 90": (
        {"loans": L1, "loan_status": [late(90, 5_000_00)]},
        {"dpd": 90, "dpd_over_90": False, "nonperforming": 0},
    ),
    "91 days, material": (
        {"loans": TWO, "loan_status": [late(91, 5_000_00), {"loan_id": "L2", "outstanding": 300_000_00}]},
        {
            "dpd": 91,
            "dpd_over_90": True,
            "nonperforming": 100_000_00,
            "nonperforming_share": 0.25,
            # the class decides the own book's share, not the days
            "balance_npl_now": 0,
            "loan_keys": ["loan_status:L2|2013-01-31", "loan_status:L1|2015-03-31"],
        },
    ),
    "91 days of a trifle": (
        {"loans": L1, "loan_status": [late(91, 999_99)]},
        {"dpd": 91, "dpd_over_90": False, "arrears_material": False, "nonperforming": 0},
    ),
    "substandard counts without arrears": (
        {"loans": L1, "loan_status": [{"class5": "substandard"}]},
        {
            "nonperforming": 100_000_00,
            "nonperforming_share": 1.0,
            "worst_class": "substandard",
            "balance_npl_now": 100_000_00,
        },
    ),
    "special mention does not; the worst class is by severity, not by letter": (
        {"loans": TWO, "loan_status": [{"class5": "special_mention"}, {"loan_id": "L2", "class5": "normal"}]},
        {"nonperforming": 0, "worst_class": "special_mention"},
    ),
    "written off stays, settled and transferred go": (
        {
            "loans": [{"loan_id": f"L{i}"} for i in range(3)],
            "loan_status": [
                {"loan_id": "L0", "state": "written_off", "class5": "loss", "outstanding": 7},
                {"loan_id": "L1", "state": "settled"},
                {"loan_id": "L2", "state": "transferred"},
            ],
        },
        {"loans_count": 1, "outstanding": 7, "nonperforming": 7, "worst_class": "loss"},
    ),
    "off balance is owed, not on the balance sheet": (
        {"loans": [{"on_balance": False}], "loan_status": [{"class5": "doubtful"}]},
        {
            "outstanding": 100_000_00,
            "outstanding_on_balance": 0,
            "nonperforming": 100_000_00,
            "balance_npl_now": 0,
            "balance_out_now": 0,
        },
    ),
    "the row of a year ago held then": (
        {
            "loans": L1,
            "loan_status": [
                {"as_of": YEAR_AGO, "outstanding": 80, "class5": "loss"},
                {"as_of": T, "outstanding": 60, "class5": "normal"},
                {"as_of": T + timedelta(days=1), "outstanding": 1},
            ],
        },
        {
            "outstanding": 60,
            "balance_npl_now": 0,
            "balance_out_now": 60,
            "balance_npl_year_ago": 80,
            "balance_out_year_ago": 80,
        },
    ),
    "a loan of tomorrow is not there": (
        {"loans": [{"disbursed_on": T + timedelta(days=1)}], "loan_status": [{"as_of": T + timedelta(days=1)}]},
        NOTHING,
    ),
    "disbursed within the year: nothing a year ago": (
        {"loans": [{"disbursed_on": YEAR_AGO + timedelta(days=1)}], "loan_status": [{"as_of": T}]},
        {"balance_out_now": 100_000_00, "balance_out_year_ago": 0},
    ),
    "no state by T: in force, amounts unknown": (
        {"loans": L1, "loan_status": [{"as_of": T + timedelta(days=1)}]},
        {
            "loans_count": 1,
            "outstanding": None,
            "overdue_amount": None,
            "dpd": None,
            "arrears_material": None,
            "dpd_over_90": None,
            "nonperforming": None,
            "nonperforming_share": None,
            "worst_class": None,
            "exposure": None,
            "balance_out_now": None,
            "loan_keys": [],
        },
    ),
    "another currency is unknown, its days are not": (
        {"loans": [{"currency": "USD"}], "loan_status": [late(40, 5_000_00)]},
        {"outstanding": None, "overdue_amount": None, "arrears_material": None, "dpd": 40, "dpd_over_90": False},
    ),
    "nothing overdue in another currency is nothing": (
        {"loans": [{"currency": "USD"}], "loan_status": [{}]},
        {"outstanding": None, "overdue_amount": 0, "arrears_material": False, "nonperforming": 0},
    ),
    "unknown arrears, but the class alone decides": (
        {
            "loans": [{}, {"loan_id": "L2", "currency": "USD"}],
            "loan_status": [{"class5": "loss"}, late(95, 1_000_00, loan_id="L2", outstanding=0)],
        },
        {"outstanding": 100_000_00, "arrears_material": None, "nonperforming": 100_000_00, "nonperforming_share": 1.0},
    ),
}
LINE = {"limit_amount": 100}
ON_LINE = [{"facility_id": "F1", "principal": 90}]
LIMITS: dict[str, tuple[Book, dict[str, Any]]] = {
    "an untouched line": (
        {"facilities": [LINE]},
        {"limit_total": 100, "undrawn": 100, "exposure": 100, "line_use": 0.0},
    ),
    "a drawn line": (
        {"facilities": [LINE], "loans": ON_LINE, "loan_status": [{"outstanding": 30}]},
        {"limit_total": 100, "undrawn": 70, "exposure": 100, "outstanding": 30, "line_use": 0.3},
    ),
    "paying back opens a revolving line, settled": (
        {"facilities": [LINE], "loans": ON_LINE, "loan_status": [{"state": "settled", "outstanding": 0}]},
        {"undrawn": 100, "line_use": 0.0, "outstanding": 0},
    ),
    "not one that does not revolve": (
        {"facilities": [LINE | {"revolving": False}], "loans": ON_LINE, "loan_status": [{"outstanding": 30}]},
        {"undrawn": 10, "exposure": 40, "line_use": None},
    ),
    "an overdrawn line has nothing undrawn": (
        {"facilities": [LINE], "loans": ON_LINE, "loan_status": [{"outstanding": 105}]},
        {"undrawn": 0, "exposure": 105, "line_use": 1.05},
    ),
    "the newest limit known holds": (
        {
            "facilities": [
                LINE,
                LINE | {"valid_from": T, "limit_amount": 60},
                LINE | {"valid_from": T + timedelta(days=1), "limit_amount": 5},
            ]
        },
        {"limit_total": 60},
    ),
    "cancelled": (
        {"facilities": [LINE, LINE | {"valid_from": T, "limit_amount": 0}]},
        {"limit_total": 0, "undrawn": 0, "line_use": None},
    ),
    "expired on T": (
        {"facilities": [LINE | {"expires_on": T}], "loans": ON_LINE, "loan_status": [{"outstanding": 30}]},
        {"limit_total": 0, "undrawn": 0, "exposure": 30, "line_use": None},
    ),
    "expires tomorrow": ({"facilities": [LINE | {"expires_on": T + timedelta(days=1)}]}, {"limit_total": 100}),
    "a line in another currency": (
        {"facilities": [LINE, LINE | {"facility_id": "F2", "currency": "USD"}]},
        {"limit_total": None, "undrawn": None, "exposure": None, "line_use": None},
    ),
    "a loan under no line uses none": (
        {"facilities": [LINE], "loans": [{"principal": 90}], "loan_status": [{"outstanding": 30}]},
        {"undrawn": 100, "exposure": 130, "line_use": 0.0},
    ),
    "two lines, one free": (
        {
            "facilities": [LINE, LINE | {"facility_id": "F2", "limit_amount": 50}],
            "loans": ON_LINE,
            "loan_status": [{"outstanding": 30}],
        },
        {"limit_total": 150, "undrawn": 120, "line_use": 0.2},
    ),
}
HOUSE = {"asset_value": 1_000, "secured_amount": 5_000}
GUARANTEE = {"kind": "guarantee", "asset_kind": "none", "asset_value": None}
COVER: dict[str, tuple[Rows, dict[str, Any]]] = {
    "haircut below the amount secured": ([HOUSE], {"cover": 700, "cover_share": 0.7}),
    "amount secured below the haircut": ([HOUSE | {"secured_amount": 600}], {"cover": 600, "cover_share": 0.6}),
    "half a fen goes to the even one": ([HOUSE | {"asset_kind": "construction", "asset_value": 1_005}], {"cover": 502}),
    "they add up": (
        [HOUSE, HOUSE | {"support_id": "S2", "asset_kind": "deposit"}],
        {"cover": 1_600, "cover_share": 1.6},
    ),
    "a guarantee is no asset": ([GUARANTEE], {"cover": 0, "cover_share": 0.0, "guarantors": ["p"]}),
    "unless a value stands beside it": ([GUARANTEE | {"asset_value": 1_000}], {"cover": 300, "guarantors": ["p"]}),
    "an asset without a value is unknown": ([HOUSE | {"asset_value": None}], {"cover": None, "cover_share": None}),
    "called still covers": ([HOUSE | {"status": "called"}], {"cover": 700}),
    "released does not": ([HOUSE | {"status": "released"}], {"cover": 0}),
    "disputed does not": ([HOUSE | {"status": "disputed"}], {"cover": 0}),
    "ended on T": ([HOUSE | {"ends_on": T}], {"cover": 0}),
    "ends tomorrow": ([HOUSE | {"ends_on": T + timedelta(days=1)}], {"cover": 700}),
    "the newest valuation known holds": (
        [HOUSE, HOUSE | {"valid_from": T, "asset_value": 100}, HOUSE | {"valid_from": T + timedelta(days=1)}],
        {"cover": 70},
    ),
    "released later, known now": ([HOUSE, HOUSE | {"valid_from": T, "status": "released"}], {"cover": 0}),
    "guarantors once each, by id": (
        [GUARANTEE | {"support_id": f"S{i}", "provider_id": p} for i, p in enumerate("zaz")],
        {"guarantors": ["a", "z"]},
    ),
}


DUE: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], int | None]] = {
    "in twelve months": ([{"matures_on": date(2016, 6, 30)}], [{}], 100_000_00),
    "a day later": ([{"matures_on": date(2016, 7, 1)}], [{}], 0),
    "past maturity, still owed": ([{"matures_on": date(2015, 1, 1)}], [{}], 100_000_00),
    "off the balance sheet": ([{"matures_on": date(2015, 12, 1), "on_balance": False}], [{}], 0),
    "settled": ([{"matures_on": date(2015, 12, 1)}], [{"state": "settled"}], 0),
    "of two one is due": (
        [{"matures_on": date(2015, 12, 1)}, {"loan_id": "L2", "matures_on": date(2018, 1, 1)}],
        [{"outstanding": 7}, {"loan_id": "L2"}],
        7,
    ),
    "maturity unknown": ([{"matures_on": None}], [{}], None),
    "amount unknown": ([{"matures_on": date(2015, 12, 1)}], [], None),
}


@pytest.mark.parametrize("case", DUE)
def test_principal_due_in_twelve_months(case: str) -> None:
    loans, states, due = DUE[case]
    assert one({"loans": loans, "loan_status": states})["loans_due_12m"] == due


@pytest.mark.parametrize(("book", "expected"), [*ARREARS.values(), *LIMITS.values()], ids=[*ARREARS, *LIMITS])
def test_by_hand(book: Book, expected: dict[str, Any]) -> None:
    row = one(book)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(("rows", "expected"), COVER.values(), ids=COVER)
def test_cover_by_hand(rows: Rows, expected: dict[str, Any]) -> None:
    row = one({"loans": L1, "loan_status": [{"outstanding": 1_000}], "credit_support": rows})
    assert {name: row[name] for name in expected} == expected


def test_a_bank_sets_its_own_haircuts() -> None:
    book = {"credit_support": [HOUSE]}
    assert one(book, Night(T, haircuts={"real_estate": 0.5}))["cover"] == 500
    assert one(book, Night(T, haircuts={"land": 0.5}))["cover"] == 700


def test_the_home_currency_is_the_nights() -> None:
    book = {"loans": [{"currency": "USD"}], "loan_status": [{}]}
    assert one(book, Night(T, "USD"))["outstanding"] == 100_000_00


def test_at_most_twenty_keys_the_largest() -> None:
    many = [{"loan_id": f"L{i:02}"} for i in range(25)]
    states = [{"loan_id": f"L{i:02}", "outstanding": i} for i in range(25)]
    keys = one({"loans": many, "loan_status": states})["loan_keys"]
    assert keys == [f"loan_status:L{i:02}|2013-01-31" for i in range(24, 4, -1)]


def random_book(seed: int) -> Book:
    rng = random.Random(seed)
    loans, states = [], []
    for i in range(60):
        disbursed = T - timedelta(days=rng.randint(-5, 900))
        loans.append(
            {
                "loan_id": f"L{i}",
                "client_id": f"c{rng.randint(0, 11)}",
                "disbursed_on": disbursed,
                "on_balance": rng.random() < 0.7,
                "currency": "USD" if rng.random() < 0.06 else "CNY",
            }
        )
        for day in rng.sample(range(900), rng.randint(0 if rng.random() < 0.1 else 1, 6)):
            as_of = disbursed + timedelta(days=day if rng.random() < 0.5 else day // 9)
            owes = [rng.choice([0, 0, 700_00, 1_000_00, 9_000_00]) for _ in range(2)]
            since = [as_of - timedelta(days=rng.randint(0, 100)) if x else None for x in owes]
            states.append(
                {
                    "loan_id": f"L{i}",
                    "as_of": as_of,
                    "outstanding": rng.choice([0, 70_000_00, 100_000_00, 900_000_00]),
                    "class5": rng.choice(credit.CLASSES),
                    "state": rng.choice(["normal", "overdue", "written_off", "settled", "transferred"]),
                    "overdue_principal": owes[0],
                    "overdue_interest": owes[1],
                    "principal_overdue_since": since[0],
                    "interest_overdue_since": since[1],
                }
            )
    states = list({(s["loan_id"], s["as_of"]): s for s in states}.values())
    return {"loans": loans, "loan_status": states}


def plain_total(amounts: list[int | None]) -> int | None:
    return None if None in amounts else sum(a for a in amounts if a is not None)


def plain_book(book: Book, client: str, at: date) -> list[dict[str, Any]]:
    """Loans of the client in force at a date with the state that held; written from the readings, not from the code."""
    rows = []
    for loan in book["loans"]:
        if loan["client_id"] != client or loan["disbursed_on"] > at:
            continue
        known = [s for s in book["loan_status"] if s["loan_id"] == loan["loan_id"] and s["as_of"] <= at]
        state = max(known, key=lambda s: s["as_of"]) if known else None
        if state is None or state["state"] not in ("settled", "transferred"):
            rows.append({"loan": loan, "state": state})
    return rows


def plain_money(row: dict[str, Any], name: str) -> int | None:
    if row["state"] is None:
        return None
    amount: int = row["state"][name]
    return amount if amount == 0 or row["loan"]["currency"] == "CNY" else None


def plain_dpd(row: dict[str, Any]) -> int | None:
    state = row["state"]
    if state is None:
        return None
    since = [state[f"{kind}_overdue_since"] for kind in ("principal", "interest") if state[f"overdue_{kind}"] > 0]
    return max(((T - day).days for day in since), default=0)


def plain_measure(book: Book, client: str) -> dict[str, Any]:
    rows = plain_book(book, client, T)
    owed = plain_total([plain_money(r, "outstanding") for r in rows])
    overdue = plain_total([plain_money(r, f"overdue_{kind}") for r in rows for kind in ("principal", "interest")])
    days = [plain_dpd(r) for r in rows]
    material: bool | None = None
    if overdue is not None and (overdue == 0 or overdue < 1_000_00):
        material = False
    elif overdue is not None and owed is not None:
        material = overdue >= 1_000_00 and overdue / owed >= 0.01 if owed else True
    dpd = None if None in days else max((d for d in days if d is not None), default=0)
    known = None not in (material, dpd)
    result = {"loans_count": len(rows), "outstanding": owed, "overdue_amount": overdue, "dpd": dpd}
    result |= {"arrears_material": material}
    if known:
        assert dpd is not None
        result["dpd_over_90"] = material and dpd > 90
        if owed is not None:
            bad = [
                plain_money(r, "outstanding")
                for r, d in zip(rows, days, strict=True)
                if r["state"]["class5"] in ("substandard", "doubtful", "loss")
                or (material and d is not None and d > 90)
            ]
            result["nonperforming"] = plain_total(bad)
    for when, at in (("now", T), ("year_ago", YEAR_AGO)):
        on = [r for r in plain_book(book, client, at) if r["loan"]["on_balance"]]
        result[f"balance_out_{when}"] = plain_total([plain_money(r, "outstanding") for r in on])
        if result[f"balance_out_{when}"] is not None:
            bad = [r for r in on if r["state"]["class5"] in ("substandard", "doubtful", "loss")]
            result[f"balance_npl_{when}"] = plain_total([plain_money(r, "outstanding") for r in bad])
    return result


@pytest.mark.parametrize("seed", range(8))
def test_random_books_against_plain_python(seed: int) -> None:
    book = random_book(seed)
    clients = tuple(f"c{i}" for i in range(12))
    for row in measured(book, clients=clients).iter_rows(named=True):
        expected = plain_measure(book, row["client_id"])
        assert {name: row[name] for name in expected} == expected


def test_the_random_books_reach_every_answer() -> None:
    rows = [plain_measure(random_book(seed), f"c{i}") for seed in range(8) for i in range(12)]
    for name in ("arrears_material", "dpd_over_90"):
        assert {row.get(name) for row in rows} == {True, False, None}
    assert any(row.get("nonperforming") for row in rows)
    assert any(row["balance_out_year_ago"] is None for row in rows)


def full_book() -> Book:
    book = random_book(3)
    book["facilities"] = [
        LINE | {"facility_id": f"F{i}", "client_id": f"c{i % 12}", "revolving": i % 3 > 0, "limit_amount": 10**7 * i}
        for i in range(20)
    ]
    for i, loan in enumerate(book["loans"]):
        loan["facility_id"] = next(
            (f["facility_id"] for f in book["facilities"] if f["client_id"] == loan["client_id"] and i % 2), None
        )
    book["credit_support"] = [HOUSE | {"support_id": f"S{i}", "client_id": f"c{i % 7}"} for i in range(20)]
    return book


@pytest.mark.parametrize("series", [False, True])
def test_row_order_does_not_matter(series: bool) -> None:
    book, rng = full_book(), random.Random(1)
    clients = tuple(f"c{i}" for i in range(12))
    shuffled = {name: rng.sample(rows, len(rows)) for name, rows in book.items()}
    mixed = tuple(rng.sample(clients, len(clients)))
    assert_frame_equal(measured(book, NIGHT, clients, series), measured(shuffled, NIGHT, mixed, series))


@pytest.mark.parametrize("series", [False, True])
def test_a_client_alone_is_as_among_others(series: bool) -> None:
    book = full_book()
    clients = tuple(f"c{i}" for i in range(12))
    together = measured(book, NIGHT, clients, series)
    assert together.height > 0
    for client in clients:
        alone = measured(book, NIGHT, (client,), series)
        assert_frame_equal(alone, together.filter(pl.col("client_id") == client))


def test_series_by_hand() -> None:
    book: Book = {
        "facilities": [{"valid_from": date(2014, 2, 28), "limit_amount": 500, "expires_on": date(2015, 3, 31)}],
        "loans": [{"disbursed_on": date(2014, 1, 31)}],
        "loan_status": [
            {"as_of": date(2014, 1, 31), "outstanding": 100},
            {"as_of": date(2014, 3, 15), "outstanding": 80},
            {"as_of": date(2015, 6, 30), "state": "settled", "outstanding": 0},
        ],
    }
    frame = measured(book, clients=("c", "without"), series=True)
    assert frame.columns == ["client_id", "month", "outstanding", "limit_total"]
    assert frame["client_id"].unique().to_list() == ["c"]  # no credit, no series
    rows = {row["month"]: (row["outstanding"], row["limit_total"]) for row in frame.iter_rows(named=True)}
    assert [min(rows), max(rows), len(rows)] == [date(2013, 7, 1), date(2015, 6, 1), 24]
    assert rows[date(2013, 12, 1)] == (0, 0)
    assert rows[date(2014, 1, 1)] == (100, 0)
    assert rows[date(2014, 2, 1)] == (100, 500)
    assert rows[date(2014, 3, 1)] == (80, 500)
    assert rows[date(2015, 2, 1)] == (80, 500)
    assert rows[date(2015, 3, 1)] == (80, 0)
    assert rows[date(2015, 6, 1)] == (0, 0)


def test_series_is_unknown_before_the_first_state() -> None:
    book: Book = {"loans": L1, "loan_status": [{"as_of": date(2015, 6, 1), "outstanding": 5}]}
    rows = measured(book, series=True).rows()
    assert rows[-1] == ("c", date(2015, 6, 1), 5, 0)
    assert rows[-2] == ("c", date(2015, 5, 1), None, 0)


def test_series_ends_with_the_last_full_month() -> None:
    book: Book = {"loans": L1, "loan_status": [{}]}
    assert measured(book, Night(date(2015, 6, 29)), series=True)["month"].max() == date(2015, 5, 1)


def test_types() -> None:
    frame = measured({})
    floats = {"nonperforming_share", "cover_share", "line_use"}
    other: dict[str, Any] = {
        "client_id": TEXT,
        "worst_class": TEXT,
        "arrears_material": FLAG,
        "dpd_over_90": FLAG,
        "overdue_keys": pl.List(TEXT),
        "loan_keys": pl.List(TEXT),
        "guarantors": pl.List(TEXT),
    }
    for name, dtype in frame.schema.items():
        assert dtype == other.get(name, pl.Float64 if name in floats else MONEY), name
    assert measured({}, series=True).schema == {
        "client_id": TEXT,
        "month": DAY,
        "outstanding": MONEY,
        "limit_total": MONEY,
    }
    assert measured({}, clients=()).schema == frame.schema
