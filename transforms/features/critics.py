"""How often the bank meets people who disagree with it, after they did against before (REL-07; readings S2, G5, REL-07).

- Three sources, each with its own columns: a contact whose stance is critical now (from the day that began), who complained,
  who gave a score of 2 or less in a survey.
- The 90 days up to that day are compared with the 90 days after it; judged once those are over and when there were at
  least three contacts before. Every contact held counts, one-way too; a person counts among the others met.
- The client's columns are those of the person whose contacts fell most.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import ratio
from transforms.columns import DAY, TEXT, C, Column, R, many
from transforms.features import complaints, people_met
from transforms.shard import Shard

READS = ("interactions", "party_links", "complaints", "survey_answers")
SPAN = 90
LEAST = 3  # contacts in the 90 days before
LOW_SCORE = 2
REACH = {"stance": 365, "complaint": 180, "survey": 400}  # days a disagreement is looked at (readings G8, G12)
TABLES = {"stance": "party_links", "complaint": "complaints", "survey": "survey_answers"}


def _panel(source: str) -> list[Column]:
    period = (f"critic_{source}_on", "as_of")
    return [
        *many(
            TABLES[source],
            period,
            (f"critic_{source}_key",),
            (f"critic_{source}_judged", C, f"critics by {source} met often enough before"),
        ),
        *many(
            "interactions",
            period,
            (f"critic_{source}_key",),
            (f"critic_{source}_rate", R, "contacts in the 90 days after over those before, the lowest"),
            (f"critic_{source}_before", C, "contacts with that person in the 90 days before"),
            (f"critic_{source}_after", C, "and in the 90 days after"),
            (f"critic_{source}_others", C, "contacts with others at the client in the 90 days after"),
        ),
        *many(
            TABLES[source],
            (None, "as_of"),
            (),
            (f"critic_{source}_on", DAY, "the day the person disagreed"),
            (f"critic_{source}_key", TEXT, "the row that says so"),
        ),
    ]


PANEL = [column for source in TABLES for column in _panel(source)]


def _stance(shard: Shard) -> pl.LazyFrame:
    return (
        events.links(shard, "contact_of")
        .filter(pl.col("stance") == "critical")
        .select(
            client_id="to_id",
            person="from_id",
            since=pl.coalesce("start_on", "recorded_on"),
            key=pl.format("party_links:{}", "link_id"),
        )
    )


def _complaint(shard: Shard) -> pl.LazyFrame:
    rows = complaints.as_known(shard.night, shard.clients, shard.table("complaints"))
    return rows.select(
        "client_id", person="contact_id", since="received_on", key=pl.format("complaints:{}", "complaint_id")
    )


def _survey(shard: Shard) -> pl.LazyFrame:
    low = shard.table("survey_answers").filter(pl.col("score") <= LOW_SCORE)
    return low.select(
        "client_id", person="contact_id", since="answered_on", key=pl.format("survey_answers:{}", "answer_id")
    )


_SOURCES: Mapping[str, Callable[[Shard], pl.LazyFrame]] = {
    "stance": _stance,
    "complaint": _complaint,
    "survey": _survey,
}


def _rates(shard: Shard, source: str) -> pl.LazyFrame:
    """client_id, person, since, key, before, after, others, rate: everyone of the source who can be judged."""
    as_of = shard.night.as_of
    due = pl.col("since").is_between(as_of - timedelta(days=REACH[source]), as_of - timedelta(days=SPAN))
    said = _SOURCES[source](shard).filter(due, pl.col("person").is_not_null())
    critics = said.group_by("client_id", "person", "since").agg(pl.col("key").min())
    on, since = pl.col("on"), pl.col("since")
    present = pl.col("people").list.contains(pl.col("person"))
    before = on.is_between(since.dt.offset_by(f"-{SPAN}d"), since, closed="right")
    after = on.is_between(since, since.dt.offset_by(f"{SPAN}d"), closed="right")
    return (
        critics.join(people_met.held(shard).select("client_id", "on", "people"), on="client_id")
        .group_by("client_id", "person", "since", "key")
        .agg(
            before=(before & present).sum().cast(pl.Int64),
            after=(after & present).sum().cast(pl.Int64),
            others=(after & ~present).sum().cast(pl.Int64),
        )
        .filter(pl.col("before") >= LEAST)
        .with_columns(rate=ratio(pl.col("after"), pl.col("before")))
    )


def _worst(shard: Shard, source: str) -> pl.LazyFrame:
    """One row per client: the columns of one source; null unless it and the contacts are connected."""
    name = f"critic_{source}"
    worst = (
        _rates(shard, source)
        .sort(["client_id", "rate", "others", "since", "person"], descending=[False, False, True, True, False])
        .group_by("client_id", maintain_order=True)
        .agg(
            pl.col("person").n_unique().cast(pl.Int64).alias(f"{name}_judged"),
            pl.col("rate").first().alias(f"{name}_rate"),
            pl.col("before").first().alias(f"{name}_before"),
            pl.col("after").first().alias(f"{name}_after"),
            pl.col("others").first().alias(f"{name}_others"),
            pl.col("since").first().alias(f"{name}_on"),
            pl.col("key").first().alias(f"{name}_key"),
        )
    )
    return shard.per_client(worst, TABLES[source] if shard.connected("interactions") else "interactions")


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Nobody to judge: counts 0, no rate and no day."""
    frame = shard.ids()
    for source in TABLES:
        frame = frame.join(_worst(shard, source), on="client_id")
    return frame.sort("client_id")
