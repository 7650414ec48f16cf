"""The schedule of investments in the notes: what lost money, what securities are worth, what was not written down.

From the optional table disclosures (input-model.md 4.7); rules FIN-05, FIN-06, FIN-21 and their readings, G8, G15, S2. The
schedule is that of the newest period that lists investments; a client whose notes list none has no schedule.
"""

import polars as pl

from transforms.arithmetic import total
from transforms.columns import DAY, FLAG, KEYS, C, M, many
from transforms.night import months_before
from transforms.notes import ITEM, listed, newest, with_period_before
from transforms.shard import Shard

READS = ("disclosures",)
KINDS = ("investment_equity", "investment_security", "investment_project")
VENTURES = ("investment_equity", "investment_project")
SECURITIES = "investment_security"
YEAR_END = 12  # the accounting year is the calendar year
FALLBACK_MONTHS = 15  # a full year's income stands in for twelve months no longer (reading S4)
MATERIAL = 0.05  # of equity: a holding that counts in the two-year test (reading FIN-05)
WORTH_LITTLE = 0.80  # fair value of the carrying value, at or below which a loss is due
REVERSED, REVERSAL_MONTHS = 0.50, 12  # of an impairment, within four quarters

_PERIOD = (None, "investments_period_end")
PANEL = [
    *many(
        "disclosures",
        _PERIOD,
        ("investment_keys",),
        ("investments_listed", C, "investments in the newest schedule"),
        ("investments_period_end", DAY, "the schedule's period end"),
        ("investment_incomes_unknown", FLAG, "twelve months' income of a venture is unknown"),
        ("investment_loss_carrying", M, "largest carrying value of a venture with a loss over twelve months"),
        (
            "investment_unknown_carrying",
            M,
            "largest carrying value of a venture whose twelve months' income is unknown",
        ),
        ("investment_losses", M, "losses of ventures over twelve months, positive"),
        ("investment_losses_two_years", FLAG, "a venture worth 5% of equity lost in two years running"),
        ("securities_cost", M, "cost of the securities held"),
        ("securities_fair_value", M, "their fair value"),
        ("securities_loss", M, "cost less fair value"),
        ("investment_not_impaired", FLAG, "fair value 80% of carrying or less at two period ends, no impairment"),
        ("investment_impairment_reversed", FLAG, "half of an impairment or more reversed within four quarters"),
        ("investment_keys", KEYS, "the items of the newest schedule and of the one before"),
    ),
]


def _twelve_months(rows: pl.LazyFrame, asked: pl.LazyFrame) -> pl.LazyFrame:
    """`asked` (client_id, kind, item, period_end, oldest) with `income_12`: income of the twelve months to period_end.

    Year to date plus the year before less the same months of it; where a part is missing, the newest full year's income
    when that ended on `oldest` or later; else null.
    """
    income = rows.select(*ITEM, "period_end", "income")
    end = pl.col("period_end")
    years = income.filter(end.dt.month() == YEAR_END).drop_nulls()
    joined = (
        asked.with_columns(
            last_year=pl.date(end.dt.year() - 1, YEAR_END, 31), year_ago=end.dt.offset_by("-1y").dt.month_end()
        )
        .join(income, on=[*ITEM, "period_end"], how="left")
        .join(
            income.rename({"period_end": "last_year", "income": "whole"}),
            on=[*ITEM, "last_year"],
            how="left",
        )
        .join(
            income.rename({"period_end": "year_ago", "income": "then"}),
            on=[*ITEM, "year_ago"],
            how="left",
        )
    )
    full = (
        asked.select(*ITEM, "period_end", "oldest")
        .join(years.rename({"period_end": "full_to", "income": "full"}), on=ITEM)
        .filter(pl.col("full_to") <= end, pl.col("full_to") >= pl.col("oldest"))
        .group_by(*ITEM, "period_end")
        .agg(pl.col("full").sort_by("full_to").last())
    )
    rolled = pl.when(end.dt.month() == YEAR_END).then("income").otherwise(
        pl.col("income") + pl.col("whole") - pl.col("then")
    )  # fmt: skip
    return joined.join(full, on=[*ITEM, "period_end"], how="left").select(
        *asked.collect_schema().names(), income_12=pl.coalesce(rolled, "full")
    )


