"""What becomes of tonight's HITs beside last night's findings: change, clearing, resolutions, snooze.

Catalogue section 7: a finding clears after two consecutive evaluations without it, or by a recorded resolution. A night that
could not evaluate it is neither: losing a feed clears nothing. A snoozed finding keeps being evaluated and still counts for
the client's level, since leaving the watch list needs risk management's approval; a resolved one does not count. Both return
when the finding gets worse or their time is over.
"""

import polars as pl

from transforms.contracts import ACTED, FINDINGS, LEVEL, MOVES, empty
from transforms.features.actions import LATEST
from transforms.night import Night

CLEAN_TO_CLEAR = 2  # evaluations without it
MOVES_KEPT_DAYS = 800  # of signals; a client's own moves are kept
COUNTED = ("standing", "clearing", "snoozed")  # states that count for the client's level
_KEY = ["client_id", "signal_id"]
_SETTLED = {"first_seen", "change", "state", "clean", "evaluated_on", *ACTED}
HITS = pl.Schema({name: dtype for name, dtype in FINDINGS.items() if name not in _SETTLED})  # before it is settled


def settle(
    hits: pl.DataFrame,
    answers: pl.DataFrame,
    previous: pl.DataFrame | None,
    actions: pl.DataFrame | None,
    night: Night,
) -> pl.DataFrame:
    """FINDINGS of tonight, sorted by client and signal: what fired, and what fired before and has not cleared yet.

    `hits` is a frame of HITS; `answers` tonight's answers, wide; `previous` the findings of
    the night before; `actions` the actions on file (features/actions.py).
    """
    before = empty(FINDINGS) if previous is None else previous
    fired = _fired(hits, before)
    kept = _kept(fired, answers, before, night)
    both = pl.concat([fired, kept.select(fired.columns)])
    return _acted(both, before, actions).sort(*_KEY)


