"""The twelve self-checks of input-model.md 9.2, one function each: staff_id, figures, flag and the lists a rule asks
for.

Where a rule joins two questions by "or", one that holds raises the flag and one that could be asked clears it (G1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import EXACT, ratio, within
from transforms.events import known
from transforms.relationship.book import Book
from transforms.workdays import Workdays

WINDOW, ROLL_BACKS = 180, (90, 365)  # days
LISTED = 5  # clients a list shows at most
OVER, COVER = 0.20, 0.60  # 1
LONG_MINUTES, LONG_FACTOR, LONG_VISITS, WARM_LEAST, WARM_GAP = 120, 1.5, 2, 5, -0.5  # 2
BY_PHONE = ("greeting", "information", "document_request", "repayment_reminder", "thank_you")
SHORT_MINUTES, PHONE_SHARE, PHONE_LEAST = 20, 0.20, 10  # 3
UNDER, UNDER_RHYTHM, OFTEN = 0.20, 0.5, 3  # 4
PLANNED, KEPT = 0.70, 0.80  # 5
PURPOSE, LATE_WORKDAYS = 0.95, 5  # 6
LIFT, CHANCE, LIFT_LEAST, WARM = 1.5, 0.05, 12, 4  # 7
DECIDERS, CONTACTS_LEAST = 0.30, 3  # 8
REFUSAL_DAYS, AGAIN, REFUSALS_LEAST = 30, 0.50, 3  # 9
BURDEN_DAYS, HEAVY = 20, 4  # 10
POINTS = {"refused": 0, "evaded": 0, "hostile": 0, "unreachable": 0, "no_result": 1, "information": 2, "next_step": 3,
          "commitment": 4, "signed": 5}  # fmt: skip
WORSE, PAIRS_LEAST, FULL, STILL_GOOD = 0.60, 8, 4, 3  # 11
LOST_SHARE = 0.05  # 12
_visits = pl.col("visits")


@dataclass(frozen=True)
class Desk:
    """What an RM answers for: `clients` he was the main RM of at T and 180 days before, `contacts` he held with them."""

    book: Book
    days: Workdays
    managers: pl.LazyFrame  # staff_id
    clients: pl.LazyFrame  # staff_id, client_id, grade, expected, visits, distance, warmth_before
    contacts: pl.LazyFrame  # interactions of 180 days and on, in_person, minutes, usual, decider, grade

    @property
    def visits(self) -> pl.LazyFrame:
        """The contacts in person."""
        return self.contacts.filter("in_person")


def main_on(book: Book, day: date) -> pl.LazyFrame:
    """staff_id, client_id: the main assignments in force that day, the latest start when two overlap."""
    held = book.table("assignments").filter(
        pl.col("role") == "main", pl.col("start_on") <= day, (pl.col("end_on") > day).fill_null(value=True)
    )
    latest = pl.col("staff_id").sort_by("start_on", "staff_id").last()
    return held.group_by("client_id").agg(latest).select("staff_id", "client_id")


def either(*tests: pl.Expr) -> pl.Expr:
    """Whether one holds; null when none can be said."""
    return pl.when(pl.any_horizontal(test.is_not_null() for test in tests)).then(
        pl.any_horizontal(test.fill_null(value=False) for test in tests)
    )


def listed(where: pl.Expr, by: pl.Expr) -> pl.Expr:
    """The clients of a group where it holds, the largest `by` first, at most five."""
    names = pl.col("client_id").filter(where)
    return names.sort_by([by.filter(where), names], descending=[True, False]).head(LISTED)


def share(where: pl.Expr) -> pl.Expr:
    """Share of a group's rows where it holds."""
    return ratio(where.sum(), pl.len())


def figures(*names: str) -> pl.Expr:
    """The columns as one JSON object."""
    return pl.struct(sorted(names)).struct.json_encode()


