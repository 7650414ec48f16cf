"""The world around the clients: the economy, sectors, regions, what clients file each month, and events of all fifteen kinds."""

import numpy as np
import polars as pl

from benchmarks.simulated import firms as made_of
from benchmarks.simulated.clock import (
    NEVER,
    Floats,
    Ints,
    chance,
    dates,
    fen,
    happens,
    ids,
    lumps,
    number,
    numbers_of,
    pick,
    table,
    walk,
)
from benchmarks.simulated.filings import Economy
from benchmarks.simulated.firms import Firms
from benchmarks.simulated.lending import YEAR, Lending
from benchmarks.simulated.money import BANKS
from benchmarks.simulated.plan import Plan
from benchmarks.simulated.ties import Ties

# mean, spread, memory from period to period
GDP, PMI = (0.050, 0.004, 0.7), (50.3, 0.7, 0.6)
INDUSTRY = {"revenue_yoy": (0.045, 0.03, 0.85), "profit_yoy": (0.05, 0.08, 0.8), "finished_goods_inventory_yoy": (0.045, 0.03, 0.85),
            "ppi_yoy": (0.0, 0.02, 0.9)}  # fmt: skip
UTILISATION = (0.76, 0.02, 0.8)
REGION = {"gdp_yoy": ("Q", 0.055, 0.006, 0.6), "fixed_investment_yoy": ("M", 0.05, 0.03, 0.8), "new_firms_yoy": ("Q", 0.06, 0.06, 0.6),
          "bankruptcy_filings_yoy": ("Q", 0.05, 0.12, 0.6)}  # fmt: skip
POLICY_RATE, RATE_STEP, RATE_MOVES = 0.031, 0.001, 2  # two steps of 10 basis points a year
WAGE = 95_000
# Rows a year: of the country, of each sector, of each region.
POLICIES = {"monetary": ("country", 2.0), "trade": ("country", 1.0), "tax": ("sector", 0.2), "industrial": ("sector", 0.3),
            "technology_standard": ("sector", 0.15), "environmental_limit": ("sector", 0.05)}  # fmt: skip
SECTOR_NEWS, REGION_NEWS = {"technology_shift": 0.3}, {"natural_disaster": 0.2, "major_accident": 0.1, "epidemic": 0.02}
CLIENT_NEWS = {"product_complaint": 0.006, "pollution": 0.001, "false_advertising": 0.001}
# Rows a year of a client on the register: what happens to ordinary companies.
REGISTRY = {"scope_change": 0.06, "name_change": 0.015, "branch_open": 0.05, "branch_close": 0.02, "subsidiary_open": 0.04,
            "outbound_investment": 0.05, "equity_transfer": 0.04, "equity_pledge": 0.02, "lawsuit": 0.08, "labour_arbitration": 0.03,
            "penalty": 0.015, "abnormal_operation": 0.005, "executed": 0.003, "joint_stock_conversion": 0.002,
            "capital_reduction": 0.004, "quality_penalty": 0.003, "tax_arrears": 0.002, "lease_out": 0.004, "joint_venture": 0.005,
            "merger": 0.002}  # fmt: skip
COUNTERPARTIES = {
    "deregistered": 0.004,
    "bankruptcy_filing": 0.001,
    "dishonest_executee": 0.004,
    "licence_revoked": 0.001,
}
NEW_FIELD = 0.2  # of branches, subsidiaries and investments that go to a new industry or province
NOTIFIED, NOTICE_DAYS = 0.93, (-15, 9)
DEALS = {"equity_purchase": 0.015, "asset_sale": 0.02, "asset_purchase": 0.05, "intangible_purchase": 0.008, "real_estate_purchase": 0.006,
         "equity_sale": 0.008}  # fmt: skip
