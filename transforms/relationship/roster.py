"""The client roster (input-model.md 8, table 11-1) and its totals per RM, per branch and for the bank.

Score, computed grade and cuts are the panel's (transforms/context/roster.py); here are the places, the parts the score was
made of and what the form says beside them. Ours, where the text leaves it open:
- part_* is the percentile rank among active clients with data, weight_* its share of the score, scaled to one over the parts
  known.
- Top 10 % of a volume: at most a tenth of the clients with data are as large or larger; nothing is never large. A reason that
  cannot be told is not given.
- Move of the grade: against the roster before (`roster_before`); who was not in it is new.
- Products held: families of holdings, accounts (deposit) and loans; without the table of holdings unknown.
- A confidential client has neither name nor group here.
- Totals add what is known; `*_known` says of how many clients.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arithmetic import within
from transforms.context.roster import BEFORE, WEIGHTS
from transforms.features import credit
from transforms.relationship.book import Book
from transforms.relationship.people import contacts_of
from transforms.relationship.visit_triggers import made

READS = (
    *("clients", "parties", "assignments", "staff", "accounts", "balances", "transactions", "loans", "loan_status"),
    *("holdings", "products", "series", "survey_answers", "complaints", "interactions", "party_links", "documents"),
)
PARTS: Mapping[str, str] = {  # part of the score → the measure it ranks, as the weights name it
    "contribution": "contribution_12m",
    "deposits": "deposit_adb_365",
    "settlement": "settlement_12m",
    "loans": "loans_out",
    "tenure": "tenure_days",
}
VOLUMES = ("settlement_12m", "deposit_adb_365", "loans_out")
LARGE_PER_CENT = 10
CONTENT, LONG_YEARS, COMPLAINTS = 4.5, 10, 2  # the form's reasons for closer care
DAYS, YEAR_DAYS = 365, 365.25
GRADES = ("A", "B", "C", "D")
LOAN_FAMILIES: Mapping[str, str] = {  # ours: credit_product → holding_family; any other is "other"
    **dict.fromkeys(("working_capital", "overdraft"), "working_capital"),
    **dict.fromkeys(("project_loan", "syndicated_project", "fixed_asset"), "fixed_asset"),
    **dict.fromkeys(("bill_discount", "acceptance"), "bills"),
    **dict.fromkeys(("letter_of_credit", "guarantee_issued"), "guarantee_lc"),
    "trade_finance": "trade_finance",
}
MONEY = ("deposit_adb_365", "loans_out", "settlement_12m", "contribution_12m")
FRAMES: Mapping[str, pl.Schema] = {
    "client_roster": pl.Schema(
        {
            "client_id": pl.String(),
            "seq_bank": pl.Int64(),  # place by the score, in the bank, the branch, the RM's book; equal scores by client_id
            "seq_branch": pl.Int64(),
            "seq_rm": pl.Int64(),  # those without RM among themselves
            "client_name": pl.String(),  # null: confidential
            "confidential": pl.Boolean(),
            "industry_code": pl.String(),
            "region_code": pl.String(),
            "group_name": pl.String(),
            "grade": pl.String(),
            "grade_computed": pl.String(),  # with the two below read by the next night
            "grade_pending": pl.String(),
            "grade_pending_on": pl.Date(),
            "grade_move": pl.String(),  # up, same, down, new
            "importance_score": pl.Float64(),
            **{f"part_{part}": pl.Float64() for part in PARTS},  # percentile rank, 0 to 1
            **{f"weight_{part}": pl.Float64() for part in PARTS},
            "focus_reasons": pl.List(pl.String()),  # satisfied, large_volume, long_standing, difficult
            "service_mode": pl.String(),  # key, normal
            "main_rm": pl.String(),  # staff_id
            "main_rm_name": pl.String(),
            "assist_rm": pl.List(pl.String()),  # staff_ids
            "branch": pl.String(),
            "key_contact": pl.String(),  # party_id
            "relationship_start": pl.Date(),
            "tenure_years": pl.Float64(),
            **dict.fromkeys(MONEY, pl.Int64()),
            "contribution_from": pl.String(),  # feed, holdings
            "products_held": pl.Int64(),
            "satisfaction_rm": pl.Float64(),
            "satisfaction_bank": pl.Float64(),
            "risk_level": pl.String(),
            "relationship_level": pl.String(),
            "last_contact_on": pl.Date(),
            "days_since_contact": pl.Int64(),
            "next_visit_on": pl.Date(),
            "file_complete": pl.Float64(),
        }
    ),
    "roster_totals": pl.Schema(
        {
            "scope": pl.String(),  # bank, branch, rm
            "scope_id": pl.String(),  # branch, staff_id; null: the bank, or clients that have none
            "clients": pl.Int64(),
            **{f"grade_{grade}": pl.Int64() for grade in GRADES},  # clients of it
            "grade_none": pl.Int64(),
            **dict.fromkeys(MONEY, pl.Int64()),
            **{f"{name}_known": pl.Int64() for name in MONEY},  # clients whose amount is known
        }
    ),
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """client_roster: every active client once, by client_id; roster_totals: by scope and scope_id."""
    told = _placed(_weighed(book, _cared(book).collect().lazy()))
    for said in (_assisting(book), _contacts(book), *_made(book)):
        told = told.join(said, on="client_id", how="left")
    roster = told.select(FRAMES["client_roster"].names()).sort("client_id").collect().lazy()
    return {"client_roster": roster, "roster_totals": _totals(roster)}


def service_modes(book: Book) -> pl.LazyFrame:
    """client_id, service_mode (key, normal) of every active client."""
    return _cared(book).select("client_id", "service_mode")


def _cared(book: Book) -> pl.LazyFrame:
    told = _facts(book)
    for said in (_satisfied(book), _complained(book), _before(book)):
        told = told.join(said, on="client_id", how="left")
    return _judged(book, told)


def _facts(book: Book) -> pl.LazyFrame:
    """Active clients with what the panel, the masters and the product tables say of them."""
    as_of = book.night.as_of
    tenure = (as_of - pl.col("relationship_start")).dt.total_days()
    panel = book.panel.select(
        *("client_id", "name", "industry_code", "region_code", "group_id", "grade_computed", "importance_score"),
        *("contribution_12m", "contribution_from", "relationship_start", "last_contact_on", pl.col("days_since_contact").cast(pl.Int64)),
        grade="tier_used", main_rm="rm_id", main_rm_name="rm_name", branch="branch_id",
        deposit_adb_365="adb_365_all_kinds", loans_out="outstanding_on_balance",
        settlement_12m=pl.col("opin_12") + pl.col("opout_12"),
        tenure_days=tenure, tenure_years=(tenure / YEAR_DAYS).round(1),
    )  # fmt: skip
    names = book.table("parties").select(group_id="party_id", group_name="name")
    hidden = pl.col("confidential").fill_null(value=False)
    return (
        book.clients.filter(pl.col("status") == "active")
        .select("client_id", "difficult", confidential=hidden)
        .join(panel, on="client_id", how="left")
        .join(names, on="group_id", how="left")
        .join(_families(book), on="client_id", how="left")
        .with_columns(
            client_name=pl.when(pl.col("confidential").not_()).then("name"),
            group_name=pl.when(pl.col("confidential").not_()).then("group_name"),
        )
    )


def _families(book: Book) -> pl.LazyFrame:
    """client_id, products_held: distinct families open at T."""
    as_of = book.night.as_of
    if not book.connected("holdings"):
        return pl.LazyFrame(schema={"client_id": pl.String, "products_held": pl.Int64})
    still = (pl.col("opened_on") <= as_of) & (pl.col("closed_on") > as_of).fill_null(value=True)
    held = book.table("holdings").filter(still).join(book.table("products"), on="product_id")
    accounts = book.table("accounts").filter(still)
    family = pl.col("product").replace_strict(LOAN_FAMILIES, default="other", return_dtype=pl.String)
    owed = credit.book(book.night, book.table("loans"), book.table("loan_status")).select("loan_id")
    loans = book.table("loans").join(owed, on="loan_id", how="semi")
    rows = [
        held.select("client_id", "family"),
        accounts.select("client_id", family=pl.lit("deposit")),
        loans.select("client_id", family=family),
    ]
    counted = pl.concat(rows).group_by("client_id").agg(products_held=pl.col("family").n_unique().cast(pl.Int64))
    return (
        book.ids()
        .join(counted, on="client_id", how="left")
        .select("client_id", products_held=pl.col("products_held").fill_null(0))
    )


def _weighed(book: Book, facts: pl.LazyFrame) -> pl.LazyFrame:
    """Adds part_* and weight_* as the score uses them; a client with no part known has no weights."""
    weights = book.night.roster_weights or WEIGHTS
    ranks = {part: (pl.col(name).rank("average") - 0.5) / pl.col(name).count() for part, name in PARTS.items()}
    shares = {part: pl.col(name).is_not_null() * weights[name] for part, name in PARTS.items()}
    whole = pl.sum_horizontal(shares.values())
    return facts.with_columns(
        *(rank.alias(f"part_{part}") for part, rank in ranks.items()),
        *(pl.when(whole > 0).then(share / whole).alias(f"weight_{part}") for part, share in shares.items()),
    )


def _placed(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Adds the three places; a client without a score stands last."""
    order = pl.struct((-pl.col("importance_score")).fill_null(1.0), "client_id")
    place = pl.col("seq_bank").rank("min").cast(pl.Int64)
    return facts.with_columns(seq_bank=order.rank("min").cast(pl.Int64)).with_columns(
        seq_branch=place.over("branch"), seq_rm=place.over("main_rm")
    )


