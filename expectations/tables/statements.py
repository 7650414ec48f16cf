"""statements 财务报表: one filing of one party's statements for one period, scope and version."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

TOLERANCE = 0.005
_MONTHS = {"Y": [12], "H": [6, 12], "Q": [3, 6, 9, 12], "M": list(range(1, 13))}
_SLIPS = (1e-4, 1e-3, 1e3, 1e4)
HUNDREDFOLD = (1e-2, 1e2)  # yuan and fen
PERIOD = ["party_id", "period_end", "period_type", "scope"]
CURRENT = [
    "cash",
    "trading_assets",
    "notes_receivable",
    "accounts_receivable",
    "prepayments",
    "other_receivables",
    "inventory",
    "contract_assets",
]
NON_CURRENT = ["long_term_investments", "fixed_assets_net", "construction_in_progress", "intangibles", "goodwill"]
THIN_SHARE = 0.6
# The lines the catalogue's rules read (its feed `financials`).
RULE_LINES = [
    "cash", "accounts_receivable", "related_receivables", "other_receivables", "inventory", "current_assets",
    "long_term_investments", "fixed_assets_gross", "fixed_assets_net", "construction_in_progress", "intangibles",
    "land_use_rights", "goodwill", "total_assets", "short_term_loans", "notes_payable", "accounts_payable",
    "current_liabilities", "long_term_loans", "total_liabilities", "paid_in_capital", "equity", "revenue", "main_revenue",
    "cogs", "selling_expense", "admin_expense", "finance_expense", "interest_expense", "investment_income",
    "non_op_income", "non_op_expense", "profit_before_tax", "net_profit", "dividends_declared", "depreciation",
    "amortisation", "payroll", "welfare_accrual", "cfo", "cfi", "cff", "capex", "fixed_asset_disposal_cash",
    "investment_purchases_cash", "investment_disposals_cash", "dividends_paid",
]  # fmt: skip


def _misfit() -> pl.Expr:
    """Months that do not fit the period type or the calendar month, or a period that does not end with its month."""
    end, months = pl.col("period_end"), pl.col("months")
    fits = [(pl.col("period_type") == kind) & months.is_in(fitting) for kind, fitting in _MONTHS.items()]
    return ~pl.any_horizontal(fits) | (months != end.dt.month()) | (end != end.dt.month_end())


def _unit_slip(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Total assets a thousandth, a ten-thousandth, a thousand or ten thousand times those of the filing before."""
    return _slipped(rows).select("row_number")


