"""Auditors and legal counsel that go (MGT-40)."""

import polars as pl

from transforms.signal import Fact, Signal, alert, answered, fact, red, watch

_changed, _left = fact("auditor_changed"), fact("auditor_left")
_not_clean = Fact(pl.col("newest_opinion") != "clean")

auditor_change = Signal(
    id="MGT-40",
    grade="B",
    zh="突然更换法律顾问、会计师事务所,对当前的注册会计师有不满言行。",
    en="Sudden change of auditor or legal counsel",
    tests=(
        watch(
            "counsel",
            fact("counsel_left"),
            en="The mandate of a legal counsel ended on {counsel_left_on:day}.",
            zh="法律顾问于{counsel_left_on:day}终止委托。",
        ),
        alert(
            "changed",
            _changed,
            en="The accounts to {auditor_period_end:day} were audited by another firm than those of the year before.",
            zh="{auditor_period_end:day}报表的审计机构与上年不同。",
        ),
        alert(
            "left",
            _left,
            en="The auditor's mandate ended in mid-term, on {auditor_left_on:day}.",
            zh="会计师事务所于{auditor_left_on:day}中途终止委托。",
        ),
        red(
            "changed",
            _changed & _not_clean,
            en="The accounts to {auditor_period_end:day} were audited by another firm than those of the year before, and the "
            "newest opinion is not clean.",
            zh="{auditor_period_end:day}报表的审计机构与上年不同，且最近一次审计意见不是标准无保留意见。",
        ),
        red(
            "left",
            _left & _not_clean,
            en="The auditor's mandate ended in mid-term, on {auditor_left_on:day}, and the newest opinion is not clean.",
            zh="会计师事务所于{auditor_left_on:day}中途终止委托，且最近一次审计意见不是标准无保留意见。",
        ),
        *answered("MGT-40", levels=("W", "A", "R")),
    ),
    ask_en="Ask why the firm was changed, for its letter of resignation, and talk to the old auditor if the client agrees.",
    ask_zh="询问更换原因，索取辞任函，并在客户同意后与前任审计师沟通。",
    note="An auditor of eight years or more has to rotate and is no change. Its mandate ends in mid-term unless it ends "
    "on 31 December or within 60 days after; a counsel's whenever it ends. Mandates that ended in 365 days and were not "
    "given again. Level R needs the auditor's change; an opinion with an emphasis of matter is not clean.",
)
