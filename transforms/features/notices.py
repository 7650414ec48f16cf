"""Changes on the register that the client did not tell the bank of in time: rules MOR-14, MGT-22, MGT-23.

From events (registry, client_notice), calendar and loans; readings G5, G6, G12 and the rows'.

- A change counts in the 365 days up to T, from the day after its deadline: the tenth working day after it happened.
- A notice of the same type counts from 60 days before the change; one that comes after the deadline ends the delay.
- A registry row that is flagged as a change of control is one, too; a notice of its own type serves as well.
- Changes of ownership count after the day the client's first loan was paid out.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.columns import DAY, KEYS, C, D, many
from transforms.shard import Shard

READS = ("events", "calendar", "loans")
YEAR, HALF_YEAR = 365, 180
NOTICE_WORKDAYS, BEFORE_DAYS = 10, 60
OWNERSHIP = ("equity_transfer", "merger", "division", "asset_transfer", "controller_change", "equity_pledge")
CONTROL = "controller_change"
FORM = ("division", "capital_reduction")
_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("ownership_unnotified_keys",),
        ("ownership_unnotified", C, "changes of ownership not notified in time, in 365 days"),
        ("ownership_unnotified_days", D, "longest time such a change went without notice"),
        ("ownership_unnotified_on", DAY, "the day of that change"),
        ("ownership_unnotified_secured", C, "those of assets that secure our loan"),
        ("ownership_unnotified_keys", KEYS, "their registry rows"),
    ),
    *many(
        "events",
        _YEAR,
        ("control_unnotified_keys",),
        ("control_unnotified", C, "changes of the actual controller not notified, in 365 days"),
        ("control_unnotified_on", DAY, "the newest of them"),
        ("control_unnotified_keys", KEYS, "their registry rows"),
    ),
    *many(
        "events",
        ("half_year_ago", "as_of"),
        (),
        ("control_changes_180", C, "changes of the actual controller in 180 days"),
    ),
    *many(
        "events",
        _YEAR,
        ("form_unnotified_keys",),
        ("form_unnotified", C, "divisions and capital reductions not notified, in 365 days"),
        ("form_unnotified_on", DAY, "the newest of them"),
        ("form_unnotified_keys", KEYS, "their registry rows"),
    ),
]


def _deadlines(shard: Shard) -> pl.LazyFrame:
    """happened_on, deadline: for every day of the year up to T, the tenth working day after it."""
    as_of = shard.night.as_of
    workdays = (
        shard.table("calendar")
        .filter("is_workday")
        .select(deadline="date")
        .unique()
        .sort("deadline")
        .with_row_index("nth")
    )
    first = as_of - timedelta(days=YEAR)
    days = pl.LazyFrame({"happened_on": pl.date_range(first, as_of, eager=True)})
    return (
        days.join_asof(workdays.rename({"deadline": "before"}), left_on="happened_on", right_on="before")
        .with_columns(nth=pl.col("nth") + NOTICE_WORKDAYS)
        .join(workdays, on="nth")
        .select("happened_on", "deadline")
    )


def _changes(shard: Shard) -> pl.LazyFrame:
    """client_id, key, type, subtype, happened_on, deadline, secured: a row per change and type it is judged as."""
    rows = events.of_clients(shard, events.known(shard, "registry", YEAR)).select(
        "client_id",
        "key",
        "subtype",
        "happened_on",
        type="subtype",
        secured=events.flagged("secures_our_loan"),
        control=events.flagged("control_changed"),
    )
    flagged = rows.filter("control").with_columns(type=pl.lit(CONTROL))
    return pl.concat([rows, flagged]).drop("control").unique().join(_deadlines(shard), on="happened_on", how="left")


def _judged(shard: Shard) -> pl.LazyFrame:
    """The changes with `told_on`, the first notice of their type from 60 days before them to T; null when there is none."""
    notices = events.known(shard, "client_notice").select("client_id", told="subtype", noticed_on="happened_on")
    changes = _changes(shard)
    which = ["client_id", "key", "type"]
    told = (
        changes.join(notices, on="client_id")
        .filter(
            (pl.col("told") == pl.col("type")) | (pl.col("told") == pl.col("subtype")),
            pl.col("noticed_on") >= pl.col("happened_on").dt.offset_by(f"-{BEFORE_DAYS}d"),
        )
        .group_by(which)
        .agg(told_on=pl.col("noticed_on").min())
    )
    return changes.join(told, on=which, how="left").with_columns(over=pl.col("deadline") < shard.night.as_of)


def _after_first_loan(shard: Shard, changes: pl.LazyFrame) -> pl.LazyFrame:
    lent = (
        shard.table("loans")
        .filter(pl.col("disbursed_on") <= shard.night.as_of)
        .group_by("client_id")
        .agg(first_loan=pl.col("disbursed_on").min())
    )
    return changes.join(lent, on="client_id").filter(pl.col("happened_on") > pl.col("first_loan"))


def _of(shard: Shard, rows: pl.LazyFrame, *values: pl.Expr) -> pl.LazyFrame:
    """`values` per client; without notices connected what stands in `rows` is unknown, not unnotified."""
    counted = rows.group_by("client_id").agg(values)
    if not shard.connected("events", "client_notice"):
        schema = counted.collect_schema()
        counted = counted.with_columns(pl.lit(None, t).alias(name) for name, t in schema.items() if name != "client_id")
    return shard.per_client(counted, "events", "registry")


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; 0 where nothing went unnotified.

    Null where the register is not connected, and where a change waits for a notice and notices are not connected.
    """
    changes = _judged(shard)
    late = (pl.col("told_on") > pl.col("deadline")).fill_null(value=True) & pl.col("over")
    waited = (pl.col("told_on").fill_null(shard.night.as_of) - pl.col("happened_on")).dt.total_days()
    key, day = pl.col("key"), pl.col("happened_on")
    owned = _after_first_loan(shard, changes.filter(late, pl.col("type") == pl.col("subtype")))
    untold = changes.filter(pl.col("over"), pl.col("told_on").is_null())
    recent = changes.filter(pl.col("type") == CONTROL, day >= events.days_ago(shard, HALF_YEAR))
    counted = recent.group_by("client_id").agg(control_changes_180=key.n_unique().cast(pl.Int64))
    parts = [
        _of(
            shard,
            owned.filter(pl.col("type").is_in(OWNERSHIP)).with_columns(waited=waited),
            key.n_unique().cast(pl.Int64).alias("ownership_unnotified"),
            pl.col("waited").max().alias("ownership_unnotified_days"),
            day.sort_by("waited", day).last().alias("ownership_unnotified_on"),
            key.filter("secured").n_unique().cast(pl.Int64).alias("ownership_unnotified_secured"),
            key.unique().sort().alias("ownership_unnotified_keys"),
        ),
        *(
            _of(
                shard,
                untold.filter(pl.col("type").is_in(types)),
                key.n_unique().cast(pl.Int64).alias(f"{name}_unnotified"),
                day.max().alias(f"{name}_unnotified_on"),
                key.unique().sort().alias(f"{name}_unnotified_keys"),
            )
            for name, types in (("control", (CONTROL,)), ("form", FORM))
        ),
        shard.per_client(counted, "events", "registry"),
    ]
    frame = shard.ids()
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    return frame.sort("client_id")
