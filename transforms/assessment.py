"""Assessments: one client at one date, from its answers (readings G18, G19; strategies: input-model 9.6).

Families count once, at their highest level. Risk level and relationship level are separate and never added.
"""

from collections.abc import Mapping

import polars as pl

from transforms import standing, strategy
from transforms.contracts import ASSESSMENTS, CHANGE, RELATIONSHIP, RISK, RISK_LEVELS, empty
from transforms.families import NEVER_ABOVE_WATCH
from transforms.night import Night
from transforms.policy import Policy
from transforms.signal import LEVELS, Signal
from transforms.signals import CATALOGUE_VERSION

_RANK = {level: rank for rank, level in enumerate(LEVELS, start=1)}
THIN = 0.40  # share of NO_DATA above which nobody is called healthy
# Shown, never counted: FIN-12 is inverted on real failures, and any inventory taken as collateral is a W of FIN-16.
OUTSIDE_THE_COUNT = {"FIN-12": ("W",), "FIN-16": ("W",)}


def _long(answers: pl.DataFrame, findings: pl.DataFrame, catalogue: Mapping[str, Signal]) -> pl.LazyFrame:
    """One row per client and signal: answer, rank of what stands, family, grade, category, whether it may lift a level.

    What stands are tonight's HITs and those not cleared yet, less the resolved ones.
    """
    rows = [
        {
            "signal_id": s.id,
            "family": s.family,
            "grade": s.grade,
            "category": s.category,
            "weak": s.category == "EXT" or s.family in NEVER_ABOVE_WATCH or s.grade == "C",
        }
        for s in catalogue.values()
    ]
    stands = findings.lazy().filter(pl.col("state").cast(pl.String).is_in(standing.COUNTED))
    level = stands.select("client_id", "signal_id", level=pl.col("level").cast(pl.String))
    return (
        answers.lazy()
        .unpivot(index="client_id", variable_name="signal_id", value_name="answer")
        .join(pl.LazyFrame(rows), on="signal_id")
        .join(level, on=["client_id", "signal_id"], how="left")
        .with_columns(rank=pl.col("level").replace_strict(_RANK, default=None, return_dtype=pl.Int8))
    )


def own_levels(answers: pl.DataFrame, catalogue: Mapping[str, Signal], policy: Policy) -> pl.DataFrame:
    """client_id, risk_level (RISK), reds, alerts (Int64: own FIN, MGT and MOR rows at R or N, at A or above), sorted.

    Tonight's answers alone: what others' levels may hang on (reading G16).
    """
    hits = answers.unpivot(index="client_id", variable_name="signal_id", value_name="answer").with_columns(
        pl.col("answer").cast(pl.String)
    )
    fired = hits.filter(pl.col("answer").is_in(LEVELS)).select(
        "client_id", "signal_id", level="answer", state=pl.lit("standing")
    )
    long = _long(answers, fired, catalogue)
    own = pl.col("category").is_in(["FIN", "MGT", "MOR"])
    counts = long.group_by("client_id").agg(
        reds=(own & (pl.col("rank") >= _RANK["R"])).fill_null(value=False).sum().cast(pl.Int64),
        alerts=(own & (pl.col("rank") >= _RANK["A"])).fill_null(value=False).sum().cast(pl.Int64),
    )
    return (
        counts.join(_counts(long), on="client_id")
        .join(_families(long, policy), on="client_id", how="left")
        .select("client_id", risk_level=_risk_level().cast(RISK), reds="reds", alerts="alerts")
        .sort("client_id")
        .collect()
    )


def _families(long: pl.LazyFrame, policy: Policy) -> pl.LazyFrame:
    """Families of the risk rows: how many reach W and A, counted once each."""
    outside = pl.any_horizontal(
        (pl.col("signal_id") == signal) & pl.col("level").is_in(levels) for signal, levels in OUTSIDE_THE_COUNT.items()
    )
    counted = long.filter(
        pl.col("rank").is_not_null(),
        pl.col("category") != "REL",
        ~pl.col("weak"),
        ~outside,
        (pl.col("category") != "ADD") | policy.count_additions,
    )
    highest = counted.group_by("client_id", "family").agg(rank=pl.col("rank").max())
    return highest.group_by("client_id").agg(
        families=pl.len().cast(pl.Int64),
        alert_families=(pl.col("rank") >= _RANK["A"]).sum(),
        top=pl.col("rank").max(),
    )


