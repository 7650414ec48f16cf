"""Clients that fade or fail: what happens to them month by month until they are over 90 days in arrears, their end."""

from collections.abc import Callable

import numpy as np
import polars as pl

from benchmarks.simulated import firms as founding
from benchmarks.simulated import lending as credit
from benchmarks.simulated.clock import NEVER, Floats, Ints, chance, dates, ids, number, table
from benchmarks.simulated.lending import Lending
from benchmarks.simulated.plan import Plan

DEFAULT_DAYS = 91  # days after the first unpaid day on which the client counts as defaulted
ENDS_WITHIN = 180  # days before the book's end in which the ends lie
NOTICED, SILENT = 0.6, 0.4  # of the failing, people notice before; no longer file
HEAD = "HX"  # parent companies of the contagion stories


def _ramp(months: int, until: int, length: int, start: float, stop: float) -> Floats:
    """`start` up to `length` months before `until`, then evenly to `stop`, which stays."""
    return np.interp(np.arange(months), [until - length, until], [start, stop])


def _fade(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """Business and flows fade to 30 to 50 % in 6 to 12 months."""
    months, length = plan.business.shape[1], int(rng.integers(6, 13))
    plan.business[n] = _ramp(months, at, length, 1.0, rng.uniform(0.3, 0.5))
    plan.margin[n] = _ramp(months, at, length, 0.0, -rng.uniform(0.02, 0.05))
    plan.slack[n] = _ramp(months, at, length, 1.0, rng.uniform(1.1, 1.5))


def _stop(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """All goes on as usual until one to four months before the arrears, then nearly nothing moves."""
    stopped = at - int(rng.integers(1, 5)) + 1
    plan.business[n, stopped:] = rng.uniform(0.0, 0.1)


def _margins(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """The gross margin falls by 8 to 15 points in a year or more; flows weaken at the end."""
    months, length = plan.business.shape[1], int(rng.integers(12, 21))
    plan.margin[n] = _ramp(months, at, length, 0.0, -rng.uniform(0.08, 0.15))
    plan.business[n] = _ramp(months, at, 8, 1.0, rng.uniform(0.75, 0.95))


def _arrears(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """Interest comes later each month, for eight months; business weakens."""
    length = 8
    days = np.linspace(2, 25, length) * rng.uniform(0.7, 1.1)
    plan.delay[n, at - length : at] = np.maximum(1, days).astype(np.int64)
    plan.business[n] = _ramp(plan.business.shape[1], at, 10, 1.0, rng.uniform(0.6, 0.85))


def _line(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """The line is drawn ever higher, then over its limit; payments bounce."""
    months = plan.business.shape[1]
    plan.fill[n] = _ramp(months, at - 3, 9, 0.0, 1.0)
    plan.fill[n, at - 2 :] = rng.uniform(1.01, 1.08)
    plan.bounces[n, at - 5 :] = rng.integers(1, 4)
    plan.business[n] = _ramp(months, at, 9, 1.0, rng.uniform(0.7, 0.9))


def _diversion(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """Customers are told to pay elsewhere, money goes to affiliates."""
    months, length = plan.business.shape[1], int(rng.integers(5, 9))
    plan.here[n] = _ramp(months, at, length, 1.0, rng.uniform(0.3, 0.5))
    plan.related[n, at - length :] = rng.uniform(0.01, 0.04)
    plan.slack[n] = _ramp(months, at, length, 1.0, rng.uniform(1.1, 1.4))


def _contagion(plan: Plan, n: int, at: int, rng: np.random.Generator) -> None:
    """The parent fails four to eight months before; business follows."""
    fell = at - int(rng.integers(4, 9))
    months = plan.business.shape[1]
    plan.business[n] = _ramp(months, at, max(2, at - fell - 1), 1.0, rng.uniform(0.5, 0.8))


STORIES: dict[str, Callable[[Plan, int, int, np.random.Generator], None]] = {
    "flows fade": _fade,
    "flows stop": _stop,
    "margins collapse": _margins,
    "arrears build up": _arrears,
    "line full, limit broken": _line,
    "diverted to relatives": _diversion,
    "group fails": _contagion,
}


def plant(plan: Plan, planted: int) -> Plan:
    """A plan like the quiet one, with that many of its borrowers fading or failing, evenly of every kind."""
    told = Plan(plan.size)
    clock, rng = plan.size.clock, chance(plan.size.seed, plan.size.shard, 50)
    quiet = founding.found(plan)
    lent = credit.lend(plan, quiet)
    end = number(clock.end)
    owing = (lent.owed[:, -24:].min(axis=1) > 0) & (quiet.since < int(clock.starts[plan.size.first]) - 900)
    owing &= credit.line_limit(plan, lent)[:, -1] > 0
    chosen = rng.permutation(np.flatnonzero(owing))[:planted]
    if len(chosen) < planted:
        raise ValueError(f"only {len(chosen)} of {planted} clients have run a loan long enough: make the book larger")
    names = list(STORIES)
    for place, n in enumerate(chosen):
        name = names[place % len(names)]
        told.end[n] = end - int(rng.integers(0, ENDS_WITHIN))
        told.late[n] = told.end[n] - DEFAULT_DAYS
        told.kind[n] = name
        told.trouble[n] = told.late[n] - (int(rng.integers(30, 150)) if rng.random() < NOTICED else 0)
        if rng.random() < SILENT:
            told.silent[n] = told.late[n] - int(rng.integers(30, 210))
        STORIES[name](told, int(n), int(clock.month_of(told.late[n : n + 1])[0]), rng)
    return told


def around(plan: Plan, lending: Lending) -> dict[str, pl.DataFrame]:
    """What the stories add beside: dunning, sudden requests and inquiries, parents and what the register says of them."""
    rng = chance(plan.size.seed, plan.size.shard, 51)
    told = [n for n, kind in enumerate(plan.kind) if kind]
    if not told:
        return {}
    client, end = np.array(told), number(plan.size.clock.end)
    late = plan.late[client]
    parts = [_dunned(plan, client, late, rng), _asked(plan, lending, client, late, rng)]
    heads = np.array([n for n in told if plan.kind[n] == "group fails"])
    fell = np.minimum(end, plan.late[heads] - rng.integers(120, 240, len(heads)))
    shard = plan.size.shard
    subtype = pl.Series(["bankruptcy_filing", "dishonest_executee", "executed"]).gather(rng.integers(0, 3, len(heads)))
    parts.append(
        table("events", event_id=f"W{shard}H-" + pl.Series(heads).cast(pl.String), kind="registry", subtype=subtype, party_id=ids(HEAD, heads),
              happened_on=dates(fell), recorded_on=dates(fell), confirmed=True, source_class="court", amount=np.full(len(heads), 10**12),
              source_ref="court:" + pl.Series(heads).cast(pl.String))
    )  # fmt: skip
    old = dates(np.full(len(heads), int(plan.size.clock.starts[0])))
    parents = table("parties", party_id=ids(HEAD, heads), kind="company", name=ids("Parent ", heads), industry_code="C3311",
                    region_code="440300", updated_on=old)  # fmt: skip
    links = table("party_links", link_id=f"W{shard}K-" + pl.Series(heads).cast(pl.String), from_id=ids(HEAD, heads), to_id=ids("C", heads),
                  relation="controller_of", start_on=old, recorded_on=old, source_class="registry")  # fmt: skip
    return {"events": pl.concat(parts), "parties": parents, "party_links": links}


def _dunned(plan: Plan, client: Ints, late: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """A notice five days after the first unpaid day and every month on; half of them are acknowledged."""
    end = number(plan.size.clock.end)
    who, turn = np.repeat(client, 3), np.tile(np.arange(3), len(client))
    day = np.repeat(late, 3) + 5 + 30 * turn
    sent = day <= end
    who, day, turn = who[sent], day[sent], turn[sent]
    heard = np.where(rng.random(len(who)) < 0.5, day + 6, NEVER)
    return table("events", event_id=f"W{plan.size.shard}D-" + pl.Series(who * 10 + turn).cast(pl.String), kind="dunning", subtype="interest",
                 party_id=ids("C", who), happened_on=dates(day), recorded_on=dates(day), confirmed=True, source_class="credit_system",
                 ends_on=dates(np.where(heard <= end, heard, NEVER)), source_ref="loan")  # fmt: skip


def _asked(plan: Plan, lending: Lending, client: Ints, late: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """Half of them ask for more in the months before, from us and from other banks."""
    half = rng.random(len(client)) < 0.5
    who, day = client[half], late[half] - rng.integers(10, 120, half.sum())
    wanted = np.rint(credit.line_limit(plan, lending)[who, -1] * rng.uniform(0.2, 0.5, len(who)) * 100).astype(np.int64)
    request = table("events", event_id=f"W{plan.size.shard}A-" + pl.Series(who).cast(pl.String), kind="loan_request", subtype="increase",
                    party_id=ids("C", who), happened_on=dates(day), recorded_on=dates(day), confirmed=True, source_class="credit_system",
                    amount=np.maximum(1, wanted), source_ref="request", flags=pl.Series([["unplanned"]] * len(who), dtype=pl.List(pl.String)))  # fmt: skip
    asked, nth = np.repeat(who, 3), np.tile(np.arange(3), len(who))
    on = np.repeat(day, 3) + rng.integers(-20, 20, len(asked))
    inquiry = table("events", event_id=f"W{plan.size.shard}I-" + pl.Series(asked * 10 + nth).cast(pl.String), kind="bureau_inquiry",
                    subtype="loan_approval", party_id=ids("C", asked), other_id=ids("BANK", nth * 3 + 1, 2), happened_on=dates(on),
                    recorded_on=dates(on), confirmed=True, source_class="bureau", source_ref="inquiry")  # fmt: skip
    return pl.concat([request, inquiry])