FAIR, RELATED_DEAL, APPRAISED = 0.06, 0.1, 0.8
PROJECT, SLIP_DAYS, OVER_BUDGET = 0.06, (15, 40), (0.01, 0.04)
REQUESTS = {"increase": 0.12, "new": 0.06}
INQUIRY = {"loan_approval": 1.0, "post_loan": 3.0}  # a year and other bank that lends
RARE = {"reference_call": 0.01, "competitor_contact": 0.06, "occasion": 0.1}
ASKED = ("EXT-02", "MGT-06", "MGT-09", "MGT-24", "MGT-25", "MGT-26", "MGT-27", "MGT-28", "MGT-29", "MGT-32", "MGT-36", "MGT-37",
         "REL-01", "REL-02", "REL-04")  # fmt: skip
ANSWERED = 0.85  # of clients, each year; all say "no"
RETURN_NOISE = {"output_units": 0.07, "orders": 0.15, "shipments": 0.08, "raw_material_purchases": 0.15, "vat_sales": 0.03,
                "return_rate": 0.25}  # fmt: skip
DIVISION = 3


# ---- series --------------------------------------------------------------------------------------------------------


def _series(
    plan: Plan, kind: str, code: pl.Series, name: str, end_on: Ints, published: Ints, value: Floats
) -> pl.DataFrame:
    return table("series", subject_kind=kind, subject_code=code, indicator=name, period_end=dates(end_on),
                 published_on=dates(published), value=np.round(value, 6)).filter(
                     pl.Series(published <= number(plan.size.clock.end)))  # fmt: skip


def published(plan: Plan) -> pl.DataFrame:
    """Macro, sector and region series: no recession, indices above and below fifty as usual."""
    rng = np.random.default_rng([plan.size.seed, 30])
    clock = plan.size.clock
    quarter = np.flatnonzero(clock.of_year % 3 == 0)
    every = {"M": np.arange(clock.months), "Q": quarter}
    parts = []

    def draw(
        kind: str,
        codes: list[str],
        name: str,
        each: str,
        mean: float,
        spread: float,
        memory: float,
        low: float = -9.0,
        high: float = 99.0,
    ) -> None:
        months, count = every[each], len(every[each])
        values = np.clip(mean + walk(rng, (len(codes), count), spread, memory), low, high)
        parts.append(_series(plan, kind, pl.Series(np.repeat(codes, count)), name, np.tile(clock.last[months], len(codes)),
                             np.tile(clock.last[months] + 25, len(codes)), values.ravel()))  # fmt: skip

    divisions = sorted({row[0][:DIVISION] for row in made_of.INDUSTRIES})
    draw("macro", ["CN"], "gdp_yoy", "Q", *GDP)
    draw("macro", ["CN"], "pmi", "M", *PMI)
    for name, of in INDUSTRY.items():
        draw("industry", divisions, name, "M", *of)
    draw("industry", divisions, "capacity_utilisation", "Q", *UTILISATION)
    for name, (each, *of) in REGION.items():
        draw("region", list(made_of.REGIONS), name, each, *of)
    cells = [f"{d}@{r}" for d in divisions for r in made_of.REGIONS]
    for name in ("technology_disruption", "investment_climate"):
        score = 2.0 if name == "technology_disruption" else 3.6
        values = np.clip(np.rint(score + walk(rng, (len(cells), len(quarter)), 0.4, 0.9)), 1, 5)
        parts.append(_series(plan, "industry_region", pl.Series(np.repeat(cells, len(quarter))), name, np.tile(clock.last[quarter], len(cells)),
                             np.tile(clock.last[quarter] + 25, len(cells)), values.ravel()))  # fmt: skip
    years = np.flatnonzero(clock.of_year == 12)
    wage = WAGE * np.exp(rng.normal(0, 0.12, len(cells)))[:, None] * 1.05 ** np.arange(len(years))[None, :]
    parts.append(_series(plan, "industry_region", pl.Series(np.repeat(cells, len(years))), "avg_wage_industry", np.tile(clock.last[years], len(cells)),
                         np.tile(clock.last[years] + 150, len(cells)), wage.ravel()))  # fmt: skip
    span = int(clock.starts[-1] - clock.starts[0])
    moves = int(RATE_MOVES * span / 365)
    day = np.sort(clock.starts[0] + rng.integers(0, span, moves))
    rate = np.maximum(0.01, POLICY_RATE + RATE_STEP * np.cumsum(rng.choice([-1, 1], moves)))
    parts.append(_series(plan, "macro", pl.Series(["CN"] * moves), "policy_rate", day, day, rate))
    days = np.arange(clock.starts[0], clock.starts[-1], 7)
    fx = 7.1 * np.exp(np.cumsum(rng.normal(0, 0.003, len(days))))
    parts.append(_series(plan, "fx", pl.Series(["USDCNY"] * len(days)), "mid_rate", days, days, fx))
    return pl.concat(parts).unique(
        ["subject_kind", "subject_code", "indicator", "period_end", "published_on"], keep="last"
    )


