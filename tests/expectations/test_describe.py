"""The generated pages are what stands in docs/."""

import re
from pathlib import Path

import pytest

from expectations.describe import ddl, page
from expectations.tables import TABLES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_page_in_docs_is_the_generated_one(locale: str) -> None:
    assert (DOCS / f"input-model.{locale}.md").read_text(encoding="utf-8") == page(locale)


def test_the_ddl_in_docs_is_the_generated_one() -> None:
    assert (DOCS / "input-model.sql").read_text(encoding="utf-8") == ddl()


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_table_and_column_stands_on_the_page(locale: str) -> None:
    said = page(locale)
    for table in TABLES.values():
        assert f"## `{table.name}` {table.zh}" in said
        for column in table.columns:
            assert f"| `{column.name}` | {column.zh} |" in said


def test_the_chinese_page_has_chinese_punctuation() -> None:
    notes = [column.note_zh for table in TABLES.values() for column in table.columns]
    assert [note for note in notes if re.search(r"[\u4e00-\u9fff][,;:()]|[,;:()][\u4e00-\u9fff]", note)] == []
