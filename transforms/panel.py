"""The panel: one row per client with every column a signal may read.

`COLUMNS` says of each: the table it comes from, its unit, what it means, which columns hold its period and its source
rows' keys. `build` lays the feature and context frames side by side; a column of a table that is not connected is null.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from transforms.night import Night
from transforms.text import Unit

R, M, D, C, S = Unit.RATIO, Unit.MONEY, Unit.DAYS, Unit.COUNT, Unit.SCORE
DAY, MONTH, TEXT = Unit.DAY, Unit.MONTH, Unit.TEXT
FLAG = "flag"
KEYS = "keys"


@dataclass(frozen=True)
class Column:
    """A panel column: its table, unit, meaning, and where its period and its source rows' keys stand."""

    name: str
    table: str
    unit: str
    meaning: str
    period: tuple[str | None, str | None] = (None, "as_of")
    keys: tuple[str, ...] = ()

    @property
    def dtype(self) -> pl.DataType:
        """Polars type of the column."""
        types: dict[str, pl.DataType] = {
            Unit.MONEY: pl.Int64(),
            Unit.COUNT: pl.Int64(),
            Unit.DAY: pl.Date(),
            Unit.MONTH: pl.Date(),
            Unit.TEXT: pl.String(),
            FLAG: pl.Boolean(),
            KEYS: pl.List(pl.String()),
        }
        return types.get(self.unit, pl.Float64())


def _many(
    table: str, period: tuple[str | None, str | None], keys: tuple[str, ...], *columns: tuple[str, str, str]
) -> list[Column]:
    return [Column(name, table, unit, meaning, period, keys) for name, unit, meaning in columns]


_STATEMENT = ("statement_key",)
_BOTH = ("statement_key", "statement_year_ago_key")
_YEAR = ("statement_year_ago_period_end", "statement_period_end")
_FLOW = ("flow_period_from", "flow_period_to")
_QUARTER = ("ninety_days_ago", "as_of")
_LINES = {
    "current_assets": "current assets",
    "current_liabilities": "current liabilities",
    "total_assets": "total assets",
    "total_liabilities": "total liabilities",
    "equity": "owners' equity",
    "revenue": "revenue, year to date",
    "cogs": "cost of sales, year to date",
    "profit_before_tax": "profit before tax, year to date",
    "net_profit": "net profit, year to date",
    "accounts_receivable": "accounts receivable",
    "inventory": "inventory",
    "cash": "cash",
    "short_term_debt": "short-term loans and current portion of debt",
    "interest_expense": "interest expense, year to date",
}
_TTM = {
    "revenue_ttm": "revenue of the last twelve months reported",
    "net_cash_flow_ttm": "operating, investing and financing cash flow of twelve months",
    "investment_income_ttm": "investment income of twelve months",
}

_IDENTITY = [
    *_many(
        "parties",
        (None, None),
        (),
        ("name", TEXT, "name"),
        ("industry_code", TEXT, "GB/T 4754 code"),
        ("industry_section", TEXT, "GB/T 4754 section"),
        ("region_code", TEXT, "GB/T 2260 code"),
        ("size_class", TEXT, "size class"),
    ),
    *_many(
        "clients",
        (None, None),
        (),
        ("confidential", FLAG, "name masked in reports"),
        ("client_kind", TEXT, "enterprise, institution, financial"),
        ("status", TEXT, "active or dormant"),
        ("tier", TEXT, "the bank's own grade"),
        ("branch_id", TEXT, "branch"),
        ("relationship_start", DAY, "first account or loan"),
        ("reporting_freq", TEXT, "statements owed"),
        ("group_id", TEXT, "group"),
    ),
    *_many(
        "assignments",
        (None, None),
        (),
        ("rm_id", TEXT, "main RM"),
        ("rm_name", TEXT, "main RM's name"),
        ("rm_since", DAY, "main RM since"),
    ),
]

