"""Which other banks a client uses and what they threaten (table 11-6, part B).

Ours, where the text leaves it open:
- Which bank own-name transfers go to is known by bank code, not by party: they make one row without a bank, `flow_90`.
  The flow rose by half when accounts first seen in 90 days took half of what the older ones did.
- Strength: a proposal declined in 365 days for its price says price, for a competitor says product. Low needs a test
  that ran.
- Personal ties are off unless the bank switches them on: which person of the other bank, the tie, how close. Off, they
  are null, and threat does not know them. Of several ties the closest, and then the nearest kin, counts.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, within
from transforms.events import known, links
from transforms.relationship.book import Book
from transforms.relationship.strengthening_shares import FALL, SHARES, YEAR

HALF_YEAR = 180
CLOSE, FLOW_UP = 4, 0.5  # threat: closeness to the promoter, growth
TIES = ("relative_of", "friend_of", "classmate_of", "colleague_of", "shares_hobby_with")  # nearest first
TIED = ("client_id", "bank_id", "their_person", "tie", "tie_to", "closeness")
STRENGTHS = {"price": "price", "competitor": "product"}  # reason of a declined proposal
COMPETITORS = pl.Schema(
    {
        "client_id": pl.String(),
        "bank_id": pl.String(),  # null: seen in flows alone
        "bank": pl.String(),
        "seen_in": pl.List(pl.String()),  # events, flows, links
        "products_there": pl.List(pl.String()),
        "share_there": pl.Float64(),  # estimate
        "share_there_change": pl.Float64(),  # 12 months
        "since": pl.Date(),
        "flow_90": pl.Int64(),  # own-name transfers out in 90 days
        "contacted_on": pl.Date(),  # newest word of a contact, 365 days
        "their_person": pl.String(),  # personal, as the three below
        "tie": pl.String(),  # one of TIES, none_known
        "tie_to": pl.String(),  # promoter, decision_maker
        "closeness": pl.Int64(),
        "their_strength": pl.String(),
        "threat": pl.String(),
    }
)


def rivals_of(book: Book, who: pl.LazyFrame, shares: pl.LazyFrame, people: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of strengthening_competitors."""
    keys = ["client_id", "bank_id"]
    banks = book.table("parties").select(bank_id="party_id", bank="name")
    word = (
        known(book, "competitor_contact", YEAR)
        .group_by("client_id", bank_id="other_id")
        .agg(contacted_on=pl.col("happened_on").max())
    )
    named = _links_there(book).join(word, on=keys, how="full", coalesce=True)
    own = book.panel.filter(pl.col("own_out_90") > 0).select(
        "client_id",
        bank_id=pl.lit(None, pl.String),
        flow_90="own_out_90",
        flow_up=pl.col("own_new_amount_90") >= FLOW_UP * (pl.col("own_out_90") - pl.col("own_new_amount_90")),
    )
    seen = {"events": "contacted_on", "flows": "flow_90", "links": "linked"}
    rows = (
        pl.concat([named, own], how="diagonal")
        .join(who.select("client_id"), on="client_id", how="semi")
        .join(banks, on="bank_id", how="left")
        .join(shares, on="client_id", how="left")
        .join(_strengths(book), on="client_id", how="left")
        .with_columns(
            seen_in=pl.concat_list(
                pl.when(pl.col(column).is_not_null()).then(pl.lit(name)) for name, column in seen.items()
            ).list.drop_nulls()
        )
    )
    told = (book.night.personal_ties and book.connected("party_links")) & pl.col("bank_id").is_not_null()
    return rows.join(_ties(book, people), on=keys, how="left").with_columns(
        tie=pl.when(told).then(pl.col("tie").fill_null("none_known")), threat=_threat(book)
    )


