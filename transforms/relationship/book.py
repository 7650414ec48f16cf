"""What the relationship frames are made from: tonight's panel and answers, the clean tables, the frames made before."""

from dataclasses import dataclass, field

import polars as pl

from transforms.shard import Shard


@dataclass(frozen=True)
class Book(Shard):
    """A shard, or the whole bank, after the night's judgement.

    `clients` are the assessed ones (active and dormant); `clean` its tables with amounts in the home currency; `done` the
    feature and context frames by module, and the relationship frames made before, by frame; `monthly` the sums by month.
    """

    panel: pl.LazyFrame = field(kw_only=True)  # one row per client: every column of transforms/panel.py
    findings: pl.LazyFrame = field(kw_only=True)  # contracts.FINDINGS
    assessments: pl.LazyFrame = field(kw_only=True)  # contracts.ASSESSMENTS

    def grades(self) -> pl.LazyFrame:
        """client_id, grade (A to D, null when unknown): the bank's own, else the computed one."""
        return self.panel.select("client_id", grade="tier_used")
