"""What asks for maintenance methods 1, 2, 3 and 6: contacts, thanks, visits (input-model.md 9.5).

Methods 4, 5 and 8 stand in method_business.py, 7 and 9 to 12 in method_occasions.py. Each function yields ASKS: who, about
what, by when and the facts; what is to be done stands in methods.py. Ours, where the source leaves it open:

- Never met: the rhythms count from the main RM's start. What happened once (a visit, a success, a statement) asks for five
  working days, then it is too late to be warm.
- A record is late when a planned contact is over by more than one working day and nobody's contact is on file since (30 days
  back), or when one recorded that late arrived within the last working day.
- A changed role is a link contact_of recorded in five working days beside an ended one of the same person with another
  function or role. EXT findings first seen this month stand for the changes of industry series: their rows read them.
- Settled without arrears: none in any of the loan's states. Early: ten days before the day owed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import polars as pl

from transforms.arithmetic import within
from transforms.features import contacts
from transforms.relationship.book import Book
from transforms.relationship.fits import fitting
from transforms.relationship.people import contacts_of
from transforms.relationship.visit_triggers import (
    ALERT_WORKDAYS,
    IN_PERSON,
    RED_WORKDAYS,
    VISIT_RHYTHM,
    made,
)
from transforms.workdays import Workdays

READS = (
    "interactions", "party_links", "loans", "loan_status", "statements", "complaints", "assignments", "calendar",
)  # fmt: skip
VISITS = ("visit", "site_inspection", "bank_visit")
SPOKEN = ("phone", "video", "message", "email", "letter")
BEST = ("A", "B")  # grades
WARM_WORKDAYS = 5  # ours
THANKS_WORKDAYS, CARE_WORKDAYS = 2, 3  # methods 2, 3
HELP_WORKDAYS = 10  # rule 14 of complaints: those who helped are thanked by then
MISSING_DAYS, EARLY_DAYS = 30, 10  # ours
ROLE_WORKDAYS, NOTE_WORKDAYS = 5, 10  # method 1
SOON_DAYS = 10  # method 6
SOON_WORKDAYS = 5  # ours, where no contact is planned
ASKS = pl.Schema(
    {
        "client_id": pl.String(),
        "trigger": pl.String(),
        "due_on": pl.Date(),
        "owner_id": pl.String(),  # null: the main RM
        "contact_id": pl.String(),
        "about_kind": pl.String(),
        "about_id": pl.String(),
        "family": pl.String(),
        "facts": pl.String(),  # JSON
    }
)
CARDS = {
    "complaint_id": pl.String(), "client_id": pl.String(), "contact_id": pl.String(), "handler_id": pl.String(),
    "severity": pl.Int64(), "is_open": pl.Boolean(), "closed_on": pl.Date(), "next_follow_up_on": pl.Date(),
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the triggers share."""

    book: Book
    days: Workdays
    who: pl.LazyFrame  # client_id, grade, rm_id, since, soon and what else of the panel they need
    held: pl.LazyFrame  # contacts held and recorded by T, with the day `on`

    @classmethod
    def of(cls, book: Book) -> "Known":
        """`soon`: the next planned contact, else five working days on."""
        days = Workdays.of(book)
        panel = book.panel.select(
            "client_id", "rm_id", "rm_since", "last_contact_on", "contact_cadence", "next_planned_on", "opout_12",
            "region_code", grade="tier_used",
        )  # fmt: skip
        masters = book.clients.select("client_id", "relationship_start", "tier", "tier_set_on", "anniversary_mmdd")
        soon = pl.coalesce("next_planned_on", days.after(pl.lit(book.night.as_of), SOON_WORKDAYS))
        who = masters.join(panel, on="client_id", how="left").with_columns(
            since=pl.coalesce("rm_since", "relationship_start"), soon=soon
        )
        held = contacts.done(book.night, book.table("interactions"))
        mine = held.join(book.clients.select("client_id"), on="client_id", how="semi")
        return cls(book, days, who.collect().lazy(), mine.collect().lazy())

    @cached_property
    def people(self) -> pl.LazyFrame:
        """The clients' people (people.SCHEMA)."""
        return contacts_of(self.book).collect().lazy()

    @cached_property
    def fits(self) -> pl.LazyFrame:
        """The products that suit each client (fits.FITTING)."""
        return fitting(self.book).collect().lazy()

    def age(self, day: str) -> pl.Expr:
        """Working days from that day to tonight."""
        return self.days.number(pl.lit(self.book.night.as_of)) - self.days.number(pl.col(day))

    def just(self, day: str, count: int) -> pl.Expr:
        """Whether that day is not after tonight and at most so many working days ago."""
        return (pl.col(day) <= self.book.night.as_of) & (self.age(day) <= count)

    def undone(self, rows: pl.LazyFrame, since: str, done: pl.Expr, same_day: bool = False) -> pl.LazyFrame:
        """Rows of clients with whom nothing that counts as `done` was held after that day, or from it on."""
        newest = self.held.filter(done).group_by("client_id").agg(__done=pl.col("on").max())
        over = pl.col("__done") >= pl.col(since) if same_day else pl.col("__done") > pl.col(since)
        return rows.join(newest, on="client_id", how="left").filter(~over.fill_null(value=False)).drop("__done")


