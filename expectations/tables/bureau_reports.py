"""bureau_reports 征信报告: what other lenders report about a client on a day."""

import polars as pl

from expectations.model import Action, Check, Column, Table

TABLE = Table(
    name="bureau_reports",
    zh="征信报告",
    en="what other lenders report about a client on a day",
    grain_zh="某日其他贷款机构对某客户的记录",
    core=False,
    mode="append",
    dated="report_on",
    stale_after=95,
    columns=(
        Column(
            "client_id",
            "客户编号",
            "id",
            "k!",
            "clients or guarantors (parties)",
            "客户或保证人（主体）",
            source="征信前置文件",
            references="parties",
        ),
        Column("report_on", "报告日期", "date", "k!"),
        Column("worst_class", "最差五级分类", "e:class5", "!", "over all lenders", "所有贷款机构中最差的分类"),
        Column("other_bank_balance", "他行贷款余额", "money", "!", low=0),
        Column("other_bank_count", "他行家数", "int", "!", low=0),
        Column(
            "nonbank_balance",
            "非银借款余额",
            "money",
            "!",
            "trust, leasing, microloan, factoring",
            "信托、租赁、小贷、保理",
            low=0,
        ),
        Column("overdue_amount", "逾期余额", "money", "!", low=0),
        Column("guarantees_given", "对外担保余额", "money", "!", low=0),
        Column("moral_flag", "失信类标识", "e:moral_flag", "!"),
    ),
    checks=(
        Check(
            "R1",
            Action.WARN,
            "overdue with a normal class, or a balance without a lender",
            "有逾期而分类正常，或有余额而无贷款机构",
            ((pl.col("overdue_amount") > 0) & (pl.col("worst_class") == "normal"))
            | ((pl.col("other_bank_count") == 0) & (pl.col("other_bank_balance") > 0)),
        ),
    ),
)
