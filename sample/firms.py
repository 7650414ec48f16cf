"""The real part: annual statements of anonymised US listed firms, mapped to the statement lines the file has.

Nothing is invented: a line the file does not have stays empty. Two lines are stand-ins and said to be: profit before tax is EBIT
(the file has no pre-tax profit), equity is assets less liabilities.
"""

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
MILLION = 100_000_000  # cents in a million dollars


def firms() -> pl.DataFrame:
    """Every real firm-year: firm_id, fyear, the file's own items in millions of dollars, failed_after_last_year."""
    return pl.read_parquet(FILE)


def statements(years: pl.DataFrame, ids: dict[str, str], delays: dict[str, int], seed: int) -> pl.DataFrame:
    """The statements table of those firm-years; the day each was received is simulated (60 to 115 days after the year)."""
    rng = np.random.default_rng([seed, 11])
    kept = years.filter(pl.col("firm_id").is_in(list(ids))).sort("firm_id", "fyear")
    days = rng.integers(60, 116, kept.height).tolist()
    ends = [date(year, 12, 31) for year in kept["fyear"]]
    late = [delays.get(firm, 0) if end.year == 2014 else 0 for firm, end in zip(kept["firm_id"], ends, strict=True)]
    cents = {line: (pl.col(item) * MILLION).round(0).cast(pl.Int64) for line, item in LINES.items()}
    frame = kept.with_columns(
        party_id=pl.col("firm_id").replace_strict(ids),
        period_end=pl.Series(ends),
        received_on=pl.Series([end + timedelta(days=d + x) for end, d, x in zip(ends, days, late, strict=True)]),
    ).with_columns(**cents)
    fixed = {
        "period_type": "Y", "scope": "consolidated", "version": 1, "months": 12, "gaap": "other", "currency": "USD",
        "audited": False, "opinion": "none",
    }  # fmt: skip
    frame = frame.with_columns(
        equity=pl.col("total_assets") - pl.col("total_liabilities"), **{k: pl.lit(v) for k, v in fixed.items()}
    )
    schema = TABLES["statements"].schema
    given = set(LINES) | {"equity", "party_id", "period_end", "received_on", *fixed}
    return frame.select(
        (pl.col(name) if name in given else pl.lit(None)).cast(dtype).alias(name) for name, dtype in schema.items()
    )


def calm(years: pl.DataFrame) -> list[str]:
    """Firms whose last two years show nothing a rule would mind: the planted stories need a quiet background."""
    last = years.filter(pl.col("fyear") == 2014, ~pl.col("failed_after_last_year"))
    pair = last.join(years.filter(pl.col("fyear") == 2013), on="firm_id", suffix="_0")
    equity, equity_0 = (pl.col(f"total_assets{s}") - pl.col(f"total_liabilities{s}") for s in ("", "_0"))
    receivables = (pl.col("total_receivables") / pl.col("net_sales")) / (
        pl.col("total_receivables_0") / pl.col("net_sales_0")
    )
    quiet = pair.filter(
        pl.col("net_sales").is_between(20, 5_000),
        (pl.col("net_sales") / pl.col("net_sales_0")).is_between(1.0, 1.3),
        pl.col("ebit_0") > 0,
        pl.col("ebit") >= 1.1 * pl.col("ebit_0"),
        (equity > equity_0) & (equity_0 > 0),
        receivables.is_between(0.85, 1.15),
        pl.col("total_receivables") / pl.col("total_receivables_0") < 1.15,
        (pl.col("current_assets") - pl.col("total_current_liabilities")) < 0.7 * pl.col("net_sales"),
    )
    return quiet.sort("firm_id")["firm_id"].to_list()