def returns(plan: Plan, firms: Firms, books: Economy) -> pl.DataFrame:
    """What clients file each month on output, stock, prices, people; makers all of it, others what they have."""
    rng = chance(plan.size.seed, plan.size.shard, 31)
    clock, n = plan.size.clock, firms.count
    shape = firms.trend.shape
    # A clean index of the business: trend and a milder season, whatever payments do.
    level = firms.trend / firms.trend[:, :1] * (1 + (firms.season - 1) * 0.4) * plan.business
    base = rng.uniform(500, 50_000, n)[:, None]
    output = base * level * lumps(rng, RETURN_NOISE["output_units"], shape)
    capacity = base * firms.trend / firms.trend[:, :1] / np.clip(rng.normal(0.77, 0.07, n), 0.5, 0.98)[:, None]
    maker = np.char.startswith(np.array([row[0] for row in made_of.INDUSTRIES])[firms.industry], "C")
    stock = (
        base
        * rng.uniform(0.4, 2.0, n)[:, None]
        * firms.trend
        / firms.trend[:, :1]
        * np.exp(walk(rng, shape, 0.09, 0.8))
    )
    price = 100 * np.exp(np.cumsum(rng.normal(0, 0.008, shape), axis=1)) * (1 + plan.margin * 0.5)
    made = np.broadcast_to(np.maximum(1, rng.poisson(8, n))[:, None] + 0.0, shape)
    changes = (rng.random(shape) < 0.02) * rng.choice([-1, 1], shape)
    products = np.maximum(1, made + np.cumsum(changes, axis=1))
    february = (clock.of_year == 2)[None, :] * rng.integers(3, 9, n)[:, None]
    everybody: dict[str, Floats] = {
        "orders": firms.sales * lumps(rng, RETURN_NOISE["orders"], shape),
        "headcount": np.rint(books.heads),
        "leavers": rng.poisson(np.maximum(0.05, 0.012 * books.heads)),
        "product_price_index": price,
        "active_products": products,
        "top_product_share": np.clip(rng.uniform(0.2, 0.8, n)[:, None] + walk(rng, shape, 0.03, 0.9), 0.05, 1.0),
        "return_rate": np.clip(
            rng.uniform(0.004, 0.02, n)[:, None] * lumps(rng, RETURN_NOISE["return_rate"], shape), 0, 1
        ),
        "vat_sales": firms.sales * lumps(rng, RETURN_NOISE["vat_sales"], shape),
    }
    makers: dict[str, Floats] = {
        "output_units": output,
        "capacity_units": np.maximum(capacity, 1.0),
        "shipments": base * level * lumps(rng, RETURN_NOISE["shipments"], shape),
        "inventory_units": stock,
        "raw_material_purchases": firms.sales * 0.6 * lumps(rng, RETURN_NOISE["raw_material_purchases"], shape),
        "downtime_days": february + 0.0,
    }
    files = rng.random(n) < plan.size.returns
    first = max(0, clock.months - plan.size.flow_months)
    parts = []
    for indicators, who in ((everybody, files), (makers, files & maker)):
        client = np.flatnonzero(who)
        months = np.arange(first, clock.months)
        row, place = np.repeat(client, len(months)), np.tile(months, len(client))
        late = clock.last[place] + 12
        for name, values in indicators.items():
            parts.append(_series(plan, "client", ids("C", row), name, clock.last[place], late, values[row, place]))
    client = np.flatnonzero(files)
    halves = np.flatnonzero((clock.of_year % 6 == 0) & (np.arange(clock.months) >= first))
    row, place = np.repeat(client, len(halves)), np.tile(halves, len(client))
    reached = np.clip(rng.normal(0.98, 0.08, len(row)) * np.minimum(1.0, plan.business[row, place] + 0.05), 0, 3)
    parts.append(
        _series(plan, "client", ids("C", row), "plan_attainment", clock.last[place], clock.last[place] + 25, reached)
    )
    counted = np.flatnonzero((clock.of_year == 12) & (np.arange(clock.months) >= first))
    row, place = np.repeat(client, len(counted)), np.tile(counted, len(client))
    parts.append(_series(plan, "client", ids("C", row), "stocktake_variance", clock.last[place], clock.last[place] + 30,
                         np.abs(rng.normal(0, 0.012, len(row)))))  # fmt: skip
    return pl.concat(parts)


