"""Which products suit which client: the conditions of `products.fits` over the client's features (input-model.md 8.2).

The language is that of expectations/fits.py, which checks a delivery; here it becomes Polars expressions. A feature that is
not known does not fit: three-valued logic, null is no.

Ours, where 8.2 names a feature only:
- adb_365 is the roster's: all deposit accounts. Amounts are minor units of the home currency.
- payroll_elsewhere: no payroll paid from here in the last eight full months. headcount: the client's return, else the
  register's.
- bills_share: notes over notes and accounts receivable; cash_share: cash over total assets; both, like inventory_days and
  receivable_days, of the newest statement, unknown when it is stale (reading G8).
- exporter: receipts in another currency in twelve months; importer: a letter of credit of ours opened in 365 days.
- time_deposit_maturing_30d: a time account matures after T and within 30 days. floating_share: of all outstanding (EXT-05).
- A family is held by a holding, an account or a loan; a product without a condition has no figure that speaks for it
  and is suggested to nobody.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce

import polars as pl

from expectations import fits as language
from transforms.arithmetic import ratio, within
from transforms.relationship.book import Book

READS = ("products", "holdings", "accounts", "loans", "loan_status", "statements", "parties", "clients")
MATURING_DAYS, YEAR, YEAR_LENGTH = 30, 365, 365.25
PAYROLL_HEADS = 20
GRADES = ("A", "B", "C", "D")  # best first
FAMILY_OF_LOAN = {
    "working_capital": "working_capital",
    "overdraft": "working_capital",
    "project_loan": "fixed_asset",
    "syndicated_project": "fixed_asset",
    "fixed_asset": "fixed_asset",
    "bill_discount": "bills",
    "acceptance": "bills",
    "trade_finance": "trade_finance",
    "letter_of_credit": "guarantee_lc",
    "guarantee_issued": "guarantee_lc",
}  # ours; other credit belongs to no family a client could be said to hold
FAMILY_OF_ACCOUNTS = "deposit"

_NUMBER, _WORD = pl.Float64(), pl.String()
_KINDS = {language.NUMBER: _NUMBER, language.FLAG: pl.Boolean(), language.WORD: _WORD}
FEATURES: Mapping[str, pl.DataType] = {name: _KINDS[kind] for name, kind in language.FEATURES.items()}
FITTING = pl.Schema(
    {
        "client_id": pl.String(),
        "product_id": pl.String(),
        "family": pl.String(),
        "launched_on": pl.Date(),
        "figure": pl.String(),  # feature of the first comparison that holds; "holds" for what is held or not
        "value": pl.Float64(),  # its value: a number, or 1 and 0 for yes and no
        "word": pl.String(),  # or a word
    }
)
_COMPARE: Mapping[type[ast.cmpop], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One comparison of a condition: the feature it names, and where it holds as the condition wants it."""

    figure: str
    speaks: pl.Expr


@dataclass(frozen=True)
class Fit:
    """A product's condition: where it holds, and its comparisons in the order written."""

    holds: pl.Expr
    reasons: tuple[Reason, ...]


@dataclass
class _Reader:
    """Turns the syntax tree of a condition, as the language allows it, into expressions over the columns of `fit_features`."""

    reasons: list[Reason] = field(default_factory=list)

    def condition(self, node: ast.expr, wanted: bool = True) -> pl.Expr:
        """The truth of a condition; `wanted`: what it must be for the product to fit."""
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [self.condition(value, wanted) for value in values]
                return reduce(operator.and_ if isinstance(op, ast.And) else operator.or_, parts)
            case ast.UnaryOp(operand=operand):
                return ~self.condition(operand, not wanted)
            case ast.Compare():
                named, truth = _comparison(node)
            case ast.Call(args=[ast.Constant(value=str(family))]):
                named, truth = "holds", pl.col("held").list.contains(family)
            case ast.Name(id=named):
                truth = pl.col(named)
            case _:
                raise TypeError(type(node).__name__)
        self.reasons.append(Reason(named, truth if wanted else ~truth))
        return truth


def _comparison(node: ast.Compare) -> tuple[str, pl.Expr]:
    """The first feature named and whether the whole chain holds."""
    operands = [node.left, *node.comparators]
    named = next(operand.id for operand in operands if isinstance(operand, ast.Name))
    read = [_value(operand) for operand in operands]
    steps = (_COMPARE[type(op)](left, right) for left, op, right in zip(read, node.ops, read[1:], strict=False))
    return named, reduce(operator.and_, steps)


