"""loan_status 借据状态: one loan's state on a day, effective until its next row."""

import polars as pl

from expectations.model import Action, Breach, Check, Clean, Column, Delivery, Table, TableCheck

LEDGER_TOLERANCE = 0.0001
FIFTY = 50


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


def _moved_on(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Overdue since a later day than before, though the overdue amount did not fall."""
    states = rows.sort("loan_id", "as_of")

    def before(column: str) -> pl.Expr:
        return pl.col(column).shift(1).over("loan_id")

    later = [
        (pl.col(f"{kind}_overdue_since") > before(f"{kind}_overdue_since"))
        & (pl.col(f"overdue_{kind}") >= before(f"overdue_{kind}"))
        for kind in ("principal", "interest")
    ]
    return states.with_columns(later=pl.any_horizontal(later)).filter("later").select("row_number")


def _off_the_ledger(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """Q6: each currency's newest states do not sum to the general ledger's total (`ledger.CNY` in the manifest)."""
    newest = rows.sort("loan_id", "as_of").group_by("loan_id").agg(pl.col("outstanding").last())
    owned = newest.join(clean["loans"].select("loan_id", "currency"), on="loan_id")
    sums = dict(owned.group_by("currency").agg(pl.col("outstanding").sum()).collect().rows())
    for name, total in (delivery.control_totals or {}).items():
        if name.startswith("ledger.") and abs(sums.get(name[7:], 0) - total) > LEDGER_TOLERANCE * abs(total):
            found = sums.get(name[7:], 0)
            return Breach(
                1, f"sums to {found} {name[7:]}, the general ledger says {total}", f"余额合计{found}，总账为{total}"
            )
    return None


def _hundredfold(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """Most loans were never owed more than a fiftieth of what was drawn, or owed over fifty times that."""
    owed = rows.group_by("loan_id").agg(pl.col("outstanding").max())
    drawn = owed.join(clean["loans"].select("loan_id", "principal"), on="loan_id").filter(pl.col("principal") > 0)
    loans, share = drawn.select(pl.len(), (pl.col("outstanding") / pl.col("principal")).median()).collect().row(0)
    if share is None or 1 / FIFTY < share < FIFTY:
        return None
    return Breach(loans, "principals and outstanding amounts are in different units", "借据金额与余额单位疑似不一致")


TABLE = Table(
    name="loan_status",
    zh="借据状态",
    en="one loan's state on a day, effective until its next row",
    grain_zh="一笔借据某日的状态，至下一条为止有效",
    core=True,
    mode="append",
    dated="as_of",
    stale_after=3,
    money="outstanding",
    columns=(
        Column("loan_id", "借据号", "id", "k!", "loans", "借据", source="H150003", references="loans"),
        Column("as_of", "日期", "date", "k!", source="采集日期"),
        Column("outstanding", "余额", "money", "!", ">= 0", "不小于0", source="H010010"),
        Column("class5", "五级分类", "e:class5", "!", source="H120005 01-05"),
        Column("state", "贷款状态", "e:loan_state", "!", source="H010019 01正常 02核销 03转让 04结清 05逾期"),
        Column("overdue_principal", "欠本金额", "money", "!", ">= 0", "不小于0", source="H150020", low=0),
        Column(
            "overdue_interest",
            "欠息金额",
            "money",
            "!",
            ">= 0, on and off balance sheet",
            "不小于0，含表内与表外",
            source="H150021 + H150022",
            low=0,
        ),
        Column(
            "principal_overdue_since",
            "欠本日期",
            "date",
            "c",
            "required when overdue_principal > 0",
            "欠本金额大于0时必填",
            source="H150023",
            when=pl.col("overdue_principal") > 0,
        ),
        Column(
            "interest_overdue_since",
            "欠息日期",
            "date",
            "c",
            "required when overdue_interest > 0",
            "欠息金额大于0时必填",
            source="H150024",
            when=pl.col("overdue_interest") > 0,
        ),
        Column("extensions", "展期次数", "int", "!", ">= 0", "不小于0", source="F070003", low=0),
        Column("next_due_on", "下期还款日", "date", "?", source="H150008"),
        Column("next_principal", "下期应还本金", "money", "?", source="H150009"),
        Column("next_interest", "下期应还利息", "money", "?", source="H150010"),
    ),
    checks=(
        Check("Q1", Action.ROW, "outstanding is below zero", "余额小于零", pl.col("outstanding") < 0),
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
            alone=True,
        ),
        Check(
            "Q4",
            Action.KEEP,
            "over 90 days overdue and not yet substandard",
            "逾期超过90天仍未列入不良",
            _late_but_normal(),
        ),
        Check(
            "Q7",
            Action.KEEP,
            "overdue since a later day although the overdue amount did not fall",
            "逾期起始日后移而逾期金额未减少",
            _moved_on,
        ),
    ),
    table_checks=(
        TableCheck(
            "HU3",
            Action.WARN,
            "principals and outstanding amounts are in different units",
            "借据金额与余额单位疑似不一致",
            _hundredfold,
            needs=("loans",),
        ),
        TableCheck(
            "Q6",
            Action.STOP,
            "outstanding does not sum to the general ledger's total",
            "余额合计与总账不符",
            _off_the_ledger,
            needs=("loans",),
        ),
    ),
)
