"""Moral hazard while principal or interest is overdue (道德风险预警信号: MOR-06 to MOR-13).

Without loans they do not apply; with loans and no material arrears they are clear: every test begins with the arrears.
"""

import polars as pl

from transforms.arithmetic import growth as growth_of
from transforms.measures import commercial, growth, ratio, share, value
from transforms.signal import (
    Compare,
    Condition,
    Fact,
    Limit,
    Measure,
    Signal,
    above,
    alert,
    at_least,
    below,
    fact,
    house,
    red,
    watch,
)
from transforms.text import Unit

_borrows = pl.col("loans_count") > 0
_ARREARS = fact("arrears_material")
_COVERS = "the overdue amount could have been paid"
_SMALLEST = 1_000_00  # 1,000 of the home currency


def _of_overdue(amount: str | pl.Expr, limit: Limit) -> Compare:
    """The amount over what is overdue, in times."""
    part = pl.col(amount) if isinstance(amount, str) else amount
    overdue = pl.col("overdue_amount")
    return at_least(Measure(pl.when(overdue > 0).then(part / overdue), Unit.TIMES), limit)


def _rise(*lines: str) -> pl.Expr:
    """What the balances grew by in a year."""
    parts = [pl.col(line) - pl.col(f"{line}_year_ago") for line in lines]
    return pl.sum_horizontal(parts, ignore_nulls=False)


_as_much = house(1, "as much as is overdue", "diverted")
_diverted = _of_overdue("diverted", _as_much)
_DIVERTED_EN = (
    "Since {diverted_from:day} {diverted:money} went into investments, projects, securities or related loans, {value} the "
    "overdue {overdue_amount:money} (limit {limit})."
)
_DIVERTED_ZH = "自{diverted_from:day}起，投资、项目、证券及关联借款支出{diverted:money}，为逾期{overdue_amount:money}的{value}（界限{limit}）。"

profit_diverted = Signal(
    id="MOR-06",
    grade="A",
    zh="隐瞒或转移利润,用于投资或其他工程项目,而不归还银行贷款。",
    en="Profit hidden or diverted into projects instead of repayment",
    applies=_borrows,
    tests=(
        watch(
            "profit",
            _ARREARS
            & Fact(pl.col("net_profit_ttm") > 0)
            & _of_overdue(_rise("long_term_investments", "construction_in_progress"), house(1, _COVERS)),
            en="With a net profit of {net_profit_ttm:money} in twelve months, long-term investments and construction in progress "
            "grew by {value} the overdue {overdue_amount:money} (limit {limit}).",
            zh="近十二个月净利润{net_profit_ttm:money}，长期投资和在建工程的增加额为逾期{overdue_amount:money}的{value}"
            "（界限{limit}）。",
        ),
        alert("outflow", _ARREARS & _diverted, _DIVERTED_EN, _DIVERTED_ZH),
        red("outflow", _ARREARS & _of_overdue("diverted", house(2, "twice as much")), _DIVERTED_EN, _DIVERTED_ZH),
        red(
            "group",
            _ARREARS
            & at_least(
                Measure(ratio("diverted_group", "diverted"), Unit.RATIO), house(0.50, "half of it stays in the group")
            )
            & _diverted,
            en="Since {diverted_from:day} {diverted:money} went into investments, projects, securities or related loans while "
            "{overdue_amount:money} is overdue; {value} of it to parties of the client's group (limit {limit}).",
            zh="自{diverted_from:day}起，投资、项目、证券及关联借款支出{diverted:money}，同期逾期{overdue_amount:money}；"
            "其中{value}付给集团关联方（界限{limit}）。",
        ),
    ),
    ask_en="Ask for the contracts behind these payments, why the loan was not paid first, and for the money back.",
    ask_zh="索取相关付款合同，问明为何不先还贷，并要求资金回流。",
    note="Outflow from 30 days before the first overdue day; of arrears older than 15 months what the rows of 15 months cover. "
    "The share of the group is of the diverted outflow and needs that outflow to reach the overdue amount. Unknown where the "
    "client's transactions with us begin later.",
)

_NO_LEAST = "the order of payment is the breach, whatever the amount"

