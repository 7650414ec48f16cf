"""What the client filed: the newest statement beside the one a year before, twelve months, years, versions, delays.

Readings S2 to S5 (known at T, which statement, TTM, currency), G8 (staleness), G9 (blank lines), FIN-01, MOR-01.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from transforms.arithmetic import EXACT, growth, ratio
from transforms.columns import DAY, FLAG, KEYS, MONTH, TEXT, C, Column, D, M, R, S, many
from transforms.night import Night, month_start, months_before

HISTORY_YEARS = 6
YEAR_DAYS = 365
STALE_MONTHS, FALLBACK_MONTHS, VERSION_MONTHS, SILENT_MONTHS, EXPECTED_MONTHS = 16, 15, 24, 12, 60
PREVIOUS_MONTHS = 13  # how far apart two consecutive periods may lie (reading G15)
DUE_DAYS = {"M": 20, "Q": 45, "H": 45, "Y": 120}
REPORTING_MONTHS: Mapping[str, tuple[int, ...]] = {
    "M": tuple(range(1, 13)),
    "Q": (3, 6, 9, 12),
    "H": (6, 12),
    "Y": (12,),
}
VERSION_LINES = ("revenue", "net_profit", "total_assets", "total_liabilities")
NOT_CLEAN_OR_CLEAN = ("clean", "emphasis", "qualified", "adverse", "disclaimer")

# Reading G9: detail lines and the total they tie to.
TIES: Mapping[str, tuple[str, ...]] = {
    "current_assets": ("cash", "trading_assets", "notes_receivable", "accounts_receivable", "prepayments",
                       "other_receivables", "inventory", "contract_assets"),
    "total_assets": ("current_assets", "long_term_investments", "fixed_assets_net", "construction_in_progress",
                     "intangibles", "goodwill"),
    "current_liabilities": ("short_term_loans", "current_portion_debt", "notes_payable", "accounts_payable",
                            "advances_received"),
    "total_liabilities": ("current_liabilities", "long_term_loans", "bonds_and_leases"),
}  # fmt: skip
TIE_TOLERANCE = 0.005
# Reading G9: lines many companies do not have; blank is 0 when the total and one sister line are there.
RARE: Mapping[str, str] = {
    "trading_assets": "total_assets", "goodwill": "total_assets", "notes_payable": "total_liabilities",
    "short_term_loans": "total_liabilities", "current_portion_debt": "total_liabilities",
    "long_term_loans": "total_liabilities", "bonds_and_leases": "total_liabilities",
}  # fmt: skip
_TYPE_ORDER = {"Y": 4, "H": 3, "Q": 2, "M": 1}
_PERIOD = ["party_id", "scope", "period_end", "months"]


_STATEMENT = ("statement_key",)
_BOTH = ("statement_key", "statement_year_ago_key")
_YEAR = ("statement_year_ago_period_end", "statement_period_end")
_PREVIOUS = ("previous_period_end", "statement_period_end")
# Lines of the newest statement and of the one a year before: balances, then flows of the year to date.
_STOCKS: Mapping[str, str] = {
    "cash": "cash",
    "trading_assets": "trading assets",
    "accounts_receivable": "accounts receivable",
    "other_receivables": "other receivables",
    "related_receivables": "receivables from related parties",
    "inventory": "inventory",
    "current_assets": "current assets",
    "long_term_investments": "long-term investments",
    "fixed_assets_gross": "fixed assets at cost",
    "fixed_assets_net": "fixed assets, net",
    "construction_in_progress": "construction in progress",
    "intangibles": "intangible assets",
    "land_use_rights": "land-use rights",
    "goodwill": "goodwill",
    "total_assets": "total assets",
    "short_term_debt": "short-term loans and current portion of debt",
    "current_portion_debt": "current portion of long-term debt",
    "long_term_debt": "long-term loans, bonds and leases",
    "notes_payable": "notes payable",
    "accounts_payable": "accounts payable",
    "current_liabilities": "current liabilities",
    "total_liabilities": "total liabilities",
    "paid_in_capital": "paid-in capital",
    "equity": "owners' equity",
}
_FLOWS: Mapping[str, str] = {
    "revenue": "revenue",
    "main_revenue": "revenue of the main business",
    "cogs": "cost of sales",
    "selling_expense": "selling expense",
    "admin_expense": "administrative expense",
    "interest_expense": "interest expense",
    "investment_income": "investment income",
    "non_op_income": "non-operating income",
    "non_op_expense": "non-operating expense",
    "profit_before_tax": "profit before tax",
    "income_tax": "income tax",
    "net_profit": "net profit",
    "cfo": "operating cash flow",
    "capex": "cash paid for fixed assets",
    "fixed_asset_disposal_cash": "cash from the sale of fixed assets",
    "investment_purchases_cash": "cash paid for investments",
    "investment_disposals_cash": "cash from the sale of investments",
    "depreciation": "depreciation",
    "amortisation": "amortisation",
    "payroll": "payroll",
    "welfare_accrual": "welfare accrued",
}
LINES: Mapping[str, str] = {**_STOCKS, **{line: f"{text}, year to date" for line, text in _FLOWS.items()}}
# Flows of the last twelve months reported (S4); the year-to-date ones and the sum of the three cash flows.
FLOWS: Mapping[str, str] = {**_FLOWS, "net_cash_flow": "operating, investing and financing cash flow"}
_TTM = {f"{line}_ttm": f"{text} of twelve months" for line, text in FLOWS.items()}
PANEL = [
    *many(
        "statements",
        (None, "statement_period_end"),
        (),
        ("statement_key", TEXT, "the newest statement"),
        ("statement_year_ago_key", TEXT, "the one a year before"),
        ("statement_period_end", DAY, "its period end"),
        ("statement_year_ago_period_end", DAY, "period end a year before"),
        ("statement_received_on", DAY, "received"),
        ("statement_months", C, "months it covers"),
        ("statement_scope", TEXT, "single or consolidated"),
        ("statement_currency", TEXT, "currency"),
        ("main_business_as_revenue", FLAG, "revenue of the main business stands for revenue"),
        ("statement_age_days", D, "days since its period end"),
        ("statement_stale", FLAG, "period end over 16 months ago"),
        ("flow_months_from", MONTH, "first month of its twelve"),
        ("flow_months_to", MONTH, "last month of its twelve"),
    ),
    *[Column(name, "statements", M, text, (None, "statement_period_end"), _STATEMENT) for name, text in LINES.items()],
    *[
        Column(f"{name}_year_ago", "statements", M, f"{text}, a year before", _YEAR, _BOTH)
        for name, text in LINES.items()
    ],
    *[Column(name, "statements", M, text, (None, "statement_period_end"), _STATEMENT) for name, text in _TTM.items()],
    *[
        Column(f"{name}_year_ago", "statements", M, f"{text}, a year before", _YEAR, _BOTH)
        for name, text in _TTM.items()
    ],
    *many(
        "statements",
        _YEAR,
        _BOTH,
        ("dso", D, "days sales outstanding"),
        ("dso_year_ago", D, "days sales outstanding a year before"),
    ),
    *many(
        "statements",
        (None, "statement_period_end"),
        _STATEMENT,
        ("net_debt", M, "short- and long-term debt less cash"),
        ("ebitda_ttm", M, "profit before tax, interest, depreciation and amortisation of twelve months"),
        ("cogs_share", R, "cost of sales over revenue, year to date"),
        ("depreciation_rate", R, "depreciation over fixed assets, net, and depreciation, year to date"),
        ("asset_turnover", R, "revenue, year to date, over total assets"),
    ),
    *many(
        "statements",
        _YEAR,
        _BOTH,
        ("cogs_share_year_ago", R, "cost of sales over revenue, a year before"),
        ("depreciation_rate_year_ago", R, "depreciation rate a year before"),
    ),
    *many(
        "statements",
        _PREVIOUS,
        ("previous_key",),
        ("previous_period_end", DAY, "period end of the filing before the newest, at most 13 months earlier"),
        ("previous_key", TEXT, "that filing"),
        ("net_debt_previous", M, "net debt then"),
        ("ebitda_ttm_previous", M, "EBITDA of the twelve months then"),
    ),
    *many(
        "statements",
        _PREVIOUS,
        ("previous_key", "previous_year_ago_key"),
        ("previous_year_ago_key", TEXT, "the filing a year before the previous one"),
        ("cogs_share_previous", R, "cost of sales over revenue in the previous filing"),
        ("cogs_share_previous_year_ago", R, "the same a year before that"),
    ),
    *many(
        "statements",
        ("annual_period_end_2", "annual_period_end_0"),
        ("annual_key_0", "annual_key_1", "annual_key_2"),
        ("annual_revenue_0", M, "revenue of the newest full year"),
        ("annual_revenue_1", M, "of the year before"),
        ("annual_revenue_2", M, "of two years before"),
        ("annual_period_end_0", DAY, "newest full year's end"),
        ("annual_period_end_2", DAY, "end of the year two before"),
        ("annual_key_0", TEXT, "newest full year"),
        ("annual_key_1", TEXT, "year before"),
        ("annual_key_2", TEXT, "two before"),
    ),
    *many(
        "statements",
        ("overdue_period_end", "as_of"),
        ("statement_key",),
        ("reporting_due", FLAG, "the client owes statements"),
        ("overdue_period_end", DAY, "oldest period outstanding"),
        ("overdue_due_on", DAY, "its due date"),
        ("overdue_days", D, "days past that date"),
        ("overdue_last_two", FLAG, "the last two due periods are both outstanding"),
        ("nothing_received_12m", FLAG, "no filing received for twelve months"),
        ("last_received_on", DAY, "newest filing received"),
    ),
    *many(
        "statements",
        (None, "statement_period_end"),
        ("statement_key",),
        ("identity_gap", R, "|assets − liabilities − equity| over assets"),
    ),
    *many(
        "statements",
        (None, "as_of"),
        ("version_keys",),
        ("version_gap", R, "largest difference of two versions of a period"),
        ("version_line", TEXT, "line that differs most"),
        ("version_keys", KEYS, "the two filings"),
    ),
    *many(
        "statements",
        ("annual_period_end_1", "annual_period_end_0"),
        ("beneish_keys",),
        ("beneish_m", S, "Beneish M-score"),
        ("beneish_keys", KEYS, "the two full years"),
        ("annual_period_end_1", DAY, "end of the year before"),
    ),
    *many(
        "statements",
        (None, "as_of"),
        ("newest_opinion_key",),
        ("newest_opinion", TEXT, "newest auditor's opinion"),
        ("newest_opinion_key", TEXT, "its filing"),
    ),
]


def _key(prefix: str = "") -> pl.Expr:
    parts = [pl.col(f"{prefix}{name}") for name in ("party_id", "period_end", "period_type", "scope", "version")]
    return pl.format("statements:{}|{}|{}|{}|{}", *parts)


def _blanks() -> list[pl.Expr]:
    """Detail lines with the blanks reading G9 calls zero filled in."""
    filled = []
    for total, details in TIES.items():
        for line in details:
            if line in TIES:
                continue  # a total is never guessed from its parts
            sisters = [pl.col(name) for name in details if name != line]
            rest = pl.col(total) - pl.sum_horizontal(sisters)
            ties = pl.all_horizontal([s.is_not_null() for s in sisters]) & (
                rest.abs() <= TIE_TOLERANCE * pl.col(total).abs()
            )
            rare = pl.lit(False)
            if line in RARE:
                rare = pl.col(RARE[line]).is_not_null() & pl.any_horizontal([s.is_not_null() for s in sisters])
            zero = pl.when((ties | rare).fill_null(False)).then(0)
            filled.append(pl.coalesce(line, zero).cast(pl.Int64).alias(line))
    # a part of intangible assets: its sisters are the details of total assets
    listed = pl.any_horizontal([pl.col(name).is_not_null() for name in TIES["total_assets"]])
    land = pl.when(pl.col("total_assets").is_not_null() & listed).then(0)
    return [*filled, pl.coalesce("land_use_rights", land).cast(pl.Int64).alias("land_use_rights")]


def known(night: Night, statements: pl.LazyFrame) -> pl.LazyFrame:
    """Filings received by T: lines in the home currency or null, blanks by G9, derived lines, key and order.

    Of filings of one period the one with the highest `order` counts: Y before H, Q, M, then the highest version.
    """
    head = {"party_id", "period_end", "period_type", "scope", "version", "months", "gaap", "currency", "due_on"}
    head |= {"received_on", "audited", "auditor_id", "opinion"}
    lines = [name for name in statements.collect_schema().names() if name not in head]
    home = pl.col("currency") == night.home_currency
    rank = pl.col("period_type").replace_strict(_TYPE_ORDER, default=0, return_dtype=pl.Int64)
    return (
        statements.filter(pl.col("received_on") <= night.as_of, pl.col("period_end") <= night.as_of)
        .with_columns(pl.when(home).then(name).alias(name) for name in lines)
        .with_columns(_blanks())
        .with_columns(
            revenue=pl.coalesce("revenue", "main_revenue")
            if night.main_business_revenue_as_revenue
            else pl.col("revenue"),
            main_business_as_revenue=pl.lit(night.main_business_revenue_as_revenue)
            & pl.col("revenue").is_null()
            & pl.col("main_revenue").is_not_null(),
            short_term_debt=pl.col("short_term_loans") + pl.col("current_portion_debt"),
            long_term_debt=pl.col("long_term_loans") + pl.col("bonds_and_leases"),
            net_cash_flow=pl.col("cfo") + pl.col("cfi") + pl.col("cff"),
            order=rank * 1_000_000 + pl.col("version"),
            key=_key(),
        )
    )


def _best(filings: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """The filing that counts of each group."""
    return filings.filter(pl.col("order") == pl.col("order").max().over(by))


def _year_before(filings: pl.LazyFrame) -> pl.LazyFrame:
    """Filings as the ones a year before: `period_end` is the later period they stand beside."""
    best = _best(filings, _PERIOD)
    return best.with_columns(
        period_end_year_ago=pl.col("period_end"), period_end=pl.col("period_end").dt.offset_by("1y").dt.month_end()
    )


def _paired(filings: pl.LazyFrame) -> pl.LazyFrame:
    """The statement of reading S3 per party, with the one a year before beside it (suffix `_year_ago`)."""
    newest = _best(
        filings.filter(pl.col("period_end") == pl.col("period_end").max().over("party_id")), ["party_id", "scope"]
    )
    earlier = _year_before(filings)
    pairs = newest.join(earlier, on=_PERIOD, how="left", suffix="_year_ago")
    has_year_ago = pl.col("key_year_ago").is_not_null()
    consolidated = pl.col("scope") == "consolidated"
    preference = pl.when(consolidated & has_year_ago).then(2).when(~consolidated).then(1).otherwise(0)
    return pairs.with_columns(preference=preference).filter(
        pl.col("preference") == pl.col("preference").max().over("party_id")
    )


def equity(night: Night, statements: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, equity (Int64) of each party's statement of reading S3, null when it ended over 16 months before T."""
    fresh = pl.col("period_end") >= months_before(night.as_of, STALE_MONTHS)
    return _paired(known(night, statements)).select("party_id", equity=pl.when(fresh).then("equity"))


