"""The night: contracts of its output, same bytes however it is cut, killed and rerun, replaced in one step."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.model import Refused
from expectations.tables import TABLES
from flows import nightly, nights
from flows.cli import SAMPLE_AS_OF, main
from flows.settings import Settings
from flows.store import ROOT, digest_file
from tests.deliveries import NEXT, next_day, redeliver
from transforms import contracts
from transforms.signals import CATALOGUE

Run = Callable[..., nightly.Outcome]


def files(night: nights.Published) -> dict[str, str]:
    return {
        p.relative_to(night.folder).as_posix(): digest_file(p) for p in sorted(night.folder.rglob("*")) if p.is_file()
    }


def test_a_night_holds_what_the_contract_says(night: nights.Published) -> None:
    schemas = {
        "answers": contracts.answers_schema(list(CATALOGUE)),
        "gaps": contracts.GAPS,
        "findings": contracts.FINDINGS,
        "assessments": contracts.ASSESSMENTS,
    }
    for name, schema in schemas.items():
        assert pl.read_parquet(night.file(f"{name}.parquet")).schema == schema, name
    for name, table in TABLES.items():
        refused = pl.read_parquet(night.file(f"quarantine/{name}.parquet"))
        assert refused.columns == [*table.schema, "check_id", "action", "reason_en", "reason_zh", "delivery"]
    assert set(files(night)) - {"manifest.json"} == {
        name.removeprefix("nights/2015-06-30/") for name in night.manifest["files"]
    }


def test_the_manifest_says_all_and_nothing_that_moves(night: nights.Published) -> None:
    assert sorted(night.manifest) == [
        "as_of", "catalogue_version", "code", "files", "jumps", "levels", "locales", "missing", "policy_hash", "previous", "reports",
        "run_key", "source", "tables", "worklists",
    ]  # fmt: skip
    for name, said in night.manifest["files"].items():
        path = night.out / name
        assert (digest_file(path), path.stat().st_size) == (said["sha256"], said["bytes"])
    assert night.manifest["previous"] is None
    assert nights.verify(night.out) == []


def test_rows_in_are_clean_and_quarantined(night: nights.Published) -> None:
    for told in night.manifest["tables"].values():
        c = told["counts"]
        assert c["rows_in"] == c["clean"] + c["quarantined"] + c["collapsed"] + c["superseded"]


def test_frames_are_sorted_by_their_key(night: nights.Published) -> None:
    for name in ("answers", "gaps", "findings", "assessments"):
        frame = pl.read_parquet(night.file(f"{name}.parquet"))
        key = [c for c in ("client_id", "signal_id") if c in frame.columns]
        assert frame.select(key).equals(frame.select(key).sort(key)), name


def test_the_same_bytes_however_the_book_is_cut(
    bank: Path, night: nights.Published, run_night: Run, tmp_path: Path
) -> None:
    assert files(run_night(bank, tmp_path, scratch=True, shards=3, workers=2).night) == files(night)


def start(bank: Path, out: Path, *more: str, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flows.cli", "run", "--as-of", "2015-06-30", "--source", str(bank)]
    command += ["--policy", str(bank / "policy.toml"), "--out", str(out), "--no-reports", "--workers", "1", *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def test_killed_anywhere_and_run_again_under_another_hash_seed(
    bank: Path, night: nights.Published, run_night: Run, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for _ in range(3):
        process = start(bank, tmp_path)
        time.sleep(chance.uniform(1.0, 7.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        half = tmp_path / "nights" / "2015-06-30"
        assert not half.exists() or (half / "manifest.json").exists()
    process = start(bank, tmp_path, PYTHONHASHSEED="4711")
    out, err = process.communicate()
    assert process.returncode == 0, err.decode()
    assert b"is published" in out
    assert len(out.decode().splitlines()) <= 20
    assert files(night) == files(nights.Published(tmp_path, SAMPLE_AS_OF, {}, ""))
    assert not run_night(bank, tmp_path).fresh


def test_a_second_run_does_nothing(bank: Path, run_night: Run, tmp_path: Path) -> None:
    first = run_night(bank, tmp_path)
    before = {p: p.stat().st_mtime_ns for p in first.night.folder.rglob("*")}
    again = run_night(bank, tmp_path)
    assert (first.fresh, again.fresh) == (True, False)
    assert {p: p.stat().st_mtime_ns for p in first.night.folder.rglob("*")} == before


def test_a_changed_delivery_replaces_the_night_in_one_step(own_bank: Path, run_night: Run, tmp_path: Path) -> None:
    first = run_night(own_bank, tmp_path / "out").night
    redeliver(own_bank, "complaints", lambda frame: frame.clear())
    second = run_night(own_bank, tmp_path / "out")
    assert second.fresh
    assert second.night.sha256 != first.sha256
    assert nights.verify(tmp_path / "out") == []
    assert [p.name for p in (tmp_path / "out" / "nights").iterdir()] == ["2015-06-30"]


def test_the_next_night_builds_on_the_last_one(own_bank: Path, run_night: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run_night(own_bank, out).night
    next_day(own_bank)
    second = run_night(own_bank, out, as_of=NEXT).night
    assert second.manifest["previous"] == {"as_of": "2015-06-30", "manifest_sha256": first.sha256}
    findings = pl.read_parquet(second.file("findings.parquet"))
    assert set(findings["change"]) <= {"standing", "worse", "better"}
    assert findings["first_seen"].min() == SAMPLE_AS_OF
    assessments = pl.read_parquet(second.file("assessments.parquet"))
    assert assessments["previous_risk_level"].null_count() == 0
    redeliver(own_bank, "complaints", lambda frame: frame.clear())
    with pytest.raises(Refused, match="builds on it"):
        run_night(own_bank, out)
    (second.folder / "findings.parquet").write_bytes(b"tampered")
    assert any("findings.parquet is not the file" in wrong for wrong in nights.verify(out))


def test_only_what_hangs_on_a_late_transaction_is_redone(own_bank: Path, run_night: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_night(own_bank, out, shards=1)
    months = {p.name: {d.name for d in p.iterdir()} for p in (out / "work" / "months").iterdir()}

    def late(frame: pl.DataFrame) -> pl.DataFrame:
        row = frame.filter(
            pl.col("account_id") == "A-C0011-1", pl.col("booked_on").dt.strftime("%Y-%m") == "2014-03"
        ).head(1)
        return pl.concat([frame, row.with_columns(txn_id=pl.lit("LATE1"))])

    redeliver(own_bank, "transactions", late)
    run_night(own_bank, out, shards=1)
    after = {p.name: {d.name for d in p.iterdir()} for p in (out / "work" / "months").iterdir()}
    assert [name for name in after if after[name] != months[name]] == ["0000-2014-03"]


# ---- bad input: exit code 2, one sentence, nothing published, last night untouched --------------------------------


def damage_file(bank: Path) -> None:
    path = bank / "loans" / "2015-06-30" / "part-0000.parquet"
    path.write_bytes(b"PAR1 no more")
    manifest = path.with_name("manifest.json")
    told = json.loads(manifest.read_text())
    told["files"][0]["sha256"] = digest_file(path)
    manifest.write_text(json.dumps(told))


def damage_checksum(bank: Path) -> None:
    path = bank / "loans" / "2015-06-30" / "part-0000.parquet"
    path.write_bytes(path.read_bytes() + b"x")


DAMAGE: list[tuple[str, Callable[[Path], Any], list[str]]] = [
    ("unreadable file", damage_file, ["Table loans", "part-0000.parquet cannot be read"]),
    ("checksum", damage_checksum, ["Table loans", "checksum", "part-0000.parquet", "deliver the table again"]),
    ("missing core table", lambda b: shutil.rmtree(b / "loans"), ["core table loans", "deliver it"]),
    ("missing column", lambda b: redeliver(b, "loans", lambda f: f.drop("principal")), ["Table loans", "'principal' is missing", "deliver it"]),
    ("wrong type", lambda b: redeliver(b, "loans", lambda f: f.with_columns(principal=pl.lit("many"))), ["Table loans", "'principal'", "has the type String", "part-0000"]),
    ("bad manifest", lambda b: (b / "loans/2015-06-30/manifest.json").write_text("{"), ["Table loans", "manifest.json cannot be read"]),
    ("half a manifest", lambda b: (b / "loans/2015-06-30/manifest.json").write_text("{}"), ["Table loans", "lacks 'table'"]),
    ("unknown schema", lambda b: redeliver(b, "loans", lambda f: f, schema_version=9), ["Table loans", "schema version 9"]),
    ("row count", lambda b: redeliver(b, "loans", lambda f: f, row_count=999), ["Table loans", "the manifest says 999"]),
    ("missing file", lambda b: (b / "loans/2015-06-30/part-0000.parquet").unlink(), ["Table loans", "is not there"]),
    ("policy", lambda b: (b / "policy.toml").write_text("[FIN-08.equity]\nalrt = 1\n"), ["unknown limit", "'alrt'", "nearest known: 'alert'", "policy.toml"]),
    ("calendar", lambda b: redeliver(b, "calendar", lambda f: f.head(900)), ["Table calendar", "does not cover"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "says"), DAMAGE, ids=[d[0] for d in DAMAGE])
def test_bad_input_is_refused(
    own_bank: Path, night: nights.Published, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    name: str, damage: Callable[[Path], Any], says: list[str],
) -> None:  # fmt: skip
    out = tmp_path / "out"
    shutil.copytree(night.folder, out / "nights" / "2015-06-30")
    before = files(nights.Published(out, SAMPLE_AS_OF, {}, ""))
    damage(own_bank)
    arguments = ["run", "--as-of", "2015-06-30", "--source", str(own_bank), "--policy", str(own_bank / "policy.toml")]
    assert main([*arguments, "--out", str(out), "--no-reports", "--log", "json"]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("bellwether: ")
    assert "Traceback" not in said
    for word in says:
        assert word in said, said
    assert files(nights.Published(out, SAMPLE_AS_OF, {}, "")) == before
    assert [p.name for p in (out / "nights").iterdir()] == ["2015-06-30"]


def test_an_optional_table_may_be_absent(own_bank: Path, run_night: Run, tmp_path: Path) -> None:
    shutil.rmtree(own_bank / "complaints")
    night = run_night(own_bank, tmp_path / "out").night
    assert set(pl.read_parquet(night.file("answers.parquet"))["REL-12"]) == {"NO_DATA"}
    gaps = pl.read_parquet(night.file("gaps.parquet")).filter(pl.col("signal_id") == "REL-12")
    assert gaps["missing"].to_list()[0] == ["complaints"]


def test_an_optional_table_with_many_bad_rows_is_not_connected_tonight(
    own_bank: Path, run_night: Run, tmp_path: Path
) -> None:
    redeliver(own_bank, "complaints", lambda frame: frame.with_columns(severity=pl.lit("9")))
    night = run_night(own_bank, tmp_path / "out").night
    assert set(pl.read_parquet(night.file("answers.parquet"))["REL-12"]) == {"NO_DATA"}
    assert night.manifest["tables"]["complaints"]["skipped"] is True
    refused = pl.read_parquet(night.file("quarantine/complaints.parquet"))
    assert refused.height == night.manifest["tables"]["complaints"]["counts"]["rows_in"]


def test_losing_many_clients_stops_the_night(own_bank: Path, run_night: Run, tmp_path: Path) -> None:
    run_night(own_bank, tmp_path / "out")
    next_day(own_bank)
    redeliver(own_bank, "clients", lambda frame: frame.head(10), NEXT)
    with pytest.raises(Refused, match="K5"):
        run_night(own_bank, tmp_path / "out", as_of=NEXT)
    assert nights.read(tmp_path / "out", NEXT) is None


def test_a_plain_folder_of_csv_and_parquet_is_a_snapshot(
    bank: Path, night: nights.Published, run_night: Run, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    for name in TABLES:
        frame = pl.read_parquet(bank / name / "2015-06-30" / "part-0000.parquet")
        if name in ("loans", "complaints", "balances"):
            frame.write_csv(plain / f"{name}.csv")
        else:
            frame.write_parquet(plain / f"{name}.parquet")
    shutil.copy(bank / "policy.toml", plain)
    same = run_night(plain, tmp_path / "out").night
    for name in ("answers", "findings", "assessments"):
        assert pl.read_parquet(same.file(f"{name}.parquet")).equals(pl.read_parquet(night.file(f"{name}.parquet"))), (
            name
        )


def test_another_runs_lock_is_respected(bank: Path, tmp_path: Path) -> None:
    from flows.lock import lock

    with lock(tmp_path):
        assert (
            main(["run", "--as-of", "2015-06-30", "--source", str(bank), "--out", str(tmp_path), "--no-reports"]) == 3
        )


def test_settings_refuse_what_they_do_not_know(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no locale 'fr'"):
        Settings(date(2015, 6, 30), tmp_path, tmp_path, locales=("fr",))
