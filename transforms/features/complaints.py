"""Complaints of a client: how many, how long open, whether one came back.

From the optional table complaints (input-model.md 4.21); rule REL-12 and its readings, S2, G5. A complaint is known
from the day it was received; one closed after T reads as open at T. An extension carries no date: it counts at once.
"""

from collections.abc import Mapping

import polars as pl

from transforms.columns import FLAG, KEYS, TEXT, C, D, many
from transforms.night import Night

QUARTER, MONTH, YEAR = 90, 30, 365

COLUMNS: Mapping[str, pl.DataType] = {
    "complaints_90": pl.Int64(),
    "complaints_30": pl.Int64(),
    "complaint_open_days": pl.Int64(),
    "complaint_open_plain_days": pl.Int64(),
    "complaint_open_extended_days": pl.Int64(),
    "complaint_worst_90": pl.Int64(),
    "complaint_repeat": pl.Boolean(),
    "complaint_repeat_category": pl.String(),
    "complaint_keys": pl.List(pl.String()),
}
HISTORY: Mapping[str, pl.DataType] = {
    "client_id": pl.String(),
    "complaint_id": pl.String(),
    "received_on": pl.Date(),
    "category": pl.String(),
    "severity": pl.Int64(),
    "closed_on": pl.Date(),
    "outcome": pl.String(),
    "days_open": pl.Int64(),
}
_NEWEST = ("received_at", "complaint_id")


_QUARTER = ("ninety_days_ago", "as_of")
PANEL = [
    *many(
        "complaints",
        _QUARTER,
        ("complaint_keys",),
        ("complaints_90", C, "complaints in 90 days"),
        ("complaints_30", C, "in 30 days"),
        ("complaint_open_days", D, "days the oldest open one has been open"),
        ("complaint_open_plain_days", D, "the same of those without an approved extension"),
        ("complaint_open_extended_days", D, "the same of those whose extension was approved"),
        ("complaint_worst_90", C, "worst severity in 90 days"),
        ("complaint_repeat", FLAG, "a complaint came back"),
        ("complaint_repeat_category", TEXT, "its category"),
        ("complaint_keys", KEYS, "the complaints"),
    ),
]


def as_known(night: Night, clients: pl.LazyFrame, complaints: pl.LazyFrame) -> pl.LazyFrame:
    """The clients' complaints received by T, as they stood at T: closed_on, open, outcome, days_open, age."""
    received, closed = pl.col("received_at").dt.date(), pl.col("closed_at").dt.date()
    return (
        complaints.filter(received <= night.as_of)
        .join(clients.select("client_id"), on="client_id", how="semi")
        .with_columns(
            received_on=received,
            closed_on=pl.when(closed <= night.as_of).then(closed),
            severity=pl.col("severity").cast(pl.Int64),
            extended=pl.col("extension_approved_by").is_not_null(),
        )
        .with_columns(
            open=pl.col("closed_on").is_null(),
            age=(night.as_of - pl.col("received_on")).dt.total_days(),
            days_open=(pl.col("closed_on").fill_null(night.as_of) - pl.col("received_on")).dt.total_days(),
            outcome=pl.when((closed > night.as_of).fill_null(False).not_()).then("outcome").otherwise(pl.lit("open")),
        )
    )


def _repeats(known: pl.LazyFrame) -> pl.LazyFrame:
    """Pairs of a complaint of the last 90 d and the earlier one it repeats, both within 365 d.

    It names the earlier one (repeat_of), or has its category and the same contact or the same product.
    """
    year = known.filter(pl.col("age") <= YEAR)
    newer = year.filter(pl.col("age") <= QUARTER)
    older = year.select("client_id", "category", "contact_id", "product", "received_at", earlier="complaint_id")
    then, now = pl.col("received_at_right"), pl.col("received_at")
    before = (then < now) | ((then == now) & (pl.col("earlier") < pl.col("complaint_id")))
    same = (pl.col("contact_id") == pl.col("contact_id_right")) | (pl.col("product") == pl.col("product_right"))
    alike = newer.join(older, on=["client_id", "category"]).filter(before, same)
    named = newer.join(
        year.select("client_id", repeat_of="complaint_id", earlier="complaint_id"), on=["client_id", "repeat_of"]
    )
    columns = ["client_id", "category", *_NEWEST, "earlier"]
    return pl.concat([alike.select(columns), named.select(columns)])


def _keys(known: pl.LazyFrame, repeats: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, complaint_keys: those of 90 d, the open ones and the earlier ones repeated, newest first."""
    cited = known.filter((pl.col("age") <= QUARTER) | pl.col("open"))
    earlier = known.join(repeats, left_on="complaint_id", right_on="earlier", how="semi")
    return (
        pl.concat([cited.select("client_id", *_NEWEST), earlier.select("client_id", *_NEWEST)])
        .unique()
        .group_by("client_id")
        .agg(complaint_keys=pl.format("complaints:{}", "complaint_id").sort_by(*_NEWEST, descending=True))
    )


def measure(night: Night, clients: pl.LazyFrame, complaints: pl.LazyFrame | None) -> pl.LazyFrame:
    """One row per client, the `complaints` columns of docs/frames.md; all null when complaints are not connected.

    With the feed connected and no complaint, counts, days and severity are 0 and the flags false. Nothing open: 0 days.
    complaint_repeat_category is of the newest repeat, else null.
    """
    if complaints is None:
        nulls = [pl.lit(None, dtype).alias(name) for name, dtype in COLUMNS.items()]
        return clients.select("client_id", *nulls).sort("client_id")
    known = as_known(night, clients, complaints)
    repeats = _repeats(known)
    age, is_open, extended = pl.col("age"), pl.col("open"), pl.col("extended")
    counts = known.group_by("client_id").agg(
        complaints_90=(age <= QUARTER).sum(),
        complaints_30=(age <= MONTH).sum(),
        complaint_open_days=age.filter(is_open).max(),
        complaint_open_plain_days=age.filter(is_open & ~extended).max(),
        complaint_open_extended_days=age.filter(is_open & extended).max(),
        complaint_worst_90=pl.col("severity").filter(age <= QUARTER).max(),
    )
    repeated = repeats.group_by("client_id").agg(
        complaint_repeat=pl.lit(True),
        complaint_repeat_category=pl.col("category").sort_by(*_NEWEST).last(),
    )
    # no row means nothing happened: the feed was read
    nothing: dict[type[pl.DataType], object] = {pl.Int64: 0, pl.Boolean: False, pl.List: []}
    filled = [
        pl.col(name).cast(dtype).fill_null(pl.lit(nothing[type(dtype)], dtype)) if type(dtype) in nothing else name
        for name, dtype in COLUMNS.items()
    ]
    return (
        clients.select("client_id")
        .join(counts, on="client_id", how="left")
        .join(repeated, on="client_id", how="left")
        .join(_keys(known, repeats), on="client_id", how="left")
        .select("client_id", *filled)
        .sort("client_id")
    )


def history(night: Night, clients: pl.LazyFrame, complaints: pl.LazyFrame | None) -> pl.LazyFrame:
    """Long: every complaint known at T as it stood at T, per client newest first; days_open to closing, else to T."""
    if complaints is None:
        return pl.LazyFrame(schema=dict(HISTORY))
    return (
        as_known(night, clients, complaints)
        .sort("client_id", *_NEWEST, descending=[False, True, True])
        .select(*HISTORY)
    )
