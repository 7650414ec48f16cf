"""Credit: lines renewed each year, yearly loans that follow one another, instalment loans, bills, their states, cover."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.simulated.clock import NEVER, Floats, Ints, chance, dates, fen, ids, number, pick, table, walk
from benchmarks.simulated.firms import Firms
from benchmarks.simulated.plan import Plan

WORKING, INSTALMENTS, BILL, OVERDRAFT = range(4)
PRODUCTS = ("working_capital", "fixed_asset", "acceptance", "overdraft")
SLOTS, YEAR, QUARTER = 2, 365, 91  # a line is drawn in two yearly loans
USE, USE_SPREAD, IDLE = (
    (4.0, 2.2),
    0.08,
    0.08,
)  # Beta of the line's mean use; its spread from loan to loan; lines not used
TERM_LOAN, TERM_QUARTERS, BILLS, BILL_DAYS = 0.30, 16, 0.22, 182
RATE, ROUND = 0.043, 10_000  # a year; loans are whole ten thousands of CNY
LATE, LATE_MEAN, LATE_MOST = 0.008, 4, 27  # share of monthly interest payments that are late, their mean and most days
FLOATING = 0.6
DUE = (4, 20)  # day of the month on which interest falls due
SUPPORT = {"guarantee": 0.38, "real_estate": 0.30, "land": 0.06, "equipment": 0.05, "inventory": 0.05, "receivables": 0.06,
           "none": 0.10}  # fmt: skip
VALUED = {
    "real_estate": 365,
    "land": 365,
    "equipment": 365,
    "inventory": 91,
    "receivables": 91,
}  # days between valuations
COVER = (0.9, 2.2)  # appraised value over the loans
UNPAID = 0.25  # part of the first loan that falls due with the first missed payment


@dataclass(frozen=True)
class Lending:
    """Loans (one place each in the first arrays), lines by year, late payments, and what the client owes by month."""

    client: Ints
    slot: Ints
    kind: Ints
    principal: Floats
    drawn: Ints
    matures: Ints
    line_client: Ints
    line_from: Ints
    line_limit: Floats
    due_day: Ints  # day of the month
    delay: Ints  # client × month: days the month's interest came late
    owed: Floats  # client × month: on the balance sheet at its end
    long_owed: Floats  # of that, instalment loans
    drawn_over: Floats  # client × month: drawn on the overdraft

    @property
    def id(self) -> pl.Series:
        """Ids of the loans."""
        return (
            ids("L", self.client)
            + "-"
            + pl.Series(self.slot).cast(pl.String)
            + "-"
            + pl.Series(self.drawn).cast(pl.String)
        )


def lend(plan: Plan, firms: Firms) -> Lending:
    """All loans and lines of a book."""
    size, clock = plan.size, plan.size.clock
    rng = chance(size.seed, size.shard, 2)
    years, begin = clock.months // 12 + 2, int(clock.starts[0])
    mean = np.where(rng.random(firms.count) < IDLE, 0.0, rng.beta(*USE, firms.count))
    use = np.clip(mean[:, None] + walk(rng, (firms.count, years), USE_SPREAD, 0.6), 0.0, 1.0) * (mean > 0)[:, None]
    yearly = firms.trend[:, np.clip(np.arange(years) * 12 - 6, 0, clock.months - 1)] * 12
    limit = yearly * (firms.term["debt"] * firms.term["our_part"] / np.maximum(0.35, mean))[:, None]
    anniversary = rng.integers(0, YEAR, firms.count)
    slots = [_slot(plan, firms, limit * use / SLOTS, slot, rng) for slot in range(SLOTS)]
    most = sum(np.maximum(amount, np.roll(amount, 1, axis=1)) for amount, _ in slots)
    parts = [loans for _, loans in slots] + [_instalments(plan, firms, limit, rng), _bills(plan, firms, limit, rng)]
    client, slot, kind, principal, drawn, matures = (np.concatenate(values) for values in zip(*parts, strict=True))
    renewals = begin - anniversary[:, None] + YEAR * np.arange(years)[None, :]
    planned = np.ceil(np.maximum(limit, most) / ROUND) * ROUND
    row, year = np.nonzero(
        firms.borrows[:, None] & (renewals <= number(clock.end)) & (renewals + YEAR > firms.since[:, None])
    )
    late = rng.random(firms.trend.shape) < LATE
    delay = np.where(late, np.minimum(LATE_MOST, rng.geometric(1 / LATE_MEAN, late.shape)), 0)
    delay = np.where(plan.delay > 0, plan.delay, delay)
    made = Lending(
        client, slot, kind, principal, drawn, matures, row, np.maximum(renewals[row, year], firms.since[row]),
        planned[row, year], rng.integers(*DUE, firms.count), delay, *(np.zeros(firms.trend.shape),) * 3,
    )  # fmt: skip
    return _owing(plan, made)


def _slot(
    plan: Plan, firms: Firms, amount: Floats, slot: int, rng: np.random.Generator
) -> tuple[Floats, tuple[Ints | Floats, ...]]:
    """One yearly loan after the other, each drawn the day the one before matures; none once payments have stopped."""
    clock = plan.size.clock
    start = (
        int(clock.starts[0]) - rng.integers(0, YEAR, firms.count)[:, None] + YEAR * np.arange(amount.shape[1])[None, :]
    )
    principal = np.floor(amount / ROUND) * ROUND
    runs = (start <= number(clock.end)) & (start > firms.since[:, None]) & (start < plan.late[:, None])
    row, year = np.nonzero(firms.borrows[:, None] & (principal > 0) & runs)
    drawn = start[row, year]
    return principal, (
        row,
        np.full_like(row, slot),
        np.full_like(row, WORKING),
        principal[row, year],
        drawn,
        drawn + YEAR,
    )


def _instalments(plan: Plan, firms: Firms, limit: Floats, rng: np.random.Generator) -> tuple[Ints | Floats, ...]:
    """Loans for equipment, paid back in sixteen quarters."""
    life = TERM_QUARTERS * QUARTER
    drawn = number(plan.size.clock.end) - rng.integers(30, 2 * life, firms.count)
    chosen = firms.borrows & (rng.random(firms.count) < TERM_LOAN) & (drawn > firms.since) & (drawn + 200 < plan.late)
    row = np.flatnonzero(chosen)
    part = TERM_QUARTERS * ROUND
    principal = np.maximum(part, np.floor(limit[row, -1] * rng.uniform(0.2, 0.9, len(row)) / part) * part)
    return row, np.full_like(row, 8), np.full_like(row, INSTALMENTS), principal, drawn[row], drawn[row] + life


def _bills(plan: Plan, firms: Firms, limit: Floats, rng: np.random.Generator) -> tuple[Ints | Floats, ...]:
    """Accepted bills of half a year, one after the other."""
    clock = plan.size.clock
    client = np.flatnonzero(firms.borrows & (rng.random(firms.count) < BILLS))
    rounds = (number(clock.end) - int(clock.starts[0])) // BILL_DAYS + 1
    start = (
        int(clock.starts[0]) + rng.integers(0, BILL_DAYS, len(client))[:, None] + BILL_DAYS * np.arange(rounds)[None, :]
    )
    usual = limit[client, -1:] * rng.uniform(0.06, 0.2, (len(client), 1))
    amount = np.maximum(ROUND, np.floor(usual * np.exp(rng.normal(0, 0.15, start.shape)) / ROUND) * ROUND)
    ends = start + BILL_DAYS
    fits = (start <= number(clock.end)) & (start > firms.since[client][:, None]) & (ends < plan.late[client][:, None])
    row, place = np.nonzero(fits)
    drawn = start[row, place]
    return client[row], np.full_like(row, 9), np.full_like(row, BILL), amount[row, place], drawn, drawn + BILL_DAYS


def outstanding(plan: Plan, lending: Lending, loan: Ints, day: Ints) -> Floats:
    """What is owed on each of those loans at the end of that day; payments due after the arrears began are not made."""
    late = plan.late[lending.client[loan]]
    paid_until = np.minimum(day, late - 1)
    principal, kind = lending.principal[loan], lending.kind[loan]
    quarters = np.clip((paid_until - lending.drawn[loan]) // QUARTER, 0, TERM_QUARTERS)
    owed = np.where(kind == INSTALMENTS, principal * (1 - quarters / TERM_QUARTERS), principal)
    over = kind == OVERDRAFT
    if over.any():
        clock = plan.size.clock
        month = np.clip(clock.month_of(day) - (day < clock.starts[np.clip(clock.month_of(day), 0, None)] + 9), 0, None)
        owed = np.where(over, lending.drawn_over[lending.client[loan], month], owed)
    return np.where((day < lending.drawn[loan]) | (paid_until >= lending.matures[loan]), 0.0, owed)


def _owing(plan: Plan, made: Lending) -> Lending:
    """With what each client owes at each month's end, and the overdrafts of those whose lines a story fills."""
    clock, shape = plan.size.clock, made.owed.shape
    owed, long = np.zeros(shape), np.zeros(shape)
    for month, last in enumerate(clock.last):
        loan = np.flatnonzero((made.drawn <= last) & (made.kind != BILL))
        amount = outstanding(plan, made, loan, np.full_like(loan, last))
        np.add.at(owed[:, month], made.client[loan], amount)
        is_long = made.kind[loan] == INSTALMENTS
        np.add.at(long[:, month], made.client[loan][is_long], amount[is_long])
    limit = line_limit(plan, made)
    over = np.where(plan.fill > 0, np.maximum(0.0, np.ceil((plan.fill * limit - (owed - long)) / 100) * 100), 0.0)
    client = np.flatnonzero((over > 0).any(axis=1))
    first = np.argmax(over[client] > 0, axis=1)
    end = number(clock.end)
    extra = (client, np.full_like(client, 7), np.full_like(client, OVERDRAFT), over[client].max(axis=1),
             clock.starts[first] + 9, np.full_like(client, end + 150))  # fmt: skip
    own = (made.client, made.slot, made.kind, made.principal, made.drawn, made.matures)
    loans = [np.concatenate(pair) for pair in zip(own, extra, strict=True)]
    rest = (made.line_client, made.line_from, made.line_limit, made.due_day, made.delay, owed + over, long, over)
    return Lending(*loans, *rest)


