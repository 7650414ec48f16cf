"""The RM's own conduct (REL-01 to REL-04, REL-08 to REL-10): for the RM and the supervisor only, never for the client."""

import polars as pl

from transforms.measures import ratio, value
from transforms.signal import (
    Fact,
    Limit,
    Measure,
    NeverUnknown,
    Signal,
    Test,
    alert,
    answered,
    at_least,
    at_most,
    below,
    house,
    watch,
)
from transforms.text import Unit

_HALF_YEAR_EN, _HALF_YEAR_ZH = "in 180 days", "近180天"
_TALK_EN = "Supervisor: hear both sides apart, and let somebody else than the RM call the client."
_TALK_ZH = "由主管分别听取双方意见，并安排客户经理以外的人员联系客户。"


def _complained(about: str, en: str, zh: str) -> Test:
    """A complaint about it in 180 days: level A."""
    return alert(
        "complaint",
        at_least(value(f"complaints_{about}", Unit.COUNT), house(1, "any complaint about it")),
        en=f"Complaints {en} {_HALF_YEAR_EN}: {{value}}.",
        zh=f"{_HALF_YEAR_ZH}{zh}{{value}}起。",
    )


def _dissatisfied() -> Limit:
    return house(2, "2 of 5 is dissatisfied")


_manner = _dissatisfied()

arguing = Signal(
    id="REL-01",
    grade="C",
    zh="客户经理喜欢与客户争辩,而且总想辩赢对方。",
    en="RM argues with the client and wants to win",
    tests=(
        watch(
            "survey",
            at_most(value("survey_manner", Unit.SCORE), _manner)
            & at_most(value("survey_manner_before", Unit.SCORE), _manner),
            en="The client scored listening or respect {value} in the newest survey ({survey_manner_on:day}) and "
            "{survey_manner_before:score} in the one before (limit {limit}).",
            zh="客户在最近一次调查（{survey_manner_on:day}）中对倾听或尊重评分{value}，上一次评分{survey_manner_before:score}"
            "（界限{limit}）。",
        ),
        _complained("argument", "about the RM's arguing or attitude", "对客户经理争辩或态度的抱怨"),
        *answered(
            "REL-01",
            levels=("W",),
            en="The supervisor's answer or a self-check on file says that the RM argues with the client.",
            zh="主管答复或自检记录显示客户经理与客户争辩。",
        ),
    ),
    clear_needs=("survey",),
    ask_en=_TALK_EN,
    ask_zh=_TALK_ZH,
    note="A survey is what the client answered on one day; the lower score of listens and respects counts, and both surveys "
    "must be at most 400 days old. A self-check is an observation the RM files on himself.",
)

judging = Signal(
    id="REL-02",
    grade="C",
    zh="客户经理按照自己的价值观去判断客户且付诸实践。",
    en="RM judges the client by own values and acts on it",
    tests=(
        watch(
            "survey",
            at_most(value("survey_understands", Unit.SCORE), _dissatisfied()),
            en="The client scored 'understands our business' {value} on {survey_understands_on:day} (limit {limit}).",
            zh="客户在{survey_understands_on:day}的调查中对“了解我方业务”评分{value}（界限{limit}）。",
        ),
        watch(
            "proposals",
            at_least(value("proposals_beside_share", Unit.RATIO), house(0.6, "most offers miss the need"))
            & at_least(value("proposals", Unit.COUNT), house(5, "a few offers prove nothing", "offers")),
            en="The client declined {proposals_beside:count} of {proposals:count} offers of 365 days as not relevant: "
            "{value} (limit {limit}).",
            zh="近365天{proposals:count}次方案中有{proposals_beside:count}次被客户以不相关为由拒绝，占{value}（界限{limit}）。",
            kind="proxy",
        ),
        _complained("prejudice", "about prejudice", "关于偏见的抱怨"),
        *answered(
            "REL-02",
            levels=("A",),
            en="An answer on file says that the RM judges the client by his or her own values.",
            zh="书面答复显示客户经理以自己的价值观判断客户。",
        ),
    ),
    clear_needs=("survey",),
    ask_en=_TALK_EN,
    ask_zh=_TALK_ZH,
    note="The newest survey of the last 400 days counts. Fewer than five offers: that test does not hold.",
)

