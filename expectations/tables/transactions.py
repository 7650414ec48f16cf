"""transactions 结算交易: one posted or failed payment on a deposit account."""

from collections.abc import Callable

import polars as pl

from expectations.model import Action, Breach, Check, Clean, Column, Delivery, Table, TableCheck

LATE_DAYS = 5
SLIP_LEAST, SLIP_TIMES = 100_000_000_00, 100  # minor units
REVERSED_WITHIN = 30
UNNAMED_SHARE = 0.2
_DIRECTION = {
    "cash_in": "in",
    "loan_disbursement": "in",
    "cash_out": "out",
    "loan_principal": "out",
    "loan_interest": "out",
}
_MANY_A_DAY = 1_000


def _late(late: Callable[[pl.Expr], pl.Expr]) -> Callable[[pl.LazyFrame, Clean, Delivery], pl.LazyFrame]:
    """Rows whose days from booking to delivery are late so; a back-fill is exempt (reading I1)."""

    def rows_late(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
        days = (pl.col("delivered_on") - pl.col("booked_on")).dt.total_days()
        nightly = ~pl.col("delivery").is_in(list(delivery.backfills))
        return rows.filter(late(days) & nightly).select("row_number")

    return rows_late


def _not_open(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Posted before the account was opened or after it was closed."""
    spans = clean["accounts"].select("account_id", "opened_on", "closed_on")
    booked = rows.select("row_number", "account_id", "booked_on").join(spans, on="account_id")
    outside = (pl.col("booked_on") < pl.col("opened_on")) | (pl.col("booked_on") > pl.col("closed_on"))
    return booked.filter(outside).select("row_number")


def _empty_working_day(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """A working day of the last thirty without any row, at a bank with 1,000 a day and more (reading I4)."""
    days = clean["calendar"].filter("is_workday", pl.col("date") <= delivery.as_of).select(booked_on="date")
    counts = rows.group_by("booked_on").agg(n=pl.len())
    recent = days.sort("booked_on").tail(30).join(counts, on="booked_on", how="left").collect()
    if (recent["n"].fill_null(0).median() or 0) < _MANY_A_DAY:  # type: ignore[operator]
        return None
    empty = recent.filter(pl.col("n").is_null())["booked_on"].to_list()
    if not empty:
        return None
    return Breach(len(empty), f"has no row on the working day {empty[0]}", f"工作日{empty[0]}没有任何记录")


def _unit_slip(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """X5: over 100 million yuan and more than 100 times the account's largest amount of the 365 days before."""
    huge = rows.filter(pl.col("amount") > SLIP_LEAST).select("account_id", "booked_on", "amount")
    others = rows.join(huge, on="account_id", how="semi").select("account_id", day="booked_on", other="amount")
    days = (pl.col("booked_on") - pl.col("day")).dt.total_days()
    largest = (
        huge.join(others, on="account_id").filter(days.is_between(1, 365))
        .group_by("account_id", "booked_on", "amount").agg(pl.col("other").max())
    )  # fmt: skip
    slips = largest.filter(pl.col("amount") > SLIP_TIMES * pl.col("other")).select(pl.len()).collect().item()
    return (
        Breach(slips, "over 100 times the account's largest of a year", "超过该账户一年内最大金额100倍")
        if slips
        else None
    )


def _unfound_originals(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """X6: a reversed row without its original (same account and amount, other direction or booked before) in 30 days."""
    reversed_ = rows.filter(pl.col("status") == "reversed").select(
        "account_id", "amount", "txn_id", back_on="booked_on"
    )
    booked = rows.filter(pl.col("status") == "ok").select("account_id", "amount", "booked_on")
    days = (pl.col("back_on") - pl.col("booked_on")).dt.total_days()
    matched = reversed_.join(booked, on=["account_id", "amount"]).filter(days.is_between(0, REVERSED_WITHIN))
    lost = reversed_.join(matched, on=["account_id", "txn_id", "back_on"], how="anti").select(pl.len()).collect().item()
    return Breach(lost, "reversed without an original within 30 days", "冲补抹找不到30日内的原交易") if lost else None


def unnamed(transactions: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Clients more than 20 % of whose transfers name no counterparty (check X7): client_id."""
    transfers = transactions.filter(pl.col("type") == "transfer").group_by("account_id")
    counted = transfers.agg(rows=pl.len(), unnamed=pl.col("counterparty_name").is_null().sum())
    owned = counted.join(accounts.select("account_id", "client_id"), on="account_id").group_by("client_id")
    shares = owned.agg(pl.col("unnamed").sum() / pl.col("rows").sum())
    return shares.filter(pl.col("unnamed") > UNNAMED_SHARE).select("client_id")


TABLE = Table(
    name="transactions",
    zh="结算交易",
    en="one posted or failed payment on a deposit account",
    grain_zh="存款账户上一笔已入账或失败的收付",
    core=True,
    mode="append",
    dated="booked_on",
    stale_after=1,
    money="amount",
    months="booked_on",
    reads={"accounts": ("account_id", "client_id", "opened_on", "closed_on"), "parties": ("party_id",)},
    columns=(
        Column("account_id", "账号", "id", "k!", "accounts", "存款账户", source="分户账号 FHZH", references="accounts"),
        Column("booked_on", "核心交易日期", "date", "k!", source="核心交易日期"),
        Column(
            "txn_id",
            "交易序列号",
            "id",
            "k!",
            "unique within account and day",
            "同一账户同一天内唯一",
            source="交易ID JYID",
        ),
        Column(
            "direction",
            "方向",
            "e:direction",
            "!",
            "in = credit to the client",
            "in表示客户收款",
            source="借贷标识 01借=out 02贷=in",
        ),
        Column("amount", "金额", "money", "!", "> 0", "大于0", source="交易金额 JYJE"),
        Column("currency", "币种", "e:currency", "!", source="币种 BZ"),
        Column(
            "type",
            "交易类型",
            "e:txn_type",
            "!",
            source="账户交易类型 01转账 02取现 03存现 04消费 05代发 06代扣 07代缴 08结息 09批量 10贷款发放 11贷款还本 12贷款还息 13银证 14投资理财 00其他",
        ),
        Column(
            "channel",
            "交易渠道",
            "e:txn_channel",
            "?",
            source="交易渠道 01柜面 02ATM 03VTM 04POS 05网银 06手机 07第三方 08银联 00其他",
        ),
        Column(
            "status",
            "状态",
            "e:txn_status",
            "!",
            "reversed: 冲补抹; returned and insufficient_funds come from the payment system, not the ledger",
            "reversed为冲补抹；returned与insufficient_funds来自支付系统而非账务",
            source="冲补抹标识 02",
        ),
        Column(
            "balance_after",
            "账户余额",
            "money",
            "?",
            "for the continuity check",
            "用于余额连续性校验",
            source="账户余额 ZHYE",
        ),
        Column(
            "counterparty_id",
            "对方主体",
            "id",
            "?",
            "parties, when the bank knows it",
            "主体，银行能识别时填写",
            references="parties",
        ),
        Column("counterparty_name", "对方户名", "text", "?p", source="对方户名"),
        Column("counterparty_account", "对方账号", "id", "?", "tokenised", "令牌化", source="对方账号 DFZH"),
        Column(
            "counterparty_bank",
            "对方行号",
            "text",
            "?",
            "12-digit CNAPS code",
            "12位支付系统行号",
            source="对方账号行号 DFZHHH",
        ),
        Column(
            "summary", "摘要", "text", "?", "at most 200 characters", "最长200字", source="交易摘要 JYZY", length=200
        ),
        Column(
            "payee_count",
            "代发笔数",
            "int",
            "?",
            "payroll rows: persons paid",
            "代发记录：代发人数",
            source="payroll system",
            low=0,
        ),
        Column(
            "category",
            "用途分类",
            "e:txn_category",
            "?",
            "null: the pipeline classifies (rules on type, summary, counterparty)",
            "空则由系统分类（依据类型、摘要、对方户名）",
            source="computed",
        ),
    ),
    checks=(
        Check("X1", Action.ROW, "the amount is not above zero", "金额不大于零", pl.col("amount") <= 0),
        Check(
            "X2",
            Action.WARN,
            "posted up to five days late",
            "迟至五日内入账",
            _late(lambda days: days.is_between(1, LATE_DAYS)),
        ),
        Check(
            "X2",
            Action.ROW,
            "posted more than five days late",
            "迟于五日入账",
            _late(lambda days: ~days.is_between(0, LATE_DAYS)),  # a day still to come is none it can be posted on
            alone=True,
        ),
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
    table_checks=(
        TableCheck(
            "X5",
            Action.WARN,
            "over 100 million and over 100 times the account's largest of a year",
            "金额超过1亿元且超过该账户一年内最大金额100倍",
            _unit_slip,
        ),
        TableCheck(
            "X6",
            Action.WARN,
            "reversed without an original within 30 days",
            "冲补抹找不到30日内的原交易",
            _unfound_originals,
        ),
        TableCheck(
            "X8",
            Action.STOP,
            "a working day without any row",
            "工作日没有任何记录",
            _empty_working_day,
            needs=("calendar",),
        ),
    ),
)
