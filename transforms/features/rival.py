"""Whether other banks are taking the client over (REL-13; readings S1, S2, G5, G8, REL-13).

- Word of it: a bank's loan inquiry at the bureau in 90 days, a competitor's contact in 365 days.
- Payroll and tax: full months with such a payment, of the last two and of the six before them.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import lag
from transforms.columns import DAY, KEYS, C, many
from transforms.shard import Shard

READS = ("events", "parties")
INQUIRY_DAYS, COMPETITOR_DAYS = 90, 365
LAST_MONTHS, MONTHS_BEFORE = 2, 6
STREAMS = ("payroll", "tax")
PANEL = [
    *many(
        "events",
        ("ninety_days_ago", "as_of"),
        ("rival_inquiry_keys",),
        ("rival_inquiries", C, "loan inquiries of other banks in 90 days"),
        ("rival_inquiry_keys", KEYS, "those inquiries"),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("rival_contact_keys",),
        ("rival_contacts", C, "contacts of competitors in 365 days"),
        ("rival_contact_on", DAY, "the newest"),
        ("rival_contact_keys", KEYS, "those contacts"),
    ),
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        *((f"{name}_months", C, f"of the last two months with a {name} payment") for name in STREAMS),
        *((f"{name}_months_before", C, f"of the six months before with a {name} payment") for name in STREAMS),
    ),
]


def _inquiries(shard: Shard) -> pl.LazyFrame:
    banks = shard.table("parties").filter(pl.col("kind") == "bank").select("party_id")
    ours = pl.any_horizontal(
        pl.lit(value=False), *(pl.col("other_id").str.starts_with(b) for b in shard.night.own_banks)
    )
    return (
        events.of_clients(shard, events.known(shard, "bureau_inquiry", INQUIRY_DAYS))
        .filter(pl.col("subtype") == "loan_approval", ~ours)
        .join(banks, left_on="other_id", right_on="party_id", how="semi")
        .group_by("client_id")
        .agg(rival_inquiries=pl.len().cast(pl.Int64), rival_inquiry_keys=pl.col("key").sort())
    )


def _competitors(shard: Shard) -> pl.LazyFrame:
    return (
        events.of_clients(shard, events.known(shard, "competitor_contact", COMPETITOR_DAYS))
        .group_by("client_id")
        .agg(
            rival_contacts=pl.len().cast(pl.Int64),
            rival_contact_on=pl.col("happened_on").max(),
            rival_contact_keys=pl.col("key").sort(),
        )
    )


def _covered(shard: Shard, months: int) -> pl.LazyFrame:
    """client_id of those whose history covers that many full months."""
    return shard.done["transactions"].filter(pl.col("history_months") >= months).select("client_id")


def _streams(shard: Shard) -> pl.LazyFrame:
    """client_id and the months with payroll and tax payments; no row where history is shorter."""
    back = lag(shard.night.last_full_month)
    windows = {
        "": back.is_between(0, LAST_MONTHS - 1),
        "_before": back.is_between(LAST_MONTHS, LAST_MONTHS + MONTHS_BEFORE - 1),
    }
    counts = [
        pl.col("month")
        .filter((pl.col("category") == name) & window)
        .n_unique()
        .cast(pl.Int64)
        .alias(f"{name}_months{suffix}")
        for name in STREAMS
        for suffix, window in windows.items()
    ]
    paid = shard.monthly["categories"].filter(pl.col("direction") == "out").group_by("client_id").agg(counts)
    names = pl.col("^(payroll|tax)_months.*$")
    return (
        _covered(shard, LAST_MONTHS + MONTHS_BEFORE)
        .join(paid, on="client_id", how="left")
        .with_columns(names.fill_null(0))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where the feed is not connected or history is too short."""
    return (
        shard.per_client(_inquiries(shard), "events", "bureau_inquiry")
        .join(shard.per_client(_competitors(shard), "events", "competitor_contact"), on="client_id")
        .join(_streams(shard), on="client_id", how="left")
        .sort("client_id")
    )
