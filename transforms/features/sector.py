"""How the client's industry, region and country fare: published series, read at T.

Rules EXT-01, 02, 04, 05, 06, 08, MGT-07, 12, 14; readings S2 (known at T), S11 (which series), G8 (staleness), EXT-01.
The series of an industry is that of the client's code, else of its longest prefix; of a region its own, else its city's,
else its province's. A quarter's value in a cumulative monthly series is that of its last month.
"""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, lag
from transforms.columns import DAY, KEYS, Column, R, S, many
from transforms.events import place
from transforms.shard import Shard

READS = ("series",)
KINDS = ("macro", "industry", "region", "industry_region")
FRESH_DAYS = {"Q": 190, "M": 95}
MEAN_QUARTERS = 12
BRIDGE_MONTHS = 3  # an industry's month stands in for the client's up to three months on (MGT-12, 14)
RATE_DAYS = 90
MONTHS_OF_PMI = 3
_CELL = ["industry_code", "region_code"]
_LONGEST_INDUSTRY, _REGION_PARTS = 8, (0, 2, 4, 6)


@dataclass(frozen=True)
class Wanted:
    """A series by quarters: how many of the newest, for how many of them the three-year mean, and its panel name."""

    name: str
    kind: str
    indicator: str
    every: str
    text: str
    quarters: int
    means: int = 0
    unit: str = R

    def values(self) -> list[tuple[str, str, str]]:
        """(column, unit, meaning) of every value it brings."""
        newest = [
            (f"{self.name}_q{n}", self.unit, f"{self.text}, {n} quarters before the newest")
            for n in range(self.quarters)
        ]
        means = [
            (f"{self.name}_mean_q{n}", self.unit, f"{self.text}, mean of the {MEAN_QUARTERS} quarters to that one")
            for n in range(self.means)
        ]
        return [*newest, *means]


WANTED = (
    Wanted("industry_revenue_yoy", "industry", "revenue_yoy", "M", "growth of the industry's revenue", 2),
    Wanted("industry_profit_yoy", "industry", "profit_yoy", "M", "growth of the industry's profit", 2),
    Wanted("industry_stock_yoy", "industry", "finished_goods_inventory_yoy", "M", "growth of the industry's stock", 2),
    Wanted("region_gdp_yoy", "region", "gdp_yoy", "Q", "growth of the region's economy", 2, 2),
    Wanted("region_investment_yoy", "region", "fixed_investment_yoy", "M", "growth of investment in the region", 2),
    Wanted("region_new_firms_yoy", "region", "new_firms_yoy", "Q", "growth of new firms in the region", 1),
    Wanted("region_bankruptcies_yoy", "region", "bankruptcy_filings_yoy", "Q", "growth of bankruptcies there", 1),
    Wanted("macro_gdp_yoy", "macro", "gdp_yoy", "Q", "growth of the economy", 3, 1),
    Wanted("technology_disruption", "industry_region", "technology_disruption", "Q", "scorecard: disruption", 1, 0, S),
    Wanted(
        "investment_climate", "industry_region", "investment_climate", "Q", "scorecard: investment climate", 3, 0, S
    ),
)
# Newest month of an industry, and the industry's months beside the client's newest statement.
NEWEST = {"industry_ppi_yoy": "ppi_yoy", "industry_capacity": "capacity_utilisation"}
AT_STATEMENT = {
    "industry_revenue_yoy": "revenue_yoy",
    "industry_profit_yoy": "profit_yoy",
    "industry_ppi_yoy": "ppi_yoy",
}