# ---- notes ---------------------------------------------------------------------------------------------------------

POLICY_ITEMS = ("revenue_recognition", "inventory_valuation", "depreciation_method", "useful_life", "amortisation_life", "bad_debt",
                "consolidation_scope", "measurement_model")  # fmt: skip
POLICY_CHANGE, MANDATED = 0.004, 0.6  # a year and item; of the changes asked for by a new standard
CUSTOMER_EXPONENT = (0.3, 1.1)
FAIR_SPREAD = 0.12


def disclosures(plan: Plan, firms: Firms, books: Economy, filed: pl.DataFrame) -> pl.DataFrame:
    """Notes of each annual statement: policies, largest customers and suppliers, what the client has invested in."""
    rng = chance(plan.size.seed, plan.size.shard, 32)
    annual = filed.filter(period_type="Y", version=1)
    client = numbers_of(annual["party_id"])
    end_on, received = (
        annual["period_end"].cast(pl.Int32).to_numpy().astype(np.int64),
        annual["received_on"].cast(pl.Int32).to_numpy().astype(np.int64),
    )
    year = annual["period_end"].dt.year().to_numpy() - 2000
    count = len(client)

    def head(rows: Ints) -> dict[str, pl.Series]:
        return {
            "party_id": ids("C", client[rows]),
            "period_end": dates(end_on[rows]),
            "received_on": dates(received[rows]),
        }

    parts = []
    changes = rng.random((firms.count, len(POLICY_ITEMS), 40)) < POLICY_CHANGE
    version = np.cumsum(changes, axis=2)
    asked = rng.random((firms.count, len(POLICY_ITEMS))) < MANDATED
    everything = np.arange(count)
    for place, item in enumerate(POLICY_ITEMS):
        parts.append(table("disclosures", kind="accounting_policy", item=item, text_value="P" + pl.Series(version[client, place, year]).cast(pl.String),
                           mandated=asked[client, place] & changes[client, place, year], **head(everything)))  # fmt: skip
    for kind, seed in (("top_customer", 71), ("top_supplier", 73)):
        exponent = np.random.default_rng([plan.size.seed, plan.size.shard, seed]).uniform(
            *CUSTOMER_EXPONENT, firms.count
        )
        shares = np.arange(1, 25)[None, :] ** -exponent[:, None]
        shares = shares / shares.sum(axis=1)[:, None]
        for rank in range(5):
            noise = np.exp(rng.normal(0, 0.08, count))
            parts.append(table("disclosures", kind=kind, item=str(rank + 1), share_pct=np.round(np.minimum(0.9, shares[client, rank] * noise), 4),
                               **head(everything)))  # fmt: skip
    has = books.line["long_term_investments"][:, 0] > 0
    shape = rng.random(firms.count)
    for kind, low, high in (("investment_equity", 0.0, 0.8), ("investment_project", 0.7, 1.0)):
        rows = np.flatnonzero(has[client] & (shape[client] >= low) & (shape[client] < high))
        cost = books.line["long_term_investments"][client[rows], 0] * 0.5
        income = cost * (0.05 + rng.normal(0, 0.05, len(rows)))
        fair = cost * np.exp(rng.normal(0, 0.1, len(rows)))
        parts.append(_invested(kind, "E1", cost, cost, fair, income, head(rows)))
    rows = np.flatnonzero(books.line["trading_assets"][client, 0] > 0)
    value = books.line["trading_assets"][client[rows], 0]
    parts.append(
        _invested(
            "investment_security",
            "S1",
            value,
            value * np.exp(rng.normal(0.02, FAIR_SPREAD, len(rows))),
            None,
            value * 0.02,
            head(rows),
        )
    )
    return pl.concat(parts)


