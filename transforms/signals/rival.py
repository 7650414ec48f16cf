"""Other banks take the client over (REL-13)."""

import polars as pl

from transforms.measures import ratio, value
from transforms.signal import (
    AtLeast,
    Condition,
    Measure,
    Signal,
    Test,
    alert,
    answered,
    at_least,
    at_most,
    hit,
    house,
    red,
    watch,
)
from transforms.text import Unit


def _our_share(ours: str, others: str) -> pl.Expr:
    base = pl.col(ours) + pl.col(others)
    return pl.when(base > 0).then(pl.col(ours) / base)


_loans = at_least(
    Measure(
        _our_share("balance_out_year_ago", "other_banks_debt_year_ago")
        - _our_share("balance_out_now", "other_banks_debt"),
        Unit.POINTS,
    ),
    house(0.10, "a tenth of the loans moved", "loans"),
)
_routed = at_least(
    Measure(
        1
        - ratio("opin_12", "revenue_ttm")
        / pl.when(pl.col("opin_12_before") > 0).then(ratio("opin_12_before", "revenue_ttm_year_ago")),
        Unit.RATIO,
    ),
    house(0.20, "outbound activity down a fifth is an attrition sign", "routed"),
)


def _stopped(name: str) -> Condition:
    stream = at_least(
        value(f"{name}_months_before", Unit.COUNT), house(5, "paid in five of the six months before", f"{name}_stream")
    )
    return at_most(value(f"{name}_months", Unit.COUNT), house(0, "none in two months", f"{name}_stopped")) & stream


_payroll, _tax = _stopped("payroll"), _stopped("tax")


def _stream(name: str, condition: Condition, en: str, zh: str) -> Test:
    return alert(
        name,
        condition,
        en=f"{en} were paid through us in {{{name}_months_before:count}} of six months and not in the last two.",
        zh=f"{zh}在此前6个月中有{{{name}_months_before:count}}个月经我行支付，最近两个月停止。",
    )


other_banks = Signal(
    id="REL-13",
    grade="A",
    zh="听到客户已开始与其他银行接触的消息。",
    en="Word that the client is talking to other banks",
    tests=(
        watch(
            "inquiry",
            at_least(value("rival_inquiries", Unit.COUNT), house(1, "any inquiry for a loan")),
            en="Inquiries of other banks for a loan approval in 90 days: {value}.",
            zh="近90天其他银行贷款审批查询{value}次。",
        ),
        watch(
            "competitor",
            at_least(value("rival_contacts", Unit.COUNT), house(1, "any contact")),
            en="Contacts of other banks with the client on record in 365 days: {value}, the last on {rival_contact_on:day}.",
            zh="近365天记录到其他银行与客户接触{value}次，最近一次在{rival_contact_on:day}。",
        ),
        watch(
            "new_account",
            hit("MGT-46"),
            en="The client opened an account at another institution (MGT-46).",
            zh="客户在其他机构开立账户（MGT-46）。",
        ),
        *answered(
            "REL-13",
            levels=("W",),
            en="The RM's answer on file says that the client is in touch with other banks.",
            zh="客户经理书面答复显示客户已与其他银行接触。",
        ),
        alert(
            "loans",
            _loans,
            en="Our share of the client's bank loans fell by {value} in twelve months (limit {limit}): we lend "
            "{balance_out_now:money}, other banks {other_banks_debt:money}.",
            zh="我行在客户银行贷款中的占比12个月内下降{value}（界限{limit}）：我行{balance_out_now:money}，他行"
            "{other_banks_debt:money}。",
        ),
        alert(
            "routed",
            _routed,
            en="The part of its revenue the client receives through us fell by {value} on the year before (limit {limit}): "
            "inflow {opin_12_before:money} → {opin_12:money}.",
            zh="客户经我行收取的收入占比同比下降{value}（界限{limit}）：流入{opin_12_before:money}→{opin_12:money}。",
        ),
        _stream("payroll", _payroll, "Wages", "工资"),
        _stream("tax", _tax, "Taxes", "税款"),
        red(
            "two_falls",
            AtLeast(2, (_loans, _routed, _payroll | _tax)),
            en="Two of three hold: our share of the loans fell, less of the revenue comes through us, wages or taxes are no "
            "longer paid here.",
            zh="贷款占比下降、经我行收款占比下降、工资或税款停止经我行支付，三项中至少两项成立。",
        ),
    ),
    ask_en="Ask openly what another bank offers and what it would take to stay; bring the supervisor along.",
    ask_zh="坦率询问其他银行的条件以及我行需做哪些改进，由主管陪同拜访。",
    note="Our loans are those on the balance sheet. A stream was paid in at least five of the six months before the last two and in "
    "neither of these; wages and taxes together are one of the three falls. Competitors' contacts count for 365 days, since "
    "no window is printed. An inquiry counts when the party that asked is a bank.",
)
