"""Whether a client changed its auditor, or lost an auditor or a legal counsel in mid-term.

From the statements and the table party_links; rule MGT-40 and its readings, G5, G8, S2.
"""

from datetime import timedelta

import polars as pl

from transforms.columns import DAY, FLAG, KEYS, many
from transforms.features import statements
from transforms.night import months_before
from transforms.shard import Shard

READS = ("statements", "party_links")
DAYS, STALE_MONTHS = 365, 16
ROTATION_YEARS = 8  # after these an auditor has to go
AFTER_YEAR_END = 60  # days after 31 December in which an audit's term ends

_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "statements",
        ("auditor_before_period_end", "auditor_period_end"),
        ("auditor_filing_keys",),
        ("auditor_changed", FLAG, "another auditor than the year before, without mandatory rotation"),
        ("auditor_period_end", DAY, "the newest audited full year"),
        ("auditor_before_period_end", DAY, "the year before"),
        ("auditor_filing_keys", KEYS, "the two filings"),
    ),
    *many(
        "party_links",
        _YEAR,
        ("auditor_link_keys",),
        ("auditor_left", FLAG, "an auditor's mandate ended in mid-term in 365 days"),
        ("auditor_left_on", DAY, "the day it ended"),
        ("auditor_link_keys", KEYS, "that mandate"),
    ),
    *many(
        "party_links",
        _YEAR,
        ("counsel_link_keys",),
        ("counsel_left", FLAG, "a legal counsel's mandate ended in 365 days"),
        ("counsel_left_on", DAY, "the day it ended"),
        ("counsel_link_keys", KEYS, "that mandate"),
    ),
]


def _links(shard: Shard, relation: str) -> pl.LazyFrame:
    """client_id, adviser, start_on, end_on, key: an adviser's mandates known by T; an end after T is still open."""
    as_of = shard.night.as_of
    return (
        shard.table("party_links")
        .filter(pl.col("relation") == relation, pl.col("recorded_on") <= as_of)
        .join(shard.clients.select(to_id="client_id"), on="to_id", how="semi")
        .select(
            "start_on",
            end_on=pl.when(pl.col("end_on") <= as_of).then("end_on"),
            client_id="to_id",
            adviser="from_id",
            key=pl.format("party_links:{}", "link_id"),
        )
    )


def _changed(shard: Shard) -> pl.LazyFrame:
    """client_id, auditor_changed and the two newest full years it compares; unknown when one names no auditor."""
    as_of = shard.night.as_of
    yearly = (
        statements.known(shard.night, shard.table("statements"))
        .filter(pl.col("period_type") == "Y")
        .rename({"party_id": "client_id"})
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .filter(pl.col("order") == pl.col("order").max().over("client_id", "scope", "period_end"))
        .select("client_id", "scope", "period_end", "auditor_id", "key")
    )
    audits = yearly.group_by("client_id", auditor_before="auditor_id").agg(audits=pl.col("period_end").n_unique())
    mandates = _links(shard, "auditor_of").group_by("client_id", auditor_before="adviser").agg(pl.col("start_on").min())
    before = yearly.select(
        "client_id",
        "scope",
        pl.col("period_end").dt.offset_by("1y").dt.month_end(),
        auditor_before="auditor_id",
        key_before="key",
        ended="period_end",
    )
    served = pl.col("start_on").dt.offset_by(f"{ROTATION_YEARS}y") <= pl.col("ended")
    rotated = served.fill_null(value=False) | (pl.col("audits") >= ROTATION_YEARS)
    return (
        yearly.filter(
            pl.col("period_end") == pl.col("period_end").max().over("client_id"),
            pl.col("period_end") >= months_before(as_of, STALE_MONTHS),
        )
        .join(before, on=["client_id", "scope", "period_end"])
        .sort("scope")  # "consolidated" sorts before "single"
        .unique("client_id", keep="first", maintain_order=True)
        .join(audits, on=["client_id", "auditor_before"], how="left")
        .join(mandates, on=["client_id", "auditor_before"], how="left")
        .select(
            "client_id",
            auditor_changed=(pl.col("auditor_id") != pl.col("auditor_before")) & ~rotated.fill_null(value=False),
            auditor_period_end="period_end",
            auditor_before_period_end="ended",
            auditor_filing_keys=pl.concat_list("key_before", "key"),
        )
    )


def _left(shard: Shard, relation: str, name: str, early: pl.Expr) -> pl.LazyFrame:
    """client_id, <name>_left, _left_on, _link_keys: the newest mandate that ended early and was not given again."""
    links = _links(shard, relation)
    ended = links.filter(pl.col("end_on") >= pl.lit(shard.night.as_of - timedelta(days=DAYS)), early)
    goes_on = (
        ended.join(links, on=["client_id", "adviser"], suffix="_next")
        .filter(
            (pl.col("start_on_next") <= pl.col("end_on")).fill_null(value=True),
            (pl.col("end_on_next") > pl.col("end_on")).fill_null(value=True),
        )
        .select("key")
    )
    return (
        ended.join(goes_on, on="key", how="anti")
        .sort("end_on", "key")
        .group_by("client_id")
        .agg(
            pl.lit(value=True).alias(f"{name}_left"),
            pl.col("end_on").last().alias(f"{name}_left_on"),
            pl.col("key").sort().alias(f"{name}_link_keys"),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. auditor_changed is null without two full years that name their auditors.

    The flags of mandates are false where none ended, and null where party_links are not connected.
    """
    end = pl.col("end_on")
    after_year_end = (end - pl.date(end.dt.year() - 1, 12, 31)).dt.total_days()
    rotated = (pl.col("start_on").dt.offset_by(f"{ROTATION_YEARS}y") <= end).fill_null(value=False)
    year_end = (end.dt.month() == 12) & (end.dt.day() == 31)
    early = ~(year_end | (after_year_end <= AFTER_YEAR_END) | rotated)
    frame = shard.ids().join(_changed(shard), on="client_id", how="left")
    for part in (
        _left(shard, "auditor_of", "auditor", early),
        _left(shard, "legal_counsel_of", "counsel", pl.lit(value=True)),
    ):
        frame = frame.join(shard.per_client(part, "party_links"), on="client_id")
    return frame.sort("client_id")
