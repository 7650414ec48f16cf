"""Files a table comes in: Parquet with its types, CSV and Excel as text."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from expectations.model import Refused


def _excel(path: Path) -> pl.LazyFrame:
    """The first sheet, every cell as text: what a cell is, the contract says."""
    return pl.read_excel(path, infer_schema_length=0).lazy()


READERS: Mapping[str, Callable[[Path], pl.LazyFrame]] = {
    ".parquet": pl.scan_parquet,
    ".csv": lambda path: pl.scan_csv(path, infer_schema=False, encoding="utf8-lossy"),
    ".xlsx": _excel,
}
SUFFIXES = tuple(READERS)


def copy(table: str, files: Sequence[Path], into: Path) -> dict[str, int]:
    """Write the files' rows as they came into one Parquet file, in bounded memory; facts: rows.

    Raises Refused for a file that cannot be read.
    """
    frames = [_scan(table, path) for path in files]
    target = into / "rows.parquet"
    try:
        pl.concat(frames, how="diagonal_relaxed").sink_parquet(target, compression="zstd", row_group_size=250_000)
    except Exception as error:  # each reader has errors of its own
        bad = next((path for path in files if not _readable(path)), files[0])
        raise Refused(f"Table {table}: the file {bad} cannot be read ({_why(error)}); deliver it again.") from error
    return {"rows": pl.scan_parquet(target).select(pl.len()).collect().item()}


def _scan(table: str, path: Path) -> pl.LazyFrame:
    if path.suffix not in READERS:
        raise Refused(f"Table {table}: the file {path} is none of {', '.join(SUFFIXES)}; deliver it as one of them.")
    try:
        return READERS[path.suffix](path)
    except Exception as error:
        raise Refused(f"Table {table}: the file {path} cannot be read ({_why(error)}); deliver it again.") from error


def _readable(path: Path) -> bool:
    try:
        READERS[path.suffix](path).head(1).collect()
    except Exception:
        return False
    return True


def _why(error: Exception) -> str:
    """The first line of what a reader says, without the cell it quotes: that is a client's."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return re.sub(r"`[^`]*`?", "…", first)
