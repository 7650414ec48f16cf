"""What one shard's features are made from: its clients, its clean tables, its monthly sums, the features made before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from expectations.tables import TABLES
from transforms.night import Night

Frames = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True)
class Shard:
    """The inputs of a feature module; `done` are the feature frames made before it, by module name."""

    night: Night
    clients: pl.LazyFrame
    clean: Frames
    monthly: Frames = field(default_factory=dict)
    done: Frames = field(default_factory=dict)

    def connected(self, table: str, kind: str | None = None) -> bool:
        """Whether the table was delivered, and with it rows of that kind (reading G6)."""
        if table not in self.clean:
            return False
        return kind is None or kind in self.night.kinds.get(table, frozenset())

    def table(self, name: str) -> pl.LazyFrame:
        """The clean table; without rows when it is not connected: ask `connected` before nothing means none."""
        return self.clean[name] if name in self.clean else pl.LazyFrame(schema=TABLES[name].schema)

    def ids(self) -> pl.LazyFrame:
        """client_id of the shard's assessed clients, sorted."""
        return self.clients.select("client_id").sort("client_id")

    def per_client(self, frame: pl.LazyFrame, table: str, kind: str | None = None) -> pl.LazyFrame:
        """`frame` (client_id and what was counted) for every client, sorted: no row means nothing happened.

        Counts and amounts become 0, flags false, lists empty where the table (and kind) is connected; else all is null.
        Days, texts and fractions stay null.
        """
        schema = frame.collect_schema()
        if not self.connected(table, kind):
            return self.ids().with_columns(
                pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name != "client_id"
            )
        nothing = {pl.Boolean: pl.lit(False), pl.Int64: pl.lit(0, pl.Int64)}
        filled = []
        for name, dtype in schema.items():
            if isinstance(dtype, pl.List):
                filled.append(pl.col(name).fill_null(pl.lit([], dtype)))
            elif type(dtype) in nothing:
                filled.append(pl.when(pl.col("__found")).then(name).otherwise(nothing[type(dtype)]).alias(name))
        return (
            self.ids()
            .join(frame.with_columns(__found=pl.lit(True)), on="client_id", how="left")
            .with_columns(filled)
            .drop("__found")
            .sort("client_id")
        )
