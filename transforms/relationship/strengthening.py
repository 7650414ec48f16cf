"""Table 11-6, the plan card to strengthen a client's ties (强化客户关系计划卡; input-model.md 8, 9.5; readings S2, G5, G19).

Ours, where the text leaves it open:
- Gaps are the REL signals that count tonight, a share of ours that fell by 10 points, a threat of medium or high, a
  decision maker nobody has met for 180 days, none known. Each proposes one method and one figure to watch.
- Changes of shares compare like with like: loans by the two bureau reports, the flow by both years' revenue, deposits
  by the RM's own estimates. Where one of the two is missing the change is unknown.
- Which bank own-name transfers go to is known by bank code, not by party: they make one row without a bank, `flow_90`.
  The flow rose by half when accounts first seen in 90 days took half of what the older ones did.
- Strength: a proposal declined in 365 days for its price says price, for a competitor says product. Low needs a test
  that ran.
- An action belongs to the gap of the signal it is about; others stand alone. Finished ones are shown for 365 days.
- Personal ties are off unless the bank switches them on: which person of the other bank, the tie, how close. Off, they
  are null, and threat does not know them. Of several ties the closest, and then the nearest kin, counts.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, ratio, within
from transforms.events import known, links
from transforms.features import contacts, people_met
from transforms.relationship.book import Book
from transforms.relationship.people import contacts_of

READS = (
    "party_links", "parties", "events", "undertakings", "interactions", "complaints", "holdings", "products", "series",
    "staff",
)  # fmt: skip
YEAR, HALF_YEAR, QUARTER = 365, 180, 90
GRADES, COLD = ("A", "B"), ("cooling", "at_risk")
FALL, CLOSE, FLOW_UP = 0.10, 4, 0.5  # threat: points of share, closeness to the promoter, growth
TIES = ("relative_of", "friend_of", "classmate_of", "colleague_of", "shares_hobby_with")  # nearest first
TIED = ("client_id", "bank_id", "their_person", "tie", "tie_to", "closeness")
STRENGTHS = {"price": "price", "competitor": "product"}  # reason of a declined proposal
FLOW = "settlement_in"
DEPOSITS = ("demand_deposit", "time_deposit", "notice_agreed_deposit", "margin")
SHARES = ("share_loans", "share_flow", "share_deposit")
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
LEADERS = 7  # the method that brings both sides' leaders together
_FED = {"contacts_90": "interactions", "people_met": "interactions", "deciders_met": "interactions", "products": "holdings",
        "promises_overdue": "undertakings", "requests_open": "undertakings"}  # fmt: skip

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
    "strengthening_competitors": pl.Schema(
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
    ),
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
    shares = _shares(book, who)
    rivals = _rivals(book, who, shares, people).collect().lazy()
    plans = _plans(book, who, shares, people, rivals).collect().lazy()
    made = {
        "strengthening_plans": plans,
        "strengthening_competitors": rivals,
        "strengthening_actions": _actions(book, plans, people),
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


def _shares(book: Book, who: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, our shares and their change in 12 months."""
    line = pl.col("line")
    lines = {"share_flow": line == FLOW, "share_deposit": line.is_in(DEPOSITS)}
    lines["share_loans"] = ~lines["share_flow"] & ~lines["share_deposit"]
    now = (
        book.done["business_dealings"]
        .group_by("client_id")
        .agg(pl.col("our_share").filter(where).max().alias(name) for name, where in lines.items())
    )
    owed = book.done["credit"].select("client_id", "balance_out_year_ago")
    columns = ("outstanding_on_balance", "other_banks_debt", "nonbank_debt", "routed_share")
    ago = [f"{name}_year_ago" for name in columns[1:]]

    def loans(ours: str, suffix: str) -> pl.Expr:
        return ratio(pl.col(ours), pl.col(ours) + pl.col(f"other_banks_debt{suffix}") + pl.col(f"nonbank_debt{suffix}"))

    routed = [pl.col(name).clip(0, 1) for name in ("routed_share", "routed_share_year_ago")]
    changes = {
        "share_loans_change": loans("outstanding_on_balance", "") - loans("balance_out_year_ago", "_year_ago"),
        "share_flow_change": routed[0] - routed[1],
        "share_deposit_change": pl.col("wallet") - pl.col("wallet_year_ago"),
    }
    return (
        who.select("client_id")
        .join(now, on="client_id", how="left")
        .join(book.panel.select("client_id", *columns, *ago), on="client_id", how="left")
        .join(owed, on="client_id", how="left")
        .join(_wallets(book), on="client_id", how="left")
        .select("client_id", *SHARES, **{name: change.round(EXACT) for name, change in changes.items()})
    )  # fmt: skip


def _wallets(book: Book) -> pl.LazyFrame:
    """client_id, wallet, wallet_year_ago: the RM's estimates of our share in the deposits, each at most a year old."""
    as_of = book.night.as_of
    rows = book.table("series").filter(
        pl.col("subject_kind") == "client",
        pl.col("indicator") == "wallet_share_deposit",
        pl.col("published_on") <= as_of,
    )
    at = {"wallet": as_of, "wallet_year_ago": as_of - timedelta(days=YEAR)}
    order = ("period_end", "published_on", "value")

    def newest(name: str) -> pl.Expr:
        where = within("period_end", at[name], YEAR)
        return pl.col("value").filter(where).sort_by([pl.col(by).filter(where) for by in order]).last().alias(name)

    return rows.group_by(client_id="subject_code").agg(newest(name) for name in at)


def _rivals(book: Book, who: pl.LazyFrame, shares: pl.LazyFrame, people: pl.LazyFrame) -> pl.LazyFrame:
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
        return pl.LazyFrame(schema={name: FRAMES["strengthening_competitors"][name] for name in TIED})
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
        .with_columns(gaps=_gaps(book))
    )


def _gaps(book: Book) -> pl.Expr:
    """The gaps of a client in the order of GAPS."""
    holds = {gap: pl.col("signals").list.contains(signal) for signal, gap in BY_SIGNAL.items()}
    holds["rival"] = holds["rival"] | pl.col("threat").is_in(["high", "medium"])
    holds |= {f"{share}_fell": pl.col(f"{share}_change") <= -FALL for share in SHARES}
    if book.connected("party_links"):
        holds["decider_unknown"] = pl.col("decision_makers").is_null()
        holds["decider_unmet"] = pl.col("decider_met_on") < pl.lit(book.night.as_of - timedelta(days=HALF_YEAR))
    return pl.concat_list(pl.when(holds[gap]).then(pl.lit(gap)) for gap in GAPS if gap in holds).list.drop_nulls()


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


def _actions(book: Book, plans: pl.LazyFrame, people: pl.LazyFrame) -> pl.LazyFrame:
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
    measured = [
        _figures(book, rows, people, at).rename({"figure": name})
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


def _figures(book: Book, rows: pl.LazyFrame, people: pl.LazyFrame, at: str) -> pl.LazyFrame:
    """row, figure: what the target's figure was on the day the plan began (`start`) or is (`now`), where it is counted by day."""
    day = pl.col("start") if at == "start" else pl.lit(book.night.as_of)
    asked = rows.select("row", "client_id", "target", day=day)
    spells = _spells(book, people)
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
