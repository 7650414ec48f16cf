"""Rows of a client's own return for tests, by how many months before T's last full month (June 2015) they are."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from tests.features.shards import Row, shard
from tests.reference import back
from transforms.features import returns
from transforms.shard import Shard

JUNE = date(2015, 6, 1)


def month_end(months: int) -> date:
    """Last day of the month `months` before June 2015."""
    return back(JUNE, months - 1) - timedelta(days=1)


def filed(indicator: str, months: int, value: float, client: str = "c", **more: object) -> Row:
    """Filed twelve days after the month, or on T where that is later."""
    end = month_end(months)
    published = min(end + timedelta(days=12), date(2015, 6, 30))
    row = {"subject_kind": "client", "subject_code": client, "indicator": indicator, "period_end": end, "value": value}
    return row | {"published_on": published} | more


def run(indicator: str, values: Sequence[float | None], newest: int = 0, client: str = "c") -> list[Row]:
    """Months in a row, oldest first, the last one `newest` months before June; None is not filed."""
    last = newest + len(values) - 1
    return [filed(indicator, last - n, value, client) for n, value in enumerate(values) if value is not None]


def with_returns(made: Shard, **before: pl.LazyFrame) -> Shard:
    """The shard with the frame of the return, and those given, made before."""
    done = {name: frame.collect().lazy() for name, frame in {"returns": returns.measure(made), **before}.items()}
    return Shard(made.night, made.clients, made.clean, made.monthly, done)


def of_rows(rows: Sequence[Row], clients: Sequence[str] = ("c",), **tables: Sequence[Row]) -> Shard:
    return with_returns(shard({"series": rows, **tables}, clients))
