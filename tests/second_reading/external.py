"""The external rows (EXT), one function a row."""

from datetime import date, timedelta
from functools import cache
from statistics import median

from tests.second_reading.bank import Row, T
from tests.second_reading.facts import Client, World, months_before, places, prefixes, reaches, within
from tests.second_reading.flows import Flows
from tests.second_reading.logic import Test, Truth, at_least, at_most, grade_b, grade_c, highest, same

RESTRICTIVE = ("restrict", "capacity_cut", "environmental_limit", "licence_withdrawn", "price_control")
DISASTERS = ("natural_disaster", "epidemic", "unrest", "major_accident")


def _of_sector(client: Client, kind: str, *subtypes: str) -> list[Row]:
    """Events of a kind about the client's industry and region."""
    found = []
    for row in client.world.sector_events:
        if row["kind"] != kind or row["subtype"] not in subtypes or row["happened_on"] > T:
            continue
        industry, region = row["industry_code"], row["region_code"]
        if industry is not None and not client.industry.startswith(industry):
            continue
        if region is None or reaches(region, client.region):
            found.append(row)
    return found


def _cells(client: Client) -> list[str]:
    return [f"{code}@{place}" for code in prefixes(client.industry) for place in places(client.region)]


def _newest(values: dict[date, float], days: int) -> float | None:
    newest = max((end for end in values if end <= T), default=None)
    return values[newest] if newest is not None and within(newest, days) else None


def ext_02(client: Client) -> str:
    """Disruptive technology change in the sector."""
    standards = [r for r in _of_sector(client, "policy", "technology_standard") if r["industry_code"]]
    news = [r for r in _of_sector(client, "news", "technology_shift") if r["industry_code"] and r["confirmed"]]
    papers = {row["source_ref"].split(":")[0] for row in news if within(row["happened_on"], 180)}
    score = _newest(client.world.sector("industry_region", _cells(client), "technology_disruption"), 190)
    proxies: list[Test] = [
        ("W", any(within(row["due_on"], 365) for row in standards)), ("W", at_least(score, 4)), ("W", len(papers) >= 3),
    ]  # fmt: skip
    said = client.said("EXT-02", "WA")
    return grade_c("A" if said not in (None, "no") else said, *proxies)


def ext_03(client: Client) -> str:
    """Restrictive industry policy."""
    if not client.world.delivered("events", "policy"):
        return "NO_DATA"
    tests: list[Test] = []
    for row in _of_sector(client, "policy", *RESTRICTIVE):
        near = T - timedelta(days=365) <= row["due_on"] <= T + timedelta(days=180)
        tests += [("A", near), ("R", near and row["severity"] == 3), ("W", row["due_on"] > T + timedelta(days=180))]
    return grade_b(*tests)


def _quarters(world: World, codes: list[str], name: str, days: int) -> list[float] | None:
    """The values of the newest quarter ends, newest first, as long as no quarter is missing between."""
    values = world.sector("region" if "@" not in codes[0] else "industry_region", codes, name)
    newest = max((end for end in values if end <= T and end.month % 3 == 0), default=None)
    if newest is None or not within(newest, days):
        return None
    run = []
    end = newest
    while end in values:
        run.append(values[end])
        end = date(end.year, end.month, 1) - timedelta(days=63)
        end = (end.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return run


def ext_06(client: Client) -> str:
    """Deteriorating regional investment climate."""
    world, where = client.world, places(client.region)
    invested = _quarters(world, where, "fixed_investment_yoy", 95)
    shrank: Truth = None if invested is None or len(invested) < 2 else max(invested[:2]) < 0
    firms = at_most(_newest(world.sector("region", where, "new_firms_yoy"), 190), -0.20)
    failed = at_least(_newest(world.sector("region", where, "bankruptcy_filings_yoy"), 190), 0.30)
    climate = _quarters(world, _cells(client), "investment_climate", 190)
    worse: Truth = None
    if climate is not None and len(climate) >= 3:
        worse = climate[1] - climate[0] >= 1 and climate[2] - climate[1] >= 1
    tests = (shrank, firms, failed, worse)
    return grade_b(*(("W", one) for one in tests), more=[("A", sum(one is True for one in tests) >= 2)])


def ext_07(client: Client) -> str:
    """Natural or social disaster hitting operations."""
    if not client.world.delivered("events", "news"):
        return "NO_DATA"
    struck = [row for row in _of_sector(client, "news", *DISASTERS) if row["region_code"] and row["severity"] >= 2]
    recent = [row["happened_on"] for row in struck if within(row["happened_on"], 90)]
    hit = [("A", _stopped(Flows(client), on)) for on in recent]
    more: list[Test] = [("R", client.adverse("EXT-07"))]
    return highest([*hit, *more]) or grade_b(("W", bool(recent)))


def _stopped(flows: Flows, on: date) -> Truth:
    """Whether receipts of the 30 days after the event are at most 70 % of the median of the six windows before it."""
    if on + timedelta(days=30) > T:
        return None
    after = flows.between(on + timedelta(days=1), on + timedelta(days=30))
    before = [flows.between(on - timedelta(days=30 * n + 30), on - timedelta(days=30 * n + 1)) for n in range(6)]
    if after is None or any(value is None for value in before):
        return None
    middle = median(before)  # type: ignore[type-var]
    return at_most(after / middle, 0.70) if middle else None


def _late_share(world: World, region: str, on: date) -> tuple[int, int]:
    """Loans of the region with a balance on a day, and those of them 30 days late."""
    count = late = 0
    for client in world.clients:
        for loan in client.rows("loans") if client.region == region else []:
            states = [s for s in world.status[loan["loan_id"]] if s["as_of"] <= on]
            state = max(states, key=lambda s: s["as_of"], default=None)
            if state is None or state["outstanding"] <= 0:
                continue
            since = [state["principal_overdue_since"], state["interest_overdue_since"]]
            count += 1
            late += any(day is not None and (on - day).days >= 30 for day in since)
    return count, late


@cache
def _turmoil(world: World, region: str) -> bool:
    (loans, late), (before, late_before) = (_late_share(world, region, on) for on in (T, months_before(T, 12)))
    return loans >= 50 and late >= 5 and late * before >= 1.5 * late_before * loans


def ext_04(client: Client) -> str:
    """Macro slowdown or regional financial turmoil."""
    world = client.world
    gdp, pmi = world.series("macro", "CN", "gdp_yoy"), world.series("macro", "CN", "pmi")
    ends, months = sorted(gdp, reverse=True), sorted(pmi, reverse=True)[:3]
    slow: Truth = None
    if len(ends) >= 12 and within(ends[0], 190):
        now, mean = gdp[ends[0]], sum(gdp[end] for end in ends[:12]) / 12
        slow = now < gdp[ends[1]] < gdp[ends[2]] and same(now - mean) <= -0.01
    weak = all(pmi[end] < 50 for end in months) if len(months) == 3 and within(months[0], 95) else None
    news = [r for r in _of_sector(client, "news", "regional_financial_turmoil") if r["region_code"] and r["confirmed"]]
    told: Truth = any(within(r["happened_on"], 90) for r in news) if world.delivered("events", "news") else None
    return grade_b(("W", slow), ("W", weak), ("A", _turmoil(world, client.region)), ("A", told))


ROWS = {"EXT-04": ext_04, "EXT-02": ext_02, "EXT-03": ext_03, "EXT-06": ext_06, "EXT-07": ext_07}
