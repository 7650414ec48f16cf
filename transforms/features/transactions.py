"""Turnover per client: what came in, what went out, who paid, what bounced.

`months`, `categories`, `counterparties`, `own_transfers` and `failed` read one month partition of the clean transactions;
`measure` and `series` read their rows of all partitions. `covered`, `trends` and `days` are tools for other modules. Amounts are minor units of the home currency. Rules: signals.md section 3, readings.md S1, S2,
S5 to S7, G5 and G22.
"""

from collections.abc import Mapping

import polars as pl

from transforms import decline, festival
from transforms.arithmetic import lag, ratio, total, within
from transforms.columns import KEYS, MONTH, TEXT, C, M, R, S, many
from transforms.currency import DELIVERED
from transforms.decline import SERIES_MONTHS
from transforms.night import Night
from transforms.shard import Shard

TYPE_CATEGORY: Mapping[str, str] = {
    "payroll": "payroll",
    "interest": "interest",
    "loan_disbursement": "loan",
    "loan_principal": "loan",
    "loan_interest": "loan",
    "cash_in": "cash",
    "cash_out": "cash",
    "brokerage": "securities",
    "investment": "wealth_product",
}
LOAN_TYPES = ("loan_disbursement", "loan_principal", "loan_interest")
INVESTMENTS = ("brokerage", "investment", "securities", "wealth_product", "equity_investment")  # types and categories
PURCHASES = ("raw_material", "equipment", "utility", "logistics", "rent")
FAILED = ("returned", "insufficient_funds")
RECENT_MONTHS = 15
TOP_PAYERS, FAILED_DAYS, FAILED_KEYS, LATEST_FIRST_DAY = 10, 90, 20, 5
SPACES_AND_BRACKETS = r"[\s()\[\]{}<>〈〉《》「」『』【】〔〕〖〗]"


_FLOW = ("flow_period_from", "flow_period_to")
_QUARTER = ("ninety_days_ago", "as_of")
PANEL = [
    *many(
        "transactions",
        _FLOW,
        ("flow_key",),
        ("history_from", MONTH, "first full month of history"),
        ("history_months", C, "full months of history"),
        ("opin_3", M, "inflow of three months"),
        ("opout_3", M, "outflow of three months"),
        ("opin_net_ratio_3", R, "net flow over inflow, three months"),
        ("opin_r3_12", R, "inflow, r3/12"),
        ("opin_y3", R, "inflow, y3"),
        ("purchases_r3_12", R, "purchases, r3/12"),
        ("payers_decline", TEXT, "DECLINE on the ten largest payers"),
        ("payers_r3_12", R, "ten largest payers, r3/12"),
        ("payers_y3", R, "ten largest payers, y3"),
        ("payers_z", S, "ten largest payers, z"),
        ("flow_period_from", MONTH, "first of the last three full months"),
        ("flow_period_to", MONTH, "last full month"),
        ("flow_key", TEXT, "the booked months"),
    ),
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        ("opin_12", M, "inflow of twelve months"),
        ("opout_12", M, "outflow of twelve months"),
    ),
    *many(
        "transactions",
        ("flow_months_from", "flow_months_to"),
        ("flow_key",),
        ("opin_stmt_12", M, "inflow over the statement's twelve months"),
        ("opin_stmt_12_before", M, "inflow over the twelve months before those"),
    ),
    *many(
        "transactions",
        _QUARTER,
        ("failed_keys",),
        ("failed_90", C, "failed outgoing payments in 90 days"),
        ("failed_largest_90", M, "the largest of them"),
        ("failed_keys", KEYS, "their rows"),
    ),
]


