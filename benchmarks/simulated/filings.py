"""Profit, balance sheet and debt of each client month by month, and what is filed of them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.simulated.clock import Floats, Ints, chance, dates, fen, ids, lumps, number, pick, table, walk
from benchmarks.simulated.firms import Firms
from benchmarks.simulated.lending import Lending
from benchmarks.simulated.plan import Plan

MARGIN_WALK = (0.012, 0.85)  # gross margin around its mean: spread, memory from month to month
SELLING, FIXED_COSTS, COST_NOISE, OTHER_TAXES = 0.035, 0.6, 0.06, 0.004
TAX, DEPRECIATION, RETIRED, CAPEX_CV = 0.22, 0.08, 0.5, 0.5
STOCK_NOISE, RECEIVABLE_NOISE, PAYABLE_NOISE, DEBT_NOISE = 0.08, 0.08, 0.08, 0.08
SLOW = 0.9  # memory of those deviations from month to month
PAYOUT, OF_EXCESS = 0.35, 0.6  # dividends: of last year's profit, and of cash above the usual
CASH_PULL, DEBT_MEMORY, DEBT_BAND = (
    0.05,
    0.95,
    (-0.3, 0.6),
)  # how banks' debt follows missing cash, from its usual height
RATE = 0.043
DUE_IN_A_YEAR = 0.3  # of an instalment loan
LEAST_EQUITY = 0.25  # of assets: below it owners take nothing
LEAST_CASH = 0.015  # of revenue: below it suppliers, owners or other banks wait
HAS = {
    "investments": 0.22,
    "securities": 0.10,
    "goodwill": 0.05,
    "land": 0.3,
    "nonbank": 0.12,
    "leases": 0.3,
    "related": 0.5,
}
ODD_ITEMS = (0.0015, 1.0)  # non-operating items: middle of revenue, log spread
FILED_WITHIN = {"Y": (55, 115), "H": (20, 42), "Q": (15, 42), "M": (6, 18)}  # days after the period's end
OPINIONS, OPINION_SHARES = ("clean", "emphasis"), (0.98, 0.02)
RESTATED, RESTATEMENT = 0.03, 0.03  # annual filings with a second version, and the spread of its change of profit
AUDITOR_LEAVES = 0.06
MONTHS_OF = {"Q": (3, 6, 9, 12), "Y": (12,), "H": (6, 12), "M": tuple(range(1, 13))}
STOCKS = (
    "cash", "trading_assets", "notes_receivable", "accounts_receivable", "prepayments", "other_receivables",
    "related_receivables", "inventory", "contract_assets", "long_term_investments", "fixed_assets_gross", "fixed_assets_net",
    "construction_in_progress", "intangibles", "land_use_rights", "goodwill", "short_term_loans", "current_portion_debt",
    "notes_payable", "accounts_payable", "advances_received", "other_current", "long_term_loans", "bonds_and_leases",
    "paid_in_capital",
)  # fmt: skip
FLOWS = (
    "revenue", "main_revenue", "cogs", "selling_expense", "admin_expense", "finance_expense", "interest_expense",
    "investment_income", "impairment_losses", "operating_profit", "non_op_income", "non_op_expense", "profit_before_tax",
    "income_tax", "dividends_declared", "cfi", "sales_cash", "tax_paid", "capex", "fixed_asset_disposal_cash",
    "investment_purchases_cash", "investment_disposals_cash", "dividends_paid", "interest_paid", "depreciation",
    "amortisation", "payroll", "welfare_accrual", "debt_change", "cash_change",
)  # fmt: skip


@dataclass(frozen=True)
class Economy:
    """Lines by client and month in CNY: balances at its end, flows of the month; debt as lenders see it; heads."""

    line: dict[str, Floats]
    other_banks: Floats
    nonbank: Floats
    banks: Ints
    heads: Floats
    wage: Floats


def _profit(plan: Plan, firms: Firms, rng: np.random.Generator) -> dict[str, Floats]:
    """The lines of the income statement above interest."""
    shape, term = firms.trend.shape, firms.term
    revenue = firms.sales
    smooth = firms.trend * (1 - FIXED_COSTS) * plan.business + firms.trend * FIXED_COSTS
    margin = np.clip(term["gross_margin"][:, None] + walk(rng, shape, *MARGIN_WALK) + plan.margin, -0.3, 0.9)
    running = np.maximum(0.01, term["gross_margin"] - SELLING - OTHER_TAXES - term["margin"] - term["debt"] * RATE)
    middle, spread = ODD_ITEMS
    odd = {
        name: firms.trend * middle * np.exp(rng.normal(0, spread, firms.count))[:, None] * lumps(rng, 1.2, shape)
        for name in ("non_op_income", "non_op_expense")
    }
    part = np.where(rng.random(firms.count) < 0.6, 1.0, rng.uniform(0.88, 1.0, firms.count))[:, None]
    return {
        **odd,
        "revenue": revenue,
        "main_revenue": revenue * part,
        "cogs": revenue * (1 - margin),
        "selling_expense": revenue * SELLING * lumps(rng, COST_NOISE, shape),
        "admin_expense": smooth * running[:, None] * lumps(rng, COST_NOISE, shape),
        "impairment_losses": revenue * 0.001 * lumps(rng, 0.8, shape),
    }


def _trailing(values: Floats, months: int = 12) -> Floats:
    """Twelve times the mean of the last months, of those there are at the beginning."""
    total = np.cumsum(np.hstack([np.zeros((len(values), 1)), values]), axis=1)
    place = np.arange(values.shape[1]) + 1
    first = np.maximum(0, place - months)
    return (total[:, place] - total[:, first]) / (place - first) * 12


def _plant(firms: Firms, rng: np.random.Generator) -> dict[str, Floats]:
    """Fixed assets: bought in years more and years less, written down, retired."""
    shape = firms.trend.shape
    years = shape[1] // 12 + 1
    yearly = lumps(rng, CAPEX_CV, (firms.count, years))
    bought = np.repeat(yearly, 12, axis=1)[:, : shape[1]] * lumps(rng, 0.6, shape)
    growth = np.diff(np.log(firms.trend), axis=1, prepend=np.log(firms.trend[:, :1]))
    gross, net, capex, worn, sold = (np.empty(shape) for _ in range(5))
    held = firms.trend[:, 0] * 12 * firms.term["plant"]
    worth = held * rng.uniform(0.35, 0.75, firms.count)
    for month in range(shape[1]):
        wear = held * DEPRECIATION / 12
        buy = np.maximum(0.0, 0.85 * wear * bought[:, month] + held * growth[:, month] * 0.5)
        out = wear * RETIRED
        held, worth = held + buy - out, np.maximum(worth + buy - wear - 0.04 * out, 0.05 * held)
        gross[:, month], net[:, month], capex[:, month], worn[:, month], sold[:, month] = (
            held,
            worth,
            buy,
            wear,
            0.04 * out,
        )
    return {"fixed_assets_gross": gross, "fixed_assets_net": net, "capex": capex, "depreciation": worn,
            "fixed_asset_disposal_cash": sold}  # fmt: skip


def _around(rng: np.random.Generator, shape: tuple[int, int], spread: float) -> Floats:
    return np.exp(walk(rng, shape, spread, SLOW))


def economy(plan: Plan, firms: Firms, lending: Lending) -> Economy:
    """Everything a company's books would show, month by month."""
    rng = chance(plan.size.seed, plan.size.shard, 4)
    n, shape, term = firms.count, firms.trend.shape, firms.term
    line = {**_profit(plan, firms, rng), **_plant(firms, rng)}
    year_sales, year_cost = _trailing(line["revenue"]), _trailing(line["cogs"])
    scale = firms.trend * 12

    def has(name: str, low: float, high: float) -> Floats:
        return (rng.random(n) < HAS[name]) * rng.uniform(low, high, n)

    clients_owe = year_sales * (term["receivables"] / 365)[:, None] * _around(rng, shape, RECEIVABLE_NOISE) * plan.slack
    line["accounts_receivable"] = clients_owe * (1 - (firms.industry == 7) * 0.3)[:, None]
    line["contract_assets"] = clients_owe * ((firms.industry == 7) * 0.3)[:, None]
    line["notes_receivable"] = (
        line["accounts_receivable"] * rng.uniform(0.0, 0.35, n)[:, None] * _around(rng, shape, 0.15)
    )
    line["prepayments"] = year_cost * 0.03 * _around(rng, shape, 0.15)
    line["other_receivables"] = (
        scale * rng.uniform(0.01, 0.05, n)[:, None] * _around(rng, shape, 0.15) + plan.related * scale
    )
    line["related_receivables"] = (
        line["accounts_receivable"] * has("related", 0.0, 0.2)[:, None] * _around(rng, shape, 0.1)
        + plan.related * scale
    )
    line["inventory"] = year_cost * (term["stock"] / 365)[:, None] * _around(rng, shape, STOCK_NOISE)
    line["accounts_payable"] = year_cost * (term["payables"] / 365)[:, None] * _around(rng, shape, PAYABLE_NOISE)
    pays_by_bill = np.zeros(n)
    pays_by_bill[lending.client[lending.kind == 2]] = rng.uniform(0.1, 0.3)
    line["notes_payable"] = line["accounts_payable"] * pays_by_bill[:, None]
    line["advances_received"] = scale * rng.uniform(0.0, 0.05, n)[:, None] * _around(rng, shape, 0.15)
    line["other_current"] = scale * 0.04 * _around(rng, shape, 0.1)
    line["construction_in_progress"] = scale * rng.uniform(0.0, 0.04, n)[:, None] * _around(rng, shape, 0.2)
    line["land_use_rights"] = np.broadcast_to((scale[:, 0] * has("land", 0.03, 0.12))[:, None], shape)
    line["intangibles"] = line["land_use_rights"] + (scale[:, 0] * rng.uniform(0.0, 0.02, n))[:, None]
    line["amortisation"] = line["intangibles"] * 0.03 / 12
    line["goodwill"] = np.broadcast_to((scale[:, 0] * has("goodwill", 0.01, 0.06))[:, None], shape)
    line["long_term_investments"] = np.broadcast_to((scale[:, 0] * has("investments", 0.02, 0.15))[:, None], shape)
    traded = (scale[:, 0] * has("securities", 0.01, 0.05))[:, None]
    line["trading_assets"] = traded * _around(rng, shape, 0.15)
    line["investment_income"] = (
        (line["long_term_investments"] * 0.05 + line["trading_assets"] * 0.03) / 12 * (1 + walk(rng, shape, 0.6, 0.8))
    )
    turn = rng.uniform(0.3, 2.0, n)[:, None] / 12
    line["investment_purchases_cash"] = line["trading_assets"] * turn * lumps(rng, 1.0, shape)
    line["investment_disposals_cash"] = line["trading_assets"] * turn * lumps(rng, 1.0, shape)
    return _financed(plan, firms, lending, line, rng)


