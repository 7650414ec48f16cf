"""What `bellwether.toml` may say of sources and tables: each refusal one sentence, and yuan as exact fen."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from expectations import casts
from expectations.tables import TABLES
from flows.cli import main
from flows.sources import config
from flows.sources.mapping import Mapping

CANARY = "k4n4r1e"
# A night that needs no server: what is refused is refused before a source is opened.
OTHERS = '[sources.pg]\nkind = "postgresql"\nuri = "postgresql://bank@db.bank:5432/edw"\n'
BUCKET = 'kind = "s3"\nbucket = "b"\n'
PG = 'kind = "postgresql"\n'

SOURCES: list[tuple[str, str]] = [
    ('kind = "oracle"', "[sources.dw] has the kind 'oracle'; known are folder, postgresql"),
    ('path = "x"', "[sources.dw] lacks 'kind'; known are folder"),
    ("kind = 3", "has the kind '3'; known are"),
    ('kind = ["s3"]', "has the kind '['s3']'; known are"),
    ("kind = {}", "has the kind '{}'; known are"),
    ('kind = "folder"', "[sources.dw] lacks 'path'; add it"),
    ('kind = "postgresql"', "[sources.dw] lacks 'uri'; add it"),
    ('kind = "s3"', "[sources.dw] lacks 'bucket'; add it"),
    ('kind = "duckdb"\npth = "x"', "[sources.dw] names an unknown key 'pth'; nearest known: 'path'"),
    ('kind = "sqlite"\npath = "x"\nschema = "s"', "unknown key 'schema'"),
    ('kind = "folder"\npath = 7', "[sources.dw]: 'path' is not a text"),
    ('kind = "folder"\npath = ""', "[sources.dw]: 'path' is not a text"),
    ('kind = "sqlite"\npath = "a\\u0000b"', "[sources.dw]: 'path' is not a text"),
    ('kind = "s3"\nbucket = 7', "[sources.dw]: 'bucket' is not a text"),
    (BUCKET + "prefix = true", "[sources.dw]: 'prefix' is not a text"),
    (BUCKET + "region = []", "[sources.dw]: 'region' is not a text"),
    (BUCKET + 'endpoint = "minio:9000"', "[sources.dw] has an endpoint that is no address"),
    (BUCKET + 'endpoint = "http://minio:nine"', "[sources.dw] has an endpoint that is no address"),
    (BUCKET + f'endpoint = "http://k:{CANARY}@minio:9000"', "[sources.dw] has an endpoint that is no address"),
    (BUCKET + f'access_key = "{CANARY}"', "[sources.dw]: 'access_key' must not stand in the configuration"),
    (BUCKET + f'secret_key = "{CANARY}"', "[sources.dw]: 'secret_key' must not stand in the configuration"),
    (BUCKET + 'access_key = { env = "K" }', "[sources.dw] lacks 'secret_key', which goes with the other key"),
    (BUCKET + 'secret_key = { env = "K" }', "[sources.dw] lacks 'access_key', which goes with the other key"),
    (PG + "uri = 7", "[sources.dw]: 'uri' is not a text"),
    (PG + 'uri = "edw"', "[sources.dw] has a uri that is no address of PostgreSQL"),
    (PG + f'uri = "host=h password={CANARY}"', "[sources.dw] has a uri that is no address of PostgreSQL"),
    (PG + 'uri = "postgresql://"', "[sources.dw] has a uri without a host"),
    (PG + 'uri = "postgresql:///edw"', "[sources.dw] has a uri without a host"),
    (PG + f'uri = "postgresql://u:{CANARY}@h/db"', "[sources.dw] has a password in its uri; take it out"),
    (PG + f'uri = "postgres://u:{CANARY}%40@h,h2/db"', "[sources.dw] has a password in its uri; take it out"),
    (PG + f'uri = "postgresql://u:{CANARY}/x@h/db"', "[sources.dw] has a uri with something between"),
    (PG + f'uri = "postgresql://u:{CANARY}#x@h/db"', "[sources.dw] has a uri with something between"),
    (PG + f'uri = "postgresql://u:12/{CANARY}@h/db"', "[sources.dw] has a uri with something between"),
    (PG + f'uri = "postgresql://u:{CANARY}?x@h/db"', "[sources.dw] has a uri that cannot be read"),
    (PG + f'uri = "postgresql://u:p℀{CANARY}@h/db"', "[sources.dw] has a uri that cannot be read"),
    (PG + f'uri = "postgresql://u:[{CANARY}@h/db"', "[sources.dw] has a uri that cannot be read"),
    (PG + f'uri = "postgresql://u@h/db?password={CANARY}"', "[sources.dw] has a password in its uri; take it out"),
    (PG + f'uri = "postgresql://u@h/db?p%61ssword={CANARY}"', "[sources.dw] has a password in its uri; take it out"),
    (PG + f'uri = "postgresql://u@h/db?sslpassword={CANARY}"', "[sources.dw] has a password in its uri; take it out"),
    (PG + f'uri = "postgresql://u@h/db"\npassword = "{CANARY}"', "'password' must not stand in the configuration"),
    (PG + f'uri = "postgresql://u@h/db"\npassword = ["{CANARY}"]', "'password' must not stand in the configuration"),
    (PG + f'uri = "postgresql://u@h/db"\npassword = {{ plain = "{CANARY}" }}', "'password' must not stand in"),
    (
        PG + f'uri = "postgresql://u@h/db"\npassword = {{ env = "{CANARY}!" }}',
        "'password' names no environment variable",
    ),
    (PG + f'uri = "postgresql://u@h/db"\npassword = {{ prefect = "{CANARY}_" }}', "'password' names no environment"),
    (PG + 'uri = "postgresql://u@h/db"\npassword = { env = 3 }', "'password' names no environment variable"),
    (PG + 'uri = "postgresql://u@h/db"\nbusiness_date = 2015-06-30', "'business_date' is not a text"),
]

TABLES_SAID: list[tuple[str, str]] = [
    ("[tables.transaction]", "[tables] names an unknown key 'transaction'; nearest known: 'transactions'"),
    ('[tables.staff]\nform = "x"', "[tables.staff] names an unknown key 'form'; nearest known: 'from'"),
    ('[tables.staff]\nsource = "pq"', "[tables.staff] comes from the source 'pq'; known are pg, bank"),
    ("[tables.staff]\nsource = 5", "[tables.staff]: 'source' is not a text"),
    ("[tables.staff]\nfrom = 5", "[tables.staff]: 'from' is not a text"),
    ('[tables.staff]\nsource = "pg"\nwhere = ["a"]', "[tables.staff]: 'where' is not a text"),
    ('[tables.staff]\nsource = "pg"\nrecorded = false', "[tables.staff]: 'recorded' is not a text"),
    ("[tables.staff]\nwhere = \"a = 'b'\"", "[tables.staff] has 'where', but its source is a folder; take it out"),
    ("[tables.staff]\nlookback = 5", "[tables.staff] has 'lookback', but its source is a folder; take it out"),
    ('[tables.staff]\nsource = "pg"\nlookback = -1', "[tables.staff] has the lookback '-1'; give a number of days"),
    ('[tables.staff]\nsource = "pg"\nlookback = true', "[tables.staff] has the lookback 'True'; give a number"),
    ('[tables.staff]\nsource = "pg"\nlookback = "5"', "[tables.staff] has the lookback '5'; give a number"),
    ('[tables.staff]\nsource = "pg"\nlookback = 1000000000000', "[tables.staff] has the lookback '1000000000000'"),
    ("[tables.staff]\nunit = 3", "[tables.staff]: 'unit' is not a text"),
    ('[tables.staff]\nunit = "jiao"', "table staff names the unit 'jiao'; known are fen and yuan"),
    ('[tables.staff]\ncolumns = "x"', "table staff is no list of columns; write columns ="),
    ("[tables.staff]\ncolumns = []", "table staff is no list of columns; write columns ="),
    ('[tables.staff]\nabsent = "name"', "table staff says 'absent' of no list; write absent ="),
    ("[tables.staff]\nabsent = [3]", "table staff says 'absent' of no list; write absent ="),
    ("[tables.staff]\nabsent = 3", "table staff says 'absent' of no list; write absent ="),
    ('[tables.staff]\nabsent = ["nam"]', "table staff names an unknown column 'nam'; nearest known: 'name'"),
    ('[tables.staff]\nabsent = ["staff_id"]', "table staff calls 'staff_id' absent, but every row must have it"),
    ('[tables.staff]\nabsent = ["supervisor_id"]\ncolumns = { supervisor_id = "x" }', "and calls it absent; take one"),
    ('[tables.staff]\ncolumns = { nam = "XM" }', "table staff names an unknown column 'nam'; nearest known: 'name'"),
    ("[tables.staff]\ncolumns = { name = 3 }", "staff.name is neither a name nor a table such as"),
    ('[tables.staff]\ncolumns = { name = " " }', "staff.name is neither a name nor a table such as"),
    ("[tables.staff]\ncolumns = { name = {} }", "staff.name is neither a name nor a table such as"),
    (
        '[tables.staff]\ncolumns = { name = { form = "x" } }',
        "staff.name has an unknown key 'form'; nearest known: 'from'",
    ),
    ("[tables.staff]\ncolumns = { name = { from = 5 } }", "staff.name comes 'from' something that is no name"),
    ('[tables.staff]\ncolumns = { name = { from = "" } }', "staff.name comes 'from' something that is no name"),
    ('[tables.staff]\ncolumns = { name = { unit = "yuan" } }', "staff.name gives a unit, but the column is no amount"),
    (
        "[tables.staff]\ncolumns = { authority_limit = { unit = 3 } }",
        "staff names the unit '3'; known are fen and yuan",
    ),
    ("[tables.staff]\ncolumns = { authority_limit = { unit = [] } }", "staff names the unit '[]'; known are fen and"),
    ("[tables.staff]\ncolumns = { name = { values = 3 } }", "staff.name has 'values' that are no list of codes"),
    ('[tables.staff]\ncolumns = { name = { values = ["a"] } }', "staff.name has 'values' that are no list of codes"),
    ("[tables.staff]\ncolumns = { name = { values = { a = [] } } }", "staff.name has 'values' that are no list"),
    ('[tables.staff]\ncolumns = { name = { value = "x", from = "y" } }', "staff.name gives a value and more"),
    ("[tables.staff]\ncolumns = { name = { value = [] } }", "staff.name gives a value that is no text, number"),
    ("[tables.staff]\ncolumns = { name = { value = 10:30:00 } }", "staff.name gives a value that is no text, number"),
    (f"[tables.staff]\ncolumns = {{ name = {{ value = {2**70} }} }}", "staff.name gives a value that is no text"),
]

WHOLE: list[tuple[str, str]] = [
    ('source = "bank"\nsources = 3', "[sources] is not a list of tables such as [sources.x]"),
    ('source = "bank"\nsources = []', "[sources] is not a list of tables such as [sources.x]"),
    ('source = "bank"\n[sources]\ndw = "x"', "[sources] is not a list of tables such as [sources.x]"),
    ('source = "bank"\ntables = "x"', "[tables] is not a list of tables such as [tables.x]"),
    ('source = "bank"\n[tables]\nstaff = "x"', "[tables] is not a list of tables such as [tables.x]"),
    ("source = 7", "'source' is not a text; write it in quotes"),
    ('source = ""', "'source' is not a text; write it in quotes"),
    ('[sources.dw]\nkind = "folder"\npath = "x"\n[tables.staff]\nunit = "fen"', "[tables.staff] has no source; add"),
    ('[tables.staff]\nunit = "fen"', "[tables.staff] has no source; add"),
    ('[tables.staff]\nsource = "dw"', "[tables.staff] comes from the source 'dw'; known are none"),
    ('source = "nowhere"', "nowhere is not there; name a folder that holds the tables"),
    ("", "lacks 'source'"),
    ('sauce = "x"', "names an unknown key 'sauce'; nearest known: 'source'"),
    ("source = ", "is not valid TOML"),
    ('source = "a"\nsource = "b"', "is not valid TOML"),
]

CASES = [
    *[(f'source = "dw"\nout = "out"\n[sources.dw]\n{said}', wanted) for said, wanted in SOURCES],
    *[(f'source = "bank"\nout = "out"\n{OTHERS}{said}', wanted) for said, wanted in TABLES_SAID],
    *[(f'out = "out"\n{said}', wanted) for said, wanted in WHOLE],
]


def refused(file: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """The one sentence a run with this configuration is refused with."""
    for more in ([], ["--debug"]):
        assert main(["run", "--as-of", "2015-06-30", "--config", str(file), *more]) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert "Traceback" not in err
        assert "Unexpected" not in err
        assert len(err.strip().splitlines()) == 1
        assert err.startswith("bellwether: ")
        assert err.rstrip().endswith(".")
    return err


@pytest.mark.parametrize(("said", "wanted"), CASES)
def test_what_is_not_known_is_refused_in_one_sentence(
    said: str, wanted: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bellwether.toml"
    file.write_text(said, encoding="utf-8")
    sentence = refused(file, capfd)
    assert wanted in sentence
    assert CANARY not in sentence


@pytest.mark.parametrize("content", [b"source = '\xff'", "source = '存款'".encode("gbk"), b"\xff\xfes\0", b"a = '\0'"])
def test_a_file_that_is_no_text_is_refused_in_one_sentence(
    content: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bellwether.toml"
    file.write_bytes(content)
    assert "is not valid TOML" in refused(file, capfd)
    assert "cannot be read" in refused(tmp_path / "nowhere.toml", capfd)
    assert "cannot be read" in refused(tmp_path, capfd)


GOOD = [
    "postgresql://bank@db.bank:5432/edw?sslmode=verify-full",
    "postgres://db.bank,db2.bank:5433/edw?target_session_attrs=read-write",
    "postgresql://bank@[::1]:5432/edw",
    "postgresql://bank@/edw?host=/var/run/postgresql",
    "postgresql:///?service=edw",
    "postgresql://bank@h/db?application_name=a@b",
]


@pytest.mark.parametrize("uri", GOOD)
def test_an_address_without_a_password_is_taken(uri: str) -> None:
    said = {"kind": "postgresql", "uri": uri, "password": {"env": "CORE_DB_PASSWORD"}}
    assert config.parse({"source": "dw", "sources": {"dw": said}}, Path()).places["dw"].options["uri"] == uri


def test_a_source_may_be_called_folder() -> None:
    said = {"kind": "duckdb", "path": "bank.db"}
    places = config.parse(
        {"source": "in", "sources": {"folder": said}, "tables": {"staff": {"source": "folder"}}}, Path()
    )
    kinds = {table: places.places[str(places.of(table))].kind for table in ("staff", "loans")}
    assert kinds == {"staff": "duckdb", "loans": "folder"}


# ---- amounts -------------------------------------------------------------------------------------------------------

STAFF = TABLES["staff"]
FEN = st.integers(-(10**15), 10**15)
FLOAT_FEN = st.integers(-(2**46) * 100 + 1, 2**46 * 100 - 1)  # beyond, two amounts of fen are one floating-point number


def text(fen: int) -> str:
    """Fen as yuan, "12.34"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def read(amounts: pl.Series, unit: str = "yuan") -> pl.DataFrame:
    """A column of the bank's as ours: authority_limit and what could not be read."""
    mapping = Mapping.parse(STAFF, {"authority_limit": {"from": "JE", "unit": unit}})
    rest = {"staff_id": "S", "name": "A", "role": "rm", "branch_id": "B", "supervisor_id": None, "start_on": "2010-01-01",
            "end_on": None, "delivery": "d", "delivered_on": date(2015, 6, 30)}  # fmt: skip
    frame = (
        amounts.alias("JE").to_frame().lazy().with_columns(pl.lit(value).alias(name) for name, value in rest.items())
    )
    conformed = casts.conform(STAFF, mapping.apply(STAFF, frame), "f", loose=True)
    return conformed.select("authority_limit", casts.UNPARSED).collect()


