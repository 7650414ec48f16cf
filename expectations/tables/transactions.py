"""transactions 结算交易: one posted or failed payment on a deposit account."""

from collections.abc import Callable

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table, TableCheck

LATE_DAYS = 5
_DIRECTION = {
    "cash_in": "in",
    "loan_disbursement": "in",
    "cash_out": "out",
    "loan_principal": "out",
    "loan_interest": "out",
}
_MANY_A_DAY = 1_000


def _late(first: int, last: int | None) -> Callable[[pl.LazyFrame, Clean, Delivery], pl.LazyFrame]:
    """Posted so many days before its delivery; a back-fill is exempt (reading I1)."""

    def rows_late(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
        days = (pl.col("delivered_on") - pl.col("booked_on")).dt.total_days()
        late = (days >= first) & ((days <= last) if last is not None else pl.lit(True))
        return rows.filter(late & ~pl.lit(delivery.backfill)).select("row_number")

    return rows_late


def _not_open(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Posted before the account was opened or after it was closed."""
    spans = clean["accounts"].select("account_id", "opened_on", "closed_on")
    booked = rows.select("row_number", "account_id", "booked_on").join(spans, on="account_id")
    outside = (pl.col("booked_on") < pl.col("opened_on")) | (pl.col("booked_on") > pl.col("closed_on"))
    return booked.filter(outside).select("row_number")


def _empty_working_day(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> tuple[str, str] | None:
    """A working day of the last thirty without any row, at a bank with 1,000 a day and more (reading I4)."""
    days = clean["calendar"].filter("is_workday", pl.col("date") <= delivery.as_of).select(booked_on="date")
    counts = rows.group_by("booked_on").agg(n=pl.len())
    recent = days.sort("booked_on").tail(30).join(counts, on="booked_on", how="left").collect()
    if (recent["n"].fill_null(0).median() or 0) < _MANY_A_DAY:  # type: ignore[operator]
        return None
    empty = recent.filter(pl.col("n").is_null())["booked_on"].to_list()
    return (f"has no row on the working day {empty[0]}", f"工作日{empty[0]}没有任何记录") if empty else None


TABLE = Table(
    name="transactions",
    zh="结算交易",
    en="one posted or failed payment on a deposit account",
    core=True,
    mode="append",
    stale_after=1,
    money="amount",
    columns=(
        Column("account_id", "账号", "id", "k!", "accounts", references="accounts"),
        Column("booked_on", "核心交易日期", "date", "k!"),
        Column("txn_id", "交易序列号", "id", "k!", "unique within account and day"),
        Column("direction", "方向", "e:direction", "!", "in = credit to the client"),
        Column("amount", "金额", "money", "!", "> 0", low=1),
        Column("currency", "币种", "e:currency", "!"),
        Column("type", "交易类型", "e:txn_type", "!"),
        Column("channel", "交易渠道", "e:txn_channel", "?"),
        Column(
            "status",
            "状态",
            "e:txn_status",
            "!",
            "reversed: 冲补抹; returned and insufficient_funds come from the payment system, not the ledger",
        ),
        Column("balance_after", "账户余额", "money", "?", "for the continuity check"),
        Column("counterparty_id", "对方主体", "id", "?", "parties, when the bank knows it", references="parties"),
        Column("counterparty_name", "对方户名", "text", "?p"),
        Column("counterparty_account", "对方账号", "id", "?", "tokenised"),
        Column("counterparty_bank", "对方行号", "text", "?", "12-digit CNAPS code"),
        Column("summary", "摘要", "text", "?", "at most 200 characters", length=200),
        Column("payee_count", "代发笔数", "int", "?", "payroll rows: persons paid", low=0),
        Column(
            "category",
            "用途分类",
            "e:txn_category",
            "?",
            "null: the pipeline classifies (rules on type, summary, counterparty)",
        ),
    ),
    checks=(
        Check("X2", Action.WARN, "posted up to five days late", "迟至五日内入账", _late(1, LATE_DAYS)),
        Check("X2", Action.ROW, "posted more than five days late", "迟于五日入账", _late(LATE_DAYS + 1, None)),
        Check(
            "X3",
            Action.WARN,
            "the account was not open that day",
            "交易日账户未开立或已销户",
            _not_open,
            needs=("accounts",),
        ),
        Check(
            "X4",
            Action.WARN,
            "the direction does not fit the type",
            "收付方向与交易类型不符",
            pl.col("direction") != pl.col("type").replace_strict(_DIRECTION, default=None, return_dtype=pl.String),
        ),
    ),
    table_checks=(TableCheck("X8", Action.STOP, _empty_working_day, needs=("calendar",)),),
)
