"""What the client's newest survey says of the RM (REL-01, 02, 04, 10; readings S2, G8: valid 400 days).

A survey is what a client answered on one day. Of an item the newest day with an answer counts, the lowest score of that day;
for the manner (listens, respects) the newest two days with an answer to either.
"""

import polars as pl

from transforms.arithmetic import within
from transforms.columns import DAY, KEYS, Column, S, many
from transforms.shard import Shard

READS = ("survey_answers",)
VALID_DAYS = 400
MANNER = ("listens", "respects")
ITEMS = {"respects": "respects", "understands": "understands_our_business", "keeps_promises": "keeps_promises"}


def _panel(name: str, *more: tuple[str, str, str]) -> list[Column]:
    period, keys = (f"survey_{name}_on", "as_of"), (f"survey_{name}_keys",)
    return [
        *many("survey_answers", period, keys, *more),
        *many("survey_answers", (None, "as_of"), (), (f"survey_{name}_on", DAY, "the day it was answered")),
        *many("survey_answers", (None, "as_of"), (), (f"survey_{name}_keys", KEYS, "the answers")),
    ]


PANEL = [
    *(column for name in ITEMS for column in _panel(name, (f"survey_{name}", S, f"score of {ITEMS[name]}"))),
    *_panel(
        "manner",
        ("survey_manner", S, "the lower of listens and respects, newest survey"),
        ("survey_manner_before", S, "the same of the survey before"),
    ),
]


def _days(shard: Shard, *items: str) -> pl.LazyFrame:
    """client_id, answered_on, score, keys: per day the lowest score of those items, newest day first."""
    return (
        shard.table("survey_answers")
        .filter(within("answered_on", shard.night.as_of, VALID_DAYS), pl.col("item").is_in(items))
        .group_by("client_id", "answered_on")
        .agg(
            score=pl.col("score").min().cast(pl.Float64),
            keys=pl.format("survey_answers:{}", "answer_id").sort(),
        )
        .sort("client_id", "answered_on", descending=[False, True])
    )


def _item(shard: Shard, name: str) -> pl.LazyFrame:
    return (
        _days(shard, ITEMS[name])
        .group_by("client_id", maintain_order=True)
        .agg(
            pl.col("score").first().alias(f"survey_{name}"),
            pl.col("answered_on").first().alias(f"survey_{name}_on"),
            pl.col("keys").first().alias(f"survey_{name}_keys"),
        )
    )


def _manner(shard: Shard) -> pl.LazyFrame:
    return (
        _days(shard, *MANNER)
        .group_by("client_id", maintain_order=True)
        .agg(
            survey_manner=pl.col("score").first(),
            survey_manner_before=pl.col("score").get(1, null_on_oob=True),
            survey_manner_on=pl.col("answered_on").first(),
            survey_manner_keys=pl.col("keys").head(2).explode().sort(),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Without a valid answer the score and its day are null."""
    frame = shard.ids()
    for part in (*(_item(shard, name) for name in ITEMS), _manner(shard)):
        frame = frame.join(shard.per_client(part, "survey_answers"), on="client_id")
    return frame.sort("client_id")
