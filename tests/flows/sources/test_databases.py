"""Databases as sources: the same night as from files; slices, late rows, replays, lost connections."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from expectations import casts, validation
from expectations.model import Delivery, Refused
from expectations.tables import TABLES
from flows import nights
from flows.cli import SAMPLE_AS_OF, main
from flows.pull import STAGE, Landed, forget
from flows.sources import Source, config, database, slices
from flows.sources.router import opened
from flows.store import Store
from sample import bank as sample_bank
from tests.conftest import share
from tests.flows.sources.conftest import Postgres

T = SAMPLE_AS_OF


@pytest.fixture(scope="session")
def tables() -> dict[str, pl.DataFrame]:
    return sample_bank.tables(30)[0]


def to_duckdb(path: Path, tables: dict[str, pl.DataFrame]) -> None:
    import adbc_driver_duckdb
    import adbc_driver_manager.dbapi as driver

    told = {"path": str(path)}
    with (
        driver.connect(driver=adbc_driver_duckdb.driver_path(), entrypoint="duckdb_adbc_init", db_kwargs=told, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):  # fmt: skip
        for name, frame in tables.items():
            cursor.adbc_ingest(name, frame, mode="create")


def to_sqlite(path: Path, tables: dict[str, pl.DataFrame]) -> None:
    with sqlite3.connect(path) as connection:
        for name, frame in tables.items():
            lists = [column for column, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
            times = [column for column, dtype in frame.schema.items() if dtype.is_temporal()]
            flat = frame.with_columns(pl.col(lists).list.join("|"), pl.col(times).cast(pl.String))
            connection.execute(f'CREATE TABLE "{name}" ({", ".join(f""" "{c}" """ for c in flat.columns)})')
            marks = ", ".join("?" for _ in flat.columns)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', flat.rows())
    connection.close()


def source(place: config.Place, **tables: config.From) -> Source:
    made = opened(config.Places(place.name, {place.name: place}, tables)).of("clients")
    assert made is not None
    return made


def pulled(store: Store, one: Source, table: str, as_of: date) -> list[Landed]:
    found = one.deliveries(table, as_of, store.units(STAGE, table))
    return [Landed(delivery, store.do(STAGE, table, delivery.address, delivery.land)) for delivery in found]


def read(landed: list[Landed], table: str) -> pl.DataFrame:
    told = [(TABLES[table], one.scan(TABLES[table]), one.delivery.origin, one.delivery.loose) for one in landed]
    for one in told:
        casts.refuse_unreadable(*one)
    return pl.concat([casts.conform(*one) for one in told]).collect()


# ---- the same rows from every kind ---------------------------------------------------------------------------------


@pytest.fixture(params=["postgresql", "duckdb", "sqlite"])
def place(request: pytest.FixtureRequest, tables: dict[str, pl.DataFrame], tmp_path: Path) -> config.Place:
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.fill(tables)
        return config.Place("core", "postgresql", {"uri": server.uri, "schema": "bellwether"})
    path = tmp_path / "bank.db"
    {"duckdb": to_duckdb, "sqlite": to_sqlite}[request.param](path, tables)
    return config.Place("core", request.param, {"path": path})


def test_every_table_comes_as_it_is(place: config.Place, tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    store, one = Store(tmp_path / "work"), source(place)
    for name, frame in tables.items():
        key = TABLES[name].key
        rows = read(pulled(store, one, name, T), name)
        assert rows[casts.UNPARSED].null_count() == rows.height
        assert rows.select(frame.columns).sort(frame.columns).equals(frame.sort(frame.columns)), (name, key)
    again = [done for name in tables for done in pulled(store, one, name, T)]
    assert all(landed.done.reused for landed in again)
    one.close()


def test_the_night_from_postgresql_is_the_night_from_files(
    postgres: Postgres, tables: dict[str, pl.DataFrame], night: nights.Published, tmp_path: Path
) -> None:
    postgres.fill(tables)
    file = tmp_path / "bellwether.toml"
    (tmp_path / "policy.toml").write_text('home_currency = "USD"\n')
    file.write_text(
        f'out = "out"\npolicy = "policy.toml"\nreports = false\nworkers = 1\nsource = "core"\n'
        f'[sources.core]\nkind = "postgresql"\nuri = "{postgres.uri}"\nschema = "bellwether"\n'
    )
    share(night, tmp_path / "out")
    assert main(["run", "--as-of", T.isoformat(), "--config", str(file), "--log", "json"]) == 0
    made = nights.read(tmp_path / "out", T)
    assert made is not None
    for name in ("answers", "findings", "assessments", "gaps"):
        files = pl.read_parquet(night.file(f"{name}.parquet"))
        assert pl.read_parquet(made.file(f"{name}.parquet")).equals(files), name
    assert main(["run", "--as-of", T.isoformat(), "--config", str(file), "--log", "json"]) == 0
    assert nights.read(tmp_path / "out", T) == made


# ---- the bank's own tables -----------------------------------------------------------------------------------------

THEIRS = """
CREATE TABLE t_ls (fhzh varchar, jyrq timestamp, lsh bigint, jdbz char(1), je {money}, bz varchar, lx varchar, zt varchar, etl date);
INSERT INTO t_ls VALUES
 ('A1', '2015-06-29 10:00:00', 1, 'J', 12.34, 'CNY', 'transfer', 'ok', '2015-06-29'),
 ('A1', '2015-06-29 11:00:00', 2, 'D', 0.10, 'CNY', 'transfer', 'ok', '2015-06-30'),
 ('A1', '2015-06-30 00:00:00', 3, 'D', 1000000, 'CNY', 'transfer', 'ok', '2015-07-01')