def _fired(hits: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Tonight's HITs with first_seen and change."""
    earlier = before.select(*_KEY, was=pl.col("level").to_physical(), seen="first_seen")
    rank, was = pl.col("level").to_physical(), pl.col("was")
    change = (
        pl.when(was.is_null()).then(pl.lit("new")).when(rank > was).then(pl.lit("worse"))
        .when(rank < was).then(pl.lit("better")).otherwise(pl.lit("standing"))
    )  # fmt: skip
    return (
        hits.join(earlier, on=_KEY, how="left")
        .with_columns(
            first_seen=pl.col("seen").fill_null(pl.col("as_of")),
            change=change.cast(FINDINGS["change"]),
            clean=pl.lit(0, pl.Int64),
            evaluated_on=pl.col("as_of"),
        )
        .drop("was", "seen")
    )


def _kept(fired: pl.DataFrame, answers: pl.DataFrame, before: pl.DataFrame, night: Night) -> pl.DataFrame:
    """Findings of the night before that did not fire tonight and are not cleared: as they were, `clean` counted on."""
    quiet = before.join(fired, on=_KEY, how="anti").join(answers, on="client_id", how="semi")
    theirs = answers.join(quiet, on="client_id", how="semi")
    said = theirs.unpivot(index="client_id", variable_name="signal_id", value_name="answer").with_columns(
        pl.col("answer").cast(pl.String)
    )
    evaluated = pl.col("answer").is_in(["CLEAR", "NOT_APPLICABLE"])
    return (
        quiet.join(said, on=_KEY, how="inner")
        .with_columns(
            as_of=pl.lit(night.as_of),
            change=pl.lit("standing").cast(FINDINGS["change"]),
            clean=pl.col("clean") + evaluated.cast(pl.Int64),
        )
        .filter(pl.col("clean") < CLEAN_TO_CLEAR)
    )


def _acted(findings: pl.DataFrame, before: pl.DataFrame, actions: pl.DataFrame | None) -> pl.DataFrame:
    """The findings with what a person did with them, and the state that follows.

    An action holds for the level the finding had when it was taken: above it the finding stands again.
    """
    told = pl.DataFrame(schema=dict(LATEST)) if actions is None else actions
    earlier = before.select(*_KEY, was_on="action_on", was_acted="acted_level", was_level="level", was_state="state")
    same = (pl.col("was_on") == pl.col("action_on")).fill_null(value=False)
    acted = pl.when(same).then("was_acted").otherwise(pl.coalesce("was_level", "level"))
    holds = pl.col("level").to_physical() <= pl.col("acted_level").to_physical()
    ended = (pl.col("action") == "clear") | ((pl.col("action") == "dismiss") & pl.col("confirm"))
    state = (
        pl.when(holds & ended).then(pl.lit("resolved"))
        .when(holds & (pl.col("action") == "snooze")).then(pl.lit("snoozed"))
        .when(pl.col("clean") > 0).then(pl.lit("clearing"))
        .otherwise(pl.lit("standing"))
    )  # fmt: skip
    hidden = pl.col("was_state").cast(pl.String).is_in(["resolved", "snoozed"]).fill_null(value=False)
    returned = hidden & state.is_in(["standing", "clearing"]) & (pl.col("change").cast(pl.String) == "standing")
    return (
        findings.drop(*(name for name in ACTED if name in findings.columns), "state", strict=False)
        .join(told, on=_KEY, how="left")
        .join(earlier, on=_KEY, how="left")
        .with_columns(acted_level=pl.when(pl.col("action").is_not_null()).then(acted.cast(LEVEL)))
        .with_columns(
            state=state,
            change=pl.when(returned).then(pl.lit("new")).otherwise(pl.col("change").cast(pl.String)),
        )
        .select([pl.col(name).cast(dtype) for name, dtype in FINDINGS.items()])
    )


def moves(
    findings: pl.DataFrame,
    previous: pl.DataFrame | None,
    assessments: pl.DataFrame,
    kept: pl.DataFrame | None,
    night: Night,
) -> pl.DataFrame:
    """MOVES up to tonight: those kept of earlier nights and tonight's, of findings and of the clients' risk levels.

    `previous` are the findings and `kept` the moves of the night before; a night without a move of a client adds nothing.
    """
    before = empty(FINDINGS) if previous is None else previous
    tonight = pl.concat([_signal_moves(findings, before, assessments), _client_moves(assessments)]).with_columns(
        on=pl.lit(night.as_of)
    )
    told = empty(MOVES) if kept is None else kept
    oldest = pl.lit(night.as_of).dt.offset_by(f"-{MOVES_KEPT_DAYS}d")
    lasting = told.filter(pl.col("signal_id").is_null() | (pl.col("on") >= oldest))
    columns = [pl.col(name).cast(dtype) for name, dtype in MOVES.items()]
    return pl.concat([lasting, tonight.select(columns)]).sort("client_id", "signal_id", "on")


def _signal_moves(findings: pl.DataFrame, before: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    was = before.select(*_KEY, before=pl.col("level").cast(pl.String), was_state=pl.col("state").cast(pl.String))
    beside = findings.join(was, on=_KEY, how="left").with_columns(pl.col("state", "change", "level").cast(pl.String))
    hidden = pl.col("state").is_in(["resolved", "snoozed"])
    newly = hidden & (pl.col("state") != pl.col("was_state").fill_null(""))
    move = pl.when(newly).then("state").when(~hidden & (pl.col("change") != "standing")).then("change")
    moved = beside.select(*_KEY, move=move, before="before", after="level").filter(pl.col("move").is_not_null())
    gone = (
        was.join(findings, on=_KEY, how="anti").join(assessments, on="client_id", how="semi")
        .select(*_KEY, move=pl.lit("cleared"), before="before", after=pl.lit(None, pl.String))
    )  # fmt: skip
    return pl.concat([moved, gone])


def _client_moves(assessments: pl.DataFrame) -> pl.DataFrame:
    """The clients' own moves; a client that is held stands."""
    return assessments.filter(pl.col("change").cast(pl.String) != "standing").select(
        "client_id",
        signal_id=pl.lit(None, pl.String),
        move=pl.col("change").cast(pl.String),
        before=pl.col("previous_risk_level").cast(pl.String),
        after=pl.col("risk_level").cast(pl.String),
    )
