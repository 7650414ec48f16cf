"""Who the clients are, and how large their business is month by month."""

from dataclasses import dataclass

import numpy as np

from benchmarks.simulated.clock import Floats, Ints, chance, lumps, number
from benchmarks.simulated.plan import Plan

# Industry (GB/T 4754): code, share of the book, revenue per head (1,000 CNY), gross margin, days of receivables, days of
# stock, fixed assets at cost over revenue, how strongly its months swing with the season. Ours, of the usual orders.
INDUSTRIES = (
    ("C1331", 0.07, 1900, 0.11, 35, 40, 0.35, 1.0),
    ("C1761", 0.09, 600, 0.18, 60, 75, 0.45, 1.2),
    ("C2614", 0.08, 1500, 0.20, 50, 45, 0.60, 0.8),
    ("C2928", 0.10, 700, 0.20, 70, 50, 0.45, 1.0),
    ("C3311", 0.10, 750, 0.19, 90, 70, 0.40, 1.1),
    ("C3670", 0.09, 850, 0.20, 80, 50, 0.50, 0.9),
    ("C3982", 0.09, 800, 0.22, 85, 60, 0.45, 1.1),
    ("E4813", 0.08, 900, 0.15, 140, 30, 0.15, 1.4),
    ("F5137", 0.11, 6000, 0.07, 45, 30, 0.05, 0.8),
    ("F5211", 0.06, 1100, 0.22, 12, 38, 0.25, 1.2),
    ("G5430", 0.07, 650, 0.16, 60, 4, 0.55, 0.8),
    ("I6513", 0.06, 600, 0.38, 95, 12, 0.15, 1.5),
)
REGIONS = ("440300", "440100", "330100", "320500", "370200", "510100")
SIZES = ("micro", "small", "medium", "large")
SIZE_SHARES, REVENUE = (0.15, 0.45, 0.30, 0.10), (3e6, 2.2e7, 1.3e8, 9e8)  # CNY a year, middle of the class
INFLATION, COMMON, OWN_GROWTH = 0.035, 0.03, 0.115  # yearly growth: mean, spread of industries, spread of companies
SEASON = np.array(
    [1.0, 0.6, 1.0, 0.98, 1.0, 1.02, 0.97, 0.98, 1.04, 1.0, 1.05, 1.36]
)  # payments: February dip, December peak
CV = (0.3, 0.8)  # of a month's payments around trend and season
SHARE_OF_SALES, SALES_CV = (0.15, 0.9), 0.05
BORROWS, YOUNG = 0.65, 0.04  # borrow from us; came within the last two years
KINDS, KIND_SHARES = ("enterprise", "institution", "financial"), (0.95, 0.03, 0.02)
FREQUENCIES = ("Q", "Y", "H", "M")
OF_BORROWERS, OF_OTHERS = (0.60, 0.25, 0.10, 0.05), (0.0, 1.0, 0.0, 0.0)
TIERS, TIER_SHARES, GRADED = ("A", "B", "C", "D"), (0.05, 0.15, 0.40, 0.40), 0.8
DISPERSION = {
    "head": 0.45,
    "turnover": 0.35,
    "receivables": 0.35,
    "stock": 0.40,
}  # between companies of an industry, log


@dataclass(frozen=True)
class Firms:
    """Facts of each client, and its trend revenue by month in CNY (`trend` without what a story does to it)."""

    industry: Ints
    region: Ints
    size: Ints
    kind: Ints
    frequency: Ints
    tier: Ints
    graded: Ints
    borrows: Ints
    since: Ints
    cv: Floats
    trend: Floats
    season: Floats
    sales: Floats
    flows: Floats
    share: Floats
    heads: Floats
    term: dict[str, Floats]

    @property
    def count(self) -> int:
        """Clients."""
        return len(self.industry)


def column(place: int, industry: Ints) -> Floats:
    """A column of INDUSTRIES for each client."""
    return np.array([float(row[place]) for row in INDUSTRIES])[industry]


def _growth(plan: Plan, industry: Ints, rng: np.random.Generator) -> Floats:
    """Log growth of each month: a yearly rate of the industry and one of the company, new each calendar year."""
    years = plan.size.clock.years
    span = int(years[-1] - years[0]) + 1
    common = np.random.default_rng([plan.size.seed, 11]).normal(0, COMMON, (len(INDUSTRIES), span))
    own = rng.normal(0, OWN_GROWTH, (len(industry), span))
    yearly = INFLATION + common[industry] + own
    return np.log(np.maximum(0.5, 1 + yearly))[:, years - years[0]] / 12


