import random
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest

from tests.reference import back
from transforms.features import balances
from transforms.night import Night

T = date(2024, 6, 30)
NIGHT = Night(T)
CLIENTS = {"client_id": pl.String}
ACCOUNTS = {
    "account_id": pl.String,
    "client_id": pl.String,
    "kind": pl.String,
    "currency": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
}
BALANCES = {"account_id": pl.String, "date": pl.Date, "balance": pl.Int64}
COLUMNS = ["adb_90", "adb_365_before_90", "adb_180", "adb_180_before", "adb_365_all_kinds", "all_demand_closed"]
WINDOWS = {"adb_90": (0, 90), "adb_365_before_90": (90, 365), "adb_180": (0, 180), "adb_180_before": (180, 180)}
OLD = date(2015, 3, 1)
Account = tuple[str, str, str, str, date, date | None]
Row = tuple[str, date, int]


def ago(days: int) -> date:
    return T - timedelta(days=days)


def tables(clients: list[str], accounts: list[Account], rows: list[Row]) -> list[pl.LazyFrame]:
    pairs = (([(c,) for c in clients], CLIENTS), (accounts, ACCOUNTS), (rows, BALANCES))
    return [pl.LazyFrame(data, schema, orient="row") for data, schema in pairs]


def account(opened: date = OLD, closed: date | None = None, kind: str = "demand", currency: str = "CNY", id: str = "a"):
    return (id, "c", kind, currency, opened, closed)


def one(accounts: list[Account], rows: list[Row], night: Night = NIGHT) -> dict:
    return balances.measure(night, *tables(["c"], accounts, rows)).collect().row(0, named=True)


def monthly(accounts: list[Account], rows: list[Row], night: Night = NIGHT) -> dict[date, int | None]:
    frame = balances.series(night, *tables(["c"], accounts, rows)).collect()
    return dict(frame.select("month", "adb").rows())


@pytest.mark.parametrize(
    ("accounts", "rows", "adb_90"),
    [
        ([account()], [("a", OLD, 900)], 900),  # one row nine years ago holds until today
        ([account()], [("a", OLD, 0), ("a", T, 900)], 10),  # the last of 90 days
        ([account()], [("a", OLD, 0), ("a", ago(89), 900)], 900),  # the first of them
        ([account()], [("a", OLD, 0), ("a", ago(90), 900), ("a", ago(89), 0)], 0),  # the day before them
        ([account()], [("a", OLD, -900)], -900),  # an overdraft
        ([account()], [("a", OLD, 100), ("a", T + timedelta(days=1), 900)], 100),  # not yet known
        ([account()], [("a", ago(89), 900)], 900),  # known from the window's first day on
        ([account()], [("a", ago(88), 900)], None),  # one day unknown
        ([account()], [], None),
        ([account(ago(89))], [("a", ago(89), 900)], 900),  # a client as old as the window
        ([account(ago(88))], [("a", ago(88), 900)], None),  # and one younger
        ([account(), account(ago(8), id="b")], [("a", OLD, 900), ("b", ago(8), 100)], 910),  # 0 before opening
        ([account(), account(ago(8), id="b")], [("a", OLD, 900), ("b", ago(7), 100)], None),  # unknown that day
        ([account(), account(ago(8), id="b")], [("a", OLD, 900), ("b", ago(9), 100)], 910),  # a row before opening
        ([account(OLD, ago(44))], [("a", OLD, 900)], 450),  # 0 from closing on
        ([account(OLD, ago(44))], [("a", OLD, 900), ("a", ago(44), 900), ("a", ago(9), 900)], 450),
        ([account(OLD, T + timedelta(days=5))], [("a", OLD, 900)], 900),  # closing is still to come
        ([account(OLD, ago(400))], [], 0),  # closed before the window: nothing to know
        ([account(), account(OLD, ago(400), id="b")], [("a", OLD, 900)], 900),
        ([account(), account(kind="time", id="b")], [("a", OLD, 900)], 900),  # demand accounts alone
        ([account(kind="time")], [("a", OLD, 900)], None),
        ([account(), account(currency="USD", id="b")], [("a", OLD, 900), ("b", OLD, 1)], None),
        ([account(), account(OLD, ago(90), currency="USD", id="b")], [("a", OLD, 900), ("b", OLD, 1)], 900),
        ([account(T + timedelta(days=1))], [], None),
        ([], [], None),
    ],
)
def test_adb_90(accounts: list[Account], rows: list[Row], adb_90: int | None) -> None:
    assert one(accounts, rows)["adb_90"] == adb_90


