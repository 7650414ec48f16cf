"""How the bank and its clients deal with each other: contacts, promises, complaints, surveys, days of work, products, files."""

import numpy as np
import polars as pl

from benchmarks.simulated.clock import NEVER, Ints, chance, dates, happens, ids, number, pick, table, times, where
from benchmarks.simulated.firms import Firms
from benchmarks.simulated.lending import Lending
from benchmarks.simulated.plan import Plan
from benchmarks.simulated.ties import Ties

CADENCE, REGULAR = (15, 40, 60, 120), 4.0  # mean days between contacts by tier; shape of the gamma gaps
LOG_DAYS = 2400  # days of the contact log
CHANNELS = {
    "visit": 0.35,
    "phone": 0.35,
    "message": 0.12,
    "video": 0.05,
    "email": 0.05,
    "bank_visit": 0.04,
    "site_inspection": 0.04,
}
PURPOSES = {"routine_maintenance": 0.4, "product_offer": 0.12, "post_loan_check": 0.12, "information": 0.12, "problem_solving": 0.08,
            "document_request": 0.08, "satisfaction_inquiry": 0.03, "greeting": 0.05}  # fmt: skip
OUTCOMES = {"information": 0.45, "next_step": 0.3, "no_result": 0.12, "commitment": 0.08, "signed": 0.05}
MOVED, BY_BANK, NO_WORD = 0.05, 0.35, 0.05  # appointments moved; by the bank; of those without notice or apology
ONE_WAY, UNANSWERED, CRITICISED = 0.08, 0.03, 0.004
WARMTH, WARMTH_NOISE = (3.7, 0.4), 0.65  # of a client: mean and spread; of a contact around it
WEIGHT_OF_CONTACT = (2.0, 4.0, 4.0, 2.0, 1.0, 1.0)
RATES = {
    "rm_promise": 2.0,
    "service_request": 1.5,
    "client_opinion": 0.8,
    "proposal": 1.2,
    "strengthening_action": 0.2,
}  # a year
KEPT, FIRST_ACTION, ADOPTED, TOLD = 0.93, 0.97, 0.5, 0.95
HAS_COVENANTS, COVENANT_MET, EVIDENCE_LATE = 0.5, 0.985, 0.02
SCHEDULED_CAPITAL = 0.1
COMPLAINTS = 0.04  # a client and year
COMPLAINED = {"efficiency": 0.28, "pricing_fee": 0.18, "system_equipment": 0.14, "rules_process": 0.12, "attitude": 0.06,
              "marketing": 0.05, "contract_terms": 0.05, "missed_appointment": 0.02, "broken_promise": 0.03, "argument": 0.01,
              "ignored_feedback": 0.01, "other": 0.05}  # fmt: skip
SEVERITIES = (0.86, 0.12, 0.02)
CLOSED_DAYS = 6  # mean; gamma of shape 2
SCORE, SCORE_NOISE = (4.2, 0.35), 0.6
ITEMS = {
    "rm": ("overall", "listens", "respects", "understands_our_business", "keeps_promises"),
    "bank": ("overall", "efficiency"),
}


def interactions(plan: Plan, firms: Firms, ties: Ties) -> pl.DataFrame:
    """Contacts at the pace of the client's tier, with gamma gaps; planned ones ahead; some appointments moved."""
    rng = chance(plan.size.seed, plan.size.shard, 20)
    end = number(plan.size.clock.end)
    rows = []
    for tier, mean in enumerate(CADENCE):
        client = np.flatnonzero(firms.tier == tier)
        gaps = rng.gamma(REGULAR, mean / REGULAR, (len(client), int(LOG_DAYS / mean * 1.6) + 12))
        day = end - LOG_DAYS + np.cumsum(gaps, axis=1).astype(np.int64)
        row, place = np.nonzero((day <= end) & (day >= firms.since[client][:, None]))
        rows.append((client[row], day[row, place]))
    client, day = (np.concatenate([r[k] for r in rows]) for k in (0, 1))
    weekday = (day + 3) % 7
    day = day - np.where(weekday == 5, 1, np.where(weekday == 6, 2, 0))  # weekends are Fridays
    held = day >= firms.since[client]
    return _told(plan, firms, ties, client[held], day[held], rng)


