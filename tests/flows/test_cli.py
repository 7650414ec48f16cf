"""The command line: what each looking command shows, help with an example, errors in one sentence."""

import csv
import json
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from expectations.tables import TABLES
from flows import nights, schedule, show
from flows.cli import app, main
from flows.settings import from_file
from flows.store import write_frame
from transforms.policy import Policy
from transforms.signals import CATALOGUE

COMMANDS = [
    "demo", "run", "sample", "status", "doctor", "verify", "signals", "explain", "render", "serve", "policy show",
    "policy check", "policy diff", "policy try", "quarantine list", "quarantine show", "quarantine export",
]  # fmt: skip


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(said(capsys, *command.split(), "--help").split())
    assert f"bellwether {command}" in text
    assert "Example" in text


def test_the_commands_are_the_contracts() -> None:
    top = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    groups = {
        f"{g.name} {c.name}"
        for g in app.registered_groups
        if g.typer_instance
        for c in g.typer_instance.registered_commands
    }
    assert top | groups == set(COMMANDS)


def test_status_verify_and_quarantine(night: nights.Published, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(night.out)]
    assert "2015-06-30" in said(capsys, "status", *out)
    rows = json.loads(said(capsys, "status", *out, "--json"))
    assert rows[0]["quarantined"] == 5
    assert json.loads(said(capsys, "verify", *out, "--json")) == {"nights": 1, "wrong": []}
    assert "the amount is not above zero" in said(capsys, "quarantine", "list", *out)


def test_quarantine_list_counts_by_table_and_check(night: nights.Published, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(night.out)]
    found = json.loads(said(capsys, "quarantine", "list", *out, "--json"))
    assert [(r["table"], r["check_id"], r["action"], r["rows"]) for r in found["refused"]] == [
        ("transactions", "C3", "ROW", 1),
        ("transactions", "C5", "ROW", 1),
        ("transactions", "X1", "ROW", 3),
    ]
    assert {r["since"] for r in found["refused"]} == {"2015-06-30.1"}
    assert found["released"] == []
    english, chinese = (said(capsys, "quarantine", "list", *out, "--locale", locale) for locale in ("en", "zh"))
    for row in found["refused"]:
        assert row["reason_en"] in english
        assert row["reason_zh"] in chinese
    assert len(english.splitlines()) == len(chinese.splitlines()) == 4


