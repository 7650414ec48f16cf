"""No stage of a night attempts an outgoing connection, and no library tells its makers anything."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = "2"
DAY = "2015-06-30"

# Read by every interpreter that starts with its folder on PYTHONPATH: the command's, its workers', any other.
GUARD = """
import os, socket, sys

_record = os.environ["NETWORK_RECORD"]
_real = socket.socket


def _attempt(what):
    with open(_record, "a", encoding="utf-8") as file:
        file.write(f"{what} {os.getpid()} {sys.argv[:3]}\\n")
    raise OSError(f"a connection is attempted: {what}")


class Guarded(_real):
    def connect(self, address):
        return super().connect(address) if self.family == socket.AF_UNIX else _attempt(f"connect {address}")

    def connect_ex(self, address):
        return super().connect_ex(address) if self.family == socket.AF_UNIX else _attempt(f"connect_ex {address}")

    def sendto(self, *given):
        return super().sendto(*given) if self.family == socket.AF_UNIX else _attempt(f"sendto {given[-1]}")

    def sendmsg(self, *given):
        return super().sendmsg(*given) if self.family == socket.AF_UNIX else _attempt("sendmsg")


socket.socket = Guarded
socket.getaddrinfo = lambda *given, **more: _attempt(f"getaddrinfo {given}")
socket.gethostbyname = lambda *given: _attempt(f"gethostbyname {given}")
socket.create_connection = lambda *given, **more: _attempt(f"create_connection {given}")
"""

ATTEMPTS = """
import multiprocessing, socket, subprocess, sys, urllib.request
from concurrent.futures import ProcessPoolExecutor


def attempt(how):
    try:
        if how == "connect":
            socket.socket().connect(("127.0.0.1", 9))
        elif how == "sendto":
            socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
        else:
            urllib.request.urlopen("http://127.0.0.1:9/")
    except OSError:
        return how


if __name__ == "__main__":
    attempt("connect"), attempt("sendto"), attempt("urlopen")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(attempt, "connect").result()
    subprocess.run([sys.executable, "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"])
"""


def environment(folder: Path) -> dict[str, str]:
    """Of a process that is watched, started without our shell script: nothing there is switched off."""
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    off = ("GX_ANALYTICS_ENABLED", "PREFECT_SERVER_ANALYTICS_ENABLED", "DO_NOT_TRACK", "PREFECT_API_URL")
    own = {name: value for name, value in os.environ.items() if name not in off}
    return {**own, "PYTHONPATH": f"{folder / 'guard'}:{ROOT}", "NETWORK_RECORD": str(folder / "record")}


def call(arguments: list[str], folder: Path, *before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, *arguments],
        env=environment(folder),
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def recorded(folder: Path) -> list[str]:
    record = folder / "record"
    return record.read_text(encoding="utf-8").splitlines() if record.exists() else []


def whole(out: Path) -> None:
    """The night is published with all that a night makes."""
    told = json.loads((out / "nights" / DAY / "manifest.json").read_text(encoding="utf-8"))
    assert told["missing"] == []
    for ending in (".en.pdf", ".zh.pdf", "answers.parquet", "index.html", "data_docs/index.html"):
        assert any(name.endswith(ending) for name in told["files"]), ending


def test_the_guard_sees_an_attempt_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "attempts.py").write_text(ATTEMPTS, encoding="utf-8")
    call([str(tmp_path / "attempts.py")], tmp_path)
    seen = [line.split() for line in recorded(tmp_path)]
    assert [one[0] for one in seen] == ["connect", "sendto", "create_connection", "connect", "connect_ex"]
    assert len({word for one in seen for word in one if word.isdecimal() and word != "9"}) == 3  # main, worker, other


def isolated() -> list[str]:
    """A command before the command: a network namespace without interfaces, where one is to be had (unshare and root)."""
    before = ["unshare", "--net"]
    there = (
        shutil.which("unshare") and not subprocess.run([*before, "true"], capture_output=True, check=False).returncode
    )
    return before if there else []


def watched(record: Path) -> list[str]:
    """A command before the command: what native code attempts is written down, where strace is there."""
    calls = ["-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none"]
    return ["strace", "-f", "--seccomp-bpf", "-qq", *calls, "-o", str(record)] if shutil.which("strace") else []


def outgoing(record: Path) -> list[str]:
    return [line for line in record.read_text(encoding="utf-8").splitlines() if "sa_family=AF_INET" in line]


def test_the_demo_needs_no_network(tmp_path: Path) -> None:
    """The sample bank and its whole night in both languages: one run, watched from Python and from below, without a network."""
    record = tmp_path / "attempts"
    done = call(
        ["-m", "flows.cli", "demo", "--clients", CLIENTS, "--out", "out", "--locale", "en", "--locale", "zh", "--workers", "1"],
        tmp_path, *isolated(), *watched(record),
    )  # fmt: skip
    assert (done.returncode, recorded(tmp_path)) == (0, []), done.stderr
    whole(tmp_path / "out")
    assert not record.exists() or outgoing(record) == []


def test_native_code_is_watched_too(tmp_path: Path) -> None:
    """What Python's sockets do not see: the drivers have their own."""
    record = tmp_path / "attempts"
    if not (watched(record) and isolated()):
        pytest.skip("strace, or a network namespace of one's own, is not there")
    code = (
        "import adbc_driver_postgresql.dbapi as driver\n"
        "try: driver.connect('postgresql://127.0.0.1:9/x')\nexcept driver.Error: print('refused')"
    )
    done = call(["-c", code], tmp_path, *isolated(), *watched(record))
    assert (done.stdout.strip(), recorded(tmp_path)) == ("refused", [])
    assert len(outgoing(record)) >= 1


QUIET = {
    "Great Expectations": "import flows.checking, expectations.suites; said = os.environ['GX_ANALYTICS_ENABLED'] == 'false' "
    "and not {'posthog', 'great_expectations.analytics'} & {*sys.modules}",
    "Prefect": "import flows.secrets; from prefect._internal.analytics.enabled import is_telemetry_enabled as on; "
    "from prefect.settings import get_current_settings as now; said = not on() and not now().server.analytics_enabled",
}


@pytest.mark.parametrize("asked", QUIET.values(), ids=QUIET)
def test_nothing_tells_its_makers_without_our_script_too(asked: str, tmp_path: Path) -> None:
    on = {"GX_ANALYTICS_ENABLED": "true", "PREFECT_SERVER_ANALYTICS_ENABLED": "true", "DO_NOT_TRACK": "0"}
    code = f"import os, sys; {asked}; print(said)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**environment(tmp_path), **on}, capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), recorded(tmp_path)) == ("True", [])
