import random
import unicodedata
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.reference import back
from tests.reference import decline as plain_decline
from transforms.features import transactions
from transforms.night import Night

T = date(2024, 6, 30)
NIGHT = Night(T)
JUNE = date(2024, 6, 1)
TEXTS = ("txn_id", "direction", "currency", "type", "status", "category")
OTHERS = ("counterparty_id", "counterparty_name", "counterparty_account", "counterparty_bank")
ROW = {
    "account_id": pl.String,
    "booked_on": pl.Date,
    "amount": pl.Int64,
    **dict.fromkeys((*TEXTS, *OTHERS), pl.String),
}
ACCOUNTS = {"account_id": pl.String, "client_id": pl.String, "opened_on": pl.Date, "closed_on": pl.Date}
PARTIES = {"party_id": pl.String, "name": pl.String}
STATEMENTS = {"client_id": pl.String, "flow_months_from": pl.Date, "flow_months_to": pl.Date}
MONTHS = {
    "client_id": pl.String,
    "month": pl.Date,
    "opin": pl.Int64,
    "opout": pl.Int64,
    "purchases": pl.Int64,
    "first_on": pl.Date,
    "rows": pl.Int64,
}
NAME = "Straße & Söhne (东莞) 有限公司"
Rows = list[dict[str, Any]]


def row(booked_on: date = JUNE, amount: int = 100, **given: Any) -> dict[str, Any]:
    usual = {
        "account_id": "a1",
        "direction": "in",
        "currency": "CNY",
        "type": "transfer",
        "status": "ok",
        "txn_id": "t",
    }
    return dict.fromkeys(ROW) | usual | {"booked_on": booked_on, "amount": amount} | given


def tables(rows: Rows, clients: tuple[str, ...] = ("c", "d")) -> list[pl.LazyFrame]:
    """clients, accounts, parties, transactions: client c with accounts a1 and a2, d with b1; e is not assessed."""
    accounts = [("a1", "c"), ("a2", "c"), ("b1", "d"), ("e1", "e")]
    names = {"c": NAME, "d": "()", "e": "Elsewhere", "p": "Payer"}
    return [
        pl.LazyFrame({"client_id": list(clients)}, {"client_id": pl.String}),
        pl.LazyFrame([(*pair, date(2010, 1, 1), None) for pair in accounts], ACCOUNTS, orient="row"),
        pl.LazyFrame(list(names.items()), PARTIES, orient="row"),
        pl.LazyFrame(rows, ROW),
    ]


def payers_of(*given: Any) -> pl.LazyFrame:
    return transactions.payers(transactions.counterparties(*given))


def monthly(rows: Rows, night: Night = NIGHT, clients: tuple[str, ...] = ("c", "d")) -> list[pl.LazyFrame]:
    """months, payers and failed, collected as a night writes them."""
    steps = (transactions.months, payers_of, transactions.failed)
    return [step(night, *tables(rows, clients)).collect().lazy() for step in steps]


def features(rows: Rows, night: Night = NIGHT, spans: Any = (), clients: tuple[str, ...] = ("c", "d")) -> pl.DataFrame:
    who = tables([], clients)[0]
    statements = pl.LazyFrame(list(spans), STATEMENTS, orient="row")
    return transactions.measure(night, who, who, *monthly(rows, night, clients), statements).collect()


def of_c(rows: Rows, night: Night = NIGHT, spans: Any = ()) -> dict[str, Any]:
    return features(rows, night, spans).row(0, named=True)


# -- which rows are turnover --

OUT = {"direction": "out"}


