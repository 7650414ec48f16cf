"""Table 11-4: complaints counted by month, quarter and year, in all and by seven dimensions (input-model.md 8).

The newest 13 months, 5 quarters and 3 years up to T, the running ones too (`complete` false). Ours, where the text leaves it
open:
- A running period is compared with the same days of the period, and of the year, before. What would reach before the month
  of the first complaint on record is not compared.
- Rates are of the complaints received in the period, but: closed, on time and days of those closed in it, corrective
  actions and first follow-ups of those due in it (a follow-up once its days are over or it was held).
- Clients, grades and the RMs' clients are tonight's, for every period; a complaint belongs to the main RM of its day of
  receipt. By target, category, product and channel the rate per 100 is of all active clients.
- `value` is "all" for all, null where the complaint does not say. A value without anything to count has no row.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import ratio
from transforms.night import Night, month_start, months_before
from transforms.relationship.book import Book

READS = ("complaints", "clients", "assignments", "undertakings", "interactions", "calendar")
PERIODS = {"month": (1, 13), "quarter": (3, 5), "year": (12, 3)}  # months in one, how many
LEAST = 5  # complaints below which a comparison with last year, or a mean score, says nothing
COMPLEX = 2
FIRST_FOLLOW_UP = 30
DIMENSIONS = {
    "branch": "branch_id",
    "rm": "rm_id",
    "target": "target",
    "category": "category",
    "product": "product",
    "channel": "channel",
    "grade": "grade",
}
COUNTS = ("received", "received_prev", "severe", "closed", "open_end", "overdue_end")
_KEY = ("period", "dimension", "value")
FRAMES: Mapping[str, pl.Schema] = {
    "complaint_statistics": pl.Schema(
        {
            "period": pl.String(),  # 2026-06, 2026-Q2, 2026
            "dimension": pl.String(),  # all, branch, rm, target, category, product, channel, grade
            "value": pl.String(),
            "unit": pl.String(),  # month, quarter, year
            "complete": pl.Boolean(),
            "received": pl.Int64(),
            "received_prev": pl.Int64(),
            "received_yoy": pl.Float64(),
            "per_100_clients": pl.Float64(),
            "share": pl.Float64(),
            "severe": pl.Int64(),
            "closed": pl.Int64(),
            "open_end": pl.Int64(),
            "overdue_end": pl.Int64(),
            "on_time_rate": pl.Float64(),
            "ack_median_h": pl.Float64(),
            "close_median_d": pl.Float64(),
            "repeat_rate": pl.Float64(),
            "upheld_rate": pl.Float64(),
            "fault_bank_rate": pl.Float64(),
            "client_score_mean": pl.Float64(),
            "client_score_n": pl.Int64(),
            "compensation": pl.Int64(),  # null: none of those received has an amount
            "root_cause_top": pl.String(),
            "corrective_done_rate": pl.Float64(),
            "follow_up_rate": pl.Float64(),
            "volunteered_share": pl.Float64(),
        }
    )
}


def _spans(night: Night) -> Iterator[dict[str, object]]:
    """The periods with the days they and the ones compared with them reach over."""
    tomorrow = night.as_of + timedelta(days=1)
    for unit, (months, count) in PERIODS.items():
        running = month_start(night.as_of, (night.as_of.month - 1) % months)
        for back in range(count):
            first = month_start(running, months * back)
            after = month_start(first, -months)
            complete = after <= tomorrow
            last = after - timedelta(days=1) if complete else night.as_of
            yield {
                "period": _name(unit, first), "unit": unit, "complete": complete, "first": first, "last": last,
                **_before(first, last, complete, "prev", months), **_before(first, last, complete, "year", 12),
            }  # fmt: skip


def _before(first: date, last: date, complete: bool, name: str, months: int) -> dict[str, date]:
    """The same span some months before: whole when it is complete, else up to the same day."""
    after = last + timedelta(days=1)
    end = months_before(after, months) - timedelta(days=1) if complete else months_before(last, months)
    return {f"{name}_first": month_start(first, months), f"{name}_last": end}


def _name(unit: str, first: date) -> str:
    names = {"month": f"{first:%Y-%m}", "quarter": f"{first.year}-Q{(first.month + 2) // 3}", "year": f"{first.year}"}
    return names[unit]


def _listed(cards: pl.LazyFrame, spans: pl.LazyFrame, column: str, where: pl.Expr, done: pl.Expr) -> pl.LazyFrame:
    """complaint_id, period and of that list's rows due in the period how many, and how many done."""
    name = column.split("_")[0]
    rows = (
        cards.select("complaint_id", column).explode(column, empty_as_null=False, keep_nulls=False).unnest(column)
        .filter(where)
    )  # fmt: skip
    return (
        rows.join(spans.select("period", "first", "last"), how="cross")
        .filter(pl.col("due_on").is_between(pl.col("first"), pl.col("last")))
        .group_by("complaint_id", "period")
        .agg(pl.len().cast(pl.Int64).alias(f"{name}_due"), done.sum().cast(pl.Int64).alias(f"{name}_done"))
    )


