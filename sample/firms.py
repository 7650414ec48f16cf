"""The real part: annual statements of anonymised US listed firms, mapped to the statement lines the file has.

Nothing is invented: a line the file does not have stays empty. Two lines are stand-ins and said to be: profit before
tax is EBIT (the file has no pre-tax profit), equity is assets less liabilities. Depreciation includes amortisation.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from expectations.tables import TABLES

FILE = Path(__file__).parent / "us_firms.parquet"
LINES = {
    "current_assets": "current_assets", "cogs": "cost_of_goods_sold", "total_assets": "total_assets",
    "total_liabilities": "total_liabilities", "inventory": "inventory", "current_liabilities": "total_current_liabilities",
    "long_term_loans": "total_long_term_debt", "accounts_receivable": "total_receivables", "revenue": "net_sales",
    "retained_earnings": "retained_earnings", "net_profit": "net_income", "operating_profit": "ebit",
    "profit_before_tax": "ebit", "depreciation": "depreciation_and_amortization",
}  # fmt: skip
_FIXED = {
    "period_type": "Y", "scope": "consolidated", "version": 1, "months": 12, "gaap": "other", "currency": "USD",
    "audited": False, "opinion": "none",
}  # fmt: skip
CENTS = 100_000_000  # in a million dollars
LAST_YEAR = 2014
SOONEST, LATEST = 60, 115  # days after the year's end a filing arrives
RESTATED_YEAR, RESTATED_BY, RESTATED_BEFORE = date(LAST_YEAR, 12, 31), 1.12, timedelta(days=30)
LATE_SHARE, LATE_DAYS = 0.02, 70  # filings of earlier years that arrived late, and by how much


def firms() -> pl.DataFrame:
    """Every real firm-year: firm_id, fyear, the file's own items in millions of dollars, failed_after_last_year."""
    return pl.read_parquet(FILE)


def _days(number: int, many: int, seed: int) -> list[int]:
    """Days after the year's end on which a client's filings arrived, oldest first; the newest is never late."""
    rng = np.random.default_rng([seed, 11, number])
    days = rng.integers(SOONEST, LATEST + 1, many) + LATE_DAYS * (rng.random(many) < LATE_SHARE)
    return [*days[:-1].tolist(), int(min(days[-1], LATEST))]


def statements(years: pl.DataFrame, numbers: Mapping[str, int], seed: int) -> pl.DataFrame:
    """The statements table of the firms in `numbers` (firm → client number); the day of receipt is simulated."""
    kept = years.filter(pl.col("firm_id").is_in(list(numbers))).sort("firm_id", "fyear")
    ends = [date(year, 12, 31) for year in kept["fyear"]]
    counts = kept.group_by("firm_id", maintain_order=True).len().rows()
    late = [day for firm, many in counts for day in _days(numbers[firm], many, seed)]
    frame = kept.with_columns(
        party_id=pl.col("firm_id").replace_strict({firm: f"C{number:04d}" for firm, number in numbers.items()}),
        period_end=pl.Series(ends),
        received_on=pl.Series([end + timedelta(days=days) for end, days in zip(ends, late, strict=True)]),
    )
    cents = {line: (pl.col(item) * CENTS).round(0).cast(pl.Int64) for line, item in LINES.items()}
    frame = frame.with_columns(**cents).with_columns(
        equity=pl.col("total_assets") - pl.col("total_liabilities"), **{k: pl.lit(v) for k, v in _FIXED.items()}
    )
    given = {*LINES, *_FIXED, "equity", "party_id", "period_end", "received_on"}
    return frame.select(
        (pl.col(name) if name in given else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in TABLES["statements"].schema.items()
    )


def restated(filed: pl.DataFrame, clients: tuple[str, ...]) -> pl.DataFrame:
    """The filings with a simulated version 1 of these clients' last year; the real filing becomes version 2."""
    told = pl.col("party_id").is_in(list(clients)) & (pl.col("period_end") == RESTATED_YEAR)
    first = filed.filter(told).with_columns(
        revenue=(pl.col("revenue") * RESTATED_BY).round(0).cast(pl.Int64),
        received_on=pl.col("received_on") - RESTATED_BEFORE,
    )
    real = filed.with_columns(version=pl.when(told).then(2).otherwise("version").cast(pl.Int64))
    return pl.concat([real, first])
