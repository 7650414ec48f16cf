"""Who the simulated clients are: industry, region, grade, RM, name. Everything here is invented but the firm behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from sample import firms, names
from sample.stories import DOWNTURN, ORDINARY, SILENT, SINGLE, STORIES

REGIONS = ("310115", "440305", "320505", "110108")  # GB/T 2260: Pudong, Nanshan, Suzhou Industrial Park, Haidian
BRANCHES = {"310115": "B-SH", "440305": "B-SZ", "320505": "B-SU", "110108": "B-BJ"}
# How many clients stand in which industry (GB/T 4754) and region: DOWNTURN's in the first cell, those without a story or
# filing late in the others; the single stories join STORY_CELL.
CELLS = {
    ("C2614", "310115"): 34,
    ("C3516", "440305"): 34, ("C3516", "320505"): 16, ("C3516", "110108"): 4,
    ("F5177", "320505"): 32, ("F5177", "310115"): 14,
    ("I6510", "110108"): 32, ("I6510", "440305"): 16,
    ("G5430", "310115"): 12, ("G5430", "440305"): 10,
    ("M7310", "110108"): 12,
    ("E4710", "320505"): 9,
    ("K7010", "310115"): 6,
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


def rms(region: str) -> list[str]:
    """Staff ids of the RMs of a region's branch."""
    first = RMS_PER_BRANCH * REGIONS.index(region)
    return [f"RM{first + k}" for k in range(RMS_PER_BRANCH)]


def _order(years: pl.DataFrame) -> list[str]:
    """The real firms in the order of the client numbers: late filers, single stories, then by id."""
    last = years.group_by("firm_id").agg(pl.col("fyear").max()).sort("firm_id")
    single = [firm for story in SINGLE for firm in story.firms]
    late = last.filter(pl.col("fyear") < firms.LAST_YEAR)["firm_id"].to_list()
    rest = [firm for firm in last["firm_id"] if firm not in {*single, *late}]
    return [*late, *single, *rest]


def _cells(numbers: range) -> dict[int, tuple[str, str]]:
    """Client number → industry and region: stories in one cell, the downturn's in theirs, the others spread over the rest."""
    stories = {int(client[1:]) for story in (SILENT, *SINGLE) for client in story.clients}
    fallen = {int(client[1:]) for client in DOWNTURN.clients}
    first, *others = CELLS
    spread = [cell for cell in others for _ in range(CELLS[cell])]
    plain = [number for number in numbers if number not in stories | fallen]
    placed = {
        number: spread[k * 37 % len(spread)] for k, number in enumerate(plain)
    }  # 37: coprime, so it deals them out
    return placed | dict.fromkeys(fallen, first) | dict.fromkeys(stories, STORY_CELL)


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
    """firm → year → revenue in cents, 2012 to 2015; a year after the file's end is the last one's."""
    known: dict[str, dict[int, float]] = {}
    for firm, year, sales in years.sort("firm_id", "fyear").select("firm_id", "fyear", "net_sales").rows():
        known.setdefault(firm, {})[year] = max(sales * firms.CENTS, LAST_REVENUE_FLOOR)
    return {
        firm: {year: told[min(max(told), max(min(told), year))] for year in range(2012, 2016)}
        for firm, told in known.items()
    }


def _sizes(years: pl.DataFrame) -> dict[str, str]:
    newest = years.filter(pl.col("fyear") == pl.col("fyear").max().over("firm_id"))
    cuts = np.quantile(newest["total_assets"].to_numpy(), SIZE_CUTS)
    return {firm: SIZES[int(np.searchsorted(cuts, size))] for firm, size in newest["firm_id", "total_assets"].rows()}


def clients(count: int | None, seed: int) -> list[Client]:
    """The bank's clients in a stable order, stories first, so that a smaller bank keeps them.

    Raises ValueError when more are asked for than there are real firms: they are not repeated.
    """
    years = firms.firms()
    order: list[str | None] = [None, *_order(years)]
    wanted = len(order) if count is None else count
    if not 1 <= wanted <= len(order):
        raise ValueError(f"The sample bank has 1 to {len(order)} clients (real firms are not repeated), not {wanted}.")
    cells, sizes, revenue = _cells(range(len(order))), _sizes(years), _revenue(years)
    failed = set(years.filter("failed_after_last_year")["firm_id"])
    told = {client: story.name for story in STORIES.values() if story not in ORDINARY for client in story.clients}
    return [
        _client(n, firm, cells[n], told.get(f"C{n:04d}"), seed, failing=firm in failed, size=sizes, revenue=revenue)
        for n, firm in enumerate(order[:wanted])
    ]


def _client(
    number: int,
    firm: str | None,
    cell: tuple[str, str],
    story: str | None,
    seed: int,
    *,
    failing: bool,
    size: Mapping[str, str],
    revenue: Mapping[str, Mapping[int, float]],
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
        failing=failing,
        name=_name(number, industry[0], rng),
        industry=industry,
        region=region,
        size=size.get(firm or "", "small"),
        tier=_tier(story, rng),
        rm=mine,
        former_rm=other if moved else None,
        since=since,
        story=story,
        revenue=revenue.get(firm or "", {}),
    )
