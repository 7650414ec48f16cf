"""Who the simulated clients are: names, sectors, regions, grades, their RMs. Everything here is invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from sample import firms

SECTORS = {"C2614": 34, "C3516": 62, "F5177": 50, "I6510": 50, "G5430": 22, "M7310": 12, "E4710": 9, "K7010": 6}
REGIONS = ["310115", "440305", "320505", "110108"]
BRANCHES = {"310115": "B-SH", "440305": "B-SZ", "320505": "B-SU", "110108": "B-BJ"}
RMS = ["Lin Yue", "Chen Hao", "Wang Min", "Zhao Lei", "Sun Jia", "Qian Bo", "Zhou Ran", "Wu Dan"]
TIERS = ["A", "B", "C", "D"]
_FIRST = [
    "Amber",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Falcon",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Keystone",
    "Lumen",
    "Meridian",
    "Northway",
    "Orchid",
    "Pioneer",
    "Quarry",
    "Ridge",
    "Summit",
    "Tidal",
    "Umber",
    "Vantage",
    "Willow",
    "Yarrow",
    "Zenith",
]
_SECOND = {"C": "Materials Instruments Chemicals Devices Components", "F": "Trading Supply Wholesale", "I": "Systems Software Data",
           "G": "Logistics Freight", "M": "Research Laboratories", "E": "Construction", "K": "Properties"}  # fmt: skip
_CHINESE = ["华东", "恒信", "鼎盛", "瑞丰", "中科", "海纳", "金桥", "长青"]
HOSTILE = 'A&B <b>"Holdings"</b> {{7*7}} =1+1'
LONGEST = "Consolidated Meridian Harbor Precision Instruments and Components International Holdings Ltd"


@dataclass(frozen=True)
class Client:
    """One simulated client around one real firm (firm None: a client without any feed)."""

    client_id: str
    firm: str | None
    name: str
    industry: str
    region: str
    size: str
    tier: str | None
    rm: int
    former_rm: int | None
    since: date
    story: str | None


def _stories(years: pl.DataFrame) -> dict[str, str]:
    """firm → story: single stories on calm firms, the late filers where the file ends in 2013."""
    names = [
        "quiet",
        "fading",
        "sudden_stop",
        "cooling",
        "arrears",
        "early_arrears",
        "complaint",
        "bounced",
        "restated",
    ]
    told = dict(zip(firms.calm(years), names, strict=False))
    last = years.group_by("firm_id").agg(last=pl.col("fyear").max())
    return told | dict.fromkeys(last.filter(pl.col("last") == 2013)["firm_id"].to_list(), "late_filers")


def _name(rng: np.random.Generator, number: int, section: str) -> str:
    if number == 12:
        return HOSTILE
    if number == 13:
        return LONGEST
    if number % 7 == 3:
        return f"{_CHINESE[number % 8]}{_CHINESE[(number // 8) % 8]}实业{number}有限公司"
    first, second = rng.choice(_FIRST), rng.choice(_SECOND[section].split())
    return f"{first} {second} {number:03d} Inc."


def clients(count: int | None, seed: int) -> list[Client]:
    """The bank's clients in a stable order, stories first, so that a smaller bank keeps them.

    Raises ValueError when more are asked for than there are real firms.
    """
    years = firms.firms()
    told = _stories(years)
    every = sorted(years["firm_id"].unique().to_list(), key=lambda f: (f not in told, f))
    most = len(every) + 1
    wanted = most if count is None else count
    if not 1 <= wanted <= most:
        raise ValueError(f"The sample bank has 1 to {most} clients (real firms are not repeated), not {wanted}.")
    assets = years.filter(pl.col("fyear") == pl.col("fyear").max().over("firm_id")).select("firm_id", "total_assets")
    size = dict(assets.rows())
    cuts = np.quantile(list(size.values()), [0.05, 0.1, 0.88])
    sectors = [code for code, many in SECTORS.items() for _ in range(many)]
    made = [
        Client(
            "C0000",
            None,
            "Quiet Harbor Unfed 000 Inc.",
            "K7010",
            "310115",
            "small",
            "C",
            0,
            None,
            date(2009, 3, 2),
            "silent",
        )
    ]
    for number, firm in enumerate(every, start=1):
        rng = np.random.default_rng([seed, 1, number])
        story = told.get(firm)
        sector = "C3516" if story not in (None, "late_filers") else sectors[number * 37 % len(sectors)]
        region = REGIONS[0] if sector == "C2614" else REGIONS[int(rng.integers(0, 4))]
        tier = None if number % 9 == 0 else TIERS[int(rng.choice(4, p=[0.1, 0.25, 0.4, 0.25]))]
        tier = "B" if story == "cooling" else tier
        made.append(
            Client(
                client_id=f"C{number:04d}",
                firm=firm,
                name=_name(rng, number, sector[0]),
                industry=sector,
                region=region,
                size=["micro", "small", "medium", "large"][int(np.searchsorted(cuts, size[firm]))],
                tier=tier,
                rm=number % 8,
                former_rm=(number + 3) % 8 if number % 11 == 5 and story is None else None,
                since=date(int(rng.integers(1998, 2011)), int(rng.integers(1, 13)), int(rng.integers(1, 28))),
                story=story or ("downturn" if sector == "C2614" else None),
            )
        )
    return made[:wanted]


def failed(years: pl.DataFrame) -> set[str]:
    """Firms the file says failed after their last year."""
    return set(years.filter("failed_after_last_year")["firm_id"].to_list())


def revenue(years: pl.DataFrame) -> Mapping[tuple[str, int], float]:
    """(firm, year) → revenue in cents; a year after the file's end is the last one's."""
    known = {
        (f, y): max(float(r), 0.05) * firms.MILLION for f, y, r in years.select("firm_id", "fyear", "net_sales").rows()
    }
    last = {f: max(y for g, y in known if g == f) for f in {f for f, _ in known}}
    for firm, year in last.items():
        for later in range(year + 1, 2016):
            known[(firm, later)] = known[(firm, year)]
    return known
