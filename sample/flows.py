"""Simulated accounts: thirty-six months of transactions along the firm's real yearly revenue, and the balances they leave.

What comes in is a bank's share of the real revenue. What goes out follows it so that the balance returns to about a
month's inflow. Loans move money through the same account.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.tables import TABLES
from sample import names
from sample.credit import Move
from sample.stories import STORIES
from sample.ties import PARTNERS, partner
from sample.timeline import FIRST, LAST, MONTHS, workday_from, workdays
from sample.world import Client

Floats = npt.NDArray[np.float64]
SHARE = (0.10, 0.60)  # the bank's share of the revenue
LUMPS = (0.12, 0.4)  # coefficient of variation of a month's inflow
SEASON = np.array([0.98, 0.95, 1.0, 1.0, 1.0, 1.0, 0.98, 0.97, 1.0, 1.02, 1.03, 1.07])
PAYERS, SUPPLIERS = 22, 12
FLATTER = 3  # the weight of the nth largest is 1 / (n + this)
ONE_CUSTOMER = 0.56  # of the sales of the client of that story
CALM = 8.0  # shape of the amounts' spread
FEWEST, PER_DECADE = 7, 5  # receipts a month of the smallest firm, more for each tenfold revenue
FIXED = {
    "payroll": 0.16,
    "social_insurance": 0.03,
    "rent": 0.04,
    "utility": 0.03,
    "tax": 0.05,
}  # of a usual month's inflow
FIXED_DAY = {
    "payroll": 7,
    "social_insurance": 10,
    "tax": 10,
    "rent": 1,
    "utility": 13,
}  # which working day of the month
VARIABLE = {"raw_material": (0.74, 0.7), "logistics": (0.12, 0.2), "equipment": (0.08, 0.08), "travel_entertainment": (0.02, 0.1),
            "other": (0.04, 0.08)}  # of the rest: share of the money, of the payments  # fmt: skip
KEPT = 2.0  # usual months of inflow that stay on the account
# Spending: months of inflow it follows, the part of it that is planned, and the part of the way back to the usual balance.
SPENT_OVER, PLANNED, CLOSED = 3, 0.5, 0.25
BALANCE_FLOOR = 100_00
OWN_TRANSFERS = (3, 6, 9, 12)  # months with a transfer to the client's own account at another bank
OTHER_BANK, NEW_BANK, OUR_SHARE_BANK = "900000000011", "900000000015", 0.3
NEW_BANK_DAYS = (12, 31, 55)  # days ago the client of that story moved money to its new account elsewhere
STOPPED, MOVED_PAYROLL, LATE_PAYROLL = 2, 2, 8  # months without dues, without wages; working days wages came late
BOUNCE, REVERSAL = 0.7, 0.2  # shares of clients with a bounced payment, and with a payment taken back
TIME_DEPOSIT, TIME_DAYS, TIME_RATE = 0.15, 365, 0.01
LAID_ASIDE = (0.05, 0.2)  # months of inflow in a time deposit
OFFICES = {"tax": "P-TAX", "social_insurance": "P-SOCIAL", "utility": "P-UTILITY"}  # payees that are parties
CHANNELS = {"payroll": "ebank", "cash_in": "counter", "interest": None}
BROKER = "Bell Securities (simulated)"
COLUMNS = ("account_id", "booked_on", "direction", "amount", "type", "status", "counterparty_id", "counterparty_name",
           "counterparty_account", "counterparty_bank", "payee_count", "category")  # fmt: skip
Row = tuple[Any, ...]
_WORKDAYS = [workdays(month) for month in MONTHS]


@dataclass(frozen=True)
class Money:
    """What moved on one client's accounts: accounts rows, transactions rows (COLUMNS)."""

    accounts: list[dict[str, Any]]
    rows: list[Row]


def share(client: Client, seed: int) -> float:
    """The bank's share of the client's revenue."""
    return float(np.random.default_rng([seed, 3, client.number]).uniform(*SHARE))