def _people(ties: Ties, client: Ints, day: Ints, rng: np.random.Generator) -> pl.Series:
    """Whom each contact was with: one of those there that day, some more often than others."""
    asked = pl.DataFrame({"row": np.arange(len(client)), "client": client, "day": day})
    there = asked.join(ties.contact, on="client").filter(pl.col("from") <= pl.col("day"), pl.col("day") < pl.col("to"))
    weight = np.array(WEIGHT_OF_CONTACT)[there["place"].to_numpy()]
    key = rng.exponential(1.0, there.height) / weight  # the least of exponentials is a draw by weight
    chosen = there.with_columns(key=pl.Series(key)).sort("row", "key").unique("row", keep="first", maintain_order=True)
    return asked.join(chosen.select("row", "person"), on="row", how="left", maintain_order="left")["person"]


def _told(plan: Plan, firms: Firms, ties: Ties, client: Ints, day: Ints, rng: np.random.Generator) -> pl.DataFrame:
    count, shard, end = len(client), plan.size.shard, number(plan.size.clock.end)
    moved = rng.random(count) < MOVED
    by_bank = rng.random(count) < BY_BANK
    silent = rng.random(count) < NO_WORD
    one_way, none = rng.random(count) < ONE_WAY, rng.random(count) < UNANSWERED
    cold = np.where(day > plan.trouble[client], 1.2, 0.0)
    level = np.random.default_rng([plan.size.seed, shard, 21]).normal(*WARMTH, firms.count)
    warmth = np.clip(np.rint(level[client] - cold + rng.normal(0, WARMTH_NOISE, count)), 1, 5).astype(np.int64)
    minutes = rng.integers(9 * 60, 17 * 60, count)
    done = ~moved
    reply = pl.Series(["prompt", "none", "not_expected"]).gather(np.where(one_way, 2, np.where(none, 1, 0)))
    made = table(
        "interactions",
        interaction_id=f"I{shard}-" + pl.Series(np.arange(count)).cast(pl.String),
        client_id=ids("C", client),
        staff_id=ids(f"S{shard}R", ties.rm[client], 4),
        contact_id=_people(ties, client, day, rng),
        created_at=times(day - 7, minutes),
        planned_on=dates(day),
        planned_minutes=45,
        purpose=pick(rng, list(PURPOSES), list(PURPOSES.values()), count),
        goal="routine",
        started_at=where(done, times(day, minutes)),
        ended_at=where(done, times(day, minutes + 45)),
        channel=pick(rng, list(CHANNELS), list(CHANNELS.values()), count),
        initiator=pick(rng, ["bank", "client"], [0.8, 0.2], count),
        status=pl.Series(["done", "rescheduled"]).gather(moved.astype(np.int64)),
        changed_by=where(moved, pl.Series(["client", "bank"]).gather(by_bank.astype(np.int64))),
        notice_given=where(moved, pl.Series(~(by_bank & silent))),
        apology_given=where(moved & by_bank, pl.Series(~silent)),
        two_way=where(done, pl.Series(~(one_way | none))),
        reply=where(done, reply),
        warmth=where(done & ~one_way & ~none, pl.Series(warmth)),
        outcome=where(done, pick(rng, list(OUTCOMES), list(OUTCOMES.values()), count)),
        goal_met=where(done, pl.Series(rng.random(count) < 0.7)),
        senior_bank=rng.random(count) < 0.04,
        senior_client=rng.random(count) < 0.1,
        satisfaction_asked=rng.random(count) < 0.1,
        criticism=rng.random(count) < CRITICISED,
        recorded_at=times(day, np.minimum(minutes + 90, 1439)),
    )
    ahead = np.arange(firms.count)
    planned = table(
        "interactions",
        interaction_id=f"N{shard}-" + pl.Series(ahead).cast(pl.String),
        client_id=ids("C", ahead),
        staff_id=ids(f"S{shard}R", ties.rm, 4),
        created_at=times(np.full(firms.count, end - 3), np.full(firms.count, 600)),
        planned_on=dates(end + rng.integers(2, 60, firms.count)),
        purpose="routine_maintenance",
        channel="visit",
        initiator="bank",
        status="planned",
        senior_bank=False,
        senior_client=False,
        recorded_at=times(np.full(firms.count, end - 3), np.full(firms.count, 600)),
    )
    return pl.concat([made, planned])


def _undertaking(plan: Plan, kind: str, client: Ints, ties: Ties, **more: object) -> pl.DataFrame:
    of_client = kind in ("covenant", "condition", "capital_instalment", "payment_promise")
    return table(
        "undertakings",
        undertaking_id=f"U{plan.size.shard}{kind}-" + pl.Series(np.arange(len(client))).cast(pl.String),
        kind=kind,
        owed_by="client" if of_client else "bank",
        client_id=ids("C", client),
        staff_id=None if of_client else ids(f"S{plan.size.shard}R", ties.rm[client], 4),
        title=kind.replace("_", " "),
        **{"about_kind": "none", **more},
    )


