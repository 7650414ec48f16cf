"""loans 借据: one drawdown or off-balance-sheet item (acceptance, letter of credit, guarantee)."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

_OFF_BALANCE = ["acceptance", "letter_of_credit", "guarantee_issued", "commitment", "entrusted"]


def _foreign_entry(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Drawn by the client itself into an account of somebody else."""
    owners = clean["accounts"].select(entry_account_id="account_id", owner="client_id")
    drawn = rows.filter(pl.col("pay_mode") == "self").join(owners, on="entry_account_id")
    return drawn.filter(pl.col("owner") != pl.col("client_id")).select("row_number")


TABLE = Table(
    name="loans",
    zh="借据",
    en="one drawdown or off-balance-sheet item (acceptance, letter of credit, guarantee)",
    core=True,
    mode="snapshot",
    stale_after=3,
    columns=(
        Column("loan_id", "借据号", "id", "k!"),
        Column("client_id", "客户编号", "id", "!", "clients", references="clients"),
        Column("facility_id", "授信编号", "id", "?", "facilities", references="facilities"),
        Column("product", "业务种类", "e:credit_product", "!"),
        Column("on_balance", "表内", "bool", "!"),
        Column("principal", "发放金额", "money", "!", "> 0", low=1),
        Column("currency", "币种", "e:currency", "!"),
        Column("disbursed_on", "发放日期", "date", "!"),
        Column("matures_on", "到期日期", "date", "!"),
        Column("rate_kind", "利率类型", "e:rate_kind", "!"),
        Column("rate", "执行利率", "ratio", "?", "0 to 0.36", low=0, high=0.36),
        Column("purpose", "用途", "e:purpose", "!"),
        Column("guarantee_mode", "担保方式", "e:guarantee_mode", "!"),
        Column("grant_kind", "发放类型", "e:grant_kind", "!"),
        Column("pay_mode", "支付方式", "e:pay_mode", "?"),
        Column(
            "entry_account_id",
            "入账账号",
            "id",
            "?",
            "accounts; the money trail for ADD-06 starts here",
            references="accounts",
        ),
        Column("prior_loan_id", "上笔借据", "id", "?", "loans", references="loans"),
    ),
    checks=(
        Check(
            "N1",
            Action.ROW,
            "matures before it was drawn",
            "到期日不晚于发放日",
            pl.col("matures_on") <= pl.col("disbursed_on"),
        ),
        Check(
            "N2",
            Action.WARN,
            "entered an account of another client",
            "入账账户属于其他客户",
            _foreign_entry,
            needs=("accounts",),
        ),
        Check(
            "N3",
            Action.WARN,
            "an off-balance-sheet product marked as on balance",
            "表外业务标为表内",
            pl.col("product").is_in(_OFF_BALANCE) & pl.col("on_balance"),
        ),
    ),
)