def _threat(book: Book) -> pl.Expr:
    """high, medium, low; null when no test could run."""
    fell = [pl.col(f"{share}_change") <= -FALL for share in SHARES]
    tied = (pl.col("closeness") >= CLOSE) & (pl.col("tie_to") == "promoter")
    high = [pl.col("share_there_change") >= FALL, *fell, tied]
    heard = within("contacted_on", book.night.as_of, HALF_YEAR)
    events = book.connected("events", "competitor_contact")
    medium = [heard.fill_null(value=False) if events else pl.lit(None, pl.Boolean), pl.col("flow_up")]
    return (
        pl.when(pl.any_horizontal(test.fill_null(value=False) for test in high))
        .then(pl.lit("high"))
        .when(pl.any_horizontal(test.fill_null(value=False) for test in medium))
        .then(pl.lit("medium"))
        .when(pl.any_horizontal(test.is_not_null() for test in (*high, *medium)))
        .then(pl.lit("low"))
    )


def _links_there(book: Book) -> pl.LazyFrame:
    """client_id, bank_id, linked, products_there, share_there and its change, since, of links banks_with in force."""
    as_of = book.night.as_of
    year_ago = as_of - timedelta(days=YEAR)
    ever = book.table("party_links").filter(
        pl.col("relation") == "banks_with",
        pl.col("recorded_on") <= as_of,
        (pl.col("start_on") <= as_of).fill_null(value=True),
    )
    newest = ("start_on", "recorded_on", "link_id")

    def last(column: str, day: pl.Expr) -> pl.Expr:
        held = (pl.col("start_on") <= day).fill_null(value=True) & (pl.col("end_on") > day).fill_null(value=True)
        return pl.col(column).filter(held).sort_by([pl.col(by).filter(held) for by in newest], nulls_last=False).last()

    now, before = pl.lit(as_of), pl.lit(year_ago)
    change = pl.col("share_there") - pl.col("share_before")
    return (
        ever.group_by(client_id="from_id", bank_id="to_id")
        .agg(
            linked=last("link_id", now),
            products_there=last("products", now),
            share_there=last("share_pct", now),
            share_before=last("share_pct", before),
            since=pl.col("start_on").min(),
        )
        .filter(pl.col("linked").is_not_null())
        .with_columns(share_there_change=change.round(EXACT))
    )


def _strengths(book: Book) -> pl.LazyFrame:
    """client_id, their_strength, of the newest proposal declined for a rival's sake."""
    as_of = book.night.as_of
    strength = pl.col("reason").replace_strict(STRENGTHS, default=None, return_dtype=pl.String)
    return (
        book.table("undertakings")
        .filter(
            pl.col("kind") == "proposal", pl.col("outcome") == "declined", within("made_on", as_of, YEAR), strength.is_not_null()
        )
        .group_by("client_id")
        .agg(their_strength=strength.sort_by("made_on", "undertaking_id").last())
    )  # fmt: skip


def _ties(book: Book, people: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, bank_id, their_person, tie, tie_to, closeness: the closest tie of a bank's person to one who decides.

    Without rows unless the bank switched personal ties on.
    """
    if not book.night.personal_ties:
        return pl.LazyFrame(schema={name: COMPETITORS[name] for name in TIED})
    weighty = people.filter(pl.col("decision_role").is_in(["promoter", "decision_maker"])).select(
        "client_id", inside="party_id", tie_to="decision_role"
    )
    social = links(book, *TIES).select(
        "relation", "closeness", "from_id", "to_id", rank=pl.col("relation").cast(pl.Enum(TIES)).to_physical()
    )
    ways = [social.rename({a: "inside", b: "outside"}) for a, b in (("from_id", "to_id"), ("to_id", "from_id"))]
    staff = links(book, "employee_of").select(outside="from_id", bank_id="to_id")
    best = ("closeness", "rank", "outside", "inside")
    return (
        pl.concat([way.select("inside", "outside", "relation", "closeness", "rank") for way in ways])
        .join(weighty, on="inside")
        .join(staff, on="outside")
        .join(book.table("parties").select(outside="party_id", their_person="name"), on="outside", how="left")
        .sort(best, descending=[True, False, False, False], nulls_last=True)
        .unique(["client_id", "bank_id"], keep="first", maintain_order=True)
        .rename({"relation": "tie"})
        .select(TIED)
    )  # fmt: skip