@pytest.mark.parametrize(
    ("given", "opin", "opout", "purchases"),
    [
        ({}, 100, 0, 0),
        (OUT, 0, 100, 0),
        (OUT | {"category": "raw_material"}, 0, 100, 100),
        (OUT | {"category": "rent"}, 0, 100, 100),
        (OUT | {"category": "payroll"}, 0, 100, 0),
        ({"category": "raw_material"}, 100, 0, 0),  # a refund of one is not a purchase
        ({"status": "returned"}, 0, 0, 0),
        ({"status": "reversed"}, 0, 0, 0),
        (OUT | {"status": "failed"}, 0, 0, 0),
        ({"type": "loan_disbursement"}, 0, 0, 0),
        (OUT | {"type": "loan_principal"}, 0, 0, 0),
        (OUT | {"type": "loan_interest"}, 0, 0, 0),
        (OUT | {"category": "loan"}, 0, 0, 0),
        (OUT | {"category": "related_loan"}, 0, 100, 0),
        ({"type": "interest"}, 100, 0, 0),  # deposit interest
        (OUT | {"type": "interest"}, 0, 0, 0),
        (OUT | {"category": "interest"}, 0, 0, 0),
        ({"category": "interest"}, 100, 0, 0),
        ({"type": "brokerage"}, 0, 0, 0),
        (OUT | {"type": "brokerage"}, 0, 100, 0),
        ({"type": "investment", "category": "sales"}, 0, 0, 0),
        ({"category": "securities"}, 0, 0, 0),
        ({"category": "wealth_product"}, 0, 0, 0),
        ({"category": "equity_investment"}, 0, 0, 0),
        (OUT | {"category": "wealth_product"}, 0, 100, 0),
        ({"type": "cash_in"}, 100, 0, 0),
        ({"category": "own_transfer"}, 0, 0, 0),
        ({"counterparty_account": "a2"}, 0, 0, 0),  # the client's other account
        ({"counterparty_account": "b1"}, 100, 0, 0),  # somebody else's
        ({"counterparty_id": "c"}, 0, 0, 0),
        ({"counterparty_id": "p", "counterparty_name": "Payer"}, 100, 0, 0),
        (OUT | {"counterparty_name": NAME, "counterparty_bank": "104"}, 0, 0, 0),
        ({"counterparty_name": "STRASSE&SÖHNE（东莞）有限公司"}, 0, 0, 0),  # case, width, spaces, brackets
        ({"counterparty_name": " straße ＆ so\u0308hne【东莞】有限 公司"}, 0, 0, 0),
        ({"counterparty_name": "Straße & Söhne (东莞) 有限公司二厂"}, 100, 0, 0),
        ({"account_id": "b1", "counterparty_name": NAME}, None, None, None),  # c's name on d's account
        ({"account_id": "e1"}, None, None, None),  # a client the night does not assess
        ({"account_id": "unknown"}, None, None, None),
        ({"booked_on": T + timedelta(days=1)}, None, None, None),
        ({"currency": "USD"}, None, 0, 0),  # no rate: the sum is unknown
        (OUT | {"currency": "USD"}, 0, None, 0),
        (OUT | {"currency": "USD", "category": "rent"}, 0, None, None),
        ({"currency": "USD", "status": "failed"}, 0, 0, 0),
        ({"currency": "USD", "category": "own_transfer"}, 0, 0, 0),
    ],
)
def test_turnover(given: dict[str, Any], opin: int | None, opout: int | None, purchases: int | None) -> None:
    found = transactions.months(NIGHT, *tables([row(**given)])).filter(pl.col("client_id") == "c").collect()
    if opin is opout is purchases is None:
        assert found.height == 0
    else:
        assert found.rows() == [("c", JUNE, opin, opout, purchases, JUNE, 1)]


def test_a_name_that_is_only_brackets_is_nobodys_own() -> None:
    found = transactions.months(NIGHT, *tables([row(account_id="b1", counterparty_name="[ ]")])).collect()
    assert found["opin"].to_list() == [100]


def test_another_home_currency() -> None:
    found = transactions.months(Night(T, "USD"), *tables([row(currency="USD")])).collect()
    assert found["opin"].to_list() == [100]


def test_payers_by_hand() -> None:
    rows = [
        row(counterparty_id="p", counterparty_account="x"),
        row(counterparty_id="p", counterparty_name="another spelling"),
        row(counterparty_account="x", counterparty_name="Payer"),
        row(counterparty_account="x", amount=7),
        row(counterparty_name="Payer", amount=9),
        row(),  # nobody known
        row(direction="out", counterparty_id="q"),
        row(status="returned", counterparty_id="q"),
        row(counterparty_id="r", currency="USD"),
    ]
    assert payers_of(NIGHT, *tables(rows)).collect().rows() == [
        ("c", JUNE, "acct:x|", 7),
        ("c", JUNE, "acct:x|Payer", 100),
        ("c", JUNE, "acct:|Payer", 9),
        ("c", JUNE, "p", 200),
        ("c", JUNE, "r", None),
    ]


# -- history and windows --


