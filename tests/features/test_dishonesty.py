"""Listings as a dishonest debtor: the client's and its direct controllers'."""

from datetime import date

import pytest
from polars.testing import assert_frame_equal

from tests.features.happenings import link, mixed, registry
from tests.features.shards import Row, ago, agrees, measured, one, shard
from transforms.features import dishonesty

KINDS = {"events": ["registry"]}
OWN = {"dishonest_client": 0, "dishonest_client_removed": 0, "dishonest_client_keys": []}
THEIRS = {"dishonest_controller": 0, "dishonest_controller_removed": 0, "dishonest_controller_keys": []}
NOTHING: Row = OWN | THEIRS
CONTROL = [link("controller_of")]


def listed(age: int, name: str = "e", **more: object) -> Row:
    return registry("dishonest_executee", age, name, **more)


CASES: dict[str, tuple[list[Row], list[Row], Row]] = {
    "nothing": ([], CONTROL, NOTHING),
    "listed for years": ([listed(4000)], [], {"dishonest_client": 1, "dishonest_client_keys": ["events:e"]} | THEIRS),
    "known tomorrow": ([listed(5, recorded_on=ago(-1))], [], NOTHING),
    "another subtype": ([registry("executed", 5)], [], NOTHING),
    "off since today": ([listed(500, ends_on=ago(0))], [], {"dishonest_client": 0, "dishonest_client_removed": 1}),
    "off from tomorrow": ([listed(500, ends_on=ago(-1))], [], {"dishonest_client": 1, "dishonest_client_removed": 0}),
    "off for three years": (
        [listed(2000, ends_on=date(2012, 6, 30))],
        [],
        {"dishonest_client_removed": 1, "dishonest_client_keys": ["events:e"]},
    ),
    "off for longer": ([listed(2000, ends_on=date(2012, 6, 29))], [], NOTHING),
    "the controller": (
        [listed(5, party_id="p")],
        CONTROL,
        OWN | {"dishonest_controller": 1, "dishonest_controller_keys": ["events:e"]},
    ),
    "the controller's, off": ([listed(5, party_id="p", ends_on=ago(1))], CONTROL, {"dishonest_controller_removed": 1}),
    "a controller of yesterday": ([listed(5, party_id="p")], [link("controller_of", until=0)], NOTHING),
    "a controller until tomorrow": (
        [listed(5, party_id="p")],
        [link("controller_of", until=-1)],
        {"dishonest_controller": 1},
    ),
    "a shareholder": ([listed(5, party_id="p")], [link("shareholder_of")], NOTHING),
    "the controller's controller": (
        [listed(5, party_id="q")],
        [*CONTROL, link("controller_of", "q", "m", to_id="p")],
        NOTHING,
    ),
    "whom the client controls": ([listed(5, party_id="q")], [link("controller_of", "c", "m", to_id="q")], NOTHING),
    "two links, one listing": (
        [listed(5, party_id="p")],
        [*CONTROL, link("controller_of", name="m")],
        {"dishonest_controller": 1},
    ),
}


@pytest.mark.parametrize(("rows", "links", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], links: list[Row], expected: Row) -> None:
    agrees(one(dishonesty, shard({"events": rows, "party_links": links}, kinds=KINDS)), expected)


def test_without_links_only_the_client_is_known() -> None:
    row = one(dishonesty, shard({"events": [listed(5)]}))
    agrees(row, {"dishonest_client": 1} | dict.fromkeys(THEIRS))


def test_without_a_register_nothing_is_known() -> None:
    for made in (shard({"party_links": CONTROL}), shard({"party_links": CONTROL, "events": []})):
        assert set(one(dishonesty, made).values()) == {"c", None}


def test_order_and_repeats_do_not_matter() -> None:
    events = [
        listed(5, "a"),
        listed(9, "b", party_id="p"),
        listed(50, "d", ends_on=ago(3)),
        listed(7, "f", party_id="x"),
    ]
    links = [link("controller_of"), link("controller_of", "c", "m", to_id="x")]
    made = [
        shard({"events": e, "party_links": k}, ("c", "x")) for e, k in ((events, links), (mixed(events), mixed(links)))
    ]
    first, second = (measured(dishonesty, s) for s in made)
    assert first["dishonest_controller"].to_list() == [1, 1]
    assert_frame_equal(first, second)
