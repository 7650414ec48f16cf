"""Who asked about a client, at the bureau or us, and whether a loan came of it. Rules MGT-41 and MGT-43.

Kinds bureau_inquiry and reference_call of events, and bureau_reports; readings G5, G8 and the rows'. Debt rose when a
report after the first inquiry of the 90 days, and no more than 60 days after the last, shows more banks or a larger balance
than the newest report before; the reports so far decide, and one of them must be fresh.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.columns import DAY, FLAG, KEYS, C, many
from transforms.features import bureau
from transforms.shard import Shard

READS = ("events", "bureau_reports")
QUARTER, MONTH, YEAR = 90, 30, 365
ANSWER_DAYS = 60
PANEL = [
    *many(
        "events",
        ("ninety_days_ago", "as_of"),
        ("loan_inquirers_keys",),
        ("loan_inquirers_90", C, "institutions that asked the bureau for a loan approval in 90 days"),
        ("loan_inquirers_keys", KEYS, "their inquiries"),
    ),
    *many(
        "bureau_reports",
        ("ninety_days_ago", "as_of"),
        (),
        ("debt_rose_after_inquiry", FLAG, "more banks or a larger balance since the first of those inquiries"),
    ),
    *many(
        "events",
        ("inquiries_from", "as_of"),
        ("inquirers_keys",),
        ("inquirers_30", C, "institutions that asked the bureau in 30 days"),
        ("inquiries_year_before", C, "inquiries in the 365 days before those 30"),
        ("inquirers_keys", KEYS, "the inquiries of 30 days"),
    ),
    *many(
        "events",
        ("inquiries_from", "as_of"),
        ("reference_calls_keys",),
        ("reference_calls_30", C, "calls of other banks asking us about the client in 30 days"),
        ("reference_calls_keys", KEYS, "the calls"),
    ),
    *many("calendar", (None, None), (), ("inquiries_from", DAY, "30 days before")),
]


def _asked(shard: Shard, inquiries: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and the counts of inquiries."""
    as_of, key, bank = shard.night.as_of, pl.col("key"), pl.col("other_id")
    month, quarter = within("happened_on", as_of, MONTH), within("happened_on", as_of, QUARTER)
    loan = quarter & (pl.col("subtype") == "loan_approval")
    before = pl.col("happened_on").is_between(as_of - timedelta(days=MONTH + YEAR), as_of - timedelta(days=MONTH + 1))
    return inquiries.group_by("client_id").agg(
        loan_inquirers_90=bank.filter(loan).n_unique().cast(pl.Int64),
        loan_inquirers_keys=key.filter(loan).unique().sort(),
        inquirers_30=bank.filter(month).n_unique().cast(pl.Int64),
        inquirers_keys=key.filter(month).unique().sort(),
        inquiries_year_before=key.filter(before).n_unique().cast(pl.Int64),
    )


def _rose(shard: Shard, inquiries: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, debt_rose_after_inquiry: of the clients asked about in 90 d whose reports tell."""
    on, rows = pl.col("report_on"), bureau.reports(shard)
    asked = (
        inquiries.filter(within("happened_on", shard.night.as_of, QUARTER), pl.col("subtype") == "loan_approval")
        .group_by("client_id")
        .agg(first=pl.col("happened_on").min(), last=pl.col("happened_on").max())
    )
    theirs = rows.join(asked, on="client_id").join(bureau.newest(rows, shard.night.as_of), on="client_id", how="semi")
    earlier = theirs.filter(on <= pl.col("first")).group_by("client_id").agg(pl.all().sort_by("report_on").last())
    more = [pl.col(f"{name}_right") > pl.col(name) for name in ("other_bank_count", "other_bank_balance")]
    later = theirs.filter(on > pl.col("first"), on <= pl.col("last").dt.offset_by(f"{ANSWER_DAYS}d"))
    rise = (
        earlier.join(later, on="client_id").filter(pl.any_horizontal(more)).select("client_id", rose=pl.lit(value=True))
    )
    return (
        earlier.select("client_id")
        .join(rise.unique(), on="client_id", how="left")
        .select("client_id", debt_rose_after_inquiry=pl.col("rose").fill_null(value=False))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; debt_rose_after_inquiry is null where no report before, or no fresh one, tells."""
    inquiries = events.of_clients(shard, events.known(shard, "bureau_inquiry"))
    calls = events.of_clients(shard, events.known(shard, "reference_call", MONTH))
    key = pl.col("key")
    called = calls.group_by("client_id").agg(
        reference_calls_30=key.n_unique().cast(pl.Int64), reference_calls_keys=key.unique().sort()
    )
    return (
        shard.per_client(_asked(shard, inquiries), "events", "bureau_inquiry")
        .join(shard.per_client(called, "events", "reference_call"), on="client_id", how="left")
        .join(_rose(shard, inquiries), on="client_id", how="left")
        .with_columns(inquiries_from=pl.lit(shard.night.as_of - timedelta(days=MONTH)))
        .sort("client_id")
    )
