"""The repository: the lock, the script, what CI calls, what the README promises."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines()]


def test_every_requirement_is_pinned_and_hashed() -> None:
    entries = re.split(r"\n(?=[a-z])", LOCK)
    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==", entry), entry[:60]
        assert entry.count("--hash=sha256:") >= 1, entry[:60]


def test_no_tracked_file_names_a_registry() -> None:
    host = re.compile(r"(?m)^\s*(--index-url|--extra-index-url|-i)\s+http|pythonhosted\.org|/" + r"simple/")
    named = [
        path for path in tracked() if path.suffix not in (".parquet", ".ttf") and host.search(path.read_text("utf-8"))
    ]
    assert named == []


@pytest.mark.parametrize("name", ["prefect==3.8.8", "great-expectations==1.24.1", "weasyprint==70", "polars==2.1"])
def test_the_versions_the_design_settled(name: str) -> None:
    assert re.search(rf"(?m)^{re.escape(name)}", LOCK)


def test_sqlalchemy_stays_below_the_version_that_stops_the_schedule() -> None:
    found = re.search(r"(?m)^sqlalchemy==(\d+)\.(\d+)", LOCK)
    assert found
    assert (int(found[1]), int(found[2])) < (2, 1)


def test_ci_calls_the_readmes_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec ./bellwether test"
    assert sum("./bellwether" in line for line in lines) == 1
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "    ./bellwether demo\n    ./bellwether test\n" in readme
    for name in ("bellwether", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK)


def test_the_script_is_plain_sh() -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "bellwether")], check=False).returncode == 0
    text = (ROOT / "bellwether").read_text()
    assert not re.search(r"\[\[|function |<\(|\$'|local ", text)


def run_script(folder: Path, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": path, "HOME": str(folder)}
    return subprocess.run(
        [str(folder / "bellwether"), *arguments], env=env, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the script with a lock, and no set-up."""
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "bellwether").write_bytes((ROOT / "bellwether").read_bytes())
    (folder / "bellwether").chmod(0o755)
    (folder / "requirements.lock").write_text("nothing==1\n")
    return folder


def tools(folder: Path, *names: str, **scripts: str) -> str:
    """A PATH with a few of the machine's programs and scripts of our own."""
    shelf = folder / "bin"
    shelf.mkdir(exist_ok=True)
    for name in (
        "sh",
        "dirname",
        "readlink",
        "cksum",
        "tr",
        "cat",
        "mkdir",
        "rm",
        "rmdir",
        "sleep",
        "id",
        "uname",
        "pwd",
        *names,
    ):
        found = next((p for d in ("/usr/bin", "/bin") if (p := Path(d) / name).exists()), None)
        if found and not (shelf / name).exists():
            (shelf / name).symlink_to(found)
    for name, script in scripts.items():
        (shelf / name).write_text(f"#!/bin/sh\n{script}\n")
        (shelf / name).chmod(0o755)
    return str(shelf)


def test_without_python_it_says_what_to_install(copy: Path) -> None:
    done = run_script(copy, tools(copy), "demo")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1] == (
        "bellwether: no Python 3.11, 3.12 or 3.13 was found; install one: apt-get install python3 python3-venv"
    )


VENV = """case "$1" in
  -c) exit 0 ;;
  -m) mkdir -p "$3/bin" && printf '#!/bin/sh\\n[ "$2" = pip ] && [ "$3" = install ] && exit ${PIP:-0}; exit 0\\n' > "$3/bin/python" && chmod +x "$3/bin/python" ;;
esac"""


def test_a_set_up_that_fails_leaves_no_stamp_and_the_next_call_goes_on(copy: Path) -> None:
    path = tools(copy, "chmod", "printf", python3=VENV.replace("${PIP:-0}", "1"))
    failed = run_script(copy, path, "status")
    assert failed.returncode == 2
    assert "call again" in failed.stderr
    assert not (copy / ".venv" / ".stamp").exists()
    assert not (copy / ".tools" / "setting-up").exists()
    (copy / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 0\n")
    done = run_script(copy, path, "status")
    assert done.returncode == 0, done.stderr
    assert (copy / ".venv" / ".stamp").exists()
    again = run_script(copy, path, "status")
    assert "setting up" not in again.stderr


def test_another_lock_is_another_set_up(copy: Path) -> None:
    path = tools(copy, "chmod", "printf", python3=VENV)
    assert run_script(copy, path, "status").returncode == 0
    (copy / "requirements.lock").write_text("nothing==2\n")
    assert "setting up" in run_script(copy, path, "status").stderr


def test_the_mark_of_a_dead_set_up_is_taken_over(copy: Path) -> None:
    path = tools(copy, "chmod", "printf", python3=VENV)
    mark = copy / ".tools" / "setting-up"
    mark.mkdir(parents=True)
    (mark / "pid").write_text("999999999")
    assert run_script(copy, path, "status").returncode == 0