"""
MAPPED = {
    "account_id": "FHZH", "booked_on": "JYRQ", "txn_id": "lsh", "amount": {"from": "je", "unit": "yuan"}, "currency": "bz",
    "direction": {"from": "jdbz", "values": {"J": "out", "D": "in"}}, "type": "lx", "status": {"value": "ok"},
}  # fmt: skip
ABSENT = [name for name in TABLES["transactions"].schema if name not in MAPPED]


@pytest.mark.parametrize("money", ["numeric(20,2)", "double precision", "varchar"])
def test_their_names_units_and_codes_become_ours(money: str, tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    with duckdb.connect(path) as connection:
        connection.execute(THEIRS.format(money=money))
    said = {"from": "t_ls", "recorded": "etl", "columns": MAPPED, "absent": ABSENT}
    places = config.parse(
        {"source": "dw", "sources": {"dw": {"kind": "duckdb", "path": "bank.db"}}, "tables": {"transactions": said}},
        tmp_path,
    )
    one = opened(places).of("transactions")
    assert one is not None
    landed = pulled(Store(tmp_path / "work"), one, "transactions", T)
    one.close()
    wanted = [("A1", date(2015, 6, 29), "1", "out", 1234), ("A1", date(2015, 6, 29), "2", "in", 10)]
    rows = read(landed, "transactions")
    assert rows.select("account_id", "booked_on", "txn_id", "direction", "amount").rows() == wanted
    assert rows["delivered_on"].to_list() == [date(2015, 6, 29), date(2015, 6, 30)]


# ---- slices --------------------------------------------------------------------------------------------------------

ROW = "('A1', '{day}', '{txn}', 'in', {amount}, 'CNY', 'transfer', 'ok', {recorded})"
LEDGER = {
    **{
        name: name
        for name in ("account_id", "booked_on", "txn_id", "direction", "amount", "currency", "type", "status")
    }
}


class Ledger:
    """A table of transactions in a DuckDB file, as a bank's system writes it."""

    def __init__(self, path: Path, recorded: str | None = "loaded") -> None:
        self.path = path
        with duckdb.connect(path) as connection:
            connection.execute(
                "CREATE TABLE transactions (account_id varchar, booked_on date, txn_id varchar, direction varchar, "
                "amount bigint, currency varchar, type varchar, status varchar, loaded date)"
            )
        said = {"recorded": recorded} if recorded else {}
        absent = [name for name in TABLES["transactions"].schema if name not in LEDGER]
        self.places = config.parse(
            {"source": "dw", "sources": {"dw": {"kind": "duckdb", "path": str(path)}},
             "tables": {"transactions": {**said, "absent": absent}}}, path.parent,
        )  # fmt: skip

    def write(self, txn: str, day: date, amount: int = 100, recorded: date | str | None = None) -> None:
        """A row changed in place, or a new one."""
        with duckdb.connect(self.path) as connection:
            connection.execute(f"DELETE FROM transactions WHERE txn_id = '{txn}'")
        self.add(txn, day, amount, recorded)

    def add(self, txn: str, day: date, amount: int = 100, recorded: date | str | None = None) -> None:
        """A row beside those that are there."""
        when = f"NULLIF('{recorded or day}', 'never')::date"
        with duckdb.connect(self.path) as connection:
            connection.execute(
                f"INSERT INTO transactions VALUES {ROW.format(day=day, txn=txn, amount=amount, recorded=when)}"
            )

    def night(self, store: Store, as_of: date) -> list[Landed]:
        one = opened(self.places).of("transactions")
        assert one is not None
        with closing(one):
            return pulled(store, one, "transactions", as_of)


