"""Series of the client's industry, region and country: by hand, and a plain-Python reading of random series."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from transforms.features import sector
from transforms.night import Night, month_start
from transforms.shard import Shard

T = date(2015, 6, 30)
CLIENT = ("c", "C2614", "440305")
SERIES = TABLES["series"].schema
Row = tuple[str, str, str, date, date, float]


def month_end(back: int) -> date:
    """The last day of the month `back` before T's."""
    return month_start(T, back - 1) - timedelta(days=1)


def one(kind: str, code: str, indicator: str, back: int, value: float, published: date | None = None) -> Row:
    ended = month_end(back)
    return (kind, code, indicator, ended, published or min(T, ended + timedelta(days=27)), value)


def quarters(kind: str, code: str, indicator: str, *values: float) -> list[Row]:
    """Newest first: March 2015, December 2014, ..."""
    return [one(kind, code, indicator, 3 + 3 * i, value) for i, value in enumerate(values)]


def measured(
    rows: list[Row], clients: list[tuple[Any, ...]] | None = None, filed: date | None = None, at: date = T
) -> pl.DataFrame:
    clients = clients or [CLIENT]
    who = pl.LazyFrame(clients, ["client_id", "industry_code", "region_code"], orient="row").cast(pl.String)
    statements = who.select("client_id", statement_period_end=pl.lit(filed, pl.Date))
    series = pl.LazyFrame(rows, SERIES, orient="row")
    shard = Shard(
        Night(at), who.select("client_id"), {"series": series}, {}, {"identity": who, "statements": statements}
    )
    return sector.measure(shard).collect()


def values(rows: list[Row], *names: str, **more: Any) -> tuple:
    return measured(rows, **more).select(names).row(0)


def test_two_quarters_of_a_monthly_series() -> None:
    rows = [one("industry", "C2614", "revenue_yoy", back, back / 100) for back in range(1, 13)]
    frame = measured(rows)
    names = ["industry_revenue_yoy_q0", "industry_revenue_yoy_q1", "industry_revenue_yoy_quarter"]
    assert frame.select(names).row(0) == (0.03, 0.06, date(2015, 3, 31))
    assert frame["industry_revenue_yoy_keys"].to_list() == [
        [
            "series:industry|C2614|revenue_yoy|2014-12-31|2015-01-27",
            "series:industry|C2614|revenue_yoy|2015-03-31|2015-04-27",
        ]
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [("C2614", True), ("C261", True), ("C", True), ("C26", True), ("C27", False), ("C26141", False), ("261", False)],
)
def test_the_industry_matches_by_prefix(code: str, found: bool) -> None:
    rows = quarters("industry", code, "revenue_yoy", 0.01, 0.02)
    got = measured([*rows, one("industry", code, "revenue_yoy", 1, 0.5)])["industry_revenue_yoy_q0"].item()
    assert got == (0.01 if found else None)


def test_the_longest_prefix_speaks_even_when_it_is_stale() -> None:
    wide = [one("industry", "C", "revenue_yoy", back, 0.5) for back in range(1, 8)]
    near = [one("industry", "C26", "revenue_yoy", back, 0.1) for back in range(1, 8)]
    assert values([*wide, *near], "industry_revenue_yoy_q0", "industry_revenue_yoy_q1") == (0.1, 0.1)
    stale = [one("industry", "C26", "revenue_yoy", back, 0.1) for back in range(6, 12)]
    assert values([*wide, *stale], "industry_revenue_yoy_q0", "industry_revenue_yoy_q1") == (None, None)


@pytest.mark.parametrize(
    ("codes", "value"),
    [
        (["440305", "440300", "440000"], 0.0),
        (["440300", "440000"], 0.0),
        (["4403", "440000"], 0.0),
        (["440000"], 0.0),
        (["44"], 0.0),
        (["450000", "440306", "440100"], None),
    ],
)
def test_the_region_its_city_or_its_province(codes: list[str], value: float | None) -> None:
    rows = [row for i, code in enumerate(codes) for row in quarters("region", code, "new_firms_yoy", float(i))]
    assert measured(rows)["region_new_firms_yoy_q0"].item() == value


