"""The tables are the specification's, name by name."""

import json
from pathlib import Path

import pytest

from expectations.lists import LISTS
from expectations.tables import TABLES

SPECIFICATION = json.loads((Path(__file__).parent / "specification.json").read_text(encoding="utf-8"))


def test_the_tables_are_the_fifteen_of_this_slice() -> None:
    assert list(TABLES) == list(SPECIFICATION["tables"])


@pytest.mark.parametrize("name", list(TABLES))
def test_every_column_is_as_specified(name: str) -> None:
    table, said = TABLES[name], SPECIFICATION["tables"][name]
    assert [[c.name, c.zh, c.type, c.flags] for c in table.columns] == said["columns"]
    assert (table.zh, table.core, table.mode) == (said["zh"], said["core"], said["mode"].split()[0])
    days = said["stale_after"].split()[0]
    assert table.stale_after == (int(days) if days.isdigit() else None)


def test_closed_lists_are_verbatim() -> None:
    assert {name: list(values) for name, values in LISTS.items()} == SPECIFICATION["lists"]


def test_every_conditional_column_says_when() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert ("c" in column.flags) == (column.when is not None), f"{table.name}.{column.name}"


def test_foreign_keys_point_at_tables_validated_before() -> None:
    order = list(TABLES)
    for place, table in enumerate(TABLES.values()):
        for column in table.columns:
            if column.references:
                assert order.index(column.references) <= place
