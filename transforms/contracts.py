"""Schemas of the published frames (DESIGN section 7). A change here is a line in CHANGELOG.md."""

import polars as pl

from transforms.signal import ANSWERS, LEVELS

ANSWER = pl.Enum(ANSWERS)
LEVEL = pl.Enum(LEVELS)
CHANGE = pl.Enum(["new", "worse", "standing", "better"])
STATE = pl.Enum(["standing", "clearing", "snoozed", "resolved"])
MOVE = pl.Enum(["new", "worse", "better", "cleared", "resolved", "snoozed"])
COMPARISON = pl.Enum([">=", ">", "<=", "<"])
RISK_LEVELS = ("clear", "not_assessable", "W", "A", "R", "N")  # order of a move: not assessable is never healthy
RISK = pl.Enum(RISK_LEVELS)
RELATIONSHIP_LEVELS = ("ok", "not_assessable", "cooling", "at_risk")
RELATIONSHIP = pl.Enum(RELATIONSHIP_LEVELS)
QUADRANT = pl.Enum(["secure", "win_back", "reduce", "senior_visit"])
STRATEGY = pl.Enum(["exit", "transfer", "reduce", "spread", "prevent"])

ACTED = ("action", "action_by", "action_on", "action_until", "acted_level")
GAPS = pl.Schema(
    {
        "client_id": pl.String(),
        "signal_id": pl.String(),
        "answer": ANSWER,
        "tests_run": pl.Int64(),
        "tests_total": pl.Int64(),
        "missing": pl.List(pl.String()),
    }
)
FINDINGS = pl.Schema(
    {
        "as_of": pl.Date(),
        "client_id": pl.String(),
        "signal_id": pl.String(),
        "level": LEVEL,
        "family": pl.String(),
        "value": pl.Float64(),
        "limit": pl.Float64(),
        "comparison": COMPARISON,
        "unit": pl.String(),
        "measure": pl.String(),
        "period_from": pl.Date(),
        "period_to": pl.Date(),
        "evidence": pl.String(),
        "source_keys": pl.List(pl.String()),
        "feed_as_of": pl.Date(),
        "confirm": pl.Boolean(),
        "first_seen": pl.Date(),
        "change": CHANGE,
        "state": STATE,  # clearing: clean evaluations since; snoozed: counts, is not shown; resolved: does not count
        "clean": pl.Int64(),  # consecutive evaluations without it
        "evaluated_on": pl.Date(),  # the night it last fired: value, limit and text are of that night
        "action": pl.String(),  # what a person did with it, still in force
        "action_by": pl.String(),
        "action_on": pl.Date(),
        "action_until": pl.Date(),
        "acted_level": LEVEL,
        "rule_version": pl.String(),
        "text_en": pl.String(),
        "text_zh": pl.String(),
    }
)
MOVES = pl.Schema(
    {
        "client_id": pl.String(),
        "signal_id": pl.String(),  # null: the client's risk level
        "on": pl.Date(),
        "move": MOVE,
        "before": pl.String(),
        "after": pl.String(),
    }
)
RATES = pl.Schema(  # per night and signal; shares are of the clients it applies to
    {
        "as_of": pl.Date(),
        "signal_id": pl.String(),
        "clients": pl.Int64(),
        "applicable": pl.Int64(),
        **dict.fromkeys(LEVELS, pl.Int64()),
        "clears": pl.Int64(),
        "blind": pl.Int64(),
        "not_applicable": pl.Int64(),
        "fired": pl.Float64(),
        "clear": pl.Float64(),
        "no_data": pl.Float64(),
        "fired_usual": pl.Float64(),  # median of the last five nights
        "clear_usual": pl.Float64(),
        "no_data_usual": pl.Float64(),
        "jumped": pl.List(pl.String()),  # which of the three shares jumped tonight
    }
)
ASSESSMENTS = pl.Schema(
    {
        "as_of": pl.Date(),
        "client_id": pl.String(),
        "risk_level": RISK,
        "relationship_level": RELATIONSHIP,
        "quadrant": QUADRANT,
        "families": pl.Int64(),
        "hits": pl.Int64(),
        "clears": pl.Int64(),
        "no_data": pl.Int64(),
        "not_applicable": pl.Int64(),
        "coverage": pl.Float64(),
        "strategy": STRATEGY,
        "supporting": pl.List(STRATEGY),  # at most two
        "grounds": pl.List(pl.String()),  # codes of transforms/strategy.py: why
        "previous_risk_level": RISK,
        "change": CHANGE,
        "since": pl.Date(),
        "reasons": pl.List(pl.String()),
        "held_by": pl.String(),
        "held_level": RISK,
        "held_level_on": pl.Date(),
        "policy_hash": pl.String(),
        "catalogue_version": pl.String(),
    }
)


def answers_schema(signal_ids: list[str]) -> pl.Schema:
    """answers.parquet: client_id, then one Enum column per signal id."""
    return pl.Schema({"client_id": pl.String(), **dict.fromkeys(signal_ids, ANSWER)})


def empty(schema: pl.Schema) -> pl.DataFrame:
    """A frame of that schema without rows."""
    return pl.DataFrame(schema=schema)
