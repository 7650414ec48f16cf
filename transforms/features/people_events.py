"""News and registry entries about the people who run the client, and the offices they hold.

Rules MGT-27, MGT-28 and MGT-29, readings G12, G21, S2, S11. An event on a person counts for every company in which it holds
an office at T, an event on the client for the client. Offices are legal representative, director, supervisor, executive and
head of finance; a shareholder or controller without an office is not among the key persons.
"""

import polars as pl

from transforms.columns import KEYS, C, many
from transforms.events import KEY_POSTS, known, links
from transforms.shard import Shard

READS = ("events", "party_links")
CONVICTED = ("dishonest_executee", "criminal_case")
REGISTRY_DAYS, SCANDAL_DAYS, GAMBLING_DAYS = 365, 180, 365

PANEL = [
    *many(
        "events",
        ("year_ago", "as_of"),
        ("key_person_case_keys",),
        ("key_person_cases_365", C, "key persons' entries as dishonest debtor or in a criminal case, 365 days"),
        ("key_person_case_keys", KEYS, "their rows"),
    ),
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("scandal_keys",),
        ("scandals_180", C, "confirmed reports of an executive scandal in 180 days"),
        ("scandal_keys", KEYS, "their rows"),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("gambling_keys",),
        ("gambling_365", C, "confirmed reports of gambling in 365 days"),
        ("gambling_keys", KEYS, "their rows"),
    ),
]


def key_persons(shard: Shard) -> pl.LazyFrame:
    """client_id, person_id: who holds an office of the shard's clients at T; each pair once."""
    return (
        links(shard, *KEY_POSTS)
        .select(client_id="to_id", person_id="from_id")
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .unique()
    )


def _counted(shard: Shard, rows: pl.LazyFrame, kind: str, name: str, keys: str, own: bool) -> pl.LazyFrame:
    """Per client the events `rows` on its key persons, with `own` on itself too: a row counts once.

    Without the table of links nothing is known of the persons: no row is unknown then, not nothing.
    """
    people = key_persons(shard)
    if own:
        people = pl.concat([people, shard.clients.select("client_id", person_id="client_id")])
    about = rows.select("event_id", "key", person_id="party_id")
    counted = (
        people.join(about, on="person_id")
        .unique(["client_id", "event_id"])
        .group_by("client_id")
        .agg(pl.len().cast(pl.Int64).alias(name), pl.col("key").sort().alias(keys))
    )
    frame = shard.per_client(counted, "events", kind)
    if shard.connected("party_links"):
        return frame
    return frame.with_columns(pl.when(pl.col(name) > 0).then(name).alias(name))


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Null where the kind of event is not connected, 0 where nothing was reported."""
    news = known(shard, "news", max(SCANDAL_DAYS, GAMBLING_DAYS)).filter("confirmed")
    age = (pl.lit(shard.night.as_of) - pl.col("happened_on")).dt.total_days()
    cases = known(shard, "registry", REGISTRY_DAYS).filter(pl.col("subtype").is_in(CONVICTED))
    scandals = news.filter(pl.col("subtype") == "executive_scandal", age <= SCANDAL_DAYS)
    gambling = news.filter(pl.col("subtype") == "gambling", age <= GAMBLING_DAYS)
    frame = _counted(shard, cases, "registry", "key_person_cases_365", "key_person_case_keys", own=False)
    for part in (
        _counted(shard, scandals, "news", "scandals_180", "scandal_keys", own=True),
        _counted(shard, gambling, "news", "gambling_365", "gambling_keys", own=True),
    ):
        frame = frame.join(part, on="client_id", how="left")
    return frame.sort("client_id")