def _invested(
    kind: str, item: str, cost: Floats, carrying: Floats, fair: Floats | None, income: Floats, head: dict[str, object]
) -> pl.DataFrame:
    return table("disclosures", kind=kind, item=item, cost=fen(cost), carrying=fen(carrying), fair_value=fen(carrying if fair is None else fair),
                 income=fen(income), impairment=np.zeros(len(cost), np.int64), **head)  # fmt: skip


# ---- events --------------------------------------------------------------------------------------------------------


def _event(plan: Plan, tag: str, kind: str, subtype: pl.Series | str, happened: Ints, **more: object) -> pl.DataFrame:
    given = {"confirmed": True, "source_class": "registry", "source_ref": f"{tag}:" + pl.Series(np.arange(len(happened))).cast(pl.String),
             "recorded_on": dates(np.minimum(happened + 1, number(plan.size.clock.end))), **more}  # fmt: skip
    return table("events", event_id=f"V{plan.size.shard}{tag}-" + pl.Series(np.arange(len(happened))).cast(pl.String), kind=kind,
                 subtype=subtype, happened_on=dates(happened), **given)  # fmt: skip


def public_events(plan: Plan) -> pl.DataFrame:
    """Policies and news of the country, the sectors and the regions."""
    rng = np.random.default_rng([plan.size.seed, 33])
    clock, end = plan.size.clock, number(plan.size.clock.end)
    divisions = sorted({row[0][:DIVISION] for row in made_of.INDUSTRIES})
    parts = []
    for name, (reach, rate) in POLICIES.items():
        places = [None] if reach == "country" else divisions
        who, day = happens(rng, clock, len(places), rate)
        parts.append(_event(plan, f"pol{name}", "policy", name, day, due_on=dates(day + 45), severity=pick(rng, ["1", "2"], [0.7, 0.3], len(day)),
                            industry_code=pl.Series(places, dtype=pl.String).gather(who), source_class="public_statistics"))  # fmt: skip
    for table_, column, places in (
        (SECTOR_NEWS, "industry_code", divisions),
        (REGION_NEWS, "region_code", list(made_of.REGIONS)),
    ):
        for name, rate in table_.items():
            who, day = happens(rng, clock, len(places), rate)
            day = np.minimum(day, end - 1)
            parts.append(_event(plan, f"pub{name}", "news", name, day, severity=pick(rng, ["1", "2", "3"], [0.6, 0.35, 0.05], len(day)),
                                source_class="news", **{column: pl.Series(places).gather(who)}))  # fmt: skip
    return pl.concat(parts)


def client_events(plan: Plan, firms: Firms, lending: Lending, books: Economy, ties: Ties) -> pl.DataFrame:
    """Everything on the clients themselves and the companies they deal with."""
    rng = chance(plan.size.seed, plan.size.shard, 34)
    return pl.concat(
        [
            *_register(plan, firms, ties, rng),
            *_business(plan, firms, books, rng),
            *_banking(plan, firms, lending, books, ties, rng),
            _observed(plan, firms, ties, rng),
        ]
    )


