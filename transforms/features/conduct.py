"""Complaints about how the bank's people treated the client, by what they are about (REL-01 to REL-04, REL-08, REL-10).

Those received in the last 180 days, closed or not, whatever the outcome (readings S2, G12).
"""

import polars as pl

from transforms.columns import KEYS, C, many
from transforms.features import complaints
from transforms.shard import Shard

READS = ("complaints",)
DAYS = 180
# what it is about → categories; arguing counts only when the complaint is about the RM
ABOUT = {
    "argument": ("argument", "attitude"),
    "prejudice": ("prejudice",),
    "ignored_feedback": ("ignored_feedback",),
    "criticism": ("criticism",),
    "missed_appointment": ("missed_appointment",),
    "broken_promise": ("broken_promise",),
}
OF_THE_RM = ("argument",)
PANEL = [
    column
    for about in ABOUT
    for column in many(
        "complaints",
        ("half_year_ago", "as_of"),
        (f"complaints_{about}_keys",),
        (f"complaints_{about}", C, f"complaints about {about}, 180 days"),
        (f"complaints_{about}_keys", KEYS, "those complaints"),
    )
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL."""
    known = complaints.as_known(shard.night, shard.clients, shard.table("complaints")).filter(pl.col("age") <= DAYS)
    parts = []
    for about, categories in ABOUT.items():
        meant = pl.col("category").is_in(categories)
        if about in OF_THE_RM:
            meant = meant & (pl.col("target") == "rm")
        keys = pl.format("complaints:{}", "complaint_id").filter(meant).sort()
        parts += [
            meant.sum().cast(pl.Int64).alias(f"complaints_{about}"),
            keys.alias(f"complaints_{about}_keys"),
        ]
    return shard.per_client(known.group_by("client_id").agg(parts), "complaints")