PANEL = [
    *[
        entry
        for wanted in WANTED
        for entry in (
            *many("series", (None, f"{wanted.name}_quarter"), (f"{wanted.name}_keys",), *wanted.values()),
            Column(f"{wanted.name}_quarter", "series", DAY, "end of the newest quarter", (None, None)),
            Column(f"{wanted.name}_keys", "series", KEYS, "the published values", (None, None)),
        )
    ],
    *[
        entry
        for name, indicator in NEWEST.items()
        for entry in (
            Column(name, "series", R, f"industry's {indicator}, newest", (None, f"{name}_on"), (f"{name}_keys",)),
            Column(f"{name}_on", "series", DAY, "its period end", (None, None)),
            Column(f"{name}_keys", "series", KEYS, "the published value", (None, None)),
        )
    ],
    *[
        entry
        for name, indicator in AT_STATEMENT.items()
        for entry in (
            Column(
                f"{name}_at_statement",
                "series",
                R,
                f"industry's {indicator} of the statement's period",
                (None, "statement_period_end"),
                (f"{name}_at_statement_keys",),
            ),
            Column(f"{name}_at_statement_keys", "series", KEYS, "the published value", (None, None)),
        )
    ],
    *many(
        "series",
        (None, "pmi_on"),
        ("pmi_keys",),
        *((f"pmi_{n}", S, f"purchasing managers' index, {n} months before the newest") for n in range(MONTHS_OF_PMI)),
        ("pmi_on", DAY, "its newest month"),
        ("pmi_keys", KEYS, "the published values"),
    ),
    *many(
        "series",
        ("ninety_days_ago", "as_of"),
        ("policy_rate_keys",),
        ("policy_rate", R, "policy rate in force"),
        ("policy_rate_before", R, "policy rate in force before the last 90 days"),
        ("policy_rate_keys", KEYS, "the rates"),
    ),
]
COLUMNS = tuple(column.name for column in PANEL)


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where no series reaches the client, it is stale or its history too short."""
    rows = _known(shard).collect().lazy()  # small, and read by every indicator
    who = shard.done["identity"].select("client_id", *_CELL)
    cells = who.select(_CELL).unique()
    near = _candidates(cells).collect().lazy()
    for frame in [
        *(_matched(near, rows, wanted.kind, wanted.indicator, _quarters(shard, rows, wanted)) for wanted in WANTED),
        *(
            _matched(near, rows, "industry", indicator, _newest(shard, rows, name, indicator))
            for name, indicator in NEWEST.items()
        ),
    ]:
        cells = cells.join(frame, on=_CELL, how="left", nulls_equal=True)
    result = who.join(cells, on=_CELL, how="left", nulls_equal=True)
    filed = shard.done["statements"].select("client_id", "statement_period_end")
    beside = who.join(filed, on="client_id", how="left")
    for name, indicator in AT_STATEMENT.items():
        result = result.join(_at_statement(beside, near, rows, name, indicator), on="client_id", how="left")
    country = pl.concat([_pmi(shard, rows), _policy_rate(shard, rows)], how="horizontal")
    return (
        shard.ids()
        .join(result, on="client_id", how="left")
        .join(country, how="cross")
        .select("client_id", *COLUMNS)
        .sort("client_id")
    )


def _known(shard: Shard) -> pl.LazyFrame:
    """Newest revision known at T of every period ended by T; `industry` and `place` are the two halves of the subject."""
    as_of = shard.night.as_of
    code, kind = pl.col("subject_code"), pl.col("subject_kind")
    parts = code.str.split_exact("@", 1).struct
    none = pl.lit("")
    return (
        shard.table("series")
        .filter(kind.is_in(KINDS), pl.col("published_on") <= as_of, pl.col("period_end") <= as_of)
        .sort("published_on")
        .group_by("subject_kind", "subject_code", "indicator", "period_end")
        .agg(pl.col("value", "published_on").last())
        .with_columns(
            industry=pl.when(kind == "industry")
            .then(code)
            .when(kind == "industry_region")
            .then(parts[0])
            .otherwise(none),
            place=place(
                pl.when(kind == "region").then(code).when(kind == "industry_region").then(parts[1]).otherwise(none)
            ),
            key=pl.format("series:{}|{}|{}|{}|{}", kind, code, "indicator", "period_end", "published_on"),
        )
        .sort("subject_kind", "subject_code", "indicator", "period_end")
    )


def _candidates(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Every prefix of each cell's industry with every enclosing place of its region; none ("") is one of them."""
    industry, region = pl.col("industry_code").fill_null(""), place(pl.col("region_code")).fill_null("")
    return (
        cells.with_columns(
            industry=pl.concat_list([industry.str.head(n) for n in range(_LONGEST_INDUSTRY + 1)]).list.unique(),
            place=pl.concat_list([region.str.head(n) for n in _REGION_PARTS]).list.unique(),
        )
        .explode("industry", empty_as_null=True)
        .explode("place", empty_as_null=True)
    )


def _subject(near: pl.LazyFrame, rows: pl.LazyFrame, kind: str, indicator: str) -> pl.LazyFrame:
    """industry_code, region_code, subject_code: the nearest subject that has the indicator."""
    subjects = (
        rows.filter(pl.col("subject_kind") == kind, pl.col("indicator") == indicator)
        .select("industry", "place", "subject_code")
        .unique(["industry", "place"])
    )
    nearness = [pl.col(name).str.len_chars() for name in ("industry", "place")]
    return (
        near.join(subjects, on=["industry", "place"])
        .group_by(_CELL)
        .agg(pl.col("subject_code").sort_by(nearness).last())
    )


def _matched(near: pl.LazyFrame, rows: pl.LazyFrame, kind: str, indicator: str, values: pl.LazyFrame) -> pl.LazyFrame:
    """`values` (a row per subject_code) for the cells its subjects reach."""
    return _subject(near, rows, kind, indicator).join(values, on="subject_code").drop("subject_code")