def _register(plan: Plan, firms: Firms, ties: Ties, rng: np.random.Generator) -> list[pl.DataFrame]:
    clock, end, parts = plan.size.clock, number(plan.size.clock.end), []
    for name, rate in CLIENT_NEWS.items():
        who, day = happens(rng, clock, firms.count, rate)
        parts.append(_event(plan, f"news{name}", "news", name, day, party_id=ids("C", who), severity=pick(rng, ["1", "2"], [0.7, 0.3], len(day)),
                            confirmed=rng.random(len(day)) < 0.3, source_class="news"))  # fmt: skip
    for name, rate in REGISTRY.items():
        who, day = happens(rng, clock, firms.count, rate)
        lifted = (
            np.where(rng.random(len(day)) < 0.6, day + 60, NEVER)
            if name in ("abnormal_operation", "executed", "tax_arrears")
            else np.full(len(day), NEVER)
        )
        flags = (
            [["new_industry"] if new else [] for new in rng.random(len(day)) < NEW_FIELD]
            if name in ("branch_open", "subsidiary_open", "outbound_investment")
            else [[]] * len(day)
        )
        amount = np.rint(firms.trend[who, -1] * 12 * rng.uniform(0.001, 0.03, len(day)) * 100).astype(np.int64)
        parts.append(_event(plan, f"reg{name}", "registry", name, day, party_id=ids("C", who), ends_on=dates(lifted), amount=amount,
                            flags=pl.Series(flags, dtype=pl.List(pl.String))))  # fmt: skip
        if name in ("equity_transfer", "equity_pledge", "merger", "capital_reduction"):
            told = rng.random(len(day)) < NOTIFIED
            on = np.minimum(day + rng.integers(*NOTICE_DAYS, len(day)), end)[told]
            parts.append(
                _event(plan, f"note{name}", "client_notice", name, on, party_id=ids("C", who[told]), source_class="crm")
            )
    change = ties.changes.filter(pl.col("day") <= end)
    for (name,), rows in change.partition_by("subtype", as_dict=True).items():
        who, day = rows["client"].to_numpy(), rows["day"].to_numpy()
        parts.append(_event(plan, f"reg{name}", "registry", name, day, party_id=ids("C", who), other_id=rows["came"]))
        if name == "controller_change":
            parts.append(
                _event(plan, f"note{name}", "client_notice", name, day, party_id=ids("C", who), source_class="crm")
            )
    for name, rate in COUNTERPARTIES.items():
        who, day = happens(rng, clock, 4 * firms.count, rate)
        parts.append(_event(plan, f"out{name}", "registry", name, day, party_id=ids("X", who), source_class="court"))
    return parts