def _satisfied(book: Book) -> pl.LazyFrame:
    told = made(book, "satisfaction", {"client_id": pl.String(), "subject": pl.String(), "score": pl.Float64()})
    return told.group_by("client_id").agg(
        pl.col("score").filter(pl.col("subject") == subject).first().alias(f"satisfaction_{subject}")
        for subject in ("rm", "bank")
    )


def _complained(book: Book) -> pl.LazyFrame:
    recent = book.table("complaints").with_columns(on=pl.col("received_at").dt.date())
    return recent.filter(within("on", book.night.as_of, DAYS)).group_by("client_id").agg(complaints_365=pl.len())


def _assisting(book: Book) -> pl.LazyFrame:
    """client_id, assist_rm of every client; null without the table."""
    as_of = book.night.as_of
    in_force = (pl.col("start_on") <= as_of) & (pl.col("end_on") > as_of).fill_null(value=True)
    held = book.table("assignments").filter(pl.col("role") == "assist", in_force)
    return book.per_client(held.group_by("client_id").agg(assist_rm=pl.col("staff_id").unique().sort()), "assignments")


def _contacts(book: Book) -> pl.LazyFrame:
    """client_id, key_contact: a decision maker, the one met most when there are several; else the one met most in 365 days."""
    known = contacts_of(book).filter(pl.col("is_decision_maker") | (pl.col("met_365") > 0))
    order = ["is_decision_maker", "met_365", "last_met_on", "party_id"]
    first = known.sort(order, descending=[True, True, True, False], nulls_last=True)
    return first.group_by("client_id", maintain_order=True).agg(key_contact=pl.col("party_id").first())


