"""Amounts in the home currency: converted once, where the clean tables enter the features (reading S5).

A row in another currency converts by the mid_rate of its day, the latest revision known at T, at most seven days old, half to
even to a minor unit. A row without such a rate keeps its currency, and every feature calls its amount unknown.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.night import Night

Frames = Mapping[str, pl.LazyFrame]
RATE_DAYS = 7
DAILY = {"currency": pl.String(), "day": pl.Date(), "rate": pl.Float64()}
_RATE = "exchange_rate"  # beside a loan's own rate
DELIVERED = "delivered_currency"  # what a transaction was in before


def rates(night: Night, series: pl.LazyFrame | None) -> pl.LazyFrame:
    """currency, day, rate: units of the home currency for one of the other, for every day a rate holds; sorted."""
    if series is None:
        return pl.LazyFrame(schema=DAILY)
    fixed = (
        series.filter(
            pl.col("subject_kind") == "fx",
            pl.col("indicator") == "mid_rate",
            pl.col("published_on") <= night.as_of,
            pl.col("subject_code").str.ends_with(night.home_currency),
            pl.col("subject_code").str.len_chars() == 2 * len(night.home_currency),
        )
        .sort("subject_code", "period_end", "published_on")
        .group_by("subject_code", "period_end", maintain_order=True)
        .agg(rate=pl.col("value").last())
    )
    last = pl.min_horizontal(
        pl.col("period_end").dt.offset_by(f"{RATE_DAYS}d"),
        pl.col("period_end").shift(-1).over("subject_code").dt.offset_by("-1d"),
    )
    return (
        fixed.sort("subject_code", "period_end")
        .with_columns(day=pl.date_ranges("period_end", last))
        .explode("day")
        .select(currency=pl.col("subject_code").str.head(len(night.home_currency)), day="day", rate="rate")
        .sort("currency", "day")
    )


def _converted(night: Night, rows: pl.LazyFrame, daily: pl.LazyFrame, day: str, amounts: Sequence[str]) -> pl.LazyFrame:
    """Rows with `amounts` in the home currency and `currency` the home one where there was a rate."""
    found = pl.col(_RATE).is_not_null()
    turned = [
        pl.when(found)
        .then((pl.col(name) * pl.col(_RATE)).round(0, mode="half_to_even").cast(pl.Int64))
        .otherwise(name)
        .alias(name)
        for name in amounts
    ]
    return (
        rows.join(daily.rename({"rate": _RATE}), left_on=["currency", day], right_on=["currency", "day"], how="left")
        .with_columns(turned)
        .with_columns(currency=pl.when(found).then(pl.lit(night.home_currency)).otherwise("currency"))
        .drop(_RATE)
    )


def transactions(night: Night, rows: pl.LazyFrame, daily: pl.LazyFrame) -> pl.LazyFrame:
    """Transactions in the home currency; `delivered_currency` is the one they came in."""
    kept = rows.with_columns(pl.col("currency").alias(DELIVERED))
    return _converted(night, kept, daily, "booked_on", ["amount", "balance_after"])


def at_home(night: Night, clean: Frames, daily: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """The clean tables with their amounts in the home currency, as far as there are rates."""
    home = dict(clean)
    if "transactions" in clean:
        home["transactions"] = transactions(night, clean["transactions"], daily)
    if "statements" in clean:
        home["statements"] = _statements(night, clean["statements"], daily)
    if "facilities" in clean:
        home["facilities"] = _converted(night, clean["facilities"], daily, "valid_from", ["limit_amount"])
    if "loans" in clean and "loan_status" in clean:
        home["loans"], home["loan_status"] = _loans(night, clean["loans"], clean["loan_status"], daily)
    if "accounts" in clean and "balances" in clean:
        home["accounts"], home["balances"] = _balances(night, clean["accounts"], clean["balances"], daily)
    return home


def _statements(night: Night, rows: pl.LazyFrame, daily: pl.LazyFrame) -> pl.LazyFrame:
    lines = [
        name for name, dtype in rows.collect_schema().items() if dtype == pl.Int64 and name not in ("version", "months")
    ]
    return _converted(night, rows, daily, "period_end", lines)


def _loans(
    night: Night, loans: pl.LazyFrame, states: pl.LazyFrame, daily: pl.LazyFrame
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Loans and their states: each state by the rate of its day; one without a rate has unknown amounts."""
    amounts = ["outstanding", "overdue_principal", "overdue_interest"]
    currencies = loans.select("loan_id", "currency")
    turned = _converted(night, states.join(currencies, on="loan_id", how="left"), daily, "as_of", amounts)
    known = (pl.col("currency") == night.home_currency).fill_null(value=True)
    nothing = [pl.when(known | (pl.col(name) == 0)).then(name).alias(name) for name in amounts]
    principal = _converted(night, loans, daily, "disbursed_on", ["principal"])
    same = pl.col("currency") == night.home_currency
    told = principal.with_columns(principal=pl.when(same).then("principal"), currency=pl.lit(night.home_currency))
    return told, turned.with_columns(nothing).drop("currency")


def _balances(
    night: Night, accounts: pl.LazyFrame, balances: pl.LazyFrame, daily: pl.LazyFrame
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Accounts and their balances: an account of which one balance has no rate stays in its currency, unknown."""
    currencies = accounts.select("account_id", "currency")
    turned = _converted(night, balances.join(currencies, on="account_id", how="left"), daily, "date", ["balance"])
    foreign = (
        turned.filter(pl.col("currency") != night.home_currency)
        .select("account_id", unknown=pl.lit(value=True))
        .unique()
    )
    stays = pl.col("unknown").fill_null(value=False)
    told = (
        accounts.join(foreign, on="account_id", how="left")
        .with_columns(currency=pl.when(stays).then("currency").otherwise(pl.lit(night.home_currency)))
        .drop("unknown")
    )
    return told, turned.drop("currency")