def _done(rng: np.random.Generator, made: Ints, due: Ints, share: float, end: int) -> tuple[Ints, pl.Series]:
    """When each was done (never: not yet) and the outcome; the rest is done up to a month late."""
    early = made + (rng.random(len(made)) * np.maximum(1, due - made)).astype(np.int64)
    day = np.where(rng.random(len(made)) < share, early, due + rng.integers(1, 30, len(made)))
    day = np.where(day <= end, day, NEVER)
    return day, pl.Series(["done", "open"]).gather((day == NEVER).astype(np.int64))


def undertakings(plan: Plan, firms: Firms, lending: Lending, ties: Ties) -> pl.DataFrame:
    """Promises of RMs, clients' requests and opinions, offers, covenants and conditions of loans, capital to be paid in."""
    rng = chance(plan.size.seed, plan.size.shard, 22)
    clock, end, parts = plan.size.clock, number(plan.size.clock.end), []
    client, made = happens(rng, clock, firms.count, RATES["rm_promise"])
    due = made + rng.integers(3, 30, len(client))
    day, outcome = _done(rng, made, due, KEPT, end)
    parts.append(
        _undertaking(
            plan,
            "rm_promise",
            client,
            ties,
            made_on=dates(made),
            due_on=dates(due),
            done_on=dates(day),
            outcome=outcome,
        )
    )
    client, made = happens(rng, clock, firms.count, RATES["service_request"])
    begun = made + np.where(rng.random(len(client)) < FIRST_ACTION, rng.integers(0, 2, len(client)), 9)
    day = np.where(begun + 5 <= end, begun + 5, NEVER)
    parts.append(_undertaking(plan, "service_request", client, ties, made_on=dates(made), first_action_on=dates(np.where(begun <= end, begun, NEVER)),
                              done_on=dates(day), outcome=pl.Series(["done", "open"]).gather((day == NEVER).astype(np.int64))))  # fmt: skip
    client, made = happens(rng, clock, firms.count, RATES["client_opinion"])
    adopted = rng.random(len(client)) < ADOPTED
    day = np.where(made + 20 <= end, made + 20, NEVER)
    open_ = day == NEVER
    told = np.where(adopted | (rng.random(len(client)) > TOLD) | open_, NEVER, day)
    parts.append(_undertaking(plan, "client_opinion", client, ties, made_on=dates(made), done_on=dates(np.where(adopted, day, NEVER)),
                              told_client_on=dates(told),
                              outcome=pl.Series(["not_adopted", "adopted", "open"]).gather(np.where(open_, 2, adopted))))  # fmt: skip
    client, made = happens(rng, clock, firms.count, RATES["proposal"])
    took = rng.random(len(client)) < 0.35
    day = np.where(made + 25 <= end, made + 25, NEVER)
    open_ = day == NEVER
    reason = pick(
        rng, ["price", "timing", "no_capacity", "not_relevant", "competitor"], [0.3, 0.3, 0.15, 0.15, 0.1], len(client)
    )
    parts.append(_undertaking(plan, "proposal", client, ties, made_on=dates(made), done_on=dates(np.where(took, day, NEVER)),
                              outcome=pl.Series(["declined", "accepted", "open"]).gather(np.where(open_, 2, took)),
                              reason=pl.select(pl.when(pl.Series(~took & ~open_)).then(reason)).to_series()))  # fmt: skip
    client, made = happens(rng, clock, firms.count, RATES["strengthening_action"])
    due = made + 30
    day, outcome = _done(rng, made, due, 0.9, end)
    parts.append(
        _undertaking(
            plan,
            "strengthening_action",
            client,
            ties,
            made_on=dates(made),
            due_on=dates(due),
            done_on=dates(day),
            outcome=outcome,
        )
    )
    return pl.concat([*parts, *_owed_by_clients(plan, firms, lending, ties, rng)])