@pytest.mark.parametrize(
    ("first", "as_of", "begin", "months"),
    [
        (date(2024, 1, 5), T, date(2024, 1, 1), 6),
        (date(2024, 1, 6), T, date(2024, 2, 1), 5),  # later than the fifth: the month does not count
        (date(2024, 2, 29), T, date(2024, 3, 1), 4),
        (date(2023, 12, 31), T, date(2024, 1, 1), 6),
        (date(2024, 1, 5), T - timedelta(days=1), date(2024, 1, 1), 5),  # T in mid-month
        (date(2024, 6, 3), T, JUNE, 1),
        (date(2024, 6, 6), T, None, 0),
        (date(2024, 6, 3), date(2024, 6, 20), None, 0),
        (date(2024, 7, 1), T, None, None),  # not yet known
        (date(2009, 1, 1), T, date(2009, 1, 1), 186),
    ],
)
def test_history(first: date, as_of: date, begin: date | None, months: int | None) -> None:
    result = of_c([row(first, status="failed")], Night(as_of))  # a failed payment is a transaction too
    assert (result["history_from"], result["history_months"]) == (begin, months)


def test_sums_by_hand() -> None:
    """1,000 in and 900 out each month for fifteen months, but 600 in and 800 out in the last three; a third bought."""
    rows = []
    for k in range(15):
        amounts = (600, 800, 300) if k < 3 else (1000, 900, 300)
        rows += [row(back(JUNE, k), amounts[0]), row(back(JUNE, k), amounts[1] - amounts[2], **OUT)]
        rows.append(row(back(JUNE, k), amounts[2], direction="out", category="utility"))
    result = of_c(rows)
    assert {name: result[name] for name in ("opin_3", "opout_3", "opin_12", "opout_12")} == {
        "opin_3": 1800,
        "opout_3": 2400,
        "opin_12": 10800,
        "opout_12": 10500,
    }
    assert (result["opin_net_ratio_3"], result["opin_r3_12"], result["opin_y3"]) == (round(-1 / 3, 9), 0.6, 0.6)
    assert result["purchases_r3_12"] == 1.0
    assert (result["flow_period_from"], result["flow_period_to"]) == (date(2024, 4, 1), T)


def test_windows_need_their_history() -> None:
    def of(months: int) -> dict[str, Any]:
        return of_c([row(back(JUNE, k), direction=d, category="rent") for k in range(months) for d in ("in", "out")])

    assert (of(2)["opin_3"], of(3)["opin_3"]) == (None, 300)
    assert (of(11)["opout_12"], of(12)["opout_12"]) == (None, 1200)
    assert (of(14)["purchases_r3_12"], of(15)["purchases_r3_12"]) == (None, 1.0)
    assert (of(8)["opin_r3_12"], of(9)["opin_r3_12"]) == (None, 1.0)  # as DECLINE: the months there are, from nine on
    assert (of(14)["opin_y3"], of(15)["opin_y3"]) == (None, 1.0)


def test_months_without_rows_are_zero() -> None:
    result = of_c([row(back(JUNE, 20))])
    assert (result["opin_3"], result["opout_12"]) == (0, 0)
    assert result["opin_net_ratio_3"] is None
    assert of_c([row(back(JUNE, 20)), row(JUNE, 5, **OUT)])["opin_net_ratio_3"] == -1.0


def test_an_unknown_month_makes_its_windows_unknown() -> None:
    rows = [row(back(JUNE, k)) for k in range(30)] + [row(back(JUNE, 3), currency="EUR")]
    result = of_c(rows)
    assert (result["opin_3"], result["opin_12"], result["opin_r3_12"], result["opin_y3"]) == (300, None, None, 1.0)
    months = transactions.series(NIGHT, tables([])[0], monthly(rows)[0]).collect()
    assert months.filter(pl.col("opin").is_null())["month"].to_list() == [back(JUNE, 3)]


def test_the_partial_month_of_t_counts_for_nothing_but_failures() -> None:
    rows = [row(back(JUNE, k)) for k in range(20)] + [
        row(date(2024, 7, 10), 10**6),
        row(date(2024, 7, 10), **OUT, status="returned"),
    ]
    before, mid = of_c(rows), of_c(rows, Night(date(2024, 7, 15)))
    assert {k: v for k, v in before.items() if "failed" not in k} == {k: v for k, v in mid.items() if "failed" not in k}
    assert (before["failed_90"], mid["failed_90"]) == (0, 1)


def test_never_a_transaction_is_unknown() -> None:
    """Client d has an account and no row, ever."""
    d = features([row(back(JUNE, k)) for k in range(20)]).row(1, named=True)
    assert {name for name, value in d.items() if value is not None} == {
        "client_id",
        "flow_period_from",
        "flow_period_to",
    }