def favourites(desk: Desk) -> pl.LazyFrame:
    """1: share of visits beyond twice the rhythm; share of the due clients seen."""
    excess = (_visits - 2 * pl.max_horizontal("expected", 1.0)).clip(0)
    due = pl.col("expected") >= 1
    seen = due & (_visits > 0)
    return (
        desk.clients.filter(pl.col("expected").is_not_null())
        .with_columns(excess=excess)
        .group_by("staff_id")
        .agg(
            value=ratio(pl.col("excess").sum(), _visits.sum()),
            second=ratio(seen.sum(), due.sum()),
            n=_visits.sum(),
            clients=listed(pl.col("excess") > 0, pl.col("excess")),
        )
        .with_columns(flag=(pl.col("value") >= OVER) & (pl.col("second") < COVER))
    )


def overlong(desk: Desk) -> pl.LazyFrame:
    """2: share of long visits; mean warmth of them less that of the others."""
    warm, long = pl.col("warmth"), pl.col("long")
    timed = desk.visits.filter(pl.col("minutes").is_not_null()).with_columns(
        long=pl.col("minutes") > pl.max_horizontal(LONG_MINUTES, LONG_FACTOR * pl.col("usual"))
    )
    twice = (
        timed.group_by("staff_id", "client_id")
        .agg(pl.col("long").sum())
        .group_by("staff_id")
        .agg(clients=listed(pl.col("long") >= LONG_VISITS, pl.col("long")))
    )
    enough = (warm.filter(long).count() >= WARM_LEAST) & (warm.filter(~long).count() >= WARM_LEAST)
    gap = (warm.filter(long).mean() - warm.filter(~long).mean()).round(EXACT)
    return (
        timed.group_by("staff_id")
        .agg(value=share(long), second=pl.when(enough).then(gap), n=pl.len())
        .join(twice, on="staff_id")
        .with_columns(flag=either(pl.col("clients").list.len() > 0, pl.col("second") <= WARM_GAP))
    )


def by_phone(desk: Desk) -> pl.LazyFrame:
    """3: share of visits a call could have replaced."""
    spared = (
        pl.col("purpose").is_in(BY_PHONE).fill_null(value=False)
        & (pl.col("minutes") <= SHORT_MINUTES)
        & ~pl.col("decider")
        & pl.col("outcome").is_in(["information", "no_result"])
    )
    thanks = (pl.col("purpose") == "thank_you") & (pl.col("grade") == "A")
    return (
        desk.visits.filter(~thanks.fill_null(value=False))
        .with_columns(spared=spared)
        .filter(pl.col("spared").is_not_null())
        .group_by("staff_id")
        .agg(value=share(pl.col("spared")), n=pl.len())
        .with_columns(flag=pl.when(pl.col("n") >= PHONE_LEAST).then(pl.col("value") >= PHONE_SHARE))
    )


def wrong_ones(desk: Desk) -> pl.LazyFrame:
    """4: share of A and B clients seen less than half as often as due; `others` are C and D clients seen needlessly."""
    large, expected = pl.col("grade").is_in(["A", "B"]), pl.col("expected")
    under = large & (_visits < UNDER_RHYTHM * expected)
    often = ~large & (_visits >= OFTEN) & (_visits > 2 * expected + 1) & ~pl.col("excused")
    excused = _excused(desk.book).with_columns(excused=pl.lit(value=True))
    return (
        desk.clients.filter(expected.is_not_null())
        .join(excused, on="client_id", how="left")
        .with_columns(pl.col("excused").fill_null(value=False))
        .group_by("staff_id")
        .agg(
            value=ratio(under.sum(), large.sum()),
            n=large.sum(),
            clients=listed(under, expected - _visits),
            others=listed(often, _visits - expected),
        )
        .with_columns(flag=(pl.col("value") >= UNDER) & (pl.col("others").list.len() > 0))
    )


def _excused(book: Book) -> pl.LazyFrame:
    """client_id of those with a reason for many visits: a signal at A or worse, an open complaint or request."""
    as_of = book.night.as_of
    signals = book.findings.filter(pl.col("level") != "W", pl.col("state") != "resolved")
    complaints = book.table("complaints").filter(
        pl.col("received_at").dt.date() <= as_of, (pl.col("closed_at").dt.date() > as_of).fill_null(value=True)
    )
    return pl.concat([*(rows.select("client_id") for rows in (signals, complaints)), open_requests(book)]).unique()