_asked_often = at_least(value("opinions", Unit.COUNT), house(3, "one or two opinions prove nothing", "opinions"))

ignoring_opinions = Signal(
    id="REL-03",
    grade="B",
    zh="征求客户的意见却又不采纳,并被客户知晓。",
    en="Client's opinion asked but not used, and the client knows",
    tests=(
        watch(
            "adopted",
            below(value("opinions_adopted_share", Unit.RATIO), house(0.3, "asked for show")) & _asked_often,
            en="Of {opinions:count} opinions the client was asked for in 365 days {opinions_adopted:count} were adopted: "
            "{value} (limit {limit}).",
            zh="近365天征求客户意见{opinions:count}条，采纳{opinions_adopted:count}条，占{value}（界限{limit}）。",
        ),
        alert(
            "unanswered",
            at_least(value("opinions_unanswered", Unit.COUNT), house(1, "the client waits for an answer"))
            & _asked_often,
            en="Opinions not adopted whose outcome the client was not told within 30 days: {value} of {opinions:count}.",
            zh="未采纳且30天内未向客户反馈的意见{value}条，共征求{opinions:count}条。",
        ),
        _complained("ignored_feedback", "about ignored opinions", "关于意见未受重视的抱怨"),
    ),
    ask_en="Tell the client today what became of each opinion and why; adopt what can be adopted.",
    ask_zh="当天向客户逐条说明意见的处理结果和原因，能采纳的予以采纳。",
    note="The guard of three opinions holds for the share and for the late answers. An opinion still open counts as not "
    "adopted; it is late once its 30 days are over.",
)

fault_finding = Signal(
    id="REL-04",
    grade="C",
    zh="多次指出客户的缺点甚至不足,引起客户的反感。",
    en="RM repeatedly points out the client's faults",
    tests=(
        watch(
            "notes",
            at_least(value("criticisms_90", Unit.COUNT), house(2, "more than once")),
            en="Contacts of 90 days in which the RM pointed out the client's faults: {value} (limit {limit}).",
            zh="近90天客户经理当面指出客户缺点的接触{value}次（界限{limit}次）。",
            kind="proxy",
        ),
        *answered(
            "REL-04",
            levels=("W",),
            en="An answer on file says that the RM points out the client's faults again and again.",
            zh="书面答复显示客户经理多次指出客户缺点。",
        ),
        alert(
            "survey",
            at_most(value("survey_respects", Unit.SCORE), _dissatisfied()),
            en="The client scored respect {value} on {survey_respects_on:day} (limit {limit}).",
            zh="客户在{survey_respects_on:day}的调查中对尊重评分{value}（界限{limit}）。",
        ),
        _complained("criticism", "about criticism of the client", "关于指责客户的抱怨"),
    ),
    clear_needs=("survey",),
    ask_en=_TALK_EN,
    ask_zh=_TALK_ZH,
    note="The flag in the contact log is the RM's own and asks to be confirmed. The newest survey of the last 400 days counts.",
)

moved_appointments = Signal(
    id="REL-08",
    grade="B",
    zh="客户经理因为自己有事而变更约定时间却不向客户解释、道歉。",
    en="RM reschedules without explanation or apology",
    tests=(
        watch(
            "once",
            at_least(value("moved_90", Unit.COUNT), house(1, "each case breaks the rule")),
            en="Appointments the bank moved, cancelled or missed without notice or apology in 90 days: {value}.",
            zh="近90天我行变更、取消或未赴约且未事先通知或致歉{value}次。",
        ),
        alert(
            "again",
            at_least(value("moved_180", Unit.COUNT), house(2, "a second time in half a year")),
            en="Appointments the bank moved, cancelled or missed without notice or apology in 180 days: {value} "
            "(limit {limit}).",
            zh="近180天我行变更、取消或未赴约且未事先通知或致歉{value}次（界限{limit}次）。",
        ),
        _complained("missed_appointment", "about missed appointments", "关于爽约的抱怨"),
    ),
    ask_en="Apologise in person, give the reason, and let the client choose the next date.",
    ask_zh="当面致歉并说明原因，由客户选定下次时间。",
    note="Every appointment the log says the bank changed counts, whether moved, cancelled or missed; it is dated by the day it "
    "was planned for. A blank notice or apology is not a missing one.",
)

