"""What asks for a visit, by when and how urgently (input-model.md 8, table 11-5; 9.2, 9.3, 9.5).

Classes are the form's: 1 legal date or complaint of severity 3, 2 risk R or N, 3 risk A, complaint, overdue promise, 4 rhythm
overdue or relationship A, 5 occasion, 6 cross-sell. Ours, where the source leaves it open:

- A finding at A asks until the client was met after it was first seen, or got worse tonight. EXT rows never lift a client
  above W (reading G18): they ask nobody for a visit. Relationship at R is class 3, at A class 4.
- A client is due when its grade's contact rhythm ends or its own usual gap has passed, whichever is earlier, but its own
  gap counts no less than 14 days; and when the visit rhythm since the last meeting in person ends. Never met: counted from
  the main RM's start. Class 4 once the grade's rhythm is over, before that class 5.
- A day agreed at the last contact asks for that day: class 5 ahead, 4 when it has passed without a contact.
- Owed by either side, open and past its due day: class 3. A complaint asks for its closing date, then for each follow-up.
- Stopped using a product: class 4, silent once the client was met after the 90 days. A call after falling satisfaction:
  class 3, with a leader where it is about the RM; asking for satisfaction class 5.
- Suggestions of the methods: commercial ones class 6, the others 5; without a due day they ride along.
- No table names a legal date, so class 1 is severity 3 alone.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl

from transforms.features import contacts
from transforms.relationship.book import Book
from transforms.workdays import Workdays

READS = ("interactions", "undertakings", "assignments", "complaints", "survey_answers", "holdings", "calendar")
VISIT_RHYTHM: Mapping[str, int] = {"A": 60, "B": 90, "C": 180, "D": 365}  # days, section 9.2
IN_PERSON = ("visit", "site_inspection", "bank_visit", "banquet", "event")
OWN_GAP_AT_LEAST = 14  # days, ours: calls come closer than a visit is worth
ALERT_WORKDAYS, RED_WORKDAYS = 10, 3  # method 6
UNUSED_DAYS = 90  # section 9.3, stopped using
BANK_OWES = ("rm_promise", "service_request", "strengthening_action", "corrective_action")
CLIENT_OWES = ("covenant", "condition", "payment_promise", "capital_instalment")
SERIOUS = 3  # severity of a complaint
SENIOR_METHOD = 7
NO_CONTACT = ("update_record", "send_note")  # suggestions nobody has to be met for
METHODS: Mapping[int, tuple[str, str, str]] = {  # channel where no phone will do, purpose, goal
    1: ("visit", "information", "keep_informed"),
    2: ("visit", "thank_you", "show_appreciation"),
    3: ("visit", "thank_you", "show_appreciation"),
    4: ("visit", "problem_solving", "keep_promise"),
    5: ("visit", "product_offer", "offer_fitting_product"),
    6: ("visit", "routine_maintenance", "agree_next_date"),
    7: ("visit", "senior_exchange", "leaders_meet"),
    8: ("visit", "problem_solving", "act_first"),
    9: ("visit", "greeting", "show_appreciation"),
    10: ("banquet", "thank_you", "show_appreciation"),
    11: ("event", "greeting", "show_appreciation"),
    12: ("bank_visit", "information", "show_the_bank"),
}
TRIGGERS = pl.Schema(
    {
        "client_id": pl.String(),
        "trigger": pl.String(),  # signal id, row key, "method:5" or the trigger's own name
        "class": pl.Int64(),
        "due_on": pl.Date(),  # null: rides along with another visit
        "channel": pl.String(),  # phone where a call will do
        "purpose": pl.String(),
        "goal": pl.String(),
        "contact_id": pl.String(),  # whom it is about
        "senior": pl.Boolean(),  # a leader of the bank goes too
    }
)
COMPLAINTS = {
    "complaint_id": pl.String(), "client_id": pl.String(), "contact_id": pl.String(), "severity": pl.Int64(),
    "is_open": pl.Boolean(), "deadline": pl.Date(), "next_follow_up_on": pl.Date(),
}  # fmt: skip
SATISFACTION = {
    "client_id": pl.String(), "subject": pl.String(), "ask": pl.Boolean(), "ask_due_on": pl.Date(),
    "call_due_on": pl.Date(), "newest_on": pl.Date(),
}  # fmt: skip
STOPPED = {"client_id": pl.String(), "family": pl.String(), "last_used_on": pl.Date(), "visit_due_on": pl.Date()}
ACTIONS = {
    "client_id": pl.String(), "rank": pl.Int64(), "method": pl.Int64(), "action": pl.String(), "due_on": pl.Date(),
    "contact_id": pl.String(), "family": pl.String(), "commercial": pl.Boolean(), "by_phone": pl.Boolean(),
}  # fmt: skip


class Asks(NamedTuple):
    """What all triggers of one kind have in common."""

    channel: str
    purpose: str
    goal: str


def made(book: Book, name: str, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """Those columns of a relationship frame made before; without rows where it was not made."""
    if name not in book.done:
        return pl.LazyFrame(schema=dict(columns))
    return book.done[name].select(pl.col(column).cast(dtype) for column, dtype in columns.items())


def triggers(book: Book, workdays: Workdays) -> pl.LazyFrame:
    """TRIGGERS of the book's clients, each name once a client with its earliest day; sorted by client and trigger."""
    parts = [
        _signals(book, workdays),
        *_rhythms(book),
        _agreed(book),
        *_complaints(book),
        *_owed(book),
        *_satisfaction(book),
        _stopped(book),
        _suggested(book),
    ]
    every = pl.concat(parts).join(book.clients.select("client_id"), on="client_id", how="semi").collect().lazy()
    order = ("class", "due_on", "channel", "purpose", "contact_id", "senior")
    return (
        every.sort("client_id", "trigger", *order, nulls_last=True)
        .group_by("client_id", "trigger", maintain_order=True)
        .agg(pl.col("due_on").min(), pl.col("senior").any(), pl.exclude("due_on", "senior").first())
        .select(TRIGGERS.names())
    )


