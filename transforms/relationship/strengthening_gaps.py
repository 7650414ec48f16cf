"""The gaps of a plan card: what each proposes and what figure shows that it closes (table 11-6).

Ours: gaps are the REL signals that count tonight, a share of ours that fell by 10 points, a threat of medium or high, a decision maker
nobody has met for 180 days, none known. Each proposes one method and one figure to watch.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from transforms.relationship.book import Book
from transforms.relationship.strengthening_shares import FALL, SHARES

HALF_YEAR = 180
# gap → method proposed (9.5), figure to watch
GAPS: Mapping[str, tuple[int, str]] = {
    "argues": (6, "complaint_free_days"),
    "judges": (5, "products"),
    "opinions_unused": (4, "requests_open"),
    "criticises": (3, "complaint_free_days"),
    "one_contact": (6, "people_met"),
    "contact_dropped": (1, "people_met"),
    "critics_avoided": (6, "people_met"),
    "dates_moved": (1, "contacts_90"),
    "requests_evaded": (4, "requests_open"),
    "promises_broken": (4, "promises_overdue"),
    "contact_thins": (1, "contacts_90"),
    "complaint": (6, "complaint_free_days"),
    "rival": (7, "share_flow"),
    **{f"{share}_fell": (8, share) for share in SHARES},
    "decider_unmet": (7, "deciders_met"),
    "decider_unknown": (6, "people_met"),
}
BY_SIGNAL = {f"REL-{no:02}": gap for no, gap in enumerate(list(GAPS)[:13], 1)}


def gaps_of(book: Book) -> pl.Expr:
    """The gaps of a client in the order of GAPS."""
    holds = {gap: pl.col("signals").list.contains(signal) for signal, gap in BY_SIGNAL.items()}
    holds["rival"] = holds["rival"] | pl.col("threat").is_in(["high", "medium"])
    holds |= {f"{share}_fell": pl.col(f"{share}_change") <= -FALL for share in SHARES}
    if book.connected("party_links"):
        holds["decider_unknown"] = pl.col("decision_makers").is_null()
        holds["decider_unmet"] = pl.col("decider_met_on") < pl.lit(book.night.as_of - timedelta(days=HALF_YEAR))
    return pl.concat_list(pl.when(holds[gap]).then(pl.lit(gap)) for gap in GAPS if gap in holds).list.drop_nulls()
