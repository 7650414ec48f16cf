"""How the client uses its lines: the drawn share at month-ends, and the days it was over a limit.

Rules ADD-01 and ADD-02 and their readings, G5, G7, S2, S5. A line's drawn amount is what its loans owe (readings S10: in force,
on and off balance), its limit the facility row in force; both are steps that hold until the next row, so days are never
written out. A line that has expired, or was cancelled to a limit of 0, is not measured: its loans are running off.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import EXACT
from transforms.columns import DAY, KEYS, TEXT, C, D, R, many
from transforms.features.credit import ENDED
from transforms.night import Night, month_start
from transforms.shard import Shard

READS = ("facilities", "loans", "loan_status")
DAYS, MONTHS, YEAR = 90, 6, 12
JUMP_FLOOR = 0.50  # of the limit: below it a rise is room used, not a line under pressure
FULL = 0.95  # of the limit: a line that is as good as full

PANEL = [
    *many(
        "facilities",
        (None, "as_of"),
        ("line_keys",),
        ("revolving_lines", C, "revolving lines in force"),
        (
            "line_jump",
            R,
            "largest rise of the drawn share on the mean of the twelve month-ends before, lines half drawn",
        ),
        ("line_jump_line", TEXT, "that line"),
        ("line_jump_use", R, "its drawn share"),
        ("line_jump_mean", R, "its mean at the twelve month-ends before"),
        ("lines_without_mean", C, "revolving lines whose rise is not known"),
        ("line_full", R, "highest drawn share of a line at both of the last two month-ends"),
        ("line_full_line", TEXT, "that line"),
        ("full_line_jump", R, "largest rise of a line that was 95% drawn at both of them"),
        ("full_line_jump_line", TEXT, "that line"),
        ("full_line_jump_use", R, "its drawn share"),
        ("full_line_jump_mean", R, "its mean at the twelve month-ends before"),
        ("full_lines_unjudged", C, "revolving lines of which it is unknown whether they are full and rose"),
        ("line_month_end", R, "highest drawn share at the last month-end"),
        ("line_month_end_line", TEXT, "that line"),
        ("lines_unknown", C, "revolving lines whose drawn share is not known at the last two month-ends"),
        ("line_month_end_on", DAY, "the last month-end"),
        ("line_keys", KEYS, "the lines' newest rows"),
    ),
    *many(
        "facilities",
        ("ninety_days_ago", "as_of"),
        ("line_keys",),
        ("lines_90", C, "lines in force on a day of the last 90"),
        ("over_limit_days_90", D, "days of 90 on which a line was drawn over its limit"),
        ("over_limit_months", C, "of the last six full months, those with such a day"),
        ("over_limit_run", D, "days a line has been over its limit without a break, to T"),
        ("over_limit_days_ever", D, "days over a limit since records began"),
    ),
]


def _limits(shard: Shard) -> pl.LazyFrame:
    """facility_id, client_id, day, limit, open, revolving: how a line stands from `day` on; a limit in a foreign currency is null.

    `open` is false from the day the line expires, and while its limit is 0.
    """
    night = shard.night
    home = (pl.col("currency") == night.home_currency) | (pl.col("limit_amount") == 0)
    rows = (
        shard.table("facilities")
        .filter(pl.col("valid_from") <= night.as_of)
        .join(shard.clients.select("client_id"), on="client_id", how="semi")
        .sort("facility_id", "valid_from")
        .with_columns(next=pl.col("valid_from").shift(-1).over("facility_id"))
    )
    keys = ("facility_id", "client_id", "revolving")
    begun = rows.select(
        *keys,
        day="valid_from",
        limit=pl.when(home).then("limit_amount"),
        open=(pl.col("expires_on") > pl.col("valid_from")) & (pl.col("limit_amount") > 0),
    )
    ended = rows.filter(
        pl.col("expires_on") > pl.col("valid_from"),
        pl.col("expires_on") <= night.as_of,
        (pl.col("expires_on") < pl.col("next")).fill_null(True),
    ).select(*keys, day="expires_on", limit=pl.lit(0, pl.Int64), open=pl.lit(False))
    return pl.concat([begun, ended])


def _drawn(shard: Shard) -> pl.LazyFrame:
    """facility_id, day, drawn, blind: by how much a line's drawn amount, and the number of its unknown loans, change that day."""
    as_of = shard.night.as_of
    loans = (
        shard.table("loans")
        .filter(pl.col("disbursed_on") <= as_of, pl.col("facility_id").is_not_null())
        .select("loan_id", "facility_id", "disbursed_on", "currency")
    )
    ended = pl.col("state").is_in(ENDED)
    home = (pl.col("currency") == shard.night.home_currency) | (pl.col("outstanding") == 0)
    states = (
        shard.table("loan_status")
        .filter(pl.col("as_of") <= as_of)
        .join(loans, on="loan_id")
        .with_columns(day=pl.max_horizontal("as_of", "disbursed_on"))
        .sort("loan_id", "as_of")
        .group_by("loan_id", "facility_id", "day", maintain_order=True)
        .agg(owed=pl.when(ended).then(0).when(home).then("outstanding").last())
    )
    # Disbursed and no state yet: what it owes is unknown until the first one.
    first = states.group_by("loan_id").agg(first=pl.col("day").min())
    silent = (
        loans.join(first, on="loan_id", how="left")
        .filter((pl.col("first") > pl.col("disbursed_on")).fill_null(True))
        .select("loan_id", "facility_id", day="disbursed_on", owed=pl.lit(None, pl.Int64))
    )
    return (
        pl.concat([states.select("loan_id", "facility_id", "day", "owed"), silent])
        .sort("loan_id", "day")
        .with_columns(amount=pl.col("owed").fill_null(0), unknown=pl.col("owed").is_null().cast(pl.Int64))
        .with_columns(
            drawn=pl.col("amount") - pl.col("amount").shift(1, fill_value=0).over("loan_id"),
            blind=pl.col("unknown") - pl.col("unknown").shift(1, fill_value=0).over("loan_id"),
        )
        .group_by("facility_id", "day")
        .agg(pl.col("drawn").sum(), pl.col("blind").sum())
    )