def asked(rows: pl.LazyFrame, trigger: str, facts: Sequence[str], **columns: pl.Expr | str) -> pl.LazyFrame:
    """ASKS of rows with client_id: `facts` the columns to show, `columns` those of ASKS (an expression or a name)."""
    nothing = {name: pl.lit(None, dtype) for name, dtype in ASKS.items()} | {"about_kind": pl.lit("none")}
    shown = pl.struct(sorted(facts)).struct.json_encode()
    given = {**nothing, "client_id": pl.col("client_id"), "trigger": pl.lit(trigger), "facts": shown, **columns}
    return rows.select(
        (pl.col(value) if isinstance(value, str) else value).cast(ASKS[name]).alias(name)
        for name, value in given.items()
    )


def first(rows: pl.LazyFrame, *by: str, last: bool = False) -> pl.LazyFrame:
    """One row per client: the first by those columns, or the last."""
    order = rows.sort("client_id", *by, nulls_last=not last)
    return order.unique("client_id", keep="last" if last else "first", maintain_order=True)


def triggers(known: Known) -> Iterator[pl.LazyFrame]:
    """ASKS of methods 1, 2, 3 and 6, each a frame."""
    yield from _rhythms(known)
    yield from (_late_records(known), _roles(known), _market(known))
    yield from _warm(known)
    yield from _signals(known)
    yield _follow_ups(known)


def _rhythms(known: Known) -> Iterable[pl.LazyFrame]:
    """Contact by the grade, over; a visit by the grade, over within ten days."""
    if not known.book.connected("interactions"):
        return
    as_of = known.book.night.as_of
    visited = known.held.filter(pl.col("channel").is_in(IN_PERSON)).group_by("client_id")
    who = known.who.join(visited.agg(last_visit_on=pl.col("on").max()), on="client_id", how="left").with_columns(
        contact_days=pl.col("contact_cadence").cast(pl.Int64),
        visit_days=pl.col("grade").replace_strict(VISIT_RHYTHM, default=None, return_dtype=pl.Int64),
    )
    for trigger, last, days, ahead in (
        ("contact_rhythm", "last_contact_on", "contact_days", 0),
        ("visit_rhythm", "last_visit_on", "visit_days", SOON_DAYS),
    ):
        ends = pl.coalesce(last, "since") + pl.duration(days=pl.col(days))
        over = who.with_columns(ends=ends).filter(pl.col("ends") <= as_of + timedelta(days=ahead))
        yield asked(over, trigger, ("grade", last, days), due_on="ends")


def _late_records(known: Known) -> pl.LazyFrame:
    as_of = known.book.night.as_of
    recorded = pl.col("recorded_at").dt.date()
    planned = (
        known.book.table("interactions")
        .filter(recorded <= as_of, pl.col("status") == "planned", within("planned_on", as_of, MISSING_DAYS))
        .filter(known.age("planned_on") > 1)
        .with_columns(happened_on="planned_on", due=known.days.after(pl.col("planned_on"), 3))
    )
    missing = known.undone(planned, "planned_on", pl.lit(value=True), same_day=True)
    late = (
        known.held.with_columns(recorded_on=recorded, happened_on="on")
        .filter(known.just("recorded_on", 1), known.age("on") - known.age("recorded_on") > 1)
        .with_columns(due=known.days.after(pl.col("recorded_on"), 1))
    )
    columns = ("client_id", "interaction_id", "staff_id", "contact_id", "happened_on", "status", "due")
    rows = first(pl.concat([missing.select(columns), late.select(columns)]), "happened_on", "interaction_id", last=True)
    return asked(
        rows, "late_record", ("happened_on", "status"), due_on="due", owner_id="staff_id", contact_id="contact_id",
        about_kind=pl.lit("interaction"), about_id="interaction_id",
    )  # fmt: skip