def known(landed: list[Landed]) -> dict[str, int]:
    """Transaction → amount of its newest row."""
    rows = read(landed, "transactions").sort("delivered_on", maintain_order=True)
    return dict(rows.select("txn_id", "amount").rows())


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.db")
    for month in range(1, 7):
        made.write(f"M{month}", date(2015, month, 10))
    return made


def test_the_first_load_comes_month_by_month_and_a_later_night_brings_what_is_new(
    ledger: Ledger, tmp_path: Path
) -> None:
    store = Store(tmp_path / "work")
    first = ledger.night(store, date(2015, 6, 20))
    assert [one.delivery.name for one in first][-2:] == ["transactions/2015-05-31.1", "transactions/2015-06-20.1"]
    assert all(one.delivery.backfill for one in first)
    ledger.write("N1", date(2015, 6, 22))
    second = ledger.night(store, date(2015, 6, 22))
    assert [one.done.facts["rows"] for one in second if not one.done.reused] == [1]
    assert not second[-1].delivery.backfill
    assert known(second) == {**{f"M{m}": 100 for m in range(1, 7)}, "N1": 100}
    assert all(one.done.reused for one in ledger.night(store, date(2015, 6, 22)))


def test_a_late_row_and_a_corrected_one_come_with_the_next_night(ledger: Ledger, tmp_path: Path) -> None:
    store = Store(tmp_path / "work")
    ledger.write("C1", date(2015, 6, 19), 7)
    ledger.night(store, date(2015, 6, 20))
    ledger.write("L1", date(2015, 6, 18))  # recorded as if it had been there
    ledger.write("C1", date(2015, 6, 19), 8)
    landed = ledger.night(store, date(2015, 6, 21))
    rows = read(landed, "transactions")
    assert rows.filter(txn_id="L1")["delivered_on"].to_list() == [date(2015, 6, 21)]
    assert known(landed)["C1"] == 8
    before = ledger.night(store, date(2015, 6, 20))
    assert known(before)["C1"] == 7
    assert "L1" not in known(before)


