"""What the tests of the reports share: a night with pages, what a night knows of each client, and its pages made once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flows import nights, paper
from reports.documents import document
from reports.facts import Facts
from tests.reports.cases import CASES
from tests.reports.pages import Paper, opened

AT = date(2015, 6, 30)
PRINTED = ["C0000", "C0011", "C0012"]  # whose pages the night makes in both languages: without feeds, quiet, red


@pytest.fixture(scope="session")
def paged(run_night: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> nights.Published:
    """A night of the smallest bank that keeps every single story, with pages of a few clients in both languages."""
    from flows.cli import main

    small: Path = tmp_path_factory.mktemp("small") / "source"
    assert main(["sample", "--out", str(small), "--clients", "13"]) == 0
    whole = paper.chunks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper, "chunks", lambda *done: [replace(chunk, clients=PRINTED) for chunk in whole(*done)])
        published = run_night(small, tmp_path_factory.mktemp("paged"), reports=True, locales=("en", "zh")).night
    assert published.manifest["missing"] == []
    return nights.Published(published.out, published.as_of, published.manifest, published.sha256)


@pytest.fixture(scope="session")
def facts(night: nights.Published) -> Callable[[str], Facts]:
    """What the bank's night knows of a client, by its id."""

    @cache
    def of(client: str) -> Facts:
        return paper.again(night, client, "risk", "en")[1]

    return of


@pytest.fixture(scope="session")
def paper_of(facts: Callable[[str], Facts]) -> Callable[[str, str, str], Paper]:
    """A case's report, rendered and opened, by case, kind and language."""

    @cache
    def of(case: str, kind: str, locale: str) -> Paper:
        one = CASES[case](facts)
        return opened(paper.pdf(document(kind, one, locale), one, AT))

    return of
