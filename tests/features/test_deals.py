"""Prices of deals, related parties and intangibles: cases worked by hand, and plain Python over random deals and ties."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, ago, agrees, done, measured, one, shard
from transforms.features import deals

M = 100_000_000  # a million currency units in minor units
KINDS = {"events": ["deal"]}
LONG_AGO = date(2010, 1, 1)
NEVER = dict.fromkeys(
    ("deals_material", "deal_discount", "deal_premium_related", "deals_unvalued", "intangible_related", "deal_keys")
)
NOTHING: Row = {
    "deals_material": 0, "deal_discount": 0.0, "deal_premium": 0.0, "deals_unvalued": False, "deal_discount_related": 0.0,
    "deal_premium_related": 0.0, "deal_discount_open": 0.0, "deal_premium_open": 0.0, "deal_discount_related_open": 0.0,
    "deal_premium_related_open": 0.0, "related_deals_unvalued": False, "deal_keys": [], "intangible_overpriced": 0,
    "intangible_unappraised": 0, "intangible_related": 0, "intangible_unvalued": 0,
    "intangible_seller_unknown": 0, "intangible_keys": [], "intangible_purchases_since": 0,
}  # fmt: skip


def deal(price: int = 2 * M, fair: int | None = 2 * M, days: int = 10, name: str = "e", **more: Any) -> Row:
    return {
        "event_id": name, "kind": "deal", "subtype": "asset_sale", "party_id": "c", "happened_on": ago(days),
        "recorded_on": ago(days), "amount": price, "ref_amount": fair,
    } | more  # fmt: skip


def link(one_end: str, other_end: str, relation: str, start: date | None = LONG_AGO, **more: Any) -> Row:
    row = {"link_id": f"{one_end}{relation}{other_end}", "from_id": one_end, "to_id": other_end, "relation": relation}
    return row | {"start_on": start, "recorded_on": LONG_AGO} | more


def of(
    rows: list[Row], links: list[Row] | None = (), assets: int | None = 100 * M, clients: tuple[str, ...] = ("c",),
    group: dict[str, str] | None = None,
) -> Any:  # fmt: skip
    told = {"client_id": pl.String, "total_assets": pl.Int64, "statement_year_ago_period_end": pl.Date}
    filed = [
        {"client_id": c, "total_assets": assets, "statement_year_ago_period_end": date(2013, 12, 31)} for c in clients
    ]
    tables = {"events": rows} | ({} if links is None else {"party_links": list(links)})
    return shard(tables, clients, {"statements": done(told, *filed)}, group=group, kinds=KINDS)


CASES: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOTHING),
    "at fair value": ([deal()], NOTHING | {"deals_material": 1, "deal_keys": ["events:e"]}),
    "below": ([deal(fair=4 * M)], NOTHING | {"deals_material": 1, "deal_discount": 0.5, "deal_keys": ["events:e"]}),
    "above": ([deal(3 * M)], NOTHING | {"deals_material": 1, "deal_premium": 0.5, "deal_keys": ["events:e"]}),
    "exactly 70%": ([deal(70 * M, 100 * M)], {"deal_discount": 0.3}),
    "each way the furthest": (
        [deal(4 * M, 5 * M), deal(3 * M, 2 * M, name="b"), deal(2 * M, 5 * M, name="d"), deal(3 * M, name="f")],
        {"deal_discount": 0.6, "deal_premium": 0.5, "deals_material": 4},
    ),
    "one million and 1% of assets": ([deal(M, 2 * M)], {"deals_material": 1}),
    "under one million": ([deal(M - 1, 2 * M)], NOTHING),
    "365 days, both ends in": ([deal(fair=4 * M, days=365)], {"deal_discount": 0.5}),
    "not 366": ([deal(fair=4 * M, days=366)], NOTHING),
    "recorded after T": ([deal(recorded_on=ago(-1))], NOTHING),
    "somebody else's": ([deal(party_id="x")], NOTHING),
    "no fair value": (
        [deal(fair=None), deal(fair=4 * M, name="b")],
        {"deals_unvalued": True, "deal_discount": 0.5, "related_deals_unvalued": False},
    ),
    "no fair value, related": ([deal(fair=None, flags=["related_party"])], {"related_deals_unvalued": True}),
    "flagged as related": (
        [deal(fair=4 * M, flags=["related_party"]), deal(2 * M, 8 * M, name="b")],
        {"deal_discount": 0.75, "deal_discount_related": 0.5},
    ),
    "intangibles": (
        [
            deal(3 * M, name="a", subtype="intangible_purchase"),
            deal(4 * M, 4 * M, name="b", subtype="intangible_purchase", flags=["appraised", "related_party"]),
            deal(13 * M, 10 * M, name="d", subtype="intangible_purchase", flags=["appraised"]),  # 130% is not over
        ],
        {
            "intangible_overpriced": 3 * M,
            "intangible_unappraised": 3 * M,
            "intangible_related": 4 * M,
            "intangible_unvalued": 0,
            "intangible_purchases_since": 3,
            "intangible_keys": ["events:a", "events:b", "events:d"],
        },
    ),
    "an intangible without a fair value": (
        [deal(M, None, subtype="intangible_purchase", flags=["appraised"])],
        {"intangible_unvalued": M, "intangible_overpriced": 0, "intangible_unappraised": 0},
    ),
    "since the statement a year before": (
        [
            deal(days=545, subtype="intangible_purchase"),  # 1 January 2014
            deal(days=546, name="b", subtype="intangible_purchase"),
        ],
        {"intangible_purchases_since": 1, "intangible_unappraised": 0},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    rows, expected = CASES[name]
    made = one(deals, of(rows))
    agrees(made, expected)
    assert one(deals, of(rows[::-1])) == made


def test_material_against_assets() -> None:
    agrees(one(deals, of([deal(2 * M, 4 * M)], assets=200 * M)), {"deals_material": 1, "deal_discount": 0.5})
    agrees(one(deals, of([deal(2 * M, 4 * M)], assets=201 * M)), NOTHING)
    unknown = one(deals, of([deal(2 * M, 4 * M), deal(M - 1, 4 * M, name="b")], assets=None))
    agrees(unknown, NOTHING | {"deals_material": 1, "deal_discount_open": 0.5, "deal_keys": ["events:e"]})
    related = one(deals, of([deal(3 * M, flags=["related_party"])], assets=None))
    agrees(related, {"deal_premium_open": 0.5, "deal_premium_related_open": 0.5, "deal_premium_related": 0.0})


def test_purchases_without_a_statement_a_year_before() -> None:
    told = {"client_id": pl.String, "total_assets": pl.Int64, "statement_year_ago_period_end": pl.Date}
    bought = [deal(days=days, name=str(days), subtype="intangible_purchase") for days in (365, 366)]
    made = shard({"events": bought, "party_links": []}, before={"statements": done(told, {})}, kinds=KINDS)
    agrees(one(deals, made), {"intangible_purchases_since": 1})


def test_not_connected() -> None:
    filed = {
        "statements": done({"total_assets": pl.Int64, "statement_year_ago_period_end": pl.Date}, {"total_assets": M})
    }
    agrees(one(deals, shard({"party_links": []}, before=filed)), NEVER)
    agrees(one(deals, shard({"events": []}, before=filed, kinds={"events": ["news"]})), NEVER)


TO = deal(fair=4 * M, other_id="o", subtype="intangible_purchase")
TIES: dict[str, tuple[list[Row], bool]] = {
    "none": ([], False),
    "shareholder": ([link("o", "c", "shareholder_of")], True),
    "own subsidiary": ([link("c", "o", "shareholder_of")], True),
    "controller": ([link("o", "c", "controller_of")], True),
    "group": ([link("c", "o", "group_member_of")], True),
    "co-borrower": ([link("o", "c", "co_borrower_with")], True),
    "customer": ([link("o", "c", "customer_of")], False),
    "employee": ([link("o", "c", "employee_of")], False),
    "director": ([link("o", "c", "director_of")], True),
    "the client is no director": ([link("c", "o", "director_of")], False),
    "relative of a director": ([link("p", "c", "director_of"), link("o", "p", "relative_of")], True),
    "the other way round": ([link("p", "c", "executive_of"), link("p", "o", "relative_of")], True),
    "relative of nobody here": ([link("p", "x", "director_of"), link("o", "p", "relative_of")], False),
    "friend of a director": ([link("p", "c", "director_of"), link("o", "p", "friend_of")], False),
    "from that day on": ([link("o", "c", "shareholder_of", ago(10))], True),
    "from the day after": ([link("o", "c", "shareholder_of", ago(9))], False),
    "until the day after": ([link("o", "c", "shareholder_of", end_on=ago(9))], True),
    "ended that day": ([link("o", "c", "shareholder_of", end_on=ago(10))], False),
    "no dates": ([link("o", "c", "shareholder_of", None)], True),
    "known after T": ([link("o", "c", "shareholder_of", recorded_on=ago(-1))], False),
    "the director had left": ([link("p", "c", "director_of", end_on=ago(10)), link("o", "p", "relative_of")], False),
    "not yet related": ([link("p", "c", "director_of"), link("o", "p", "relative_of", ago(9))], False),
    "of another": ([link("n", "c", "shareholder_of")], False),
}  # fmt: skip


@pytest.mark.parametrize("name", TIES)
def test_related_on_the_day(name: str) -> None:
    links, related = TIES[name]
    made = one(deals, of([TO], links))
    expected = {"deal_discount_related": 0.5 if related else 0.0, "intangible_related": 2 * M if related else 0}
    agrees(made, expected | {"related_deals_unvalued": False, "intangible_seller_unknown": 0})


def test_one_group_by_the_client_master() -> None:
    for group in ({"c": "o"}, {"o": "c"}, {"c": "top", "o": "top"}):
        for links in ([], None):
            agrees(
                one(deals, of([TO], links, group=group)),
                {"deal_discount_related": 0.5, "related_deals_unvalued": False},
            )
    agrees(one(deals, of([TO], [], group={"c": "top", "o": "o"})), {"deal_discount_related": 0.0})


def test_ties_not_connected() -> None:
    agrees(
        one(deals, of([TO], None)),
        {"deal_discount_related_open": 0.5, "deal_discount_related": 0.0, "intangible_seller_unknown": 2 * M},
    )
    agrees(
        one(deals, of([TO | {"other_id": None}], None)),
        {"deal_discount_related_open": 0.0, "deal_discount_related": 0.0},
    )
    agrees(one(deals, of([TO | {"flags": ["related_party"]}], None)), {"deal_discount_related": 0.5})


def plainly(row: Row, links: list[Row]) -> bool:
    """Whether a deal's other side is related on its day, by loops over the links."""

    def holds(tie: Row) -> bool:
        day = row["happened_on"]
        return (tie["start_on"] or day) <= day < (tie.get("end_on") or date(9999, 1, 1))

    client, other = row["party_id"], row["other_id"]
    group = {"shareholder_of", "controller_of", "group_member_of", "co_borrower_with"}
    roles = {"legal_rep_of", "director_of", "supervisor_of", "executive_of", "finance_head_of"}
    ends = [(t["from_id"], t["to_id"], t["relation"]) for t in links if holds(t)]
    key = {a for a, b, relation in ends if relation in roles and b == client}
    kin = {x for a, b, relation in ends if relation == "relative_of" for x, y in ((a, b), (b, a)) if y in key}
    tied = any({a, b} == {client, other} for a, b, relation in ends if relation in group)
    return "related_party" in (row.get("flags") or []) or tied or other in key | kin