def _value(node: ast.expr) -> pl.Expr:
    """A feature, a number, a word or yes and no."""
    if isinstance(node, ast.Name):
        return pl.col(node.id)
    value = ast.literal_eval(node)
    return pl.lit(value if isinstance(value, bool | str) else float(value))


def compiled(product: str, text: str) -> Fit:
    """A product's condition as expressions over `fit_features`.

    >>> compiled("FXO-1", "fx_shar >= 0.10")
    Traceback (most recent call last):
    ValueError: the condition of product FXO-1 names the unknown feature 'fx_shar'; the nearest known is fx_share
    """
    try:
        tree = language.parse(text)
    except language.FitsError as error:
        raise ValueError(f"the condition of product {product} {error}") from error
    reader = _Reader()
    return Fit(reader.condition(tree.body), tuple(reader.reasons))


def families_held(book: Book) -> pl.LazyFrame:
    """client_id, family: what each client holds at T by holdings, accounts and loans, each once."""
    as_of = book.night.as_of
    open_now = (pl.col("opened_on") <= as_of) & (pl.col("closed_on") > as_of).fill_null(value=True)
    families = book.table("products").select("product_id", "family")
    status = book.table("loan_status").filter(pl.col("as_of") <= as_of)
    owed = (
        status.group_by("loan_id").agg(pl.col("outstanding").sort_by("as_of").last()).filter(pl.col("outstanding") > 0)
    )
    lent = book.table("loans").filter(pl.col("disbursed_on") <= as_of).join(owed, on="loan_id", how="semi")
    parts = [
        book.table("holdings").filter(open_now).join(families, on="product_id").select("client_id", "family"),
        book.table("accounts").filter(open_now).select("client_id", family=pl.lit(FAMILY_OF_ACCOUNTS)),
        lent.select("client_id", family=pl.col("product").replace_strict(FAMILY_OF_LOAN, default=None)),
    ]
    mine = book.clients.select("client_id")
    held = pl.concat(parts).filter(pl.col("family").is_not_null()).join(mine, on="client_id", how="semi")
    return held.unique().sort("client_id", "family")


def fit_features(book: Book) -> pl.LazyFrame:
    """client_id, every feature of 8.2 (FEATURES; null is unknown) and `held`, the families held, one row per client."""
    as_of = book.night.as_of
    fresh = pl.col("statement_stale").not_()
    heads = pl.coalesce("headcount", "employees").cast(pl.Float64)
    paid = pl.col("payroll_paid_2") + pl.col("payroll_paid_6")
    told = {
        "opin_12": pl.col("opin_12"),
        "opout_12": pl.col("opout_12"),
        "adb_365": pl.col("adb_365_all_kinds"),
        "fx_share": pl.col("cross_border_share_12"),
        "payroll_elsewhere": (heads >= PAYROLL_HEADS) & (paid == 0),
        "headcount": heads,
        "bills_share": pl.when(fresh).then("bills_share"),
        "cash_share": pl.when(fresh).then(ratio(pl.col("cash"), pl.col("total_assets"))),
        "idle_balance": pl.col("idle_balance"),
        "time_deposit_maturing_30d": pl.col("time_deposit_maturing_30d"),
        "loans_out": pl.col("outstanding_on_balance"),
        "floating_share": ratio(pl.col("floating_outstanding"), pl.col("outstanding")),
        "inventory_days": pl.when(fresh).then(ratio(YEAR * pl.col("inventory"), pl.col("cogs_ttm"))),
        "receivable_days": pl.when(fresh).then("dso"),
        "importer": pl.col("importer"),
        "exporter": pl.col("cross_border_12") > 0,
        "group_member": pl.col("group_id").is_not_null(),
        "tenure_years": (as_of - pl.col("relationship_start")).dt.total_days() / YEAR_LENGTH,
        "grade": pl.col("tier_used"),
        "risk_level": pl.col("risk_level"),
        "industry_code": pl.col("industry_code"),
        "region_code": pl.col("region_code"),
    }
    held = families_held(book).group_by("client_id").agg(held=pl.col("family").sort())
    known = pl.lit(book.connected("holdings"))
    joined = book.ids().join(book.panel.drop("risk_level", strict=False), on="client_id", how="left")
    for part in (_figures(book), held):
        joined = joined.join(part, on="client_id", how="left")
    return joined.select(
        "client_id",
        *(told[name].cast(dtype).alias(name) for name, dtype in FEATURES.items()),
        held=pl.when(known).then(pl.col("held").fill_null(pl.lit([], pl.List(pl.String)))),
    ).sort("client_id")


