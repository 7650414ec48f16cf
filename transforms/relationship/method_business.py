"""What asks for maintenance methods 4, 5 and 8: what the bank owes, what it could offer, whom it serves first (input-model.md 9.5).

Ours, where the source leaves it open:

- Our own delay: a service request, an action to strengthen or to correct, past its due day.
- The last family counts as used when its newest holding was used in 60 days: no table keeps use by month.
- Of the products that fit, the one that fits the fewest clients is offered: a condition nearly all meet says little.
- Idle: a million, and more than three months' outflow. Due days that would move each night: the next planned contact, else
  five working days on.
- Became key: grade A since at most five working days, by the bank's own day, and not A in the roster before.
- A request open for more than 180 days is a decision nobody filed: it asks for nothing, but still keeps dinners away.
- A holder of advice gets an insight when none was given for 90 days.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import polars as pl

from transforms.arithmetic import within
from transforms.relationship.book import Book
from transforms.relationship.method_triggers import Known, asked, first
from transforms.relationship.visit_triggers import made, open_undertakings

READS = (
    "interactions", "undertakings", "holdings", "products", "accounts", "events", "survey_answers", "balances", "calendar",
)  # fmt: skip
PROMISE_WORKDAYS, WAITING_WORKDAYS = 3, 3  # method 4: its days, read as working days
CHECK_DAYS, CHECK_LASTS = (7, 30), 6
SILENT_DAYS = 180  # declined
USED_DAYS, SATISFIED, WARMTH, NEW_DAYS = 60, 4.0, 3, 90  # method 5
KEY_WORKDAYS, REQUEST_WORKDAYS, DECIDE_WORKDAYS = 5, 5, 1  # method 8
REQUEST_LASTS = 180  # days, ours
MATURING_DAYS, AHEAD_DAYS = 30, 7
IDLE_LEAST, QUARTERS = 100_000_000, 4  # minor units, of a year; ours
INSIGHT_DAYS = 90  # ours
IDLE_FAMILY, ADVISORY = "wealth_management", "advisory"


def business(known: Known) -> Iterator[pl.LazyFrame]:
    """ASKS of methods 4, 5 and 8, each a frame."""
    yield from _owed(known)
    yield _checks(known)
    yield from _offers(known)
    yield from _key_clients(known)


def _owed(known: Known) -> Iterable[pl.LazyFrame]:
    as_of = known.book.night.as_of
    promises = open_undertakings(known.book, ["rm_promise"])
    soon = known.days.after(pl.lit(as_of), PROMISE_WORKDAYS)
    waiting = open_undertakings(known.book, ["service_request"]).filter(
        (pl.col("first_action_on") <= as_of).fill_null(value=False).not_(), known.age("made_on") >= WAITING_WORKDAYS
    )
    delayed = open_undertakings(known.book, ["service_request", "strengthening_action", "corrective_action"])
    over = pl.col("due_on") < as_of
    for trigger, rows, due in (
        ("promise_due", promises.filter(pl.col("due_on").is_between(as_of, soon)), pl.col("due_on")),
        ("promise_overdue", promises.filter(over), pl.col("due_on")),
        ("request_waiting", waiting, known.days.after(pl.col("made_on"), WAITING_WORKDAYS + 1)),
        ("our_delay", delayed.filter(over), pl.col("due_on")),
    ):
        yield asked(
            rows.filter(pl.col("client_id").is_not_null()), trigger, ("kind", "made_on", "due_on"), due_on=due,
            owner_id="staff_id", contact_id="contact_id", about_kind=pl.lit("undertaking"), about_id="undertaking_id",
        )  # fmt: skip


def holdings(book: Book) -> pl.LazyFrame:
    """Holdings opened by T and not closed, with their family."""
    as_of = book.night.as_of
    families = book.table("products").select("product_id", "family")
    open_now = (pl.col("opened_on") <= as_of) & (pl.col("closed_on") > as_of).fill_null(value=True)
    return book.table("holdings").filter(open_now).join(families, on="product_id")


def _checks(known: Known) -> pl.LazyFrame:
    """Does the product work: a week and a month after it was opened."""
    as_of = pl.lit(known.book.night.as_of)
    age = (as_of - pl.col("opened_on")).dt.total_days()
    asks = [pl.when(age.is_between(days, days + CHECK_LASTS)).then(days) for days in CHECK_DAYS]
    rows = (
        holdings(known.book)
        .with_columns(after_days=pl.coalesce(asks))
        .filter(pl.col("after_days").is_not_null())
        .with_columns(check_on=pl.col("opened_on") + pl.duration(days="after_days"))
    )
    unchecked = known.undone(rows, "check_on", pl.col("two_way"), same_day=True)
    due = known.days.after(pl.col("check_on"), 1)
    return asked(
        unchecked, "holding_check", ("opened_on", "after_days", "product_id"), due_on=due, family="family",
        about_kind=pl.lit("product"), about_id="product_id",
    )  # fmt: skip


def declined(book: Book, held: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, family: what the client declined or refused in 180 days."""
    as_of = book.night.as_of
    families = book.table("products").select("family", about_id="product_id")
    answers = book.table("undertakings").with_columns(answered_on=pl.coalesce("done_on", "made_on"))
    proposals = (
        answers.filter(pl.col("outcome") == "declined", within("answered_on", as_of, SILENT_DAYS))
        .filter(pl.col("about_kind") == "product")
        .join(families, on="about_id")
    )
    refused = (
        held.filter(pl.col("outcome") == "refused", within("on", as_of, SILENT_DAYS))
        .select("client_id", family="products")
        .explode("family", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("family").is_not_null())
    )
    return pl.concat([proposals.select("client_id", "family"), refused]).unique()