def months(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """client_id, month, opin, opout, purchases (Int64), first_on (Date), rows (Int64).

    One row per client and month in which it has a transaction of any status, sorted by both. A sum is null when a row
    of it is in another currency.
    """
    sums = (total(pl.col(name)).alias(name) for name in ("opin", "opout", "purchases"))
    return (
        _turnover(night, clients, accounts, parties, transactions)
        .group_by("client_id", "month")
        .agg(*sums, first_on=pl.col("booked_on").min(), rows=pl.len().cast(pl.Int64))
        .sort("client_id", "month")
    )


def categories(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """client_id, month, direction, category, amount, rows, payees (Int64), first_on: turnover by what it was for.

    Rows without a category are in none (reading G22). `payees` sums payee_count and is null where no row has one.
    """
    return (
        _turnover(night, clients, accounts, parties, transactions)
        .filter(pl.col("counted"), pl.col("purpose").is_not_null())
        .group_by("client_id", "month", "direction", category="purpose")
        .agg(
            amount=total(pl.col("amount")),
            rows=pl.len().cast(pl.Int64),
            payees=pl.when(pl.col("payee_count").count() > 0).then(pl.col("payee_count").sum()),
            first_on=pl.col("booked_on").min(),
        )
        .sort("client_id", "month", "direction", "category")
    )


def counterparties(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """client_id, month, direction, counterparty, amount, purchases, rows (Int64), first_on: turnover by who paid or was paid.

    A counterparty is its party id, else "acct:" and account and name together; a row with none of them has none.
    `purchases` is the part in the categories of purchases (reading G22).
    """
    return (
        _turnover(night, clients, accounts, parties, transactions)
        .filter(pl.col("counted"), pl.col("counterparty").is_not_null())
        .group_by("client_id", "month", "direction", "counterparty")
        .agg(
            amount=total(pl.col("amount")),
            purchases=total(pl.col("purchases")),
            rows=pl.len().cast(pl.Int64),
            first_on=pl.col("booked_on").min(),
        )
        .sort("client_id", "month", "direction", "counterparty")
    )


def payers(counterparties: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, month, payer, opin: what each payer brought in, of the frame `counterparties`."""
    return counterparties.filter(pl.col("direction") == "in").select(
        "client_id", "month", payer="counterparty", opin="amount"
    )


def recent(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """The settled rows of the last 15 full months and the month of T, one by one, for rules over days.

    client_id, account_id, booked_on, txn_id, direction, amount (null in another currency), type, category (by S7, null =
    unknown), counted (part of turnover), foreign (came in another currency), own (a transfer between the client's own accounts, here or elsewhere),
    counterparty (as in `counterparties`), counterparty_id, counterparty_name, counterparty_account, counterparty_bank,
    payee_count; sorted by client, day, account and txn_id. `parties` may hold every party: only the clients' are read.
    """
    return (
        _turnover(night, clients, accounts, parties, transactions)
        .filter(pl.col("status") == "ok", pl.col("booked_on") >= night.month(RECENT_MONTHS - 1))
        .select(
            *("client_id", "account_id", "booked_on", "txn_id", "direction", "amount", "type"),
            category="purpose",
            counted="counted",
            own="own",
            foreign="foreign",
            counterparty="counterparty",
            counterparty_id="counterparty_id",
            counterparty_name="counterparty_name",
            counterparty_account="counterparty_account",
            counterparty_bank="counterparty_bank",
            payee_count="payee_count",
        )
        .sort("client_id", "booked_on", "account_id", "txn_id")
    )


def own_transfers(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """client_id, month, direction, bank, account, amount, rows (Int64), first_on: settled transfers to own accounts elsewhere.

    Rows between the client's own accounts (readings S6) that name a bank and none of the client's accounts with us. Which of
    the banks are our own is left to the reader: `night.own_banks` may change, months that were summed up do not.
    """
    return (
        _turnover(night, clients, accounts, parties, transactions)
        .filter(
            pl.col("own"),
            pl.col("status") == "ok",
            pl.col("counterparty_bank").is_not_null(),
            (pl.col("owner") == pl.col("client_id")).fill_null(False).not_(),
        )
        .group_by("client_id", "month", "direction", bank="counterparty_bank", account="counterparty_account")
        .agg(amount=total(pl.col("amount")), rows=pl.len().cast(pl.Int64), first_on=pl.col("booked_on").min())
        .sort("client_id", "month", "direction", "bank", "account")
    )


def failed(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """Outgoing payments that bounced: client_id, booked_on, account_id, txn_id, amount, status.

    The amount of a payment in another currency is null.
    """
    return (
        _known(night, clients, accounts, transactions)
        .filter(pl.col("direction") == "out", pl.col("status").is_in(FAILED))
        .select("client_id", "booked_on", "account_id", "txn_id", "amount", "status")
        .sort("client_id", "booked_on", "account_id", "txn_id")
    )


def _known(night: Night, clients: pl.LazyFrame, accounts: pl.LazyFrame, transactions: pl.LazyFrame) -> pl.LazyFrame:
    """The clients' transactions booked by T, with client_id, month and `foreign`; `amount` is null where there is no rate.

    `foreign` is a row that came in another currency than the home one, converted or not.
    """
    came_in = DELIVERED if DELIVERED in transactions.collect_schema() else "currency"
    owners = accounts.select("account_id", "client_id").join(clients.select("client_id"), on="client_id", how="semi")
    return (
        transactions.filter(pl.col("booked_on") <= night.as_of)
        .join(owners, on="account_id")
        .with_columns(
            month=pl.col("booked_on").dt.month_start(),
            amount=pl.when(pl.col("currency") == night.home_currency).then("amount"),
            foreign=pl.col(came_in) != night.home_currency,
        )
    )


def _turnover(
    night: Night,
    clients: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
) -> pl.LazyFrame:
    """Known rows with `counted` (part of turnover, S7) and what each adds to opin, opout and purchases."""
    known = _known(night, clients, accounts, transactions)
    owners = accounts.select(counterparty_account="account_id", owner="client_id")
    spellings = _own_spellings(clients, parties, transactions).with_columns(own_name=pl.lit(True))
    rows = known.join(owners, on="counterparty_account", how="left").join(
        spellings, on=["client_id", "counterparty_name"], how="left"
    )
    inward, counted = pl.col("direction") == "in", pl.col("counted")
    bought = pl.col("purpose").is_in(PURCHASES).fill_null(False)
    parts = {"opin": inward, "opout": ~inward, "purchases": ~inward & bought}
    by_type = pl.col("type").replace_strict(TYPE_CATEGORY, default=None, return_dtype=pl.String)
    return (
        rows.with_columns(purpose=pl.coalesce("category", by_type), own=_own(), counterparty=_counterparty())
        .with_columns(counted=_counted())
        .with_columns(pl.when(counted & part).then("amount").otherwise(0).alias(name) for name, part in parts.items())
    )


def _own() -> pl.Expr:
    """Whether a row moves money between the client's own accounts, here or at another bank (readings S6)."""
    return (
        (pl.col("category") == "own_transfer").fill_null(False)
        | (pl.col("owner") == pl.col("client_id")).fill_null(False)
        | (pl.col("counterparty_id") == pl.col("client_id")).fill_null(False)
        | pl.col("own_name").fill_null(False)
    )


def _counterparty() -> pl.Expr:
    account, name = (pl.col(f"counterparty_{part}").fill_null("") for part in ("account", "name"))
    unnamed = pl.when((account != "") | (name != "")).then(pl.concat_str(pl.lit("acct:"), account, pl.lit("|"), name))
    return pl.coalesce("counterparty_id", unnamed)


def _counted() -> pl.Expr:
    """Whether a row is turnover: settled, and none of what readings.md S7 leaves out."""
    kind, purpose, inward = pl.col("type"), pl.col("purpose"), pl.col("direction") == "in"
    loan = kind.is_in(LOAN_TYPES) | (purpose == "loan").fill_null(False)
    interest = (kind == "interest") | (purpose == "interest").fill_null(False)
    invested = kind.is_in(INVESTMENTS) | purpose.is_in(INVESTMENTS).fill_null(False)
    return (pl.col("status") == "ok") & ~(pl.col("own") | loan | (interest & ~inward) | (invested & inward))


def _own_spellings(clients: pl.LazyFrame, parties: pl.LazyFrame, transactions: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, counterparty_name: each spelling in the transactions that is a client's own name (S6).

    Each spelling is folded once, not once a row: names repeat, and folding is the dearest step of the pass.
    """
    names = (
        parties.join(clients.select("client_id"), left_on="party_id", right_on="client_id", how="semi")
        .select(client_id="party_id", folded=_folded(pl.col("name")))
        .filter(pl.col("folded") != "")
    )
    spellings = transactions.select("counterparty_name").drop_nulls().unique()
    return (
        spellings.with_columns(folded=_folded(pl.col("counterparty_name")))
        .join(names, on="folded")
        .select("client_id", "counterparty_name")
    )


def _folded(name: pl.Expr) -> pl.Expr:
    """A name without what spelling may differ in: width, case, spaces and brackets."""
    # Upper before lower case comes closest to full case folding: it takes ß to ss and a final sigma to the plain one.
    return name.str.normalize("NFKC").str.to_uppercase().str.to_lowercase().str.replace_all(SPACES_AND_BRACKETS, "")


def _history(night: Night, clients: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, first_on, history_from, history_months; unknown for a client without any transaction (S1)."""
    first = pl.col("first_on")
    full = pl.when(first.dt.day() <= LATEST_FIRST_DAY).then(first.dt.month_start())
    started = pl.coalesce(full, first.dt.month_start().dt.offset_by("1mo"))
    count = (lag(night.last_full_month, "started") + 1).clip(lower_bound=0)
    return (
        clients.select("client_id")
        .join(months.group_by("client_id").agg(pl.col("first_on").min()), on="client_id", how="left")
        .with_columns(started=started)
        .with_columns(history_months=count)
        .with_columns(history_from=pl.when(pl.col("history_months") > 0).then("started"))
        .select("client_id", "first_on", "history_from", "history_months")
    )


def _calendar(night: Night) -> pl.LazyFrame:
    """month: the first days of the months a series may cover."""
    return pl.LazyFrame({"month": [night.month(back) for back in reversed(range(SERIES_MONTHS))]}, {"month": pl.Date})


def _covered(night: Night, clients: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, month: every month of the series that the client's history covers."""
    return (
        _history(night, clients, months)
        .join(_calendar(night), how="cross")
        .filter(pl.col("month") >= pl.col("history_from"))
        .select("client_id", "month")
    )


def filled(covered: pl.LazyFrame, months: pl.LazyFrame, *names: str) -> pl.LazyFrame:
    """`covered` with the named sums: 0 where nothing moved, null where the month's sum is unknown."""
    moved = months.select("client_id", "month", *names, seen=pl.lit(True))
    return (
        covered.join(moved, on=["client_id", "month"], how="left")
        .with_columns(pl.when(pl.col("seen")).then(name).otherwise(0).alias(name) for name in names)
        .select("client_id", "month", *names)
        .sort("client_id", "month")
    )


def covered(shard: Shard) -> pl.LazyFrame:
    """client_id, month: the last full months the client's history covers, at most 36 (reading S1)."""
    return _covered(shard.night, shard.clients, shard.monthly["months"])


def trends(night: Night, covered: pl.LazyFrame, sums: pl.LazyFrame, *names: str) -> pl.LazyFrame:
    """client_id and for each sum in `names`: `_3` (three full months), `_r3_12`, `_y3`; unknown where history is too short.

    `sums` has client_id, month and the sums of the months in which something moved; `covered` is the frame of that name. A
    base of nothing leaves a ratio unknown (reading G10); y3 steps back for Spring Festival (reading S9).
    """
    step, three, year = festival.shift(night.last_full_month), decline.RECENT, 12

    def over(name: str, first: int, length: int) -> pl.Expr:
        window = pl.col("lag").is_between(first, first + length - 1)
        return pl.when(pl.col("lag").max() >= first + length - 1).then(total(pl.col(name).filter(window)))

    parts = {}
    for name in names:
        parts[f"{name}_3"] = over(name, 0, three)
        parts[f"{name}_r3_12"] = ratio(over(name, 0, three) / three, over(name, three, decline.BEFORE) / decline.BEFORE)
        parts[f"{name}_y3"] = ratio(over(name, step, three), over(name, step + year, three))
    return (
        filled(covered, sums, *names)
        .with_columns(lag=lag(night.last_full_month))
        .group_by("client_id")
        .agg(**parts)
        .sort("client_id")
    )


def days(shard: Shard, length: int) -> pl.LazyFrame:
    """client_id, opin, opout: turnover of exactly `length` days ending at T; null when history is shorter (readings S1, G5)."""
    inward, counted = pl.col("direction") == "in", pl.col("counted")
    rows = shard.monthly["recent"].filter(within("booked_on", shard.night.as_of, length - 1))
    sums = rows.group_by("client_id").agg(
        opin=total(pl.col("amount").filter(counted & inward)),
        opout=total(pl.col("amount").filter(counted & ~inward)),
    )
    return over_days(shard, length - 1, sums)


def over_days(shard: Shard, last: int, found: pl.LazyFrame) -> pl.LazyFrame:
    """`found` (client_id and what was counted since T − `last` days) for every client, sorted: no row means nothing happened.

    All is null for a client whose first transaction is later: its window is not whole (reading S1).
    """
    begin = pl.lit(shard.night.as_of).dt.offset_by(f"-{last}d")
    first = shard.monthly["months"].group_by("client_id").agg(first_on=pl.col("first_on").min())
    whole = first.select("client_id", whole=pl.col("first_on") <= begin)
    names = [name for name in found.collect_schema().names() if name != "client_id"]
    return (
        shard.per_client(found, "transactions")
        .join(whole, on="client_id", how="left")
        .select("client_id", *(pl.when("whole").then(name).alias(name) for name in names))
        .sort("client_id")
    )


def series(night: Night, clients: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, month, opin, opout: those of the last 36 full months that history covers, 0 where nothing moved."""
    return filled(_covered(night, clients, months), months, "opin", "opout")


def measure(
    night: Night,
    clients: pl.LazyFrame,
    identity: pl.LazyFrame,
    months: pl.LazyFrame,
    payers: pl.LazyFrame,
    failed: pl.LazyFrame,
    statements: pl.LazyFrame,
) -> pl.LazyFrame:
    """One row per client: history, sums and ratios of turnover, DECLINE of the ten largest payers, bounced payments.

    `months`, `payers` and `failed` are the rows of all partitions; `statements` is the statements feature frame, whose
    flow_months_from and flow_months_to say which twelve months its turnover covers. Columns: docs/frames.md section 2.
    """
    last = night.last_full_month
    history = _history(night, clients, months)
    covered = _covered(night, clients, months)
    parts = (
        _sums(night, covered, months),
        _trend(night, covered, months),
        _payers_decline(night, covered, payers),
        _statement_turnover(night, history, months, statements),
        _failures(night, history, failed),
    )
    frame = history.drop("first_on")
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    return frame.with_columns(
        flow_period_from=pl.lit(night.month(decline.RECENT - 1)),
        flow_period_to=pl.lit(last).dt.month_end(),
    ).sort("client_id")


def _sums(night: Night, covered: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, opin_3, opout_3, opin_12, opout_12, opin_net_ratio_3, purchases_r3_12; null where not covered."""

    def over(name: str, first: int, length: int) -> pl.Expr:
        window = pl.col("lag").is_between(first, first + length - 1)
        return pl.when(pl.col("lag").max() >= first + length - 1).then(total(pl.col(name).filter(window)))

    net, base = pl.col("opin_3") - pl.col("opout_3"), pl.col("opin_3")
    bought = ratio(pl.col("bought") / decline.RECENT, pl.col("bought_before") / decline.BEFORE)
    # Nothing came in and something went out is over any limit (readings.md G10): shown as minus one.
    net_ratio = pl.when((base == 0) & (net < 0)).then(-1.0).otherwise(ratio(net, base))
    return (
        filled(covered, months, "opin", "opout", "purchases")
        .with_columns(lag=lag(night.last_full_month))
        .group_by("client_id")
        .agg(
            *(over(name, 0, n).alias(f"{name}_{n}") for n in (3, 12) for name in ("opin", "opout")),
            bought=over("purchases", 0, decline.RECENT),
            bought_before=over("purchases", decline.RECENT, decline.BEFORE),
        )
        .with_columns(opin_net_ratio_3=net_ratio, purchases_r3_12=bought)
        .drop("bought", "bought_before")
    )


def _trend(night: Night, covered: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, opin_r3_12, opin_y3 as DECLINE reads them at T."""
    opin = filled(covered, months, "opin").rename({"opin": "value"})
    return decline.month_end(night, opin).select("client_id", opin_r3_12="r3_12", opin_y3="y3")


def of_the_largest(night: Night, covered: pl.LazyFrame, paid: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, month, value: what the ten largest counterparties of the 12 full months before the last 3 moved together.

    `paid` has client_id, month, counterparty, amount. The ten are chosen at T and stay the same for the month-end before;
    chosen counterparties have no month index (S9). A client with an amount nobody knows in those months is left out.
    """
    earlier = lag(night.last_full_month).is_between(decline.RECENT, decline.RECENT + decline.BEFORE - 1)
    paid = paid.join(covered, on=["client_id", "month"], how="semi")
    ranked = paid.filter(earlier).group_by("client_id", "counterparty").agg(amount=total(pl.col("amount")))
    unknown = ranked.filter(pl.col("amount").is_null())  # one amount unknown: nobody can say who the ten are
    ten = (
        ranked.join(unknown, on="client_id", how="anti")
        .sort(["client_id", "amount", "counterparty"], descending=[False, True, False])
        .group_by("client_id")
        .head(TOP_PAYERS)
        .select("client_id", "counterparty")
    )
    theirs = (
        paid.join(ten, on=["client_id", "counterparty"], how="semi")
        .group_by("client_id", "month")
        .agg(value=total(pl.col("amount")))
    )
    return filled(covered.join(ten, on="client_id", how="semi"), theirs, "value")


def _payers_decline(night: Night, covered: pl.LazyFrame, payers: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, payers_r3_12, payers_y3, payers_z, payers_decline of the ten largest payers."""
    paid = payers.rename({"payer": "counterparty", "opin": "amount"})
    return decline.held(night, of_the_largest(night, covered, paid)).select(
        "client_id", pl.all().exclude("client_id").name.prefix("payers_")
    )


def _statement_turnover(
    night: Night, history: pl.LazyFrame, months: pl.LazyFrame, statements: pl.LazyFrame
) -> pl.LazyFrame:
    """client_id, opin_stmt_12, opin_stmt_12_before: opin over the statement's twelve months and the twelve before."""
    begin, end = pl.col("flow_months_from"), pl.col("flow_months_to")
    windows = {
        "opin_stmt_12": (begin, end),
        "opin_stmt_12_before": (begin.dt.offset_by("-12mo"), begin.dt.offset_by("-1mo")),
    }
    asked = history.join(statements.select("client_id", "flow_months_from", "flow_months_to"), on="client_id")
    moved = asked.join(months.select("client_id", "month", "opin"), on="client_id")
    sums = moved.group_by("client_id").agg(
        total(pl.col("opin").filter(pl.col("month").is_between(first, last))).alias(name)
        for name, (first, last) in windows.items()
    )
    in_history = (
        pl.when(first >= pl.col("history_from"), last <= night.last_full_month).then(name).alias(name)
        for name, (first, last) in windows.items()
    )
    return asked.join(sums, on="client_id", how="left").select("client_id", *in_history)


def _failures(night: Night, history: pl.LazyFrame, failed: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, failed_90, failed_largest_90, failed_keys (newest first) in 90 days; null for a shorter history."""
    begin = pl.lit(night.as_of).dt.offset_by(f"-{FAILED_DAYS}d")
    key = pl.format("transactions:{}|{}|{}", "account_id", pl.col("booked_on").dt.to_string("%Y-%m-%d"), "txn_id")
    counted = (
        failed.filter(pl.col("booked_on").is_between(begin, night.as_of))
        .sort(["client_id", "booked_on", "account_id", "txn_id"], descending=[False, True, False, False])
        .group_by("client_id")
        .agg(
            failed_90=pl.len().cast(pl.Int64),
            failed_largest_90=pl.when(pl.col("amount").null_count() == 0).then(pl.col("amount").max()),
            failed_keys=key.head(FAILED_KEYS),
        )
    )
    return (
        history.filter(pl.col("first_on") <= begin)
        .select("client_id")
        .join(counted, on="client_id", how="left")
        .with_columns(
            pl.col("failed_90").fill_null(0),
            failed_largest_90=pl.when(pl.col("failed_90").is_null()).then(0).otherwise("failed_largest_90"),
            failed_keys=pl.col("failed_keys").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        )
    )
