"""balances 账户日终余额: end-of-day balance, effective until the account's next row."""

from datetime import date, timedelta

import polars as pl

from expectations.model import Action, Breach, Clean, Column, Delivery, Table, TableCheck

TOLD_SHARE, STOP_SHARE = 0.01, 0.10
RECENT_DAYS = 35


def _moved(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Accounts that moved, and whether a change of balance is not what was booked since the row before.

    A balance holds until the account's next row, so what is booked after its last one, up to the newest day of all, is a
    change that was not delivered. Of a first load all days are looked at, then the last 35.
    """
    newest = rows.select(pl.col("date").max()).collect().item()
    since = date.min if delivery.newest in delivery.backfills else delivery.as_of - timedelta(days=RECENT_DAYS)
    inward = pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))
    booked = (
        clean["transactions"].filter(pl.col("status").is_in(["ok", "reversed"]), pl.col("booked_on").is_between(since, newest))
        .group_by("account_id", date="booked_on").agg(moved=inward.sum())
        .sort("account_id", "date").with_columns(booked=pl.col("moved").cum_sum().over("account_id"))
    )  # fmt: skip
    known = (
        rows.filter(pl.col("date") >= since)
        .sort("date")
        .join_asof(
            booked.select("account_id", "date", "booked").sort("date"),
            on="date",
            by="account_id",
            check_sortedness=False,
        )
    )
    step = pl.col("balance").diff()  # rows stand by date, in a group too
    flow = pl.col("booked").fill_null(0).diff()
    accounts = known.group_by("account_id").agg(
        wrong=((step - flow) != 0).any(), known=pl.col("booked").fill_null(0).last()
    )
    ends = booked.group_by("account_id").agg(end=pl.col("booked").last())
    unsaid = pl.col("end").fill_null(0) != pl.col("known")
    return accounts.join(ends, on="account_id", how="left").select("account_id", wrong=pl.col("wrong") | unsaid)


def _continuity(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """More than one account in ten does not add up: balances and transactions are not of one bank."""
    share = _share(rows, clean, delivery)
    if share <= STOP_SHARE:
        return None
    return Breach(
        1, f"does not add up with the transactions on {share:.0%} of the accounts", f"{share:.0%}的账户余额与交易不符"
    )


def _told(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """More than one account in a hundred does not add up."""
    share = _share(rows, clean, delivery)
    if share <= TOLD_SHARE:
        return None
    return Breach(
        1, f"does not add up with the transactions on {share:.1%} of the accounts", f"{share:.1%}的账户余额与交易不符"
    )


def _share(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> float:
    wrong = _moved(rows, clean, delivery).select(pl.col("wrong").mean()).collect().item()
    return float(wrong or 0.0)


def _overdrawn(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """Z2: a negative balance of a client that has no overdraft line."""
    lines = clean["facilities"].filter(pl.col("product") == "overdraft").select("client_id")
    owned = clean["accounts"].join(lines, on="client_id", how="anti").select("account_id")
    bad = rows.filter(pl.col("balance") < 0).join(owned, on="account_id", how="semi").select(pl.len()).collect().item()
    return Breach(bad, "negative without an overdraft line", "无透支额度而余额为负") if bad else None


TABLE = Table(
    name="balances",
    zh="账户日终余额",
    en="end-of-day balance, effective until the account's next row",
    grain_zh="日终余额，至该账户下一条为止有效",
    core=True,
    mode="append",
    dated="date",
    stale_after=3,
    money="balance",
    months="date",
    reads={"accounts": ("account_id", "client_id")},
    columns=(
        Column("account_id", "账号", "id", "k!", "accounts", "存款账户", references="accounts"),
        Column("date", "日期", "date", "k!", source="采集日期"),
        Column(
            "balance", "余额", "money", "!", "may be negative for overdrafts", "透支时可为负", source="H140013 存款余额"
        ),
    ),
    table_checks=(
        TableCheck(
            "Z1",
            Action.STOP,
            "balances of over 10% of the accounts do not follow from the transactions",
            "10%以上的账户余额与交易不符",
            _continuity,
            needs=("transactions",),
        ),
        TableCheck(
            "Z1",
            Action.WARN,
            "balances of over 1% of the accounts do not follow from the transactions",
            "1%以上的账户余额与交易不符",
            _told,
            needs=("transactions",),
        ),
        TableCheck(
            "Z2",
            Action.WARN,
            "negative without an overdraft line",
            "无透支额度而余额为负",
            _overdrawn,
            needs=("accounts", "facilities"),
        ),
    ),
)