def _ask(rows: pl.LazyFrame, asks: Asks, weight: int | pl.Expr, **more: pl.Expr) -> pl.LazyFrame:
    """TRIGGERS of rows with client_id, trigger and due_on; `more` replaces what the kind has in common."""
    columns = {
        "class": pl.lit(weight) if isinstance(weight, int) else weight,
        **{name: pl.lit(value) for name, value in asks._asdict().items()},
        "contact_id": pl.lit(None),
        "senior": pl.lit(value=False),
        **more,
    }
    return rows.with_columns(**columns).select(pl.col(name).cast(dtype) for name, dtype in TRIGGERS.items())


def _signals(book: Book, workdays: Workdays) -> pl.LazyFrame:
    as_of = pl.lit(book.night.as_of)
    since = pl.when(pl.col("change").is_in(["new", "worse"])).then(as_of).otherwise("first_seen")
    level, ours = pl.col("level").cast(pl.String), pl.col("signal_id").str.starts_with("REL")
    days = pl.when(level == "A").then(ALERT_WORKDAYS).otherwise(RED_WORKDAYS)
    rows = (
        book.findings.filter(pl.col("state").cast(pl.String) == "standing", level.is_in(["A", "R", "N"]))
        .filter(pl.col("signal_id").str.starts_with("EXT").not_())
        .select("client_id", "change", "first_seen", trigger="signal_id", level=level, ours=ours, since=since)
        .with_columns(due_on=workdays.after(pl.col("since"), days))
    )
    weight = pl.when(pl.col("level") == "A").then(3).otherwise(2) + pl.col("ours").cast(pl.Int64)
    purpose = pl.when("ours").then(pl.lit("routine_maintenance")).otherwise(pl.lit("post_loan_check"))
    asks = Asks("visit", "post_loan_check", "understand_signal")
    return _ask(_unmet(book, rows, pl.col("since")), asks, weight, purpose=purpose)