def _of(rows: pl.LazyFrame, kind: str, indicator: str) -> pl.LazyFrame:
    return rows.filter(pl.col("subject_kind") == kind, pl.col("indicator") == indicator)


def _quarters(shard: Shard, rows: pl.LazyFrame, wanted: Wanted) -> pl.LazyFrame:
    """subject_code, the newest quarters, their means, the newest quarter's end, the keys; nothing when it is stale.

    A quarter without a value and a mean without all its quarters are null.
    """
    as_of = shard.night.as_of
    series = _of(rows, wanted.kind, wanted.indicator)
    fresh = series.group_by("subject_code").agg(
        newest=pl.col("period_end").max(), ended=pl.col("period_end").filter(_quarter_end()).max()
    )
    back = (lag(as_of, "period_end") - lag(as_of, "ended")) // 3
    at, value = pl.col("back"), pl.col("value")

    def mean(first: int) -> pl.Expr:
        window = at.is_between(first, first + MEAN_QUARTERS - 1)
        return pl.when(value.filter(window).count() == MEAN_QUARTERS).then(value.filter(window).mean()).round(EXACT)

    used = wanted.quarters if not wanted.means else wanted.means + MEAN_QUARTERS - 1
    return (
        series.filter(_quarter_end())
        .join(fresh, on="subject_code")
        .filter(
            pl.col("newest") >= as_of - timedelta(days=FRESH_DAYS[wanted.every]),
            pl.col("ended") >= as_of - timedelta(days=FRESH_DAYS["Q"]),
        )
        .with_columns(back=back)
        .group_by("subject_code")
        .agg(
            *(value.filter(at == n).first().alias(f"{wanted.name}_q{n}") for n in range(wanted.quarters)),
            *(mean(n).alias(f"{wanted.name}_mean_q{n}") for n in range(wanted.means)),
            pl.col("ended").first().alias(f"{wanted.name}_quarter"),
            pl.col("key").filter(at < used).sort().alias(f"{wanted.name}_keys"),
        )
    )


def _quarter_end() -> pl.Expr:
    return pl.col("period_end").dt.month() % 3 == 0


def _newest(shard: Shard, rows: pl.LazyFrame, name: str, indicator: str) -> pl.LazyFrame:
    """subject_code and the industry's newest value, when its month is at most three before the last full one."""
    return (
        _of(rows, "industry", indicator)
        .group_by("subject_code")
        .agg(pl.col("value", "period_end", "key").sort_by("period_end").last())
        .filter(lag(shard.night.last_full_month, "period_end") <= BRIDGE_MONTHS)
        .select(
            "subject_code",
            pl.col("value").alias(name),
            pl.col("period_end").alias(f"{name}_on"),
            pl.concat_list("key").alias(f"{name}_keys"),
        )
    )


def _at_statement(
    beside: pl.LazyFrame, near: pl.LazyFrame, rows: pl.LazyFrame, name: str, indicator: str
) -> pl.LazyFrame:
    """client_id and the industry's value of the month the client's newest statement ends with."""
    series = _of(rows, "industry", indicator)
    return (
        beside.join(_subject(near, rows, "industry", indicator), on=_CELL, nulls_equal=True)
        .join(
            series.select("subject_code", "value", "key", statement_period_end="period_end"),
            on=["subject_code", "statement_period_end"],
        )
        .select(
            "client_id",
            pl.col("value").alias(f"{name}_at_statement"),
            pl.concat_list("key").alias(f"{name}_at_statement_keys"),
        )
    )


def _pmi(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row: the index of the newest months, its month, the keys; null when stale."""
    as_of = shard.night.as_of
    series = _of(rows, "macro", "pmi").with_columns(back=lag(as_of, "period_end"))
    back = pl.col("back") - pl.col("back").min()
    fresh = pl.col("period_end").max() >= as_of - timedelta(days=FRESH_DAYS["M"])
    keys = pl.col("key").filter(back < MONTHS_OF_PMI).sort()
    return series.select(
        *(
            pl.when(fresh).then(pl.col("value").filter(back == n).first()).alias(f"pmi_{n}")
            for n in range(MONTHS_OF_PMI)
        ),
        pl.when(fresh).then(pl.col("period_end").max()).alias("pmi_on"),
        keys.implode().alias("pmi_keys"),
    )


def _policy_rate(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row: the rate in force at T, the one in force before the last 90 days, its changes since, the keys."""
    since = shard.night.as_of - timedelta(days=RATE_DAYS)
    value, on = pl.col("value"), pl.col("period_end")
    before, after = on < since, on >= since
    return _of(rows, "macro", "policy_rate").select(
        policy_rate=value.sort_by(on).last(),
        policy_rate_before=value.filter(before).sort_by(on.filter(before)).last(),
        policy_rate_keys=pl.col("key").filter(after | (on == on.filter(before).max())).sort().implode(),
    )