def test_quarantine_show_prints_rows_whole(night: nights.Published, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["transactions", "--out", str(night.out)]
    every = json.loads(said(capsys, "quarantine", "show", *out, "--json"))
    assert len(every) == 5
    few = json.loads(said(capsys, "quarantine", "show", *out, "--check", "X1", "--limit", "2", "--json"))
    assert few == [row for row in every if row["check_id"] == "X1"][:2]
    text = said(capsys, "quarantine", "show", *out, "--check", "C5")
    row = next(row for row in every if row["check_id"] == "C5")
    assert text.startswith("1/1  C5 ROW, delivery transactions/2015-06-30.1\n")
    assert f"{row['reason_en']} / {row['reason_zh']}" in text
    for name in TABLES["transactions"].schema:
        assert f"    {name} = {'' if row[name] is None else row[name]}\n" in text


def test_quarantine_export_by_the_files_ending(
    night: nights.Published, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for target in (tmp_path / "refused.csv", tmp_path / "refused.parquet"):
        for _ in range(2):  # one that is there is replaced
            told = said(capsys, "quarantine", "export", "transactions", str(target), "--out", str(night.out))
            assert told == f"5 refused rows of transactions written to {target}.\n"
    assert len((tmp_path / "refused.csv").read_text().splitlines()) == 6
    whole = pl.read_parquet(tmp_path / "refused.parquet")
    assert whole.equals(pl.read_parquet(night.file("quarantine/transactions.parquet")))


def test_no_exported_text_is_run_as_a_formula(tmp_path: Path) -> None:
    hostile = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    fine = ["plain", "a=b", "3-4", None, "'=1"]
    texts = [*hostile, *fine]
    frame = pl.DataFrame(
        {
            "text": texts,
            "amount": [-5] * len(texts),
            "many": [["=1", "b"]] * len(texts),
            "on": [date(2015, 6, 30)] * len(texts),
        }
    )
    night = nights.Published(tmp_path, date(2015, 6, 30), {}, "")
    write_frame(frame.with_columns(check_id=pl.lit("X1")), night.file("quarantine/loans.parquet"))
    show.export(night, "loans", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [*(f"'{text}" for text in hostile), *(text or "" for text in fine)]
    assert {(row["amount"], row["many"], row["on"]) for row in rows} == {("-5", "'=1|b", "2015-06-30")}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "--locale", "fr"], "There is no locale 'fr'; choose en or zh."),
        (["list", "--as-of", "2015-06-29"], "No night of 2015-06-29 is published"),
        (["show", "ledgers"], "There is no table 'ledgers' in that night; known are accounts, "),
        (["show", "transactions", "--check", "X9"], "No row of transactions was refused by 'X9'; it has rows refused by C3, C5, X1."),
        (["show", "loans", "--check", "X1"], "No row of loans was refused by 'X1'; none of its rows was refused."),
        (["show", "transactions", "--limit", "0"], "Invalid value for '--limit'"),
        (["export", "transactions", "nowhere/x.csv"], "The file nowhere/x.csv cannot be written (its folder is not there)"),
        (["export", "transactions", "nowhere/x.parquet"], "cannot be written (its folder is not there)"),
        (["export", "transactions", "folder.csv"], "The file folder.csv cannot be written"),
        (["export", "transactions", "x.xlsx"], "The file x.xlsx ends neither in .csv nor in .parquet"),
    ],
)  # fmt: skip
def test_what_quarantine_refuses_is_one_sentence(
    night: nights.Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    assert main(["quarantine", *arguments, "--out", str(night.out)]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_explain_shows_value_limit_and_rows(night: nights.Published, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "explain", "C0015", "MGT-48", "--out", str(night.out))
    for word in ("C0015 on 2015-06-30: risk N", "120 days", "loan_status:L-C0015-1|2015-06-30", "dpd = 120"):
        assert word in text
    found = json.loads(said(capsys, "explain", "C0000", "--out", str(night.out), "--json"))
    assert {s["answer"] for s in found["signals"]} <= {"NO_DATA", "NOT_APPLICABLE", "CLEAR"}


def test_explain_shows_the_whole_arithmetic_of_one_answer(
    night: nights.Published, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(night.out)]
    found = json.loads(said(capsys, "explain", "C0015", "MGT-48", *out, "--json"))["signals"][0]
    ran = {(test["level"], test["name"]): test for test in found["arithmetic"]["tests"]}
    (days,) = [part for part in ran["R", "days"]["comparisons"] if part["comparison"] == ">="]
    assert (days["measure"], days["value"], days["limit"], days["holds"]) == ("dpd", 120.0, 30.0, True)
    assert ran["R", "days"]["columns"]["arrears_material"]["value"] is True
    rows = [row for row in found["arithmetic"]["rows"] if row["table"] == "loan_status"]
    assert any(row["cells"]["overdue_principal"] > 0 for row in rows)  # the source rows themselves
    lines = said(capsys, "explain", "C0015", "MGT-48", *out)
    assert "dpd = 120 >= 30 (house: 30 days: presumed increase in risk): holds" in lines


def test_explain_of_the_unknown_says_unknown(night: nights.Published, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "explain", "C0000", "FIN-08", "--out", str(night.out))
    assert "equity = unknown" in lines


def test_explain_without_restart_material_says_what_to_do(
    night: nights.Published, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(night.out / "nights", tmp_path / "nights")
    assert main(["explain", "C0015", "MGT-48", "--out", str(tmp_path)]) == 2
    assert "run that night again" in " ".join(capsys.readouterr().err.split())


def test_signals_shows_a_rule_with_its_cases(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = json.loads(said(capsys, "signals", "FIN-08", "--json"))
    assert {case["answer"] for case in found["cases"]} == {"A", "R", "CLEAR", "NO_DATA"}
    assert found["limits"]["equity.alert"] == {"value": 0.25, "source": "seed", "because": "the book's number"}
    assert len(json.loads(said(capsys, "signals", "--json"))) == len(CATALOGUE)
    assert said(capsys, "signals", "--page", "zh").startswith("# 信号目录")
    assert main(["signals", "--page", "fr"]) == 2


def test_policy_diff_and_try(
    night: nights.Published, bank: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    other.write_text('home_currency = "USD"\n[MGT-48.days]\nalert = 2\n')
    live = bank / "policy.toml"
    assert json.loads(said(capsys, "policy", "diff", str(live), str(other), "--json")) == [
        {"name": "MGT-48.days.alert", "first": 5.0, "second": 2.0}
    ]
    asked = ["--as-of", "2015-06-30", "--source", str(bank), "--out", str(night.out), "--workers", "1"]
    before = (night.folder / "manifest.json").read_bytes()
    same = json.loads(said(capsys, "policy", "try", str(live), *asked, "--json"))
    assert (same["moved"], same["signals"]) == ([], [])
    tried = json.loads(said(capsys, "policy", "try", str(other), *asked, "--json"))
    assert tried["signals"] == [{"signal_id": "MGT-48", "appear": 0, "go": 0, "change": 1}]  # three days past due
    assert (night.folder / "manifest.json").read_bytes() == before
    assert "clients would move" in said(capsys, "policy", "try", str(other), *asked)


def test_signals_and_policy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert len(said(capsys, "signals").splitlines()) == len(CATALOGUE)
    one = said(capsys, "signals", "FIN-08")
    assert "FIN-08.equity.alert = 0.25  (seed: the book's number)" in one
    assert said(capsys, "policy", "show") == Policy().toml()
    bank = tmp_path / "bank.toml"
    bank.write_text("[FIN-08.equity]\nalert = 0.3\n")
    assert "It changes: FIN-08.equity.alert." in said(capsys, "policy", "check", str(bank))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--as-of", "30.6.2015", "--source", "."], "is not a date"),
        (["run", "--as-of", "2015-06-30"], "No source was named"),
        (["run", "--as-of", "2015-06-30", "--source", "nowhere"], "is not there"),
        (["explain", "C1", "--out", "nowhere"], "No night is published"),
        (["signals", "FIN-99"], "There is no signal 'FIN-99'"),
        (["policy", "show", "--policy", "nowhere.toml"], "cannot be read"),
        (["fly"], "No such command 'fly'"),
        (["serve", "--source", ".", "--timezone", "Mars/Olympus"], "no time zone 'Mars/Olympus'"),
    ],
)
def test_an_error_is_one_sentence(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_a_night_whose_restart_material_is_gone_is_told_so(
    night: nights.Published, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("nights", "work/told"):
        shutil.copytree(night.out / name, tmp_path / name)
    pickled = next((tmp_path / "work" / "told").iterdir())
    told, cut = pickle.loads(pickled.read_bytes())  # noqa: S301 - written by the night
    lost = replace(cut[0], judged=replace(cut[0].judged, folder=tmp_path / "work" / "judge" / "swept"))
    pickled.write_bytes(pickle.dumps((told, [lost])))
    assert main(["render", "C0012", "--out", str(tmp_path), "--to", str(tmp_path / "a.pdf")]) == 2
    assert "The restart material of 2015-06-30 is gone" in capsys.readouterr().err


def test_an_unexpected_error_is_one_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "signals", lambda signal_id: 1 / 0)
    assert main(["signals"]) == 1
    assert "Unexpected ZeroDivisionError" in capsys.readouterr().err
    assert main(["signals", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_looking_imports_nothing_heavy() -> None:
    code = "import sys; from flows.cli import main; main(['signals']); print([m for m in ('prefect', 'great_expectations', 'weasyprint') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_configuration_names_paths_beside_itself(tmp_path: Path) -> None:
    file = tmp_path / "bellwether.toml"
    file.write_text('source = "in"\nout = "out"\nlocales = ["zh"]\n')
    settings = from_file(file, datetime(2015, 6, 30, tzinfo=UTC).date())
    places = settings.where
    assert places.places[str(places.default)].options == {"path": tmp_path / "in"}
    assert (settings.out, settings.locales) == (tmp_path / "out", ("zh",))
    file.write_text('sauce = "in"\n')
    with pytest.raises(Exception, match="nearest known: 'source'"):
        from_file(file, datetime(2015, 6, 30, tzinfo=UTC).date())


@pytest.mark.parametrize(
    "line",
    ["shards = 'x'", "locales = 3", "locales = [3]", "policy = 5", "outbox = []", "out = 7", "reports = 'no'", "workers = true", "workers = 1.5",
     "source = 1", "sources = []", "tables = 'x'", "locales = ['fr']", "shards = -1", "locales = []"],
)  # fmt: skip
def test_a_configuration_of_the_wrong_kind_is_refused_in_one_sentence(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"source": "source = 'in'", "out": "out = 'out'"} | {line.split(" ")[0]: line}
    (tmp_path / "bellwether.toml").write_text("\n".join(told.values()) + "\n")
    assert main(["run", "--as-of", "2015-06-30", "--config", str(tmp_path / "bellwether.toml"), "--log", "json"]) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("bellwether: ")
    assert "\n" not in said
    assert "Unexpected" not in said


@pytest.mark.parametrize(
    ("table", "says"),
    [("ledgers", "There is no table 'ledgers'; known are"), ("loans", "Table loans does not come from a database")],
)
def test_only_a_table_of_a_database_is_pulled_again(
    table: str, says: str, bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "--as-of", "2015-06-30", "--source", str(bank), "--out", str(tmp_path), "--log", "json"]
    assert main([*arguments, "--pull-again", table]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("yesterday", "2026-11-24"), ("today", "2026-11-25"), ("2015-06-30", "2015-06-30")],
)
def test_the_date_of_a_scheduled_night_is_the_banks(rule: str, expected: str) -> None:
    now = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # half past one on the 25th in Shanghai
    assert schedule.night_date(rule, "Asia/Shanghai", now).isoformat() == expected


def test_no_server_means_plainly_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "night", lambda run: "outcome")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert schedule.conduct(None) == ("outcome", "plain Python")  # type: ignore[arg-type]
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert schedule.conduct(None)[1] == "plain Python (no Prefect server at http://127.0.0.1:9/api)"  # type: ignore[arg-type]


def test_a_lost_server_does_not_cost_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    class Run:
        class tell:  # noqa: N801
            note = staticmethod(lambda text: notes.append(text))

    notes: list[str] = []
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(schedule, "reachable", lambda api: True)
    monkeypatch.setattr(schedule, "night", lambda run: "outcome")

    def lost(run: object) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(schedule, "_with_prefect", lost)
    assert schedule.conduct(Run()) == ("outcome", "plain Python after the Prefect server was lost")  # type: ignore[arg-type]
    assert "ConnectionError" in notes[0]

    def failed(run: object) -> None:
        raise schedule.StageFailed(ZeroDivisionError("a stage's own failure is never a reason to fall back"))

    monkeypatch.setattr(schedule, "_with_prefect", failed)
    with pytest.raises(ZeroDivisionError):
        schedule.conduct(Run())  # type: ignore[arg-type]