def open_requests(book: Book) -> pl.LazyFrame:
    """client_id of those with a service request open at T, or a loan request of 180 days undecided."""
    as_of = book.night.as_of
    service = book.table("undertakings").filter(
        pl.col("kind") == "service_request",
        pl.col("made_on") <= as_of,
        (pl.col("outcome") == "open") | (pl.col("done_on") > as_of),
    )
    loans = known(book, "loan_request", WINDOW).filter((pl.col("ends_on") > as_of).fill_null(value=True))
    return pl.concat([rows.select("client_id") for rows in (service, loans)]).unique()


def plans(desk: Desk) -> pl.LazyFrame:
    """5: share of visits entered a day before or earlier; share of planned visits held within a working day."""
    number, as_of = desk.days.number, desk.book.night.as_of
    day_before = pl.col("created_at").dt.date() < pl.col("on")
    made = desk.visits.group_by("staff_id").agg(value=share(day_before), n=pl.len())
    on, planned_on = pl.col("started_at").dt.date(), pl.col("planned_on")
    theirs = (pl.col("status") != "done") & (pl.col("changed_by") == "client")
    held = (pl.col("status") == "done") & (on <= as_of) & ((number(on) - number(planned_on)).abs() <= 1)
    over = number(pl.lit(as_of)) - number(planned_on) >= 1
    kept = (
        desk.book.table("interactions")
        .filter(
            pl.col("recorded_at").dt.date() <= as_of,
            within("planned_on", as_of, WINDOW),
            in_person(),
            ~theirs.fill_null(value=False),
        )
        .join(desk.clients.select("staff_id", "client_id"), on=["staff_id", "client_id"], how="semi")
        .with_columns(held=held.fill_null(value=False))
        .filter(pl.col("held") | over)
        .group_by("staff_id")
        .agg(second=share(pl.col("held")))
    )
    return made.join(kept, on="staff_id", how="full", coalesce=True).with_columns(
        flag=either(pl.col("value") < PLANNED, pl.col("second") < KEPT)
    )


def in_person() -> pl.Expr:
    """Whether the channel brings both sides to one table (9.1, question 1)."""
    return pl.col("channel").is_in(["visit", "site_inspection", "bank_visit", "banquet", "event"])


def purposes(desk: Desk) -> pl.LazyFrame:
    """6: share of visits with purpose and goal written beforehand, late logs left out."""
    number = desk.days.number
    late = number(pl.col("recorded_at").dt.date()) - number(pl.col("on")) > LATE_WORKDAYS
    clear = (
        pl.col("purpose").is_not_null() & pl.col("goal").is_not_null() & (pl.col("created_at") < pl.col("started_at"))
    )
    return (
        desk.visits.filter(~late)
        .group_by("staff_id")
        .agg(value=share(clear), n=pl.len())
        .with_columns(flag=pl.col("value") < PURPOSE)
    )


def near_or_warm(desk: Desk) -> pl.LazyFrame:
    """7: how many times as often as due the nearest third is visited, and the clients that were warm before."""
    clients = desk.clients.filter(pl.col("expected").is_not_null())
    place = pl.int_range(1, pl.len() + 1).over("staff_id", order_by=["distance", "client_id"])
    placed = clients.filter(pl.col("distance").is_not_null()).with_columns(
        inside=3 * place <= pl.len().over("staff_id")
    )
    warm = clients.filter(pl.col("warmth_before").is_not_null()).with_columns(inside=pl.col("warmth_before") >= WARM)
    both = _lift(placed, "value").join(_lift(warm, "second"), on="staff_id", how="full", coalesce=True)
    seen = desk.clients.group_by("staff_id").agg(n=_visits.sum())
    return seen.join(both, on="staff_id", how="left").with_columns(
        flag=either(pl.col("flag_value"), pl.col("flag_second"))
    )