_after = Measure(ratio("contacts_after_alert", "contacts_before_alert"), Unit.RATIO)
_looked_away = NeverUnknown(
    at_most(_after, house(0.5, "half of the contacts", "contacts")) & Fact(pl.col("first_alert_on").is_not_null())
)

evading = Signal(
    id="REL-09",
    grade="B",
    zh="客户有困难,但这些困难只要与自己无关系就设法回避。",
    en="Evading the client's difficulties",
    tests=(
        watch(
            "request",
            at_least(value("evaded_365", Unit.COUNT), house(1, "any request not taken up")),
            en="Requests of 365 days without a first action within three working days, or sent away as not our business: "
            "{value}.",
            zh="近365天在三个工作日内未着手处理或以非我行业务推脱的客户请求{value}项。",
        ),
        watch(
            "after_alert",
            _looked_away,
            en="After the client first reached level A on {first_alert_on:day} there were {contacts_after_alert:count} contacts "
            "in 60 days against {contacts_before_alert:count} in the 60 days before ({value}, limit {limit}).",
            zh="客户于{first_alert_on:day}首次升至A级后，60天内接触{contacts_after_alert:count}次，此前60天为"
            "{contacts_before_alert:count}次（{value}，界限{limit}）。",
        ),
        alert(
            "requests",
            at_least(value("evaded_180", Unit.COUNT), house(2, "twice in half a year")),
            en="Requests of 180 days without a first action within three working days, or sent away as not our business: "
            "{value} (limit {limit}).",
            zh="近180天在三个工作日内未着手处理或以非我行业务推脱的客户请求{value}项（界限{limit}项）。",
        ),
    ),
    ask_en="Take the open requests up today; if they belong elsewhere, hand the client over by name and stay until it is solved.",
    ask_zh="当天着手处理未办请求；属其他部门的，落实具体经办人并跟进至解决。",
    note="No window is printed for the first test: 365 days. The contacts around the first level A are judged for 365 days, "
    "once the 60 days after it are over; without earlier nights, or without a contact before, that test counts as no.",
)

breaking_promises = Signal(
    id="REL-10",
    grade="B",
    zh="为人处世表里不一且为客户发觉。",
    en="Words and deeds differ, and the client notices",
    tests=(
        watch(
            "kept",
            below(value("promises_kept_share", Unit.RATIO), house(0.8, "four of five"))
            & at_least(value("promises_due", Unit.COUNT), house(5, "a few promises prove nothing", "promises")),
            en="Of {promises_due:count} promises due in 180 days {promises_kept:count} were kept in time: {value} (limit "
            "{limit}).",
            zh="近180天到期承诺{promises_due:count}项，按期兑现{promises_kept:count}项，占{value}（界限{limit}）。",
        ),
        watch(
            "overdue",
            at_least(value("promises_overdue", Unit.COUNT), house(2, "more than one")),
            en="Promises to the client open and past their due day: {value} (limit {limit}).",
            zh="已到期仍未兑现的承诺{value}项（界限{limit}项）。",
        ),
        alert(
            "survey",
            at_most(value("survey_keeps_promises", Unit.SCORE), _dissatisfied()),
            en="The client scored 'keeps promises' {value} on {survey_keeps_promises_on:day} (limit {limit}).",
            zh="客户在{survey_keeps_promises_on:day}的调查中对“信守承诺”评分{value}（界限{limit}）。",
        ),
        _complained("broken_promise", "about broken promises", "关于食言的抱怨"),
    ),
    ask_en="Keep what is overdue now, or tell the client why not and agree a new date; promise nothing that cannot be kept.",
    ask_zh="立即兑现逾期承诺，无法兑现的向客户说明原因并另定日期；不作不能兑现的保证。",
    note="Open and overdue promises count whenever they fell due; a cancelled promise was not kept. The newest survey of the last "
    "400 days counts; without one the row is not clear.",
)