def test_a_killed_first_load_goes_on_where_it_was(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, sink, seen = Store(tmp_path / "work"), slices._sink, []

    def killed(*given: Any) -> int:
        seen.append(given)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return sink(*given)

    monkeypatch.setattr(slices, "_sink", killed)
    with pytest.raises(KeyboardInterrupt):
        ledger.night(store, date(2015, 6, 20))
    monkeypatch.setattr(slices, "_sink", sink)
    landed = ledger.night(store, date(2015, 6, 21))
    assert [one.done.reused for one in landed] == [True] * 3 + [False] * 3
    assert all(one.delivery.backfill for one in landed)
    assert set(known(landed)) == {f"M{month}" for month in range(1, 7)}


def test_a_table_without_a_recorded_date_is_pulled_whole_every_night(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE staff AS SELECT 'S1' staff_id, 'A' AS name, 'rm' role, 'B' branch_id, NULL::varchar supervisor_id, NULL::bigint authority_limit, DATE '2010-01-01' start_on, NULL::date end_on")  # fmt: skip
    one, store = source(config.Place("dw", "duckdb", {"path": path})), Store(tmp_path / "work")
    first = pulled(store, one, "staff", T)
    one.close()  # DuckDB lets nobody write while somebody reads
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE staff SET name = 'B'")
    second = pulled(store, one, "staff", T + timedelta(days=1))
    assert [read(landed, "staff")["name"].to_list() for landed in (first, second)] == [["A"], ["B"]]
    replay = pulled(store, one, "staff", T)
    assert read(replay, "staff")["name"].to_list() == ["A"]
    assert forget(store, ["staff"], T + timedelta(days=1)) == 1
    assert read(pulled(store, one, "staff", T), "staff")["name"].to_list() == ["A"]
    one.close()


def test_what_a_refused_night_pulled_is_pulled_anew_and_what_others_knew_stays(ledger: Ledger, tmp_path: Path) -> None:
    store = Store(tmp_path / "work")
    ledger.write("C1", date(2015, 6, 19), 7)
    ledger.night(store, date(2015, 6, 20))
    ledger.write("C1", date(2015, 6, 21), -1)
    assert known(ledger.night(store, date(2015, 6, 21)))["C1"] == -1
    assert forget(store, ["transactions"], date(2015, 6, 21), loads=["transactions"]) == 1
    ledger.write("C1", date(2015, 6, 21), 8)  # mended
    assert known(ledger.night(store, date(2015, 6, 21)))["C1"] == 8
    assert known(ledger.night(store, date(2015, 6, 20)))["C1"] == 7
    assert forget(store, ["transactions"], date(2015, 6, 20)) == 0  # a first load is kept
    assert forget(store, ["transactions"], date(2015, 6, 20), loads=["transactions"]) == 6
    assert forget(store, ["transactions"]) == 1


def test_a_row_corrected_within_one_slice_is_no_twin(tmp_path: Path) -> None:
    """Two versions of a row side by side, recorded on two days: the later stands, as if it had come in a later file."""
    ledger = Ledger(tmp_path / "ledger.db")
    for day, amount in ((1, 1), (3, 2), (5, 1)):
        with duckdb.connect(ledger.path) as connection:
            row = ROW.format(day="2015-06-01", txn="V1", amount=amount, recorded=f"'2015-06-0{day}'")
            connection.execute(f"INSERT INTO transactions VALUES {row}")
    landed = ledger.night(Store(tmp_path / "work"), date(2015, 6, 20))
    rows = read(landed, "transactions").with_row_index("row_number")
    table = replace(TABLES["transactions"], checks=())
    made = validation.part(table, rows, {"accounts": NOBODY}, Delivery(date(2015, 6, 20), date(2015, 6, 20)))
    assert (made.clean["amount"].to_list(), made.counts.superseded, made.counts.quarantined) == ([1], 2, 0)


NOBODY = pl.LazyFrame({"account_id": ["A1"], "client_id": ["C1"]})


def test_a_table_that_is_not_there_is_not_connected_and_a_named_one_is_refused(ledger: Ledger) -> None:
    one = source(ledger.places.places["dw"])
    assert one.deliveries("staff", T, []) == []
    one.close()
    named = source(ledger.places.places["dw"], staff=config.From("dw", "t_staff"))
    with pytest.raises(Refused, match="has no table 't_staff'"):
        named.deliveries("staff", T, [])
    named.close()


def test_a_gap_over_a_month_end_brings_each_row_once(ledger: Ledger, tmp_path: Path) -> None:
    store = Store(tmp_path / "work")
    ledger.night(store, date(2015, 6, 28))
    ledger.write("N1", date(2015, 6, 30))
    ledger.write("N2", date(2015, 7, 2))
    ledger.write("U1", date(2015, 7, 2), recorded="never")
    rows = read(ledger.night(store, date(2015, 8, 3)), "transactions")
    assert sorted(rows["txn_id"]) == [*(f"M{month}" for month in range(1, 7)), "N1", "N2", "U1"]
    assert all(one.done.reused for one in ledger.night(store, date(2015, 8, 3)))
    assert ledger.night(store, date(2015, 8, 4))[-1].done.facts["rows"] == 0


def test_of_a_row_whose_older_versions_stay_the_later_recorded_one_wins(ledger: Ledger, tmp_path: Path) -> None:
    store, seen = Store(tmp_path / "work"), {}
    ledger.add("H1", date(2015, 6, 15), 1)
    for day in range(15, 26):
        if day == 17:
            ledger.add("H1", date(2015, 6, 15), 2, date(2015, 6, 17))
        if day == 20:
            ledger.add("H1", date(2015, 6, 15), 3, date(2015, 6, 16))  # late, and older than the second
        landed = ledger.night(store, date(2015, 6, day))
        seen[day] = (known(landed)["H1"], landed[-1].done.facts["rows"])
    assert seen == {15: (1, 2), 16: (1, 0), 17: (2, 1), **dict.fromkeys(range(18, 26), (2, 0))}
    assert known(ledger.night(store, date(2015, 6, 16)))["H1"] == 1


def test_a_day_before_all_others_does_not_make_a_slice_of_every_month(ledger: Ledger, tmp_path: Path) -> None:
    for txn, recorded in (("Y1", "0001-01-01"), ("Y2", "-infinity"), ("Y3", "9999-12-31"), ("Y4", "infinity")):
        ledger.write(txn, date(2015, 1, 1), recorded=recorded)
    landed = ledger.night(Store(tmp_path / "work"), date(2015, 6, 20))
    assert len(landed) == 6
    assert {"Y1", "Y2", "M6"} <= set(known(landed))
    assert not {"Y3", "Y4"} & set(known(landed))


def test_a_replay_within_a_slice_is_dated_by_its_night(ledger: Ledger, tmp_path: Path) -> None:
    store = Store(tmp_path / "work")
    ledger.night(store, date(2015, 6, 20))
    replay = ledger.night(store, date(2015, 6, 5))
    assert replay[-1].delivery.business_date == date(2015, 6, 5)
    assert set(known(replay)) == {f"M{month}" for month in range(1, 6)}


NIGHTS = st.lists(
    st.tuples(
        st.integers(1, 3),  # days since the night before
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.integers(1, 3)), max_size=4),
    ),
    min_size=1,
    max_size=5,
)


