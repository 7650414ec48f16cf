"""What the news says of a client itself: catastrophes, misconduct, disputes at the top. Rules MGT-25, MGT-49, MGT-50.

Kind news of the table events, with party_links and the kind registry; readings G5, G12, G21, S11, MGT-50. Severity and
window stand in the columns. The death of a key person may stand on the person, too: it counts through the links in force.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.columns import KEYS, C, many
from transforms.shard import Shard

READS = ("events", "party_links")
QUARTER, MONTH, YEAR = 90, 30, 365
CATASTROPHES = ("fire", "explosion", "flood_damage", "casualty_accident", "key_person_death")
MISCONDUCT = ("fraud", "tax_evasion", "pollution", "wage_arrears", "false_advertising", "corruption")
SEVERE = 2
KEY_PEOPLE = (*events.KEY_POSTS, "controller_of")
_QUARTER = ("ninety_days_ago", "as_of")
PANEL = [
    *many(
        "events",
        _QUARTER,
        ("catastrophe_keys",),
        ("catastrophes_confirmed_90", C, "confirmed news of a catastrophe in 90 days"),
        ("catastrophes_unconfirmed_90", C, "unconfirmed news of a catastrophe in 90 days"),
        ("catastrophe_keys", KEYS, "the news"),
    ),
    *many(
        "events",
        _QUARTER,
        ("misconduct_keys",),
        ("misconduct_news_90", C, "news of misconduct of severity 2 or 3 in 90 days"),
        ("misconduct_confirmed_90", C, "of them confirmed"),
        ("misconduct_publishers_30", C, "publishers of such news in 30 days"),
        ("misconduct_penalties", C, "penalties registered after such news"),
        ("misconduct_keys", KEYS, "the news and the penalties"),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("governance_disputes_keys",),
        ("governance_disputes_365", C, "news of a dispute at the top in 365 days"),
        ("governance_disputes_keys", KEYS, "the news"),
    ),
]


def _catastrophes(shard: Shard) -> pl.LazyFrame:
    """client_id and the columns of catastrophes."""
    rows = events.known(shard, "news", QUARTER).filter(pl.col("subtype").is_in(CATASTROPHES))
    wanted = ["client_id", "key", "confirmed"]
    people = events.links(shard, *KEY_PEOPLE).select(party_id="from_id", company="to_id").unique()
    theirs = (
        rows.filter(pl.col("subtype") == "key_person_death")
        .join(people, on="party_id")
        .with_columns(client_id=pl.col("company"))
    )
    key, confirmed = pl.col("key"), pl.col("confirmed")
    return (
        events.of_clients(shard, pl.concat([rows.select(wanted), theirs.select(wanted)]))
        .group_by("client_id")
        .agg(
            catastrophes_confirmed_90=key.filter(confirmed).n_unique().cast(pl.Int64),
            catastrophes_unconfirmed_90=key.filter(~confirmed).n_unique().cast(pl.Int64),
            catastrophe_keys=key.unique().sort(),
        )
    )


def _penalties(shard: Shard, news: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, misconduct_penalties, penalty_keys: registered later than one of the news; null without a register."""
    rows = events.known(shard, "registry").filter(pl.col("subtype") == "penalty")
    first = news.group_by("client_id").agg(first=pl.col("happened_on").min())
    key, after = pl.col("key"), pl.col("happened_on") > pl.col("first")
    count = (
        key.filter(after).n_unique().cast(pl.Int64) if shard.connected("events", "registry") else pl.lit(None, pl.Int64)
    )
    return (
        first.join(rows.select("client_id", "key", "happened_on"), on="client_id", how="left")
        .group_by("client_id")
        .agg(misconduct_penalties=count.first(), penalty_keys=key.filter(after).unique().sort())
    )


def _misconduct(shard: Shard) -> pl.LazyFrame:
    """client_id and the columns of misconduct."""
    rows = events.known(shard, "news", QUARTER).filter(
        pl.col("subtype").is_in(MISCONDUCT), pl.col("severity").cast(pl.Int64) >= SEVERE
    )
    news, key = events.of_clients(shard, rows), pl.col("key")
    counted = news.group_by("client_id").agg(
        misconduct_news_90=key.n_unique().cast(pl.Int64),
        misconduct_confirmed_90=key.filter(pl.col("confirmed")).n_unique().cast(pl.Int64),
        misconduct_publishers_30=pl.col("publisher")
        .filter(within("happened_on", shard.night.as_of, MONTH))
        .drop_nulls()
        .n_unique()
        .cast(pl.Int64),
        misconduct_keys=key.unique().sort(),
    )
    both = pl.concat_list("misconduct_keys", "penalty_keys").list.sort()
    return counted.join(_penalties(shard, news), on="client_id").with_columns(misconduct_keys=both).drop("penalty_keys")


def _disputes(shard: Shard) -> pl.LazyFrame:
    rows = events.of_clients(shard, events.known(shard, "news", YEAR)).filter(pl.col("subtype") == "governance_dispute")
    key = pl.col("key")
    return rows.group_by("client_id").agg(
        governance_disputes_365=key.n_unique().cast(pl.Int64), governance_disputes_keys=key.unique().sort()
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where news are not connected, and penalties where the register is not."""
    frame = shard.ids()
    for part in (_catastrophes(shard), _misconduct(shard), _disputes(shard)):
        frame = frame.join(shard.per_client(part, "events", "news"), on="client_id", how="left")
    return frame.sort("client_id")
