"""Who left and who came: one decision counts once, a successor is no second change, an office left empty."""

import random
from datetime import date
from itertools import product

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import link, mixed, registry
from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import key_people

KINDS = {"events": ["registry"]}
NOTHING: Row = {
    "registered_changes_180": 0, "registered_changes_keys": [], "key_people_changed_180": 0, "key_people_keys": [],
    "offices_vacant": 0, "office_vacant_since": None, "resignations_180": 0,
}  # fmt: skip
CHIEF = {"function": "general"}


def old_chief(until: int | None) -> Row:
    return link("executive_of", "old", "old", 2000, until, **CHIEF)


def new_chief(since: int) -> Row:
    return link("executive_of", "new", "new", since, **CHIEF)


CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "nothing": ([], [link("director_of"), old_chief(None)], NOTHING),
    "registered 180 days ago": (
        [registry("cfo_change", 180)],
        [],
        NOTHING | {"registered_changes_180": 1, "registered_changes_keys": ["events:e"], "key_people_changed_180": 1,
                   "key_people_keys": ["events:e"]},
    ),
    "181 days ago": ([registry("cfo_change", 181)], [], NOTHING),
    "withdrawn": ([registry("cfo_change", 20, ends_on=ago(3))], [], NOTHING),
    "another row": ([registry("controller_change", 20)], [], NOTHING),
    "three kinds, nobody named": (
        [registry(kind, 20, kind) for kind in ("legal_rep_change", "director_change", "general_manager_change")],
        [],
        {"registered_changes_180": 3, "key_people_changed_180": 3},
    ),
    "three kinds, one person": (
        [registry(kind, 20, kind, other_id="p") for kind in ("legal_rep_change", "director_change", "general_manager_change")],
        [],
        {"registered_changes_180": 1, "key_people_changed_180": 1},
    ),
    "two directors on one day": (
        [registry("director_change", 20, "a", other_id="p"), registry("director_change", 20, "b", other_id="q")],
        [],
        {"registered_changes_180": 2},
    ),
    "registered and linked, one person, 30 days apart": (
        [registry("director_change", 20, other_id="p")],
        [link("director_of", "p", since=50)],
        {"registered_changes_180": 1, "key_people_changed_180": 1, "key_people_keys": ["events:e", "party_links:l"]},
    ),
    "31 days apart": (
        [registry("director_change", 20, other_id="p")],
        [link("director_of", "p", since=51)],
        {"key_people_changed_180": 2},
    ),
    "registered in another office, one person": (
        [registry("director_change", 20, other_id="p")],
        [link("executive_of", "p", since=25)],
        {"key_people_changed_180": 1},
    ),
    "registered without a name, linked in the office": (
        [registry("director_change", 20)],
        [link("director_of", "p", since=25)],
        {"key_people_changed_180": 1},
    ),
    "registered without a name, linked in another office": (
        [registry("director_change", 20)],
        [link("finance_head_of", "p", since=25)],
        {"key_people_changed_180": 2},
    ),
    "replaced: registered, gone and come": (
        [registry("general_manager_change", 95, other_id="new")],
        [old_chief(100), new_chief(99)],
        {"registered_changes_180": 1, "key_people_changed_180": 1, "resignations_180": 1, "offices_vacant": 0},
    ),
    "replaced by somebody 31 days later": ([], [old_chief(100), new_chief(69)], {"key_people_changed_180": 2, "offices_vacant": 0}),
    "two directors out, three in": (
        [],
        [link("director_of", p, p, 900, 40) for p in "ab"] + [link("director_of", p, p, 39) for p in "xyz"],
        {"key_people_changed_180": 3, "resignations_180": 2},
    ),
    "one who leaves two posts": (
        [],
        [link("legal_rep_of", "p", "a", 900, 40), link("executive_of", "p", "b", 900, 40, **CHIEF)],
        {"key_people_changed_180": 1, "resignations_180": 1},
    ),
    "who moves up is one change and no resignation": (
        [],
        [link("executive_of", "p", "a", 900, 40, function="sales"), link("executive_of", "p", "b", 40, **CHIEF)],
        {"key_people_changed_180": 1, "resignations_180": 0, "offices_vacant": 0},
    ),
    "a new stance is no change": (
        [],
        [link("director_of", "p", "a", 900, 40, stance="neutral"), link("director_of", "p", "b", 40, stance="critical")],
        NOTHING,
    ),
    "back within 30 days": ([], [link("director_of", "p", "a", 900, 40), link("director_of", "p", "b", 10)], NOTHING),
    "back after 31": (
        [],
        [link("director_of", "p", "a", 900, 40), link("director_of", "p", "b", 9)],
        {"key_people_changed_180": 2, "resignations_180": 1},
    ),
    "left 180 days ago": ([], [link("director_of", until=180)], {"key_people_changed_180": 1, "resignations_180": 1}),
    "left 181 days ago": ([], [link("director_of", until=181)], NOTHING),
    "leaves tomorrow": ([], [link("director_of", until=-1)], NOTHING),
    "starts tomorrow": ([], [link("director_of", since=-1)], NOTHING),
    "known tomorrow": ([], [link("director_of", until=5, recorded_on=ago(-1))], NOTHING),
    "since nobody knows when": ([], [link("director_of", since=None)], NOTHING),
    "a contact": ([], [link("contact_of", "q", "m", until=5)], NOTHING),
    "a supervisor is a key person, no director or executive": (
        [], [link("supervisor_of", until=5)], {"key_people_changed_180": 1, "resignations_180": 0},
    ),
    "somebody else's": ([registry("cfo_change", 5, party_id="x")], [link("director_of", until=5, to_id="x")], NOTHING),
    "a legal representative alone does not resign": ([], [link("legal_rep_of", until=5)], {"key_people_changed_180": 1, "resignations_180": 0}),
    "the chief gone for 61 days": ([], [old_chief(61)], {"offices_vacant": 1, "office_vacant_since": ago(61)}),
    "for 60 days": ([], [old_chief(60)], {"offices_vacant": 0, "office_vacant_since": None}),
    "for 180 days": ([], [old_chief(180)], {"offices_vacant": 1}),
    "for 181 days": ([], [old_chief(181)], NOTHING),
    "followed on the 60th day": ([], [old_chief(100), new_chief(40)], {"offices_vacant": 0}),
    "on the 61st": ([], [old_chief(100), new_chief(39)], {"offices_vacant": 1}),
    "followed, and gone again": (
        [],
        [old_chief(150), link("executive_of", "new", "new", 149, 145, **CHIEF)],
        {"offices_vacant": 1, "office_vacant_since": ago(145)},
    ),
    "a second chief was there": ([], [old_chief(100), link("executive_of", "q", "q", None, **CHIEF)], {"offices_vacant": 0}),
    "both offices": (
        [],
        [old_chief(100), link("finance_head_of", "f", "f", 900, 120)],
        {"offices_vacant": 2, "office_vacant_since": ago(120)},
    ),
    "an executive of finance follows the head of finance": (
        [],
        [link("finance_head_of", "f", "f", 900, 120), link("executive_of", "g", "g", 100, function="finance")],
        {"offices_vacant": 0},
    ),
    "another executive does not": (
        [],
        [old_chief(100), link("executive_of", "g", "g", 100, function="sales")],
        {"offices_vacant": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "links", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], links: list[Row], expected: Row) -> None:
    agrees(one(key_people, shard({"events": rows, "party_links": links}, kinds=KINDS)), expected)


