"""Folders as sources, on this machine and in object storage: the same rows, and what is refused."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import boto3
import polars as pl
import pytest

from expectations.model import Refused
from expectations.tables import TABLES
from flows import nights
from flows.cli import SAMPLE_AS_OF, main
from flows.pull import STAGE, Landed
from flows.sources import Source, config
from flows.sources.router import opened
from flows.store import Store, digest_file
from sample import bank as sample_bank
from tests.conftest import Run, share
from tests.flows.sources.test_databases import read

T = SAMPLE_AS_OF
CANARY = "canary-3f9d/+secret="


def pulled(store: Store, one: Source, table: str, as_of: date) -> list[Landed]:
    found = one.deliveries(table, as_of, store.units(STAGE, table))
    return [Landed(delivery, store.do(STAGE, table, delivery.address, delivery.land)) for delivery in found]


@pytest.fixture(scope="session")
def bucket(bank: Path, s3: str) -> Any:
    """The small bank in a bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=s3,
        aws_access_key_id="k",
        aws_secret_access_key="s",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="risk-in")
    for path in sorted(bank.rglob("*")):
        if path.is_file() and path.suffix in (".parquet", ".json"):
            client.upload_file(str(path), "risk-in", f"bellwether/{path.relative_to(bank).as_posix()}")
    yield client
    client.close()


@pytest.fixture
def place(s3: str, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> config.Place:
    monkeypatch.setenv("LAKE_KEY", "canary-key-id-77")
    monkeypatch.setenv("LAKE_SECRET", CANARY)
    said = {
        "kind": "s3", "bucket": "risk-in", "prefix": "bellwether", "endpoint": s3, "access_key": {"env": "LAKE_KEY"},
        "secret_key": {"env": "LAKE_SECRET"},
    }  # fmt: skip
    return config.parse({"source": "lake", "sources": {"lake": said}}, Path()).places["lake"]


def of(place: config.Place) -> Source:
    made = opened(config.Places(place.name, {place.name: place})).of("loans")
    assert made is not None
    return made


def units(night: nights.Published, stage: str) -> set[str]:
    """Names of the finished units of a stage."""
    return {path.parent.name for path in (night.out / "work" / stage).rglob("done.json")}


def test_the_night_from_object_storage_is_the_night_from_disk(
    bank: Path, night: nights.Published, place: config.Place, run_night: Run, tmp_path: Path
) -> None:
    share(night, tmp_path)
    shutil.rmtree(tmp_path / "work" / "landing")  # what was delivered is fetched, and must be the same bytes
    same = run_night(bank, tmp_path, places=config.Places("lake", {"lake": place})).night
    for name in ("answers", "findings", "assessments", "gaps"):
        assert same.file(f"{name}.parquet").read_bytes() == night.file(f"{name}.parquet").read_bytes(), name
    assert same.manifest["tables"] == night.manifest["tables"]
    for stage in ("months", "measure", "compare", "judge", "relate"):  # what stands elsewhere is not other work
        assert units(same, stage) == units(night, stage)
    assert not run_night(bank, tmp_path, places=config.Places("lake", {"lake": place})).fresh


def test_a_damaged_object_is_refused_by_its_checksum(place: config.Place, bucket: Any, tmp_path: Path) -> None:
    key = "bellwether/loans/2015-06-30/part-0000.parquet"
    whole = bucket.get_object(Bucket="risk-in", Key=key)["Body"].read()
    bucket.put_object(Bucket="risk-in", Key=key, Body=whole + b"x")
    with pytest.raises(Refused, match=r"checksum of s3://risk-in/bellwether/loans/.* \(B1\)"):
        pulled(Store(tmp_path), of(place), "loans", T)
    bucket.delete_object(Bucket="risk-in", Key=key)
    with pytest.raises(Refused, match=r"part-0000.parquet is named in its manifest but is not there \(B1\)"):
        pulled(Store(tmp_path), of(place), "loans", T)
    bucket.put_object(Bucket="risk-in", Key=key, Body=whole)
    assert pulled(Store(tmp_path), of(place), "loans", T)[0].done.facts["rows"] > 0


def test_a_bucket_that_does_not_answer_is_said_in_one_sentence(place: config.Place) -> None:
    gone = config.Place("lake", "s3", {**place.options, "bucket": "nothing-here"})
    with pytest.raises(Refused, match=r"object storage s3://nothing-here/bellwether does not answer") as refusal:
        of(gone)
    assert CANARY not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_plain_prefix_is_a_snapshot_and_a_changed_object_is_pulled_anew(
    place: config.Place, bucket: Any, bank: Path, tmp_path: Path
) -> None:
    plain = config.Place("lake", "s3", {**place.options, "prefix": "plain"})
    file = bank / "staff" / T.isoformat() / "part-0000.parquet"
    bucket.upload_file(str(file), "risk-in", "plain/staff.parquet")
    first = pulled(Store(tmp_path), of(plain), "staff", T)
    assert [pulled(Store(tmp_path), of(plain), "staff", T)[0].done.reused, first[0].delivery.backfill] == [True, True]
    changed = tmp_path / "staff.parquet"
    pl.read_parquet(file).head(2).write_parquet(changed)
    bucket.upload_file(str(changed), "risk-in", "plain/staff.parquet")
    assert pulled(Store(tmp_path), of(plain), "staff", T)[0].done.facts["rows"] == 2


# ---- plain folders -------------------------------------------------------------------------------------------------


def test_excel_csv_and_parquet_give_the_same_rows(bank: Path, tmp_path: Path) -> None:
    made = {}
    for ending in ("parquet", "csv", "xlsx"):
        folder = tmp_path / ending
        folder.mkdir()
        for name in ("complaints", "loans", "staff", "calendar"):
            frame = pl.read_parquet(bank / name / T.isoformat() / "part-0000.parquet")
            flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join("|"))
            writers: dict[str, Callable[[Path], Any]] = {
                "parquet": frame.write_parquet, "csv": flat.write_csv, "xlsx": flat.write_excel,
            }  # fmt: skip
            writers[ending](folder / f"{name}.{ending}")
        one = of(config.folder(folder).places["folder"])
        made[ending] = {
            name: read(pulled(Store(tmp_path / "work" / ending), one, name, T), name).drop("delivery")
            for name in ("complaints", "loans", "staff", "calendar")
        }
    for name, frame in made["parquet"].items():
        assert made["csv"][name].equals(frame), name
        assert made["xlsx"][name].equals(frame), name