def _financed(plan: Plan, firms: Firms, lending: Lending, line: dict[str, Floats], rng: np.random.Generator) -> Economy:
    """With debt, interest, tax, dividends and what cash that leaves: banks lend more when cash is short, less when it is not."""
    clock, n, shape, term = plan.size.clock, firms.count, firms.trend.shape, firms.term
    scale = firms.trend * 12
    nonbank = (
        scale * ((rng.random(n) < HAS["nonbank"]) * rng.uniform(0.01, 0.05, n))[:, None] * _around(rng, shape, 0.08)
    )
    leases = scale * ((rng.random(n) < HAS["leases"]) * rng.uniform(0.005, 0.04, n))[:, None]
    ours = lending.owed
    usual_ours = np.where(firms.borrows[:, None], scale * (term["debt"] * term["our_part"])[:, None] * 0.65, 0.0)
    debtor = firms.borrows | (rng.random(n) < 0.45)
    elsewhere = np.where(
        firms.borrows[:, None],
        usual_ours * (1 / term["our_part"] - 1)[:, None],
        scale * (term["debt"] * debtor)[:, None],
    ) * _around(rng, shape, DEBT_NOISE)
    goal = scale * term["cash"][:, None]
    held = sum(line[name] for name in ("trading_assets", "notes_receivable", "accounts_receivable", "prepayments",
               "other_receivables", "inventory", "contract_assets", "long_term_investments", "fixed_assets_net",
               "construction_in_progress", "intangibles", "goodwill"))  # fmt: skip
    owed = sum(line[name] for name in ("notes_payable", "accounts_payable", "advances_received", "other_current"))
    earned = (
        line["revenue"] * (1 - OTHER_TAXES) - line["cogs"] - line["selling_expense"] - line["admin_expense"]
        - line["impairment_losses"] + line["investment_income"] + line["non_op_income"] - line["non_op_expense"]
    )  # fmt: skip
    debt = np.maximum(0.0, elsewhere)
    thin = held[:, 0] + goal[:, 0] - owed[:, 0] - debt[:, 0] - nonbank[:, 0] - leases[:, 0] - ours[:, 0]
    # A company that would start without equity has more plant than its industry, paid in by its owners.
    least = rng.uniform(0.12, 0.45, n) * (held[:, 0] + goal[:, 0])
    more = np.maximum(0.0, least - thin) / 0.7
    line["fixed_assets_net"] = line["fixed_assets_net"] + more[:, None]
    line["fixed_assets_gross"] = line["fixed_assets_gross"] + 1.6 * more[:, None]
    for name in ("depreciation", "capex"):  # written down and renewed like the rest
        line[name] = line[name] + 1.6 * more[:, None] * DEPRECIATION / 12
    held = held + more[:, None]
    equity = thin + more
    names = ("interest_expense", "profit_before_tax", "income_tax", "dividends_paid", "cash", "equity", "elsewhere")
    made = {name: np.zeros(shape) for name in names}
    adjust, cash, profit_of_year, before = np.zeros(n), goal[:, 0].copy(), np.zeros(n), np.zeros(n)
    pays_in = rng.integers(5, 8, n)
    for month in range(shape[1]):
        if clock.of_year[month] == 1:
            before, profit_of_year = profit_of_year, np.zeros(n)
        total = ours[:, month] + np.maximum(0.0, elsewhere[:, month] + adjust) + nonbank[:, month] + leases[:, month]
        interest = total * RATE / 12
        pbt = earned[:, month] - interest * 1.03
        tax = TAX * pbt
        profit_of_year = profit_of_year + pbt - tax
        spare = np.maximum(0.0, OF_EXCESS * (cash - goal[:, month]))
        wanted = np.clip(PAYOUT * before + OF_EXCESS * (cash - goal[:, month]), 0.0, np.maximum(0.9 * before, spare))
        sound = equity > LEAST_EQUITY * (held[:, month] + cash)
        paid = np.where((clock.of_year[month] == pays_in) & sound, wanted, 0.0)
        equity = equity + pbt - tax - paid
        other = np.maximum(0.0, elsewhere[:, month] + adjust)
        cash = equity + owed[:, month] + ours[:, month] + other + nonbank[:, month] + leases[:, month] - held[:, month]
        adjust = DEBT_MEMORY * adjust + np.where(debtor, CASH_PULL * (goal[:, month] - cash), 0.0)
        adjust = np.clip(adjust, DEBT_BAND[0] * elsewhere[:, month], DEBT_BAND[1] * elsewhere[:, month])
        floor = LEAST_CASH * scale[:, month]
        short = np.maximum(0.0, floor - cash)
        made_other = other + short
        cash = cash + short
        for name, values in zip(names, (interest, pbt, tax, paid, cash, equity, made_other), strict=True):
            made[name][:, month] = values
    line |= {name: made[name] for name in names[:6]}
    return _lined(plan, firms, lending, line, made["elsewhere"], nonbank, leases, rng)