def test_what_is_not_connected_is_unknown() -> None:
    rows, links = [registry("cfo_change", 5)], [link("director_of", until=5)]
    without_links = one(key_people, shard({"events": rows}))
    agrees(without_links, {"registered_changes_180": 1, "key_people_changed_180": None, "offices_vacant": None})
    without_register = one(key_people, shard({"party_links": links}))
    agrees(without_register, {"registered_changes_180": None, "key_people_changed_180": None, "resignations_180": 1})


# ---- an independent count over random rows --------------------------------------------------------------------------

OFFICE = {"legal_rep_of": 0, "director_of": 3}
REGISTERED = {"legal_rep_change": 0, "director_change": 3}


def days(a: date, b: date) -> int:
    return abs((a - b).days)


def views(rows: list[Row], links: list[Row]) -> list[tuple[str, int, str | None, date, str]]:
    """seen, office, person, day, key."""
    found = [
        ("registry", REGISTERED[r["subtype"]], r["other_id"], r["happened_on"], r["event_id"])
        for r in rows if 0 <= (T - r["happened_on"]).days <= 180
    ]  # fmt: skip
    for one_link in links:
        office, person, start, end = (
            OFFICE[one_link["relation"]],
            one_link["from_id"],
            one_link["start_on"],
            one_link["end_on"],
        )
        same = [x for x in links if OFFICE[x["relation"]] == office and x["from_id"] == person and x is not one_link]
        if end and 0 <= (T - end).days <= 180:
            on = [x for x in same if (not x["end_on"] or x["end_on"] > end) and (x["start_on"] - end).days <= 30]
            found += [] if on else [("left", office, person, end, one_link["link_id"])]
        if 0 <= (T - start).days <= 180:
            before = [
                x for x in same if x["start_on"] < start and (not x["end_on"] or (start - x["end_on"]).days <= 30)
            ]
            found += [] if before else [("came", office, person, start, one_link["link_id"])]
    return found


def decisions(found: list[tuple[str, int, str | None, date, str]]) -> int:
    moved = []
    for seen, office, person, day, key in found:
        near = [f[1] for f in found if person and f[2] == person and days(f[3], day) <= 30]
        moved.append((min([office, *near]), day, seen, person or key))
    count = 0
    for office in {m[0] for m in moved}:
        group: dict[str, set[str]] = {}
        last = None
        for _, day, seen, who in sorted(m for m in moved if m[0] == office):
            if last is not None and days(day, last) > 30:
                count += max(map(len, group.values()))
                group = {}
            group.setdefault(seen, set()).add(who)
            last = day
        count += max(map(len, group.values()))
    return count


def test_random_changes_against_plain_python() -> None:
    rng = random.Random(3)
    clients = [f"c{i:03d}" for i in range(200)]
    rows, links = [], []
    for client, n in product(clients, range(4)):
        person = rng.choice("pq")
        if rng.random() < 0.4:
            rows.append(
                registry(rng.choice(list(REGISTERED)), rng.randint(0, 200), f"{client}e{n}", party_id=client,
                         other_id=rng.choice([person, None]))
            )  # fmt: skip
        since = rng.choice([900, rng.randint(0, 220)])
        until = rng.choice([None, rng.randint(0, min(since, 220))])
        links.append(link(rng.choice(list(OFFICE)), person, f"{client}l{n}", since, until, to_id=client))
    result = measured(key_people, shard({"events": rows, "party_links": links}, clients))
    for row in result.iter_rows(named=True):
        mine = [r for r in rows if r["party_id"] == row["client_id"]]
        theirs = [k for k in links if k["to_id"] == row["client_id"]]
        agrees(
            row,
            {
                "key_people_changed_180": decisions(views(mine, theirs)),
                "registered_changes_180": decisions(views(mine, [])),
            },
        )
    assert result["key_people_changed_180"].n_unique() > 4
    assert_frame_equal(
        result, measured(key_people, shard({"events": mixed(rows), "party_links": mixed(links)}, clients))
    )