def _unmet(book: Book, rows: pl.LazyFrame, since: pl.Expr) -> pl.LazyFrame:
    """Rows of clients without a two-way contact after that day."""
    met = (pl.col("last_contact_on") > since).fill_null(value=False)
    return rows.join(book.panel.select("client_id", "last_contact_on"), on="client_id", how="left").filter(~met)


def _rhythms(book: Book) -> Iterable[pl.LazyFrame]:
    """Contact by the grade or the client's own habit, meeting in person by the grade."""
    as_of = pl.lit(book.night.as_of)
    if not book.connected("interactions"):
        return
    start = pl.coalesce("rm_since", "relationship_start")
    columns = ("client_id", "last_contact_on", "rm_since", "tier_used", "contact_cadence", "contact_own_gap")
    who = (
        book.panel.select(columns)
        .join(book.clients.select("client_id", "relationship_start"), on="client_id")
        .join(_last_visit(book), on="client_id", how="left")
        .with_columns(visit=pl.col("tier_used").replace_strict(VISIT_RHYTHM, default=None, return_dtype=pl.Int64))
        .with_columns(
            met=pl.coalesce("last_contact_on", start),
            visited=pl.coalesce("last_visit_on", start),
            own=pl.col("contact_own_gap").clip(OWN_GAP_AT_LEAST).floor().cast(pl.Int64),
        )
        .with_columns(ends_on=_later("met", pl.col("contact_cadence").cast(pl.Int64)))
    )
    first = pl.when(pl.col("last_contact_on").is_null()).then(pl.lit("first_meeting"))
    purpose = first.otherwise(pl.lit("routine_maintenance"))
    weight = pl.when(pl.col("ends_on") < as_of).then(4).otherwise(5)
    kept = Asks("phone", "routine_maintenance", "agree_next_date")
    due = pl.min_horizontal("ends_on", _later("met", pl.col("own")))
    contact = who.filter(pl.col("ends_on").is_not_null()).with_columns(trigger=pl.lit("cadence"), due_on=due)
    yield _ask(contact, kept, weight, purpose=purpose)
    visit = who.with_columns(trigger=pl.lit("visit_rhythm"), due_on=_later("visited", pl.col("visit")))
    weight = pl.when(pl.col("due_on") < as_of).then(4).otherwise(5)
    yield _ask(
        visit.filter(pl.col("due_on").is_not_null()), kept._replace(channel="visit"), weight, purpose=purpose
    )  # fmt: skip


def _later(day: str, days: pl.Expr) -> pl.Expr:
    return pl.col(day) + pl.duration(days=days)


def _last_visit(book: Book) -> pl.LazyFrame:
    """client_id, last_visit_on: newest meeting in person."""
    held = contacts.done(book.night, book.table("interactions")).filter(pl.col("channel").is_in(IN_PERSON))
    return held.group_by("client_id").agg(last_visit_on=pl.col("on").max())


def _agreed(book: Book) -> pl.LazyFrame:
    newest = (
        contacts.done(book.night, book.table("interactions"))
        .filter("two_way")
        .group_by("client_id")
        .agg(pl.col("on", "next_on", "channel").sort_by("started_at", "interaction_id").last())
        .filter(pl.col("next_on") > pl.col("on"))
        .with_columns(trigger=pl.lit("agreed"), due_on="next_on")
    )
    channel = pl.when(pl.col("channel").is_in(IN_PERSON)).then(pl.lit("visit")).otherwise(pl.lit("phone"))
    weight = pl.when(pl.col("due_on") < book.night.as_of).then(4).otherwise(5)
    return _ask(newest, Asks("phone", "routine_maintenance", "keep_promise"), weight, channel=channel)


