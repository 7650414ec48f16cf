"""Satisfaction with the RM and with the bank apart; products a client stopped using."""

import random
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest

from tests.features.shards import Row, T, ago, agrees
from tests.relationship.books import book
from transforms.relationship import satisfaction
from transforms.relationship.book import Book

FLOWS = {"client_id": pl.String(), "month": pl.Date(), "opin": pl.Int64(), "opout": pl.Int64()}
PRODUCTS = [{"product_id": family, "family": family} for family in ("deposit", "payroll", "working_capital")]


def answer(age: int, score: int, item: str = "overall", **more: Any) -> Row:
    row = {"client_id": "c", "staff_id": "rm", "subject": "rm", "item": item, "score": score, "answered_on": ago(age)}
    name = "-".join(str(part) for part in (age, item, score, *more.values()))
    return {"answer_id": name, "asked_by": "email"} | row | more


def contact(age: int, staff: str = "other", **more: Any) -> Row:
    at = datetime.combine(ago(age), time(10))
    row = {"client_id": "c", "staff_id": staff, "started_at": at, "recorded_at": at, "status": "done"}
    return {"interaction_id": f"{age}{staff}", "channel": "phone", "two_way": True} | row | more


def said(made: Book) -> pl.DataFrame:
    frame = satisfaction.measure(made)["satisfaction"].collect()
    assert frame.schema == satisfaction.FRAMES["satisfaction"]
    return frame


def of(answers: list[Row], subject: str = "rm", contacts: list[Row] | None = None, **client: Any) -> Row:
    tables = {"survey_answers": answers, "interactions": contacts or []}
    rows = said(book(tables, [{"client_id": "c", "tier_used": "A"} | client]))
    return rows.filter(client_id="c", subject=subject).row(0, named=True)


def test_three_clients() -> None:
    """a: two surveys of the RM, halved weight for the older; b: the bank alone, items only; c: nothing."""
    answers = [
        answer(0, 5, client_id="a", expected=4), answer(0, 3, "listens", client_id="a"),
        answer(180, 2, client_id="a", expected=4),
        answer(40, 4, "pricing", client_id="b", subject="bank", staff_id=None),
        answer(40, 3, "efficiency", client_id="b", subject="bank", staff_id=None),
    ]  # fmt: skip
    panel = [
        {"client_id": "a", "tier_used": "A", "relationship_start": date(2010, 1, 1)},
        {"client_id": "b", "tier_used": "C", "relationship_start": date(2015, 1, 1)},
        {"client_id": "c", "tier_used": "D", "relationship_start": date(2015, 1, 1)},
    ]
    columns = [
        "client_id",
        "subject",
        "score",
        "answers",
        "newest_on",
        "gap",
        "expectation",
        "falling",
        "ask",
        "ask_due_on",
    ]
    assert said(book({"survey_answers": answers}, panel)).select(columns).rows() == [
        ("a", "bank", None, 0, None, None, None, None, True, date(2010, 6, 30)),
        ("a", "rm", 4.0, 3, T, 1.0, "exceeds", False, False, date(2015, 12, 27)),  # (5 + 2/2) / 1.5
        ("b", "bank", 3.5, 2, ago(40), None, "neutral", False, False, date(2016, 5, 20)),
        ("b", "rm", None, 0, None, None, None, None, False, date(2016, 1, 1)),
        ("c", "bank", None, 0, None, None, None, None, False, None),
        ("c", "rm", None, 0, None, None, None, None, False, None),
    ]