def _roles(known: Known) -> pl.LazyFrame:
    as_of = known.book.night.as_of
    links = known.book.table("party_links").filter(pl.col("relation") == "contact_of", pl.col("recorded_on") <= as_of)
    ended = (pl.col("end_on") <= as_of).fill_null(value=False)
    said, person = ("function", "decision_role"), ["from_id", "to_id"]
    before = links.filter(ended).select(*person, *(pl.col(name).alias(f"{name}_before") for name in said))
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in said)
    rows = (
        links.filter(~ended, known.just("recorded_on", ROLE_WORKDAYS))
        .join(before, on=person)
        .filter(differs)
        .rename({"to_id": "client_id", "from_id": "person"})
        .sort("client_id", "person", "recorded_on", "link_id", "decision_role_before", "function_before")
        .unique(("client_id", "person"), keep="last", maintain_order=True)
    )
    people = pl.concat_list("contact_id", pl.col("other_contacts").fill_null(pl.lit([], pl.List(pl.String))))
    met = known.held.filter("two_way").select("client_id", "on", person=people)
    seen = (
        met.explode("person", empty_as_null=True, keep_nulls=True)
        .group_by("client_id", "person")
        .agg(seen_on=pl.col("on").max())
    )
    unseen = rows.join(seen, on=["client_id", "person"], how="left").filter(
        (pl.col("seen_on") >= pl.col("recorded_on")).fill_null(value=False).not_()
    )
    return asked(
        unseen, "role_changed", ("recorded_on", "function", "decision_role"), contact_id="person",
        due_on=known.days.after(pl.col("recorded_on"), ROLE_WORKDAYS), about_kind=pl.lit("contact"), about_id="person",
    )  # fmt: skip


def _standing(known: Known) -> pl.LazyFrame:
    """Findings shown tonight: client_id, signal_id, level, first_seen, since (tonight where new or worse)."""
    since = pl.when(pl.col("change").is_in(["new", "worse"])).then(known.book.night.as_of).otherwise("first_seen")
    shown = known.book.findings.filter(pl.col("state").cast(pl.String) == "standing")
    return shown.select("client_id", "signal_id", "first_seen", since=since, level=pl.col("level").cast(pl.String))


def _market(known: Known) -> pl.LazyFrame:
    month = known.book.night.as_of.replace(day=1)
    new = (
        _standing(known)
        .filter(pl.col("signal_id").str.starts_with("EXT"), pl.col("first_seen") >= month)
        .join(known.who.filter(pl.col("grade").is_in(BEST)).select("client_id", "grade"), on="client_id")
        .sort("client_id", "first_seen", "signal_id")
        .group_by("client_id", maintain_order=True)
        .agg(pl.col("first_seen", "signal_id", "grade").first(), signals=pl.col("signal_id").sort())
    )
    note = (pl.col("purpose") == "information") | pl.col("channel").is_in(["message", "email", "letter"])
    unsent = known.undone(new, "first_seen", note & (pl.col("initiator") == "bank"))
    due = known.days.after(pl.col("first_seen"), NOTE_WORKDAYS)
    return asked(
        unsent, "market_change", ("grade", "first_seen", "signals"), due_on=due, about_kind=pl.lit("signal"),
        about_id="signal_id",
    )  # fmt: skip


