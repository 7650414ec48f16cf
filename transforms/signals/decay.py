"""Signs of a decaying relationship (客户关系恶化的征兆）."""

import polars as pl

from transforms.measures import value
from transforms.signal import (
    AtLeast,
    Fact,
    Measure,
    Signal,
    above,
    alert,
    at_least,
    at_most,
    fact,
    house,
    red,
    watch,
)
from transforms.text import Unit

# The gap's limit is the client's own: it is a panel column, so the comparison is of the days beyond it.
_beyond = Measure(pl.col("days_since_contact") - pl.col("contact_gap_limit"), Unit.DAYS)
_longer = at_least(_beyond, house(0, "days beyond the tier's rhythm or 1.5 times the own gap", "beyond"))
_windows = Fact(
    pl.when(pl.col("contacts_now").is_not_null()).then(
        pl.col("contacts_mean").is_not_null() & pl.col("contacts_poisson").is_not_null()
    )
)
_fewer = (
    at_most(
        Measure(
            pl.when(pl.col("contacts_mean") > 0).then(pl.col("contacts_now") / pl.col("contacts_mean")), Unit.RATIO
        ),
        house(0.5, "half of the usual number", "count"),
    )
    & at_most(value("contacts_poisson", Unit.RATIO), house(0.05, "small counts must not fire by chance", "chance"))
    & _windows
)
_scores = Fact(
    pl.when("warmth_usable").then(pl.col("warmth_last3").is_not_null() & pl.col("warmth_before6").is_not_null())
)
_cooler = (
    at_least(
        Measure(pl.col("warmth_before6") - pl.col("warmth_last3"), Unit.SCORE),
        house(1.0, "a whole step of five", "warmth"),
    )
    & _scores
)  # too few windows or scores: the clause is false, not unknown (reading G13); no feed or flat scores: unknown

fewer_meetings = Signal(
    id="REL-11",
    grade="B",
    zh="同客户见面的间隔时间拉长、次数变少,且客户变得不热心。",
    en="Longer gaps, fewer meetings, cooler client",
    tests=(
        watch(
            "gap",
            _longer,
            en="The last two-way contact was on {last_contact_on:day}, {days_since_contact:days} ago; usual at the latest "
            "after {contact_gap_limit:days}.",
            zh="最近一次双向接触在{last_contact_on:day}，距今{days_since_contact:days}；通常最迟{contact_gap_limit:days}一次。",
        ),
        watch(
            "count",
            _fewer,
            en="{contacts_now:count} contacts in {contacts_window_days:days} against {contacts_mean:count} usual in that time "
            "({value}, limit {limit}).",
            zh="{contacts_window_days:days}内接触{contacts_now:count}次，以往同等时间为{contacts_mean:count}次"
            "（{value}，界限{limit}）。",
        ),
        watch(
            "warmth",
            _cooler,
            en="Warmth of the last three contacts {warmth_last3:score} against {warmth_before6:score} of the six before: "
            "down {value} (limit {limit}).",
            zh="最近三次接触热情度{warmth_last3:score}，此前六次{warmth_before6:score}，下降{value}（界限{limit}）。",
        ),
        alert(
            "two_of_three",
            AtLeast(2, (_longer, _fewer, _cooler)),
            en="Two of three hold: longer gaps, fewer meetings, a cooler client; last two-way contact on "
            "{last_contact_on:day}.",
            zh="间隔拉长、次数变少、态度转冷三项中有两项成立；最近一次双向接触在{last_contact_on:day}。",
        ),
        red(
            "all_three",
            AtLeast(3, (_longer, _fewer, _cooler)),
            en="Gaps are longer, meetings fewer and the client is cooler; last two-way contact on {last_contact_on:day}.",
            zh="间隔拉长、次数变少且客户转冷，三项均成立；最近一次双向接触在{last_contact_on:day}。",
        ),
    ),
    ask_en="See the client in person; ask what we could do better and whether another bank takes care of them.",
    ask_zh="登门拜访，询问我行有何可改进之处，以及是否有其他银行在跟进。",
    note="A client without any two-way contact on record has no gap to measure: NO_DATA, never CLEAR. Scores of an RM who "
    "gives everyone the same leave the warmth clause unknown.",
)

_OPEN_EN = "A complaint has been open for {value} (limit {limit})."
_OPEN_ZH = "有抱怨已{value}未结案（界限{limit}）。"

complaint = Signal(
    id="REL-12",
    grade="B",
    zh="接到客户的抱怨。",
    en="Complaint received",
    tests=(
        watch(
            "received",
            at_least(value("complaints_90", Unit.COUNT), house(1, "any complaint")),
            en="Complaints received in 90 days: {value}.",
            zh="近90天接到抱怨{value}起。",
        ),
        alert(
            "open",
            above(value("complaint_open_days", Unit.DAYS), house(15, "complaint-handling measures 2020: 15 days")),
            _OPEN_EN,
            _OPEN_ZH,
        ),
        alert(
            "severity",
            at_least(value("complaint_worst_90", Unit.COUNT), house(2, "complex or major")),
            en="A complaint of severity {value} was received in 90 days (limit {limit}).",
            zh="近90天接到{value}级抱怨（界限{limit}级）。",
        ),
        alert(
            "many",
            above(value("complaints_30", Unit.COUNT), house(3, "more than three in 30 days")),
            en="Complaints received in 30 days: {value} (limit: more than {limit}).",
            zh="近30天接到抱怨{value}起（界限：超过{limit}起）。",
        ),
        red(
            "open",
            above(
                value("complaint_open_plain_days", Unit.DAYS), house(30, "complaint-handling measures 2020: 30 days")
            ),
            _OPEN_EN,
            _OPEN_ZH,
        ),
        red(
            "open_extended",
            above(value("complaint_open_extended_days", Unit.DAYS), house(60, "60 days with an approved extension")),
            en="A complaint with an approved extension has been open for {value} (limit {limit}).",
            zh="已批准延期的抱怨{value}未结案（界限{limit}）。",
        ),
        red(
            "repeat",
            fact("complaint_repeat"),
            en="The same complaint came back within a year.",
            zh="同样的抱怨一年内再次出现。",
        ),
    ),
    ask_en="Answer in person today, say what was found and by when it is mended, and thank the client for saying so.",
    ask_zh="当天当面答复，说明调查结果和整改期限，并感谢客户提出意见。",
    note="The severity is that of complaints of 90 days; an open one counts however old it is. The same complaint again: it names "
    "the earlier one, or has its category and the same contact or product; the new one is at most 90 days old, the earlier one "
    "at most 365.",
)
