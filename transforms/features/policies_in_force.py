"""Policies of the register that reach a client: by industry, by region, or the whole country (EXT-02, 03, 05; G23).

A policy is known once recorded and announced (`happened_on`); it takes effect on `due_on`.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import within
from transforms.columns import DAY, KEYS, C, Column, many
from transforms.events import counted, known, reaching
from transforms.shard import Shard

READS = ("events",)
RESTRICTIVE = ("restrict", "capacity_cut", "environmental_limit", "licence_withdrawn", "price_control")
MACRO = ("industrial", "monetary", "tax", "trade")
FOR_AN_INDUSTRY = ("technology_standard", "industrial", "tax")  # without an industry they reach nobody
YEAR, AHEAD_DAYS, SHIFT_DAYS = 365, 180, 180
CLOSURE = "3"  # severity of a closure or elimination list
MOST_KEYS = 20

# name of the count → its meaning; each comes with the newest day of effect and the rows' keys.
_COUNTS = {
    "policies_technology": "technology standards in effect for up to a year",
    "policies_restrictive": "restrictive policies in effect for up to a year or within 180 days",
    "policies_closure": "of them closure or elimination lists",
    "policies_announced": "restrictive policies announced for later",
    **{f"policies_{kind}": f"{kind} policies in effect for up to 180 days" for kind in MACRO},
}
PANEL = [
    entry
    for name, text in _COUNTS.items()
    for entry in (
        Column(name, "events", C, text, (None, "as_of"), (f"{name}_keys",)),
        *many(
            "events",
            (None, None),
            (),
            (f"{name}_on", DAY, "the newest takes effect"),
            (f"{name}_keys", KEYS, "their rows"),
        ),
    )
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Counts are 0 where no policy reaches the client, null where its industry or region
    would decide and is unknown; days are null without a policy.
    """
    as_of = shard.night.as_of
    kind, due = pl.col("subtype"), pl.col("due_on")
    ahead = pl.lit(as_of + timedelta(days=AHEAD_DAYS))
    restrictive = kind.is_in(RESTRICTIVE)
    timely = restrictive & due.is_between(pl.lit(as_of - timedelta(days=YEAR)), ahead)
    groups = {
        "policies_technology": (kind == "technology_standard") & within("due_on", as_of, YEAR),
        "policies_restrictive": timely,
        "policies_closure": timely & (pl.col("severity").cast(pl.String) == CLOSURE),
        "policies_announced": restrictive & (due > ahead),
        **{f"policies_{name}": (kind == name) & within("due_on", as_of, SHIFT_DAYS) for name in MACRO},
    }
    register = known(shard, "policy").filter(
        pl.any_horizontal(list(groups.values())),
        pl.col("industry_code").is_not_null() | ~kind.is_in(FOR_AN_INDUSTRY),
    )
    found = (
        reaching(shard, register)
        .group_by("client_id")
        .agg(*(expr for name, where in groups.items() for expr in _group(name, where.fill_null(False))))
    )
    return shard.per_client(found, "events", "policy")


def _group(name: str, where: pl.Expr) -> list[pl.Expr]:
    surely = where & pl.col("sure").fill_null(False)
    return [
        counted(where).alias(name),
        pl.col("due_on").filter(surely).max().alias(f"{name}_on"),
        pl.col("key").filter(surely).sort().head(MOST_KEYS).alias(f"{name}_keys"),
    ]
