"""Peer medians: who is a peer, how many are needed, and a plain-Python reference over a random book."""

import random
from collections import defaultdict
from datetime import date
from statistics import median
from typing import Any

import polars as pl
import pytest

from transforms.context import peers
from transforms.features.statements import HISTORY_LINES, HISTORY_RATIOS
from transforms.night import Night

NIGHT = Night(date(2015, 6, 30))
Y13, Y14, Q1 = date(2013, 12, 31), date(2014, 12, 31), date(2015, 3, 31)
WHO = {"client_id": pl.String, "industry_code": pl.String, "size_class": pl.String}
FILED = {
    "client_id": pl.String, "statement_period_end": pl.Date, "statement_months": pl.Int64, "profit_before_tax": pl.Int64,
    "profit_before_tax_year_ago": pl.Int64, "revenue": pl.Int64, "revenue_year_ago": pl.Int64,
    "depreciation_rate": pl.Float64, "asset_turnover": pl.Float64,
}  # fmt: skip
HEADS = {"client_id": pl.String, "revenue_per_head": pl.Float64}
Row = dict[str, Any]


def client(name: str, **more: Any) -> Row:
    base = {"client_id": name, "industry_code": "C26", "size_class": "small", "statement_period_end": Y14}
    base |= {"statement_months": 12, "profit_before_tax": 110, "profit_before_tax_year_ago": 100, "revenue": 120}
    base |= {"revenue_year_ago": 100, "depreciation_rate": 0.1, "asset_turnover": 2.0, "revenue_per_head": 50.0}
    return base | more


def medians(rows: list[Row]) -> pl.DataFrame:
    frames = [
        pl.LazyFrame([{n: row.get(n) for n in schema} for row in rows], schema=schema) for schema in (WHO, FILED, HEADS)
    ]
    return peers.medians(NIGHT, *frames).collect()


def test_twenty_known_values_make_a_median() -> None:
    def book(count: int) -> pl.DataFrame:
        return medians([client(f"C{i:02d}", profit_before_tax=100 + i) for i in range(count)])

    assert book(19)["peer_profit_growth"].null_count() == 19
    assert book(19)["peer_count"].unique().to_list() == [19]
    assert book(20)["peer_profit_growth"].unique().to_list() == [0.095]  # the client is among its own peers


@pytest.mark.parametrize(
    "other",
    [
        {"industry_code": "C261"},
        {"size_class": "large"},
        {"statement_period_end": Q1},
        {"statement_months": 6},
        {"industry_code": None},
        {"profit_before_tax_year_ago": 0},
        {"profit_before_tax": None},
    ],
)
def test_who_is_no_peer(other: Row) -> None:
    frame = medians([client("A", **other), *(client(f"C{i:02d}") for i in range(19))])
    assert frame["peer_profit_growth"].null_count() == 20


def test_each_figure_counts_its_own_peers() -> None:
    rows = [client(f"C{i:02d}", revenue_per_head=None if i == 7 else 50.0) for i in range(20)]
    row = medians(rows).row(7, named=True)
    assert row == {
        "client_id": "C07",
        "peer_profit_growth": 0.1,
        "peer_revenue_growth": 0.2,
        "peer_depreciation_rate": 0.1,
        "peer_asset_turnover": 2.0,
        "peer_revenue_per_head": None,
        "peer_count": 20,
        "peer_revenue_count": 20,
        "peer_depreciation_count": 20,
        "peer_turnover_count": 20,
        "peer_head_count": 19,
    }


def test_a_client_without_a_statement_has_no_peers() -> None:
    frame = medians(
        [client("A", statement_period_end=None, statement_months=None), *(client(f"C{i}") for i in range(20))]
    )
    assert frame.row(0, named=True)["peer_count"] == 0
    assert frame.row(0, named=True)["peer_asset_turnover"] is None


def test_a_plain_reading_of_a_random_book_agrees() -> None:
    dice = random.Random(2)
    rows = [
        client(
            f"C{i:03d}", industry_code=dice.choice(("C26", "C26", "F5")), size_class=dice.choice(("small", "small", "large")),
            statement_period_end=dice.choice((Y14, Y14, Q1)), profit_before_tax=dice.randint(-50, 150),
            profit_before_tax_year_ago=dice.choice((-5, 0, 50, 100)), revenue=dice.randint(0, 300),
            depreciation_rate=dice.choice((None, dice.random(), dice.random())), asset_turnover=dice.random(),
            revenue_per_head=dice.choice((None, dice.random() * 1000, dice.random())),
        )
        for i in range(200)
    ]  # fmt: skip

    def figures(row: Row) -> Row:
        def growth(line: str) -> float | None:
            before = row[f"{line}_year_ago"]
            return round(row[line] / before - 1, 9) if before > 0 else None

        own = {"profit_growth": growth("profit_before_tax"), "revenue_growth": growth("revenue")}
        return own | {name: row[name] for name in ("depreciation_rate", "asset_turnover", "revenue_per_head")}

    cells: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        cells[(row["industry_code"], row["size_class"], row["statement_period_end"])].append(figures(row))
    frame = medians(rows)
    assert 0 < frame["peer_depreciation_rate"].null_count() < 200
    for row, found in zip(rows, frame.iter_rows(named=True), strict=True):
        cell = cells[(row["industry_code"], row["size_class"], row["statement_period_end"])]
        for name in cell[0]:
            known = [one[name] for one in cell if one[name] is not None]
            says = round(median(known), 9) if len(known) >= 20 else None
            assert found[f"peer_{name}"] == pytest.approx(says, abs=1e-9)
    assert medians(rows[::-1]).equals(frame)


def years(rows: list[Row]) -> pl.DataFrame:
    figures = (*HISTORY_LINES, *HISTORY_RATIOS)
    filed = {"client_id": pl.String, "period_end": pl.Date, **dict.fromkeys(figures, pl.Float64)}
    who, history = (pl.LazyFrame([{n: row.get(n) for n in s} for row in rows], schema=s) for s in (WHO, filed))
    return peers.years(who.unique(), history).collect()


def year(name: str, end: date, revenue: float | None, **more: Any) -> Row:
    own = {"client_id": name, "industry_code": "C26", "size_class": "small", "period_end": end}
    return own | {"revenue": revenue, "debt_ratio": 0.5} | more


def test_every_full_year_has_its_own_peers() -> None:
    rows = [year(f"C{i:02d}", end, i + shift) for i in range(21) for end, shift in ((Y14, 100), (Y13, 0))]
    rows += [year("X", Y14, 9, industry_code="F5"), year("Y", Y14, 9, size_class=None)]
    found = years(rows)
    assert found.filter(client_id="C00").select("period_end", "peers", "revenue", "debt_ratio", "cfo").rows() == [
        (Y13, 21, 10.0, 0.5, None),  # the median of 0 to 20; nobody's cash flow is known
        (Y14, 21, 110.0, 0.5, None),
    ]
    assert found.filter(client_id="X").select("peers", "revenue").rows() == [(1, None)]
    assert found.filter(client_id="Y").select("peers", "revenue").rows() == [(0, None)]
    assert found.height == len(rows)


def test_a_median_of_a_year_needs_twenty_known_values() -> None:
    def known(count: int) -> list[Any]:
        rows = [year(f"C{i:02d}", Y14, 5.0 if i < count else None) for i in range(25)]
        return years(rows).select("peers", "revenue").unique().rows()

    assert known(19) == [(25, None)]
    assert known(20) == [(25, 5.0)]
