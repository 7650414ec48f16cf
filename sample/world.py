"""Who the simulated clients are: industry, region, grade, RM, name. Everything here is invented but the firm behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from sample import firms, names
from sample.stories import DOWNTURN, ORDINARY, SILENT, SINGLE, STORIES

# GB/T 2260: Pudong, Nanshan, Huqiu in Suzhou, Haidian, Kunshan
REGIONS = ("310115", "440305", "320505", "110108", "320583")
BRANCHES = {"310115": "B-SH", "440305": "B-SZ", "320505": "B-SU", "110108": "B-BJ", "320583": "B-SU"}
OFFICES = tuple(dict.fromkeys(BRANCHES.values()))
# How many clients stand in which industry (GB/T 4754) and region: DOWNTURN's in the first cell, those without a story or
# filing late in the others; the single stories join STORY_CELL.
CELLS = {
    ("C2614", "310115"): 34,
    ("C3516", "440305"): 34, ("C3516", "320505"): 16, ("C3516", "110108"): 4,
    ("F5177", "320505"): 32, ("F5177", "310115"): 14,
    ("I6510", "110108"): 32, ("I6510", "440305"): 16,
    ("G5430", "310115"): 12, ("G5430", "440305"): 10,
    ("M7310", "110108"): 12,
    ("E4710", "320583"): 9,
    ("K7010", "310115"): 6,
}  # fmt: skip
# What a firm's newest real statement looks like decides its simulated industry: in this order each takes the firms with the
# most of it.
LOOKS = {
    "M7310": pl.col("total_assets") / (pl.col("net_sales") + 0.01 * pl.col("total_assets")),  # spends, hardly sells: a laboratory
    "F5177": (pl.col("inventory") > 0) * pl.col("cost_of_goods_sold") / pl.col("total_assets"),  # turns goods over fast
    "C3516": pl.col("inventory") / pl.col("total_assets"),
    "E4710": pl.col("total_receivables") / pl.col("total_assets"),
    "K7010": pl.col("total_long_term_debt") / pl.col("total_assets"),
    "G5430": pl.col("depreciation_and_amortization") / pl.col("total_assets"),
    "I6510": pl.lit(0.0),
}  # fmt: skip
STORY_CELL = ("C3516", "110108")
ALONE = frozenset(story.name for story in SINGLE)
TIERS, TIER_SHARES = ("A", "B", "C", "D"), (0.1, 0.25, 0.4, 0.25)
NO_TIER_SHARE = 0.1
SIZES, SIZE_CUTS = ("micro", "small", "medium", "large"), (0.05, 0.1, 0.88)  # quantiles of total assets
RMS_PER_BRANCH = 2
HANDED_OVER_SHARE = 0.04
HOSTILE_NAME, LONG_NAMES, CONFIDENTIAL = 12, (10, 30, 61), 26
LAST_REVENUE_FLOOR = 0.02 * firms.CENTS  # a firm without sales still receives something
GOES_ON, SLOWEST, FASTEST = 0.5, -0.15, 0.4  # part of the last real growth that goes on after it, and between what
PER_HEAD, ASSETS_PER_HEAD, FEWEST = (
    0.3 * firms.CENTS,
    3 * firms.CENTS,
    8,
)  # revenue, assets per employee; fewest employees


@dataclass(frozen=True)
class Client:
    """One simulated client around one real firm (firm None: a client without any feed)."""

    number: int
    firm: str | None
    failing: bool
    name: str
    industry: str
    region: str
    size: str
    tier: str | None
    rm: str
    former_rm: str | None
    since: date
    story: str | None
    revenue: Mapping[int, float]
    debt: Mapping[int, float]
    staff: int

    @property
    def client_id(self) -> str:
        """Its id, in every table."""
        return f"C{self.number:04d}"

    @property
    def section(self) -> str:
        """Letter of its industry."""
        return self.industry[0]

    @property
    def ordinary(self) -> bool:
        """No single story of its own: what happens to it is chance, or happens to many."""
        return self.story not in ALONE


@dataclass(frozen=True)
class _Known:
    """What the real statements of a firm say of it; revenue and debt by year, money in cents."""

    failing: bool
    size: str
    assets: float
    revenue: Mapping[int, float]
    debt: Mapping[int, float]


_NOTHING = _Known(False, "small", 0.0, {}, {})


def rms(region: str) -> list[str]:
    """Staff ids of the RMs of a region's branch."""
    first = RMS_PER_BRANCH * OFFICES.index(BRANCHES[region])
    return [f"RM{first + k}" for k in range(RMS_PER_BRANCH)]


