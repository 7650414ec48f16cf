"""The RM's own conduct (REL-01 to REL-04, REL-08 to REL-10)."""

from datetime import date

import pytest

from tests.signals.cases import Case, check, clear, fires, no_data

SURVEYED = date(2015, 3, 2)
MANNER = {"survey_manner": 2.0, "survey_manner_before": 1.0, "survey_manner_on": SURVEYED}
NO_COMPLAINT = {"complaints_argument": 0, "complaints_prejudice": 0, "complaints_criticism": 0}
UNDERSTOOD = {"survey_understands": 3.0, "survey_understands_on": SURVEYED}
OFFERS = {"proposals": 5, "proposals_beside": 3, "proposals_beside_share": 0.6}
OPINIONS = {"opinions": 10, "opinions_adopted": 3, "opinions_adopted_share": 0.3, "opinions_unanswered": 0}
OPINIONS |= {"complaints_ignored_feedback": 0}
RESPECTED = {"survey_respects": 3.0, "survey_respects_on": SURVEYED}
KEPT_DATES = {"moved_90": 0, "moved_180": 0, "complaints_missed_appointment": 0}
TAKEN_UP = {"evaded_365": 0, "evaded_180": 0}
ALERTED = {"first_alert_on": date(2015, 2, 1), "contacts_before_alert": 4, "contacts_after_alert": 2}
PROMISED = {"promises_due": 5, "promises_kept": 4, "promises_kept_share": 0.8, "promises_overdue": 1}
PROMISED |= {"survey_keeps_promises": 3.0, "survey_keeps_promises_on": SURVEYED, "complaints_broken_promise": 0}

