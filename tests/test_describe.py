"""The generated pages of the catalogue and the panel are what stands in docs/."""

from pathlib import Path

import pytest

from transforms.describe import page, panel
from transforms.panel import LAID
from transforms.signals import CATALOGUE

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_catalogue_in_docs_is_the_generated_one(locale: str) -> None:
    assert (DOCS / f"catalogue.{locale}.md").read_text(encoding="utf-8") == page(locale)


def test_the_panel_in_docs_is_the_generated_one() -> None:
    assert (DOCS / "panel.md").read_text(encoding="utf-8") == panel()


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_signal_and_every_sentence_stands_on_the_page(locale: str) -> None:
    said = page(locale)
    for signal in CATALOGUE.values():
        assert f"### {signal.id} {signal.en if locale == 'en' else signal.zh}\n" in said
        assert signal.zh in said
        for test in signal.tests:
            assert (test.en if locale == "en" else test.zh).replace("|", "\\|") in said
        assert signal.note in said


def test_every_column_stands_on_the_panels_page() -> None:
    said = panel()
    assert [column.name for column in LAID if f"| `{column.name}` | {column.table} | {column.unit} |" not in said] == []
