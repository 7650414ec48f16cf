"""Measured predictors the book lacks, kept apart and switchable (`count_additions`)."""

import polars as pl

from transforms.measures import commercial, share, value
from transforms.signal import (
    Compare,
    Condition,
    Fact,
    Limit,
    Measure,
    Signal,
    Test,
    above,
    alert,
    at_least,
    at_most,
    below,
    house,
    red,
    watch,
)
from transforms.text import Unit

_OURS = "The Chinese text is ours: the row is not in the book."


def _of_any(condition: Compare, unknown: str) -> Condition:
    """The condition on the worst of several; while some of them are unknown (`unknown` counts them) it is never false."""
    return condition | Fact(pl.when(pl.col(unknown) == 0).then(False))


_JUMP = house(0.25, "25 points above the year's mean", "jump")
_jumped = _of_any(at_least(value("line_jump", Unit.POINTS), _JUMP), "lines_without_mean")
_full = _of_any(
    at_least(value("line_full", Unit.RATIO), house(0.95, "as good as full, twice running", "full")), "lines_unknown"
)
_full_and_jumped = _of_any(at_least(value("full_line_jump", Unit.POINTS), _JUMP), "full_lines_unjudged")

line_use = Signal(
    id="ADD-01",
    grade="A",
    zh="授信额度使用率骤升或持续用满。",
    en="Credit line utilisation jump or sustained full use",
    applies=pl.col("revolving_lines") > 0,
    tests=(
        watch(
            "jump",
            _jumped,
            en="Line {line_jump_line:text} is drawn to {line_jump_use:ratio} against a mean of {line_jump_mean:ratio} at the twelve "
            "month-ends before: up {value} (limit {limit}).",
            zh="额度{line_jump_line:text}使用率{line_jump_use:ratio}，此前十二个月末平均{line_jump_mean:ratio}，上升{value}"
            "（界限{limit}）。",
        ),
        watch(
            "full",
            _full,
            en="Line {line_full_line:text} was drawn to {value} or more at both of the last two month-ends (limit {limit}).",
            zh="额度{line_full_line:text}最近两个月末使用率均不低于{value}（界限{limit}）。",
        ),
        alert(
            "both",
            _full_and_jumped,
            en="Line {full_line_jump_line:text} was as good as full at both of the last two month-ends, and is drawn to "
            "{full_line_jump_use:ratio} against a mean of {full_line_jump_mean:ratio} at the twelve month-ends before: up {value} "
            "(limit {limit}).",
            zh="额度{full_line_jump_line:text}最近两个月末几近用满，使用率{full_line_jump_use:ratio}，此前十二个月末平均"
            "{full_line_jump_mean:ratio}，上升{value}（界限{limit}）。",
        ),
        red(
            "over",
            _of_any(above(value("line_month_end", Unit.RATIO), house(1.0, "over the limit")), "lines_unknown"),
            en="Line {line_month_end_line:text} was drawn to {value} of its limit on {line_month_end_on:day} (limit: above {limit}).",
            zh="{line_month_end_on:day}额度{line_month_end_line:text}使用率{value}（界限：超过{limit}）。",
        ),
    ),
    ask_en="Ask what the money was drawn for and when the line will come down; look for payments that were put off.",
    ask_zh="询问提款用途、何时回落，并查看是否有付款被推迟。",
    note="Revolving lines in force, each by itself; a rise counts when the line is at least half drawn. Level A asks both of "
    "one line, full meaning 95%. A line without twelve month-ends has no mean. Expired lines and lines cancelled to a limit of 0 are "
    "not measured. " + _OURS,
)

_over_days = value("over_limit_days_90", Unit.DAYS)
_OVER_EN = "Drawn over a limit on {value} of the last 90 (limit: more than {limit}); since records began on {over_limit_days_ever:days}."
_OVER_ZH = "近90天内超限额{value}（界限：超过{limit}）；有记录以来累计{over_limit_days_ever:days}。"