def _full_years(filings: pl.LazyFrame) -> pl.LazyFrame:
    return _best(filings.filter(pl.col("months") == 12), ["party_id", "scope", "period_end"])


def _twelve_months(filings: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, <flow>_ttm, ttm_to: reading S4 for `rows` (party_id, scope, period_end, months, anchor)."""
    flows = list(FLOWS)
    full = _full_years(filings).select("party_id", "scope", "period_end", *flows)
    ytd = _best(filings, _PERIOD).select(*_PERIOD, *flows)
    full_end = pl.col("period_end").dt.offset_by(pl.format("-{}mo", "months")).dt.month_end()
    ago_end = pl.col("period_end").dt.offset_by("-1y").dt.month_end()
    oldest = pl.col("anchor").dt.offset_by(f"-{FALLBACK_MONTHS}mo")
    fallback = (
        rows.select("party_id", "scope", "anchor")
        .join(full, on=["party_id", "scope"])
        .filter(pl.col("period_end") <= pl.col("anchor"), pl.col("period_end") >= oldest)
        .filter(pl.col("period_end") == pl.col("period_end").max().over("party_id"))
        .select("party_id", pl.col("period_end").alias("fallback_to"), *(pl.col(f).alias(f"{f}_full") for f in flows))
    )
    joined = (
        rows.with_columns(full_end=full_end, ago_end=ago_end)
        .join(ytd, on=_PERIOD, how="left")
        .join(full, left_on=["party_id", "scope", "full_end"], right_on=["party_id", "scope", "period_end"], how="left",
              suffix="_year")
        .join(ytd, left_on=["party_id", "scope", "ago_end", "months"], right_on=_PERIOD, how="left", suffix="_ago")
        .join(fallback, on="party_id", how="left")
    )  # fmt: skip
    whole = pl.col("months") == 12

    def rolled(flow: str) -> pl.Expr:
        ytd_sum = pl.col(flow) + pl.col(f"{flow}_year") - pl.col(f"{flow}_ago")
        return pl.when(whole).then(pl.col(flow)).otherwise(ytd_sum)

    own = pl.any_horizontal([rolled(flow).is_not_null() for flow in flows])
    return joined.select(
        "party_id",
        *(pl.when(own).then(rolled(flow)).otherwise(f"{flow}_full").alias(f"{flow}_ttm") for flow in flows),
        ttm_to=pl.when(own).then("period_end").otherwise("fallback_to"),
    )


def _ttm(night: Night, filings: pl.LazyFrame, pairs: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, <flow>_ttm, <flow>_ttm_year_ago, flow_months_from, flow_months_to."""
    now = pairs.select("party_id", "scope", "period_end", "months", anchor=pl.lit(night.as_of))
    ago_end = pl.col("period_end").dt.offset_by("-1y").dt.month_end()
    ago = pairs.select("party_id", "scope", ago_end, "months", anchor=ago_end)
    names = {f"{flow}_ttm": f"{flow}_ttm_year_ago" for flow in FLOWS}
    last = pl.col("ttm_to").dt.month_start()
    return (
        _twelve_months(filings, now)
        .join(_twelve_months(filings, ago).drop("ttm_to").rename(names), on="party_id", how="left")
        .with_columns(flow_months_to=last, flow_months_from=last.dt.offset_by("-11mo"))
        .drop("ttm_to")
    )


def _previous(filings: pl.LazyFrame, pairs: pl.LazyFrame) -> pl.LazyFrame:
    """party_id and the filing before the newest (reading G15): previous_period_end, its lines, twelve months, year before.

    The newest older period_end of the statement's scope, at most 13 months before; the figures a year before that filing
    are like for like.
    """
    newest = pairs.select("party_id", "scope", newest="period_end")
    first = pl.col("newest").dt.offset_by(f"-{PREVIOUS_MONTHS}mo").dt.month_start()
    older = filings.join(newest, on=["party_id", "scope"]).filter(
        pl.col("period_end") < pl.col("newest"), pl.col("period_end") >= first
    )
    before = _best(older.filter(pl.col("period_end") == pl.col("period_end").max().over("party_id")), ["party_id"])
    rows = before.select("party_id", "scope", "period_end", "months", anchor="period_end")
    return (
        before.join(_year_before(filings), on=_PERIOD, how="left", suffix="_year_ago")
        .join(_twelve_months(filings, rows), on="party_id", how="left")
        .select(
            "party_id",
            previous_period_end="period_end",
            previous_key="key",
            previous_year_ago_key="key_year_ago",
            net_debt_previous=_net_debt(),
            ebitda_ttm_previous=_ebitda(),
            cogs_share_previous=ratio(pl.col("cogs"), pl.col("revenue")),
            cogs_share_previous_year_ago=ratio(pl.col("cogs_year_ago"), pl.col("revenue_year_ago")),
        )
    )


def _net_debt() -> pl.Expr:
    return pl.col("short_term_debt") + pl.col("long_term_debt") - pl.col("cash")


def _ebitda() -> pl.Expr:
    parts = ("profit_before_tax", "interest_expense", "depreciation", "amortisation")
    return sum((pl.col(f"{part}_ttm") for part in parts[1:]), pl.col(f"{parts[0]}_ttm"))


def _depreciation_rate(ago: str = "") -> pl.Expr:
    """Depreciation over fixed assets, net, and depreciation: the rate of Beneish's DEPI (FIN-24)."""
    depreciation = pl.col(f"depreciation{ago}")
    return ratio(depreciation, pl.col(f"fixed_assets_net{ago}") + depreciation)


def _derived() -> dict[str, pl.Expr]:
    """What rules read of the newest statement and the one a year before beyond their lines."""
    return {
        "net_debt": _net_debt(),
        "ebitda_ttm": _ebitda(),
        "cogs_share": ratio(pl.col("cogs"), pl.col("revenue")),
        "cogs_share_year_ago": ratio(pl.col("cogs_year_ago"), pl.col("revenue_year_ago")),
        "depreciation_rate": _depreciation_rate(),
        "depreciation_rate_year_ago": _depreciation_rate("_year_ago"),
        "asset_turnover": ratio(pl.col("revenue"), pl.col("total_assets")),
    }


def _years(night: Night, filings: pl.LazyFrame) -> pl.LazyFrame:
    """party_id and the newest full years 0, 1, 2 of one scope: revenue, key, period end, and the Beneish M-score."""
    yearly = _best(filings.filter(pl.col("period_type") == "Y"), ["party_id", "scope", "period_end"])
    newest = yearly.filter(pl.col("period_end") == pl.col("period_end").max().over("party_id"))
    before = yearly.with_columns(back_1=pl.col("period_end").dt.offset_by("1y").dt.month_end())
    before = before.with_columns(back_2=pl.col("period_end").dt.offset_by("2y").dt.month_end())
    parts = ["revenue", "key", "period_end", *BENEISH_LINES]
    names = list(dict.fromkeys(parts))
    one, two = (
        before.select(
            "party_id", "scope", pl.col(f"back_{n}").alias("at"), *(pl.col(c).alias(f"{c}_{n}") for c in names)
        )
        for n in (1, 2)
    )
    rows = newest.with_columns(at=pl.col("period_end")).join(one, on=["party_id", "scope", "at"], how="left")
    rows = rows.join(two, on=["party_id", "scope", "at"], how="left")
    years = 1 + pl.col("key_1").is_not_null().cast(pl.Int64) + pl.col("key_2").is_not_null().cast(pl.Int64)
    preference = years * 2 + (pl.col("scope") == "consolidated").cast(pl.Int64)
    fresh = pl.col("period_end") >= months_before(night.as_of, STALE_MONTHS)
    score = beneish()
    return (
        rows.with_columns(preference=preference)
        .filter(pl.col("preference") == pl.col("preference").max().over("party_id"), fresh)
        .select(
            "party_id",
            annual_revenue_0="revenue", annual_revenue_1="revenue_1", annual_revenue_2="revenue_2",
            annual_key_0="key", annual_key_1="key_1", annual_key_2="key_2",
            annual_period_end_0="period_end", annual_period_end_1="period_end_1", annual_period_end_2="period_end_2",
            beneish_m=score.round(9),
            beneish_keys=pl.when(score.is_not_null()).then(pl.concat_list("key", "key_1").list.sort()),
        )
    )  # fmt: skip


BENEISH_LINES = (
    "accounts_receivable", "revenue", "cogs", "current_assets", "fixed_assets_net", "total_assets", "depreciation",
    "selling_expense", "admin_expense", "net_profit", "cfo", "current_liabilities", "long_term_debt",
)  # fmt: skip


def _over(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole != 0).then(part / whole)


def beneish() -> pl.Expr:
    """The eight-variable M-score of year t (columns x) against t − 1 (columns x_1); null when a part is missing."""

    def at(year: str) -> dict[str, pl.Expr]:
        c = {name: pl.col(f"{name}{year}") for name in BENEISH_LINES}
        expenses = c["selling_expense"] + c["admin_expense"]
        return {
            "receivables": _over(c["accounts_receivable"], c["revenue"]),
            "margin": _over(c["revenue"] - c["cogs"], c["revenue"]),
            "soft_assets": 1 - _over(c["current_assets"] + c["fixed_assets_net"], c["total_assets"]),
            "depreciation": _over(c["depreciation"], c["depreciation"] + c["fixed_assets_net"]),
            "expenses": _over(expenses, c["revenue"]),
            "debt": _over(c["current_liabilities"] + c["long_term_debt"], c["total_assets"]),
        }

    now, before = at(""), at("_1")
    accruals = _over(pl.col("net_profit") - pl.col("cfo"), pl.col("total_assets"))
    return (
        -4.84
        + 0.92 * _over(now["receivables"], before["receivables"])
        + 0.528 * _over(before["margin"], now["margin"])
        + 0.404 * _over(now["soft_assets"], before["soft_assets"])
        + 0.892 * _over(pl.col("revenue"), pl.col("revenue_1"))
        + 0.115 * _over(before["depreciation"], now["depreciation"])
        - 0.172 * _over(now["expenses"], before["expenses"])
        + 4.679 * accruals
        - 0.327 * _over(now["debt"], before["debt"])
    )


def _versions(night: Night, filings: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, version_gap, version_line, version_keys: the two versions of a period that differ most (MOR-01(b))."""
    period = ["party_id", "period_end", "period_type", "scope"]
    names = [*period, "version", "received_on", "key", *VERSION_LINES]
    gaps = {
        line: _over((pl.col(line) - pl.col(f"{line}_old")).abs(), pl.col(f"{line}_old").abs()) for line in VERSION_LINES
    }
    pairs = (
        filings.select(names)
        .filter(pl.col("received_on") >= months_before(night.as_of, VERSION_MONTHS))
        .join(filings.select(names), on=period, suffix="_old")
        .filter(pl.col("version_old") < pl.col("version"))
        .select("party_id", "key", "key_old", *(gap.round(9).alias(line) for line, gap in gaps.items()))
        .unpivot(index=["party_id", "key", "key_old"], variable_name="version_line", value_name="version_gap")
        .filter(pl.col("version_gap").is_not_null())
    )
    largest = {
        name: pl.col(name).sort_by("version_gap", "key", "key_old", "version_line").last()
        for name in ("version_gap", "version_line", "key_old", "key")
    }
    gap = pairs.group_by("party_id").agg(**largest).with_columns(version_keys=pl.concat_list("key_old", "key"))
    filers = filings.select("party_id").unique()
    return filers.join(gap.drop("key_old", "key"), on="party_id", how="left").with_columns(
        pl.col("version_gap").fill_null(0.0)
    )


def _opinions(filings: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, newest_opinion, newest_opinion_key: of the newest filing that has one."""
    given = filings.filter(pl.col("opinion").is_in(NOT_CLEAN_OR_CLEAN))
    newest = {name: pl.col(name).sort_by("period_end", "order").last() for name in ("opinion", "key")}
    return given.group_by("party_id").agg(newest_opinion=newest["opinion"], newest_opinion_key=newest["key"])


def expected(night: Night) -> pl.DataFrame:
    """reporting_freq, period_end, due_on: every period a filer may owe up to T, five years back (FIN-01)."""
    rows = []
    for back in range(EXPECTED_MONTHS):
        end = month_start(night.as_of, back) - timedelta(days=1)
        for freq, months in REPORTING_MONTHS.items():
            if end.month in months:
                days = DUE_DAYS["Y"] if end.month == 12 else DUE_DAYS[freq]
                rows.append((freq, end, end + timedelta(days=days)))
    return pl.DataFrame(rows, {"reporting_freq": pl.String, "period_end": pl.Date, "due_on": pl.Date}, orient="row")


def _delays(night: Night, clients: pl.LazyFrame, filings: pl.LazyFrame) -> pl.LazyFrame:
    """client_id and what FIN-01 reads: the oldest overdue period, days, the last two, twelve months of silence."""
    filed = filings.group_by("party_id").agg(
        last_period=pl.col("period_end").max(), last_received_on=pl.col("received_on").max()
    )
    owed = (
        clients.select("client_id", "reporting_freq", "relationship_start")
        .join(filed, left_on="client_id", right_on="party_id", how="left")
        .join(expected(night).lazy(), on="reporting_freq", how="left")
        .filter(pl.col("period_end").is_null() | (pl.col("period_end") >= pl.col("relationship_start")))
    )
    passed = pl.col("due_on") < night.as_of
    outstanding = pl.col("period_end") > pl.col("last_period").fill_null(date.min)
    late = passed & outstanding
    year_ago = months_before(night.as_of, SILENT_MONTHS)
    newest_first = pl.col("period_end").filter(passed)
    flags = owed.group_by("client_id").agg(
        overdue_period_end=pl.col("period_end").filter(late).min(),
        overdue_due_on=pl.col("due_on").filter(late).sort_by(pl.col("period_end").filter(late)).first(),
        two=outstanding.filter(passed).sort_by(newest_first, descending=True).head(2).sum(),
    )
    days = (night.as_of - pl.col("overdue_due_on")).dt.total_days().fill_null(0)
    silent = pl.col("last_received_on").fill_null(pl.col("relationship_start")) <= year_ago
    due = pl.col("reporting_due")
    return (
        clients.select("client_id", "relationship_start", reporting_due=pl.col("reporting_freq") != "none")
        .join(filed.drop("last_period"), left_on="client_id", right_on="party_id", how="left")
        .join(flags, on="client_id", how="left")
        .with_columns(
            overdue_last_two=due & (pl.col("two").fill_null(0) == 2),
        )
        .with_columns(overdue_days=days)
        .with_columns(nothing_received_12m=due & silent & (pl.col("overdue_days") >= 1))
        .drop("two", "relationship_start")
    )


def _lines(pairs: pl.LazyFrame) -> pl.LazyFrame:
    renamed = {"statement_key": "key", "statement_year_ago_key": "key_year_ago"}
    renamed |= {"statement_period_end": "period_end", "statement_year_ago_period_end": "period_end_year_ago"}
    renamed |= {"statement_received_on": "received_on", "statement_months": "months"}
    renamed |= {"statement_scope": "scope", "statement_currency": "currency"}
    renamed |= {"main_business_as_revenue": "main_business_as_revenue"}
    both = [name for line in LINES for name in (line, f"{line}_year_ago")]
    return pairs.select("party_id", *both, *(pl.col(old).alias(new) for new, old in renamed.items()))


def measure(night: Night, clients: pl.LazyFrame, statements: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client: everything docs/frames.md lists under `statements`; null where nothing was filed.

    Values that hang on the newest statement are null when its period ended more than 16 months before T.
    """
    filings = known(night, statements)
    pairs = _paired(filings)
    gap = _over(
        (pl.col("total_assets") - pl.col("total_liabilities") - pl.col("equity")).abs(), pl.col("total_assets")
    ).round(9)
    stale = pl.col("statement_period_end") < months_before(night.as_of, STALE_MONTHS)
    dso = {
        f"dso{ago}": (365 * _over(pl.col(f"accounts_receivable{ago}"), pl.col(f"revenue_ttm{ago}"))).round(9)
        for ago in ("", "_year_ago")
    }
    frame = _lines(pairs).join(_ttm(night, filings, pairs), on="party_id", how="left").with_columns(identity_gap=gap)
    frame = frame.join(_previous(filings, pairs), on="party_id", how="left").with_columns(**_derived())
    frame = frame.with_columns(
        pl.when(pl.col(f"revenue_ttm{ago}") > 0).then(dso[f"dso{ago}"]).alias(f"dso{ago}") for ago in ("", "_year_ago")
    )
    hanging = [c for c in frame.collect_schema().names() if not c.startswith("statement_") and c != "party_id"]
    frame = frame.with_columns(pl.when(~stale).then(name).alias(name) for name in hanging)
    for part in (_years(night, filings), _versions(night, filings), _opinions(filings)):
        frame = frame.join(part, on="party_id", how="left")
    return (
        clients.select("client_id")
        .join(frame, left_on="client_id", right_on="party_id", how="left")
        .join(_delays(night, clients, filings), on="client_id", how="left")
        .with_columns(
            statement_age_days=(night.as_of - pl.col("statement_period_end")).dt.total_days(),
            statement_stale=stale,
        )
        .sort("client_id")
    )


HISTORY_LINES = (
    "revenue", "profit_before_tax", "net_profit", "cfo", "interest_expense", "cogs", "equity", "total_assets",
    "total_liabilities", "accounts_receivable", "inventory", "current_assets", "current_liabilities",
)  # fmt: skip
HISTORY_RATIOS = (
    "revenue_growth", "profit_margin", "debt_ratio", "current_ratio", "receivable_days", "inventory_days",
    "interest_cover", "cash_to_profit",
)  # fmt: skip


def _ratios() -> dict[str, pl.Expr]:
    """HISTORY_RATIOS of one year's lines; unknown where a line is or the base is not above 0 (reading G10)."""
    line = {name: pl.col(name) for name in HISTORY_LINES}
    before_interest = line["profit_before_tax"] + line["interest_expense"]
    return {
        "revenue_growth": growth("revenue", "revenue_before").round(EXACT),
        "profit_margin": ratio(line["profit_before_tax"], line["revenue"]),
        "debt_ratio": ratio(line["total_liabilities"], line["total_assets"]),
        "current_ratio": ratio(line["current_assets"], line["current_liabilities"]),
        "receivable_days": ratio(YEAR_DAYS * line["accounts_receivable"], line["revenue"]),
        "inventory_days": ratio(YEAR_DAYS * line["inventory"], line["cogs"]),
        "interest_cover": ratio(before_interest, line["interest_expense"]),
        "cash_to_profit": ratio(line["cfo"], line["net_profit"]),
    }


def history(night: Night, clients: pl.LazyFrame, statements: pl.LazyFrame) -> pl.LazyFrame:
    """Long: the last six full years of each client, in the scope of its newest one (consolidated before single).

    Lines in minor units, ratios of the year's own figures: profit before tax over revenue (`profit_margin`), liabilities
    over assets, current assets over current liabilities, days of revenue in receivables and of cost of sales in inventory,
    profit before tax and interest over interest, operating cash flow over net profit; `revenue_growth` over the year before.
    """
    years = _full_years(known(night, statements)).join(clients.select(party_id="client_id"), on="party_id", how="semi")
    newest = years.filter(pl.col("period_end") == pl.col("period_end").max().over("party_id"))
    scope = newest.group_by("party_id").agg(pl.col("scope").min())  # "consolidated" sorts before "single"
    first = pl.lit(month_start(night.as_of, 12 * (HISTORY_YEARS + 1)))
    kept = years.join(scope, on=["party_id", "scope"], how="semi")
    before = kept.select(
        "party_id", revenue_before="revenue", period_end=pl.col("period_end").dt.offset_by("1y").dt.month_end()
    )
    return (
        kept.join(before, on=["party_id", "period_end"], how="left")
        .filter(pl.col("period_end") >= first)
        .filter(pl.col("period_end").rank("ordinal", descending=True).over("party_id") <= HISTORY_YEARS)
        .select(
            pl.col("party_id").alias("client_id"), "period_end", "period_type", "months", "scope", "version", "received_on",
            *HISTORY_LINES, **_ratios(),
        )
        .sort("client_id", "period_end")
    )  # fmt: skip
