"""Who is who: parties, clients, staff, who looks after whom, and the people and firms around each client. No names of people."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.simulated import firms as made_of
from benchmarks.simulated.clock import NEVER, Ints, chance, dates, ids, number, pick, table
from benchmarks.simulated.filings import AUDITOR_LEAVES, Economy
from benchmarks.simulated.firms import Firms
from benchmarks.simulated.money import BANKS, OFFICES
from benchmarks.simulated.plan import Plan

PER_RM, PER_SUPERVISOR, HANDOVER = 60, 10, 0.06
AUDITORS, COUNSELS = 40, 40
IN_GROUP, GROUP_OF = 0.12, 3
# Offices at each client: number of the person, relation, function, yearly rate of change.
OFFICES_HELD = (
    (0, "legal_rep_of", "general", 0.02), (0, "controller_of", None, 0.004), (0, "director_of", None, 0.02),
    (1, "executive_of", "general", 0.04), (1, "director_of", None, 0.04), (2, "executive_of", "finance", 0.05),
    (2, "finance_head_of", "finance", 0.05), (3, "executive_of", "sales", 0.06), (4, "executive_of", "production", 0.05),
    (5, "director_of", None, 0.05), (5, "supervisor_of", None, 0.04),
)  # fmt: skip
CHANGE_OF = {"legal_rep_of": "legal_rep_change", "controller_of": "controller_change", "director_of": "director_change",
             ("executive_of", "general"): "general_manager_change", "finance_head_of": "cfo_change"}  # fmt: skip
REGISTERED_LATE = 20  # days at most between a change and its entry
CONTACTS = ((0, "general", "decision_maker"), (1, "general", "decision_maker"), (2, "finance", "influencer"),
            (6, "finance", "user"), (3, "sales", "user"), (7, "procurement", "gatekeeper"))  # fmt: skip
HAS_CONTACT = (0.7, 1.0, 1.0, 0.8, 0.3, 0.2)
CONTACT_CHANGES, CRITICAL = 0.06, 0.03  # a year; of contacts
SEVEN = 8  # persons of a client


@dataclass(frozen=True)
class Ties:
    """The tables of masters and links, and what other parts need of them."""

    tables: dict[str, pl.DataFrame]
    rm: Ints  # number of each client's RM
    rm_since: Ints
    auditors: tuple[Ints, Ints]
    guarantors: pl.Series
    changes: pl.DataFrame  # client, day, came (who took the office), subtype: for the register
    contact: pl.DataFrame  # client, place, person, from, to: contacts


def person(client: Ints, which: Ints | int, turn: Ints | int = 0) -> pl.Series:
    """Id of a person at a client; `turn` 1 is the successor."""
    which = np.broadcast_to(which, client.shape)
    turn = np.broadcast_to(turn, client.shape)
    return ids("P", client) + "-" + pl.Series(which * 2 + turn).cast(pl.String)


def tie(plan: Plan, firms: Firms, books: Economy) -> Ties:
    """Everything about who belongs to whom."""
    rng = chance(plan.size.seed, plan.size.shard, 9)
    n = firms.count
    first = rng.integers(0, AUDITORS, n)
    leaves = rng.random(n) < AUDITOR_LEAVES * plan.size.clock.months / 12
    changed = np.where(leaves, rng.integers(0, plan.size.clock.months, n), NEVER)
    kind = rng.choice(3, n, p=(0.25, 0.35, 0.40))
    guarantors = pl.DataFrame({"c": ids("C", (np.arange(n) + 7) % n), "g": ids("GX", rng.integers(0, n // 8 + 1, n)),
                               "p": person(np.arange(n), 0), "k": kind}).select(
        pl.when(pl.col("k") == 0).then("c").when(pl.col("k") == 1).then("g").otherwise("p")).to_series()  # fmt: skip
    links, changes = _offices(plan, firms, rng)
    contact, contact_links = _contacts(plan, firms, rng)
    staff, assignments, rm, rm_since = _staff(plan, firms, rng)
    more = _firms_around(plan, firms, (first, changed), rng)
    all_links = pl.concat([links, contact_links, *more])
    all_links = all_links.with_columns(link_id=pl.lit(f"K{plan.size.shard}-") + pl.int_range(pl.len()).cast(pl.String))
    return Ties(
        {
            "parties": _parties(plan, firms, books, rng),
            "clients": _clients(plan, firms, rng),
            "staff": staff,
            "assignments": assignments,
            "party_links": all_links,
        },
        rm, rm_since, (first, changed), guarantors, changes, contact,
    )  # fmt: skip


def _parties(plan: Plan, firms: Firms, books: Economy, rng: np.random.Generator) -> pl.DataFrame:
    """Clients, their people, the companies they deal with, banks, offices, auditors, counsels, lessors, guarantors."""
    n = firms.count
    client, outside = np.arange(n), np.arange(4 * n)
    codes = pl.Series([row[0] for row in made_of.INDUSTRIES])
    regions, sizes = pl.Series(made_of.REGIONS), pl.Series(made_of.SIZES)
    told = dates(np.full(n, int(plan.size.clock.starts[0])))
    paid_in = books.line["paid_in_capital"][:, 0]
    registered = np.where(rng.random(n) < 0.85, paid_in, paid_in / rng.uniform(0.72, 0.98, n))
    parts = [
        table("parties", party_id=ids("C", client), kind=pl.Series(["company", "other", "insurer"]).gather(firms.kind),
              name=ids("Client ", client), industry_code=codes.gather(firms.industry), region_code=regions.gather(firms.region),
              size_class=sizes.gather(firms.size), registered_capital=np.rint(np.maximum(1, registered) * 100).astype(np.int64),
              established_on=dates(firms.since - 900), employees=np.rint(firms.heads[:, -1]).astype(np.int64), listed=False,
              updated_on=told),
        table("parties", party_id=ids("X", outside), kind="company", name=ids("Company ", outside),
              industry_code=codes.gather(rng.integers(0, len(codes), 4 * n)),
              region_code=regions.gather(rng.integers(0, len(regions), 4 * n)), updated_on=told[0]),
        table("parties", party_id=ids("GX", np.arange(n // 8 + 1)), kind="company", name=ids("Guarantor ", np.arange(n // 8 + 1)),
              industry_code=codes.gather(rng.integers(0, len(codes), n // 8 + 1)), region_code="440300", updated_on=told[0]),
    ]  # fmt: skip
    everyone, which = np.repeat(client, SEVEN), np.tile(np.arange(SEVEN), n)
    for turn in (0, 1):
        who = person(everyone, which, turn)
        parts.append(table("parties", party_id=who, kind="person", name="Person " + who, updated_on=told[0]))
    if plan.size.shard == 0:
        parts.append(_institutions(told[0]))
    return pl.concat(parts)


def _institutions(told: object) -> pl.DataFrame:
    banks, aud = pl.Series(range(len(BANKS))).to_numpy(), np.arange(AUDITORS)
    common = {"updated_on": pl.Series([told] * len(banks))}
    office = pl.Series(list(OFFICES.values()))
    return pl.concat(
        [
            table("parties", party_id=ids("BANK", banks, 2), kind="bank", name=ids("Bank ", banks, 2), **common),
            table("parties", party_id=ids("AUD", aud, 3), kind="adviser_firm", name=ids("Auditor ", aud, 3),
                  updated_on=pl.Series([told] * AUDITORS)),
            table("parties", party_id=ids("LAW", aud, 3), kind="adviser_firm", name=ids("Counsel ", aud, 3),
                  updated_on=pl.Series([told] * AUDITORS)),
            table("parties", party_id=office, kind="government", name="Office " + office, updated_on=pl.Series([told] * len(office))),
        ]
    )  # fmt: skip


def _clients(plan: Plan, firms: Firms, rng: np.random.Generator) -> pl.DataFrame:
    n, end = firms.count, number(plan.size.clock.end)
    client = np.arange(n)
    grade = pl.Series(made_of.TIERS).gather(firms.tier)
    graded = pl.Series(firms.graded)
    head = client - client % GROUP_OF
    grouped = pl.Series(in_group(plan, n))
    return table(
        "clients",
        client_id=ids("C", client),
        status="active",
        client_kind=pl.Series(made_of.KINDS).gather(firms.kind),
        branch_id=ids("BR", firms.region, 2),
        group_id=pl.select(pl.when(grouped).then(ids("C", head))).to_series(),
        relationship_start=dates(firms.since),
        tier=pl.select(pl.when(graded).then(grade)).to_series(),
        tier_set_on=pl.select(pl.when(graded).then(dates(end - rng.integers(10, 360, n)))).to_series(),
        basic_account_here=client % 3 > 0,
        reporting_freq=pl.Series(made_of.FREQUENCIES).gather(firms.frequency),
        no_marketing=False,
        confidential=False,
    )


def in_group(plan: Plan, n: int) -> Ints:
    """Whether each client is one of a group of three."""
    groups = chance(plan.size.seed, plan.size.shard, 10).random(n // GROUP_OF + 1) < IN_GROUP
    return groups[np.arange(n) // GROUP_OF]


def _staff(plan: Plan, firms: Firms, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame, Ints, Ints]:
    """RMs, supervisors and a risk officer; who looks after which client, some since another left."""
    n, end, shard = firms.count, number(plan.size.clock.end), plan.size.shard
    rms = max(2, round(n / PER_RM))
    supervisors = max(1, round(rms / PER_SUPERVISOR))
    long_ago = dates(np.full(rms, end - 6000))[0]
    roles = [
        ("R", rms, "rm"),
        ("V", supervisors, "supervisor"),
        ("Q", 2, "risk_officer"),
        ("H", 2, "complaint_handler"),
    ]
    staff = pl.concat(
        [
            table("staff", staff_id=ids(f"S{shard}{letter}", np.arange(count), 4), name=ids("Staff ", np.arange(count), 4), role=role,
                  branch_id=ids("BR", np.arange(count) % 6, 2),
                  supervisor_id=ids(f"S{shard}V", np.arange(count) % supervisors, 4) if letter == "R" else None,
                  start_on=pl.Series([long_ago] * count))
            for letter, count, role in roles
        ]
    )  # fmt: skip
    now, before = rng.integers(0, rms, n), rng.integers(0, rms, n)
    years = 6
    handed = (rng.random(n) < HANDOVER * years) & (now != before)
    day = np.where(handed, end - rng.integers(0, 365 * years, n), -NEVER)
    handed &= day > firms.since + 30
    since = np.where(handed, day, firms.since)
    old = np.flatnonzero(handed)
    one = table(
        "assignments",
        client_id=ids("C", np.arange(n)),
        staff_id=ids(f"S{shard}R", now, 4),
        role="main",
        start_on=dates(since),
    )
    two = table("assignments", client_id=ids("C", old), staff_id=ids(f"S{shard}R", before[old], 4), role="main",
                start_on=dates(firms.since[old]), end_on=dates(day[old]), end_reason="handover")  # fmt: skip
    return staff, pl.concat([one, two]), now, since


def _link(
    plan: Plan, client: Ints, who: pl.Series, relation: str, start: Ints, end: Ints, **more: object
) -> pl.DataFrame:
    until = number(plan.size.clock.end)
    recorded = np.minimum(np.where(end < NEVER, end, start) + 5, until)
    return table("party_links", link_id="", from_id=who, to_id=ids("C", client), relation=relation, start_on=dates(start),
                 end_on=dates(end), recorded_on=dates(recorded), source_class="registry", **more)  # fmt: skip


def _offices(plan: Plan, firms: Firms, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who holds which office, and since when; the same person's offices change together. Shareholders beside them."""
    n, end = firms.count, number(plan.size.clock.end)
    client, years = np.arange(n), 4
    frames, changes = [], []
    rate = {k: max(r for person_, _, _, r in OFFICES_HELD if person_ == k) for k in range(6)}
    when = {k: np.where(rng.random(n) < rate[k] * years, end - rng.integers(0, 365 * years, n), NEVER) for k in rate}
    start = firms.since - 1600
    for which, relation, function, _ in OFFICES_HELD:
        day = when[which] if relation != "controller_of" else np.full(n, NEVER)
        frames.append(_link(plan, client, person(client, which), relation, start, day, function=function))
        gone = np.flatnonzero(day < NEVER)
        frames.append(
            _link(plan, gone, person(gone, which, 1), relation, day[gone], np.full(len(gone), NEVER), function=function)
        )
        name = CHANGE_OF.get(relation) or CHANGE_OF.get((relation, function))
        if name and len(gone):
            entered = day[gone] + rng.integers(0, REGISTERED_LATE, len(gone))
            changes.append(
                pl.DataFrame({"client": gone, "day": entered, "came": person(gone, which, 1)}).with_columns(
                    subtype=pl.lit(name)
                )
            )
    part = np.round(rng.uniform(0.4, 1.0, n), 3)
    never = np.full(n, NEVER)
    frames.append(_link(plan, client, person(client, 0), "shareholder_of", start, never, share_pct=part))
    frames.append(
        _link(plan, client, person(client, 5), "shareholder_of", start, never, share_pct=np.round(1 - part, 3))
    )
    return pl.concat(frames), pl.concat(changes)