over_limit = Signal(
    id="ADD-02",
    grade="A",
    zh="超授信限额用款（超限天数）。",
    en="Limit violations (days over limit)",
    applies=pl.col("lines_90") > 0,
    tests=(
        watch("days", above(_over_days, house(5, "more than five days")), _OVER_EN, _OVER_ZH),
        alert("days", above(_over_days, house(15, "more than fifteen days")), _OVER_EN, _OVER_ZH),
        alert(
            "months",
            at_least(value("over_limit_months", Unit.COUNT), house(3, "half of the months")),
            en="Drawn over a limit in {value} of the last six months (limit {limit}); since records began on "
            "{over_limit_days_ever:days}.",
            zh="近六个月中有{value}个月超限额（界限{limit}个月）；有记录以来累计{over_limit_days_ever:days}。",
        ),
        red(
            "run",
            above(value("over_limit_run", Unit.DAYS), house(30, "a month without coming back")),
            en="A line has been drawn over its limit for {value} without a break (limit: more than {limit}); since records began on "
            "{over_limit_days_ever:days}.",
            zh="有额度已连续超限{value}（界限：超过{limit}）；有记录以来累计{over_limit_days_ever:days}。",
        ),
    ),
    ask_en="Ask for the repayment that brings the line back under its limit, and who let it be overdrawn.",
    ask_zh="要求还款至限额以内，并查明由谁放行超限。",
    note="Days on which any line of the client was over, revolving or not; months are the last six full ones; an unbroken run is of "
    "one line and counts the day of the night. Expired lines and lines cancelled to a limit of 0 are not measured. "
    + _OURS,
)

_COUNT = value("failed_90", Unit.COUNT)
_EN = "{value} outgoing payments were returned or failed for lack of funds in 90 days (limit: more than {limit})."
_ZH = "近90天有{value}笔付款被退回或因余额不足失败（界限：超过{limit}笔）。"