@examples(max_examples=12, deadline=None)
@given(NIGHTS)
def test_every_night_and_every_replay_sees_what_was_known_then(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, list[tuple[str, int, int]]]]
) -> None:
    """Rows come up to four days late or are changed in place, there and back; a night sees the newest, a replay its own."""
    folder = tmp_path_factory.mktemp("replay")
    ledger, store = Ledger(folder / "ledger.db"), Store(folder / "work")
    truth: dict[str, int] = {}
    told: dict[date, dict[str, int]] = {}
    day = date(2015, 6, 1)
    for wait, rows in steps:
        day += timedelta(days=wait)
        for txn, late, amount in rows:
            ledger.write(txn, day - timedelta(days=late), amount)
            truth[txn] = amount
        assert known(ledger.night(store, day)) == truth
        told[day] = dict(truth)
    for replayed, seen in told.items():
        assert known(ledger.night(store, replayed)) == seen


# ---- what a bank's columns and names may be ------------------------------------------------------------------------

KINDS = ["postgresql", "duckdb", "sqlite"]
THEIR_ROW = "'A', '2015-06-01', '1', 'in', {amount}, 'CNY', 'transfer', 'ok', {recorded}"


class Theirs:
    """A table in a database of one of the three kinds, and what landing it as transactions gives."""

    def __init__(self, kind: str, folder: Path, postgres: Callable[[], Postgres]) -> None:
        self.kind, self.folder, self.options = kind, folder, {"path": str(folder / "bank.db")}
        if kind == "postgresql":
            self.server = postgres()
            self.server.run("DROP SCHEMA IF EXISTS dw CASCADE", "CREATE SCHEMA dw")
            self.options = {"uri": self.server.as_user("postgres"), "schema": "dw"}

    def run(self, *statements: str) -> None:
        if self.kind == "postgresql":
            self.server.run("SET search_path = dw", *statements)
        elif self.kind == "duckdb":
            with duckdb.connect(self.options["path"]) as connection:
                for statement in statements:
                    connection.execute(statement)
        else:
            with closing(sqlite3.connect(self.options["path"])) as lite, lite:
                for statement in statements:
                    lite.execute(statement)

    def table(self, name: str = "txn", amount: str = "bigint", recorded: str = "date", txn: str = "txn_id") -> None:
        self.run(
            f"CREATE TABLE {name} (account_id varchar(9), booked_on date, {txn} varchar(9), direction varchar(9), "
            f"amount {amount}, currency varchar(9), type varchar(9), status varchar(9), loaded {recorded})"
        )

    def row(self, amount: str = "1", recorded: str = "'2015-06-01'", name: str = "txn") -> None:
        self.run(f"INSERT INTO {name} VALUES ({THEIR_ROW.format(amount=amount, recorded=recorded)})")

    def night(self, **said: Any) -> pl.DataFrame:
        told = {"from": "txn", "recorded": "loaded", "absent": ABSENT_HERE, **said}
        sources = {"dw": {"kind": self.kind, **self.options}}
        places = config.parse({"source": "dw", "sources": sources, "tables": {"transactions": told}}, self.folder)
        one = opened(places).of("transactions")
        assert one is not None
        with closing(one):
            return read(pulled(Store(self.folder / "work"), one, "transactions", T), "transactions")


ABSENT_HERE = [name for name in TABLES["transactions"].schema if name not in LEDGER]


@pytest.fixture
def theirs(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Theirs]:
    return lambda kind: Theirs(kind, tmp_path, lambda: request.getfixturevalue("postgres"))