def _order(years: pl.DataFrame) -> list[str]:
    """The real firms in the order of the client numbers: late filers, single stories, then by id."""
    last = years.group_by("firm_id").agg(pl.col("fyear").max()).sort("firm_id")
    single = [firm for story in SINGLE for firm in story.firms]
    late = last.filter(pl.col("fyear") < firms.LAST_YEAR)["firm_id"].to_list()
    rest = [firm for firm in last["firm_id"] if firm not in {*single, *late}]
    return [*late, *single, *rest]


def _cells(order: Sequence[str | None], years: pl.DataFrame) -> dict[int, tuple[str, str]]:
    """Client number → industry and region: stories in one cell, the downturn's in theirs, the others where they look to belong."""
    stories = {int(client[1:]) for story in (SILENT, *SINGLE) for client in story.clients}
    fallen = {int(client[1:]) for client in DOWNTURN.clients}
    plain = [number for number in range(len(order)) if number not in stories | fallen]
    numbers = {order[number]: number for number in plain}
    newest = years.sort("fyear").group_by("firm_id").last().filter(pl.col("firm_id").is_in(list(numbers)))
    looks = newest.select("firm_id", **LOOKS).sort("firm_id")
    placed: dict[int, tuple[str, str]] = {}
    for industry in LOOKS:
        regions = [region for (code, region), many in list(CELLS.items())[1:] if code == industry for _ in range(many)]
        most = looks.sort(industry, "firm_id", descending=[True, False])["firm_id"].head(len(regions))
        likely = most.sort().to_list()
        step = next(k for k in (7, 5, 11, 13) if len(regions) % k)  # deals the regions out
        placed |= {numbers[firm]: (industry, regions[k * step % len(regions)]) for k, firm in enumerate(likely)}
        looks = looks.filter(~pl.col("firm_id").is_in(likely))
    return placed | dict.fromkeys(fallen, next(iter(CELLS))) | dict.fromkeys(stories, STORY_CELL)


def _tier(story: str | None, rng: np.random.Generator) -> str | None:
    drawn = TIERS[int(rng.choice(len(TIERS), p=TIER_SHARES))]
    blank = rng.random() < NO_TIER_SHARE
    if story in ALONE:
        return "B"
    return None if blank else drawn


def _name(number: int, section: str, rng: np.random.Generator) -> str:
    if number == HOSTILE_NAME:
        return names.HOSTILE
    return names.long_company(number) if number in LONG_NAMES else names.company(number, section, rng)


def _revenue(years: pl.DataFrame) -> dict[str, dict[int, float]]:
    """firm → year → revenue in cents, 2012 to 2015; after the file's end half of the last growth goes on, for a year."""
    known: dict[str, dict[int, float]] = {}
    for firm, year, sales in years.sort("firm_id", "fyear").select("firm_id", "fyear", "net_sales").rows():
        known.setdefault(firm, {})[year] = max(sales * firms.CENTS, LAST_REVENUE_FLOOR)
    return {firm: _going_on(told) for firm, told in known.items()}


def _going_on(told: Mapping[int, float]) -> dict[int, float]:
    last = max(told)
    growth = told[last] / told.get(last - 1, told[last]) - 1
    after = told[last] * (1 + min(max(GOES_ON * growth, SLOWEST), FASTEST))
    return {year: after if year > last else told[max(min(told), year)] for year in range(2012, 2016)}


def _debt(years: pl.DataFrame) -> dict[str, dict[int, float]]:
    """firm → year → real long-term debt at the year's end in cents; a year not in the file is its neighbour's."""
    known: dict[str, dict[int, float]] = {}
    for firm, year, owed in years.sort("firm_id", "fyear").select("firm_id", "fyear", "total_long_term_debt").rows():
        known.setdefault(firm, {})[year] = max(0.0, owed * firms.CENTS)
    return {
        firm: {year: told[min(max(told), max(min(told), year))] for year in range(2011, 2016)}
        for firm, told in known.items()
    }


