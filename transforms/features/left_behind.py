"""People the bank met often until their role changed, and not once afterwards (REL-06; readings S2, G5, REL-06).

- The role of a contact changed on the day a link contact_of ended and none of the person's went on with the same function
  and, for a decision maker, with the decision. A new row that only notes another stance is no change.
- Judged once the 90 days after the change are over, for changes of the last 365 days. The day of the change belongs to the
  days before it.
- Still at the client: some link that puts the person in the company is in force at the end of the 90 days.
"""

from datetime import timedelta

import polars as pl

from transforms.columns import KEYS, C, many
from transforms.features import people_met
from transforms.shard import Shard

READS = ("interactions", "party_links")
BEFORE, AFTER, YEAR = 180, 90, 365
OFTEN = 4  # contacts in the days before
AT_THE_CLIENT = (
    "contact_of",
    "employee_of",
    "legal_rep_of",
    "director_of",
    "supervisor_of",
    "executive_of",
    "finance_head_of",
)
PANEL = [
    *many(
        "interactions",
        ("year_ago", "as_of"),
        ("left_behind_keys",),
        ("left_behind", C, "people met often, and not in the 90 days after their role changed"),
        ("left_behind_keys", KEYS, "the links that ended"),
    ),
]
_MAKES_DECISIONS = (pl.col("decision_role") == "decision_maker").fill_null(value=False)


def _changes(shard: Shard) -> pl.LazyFrame:
    """client_id, person, link_id, changed_on: roles that ended 90 to 365 days ago and that nothing carried on."""
    as_of = shard.night.as_of
    rows = people_met.roles(shard).select(
        "client_id", "person", "link_id", "function", "start_on", "end_on", decides=_MAKES_DECISIONS
    )
    ended = rows.filter(pl.col("end_on").is_between(as_of - timedelta(days=YEAR), as_of - timedelta(days=AFTER)))
    changed_on = pl.col("end_on")
    went_on = (
        ended.join(rows, on=["client_id", "person"], suffix="_next")
        .filter(
            (pl.col("start_on_next") <= changed_on).fill_null(value=True),
            (pl.col("end_on_next") > changed_on).fill_null(value=True),
            pl.col("function").eq_missing(pl.col("function_next")),
            ~pl.col("decides") | pl.col("decides_next"),
        )
        .select("link_id")
        .unique()
    )
    return ended.join(went_on, on="link_id", how="anti").select(
        "client_id", "person", "link_id", changed_on=changed_on, until=changed_on.dt.offset_by(f"{AFTER}d")
    )


def _still_there(shard: Shard, changes: pl.LazyFrame) -> pl.LazyFrame:
    """The changes whose person was still at the client when the days after were over."""
    places = (
        shard.table("party_links")
        .filter(pl.col("relation").is_in(AT_THE_CLIENT), pl.col("recorded_on") <= shard.night.as_of)
        .select(person="from_id", client_id="to_id", since="start_on", left="end_on")
    )
    there = (
        changes.join(places, on=["client_id", "person"])
        .filter(
            (pl.col("since") <= pl.col("until")).fill_null(value=True),
            (pl.col("left") > pl.col("until")).fill_null(value=True),
        )
        .select("link_id")
        .unique()
    )
    return changes.join(there, on="link_id", how="semi")


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null unless contacts and links are connected."""
    on, changed_on = pl.col("on"), pl.col("changed_on")
    before = on.is_between(changed_on.dt.offset_by(f"-{BEFORE}d"), changed_on)
    after = on.is_between(changed_on, pl.col("until"), closed="right")
    dropped = (
        _still_there(shard, _changes(shard))
        .join(people_met.meetings(shard), on=["client_id", "person"])
        .group_by("client_id", "person", "link_id")
        .agg(before=before.sum(), after=after.sum())
        .filter(pl.col("before") >= OFTEN, pl.col("after") == 0)
    )
    counted = dropped.group_by("client_id").agg(
        left_behind=pl.col("person").n_unique().cast(pl.Int64),
        left_behind_keys=pl.format("party_links:{}", "link_id").sort(),
    )
    return shard.per_client(counted, "party_links" if shard.connected("interactions") else "interactions")