def _hundredfold(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Total assets a hundredth or a hundred times those of the filing before."""
    return _slipped(rows, HUNDREDFOLD).select("row_number")


def _slipped(rows: pl.LazyFrame, factors: tuple[float, ...] = _SLIPS) -> pl.LazyFrame:
    """Filings in another unit; the one after such a filing slips back to the right unit, so of a run every other one is."""
    one = ["party_id", "scope"]
    filed = rows.sort(*one, "period_end", "version")
    ratio = pl.col("total_assets") / pl.col("total_assets").shift(1).over(one)
    slips = [((ratio / slip) - 1).abs().round(9) <= 0.05 for slip in factors]
    jumped = filed.with_columns(jump=pl.any_horizontal(slips).fill_null(value=False))
    run = jumped.with_columns(run=pl.col("jump").rle_id().over(one))
    return run.filter("jump").filter(pl.int_range(pl.len()).over(*one, "run") % 2 == 0)


def _unit_uncorrected(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A filing in another unit that no later version of its period has put right."""
    slipped = _slipped(rows)
    right = rows.join(slipped, on="row_number", how="anti").group_by(PERIOD).agg(latest=pl.col("version").max())
    known = slipped.join(right, on=PERIOD, how="left")
    return known.filter((pl.col("latest") <= pl.col("version")).fill_null(value=True)).select("row_number")


def _versions_differ(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A second version that differs by 5 % or more from the one before it."""
    filed = rows.sort(*PERIOD, "version")
    lines = ["revenue", "net_profit", "total_assets", "total_liabilities"]
    moved = [
        ((pl.col(line) - pl.col(line).shift(1).over(PERIOD)).abs() >= 0.05 * pl.col(line).shift(1).over(PERIOD).abs())
        & (pl.col(line).shift(1).over(PERIOD) != 0)
        for line in lines
    ]
    return filed.with_columns(moved=pl.any_horizontal(moved)).filter("moved").select("row_number")


def _parts_exceed() -> pl.Expr:
    """Current items above current assets, listed assets above total assets, or current liabilities above all."""
    current, total = pl.col("current_assets"), pl.col("total_assets")
    listed = [pl.sum_horizontal(CURRENT), pl.sum_horizontal("current_assets", *NON_CURRENT)]
    whole = [current, total, pl.col("total_liabilities")]
    parts = [*listed, pl.col("current_liabilities")]
    return pl.any_horizontal(w < (1 - TOLERANCE) * p for w, p in zip(whole, parts, strict=True))


def _revenue_falls(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Year-to-date revenue below 98 % of that of the filing before in the same year and version."""
    year = [pl.col("party_id"), pl.col("scope"), pl.col("version"), pl.col("period_end").dt.year()]
    filed = rows.sort("party_id", "scope", "version", "period_end", "months")
    before, months = (pl.col(name).shift(1).over(year) for name in ("revenue", "months"))
    falls = (pl.col("revenue") < 0.98 * before) & (pl.col("months") > months)
    return filed.with_columns(falls=falls).filter("falls").select("row_number")


def _cash_gap(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """The three cash flows differ from the change of cash since the year's start by over 2 % of total assets."""
    opening = (
        rows.filter(pl.col("months") == 12).sort("version")
        .group_by("party_id", "scope", start="period_end").agg(opening=pl.col("cash").last())
    )  # fmt: skip
    start = pl.col("period_end").dt.offset_by(pl.format("-{}mo", "months")).dt.month_end()
    opened = rows.with_columns(start=start).join(opening, on=["party_id", "scope", "start"])
    gap = pl.col("cfo") + pl.col("cfi") + pl.col("cff") - (pl.col("cash") - pl.col("opening"))
    return opened.filter(gap.abs() > 0.02 * pl.col("total_assets")).select("row_number")


def _version_skipped(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A version that does not follow the one before it."""
    filed = rows.sort(*PERIOD, "version")
    before = pl.col("version").shift(1).over(PERIOD).fill_null(0)
    return filed.with_columns(before=before).filter(pl.col("version") != pl.col("before") + 1).select("row_number")


def _thin(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """An enterprise's filing that holds less than 60 % of the lines rules read; others' rules read the required lines."""
    kinds = clean["clients"].select(party_id="client_id", client_kind="client_kind")
    given = pl.mean_horizontal(pl.col(line).is_not_null() for line in RULE_LINES)
    filed = rows.join(kinds, on="party_id").filter(pl.col("client_kind") == "enterprise")
    return filed.filter(given < THIN_SHARE).select("row_number")


def _no_rate(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Another currency than the home currency, without its rate of the seven days up to the period's end."""
    foreign = rows.filter(pl.col("currency") != delivery.home_currency)
    if "series" not in clean:
        return foreign.select("row_number")
    fixed = clean["series"].filter(pl.col("subject_kind") == "fx", pl.col("indicator") == "mid_rate")
    rates = fixed.select(pair="subject_code", fixed_on="period_end").unique()
    dated = foreign.with_columns(pair=pl.concat_str("currency", pl.lit(delivery.home_currency))).join(rates, on="pair")
    near = (pl.col("period_end") - pl.col("fixed_on")).dt.total_days().is_between(0, 7)
    return foreign.join(dated.filter(near), on="row_number", how="anti").select("row_number")


TABLE = Table(
    name="statements",
    zh="财务报表",
    en="one filing of one party's statements for one period, scope and version",
    grain_zh="某主体某期间、某口径、某版本的一次报表报送",
    core=True,
    mode="append",
    recorded="received_on",
    columns=(
        Column(
            "party_id",
            "主体编号",
            "id",
            "k!",
            "client or guarantor",
            "客户或保证人",
            source="B060001",
            references="parties",
        ),
        Column("period_end", "报表日期", "date", "k!", "a month end", "月末日", source="B060004"),
        Column("period_type", "报表周期", "e:period_type", "k!", source="B060020"),
        Column("scope", "报表口径", "e:scope", "k!", source="B060007"),
        Column(
            "version",
            "版本",
            "int",
            "k!",
            "1, 2, ... every filing is kept; never overwritten",
            "1、2……每次报送均保留，从不覆盖",
            source="B060021 编号",
            low=1,
        ),
        Column(
            "months",
            "累计月数",
            "int",
            "!",
            "1-12; income and cash-flow figures are year to date",
            "1至12；利润表与现金流量表为本年累计数",
            low=1,
            high=12,
        ),
        Column("gaap", "会计准则", "e:gaap", "!"),
        Column("currency", "币种", "e:currency", "!", source="B060008"),
        Column(
            "due_on",
            "应报日期",
            "date",
            "?",
            "contract date; null = computed from reporting_freq",
            "合同约定日；空则按报送频率推算",
            source="credit contract",
        ),
        Column("received_on", "收到日期", "date", "!", "for replay", "用于回放", source="credit system"),
        Column("audited", "是否审计", "bool", "!", source="B060005"),
        Column("auditor_id", "审计机构", "id", "?", "parties", "主体", source="B060006", references="parties"),
        Column("opinion", "审计意见", "e:opinion", "!", "none when not audited", "未审计时为none"),
        Column("cash", "货币资金", "money", "?", "balance sheet", "资产负债表"),
        Column("trading_assets", "交易性金融资产", "money", "?", "balance sheet", "资产负债表"),
        Column("notes_receivable", "应收票据 + 应收款项融资", "money", "?", "balance sheet", "资产负债表"),
        Column("accounts_receivable", "应收账款", "money", "?", "balance sheet", "资产负债表", source="B060016"),
        Column("prepayments", "预付款项", "money", "?", "balance sheet", "资产负债表"),
        Column("other_receivables", "其他应收款", "money", "?", "balance sheet", "资产负债表", source="B060017"),
        Column("related_receivables", "其中:应收关联方款项", "money", "?", "note or supplement", "附注或补充资料"),
        Column("inventory", "存货", "money", "?", "balance sheet", "资产负债表", source="B060014"),
        Column("contract_assets", "合同资产", "money", "?", "balance sheet", "资产负债表"),
        Column("current_assets", "流动资产合计", "money", "?", "balance sheet", "资产负债表", source="B060018"),
        Column(
            "long_term_investments",
            "长期股权投资 + 其他权益工具投资 + 债权投资",
            "money",
            "?",
            "balance sheet",
            "资产负债表",
        ),
        Column("fixed_assets_gross", "固定资产原价", "money", "?", "note or supplement", "附注或补充资料"),
        Column("fixed_assets_net", "固定资产", "money", "?", "balance sheet", "资产负债表"),
        Column("construction_in_progress", "在建工程", "money", "?", "balance sheet", "资产负债表"),
        Column("intangibles", "无形资产", "money", "?", "balance sheet", "资产负债表"),
        Column("land_use_rights", "其中:土地使用权", "money", "?", "note or supplement", "附注或补充资料"),
        Column("goodwill", "商誉", "money", "?", "balance sheet", "资产负债表"),
        Column("total_assets", "资产总计", "money", "!", "balance sheet", "资产负债表", source="B060009"),
        Column("short_term_loans", "短期借款", "money", "?", "balance sheet", "资产负债表"),
        Column("current_portion_debt", "一年内到期的非流动负债", "money", "?", "balance sheet", "资产负债表"),
        Column("notes_payable", "应付票据", "money", "?", "balance sheet", "资产负债表"),
        Column("accounts_payable", "应付账款", "money", "?", "balance sheet", "资产负债表"),
        Column("advances_received", "预收款项 + 合同负债", "money", "?", "balance sheet", "资产负债表"),
        Column("current_liabilities", "流动负债合计", "money", "?", "balance sheet", "资产负债表", source="B060019"),
        Column("long_term_loans", "长期借款", "money", "?", "balance sheet", "资产负债表"),
        Column("bonds_and_leases", "应付债券 + 租赁负债 + 长期应付款", "money", "?", "balance sheet", "资产负债表"),
        Column("total_liabilities", "负债合计", "money", "!", "balance sheet", "资产负债表", source="B060010"),
        Column("paid_in_capital", "实收资本(股本)", "money", "?", "balance sheet", "资产负债表"),
        Column("retained_earnings", "未分配利润", "money", "?", "balance sheet", "资产负债表"),
        Column("equity", "所有者权益合计", "money", "!", "balance sheet", "资产负债表"),
        Column("revenue", "营业收入", "money", "!", "income, year to date", "利润表，本年累计"),
        Column(
            "main_revenue", "其中:主营业务收入", "money", "?", "note or supplement", "附注或补充资料", source="B060013"
        ),
        Column("cogs", "营业成本", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("selling_expense", "销售费用", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("admin_expense", "管理费用 + 研发费用", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("finance_expense", "财务费用", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("interest_expense", "其中:利息费用", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("investment_income", "投资收益", "money", "?", "income, year to date", "利润表，本年累计"),
        Column(
            "impairment_losses", "资产减值损失 + 信用减值损失", "money", "?", "income, year to date", "利润表，本年累计"
        ),
        Column("operating_profit", "营业利润", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("non_op_income", "营业外收入", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("non_op_expense", "营业外支出", "money", "?", "income, year to date", "利润表，本年累计"),
        Column("profit_before_tax", "利润总额", "money", "!", "income, year to date", "利润表，本年累计"),
        Column("income_tax", "所得税费用", "money", "?", "income, year to date", "利润表，本年累计", source="B060011"),
        Column("net_profit", "净利润", "money", "!", "income, year to date", "利润表，本年累计", source="B060012"),
        Column("dividends_declared", "对所有者的分配", "money", "?", "note or supplement", "附注或补充资料"),
        Column("cfo", "经营活动产生的现金流量净额", "money", "?", "cash flow, year to date", "现金流量表，本年累计"),
        Column("cfi", "投资活动产生的现金流量净额", "money", "?", "cash flow, year to date", "现金流量表，本年累计"),
        Column("cff", "筹资活动产生的现金流量净额", "money", "?", "cash flow, year to date", "现金流量表，本年累计"),
        Column(
            "sales_cash",
            "销售商品、提供劳务收到的现金",
            "money",
            "?",
            "cash flow, year to date",
            "现金流量表，本年累计",
        ),
        Column("tax_paid", "支付的各项税费", "money", "?", "cash flow, year to date", "现金流量表，本年累计"),
        Column(
            "capex",
            "购建固定资产、无形资产和其他长期资产支付的现金",
            "money",
            "?",
            "cash flow, year to date",
            "现金流量表，本年累计",
        ),
        Column(
            "fixed_asset_disposal_cash",
            "处置固定资产等收回的现金净额",
            "money",
            "?",
            "cash flow, year to date",
            "现金流量表，本年累计",
        ),
        Column(
            "investment_purchases_cash",
            "投资支付的现金",
            "money",
            "?",
            "cash flow, year to date",
            "现金流量表，本年累计",
        ),
        Column(
            "investment_disposals_cash",
            "收回投资收到的现金",
            "money",
            "?",
            "cash flow, year to date",
            "现金流量表，本年累计",
        ),
        Column(
            "dividends_and_interest_paid",
            "分配股利、利润或偿付利息支付的现金",
            "money",
            "?",
            "cash flow, year to date",
            "现金流量表，本年累计",
        ),
        Column("dividends_paid", "其中:分配股利", "money", "?", "note or supplement", "附注或补充资料"),
        Column("interest_paid", "其中:偿付利息", "money", "?", "note or supplement", "附注或补充资料"),
        Column("depreciation", "固定资产折旧", "money", "?", "note or supplement", "附注或补充资料"),
        Column("amortisation", "无形资产摊销 + 长期待摊费用摊销", "money", "?", "note or supplement", "附注或补充资料"),
        Column("payroll", "应付职工薪酬本期计提:工资、奖金", "money", "?", "note or supplement", "附注或补充资料"),
        Column(
            "welfare_accrual",
            "应付职工薪酬本期计提:福利费等福利基金",
            "money",
            "?",
            "note or supplement",
            "附注或补充资料",
        ),
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
        Check(
            "S2",
            Action.CLIENT,
            "a filing looks like another unit than the one before",
            "有报表疑似单位错误",
            _unit_uncorrected,
            withholds="statements",
        ),
        Check(
            "HU1",
            Action.WARN,
            "total assets are a hundred times those of the filing before, or a hundredth: yuan or fen?",
            "资产总计为上期的100倍或百分之一，请核对元与分",
            _hundredfold,
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
        Check("S6", Action.WARN, "parts exceed their total", "分项之和超过合计", _parts_exceed()),
        Check(
            "S7",
            Action.WARN,
            "profit before tax less tax is not net profit",
            "利润总额减所得税不等于净利润",
            (pl.col("profit_before_tax") - pl.col("income_tax") - pl.col("net_profit")).abs()
            > 0.01 * pl.col("profit_before_tax").abs(),
        ),
        Check("S8", Action.WARN, "year-to-date revenue falls within the year", "年内累计收入下降", _revenue_falls),
        Check(
            "S9", Action.WARN, "cash flows do not explain the change of cash", "现金流量与货币资金变动不符", _cash_gap
        ),
        Check(
            "S10",
            Action.KEEP,
            "differs by 5% or more from the version before",
            "与前一版本相差5%以上",
            _versions_differ,
        ),
        Check("S11", Action.WARN, "a version is missing before it", "版本号不连续", _version_skipped),
        Check(
            "S12",
            Action.WARN,
            "a thin statement: under 60% of the lines rules read",
            "报表项目过少，不足规则所需的60%",
            _thin,
            needs=("clients",),
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
            _no_rate,
            alone=True,
        ),
    ),
)