def _owed_by_clients(
    plan: Plan, firms: Firms, lending: Lending, ties: Ties, rng: np.random.Generator
) -> list[pl.DataFrame]:
    """Covenants each half-year, a condition with some new loans, capital instalments."""
    clock, end = plan.size.clock, number(plan.size.clock.end)
    bound = np.flatnonzero((lending.owed[:, -1] > 0) & (rng.random(firms.count) < HAS_COVENANTS))
    halves = clock.last[(clock.of_year % 6 == 0) & (np.arange(clock.months) >= plan.size.first)]
    client, due = np.repeat(bound, len(halves)), np.tile(halves + 60, len(bound))
    known = due - 60 <= end
    client, due = client[known], due[known]
    met = (rng.random(len(client)) < COVENANT_MET) & (due < plan.trouble[client] + 60)
    tardy = rng.random(len(client)) < EVIDENCE_LATE
    day = np.where(tardy, due + 20, due - rng.integers(1, 25, len(client)))
    open_ = day > end
    outcome = np.where(open_, 2, np.where(met, 0, 1))
    class_ = pl.Series(["financial", "information"]).gather(rng.integers(0, 2, len(client)))
    covenants = _undertaking(plan, "covenant", client, ties, covenant_class=class_, made_on=dates(due - 180), due_on=dates(due),
                             done_on=dates(np.where(outcome == 0, day, NEVER)),
                             outcome=pl.Series(["met", "not_met", "open"]).gather(outcome))  # fmt: skip
    fresh = np.flatnonzero(
        (lending.drawn > clock.starts[plan.size.first]) & (lending.drawn < end - 1) & (lending.kind < 2)
    )
    fresh = fresh[rng.random(len(fresh)) < 0.3]
    client, made = lending.client[fresh], lending.drawn[fresh]
    due = made + 60
    day = made + rng.integers(5, 70, len(fresh))
    met = (rng.random(len(fresh)) < COVENANT_MET) & (day <= end)
    conditions = _undertaking(plan, "condition", client, ties, covenant_class="information", made_on=dates(made), due_on=dates(due),
                              done_on=dates(np.where(met, day, NEVER)), outcome=pl.Series(["met", "open"]).gather((~met).astype(np.int64)))  # fmt: skip
    owing = np.flatnonzero(rng.random(firms.count) < SCHEDULED_CAPITAL)
    due = end - rng.integers(-300, 900, len(owing))
    paid = due <= end
    capital = _undertaking(plan, "capital_instalment", owing, ties, made_on=dates(due - 700), due_on=dates(due),
                           done_on=dates(np.where(paid, due - 5, NEVER)), amount=np.full(len(owing), 10_000_000),
                           outcome=pl.Series(["met", "open"]).gather((~paid).astype(np.int64)))  # fmt: skip
    return [covenants, conditions, capital]


def complaints(plan: Plan, firms: Firms, ties: Ties) -> pl.DataFrame:
    """Few, mostly about speed and fees, answered within days."""
    rng = chance(plan.size.seed, plan.size.shard, 23)
    shard, end = plan.size.shard, number(plan.size.clock.end)
    client, day = happens(rng, plan.size.clock, firms.count, COMPLAINTS)
    count = len(client)
    severity = rng.choice(3, count, p=SEVERITIES)
    took = 1 + rng.gamma(2.0, CLOSED_DAYS / 2 * (1 + severity)).astype(np.int64)
    closed = day + took <= end
    about_rm = rng.random(count) < 0.15

    def step(minute: int) -> pl.Series:
        return where(closed, times(day + took, np.full(count, minute)))

    return table(
        "complaints",
        complaint_id=f"Q{shard}-" + pl.Series(np.arange(count)).cast(pl.String),
        client_id=ids("C", client),
        handler_id=ids(f"S{shard}H", np.arange(count) % 2, 4),
        about_staff_id=pl.select(pl.when(pl.Series(about_rm)).then(ids(f"S{shard}R", ties.rm[client], 4))).to_series(),
        contact_id=_people(ties, client, day, rng),
        received_at=times(day, np.full(count, 600)),
        channel=pick(rng, ["rm", "branch", "hotline", "ebank"], [0.4, 0.2, 0.3, 0.1], count),
        target=pl.Series(["process", "rm"]).gather(about_rm.astype(np.int64)),
        category=pick(rng, list(COMPLAINED), list(COMPLAINED.values()), count),
        severity=pl.Series(["1", "2", "3"]).gather(severity),
        content="as told by the client",
        volunteered=rng.random(count) < 0.3,
        acknowledged_at=times(day, np.full(count, 700)),
        apology_given=True,
        investigated_at=step(600),
        facts=where(closed, "as found"),
        fault=pl.Series(["undecided", "bank"]).gather(closed.astype(np.int64)),
        fault_decided_at=step(660),
        resolved_at=step(700),
        closed_at=step(800),
        outcome=pl.Series(["open", "upheld"]).gather(closed.astype(np.int64)),
        root_cause=where(closed, "process"),
        corrective=where(closed, "told and mended"),
    )


