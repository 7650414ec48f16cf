"""How warmly and how readily the client answers the bank (MGT-39, REL-11; readings S2, G5, MGT-39).

- Warmth: the scores of contacts held. Whether an RM's scores can be used at all is known only over the whole book: here stand
  the newest scores per RM and the range of each RM's; `context/attitude.py` puts them together.
- Answers: contacts with a reply recorded, none, late or prompt, by time; one that expected no reply says nothing. The run is
  that of the newest contacts without a reply; the share answered is over all contacts before it.
- Loan requests of every kind in 30 days.
"""

from collections.abc import Mapping

import polars as pl

from transforms import events
from transforms.arithmetic import ratio, within
from transforms.columns import KEYS, C, R, many
from transforms.features import contacts
from transforms.shard import Shard

READS = ("interactions", "events")
NEWEST, REQUEST_DAYS, MOST_KEYS = contacts.NEWEST_SCORES + contacts.SCORES_BEFORE, 30, 20
PANEL = [
    *many(
        "interactions",
        (None, "as_of"),
        ("unanswered_keys",),
        ("unanswered_run", C, "newest contacts in a row without a reply"),
        ("unanswered_before", C, "contacts with a reply expected before them"),
        ("answered_before_share", R, "share of those answered"),
        ("unanswered_keys", KEYS, "the contacts without a reply"),
    ),
    *many(
        "events",
        (None, "as_of"),
        ("asked_30_keys",),
        ("asked_30", C, "loan requests in 30 days"),
        ("asked_30_keys", KEYS, "those requests"),
    ),
]
SCORE = pl.Struct(
    {"staff_id": pl.String, "warmth": pl.Int64, "at": pl.Datetime("ms"), "id": pl.String, "own": pl.Boolean}
)
RANGE = pl.Struct({"staff_id": pl.String, "scores": pl.Int64, "low": pl.Int64, "high": pl.Int64})
# for the context alone, not in the panel
LISTS: Mapping[str, pl.DataType] = {"warmth_scores": pl.List(SCORE), "warmth_ranges": pl.List(RANGE)}


def _held(shard: Shard) -> pl.LazyFrame:
    return contacts.done(shard.night, shard.table("interactions")).join(
        shard.clients.select("client_id"), on="client_id", how="semi"
    )


def _scores(shard: Shard) -> pl.LazyFrame:
    """client_id, warmth_scores: per RM the newest nine, `own` when two-way and since the main RM's start (as in REL-11)."""
    since = shard.done["contacts"].select("client_id", "contacts_since")
    scored = (
        _held(shard)
        .filter(pl.col("warmth").is_not_null())
        .join(since, on="client_id", how="left")
        .select(
            "client_id",
            "staff_id",
            warmth=pl.col("warmth").cast(pl.Int64),
            at=pl.col("started_at").cast(pl.Datetime("ms")),
            id="interaction_id",
            own=(pl.col("two_way") & (pl.col("on") >= pl.col("contacts_since"))).fill_null(value=False),
        )
    )
    fields = ("staff_id", "warmth", "at", "id", "own")
    kept = [
        scored.filter(which)
        .sort("client_id", "staff_id", "at", "id", descending=[False, False, True, True])
        .group_by("client_id", "staff_id", maintain_order=True)
        .head(NEWEST)
        for which in (pl.lit(value=True), pl.col("own"))
    ]
    return (
        pl.concat([frame.select("client_id", *fields) for frame in kept])
        .unique()
        .group_by("client_id")
        .agg(warmth_scores=pl.struct(fields).sort_by("at", "id", descending=True))
    )


def _ranges(shard: Shard) -> pl.LazyFrame:
    """client_id, warmth_ranges: how many scores each RM gave this client, the lowest and the highest."""
    warmth = pl.col("warmth").cast(pl.Int64)
    return (
        _held(shard)
        .filter(pl.col("warmth").is_not_null())
        .group_by("client_id", "staff_id")
        .agg(scores=pl.len().cast(pl.Int64), low=warmth.min(), high=warmth.max())
        .group_by("client_id")
        .agg(warmth_ranges=pl.struct("staff_id", "scores", "low", "high").sort_by("staff_id"))
    )


def _replies(shard: Shard) -> pl.LazyFrame:
    """client_id, unanswered_run, unanswered_before, answered_before, unanswered_keys."""
    silent = pl.col("reply") == "none"
    expected = (
        _held(shard)
        .filter(pl.col("reply").is_in(["none", "late", "prompt"]))
        .select("client_id", "reply", "started_at", "interaction_id", answered=~silent)
        .sort("client_id", "started_at", "interaction_id", descending=[False, True, True])
        .group_by("client_id", maintain_order=True)
        .agg("answered", key=pl.format("interactions:{}", "interaction_id"))
    )
    # newest first: the run ends where the first answered one stands
    run = pl.coalesce(
        pl.when(pl.col("answered").list.any()).then(pl.col("answered").cast(pl.List(pl.Int8)).list.arg_max()),
        pl.col("answered").list.len(),
    ).cast(pl.Int64)
    return expected.select(
        "client_id",
        unanswered_run=run,
        unanswered_before=pl.col("answered").list.len().cast(pl.Int64) - run,
        answered_before=pl.col("answered").cast(pl.List(pl.Int64)).list.sum(),
        unanswered_keys=pl.col("key").list.head(pl.min_horizontal(run, MOST_KEYS)),
    )


def _asked(shard: Shard) -> pl.LazyFrame:
    rows = events.of_clients(shard, events.known(shard, "loan_request"))
    return (
        rows.filter(within("happened_on", shard.night.as_of, REQUEST_DAYS))
        .group_by("client_id")
        .agg(asked_30=pl.len().cast(pl.Int64), asked_30_keys=pl.col("key").sort())
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL and LISTS. Nothing before the run: no share."""
    lists = _scores(shard).join(_ranges(shard), on="client_id")
    return (
        shard.per_client(_replies(shard), "interactions")
        .with_columns(answered_before_share=ratio(pl.col("answered_before"), pl.col("unanswered_before")))
        .drop("answered_before")
        .join(shard.per_client(_asked(shard), "events", "loan_request"), on="client_id")
        .join(shard.per_client(lists, "interactions"), on="client_id")
        .sort("client_id")
    )