def _business(plan: Plan, firms: Firms, books: Economy, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Deals near their fair price, projects near their plan, plants closed for the holiday."""
    clock, end, parts = plan.size.clock, number(plan.size.clock.end), []
    assets = firms.trend[:, -1] * 12
    for name, rate in DEALS.items():
        who, day = happens(rng, clock, firms.count, rate)
        fair = assets[who] * np.exp(rng.normal(np.log(0.02), 0.8, len(day)))
        price = fair * np.exp(rng.normal(0, FAIR, len(day)))
        related, appraised = rng.random(len(day)) < RELATED_DEAL, rng.random(len(day)) < APPRAISED
        flags = [
            [*(["related_party"] if r else []), *(["appraised"] if a else [])]
            for r, a in zip(related, appraised, strict=True)
        ]
        parts.append(_event(plan, f"deal{name}", "deal", name, day, party_id=ids("C", who), amount=np.rint(price * 100).astype(np.int64),
                            ref_amount=np.rint(fair * 100).astype(np.int64), flags=pl.Series(flags, dtype=pl.List(pl.String)),
                            source_class="client_return"))  # fmt: skip
    builds = np.flatnonzero(rng.random(firms.count) < PROJECT)
    begun = end - rng.integers(60, 1200, len(builds))
    due = begun + rng.integers(400, 900, len(builds))
    budget = assets[builds] * rng.uniform(0.03, 0.2, len(builds))
    slip = np.cumsum(np.maximum(-5, rng.normal(SLIP_DAYS[0] / 4, SLIP_DAYS[1] / 3, (len(builds), 14))), axis=1)
    over = np.cumprod(
        1 + np.maximum(-0.01, rng.normal(OVER_BUDGET[0] / 3, OVER_BUDGET[1] / 3, (len(builds), 14))), axis=1
    )
    row, step = np.nonzero(np.ones((len(builds), 14), bool))
    told = begun[row] + 90 * step + 30
    live = (told <= end) & (told <= due[row] + slip[row, step] + 90)
    row, step, told = row[live], step[live], told[live]
    forecast = due[row] + slip[row, step].astype(np.int64)
    parts.append(_event(plan, "proj", "project", pl.Series(["on_track", "finished"]).gather((told > forecast).astype(np.int64)), told,
                        party_id=ids("C", builds[row]), due_on=dates(due[row]), ends_on=dates(forecast),
                        amount=np.rint(budget[row] * over[row, step] * 100).astype(np.int64), ref_amount=np.rint(budget[row] * 100).astype(np.int64),
                        source_ref=ids("PJ", builds[row]), source_class="client_return"))  # fmt: skip
    maker = np.flatnonzero(firms.industry < 7)
    closed = maker[rng.random(len(maker)) < 0.5]
    februaries = clock.starts[:-1][clock.of_year == 2]
    who, day = np.repeat(closed, len(februaries)), np.tile(februaries + 10, len(closed))
    parts.append(_event(plan, "shut", "shutdown", pick(rng, ["holiday", "planned_maintenance"], [0.8, 0.2], len(who)), day,
                        party_id=ids("C", who), ends_on=dates(day + rng.integers(5, 14, len(who))), source_class="client_return"))  # fmt: skip
    return parts


def _banking(
    plan: Plan, firms: Firms, lending: Lending, books: Economy, ties: Ties, rng: np.random.Generator
) -> list[pl.DataFrame]:
    """Requests for loans, other banks' questions, notices of maturity, calls, competitors, occasions."""
    clock, end, shard, parts = plan.size.clock, number(plan.size.clock.end), plan.size.shard, []
    begin = int(clock.starts[plan.size.first])
    rolled = np.flatnonzero((lending.kind == 0) & (lending.matures >= begin) & (lending.matures - 30 <= end))
    who, day = lending.client[rolled], lending.matures[rolled] - 30
    amount = np.rint(lending.principal[rolled] * 100).astype(np.int64)
    parts.append(
        _event(
            plan,
            "roll",
            "loan_request",
            "rollover",
            day,
            party_id=ids("C", who),
            amount=amount,
            source_class="credit_system",
        )
    )
    received = day + rng.integers(1, 8, len(day))
    parts.append(_event(plan, "mature", "dunning", "maturity_notice", day, party_id=ids("C", who), amount=amount,
                        ends_on=dates(np.where(received <= end, received, NEVER)), source_class="credit_system"))  # fmt: skip
    debtors = np.flatnonzero(firms.borrows)
    for name, rate in REQUESTS.items():
        at, day = happens(rng, clock, len(debtors), rate)
        who = debtors[at]
        wanted = np.maximum(1, lending.owed[who].mean(axis=1)) * rng.uniform(0.05, 0.35, len(who))
        parts.append(_event(plan, f"ask{name}", "loan_request", name, day, party_id=ids("C", who), amount=np.rint(wanted * 100).astype(np.int64),
                            source_class="credit_system"))  # fmt: skip
    lenders = np.minimum(books.banks[:, -1], 4)
    who = np.repeat(np.arange(firms.count), lenders)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(lenders) - lenders, lenders)
    for name, rate in INQUIRY.items():
        at, day = happens(rng, clock, len(who), rate)
        bank = (who[at] * 5 + nth[at]) % len(BANKS)
        parts.append(
            _event(
                plan,
                f"inq{name}",
                "bureau_inquiry",
                name,
                day,
                party_id=ids("C", who[at]),
                other_id=ids("BANK", bank, 2),
                source_class="bureau",
            )
        )
    row, month = np.nonzero(lending.delay > 3)
    due = clock.starts[month] + lending.due_day[row] + 2
    sent = (due >= begin) & (due <= end)
    row, due = row[sent], due[sent]
    heard = due + rng.integers(1, 9, len(row))
    parts.append(_event(plan, "dun", "dunning", "interest", due, party_id=ids("C", row), ends_on=dates(np.where(heard <= end, heard, NEVER)),
                        source_class="credit_system"))  # fmt: skip
    for name, rate in RARE.items():
        who, day = happens(rng, clock, firms.count, rate)
        subtype = {"reference_call": "credit_standing", "competitor_contact": "visit", "occasion": "anniversary"}[name]
        parts.append(_event(plan, f"rare{name}", name, subtype, day, party_id=ids("C", who), source_class="crm",
                            other_id=ids("BANK", who % len(BANKS), 2), reported_by=ids(f"S{shard}R", ties.rm[who], 4)))  # fmt: skip
    return parts


