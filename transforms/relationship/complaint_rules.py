"""The fifteen rules for handling complaints: what the records of each complaint show of them (input-model.md 9.4).

Eight rules are checked in full, five in part, two cannot be (words and thoughts leave no record). A rule is one or more
parts; the state of the rule is that of its worst part, and `part`, `measured`, `limit` are of the first part in that state.
Ours, where the text leaves it open:
- unknown: a table the part reads, or a column nobody ever fills, does not come. A blank in a column others fill means it was
  not done. Blank answers (apology, repeated back, asked) of a complaint past that step are unknown too.
- 1 The longest gap runs over the complaint's own steps, undertakings about it, and contacts with the client for a complaint
  or a problem. 4 A conclusion needs facts; one against the client also the finished investigation. 5 The branch needs five
  complaints in 365 days. 6 A promise open past its due day was not kept.
- 10 Sixty days before the day of receipt, sixty after the day of closing; with nobody met before there is nothing to keep up.
- 11 Rising is asked of complaints of the last 365 days, with five alike in them, known for two years, and more than chance
  makes of last year's (as in rule 10). 12 When a cause was written down is not recorded: it is late once ten days are over.
- 14 Within sixty days: no statement the client owes is outstanding; a link of a person to the client was recorded; an
  observation or an inspection on site. 15 At risk is tonight's level A, R or N; families that are credit lines below.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import ratio, within
from transforms.features import contacts, statements
from transforms.relationship.book import Book
from transforms.workdays import Workdays

FULL, PART, NO = "full", "part", "no"
CHECKED = {
    **dict.fromkeys((1, 6, 10, 11, 12, 13, 14, 15), FULL), **dict.fromkeys((2, 4, 5, 7, 8), PART),
    **dict.fromkeys((3, 9), NO),
}  # fmt: skip
STATES = ("failed", "open", "unknown", "kept", "not_applicable", "uncheckable")  # the worst first
ACKNOWLEDGE_HOURS, ACKNOWLEDGE_MAJOR_HOURS, MAJOR = 4, 2, 3  # working hours; severity
INVESTIGATE_WORKDAYS, GAP_WORKDAYS, AFTER_WORKDAYS, TELL_WORKDAYS = 5, 5, 10, 10
COMPLEX, YEAR, SPAN = 2, 365, 60
CHANNELS, LEAST = 2, 5  # channels of a branch; complaints below which nothing is said
CONTACT_SHARE, CHANCE = 0.8, 0.10
FOLLOW_UPS = (30, 90, 180)  # days after closing
ABOUT = ("complaint_followup", "problem_solving")
POSTS = ("contact_of", "employee_of", *events.KEY_POSTS)
AT_RISK = ("A", "R", "N")
CREDIT_LINES = ("working_capital", "fixed_asset", "trade_finance", "bills", "guarantee_lc")
SCHEMA = pl.Schema(
    {
        "complaint_id": pl.String(),
        "rule": pl.Int64(),  # 1 to 15
        "checked": pl.String(),  # full, part, no
        "state": pl.String(),  # kept, failed, open (not due yet), unknown, not_applicable, uncheckable
        "measured": pl.Float64(),
        "limit": pl.Float64(),
        "part": pl.String(),  # what measured and limit are of
    }
)
_STEPS = ("received_on", "acknowledged_on", "investigated_on", "decided_on", "resolved_on", "closed_on")
_RECORDED = (  # blank everywhere: the bank keeps no such record
    "acknowledged_at", "investigated_at", "facts", "thanked_on", "root_cause", "corrective", "risk_told_on",
)  # fmt: skip
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
        """complaint_id, rule, rank of the state in STATES, measured, limit, part."""
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
            "complaint_id", rule=pl.lit(self.rule, pl.Int64), state=state, part=pl.lit(self.code),
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


def _met(book: Book, cards: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, on, channel, purpose, people of contacts held with clients that complained."""
    people = pl.concat_list("contact_id", pl.col("other_contacts").fill_null(pl.lit([], pl.List(pl.String))))
    return (
        contacts.done(book.night, book.table("interactions"))
        .join(cards.select("client_id").unique(), on="client_id", how="semi")
        .select("client_id", "on", "channel", "purpose", people=people)
        .collect()
        .lazy()
    )


