"""How the bank and a client meet: last contact, rhythm, warmth.

From the optional tables interactions and assignments (input-model.md 4.18, 4.5); rule REL-11, readings G5, G13, S2.

- A contact is a done, two-way interaction held and recorded by T, by whomever of the bank: it is the client's.
- Windows, warmth and the own gap start anew with a new main RM; the last contact may be older. A new assignment of the
  same person, with no other main RM between, is no new RM. Without a main RM the relationship's start counts.
- Compared windows are equally long and do not overlap. The newest reaches from T − n days to T, both in, the next ends
  the day before: n + 1 days each.
- The rhythm hangs on the client's tier, which may be known only once the whole book is ranked: `measure` gives the days
  of the contacts, `rhythm` does the arithmetic when the tier is there.
- A client without any two-way contact has no gap: days_since_contact is null, contacts_now 0. Time since the start of
  the relationship is not a gap between contacts, so the gap clause of REL-11 stays unknown for that client.
- REL-09 counts every contact held, one-way too and whoever the main RM was: `held_days`, against the day earlier nights
  first put the client at level A, which only `after_alert` is told.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from transforms.columns import DAY, KEYS, TEXT, C, D, R, S, many
from transforms.night import Night, months_before

WINDOWS = {"A": 90, "B": 120, "C": 180, "D": 365}
WINDOWS_BEFORE = 4  # earlier windows compared at most
WINDOWS_NEEDED = 3  # and at least
GAP_DAYS = 365
OWN_GAP_FACTOR = 1.5
NEWEST_SCORES, SCORES_BEFORE = 3, 6
MOST_KEYS = 10
HISTORY_MONTHS = 24
ALERT_SPAN, ALERT_REACH = 60, 365
_REACH = (WINDOWS_BEFORE + 1) * (max(WINDOWS.values()) + 1)

COLUMNS: Mapping[str, pl.DataType] = {
    "last_contact_on": pl.Date(),
    "days_since_contact": pl.Int64(),
    "warmth_last3": pl.Float64(),
    "warmth_before6": pl.Float64(),
    "contact_keys": pl.List(pl.String()),
    "next_planned_on": pl.Date(),
    "contacts_since": pl.Date(),
    "contact_days": pl.List(pl.Date()),
    "held_days": pl.List(pl.Date()),
}
HISTORY: Mapping[str, pl.DataType] = {
    "client_id": pl.String(),
    "on": pl.Date(),
    "channel": pl.String(),
    "purpose": pl.String(),
    "outcome": pl.String(),
    "warmth": pl.Int64(),
    "staff_id": pl.String(),
    "two_way": pl.Boolean(),
}
_NEWEST = ("started_at", "interaction_id")


PANEL = [
    *many(
        "interactions",
        ("last_contact_on", "as_of"),
        ("contact_keys",),
        ("last_contact_on", DAY, "last two-way contact"),
        ("days_since_contact", D, "days since"),
        ("contact_cadence", D, "rhythm of the tier"),
        ("contact_own_gap", D, "own median gap of twelve months"),
        ("contact_gap_limit", D, "the longer of the rhythm and 1.5 times the own gap"),
        ("contacts_window_days", D, "the tier's window"),
        ("contacts_now", C, "contacts in it"),
        ("contacts_mean", S, "mean of the windows before"),
        ("contacts_poisson", R, "chance of so few"),
        ("warmth_last3", S, "mean warmth of the last three contacts"),
        ("warmth_before6", S, "mean of the six before"),
        ("contact_keys", KEYS, "the contacts' rows"),
        ("next_planned_on", DAY, "next planned contact"),
        ("tier_used", TEXT, "the bank's grade, else the computed one"),
    ),
    *many(
        "interactions",
        ("first_alert_on", "as_of"),
        ("contact_keys",),
        ("contacts_before_alert", C, "contacts in the 60 days before the client first reached level A"),
        ("contacts_after_alert", C, "contacts in the 60 days after"),
    ),
]


def _since(night: Night, clients: pl.LazyFrame, assignments: pl.LazyFrame | None) -> pl.LazyFrame:
    """client_id, contacts_since: the later of the main RM's start and the relationship's."""
    start = pl.col("relationship_start")
    if assignments is None:
        return clients.select("client_id", contacts_since=start)
    held = assignments.filter(pl.col("role") == "main", pl.col("start_on") <= night.as_of)
    now = (
        held.filter(pl.col("end_on").is_null() | (pl.col("end_on") > night.as_of))
        .group_by("client_id")
        .agg(rm_id=pl.col("staff_id").sort_by("start_on", "staff_id").last())
    )
    mine = pl.col("staff_id") == pl.col("rm_id")
    another = pl.col("start_on").filter(mine.not_()).max().fill_null(date.min)
    rm_since = (
        held.join(now, on="client_id")
        .group_by("client_id")
        .agg(rm_since=pl.col("start_on").filter(mine & (pl.col("start_on") >= another)).min())
    )
    return clients.join(rm_since, on="client_id", how="left").select(
        "client_id", contacts_since=pl.max_horizontal("rm_since", start)
    )


def done(night: Night, interactions: pl.LazyFrame) -> pl.LazyFrame:
    """Interactions held and recorded by T, with the day `on`."""
    on = pl.col("started_at").dt.date()
    return (
        interactions.filter(pl.col("recorded_at").dt.date() <= night.as_of)
        .filter(pl.col("status") == "done", on <= night.as_of)
        .with_columns(on=on)
    )


def _planned(night: Night, interactions: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, next_planned_on: the first contact planned after T."""
    return (
        interactions.filter(pl.col("recorded_at").dt.date() <= night.as_of)
        .filter(pl.col("status") == "planned", pl.col("planned_on") > night.as_of)
        .group_by("client_id")
        .agg(next_planned_on=pl.col("planned_on").min())
    )


