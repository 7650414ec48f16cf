"""The published frames' schemas, spelled out: changing one is a change of contract and a line in CHANGELOG.md."""

import polars as pl

from transforms import contracts

ANSWER = ["CLEAR", "W", "A", "R", "N", "NO_DATA", "NOT_APPLICABLE"]
RISK = ["clear", "not_assessable", "W", "A", "R", "N"]
CHANGE = ["new", "worse", "standing", "better"]
STRATEGY = ["exit", "transfer", "reduce", "spread", "prevent"]


def test_answers() -> None:
    schema = contracts.answers_schema(["FIN-08", "MGT-48"])
    assert dict(schema) == {"client_id": pl.String, "FIN-08": pl.Enum(ANSWER), "MGT-48": pl.Enum(ANSWER)}


def test_gaps() -> None:
    assert list(contracts.GAPS.items()) == [
        ("client_id", pl.String),
        ("signal_id", pl.String),
        ("answer", pl.Enum(ANSWER)),
        ("tests_run", pl.Int64),
        ("tests_total", pl.Int64),
        ("missing", pl.List(pl.String)),
    ]


def test_findings() -> None:
    assert list(contracts.FINDINGS.items()) == [
        ("as_of", pl.Date),
        ("client_id", pl.String),
        ("signal_id", pl.String),
        ("level", pl.Enum(["W", "A", "R", "N"])),
        ("family", pl.String),
        ("value", pl.Float64),
        ("limit", pl.Float64),
        ("comparison", pl.Enum([">=", ">", "<=", "<"])),
        ("unit", pl.String),
        ("measure", pl.String),
        ("period_from", pl.Date),
        ("period_to", pl.Date),
        ("evidence", pl.String),
        ("source_keys", pl.List(pl.String)),
        ("feed_as_of", pl.Date),
        ("confirm", pl.Boolean),
        ("first_seen", pl.Date),
        ("change", pl.Enum(CHANGE)),
        ("state", pl.Enum(["standing", "clearing", "snoozed", "resolved"])),
        ("clean", pl.Int64),
        ("evaluated_on", pl.Date),
        ("action", pl.String),
        ("action_by", pl.String),
        ("action_on", pl.Date),
        ("action_until", pl.Date),
        ("acted_level", pl.Enum(["W", "A", "R", "N"])),
        ("rule_version", pl.String),
        ("text_en", pl.String),
        ("text_zh", pl.String),
    ]


def test_assessments() -> None:
    assert list(contracts.ASSESSMENTS.items()) == [
        ("as_of", pl.Date),
        ("client_id", pl.String),
        ("risk_level", pl.Enum(RISK)),
        ("relationship_level", pl.Enum(["ok", "not_assessable", "cooling", "at_risk"])),
        ("quadrant", pl.Enum(["secure", "win_back", "reduce", "senior_visit"])),
        ("families", pl.Int64),
        ("hits", pl.Int64),
        ("clears", pl.Int64),
        ("no_data", pl.Int64),
        ("not_applicable", pl.Int64),
        ("coverage", pl.Float64),
        ("strategy", pl.Enum(STRATEGY)),
        ("supporting", pl.List(pl.Enum(STRATEGY))),
        ("grounds", pl.List(pl.String)),
        ("previous_risk_level", pl.Enum(RISK)),
        ("change", pl.Enum(CHANGE)),
        ("since", pl.Date),
        ("reasons", pl.List(pl.String)),
        ("held_by", pl.String),
        ("held_level", contracts.RISK),
        ("held_level_on", pl.Date),
        ("policy_hash", pl.String),
        ("catalogue_version", pl.String),
    ]


def test_moves() -> None:
    assert list(contracts.MOVES.items()) == [
        ("client_id", pl.String),
        ("signal_id", pl.String),
        ("on", pl.Date),
        ("move", pl.Enum(["new", "worse", "better", "cleared", "resolved", "snoozed"])),
        ("before", pl.String),
        ("after", pl.String),
    ]


def test_rates() -> None:
    assert list(contracts.RATES.items()) == [
        ("as_of", pl.Date),
        ("signal_id", pl.String),
        ("clients", pl.Int64),
        ("applicable", pl.Int64),
        ("W", pl.Int64),
        ("A", pl.Int64),
        ("R", pl.Int64),
        ("N", pl.Int64),
        ("clears", pl.Int64),
        ("blind", pl.Int64),
        ("not_applicable", pl.Int64),
        ("fired", pl.Float64),
        ("clear", pl.Float64),
        ("no_data", pl.Float64),
        ("fired_usual", pl.Float64),
        ("clear_usual", pl.Float64),
        ("no_data_usual", pl.Float64),
        ("jumped", pl.List(pl.String)),
    ]
