"""The client's level, as readings G18 and G19 settle it: a table of answers and what they make."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.signals.cases import NIGHT, panel
from transforms.assessment import assess
from transforms.contracts import ASSESSMENTS, answers_schema
from transforms.policy import Policy
from transforms.signal import LEVELS as LEVELS_OF_A_HIT
from transforms.signals import CATALOGUE

CORE = [s.id for s in CATALOGUE.values() if s.grade == "A" and s.category not in ("REL", "ADD")]


DECAY = [s.id.replace("-", "_") for s in CATALOGUE.values() if s.category == "REL" and s.grade in ("A", "B")]
BLIND = dict.fromkeys(DECAY[: int(len(DECAY) * 0.4) + 1], "NO_DATA")  # just over two fifths of those rows


def answers(**given: str) -> pl.DataFrame:
    row = {"client_id": "C1", **dict.fromkeys(CATALOGUE, "CLEAR"), **{k.replace("_", "-"): v for k, v in given.items()}}
    return pl.DataFrame([row], schema=answers_schema(list(CATALOGUE)))


def fired(given: pl.DataFrame) -> pl.DataFrame:
    """What stands when only tonight counts: the HITs among the answers."""
    long = given.unpivot(index="client_id", variable_name="signal_id", value_name="level")
    return long.with_columns(pl.col("level").cast(pl.String), state=pl.lit("standing")).filter(
        pl.col("level").is_in(LEVELS_OF_A_HIT)
    )


def assessed(
    given: pl.DataFrame, policy: Policy | None = None, facts: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    frame = assess(panel(facts or {}), given, fired(given), CATALOGUE, policy or Policy(), NIGHT, **more)
    assert frame.schema == ASSESSMENTS
    assert frame.height == 1
    return frame.row(0, named=True)


LEVELS = [
    ({}, "clear"),
    ({"FIN_12": "W"}, "W"),
    ({"FIN_02": "W"}, "W"),
    ({"REL_12": "R", "REL_11": "R"}, "clear"),  # relationship rows never count for risk
    ({"FIN_02": "A"}, "A"),
    ({"FIN_02": "A", "FIN_15": "A"}, "A"),  # one family
    ({"FIN_02": "A", "FIN_08": "A"}, "A"),
    ({"FIN_02": "A", "FIN_08": "A", "FIN_10": "A"}, "R"),  # three families
    ({"FIN_02": "A", "FIN_15": "A", "FIN_08": "A"}, "A"),
    ({"EXT_01": "A"}, "W"),  # the sector alone never lifts above W
    ({"EXT_01": "A", "FIN_02": "A", "FIN_08": "A"}, "A"),  # nor is it counted
    ({"FIN_01": "W", "FIN_02": "W", "FIN_05": "W", "FIN_07": "W"}, "W"),
    ({"FIN_01": "W", "FIN_02": "W", "FIN_05": "W", "FIN_07": "W", "FIN_10": "W"}, "A"),  # five families
    ({"FIN_01": "W", "FIN_02": "W", "FIN_05": "W", "FIN_07": "W", "FIN_12": "W"}, "W"),  # FIN-12 is outside the count
    ({"FIN_01": "W", "FIN_02": "W", "FIN_15": "W", "FIN_07": "W", "FIN_10": "W"}, "W"),
    ({"FIN_01": "W", "FIN_02": "W", "FIN_05": "W", "FIN_07": "W", "EXT_01": "W"}, "W"),
    ({"ADD_03": "A"}, "A"),
    ({"FIN_08": "R"}, "R"),
    ({"MGT_48": "N"}, "N"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "level"), LEVELS, ids=str)
def test_risk_level(given: dict[str, str], level: str) -> None:
    assert assessed(answers(**given))["risk_level"] == level


RELATIONSHIP = [
    ({}, "ok"),
    ({"REL_11": "W"}, "ok"),
    ({"REL_11": "W", "REL_12": "W"}, "cooling"),
    ({"REL_11": "A"}, "cooling"),
    ({"REL_11": "A", "REL_12": "A"}, "at_risk"),
    ({"REL_12": "R"}, "at_risk"),
    (BLIND, "not_assessable"),
    (dict.fromkeys(list(BLIND)[1:], "NO_DATA"), "ok"),
    ({**BLIND, "REL_12": "A"}, "cooling"),
    ({"REL_01": "W", "REL_10": "W"}, "ok"),  # one family: conduct
    ({"REL_01": "W", "REL_13": "W"}, "cooling"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "level"), RELATIONSHIP, ids=str)
def test_relationship_level(given: dict[str, str], level: str) -> None:
    assert assessed(answers(**given))["relationship_level"] == level


@pytest.mark.parametrize(
    ("given", "quadrant"),
    [
        ({}, "secure"),
        ({"REL_11": "A"}, "win_back"),
        ({"FIN_08": "A"}, "reduce"),
        ({"FIN_08": "A", "REL_11": "A"}, "senior_visit"),
        (BLIND, None),
    ],
)
def test_quadrant(given: dict[str, str], quadrant: str | None) -> None:
    assert assessed(answers(**given))["quadrant"] == quadrant


def test_additions_can_be_left_out_of_the_count() -> None:
    level = assessed(answers(ADD_03="A"), Policy.parse("count_additions = false"))["risk_level"]
    assert level == "W"  # shown, and a W at least, but no longer lifting to A


def test_thin_data_is_never_healthy() -> None:
    thin = {signal.replace("-", "_"): "NO_DATA" for signal in CORE[: len(CORE) // 2]}
    assert assessed(answers(**thin))["risk_level"] == "not_assessable"
    hit = assessed(answers(**thin, ADD_03="W"))
    assert (hit["risk_level"], hit["reasons"]) == ("W", ["ADD-03", "thin_data"])
    few = {signal.replace("-", "_"): "NO_DATA" for signal in CORE[: int(len(CORE) * 0.4)]}
    assert assessed(answers(**few))["risk_level"] == "clear"


def test_not_applicable_rows_are_no_gap() -> None:
    rest = {signal.replace("-", "_"): "NOT_APPLICABLE" for signal in CORE[1:]}
    row = assessed(answers(**rest))
    assert (row["risk_level"], row["coverage"]) == ("clear", 1.0)


def test_counts_and_coverage() -> None:
    row = assessed(answers(FIN_08="A", FIN_05="NO_DATA", FIN_01="NOT_APPLICABLE", EXT_01="NO_DATA"))
    assert (row["hits"], row["clears"], row["no_data"], row["not_applicable"]) == (1, len(CATALOGUE) - 4, 2, 1)
    assert row["coverage"] == round((len(CATALOGUE) - 3) / (len(CATALOGUE) - 1), 9)


def test_reasons_stand_in_order_of_weight() -> None:
    row = assessed(answers(FIN_02="W", FIN_08="R", EXT_01="A", FIN_10="A", REL_12="W"))
    assert row["reasons"] == ["FIN-08", "FIN-10", "EXT-01", "FIN-02", "REL-12"]


HELD = pl.DataFrame(
    {"client_id": ["C1"] * 2, "check_id": ["P3", "CL1"], "reason_en": ["b", "a"], "reason_zh": ["乙", "甲"]}
)


def nights(*given: tuple[dict[str, str], bool]) -> list[dict[str, Any]]:
    """One client over several nights: its answers each night, and whether it is held."""
    told: list[dict[str, Any]] = []
    before = None
    for back, (said, held) in zip(range(len(given), 0, -1), given, strict=True):
        night = replace(NIGHT, as_of=NIGHT.as_of - timedelta(days=back))
        before = assess(
            panel({}),
            answers(**said),
            fired(answers(**said)),
            CATALOGUE,
            Policy(),
            night,
            before,
            HELD if held else None,
        )
        told += before.to_dicts()
    return told


def test_a_held_client_is_not_assessable_and_says_why() -> None:
    row = assessed(answers(FIN_08="R"), held=HELD)
    assert (row["risk_level"], row["held_by"], row["strategy"]) == ("not_assessable", "CL1 P3", "prevent")
    assert row["reasons"] == ["CL1 a / 甲", "P3 b / 乙", "FIN-08"]
    assert (row["change"], row["held_level"], row["held_level_on"]) == ("new", None, None)


def test_a_held_client_keeps_its_last_level_and_that_level_s_night() -> None:
    alert, red = {"FIN_08": "A"}, {"FIN_08": "R"}
    told = nights((alert, False), (red, True), ({}, True), (red, True), (alert, False), (red, False))
    first, *held, again, worse = told
    for row in held:
        assert (row["risk_level"], row["previous_risk_level"], row["change"]) == ("not_assessable", "A", "standing")
        assert (row["held_level"], row["held_level_on"], row["since"]) == ("A", first["as_of"], first["as_of"])
    assert (again["risk_level"], again["previous_risk_level"], again["change"]) == ("A", "A", "standing")
    assert (again["since"], again["held_level"], again["held_level_on"]) == (first["as_of"], None, None)
    assert (worse["change"], worse["since"]) == ("worse", worse["as_of"])


def test_a_client_never_assessed_before_is_held_without_a_level() -> None:
    first, second, released = nights(({}, True), ({}, True), ({"FIN_08": "A"}, False))
    assert (first["change"], first["previous_risk_level"]) == ("new", None)
    assert (second["change"], second["held_level"], second["since"]) == ("standing", None, first["as_of"])
    assert (released["change"], released["since"]) == ("worse", released["as_of"])


def test_losing_the_data_is_never_an_improvement() -> None:
    thin = {signal.replace("-", "_"): "NO_DATA" for signal in CORE}
    red, blind, held = nights(({"FIN_08": "R"}, False), (thin, False), (thin, True))
    assert (blind["risk_level"], blind["change"], blind["previous_risk_level"]) == ("not_assessable", "worse", "R")
    for row in (blind, held):
        assert (row["held_level"], row["held_level_on"]) == ("R", red["as_of"])


def test_moves_and_since() -> None:
    earlier = assess(
        panel({}), answers(FIN_08="A"), fired(answers(FIN_08="A")), CATALOGUE, Policy(), NIGHT
    ).with_columns(as_of=date(2015, 6, 1), since=date(2015, 5, 1))
    for given, change, since in (
        ({"FIN_08": "A"}, "standing", date(2015, 5, 1)),
        ({"FIN_08": "R"}, "worse", NIGHT.as_of),
        ({}, "better", NIGHT.as_of),
    ):
        row = assessed(answers(**given), previous=earlier)
        assert (row["change"], row["since"], row["previous_risk_level"]) == (change, since, "A")
    assert assessed(answers())["change"] == "new"


@pytest.mark.parametrize(
    ("given", "facts", "strategy"),
    [
        ({}, {}, (None, [], [])),
        ({"FIN_02": "W"}, {}, ("prevent", [], ["prevent.watched"])),
        ({"MGT_48": "N"}, {}, ("exit", [], ["exit.non_performing"])),
        ({"MOR_01": "R"}, {}, ("exit", ["prevent"], ["exit.moral_hazard", "prevent.watched"])),
        ({"MOR_09": "A", "FIN_08": "R"}, {}, ("prevent", [], ["prevent.watched"])),
        (
            {"FIN_08": "R"},
            {"red_at_month_end": True, "cover_share": 0.69, "exposure": 100},
            ("exit", ["reduce", "prevent"], ["exit.stuck", "reduce.cover", "prevent.watched"]),
        ),
        ({"FIN_08": "R"}, {"red_at_month_end": True, "cover_share": 0.7}, ("prevent", [], ["prevent.watched"])),
        (
            {"FIN_02": "A"},
            {"alert_at_three_month_ends": True, "tier_used": "D"},
            ("exit", ["prevent"], ["exit.low_value", "prevent.watched"]),
        ),
        ({"FIN_02": "A"}, {"alert_at_three_month_ends": True, "tier_used": "C"}, ("prevent", [], ["prevent.watched"])),
        (
            {"FIN_02": "A"},
            {"sound_guarantor": True},
            ("transfer", ["prevent"], ["transfer.guarantor", "prevent.watched"]),
        ),
        ({"FIN_02": "W"}, {"sound_guarantor": True}, ("prevent", [], ["prevent.watched"])),
        ({"FIN_06": "A"}, {}, ("transfer", ["prevent"], ["transfer.securities", "prevent.watched"])),
        (
            {"FIN_08": "R"},
            {"exposure": 100, "cover_share": 0.9},
            ("reduce", ["prevent"], ["reduce.cover", "prevent.watched"]),
        ),
        ({"FIN_08": "R"}, {"exposure": 100, "cover_share": 1.0}, ("prevent", [], ["prevent.watched"])),
        (
            {"EXT_05": "W"},
            {"policies_monetary": 1, "floating_outstanding": 50, "outstanding": 100},
            ("reduce", ["prevent"], ["reduce.floating", "prevent.watched"]),
        ),
        (
            {"EXT_05": "W"},
            {"policies_trade": 1, "cross_border_share_12": 0.2},
            ("reduce", ["prevent"], ["reduce.cross_border", "prevent.watched"]),
        ),
        ({"MGT_12": "A"}, {}, ("reduce", ["prevent"], ["reduce.price", "prevent.watched"])),
        ({"ADD_01": "W"}, {}, ("reduce", ["prevent"], ["reduce.line", "prevent.watched"])),
        (
            {"EXT_01": "W"},
            {"exposure": 100, "cell_share_of_book": 0.1},
            ("spread", ["prevent"], ["spread.sector", "prevent.watched"]),
        ),
        (
            {},
            {"exposure": 100, "share_of_cell": 0.1, "product_share": 0.8},
            ("spread", [], ["spread.cell", "spread.product"]),
        ),
        ({}, {"share_of_branch": 0.1, "cover_kind_share": 0.8}, ("spread", [], ["spread.branch", "spread.collateral"])),
        ({"FIN_18": "W"}, {"exposure": 100}, ("spread", ["prevent"], ["spread.partners", "prevent.watched"])),
        ({}, {"relationship_start": date(2014, 7, 1)}, ("prevent", [], ["prevent.new_client"])),
        ({}, {"relationship_start": date(2014, 6, 30)}, (None, [], [])),
    ],
)
def test_strategy(
    given: dict[str, str], facts: dict[str, Any], strategy: tuple[str | None, list[str], list[str]]
) -> None:
    row = assessed(answers(**given), facts=facts)
    assert (row["strategy"], row["supporting"], row["grounds"]) == strategy
