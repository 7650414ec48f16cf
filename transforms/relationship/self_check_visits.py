"""Whom an RM visits, how often and for how long: self-checks 1 to 4 and 7 of input-model.md 9.2, one function each.

Where a rule joins two questions by "or", one that holds raises the flag and one that could be asked clears it (G1).
"""

import polars as pl

from transforms.arithmetic import EXACT, ratio
from transforms.events import known
from transforms.relationship.book import Book
from transforms.relationship.self_check_desk import WINDOW, Desk, either, listed, share

OVER, COVER = 0.20, 0.60  # 1
LONG_MINUTES, LONG_FACTOR, LONG_VISITS, WARM_LEAST, WARM_GAP = 120, 1.5, 2, 5, -0.5  # 2
BY_PHONE = ("greeting", "information", "document_request", "repayment_reminder", "thank_you")
SHORT_MINUTES, PHONE_SHARE, PHONE_LEAST = 20, 0.20, 10  # 3
UNDER, UNDER_RHYTHM, OFTEN = 0.20, 0.5, 3  # 4
LIFT, CHANCE, LIFT_LEAST, WARM = 1.5, 0.05, 12, 4  # 7
_visits = pl.col("visits")


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
