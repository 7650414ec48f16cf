"""Companies a client bought outside its own industry in 365 days, and whether debt paid for them.

From the table events, kind deal (input-model.md 5.1), and the statements; rule MGT-17 and its readings, G5, G12, S2, S3.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import EXACT
from transforms.columns import KEYS, M, many
from transforms.dealings import DAYS
from transforms.features import statements
from transforms.shard import Shard

READS = ("events", "statements")
SUBTYPES = ("acquisition", "equity_purchase")
BY_DEBT, HALF_YEAR_MONTHS = 0.50, 6  # share of the price debt rose by, from two quarters before the end of the deal's

_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("off_core_keys",),
        ("off_core_price", M, "largest price of a company bought in another industry"),
        ("off_core_debt_price", M, "largest price of one that debt paid for"),
        ("off_core_keys", KEYS, "those purchases"),
    ),
]


def _debt(shard: Shard) -> pl.LazyFrame:
    """client_id, scope, period_end, debt: short and long of the filing that counts of each period end."""
    filings = statements.known(shard.night, shard.table("statements"))
    return (
        filings.sort("order")
        .group_by("scope", "period_end", client_id="party_id")
        .agg(debt=(pl.col("short_term_debt") + pl.col("long_term_debt")).last())
        .drop_nulls()
    )


def _rise(shard: Shard, bought: pl.LazyFrame) -> pl.LazyFrame:
    """event_id, rise: of debt over the two quarters that end with the deal's; consolidated before single."""
    end = pl.col("happened_on").dt.truncate("1q").dt.offset_by("2mo").dt.month_end()
    debt = _debt(shard)
    before = debt.select("client_id", "scope", debt_before="debt", start="period_end")
    return (
        bought.select("client_id", "event_id", period_end=end)
        .with_columns(start=pl.col("period_end").dt.offset_by(f"-{HALF_YEAR_MONTHS}mo").dt.month_end())
        .join(debt, on=["client_id", "period_end"])
        .join(before, on=["client_id", "scope", "start"])
        .sort("scope")  # "consolidated" sorts before "single"
        .group_by("event_id")
        .agg(rise=(pl.col("debt") - pl.col("debt_before")).first())
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; 0 where none was bought, null where deals are not connected.

    The target lies in another industry when the deal says so (flag new_industry). off_core_debt_price is null while it is
    unknown of a purchase, and 0 when debt paid for none.
    """
    rows = events.of_clients(shard, events.known(shard, "deal", DAYS))
    bought = rows.filter(pl.col("subtype").is_in(SUBTYPES), events.flagged("new_industry"))
    price = pl.col("amount")
    rose = (pl.col("rise") / price).round(EXACT) >= BY_DEBT
    paid = bought.join(_rise(shard, bought), on="event_id", how="left").with_columns(
        by_debt=events.flagged("debt_funded") | rose
    )
    by_debt = price.filter(pl.col("by_debt")).max()
    prices = paid.group_by("client_id").agg(
        off_core_price=price.max(),
        off_core_debt_price=pl.coalesce(by_debt, pl.when(pl.col("by_debt").null_count() == 0).then(0)),
        off_core_keys=pl.col("key").sort(),
    )
    return shard.per_client(prices, "events", "deal")
