"""Table 11-3: the card of every complaint and how it was handled (input-model.md 8, 9.4; readings S2, G5, G6).

A card for every complaint received by T, of former clients too; what was written with a step taken after T is not there yet.
Ours, where the text leaves it open:
- `rm_id` is the client's main RM on the day of receipt; `client_name` is null where the client is confidential.
- `solution` is every undertaking about the complaint but corrective actions, which have their own list. A promise counts in
  `promises_due` once its due day has come or it is done; one that was cancelled was not kept.
- A repeat needs the earlier complaint of the client within 365 days before; one named (repeat_of) needs nothing more.
- `similar_365` counts, in the 365 days to T, what has the same category and product; without a product, those without.
- A follow-up is a contact held with the client for that purpose, from 10 days before to 20 days after its day of the plan.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.features import contacts
from transforms.relationship import complaint_facts, complaint_rules
from transforms.relationship.book import Book
from transforms.workdays import Workdays

READS = (
    "complaints", "clients", "parties", "party_links", "staff", "assignments", "interactions", "undertakings", "calendar",
    "statements", "events",
)  # fmt: skip
# Days to close a complaint: CBIRC measures of 2020 (catalogue S8)
CLOSE_DAYS, COMPLEX_DAYS, EXTENSION_DAYS, MOST_DAYS = 15, 30, 30, 60
COMPLEX = 2  # severity from which a complaint is complex
YEAR = 365
EARLY, LATE = 10, 20  # days a follow-up may be before and after its day; input-model.md 9.4, rule 13
STEP = pl.Struct(
    {
        "undertaking_id": pl.String(),
        "kind": pl.String(),
        "title": pl.String(),
        "staff_id": pl.String(),
        "due_on": pl.Date(),
        "done_on": pl.Date(),
        "outcome": pl.String(),
    }
)
FOLLOW_UP = pl.Struct({"days": pl.Int64(), "due_on": pl.Date(), "held_on": pl.Date(), "state": pl.String()})

CARDS = pl.Schema(
    {
        "complaint_id": pl.String(),
        "client_id": pl.String(),
        "client_name": pl.String(),  # null: confidential
        "grade": pl.String(),
        "branch_id": pl.String(),
        "rm_id": pl.String(),  # main RM on the day of receipt
        "contact_id": pl.String(),
        "complainant": pl.String(),
        "complainant_posts": pl.List(pl.String()),  # relations to the client in force
        "received_at": pl.Datetime("ms"),
        "received_on": pl.Date(),
        "channel": pl.String(),
        "handler_id": pl.String(),
        "handler": pl.String(),
        "about_staff_id": pl.String(),
        "target": pl.String(),
        "category": pl.String(),
        "product": pl.String(),
        "severity": pl.Int64(),
        "volunteered": pl.Boolean(),
        "content": pl.String(),
        "demand": pl.String(),
        "deadline": pl.Date(),
        "acknowledged_h": pl.Float64(),  # working hours
        "facts": pl.String(),
        "fault": pl.String(),
        "solution": pl.List(STEP),  # by due_on, undertaking_id
        "promises_due": pl.Int64(),
        "promises_kept": pl.Int64(),  # of them done by the due day
        "outcome": pl.String(),
        "closed_on": pl.Date(),
        "is_open": pl.Boolean(),
        "days_open": pl.Int64(),
        "overdue": pl.Boolean(),
        "root_cause": pl.String(),
        "corrective": pl.String(),
        "corrective_actions": pl.List(STEP),
        "client_score": pl.Int64(),
        "compensation": pl.Int64(),
        "is_repeat": pl.Boolean(),
        "similar_365": pl.Int64(),
        "follow_ups": pl.List(FOLLOW_UP),  # state: held, due, missed; null while open or without interactions
        "next_follow_up_on": pl.Date(),  # null: none due any more
        "rules_failed": pl.List(pl.Int64()),
    }
)
FRAMES: Mapping[str, pl.Schema] = {"complaint_cards": CARDS, "complaint_rules": complaint_rules.SCHEMA}
_STEPS = ("acknowledged_at", "investigated_at", "fault_decided_at", "resolved_at", "closed_at")
_WRITTEN_WITH = {  # what a step brings
    "facts": "investigated_at",
    "consulted": "resolved_at",
    "root_cause": "closed_at",
    "corrective": "closed_at",
    "client_score": "closed_at",
    "compensation": "closed_at",
}


def _known(book: Book) -> pl.LazyFrame:
    """Complaints received by T as they stood then, with received_on, closed_on, is_open."""
    as_of = pl.lit(book.night.as_of)

    def later(at: str) -> pl.Expr:
        return (pl.col(at).cast(pl.Date) > as_of).fill_null(value=False)

    at_once = {name: pl.when(~later(at)).then(name) for name, at in _WRITTEN_WITH.items()}
    steps = {name: pl.when(~later(name)).then(name) for name in (*_STEPS, "thanked_on", "risk_told_on")}
    return (
        book.table("complaints")
        .with_columns(received_on=pl.col("received_at").dt.date(), severity=pl.col("severity").cast(pl.Int64))
        .filter(pl.col("received_on") <= as_of)
        .with_columns(
            **at_once,
            **steps,
            fault=pl.when(later("fault_decided_at")).then(pl.lit("undecided")).otherwise("fault"),
            outcome=pl.when(later("closed_at")).then(pl.lit("open")).otherwise("outcome"),
        )
        .with_columns(closed_on=pl.col("closed_at").dt.date())
        .with_columns(is_open=pl.col("closed_on").is_null())
    )


def _who(book: Book, known: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, client_name, grade, branch_id, rm_id, complainant, complainant_posts, handler and the client's duties."""
    names = book.table("parties").select("party_id", "name")
    clients = book.table("clients").select(
        "client_id", "branch_id", "confidential", "reporting_freq", "relationship_start"
    )
    posts = (
        events.links(book, *complaint_facts.POSTS)
        .group_by(contact_id="from_id", client_id="to_id")
        .agg(complainant_posts=pl.col("relation").unique().sort())
    )
    masked = pl.col("confidential").fill_null(value=False)
    return (
        known.select("complaint_id", "client_id", "contact_id", "handler_id", "received_on")
        .join(clients, on="client_id", how="left")
        .join(names.rename({"party_id": "client_id", "name": "client_name"}), on="client_id", how="left")
        .join(names.rename({"party_id": "contact_id", "name": "complainant"}), on="contact_id", how="left")
        .join(book.table("staff").select(handler_id="staff_id", handler="name"), on="handler_id", how="left")
        .join(book.grades(), on="client_id", how="left")
        .join(posts, on=["contact_id", "client_id"], how="left")
        .join(_managers(book, known), on="complaint_id", how="left")
        .with_columns(client_name=pl.when(~masked).then("client_name"))
        .drop("client_id", "contact_id", "handler_id", "received_on", "confidential")
    )