def _schedule(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and what the newest schedule says of ventures (equity holdings, projects) and of securities."""
    now = newest(rows)
    year_ago = pl.col("period_end").dt.offset_by("-1y").dt.month_end()
    asked = now.select(*ITEM, "period_end", oldest=pl.lit(months_before(shard.night.as_of, FALLBACK_MONTHS)))
    before = now.select(*ITEM, period_end=year_ago, oldest=year_ago.dt.offset_by(f"-{FALLBACK_MONTHS}mo"))
    venture, carrying = pl.col("kind").is_in(VENTURES), pl.col("carrying")
    loss = pl.col("income_12") < 0
    base = pl.col("equity")
    # against equity that is not positive any amount is over the limit (reading G10)
    material = pl.when(base > 0).then((carrying / base).round(9) >= MATERIAL).when(base <= 0).then(carrying > 0)
    twice = loss & (pl.col("income_before") < 0) & material
    security = {name: pl.col(name).filter(pl.col("kind") == SECURITIES) for name in ("cost", "fair_value")}
    return (
        now.join(_twelve_months(rows, asked), on=[*ITEM, "period_end"], how="left")
        .join(_twelve_months(rows, before).select(*ITEM, income_before="income_12"), on=ITEM, how="left")
        .join(shard.done["statements"].select("client_id", "equity"), on="client_id", how="left")
        .group_by("client_id")
        .agg(
            investments_listed=pl.len().cast(pl.Int64),
            investments_period_end=pl.col("period_end").max(),
            investment_incomes_unknown=pl.col("income_12").filter(venture).is_null().any(),
            investment_loss_carrying=carrying.filter(venture & loss).max().fill_null(0),
            investment_unknown_carrying=carrying.filter(venture & loss.is_null()).max().fill_null(0),
            investment_losses=-pl.col("income_12").filter(venture & loss).sum(),
            investment_losses_two_years=twice.filter(venture).any(ignore_nulls=False),
            **{f"securities_{name}": total(values) for name, values in security.items()},
        )
    )


def _consecutive(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Every item of every period beside itself at the period before (suffix `_before`); null there when it is not listed."""
    values = ["carrying", "fair_value", "impairment", "key"]
    earlier = rows.select(*ITEM, pl.col("period_end").alias("period_before"), pl.lit(True).alias("there"), *values)
    return with_period_before(rows).join(earlier, on=[*ITEM, "period_before"], how="left", suffix="_before")


def _not_impaired(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, investment_not_impaired; unknown without a period before."""

    def hollow(at: str) -> pl.Expr:
        fair, carrying, impairment = (pl.col(f"{name}{at}") for name in ("fair_value", "carrying", "impairment"))
        worth = (fair / carrying).round(9)
        return (carrying > 0) & (pl.when(carrying > 0).then(worth) <= WORTH_LITTLE) & (impairment == 0)

    both = pl.col("there").fill_null(value=False) & hollow("") & hollow("_before")
    return (
        newest(pairs)
        .filter(pl.col("period_before").is_not_null())
        .group_by("client_id")
        .agg(investment_not_impaired=both.any(ignore_nulls=False))
    )


def _reversed(rows: pl.LazyFrame, pairs: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, investment_impairment_reversed: an impairment grew between two notes and half of that came back.

    Within twelve months of the period it was booked in, in notes that are still fresh. Unknown without a period before.
    """
    booked = pairs.filter(pl.col("impairment") > pl.col("impairment_before")).select(
        *ITEM, booked_to="period_end", peak="impairment", booked=pl.col("impairment") - pl.col("impairment_before")
    )
    later = rows.filter("fresh").select(*ITEM, "period_end", "impairment")
    back = (pl.col("peak") - pl.col("impairment")) / pl.col("booked")
    found = (
        booked.join(later, on=ITEM)
        .filter(
            pl.col("period_end") > pl.col("booked_to"),
            pl.col("period_end") <= pl.col("booked_to").dt.offset_by(f"{REVERSAL_MONTHS}mo").dt.month_end(),
            back.round(9) >= REVERSED,
        )
        .select("client_id", found=pl.lit(True))
        .unique()
    )
    return (
        newest(pairs)
        .filter(pl.col("period_before").is_not_null())
        .select("client_id")
        .unique()
        .join(found, on="client_id", how="left")
        .select("client_id", investment_impairment_reversed=pl.col("found").fill_null(value=False))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; all null without a fresh schedule. With one, what it does not list is 0 or false.

    investment_loss_carrying and investment_losses count the ventures whose income is known. Flags that compare two
    periods are null when the schedule is the first.
    """
    rows = listed(shard, *KINDS)
    pairs = _consecutive(rows)
    cited = pl.concat_list("key", "key_before").explode().drop_nulls().unique().sort()
    keys = newest(pairs).group_by("client_id").agg(investment_keys=cited)
    frame = shard.ids()
    for part in (_schedule(shard, rows), _not_impaired(pairs), _reversed(rows, pairs), keys):
        frame = frame.join(part, on="client_id", how="left")
    loss = pl.col("securities_cost") - pl.col("securities_fair_value")
    return frame.with_columns(securities_loss=loss).sort("client_id")
