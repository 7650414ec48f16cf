"""Cut the sample bank's real statements from the published file: `python -m sample.cut SOURCE`.

Kept: every firm whose last fiscal year is 2014, and ten that did not fail whose last year is 2013: they become late filers.
"""

import sys
from pathlib import Path

import polars as pl

TARGET = Path(__file__).parent / "us_firms.parquet"
LATE_FILERS = 10


def cut(source: Path) -> pl.DataFrame:
    """Rows of the chosen firms, sorted by firm and year."""
    firms = pl.read_parquet(source).drop("split", "market_value")
    last = firms.group_by("firm_id").agg(last=pl.col("fyear").max(), failed=pl.col("failed_after_last_year").any())
    alive = last.filter(pl.col("last") == 2014)
    late = last.filter(pl.col("last") == 2013, ~pl.col("failed")).sort("firm_id").head(LATE_FILERS)
    return firms.join(pl.concat([alive, late]).select("firm_id"), on="firm_id", how="semi").sort("firm_id", "fyear")


if __name__ == "__main__":
    cut(Path(sys.argv[1])).write_parquet(TARGET, compression="zstd", compression_level=9)