def level(client: Client, seed: int) -> Floats:
    """How each month stands to what it would have been: one, unless something happens to the client."""
    rng = np.random.default_rng([seed, 10, client.number])
    stands: Floats = np.ones(len(MONTHS))
    sinks, floor = rng.random() < 0.6, rng.uniform(0.3, 0.6)
    if client.story == "fading":
        stands[27:] = np.linspace(0.8, 0.15, 9)
    elif client.story == "sudden_stop":
        stands[33:] = (0.75, 0.0, 0.0)
    elif client.story == "downturn":
        stands[30:] = (0.95, 0.91, 0.87, 0.8, 0.75, 0.7)
    elif client.client_id in STORIES["flooded"].clients:
        stands[34:] = (0.4, 0.9)
    elif client.failing and sinks:
        stands[28:] = np.linspace(0.92, floor, 8)
    return stands


def _noise(client: Client, rng: np.random.Generator) -> Floats:
    """Lumpiness of each month, mean one in every full calendar year, so that years keep the real revenue's path."""
    cv = LUMPS[0] if client.story else LUMPS[0] + (LUMPS[1] - LUMPS[0]) * rng.beta(1, 6)
    spread = np.log1p(cv**2)
    noise = rng.lognormal(-0.5 * spread, np.sqrt(spread), len(MONTHS))
    for start in (6, 18):  # 2013, 2014
        noise[start : start + 12] /= noise[start : start + 12].mean()
    return noise


def _usual(client: Client, part: float) -> Floats:
    """A month's inflow without lumps, season or story: the bank's share of the real revenue, which glides from year to year.

    The months of a full calendar year sum up to its revenue.
    """
    years = sorted(client.revenue)
    middles = [12 * (year - FIRST.year) + 6 - FIRST.month for year in years]
    yearly = np.array([client.revenue[year] for year in years])
    path: Floats = np.exp(np.interp(np.arange(len(MONTHS)), middles, np.log(yearly)))
    for start, year in ((6, 2013), (18, 2014)):
        path[start : start + 12] *= client.revenue[year] / path[start : start + 12].mean()
    return part * path / 12


def _cut(total: Floats, month: npt.NDArray[np.int64], weight: Floats) -> npt.NDArray[np.int64]:
    """Each month's total cut into its payments by weight; every payment is at least a cent."""
    whole = np.bincount(month, weight, len(total))
    return np.maximum(1, np.rint(total[month] * weight / whole[month])).astype(np.int64)