AMOUNTS: list[tuple[str, str, str, int | str | None]] = [  # kind, type, cell, fen or why it is none
    *((kind, dtype, "12.34", 1234) for kind in KINDS for dtype in ("numeric(20,2)", "numeric(38,10)", "real", "varchar(20)")),
    ("postgresql", "numeric", "12.34", 1234),
    ("postgresql", "numeric", "12.345000001", "12.345000001 yuan"),
    ("postgresql", "numeric", "'NaN'", "NaN yuan"),
    ("postgresql", "numeric", "'Infinity'", "Infinity yuan"),
    ("postgresql", "money", "12.34", "(B2)"),  # never a hundred times as much
    ("postgresql", "char(20)", "12.34", 1234),
    ("postgresql", "smallint", "12", 1200),
    ("postgresql", "jsonb", "'12.34'", 1234),
    ("postgresql", "interval", "'1 day'", "(B2)"),
    ("duckdb", "hugeint", "12", 1200),
    ("duckdb", "interval", "INTERVAL 1 DAY", "(B2)"),
    ("sqlite", "blob", "x'00ff'", "00FF yuan"),
    *((kind, "bigint", "NULL", None) for kind in KINDS),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "dtype", "cell", "wanted"), AMOUNTS)
def test_an_amount_of_any_type_is_exact_or_refused_as_a_cell(
    kind: str, dtype: str, cell: str, wanted: int | str | None, theirs: Callable[[str], Theirs]
) -> None:
    bank = theirs(kind)
    bank.table(amount=dtype)
    bank.row(cell)
    if wanted == "(B2)":
        with pytest.raises(Refused, match=r"the column 'amount' .*\(B2\)|no cell of the column 'amount' .*\(B2\)"):
            bank.night(unit="yuan")
        return
    bank.row("'7'")
    frame = bank.night(unit="yuan").filter(pl.int_range(pl.len()) == 0)
    said = frame[casts.UNPARSED].item()
    assert frame["amount"].item() == (wanted if isinstance(wanted, int) else None)
    assert said == (f"amount: '{wanted}' is not whole minor units" if isinstance(wanted, str) else None)


@pytest.mark.parametrize("kind", ["postgresql", "duckdb"])
def test_a_column_nobody_asked_for_may_be_of_any_type(kind: str, theirs: Callable[[str], Theirs]) -> None:
    bank = theirs(kind)
    bank.table()
    bank.run("ALTER TABLE txn ADD COLUMN how_long interval")
    bank.run(f"INSERT INTO txn VALUES ({THEIR_ROW.format(amount=1, recorded='DATE ' + repr('2015-06-01'))}, '1 day')")
    assert bank.night().height == 1


@pytest.mark.parametrize("kind", ["postgresql", "duckdb"])
def test_a_time_with_a_zone_is_the_bank_s_own_day(kind: str, theirs: Callable[[str], Theirs]) -> None:
    bank = theirs(kind)
    bank.run("CREATE TABLE txn AS SELECT 'A' account_id, TIMESTAMPTZ '2015-06-02 00:30+08' AS moment, DATE '2015-06-02' loaded, '1' txn_id, 'in' direction, 1 amount, 'CNY' currency, 'transfer' AS type, 'ok' status")  # fmt: skip
    if kind == "postgresql":
        bank.run("ALTER ROLE postgres SET timezone = 'Asia/Shanghai'")
    frame = bank.night(columns={"booked_on": "moment"})
    if kind == "postgresql":
        bank.run("ALTER ROLE postgres RESET timezone")
        assert frame["booked_on"].to_list() == [date(2015, 6, 2)]
    assert frame[casts.UNPARSED].to_list() == [None]


@pytest.mark.parametrize("empty", ["", "loaded"])
def test_sqlite_cells_are_text_however_many_are_empty_before_the_first(
    empty: str, theirs: Callable[[str], Theirs]
) -> None:
    bank = theirs("sqlite")
    bank.table()
    many = "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 3000) "
    rows = many + "INSERT INTO txn SELECT 'A', '2015-06-01', n, 'in', 1, {}, 'transfer', 'ok', {} FROM i"
    bank.run(rows.format("NULL", "NULL" if empty else "'2015-06-01'"), rows.format("'CNY'", "'2015-06-01'"))
    frame = bank.night()
    assert (frame.height, frame["currency"].null_count()) == (6000, 3000)


def test_text_in_another_encoding_is_refused_in_one_sentence(theirs: Callable[[str], Theirs]) -> None:
    bank = theirs("sqlite")
    bank.table()
    bank.row()
    bank.run("UPDATE txn SET account_id = CAST(x'd5c5' AS text)")
    with pytest.raises(Refused, match=r"^Table transactions: txn holds text that is no UTF-8; convert it"):
        bank.night()