def _change(values: Floats) -> Floats:
    return np.diff(values, axis=1, prepend=values[:, :1])


def _lined(
    plan: Plan, firms: Firms, lending: Lending, line: dict[str, Floats], other: Floats, nonbank: Floats, leases: Floats,
    rng: np.random.Generator,
) -> Economy:  # fmt: skip
    """Debt by line of the balance sheet, the cash flow statement, people and their pay."""
    n, shape = firms.count, firms.trend.shape
    long_part = np.where(rng.random(n) < 0.35, rng.uniform(0.2, 0.6, n), 0.0)[:, None]
    own_long = lending.long_owed
    due = own_long * DUE_IN_A_YEAR
    line["current_portion_debt"] = due + other * long_part * 0.25
    line["long_term_loans"] = own_long - due + other * long_part * 0.75
    line["short_term_loans"] = lending.owed - own_long + other * (1 - long_part)
    line["bonds_and_leases"] = nonbank + leases
    line["paid_in_capital"] = np.broadcast_to((line["equity"][:, 0] * rng.uniform(0.3, 0.8, n))[:, None], shape)
    line["interest_paid"] = line["interest_expense"]
    line["finance_expense"] = line["interest_expense"] * 1.03
    line["operating_profit"] = line["profit_before_tax"] - line["non_op_income"] + line["non_op_expense"]
    line["dividends_declared"] = line["dividends_paid"]
    line["tax_paid"] = line["income_tax"] + 0.03 * line["revenue"]
    line["sales_cash"] = line["revenue"] * 1.1 - _change(line["accounts_receivable"])
    line["capex"] = np.maximum(0.0, line["capex"] + _change(line["construction_in_progress"]))
    line["cfi"] = (
        line["fixed_asset_disposal_cash"]
        + line["investment_disposals_cash"]
        - line["capex"]
        - line["investment_purchases_cash"]
    )
    line["debt_change"] = _change(lending.owed + other + nonbank + leases)
    line["cash_change"] = _change(line["cash"])
    heads = firms.heads * (1 + (plan.business - 1) * 0.5) * np.exp(walk(rng, shape, 0.02, 0.9))
    wage = rng.normal(1.0, 0.15, n).clip(0.6, 1.6) * 7600
    line["payroll"] = np.rint(heads) * wage[:, None]
    line["welfare_accrual"] = line["payroll"] * rng.uniform(0.02, 0.1, n)[:, None] * lumps(rng, 0.15, shape)
    banks = np.where(other[:, -1] > 0, 1 + rng.poisson(0.8 + 0.4 * firms.size, n), 0)
    moved = rng.random(n) < 0.25
    since = rng.integers(0, shape[1], n)
    count = np.where(
        moved[:, None] & (np.arange(shape[1])[None, :] >= since[:, None]), banks[:, None] + 1, banks[:, None]
    )
    return Economy(line, other, nonbank, np.where(banks[:, None] > 0, count, 0), heads, wage)