dividends_first = Signal(
    id="MOR-07",
    grade="A",
    zh="企业利润先用于股东分红,而拖欠银行贷款本息。",
    en="Dividends paid while loan service is in arrears",
    applies=_borrows,
    tests=(
        alert(
            "declared",
            _ARREARS & above(value("dividends_declared_in_arrears", Unit.MONEY), house(0, _NO_LEAST)),
            en="Dividends of {value} were declared by the filings over the time since {first_overdue_on:day}, while "
            "{overdue_amount:money} is overdue.",
            zh="{first_overdue_on:day}起逾期{overdue_amount:money}未还，该期间的报表显示宣告分红{value}。",
        ),
        alert(
            "resolution",
            _ARREARS & at_least(value("dividend_resolutions", Unit.COUNT), house(1, "a resolution on record")),
            en="Distribution resolutions registered in 365 days: {value}, while {overdue_amount:money} has been overdue since "
            "{first_overdue_on:day}.",
            zh="近365天登记利润分配决议{value}项，而{first_overdue_on:day}起逾期{overdue_amount:money}未还。",
        ),
        red(
            "account",
            _ARREARS & above(value("dividends_out", Unit.MONEY), house(0, _NO_LEAST)),
            en="Dividends of {value} left the account since {first_overdue_on:day}, while {overdue_amount:money} is overdue.",
            zh="{first_overdue_on:day}起逾期{overdue_amount:money}未还，其间账户支付分红{value}。",
        ),
        red(
            "paid",
            _ARREARS & above(value("dividends_paid_in_arrears", Unit.MONEY), house(0, _NO_LEAST)),
            en="The filings over the time since {first_overdue_on:day} show dividends of {value} paid, while "
            "{overdue_amount:money} is overdue.",
            zh="{first_overdue_on:day}起逾期{overdue_amount:money}未还，该期间的报表显示已支付分红{value}。",
        ),
    ),
    ask_en="Ask who decided on the distribution and when, and have it stopped or paid back until the loan is served.",
    ask_zh="问明分配由谁、何时决定，要求停止或退回分红，先还贷款。",
    note="By the filings: what the year-to-date figure grew by from the filing before the first overdue day on. The combined line "
    "of dividends and interest paid is never read. A registered resolution counts for 365 days.",
)

_amount_of_interest = at_least(
    value("overdue_interest", Unit.MONEY), house(_SMALLEST, "1,000 of the home currency: nothing smaller", "amount")
)
_expensed = _amount_of_interest & Fact(pl.col("interest_expense_ttm") > 0) & Fact(pl.col("net_profit_ttm") >= 0)
_interest_days = value("interest_overdue_days", Unit.DAYS)
_INTEREST_EN = (
    "Interest of {overdue_interest:money} has been overdue for {value} (limit {limit}), although twelve months show an interest "
    "expense of {interest_expense_ttm:money} and a net profit of {net_profit_ttm:money}."
)
_INTEREST_ZH = (
    "欠息{overdue_interest:money}，已逾期{value}（界限{limit}），而近十二个月利息费用{interest_expense_ttm:money}已入账，"
    "净利润{net_profit_ttm:money}。"
)

interest_unpaid = Signal(
    id="MOR-08",
    grade="A",
    zh="在财务费用已计入成本、企业又不亏损的情况下,拖欠银行贷款利息。",
    en="Interest expensed, no loss, yet interest unpaid",
    applies=_borrows,
    tests=(
        alert(
            "interest",
            at_least(_interest_days, house(1, "a day beyond a grace of none")) & _expensed,
            _INTEREST_EN,
            _INTEREST_ZH,
        ),
        red(
            "interest",
            at_least(_interest_days, house(60, "60 days: a Chinese post-loan rule's key inspection")) & _expensed,
            _INTEREST_EN,
            _INTEREST_ZH,
        ),
    ),
    ask_en="Ask why the interest was booked and not paid, and on which day the account will hold it.",
    ask_zh="问明利息已入账却不支付的原因，以及哪一天账户备足款项。",
    note="Interest summed over the loans in force, days of the oldest. A bank with days of grace adds them to the limit of days. "
    "Level R needs all of level A.",
)