def _managers(book: Book, known: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, rm_id: the client's main RM on the day of receipt."""
    start, day = pl.col("start_on"), pl.col("received_on")
    held = (
        book.table("assignments").filter(pl.col("role") == "main").select("client_id", "staff_id", "start_on", "end_on")
    )
    return (
        known.select("complaint_id", "client_id", "received_on")
        .join(held, on="client_id")
        .filter(start <= day, (pl.col("end_on") > day).fill_null(value=True))
        .group_by("complaint_id")
        .agg(rm_id=pl.col("staff_id").sort_by("start_on", "staff_id").last())
    )


def _undertakings(book: Book) -> pl.LazyFrame:
    """Undertakings about complaints made by T, as they stood then: complaint_id and the table's columns."""
    as_of = book.night.as_of
    later = (pl.col("done_on") > as_of).fill_null(value=False)
    days = ("first_action_on", "done_on", "told_client_on")
    return (
        book.table("undertakings")
        .filter(pl.col("about_kind") == "complaint", pl.col("made_on") <= as_of)
        .with_columns(
            *(pl.when(pl.col(day) <= as_of).then(day).alias(day) for day in days),
            complaint_id="about_id",
            outcome=pl.when(later).then(pl.lit("open")).otherwise("outcome"),
        )
    )


def _solutions(book: Book, known: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, solution, promises_due, promises_kept, corrective_actions; each null where its kind does not come."""
    corrective, promise = (pl.col("kind") == kind for kind in ("corrective_action", "rm_promise"))

    def steps(where: pl.Expr) -> pl.Expr:
        return pl.struct(list(STEP.to_schema())).filter(where)

    due = promise & ((pl.col("due_on") <= book.night.as_of) | pl.col("done_on").is_not_null())
    lists = (
        made.sort("complaint_id", "due_on", "undertaking_id", nulls_last=True)
        .group_by("complaint_id", maintain_order=True)
        .agg(
            solution=steps(~corrective),
            corrective_actions=steps(corrective),
            promises_due=due.sum().cast(pl.Int64),
            promises_kept=(due & (pl.col("done_on") <= pl.col("due_on"))).sum().cast(pl.Int64),
        )
    )
    connected = {
        "solution": book.connected("undertakings"),
        "corrective_actions": book.connected("undertakings", "corrective_action"),
        "promises_due": book.connected("undertakings", "rm_promise"),
        "promises_kept": book.connected("undertakings", "rm_promise"),
    }
    none = {name: pl.lit([] if isinstance(CARDS[name], pl.List) else 0, CARDS[name]) for name in connected}
    return (
        known.select("complaint_id")
        .join(lists, on="complaint_id", how="left")
        .with_columns(
            pl.when(pl.lit(there)).then(pl.col(name).fill_null(none[name])).alias(name)
            for name, there in connected.items()
        )
    )


def _promised(book: Book, known: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id and counts of its promises and corrective actions: all, late, open; amounts over the authority."""
    promise, corrective = (pl.col("kind") == kind for kind in ("rm_promise", "corrective_action"))
    due, done, amount = pl.col("due_on"), pl.col("done_on"), pl.col("amount")
    late = ((done > due) | (done.is_null() & (due < book.night.as_of))).fill_null(value=False)
    limits = book.table("staff").select("staff_id", "authority_limit")
    counted = (
        made.join(limits, on="staff_id", how="left")
        .group_by("complaint_id")
        .agg(
            promises=promise.sum(),
            promises_late=(promise & late).sum(),
            promises_open=(promise & done.is_null()).sum(),
            promises_money=(promise & amount.is_not_null()).sum(),
            promises_over=(promise & (amount > pl.col("authority_limit")).fill_null(value=False)).sum(),
            promises_unsure=(promise & amount.is_not_null() & pl.col("authority_limit").is_null()).sum(),
            correctives=corrective.sum(),
            corrective_late=(corrective & late).sum(),
            corrective_open=(corrective & done.is_null()).sum(),
        )
    )
    every = known.select("complaint_id").join(counted, on="complaint_id", how="left")
    return every.with_columns(pl.exclude("complaint_id").fill_null(0).cast(pl.Int64))


def _repeats(known: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id of those that repeat an earlier one of the client."""
    keys = ("client_id", "category")
    rows = known.select("complaint_id", *keys, "product", "received_on", "received_at")
    earlier = (pl.col("received_at_right"), pl.col("complaint_id_right"))
    before = (earlier[0] < pl.col("received_at")) | (
        (earlier[0] == pl.col("received_at")) & (earlier[1] < pl.col("complaint_id"))
    )
    age = (pl.col("received_on") - pl.col("received_on_right")).dt.total_days()
    same = (pl.col("product") == pl.col("product_right")).fill_null(value=True)
    found = rows.join(rows, on=keys).filter(before, age <= YEAR, same).select("complaint_id")
    named = known.filter(pl.col("repeat_of").is_not_null()).select("complaint_id")
    return pl.concat([found, named]).unique().with_columns(is_repeat=pl.lit(value=True))


def _similar(book: Book, known: pl.LazyFrame) -> pl.LazyFrame:
    """category, product, similar_365, similar_before: of the whole bank, in the year to T and the year before it."""
    as_of = book.night.as_of
    year_ago = as_of - timedelta(days=YEAR + 1)
    return known.group_by("category", "product").agg(
        similar_365=within("received_on", as_of, YEAR).sum().cast(pl.Int64),
        similar_before=within("received_on", year_ago, YEAR).sum().cast(pl.Int64),
    )


def _follow_ups(book: Book, known: pl.LazyFrame) -> pl.LazyFrame:
    """complaint_id, follow_ups, next_follow_up_on of closed complaints."""
    due, held = pl.col("due_on"), pl.col("on").is_between(pl.col("opens_on"), pl.col("ends_on"))
    plan = (
        known.filter(~pl.col("is_open"))
        .select("complaint_id", "client_id", "closed_on")
        .join(pl.LazyFrame({"days": complaint_rules.FOLLOW_UPS}), how="cross")
        .with_columns(due_on=pl.col("closed_on") + pl.duration(days="days"))
        .with_columns(opens_on=due - pl.duration(days=EARLY), ends_on=due + pl.duration(days=LATE))
    )
    made = (
        contacts.done(book.night, book.table("interactions"))
        .filter(pl.col("purpose") == "complaint_followup")
        .select("client_id", "on")
    )
    state = (
        pl.when(pl.col("held_on").is_not_null()).then(pl.lit("held"))
        .when(pl.col("ends_on") < book.night.as_of).then(pl.lit("missed"))
        .otherwise(pl.lit("due"))
    )  # fmt: skip
    return (
        plan.join(made, on="client_id", how="left")
        .group_by("complaint_id", "days", "due_on", "ends_on")
        .agg(held_on=pl.col("on").filter(held).min())
        .with_columns(state=state)
        .sort("complaint_id", "days")
        .group_by("complaint_id", maintain_order=True)
        .agg(
            follow_ups=pl.struct(list(FOLLOW_UP.to_schema())),
            next_follow_up_on=due.filter(pl.col("state") == "due").min(),
        )
        .filter(pl.lit(book.connected("interactions")))
    )


def _cards(book: Book, days: Workdays, known: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """Everything of a card but rules_failed, and the table's columns the rules need."""
    as_of = pl.lit(book.night.as_of)
    limit = pl.when(pl.col("severity") >= COMPLEX).then(COMPLEX_DAYS).otherwise(CLOSE_DAYS)
    extended = pl.when(pl.col("extension_approved_by").is_not_null()).then(EXTENSION_DAYS).otherwise(0)
    until = pl.col("closed_on").fill_null(as_of)
    return (
        known.join(_who(book, known), on="complaint_id", how="left")
        .join(_solutions(book, known, made), on="complaint_id", how="left")
        .join(_promised(book, known, made), on="complaint_id", how="left")
        .join(_repeats(known), on="complaint_id", how="left")
        .join(_similar(book, known), on=["category", "product"], how="left", nulls_equal=True)
        .join(_follow_ups(book, known), on="complaint_id", how="left")
        .with_columns(
            deadline_days=pl.min_horizontal(limit + extended, pl.lit(MOST_DAYS)).cast(pl.Int64),
            acknowledged_h=days.hours(pl.col("received_at"), pl.col("acknowledged_at")).round(9),
            days_open=(until - pl.col("received_on")).dt.total_days(),
            is_repeat=pl.col("is_repeat").fill_null(value=False),
        )
        .with_columns(deadline=pl.col("received_on") + pl.duration(days="deadline_days"))
        .with_columns(overdue=until > pl.col("deadline"))
    )


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """complaint_cards: every complaint once; complaint_rules: every complaint and rule once. Without complaints, no rows."""
    days = Workdays.of(book)
    known, made = _known(book).collect().lazy(), _undertakings(book).collect().lazy()
    cards = _cards(book, days, known, made).collect().lazy()
    rules = complaint_rules.measure(book, days, cards, made).collect().lazy()
    failed = pl.col("rule").filter(pl.col("state") == "failed").sort()
    by_card = rules.group_by("complaint_id").agg(rules_failed=failed)
    return {
        "complaint_cards": cards.join(by_card, on="complaint_id", how="left")
        .select(CARDS.names())
        .sort("complaint_id"),
        "complaint_rules": rules,
    }