def _facts(cards: pl.LazyFrame, spans: pl.LazyFrame) -> pl.LazyFrame:
    """Every complaint and period it counts in, once per dimension: what it counts as there."""
    day, closed = pl.col("received_on"), pl.col("closed_on")
    still = (day <= pl.col("last")) & (closed > pl.col("last")).fill_null(value=True)
    corrected = (pl.col("done_on") <= pl.col("due_on")).fill_null(value=False)
    first_one = (pl.col("days") == FIRST_FOLLOW_UP) & pl.col("state").is_in(["held", "missed"])
    flags = {
        "received": day.is_between(pl.col("first"), pl.col("last")),
        "before": day.is_between(pl.col("prev_first"), pl.col("prev_last")),
        "year_ago": day.is_between(pl.col("year_first"), pl.col("year_last")),
        "closed": closed.is_between(pl.col("first"), pl.col("last")).fill_null(value=False),
        "still": still,
        "late": still & (pl.col("deadline") < pl.col("last")),
    }
    counts = ("corrective_due", "corrective_done", "follow_due", "follow_done")
    on = ["complaint_id", "period"]
    counted = (
        cards.join(spans, how="cross")
        .with_columns(**flags)
        .join(_listed(cards, spans, "corrective_actions", pl.lit(value=True), corrected), on=on, how="left")
        .join(_listed(cards, spans, "follow_ups", first_one, pl.col("state") == "held"), on=on, how="left")
        .with_columns(pl.col(counts).fill_null(0))
        .filter(
            pl.any_horizontal(*(name for name in flags if name != "late"), pl.col("corrective_due", "follow_due") > 0)
        )
    )
    each = [counted.with_columns(dimension=pl.lit("all"), value=pl.lit("all"))]
    each += [counted.with_columns(dimension=pl.lit(name), value=pl.col(column)) for name, column in DIMENSIONS.items()]
    return pl.concat(each)


def _sums(facts: pl.LazyFrame) -> pl.LazyFrame:
    """One row per period, dimension and value: counts and medians."""
    now, done = pl.col("received"), pl.col("closed")
    in_time = (pl.col("closed_on") <= pl.col("deadline")).fill_null(value=False)
    outcome, fault, score = pl.col("outcome"), pl.col("fault"), pl.col("client_score").filter(now)
    paid, cause = (
        pl.col("compensation").filter(now),
        pl.col("root_cause").filter(now & (pl.col("root_cause") != "unknown")),
    )
    counts = {
        "received": now, "received_prev": pl.col("before"), "year_ago": pl.col("year_ago"), "closed": done,
        "open_end": pl.col("still"), "overdue_end": pl.col("late"), "in_time": done & in_time,
        "severe": now & (pl.col("severity") >= COMPLEX), "repeated": now & pl.col("is_repeat"),
        "volunteers": now & pl.col("volunteered").fill_null(value=False),
        "judged": now & outcome.is_in(["upheld", "partly_upheld", "not_upheld"]),
        "upheld": now & outcome.is_in(["upheld", "partly_upheld"]),
        "decided": now & (fault != "undecided"), "ours": now & fault.is_in(["bank", "both"]),
    }  # fmt: skip
    return facts.group_by(_KEY).agg(
        *(flag.sum().cast(pl.Int64).alias(f"n_{name}") for name, flag in counts.items()),
        pl.col("corrective_due", "corrective_done", "follow_due", "follow_done").sum(),
        ack_median_h=pl.col("acknowledged_h").filter(now).median(),
        close_median_d=pl.col("days_open").filter(done).median(),
        client_score_n=score.count().cast(pl.Int64),
        score=score.sum(),
        compensation=pl.when((paid.count() > 0) | ~now.any()).then(paid.sum()),
        root_cause_top=cause.mode().sort().first(),
    )