@pytest.mark.parametrize(
    ("begin", "months", "now", "before"),
    [
        (date(2023, 1, 1), 30, 1200, 1200),
        (date(2023, 1, 1), 29, 1200, None),
        (date(2022, 1, 1), 30, 1200, None),
        (date(2021, 12, 1), 30, None, None),
        (date(2023, 7, 1), 60, 1200, 1200),
        (date(2023, 8, 1), 60, None, 1200),  # its last month is not full yet
        (date(2019, 7, 1), 60, 1200, None),  # older than the series go
        (date(2020, 7, 1), 60, 1200, 1200),
        (None, 60, None, None),
    ],
)
def test_statement_months(begin: date | None, months: int, now: int | None, before: int | None) -> None:
    span = ("c", begin, begin and back(begin, -11))
    result = of_c([row(back(JUNE, k)) for k in range(months)], spans=[span])
    assert (result["opin_stmt_12"], result["opin_stmt_12_before"]) == (now, before)


def test_statement_months_with_an_unknown_one() -> None:
    rows = [row(back(JUNE, k)) for k in range(40)] + [row(date(2023, 2, 3), currency="USD")]
    result = of_c(rows, spans=[("c", date(2023, 1, 1), date(2023, 12, 1))])
    assert (result["opin_stmt_12"], result["opin_stmt_12_before"]) == (None, 1200)


# -- failed payments --


def test_failed_by_hand() -> None:
    bounced = OUT | {"status": "insufficient_funds"}
    rows = [
        row(date(2020, 1, 1)),
        row(T - timedelta(days=91), 900, txn_id="too old", **bounced),
        row(T - timedelta(days=90), 50, txn_id="z", **bounced),
        row(T, 70, txn_id="2", account_id="a2", direction="out", status="returned"),
        row(T, 60, txn_id="1", direction="out", status="returned"),
        row(T, 999, txn_id="in", status="returned"),
        row(T, 999, txn_id="failed", direction="out", status="failed"),
    ]
    result = of_c(rows)
    assert (result["failed_90"], result["failed_largest_90"]) == (3, 70)
    keys = ["transactions:a1|2024-06-30|1", "transactions:a2|2024-06-30|2", "transactions:a1|2024-04-01|z"]
    assert result["failed_keys"] == keys
    assert monthly(rows)[2].collect().columns == ["client_id", "booked_on", "account_id", "txn_id", "amount", "status"]


def test_failed_windows_and_limits() -> None:
    assert of_c([row(T - timedelta(days=90))])["failed_90"] == 0
    assert of_c([row(T - timedelta(days=90))])["failed_largest_90"] == 0
    assert of_c([row(T - timedelta(days=90))])["failed_keys"] == []
    assert of_c([row(T - timedelta(days=89), **OUT, status="returned")])["failed_90"] is None  # history is shorter
    many = [row(date(2020, 1, 1))] + [row(T, txn_id=f"{i:02}", **OUT, status="returned") for i in range(25)]
    assert (of_c(many)["failed_90"], len(of_c(many)["failed_keys"])) == (25, 20)
    foreign = [row(date(2020, 1, 1)), row(T, currency="USD", **OUT, status="returned")]
    assert (of_c(foreign)["failed_90"], of_c(foreign)["failed_largest_90"]) == (1, None)


# -- payers --


def test_the_ten_largest_payers_of_the_year_before() -> None:
    """Ten payers fall to a half in April; an eleventh, smaller one and a new one make up for it."""
    rows = []
    for k in range(20):
        rows += [row(back(JUNE, k), 50 if k < 4 else 100, counterparty_id=f"p{i}") for i in range(10)]
        rows.append(row(back(JUNE, k), 10_000 if k < 3 else 40, counterparty_id="small"))
        rows += [row(back(JUNE, k), 10_000, counterparty_id="new")] if k < 3 else []
    result = of_c(rows)
    base = round(500 / ((11 * 1000 + 500) / 12), 9)
    assert (result["payers_r3_12"], result["payers_y3"], result["payers_decline"]) == (base, 0.5, "A")
    assert result["opin_r3_12"] > 1