def test_a_plain_folder_replayed_shows_what_was_known_then(tmp_path: Path) -> None:
    whole, _ = sample_bank.tables(20)
    earlier = T - timedelta(days=100)
    folder = tmp_path / "plain"
    folder.mkdir()
    for name in ("transactions", "statements", "events", "interactions"):
        whole[name].write_parquet(folder / f"{name}.parquet")
    one = of(config.folder(folder).places["folder"])
    for name in ("transactions", "statements", "events", "interactions"):
        table = TABLES[name]
        rows = read(pulled(Store(tmp_path / "work"), one, name, earlier), name)
        then = whole[name].filter(pl.col(str(table.known_on)).cast(pl.Date) <= earlier)
        assert rows.select(then.columns).equals(then), name
        assert 0 < then.height < whole[name].height


def test_a_correction_replaces_its_delivery_and_nothing_else(own_bank: Path, tmp_path: Path) -> None:
    old = own_bank / "loans" / T.isoformat()
    new = own_bank / "loans" / f"{T.isoformat()}.2"
    shutil.copytree(old, new)
    pl.read_parquet(old / "part-0000.parquet").head(3).write_parquet(new / "part-0000.parquet")
    told = json.loads((new / "manifest.json").read_text())
    told |= {
        "sequence": 2,
        "row_count": 3,
        "files": [{"name": "part-0000.parquet", "sha256": digest_file(new / "part-0000.parquet"), "row_count": 3}],
    }
    (new / "manifest.json").write_text(json.dumps(told))
    (landed,) = pulled(Store(tmp_path), of(config.folder(own_bank).places["folder"]), "loans", T)
    assert (landed.delivery.name, landed.done.facts["rows"]) == ("loans/2015-06-30.2", 3)
    assert pulled(Store(tmp_path), of(config.folder(own_bank).places["folder"]), "loans", T - timedelta(days=1)) == []


def test_tables_may_come_from_different_places(bank: Path, night: nights.Published, tmp_path: Path) -> None:
    """Complaints from an Excel file with the bank's own names, all else from the folder."""
    frame = pl.read_parquet(bank / "complaints" / T.isoformat() / "part-0000.parquet")
    theirs = frame.rename({"complaint_id": "投诉编号", "client_id": "客户号"})
    (tmp_path / "desk").mkdir()
    theirs.with_columns(pl.col(pl.List(pl.String)).list.join("|")).write_excel(tmp_path / "desk" / "complaints.xlsx")
    shutil.copy(bank / "policy.toml", tmp_path / "policy.toml")
    (tmp_path / "bellwether.toml").write_text(
        f'source = "{bank}"\nout = "out"\npolicy = "policy.toml"\nreports = false\nworkers = 1\n'
        '[sources.desk]\nkind = "folder"\npath = "desk"\n'
        '[tables.complaints]\nsource = "desk"\ncolumns = { complaint_id = "投诉编号", client_id = "客户号" }\n',
        encoding="utf-8",
    )
    share(night, tmp_path / "out")
    arguments = ["run", "--as-of", T.isoformat(), "--config", str(tmp_path / "bellwether.toml"), "--log", "json"]
    assert main(arguments) == 0
    made = nights.read(tmp_path / "out", T)
    assert made is not None
    for name in ("answers", "findings"):
        assert pl.read_parquet(made.file(f"{name}.parquet")).equals(pl.read_parquet(night.file(f"{name}.parquet")))
