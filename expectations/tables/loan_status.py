"""loan_status 借据状态: one loan's state on a day, effective until its next row."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table


def _over_principal(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Outstanding more than 5 % above what was drawn."""
    drawn = rows.join(clean["loans"].select("loan_id", "principal"), on="loan_id")
    return drawn.filter(pl.col("outstanding") > 1.05 * pl.col("principal")).select("row_number")


def _overdue_out_of_time(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Overdue since a day before the loan was drawn, or after the row's own day."""
    drawn = rows.join(clean["loans"].select("loan_id", "disbursed_on"), on="loan_id")
    since = [pl.col(f"{kind}_overdue_since") for kind in ("principal", "interest")]
    wrong = [(day < pl.col("disbursed_on")) | (day > pl.col("as_of")) for day in since]
    return drawn.filter(pl.any_horizontal(wrong)).select("row_number")


def _late_but_normal() -> pl.Expr:
    """More than 90 days overdue and not yet substandard."""
    late = [
        (pl.col("as_of") - pl.col(f"{kind}_overdue_since")).dt.total_days() > 90 for kind in ("principal", "interest")
    ]
    return pl.any_horizontal(late) & pl.col("class5").is_in(["normal", "special_mention"])


TABLE = Table(
    name="loan_status",
    zh="借据状态",
    en="one loan's state on a day, effective until its next row",
    core=True,
    mode="append",
    stale_after=3,
    money="outstanding",
    columns=(
        Column("loan_id", "借据号", "id", "k!", "loans", references="loans"),
        Column("as_of", "日期", "date", "k!"),
        Column("outstanding", "余额", "money", "!", ">= 0", low=0),
        Column("class5", "五级分类", "e:class5", "!"),
        Column("state", "贷款状态", "e:loan_state", "!"),
        Column("overdue_principal", "欠本金额", "money", "!", ">= 0", low=0),
        Column("overdue_interest", "欠息金额", "money", "!", ">= 0, on and off balance sheet", low=0),
        Column(
            "principal_overdue_since",
            "欠本日期",
            "date",
            "c",
            "required when overdue_principal > 0",
            when=pl.col("overdue_principal") > 0,
        ),
        Column(
            "interest_overdue_since",
            "欠息日期",
            "date",
            "c",
            "required when overdue_interest > 0",
            when=pl.col("overdue_interest") > 0,
        ),
        Column("extensions", "展期次数", "int", "!", ">= 0", low=0),
        Column("next_due_on", "下期还款日", "date", "?"),
        Column("next_principal", "下期应还本金", "money", "?"),
        Column("next_interest", "下期应还利息", "money", "?"),
    ),
    checks=(
        Check(
            "Q1",
            Action.WARN,
            "outstanding exceeds the principal by more than 5%",
            "余额超过发放金额5%以上",
            _over_principal,
            needs=("loans",),
        ),
        Check(
            "Q2",
            Action.ROW,
            "an overdue date without an overdue amount",
            "有逾期日期而无逾期金额",
            ((pl.col("overdue_principal") <= 0) & pl.col("principal_overdue_since").is_not_null())
            | ((pl.col("overdue_interest") <= 0) & pl.col("interest_overdue_since").is_not_null()),
        ),
        Check(
            "Q3",
            Action.ROW,
            "overdue before it was drawn or after its own day",
            "逾期日期早于发放日或晚于数据日期",
            _overdue_out_of_time,
            needs=("loans",),
        ),
        Check(
            "Q4",
            Action.KEEP,
            "over 90 days overdue and not yet substandard",
            "逾期超过90天仍未列入不良",
            _late_but_normal(),
        ),
    ),
)
