import random
from datetime import date
from statistics import median

import polars as pl
import pytest

from transforms.context import own_book
from transforms.night import Night

NIGHT = Night(date(2024, 6, 30))
IDENTITY = {"client_id": pl.String, "industry_code": pl.String, "industry_section": pl.String, "region_code": pl.String}
FLOWS = {"client_id": pl.String, "opin_r3_12": pl.Float64, "opin_y3": pl.Float64}
BALANCES = ("balance_npl_now", "balance_out_now", "balance_npl_year_ago", "balance_out_year_ago")
CREDIT = {"client_id": pl.String} | dict.fromkeys(BALANCES, pl.Int64)
Client = tuple[str | None, str | None, float | None, float | None, tuple[int | None, ...]]
COLUMNS = ["cell_kind", "cell_clients", "cell_opin_r3_12", "cell_opin_y3", "cell_npl_share", "cell_npl_share_year_ago"]
LENT = (5, 100, 1, 50)
FIRM: Client = ("C2614", "440300", 0.8, 0.9, LENT)


def cells(book: list[Client], shuffled: bool = False) -> list[tuple]:
    ids = [f"c{i:03}" for i in range(len(book))]
    identity = [(c, code, code and code[0], region) for c, (code, region, *_) in zip(ids, book, strict=True)]
    flows = [(c, r, y) for c, (_, _, r, y, _) in zip(ids, book, strict=True)]
    credit = [(c, *lent) for c, (*_, lent) in zip(ids, book, strict=True)]
    tables = [
        pl.LazyFrame(rows, schema, orient="row")
        for rows, schema in ((identity, IDENTITY), (flows, FLOWS), (credit, CREDIT))
    ]
    if shuffled:
        tables = [table.collect().sample(fraction=1, shuffle=True, seed=2).lazy() for table in tables]
    result = own_book.cells(NIGHT, *tables).collect()
    assert result["client_id"].to_list() == ids
    return result.select(COLUMNS).rows()


def test_by_hand() -> None:
    """Thirty firms of a class and region, half at .8 and .9, half at 1.0 and 1.1; 150 of 3,000 bad, 30 of 1,500."""
    book = [FIRM] * 15 + [("C2614", "440300", 1.0, 1.1, LENT)] * 15
    assert cells(book) == [("industry_region", 30, 0.9, 1.0, 0.05, 0.02)] * 30


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        (FIRM, "industry_region"),
        (("C2614", "440100", 0.8, 0.9, LENT), "industry"),
        (("C2614", None, 0.8, 0.9, LENT), "industry"),
        (("C3011", "440300", 0.8, 0.9, LENT), "section"),
        (("C", "440300", 0.8, 0.9, LENT), "section"),
        (("F5110", "440300", 0.8, 0.9, LENT), "none"),
        ((None, "440300", 0.8, 0.9, LENT), "none"),
        (("C2614", "440300", None, 0.9, LENT), "none"),  # thirty clients, twenty-nine known
        (("C2614", "440300", 0.8, None, LENT), "none"),
    ],
)
def test_widening(last: Client, kind: str) -> None:
    rows = cells([FIRM] * 29 + [last])
    assert rows[0][0] == kind
    assert rows[0][1:] == ((30, 0.8, 0.9, 0.05, 0.02) if kind != "none" else (None,) * 5)


def test_a_client_without_inflow_still_sees_its_cell_and_counts_for_its_loans() -> None:
    rows = cells([FIRM] * 30 + [("C2614", "440300", None, None, (50, 100, 50, 50))])
    assert rows == [("industry_region", 30, 0.8, 0.9, round(200 / 3100, 9), round(80 / 1550, 9))] * 31


def test_the_shares_come_from_the_same_cell() -> None:
    """A cell without loans has no share; the section's share is not put in its place."""
    rows = cells([("C2614", "440300", 0.8, 0.9, (None,) * 4)] * 30 + [("C3011", "440300", 0.8, 0.9, LENT)])
    assert rows[0] == ("industry_region", 30, 0.8, 0.9, None, None)
    assert rows[30] == ("section", 31, 0.8, 0.9, 0.05, 0.02)


def plain(book: list[Client], me: Client) -> tuple:
    """The plain reading for one client."""
    code, region, *_ = me
    kinds = {
        "industry_region": lambda c: None not in (code, region) and c[:2] == (code, region),
        "industry": lambda c: code is not None and c[0] == code,
        "section": lambda c: None not in (code, c[0]) and c[0][0] == code[0],
    }
    for kind, same in kinds.items():
        cell = [c for c in book if same(c)]
        known = [c for c in cell if None not in c[2:4]]
        if len(known) >= 30:
            lent = [sum(c[4][i] or 0 for c in cell) for i in range(4)]
            shares = [round(lent[i] / lent[i + 1], 9) if lent[i + 1] else None for i in (0, 2)]
            return kind, len(known), *(round(median(c[i] for c in known), 9) for i in (2, 3)), *shares
    return "none", *(None,) * 5


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(8)
    codes, weights = ["C2614", "C2611", "C3011", "F5110", "C", None], [60, 30, 20, 10, 5, 5]

    def one() -> Client:
        known = [None if rng.random() < 0.1 else round(rng.uniform(0.3, 1.5), 6) for _ in range(2)]
        lent = (None,) * 4 if rng.random() < 0.5 else tuple(rng.randint(0, 10**12) for _ in range(4))
        region = rng.choice(["440300", "440300", "440100", None])
        return (rng.choices(codes, weights)[0], region, *known, lent)

    book = [one() for _ in range(250)]
    rows = cells(book)
    assert rows == [plain(book, client) for client in book]
    assert {row[0] for row in rows} == {"industry_region", "industry", "section", "none"}
    assert cells(book, shuffled=True) == rows