def _observed(plan: Plan, firms: Firms, ties: Ties, rng: np.random.Generator) -> pl.DataFrame:
    """The yearly check of the rows a human must answer: "no", valid for a year; some clients were not asked."""
    end, shard = number(plan.size.clock.end), plan.size.shard
    parts = []
    phase = rng.integers(0, YEAR, firms.count)
    for year in range(3):
        asked = np.flatnonzero((rng.random(firms.count) < ANSWERED) & (end - phase - YEAR * year > firms.since))
        day = end - phase[asked] - YEAR * year
        for signal in ASKED:
            mine = signal.startswith("REL")
            parts.append(_event(plan, f"obs{year}{signal}", "observation", "no", day, party_id=ids("C", asked), signal_id=signal, severity="1",
                                reported_by=ids(f"S{shard}V", np.zeros(len(asked), np.int64), 4) if mine else ids(f"S{shard}R", ties.rm[asked], 4),
                                ends_on=dates(day + YEAR), source_class="rm_observation",
                                flags=pl.Series([["supervisor"] if mine else []] * len(asked), dtype=pl.List(pl.String))))  # fmt: skip
    return pl.concat(parts)


def guarantors(plan: Plan, firms: Firms) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Statements and bureau reports of the companies that guarantee and are no clients: sound, guarantees within their means."""
    rng = chance(plan.size.seed, plan.size.shard, 35)
    clock, end = plan.size.clock, number(plan.size.clock.end)
    count = firms.count // 8 + 1
    revenue = np.exp(rng.normal(np.log(8e7), 0.8, count))
    years = np.flatnonzero(clock.of_year == 12)
    who, month = np.repeat(np.arange(count), len(years)), np.tile(years, count)
    received = clock.last[month] + rng.integers(60, 115, len(who))
    there = received <= end
    who, month, received = who[there], month[there], received[there]
    assets = np.rint(revenue[who] * 90).astype(np.int64)
    debts = np.rint(assets * 0.5).astype(np.int64)
    papers = table("statements", party_id=ids("GX", who), period_end=dates(clock.last[month]), period_type="Y", scope="single", version=1,
                   months=12, gaap="CAS", currency="CNY", received_on=dates(received), audited=False, opinion="none", total_assets=assets,
                   total_liabilities=debts, equity=assets - debts, revenue=fen(revenue[who]), profit_before_tax=fen(revenue[who] * 0.05),
                   net_profit=fen(revenue[who] * 0.04))  # fmt: skip
    months = np.arange(plan.size.first, clock.months)
    who, month = np.repeat(np.arange(count), len(months)), np.tile(months, count)
    given = rng.uniform(0.05, 0.8, count)[who] * revenue[who] * 0.45 * 100
    reports = table("bureau_reports", client_id=ids("GX", who), report_on=dates(clock.starts[month] + 9), worst_class="normal",
                    other_bank_balance=np.rint(revenue[who] * 15).astype(np.int64), other_bank_count=2, nonbank_balance=0, overdue_amount=0,
                    guarantees_given=np.rint(given).astype(np.int64), moral_flag="none")  # fmt: skip
    return papers, reports