# ---- statements ----------------------------------------------------------------------------------------------------


def _periods(plan: Plan, firms: Firms) -> tuple[Ints, Ints, list[str]]:
    """(client, month, type of period) of every filing due; the first full calendar year is the first."""
    clock = plan.size.clock
    begin = int(np.argmax(clock.of_year == 1))
    client, month, type_ = [], [], []
    for code, name in enumerate(("Q", "Y", "H", "M")):
        files = np.flatnonzero(firms.frequency == code)
        for place in range(begin, clock.months):
            number_ = int(clock.of_year[place])
            if number_ in MONTHS_OF[name]:
                client.append(files)
                month.append(np.full(len(files), place))
                type_ += ["Y" if number_ == 12 else name if name != "H" or number_ == 6 else "H"] * len(files)
    return np.concatenate(client), np.concatenate(month), type_


def _year_to_date(clock_months: Ints, values: Floats) -> Floats:
    """Sums since each January."""
    total = np.cumsum(values, axis=1)
    start = np.zeros_like(total)
    before = np.zeros(len(values))
    for month, of_year in enumerate(clock_months):
        if of_year == 1 and month:
            before = total[:, month - 1]
        start[:, month] = before
    return total - start


def statements(plan: Plan, firms: Firms, books: Economy, auditors: tuple[Ints, Ints]) -> pl.DataFrame:
    """Every filing received by the book's end; `auditors`: first auditor of each client and month of the change."""
    clock = plan.size.clock
    rng = chance(plan.size.seed, plan.size.shard, 5)
    client, month, type_ = _periods(plan, firms)
    kinds = pl.Series(type_, dtype=pl.String)
    within = np.array([FILED_WITHIN[k] for k in ("Y", "H", "Q", "M")])
    place = kinds.replace_strict({"Y": 0, "H": 1, "Q": 2, "M": 3}, return_dtype=pl.Int64).to_numpy()
    low, high = within[place, 0], within[place, 1]
    received = clock.last[month] + (low + (high - low) * rng.random(len(client))).astype(np.int64)
    there = (
        (received <= number(clock.end))
        & (received < plan.silent[client])
        & (clock.last[month] >= firms.since[client] - 900)
    )
    client, month, received, kinds = client[there], month[there], received[there], kinds.filter(pl.Series(there))
    fen: dict[str, Ints] = {}
    for name in STOCKS:
        fen[name] = np.rint(books.line[name][client, month] * 100).astype(np.int64)
    for name in FLOWS:
        fen[name] = np.rint(_year_to_date(clock.of_year, books.line[name])[client, month] * 100).astype(np.int64)
    annual = (kinds == "Y").to_numpy()
    audited = annual & (rng.random(len(client)) < np.array([0.3, 0.7, 0.95, 1.0])[firms.size[client]])
    first, changed = auditors
    made = _sheet(
        fen,
        party_id=ids("C", client),
        period_end=dates(clock.last[month]),
        period_type=kinds,
        scope=pl.Series(["single", "consolidated"]).gather(((firms.size == 3) & (firms.since % 5 < 2)).astype(np.int64)[client]),
        version=1,
        months=clock.of_year[month],
        gaap=pl.Series(["CAS_SME", "CAS_SME", "CAS", "CAS"]).gather(firms.size[client]),
        currency="CNY",
        received_on=dates(received),
        audited=audited,
        auditor_id=pl.select(pl.when(pl.Series(audited)).then(ids("AUD", (first[client] + (month >= changed[client])) % 40, 3))).to_series(),
        opinion=pl.select(pl.when(pl.Series(audited)).then(pick(rng, list(OPINIONS), list(OPINION_SHARES), len(client))).otherwise(pl.lit("none"))).to_series(),
    )  # fmt: skip
    again = pl.Series(annual & (rng.random(len(client)) < RESTATED)) & (
        made["received_on"].cast(pl.Int32) + 40 <= number(clock.end)
    )
    return pl.concat([made, _restated(made.filter(again), rng)])


