"""How complete the client archives are (input-model.md 10): every item that applies, its state, the score of each client.

The items are data in archive_items.py. Ours, where the text leaves it open:
- Of several rows of one item the best counts: valid, waived, set aside, expired, else missing; of equals the newest.
  A waiver without reason or checker, and a rejected paper, are missing. not_applicable takes a checker too.
- Where no table tells whom an item applies to (project approvals, state plans, borrowing abroad, agents, licensed
  trades), it applies when the file has a row that does not say otherwise. When the table is not connected, it does not.
- The fixed-asset lists are kept per loan in force of the products fixed_asset, project_loan and syndicated_project; a paper
  about the facility counts for each of its loans. Guarantors: of guarantees in force for the loan or the whole client.
- What the night makes itself is state "auto". Forms 11-2 and 11-5 are always made; 11-6 counts with an open action. Items
  of this kind whose test fails fall back on the file. CU7 asks that every complaint of three years is closed with its cause.
- `agrees`: what other tables say of the item, null where they cannot tell: contents of papers (budgets, amounts in
  resolutions, payees, identity cards, permits, powers of attorney). It marks, and does not change the score.
- An item is due for renewal when it runs out, else its rhythm after it came in. What is renewed by event has no day.
"""

from collections.abc import Mapping
from functools import reduce

import polars as pl

from transforms import events
from transforms.arithmetic import EXACT, within
from transforms.features import contacts, credit
from transforms.night import months_before
from transforms.relationship import archive_items, roster
from transforms.relationship.archive_items import CRITICAL
from transforms.relationship.book import Book