def test_empty_frames_keep_their_types() -> None:
    empty = own_book.cells(NIGHT, *(pl.LazyFrame(schema=schema) for schema in (IDENTITY, FLOWS, CREDIT))).collect()
    assert empty.height == 0
    assert empty.columns == ["client_id", *COLUMNS]
    assert empty.dtypes == [pl.String, pl.String, pl.Int64, *[pl.Float64] * 4]


LOANS = ("loans_with_balance", "loans_late_30", "loans_with_balance_year_ago", "loans_late_30_year_ago")
Lent = tuple[str | None, tuple[int | None, ...]]


def late(book: list[Lent]) -> list[tuple]:
    ids = [f"c{i:03}" for i in range(len(book))]
    identity = pl.LazyFrame({"client_id": ids, "region_code": [region for region, _ in book]})
    loans = [(c, *counts) for c, (_, counts) in zip(ids, book, strict=True)]
    frame = pl.LazyFrame(loans, {"client_id": pl.String} | dict.fromkeys(LOANS, pl.Int64), orient="row")
    return own_book.late_loans(identity, frame).sort("client_id").select(pl.all().exclude("client_id")).collect().rows()


def test_late_loans_of_a_region_are_counted() -> None:
    """Ten of forty late now, three of thirty a year ago; a client without known loans sees them too."""
    book: list[Lent] = [("440305", (30, 10, 20, 3)), ("440305", (10, 0, 10, 0)), ("440305", (None,) * 4)]
    rows = late([*book, ("310115", (0, 0, 5, 1)), (None, (9, 9, 9, 9))])
    assert rows == [(40, 10, 0.25, 0.1)] * 3 + [(0, 0, None, 0.2), (None,) * 4]


LINES = ("inventory", "cogs_ttm", "inventory_year_ago", "cogs_ttm_year_ago")
Stocked = tuple[str | None, tuple[int | None, ...]]
LEAN: Stocked = ("C2614", (100, 365, 50, 365))


def stock(book: list[Stocked]) -> list[tuple]:
    ids = [f"c{i:03}" for i in range(len(book))]
    identity = pl.LazyFrame({"client_id": ids, "industry_code": [code for code, _ in book]})
    lines = [(c, *values) for c, (_, values) in zip(ids, book, strict=True)]
    frame = pl.LazyFrame(lines, {"client_id": pl.String} | dict.fromkeys(LINES, pl.Int64), orient="row")
    return own_book.stock(identity, frame).sort("client_id").select(pl.all().exclude("client_id")).collect().rows()


@pytest.mark.parametrize(
    "last",
    [
        ("C2611", LEAN[1]),  # no widening
        (None, LEAN[1]),
        ("C2614", (None, 365, 50, 365)),
        ("C2614", (100, 0, 50, 365)),
        ("C2614", (100, 365, 50, None)),
    ],
)
def test_days_of_stock_need_twenty_clients_with_both_years(last: Stocked) -> None:
    assert stock([LEAN] * 20) == [(20, 100.0, 50.0)] * 20
    assert stock([*[LEAN] * 19, last]) == [(None,) * 3] * 20


def test_days_of_stock_are_medians_of_each_year() -> None:
    book = (
        [LEAN] * 10 + [("C2614", (300, 365, 40, 365))] * 9 + [("C2614", (None,) * 4)] + [("C2614", (200, 365, 60, 365))]
    )
    assert stock(book) == [(20, 150.0, 50.0)] * 21


def test_equals_the_plain_reading_of_loans_and_stock() -> None:
    rng = random.Random(4)
    book: list[Lent] = [
        (rng.choice(["440305", "310115", None]), tuple(rng.choice([None, 0, 1, 7]) for _ in range(4)))
        for _ in range(200)
    ]
    for (region, _), row in zip(book, late(book), strict=True):
        sums = [sum(counts[i] or 0 for r, counts in book if r == region) for i in range(4)]
        shares = [round(sums[i + 1] / sums[i], 9) if sums[i] else None for i in (0, 2)]
        assert row == ((None,) * 4 if region is None else (*sums[:2], *shares))

    firms: list[Stocked] = [
        (rng.choice(["C2614", "C2614", "F5110", None]), tuple(rng.choice([None, *range(1, 99)]) for _ in range(4)))
        for _ in range(200)
    ]

    def days(values: tuple[int | None, ...], first: int) -> float | None:
        inventory, cost = values[first : first + 2]
        return None if inventory is None or cost is None else 365 * inventory / cost

    for (code, _), row in zip(firms, stock(firms), strict=True):
        pairs = [(days(v, 0), days(v, 2)) for c, v in firms if c == code and code is not None]
        known = [pair for pair in pairs if None not in pair]
        if len(known) < 20:
            assert row == (None,) * 3
            continue
        assert row == (len(known), *(pytest.approx(median(pair[i] for pair in known)) for i in (0, 1)))