@cache
def _industries(seed: int) -> pl.DataFrame:
    """firm_id, industry of the whole bank, whatever part of it is asked for."""
    return pl.DataFrame(
        [(client.firm, client.industry) for client in clients(None, seed) if client.firm is not None],
        schema={"firm_id": pl.String, "industry": pl.String}, orient="row",
    )  # fmt: skip


def growth(item: str, seed: int) -> dict[str, dict[int, float]]:
    """industry → year → median growth of that item of the file over the bank's real firms of the industry, 2010 to 2014."""
    step = pl.col(item) / pl.col(item).shift(1).over("firm_id") - 1
    follows = pl.col("fyear") == pl.col("fyear").shift(1).over("firm_id") + 1
    base = pl.col(item).shift(1).over("firm_id") > 0
    rows = (
        firms.firms().sort("firm_id", "fyear")
        .with_columns(step=pl.when(follows & base).then(step))
        .join(_industries(seed), on="firm_id")
        .group_by("industry", "fyear").agg(pl.col("step").median()).drop_nulls().sort("industry", "fyear")
    )  # fmt: skip
    told: dict[str, dict[int, float]] = {}
    for industry, year, median in rows.rows():
        told.setdefault(industry, {})[year] = median
    return told


def _known(years: pl.DataFrame) -> dict[str, _Known]:
    """firm → what its real statements say."""
    newest = years.filter(pl.col("fyear") == pl.col("fyear").max().over("firm_id"))
    cuts = np.quantile(newest["total_assets"].to_numpy(), SIZE_CUTS)
    failed = set(years.filter("failed_after_last_year")["firm_id"])
    revenue, debt = _revenue(years), _debt(years)
    return {
        firm: _Known(
            firm in failed, SIZES[int(np.searchsorted(cuts, assets))], assets * firms.CENTS, revenue[firm], debt[firm]
        )
        for firm, assets in newest["firm_id", "total_assets"].rows()
    }


def clients(count: int | None, seed: int) -> list[Client]:
    """The bank's clients in a stable order, stories first, so that a smaller bank keeps them.

    Raises ValueError when more are asked for than there are real firms: they are not repeated.
    """
    years = firms.firms()
    order: list[str | None] = [None, *_order(years)]
    wanted = len(order) if count is None else count
    if not 1 <= wanted <= len(order):
        raise ValueError(f"The sample bank has 1 to {len(order)} clients (real firms are not repeated), not {wanted}.")
    told = {client: story.name for story in STORIES.values() if story not in ORDINARY for client in story.clients}
    cells, known = _cells(order, years), _known(years)
    return [
        _client(n, firm, cells[n], told.get(f"C{n:04d}"), seed, known.get(firm or "", _NOTHING))
        for n, firm in enumerate(order[:wanted])
    ]


def _client(
    number: int, firm: str | None, cell: tuple[str, str], story: str | None, seed: int, known: _Known
) -> Client:
    """One client: the same whatever the number of the others."""
    rng = np.random.default_rng([seed, 1, number])
    industry, region = cell
    mine, other = rms(region) if number % 2 else reversed(rms(region))
    moved = story == "handover" or (story is None and rng.random() < HANDED_OVER_SHARE)
    since = date(int(rng.integers(1998, 2011)), int(rng.integers(1, 13)), int(rng.integers(1, 28)))
    return Client(
        number=number,
        firm=firm,
        failing=known.failing,
        name=_name(number, industry[0], rng),
        industry=industry,
        region=region,
        size=known.size,
        tier=_tier(story, rng),
        rm=mine,
        former_rm=other if moved else None,
        since=since,
        story=story,
        revenue=known.revenue,
        debt=known.debt,
        staff=_staff(known, np.random.default_rng([seed, 2, number])),
    )


def _staff(known: _Known, rng: np.random.Generator) -> int:
    """Employees as a firm of that revenue and those assets may have."""
    size = max(known.revenue.get(firms.LAST_YEAR, 0.0) / PER_HEAD, known.assets / ASSETS_PER_HEAD)
    return FEWEST + int(size * rng.lognormal(0.0, 0.2))