FORMS: list[tuple[st.SearchStrategy[int], Any]] = [
    (FEN, lambda fen: pl.Series([text(one) for one in fen])),
    (FEN, lambda fen: pl.Series([f" {text(one)}000 " for one in fen])),
    (FEN, lambda fen: pl.Series([f"+{text(one)}" if one >= 0 else text(one) for one in fen])),
    (FEN, lambda fen: pl.Series([Decimal(text(one)) for one in fen], dtype=pl.Decimal(20, 2))),
    (FEN, lambda fen: pl.Series([Decimal(text(one)) for one in fen], dtype=pl.Decimal(38, 6))),
    (FLOAT_FEN, lambda fen: pl.Series([one / 100 for one in fen], dtype=pl.Float64)),
    (st.integers(-(2**17) * 100 + 1, 2**17 * 100 - 1), lambda fen: pl.Series([one / 100 for one in fen], dtype=pl.Float32)),
    (FEN.map(lambda fen: fen // 100 * 100), lambda fen: pl.Series([one // 100 for one in fen], dtype=pl.Int64)),
    (st.integers(0, 2**31 - 1).map(lambda yuan: yuan * 100), lambda fen: pl.Series([one // 100 for one in fen], dtype=pl.UInt32)),
]  # fmt: skip


@examples(max_examples=25, deadline=None)
@given(st.data())
@pytest.mark.parametrize("form", range(len(FORMS)))
def test_yuan_become_exact_fen(form: int, data: st.DataObject) -> None:
    amounts, written = FORMS[form]
    fen = data.draw(st.lists(amounts, min_size=1, max_size=40))
    frame = read(written(fen))
    assert frame[casts.UNPARSED].drop_nulls().to_list() == []
    assert frame["authority_limit"].to_list() == fen


@examples(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(FEN, st.integers(1, 999).map(lambda n: f"{n:03}").filter(lambda n: n.strip("0"))), max_size=20)
)
def test_parts_of_a_fen_are_refused_as_a_cell_and_never_rounded(amounts: list[tuple[int, str]]) -> None:
    cells = ["0.01", *(f"{text(fen)}{more}" for fen, more in amounts)]
    for series in (pl.Series(cells), pl.Series([Decimal(cell) for cell in cells], dtype=pl.Decimal(38, 5))):
        frame = read(series)
        assert frame["authority_limit"].to_list() == [1] + [None] * len(amounts)
        told = frame[casts.UNPARSED].to_list()
        assert told[0] is None
        for cell, said in zip(cells[1:], told[1:], strict=True):
            assert str(said).startswith(f"authority_limit: '{cell}")


NO_AMOUNTS: list[tuple[pl.Series, list[int | None]]] = [
    (pl.Series(["1", "1,234.56", "12.", "12.3", ".5", "1e3", "12 yuan", "-", "", None]),
     [100, None, 1200, 1230, None, None, None, None, None, None]),
    (pl.Series(["1", "92233720368547758.07", "92233720368547758.08", "-92233720368547758.08", "9" * 60]),
     [100, 2**63 - 1, None, -(2**63), None]),
    (pl.Series([1, 92233720368547758, 92233720368547759, -(2**63)], dtype=pl.Int64), [100, 9223372036854775800, None, None]),
    (pl.Series([1, 2**64 - 1], dtype=pl.UInt64), [100, None]),
    (pl.Series([1.0, 0.1 + 0.2, 12.345, 12.3456, 2.0**46, 1e300, float("inf"), float("nan"), None], dtype=pl.Float64),
     [100, 30, None, None, None, None, None, None, None]),
    (pl.Series([1.0, 12.34, 99999.99, 131072.0, 12.345], dtype=pl.Float32), [100, 1234, 9999999, None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("amounts", "fen"), NO_AMOUNTS)
def test_what_is_no_amount_is_refused_as_a_cell(amounts: pl.Series, fen: list[int | None]) -> None:
    frame = read(amounts)
    assert frame["authority_limit"].to_list() == fen
    blank = [cell in (None, "") for cell in amounts]
    assert [said is None for said in frame[casts.UNPARSED]] == [
        empty or one is not None for empty, one in zip(blank, fen, strict=True)
    ]


def test_codes_are_read_before_the_unit() -> None:
    mapping = Mapping.parse(STAFF, {"authority_limit": {"from": "JE", "values": {"none": "0", "-": ""}}}, unit="yuan")
    frame = mapping.apply(STAFF, pl.LazyFrame({"JE": ["none", "-", "12.3"]})).collect()
    assert frame["authority_limit"].to_list() == ["000", None, "1230"]


@pytest.mark.parametrize("value", ["CNY", 3, 1.5, True, date(2015, 6, 30), float("nan"), 2**63 - 1, -(2**63) + 1])
def test_one_value_is_for_every_row(value: Any) -> None:
    frame = Mapping.parse(STAFF, {"name": {"value": value}}).apply(STAFF, pl.LazyFrame({"x": [1, 2]})).collect()
    assert frame.height == 2
    assert frame["name"].n_unique() == 1


def test_the_documented_configuration_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    read = tomllib.loads(page.split("```toml")[1].split("```")[0])
    places = config.parse(read, tmp_path)
    assert [places.of(name) for name in ("transactions", "complaints", "clients", "events")] == [
        "core",
        "desk",
        "core",
        None,
    ]
    assert set(places.places) == {"core", "lake", "desk"}
    assert set(read) - {"source", "sources", "tables"} == {"out", "policy"}
