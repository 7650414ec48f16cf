"""The sample bank: the same bytes for the same seed, real lines as in the file, each planted story told and heard."""

import hashlib
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from expectations.tables import TABLES
from flows.nights import Published
from sample import bank as made
from sample import firms
from sample.stories import STORIES
from sample.world import clients


def digests(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        made.write(tmp_path / name, clients=14, seed=seed)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_every_table_is_delivered_as_its_manifest_says(bank: Path) -> None:
    for name, table in TABLES.items():
        folder = bank / name / "2015-06-30"
        manifest = json.loads((folder / "manifest.json").read_text())
        frame = pl.read_parquet(folder / "part-0000.parquet")
        assert frame.schema == pl.Schema(table.schema)
        assert manifest["row_count"] == frame.height
        assert (manifest["table"], manifest["mode"], manifest["backfill"]) == (name, table.mode, True)
        if name == "transactions":
            for direction in ("in", "out"):
                total = frame.filter(pl.col("direction") == direction)["amount"].sum()
                assert manifest["control_totals"][f"amount.{direction}.USD"] == total


def test_real_lines_are_the_files() -> None:
    people = clients(None, 1)
    ids = {c.firm: c.client_id for c in people if c.firm}
    years = firms.firms()
    filed = firms.statements(years, ids, {}, 1)
    assert filed.height == years.height
    names = {name: firm for firm, name in ids.items()}
    both = filed.with_columns(
        firm_id=pl.col("party_id").replace_strict(names), fyear=pl.col("period_end").dt.year()
    ).join(years, on=["firm_id", "fyear"], suffix="_file")
    assert both.height == filed.height
    for line, item in {
        "revenue": "net_sales",
        "profit_before_tax": "ebit",
        "accounts_receivable": "total_receivables",
    }.items():
        gap = (both[line] / firms.MILLION - both[item]).abs().max()
        assert gap is not None
        assert gap < 1e-8
    invented = set(TABLES["statements"].schema) - set(firms.LINES) - {"equity"}
    money = [c.name for c in TABLES["statements"].columns if c.type == "money" and c.name in invented]
    assert filed.select(pl.all_horizontal(pl.col(money).is_null()).all()).item()


def test_more_clients_than_real_firms_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 246 clients"):
        clients(247, 1)


def test_the_bank_is_large_enough() -> None:
    people = clients(None, 1)
    assert len(people) >= 200
    cell = [c for c in people if (c.industry, c.region) == ("C2614", "310115")]
    assert len(cell) >= 30


def test_provenance_says_what_is_real_and_what_simulated(bank: Path) -> None:
    said = json.loads((bank / "provenance.json").read_text(encoding="utf-8"))
    origins = {name: entry["origin"] for name, entry in said["tables"].items()}
    assert origins == {name: "real" if name == "statements" else "simulated" for name in TABLES}
    assert said["licence"] == "CC BY 4.0"
    assert "EBIT" in said["tables"]["statements"]["note_en"]


def test_balances_follow_the_transactions(bank: Path) -> None:
    booked = pl.read_parquet(bank / "transactions" / "2015-06-30" / "part-0000.parquet")
    stood = pl.read_parquet(bank / "balances" / "2015-06-30" / "part-0000.parquet")
    account = "A-C0011-1"
    mine = booked.filter(
        pl.col("account_id") == account, pl.col("status") == "ok", ~pl.col("txn_id").str.starts_with("BAD")
    )
    signed = (
        mine.select(pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))).to_series().sum()
    )
    days = stood.filter(pl.col("account_id") == account).sort("date")["balance"]
    assert days[-1] - days[0] == signed


def test_every_single_story_is_heard(night: Published) -> None:
    answers = pl.read_parquet(night.file("answers.parquet"))
    assessments = pl.read_parquet(night.file("assessments.parquet"))
    order = ["CLEAR", "W", "A", "R", "N"]
    for client in clients(30, 1):
        story = STORIES.get(client.story or "")
        if story is None or story.signal is None or story.level is None or story.name == "downturn":
            continue
        answer = answers.filter(pl.col("client_id") == client.client_id)[story.signal].item()
        assert order.index(answer) >= order.index(story.level), f"{story.name}: {answer}"
    levels = dict(assessments.select("client_id", "risk_level").rows())
    told = {c.story: c.client_id for c in clients(30, 1)}
    assert levels[told["quiet"]] in ("clear", "W")
    assert levels[told["silent"]] == "not_assessable"
    assert levels[told["arrears"]] == "N"


def test_the_bad_rows_are_in_quarantine(night: Published) -> None:
    refused = pl.read_parquet(night.file("quarantine/transactions.parquet"))
    assert refused["check_id"].sort().to_list() == ["C3", "C5", "C8", "C8", "C8"]
    assert refused["delivery"].unique().to_list() == [f"transactions/{date(2015, 6, 30)}.1"]
