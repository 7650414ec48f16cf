"""The sample bank damaged in every way the checks know: what each does, that nothing is lost, and no traceback."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations import book, casts, validation
from expectations.model import Counts, Delivery, Refused, Verdict
from expectations.tables import TABLES
from flows import nights
from flows.cli import main
from flows.store import digest_file
from sample import bank
from tests.expectations.damage import (
    ARRIVALS,
    BYTES,
    CASES,
    CUT,
    DAY,
    HIDDEN,
    NEW,
    NEXT,
    Arrival,
    AsText,
    Case,
    Column,
    Copy,
    Cut,
    Drop,
    Edit,
    Hidden,
    Set,
    T,
    fen,
)

FED = 30  # clients whose payments are in the damaged bank; everything else is of all 246
TOLD = Delivery(T, T, newest="1", backfills=frozenset(["1"]), home_currency="USD", gift_limit=500_00)


# ---- the edits -----------------------------------------------------------------------------------------------------


def value(given: Any, dtype: pl.DataType) -> pl.Expr:
    if isinstance(given, pl.Expr):
        return given.cast(dtype)
    return pl.lit(pl.Series([given], dtype=dtype)).first()


def picked(frame: pl.DataFrame, where: pl.Expr, take: int | None) -> pl.Series:
    """Row numbers of the first such rows no other edit has touched."""
    numbered = frame.with_row_index("row").select("row", "touched", hit=where.fill_null(value=False))
    free = numbered.filter(pl.col("hit") & (~pl.col("touched") | pl.lit(value=take is None)))
    rows = free["row"]
    return rows if take is None else rows.head(take)


def valued(frame: pl.DataFrame, values: Mapping[str, Any], rows: pl.Series) -> pl.DataFrame:
    here = pl.int_range(pl.len()).is_in(rows.implode())
    set_ = [
        pl.when(here).then(value(one, frame.schema[name])).otherwise(name).alias(name) for name, one in values.items()
    ]
    return frame.with_columns(*set_, touched=pl.col("touched") | here)


def edited(frame: pl.DataFrame, edit: Edit) -> pl.DataFrame:
    match edit:
        case Set(values, where, take):
            return valued(frame, values, picked(frame, where, take))
        case Copy(values, where, take):
            rows = picked(frame, where, take)
            copies = frame[rows]
            return pl.concat(
                [valued(frame, {}, rows), valued(copies, values, pl.Series(range(copies.height), dtype=pl.UInt32))]
            )
        case Drop(where, take):
            rows = picked(frame, where, take)
            return frame.filter(~pl.int_range(pl.len()).is_in(rows.implode()))
        case Cut(share, where):
            rows = picked(frame, where, None)
            lost = rows.tail(rows.len() - int(share * rows.len()))
            return frame.filter(~pl.int_range(pl.len()).is_in(lost.implode()))
        case Column(name, None):
            return frame.drop(name)
        case Column(name, becomes):
            return frame.with_columns(becomes.alias(name))
        case AsText():
            return frame.with_columns(text(name, dtype) for name, dtype in frame.schema.items() if name != "touched")


def text(name: str, dtype: pl.DataType) -> pl.Expr:
    """As a CSV file has it."""
    if name in ("delivery", "delivered_on"):
        return pl.col(name)
    return pl.col(name).list.join("|") if dtype == pl.List(pl.String) else pl.col(name).cast(pl.String)


def damaged(frame: pl.DataFrame, edits: Sequence[Edit]) -> pl.DataFrame:
    whole = frame.with_columns(delivery=pl.lit("1"), delivered_on=pl.lit(T - DAY), touched=pl.lit(value=False))
    whole = reduce(edited, edits, whole)
    return whole.with_columns(delivered_on=pl.when(pl.col("delivery") == NEXT).then(T).otherwise("delivered_on"))


# ---- the bank ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bank:
    made: Mapping[str, pl.DataFrame]
    verdicts: Mapping[str, Verdict]
    clean: Mapping[str, pl.LazyFrame]

    def judge(self, table: str, edits: Sequence[Edit], clean: Mapping[str, pl.LazyFrame], **told: Any) -> Verdict:
        rows = damaged(self.made[table], edits).drop("touched")
        newest = NEXT if rows.select((pl.col("delivery") == NEXT).any()).item() else "1"
        ids = tuple(self.made["clients"]["client_id"])
        if told.get("previous_clients") == "all":
            told["previous_clients"] = ids
        delivery = replace(TOLD, newest=newest, client_ids=ids, **told)
        casts.refuse_unreadable(TABLES[table], rows.lazy(), f"{table}.file")
        return validation.validate(
            TABLES[table], casts.conform(TABLES[table], rows.lazy(), f"{table}.file"), clean, delivery
        )


@pytest.fixture(scope="session")
def base() -> Bank:
    """All 246 clients, but payments and balances of the first thirty: validated once."""
    made, people = bank.tables()
    fed = pl.col("account_id").str.slice(2, 5).is_in([client.client_id for client in people[:FED]])
    for name in ("transactions", "balances"):
        made[name] = made[name].filter(fed)
    whole = Bank(made, {}, {})
    verdicts: dict[str, Verdict] = {}
    clean: dict[str, pl.LazyFrame] = {}
    for name in TABLES:
        verdicts[name] = whole.judge(name, (), clean)
        clean[name] = verdicts[name].clean.lazy()
    return Bank(made, verdicts, clean)


def told(verdict: Verdict) -> dict[tuple[str, str, str], int]:
    return {(n.check_id, n.action.value, n.message_en): n.rows for n in verdict.notices}


def held_back(verdict: Verdict, check: str) -> int:
    return verdict.held.filter(pl.col("check_id") == check).height


# ---- one damage at a time ------------------------------------------------------------------------------------------

OF_THE_BOOK = {check.id: check for check in book.CHECKS}
ROWS = [case for case in CASES if case.check not in OF_THE_BOOK and case.action != "STOP"]
BOOK = [case for case in CASES if case.check in OF_THE_BOOK]
STOPS = [case for case in CASES if case.action == "STOP"]


def names(cases: Sequence[Case | Arrival | Hidden]) -> list[str]:
    return [case.name for case in cases]


def before(base: Bank, case: Case) -> dict[str, pl.LazyFrame]:
    """The tables validated before it, those damaged too judged anew."""
    clean = dict(base.clean)
    for name, edits in case.more.items():
        clean[name] = base.judge(name, edits, clean).clean.lazy()
    return clean


@pytest.mark.parametrize("case", ROWS, ids=names(ROWS))
def test_one_damage(base: Bank, case: Case) -> None:
    plain = base.verdicts[case.table]
    found = base.judge(case.table, case.edits, before(base, case), **case.told)
    usual = told(plain)
    fresh = {key: rows - usual.get(key, 0) for key, rows in told(found).items() if rows > usual.get(key, 0)}
    refused = found.quarantine.join(
        plain.quarantine, on=[*TABLES[case.table].key, "check_id"], how="anti", nulls_equal=True
    )
    added = found.counts.quarantined - plain.counts.quarantined
    assert {check for check, _, _ in fresh} - {case.check, "B8", *case.also} == set()
    assert found.skipped == case.left_out or found.counts.quarantined > 0.01 * found.counts.rows_in
    if case.action == "ROW":
        assert (refused.height, added) == (case.rows, case.rows)
        assert set(refused["check_id"]) == {case.check}
        assert all(case.says in reason for reason in refused["reason_en"])
        assert refused.filter(
            pl.any_horizontal(pl.col("action", "reason_en", "reason_zh", "delivery").is_null())
        ).is_empty()
        as_it_came(base, case, refused)
    elif case.action == "CLIENT":
        assert held_back(found, case.check) - held_back(plain, case.check) == case.rows
        assert case.says in " ".join(found.held["reason_en"])
    elif case.action == "NONE":
        assert (added, fresh) == (0, {})
    elif case.rows != 0:
        spoken = {
            (said, rows)
            for (check, action, said), rows in fresh.items()
            if (check, action) == (case.check, case.action)
        }
        assert [said for said, _ in spoken if case.says in said], fresh
        assert case.rows in (None, sum(rows for said, rows in spoken if case.says in said))
        assert added == 0 or case.check == "B8"


def as_it_came(base: Bank, case: Case, refused: pl.DataFrame) -> None:
    """Each refused row stands in quarantine as it was delivered; a cell that is no value of its type in words."""
    if case.check == "B2":
        return
    rows = damaged(base.made[case.table], case.edits).select(TABLES[case.table].schema.keys())
    floats = [name for name, dtype in rows.schema.items() if dtype == pl.Float64]
    finite = rows.with_columns(pl.when(pl.col(name).is_finite()).then(name).alias(name) for name in floats)
    assert finite.join(refused, on=rows.columns, how="semi", nulls_equal=True).height == refused.height


@pytest.mark.parametrize("case", STOPS, ids=names(STOPS))
def test_one_damage_that_ends_the_night(base: Bank, case: Case) -> None:
    with pytest.raises(Refused) as refusal:
        base.judge(case.table, case.edits, before(base, case), **case.told)
    said = str(refusal.value)
    assert said.startswith(f"Table {case.table}")
    assert f"({case.check}" in said
    assert case.says in said
    assert "\n" not in said


@pytest.mark.parametrize("case", BOOK, ids=names(BOOK))
def test_one_damage_seen_across_tables(base: Bank, case: Case) -> None:
    clean = before(base, case)
    clean[case.table] = base.judge(case.table, case.edits, clean, **case.told).clean.lazy()
    one = [OF_THE_BOOK[case.check]]
    (was, was_held), (now, now_held) = (validation.across(one, tables, TOLD) for tables in (base.clean, clean))
    assert sum(n.rows for n in now) - sum(n.rows for n in was) == case.rows
    assert {n.action.value for n in now} == {case.action}
    assert case.says in now[0].message_en
    assert now_held.height - was_held.height == (case.rows if case.action == "CLIENT" or one[0].withholds else 0)


# ---- what is made to hide ------------------------------------------------------------------------------------------


def usual(base: Bank, table: str) -> tuple[int, ...]:
    """Rows of five deliveries before: of a dated table the month ends before (T is one), of another the same again."""
    rows, day = base.made[table], TABLES[table].months or ("as_of" if table == "loan_status" else None)
    if day is None:
        return (rows.height,) * 5
    counted = (
        rows.filter(pl.col(day) < T, pl.col(day) == pl.col(day).dt.month_end()).group_by(day).len().sort(day)["len"]
    )
    return tuple(counted.tail(5))


@pytest.mark.parametrize("case", HIDDEN, ids=names(HIDDEN))
def test_a_damage_made_to_hide(base: Bank, case: Hidden) -> None:
    clean = dict(base.clean)
    caught: set[tuple[str, str, str]] = set()
    for name in [name for name in TABLES if name in (*case.edits, *case.follow)]:
        more = {"usual_rows": usual(base, name)} if name in case.edits and name != "statements" else {}
        try:
            found = base.judge(
                name, case.edits.get(name, ()), clean, **more, **(case.told if name in case.edits else {})
            )
        except Refused as refusal:
            caught.add((name, re.findall(r"[(]([A-Z]+[0-9]+)", str(refusal))[-1], "STOP"))
            break
        clean[name] = found.clean.lazy()
        was = told(base.verdicts[name])
        caught |= {
            (name, check, action)
            for (check, action, said), rows in told(found).items()
            if rows > was.get((check, action, said), 0)
        }
    else:
        was_, now = (validation.across(book.CHECKS, tables, TOLD)[0] for tables in (base.clean, clean))
        caught |= {(n.table, n.check_id, n.action.value) for n in set(now) - set(was_)}
    assert caught == set(case.caught)


# ---- through the command line --------------------------------------------------------------------------------------


def deliver(
    source: Path, table: str, rows: pl.DataFrame, day: date = T, backfill: bool = True, suffix: str = "parquet"
) -> Path:
    """A delivery with a manifest that fits; returns its folder."""
    folder = source / table / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"part-0000.{suffix}"
    if suffix == "csv":
        rows.with_columns(text(name, dtype) for name, dtype in rows.schema.items()).write_csv(file)
    else:
        rows.write_parquet(file)
    manifest = {
        "table": table, "business_date": day.isoformat(), "mode": TABLES[table].mode, "schema_version": 1, "sequence": 1,
        "backfill": backfill, "kinds": bank.KINDS.get(table), "row_count": rows.height, "control_totals": {},
        "source_system": "sample bank", "extracted_at": f"{day}T23:00:00",
    }  # fmt: skip
    fit(folder, manifest, file)
    return folder


def fit(folder: Path, manifest: Mapping[str, Any], file: Path) -> None:
    said = {"name": file.name, "sha256": digest_file(file), "row_count": manifest["row_count"]}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": [said]}))


def run(source: Path, out: Path) -> int:
    told = [
        "--as-of",
        T.isoformat(),
        "--source",
        str(source),
        "--policy",
        str(source / "policy.toml"),
        "--out",
        str(out),
    ]
    return main(["run", *told, "--no-reports", "--workers", "1", "--log", "json"])


@pytest.fixture(scope="session")
def source(base: Bank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bank as a folder of first loads."""
    folder = tmp_path_factory.mktemp("damage") / "source"
    for name, rows in base.made.items():
        deliver(folder, name, rows)
    (folder / "policy.toml").write_text('home_currency = "USD"\n')
    return folder


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One output folder for the refused nights: what they found finished is not done again."""
    return tmp_path_factory.mktemp("refused")


@pytest.fixture
def own(source: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(source, tmp_path / "own"))


def refused(own: Path, out: Path, capsys: pytest.CaptureFixture[str], table: str, says: Sequence[str]) -> str:
    """The night is refused: exit code 2, one sentence, nothing published."""
    capsys.readouterr()
    assert run(own, out) == 2
    printed = capsys.readouterr()
    said = printed.err.splitlines()[-1]
    assert said.startswith("bellwether: ")
    assert table in said
    assert [word for word in says if word not in said] == [], said
    assert "Traceback" not in printed.err + printed.out
    assert nights.all_of(out) == []
    return said


@pytest.mark.parametrize("case", ARRIVALS, ids=names(ARRIVALS))
def test_a_delivery_that_is_refused(
    base: Bank, own: Path, out: Path, capsys: pytest.CaptureFixture[str], case: Arrival
) -> None:
    (folder,) = (own / case.table).iterdir()
    shutil.rmtree(folder)
    columns = damaged(base.made[case.table], case.edits).drop("touched", "delivery", "delivered_on")
    deliver(own, case.table, columns, suffix=case.suffix)
    spoil(folder, case)
    for name in case.gone:
        (folder / name).unlink()
    refused(own, out, capsys, case.table, case.says)


def spoil(folder: Path, case: Arrival) -> None:
    """What is done to the file and its manifest."""
    file, path = folder / f"part-0000.{case.suffix}", folder / "manifest.json"
    manifest = json.loads(path.read_text())
    if case.replace:
        assert case.replace[0] in file.read_bytes()
        file.write_bytes(file.read_bytes().replace(*case.replace, 1))
    if isinstance(case.manifest, str):
        path.write_text(case.manifest)
    elif case.refit:
        fit(folder, manifest | dict(case.manifest), file)


HISTORY = [date(2015, 6, day) for day in (23, 24, 25, 26, 29)]


@pytest.mark.parametrize(
    ("edits", "share"),
    [((CUT,), 0.6), ((fen("amount", where=NEW),), 1.0)],
    ids=["60 % of the payments", "payments in fen"],
)
def test_a_hidden_damage_after_five_ordinary_deliveries(
    base: Bank, own: Path, out: Path, capsys: pytest.CaptureFixture[str], edits: tuple[Edit, ...], share: float
) -> None:
    for name, day in (("transactions", "booked_on"), ("balances", "date")):
        shutil.rmtree(own / name)
        rows = base.made[name].filter(pl.col("amount") > 0) if name == "transactions" else base.made[name]
        deliver(own, name, rows.filter(pl.col(day) < HISTORY[0]), HISTORY[0] - DAY)
        for one in HISTORY:
            deliver(own, name, rows.filter(pl.col(day) == one), one, backfill=False)
        tonight = damaged(
            rows.filter(pl.col(day) == T),
            (Set({"delivery": NEXT}, take=None), *(edits if name == "transactions" else ())),
        )
        assert tonight.height == int(rows.filter(pl.col(day) == T).height * (share if name == "transactions" else 1))
        deliver(own, name, tonight.select(list(TABLES[name].schema)), T, backfill=False)
    refused(own, out, capsys, "Table balances", ["does not add up with the transactions", "(Z1)"])


TOGETHER = [case for case in CASES if case.together and case.action != "STOP"]


def test_all_of_it_in_one_night(base: Bank, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every damage that lets the night go on, at once: it is published, nothing is lost, each is found."""
    for name in {case.table for case in TOGETHER}:
        rows = damaged(base.made[name], [edit for case in TOGETHER if case.table == name for edit in case.edits])
        later = rows.filter(pl.col("delivery") == NEXT)
        columns = [column for column in rows.columns if column not in ("touched", "delivery", "delivered_on")]
        if not later.is_empty():
            shutil.rmtree(own / name)
            deliver(own, name, later.select(columns), T, backfill=False)
        deliver(own, name, rows.filter(pl.col("delivery") != NEXT).select(columns), T if later.is_empty() else T - DAY)
    (folder,) = (own / BYTES.table).iterdir()
    rows = pl.read_parquet(folder / "part-0000.parquet")
    (folder / "part-0000.parquet").unlink()
    spoil(deliver(own, BYTES.table, rows, suffix=BYTES.suffix), BYTES)
    assert run(own, tmp_path / "out") == 0, capsys.readouterr().err
    assert "Traceback" not in capsys.readouterr().err
    night = nights.read(tmp_path / "out", T)
    assert night is not None
    held = pl.read_parquet(night.file("assessments.parquet"))["held_by"].drop_nulls().unique().to_list()
    missing = []
    for name, said in night.manifest["tables"].items():
        counts = Counts(**said["counts"])
        delivered = sum(json.loads(path.read_text())["row_count"] for path in (own / name).glob("*/manifest.json"))
        assert counts.rows_in == delivered, name
        quarantine = pl.read_parquet(night.file(f"quarantine/{name}.parquet"))
        assert quarantine.height == counts.quarantined
        assert (
            quarantine.select("check_id", "action", "reason_en", "reason_zh", "delivery").null_count().pipe(sum_of) == 0
        )
        told_of_book = [n["check_id"] for other in night.manifest["tables"].values() for n in other["notices"]]
        found = {
            *(one for one in told_of_book if one in OF_THE_BOOK),
            *quarantine["check_id"],
            *(notice["check_id"] for notice in said["notices"]),
            *held,
        }
        missing += [
            case.name for case in (*TOGETHER, BYTES) if case.table == name and case.check and case.check not in found
        ]
    assert missing == [], missing


def sum_of(frame: pl.DataFrame) -> int:
    return int(frame.sum_horizontal().item())


# ---- the table of cases itself -------------------------------------------------------------------------------------

CHECK_IDS = {
    f"{family}{n}"
    for family, count in {
        "B": 8, "C": 12, "P": 4, "K": 5, "L": 5, "A": 2, "S": 15, "D": 1, "U": 3, "Z": 2, "X": 8, "F": 1, "N": 3, "Q": 7, "G": 2,
        "R": 1, "I": 3, "V": 5, "T": 6, "Y": 1, "H": 1, "O": 3, "W": 1, "E": 1, "J": 1, "M": 1, "CA": 1, "CL": 2,
    }.items()
    for n in range(1, count + 1)
}  # fmt: skip


def test_every_check_has_a_case() -> None:
    assert len(CHECK_IDS) == 105
    assert CHECK_IDS - {case.check for case in (*CASES, *ARRIVALS)} == set()
    every = names([*CASES, *ARRIVALS, *HIDDEN])
    assert len(every) == len(set(every))
    assert len(CASES) + len(ARRIVALS) >= 110