def _counts(long: pl.LazyFrame) -> pl.LazyFrame:
    answer = pl.col("answer")
    applicable = answer != "NOT_APPLICABLE"
    no_data = (answer == "NO_DATA") & pl.col("rank").is_null()
    core = (pl.col("grade") == "A") & ~pl.col("category").is_in(["REL", "ADD"]) & applicable
    relationship = (pl.col("category") == "REL") & pl.col("grade").is_in(["A", "B"]) & applicable
    weight = pl.struct(-pl.col("rank"), pl.col("weak"), pl.col("signal_id"))
    return long.group_by("client_id").agg(
        hits=pl.col("rank").is_not_null().sum().cast(pl.Int64),
        clears=((answer == "CLEAR") & pl.col("rank").is_null()).sum().cast(pl.Int64),
        no_data=no_data.sum().cast(pl.Int64),
        not_applicable=(~applicable).sum().cast(pl.Int64),
        coverage=((applicable & ~no_data).sum() / applicable.sum()),
        core_thin=(core & no_data).sum() > THIN * core.sum(),
        relationship_thin=(relationship & no_data).sum() > THIN * relationship.sum(),
        moral_red=((pl.col("category") == "MOR") & (pl.col("rank") == _RANK["R"])).fill_null(value=False).any(),
        any_risk=(pl.col("rank").is_not_null() & (pl.col("category") != "REL")).any(),
        reasons=pl.col("signal_id")
        .filter(pl.col("rank").is_not_null())
        .sort_by(weight.filter(pl.col("rank").is_not_null())),
    )


def _relationship(long: pl.LazyFrame) -> pl.LazyFrame:
    rel = long.filter(pl.col("category") == "REL", pl.col("rank").is_not_null())
    highest = rel.group_by("client_id", "family").agg(rank=pl.col("rank").max())
    return highest.group_by("client_id").agg(
        rel_red=(pl.col("rank") >= _RANK["R"]).any(),
        rel_alerts=(pl.col("rank") >= _RANK["A"]).sum(),
        rel_watches=pl.len(),
    )


def _risk_level() -> pl.Expr:
    top, alerts, families = pl.col("top").fill_null(0), pl.col("alert_families").fill_null(0), pl.col("families")
    return (
        pl.when(top == _RANK["N"]).then(pl.lit("N"))
        .when((top == _RANK["R"]) | (alerts >= 3)).then(pl.lit("R"))
        .when((alerts >= 1) | (families.fill_null(0) >= 5)).then(pl.lit("A"))
        .when(pl.col("any_risk")).then(pl.lit("W"))
        .when(pl.col("core_thin")).then(pl.lit("not_assessable"))
        .otherwise(pl.lit("clear"))
    )  # fmt: skip


def _relationship_level() -> pl.Expr:
    alerts, watches = pl.col("rel_alerts").fill_null(0), pl.col("rel_watches").fill_null(0)
    return (
        pl.when(pl.col("rel_red").fill_null(False) | (alerts >= 2)).then(pl.lit("at_risk"))
        .when((alerts >= 1) | (watches >= 2)).then(pl.lit("cooling"))
        .when(pl.col("relationship_thin")).then(pl.lit("not_assessable"))
        .otherwise(pl.lit("ok"))
    )  # fmt: skip


def _quadrant() -> pl.Expr:
    high = pl.col("risk_level").cast(pl.String).is_in(["A", "R", "N"])
    cold = pl.col("relationship_level").cast(pl.String).is_in(["cooling", "at_risk"])
    unknown = (pl.col("risk_level") == "not_assessable") | (pl.col("relationship_level") == "not_assessable")
    return (
        pl.when(unknown).then(None)
        .when(high & cold).then(pl.lit("senior_visit"))
        .when(high).then(pl.lit("reduce"))
        .when(cold).then(pl.lit("win_back"))
        .otherwise(pl.lit("secure"))
    )  # fmt: skip