def line_limit(plan: Plan, made: Lending) -> Floats:
    """The limit of each client's line at each month's end, 0 without one."""
    limit = np.zeros(made.owed.shape)
    order = np.argsort(made.line_from, kind="stable")
    for month, last in enumerate(plan.size.clock.last):
        known = order[made.line_from[order] <= last]
        limit[made.line_client[known], month] = made.line_limit[known]
    return limit


# ---- tables --------------------------------------------------------------------------------------------------------


def shown(plan: Plan, lending: Lending) -> Ints:
    """Places of the loans a book tells of: those that ran in the months of payments."""
    return np.flatnonzero(lending.matures >= plan.size.clock.starts[plan.size.first] - YEAR)


def facilities(lending: Lending) -> pl.DataFrame:
    """Lines, renewed each year; one per instalment loan; one for bills."""
    parts = [
        table("facilities", facility_id=ids("F", lending.line_client) + "-1", valid_from=dates(lending.line_from),
              client_id=ids("C", lending.line_client), product="working_capital",
              limit_amount=np.rint(lending.line_limit * 100).astype(np.int64), currency="CNY", revolving=True,
              expires_on=dates(lending.line_from + YEAR + 1))
    ]  # fmt: skip
    for kind, suffix, revolving in ((INSTALMENTS, "-2", False), (BILL, "-3", True)):
        chosen = np.flatnonzero(lending.kind == kind)
        lines = pl.DataFrame(
            {
                "client": lending.client[chosen],
                "from": lending.drawn[chosen],
                "to": lending.matures[chosen],
                "most": lending.principal[chosen],
            }
        )
        one = (
            lines.group_by("client").agg(pl.col("from").min(), pl.col("to").max(), pl.col("most").max()).sort("client")
        )
        client = one["client"].to_numpy()
        limit = one["most"].to_numpy() * (1.3 if revolving else 1.0)
        parts.append(
            table("facilities", facility_id=ids("F", client) + suffix, valid_from=dates(one["from"].to_numpy() - 20),
                  client_id=ids("C", client), product=PRODUCTS[kind], limit_amount=np.rint(limit * 100).astype(np.int64),
                  currency="CNY", revolving=revolving, expires_on=dates(one["to"].to_numpy() + 400))
        )  # fmt: skip
    return pl.concat(parts).unique(["facility_id", "valid_from"], keep="last", maintain_order=True)