def _restated(first: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A second version: profit a little different, and with it receivables and equity."""
    step = (first["profit_before_tax"].to_numpy() * rng.normal(0, RESTATEMENT, first.height)).astype(np.int64)
    moved = ("profit_before_tax", "net_profit", "operating_profit", "equity", "accounts_receivable", "current_assets",
             "total_assets", "revenue", "main_revenue", "retained_earnings")  # fmt: skip
    return first.with_columns(
        *((pl.col(name) + pl.Series(step)).alias(name) for name in moved),
        version=pl.lit(2, pl.Int64),
        received_on=pl.col("received_on").dt.offset_by("30d"),
    )


def _sheet(fen: dict[str, Ints], **head: object) -> pl.DataFrame:
    """Lines and their totals in minor units: what adds up on paper adds up to the fen."""
    current = ("cash", "trading_assets", "notes_receivable", "accounts_receivable", "prepayments", "other_receivables",
               "inventory", "contract_assets")  # fmt: skip
    fixed = ("long_term_investments", "fixed_assets_net", "construction_in_progress", "intangibles", "goodwill")
    short = (
        "short_term_loans",
        "current_portion_debt",
        "notes_payable",
        "accounts_payable",
        "advances_received",
        "other_current",
    )
    current_assets = sum(fen[name] for name in current)
    assets = current_assets + sum(fen[name] for name in fixed)
    current_debts = sum(fen[name] for name in short)
    debts = current_debts + fen["long_term_loans"] + fen["bonds_and_leases"]
    cff = fen["debt_change"] - fen["dividends_paid"] - fen["interest_paid"]
    lines = {
        name: values for name, values in fen.items() if name not in ("other_current", "debt_change", "cash_change")
    }
    return table(
        "statements",
        **head,
        **lines,
        current_assets=current_assets,
        total_assets=assets,
        current_liabilities=current_debts,
        total_liabilities=debts,
        equity=assets - debts,
        retained_earnings=assets - debts - fen["paid_in_capital"],
        net_profit=fen["profit_before_tax"] - fen["income_tax"],
        cff=cff,
        cfo=fen["cash_change"] - fen["cfi"] - cff,
        dividends_and_interest_paid=fen["dividends_paid"] + fen["interest_paid"],
    )


# ---- the credit bureau ---------------------------------------------------------------------------------------------


def bureau(plan: Plan, firms: Firms, books: Economy) -> pl.DataFrame:
    """One report a month on every client, of the tenth, on the debts of the month's end before."""
    clock = plan.size.clock
    rng = chance(plan.size.seed, plan.size.shard, 6)
    first = plan.size.first
    months = np.arange(first - 14, clock.months)
    client = np.repeat(np.arange(firms.count), len(months))
    month = np.tile(months, firms.count)
    told = clock.starts[month] + 9
    other = books.other_banks[client, month - 1]
    given = np.where(rng.random(firms.count) < 0.25, rng.uniform(0.02, 0.5, firms.count), 0.0)
    equity = np.maximum(0.0, books.line["equity"][client, month - 1])
    worse = told - plan.trouble[client]
    late = told - plan.late[client]
    rank = np.where(late > 0, 2, np.where(worse > 60, 1, 0))
    made = table(
        "bureau_reports",
        client_id=ids("C", client),
        report_on=dates(told),
        worst_class=pl.Series(["normal", "special_mention", "substandard"]).gather(np.where(other > 0, rank, 0)),
        other_bank_balance=fen(other),
        other_bank_count=np.where(other > 0, np.maximum(1, books.banks[client, month - 1]), 0),
        nonbank_balance=fen(books.nonbank[client, month - 1]),
        overdue_amount=fen(np.where((rank == 2) & (other > 0), 0.05 * other, 0.0)),
        guarantees_given=fen(given[client] * equity),
        moral_flag="none",
    )
    return made.filter(pl.Series(told <= number(clock.end)))