def surveys(plan: Plan, firms: Firms, ties: Ties) -> pl.DataFrame:
    """Each client asked once a year, on the RM and on the bank."""
    rng = chance(plan.size.seed, plan.size.shard, 24)
    shard, end, parts = plan.size.shard, number(plan.size.clock.end), []
    level = rng.normal(*SCORE, firms.count)
    phase = rng.integers(0, 365, firms.count)
    for year in range(3):
        day = end - phase - 365 * year
        client = np.flatnonzero(day > firms.since)
        who = _people(ties, client, day[client], rng)
        for subject, items in ITEMS.items():
            for item in items:
                score = np.clip(np.rint(level[client] + rng.normal(0, SCORE_NOISE, len(client))), 1, 5).astype(np.int64)
                parts.append(
                    table("survey_answers", answer_id=f"V{shard}{year}{subject}{item}-" + pl.Series(client).cast(pl.String),
                          client_id=ids("C", client), contact_id=who,
                          staff_id=ids(f"S{shard}R", ties.rm[client], 4) if subject == "rm" else None, subject=subject, item=item,
                          expected=4, score=score, asked_by="visit", answered_on=dates(day[client]))
                )  # fmt: skip
    return pl.concat(parts)


def staff_days(plan: Plan, staff: pl.DataFrame) -> pl.DataFrame:
    """Every RM's working days of the last year."""
    rng = chance(plan.size.seed, plan.size.shard, 25)
    end = number(plan.size.clock.end)
    days = np.arange(end - 365, end + 1)
    days = days[(days + 3) % 7 < 5]
    rms = staff.filter(role="rm")["staff_id"]
    who, day = np.repeat(np.arange(len(rms)), len(days)), np.tile(days, len(rms))
    return table("staff_days", staff_id=rms.gather(who), date=dates(day), worked_minutes=480,
                 unrelated_minutes=rng.integers(0, 120, len(who)), burden=rng.integers(1, 5, len(who)))  # fmt: skip


PRODUCTS = (
    "deposit",
    "settlement",
    "payroll",
    "ebanking",
    "working_capital",
    "fixed_asset",
    "trade_finance",
    "wealth_management",
)


def products(plan: Plan) -> pl.DataFrame:
    """One product of each family."""
    names = pl.Series(PRODUCTS)
    return table("products", product_id="PR-" + names, name_zh=names, family=names,
                 launched_on=dates(np.full(len(names), number(plan.size.clock.end) - 3000)))  # fmt: skip


def holdings(plan: Plan, firms: Firms) -> pl.DataFrame:
    """Deposit, settlement and electronic banking for all, payroll and loans for some."""
    rng = chance(plan.size.seed, plan.size.shard, 26)
    shares = (1.0, 1.0, 0.75, 0.9, 0.0, 0.0, 0.1, 0.1)
    client, which = np.nonzero(rng.random((firms.count, len(PRODUCTS))) < np.array(shares)[None, :])
    more = np.flatnonzero(firms.borrows)
    client, which = np.concatenate([client, more]), np.concatenate([which, np.full(len(more), 4)])
    end = number(plan.size.clock.end)
    return table("holdings", holding_id=ids("H", client) + "-" + pl.Series(which).cast(pl.String), client_id=ids("C", client),
                 product_id="PR-" + pl.Series(PRODUCTS).gather(which), opened_on=dates(firms.since[client]),
                 last_used_on=dates(np.full(len(client), end - 5)))  # fmt: skip


def documents(plan: Plan, firms: Firms) -> pl.DataFrame:
    """The six papers of basic information, there and valid."""
    codes = pl.Series([f"BI{k}" for k in range(1, 7)])
    client, which = np.repeat(np.arange(firms.count), 6), np.tile(np.arange(6), firms.count)
    end = number(plan.size.clock.end)
    received = np.maximum(end - 200 + which * 10, np.minimum(firms.since[client] + 10, end))
    return table("documents", document_id=ids("D", client) + "-" + pl.Series(which).cast(pl.String), client_id=ids("C", client),
                 subject_id=ids("C", client), checklist="basic_info", item_code=codes.gather(which), received_on=dates(received),
                 valid_until=dates(received + 365), status="present")  # fmt: skip