def steps(shard: Shard) -> pl.LazyFrame:
    """How each line stood: facility_id, client_id, revolving, day, until (exclusive), limit, drawn, open, over.

    `drawn` is null while a loan's debt is unknown; `over` says whether it is above the limit, false when the line is not
    open, null when that is unknown. Sorted by line and day; the last step ends the day after T.
    """
    limits = _limits(shard)
    lines = limits.select("facility_id", "client_id").unique()
    moves = _drawn(shard).join(lines, on="facility_id")
    held = ("limit", "open", "revolving")
    held_now = pl.struct(held)
    together = pl.concat(
        [
            limits.select("facility_id", "client_id", "day", held=held_now, drawn=pl.lit(0, pl.Int64), blind=pl.lit(0, pl.Int64)),
            moves.select(
                "facility_id", "client_id", "day", pl.lit(None).alias("held"), "drawn", "blind"
            ),
        ],
        how="vertical_relaxed",
    )  # fmt: skip
    line = ("facility_id", "client_id")
    known = pl.col("drawn").is_not_null() & pl.col("limit").is_not_null()
    return (
        together.group_by(*line, "day")
        .agg(pl.col("held").drop_nulls().last(), pl.col("drawn").sum(), pl.col("blind").sum())
        .sort(*line, "day")
        .with_columns(
            pl.col("held").forward_fill().over(line),
            pl.col("drawn").cum_sum().over(line),
            pl.col("blind").cum_sum().over(line),
            until=pl.col("day").shift(-1).over(line).fill_null(shard.night.as_of + timedelta(days=1)),
        )
        .unnest("held")
        .with_columns(
            pl.col("open").fill_null(False),
            drawn=pl.when(pl.col("blind") == 0).then("drawn"),
        )
        .with_columns(over=pl.when(~pl.col("open")).then(False).when(known).then(pl.col("drawn") > pl.col("limit")))
        .select(*line, "revolving", "day", "until", "limit", "drawn", "open", "over")
    )


def month_ends(night: Night) -> list[date]:
    """The last thirteen month-ends at T, newest first."""
    return [month_start(night.month(back), -1) - timedelta(days=1) for back in range(YEAR + 1)]