def _active(book: Book) -> pl.LazyFrame:
    """dimension, value, clients: active clients in all, by branch, RM and grade."""
    active = book.clients.filter(pl.col("status") == "active").select("client_id")
    as_of = book.night.as_of
    in_force = pl.col("start_on").le(as_of) & (pl.col("end_on") > as_of).fill_null(value=True)
    managers = (
        book.table("assignments")
        .filter(pl.col("role") == "main", in_force)
        .group_by("client_id")
        .agg(value=pl.col("staff_id").sort_by("start_on", "staff_id").last())
    )
    by = {
        "all": active.with_columns(value=pl.lit("all")),
        "branch": active.join(book.table("clients").select("client_id", value="branch_id"), on="client_id"),
        "rm": active.join(managers, on="client_id"),
        "grade": active.join(book.grades().rename({"grade": "value"}), on="client_id"),
    }
    counted = [
        rows.group_by("value").agg(clients=pl.len().cast(pl.Int64)).select("value", "clients", dimension=pl.lit(name))
        for name, rows in by.items()
    ]
    return pl.concat([rows.filter(pl.col("value").is_not_null()) for rows in counted])


def _rated(book: Book, sums: pl.LazyFrame, spans: pl.LazyFrame) -> pl.LazyFrame:
    """The sums with shares and rates and the clients they are compared with."""
    since = book.done["complaint_cards"].select(since=pl.col("received_on").min().dt.truncate("1mo"))
    everybody = book.clients.select(everybody=(pl.col("status") == "active").sum().cast(pl.Int64))
    whole = sums.filter(pl.col("dimension") == "all").select("period", whole="n_received")
    own = pl.col("dimension").is_in(["all", "branch", "rm", "grade"])
    clients = pl.when(own).then("clients").otherwise("everybody")
    received, scores = pl.col("n_received"), pl.col("client_score_n")
    shares = {
        "share": (received, pl.col("whole")),
        "per_100_clients": (100 * received, clients),
        "on_time_rate": (pl.col("n_in_time"), pl.col("n_closed") + pl.col("n_overdue_end")),
        "repeat_rate": (pl.col("n_repeated"), received),
        "upheld_rate": (pl.col("n_upheld"), pl.col("n_judged")),
        "fault_bank_rate": (pl.col("n_ours"), pl.col("n_decided")),
        "corrective_done_rate": (pl.col("corrective_done"), pl.col("corrective_due")),
        "follow_up_rate": (pl.col("follow_done"), pl.col("follow_due")),
        "volunteered_share": (pl.col("n_volunteers"), received),
    }
    return (
        sums.join(_active(book), on=["dimension", "value"], how="left")
        .join(spans, on="period")
        .join(everybody.join(since, how="cross"), how="cross")
        .join(whole, on="period", how="left")
        .with_columns(
            **{name: ratio(part, base) for name, (part, base) in shares.items()},
            n_received_prev=pl.when(pl.col("prev_first") >= pl.col("since")).then("n_received_prev"),
            received_yoy=pl.when(pl.col("year_first") >= pl.col("since"), pl.col("n_year_ago") >= LEAST).then(
                (received / pl.col("n_year_ago") - 1).round(9)
            ),
            client_score_mean=pl.when(scores >= LEAST).then((pl.col("score") / scores).round(9)),
        )
        .rename({f"n_{name}": name for name in COUNTS})
    )


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """complaint_statistics: all of every period, and each value of a dimension that has something to count in it."""
    schema = FRAMES["complaint_statistics"]
    if not book.connected("complaints"):
        return {"complaint_statistics": pl.LazyFrame(schema=schema)}
    spans = pl.LazyFrame(list(_spans(book.night)))
    sums = _sums(_facts(book.done["complaint_cards"], spans)).collect().lazy()
    everything = spans.select("period", dimension=pl.lit("all"), value=pl.lit("all"))
    zeros = {name: pl.lit(0, dtype) for name, dtype in sums.collect_schema().items() if dtype == pl.Int64}
    nothing = everything.join(sums, on=_KEY, how="anti").with_columns(**zeros)
    counted = pl.concat([sums, nothing], how="diagonal")
    return {"complaint_statistics": _rated(book, counted, spans).select(schema.names()).sort(_KEY)}
