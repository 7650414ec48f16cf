"""The whole sample bank, made once, and the night of its stories."""

import polars as pl
import pytest

from flows import nights
from sample import bank as maker
from sample.stories import DOWNTURN, STORIES

# What a client's rows are known by, where that is not the column client_id.
OWNED = {
    "transactions": "account_id", "balances": "account_id", "loan_status": "loan_id", "statements": "party_id",
    "disclosures": "party_id", "series": "subject_code", "party_links": "link_id", "events": "event_id", "undertakings": "undertaking_id",
    **dict.fromkeys(("clients", "assignments", "accounts", "facilities", "loans", "credit_support", "interactions",
                     "complaints", "survey_answers", "holdings", "documents"), "client_id"),
}  # fmt: skip
SHARED = {  # rows of nobody's
    "transactions": pl.col("account_id") == "A-UNKNOWN-1",
    "events": pl.col("event_id").str.starts_with("E-SHARED"),
    "series": pl.col("subject_kind") != "client",
}


@pytest.fixture(scope="session")
def whole():
    """Every table of the sample bank, and its clients."""
    return maker.tables()


@pytest.fixture(scope="session")
def stories_night(whole, run_night, once):
    """The published night of the clients of every story but the downturn, which needs its whole sector."""
    made, _ = whole
    kept = sorted({client for story in STORIES.values() if story is not DOWNTURN for client in story.clients})
    theirs = f"^([A-Z]+-)?({'|'.join(kept)})(-|$)"
    small = {}
    for name, frame in made.items():
        mine = pl.col(OWNED[name]).str.contains(theirs) if name in OWNED else pl.lit(value=True)
        small[name] = frame.filter(mine | SHARED[name] if name in SHARED else mine)

    def make(folder):
        maker.deliver(small, folder / "source")
        (folder / "source" / "policy.toml").write_text('home_currency = "USD"\n', encoding="utf-8")
        run_night(folder / "source", folder / "out")

    return nights.read(once("stories", make) / "out", maker.AS_OF)
