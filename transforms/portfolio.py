"""The book at a glance: small frames for the portfolio report, from whole-book panel, findings, assessments."""

from collections.abc import Mapping

import polars as pl

from transforms.contracts import RISK_LEVELS

LEVELS = ("N", "R", "A", "W", "clear", "not_assessable")
WORST = 30


def moves(assessments: pl.DataFrame) -> pl.DataFrame:
    """previous_risk_level (null: first night) × risk_level: clients."""
    return (
        assessments.group_by("previous_risk_level", "risk_level").agg(clients=pl.len())
        .sort("previous_risk_level", "risk_level", nulls_last=True)
    )  # fmt: skip


def quadrants(assessments: pl.DataFrame) -> pl.DataFrame:
    """quadrant (null: not assessable): clients."""
    return assessments.group_by("quadrant").agg(clients=pl.len()).sort("quadrant", nulls_last=True)


def by(panel: pl.DataFrame, assessments: pl.DataFrame, column: str) -> pl.DataFrame:
    """Clients per level for each value of a panel column: column, one count per level, total, exposure; worst share first."""
    joined = panel.select("client_id", column, "exposure").join(
        assessments.select("client_id", "risk_level"), on="client_id"
    )
    counts = {level: (pl.col("risk_level").cast(pl.String) == level).sum() for level in LEVELS}
    bad = (pl.col("N") + pl.col("R") + pl.col("A")) / pl.col("clients")
    return (
        joined.group_by(column).agg(**counts, clients=pl.len(), exposure=pl.col("exposure").sum())
        .sort(bad, column, descending=[True, False], nulls_last=True)
    )  # fmt: skip


def worst(panel: pl.DataFrame, assessments: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """The clients at N and R, new and worse first, each with its first shown risk reason's sentence; at most thirty.

    The signs of decay are no reason here: they tell of the relationship manager's conduct, too.
    """
    order = {level: rank for rank, level in enumerate(RISK_LEVELS)}
    rank = pl.col("risk_level").cast(pl.String).replace_strict(order, return_dtype=pl.Int64)
    moved = pl.col("change").cast(pl.String).is_in(["new", "worse"])
    bad = assessments.filter(pl.col("risk_level").cast(pl.String).is_in(["N", "R"])).with_columns(
        rank=rank, moved=moved
    )
    facts = panel.select("client_id", "name", "confidential", "rm_name", "industry_section", "exposure")
    shown = findings.filter(
        pl.col("state").cast(pl.String).is_in(["standing", "clearing"]), ~pl.col("signal_id").str.starts_with("REL")
    )
    reasons = bad.select("client_id", signal_id="reasons").explode("signal_id").with_row_index("place")
    first = (
        shown.select("client_id", "signal_id", "text_en", "text_zh")
        .join(reasons, on=["client_id", "signal_id"])
        .sort("place")
        .unique("client_id", keep="first", maintain_order=True)
        .drop("place")
    )
    return (
        bad.join(facts, on="client_id")
        .join(first, on="client_id", how="left")
        .sort(["moved", "rank", "exposure", "client_id"], descending=[True, True, True, False], nulls_last=True)
        .head(WORST)
    )


def glance(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every frame of the portfolio report."""
    panel, assessments = frames["panel"], frames["assessments"]
    levels = assessments["risk_level"].cast(pl.String).value_counts()
    relationship = assessments["relationship_level"].cast(pl.String).value_counts()
    return {
        "levels": levels,
        "relationship": relationship,
        "moves": moves(assessments),
        "quadrants": quadrants(assessments),
        "sectors": by(panel, assessments, "industry_section"),
        "regions": by(panel, assessments, "region_code"),
        "branches": by(panel, assessments, "branch_id"),
        "rms": by(panel, assessments, "rm_name"),
        "worst": worst(panel, assessments, frames["findings"]),
    }
