"""What a client owes the bank: loans in force, arrears, lines, cover.

From the core tables facilities, loans, loan_status and credit_support (input-model.md 4.11 to 4.14); rules MGT-48 and
EXT-01(d), readings S2, S5 and S10. Rows of those tables hold until their key's next row.

- **In force** is a loan disbursed by T whose newest state is neither settled nor transferred; a written-off one stays.
  A loan without any state row by T is in force with unknown amounts: the sums it belongs to are null.
- An amount in another currency than the home currency is unknown until rates are connected; zero is zero in any.
- A line counts until the day before it expires. Undrawn is its limit less the balance of its loans; under a line that
  does not revolve, less everything ever drawn, since paying back does not open it again.
- Cover counts what is active or called, at the lower of the amount secured and the asset's value after its haircut. A
  guarantee is a promise, not an asset: it counts only when an asset value stands beside it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from transforms.columns import FLAG, KEYS, TEXT, C, D, M, R, many
from transforms.night import Night, month_start, months_before

# The share of an asset's value that counts as cover, by asset_kind; a bank overrides it in `night.haircuts`.
HAIRCUTS = {
    "real_estate": 0.7,
    "land": 0.6,
    "construction": 0.5,
    "equipment": 0.4,
    "inventory": 0.3,
    "receivables": 0.5,
    "securities": 0.6,
    "deposit": 0.9,
    "vehicle": 0.4,
    "intellectual_property": 0.2,
    "other": 0.3,
}
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
SUBSTANDARD = CLASSES.index("substandard")
ENDED = ("settled", "transferred")
COUNTS_AS_COVER = ("active", "called")
MATERIAL_MINOR = 1_000_00  # 1,000 of the home currency
MATERIAL_PER_CENT = 1
NON_PERFORMING_DAYS = 90
MONTHS = 24
MOST_KEYS = 20
DUE_MONTHS = 12  # principal that falls due within them (ADD-04)


PANEL = [
    *many(
        "loan_status",
        (None, "as_of"),
        ("overdue_keys",),
        ("overdue_amount", M, "principal and interest overdue"),
        ("dpd", D, "days past due, the oldest loan"),
        ("arrears_material", FLAG, "overdue > 0, >= 1% of outstanding and >= 1,000"),
        ("dpd_over_90", FLAG, "a loan over 90 days past due"),
        ("overdue_keys", KEYS, "the loans' state rows"),
    ),
    *many(
        "loan_status",
        (None, "as_of"),
        ("loan_keys",),
        ("outstanding", M, "outstanding on and off balance"),
        ("outstanding_on_balance", M, "outstanding on balance"),
        ("loans_due_12m", M, "on-balance loans past maturity or maturing in twelve months"),
        ("nonperforming", M, "of it non-performing"),
        ("nonperforming_share", R, "non-performing share"),
        ("worst_class", TEXT, "worst of the five classes"),
        ("loan_keys", KEYS, "the loans' state rows"),
        ("balance_npl_now", M, "substandard or worse on balance"),
        ("balance_out_now", M, "on balance"),
        ("balance_npl_year_ago", M, "substandard or worse a year ago"),
        ("balance_out_year_ago", M, "on balance a year ago"),
    ),
    *many("loans", (None, "as_of"), ("loan_keys",), ("loans_count", C, "loans in force")),
    *many(
        "facilities",
        (None, "as_of"),
        (),
        ("limit_total", M, "limits"),
        ("undrawn", M, "undrawn"),
        ("exposure", M, "outstanding and undrawn"),
        ("line_use", R, "drawn share of revolving lines"),
    ),
    *many(
        "credit_support",
        (None, "as_of"),
        (),
        ("cover", M, "collateral after haircut"),
        ("cover_share", R, "cover over exposure"),
        ("guarantors", KEYS, "guarantors"),
    ),
]


def _in_force(rows: pl.LazyFrame, key: str, since: str, days: Sequence[date]) -> pl.LazyFrame:
    """The row of each `key` that holds on each of `days` (column `at`): the newest with `since` on or before it."""
    points = pl.LazyFrame({"at": days}, schema={"at": pl.Date})
    return (
        rows.select(key)
        .unique()
        .join(points, how="cross")
        .sort("at")
        .join_asof(
            rows.sort(since),
            left_on="at",
            right_on=since,
            by=key,
            coalesce=False,
            check_sortedness=False,  # both sides are sorted two lines above; polars cannot see it by group
        )
        .filter(pl.col(since).is_not_null())
    )


def _home(night: Night, amount: str) -> pl.Expr:
    at_home = (pl.col("currency") == night.home_currency) | (pl.col(amount) == 0)
    return pl.when(at_home).then(pl.col(amount)).alias(amount)


def _days_late(kind: str) -> pl.Expr:
    """Days the `kind` of a loan has been overdue at `at`: 0 on the first day and when nothing is."""
    owed = pl.col(f"overdue_{kind}")
    late = (pl.col("at") - pl.col(f"{kind}_overdue_since")).dt.total_days()
    return pl.when(owed > 0).then(late).when(owed == 0).then(pl.lit(0, pl.Int64))


def _both(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """The larger of two, null when either is: max_horizontal alone would drop the unknown one."""
    return pl.when(first.is_not_null() & second.is_not_null()).then(pl.max_horizontal(first, second))


def _drawings(night: Night, loans: pl.LazyFrame, loan_status: pl.LazyFrame, days: Sequence[date]) -> pl.LazyFrame:
    """Every loan disbursed by each day `at`, with its state then; `in_force` says whether it still runs."""
    points = pl.LazyFrame({"at": days}, schema={"at": pl.Date})
    states = _in_force(loan_status, "loan_id", "as_of", days)
    return (
        loans.select(
            *(
                "loan_id",
                "client_id",
                "facility_id",
                "on_balance",
                "principal",
                "currency",
                "disbursed_on",
                "matures_on",
            )
        )
        .join(points, how="cross")
        .filter(pl.col("disbursed_on") <= pl.col("at"))
        .join(states, on=["loan_id", "at"], how="left")
        .with_columns(
            in_force=pl.col("state").is_in(ENDED).fill_null(False).not_(),
            dpd=_both(_days_late("principal"), _days_late("interest")),
            # list position = severity; strict, so a class outside the closed list stops instead of passing as normal
            rank=pl.col("class5").replace_strict({name: i for i, name in enumerate(CLASSES)}, return_dtype=pl.Int64),
            key=pl.format("loan_status:{}|{}", "loan_id", "as_of"),
        )
        .with_columns(
            _home(night, name) for name in ("principal", "outstanding", "overdue_principal", "overdue_interest")
        )
    )


def book(night: Night, loans: pl.LazyFrame, loan_status: pl.LazyFrame) -> pl.LazyFrame:
    """The loans in force at T, one row each with its state, `dpd`, `rank` and `key`; amounts in the home currency or null."""
    return _drawings(night, loans, loan_status, [night.as_of]).filter("in_force")


def _lines(night: Night, facilities: pl.LazyFrame, days: Sequence[date]) -> pl.LazyFrame:
    """Lines that have not expired on each day `at`, limit in the home currency."""
    return (
        _in_force(facilities, "facility_id", "valid_from", days)
        .filter(pl.col("expires_on") > pl.col("at"))
        .select("at", "client_id", "facility_id", "revolving", _home(night, "limit_amount"))
    )


def _known(rows: str, value: pl.Expr, result: pl.Expr) -> pl.Expr:
    """`result` of a group, null as soon as `value` of one of its rows is; a group's row without `rows` is no row."""
    return pl.when((value.is_null() & pl.col(rows).is_not_null()).any().not_()).then(result)


