"""Accounting policies that change (FIN-19)."""

from transforms.measures import value
from transforms.signal import Signal, alert, at_least, house, red, watch
from transforms.text import Unit

policy_change = Signal(
    id="FIN-19",
    grade="B",
    zh="突然改用其他会计政策。",
    en="Sudden change of accounting policy",
    tests=(
        watch(
            "mandated",
            at_least(value("policies_mandated", Unit.COUNT), house(1, "any change")),
            en="Accounting policies that a new standard changed since the notes to {policies_period_before:day}: {value}.",
            zh="自{policies_period_before:day}附注以来，因新准则变更的会计政策{value}项。",
        ),
        alert(
            "changed",
            at_least(value("policies_changed", Unit.COUNT), house(1, "any change")),
            en="Accounting policies changed since the notes to {policies_period_before:day} without a new standard asking for "
            "it: {value}.",
            zh="自{policies_period_before:day}附注以来，非因新准则而变更的会计政策{value}项。",
        ),
        red(
            "revenue",
            at_least(value("revenue_policies_changed", Unit.COUNT), house(1, "any change")),
            en="The policy of recognising revenue was changed since the notes to {policies_period_before:day} without a new "
            "standard asking for it.",
            zh="自{policies_period_before:day}附注以来，收入确认政策非因新准则而变更。",
        ),
    ),
    ask_en="Ask why the policy was changed, for its effect on profit, and what the auditor said about it.",
    ask_zh="询问变更会计政策的原因、对利润的影响，以及审计师的意见。",
    note="Each policy's newest note, received within 15 months, against its own note of the period before, at most 13 months older. The effect on profit is not in the "
    "notes: level R by the recognition of revenue only.",
)
