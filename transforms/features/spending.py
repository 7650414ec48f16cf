"""What the client spends on travel, meetings and cash, on speculation, and on its own key persons.

Rules MGT-27, MGT-28, MGT-29 and MGT-32, readings S1, S7, S9, G5, G10. Turnover only: what readings S7 leave out is not here.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import total, within
from transforms.columns import DAY, KEYS, TEXT, M, R, many
from transforms.features.own_transfers import transaction_key
from transforms.features.people_events import key_persons
from transforms.features.transactions import covered, days, over_days, trends
from transforms.party_kinds import SPECULATIVE, with_kind
from transforms.shard import Shard

READS = ("parties", "party_links")
DAYS = 90  # exactly, T the last of them (reading G5)
NOT_SPENT_ON_THEM = ("payroll", "dividend")  # what a key person receives by right
MOST_KEYS = 20
CATEGORIES = {"travel": "travel_entertainment", "conference": "conference_hotel", "cash_drawn": "cash"}

PANEL = [
    *many(
        "transactions",
        ("flow_period_from", "flow_period_to"),
        ("flow_key",),
        ("travel_3", M, "travel and entertainment, three months"),
        ("travel_r3_12", R, "travel and entertainment, r3/12"),
        ("travel_y3", R, "travel and entertainment, y3"),
        ("conference_3", M, "conferences and hotels, three months"),
        ("conference_r3_12", R, "conferences and hotels, r3/12"),
        ("conference_y3", R, "conferences and hotels, y3"),
        ("cash_drawn_3", M, "cash withdrawn, three months"),
        ("cash_drawn_r3_12", R, "cash withdrawn, r3/12"),
        ("cash_drawn_y3", R, "cash withdrawn, y3"),
    ),
    *many(
        "transactions",
        ("turnover_90_from", "as_of"),
        ("turnover_90_key",),
        ("opin_90", M, "inflow of 90 days"),
        ("opout_90", M, "outflow of 90 days"),
        ("turnover_90_from", DAY, "the first of the 90 days that end at T"),
        ("turnover_90_key", TEXT, "the booked days"),
    ),
    *many(
        "transactions",
        ("turnover_90_from", "as_of"),
        ("speculative_keys",),
        ("speculative_90", M, "paid to brokers, futures, crypto and precious metals firms in 90 days"),
        ("speculative_keys", KEYS, "those payments, largest first"),
    ),
    *many(
        "transactions",
        ("turnover_90_from", "as_of"),
        ("key_persons_keys",),
        ("key_persons_90", M, "paid to key persons in 90 days, neither payroll nor dividend"),
        ("key_persons_keys", KEYS, "those payments, largest first"),
    ),
]


def _trends(shard: Shard) -> pl.LazyFrame:
    """client_id and the trends of the three categories going out."""
    spent = shard.monthly["categories"].filter(
        pl.col("direction") == "out", pl.col("category").is_in(CATEGORIES.values())
    )
    amount = {name: pl.col("amount").filter(pl.col("category") == category) for name, category in CATEGORIES.items()}
    sums = spent.group_by("client_id", "month").agg(**{name: total(values) for name, values in amount.items()})
    return trends(shard.night, covered(shard), sums, *CATEGORIES)


def _paid(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """client_id, <name>_90, <name>_keys: the sum of the payments and their keys."""
    return (
        rows.with_columns(key=transaction_key())
        .sort(["client_id", "amount", "key"], descending=[False, True, False])
        .group_by("client_id", maintain_order=True)
        .agg(total(pl.col("amount")).alias(f"{name}_90"), pl.col("key").head(MOST_KEYS).alias(f"{name}_keys"))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Null where history is shorter than the window, 0 where nothing was spent.

    Key persons are known by party id: what went to one under its name only is not seen. A payment without a category is not
    known to be payroll or a dividend and counts.
    """
    out = shard.monthly["recent"].filter(
        pl.col("direction") == "out", pl.col("counted"), within("booked_on", shard.night.as_of, DAYS - 1)
    )
    kinds = with_kind(out, shard.table("parties")).filter(pl.col("counterparty_kind").is_in(SPECULATIVE))
    people = key_persons(shard).rename({"person_id": "counterparty_id"})
    to_people = out.join(people, on=["client_id", "counterparty_id"], how="semi").filter(
        pl.col("category").is_in(NOT_SPENT_ON_THEM).fill_null(False).not_()
    )
    turnover = days(shard, DAYS).rename({"opin": "opin_90", "opout": "opout_90"})
    day = [pl.lit(shard.night.as_of).dt.offset_by(f"-{back}d").dt.to_string("%Y-%m-%d") for back in (DAYS - 1, 0)]
    frame = turnover.with_columns(
        turnover_90_from=pl.lit(shard.night.as_of - timedelta(days=DAYS - 1)),
        turnover_90_key=pl.format("transactions:{}|{}..{}", "client_id", *day),
    )
    for part in (
        _trends(shard),
        over_days(shard, DAYS - 1, _paid(kinds, "speculative")),
        over_days(shard, DAYS - 1, _paid(to_people, "key_persons")),
    ):
        frame = frame.join(part, on="client_id", how="left")
    if not shard.connected("party_links"):
        frame = frame.with_columns(pl.lit(None, pl.Int64).alias("key_persons_90"))
    return frame.select("client_id", *(column.name for column in PANEL)).sort("client_id")
