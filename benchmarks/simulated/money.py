"""Payments on the clients' accounts and the balances they leave."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.simulated import lending as credit
from benchmarks.simulated.clock import Flags, Floats, Ints, chance, dates, fen, ids, lumps, number, table
from benchmarks.simulated.filings import Economy
from benchmarks.simulated.firms import Firms
from benchmarks.simulated.lending import Lending
from benchmarks.simulated.plan import Plan

RECEIPTS = (5, 7, 9, 12)  # a month, by size class
PAYERS, SUPPLIERS = 24, 14  # of one client
CONCENTRATION = (0.3, 1.1)  # exponent of the shares of payers and suppliers by rank
REGULAR, GOLDEN = 0.7, 0.6180339887  # of payments that come by turns
REGISTERED = 0.75  # payers and suppliers that are parties of the register
OTHER_CLIENT = 0.06  # that are clients of this bank
# What goes out each month: part of the usual inflow, share of clients that pay it here, day of the month.
FIXED = {"payroll": (0.14, 0.75, 8), "social_insurance": (0.03, 0.75, 12), "tax": (0.05, 0.85, 14), "rent": (0.03, 0.5, 3),
         "utility": (0.03, 0.8, 18)}  # fmt: skip
FIXED_NOISE = 0.06
# What the rest goes for: part of the money, payments a month, share of clients.
VARIABLE = {"raw_material": (0.74, 5.0, 1.0), "logistics": (0.12, 2.0, 0.9), "other": (0.06, 1.5, 1.0), "equipment": (0.04, 0.3, 0.6),
            "travel_entertainment": (0.02, 1.0, 0.7), "conference_hotel": (0.006, 0.4, 0.4), "cash": (0.01, 0.7, 0.5),
            "refund": (0.008, 0.3, 0.5), "decoration": (0.01, 0.03, 0.3)}  # fmt: skip
KEPT, RETURNS, LEAST_SPENT = (
    (0.5, 2.5),
    0.5,
    0.3,
)  # usual months of inflow on the account; part of a gap made good a month; least
# part of the usual purchases
FAILS = 0.004  # of outgoing payments bounce
ELSEWHERE, ELSEWHERE_PART, MOVES_BANK = (
    0.35,
    0.04,
    0.04,
)  # own account at another bank: share, part of a quarter, opened a year
NONBANK_A_YEAR = 0.02  # clients that take money from a lessor
OFFICES = {"tax": "OFFICE-TAX", "social_insurance": "OFFICE-SOCIAL", "utility": "OFFICE-POWER"}
ROW = ("client", "day", "inward", "amount", "type", "category", "payee", "named", "bank")
BANKS = tuple(f"1030000000{k:02d}" for k in range(12))


@dataclass(frozen=True)
class Money:
    """The tables accounts, transactions and balances."""

    accounts: pl.DataFrame
    transactions: pl.DataFrame
    balances: pl.DataFrame


def _ranked(rng: np.random.Generator, client: Ints, exponent: Floats, many: int) -> Ints:
    """The rank of a counterparty for each payment: the k-th largest has a share in proportion to k to minus the exponent.

    Payments of a client stand by month. REGULAR of them go round in steps of the golden section, so that a counterparty
    with an eighth of the payments comes about every eighth time; the others come by chance.
    """
    classes = np.linspace(exponent.min(), exponent.max() + 1e-9, 9)
    of_client = np.clip(np.searchsorted(classes, exponent, side="right") - 1, 0, 7)
    first = np.searchsorted(client, client) if len(client) else client
    turn = (rng.random(len(exponent))[client] + GOLDEN * (np.arange(len(client)) - first)) % 1
    draw = np.where(rng.random(len(client)) < REGULAR, turn, rng.random(len(client)))
    rank = np.zeros(len(client), np.int64)
    for place in range(8):
        shares = np.arange(1, many + 1) ** -((classes[place] + classes[place + 1]) / 2)
        chosen = of_client[client] == place
        rank[chosen] = np.searchsorted(np.cumsum(shares / shares.sum()), draw[chosen])
    return np.minimum(rank, many - 1)


def _net(plan: Plan, count: int, rows: pl.DataFrame) -> Floats:
    """Of rows (client, day, inward, amount): what came to each account less what left it, by month, in CNY."""
    clock = plan.size.clock
    net = np.zeros((count, clock.months))
    sign = np.where(rows["inward"].to_numpy(), 1, -1) * rows["amount"].to_numpy() / 100
    np.add.at(net, (rows["client"].to_numpy(), clock.month_of(rows["day"].to_numpy())), sign)
    return net


def _cut(total: Floats, client: Ints, month: Ints, weight: Floats) -> Ints:
    """The total of each client and month (CNY) cut into its payments by weight, in fen."""
    months = total.shape[1]
    cell = client * months + month
    whole = np.bincount(cell, weight, total.size)
    return np.maximum(1, np.rint(total[client, month] * weight / whole[cell] * 100)).astype(np.int64)


def pay(plan: Plan, firms: Firms, lending: Lending, books: Economy) -> Money:
    """Everything that moved, month by month, since the first month of payments or the client's first day."""
    rng = chance(plan.size.seed, plan.size.shard, 7)
    clock, first, n = plan.size.clock, plan.size.first, firms.count
    opened = np.maximum(firms.since, 0)
    runs = clock.starts[:-1][None, :] >= opened[:, None]
    runs[:, :first] = False
    inflow = np.where(runs, firms.flows, 0.0)
    usual = np.where(runs, firms.trend * firms.share[:, None] * plan.business * plan.here, 0.0)
    aside = pl.concat([_loan_rows(plan, firms, lending), *_special(plan, firms, books, usual, rng)])
    aside = aside.filter(pl.Series(runs[aside["client"].to_numpy(), clock.month_of(aside["day"].to_numpy())]))
    fixed, fixed_rows = _fixed(plan, firms, books, usual, rng)
    net = _net(plan, n, aside)
    left, opening = _left_to_spend(plan, firms, inflow, usual, fixed, net, runs, rng)
    rows = [aside, fixed_rows, _receipts(plan, firms, inflow, rng), *_spent(plan, firms, left, runs, rng)]
    booked = _booked(plan, firms, pl.concat(rows, how="diagonal"))
    return Money(_accounts(firms, opened), booked, _balances(plan, firms, booked, opening, opened))


