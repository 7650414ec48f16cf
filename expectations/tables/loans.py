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
    grain_zh="一笔提款或表外业务（承兑、信用证、保函）",
    core=True,
    mode="snapshot",
    stale_after=3,
    columns=(
        Column("loan_id", "借据号", "id", "k!", source="F270001 借据ID"),
        Column("client_id", "客户编号", "id", "!", "clients", "客户", source="F270002", references="clients"),
        Column(
            "facility_id", "授信编号", "id", "?", "facilities", "授信额度", source="F020064", references="facilities"
        ),
        Column(
            "product",
            "业务种类",
            "e:credit_product",
            "!",
            source="F270025 01流贷 02法透 03项目 04银团 05固贷 14贴现 19垫款 20委托",
        ),
        Column("on_balance", "表内", "bool", "!"),
        Column("principal", "发放金额", "money", "!", "> 0", "大于0", source="F270009"),
        Column("currency", "币种", "e:currency", "!", source="F270006"),
        Column("disbursed_on", "发放日期", "date", "!", source="F270016"),
        Column("matures_on", "到期日期", "date", "!", source="F270018"),
        Column("rate_kind", "利率类型", "e:rate_kind", "!", source="F270060 02 LPR"),
        Column("rate", "执行利率", "ratio", "?", "0 to 0.36", "0至0.36", source="H010021 实际利率", low=0, high=0.36),
        Column("purpose", "用途", "e:purpose", "!", source="F270019 借据用途"),
        Column("guarantee_mode", "担保方式", "e:guarantee_mode", "!", source="F020065"),
        Column("grant_kind", "发放类型", "e:grant_kind", "!", source="F270010 01新增 02借新还旧 03重组 04无还本续贷"),
        Column("pay_mode", "支付方式", "e:pay_mode", "?", source="F270037 01自主 02受托 03混合"),
        Column(
            "entry_account_id",
            "入账账号",
            "id",
            "?",
            "accounts; the money trail for ADD-06 starts here",
            "存款账户；ADD-06的资金流向由此开始",
            source="F270011",
            references="accounts",
        ),
        Column("prior_loan_id", "上笔借据", "id", "?", "loans", "借据", source="F270067", references="loans"),
    ),
    checks=(
        Check("N1", Action.ROW, "nothing was drawn", "发放金额不大于零", pl.col("principal") <= 0),
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
