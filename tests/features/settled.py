"""Shards whose monthly sums and recent rows are made from transactions, as a night makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from tests.features.shards import Row, T, ago, done, shard
from transforms.features import transactions
from transforms.shard import Shard

OPENED = ago(3000)
MONTHLY = ("months", "categories", "counterparties", "own_transfers", "failed")


def paid(age: int, amount: int | None = 100, direction: str = "out", **more: Any) -> Row:
    """A settled transfer on account "a" of client "c", `age` days ago."""
    row = {
        "account_id": "a", "booked_on": ago(age), "txn_id": "t", "direction": direction, "amount": amount,
        "currency": "CNY", "type": "transfer", "status": "ok",
    }  # fmt: skip
    return row | more


def got(age: int, amount: int | None = 100, **more: Any) -> Row:
    return paid(age, amount, "in", **more)


def began(age: int = 1200, **more: Any) -> Row:
    """The transaction history starts with: a cent on the first of a month long ago."""
    return got(age, 1, txn_id="first", **more)


def settled(
    rows: Sequence[Row],
    tables: Mapping[str, Sequence[Row]] | None = None,
    clients: Sequence[str] = ("c",),
    own_banks: tuple[str, ...] = (),
    before: Mapping[str, pl.LazyFrame] | None = None,
    industries: Mapping[str, str] | None = None,
    kinds: Mapping[str, Sequence[str]] | None = None,
    group: Mapping[str, str] | None = None,
) -> Shard:
    """A shard of those transactions; every client has one account: "a" for "c", else its own id and "a"."""
    owned = [{"account_id": "a" if c == "c" else f"{c}a", "client_id": c, "opened_on": OPENED} for c in clients]
    given = {"accounts": owned, "parties": [], "transactions": rows, **(tables or {})}
    made = shard(given, clients, group=group, kinds=kinds)
    night = replace(made.night, own_banks=own_banks)
    inputs = (night, made.clients, made.table("accounts"), made.table("parties"), made.table("transactions"))
    monthly = {name: getattr(transactions, name)(*inputs).collect().lazy() for name in MONTHLY}
    recent = transactions.recent(*inputs).collect().lazy()
    statements = done({"flow_months_from": pl.Date, "flow_months_to": pl.Date})
    flows = transactions.measure(
        night, made.clients, made.clients, monthly["months"], transactions.payers(monthly["counterparties"]),
        monthly["failed"], statements,
    )  # fmt: skip
    who = done(
        {"industry_code": pl.String}, *({"client_id": c, "industry_code": (industries or {}).get(c)} for c in clients)
    )
    frames = {"transactions": flows.collect().lazy(), "identity": who, **(before or {})}
    return replace(made, night=night, monthly={**monthly, "recent": recent}, done=frames)


__all__ = ["T", "began", "got", "paid", "settled"]
