"""A canary secret is read by every kind of source, and is found nowhere but where it is kept."""

import base64
import io
import json
import logging
import os
import pickle
import re
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import adbc_driver_postgresql.dbapi as postgresql
import boto3
import pikepdf
import polars as pl
import pytest

from expectations.model import Refused
from expectations.tables import TABLES
from flows import nightly, secrets
from flows.cli import SAMPLE_AS_OF, main
from flows.progress import Teller
from flows.schedule import StageFailed
from flows.settings import gathered
from flows.sources import database
from sample import bank as sample_bank
from tests.flows.sources import conftest as servers

postgres, s3 = servers.postgres, servers.s3
ROOT = Path(__file__).parents[2]
DAY = SAMPLE_AS_OF.isoformat()
CLIENTS = 2  # one of them with accounts
SINCE = date(2015, 5, 1)  # two months are a night too
CORE = "c4n4ry3f9d"  # no spelling changes it
CANARY = f"\"K'/@ %\\{CORE} 密码"
ENV = '{ env = "CORE_DB_PASSWORD" }'
NEEDLES = [
    CORE.encode(), CANARY.encode(), quote(CANARY, safe="").encode(), repr(CANARY)[1:-1].encode(), CORE.encode("utf-16-le"),
    CORE.encode("utf-16-be"), base64.b64encode(CANARY.encode()), CANARY.encode().hex().encode(), "密码".encode(),
]  # fmt: skip


# ---- where it must not be ------------------------------------------------------------------------------------------