def _use(lines: pl.LazyFrame, days: Sequence[date]) -> pl.LazyFrame:
    """facility_id, client_id, at, open, use: the drawn share on each day; null where the line is not open or unknown."""
    points = pl.LazyFrame({"at": days}, schema={"at": pl.Date})
    return (
        lines.join(points, how="cross")
        .filter(pl.col("day") <= pl.col("at"), pl.col("until") > pl.col("at"))
        .select("facility_id", "client_id", "at", "open", use=pl.when("open").then(pl.col("drawn") / pl.col("limit")))
    )


def _worst(lines: pl.LazyFrame, name: str, *more: str) -> pl.LazyFrame:
    """client_id, `name` and `more` of the line where `name` is highest, and which line that is."""
    return (
        lines.filter(pl.col(name).is_not_null())
        .sort(["client_id", name, "facility_id"], descending=[False, True, False])
        .group_by("client_id", maintain_order=True)
        .first()
        .select("client_id", name, pl.col("facility_id").alias(f"{name}_line"), *more)
    )


def _used(shard: Shard, all_lines: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and the columns of ADD-01 for clients with a revolving line in force at T."""
    night = shard.night
    ends = month_ends(night)
    before = [day for day in ends if day < night.as_of][:YEAR]
    current = all_lines.filter(pl.col("until") > pl.lit(night.as_of), "open", "revolving")
    lines = all_lines.join(current, on="facility_id", how="semi")
    use = pl.col("use")
    now, last, last_but_one = (use.filter(pl.col("at") == day).first() for day in (night.as_of, ends[0], ends[1]))
    opened = [pl.col("open").filter(pl.col("at") == day).first().fill_null(False) for day in ends[:2]]
    earlier = use.filter(pl.col("at").is_in(before))
    # Not open at one of the two month-ends is not full at both; open and unknown is unknown.
    both = [
        pl.when(is_open).then(value).otherwise(0.0) for is_open, value in zip(opened, (last, last_but_one), strict=True)
    ]
    unknown = pl.any_horizontal([value.is_null() for value in both])
    each = (
        _use(lines, sorted({night.as_of, *ends}))
        .group_by("client_id", "facility_id")
        .agg(
            now=now,
            mean=pl.when(earlier.count() == YEAR).then(earlier.sort_by(pl.col("at").filter(pl.col("at").is_in(before))).mean()),
            line_full=pl.when(~unknown).then(pl.min_horizontal(both)).round(EXACT),
            line_month_end=both[0].round(EXACT),
            unknown=unknown,
        )
        .with_columns(pressed=pl.col("now") >= JUMP_FLOOR)
        .with_columns(
            line_jump=pl.when("pressed").then(pl.col("now") - pl.col("mean")).when(~pl.col("pressed")).then(0.0).round(EXACT),
            line_jump_use=pl.col("now").round(EXACT),
            line_jump_mean=pl.col("mean").round(EXACT),
        )
        .with_columns(
            # one line that is full and rose; full or risen unknown decides nothing while the other is known not to be so
            full_line_jump=pl.when((pl.col("line_full") < FULL) | (pl.col("line_jump") <= 0)).then(0.0)
            .when(pl.col("line_full") >= FULL).then("line_jump"),
            full_line_jump_use="line_jump_use",
            full_line_jump_mean="line_jump_mean",
        )
    )  # fmt: skip
    counted = each.group_by("client_id").agg(
        revolving_lines=pl.len().cast(pl.Int64),
        lines_without_mean=pl.col("line_jump").null_count().cast(pl.Int64),
        lines_unknown=pl.col("unknown").sum().cast(pl.Int64),
        full_lines_unjudged=pl.col("full_line_jump").null_count().cast(pl.Int64),
    )
    frame = counted
    for part in (
        _worst(each, "line_jump", "line_jump_use", "line_jump_mean"),
        _worst(each, "line_full"),
        _worst(each, "full_line_jump", "full_line_jump_use", "full_line_jump_mean"),
        _worst(each, "line_month_end"),
    ):
        frame = frame.join(part, on="client_id", how="left")
    return frame


def _over(shard: Shard, lines: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, begin, until (exclusive), over, blind: the days on which a line of the client was over its limit, or may be."""
    marked = lines.filter(pl.col("over").fill_null(True))
    over = pl.col("over").fill_null(False).cast(pl.Int64)
    blind = pl.col("over").is_null().cast(pl.Int64)
    starts = marked.select("client_id", day="day", over=over, blind=blind)
    stops = marked.select("client_id", day="until", over=-over, blind=-blind)
    return (
        pl.concat([starts, stops])
        .group_by("client_id", "day")
        .agg(pl.col("over").sum(), pl.col("blind").sum())
        .sort("client_id", "day")
        .with_columns(
            pl.col("over").cum_sum().over("client_id") > 0,
            pl.col("blind").cum_sum().over("client_id") > 0,
            until=pl.col("day").shift(-1).over("client_id").fill_null(shard.night.as_of + timedelta(days=1)),
        )
        .select("client_id", "until", "over", begin="day", blind=pl.col("blind") & ~pl.col("over"))
    )


def _overlap(first: date, last: date) -> pl.Expr:
    """Days of [begin, until) that lie in the window, both its ends in."""
    begin, until = (
        pl.max_horizontal("begin", pl.lit(first)),
        pl.min_horizontal("until", pl.lit(last + timedelta(days=1))),
    )
    return (until - begin).dt.total_days().clip(lower_bound=0)


def _violations(shard: Shard, lines: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and the columns of ADD-02 for clients that ever were over a limit, or may have been."""
    night = shard.night
    quarter = _overlap(night.as_of - timedelta(days=DAYS), night.as_of)
    over, blind = pl.col("over"), pl.col("blind")
    months = [(night.month(back), month_start(night.month(back), -1) - timedelta(days=1)) for back in range(MONTHS)]
    sums = (
        _over(shard, lines)
        .group_by("client_id")
        .agg(
            quarter=quarter.filter(over).sum(),
            quarter_blind=quarter.filter(blind).sum(),
            over_limit_days_ever=(pl.col("until") - pl.col("begin")).dt.total_days().filter(over).sum(),
            months=pl.sum_horizontal(_overlap(*month).filter(over).sum() > 0 for month in months).cast(pl.Int64),
            months_blind=pl.any_horizontal(
                (_overlap(*month).filter(over).sum() == 0) & (_overlap(*month).filter(blind).sum() > 0)
                for month in months
            ),
        )
    )
    broken = pl.col("until").filter(pl.col("over").fill_null(False).not_()).max()
    runs = (
        lines.group_by("client_id", "facility_id")
        .agg(begin=pl.max_horizontal(pl.col("day").min(), broken), last=pl.col("until").max())
        .group_by("client_id")
        .agg(over_limit_run=(pl.col("last") - pl.col("begin")).dt.total_days().max())
    )
    return runs.join(sums, on="client_id", how="left").select(
        "client_id",
        "over_limit_run",
        over_limit_days_ever=pl.col("over_limit_days_ever").fill_null(0),
        over_limit_days_90=pl.when(pl.col("quarter_blind").fill_null(0) == 0).then(pl.col("quarter").fill_null(0)),
        over_limit_months=pl.when(pl.col("months_blind").fill_null(False).not_()).then(pl.col("months").fill_null(0)),
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Counts are 0 without a line, everything else is null.

    Days and months over a limit are null when a loan's debt or a limit is unknown on a day that could decide.
    """
    night = shard.night
    lines = steps(shard).collect().lazy()
    begin = pl.lit(night.as_of - timedelta(days=DAYS))
    of_quarter = lines.filter("open", pl.col("until") > begin)
    counted = of_quarter.group_by("client_id").agg(lines_90=pl.col("facility_id").n_unique().cast(pl.Int64))
    newest = (
        shard.table("facilities")
        .filter(pl.col("valid_from") <= night.as_of)
        .join(of_quarter, on="facility_id", how="semi")
        .group_by("client_id", "facility_id")
        .agg(valid_from=pl.col("valid_from").max())
        .group_by("client_id")
        .agg(line_keys=pl.format("facilities:{}|{}", "facility_id", "valid_from").sort())
    )
    frame = shard.ids()
    for part in (_used(shard, lines), counted, newest, _violations(shard, lines)):
        frame = frame.join(part, on="client_id", how="left")
    return (
        frame.with_columns(
            pl.col("revolving_lines", "lines_90").fill_null(0),
            pl.col("line_keys").fill_null(pl.lit([], pl.List(pl.String))),
            line_month_end_on=pl.lit(month_ends(night)[0]),
        )
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )
