"""The generated pages of the catalogue, the panel and the relationship frames are what stands in docs/."""

from pathlib import Path

import pytest

from transforms.describe import page, panel, relationship
from transforms.panel import LAID
from transforms.relationship import forms
from transforms.relationship.meanings import COMMON, MEANINGS, told
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


def test_the_relationship_frames_in_docs_are_the_generated_ones() -> None:
    assert (DOCS / "relationship.md").read_text(encoding="utf-8") == relationship()


def test_every_column_of_a_relationship_frame_is_explained_once_and_nothing_else() -> None:
    assert set(MEANINGS) == set(forms.FRAMES)
    for frame, schema in forms.FRAMES.items():
        said = MEANINGS[frame]
        assert set(said.columns) <= set(schema) >= set(said.key), frame
        assert all(len(part) > 1 for column in schema for part in told(frame, column)), frame
        assert not {column for column in said.columns if said.columns[column] == COMMON.get(column)}, frame
    assert set(COMMON) <= {column for schema in forms.FRAMES.values() for column in schema}


def test_the_page_says_type_unit_and_meaning() -> None:
    lines = relationship().splitlines()
    assert "| `deposit_adb_365` | Int64 | money | average balance of 365 days, all deposit accounts |" in lines
    assert any(
        line.startswith("| `follow_ups` | List(Struct(days, due_on, held_on, state)) | list |") for line in lines
    )
    assert (
        "Key: `client_id`, `line`. Made by `transforms.relationship.dealings`, which says what is ours where the source is open."
        in lines
    )