def _moved(frame: pl.LazyFrame, previous: pl.DataFrame | None, night: Night) -> pl.LazyFrame:
    """previous_risk_level, change, since, held_level and held_level_on against the night before.

    Of a held client the level before stands: no move, `since` goes on, and previous_risk_level is that level on every
    held night, so that the night it is assessed again it is compared with what was last known of it.
    """
    before = empty(ASSESSMENTS) if previous is None else previous
    held, blind = pl.col("held_by").is_not_null(), pl.col("risk_level") == "not_assessable"
    earlier = before.lazy().select(
        "client_id",
        previous_risk_level=pl.when(held).then(pl.coalesce("held_level", "risk_level")).otherwise("risk_level"),
        was_since="since",
        last_level=pl.when(blind).then("held_level").otherwise("risk_level"),
        last_level_on=pl.when(blind).then("held_level_on").otherwise("as_of"),
    )
    order = {level: rank for rank, level in enumerate(RISK_LEVELS)}
    now = pl.col("risk_level").cast(pl.String).replace_strict(order, return_dtype=pl.Int8)
    was = pl.col("previous_risk_level").cast(pl.String).replace_strict(order, return_dtype=pl.Int8)
    stands = (held & was.is_not_null()) | (now == was)
    change = (
        pl.when(was.is_null()).then(pl.lit("new")).when(stands).then(pl.lit("standing"))
        .when((now > was) | blind).then(pl.lit("worse")).otherwise(pl.lit("better"))
    )  # fmt: skip
    return frame.join(earlier, on="client_id", how="left").with_columns(
        change=change.cast(CHANGE),
        since=pl.when(stands).then("was_since").otherwise(pl.lit(night.as_of)),
        held_level=pl.when(blind).then("last_level"),
        held_level_on=pl.when(blind).then("last_level_on"),
    )


def _holds(held: pl.DataFrame | None) -> pl.LazyFrame:
    """client_id, held_by (the checks) and held_for (each check with its reason in both languages)."""
    nothing = dict.fromkeys(("client_id", "check_id", "reason_en", "reason_zh"), pl.String())
    told = pl.DataFrame(schema=nothing) if held is None else held
    why = pl.format("{} {} / {}", "check_id", "reason_en", "reason_zh")
    return (
        told.lazy()
        .group_by("client_id")
        .agg(held_by=pl.col("check_id").unique().sort().str.join(" "), held_for=why.unique().sort())
    )


def assess(
    panel: pl.DataFrame,
    answers: pl.DataFrame,
    findings: pl.DataFrame,
    catalogue: Mapping[str, Signal],
    policy: Policy,
    night: Night,
    previous: pl.DataFrame | None = None,
    held: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row per client of `answers`: ASSESSMENTS, sorted by client_id.

    `held` (client_id, check_id, reason_en, reason_zh) are clients a CLIENT check of the validation holds: not assessable,
    whatever fired, the check and its words first among the reasons. The last level of a client that is not assessable and
    that level's night are kept in held_level and held_level_on, however many nights it takes. `previous` are the
    assessments of the night before or None.
    """
    long = _long(answers, findings, catalogue)
    frame = (
        answers.lazy().select("client_id", as_of_day=pl.lit(night.as_of))
        .join(panel.lazy().select("client_id", *strategy.COLUMNS), on="client_id", how="left")
        .join(_counts(long), on="client_id", how="left")
        .join(_families(long, policy), on="client_id", how="left")
        .join(_relationship(long), on="client_id", how="left")
        .join(_holds(held), on="client_id", how="left")
        .with_columns(
            risk_level=pl.when(pl.col("held_by").is_not_null())
            .then(pl.lit("not_assessable")).otherwise(_risk_level()).cast(RISK),
            relationship_level=_relationship_level().cast(RELATIONSHIP),
            families=pl.col("families").fill_null(0),
        )
        .with_columns(quadrant=_quadrant(), **strategy.advise())
    )  # fmt: skip
    none = pl.lit([], pl.List(pl.String))
    thin = pl.when(pl.col("core_thin") & pl.col("any_risk")).then(pl.lit(["thin_data"])).otherwise(none)
    return (
        _moved(frame, previous, night)
        .with_columns(
            as_of=pl.lit(night.as_of),
            coverage=pl.col("coverage").round(9),
            reasons=pl.concat_list(pl.col("held_for").fill_null(none), "reasons", thin),
            policy_hash=pl.lit(policy.hash),
            catalogue_version=pl.lit(CATALOGUE_VERSION),
        )
        .select([pl.col(name).cast(dtype) for name, dtype in ASSESSMENTS.items()])
        .sort("client_id")
        .collect()
    )
