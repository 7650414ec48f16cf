"""A small sample bank and its published night, made once."""

import os
import shutil
from collections.abc import Callable
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


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank") / "source"
    assert main(["sample", "--out", str(folder), "--clients", str(CLIENTS)]) == 0
    return folder


Run = Callable[..., nightly.Outcome]


def _run(source: Path, out: Path, **more: Any) -> nightly.Outcome:
    told = {"as_of": SAMPLE_AS_OF, "policy": source / "policy.toml", "reports": False, "workers": 1} | more
    settings = Settings(source=source, out=out, **told)
    made = nightly.open_run(settings, Teller(style="json"))
    made.store.sweep()
    return nightly.night(made)


@pytest.fixture(scope="session")
def night(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> nights.Published:
    """The bank's night without pages; tests only read it."""
    return _run(bank, tmp_path_factory.mktemp("night")).night


@pytest.fixture(scope="session")
def run_night(night: nights.Published) -> Run:
    """Runs a night. What it shares with the bank's own night is found finished there, but not from `scratch`."""

    def run(source: Path, out: Path, scratch: bool = False, **more: Any) -> nightly.Outcome:
        if not scratch and not (out / "work").exists():
            shutil.copytree(night.out / "work", out / "work", copy_function=os.link)
        return _run(source, out, **more)

    return run


@pytest.fixture
def own_bank(bank: Path, tmp_path: Path) -> Path:
    """A copy of the bank a test may damage."""
    return Path(shutil.copytree(bank, tmp_path / "own"))