def _before_and_after(cards: pl.LazyFrame, met: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id and contacts before receipt and after closing, with the client and with the person who complained."""
    received, closed, on = pl.col("received_on"), pl.col("closed_on"), pl.col("on")
    before = on.is_between(received.dt.offset_by(f"-{SPAN}d"), received, closed="left")
    after = on.is_between(closed, closed.dt.offset_by(f"{SPAN}d"), closed="right")
    there = pl.col("people").list.contains(pl.col("contact_id"), nulls_equal=False).fill_null(value=False)
    counts = {"client_before": before, "client_after": after}
    counts |= {"complainant_before": before & there, "complainant_after": after & there}
    return (
        cards.filter(~pl.col("is_open"))
        .select("complaint_id", "client_id", "contact_id", "received_on", "closed_on")
        .join(met.select("client_id", "on", "people"), on="client_id")
        .filter(before | after)
        .group_by("complaint_id")
        .agg(counted.sum().cast(pl.Int64).alias(name) for name, counted in counts.items())
    )


def _gaps(book: Book, days: Workdays, cards: pl.LazyFrame, met: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, gap: the longest run of working days without anything done about the complaint while it was open."""
    end = pl.col("closed_on").fill_null(pl.lit(book.night.as_of))
    spans = cards.select("complaint_id", "client_id", "received_on", end=end)
    steps = cards.select("complaint_id", on=pl.concat_list(*_STEPS, end)).explode(
        "on", empty_as_null=True, keep_nulls=True
    )
    acts = made.select("complaint_id", on=pl.concat_list("made_on", "first_action_on", "done_on", "told_client_on"))
    talks = (
        met.filter(pl.col("purpose").is_in(ABOUT))
        .join(spans, on="client_id")
        .filter(pl.col("on").is_between(pl.col("received_on"), pl.col("end")))
        .select("complaint_id", "on")
    )
    every = [steps, acts.explode("on", empty_as_null=True, keep_nulls=True), talks]
    return (
        pl.concat([rows.filter(pl.col("on").is_not_null()) for rows in every])
        .join(spans.select("complaint_id", "received_on", "end"), on="complaint_id")
        .filter(pl.col("on").is_between(pl.col("received_on"), pl.col("end")))
        .with_columns(number=days.number(pl.col("on")))
        .group_by("complaint_id")
        .agg(gap=pl.col("number").unique().sort().diff().max().fill_null(0))
    )


def _channels(book: Book, cards: pl.LazyFrame) -> pl.LazyFrame:
    """branch_id, branch_complaints, branch_channels of 365 days."""
    return (
        cards.filter(within("received_on", book.night.as_of, YEAR))
        .group_by("branch_id")
        .agg(
            branch_complaints=pl.len().cast(pl.Int64),
            branch_channels=pl.col("channel").n_unique().cast(pl.Int64),
        )
    )


def _watched(book: Book, cards: pl.LazyFrame, met: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, roles_confirmed, observed: true for those of severity 2 and more where it was done within 60 days."""
    as_of = book.night.as_of
    looked = events.known(book, "observation").select("client_id", on="happened_on")
    sites = met.filter(pl.col("channel") == "site_inspection").select("client_id", "on")
    links = book.table("party_links").filter(pl.col("relation").is_in(POSTS), pl.col("recorded_on") <= as_of)
    done = {
        "roles_confirmed": links.select(client_id="to_id", on="recorded_on"),
        "observed": pl.concat([looked, sites]),
    }
    heavy = cards.filter(pl.col("severity") >= COMPLEX).select("complaint_id", "client_id", "received_on")
    frame = heavy.select("complaint_id")
    first, last = pl.col("received_on"), pl.col("received_on").dt.offset_by(f"{SPAN}d")
    for name, rows in done.items():
        found = heavy.join(rows, on="client_id").filter(pl.col("on").is_between(first, last))
        frame = frame.join(
            found.group_by("complaint_id").agg(pl.lit(value=True).alias(name)), on="complaint_id", how="left"
        )
    return frame


def _filed(book: Book, cards: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, filed: nothing owed was outstanding 60 days after a complaint of severity 2, or at T when that is first."""
    as_of = book.night.as_of
    check = pl.min_horizontal(pl.col("received_on").dt.offset_by(f"{SPAN}d"), pl.lit(as_of))
    heavy = cards.filter(pl.col("severity") >= COMPLEX).select(
        "complaint_id", "client_id", "reporting_freq", "relationship_start", check=check
    )
    owed = (
        heavy.join(statements.expected(book.night).lazy(), on="reporting_freq")
        .filter(pl.col("due_on") < pl.col("check"))
        .filter((pl.col("period_end") >= pl.col("relationship_start")).fill_null(value=True))
        .group_by("complaint_id")
        .agg(owed=pl.col("period_end").max())
    )
    sent = book.table("statements").select("received_on", "period_end", client_id="party_id")
    have = (
        heavy.join(sent, on="client_id")
        .filter(pl.col("received_on") <= pl.col("check"))
        .group_by("complaint_id")
        .agg(have=pl.col("period_end").max())
    )
    up_to_date = pl.col("owed").is_null() | (pl.col("have") >= pl.col("owed")).fill_null(value=False)
    return (
        heavy.select("complaint_id")
        .join(owed, on="complaint_id", how="left")
        .join(have, on="complaint_id", how="left")
        .select("complaint_id", filed=up_to_date)
    )


def _facts(book: Book, days: Workdays, cards: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """`cards` with everything the parts read; counts without a row are 0, flags false."""
    met = _met(book, cards)
    steps = {"acknowledged": "acknowledged_at", "investigated": "investigated_at", "decided": "fault_decided_at"}
    days_of = {f"{name}_on": pl.col(at).dt.date() for name, at in (steps | {"resolved": "resolved_at"}).items()}
    first = pl.lit(book.night.as_of - timedelta(days=2 * YEAR + 1))
    facts = cards.with_columns(
        *(pl.col(name).is_not_null().any().alias(f"has_{name}") for name in _RECORDED),
        **days_of,
        two_years=pl.col("received_on").min() <= first,
    )
    risk = book.assessments.select("client_id", pl.col("risk_level").cast(pl.String))
    on_id = (
        _before_and_after(cards, met), _gaps(book, days, facts, met, made),
        _watched(book, cards, met), _filed(book, cards),
    )  # fmt: skip
    for rows in on_id:
        facts = facts.join(rows, on="complaint_id", how="left")
    facts = facts.join(_channels(book, cards), on="branch_id", how="left", nulls_equal=True)
    counts = [f"{who}_{when}" for who in ("client", "complainant") for when in ("before", "after")]
    flags = ("roles_confirmed", "observed", "filed")
    return facts.join(risk, on="client_id", how="left").with_columns(
        pl.col(counts).fill_null(0), pl.col(flags).fill_null(value=False)
    )


def measure(book: Book, days: Workdays, cards: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """SCHEMA: every complaint of `cards` and every rule once, sorted. `made`: the undertakings about complaints."""
    facts = _facts(book, days, cards, made).collect().lazy()
    parts = [*_prompt(book, days), *_manner(book), *_kept_word(book), *_afterwards(book, days), *_learned(book, days)]
    rows = pl.concat([part.rows(facts).with_columns(order=pl.lit(at)) for at, part in enumerate(parts)])
    checked = pl.col("rule").replace_strict(CHECKED, return_dtype=pl.String)
    # the two rules nobody can check apply to every complaint
    state = pl.when(pl.col("checked") == NO).then(pl.lit("uncheckable")).otherwise("state")
    return (
        rows.sort("complaint_id", "rule", "rank", "order")
        .group_by("complaint_id", "rule", maintain_order=True)
        .agg(pl.col("state", "measured", "limit", "part").first())
        .with_columns(checked=checked)
        .with_columns(state=state, part=pl.when(pl.col("checked") != NO).then("part"))
        .select(SCHEMA.names())
        .sort("complaint_id", "rule")
    )