def words(pdf: pikepdf.Pdf) -> str:
    """What the pages say."""
    said: list[str] = []
    for page in pdf.pages:
        letters: dict[str, dict[int, str]] = {}
        for name, font in page.resources.get("/Font", {}).items():
            pairs = re.findall(r"^<([0-9a-f]+)> <([0-9a-f]+)>\s*$", font.ToUnicode.read_bytes().decode(), re.M)
            letters[name] = {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
        now: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                now = letters[str(operands[0])]
            for text in operands[0] if str(operator) == "TJ" else ():
                if isinstance(text, pikepdf.String):
                    glyphs = bytes(text)
                    said += [now[int.from_bytes(glyphs[i : i + 2])] for i in range(0, len(glyphs), 2)]
    return "".join(said)


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, and what they say when they are unpacked."""
    yield path.name.encode()
    yield path.read_bytes()
    if path.suffix == ".parquet":
        text = io.BytesIO()
        pl.read_parquet(path).write_ndjson(text)
        yield text.getvalue()
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            yield words(pdf).encode()
            for part in pdf.objects:
                yield part.read_bytes() if isinstance(part, pikepdf.Stream) else part.unparse()


def found(content: bytes) -> bool:
    return any(needle in content for needle in NEEDLES)


def leaks(*folders: Path) -> list[str]:
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files
    return [str(path) for path in files if any(map(found, contents(path)))]


class Watch:
    """Commands whose words are kept and must not tell the canary."""

    def __init__(self, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self.capfd, self.caplog = capfd, caplog

    def call(self, *arguments: str) -> tuple[int, str]:
        """Exit code, and all it said."""
        self.capfd.readouterr()
        self.caplog.clear()
        with self.caplog.at_level(logging.DEBUG):
            code = main([*arguments])
        said = "".join(self.capfd.readouterr())
        assert not found(said.encode())
        assert not found(self.caplog.text.encode())
        return code, said


@pytest.fixture
def watch(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Watch:
    return Watch(capfd, caplog)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is kept."""
    monkeypatch.setattr(secrets, "_seen", set())
    monkeypatch.setenv("CORE_DB_PASSWORD", CANARY)


def test_a_leak_would_be_found(tmp_path: Path) -> None:
    plain, pdf = tmp_path / "a.jsonl", tmp_path / "a.pdf"
    plain.write_text(json.dumps({"said": CANARY}))
    pl.DataFrame({"a": [f"x{CANARY}"] * 1000}).write_parquet(tmp_path / "a.parquet")
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Note = made.make_stream(quote_plus(CANARY).encode())
    made.save(pdf)
    made.close()
    (tmp_path / "b.txt").write_text("nothing")
    assert leaks(tmp_path) == [str(tmp_path / name) for name in ("a.jsonl", "a.parquet", "a.pdf")]


# ---- databases -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few() -> dict[str, pl.DataFrame]:
    whole = sample_bank.tables(CLIENTS)[0]
    months = {name: day for name in whole if (day := TABLES[name].months)}
    return {name: f.filter(pl.col(months[name]) >= SINCE) if name in months else f for name, f in whole.items()}


@pytest.fixture(scope="module")
def core(postgres: servers.Postgres, few: dict[str, pl.DataFrame]) -> Iterator[str]:
    """Address of the bank's database, where `bank` needs the password."""
    postgres.fill(few)
    password = CANARY.replace("'", "''")
    postgres.run(
        f"CREATE ROLE bank LOGIN PASSWORD '{password}'",
        "GRANT USAGE ON SCHEMA bellwether TO bank",
        "GRANT SELECT ON ALL TABLES IN SCHEMA bellwether TO bank",
    )
    with postgresql.connect(postgres.uri) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hba_file')")
        rules = Path(str(pl.DataFrame(cursor.fetch_arrow()).item()))
    before = rules.read_text(encoding="utf-8")
    rules.write_text(f"local all bank scram-sha-256\n{before}", encoding="utf-8")
    postgres.run("SELECT pg_reload_conf()")
    uri = postgres.as_user("bank")
    for _ in range(100):  # the server reads it when it comes to it
        with suppress(postgresql.Error), postgresql.connect(uri):
            time.sleep(0.05)
            continue
        break
    yield uri
    rules.write_text(before, encoding="utf-8")
    postgres.run("SELECT pg_reload_conf()", "DROP OWNED BY bank", "DROP ROLE bank")


@pytest.fixture
def configured(core: str, tmp_path: Path) -> Callable[..., str]:
    """A configuration file of that database; its options."""

    def written(
        uri: str = core, kept: str = ENV, reports: bool = False, schema: str = "bellwether", more: str = ""
    ) -> str:
        file = tmp_path / "bellwether.toml"
        (tmp_path / "policy.toml").write_text('home_currency = "USD"\n')
        file.write_text(
            f'out = "out"\npolicy = "policy.toml"\nworkers = 1\nreports = {str(reports).lower()}\nsource = "core"\n'
            f'[sources.core]\nkind = "postgresql"\nschema = "{schema}"\nuri = "{uri}"\npassword = {kept}\n{more}'
        )
        return str(file)

    return written


class Processes:
    """Command lines and environments of the processes this one starts, while it does."""

    def __init__(self) -> None:
        self.lines: set[bytes] = set()
        self.names: set[bytes] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Processes":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            for folder in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    parent = re.search(r"^PPid:\s(\d+)", (folder / "status").read_text(), re.M)
                    if parent and os.getpid() in (int(parent[1]), int(folder.name)):
                        self.lines.add((folder / "cmdline").read_bytes())
                        own = (folder / "environ").read_bytes().split(b"\0")
                        self.names |= {name for name, _, value in (one.partition(b"=") for one in own) if found(value)}


def test_a_whole_night_tells_it_nowhere(
    configured: Callable[..., str], lake: Callable[..., str], watch: Watch, tmp_path: Path
) -> None:
    """From the database, and one table from object storage."""
    file = configured(reports=True, more=f'{lake()}[tables.staff]\nsource = "lake"\n')
    with Processes() as seen:
        code, said = watch.call("run", "--as-of", DAY, "--config", file, "--log", "json")
    assert code == 0, said
    out = tmp_path / "out"
    assert [path for path in out.rglob("*.pdf") if "portfolio" in path.name]
    assert leaks(tmp_path) == []
    assert len(seen.lines) > 1
    assert not any(map(found, seen.lines))
    assert seen.names <= {b"CORE_DB_PASSWORD", b"LAKE_SECRET"}
    folder = ["--out", str(out)]
    for arguments in (
        ["status", *folder], ["status", "--json", *folder], ["verify", *folder], ["doctor", *folder],
        ["doctor", "--json", *folder], ["quarantine", "list", *folder], ["quarantine", "list", "--json", *folder],
    ):  # fmt: skip
        assert watch.call(*arguments)[0] in (0, 2)
    with pikepdf.open(next(out.rglob("portfolio.en.pdf"))) as pdf:
        assert "Portfolio" in words(pdf)  # pages are read indeed


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses a connection was tried with."""
    made: list[str] = []
    connect = postgresql.connect

    def counted(uri: str, *given: Any, **more: Any) -> Any:
        made.append(uri)
        return connect(uri, *given, **more)

    monkeypatch.setattr(postgresql, "connect", counted)
    monkeypatch.setattr(database, "FIRST_WAIT", 0.01)
    return made


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


WRONG: list[tuple[dict[str, str], str, int]] = [  # the environment, what is said, how often it is tried
    ({"CORE_DB_PASSWORD": f"{CANARY}?"}, r"refuses: .*password authentication failed for user \"bank\"; mend it", 1),
    (
        {"CORE_DB_PASSWORD": ""},
        r"'password' is to come from the environment variable CORE_DB_PASSWORD, which has no",
        0,
    ),
    ({"CORE_DB_PASSWORD": f"{CORE}\udcff"}, r"environment variable CORE_DB_PASSWORD, which holds no UTF-8 text", 0),
]


@pytest.mark.parametrize("debug", [[], ["--debug"]])
@pytest.mark.parametrize(("environment", "says", "often"), WRONG)
def test_a_wrong_password_is_said_at_once(
    environment: dict[str, str], says: str, often: int, debug: list[str], configured: Callable[..., str], watch: Watch,
    tries: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A second attempt could lock the bank's account."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code, said = watch.call("run", "--as-of", DAY, "--config", configured(), *debug)
    assert (code, len(tries)) == (2, often), said
    assert re.search(says, said)
    one_sentence(said)
    assert leaks(tmp_path) == []


def one_sentence(said: str) -> None:
    errors = [line for line in said.splitlines() if "units," not in line and not line.startswith("{")]
    assert len(errors) == 1
    assert errors[0].startswith("bellwether: ")
    assert "Traceback" not in said
    assert "Unexpected" not in said


def test_a_password_refused_in_chinese_is_not_tried_again(
    configured: Callable[..., str], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def refuses(uri: str) -> None:
        made.append(uri)
        raise postgresql.OperationalError(
            f'IO: [libpq] Failed to connect: connection to server at {uri} failed: 致命错误:  用户 "bank" Password 认证失败',
            status_code=10,  # type: ignore[arg-type]
        )

    monkeypatch.setattr(postgresql, "connect", refuses)
    code, said = watch.call("run", "--as-of", DAY, "--config", configured(), "--debug")
    assert (code, len(made)) == (2, 1)
    assert CORE in made[0]
    assert "认证失败" in said
    one_sentence(said)


def test_a_server_that_is_gone_is_said_in_one_sentence(
    configured: Callable[..., str], watch: Watch, tries: list[str], tmp_path: Path
) -> None:
    file = configured(f"postgresql://bank@127.0.0.1:{closed_port()}/edw")
    code, said = watch.call("run", "--as-of", DAY, "--config", file)
    assert (code, len(tries)) == (2, database.ATTEMPTS)
    assert re.search(r"\[sources.core\] \(postgresql\) was lost 5 times \(.*refused", said)
    one_sentence(said)
    assert leaks(tmp_path) == []


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_an_unexpected_error_is_told_without_it(
    debug: list[str], configured: Callable[..., str], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: database.Database, *given: Any) -> None:
        secret = self.place.options["password"].reveal()
        try:
            raise ValueError(f"cannot read {quote(secret, safe='')}")
        except ValueError as first:
            raise RuntimeError(f"cannot connect with {secret!r},\n{secret}") from first

    monkeypatch.setattr(database.Database, "deliveries", fails)
    code, said = watch.call("run", "--as-of", DAY, "--config", configured(), "--log", "json", *debug)
    assert code == 1
    assert "RuntimeError: cannot connect with" in said
    assert secrets.HIDDEN in said
    assert ("Traceback" in said) == bool(debug)


# ---- object storage ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def endpoint(s3: str, few: dict[str, pl.DataFrame]) -> str:
    """Address of an object storage that has one table."""
    more = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=s3, **more)  # type: ignore[call-overload]
    client.create_bucket(Bucket="canary")
    content = io.BytesIO()
    few["staff"].write_parquet(content)
    client.put_object(Bucket="canary", Key="staff.parquet", Body=content.getvalue())
    client.close()
    return s3


@pytest.fixture
def lake(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a configuration file says of a bucket, whose secret key is the canary."""
    monkeypatch.setenv("LAKE_KEY", "AKIA-LAKE")
    monkeypatch.setenv("LAKE_SECRET", CANARY)

    def said(address: str = endpoint) -> str:
        return (
            f'[sources.lake]\nkind = "s3"\nbucket = "canary"\nendpoint = "{address}"\n'
            'access_key = { env = "LAKE_KEY" }\nsecret_key = { env = "LAKE_SECRET" }\n'
        )

    return said


def alone(lake: str, folder: Path) -> str:
    """A configuration file of nothing but the bucket."""
    file = folder / "bellwether.toml"
    file.write_text(f'out = "out"\nworkers = 1\nreports = false\nsource = "lake"\n{lake}')
    return str(file)


def test_object_storage_that_fails_tells_it_nowhere(
    lake: Callable[..., str], watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = alone(lake(f"http://127.0.0.1:{closed_port()}"), tmp_path)
    code, said = watch.call("run", "--as-of", DAY, "--config", gone, "--debug")
    assert code == 2
    assert "object storage s3://canary does not answer as it should" in said
    one_sentence(said)
    monkeypatch.setenv("LAKE_KEY", f"{CORE}\n")
    code, said = watch.call("run", "--as-of", DAY, "--config", alone(lake(), tmp_path))
    assert code == 2
    assert "The access_key of s3://canary is none" in said
    one_sentence(said)
    assert leaks(tmp_path) == []


# ---- Prefect blocks ------------------------------------------------------------------------------------------------

BLOCK = """
import os, sys
from flows import cli
from flows.schedule import leave
from prefect.blocks.system import Secret
from prefect.server.api.server import SubprocessASGIServer as Server

canary, file = sys.argv[1:]
Secret(value=bytes.fromhex(canary).decode()).save("core-db-password")
stop, Server.stop = Server.stop, lambda self: None  # the second run needs it too
print("codes", cli.main(["run", "--as-of", "2015-06-30", "--config", file]), end=" ", flush=True)
Server.stop = stop
said = open(file, encoding="utf-8").read()
open(file, "w", encoding="utf-8").write(said.replace("core-db-password", "core-db-pass"))
print(cli.main(["run", "--as-of", "2015-06-30", "--config", file, "--debug"]), flush=True)
leave(0)
"""


def test_a_prefect_block_tells_it_nowhere(configured: Callable[..., str], tmp_path: Path) -> None:
    """Nearly all of its time is the server that Prefect starts for itself."""
    home = tmp_path.parent / f"{tmp_path.name}-prefect"
    file = configured(kept='{ prefect = "core-db-password" }', schema="nothing")  # connected, then refused: no night
    own = {k: v for k, v in os.environ.items() if k not in ("CORE_DB_PASSWORD", "PREFECT_API_URL", "DO_NOT_TRACK")}
    done = subprocess.run(
        [sys.executable, "-c", BLOCK, CANARY.encode().hex(), file], cwd=tmp_path, capture_output=True, check=False,
        env={**own, "PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT), "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
             "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120"},
    )  # fmt: skip
    said = done.stderr.decode()
    assert done.stdout.endswith(b"codes 2 2\n"), said
    assert "has no delivery up to 2015-06-30 in [sources.core]" in said
    assert "The Prefect block 'core-db-pass' cannot be read (ValueError); make it or start Prefect." in said
    assert "Traceback" not in said
    assert not found(done.stdout + done.stderr)
    assert leaks(tmp_path) == []
    left = [path for path in Path("/proc").glob("[0-9]*/environ") if serves(path, home)]
    assert left == []  # no server stays behind


def serves(path: Path, home: Path) -> bool:
    with suppress(OSError):
        return str(home).encode() in path.read_bytes()
    return False


# ---- in memory -----------------------------------------------------------------------------------------------------


def test_nothing_in_memory_prints_or_pickles_it(
    configured: Callable[..., str], lake: Callable[..., str], tmp_path: Path
) -> None:
    for file in (configured(), alone(lake(), tmp_path)):
        settings = gathered(SAMPLE_AS_OF, Path(file))
        run = nightly.open_run(settings, Teller(style="json"))
        place = next(iter(settings.where.places.values()))
        sources = list(run.sources.opened.values())
        things = [settings, settings.where, place, run, run.sources, run.store, *sources, *place.options.values()]
        things += [getattr(one, "shelf", one) for one in sources] + [vars(one) for one in sources]
        for thing in things:
            assert not found(f"{thing!r} {thing} {thing:}".encode())
        for kept in (settings, place, run.store):
            assert not found(pickle.dumps(kept))
        assert repr(pickle.loads(pickle.dumps(settings))) == repr(settings)  # noqa: S301 - our own
        run.sources.close()


SPELLINGS: list[Callable[[str], str]] = [
    str, repr, ascii, json.dumps, quote, quote_plus, lambda s: quote(s, safe=""), lambda s: quote(s, safe="").lower(),
    lambda s: json.dumps(s, ensure_ascii=False), lambda s: repr(s.encode()), lambda s: " ".join(s.split()),
    lambda s: base64.b64encode(s.encode()).decode(), lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
]  # fmt: skip


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_every_spelling_is_redacted(spelled: Callable[[str], str]) -> None:
    for secret in (CANARY, f"two  blanks\t{CORE}\nand\tlines", f"a+b{CORE}=/", f"*{CORE}*"):
        assert secrets.redact(f"before {spelled(secret)} after") == f"before {spelled(secret)} after"
        os.environ["CORE_DB_PASSWORD"] = secret
        secrets.parse({"env": "CORE_DB_PASSWORD"}, "x").reveal()
        told = secrets.redact(f"before {spelled(secret)} after")
        assert CORE not in told
        assert re.fullmatch(r"before (b?['\"])?\*{3}['\"]? after", told)


def test_a_log_stays_json_whatever_is_hidden(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Also a short secret that is part of our own words, or of JSON's."""
    for secret in (CANARY, "e", '"', ":", "note", "event"):
        os.environ["CORE_DB_PASSWORD"] = secret
        secrets.parse({"env": "CORE_DB_PASSWORD"}, "x").reveal()
    Teller(tmp_path / "log.jsonl", "json").line("note", text=f"say {CANARY}", paths=[Path(CANARY)], count=3, ok=True)
    (line,) = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told.keys() == {"at", "event", "text", "paths", "count", "ok"}
    assert (told["count"], told["ok"], told["paths"]) == (3, True, [secrets.HIDDEN])
    assert not found(line.encode() + capfd.readouterr().err.encode())


def test_a_stage_that_fails_tells_prefect_nothing_of_it() -> None:
    """Prefect keeps what a task raised, in its log and in its database."""
    secrets.parse({"env": "CORE_DB_PASSWORD"}, "x").reveal()

    def guarded() -> None:  # as in schedule.py
        try:
            raise ValueError(f"cannot connect with {CANARY}")
        except ValueError as error:
            raise StageFailed(error) from None

    with pytest.raises(StageFailed) as failed:
        guarded()
    assert not found("".join(traceback.format_exception(failed.value)).encode())
    assert CORE in str(failed.value.error)


def test_a_secret_without_a_value_is_refused() -> None:
    with pytest.raises(Refused, match="environment variable NOT_THERE, which has no value; set it"):
        secrets.parse({"env": "NOT_THERE"}, "The password").reveal()
