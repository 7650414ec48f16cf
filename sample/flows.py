"""Simulated accounts: 36 months of transactions along the firm's real yearly revenue, and the balances they leave."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from sample.world import Client

FIRST, LAST = date(2012, 7, 1), date(2015, 6, 30)
MONTHS = [date(2012 + (6 + k) // 12, (6 + k) % 12 + 1, 1) for k in range(36)]
SEASON = np.array([0.98, 0.93, 1.0, 1.0, 1.0, 1.02, 0.98, 0.97, 1.0, 1.02, 1.03, 1.07])
PURCHASES = [("raw_material", 0.42), ("logistics", 0.1), ("utility", 0.05), ("rent", 0.06), ("equipment", 0.06)]
PAYERS, SUPPLIERS, RECEIPTS, PAYMENTS = 14, 8, 16, 12
Row = tuple[Any, ...]
COLUMNS = [
    "day",
    "direction",
    "amount",
    "type",
    "status",
    "counterparty_id",
    "counterparty_name",
    "category",
    "payee_count",
]


def _level(client: Client, failing: bool, rng: np.random.Generator) -> np.ndarray:
    """How each month stands to what it would have been: one, unless something happens to the client."""
    level = np.ones(36)
    if client.story == "fading":
        level[27:] = np.linspace(0.85, 0.3, 9)
    elif client.story == "sudden_stop":
        level[34:] = 0.0
    elif client.story == "downturn":
        level[33:] = 0.76
    elif failing and rng.random() < 0.6:
        level[28:] = np.linspace(0.9, 0.35, 8)
    return level


def _month_days(month: date) -> int:
    return (date(month.year + month.month // 12, month.month % 12 + 1, 1) - month).days


def _split(rng: np.random.Generator, total: float, parts: int) -> list[int]:
    weights = rng.gamma(2.0, 1.0, parts)
    shares = np.maximum(1, np.round(total * weights / weights.sum()))
    return [int(share) for share in shares]


def transactions(client: Client, revenue: dict[int, float], failing: bool, rng: np.random.Generator) -> list[Row]:
    """Rows of COLUMNS for one client's demand account, month by month; the balance is kept near half a month's inflow."""
    share, cv = rng.uniform(0.15, 0.55), rng.uniform(0.10, 0.28)
    noise = rng.lognormal(-0.5 * np.log1p(cv**2), np.sqrt(np.log1p(cv**2)), 36)
    zipf = 1 / np.arange(1, PAYERS + 1)
    zipf /= zipf.sum()
    level = _level(client, failing, rng)
    rows: list[Row] = []
    carried = 0.5 * share * revenue[2012] / 12
    for k, month in enumerate(MONTHS):
        whole = share * revenue[month.year] / 12 * SEASON[month.month - 1] * noise[k] * level[k]
        if whole < 1:
            continue
        days = _month_days(month)
        amounts = _split(rng, whole, RECEIPTS)
        payers = rng.choice(PAYERS, RECEIPTS, p=zipf)
        for amount, payer, day in zip(amounts, payers, rng.integers(1, days + 1, RECEIPTS), strict=True):
            rows.append(
                (
                    month.replace(day=int(day)),
                    "in",
                    int(amount),
                    "transfer",
                    "ok",
                    None,
                    f"{client.client_id} customer {payer}",
                    "sales",
                    None,
                )
            )
        target = 0.5 * share * revenue[month.year] / 12 * level[k]
        out = max(0.3 * whole, whole + carried - target)
        carried = carried + whole - out
        _pay(rows, rng, client, month, days, out)
    rows.append((LAST, "in", 100, "interest", "ok", None, None, "interest", None))
    return rows


def _pay(rows: list[Row], rng: np.random.Generator, client: Client, month: date, days: int, out: float) -> None:
    parts = [*PURCHASES, ("payroll", 0.18), ("tax", 0.06), ("own_transfer", 0.07)]
    for category, weight in parts:
        times = PAYMENTS if category == "raw_material" else 2 if category in ("logistics", "equipment") else 1
        for amount in _split(rng, out * weight / sum(w for _, w in parts), times):
            day = month.replace(
                day=min(
                    days, 10 if category == "payroll" else 15 if category == "tax" else int(rng.integers(2, days + 1))
                )
            )
            kind = "payroll" if category == "payroll" else "transfer"
            own = category == "own_transfer"
            name = client.name if own else f"{category} supplier {int(rng.integers(0, SUPPLIERS))}"
            payees = int(20 + rng.integers(0, 3)) if category == "payroll" else None
            rows.append((day, "out", int(amount), kind, "ok", None, name, category, payees))


def bounced(client: Client, yearly: float, rng: np.random.Generator) -> list[Row]:
    """Outgoing payments that were returned; they move no balance."""
    days = sorted(LAST - timedelta(days=int(d)) for d in rng.integers(2, 80, 7))
    return [
        (
            day,
            "out",
            max(100, int(yearly / 400)),
            "transfer",
            "insufficient_funds",
            None,
            "raw_material supplier 1",
            "raw_material",
            None,
        )
        for day in days
    ]


def frame(account: str, rows: list[Row]) -> pl.DataFrame:
    """The rows as a transactions frame of one account, numbered within each day."""
    made = pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None).sort("day", maintain_order=True)
    return made.with_columns(
        account_id=pl.lit(account),
        txn_id=pl.format("T{}", pl.int_range(pl.len()).over("day")),
        category=pl.col("category").cast(pl.String),
        payee_count=pl.col("payee_count").cast(pl.Int64),
    )


def balances(account: str, made: pl.DataFrame, opening: int) -> pl.DataFrame:
    """account_id, date, balance: an opening row the day before the first month, then one row per day that moved."""
    signed = pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))
    moved = made.filter(pl.col("status") == "ok").group_by("day").agg(step=signed.sum()).sort("day")
    low: int = moved.select(pl.col("step").cum_sum().min().fill_null(0)).item()
    start = max(opening, 1_000 - low)
    rows = moved.select(date="day", balance=start + pl.col("step").cum_sum())
    first = pl.DataFrame({"date": [FIRST - timedelta(days=1)], "balance": [start]}, schema=rows.schema)
    return pl.concat([first, rows]).with_columns(account_id=pl.lit(account)).select("account_id", "date", "balance")
