"""Table 11-2: which line a thing stands in, what was held, moved and owed on it, and what is said of it."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.lists import LISTS
from tests.features.shards import Row, ago
from tests.relationship.books import T, book
from transforms.features import transactions
from transforms.relationship import dealings
from transforms.relationship.book import Book
from transforms.relationship.dealing_lines import LINES, OF_ACCOUNTS, OF_FLOWS, OF_LOANS

MAY = date(2015, 5, 31)
Tables = dict[str, list[Row]]
CORE = ("accounts", "balances", "transactions", "parties", "loans", "loan_status", "facilities")


def account(id: str = "a", kind: str = "demand", opened: date = date(2010, 1, 1), **more: Any) -> Row:
    return {"account_id": id, "client_id": "c", "kind": kind, "currency": "CNY", "opened_on": opened, **more}


def balance(day: date, amount: int, id: str = "a") -> Row:
    return {"account_id": id, "date": day, "balance": amount}


def loan(id: str = "l", product: str = "working_capital", drawn: date = date(2014, 1, 10), **more: Any) -> Row:
    known = {"currency": "CNY", "principal": 1_000_00, "matures_on": date(2016, 1, 10), "on_balance": True}
    return {"loan_id": id, "client_id": "c", "product": product, "disbursed_on": drawn, **known, **more}


def state(day: date, amount: int | None, id: str = "l", **more: Any) -> Row:
    nothing = {"class5": "normal", "state": "normal", "overdue_principal": 0, "overdue_interest": 0}
    return {"loan_id": id, "as_of": day, "outstanding": amount, **nothing, **more}


def credit_line(limit: int, id: str = "f", product: str = "working_capital", **more: Any) -> Row:
    known = {"valid_from": date(2014, 1, 1), "currency": "CNY", "revolving": True, "expires_on": date(2016, 1, 1)}
    return {"facility_id": id, "client_id": "c", "product": product, "limit_amount": limit, **known, **more}


def payment(day: date, amount: int = 100, category: str | None = "sales", direction: str = "in", **more: Any) -> Row:
    known = {"account_id": "a", "txn_id": f"{day}{amount}{category}{direction}{more.get('account_id', '')}"}
    told = {"currency": "CNY", "type": "transfer", "status": "ok"}
    return {"booked_on": day, "amount": amount, "category": category, "direction": direction, **known, **told, **more}


def holding(family: str, opened: date = date(2012, 1, 1), **more: Any) -> Row:
    return {"holding_id": f"h-{family}", "client_id": "c", "product_id": family, "opened_on": opened, **more}


PRODUCTS = [{"product_id": family, "family": family} for family in LISTS["holding_family"]]


def made(tables: Mapping[str, Sequence[Row]], panel: Sequence[Row] = ({"client_id": "c"},), as_of: date = T) -> Book:
    """A book with the core tables, empty where not given, and the monthly sums of its transactions."""
    blank: Tables = {name: [] for name in CORE}
    shard = book({**blank, **tables, "products": PRODUCTS}, panel)
    night = replace(shard.night, as_of=as_of)
    accounts, parties, rows = (shard.table(name) for name in ("accounts", "parties", "transactions"))
    sums = {
        "months": transactions.months(night, shard.clients, accounts, parties, rows),
        "categories": transactions.categories(night, shard.clients, accounts, parties, rows),
    }
    return replace(shard, night=night, monthly=sums)


def measured(shard: Book) -> dict[str, pl.DataFrame]:
    frames = {name: frame.collect() for name, frame in dealings.measure(shard).items()}
    assert {name: frame.schema for name, frame in frames.items()} == dict(dealings.FRAMES)
    assert frames["business_dealings"].select("client_id", "line").is_unique().all()
    return frames


def lines(shard: Book, client: str = "c") -> dict[str, Row]:
    rows = measured(shard)["business_dealings"].filter(pl.col("client_id") == client)
    return {row["line"]: row for row in rows.rows(named=True)}


NAMES = ("client_id", "account_id", "loan_id", "facility_id", "holding_id", "link_id", "subject_code", "from_id")


def each(cases: Sequence[Mapping[str, Sequence[Row]]], panels: Sequence[Row] = ()) -> list[dict[str, Row]]:
    """The lines of each case: cases are the clients of one book, their ids made their own."""
    whole: Tables = {}
    for n, tables in enumerate(cases):
        for table, rows in tables.items():
            own = [row | {key: f"{n}-{row[key]}" for key in NAMES if row.get(key)} for row in rows]
            whole.setdefault(table, []).extend(own)
    told = panels or [{}] * len(cases)
    found: list[dict[str, Row]] = [{} for _ in cases]
    panel = [{**one, "client_id": f"{n}-c"} for n, one in enumerate(told)]
    for row in measured(made(whole, panel))["business_dealings"].rows(named=True):
        found[int(row["client_id"].split("-")[0])][row["line"]] = row
    return found


def line(name: str, tables: Mapping[str, Sequence[Row]], as_of: date = T, **panel: Any) -> Row:
    return lines(made(tables, [{"client_id": "c", **panel}], as_of))[name]


# ---- which line a thing stands in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("feed", "values"), [("accounts", "account_kind"), ("loans", "credit_product"), ("families", "holding_family")]
)
def test_every_value_of_a_closed_list_feeds_one_line(feed: str, values: str) -> None:
    fed = [value for one in LINES.values() for value in getattr(one, feed)]
    assert sorted(fed) == sorted(LISTS[values])


def test_every_flow_and_channel_is_of_the_closed_lists_and_feeds_one_line() -> None:
    flows = [pair for one in LINES.values() for pair in one.flows]
    channels = [pair for one in LINES.values() for pair in one.channels]
    assert len(flows) == len(set(flows))
    assert len(channels) == len(set(channels))
    assert {way for way, _ in flows + channels} <= {"in", "out"}
    assert {name for _, name in flows} <= set(LISTS["txn_category"])
    assert {name for _, name in channels} <= set(LISTS["txn_channel"])
    assert not set(OF_ACCOUNTS) & set(OF_LOANS)  # what is owned and what is owed is never added up


def test_every_credit_product_is_shown_once() -> None:
    products = LISTS["credit_product"]
    drawn = date(2014, 1, 10)
    found = each([{"loans": [loan(product=one)], "loan_status": [state(drawn, 700)]} for one in products])
    for product, rows in zip(products, found, strict=True):
        ((name, row),) = rows.items()
        assert row["balance"] == 700
        assert product in LINES[name].loans


def test_every_family_is_shown_once() -> None:
    found = each([{"holdings": [holding(family, income_12m=5)]} for family in LISTS["holding_family"]])
    for rows in found:
        assert [(row["income_12m"], row["since"]) for row in rows.values()] == [(5, date(2012, 1, 1))]


def test_a_holding_that_is_an_account_or_a_loan_stands_in_its_line() -> None:
    tables = {
        "accounts": [account("t1", "time")],
        "loans": [loan("acc", "acceptance")],
        "holdings": [
            holding("deposit", holding_id="t1", income_12m=1),
            holding("bills", holding_id="acc", income_12m=2, amount=99),
        ],
    }
    found = lines(made(tables))
    assert {name: row["income_12m"] for name, row in found.items()} == {"time_deposit": 1, "acceptance": 2}


@pytest.mark.parametrize(
    ("ends", "kept"), [(date(2013, 7, 1), True), (date(2013, 6, 30), False)]
)  # 24 months before T is 30 June 2013  # fmt: skip
def test_what_ended_24_months_ago_is_left_out(ends: date, kept: bool) -> None:
    old = date(2012, 1, 1)
    ways: list[Tables] = [
        {"accounts": [account(closed_on=ends)]},
        {"loans": [loan(drawn=old)], "loan_status": [state(old, 5), state(ends, 0, state="settled")]},
        {"facilities": [credit_line(5, valid_from=old, expires_on=ends)]},
        {"facilities": [credit_line(5, valid_from=old), credit_line(0, valid_from=ends)]},
        {"holdings": [holding("payroll", closed_on=ends)]},
    ]
    paid: Tables = {
        "accounts": [account(closed_on=old)],
        "transactions": [payment(ends, category="rent", direction="out")],
    }
    found = each([*ways, paid])
    assert [bool(rows) for rows in found] == [kept] * (len(ways) + 1)


def test_nothing_is_known_of_what_happens_after_t() -> None:
    late = ago(-1)
    tables = {
        "accounts": [account(closed_on=late), account("new", "time", late)],
        "balances": [balance(MAY, 7), balance(late, 9)],
        "loans": [loan(), loan("l2", "bills", late)],
        "loan_status": [state(MAY, 5), state(late, 0, state="settled")],
        "holdings": [holding("wealth_management", closed_on=late, amount=3, last_used_on=late)],
    }
    found = lines(made(tables))
    assert {name: row["balance"] for name, row in found.items()} == {
        "demand_deposit": 7, "working_capital": 5, "wealth": 3,
    }  # fmt: skip
    assert found["wealth"]["last_used_on"] is None


# ---- three clients by hand -------------------------------------------------------------------------------------------

BLANK: Row = dict.fromkeys(dealings.FRAMES["business_dealings"]) | {"remark": []}
MONTHS = [date(2014, 6, 1), *(date(2014, m, 1) for m in range(7, 13)), *(date(2015, m, 1) for m in range(1, 7))]


def test_three_clients_by_hand() -> None:
    both: Row = {"client_id": "d"}
    tables = {
        "accounts": [account(), account("b", "time", date(2015, 6, 21), matures_on=date(2015, 7, 30), **both)],
        # held since 2010; 300 all last year, 400 this year, 1,000 in the last ten days
        "balances": [
            balance(date(2010, 1, 1), 300),
            balance(date(2015, 1, 1), 400),
            balance(date(2015, 6, 21), 1000),
            balance(date(2015, 6, 21), 90, "b"),
        ],
        "transactions": [
            *(payment(day.replace(day=5), 100) for day in MONTHS),
            *(payment(day.replace(day=5), 20, "payroll", "out") for day in MONTHS),
        ],
        "loans": [loan(rate=0.05, **both), loan("m", rate=0.08, **both)],
        "loan_status": [
            state(date(2014, 1, 10), 900),
            state(date(2014, 1, 10), 300, "m"),
            state(MAY, 100, "m", class5="substandard", overdue_principal=40, overdue_interest=2),
        ],
        "facilities": [credit_line(2000, **both)],
        "holdings": [holding("ebanking", last_used_on=ago(3), income_12m=8, **both)],
        "bureau_reports": [],
    }
    panel: list[Row] = [
        {"client_id": "c", "opin_12": 1200, "revenue_ttm": 4800, "statement_stale": False, "cash": 1000, "adb_365_all_kinds": 250},
        {"client_id": "d", "outstanding_on_balance": 1000, "other_banks_debt": 2500, "nonbank_debt": 500},
        {"client_id": "e"},
    ]  # fmt: skip
    frames = measured(made(tables, panel))
    rows = [BLANK | row for row in [
        {
            "client_id": "c", "line": "demand_deposit", "since": date(2010, 1, 1), "balance": 1000, "balance_prev": 400,
            "adb_month": 600, "adb_year": 433, "adb_yoy": 0.443_830_571, "our_share": 0.25, "share_estimated": True,
            "last_used_on": date(2015, 6, 5), "trend": [300] * 7 + [400] * 5 + [1000],
        },
        {
            "client_id": "c", "line": "payroll", "since": date(2014, 6, 5), "turnover_12m": 240, "count_12m": 12,
            "last_used_on": date(2015, 6, 5), "trend": [20] * 13,
        },
        {
            "client_id": "c", "line": "settlement_in", "since": date(2014, 6, 5), "turnover_12m": 1200, "count_12m": 12,
            "our_share": 0.25, "share_estimated": False, "last_used_on": date(2015, 6, 5), "trend": [100] * 13,
        },
        {
            "client_id": "d", "line": "ebanking", "since": date(2012, 1, 1), "income_12m": 8, "last_used_on": ago(3),
        },
        {
            "client_id": "d", "line": "time_deposit", "since": date(2015, 6, 21), "balance": 90, "balance_prev": 0,
            "next_maturity": date(2015, 7, 30), "trend": [0] * 12 + [90], "remark": ["new", "maturing_30d"],
        },
        {
            "client_id": "d", "line": "working_capital", "since": date(2014, 1, 1), "balance": 1000, "balance_prev": 1000,
            "turnover_12m": 0, "count_12m": 0, "limit_amount": 2000, "used_share": 0.0, "overdue": 42,
            "npl_balance": 100, "rate": 0.053, "our_share": 0.25, "share_estimated": False,
            "next_maturity": date(2016, 1, 10), "last_used_on": date(2014, 1, 10),
            "trend": [1200] * 11 + [1000, 1000], "remark": ["overdue"],
        },
    ]]  # fmt: skip
    assert frames["business_dealings"].rows(named=True) == rows
    assert frames["idle_balances"].rows() == [("c", 400), ("d", None), ("e", None)]


def test_an_average_is_unknown_for_a_client_younger_than_its_days() -> None:
    opened = (date(2015, 6, 1), date(2015, 6, 2))
    found = each([{"accounts": [account(opened=day)], "balances": [balance(day, 30)]} for day in opened])
    rows = [one["demand_deposit"] for one in found]
    assert [(row["adb_month"], row["adb_year"], row["balance"]) for row in rows] == [(30, None, 30), (None, None, 30)]


def test_the_year_is_compared_with_the_whole_year_before() -> None:
    tables = {
        "accounts": [account()],
        "balances": [balance(date(2013, 1, 1), 730), balance(date(2014, 1, 11), 0), balance(date(2015, 1, 1), 40)],
    }
    row = line("demand_deposit", tables, date(2015, 12, 31))
    assert (row["adb_year"], row["adb_yoy"]) == (40, 1.0)  # 7,300 in 365 days: 20


def test_idle_is_the_least_of_ninety_days() -> None:
    tables = {
        "accounts": [
            *(account(id, client_id=id) for id in "cd"),
            account("e", client_id="e", opened=ago(89)),
            account("f", client_id="f", opened=ago(88)),
        ],
        "balances": [
            *(
                balance(day, amount, "c")
                for day, amount in ((ago(200), 50), (ago(90), 5), (ago(89), 40), (ago(50), 60))
            ),
            *(
                balance(day, amount, "d")
                for day, amount in ((ago(200), 50), (ago(89), 5), (ago(88), 40), (ago(50), 60))
            ),
            balance(ago(89), 7, "e"),
            balance(ago(88), 7, "f"),
        ],
    }
    panel = [{"client_id": id} for id in "cdef"]
    found = measured(made(tables, panel))["idle_balances"].rows()
    assert found == [("c", 40), ("d", 5), ("e", 7), ("f", None)]


# ---- against plain Python over the raw rows --------------------------------------------------------------------------


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def held_on(one: Row, rows: Sequence[Row], day: date) -> int | None:
    """What an account held at the end of a day; None = nobody knows."""
    if day < one["opened_on"] or (one.get("closed_on") and one["closed_on"] <= min(day, END)):
        return 0
    known = [r for r in rows if r["account_id"] == one["account_id"] and r["date"] <= day]
    return max(known, key=lambda r: r["date"])["balance"] if known and one["currency"] == "CNY" else None


def owed_on(one: Row, rows: Sequence[Row], day: date) -> int | None:
    if day < one["disbursed_on"]:
        return 0
    known = [r for r in rows if r["loan_id"] == one["loan_id"] and r["as_of"] <= day]
    if any(r["state"] == "settled" for r in known):
        return 0
    return max(known, key=lambda r: r["as_of"])["outstanding"] if known else None


def added(values: Sequence[int | None]) -> int | None:
    return None if None in values else sum(value for value in values if value is not None)


def mean(values: Sequence[int | None]) -> float | None:
    whole = added(values)
    return None if whole is None else whole / len(values)


END = date(2015, 6, 17)  # not a month-end
KINDS = ("demand", "other", "time", "structured", "margin", "escrow")


def random_book(seed: int) -> Tables:
    pick = random.Random(seed)
    start = date(2013, 8, 1)

    def day(first: date = start) -> date:
        return first + timedelta(days=pick.randrange((END - first).days + 20))

    accounts, balances, loans, states = [], [], [], []
    for n in range(14):
        client = pick.choice("cd")
        opened = day() if pick.random() < 0.6 else date(2010, 1, 1)
        closed = day(opened) if pick.random() < 0.3 and opened <= END else None
        currency = "USD" if pick.random() < 0.07 else "CNY"
        accounts.append(
            account(f"a{n}", pick.choice(KINDS), opened, client_id=client, closed_on=closed, currency=currency)
        )
        moved = {opened if pick.random() < 0.8 else day(opened - timedelta(days=30)) for _ in range(1)}
        moved |= {day() for _ in range(pick.randrange(9))}
        balances += [balance(one, pick.randrange(-500, 10_000), f"a{n}") for one in sorted(moved)]
    for n in range(10):
        drawn = day()
        loans.append(
            loan(
                f"l{n}",
                pick.choice(LISTS["credit_product"]),
                drawn,
                client_id=pick.choice("cd"),
                principal=pick.randrange(1, 999),
            )
        )
        dates = sorted({drawn + timedelta(days=pick.randrange(0, 300)) for _ in range(pick.randrange(4))})
        for one in dates:
            over = one == dates[-1] and pick.random() < 0.4
            states.append(
                state(one, 0 if over else pick.randrange(1, 5000), f"l{n}", state="settled" if over else "normal")
            )
    return {"accounts": accounts, "balances": balances, "loans": loans, "loan_status": states}  # fmt: skip


def expected_of(line_: str, client: str, tables: Tables) -> Row:
    """Balances of a line, day by day."""
    loans = line_ in OF_LOANS
    mine = [
        one
        for one in tables["loans" if loans else "accounts"]
        if one["client_id"] == client
        and (one["product"] in LINES[line_].loans if loans else one["kind"] in LINES[line_].accounts)
        and one["disbursed_on" if loans else "opened_on"] <= END
    ]
    rows, on = (tables["loan_status"], owed_on) if loans else (tables["balances"], held_on)

    def whole(day: date) -> int | None:
        return added([on(one, rows, day) for one in mine])

    first = min((one["opened_on"] for one in tables["accounts"] if one["client_id"] == client), default=END)

    def average(start: date, end: date) -> float | None:
        return None if first > start or loans else mean([whole(day) for day in days(start, end)])

    month, year = average(date(2015, 6, 1), END), average(date(2015, 1, 1), END)
    before = average(date(2014, 1, 1), date(2014, 6, 17))
    ends = [(date(2014 + n // 12, n % 12 + 1, 1) - timedelta(days=1)) for n in range(5, 18)]
    return {
        "balance": whole(END),
        "balance_prev": whole(MAY),
        "adb_month": None if month is None else round(month),
        "adb_year": None if year is None else round(year),
        "adb_yoy": round(year / before - 1, 9) if year is not None and before is not None and before > 0 else None,
        "trend": [whole(day) for day in ends],
    }


@pytest.mark.parametrize("seed", range(5))
def test_balances_against_a_count_day_by_day(seed: int) -> None:
    tables = random_book(seed)
    frames = measured(made(tables, [{"client_id": "c"}, {"client_id": "d"}], END))
    seen = 0
    for row in frames["business_dealings"].rows(named=True):
        expected = expected_of(row["line"], row["client_id"], tables)
        yoy = expected.pop("adb_yoy")
        assert {name: row[name] for name in expected} == expected, (row["client_id"], row["line"])
        assert row["adb_yoy"] == (None if yoy is None else pytest.approx(yoy, abs=2e-9))
        seen += 1
    assert seen > 5
    for client, least in frames["idle_balances"].rows():
        mine = [
            a
            for a in tables["accounts"]
            if a["client_id"] == client and a["kind"] in ("demand", "other") and a["opened_on"] <= END
        ]
        quarter = days(END - timedelta(days=89), END)
        each = [added([held_on(one, tables["balances"], day) for one in mine]) for day in quarter]
        young = not mine or min(one["opened_on"] for one in mine) > quarter[0]
        whole = [value for value in each if value is not None]
        assert least == (None if young or None in each else min(whole))  # fmt: skip


CATEGORIES = (*LISTS["txn_category"], None)


def stands_in(row: Row) -> str | None:
    """The line of a payment, by what the book says of turnover (S7) and the form of lines; None = no turnover."""
    way, what = row["direction"], row["category"]
    if row["status"] != "ok" or row["booked_on"] > END or what in ("own_transfer", "loan"):
        return None
    if (what == "interest" and way == "out") or (
        way == "in" and what in ("securities", "wealth_product", "equity_investment")
    ):
        return None
    if what == "cash":
        return "cash"
    if way == "out" and what in ("payroll", "tax", "social_insurance", "wealth_product"):
        return {"payroll": "payroll", "wealth_product": "wealth"}.get(what, "tax_payments")
    if row["currency"] != "CNY" or row.get("delivered_currency", "CNY") != "CNY":
        return "cross_border"
    return f"settlement_{way}"


@pytest.mark.parametrize("seed", range(2))
def test_turnover_against_a_count_row_by_row(seed: int) -> None:
    pick = random.Random(seed)
    rows = [payment(date(2013, 12, 2), 1)]
    for n in range(700):
        day = date(2014, 1, 1) + timedelta(days=pick.randrange(540))
        status = "ok" if pick.random() < 0.95 else "returned"
        what = pick.choice(CATEGORIES if seed % 2 else CATEGORIES[:-1])
        rows.append(
            payment(day, pick.randrange(1, 9999), what, pick.choice(("in", "out")), txn_id=f"t{n}", status=status)
        )
    foreign = [pick.random() < 0.2 for _ in rows]
    shard = made({"accounts": [account()], "transactions": rows}, as_of=END)
    told = shard.clean["transactions"].with_columns(
        delivered_currency=pl.Series(["USD" if far else "CNY" for far in foreign])
    )
    found = lines(replace(shard, clean={**shard.clean, "transactions": told}))
    amounts: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    blind: set[str] = set()
    last: dict[str, date] = defaultdict(lambda: date.min)
    for row, far in zip(rows, foreign, strict=True):
        name = stands_in(row | {"delivered_currency": "USD" if far else "CNY"})
        if name is None:
            continue
        if row["category"] != "interest":  # turnover, but nobody used anything
            last[name] = max(last[name], row["booked_on"])
        if date(2014, 6, 1) <= row["booked_on"] <= MAY:
            amounts[name] += row["amount"]
            counts[name] += 1
            if row["category"] is None:
                blind.add(name)
    for name in OF_FLOWS:
        if name in last:
            row = found[name]
            count = None if name in blind or (blind and name.startswith("settlement")) else counts[name]
            assert (row["turnover_12m"], row["count_12m"], row["last_used_on"]) == (amounts[name], count, last[name]), (
                name
            )
    sums = shard.monthly["months"].filter(pl.col("month").is_between(date(2014, 6, 1), date(2015, 5, 1)))
    turned = sums.select(pl.col("opin").sum() + pl.col("opout").sum()).collect().item()
    assert (
        sum(found[name]["turnover_12m"] for name in OF_FLOWS if name in found) == turned
    )  # nothing twice, nothing lost


# ---- rules, each on and off its limit --------------------------------------------------------------------------------


def remarks(name: str, tables: Mapping[str, Sequence[Row]], **panel: Any) -> list[str]:
    return list(line(name, tables, **panel)["remark"])


DAYS_USED = [
    ((91, 121, 151), True),  # one in each of three months before the quarter
    ((90, 121, 151), False),  # used in the quarter
    ((91, 92, 151), False),  # in two months
    ((210, 240, 270), True),  # the last day of the sixth month
    ((210, 240, 271), False),
]


def test_dormant() -> None:
    cases: list[Tables] = [
        {
            "accounts": [account()],
            "transactions": [payment(ago(n), category="payroll", direction="out", channel="ebank") for n in used],
        }
        for used, _ in DAYS_USED
    ]
    told = cases[0] | {"holdings": [holding("payroll", last_used_on=ago(90))]}
    *found, known = each([*cases, told])
    for (used, dormant), rows in zip(DAYS_USED, found, strict=True):
        for name in ("payroll", "demand_deposit", "ebanking"):
            assert ("dormant" in rows[name]["remark"]) == dormant, (used, name)
            assert rows[name]["last_used_on"] == ago(used[0])
    assert "dormant" not in known["payroll"]["remark"]


def test_what_the_bank_books_itself_is_no_use() -> None:
    rows = [
        payment(ago(5), category=None, type="interest"),
        payment(ago(6), category=None, type="loan_interest", direction="out"),
    ]
    assert line("demand_deposit", {"accounts": [account()], "transactions": rows})["last_used_on"] is None


def test_a_loan_still_owed_is_in_use() -> None:
    drawn = [loan(f"l{n}", drawn=ago(n)) for n in (100, 130, 160)]
    owed = [state(ago(100), 5, one["loan_id"]) for one in drawn]
    paid = [state(ago(95), 0, one["loan_id"], state="settled") for one in drawn]
    assert "dormant" not in remarks("working_capital", {"loans": drawn, "loan_status": owed})
    assert "dormant" in remarks("working_capital", {"loans": drawn, "loan_status": owed + paid})


def test_new() -> None:
    days_ = (date(2014, 7, 1), date(2014, 6, 30))
    found = each([{"accounts": [account(kind="margin", opened=day)]} for day in days_])
    assert [rows["margin"]["remark"] for rows in found] == [["new"], []]


def test_maturing() -> None:
    limits = [(ago(0), False, False), (ago(-30), True, True), (ago(-31), False, True)]
    accounts = each([{"accounts": [account(kind="time", matures_on=day)]} for day, *_ in limits])
    loans = each([{"loans": [loan(product="bill_discount", matures_on=day)]} for day, *_ in limits])
    for (day, soon, shown), time, bill in zip(limits, accounts, loans, strict=True):
        for row in (time["time_deposit"], bill["bills"]):
            assert ("maturing_30d" in row["remark"]) == soon
            assert row["next_maturity"] == (day if shown else None)


def test_what_has_ended_does_not_mature() -> None:
    tables = {
        "accounts": [account(kind="time", matures_on=ago(-5), closed_on=ago(0))],
        "loans": [loan(matures_on=ago(-5))],
        "loan_status": [state(MAY, 5), state(ago(0), 0, state="settled")],
    }
    assert {row["next_maturity"] for row in lines(made(tables)).values()} == {None}


def test_over_limit() -> None:
    limits = [(100, 0.5, []), (200, 1.0, []), (201, 1.005, ["over_limit"])]
    own: Tables = {"facilities": [credit_line(200)], "loans": [loan(facility_id="f")]}
    found = each([own | {"loan_status": [state(MAY, owed)]} for owed, *_ in limits])
    for (_owed, share, said), rows in zip(limits, found, strict=True):
        row = rows["working_capital"]
        assert (row["limit_amount"], row["used_share"], row["remark"]) == (200, share, said)


def test_a_line_over_its_limit_shows_beside_one_that_is_not() -> None:
    lines_ = [credit_line(200), credit_line(800, "g")]
    tables = {"facilities": lines_, "loans": [loan(facility_id="f")], "loan_status": [state(MAY, 300)]}
    row = line("working_capital", tables)
    assert (row["limit_amount"], row["used_share"], row["remark"]) == (1000, 0.3, ["over_limit"])


def test_expired_and_cancelled_lines_allow_nothing() -> None:
    rows = [
        credit_line(5, "f", expires_on=T),
        credit_line(5, "g"),
        credit_line(0, "g", valid_from=T),
        credit_line(5, "h", valid_from=ago(-1)),
    ]
    row = line("working_capital", {"facilities": rows})
    assert (row["limit_amount"], row["used_share"], row["balance"], row["overdue"]) == (0, None, 0, 0)


def test_overdue() -> None:
    owed = [(0, 0), (1, 0), (0, 1), (3, 4)]
    cases = [
        {"loans": [loan()], "loan_status": [state(MAY, 9, overdue_principal=one, overdue_interest=other)]}
        for one, other in owed
    ]
    rows = [found["working_capital"] for found in each(cases)]
    assert [row["overdue"] for row in rows] == [0, 1, 1, 7]
    assert [row["remark"] for row in rows] == [[], ["overdue"], ["overdue"], ["overdue"]]


def test_non_performing() -> None:
    classes = ("special_mention", "substandard", "loss")
    cases = [{"loans": [loan()], "loan_status": [state(MAY, 9, class5=one)]} for one in classes]
    assert [found["working_capital"]["npl_balance"] for found in each(cases)] == [0, 9, 9]


def test_a_loan_without_a_state_is_owed_and_unknown() -> None:
    row = line("working_capital", {"loans": [loan(), loan("m")], "loan_status": [state(MAY, 5)]})
    names = ("balance", "overdue", "npl_balance")
    assert [row[name] for name in names] == [None, None, None]
    assert row["trend"] == [None] * 13
    assert row["limit_amount"] == 0


def test_the_rate_leaves_out_loans_without_one() -> None:
    loans = [loan("l", rate=0.04), loan("m", rate=0.10), loan("n")]
    states = [state(MAY, 300, "l"), state(MAY, 100, "m"), state(MAY, 600, "n")]
    assert line("working_capital", {"loans": loans, "loan_status": states})["rate"] == 0.055


def paid(values: Sequence[int], category: str = "rent") -> Tables:
    """One payment a month, the newest of June 2015."""
    ends = [date(2013 + (11 + n) // 12, (11 + n) % 12 + 1, 3) for n in range(19)]  # December 2013 to June 2015
    rows = [
        payment(day, value, category, "out") for day, value in zip(ends[-len(values) :], values, strict=True) if value
    ]
    return {"accounts": [account()], "transactions": rows}


def test_falling_by_turnover() -> None:
    found = each([paid([100] * 15 + [last] * 3) for last in (80, 81)])
    rows = [one["settlement_out"] for one in found]
    assert [(row["turnover_yoy"], row["remark"]) for row in rows] == [(0.80, ["falling"]), (0.81, [])]


def test_the_lines_that_mgt_42_judged_say_what_it_says() -> None:
    tables = {"accounts": [account()], "transactions": [payment(day.replace(day=3)) for day in MONTHS]}
    panels: list[Row] = [{"opin_decline": said, "adb_decline": said} for said in ("", "W", "R")]
    for name in ("settlement_in", "demand_deposit"):
        found = [rows[name]["remark"] for rows in each([tables] * 3, panels)]
        assert found == [[], ["falling"], ["falling"]]


def test_falling_by_balance() -> None:
    states = [state(date(2013, 6, 1), 1000), state(date(2015, 4, 1), 500)]
    kinds = ("working_capital", "fixed_asset")  # the latter falls by schedule
    found = each([{"loans": [loan(product=kind, drawn=date(2013, 6, 1))], "loan_status": states} for kind in kinds])
    assert [rows[kind]["remark"] for kind, rows in zip(kinds, found, strict=True)] == [["falling"], []]


def test_the_first_year_of_payments_has_no_sum_of_twelve_months() -> None:
    young, old = line("settlement_out", paid([10] * 11)), line("settlement_out", paid([10] * 12))
    assert (young["turnover_12m"], young["count_12m"]) == (None, None)
    assert young["trend"] == [None, None, *[10] * 11]
    assert (old["turnover_12m"], old["count_12m"]) == (120, 12)


def test_a_month_without_a_payment_is_zero() -> None:
    assert line("settlement_out", paid([10, *[0] * 11, 10]))["trend"] == [10, *[0] * 11, 10]


def test_a_line_held_and_never_used_turned_over_nothing() -> None:
    row = line("payroll", {**paid([10] * 13), "holdings": [holding("payroll")]})
    assert (row["turnover_12m"], row["count_12m"], row["last_used_on"]) == (0, 0, None)


def test_drawings_of_twelve_full_months() -> None:
    drawn = [
        loan("l", drawn=date(2014, 6, 30), principal=5),
        loan("m", drawn=date(2014, 7, 1), principal=7),
        loan("n", drawn=T, principal=9),
    ]
    row = line("working_capital", {"loans": drawn})
    assert (row["turnover_12m"], row["count_12m"]) == (16, 2)


def test_income_is_unknown_as_soon_as_a_part_is() -> None:
    incomes: list[tuple[list[int | None], int | None]] = [([3, 4], 7), ([3, None], None), ([None], None), ([], None)]
    gone = holding("payroll", holding_id="gone", income_12m=99, closed_on=date(2014, 6, 30))
    cases = [
        {"holdings": [gone, *(holding("payroll", holding_id=f"h{n}", income_12m=one) for n, one in enumerate(some))]}
        for some, _ in incomes
    ]
    assert [found["payroll"]["income_12m"] for found in each(cases)] == [total for _, total in incomes]


def test_wealth() -> None:
    amounts: list[tuple[list[int | None], int | None]] = [([3, 4], 7), ([3, None], None), ([], 0)]
    family = "wealth_management"
    gone = holding(family, holding_id="gone", amount=99, closed_on=MAY)
    cases = [
        {"holdings": [gone, *(holding(family, holding_id=f"h{n}", amount=one) for n, one in enumerate(some))]}
        for some, _ in amounts
    ]
    assert [found["wealth"]["balance"] for found in each(cases)] == [held for _, held in amounts]


# ---- shares ----------------------------------------------------------------------------------------------------------

WALLET = {"subject_kind": "client", "subject_code": "c", "indicator": "wallet_share_deposit", "period_end": MAY}
BANK = {"from_id": "c", "relation": "banks_with", "recorded_on": MAY}
FILED: Row = {"adb_365_all_kinds": 300, "cash": 400, "statement_stale": False}


DEPOSITS: list[tuple[list[Row], list[Any], Row, float | None]] = [
    ([], [], FILED, 0.75),
    ([], [], FILED | {"cash": 200}, 1.0),  # never more than all
    ([], [], FILED | {"cash": 0}, None),
    ([], [], FILED | {"statement_stale": True}, None),
    ([WALLET | {"published_on": T, "value": 0.6}], [], FILED, 0.75),
    ([WALLET | {"published_on": T, "value": 0.6}], [], {}, 0.6),
    ([WALLET | {"published_on": T, "value": 0.6}, WALLET | {"published_on": MAY, "value": 0.5}], [], {}, 0.6),
    ([WALLET | {"published_on": ago(-1), "value": 0.6}], [], {}, None),
    ([], [("B1", 0.3, None), ("B2", 0.2, ["deposit"])], {}, 0.5),
    ([], [("B1", 0.3, None), ("B2", 0.2, ["payroll"])], {}, 0.7),
    ([], [("B1", 0.3, None), ("B2", None, None)], {}, None),
    ([], [("B1", 0.8, None), ("B2", 0.3, None)], {}, None),
    ([WALLET | {"published_on": T, "value": 0.6}], [("B1", 0.3, None)], {}, 0.6),
]


def test_share_of_deposits() -> None:
    cases = [
        {
            "accounts": [account(kind="time")],
            "series": series,
            "party_links": [
                BANK | {"link_id": id, "to_id": id, "share_pct": part, "products": what} for id, part, what in links
            ],
        }
        for series, links, _, _ in DEPOSITS
    ]
    found = each(cases, [panel for _, _, panel, _ in DEPOSITS])
    for (*given, share), rows in zip(DEPOSITS, found, strict=True):
        row = rows["time_deposit"]
        assert (row["our_share"], row["share_estimated"]) == (share, None if share is None else True), given


def test_share_of_loans() -> None:
    products = [("working_capital", 0.25), ("fixed_asset", 0.25), ("acceptance", None), ("overdraft", None)]
    panel: Row = {"outstanding_on_balance": 10, "other_banks_debt": 20, "nonbank_debt": 10}
    unknown: Row = {"outstanding_on_balance": 10}  # no fresh report
    found = each([{"loans": [loan(product=one)]} for one, _ in products], [panel, panel, panel, unknown])
    for (product, share), rows in zip(products, found, strict=True):
        row = rows[product]
        assert (row["our_share"], row["share_estimated"]) == (share, None if share is None else False)


# ---- what is missing, and order --------------------------------------------------------------------------------------


def everything() -> Tables:
    rows = [payment(day.replace(day=5), 10 + n, what, way, txn_id=f"{n}{what}")
            for n, day in enumerate(MONTHS) for what, way in (("sales", "in"), ("tax", "out"), (None, "out"))]  # fmt: skip
    return random_book(3) | {
        "transactions": [row | {"account_id": "a0"} for row in rows],
        "facilities": [credit_line(500), credit_line(300, "g", "acceptance")],
        "holdings": [holding("payroll", income_12m=3), holding("wealth_management", amount=4)],
    }


@pytest.mark.parametrize("missing", [*CORE, "holdings", "products"])
def test_a_table_that_is_not_connected_leaves_nothing_reassuring(missing: str) -> None:
    shard = made(everything(), [{"client_id": "c"}, {"client_id": "d"}])
    clean = {name: table for name, table in shard.clean.items() if name != missing}
    monthly = {} if missing == "transactions" else shard.monthly
    rows = measured(replace(shard, clean=clean, monthly=monthly))["business_dealings"]
    if missing in ("holdings", "products"):
        assert rows["income_12m"].null_count() == rows.height
    if missing == "transactions":
        assert (
            rows.filter(pl.col("line").is_in(OF_FLOWS))["turnover_12m"].null_count()
            == rows.filter(pl.col("line").is_in(OF_FLOWS)).height
        )
    if missing == "accounts":
        assert rows.filter(pl.col("line").is_in(OF_ACCOUNTS)).is_empty()
    if missing == "loan_status":
        assert rows.filter(pl.col("line") == "other")["balance"].null_count() == 1


def test_no_rows_at_all() -> None:
    frames = measured(made({}))
    assert frames["business_dealings"].is_empty()
    assert frames["idle_balances"].rows() == [("c", None)]


def test_shuffled_rows_give_the_same_frames() -> None:
    panel = [{"client_id": "c"}, {"client_id": "d"}]
    straight = measured(made(everything(), panel))
    for seed in range(2):
        tables = {name: random.Random(seed).sample(rows, len(rows)) for name, rows in everything().items()}
        mixed = measured(made(tables, panel[::-1]))
        for name, rows in straight.items():
            assert rows.equals(mixed[name])
    assert straight["business_dealings"]["client_id"].is_sorted()