def test_payers_unknown() -> None:
    assert of_c([row(back(JUNE, k)) for k in range(20)])["payers_decline"] is None  # nobody known
    rows = [row(back(JUNE, k), counterparty_id="p") for k in range(20)]
    assert of_c(rows)["payers_decline"] == ""
    assert of_c(rows[:8])["payers_decline"] is None
    abroad = row(back(JUNE, 5), counterparty_id="q", currency="USD")
    assert of_c([*rows, abroad])["payers_decline"] is None  # q may be one of the ten
    ten = [row(back(JUNE, k), counterparty_id=f"p{i}") for k in range(20) for i in range(10)]
    assert of_c([*ten, abroad])["payers_decline"] is None
    assert of_c([*rows, abroad | {"booked_on": back(JUNE, 2)}])["payers_decline"] == ""  # q is none of them


# -- against the plain reading --


def folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(x for x in text if not x.isspace() and x not in "()[]{}<>【】《》「」")


def plain(rows: Rows, client: str, accounts: dict[str, str], name: str, night: Night) -> dict[str, Any]:
    """A client's figures, read row by row."""
    mine = [r for r in rows if accounts.get(r["account_id"]) == client and r["booked_on"] <= night.as_of]
    if not mine:
        return {"history_months": None}
    first = min(r["booked_on"] for r in mine)
    begin = first.replace(day=1) if first.day <= 5 else back(first.replace(day=1), -1)
    last = night.last_full_month
    months = [m for m in (back(last, k) for k in range(36)) if m >= begin]
    sums: dict[str, dict[date, int | None]] = {n: dict.fromkeys(months, 0) for n in ("opin", "opout", "purchases")}
    payers: dict[str, dict[date, int | None]] = defaultdict(lambda: dict.fromkeys(months, 0))
    implied = {"payroll": "payroll", "interest": "interest", "cash_in": "cash", "brokerage": "securities"}
    for r in mine:
        month = r["booked_on"].replace(day=1)
        purpose = r["category"] or implied.get(r["type"])
        own = (
            purpose == "own_transfer"
            or client in (r["counterparty_id"], accounts.get(r["counterparty_account"]))
            or (r["counterparty_name"] and folded(r["counterparty_name"]) == folded(name))
        )
        inward = r["direction"] == "in"
        money_back = {"brokerage", "investment", "securities", "wealth_product", "equity_investment"}
        left_out = r["type"].startswith("loan_") or purpose == "loan" or own or r["status"] != "ok"
        left_out |= "interest" in (r["type"], purpose) and not inward
        left_out |= inward and bool({r["type"], purpose} & money_back)
        if left_out or month not in months:
            continue
        who = r["counterparty_id"]
        if not who and (r["counterparty_account"] or r["counterparty_name"]):
            who = f"{r['counterparty_account']}/{r['counterparty_name']}"
        targets = [sums["opin"] if inward else sums["opout"]]
        if not inward and purpose in ("raw_material", "equipment", "utility", "logistics", "rent"):
            targets.append(sums["purchases"])
        if inward and who:
            targets.append(payers[who])
        for target in targets:
            known = r["currency"] == "CNY" and target[month] is not None
            target[month] = target[month] + r["amount"] if known else None

    def total(of: dict[date, int | None], start: int, length: int) -> int | None:
        window = [back(last, k) for k in range(start, start + length)]
        return None if any(of.get(m) is None for m in window) else sum(of[m] for m in window)

    ranked = {p: [of[m] for m in months[3:15]] for p, of in payers.items()}
    totals = {p: None if None in of else sum(of) for p, of in ranked.items() if of and any(x != 0 for x in of)}
    ten_decline = None
    if totals and None not in totals.values():
        ten = [p for p, _ in sorted(totals.items(), key=lambda pair: -pair[1])[:10]]
        of_ten = {m: None if any(payers[p][m] is None for p in ten) else sum(payers[p][m] for p in ten) for m in months}
        ten_decline = plain_decline(of_ten, last)[3]
    r3, y3, _, _ = plain_decline(sums["opin"], last)
    bounced = [
        r
        for r in mine
        if r["direction"] == "out"
        and r["status"] in ("returned", "insufficient_funds")
        and (night.as_of - r["booked_on"]).days <= 90
    ]
    return {
        "history_months": len(months),
        **{f"{n}_{k}": total(sums[n], 0, k) for n in ("opin", "opout") for k in (3, 12)},
        "opin_r3_12": r3,
        "opin_y3": y3,
        "failed_90": len(bounced) if (night.as_of - first).days >= 90 else None,
        "payers_decline": ten_decline,
        "series": {m: (sums["opin"][m], sums["opout"][m]) for m in reversed(months)},
    }


