"""Sales declared for VAT over the statement's twelve months: all months or unknown."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from tests.features.shards import Row, agrees, done, measured, one, shard
from transforms.features import vat

FROM, TO = date(2014, 1, 1), date(2014, 12, 1)
PERIODS = {"flow_months_from": pl.Date, "flow_months_to": pl.Date}


def month_end(k: int) -> date:
    """The end of the month `k` months after December 2012."""
    return date(2013 + k // 12, k % 12 + 1, 1) - timedelta(days=1)


def sales(k: int, value: float = 1.5, published: int = 12, **more: Any) -> Row:
    end = month_end(k)
    return {
        "subject_kind": "client", "subject_code": "c", "indicator": "vat_sales", "period_end": end,
        "published_on": end + timedelta(days=published), "value": value,
    } | more  # fmt: skip


def made(rows: list[Row], first: date | None = FROM, last: date | None = TO) -> Row:
    before = {"statements": done(PERIODS, {"flow_months_from": first, "flow_months_to": last})}
    return one(vat, shard({"series": rows}, before=before))


WHOLE = [sales(k) for k in range(1, 25)]


def test_both_years() -> None:
    agrees(made(WHOLE[::-1]), {"vat_stmt_12": 1800, "vat_stmt_12_before": 1800})
    agrees(made([*WHOLE, sales(25, 99.0)]), {"vat_stmt_12": 1800})
    assert len(made(WHOLE)["vat_keys"]) == 24
    assert made(WHOLE)["vat_keys"][0] == "series:client|c|vat_sales|2013-01-31|2013-02-12"


def test_a_month_missing_is_unknown() -> None:
    agrees(made(WHOLE[1:]), {"vat_stmt_12": 1800, "vat_stmt_12_before": None})
    agrees(made(WHOLE[:-1]), {"vat_stmt_12": None, "vat_stmt_12_before": 1800})
    agrees(made([]), {"vat_stmt_12": None, "vat_stmt_12_before": None})
    agrees(made(WHOLE, None, None), {"vat_stmt_12": None})


def test_the_latest_revision_known_counts() -> None:
    agrees(made([*WHOLE, sales(24, 2.5, 30)]), {"vat_stmt_12": 1900})
    agrees(made([*WHOLE, sales(24, 2.5, 400)]), {"vat_stmt_12": 1800})  # published after T
    agrees(made([row | {"indicator": "orders"} for row in WHOLE]), {"vat_stmt_12": None})
    agrees(made([row | {"subject_code": "x"} for row in WHOLE]), {"vat_stmt_12": None})


def test_against_plain_python() -> None:
    rng = random.Random(1)
    clients = [f"c{k:03d}" for k in range(150)]
    first = {c: date(2014, rng.choice((1, 4)), 1) for c in clients}
    periods = [
        {
            "client_id": c,
            "flow_months_from": d,
            "flow_months_to": date(2014, 12, 1) if d.month == 1 else date(2015, 3, 1),
        }
        for c, d in first.items()
    ]
    rows = [
        sales(k, float(rng.randint(1, 99)), subject_code=c)
        for c in clients
        for k in range(1, 29)
        if rng.random() < 0.98
    ]
    by = {(r["subject_code"], r["period_end"]): r["value"] for r in rows}
    before = {"statements": done(PERIODS, *periods)}
    for row in measured(vat, shard({"series": rows}, clients, before)).iter_rows(named=True):
        start = 13 if first[row["client_id"]].month == 1 else 16
        for name, months in (
            ("vat_stmt_12", range(start, start + 12)),
            ("vat_stmt_12_before", range(start - 12, start)),
        ):
            values = [by.get((row["client_id"], month_end(k))) for k in months]
            assert row[name] == (None if None in values else sum(v for v in values if v) * 100)