@pytest.mark.parametrize(("days", "balance", "adb"), [(1, 45, 0), (1, 46, 1), (3, 45, 2), (1, -45, 0), (3, -45, -2)])
def test_halves_go_to_even(days: int, balance: int, adb: int) -> None:
    """45 minor units over 1 of 90 days are half a unit, over 3 days one and a half."""
    rows = [("a", OLD, 0), ("a", ago(days - 1), balance)]
    assert one([account()], rows)["adb_90"] == adb


def test_windows_do_not_overlap() -> None:
    """1,000 for the 90 days, 2,000 for the 365 before; 180 days are half of each; a time deposit beside."""
    steps = [("a", OLD, 0), ("a", ago(454), 2000), ("a", ago(89), 1000), ("t", OLD, 500)]
    result = one([account(), account(kind="time", id="t")], steps)
    assert [result[name] for name in COLUMNS] == [1000, 2000, 1500, 2000, 500 + (90 * 1000 + 275 * 2000) // 365, False]


def test_amounts_of_a_whole_bank_do_not_overflow() -> None:
    assert one([account()], [("a", OLD, 7 * 10**15)])["adb_365_before_90"] == 7 * 10**15


@pytest.mark.parametrize(
    ("accounts", "closed"),
    [
        ([account(OLD, T)], True),
        ([account(OLD, ago(-1))], False),
        ([account(OLD, T), account(id="b")], False),
        ([account(OLD, T), account(kind="time", id="b")], True),
        ([account(OLD, T, kind="time")], False),
        ([], False),
    ],
)
def test_all_demand_closed(accounts: list[Account], closed: bool) -> None:
    assert one(accounts, [])["all_demand_closed"] is closed


def test_series_by_hand() -> None:
    """Opened on 10 February of a leap year with 2,900; 0 from 25 February on; a row of 310 on 31 March."""
    rows = [("a", date(2024, 2, 10), 2900), ("a", date(2024, 2, 25), 0), ("a", date(2024, 3, 31), 310)]
    young = monthly([account(date(2024, 2, 10))], rows)
    assert young == {date(2024, m, 1): x for m, x in ((3, 10), (4, 310), (5, 310), (6, 310))}
    older = monthly([account(kind="time", id="t"), account(date(2024, 2, 10))], rows)
    assert older[date(2024, 2, 1)] == 2900 * 15 / 29
    assert [older[back(date(2024, 1, 1), k)] for k in range(31)] == [0] * 31
    assert len(older) == 36


def test_series_ends_with_the_last_full_month() -> None:
    rows = [("a", OLD, 100)]
    assert max(monthly([account()], rows)) == date(2024, 6, 1)
    assert max(monthly([account()], rows, Night(ago(1)))) == date(2024, 5, 1)
    assert min(monthly([account()], rows, Night(ago(1)))) == date(2021, 6, 1)


def test_series_keeps_an_unknown_month_inside() -> None:
    """A second account opened on 1 April, its first row a day later: April is unknown, the rest is not."""
    accounts = [account(), account(date(2024, 4, 1), id="b")]
    result = monthly(accounts, [("a", date(2024, 3, 1), 100), ("b", date(2024, 4, 2), 30)])
    assert result == {date(2024, 3, 1): 100, date(2024, 4, 1): None, date(2024, 5, 1): 130, date(2024, 6, 1): 130}


# -- against the plain reading --


def on_day(a: Account, rows: list[Row], day: date, as_of: date) -> int | None:
    """What the account held at the end of the day; None when nobody knows."""
    id_, _, _, currency, opened, closed = a
    if day < opened or (closed is not None and closed <= day):
        return 0
    known = [(d, b) for i, d, b in rows if i == id_ and d <= min(day, as_of)]
    return max(known)[1] if known and currency == "CNY" else None


def average(accounts: list[Account], rows: list[Row], first: date, last: date, as_of: date, all_kinds: bool = False):
    known = [a for a in accounts if a[4] <= as_of]
    chosen = [a for a in known if all_kinds or a[2] == "demand"]
    if not chosen or min(a[4] for a in known) > first:
        return None
    days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    held = [on_day(a, rows, day, as_of) for a in chosen for day in days]
    return None if None in held else round(Fraction(sum(held), len(days)))


def random_book(rng: random.Random, as_of: date) -> tuple[list[str], list[Account], list[Row]]:
    clients, accounts, rows = [f"c{i:02}" for i in range(25)], [], []
    for client in clients:
        for k in range(rng.choice([0, 1, 1, 2, 3])):
            opened = as_of - timedelta(days=rng.choice([4000, 2000, 900, 454, 200, 89, 30, -3]))
            closed = opened + timedelta(days=rng.choice([1, 100, 850, 1900])) if rng.random() < 0.3 else None
            kind, currency = rng.choice(["demand", "demand", "time"]), rng.choice(["CNY"] * 15 + ["USD"])
            accounts.append((f"{client}.{k}", client, kind, currency, opened, closed))
            first = opened + timedelta(days=rng.choice([0, 0, 0, 0, 1, 40, -2]))
            days = {first} | {first + timedelta(days=rng.randint(1, 2200)) for _ in range(rng.choice([0, 1, 5, 40]))}
            rows += [(f"{client}.{k}", day, rng.randint(-(10**6), 10**9)) for day in days]
    rng.shuffle(rows)
    return clients, accounts, rows


@pytest.mark.parametrize("as_of", [date(2024, 6, 30), date(2024, 2, 29), date(2024, 3, 14), date(2023, 12, 31)])
def test_equals_the_plain_reading(as_of: date) -> None:
    night = Night(as_of)
    clients, accounts, rows = random_book(random.Random(as_of.toordinal()), as_of)
    frames = tables(clients, accounts, rows)
    result = balances.measure(night, *frames).collect()
    series = balances.series(night, *frames).collect()
    assert result["client_id"].to_list() == clients
    assert series.equals(series.sort("client_id", "month"))
    for client, *values in result.rows():
        theirs = [a for a in accounts if a[1] == client]
        spans = [(as_of - timedelta(days=s + n - 1), as_of - timedelta(days=s)) for s, n in WINDOWS.values()]
        year = as_of - timedelta(days=364)
        wanted = [average(theirs, rows, *span, as_of) for span in spans]
        assert values[:5] == [*wanted, average(theirs, rows, year, as_of, as_of, all_kinds=True)]
        demand = [a for a in theirs if a[2] == "demand" and a[4] <= as_of]
        assert values[5] == (bool(demand) and all(a[5] is not None and a[5] <= as_of for a in demand))
        months = [back(night.last_full_month, k) for k in range(35, -1, -1)]
        means = [(m, average(theirs, rows, m, back(m, -1) - timedelta(days=1), as_of)) for m in months]
        begin = next((i for i, (_, mean) in enumerate(means) if mean is not None), 36)
        assert series.filter(pl.col("client_id") == client).select("month", "adb").rows() == means[begin:]
    assert result["adb_90"].null_count() < len(clients) > result["adb_90"].drop_nulls().len()


def test_alone_as_among_others_and_in_any_order() -> None:
    clients, accounts, rows = random_book(random.Random(9), T)
    whole = balances.measure(NIGHT, *tables(clients, accounts, rows)).collect()
    months = balances.series(NIGHT, *tables(clients, accounts, rows)).collect()
    for client in clients[:8]:
        mine = pl.col("client_id") == client
        assert balances.measure(NIGHT, *tables([client], accounts, rows)).collect().equals(whole.filter(mine))
        assert balances.series(NIGHT, *tables([client], accounts, rows)).collect().equals(months.filter(mine))
    turned = tables(clients[::-1], accounts[::-1], sorted(rows))
    assert balances.measure(NIGHT, *turned).collect().equals(whole)
    assert balances.series(NIGHT, *turned).collect().equals(months)
    assert balances.measure(NIGHT, *turned).collect(engine="streaming").equals(whole)


def test_empty_frames_keep_their_types() -> None:
    for clients in ([], ["c"]):
        empty = balances.measure(NIGHT, *tables(clients, [], [])).collect()
        assert empty.schema == {"client_id": pl.String, **dict.fromkeys(COLUMNS[:5], pl.Int64), COLUMNS[5]: pl.Boolean}
        assert empty.height == len(clients)
        months = balances.series(NIGHT, *tables(clients, [], [])).collect()
        assert months.schema == {"client_id": pl.String, "month": pl.Date, "adb": pl.Int64}
        assert months.height == 0