CASES = [
    fires("REL-01", "W", "The client scored listening or respect 2.00 in the newest survey (2 March 2015) and 1.00 in the one "
          "before (limit 2.00).", zh="客户在最近一次调查（2015年3月2日）中对倾听或尊重评分2.00，上一次评分1.00（界限2.00）。",
          **MANNER, **NO_COMPLAINT),
    clear("REL-01", **{**MANNER, "survey_manner": 3.0}, **NO_COMPLAINT),
    clear("REL-01", **{**MANNER, "survey_manner_before": 3.0}),  # a survey above 2 is an answer, whatever else is missing
    clear("REL-01", **{**MANNER, "survey_manner": 3.0, "survey_manner_before": None}),
    no_data("REL-01", **{**MANNER, "survey_manner_before": None}, **NO_COMPLAINT),
    no_data("REL-01", **NO_COMPLAINT),  # no complaint is no answer
    no_data("REL-01"),
    clear("REL-01", **NO_COMPLAINT, answer_rel_01="no", answer_rel_01_severity=1),
    fires("REL-01", "A", "Complaints about the RM's arguing or attitude in 180 days: 1.",
          zh="近180天对客户经理争辩或态度的抱怨1起。", **MANNER, complaints_argument=1),
    fires("REL-01", "W", "The supervisor's answer or a self-check on file says that the RM argues with the client.",
          zh="主管答复或自检记录显示客户经理与客户争辩。", answer_rel_01="yes", answer_rel_01_severity=3),
    fires("REL-02", "W", "The client scored 'understands our business' 2.00 on 2 March 2015 (limit 2.00).",
          zh="客户在2015年3月2日的调查中对“了解我方业务”评分2.00（界限2.00）。", **{**UNDERSTOOD, "survey_understands": 2.0}),
    clear("REL-02", **UNDERSTOOD),
    clear("REL-02", **UNDERSTOOD, **NO_COMPLAINT, proposals=5, proposals_beside=2, proposals_beside_share=0.599),
    clear("REL-02", **UNDERSTOOD, proposals=4, proposals_beside=4, proposals_beside_share=1.0),
    no_data("REL-02", **NO_COMPLAINT, proposals=0),
    fires("REL-02", "W", "The client declined 3 of 5 offers of 365 days as not relevant: 60.0% (limit 60.0%).",
          zh="近365天5次方案中有3次被客户以不相关为由拒绝，占60.0%（界限60.0%）。", **UNDERSTOOD, **OFFERS),
    fires("REL-02", "W", "The client declined 3 of 5 offers of 365 days as not relevant: 60.0% (limit 60.0%).", **OFFERS),
    clear("REL-02", **OFFERS, answer_rel_02="no", answer_rel_02_severity=1),
    fires("REL-02", "A", "Complaints about prejudice in 180 days: 2.", zh="近180天关于偏见的抱怨2起。", **UNDERSTOOD,
          complaints_prejudice=2),
    fires("REL-02", "A", "An answer on file says that the RM judges the client by his or her own values.",
          zh="书面答复显示客户经理以自己的价值观判断客户。", answer_rel_02="yes", answer_rel_02_severity=1),
    fires("REL-03", "W", "Of 10 opinions the client was asked for in 365 days 2 were adopted: 20.0% (limit 30.0%).",
          zh="近365天征求客户意见10条，采纳2条，占20.0%（界限30.0%）。",
          **{**OPINIONS, "opinions_adopted": 2, "opinions_adopted_share": 0.2}),
    clear("REL-03", **OPINIONS),  # strict
    clear("REL-03", **{**OPINIONS, "opinions": 2, "opinions_adopted_share": 0.0, "opinions_unanswered": 2}),
    clear("REL-03", **{**OPINIONS, "opinions": 0, "opinions_adopted_share": None}),
    fires("REL-03", "A", "Opinions not adopted whose outcome the client was not told within 30 days: 1 of 3.",
          zh="未采纳且30天内未向客户反馈的意见1条，共征求3条。", **{**OPINIONS, "opinions": 3, "opinions_unanswered": 1}),
    fires("REL-03", "A", "Complaints about ignored opinions in 180 days: 1.", zh="近180天关于意见未受重视的抱怨1起。",
          complaints_ignored_feedback=1),
    no_data("REL-03", **{**OPINIONS, "complaints_ignored_feedback": None}),
    no_data("REL-03", complaints_ignored_feedback=0),
    fires("REL-04", "W", "Contacts of 90 days in which the RM pointed out the client's faults: 2 (limit 2).",
          zh="近90天客户经理当面指出客户缺点的接触2次（界限2次）。", criticisms_90=2),
    fires("REL-04", "W", "Contacts of 90 days in which the RM pointed out the client's faults: 2 (limit 2).", criticisms_90=2,
          **RESPECTED),
    clear("REL-04", criticisms_90=1, **RESPECTED),
    clear("REL-04", **RESPECTED),
    no_data("REL-04", criticisms_90=1, complaints_criticism=0),
    clear("REL-04", criticisms_90=5, answer_rel_04="no", answer_rel_04_severity=1),
    fires("REL-04", "W", "An answer on file says that the RM points out the client's faults again and again.",
          zh="书面答复显示客户经理多次指出客户缺点。", answer_rel_04="yes", answer_rel_04_severity=2, **RESPECTED),
    fires("REL-04", "A", "The client scored respect 2.00 on 2 March 2015 (limit 2.00).",
          zh="客户在2015年3月2日的调查中对尊重评分2.00（界限2.00）。", **{**RESPECTED, "survey_respects": 2.0}),
    fires("REL-04", "A", "Complaints about criticism of the client in 180 days: 1.", zh="近180天关于指责客户的抱怨1起。",
          complaints_criticism=1, **RESPECTED),
    fires("REL-08", "W", "Appointments the bank moved, cancelled or missed without notice or apology in 90 days: 1.",
          zh="近90天我行变更、取消或未赴约且未事先通知或致歉1次。", **{**KEPT_DATES, "moved_90": 1, "moved_180": 1}),
    clear("REL-08", **{**KEPT_DATES, "moved_180": 1}),
    fires("REL-08", "A", "Appointments the bank moved, cancelled or missed without notice or apology in 180 days: 2 (limit 2).",
          zh="近180天我行变更、取消或未赴约且未事先通知或致歉2次（界限2次）。", **{**KEPT_DATES, "moved_180": 2}),
    fires("REL-08", "A", "Complaints about missed appointments in 180 days: 1.", zh="近180天关于爽约的抱怨1起。",
          **{**KEPT_DATES, "complaints_missed_appointment": 1}),
    clear("REL-08", **KEPT_DATES),
    no_data("REL-08", moved_90=0, moved_180=0),
    no_data("REL-08", complaints_missed_appointment=0),
    fires("REL-09", "W", "Requests of 365 days without a first action within three working days, or sent away as not our "
          "business: 1.", zh="近365天在三个工作日内未着手处理或以非我行业务推脱的客户请求1项。", **{**TAKEN_UP, "evaded_365": 1}),
    clear("REL-09", **TAKEN_UP),  # a first night counts as no
    fires("REL-09", "W", "After the client first reached level A on 1 February 2015 there were 2 contacts in 60 days against 4 in "
          "the 60 days before (50.0%, limit 50.0%).", zh="客户于2015年2月1日首次升至A级后，60天内接触2次，此前60天为4次（50.0%，"
          "界限50.0%）。", **TAKEN_UP, **ALERTED),
    clear("REL-09", **TAKEN_UP, **{**ALERTED, "contacts_before_alert": 5, "contacts_after_alert": 3}),
    clear("REL-09", **TAKEN_UP, **{**ALERTED, "contacts_before_alert": 0, "contacts_after_alert": 0}),
    clear("REL-09", **TAKEN_UP, **{**ALERTED, "contacts_before_alert": None, "contacts_after_alert": None}),
    fires("REL-09", "A", "Requests of 180 days without a first action within three working days, or sent away as not our "
          "business: 2 (limit 2).", zh="近180天在三个工作日内未着手处理或以非我行业务推脱的客户请求2项（界限2项）。", evaded_365=2,
          evaded_180=2),
    fires("REL-09", "W", "Requests of 365 days without a first action within three working days, or sent away as not our "
          "business: 2.", evaded_365=2, evaded_180=1),
    no_data("REL-09"),
    fires("REL-09", "W", "After the client first reached level A on 1 February 2015 there were 2 contacts in 60 days against 4 in "
          "the 60 days before (50.0%, limit 50.0%).", **ALERTED),
    clear("REL-10", **PROMISED),  # both strict
    fires("REL-10", "W", "Of 10 promises due in 180 days 7 were kept in time: 70.0% (limit 80.0%).",
          zh="近180天到期承诺10项，按期兑现7项，占70.0%（界限80.0%）。",
          **{**PROMISED, "promises_due": 10, "promises_kept": 7, "promises_kept_share": 0.7}),
    clear("REL-10", **{**PROMISED, "promises_due": 4, "promises_kept": 0, "promises_kept_share": 0.0}),
    clear("REL-10", **{**PROMISED, "promises_due": 0, "promises_kept": 0, "promises_kept_share": None}),
    fires("REL-10", "W", "Promises to the client open and past their due day: 2 (limit 2).",
          zh="已到期仍未兑现的承诺2项（界限2项）。", **{**PROMISED, "promises_overdue": 2}),
    fires("REL-10", "A", "The client scored 'keeps promises' 2.00 on 2 March 2015 (limit 2.00).",
          zh="客户在2015年3月2日的调查中对“信守承诺”评分2.00（界限2.00）。", **{**PROMISED, "survey_keeps_promises": 2.0}),
    fires("REL-10", "A", "Complaints about broken promises in 180 days: 1.", zh="近180天关于食言的抱怨1起。",
          **{**PROMISED, "complaints_broken_promise": 1}),
    no_data("REL-10", **{**PROMISED, "survey_keeps_promises": None}),
    no_data("REL-10"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_conduct(case: Case) -> None:
    check(case)