@pytest.mark.parametrize(
    ("kind", "dtype", "cell", "said"),
    [
        ("postgresql", "text", "'2015-06-01'", "has the type text"),
        ("postgresql", "char(8)", "'20150601'", "has the type character"),
        ("postgresql", "int", "20150601", "has the type integer"),
        ("duckdb", "varchar", "'20150601'", "has the type VARCHAR"),
        ("sqlite", "text", "'20150601'", "holds '20150601'"),
        ("sqlite", "int", "20150601", "holds '20150601'"),
        ("sqlite", "int", "1433116800", "holds '1433116800'"),
        ("sqlite", "text", "'2015/06/01'", "holds '2015/06/01'"),
    ],
)
def test_when_a_row_was_recorded_must_be_a_day(
    kind: str, dtype: str, cell: str, said: str, theirs: Callable[[str], Theirs]
) -> None:
    bank = theirs(kind)
    bank.table(recorded=dtype)
    bank.row(recorded=cell)
    with pytest.raises(Refused, match=f"Table transactions: the column 'loaded' that says .* {said}, no day"):
        bank.night()


NAMES: list[tuple[str, str, str]] = [  # kind, the name in SQL, the name told
    *((kind, name, told) for kind in KINDS for name, told in [
        ("txn", "TXN"), ('"T_Txn"', "t_txn"), ('"交易流水"', "交易流水"), ('"a ""b"" c"', 'a "b" c'), ('"a.b"', "a.b"),
        ('"select"', "select"), ('"x; --"', "x; --"), ('"{0}%s?"', "{0}%s?"),
    ]),
    ("postgresql", "dw.txn", "Dw.Txn"), ("duckdb", "main.txn", "main.TXN"), ("sqlite", "main.txn", "main.txn"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "told"), NAMES)
def test_any_name_is_found_as_it_is_spelled_or_in_another_case(
    kind: str, name: str, told: str, theirs: Callable[[str], Theirs]
) -> None:
    bank = theirs(kind)
    bare = name.rpartition(".")[2] if name[0] != '"' else name
    column = bare.replace("txn", "nr")
    bank.table(name, txn=column)
    bank.row(name=name)
    mapped = {"txn_id": column.strip('"').replace('""', '"').upper()}
    assert bank.night(**{"from": told, "columns": mapped}).height == 1


def test_views_of_every_kind_are_tables_and_other_schemas_are_not_ours(theirs: Callable[[str], Theirs]) -> None:
    bank = theirs("postgresql")
    bank.table()
    bank.row()
    bank.run("CREATE VIEW seen AS SELECT * FROM txn", "CREATE MATERIALIZED VIEW kept AS SELECT * FROM txn")
    assert [bank.night(**{"from": name}).height for name in ("seen", "kept", "dw.kept")] == [1, 1, 1]
    bank.run("CREATE TABLE staff (staff_id text)")
    bank.options = {"uri": bank.options["uri"]}
    with closing(source(config.Place("dw", "postgresql", bank.options))) as one:
        assert one.deliveries("staff", T, []) == []
    bank.run("DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN", "GRANT USAGE ON SCHEMA dw TO reader")
    bank.options = {"uri": bank.server.as_user("reader"), "schema": "dw"}
    with pytest.raises(Refused, match="permission denied for table txn"):
        bank.night()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("amount > 0 -- a note", None),
        ("amount > 0)", "yntax|unbalanced|near"),
        ("amount > 0) OR (1 = 1", "yntax|near"),
        ("amount > 0; DROP TABLE txn", "yntax|near|multiple|semicolon|one statement"),
        ("nothing > 0", "nothing"),
    ],
)
def test_a_condition_is_one_condition(kind: str, where: str, said: str | None, theirs: Callable[[str], Theirs]) -> None:
    bank = theirs(kind)
    bank.table()
    bank.row()
    if said is None:
        assert bank.night(where=where).height == 1
        return
    with pytest.raises(Refused, match=f"refuses: .*(?:{said})"):
        bank.night(where=where)
    assert bank.night().height == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_that_is_missing_is_said_before_anything_is_pulled(kind: str, theirs: Callable[[str], Theirs]) -> None:
    bank = theirs(kind)
    bank.run("CREATE TABLE txn (zz varchar(9), loaded date)")
    with pytest.raises(Refused, match=r"Table transactions: the column 'account_id' is missing in .*txn \(B2\)"):
        bank.night()
    assert not (bank.folder / "work").exists()


