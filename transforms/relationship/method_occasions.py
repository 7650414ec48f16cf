"""What asks for methods 7 and 9 to 12: leaders, greetings, dinners, events, a visit to the bank (input-model.md 9.5).

Ours, where the source leaves it open:

- Leaders meet 30 days after the rhythm ended; when that has passed, or nothing says when it began, by the end of the quarter
  30 days on lies in. A quadrant that asks for them is silent for 90 days after they met.
- Greetings reach a week ahead: birthdays of the people with a link contact_of, the client's day (else its founding day), three
  festivals, occasions. Who was greeted in the week before is not greeted again. 29 February is kept on the 28th.
- Invitations are 14 days ahead: by the end of the quarter that day lies in, but welcome and farewell dinners 14 days after
  what they are for.
- A region is the first four digits, the city. The visit to the bank is for new clients and where a product launched in 90
  days fits; no table knows prospects' tenure or new branches of ours.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import within
from transforms.night import month_start
from transforms.relationship.dates import days_ahead
from transforms.relationship.method_business import NEW_DAYS
from transforms.relationship.method_triggers import BEST, Known, asked

READS = ("interactions", "parties", "party_links", "events", "holdings", "products", "calendar")
LEADERS_DAYS = {"A": 180, "B": 365}
LEADERS_WITHIN, LEADERS_REST = 30, 90
LEADING_QUADRANTS = ("senior_visit", "win_back")
WEEK = 7
FESTIVALS = ("spring_festival", "mid_autumn", "national_day")
AHEAD, WELCOME_DAYS, OCCASION_DAYS = 14, 30, 14
DINNERS = ("promotion", "farewell")  # occasions
YEAR, TWO_YEARS = 365, 730
COMPANY = 10  # clients of a city an evening needs
CITY = 4  # digits


def quarter_end(day: date) -> date:
    """Last day of that day's quarter.

    >>> quarter_end(date(2015, 5, 2))
    datetime.date(2015, 6, 30)
    """
    return month_start(day, -3 + (day.month - 1) % 3) - timedelta(days=1)


def occasions(known: Known) -> Iterator[pl.LazyFrame]:
    """ASKS of methods 7 and 9 to 12, each a frame."""
    if known.book.connected("interactions"):
        yield from _leaders(known)
        yield from _dinners(known)
        yield _evenings(known)
        yield from _bank_visits(known)
    yield from _greetings(known)


def _leaders(known: Known) -> Iterable[pl.LazyFrame]:
    as_of = known.book.night.as_of
    in_time = quarter_end(as_of + timedelta(days=LEADERS_WITHIN))
    both = known.held.filter(pl.col("senior_bank") & pl.col("senior_client"))
    decider = (
        known.people.filter("is_decision_maker")
        .sort("client_id", "last_met_on", "party_id", descending=[False, True, False], nulls_last=True)
        .unique("client_id", keep="first", maintain_order=True)
        .select("client_id", decider="party_id")
    )
    quadrants = known.book.assessments.select("client_id", pl.col("quadrant").cast(pl.String))
    after = pl.col("leaders_on") + pl.duration(days=pl.col("leaders_days") + LEADERS_WITHIN)
    who = (
        known.who.join(both.group_by("client_id").agg(leaders_on=pl.col("on").max()), on="client_id", how="left")
        .join(decider, on="client_id", how="left")
        .join(quadrants, on="client_id", how="left")
        .with_columns(
            leaders_days=pl.col("grade").replace_strict(LEADERS_DAYS, default=None, return_dtype=pl.Int64),
            age=(as_of - pl.col("leaders_on")).dt.total_days(),
        )
        .with_columns(due=pl.when(after >= as_of).then(after).otherwise(in_time))
        .collect()  # read twice
        .lazy()
    )
    apart = (pl.col("age") > pl.col("leaders_days")).fill_null(value=True) & pl.col("leaders_days").is_not_null()
    asks = pl.col("quadrant").is_in(LEADING_QUADRANTS) & (pl.col("age") > LEADERS_REST).fill_null(value=True)
    for trigger, where, due in (
        ("leaders_apart", apart, pl.col("due")),
        ("quadrant", asks, pl.lit(in_time)),
    ):
        yield asked(
            who.filter(where), trigger, ("grade", "leaders_on", "quadrant"), due_on=due, contact_id="decider",
            about_kind=pl.lit("leaders"), about_id="client_id",
        )  # fmt: skip


def _greetings(known: Known) -> Iterable[pl.LazyFrame]:
    as_of = known.book.night.as_of
    dates = days_ahead(as_of - timedelta(days=1), WEEK + 1)  # tonight, too
    week_ago = pl.lit(as_of - timedelta(days=WEEK))
    parties = known.book.table("parties").with_columns(
        born=pl.col("birthday_mmdd").str.replace("-", ""), founded=pl.col("established_on").dt.strftime("%m%d")
    )
    people = known.people.filter("is_contact").select("client_id", "party_id")
    birthdays = (
        people.join(parties.select("party_id", mmdd="born"), on="party_id")
        .join(dates, on="mmdd")
        .select("client_id", "day", subtype=pl.lit("birthday"), contact_id="party_id", id="party_id")
    )
    own = pl.coalesce(pl.col("anniversary_mmdd").str.replace("-", ""), "founded")
    nobody = pl.lit(None, pl.String)
    days = (
        known.who.join(parties.select("founded", client_id="party_id"), on="client_id", how="left")
        .with_columns(mmdd=own)
        .join(dates, on="mmdd")
        .select("client_id", "day", subtype=pl.lit("anniversary"), contact_id=nobody, id="client_id")
    )
    soon = pl.col("date").is_between(as_of, as_of + timedelta(days=WEEK))
    festivals = (
        known.book.table("calendar")
        .filter(soon, pl.col("holiday").is_in(FESTIVALS))
        .group_by(subtype="holiday")
        .agg(day=pl.col("date").min())
        .join(known.who.select("client_id"), how="cross")
        .select("client_id", "day", "subtype", contact_id=nobody, id="subtype")
    )
    events = _occasions(known, WEEK).select("client_id", "day", "subtype", "contact_id", id="event_id")
    for trigger, kind, rows in (
        ("birthday", "contact", birthdays),
        ("anniversary", "client", days),
        ("festival", "festival", festivals),
        ("occasion", "event", events),
    ):
        ungreeted = known.undone(
            rows.with_columns(week_ago=week_ago), "week_ago", pl.col("purpose") == "greeting", same_day=True
        )
        yield asked(
            ungreeted, trigger, ("day", "subtype"), due_on="day", contact_id="contact_id", about_kind=pl.lit(kind),
            about_id="id",
        )  # fmt: skip


def _occasions(known: Known, back: int) -> pl.LazyFrame:
    """Occasions known at T from `back` days ago to a week ahead: client_id, event_id, subtype, day, contact_id."""
    as_of = known.book.night.as_of
    near = pl.col("happened_on").is_between(as_of - timedelta(days=back), as_of + timedelta(days=WEEK))
    return (
        known.book.table("events")
        .filter(pl.col("kind") == "occasion", pl.col("recorded_on") <= as_of, near)
        .select("event_id", "subtype", client_id="party_id", day="happened_on", contact_id="other_id")
    )


def _dinners(known: Known) -> Iterable[pl.LazyFrame]:
    as_of = known.book.night.as_of
    dined = pl.col("channel") == "banquet"
    first = (
        known.book.table("holdings")
        .filter(pl.col("opened_on") <= as_of)
        .group_by("client_id")
        .agg(day=pl.col("opened_on").min())
        .filter(within("day", as_of, WELCOME_DAYS))
        .with_columns(subtype=pl.lit("first_holding"))
    )
    year_ago = pl.lit(as_of - timedelta(days=YEAR))
    best = known.who.filter(pl.col("grade") == "A").with_columns(day=year_ago, subtype=pl.lit("grade_a"))
    leaving = _occasions(known, OCCASION_DAYS).filter(pl.col("subtype").is_in(DINNERS))
    nobody = pl.lit(None, pl.String)
    later = pl.col("day").dt.offset_by(f"{AHEAD}d")
    in_time = pl.lit(quarter_end(as_of + timedelta(days=AHEAD)))
    for trigger, rows, due, contact in (
        ("welcome", first, later, nobody),
        ("thank_you_dinner", best, in_time, nobody),
        ("farewell", leaving, later, pl.col("contact_id")),
    ):
        yield asked(
            known.undone(rows, "day", dined, same_day=True), trigger, ("day", "subtype"), due_on=due,
            contact_id=contact, about_kind=pl.lit("banquet"), about_id="client_id",
        )  # fmt: skip


def _evenings(known: Known) -> pl.LazyFrame:
    """Clients of grade A or B of a city with ten such, none of whom was at an event for a year."""
    as_of = known.book.night.as_of
    year_ago = pl.lit(as_of - timedelta(days=YEAR))
    best = known.who.filter(pl.col("grade").is_in(BEST)).with_columns(
        year_ago=year_ago, city=pl.col("region_code").str.slice(0, CITY)
    )
    alone = known.undone(best, "year_ago", pl.col("channel") == "event", same_day=True)
    cities = alone.filter(pl.col("city").is_not_null()).group_by("city").agg(clients=pl.len())
    together = alone.join(cities.filter(pl.col("clients") >= COMPANY), on="city")
    return asked(
        together, "evening", ("grade", "city", "clients"), due_on=pl.lit(quarter_end(as_of + timedelta(days=AHEAD))),
        about_kind=pl.lit("evening"), about_id="client_id",
    )  # fmt: skip


def _bank_visits(known: Known) -> Iterable[pl.LazyFrame]:
    as_of = known.book.night.as_of
    long_ago = pl.lit(as_of - timedelta(days=TWO_YEARS))
    unseen = known.undone(
        known.who.with_columns(long_ago=long_ago), "long_ago", pl.col("channel") == "bank_visit", same_day=True
    )
    new = known.fits.filter(within("launched_on", as_of, NEW_DAYS)).sort("client_id", "product_id")
    shown = new.unique("client_id", keep="first", maintain_order=True).select("client_id", "product_id")
    recent = (as_of - pl.col("relationship_start")).dt.total_days() < YEAR
    for trigger, rows, facts in (
        ("new_client", unseen.filter(recent), ("relationship_start",)),
        ("new_to_see", unseen.join(shown, on="client_id"), ("product_id",)),
    ):
        yield asked(
            rows, trigger, facts, due_on=pl.lit(quarter_end(as_of + timedelta(days=AHEAD))), about_kind=pl.lit("bank_visit"),
            about_id="client_id",
        )  # fmt: skip
