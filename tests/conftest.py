"""A small sample bank and its published night, made once."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from flows import nightly, nights, secrets
from flows.cli import SAMPLE_AS_OF, main
from flows.progress import Teller
from flows.settings import Settings


@pytest.fixture(autouse=True)
def no_secrets_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret one test has read is not hidden from what the next one says."""
    monkeypatch.setattr(secrets, "_seen", set())


CLIENTS = 30  # every planted story but the downturn


Once = Callable[[str, Callable[[Path], Any]], Path]
Run = Callable[..., nightly.Outcome]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes a folder that tests only read: the first process of the test run that asks makes it, the others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], Any]) -> Path:
        folder, mark = shared / f"once-{name}", shared / f"once-{name}.made"
        with (shared / f"once-{name}.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not mark.exists():
                make(folder)
                mark.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def bank(once: Once) -> Path:
    def make(folder: Path) -> None:
        assert main(["sample", "--out", str(folder / "source"), "--clients", str(CLIENTS)]) == 0

    return once("bank", make) / "source"


@pytest.fixture(scope="session")
def pool() -> Iterator[ProcessPoolExecutor]:
    """One worker process for all nights that need one: each night's own would import everything again."""
    with nightly.processes(1) as made:
        yield made


def _run(source: Path, out: Path, pool: ProcessPoolExecutor, **more: Any) -> nightly.Outcome:
    told = {"as_of": SAMPLE_AS_OF, "policy": source / "policy.toml", "reports": False, "workers": 1} | more
    settings = Settings(source=source, out=out, **told)
    made = nightly.open_run(settings, Teller(style="json"))
    made.pool = pool if settings.cores == 1 else None
    made.store.sweep()
    return nightly.night(made)


@pytest.fixture(scope="session")
def night(bank: Path, once: Once, pool: ProcessPoolExecutor) -> nights.Published:
    """The bank's night without pages; tests only read it."""
    published = nights.read(once("night", lambda out: _run(bank, out, pool)), SAMPLE_AS_OF)
    assert published is not None
    return published


def share(night: nights.Published, out: Path) -> None:
    """Lets a night in `out` find finished what it shares with that one."""
    shutil.copytree(night.out / "work", out / "work", copy_function=os.link)


@pytest.fixture(scope="session")
def run_night(night: nights.Published, pool: ProcessPoolExecutor) -> Run:
    """Runs a night. What it shares with the bank's own night is found finished there, but not from `scratch`."""

    def run(source: Path, out: Path, scratch: bool = False, **more: Any) -> nightly.Outcome:
        if not scratch and not (out / "work").exists():
            share(night, out)
        return _run(source, out, pool, **more)

    return run


@pytest.fixture
def own_bank(bank: Path, tmp_path: Path) -> Path:
    """A copy of the bank a test may damage."""
    return Path(shutil.copytree(bank, tmp_path / "own"))
