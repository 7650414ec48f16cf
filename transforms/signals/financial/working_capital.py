"""Receivables, cash and working capital (FIN-02, FIN-07, FIN-12, FIN-15)."""

import polars as pl

from transforms.measures import (
    SECTIONS_WITHOUT_WORKING_CAPITAL_RULE,
    commercial,
    declined,
    difference,
    fall,
    gap,
    growth,
    positive,
    ratio,
    share,
    value,
)
from transforms.signal import (
    Measure,
    Signal,
    above,
    alert,
    at_least,
    at_most,
    below,
    house,
    red,
    seed,
    watch,
)
from transforms.text import Unit

# Flows speak only when the newest statement is older than this (readings FIN-02, 07).
_between_statements = above(
    value("statement_age_days", Unit.DAYS), house(100, "until the next quarter is due", "statement_age")
)
_payers_fade = declined("payers", "W")

receivables_surge = Signal(
    id="FIN-02",
    grade="A",
    zh="应收账款增加过快,或回收速度突然放缓。",
    en="Receivables surge or collection slowdown",
    applies=commercial(),
    tests=(
        watch(
            "growth",
            at_least(gap(growth("accounts_receivable"), growth("revenue")), house(0.20, "20 points over revenue"))
            & at_least(share("accounts_receivable", "total_assets"), house(0.05, "material", "share_of_assets")),
            en="Receivables {accounts_receivable_year_ago:money} → {accounts_receivable:money} outgrew revenue by {value} "
            "(limit {limit}).",
            zh="应收账款{accounts_receivable_year_ago:money}→{accounts_receivable:money}，增速高于收入{value}（界限{limit}）。",
        ),
        watch(
            "payers",
            _payers_fade
            & at_least(value("purchases_r3_12", Unit.RATIO), house(0.9, "the client buys on", "purchases"))
            & _between_statements,
            en="Receipts from the ten largest payers are {value} of their twelve-month mean (limit {limit}) while purchases "
            "run at {purchases_r3_12:ratio}.",
            zh="前十大付款方的回款为此前十二个月月均的{value}（界限{limit}），而采购支出为{purchases_r3_12:ratio}。",
        ),
        alert(
            "collection",
            at_least(difference("dso", "dso_year_ago", Unit.DAYS), house(30, "post-loan rule: 30 days")),
            en="Receivables are collected after {dso:days} instead of {dso_year_ago:days} a year ago: {value} slower "
            "(limit {limit}).",
            zh="应收账款周转天数由{dso_year_ago:days}增至{dso:days}，放慢{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask for the ageing list of receivables and who of the ten largest customers pays late.",
    ask_zh="索取应收账款账龄表，问明前十大客户中谁在拖延付款。",
    note="The payers' test speaks only when the newest statement is older than 100 days. The ten are the largest of the twelve full "
    "months before the last three.",
)

_outflow = below(
    value("net_cash_flow_ttm", Unit.MONEY), house(0, "net cash flow turns negative", "net_cash_flow")
) & at_least(
    share(-pl.col("net_cash_flow_ttm"), "cash_year_ago"),
    house(0.05, "material against cash a year ago", "share_of_cash"),
)
_cash_fall = at_least(fall("cash"), house(0.30, "three tenths of the cash", "cash_fall"))

cash_squeeze = Signal(
    id="FIN-07",
    grade="A",
    zh="现金大幅减少,净现金流量出现负数。",
    en="Cash squeeze and negative net cash flow",
    applies=commercial(),
    tests=(
        watch(
            "net_cash_flow",
            _outflow,
            en="Net cash flow of twelve months is {value}; cash a year ago was {cash_year_ago:money}.",
            zh="近十二个月净现金流量为{value}，上年末现金为{cash_year_ago:money}。",
        ),
        watch(
            "cash",
            _cash_fall,
            en="Cash {cash_year_ago:money} → {cash:money}: down {value} (limit {limit}).",
            zh="现金{cash_year_ago:money}→{cash:money}，降幅{value}（界限{limit}）。",
        ),
        watch(
            "flows",
            at_most(value("opin_net_ratio_3", Unit.RATIO), house(-0.10, "a tenth of the inflow leaves on top"))
            & at_most(
                Measure(ratio("adb_90", "adb_365_before_90"), Unit.RATIO),
                house(0.7, "balances three tenths lower", "balance"),
            )
            & _between_statements,
            en="Over three months the account paid out {opout_3:money} against {opin_3:money} received (net {value} of the "
            "inflow, limit {limit}); the average balance fell from {adb_365_before_90:money} to {adb_90:money}.",
            zh="近三个月账户支出{opout_3:money}、收入{opin_3:money}（净额占流入{value}，界限{limit}）；"
            "日均余额由{adb_365_before_90:money}降至{adb_90:money}。",
        ),
        alert(
            "both",
            _outflow & _cash_fall,
            en="Net cash flow of twelve months is {value} and cash fell from {cash_year_ago:money} to {cash:money}.",
            zh="近十二个月净现金流量为{value}，且现金由{cash_year_ago:money}降至{cash:money}。",
        ),
        red(
            "no_cash_for_debt",
            below(share("cash", "short_term_debt"), house(0.10, "cash for a tenth of the debt due"))
            & positive("short_term_debt")
            & _outflow
            & _cash_fall,
            en="Cash fell from {cash_year_ago:money} to {cash:money}, only {value} of short-term debt (limit {limit}), and "
            "net cash flow of twelve months is {net_cash_flow_ttm:money}.",
            zh="现金由{cash_year_ago:money}降至{cash:money}，仅为短期债务的{value}（界限{limit}），"
            "且近十二个月净现金流量为{net_cash_flow_ttm:money}。",
        ),
    ),
    ask_en="Ask for the cash plan of the next thirteen weeks and which payments are being put off.",
    ask_zh="索取未来十三周的资金计划，问明哪些付款正在推迟。",
    note="A negative net cash flow counts from 5% of the cash of a year ago on, at every level. Between statements: only when the "
    "newest one is older than 100 days.",
)

_working_capital = pl.col("current_assets") - pl.col("current_liabilities")
_sales = pl.col("revenue_ttm")
_working_capital_share = Measure(
    pl.when(_sales > 0)
    .then(_working_capital / _sales)
    .when(_sales <= 0)
    .then(pl.when(_working_capital > 0).then(float("inf")).when(_working_capital <= 0).then(0.0)),
    Unit.RATIO,
)

working_capital_high = Signal(
    id="FIN-12",
    grade="A",
    zh="营运资金大于年销售额的75%。",
    en="Working capital above 75% of annual sales",
    applies=commercial() & ~pl.col("industry_section").is_in(SECTIONS_WITHOUT_WORKING_CAPITAL_RULE),
    tests=(
        watch(
            "share_of_sales",
            above(_working_capital_share, seed(0.75)),
            en="Working capital (current assets {current_assets:money}, current liabilities {current_liabilities:money}) is "
            "{value} of annual sales (limit: above {limit}).",
            zh="营运资金（流动资产{current_assets:money}，流动负债{current_liabilities:money}）为年销售额的{value}"
            "（界限：大于{limit}）。",
        ),
    ),
    ask_en="Ask what ties up the money: old stock, slow receivables or idle cash.",
    ask_zh="询问资金占用在哪里：积压存货、回收缓慢的应收账款，还是闲置现金。",
    note="Level W at most: on real failures the rule is inverted. Not applicable to construction, trade and real estate.",
)

_dsri = Measure(
    pl.when(pl.all_horizontal(pl.col("revenue", "revenue_year_ago", "accounts_receivable_year_ago") > 0)).then(
        (pl.col("accounts_receivable") / pl.col("revenue"))
        / (pl.col("accounts_receivable_year_ago") / pl.col("revenue_year_ago"))
    ),
    Unit.TIMES,
)
_DSRI_EN = (
    "Receivables per unit of revenue are {value} last year's (limit {limit}): receivables "
    "{accounts_receivable_year_ago:money} → {accounts_receivable:money}, revenue {revenue_year_ago:money} → {revenue:money}."
)
_DSRI_ZH = (
    "应收账款与收入之比为上年的{value}（界限{limit}）：应收账款{accounts_receivable_year_ago:money}→"
    "{accounts_receivable:money}，收入{revenue_year_ago:money}→{revenue:money}。"
)

receivables_against_revenue = Signal(
    id="FIN-15",
    grade="A",
    zh="应收账款与营业收入的变化比例明显不一致。",
    en="Receivables and revenue moving apart",
    applies=commercial(),
    tests=(
        watch("index_high", at_least(_dsri, house(1.3, "Beneish's index, our cut")), _DSRI_EN, _DSRI_ZH),
        watch("index_low", at_most(_dsri, house(0.7, "Beneish's index, our cut")), _DSRI_EN, _DSRI_ZH),
        alert("index_high", at_least(_dsri, house(1.5, "Beneish's index, our cut")), _DSRI_EN, _DSRI_ZH),
        alert(
            "opposite_ways",
            at_least(growth("accounts_receivable"), house(0.10, "clearly up"))
            & at_most(growth("revenue"), house(0.0, "not growing", "revenue_growth")),
            en="Receivables grew by {value} (limit {limit}) while revenue did not: {revenue_year_ago:money} → {revenue:money}.",
            zh="应收账款增长{value}（界限{limit}），而收入未增长：{revenue_year_ago:money}→{revenue:money}。",
        ),
    ),
    ask_en="Ask whether terms were loosened, which sales were booked late in the year, and for confirmations of balances.",
    ask_zh="询问是否放宽了信用期、年末确认了哪些收入，并索取往来询证函。",
)