def _accepted(known: Known) -> pl.LazyFrame:
    """client_id of those whose newest family is used or who are content with the bank, and whose last contact was warm."""
    as_of = known.book.night.as_of
    used = first(holdings(known.book), "opened_on", "holding_id", last=True).filter(
        within("last_used_on", as_of, USED_DAYS)
    )
    columns = {"client_id": pl.String(), "subject": pl.String(), "score": pl.Float64()}
    content = made(known.book, "satisfaction", columns).filter(
        pl.col("subject") == "bank", pl.col("score") >= SATISFIED
    )
    scored = known.held.filter(pl.col("two_way"), pl.col("warmth").is_not_null())
    warm = first(scored, "started_at", "interaction_id", last=True).filter(pl.col("warmth") >= WARMTH)
    took = pl.concat([used.select("client_id"), content.select("client_id")]).unique()
    return took.join(warm, on="client_id", how="semi")


def _offers(known: Known) -> Iterable[pl.LazyFrame]:
    """One product a client: the rarest that fits, to clients who accepted the last one; a new one to any."""
    as_of = known.book.night.as_of
    clients = known.fits.group_by("product_id").agg(clients=pl.len())
    offered = (
        known.fits.join(clients, on="product_id")
        .join(declined(known.book, known.held), on=["client_id", "family"], how="anti")
        .join(known.who.select("client_id", "soon"), on="client_id")
    )
    new = offered.filter(within("launched_on", as_of, NEW_DAYS))
    for trigger, rows in (
        ("product_fits", offered.join(_accepted(known), on="client_id", how="semi")),
        ("new_product", new),
    ):
        yield asked(
            first(rows, "clients", "product_id"), trigger, ("product_id", "figure", "value", "word"), due_on="soon",
            family="family", about_kind=pl.lit("product"), about_id="product_id",
        )  # fmt: skip


def _key_clients(known: Known) -> Iterable[pl.LazyFrame]:
    """Method 8: a client that became grade A, money about to be free or idle, a request not decided, advice."""
    yield _became_key(known)
    as_of = known.book.night.as_of
    open_now = (pl.col("opened_on") <= as_of) & (pl.col("closed_on") > as_of).fill_null(value=True)
    soon = pl.col("matures_on").is_between(as_of, as_of + timedelta(days=MATURING_DAYS), closed="right")
    maturing = known.book.table("accounts").filter(pl.col("kind") == "time", soon, open_now)
    yield asked(
        first(maturing, "matures_on", "account_id"), "deposit_maturing", ("matures_on",), family=pl.lit("deposit"),
        due_on=pl.col("matures_on").dt.offset_by(f"-{AHEAD_DAYS}d"), about_kind=pl.lit("account"), about_id="account_id",
    )  # fmt: skip
    idle = made(known.book, "idle_balances", {"client_id": pl.String(), "idle_balance": pl.Int64()})
    free = idle.join(known.who, on="client_id").filter(
        pl.col("idle_balance") >= IDLE_LEAST, pl.col("idle_balance") * QUARTERS > pl.col("opout_12")
    )
    yield asked(free, "idle_balance", ("idle_balance",), due_on="soon", family=pl.lit(IDLE_FAMILY))
    waiting = undecided(known.book).filter(
        known.age("happened_on") > REQUEST_WORKDAYS, within("happened_on", as_of, REQUEST_LASTS)
    )
    due = known.days.after(pl.col("happened_on"), REQUEST_WORKDAYS + DECIDE_WORKDAYS)
    yield asked(
        first(waiting, "happened_on", "event_id"), "request_open", ("amount", "happened_on", "subtype"), due_on=due,
        about_kind=pl.lit("event"), about_id="event_id",
    )  # fmt: skip
    advised = known.who.join(
        holdings(known.book).filter(pl.col("family") == ADVISORY).select("client_id", "product_id"), on="client_id"
    ).with_columns(long_ago=pl.lit(as_of - timedelta(days=INSIGHT_DAYS)))
    told = (pl.col("purpose") == "information") | pl.col("products").list.contains(ADVISORY).fill_null(value=False)
    untold = first(known.undone(advised, "long_ago", told), "product_id")
    yield asked(untold, "advisory", ("product_id",), due_on="soon", family=pl.lit(ADVISORY))


def _became_key(known: Known) -> pl.LazyFrame:
    """Grade A since at most five working days; not A in the roster before, where there is one."""
    was = made(known.book, "roster_before", {"client_id": pl.String(), "grade": pl.String()})
    new = known.who.filter(pl.col("tier") == "A", known.just("tier_set_on", KEY_WORKDAYS)).join(
        was.filter(pl.col("grade") == "A"), on="client_id", how="anti"
    )
    due = known.days.after(pl.col("tier_set_on"), KEY_WORKDAYS)
    return asked(new, "became_key", ("tier", "tier_set_on"), due_on=due)


def undecided(book: Book) -> pl.LazyFrame:
    """Requests for a loan of the clients, made and recorded by T and not decided then."""
    as_of = book.night.as_of
    return (
        book.table("events")
        .filter(pl.col("kind") == "loan_request", pl.col("happened_on") <= as_of, pl.col("recorded_on") <= as_of)
        .filter((pl.col("ends_on") > as_of).fill_null(value=True))
        .rename({"party_id": "client_id"})
    )