def random_rows(rng: random.Random, as_of: date) -> Rows:
    rows: Rows = []
    for account, share in (("a1", 1.0), ("a2", 0.4), ("b1", 0.5), ("e1", 0.2)):
        start = as_of - timedelta(days=rng.choice([60, 200, 330, 500, 1000]))
        for i in range(round(share * 500)):
            booked_on = start + timedelta(days=rng.randint(0, (as_of - start).days + 20))
            fading = 4 if (as_of - booked_on).days < 110 else 1
            rows.append(
                row(
                    booked_on,
                    rng.randint(1, 10**7) // fading,
                    account_id=account,
                    txn_id=str(i),
                    direction=rng.choice(["in", "out"]),
                    currency="USD" if rng.random() < 0.003 else "CNY",
                    type=rng.choice(
                        ["transfer"] * 12 + ["interest", "brokerage", "investment", "cash_in", "loan_interest"]
                    ),
                    status=rng.choice(["ok"] * 12 + ["returned", "insufficient_funds", "failed", "reversed"]),
                    category=rng.choice(
                        [None] * 8 + ["sales", "rent", "raw_material", "own_transfer", "loan", "interest"]
                    ),
                    counterparty_id=rng.choice([None] * 6 + [f"p{k}" for k in range(14)] + ["c", "d"]),
                    counterparty_name=rng.choice(
                        [None, "Payer", "PAYER", NAME, NAME.upper(), "(" + NAME.replace(" ", "")]
                    ),
                    counterparty_account=rng.choice([None, "x", "y", "a1", "b1", "e1"]),
                )
            )
    rng.shuffle(rows)
    return rows


@pytest.mark.parametrize("seed", range(16))
def test_equals_the_plain_reading(seed: int) -> None:
    rng = random.Random(seed)
    night = Night(rng.choice([T, date(2024, 2, 29), date(2024, 5, 14), date(2023, 1, 31)]))
    rows = random_rows(rng, night.as_of)
    accounts = {"a1": "c", "a2": "c", "b1": "d", "e1": "e"}
    result = features(rows, night)
    months = transactions.series(night, tables([])[0], monthly(rows, night)[0]).collect()
    assert result["client_id"].to_list() == ["c", "d"]
    for client, name in (("c", NAME), ("d", "()")):
        wanted = plain(rows, client, accounts, name, night)
        series = wanted.pop("series", {})
        found = result.filter(pl.col("client_id") == client).row(0, named=True)
        found["history_months"] = (
            min(found["history_months"] or 0, 36) if wanted["history_months"] is not None else None
        )
        assert {n: found[n] for n in wanted} == {
            n: pytest.approx(x, abs=2e-9) if isinstance(x, float) else x for n, x in wanted.items()
        }
        mine = months.filter(pl.col("client_id") == client)
        assert {m: (a, b) for _, m, a, b in mine.rows()} == series


def test_alone_as_among_others_and_in_any_order() -> None:
    rows = random_rows(random.Random(40), T)
    whole = features(rows)
    assert features(rows[::-1]).equals(whole)
    for client in ("c", "d"):
        assert features(rows, clients=(client,)).equals(whole.filter(pl.col("client_id") == client))
    for step in (transactions.months, payers_of, transactions.failed):
        at_once = step(NIGHT, *tables(rows))
        months = {r["booked_on"].replace(day=1) for r in rows}
        parts = [[r for r in rows if r["booked_on"].replace(day=1) == month] for month in sorted(months)]
        one_by_one = pl.concat([step(NIGHT, *tables(part)).collect() for part in parts])
        assert one_by_one.sort(one_by_one.columns).equals(at_once.collect().sort(one_by_one.columns))
        assert at_once.collect().equals(at_once.collect(engine="streaming"))


def test_empty_frames_keep_their_types() -> None:
    months, payers, failed = (frame.collect() for frame in monthly([]))
    assert months.schema == MONTHS
    assert payers.schema == {"client_id": pl.String, "month": pl.Date, "payer": pl.String, "opin": pl.Int64}
    assert failed.schema == {n: {"booked_on": pl.Date, "amount": pl.Int64}.get(n, pl.String) for n in failed.columns}
    empty, full = features([]), features([row(back(JUNE, k)) for k in range(20)])
    assert empty.schema == full.schema
    assert empty.height == 2
    assert features([], clients=()).schema == full.schema
    series = transactions.series(NIGHT, tables([])[0], months.lazy()).collect()
    assert series.schema == {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64, "opout": pl.Int64}