def _figures(book: Book) -> pl.LazyFrame:
    """client_id and the features the panel does not have, with those of the register they need."""
    as_of, idle = book.night.as_of, book.done.get("idle_balances")
    soon = pl.col("matures_on").is_between(as_of, as_of + timedelta(days=MATURING_DAYS), closed="right")
    still = (pl.col("opened_on") <= as_of) & (pl.col("closed_on") > as_of).fill_null(value=True)
    maturing = book.table("accounts").filter(pl.col("kind") == "time", soon, still)
    opened = within("disbursed_on", as_of, YEAR)
    letters = book.table("loans").filter(pl.col("product") == "letter_of_credit", opened)
    key = pl.format("statements:{}|{}|{}|{}|{}", "party_id", "period_end", "period_type", "scope", "version")
    notes = book.table("statements").select(
        statement_key=key,
        bills_share=ratio(pl.col("notes_receivable"), pl.col("notes_receivable") + pl.col("accounts_receivable")),
    )
    levels = book.assessments.select("client_id", pl.col("risk_level").cast(pl.String))
    staff = book.table("parties").select("employees", client_id="party_id")
    return (
        book.ids()
        .join(book.panel.select("client_id", "statement_key"), on="client_id", how="left")
        .join(notes, on="statement_key", how="left")
        .join(levels, on="client_id", how="left")
        .join(staff, on="client_id", how="left")
        .join(idle if idle is not None else _nothing("idle_balance", pl.Int64()), on="client_id", how="left")
        .join(_flag(book, "accounts", maturing, "time_deposit_maturing_30d"), on="client_id", how="left")
        .join(_flag(book, "loans", letters, "importer"), on="client_id", how="left")
        .drop("statement_key")
    )


def _nothing(name: str, dtype: pl.DataType) -> pl.LazyFrame:
    return pl.LazyFrame(schema={"client_id": pl.String(), name: dtype})


def _flag(book: Book, table: str, rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """client_id and whether the client has such a row; null where the table is not connected."""
    found = rows.select("client_id", pl.lit(value=True).alias(name)).unique()
    return book.per_client(found, table)


def fitting(book: Book) -> pl.LazyFrame:
    """FITTING: products sold at T whose condition holds, of a family not held, at the grade they are meant for.

    One row per client and product, sorted by both. A product meant for a grade is not for clients without one.
    """
    as_of = book.night.as_of
    sold = book.table("products").filter(
        pl.col("launched_on") <= as_of,
        (pl.col("withdrawn_on") > as_of).fill_null(value=True),
        pl.col("fits").is_not_null(),
    )
    known = fit_features(book).collect().lazy()
    parts = [_suited(known, row) for row in sold.sort("product_id").collect().iter_rows(named=True)]
    if not parts:
        return pl.LazyFrame(schema=FITTING)
    held = families_held(book)
    return pl.concat(parts).join(held, on=["client_id", "family"], how="anti").sort("client_id", "product_id")


def _suited(known: pl.LazyFrame, product: Mapping[str, object]) -> pl.LazyFrame:
    """FITTING of one product, families held among them."""
    fit = compiled(str(product["product_id"]), str(product["fits"]))
    tier = product["min_tier"]
    grades = GRADES[: GRADES.index(str(tier)) + 1] if tier else None
    meant = pl.col("grade").is_in(grades) if grades else pl.lit(value=True)
    first = pl.coalesce(pl.when(reason.speaks).then(pl.lit(reason.figure)) for reason in fit.reasons)
    value, word = pl.lit(None, _NUMBER), pl.lit(None, _WORD)
    for name in {reason.figure for reason in fit.reasons} & set(FEATURES):
        mine = pl.col("figure") == name
        if FEATURES[name] == _WORD:
            word = pl.when(mine).then(name).otherwise(word)
        else:
            value = pl.when(mine).then(pl.col(name).cast(_NUMBER)).otherwise(value)
    return (
        known.filter(fit.holds, meant)
        .with_columns(
            product_id=pl.lit(product["product_id"]),
            family=pl.lit(product["family"]),
            launched_on=pl.lit(product["launched_on"]),
            figure=first,
        )
        .with_columns(value=value, word=word)
        .select(FITTING.names())
    )