def loans(plan: Plan, lending: Lending, floating: pl.Series) -> pl.DataFrame:
    """The table loans; `floating` says of each client whether its rate floats."""
    chosen = shown(plan, lending)
    kind, client = lending.kind[chosen], lending.client[chosen]
    suffix = pl.Series(["-1", "-2", "-3", "-1"]).gather(kind)
    made = table(
        "loans",
        loan_id=lending.id.gather(chosen),
        client_id=ids("C", client),
        facility_id=ids("F", client) + suffix,
        product=pl.Series(PRODUCTS).gather(kind),
        on_balance=kind != BILL,
        principal=np.rint(lending.principal[chosen] * 100).astype(np.int64),
        currency="CNY",
        disbursed_on=dates(lending.drawn[chosen]),
        matures_on=dates(lending.matures[chosen]),
        rate_kind=pl.DataFrame({"k": kind, "f": floating.gather(client)}).select(
            pl.when(pl.col("k") == BILL).then(pl.lit("none")).when("f").then(pl.lit("floating_lpr")).otherwise(pl.lit("fixed"))
        ).to_series(),
        rate=RATE,
        purpose=pl.Series(["working_capital", "equipment", "trade", "working_capital"]).gather(kind),
        guarantee_mode=pl.Series(["mixed", "mortgage", "margin", "unsecured"]).gather(kind),
        grant_kind="new",
        pay_mode=pl.Series(["self", "entrusted", None, "self"]).gather(kind),
        entry_account_id=ids("A", client) + "-1",
    )  # fmt: skip
    before = pl.Series(lending.drawn[chosen] - YEAR).cast(pl.String)
    prior = ids("L", client) + "-" + pl.Series(lending.slot[chosen]).cast(pl.String) + "-" + before
    rolled = prior.is_in(made["loan_id"].implode()) & pl.Series(kind == WORKING)
    return made.with_columns(
        entry_account_id=pl.when(pl.col("product") != "acceptance").then("entry_account_id"),
        prior_loan_id=pl.when(rolled).then(prior),
        grant_kind=pl.when(rolled).then(pl.lit("rollover")).otherwise("grant_kind"),
    )


