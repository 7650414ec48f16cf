"""The 12 methods to look after a client: which of them tonight's records ask for (input-model.md 9.5).

Triggers come from method_triggers.py, method_business.py and method_occasions.py; here stand what each asks to be done, the common limits and the
choice. Ours, where the source leaves it open:

- Classes are those of the visit plan (table 11-5): 2 a red signal, 3 a signal at A, a complaint, what we owe, 4 rhythms, money
  about to move, 5 the rest, 6 commercial. At most three a client, at most one of them commercial.
- What is about one thing is one suggestion; a contact by the rhythm, a visit by the rhythm and one for a signal are one, for
  one visit answers all three. The foremost speaks, the earliest due day holds, a call will do only where it does for all;
  the others stand in the evidence under "also".
- Commercial: method 5 and idle balances. None with no_marketing, an open complaint of severity 2 or 3, or risk R or N.
  no_marketing also keeps methods 10 to 12 away, an undecided loan request, a public institution or authority 10 and 11.
- Silent for 180 days: offers of a family declined or refused, what was cancelled, declined or not adopted about the same
  thing, invitations refused or called off by the client.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from transforms.arithmetic import within
from transforms.relationship import fits, method_business, method_occasions, method_triggers
from transforms.relationship.book import Book
from transforms.relationship.method_business import SILENT_DAYS, business, declined, undecided
from transforms.relationship.method_occasions import occasions
from transforms.relationship.method_triggers import CARDS, Known, triggers
from transforms.relationship.visit_triggers import made

READS = tuple(sorted({*method_triggers.READS, *method_business.READS, *method_occasions.READS, *fits.READS}))
MOST, MOST_COMMERCIAL = 3, 1  # a client
SEVERE, RED = 2, ("R", "N")
INVITATIONS: Mapping[str, int] = {"banquet": 10, "event": 11, "bank_visit": 12}  # channel → method
TREATS = (10, 11)  # methods that cost the bank something the guest enjoys
DROPPED = ("cancelled", "declined", "not_adopted")


class Names(NamedTuple):
    """What a method is called."""

    zh: str
    en: str


class Asked(NamedTuple):
    """What a trigger asks for."""

    method: int
    action: str
    weight: int  # class
    by_phone: bool = True
    commercial: bool = False
    together: bool = False  # answered by the same contact as the others with it


METHODS: Mapping[int, Names] = {
    1: Names("追踪制度", "Regular tracking"),
    2: Names("电话或邮件维护", "Telephone or mail"),
    3: Names("温情追踪", "Warm follow-up"),
    4: Names("产品跟进", "Product follow-up"),
    5: Names("扩大销售", "Wider sales"),
    6: Names("维护拜访", "Maintenance visit"),
    7: Names("机制维护", "Standing arrangements between leaders"),
    8: Names("差别维护", "Differentiated service"),
    9: Names("超值维护", "Care beyond business"),
    10: Names("招待宴请", "Hospitality"),
    11: Names("联谊活动", "Social events"),
    12: Names("安排客户参观银行", "Visits to the bank"),
}
TRIGGERS: Mapping[str, Asked] = {
    "contact_rhythm": Asked(1, "contact", 4, together=True),
    "late_record": Asked(1, "update_record", 5),  # no contact
    "role_changed": Asked(1, "contact", 5),
    "market_change": Asked(1, "send_note", 5),
    "visit_held": Asked(2, "thank_and_ask", 5),
    "success": Asked(3, "thank", 5),
    "loan_settled": Asked(3, "thank", 5),
    "filed_early": Asked(3, "thank", 5),
    "helped_in_complaint": Asked(3, "thank", 5),
    "promise_due": Asked(4, "keep_promise", 4),
    "promise_overdue": Asked(4, "keep_promise", 3),
    "request_waiting": Asked(4, "start_request", 3),
    "our_delay": Asked(4, "explain_delay", 3),
    "holding_check": Asked(4, "check_product", 5),
    "product_fits": Asked(5, "offer_product", 6, by_phone=False, commercial=True),
    "new_product": Asked(5, "offer_product", 6, by_phone=False, commercial=True),
    "visit_rhythm": Asked(6, "visit", 4, by_phone=False, together=True),
    "signal_alert": Asked(6, "visit", 3, by_phone=False, together=True),
    "signal_red": Asked(6, "visit", 2, by_phone=False, together=True),
    "complaint_follow_up": Asked(6, "follow_up_complaint", 3),
    "leaders_apart": Asked(7, "leaders_meet", 5, by_phone=False),
    "quadrant": Asked(7, "leaders_meet", 5, by_phone=False),
    "became_key": Asked(8, "act_first", 4, by_phone=False),
    "deposit_maturing": Asked(8, "act_first", 4),
    "idle_balance": Asked(8, "use_idle_money", 6, commercial=True),
    "request_open": Asked(8, "decide_request", 3),
    "advisory": Asked(8, "share_insight", 5),
    "birthday": Asked(9, "greet", 5),
    "anniversary": Asked(9, "greet", 5),
    "festival": Asked(9, "greet", 5),
    "occasion": Asked(9, "greet", 5),
    "welcome": Asked(10, "welcome_dinner", 5, by_phone=False),
    "thank_you_dinner": Asked(10, "thank_you_dinner", 5, by_phone=False),
    "farewell": Asked(10, "farewell_dinner", 5, by_phone=False),
    "evening": Asked(11, "invite_to_event", 5, by_phone=False),
    "new_client": Asked(12, "invite_to_bank", 5, by_phone=False),
    "new_to_see": Asked(12, "invite_to_bank", 5, by_phone=False),
}
FRAMES: Mapping[str, pl.Schema] = {
    "actions": pl.Schema(
        {
            "client_id": pl.String(),
            "rank": pl.Int64(),  # 1 to 3
            "method": pl.Int64(),  # of METHODS
            "trigger": pl.String(),  # of TRIGGERS
            "action": pl.String(),  # update_record is no contact
            "due_on": pl.Date(),
            "owner_id": pl.String(),  # staff
            "contact_id": pl.String(),
            "about_kind": pl.String(),
            "about_id": pl.String(),
            "family": pl.String(),
            "commercial": pl.Boolean(),
            "by_phone": pl.Boolean(),
            "evidence": pl.String(),  # JSON; "also": other triggers of the same thing
        }
    )
}
_ORDER = ("class", "due_on", "method", "trigger", "about_kind", "about_id", "owner_id", "contact_id", "evidence")


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """actions: what to do for each client, the most pressing first."""
    known = Known.of(book)
    every = pl.concat([rows.collect() for rows in (*triggers(known), *business(known), *occasions(known))]).lazy()
    table = pl.LazyFrame(
        [(trigger, *asks) for trigger, asks in TRIGGERS.items()],
        schema={
            "trigger": pl.String, "method": pl.Int64, "action": pl.String, "class": pl.Int64, "by_phone": pl.Boolean,
            "commercial": pl.Boolean, "together": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip
    rows = (
        every.join(table, on="trigger")
        .join(known.who.select("client_id", "rm_id"), on="client_id")
        .with_columns(owner_id=pl.coalesce("owner_id", "rm_id"))
        .rename({"facts": "evidence"})
    )
    allowed = _allowed(known, _unsilenced(known, rows)).collect().lazy()
    return {"actions": _chosen(_merged(allowed))}


def _unsilenced(known: Known, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows without what the client turned down in 180 days."""
    as_of = known.book.night.as_of
    about = ["client_id", "about_kind", "about_id"]
    dropped = (
        known.book.table("undertakings")
        .filter(pl.col("outcome").is_in(DROPPED), pl.col("about_id").is_not_null())
        .with_columns(over_on=pl.coalesce("done_on", "made_on"))
        .filter(within("over_on", as_of, SILENT_DAYS))
        .select(about)
        .unique()
    )
    no = (pl.col("outcome") == "refused") | ((pl.col("status") == "cancelled") & (pl.col("changed_by") == "client"))
    invited = (
        known.book.table("interactions")
        .filter(pl.col("recorded_at").dt.date() <= as_of, no.fill_null(value=False))
        .with_columns(on=pl.coalesce("planned_on", pl.col("started_at").dt.date()))
        .filter(within("on", as_of, SILENT_DAYS), pl.col("channel").is_in(list(INVITATIONS)))
        .select("client_id", method=pl.col("channel").replace_strict(INVITATIONS, default=None, return_dtype=pl.Int64))
        .unique()
    )
    unwanted = declined(known.book, known.held).with_columns(commercial=pl.lit(value=True))
    return (
        rows.join(dropped, on=about, how="anti")
        .join(invited, on=["client_id", "method"], how="anti")
        .join(unwanted, on=["client_id", "family", "commercial"], how="anti")
    )


