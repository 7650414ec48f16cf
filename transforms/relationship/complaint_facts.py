"""What the rules of handling a complaint read of it: contacts, standstill, what was looked at and filed (input-model.md 9.4).

Ours, where the text leaves it open:
- The longest gap runs over the complaint's own steps, undertakings about it, and contacts with the client for a complaint
  or a problem.
- Before and after: sixty days before the day of receipt, sixty after the day of closing.
- Within sixty days of a complex one: no statement the client owes is outstanding; a link of a person to the client was
  recorded; an observation or an inspection on site.
"""

from datetime import timedelta

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.features import contacts, statements
from transforms.relationship.book import Book
from transforms.workdays import Workdays

COMPLEX, YEAR, SPAN = 2, 365, 60  # severity; days
ABOUT = ("complaint_followup", "problem_solving")
POSTS = ("contact_of", "employee_of", *events.KEY_POSTS)
_STEPS = ("received_on", "acknowledged_on", "investigated_on", "decided_on", "resolved_on", "closed_on")
RECORDED = (  # blank everywhere: the bank keeps no such record
    "acknowledged_at", "investigated_at", "facts", "thanked_on", "root_cause", "corrective", "risk_told_on",
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


def facts_of(book: Book, days: Workdays, cards: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """`cards` with everything the parts read; counts without a row are 0, flags false."""
    met = _met(book, cards)
    steps = {"acknowledged": "acknowledged_at", "investigated": "investigated_at", "decided": "fault_decided_at"}
    days_of = {f"{name}_on": pl.col(at).dt.date() for name, at in (steps | {"resolved": "resolved_at"}).items()}
    first = pl.lit(book.night.as_of - timedelta(days=2 * YEAR + 1))
    facts = cards.with_columns(
        *(pl.col(name).is_not_null().any().alias(f"has_{name}") for name in RECORDED),
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
