"""Row by row: the night's answers of a generated bank against those of plain loops written from the catalogue's text."""

from collections import Counter
from collections.abc import Callable
from functools import cache

from tests.second_reading import additions, external, financial, management, moral_hazard, relationship
from tests.second_reading.bank import Bank, T, build
from tests.second_reading.facts import Client, World
from transforms import stages
from transforms.policy import Policy

GROUPS = {
    "EXT": external,
    "FIN": financial,
    "MGT": management,
    "MOR": moral_hazard,
    "REL": relationship,
    "ADD": additions,
}
ROWS: dict[str, Callable[[Client], str]] = {name: row for group in GROUPS.values() for name, row in group.ROWS.items()}
AT_LEAST = {"EXT": 4, "FIN": 14, "MGT": 12, "MOR": 6, "REL": 5, "ADD": 4}
HIT = ("W", "A", "R", "N")
CLIENTS, SMALL = 1_800, 200


def _small() -> Bank:
    """A second bank: few clients, few kinds of events and undertakings, four tables not delivered."""
    absent = frozenset({"bureau_reports", "disclosures", "survey_answers", "complaints"})
    bank = build(11, SMALL, "Z", without=absent)
    bank.kinds["events"] = frozenset({"policy", "news", "observation", "project"})
    bank.kinds["undertakings"] = frozenset({"rm_promise", "task"})
    return bank


@cache
def compared() -> list[tuple[str, str, str, str]]:
    """(row, client, second reading, the night's answer) over both banks."""
    told = []
    for bank in (build(7, CLIENTS), _small()):
        frames = bank.frames()
        night = Policy().night(T, dict.fromkeys(frames, T), bank.kinds)
        answers = {row["client_id"]: row for row in stages.whole(night, Policy(), frames)["answers"].to_dicts()}
        for client in World(bank).clients:
            told += [(name, client.id, row(client), answers[client.id][name]) for name, row in ROWS.items()]
    return told


def test_every_group_is_read() -> None:
    counted = Counter(name[:3] for name in ROWS)
    assert {group: counted[group] >= least for group, least in AT_LEAST.items()} == dict.fromkeys(AT_LEAST, True)
    assert len(ROWS) >= 45


def test_the_two_readings_agree() -> None:
    table, wrong = {name: Counter[str]() for name in ROWS}, []
    for name, client, ours, nights in compared():
        table[name][ours] += 1
        if ours != nights:
            table[name]["differ"] += 1
            wrong.append(f"{name} {client}: read as {ours}, the night says {nights}")
    columns = (*HIT, "CLEAR", "NO_DATA", "NOT_APPLICABLE", "differ")
    for name, counts in table.items():
        print(name, sum(counts.values()) - counts["differ"], *(f"{c} {counts[c]}" for c in columns))
    assert wrong == []


def test_every_row_hits_and_clears() -> None:
    """A row that never hits, or is never clear, would agree with anything."""
    counts = {name: Counter[str]() for name in ROWS}
    for name, _, answer, _ in compared():
        counts[name][answer] += 1
    rare = {name for name, found in counts.items() if sum(found[level] for level in HIT) < 5 or found["CLEAR"] < 5}
    assert rare == set()