_STATEMENTS = [
    *_many(
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
        ("statement_age_days", D, "days since its period end"),
        ("statement_stale", FLAG, "period end over 16 months ago"),
        ("flow_months_from", MONTH, "first month of its twelve"),
        ("flow_months_to", MONTH, "last month of its twelve"),
    ),
    *[Column(name, "statements", M, text, (None, "statement_period_end"), _STATEMENT) for name, text in _LINES.items()],
    *[
        Column(f"{name}_year_ago", "statements", M, f"{text}, a year before", _YEAR, _BOTH)
        for name, text in _LINES.items()
    ],
    *[Column(name, "statements", M, text, (None, "statement_period_end"), _STATEMENT) for name, text in _TTM.items()],
    *[
        Column(f"{name}_year_ago", "statements", M, f"{text}, a year before", _YEAR, _BOTH)
        for name, text in _TTM.items()
    ],
    *_many(
        "statements",
        _YEAR,
        _BOTH,
        ("dso", D, "days sales outstanding"),
        ("dso_year_ago", D, "days sales outstanding a year before"),
    ),
    *_many(
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
    *_many(
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
    *_many(
        "statements",
        (None, "statement_period_end"),
        ("statement_key",),
        ("identity_gap", R, "|assets − liabilities − equity| over assets"),
    ),
    *_many(
        "statements",
        (None, "as_of"),
        ("version_keys",),
        ("version_gap", R, "largest difference of two versions of a period"),
        ("version_line", TEXT, "line that differs most"),
        ("version_keys", KEYS, "the two filings"),
    ),
    *_many(
        "statements",
        ("annual_period_end_1", "annual_period_end_0"),
        ("beneish_keys",),
        ("beneish_m", S, "Beneish M-score"),
        ("beneish_keys", KEYS, "the two full years"),
        ("annual_period_end_1", DAY, "end of the year before"),
    ),
    *_many(
        "statements",
        (None, "as_of"),
        ("newest_opinion_key",),
        ("newest_opinion", TEXT, "newest auditor's opinion"),
        ("newest_opinion_key", TEXT, "its filing"),
    ),
]

_FLOWS = [
    *_many(
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
    *_many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        ("opin_12", M, "inflow of twelve months"),
        ("opout_12", M, "outflow of twelve months"),
    ),
    *_many(
        "transactions",
        ("flow_months_from", "flow_months_to"),
        ("flow_key",),
        ("opin_stmt_12", M, "inflow over the statement's twelve months"),
        ("opin_stmt_12_before", M, "inflow over the twelve months before those"),
    ),
    *_many(
        "transactions",
        _QUARTER,
        ("failed_keys",),
        ("failed_90", C, "failed outgoing payments in 90 days"),
        ("failed_largest_90", M, "the largest of them"),
        ("failed_keys", KEYS, "their rows"),
    ),
    *_many(
        "transactions",
        _FLOW,
        ("flow_key",),
        *((f"{m}_r3_12", R, f"{text}, r3/12") for m, text in (("turnover", "inflow and outflow"),)),
        ("opin_decline", TEXT, "DECLINE on inflow"),
        ("opin_z", S, "inflow, z"),
        ("turnover_y3", R, "inflow and outflow, y3"),
        ("turnover_z", S, "inflow and outflow, z"),
        ("turnover_decline", TEXT, "DECLINE on inflow and outflow"),
    ),
    *_many(
        "balances",
        _FLOW,
        ("balance_key",),
        ("adb_r3_12", R, "average balance, r3/12"),
        ("adb_y3", R, "average balance, y3"),
        ("adb_z", S, "average balance, z"),
        ("adb_decline", TEXT, "DECLINE on the average daily balance"),
        ("balance_key", TEXT, "the balances read"),
    ),
    *_many(
        "balances",
        _QUARTER,
        ("balance_key",),
        ("adb_90", M, "average daily balance, 90 days"),
        ("adb_365_before_90", M, "average balance of the 365 days before"),
        ("adb_180", M, "average daily balance, 180 days"),
        ("adb_180_before", M, "of the 180 days before"),
        ("adb_365_all_kinds", M, "average balance of all accounts, 365 days"),
        ("all_demand_closed", FLAG, "every demand account is closed"),
    ),
]

_CREDIT = [
    *_many(
        "loan_status",
        (None, "as_of"),
        ("overdue_keys",),
        ("overdue_amount", M, "principal and interest overdue"),
        ("dpd", D, "days past due, the oldest loan"),
        ("arrears_material", FLAG, "overdue > 0, >= 1% of outstanding and >= 1,000"),
        ("dpd_over_90", FLAG, "a loan over 90 days past due"),
        ("overdue_keys", KEYS, "the loans' state rows"),
    ),
    *_many(
        "loan_status",
        (None, "as_of"),
        ("loan_keys",),
        ("outstanding", M, "outstanding on and off balance"),
        ("outstanding_on_balance", M, "outstanding on balance"),
        ("nonperforming", M, "of it non-performing"),
        ("nonperforming_share", R, "non-performing share"),
        ("worst_class", TEXT, "worst of the five classes"),
        ("loan_keys", KEYS, "the loans' state rows"),
        ("balance_npl_now", M, "substandard or worse on balance"),
        ("balance_out_now", M, "on balance"),
        ("balance_npl_year_ago", M, "substandard or worse a year ago"),
        ("balance_out_year_ago", M, "on balance a year ago"),
    ),
    *_many("loans", (None, "as_of"), ("loan_keys",), ("loans_count", C, "loans in force")),
    *_many(
        "facilities",
        (None, "as_of"),
        (),
        ("limit_total", M, "limits"),
        ("undrawn", M, "undrawn"),
        ("exposure", M, "outstanding and undrawn"),
        ("line_use", R, "drawn share of revolving lines"),
    ),
    *_many(
        "credit_support",
        (None, "as_of"),
        (),
        ("cover", M, "collateral after haircut"),
        ("cover_share", R, "cover over exposure"),
        ("guarantors", KEYS, "guarantors"),
    ),
]

_RELATIONSHIP = [
    *_many(
        "interactions",
        ("last_contact_on", "as_of"),
        ("contact_keys",),
        ("last_contact_on", DAY, "last two-way contact"),
        ("days_since_contact", D, "days since"),
        ("contact_cadence", D, "rhythm of the tier"),
        ("contact_own_gap", D, "own median gap of twelve months"),
        ("contact_gap_limit", D, "the longer of the rhythm and 1.5 times the own gap"),
        ("contacts_window_days", D, "the tier's window"),
        ("contacts_now", C, "contacts in it"),
        ("contacts_mean", S, "mean of the windows before"),
        ("contacts_poisson", R, "chance of so few"),
        ("warmth_last3", S, "mean warmth of the last three contacts"),
        ("warmth_before6", S, "mean of the six before"),
        ("contact_keys", KEYS, "the contacts' rows"),
        ("next_planned_on", DAY, "next planned contact"),
        ("tier_used", TEXT, "the bank's grade, else the computed one"),
    ),
    *_many(
        "complaints",
        _QUARTER,
        ("complaint_keys",),
        ("complaints_90", C, "complaints in 90 days"),
        ("complaints_30", C, "in 30 days"),
        ("complaint_open_days", D, "days the oldest open one has been open"),
        ("complaint_open_extended", FLAG, "its extension was approved"),
        ("complaint_open_over_30", FLAG, "one is open over 30 days (60 when extended)"),
        ("complaint_worst_90", C, "worst severity in 90 days"),
        ("complaint_repeat", FLAG, "a complaint came back"),
        ("complaint_repeat_category", TEXT, "its category"),
        ("complaint_keys", KEYS, "the complaints"),
    ),
]

_CONTEXT = [
    *_many(
        "statements",
        _YEAR,
        _BOTH,
        ("peer_profit_growth", R, "median growth of the peers' profit before tax"),
        ("peer_count", C, "peers known"),
    ),
    *_many(
        "transactions",
        _FLOW,
        ("cell_key",),
        ("cell_kind", TEXT, "industry_region, industry, section, none"),
        ("cell_clients", C, "clients in the cell"),
        ("cell_opin_r3_12", R, "cell median of r3/12"),
        ("cell_opin_y3", R, "cell median of y3"),
        ("cell_key", TEXT, "the cell"),
    ),
    *_many(
        "loan_status",
        ("year_ago", "as_of"),
        ("cell_key",),
        ("cell_npl_share", R, "cell's non-performing share"),
        ("cell_npl_share_year_ago", R, "a year ago"),
    ),
    *_many(
        "clients", (None, None), (), ("importance_score", S, "roster score"), ("grade_computed", TEXT, "computed grade")
    ),
]

# Columns of tables that come with later issues: null until then, so the tests on them do not run and say why.
_NOT_CONNECTED = [
    *_many(
        "disclosures",
        _YEAR,
        (),
        ("investment_loss_share", R, "largest carrying value of a loss-making investment over equity"),
        ("investment_losses_ttm", M, "losses of loss-making investments, positive"),
        ("investment_losses_two_years", FLAG, "a holding >= 5% of equity lost in two years running"),
    ),
    *_many(
        "series",
        _YEAR,
        (),
        ("industry_revenue_down_2q", FLAG, "industry revenue below last year in two quarters"),
        ("industry_profit_down_2q", FLAG, "industry profit down 10% in two quarters"),
        ("region_gdp_weak_2q", FLAG, "regional growth negative or 3 points under its mean in two quarters"),
    ),
    *_many(
        "bureau_reports",
        (None, "as_of"),
        (),
        ("bureau_debt_excess", R, "reported debt of all lenders over the statement's debt, less one"),
    ),
    *_many(
        "events",
        ("year_ago", "as_of"),
        (),
        ("registry_penalties_365", C, "penalties registered in 365 days"),
        ("answer_mor_01", TEXT, "the RM's valid answer to MOR-01"),
    ),
]

_CLOCK = _many(
    "calendar",
    (None, None),
    (),
    ("as_of", DAY, "the night's date"),
    ("ninety_days_ago", DAY, "90 days before"),
    ("year_ago", DAY, "365 days before"),
)

COLUMNS: dict[str, Column] = {
    column.name: column
    for column in [
        Column("client_id", "clients", TEXT, "the client", (None, None)),
        *_CLOCK,
        *_IDENTITY,
        *_STATEMENTS,
        *_FLOWS,
        *_CREDIT,
        *_RELATIONSHIP,
        *_CONTEXT,
        *_NOT_CONNECTED,
    ]
}
UNITS: dict[str, str] = {name: column.unit for name, column in COLUMNS.items()}
_LATER = {column.name for column in _NOT_CONNECTED}


def _keys() -> list[pl.Expr]:
    def span(table: str) -> pl.Expr:
        months = [pl.col(c).dt.strftime("%Y-%m") for c in ("flow_period_from", "flow_period_to")]
        return pl.format("{}:{}|{}..{}", pl.lit(table), "client_id", *months)

    return [
        span("transactions").alias("flow_key"),
        span("balances").alias("balance_key"),
        pl.format("own_book:{}|{}", "cell_kind", "industry_code").alias("cell_key"),
    ]


def withhold(panel: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The panel without what the validation withholds: of those clients every column of the table is null.

    `held` has client_id and `withholds` (the table; null holds the whole client and is the assessment's business).
    """
    for table in held["withholds"].drop_nulls().unique().sort():
        clients = held.filter(pl.col("withholds") == table)["client_id"].unique()
        known = ~pl.col("client_id").is_in(clients.implode())
        columns = [column.name for column in COLUMNS.values() if column.table == table]
        panel = panel.with_columns(pl.when(known).then(name).alias(name) for name in columns)
    return panel


def build(night: Night, frames: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """One row per client of `frames["identity"]`, every column of COLUMNS with its type, sorted by client_id.

    `frames` are the one-row-per-client feature and context frames. Raises KeyError naming the columns no frame brings.
    """
    identity = frames["identity"]
    panel = identity
    for name, frame in frames.items():
        if name != "identity":
            known = set(panel.collect_schema().names()) - {"client_id"}
            panel = panel.join(frame.drop(known, strict=False), on="client_id", how="left")
    panel = panel.with_columns(
        as_of=pl.lit(night.as_of),
        ninety_days_ago=pl.lit(night.as_of).dt.offset_by("-90d"),
        year_ago=pl.lit(night.as_of).dt.offset_by("-365d"),
    ).with_columns(_keys())
    have = set(panel.collect_schema().names())
    if missing := set(COLUMNS) - have - _LATER:
        raise KeyError(f"no feature brings the panel columns {sorted(missing)}")
    columns = [
        (pl.col(c.name) if c.name in have else pl.lit(None)).cast(c.dtype).alias(c.name) for c in COLUMNS.values()
    ]
    return panel.select(columns).sort("client_id")