def _contacts(plan: Plan, firms: Firms, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Whom the bank knows at each client, with function, part in decisions and stance; some move on."""
    n, end = firms.count, number(plan.size.clock.end)
    rows = []
    for place, (which, function, role) in enumerate(CONTACTS):
        has = np.flatnonzero(rng.random(n) < HAS_CONTACT[place])
        moved = np.where(rng.random(len(has)) < CONTACT_CHANGES * 4, end - rng.integers(0, 365 * 4, len(has)), NEVER)
        begun = firms.since[has]
        moved = np.where(moved > begun + 60, moved, NEVER)
        rows.append((has, place, which, 0, begun, moved, function, role))
        gone = moved < NEVER
        rows.append((has[gone], place, which, 1, moved[gone], np.full(gone.sum(), NEVER), function, role))
    links, contacts = [], []
    for who, place, which, turn, begin, until, function, role in rows:
        stance = pick(rng, ["supportive", "neutral", "critical"], [0.5, 1 - 0.5 - CRITICAL, CRITICAL], len(who))
        links.append(
            _link(
                plan,
                who,
                person(who, which, turn),
                "contact_of",
                begin,
                until,
                function=function,
                decision_role=role,
                stance=stance,
            )
        )
        contacts.append(pl.DataFrame({"client": who, "from": begin, "to": until}).with_columns(
            place=pl.lit(place), person=person(who, which, turn)))  # fmt: skip
    return pl.concat(contacts), pl.concat(links)


def _firms_around(
    plan: Plan, firms: Firms, auditors: tuple[Ints, Ints], rng: np.random.Generator
) -> list[pl.DataFrame]:
    """Auditors, counsels, suppliers on record, other banks, the group."""
    n, clock = firms.count, plan.size.clock
    client, never = np.arange(n), np.full(n, NEVER)
    first, changed = auditors
    turned = changed < clock.months
    day = np.where(turned, clock.starts[np.minimum(changed, clock.months - 1)], NEVER)
    start = firms.since - 2500
    old = [_link(plan, client, ids("AUD", first, 3), "auditor_of", start, day)]
    gone = np.flatnonzero(turned)
    old.append(
        _link(
            plan, gone, ids("AUD", (first[gone] + 1) % AUDITORS, 3), "auditor_of", day[gone], np.full(len(gone), NEVER)
        )
    )
    has = np.flatnonzero(rng.random(n) < 0.4)
    left = np.where(rng.random(len(has)) < 0.15, day_before(plan, rng, len(has)), NEVER)
    lawyer = rng.integers(0, COUNSELS, len(has))
    old.append(_link(plan, has, ids("LAW", lawyer, 3), "legal_counsel_of", start[has], left))
    again = left < NEVER
    old.append(_link(plan, has[again], ids("LAW", (lawyer[again] + 1) % COUNSELS, 3), "legal_counsel_of", left[again],
                     np.full(again.sum(), NEVER)))  # fmt: skip
    banks = np.flatnonzero(rng.random(n) < 0.7)
    with_bank = _link(plan, banks, ids("C", banks), "banks_with", start[banks], never[banks])
    old.append(
        with_bank.with_columns(
            to_id=ids("BANK", rng.integers(0, len(BANKS), len(banks)), 2), source_class=pl.lit("crm")
        )
    )
    grouped = np.flatnonzero(in_group(plan, n) & (client % GROUP_OF > 0))
    head = grouped - grouped % GROUP_OF
    old.append(
        _link(plan, grouped, ids("C", grouped), "group_member_of", start[grouped], never[grouped]).with_columns(
            to_id=ids("C", head)
        )
    )
    return old


def day_before(plan: Plan, rng: np.random.Generator, count: int, years: int = 4) -> Ints:
    """Days of the last years."""
    return number(plan.size.clock.end) - rng.integers(0, 365 * years, count)