READS = (
    *("documents", "clients", "parties", "loans", "loan_status", "credit_support", "interactions", "undertakings"),
    *("complaints", "events", "party_links", "bureau_reports", "statements", "series"),
)
COMPLETE, GAPS = 0.95, 0.80  # levels, the source's
YEAR, QUARTER, COMPLAINT_DAYS, SCORECARD_DAYS = 365, 90, 3 * 365, 190
VISITS_PER_CENT = 90
AUDITED_YEARS, AUDITED_MONTHS = 3, 40  # the newest year may be four months old before its audit is in
FIXED_ASSET = ("fixed_asset", "project_loan", "syndicated_project")
VISITS = ("visit", "bank_visit", "site_inspection")
CHANGES = ("name_change", "scope_change", "capital_reduction", "legal_rep_change", "director_change", "type_change")
BY_FILE = ("unless_waived", "construction")  # a row in the file is enough to say that the item applies
BEST = ("ok", "waived", "outside", "expired", "missing")
HELD = ("ok", "waived", "auto")
KEY = ["client_id", "subject_id", "checklist", "item_code", "about_id"]
FRAMES: Mapping[str, pl.Schema] = {
    "archives": pl.Schema(
        {
            "client_id": pl.String(),
            "subject_id": pl.String(),  # the client or the guarantor
            "checklist": pl.String(),
            "item_code": pl.String(),
            "about_id": pl.String(),  # loan; null in the client's own lists
            "state": pl.String(),  # ok, missing, expired, waived, auto; null: documents are not known
            "weight": pl.Int64(),
            "valid_until": pl.Date(),
            "due_on": pl.Date(),  # next renewal
            "agrees": pl.Boolean(),  # other tables bear it out; null: they cannot tell
        }
    ),
    "archive_scores": pl.Schema(
        {
            "client_id": pl.String(),
            "score": pl.Float64(),
            "level": pl.String(),  # complete, gaps, not_complete
            "missing": pl.List(pl.String()),  # item codes, critical ones first
            "expired": pl.List(pl.String()),
            "due_next_on": pl.Date(),
        }
    ),
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """archives: every item that applies, by KEY; archive_scores: every client once."""
    loans = _loans(book).collect().lazy()
    items = _asked(book, loans).join(_papers(book, loans), on=KEY, how="left", nulls_equal=True)
    applies = pl.col("holds").fill_null(value=False) | (
        pl.col("applies").is_in(BY_FILE) & pl.col("said").is_in(["ok", "expired", "missing"]).fill_null(value=False)
    )
    supplied = (pl.col("auto") & pl.col("agrees")).fill_null(value=False)
    said = (
        pl.col("said").replace("unproven", "missing").fill_null("missing")
        if book.connected("documents")
        else pl.lit(None, pl.String)
    )
    valid, renewed = pl.col("valid_until"), pl.col("received_on").dt.offset_by(pl.format("{}mo", "months"))
    kept = pl.col("state").is_in(["ok", "expired"])
    archives = (
        items.with_columns(state=pl.when(supplied).then(pl.lit("auto")).otherwise(said))
        .filter(applies, (pl.col("state") != "outside").fill_null(value=True))
        .with_columns(valid_until=pl.when(kept).then(valid), due_on=pl.when(kept).then(pl.coalesce(valid, renewed)))
        .select(FRAMES["archives"].names())
        .sort(KEY)
        .collect()
        .lazy()
    )
    return {"archives": archives, "archive_scores": _scores(book, archives)}


def _loans(book: Book) -> pl.LazyFrame:
    """Fixed-asset loans in force: client_id, about_id, facility_id and the tests of a loan."""
    state = credit.book(book.night, book.table("loans"), book.table("loan_status")).select("loan_id", "state")
    loans = (
        book.table("loans")
        .filter(pl.col("product").is_in(FIXED_ASSET))
        .join(state, on="loan_id")
        .join(book.ids(), on="client_id", how="semi")
        .select(
            "client_id", "facility_id", "disbursed_on", about_id="loan_id",
            equipment=pl.col("purpose") == "equipment", construction=pl.col("purpose") == "construction",
            written_off=(pl.col("state") == "written_off").fill_null(value=False),
        )
    )  # fmt: skip
    seen = contacts.done(book.night, book.table("interactions")).filter(pl.col("channel") == "site_inspection")
    before = loans.join(seen.select("client_id", "on"), on="client_id").filter(pl.col("on") < pl.col("disbursed_on"))
    return _told(loans, "about_id", "inspected", before, book.connected("interactions")).drop("disbursed_on")


def _told(rows: pl.LazyFrame, key: str, name: str, found: pl.LazyFrame, connected: bool) -> pl.LazyFrame:
    """Adds `name`: whether `found` has the row's key; null when its table is not connected."""
    if not connected:
        return rows.with_columns(pl.lit(None, pl.Boolean).alias(name))
    there = found.select(key).unique().with_columns(pl.lit(value=True).alias(name))
    return rows.join(there, on=key, how="left").with_columns(pl.col(name).fill_null(value=False))


def _asked(book: Book, loans: pl.LazyFrame) -> pl.LazyFrame:
    """Every item of every list of every client: KEY, the item, `holds` (it applies) and `agrees`."""
    ids = book.ids()
    own = pl.concat(
        ids.with_columns(checklist=pl.lit(name), subject_id="client_id", about_id=pl.lit(None, pl.String))
        for name in ("cultivation", "basic_info")
    )
    of_loans = loans.with_columns(checklist=pl.lit("fixed_asset_borrower"), subject_id="client_id")
    guaranteed = _guarantors(book, loans).with_columns(checklist=pl.lit("fixed_asset_guarantor"))
    subjects = pl.concat([own, of_loans, guaranteed], how="diagonal").drop("facility_id")
    rows = (
        subjects.join(_clients(book), on="client_id")
        .join(_subjects(book, subjects), on="subject_id", how="left")
        .with_columns(all=pl.lit(value=True), made=pl.lit(value=True))
        .join(archive_items.frame(), on="checklist")
    )
    asked = {item.applies for item in archive_items.ITEMS} - {"unless_waived"}
    checked = {item.check for item in archive_items.ITEMS if item.check}
    holds, agrees = _chosen("applies", asked), _chosen("check", checked)
    return rows.select(*KEY, "applies", "months", "weight", "auto", holds=holds, agrees=agrees)


def _chosen(column: str, names: set[str]) -> pl.Expr:
    """The value of the column whose name stands in `column`."""
    nothing: pl.Expr = pl.lit(None, pl.Boolean)
    return reduce(lambda rest, name: pl.when(pl.col(column) == name).then(name).otherwise(rest), sorted(names), nothing)


def _guarantors(book: Book, loans: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, subject_id, about_id: who guarantees each of the loans at T."""
    as_of = book.night.as_of
    newest = (
        book.table("credit_support")
        .filter(pl.col("valid_from") <= as_of)
        .sort("support_id", "valid_from")
        .unique("support_id", keep="last", maintain_order=True)
        .filter(pl.col("kind") == "guarantee", pl.col("status") == "active")
        .filter((pl.col("ends_on") > as_of).fill_null(value=True))
        .select("client_id", "loan_id", subject_id="provider_id")
    )
    mine = pl.col("loan_id").is_null() | (pl.col("loan_id") == pl.col("about_id"))
    both = loans.select("client_id", "about_id").join(newest, on="client_id").filter(mine)
    return both.select("client_id", "subject_id", "about_id").unique()


def _clients(book: Book) -> pl.LazyFrame:
    """client_id and the tests of a client."""
    as_of, panel = book.night.as_of, pl.col
    scorecard = panel("technology_disruption_q0").is_not_null() | panel("investment_climate_q0").is_not_null()
    quarter = pl.max_horizontal("technology_disruption_quarter", "investment_climate_quarter")
    rows = (
        book.clients.select("client_id", "internal_rating", "status")
        .join(book.panel.drop("status"), on="client_id", how="left")
        .join(book.assessments.select("client_id", pl.col("relationship_level").cast(pl.String)), on="client_id", how="left")
        .join(roster.service_modes(book), on="client_id", how="left")
        .select(
            "client_id",
            active=panel("status") == "active",
            key=panel("service_mode") == "key",
            grade_ab=panel("tier_used").is_in(["A", "B"]),
            strengthen=panel("tier_used").is_in(["A", "B"]).fill_null(value=False)
            | panel("relationship_level").is_in(["cooling", "at_risk"]),
            borrower=panel("loans_count") > 0,
            credit_or_project=(panel("loans_count") > 0) | (panel("projects_open") > 0),
            files=panel("reporting_freq") != "none",
            rated=panel("internal_rating").is_not_null(),
            master_filled=pl.all_horizontal(
                panel(name).is_not_null()
                for name in ("name", "industry_code", "region_code", "branch_id", "relationship_start")
            ),
            statement_in_time=(panel("overdue_days") == 0) & panel("statement_key").is_not_null(),
            scored=panel("importance_score").is_not_null(),
            scorecard=scorecard & (quarter >= events.days_ago(book, SCORECARD_DAYS)).fill_null(value=False),
        )
    )  # fmt: skip
    owed = book.table("undertakings").filter(pl.col("made_on") <= as_of)
    opinions = owed.filter(pl.col("kind") == "client_opinion", within("made_on", as_of, YEAR))
    actions = owed.filter(
        pl.col("kind") == "strengthening_action", pl.col("outcome") == "open",
        (pl.col("done_on") > as_of).fill_null(value=True),
    )  # fmt: skip
    changed = events.known(book, "registry", YEAR).filter(pl.col("subtype").is_in(CHANGES))
    for name, found, table, kind in (
        ("proposed", owed.filter(pl.col("kind") == "proposal"), "undertakings", "proposal"),
        ("needs_known", opinions, "undertakings", "client_opinion"),
        ("strengthened", actions, "undertakings", "strengthening_action"),
        ("registry_changed", changed, "events", "registry"),
        ("project_known", events.known(book, "project"), "events", "project"),
    ):
        rows = _told(rows, "client_id", name, found, book.connected(table, kind))
    rows = rows.join(_complaints(book), on="client_id", how="left")
    return rows.join(_visits(book), on="client_id", how="left").collect().lazy()


def _complaints(book: Book) -> pl.LazyFrame:
    """client_id, complained, complaints_closed: of three years, every one closed by T with its cause."""
    as_of = book.night.as_of
    recent = book.table("complaints").with_columns(on=pl.col("received_at").dt.date())
    closed = pl.col("closed_at").dt.date() <= as_of
    solved = closed.fill_null(value=False) & (pl.col("root_cause") != "unknown").fill_null(value=False)
    told = recent.filter(within("on", as_of, COMPLAINT_DAYS)).group_by("client_id")
    return book.per_client(told.agg(complained=pl.len() > 0, complaints_closed=solved.all()), "complaints")


def _visits(book: Book) -> pl.LazyFrame:
    """client_id, visits_complete: of the quarter's visits nine in ten have purpose, goal and outcome; null without a visit."""
    held = contacts.done(book.night, book.table("interactions")).filter(
        within("on", book.night.as_of, QUARTER), pl.col("channel").is_in(VISITS)
    )
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in ("purpose", "goal", "outcome")).sum()
    enough = whole.cast(pl.Int64) * 100 >= VISITS_PER_CENT * pl.len().cast(pl.Int64)
    return held.group_by("client_id").agg(visits_complete=enough)


def _subjects(book: Book, subjects: pl.LazyFrame) -> pl.LazyFrame:
    """subject_id and the tests of a company: the client or a guarantor."""
    as_of = book.night.as_of
    rows = subjects.select("subject_id").unique()
    revoked = events.known(book, "registry").filter(pl.col("subtype") == "licence_revoked")
    reports = book.table("bureau_reports").filter(within("report_on", as_of, YEAR))
    since = months_before(as_of, AUDITED_MONTHS)
    audited = (
        book.table("statements")
        .filter(
            pl.col("received_on") <= as_of, pl.col("period_end").is_between(since, as_of),
            pl.col("period_type") == "Y", pl.col("audited"),
        )
        .group_by("party_id")
        .agg(years=pl.col("period_end").n_unique())
        .filter(pl.col("years") >= AUDITED_YEARS)
    )  # fmt: skip
    for name, found, who, known in (
        ("revoked", revoked, "party_id", book.connected("events", "registry")),
        ("unified_code", book.table("parties").filter(pl.col("uscc").is_not_null()), "party_id", True),
        ("legal_rep_known", events.links(book, "legal_rep_of"), "to_id", book.connected("party_links")),
        ("bureau_report", reports, "client_id", book.connected("bureau_reports")),
        ("three_audited_years", audited, "party_id", True),
    ):
        rows = _told(rows, "subject_id", name, found.select(subject_id=who), known)
    return rows.with_columns(licensed=pl.col("revoked").not_())


def _papers(book: Book, loans: pl.LazyFrame) -> pl.LazyFrame:
    """KEY, said (a state, or outside), valid_until, received_on: the row of each item that counts."""
    as_of = book.night.as_of
    known = book.table("documents").filter((pl.col("received_on") <= as_of).fill_null(value=True))
    named = [loans.select(given=name, about="about_id") for name in ("about_id", "facility_id")]
    about = pl.concat(named).filter(pl.col("given").is_not_null()).unique()
    of_loans = known.filter(pl.col("checklist").str.starts_with("fixed_asset"))
    rows = pl.concat(
        [
            known.filter(pl.col("checklist").str.starts_with("fixed_asset").not_()).with_columns(
                about_id=pl.lit(None, pl.String), subject_id="client_id"
            ),
            of_loans.rename({"about_id": "given"}).join(about, on="given").drop("given").rename({"about": "about_id"}),
        ],
        how="diagonal",
    )
    status, valid = pl.col("status"), (pl.col("valid_until") >= as_of).fill_null(value=True)
    checked = pl.col("checked_by").is_not_null()
    said = (
        pl.when((status == "present") & valid).then(pl.lit("ok"))
        .when((status == "waived") & pl.col("reason").is_not_null() & checked).then(pl.lit("waived"))
        .when((status == "not_applicable") & checked).then(pl.lit("outside"))
        .when(status.is_in(["present", "expired"])).then(pl.lit("expired"))
        .when(status.is_in(["waived", "not_applicable"])).then(pl.lit("unproven"))
        .otherwise(pl.lit("missing"))
    )  # fmt: skip
    place = pl.col("said").replace_strict({name: at for at, name in enumerate((*BEST, "unproven"))})
    return (
        rows.with_columns(said=said)
        .sort(
            place, "valid_until", "received_on", "document_id", descending=[False, True, True, True],
            nulls_last=[False, False, True, False],
        )
        .unique(KEY, keep="first", maintain_order=True)
        .select(*KEY, "said", "valid_until", "received_on")
    )  # fmt: skip


def _scores(book: Book, archives: pl.LazyFrame) -> pl.LazyFrame:
    weight, held = pl.col("weight"), pl.col("state").is_in(HELD)
    serious = (weight == CRITICAL) & held.not_()
    first = archives.sort("client_id", -weight, "item_code")
    sums = first.group_by("client_id", maintain_order=True).agg(
        score=(weight.filter(held).sum() / weight.sum()).round(EXACT),
        serious=serious.any(),
        due_next_on=pl.col("due_on").min(),
        **{
            name: pl.col("item_code").filter(pl.col("state") == name).unique(maintain_order=True)
            for name in ("missing", "expired")
        },
    )
    level = (
        pl.when(pl.col("serious") | (pl.col("score") < GAPS))
        .then(pl.lit("not_complete"))
        .when(pl.col("score") < COMPLETE)
        .then(pl.lit("gaps"))
        .otherwise(pl.lit("complete"))
    )
    schema = FRAMES["archive_scores"]
    told = book.ids().join(sums.with_columns(level=level), on="client_id", how="left").select(schema.names())
    if book.connected("documents"):
        return told.sort("client_id")
    return book.ids().select(
        "client_id", *(pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name != "client_id")
    )