def _terms(industry: Ints, rng: np.random.Generator) -> dict[str, Floats]:
    """Each company's own habits: days, ratios."""
    count = len(industry)

    def around(middle: Floats | float, spread: float) -> Floats:
        return np.asarray(middle) * np.exp(rng.normal(0, spread, count))

    turnover = around(1.0, DISPERSION["turnover"])
    return {
        "gross_margin": np.clip(column(3, industry) + rng.normal(0, 0.04, count), 0.03, 0.8),
        "margin": np.clip(rng.normal(0.055, 0.025, count), 0.008, 0.2),  # before tax, of revenue, in a usual year
        "receivables": np.clip(around(column(4, industry) / np.sqrt(turnover), DISPERSION["receivables"]), 3, 300),
        "stock": np.clip(around(column(5, industry) / np.sqrt(turnover), DISPERSION["stock"]), 1, 300),
        "plant": around(column(6, industry) / turnover, 0.3),
        "payables": np.clip(around(55.0, 0.35), 10, 150),
        "cash": np.clip(around(0.10, 0.5), 0.02, 0.5),
        "debt": np.clip(around(0.20, 0.5), 0.02, 0.6),
        "our_part": np.clip(rng.beta(2.6, 1.8, count), 0.08, 1.0),
    }


def _tiers(here: Floats, rng: np.random.Generator) -> Ints:
    """Grades by what runs through our accounts, with some judgement: the most important few are A."""
    place = np.argsort(np.argsort(-np.log(here) + rng.normal(0, 0.5, len(here)))) / len(here)
    return np.searchsorted(np.cumsum(TIER_SHARES)[:-1], place, side="right")


def found(plan: Plan) -> Firms:
    """The clients of a book."""
    size, clock = plan.size, plan.size.clock
    rng, n = chance(size.seed, size.shard, 1), size.clients
    industry = rng.choice(len(INDUSTRIES), n, p=[row[1] for row in INDUSTRIES])
    class_ = rng.choice(len(SIZES), n, p=SIZE_SHARES)
    revenue = np.array(REVENUE)[class_] * np.exp(rng.normal(0, 0.5, n))
    growth = _growth(plan, industry, rng)
    trend = revenue[:, None] / 12 * np.exp(np.cumsum(growth, axis=1) - np.sum(growth, axis=1)[:, None] / 2)
    swing = column(7, industry)[:, None] * (SEASON[clock.of_year - 1] - 1)[None, :]
    season = np.maximum(
        0.1,
        1 + swing + 0.06 * np.random.default_rng([size.seed, 12]).normal(size=(12, 12))[industry][:, clock.of_year - 1],
    )
    borrows = rng.random(n) < BORROWS
    terms = _terms(industry, rng)
    sales = trend * (1 + (season - 1) / 2) * lumps(rng, SALES_CV, trend.shape) * plan.business
    cv = rng.uniform(*CV, n)
    # A company pays in where it borrows: the part of its sales that comes in follows our part of its loans.
    part = np.where(borrows, terms["our_part"] * np.exp(rng.normal(0, 0.35, n)), rng.uniform(*SHARE_OF_SALES, n))
    share = np.clip(part, 0.05, 1.0)
    flows = trend * season * share[:, None] * lumps(rng, cv, trend.shape) * plan.business * plan.here
    end = number(clock.end)
    young = rng.random(n) < YOUNG
    age = np.where(young, rng.integers(60, 730, n), rng.integers(2200, 7500, n))
    frequency = np.where(
        borrows, rng.choice(4, n, p=OF_BORROWERS), rng.choice(4, n, p=OF_OTHERS)
    )  # fmt: skip
    return Firms(
        industry=industry,
        region=rng.choice(len(REGIONS), n, p=(0.3, 0.2, 0.15, 0.15, 0.1, 0.1)),
        size=class_,
        kind=rng.choice(3, n, p=KIND_SHARES),
        frequency=frequency,
        tier=_tiers(trend[:, -1] * share, rng),
        graded=rng.random(n) < GRADED,
        borrows=borrows,
        since=end - age,
        cv=cv,
        trend=trend,
        season=season,
        sales=sales,
        flows=flows,
        share=share,
        heads=np.maximum(
            4, trend * 12 / (1000 * column(2, industry) * np.exp(rng.normal(0, DISPERSION["head"], n)))[:, None]
        ),
        term=terms,
    )
