"""What is done about each gap of a plan card, and whether the figure it watches moves (table 11-6, part C).

Ours: an action belongs to the gap of the signal it is about; others stand alone. Finished ones are shown for 365 days.
"""

import polars as pl

from transforms.arithmetic import within
from transforms.features import contacts, people_met
from transforms.relationship.book import Book
from transforms.relationship.strengthening_gaps import BY_SIGNAL, GAPS
from transforms.relationship.strengthening_shares import SHARES, YEAR

HALF_YEAR, QUARTER = 180, 90
LEADERS = 7  # the method that brings both sides' leaders together
_FED = {"contacts_90": "interactions", "people_met": "interactions", "deciders_met": "interactions", "products": "holdings",
        "promises_overdue": "undertakings", "requests_open": "undertakings"}  # fmt: skip


def actions_of(book: Book, plans: pl.LazyFrame, people: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of strengthening_actions."""
    gap, as_of = pl.col("gap"), pl.lit(book.night.as_of)
    methods, targets = ({name: of[at] for name, of in GAPS.items()} for at in (0, 1))
    open_ones = plans.select("client_id", gap="gaps").explode("gap", empty_as_null=True, keep_nulls=True)
    heads = _in_force(book, "branch_head").group_by("branch_id").agg(senior_id=pl.col("staff_id").min())
    leaders = (pl.col("measure") == LEADERS) | pl.col("quadrant").is_in(["senior_visit", "win_back"])
    rows = (
        open_ones.filter(gap.is_not_null())
        .join(_undertaken(book), on=["client_id", "gap"], how="full", coalesce=True, nulls_equal=True)
        .join(plans.select("client_id", "rm_id", "branch_id", "quadrant", *SHARES), on="client_id")
        .join(heads, on="branch_id", how="left")
        .with_columns(
            measure=gap.replace_strict(methods, default=None, return_dtype=pl.Int64),
            target=gap.replace_strict(targets, default=None, return_dtype=pl.String),
            owner_id=pl.when(pl.col("undertaking_id").is_null()).then("rm_id").otherwise("owner_id"),
            start=pl.coalesce("start_on", as_of),
        )
        .with_columns(senior_id=pl.when(leaders.fill_null(value=False)).then("senior_id"))
        .with_row_index("row")
        .collect()
        .lazy()
    )
    spells = _spells(book, people).collect().lazy()
    measured = [
        _figures(book, rows, spells, at).rename({"figure": name})
        for at, name in (("start", "at_start"), ("now", "at_now"))
    ]
    for part in measured:
        rows = rows.join(part, on="row", how="left")
    share = pl.coalesce(pl.when(pl.col("target") == name).then(name) for name in SHARES)
    today = pl.col("start") == as_of
    return rows.with_columns(
        now_value=pl.coalesce("at_now", share),
        start_value=pl.coalesce("at_start", pl.when(today).then(share)),
    )  # fmt: skip


def _in_force(book: Book, role: str) -> pl.LazyFrame:
    """Staff of a role at T."""
    as_of = book.night.as_of
    return book.table("staff").filter(
        pl.col("role") == role,
        (pl.col("start_on") <= as_of).fill_null(value=True),
        (pl.col("end_on") > as_of).fill_null(value=True),
    )


def _undertaken(book: Book) -> pl.LazyFrame:
    """client_id, gap and the strengthening actions made by T, open ones and those of 365 days."""
    as_of = book.night.as_of
    later = (pl.col("done_on") > as_of).fill_null(value=False)
    outcome = pl.when(later).then(pl.lit("open")).otherwise("outcome")
    signal = pl.when(pl.col("about_kind") == "signal").then("about_id")
    return (
        book.table("undertakings")
        .filter(pl.col("kind") == "strengthening_action", pl.col("made_on") <= as_of)
        .select(
            "client_id",
            "undertaking_id",
            "title",
            "due_on",
            gap=signal.replace_strict(BY_SIGNAL, default=None, return_dtype=pl.String),
            owner_id="staff_id",
            start_on="made_on",
            outcome=outcome,
        )
        .filter((pl.col("outcome") == "open") | within("start_on", as_of, YEAR))
    )


def _figures(book: Book, rows: pl.LazyFrame, spells: pl.LazyFrame, at: str) -> pl.LazyFrame:
    """row, figure: what the target's figure was on the day the plan began (`start`) or is (`now`), where it is counted by day."""
    day = pl.col("start") if at == "start" else pl.lit(book.night.as_of)
    asked = rows.select("row", "client_id", "target", day=day)
    fed = [target for target, table in _FED.items() if book.connected(table)]
    held = (pl.col("from") <= pl.col("day")) & (pl.col("to") > pl.col("day")).fill_null(value=True)
    counted = (
        asked.filter(pl.col("target").is_in(fed))
        .join(spells, on=["client_id", "target"], how="left")
        .group_by("row")
        .agg(figure=pl.col("what").filter(held.fill_null(value=False)).n_unique().cast(pl.Float64))
    )
    received = book.table("complaints").select("client_id", on=pl.col("received_at").dt.date())
    free = (
        asked.filter(pl.col("target") == "complaint_free_days")
        .join(received, on="client_id")
        .filter(pl.col("on") <= pl.col("day"))
        .group_by("row")
        .agg(figure=(pl.col("day") - pl.col("on")).dt.total_days().min().cast(pl.Float64))
    )
    return pl.concat([counted, free])


def _spells(book: Book, people: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, target, what, from, to: from when to when (that day not in) something counts for a target's figure."""
    two_way = contacts.done(book.night, book.table("interactions")).filter("two_way")
    met = people_met.meetings(book).rename({"person": "what"})
    deciders = people.filter("is_decision_maker").select("client_id", what="party_id")
    owed = book.table("undertakings").filter(pl.col("made_on") <= book.night.as_of, pl.col("outcome") != "cancelled")
    promises = owed.filter(pl.col("kind") == "rm_promise")
    asked = owed.filter(pl.col("kind").is_in(["service_request", "client_opinion"]))
    kept = book.table("holdings").join(book.table("products"), on="product_id")

    def spell(rows: pl.LazyFrame, target: str, what: str, begin: pl.Expr, end: pl.Expr) -> pl.LazyFrame:
        return rows.select("client_id", pl.lit(target).alias("target"), what=what, **{"from": begin, "to": end})

    on, done = pl.col("on"), pl.col("done_on")
    return pl.concat(
        [
            spell(two_way, "contacts_90", "interaction_id", on, on.dt.offset_by(f"{QUARTER}d")),
            spell(met, "people_met", "what", on, on.dt.offset_by(f"{HALF_YEAR}d")),
            spell(met.join(deciders, on=["client_id", "what"], how="semi"), "deciders_met", "what", on, on.dt.offset_by(f"{HALF_YEAR}d")),
            spell(promises, "promises_overdue", "undertaking_id", pl.col("due_on").dt.offset_by("1d"), done),
            spell(asked, "requests_open", "undertaking_id", pl.col("made_on"), done),
            spell(kept, "products", "family", pl.col("opened_on"), pl.col("closed_on")),
        ]
    )  # fmt: skip