def _total(rows: str, value: pl.Expr) -> pl.Expr:
    """Sum of a group, null when a part is unknown, 0 when there is nothing to add."""
    return _known(rows, value, value.sum())


def _keys(where: pl.Expr, by: pl.Expr) -> pl.Expr:
    """Source keys of the group's loans `where` holds, largest `by` first."""
    chosen = where & pl.col("key").is_not_null()
    order = [by.filter(chosen), pl.col("loan_id").filter(chosen)]
    return pl.col("key").filter(chosen).sort_by(order, descending=[True, False], nulls_last=True)


def _part(condition: pl.Expr, amount: pl.Expr) -> pl.Expr:
    """`amount` where the condition holds, 0 where it does not, null where that is unknown and something is owed."""
    return pl.when(condition).then(amount).when(condition.not_() | (amount == 0)).then(pl.lit(0, pl.Int64))


def _if_known(flag: str, true: pl.Expr, false: pl.Expr) -> pl.Expr:
    """One of two by a flag that may be unknown: then the two must agree."""
    return pl.when(pl.col(flag)).then(true).when(pl.col(flag).not_() | (true == false)).then(false)


def _material() -> pl.Expr:
    """ARREARS (reading S10): overdue > 0, >= 1 % of what is owed and >= 1,000, all inclusive, in whole minor units."""
    overdue = pl.col("overdue_amount")
    share = overdue * 100 >= pl.col("outstanding") * MATERIAL_PER_CENT
    return (overdue > 0) & share & (overdue >= MATERIAL_MINOR)


