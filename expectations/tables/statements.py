"""statements 财务报表: one filing of one party's statements for one period, scope and version."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

TOLERANCE = 0.005
_MONTHS = {"Y": [12], "H": [6, 12], "Q": [3, 6, 9, 12], "M": list(range(1, 13))}
_SLIPS = (1e-4, 1e-3, 1e3, 1e4)


def _misfit() -> pl.Expr:
    """Months that do not fit the period type, or a period that does not end with its month."""
    fits = [(pl.col("period_type") == kind) & pl.col("months").is_in(months) for kind, months in _MONTHS.items()]
    return ~pl.any_horizontal(fits) | (pl.col("period_end") != pl.col("period_end").dt.month_end())


def _unit_slip(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Total assets a thousandth, a ten-thousandth, a thousand or ten thousand times those of the filing before."""
    filed = rows.sort("party_id", "scope", "period_end", "version")
    before = pl.col("total_assets").shift(1).over("party_id", "scope")
    ratio = pl.col("total_assets") / before
    slips = [((ratio / slip) - 1).abs() <= 0.05 for slip in _SLIPS]
    return filed.with_columns(slip=pl.any_horizontal(slips)).filter("slip").select("row_number")


def _versions_differ(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A second version that differs by 5 % or more from the one before it."""
    period = ["party_id", "period_end", "period_type", "scope"]
    filed = rows.sort(*period, "version")
    lines = ["revenue", "net_profit", "total_assets", "total_liabilities"]
    moved = [
        ((pl.col(line) - pl.col(line).shift(1).over(period)).abs() >= 0.05 * pl.col(line).shift(1).over(period).abs())
        & (pl.col(line).shift(1).over(period) != 0)
        for line in lines
    ]
    return filed.with_columns(moved=pl.any_horizontal(moved)).filter("moved").select("row_number")


TABLE = Table(
    name="statements",
    zh="财务报表",
    en="one filing of one party's statements for one period, scope and version",
    core=True,
    mode="append",
    recorded="received_on",
    columns=(
        Column("party_id", "主体编号", "id", "k!", "client or guarantor", references="parties"),
        Column("period_end", "报表日期", "date", "k!", "a month end"),
        Column("period_type", "报表周期", "e:period_type", "k!"),
        Column("scope", "报表口径", "e:scope", "k!"),
        Column("version", "版本", "int", "k!", "1, 2, ... every filing is kept; never overwritten", low=1),
        Column("months", "累计月数", "int", "!", "1-12; income and cash-flow figures are year to date", low=1, high=12),
        Column("gaap", "会计准则", "e:gaap", "!"),
        Column("currency", "币种", "e:currency", "!"),
        Column("due_on", "应报日期", "date", "?", "contract date; null = computed from reporting_freq"),
        Column("received_on", "收到日期", "date", "!", "for replay"),
        Column("audited", "是否审计", "bool", "!"),
        Column("auditor_id", "审计机构", "id", "?", "parties", references="parties"),
        Column("opinion", "审计意见", "e:opinion", "!", "none when not audited"),
        Column("cash", "货币资金", "money", "?", "balance sheet"),
        Column("trading_assets", "交易性金融资产", "money", "?", "balance sheet"),
        Column("notes_receivable", "应收票据 + 应收款项融资", "money", "?", "balance sheet"),
        Column("accounts_receivable", "应收账款", "money", "?", "balance sheet"),
        Column("prepayments", "预付款项", "money", "?", "balance sheet"),
        Column("other_receivables", "其他应收款", "money", "?", "balance sheet"),
        Column("related_receivables", "其中:应收关联方款项", "money", "?", "note or supplement"),
        Column("inventory", "存货", "money", "?", "balance sheet"),
        Column("contract_assets", "合同资产", "money", "?", "balance sheet"),
        Column("current_assets", "流动资产合计", "money", "?", "balance sheet"),
        Column("long_term_investments", "长期股权投资 + 其他权益工具投资 + 债权投资", "money", "?", "balance sheet"),
        Column("fixed_assets_gross", "固定资产原价", "money", "?", "note or supplement"),
        Column("fixed_assets_net", "固定资产", "money", "?", "balance sheet"),
        Column("construction_in_progress", "在建工程", "money", "?", "balance sheet"),
        Column("intangibles", "无形资产", "money", "?", "balance sheet"),
        Column("land_use_rights", "其中:土地使用权", "money", "?", "note or supplement"),
        Column("goodwill", "商誉", "money", "?", "balance sheet"),
        Column("total_assets", "资产总计", "money", "!", "balance sheet"),
        Column("short_term_loans", "短期借款", "money", "?", "balance sheet"),
        Column("current_portion_debt", "一年内到期的非流动负债", "money", "?", "balance sheet"),
        Column("notes_payable", "应付票据", "money", "?", "balance sheet"),
        Column("accounts_payable", "应付账款", "money", "?", "balance sheet"),
        Column("advances_received", "预收款项 + 合同负债", "money", "?", "balance sheet"),
        Column("current_liabilities", "流动负债合计", "money", "?", "balance sheet"),
        Column("long_term_loans", "长期借款", "money", "?", "balance sheet"),
        Column("bonds_and_leases", "应付债券 + 租赁负债 + 长期应付款", "money", "?", "balance sheet"),
        Column("total_liabilities", "负债合计", "money", "!", "balance sheet"),
        Column("paid_in_capital", "实收资本(股本)", "money", "?", "balance sheet"),
        Column("retained_earnings", "未分配利润", "money", "?", "balance sheet"),
        Column("equity", "所有者权益合计", "money", "!", "balance sheet"),
        Column("revenue", "营业收入", "money", "!", "income, year to date"),
        Column("main_revenue", "其中:主营业务收入", "money", "?", "note or supplement"),
        Column("cogs", "营业成本", "money", "?", "income, year to date"),
        Column("selling_expense", "销售费用", "money", "?", "income, year to date"),
        Column("admin_expense", "管理费用 + 研发费用", "money", "?", "income, year to date"),
        Column("finance_expense", "财务费用", "money", "?", "income, year to date"),
        Column("interest_expense", "其中:利息费用", "money", "?", "income, year to date"),
        Column("investment_income", "投资收益", "money", "?", "income, year to date"),
        Column("impairment_losses", "资产减值损失 + 信用减值损失", "money", "?", "income, year to date"),
        Column("operating_profit", "营业利润", "money", "?", "income, year to date"),
        Column("non_op_income", "营业外收入", "money", "?", "income, year to date"),
        Column("non_op_expense", "营业外支出", "money", "?", "income, year to date"),
        Column("profit_before_tax", "利润总额", "money", "!", "income, year to date"),
        Column("income_tax", "所得税费用", "money", "?", "income, year to date"),
        Column("net_profit", "净利润", "money", "!", "income, year to date"),
        Column("dividends_declared", "对所有者的分配", "money", "?", "note or supplement"),
        Column("cfo", "经营活动产生的现金流量净额", "money", "?", "cash flow, year to date"),
        Column("cfi", "投资活动产生的现金流量净额", "money", "?", "cash flow, year to date"),
        Column("cff", "筹资活动产生的现金流量净额", "money", "?", "cash flow, year to date"),
        Column("sales_cash", "销售商品、提供劳务收到的现金", "money", "?", "cash flow, year to date"),
        Column("tax_paid", "支付的各项税费", "money", "?", "cash flow, year to date"),
        Column("capex", "购建固定资产、无形资产和其他长期资产支付的现金", "money", "?", "cash flow, year to date"),
        Column("fixed_asset_disposal_cash", "处置固定资产等收回的现金净额", "money", "?", "cash flow, year to date"),
        Column("investment_purchases_cash", "投资支付的现金", "money", "?", "cash flow, year to date"),
        Column("investment_disposals_cash", "收回投资收到的现金", "money", "?", "cash flow, year to date"),
        Column(
            "dividends_and_interest_paid", "分配股利、利润或偿付利息支付的现金", "money", "?", "cash flow, year to date"
        ),
        Column("dividends_paid", "其中:分配股利", "money", "?", "note or supplement"),
        Column("interest_paid", "其中:偿付利息", "money", "?", "note or supplement"),
        Column("depreciation", "固定资产折旧", "money", "?", "note or supplement"),
        Column("amortisation", "无形资产摊销 + 长期待摊费用摊销", "money", "?", "note or supplement"),
        Column("payroll", "应付职工薪酬本期计提:工资、奖金", "money", "?", "note or supplement"),
        Column("welfare_accrual", "应付职工薪酬本期计提:福利费等福利基金", "money", "?", "note or supplement"),
    ),
    checks=(
        Check("S1", Action.ROW, "total assets are not above zero", "资产总计不大于零", pl.col("total_assets") <= 0),
        Check(
            "S2",
            Action.ROW,
            "total assets look like another unit than the filing before",
            "资产总计疑似单位错误",
            _unit_slip,
        ),
        Check("S3", Action.ROW, "months and period do not fit", "累计月数与报表周期不符", _misfit()),
        Check(
            "S4",
            Action.ROW,
            "received before its period ended",
            "收到日期早于报表日期",
            pl.col("received_on") < pl.col("period_end"),
        ),
        Check(
            "S5",
            Action.KEEP,
            "assets differ from liabilities and equity",
            "资产与负债及权益之和不相等",
            (pl.col("total_assets") - pl.col("total_liabilities") - pl.col("equity")).abs()
            > TOLERANCE * pl.col("total_assets").abs(),
        ),
        Check(
            "S7",
            Action.WARN,
            "profit before tax less tax is not net profit",
            "利润总额减所得税不等于净利润",
            (pl.col("profit_before_tax") - pl.col("income_tax") - pl.col("net_profit")).abs()
            > 0.01 * pl.col("profit_before_tax").abs(),
        ),
        Check(
            "S10",
            Action.KEEP,
            "differs by 5% or more from the version before",
            "与前一版本相差5%以上",
            _versions_differ,
        ),
        Check(
            "S13",
            Action.WARN,
            "dividends paid repeat the combined line and are left out",
            "分配股利与合并列示项相同，已置空",
            (pl.col("dividends_paid") == pl.col("dividends_and_interest_paid")) & pl.col("interest_paid").is_null(),
            becomes={"dividends_paid": pl.lit(None, pl.Int64)},
        ),
        Check(
            "S14",
            Action.WARN,
            "an opinion without an audit or an auditor",
            "有审计意见但未注明审计或审计机构",
            (pl.col("opinion") != "none") & (~pl.col("audited") | pl.col("auditor_id").is_null()),
        ),
        Check(
            "S15",
            Action.ROW,
            "currency without an exchange rate",
            "币种无可用汇率",
            lambda rows, clean, delivery: rows.filter(pl.col("currency") != delivery.home_currency).select(
                "row_number"
            ),
        ),
    ),
)