def _allowed(known: Known, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows without what the bank must not suggest to the client."""
    book = known.book
    severe = made(book, "complaint_cards", CARDS).filter("is_open", pl.col("severity") >= SEVERE)
    red = book.assessments.filter(pl.col("risk_level").cast(pl.String).is_in(RED))
    shut = book.clients.filter(pl.col("no_marketing")).select("client_id")
    public = book.clients.filter(pl.col("client_kind") == "institution").select("client_id")
    authorities = book.table("parties").filter(pl.col("kind") == "government").select(client_id="party_id")
    unsold = _any(shut, severe, red)
    untreated = _any(public, authorities, undecided(book))
    invitation, treat = pl.col("method").is_in(list(INVITATIONS.values())), pl.col("method").is_in(TREATS)
    for who, what in ((unsold, pl.col("commercial")), (shut, invitation), (untreated, treat)):
        barred = who.select("client_id", __barred=pl.lit(value=True)).unique()
        rows = (
            rows.join(barred, on="client_id", how="left")
            .filter(~(what & pl.col("__barred").fill_null(value=False)))
            .drop("__barred")
        )
    return rows


def _any(*who: pl.LazyFrame) -> pl.LazyFrame:
    """client_id of all of them, each once."""
    return pl.concat([one.select("client_id") for one in who]).unique()


def _thing() -> pl.Expr:
    """What a suggestion is about; without a thing of its own, its trigger."""
    own = pl.format("{}:{}", "about_kind", pl.coalesce("about_id", "trigger"))
    return pl.when("together").then(pl.lit("contact")).otherwise(own)


def _merged(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client and thing."""
    others = pl.col("trigger").unique(maintain_order=True).slice(1)
    quoted = pl.lit('{"also":["') + pl.col("also").list.join('","') + pl.lit('"],') + pl.col("evidence").str.slice(1)
    return (
        rows.with_columns(thing=_thing())
        .sort("client_id", *_ORDER, nulls_last=True)
        .group_by("client_id", "thing", maintain_order=True)
        .agg(
            pl.col("due_on").min(),
            pl.col("by_phone").all(),
            pl.exclude("due_on", "by_phone").first(),
            also=others,
        )
        .with_columns(evidence=pl.when(pl.col("also").list.len() > 0).then(quoted).otherwise("evidence"))
    )


def _chosen(rows: pl.LazyFrame) -> pl.LazyFrame:
    """actions: the first three of each client, one commercial among them at most."""
    selling = pl.col("commercial").cast(pl.Int64).cum_sum().over("client_id")
    return (
        rows.sort("client_id", *_ORDER, nulls_last=True)
        .collect()  # counted in this order
        .filter(~(pl.col("commercial") & (selling > MOST_COMMERCIAL)))
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("client_id"))
        .filter(pl.col("rank") <= MOST)
        .lazy()
        .select(pl.col(name).cast(dtype) for name, dtype in FRAMES["actions"].items())
    )