def _before(book: Book) -> pl.LazyFrame:
    then = made(book, "roster_before", {"client_id": pl.String(), "grade": pl.String()})
    return then.select("client_id", grade_before="grade", was_there=pl.lit(value=True))


def _made(book: Book) -> list[pl.LazyFrame]:
    levels = book.assessments.select("client_id", pl.col("risk_level", "relationship_level").cast(pl.String))
    visits = made(book, "visit_status", {"client_id": pl.String(), "next_on": pl.Date()})
    files = made(book, "archive_scores", {"client_id": pl.String(), "score": pl.Float64()})
    pending = made(book, "roster", {name: BEFORE[name] for name in ("client_id", "grade_pending", "grade_pending_on")})
    return [levels, visits.rename({"next_on": "next_visit_on"}), files.rename({"score": "file_complete"}), pending]


def _large(name: str) -> pl.Expr:
    volume = pl.col(name)
    as_large = volume.rank("max", descending=True).cast(pl.Int64)  # how many are as large or larger
    return (volume > 0) & (as_large * 100 <= LARGE_PER_CENT * volume.count().cast(pl.Int64))


def _judged(book: Book, told: pl.LazyFrame) -> pl.LazyFrame:
    """Adds focus_reasons, service_mode and grade_move."""
    years = pl.col("tenure_days") / YEAR_DAYS
    reasons = {
        "satisfied": (pl.col("satisfaction_rm") >= CONTENT) & (pl.col("satisfaction_bank") >= CONTENT),
        "large_volume": pl.any_horizontal(_large(name).fill_null(value=False) for name in VOLUMES),
        "long_standing": years >= LONG_YEARS,
        "difficult": pl.col("difficult").fill_null(value=False) | (pl.col("complaints_365") >= COMPLAINTS),
    }
    given = pl.concat_list(pl.when(holds).then(pl.lit(reason)) for reason, holds in reasons.items()).list.drop_nulls()
    grade, before = pl.col("grade"), pl.col("grade_before")
    key = (grade == "A") | (grade.is_in(["B", "C"]) & (pl.col("focus_reasons").list.len() > 0))
    move = (
        pl.when(pl.col("was_there").is_null())
        .then(pl.lit("new"))
        .when(grade < before)  # A is the best
        .then(pl.lit("up"))
        .when(grade > before)
        .then(pl.lit("down"))
        .when(grade == before)
        .then(pl.lit("same"))
    )
    return told.with_columns(
        focus_reasons=given, grade_move=move if "roster_before" in book.done else pl.lit(None, pl.String)
    ).with_columns(service_mode=pl.when(key).then(pl.lit("key")).when(grade.is_not_null()).then(pl.lit("normal")))


def _totals(roster: pl.LazyFrame) -> pl.LazyFrame:
    grade = pl.col("grade")
    sums = {
        "clients": pl.len(),
        **{f"grade_{name}": (grade == name).sum() for name in GRADES},
        "grade_none": grade.is_null().sum(),
        **{name: pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()) for name in MONEY},
        **{f"{name}_known": pl.col(name).count() for name in MONEY},
    }
    scopes = {"bank": pl.lit(None, pl.String), "branch": pl.col("branch"), "rm": pl.col("main_rm")}
    rows = [
        roster.with_columns(scope=pl.lit(scope), scope_id=of)
        .group_by("scope", "scope_id")
        .agg(value.cast(pl.Int64).alias(name) for name, value in sums.items())
        for scope, of in scopes.items()
    ]
    return pl.concat(rows).select(FRAMES["roster_totals"].names()).sort("scope", "scope_id")
