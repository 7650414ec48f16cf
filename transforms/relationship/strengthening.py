"""Table 11-6, the plan card to strengthen a client's ties (强化客户关系计划卡; input-model.md 8, 9.5; readings S2, G5, G19).

Our shares, the gaps, the competitors and the actions stand in the strengthening_ modules beside this, each with what is ours in it.
"""

from collections.abc import Mapping

import polars as pl

from transforms.events import links
from transforms.relationship.book import Book
from transforms.relationship.people import contacts_of
from transforms.relationship.strengthening_actions import actions_of
from transforms.relationship.strengthening_gaps import gaps_of
from transforms.relationship.strengthening_rivals import COMPETITORS, rivals_of
from transforms.relationship.strengthening_shares import SHARES, our_shares

READS = (
    "party_links", "parties", "events", "undertakings", "interactions", "complaints", "holdings", "products", "series",
    "staff",
)  # fmt: skip
GRADES, COLD = ("A", "B"), ("cooling", "at_risk")


FRAMES: Mapping[str, pl.Schema] = {
    "strengthening_plans": pl.Schema(
        {
            "client_id": pl.String(),
            "plan_date": pl.Date(),
            "grade": pl.String(),
            "rm_id": pl.String(),
            "relationship_level": pl.String(),
            "quadrant": pl.String(),
            "signals": pl.List(pl.String()),  # REL signals that count tonight
            **{f"{share}{part}": pl.Float64() for share in SHARES for part in ("", "_change")},  # 12 months
            "promoter_id": pl.String(),
            "promoter": pl.String(),
            "promoter_function": pl.String(),
            "promoter_stance": pl.String(),
            "promoter_closeness": pl.Int64(),  # to us; personal
            "decision_maker_ids": pl.List(pl.String()),
            "decision_makers": pl.List(pl.String()),  # their names
            "other_banks": pl.Int64(),  # that lend, by the bureau
            "threat": pl.String(),  # the worst competitor's
            "gaps": pl.List(pl.String()),
        }
    ),
    "strengthening_competitors": COMPETITORS,
    "strengthening_actions": pl.Schema(
        {
            "client_id": pl.String(),
            "gap": pl.String(),  # null: an action of its own
            "undertaking_id": pl.String(),  # null: proposed only
            "measure": pl.Int64(),  # method 1 to 12
            "title": pl.String(),
            "owner_id": pl.String(),
            "senior_id": pl.String(),  # head of the branch, where leaders should meet
            "start_on": pl.Date(),
            "due_on": pl.Date(),
            "target": pl.String(),  # the figure to watch
            "start_value": pl.Float64(),
            "now_value": pl.Float64(),
            "outcome": pl.String(),  # null: proposed only
        }
    ),
}


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """strengthening_plans: one row per client in need of one; _competitors: its other banks; _actions: gaps and what is done."""
    who = _who(book).collect().lazy()
    people = contacts_of(book).join(who, on="client_id", how="semi").collect().lazy()
    shares = our_shares(book, who)
    rivals = rivals_of(book, who, shares, people).collect().lazy()
    plans = _plans(book, who, shares, people, rivals).collect().lazy()
    made = {
        "strengthening_plans": plans,
        "strengthening_competitors": rivals,
        "strengthening_actions": actions_of(book, plans, people),
    }
    return {
        name: frame.select(pl.col(column).cast(dtype) for column, dtype in FRAMES[name].items()).sort(
            FRAMES[name].names()[:3]
        )
        for name, frame in made.items()
    }


def _who(book: Book) -> pl.LazyFrame:
    """client_id, grade, rm_id, branch_id, relationship_level, quadrant of the clients that need a plan."""
    text = pl.col("relationship_level", "quadrant").cast(pl.String)
    said = book.assessments.select("client_id", text)
    return (
        book.panel.select("client_id", "rm_id", "branch_id", grade="tier_used")
        .join(said, on="client_id", how="left")
        .filter(pl.col("grade").is_in(GRADES) | pl.col("relationship_level").is_in(COLD))
    )


def _plans(
    book: Book, who: pl.LazyFrame, shares: pl.LazyFrame, people: pl.LazyFrame, rivals: pl.LazyFrame
) -> pl.LazyFrame:
    """The rows of strengthening_plans, and the branch."""
    worst = rivals.group_by("client_id").agg(
        threat=pl.col("threat").sort_by(pl.col("threat").cast(pl.Enum(["high", "medium", "low"]))).drop_nulls().first()
    )
    signals = (
        book.findings.filter(pl.col("signal_id").str.starts_with("REL-"), pl.col("state") != "resolved")
        .group_by("client_id")
        .agg(signals=pl.col("signal_id").unique().sort())
    )
    banks = book.panel.select("client_id", other_banks="bureau_banks")
    return (
        who.join(shares, on="client_id", how="left")
        .join(_promoters(book, people), on="client_id", how="left")
        .join(_deciders(book, people), on="client_id", how="left")
        .join(banks, on="client_id", how="left")
        .join(worst, on="client_id", how="left")
        .join(signals, on="client_id", how="left")
        .with_columns(pl.col("signals").fill_null(pl.lit([], pl.List(pl.String))), plan_date=pl.lit(book.night.as_of))
        .with_columns(gaps=gaps_of(book))
    )


def _promoters(book: Book, people: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and the promoter: of several the one met most."""
    close = (
        links(book, "contact_of")
        .group_by(client_id="to_id", promoter_id="from_id")
        .agg(promoter_closeness=pl.col("closeness").max())
    )
    first = (
        people.filter(pl.col("decision_role") == "promoter")
        .sort("client_id", "met_365", "party_id", descending=[False, True, False], nulls_last=True)
        .unique("client_id", keep="first", maintain_order=True)
        .select(
            "client_id", promoter_id="party_id", promoter="name", promoter_function="function", promoter_stance="stance"
        )
    )
    told = pl.col("promoter_closeness") if book.night.personal_ties else pl.lit(None, pl.Int64)
    return first.join(close, on=["client_id", "promoter_id"], how="left").with_columns(promoter_closeness=told)  # fmt: skip


def _deciders(book: Book, people: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, decision_maker_ids, decision_makers (names), decider_met_on (never: the first day of all)."""
    never = pl.lit("1900-01-01").str.to_date()
    met = pl.col("last_met_on").max()
    return (
        people.filter("is_decision_maker")
        .group_by("client_id")
        .agg(
            decision_maker_ids=pl.col("party_id").sort(),
            decision_makers=pl.col("name").sort_by("party_id"),
            decider_met_on=met.fill_null(never) if book.connected("interactions") else met,
        )
    )