def test_a_database_put_back_to_an_earlier_day_changes_no_night(
    theirs: Callable[[str], Theirs], tmp_path: Path
) -> None:
    bank, store = theirs("sqlite"), Store(tmp_path / "work")
    bank.run("CREATE TABLE staff (staff_id, name, role, branch_id, supervisor_id, authority_limit, start_on, end_on)")

    def night(name: str, as_of: date, loaded: date) -> list[str]:
        bank.run("DELETE FROM staff", f"INSERT INTO staff (staff_id, name) VALUES ('S1', '{name}')")
        told = {**bank.options, "business_date": f"SELECT '{loaded}'"}
        with closing(source(config.Place("dw", "sqlite", told))) as one:
            return [cell for landed in pulled(store, one, "staff", as_of) for cell in read([landed], "staff")["name"]]

    first, second, third = (T + timedelta(days=days) for days in range(3))
    assert (night("A", first, first), night("B", third, third)) == (["A"], ["B"])
    assert night("C", third, second) == ["B"]
    assert night("C", third + timedelta(days=1), second) == ["B"]
    assert night("C", second, second) == ["A"]


# ---- connections ---------------------------------------------------------------------------------------------------


@pytest.fixture
def cut(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., tuple[Source, Callable[[], int]]]]:
    """A source whose first connections break off after so many bytes, and how many connections it made."""
    postgres.run(
        "DROP TABLE IF EXISTS public.staff_days",
        "CREATE TABLE public.staff_days AS SELECT 'S' || i AS staff_id, DATE '2015-06-01' + (i % 20)::int AS date, "
        "480::bigint AS worked_minutes, 10::bigint AS unrelated_minutes, repeat('x', 200) AS note, 3 AS burden "
        "FROM generate_series(1, 20000) AS i",
    )
    monkeypatch.setattr(database, "FIRST_WAIT", 0.01)
    (target,) = (path for path in Path(postgres.folder).glob(".s.PGSQL.*") if path.suffix != ".lock")
    running: list[subprocess.Popen[str]] = []

    def cutting(*cuts: int) -> tuple[Source, Callable[[], int]]:
        each = [str(limit) for cut in cuts for limit in (10**9, cut)]  # ADBC first connects to learn the server's types
        command = [sys.executable, str(Path(__file__).parent / "relay.py"), str(target), *each]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        uri = f"postgresql://postgres@127.0.0.1:{process.stdout.readline().strip()}/postgres?sslmode=disable&gssencmode=disable"

        def seen() -> int:
            process.kill()
            return len(process.communicate()[0].splitlines()) // 2

        return source(config.Place("core", "postgresql", {"uri": uri, "schema": "public"})), seen

    yield cutting
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]


def test_a_lost_connection_is_tried_again(cut: Callable[..., Any], tmp_path: Path) -> None:
    one, seen = cut(500_000, 1_000_000)
    landed = pulled(Store(tmp_path / "work"), one, "staff_days", T)
    one.close()
    assert seen() == 3
    assert [each.done.facts["rows"] for each in landed] == [20_000]


def test_a_server_that_stays_lost_is_said_in_one_sentence(cut: Callable[..., Any], tmp_path: Path) -> None:
    one, seen = cut(*[1_000_000] * database.ATTEMPTS)
    with pytest.raises(Refused, match=r"\[sources.core\] \(postgresql\) was lost 5 times"):
        pulled(Store(tmp_path / "work"), one, "staff_days", T)
    assert seen() == database.ATTEMPTS
    assert not list((tmp_path / "work").rglob("done.json"))


def test_a_database_that_a_writer_locks_is_tried_again(
    theirs: Callable[[str], Theirs], monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = theirs("sqlite")
    bank.table()
    bank.row()
    monkeypatch.setattr(database, "FIRST_WAIT", 0.4)
    told = f"""
import sqlite3, time
writer = sqlite3.connect({bank.options["path"]!r}, isolation_level=None)
writer.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(1)
"""  # another process: SQLite's locks are a process' own
    with subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "locked\n"
        assert bank.night().height == 1


def test_what_is_refused_for_good_is_not_tried_again(postgres: Postgres, tmp_path: Path) -> None:
    place = config.Place(
        "core", "postgresql", {"uri": postgres.uri, "schema": "public", "business_date": "SELECT nothing FROM nowhere"}
    )
    postgres.run("DROP TABLE IF EXISTS public.staff_days", "CREATE TABLE public.staff_days (staff_id text, date date, worked_minutes bigint, unrelated_minutes bigint, burden int, note text)")  # fmt: skip
    with pytest.raises(Refused, match=r"refuses: .*nowhere"):
        source(place).deliveries("staff_days", T, [])
