"""The sample bank: same bytes, true manifests, keys that meet, books that add up, real lines that are the file's."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from expectations.lists import LISTS
from expectations.tables import TABLES
from sample import bank, firms, masters, timeline
from sample.stories import STORIES

ROOT = Path(__file__).parents[2]
SOME = 60  # every story is among the first sixty clients
DAY = "2015-06-30"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("bank") / "sample"
    summary = bank.write(out, clients=SOME)
    return out, summary


@pytest.fixture(scope="module")
def book(written):
    out, _ = written
    return {name: pl.read_parquet(out / name / DAY / "part-0000.parquet") for name in TABLES}


def digests(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def good(book, name):
    """The rows of a table that are meant to be good."""
    frame = book[name]
    return frame.filter(~pl.col("txn_id").str.starts_with("BAD")) if name == "transactions" else frame


@pytest.mark.parametrize(("threads", "hash_seed"), [("1", "0"), ("3", "77")])
def test_the_same_arguments_give_the_same_bytes_whatever_the_threads_and_hash_seed(
    tmp_path, written, threads, hash_seed
):
    code = f"from pathlib import Path; from sample.bank import write; write(Path({str(tmp_path / 'again')!r}), clients={SOME})"
    told = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": hash_seed}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=told, check=True)
    assert digests(tmp_path / "again") == digests(written[0])


def test_another_seed_gives_another_bank_with_the_same_statement_lines(book):
    other, _ = bank.tables(20, seed=2)
    mine = book["transactions"].filter(pl.col("account_id") == "A-C0001-1")
    assert not mine.equals(other["transactions"].filter(pl.col("account_id") == "A-C0001-1"))
    lines = ["party_id", "period_end", "version", "revenue", "total_assets", "net_profit"]
    kept = book["statements"].filter(pl.col("party_id") < "C0020").select(lines)
    assert kept.equals(other["statements"].select(lines))


def test_a_smaller_bank_is_the_beginning_of_a_larger_one(book):
    few, _ = bank.tables(12)
    ids = few["clients"]["client_id"].to_list()
    for name in ("clients", "interactions", "loans", "complaints"):
        column = book[name].filter(pl.col("client_id").is_in(ids))
        assert few[name].equals(column), name
    booked = book["transactions"].filter(pl.col("account_id").is_in(few["accounts"]["account_id"].to_list()))
    assert few["transactions"].equals(booked)


def test_more_clients_than_real_firms_are_refused_with_the_maximum():
    with pytest.raises(ValueError, match="1 to 246 clients"):
        bank.tables(247)


@pytest.mark.parametrize("day", [date(2015, 7, 1), date(2014, 3, 10)])
def test_a_day_without_books_is_refused(day):
    with pytest.raises(ValueError, match="2014-03-11 to 2015-06-30"):
        bank.tables(1, as_of=day)


def test_manifests_tell_the_truth(written, book):
    out, summary = written
    for name, table in TABLES.items():
        folder = out / name / DAY
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        file = folder / "part-0000.parquet"
        assert sorted(p.name for p in folder.iterdir()) == ["manifest.json", "part-0000.parquet"]
        assert told["table"] == name
        assert told["business_date"] == DAY
        assert told["mode"] == table.mode
        assert (told["sequence"], told["schema_version"], told["backfill"]) == (1, 1, True)
        assert bool(told["kinds"]) == (name in ("events", "undertakings"))
        assert told["files"] == [
            {"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "row_count": told["row_count"]}
        ]
        assert told["row_count"] == book[name].height == summary.rows[name]
    assert sorted(p.name for p in out.iterdir()) == sorted([*TABLES, "provenance.json"])


def test_control_totals_are_the_sums_of_the_delivered_rows(written, book):
    totals = {
        name: json.loads((written[0] / name / DAY / "manifest.json").read_text())["control_totals"] for name in TABLES
    }
    ways = dict(book["transactions"].group_by("direction").agg(pl.col("amount").sum()).rows())
    assert totals["transactions"] == {"amount.in.USD": ways["in"], "amount.out.USD": ways["out"]}
    assert totals["balances"] == {"balance.USD": book["balances"]["balance"].sum()}
    assert totals["loan_status"] == {"outstanding.USD": book["loan_status"]["outstanding"].sum()}
    assert totals["facilities"] == {"limit_amount.USD": book["facilities"]["limit_amount"].sum()}
    assert not any(totals[name] for name in set(TABLES) - {"transactions", "balances", "loan_status", "facilities"})


def test_provenance_covers_every_table_and_only_statements_are_real(written):
    told = json.loads((written[0] / "provenance.json").read_text(encoding="utf-8"))
    assert set(told["tables"]) == set(TABLES)
    assert {name for name, entry in told["tables"].items() if entry["origin"] == "real"} == {"statements"}
    for entry in told["tables"].values():
        assert set(entry) == {"origin", "note_en", "note_zh"}
        assert all(entry.values())
    assert "proxy" in told["tables"]["statements"]["note_en"]
    assert told["licence"] == "CC BY 4.0"
    assert "a6bd81b" in told["attribution_en"]
    assert "a6bd81b" in told["attribution_zh"]


def test_a_second_writing_replaces_the_first_and_leaves_nothing_beside(tmp_path):
    out = tmp_path / "deep" / "sample"
    bank.write(out, clients=3)
    (out / "stale").mkdir()
    bank.write(out, clients=2)
    assert not (out / "stale").exists()
    assert [p.name for p in out.parent.iterdir()] == ["sample"]
    assert pl.read_parquet(out / "clients" / DAY / "part-0000.parquet").height == 2


def test_a_writer_that_fails_leaves_the_old_folder_and_nothing_half(tmp_path, monkeypatch):
    out = tmp_path / "sample"
    bank.write(out, clients=2)
    before = digests(out)

    def fails(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(bank, "_manifest", fails)
    with pytest.raises(OSError, match="disk is full"):
        bank.write(out, clients=3)
    assert digests(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["sample"]


@pytest.mark.parametrize("name", TABLES)
def test_schema_keys_required_columns_and_closed_lists(book, name):
    table, frame = TABLES[name], good(book, name)
    assert dict(frame.schema) == table.schema
    assert frame.height > 0
    assert frame.select(table.key).is_duplicated().sum() == 0
    assert book[name].select(table.key).equals(book[name].sort(table.key).select(table.key))
    for column in table.columns:
        if column.required:
            assert frame[column.name].null_count() == 0, column.name
        if column.when is not None:
            assert frame.filter(column.when & pl.col(column.name).is_null()).height == 0, column.name
        if column.closed_list and not column.is_list:
            assert set(frame[column.name].drop_nulls()) <= set(LISTS[column.closed_list]), column.name


@pytest.mark.parametrize("name", TABLES)
def test_foreign_keys_hold(book, name):
    for column in TABLES[name].columns:
        if column.references is None:
            continue
        known = book[column.references][TABLES[column.references].key[0]].implode()
        orphans = good(book, name).filter(pl.col(column.name).is_not_null(), ~pl.col(column.name).is_in(known))
        assert orphans.height == 0, column.name


def test_balances_are_what_transactions_leave(book):
    """Check Z1 on every account, in plain Python."""
    moved: dict[tuple[str, date], int] = {}
    for account, day, direction, amount, status in good(book, "transactions")[
        "account_id", "booked_on", "direction", "amount", "status"
    ].rows():
        if status in ("ok", "reversed"):
            moved[account, day] = moved.get((account, day), 0) + (amount if direction == "in" else -amount)
    before: dict[str, int] = {}
    for account, day, balance in book["balances"].rows():
        step = moved.pop((account, day), 0)
        assert balance == before.get(account, balance - step) + step
        assert balance >= 0
        before[account] = balance
    assert not moved
    assert set(before) == set(book["accounts"]["account_id"])


def test_demand_accounts_have_an_opening_row_before_the_first_month_and_the_other_accounts_open_empty(book):
    first = book["balances"].group_by("account_id").agg(pl.col("date").min(), pl.col("balance").first())
    kinds = first.join(book["accounts"], on="account_id")
    demand = kinds.filter(pl.col("kind") == "demand")
    assert demand["date"].unique().to_list() == [date(2012, 6, 30)]
    later = kinds.filter(pl.col("kind").is_in(["time", "escrow"]))
    assert set(later["kind"]) == {"time", "escrow"}
    assert (later["date"] == later["opened_on"]).all()
    assert demand["client_id"].sort().to_list() == book["clients"]["client_id"].to_list()[1:]


def test_money_that_comes_in_is_a_banks_share_of_the_real_revenue(book):
    year = pl.col("booked_on").dt.year() == 2013
    sales = good(book, "transactions").filter(pl.col("category") == "sales", year)
    received = sales.group_by(party_id=pl.col("account_id").str.slice(2, 5)).agg(pl.col("amount").sum())
    filed = book["statements"].filter(pl.col("period_end") == date(2013, 12, 31), pl.col("revenue") > 2_000_000)
    shares = (both := received.join(filed, on="party_id"))["amount"] / both["revenue"]
    assert both.height > 50
    assert shares.is_between(0.09, 0.61).all()


def test_loans_are_drawn_paid_and_settled_as_their_states_say(book):
    """What the bank lent less what came back through the account is what is outstanding at the end."""
    status = book["loan_status"].sort("as_of").group_by("loan_id", maintain_order=True).last()
    rows = book["loans"].filter("on_balance").join(status, on="loan_id")
    old = book["loan_status"].filter(pl.col("as_of") < date(2012, 7, 1)).sort("as_of")
    opening = old.group_by("loan_id", maintain_order=True).last().select("loan_id", opening="outstanding")
    owed = rows.join(opening, on="loan_id", how="left").group_by("client_id").agg(
        pl.col("outstanding").sum(), pl.col("opening").sum()
    )  # fmt: skip
    moved = good(book, "transactions").filter(pl.col("type").is_in(["loan_disbursement", "loan_principal"]))
    signed = pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))
    net = moved.group_by(client_id=pl.col("account_id").str.slice(2, 5)).agg(net=signed.sum())
    both = owed.join(net, on="client_id", how="left").with_columns(pl.col("net").fill_null(0))
    assert both.height > 20
    assert (both["opening"] + both["net"] == both["outstanding"]).all()


def test_real_statement_lines_equal_the_files_figures(book):
    years = firms.firms()
    numbers = {client.firm: client.client_id for client in bank.clients(SOME, 1) if client.firm}
    real = book["statements"].filter(
        ~(
            (pl.col("party_id") == STORIES["restated"].clients[0])
            & (pl.col("version") == 1)
            & (pl.col("period_end") == date(2014, 12, 31))
        )
    )
    filed = {(party, end.year): row for row in real.to_dicts() for party, end in [(row["party_id"], row["period_end"])]}
    told = [row for row in years.to_dicts() if row["firm_id"] in numbers]
    assert len(told) == len(filed) == real.height
    for row in told:
        line = filed[numbers[row["firm_id"]], row["fyear"]]
        for name, item in firms.LINES.items():
            assert line[name] == round(row[item] * 100_000_000), (row["firm_id"], row["fyear"], name)
        assert line["equity"] == line["total_assets"] - line["total_liabilities"]
        assert line["period_end"] == date(row["fyear"], 12, 31)


def test_lines_the_file_does_not_have_stay_empty(book):
    money = {column.name for column in TABLES["statements"].columns if column.type == "money"}
    empty = {name for name in money if book["statements"][name].null_count() == book["statements"].height}
    assert empty == money - {*firms.LINES, "equity"}
    assert not book["statements"]["audited"].any()
    assert set(book["statements"]["opinion"]) == {"none"}


def test_the_cut_has_the_firms_it_should():
    years = firms.firms()
    last = years.group_by("firm_id").agg(pl.col("fyear").max(), pl.col("failed_after_last_year").any())
    assert years.height == 1140
    assert last.filter(pl.col("fyear") == 2014).height == 235
    assert last.filter(pl.col("fyear") == 2014, "failed_after_last_year").height == 27
    assert last.filter(pl.col("fyear") == 2013)["failed_after_last_year"].to_list() == [False] * 10


def test_filings_arrive_after_their_period_and_mostly_within_the_simulated_days(book):
    lag = (pl.col("received_on") - pl.col("period_end")).dt.total_days()
    first = (
        book["statements"]
        .filter(pl.col("version") == 1, pl.col("party_id") != STORIES["restated"].clients[0])
        .select(lag=lag)["lag"]
    )
    assert first.min() >= 60
    assert first.is_between(60, 115).mean() > 0.9
    assert first.is_between(116, 185).sum() > 0
    assert (book["statements"]["received_on"] <= date(2015, 6, 30)).all()


FESTIVALS = ("spring_festival", "mid_autumn", "national_day")


def test_the_calendar_has_every_day_weekends_federal_holidays_and_festivals(book):
    days = book["calendar"]
    assert days["date"].to_list() == [date(2012, 1, 1) + timedelta(days=k) for k in range(1827)]
    assert days["date"][-1] == date(2016, 12, 31)
    assert not days.filter(pl.col("date").dt.weekday() > 5)["is_workday"].any()
    festive = pl.col("holiday").is_in(FESTIVALS)
    assert not days.filter(pl.col("holiday").is_not_null(), ~festive)["is_workday"].any()
    assert days.filter(festive, pl.col("is_workday")).height == 11  # clients keep them, the bank works
    named = dict(days.filter(pl.col("holiday").is_not_null()).select("date", "holiday").rows())
    # Days as observed, looked up in the calendars of those years.
    assert named[date(2015, 7, 3)] == "independence_day"
    assert named[date(2015, 1, 19)] == "martin_luther_king_day"
    assert named[date(2014, 11, 27)] == "thanksgiving"
    assert named[date(2013, 5, 27)] == "memorial_day"
    assert named[date(2012, 1, 2)] == "new_year"
    # Festivals: the State Council's notices for 2015 and 2016, which give the day itself of mid-autumn.
    assert named[date(2015, 2, 19)] == named[date(2016, 2, 8)] == "spring_festival"
    assert named[date(2015, 9, 27)] == named[date(2016, 9, 15)] == "mid_autumn"
    assert all(sum(day.year == year for day in named) == 13 for year in timeline.CALENDAR_YEARS)


def test_mid_autumn_is_a_full_moon_of_the_eighth_month():
    """The mean full moon (period 29.530589 days, one on 2000-01-21 04:40 UT) is at most a day off; New Year is 7 months before."""
    for day in timeline.MID_AUTUMN:
        age = ((day - date(2000, 1, 21)).days + 0.3) % 29.530589
        assert min(age, 29.530589 - age) < 1.3, day
        assert 216 <= (day - timeline.NEW_YEAR[day.year]).days <= 252


def test_every_client_with_a_feed_has_one_main_rm_of_its_branch(book):
    now = book["assignments"].filter(pl.col("end_on").is_null())
    assert now["client_id"].to_list() == book["clients"]["client_id"].to_list()
    both = now.join(book["staff"], on="staff_id").join(book["clients"], on="client_id", suffix="_client")
    assert (both["branch_id"] == both["branch_id_client"]).all()
    assert set(both["role_right"]) == {"rm"}
    assert both["supervisor_id"].null_count() == 0


def test_life_in_the_whole_bank_is_mostly_in_order_and_sometimes_not(whole):
    """Complaints followed up, wrongs put right, papers looked at, people known: most of it, never all."""
    made, people = whole

    def share(table, column, *where):
        return made[table].filter(*where)[column].is_not_null().mean()

    closed = made["complaints"].filter(pl.col("closed_at").dt.date() < date(2014, 12, 1))
    asked = made["interactions"].filter(pl.col("purpose") == "complaint_followup")
    assert 2 < asked.filter(pl.col("client_id").is_in(closed["client_id"].implode())).height / closed.height < 3
    about = made["undertakings"].filter(pl.col("about_kind") == "complaint")
    put_right = about.filter(pl.col("kind") == "corrective_action", pl.col("due_on") < date(2015, 6, 1))
    assert 0.75 < (put_right["done_on"] <= put_right["due_on"]).mean() < 1
    assert set(about["about_id"]) <= set(made["complaints"]["complaint_id"])
    assert 0.85 < share("documents", "checked_by", pl.col("status") == "waived") < 1
    assert {"CU4", "CU9", "FB17"} <= set(made["documents"].filter(pl.col("status") == "present")["item_code"])
    assert 0.8 < share("parties", "birthday_mmdd", pl.col("party_id").str.contains(r"^P-C\d+-\d$")) < 1
    mine = pl.col("party_id").str.contains(r"^C\d+$")
    assert 0.9 < share("parties", "uscc", mine) < 1
    settling = made["holdings"].filter(pl.col("product_id") == "SET-1")
    assert 0.8 < settling["client_id"].n_unique() / len(people) < 0.9
    groups = made["clients"].filter(pl.col("group_id").is_not_null())
    owned = made["party_links"].filter(pl.col("relation") == "group_member_of").select("to_id", "from_id").sort("to_id")
    assert groups.select("client_id", "group_id").rows() == owned.rows()


@pytest.mark.parametrize(
    ("region", "number", "code"), [("310115", 12, "91310115XXXX00123D"), ("110108", 7, "91110108XXXX00078T")]
)
def test_a_credit_code_has_the_check_characters_of_its_standards(region, number, code):
    assert masters.uscc(region, number) == code


def test_the_whole_bank_has_cells_and_peers_and_hard_names(whole):
    made, people = whole
    parties = made["parties"].filter(pl.col("party_id").is_in(made["clients"]["client_id"].implode()))
    assert len(people) == parties.height == 246
    cells = parties.group_by("industry_code", "region_code").len()
    peers = parties.group_by("industry_code", "size_class").len()
    assert cells.filter(pl.col("len") >= 30).height >= 2
    assert peers.filter(pl.col("len") >= 20).height >= 3
    assert set(parties["industry_code"].str.slice(0, 1)) == set("CEFGIKM")
    names = parties["name"]
    assert names.n_unique() == 246
    assert 'A&B <b>"Holdings"</b> {{7*7}} =1+1' in names
    assert (names.str.len_chars() >= 60).sum() == 3
    assert 0.08 < names.str.contains(r"\p{Han}").mean() < 0.25
    for name in names:
        name.encode("gb2312")  # the font shipped with the reports has no more
    assert set(made["clients"]["tier"].drop_nulls()) == set("ABCD")
    assert made["clients"]["tier"].null_count() > 5
    assert 300_000 < made["transactions"].height < 500_000
    assert 45 < made["complaints"].height < 75


def test_the_books_of_an_earlier_day_know_nothing_later():
    day = date(2015, 5, 15)
    made, _ = bank.tables(SOME, as_of=day)
    for name, table in TABLES.items():
        for column in table.columns:
            if column.type in ("date", "ts") and not column.may_lie_ahead:
                newest = made[name].select(pl.col(column.name).cast(pl.Date).max()).item()
                assert newest is None or newest <= day, (name, column.name)
    assert made["transactions"]["booked_on"].max() > day - timedelta(days=3)
    # The arrears of 120 days had run for 74, those of three days had not begun.
    late = made["loan_status"].filter(pl.col("interest_overdue_since").is_not_null())
    assert late["loan_id"].str.slice(2, 5).is_in(list(STORIES["arrears"].clients)).any()
    assert not late["loan_id"].str.slice(2, 5).is_in(list(STORIES["early_arrears"].clients)).any()
    assert made["complaints"].filter(pl.col("closed_at").is_null())["outcome"].unique().to_list() in ([], ["open"])


def test_the_input_model_refuses_the_planted_rows_and_no_other(stories_night):
    """The night's own validation of the clients with a story (what it is told of: test_checks.py)."""
    told = stories_night.manifest["tables"]
    refused = {name: entry["counts"]["quarantined"] for name, entry in told.items()}
    assert {name: many for name, many in refused.items() if many} == {"transactions": 5}
    assert all(entry["counts"]["collapsed"] == entry["counts"]["superseded"] == 0 for entry in told.values())