def _lift(clients: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """staff_id, `name`, flag_`name`: share of the visits `inside` over the share due there, and whether that is chance."""
    lift, inside = pl.col(name), pl.col("inside")
    far = (lift >= LIFT) & (tail(pl.col("hits"), pl.col("all"), pl.col("due")) <= CHANCE)
    return (
        clients.sort("staff_id", "client_id")
        .group_by("staff_id", maintain_order=True)
        .agg(
            hits=_visits.filter(inside).sum(),
            all=_visits.sum(),
            due=ratio(pl.col("expected").filter(inside).sum(), pl.col("expected").sum()),
        )
        .with_columns(ratio(pl.col("hits") / pl.col("all"), pl.col("due")).fill_nan(None).alias(name))
        .with_columns(pl.when(pl.col("all") >= LIFT_LEAST).then(far).alias(f"flag_{name}"))
        .select("staff_id", name, f"flag_{name}")
    )


def tail(hits: pl.Expr, n: pl.Expr, p: pl.Expr) -> pl.Expr:
    """P(X >= hits) of n draws that hit with probability p, 9 decimals: sums of e^(ln C(n, j) + j ln p + (n − j) ln(1 − p))."""
    j = pl.int_ranges(1, n + 1).cast(pl.List(pl.Float64))
    chosen = ((n + 1 - j) / j).list.eval(pl.element().log().cum_sum())  # ln C(n, j)
    terms = (chosen + j * (p.log() - (1 - p).log()) + n * (1 - p).log()).list.eval(pl.element().exp())
    upper = terms.list.slice(hits - 1).list.sum()
    return pl.when((hits <= 0) | (p >= 1)).then(1.0).otherwise(upper).clip(upper_bound=1.0).round(EXACT)


def deciders(desk: Desk) -> pl.LazyFrame:
    """8: mean share of the two-way contacts of an A or B client that a decision maker took part in."""
    return (
        desk.contacts.filter("two_way", pl.col("grade").is_in(["A", "B"]), pl.col("decider").is_not_null())
        .group_by("staff_id", "client_id")
        .agg(contacts=pl.len(), share=share(pl.col("decider")))
        .filter(pl.col("contacts") >= CONTACTS_LEAST)
        .sort("staff_id", "client_id")
        .group_by("staff_id", maintain_order=True)
        .agg(value=pl.col("share").mean().round(EXACT), n=pl.len())
        .with_columns(flag=pl.col("value") < DECIDERS)
    )


def refusals(desk: Desk) -> pl.LazyFrame:
    """9: share of refusals, their 30 days over, after which the RM came back within those days."""
    then = pl.col("on").shift(-1).over("staff_id", "client_id", order_by=["started_at", "interaction_id"])
    soon = (pl.col("then") - pl.col("on")).dt.total_days() <= REFUSAL_DAYS
    old = pl.col("on") < pl.lit(desk.book.night.as_of - timedelta(days=REFUSAL_DAYS))
    return (
        desk.contacts.with_columns(then=then)
        .filter(pl.col("outcome") == "refused", old)
        .group_by("staff_id")
        .agg(value=share(soon.fill_null(value=False)), n=pl.len())
        .with_columns(flag=pl.when(pl.col("n") >= REFUSALS_LEAST).then(pl.col("value") < AGAIN))
    )


def burden(desk: Desk) -> pl.LazyFrame:
    """10: median of what the RM answered on the last twenty working days."""
    number, today = desk.days.number, pl.lit(desk.book.night.as_of)
    recent = (number(today) - number(pl.col("date"))).is_between(0, BURDEN_DAYS - 1) & (pl.col("date") <= today)
    return (
        desk.book.table("staff_days")
        .filter(recent, pl.col("burden").is_not_null())
        .group_by("staff_id")
        .agg(value=pl.col("burden").median(), n=pl.len())
        .with_columns(flag=pl.col("value") >= HEAVY)
    )


def progress(desk: Desk) -> pl.LazyFrame:
    """11: share of visits with a poorer result than the client's visit before; share with a better one."""
    points = pl.col("outcome").replace_strict(POINTS, default=None, return_dtype=pl.Int64)
    now, before = pl.col("points"), pl.col("before")
    as_good = (before >= FULL) & (now >= STILL_GOOD)
    last = now.shift(1).over("staff_id", "client_id", order_by=["started_at", "interaction_id"])
    better, worse = (now > before) & ~as_good, (now < before) & ~as_good
    return (
        desk.visits.with_columns(points=points + pl.col("goal_met").fill_null(value=False).cast(pl.Int64))
        .filter(now.is_not_null())
        .with_columns(before=last)
        .filter(before.is_not_null())
        .group_by("staff_id")
        .agg(value=share(worse), second=share(better), n=pl.len(), better=better.sum(), worse=worse.sum())
        .with_columns(equal=pl.col("n") - pl.col("better") - pl.col("worse"))
        .with_columns(
            flag=pl.when(pl.col("n") >= PAIRS_LEAST).then(pl.col("value") >= WORSE),
            evidence=figures("better", "equal", "worse"),
        )
    )


def clients_kept(desk: Desk) -> pl.LazyFrame:
    """12: change of the number of main clients in 90 and in 365 days; `clients` are those lost in 90 days."""
    as_of = desk.book.night.as_of
    counted = desk.managers
    for days in (0, *ROLL_BACKS):
        then = main_on(desk.book, as_of - timedelta(days=days)).group_by("staff_id")
        counted = counted.join(then.agg(pl.len().cast(pl.Int64).alias(f"d{days}")), on="staff_id", how="left")
    now, quarter, year = (pl.col(f"d{days}").fill_null(0) for days in (0, *ROLL_BACKS))
    lost, large = pl.col("lost").fill_null(0), pl.col("lost_large").fill_null(0)
    return (
        counted.join(_lost(desk.book), on="staff_id", how="left")
        .with_columns(
            value=ratio(now - quarter, quarter),
            second=ratio(now - year, year),
            n=now,
            flag=either(large > 0, ratio(lost, quarter) >= LOST_SHARE),
        )
        .with_columns(
            days_90=quarter, days_365=year, **{name: pl.col(name).fill_null(0) for name in LOST}
        )
        .with_columns(evidence=figures("days_90", "days_365", *LOST))
    )  # fmt: skip


LOST = ("client_lost", "exited_by_bank", "handover", "left_bank", "other", "reorganisation")  # end_reason


def _lost(book: Book) -> pl.LazyFrame:
    """staff_id, clients, lost, lost_large (grade A or B) and how many main assignments ended by reason, 90 days."""
    as_of, gone = book.night.as_of, pl.col("end_reason") == "client_lost"
    grades = book.table("clients").join(book.grades(), on="client_id", how="left")
    graded = grades.select("client_id", grade=pl.coalesce("grade", "tier"))
    rank = pl.col("grade").fill_null("E")
    names = pl.col("client_id").filter(gone)
    return (
        book.table("assignments")
        .filter(pl.col("role") == "main", within("end_on", as_of, ROLL_BACKS[0]), pl.col("start_on") <= as_of)
        .join(main_on(book, as_of), on=["staff_id", "client_id"], how="anti")
        .unique(["staff_id", "client_id", "end_reason"])
        .join(graded, on="client_id", how="left")
        .group_by("staff_id")
        .agg(
            clients=names.sort_by(rank.filter(gone), names).head(LISTED),
            lost=gone.sum().cast(pl.Int64),
            lost_large=(gone & rank.is_in(["A", "B"])).sum().cast(pl.Int64),
            **{name: (pl.col("end_reason") == name).sum().cast(pl.Int64) for name in LOST},
        )
    )


RULES: Sequence[tuple[str, Callable[[Desk], pl.LazyFrame]]] = (  # by number: the table it hangs on, the rule
    ("interactions", favourites),
    ("interactions", overlong),
    ("interactions", by_phone),
    ("interactions", wrong_ones),
    ("interactions", plans),
    ("interactions", purposes),
    ("interactions", near_or_warm),
    ("interactions", deciders),
    ("interactions", refusals),
    ("staff_days", burden),
    ("interactions", progress),
    ("assignments", clients_kept),
)