def _expanded(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """(place, value): for each place the whole numbers from first to last."""
    counts = np.maximum(0, last - first + 1)
    place = np.repeat(np.arange(len(first)), counts)
    start = np.cumsum(counts) - counts
    return place, np.arange(len(place)) - start[place] + first[place]


def _late_spells(plan: Plan, firms: Firms, lending: Lending, chosen: Ints) -> pl.DataFrame:
    """loan, since, until: the stretches in which a loan was overdue; one loan of a client each time, all in a default."""
    clock = plan.size.clock
    row, month = np.nonzero(lending.delay > 0)
    due = clock.starts[month] + lending.due_day[row] - 1
    late = pl.DataFrame({"client": row, "since": due, "until": due + lending.delay[row, month]})
    loans_ = pl.DataFrame({"loan": chosen, "client": lending.client[chosen], "kind": lending.kind[chosen],
                           "drawn": lending.drawn[chosen], "matures": lending.matures[chosen],
                           "owed": lending.principal[chosen]}).filter(pl.col("kind") != BILL)  # fmt: skip
    short = (
        late.join(loans_, on="client")
        .filter(pl.col("drawn") < pl.col("since") - 27, pl.col("matures") > pl.col("until"))
        .sort("client", "since", "owed", "loan", descending=[False, False, True, False])
        .unique(["client", "since"], keep="first", maintain_order=True)
    )
    stop = pl.DataFrame({"client": np.arange(firms.count), "stop": plan.late})
    short = short.join(stop, on="client").filter(pl.col("until") < pl.col("stop"))
    long = loans_.join(stop.filter(pl.col("stop") < NEVER), on="client").filter(
        pl.col("drawn") < pl.col("stop"), pl.col("matures") > pl.col("stop")
    )
    parts = [short.select("loan", "since", "until"), long.select("loan", since="stop", until=pl.lit(NEVER, pl.Int64))]
    return pl.concat(parts).sort("since")


def loan_status(plan: Plan, firms: Firms, lending: Lending) -> pl.DataFrame:
    """A row when a loan is drawn, at each month's end, on each day something changes, and when it is settled."""
    clock = plan.size.clock
    chosen = shown(plan, lending)
    end, begin = number(clock.end), int(clock.starts[plan.size.first]) - YEAR
    drawn, matures, kind = lending.drawn[chosen], lending.matures[chosen], lending.kind[chosen]
    stays = matures > plan.late[lending.client[chosen]]
    until = np.where(stays, end + 1, matures)
    first = np.maximum(0, clock.month_of(np.maximum(drawn, begin)))
    last = np.minimum(clock.months - 1, clock.month_of(np.minimum(until, end + 1)))
    spells = _late_spells(plan, firms, lending, chosen)
    place, month = _expanded(first, last)
    parts = [(chosen[place], clock.last[month]), (chosen, drawn), (chosen[until <= end], until[until <= end])]
    quarterly = np.flatnonzero(kind == INSTALMENTS)
    place, quarter = _expanded(np.ones_like(quarterly), np.full_like(quarterly, TERM_QUARTERS - 1))
    parts.append((chosen[quarterly[place]], drawn[quarterly[place]] + QUARTER * quarter))
    over = np.flatnonzero(kind == OVERDRAFT)
    place, month = _expanded(first[over], np.full_like(over, clock.months - 1))
    parts.append((chosen[over[place]], clock.starts[month] + 9))
    for name in ("since", "until"):
        parts.append((spells["loan"].to_numpy(), spells[name].to_numpy()))
    days = pl.DataFrame(
        {"loan": np.concatenate([p[0] for p in parts]), "day": np.concatenate([p[1] for p in parts])}
    ).unique()
    days = days.filter(pl.col("day").is_between(begin, end)).sort("day")
    days = days.join_asof(spells, left_on="day", right_on="since", by="loan", check_sortedness=False)
    return _states(plan, lending, days.sort("loan", "day"))


def _states(plan: Plan, lending: Lending, days: pl.DataFrame) -> pl.DataFrame:
    loan, day = days["loan"].to_numpy(), days["day"].to_numpy()
    live = (day >= lending.drawn[loan]) & (
        (day <= lending.matures[loan]) | (lending.matures[loan] > plan.late[lending.client[loan]])
    )
    days, loan, day = days.filter(live), loan[live], day[live]
    owed = outstanding(plan, lending, loan, day)
    since = days["since"].fill_null(NEVER).to_numpy()
    overdue = (days["until"].fill_null(0).to_numpy() > day) & (owed > 0)
    since = np.where(overdue, since, NEVER)
    late = plan.late[lending.client[loan]]
    default = overdue & (since == late)
    months = np.where(overdue, (day - np.minimum(since, day)) // 30 + 1, 0)
    interest = np.where(overdue, owed * RATE / 12 * months, 0.0)
    first = (lending.slot[loan] == 0) | (lending.kind[loan] != WORKING)
    missed = np.where(default & first, UNPAID * lending.principal[loan], 0.0)
    ran_out = default & (day >= lending.matures[loan])
    missed = np.minimum(owed, np.where(ran_out, owed, missed))
    unpaid_since = np.where(missed > 0, np.where(first, late, lending.matures[loan]), NEVER)
    days_late = np.where(overdue, day - np.minimum(since, day), 0)
    rank = np.where(days_late > 90, 2, np.where(days_late > 30, 1, 0))
    settled = owed <= 0
    nothing = (lending.kind[loan] == OVERDRAFT) & settled
    return table(
        "loan_status",
        loan_id=lending.id.gather(loan),
        as_of=dates(day),
        outstanding=fen(owed),
        class5=pl.Series(["normal", "special_mention", "substandard"]).gather(rank),
        state=pl.Series(["normal", "overdue", "settled"]).gather(
            np.where(settled & ~nothing, 2, np.where(overdue, 1, 0))
        ),
        overdue_principal=fen(missed),
        overdue_interest=fen(interest),
        principal_overdue_since=dates(unpaid_since),
        interest_overdue_since=dates(np.where(fen(interest) > 0, since, NEVER)),
        extensions=0,
        next_due_on=dates(np.where(settled, NEVER, np.maximum(day + 1, lending.matures[loan]))),
        next_principal=fen(owed),
        next_interest=fen(owed * RATE / 12),
    )


def moves(plan: Plan, firms: Firms, lending: Lending) -> pl.DataFrame:
    """client, day, inward, amount (fen), type: what loans moved on the accounts in the months of payments."""
    clock, chosen = plan.size.clock, shown(plan, lending)
    end, begin = number(clock.end), int(clock.starts[plan.size.first])
    chosen = chosen[lending.kind[chosen] != BILL]
    client, kind = lending.client[chosen], lending.kind[chosen]
    late = plan.late[client]
    plain = kind != OVERDRAFT
    parts = [(client[plain], lending.drawn[chosen][plain], True, lending.principal[chosen][plain], "loan_disbursement")]
    paid = (lending.matures[chosen] < late) & (kind == WORKING)
    parts.append(
        (client[paid], lending.matures[chosen][paid], False, lending.principal[chosen][paid], "loan_principal")
    )
    quarterly = np.flatnonzero(kind == INSTALMENTS)
    place, quarter = _expanded(np.ones_like(quarterly), np.full_like(quarterly, TERM_QUARTERS))
    days = lending.drawn[chosen][quarterly[place]] + QUARTER * quarter
    met = days < late[quarterly[place]]
    amount = lending.principal[chosen][quarterly[place]] / TERM_QUARTERS
    parts.append((client[quarterly[place]][met], days[met], False, amount[met], "loan_principal"))
    owed = np.hstack([lending.owed[:, :1], lending.owed[:, :-1]])
    row, month = np.nonzero(owed > 0)
    due = clock.starts[month] + lending.due_day[row] - 1 + lending.delay[row, month]
    met = due < plan.late[row]
    parts.append((row[met], due[met], False, owed[row, month][met] * RATE / 12, "loan_interest"))
    row, month = np.nonzero(np.diff(lending.drawn_over, axis=1, prepend=0.0))
    step = np.diff(lending.drawn_over, axis=1, prepend=0.0)[row, month]
    parts.append((row, clock.starts[month] + 9, True, np.maximum(step, 0.0), "loan_disbursement"))
    parts.append((row, clock.starts[month] + 9, False, np.maximum(-step, 0.0), "loan_principal"))
    frames = [
        pl.DataFrame({"client": c, "day": d, "amount": np.rint(a * 100).astype(np.int64)}).with_columns(
            inward=pl.lit(inward), type=pl.lit(kind_)
        )
        for c, d, inward, a, kind_ in parts
    ]
    return pl.concat(frames).filter(pl.col("day").is_between(begin, end), pl.col("amount") > 0)


def support(plan: Plan, firms: Firms, lending: Lending, guarantors: pl.Series) -> pl.DataFrame:
    """Cover of each borrower: a guarantee, a mortgage or a pledge, valued anew as the bank's rules ask."""
    clock = plan.size.clock
    rng = chance(plan.size.seed, plan.size.shard, 3)
    client = np.flatnonzero(firms.borrows & (lending.owed.max(axis=1) > 0))
    kind = pick(rng, list(SUPPORT), list(SUPPORT.values()), len(client))
    owed = np.maximum(lending.owed[client, -1], lending.owed[client].mean(axis=1))
    worth, phase = owed * rng.uniform(*COVER, len(client)), rng.random(len(client))
    rows = pl.DataFrame({"client": client, "kind": kind, "owed": owed, "worth": worth, "phase": phase})
    rows = rows.with_columns(guarantor=guarantors.gather(client)).filter(pl.col("kind") != "none")
    every = pl.col("kind").replace_strict(VALUED, default=3000, return_dtype=pl.Int64)
    end, reach = number(clock.end), 3000
    valued = rows.with_columns(every=every).with_columns(
        day=(pl.lit(end) - (pl.col("phase") * pl.col("every")).cast(pl.Int64)).cast(pl.Int64)
    )
    before = pl.int_ranges(0, pl.lit(reach) // pl.col("every") + 1)
    spread = valued.with_columns(n=before).explode("n").with_columns(day=pl.col("day") - pl.col("n") * pl.col("every"))
    first = int(clock.starts[plan.size.first]) - 800
    kept = spread.filter((pl.col("day") >= first) | (pl.col("n") == 0)).sort("client", "day")
    guarantee = kept["kind"] == "guarantee"
    noise = np.exp(rng.normal(0, 0.02, kept.height))
    pledge = kept["kind"].is_in(["inventory", "receivables"])
    since = pl.Series(firms.since).gather(kept["client"])
    begun = pl.select(pl.max_horizontal(kept["day"], since)).to_series()
    return table(
        "credit_support",
        support_id=ids("G", kept["client"].to_numpy()),
        valid_from=dates(np.where(guarantee.to_numpy(), np.maximum(since.to_numpy(), first - 1000), begun.to_numpy())),
        client_id=ids("C", kept["client"].to_numpy()),
        kind=pl.select(
            pl.when(guarantee)
            .then(pl.lit("guarantee"))
            .when(pledge)
            .then(pl.lit("pledge"))
            .otherwise(pl.lit("mortgage"))
        ).to_series(),
        provider_id=pl.select(
            pl.when(guarantee).then(kept["guarantor"]).otherwise(ids("C", kept["client"].to_numpy()))
        ).to_series(),
        asset_kind=pl.select(pl.when(guarantee).then(pl.lit("none")).otherwise(kept["kind"])).to_series(),
        secured_amount=fen(kept["owed"].to_numpy(), 1),
        asset_value=pl.select(
            pl.when(~guarantee).then(pl.Series(fen(kept["worth"].to_numpy() * noise, 1)))
        ).to_series(),
        valued_on=pl.select(pl.when(~guarantee).then(dates(begun.to_numpy()))).to_series(),
        status="active",
        ends_on=dates(np.full(kept.height, end + 700)),
    ).unique(["support_id", "valid_from"], keep="last", maintain_order=True)