def _loan_rows(plan: Plan, firms: Firms, lending: Lending) -> pl.DataFrame:
    return credit.moves(plan, firms, lending).with_columns(
        category=pl.when(pl.col("type") == "loan_interest").then(pl.lit("interest")).otherwise(pl.lit("loan")),
        payee=pl.lit(-1, pl.Int64), named=pl.lit(None, pl.String), bank=pl.lit(None, pl.String),
    ).select(ROW)  # fmt: skip


def _rows(client: Ints, day: Ints, amount: Ints, inward: bool, category: str, **more: object) -> pl.DataFrame:
    """Rows of one kind; `payee` is the rank of a payer or supplier, -1 for none."""
    given = {"type": "transfer", "payee": -1, "named": None, "bank": None, **more}
    types = {"payee": pl.Int64, "named": pl.String, "bank": pl.String, "type": pl.String}
    frame = pl.DataFrame({"client": client, "day": day, "amount": amount}).with_columns(
        inward=pl.lit(inward), category=pl.lit(category)
    )
    return frame.with_columns(
        (pl.Series(values) if isinstance(values, np.ndarray | pl.Series) else pl.lit(values))
        .cast(types[name])
        .alias(name)
        for name, values in given.items()
    ).select(ROW)


def _special(plan: Plan, firms: Firms, books: Economy, usual: Floats, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Transfers to own accounts elsewhere, dividends, deposit interest, lessors' money, what a story sends to relatives."""
    clock, first, n = plan.size.clock, plan.size.first, firms.count
    quarter = np.flatnonzero((clock.of_year % 3 == 0) & (np.arange(clock.months) >= first))
    has = rng.random(n) < ELSEWHERE
    moved = rng.random(n) < MOVES_BANK * plan.size.flow_months / 12
    since = np.where(moved, rng.integers(first, clock.months, n), 0)
    client, place = np.nonzero((has | moved)[:, None] & np.ones((n, len(quarter)), bool))
    month = quarter[place]
    keep = has[client] | (month >= since[client])
    client, month = client[keep], month[keep]
    late_bank = moved[client] & (month >= since[client])
    bank = pl.Series(BANKS).gather((client + 3 * late_bank) % len(BANKS))
    own = _rows(client, clock.workday(month, rng.random(len(client))),
                fen(3 * usual[client, month] * ELSEWHERE_PART * rng.uniform(0.5, 1.5, len(client)), 1), False, "own_transfer",
                named=ids("Client ", client), bank=bank)  # fmt: skip
    client, month = np.nonzero(books.line["dividends_paid"][:, first:] > 0)
    month = month + first
    shared = np.minimum(books.line["dividends_paid"][client, month] * firms.share[client], 0.8 * usual[client, month])
    dividends = _rows(client, clock.workday(month, rng.random(len(client))), fen(shared, 1), False, "dividend",
                      named=ids("Holder ", client))  # fmt: skip
    client, place = np.nonzero(np.ones((n, len(quarter)), bool))
    month = quarter[place]
    earned = _rows(client, clock.starts[month] + 20, fen(usual[client, month] * 1.2 * 0.0005, 1), True, "interest",
                   type="interest")  # fmt: skip
    lessor, day = np.flatnonzero(rng.random(n) < NONBANK_A_YEAR * 3), rng.integers(0, 1095, n)
    end = number(clock.end)
    leased = _rows(
        lessor,
        end - day[lessor],
        fen(firms.trend[lessor, -1] * 0.3, 1),
        True,
        "other",
        named=ids("Leasing ", lessor % 5),
    )
    client, month = np.nonzero(plan.related[:, first:] > 0)
    month = month + first
    sent = (
        usual[client, month]
        / np.maximum(1e-9, plan.here[client, month])
        * np.minimum(1.0, 4 * plan.related[client, month])
    )
    related = _rows(client, clock.workday(month, rng.random(len(client))), fen(sent, 1), False, "related_loan",
                    named=ids("Affiliate ", client))  # fmt: skip
    return [own, dividends, earned, leased, related]


def _fixed(
    plan: Plan, firms: Firms, books: Economy, usual: Floats, rng: np.random.Generator
) -> tuple[Floats, pl.DataFrame]:
    """Wages, contributions, taxes, rent, power: monthly, on about the same day."""
    clock, total, frames = plan.size.clock, np.zeros(usual.shape), []
    for category, (part, share, day) in FIXED.items():
        pays = rng.random(firms.count) < share
        amount = usual * pays[:, None] * part * np.exp(rng.normal(0, FIXED_NOISE, usual.shape))
        total += amount
        client, month = np.nonzero(amount > 1)
        # The working day of the month; Spring Festival and holidays push it to the next one there is.
        on = clock.workday(month, np.minimum(0.99, (day + rng.integers(-1, 2, len(client))) / 31))
        wages = category == "payroll"
        frame = _rows(client, on, np.rint(amount[client, month] * 100).astype(np.int64), False, category,
                      type="payroll" if wages else "transfer",
                      named=ids("Landlord ", client) if category == "rent" else OFFICES.get(category))  # fmt: skip
        heads = np.maximum(1, np.rint(books.heads[client, month])).astype(np.int64)
        frames.append(frame.with_columns(heads=pl.Series(heads) if wages else pl.lit(None, pl.Int64)))
    return total, pl.concat(frames)


def _left_to_spend(
    plan: Plan,
    firms: Firms,
    inflow: Floats,
    usual: Floats,
    fixed: Floats,
    net: Floats,
    runs: Flags,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """What goes out each month beside the fixed payments, and the opening balance.

    Purchases follow the trend and the season with lumps of their own; what the balance has too much or too little against
    its usual height is spent or saved over the next months.
    """
    n, months = inflow.shape
    kept = usual * rng.uniform(*KEPT, n)[:, None]
    season = np.where(usual > 0, firms.season, 0.0)
    bought = np.maximum(0.0, usual * season - fixed) * lumps(rng, firms.cv, inflow.shape)
    first = np.argmax(runs, axis=1)
    held = kept[np.arange(n), first]
    opening, left = held.copy(), np.zeros(inflow.shape)
    for month in range(plan.size.first, months):
        wanted = bought[:, month] + net[:, month] + RETURNS * (held - kept[:, month])
        left[:, month] = np.where(runs[:, month], np.maximum(wanted, LEAST_SPENT * bought[:, month]), 0.0)
        held = held + inflow[:, month] + net[:, month] - fixed[:, month] - left[:, month]
    return left, opening


def _receipts(plan: Plan, firms: Firms, inflow: Floats, rng: np.random.Generator) -> pl.DataFrame:
    """What customers pay."""
    clock = plan.size.clock
    client, month = np.nonzero(inflow > 1)
    times = np.maximum(1, rng.poisson(np.array(RECEIPTS)[firms.size[client]]))
    client, month = np.repeat(client, times), np.repeat(month, times)
    exponent = np.random.default_rng([plan.size.seed, plan.size.shard, 71]).uniform(*CONCENTRATION, firms.count)
    rank = _ranked(rng, client, exponent, PAYERS)
    amount = _cut(inflow, client, month, rng.gamma(2.0, 1.0, len(client)))
    day = clock.workday(month, rng.random(len(client)))
    return _rows(client, day, amount, True, "sales", payee=rank)


def _spent(plan: Plan, firms: Firms, left: Floats, runs: Floats, rng: np.random.Generator) -> list[pl.DataFrame]:
    """What goes to suppliers and for everything else; some of it bounces."""
    clock = plan.size.clock
    parts = []
    for place, (category, (part, times, share)) in enumerate(VARIABLE.items()):
        buys = rng.random(firms.count) < share
        client, month = np.nonzero((left > 1) & buys[:, None])
        counts = rng.poisson(times, len(client))
        if category == "raw_material":
            counts = np.maximum(1, counts)
        client, month = np.repeat(client, counts), np.repeat(month, counts)
        parts.append((place, client, month, part / times * rng.gamma(2.0, 0.5, len(client))))
    client, month, weight = (np.concatenate([p[k] for p in parts]) for k in (1, 2, 3))
    category = np.concatenate([np.full(len(p[1]), p[0]) for p in parts])
    order = np.lexsort((rng.random(len(client)), month, client))
    client, month, weight, category = client[order], month[order], weight[order], category[order]
    amount = _cut(left, client, month, weight)
    names = list(VARIABLE)
    exponent = np.random.default_rng([plan.size.seed, plan.size.shard, 73]).uniform(*CONCENTRATION, firms.count)
    rank = _ranked(rng, client, exponent, SUPPLIERS)
    bought = np.isin(category, [names.index(k) for k in ("raw_material", "logistics", "equipment", "other")])
    day = clock.workday(month, rng.random(len(client)))
    cash = category == names.index("cash")
    frame = _rows(client, day, amount, False, "other", payee=np.where(bought, PAYERS + rank, -1),
                  type=pl.Series(["transfer", "cash_out"]).gather(cash.astype(np.int64)),
                  named=ids("Vendor ", client * 20 + category)).with_columns(
        category=pl.Series(names).gather(category),
        named=pl.when(pl.Series(~bought & ~cash)).then("named"),
    )  # fmt: skip
    failing = FAILS + np.minimum(0.5, plan.bounces[client, month] / 8)
    bounced = frame.filter(pl.Series(rng.random(frame.height) < failing))
    status = pl.Series(["returned", "insufficient_funds"]).gather((rng.random(bounced.height) < 0.3).astype(np.int64))
    return [frame, bounced.with_columns(status=status)]


def parties_of(plan: Plan, count: int) -> tuple[pl.Series, pl.Series, pl.Series, Ints]:
    """For each client (rows) and rank of payer or supplier (in one line): party id or null, name, bank, number."""
    rng = chance(plan.size.seed, plan.size.shard, 8)
    many = PAYERS + SUPPLIERS
    outside = rng.integers(0, 4 * count, count * many)
    client = rng.integers(0, count, count * many)
    is_client = rng.random(count * many) < OTHER_CLIENT
    known = rng.random(count * many) < REGISTERED
    own = np.repeat(np.arange(count), many)
    is_client &= client != own
    id_ = pl.DataFrame({"x": ids("X", outside), "c": ids("C", client), "k": known, "i": is_client}).select(
        pl.when("i").then("c").when("k").then("x")
    ).to_series()  # fmt: skip
    name = pl.DataFrame({"x": ids("Company ", outside), "c": ids("Client ", client), "i": is_client}).select(
        pl.when("i").then("c").otherwise("x")
    ).to_series()  # fmt: skip
    place = rng.integers(0, len(BANKS) + 4, count * many)
    bank = pl.Series([*BANKS, None, None, None, None]).gather(place)
    return id_, name, bank, outside


def _booked(plan: Plan, firms: Firms, rows: pl.DataFrame) -> pl.DataFrame:
    """The table transactions."""
    many = PAYERS + SUPPLIERS
    id_, name, bank, _ = parties_of(plan, firms.count)
    place = rows["client"] * many + rows["payee"]
    dealt = rows["payee"] >= 0
    at = pl.select(pl.when(dealt).then(place).otherwise(0)).to_series()
    account = ids("K", at.to_numpy(), 9)
    made = rows.with_columns(
        party=pl.when(dealt).then(id_.gather(at)).when(pl.col("named").is_in(list(OFFICES.values()))).then("named"),
        who=pl.when(dealt).then(name.gather(at)).otherwise("named"),
        at=pl.when(dealt).then(bank.gather(at)).otherwise("bank"),
        account=pl.when(dealt).then(account),
        status=pl.col("status").fill_null("ok"),
    ).sort("client", "day", maintain_order=True)
    serial = pl.int_range(pl.len(), dtype=pl.Int64) - pl.int_range(pl.len(), dtype=pl.Int64).min().over("client")
    made = made.with_columns(serial=serial)
    return table(
        "transactions",
        account_id=ids("A", made["client"].to_numpy()) + "-1",
        booked_on=dates(made["day"].to_numpy()),
        txn_id="T" + made["serial"].cast(pl.String).str.zfill(6),
        direction=made.select(pl.when("inward").then(pl.lit("in")).otherwise(pl.lit("out"))).to_series(),
        amount=made["amount"],
        currency="CNY",
        type=made["type"],
        channel="ebank",
        status=made["status"],
        counterparty_id=made["party"],
        counterparty_name=made["who"],
        counterparty_account=made["account"],
        counterparty_bank=made["at"],
        payee_count=made["heads"],
        category=made["category"],
    )


def _accounts(firms: Firms, opened: Ints) -> pl.DataFrame:
    """A demand account each, for most the basic one."""
    client = np.arange(firms.count)
    return table("accounts", account_id=ids("A", client) + "-1", client_id=ids("C", client), kind="demand",
                 is_basic=client % 3 > 0, currency="CNY", opened_on=dates(opened), status="active")  # fmt: skip


def _balances(plan: Plan, firms: Firms, booked: pl.DataFrame, opening: Floats, opened: Ints) -> pl.DataFrame:
    """End-of-day balances on the days that moved, and one on the evening before the first; raised to stay above zero."""
    start = np.maximum(int(plan.size.clock.starts[plan.size.first]) - 1, opened)
    first = pl.DataFrame({"account_id": ids("A", np.arange(firms.count)) + "-1", "opening": np.rint(opening * 100).astype(np.int64),
                          "first": dates(start)})  # fmt: skip
    step = pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))
    moved = (
        booked.lazy().filter(pl.col("status") == "ok")
        .group_by("account_id", date="booked_on").agg(step=step.sum())
        .sort("account_id", "date")
        .with_columns(run=pl.col("step").cum_sum().over("account_id"))
        .with_columns(low=pl.col("run").min().over("account_id"))
        .join(first.lazy(), on="account_id", how="left")
        .with_columns(base=pl.max_horizontal("opening", 1_000_00 - pl.col("low")))
        .collect()
    )  # fmt: skip
    base = moved.group_by("account_id").agg(pl.col("base").first())
    begun = first.join(base, on="account_id", how="left").select(
        "account_id", date="first", balance=pl.coalesce("base", "opening")
    )
    rows = moved.select("account_id", "date", balance=pl.col("base") + pl.col("run"))
    return pl.concat([begun, rows]).unique(["account_id", "date"], keep="last").sort("account_id", "date")
