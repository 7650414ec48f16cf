"""Who left and who came among a client's key people: rules MGT-22 and MGT-25.

From party_links and the kind registry of events; readings S2, G5, G12, G21 and MGT-22. Key people are the legal
representative, directors, supervisors, executives and the head of finance; each holds an office.

- A link that ends is a departure unless the person holds the same office on, or takes it up again within 30 d: a changed
  share or stance ends one row and starts the next. A link that starts is an arrival in the same way.
- One decision counts once. What happens to one person within 30 d is one decision, in whatever office. In one office,
  registry rows, departures and arrivals no more than 30 d apart are three views of the same change: the fullest counts,
  so a person and the successor are one change.
- A general manager or head of finance is without a successor when nobody held the office 60 d after, and those are over.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.columns import DAY, KEYS, C, many
from transforms.shard import Shard

READS = ("events", "party_links")
HALF_YEAR, TOGETHER_DAYS, SUCCESSOR_DAYS = 180, 30, 60
OFFICES = (
    "legal_rep",
    "chief",
    "finance",
    "director",
    "executive",
    "supervisor",
)  # a person's own order: the first one names the change
POSTS = {
    "legal_rep_of": "legal_rep",
    "director_of": "director",
    "finance_head_of": "finance",
    "executive_of": "executive",
    "supervisor_of": "supervisor",
}
BY_FUNCTION = {"general": "chief", "finance": "finance"}  # of an executive
REGISTERED = {
    "legal_rep_change": "legal_rep",
    "director_change": "director",
    "general_manager_change": "chief",
    "cfo_change": "finance",
}
RESIGNING = ("director_of", "executive_of", "finance_head_of")
_HALF_YEAR = ("half_year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _HALF_YEAR,
        ("registered_changes_keys",),
        ("registered_changes_180", C, "changes of key people on the register in 180 days"),
        ("registered_changes_keys", KEYS, "their rows"),
    ),
    *many(
        "party_links",
        _HALF_YEAR,
        ("key_people_keys",),
        ("key_people_changed_180", C, "key people changed in 180 days, by register and links"),
        ("key_people_keys", KEYS, "the rows of register and links"),
        ("offices_vacant", C, "general managers or heads of finance gone in 180 days, without a successor for 60"),
        ("office_vacant_since", DAY, "when the first of them left"),
        ("resignations_180", C, "directors and executives who left in 180 days"),
    ),
]


def _held(shard: Shard) -> pl.LazyFrame:
    """client_id, person, relation, office, start_on, end_on, key: rows known at T; ends after T are still to come."""
    as_of, relation = shard.night.as_of, pl.col("relation")
    by_post = relation.replace_strict(POSTS, return_dtype=pl.String)
    by_function = pl.col("function").replace_strict(BY_FUNCTION, default=None, return_dtype=pl.String)
    return (
        shard.table("party_links")
        .filter(relation.is_in(list(POSTS)), pl.col("recorded_on") <= as_of)
        .filter((pl.col("start_on") <= as_of).fill_null(value=True))
        .select(
            "relation",
            "start_on",
            client_id="to_id",
            person="from_id",
            office=pl.coalesce(pl.when(relation == "executive_of").then(by_function), by_post),
            end_on=pl.when(pl.col("end_on") <= as_of).then("end_on"),
            key=pl.format("party_links:{}", "link_id"),
        )
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .unique()
    )


def _left(shard: Shard, held: pl.LazyFrame, *same: str) -> pl.LazyFrame:
    """The rows that ended in 180 d, of persons who hold no other row with the same `same` on."""
    ended = held.filter(within("end_on", shard.night.as_of, HALF_YEAR))
    other_end, other_start = pl.col("end_on_right"), pl.col("start_on_right")
    on = ended.join(held, on=same).filter(
        (other_end > pl.col("end_on")).fill_null(value=True),
        (other_start <= pl.col("end_on").dt.offset_by(f"{TOGETHER_DAYS}d")).fill_null(value=True),
    )
    return ended.join(on, on="key", how="anti")


def _came(shard: Shard, held: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that started in 180 d, of persons who did not hold the office before."""
    started = held.filter(within("start_on", shard.night.as_of, HALF_YEAR))
    other_end, other_start = pl.col("end_on_right"), pl.col("start_on_right")
    before = started.join(held, on=["client_id", "person", "office"]).filter(
        pl.col("key") != pl.col("key_right"),
        (other_start < pl.col("start_on")).fill_null(value=True),
        (other_end >= pl.col("start_on").dt.offset_by(f"-{TOGETHER_DAYS}d")).fill_null(value=True),
    )
    return started.join(before, on="key", how="anti")