_no_grace = house(0, "no days of grace", "grace")
_principal = (
    at_least(
        value("overdue_principal", Unit.MONEY), house(_SMALLEST, "1,000 of the home currency: nothing smaller", "amount")
    )
    & at_least(value("principal_overdue_days", Unit.DAYS), _no_grace)
)  # fmt: skip
_charged = at_least(
    Measure(ratio("depreciation_ttm", "overdue_principal"), Unit.TIMES), house(1, _COVERS, "depreciation")
)

principal_unpaid = Signal(
    id="MOR-09",
    grade="A",
    zh="已计提折旧,但不归还银行贷款本金。",
    en="Depreciation charged, principal unpaid",
    applies=_borrows & commercial(),
    tests=(
        alert(
            "depreciation",
            _charged & _principal,
            en="Principal of {overdue_principal:money} is overdue while depreciation of {depreciation_ttm:money} was charged in "
            "twelve months, {value} as much (limit {limit}).",
            zh="本金逾期{overdue_principal:money}，近十二个月已计提折旧{depreciation_ttm:money}，为其{value}（界限{limit}）。",
        ),
        red(
            "cash",
            at_least(Measure(ratio("cfo_ttm", "overdue_principal"), Unit.TIMES), house(1, "the cash was there"))
            & _charged
            & _principal,
            en="Principal of {overdue_principal:money} is overdue although twelve months brought depreciation of "
            "{depreciation_ttm:money} and operating cash flow of {cfo_ttm:money}, {value} as much (limit {limit}).",
            zh="本金逾期{overdue_principal:money}，而近十二个月计提折旧{depreciation_ttm:money}，经营现金流{cfo_ttm:money}，"
            "为其{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask where the cash behind the depreciation went, and for a dated plan to pay the principal.",
    ask_zh="问明折旧对应的资金去向，并要求提出有日期的还本计划。",
    note="Principal summed over the loans in force. Days of grace are a limit of the policy, none by default.",
)

_unasked = Fact(~pl.col("depreciation_mandated"))
_faster = at_least(
    Measure(
        pl.when(pl.col("depreciation_rate_year_ago") > 0).then(
            pl.col("depreciation_rate") / pl.col("depreciation_rate_year_ago")
        ),
        Unit.TIMES,
    ),
    house(1.5, "half as fast again", "own_rate"),
)
_faster_than_peers = at_least(
    Measure(
        pl.when(pl.col("peer_depreciation_rate") > 0).then(
            pl.col("depreciation_rate") / pl.col("peer_depreciation_rate")
        ),
        Unit.TIMES,
    ),
    house(1.5, "half as fast again", "peer_rate"),
)
_accelerated = (_faster | _faster_than_peers) & _unasked

depreciation_accelerated = Signal(
    id="MOR-10",
    grade="A",
    zh="违反财务制度,快速计提折旧,用于其他工程项目,而不归还银行贷款。",
    en="Accelerated depreciation diverted to other projects",
    applies=_borrows & commercial(),
    tests=(
        alert(
            "own_rate",
            _ARREARS & _faster & _unasked,
            en="The depreciation rate rose from {depreciation_rate_year_ago:ratio} to {depreciation_rate:ratio}, {value} last "
            "year's (limit {limit}), while {overdue_amount:money} is overdue.",
            zh="折旧率由{depreciation_rate_year_ago:ratio}升至{depreciation_rate:ratio}，为上年的{value}（界限{limit}），"
            "同期逾期{overdue_amount:money}。",
        ),
        alert(
            "peer_rate",
            _ARREARS & _faster_than_peers & _unasked,
            en="The depreciation rate of {depreciation_rate:ratio} is {value} the peers' median of "
            "{peer_depreciation_rate:ratio} (limit {limit}), while {overdue_amount:money} is overdue.",
            zh="折旧率{depreciation_rate:ratio}为同业中位数{peer_depreciation_rate:ratio}的{value}（界限{limit}），"
            "同期逾期{overdue_amount:money}。",
        ),
        red(
            "capex",
            _ARREARS & _of_overdue("capex", house(1, _COVERS)) & _accelerated,
            en="Depreciation is accelerated (rate {depreciation_rate:ratio}) and {capex:money} was spent on fixed assets, {value} "
            "the overdue {overdue_amount:money} (limit {limit}).",
            zh="折旧加速（折旧率{depreciation_rate:ratio}），购建固定资产支出{capex:money}，为逾期{overdue_amount:money}的"
            "{value}（界限{limit}）。",
        ),
        red(
            "construction",
            _ARREARS & _of_overdue(_rise("construction_in_progress"), house(1, _COVERS)) & _accelerated,
            en="Depreciation is accelerated (rate {depreciation_rate:ratio}) and construction in progress grew from "
            "{construction_in_progress_year_ago:money} to {construction_in_progress:money}, by {value} the overdue "
            "{overdue_amount:money} (limit {limit}).",
            zh="折旧加速（折旧率{depreciation_rate:ratio}），在建工程由{construction_in_progress_year_ago:money}增至"
            "{construction_in_progress:money}，增加额为逾期{overdue_amount:money}的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask for the depreciation schedule and the accounting policy, and which project the money went into.",
    ask_zh="索取折旧明细和会计政策，问明资金投入了哪个项目。",
    note="The rate is depreciation over net fixed assets and depreciation, of the same months (as in FIN-24). Without a fresh note "
    "on method or useful lives nobody can say whether a new standard asked for the change: unknown.",
)

_costs = pl.col("admin_expense") + pl.col("selling_expense")
_costs_before = pl.col("admin_expense_year_ago") + pl.col("selling_expense_year_ago")
_cost_growth = Measure(pl.when(_costs_before > 0).then(_costs / _costs_before - 1), Unit.RATIO)
_wasteful = at_least(_cost_growth, house(0.30, "costs up by 30%", "costs")) & below(
    Measure(growth_of("revenue", "revenue_year_ago"), Unit.RATIO), house(0.05, "sales hardly grew", "revenue")
)

costs_grow = Signal(
    id="MOR-11",
    grade="A",
    zh="在销售收入没有明显增长的情况下,管理费用等成本支出不正常地大幅度增长,而不归还银行贷款本息。",
    en="Abnormal growth of administrative costs while in arrears",
    applies=_borrows & commercial(),
    tests=(
        alert(
            "costs",
            _ARREARS & _wasteful,
            en="Administrative and selling costs grew by {value} (limit {limit}) while revenue went from "
            "{revenue_year_ago:money} to {revenue:money} and {overdue_amount:money} is overdue.",
            zh="管理费用和销售费用增长{value}（界限{limit}），收入{revenue_year_ago:money}→{revenue:money}，"
            "同期逾期{overdue_amount:money}。",
        ),
        red(
            "increase",
            _ARREARS & _of_overdue(_costs - _costs_before, house(1, _COVERS)) & _wasteful,
            en="Administrative and selling costs grew by {value} the overdue {overdue_amount:money} (limit {limit}), while "
            "revenue went from {revenue_year_ago:money} to {revenue:money}.",
            zh="管理费用和销售费用的增加额为逾期{overdue_amount:money}的{value}（界限{limit}），"
            "收入{revenue_year_ago:money}→{revenue:money}。",
        ),
    ),
    ask_en="Ask for the breakdown of both lines and who was paid; agree on a budget until the loan is served.",
    ask_zh="索取两项费用的明细和收款方，商定还清欠款前的费用预算。",
    note="Year to date against the same months a year ago.",
)

_over_ceiling = above(
    share("welfare_accrual_ttm", "payroll_ttm"),
    house(0.14, "deductible ceiling of staff welfare, tax rules art. 40", "share"),
)
_jump = at_least(growth("welfare_accrual"), house(0.50, "half as much again", "growth"))

welfare_accrued = Signal(
    id="MOR-12",
    grade="A",
    zh="违反财务制度,大量计提公益金等各种福利基金,而不归还银行贷款本息。",
    en="Excess welfare accruals while in arrears",
    applies=_borrows & commercial(),
    tests=(
        alert(
            "share",
            _ARREARS & _over_ceiling,
            en="Welfare of {welfare_accrual_ttm:money} was accrued in twelve months against a payroll of {payroll_ttm:money} "
            "(limit: more than {limit} of it), while {overdue_amount:money} is overdue.",
            zh="近十二个月计提福利费{welfare_accrual_ttm:money}，工资总额{payroll_ttm:money}（界限：超过其{limit}），"
            "同期逾期{overdue_amount:money}。",
        ),
        alert(
            "growth",
            _ARREARS & _jump,
            en="Welfare accrued grew from {welfare_accrual_year_ago:money} to {welfare_accrual:money}, by {value} (limit "
            "{limit}), while {overdue_amount:money} is overdue.",
            zh="计提福利费由{welfare_accrual_year_ago:money}增至{welfare_accrual:money}，增长{value}（界限{limit}），"
            "同期逾期{overdue_amount:money}。",
        ),
        red(
            "accrual",
            _ARREARS & _of_overdue("welfare_accrual_ttm", house(1, _COVERS)) & (_over_ceiling | _jump),
            en="Excessive welfare of {welfare_accrual_ttm:money} was accrued in twelve months, {value} the overdue "
            "{overdue_amount:money} (limit {limit}).",
            zh="近十二个月超常计提福利费{welfare_accrual_ttm:money}，为逾期{overdue_amount:money}的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask who decided on the accruals and whether they were paid out, and have them put behind the loan.",
    ask_zh="问明计提由谁决定、是否已发放，要求先还贷款。",
    note="Accrual and payroll of twelve months for the share, year to date for the growth.",
)

_wage = at_least(
    Measure(
        pl.when((pl.col("headcount") > 0) & (pl.col("average_wage") > 0)).then(
            pl.col("payroll_ttm") / pl.col("headcount") / pl.col("average_wage")
        ),
        Unit.TIMES,
    ),
    house(1.3, "30% over the average of industry and region", "wage"),
)
_entertainment = at_least(
    share("entertainment_12", "revenue_ttm"), house(0.02, "2% of sales spent on it", "entertainment")
)


def _pay(*more: Condition) -> Condition:
    """Arrears and all of those."""
    joined: Condition = _ARREARS
    for condition in more:
        joined = joined & condition
    return joined


pay_and_waste = Signal(
    id="MOR-13",
    grade="B",
    zh="工资、奖金超过行业、地区平均标准,企业经营中挥霍浪费,而不归还银行贷款本息。",
    en="Pay above industry and region average, waste, while in arrears",
    applies=_borrows,
    tests=(
        alert(
            "wage",
            _pay(_wage),
            en="Pay of {pay_per_head:money} a head is {value} the average wage of the industry and region, "
            "{average_wage:money} (limit {limit}), while {overdue_amount:money} is overdue.",
            zh="人均薪酬{pay_per_head:money}，为行业及地区平均工资{average_wage:money}的{value}（界限{limit}），"
            "同期逾期{overdue_amount:money}。",
        ),
        alert(
            "entertainment",
            _pay(_entertainment),
            en="Travel and entertainment of {entertainment_12:money} was paid in twelve months against sales of "
            "{revenue_ttm:money} (limit {limit} of them), while {overdue_amount:money} is overdue.",
            zh="近十二个月差旅招待支出{entertainment_12:money}，销售收入{revenue_ttm:money}（界限：收入的{limit}），"
            "同期逾期{overdue_amount:money}。",
        ),
        red(
            "both",
            _pay(_wage, _entertainment),
            en="Pay of {pay_per_head:money} a head is {value} the average wage (limit {limit}) and travel and entertainment cost "
            "{entertainment_12:money} in twelve months, while {overdue_amount:money} is overdue.",
            zh="人均薪酬{pay_per_head:money}，为平均工资的{value}（界限{limit}），近十二个月差旅招待支出"
            "{entertainment_12:money}，同期逾期{overdue_amount:money}。",
        ),
        red(
            "excess",
            _pay(_of_overdue("payroll_excess", house(1, _COVERS)), _wage | _entertainment),
            en="Pay over the average wage came to {payroll_excess:money} in twelve months, {value} the overdue "
            "{overdue_amount:money} (limit {limit}).",
            zh="近十二个月薪酬超出平均工资{payroll_excess:money}，为逾期{overdue_amount:money}的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask for the payroll by function and the list of travel and entertainment, and what will be cut this month.",
    ask_zh="索取分岗位工资表和差旅招待明细，问明本月削减哪些支出。",
    note="Payroll and sales of twelve months; travel and entertainment of the last twelve full months. Excess: payroll less "
    "headcount times the average wage; it needs one of the two tests to hold.",
)
