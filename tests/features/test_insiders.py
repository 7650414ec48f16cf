"""Lawsuits inside the house, the sole ruler, whom the bank met, what managers are in charge of."""

from datetime import datetime, time
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import link, mixed, registry
from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import insiders

KINDS = {"events": ["registry"]}
NOTHING: Row = {
    "insider_lawsuits_365": 0, "insider_lawsuits_keys": [], "sole_ruler_share": 0.0, "sole_ruler_keys": [], "managers_known": 0,
    "managers_sales": 0, "managers_finance": 0, "managers_production": 0, "other_deciders_met_365": 0,
}  # fmt: skip
RULER = [link("legal_rep_of", name="a"), link("director_of", name="b"), link("shareholder_of", name="d", share_pct=0.9)]
OTHER = link("contact_of", "q", "m", decision_role="decision_maker")


def met(age: int, person: str | None = "q", name: str = "i", **more: Any) -> Row:
    at = datetime.combine(ago(age), time(10))
    return {"interaction_id": name, "client_id": "c", "contact_id": person, "started_at": at, "status": "done",
            "recorded_at": at} | more  # fmt: skip


def lawsuit(age: int, name: str = "e", **more: Any) -> Row:
    return registry("lawsuit", age, name, **({"other_id": "p"} | more))


CASES: dict[str, tuple[list[Row], list[Row], list[Row], Row]] = {
    "nothing": ([], [], [], NOTHING),
    # lawsuits
    "against a director": ([lawsuit(365)], [link("director_of")], [], {"insider_lawsuits_365": 1, "insider_lawsuits_keys": ["events:e"]}),
    "366 days ago": ([lawsuit(366)], [link("director_of")], [], NOTHING),
    "by a shareholder": ([lawsuit(5, party_id="p", other_id="c")], [link("shareholder_of")], [], {"insider_lawsuits_365": 1}),
    "of two insiders, not the company": (
        [lawsuit(5, party_id="p", other_id="q")], [link("shareholder_of"), link("director_of", "q", "m")], [],
        {"insider_lawsuits_365": 0},
    ),
    "against a stranger": ([lawsuit(5, other_id="z")], [link("director_of")], [], NOTHING),
    "against nobody named": ([lawsuit(5, other_id=None)], [link("director_of")], [], NOTHING),
    "against a supplier": ([lawsuit(5)], [link("supplier_of")], [], NOTHING),
    "against one who left": ([lawsuit(5)], [link("director_of", until=1)], [], NOTHING),
    "withdrawn": ([lawsuit(5, ends_on=ago(1))], [link("director_of")], [], NOTHING),
    "filed on both sides": (
        [lawsuit(5, "a"), lawsuit(5, "b", party_id="p", other_id="c")], [link("director_of"), link("shareholder_of", name="m")], [],
        {"insider_lawsuits_365": 2},
    ),
    # the sole ruler
    "a ruler": ([], RULER, [], {"sole_ruler_share": 0.9, "sole_ruler_keys": ["party_links:a", "party_links:b", "party_links:d"]}),
    "two holdings": ([], [*RULER, link("shareholder_of", name="e", share_pct=0.05)], [], {"sole_ruler_share": 0.95}),
    "a holding without a share": ([], [*RULER, link("shareholder_of", name="e")], [], {"sole_ruler_share": None}),
    "no holding": ([], RULER[:2], [], {"sole_ruler_share": 0.0, "sole_ruler_keys": ["party_links:a", "party_links:b"]}),
    "a second director": ([], [*RULER, link("director_of", "q", "m")], [], {"sole_ruler_share": 0.0, "sole_ruler_keys": []}),
    "a second director who left": ([], [*RULER, link("director_of", "q", "m", until=0)], [], {"sole_ruler_share": 0.9}),
    "two rows of one director": ([], [*RULER, link("director_of", name="f")], [], {"sole_ruler_share": 0.9}),
    "director, not legal representative": ([], RULER[1:], [], {"sole_ruler_share": 0.0}),
    "no director known": ([], [RULER[0], RULER[2]], [], {"sole_ruler_share": 0.0}),
    # whom the bank met
    "another decider met": ([], [*RULER, OTHER], [met(365)], {"other_deciders_met_365": 1}),
    "366 days ago, met": ([], [*RULER, OTHER], [met(366)], {"other_deciders_met_365": 0}),
    "met with others": ([], [*RULER, OTHER], [met(5, "z", other_contacts=["y", "q"])], {"other_deciders_met_365": 1}),
    "met twice": ([], [*RULER, OTHER], [met(5), met(6, name="j", other_contacts=["q"])], {"other_deciders_met_365": 1}),
    "the ruler does not count": (
        [], [*RULER, link("contact_of", "p", "m", decision_role="decision_maker")], [met(5, "p")], {"other_deciders_met_365": 0},
    ),
    "an influencer does not count": ([], [link("contact_of", "q", decision_role="influencer")], [met(5)], {"other_deciders_met_365": 0}),
    "a decider of old does not count": ([], [OTHER | {"end_on": ago(0)}], [met(5)], {"other_deciders_met_365": 0}),
    "planned only": ([], [OTHER], [met(5, status="planned")], {"other_deciders_met_365": 0}),
    "written down tomorrow": ([], [OTHER], [met(0, recorded_at=datetime.combine(ago(-1), time(9)))], {"other_deciders_met_365": 0}),
    "nobody named": ([], [OTHER], [met(5, None)], {"other_deciders_met_365": 0}),
    # functions
    "functions": (
        [],
        [
            link("executive_of", "a", "1", function="sales"), link("director_of", "a", "2", function="production"),
            link("executive_of", "b", "3", function="production"), link("finance_head_of", "d", "4"),
            link("legal_rep_of", "e", "5", function="general"), link("executive_of", "f", "6"),
            link("contact_of", "g", "7", function="sales"), link("executive_of", "h", "8", until=1, function="sales"),
            link("supervisor_of", "k", "9", function="hr"),
        ],
        [],
        {"managers_known": 5, "managers_sales": 1, "managers_finance": 1, "managers_production": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "links", "meetings", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], links: list[Row], meetings: list[Row], expected: Row) -> None:
    made = shard({"events": rows, "party_links": links, "interactions": meetings}, kinds=KINDS)
    agrees(one(insiders, made), expected)


def test_what_is_not_connected_is_unknown() -> None:
    tables: dict[str, list[Row]] = {"events": [lawsuit(5)], "party_links": [*RULER, OTHER], "interactions": [met(5)]}
    for gone, lost in {
        "events": ["insider_lawsuits_365"],
        "interactions": ["other_deciders_met_365"],
        "party_links": [name for name in NOTHING if not name.endswith("keys")],
    }.items():
        row = one(insiders, shard({name: rows for name, rows in tables.items() if name != gone}))
        assert [name for name in NOTHING if row[name] is None and not name.endswith("keys")] == lost


def test_order_and_repeats_do_not_matter() -> None:
    rows = [lawsuit(5, "a"), lawsuit(9, "b", party_id="x", other_id="q"), lawsuit(7, "d", party_id="q", other_id="x")]
    links = [*RULER, OTHER, link("shareholder_of", "q", "n", to_id="x", share_pct=0.3)]
    meetings = [met(5), met(6, name="j"), met(7, "p", "k")]
    tables = {"events": rows, "party_links": links, "interactions": meetings}
    first, second = (
        measured(insiders, shard({name: change(part) for name, part in tables.items()}, ("c", "x")))
        for change in (list, mixed)
    )
    assert first["insider_lawsuits_365"].to_list() == [1, 2]
    assert_frame_equal(first, second)