CASES: dict[str, tuple[list[Row], Row]] = {
    "400 days count": ([answer(400, 3)], {"score": 3.0, "answers": 1, "newest_on": ago(400)}),
    "401 do not, the day stays": ([answer(401, 3)], {"score": None, "answers": 0, "newest_on": ago(401), "falling": None}),
    "tomorrow is not known": ([answer(-1, 3)], {"score": None, "newest_on": None}),
    "overall over the items": ([answer(9, 5), answer(9, 3, "listens")], {"score": 5.0, "answers": 2}),
    "items without overall": ([answer(9, 4, "respects"), answer(9, 3, "listens")], {"score": 3.5}),
    "what was expected": ([answer(9, 3, expected=4)], {"gap": -1.0, "expectation": "dissatisfied"}),
    "as expected": ([answer(9, 4, expected=4)], {"gap": 0.0, "expectation": "satisfied"}),
    "a little below": (
        [answer(9, 4, "listens", expected=4), answer(9, 3, "respects", expected=4)], {"gap": -0.5, "expectation": "neutral"},
    ),
    "without expectation 4": ([answer(9, 4)], {"gap": None, "expectation": "satisfied"}),
    "without expectation 3": ([answer(9, 3)], {"expectation": "neutral"}),
    "without expectation 2": ([answer(9, 2)], {"expectation": "dissatisfied"}),
    "expectation of the newest": ([answer(9, 3), answer(30, 5, expected=1)], {"gap": None, "expectation": "neutral"}),
    "an item at 2": ([answer(9, 5), answer(9, 2, "listens")], {"falling": True, "falling_item": "listens"}),
    "an item at 3": ([answer(9, 5), answer(9, 3, "listens")], {"falling": False, "falling_item": None}),
    "an old item at 2": ([answer(9, 5), answer(30, 2, "listens")], {"falling": False}),
    "a mean lower by 1": ([answer(9, 3), answer(30, 4)], {"falling": True, "falling_item": None}),
    "of two before": ([answer(9, 4), answer(30, 5), answer(60, 4)], {"falling": False}),
    "asked 180 days ago": ([answer(180, 4)], {"ask": False, "ask_due_on": T}),
    "asked 181 days ago": ([answer(181, 4)], {"ask": True, "ask_due_on": ago(1)}),
    "never asked": ([], {"ask": True, "answers": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(rows: list[Row], expected: Row) -> None:
    agrees(of(rows), expected)


@pytest.mark.parametrize(
    ("tier", "age", "ask"),
    [("B", 180, False), ("B", 181, True), ("C", 365, False), ("C", 366, True), ("D", 399, False), (None, 399, None)],
)
def test_asked_by_grade(tier: str | None, age: int, ask: bool | None) -> None:
    assert of([answer(age, 4)], tier_used=tier)["ask"] is ask


def test_the_call() -> None:
    """Due on the third working day after; done when a colleague talked with the client later; for the bank, whoever did."""
    low = [answer(11, 2), answer(11, 2, "pricing", subject="bank", staff_id=None)]  # Friday 19 June
    due = date(2015, 6, 24)
    for contacts, rm, bank in (
        ([], due, due),
        ([contact(11)], due, due),
        ([contact(10)], None, None),
        ([contact(10, "rm")], due, None),
        ([contact(10, two_way=False)], due, due),
        ([contact(-1)], due, due),
    ):
        assert of(low, "rm", contacts)["call_due_on"] == rm
        assert of(low, "bank", contacts)["call_due_on"] == bank
    assert of([answer(11, 4)], "rm")["call_due_on"] is None


def biased(own: int, written: int, **more: Any) -> Row:
    """Answers of 5 the RM collected himself by phone, of 3 in writing, ten days apart or more."""
    mine = [answer(n, 5, asked_by="phone") | {"answer_id": f"o{n}"} for n in range(own)]
    theirs = [answer(n + 100, 3) | {"answer_id": f"w{n}"} | more for n in range(written)]
    return of([*mine, *theirs], "rm", [contact(n, "rm") for n in range(own)])


def test_bias() -> None:
    assert biased(10, 10)["bias"] == 2.0
    assert biased(9, 10)["bias"] is None
    assert biased(10, 9)["bias"] is None
    assert biased(10, 10, asked_by="visit")["bias"] is None  # nobody knows who asked
    assert biased(10, 10, staff_id="another")["bias"] is None  # another RM's


def holding(used: int | None, family: str = "payroll", **more: Any) -> Row:
    row = {"client_id": "c", "product_id": family, "opened_on": date(2012, 1, 1)}
    return {"holding_id": "h", "last_used_on": None if used is None else ago(used)} | row | more


def stopped(held: list[Row], months: list[date] | None = None, contacts: list[Row] | None = None) -> list[Row]:
    flows = [{"client_id": "c", "month": month, "opin": 1, "opout": 0} for month in months or []]
    tables = {"holdings": held, "products": PRODUCTS, "interactions": contacts or []}
    made = book(tables, before={"flow_series": pl.LazyFrame(flows, schema=FLOWS)})
    frame = satisfaction.measure(made)["stopped_using"].collect()
    assert frame.schema == satisfaction.FRAMES["stopped_using"]
    return frame.to_dicts()


def test_stopped_using() -> None:
    """90 days before T is 1 April: the six months are November to April."""
    assert stopped([holding(90)]) == []
    assert stopped([holding(91)]) == [
        {
            "client_id": "c", "holding_id": "h", "family": "payroll", "last_used_on": date(2015, 3, 31),
            "visit_due_on": date(2015, 7, 14),  # ten working days after 30 June
        }
    ]  # fmt: skip
    assert len(stopped([holding(0, last_used_on=date(2015, 1, 1))])) == 1  # November, December, January
    assert stopped([holding(0, last_used_on=date(2014, 12, 31))]) == []
    assert stopped([holding(91, opened_on=date(2015, 2, 1))]) == []  # two months
    assert stopped([holding(91, "working_capital")]) == []
    assert stopped([holding(91, closed_on=T)]) == []
    assert len(stopped([holding(91, closed_on=ago(-1))])) == 1
    assert stopped([holding(-1)]) == []
    assert stopped([holding(None)]) == []


def test_stopped_by_turnover() -> None:
    used = [date(2015, 1, 1), date(2015, 2, 1), date(2015, 3, 1)]
    assert len(stopped([holding(91, "deposit")], used)) == 1
    assert stopped([holding(91, "deposit")], used[1:]) == []
    assert [row["last_used_on"] for row in stopped([holding(None, "deposit")], used)] == [date(2015, 3, 31)]
    assert stopped([holding(None, "deposit")], [*used, date(2015, 5, 1)]) == []


def test_visited_since() -> None:
    """Quiet for 90 days on 10 June: a visit that day or later, in person, is the visit."""
    row = [holding(0, last_used_on=date(2015, 3, 11))]
    for made, due in (
        ([contact(20, channel="visit")], None),
        ([contact(21, channel="visit")], date(2015, 6, 24)),
        ([contact(20)], date(2015, 6, 24)),
    ):
        assert [found["visit_due_on"] for found in stopped(row, contacts=made)] == [due]


def test_missing_tables() -> None:
    made = book({}, [{"client_id": "c", "tier_used": "A"}])
    rows = said(made)
    assert rows["subject"].to_list() == ["bank", "rm"]
    assert rows.drop("client_id", "subject").null_count().row(0) == (2,) * 11
    assert satisfaction.measure(made)["stopped_using"].collect().height == 0
    assert said(book({"survey_answers": []}))["answers"].to_list() == [0, 0]


def test_shuffled_rows_change_nothing() -> None:
    rng = random.Random(6)
    items = ("overall", "listens", "respects", "pricing")
    answers = [
        answer(
            rng.choice((5, 30, 200, 390)), rng.randint(1, 5), rng.choice(items), client_id=rng.choice("abc"),
            subject=rng.choice(("rm", "bank")), expected=rng.choice((None, 3, 4)), staff_id=rng.choice(("rm", "other")),
        ) | {"answer_id": str(n)}
        for n in range(200)
    ]  # fmt: skip
    contacts = [contact(n, rng.choice(("rm", "other")), client_id=rng.choice("abc")) for n in range(60)]
    held = [holding(91 + n, client_id=rng.choice("abc"), holding_id=str(n)) for n in range(9)]
    panel = [{"client_id": client, "tier_used": tier} for client, tier in zip("abc", "ACD", strict=True)]
    frames = []
    for _ in range(2):
        tables = {"survey_answers": answers, "interactions": contacts, "holdings": held, "products": PRODUCTS}
        frames.append({name: rows.collect() for name, rows in satisfaction.measure(book(tables, panel)).items()})
        for rows in (answers, contacts, held):
            rng.shuffle(rows)
    assert frames[0]["satisfaction"].equals(frames[1]["satisfaction"])
    assert frames[0]["stopped_using"].equals(frames[1]["stopped_using"])
    assert frames[0]["stopped_using"].height == 9
