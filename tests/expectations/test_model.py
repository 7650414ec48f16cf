"""The tables are the specification's, name by name."""

import json
from pathlib import Path

import pytest

from expectations import book, registers
from expectations.lists import LISTS
from expectations.model import Column
from expectations.tables import TABLES

SPECIFICATION = json.loads((Path(__file__).parent / "specification.json").read_text(encoding="utf-8"))


def test_the_tables_are_the_models_26_with_397_columns() -> None:
    assert set(TABLES) == set(SPECIFICATION["tables"])
    assert sum(len(table.columns) for table in TABLES.values()) == 397


@pytest.mark.parametrize("name", list(TABLES))
def test_every_column_is_as_specified(name: str) -> None:
    table, said = TABLES[name], SPECIFICATION["tables"][name]
    assert [[c.name, c.zh, c.type, c.flags, c.note, c.source] for c in table.columns] == said["columns"]
    assert (table.zh, table.core, table.mode, table.key) == (
        said["zh"],
        said["core"],
        said["mode"].split()[0],
        said["key"],
    )
    days = {"15 months": 456}.get(said["stale_after"]) or said["stale_after"].split()[0]
    assert table.stale_after == (int(days) if str(days).isdigit() else None)


def test_every_note_is_there_in_both_languages() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert bool(column.note) == bool(column.note_zh), f"{table.name}.{column.name}"


def test_closed_lists_are_verbatim() -> None:
    assert {name: list(values) for name, values in LISTS.items()} == SPECIFICATION["lists"]


def test_registers_are_verbatim() -> None:
    for name, said in SPECIFICATION["event_kinds"].items():
        kind = registers.EVENT_KINDS[name]
        assert (kind.of_party, list(kind.subtypes), list(kind.flags)) == (
            said["subject"] == "party_id", said["subtypes"], said["flags"],
        )  # fmt: skip
        named = [{"other_party_id": "other_id"}.get(column, column) for column in said["req"]]
        assert [c for c in named if not _column("events", c).required] == list(kind.required)
    assert list(registers.EVENT_KINDS) == list(SPECIFICATION["event_kinds"])
    assert [[*vars(i).values()] for i in registers.INDICATORS] == SPECIFICATION["indicators"]
    listed = {code: zh for items in registers.CHECKLISTS.values() for code, zh in items.items()}
    assert listed == dict(SPECIFICATION["archive_items"])


def _column(table: str, name: str) -> Column:
    return next(column for column in TABLES[table].columns if column.name == name)


def _own_checks() -> dict[str, set[str]]:
    """Check id → actions, of the checks tables and the book declare."""
    own: dict[str, set[str]] = {}
    declared = [c for t in TABLES.values() for c in (*t.checks, *t.table_checks)]
    for check in [*declared, *book.CHECKS]:
        own.setdefault(check.id, set()).add(str(check.action))
    return own


# Made elsewhere than in a table: the reader's, and those `rules`, `arrival` and `validation` make for every table.
_GENERIC = {"B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", *(f"C{n}" for n in range(1, 13)), "K1", "CL1"}


def test_every_check_of_the_specification_is_made_with_its_action() -> None:
    said = {check["id"]: check for check in SPECIFICATION["checks"]}
    own = _own_checks()
    assert (set(own) | _GENERIC) - HOUSE == set(said)
    assert len(said) == 105
    assert {action for name in HOUSE for action in own[name]} == {"WARN"}
    for name, actions in ((name, actions) for name, actions in own.items() if name not in HOUSE):
        words = said[name]["action"]
        allowed = {a for a in ("STOP", "CLIENT", "ROW", "WARN", "KEEP") if a in words}
        assert actions <= allowed | ({"WARN"} if name in SOFTER else set()), f"{name}: {actions} against {words}"


# Ours, they only tell: a hundredfold slip, yuan to fen, which S2 does not look for.
HOUSE = {"HU1", "HU2", "HU3"}
# O2 sets repeat_of to null and keeps the row, as its own words say.
SOFTER = {"O2"}


def test_every_conditional_column_says_when() -> None:
    for table in TABLES.values():
        for column in table.columns:
            said = column.when is not None or column.judged_by is not None
            assert ("c" in column.flags) == said, f"{table.name}.{column.name}"


def test_what_judges_a_column_is_a_check_of_its_table() -> None:
    for table in TABLES.values():
        known = {check.id for check in table.checks}
        assert {column.judged_by for column in table.columns if column.judged_by} <= known


def test_foreign_keys_and_checks_need_only_tables_validated_before() -> None:
    order = list(TABLES)
    for place, table in enumerate(TABLES.values()):
        needed = [c.references for c in table.columns if c.references]
        needed += [name for check in (*table.checks, *table.table_checks) for name in check.needs] + [*table.reads]
        assert all(order.index(name) <= place for name in needed), table.name
