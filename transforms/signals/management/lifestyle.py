"""How the people at the top live (MGT-27, MGT-28, MGT-29, MGT-32)."""

from transforms.measures import share, value
from transforms.signal import Signal, alert, answered, at_least, house, watch
from transforms.text import Unit

_WHO = (
    "Key persons are the legal representative, directors, supervisors, executives and the head of finance in office at T; "
    "the amounts are payments to party ids, not to names."
)

speculation = Signal(
    id="MGT-27",
    grade="C",
    zh="管理层品行低下,缺乏修养,投机思想严重。",
    en="Poor integrity or speculative management",
    answer_decides=True,
    tests=(
        watch(
            "speculative_payments",
            at_least(share("speculative_90", "opout_90"), house(0.10, "a tenth of all payments")),
            en="{speculative_90:money} of {opout_90:money} paid in 90 days went to securities, futures, crypto or precious metals "
            "firms: {value} (limit {limit}).",
            zh="近90天付款{opout_90:money}中，{speculative_90:money}付给证券、期货、虚拟货币或贵金属机构，占{value}（界限{limit}）。",
            kind="proxy",
        ),
        alert(
            "key_person_case",
            at_least(value("key_person_cases_365", Unit.COUNT), house(1, "one case is enough")),
            en="Key persons listed as dishonest debtors or in criminal cases, registered in 365 days: {value} (limit {limit}).",
            zh="近365天关键人员被列为失信被执行人或涉刑事案件{value}起（界限{limit}起）。",
            kind="proxy",
        ),
        *answered("MGT-27", levels=("W", "A")),
    ),
    ask_en="Ask what the payments were for and who approved them; say in writing whether management speculates with company money.",
    ask_zh="问明上述款项用途及审批人，并书面说明管理层是否以公司资金投机。",
    note="The RM's answer sets the level; without one the computed tests give W to confirm. The kind of a counterparty comes from "
    "the register of parties, else from words of its name. "
    + _WHO
    + " Registry rows of 365 days that were not lifted.",
)

travel_and_scandal = Signal(
    id="MGT-28",
    grade="C",
    zh="管理层出国考察不断,桃色新闻频出。",
    en="Excessive foreign travel or scandal",
    tests=(
        watch(
            "travel",
            at_least(value("travel_r3_12", Unit.TIMES), house(2, "twice the usual month"))
            & at_least(share("travel_3", "opout_3"), house(0.01, "a hundredth of all payments", "materiality")),
            en="Travel and entertainment of three months came to {travel_3:money}, {value} the monthly mean of the twelve months "
            "before (limit {limit}).",
            zh="近三个月差旅招待支出{travel_3:money}，月均为此前十二个月的{value}（界限{limit}）。",
            kind="proxy",
        ),
        alert(
            "scandal",
            at_least(value("scandals_180", Unit.COUNT), house(1, "one confirmed report is enough")),
            en="Confirmed reports of an executive scandal in 180 days: {value} (limit {limit}).",
            zh="近180天经核实的高管丑闻报道{value}条（界限{limit}条）。",
            kind="proxy",
        ),
        *answered("MGT-28", levels=("W", "A")),
    ),
    ask_en="Ask what the journeys brought in, and who runs the company while the managers are away.",
    ask_zh="询问出行带来了什么业务，以及管理层外出期间由谁主持经营。",
    note="Without an RM's answer the computed tests give W to confirm. Travel is compared with all payments of the same three "
    "months. News on the client or on one of its key persons counts. " + _WHO,
)

self_indulgence = Signal(
    id="MGT-29",
    grade="C",
    zh="管理层注重个人享受、喜欢赌博,或经营资质太差。",
    en="Self-indulgent, gambling or unqualified management",
    answer_decides=True,
    tests=(
        watch(
            "key_persons_paid",
            at_least(share("key_persons_90", "opout_90"), house(0.05, "a twentieth of all payments")),
            en="{key_persons_90:money} of {opout_90:money} paid in 90 days went to key persons, neither payroll nor dividend: {value} "
            "(limit {limit}).",
            zh="近90天付款{opout_90:money}中，{key_persons_90:money}付给关键人员（非工资、非股利），占{value}（界限{limit}）。",
            kind="proxy",
        ),
        watch(
            "cash",
            at_least(value("cash_drawn_r3_12", Unit.TIMES), house(3, "three times the usual month")),
            en="Cash of {cash_drawn_3:money} was withdrawn in three months, {value} the monthly mean of the twelve months before "
            "(limit {limit}).",
            zh="近三个月提取现金{cash_drawn_3:money}，月均为此前十二个月的{value}（界限{limit}）。",
            kind="proxy",
        ),
        alert(
            "gambling",
            at_least(value("gambling_365", Unit.COUNT), house(1, "one confirmed report is enough")),
            en="Confirmed reports of gambling in 365 days: {value} (limit {limit}).",
            zh="近365天经核实的赌博报道{value}条（界限{limit}条）。",
            kind="proxy",
        ),
        *answered("MGT-29", levels=("W", "A")),
    ),
    ask_en="Ask what the payments and the cash were for, see the vouchers, and judge whether the managers know their trade.",
    ask_zh="问明付款和提现用途，查看凭证，并判断管理层是否具备经营能力。",
    note="The RM's answer sets the level; without one the computed tests give W to confirm. Payments without a category count. News "
    "of 365 days on the client or on one of its key persons. " + _WHO,
)

meetings = Signal(
    id="MGT-32",
    grade="C",
    zh="业务会议剧增。",
    en="Surge in business meetings",
    answer_decides=True,
    tests=(
        watch(
            "conferences",
            at_least(value("conference_r3_12", Unit.TIMES), house(2, "twice the usual month"))
            & at_least(value("conference_y3", Unit.TIMES), house(2, "twice the same months a year ago", "year")),
            en="Conference and hotel spending of three months came to {conference_3:money}, {value} the monthly mean of the twelve "
            "months before (limit {limit}) and {conference_y3:times} the same months a year ago.",
            zh="近三个月会议酒店支出{conference_3:money}，月均为此前十二个月的{value}（界限{limit}），为上年同期的{conference_y3:times}。",
            kind="proxy",
        ),
        *answered("MGT-32", levels=("W",)),
    ),
    ask_en="Ask what the meetings were about and what was decided.",
    ask_zh="询问会议议题和结果。",
    note="The RM's answer sets the level; without one the computed test gives W to confirm.",
)
