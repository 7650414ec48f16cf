import random
from datetime import date
from statistics import fmean, median

import polars as pl
import pytest

from tests.reference import back
from transforms.context import month_index
from transforms.night import Night

NIGHT = Night(date(2024, 6, 30))
LAST = date(2024, 6, 1)
FLOWS = {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64, "opout": pl.Int64}
ADB = {"client_id": pl.String, "month": pl.Date, "adb": pl.Int64}
Book = dict[str, tuple[str | None, list[int | None]]]  # client → industry code, months oldest first


def frames(book: Book) -> tuple[pl.LazyFrame, pl.LazyFrame, pl.LazyFrame]:
    """identity, flow_series and balance_series of a book; outflow is half of inflow, balances a tenth."""
    identity = pl.LazyFrame(
        {"client_id": list(book), "industry_code": [code for code, _ in book.values()]},
        {"client_id": pl.String, "industry_code": pl.String},
    ).with_columns(industry_section=pl.col("industry_code").str.head(1))
    rows = [
        (client, back(LAST, len(values) - 1 - i), value)
        for client, (_, values) in book.items()
        for i, value in enumerate(values)
    ]
    long = pl.LazyFrame(rows, {"client_id": pl.String, "month": pl.Date, "opin": pl.Int64}, orient="row")
    flows = long.with_columns(opout=pl.col("opin") // 2)
    return identity, flows, long.select("client_id", "month", adb=pl.col("opin") // 10)


def index(book: Book) -> dict[tuple, float]:
    rows = month_index.index(NIGHT, *frames(book)).collect().rows()
    return {row[:-1]: row[-1] for row in rows}


def expected(book: Book, shift: int) -> dict[tuple, float]:
    """The plain reading for opin."""
    last, shares = back(LAST, shift), {}
    for client, (_, values) in book.items():
        of = {back(LAST, len(values) - 1 - i): value for i, value in enumerate(values)}
        blocks = []
        for start in (0, 12):
            block = {m: of.get(m) for m in (back(last, start + k) for k in range(12))}
            whole = None not in block.values() and sum(block.values()) > 0
            blocks.append({m.month: v / fmean(block.values()) for m, v in block.items()} if whole else None)
        if blocks[0]:
            shares[client] = {m: fmean(b[m] for b in blocks if b) for m in range(1, 13)}
    result = {}
    members: dict[str, list[str]] = {}
    for client in shares:
        code = book[client][0]
        for group in {"book"} | ({code[0]} if code else set()) | ({code[:3]} if code and len(code) > 2 else set()):
            members.setdefault(group, []).append(client)
    for group, clients in members.items():
        middle = {m: median(shares[c][m] for c in clients) for m in range(1, 13)}
        if len(clients) >= 20 and min(middle.values()) > 0:
            result |= {("opin", group, shift, m): middle[m] / fmean(middle.values()) for m in middle}
    return result


def test_by_hand() -> None:
    """Twenty clients with a December of 210 and eleven months of 90: the year's mean is 100, the index 2.1 and 0.9."""
    year = [90] * 5 + [210] + [90] * 6  # July to June
    result = index({f"c{i}": ("C2614", [x * (i + 1) for x in year * 2]) for i in range(20)})
    groups = {"C26", "C", "book"}
    assert {key[1] for key in result} == groups
    assert {key[0] for key in result} == {"opin", "turnover", "adb"}
    for group in groups:
        assert [result["opin", group, 0, m] for m in (1, 11, 12)] == [0.9, 0.9, 2.1]
        assert [result["turnover", group, 0, m] for m in (1, 11, 12)] == [0.9, 0.9, 2.1]
        assert [result["adb", group, 0, m] for m in (1, 11, 12)] == [0.9, 0.9, 2.1]
        assert not any(key[2] == 1 and result[key] not in (0.9, 2.1) for key in result)


def test_nineteen_clients_are_too_few() -> None:
    months = [100] * 24
    division = {f"a{i}": ("C26", months) for i in range(19)}
    assert index(division) == {}
    section = division | {"b": ("C30", months)}
    assert {key[1] for key in index(section)} == {"C", "book"}
    assert {key[1] for key in index(division | {"b": ("F51", months)})} == {"book"}
    assert {key[1] for key in index(division | {"b": (None, months)})} == {"book"}
    assert {key[1] for key in index(division | {"b": ("C26", months)})} == {"C26", "C", "book"}


@pytest.mark.parametrize(
    ("months", "counts"),
    [
        ([100] * 11, {0: False, 1: False}),
        ([100] * 12, {0: True, 1: False}),  # a month-end earlier there are eleven
        ([100] * 13, {0: True, 1: True}),
        ([100] * 12 + [None], {0: False, 1: True}),
        ([100] * 11 + [None] + [100] * 12, {0: True, 1: False}),  # the older block is left out, the newer must be whole
        ([0] * 24, {0: False, 1: False}),
    ],
)
def test_who_counts(months: list[int | None], counts: dict[int, bool]) -> None:
    book: Book = {f"c{i}": ("C26", months) for i in range(20)}
    shifts = {key[2] for key in index(book)}
    assert {shift: shift in shifts for shift in (0, 1)} == counts


def test_a_month_the_typical_client_rests_in_gives_no_index() -> None:
    assert index({f"c{i}": ("C26", [0, *[100] * 11] * 2) for i in range(20)}) == {}


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(3)
    codes = ["C26", "C2614", "C30", "C", "F51", None]
    book: Book = {}
    for i in range(120):
        months = [rng.choice([0, None, 100]) if rng.random() < 0.02 else rng.randint(50, 10**9) for _ in range(36)]
        book[f"c{i}"] = (rng.choice(codes), months[rng.choice([0, 0, 0, 11, 20, 23, 24, 25, 30]) :])
    wanted = expected(book, 0) | expected(book, 1)
    result = index(book)
    assert {key for key in result if key[0] == "opin"} == set(wanted)
    assert all(result[key] == pytest.approx(value, abs=2e-9) for key, value in wanted.items())
    assert {key[1] for key in wanted} >= {"C26", "C", "book"}
    shuffled = [frame.collect().sample(fraction=1, shuffle=True, seed=4).lazy() for frame in frames(book)]
    whole = month_index.index(NIGHT, *frames(book)).collect()
    assert month_index.index(NIGHT, *shuffled).collect().equals(whole)
    assert (
        whole.group_by("measure", "group", "shift").agg(pl.col("index").mean().round(6))["index"].unique().item() == 1
    )


def test_empty_frames_keep_their_types() -> None:
    identity, _, _ = frames({})
    empty = month_index.index(NIGHT, identity, pl.LazyFrame(schema=FLOWS), pl.LazyFrame(schema=ADB)).collect()
    assert dict(empty.schema) == {
        "measure": pl.String,
        "group": pl.String,
        "shift": pl.Int64,
        "month_of_year": pl.Int64,
        "index": pl.Float64,
    }
    assert empty.height == 0