def _complaints(book: Book) -> Iterable[pl.LazyFrame]:
    cards = made(book, "complaint_cards", COMPLAINTS).with_columns(trigger=pl.format("complaints:{}", "complaint_id"))
    weight, whom = pl.when(pl.col("severity") >= SERIOUS).then(1).otherwise(3), pl.col("contact_id")
    unsettled = cards.filter("is_open").with_columns(due_on="deadline")
    yield _ask(unsettled, Asks("visit", "problem_solving", "settle_complaint"), weight, contact_id=whom)
    settled = cards.filter(pl.col("is_open").not_(), pl.col("next_follow_up_on").is_not_null())
    follow_up = settled.with_columns(due_on="next_follow_up_on")
    yield _ask(follow_up, Asks("phone", "complaint_followup", "confirm_solution"), weight, contact_id=whom)


def open_undertakings(book: Book, kinds: Iterable[str]) -> pl.LazyFrame:
    """Undertakings of those kinds made by T and still open then (reading S2), with `key`."""
    as_of = book.night.as_of
    later = (pl.col("done_on") > as_of).fill_null(value=False)
    return (
        book.table("undertakings")
        .filter(pl.col("kind").is_in(list(kinds)), pl.col("made_on") <= as_of)
        .filter((pl.col("outcome") == "open") | later)
        .with_columns(key=pl.format("undertakings:{}", "undertaking_id"))
    )


def _owed(book: Book) -> Iterable[pl.LazyFrame]:
    as_of = book.night.as_of
    ours = Asks("phone", "problem_solving", "keep_promise")
    theirs = Asks("phone", "document_request", "receive_what_is_owed")
    for kinds, asks in ((BANK_OWES, ours), (CLIENT_OWES, theirs)):
        waived = (pl.col("waived_until") >= as_of).fill_null(value=False)
        overdue = open_undertakings(book, kinds).filter(pl.col("due_on") < as_of, waived.not_())
        yield _ask(overdue.with_columns(trigger="key"), asks, 3, contact_id=pl.col("contact_id"))


def _satisfaction(book: Book) -> Iterable[pl.LazyFrame]:
    known = made(book, "satisfaction", SATISFACTION)
    asks = Asks("phone", "satisfaction_inquiry", "hear_satisfaction")
    ask = known.filter("ask").with_columns(trigger=pl.lit("satisfaction_ask"), due_on="ask_due_on")
    yield _ask(ask, asks, 5)
    call = _unmet(book, known.filter(pl.col("call_due_on").is_not_null()), pl.col("newest_on")).with_columns(
        trigger=pl.lit("satisfaction_call"), due_on="call_due_on"
    )
    yield _ask(call, asks._replace(goal="repair_dissatisfaction"), 3, senior=pl.col("subject") == "rm")


def _stopped(book: Book) -> pl.LazyFrame:
    noticed = pl.col("last_used_on").dt.offset_by(f"{UNUSED_DAYS}d")
    rows = _unmet(book, made(book, "stopped_using", STOPPED), noticed).with_columns(
        trigger=pl.format("stopped_using:{}", "family"), due_on="visit_due_on"
    )
    return _ask(rows, Asks("visit", "satisfaction_inquiry", "learn_why_stopped"), 4)


def _suggested(book: Book) -> pl.LazyFrame:
    known = pl.DataFrame(
        [(method, *common) for method, common in METHODS.items()],
        schema={"method": pl.Int64, "channel": pl.String, "purpose": pl.String, "goal": pl.String},
        orient="row",
    )
    rows = (
        made(book, "actions", ACTIONS)
        .filter(pl.col("action").is_in(NO_CONTACT).fill_null(value=False).not_())
        .join(known.lazy(), on="method")
        .with_columns(trigger=pl.format("method:{}", "method"))
    )
    phone = pl.when("by_phone").then(pl.lit("phone")).otherwise("channel")
    weight = pl.when(pl.col("commercial").fill_null(value=False)).then(6).otherwise(5)
    return _ask(
        rows, Asks("visit", "", ""), weight, channel=phone, purpose=pl.col("purpose"), goal=pl.col("goal"),
        contact_id=pl.col("contact_id"), senior=pl.col("method") == SENIOR_METHOD,
    )  # fmt: skip