@pytest.mark.parametrize("region", ["100000", "440305"])
def test_zeros_inside_a_code_stay(region: str) -> None:
    rows = quarters("region", region, "new_firms_yoy", 0.1)
    assert measured(rows, [("c", None, region)])["region_new_firms_yoy_q0"].item() == 0.1


def test_industry_and_region_together_industry_first() -> None:
    rows = [
        *quarters("industry_region", "C@440305", "technology_disruption", 1.0),
        *quarters("industry_region", "C26@440000", "technology_disruption", 4.0),
        *quarters("industry_region", "C26@310000", "technology_disruption", 5.0),
    ]
    assert measured(rows)["technology_disruption_q0"].item() == 4.0


@pytest.mark.parametrize(("days", "known"), [(190, True), (191, False)])
def test_a_quarterly_series_is_fresh_for_190_days(days: int, known: bool) -> None:
    rows = quarters("region", "440305", "gdp_yoy", 0.01, 0.02)
    got = measured(rows, at=date(2015, 3, 31) + timedelta(days=days))["region_gdp_yoy_q0"].item()
    assert (got is not None) == known


@pytest.mark.parametrize(("days", "known"), [(95, True), (96, False)])
def test_a_monthly_series_is_fresh_for_95_days(days: int, known: bool) -> None:
    rows = quarters("industry", "C2614", "revenue_yoy", 0.01, 0.02)
    got = measured(rows, at=date(2015, 3, 31) + timedelta(days=days))["industry_revenue_yoy_q0"].item()
    assert (got is not None) == known


def test_revisions_count_from_the_day_they_are_published() -> None:
    first = one("region", "440305", "new_firms_yoy", 3, 0.1, date(2015, 4, 30))
    revised = one("region", "440305", "new_firms_yoy", 3, 0.2, T)
    later = one("region", "440305", "new_firms_yoy", 3, 0.3, T + timedelta(days=1))
    assert measured([later, revised, first])["region_new_firms_yoy_q0"].item() == 0.2
    assert measured([later])["region_new_firms_yoy_q0"].item() is None


def test_a_missing_quarter_is_unknown_not_skipped() -> None:
    rows = quarters("macro", "CN", "gdp_yoy", 0.01, 0.02, 0.03, 0.04)
    del rows[1]
    names = [f"macro_gdp_yoy_q{n}" for n in range(3)]
    assert measured(rows).select(names).row(0) == (0.01, None, 0.03)


def test_the_mean_needs_its_twelve_quarters() -> None:
    growth = [n / 100 for n in range(13)]
    rows = quarters("region", "440305", "gdp_yoy", *growth)
    names = ("region_gdp_yoy_mean_q0", "region_gdp_yoy_mean_q1")
    assert values(rows, *names) == (0.055, 0.065)
    assert values(rows[:12], *names) == (0.055, None)
    assert values(rows[1:], *names) == (0.065, None)  # the newest quarter is then December


def test_pmi_of_three_months_running() -> None:
    rows = [one("macro", "CN", "pmi", back, 50.0 + back) for back in (1, 2, 4)]
    names = ("pmi_0", "pmi_1", "pmi_2", "pmi_on")
    assert values(rows, *names) == (51.0, 52.0, None, date(2015, 5, 31))
    assert values(rows[2:], *names) == (None,) * 4  # February is 122 days ago
    assert values([], *names) == (None,) * 4


def test_the_policy_rate_before_the_window() -> None:
    """A change on the first of the 90 days is a change within them."""
    edge = T - timedelta(days=90)

    def rate(on: date, value: float) -> Row:
        return ("macro", "CN", "policy_rate", on, on, value)

    early = rate(date(2012, 1, 1), 0.03)
    names = ("policy_rate", "policy_rate_before")
    assert values([early], *names) == (0.03, 0.03)
    assert values([rate(edge, 0.02), early], *names) == (0.02, 0.03)
    assert values([rate(edge - timedelta(days=1), 0.02), early], *names) == (0.02, 0.02)
    assert values([rate(edge, 0.02)], *names) == (0.02, None)
    keys = measured([rate(edge, 0.02), early])["policy_rate_keys"].to_list()
    assert keys == [["series:macro|CN|policy_rate|2012-01-01|2012-01-01", f"series:macro|CN|policy_rate|{edge}|{edge}"]]


