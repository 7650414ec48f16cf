"""Sales routed through us against our share of the bank debt: cases worked by hand, and plain Python over random figures."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, agrees, done, frame, measured, one, shard
from tests.reference import back
from transforms.features import routing

JUNE, YEAR_AGO = date(2015, 6, 1), date(2014, 6, 30)
FLOWS = {"history_months": pl.Int64, "opin_12": pl.Int64}
FILED = {"revenue_ttm": pl.Int64, "revenue_ttm_year_ago": pl.Int64}
OWED = {"outstanding_on_balance": pl.Int64, "balance_out_year_ago": pl.Int64}
MONTH = {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64}


def moved(amounts: dict[int, int | None], client: str = "c") -> list[Row]:
    return [{"client_id": client, "month": back(JUNE, n), "opin": amount} for n, amount in amounts.items()]


def report(on: date, other: int, client: str = "c") -> Row:
    return {"client_id": client, "report_on": on, "nonbank_balance": 999, "other_bank_balance": other}


def made(
    flows: list[Row], filed: list[Row], owed: list[Row], months: list[Row], reports: list[Row], clients: list[str]
) -> Any:
    before = {"transactions": done(FLOWS, *flows), "statements": done(FILED, *filed), "credit": done(OWED, *owed)}
    return shard({"bureau_reports": reports}, clients, before, {"months": frame(MONTH, months)})


def of(months: dict[int, int | None], reports: list[Row], **more: Any) -> Row:
    given = {"history_months": 36, "opin_12": 30, "revenue_ttm": 100, "revenue_ttm_year_ago": 50} | more
    given = {"outstanding_on_balance": 60, "balance_out_year_ago": 20} | given
    parts = [[{name: given[name] for name in schema}] for schema in (FLOWS, FILED, OWED)]
    return one(routing, made(*parts, moved(months), reports, ["c"]))


BOTH = [report(ago(9), 40), report(YEAR_AGO, 60)]


def test_by_hand() -> None:
    agrees(of({12: 20, 23: 5, 11: 900, 24: 900}, BOTH), {
        "routed_share": 0.3, "bank_debt_share": 0.6, "routing": 0.5,
        "opin_12_before": 25, "routed_share_year_ago": 0.5, "bank_debt_share_year_ago": 0.25, "routing_year_ago": 2.0,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("more", "now", "year_ago"),
    [
        ({"history_months": 24}, 0.5, 2.0),
        ({"history_months": 23}, 0.5, None),
        ({"opin_12": None}, None, 2.0),
        ({"revenue_ttm": 0}, None, 2.0),
        ({"revenue_ttm": -5}, None, 2.0),
        ({"outstanding_on_balance": 0}, None, 2.0),  # nothing of ours on balance: no part to compare with
        ({"outstanding_on_balance": None}, None, 2.0),
        ({"balance_out_year_ago": 0}, 0.5, None),
        ({"revenue_ttm_year_ago": None}, 0.5, None),
    ],
)
def test_what_is_missing(more: dict[str, Any], now: float | None, year_ago: float | None) -> None:
    agrees(of({12: 25}, BOTH, **more), {"routing": now, "routing_year_ago": year_ago})


def test_reports_must_be_fresh() -> None:
    agrees(of({12: 25}, [report(ago(96), 40)]), {"routing": None, "routed_share": 0.3, "bank_debt_share": None})
    agrees(of({12: 25}, [report(ago(95), 0)]), {"routing": 0.3, "routing_year_ago": None})  # we are the only bank


def test_nothing_came_in_is_zero() -> None:
    agrees(of({30: 5}, BOTH, opin_12=0), {"routing": 0.0, "opin_12_before": 0, "routing_year_ago": 0.0})


@pytest.mark.parametrize("seed", range(3))
def test_random_figures_against_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    clients = [f"c{i:02}" for i in range(70)]

    def some(*values: int | None) -> int | None:
        return rng.choice([rng.randint(1, 99), rng.randint(1, 99), *values])

    flows = [{"client_id": c, "history_months": rng.choice([36, 20]), "opin_12": some(0, None)} for c in clients]
    filed = [{"client_id": c, "revenue_ttm": some(0), "revenue_ttm_year_ago": some(None)} for c in clients]
    owed = [{"client_id": c, "outstanding_on_balance": some(0), "balance_out_year_ago": some(0)} for c in clients]
    months = [row for c in clients for row in moved({n: rng.randint(0, 9) for n in range(30)}, c)]
    reports = [
        report(rng.choice([ago(9), ago(99), YEAR_AGO]), rng.randint(0, 99), c) for c in clients for _ in range(2)
    ]
    reports = list({(r["client_id"], r["report_on"]): r for r in reports}.values())
    for result in measured(routing, made(flows, filed, owed, months, reports, clients)).iter_rows(named=True):
        i = clients.index(result["client_id"])
        other = {r["report_on"]: r["other_bank_balance"] for r in reports if r["client_id"] == clients[i]}
        before = sum(
            r["opin"] for r in months if r["client_id"] == clients[i] and back(JUNE, 23) <= r["month"] <= back(JUNE, 12)
        )
        sides = {
            "": (flows[i]["opin_12"], filed[i]["revenue_ttm"], owed[i]["outstanding_on_balance"], other.get(ago(9))),
            "_year_ago": (before if flows[i]["history_months"] == 36 else None, filed[i]["revenue_ttm_year_ago"],
                          owed[i]["balance_out_year_ago"], other.get(YEAR_AGO)),
        }  # fmt: skip
        for suffix, (inflow, revenue, ours, others) in sides.items():
            known = inflow is not None and revenue and ours and others is not None
            expected = (inflow / revenue) / (ours / (ours + others)) if known else None
            assert result[f"routing{suffix}"] == (pytest.approx(expected, abs=1e-8) if known else None)
