"""The bank's own ranking of its clients, for those it has not graded (form 11-1 of input-model.md).

Whole book. The weights of the parts a client has data for are scaled to one: of a bank that tells no contribution (weight
0.30) the other four count alone. A grade once given moves only three points past the cut, or past it at two month-ends.
"""

from collections.abc import Mapping
from datetime import timedelta

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
PAST_THE_CUT = 3.0  # points of the score beyond which a grade moves at once
BEFORE = pl.Schema(  # what a night reads of the roster published before it
    {
        "client_id": pl.String(),
        "grade_computed": pl.String(),
        "grade_pending": pl.String(),
        "grade_pending_on": pl.Date(),
    }
)


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
    *,
    before: pl.DataFrame | None,
) -> pl.LazyFrame:
    """client_id, importance_score (0 to 100), grade_computed (A to D), grade_pending, grade_pending_on, by client of `identity`.

    The frames are the feature frames of the whole book; `before` is the roster of the newest earlier night (BEFORE), if there
    is one. A client that is not active is not ranked: all is null. Equal scores are put in order by client_id (readings, REL-11).
    """
    parts = _parts(night, identity, transactions, balances, credit, contribution)
    scores = parts.select("client_id", importance_score=_score(night.roster_weights or WEIGHTS))
    graded = settled(night, scores, before)
    return identity.select("client_id").join(graded, on="client_id", how="left").sort("client_id")


def settled(night: Night, scores: pl.LazyFrame, before: pl.DataFrame | None) -> pl.LazyFrame:
    """Adds grade_computed, grade_pending and grade_pending_on to client_id and importance_score of the active clients.

    Table 11-1: a grade "moves only if the score is 3 points past the cut or past it at two month-ends". Read so:
    - The cut of a grade is the lowest score that ranks so or better tonight; a grade nobody ranks for (of fewer than 20 clients
      none is A) is out of reach, and not kept.
    - Each cut between the grade before and tonight's rank is asked for itself: a grade moves as far as they let it.
    - The two month-ends are the last two that had a night; where the score was in between is not asked. `grade_pending` is
      the rank at the last one, `grade_pending_on`, if it is not the grade.
    - Who had no grade takes its rank.
    """
    earlier = before.lazy().select(BEFORE.names()) if before is not None else pl.LazyFrame(schema=BEFORE)
    known = scores.join(earlier, on="client_id", how="left").with_columns(rank=_rank())
    rank, pending, on = pl.col("rank"), pl.col("grade_pending"), pl.col("grade_pending_on")
    grade = pl.col("grade_computed").fill_null(rank)
    if (night.as_of + timedelta(days=1)).day == 1:
        grade = _middle(grade, pending.fill_null(grade), rank)  # as far as it is past at both month-ends
        pending, on = rank, pl.lit(night.as_of)
    waits = pending != pl.col("grade_computed")
    return known.with_columns(grade_computed=_middle(_best(), grade, _least())).select(
        "client_id",
        "importance_score",
        "grade_computed",
        grade_pending=pl.when(waits).then(pending),
        grade_pending_on=pl.when(waits).then(on),
    )


def _rank() -> pl.Expr:
    """The grade by the score's place alone."""
    # a rank, not a row number after a sort: polars 2.1 may drop a sort whose order only such a number sees
    place = pl.struct(-pl.col("importance_score"), "client_id").rank("min").cast(pl.Int64) * 100
    grade = pl.lit("D")
    for name, per_cent in sorted(CUTS.items(), reverse=True):
        grade = pl.when(place <= per_cent * pl.len().cast(pl.Int64)).then(pl.lit(name)).otherwise(grade)
    return grade


def _past(cut: str) -> pl.Expr:
    """Points of the score above the cut of a grade, one decimal as the scores; null: nobody ranks for it."""
    score = pl.col("importance_score")
    return (score - score.filter(pl.col("rank") <= cut).min()).round(1)


def _best() -> pl.Expr:
    """The best grade to be kept: the score is not three points below its cut."""
    grade = pl.lit("D")
    for name in sorted(CUTS, reverse=True):
        grade = pl.when(_past(name) > -PAST_THE_CUT).then(pl.lit(name)).otherwise(grade)
    return grade


def _least() -> pl.Expr:
    """The least grade to be had: the score is three points above its cut."""
    grade = pl.lit("D")
    for name in sorted(CUTS, reverse=True):
        grade = pl.when(_past(name) >= PAST_THE_CUT).then(pl.lit(name)).otherwise(grade)
    return grade


def _middle(one: pl.Expr, other: pl.Expr, third: pl.Expr) -> pl.Expr:
    """The middle one of three grades."""
    return pl.max_horizontal(pl.min_horizontal(one, other), pl.min_horizontal(pl.max_horizontal(one, other), third))


def tiers(identity: pl.LazyFrame, grades: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, tier_used: the bank's own grade, else the computed one (readings, REL-11)."""
    return (
        identity.select("client_id", "tier")
        .join(grades.select("client_id", "grade_computed"), on="client_id", how="left")
        .select("client_id", tier_used=pl.coalesce("tier", "grade_computed"))
        .sort("client_id")
    )