@pytest.mark.parametrize(("back", "known"), [(0, True), (3, True), (4, False)])
def test_the_industrys_newest_month_up_to_three_before(back: int, known: bool) -> None:
    got = measured([one("industry", "C26", "capacity_utilisation", back, 0.7)])
    assert got["industry_capacity"].item() == (0.7 if known else None)
    assert got["industry_capacity_on"].item() == (month_end(back) if known else None)


def test_the_month_of_the_statement() -> None:
    rows = [one("industry", "C26", "revenue_yoy", back, back / 100) for back in range(1, 20)]
    got = measured(rows, filed=date(2014, 12, 31))
    assert got["industry_revenue_yoy_at_statement"].item() == 0.06
    assert got["industry_profit_yoy_at_statement"].item() is None
    assert measured(rows, filed=date(2012, 12, 31))["industry_revenue_yoy_at_statement"].item() is None
    assert measured(rows)["industry_revenue_yoy_at_statement"].item() is None


def test_without_codes_or_series_everything_is_null_and_typed() -> None:
    rows = [*quarters("industry", "C2614", "revenue_yoy", 0.1, 0.1), *quarters("region", "440305", "gdp_yoy", 0.1)]
    frame = measured(rows, [("a", None, None), ("b", None, "440305")])
    assert frame["client_id"].to_list() == ["a", "b"]
    assert frame["region_gdp_yoy_q0"].to_list() == [None, 0.1]
    assert frame["industry_revenue_yoy_q0"].to_list() == [None, None]
    empty = measured([])
    assert empty.height == 1
    assert [(c.name, c.dtype) for c in sector.PANEL] == list(empty.schema.items())[1:]


def plain(rows: list[Row], code: str | None, wanted: sector.Wanted) -> tuple:
    """The plain reading of one industry's series by quarters."""
    known: dict[str, dict[date, tuple[date, float]]] = {}
    for kind, subject, indicator, ended, published, value in rows:
        if (kind, indicator) == (wanted.kind, wanted.indicator) and published <= T and ended <= T:
            periods = known.setdefault(subject, {})
            if ended not in periods or periods[ended][0] < published:
                periods[ended] = (published, value)
    near = next((known[(code or "")[:n]] for n in range(len(code or ""), 0, -1) if code[:n] in known), {})
    fresh = near and (T - max(near)).days <= sector.FRESH_DAYS[wanted.every]
    ends = [day for day in near if day.month % 3 == 0]
    if not fresh or not ends or (T - max(ends)).days > 190:
        return (None,) * wanted.quarters
    back = {(max(ends).year - d.year) * 4 + (max(ends).month - d.month) // 3: near[d][1] for d in ends}
    return tuple(back.get(n) for n in range(wanted.quarters))


def test_equals_the_plain_reading_in_any_order() -> None:
    rng = random.Random(3)
    subjects = ["C", "C2", "C26", "C261", "C2614", "F", "F51", "E4710"]
    rows = []
    for subject in subjects:
        newest = rng.choice([0, 1, 1, 2, 3, 4])
        for back in range(newest, newest + 14):
            for delay in rng.sample([5, 20, 40, 90], rng.choice([0, 1, 1, 2])):
                published = month_end(back) + timedelta(days=delay)
                rows.append(one("industry", subject, "revenue_yoy", back, round(rng.uniform(-0.2, 0.2), 6), published))
    codes = [rng.choice(["C2614", "C2611", "C3011", "F5110", "F6010", "E4710", "C", None]) for _ in range(200)]
    clients = [(f"c{i:03}", code, None) for i, code in enumerate(codes)]
    names = ["industry_revenue_yoy_q0", "industry_revenue_yoy_q1"]
    rng.shuffle(rows)
    got = measured(rows, clients).select(names).rows()
    assert got == [plain(rows, code, sector.WANTED[0]) for code in codes]
    assert len(set(got)) >= 4
    rng.shuffle(rows)
    rng.shuffle(clients)
    assert measured(rows, clients).select(names).rows() == got