def _share(part: str, whole: str) -> pl.Expr:
    """Part over whole, 9 decimals; no part is no share, whatever the whole."""
    shared = pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole)).round(9)
    return pl.when(pl.col(part) == 0).then(0.0).otherwise(shared)


def _owed(clients: pl.LazyFrame, book: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client over its loans in force."""
    overdue = pl.col("overdue_principal") + pl.col("overdue_interest")
    amount = pl.col("outstanding")
    impaired = pl.col("rank") >= SUBSTANDARD
    late = (pl.col("overdue_principal") > 0) | (pl.col("overdue_interest") > 0) | (pl.col("dpd") > 0)
    soon = pl.col("matures_on") <= pl.col("at").dt.offset_by(f"{DUE_MONTHS}mo")
    counted: dict[str, pl.Expr] = {
        "outstanding": amount,
        "loans_due_12m": _part(soon, pl.when("on_balance").then(amount).otherwise(0)),
        "outstanding_on_balance": pl.when("on_balance").then(amount).otherwise(0),
        "overdue_amount": overdue,
        # non-performing by its days counts only while the client's arrears are material, which is known one step later
        "by_class": _part(impaired, amount),
        "by_class_or_days": _part(impaired | (pl.col("dpd") > NON_PERFORMING_DAYS), amount),
    }
    return (
        clients.select("client_id")
        .join(book, on="client_id", how="left")
        .group_by("client_id")
        .agg(
            pl.col("loan_id").count().cast(pl.Int64).alias("loans_count"),
            *(_total("loan_id", value).alias(name) for name, value in counted.items()),
            _known("loan_id", pl.col("dpd"), pl.col("dpd").max().fill_null(0)).alias("dpd"),
            _known("loan_id", pl.col("rank"), pl.col("rank").max())
            .replace_strict(dict(enumerate(CLASSES)), return_dtype=pl.String)
            .alias("worst_class"),
            _keys(late, pl.col("dpd")).alias("overdue_keys"),
            _keys(pl.lit(True), amount).head(MOST_KEYS).alias("loan_keys"),
        )
        .with_columns(_material().alias("arrears_material"))
        .with_columns(
            dpd_over_90=(pl.col("dpd") > NON_PERFORMING_DAYS) & pl.col("arrears_material"),
            nonperforming=_if_known("arrears_material", pl.col("by_class_or_days"), pl.col("by_class")),
        )
        .with_columns(nonperforming_share=_share("nonperforming", "outstanding"))
        .drop("by_class", "by_class_or_days")
    )


def _on_balance(clients: pl.LazyFrame, book: pl.LazyFrame, when: str) -> pl.LazyFrame:
    """Balance-sheet loans and the non-performing part by class: the own book's share of EXT-01(d)."""
    amount = pl.when("on_balance").then(pl.col("outstanding")).otherwise(0)
    impaired = _part(pl.col("rank") >= SUBSTANDARD, amount)
    return (
        clients.select("client_id")
        .join(book, on="client_id", how="left")
        .group_by("client_id")
        .agg(
            _total("loan_id", impaired).alias(f"balance_npl_{when}"),
            _total("loan_id", amount).alias(f"balance_out_{when}"),
        )
    )


def _limits(clients: pl.LazyFrame, lines: pl.LazyFrame, drawings: pl.LazyFrame) -> pl.LazyFrame:
    """limit_total, undrawn, line_use of each client."""
    limit, used = pl.col("limit_amount"), pl.col("used")
    owed = pl.when("in_force").then(pl.col("outstanding")).otherwise(0)
    taken = pl.when("revolving").then(owed).otherwise(pl.col("principal"))
    by_line = (
        lines.join(drawings.drop("client_id", "at", "currency"), on="facility_id", how="left")
        .group_by("client_id", "facility_id", "revolving", "limit_amount")
        .agg(_total("loan_id", taken).alias("used"))
    )
    measured = pl.col("revolving") & (limit > 0)
    totals = {
        "limit_total": limit,
        "undrawn": pl.when(limit < used).then(0).otherwise(limit - used),
        "revolving_used": pl.when(measured.not_()).then(0).otherwise(used),
        "revolving_limit": pl.when(measured.not_()).then(0).otherwise(limit),
    }
    use = pl.when(pl.col("revolving_limit") > 0).then(pl.col("revolving_used") / pl.col("revolving_limit")).round(9)
    return (
        clients.select("client_id")
        .join(by_line, on="client_id", how="left")
        .group_by("client_id")
        .agg(_total("facility_id", value).alias(name) for name, value in totals.items())
        .select("client_id", "limit_total", "undrawn", use.alias("line_use"))
    )


def _support_in_force(night: Night, credit_support: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of credit_support that hold at T, active or called."""
    return _in_force(credit_support, "support_id", "valid_from", [night.as_of]).filter(
        pl.col("status").is_in(COUNTS_AS_COVER), pl.col("ends_on").is_null() | (pl.col("ends_on") > pl.col("at"))
    )


def guarantees_in_force(night: Night, credit_support: pl.LazyFrame) -> pl.LazyFrame:
    """Guarantees that hold at T: the table's columns."""
    return _support_in_force(night, credit_support).filter(pl.col("kind") == "guarantee")


def _counts(night: Night) -> pl.Expr:
    """What a row of credit_support counts as cover: the lower of the amount secured and the value after its haircut."""
    shares = HAIRCUTS | night.haircuts
    haircut = pl.col("asset_kind").replace_strict(shares, default=shares["other"], return_dtype=pl.Float64)
    value = (haircut * pl.col("asset_value")).round(0).cast(pl.Int64)
    return (
        pl.when(value.is_not_null())
        .then(pl.min_horizontal("secured_amount", value))
        .when(pl.col("kind") == "guarantee")
        .then(pl.lit(0, pl.Int64))
    )


def cover_by_kind(night: Night, credit_support: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, asset_kind, amount: what counts as cover at T, by kind of asset."""
    held = _support_in_force(night, credit_support).select("client_id", "asset_kind", amount=_counts(night))
    return held.group_by("client_id", "asset_kind").agg(pl.col("amount").sum()).filter(pl.col("amount") > 0)


def drawn_by_product(night: Night, loans: pl.LazyFrame, loan_status: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, product, amount: outstanding at T by credit product, loans of unknown balance left out."""
    products = loans.select("loan_id", "product")
    drawn = _drawings(night, loans, loan_status, [night.as_of]).filter("in_force").join(products, on="loan_id")
    return drawn.group_by("client_id", "product").agg(amount=pl.col("outstanding").sum())


def _support(night: Night, clients: pl.LazyFrame, credit_support: pl.LazyFrame) -> pl.LazyFrame:
    """cover and guarantors of each client at T."""
    guarantee, counted = pl.col("kind") == "guarantee", _counts(night)
    held = _support_in_force(night, credit_support).select(
        "client_id", "support_id", "provider_id", guarantee.alias("guarantee"), counted.alias("counted")
    )
    return (
        clients.select("client_id")
        .join(held, on="client_id", how="left")
        .group_by("client_id")
        .agg(
            _total("support_id", pl.col("counted")).alias("cover"),
            pl.col("provider_id").filter("guarantee").unique().sort().alias("guarantors"),
        )
    )


def measure(
    night: Night,
    clients: pl.LazyFrame,
    facilities: pl.LazyFrame,
    loans: pl.LazyFrame,
    loan_status: pl.LazyFrame,
    credit_support: pl.LazyFrame,
) -> pl.LazyFrame:
    """One row per client, the `credit` columns of docs/frames.md; money in minor units of the home currency.

    A client without loans has 0 loans, 0 days past due and no arrears. Without a revolving line `line_use` is null,
    without exposure `cover_share`.
    """
    year_ago = months_before(night.as_of, 12)
    drawings = _drawings(night, loans, loan_status, [night.as_of])
    book = drawings.filter("in_force")
    book_then = _drawings(night, loans, loan_status, [year_ago]).filter("in_force")
    frames = [
        _limits(clients, _lines(night, facilities, [night.as_of]), drawings),
        _support(night, clients, credit_support),
        _on_balance(clients, book, "now"),
        _on_balance(clients, book_then, "year_ago"),
    ]
    result = _owed(clients, book)
    for frame in frames:
        result = result.join(frame, on="client_id", how="left")
    exposure = pl.col("outstanding") + pl.col("undrawn")
    result = result.with_columns(exposure=exposure).with_columns(
        cover_share=pl.when(pl.col("exposure") > 0).then(pl.col("cover") / pl.col("exposure")).round(9)
    )
    return result.select(COLUMNS).sort("client_id")


COLUMNS = (
    "client_id",
    "loans_count",
    "outstanding",
    "outstanding_on_balance",
    "loans_due_12m",
    "limit_total",
    "undrawn",
    "exposure",
    "overdue_amount",
    "dpd",
    "arrears_material",
    "dpd_over_90",
    "nonperforming",
    "nonperforming_share",
    "worst_class",
    "overdue_keys",
    "loan_keys",
    "balance_npl_now",
    "balance_out_now",
    "balance_npl_year_ago",
    "balance_out_year_ago",
    "cover",
    "cover_share",
    "guarantors",
    "line_use",
)


def series(
    night: Night, clients: pl.LazyFrame, facilities: pl.LazyFrame, loans: pl.LazyFrame, loan_status: pl.LazyFrame
) -> pl.LazyFrame:
    """Long: client_id, month (first day), outstanding, limit_total at the ends of the last 24 full months.

    Clients that ever had a loan or a line by T, every month; 0 where there was none, null where it is unknown.
    """
    months = [night.month(back) for back in range(MONTHS)]
    ends = [month_start(month, -1) - timedelta(days=1) for month in months]
    points = pl.LazyFrame({"month": months, "at": ends}, schema={"month": pl.Date, "at": pl.Date})
    started = pl.concat(
        [
            loans.filter(pl.col("disbursed_on") <= night.as_of).select("client_id"),
            facilities.filter(pl.col("valid_from") <= night.as_of).select("client_id"),
        ]
    )
    grid = clients.select("client_id").join(started.unique(), on="client_id", how="semi").join(points, how="cross")
    key = ["client_id", "month", "at"]
    owed = (
        grid.join(_drawings(night, loans, loan_status, ends).filter("in_force"), on=["client_id", "at"], how="left")
        .group_by(key)
        .agg(_total("loan_id", pl.col("outstanding")).alias("outstanding"))
    )
    limits = (
        grid.join(_lines(night, facilities, ends), on=["client_id", "at"], how="left")
        .group_by(key)
        .agg(_total("facility_id", pl.col("limit_amount")).alias("limit_total"))
    )
    return (
        owed.join(limits, on=key, how="left")
        .select("client_id", "month", "outstanding", "limit_total")
        .sort("client_id", "month")
    )
