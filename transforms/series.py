"""What is published or filed of an indicator: the table `series` as it was known at T (readings S2, G8)."""

import polars as pl

from transforms.arithmetic import within
from transforms.shard import Shard

_KEY = ("subject_kind", "subject_code", "indicator", "period_end", "published_on")


def newest(shard: Shard, subject_kind: str, indicator: str, fresh_days: int) -> pl.LazyFrame:
    """subject_code, value, period_end, key: each subject's newest period of that many days, its latest revision by T."""
    as_of = shard.night.as_of
    return (
        shard.table("series")
        .filter(
            pl.col("subject_kind") == subject_kind,
            pl.col("indicator") == indicator,
            pl.col("published_on") <= as_of,
            within("period_end", as_of, fresh_days),
        )
        .sort("subject_code", "period_end", "published_on")
        .group_by("subject_code", maintain_order=True)
        .last()
        .select("subject_code", "value", "period_end", key=pl.format("series:{}|{}|{}|{}|{}", *_KEY))
    )