def _warm(known: Known) -> Iterable[pl.LazyFrame]:
    """Thanks after a visit, a success, a loan settled, a statement early, help in a complaint."""
    ours, thanked = pl.col("initiator") == "bank", pl.col("purpose") == "thank_you"
    visit, success = pl.col("channel").is_in(VISITS), pl.col("outcome").is_in(["signed", "commitment"])
    for trigger, which, done, count in (
        ("visit_held", visit, ours & pl.col("channel").is_in(["phone", "message", "email"]), THANKS_WORKDAYS),
        ("success", success, ours & thanked, CARE_WORKDAYS),
    ):
        newest = first(known.held.filter(which), "started_at", "interaction_id", last=True).with_columns(held_on="on")
        lately = known.undone(newest, "held_on", done).filter(known.just("held_on", WARM_WORKDAYS))
        yield asked(
            lately, trigger, ("held_on", "channel", "outcome"), due_on=known.days.after(pl.col("held_on"), count),
            owner_id="staff_id", contact_id="contact_id", about_kind=pl.lit("interaction"), about_id="interaction_id",
        )  # fmt: skip
    for trigger, kind, rows in (("loan_settled", "loan", _settled(known)), ("filed_early", "statement", _early(known))):
        unthanked = known.undone(rows, "on_day", ours & thanked)
        due = known.days.after(pl.col("on_day"), CARE_WORKDAYS)
        yield asked(unthanked, trigger, ("on_day",), due_on=due, about_kind=pl.lit(kind), about_id="id")
    helped = made(known.book, "complaint_cards", CARDS).filter(
        known.just("closed_on", HELP_WORKDAYS), pl.col("contact_id").is_not_null()
    )
    as_of = known.book.night.as_of
    told = known.book.table("complaints").filter(pl.col("thanked_on") <= as_of).select("complaint_id")
    yield asked(
        helped.join(told, on="complaint_id", how="anti"), "helped_in_complaint", ("closed_on", "severity"),
        due_on=known.days.after(pl.col("closed_on"), CARE_WORKDAYS), owner_id="handler_id", contact_id="contact_id",
        about_kind=pl.lit("complaint"), about_id="complaint_id",
    )  # fmt: skip


def _settled(known: Known) -> pl.LazyFrame:
    """client_id, id, on_day: the client's last loan settled lately that never was in arrears."""
    arrears = (pl.col("overdue_principal") > 0) | (pl.col("overdue_interest") > 0)
    loans = (
        known.book.table("loan_status")
        .filter(pl.col("as_of") <= known.book.night.as_of)
        .group_by(id="loan_id")
        .agg(
            on_day=pl.col("as_of").filter(pl.col("state") == "settled").min(),
            clean=arrears.fill_null(value=True).any().not_(),
        )
        .filter("clean", known.just("on_day", WARM_WORKDAYS))
        .join(known.book.table("loans").select("client_id", id="loan_id"), on="id")
    )
    return first(loans, "on_day", "id", last=True)


def _early(known: Known) -> pl.LazyFrame:
    """client_id, id, on_day: the client's last statement received lately and long before it was owed."""
    early = (pl.col("due_on") - pl.col("received_on")).dt.total_days() >= EARLY_DAYS
    rows = known.book.table("statements").filter(early, known.just("received_on", WARM_WORKDAYS))
    id = pl.format("{}|{}|{}|{}|{}", "party_id", "period_end", "period_type", "scope", "version")
    return first(rows.select(client_id="party_id", id=id, on_day="received_on"), "on_day", "id", last=True)


def _signals(known: Known) -> Iterable[pl.LazyFrame]:
    """Findings at A and R or N the client was not met about: a row each level, the earliest first."""
    rows = _standing(known).filter(pl.col("signal_id").str.starts_with("EXT").not_())
    unmet = known.undone(rows, "since", pl.col("two_way"))
    for trigger, levels, count in (("signal_alert", ["A"], ALERT_WORKDAYS), ("signal_red", ["R", "N"], RED_WORKDAYS)):
        each = (
            unmet.filter(pl.col("level").is_in(levels))
            .sort("client_id", "since", "signal_id")
            .group_by("client_id", maintain_order=True)
            .agg(pl.col("since", "signal_id").first(), signals=pl.col("signal_id").sort())
        )
        yield asked(
            each, trigger, ("since", "signals"), due_on=known.days.after(pl.col("since"), count),
            about_kind=pl.lit("signal"), about_id="signal_id",
        )  # fmt: skip


def _follow_ups(known: Known) -> pl.LazyFrame:
    last = known.book.night.as_of + timedelta(days=SOON_DAYS)
    due = made(known.book, "complaint_cards", CARDS).filter(pl.col("next_follow_up_on") <= last)
    return asked(
        due, "complaint_follow_up", ("closed_on", "severity"), due_on="next_follow_up_on", contact_id="contact_id",
        about_kind=pl.lit("complaint"), about_id="complaint_id",
    )  # fmt: skip
