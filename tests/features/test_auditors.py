"""Changes of auditors and counsel: cases worked by hand, and plain Python over random mandates."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import auditors

D = date
Y14, Y13, Y12 = D(2014, 12, 31), D(2013, 12, 31), D(2012, 12, 31)
LONG_AGO = D(2012, 1, 1)


def filed(end: date, auditor: str | None, scope: str = "single", version: int = 1, **more: Any) -> Row:
    return {
        "party_id": "c", "period_end": end, "period_type": "Y", "scope": scope, "version": version, "months": 12,
        "currency": "CNY", "received_on": D(end.year + 1, 4, 1), "auditor_id": auditor, "total_assets": 1,
    } | more  # fmt: skip


def mandate(adviser: str, end: date | None = None, relation: str = "auditor_of", name: str = "l", **more: Any) -> Row:
    return {
        "link_id": name, "from_id": adviser, "to_id": "c", "relation": relation, "start_on": LONG_AGO, "end_on": end,
        "recorded_on": LONG_AGO,
    } | more  # fmt: skip


def of(filings: list[Row], links: list[Row] | None = None, clients: tuple[str, ...] = ("c",)) -> Any:
    return shard({"statements": filings, "party_links": links or []}, clients)


FILINGS: dict[str, tuple[list[Row], list[Row], bool | None]] = {
    "nothing filed": ([], [], None),
    "the same": ([filed(Y14, "a"), filed(Y13, "a")], [], False),
    "another": ([filed(Y14, "b"), filed(Y13, "a")], [], True),
    "not audited": ([filed(Y14, None), filed(Y13, "a")], [], None),
    "not audited before": ([filed(Y14, "b"), filed(Y13, None)], [], None),
    "a year is missing": ([filed(Y14, "b"), filed(Y12, "a")], [], None),
    "too old": ([filed(Y13, "b"), filed(Y12, "a")], [], None),
    "an earlier change": ([filed(Y14, "b"), filed(Y13, "b"), filed(Y12, "a")], [], False),
    "the newest version": ([filed(Y14, "b"), filed(Y14, "a", version=2), filed(Y13, "a")], [], False),
    "received after T": ([filed(Y14, "b", received_on=ago(-1)), filed(Y13, "a")], [], None),
    "consolidated before single": (
        [filed(Y14, "a", "consolidated"), filed(Y13, "a", "consolidated"), filed(Y14, "b"), filed(Y13, "a")],
        [],
        False,
    ),
    "consolidated only now": ([filed(Y14, "a", "consolidated"), filed(Y14, "b"), filed(Y13, "a")], [], True),
    "a quarter in between": ([filed(Y14, "b"), filed(Y13, "a"), filed(D(2015, 3, 31), "z", period_type="Q", months=3)], [], True),
    "eight years by the mandate": (
        [filed(Y14, "b"), filed(Y13, "a")], [mandate("a", start_on=D(2005, 12, 31))], False,
    ),
    "a day less": ([filed(Y14, "b"), filed(Y13, "a")], [mandate("a", start_on=D(2006, 1, 1))], True),
    "somebody else's mandate": (
        [filed(Y14, "b"), filed(Y13, "a")], [mandate("a", start_on=D(2000, 1, 1), to_id="x")], True,
    ),
    "eight years by the filings": (
        [filed(Y14, "b"), *(filed(D(year, 12, 31), "a") for year in range(2006, 2014))], [], False,
    ),
    "seven": ([filed(Y14, "b"), *(filed(D(year, 12, 31), "a") for year in range(2007, 2014))], [], True),
}  # fmt: skip


@pytest.mark.parametrize("name", FILINGS)
def test_filings(name: str) -> None:
    filings, links, expected = FILINGS[name]
    made = one(auditors, of(filings, links))
    assert made["auditor_changed"] is expected
    assert one(auditors, of(filings[::-1], links[::-1])) == made


def test_filings_are_cited() -> None:
    made = one(auditors, of([filed(Y14, "b"), filed(Y13, "a")]))
    keys = ["statements:c|2013-12-31|Y|single|1", "statements:c|2014-12-31|Y|single|1"]
    agrees(made, {"auditor_filing_keys": keys, "auditor_period_end": Y14, "auditor_before_period_end": Y13})


NOBODY = {"auditor_left": False, "auditor_left_on": None, "auditor_link_keys": [], "counsel_left": False}
GONE = {"auditor_left": True}
LINKS: dict[str, tuple[list[Row], Row]] = {
    "none": ([], NOBODY),
    "in force": ([mandate("a"), mandate("b", D(2015, 12, 31))], NOBODY),
    "in mid-term": (
        [mandate("a", D(2015, 5, 4))],
        {"auditor_left": True, "auditor_left_on": D(2015, 5, 4), "auditor_link_keys": ["party_links:l"]},
    ),
    "at the year's end": ([mandate("a", Y14)], NOBODY),
    "the day before": ([mandate("a", D(2014, 12, 30))], GONE),
    "sixty days after": ([mandate("a", D(2015, 3, 1))], NOBODY),
    "sixty-one": ([mandate("a", D(2015, 3, 2))], GONE),
    "365 days ago": ([mandate("a", ago(365))], GONE),
    "366 days ago": ([mandate("a", ago(366))], NOBODY),
    "known after T": ([mandate("a", ago(10), recorded_on=ago(-1))], NOBODY),
    "eight years": ([mandate("a", D(2015, 5, 4), start_on=D(2007, 5, 4))], NOBODY),
    "a day less": ([mandate("a", D(2015, 5, 4), start_on=D(2007, 5, 5))], GONE),
    "given again": ([mandate("a", ago(30)), mandate("a", name="m", start_on=ago(30))], NOBODY),
    "given to another": ([mandate("a", ago(30)), mandate("b", name="m", start_on=ago(30))], GONE),
    "given again later": ([mandate("a", ago(30)), mandate("a", name="m", start_on=ago(29))], GONE),
    "the newest": (
        [mandate("a", ago(300)), mandate("b", ago(20), name="m")],
        {"auditor_left_on": ago(20), "auditor_link_keys": ["party_links:l", "party_links:m"]},
    ),
    "counsel": (
        [mandate("w", Y14, "legal_counsel_of")],
        {"counsel_left": True, "counsel_left_on": Y14, "counsel_link_keys": ["party_links:l"], "auditor_left": False},
    ),
    "counsel stays": ([mandate("w", None, "legal_counsel_of")], NOBODY),
    "somebody else's": ([mandate("a", ago(30), to_id="x")], NOBODY),
}


@pytest.mark.parametrize("name", LINKS)
def test_links(name: str) -> None:
    links, expected = LINKS[name]
    made = one(auditors, of([], links))
    agrees(made, expected)
    assert one(auditors, of([], links[::-1])) == made


def test_links_not_connected() -> None:
    made = one(auditors, shard({"statements": [filed(Y14, "b"), filed(Y13, "a")]}))
    agrees(made, {"auditor_changed": True, "auditor_left": None, "counsel_left": None, "auditor_link_keys": None})


def test_random_mandates() -> None:
    dice = random.Random(40)
    clients = tuple(f"c{number:03d}" for number in range(200))
    links = []
    for number in range(600):
        start = D(dice.randrange(2004, 2015), dice.randrange(1, 13), 1)
        end = dice.choice([None, T - timedelta(days=dice.randrange(-60, 500))])
        kind = dice.choice(["auditor_of", "legal_counsel_of"])
        links.append(
            mandate(dice.choice("abc"), end, kind, f"l{number:03d}", start_on=start, to_id=dice.choice(clients))
        )

    def again(link: Row) -> bool:
        same = [x for x in links if all(x[k] == link[k] for k in ("from_id", "to_id", "relation")) and x is not link]
        return any(
            x["start_on"] <= link["end_on"] and (x["end_on"] is None or x["end_on"] > min(link["end_on"], T))
            for x in same
        )

    def early(link: Row) -> bool:
        end, start = link["end_on"], link["start_on"]
        if link["relation"] == "legal_counsel_of":
            return True
        if (end.month, end.day) == (12, 31) or (end - D(end.year - 1, 12, 31)).days <= 60:
            return False
        return not start.replace(year=start.year + 8) <= end

    for row in measured(auditors, of([], links, clients)).iter_rows(named=True):
        mine = [x for x in links if x["to_id"] == row["client_id"] and x["end_on"] and ago(365) <= x["end_on"] <= T]
        gone = [x for x in mine if early(x) and not again(x)]
        expected = {
            f"{name}_left": any(x["relation"] == relation for x in gone)
            for name, relation in (("auditor", "auditor_of"), ("counsel", "legal_counsel_of"))
        }
        agrees(row, expected)
