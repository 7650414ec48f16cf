"""The fifteen rules for handling complaints: what the records of each complaint show of them (input-model.md 9.4).

Eight rules are checked in full, five in part, two cannot be (words and thoughts leave no record). A rule is one or more
parts; the state of the rule is that of its worst part, and `part`, `measured`, `limit` are of the first part in that state.
Ours, where the text leaves it open (and in complaint_facts.py, which gathers what is read):
- unknown: a table the part reads, or a column nobody ever fills, does not come. A blank in a column others fill means it was
  not done. Blank answers (apology, repeated back, asked) of a complaint past that step are unknown too.
- 4 A conclusion needs facts; one against the client also the finished investigation. 5 The branch needs five
  complaints in 365 days. 6 A promise open past its due day was not kept.
- 10 With nobody met before there is nothing to keep up.
- 11 Rising is asked of complaints of the last 365 days, with five alike in them, known for two years, and more than chance
  makes of last year's (as in rule 10). 12 When a cause was written down is not recorded: it is late once ten days are over.
- 15 At risk is tonight's level A, R or N; families that are credit lines below.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

import polars as pl

from transforms.arithmetic import ratio, within
from transforms.features import contacts
from transforms.relationship.book import Book
from transforms.relationship.complaint_facts import COMPLEX, SPAN, YEAR, facts_of
from transforms.workdays import Workdays

FULL, PART, NO = "full", "part", "no"
CHECKED = {
    **dict.fromkeys((1, 6, 10, 11, 12, 13, 14, 15), FULL), **dict.fromkeys((2, 4, 5, 7, 8), PART),
    **dict.fromkeys((3, 9), NO),
}  # fmt: skip
STATES = ("failed", "open", "unknown", "kept", "not_applicable", "uncheckable")  # the worst first
ACKNOWLEDGE_HOURS, ACKNOWLEDGE_MAJOR_HOURS, MAJOR = 4, 2, 3  # working hours; severity
INVESTIGATE_WORKDAYS, GAP_WORKDAYS, AFTER_WORKDAYS, TELL_WORKDAYS = 5, 5, 10, 10
CHANNELS, LEAST = 2, 5  # channels of a branch; complaints below which nothing is said
CONTACT_SHARE, CHANCE = 0.8, 0.10
FOLLOW_UPS = (30, 90, 180)  # days after closing
AT_RISK = ("A", "R", "N")
CREDIT_LINES = ("working_capital", "fixed_asset", "trade_finance", "bills", "guarantee_lc")
SCHEMA = pl.Schema(
    {
        "complaint_id": pl.String(),
        "client_id": pl.String(),
        "rule": pl.Int64(),  # 1 to 15
        "checked": pl.String(),  # full, part, no
        "state": pl.String(),  # kept, failed, open (not due yet), unknown, not_applicable, uncheckable
        "measured": pl.Float64(),
        "limit": pl.Float64(),
        "part": pl.String(),  # what measured and limit are of
    }
)
_NO = pl.lit(value=False)
_YES = pl.lit(value=True)


@dataclass(frozen=True)
class Part:
    """One test of a rule: `broken` null is unknown; before it is `settled` it can still go either way."""

    rule: int
    code: str
    broken: pl.Expr
    settled: pl.Expr = field(default_factory=lambda: _YES)
    applies: pl.Expr = field(default_factory=lambda: _YES)
    known: pl.Expr = field(default_factory=lambda: _YES)
    measured: pl.Expr = field(default_factory=lambda: pl.lit(None))
    limit: pl.Expr = field(default_factory=lambda: pl.lit(None))

    def rows(self, facts: pl.LazyFrame) -> pl.LazyFrame:
        """complaint_id, client_id, rule, rank of the state in STATES, measured, limit, part."""
        state = (
            pl.when(self.applies.not_()).then(pl.lit("not_applicable"))
            .when((self.applies & self.known).fill_null(value=False).not_()).then(pl.lit("unknown"))
            .when(self.broken).then(pl.lit("failed"))
            .when(self.settled.fill_null(value=False).not_()).then(pl.lit("open"))
            .when(self.broken.is_null()).then(pl.lit("unknown"))
            .otherwise(pl.lit("kept"))
        )  # fmt: skip
        shown = pl.col("state").is_in(["failed", "open", "kept"])
        return facts.select(
            "complaint_id", "client_id", rule=pl.lit(self.rule, pl.Int64), state=state, part=pl.lit(self.code),
            measured=self.measured.cast(pl.Float64), limit=self.limit.cast(pl.Float64),
        ).with_columns(
            *(pl.when(shown).then(name).alias(name) for name in ("measured", "limit")),
            rank=pl.col("state").replace_strict({state: at for at, state in enumerate(STATES)}, return_dtype=pl.Int8),
        )  # fmt: skip


def _filled(text: str) -> pl.Expr:
    return (pl.col(text).str.strip_chars() != "").fill_null(value=False)


def _prompt(book: Book, days: Workdays) -> Iterator[Part]:
    """Rule 1: first answer, investigation, closing, no standstill."""
    as_of = pl.lit(book.night.as_of)
    tonight = pl.lit(datetime.combine(book.night.as_of, time(23, 59)), pl.Datetime("ms"))
    hours = days.hours(pl.col("received_at"), pl.col("acknowledged_at").fill_null(tonight)).round(9)
    most = pl.when(pl.col("severity") >= MAJOR).then(ACKNOWLEDGE_MAJOR_HOURS).otherwise(ACKNOWLEDGE_HOURS)
    looked = days.number(pl.col("investigated_on").fill_null(as_of)) - days.number(pl.col("received_on"))
    answered, investigated = pl.col("acknowledged_at").is_not_null(), pl.col("investigated_at").is_not_null()
    yield Part(
        1, "acknowledged", hours > most, answered, known=pl.col("has_acknowledged_at"), measured=hours, limit=most
    )
    yield Part(
        1, "investigated", looked > INVESTIGATE_WORKDAYS, investigated, known=pl.col("has_investigated_at"),
        measured=looked, limit=pl.lit(INVESTIGATE_WORKDAYS),
    )  # fmt: skip
    open_days, closed = pl.col("days_open"), ~pl.col("is_open")
    yield Part(1, "closed", pl.col("overdue"), closed, measured=open_days, limit=pl.col("deadline_days"))
    seen = pl.lit(book.connected("interactions") and book.connected("undertakings"))
    short = pl.col("gap") <= GAP_WORKDAYS
    yield Part(1, "gap", ~short, closed, known=seen | short, measured=pl.col("gap"), limit=pl.lit(GAP_WORKDAYS))


def _manner(book: Book) -> Iterator[Part]:
    """Rules 2 to 5, 7 and 9: how it was spoken of; most of it leaves no record."""
    closed = ~pl.col("is_open")
    for code in ("apology_given", "restated"):
        yield Part(2, code, ~pl.col(code), pl.col(code).is_not_null() | closed)
    for rule in (3, 9):
        yield Part(rule, "uncheckable", _NO, applies=_NO)
    decided, blamed = pl.col("fault") != "undecided", pl.col("fault") == "client"
    early = (pl.col("fault_decided_at") < pl.col("investigated_at")) | pl.col("investigated_at").is_null()
    yield Part(4, "blamed", early, applies=blamed, known=pl.col("has_investigated_at"))
    yield Part(4, "facts", decided & ~_filled("facts"), decided, known=pl.col("has_facts"))
    recent = within("received_on", book.night.as_of, YEAR)
    yield Part(
        5, "channels", pl.col("branch_channels") < CHANNELS, applies=recent & (pl.col("branch_complaints") >= LEAST),
        measured=pl.col("branch_channels"), limit=pl.lit(CHANNELS),
    )  # fmt: skip
    solved = pl.col("resolved_at").is_not_null() | closed
    yield Part(7, "consulted", ~pl.col("consulted"), pl.col("consulted").is_not_null() | solved)


def _kept_word(book: Book) -> Iterator[Part]:
    """Rule 6: promises about the complaint."""
    promised = pl.when(pl.lit(book.connected("undertakings", "rm_promise"))).then(pl.col("promises") > 0)
    late, money = pl.col("promises_late"), pl.col("promises_money") > 0
    yield Part(6, "promises", late > 0, pl.col("promises_open") == 0, promised, measured=late, limit=pl.lit(0))
    over, unsure = pl.col("promises_over"), pl.col("promises_unsure") > 0
    broken = pl.when((over > 0) | ~unsure).then(over > 0)
    yield Part(6, "authority", broken, applies=promised & money, measured=over, limit=pl.lit(0))


def _afterwards(book: Book, days: Workdays) -> Iterator[Part]:
    """Rules 8, 10, 12, 13: after the complaint was closed."""
    as_of, closed = pl.lit(book.night.as_of), ~pl.col("is_open")
    since = days.number(as_of) - days.number(pl.col("closed_on"))
    thanked = (days.number(pl.col("thanked_on").fill_null(as_of)) - days.number(pl.col("closed_on"))).clip(0)
    yield Part(
        8, "thanked", thanked > AFTER_WORKDAYS, closed & pl.col("thanked_on").is_not_null(),
        known=pl.col("has_thanked_on"), measured=thanked, limit=pl.lit(AFTER_WORKDAYS),
    )  # fmt: skip
    over = pl.col("closed_on") + pl.duration(days=SPAN) < as_of
    met = pl.lit(book.connected("interactions"))
    for code, who in (("complainant", pl.col("contact_id").is_not_null()), ("client", _YES)):
        before, after = pl.col(f"{code}_before"), pl.col(f"{code}_after")
        fewer = (before > 0) & (after < CONTACT_SHARE * before) & (contacts.poisson(after, before) <= CHANCE)
        share = ratio(after, before)
        yield Part(10, code, over & fewer, over, who, met, share, pl.lit(CONTACT_SHARE))
    missing = (pl.col("root_cause").fill_null("unknown") == "unknown") | ~_filled("corrective")
    late = closed & missing & (since > AFTER_WORKDAYS)
    recorded = pl.col("has_root_cause") & pl.col("has_corrective")
    waits = pl.when(missing).then(since)
    yield Part(12, "summary", late, closed & ~missing, known=recorded, measured=waits, limit=pl.lit(AFTER_WORKDAYS))
    agreed = pl.when(pl.lit(book.connected("undertakings", "corrective_action"))).then(pl.col("correctives") > 0)
    overdue, done = pl.col("corrective_late"), pl.col("corrective_open") == 0
    yield Part(12, "corrective", overdue > 0, done, agreed, measured=overdue, limit=pl.lit(0))
    for at, plan in enumerate(FOLLOW_UPS):
        row = pl.col("follow_ups").list.get(at, null_on_oob=True).struct
        took = (row.field("held_on") - pl.col("closed_on")).dt.total_days()
        missed, held = row.field("state") == "missed", row.field("state") == "held"
        yield Part(13, f"follow_up_{plan}", missed, held, known=met, measured=took, limit=pl.lit(plan))


def _learned(book: Book, days: Workdays) -> Iterator[Part]:
    """Rules 11, 14 and 15: not again, an eye on the client, word to the risk department."""
    as_of = pl.lit(book.night.as_of)
    recent = within("received_on", book.night.as_of, YEAR)
    now, before = pl.col("similar_365"), pl.col("similar_before")
    by_chance = pl.when(before > 0).then(1 - contacts.poisson(now - 1, before)).otherwise(0.0) > CHANCE
    rising = (now >= LEAST) & (now > before) & ~by_chance
    yield Part(11, "repeat", pl.col("is_repeat"))
    yield Part(11, "rising", rising, applies=recent, known=pl.col("two_years"), measured=now, limit=before)
    complex_one, over = pl.col("severity") >= COMPLEX, pl.col("received_on") + pl.duration(days=SPAN) < as_of
    duty = complex_one & (pl.col("reporting_freq") != "none")
    filed, roles, seen = pl.col("filed"), pl.col("roles_confirmed"), pl.col("observed")
    has = {name: book.connected(name) for name in ("statements", "party_links", "interactions")}
    watched = pl.lit(has["interactions"] and book.connected("events", "observation")) | seen
    yield Part(14, "statement", over & ~filed, over | filed, duty, pl.lit(has["statements"]))
    yield Part(14, "roles", over & ~roles, over | roles, complex_one, pl.lit(has["party_links"]))
    yield Part(14, "observation", over & ~seen, over | seen, complex_one, watched)
    told = days.number(pl.col("risk_told_on").fill_null(as_of)) - days.number(pl.col("received_on"))
    credit = pl.col("product").is_in(CREDIT_LINES).fill_null(value=False)
    risky = credit | pl.col("risk_level").is_in(AT_RISK)
    yield Part(
        15, "risk_told", told > TELL_WORKDAYS, pl.col("risk_told_on").is_not_null(), complex_one & risky,
        pl.col("has_risk_told_on"), told, pl.lit(TELL_WORKDAYS),
    )  # fmt: skip


def measure(book: Book, days: Workdays, cards: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """SCHEMA: every complaint of `cards` and every rule once, sorted. `made`: the undertakings about complaints."""
    facts = facts_of(book, days, cards, made).collect().lazy()
    parts = [*_prompt(book, days), *_manner(book), *_kept_word(book), *_afterwards(book, days), *_learned(book, days)]
    rows = pl.concat([part.rows(facts).with_columns(order=pl.lit(at)) for at, part in enumerate(parts)])
    checked = pl.col("rule").replace_strict(CHECKED, return_dtype=pl.String)
    # the two rules nobody can check apply to every complaint
    state = pl.when(pl.col("checked") == NO).then(pl.lit("uncheckable")).otherwise("state")
    return (
        rows.sort("complaint_id", "rule", "rank", "order")
        .group_by("complaint_id", "rule", maintain_order=True)
        .agg(pl.col("client_id", "state", "measured", "limit", "part").first())
        .with_columns(checked=checked)
        .with_columns(state=state, part=pl.when(pl.col("checked") != NO).then("part"))
        .select(SCHEMA.names())
        .sort("complaint_id", "rule")
    )
