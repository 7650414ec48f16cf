"""Money from and to institutions other than us (MGT-45, MGT-46)."""

import polars as pl

from transforms.measures import gap, growth, share, value
from transforms.signal import Fact, Signal, alert, at_least, fact, hit, house, watch
from transforms.text import Unit

# From a base of nothing the growth says nothing and the share decides: then this test is false, not unknown.
_grown = Fact(pl.col("nonbank_debt_year_ago") > 0) & at_least(
    growth("nonbank_debt"), house(0.50, "half as much again", "growth")
)
_larger_part = at_least(
    gap(value("nonbank_debt_share", Unit.RATIO), value("nonbank_debt_share_year_ago", Unit.RATIO)),
    house(0.10, "ten points more of all debt", "rise"),
) & at_least(value("nonbank_debt_share", Unit.RATIO), house(0.20, "a fifth of all debt", "share"))
_anew = fact("nonbank_in_anew")
_much = at_least(share("nonbank_in_90", "opin_90"), house(0.10, "a tenth of the inflow", "inflow"))

nonbank_borrowing = Signal(
    id="MGT-45",
    grade="B",
    zh="从非银行金融单位借款显著增加。",
    en="Significant rise in non-bank borrowing",
    tests=(
        watch(
            "debt_growth",
            _grown,
            en="Debt to non-bank lenders grew from {nonbank_debt_year_ago:money} to {nonbank_debt:money}: up {value} (limit "
            "{limit}).",
            zh="非银行机构借款{nonbank_debt_year_ago:money}→{nonbank_debt:money}，增长{value}（界限{limit}）。",
        ),
        watch(
            "debt_share",
            _larger_part,
            en="Non-bank lenders' share of all debt rose from {nonbank_debt_share_year_ago:ratio} to {nonbank_debt_share:ratio}: up "
            "{value} (limit {limit}).",
            zh="非银行机构借款占全部债务{nonbank_debt_share_year_ago:ratio}→{nonbank_debt_share:ratio}，上升{value}（界限{limit}）。",
        ),
        watch(
            "first_inflow",
            _anew,
            en="A non-bank lender paid in on {nonbank_in_first_on:day}, the first time in twelve months; payments in 90 days: "
            "{nonbank_in_count_90:count}.",
            zh="{nonbank_in_first_on:day}非银行机构付入款项，为十二个月来首次；近90天共{nonbank_in_count_90:count}笔。",
        ),
        watch(
            "inflow_share",
            _much,
            en="Non-bank lenders paid in {nonbank_in_90:money} in 90 days, {value} of the inflow of {opin_90:money} (limit {limit}).",
            zh="近90天非银行机构付入{nonbank_in_90:money}，为账户流入{opin_90:money}的{value}（界限{limit}）。",
        ),
        alert(
            "both",
            (_grown | _larger_part) & (_anew | _much),
            en="The credit report shows {nonbank_debt:money} owed to non-bank lenders, markedly more than a year ago; "
            "payments from them in 90 days: {nonbank_in_count_90:count}.",
            zh="征信显示欠非银行机构{nonbank_debt:money}，较上年明显增加，且近90天非银行机构付入{nonbank_in_count_90:count}笔。",
        ),
    ),
    ask_en="Ask who lent, at what rate and against which security, and why a bank did not.",
    ask_zh="问明出借方、利率和担保，以及为何未向银行融资。",
    note="All debt is our loans on the balance sheet, other banks' and non-banks' as the credit report shows them; a year ago is the "
    "report in force twelve months before. A report older than 95 days is no report. Payments of any category from a trust, "
    "leasing, microloan, factoring or guarantee company, known by the register of parties or by its name; the first in "
    "twelve months is one of the last 90 days with none in the 365 days before it. From no non-bank debt the share decides.",
)

_count = at_least(value("own_new_count_90", Unit.COUNT), house(2, "not a single trial payment", "count"))
_amount = share("own_new_amount_90", "outflow_with_own_90")
_material = at_least(_amount, house(0.05, "a twentieth of what leaves", "share"))
_AMOUNT_EN = (
    "{own_new_amount_90:money} went to the client's own new accounts at other banks in 90 days: {value} of all that left (limit "
    "{limit})."
)
_AMOUNT_ZH = "近90天向客户在他行新开的本名账户转出{own_new_amount_90:money}，占全部流出的{value}（界限{limit}）。"

new_account_elsewhere = Signal(
    id="MGT-46",
    grade="A",
    zh="在新的银行或其他金融机构开立账户。",
    en="New account opened at another institution",
    tests=(
        watch(
            "count",
            _count,
            en="Transfers to the client's own new accounts at other banks in 90 days: {value} (limit {limit}), the first on "
            "{own_new_first_on:day}.",
            zh="近90天向客户在他行新开的本名账户转账{value}笔（界限{limit}笔），首笔在{own_new_first_on:day}。",
        ),
        watch("share", _material, _AMOUNT_EN, _AMOUNT_ZH),
        alert("share", at_least(_amount, house(0.20, "a fifth of what leaves")), _AMOUNT_EN, _AMOUNT_ZH),
        alert(
            "flows_drop",
            (_count | _material) & hit("MGT-42", unknown=False),
            en="The client opened accounts at other banks ({own_new_count_90:count} own transfers there in 90 days) while deposits or "
            "settlement with us keep falling.",
            zh="客户在他行开立新账户（近90天本名转账{own_new_count_90:count}笔），同时在我行的存款或结算量持续下降。",
        ),
    ),
    clear_needs=("count",),  # that MGT-42 is not hit says nothing about new accounts
    ask_en="Ask what the new account is for and which receipts will go there; offer what the other bank offers.",
    ask_zh="询问新账户的用途、今后哪些回款走该账户，并提出我行的对应方案。",
    note="A transfer is to a new account when the account it names, else the bank, was first seen less than 90 days ago in the "
    "client's own transfers, in or out, over its whole history. Shares are of the outflow of 90 days with all own transfers to "
    "other banks. MGT-42 not answered counts as not hit.",
)
