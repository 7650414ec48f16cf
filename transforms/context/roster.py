"""The bank's own ranking of its clients, for those it has not graded (form 11-1 of input-model.md).

Whole book. The weights of the parts a client has data for are scaled to one: of a bank that tells no contribution (weight
0.30) the other four count alone. A grade's inertia (three points past the cut, or two month-ends) needs earlier nights: not applied.
"""

from collections.abc import Mapping

import polars as pl

from transforms.columns import TEXT, S, many
from transforms.night import Night

WEIGHTS: Mapping[str, float] = {
    "contribution_12m": 0.30,
    "deposit_adb_365": 0.20,
    "settlement_12m": 0.20,
    "loans_out": 0.15,
    "tenure_days": 0.15,
}
CUTS: Mapping[str, int] = {"A": 5, "B": 20, "C": 60}  # best per cent of the active clients, cumulative; the rest is D


PANEL = [
    *many(
        "clients", (None, None), (), ("importance_score", S, "roster score"), ("grade_computed", TEXT, "computed grade")
    ),
]


def _parts(
    night: Night,
    identity: pl.LazyFrame,
    transactions: pl.LazyFrame,
    balances: pl.LazyFrame,
    credit: pl.LazyFrame,
    contribution: pl.LazyFrame,
) -> pl.LazyFrame:
    """Active clients with the parts of the score, null where a client's is unknown."""
    columns = {
        "contribution_12m": pl.col("contribution_12m"),
        "deposit_adb_365": pl.col("adb_365_all_kinds"),
        "settlement_12m": pl.col("opin_12") + pl.col("opout_12"),
        "loans_out": pl.col("outstanding_on_balance"),
        "tenure_days": (night.as_of - pl.col("relationship_start")).dt.total_days(),
    }
    return (
        identity.filter(pl.col("status") == "active")
        .select("client_id", "relationship_start")
        .join(balances.select("client_id", "adb_365_all_kinds"), on="client_id", how="left")
        .join(transactions.select("client_id", "opin_12", "opout_12"), on="client_id", how="left")
        .join(credit.select("client_id", "outstanding_on_balance"), on="client_id", how="left")
        .join(contribution.select("client_id", "contribution_12m"), on="client_id", how="left")
        .select("client_id", *(expr.alias(name) for name, expr in columns.items()))
    )


def _score(weights: Mapping[str, float]) -> pl.Expr:
    """100 × Σ w × pr / Σ w over the known parts, pr = (average rank − 0.5) / n among those known; one decimal."""
    ranks = {name: (pl.col(name).rank("average") - 0.5) / pl.col(name).count() for name in WEIGHTS}
    weighted = pl.sum_horizontal([weights[name] * rank.fill_null(0.0) for name, rank in ranks.items()])
    weight = pl.sum_horizontal([weights[name] * pl.col(name).is_not_null().cast(pl.Float64) for name in WEIGHTS])
    return pl.when(weight > 0).then(100 * weighted / weight).round(9).round(1)


def grades(
    night: Night,
    identity: pl.LazyFrame,
    transactions: pl.LazyFrame,
    balances: pl.LazyFrame,
    credit: pl.LazyFrame,
    contribution: pl.LazyFrame,
) -> pl.LazyFrame:
    """client_id, importance_score (0 to 100), grade_computed (A to D): one row per client of `identity`.

    The frames are the feature frames of the whole book. A client that is not active is not ranked: both are null. Equal
    scores are put in order by client_id (readings, REL-11).
    """
    parts = _parts(night, identity, transactions, balances, credit, contribution)
    # a rank, not a row number after a sort: polars 2.1 may drop a sort whose order only such a number sees
    place = pl.struct(-pl.col("importance_score"), "client_id").rank("min").cast(pl.Int64) * 100
    grade = pl.lit("D")
    for name, per_cent in sorted(CUTS.items(), reverse=True):
        grade = pl.when(place <= per_cent * pl.len().cast(pl.Int64)).then(pl.lit(name)).otherwise(grade)
    ranked = parts.select("client_id", importance_score=_score(night.roster_weights or WEIGHTS)).with_columns(
        grade_computed=grade
    )
    return identity.select("client_id").join(ranked, on="client_id", how="left").sort("client_id")


def tiers(identity: pl.LazyFrame, grades: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, tier_used: the bank's own grade, else the computed one (readings, REL-11)."""
    return (
        identity.select("client_id", "tier")
        .join(grades.select("client_id", "grade_computed"), on="client_id", how="left")
        .select("client_id", tier_used=pl.coalesce("tier", "grade_computed"))
        .sort("client_id")
    )
