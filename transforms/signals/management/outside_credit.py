"""The client at other lenders (MGT-41, MGT-43, MGT-44)."""

import polars as pl

from transforms.measures import share, value
from transforms.signal import Fact, Measure, Signal, above, alert, answered, at_least, at_most, house, red, watch
from transforms.text import Unit

_loan_inquirers = value("loan_inquirers_90", Unit.COUNT)
_no_rise = Fact(~pl.col("debt_rose_after_inquiry"))
_REFUSED_EN = (
    "Institutions that asked the bureau about a loan approval in 90 days: {value} (limit {limit}); no new loan at another bank "
    "is reported since."
)
_REFUSED_ZH = "近90天以贷款审批为由查询征信的机构{value}家（界限{limit}），此后他行贷款家数和余额未见增加。"

refused_elsewhere = Signal(
    id="MGT-41",
    grade="B",
    zh="向其他银行的服务请求被拒绝。",
    en="Service request refused by other banks",
    tests=(
        watch(
            "refused",
            at_least(_loan_inquirers, house(2, "two banks asked, none lent")) & _no_rise,
            _REFUSED_EN,
            _REFUSED_ZH,
        ),
        alert(
            "refused",
            at_least(_loan_inquirers, house(4, "four banks asked, none lent")) & _no_rise,
            _REFUSED_EN,
            _REFUSED_ZH,
        ),
        *answered("MGT-41", levels=("A",)),
    ),
    ask_en="Ask which banks were approached, for what amount, and what each answered.",
    ask_zh="问明向哪些银行申请、金额多少、各家如何答复。",
    note="No rise: neither the number of other banks nor their balance is higher, in any report after the first inquiry and up "
    "to 60 days after the last, than in the report before; judged on the reports so far, the newest at most 95 days old. Level "
    "A asks for the same.",
)

_inquirers = value("inquirers_30", Unit.COUNT)
_multiple = at_least(
    Measure(share("inquirers_30", pl.col("inquiries_year_before") / 12).expr, Unit.TIMES),
    house(3, "three times the usual month", "multiple"),
)
_ASKED_EN = (
    "Institutions that asked the bureau in 30 days: {value} (limit {limit}); inquiries in the year before: "
    "{inquiries_year_before:count}."
)
_ASKED_ZH = "近30天查询征信的机构{value}家（界限{limit}），此前一年共查询{inquiries_year_before:count}次。"

sudden_inquiries = Signal(
    id="MGT-43",
    grade="B",
    zh="突然接到多家银行的资信咨询调查。",
    en="Sudden credit enquiries from several banks",
    tests=(
        watch(
            "inquirers",
            at_least(_inquirers, house(3, "three institutions in a month")) & _multiple,
            _ASKED_EN,
            _ASKED_ZH,
        ),
        alert(
            "inquirers",
            at_least(_inquirers, house(5, "five institutions in a month")) & _multiple,
            _ASKED_EN,
            _ASKED_ZH,
        ),
        watch(
            "reference_calls",
            at_least(value("reference_calls_30", Unit.COUNT), house(2, "two calls in a month")),
            en="Other banks asked us about the client in 30 days: {value} calls (limit {limit}).",
            zh="近30天他行向我行咨询该客户资信{value}次（界限{limit}）。",
            kind="answer",
        ),
        *answered("MGT-43", levels=("W", "A")),
    ),
    ask_en="Ask for what the client seeks money at other banks, and why not with us.",
    ask_zh="询问客户在他行融资的用途，以及为何未向我行提出。",
    note="The usual month is a twelfth of the inquiries, whatever their reason, in the 365 days before the 30; the institutions of "
    "the 30 days are compared with it. Reference calls give level W.",
)

_left_over = Measure(
    pl.when(pl.col("bureau_balance_before") > 0)
    .then(pl.col("bureau_balance") / pl.col("bureau_balance_before"))
    .when(pl.col("bureau_balance_before") <= 0)
    .then(pl.lit(float("inf"))),
    Unit.RATIO,
)
_fall = at_most(_left_over, house(0.70, "three tenths gone in 90 days"))
_worse = Measure(pl.col("bureau_class") - pl.col("bureau_class_before"), Unit.COUNT)

others_withdraw = Signal(
    id="MGT-44",
    grade="B",
    zh="其他银行对客户信用评级降级,或其他银行对此客户贷款急剧减少。",
    en="Downgrade or sharp loan reduction at other banks",
    tests=(
        watch(
            "balance",
            _fall,
            en="Loans at other banks fell from {bureau_balance_before:money} on {bureau_before_on:day} to "
            "{bureau_balance:money} on {bureau_on:day}: {value} are left (limit {limit}).",
            zh="他行贷款由{bureau_before_on:day}的{bureau_balance_before:money}降至{bureau_on:day}的{bureau_balance:money}，"
            "余{value}（界限{limit}）。",
        ),
        alert(
            "class",
            above(_worse, house(0, "any step down")),
            en="The worst class of the client's loans at other lenders worsened between {bureau_before_on:day} and "
            "{bureau_on:day}.",
            zh="{bureau_before_on:day}至{bureau_on:day}，客户在其他机构贷款的最差分类下调。",
        ),
        alert(
            "balance_and_banks",
            _fall & Fact(pl.col("bureau_banks") < pl.col("bureau_banks_before")),
            en="Loans at other banks fell from {bureau_balance_before:money} to {bureau_balance:money} ({value} are left, limit "
            "{limit}) and the banks that lend from {bureau_banks_before:count} to {bureau_banks:count}.",
            zh="他行贷款由{bureau_balance_before:money}降至{bureau_balance:money}（余{value}，界限{limit}），贷款行由"
            "{bureau_banks_before:count}家减至{bureau_banks:count}家。",
        ),
        red(
            "substandard",
            at_least(value("bureau_class", Unit.COUNT), house(3, "substandard or worse")),
            en="By the bureau's report of {bureau_on:day} another lender classes the client's loans substandard or worse.",
            zh="{bureau_on:day}征信报告显示，客户在其他机构的贷款被列为次级或更差。",
        ),
    ),
    ask_en="Ask which bank cut or called its loan, and how the client repaid it.",
    ask_zh="问明哪家银行压缩或收回贷款，客户用何资金归还。",
    note="The newest report, at most 95 days old, against the newest of 90 days ago, at most 95 days old then. Maturities at "
    "other banks are not known, so a fall alone gives level W; without such loans before, nothing fell.",
)