def test_random_deals() -> None:
    dice = random.Random(22)
    clients = tuple(f"c{number:03d}" for number in range(200))
    people = [f"p{number}" for number in range(40)]
    relations = ["shareholder_of", "director_of", "relative_of", "supplier_of", "legal_rep_of", "group_member_of"]
    links = []
    for _ in range(600):
        a, b = dice.choice(people), dice.choice([*people, *clients])
        start, end = ago(dice.randrange(900)), dice.choice([None, ago(dice.randrange(900))])
        links.append(link(a, b, dice.choice(relations), start, end_on=end))
    rows = []
    for number in range(500):
        prices = {"price": dice.randrange(M // 2, 4 * M), "fair": dice.choice([None, dice.randrange(M, 4 * M)])}
        who = {"party_id": dice.choice(clients), "other_id": dice.choice(people)}
        flags = dice.choice([None, [], ["appraised"], ["related_party"]])
        rows.append(deal(**prices, days=dice.randrange(400), name=f"e{number}", flags=flags, **who))
    made = measured(deals, of(rows, links, assets=150 * M, clients=clients))
    for row in made.iter_rows(named=True):
        mine = [r for r in rows if r["party_id"] == row["client_id"] and r["happened_on"] >= ago(365)]
        big = [r for r in mine if r["amount"] >= 1.5 * M]
        related = [r for r in big if plainly(r, links)]
        off = {
            name: [round(r["amount"] / r["ref_amount"] - 1, 9) for r in some if r["ref_amount"]]
            for name, some in (("", big), ("_related", related))
        }
        expected = {f"deal_premium{name}": max([0.0, *values]) for name, values in off.items()}
        expected |= {f"deal_discount{name}": max([0.0, *(-x for x in values)]) for name, values in off.items()}
        expected["deals_unvalued"] = any(r["ref_amount"] is None for r in big)
        expected["related_deals_unvalued"] = any(r["ref_amount"] is None for r in related)
        agrees(row, expected | {"deals_material": len(big)})