def _registered(shard: Shard) -> pl.LazyFrame:
    rows = events.of_clients(shard, events.known(shard, "registry", HALF_YEAR))
    return rows.filter(pl.col("subtype").is_in(list(REGISTERED))).select(
        "client_id",
        "key",
        person="other_id",
        office=pl.col("subtype").replace_strict(REGISTERED, return_dtype=pl.String),
        on="happened_on",
        seen=pl.lit("registry"),
    )


def _seen(shard: Shard) -> pl.LazyFrame:
    """client_id, key, person, office, on, seen (registry, left, came): every view of a change in 180 d."""
    held = _held(shard)
    columns = ["client_id", "key", "person", "office"]
    left = _left(shard, held, "client_id", "person", "office").select(*columns, on="end_on", seen=pl.lit("left"))
    came = _came(shard, held).select(*columns, on="start_on", seen=pl.lit("came"))
    return pl.concat([_registered(shard), left, came])


def _decisions(seen: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """client_id, `name`: how many decisions the views are of."""
    days_apart = (pl.col("on") - pl.col("on_right")).dt.total_days().abs()
    rank = pl.col("office").cast(pl.Enum(OFFICES)).to_physical()
    rows = seen.unique().with_columns(rank=rank)
    first = (
        rows.join(rows.select("client_id", "person", "on", "rank"), on=["client_id", "person"])
        .filter(days_apart <= TOGETHER_DAYS)
        .group_by("key", "seen")
        .agg(first=pl.col("rank_right").min())
    )
    gap = pl.col("on").diff().dt.total_days() > TOGETHER_DAYS
    place = ["client_id", "rank"]
    return (
        rows.join(first, on=["key", "seen"], how="left")
        .with_columns(rank=pl.coalesce("first", "rank"), who=pl.coalesce("person", "key"))
        .sort(*place, "on", "key", "seen")
        .with_columns(group=gap.fill_null(value=False).cum_sum().over(place))
        .group_by(*place, "group", "seen")
        .agg(persons=pl.col("who").n_unique())
        .group_by(*place, "group")
        .agg(pl.col("persons").max())
        .group_by("client_id")
        .agg(pl.col("persons").sum().cast(pl.Int64).alias(name))
    )


def _vacant(shard: Shard) -> pl.LazyFrame:
    """client_id, offices_vacant, office_vacant_since."""
    held = _held(shard).filter(pl.col("office").is_in(["chief", "finance"]))
    left = _left(shard, held, "client_id", "person", "office").filter(
        pl.col("end_on") < shard.night.as_of - timedelta(days=SUCCESSOR_DAYS)
    )
    filled = left.join(held, on=["client_id", "office"]).filter(
        (pl.col("end_on_right") > pl.col("end_on")).fill_null(value=True),
        (pl.col("start_on_right") <= pl.col("end_on").dt.offset_by(f"{SUCCESSOR_DAYS}d")).fill_null(value=True),
    )
    return (
        left.join(filled, on="key", how="anti")
        .group_by("client_id")
        .agg(offices_vacant=pl.col("office").n_unique().cast(pl.Int64), office_vacant_since=pl.col("end_on").min())
    )


def _resigned(shard: Shard) -> pl.LazyFrame:
    """client_id, resignations_180: persons, whichever of the posts they left."""
    held = _held(shard).filter(pl.col("relation").is_in(RESIGNING))
    left = _left(shard, held, "client_id", "person")
    return left.group_by("client_id").agg(resignations_180=pl.col("person").n_unique().cast(pl.Int64))


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL, null where register or links are not connected."""
    registered, seen = _registered(shard), _seen(shard)
    both = ("party_links", None) if shard.connected("events", "registry") else ("events", "registry")
    keys = pl.col("key").unique().sort()
    parts = [
        shard.per_client(_decisions(registered, "registered_changes_180"), "events", "registry"),
        shard.per_client(registered.group_by("client_id").agg(registered_changes_keys=keys), "events", "registry"),
        shard.per_client(_decisions(seen, "key_people_changed_180"), *both),
        shard.per_client(seen.group_by("client_id").agg(key_people_keys=keys), "party_links"),
        shard.per_client(_vacant(shard), "party_links"),
        shard.per_client(_resigned(shard), "party_links"),
    ]
    frame = shard.ids()
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    return frame.sort("client_id")