def _held_days(night: Night, held: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, held_days: days of the contacts held since the earliest an alert can be judged from, newest first."""
    reach = pl.col("on") > night.as_of - timedelta(days=ALERT_REACH + ALERT_SPAN)
    return held.filter(reach).group_by("client_id").agg(held_days=pl.col("on").sort(descending=True))


def _newest(value: pl.Expr, where: pl.Expr) -> pl.Expr:
    """Values of a group where the condition holds, newest first."""
    return value.filter(where).sort_by([pl.col(name).filter(where) for name in _NEWEST], descending=True)


def _score(first: int, count: int) -> pl.Expr:
    """Mean of `count` scores from the `first` on, null when there are fewer."""
    scores = pl.col("scores")
    return pl.when(scores.list.len() >= first + count).then(scores.list.slice(first, count).list.mean().round(9))


def measure(
    night: Night, clients: pl.LazyFrame, interactions: pl.LazyFrame | None, assignments: pl.LazyFrame | None
) -> pl.LazyFrame:
    """One row per client: what does not hang on its tier, and what `rhythm` needs (docs/frames.md, `contacts`).

    contact_days: days of the two-way contacts since contacts_since, newest first, as far back as five of the longest
    windows. held_days: days of all contacts held, as far back as `after_alert` looks. warmth_last3 and warmth_before6: means of the last three scores and the six before, scored contacts only,
    null with fewer than three or nine. Everything is null when interactions are not connected.
    """
    if interactions is None:
        nulls = [pl.lit(None, dtype).alias(name) for name, dtype in COLUMNS.items()]
        return clients.select("client_id", *nulls).sort("client_id")
    held = done(night, interactions)
    two_way = held.filter("two_way").select("client_id", "on", "warmth", *_NEWEST)
    own = pl.col("on") >= pl.col("contacts_since")
    recent = own & (pl.col("on") > night.as_of - timedelta(days=_REACH))
    scored = own & pl.col("warmth").is_not_null()
    return (
        _since(night, clients, assignments)
        .join(two_way, on="client_id", how="left")
        .group_by("client_id")
        .agg(
            last_contact_on=pl.col("on").max(),
            contacts_since=pl.col("contacts_since").first(),
            contact_days=pl.col("on").filter(recent).sort(descending=True),
            scores=_newest(pl.col("warmth"), scored).head(NEWEST_SCORES + SCORES_BEFORE),
            contact_keys=_newest(
                pl.format("interactions:{}", "interaction_id"), pl.col("interaction_id").is_not_null()
            ).head(MOST_KEYS),
        )
        .join(_planned(night, interactions), on="client_id", how="left")
        .join(_held_days(night, held), on="client_id", how="left")
        .with_columns(
            held_days=pl.col("held_days").fill_null(pl.lit([], pl.List(pl.Date))),
            days_since_contact=(night.as_of - pl.col("last_contact_on")).dt.total_days(),
            warmth_last3=_score(0, NEWEST_SCORES),
            warmth_before6=_score(NEWEST_SCORES, SCORES_BEFORE),
        )
        .select("client_id", *COLUMNS)
        .sort("client_id")
    )


def poisson(n: pl.Expr, mean: pl.Expr) -> pl.Expr:
    """P(N <= n) for a Poisson count of this mean, 9 decimals: the sum of e^(k ln m − m − ln k!) over k = 0 .. n."""
    k = pl.int_ranges(1, n + 1)
    log_factorial = k.cast(pl.List(pl.Float64)).list.eval(pl.element().log().cum_sum())
    terms = (k * mean.log() - log_factorial - mean).list.eval(pl.element().exp())
    return ((-mean).exp() + terms.list.sum()).clip(upper_bound=1.0).round(9)


def rhythm(night: Night, contacts: pl.LazyFrame, tiers: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `contacts` (from `measure`): the columns of REL-11 that hang on its tier.

    `tiers`: client_id, tier_used (A to D or null). tier_used, contact_cadence and contacts_window_days (days) come from
    the tier alone; the rest is null without interactions. contact_own_gap: median gap in days between different days of
    contact in the last 365 d, null with fewer than two. contacts_mean: contacts per window over the up to four windows
    before that lie wholly after contacts_since, null with fewer than three; contacts_poisson: P(N <= contacts_now).
    """
    tier = pl.col("tier_used")
    cadence = tier.replace_strict(night.cadence, default=None, return_dtype=pl.Int64)
    window = tier.replace_strict(WINDOWS, default=None, return_dtype=pl.Int64)
    length = pl.col("contacts_window_days") + 1
    covered = (night.as_of - pl.col("contacts_since")).dt.total_days() + 1
    constants = ("tier_used", "contact_cadence", "contacts_window_days", "earlier", "connected")
    index = pl.col("age") // length  # 0 is the window that ends at T
    recent = pl.col("contact_days").filter(pl.col("age") <= GAP_DAYS).unique().sort()
    return (
        contacts.select("client_id", "contacts_since", "contact_days")
        .join(tiers.select("client_id", "tier_used"), on="client_id", how="left")
        .with_columns(
            contact_cadence=cadence, contacts_window_days=window, connected=pl.col("contact_days").is_not_null()
        )
        .with_columns(earlier=(covered // length - 1).clip(0, WINDOWS_BEFORE))
        .explode("contact_days", empty_as_null=True, keep_nulls=True)
        .with_columns(age=(night.as_of - pl.col("contact_days")).dt.total_days())
        .group_by("client_id")
        .agg(
            pl.col(*constants).first(),
            contact_own_gap=recent.diff().dt.total_days().median().cast(pl.Float64).round(9),
            contacts_now=(index == 0).sum().cast(pl.Int64),
            before=index.is_between(1, pl.col("earlier")).sum().cast(pl.Int64),
        )
        .with_columns(
            contacts_now=_given("connected", pl.col("contacts_now"), length),
            contacts_mean=_given(
                "connected",
                pl.when(pl.col("earlier") >= WINDOWS_NEEDED).then(pl.col("before") / pl.col("earlier")).round(9),
                length,
            ),
            contact_gap_limit=_given(
                "connected",
                pl.max_horizontal("contact_cadence", OWN_GAP_FACTOR * pl.col("contact_own_gap")).round(9),
                pl.col("contact_cadence"),
            ),
        )
        .with_columns(contacts_poisson=poisson(pl.col("contacts_now"), pl.col("contacts_mean")))
        .select(
            "client_id",
            "tier_used",
            "contact_cadence",
            "contact_own_gap",
            "contact_gap_limit",
            "contacts_window_days",
            "contacts_now",
            "contacts_mean",
            "contacts_poisson",
        )
        .sort("client_id")
    )


def after_alert(night: Night, contacts: pl.LazyFrame, history: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `contacts`: contacts_before_alert, contacts_after_alert (Int64), of 60 days each (REL-09).

    `history`: client_id, first_alert_on. The day itself belongs to those before. Null without such a day, when it is over
    365 days ago, or before the 60 days after it are over.
    """
    alert, on = pl.col("first_alert_on"), pl.col("held_days")
    first, last = night.as_of - timedelta(days=ALERT_REACH), night.as_of - timedelta(days=ALERT_SPAN)
    before = on.is_between(alert.dt.offset_by(f"-{ALERT_SPAN}d"), alert, closed="right")
    after = on.is_between(alert, alert.dt.offset_by(f"{ALERT_SPAN}d"), closed="right")
    judged = alert.is_between(first, last) & pl.col("connected")
    return (
        contacts.select("client_id", "held_days", connected=pl.col("held_days").is_not_null())
        .join(history.select("client_id", "first_alert_on"), on="client_id", how="left")
        .explode("held_days", empty_as_null=True, keep_nulls=True)
        .group_by("client_id")
        .agg(
            pl.when(judged.first()).then(counted.sum().cast(pl.Int64)).alias(name)
            for name, counted in (("contacts_before_alert", before), ("contacts_after_alert", after))
        )
        .sort("client_id")
    )


def _given(flag: str, value: pl.Expr, needed: pl.Expr) -> pl.Expr:
    """The value where the flag is set and the needed one is known."""
    return pl.when(pl.col(flag) & needed.is_not_null()).then(value)


def history(night: Night, clients: pl.LazyFrame, interactions: pl.LazyFrame | None) -> pl.LazyFrame:
    """Long: the interactions held in the last 24 months, one-way too, per client newest first (docs/frames.md)."""
    if interactions is None:
        return pl.LazyFrame(schema=dict(HISTORY))
    return (
        done(night, interactions)
        .filter(pl.col("on") >= months_before(night.as_of, HISTORY_MONTHS))
        .join(clients.select("client_id"), on="client_id", how="semi")
        .sort("client_id", *_NEWEST, descending=[False, True, True])
        .select(*HISTORY)
    )