def _dealt(months: int, times: int, weight: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Whose each payment is, `times` a month: everybody has his part of every month, as the weights say."""
    place = (np.arange(times) + rng.random((months, 1))) / times
    return np.searchsorted(np.cumsum(weight / weight.sum()), place).ravel().clip(max=len(weight) - 1)


def _ranked(many: int, first: float = 0.0) -> Floats:
    """Weights of so many customers or suppliers, the largest first; `first`: the part of the first one."""
    weight = 1 / (np.arange(many) + 1 + FLATTER)
    if first:
        weight[0] = weight[1:].sum() * first / (1 - first)
    return weight


def _days(month: npt.NDArray[np.int64], rng: np.random.Generator) -> list[date]:
    """A working day of each month."""
    return [_WORKDAYS[k][int(u * len(_WORKDAYS[k]))] for k, u in zip(month, rng.random(len(month)), strict=True)]


def money(client: Client, moves: list[Move], part: float, seed: int) -> Money:
    """One client's accounts and everything that moved on them; `moves` is what its loans moved."""
    rng = np.random.default_rng([seed, 5, client.number])
    usual = _usual(client, part) * level(client, seed)
    inflow = usual * SEASON[[month.month - 1 for month in MONTHS]] * _noise(client, rng)
    account = f"A-{client.client_id}-1"
    times = round(FEWEST + PER_DECADE * np.log10(1 + client.revenue[2014] / 1e8))
    deposits = _time_deposit(client, usual, rng)
    rows = [_loan_row(account, client, move) for move in moves] + _interest(account, usual)
    rows += _oddities(account, client, usual, rng) + deposits.rows
    paid = _outflow(inflow, usual, _net(account, rows))
    rows += _receipts(account, client, inflow, times, rng)
    rows += _payments(account, client, usual, paid, times, part, rng)
    main = {
        "account_id": account, "client_id": client.client_id, "kind": "demand", "is_basic": client.number % 3 > 0,
        "currency": "USD", "opened_on": client.since, "status": "active",
    }  # fmt: skip
    lent = [
        {"account_id": f"A-{client.client_id}-3", "client_id": client.client_id, "kind": "escrow", "is_basic": False,
         "currency": "USD", "opened_on": min(move.day for move in moves if move.direct), "status": "active"}
    ] if any(move.direct for move in moves) else []  # fmt: skip
    return Money([main, *deposits.accounts, *lent], rows)


def _net(account: str, rows: list[Row]) -> Floats:
    """What those rows brought to the account, less what they took, each month."""
    net = np.zeros(len(MONTHS))
    for owner, day, direction, amount, _, status, *_ in rows:
        if owner == account and status in ("ok", "reversed"):
            net[(day.year - FIRST.year) * 12 + day.month - FIRST.month] += amount if direction == "in" else -amount
    return net


def _outflow(inflow: Floats, usual: Floats, net: Floats) -> Floats:
    """What is paid each month: as planned and as came in of late, and a part of what the balance is over or under its usual height."""
    carried, paid = KEPT * usual[0], np.zeros(len(inflow))
    for k, came in enumerate(inflow):
        lately = PLANNED * usual[k] + (1 - PLANNED) * float(inflow[max(0, k - SPENT_OVER + 1) : k + 1].mean())
        lately = lately if came else 0.0
        over = carried + came + net[k] - lately - KEPT * usual[k]
        paid[k] = np.clip(lately + CLOSED * over, 0.6 * lately, 1.5 * lately)
        carried += came + net[k] - paid[k]
    return paid


def _receipts(account: str, client: Client, inflow: Floats, times: int, rng: np.random.Generator) -> list[Row]:
    """Customers' payments, a few of them known by name and paying most."""
    months = np.flatnonzero(inflow)
    month = np.repeat(months, times)
    one = client.client_id in STORIES["one_customer"].clients
    payer = _dealt(len(months), times, _ranked(PAYERS, ONE_CUSTOMER if one else 0.0), rng)
    amounts = _cut(inflow, month, rng.gamma(CALM, 1.0, len(month)))
    called, banks, known = names.partners(client.number, PAYERS), _banks(client, PAYERS), _known(client, "B", PAYERS)
    days = _days(month, rng)
    if months[-1] == len(MONTHS) - 1:
        days[-1] = _WORKDAYS[-1][-1]  # the books of even one client reach to their last day
    return [
        (account, day, "in", int(amount), "transfer", "ok", known[p], called[p], f"X{client.number:04d}{p:02d}", banks[p], None, "sales")
        for day, amount, p in zip(days, amounts, payer, strict=True)
    ]  # fmt: skip


def _known(client: Client, kind: str, many: int) -> list[str | None]:
    """The parties of the largest customers (B) or suppliers (S); the others have none."""
    return [partner(client, kind, k) if k < PARTNERS else None for k in range(many)]


def _banks(client: Client, many: int) -> list[str | None]:
    """Where each counterparty keeps its account: some with us (blank), the others with one of three banks."""
    return [None if (client.number + k) % 10 < 10 * OUR_SHARE_BANK else f"9000000000{21 + k % 3}" for k in range(many)]


def _payments(
    account: str, client: Client, usual: Floats, paid: Floats, times: int, ours: float, rng: np.random.Generator
) -> list[Row]:
    """Wages, taxes, rent and utilities every month; what is left goes to suppliers. `ours`: the bank's share of the wages."""
    rows: list[Row] = []
    staff, landlord = max(3, round(client.staff * ours)), names.suppliers(client.number, SUPPLIERS + 1)[-1]
    for k in np.flatnonzero(usual):
        for category, part in FIXED.items():
            amount = max(1, int(min(usual[k], paid[k]) * part * rng.uniform(0.96, 1.04)))
            office, wages = OFFICES.get(category), category == "payroll"
            heads, name = round(staff * rng.uniform(0.99, 1.01)), None if office or wages else landlord
            day = _fixed_day(client, category, int(k))
            if day is not None:
                rows.append((account, day, "out", amount, "payroll" if wages else "transfer", "ok", office, name, None, None,
                             heads if wages else None, category))  # fmt: skip
    left = np.maximum(0.0, paid - np.minimum(usual, paid) * sum(FIXED.values()))
    called, banks = names.suppliers(client.number, SUPPLIERS), _banks(client, SUPPLIERS)
    known = _known(client, "S", SUPPLIERS)
    for category, (part, of_times) in VARIABLE.items():
        months, each = np.flatnonzero(left > 1), max(1, round(times * of_times))
        month = np.repeat(months, each)
        amounts = _cut(left * part, month, rng.gamma(CALM, 1.0, len(month)))
        payee = _dealt(len(months), each, _ranked(SUPPLIERS), rng)
        rows += [
            (account, day, "out", int(amount), "transfer", "ok", known[p], called[p], f"Y{client.number:04d}{p:02d}", banks[p],
             None, category)
            for day, amount, p in zip(_days(month, rng), amounts, payee, strict=True)
        ]  # fmt: skip
    return rows


def _fixed_day(client: Client, category: str, month: int) -> date | None:
    """The day a due is paid that month; none where a story says it was not."""
    left, late = len(MONTHS) - month, 0
    if category == "payroll" and client.client_id in STORIES["courted"].clients and left <= MOVED_PAYROLL:
        return None
    if category == "social_insurance" and client.client_id in STORIES["dues_stopped"].clients and left <= STOPPED:
        return None
    if category == "payroll" and client.client_id in STORIES["payroll_late"].clients and left <= STOPPED:
        late = LATE_PAYROLL
    return _WORKDAYS[month][FIXED_DAY[category] + late]


def _loan_row(account: str, client: Client, move: Move) -> Row:
    """A movement of a loan; the money of a loan for equipment goes from an account of its own straight to who supplied it."""
    if move.kind == "spent":
        name = names.suppliers(client.number, SUPPLIERS)[3] if move.category == "equipment" else BROKER
        return (f"A-{client.client_id}-3", move.day, "out", move.amount, "transfer", "ok", None, name, None, None, None,
                move.category)  # fmt: skip
    where = f"A-{client.client_id}-3" if move.direct else account
    return (where, move.day, move.direction, move.amount, move.kind, "ok", None, None, None, None, None, move.category)


def _interest(account: str, usual: Floats) -> list[Row]:
    """Interest the bank pays on the balance, each quarter."""
    amounts = ((k, int(KEPT * usual[k] * 0.0005)) for k in range(2, len(MONTHS), 3))
    return [
        (account, workday_from(MONTHS[k].replace(day=21)), "in", amount, "interest", "ok", None, None, None, None, None, "interest")
        for k, amount in amounts
        if amount > 0
    ]  # fmt: skip


def _oddities(account: str, client: Client, usual: Floats, rng: np.random.Generator) -> list[Row]:
    """Transfers to the client's own account elsewhere, a bounced payment, a payment that was taken back."""
    rows: list[Row] = []
    living = client.story != "sudden_stop"
    for k, month in enumerate(MONTHS):
        if month.month in OWN_TRANSFERS and (living or k < len(MONTHS) - 2):
            amount = max(1, int(0.03 * usual[k] * rng.uniform(0.6, 1.4)))
            rows.append((account, _WORKDAYS[k][15], "out", amount, "transfer", "ok", None, client.name, None, OTHER_BANK, None,
                         "own_transfer"))  # fmt: skip
    if client.client_id in STORIES["new_bank"].clients:
        amount = max(1, int(0.02 * usual[-1]))
        rows += [
            (account, workday_from(LAST - timedelta(days=back)), "out", amount, "transfer", "ok", None, client.name, None,
             NEW_BANK, None, "own_transfer")
            for back in NEW_BANK_DAYS
        ]  # fmt: skip
    supplier, small = names.suppliers(client.number, 1)[0], max(1, int(usual[-1] * 0.02))
    bounced, taken_back = rng.random() < BOUNCE, rng.random() < REVERSAL
    failures = [LAST - timedelta(days=int(rng.integers(3, 1_000)))] if bounced else []
    if client.story == "returned":
        failures = sorted(LAST - timedelta(days=int(d)) for d in rng.choice(np.arange(2, 80), 7, replace=False))
    for n, day in enumerate(failures):
        status = "insufficient_funds" if (n + client.number) % 3 == 0 else "returned"
        rows.append(
            (
                account,
                workday_from(day),
                "out",
                small,
                "transfer",
                status,
                None,
                supplier,
                None,
                None,
                None,
                "raw_material",
            )
        )
    if taken_back:
        days = _WORKDAYS[int(rng.integers(0, 34))]
        for day, direction, status in ((days[8], "out", "ok"), (days[10], "in", "reversed")):
            rows.append(
                (account, day, direction, small, "transfer", status, None, supplier, None, None, None, "raw_material")
            )
    return rows


def _time_deposit(client: Client, usual: Floats, rng: np.random.Generator) -> Money:
    """Some clients lay a month's money aside for a year; a deposit that matured came back with its interest."""
    lays_aside, back = rng.random() < TIME_DEPOSIT, int(rng.integers(40, 700))
    if not (lays_aside and client.ordinary):
        return Money([], [])
    opened = workday_from(LAST - timedelta(days=back))
    matures = opened + timedelta(days=TIME_DAYS)
    amount = int(usual[-1] * rng.uniform(*LAID_ASIDE)) + 1
    demand, deposit = f"A-{client.client_id}-1", f"A-{client.client_id}-2"

    def pair(day: date, sender: str, receiver: str, sum_: int) -> list[Row]:
        tail = ("transfer", "ok", client.client_id, client.name)
        return [
            (sender, day, "out", sum_, *tail, receiver, None, None, "own_transfer"),
            (receiver, day, "in", sum_, *tail, sender, None, None, "own_transfer"),
        ]

    rows = pair(opened, demand, deposit, amount)
    over = matures <= LAST
    if over:
        earned = int(amount * TIME_RATE) + 1
        rows.append((deposit, matures, "in", earned, "interest", "ok", None, None, None, None, None, "interest"))
        rows += pair(matures, deposit, demand, amount + earned)
    return Money(
        [{"account_id": deposit, "client_id": client.client_id, "kind": "time", "is_basic": False, "currency": "USD",
          "opened_on": opened, "closed_on": matures if over else None, "matures_on": matures,
          "status": "closed" if over else "active"}],
        rows,
    )  # fmt: skip


def transactions(rows: list[Row]) -> pl.DataFrame:
    """The transactions table of those rows, numbered within account and day."""
    kinds = {name: dtype for name, dtype in TABLES["transactions"].schema.items() if name in COLUMNS}
    columns = zip(*rows, strict=True)
    made = pl.DataFrame([pl.Series(name, column, kinds[name]) for name, column in zip(COLUMNS, columns, strict=True)])
    made = made.sort("account_id", "booked_on", maintain_order=True).with_columns(
        txn_id=pl.format("T{}", pl.int_range(1, pl.len() + 1).over("account_id", "booked_on")),
        currency=pl.lit("USD"),
        channel=pl.when(pl.col("type") == "transfer").then(pl.lit("ebank")),
    )
    return made.select(
        (pl.col(name) if name in made.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in TABLES["transactions"].schema.items()
    )


def balances(booked: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """The balances those transactions leave: one row per account and day that moved, after an opening row.

    `usual` gives each demand account (account_id) its opening balance (opening) before the first month; it is raised
    where the account would otherwise fall below the floor. Accounts not in it open empty with their first movement.
    """
    signed = pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))
    moved = (
        booked.filter(pl.col("status").is_in(["ok", "reversed"]))
        .group_by("account_id", date="booked_on")
        .agg(step=signed.sum())
        .sort("account_id", "date")
        .with_columns(run=pl.col("step").cum_sum().over("account_id"))
        .join(usual, on="account_id", how="left", maintain_order="left")
        .with_columns(low=pl.col("run").min().over("account_id"))
        .with_columns(start=pl.max_horizontal("opening", BALANCE_FLOOR - pl.col("low")))
        .with_columns(start=pl.when(pl.col("opening").is_null()).then(0).otherwise("start"))
    )
    opened = moved.filter(pl.col("opening").is_not_null()).unique("account_id", keep="first", maintain_order=True)
    first = opened.select("account_id", date=pl.lit(FIRST - timedelta(days=1)), balance="start")
    rows = moved.select("account_id", "date", balance=pl.col("start") + pl.col("run"))
    return pl.concat([first, rows]).sort("account_id", "date")