failed_payments = Signal(
    id="ADD-03",
    grade="A",
    zh="付款被退回或因余额不足失败。",
    en="Returned or failed payments",
    tests=(
        watch("count", above(_COUNT, house(2, "more than two")), _EN, _ZH),
        alert("count", above(_COUNT, house(5, "more than five")), _EN, _ZH),
        alert(
            "large",
            at_least(share("failed_largest_90", "opout_12"), house(0.01, "a high-value item bounced")),
            en="A payment of {failed_largest_90:money} was returned or failed: {value} of a year's payments (limit {limit}).",
            zh="一笔{failed_largest_90:money}的付款被退回或失败，占全年付款的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask which supplier was not paid and whether the payment has been made since.",
    ask_zh="问明未付成功的是哪家供应商，款项后来是否已付。",
    note=_OURS,
)

_diverted = value("proceeds_diverted_share", Unit.RATIO)
_DIVERTED_EN = (
    "{proceeds_diverted_amount:money} of loan {proceeds_diverted_loan:text} ({proceeds_diverted_principal:money}, paid out on "
    "{proceeds_diverted_from:day}) went within 30 days into securities, property, the client's group or its own account "
    "elsewhere: {value} (limit {limit})."
)
_DIVERTED_ZH = (
    "{proceeds_diverted_from:day}发放的贷款{proceeds_diverted_loan:text}（{proceeds_diverted_principal:money}）30天内有"
    "{proceeds_diverted_amount:money}流向证券、房地产、关联方或客户他行账户，占{value}（界限{limit}）。"
)

diverted_proceeds = Signal(
    id="ADD-06",
    grade="A",
    zh="贷款资金未按约定用途使用。",
    en="Loan proceeds diverted from purpose",
    applies=pl.col("loans_count") > 0,
    tests=(
        watch(
            "purpose",
            _of_any(
                at_least(value("proceeds_outside_share", Unit.RATIO), house(0.30, "three tenths of the loan")),
                "loans_untraced",
            ),
            en="{proceeds_outside_amount:money} of loan {proceeds_outside_loan:text} ({proceeds_outside_principal:money}, paid out on "
            "{proceeds_outside_from:day}) left within 30 days for what is not its purpose: {value} (limit {limit}).",
            zh="{proceeds_outside_from:day}发放的贷款{proceeds_outside_loan:text}（{proceeds_outside_principal:money}）30天内有"
            "{proceeds_outside_amount:money}用于约定用途之外，占{value}（界限{limit}）。",
        ),
        alert(
            "diverted",
            _of_any(at_least(_diverted, house(0.30, "three tenths of the loan")), "loans_untraced"),
            _DIVERTED_EN,
            _DIVERTED_ZH,
        ),
        red(
            "diverted",
            _of_any(at_least(_diverted, house(0.70, "seven tenths of the loan")), "loans_untraced"),
            _DIVERTED_EN,
            _DIVERTED_ZH,
        ),
    ),
    ask_en="Ask for the contracts and invoices behind the payments; where there are none, call the misused part back.",
    ask_zh="索取付款对应的合同和发票；无法提供的，收回挪用部分。",
    note="Loans on the balance sheet disbursed in the last 365 days, traced first in, first out on the account they were paid into, for "
    "30 days; repayments of our own loans are left out. Payments without a category or of category other are not judged; a "
    "transfer to the client's own account with us leaves the trail unjudged. R is read as 70% to the destinations of A. A loan "
    "paid straight to a third party has no trail: the row is then clear only if nothing could be untraced. " + _OURS,
)

# Read beside the credit report's column: the inflow is what decides whether the row was judged on a core table.
_routing = Measure(pl.when(pl.col("routed_share").is_not_null()).then("routing"), Unit.TIMES)
_ROUTED_EN = (
    "{routed_share:ratio} of the sales came in through our accounts while we hold {bank_debt_share:ratio} of the bank debt: {value} "
    "of our part (limit: below {limit})."
)
_ROUTED_ZH = "销售收入中{routed_share:ratio}经我行账户回笼，而我行贷款占银行债务{bank_debt_share:ratio}，两者之比{value}（界限：低于{limit}）。"

sales_elsewhere = Signal(
    id="ADD-07",
    grade="A",
    zh="销售回款不走我行账户。",
    en="Sales not routed through our accounts",
    applies=commercial() & (pl.col("loans_count") > 0),
    tests=(
        watch("routed", below(_routing, house(0.5, "half of our part")), _ROUTED_EN, _ROUTED_ZH),
        alert("routed", below(_routing, house(0.25, "a quarter of our part")), _ROUTED_EN, _ROUTED_ZH),
        alert(
            "fall",
            at_least(
                Measure(
                    pl.when(pl.col("routing_year_ago") > 0).then(1 - _routing.expr / pl.col("routing_year_ago")),
                    Unit.RATIO,
                ),
                house(0.40, "two fifths gone within a year"),
            ),
            en="The sales routed through our accounts, against our share of the bank debt, fell from {routing_year_ago:times} to "
            "{routing:times} in a year: down {value} (limit {limit}).",
            zh="经我行回笼的销售收入与我行贷款占比之比，一年内由{routing_year_ago:times}降至{routing:times}，降幅{value}"
            "（界限{limit}）。",
        ),
    ),
    ask_en="Ask which bank the customers pay to, and agree in the contract what share of the sales must come in here.",
    ask_zh="询问客户货款汇入哪家银行，并在合同中约定经我行回笼的比例。",
    note="Bank debt is our loans on the balance sheet and other banks' by the credit report, which must not be older than 95 days. A "
    "year ago: the twelve months before, the loans and the report of twelve months ago, the statement a year before. "
    + _OURS,
)

_regular = house(5, "five of the six months before", "regular")
_missing = house(0, "nothing in two months", "missing")
_STREAMS = {
    "tax": ("Tax", "税款"),
    "social_insurance": ("Social insurance", "社会保险费"),
    "utility": ("Utilities", "水电等公用事业费"),
}


def _stopped(stream: str, limits: tuple[Limit, Limit]) -> Test:
    en, zh = _STREAMS[stream]
    paid = f"{stream}_paid_6"
    return watch(
        f"{stream}_stopped",
        at_least(value(paid, Unit.COUNT), limits[0]) & at_most(value(f"{stream}_paid_2", Unit.COUNT), limits[1]),
        en=f"{en}: paid in {{{paid}:count}} of the six months before, then not at all in the last two full months.",
        zh=f"{zh}：此前六个月中有{{{paid}:count}}个月缴付，最近两个完整月份均未缴付。",
    )


dues_stopped = Signal(
    id="ADD-08",
    grade="A",
    zh="税款、社会保险费或水电费停止缴付。",
    en="Tax, social insurance or utility payments stop",
    tests=(
        *(_stopped(stream, (_regular, _missing)) for stream in _STREAMS),
        alert(
            "tax_arrears",
            at_least(value("tax_arrears_365", Unit.COUNT), house(1, "arrears on record")),
            en="Tax arrears registered in 365 days: {value} (limit {limit}).",
            zh="近365天登记欠税{value}起（界限{limit}起）。",
        ),
    ),
    ask_en="Ask for the receipts of the last two months; if there are none, what else has not been paid.",
    ask_zh="索取最近两个月的缴款凭证；如没有，问明还有哪些款项未付。",
    note="Monthly streams on our accounts only: paid in at least five of the six full months before the last two. "
    + _OURS,
)
